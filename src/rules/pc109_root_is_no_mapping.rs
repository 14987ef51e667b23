//! PC109: config.yaml holds a list or a text instead of keys.

use super::context::config_place;
use super::lines::first_line;
use super::{Context, Findings, declare_rule};
use crate::base::text::Span;

declare_rule! {
    /// The whole file is a list or one text for YAML: no line is `key: value` at the start of a line. Hermes lays the keys
    /// of the file over its defaults; where there are none it fails, says that the file could not be parsed, and
    /// uses its defaults.
    ///
    /// ```yaml fires
    /// - provider: gemini
    /// - provider: openrouter
    /// ```
    /// ```yaml silent
    /// # all defaults
    /// ```
    pub static ROOT_IS_NO_MAPPING = {
        code: "PC109", name: "root-is-no-mapping", severity: Error, since: "0.1.0",
        fix: None,
        what: "config.yaml is a `{type}` for YAML, and holds no keys",
        why: "Hermes lays the keys of the file over its defaults. {then}",
        todo: "Write `key: value` from the start of the line on, such as `model:`. Lines `NAME=value` belong into `.env`, text in braces with `credential_pool` into auth.json.",
        part fails: "Here that fails, so Hermes ignores the file and uses its defaults.",
        part nothing: "Here there are none to lay over them.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(root) = context.config_root() else { return };
    if context.paste.breaks || root.value.as_dict().is_some() || !root.value.is_true() {
        return;
    }
    let start = root.place.map_or(0, |place| place.span.start);
    let rest = config_place(Span::new(start, context.config_text().len()));
    findings
        .report(&ROOT_IS_NO_MAPPING, first_line(context.config_text(), rest))
        .with("type", root.value.type_name())
        // What 0.21.4 does with such a file was not read.
        .part("then", if context.is_read_only() { "nothing" } else { "fails" });
}

#[cfg(test)]
mod tests {
    use super::ROOT_IS_NO_MAPPING;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn lists_and_texts() {
        fires(
            &ROOT_IS_NO_MAPPING,
            "--- config.yaml\n# mine\n- provider: gemini\n^^^^^^^^^^^^^^^^^^ PC109\n- provider: x\n--- says\na `list`\n",
        );
        fires(
            &ROOT_IS_NO_MAPPING,
            "--- config.yaml\nGOOGLE_API_KEY=AIza-fake-000000\n^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC109\n--- says\nbelong into `.env`\n",
        );
        fires(&ROOT_IS_NO_MAPPING, "--- config.yaml\n42\n^^ PC109\n");
    }

    #[test]
    fn keys_and_nothing() {
        for config in ["", "# nothing\n", "{}\n", "[]\n", "---\n", "''\n", "{\"model\": {}}\n"] {
            silent(&ROOT_IS_NO_MAPPING, &format!("--- config.yaml\n{config}"));
        }
    }

    #[test]
    fn a_text_by_a_full_width_colon_is_another_rule() {
        let report = silent(&ROOT_IS_NO_MAPPING, "--- config.yaml\ntimezone：UTC\n");
        assert!(report.findings.iter().any(|finding| finding.code.as_str() == "PC103"));
    }
}
