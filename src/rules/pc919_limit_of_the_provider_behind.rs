//! PC919: a limit of the provider behind OpenRouter, which counts against the key.

use super::logs::{failures, is_upstream};
use super::{Context, Findings, declare_rule};
use crate::hermes::turn::PoolStep;

declare_rule! {
    /// OpenRouter passes a limit of a model's provider on as `Provider returned error`. The key is good, and another one would meet the
    /// same limit; yet Hermes counts the error against it: the second one in a row puts it in cooldown for an hour. Free models meet such limits
    /// often.
    ///
    /// From 0.18.2 on Hermes leaves the key alone where it is handed the whole answer, and says so in the log: `Upstream provider NAME
    /// rate-limited via aggregator — skipping credential rotation`. Then no other key is taken, and none would help.
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
        why: "{reason}",
        todo: "{way}",
        command: "{commands}",
        part counted: "`{model}` is limited upstream, for every key. Hermes classifies it as `{class}` all the same: the second one in a row puts the key in cooldown.",
        part spared: "`{model}` is limited upstream, for every key. Hermes takes it for `{class}`: no key is marked and no other one is taken, as none would help.",
        part reset: "Use another model, or put models of several providers into the fallback chain. Clear the cooldown of a good key.",
        part change: "Use another model, or put models of several providers into the fallback chain.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let found = failures(context, |event, judged| {
        let is_meant = judged.pool != PoolStep::Leaves || judged.class.reason == "upstream_rate_limit";
        event.status() == Some(429) && is_meant && is_upstream(event)
    });
    for (event, judged) in found {
        findings
            .report(&LIMIT_OF_THE_PROVIDER_BEHIND, event.place_of("text"))
            .with("model", event.text("model"))
            .with("class", judged.class.reason);
        if judged.pool == PoolStep::Leaves {
            findings.part("reason", "spared").part("way", "change").without_command();
        } else {
            findings.part("reason", "counted").part("way", "reset");
            findings.command("commands", Some("hermes auth reset openrouter"));
        }
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

    /// The line is printed above the failure; pasted alone it is the one of the next attempt. The body is what the client of 0.19.0
    /// hands on where it hands on the whole answer.
    #[test]
    fn a_key_that_is_left_alone() {
        let spared = "02:01:12 INFO run_agent: Upstream provider Chutes rate-limited via aggregator — skipping credential rotation, deferring to fallback chain\n";
        let failed = "\
02:01:12 WARNING agent.conversation_loop: API call failed (attempt 1/3) error_type=RateLimitError thread=MainThread:1 provider=openrouter base_url=https://openrouter.ai/api/v1 model=m summary=HTTP 429: Provider returned error
                                                                                                                                                                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC919
";
        let body = "\
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: openrouter  Model: m
   Error: HTTP 429: Provider returned error
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC919
   Details: {'error': {'message': 'Provider returned error', 'code': 429, 'metadata': {'provider_name': 'Chutes'}}}
";
        for log in [[spared, failed].concat(), [failed, spared].concat(), body.to_owned()] {
            let said = "--- says\n`upstream_rate_limit`: no key is marked\n";
            let report = fires(&LIMIT_OF_THE_PROVIDER_BEHIND, &["--- log\n", &log, said].concat());
            assert!(report.findings.iter().all(|finding| finding.command.is_none()), "{log}");
        }
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
