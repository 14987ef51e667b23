//! The ledger of known differences, `tests/differential/known_differences.toml`.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::answerers::{Case, kind};
use crate::tools;

/// From so many cases on, an entry that matches nothing is stale.
pub(crate) const ENOUGH_CASES: usize = 2000;

/// A difference that we know and accept.
#[derive(Deserialize)]
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

impl Known {
    fn mentions(&self, case: &Case, question: &Value, theirs: &str) -> bool {
        self.question == kind(question)
            && self.case.iter().all(|text| case.line.contains(text))
            && self.theirs.iter().all(|text| theirs.contains(text))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    difference: Vec<Known>,
}

/// The entries that hold for a release, and how often each was met.
pub(crate) struct Ledger {
    entries: Vec<(Known, usize)>,
}

impl Ledger {
    /// Reads the ledger's entries for `release`.
    ///
    /// # Errors
    /// The file is missing or is no ledger.
    pub(crate) fn read(release: &str) -> Result<Self> {
        let path = tools::workspace_root().join("tests/differential/known_differences.toml");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let file: File = toml::from_str(&text).with_context(|| path.display().to_string())?;
        let known =
            file.difference.into_iter().filter(|known| known.releases.iter().any(|own| own == release));
        Ok(Self { entries: known.map(|known| (known, 0)).collect() })
    }

    /// The entry that this difference falls under; it counts as met.
    pub(crate) fn find(
        &mut self,
        case: &Case,
        question: &Value,
        ours: &Value,
        theirs: &Value,
    ) -> Option<&Known> {
        let (ours, theirs) = (ours.to_string(), theirs.to_string());
        let (known, met) = (self.entries.iter_mut()).find(|(known, _)| {
            known.ours.iter().all(|text| ours.contains(text)) && known.mentions(case, question, &theirs)
        })?;
        *met += 1;
        Some(known)
    }

    /// Whether an entry may be about this answer of the real program, whatever ours is.
    pub(crate) fn mentions(&self, case: &Case, question: &Value, theirs: &Value) -> bool {
        let theirs = theirs.to_string();
        self.entries.iter().any(|(known, _)| known.mentions(case, question, &theirs))
    }

    /// The entries, and how often each was met.
    pub(crate) fn entries(&self) -> &[(Known, usize)] {
        &self.entries
    }
}
