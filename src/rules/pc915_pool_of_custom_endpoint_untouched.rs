//! PC915: a custom endpoint whose errors do not reach its pool.

use super::{Context, Findings, declare_rule};
use crate::readers::log::Kind;

declare_rule! {
    /// The agent of a custom endpoint calls its provider `custom`, its pool is called `custom:<name>`. Releases before 0.17.0 take the
    /// two for different providers and never rotate such a pool. From 0.17.0 on they match where the endpoint in use is the one that the
    /// entry in config.yaml names. Releases before 0.15.2 do not compare them.
    ///
    /// ```log fires
    /// WARNING run_agent: Credential pool provider mismatch: pool=custom:lab, agent=custom — skipping pool mutation to avoid cross-provider contamination
    /// ```
    /// ```log silent
    /// WARNING run_agent: Credential pool provider mismatch: pool=deepseek, agent=openrouter — skipping pool mutation to avoid cross-provider contamination
    /// ```
    pub static POOL_OF_CUSTOM_ENDPOINT_UNTOUCHED = {
        code: "PC915", name: "pool-of-custom-endpoint-untouched", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Errors of the custom endpoint do not rotate the pool `{pool}`",
        why: "{why}",
        todo: "{todo}",
        part never: "This release takes the agent's `custom` and the pool's `{pool}` for different providers.",
        part endpoint: "The endpoint in use is not the one of the entry in config.yaml that the pool is named after.",
        part update: "Update Hermes to 0.17.0 or later.",
        part compare: "Compare `model.base_url` with `base_url` of that entry: they have to be the same.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let behaviour = &context.facts.behaviour;
    if !behaviour.guards_other_providers {
        return;
    }
    let mismatches = context.story.of_kind(Kind::Mismatch).map(|(_, told)| &told.event);
    let mut custom = mismatches
        .filter(|event| event.text("provider") == "custom" && event.text("pool").starts_with("custom:"));
    let Some(event) = custom.next() else { return };
    let never = !behaviour.custom_agents_own_named_pools;
    findings
        .report(&POOL_OF_CUSTOM_ENDPOINT_UNTOUCHED, event.place_of("pool"))
        .with("pool", event.text("pool"))
        .part("why", if never { "never" } else { "endpoint" })
        .part("todo", if never { "update" } else { "compare" });
}

#[cfg(test)]
mod tests {
    use super::POOL_OF_CUSTOM_ENDPOINT_UNTOUCHED;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &POOL_OF_CUSTOM_ENDPOINT_UNTOUCHED,
            r#"
--- log
WARNING run_agent: Credential pool provider mismatch: pool=custom:lab, agent=custom — skipping pool mutation to avoid cross-provider contamination
                                                           ^^^^^^^^^^ PC915
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &POOL_OF_CUSTOM_ENDPOINT_UNTOUCHED,
            r#"
--- log
WARNING run_agent: Credential pool provider mismatch: pool=deepseek, agent=openrouter — skipping pool mutation to avoid cross-provider contamination
"#,
        );
    }
}
