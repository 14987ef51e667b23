//! `hermes_cli/fallback_config.py`: the fallback chain.

use super::{Outcome, Process, Stop};
use crate::python::Node;

impl Process<'_> {
    /// `get_fallback_chain(load_config())`.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn fallback_chain(&mut self) -> Outcome<Vec<Node>> {
        Err(Stop::not_modelled("fallback_chain"))
    }
}
