//! PC921: a reset time in words that Hermes does not read.

use super::logs::{failures, provider_of};
use super::{Context, Findings, declare_rule};
use crate::hermes::story::said;
use crate::readers::log::seconds_asked;

declare_rule! {
    /// The provider says how long its limit lasts, in a form that Hermes does not look for. Once the key is marked, it
    /// is in cooldown for an hour all the same, unless the answer had a header that names the time.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): GeminiAPIError [HTTP 429]
    ///    Provider: gemini  Model: m
    ///    Error: HTTP 429: You exceeded your current quota. Please retry in 28.9s.
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): GeminiAPIError [HTTP 429]
    ///    Provider: gemini  Model: m
    ///    Error: HTTP 429: You exceeded your current quota. Please retry after 30 seconds.
    /// ```
    pub static RESET_TIME_NOT_READ = {
        code: "PC921", name: "reset-time-not-read", severity: Info, since: "0.1.0",
        fix: None,
        what: "Hermes does not read this reset time: once marked, the key is in cooldown for an hour",
        why: "It looks for `retry after 30 seconds` and the like; `retry in …` is not among its forms. Only a header of the answer would still name the time.",
        todo: "Clear the cooldown once the limit is over.",
        command: "hermes auth reset {provider}",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let found = failures(context, |event, judged| {
        judged.class.reason == "rate_limit" && !judged.names_reset && seconds_asked(said(event)).is_some()
    });
    for (event, _) in found {
        findings
            .report(&RESET_TIME_NOT_READ, event.place_of("text"))
            .with("provider", provider_of(context, event));
        if event.text("provider").is_empty() {
            findings.without_command();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RESET_TIME_NOT_READ;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &RESET_TIME_NOT_READ,
            r#"
--- log
API call failed (attempt 1/3): GeminiAPIError [HTTP 429]
   Provider: gemini  Model: m
   Error: HTTP 429: You exceeded your current quota. Please retry in 28.9s.
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC921
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &RESET_TIME_NOT_READ,
            r#"
--- log
API call failed (attempt 1/3): GeminiAPIError [HTTP 429]
   Provider: gemini  Model: m
   Error: HTTP 429: You exceeded your current quota. Please retry after 30 seconds.
"#,
        );
    }
}
