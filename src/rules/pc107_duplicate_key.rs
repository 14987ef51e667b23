//! PC107: a key that is written twice in one mapping of config.yaml.

use super::context::config_place;
use super::{Context, Findings, declare_rule, wordings};
use crate::readers::paste::Kind;
use crate::yaml::{Stage, SyntaxError, YamlError};

declare_rule! {
    /// A key stands twice in one mapping. Hermes' YAML reader says nothing and keeps the last one; everything
    /// under the first one is lost. From 0.21.4 on it refuses the whole file.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: gemini
    /// model:
    ///   default: gemini-3.1-flash-lite-preview
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: gemini
    ///   default: gemini-3.1-flash-lite-preview
    /// ```
    pub static DUPLICATE_KEY = {
        code: "PC107", name: "duplicate-key", severity: Error, since: "0.1.0",
        fix: None,
        what: "`{path}` is written twice{lost}",
        why: "{reader}",
        todo: "Join the two blocks into one, or delete the one that you do not mean.",
        label winner: "this one is kept",
        label again: "here it is again",
        part lost: "; this one is lost",
        part refused: "",
        part keeps: "Of two equal keys in one mapping Hermes' YAML reader silently keeps the last.",
        part refuses: "Hermes' YAML reader refuses a file with two equal keys in one mapping. {effect}",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // A second key that only lost its indentation is PC106's.
    if context.paste.damage(Kind::Nesting).is_some() {
        return;
    }
    let is_refused =
        matches!(context.config_error(), Some(YamlError::Syntax(error)) if is_doubled_key(error));
    let (lost, reader, other) =
        if is_refused { ("refused", "refuses", "again") } else { ("lost", "keeps", "winner") };
    for duplicate in &context.config.duplicates {
        findings
            .report(&DUPLICATE_KEY, config_place(duplicate.first))
            .with("path", duplicate.path.as_str())
            .with("effect", wordings::effect(context, true))
            .part("lost", lost)
            .part("reader", reader)
            .label(other, Some(config_place(duplicate.second)));
    }
}

/// Whether a reader that refuses equal keys stopped at one.
pub(super) fn is_doubled_key(error: &SyntaxError) -> bool {
    error.stage == Stage::DuplicateKey && error.problem == "found duplicate key"
}

#[cfg(test)]
mod tests {
    use super::DUPLICATE_KEY;
    use crate::rules::testing::{fires, silent};

    /// ruamel.yaml raises `DuplicateKeyError` at any level; the file is then read from its newest backup.
    #[test]
    fn newer_releases_refuse_the_file() {
        fires(
            &DUPLICATE_KEY,
            "\
--- release 0.21.4
--- config.yaml
model:
^^^^^ PC107
  provider: gemini
model:
  default: m
--- says
refuses a file with two equal keys in one mapping. The file does not parse
",
        );
    }

    #[test]
    fn the_first_of_two_equal_keys_is_lost() {
        fires(
            &DUPLICATE_KEY,
            "\
--- config.yaml
model:
^^^^^ PC107
  provider: gemini
agent:
  max_turns: 5
  ^^^^^^^^^ PC107
  max_turns: 6
model:
  default: x
--- says
`agent.max_turns` is written twice
",
        );
    }

    #[test]
    fn equal_keys_of_different_mappings_are_fine() {
        silent(
            &DUPLICATE_KEY,
            "\
--- config.yaml
fallback_providers:
  - {provider: openrouter, model: a}
  - {provider: openrouter, model: b}
",
        );
    }
}
