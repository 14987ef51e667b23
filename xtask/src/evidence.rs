//! `cargo xtask evidence`: asks the real program the recorded cases again and writes its answers, or
//! compares: `tests/evidence/CODE.json`, one a rule, and `tests/corpus/NAME/hermes.json`, one a pasted world. Each release
//! is asked; of the older ones the answers are written that differ from those of the newest.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::answerers::{self, Case};
use crate::hermes::{Hermes, NEWEST, RELEASES};
use crate::{flags, tools};

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
pub(crate) fn evidence(flags: flags::Evidence) -> Result<()> {
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
    let mut answers = Vec::new();
    for release in RELEASES {
        let cases = files.iter().map(|file| file.case_for(release)).collect::<Result<Vec<Case>>>()?;
        answers.push(answerers::ask_hermes_once(&Hermes::of(release)?, &cases, 2)?.into_iter());
    }
    let count = files.len();
    let mut stale = Vec::new();
    for mut file in files {
        let newest = answers.first_mut().and_then(Iterator::next).unwrap_or_default();
        let others: Vec<Vec<Value>> =
            answers.iter_mut().skip(1).map(|answers| answers.next().unwrap_or_default()).collect();
        if let Some(fields) = file.content.as_object_mut() {
            let others = differing(&newest, &others);
            fields.insert("answers".to_owned(), Value::Array(newest));
            fields.remove("other_releases");
            if !others.is_empty() {
                fields.insert("other_releases".to_owned(), Value::Array(others));
            }
        }
        let fresh = serde_json::to_string_pretty(&file.content)? + "\n";
        if fresh != file.text {
            stale.push(file.path.strip_prefix(&root).unwrap_or(&file.path).display().to_string());
            if !flags.check {
                fs::write(&file.path, fresh)?;
            }
        }
    }
    match (stale.as_slice(), flags.check) {
        ([], _) => println!("evidence: {count} files, all as the real program answers"),
        (stale, false) => println!("evidence: wrote {}", stale.join(", ")),
        (stale, true) => bail!("{} differ; run `cargo xtask evidence`", stale.join(", ")),
    }
    Ok(())
}

impl Recorded {
    /// Its case, asked of `release`.
    fn case_for(&self, release: &str) -> Result<Case> {
        let mut case = self.case.json.clone();
        if let Some(fields) = case.as_object_mut() {
            fields.insert("hermes".to_owned(), Value::from(release));
        }
        Case::parse(&case.to_string())
    }
}

/// What the older releases answer otherwise than the newest, by the number of the question; neighbours that answer
/// alike stand together.
fn differing(newest: &[Value], others: &[Vec<Value>]) -> Vec<Value> {
    let mut groups: Vec<(Vec<&str>, Map<String, Value>)> = Vec::new();
    let mut before = Map::new();
    for (release, answers) in RELEASES.iter().skip(1).zip(others) {
        let own: Map<String, Value> = (answers.iter().zip(newest).enumerate())
            .filter(|(_, (own, newest))| own != newest)
            .map(|(at, (own, _))| (at.to_string(), own.clone()))
            .collect();
        match groups.last_mut().filter(|_| own == before) {
            Some((releases, _)) => releases.push(release),
            None if own.is_empty() => {}
            None => groups.push((vec![release], own.clone())),
        }
        before = own;
    }
    groups.into_iter().map(|(releases, answers)| json!({"releases": releases, "answers": answers})).collect()
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
