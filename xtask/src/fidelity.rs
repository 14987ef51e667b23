//! `docs/fidelity.md`: how far the core agrees with the real program, and how much of that program the cases put to the
//! test. `cargo xtask diff --fidelity` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};

use crate::answerers;
use crate::coverage::{Reached, Share};
use crate::diff::Tally;
use crate::hermes::{Hermes, READ};
use crate::ledger::Known;
use crate::{record, tools};

/// How many of the generated cases are measured in each release: measuring takes three times as long as asking.
const MEASURED: usize = 2000;

/// What is not modelled in a case's later questions, because something before was not, begins so.
const AFTER: &str = "what comes after ";

/// Releases beside what became of the questions that they were asked.
type Results<'r> = [(&'r Hermes, BTreeMap<String, Tally>)];

/// Writes the page for cases of a seed, what became of them in each release, and how often each known difference was met.
///
/// # Errors
/// What the cases reach cannot be measured, or the file cannot be written.
pub(crate) fn write(seed: u64, count: usize, results: &Results<'_>, known: &[(&Known, usize)]) -> Result<()> {
    let (recorded, by_hand) = record::recorded_cases()?;
    let mut shares = Vec::new();
    for (hermes, _) in results {
        println!("measuring what the cases reach of {}", hermes.release);
        let mut cases = answerers::generate(hermes, seed, count.min(MEASURED))?;
        for case in &by_hand {
            cases.push(case.of_release(&hermes.release)?);
        }
        shares.push((hermes.release.as_str(), Reached::measure(hermes, &cases)?.shares()?));
    }
    let releases: Vec<(&str, &BTreeMap<String, Tally>)> =
        results.iter().map(|(hermes, tallies)| (hermes.release.as_str(), tallies)).collect();
    let page = [
        introduction(seed, count, &releases),
        answers(&releases),
        left_open(&releases),
        differences(known),
        only_read(),
        reached(count, by_hand.len(), &shares),
        again(seed, count, recorded),
    ]
    .concat();
    let path = tools::workspace_root().join("docs/fidelity.md");
    fs::write(&path, page).with_context(|| path.display().to_string())?;
    println!("wrote {}", path.display());
    Ok(())
}

type Tallies<'t> = [(&'t str, &'t BTreeMap<String, Tally>)];

fn command(seed: u64, count: usize) -> String {
    format!("cargo xtask diff --seed {seed} --count {count} --fidelity")
}

fn introduction(seed: u64, count: usize, releases: &Tallies<'_>) -> String {
    let all = Sum::of(releases.iter().flat_map(|(_, tallies)| tallies.values()));
    format!(
        "# How exact poolcheck is\n\n\
         poolcheck says what Hermes Agent would do. Here is how that was tested: the same {} generated cases were put to each of \
         {} releases of the real program and to poolcheck's core, and every answer was compared. Of {} answers, {} differed; \
         {} questions poolcheck left open, because it does not model what decides them, and says so.\n\n\
         This page is written by `{}`.\n\n",
        grouped(count),
        releases.len(),
        grouped(all.compared),
        grouped(all.differ + all.known),
        grouped(all.open),
        command(seed, count),
    )
}

/// What some tallies come to together.
#[derive(Default)]
struct Sum {
    /// Answers that could be compared.
    compared: usize,
    differ: usize,
    known: usize,
    open: usize,
}

impl Sum {
    fn of<'t>(tallies: impl Iterator<Item = &'t Tally>) -> Self {
        let mut sum = Self::default();
        for tally in tallies {
            sum.compared += tally.asked - tally.not_judged - tally.not_modelled;
            sum.differ += tally.differ;
            sum.known += tally.known;
            sum.open += tally.not_modelled;
        }
        sum
    }

    fn cell(&self) -> String {
        if self.compared + self.open == 0 {
            return "–".to_owned();
        }
        let mut cell = grouped(self.compared);
        if self.differ > 0 {
            let _ = write!(cell, ", **{} differ**", grouped(self.differ));
        }
        if self.known > 0 {
            let _ = write!(cell, ", {} known", grouped(self.known));
        }
        if self.open > 0 {
            let _ = write!(cell, ", {} open", grouped(self.open));
        }
        cell
    }
}

/// A number with its thousands set apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let parts: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    parts.iter().map(|part| String::from_utf8_lossy(part)).collect::<Vec<_>>().join(",")
}

/// The head of a table with a column for each release.
fn head<'r>(first: &str, releases: impl Iterator<Item = &'r str>) -> String {
    let names: Vec<&str> = releases.collect();
    format!("| {first} | {} |\n| --- |{}\n", names.join(" | "), " ---: |".repeat(names.len()))
}

fn row(first: &str, cells: impl Iterator<Item = String>) -> String {
    format!("| {first} | {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

fn answers(releases: &Tallies<'_>) -> String {
    let mut text = "## Answers\n\n\
         A case is a small world (files, environment, time) with questions about it; \
         [the protocol](../tests/differential/README.md) says what each question means. A cell tells how many answers were \
         compared; then, if there are any, how many **differ**, how many differ in a way that is known, and how many questions \
         are left open. A dash: the release has no such question.\n\n"
        .to_owned();
    text += &head("question", releases.iter().map(|(release, _)| *release));
    let kinds: BTreeSet<&String> = releases.iter().flat_map(|(_, tallies)| tallies.keys()).collect();
    for kind in kinds {
        let cells = releases.iter().map(|(_, tallies)| Sum::of(tallies.get(kind).into_iter()).cell());
        text += &row(&format!("`{kind}`"), cells);
    }
    text += &row("all", releases.iter().map(|(_, tallies)| Sum::of(tallies.values()).cell()));
    text + "\n"
}

fn left_open(releases: &Tallies<'_>) -> String {
    let mut reasons: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, (_, tallies)) in releases.iter().enumerate() {
        for (reason, times) in tallies.values().flat_map(|tally| &tally.reasons) {
            let counts =
                reasons.entry(reason.trim_start_matches(AFTER)).or_insert_with(|| vec![0; releases.len()]);
            counts.iter_mut().skip(at).take(1).for_each(|count| *count += times);
        }
    }
    let mut text = "## What is left open\n\n\
         Where something decides that poolcheck does not model, it does not guess: its answer is that it is not modelled, and \
         so are later answers of the case that depend on it. How often that was so, by what it was:\n\n"
        .to_owned();
    if reasons.is_empty() {
        return text + "It was never so.\n\n";
    }
    let mut sorted: Vec<(&str, Vec<usize>)> = reasons.into_iter().collect();
    sorted.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.iter().sum::<usize>()));
    text += &head("not modelled", releases.iter().map(|(release, _)| *release));
    for (reason, counts) in sorted {
        text += &row(reason, counts.into_iter().map(grouped));
    }
    text + "\n"
}

fn differences(known: &[(&Known, usize)]) -> String {
    let mut text = "## Known differences\n\n\
         [A ledger](../tests/differential/known_differences.toml) lists the differences that are accepted; any other fails the \
         comparison, and so does an entry that nothing meets.\n\n"
        .to_owned();
    if known.is_empty() {
        return text + "It is empty.\n\n";
    }
    for (Known { question, releases, reason, link, .. }, times) in known {
        let _ = writeln!(
            text,
            "- `{question}` of {}: {reason} ({link}); met {times} times.",
            releases.join(", ")
        );
    }
    text + "\n"
}

fn only_read() -> String {
    let mut text = "## Releases that were only read\n\n".to_owned();
    for release in READ {
        let _ = writeln!(
            text,
            "- {release}: read in the source, not run. Its tables are those of the release before it and what was read; tests \
             beside the model hold what is different in it. None of its answers was compared with the program's."
        );
    }
    text + "\n"
}

fn reached(count: usize, by_hand: usize, shares: &[(&str, Vec<Share>)]) -> String {
    let mut text = format!(
        "## What the cases reach\n\n\
         Lines and branches of the real program's deciding code that were run by the first {} of the generated cases and the {} \
         recorded ones that are kept by hand, as coverage.py measured it: lines first, then branches. [`reach.toml`](../tests/differential/reach.toml) names \
         what counts, and every line that does not, with the reason. A dash: the release has no such file.\n\n",
        grouped(count.min(MEASURED)),
        grouped(by_hand),
    );
    text += &head("file", shares.iter().map(|(release, _)| *release));
    let mut files: Vec<&str> = Vec::new();
    for share in shares.iter().flat_map(|(_, shares)| shares) {
        if !files.contains(&share.file.as_str()) {
            files.push(&share.file);
        }
    }
    for file in files {
        let cell = |(_, shares): &(&str, Vec<Share>)| {
            let share = shares.iter().find(|share| share.file == *file);
            share.map_or_else(
                || "–".to_owned(),
                |share| format!("{}, {}", percent(share.lines), percent(share.branches)),
            )
        };
        text += &row(&format!("`{file}`"), shares.iter().map(cell));
    }
    text + "\n"
}

fn percent([good, all]: [usize; 2]) -> String {
    format!("{:.1} %", 100.0 * good as f64 / all.max(1) as f64)
}

fn again(seed: u64, count: usize, recorded: usize) -> String {
    format!(
        "## How to repeat it\n\n\
         ```sh\n{}\n```\n\n\
         It installs the newest of these releases and unpacks the others, asks both programs, compares, measures and writes this \
         page; with another seed it asks other cases. `cargo xtask coverage --missing` lists what the cases do not reach. \
         {} cases are recorded with the answers of every release: `cargo test` compares them where there is no Python, and turns \
         over each switch between two releases to see that a recorded answer then differs.\n",
        command(seed, count),
        grouped(recorded),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_cell_tells_what_there_is() {
        let tally =
            Tally { asked: 1010, differ: 2, known: 1, not_modelled: 3, not_judged: 7, ..Tally::default() };
        assert_eq!(Sum::of([&tally].into_iter()).cell(), "1,000, **2 differ**, 1 known, 3 open");
        let absent = Tally { asked: 5, not_judged: 5, ..Tally::default() };
        assert_eq!(Sum::of([&absent].into_iter()).cell(), "–");
    }

    #[test]
    fn reasons_are_counted_with_what_comes_after_them() {
        let reasons = [("a login".to_owned(), 2), (format!("{AFTER}a login"), 3)];
        let tally = Tally { reasons: reasons.into_iter().collect(), ..Tally::default() };
        let tallies: BTreeMap<String, Tally> = [("list".to_owned(), tally)].into_iter().collect();
        let empty = BTreeMap::new();
        assert!(left_open(&[("2", &tallies), ("1", &empty)]).contains("| a login | 5 | 0 |\n"));
    }
}
