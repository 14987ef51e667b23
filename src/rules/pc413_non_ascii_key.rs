//! PC413: a character in a key that no key has, which Hermes takes out of one copy only.

use super::variables::{Flaw, is_plain, pool_reading, variables};
use super::{Context, Findings, declare_rule, provider_of_key};
use crate::diagnostic::Safety;
use crate::text::{Edit, SourceKind, Span};

declare_rule! {
    /// Keys consist of ASCII characters. One that was copied from a PDF, a chat or a web page may hold a letter that
    /// only looks like one, or an invisible character. Hermes takes such characters out of the environment's copy; the
    /// credential pool keeps them, and the request, whose header must be ASCII, fails.
    ///
    /// ```env fires
    /// GEMINI_API_KEY=AIza-fake-оne-000000
    /// ```
    /// ```env silent
    /// GEMINI_API_KEY=AIza-fake-one-000000
    /// MY_NAME=Zoë
    /// ```
    pub static NON_ASCII_KEY = {
        code: "PC413", name: "non-ascii-key", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "The value of `{name}` holds the character {character}, which no key has",
        why: "Hermes takes such characters out of the environment's copy; the credential pool of `{provider}` keeps them.",
        todo: "Copy the key again from the provider's page.",
        fix_title: "Take the invisible characters out",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for variable in variables(context) {
        let Some(provider) = provider_of_key(context.facts, variable.name, false) else { continue };
        if pool_reading(context.facts, variable.name).is_none() {
            continue;
        }
        let Some(Flaw::NotAscii) = variable.flaw(context) else { continue };
        let value = variable.value;
        let Some((at, character)) = value.char_indices().find(|(_, c)| !c.is_ascii()) else { continue };
        let run = value.get(at..).unwrap_or("");
        let length = run.find(|c: char| c.is_ascii()).unwrap_or(run.len());
        let finding = findings
            .report(&NON_ASCII_KEY, variable.part_place(context, Span::new(at, at + length)))
            .with("name", variable.name)
            .with("character", format!("U+{:04X}", u32::from(character)))
            .with("provider", provider);
        let rest: String = value.chars().filter(|c| !is_invisible(*c)).collect();
        let start = variable.value_place.span.start;
        let is_literal = variable.value_place.span.of(context.text_of(SourceKind::DotEnv)) == value;
        if is_literal && is_plain(context.facts, &rest) {
            let invisible = value.char_indices().filter(|(_, c)| is_invisible(*c));
            let delete =
                |(at, c): (usize, char)| Edit::delete(Span::new(start + at, start + at + c.len_utf8()));
            finding.fix(SourceKind::DotEnv, invisible.map(delete).collect());
        } else {
            finding.done();
        }
    }
}

/// Characters without a shape that come along with copied text.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::NON_ASCII_KEY;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_letter_that_looks_like_another() {
        fires(
            &NON_ASCII_KEY,
            "\
--- .env
GEMINI_API_KEY=AIza-fake-оne-000000
                         ^ PC413
--- says
The value of `GEMINI_API_KEY` holds the character U+043E, which no key has
",
        );
    }

    #[test]
    fn what_cannot_be_seen_can_go() {
        fires(
            &NON_ASCII_KEY,
            "--- .env\nGLM_API_KEY=fake-\u{200b}one-\u{2060}000000\n                 ^ PC413\n\
             --- fixed .env\nGLM_API_KEY=fake-one-000000\n",
        );
    }

    #[test]
    fn other_variables_curly_quotes_and_placeholders_are_not_this_rule_s() {
        silent(
            &NON_ASCII_KEY,
            "\
--- .env
GEMINI_API_KEY=“AIza-fake-one-000000”
GLM_API_KEY=你的密钥
MY_NAME=Zoë
DEEPSEEK_API_KEY=sk-fake-one-000000
--- environment
XAI_API_KEY=xai-fake-оne-000000
",
        );
    }
}
