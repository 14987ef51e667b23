//! PC405: `NAME: value` in `.env`, which neither reader of Hermes understands.

use super::references::is_name;
use super::variables::is_plain;
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextSet;
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Place, Search, Span, sort_by_span};
use crate::diagnostic::Safety;

declare_rule! {
    /// `.env` is no YAML: a line is `NAME=value`. A line `NAME: value` is passed over by both readers that Hermes has for
    /// the file, and the variable stays unset. The same is true of the full-width signs `：` and `＝`.
    ///
    /// ```env fires
    /// GEMINI_API_KEY: AIza-fake-one-000000
    /// ```
    /// ```env silent
    /// GEMINI_API_KEY=AIza-fake-one-000000
    /// GEMINI_BASE_URL=https://generativelanguage.googleapis.com/v1beta
    /// ```
    pub static COLON_INSTEAD_OF_EQUALS = {
        code: "PC405", name: "colon-instead-of-equals", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{name}` is not set: `.env` wants `=` here, not `{sign}`",
        why: "Hermes reads lines `NAME=value` in `.env`; this line sets nothing.",
        todo: "Write `{name}=` and the value behind it.",
        fix_title: "Write `=`",
    }
}

/// A line `NAME: value`: the spans of its parts in the line.
pub(super) struct ColonLine {
    name: Span,
    sign: Span,
    value: Span,
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let text = context.text_of(SourceKind::Dotenv);
    // A value with `=` in it makes the line an assignment with an odd name for one of the readers.
    let odd = context.dotenv.load_env.iter().filter(|found| found.name.contains([':', '：', '＝']));
    let mut lines: Vec<Span> = context.dotenv.unread.iter().map(|place| place.span).collect();
    lines.extend(odd.map(|found| found.entry_place.span));
    sort_by_span(&mut lines, |line| *line);
    lines.dedup();
    // Where another line sets the variable, the user decides which of the values is meant.
    let mut set = TextSet::new();
    for found in &context.dotenv.load_env {
        if found.value.as_deref().is_some_and(|value| !value.is_empty()) {
            set.insert(&found.name);
        }
    }
    for line in lines {
        let Some(found) = colon_line(line.of(text)) else { continue };
        let moved = |span: Span| Span::new(line.start + span.start, line.start + span.end);
        let (sign, value) = (moved(found.sign), moved(found.value));
        let name = moved(found.name).of(text);
        findings
            .report(&COLON_INSTEAD_OF_EQUALS, Place::new(SourceKind::Dotenv, sign))
            .with("name", name)
            .with("sign", sign.of(text));
        if !set.contains(name) && is_plain(context.facts, unquoted(value.of(text))) {
            set.insert(name);
            let between = Span::new(line.start + found.name.end, value.start);
            let edits = vec![Edit::replace(between, "=")];
            // A colon is what somebody wrote; a full-width sign is what an input method made of it.
            match sign.of(text) {
                ":" => findings.fix(SourceKind::Dotenv, edits),
                _ => findings.repair(SourceKind::Dotenv, edits),
            };
        }
    }
}

/// Reads `NAME: value`, `export NAME: value`, `"NAME": "value",`. A name in lower case is a word of a sentence, not
/// a variable.
pub(super) fn colon_line(line: &str) -> Option<ColonLine> {
    let rest = line.strip_prefix("export ").unwrap_or(line);
    let start = line.len() - rest.len();
    let at = rest.find([':', '：', '＝', '='])?;
    let sign = rest.get(at..)?.chars().next().filter(|sign| *sign != '=')?;
    let name = rest.get(..at)?.trim_end();
    let behind = at + sign.len_utf8();
    let value = rest.get(behind..)?.trim_start();
    let is_variable = is_name(name) && name.has('_') && !name.contains(|c: char| c.is_ascii_lowercase());
    let is_path = value.starts_with("//");
    (is_variable && !value.is_empty() && !is_path).then(|| ColonLine {
        name: Span::new(start, start + name.len()),
        sign: Span::new(start + at, start + behind),
        value: Span::new(line.len() - value.len(), line.len()),
    })
}

/// The value within one pair of quotes, which both readers take off.
fn unquoted(value: &str) -> &str {
    let within = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::COLON_INSTEAD_OF_EQUALS;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_colon_becomes_the_sign_that_is_wanted() {
        fires(
            &COLON_INSTEAD_OF_EQUALS,
            "\
--- config.yaml
model: {provider: gemini}
--- .env
GEMINI_API_KEY: AIza-fake-one-000000
              ^ PC405
export GLM_API_KEY :\"fake-one-000000\"
                   ^ PC405
DEEPSEEK_API_KEY：sk-fake-one-000000
                ^ PC405
OPENROUTER_API_KEY＝sk-or-fake-000000
                  ^ PC405
--- fixed .env
GEMINI_API_KEY=AIza-fake-one-000000
export GLM_API_KEY=\"fake-one-000000\"
DEEPSEEK_API_KEY=sk-fake-one-000000
OPENROUTER_API_KEY=sk-or-fake-000000
--- says
`GEMINI_API_KEY` is not set: `.env` wants `=` here, not `:`
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
",
        );
    }

    #[test]
    fn a_value_with_an_equals_sign_hides_the_line_from_neither() {
        fires(
            &COLON_INSTEAD_OF_EQUALS,
            "\
--- .env
GEMINI_API_KEY: AIza-fake-one-00000=
              ^ PC405
--- fixed .env
GEMINI_API_KEY=AIza-fake-one-00000=
",
        );
    }

    #[test]
    fn a_value_with_a_flaw_of_its_own_is_left_to_the_user() {
        fires(
            &COLON_INSTEAD_OF_EQUALS,
            "\
--- .env
GEMINI_API_KEY: AIza-fake-one-000000 # mine
              ^ PC405
GLM_API_KEY: your_api_key_here
           ^ PC405
",
        );
    }

    #[test]
    fn a_key_that_hermes_has_is_not_replaced() {
        let report = fires(
            &COLON_INSTEAD_OF_EQUALS,
            "\
--- config.yaml
model: {provider: gemini}
--- .env
GEMINI_API_KEY=AIza-fake-one-000000
GEMINI_API_KEY: AIza-fake-two-000000
              ^ PC405
",
        );
        assert!(report.verdict.summary.as_str().contains("Hermes uses GEMINI_API_KEY"));
    }

    #[test]
    fn assignments_sentences_and_addresses_are_fine() {
        silent(
            &COLON_INSTEAD_OF_EQUALS,
            "\
--- .env
GEMINI_API_KEY=AIza-fake:one:000000
GEMINI_BASE_URL=https://generativelanguage.googleapis.com/v1beta
# DEEPSEEK_API_KEY: sk-fake-one-000000
Note: this is mine
NOTE: nothing
https://aistudio.google.com
GLM_API_KEY:
",
        );
    }
}
