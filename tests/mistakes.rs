//! What users of Hermes get wrong, case by case, pasted as they would paste it: each is answered by a finding of the rule
//! that names its cause, or by a sentence of the verdict, of the answer about rotation, or of the timeline.
//!
//! `tests/mistakes/*.txt` hold the cases. `=== 17: what is wrong` begins one; its sections are those of the fixtures of
//! `src/rules/testing.rs`, and `--- answered by` names the answers, a line each: a code, or where a sentence stands and a
//! part of it (`rotation: has the same key as`, `PC901: of a profile`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use laws::slot;
use poolcheck::api::Input;
use poolcheck::hermes::Given;
use poolcheck::report::Report;

/// A time like any other.
const NOW: f64 = 1_780_000_000.0;

struct Case {
    name: String,
    release: Option<String>,
    input: Input,
    answers: Vec<String>,
}

fn cases() -> BTreeMap<usize, Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes");
    let mut cases = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for case in text.split("=== ").skip(1) {
            let (head, body) = case.split_once('\n').unwrap();
            let (number, name) = head.split_once(": ").unwrap();
            let number: usize = number.parse().unwrap();
            assert!(cases.insert(number, read(name, body)).is_none(), "case {number} stands twice");
        }
    }
    cases
}

fn read(name: &str, body: &str) -> Case {
    let mut case =
        Case { name: name.to_owned(), release: None, input: Input::default(), answers: Vec::new() };
    for section in body.split("--- ").skip(1) {
        let (heading, text) = section.split_once('\n').unwrap_or((section, ""));
        if heading == "answered by" {
            case.answers = text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
        } else if let Some(release) = heading.strip_prefix("release ") {
            case.release = Some(release.to_owned());
        } else if let Some(absent) = heading.strip_prefix("no ") {
            *slot(&mut case.input, absent).expect(absent) = Given::Absent;
        } else {
            *slot(&mut case.input, heading).expect(heading) = Given::Text(text.to_owned());
        }
    }
    assert!(!case.answers.is_empty(), "{name}: `--- answered by`");
    case
}

/// Everything that a report says in one of its parts.
fn said(report: &Report, part: &str) -> String {
    match part {
        "verdict" => {
            let losers = report.verdict.losers.iter().map(|loser| loser.reason.to_string());
            let summary = report.verdict.summary.to_string();
            std::iter::once(summary).chain(losers).collect::<Vec<_>>().join("\n")
        }
        "rotation" => report.rotation.iter().fold(String::new(), |text, rotation| {
            let reasons = rotation.reasons.iter().map(|reason| reason.message.to_string());
            let reasons = reasons.collect::<Vec<_>>().join("\n");
            format!("{text}{}\n{reasons}", rotation.summary)
        }),
        "timeline" => report
            .timeline
            .iter()
            .flat_map(|timeline| &timeline.entries)
            .fold(String::new(), |text, entry| format!("{text}{}\n{}\n", entry.what, entry.next)),
        code if code.starts_with("PC") => {
            let findings = report.findings.iter().filter(|finding| finding.code.as_str() == code);
            findings.map(|finding| format!("{}\n{}\n{}\n", finding.what, finding.why, finding.todo)).collect()
        }
        other => panic!("no part of a report is called {other}"),
    }
}

#[test]
fn each_case_is_answered() {
    let mut wrong = Vec::new();
    for (number, case) in cases() {
        let report = laws::checked_for(case.release.as_deref(), &case.input, NOW);
        let codes: Vec<&str> = report.findings.iter().map(|finding| finding.code.as_str()).collect();
        for answer in &case.answers {
            let is_given = match answer.split_once(": ") {
                Some((part, words)) => said(&report, part).contains(words),
                None => codes.contains(&answer.as_str()),
            };
            if !is_given {
                let summary = &report.verdict.summary;
                let rotation = said(&report, "rotation").replace('\n', " ");
                wrong.push(format!(
                    "{number} ({}): {answer} is missing; found {codes:?}; {summary} {rotation}",
                    case.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_cases_are_here() {
    assert_eq!(cases().into_keys().collect::<Vec<_>>(), (1..=95).collect::<Vec<_>>());
}
