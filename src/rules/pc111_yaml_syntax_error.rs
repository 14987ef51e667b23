//! PC111: config.yaml is no YAML, for a reason that no other rule explains.

use super::context::config_place;
use super::lines::quoted;
use super::references::of_other_programs;
use super::wordings::{
    self, YAML_CONTROL, YAML_CONTROL_TODO, YAML_NOT_UTF8, YAML_NOT_UTF8_TODO, YAML_REFERENCE_TODO,
    YAML_UTF16, YAML_UTF16_TODO, YAML_VALUE, YAML_VALUE_TODO,
};
use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::{Search, Span};
use crate::diagnostic::Message;
use crate::readers::paste::is_second_document;
use crate::rules::pc107_duplicate_key::is_doubled_key;
use crate::yaml::{Stage, SyntaxError, YamlError};

declare_rule! {
    /// The YAML parser stops. Hermes says so in one line and ignores all of the file: provider, model, fallback chain and
    /// approvals are those of its defaults. From 0.16.0 on it also copies the file to `config.yaml.corrupt.<time>.bak`. From
    /// 0.19.0 on a gateway that is running keeps the configuration that it had until it is restarted. 0.21.4 takes the newest
    /// copy under `backups/config` before it takes the defaults, and `hermes -z` stops.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: 'gemini
    ///   default: m
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: 'gemini'
    ///   default: m
    /// ```
    pub static YAML_SYNTAX_ERROR = {
        code: "PC111", name: "yaml-syntax-error", severity: Error, since: "0.1.0",
        fix: None,
        what: "config.yaml does not parse: {problem}",
        why: "{effect}{called}",
        todo: "{advice}",
        command: "iconv -f UTF-16 -t UTF-8 config.yaml > config.utf8 && mv config.utf8 config.yaml",
        label opened: "it began here",
        part unnamed: "",
        part called: " The parser calls it `{words}`.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.world.is_undecodable(SourceKind::Config) {
        let is_utf16 = context.world.in_utf16.contains(&SourceKind::Config);
        let (problem, advice) =
            if is_utf16 { (&YAML_UTF16, &YAML_UTF16_TODO) } else { (&YAML_NOT_UTF8, &YAML_NOT_UTF8_TODO) };
        findings
            .report(&YAML_SYNTAX_ERROR, context.config_begin())
            .with("problem", Message::new(problem))
            .with("advice", Message::new(advice))
            .with("effect", wordings::effect(context, true))
            .part("called", "unnamed");
        if !is_utf16 {
            findings.without_command();
        }
        return;
    }
    let Some(error) = context.config_error().filter(|_| !context.paste.breaks) else { return };
    let text = context.config_text();
    let (place, opened, problem, advice, words) = match error {
        YamlError::Limit(_) => return,
        YamlError::Syntax(error) if is_second_document(error) || is_doubled_key(error) => return,
        YamlError::Syntax(error) => {
            let plain = wordings::plain(&error.problem, error.context.as_deref());
            let (span, opened) = places(text, error);
            let words = if error.stage == Stage::Constructor { "ConstructorError" } else { &error.problem };
            (config_place(span), opened.map(config_place), plain.what, plain.todo, words)
        }
        YamlError::Reader(error) => {
            let character = text.get(error.offset..).and_then(|rest| rest.chars().next());
            let span = Span::new(error.offset, error.offset + character.map_or(0, char::len_utf8));
            (config_place(span), None, &YAML_CONTROL, &YAML_CONTROL_TODO, error.reason.as_str())
        }
        YamlError::Raised { kind, .. } => {
            (context.config_begin(), None, &YAML_VALUE, &YAML_VALUE_TODO, *kind)
        }
    };
    // `%NAME%`, as another program has it, is no value in YAML.
    let line = text.get(place.span.start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let reference = of_other_programs(line.split(" #").next().unwrap_or("").trim());
    let advice = match reference {
        Some(found) => {
            Message::new(&YAML_REFERENCE_TODO).with("meant", quoted(&["${", found.name, "}"].concat()))
        }
        None => Message::new(advice),
    };
    findings
        .report(&YAML_SYNTAX_ERROR, place)
        .with("kind", words)
        .with("problem", Message::new(problem))
        .with("advice", advice)
        .with("words", words)
        .with("effect", wordings::effect(context, true))
        .label("opened", opened)
        .without_command();
    // The words are those of libyaml.
    let is_libyaml = context.facts.behaviour.reads_yaml_with_libyaml;
    findings.part("called", if is_libyaml { "called" } else { "unnamed" });
}

/// Where the fault shows, and where what it belongs to began.
fn places(text: &str, error: &SyntaxError) -> (Span, Option<Span>) {
    let character = |offset: usize| {
        let rest = text.get(offset..).unwrap_or("");
        let length = rest.chars().next().filter(|c| !"\r\n".has(*c)).map_or(0, char::len_utf8);
        Span::new(offset, offset + length)
    };
    let at = character(error.mark.offset);
    let Some(began) = error.context_mark.map(|mark| mark.offset) else { return (at, None) };
    match error.context.as_deref() {
        // The parser goes on to the end of the file to find the quote.
        Some("while scanning a quoted scalar") => (character(began), None),
        // A key without a colon is noticed on the next line.
        Some("while scanning a simple key") => {
            let line = text.get(began..).and_then(|rest| rest.lines().next()).unwrap_or("");
            (Span::new(began, began + line.trim_end().len()), None)
        }
        Some(
            "while parsing a flow mapping"
            | "while parsing a flow sequence"
            | "while parsing a block collection",
        ) => (at, Some(character(began))),
        _ => (at, None),
    }
}

#[cfg(test)]
mod tests {
    use super::YAML_SYNTAX_ERROR;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_commonest_problems_in_plain_words() {
        for fixture in [
            "model:\n  provider: 'gemini\n            ^ PC111\n  default: m\n--- says\nnever closed\n",
            "model:\n  default: a: b\n            ^ PC111\n--- says\na second `: `\n",
            "timezone: UTC\nprovider gemini\n^^^^^^^^^^^^^^^ PC111\nmodel: m\n--- says\nno `key: value`\n",
            "toolsets: - web\n          ^ PC111\n--- says\non the line of its key\n",
            "toolsets: [web\nagent: {}\n     ^ PC111\n--- says\nis not closed\n",
            "terminal:\n  cwd: \"C:\\path\"\n          ^ PC111\n--- says\na backslash\n",
            "model:\n  default: @m\n           ^ PC111\n--- says\nno value can begin\n",
            "model:\n  api_key: %MY_KEY% # mine\n           ^ PC111\n--- says\nWrite `\"${MY_KEY}\"`\n",
            "model:\n  default: *m\n           ^ PC111\n--- says\nno anchor\n",
            "model: |x\n        ^ PC111\n  m\n--- says\nonly a comment\n",
            "model: !secret x\n       ^ PC111\n--- says\na YAML tag\nConstructorError\n",
            // Python tells no place.
            "model: 2024-13-45\n^^^^^^^^^^^^^^^^^ PC111\n--- says\nValueError\n",
            "model: a\u{1}b\n        ^ PC111\n--- says\ncontrol character\n",
            "toolsets:\n  - web\n  x: y\n  ^ PC111\n--- says\nnot one of its items\n",
        ] {
            fires(&YAML_SYNTAX_ERROR, &format!("--- config.yaml\n{fixture}"));
        }
    }

    #[test]
    fn what_another_rule_explains_is_not_said_twice() {
        for config in [
            "model:\n\tprovider: gemini\n",
            "model:\ndefault: m\nfallback_providers:\n• provider: x\nmodel: y\n• provider: z\n",
            "model: a\n---\nagent: {}\n",
            "model：\n  provider: gemini\n",
        ] {
            let report = silent(&YAML_SYNTAX_ERROR, &format!("--- config.yaml\n{config}"));
            assert!(!report.findings.is_empty(), "{config}");
        }
    }

    #[test]
    fn a_text_that_parses() {
        silent(&YAML_SYNTAX_ERROR, "--- config.yaml\nmodel: {provider: gemini}\n");
    }

    /// Older releases read with Python's own parser, which has other words.
    #[test]
    fn the_words_of_libyaml_are_said_where_it_reads() {
        let fixture = "--- config.yaml\nmodel:\n  default: a: b\n            ^ PC111\n";
        let calls = |report: crate::report::Report| {
            report.findings.iter().any(|finding| finding.why.as_str().contains("The parser calls it"))
        };
        assert!(calls(fires(&YAML_SYNTAX_ERROR, fixture)));
        assert!(!calls(fires(&YAML_SYNTAX_ERROR, &["--- release 0.17.0\n", fixture].concat())));
    }
}
