//! PC107: a key that is written twice in one mapping of config.yaml.

use super::context::config_place;
use super::{Context, Findings, declare_rule};
use crate::readers::paste::Kind;

declare_rule! {
    /// A key stands twice in one mapping. Hermes' YAML reader says nothing and keeps the last one; everything
    /// under the first one is lost.
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
        what: "`{path}` is written twice; this one is lost",
        why: "Of two equal keys in one mapping Hermes' YAML reader silently keeps the last.",
        todo: "Join the two blocks into one, or delete the one that you do not mean.",
        label winner: "this one is kept",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // A second key that only lost its indentation is PC106's.
    if context.paste.damage(Kind::Nesting).is_some() {
        return;
    }
    for duplicate in &context.config.duplicates {
        findings
            .report(&DUPLICATE_KEY, config_place(duplicate.first))
            .with("path", duplicate.path.as_str())
            .label("winner", Some(config_place(duplicate.second)));
    }
}

#[cfg(test)]
mod tests {
    use super::DUPLICATE_KEY;
    use crate::rules::testing::{fires, silent};

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
