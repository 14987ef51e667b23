//! Custom providers in both spellings: the `custom_providers` list and the `providers` mapping.

use super::{Outcome, Process, Stop};
use crate::python::Node;

impl Process<'_> {
    /// `get_compatible_custom_providers(config)`; without a config it loads one.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn compatible_custom_providers(&mut self, config: Option<&Node>) -> Outcome<Vec<Node>> {
        let _ = config;
        Err(Stop::not_modelled("compatible_custom_providers"))
    }
}
