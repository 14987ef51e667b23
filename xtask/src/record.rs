//! `cargo xtask record`: answers of the real Hermes Agent that the tests compare with, where there is no Python.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::thread;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::answerers::{self, Case, kind};
use crate::compare::{Verdict, compare};
use crate::hermes::{Hermes, NEWEST};
use crate::ledger::Ledger;
use crate::tools;

/// The release whose answers are recorded.
const RELEASE: &str = NEWEST;

/// The seeds of the generated cases, and how many of each there are to choose from.
const SEEDS: [u64; 4] = [101, 102, 103, 104];
const OF_EACH: usize = 500;

/// How many cases of each seed are kept, and how many bytes they may take.
const KEPT: usize = 55;
const ROOM: usize = 108_000;

/// Questions that short cases seldom ask: every case with one is worth more.
const SELDOM: [&str; 4] = ["lease", "recover", "release", "success"];

/// What `cargo xtask record --help` prints.
const USAGE: &str = "\
cargo xtask record [--check] [--jobs N]

Writes tests/differential/recorded: generated cases, chosen to spread over questions and outcomes, with the
answers of the real Hermes Agent. With --check it asks the recorded cases again and compares.
";

/// Runs `cargo xtask record` with `arguments`.
///
/// # Errors
/// The real program cannot be run, or its answers are others than the recorded ones.
pub(crate) fn record(mut arguments: Vec<String>) -> Result<()> {
    if tools::take_flag(&mut arguments, "--help") {
        print!("{USAGE}");
        return Ok(());
    }
    let check = tools::take_flag(&mut arguments, "--check");
    let jobs = tools::take_option(&mut arguments, "--jobs")?.map(|text| text.parse().context("--jobs"));
    let jobs = jobs.transpose()?.unwrap_or_else(|| thread::available_parallelism().map_or(2, usize::from));
    tools::nothing_left(&arguments)?;
    if check { check_recorded(jobs) } else { write_recorded(jobs) }
}

fn folder() -> PathBuf {
    tools::workspace_root().join("tests/differential/recorded")
}

fn write_recorded(jobs: usize) -> Result<()> {
    let hermes = Hermes::of(RELEASE)?;
    let ledger = Ledger::read(RELEASE)?;
    let mut seen = BTreeSet::new();
    fs::create_dir_all(folder())?;
    for seed in SEEDS {
        let cases = answerers::generate(&hermes, seed, OF_EACH)?;
        let answers = answerers::ask_hermes(&hermes, &cases, jobs)?;
        let candidates: Vec<Candidate> = (cases.iter().zip(&answers))
            .filter(|(case, answers)| !disputed(&ledger, case, answers))
            .map(|(case, answers)| Candidate::new(case, answers))
            .collect();
        let chosen = choose(&candidates, &mut seen);
        let text: String = chosen.iter().map(|candidate| candidate.line.as_str()).collect();
        let path = folder().join(format!("seed-{seed}.jsonl"));
        fs::write(&path, &text).with_context(|| path.display().to_string())?;
        println!("{}: {} cases, {} bytes", path.display(), chosen.len(), text.len());
    }
    Ok(())
}

/// Whether the ledger may know an answer of this case: what we answer is not known here.
fn disputed(ledger: &Ledger, case: &Case, answers: &[Value]) -> bool {
    case.questions().iter().zip(answers).any(|(question, theirs)| ledger.mentions(case, question, theirs))
}

/// A case that could be recorded, and what it would add.
struct Candidate {
    line: String,
    features: BTreeSet<String>,
}

impl Candidate {
    fn new(case: &Case, answers: &[Value]) -> Self {
        let mut features = BTreeSet::new();
        for (question, answer) in case.questions().iter().zip(answers) {
            collect_features(kind(question), "", answer, &mut features);
            if SELDOM.contains(&kind(question)) {
                features.insert(format!("{} in {}", kind(question), case.id()));
            }
        }
        Self { line: format!("{}\n", json!({"case": case.json, "answers": answers})), features }
    }
}

/// What is in an answer, coarsely: names of fields with their short values, digits aside.
fn collect_features(question: &str, name: &str, value: &Value, features: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                collect_features(question, name, value, features);
            }
        }
        Value::Array(items) => {
            features.insert(format!("{question} {name} of {}", items.len().min(4)));
            for item in items {
                collect_features(question, name, item, features);
            }
        }
        Value::String(text) if text.contains("fake") => {}
        Value::String(text) => {
            let start: String = text.chars().filter(|letter| !letter.is_ascii_digit()).take(40).collect();
            features.insert(format!("{question} {name} {start}"));
        }
        Value::Number(_) => {
            features.insert(format!("{question} {name} a number"));
        }
        Value::Null | Value::Bool(_) => {
            features.insert(format!("{question} {name} {value}"));
        }
    }
}

/// The cases that add most to what is seen already for their size, in the order of the candidates.
fn choose<'c>(candidates: &'c [Candidate], seen: &mut BTreeSet<String>) -> Vec<&'c Candidate> {
    let mut chosen = BTreeMap::new();
    let mut room = ROOM;
    while chosen.len() < KEPT {
        let worth = |candidate: &Candidate| {
            let new = candidate.features.difference(seen).count();
            (new + 1) as f64 / (candidate.line.len() + 500) as f64
        };
        let best = (candidates.iter().enumerate())
            .filter(|(at, candidate)| !chosen.contains_key(at) && candidate.line.len() <= room)
            .max_by(|(_, a), (_, b)| worth(a).total_cmp(&worth(b)));
        let Some((at, candidate)) = best else { break };
        seen.extend(candidate.features.iter().cloned());
        room -= candidate.line.len();
        chosen.insert(at, candidate);
    }
    chosen.into_values().collect()
}

fn check_recorded(jobs: usize) -> Result<()> {
    let mut of_release: BTreeMap<String, (Vec<Case>, Vec<Vec<Value>>)> = BTreeMap::new();
    for entry in fs::read_dir(folder())? {
        for line in fs::read_to_string(entry?.path())?.lines() {
            let line: Value = serde_json::from_str(line)?;
            let case = Case::parse(&line.get("case").context("a line without a case")?.to_string())?;
            let release = case.json.get("hermes").and_then(Value::as_str).unwrap_or(RELEASE).to_owned();
            let (cases, recorded) = of_release.entry(release).or_default();
            cases.push(case);
            recorded.push(line.get("answers").and_then(Value::as_array).cloned().unwrap_or_default());
        }
    }
    for (release, (cases, recorded)) in &of_release {
        let answers = answerers::ask_hermes(&Hermes::of(release)?, cases, jobs)?;
        for ((case, answers), recorded) in cases.iter().zip(&answers).zip(recorded) {
            for ((question, answer), recorded) in case.questions().iter().zip(answers).zip(recorded) {
                if compare(answer, recorded) == Verdict::Differ {
                    bail!("case {}: {question} now has another answer; run `cargo xtask record`", case.id());
                }
            }
        }
        println!("{} recorded cases have the same answers of {release}", cases.len());
    }
    Ok(())
}
