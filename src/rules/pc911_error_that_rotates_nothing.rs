//! PC911: an error of a request that no other key would mend.

use super::logs::{failures, names_a_bad_key, provider_of};
use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::hermes::story::said;
use crate::hermes::turn::PoolStep;

declare_rule! {
    /// A request was refused as malformed (HTTP 400), which every key would be. Hermes marks no key and takes no other: it goes to the
    /// fallback chain at once, or ends the turn. A `thought_signature` that Gemini misses is such an error.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): GeminiAPIError [HTTP 400]
    ///    Provider: gemini  Model: m
    ///    Error: HTTP 400: Function call is missing a thought_signature in functionCall parts.
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): RateLimitError [HTTP 429]
    ///    Provider: gemini  Model: gemini-3-flash
    ///    Error: HTTP 429: Resource has been exhausted
    /// ```
    pub static ERROR_THAT_ROTATES_NOTHING = {
        code: "PC911", name: "error-that-rotates-nothing", severity: Info, since: "0.1.0",
        fix: None,
        what: "HTTP {status} of {provider} is no reason for Hermes to take another key",
        why: "Hermes classifies it as `{reason}`: the request is refused, not the key, so every key of the pool would fail alike.{way}",
        todo: "{todo}",
        part signature: " Gemini wants the signature of its thoughts back in each call of a tool.",
        part other: "",
        part update: "Update Hermes, or choose another model: not every release and model pass the signature on.",
        part read: "Fix the request as the provider says; another key would not help.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for (event, judged) in failures(context, |event, judged| {
        judged.pool == PoolStep::Leaves
            && judged.class.reason == "format_error"
            && event.status() == Some(400)
            && !names_a_bad_key(event)
            && !said(event).holds("draw from your extra usage")
    }) {
        let signature = said(event).holds("thought_signature");
        findings
            .report(&ERROR_THAT_ROTATES_NOTHING, event.place_of("text"))
            .with("status", "400")
            .with("provider", provider_of(context, event))
            .with("reason", judged.class.reason)
            .part("way", if signature { "signature" } else { "other" })
            .part("todo", if signature { "update" } else { "read" });
    }
}

#[cfg(test)]
mod tests {
    use super::ERROR_THAT_ROTATES_NOTHING;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &ERROR_THAT_ROTATES_NOTHING,
            r#"
--- log
API call failed (attempt 1/3): GeminiAPIError [HTTP 400]
   Provider: gemini  Model: m
   Error: HTTP 400: Function call is missing a thought_signature in functionCall parts.
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC911
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &ERROR_THAT_ROTATES_NOTHING,
            r#"
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: gemini  Model: gemini-3-flash
   Error: HTTP 429: Resource has been exhausted
"#,
        );
    }
}
