//! `hermes_cli/config.py`: loading config.yaml, merging it over the defaults, the validator.

use super::{Outcome, Process, Stop};
use crate::python::{Node, Value};
use crate::text::Place;

/// A finding of the real program's own `validate_config_structure`.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigIssue {
    /// `error` or `warning`.
    pub severity: &'static str,
    /// The real program's text.
    pub message: String,
    /// The real program's advice, of which `resolve_provider` quotes the first line.
    pub hint: String,
    /// The value that it speaks of.
    pub place: Option<Place>,
}

impl Process<'_> {
    /// `load_config()`: the user's config over the defaults, normalised and expanded. Every value that the
    /// user wrote keeps its place.
    ///
    /// # Errors
    /// [`Stop::NotModelled`]; the real function catches what a broken file raises.
    pub fn load_config(&mut self) -> Outcome<Node> {
        Err(Stop::not_modelled("load_config"))
    }

    /// `load_config()`, then the dotted `path`; `""` is all, `None` where a step is missing.
    ///
    /// # Errors
    /// As [`Process::load_config`].
    pub fn config_at(&mut self, path: &str) -> Outcome<Value> {
        let _ = path;
        Err(Stop::not_modelled("config_at"))
    }

    /// `validate_config_structure()`.
    ///
    /// # Errors
    /// What the real function raises, as for a root key that is no string.
    pub fn validate_config_structure(&mut self) -> Outcome<Vec<ConfigIssue>> {
        Err(Stop::not_modelled("validate_config_structure"))
    }

    /// `_validate_config_key(key)`: whether `hermes config set` knows the key, and what it suggests.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn validate_config_key(&mut self, key: &str) -> Outcome<(bool, Option<String>)> {
        let _ = key;
        Err(Stop::not_modelled("validate_config_key"))
    }
}
