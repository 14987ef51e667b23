//! A pasted log as a timeline: what happened, and what Hermes does next and why.

use crate::diagnostic::messages::templates;
use crate::diagnostic::shown::Shown;
use crate::diagnostic::{Arg, Message, Template};
use crate::hermes::story::{Outlook, Story, Told, said};
use crate::hermes::turn::{After, Judged, PoolStep};
use crate::readers::log::{Event, Kind};
use crate::report::words::Words;
use crate::report::{TimelineEntryView, TimelineKind, TimelineView};

templates! {
    MARKED = "timeline.marked": "`{label}` was marked as exhausted after HTTP {status}.";
    MARKED_NEXT = "timeline.marked.next":
        "It is in cooldown until the time that the provider named, else for {rest}; the next entry of the pool takes over.";
    MARKED_DEAD = "timeline.dead": "`{label}` was marked as dead after HTTP {status} (`{reason}`).";
    MARKED_DEAD_NEXT = "timeline.dead.next": "It is never used again until its login is renewed or its key is replaced.";
    PRUNED = "timeline.pruned": "The dead entry `{label}` was dropped from auth.json.";
    PRUNED_NEXT = "timeline.pruned.next": "It has to be added again to be used.";
    ROTATED = "timeline.rotated": "`{label}` took over.";
    ROTATED_ENTRY = "timeline.rotated-entry": "The pool entry {id} took over after HTTP {status} ({why}).";
    ROTATED_NEXT = "timeline.rotated.next": "The request is sent again with its key; this does not count as an attempt.";
    EMPTY = "timeline.empty": "No entry of the pool is available: all are exhausted or dead.";
    EMPTY_NEXT = "timeline.empty.next":
        "Until the first cooldown is over only the fallback chain can help; what starts meanwhile gets no key from this pool.";
    REFRESHED = "timeline.refreshed": "The token of the pool entry {id} was renewed.";
    REFRESHED_NEXT = "timeline.refreshed.next": "The request is sent again with the new token.";
    SPARED = "timeline.spared": "The key was left alone: the error is not its fault.";
    SPARED_NEXT = "timeline.spared.next": "No other key would help; the fallback chain is next.";
    MISMATCH = "timeline.mismatch": "The pool of `{pool}` was left alone: the agent uses `{provider}`.";
    MISMATCH_NEXT = "timeline.mismatch.next": "No key is marked and none is taken.";
    FAILED = "timeline.failed": "Attempt {attempt} of {most} failed: {status} from {provider}. {said}";
    STATUS = "timeline.status": "HTTP {status}";
    ANSWER = "timeline.answer": "The answer was HTTP {status}.";
    NO_STATUS = "timeline.no-status": "{type}";
    SOME_PROVIDER = "timeline.some-provider": "the provider";
    LEAVES = "timeline.leaves": "Hermes takes this for `{reason}`: no reason to take another key. {after}";
    RETRIES_FIRST = "timeline.retries-first":
        "Hermes takes this for `{reason}`: the first time the same key is tried again, the second time in a row it is marked and the next one of the pool is taken. {after}";
    ROTATES = "timeline.rotates":
        "Hermes takes this for `{reason}`: it marks the key and takes the next one of the pool at once, without such a line; the line means that there was none. {after}";
    ROTATES_LOGIN = "timeline.rotates-login":
        "Hermes takes this for `{reason}`: it renews the token of a login, marks an API key, and takes the next one of the pool at once, without such a line; the line means that there was none. {after}";
    COMPRESSES = "timeline.compresses": "The conversation is made shorter and sent again.";
    WAITS = "timeline.waits": "It waits and sends the request again.";
    FALLS_BACK = "timeline.falls-back": "The fallback chain is next.";
    STOPS = "timeline.stops": "No fallback chain is in what you pasted: without one, the turn ends with this error.";
    CHAIN_OR_WAITS = "timeline.chain-or-waits":
        "The fallback chain is next, where one is configured; without one it waits and sends the request again.";
    CHAIN_OR_STOPS = "timeline.chain-or-stops":
        "The fallback chain is next, where one is configured; without one the turn ends with this error.";
    UNLESS_POOL = "timeline.unless-pool":
        "The fallback chain is next, where one is configured and the pool has no other entry; else it waits and sends the request again.";
    NOT_JUDGED = "timeline.not-judged": "poolcheck does not know what this release does with it: {what}.";
    RETRIED = "timeline.retried": "Hermes waits {wait} s.";
    RETRIED_NEXT = "timeline.retried.next": "Then the request is sent again.";
    FALLING_BACK = "timeline.falling-back": "Hermes goes to the fallback chain.";
    FALLING_BACK_NEXT = "timeline.falling-back.next": "The first entry that can be used takes over.";
    FELL_BACK = "timeline.fell-back": "`{to}` of {provider} took over.";
    FELL_BACK_CAUSE = "timeline.fell-back.cause": "The rest of the turn runs there, because of the error in {place}.";
    FELL_BACK_UNKNOWN = "timeline.fell-back.unknown":
        "The rest of the turn runs there. The error before it was not pasted, so its cause is not known.";
    SKIPPED = "timeline.skipped": "`{entry}` of the fallback chain was passed over.";
    SKIPPED_NEXT = "timeline.skipped.next": "The next entry is tried.";
    PRIMARY_FAILED = "timeline.primary-failed": "The first provider has no usable credential: {said}";
    PRIMARY_FAILED_NEXT = "timeline.primary-failed.next":
        "The fallback chain is tried; where an entry can be used, the next line says which.";
    FALLBACK_FOUND = "timeline.fallback-found": "`{model}` of {provider} can be used.";
    FALLBACK_FOUND_NEXT = "timeline.fallback-found.next": "The agent starts with it.";
    GAVE_UP = "timeline.gave-up": "Hermes gave the request up. {said}";
    GAVE_UP_NEXT = "timeline.gave-up.next": "The turn ends with this error.";
    GAVE_UP_REFUSED = "timeline.gave-up.refused": "The turn ends with this error. {means}";
    REFUSED = "timeline.refused": "The answer of {provider} was HTTP {status}.";
    REFUSED_SAID = "timeline.refused-said": "The answer of {provider} was HTTP {status}: {said}";
    REFUSED_NEXT = "timeline.refused.next":
        "{means} What Hermes did about it would stand below, and is not in what you pasted; which key was sent, this line does not say.";
    MEANS_401 = "timeline.means.401":
        "HTTP 401: the endpoint does not take the key that was sent, or got none. A key that is mistyped, withdrawn, expired or of another service gets this answer.";
    MEANS_402 = "timeline.means.402": "HTTP 402: the account of the key has too little left to pay for the request.";
    MEANS_403 = "timeline.means.403":
        "HTTP 403: the endpoint does not allow the request. The key, its account, its plan or its region has no right to it, or the key is barred.";
    MEANS_429 = "timeline.means.429":
        "HTTP 429: a limit of the key, of its account or of the model is reached, or the account has nothing left. That the key is wrong it does not say.";
    JOB_FAILED = "timeline.job-failed": "The job `{job}` failed: {said}";
    JOB_FAILED_NEXT = "timeline.job-failed.next": "It is tried again at its next time.";
    MISSING_KEY = "timeline.no-key": "Hermes found no key for `{provider}`.";
    MISSING_KEY_NEXT = "timeline.no-key.next": "A pool in which every entry is in cooldown looks like this, too.";
    UNKNOWN = "timeline.unknown-provider": "Hermes knows no provider `{provider}`.";
    UNKNOWN_NEXT = "timeline.unknown-provider.next":
        "It takes the id of a provider, an alias of one, or the name of a custom provider of config.yaml: `hermes model` lists them.";
    REUSED = "timeline.reused": "A refresh token was refused: it was used before.";
    REUSED_NEXT = "timeline.reused.next": "The login has to be done again.";
    NO_CLIENT = "timeline.no-client": "There is no client for `{provider}`: {said}";
    NO_CLIENT_NEXT = "timeline.no-client.next":
        "A side task goes on with what stands in for it, the fallback chain with its next entry; where there is nothing, the request fails.";
    SENT_KEYLESS = "timeline.sent-keyless": "The settings of the endpoint `{provider}` give no key.";
    SENT_KEYLESS_NEXT = "timeline.sent-keyless.next":
        "`no-key-required` is sent in place of one; an endpoint that wants a key answers 401.";
    TASK_ERROR = "timeline.task-error": "A request of the side task `{task}` failed: {reason} on {provider}. {said}";
    TASK_ERROR_NEXT = "timeline.task-error.next": "Hermes looks for another provider for this task.";
    TASK_FELL_BACK = "timeline.task-fell-back": "{to} took the side task `{task}` over: {reason} on {provider}.";
    TASK_FELL_BACK_NEXT = "timeline.task-fell-back.next": "Only this request of the task goes there.";
    TASK_FAILED = "timeline.task-failed":
        "The side task `{task}` failed: {reason} on {provider}, and nothing could stand in for it.";
    TASK_FAILED_NEXT = "timeline.task-failed.next": "The task ends with this error.";
    LEFT_OUT = "timeline.left-out": "Side tasks leave `{provider}` out for {wait} s.";
    LEFT_OUT_NEXT = "timeline.left-out.next": "The main model is asked as before.";
    NO_TASK_PROVIDER = "timeline.no-task-provider": "No provider for side tasks was found. Tried: {tried}.";
    NO_TASK_PROVIDER_NEXT = "timeline.no-task-provider.next":
        "Compression, summaries and whatever else has no provider of its own fail.";
    VISION_AWAY = "timeline.vision-away": "The provider `{provider}`, which is to see pictures, could not be used.";
    VISION_AWAY_NEXT = "timeline.vision-away.next": "Hermes looks for another one that sees pictures.";
    BARRED = "timeline.barred": "`{path}` could not be read: the user that Hermes runs as may not.";
    BARRED_NEXT = "timeline.barred.next":
        "Hermes goes on as if no key were stored; what it stores next takes its place.";
    BROKEN = "timeline.broken": "`{path}` could not be read: it is broken.";
    BROKEN_NEXT = "timeline.broken.next":
        "Hermes goes on as if no key were stored; a copy is kept beside it as `auth.json.corrupt`.";
    NOT_PARSED = "timeline.not-parsed": "config.yaml could not be parsed: {said}";
    NOT_PARSED_NEXT = "timeline.not-parsed.next":
        "A process that starts then goes on with the defaults of Hermes, as if nothing were written there.";
    EARLIER = "timeline.earlier": "{count} earlier events are left out.";
    UNREAD = "timeline.unread": "Lines that could not be read: {count}.";
}

/// The timeline of a log.
pub fn view(words: &Words<'_>, story: &Story) -> TimelineView {
    TimelineView {
        entries: story.told.iter().map(|told| entry(words, story, told)).collect(),
        earlier: story.earlier,
        others: story.others,
        unread: story.unread,
        left_out: left_out(words, story),
    }
}

/// What of a log is not in its timeline.
fn left_out(words: &Words<'_>, story: &Story) -> Option<Shown> {
    let counts = [(&EARLIER, story.earlier), (&UNREAD, story.unread)];
    let told = counts.into_iter().filter(|(_, count)| *count > 0);
    let told = told.map(|(template, count)| words.message(&Message::new(template).with("count", count)));
    told.reduce(|all, next| words.and_then(all, &next))
}

fn entry(words: &Words<'_>, story: &Story, told: &Told) -> TimelineEntryView {
    let event = &told.event;
    let (kind, what, next) = said_of(event);
    let what = with_fields(what, event);
    let next = match (&told.judged, event.kind) {
        (Some(Ok((judged, outlook))), _) => handled(judged, outlook),
        (Some(Err(stop)), _) => Message::new(&NOT_JUDGED).with("what", stop.unmodelled().unwrap_or_default()),
        (None, Kind::FellBack) => match told.cause.and_then(|cause| story.told.get(cause)) {
            Some(cause) => Message::new(&FELL_BACK_CAUSE).with("place", cause.event.place),
            None => Message::new(&FELL_BACK_UNKNOWN),
        },
        // Where the failed request stands above, it is told there what Hermes takes it for.
        (None, Kind::GaveUp) if story.told.iter().all(|told| told.judged.is_none()) => match means(event) {
            Some(means) => Message::new(&GAVE_UP_REFUSED).with("means", Message::new(means)),
            None => Message::new(next),
        },
        (None, Kind::Refused) => {
            Message::new(next).with("means", Message::new(means(event).unwrap_or(&NO_STATUS)))
        }
        _ => Message::new(next).with("rest", Arg::Seconds(told.rest)),
    };
    TimelineEntryView {
        kind,
        location: words.location(event.place),
        time: event.time.as_ref().map(|time| words.redactor.show(&time.text)),
        what: words.message(&what),
        next: words.message(&next),
        label: event.field("label").map(|label| words.redactor.show(&label.text)),
    }
}

/// What a status says of the key that was sent.
fn means(event: &Event) -> Option<&'static Template> {
    match event.status()? {
        401 => Some(&MEANS_401),
        402 => Some(&MEANS_402),
        403 => Some(&MEANS_403),
        429 => Some(&MEANS_429),
        _ => None,
    }
}

/// What an event is called, what happened, and what follows where that needs no more.
fn said_of(event: &Event) -> (TimelineKind, &'static Template, &'static Template) {
    match event.kind {
        Kind::Marked => (TimelineKind::Marked, &MARKED, &MARKED_NEXT),
        Kind::Dead => (TimelineKind::Dead, &MARKED_DEAD, &MARKED_DEAD_NEXT),
        Kind::Pruned => (TimelineKind::Dead, &PRUNED, &PRUNED_NEXT),
        Kind::Rotated if event.field("label").is_some() => (TimelineKind::Rotated, &ROTATED, &ROTATED_NEXT),
        Kind::Rotated => (TimelineKind::Rotated, &ROTATED_ENTRY, &ROTATED_NEXT),
        Kind::Empty => (TimelineKind::Exhausted, &EMPTY, &EMPTY_NEXT),
        Kind::Refreshed => (TimelineKind::Refreshed, &REFRESHED, &REFRESHED_NEXT),
        Kind::Spared | Kind::SparedUpstream => (TimelineKind::Spared, &SPARED, &SPARED_NEXT),
        Kind::Mismatch => (TimelineKind::Spared, &MISMATCH, &MISMATCH_NEXT),
        // What is of no event of its own belongs to a failed request.
        Kind::Failed | Kind::More => (TimelineKind::Error, &FAILED, &NOT_JUDGED),
        Kind::Retried => (TimelineKind::Retry, &RETRIED, &RETRIED_NEXT),
        Kind::FallingBack => (TimelineKind::Fallback, &FALLING_BACK, &FALLING_BACK_NEXT),
        Kind::FellBack => (TimelineKind::Fallback, &FELL_BACK, &FELL_BACK_UNKNOWN),
        Kind::Skipped => (TimelineKind::Skipped, &SKIPPED, &SKIPPED_NEXT),
        Kind::PrimaryFailed => (TimelineKind::Error, &PRIMARY_FAILED, &PRIMARY_FAILED_NEXT),
        Kind::FallbackFound => (TimelineKind::Fallback, &FALLBACK_FOUND, &FALLBACK_FOUND_NEXT),
        Kind::GaveUp => (TimelineKind::Stopped, &GAVE_UP, &GAVE_UP_NEXT),
        Kind::Refused if event.text("text").is_empty() => (TimelineKind::Error, &REFUSED, &REFUSED_NEXT),
        Kind::Refused => (TimelineKind::Error, &REFUSED_SAID, &REFUSED_NEXT),
        Kind::JobFailed => (TimelineKind::Stopped, &JOB_FAILED, &JOB_FAILED_NEXT),
        Kind::NoKey => (TimelineKind::Stopped, &MISSING_KEY, &MISSING_KEY_NEXT),
        Kind::Unknown => (TimelineKind::Stopped, &UNKNOWN, &UNKNOWN_NEXT),
        Kind::Reused => (TimelineKind::Error, &REUSED, &REUSED_NEXT),
        Kind::NoClient => (TimelineKind::Skipped, &NO_CLIENT, &NO_CLIENT_NEXT),
        Kind::SentKeyless => (TimelineKind::Error, &SENT_KEYLESS, &SENT_KEYLESS_NEXT),
        Kind::TaskError => (TimelineKind::Error, &TASK_ERROR, &TASK_ERROR_NEXT),
        Kind::TaskFellBack => (TimelineKind::Fallback, &TASK_FELL_BACK, &TASK_FELL_BACK_NEXT),
        Kind::TaskFailed => (TimelineKind::Stopped, &TASK_FAILED, &TASK_FAILED_NEXT),
        Kind::LeftOut => (TimelineKind::Skipped, &LEFT_OUT, &LEFT_OUT_NEXT),
        Kind::NoTaskProvider => (TimelineKind::Stopped, &NO_TASK_PROVIDER, &NO_TASK_PROVIDER_NEXT),
        Kind::VisionAway => (TimelineKind::Skipped, &VISION_AWAY, &VISION_AWAY_NEXT),
        Kind::Barred => (TimelineKind::Error, &BARRED, &BARRED_NEXT),
        Kind::NotParsed => (TimelineKind::Error, &NOT_PARSED, &NOT_PARSED_NEXT),
        Kind::Broken => (TimelineKind::Error, &BROKEN, &BROKEN_NEXT),
    }
}

fn with_fields(template: &'static Template, event: &Event) -> Message {
    const NAMES: [&str; 16] = [
        "attempt", "entry", "id", "job", "label", "model", "most", "path", "pool", "reason", "status",
        "task", "to", "tried", "wait", "why",
    ];
    let mut message = Message::new(template);
    for name in NAMES {
        if name != "status" || event.kind != Kind::Failed {
            message = message.with(name, event.text(name));
        }
    }
    if event.kind == Kind::Failed {
        let status = match event.status() {
            Some(status) => Message::new(&STATUS).with("status", status.to_string()),
            None => Message::new(&NO_STATUS).with("type", event.text("type")),
        };
        message = message.with("status", status);
    }
    let named = if event.kind == Kind::Refused { event.text("endpoint") } else { event.text("provider") };
    let message = match named {
        "" => message.with("provider", Message::new(&SOME_PROVIDER)),
        provider => message.with("provider", provider),
    };
    match (said(event), event.status()) {
        ("", Some(status)) => message.with("said", Message::new(&ANSWER).with("status", status.to_string())),
        (said, _) => message.with("said", said),
    }
}

/// What Hermes does about a failed request.
fn handled(judged: &Judged, outlook: &Outlook) -> Message {
    let reason = judged.class.reason;
    let template = match judged.pool {
        PoolStep::Leaves => &LEAVES,
        PoolStep::RetriesFirst => &RETRIES_FIRST,
        PoolStep::Rotates if reason == "auth" => &ROTATES_LOGIN,
        PoolStep::Rotates => &ROTATES,
    };
    Message::new(template).with("reason", reason).with("after", Message::new(after(outlook)))
}

fn after(outlook: &Outlook) -> &'static Template {
    let known = match outlook.has_chain {
        Some(false) => Some(outlook.without_chain),
        Some(true) if outlook.with_chain == outlook.with_chain_and_pool => Some(outlook.with_chain),
        None if outlook.with_chain == outlook.with_chain_and_pool
            && outlook.with_chain == outlook.without_chain =>
        {
            Some(outlook.with_chain)
        }
        _ => None,
    };
    match (known, outlook.without_chain) {
        (Some(After::Compresses), _) => &COMPRESSES,
        (Some(After::Waits), _) => &WAITS,
        (Some(After::FallsBack), _) => &FALLS_BACK,
        (Some(After::Stops), _) => &STOPS,
        (None, _) if outlook.with_chain != outlook.with_chain_and_pool => &UNLESS_POOL,
        (None, After::Stops) => &CHAIN_OR_STOPS,
        (None, _) => &CHAIN_OR_WAITS,
    }
}
