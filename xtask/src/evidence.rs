//! `cargo xtask evidence [--check]`: asks the real program the recorded cases again and writes its answers, or
//! compares: `tests/evidence/CODE.json`, one a rule, and `tests/corpus/NAME/hermes.json`, one a pasted world.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::answerers::{self, Case};
use crate::hermes::{Hermes, NEWEST};
use crate::tools;

/// A file that holds answers of the real program, and the case that they answer.
struct Recorded {
    path: PathBuf,
    text: String,
    content: Value,
    case: Case,
}

/// Runs the command.
///
/// # Errors
/// A file is no evidence, the real program cannot be asked, or with `--check` an answer differs.
pub(crate) fn evidence(mut arguments: Vec<String>) -> Result<()> {
    let check = tools::take_flag(&mut arguments, "--check");
    tools::nothing_left(&arguments)?;
    let root = tools::workspace_root();
    let mut files = Vec::new();
    for path in entries(&root.join("tests/evidence"))? {
        files.push(rule_evidence(path)?);
    }
    for path in entries(&root.join("tests/corpus"))? {
        if path.join("hermes.json").exists() {
            files.push(corpus_evidence(&path)?);
        }
    }
    let cases: Vec<Case> = files
        .iter()
        .map(|file| Case { line: file.case.line.clone(), json: file.case.json.clone() })
        .collect();
    let answers = answerers::ask_hermes(&Hermes::of(NEWEST)?, &cases, 2)?;
    let mut stale = Vec::new();
    for (mut file, answers) in files.into_iter().zip(answers) {
        if let Some(fields) = file.content.as_object_mut() {
            fields.insert("answers".to_owned(), Value::Array(answers));
        }
        let fresh = serde_json::to_string_pretty(&file.content)? + "\n";
        if fresh != file.text {
            stale.push(file.path.strip_prefix(&root).unwrap_or(&file.path).display().to_string());
            if !check {
                fs::write(&file.path, fresh)?;
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

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?,
        Err(_) => Vec::new(),
    };
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<(String, Value)> {
    let text = fs::read_to_string(path)?;
    let content = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    Ok((text, content))
}

fn rule_evidence(path: PathBuf) -> Result<Recorded> {
    let (text, content) = read(&path)?;
    let case = content.get("case").with_context(|| format!("{} has no case", path.display()))?;
    let case = Case::parse(&case.to_string())?;
    Ok(Recorded { path, text, content, case })
}

/// The world of a corpus folder as a case, with the questions of its `hermes.json`. What has no file is absent.
fn corpus_evidence(folder: &Path) -> Result<Recorded> {
    let path = folder.join("hermes.json");
    let (text, content) = read(&path)?;
    let mut files = Map::new();
    for (name, file) in [("config.yaml", "config.yaml"), (".env", "dotenv"), ("auth.json", "auth.json")] {
        if let Ok(text) = fs::read_to_string(folder.join(file)) {
            files.insert(name.to_owned(), Value::String(text));
        }
    }
    let mut environ = Map::new();
    for line in fs::read_to_string(folder.join("environ")).unwrap_or_default().lines() {
        let (name, value) = line.split_once('=').context("a line of `environ` is NAME=value")?;
        environ.insert(name.to_owned(), Value::String(value.to_owned()));
    }
    let case = json!({
        "id": folder.file_name().unwrap_or_default().to_string_lossy(),
        "hermes": NEWEST,
        "now": content.get("now").with_context(|| format!("{} has no `now`", path.display()))?,
        "files": files,
        "environ": environ,
        "ask": content.get("ask").with_context(|| format!("{} has no `ask`", path.display()))?,
    });
    let case = Case::parse(&case.to_string())?;
    Ok(Recorded { path, text, content, case })
}
