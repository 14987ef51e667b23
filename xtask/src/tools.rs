//! What several commands need: the workspace's folder, running programs, and Python.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn workspace_root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// The folder that cargo builds into.
pub(crate) fn target_folder() -> PathBuf {
    let chosen = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    // As cargo reads it: from the folder in which the command was called.
    chosen
        .and_then(|folder| std::path::absolute(folder).ok())
        .unwrap_or_else(|| workspace_root().join("target"))
}

/// The cargo that runs this command.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace_root());
    command
}

/// Runs `command` with its output shown.
///
/// # Errors
/// It cannot be started, or it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot run {command:?}"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}

/// Runs `command` and returns what it printed on standard output; its standard error is shown.
///
/// # Errors
/// It cannot be started, fails, or prints what is not UTF-8.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot run {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} ended with {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{command:?} printed what is not UTF-8"))
}

/// A Python of version 3.11 or later.
///
/// # Errors
/// There is none on the search path.
pub(crate) fn python() -> Result<PathBuf> {
    const CHECK: &str = "import sys; sys.exit(sys.version_info < (3, 11))";
    ["python3", "python3.11", "python3.12", "python3.13", "python"]
        .into_iter()
        .find(|name| {
            let quiet = Command::new(name).args(["-c", CHECK]).stderr(Stdio::null()).status();
            quiet.is_ok_and(|status| status.success())
        })
        .map(PathBuf::from)
        .context("no Python 3.11 or later found: install one, or name one that has hermes-agent installed in POOLCHECK_HERMES_PYTHON")
}
