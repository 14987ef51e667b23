//! `cargo xtask coverage`: how much of the real program's code the generated cases reach.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::answerers;
use crate::hermes::{Hermes, NEWEST};
use crate::tools;

/// The coverage.py that measures: one that knows `process_startup` and forks.
const COVERAGE: &str = "coverage==7.17.3";

const USAGE: &str = "\
cargo xtask coverage [--hermes RELEASE] [--seed N] [--count N] [--missing]

Asks the real program generated cases, measured by coverage.py, and prints the share of lines and branches that they reach of
what tests/differential/reach.toml names; with --missing, what they do not reach.
";

/// Runs the command.
///
/// # Errors
/// Something cannot be installed or run.
pub(crate) fn coverage(mut arguments: Vec<String>) -> Result<()> {
    if tools::take_flag(&mut arguments, "--help") {
        print!("{USAGE}");
        return Ok(());
    }
    let release = tools::take_option(&mut arguments, "--hermes")?.unwrap_or_else(|| NEWEST.to_owned());
    let seed = tools::take_option(&mut arguments, "--seed")?.unwrap_or_else(|| "1".to_owned());
    let count = tools::take_option(&mut arguments, "--count")?.unwrap_or_else(|| "1000".to_owned());
    let missing = tools::take_flag(&mut arguments, "--missing");
    tools::nothing_left(&arguments)?;
    print!(
        "{}",
        table(&release, seed.parse().context("--seed")?, count.parse().context("--count")?, missing)?
    );
    Ok(())
}

/// What the cases of a seed reach of a release, as a table in Markdown; with `missing`, what they do not reach.
///
/// # Errors
/// As [`coverage`].
pub(crate) fn table(release: &str, seed: u64, count: usize, missing: bool) -> Result<String> {
    let hermes = Hermes::of(release)?;
    let folder = tools::target_folder().join("hermes-coverage");
    let (measurer, work) = (folder.join("tools"), folder.join(release));
    if !measurer.join("coverage").exists() {
        tools::run(
            hermes
                .python()
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"])
                .arg(&measurer)
                .arg(COVERAGE),
        )?;
    }
    fs::create_dir_all(&work)?;
    let cases: String =
        answerers::generate(&hermes, seed, count)?.iter().map(|case| format!("{}\n", case.line)).collect();
    let asked = work.join("cases.jsonl");
    fs::write(&asked, cases)?;
    let differential = tools::workspace_root().join("tests/differential");
    let script = || -> Command {
        let mut command = hermes.python();
        command.arg(differential.join("branch_coverage.py"));
        command
    };
    let driver = differential.join("driver.py");
    tools::run(script().arg("--run").args([&measurer, &work, &driver, &asked]))?;
    let mut report = script();
    report.arg("--report").arg(&work).arg(differential.join("reach.toml"));
    if missing {
        report.arg("--missing");
    }
    tools::output(&mut report)
}
