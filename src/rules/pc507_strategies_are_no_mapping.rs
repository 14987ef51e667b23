//! PC507: `credential_pool_strategies` is no mapping.

use super::{Context, Findings, declare_rule};

declare_rule! {
    /// `credential_pool_strategies` is a mapping from a provider to its strategy. A single strategy or a list is passed
    /// over without a word, and every pool uses `fill_first`.
    ///
    /// ```yaml fires
    /// credential_pool_strategies: round_robin
    /// ```
    /// ```yaml silent
    /// credential_pool_strategies:
    ///   gemini: round_robin
    /// ```
    pub static STRATEGIES_ARE_NO_MAPPING = {
        code: "PC507", name: "strategies-are-no-mapping", severity: Error, since: "0.1.0",
        fix: None,
        what: "`credential_pool_strategies` is a `{type}`, not a mapping",
        why: "Hermes looks for the strategy of each pool under the name of its provider. Here it finds none, says nothing, and every pool uses `fill_first`.",
        todo: "Write `credential_pool_strategies:` and below it, indented, a line for each provider: `{example}: round_robin`.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(node) = context.loaded_at(&["credential_pool_strategies"]) else { return };
    let Some(place) = node.place.filter(|_| node.value.as_dict().is_none() && node.value.is_true()) else {
        return;
    };
    findings
        .report(&STRATEGIES_ARE_NO_MAPPING, place)
        .with("type", node.value.type_name())
        .with("example", context.provider().unwrap_or("gemini"));
}

#[cfg(test)]
mod tests {
    use super::STRATEGIES_ARE_NO_MAPPING;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_strategy_for_all() {
        fires(
            &STRATEGIES_ARE_NO_MAPPING,
            "\
--- config.yaml
model: {provider: deepseek}
credential_pool_strategies: round_robin
                            ^^^^^^^^^^^ PC507
--- says
is a `str`, not a mapping
`deepseek: round_robin`
",
        );
        fires(
            &STRATEGIES_ARE_NO_MAPPING,
            "\
--- config.yaml
credential_pool_strategies: [gemini: random]
                            ^^^^^^^^^^^^^^^^ PC507
",
        );
    }

    #[test]
    fn nothing_and_a_mapping() {
        for value in ["{}", "", "''", "{gemini: random}"] {
            silent(
                &STRATEGIES_ARE_NO_MAPPING,
                &format!("--- config.yaml\ncredential_pool_strategies: {value}\n"),
            );
        }
    }
}
