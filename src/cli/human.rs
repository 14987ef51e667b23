//! A report for a terminal: the verdict, then the findings with their source lines and carets.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::Found;
use crate::api::redact;
use crate::messages::{Language, fill, templates};
use crate::report::{
    CredentialView, ExcerptView, FindingView, FixView, Report, SeverityName, Shown, TimelineView, VerdictView,
};

templates! {
    STANDING = "cli.standing": "Hermes {release} ({standing}; {reason})";
    ENDPOINT = "cli.endpoint": "endpoint";
    ERROR = "cli.error": "Hermes says";
    NOT_USED = "cli.not-used": "not used";
    POOL = "cli.pool": "pool {provider}, {strategy}";
    ROTATION = "cli.rotation": "Is rotation set up?";
    STEPS = "cli.steps": "What to do now";
    COUNTS = "cli.counts": "{errors} errors, {warnings} warnings, {infos} notes";
    RELEASES = "cli.releases": "In other releases";
    TIMELINE = "cli.timeline": "What the log tells";
    NOTHING_TOLD = "cli.nothing-told": "nothing of keys, errors or fallbacks";
    NO_CHANGES = "cli.no-changes": "nothing of this changes";
    RUN = "cli.run": "run";
    FIX = "cli.fix": "fix";
    REPAIRED = "cli.repaired": "After repair";
    FOUND = "cli.found": "Found in {file}";
}

/// Writes what was found in files of which only the text tells what they are.
pub(super) fn parts(found: &[Found], language: Language, output: &mut impl Write) -> io::Result<()> {
    for (name, parts) in found {
        let heading = fill(language.wording(&FOUND), |_| Some(redact(name)));
        writeln!(output, "{heading}:")?;
        for (number, part) in parts.iter().enumerate().filter(|(_, part)| part.kind.is_some()) {
            let note = part.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            writeln!(output, "  {}. {}{note}", number + 1, part.name)?;
        }
        writeln!(output)?;
    }
    Ok(())
}

/// Writes the report.
pub(super) fn write(report: &Report, language: Language, output: &mut impl Write) -> io::Result<()> {
    let say = |template| language.wording(template);
    findings(&report.findings, language, output)?;
    let standing = fill(say(&STANDING), |name| match name {
        "release" => Some(report.hermes.version.clone()),
        "standing" => Some(report.hermes.standing.clone()),
        _ => report.hermes.reason.clone(),
    });
    writeln!(output, "{standing}")?;
    verdict(&report.verdict, language, output)?;
    if let Some(rotation) = &report.rotation {
        writeln!(output, "{} {}", say(&ROTATION), rotation.summary)?;
        for reason in &rotation.reasons {
            writeln!(output, "  {}", reason.message)?;
        }
    }
    if !report.steps.is_empty() {
        writeln!(output, "{}:", say(&STEPS))?;
    }
    for (at, step) in report.steps.iter().enumerate() {
        let number = format!("  {}. ", at + 1);
        if let Some(what) = &step.what {
            write!(output, "{number}{what}\n{:width$}", "", width = number.len())?;
        } else {
            write!(output, "{number}")?;
        }
        writeln!(output, "{}", step.todo)?;
        for line in step.command.iter().flat_map(Shown::lines) {
            writeln!(output, "       {line}")?;
        }
    }
    writeln!(output, "{}", report.basis)?;
    for source in &report.not_given {
        writeln!(output, "  {}: {}", source.file, source.note)?;
    }
    if let Some(told) = &report.timeline {
        timeline(told, language, output)?;
    }
    if let Some(changes) = &report.releases {
        writeln!(output, "{}:", say(&RELEASES))?;
        if changes.is_empty() {
            writeln!(output, "  {}", say(&NO_CHANGES))?;
        }
        for change in changes {
            writeln!(output, "  {}", change.message)?;
        }
    }
    if let Some(repaired) = &report.repaired {
        writeln!(output, "\n{}: {}\n", say(&REPAIRED), repaired.note)?;
        findings(&repaired.findings, language, output)?;
        verdict(&repaired.verdict, language, output)?;
    }
    let count = |severity| all_findings(report).filter(|finding| finding.severity == severity).count();
    let counts = fill(say(&COUNTS), |name| {
        let number = match name {
            "errors" => count(SeverityName::Error),
            "warnings" => count(SeverityName::Warning),
            _ => count(SeverityName::Info),
        };
        Some(Shown::number(number))
    });
    writeln!(output, "{counts}")?;
    if let Some(silenced) = &report.silenced_note {
        writeln!(output, "{silenced}")?;
    }
    Ok(())
}

/// The findings of the pasted texts and those after repair.
pub(super) fn all_findings(report: &Report) -> impl Iterator<Item = &FindingView> {
    report.findings.iter().chain(report.repaired.iter().flat_map(|repaired| &repaired.findings))
}

fn findings(findings: &[FindingView], language: Language, output: &mut impl Write) -> io::Result<()> {
    let renderer = Renderer::plain();
    for finding in findings {
        writeln!(output, "{}\n", renderer.render(&[group(finding, language)]))?;
    }
    Ok(())
}

fn verdict(verdict: &VerdictView, language: Language, output: &mut impl Write) -> io::Result<()> {
    let say = |template| language.wording(template);
    writeln!(output, "{}", verdict.summary)?;
    if let Some(winner) = &verdict.winner {
        writeln!(output, "  → {}", credential(winner))?;
    }
    if let Some(endpoint) = &verdict.endpoint {
        writeln!(output, "  {}: {endpoint}", say(&ENDPOINT))?;
    }
    if let Some(error) = &verdict.error {
        writeln!(output, "  {}: {error}", say(&ERROR))?;
    }
    for loser in &verdict.losers {
        writeln!(output, "  {}: {} ({})", say(&NOT_USED), credential(&loser.credential), loser.reason)?;
    }
    if let Some(pool) = &verdict.pool {
        let heading = fill(say(&POOL), |name| match name {
            "provider" => Some(pool.provider.clone()),
            _ => Some(pool.strategy.clone()),
        });
        writeln!(output, "{heading}:")?;
        for entry in &pool.entries {
            let note = entry.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            let mark = if entry.next { " ←" } else { "" };
            writeln!(output, "  #{} {}{note}{mark}", entry.index, credential(&entry.credential))?;
        }
        writeln!(output, "  {}", pool.next)?;
    }
    Ok(())
}

fn timeline(timeline: &TimelineView, language: Language, output: &mut impl Write) -> io::Result<()> {
    let say = |template| language.wording(template);
    writeln!(output, "{}:", say(&TIMELINE))?;
    if timeline.entries.is_empty() {
        writeln!(output, "  {}", say(&NOTHING_TOLD))?;
    }
    for entry in &timeline.entries {
        let time = entry.time.as_ref().map(|time| format!("{time}  ")).unwrap_or_default();
        writeln!(output, "  {}:{}  {time}{}", entry.location.file, entry.location.start.line, entry.what)?;
        writeln!(output, "      {}", entry.next)?;
    }
    match &timeline.left_out {
        Some(left_out) => writeln!(output, "  {left_out}"),
        None => Ok(()),
    }
}

fn credential(credential: &CredentialView) -> String {
    let mut text = format!("{} {}", credential.label, credential.source);
    if !credential.key.as_str().is_empty() {
        text.push_str(&format!(" {} [{}]", credential.key, credential.key_letter));
    }
    if let Some(location) = &credential.location {
        text.push_str(&format!(" {}:{}:{}", location.file, location.start.line, location.start.column));
    }
    text
}

/// The byte of the excerpt's text at `column`; the command line counts columns in code points.
fn byte_of(excerpt: &ExcerptView, column: usize) -> usize {
    let text = excerpt.text.as_str();
    text.char_indices().nth(column).map_or(text.len(), |(at, _)| at)
}

fn group(finding: &FindingView, language: Language) -> Group<'_> {
    let level = match finding.severity {
        SeverityName::Error => Level::ERROR,
        SeverityName::Warning => Level::WARNING,
        SeverityName::Info => Level::INFO,
    };
    let excerpt = &finding.excerpt;
    let snippet = Snippet::source(excerpt.text.as_str())
        .line_start(finding.location.start.line)
        .path(finding.location.file.as_str())
        .annotation(
            AnnotationKind::Primary.span(byte_of(excerpt, excerpt.start)..byte_of(excerpt, excerpt.end)),
        );
    let mut group = level
        .primary_title(finding.what.as_str())
        .id(finding.code.as_str())
        .element(snippet)
        .element(Level::NOTE.message(finding.why.as_str()))
        .element(Level::HELP.message(finding.todo.as_str()));
    if let Some(command) = &finding.command {
        group = group.element(Level::HELP.with_name(language.wording(&RUN)).message(command.as_str()));
    }
    if let Some(FixView { title, preview: Some(preview), .. }) = &finding.fix {
        let message = format!("{title}\n{}", preview.as_str().trim_end());
        group = group.element(Level::HELP.with_name(language.wording(&FIX)).message(message));
    }
    for label in &finding.labels {
        group = group.element(Level::NOTE.message(format!(
            "{}:{}:{}: {}",
            label.location.file, label.location.start.line, label.location.start.column, label.message
        )));
    }
    group
}
