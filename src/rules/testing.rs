//! Checks a rule's examples against the whole way from text to report.
//!
//! A fixture is a text of sections. `--- config.yaml`, `--- .env`, `--- auth.json`, `--- cron/jobs.json`, `--- environment`,
//! `--- hermes auth list`, `--- log`, `--- commands` and `--- debug report` begin a pasted text; what has no section is not given, and
//! `--- no .env` says that it does not exist. Under a line, `^^^ PC203` marks what the finding covers of it; such lines are taken out.
//! `--- fixed config.yaml` holds the text after all of the rule's fixes, `--- says` a part of each finding's
//! words, a line each, `--- then` what holds after the fixes (see `holds`), `--- now 1780000000` sets the clock, and `--- release 0.15.2` names the release of Hermes.

use poolcheck::api::{Input, Options, check};
use poolcheck::base::sources::{Given, SourceKind};
use poolcheck::base::text::Encoding;
use poolcheck::diagnostic::shown::Shown;
use poolcheck::report::{FallbackView, FindingView, Report, SiteState};
use poolcheck::rules::Rule;

use super::laws::{self, slot};

/// A time like any other; fixtures count from it.
pub const NOW: f64 = 1_780_000_000.0;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    file: SourceKind,
    line: usize,
    from: usize,
    to: usize,
}

#[derive(Default)]
struct Fixture {
    input: Input,
    now: f64,
    release: Option<String>,
    marks: Vec<(String, Mark)>,
    fixed: Vec<(SourceKind, String)>,
    says: Vec<String>,
    then: Vec<String>,
}

/// The input of texts with their headings.
pub fn input_of(texts: &[(&str, &str)]) -> Input {
    let mut input = Input::default();
    for (heading, text) in texts {
        *slot(&mut input, heading).unwrap() = Given::Text((*text).to_owned());
    }
    input
}

/// The rule finds what the fixture marks, nothing else, and mends it as the fixture says.
pub fn fires(rule: &'static Rule, fixture: &str) -> Report {
    let fixture = read(fixture);
    assert!(!fixture.marks.is_empty(), "{}: a fixture that fires marks what is found", rule.code);
    let report = laws::checked_for(fixture.release.as_deref(), &fixture.input, fixture.now);
    let found: Vec<&FindingView> =
        report.findings.iter().filter(|finding| finding.code.as_str() == rule.code).collect();
    let mut places: Vec<Mark> = found.iter().map(|finding| mark_of(&fixture, finding)).collect();
    let mut expected: Vec<Mark> =
        (fixture.marks.iter()).filter(|(code, _)| code == rule.code).map(|(_, mark)| mark.clone()).collect();
    places.sort();
    expected.sort();
    assert_eq!(places, expected, "{}: found (left), marked (right)", rule.code);
    for said in &fixture.says {
        let words = |finding: &&FindingView| {
            let parts =
                [Some(&finding.what), Some(&finding.why), Some(&finding.todo), finding.command.as_ref()];
            parts.into_iter().flatten().any(|text| text.as_str().contains(said.as_str()))
        };
        assert!(found.iter().any(words), "{}: no finding says `{said}`: {found:#?}", rule.code);
    }
    let with_fix: Vec<&FindingView> = found.into_iter().filter(|finding| finding.fix.is_some()).collect();
    assert_eq!(
        with_fix.is_empty(),
        fixture.fixed.is_empty(),
        "{}: a declared fix and `--- fixed FILE` go together",
        rule.code
    );
    if !with_fix.is_empty() {
        let (now, hermes) = (fixture.now, fixture.release.clone());
        let options = Options { now, hermes, encoding: Encoding::CodePoints, ..Options::default() };
        let texts = laws::fixed(&fixture.input, &options, &with_fix);
        for (file, expected) in &fixture.fixed {
            let text = texts[*file].as_deref();
            assert_eq!(text, Some(expected.as_str()), "{}: fixed {}", rule.code, file.heading());
        }
        let after = check(&laws::fixed_input(&fixture.input, &texts), &options).unwrap();
        for line in &fixture.then {
            assert!(holds(line, &after), "{}: after its fix not `{line}`: {after:#?}", rule.code);
        }
    }
    assert!(!with_fix.is_empty() || fixture.then.is_empty(), "{}: `--- then` without a fix", rule.code);
    report
}

/// Whether a line of `--- then` holds: `endpoint`, `mode`, `model`, `rotation`, `fallback` and what it is, `nothing is found`, or
/// a part of the verdict's sentence.
fn holds(line: &str, report: &Report) -> bool {
    let verdict = &report.verdict;
    let is = |shown: &Option<Shown>, value: &str| shown.as_ref().is_some_and(|shown| shown.as_str() == value);
    match line.split_once(": ") {
        Some(("endpoint", value)) => is(&verdict.endpoint, value),
        Some(("mode", value)) => is(&verdict.api_mode, value),
        Some(("model", value)) => is(&verdict.model, value),
        Some(("rotation", part)) => {
            report.rotation.as_ref().is_some_and(|rotation| rotation.summary.as_str().contains(part))
        }
        Some(("fallback", chain)) => {
            let member = |entry: &FallbackView| format!("{}/{}", entry.provider, entry.model);
            verdict.fallback.iter().map(member).collect::<Vec<_>>().join(", ") == chain
        }
        Some(("site", path)) => {
            report.sites.iter().any(|site| site.site.as_str() == path && site.state == SiteState::Key)
        }
        _ if line == "nothing is found" => report.findings.is_empty(),
        _ => verdict.summary.as_str().contains(line),
    }
}

/// The rule finds nothing here.
pub fn silent(rule: &'static Rule, fixture: &str) -> Report {
    let fixture = read(fixture);
    let report = laws::checked_for(fixture.release.as_deref(), &fixture.input, fixture.now);
    let found: Vec<&FindingView> =
        report.findings.iter().filter(|finding| finding.code.as_str() == rule.code).collect();
    assert!(found.is_empty(), "{} is not silent: {found:#?}", rule.code);
    report
}

/// The report on a fixture without marks.
pub fn report(fixture: &str) -> Report {
    let fixture = read(fixture);
    laws::checked_for(fixture.release.as_deref(), &fixture.input, fixture.now)
}

fn mark_of(fixture: &Fixture, finding: &FindingView) -> Mark {
    let location = &finding.location;
    let text = laws::text_of(&fixture.input, location.source);
    let line = text.lines().nth(location.start.line - 1).unwrap_or("");
    // A finding of several lines is marked on its first line.
    let to =
        if location.end.line == location.start.line { location.end.column - 1 } else { line.chars().count() };
    Mark { file: location.source, line: location.start.line, from: location.start.column - 1, to }
}

fn read(text: &str) -> Fixture {
    let mut fixture = Fixture { now: NOW, ..Fixture::default() };
    for section in text.split("--- ").skip(1) {
        let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
        let heading = heading.trim();
        if let Some(file) = heading.strip_prefix("no ") {
            *slot(&mut fixture.input, file).unwrap() = Given::Absent;
        } else if let Some(now) = heading.strip_prefix("now ") {
            fixture.now = now.parse().unwrap();
        } else if let Some(release) = heading.strip_prefix("release ") {
            fixture.release = Some(release.to_owned());
        } else if heading == "says" {
            fixture.says.extend(body.lines().filter(|line| !line.is_empty()).map(str::to_owned));
        } else if heading == "then" {
            fixture.then.extend(body.lines().filter(|line| !line.is_empty()).map(str::to_owned));
        } else if let Some(file) = heading.strip_prefix("fixed ") {
            fixture.fixed.push((SourceKind::with_heading(file).unwrap(), body.to_owned()));
        } else {
            let file = SourceKind::with_heading(heading).unwrap_or_else(|| panic!("{heading}?"));
            let mut lines: Vec<&str> = Vec::new();
            for line in body.split_inclusive('\n') {
                match marked(line) {
                    Some((from, to, code)) => {
                        let mark = Mark { file, line: lines.len(), from, to };
                        fixture.marks.push((code.to_owned(), mark));
                    }
                    None => lines.push(line),
                }
            }
            fixture.input.given[file] = Given::Text(lines.concat());
        }
    }
    fixture
}

/// `    ^^^ PC203`: the columns and the code.
fn marked(line: &str) -> Option<(usize, usize, &str)> {
    let (carets, code) = line.trim().split_once(' ')?;
    let is_mark = !carets.is_empty() && carets.bytes().all(|byte| byte == b'^') && code.starts_with("PC");
    let from = line.chars().position(|c| c == '^')?;
    is_mark.then(|| (from, from + carets.len(), code.trim()))
}
