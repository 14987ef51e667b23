//! What users of Hermes get wrong, case by case, pasted as they would paste it: each is answered by a finding of the rule
//! that names its cause, or by a sentence of the verdict, of the answer about rotation, or of the timeline.
//!
//! `tests/mistakes/*.txt` hold the cases. `=== 17: what is wrong` begins one; its sections are those of the fixtures of
//! `src/rules/testing.rs`, and `--- answered by` names the answers, a line each: a code, or where a sentence stands and a
//! part of it (`rotation: has the same key as`, `PC901: of a profile`). `--- reported in` names the issues of Hermes that tell of
//! it, which the pages of the rules link.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

use laws::mistakes::cases;
use poolcheck::report::Report;

/// A time like any other.
const NOW: f64 = 1_780_000_000.0;

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
