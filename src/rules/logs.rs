//! What rules ask of a pasted log.

use super::Context;
use crate::base::collections::{TextSet, joined};
use crate::base::text::Search;
use crate::hermes::story::said;
use crate::hermes::turn::Judged;
use crate::readers::log::{Event, Kind};

/// What a provider answers to a refresh token that was used before.
pub(super) const REUSED_TOKEN: &str = "refresh_token_reused";

/// The failed requests that `is_meant` wants, each error of a provider once.
pub(super) fn failures<'c>(
    context: &'c Context<'_>,
    is_meant: impl Fn(&Event, &Judged) -> bool,
) -> Vec<(&'c Event, &'c Judged)> {
    let mut seen = TextSet::new();
    let mut found = Vec::new();
    for (_, event, judged) in context.story.failures() {
        if is_meant(event, judged) && seen.insert(&joined(&[event.text("provider"), said(event)])) {
            found.push((event, judged));
        }
    }
    found
}

/// The provider of a failed request: as printed, else that of the pasted config.yaml. `API` where neither names one.
pub(super) fn provider_of<'c>(context: &'c Context<'_>, event: &'c Event) -> &'c str {
    named_provider(context, event).unwrap_or("API")
}

/// The provider of a failed request: as printed, else that of the pasted config.yaml.
pub(super) fn named_provider<'c>(context: &'c Context<'_>, event: &'c Event) -> Option<&'c str> {
    match event.text("provider") {
        "" => context.provider().filter(|_| context.config_root().is_some()),
        provider => Some(provider),
    }
}

/// Whether the words of an error are those of Google about a wrong key.
pub(super) fn names_a_bad_key(event: &Event) -> bool {
    let said = said(event).to_ascii_lowercase();
    ["api key not valid", "api_key_invalid", "api key expired"].iter().any(|words| said.holds(words))
}

/// Whether a limit is one that no time ends: OpenAI's code for an account without credit or at its monthly limit
/// (<https://platform.openai.com/docs/guides/error-codes>). Hermes takes it for a rate limit.
pub(super) fn is_quota_of_no_time(event: &Event) -> bool {
    ["text", "details"].iter().any(|field| event.text(field).holds("insufficient_quota"))
}

/// Whether an error is one that OpenRouter passes on from a model's provider.
pub(super) fn is_upstream(event: &Event) -> bool {
    event.text("provider") == "openrouter"
        && (said(event) == "Provider returned error" || event.text("details").holds("rate-limited upstream"))
}

/// The provider that an event says to have no key or no usable credential.
pub(super) fn keyless_provider(event: &Event) -> Option<&str> {
    if event.kind == Kind::NoKey {
        return Some(event.text("provider"));
    }
    let text = event.text("text");
    let is_keyless =
        text.holds("no API key was found") || text.holds("No usable credentials found for provider");
    let (_, behind) = text.cut_at("rovider '").filter(|_| is_keyless)?;
    let (provider, _) = behind.split_once('\'')?;
    // Of a line that is torn, more than a name may stand there.
    (!provider.contains(char::is_whitespace)).then_some(provider)
}

/// Whether what is said of a client that could not be made is that a key or a login is missing, and no library or setting.
pub(super) fn is_credential_matter(event: &Event) -> bool {
    let text = event.text("text");
    ["not set", " found", "not configured", "no usable entries", "missing a runtime API key"]
        .iter()
        .any(|words| text.holds(words))
}
