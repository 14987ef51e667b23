//! PC912: a wrong key that the provider refuses with HTTP 400.

use super::logs::{failures, names_a_bad_key, provider_of};
use super::{Context, Findings, declare_rule};
use crate::hermes::turn::PoolStep;

declare_rule! {
    /// Gemini answers a wrong key with HTTP 400, not 401. Hermes takes that for a malformed request: it does not mark the key, does
    /// not take the next one of the pool, and goes to the fallback chain at once. The wrong key stays the first one.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): GeminiAPIError [HTTP 400]
    ///    Provider: gemini  Model: m
    ///    Error: HTTP 400: API key not valid. Please pass a valid API key.
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): AuthenticationError [HTTP 401]
    ///    Provider: gemini  Model: m
    ///    Error: HTTP 401: API key not valid. Please pass a valid API key.
    /// ```
    pub static REFUSED_KEY_AS_BAD_REQUEST = {
        code: "PC912", name: "refused-key-as-bad-request", severity: Warning, since: "0.1.0",
        fix: None,
        what: "The key of {provider} is wrong, and Hermes does not take the next one",
        why: "{provider} refuses a wrong key with HTTP 400, which Hermes classifies as `{reason}`: no key is marked, whatever the pool has.",
        todo: "Find the wrong key by asking the provider with each, remove its entry, and add the right one.",
        command: "hermes auth list {provider}",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for (event, judged) in failures(context, |event, judged| {
        judged.pool == PoolStep::Leaves && event.status() == Some(400) && names_a_bad_key(event)
    }) {
        findings
            .report(&REFUSED_KEY_AS_BAD_REQUEST, event.place_of("text"))
            .with("provider", provider_of(context, event))
            .with("reason", judged.class.reason);
        if event.text("provider").is_empty() {
            findings.without_command();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::REFUSED_KEY_AS_BAD_REQUEST;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &REFUSED_KEY_AS_BAD_REQUEST,
            r#"
--- log
API call failed (attempt 1/3): GeminiAPIError [HTTP 400]
   Provider: gemini  Model: m
   Error: HTTP 400: API key not valid. Please pass a valid API key.
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC912
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &REFUSED_KEY_AS_BAD_REQUEST,
            r#"
--- log
API call failed (attempt 1/3): AuthenticationError [HTTP 401]
   Provider: gemini  Model: m
   Error: HTTP 401: API key not valid. Please pass a valid API key.
"#,
        );
    }
}
