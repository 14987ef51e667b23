//! `cargo xtask record`: answers of the real Hermes Agent that the tests compare with, where there is no Python.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::answerers::{self, Case, kind};
use crate::compare::{Verdict, compare};
use crate::coverage::Reached;
use crate::flags;
use crate::hermes::{Hermes, MODELLED, NEWEST};
use crate::ledger::Ledger;
use crate::recorded::Recorded;

/// The seeds of the cases to choose from, how many are made of each, and how many small ones of those are measured in releases
/// other than the newest: their code is mostly the newest one's, and measuring takes three times as long as asking.
const SEEDS: [u64; 4] = [101, 102, 103, 104];
const OF_EACH: usize = 800;
const MEASURED_IN_OLDER: usize = 200;

/// How many bytes a small case may have, and how many one that reaches what no small one does.
const SMALL: usize = 2500;
const LARGE: usize = 6000;

/// How many cases are chosen at least.
const KEPT: usize = 1050;

/// What a case costs beside its own bytes, in bytes: its answers.
const OVERHEAD: usize = 500;

/// The file of the cases that are chosen, and that of `cargo xtask switches`. The others of the folder are kept by hand.
const CHOSEN: &str = "chosen.jsonl";
const SWITCHES: &str = "switches.jsonl";

/// Runs `cargo xtask record`.
///
/// # Errors
/// The real program cannot be run, or its answers are others than the recorded ones.
pub(crate) fn record(flags: flags::Record) -> Result<()> {
    let flags::Record { by_hand, again, check, jobs } = flags;
    let jobs = jobs.unwrap_or_else(|| thread::available_parallelism().map_or(2, usize::from));
    if check {
        return check_recorded(jobs);
    }
    if !by_hand && !again {
        let chosen = choose_cases()?.into_iter().map(|case| Recorded { case, answers: Vec::new() });
        write(&folder().join(CHOSEN), &chosen.collect::<Vec<_>>())?;
    }
    let asked = |path: &PathBuf| !path.ends_with(SWITCHES) && (!by_hand || !path.ends_with(CHOSEN));
    let paths: Vec<PathBuf> = files()?.into_iter().filter(asked).collect();
    let records = paths.iter().map(|path| read(path)).collect::<Result<Vec<_>>>()?;
    // All at once: importing the program takes as long as a hundred cases.
    let cases = records.iter().flatten().map(|record| record.case.clone()).collect();
    let mut answered = ask_all(cases, jobs)?.into_iter();
    for (path, records) in paths.iter().zip(&records) {
        let (whole, broken): (Vec<_>, Vec<_>) = answered.by_ref().take(records.len()).partition(is_whole);
        if let Some(record) = broken.first().filter(|_| !path.ends_with(CHOSEN)) {
            bail!("a release gave no answer to {}", record.case);
        }
        write(path, &whole)?;
    }
    Ok(())
}

/// Whether every release answered: some worlds keep the real program busy until the driver gives it up.
fn is_whole(record: &Recorded) -> bool {
    let gave_up = |answer: &Value| {
        answer.get("error").is_some_and(|kind| ["Timeout", "Crash"].iter().any(|name| kind == name))
    };
    !record.answers.iter().flat_map(|(_, answers)| answers).any(gave_up)
}

fn folder() -> PathBuf {
    answerers::differential_folder().join("recorded")
}

/// The files with recorded cases, in the order of their names.
fn files() -> Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder())?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<Vec<Recorded>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    text.lines()
        .map(|line| Recorded::parse(line).map_err(|why| anyhow!("{}: {why}", path.display())))
        .collect()
}

fn write(path: &Path, records: &[Recorded]) -> Result<()> {
    let text: String = records.iter().map(Recorded::line).collect();
    fs::write(path, &text).with_context(|| path.display().to_string())?;
    println!("{}: {} cases, {} bytes", path.display(), records.len(), text.len());
    Ok(())
}

/// How many cases are recorded, and those of them that are kept by hand, for no release in particular.
///
/// # Errors
/// A file cannot be read.
pub(crate) fn recorded_cases() -> Result<(usize, Vec<Case>)> {
    let mut count = 0;
    let mut by_hand = Vec::new();
    for path in files()? {
        let records = read(&path)?;
        count += records.len();
        if !path.ends_with(CHOSEN) {
            by_hand.extend(records);
        }
    }
    let by_hand =
        by_hand.iter().map(|record| Case::parse(&record.case.to_string())).collect::<Result<_>>()?;
    Ok((count, by_hand))
}

/// The cases with what each release answers.
///
/// # Errors
/// The real program cannot be run.
pub(crate) fn ask_all(cases: Vec<Value>, jobs: usize) -> Result<Vec<Recorded>> {
    let mut records: Vec<Recorded> =
        cases.into_iter().map(|case| Recorded { case, answers: Vec::new() }).collect();
    for release in MODELLED {
        let cases = records.iter().map(|record| Case::parse(&record.case_of(release).to_string()));
        let cases = cases.collect::<Result<Vec<_>>>()?;
        let answers = answerers::ask_hermes(&Hermes::of(release)?, &cases, jobs)?;
        for (record, answers) in records.iter_mut().zip(answers) {
            record.answers.push((release.to_owned(), answers));
        }
    }
    Ok(records)
}

/// Writes the answers to the cases of `cargo xtask switches`.
///
/// # Errors
/// The real program cannot be run, or the file cannot be written.
pub(crate) fn write_switches(cases: Vec<Value>, jobs: usize) -> Result<()> {
    write(&folder().join(SWITCHES), &ask_all(cases, jobs)?)
}

/// Generated cases that could be recorded, and what each would add.
struct Pool {
    cases: Vec<Case>,
    /// What a case reaches of each release in which it was measured, and the questions that it asks.
    parts: Vec<BTreeSet<Part>>,
}

/// A line or branch of a release, by its number; the release by its place.
type Part = (usize, u32);

impl Pool {
    /// Generates and measures cases.
    fn measure() -> Result<Self> {
        let newest = Hermes::of(NEWEST)?;
        let mut cases = Vec::new();
        let (mut small, mut large, mut in_older) = (Vec::new(), Vec::new(), Vec::new());
        for seed in SEEDS {
            let made = answerers::generate(&newest, seed, OF_EACH)?;
            let mut of_seed = 0;
            for case in made.into_iter().filter(|case| !asks_for_everything(case)) {
                let at = cases.len();
                if case.line.len() <= SMALL {
                    of_seed += 1;
                    small.push(at);
                    in_older.extend((of_seed <= MEASURED_IN_OLDER).then_some(at));
                } else if case.line.len() <= LARGE {
                    large.push(at);
                }
                cases.push(case);
            }
        }
        let mut pool = Self { parts: vec![BTreeSet::new(); cases.len()], cases };
        for release in MODELLED {
            let batches = if release == NEWEST { vec![&small, &large] } else { vec![&in_older] };
            for batch in batches {
                pool.measure_in(release, batch)?;
            }
        }
        Ok(pool)
    }

    /// Measures some of the cases in a release.
    fn measure_in(&mut self, release: &str, some: &[usize]) -> Result<()> {
        let place = MODELLED.iter().position(|own| *own == release).unwrap_or(0);
        let asked = some.iter().filter_map(|at| self.cases.get(*at)).map(|case| case.of_release(release));
        let reached =
            Reached::measure(&Hermes::of(release)?, &asked.collect::<Result<Vec<_>>>()?)?.parts()?;
        for (at, reached) in some.iter().zip(reached) {
            if let Some(parts) = self.parts.get_mut(*at) {
                parts.extend(reached.into_iter().map(|part| (place, part)));
            }
        }
        Ok(())
    }

    fn size(&self, at: usize) -> usize {
        self.cases.get(at).map_or(0, |case| case.line.len())
    }

    /// The cases that together reach all that the pool reaches: always the one next that adds most for its size.
    fn cover(&self) -> BTreeSet<usize> {
        let mut seen: BTreeSet<Part> = BTreeSet::new();
        let mut chosen = BTreeSet::new();
        let worth = |at: usize, seen: &BTreeSet<Part>| {
            let new = self.parts.get(at).map_or(0, |parts| parts.difference(seen).count());
            (new * 1_000_000 / (self.size(at) + OVERHEAD), std::cmp::Reverse(at))
        };
        // What a case adds only shrinks: the first whose worth is still what it was is the best.
        let mut heap: BinaryHeap<_> = (0..self.cases.len()).map(|at| worth(at, &seen)).collect();
        while let Some((old, at)) = heap.pop() {
            let (new, _) = worth(at.0, &seen);
            if new == 0 {
                continue;
            }
            if new < old {
                heap.push((new, at));
                continue;
            }
            seen.extend(self.parts.get(at.0).into_iter().flatten());
            chosen.insert(at.0);
        }
        chosen
    }

    /// Counts what a case asks and runs.
    fn take<'p>(&'p self, at: usize, asked: &mut BTreeMap<&'p str, usize>, runs: &mut BTreeSet<u64>) {
        for question in self.cases.get(at).map_or(&[][..], Case::questions) {
            *asked.entry(kind(question)).or_default() += 1;
        }
        runs.insert(self.all_parts(at));
    }

    /// A number that stands for all that a case reaches.
    fn all_parts(&self, at: usize) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.parts.get(at).hash(&mut hasher);
        hasher.finish()
    }

    /// Adds cases until there are enough: of the question that is asked least, the smallest that runs other code than
    /// those that are chosen, or else just the smallest.
    fn fill(&self, chosen: &mut BTreeSet<usize>, enough: usize) {
        let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
        for question in self.cases.iter().flat_map(Case::questions) {
            asked.entry(kind(question)).or_default();
        }
        let mut runs = BTreeSet::new();
        for at in chosen.iter() {
            self.take(*at, &mut asked, &mut runs);
        }
        let small = (0..self.cases.len()).filter(|at| self.size(*at) <= SMALL);
        let mut by_size: Vec<(usize, u64)> = small.map(|at| (at, self.all_parts(at))).collect();
        by_size.sort_by_key(|(at, _)| self.size(*at));
        while chosen.len() < enough {
            let Some((question, _)) = asked.iter().min_by_key(|(_, times)| **times) else { break };
            let question = *question;
            let asks = |case: &Case| case.questions().iter().any(|own| kind(own) == question);
            let new = |(at, _): &&(usize, u64)| !chosen.contains(at) && self.cases.get(*at).is_some_and(asks);
            let other = by_size.iter().filter(new).find(|(_, parts)| !runs.contains(parts));
            match other.or_else(|| by_size.iter().find(new)).copied() {
                Some((at, _)) => {
                    self.take(at, &mut asked, &mut runs);
                    chosen.insert(at);
                }
                // All that ask it are chosen.
                None => drop(asked.remove(question)),
            }
        }
    }
}

/// Whether a case asks for the whole config: its answers are long, and others in every release.
fn asks_for_everything(case: &Case) -> bool {
    case.questions()
        .iter()
        .any(|question| kind(question) == "config" && question.get("path").is_none_or(|path| path == ""))
}

/// The generated cases that are recorded, in the order in which they were generated.
fn choose_cases() -> Result<Vec<Value>> {
    let pool = Pool::measure()?;
    let mut chosen = pool.cover();
    println!("{} of {} cases reach all that they reach together", chosen.len(), pool.cases.len());
    pool.fill(&mut chosen, KEPT);
    let ledgers = MODELLED.iter().map(|release| Ledger::read(release)).collect::<Result<Vec<_>>>()?;
    let chosen = chosen.into_iter().filter_map(|at| pool.cases.get(at));
    // What we answer to these is not known here.
    let chosen = chosen.filter(|case| !ledgers.iter().any(|ledger| ledger.may_be_about(case)));
    Ok(chosen.map(Case::without_release).collect())
}

fn check_recorded(jobs: usize) -> Result<()> {
    let records = files()?.iter().map(|path| read(path)).collect::<Result<Vec<_>>>()?.concat();
    for release in MODELLED {
        let mut cases = Vec::new();
        let mut recorded = Vec::new();
        for record in &records {
            let answers = record.answers.iter().find(|(own, _)| own == release);
            let Some((_, answers)) = answers else {
                bail!("case {}: {release} was not asked; run `cargo xtask record`", record.case["id"])
            };
            cases.push(Case::parse(&record.case_of(release).to_string())?);
            recorded.push(answers);
        }
        let answers = answerers::ask_hermes(&Hermes::of(release)?, &cases, jobs)?;
        for ((case, answers), recorded) in cases.iter().zip(&answers).zip(recorded) {
            for ((question, answer), recorded) in case.questions().iter().zip(answers).zip(recorded) {
                if answer.get("absent") != recorded.get("absent")
                    || compare(answer, recorded) == Verdict::Differ
                {
                    bail!(
                        "case {} of {release}: {question} now has another answer; run `cargo xtask record`",
                        case.id()
                    );
                }
            }
        }
        println!("{} recorded cases have the same answers of {release}", cases.len());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pool of cases with the questions of `ask`, and the parts that each reaches of the newest release.
    fn pool(cases: &[(&[&str], &[u32])]) -> Pool {
        let case = |(number, (ask, _)): (usize, &(&[&str], &[u32]))| {
            let ask: Vec<Value> = ask.iter().map(|kind| serde_json::json!({"do": kind})).collect();
            Case::parse(&serde_json::json!({"id": number.to_string(), "ask": ask}).to_string()).unwrap()
        };
        let parts = |(_, parts): &(&[&str], &[u32])| parts.iter().map(|part| (0, *part)).collect();
        Pool { cases: cases.iter().enumerate().map(case).collect(), parts: cases.iter().map(parts).collect() }
    }

    #[test]
    fn what_is_chosen_reaches_all_that_the_pool_reaches_and_nothing_twice_over() {
        let pool = pool(&[
            (&["list"], &[1, 2]),
            (&["list"], &[1, 2, 3, 4]),
            (&["list"], &[3]),
            (&["list"], &[5]),
            (&["list"], &[]),
        ]);
        assert_eq!(pool.cover(), BTreeSet::from([1, 3]));
    }

    #[test]
    fn a_small_case_is_preferred_to_a_large_one_that_reaches_the_same() {
        let long = ["list"; 50];
        let pool = pool(&[(&long, &[1, 2]), (&["list"], &[1, 2])]);
        assert_eq!(pool.cover(), BTreeSet::from([1]));
    }

    #[test]
    fn the_rest_is_filled_with_what_is_asked_least_and_runs_other_code() {
        let pool = pool(&[(&["list"], &[1]), (&["store"], &[1]), (&["store"], &[2]), (&["list"], &[1])]);
        let mut chosen = pool.cover();
        assert_eq!(chosen, BTreeSet::from([0, 2]));
        pool.fill(&mut chosen, 3);
        // Both questions are asked once, and both cases run what is run already: the first of the alphabet, then.
        assert_eq!(chosen, BTreeSet::from([0, 2, 3]));
        pool.fill(&mut chosen, 9);
        assert_eq!(chosen, BTreeSet::from([0, 1, 2, 3]), "there are no more");
    }
}
