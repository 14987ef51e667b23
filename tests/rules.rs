//! The registry of rules, their documentation, and what the real program did in a world that each rule speaks of.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

#[path = "../examples/answer.rs"]
#[allow(dead_code)]
mod answer;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use poolcheck::api::{Input, Options, check};
use poolcheck::base::sources::{Given, Sources};
use poolcheck::facts::{EXPLAINED, Facts, READ, RELEASES};
use poolcheck::hermes::arguments::{self, Refusal};
use poolcheck::rules::{RULES, Rule, TOMBSTONES};
use serde_json::Value as Json;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn source(rule: &Rule) -> String {
    let name = format!("{}_{}.rs", rule.code.to_ascii_lowercase(), rule.name.replace('-', "_"));
    let path = folder("src/rules").join(&name);
    fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} stands in src/rules/{name}", rule.code))
}

#[test]
fn codes_and_names_are_in_order_unique_and_well_formed() {
    let codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
    assert!(codes.is_sorted(), "RULES is sorted by code");
    let mut names = BTreeSet::new();
    for rule in RULES {
        let digits = rule.code.strip_prefix("PC").unwrap_or("");
        assert!(digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{}", rule.code);
        assert!((b'1'..=b'9').contains(&digits.as_bytes()[0]), "{}: the family is 1 to 9", rule.code);
        assert!(
            rule.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        );
        assert!(names.insert(rule.name), "{} is named twice", rule.name);
        assert!(!TOMBSTONES.contains(&rule.code), "{} was given up and is never given again", rule.code);
    }
    let unique: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!(unique.len(), codes.len(), "a code is given twice");
}

#[test]
fn every_rule_stands_in_a_file_of_its_name_with_caret_tests_and_a_fix_test_where_it_mends() {
    for rule in RULES {
        let source = source(rule);
        assert!(source.starts_with(&format!("//! {}: ", rule.code)), "{}: the file's first line", rule.code);
        assert!(source.contains("fires(") && source.contains("silent("), "{}: caret tests", rule.code);
        assert!(source.contains(&format!("^ {}", rule.code)), "{}: a fixture marks the place", rule.code);
        assert_eq!(rule.fix.is_some(), source.contains("--- fixed "), "{}: fix and fix test", rule.code);
        assert_eq!(rule.fix.is_some(), source.contains("--- then"), "{}: what then holds", rule.code);
        assert_eq!(rule.fix.is_some(), rule.fix_title.is_some(), "{}: a fix has a title", rule.code);
    }
}

/// The blocks of a rule's documentation that are tagged `fires` or `silent`, with the tag and the language.
fn examples(rule: &Rule) -> Vec<(String, bool, String)> {
    let doc: Vec<&str> = rule.doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let mut examples = Vec::new();
    let mut lines = doc.into_iter();
    while let Some(line) = lines.next() {
        let Some(tag) = line.strip_prefix("```").filter(|tag| !tag.is_empty()) else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let (language, verdict) = tag.split_once(' ').unwrap_or((tag, ""));
        if verdict == "fires" || verdict == "silent" {
            examples.push((language.to_owned(), verdict == "fires", block.join("\n") + "\n"));
        }
    }
    examples
}

/// A block of one language is one file; a `text` block has sections `--- FILE`.
fn input_of(language: &str, block: &str) -> Input {
    let mut input = Input::default();
    let mut put = |file: &str, text: &str| {
        let slot = match file {
            "yaml" | "config.yaml" => &mut input.given.config,
            "env" | ".env" => &mut input.given.dotenv,
            "json" | "auth.json" => &mut input.given.auth_store,
            "cron/jobs.json" => &mut input.given.jobs,
            "environment" => &mut input.given.environ,
            "listing" | "hermes auth list" => &mut input.given.listing,
            "log" => &mut input.given.log,
            "commands" => &mut input.given.commands,
            "debug report" => &mut input.given.debug_report,
            other => panic!("an example of the language {other}"),
        };
        *slot = Given::Text(text.to_owned());
    };
    if language == "text" {
        for section in block.split("--- ").skip(1) {
            let (file, text) = section.split_once('\n').unwrap();
            put(file.trim(), text);
        }
    } else {
        put(language, block);
    }
    input
}

#[test]
fn the_examples_of_the_documentation_do_what_they_say() {
    for rule in RULES {
        let examples = examples(rule);
        for expected in [true, false] {
            assert!(
                examples.iter().any(|(_, fires, _)| *fires == expected),
                "{}: fires={expected}",
                rule.code
            );
        }
        for (language, fires, block) in examples {
            let report = laws::checked(&input_of(&language, &block), 1_780_000_000.0);
            let found = report.findings.iter().any(|finding| finding.code.as_str() == rule.code);
            assert_eq!(found, fires, "{}:\n{block}", rule.code);
        }
    }
}

/// An example that is fine is fine in every release, and one that is found is found wherever the claim holds. Of a release
/// that was read the evidence names as well where the rule is silent: its claim does not hold there, or was not read.
#[test]
fn the_examples_hold_for_every_release() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let silent = silent_in(&evidence(rule));
        for (language, fires, block) in examples(rule) {
            let input = input_of(&language, &block);
            for release in EXPLAINED {
                let hermes = Some(release.to_owned());
                let options = Options { hermes, now: 1_780_000_000.0, ..Options::default() };
                let report = check(&input, &options).unwrap();
                let found = report.findings.iter().any(|finding| finding.code.as_str() == rule.code);
                let expected = fires && !silent.iter().any(|silent| silent == release);
                if found != expected {
                    wrong.push(format!(
                        "{} {release}: found {found}, expected {expected}\n{block}",
                        rule.code
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The commands of the wordings themselves, whatever fixtures there are: each release that a rule speaks in takes those that
/// its words name, and the newest those that it gives. A rule leaves out what an older one does not take; that is a law for every
/// finding, and each rule finds its evidence in every release.
#[test]
fn every_release_takes_the_commands_of_the_wordings() {
    let fill = |text: &str| {
        let mut filled = text.to_owned();
        for (name, value) in [
            ("auth add{provider}", "auth add gemini"),
            ("{provider}", "gemini"),
            ("{pool}", "gemini"),
            ("{id}", "gemini"),
            ("{index}", "1"),
            ("{label}", "gemini-1"),
        ] {
            filled = filled.replace(name, value);
        }
        filled
    };
    for rule in RULES {
        let silent = silent_in(&evidence(rule));
        for release in EXPLAINED.into_iter().filter(|release| !silent.iter().any(|own| own == release)) {
            let facts = Facts::of(release).unwrap();
            for template in rule.templates() {
                let english = fill(template.english);
                let whole = template.id().ends_with(".command");
                if whole && release != Facts::newest().unwrap().release {
                    continue;
                }
                let lines = english.lines().filter(|line| whole && line.starts_with("hermes "));
                let named = english.split('`').skip(1).step_by(2).filter(|part| part.starts_with("hermes "));
                for command in lines.chain(named).filter(|command| !command.contains('{')) {
                    let words: Vec<&str> = command.split_whitespace().skip(1).collect();
                    // Of a release that was only read not all commands are known.
                    let Some(reading) = arguments::read(&facts.commands, &words) else {
                        assert!(READ.contains(&release), "{release}: `{command}` is not judged");
                        continue;
                    };
                    let is_whole = reading.refusal.is_none() && reading.extras.is_empty();
                    let is_part = !whole && matches!(reading.refusal, Some(Refusal::Missing(_)));
                    assert!(is_whole || is_part, "{} {release}: `{command}` is refused", template.id());
                }
            }
        }
    }
}

fn evidence(rule: &Rule) -> Json {
    let path = folder("tests/evidence").join(format!("{}.json", rule.code));
    let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("tests/evidence/{}.json", rule.code));
    serde_json::from_str(&text).unwrap()
}

/// The releases in which a rule does not speak, or does not where its example and its evidence do. For one that was only
/// read `silent_in_read` says why.
fn silent_in(evidence: &Json) -> Vec<String> {
    let named = evidence["silent_in"].as_array().into_iter().flatten();
    let is_read = |release: &Json| READ.iter().any(|read| release == read);
    let has_reason = evidence["silent_in_read"].as_str().is_some_and(|words| words.len() > 10);
    assert_eq!(named.clone().any(is_read), has_reason, "{}: `silent_in_read`", evidence["shows"]);
    named.map(|release| release.as_str().unwrap().to_owned()).collect()
}

/// Each rule has a case of the protocol in `tests/evidence/CODE.json` with what the real program of each release answered
/// (`cargo xtask evidence` asks it again), and in words what the answers show. In the releases that `silent_in` names the
/// rule does not speak of it: there its claim does not hold.
#[test]
fn every_rule_has_evidence_from_the_real_program_that_we_agree_with() {
    for rule in RULES {
        let evidence = evidence(rule);
        assert!(evidence["shows"].as_str().is_some_and(|words| words.len() > 20), "{}: `shows`", rule.code);
        let now = evidence["case"]["now"].as_f64().unwrap();
        let silent = silent_in(&evidence);
        for release in RELEASES.iter().filter(|release| !READ.contains(release)) {
            let mut case = evidence["case"].clone();
            case["hermes"] = Json::from(*release);
            let ours = answer::answer_case(&case);
            let theirs = answers_of(&evidence, release);
            assert_eq!(ours["answers"], theirs, "{} {release}: ours (left), theirs (right)", rule.code);
            let report = laws::checked_for(Some(release), &input_of_case(&evidence), now);
            let fires = report.findings.iter().any(|finding| finding.code.as_str() == rule.code);
            let expected = !silent.iter().any(|silent| silent == release);
            assert_eq!(fires, expected, "{} {release}: it fires on its own evidence", rule.code);
        }
    }
}

/// What the real program of `release` answered: as the newest one, but for what is recorded otherwise.
fn answers_of(evidence: &Json, release: &str) -> Json {
    let mut answers = evidence["answers"].clone();
    for group in evidence["other_releases"].as_array().into_iter().flatten() {
        if group["releases"].as_array().unwrap().contains(&Json::from(release)) {
            for (at, answer) in group["answers"].as_object().unwrap() {
                answers[at.parse::<usize>().unwrap()] = answer.clone();
            }
        }
    }
    answers
}

/// The case of an evidence file as it would be pasted, with the listing, log, commands and debug report that the file may have
/// beside it, and without the files that it names as not pasted.
fn input_of_case(evidence: &Json) -> Input {
    let case = &evidence["case"];
    let not_pasted = evidence["not_pasted"].as_array();
    let file = |name: &str| match case["files"][name].as_str() {
        _ if not_pasted.is_some_and(|names| names.contains(&Json::from(name))) => Given::NotGiven,
        Some(text) => Given::Text(text.to_owned()),
        None => Given::Absent,
    };
    let beside =
        |name: &str| evidence[name].as_str().map_or(Given::NotGiven, |text| Given::Text(text.to_owned()));
    let environ: String = (case["environ"].as_object().into_iter().flatten())
        .map(|(name, value)| format!("{name}={}\n", value.as_str().unwrap()))
        .collect();
    Input::from(Sources {
        config: file("config.yaml"),
        dotenv: file(".env"),
        auth_store: file("auth.json"),
        jobs: file("cron/jobs.json"),
        // What is pasted of a shell may be other than what the shell makes of it.
        environ: match beside("environ") {
            Given::NotGiven => Given::Text(environ),
            pasted => pasted,
        },
        listing: beside("listing"),
        log: beside("log"),
        commands: beside("commands"),
        debug_report: beside("report"),
        ..Sources::default()
    })
}

#[test]
fn no_evidence_is_left_of_rules_that_are_gone() {
    for entry in fs::read_dir(folder("tests/evidence")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let code = name.strip_suffix(".json").unwrap_or("");
        assert!(RULES.iter().any(|rule| rule.code == code), "tests/evidence/{name} belongs to no rule");
    }
}
