//! PC554: the providers of one's own as a text that holds them.

use super::pc603_fallback_is_text::{list_in_text, without_quotes};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;

declare_rule! {
    /// The value is a text with JSON in it, as `hermes config set custom_providers '[…]'` writes it. Hermes does not look into the text:
    /// there is no provider of one's own, and nothing says so until one is asked for by its name, as "Unknown provider". Without
    /// the quotes it is YAML.
    ///
    /// ```yaml fires
    /// model: {provider: "custom:box", default: m}
    /// custom_providers: '[{"name": "box", "base_url": "http://10.0.0.2:8000/v1"}]'
    /// ```
    /// ```yaml silent
    /// model: {provider: "custom:box", default: m}
    /// custom_providers: [{"name": "box", "base_url": "http://10.0.0.2:8000/v1"}]
    /// ```
    pub static PROVIDERS_ARE_TEXT = {
        code: "PC554", name: "providers-are-text", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{key}` is a text that holds providers, not {kind}",
        why: "Hermes does not look into the text: it knows none of these providers.",
        todo: "Take the quotes away, or write the entries as YAML.",
        fix_title: "Take the quotes away",
        part list: "a list",
        part mapping: "a mapping",
    }
}

/// The root keys that hold providers of one's own, and what they have to be.
const KEYS: [(&str, &str); 2] = [("custom_providers", "list"), ("providers", "mapping")];

fn check(context: &Context<'_>, findings: &mut Findings) {
    for (key, kind) in KEYS {
        let Some((node, value)) = list_in_text(context, key) else { continue };
        let Some(place) = node.place else { continue };
        findings.report(&PROVIDERS_ARE_TEXT, place).with("key", key).part("kind", kind);
        // What is in the text has to be what belongs there.
        let is_right = if kind == "list" { value.as_list().is_some() } else { value.as_dict().is_some() };
        if let Some(json) = without_quotes(context, node, &value).filter(|_| is_right) {
            findings.replace(place, json);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PROVIDERS_ARE_TEXT;
    use crate::rules::testing::{fires, silent};

    /// Asked of 0.19.0: the name is unknown, `get_compatible_custom_providers()` and its own check find nothing.
    #[test]
    fn the_quotes_go_and_the_provider_is_there() {
        let report = fires(
            &PROVIDERS_ARE_TEXT,
            "\
--- config.yaml
model: {provider: 'custom:box', default: m}
custom_providers: '[{\"name\":\"box\",\"base_url\":\"http://10.0.0.2:8000/v1\",\"api_key\":\"sk-fake-box-1\"}]'
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC554
--- fixed config.yaml
model: {provider: 'custom:box', default: m}
custom_providers: [{\"name\":\"box\",\"base_url\":\"http://10.0.0.2:8000/v1\",\"api_key\":\"sk-fake-box-1\"}]
--- says
`custom_providers` is a text that holds providers, not a list
--- then
endpoint: http://10.0.0.2:8000/v1
nothing is found
",
        );
        // That the name is not known is what it comes to, not another fault.
        assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
    }

    #[test]
    fn a_mapping_in_a_text() {
        fires(
            &PROVIDERS_ARE_TEXT,
            "\
--- config.yaml
model: {provider: box, default: m}
providers: '{\"box\": {\"base_url\": \"https://h.example/v1\"}}'
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC554
--- fixed config.yaml
model: {provider: box, default: m}
providers: {\"box\": {\"base_url\": \"https://h.example/v1\"}}
--- says
not a mapping
--- then
endpoint: https://h.example/v1
",
        );
    }

    #[test]
    fn lists_and_other_texts() {
        silent(
            &PROVIDERS_ARE_TEXT,
            "--- config.yaml\ncustom_providers: [{\"name\": \"box\", \"base_url\": \"http://10.0.0.2:8000/v1\"}]\nproviders: none\n",
        );
    }
}
