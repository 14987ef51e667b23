//! `cargo xtask coverage`: how much of the real program's code cases reach.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::answerers::{self, Case};
use crate::hermes::{Hermes, NEWEST};
use crate::{flags, tools};

/// The coverage.py that measures.
const COVERAGE: &str = "coverage==7.17.3";

/// Runs the command.
///
/// # Errors
/// Something cannot be installed or run.
pub(crate) fn coverage(flags: flags::Coverage) -> Result<()> {
    let hermes = Hermes::of(flags.hermes.as_deref().unwrap_or(NEWEST))?;
    let cases = match flags.cases {
        Some(file) => {
            let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            answerers::parse_cases(&text)?
        }
        None => answerers::generate(&hermes, flags.seed.unwrap_or(1), flags.count.unwrap_or(1000))?,
    };
    let reached = Reached::measure(&hermes, &cases)?;
    print!("{}", if flags.missing { reached.missing()? } else { reached.table()? });
    Ok(())
}

/// How much of a file is reached.
#[derive(Deserialize)]
pub(crate) struct Share {
    /// The file, within the release.
    pub(crate) file: String,
    /// Lines that are reached, and all that count.
    pub(crate) lines: [usize; 2],
    /// Branches that are reached, and all that count.
    pub(crate) branches: [usize; 2],
}

/// What some cases reach of a release, as coverage.py measured it.
pub(crate) struct Reached {
    hermes: Hermes,
    tools: PathBuf,
    measured: PathBuf,
}

impl Reached {
    /// Asks the real program the cases and measures. What was measured before is kept under `target/hermes-coverage`.
    ///
    /// # Errors
    /// coverage.py cannot be installed, or the driver cannot be run.
    pub(crate) fn measure(hermes: &Hermes, cases: &[Case]) -> Result<Self> {
        let folder = tools::target_folder().join("hermes-coverage");
        let tools = folder.join("tools");
        if !tools.join("coverage").exists() {
            tools::run(
                hermes
                    .python()
                    .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"])
                    .arg(&tools)
                    .arg(COVERAGE),
            )?;
        }
        let mut key = DefaultHasher::new();
        (&hermes.release, answerers::driver_texts()?, target_files()?).hash(&mut key);
        cases.iter().for_each(|case| case.line.hash(&mut key));
        let measured = folder.join(format!("{}-{:016x}.json", hermes.release, key.finish()));
        let reached = Self { hermes: hermes.clone(), tools, measured };
        if !reached.measured.exists() {
            let asked = reached.measured.with_extension("jsonl");
            fs::write(&asked, cases.iter().map(|case| format!("{}\n", case.line)).collect::<String>())?;
            let driver = answerers::differential_folder().join("driver.py");
            tools::run(reached.script().arg("--run").arg(driver).args([&asked, &reached.measured]))?;
            fs::remove_file(&asked)?;
        }
        Ok(reached)
    }

    fn script(&self) -> Command {
        let folder = answerers::differential_folder();
        let mut command = self.hermes.python();
        command.arg(folder.join("branch_coverage.py")).arg("--targets").arg(folder.join("reach.toml"));
        command.args(["--hermes", &self.hermes.release]).arg("--tools").arg(&self.tools);
        if self.hermes.release == NEWEST {
            command.arg("--newest");
        }
        command
    }

    /// The shares of lines and branches, file by file, in Markdown.
    ///
    /// # Errors
    /// The measurement cannot be read, or something is left out of it that is not there.
    pub(crate) fn table(&self) -> Result<String> {
        tools::output(self.script().arg("--table").arg(&self.measured))
    }

    /// The same, to compute with.
    ///
    /// # Errors
    /// As [`Reached::table`].
    pub(crate) fn shares(&self) -> Result<Vec<Share>> {
        let text = tools::output(self.script().arg("--shares").arg(&self.measured))?;
        serde_json::from_str(&text).context("shares")
    }

    fn missing(&self) -> Result<String> {
        tools::output(self.script().arg("--missing").arg(&self.measured))
    }

    /// The lines and branches that each case reaches, as numbers.
    ///
    /// # Errors
    /// As [`Reached::table`].
    pub(crate) fn parts(&self) -> Result<Vec<Vec<u32>>> {
        let text = tools::output(self.script().arg("--parts").arg(&self.measured))?;
        text.lines().map(|line| serde_json::from_str(line).context("parts")).collect()
    }
}

/// The files that are measured: what is left out of them does not change a measurement.
fn target_files() -> Result<Vec<String>> {
    let text = fs::read_to_string(answerers::differential_folder().join("reach.toml"))?;
    let targets: toml::Table = toml::from_str(&text).context("reach.toml")?;
    let Some(targets) = targets.get("target").and_then(toml::Value::as_array) else { bail!("no targets") };
    Ok(targets
        .iter()
        .filter_map(|target| target.get("file").and_then(toml::Value::as_str).map(str::to_owned))
        .collect())
}
