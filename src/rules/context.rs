//! What a rule may look at.

use crate::facts::Facts;
use crate::hermes::verdict::Verdict;
use crate::hermes::{Outcome, Process, World};

/// Everything that is known of the pasted world: the texts, their trees, and what the model decided.
pub struct Context<'a> {
    /// The pasted texts.
    pub world: &'a World,
    /// The tables of the release.
    pub facts: &'static Facts,
    /// What the resolution came to, or why there is none.
    pub verdict: &'a Outcome<Verdict>,
}

impl<'a> Context<'a> {
    /// Gathers what rules look at. `process` may be asked further questions; what it decides is recorded
    /// behind the verdict.
    pub fn new<'w: 'a>(process: &mut Process<'w>, verdict: &'a Outcome<Verdict>) -> Self {
        Self { world: process.world, facts: process.facts, verdict }
    }
}
