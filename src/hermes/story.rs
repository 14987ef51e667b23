//! What a pasted log tells of keys and providers, with what Hermes makes of each error in it.

use super::pool::cooldown;
use super::turn::{After, Judged, Seen, SeenBody, Standing, pool_may_recover};
use super::verdict::Verdict;
use super::{Outcome, Process};
use crate::base::collections::{TextMap, joined};
use crate::base::text::{DIGIT, Search};
use crate::python::Value;
use crate::readers::log::{Event, Kind, Log};

/// So many events are told, the last ones: what went wrong stands at the end of a log.
pub const MOST_TOLD: usize = 500;

/// `agent.api_max_retries`, where a line does not name it.
const MOST_ATTEMPTS: u64 = 3;

/// What follows an error, by what may not be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// Without a fallback chain.
    pub without_chain: After,
    /// With one, where rotation has nowhere to go.
    pub with_chain: After,
    /// With one, where the pool has another entry.
    pub with_chain_and_pool: After,
    /// Whether a chain is configured, where that is known.
    pub has_chain: Option<bool>,
}

/// An event and what Hermes does about it.
#[derive(Clone)]
pub struct Told {
    /// The event.
    pub event: Event,
    /// For a failed request: what Hermes makes of it and what follows; `Err` where that is not modelled.
    pub judged: Option<Outcome<(Judged, Outlook)>>,
    /// For a key that was marked: how long it rests where the provider names no time, in seconds.
    pub rest: f64,
    /// For a fallback: the index of what went wrong before it, where that was pasted in one piece with it.
    pub cause: Option<usize>,
}

/// What a log tells.
#[derive(Clone, Default)]
pub struct Story {
    /// The events in order.
    pub told: Vec<Told>,
    /// Events before these, which are not told.
    pub earlier: usize,
    /// Lines of a log that tell of something else.
    pub others: usize,
    /// Lines that are of no log.
    pub unread: usize,
}

impl Story {
    /// What `log` tells, by the release and the world of `process`.
    pub fn of(log: Log, process: &mut Process<'_>, verdict: &Outcome<Verdict>) -> Self {
        let Log { mut events, others, unread } = log;
        let earlier = events.len().saturating_sub(MOST_TOLD);
        events.drain(..earlier);
        let world = Surroundings::of(process, verdict);
        // The same error comes again and again.
        let mut known: TextMap<Outcome<Judged>> = TextMap::new();
        let mut told: Vec<Told> = Vec::new();
        let mut cause = None;
        let mut events = events.into_iter().peekable();
        while let Some(event) = events.next() {
            if event.is_behind_gap
                || cause
                    .and_then(|at| told.get(at))
                    .is_some_and(|told: &Told| is_other_run(&told.event, &event))
            {
                cause = None;
            }
            let is_spared = told.last().is_some_and(|before| is_spared_by(&before.event, &event))
                || events.peek().is_some_and(|next| is_spared_by(next, &event));
            let judged =
                (event.kind == Kind::Failed).then(|| world.judge(&event, is_spared, process, &mut known));
            let own_cause = cause.filter(|_| event.kind == Kind::FellBack);
            match event.kind {
                Kind::Failed
                | Kind::GaveUp
                | Kind::Marked
                | Kind::Dead
                | Kind::Empty
                | Kind::PrimaryFailed => {
                    cause = Some(told.len());
                }
                // What comes behind it is the chain's, or of another key.
                Kind::FellBack | Kind::Rotated | Kind::Refreshed => cause = None,
                _ => {}
            }
            let status = event.status().map_or(Value::None, Value::int);
            let rest = cooldown(&status, false, &Value::None, &process.facts.behaviour);
            told.push(Told { event, judged, rest, cause: own_cause });
        }
        Self { told, earlier, others, unread }
    }

    /// The events of a kind, with their index.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (usize, &Told)> {
        self.told.iter().enumerate().filter(move |(_, told)| told.event.kind == kind)
    }

    /// The failed requests with what Hermes makes of each, where that is modelled.
    pub fn failures(&self) -> impl Iterator<Item = (usize, &Event, &Judged)> {
        self.told.iter().enumerate().filter_map(|(index, told)| match &told.judged {
            Some(Ok((judged, _))) => Some((index, &told.event, judged)),
            _ => None,
        })
    }
}

/// Whether two events that follow each other in a log are of two sessions, or too far apart for one request.
pub fn is_other_run(one: &Event, other: &Event) -> bool {
    /// Hermes waits minutes between attempts, and never as long as this.
    const LONGEST: i64 = 3600;
    if let (Some(one), Some(other)) = (&one.session, &other.session)
        && one != other
    {
        return true;
    }
    let (Some(one), Some(other)) = (&one.time, &other.time) else { return false };
    match (moment(&one.text), moment(&other.text)) {
        (Some((one_day, one)), Some((other_day, other))) => {
            one_day != other_day || other - one > LONGEST || one > other
        }
        _ => false,
    }
}

/// Whether `spared`, right beside a failed request, says that its limit is one of the provider behind an aggregator. Hermes
/// prints it above the failure; of a pasted log often only the one below is there, which is of the next attempt.
fn is_spared_by(spared: &Event, failed: &Event) -> bool {
    let (one, other) =
        if spared.place.span.start < failed.place.span.start { (spared, failed) } else { (failed, spared) };
    spared.kind == Kind::SparedUpstream && !other.is_behind_gap && !is_other_run(one, other)
}

/// What of the answer the exception of a failed request has, as far as the log shows: the terminal prints it as `Details`.
fn body_of(event: &Event, is_spared: bool) -> SeenBody {
    let details = event.text("details");
    if is_spared {
        // Hermes tells such a limit by these.
        SeenBody::Whole { has_metadata: true }
    } else if ["{'error': {", "{\"error\": {"].iter().any(|begin| details.starts_with(begin)) {
        SeenBody::Whole { has_metadata: details.holds("metadata") }
    } else {
        SeenBody::Error
    }
}

/// The day and the second of a time as logs write it.
fn moment(time: &str) -> Option<(&str, i64)> {
    let colon = time.find(':')?;
    let start = colon.checked_sub(2)?;
    let mut second = 0;
    for part in time.get(start..)?.splitn(3, ':') {
        let digits = part.len() - part.trim_start_matches(DIGIT).len();
        second = second * 60 + part.get(..digits)?.parse::<i64>().ok()?;
    }
    Some((time.get(..start)?, second))
}

/// What the pasted files say of the chain and the pool.
struct Surroundings {
    provider: Option<String>,
    has_chain: Option<bool>,
    may_recover: Option<bool>,
}

impl Surroundings {
    fn of(process: &mut Process<'_>, verdict: &Outcome<Verdict>) -> Self {
        let verdict = verdict.as_ref().ok();
        let has_config = process.world.given.config.is_given();
        let pool = verdict.and_then(Verdict::pool_in_use);
        let pool = pool.filter(|_| process.world.given.auth_store.is_given());
        Self {
            provider: verdict.filter(|_| has_config).and_then(|verdict| verdict.provider.clone()),
            has_chain: verdict.filter(|_| has_config).map(|verdict| !verdict.fallback.is_empty()),
            may_recover: pool.map(|pool| pool_may_recover(pool, process)),
        }
    }

    fn judge(
        &self,
        event: &Event,
        is_spared: bool,
        process: &Process<'_>,
        known: &mut TextMap<Outcome<Judged>>,
    ) -> Outcome<(Judged, Outlook)> {
        let status = event.status();
        let provider = match event.text("provider") {
            "" => self.provider.as_deref().unwrap_or(""),
            own => own,
        };
        let seen = Seen {
            class: event.text("type").rsplit('.').next().unwrap_or(""),
            status,
            message: said(event),
            details: event.text("details"),
            provider,
            model: event.text("model"),
            body: body_of(event, is_spared),
        };
        let status = status.map(|status| status.to_string()).unwrap_or_default();
        let key = joined(&[
            seen.class,
            &status,
            seen.message,
            seen.details,
            provider,
            seen.model,
            if is_spared { "spared" } else { "" },
        ]);
        let judged = match known.get(&key) {
            Some(judged) => judged.clone(),
            None => {
                let judged = seen.judge(process.facts);
                known.insert(&key, judged.clone());
                judged
            }
        }?;
        let after = |has_fallback: bool, pool_may_recover: bool| {
            let attempt = event.number("attempt").unwrap_or(1);
            let most = event.number("most").unwrap_or(MOST_ATTEMPTS);
            judged.after(process.facts, Standing { attempt, most, has_fallback, pool_may_recover })
        };
        let may_recover = self.may_recover.filter(|_| self.provider.as_deref() == Some(provider));
        let outlook = Outlook {
            without_chain: after(false, false),
            with_chain: after(true, may_recover.unwrap_or(false)),
            with_chain_and_pool: after(true, may_recover.unwrap_or(true)),
            has_chain: self.has_chain,
        };
        Ok((judged, outlook))
    }
}

/// What the provider said: the words of the error behind its status.
pub fn said(event: &Event) -> &str {
    let text = event.text("text");
    match text.strip_prefix("HTTP ").and_then(|rest| rest.split_once(": ")) {
        Some((status, said)) if status.parse::<u16>().is_ok() => said,
        _ => text,
    }
}
