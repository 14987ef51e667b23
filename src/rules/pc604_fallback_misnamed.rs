//! PC604: the fallback chain under a name that Hermes does not read.

use super::settings::{OF_FALLBACK, is_misnamed};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::python::{Entry, Node, Value};

declare_rule! {
    /// The fallback chain stands under `fallback_providers` (or, as before, `fallback_model`) at the root of config.yaml.
    /// Under any other name it is not read, and nothing says so.
    ///
    /// ```yaml fires
    /// fallbacks:
    ///   - {provider: openrouter, model: m}
    /// ```
    /// ```yaml silent
    /// fallback_providers:
    ///   - {provider: openrouter, model: m}
    /// ```
    pub static FALLBACK_MISNAMED = {
        code: "PC604", name: "fallback-misnamed", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{key}` is never read; the fallback chain is `fallback_providers`",
        why: "Hermes reads `fallback_providers` and `fallback_model` at the root of config.yaml and no other name.",
        todo: "Write `fallback_providers` at the root, with a list of entries that have `provider` and `model`.",
        fix_title: "Write `fallback_providers`",
        label root: "this one is read",
    }
}

const READ: &str = "fallback_providers";

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(root) = context.config_root() else { return };
    let own = root.value.as_dict().and_then(|dict| dict.entry(READ));
    let mut is_written = own.is_some();
    for (mapping, is_root) in [(Some(root), true), (root.get("model"), false)] {
        for entry in mapping.map(Node::entries).unwrap_or_default() {
            let (Some(key), Some(place)) = (entry.key.value.as_str(), entry.key.place) else { continue };
            let is_chain = matches!(entry.value.value, Value::List(_) | Value::Dict(_) | Value::Str(_));
            if !is_misnamed(key) || !is_chain || !entry.value.value.is_true() {
                continue;
            }
            findings
                .report(&FALLBACK_MISNAMED, place)
                .with("key", key)
                .label("root", own.and_then(|own| own.key.place));
            let is_plain = context.is_plain_key(place, key);
            if is_root && is_plain && !is_written && is_chain_of_entries(&entry.value) {
                is_written = true;
                findings.replace(place, READ);
            }
        }
    }
}

/// Whether Hermes would take it as it is: one entry or a list of entries, with nothing strange in them.
fn is_chain_of_entries(node: &Node) -> bool {
    let entries = node.value.as_list().unwrap_or(std::slice::from_ref(node));
    let is_read = |pair: &&Entry| pair.key.value.as_str().is_some_and(|key| OF_FALLBACK.contains(&key));
    entries
        .iter()
        .all(|entry| entry.has("provider") && entry.has("model") && entry.entries().iter().all(is_read))
}

#[cfg(test)]
mod tests {
    use super::FALLBACK_MISNAMED;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_name_is_mended_where_the_rest_fits() {
        fires(
            &FALLBACK_MISNAMED,
            "\
--- config.yaml
model: {provider: gemini}
fallback-providers: # when gemini is down
^^^^^^^^^^^^^^^^^^ PC604
  - {provider: openrouter, model: m}
--- fixed config.yaml
model: {provider: gemini}
fallback_providers: # when gemini is down
  - {provider: openrouter, model: m}
",
        );
    }

    #[test]
    fn what_would_be_dropped_is_only_told() {
        fires(
            &FALLBACK_MISNAMED,
            "\
--- config.yaml
model:
  provider: gemini
  fallbacks: [openrouter/m]
  ^^^^^^^^^ PC604
fallback_models: [m, n]
^^^^^^^^^^^^^^^ PC604
",
        );
        fires(
            &FALLBACK_MISNAMED,
            "\
--- config.yaml
fallback: {provider: openrouter, model: m}
^^^^^^^^ PC604
fallback_providers: []
",
        );
    }

    #[test]
    fn the_names_that_are_read_and_other_things() {
        silent(
            &FALLBACK_MISNAMED,
            "\
--- config.yaml
fallback_model: {provider: openrouter, model: m}
fallback_providers: []
fallback: true
auxiliary: {vision: {fallback_chain: [{provider: openrouter, model: m}]}}
",
        );
    }

    #[test]
    fn then_the_chain_is_read() {
        fires(
            &FALLBACK_MISNAMED,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
fallbacks:
^^^^^^^^^ PC604
- {provider: openrouter, model: a}
- {provider: deepseek, model: b}
--- .env
GEMINI_API_KEY=AIza-fake-one-000000
OPENROUTER_API_KEY=sk-or-fake-000000
DEEPSEEK_API_KEY=sk-fake-deep-000000
--- fixed config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
fallback_providers:
- {provider: openrouter, model: a}
- {provider: deepseek, model: b}
--- then
fallback: openrouter/a, deepseek/b
nothing is found
",
        );
    }
}
