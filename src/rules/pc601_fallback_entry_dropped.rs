//! PC601: an entry that is left out of the fallback chain.

use super::lines::first_line;
use super::{Context, Findings, declare_rule, pc603_fallback_is_text};
use crate::base::text::Places;
use crate::hermes::fallback::{FALLBACK_KEYS, FallbackDrop};

declare_rule! {
    /// An entry of the fallback chain is a mapping with `provider` and `model`, both filled in. Anything else is
    /// left out without a word, and so is an entry with the provider, model and `base_url` of an earlier one (from 0.15.2
    /// on). Before 0.15.2 `fallback_model` counts only where `fallback_providers` is empty.
    ///
    /// ```yaml fires
    /// fallback_providers:
    ///   - openrouter
    ///   - provider: deepseek
    /// ```
    /// ```yaml silent
    /// fallback_providers:
    ///   - provider: openrouter
    ///     model: anthropic/claude-sonnet-4
    /// ```
    pub static FALLBACK_ENTRY_DROPPED = {
        code: "PC601", name: "fallback-entry-dropped", severity: Warning, since: "0.1.0",
        fix: None,
        what: "This is left out of the fallback chain: {reason}",
        why: "An entry of the chain is a mapping with `provider` and `model`. Hermes drops everything else, and repeated entries, without a word.",
        todo: "Write `- provider: NAME` and below it `model: NAME`, or delete the entry. `hermes fallback add` writes one for you.",
        command: "hermes fallback add",
        label earlier: "the earlier entry",
        part no_provider: "it has no `provider`",
        part no_model: "it has no `model`",
        part not_a_mapping: "it is a `{type}`, not a mapping with `provider` and `model`",
        part not_a_list: "`{key}` is a `{type}`, not a list of entries",
        part same_route: "an earlier entry has the same provider, model and `base_url`",
        part other_key: "this release reads `fallback_model` only where there is no `fallback_providers`",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let blank = blank_entries(context);
    for dropped in &context.fallback.dropped {
        let Some(place) = dropped.place else { continue };
        let text = context.text_of(place.source);
        let (part, kind, earlier) = match &dropped.reason {
            FallbackDrop::NoProvider if blank.contains(place) => continue,
            // The name is misspelled: PC513.
            FallbackDrop::NoProvider if findings.writes_within(place, &["provider"]) => continue,
            FallbackDrop::NoModel if findings.writes_within(place, &["model"]) => continue,
            FallbackDrop::NotAList(_)
                if pc603_fallback_is_text::list_in_text(context, dropped.key).is_some() =>
            {
                continue;
            }
            FallbackDrop::NotAList(kind) => ("not_a_list", *kind, None),
            FallbackDrop::NotAMapping(kind) => ("not_a_mapping", *kind, None),
            FallbackDrop::NoProvider => ("no_provider", "", None),
            FallbackDrop::NoModel => ("no_model", "", None),
            FallbackDrop::SameRoute(earlier) => ("same_route", "", *earlier),
            FallbackDrop::OtherKey(other) => ("other_key", "", *other),
        };
        findings
            .report(&FALLBACK_ENTRY_DROPPED, first_line(text, place))
            .with("key", dropped.key)
            .with("type", kind)
            .part("reason", part);
        if let Some(earlier) = earlier {
            findings.label("earlier", Some(first_line(text, earlier))).without_command();
        }
    }
}

/// The entries that hold nothing at all, as templates have them.
pub(super) fn blank_entries(context: &Context<'_>) -> Places {
    let mut blank = Vec::new();
    for key in FALLBACK_KEYS {
        let Some(node) = context.loaded_at(&[key]) else { continue };
        for entry in node.value.as_list().unwrap_or(std::slice::from_ref(node)) {
            let is_mapping = entry.value.as_dict().is_some();
            if is_mapping && entry.entries().iter().all(|field| !field.value.value.is_true()) {
                blank.extend(entry.place);
            }
        }
    }
    Places::new(blank)
}

#[cfg(test)]
mod tests {
    use super::FALLBACK_ENTRY_DROPPED;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn each_reason_is_named() {
        fires(
            &FALLBACK_ENTRY_DROPPED,
            "\
--- config.yaml
fallback_providers:
  - openrouter
    ^^^^^^^^^^ PC601
  - provider: deepseek
    ^^^^^^^^^^^^^^^^^^ PC601
    api_key: sk-fake-old-000000
  - {model: m}
    ^^^^^^^^^^ PC601
  - {provider: gemini, model: m}
  - {provider: zai, modle: m}
  - {provider: Gemini, model: M}
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC601
fallback_model: gemini
                ^^^^^^ PC601
--- says
it is a `str`, not a mapping
it has no `model`
it has no `provider`
an earlier entry has the same provider, model and `base_url`
`fallback_model` is a `str`, not a list of entries
",
        );
    }

    #[test]
    fn entries_that_count_and_blank_ones() {
        silent(
            &FALLBACK_ENTRY_DROPPED,
            "\
--- config.yaml
fallback_providers:
- {provider: openrouter, model: a}
- {provider: openrouter, model: b}
- {provider: openrouter, model: a, base_url: 'http://localhost:8080/v1'}
- {}
fallback_model: {provider: '', model: ''}
",
        );
        silent(&FALLBACK_ENTRY_DROPPED, "--- config.yaml\nfallback_providers: []\nfallback_model:\n");
    }

    /// `CLI_CONFIG.get("fallback_providers") or CLI_CONFIG.get("fallback_model")` of `cli.py`, 0.14.0, and in `AIAgent` no look at
    /// earlier entries.
    #[test]
    fn before_0_15_2_one_key_counts_and_equal_entries_stay() {
        let both = "\
--- config.yaml
fallback_providers: [{provider: deepseek, model: m}, {provider: deepseek, model: m}]
fallback_model: {provider: openrouter, model: m}
";
        let older = both.to_owned()
            + "                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC601\n--- says\nthis release reads `fallback_model` only\n";
        fires(&FALLBACK_ENTRY_DROPPED, &["--- release 0.14.0\n", &older].concat());
        let newer = both.replace("model: m}]\n", "model: m}]\n                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC601\n");
        fires(
            &FALLBACK_ENTRY_DROPPED,
            &["--- release 0.15.2\n", &newer, "--- says\nthe same provider\n"].concat(),
        );
        silent(
            &FALLBACK_ENTRY_DROPPED,
            "--- release 0.14.0\n--- config.yaml\nfallback_providers: []\nfallback_model: {provider: openrouter, model: m}\n",
        );
    }
}
