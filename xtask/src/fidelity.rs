//! `docs/fidelity.md`: how far the core agrees with the real program, and how much of that program the cases put to the
//! test. `cargo xtask diff --fidelity` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::Result;

use crate::coverage;
use crate::diff::Tally;

const ANSWERS: &str = "\
## Answers

A case is a small world (files, environment, time) with questions about it;
[the protocol](../tests/differential/README.md) says what each question means. Each cell: how many answers were compared,
how many of them differ, and how many the core leaves open because it does not model what decides them. Differences that
`known_differences.toml` lists with a reason stand in brackets. A dash: the release has no such question.
";

const REACHED: &str = "\
## What the cases reach

Lines and branches of the real program's deciding code that the same cases run, measured by coverage.py.
`tests/differential/reach.toml` names what counts, and what is left out with the reason.
";

/// The page for cases of a seed and what became of them in each release.
///
/// # Errors
/// What the cases reach cannot be measured.
pub(crate) fn page(seed: u64, count: usize, tables: &[(&str, BTreeMap<String, Tally>)]) -> Result<String> {
    let command = format!("cargo xtask diff --seed {seed} --count {count} --fidelity");
    let mut page = format!(
        "# How exact poolcheck is\n\nThe same {count} generated cases were put to each release of the real Hermes Agent and to poolcheck's \
         core.\n`{command}` does it and writes this page.\n\n{ANSWERS}\n| question |"
    );
    for (release, _) in tables {
        let _ = write!(page, " {release} |");
    }
    let _ = write!(page, "\n| --- |{}\n", " --- |".repeat(tables.len()));
    let kinds: BTreeSet<&String> = tables.iter().flat_map(|(_, tallies)| tallies.keys()).collect();
    for kind in kinds {
        let _ = write!(page, "| `{kind}` |");
        for (_, tallies) in tables {
            page += &tallies.get(kind).map_or_else(|| " – |".to_owned(), cell);
        }
        page.push('\n');
    }
    let _ = write!(page, "\n{REACHED}");
    for (release, _) in tables {
        let _ = write!(page, "\n### {release}\n\n{}", coverage::table(release, seed, count, false)?);
    }
    Ok(page)
}

fn cell(tally: &Tally) -> String {
    let compared = tally.asked - tally.not_judged;
    if compared == 0 {
        return " – |".to_owned();
    }
    let mut cell = format!(" {compared}, {} differ", tally.differ);
    if tally.known > 0 {
        let _ = write!(cell, " ({} known)", tally.known);
    }
    if tally.not_modelled > 0 {
        let _ = write!(cell, ", {} open", tally.not_modelled);
    }
    cell + " |"
}
