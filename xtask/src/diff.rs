//! `cargo xtask diff`: the same cases to the real Hermes Agent and to our core, answer by answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::answerers::{self, Case, kind};
use crate::compare::{Verdict, compare};
use crate::hermes::{Hermes, NEWEST};
use crate::ledger::{ENOUGH_CASES, Ledger};
use crate::tools;

/// What `cargo xtask diff --help` prints.
const USAGE: &str = "\
cargo xtask diff [OPTIONS]   compare our answers with those of the real Hermes Agent

  --seed N          generate the cases from this seed (default: a fresh one, printed)
  --count N         how many cases to generate (default 2000)
  --cases FILE      take the cases from FILE (`-`: standard input) instead of generating them
  --hermes RELEASE  the release of the real program (default 0.19.0)
  --only QUESTION   judge only this kind of question
  --show N          show the first N differences of each kind of question (default 3)
  --stats           also show how varied the real program's answers are
  --real            only show what the real program answers
  --record FILE     write cases and the real program's answers to FILE
  --jobs N          cases that the real program answers at the same time (default: one a core)
  --release         build our answerer optimised

The real program runs under POOLCHECK_HERMES_PYTHON, or is installed once under target/hermes-venvs.
";

struct Options {
    seed: u64,
    count: usize,
    cases: Option<PathBuf>,
    hermes: String,
    only: Option<String>,
    show: usize,
    stats: bool,
    real: bool,
    record: Option<PathBuf>,
    jobs: usize,
    release: bool,
}

impl Options {
    fn parse(mut arguments: Vec<String>) -> Result<Self> {
        let mut option = |name: &str| tools::take_option(&mut arguments, name);
        let seed = option("--seed")?.map(|text| text.parse().context("--seed")).transpose()?;
        let count = option("--count")?.map(|text| text.parse().context("--count")).transpose()?;
        let show = option("--show")?.map(|text| text.parse().context("--show")).transpose()?;
        let jobs = option("--jobs")?.map(|text| text.parse().context("--jobs")).transpose()?;
        let cases = option("--cases")?.map(PathBuf::from);
        let record = option("--record")?.map(PathBuf::from);
        let hermes = option("--hermes")?.unwrap_or_else(|| NEWEST.to_owned());
        let only = option("--only")?;
        let stats = tools::take_flag(&mut arguments, "--stats");
        let real = tools::take_flag(&mut arguments, "--real");
        let release = tools::take_flag(&mut arguments, "--release");
        tools::nothing_left(&arguments)?;
        Ok(Self {
            seed: seed.unwrap_or_else(fresh_seed),
            count: count.unwrap_or(ENOUGH_CASES),
            cases,
            hermes,
            only,
            show: show.unwrap_or(3),
            stats,
            real,
            record,
            jobs: jobs.unwrap_or_else(|| thread::available_parallelism().map_or(2, usize::from)),
            release,
        })
    }
}

fn fresh_seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::from(now.subsec_nanos()) ^ (now.as_secs() << 10 & 0xffff_ffff)
}

/// Runs `cargo xtask diff` with `arguments`.
///
/// # Errors
/// A program cannot be run, or there is a difference that the ledger does not list.
pub(crate) fn diff(arguments: Vec<String>) -> Result<()> {
    if arguments.iter().any(|argument| argument == "--help") {
        print!("{USAGE}");
        return Ok(());
    }
    let options = Options::parse(arguments)?;
    let hermes = Hermes::of(&options.hermes)?;
    let cases = cases(&options, &hermes)?;
    let answerer = if options.real { None } else { Some(answerers::build_ours(options.release)?) };

    let start = Instant::now();
    let (theirs, ours) = thread::scope(|scope| {
        let ours = answerer.as_ref().map(|answerer| {
            scope.spawn(|| {
                let answers = answerers::ask_ours(answerer, &cases);
                (answers, start.elapsed())
            })
        });
        let theirs = (answerers::ask_hermes(&hermes, &cases, options.jobs), start.elapsed());
        (theirs, ours.and_then(|thread| thread.join().ok()))
    });
    let (theirs, their_time) = (theirs.0?, theirs.1);
    print_speed("the real program", cases.len(), their_time);

    if let Some(path) = &options.record {
        fs::write(path, recorded(&cases, &theirs)).with_context(|| path.display().to_string())?;
    }
    if options.stats {
        print!("\n{}", Spread::of(&cases, &theirs));
    }
    let Some((ours, our_time)) = ours else {
        if !options.stats && options.record.is_none() {
            print_real(&cases, &theirs, options.only.as_deref());
        }
        return Ok(());
    };
    print_speed("our core", cases.len(), our_time);
    let mut report = Report::new(&options)?;
    report.judge_all(&cases, &ours?, &theirs);
    print!("\n{}", report.text());
    report.end(cases.len())
}

fn cases(options: &Options, hermes: &Hermes) -> Result<Vec<Case>> {
    match &options.cases {
        Some(path) if path.as_os_str() == "-" => {
            answerers::parse_cases(&std::io::read_to_string(std::io::stdin())?)
        }
        Some(path) => {
            let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
            answerers::parse_cases(&text)
        }
        None => {
            println!("seed {}, {} cases, Hermes Agent {}", options.seed, options.count, options.hermes);
            answerers::generate(hermes, options.seed, options.count)
        }
    }
}

fn print_speed(who: &str, cases: usize, time: Duration) {
    let seconds = time.as_secs_f64();
    println!("{who}: {cases} cases in {seconds:.1} s, {:.0} a second", cases as f64 / seconds.max(1e-9));
}

fn print_real(cases: &[Case], answers: &[Vec<Value>], only: Option<&str>) {
    for (case, answers) in cases.iter().zip(answers) {
        for (question, answer) in case.questions().iter().zip(answers) {
            if only.is_none_or(|only| only == kind(question)) {
                println!("{} {question}\n    {answer}", case.id());
            }
        }
    }
}

/// A line for each case: the case and the real program's answers.
pub(crate) fn recorded(cases: &[Case], answers: &[Vec<Value>]) -> String {
    let lines = cases.iter().zip(answers).map(|(case, answers)| {
        let line = json!({"case": case.json, "answers": answers});
        format!("{line}\n")
    });
    lines.collect()
}

/// How varied the real program's answers are.
struct Spread {
    kinds: BTreeMap<String, KindSpread>,
}

#[derive(Default)]
struct KindSpread {
    ok: usize,
    null: usize,
    error: usize,
    other: usize,
    logged: usize,
    distinct: BTreeSet<String>,
}

impl Spread {
    fn of(cases: &[Case], answers: &[Vec<Value>]) -> Self {
        let mut kinds: BTreeMap<String, KindSpread> = BTreeMap::new();
        for (case, answers) in cases.iter().zip(answers) {
            for (question, answer) in case.questions().iter().zip(answers) {
                let spread = kinds.entry(kind(question).to_owned()).or_default();
                match answer.get("ok") {
                    Some(Value::Null) => spread.null += 1,
                    Some(_) => spread.ok += 1,
                    None if answer.get("error").is_some() => spread.error += 1,
                    None => spread.other += 1,
                }
                spread.logged += usize::from(answer.get("log").is_some());
                spread.distinct.insert(answer.to_string());
            }
        }
        Self { kinds }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let columns = ["question", "value", "null", "error", "other", "logged", "distinct"];
        let [question, value, null, error, other, logged, distinct] = columns;
        writeln!(f, "{question:<12}{value:>8}{null:>8}{error:>8}{other:>8}{logged:>8}{distinct:>10}")?;
        for (kind, spread) in &self.kinds {
            let KindSpread { ok, null, error, other, logged, distinct } = spread;
            let distinct = distinct.len();
            writeln!(f, "{kind:<12}{ok:>8}{null:>8}{error:>8}{other:>8}{logged:>8}{distinct:>10}")?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Tally {
    asked: usize,
    agree: usize,
    differ: usize,
    known: usize,
    not_modelled: usize,
    not_judged: usize,
    reasons: BTreeMap<String, usize>,
    shown: usize,
}

/// What the comparison came to.
struct Report<'o> {
    options: &'o Options,
    ledger: Ledger,
    tallies: BTreeMap<String, Tally>,
    differences: String,
}

impl<'o> Report<'o> {
    fn new(options: &'o Options) -> Result<Self> {
        let ledger = Ledger::read(&options.hermes)?;
        Ok(Self { options, ledger, tallies: BTreeMap::new(), differences: String::new() })
    }

    fn judge_all(&mut self, cases: &[Case], ours: &[Vec<Value>], theirs: &[Vec<Value>]) {
        for ((case, ours), theirs) in cases.iter().zip(ours).zip(theirs) {
            for ((at, question), (ours, theirs)) in
                case.questions().iter().enumerate().zip(ours.iter().zip(theirs))
            {
                if self.options.only.as_deref().is_none_or(|only| only == kind(question)) {
                    self.judge(case, at, question, ours, theirs);
                }
            }
        }
    }

    fn judge(&mut self, case: &Case, at: usize, question: &Value, ours: &Value, theirs: &Value) {
        let tally = self.tallies.entry(kind(question).to_owned()).or_default();
        tally.asked += 1;
        match compare(ours, theirs) {
            Verdict::Agree => tally.agree += 1,
            Verdict::NotJudged => tally.not_judged += 1,
            Verdict::NotModelled => {
                tally.not_modelled += 1;
                let reason = ours.get("not_modelled").and_then(Value::as_str).unwrap_or("");
                *tally.reasons.entry(reason.to_owned()).or_default() += 1;
            }
            Verdict::Differ if self.ledger.find(case, question, ours, theirs).is_some() => tally.known += 1,
            Verdict::Differ => {
                tally.differ += 1;
                if tally.shown < self.options.show {
                    tally.shown += 1;
                    show_difference(&mut self.differences, case, at, question, ours, theirs);
                }
            }
        }
    }

    fn text(&self) -> String {
        let mut text = self.differences.clone();
        let columns = ["question", "asked", "agree", "differ", "known", "not modelled", "not judged"];
        let [question, asked, agree, differ, known, not_modelled, not_judged] = columns;
        let _ = writeln!(
            text,
            "{question:<12}{asked:>8}{agree:>8}{differ:>8}{known:>8}{not_modelled:>20}{not_judged:>12}"
        );
        for (kind, tally) in &self.tallies {
            let Tally { asked, agree, differ, known, not_modelled, not_judged, .. } = tally;
            let share = 100.0 * *not_modelled as f64 / (*asked).max(1) as f64;
            let _ = writeln!(
                text,
                "{kind:<12}{asked:>8}{agree:>8}{differ:>8}{known:>8}{not_modelled:>11} {share:>6.1} %{not_judged:>12}"
            );
        }
        for (kind, tally) in &self.tallies {
            for (reason, count) in &tally.reasons {
                let _ = writeln!(text, "not modelled, {kind}: {reason} ({count})");
            }
        }
        text
    }

    /// The command's end: an error for a difference that is not listed, or for a stale entry of the ledger.
    fn end(&self, cases: usize) -> Result<()> {
        let differ: usize = self.tallies.values().map(|tally| tally.differ).sum();
        if differ > 0 {
            bail!("{differ} answers differ from the real program's");
        }
        let stale = self.ledger.entries().iter().find(|(_, met)| *met == 0);
        if let Some((known, _)) = stale
            .filter(|_| cases >= ENOUGH_CASES && self.options.only.is_none() && self.options.cases.is_none())
        {
            bail!("a known difference was not met: {}, {} ({})", known.question, known.reason, known.link);
        }
        Ok(())
    }
}

fn show_difference(
    text: &mut String,
    case: &Case,
    at: usize,
    question: &Value,
    ours: &Value,
    theirs: &Value,
) {
    let _ = writeln!(text, "── case {}, question {}: {question}", case.id(), at + 1);
    for part in ["files", "home"] {
        for (name, content) in case.json.get(part).and_then(Value::as_object).into_iter().flatten() {
            let _ = writeln!(text, "   {part} {name}: {content}");
        }
    }
    for part in ["environ", "profile", "now"] {
        if let Some(value) =
            case.json.get(part).filter(|value| value.as_object().is_none_or(|map| !map.is_empty()))
        {
            let _ = writeln!(text, "   {part}: {value}");
        }
    }
    if at > 0 {
        let before: Vec<String> = case.questions().iter().take(at).map(ToString::to_string).collect();
        let _ = writeln!(text, "   asked before: {}", before.join(" "));
    }
    let _ = writeln!(text, "   theirs: {theirs}\n   ours:   {ours}\n");
}
