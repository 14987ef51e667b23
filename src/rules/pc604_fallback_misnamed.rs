//! PC604: the fallback chain under a name that Hermes does not read.

use super::pc513_misspelled_key::OF_FALLBACK;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::hermes::fallback::FALLBACK_KEYS;
use crate::python::{Node, Value};
use crate::text::Edit;

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

/// Names in letters only.
const NAMES: [&str; 12] = [
    "fallback",
    "fallbacks",
    "fallbackmodel",
    "fallbackmodels",
    "fallbackprovider",
    "fallbackproviders",
    "fallbackchain",
    "fallbacklist",
    "modelfallback",
    "modelfallbacks",
    "providerfallback",
    "providerfallbacks",
];

/// No name is nearly as long.
const LONGEST_NAME: usize = 40;

const READ: &str = "fallback_providers";

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(root) = context.config_root().and_then(|root| root.value.as_dict()) else { return };
    let model = root.get("model").and_then(|model| model.value.as_dict());
    let mut is_written = root.has(READ);
    for (mapping, is_root) in [(Some(root), true), (model, false)] {
        for entry in mapping.iter().flat_map(|mapping| mapping.iter()) {
            let (Some(key), Some(place)) = (entry.key.value.as_str(), entry.key.place) else { continue };
            let is_chain = matches!(entry.value.value, Value::List(_) | Value::Dict(_) | Value::Str(_));
            if !is_misnamed(key) || !is_chain || !entry.value.value.is_true() {
                continue;
            }
            let mut finding = findings.report(&FALLBACK_MISNAMED, place).with("key", key);
            if let Some(own) = root.entry(READ).and_then(|own| own.key.place) {
                finding = finding.label("root", own);
            }
            let is_plain = context.is_plain_key(place, key);
            if is_root && is_plain && !is_written && is_chain_of_entries(&entry.value) {
                is_written = true;
                finding.fix(place.source, vec![Edit::replace(place.span, READ)]);
            } else {
                finding.done();
            }
        }
    }
}

/// Whether a key is a name that people give the chain and that Hermes does not read.
pub(super) fn is_misnamed(key: &str) -> bool {
    if key.len() > LONGEST_NAME || FALLBACK_KEYS.contains(&key) {
        return false;
    }
    let letters: String = key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NAMES.contains(&letters.as_str())
}

/// Whether Hermes would take it as it is: one entry or a list of entries, with nothing strange in them.
fn is_chain_of_entries(node: &Node) -> bool {
    let entries = node.value.as_list().unwrap_or(std::slice::from_ref(node));
    let has = |entry: &Node, name| entry.get(name).is_some_and(|node| node.value.is_true());
    entries.iter().all(|entry| {
        let mut keys = entry.value.as_dict().into_iter().flat_map(|dict| dict.iter());
        let is_read = keys.all(|pair| pair.key.value.as_str().is_some_and(|key| OF_FALLBACK.contains(&key)));
        is_read && has(entry, "provider") && has(entry, "model")
    })
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
}
