//! PC106: the indentation of config.yaml is lost or moved.

use super::context::config_place;
use super::{Context, Findings, declare_rule, wordings};
use crate::diagnostic::Safety;
use crate::readers::paste::Kind;
use crate::text::SourceKind;

declare_rule! {
    /// Forums and chats drop the white space at the start of lines, or shift it and make bullets of dashes. YAML knows
    /// only by it what belongs under what. Mostly the file does not parse any more, and Hermes goes on with its defaults;
    /// sometimes it parses, `model:` is empty, and what belongs under it stands beside it, where Hermes does not look.
    ///
    /// What belongs under what is known for Hermes' keys, so the nesting can be worked out; look through it before you
    /// use it.
    ///
    /// ```yaml fires
    /// model:
    /// default: gemini-flash-lite-latest
    /// provider: gemini
    /// fallback_providers:
    /// - provider: openrouter
    /// model: openrouter/free
    /// - provider: deepseek
    /// model: deepseek-chat
    /// ```
    /// ```yaml silent
    /// model:
    ///   default: gemini-flash-lite-latest
    ///   provider: gemini
    /// fallback_providers:
    /// - provider: openrouter
    ///   model: openrouter/free
    /// ```
    pub static LOST_INDENTATION = {
        code: "PC106", name: "lost-indentation", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "The indentation is lost: `{key}` does not stand where it belongs (lines to move: {count})",
        why: "YAML tells only by the white space at line starts what belongs under what. {effect}",
        todo: "Indent by two spaces what belongs under a key, and begin list items with `- `. Where a repair is offered, look through it: it follows from what Hermes knows of its keys.",
        fix_title: "Put the indentation back",
        label parent: "it belongs under this",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(damage) = context.paste.damage(Kind::Nesting) else { return };
    findings
        .report(&LOST_INDENTATION, config_place(damage.place))
        .with("key", damage.place.of(context.config_text()))
        .with("count", damage.count.max(1))
        .with("effect", wordings::effect(context, context.paste.breaks))
        .label("parent", damage.parent.map(config_place));
    if !damage.edits.is_empty() {
        findings.repair(SourceKind::Config, damage.edits.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::LOST_INDENTATION;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn all_lines_at_the_margin() {
        let report = fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
model:
default: m   # 主模型
^^^^^^^ PC106
provider: google
credential_pool:
gemini:
- provider: google
api_key: GEMINI_API_KEY_1
- provider: google
api_key: GEMINI_API_KEY_2
credential_pool_strategies:
gemini: fill_first
--- fixed config.yaml
model:
  default: m   # 主模型
  provider: google
credential_pool:
  gemini:
    - provider: google
      api_key: GEMINI_API_KEY_1
    - provider: google
      api_key: GEMINI_API_KEY_2
credential_pool_strategies:
  gemini: fill_first
--- says
lines to move: 8
does not parse
",
        );
        let syntax = report.findings.iter().filter(|finding| finding.code.as_str().starts_with("PC1"));
        assert_eq!(syntax.count(), 1, "one cause, one finding");
    }

    #[test]
    fn bullets_and_swallowed_sections_behind_an_editor_line() {
        fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
  GNU nano 8.4    config.yaml
model:
default: m
^^^^^^^ PC106
fallback_providers:

  • provider: openrouter
    model: a
    toolsets:
  • web
    agent:
    max_turns: 5
--- fixed config.yaml
model:
  default: m
fallback_providers:

  - provider: openrouter
    model: a
toolsets:
  - web
agent:
  max_turns: 5
",
        );
    }

    #[test]
    fn a_text_that_parses_and_means_something_else() {
        fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
model:
default: m
^^^^^^^ PC106
provider: gemini
toolsets: [web]
--- fixed config.yaml
model:
  default: m
  provider: gemini
toolsets: [web]
--- says
still parses
",
        );
        fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
model: {provider: gemini, default: m}
fallback_providers:
- provider: openrouter
model: a
^^^^^ PC106
--- fixed config.yaml
model: {provider: gemini, default: m}
fallback_providers:
  - provider: openrouter
    model: a
",
        );
        fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
model: {provider: gemini, default: m}
fallback_providers:
  - provider: openrouter
    model: a
    agent:
    ^^^^^ PC106
      max_turns: 5
--- fixed config.yaml
model: {provider: gemini, default: m}
fallback_providers:
  - provider: openrouter
    model: a
agent:
  max_turns: 5
",
        );
    }

    #[test]
    fn with_full_width_colons_besides_each_finding_mends_its_own() {
        let report = fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
model:
default: m
^^^^^^^ PC106
agent：
max_turns: 5
fallback_providers:
- provider: openrouter
model: a
- provider: deepseek
model: b
--- fixed config.yaml
model:
  default: m
agent：
  max_turns: 5
fallback_providers:
  - provider: openrouter
    model: a
  - provider: deepseek
    model: b
",
        );
        assert!(report.findings.iter().any(|finding| finding.code.as_str() == "PC103"));
    }

    #[test]
    fn correct_texts_and_other_faults() {
        for config in [
            // Lists may stand in the column of their key, as PyYAML writes them.
            "toolsets:\n- web\nfallback_providers:\n- provider: openrouter\n  model: a\nmodel: {provider: x}\n",
            // Empty sections.
            "model:\nproviders:\ntoolsets:\n- web\nagent:\n  max_turns: 5\n",
            // Keys at the root that Hermes hands on as variables, and one that it still moves.
            "personalities:\nMY_SKILL_URL: https://example.org\nprovider: gemini\n",
            "whatsapp:\nmy_section:\n  a: 1\n",
            // Null is written.
            "model: null\nprovider: gemini\n",
            "fallback_model:\n  provider: openrouter\n  model: a\n",
            // PC107 owns it.
            "model:\n  provider: gemini\nagent: {}\nmodel:\n  default: m\n",
        ] {
            silent(&LOST_INDENTATION, &format!("--- config.yaml\n{config}"));
        }
    }
}
