//! `cargo xtask evidence [--check]`: asks the real program the cases in `tests/evidence/` again, one file a
//! rule, and writes its answers into them, or compares.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::answerers::{self, Case};
use crate::tools;

const RELEASE: &str = "0.19.0";

/// Runs the command.
///
/// # Errors
/// A file is no evidence, the real program cannot be asked, or with `--check` an answer differs.
pub(crate) fn evidence(mut arguments: Vec<String>) -> Result<()> {
    let check = tools::take_flag(&mut arguments, "--check");
    tools::nothing_left(&arguments)?;
    let folder = tools::workspace_root().join("tests/evidence");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        let evidence: Value = serde_json::from_str(&text).with_context(|| format!("{}", path.display()))?;
        let case = Case::parse(&evidence.get("case").context("evidence without a case")?.to_string())?;
        files.push((path, text, evidence, case));
    }
    files.sort_by(|one, other| one.0.cmp(&other.0));
    let cases: Vec<Case> =
        files.iter().map(|(.., case)| Case { line: case.line.clone(), json: case.json.clone() }).collect();
    let answers = answerers::ask_hermes(&tools::hermes_python(RELEASE)?, &cases, 2)?;
    let mut stale = Vec::new();
    for ((path, text, mut evidence, _), answers) in files.into_iter().zip(answers) {
        if let Some(fields) = evidence.as_object_mut() {
            fields.insert("answers".to_owned(), Value::Array(answers));
        }
        let fresh = serde_json::to_string_pretty(&evidence)? + "\n";
        if fresh != text {
            stale.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
            if !check {
                fs::write(&path, fresh)?;
            }
        }
    }
    match (stale.as_slice(), check) {
        ([], _) => println!("evidence: {} files, all as the real program answers", cases.len()),
        (stale, false) => println!("evidence: wrote {}", stale.join(", ")),
        (stale, true) => bail!("{} differ; run `cargo xtask evidence`", stale.join(", ")),
    }
    Ok(())
}
