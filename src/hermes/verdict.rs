//! The verdict: which credential Hermes uses, which others were considered, and why they lost.

use super::pool::Pool;
use super::runtime::Runtime;
use super::{Candidate, Outcome, Process, Reason, Stop};
use crate::python::Node;

/// What a resolution came to, built from its trace.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What was asked for: `auto`, a provider, an alias.
    pub requested: String,
    /// What `resolve_runtime_provider` returned, or why it did not.
    pub outcome: Outcome<Runtime>,
    /// The canonical provider, as far as the resolution got.
    pub provider: Option<String>,
    /// The model of the config.
    pub model: Option<String>,
    /// The credential that is used.
    pub winner: Option<Candidate>,
    /// The others and why each lost, in the order in which they were considered.
    pub losers: Vec<(Candidate, Reason)>,
    /// The provider's pool, also where it was not used.
    pub pool: Option<Pool>,
    /// The fallback chain.
    pub fallback: Vec<Node>,
}

impl Process<'_> {
    /// Resolves `requested` and says why.
    ///
    /// # Errors
    /// [`Stop::NotModelled`] where not even the request can be read; a failed resolution is a verdict.
    pub fn verdict(&mut self, requested: Option<&str>) -> Outcome<Verdict> {
        let _ = requested;
        Err(Stop::not_modelled("verdict"))
    }
}
