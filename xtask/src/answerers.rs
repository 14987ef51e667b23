//! Runs the two programs that answer cases: the driver of the real Hermes Agent, and ours.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::hermes::Hermes;
use crate::tools;

/// How long one case may take before its answerer is given up.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many cases' answers are kept in one file.
const KEPT_TOGETHER: usize = 100;

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

    /// The same case for another release.
    ///
    /// # Errors
    /// As [`Case::parse`].
    pub(crate) fn of_release(&self, release: &str) -> Result<Self> {
        let mut json = self.json.clone();
        if let Some(fields) = json.as_object_mut() {
            fields.insert("hermes".to_owned(), json!(release));
        }
        Self::parse(&json.to_string())
    }

    /// The case for no release in particular.
    pub(crate) fn without_release(&self) -> Value {
        let mut json = self.json.clone();
        if let Some(fields) = json.as_object_mut() {
            fields.shift_remove("hermes");
        }
        json
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
    let script = differential_folder().join("generate.py");
    let (seed, count) = (seed.to_string(), count.to_string());
    let arguments = ["--seed", &seed, "--count", &count, "--hermes", &hermes.release];
    parse_cases(&tools::output(hermes.python().arg(script).args(arguments))?)
}

/// The answers of the real program, a list for each case.
///
/// # Errors
/// The driver cannot be run or ends early.
pub(crate) fn ask_hermes(hermes: &Hermes, cases: &[Case], jobs: usize) -> Result<Vec<Vec<Value>>> {
    Answerer::hermes(hermes, jobs).ask(cases)
}

/// The answers of the real program, those that were given before from the folder of the answers under `target`: it
/// answers a case always alike.
///
/// # Errors
/// As [`ask_hermes`], or the folder cannot be written.
pub(crate) fn ask_hermes_once(hermes: &Hermes, cases: &[Case], jobs: usize) -> Result<Vec<Vec<Value>>> {
    let folder = tools::target_folder().join("hermes-answers");
    fs::create_dir_all(&folder)?;
    let driver = driver_texts()?;
    let mut answerer = Answerer::hermes(hermes, jobs);
    let mut answers = Vec::with_capacity(cases.len());
    for some in cases.chunks(KEPT_TOGETHER) {
        let mut key = DefaultHasher::new();
        (&hermes.release, &driver).hash(&mut key);
        some.iter().for_each(|case| case.line.hash(&mut key));
        let path = folder.join(format!("{}-{:016x}.jsonl", hermes.release, key.finish()));
        if let Ok(kept) = fs::read_to_string(&path) {
            let kept: Result<Vec<_>> =
                kept.lines().zip(some).map(|(line, case)| parse_answers(line, case)).collect();
            // A file that was not written to its end is written again.
            if let Some(kept) = kept.ok().filter(|kept| kept.len() == some.len()) {
                answers.extend(kept);
                continue;
            }
        }
        let fresh = answerer.ask(some)?;
        let lines: String =
            fresh.iter().map(|answers| format!("{}\n", json!({"answers": answers}))).collect();
        fs::write(path, lines)?;
        answers.extend(fresh);
    }
    Ok(answers)
}

/// The folder of the driver and of the generator.
pub(crate) fn differential_folder() -> PathBuf {
    tools::workspace_root().join("tests/differential")
}

/// What the driver is made of: with another text it may answer otherwise.
///
/// # Errors
/// A part is missing.
pub(crate) fn driver_texts() -> Result<String> {
    let parts = ["driver.py", "protocol_json.py", "sites.py", "start.py"];
    let texts = parts.map(|name| fs::read_to_string(differential_folder().join(name)));
    Ok(texts.into_iter().collect::<std::io::Result<Vec<_>>>()?.concat())
}

/// Builds our answerer and returns where it lies.
///
/// # Errors
/// The build fails.
pub(crate) fn build_ours(release: bool) -> Result<PathBuf> {
    let mut build = tools::cargo();
    build.args(["build", "--quiet", "--package", "poolcheck", "--example", "answer"]);
    // The profile of the tests: after them it is built, and it answers faster than one that is not optimised.
    let profile = if release { "release" } else { "ci" };
    build.args(["--profile", profile]);
    tools::run(&mut build)?;
    let name = format!("answer{}", std::env::consts::EXE_SUFFIX);
    Ok(tools::target_folder().join(profile).join("examples").join(name))
}

/// One of the two programs that answer cases. It runs from the first question on until this is dropped.
pub(crate) struct Answerer {
    command: Command,
    /// Whether a case at which it ends or hangs is answered with that; otherwise that is an error.
    may_fail: bool,
    running: Option<Running>,
}

struct Running {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl Answerer {
    /// The driver of the real program; it answers `jobs` cases at the same time.
    pub(crate) fn hermes(hermes: &Hermes, jobs: usize) -> Self {
        let mut command = hermes.python();
        command.arg(differential_folder().join("driver.py"));
        command.args(["--jobs", &jobs.to_string()]);
        Self { command, may_fail: false, running: None }
    }

    /// Our answerer, as [`build_ours`] built it. A case at which it ends or hangs is answered with that.
    pub(crate) fn ours(program: &Path) -> Self {
        Self { command: Command::new(program), may_fail: true, running: None }
    }

    /// The answers to some cases, a list for each.
    ///
    /// # Errors
    /// It cannot be run or ends early.
    pub(crate) fn ask(&mut self, cases: &[Case]) -> Result<Vec<Vec<Value>>> {
        let mut answers = Vec::with_capacity(cases.len());
        while let Some(rest) = cases.get(answers.len()..).filter(|rest| !rest.is_empty()) {
            answers.extend(self.ask_until_it_fails(rest)?);
            let Some(failed) = cases.get(answers.len()) else { break };
            self.stop();
            if !self.may_fail {
                bail!("the real program's driver ended after {} of {} cases", answers.len(), cases.len());
            }
            let crash = json!({"error": "Crash", "message": "our answerer ended or hung at this case"});
            answers.push(vec![crash; failed.questions().len()]);
        }
        Ok(answers)
    }

    /// The answers that it gives before it ends or falls silent.
    fn ask_until_it_fails(&mut self, cases: &[Case]) -> Result<Vec<Vec<Value>>> {
        let Running { child, input, lines } = match &mut self.running {
            Some(running) => running,
            none => none.insert(start(&mut self.command)?),
        };
        thread::scope(|scope| {
            // An answerer that ends early closes its input: that shows in what it answered.
            scope.spawn(|| {
                for case in cases {
                    if writeln!(input, "{}", case.line).and_then(|()| input.flush()).is_err() {
                        break;
                    }
                }
            });
            let mut answers = Vec::with_capacity(cases.len());
            for case in cases {
                match lines.recv_timeout(PATIENCE) {
                    Ok(line) => answers.push(parse_answers(&line, case)?),
                    Err(_) => {
                        // What it has not read yet must not be waited for.
                        let _ = child.kill();
                        break;
                    }
                }
            }
            Ok(answers)
        })
    }

    fn stop(&mut self) {
        if let Some(Running { mut child, input, lines }) = self.running.take() {
            drop((input, lines));
            let _ = child.wait();
        }
    }
}

impl Drop for Answerer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn start(command: &mut Command) -> Result<Running> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot run {command:?}"))?;
    let input = child.stdin.take().context("no standard input")?;
    let output = child.stdout.take().context("no standard output")?;
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    Ok(Running { child, input, lines })
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
