//! PC914: a missing key that is a pool in which every entry rests.

use super::logs::keyless_provider;
use super::{Context, Findings, declare_rule};
use crate::base::text::Place;
use crate::readers::log::Kind;

declare_rule! {
    /// Hermes says that it finds no key or no usable credential, and the lines above say that every entry of the pool was marked as
    /// exhausted. Nothing is missing: the keys rest until their cooldown is over. With one key a single rate limit is enough.
    ///
    /// ```log fires
    /// 14:36:01 INFO agent.credential_pool: credential pool: marking one exhausted (status=429), rotating
    /// 14:36:01 INFO agent.credential_pool: credential pool: no available entries (all exhausted or empty)
    /// 15:06:17 ERROR cron.scheduler: Job 'daily' failed: RuntimeError: Provider 'gemini' is set in config.yaml but no API key was found.
    /// ```
    /// ```log silent
    /// 15:06:17 ERROR cron.scheduler: Job 'daily' failed: RuntimeError: Provider 'gemini' is set in config.yaml but no API key was found.
    /// ```
    pub static RESTING_POOL_LOOKS_KEYLESS = {
        code: "PC914", name: "resting-pool-looks-keyless", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Hermes reports a missing key, but this pool was used up before",
        why: "The pool was used up in {place}; until the first cooldown is over Hermes finds none of its keys and words it as if there were none.",
        todo: "Wait, add a second key, or configure a fallback chain. When the provider's limit is over already, clear the cooldown.",
        command: "hermes auth list {provider}\nhermes auth reset {provider}",
        label used: "here the last key was marked",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut used: Option<Place> = None;
    // A mark does not say of which provider it is; the failed request before it does.
    let mut failed = "";
    for told in &context.story.told {
        let event = &told.event;
        match event.kind {
            Kind::Marked | Kind::Empty => used = Some(event.place),
            Kind::Rotated => used = None,
            Kind::Failed => failed = event.text("provider"),
            _ => {}
        }
        let (Some(provider), Some(place)) = (keyless_provider(event), used) else { continue };
        if !failed.is_empty() && failed != provider {
            continue;
        }
        findings
            .report(&RESTING_POOL_LOOKS_KEYLESS, event.place_of("text"))
            .with("place", place)
            .with("provider", provider)
            .label("used", Some(place));
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::RESTING_POOL_LOOKS_KEYLESS;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &RESTING_POOL_LOOKS_KEYLESS,
            r#"
--- log
14:36:01 INFO agent.credential_pool: credential pool: marking one exhausted (status=429), rotating
14:36:01 INFO agent.credential_pool: credential pool: no available entries (all exhausted or empty)
15:06:17 ERROR cron.scheduler: Job 'daily' failed: RuntimeError: Provider 'gemini' is set in config.yaml but no API key was found.
                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC914
"#,
        );
    }

    #[test]
    fn the_pool_of_another_provider() {
        silent(
            &RESTING_POOL_LOOKS_KEYLESS,
            r#"
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: openrouter  Model: m
   Error: HTTP 429: x
credential pool: marking one exhausted (status=429), rotating
credential pool: no available entries (all exhausted or empty)
No usable credentials found for provider 'gemini'. Set GOOGLE_API_KEY, GEMINI_API_KEY.
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &RESTING_POOL_LOOKS_KEYLESS,
            r#"
--- log
15:06:17 ERROR cron.scheduler: Job 'daily' failed: RuntimeError: Provider 'gemini' is set in config.yaml but no API key was found.
"#,
        );
    }
}
