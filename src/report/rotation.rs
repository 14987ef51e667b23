//! "Is rotation set up?": whether another key takes over when one is rate-limited, and what stands in the way.

use std::collections::{HashMap, HashSet};

use crate::analysis::Reading;
use crate::analysis::repair::repairing;
use crate::base::sources::SourceKind;
use crate::base::text::Place;
use crate::diagnostic::loss_reasons;
use crate::diagnostic::messages::templates;
use crate::diagnostic::{Arg, Diagnostic, Message, Template};
use crate::facts::Standing;
use crate::facts::strategies;
use crate::hermes::pool::{EntryState, Pool};
use crate::hermes::resolution::Resolution;
use crate::hermes::session::set_at;
use crate::hermes::sites::MOA;
use crate::hermes::story::Story;
use crate::hermes::takeover::Takeovers;
use crate::hermes::verdict::Verdict;
use crate::hermes::{Candidate, Reason};
use crate::readers::log::Kind;
use crate::report::words::Words;
use crate::report::{RotationReason, RotationView};
use crate::secret::Secret;

templates! {
    YES = "rotation.yes": "Yes. After a 429 `{next}` takes over from `{label}`.";
    YES_SECOND = "rotation.yes-second":
        "Yes. The first 429 is tried again with `{label}`; after the second `{next}` takes over.";
    YES_ANY = "rotation.yes-any": "Yes. After a 429 one of the other keys takes over from `{label}`.";
    YES_ANY_SECOND = "rotation.yes-any-second":
        "Yes. The first 429 is tried again with `{label}`; after the second one of the other keys takes over.";
    NOT_NOW = "rotation.not-now": "Set up, but not now: none of the other keys is available.";
    NO = "rotation.no": "No. When `{label}` is rate-limited, no other key takes over.";
    NO_POOL = "rotation.no-pool": "No. Hermes uses one key for `{provider}`, without a pool.";
    ALL_BENCHED = "rotation.all-benched":
        "Set up, but not now: no entry of the pool `{provider}` is available, so Hermes uses `{label}` as it is set, and nothing takes over from it.";
    ONE_BENCHED = "rotation.one-benched": "No. Hermes has a single key for `{provider}`, and that is not available now.";
    UNASKED = "rotation.unasked": "No. The pool of `{provider}` has a usable key, and Hermes does not take it from there.";
    NO_KEY = "rotation.no-key": "No. Hermes has no key for `{provider}` to begin with.";
    NO_KEY_PASTED = "rotation.no-key-pasted": "Not known: no key for `{provider}` is in the files that you pasted.";
    THEN = "rotation.then": "Behind `{next}` come, in this order: {labels}.";
    ONE_ENTRY = "rotation.one-entry": "The pool `{provider}` has a single entry. A second key is a second entry.";
    SAME_KEY = "rotation.same-key": "`{label}` has the same key as `{first}`: with it nothing changes.";
    UNSEEN = "rotation.unseen": "A listing shows no keys: whether two of these entries hold the same one is not known.";
    LOST = "rotation.lost": "`{label}`: {reason}.";
    PASSED_OVER = "rotation.passed-over": "There is a pool `{provider}`, and {reason}.";
    NOT_SERVED = "rotation.not-served":
        "The agent's provider is `{agent}` and the pool is that of `{provider}`: Hermes leaves that pool alone.";
    FILL_FIRST = "rotation.fill-first": "Strategy `fill_first`: the first available entry is used until it fails.";
    ROUND_ROBIN = "rotation.round-robin":
        "Strategy `round_robin`: each selection takes the next entry. A conversation keeps its key; requests do not take turns.";
    RANDOM = "rotation.random": "Strategy `random`: each selection draws one of the available entries.";
    LEAST_USED = "rotation.least-used": "Strategy `least_used`: each selection takes the entry that was selected least often.";
    STRATEGY_UNKNOWN = "rotation.strategy-unknown":
        "The strategy stands in config.yaml, which was not pasted. Without one it is `fill_first`: the first available entry is used until it fails.";
    STRATEGY_SET = "rotation.strategy-set":
        "The strategy stands in config.yaml, which was not pasted; {place} sets `{strategy}`, if it was run.";
    IN_LOG = "rotation.in-log": "The log shows it: `{label}` took over ({place}).";
    COOLDOWN = "rotation.cooldown":
        "An entry that was rate-limited waits {left}, unless the provider's answer names a time that Hermes understands.";
    TOO_LONG = "rotation.too-long":
        "`{label}` stays in cooldown longer than its provider asked, which was for {asked}, in words that Hermes does not read: `hermes auth reset {provider}` ends it.";
    UNREAD_STRATEGY = "rotation.unread-strategy":
        "A strategy is written and not read ({code}): this pool uses `fill_first`.";
    OPEN_KEEPS = "rotation.open-keeps":
        "A conversation that is open keeps the entries and the strategy it began with, as long as its key and its model stay the same: what you add or change counts once Hermes is restarted, and in a gateway after `/new` too.";
    SHARED_QUOTA = "rotation.shared-quota":
        "Google counts Gemini's limits for each project: keys of one project share them, and only keys of different projects help.";
    NO_CHAIN = "rotation.no-chain": "No fallback chain is in what you pasted: without one, requests fail when no key is left.";
    CHAIN = "rotation.chain": "When no key is left, {site} takes over: {provider}.";
    ENTRY_ALONE = "rotation.entry-alone":
        "Where `hermes` starts in a terminal and the first provider has no credential, this release takes `custom` of the chain without its `base_url` and key. Describe the endpoint under `custom_providers` and write `custom:NAME` in the chain: that it finds everywhere.";
    ENVIRONMENT = "rotation.environment":
        "`{label}` comes from the environment of the process: a gateway that runs as a service has an environment of its own. In `.env` both find it.";
}

/// The provider whose limits are those of a project.
const GEMINI: &str = "gemini";

/// The answer for the provider that is resolved, with what a log tells of it in `story`; `None` where there is none, or where it is not known what becomes of its
/// key.
pub fn rotation(words: &Words<'_>, reading: &Reading, story: Option<&Story>) -> Option<RotationView> {
    let Reading { resolution, .. } = reading;
    let verdict = resolution.verdict.as_ref().ok()?;
    let provider = verdict.provider.as_deref()?;
    // It stands for the slots of its preset, and has no key to be replaced.
    if provider == MOA {
        return None;
    }
    if verdict.outcome.as_ref().is_err_and(|stop| stop.unmodelled().is_some()) {
        return None;
    }
    let takeovers = resolution.takeovers.as_ref().ok()?.as_ref();
    let states = resolution.pool.as_slice();
    let others = other_keys(states, verdict.winner.as_ref());
    let (is_set_up, summary) = match (&verdict.winner, takeovers) {
        (None, _) if verdict.pool_passed_over.is_some() && states.iter().any(|state| state.available) => {
            (false, Message::new(&UNASKED).with("provider", provider))
        }
        (None, _) if others > 1 => (true, Message::new(&NOT_NOW)),
        (None, _) => {
            let template = match others {
                1 => &ONE_BENCHED,
                _ if resolution.not_pasted.keys_of_provider.is_empty() => &NO_KEY,
                _ => &NO_KEY_PASTED,
            };
            (false, Message::new(template).with("provider", provider))
        }
        (Some(in_use), None) if others > 0 && !states.iter().any(|state| state.available) => {
            (true, Message::new(&ALL_BENCHED).with("provider", provider).with("label", in_use.label.as_str()))
        }
        (Some(_), None) => (false, Message::new(&NO_POOL).with("provider", provider)),
        (Some(in_use), Some(found)) => {
            let label = in_use.label.as_str();
            match found.entries.first() {
                Some(next) => {
                    let template = match (is_in_order(resolution, verdict), found.retries_first) {
                        (true, true) => &YES_SECOND,
                        (true, false) => &YES,
                        (false, true) => &YES_ANY_SECOND,
                        (false, false) => &YES_ANY,
                    };
                    (true, Message::new(template).with("label", label).with("next", next.label.as_str()))
                }
                None if found.is_served && others > 0 => (true, Message::new(&NOT_NOW)),
                None => (false, Message::new(&NO).with("label", label)),
            }
        }
    };
    let mut reasons = reasons_of(reading, verdict, takeovers);
    reasons.extend(next_of_chain(resolution).map(|message| (message, None)));
    reasons.extend(in_log(story, states).map(|(message, place)| (message, Some(place))));
    let reasons = reasons.into_iter().map(|(message, place)| RotationReason {
        message: words.message(&message),
        location: place.map(|place| words.location(place)),
    });
    Some(RotationView { is_set_up, summary: words.message(&summary), reasons: reasons.collect() })
}

/// The last time that an entry of the pool took over in the log.
fn in_log(story: Option<&Story>, states: &[EntryState]) -> Option<(Message, Place)> {
    let has = |label: &str| states.iter().any(|state| state.candidate.label == label);
    let rotated = story?.of_kind(Kind::Rotated).map(|(_, told)| &told.event);
    let last = rotated.filter(|event| has(event.text("label"))).last()?;
    let message = Message::new(&IN_LOG).with("label", last.text("label")).with("place", last.place);
    Some((message, last.place))
}

/// Whether the strategy is known and alone tells which entry is next: `random` draws it, and `least_used` counts in the memory of
/// a running program.
fn is_in_order(resolution: &Resolution, verdict: &Verdict) -> bool {
    resolution.is_given.config
        && verdict.pool.as_ref().is_some_and(|pool| {
            ![strategies::RANDOM, strategies::LEAST_USED].contains(&pool.strategy.as_str())
        })
}

/// How many keys the entries have, beside that of `in_use`, that may be selected at some time.
fn other_keys(states: &[EntryState], in_use: Option<&Candidate>) -> usize {
    let usable = states.iter().filter(|state| !is_lost_for_good(state)).map(|state| &state.candidate.key);
    let others = usable.filter(|key| !key.is_empty() && in_use.is_none_or(|own| own.key != **key));
    others.collect::<HashSet<_>>().len()
}

fn is_lost_for_good(state: &EntryState) -> bool {
    matches!(state.lost, Some(Reason::Dead | Reason::NoKey | Reason::TokenExpired))
}

/// What stands in the way of rotation, and what is good to know of it, each with its place.
/// Which entry of the fallback chain takes over.
fn next_of_chain(resolution: &Resolution) -> Option<Message> {
    let next = resolution.sites.next_of_chain()?;
    let provider = next.written("provider")?.value.as_str()?;
    Some(Message::new(&CHAIN).with("site", next.path.as_str()).with("provider", provider))
}

fn reasons_of(
    Reading { world, resolution, findings, .. }: &Reading,
    verdict: &Verdict,
    takeovers: Option<&Takeovers>,
) -> Vec<(Message, Option<Place>)> {
    let mut reasons = Vec::new();
    let has_config = resolution.is_given.config;
    let states = resolution.pool.as_slice();
    // Which chain a damaged config.yaml has is told after the repair.
    let is_damaged =
        findings.iter().any(|own| own.place.source == SourceKind::Config && repairing(own).is_some());
    if verdict.fallback.is_empty() && has_config && !is_damaged {
        reasons.push((Message::new(&NO_CHAIN), None));
    }
    let left_out = resolution.endpoints_left_out.iter();
    reasons.extend(left_out.map(|place| (Message::new(&ENTRY_ALONE), *place)));
    let Some(pool) = &verdict.pool else { return reasons };
    let provider = pool.provider.as_str();
    if let Some(why) = &verdict.pool_passed_over {
        let why = loss_reasons::message(why, resolution.clock);
        reasons.push((Message::new(&PASSED_OVER).with("provider", provider).with("reason", why), None));
    }
    if let (Some(Takeovers { is_served: false, .. }), Ok(runtime)) = (takeovers, &verdict.outcome) {
        let agent = runtime.provider.as_str();
        reasons.push((Message::new(&NOT_SERVED).with("agent", agent).with("provider", provider), None));
    }
    if let [only] = states {
        reasons.push((Message::new(&ONE_ENTRY).with("provider", provider), only.candidate.entry_place));
    }
    let mut first_of: HashMap<&Secret, &str> = HashMap::new();
    for state in states {
        let own = &state.candidate;
        let first = first_of.get(&own.key).copied();
        if first.is_none() && !own.key.is_empty() {
            first_of.insert(&own.key, &own.label);
        }
        let message = match &state.lost {
            Some(Reason::LaterInPool | Reason::NotDrawn | Reason::UsedMore) | None => {
                first.map(|first| Message::new(&SAME_KEY).with("first", first))
            }
            Some(reason) => {
                let reason = loss_reasons::message(reason, resolution.clock);
                Some(Message::new(&LOST).with("reason", reason))
            }
        };
        let place = own.place.or(own.entry_place);
        if let Some(message) = message {
            reasons.push((message.with("label", own.label.as_str()), place));
        }
        if let Some(asked) = state.asked {
            let message =
                Message::new(&TOO_LONG).with("label", own.label.as_str()).with("provider", provider);
            reasons.push((message.with("asked", Arg::Seconds(asked)), place));
        }
    }
    if states.iter().filter(|state| state.candidate.key.is_unseen()).count() > 1 {
        reasons.push((Message::new(&UNSEEN), None));
    }
    let is_in_order = is_in_order(resolution, verdict);
    let next = takeovers.filter(|_| is_in_order).and_then(|found| found.entries.split_first());
    if let Some((next, behind)) = next.filter(|(_, behind)| !behind.is_empty()) {
        let labels: Vec<&str> = behind.iter().map(|entry| entry.label.as_str()).collect();
        let then = Message::new(&THEN).with("next", next.label.as_str()).with("labels", labels.join(", "));
        reasons.push((then, None));
    }
    if states.len() > 1 {
        let path = ["credential_pool_strategies.", provider].concat();
        reasons.push(match set_at(world.text_of(SourceKind::Commands), &path) {
            _ if has_config => (Message::new(strategy(pool)), None),
            Some((strategy, span)) => {
                let place = Place::new(SourceKind::Commands, span);
                (Message::new(&STRATEGY_SET).with("strategy", strategy).with("place", place), Some(place))
            }
            None => (Message::new(&STRATEGY_UNKNOWN), None),
        });
        if let Some((code, place)) = unread_strategy(resolution, provider, findings) {
            reasons.push((Message::new(&UNREAD_STRATEGY).with("code", code), Some(place)));
        }
        if !pool.is_sole() {
            let seconds = Arg::Seconds(resolution.facts.pool.exhausted_429_seconds);
            reasons.push((Message::new(&COOLDOWN).with("left", seconds), None));
        }
        if provider == GEMINI {
            reasons.push((Message::new(&SHARED_QUOTA), None));
        }
        // The gateway keeps an agent as long as `_agent_config_signature` stays the same, in which the pool has no part, and drops
        // it at `/new`. `_ensure_runtime_credentials` of the terminal makes a new one where key, route or model change, and
        // `new_session` goes on with the old one. Nothing of this was read of 0.21.4.
        if resolution.facts.standing() == Standing::Run {
            reasons.push((Message::new(&OPEN_KEEPS), None));
        }
    }
    let from_environment =
        |state: &&EntryState| state.candidate.place.is_some_and(|place| place.source == SourceKind::Environ);
    for state in states.iter().filter(from_environment) {
        let own = &state.candidate;
        reasons.push((Message::new(&ENVIRONMENT).with("label", own.label.as_str()), own.place));
    }
    reasons
}

/// The finding that says why a strategy which the user wrote for the pool `provider` is not read, and where it is written.
fn unread_strategy(
    resolution: &Resolution,
    provider: &str,
    findings: &[Diagnostic],
) -> Option<(&'static str, Place)> {
    let is_meant = |finding: &&Diagnostic| match finding.code {
        "PC505" => finding.args.contains(&("id", Arg::from(provider))),
        "PC506" => resolution.strategy_at == Some(finding.place),
        "PC507" => true,
        _ => false,
    };
    findings.iter().find(is_meant).map(|finding| (finding.code, finding.place))
}

fn strategy(pool: &Pool) -> &'static Template {
    match pool.strategy.as_str() {
        strategies::ROUND_ROBIN => &ROUND_ROBIN,
        strategies::RANDOM => &RANDOM,
        strategies::LEAST_USED => &LEAST_USED,
        _ => &FILL_FIRST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Input, Options, check};
    use crate::base::sources::{Given, Sources};

    /// A pool of `gemini` with rows of these keys, statuses and further fields.
    fn answer(config: &str, rows: &[(&str, &str)]) -> RotationView {
        let rows: Vec<String> = (rows.iter().enumerate())
            .map(|(at, (key, more))| {
                format!(
                    r#"{{"id": "r{at}", "label": "row{at}", "auth_type": "api_key", "priority": {at}, "source": "manual",
                    "base_url": "https://generativelanguage.googleapis.com/v1beta", "access_token": "{key}"{more}}}"#
                )
            })
            .collect();
        let auth = format!(r#"{{"version": 1, "credential_pool": {{"gemini": [{}]}}}}"#, rows.join(", "));
        let input = Input::from(Sources {
            config: Given::Text(config.to_owned()),
            dotenv: Given::Absent,
            auth_store: Given::Text(auth),
            environ: Given::Absent,
            ..Sources::default()
        });
        check(&input, &Options { now: 1_780_000_000.0, ..Options::default() }).unwrap().rotation.unwrap()
    }

    const KEY: &str = "GOOGLE_API_KEY=AIza-fake-one-0000\n";
    const CONFIG: &str = "model: {provider: gemini, default: g}\n";
    const COOLING: &str =
        r#", "last_status": "exhausted", "last_error_code": 429, "last_status_at": 1779999900.0"#;

    fn words(view: &RotationView) -> String {
        let reasons = view.reasons.iter().map(|reason| reason.message.as_str());
        std::iter::once(view.summary.as_str()).chain(reasons).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn two_keys_rotate_in_their_order() {
        let view =
            answer(CONFIG, &[("AIza-fake-one-00", ""), ("AIza-fake-two-00", ""), ("AIza-fake-three", "")]);
        assert!(view.is_set_up);
        let words = words(&view);
        assert!(words.starts_with(
            "Yes. The first 429 is tried again with `row0`; after the second `row1` takes over."
        ));
        assert!(words.contains("Behind `row1` come, in this order: row2."), "{words}");
        assert!(words.contains("waits 1 h 0 min"), "{words}");
    }

    /// `random.choice` draws the next one.
    #[test]
    fn what_is_drawn_is_not_named() {
        let config = format!("{CONFIG}credential_pool_strategies: {{gemini: random}}\n");
        let view =
            answer(&config, &[("AIza-fake-one-00", ""), ("AIza-fake-two-00", ""), ("AIza-fake-three", "")]);
        let words = words(&view);
        assert!(view.is_set_up && words.contains("one of the other keys takes over"), "{words}");
        assert!(!words.contains("in this order"), "{words}");
    }

    #[test]
    fn one_key_in_two_rows_is_no_rotation() {
        let view = answer(CONFIG, &[("AIza-fake-one-00", ""), ("AIza-fake-one-00", "")]);
        assert!(!view.is_set_up);
        assert!(words(&view).contains("`row1` has the same key as `row0`"), "{}", words(&view));
    }

    #[test]
    fn a_single_key_has_nobody_to_take_over() {
        let view = answer(CONFIG, &[("AIza-fake-one-00", "")]);
        assert!(!view.is_set_up && words(&view).contains("single entry"), "{}", words(&view));
        let view = answer(CONFIG, &[("AIza-fake-one-00", COOLING)]);
        assert!(
            words(&view)
                .starts_with("No. Hermes has a single key for `gemini`, and that is not available now.")
        );
    }

    /// The row can be used; the pool is not asked.
    #[test]
    fn a_pool_that_is_not_asked() {
        let pool = r#"{"version": 1, "credential_pool": {"openrouter": [{"id": "a", "label": "one", "auth_type": "api_key",
            "priority": 0, "source": "manual", "access_token": "sk-or-fake-000000", "base_url": "https://openrouter.ai/api/v1"}]}}"#;
        let input = Input::from(Sources {
            config: Given::Text("model: {provider: openrouter, default: a/b}\n".to_owned()),
            auth_store: Given::Text(pool.to_owned()),
            environ: Given::Text("OPENAI_BASE_URL=https://proxy.example/v1\n".to_owned()),
            ..Sources::default()
        });
        let view = check(&input, &Options::default()).unwrap().rotation.unwrap();
        assert!(
            words(&view)
                .starts_with("No. The pool of `openrouter` has a usable key, and Hermes does not take it"),
            "{}",
            words(&view)
        );
    }

    #[test]
    fn keys_in_cooldown_come_back() {
        let view = answer(CONFIG, &[("AIza-fake-one-00", ""), ("AIza-fake-two-00", COOLING)]);
        assert!(view.is_set_up, "{}", words(&view));
        assert!(words(&view).starts_with("Set up, but not now"), "{}", words(&view));
        assert!(words(&view).contains("`row1`: in cooldown after HTTP 429"), "{}", words(&view));
        let dead = r#", "last_status": "dead""#;
        let view = answer(CONFIG, &[("AIza-fake-one-00", ""), ("AIza-fake-two-00", dead)]);
        assert!(!view.is_set_up, "{}", words(&view));
    }

    /// `_extract_retry_delay_seconds` has no form for "retry in": the entry rests for the 3,600 seconds of a 429.
    #[test]
    fn a_cooldown_that_is_longer_than_asked() {
        let told = |message: &str| {
            let status = format!(r#"{COOLING}, "last_error_message": "{message}""#);
            let view = answer(CONFIG, &[("AIza-fake-one-00", ""), ("AIza-fake-two-00", &status)]);
            words(&view)
                .contains("`row1` stays in cooldown longer than its provider asked, which was for 29 s")
        };
        assert!(told("Quota exceeded. Please retry in 28.9s."));
        assert!(!told("Quota exceeded. Please retry in 2h.") && !told("Quota exceeded."));
        // A header named the time that Hermes keeps to.
        assert!(!told(r#"Please retry in 28.9s.", "last_error_reset_at": "2026-05-29T20:26:40+00:00"#));
    }

    #[test]
    fn a_strategy_that_is_not_read() {
        let told = |strategies: &str| {
            let config = format!("{CONFIG}credential_pool_strategies: {strategies}\n");
            let view = answer(&config, &[("AIza-fake-one-00", ""), ("AIza-fake-two-00", "")]);
            let reason = view.reasons.into_iter().find(|reason| reason.message.as_str().contains("not read"));
            reason.map(|reason| reason.message.as_str().to_owned())
        };
        let said = |code: &str| {
            Some(format!("A strategy is written and not read ({code}): this pool uses `fill_first`."))
        };
        assert_eq!(told("{google: round_robin}"), said("PC505"));
        assert_eq!(told("{gemini: round-robin}"), said("PC506"));
        assert_eq!(told("round_robin"), said("PC507"));
        assert_eq!(told("{gemini: round_robin}"), None);
        assert_eq!(told("{deepseek: round-robin, grok: random}"), None);
    }

    /// What was read of 0.21.4 does not say it.
    #[test]
    fn what_is_open_keeps_its_pool() {
        let told = |release: &str| {
            let input = Input::from(Sources {
                config: Given::Text(CONFIG.to_owned()),
                dotenv: Given::Text(
                    "GOOGLE_API_KEY=AIza-fake-one-0000\nGEMINI_API_KEY=AIza-fake-two-0000\n".to_owned(),
                ),
                ..Sources::default()
            });
            let options = Options { hermes: Some(release.to_owned()), ..Options::default() };
            words(&check(&input, &options).unwrap().rotation.unwrap())
                .contains("in a gateway after `/new` too")
        };
        assert!(told("0.19.0") && told("0.13.0") && !told("0.21.4"));
    }

    /// `hermes` of 0.18.2 with such a chain and no login of `openai-codex` goes to OpenRouter, with `custom:mine` to the
    /// endpoint; 0.19.0 goes to the endpoint with both.
    #[test]
    fn an_entry_that_the_terminal_takes_without_its_endpoint() {
        let told = |release: &str, entry: &str| {
            let config = format!("{CONFIG}fallback_providers: [{entry}]\n");
            let input = Input::from(Sources {
                config: Given::Text(config),
                dotenv: Given::Text(KEY.to_owned()),
                ..Sources::default()
            });
            let options = Options { hermes: Some(release.to_owned()), ..Options::default() };
            words(&check(&input, &options).unwrap().rotation.unwrap())
                .contains("without its `base_url` and key")
        };
        let own =
            "{provider: Custom, model: m, base_url: 'https://mine.example/v1', api_key: sk-fake-mine-00000}";
        assert!(told("0.18.2", own) && told("0.13.0", own));
        assert!(!told("0.19.0", own) && !told("0.21.4", own));
        assert!(!told("0.18.2", "{provider: 'custom:mine', model: m}"));
    }
}
