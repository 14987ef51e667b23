//! A report as SARIF 2.1.0, the format in which code hosts and editors take findings. It is made of a report and so holds
//! no key. It holds no fixes either: an edit may copy the user's text, and stays inside (`report::FixView`); that there is
//! one, and what `applyFixes` calls it, stands in the properties of a result.

use serde::Serialize;

use crate::base::sources::SourceKind;
use crate::diagnostic::messages::Language;
use crate::diagnostic::shown::Shown;
use crate::report::{FindingView, Location, Point, Report, RuleView, SeverityName};

/// What the format says of itself.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A log: what `--format sarif` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifLog {
    /// Where the schema stands.
    #[serde(rename = "$schema")]
    pub schema: Shown,
    /// The version of the format.
    #[cfg_attr(feature = "wasm", tsify(type = "\"2.1.0\""))]
    pub version: Shown,
    /// One check.
    pub runs: Vec<SarifRun>,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifRun {
    /// What checked.
    pub tool: SarifTool,
    /// How the check ended.
    pub invocations: Vec<SarifInvocation>,
    /// The texts in which something was found.
    pub artifacts: Vec<SarifArtifact>,
    /// What a column is.
    #[cfg_attr(feature = "wasm", tsify(type = "\"utf16CodeUnits\""))]
    pub column_kind: Shown,
    /// What ends a line.
    pub newline_sequences: Vec<Shown>,
    /// The language of the messages.
    pub language: Shown,
    /// The findings, and those after repair.
    pub results: Vec<SarifResult>,
    /// What the report says beside its findings.
    pub properties: SarifVerdict,
}

/// What checked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifTool {
    /// poolcheck.
    pub driver: SarifDriver,
}

/// poolcheck, and the rules of which something was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifDriver {
    /// Its name.
    pub name: Shown,
    /// Its version.
    pub semantic_version: Shown,
    /// The language of the rules' texts.
    pub language: Shown,
    /// The rules, in the order in which they are found first.
    pub rules: Vec<SarifRule>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifRule {
    /// Its code: `PC203`.
    pub id: Shown,
    /// Its name: `shadowed-model-key`.
    pub name: Shown,
    /// The name in words.
    pub short_description: SarifText,
    /// The explanation up to its first blank line.
    pub full_description: SarifText,
    /// The explanation.
    pub help: SarifHelp,
    /// How bad its findings are, where nothing else is said.
    pub default_configuration: SarifConfiguration,
}

/// A text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifText {
    /// The text. In messages braces stand twice, as the format wants it.
    pub text: Shown,
}

/// A rule's explanation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifHelp {
    /// For who cannot show Markdown: the same.
    pub text: Shown,
    /// In Markdown.
    pub markdown: Shown,
}

/// How bad findings are.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifConfiguration {
    /// As a level.
    pub level: SarifLevel,
}

/// How bad a finding is, in the words of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum SarifLevel {
    /// Good to know.
    Note,
    /// Ignored or risky.
    Warning,
    /// Hermes fails or uses something else than written.
    Error,
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifInvocation {
    /// It came to its end.
    pub execution_successful: bool,
}

/// A text that was checked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifArtifact {
    /// Where it stands.
    pub location: SarifUri,
    /// What it is: `config.yaml`.
    pub description: SarifText,
}

/// Where a text stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifUri {
    /// The path of a file as a URI; what is no file has a name only, such as `environ`.
    pub uri: String,
    /// Its place among the artifacts.
    pub index: usize,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifResult {
    /// The rule's code.
    pub rule_id: Shown,
    /// The rule's place among the rules.
    pub rule_index: usize,
    /// How bad it is.
    pub level: SarifLevel,
    /// What is wrong, why, and what to do: a line each, and then the commands.
    pub message: SarifText,
    /// The place.
    pub locations: Vec<SarifLocation>,
    /// Other places that belong to it.
    pub related_locations: Vec<SarifRelated>,
    /// What the format has no place for.
    pub properties: SarifMore,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifLocation {
    /// In a text.
    pub physical_location: SarifPlace,
}

/// A further place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifRelated {
    /// Its number within the finding, from 1.
    pub id: usize,
    /// In a text.
    pub physical_location: SarifPlace,
    /// What is there.
    pub message: SarifText,
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifPlace {
    /// The text.
    pub artifact_location: SarifUri,
    /// Where in it.
    pub region: SarifRegion,
}

/// From the first character to behind the last one; all count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifRegion {
    /// The line of the first character.
    pub start_line: usize,
    /// Its column.
    pub start_column: usize,
    /// The line behind the last character.
    pub end_line: usize,
    /// The column there.
    pub end_column: usize,
}

/// What a result has beside what the format knows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifMore {
    /// The finding's id, for `applyFixes`.
    pub id: Shown,
    /// Whether it is one of the texts after the repair of what pasting did to them.
    pub after_repair: bool,
    /// What its fix does; left out where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Shown>,
    /// Whether the fix can be made without a look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix_is_safe: Option<bool>,
}

/// What a report says beside its findings.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SarifVerdict {
    /// The release of Hermes.
    pub hermes: Shown,
    /// Which credential is used, in a sentence.
    pub verdict: Shown,
    /// What that is worked out from.
    pub basis: Shown,
}

/// The report as a log. `rules` are all rules in the report's language, whose columns are UTF-16; `files` says where texts
/// stand, as URIs; a text that it does not name has a plain name.
pub fn log(
    report: &Report,
    rules: &[RuleView],
    language: Language,
    files: &[(SourceKind, String)],
) -> SarifLog {
    let mut run = Run { rules: Vec::new(), artifacts: Vec::new(), files };
    let mut results: Vec<_> =
        report.findings.iter().map(|finding| run.result(finding, rules, None)).collect();
    if let Some(repaired) = &report.repaired {
        results
            .extend(repaired.findings.iter().map(|finding| run.result(finding, rules, Some(&repaired.note))));
    }
    let tag = || {
        Shown::fixed(match language {
            Language::English => "en",
            Language::SimplifiedChinese => "zh-CN",
        })
    };
    let driver = SarifDriver {
        name: Shown::fixed("poolcheck"),
        semantic_version: Shown::fixed(env!("CARGO_PKG_VERSION")),
        language: tag(),
        rules: run.rules,
    };
    let run = SarifRun {
        tool: SarifTool { driver },
        invocations: vec![SarifInvocation { execution_successful: true }],
        artifacts: run.artifacts,
        column_kind: Shown::fixed("utf16CodeUnits"),
        newline_sequences: ["\r\n", "\n", "\r"].map(Shown::fixed).into(),
        language: tag(),
        results,
        properties: SarifVerdict {
            hermes: report.hermes.version.clone(),
            verdict: report.verdict.summary.clone(),
            basis: report.basis.clone(),
        },
    };
    SarifLog { schema: Shown::fixed(SCHEMA), version: Shown::fixed("2.1.0"), runs: vec![run] }
}

/// What is gathered while results are made.
struct Run<'a> {
    rules: Vec<SarifRule>,
    artifacts: Vec<SarifArtifact>,
    files: &'a [(SourceKind, String)],
}

impl Run<'_> {
    /// A finding; `note` says what is assumed of one after repair.
    fn result(&mut self, finding: &FindingView, rules: &[RuleView], note: Option<&Shown>) -> SarifResult {
        let lines =
            [Some(&finding.what), Some(&finding.why), Some(&finding.todo), finding.command.as_ref(), note];
        let related = finding.labels.iter().enumerate().map(|(at, label)| SarifRelated {
            id: at + 1,
            physical_location: self.place(&label.location),
            message: message(&[Some(&label.message)]),
        });
        SarifResult {
            related_locations: related.collect(),
            rule_id: finding.code.clone(),
            rule_index: self.rule(finding, rules),
            level: level(finding.severity),
            message: message(&lines),
            locations: vec![SarifLocation { physical_location: self.place(&finding.location) }],
            properties: SarifMore {
                id: finding.id.clone(),
                after_repair: note.is_some(),
                fix: finding.fix.as_ref().map(|fix| fix.title.clone()),
                fix_is_safe: finding.fix.as_ref().map(|fix| fix.safe),
            },
        }
    }

    /// The place of a finding's rule among those of the log.
    fn rule(&mut self, finding: &FindingView, rules: &[RuleView]) -> usize {
        if let Some(at) = self.rules.iter().position(|rule| rule.id == finding.code) {
            return at;
        }
        let own = rules.iter().find(|rule| rule.code == finding.code);
        let doc = own.map(|rule| rule.doc.clone()).unwrap_or_default();
        let summary = doc.as_str().split("\n\n").next().unwrap_or_default().to_owned();
        self.rules.push(SarifRule {
            id: finding.code.clone(),
            name: finding.name.clone(),
            short_description: SarifText { text: Shown::masked(finding.name.as_str().replace('-', " ")) },
            full_description: SarifText { text: Shown::masked(summary) },
            help: SarifHelp { text: doc.clone(), markdown: doc },
            default_configuration: SarifConfiguration {
                level: level(own.map_or(finding.severity, |rule| rule.severity)),
            },
        });
        self.rules.len() - 1
    }

    fn place(&mut self, location: &Location) -> SarifPlace {
        let Point { line: start_line, column: start_column, .. } = location.start;
        let Point { line: end_line, column: end_column, .. } = location.end;
        SarifPlace {
            artifact_location: self.artifact(location),
            region: SarifRegion { start_line, start_column, end_line, end_column },
        }
    }

    fn artifact(&mut self, location: &Location) -> SarifUri {
        let file = self.files.iter().find(|(source, _)| *source == location.source);
        let own = if location.post.is_some() { "post" } else { name(location.source) };
        let uri = file.map_or_else(|| own.to_owned(), |(_, uri)| uri.clone());
        if let Some(known) = self.artifacts.iter().find(|artifact| artifact.location.uri == uri) {
            return known.location.clone();
        }
        let location_of = SarifUri { uri, index: self.artifacts.len() };
        let shown = location.post.as_ref().unwrap_or(&location.file);
        let description = SarifText { text: shown.clone() };
        self.artifacts.push(SarifArtifact { location: location_of.clone(), description });
        location_of
    }
}

/// The lines as the text of a message. Braces would stand for arguments, and `[words](address)`, which users may have
/// written, for a link.
fn message(lines: &[Option<&Shown>]) -> SarifText {
    let lines: Vec<&str> = lines.iter().flatten().map(|line| line.as_str()).collect();
    let text = lines.join("\n").replace('{', "{{").replace('}', "}}").replace("](", "] (");
    SarifText { text: Shown::masked(text) }
}

fn level(severity: SeverityName) -> SarifLevel {
    match severity {
        SeverityName::Info => SarifLevel::Note,
        SeverityName::Warning => SarifLevel::Warning,
        SeverityName::Error => SarifLevel::Error,
    }
}

/// What a text is called where nothing is known of its file.
fn name(source: SourceKind) -> &'static str {
    if SourceKind::HOME_FILES.contains(&source) { source.heading() } else { source.name() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_holds_neither_arguments_nor_links() {
        let line = Shown::fixed("`{0}` is [no link](https://fake.example)");
        let text = message(&[Some(&line), None, Some(&Shown::fixed("b"))]).text;
        assert_eq!(text.as_str(), "`{{0}}` is [no link] (https://fake.example)\nb");
    }
}
