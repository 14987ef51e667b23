//! PC413: a character in a key that no key has, which Hermes takes out of one copy only.

use super::variables::{Flaw, flawed, is_plain, pool_reading};
use super::{Context, Findings, declare_rule, provider_of_key};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Span};
use crate::diagnostic::Safety;

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
    for (variable, flaw) in flawed(context) {
        let Some(provider) = provider_of_key(context.facts, variable.name, false) else { continue };
        if !matches!(flaw, Flaw::NotAscii) || pool_reading(context.facts, variable.name).is_none() {
            continue;
        }
        let value = variable.value;
        let at = value.bytes().take_while(u8::is_ascii).count();
        let run = value.get(at..).unwrap_or("");
        let length = run.bytes().take_while(|byte| !byte.is_ascii()).count();
        let character = run.chars().next().map_or(0, u32::from);
        findings
            .report(&NON_ASCII_KEY, variable.part_place(context, Span::new(at, at + length)))
            .with("name", variable.name)
            .with("character", format!("U+{character:04X}"))
            .with("provider", provider);
        // Without the invisible characters.
        let mut rest = String::new();
        let mut edits = Vec::new();
        let start = variable.value_place.span.start;
        for (at, c) in value.char_indices() {
            if is_invisible(c) {
                edits.push(Edit::delete(Span::new(start + at, start + at + c.len_utf8())));
            } else {
                rest.push(c);
            }
        }
        if variable.is_literal(context) && is_plain(context.facts, &rest) {
            findings.fix(SourceKind::Dotenv, edits);
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

    #[test]
    fn then_the_key_is_whole() {
        fires(
            &NON_ASCII_KEY,
            "\
--- config.yaml
model: {provider: zai, default: glm-5}
--- .env
GLM_API_KEY=fake-\u{200b}glm-000000
                 ^ PC413
--- fixed .env
GLM_API_KEY=fake-glm-000000
--- then
Hermes uses GLM_API_KEY (env:GLM_API_KEY) for zai
nothing is found
",
        );
    }
}
