//! Pasted logs from text to report: the timeline and the findings, in the forms in which people paste them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

use poolcheck::api::Input;
use poolcheck::base::sources::{Given, SourceKind, Sources};
use poolcheck::report::{Report, TimelineEntryView, TimelineKind};

const NOW: f64 = 1_780_000_000.0;

/// The terminal's block of a Gemini error and of the fallback's, as a chat shows them.
const TERMINAL: &str = "\
0.6s
⚠️ API call failed (attempt 1/3): GeminiAPIError [HTTP 400]
🔌 Provider: gemini Model: gemini-3-flash
🌐 Endpoint: https://generativelanguage.googleapis.com/v1beta
📝 Error: HTTP 400: Gemini HTTP 400 (INVALID_ARGUMENT): Function call is missing a thought_signature in functionCall parts.
⚠️ Non-retryable error (HTTP 400) — trying fallback...
🔄 Primary model failed — switching to fallback: z-ai/glm-4.5-air:free via openrouter
⚠️ API call failed (attempt 1/3): RateLimitError [HTTP 429]
🔌 Provider: openrouter Model: z-ai/glm-4.5-air:free
🌐 Endpoint: https://openrouter.ai/api/v1/
📝 Error: HTTP 429: Provider returned error
📋 Details: {'message': 'Provider returned error', 'code': 429, 'metadata': {'raw': 'temporarily rate-limited ups
⏱️ Rate limited. Waiting 2.5s (attempt 2/3)...
";

/// Lines of agent.log: the second rate limit takes the next key, the third attempt is the last.
const AGENT_LOG: &str = "\
2026-11-28 03:00:12,712 WARNING [s1] agent.conversation_loop: API call failed (attempt 1/3) error_type=RateLimitError thread=MainThread:140 provider=deepseek base_url=https://api.deepseek.com/v1 model=m summary=HTTP 429: Rate limit exceeded
2026-11-28 03:00:12,712 WARNING [s1] agent.conversation_loop: Retrying API call in 2.01s (attempt 1/3) thread=MainThread:140 provider=deepseek base_url=https://api.deepseek.com/v1 model=m policy=default error=Error code: 429 - {'error': {'message': 'Rate limit exceeded'}}
2026-11-28 03:00:15,068 INFO [s1] agent.credential_pool: credential pool: marking one exhausted (status=429), rotating
2026-11-28 03:00:15,068 INFO [s1] agent.credential_pool: credential pool: rotated to two
2026-11-28 03:00:15,068 INFO [s1] run_agent: Credential 429 (rate limit) — rotated to pool entry b
2026-11-28 03:00:15,505 INFO run_agent: OpenAI client created (chat_completion_stream_request, shared=False)
";

fn report(input: Input) -> Report {
    laws::checked(&input, NOW)
}

fn log(text: &str) -> Input {
    Input::from(Sources { log: Given::Text(text.to_owned()), ..Sources::default() })
}

fn entries(report: &Report) -> &[TimelineEntryView] {
    &report.timeline.as_ref().unwrap().entries
}

fn told(report: &Report) -> Vec<(TimelineKind, usize)> {
    entries(report).iter().map(|entry| (entry.kind, entry.location.start.line)).collect()
}

fn codes(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn without_a_log_there_is_no_timeline() {
    assert!(report(Input::default()).timeline.is_none());
}

#[test]
fn a_terminal() {
    use TimelineKind::{Error, Fallback, Retry};
    let report = report(log(TERMINAL));
    assert_eq!(told(&report), [(Error, 2), (Fallback, 6), (Fallback, 7), (Error, 8), (Retry, 13)]);
    let next: Vec<&str> = entries(&report).iter().map(|entry| entry.next.as_str()).collect();
    assert!(
        next[0].starts_with("Hermes takes this for `format_error`: no reason to take another key."),
        "{next:?}"
    );
    assert!(next[2].ends_with("because of the error in log line 2."), "{next:?}");
    assert!(
        next[3].starts_with("Hermes takes this for `rate_limit`: the first time the same key"),
        "{next:?}"
    );
    assert_eq!(codes(&report), ["PC911", "PC919"]);
    assert_eq!(report.timeline.as_ref().unwrap().unread, 1);
}

#[test]
fn lines_of_agent_log() {
    use TimelineKind::{Error, Marked, Rotated};
    let report = report(log(AGENT_LOG));
    assert_eq!(told(&report), [(Error, 1), (Marked, 3), (Rotated, 4), (Rotated, 5)]);
    let marked = &entries(&report)[1];
    assert_eq!(marked.time.as_ref().unwrap().as_str(), "2026-11-28 03:00:15,068");
    assert_eq!(marked.label.as_ref().unwrap().as_str(), "one");
    assert_eq!(marked.what.as_str(), "`one` was marked as exhausted after HTTP 429.");
    assert!(marked.next.as_str().contains("else for 1 h 0 min"), "{}", marked.next);
    let timeline = report.timeline.as_ref().unwrap();
    assert_eq!((timeline.others, timeline.unread, timeline.earlier), (1, 0, 0));
    assert!(timeline.left_out.is_none() && codes(&report).is_empty());
}

/// What follows an error depends on the chain and the pool, where they are known.
#[test]
fn what_follows_by_the_pasted_files() {
    let row = |label: &str| {
        format!(
            r#"{{"id": "{label}", "label": "{label}", "auth_type": "api_key", "priority": 0, "source": "manual",
                "access_token": "sk-fake-{label}-000000", "base_url": "https://api.deepseek.com/v1"}}"#
        )
    };
    let next = |chain: &str, rows: &[&str]| {
        let rows: Vec<String> = rows.iter().map(|label| row(label)).collect();
        let store = format!(
            r#"{{"version": 1, "providers": {{}}, "credential_pool": {{"deepseek": [{}]}}}}"#,
            rows.join(",")
        );
        let config = format!("model: {{provider: deepseek, default: m}}\n{chain}");
        let input = log(AGENT_LOG).with(SourceKind::Config, config).with(SourceKind::AuthStore, store);
        let report = report(input);
        entries(&report)[0].next.to_string()
    };
    let chain = "fallback_providers: [{provider: openrouter, model: n}]\n";
    assert!(next(chain, &["one"]).ends_with("The fallback chain is next."));
    assert!(next(chain, &["one", "two"]).ends_with("It waits and sends the request again."));
    assert!(next("", &["one"]).ends_with("It waits and sends the request again."));
}

/// Errors of more than a log's end: the last ones are told.
#[test]
fn of_a_long_log_the_end_is_told() {
    let line = "credential pool: rotated to two\n";
    let report = report(log(&line.repeat(600)));
    let timeline = report.timeline.as_ref().unwrap();
    assert_eq!((timeline.entries.len(), timeline.earlier), (500, 100));
    assert_eq!(timeline.left_out.as_ref().unwrap().as_str(), "100 earlier events are left out.");
    assert_eq!(timeline.entries[0].location.start.line, 101);
}

/// The terminal's last line names the status and no words.
#[test]
fn a_turn_that_ends_without_words_tells_its_status() {
    let log = "🔄 Primary model failed — switching to fallback: glm-4.7 via zai\n❌ Non-retryable client error (HTTP 401). Aborting.\n";
    let input = Input::from(Sources { log: Given::Text(log.to_owned()), ..Sources::default() });
    let report = laws::checked(&input, NOW);
    let last = report.timeline.unwrap().entries.pop().unwrap();
    assert_eq!(last.what.as_str(), "Hermes gave the request up. The answer was HTTP 401.");
}
