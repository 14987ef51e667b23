//! PC811: curly quotes, long dashes and odd spaces in a command.

use super::calls::place;
use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::Edit;
use crate::diagnostic::Safety;

declare_rule! {
    /// Blogs and word processors make curly quotes of straight ones, and a long dash of two hyphens. A shell takes them for letters: `—type`
    /// is no option, `“my` and `key”` are two words, and an odd space joins what it should part.
    ///
    /// ```commands fires
    /// hermes auth add gemini —type api-key —label “my key”
    /// ```
    /// ```commands silent
    /// hermes auth add gemini --type api-key --label "my key"
    /// ```
    pub static COMMAND_TYPOGRAPHY = {
        code: "PC811", name: "command-typography", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{found}` is not what a shell understands here",
        why: "A program for text has put typographic characters into the command. A shell takes them for letters like others.",
        todo: "Type straight quotes, two hyphens and plain spaces.",
        fix_title: "Put plain characters in their place",
        label other: "another one",
    }
}

/// As many are pointed at.
const MOST_LABELS: usize = 20;

fn check(context: &Context<'_>, findings: &mut Findings) {
    for call in &context.calls {
        let damage = &call.invocation.damage;
        let Some((first, _)) = damage.first() else { continue };
        let found = match first.of(context.text_of(SourceKind::Commands)) {
            "\u{a0}" => "U+00A0",
            "\u{202f}" => "U+202F",
            "\u{3000}" => "U+3000",
            other => other,
        };
        findings.report(&COMMAND_TYPOGRAPHY, place(*first)).with("found", found);
        for (span, _) in damage.iter().skip(1).take(MOST_LABELS) {
            findings.label("other", Some(place(*span)));
        }
        let edits = damage.iter().map(|(span, typed)| Edit::replace(*span, typed)).collect();
        findings.fix(SourceKind::Commands, edits);
    }
}

#[cfg(test)]
mod tests {
    use super::COMMAND_TYPOGRAPHY;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn quotes_dashes_and_spaces() {
        fires(
            &COMMAND_TYPOGRAPHY,
            "\
--- commands
hermes auth add gemini —type api-key –label “my key”
                       ^ PC811
hermes auth\u{a0}list
           ^ PC811
--- fixed commands
hermes auth add gemini --type api-key --label \"my key\"
hermes auth list
--- says
`—` is not what a shell understands
`U+00A0` is not
",
        );
    }

    #[test]
    fn plain_characters() {
        silent(
            &COMMAND_TYPOGRAPHY,
            "--- commands\nhermes chat -q 'a — “b”'\necho —x\n“hermes” is an agent\n",
        );
    }

    #[test]
    fn then_the_command_is_taken() {
        fires(
            &COMMAND_TYPOGRAPHY,
            "\
--- commands
hermes auth add gemini —type api-key —label “my key”
                       ^ PC811
--- fixed commands
hermes auth add gemini --type api-key --label \"my key\"
--- then
nothing is found
",
        );
    }
}
