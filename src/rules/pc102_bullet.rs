//! PC102: a bullet, a dash of another kind or a `-` without a space before a list item of config.yaml.

use super::paste::paste_finding;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::readers::paste::Kind;

declare_rule! {
    /// A list item begins with a bullet (`•`), a long dash or a `-` that sticks to its text. Forums and chats make
    /// bullets of dashes. YAML knows only `-` and a space; everything else is text, which mostly breaks the file and
    /// sometimes turns a list into one long text.
    ///
    /// ```yaml fires
    /// toolsets:
    ///   • web
    ///   • terminal
    /// ```
    /// ```yaml silent
    /// toolsets:
    ///   - web
    ///   - "• terminal"
    /// ```
    pub static BULLET = {
        code: "PC102", name: "bullet", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{sign}` is not the mark of a list item (places: {count})",
        why: "In YAML a list item begins with `-` and a space, and with nothing else. {effect}",
        todo: "Begin each item with `-` and a space.",
        fix_title: "Begin the items with `- `",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    paste_finding(context, findings, &BULLET, Kind::Bullets);
}

#[cfg(test)]
mod tests {
    use super::BULLET;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn bullets_that_break_the_file() {
        fires(
            &BULLET,
            "\
--- config.yaml
fallback_providers:
  • provider: openrouter
  ^ PC102
    model: a
  •provider: openrouter
    model: b
--- fixed config.yaml
fallback_providers:
  - provider: openrouter
    model: a
  - provider: openrouter
    model: b
--- then
fallback: openrouter/a, openrouter/b
",
        );
    }

    #[test]
    fn bullets_that_make_a_text_of_a_list() {
        fires(
            &BULLET,
            "\
--- config.yaml
toolsets:
  – web
  ^ PC102
  – terminal
--- fixed config.yaml
toolsets:
  - web
  - terminal
--- says
still parses
",
        );
    }

    #[test]
    fn a_dash_that_sticks() {
        fires(
            &BULLET,
            "\
--- config.yaml
fallback_providers:
  -provider: openrouter
  ^^^^^^^^^ PC102
   model: a
--- fixed config.yaml
fallback_providers:
 - provider: openrouter
   model: a
--- then
fallback: openrouter/a
",
        );
    }

    #[test]
    fn signs_in_values_are_the_users() {
        silent(
            &BULLET,
            "\
--- config.yaml
streaming: {cursor: •}
personalities:
  calm: |
    • be calm
    • be kind
  short: • brief
display:
  skin: – x
mcp_servers:
  a: {command: npx, args: [-y, '• b']}
",
        );
    }
}
