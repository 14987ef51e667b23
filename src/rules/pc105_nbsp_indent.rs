//! PC105: white space in config.yaml that YAML takes for letters.

use super::paste::paste_finding;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::readers::paste::Kind;

declare_rule! {
    /// Lines are indented with no-break spaces or the wide space of Chinese input, or an invisible character stands in
    /// a key, behind a colon or at the end of a value. Web pages and chats put them there. For YAML they are letters:
    /// the line is not indented, its key begins with them, and `model:` above it is empty.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: gemini
    /// ```
    /// ```yaml silent
    /// personalities:
    ///   calm: take your time
    /// ```
    pub static NBSP_INDENT = {
        code: "PC105", name: "nbsp-indent", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "This white space is no space to YAML: {sign} (places: {count})",
        why: "To YAML only the space of ASCII indents or parts; {sign} is a letter of the key or value. {effect}",
        todo: "Put plain spaces there, or delete what cannot be seen.",
        fix_title: "Put plain spaces there",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    paste_finding(context, findings, &NBSP_INDENT, Kind::OddSpaces);
}

#[cfg(test)]
mod tests {
    use super::NBSP_INDENT;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn an_indentation_that_is_none() {
        fires(
            &NBSP_INDENT,
            "\
--- config.yaml
model:
\u{a0}\u{a0}provider: gemini
^^ PC105
\u{a0} default: m
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  provider: gemini
  default: m
--- says
U+00A0
still parses
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
model: m
",
        );
    }

    #[test]
    fn the_wide_space_takes_the_room_of_two() {
        fires(
            &NBSP_INDENT,
            "\
--- config.yaml
model:
  default: m
\u{3000}provider: gemini
^ PC105
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  default: m
  provider: gemini
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
model: m
",
        );
    }

    #[test]
    fn between_colon_and_value_and_where_nothing_is_seen() {
        fires(
            &NBSP_INDENT,
            "\
--- config.yaml
model:
  provider:\u{a0}gemini
           ^ PC105
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  provider: gemini
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
",
        );
        fires(
            &NBSP_INDENT,
            "\
--- config.yaml
model:
  provider: gemini\u{200b}
                  ^ PC105
  default: m
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  provider: gemini
  default: m
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
model: m
",
        );
    }

    #[test]
    fn in_texts_and_at_the_very_start_it_is_fine() {
        silent(
            &NBSP_INDENT,
            "--- config.yaml\n\u{feff}model:\n  default: a\u{a0}b\npersonalities:\n  x: |\n    \u{3000}段落\n  y: '\u{a0}z'\n",
        );
    }
}
