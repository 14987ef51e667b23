//! PC108: config.yaml holds several YAML documents.

use super::context::config_place;
use super::{Context, Findings, declare_rule, wordings};
use crate::base::sources::SourceKind;
use crate::base::text::Span;
use crate::diagnostic::Safety;
use crate::readers::paste::is_second_document;
use crate::yaml::{self, SyntaxError, YamlError};

declare_rule! {
    /// A line `---` begins a second YAML document. Hermes reads config.yaml as one document; with a second one the whole
    /// file fails to parse, and Hermes goes on with its defaults. A `---` at the very start is fine.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: gemini
    /// ---
    /// agent:
    ///   max_turns: 5
    /// ```
    /// ```yaml silent
    /// ---
    /// model:
    ///   provider: gemini
    /// ...
    /// ```
    pub static SEVERAL_DOCUMENTS = {
        code: "PC108", name: "several-documents", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`---` begins a second document here",
        why: "Hermes reads config.yaml as one document, and here is a second one. {effect}",
        todo: "Delete the line, and join what stands under the same key before and after it.",
        fix_title: "Delete the line: no second document follows",
        label first: "the first document begins here",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(YamlError::Syntax(error)) = context.config_error() else { return };
    if !is_second_document(error) {
        return;
    }
    let text = context.config_text();
    let rest = text.get(error.mark.offset..).unwrap_or("");
    let length = if rest.starts_with("---") { 3 } else { 0 };
    let mark = Span::new(error.mark.offset, error.mark.offset + length);
    let first = error.context_mark.map(|first| config_place(Span::at(first.offset)));
    let effect = wordings::effect(context, true);
    findings.report(&SEVERAL_DOCUMENTS, config_place(mark)).with("effect", effect).label("first", first);
    if let Some(line) = line_of(text, error) {
        findings.replace(config_place(line), "");
    }
}

/// The edit that takes the line out, where nothing but comments stands before or behind it.
fn line_of(text: &str, error: &SyntaxError) -> Option<Span> {
    let (before, behind) = text.split_at_checked(error.mark.offset)?;
    let line = behind.split_inclusive('\n').next()?;
    let code = line.trim_end();
    let nothing = |text: &str| {
        text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#') || line == "---")
    };
    if code != "---" || !(nothing(before) || nothing(behind)) {
        return None;
    }
    let span = Span::new(error.mark.offset, error.mark.offset + line.len());
    let after = [before, behind.get(line.len()..)?].concat();
    yaml::load(&after, SourceKind::Config).root.is_ok().then_some(span)
}

#[cfg(test)]
mod tests {
    use super::SEVERAL_DOCUMENTS;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn two_documents() {
        let report = fires(
            &SEVERAL_DOCUMENTS,
            "--- config.yaml\nmodel:\n  provider: gemini\n---\n^^^ PC108\nagent:\n  max_turns: 5\n",
        );
        let syntax = report.findings.iter().filter(|finding| finding.code.as_str().starts_with("PC1"));
        assert_eq!(syntax.count(), 1, "one cause, one finding");
    }

    #[test]
    fn a_line_at_the_end_begins_an_empty_one() {
        fires(
            &SEVERAL_DOCUMENTS,
            "\
--- config.yaml
---
model:
  provider: gemini
---
^^^ PC108

--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
---
model:
  provider: gemini

--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
",
        );
    }

    #[test]
    fn one_document() {
        silent(&SEVERAL_DOCUMENTS, "--- config.yaml\n---\nmodel: {provider: gemini}\n...\n");
        silent(&SEVERAL_DOCUMENTS, "--- config.yaml\nmodel:\n  default: |\n    ---\n    x\n");
    }
}
