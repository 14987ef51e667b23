//! A report for a terminal: the verdict, then the findings with their source lines and carets.

use std::io;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::Found;
use super::screen::{Screen, on_screen};
use crate::base::text::Search;
use crate::base::visible::visible;
use crate::diagnostic::Template;
use crate::diagnostic::messages::{Language, fill, templates, told};
use crate::diagnostic::shown::Shown;
use crate::report::{
    CredentialView, ExcerptView, FindingView, FixView, Location, NothingView, Report, RotationView,
    SeverityName, TimelineView, VerdictView,
};

templates! {
    STANDING = "cli.standing": "Hermes {release} ({standing}; {reason})";
    ENDPOINT = "cli.endpoint": "endpoint";
    ERROR = "cli.error": "Hermes says";
    NOT_USED = "cli.not-used": "not used";
    POOL = "cli.pool": "pool {provider}, {strategy}";
    POOL_ALONE = "cli.pool-alone": "pool {provider}";
    ROTATION = "cli.rotation": "Is rotation set up?";
    STEPS = "cli.steps": "What to do now";
    COUNTS = "cli.counts": "errors: {errors}, warnings: {warnings}, notes: {infos}";
    RELEASES = "cli.releases": "In other releases";
    TIMELINE = "cli.timeline": "What the log tells";
    NOTHING_TOLD = "cli.nothing-told": "no line of it has a form that is read here";
    NO_CHANGES = "cli.no-changes": "nothing of this changes";
    RUN = "cli.run": "run";
    FIX = "cli.fix": "fix";
    SITES = "cli.sites": "Who uses which key";
    REPAIRED = "cli.repaired": "After repair";
    FOUND = "cli.found": "Found in {file}";
}

/// Writes what was found in files of which only the text tells what they are.
pub(super) fn parts(found: &[Found], language: Language, screen: &mut Screen<'_>) -> io::Result<()> {
    for Found { name, parts, nothing: said } in found {
        if let Some(said) = said {
            screen.add("{}: ", &[name])?;
            nothing(said, screen)?;
            screen.add("\n", &[])?;
            continue;
        }
        let heading = fill(language.wording(&FOUND), |_| Some(name.clone()));
        screen.add("{}:\n", &[&heading])?;
        let known: Vec<_> = parts.iter().enumerate().filter(|(_, part)| part.kind.is_some()).collect();
        let (known, more) = told(&known, language);
        for (number, part) in known {
            screen.add("  {}. {}", &[&Shown::number(number + 1), &part.name])?;
            in_brackets(part.note.as_ref(), screen)?;
            screen.add("\n", &[])?;
        }
        untold(more, screen)?;
        screen.add("\n", &[])?;
    }
    Ok(())
}

fn in_brackets(note: Option<&Shown>, screen: &mut Screen<'_>) -> io::Result<()> {
    note.map_or(Ok(()), |note| screen.add(" ({})", &[note]))
}

/// Says how many rows of a list are not told.
fn untold(more: Option<Shown>, screen: &mut Screen<'_>) -> io::Result<()> {
    more.map_or(Ok(()), |more| screen.add("  {}\n", &[&more]))
}

fn said(template: &'static Template, language: Language) -> Shown {
    Shown::fixed(language.wording(template))
}

/// Writes what is said of a text in which nothing is recognised.
fn nothing(said: &NothingView, screen: &mut Screen<'_>) -> io::Result<()> {
    screen.add("{}\n", &[&said.summary])?;
    if let Some(intro) = &said.touched_intro {
        screen.add("\n{}\n", &[intro])?;
    }
    for touch in &said.touched {
        screen.add("  {} {}\n      {}\n", &[&touch.code, &touch.name, &touch.summary])?;
    }
    screen.add("\n{}\n", &[&said.could_intro])?;
    for what in &said.could {
        screen.add("  - {}\n", &[what])?;
    }
    Ok(())
}

/// Writes the report.
pub(super) fn write(report: &Report, language: Language, screen: &mut Screen<'_>) -> io::Result<()> {
    let say = |template| said(template, language);
    findings(&report.findings, language, screen)?;
    let standing = fill(language.wording(&STANDING), |name| match name {
        "release" => Some(report.hermes.version.clone()),
        "standing" => Some(report.hermes.standing.clone()),
        _ => report.hermes.reason.clone(),
    });
    screen.add("{}\n", &[&standing])?;
    verdict(&report.verdict, language, screen)?;
    if !report.sites.is_empty() {
        screen.add("{}:\n", &[&say(&SITES)])?;
    }
    for site in &report.sites {
        screen.add("  {}:", &[&site.site])?;
        for part in site.endpoint.iter().chain([&site.key].into_iter().filter(|key| !key.as_str().is_empty()))
        {
            screen.add(" {}", &[part])?;
        }
        if !site.key_letter.as_str().is_empty() {
            screen.add(" [{}]", &[&site.key_letter])?;
        }
        in_brackets(site.note.as_ref(), screen)?;
        screen.add("\n", &[])?;
    }
    rotation(report.rotation.as_ref(), language, screen)?;
    if !report.steps.is_empty() {
        screen.add("{}:\n", &[&say(&STEPS)])?;
    }
    let (steps, more) = told(&report.steps, language);
    for (at, step) in steps.iter().enumerate() {
        let number = Shown::number(at + 1);
        screen.add("  {}. ", &[&number])?;
        if let Some(what) = &step.what {
            screen.add("{}\n", &[what])?;
            screen.lines(&" ".repeat(number.as_str().len() + 4))?;
        }
        screen.add("{}\n", &[&step.todo])?;
        for line in step.command.iter().flat_map(Shown::lines) {
            screen.add("       {}\n", &[&line])?;
        }
    }
    untold(more, screen)?;
    screen.add("{}\n", &[&report.basis])?;
    for source in &report.not_given {
        screen.add("  {}: {}\n", &[&source.file, &source.note])?;
    }
    if let Some(told) = &report.timeline {
        timeline(told, language, screen)?;
    }
    if let Some(changes) = &report.releases {
        screen.add("{}:\n", &[&say(&RELEASES)])?;
        if changes.is_empty() {
            screen.add("  {}\n", &[&say(&NO_CHANGES)])?;
        }
        for change in changes {
            screen.add("  {}\n", &[&change.message])?;
        }
    }
    if let Some(repaired) = &report.repaired {
        screen.add("\n{}: {}\n\n", &[&say(&REPAIRED), &repaired.note])?;
        findings(&repaired.findings, language, screen)?;
        verdict(&repaired.verdict, language, screen)?;
        rotation(repaired.rotation.as_ref(), language, screen)?;
    }
    let count = |severity| all_findings(report).filter(|finding| finding.severity == severity).count();
    let counts = fill(language.wording(&COUNTS), |name| {
        let number = match name {
            "errors" => count(SeverityName::Error),
            "warnings" => count(SeverityName::Warning),
            _ => count(SeverityName::Info),
        };
        Some(Shown::number(number))
    });
    screen.add("{}\n", &[&counts])?;
    for note in report.more_note.iter().chain(&report.silenced_note) {
        screen.add("{}\n", &[note])?;
    }
    Ok(())
}

/// The findings of the pasted texts and those after repair.
pub(super) fn all_findings(report: &Report) -> impl Iterator<Item = &FindingView> {
    report.findings.iter().chain(report.repaired.iter().flat_map(|repaired| &repaired.findings))
}

fn findings(findings: &[FindingView], language: Language, screen: &mut Screen<'_>) -> io::Result<()> {
    let renderer = Renderer::plain();
    for finding in findings {
        let source = on_screen(&finding.excerpt.text);
        let shown = renderer.render(&[group(finding, &source, language)]);
        // The renderer counts columns from where the excerpt begins, and knows of one file only.
        let at = on_screen(&place(&finding.location));
        let (title, rest) = shown.cut_at(&["--> ", PATH, ":"].concat()).unwrap_or((&shown, ""));
        let (_, below) = rest.cut_at("\n").unwrap_or(("", ""));
        screen.lines(&[title, "--> ", &at, "\n", below].concat())?;
        screen.add("\n\n", &[])?;
    }
    Ok(())
}

fn verdict(verdict: &VerdictView, language: Language, screen: &mut Screen<'_>) -> io::Result<()> {
    let say = |template| said(template, language);
    screen.add("{}\n", &[&verdict.summary])?;
    if let Some(winner) = &verdict.winner {
        screen.add("  → {}\n", &[&credential(winner)])?;
    }
    if let Some(endpoint) = &verdict.endpoint {
        screen.add("  {}: {}\n", &[&say(&ENDPOINT), endpoint])?;
    }
    if let Some(error) = &verdict.error {
        screen.add("  {}: {}\n", &[&say(&ERROR), error])?;
    }
    let (losers, more) = told(&verdict.losers, language);
    for loser in losers {
        let parts = [&say(&NOT_USED), &credential(&loser.credential), &loser.reason];
        screen.add("  {}: {} ({})\n", &parts)?;
    }
    untold(more, screen)?;
    if let Some(pool) = &verdict.pool {
        let heading =
            fill(language.wording(if pool.strategy.is_some() { &POOL } else { &POOL_ALONE }), |name| {
                match name {
                    "provider" => Some(pool.provider.clone()),
                    _ => pool.strategy.clone(),
                }
            });
        screen.add("{}:\n", &[&heading])?;
        let (entries, more) = told(&pool.entries, language);
        for entry in entries {
            screen.add("  #{} {}", &[&Shown::number(entry.index), &credential(&entry.credential)])?;
            in_brackets(entry.note.as_ref(), screen)?;
            screen.add(if entry.next { " ←\n" } else { "\n" }, &[])?;
        }
        untold(more, screen)?;
        screen.add("  {}\n", &[&pool.next])?;
    }
    Ok(())
}

fn rotation(view: Option<&RotationView>, language: Language, screen: &mut Screen<'_>) -> io::Result<()> {
    let Some(view) = view else { return Ok(()) };
    screen.add("{} {}\n", &[&said(&ROTATION, language), &view.summary])?;
    let (reasons, more) = told(&view.reasons, language);
    for reason in reasons {
        screen.add("  {}\n", &[&reason.message])?;
    }
    untold(more, screen)
}

fn timeline(timeline: &TimelineView, language: Language, screen: &mut Screen<'_>) -> io::Result<()> {
    let say = |template| said(template, language);
    screen.add("{}:\n", &[&say(&TIMELINE)])?;
    if timeline.entries.is_empty() {
        screen.add("  {}\n", &[&say(&NOTHING_TOLD)])?;
    }
    for entry in &timeline.entries {
        let line = Shown::number(entry.location.start.line);
        let file = entry.location.post.as_ref().unwrap_or(&entry.location.file);
        screen.add("  {}:{}  ", &[file, &line])?;
        if let Some(time) = &entry.time {
            screen.add("{}  ", &[time])?;
        }
        screen.add("{}\n      {}\n", &[&entry.what, &entry.next])?;
    }
    match &timeline.left_out {
        Some(left_out) => screen.add("  {}\n", &[left_out]),
        None => Ok(()),
    }
}

fn credential(credential: &CredentialView) -> Shown {
    let mut text = Shown::default();
    text.add("{} {}", &[&credential.label, &credential.source]);
    if !credential.key.as_str().is_empty() {
        text.add(" {} [{}]", &[&credential.key, &credential.key_letter]);
    }
    if let Some(location) = &credential.location {
        text.add(" {}", &[&place(location)]);
    }
    text
}

/// A place as compilers print it; of a file that stands in a post, the place in the post and the file.
fn place(location: &Location) -> Shown {
    let [line, column] = [location.start.line, location.start.column].map(Shown::number);
    let mut text = Shown::default();
    match &location.post {
        Some(post) => text.add("{}:{}:{} ({})", &[post, &line, &column, &location.file]),
        None => text.add("{}:{}:{}", &[&location.file, &line, &column]),
    }
    text
}

/// What the renderer puts in front of a place, in whose stead ours is written.
const PATH: &str = "poolcheck";

/// The byte of the excerpt, as it is on screen, at `column`; the command line counts columns in code points.
fn byte_of(excerpt: &ExcerptView, column: usize) -> usize {
    let before = excerpt.text.as_str().chars().take(column).collect::<String>();
    visible(&before).len()
}

fn group<'f>(finding: &'f FindingView, source: &'f str, language: Language) -> Group<'f> {
    let level = match finding.severity {
        SeverityName::Error => Level::ERROR,
        SeverityName::Warning => Level::WARNING,
        SeverityName::Info => Level::INFO,
    };
    let excerpt = &finding.excerpt;
    let snippet = Snippet::source(source).line_start(finding.location.start.line).path(PATH).annotation(
        AnnotationKind::Primary.span(byte_of(excerpt, excerpt.start)..byte_of(excerpt, excerpt.end)),
    );
    let mut group = level
        .primary_title(on_screen(&finding.what))
        .id(finding.code.as_str())
        .element(snippet)
        .element(Level::NOTE.message(on_screen(&finding.why)))
        .element(Level::HELP.message(on_screen(&finding.todo)));
    if let Some(command) = &finding.command {
        group = group.element(Level::HELP.with_name(language.wording(&RUN)).message(on_screen(command)));
    }
    if let Some(FixView { title, preview: Some(preview), .. }) = &finding.fix {
        let message = format!("{}\n{}", on_screen(title), on_screen(preview).trim_end());
        group = group.element(Level::HELP.with_name(language.wording(&FIX)).message(message));
    }
    let (labels, more) = told(&finding.labels, language);
    for label in labels {
        let mut text = place(&label.location);
        text.add(": {}", &[&label.message]);
        group = group.element(Level::NOTE.message(on_screen(&text)));
    }
    if let Some(more) = more {
        group = group.element(Level::NOTE.message(on_screen(&more)));
    }
    group
}
