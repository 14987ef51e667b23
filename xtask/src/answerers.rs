//! Runs the two programs that answer cases: the driver of the real Hermes Agent, and ours.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::hermes::Hermes;
use crate::tools;

/// How long one case may take before its answerer is given up.
const PATIENCE: Duration = Duration::from_secs(120);

/// A case: its line as it was given, and its parts.
pub(crate) struct Case {
    /// The line that the answerers read.
    pub(crate) line: String,
    /// The line, parsed.
    pub(crate) json: Value,
}

impl Case {
    /// The case of a line.
    ///
    /// # Errors
    /// The line is no JSON or has no questions.
    pub(crate) fn parse(line: &str) -> Result<Self> {
        let json: Value = serde_json::from_str(line).context("a case that is no JSON")?;
        let asks = json.get("ask").and_then(Value::as_array).is_some_and(|questions| {
            questions.iter().all(|question| question.get("do").is_some_and(Value::is_string))
        });
        if !asks {
            bail!("a case without `ask`, or a question without `do`: {line}");
        }
        Ok(Self { line: line.to_owned(), json })
    }

    /// The case's name.
    pub(crate) fn id(&self) -> &str {
        self.json.get("id").and_then(Value::as_str).unwrap_or("?")
    }

    /// Its questions.
    pub(crate) fn questions(&self) -> &[Value] {
        self.json.get("ask").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// What a question is called.
pub(crate) fn kind(question: &Value) -> &str {
    question.get("do").and_then(Value::as_str).unwrap_or("")
}

/// The cases of a text with one JSON case a line.
///
/// # Errors
/// A line is no case.
pub(crate) fn parse_cases(text: &str) -> Result<Vec<Case>> {
    text.lines().filter(|line| !line.trim().is_empty()).map(Case::parse).collect()
}

/// The cases that `tests/differential/generate.py` makes of a seed.
///
/// # Errors
/// It cannot be run.
pub(crate) fn generate(hermes: &Hermes, seed: u64, count: usize) -> Result<Vec<Case>> {
    let script = tools::workspace_root().join("tests/differential/generate.py");
    let (seed, count) = (seed.to_string(), count.to_string());
    let arguments = ["--seed", &seed, "--count", &count, "--hermes", &hermes.release];
    parse_cases(&tools::output(hermes.python().arg(script).args(arguments))?)
}

/// The answers of the real program, a list for each case.
///
/// # Errors
/// The driver cannot be run or ends early.
pub(crate) fn ask_hermes(hermes: &Hermes, cases: &[Case], jobs: usize) -> Result<Vec<Vec<Value>>> {
    let script = tools::workspace_root().join("tests/differential/driver.py");
    let mut command = hermes.python();
    command.arg(script).args(["--jobs", &jobs.to_string()]);
    let answers = ask(&mut command, cases)?;
    if answers.len() < cases.len() {
        bail!("the driver of the real program ended after {} of {} cases", answers.len(), cases.len());
    }
    Ok(answers)
}

/// Builds our answerer and returns where it lies.
///
/// # Errors
/// The build fails.
pub(crate) fn build_ours(release: bool) -> Result<PathBuf> {
    let mut build = tools::cargo();
    build.args(["build", "--quiet", "--package", "poolcheck", "--example", "answer"]);
    if release {
        build.arg("--release");
    }
    tools::run(&mut build)?;
    let profile = if release { "release" } else { "debug" };
    let name = format!("answer{}", std::env::consts::EXE_SUFFIX);
    Ok(tools::target_folder().join(profile).join("examples").join(name))
}

/// Our answers, a list for each case. A case at which the answerer ends or hangs is answered with that, and
/// the next one goes to a fresh answerer.
///
/// # Errors
/// The answerer cannot be run.
pub(crate) fn ask_ours(answerer: &Path, cases: &[Case]) -> Result<Vec<Vec<Value>>> {
    let mut answers = Vec::with_capacity(cases.len());
    while let Some(rest) = cases.get(answers.len()..).filter(|rest| !rest.is_empty()) {
        answers.extend(ask(&mut Command::new(answerer), rest)?);
        if let Some(failed) = cases.get(answers.len()) {
            let crash = json!({"error": "Crash", "message": "our answerer ended or hung at this case"});
            answers.push(vec![crash; failed.questions().len()]);
        }
    }
    Ok(answers)
}

/// The answers that `command` gives before it ends or falls silent.
fn ask(command: &mut Command, cases: &[Case]) -> Result<Vec<Vec<Value>>> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot run {command:?}"))?;
    let mut input = child.stdin.take().context("no standard input")?;
    let mut text = String::new();
    for case in cases {
        text.push_str(&case.line);
        text.push('\n');
    }
    // An answerer that ends early closes its input: that shows in what it answered.
    let writer = thread::spawn(move || drop(input.write_all(text.as_bytes())));
    let lines = read_lines(&mut child)?;

    let mut answers = Vec::with_capacity(cases.len());
    for case in cases {
        let line = match lines.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                child.kill()?;
                break;
            }
        };
        answers.push(parse_answers(&line, case)?);
    }
    child.wait()?;
    drop(writer.join());
    Ok(answers)
}

fn read_lines(child: &mut Child) -> Result<Receiver<String>> {
    let output = child.stdout.take().context("no standard output")?;
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    Ok(lines)
}

fn parse_answers(line: &str, case: &Case) -> Result<Vec<Value>> {
    let mut reader = serde_json::Deserializer::from_str(line);
    reader.disable_recursion_limit();
    let answer: Value = serde::Deserialize::deserialize(&mut reader)
        .with_context(|| format!("case {}: an answer that is no JSON", case.id()))?;
    let answers = answer.get("answers").and_then(Value::as_array).cloned().unwrap_or_default();
    if answers.len() != case.questions().len() {
        bail!("case {}: {} answers to {} questions", case.id(), answers.len(), case.questions().len());
    }
    Ok(answers)
}
