//! The ledger of known differences, `tests/differential/known_differences.toml`.

use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use crate::answerers::{self, Case, kind};
use crate::hermes::MODELLED;

/// From so many cases on, an entry that no case of a run meets is stale.
pub(crate) const ENOUGH_CASES: usize = 2000;

/// A difference that we know and accept.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    /// The question that it is about.
    pub(crate) question: String,
    /// Texts that the case's line holds, all of them.
    #[serde(default)]
    pub(crate) case: Vec<String>,
    /// Texts that our answer holds, as JSON.
    #[serde(default)]
    pub(crate) ours: Vec<String>,
    /// Texts that the real program's answer holds, as JSON.
    #[serde(default)]
    pub(crate) theirs: Vec<String>,
    /// The releases that it is about.
    pub(crate) releases: Vec<String>,
    /// Why it is accepted.
    pub(crate) reason: String,
    /// Where that is discussed or shown.
    pub(crate) link: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    difference: Vec<Known>,
}

/// The ledger, as it holds for one release: its entries, and how often each was met.
pub(crate) struct Ledger {
    release: String,
    entries: Vec<Known>,
    met: Vec<usize>,
}

impl Ledger {
    /// Reads the ledger for `release`.
    ///
    /// # Errors
    /// The file is missing or is no ledger.
    pub(crate) fn read(release: &str) -> Result<Self> {
        let path = answerers::differential_folder().join("known_differences.toml");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Self::parse(&text, release).with_context(|| path.display().to_string())
    }

    fn parse(text: &str, release: &str) -> Result<Self> {
        let entries = toml::from_str::<File>(text)?.difference;
        for known in &entries {
            let Known { question, releases, reason, link, .. } = known;
            if releases.is_empty() || reason.is_empty() || link.is_empty() {
                bail!("an entry about `{question}` without a release, a reason or a link");
            }
            if let Some(other) = releases.iter().find(|release| !MODELLED.contains(&release.as_str())) {
                bail!("an entry about `{question}` is for {other}, which cannot be run");
            }
        }
        let met = vec![0; entries.len()];
        Ok(Self { release: release.to_owned(), entries, met })
    }

    /// Whether a difference falls under an entry; that one then counts as met.
    pub(crate) fn knows(&mut self, case: &Case, question: &Value, ours: &Value, theirs: &Value) -> bool {
        let (ours, theirs) = (ours.to_string(), theirs.to_string());
        let is_about = |known: &Known| {
            known.releases.contains(&self.release)
                && known.question == kind(question)
                && known.case.iter().all(|text| case.line.contains(text))
                && known.ours.iter().all(|text| ours.contains(text))
                && known.theirs.iter().all(|text| theirs.contains(text))
        };
        let Some(at) = self.entries.iter().position(is_about) else { return false };
        self.met.iter_mut().skip(at).take(1).for_each(|met| *met += 1);
        true
    }

    /// Whether an entry may be about an answer to this case, whatever the answers are.
    pub(crate) fn may_be_about(&self, case: &Case) -> bool {
        let asks = |known: &Known| case.questions().iter().any(|question| known.question == kind(question));
        let says = |known: &Known| known.case.iter().all(|text| case.line.contains(text));
        self.entries.iter().any(|known| known.releases.contains(&self.release) && asks(known) && says(known))
    }
}

/// The entries of ledgers that were used side by side, one for each release of a run, and how often each was met in all.
pub(crate) fn met(ledgers: &[Ledger]) -> Vec<(&Known, usize)> {
    let Some(first) = ledgers.first() else { return Vec::new() };
    let times = |at: usize| ledgers.iter().filter_map(|ledger| ledger.met.get(at)).sum();
    first.entries.iter().enumerate().map(|(at, known)| (known, times(at))).collect()
}

/// The entries that are stale after a run of so many cases a release: those that nothing met, though every release that
/// they are about was there.
pub(crate) fn stale(ledgers: &[Ledger], cases: usize) -> Vec<&Known> {
    let was_there = |release: &String| ledgers.iter().any(|ledger| ledger.release == *release);
    let is_stale = |(known, times): &(&Known, usize)| *times == 0 && known.releases.iter().all(was_there);
    let all = if cases < ENOUGH_CASES { Vec::new() } else { met(ledgers) };
    all.into_iter().filter(is_stale).map(|(known, _)| known).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TWO: &str = r#"
        [[difference]]
        question = "list"
        case = ["gemini"]
        ours = ["one"]
        releases = ["0.19.0", "0.18.2"]
        reason = "because"
        link = "https://example.com/1"
        [[difference]]
        question = "store"
        releases = ["0.17.0"]
        reason = "because"
        link = "https://example.com/2"
    "#;

    fn ledger(release: &str) -> Ledger {
        Ledger::parse(TWO, release).unwrap()
    }

    fn case() -> Case {
        Case::parse(r#"{"id": "gemini", "ask": [{"do": "list"}]}"#).unwrap()
    }

    /// The reasons why entries are stale after a run of these releases, where the first met the first entry or did not.
    fn stale_after(releases: &[&str], meets: bool, cases: usize) -> Vec<String> {
        let mut ledgers: Vec<Ledger> = releases.iter().map(|release| ledger(release)).collect();
        if meets {
            assert!(ledgers[0].knows(
                &case(),
                &json!({"do": "list"}),
                &json!({"ok": "one"}),
                &json!({"ok": "two"})
            ));
        }
        stale(&ledgers, cases).iter().map(|known| known.question.clone()).collect()
    }

    #[test]
    fn an_entry_holds_for_its_question_releases_and_texts_only() {
        let (list, ours, theirs) = (json!({"do": "list"}), json!({"ok": "one"}), json!({"ok": "two"}));
        assert!(ledger("0.18.2").knows(&case(), &list, &ours, &theirs));
        assert!(!ledger("0.17.0").knows(&case(), &list, &ours, &theirs));
        assert!(!ledger("0.18.2").knows(&case(), &json!({"do": "pool"}), &ours, &theirs));
        assert!(!ledger("0.18.2").knows(&case(), &list, &theirs, &ours));
        assert!(ledger("0.18.2").may_be_about(&case()));
        assert!(!ledger("0.17.0").may_be_about(&case()));
    }

    #[test]
    fn an_entry_that_nothing_meets_is_stale() {
        let all = ["0.19.0", "0.18.2", "0.17.0"];
        assert_eq!(stale_after(&all, false, ENOUGH_CASES), ["list", "store"]);
        assert_eq!(stale_after(&all, true, ENOUGH_CASES), ["store"], "one of its releases is enough");
    }

    #[test]
    fn a_run_without_its_releases_or_with_few_cases_says_nothing_of_an_entry() {
        assert_eq!(stale_after(&["0.19.0"], false, ENOUGH_CASES), [""; 0]);
        assert_eq!(stale_after(&["0.19.0", "0.17.0"], false, ENOUGH_CASES), ["store"]);
        assert_eq!(stale_after(&["0.19.0", "0.18.2"], false, ENOUGH_CASES - 1), [""; 0]);
    }

    #[test]
    fn an_entry_needs_a_release_that_runs_a_reason_and_a_link() {
        assert!(Ledger::parse(&TWO.replace("0.17.0", "0.1.0"), "0.19.0").is_err());
        assert!(Ledger::parse(&TWO.replace("because", ""), "0.19.0").is_err());
        assert!(Ledger::parse(&TWO.replace("https://example.com/2", ""), "0.19.0").is_err());
    }

    #[test]
    fn the_ledger_reads() {
        for release in MODELLED {
            Ledger::read(release).unwrap();
        }
    }
}
