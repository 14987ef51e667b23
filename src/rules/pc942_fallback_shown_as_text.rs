//! PC942: a debug report that shows the fallback chain as a text.

use super::pc603_fallback_is_text::list_in_text;
use super::{Context, Findings, declare_rule};
use crate::readers::debug_report::is_text_of_list;

declare_rule! {
    /// `hermes dump` prints `fallback_providers` as Python writes it: a list of mappings has names in single quotes. What stands
    /// here has not: the value is a text that looks like a list, as `hermes config set fallback_providers '[…]'` writes it.
    /// Hermes does not look into the text, and the chain is empty.
    ///
    /// ```text fires
    /// --- debug report
    /// config_overrides:
    ///   fallback_providers: [{"provider": "openrouter", "model": "m"}]
    /// ```
    /// ```text silent
    /// --- debug report
    /// config_overrides:
    ///   fallback_providers: [{'provider': 'openrouter', 'model': 'm'}]
    /// ```
    pub static FALLBACK_SHOWN_AS_TEXT = {
        code: "PC942", name: "fallback-shown-as-text", severity: Error, since: "0.1.0",
        fix: None,
        what: "`fallback_providers` is a text here, not a list",
        why: "Python prints the names in a list in single quotes. Hermes does not look into a text: there is no fallback from it, and Hermes says nothing.",
        todo: "Write the entries under `fallback_providers:` in config.yaml as a YAML list, without quotes around the whole. `hermes config set` cannot write a list.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(chain) = &context.debug_report.fallback else { return };
    // Where config.yaml shows it, it is said there, with a fix.
    if is_text_of_list(&chain.text) && list_in_text(context, "fallback_providers").is_none() {
        findings.report(&FALLBACK_SHOWN_AS_TEXT, chain.place);
    }
}

#[cfg(test)]
mod tests {
    use super::FALLBACK_SHOWN_AS_TEXT;
    use crate::rules::testing::{fires, silent};

    const REPORT: &str = r#"--- debug report
provider:         gemini
config_overrides:
  agent.max_turns: 150
  fallback_providers: [{"provider":"openrouter","model":"m"}]
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC942
"#;

    #[test]
    fn a_chain_in_double_quotes() {
        fires(&FALLBACK_SHOWN_AS_TEXT, REPORT);
    }

    #[test]
    fn a_list_and_a_config_that_shows_it() {
        silent(&FALLBACK_SHOWN_AS_TEXT, &REPORT.replace('"', "'"));
        let config = r#"--- config.yaml
fallback_providers: '[{"provider":"openrouter","model":"m"}]'
"#;
        silent(&FALLBACK_SHOWN_AS_TEXT, &format!("{config}{REPORT}"));
    }
}
