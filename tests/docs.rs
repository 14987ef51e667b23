//! `docs/rules/` is what the rules say of themselves. `cargo xtask docs` writes it; this test compares.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use laws::mistakes::{Case, cases};
use poolcheck::diagnostic::{Safety, Severity};
use poolcheck::facts::READ;
use poolcheck::rules::{RULES, Rule};

fn severity(rule: &Rule) -> &'static str {
    match rule.severity {
        Severity::Error => "error: Hermes fails, or uses something else than what is written",
        Severity::Warning => "warning: ignored or risky",
        Severity::Info => "info: good to know",
    }
}

fn page(rule: &Rule, cases: &[Case]) -> String {
    let mut page = format!("# {} {}\n\n", rule.code, rule.name);
    let fix = match rule.fix {
        None => "none",
        Some(Safety::Safe) => "safe",
        Some(Safety::Unsafe) => "to be looked at",
    };
    writeln!(page, "| severity | fix | since |\n| --- | --- | --- |").unwrap();
    writeln!(page, "| {} | {fix} | {} |\n", severity(rule), rule.since).unwrap();
    for line in rule.doc.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        // The tags are for the tests; people see what the example is.
        let line = match line.strip_prefix("```").and_then(|tag| tag.split_once(' ')) {
            Some((language, "fires")) => format!("This is found:\n\n```{language}"),
            Some((language, "silent")) => format!("\nThis is fine:\n\n```{language}"),
            _ => line.to_owned(),
        };
        writeln!(page, "{line}").unwrap();
    }
    writeln!(page, "\n{}", evidence(rule)).unwrap();
    if let Some(reports) = reports(rule, cases) {
        writeln!(page, "\n{reports}").unwrap();
    }
    let comment = match rule.code {
        "PC114" => String::new(),
        code => format!("`# poolcheck: ignore[{code}] reason` on the line or above it, or "),
    };
    writeln!(page, "\nTo silence it: {comment}`--severity {}=off` ([more](../silencing.md)).", rule.code)
        .unwrap();
    page
}

/// What the real program showed, of which releases.
fn evidence(rule: &Rule) -> String {
    let name = format!("tests/evidence/{}.json", rule.code);
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&name)).unwrap();
    let case: serde_json::Value = serde_json::from_str(&text).unwrap();
    let shows = case["shows"].as_str().unwrap();
    let mut asked = format!(
        "[What the real program shows](../../{name}), asked of each release that can be run: {shows}."
    );
    let silent = case["silent_in"].as_array().into_iter().flatten().filter_map(|own| own.as_str());
    let (read, run): (Vec<&str>, Vec<&str>) = silent.partition(|own| READ.contains(own));
    if !run.is_empty() {
        write!(asked, " In {} the example is not found.", run.join(", ")).unwrap();
    }
    if let Some(reason) = case["silent_in_read"].as_str() {
        write!(asked, " In {}, read and not run, it is not found: {reason}.", read.join(", ")).unwrap();
    }
    asked
}

/// The issues of Hermes that tell of what the rule finds: those of the cases in `tests/mistakes` that it answers.
fn reports(rule: &Rule, cases: &[Case]) -> Option<String> {
    const ISSUES: &str = "https://github.com/NousResearch/hermes-agent/issues";
    let answers =
        |case: &&Case| case.answers.iter().any(|answer| answer.split(':').next() == Some(rule.code));
    let numbers: BTreeSet<u32> =
        cases.iter().filter(answers).flat_map(|case| case.reported.iter().copied()).collect();
    let links: Vec<String> = numbers.iter().map(|number| format!("[#{number}]({ISSUES}/{number})")).collect();
    (!links.is_empty())
        .then(|| format!("Issues and pull requests of Hermes that tell of it: {}.", links.join(", ")))
}

fn pages() -> BTreeMap<String, String> {
    let cases: Vec<Case> = cases().into_values().collect();
    let mut pages: BTreeMap<String, String> =
        RULES.iter().map(|rule| (format!("{}.md", rule.code), page(rule, &cases))).collect();
    let mut index = "# Rules\n\n| code | name | severity |\n| --- | --- | --- |\n".to_owned();
    for rule in RULES {
        let severity = severity(rule).split(':').next().unwrap();
        writeln!(index, "| [{0}]({0}.md) | {1} | {severity} |", rule.code, rule.name).unwrap();
    }
    pages.insert("README.md".to_owned(), index);
    pages
}

#[test]
fn the_rule_pages_are_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let pages = pages();
    if std::env::var_os("POOLCHECK_WRITE").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (name, page) in &pages {
            fs::write(folder.join(name), page).unwrap();
        }
    }
    let present: BTreeMap<String, String> = (fs::read_dir(&folder).into_iter().flatten())
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    let stale: Vec<&String> =
        (pages.keys().chain(present.keys())).filter(|name| pages.get(*name) != present.get(*name)).collect();
    assert!(stale.is_empty(), "docs/rules is stale ({stale:?}): run `cargo xtask docs`");
}
