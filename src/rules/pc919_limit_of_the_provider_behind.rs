//! PC919: a limit of the provider behind OpenRouter, which counts against the key.

use super::logs::{failures, is_upstream};
use super::{Context, Findings, declare_rule};
use crate::hermes::turn::PoolStep;

declare_rule! {
    /// OpenRouter passes a limit of a model's provider on as `Provider returned error`. The key is good, and another one would meet the
    /// same limit; yet Hermes counts the error against it: the second one in a row benches it for an hour. Free models meet such limits
    /// often.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): RateLimitError [HTTP 429]
    ///    Provider: openrouter  Model: z-ai/glm-4.5-air:free
    ///    Error: HTTP 429: Provider returned error
    ///    Details: {'message': 'Provider returned error', 'code': 429, 'metadata': {'raw': 'temporarily rate-limited upstream'}}
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): RateLimitError [HTTP 429]
    ///    Provider: openrouter  Model: m
    ///    Error: HTTP 429: Rate limit exceeded: free-models-per-day
    /// ```
    pub static LIMIT_OF_THE_PROVIDER_BEHIND = {
        code: "PC919", name: "limit-of-the-provider-behind", severity: Warning, since: "0.1.0",
        fix: None,
        what: "The provider behind OpenRouter is busy; the key is good",
        why: "`{model}` is limited upstream, for every key. Hermes takes it for `{reason}` all the same: the second one in a row benches the key.",
        todo: "Use another model, or put models of several providers into the fallback chain. Clear the cooldown of a good key.",
        command: "hermes auth reset openrouter",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let found = failures(context, |event, judged| {
        event.status() == Some(429) && judged.pool != PoolStep::Leaves && is_upstream(event)
    });
    for (event, judged) in found {
        findings
            .report(&LIMIT_OF_THE_PROVIDER_BEHIND, event.place_of("text"))
            .with("model", event.text("model"))
            .with("reason", judged.class.reason);
    }
}

#[cfg(test)]
mod tests {
    use super::LIMIT_OF_THE_PROVIDER_BEHIND;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &LIMIT_OF_THE_PROVIDER_BEHIND,
            r#"
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: openrouter  Model: z-ai/glm-4.5-air:free
   Error: HTTP 429: Provider returned error
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC919
   Details: {'message': 'Provider returned error', 'code': 429, 'metadata': {'raw': 'temporarily rate-limited upstream'}}
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &LIMIT_OF_THE_PROVIDER_BEHIND,
            r#"
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: openrouter  Model: m
   Error: HTTP 429: Rate limit exceeded: free-models-per-day
"#,
        );
    }
}
