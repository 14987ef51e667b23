//! `poolcheck.toml`: what the command line takes as said where its arguments say nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Format, language_of};
use crate::base::collections::TextMap;
use crate::base::text::{Encoding, LineIndex};
use crate::diagnostic::SeverityChoice;
use crate::diagnostic::messages::Language;

/// The file's name.
const NAME: &str = "poolcheck.toml";

/// What such a file says.
#[derive(Default)]
pub(super) struct Settings {
    /// The release of Hermes.
    pub hermes: Option<String>,
    /// The language of the report.
    pub language: Option<Language>,
    /// The form of the report.
    pub format: Option<Format>,
    /// The severities of rules, by code.
    pub severities: TextMap<SeverityChoice>,
}

/// The nearest settings file in `folder` or above it.
pub(super) fn nearest(folder: &Path) -> Option<PathBuf> {
    let folder = std::path::absolute(folder).ok()?;
    folder.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
}

/// Reads a settings file. An error names the file, the line and what is known.
pub(super) fn read(path: &Path) -> Result<Settings, String> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    parse(&text).map_err(|(offset, problem)| {
        let line = LineIndex::new(&text).position(&text, offset, Encoding::CodePoints).line + 1;
        format!("{shown}:{line}: {problem}")
    })
}

/// Where something is wrong, and what.
type Problem = (usize, String);

fn parse(text: &str) -> Result<Settings, Problem> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        (at, error.message().lines().next().unwrap_or_default().to_owned())
    })?;
    let mut settings = Settings::default();
    for (key, value) in table.get_ref() {
        match key.get_ref().as_ref() {
            "hermes" => settings.hermes = Some(string("hermes", value)?.to_owned()),
            "lang" => {
                let tag = string("lang", value)?;
                settings.language = Some(language_of(tag).map_err(|problem| at(value, problem))?);
            }
            "format" => {
                let name = string("format", value)?;
                settings.format = Some(Format::named(name).map_err(|problem| at(value, problem))?);
            }
            "severity" => {
                let DeValue::Table(table) = value.get_ref() else {
                    return Err(at(value, "`severity` is a table of rules: `PC203 = \"off\"`".to_owned()));
                };
                for (code, value) in table {
                    let (place, code) = (code.span().start, code.get_ref().as_ref());
                    let choice = choice_of(code, string(code, value)?);
                    let (code, choice) = choice.map_err(|problem| (place, problem))?;
                    settings.severities.insert(&code, choice);
                }
            }
            other => {
                let problem = format!("`{other}` is not known; known are hermes, lang, format and severity");
                return Err((key.span().start, problem));
            }
        }
    }
    Ok(settings)
}

/// The severity `name` for the rule `code`.
pub(super) fn choice_of(code: &str, name: &str) -> Result<(String, SeverityChoice), String> {
    if crate::api::explain_rule(code, Language::English).is_none() {
        return Err(format!("no rule has the code {code}"));
    }
    let choice = SeverityChoice::named(name)
        .ok_or_else(|| format!("no severity {name} for {code}: {}", SeverityChoice::NAMES))?;
    Ok((code.to_owned(), choice))
}

fn at(value: &Spanned<DeValue<'_>>, problem: String) -> Problem {
    (value.span().start, problem)
}

fn string<'v>(name: &str, value: &'v Spanned<DeValue<'_>>) -> Result<&'v str, Problem> {
    value.get_ref().as_str().ok_or_else(|| at(value, format!("`{name}` is a text in quotes")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;

    #[test]
    fn everything_that_can_be_said() {
        let text = "hermes = \"0.18.2\"\nlang = \"zh-CN\"\nformat = \"json\"\n[severity]\nPC203 = \"off\"\nPC701 = \"error\"\n";
        let settings = parse(text).ok().unwrap();
        assert_eq!(settings.hermes.as_deref(), Some("0.18.2"));
        assert_eq!(settings.language, Some(Language::SimplifiedChinese));
        assert!(matches!(settings.format, Some(Format::Json)));
        assert_eq!(settings.severities.get("PC203"), Some(&SeverityChoice::Off));
        assert_eq!(settings.severities.get("PC701"), Some(&SeverityChoice::Is(Severity::Error)));
    }

    #[test]
    fn errors_say_where_and_what_is_known() {
        for (text, line, words) in [
            ("a = 1\n", 0, "`a` is not known; known are hermes, lang, format and severity"),
            ("\nhermes = 1\n", 1, "`hermes` is a text in quotes"),
            ("lang = \"fr\"\n", 0, "no language fr: en or zh-CN"),
            ("format = \"xml\"\n", 0, "no format xml: human, json, markdown or sarif"),
            ("severity = \"off\"\n", 0, "`severity` is a table of rules"),
            ("[severity]\n\nPC000 = \"off\"\n", 2, "no rule has the code PC000"),
            ("[severity]\nPC203 = \"no\"\n", 1, "no severity no for PC203: off, info, warning or error"),
            ("[severity]\nPC203 = false\n", 1, "`PC203` is a text in quotes"),
            ("hermes\n", 0, ""),
        ] {
            let (offset, problem) = parse(text).err().unwrap();
            assert_eq!(
                text.bytes().take(offset).filter(|byte| *byte == b'\n').count(),
                line,
                "{text}: {problem}"
            );
            assert!(problem.contains(words) && !problem.is_empty(), "{text}: {problem}");
        }
    }
}
