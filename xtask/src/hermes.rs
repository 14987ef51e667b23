//! The releases of the real `hermes-agent` that can be run, each as it was published.
//!
//! The newest one is installed with all that it needs into a virtual environment. An older one is unpacked beside it and
//! comes first on the module path there: its own dependencies are a subset, pinned within the same ranges.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::tools::{output, python, run, target_folder};

/// The variable that names an interpreter with the newest release installed, in place of one under `target`.
const PYTHON: &str = "POOLCHECK_HERMES_PYTHON";

/// The releases that can be run, newest first.
pub(crate) const RELEASES: [&str; 7] = ["0.19.0", "0.18.2", "0.17.0", "0.16.0", "0.15.2", "0.14.0", "0.13.0"];

/// Those that our core models, newest first: all of `src/facts/mod.rs` but those that were only read.
pub(crate) const MODELLED: [&str; 7] = ["0.19.0", "0.18.2", "0.17.0", "0.16.0", "0.15.2", "0.14.0", "0.13.0"];

/// Those that our core models and that cannot be run: they were read in the source. `src/facts/mod.rs` has the same list.
pub(crate) const READ: [&str; 1] = ["0.21.4"];

/// Those that reports speak of: their tables are published.
pub(crate) const EXPLAINED: [&str; 8] =
    ["0.21.4", "0.19.0", "0.18.2", "0.17.0", "0.16.0", "0.15.2", "0.14.0", "0.13.0"];

/// The newest of them.
pub(crate) const NEWEST: &str = RELEASES[0];

/// A release of the real program that is there to be run.
#[derive(Clone)]
pub(crate) struct Hermes {
    /// Its number.
    pub(crate) release: String,
    python: PathBuf,
    /// Where it is unpacked, if it is not the one that is installed.
    unpacked: Option<PathBuf>,
}

impl Hermes {
    /// The release of this number. The first call installs it, and for an older one the newest release too.
    ///
    /// # Errors
    /// The release cannot be run, there is no Python, or the installation fails.
    pub(crate) fn of(release: &str) -> Result<Self> {
        if !RELEASES.contains(&release) {
            let read = if READ.contains(&release) { ": it was read in the source" } else { "" };
            bail!("Hermes Agent {release} cannot be run here{read}; these can: {}", RELEASES.join(", "));
        }
        let python = installed()?;
        let unpacked = if release == NEWEST { None } else { Some(unpacked(release, &python)?) };
        Ok(Self { release: release.to_owned(), python, unpacked })
    }

    /// A call of its interpreter.
    pub(crate) fn python(&self) -> Command {
        let mut command = Command::new(&self.python);
        command.env("PYTHONDONTWRITEBYTECODE", "1").env_remove("PYTHONPATH");
        if let Some(folder) = &self.unpacked {
            command.env("PYTHONPATH", folder);
        }
        command
    }
}

/// The interpreter that has the newest release installed.
fn installed() -> Result<PathBuf> {
    if let Some(named) = env::var_os(PYTHON) {
        return Ok(named.into());
    }
    let folder = target_folder().join("hermes-venvs").join(NEWEST);
    let interpreter =
        if cfg!(windows) { folder.join("Scripts/python.exe") } else { folder.join("bin/python") };
    let complete = folder.join("poolcheck-complete");
    if !complete.exists() {
        eprintln!("Installing hermes-agent {NEWEST} into {} (once)", folder.display());
        run(Command::new(python()?).args(["-m", "venv", "--clear"]).arg(&folder))?;
        run(Command::new(&interpreter)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .arg(format!("hermes-agent=={NEWEST}")))?;
        fs::write(&complete, "")?;
    }
    Ok(interpreter)
}

/// The folder in which the wheel of `release` is unpacked.
fn unpacked(release: &str, python: &PathBuf) -> Result<PathBuf> {
    let folder = target_folder().join("hermes-wheels").join(release);
    let complete = folder.join("poolcheck-complete");
    if !complete.exists() {
        eprintln!("Unpacking hermes-agent {release} into {} (once)", folder.display());
        let wheels = folder.with_extension("wheel");
        for old in [&folder, &wheels] {
            if old.exists() {
                fs::remove_dir_all(old)?;
            }
        }
        run(Command::new(python)
            .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"])
            .args(["--only-binary=:all:", "--dest"])
            .arg(&wheels)
            .arg(format!("hermes-agent=={release}")))?;
        for wheel in fs::read_dir(&wheels)? {
            run(Command::new(python).args(["-m", "zipfile", "-e"]).arg(wheel?.path()).arg(&folder))?;
        }
        fs::remove_dir_all(&wheels)?;
        // As pip does where it installs; otherwise every run compiles what it imports.
        run(Command::new(python).args(["-m", "compileall", "-q", "-j", "0"]).arg(&folder))?;
        fs::write(&complete, "")?;
    }
    let hermes =
        Hermes { release: release.to_owned(), python: python.clone(), unpacked: Some(folder.clone()) };
    const VERSION: &str = "import importlib.metadata; print(importlib.metadata.version('hermes-agent'))";
    let found = output(hermes.python().args(["-P", "-c", VERSION]))?;
    if found.trim() != release {
        bail!("{} holds Hermes Agent {}, not {release}: remove it", folder.display(), found.trim());
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::workspace_root;

    #[test]
    fn the_core_knows_the_modelled_releases() {
        let core = fs::read_to_string(workspace_root().join("src/facts/mod.rs")).unwrap();
        let listed = |name: &str| -> Vec<&str> {
            let list =
                core.split_once(&format!("{name}: [&str;")).and_then(|(_, rest)| rest.split(';').next());
            list.unwrap().split('"').skip(1).step_by(2).collect()
        };
        assert_eq!(listed("RELEASES"), [&READ[..], &MODELLED].concat());
        assert_eq!(listed("READ"), READ);
        assert_eq!(listed("EXPLAINED"), EXPLAINED);
        assert!(MODELLED.iter().all(|release| RELEASES.contains(release)));
    }
}
