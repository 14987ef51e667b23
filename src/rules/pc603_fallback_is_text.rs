//! PC603: the fallback chain as a text that holds a list.

use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::Search;
use crate::diagnostic::Safety;
use crate::hermes::fallback::FALLBACK_KEYS;
use crate::json;
use crate::python::{Node, Value, repr};
use crate::yaml;

declare_rule! {
    /// The value is a text with a list in JSON in it, as `hermes config set fallback_providers '[…]'` writes it.
    /// Hermes does not look into the text: the chain is empty, and nothing says so. Without the quotes it is
    /// a YAML list.
    ///
    /// ```yaml fires
    /// fallback_providers: '[{"provider": "openrouter", "model": "m"}]'
    /// ```
    /// ```yaml silent
    /// fallback_providers: [{"provider": "openrouter", "model": "m"}]
    /// ```
    pub static FALLBACK_IS_TEXT = {
        code: "PC603", name: "fallback-is-text", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{key}` is a text that holds a list, not a list",
        why: "Hermes does not look into the text: there is no fallback from it, and Hermes says nothing.",
        todo: "Take the quotes away, or write the entries as a YAML list.{set}",
        fix_title: "Take the quotes away",
        part cannot: " `hermes config set` cannot write a list.",
        part plain: "",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for key in FALLBACK_KEYS {
        let Some((node, list)) = list_in_text(context, key) else { continue };
        let Some(place) = node.place else { continue };
        // 0.21 writes what looks like a list as one: PR #88163.
        let set = if context.is_read_only() { "plain" } else { "cannot" };
        findings.report(&FALLBACK_IS_TEXT, place).with("key", key).part("set", set);
        if let Some(json) = without_quotes(context, node, &list) {
            findings.replace(place, json);
        }
    }
}

/// The text of `node`, which holds `value` in JSON, where it is written in quotes and reads the same without them.
pub(super) fn without_quotes<'c>(context: &Context<'_>, node: &'c Node, value: &Value) -> Option<&'c str> {
    let json = node.value.as_str()?;
    let written = node.place?.span.of(context.config_text());
    let is_line = written.starts_with(['"', '\'']) && !written.has('\n') && !json.contains(['\\', '\n']);
    let as_yaml = yaml::load(json, SourceKind::Config).root;
    (is_line && as_yaml.is_ok_and(|found| repr(&found.value) == repr(value))).then_some(json)
}

/// The text under `key` and what its JSON says, where that is a list or a mapping.
pub(super) fn list_in_text<'c>(context: &'c Context<'_>, key: &str) -> Option<(&'c Node, Value)> {
    let node = context.config_at(&[key])?;
    let text = node.value.as_str()?.trim();
    if !text.starts_with(['[', '{']) {
        return None;
    }
    let list = json::load(text, SourceKind::Config).ok()?.root.value;
    Some((node, list))
}

#[cfg(test)]
mod tests {
    use super::FALLBACK_IS_TEXT;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_quotes_go() {
        fires(
            &FALLBACK_IS_TEXT,
            r#"--- config.yaml
model: {provider: gemini}
fallback_providers: '[{"provider":"openrouter","model":"a: b","n":1}]' # mine
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC603
fallback_model: "{\"provider\": \"deepseek\", \"model\": \"m\"}"
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC603
--- fixed config.yaml
model: {provider: gemini}
fallback_providers: [{"provider":"openrouter","model":"a: b","n":1}] # mine
fallback_model: {"provider": "deepseek", "model": "m"}
"#,
        );
    }

    #[test]
    fn a_text_with_escapes_is_left_to_the_user() {
        let report = fires(
            &FALLBACK_IS_TEXT,
            r#"--- config.yaml
fallback_providers: '[{"provider":"openrouter","model":"a\"b"}]'
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC603
"#,
        );
        assert!(report.findings.iter().all(|finding| finding.fix.is_none()));
    }

    #[test]
    fn lists_and_other_texts() {
        silent(
            &FALLBACK_IS_TEXT,
            "--- config.yaml\nfallback_providers: [{\"provider\": \"openrouter\", \"model\": \"m\"}]\nfallback_model: '[broken'\n",
        );
    }

    #[test]
    fn then_the_chain_is_read() {
        fires(
            &FALLBACK_IS_TEXT,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
fallback_providers: '[{\"provider\": \"openrouter\", \"model\": \"a\"}, {\"provider\": \"deepseek\", \"model\": \"b\"}]'
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC603
--- .env
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
fallback_providers: [{\"provider\": \"openrouter\", \"model\": \"a\"}, {\"provider\": \"deepseek\", \"model\": \"b\"}]
--- then
fallback: openrouter/a, deepseek/b
",
        );
    }
}
