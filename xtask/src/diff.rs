//! `cargo xtask diff`: the same cases to the real Hermes Agent and to our core, answer by answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::answerers::{self, Answerer, Case, kind};
use crate::compare::{Verdict, compare};
use crate::fidelity;
use crate::flags;
use crate::hermes::{self, Hermes};
use crate::ledger::{self, ENOUGH_CASES, Known, Ledger};
use crate::shrink::shrink;

/// How long the differences of a release are made smaller, and how long one of them.
const SHRINKING: Duration = Duration::from_secs(120);
const SHRINKING_ONE: Duration = Duration::from_secs(30);

/// What is compared, and how: the flags with all that was not typed.
struct Options {
    seed: u64,
    count: usize,
    cases: Option<PathBuf>,
    releases: Vec<String>,
    only: Option<String>,
    show: usize,
    as_is: bool,
    stats: bool,
    real: bool,
    jobs: usize,
    release: bool,
    fidelity: bool,
}

impl Options {
    fn of(flags: flags::Diff) -> Result<Self> {
        let releases =
            if flags.hermes.is_empty() { hermes::MODELLED.map(str::to_owned).to_vec() } else { flags.hermes };
        let is_all = flags.cases.is_none() && flags.only.is_none() && releases == hermes::MODELLED;
        if flags.fidelity && (!is_all || flags.real) {
            bail!("--fidelity is for all questions about generated cases, of all releases");
        }
        Ok(Self {
            seed: flags.seed.unwrap_or_else(fresh_seed),
            count: flags.count.unwrap_or(ENOUGH_CASES),
            cases: flags.cases,
            releases,
            only: flags.only,
            show: flags.show.unwrap_or(1),
            as_is: flags.as_is,
            stats: flags.stats,
            real: flags.real,
            jobs: flags.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(2, usize::from)),
            release: flags.release,
            fidelity: flags.fidelity,
        })
    }
}

fn fresh_seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::from(now.subsec_nanos()) ^ (now.as_secs() << 10 & 0xffff_ffff)
}

/// Runs `cargo xtask diff`.
///
/// # Errors
/// A program cannot be run, or there is a difference that the ledger does not list.
pub(crate) fn diff(flags: flags::Diff) -> Result<()> {
    let options = Options::of(flags)?;
    let ours = if options.real { None } else { Some(answerers::build_ours(options.release)?) };
    // Installed one after the other: they share the newest one's environment.
    let releases = options.releases.iter().map(|release| Hermes::of(release)).collect::<Result<Vec<_>>>()?;
    if options.cases.is_none() {
        println!("seed {}, {} cases", options.seed, options.count);
    }
    let mut failed = Vec::new();
    let mut results = Vec::new();
    let mut ledgers = Vec::new();
    let side_by_side = options.jobs.clamp(1, releases.len().max(1));
    for some in releases.chunks(side_by_side) {
        let jobs = (options.jobs / some.len()).max(1);
        let compared: Vec<_> = thread::scope(|scope| {
            let run = |hermes| compare_release(&options, hermes, ours.as_deref(), jobs);
            let threads: Vec<_> = some.iter().map(|hermes| scope.spawn(move || run(hermes))).collect();
            threads.into_iter().map(thread::ScopedJoinHandle::join).collect()
        });
        for (hermes, compared) in some.iter().zip(compared) {
            let compared =
                compared.map_err(|_| anyhow!("the comparison with {} broke off", hermes.release))??;
            println!("\n== Hermes Agent {}\n{}", hermes.release, compared.shown);
            failed.extend(compared.failure.map(|failure| format!("{}: {failure}", hermes.release)));
            ledgers.push(compared.ledger);
            results.push((hermes, compared.tallies));
        }
    }
    if options.only.is_none() && options.cases.is_none() {
        failed.extend(ledger::stale(&ledgers, options.count).into_iter().map(|known| {
            let Known { question, reason, link, .. } = known;
            format!("a known difference was not met: {question}, {reason} ({link})")
        }));
    }
    if options.fidelity {
        fidelity::write(options.seed, options.count, &results, &ledger::met(&ledgers))?;
    }
    if failed.is_empty() { Ok(()) } else { bail!("{}", failed.join("; ")) }
}

/// What the comparison with a release came to.
struct Compared {
    shown: String,
    tallies: BTreeMap<String, Tally>,
    ledger: Ledger,
    failure: Option<String>,
}

fn compare_release(options: &Options, hermes: &Hermes, ours: Option<&Path>, jobs: usize) -> Result<Compared> {
    let cases = cases(options, hermes)?;
    let start = Instant::now();
    let (theirs, ours_answered) = thread::scope(|scope| {
        let answered = ours.map(|ours| {
            scope.spawn(|| {
                let answers = Answerer::ours(ours).ask(&cases);
                (answers, start.elapsed())
            })
        });
        let theirs = (answerers::ask_hermes_once(hermes, &cases, jobs), start.elapsed());
        (theirs, answered.and_then(|thread| thread.join().ok()))
    });
    let (theirs, their_time) = (theirs.0?, theirs.1);
    let mut shown = speed("the real program", cases.len(), their_time);

    if options.stats {
        let _ = write!(shown, "\n{}", Spread::of(&cases, &theirs));
    }
    let (Some((answers, our_time)), Some(ours)) = (ours_answered, ours) else {
        if !options.stats {
            write_real(&mut shown, &cases, &theirs, options.only.as_deref());
        }
        let ledger = Ledger::read(&hermes.release)?;
        return Ok(Compared { shown, tallies: BTreeMap::new(), ledger, failure: None });
    };
    shown += &speed("our core", cases.len(), our_time);
    let mut report = Report::new(options, &hermes.release)?;
    report.judge_all(&cases, &answers?, &theirs);
    report.show_differences(&cases, &mut Answerer::hermes(hermes, jobs), &mut Answerer::ours(ours))?;
    shown += "\n";
    shown += &report.text();
    let failure = report.failure();
    Ok(Compared { shown, tallies: report.tallies, ledger: report.ledger, failure })
}

fn cases(options: &Options, hermes: &Hermes) -> Result<Vec<Case>> {
    let Some(path) = &options.cases else {
        return answerers::generate(hermes, options.seed, options.count);
    };
    let text = if path.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())?
    } else {
        fs::read_to_string(path).with_context(|| path.display().to_string())?
    };
    answerers::parse_cases(&text)
}

fn speed(who: &str, cases: usize, time: Duration) -> String {
    let seconds = time.as_secs_f64();
    format!("{who}: {cases} cases in {seconds:.1} s, {:.0} a second\n", cases as f64 / seconds.max(1e-9))
}

fn write_real(text: &mut String, cases: &[Case], answers: &[Vec<Value>], only: Option<&str>) {
    for (case, answers) in cases.iter().zip(answers) {
        for (question, answer) in case.questions().iter().zip(answers) {
            if only.is_none_or(|only| only == kind(question)) {
                let _ = writeln!(text, "{} {question}\n    {answer}", case.id());
            }
        }
    }
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

/// What the answers to one kind of question came to.
#[derive(Default)]
pub(crate) struct Tally {
    /// How many there are.
    pub(crate) asked: usize,
    /// How many agree.
    pub(crate) agree: usize,
    /// How many differ in a way that the ledger does not list.
    pub(crate) differ: usize,
    /// How many differ in a way that it does.
    pub(crate) known: usize,
    /// How many our core leaves open.
    pub(crate) not_modelled: usize,
    /// How many the release or our core does not know as questions.
    pub(crate) not_judged: usize,
    /// Why, and how often.
    pub(crate) reasons: BTreeMap<String, usize>,
    /// Cases that differ in such a question, by their numbers, and the question's.
    pub(crate) first: Vec<(usize, usize)>,
}

/// What the comparison came to.
struct Report<'o> {
    options: &'o Options,
    ledger: Ledger,
    tallies: BTreeMap<String, Tally>,
    differences: String,
}

impl<'o> Report<'o> {
    fn new(options: &'o Options, release: &str) -> Result<Self> {
        let ledger = Ledger::read(release)?;
        Ok(Self { options, ledger, tallies: BTreeMap::new(), differences: String::new() })
    }

    fn judge_all(&mut self, cases: &[Case], ours: &[Vec<Value>], theirs: &[Vec<Value>]) {
        for (number, case) in cases.iter().enumerate() {
            let (Some(ours), Some(theirs)) = (ours.get(number), theirs.get(number)) else { break };
            for (at, (question, (ours, theirs))) in
                case.questions().iter().zip(ours.iter().zip(theirs)).enumerate()
            {
                if self.options.only.as_deref().is_none_or(|only| only == kind(question)) {
                    self.judge(case, (number, at), question, ours, theirs);
                }
            }
        }
    }

    fn judge(&mut self, case: &Case, place: (usize, usize), question: &Value, ours: &Value, theirs: &Value) {
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
            Verdict::Differ if self.ledger.knows(case, question, ours, theirs) => tally.known += 1,
            Verdict::Differ => {
                tally.differ += 1;
                // One of a case: what differs later in it has often the same cause.
                let is_new = tally.first.last().is_none_or(|(number, _)| *number != place.0);
                if is_new && tally.first.len() < self.options.show {
                    tally.first.push(place);
                }
            }
        }
    }

    /// Writes the first differences of each kind of question, in their smallest form.
    fn show_differences(&mut self, cases: &[Case], hermes: &mut Answerer, ours: &mut Answerer) -> Result<()> {
        let places: Vec<_> = self.tallies.values().flat_map(|tally| tally.first.clone()).collect();
        let patience = SHRINKING.div_f64((places.len() as f64).max(1.0)).min(SHRINKING_ONE);
        for (number, at) in places {
            let Some(case) = cases.get(number) else { continue };
            let mut small = case.json.clone();
            if !self.options.as_is {
                let ledger = &mut self.ledger;
                let mut differs = |candidates: &[Value]| -> Result<Vec<bool>> {
                    let candidates: Vec<Case> = candidates
                        .iter()
                        .map(|case| Case::parse(&case.to_string()))
                        .collect::<Result<_>>()?;
                    let (ours, theirs) = (ours.ask(&candidates)?, hermes.ask(&candidates)?);
                    let pairs = candidates.iter().zip(ours.iter().zip(&theirs));
                    Ok(pairs.map(|(case, (ours, theirs))| last_differs(case, ours, theirs, ledger)).collect())
                };
                small = shrink(&small, at, Instant::now() + patience, &mut differs)?;
            }
            let small = Case::parse(&small.to_string())?;
            let at = if self.options.as_is { at } else { small.questions().len().saturating_sub(1) };
            let one = std::slice::from_ref(&small);
            let (ours, theirs) = (ours.ask(one)?, hermes.ask(one)?);
            let answer =
                |answers: &[Vec<Value>]| answers.first().and_then(|answers| answers.get(at)).cloned();
            let (ours, theirs) = (answer(&ours).unwrap_or_default(), answer(&theirs).unwrap_or_default());
            show_difference(&mut self.differences, &small, at, &ours, &theirs);
        }
        Ok(())
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

    /// What makes the command fail: differences that are not listed.
    fn failure(&self) -> Option<String> {
        let differ: usize = self.tallies.values().map(|tally| tally.differ).sum();
        (differ > 0).then(|| format!("{differ} answers differ from the real program's"))
    }
}

/// Whether the answers to the last question differ in a way that the ledger does not list.
fn last_differs(case: &Case, ours: &[Value], theirs: &[Value], ledger: &mut Ledger) -> bool {
    match (case.questions().last(), ours.last(), theirs.last()) {
        (Some(question), Some(ours), Some(theirs)) => {
            compare(ours, theirs) == Verdict::Differ && !ledger.knows(case, question, ours, theirs)
        }
        _ => false,
    }
}

fn show_difference(text: &mut String, case: &Case, at: usize, ours: &Value, theirs: &Value) {
    let question = case.questions().get(at).cloned().unwrap_or_default();
    let _ = writeln!(text, "── {}, question {}: {question}", case.id(), at + 1);
    let _ = writeln!(text, "   case:   {}", case.line);
    let _ = writeln!(text, "   theirs: {theirs}\n   ours:   {ours}\n");
}
