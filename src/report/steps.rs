//! "What do I do now?": the findings of a report as one list of steps, worst first, each thing once.
//!
//! It is made of findings that are already put into words, so that a step says what its findings say.

use std::cmp::Reverse;

use crate::base::collections::TextMap;
use crate::base::text::Search;
use crate::diagnostic::messages::{Language, fill, templates};
use crate::diagnostic::shown::Shown;
use crate::report::{FindingView, RepairedView, Report, SeverityName, StepView};

templates! {
    RESTART = "steps.restart":
        "Restart Hermes, and its gateway where one runs, so that both work with what you changed.";
    OR = "steps.or": "or: {command}";
    LOOK = "steps.look": "Look at the pool: the arrow marks the entry that is used next.";
}

/// The steps that the findings of `report` come to, and at their end a look at the pool that is used then.
///
/// A finding that is good to know asks for nothing. A finding whose commands were all given before is settled by the step
/// that gave them first, and one that says to do what a step says already belongs to that step. What is wrong after repair
/// is of texts that the user does not have yet: the repair itself comes first, and those findings last.
pub fn steps(report: &Report, language: Language) -> Vec<StepView> {
    let Report { findings, repaired, .. } = report;
    let verdict = repaired.as_ref().map_or(&report.verdict, |repaired| &repaired.verdict);
    let pool = verdict.pool.as_ref().map(|pool| &pool.provider).or(verdict.provider.as_ref());
    let asks = |finding: &FindingView| finding.severity != SeverityName::Info;
    let waiting = repaired.as_ref().filter(|repaired| repaired.findings.iter().any(asks));
    let is_first = |finding: &FindingView| {
        hides_others(finding) || waiting.is_some_and(|waiting| waiting.by.contains(&finding.id))
    };
    let mut list = Steps::new(language);
    findings.iter().filter(|finding| is_first(finding)).for_each(|finding| list.settle(finding));
    let others: Vec<_> = findings.iter().filter(|finding| !is_first(finding)).collect();
    let behind: Vec<_> = waiting.iter().flat_map(|waiting| &waiting.findings).collect();
    for some in [others, behind] {
        for severity in [SeverityName::Error, SeverityName::Warning] {
            some.iter()
                .filter(|finding| finding.severity == severity)
                .for_each(|finding| list.settle(finding));
        }
    }
    closed(list, pool, language)
}

/// The steps that are left when `repaired` is what the user has; `pasted` are the findings before.
pub fn steps_after(repaired: &RepairedView, pasted: &[FindingView], language: Language) -> Vec<StepView> {
    let verdict = &repaired.verdict;
    let pool = verdict.pool.as_ref().map(|pool| &pool.provider).or(verdict.provider.as_ref());
    let left = || {
        let stand = pasted.iter().filter(|finding| !repaired.by.contains(&finding.id));
        stand.chain(&repaired.findings)
    };
    let mut list = Steps::new(language);
    left().filter(|finding| hides_others(finding)).for_each(|finding| list.settle(finding));
    for severity in [SeverityName::Error, SeverityName::Warning] {
        left()
            .filter(|finding| finding.severity == severity && !hides_others(finding))
            .for_each(|finding| list.settle(finding));
    }
    closed(list, pool, language)
}

/// The command that starts a gateway anew.
const RESTART_COMMAND: &str = "hermes gateway restart";

/// The steps with what closes them: a new start, and a look at the pool.
fn closed(list: Steps, pool: Option<&Shown>, language: Language) -> Vec<StepView> {
    let mut steps = list.steps;
    last_rows_first(&mut steps);
    if !steps.is_empty() {
        // A step may be to start it anew.
        let restarts =
            |step: &StepView| step.command.as_ref().is_some_and(|own| own.as_str() == RESTART_COMMAND);
        let is_restarted = steps.iter().any(restarts);
        let mut close = |template, command| {
            let todo = fill(language.wording(template), |_| None);
            steps.push(StepView { todo, command: Some(command), ..StepView::default() });
        };
        if !is_restarted {
            close(&RESTART, Shown::fixed(RESTART_COMMAND));
        }
        // An endpoint of one's own has a pool under its own name only.
        if let Some(provider) = pool.filter(|pool| pool.as_str() != "custom") {
            close(&LOOK, Shown::fixed("hermes auth list ").and(provider));
        }
    }
    steps
}

/// Whether a text cannot be read because of it: what else is wrong there shows only when it is mended.
fn hides_others(finding: &FindingView) -> bool {
    let code = finding.code.as_str();
    finding.severity == SeverityName::Error && (code.starts_with("PC1") || code == "PC304")
}

/// Whether `lines`, one line, sets what a line of `command` sets.
fn sets_again(command: &Shown, lines: &Shown) -> bool {
    fn key(line: &str) -> Option<&str> {
        line.strip_prefix("hermes config set ")?.split(' ').next()
    }
    let own = key(lines.as_str()).filter(|_| !lines.as_str().has('\n'));
    own.is_some() && command.as_str().lines().any(|line| key(line) == own)
}

/// The steps so far, and how often each line of a command was given, by which step first.
struct Steps {
    language: Language,
    steps: Vec<StepView>,
    /// The first step that says to do each thing.
    todos: TextMap<usize>,
    given: TextMap<(usize, usize)>,
}

impl Steps {
    fn new(language: Language) -> Self {
        Self { language, steps: Vec::new(), todos: TextMap::new(), given: TextMap::new() }
    }

    fn settle(&mut self, finding: &FindingView) {
        let (fresh, before) = self.fresh_lines(finding.command.as_ref());
        let same = self.todos.get(finding.todo.as_str()).copied();
        let settled = if fresh.is_none() { before.or(same) } else { same };
        let at = settled.unwrap_or_else(|| {
            self.todos.insert(finding.todo.as_str(), self.steps.len());
            self.steps.push(StepView {
                severity: Some(finding.severity),
                what: Some(finding.what.clone()),
                todo: finding.todo.clone(),
                ..StepView::default()
            });
            self.steps.len() - 1
        });
        let Some(step) = self.steps.get_mut(at) else { return };
        step.findings.push(finding.id.clone());
        step.fixable |= finding.fix.is_some();
        // One after repair may be worse than the one before that gave its commands.
        if finding.severity == SeverityName::Error {
            step.severity = Some(finding.severity);
        }
        if let Some(lines) = fresh {
            step.command = Some(match step.command.take() {
                // Two values of one setting are alternatives: a guide names both, and nobody types one after the other.
                Some(own) if sets_again(&own, &lines) => {
                    let or = fill(self.language.wording(&OR), |_| Some(lines.clone()));
                    own.and(&Shown::fixed("\n# ")).and(&or)
                }
                Some(own) => own.and(&Shown::fixed("\n")).and(&lines),
                None => lines,
            });
        }
    }

    /// The lines of `command` that were not given as often before, and the step that was the first to give one of the
    /// others.
    fn fresh_lines(&mut self, command: Option<&Shown>) -> (Option<Shown>, Option<usize>) {
        let mut own: TextMap<usize> = TextMap::new();
        let mut fresh: Option<Shown> = None;
        let mut first: Option<usize> = None;
        for line in command.into_iter().flat_map(Shown::lines) {
            let count = own.get(line.as_str()).map_or(1, |count| count + 1);
            own.insert(line.as_str(), count);
            let known = self.given.get(line.as_str()).copied();
            if let Some((_, by)) = known.filter(|(before, _)| *before >= count) {
                first = Some(first.map_or(by, |first| first.min(by)));
                continue;
            }
            let by = known.map_or(self.steps.len(), |(_, by)| by);
            self.given.insert(line.as_str(), (count, by));
            fresh = Some(match fresh {
                Some(lines) => lines.and(&Shown::fixed("\n")).and(&line),
                None => line,
            });
        }
        (fresh, first)
    }
}

/// Steps that remove rows of one pool by their numbers, the last row first: a removal moves the rows behind it up.
fn last_rows_first(steps: &mut [StepView]) {
    let mut pools: TextMap<Vec<(u64, usize)>> = TextMap::new();
    for (at, step) in steps.iter().enumerate() {
        if let Some((pool, row)) = removed_row(step) {
            pools.push(pool, (row, at));
        }
    }
    for own in pools.values() {
        let places: Vec<usize> = own.iter().map(|(_, at)| *at).collect();
        let mut rows = own.clone();
        rows.sort_by_key(|(row, at)| (Reverse(*row), *at));
        let sorted: Vec<StepView> = rows.iter().filter_map(|(_, at)| steps.get(*at).cloned()).collect();
        for (at, step) in places.into_iter().zip(sorted) {
            if let Some(slot) = steps.get_mut(at) {
                *slot = step;
            }
        }
    }
}

/// The pool and the number of the row that the step removes.
fn removed_row(step: &StepView) -> Option<(&str, u64)> {
    let (before, number) = step.command.as_ref()?.as_str().rsplit_once(' ')?;
    let pool = before.strip_prefix("hermes auth remove ").filter(|pool| !pool.has('\n'))?;
    Some((pool, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Input, Options, check};
    use crate::base::sources::{Given, Sources};

    fn report(config: &str, dotenv: &str, auth_store: &str) -> Report {
        let given = |text: &str| if text.is_empty() { Given::Absent } else { Given::Text(text.to_owned()) };
        let input = Input::from(Sources {
            config: given(config),
            dotenv: given(dotenv),
            auth_store: given(auth_store),
            ..Sources::default()
        });
        check(&input, &Options { now: 1_780_000_000.0, ..Options::default() }).unwrap()
    }

    /// The commands of the steps, without those that close the list.
    fn commands(report: &Report) -> Vec<&str> {
        let own = report.steps.iter().filter(|step| step.severity.is_some());
        own.filter_map(|step| step.command.as_ref()).map(Shown::as_str).collect()
    }

    /// The codes of the findings that each step settles, without the steps that close the list.
    fn settled(report: &Report) -> Vec<Vec<&str>> {
        let all = report.findings.iter().chain(report.repaired.iter().flat_map(|after| &after.findings));
        let code = |id: &Shown| all.clone().find(|finding| finding.id == *id).unwrap().code.as_str();
        let own = report.steps.iter().filter(|step| step.severity.is_some());
        own.map(|step| step.findings.iter().map(code).collect()).collect()
    }

    /// Three rules tell to add the same three keys; they are added once.
    #[test]
    fn each_command_is_given_once() {
        let config = "model: {provider: gemini, default: g}\ncredential_pool:\n  gemini:\n    - api_key: GEMINI_API_KEY_1\n    - api_key: GEMINI_API_KEY_2\n";
        let report = report(config, "GEMINI_API_KEY_1=AIza-fake-1\nGEMINI_API_KEY_2=AIza-fake-2\n", "");
        let add = |label| format!("hermes auth add gemini --type api-key --label gemini-{label}");
        assert_eq!(commands(&report), [format!("{}\n{}", add(1), add(2))]);
        let codes = ["PC301", "PC303", "PC401"];
        let settled = |code: &str| {
            let ids = &report.steps.first().unwrap().findings;
            ids.iter().any(|id| id.as_str().starts_with(code))
        };
        assert!(codes.into_iter().all(settled), "{:#?}", report.steps);
        let last = report.steps.last().unwrap();
        assert_eq!(last.command.as_ref().unwrap().as_str(), "hermes auth list gemini");
    }

    /// Removing the second row makes the third the second.
    #[test]
    fn rows_are_removed_from_the_end() {
        let row = |id: &str, priority: usize, key: &str| {
            format!(
                r#"{{"id": "{id}", "label": "{id}", "auth_type": "api_key", "priority": {priority}, "source": "manual",
                "base_url": "https://generativelanguage.googleapis.com/v1beta", "access_token": "{key}"}}"#
            )
        };
        let rows = [row("a", 0, "AIza-fake-one"), row("b", 1, "AIza-fake-one"), row("c", 2, "AIza-fake-one")];
        let auth = format!(r#"{{"version": 1, "credential_pool": {{"gemini": [{}]}}}}"#, rows.join(", "));
        let report = report("model: {provider: gemini, default: g}\n", "", &auth);
        assert_eq!(commands(&report), ["hermes auth remove gemini 3", "hermes auth remove gemini 2"]);
    }

    /// A tab keeps Hermes from reading the file; what is wrong in another file comes behind it.
    #[test]
    fn what_cannot_be_read_comes_first() {
        let report = report("model:\n\tprovider: gemini\n", "GEMINI_API_KEYS=AIza-fake-1,AIza-fake-2\n", "");
        let first = report.steps.first().unwrap();
        assert!(first.findings.iter().any(|id| id.as_str().starts_with("PC101")), "{:#?}", report.steps);
        assert!(first.fixable);
    }

    /// A post that lost its indentation holds a pool in config.yaml, which shows only when the indentation is back. What is
    /// wrong with `.env` asks for a command that the finding after repair asks for too: it is given once, by the first.
    #[test]
    fn what_is_wrong_after_repair_comes_last() {
        let config = "model:\nprovider: gemini\ndefault: g\nbase_url: https://generativelanguage.googleapis.com/v1beta\ncredential_pool:\ngemini:\n- api_key: GEMINI_API_KEY_1\n- api_key: GEMINI_API_KEY_2\n";
        let dotenv = "GEMINI_API_KEY_1=AIza-fake-000001\nGEMINI_API_KEY_2=AIza-fake-000002\n";
        let report = report(config, dotenv, "");
        assert_eq!(settled(&report), [&["PC106"][..], &["PC401", "PC301", "PC303", "PC303"]]);
        let adds = report.steps.get(1).unwrap();
        assert_eq!(adds.severity, Some(SeverityName::Error), "as bad as the worst that it settles");
        let last = report.steps.last().unwrap();
        assert_eq!(last.command.as_ref().unwrap().as_str(), "hermes auth list gemini");

        // A step of its own, though the findings before are no worse.
        let unread = "model:\ndefault: m\nprovider: gemini\napi_key: AIza-fake-000002\n";
        let both = self::report(unread, "GEMINI_API_KEY_1=AIza-fake-000001\n", "");
        assert_eq!(settled(&both), [["PC106"], ["PC401"], ["PC203"]]);
    }

    #[test]
    fn nothing_wrong_is_nothing_to_do() {
        let report =
            report("model: {provider: gemini, default: g}\n", "GOOGLE_API_KEY=AIza-fake-one-0000\n", "");
        assert!(report.findings.is_empty() && report.steps.is_empty(), "{:#?}", report.steps);
    }
}
