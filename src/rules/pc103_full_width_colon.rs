//! PC103: a colon of another script behind a key of config.yaml.

use super::paste::paste_finding;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::readers::paste::Kind;

declare_rule! {
    /// A full-width colon, as Chinese and Japanese input methods type it, stands behind a key. For YAML it is a letter:
    /// `provider：gemini` is one text, and the key is gone. Either the file does not parse, or its section becomes
    /// that text. Type the colon of ASCII and a space.
    ///
    /// ```yaml fires
    /// model:
    ///   provider：gemini
    /// ```
    /// ```yaml silent
    /// personalities:
    ///   guide: 你好：请先问清需求
    /// ```
    pub static FULL_WIDTH_COLON = {
        code: "PC103", name: "full-width-colon", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{sign}` is no colon for YAML (places: {count})",
        why: "A key ends with the colon of ASCII, `:`, and a space; `{sign}` is a letter of the text. {effect}",
        todo: "Write `:` and a space; switch the input method to half-width punctuation first.",
        fix_title: "Replace it by `: `",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    paste_finding(context, findings, &FULL_WIDTH_COLON, Kind::Colons);
}

#[cfg(test)]
mod tests {
    use super::FULL_WIDTH_COLON;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_section_becomes_a_text() {
        fires(
            &FULL_WIDTH_COLON,
            "\
--- config.yaml
model:
  provider：gemini
          ^ PC103
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  provider: gemini
--- says
still parses
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
",
        );
    }

    #[test]
    fn the_file_breaks() {
        fires(
            &FULL_WIDTH_COLON,
            "\
--- config.yaml
model：
     ^ PC103
  default： m  # 默认：模型
  provider: gemini
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  default: m  # 默认：模型
  provider: gemini
--- says
does not parse
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
model: m
",
        );
    }

    #[test]
    fn in_values_and_comments_it_is_a_letter_like_any_other() {
        silent(
            &FULL_WIDTH_COLON,
            "\
--- config.yaml
# 说明：主模型
model:
  provider: gemini
personalities:
  a: 角色：助手
  b: |
    provider：x
toolsets:
  - 自定义：x
",
        );
    }
}
