//! `cargo xtask facts`: the tables of a release, taken from the installed `hermes-agent` into `data/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use crate::hermes::{Hermes, NEWEST, READ, RELEASES};
use crate::{facts_read, flags, tools};

/// The program that reads the tables.
const DUMPER: &str = include_str!("facts.py");

/// The program that prints the default configuration.
const DEFAULTS: &str = include_str!("defaults.py");

/// The program that prints the tables of characters.
const UNICODE: &str = include_str!("unicode.py");

/// `cargo xtask facts`: writes `data/hermes-RELEASE.json` of one release or of all, and
/// its default configuration: for the newest release as a pasted world of the corpus, with its interpreter's tables of
/// characters, for the others in `tests/defaults`; with `--check` compares them. The tables of a release that cannot be run are made of those of an older one
/// and `data/read/`.
///
/// # Errors
/// The package cannot be had or read; with `--check`, the file is not what the package says.
pub(crate) fn facts(flags: flags::Facts) -> Result<()> {
    let releases = match flags.hermes {
        Some(release) => vec![release],
        None => RELEASES.iter().chain(&READ).map(|release| (*release).to_owned()).collect(),
    };
    let check = flags.check;

    // What is read of a release in the source is put on the tables of one that can be run.
    let (read, run): (Vec<_>, Vec<_>) = releases.iter().partition(|release| READ.contains(&release.as_str()));
    for release in &run {
        Hermes::of(release)?;
    }
    // One after the other, they keep one processor busy for minutes.
    thread::scope(|scope| {
        let ran: Vec<_> = run.iter().map(|release| scope.spawn(|| facts_of(release, check))).collect();
        ran.into_iter().try_for_each(|one| one.join().map_err(|_| anyhow!("a thread panicked"))?)
    })?;
    read.iter().try_for_each(|release| facts_of(release, check))
}

fn facts_of(release: &str, check: bool) -> Result<()> {
    if READ.contains(&release) {
        return write_or_compare(&path(release), &facts_read::tables(release)?, check, release);
    }
    let hermes = Hermes::of(release)?;
    // `-P`: no module of the current folder comes before those of the package.
    let tables = tools::output(hermes.python().args(["-P", "-c", DUMPER]))?;
    let found: serde_json::Value = serde_json::from_str(&tables).context("the tables are no JSON")?;
    if found.get("release").and_then(serde_json::Value::as_str) != Some(release) {
        bail!("the interpreter has another release than {release} installed");
    }

    let mut files = vec![(path(release), tables)];
    let programs = if release == NEWEST {
        vec![
            ("tests/corpus/defaults/config.yaml".to_owned(), DEFAULTS),
            ("data/unicode-14.txt".to_owned(), UNICODE),
        ]
    } else {
        vec![(format!("tests/defaults/{release}.yaml"), DEFAULTS)]
    };
    for (path, program) in programs {
        let content = tools::output(hermes.python().args(["-P", "-c", program]))?;
        files.push((tools::workspace_root().join(path), content));
    }
    for (path, content) in files {
        write_or_compare(&path, &content, check, release)?;
    }
    Ok(())
}

fn write_or_compare(path: &Path, content: &str, check: bool, release: &str) -> Result<()> {
    if !check {
        fs::create_dir_all(path.parent().context("a path without a folder")?)?;
        fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))?;
        println!("wrote {}", path.display());
        return Ok(());
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    match first_difference(&written, content) {
        None => {
            println!("{} is what hermes-agent {release} says", path.display());
            Ok(())
        }
        Some((line, here, there)) => bail!(
            "{} differs from hermes-agent {release} in line {line}:\n  here:  {here}\n  there: {there}\n\
             Run `cargo xtask facts --hermes {release}` and review what changes.",
            path.display()
        ),
    }
}

fn path(release: &str) -> PathBuf {
    tools::workspace_root().join("data").join(format!("hermes-{release}.json"))
}

/// The number, from 1, of the first line in which two texts differ, and that line in both.
fn first_difference<'t>(one: &'t str, other: &'t str) -> Option<(usize, &'t str, &'t str)> {
    if one == other {
        return None;
    }
    let (mut one, mut other) = (one.lines(), other.lines());
    let mut number = 1;
    loop {
        match (one.next(), other.next()) {
            (Some(here), Some(there)) if here == there => number += 1,
            (here, there) => return Some((number, here.unwrap_or("(end)"), there.unwrap_or("(end)"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some((2, "b", "c")));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some((2, "(end)", "b")));
    }
}
