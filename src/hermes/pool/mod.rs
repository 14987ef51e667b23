//! `agent/credential_pool.py`: loading, seeding, selection, cooldowns, marking and rotation.
//!
//! [`PooledCredential`] is a row, [`Pool`] a loaded pool. Rows come from auth.json with whatever types the
//! user gave them; where the real program trips over one, so does this.

mod custom;
mod describe;
mod entry;
pub(super) mod jwt;
mod lease;
mod load;
mod mark;
mod merge;
pub(super) mod refresh;
mod sanitize;
mod seed;
mod select;
mod sync;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_read;
mod timestamps;

use crate::facts::strategies::{FILL_FIRST, LEAST_USED, RANDOM, ROUND_ROBIN};
use std::rc::Rc;

use super::{Outcome, Process, Stop};
use crate::base::text::Place;
use crate::facts::Facts;
use crate::python::{Dict, Value, lower, strip, to_str};

pub use custom::custom_pool_name;
pub use describe::EntryState;
pub use entry::is_row_field;
pub use mark::Failed;
pub(super) use merge::merged_with_disk;
pub(super) use sanitize::sanitized;
pub(super) use timestamps::{cooldown, exhausted_until, parse_absolute_timestamp, retry_delay};

/// `STATUS_OK`.
const OK: &str = "ok";
/// `STATUS_EXHAUSTED`.
pub(super) const EXHAUSTED: &str = "exhausted";
/// `STATUS_DEAD`.
const DEAD: &str = "dead";
/// `AUTH_TYPE_OAUTH`.
const OAUTH: &str = "oauth";
/// `AUTH_TYPE_API_KEY`.
const API_KEY: &str = "api_key";
/// `FAILURE_REASON_BILLING`.
const BILLING: &str = "billing";
/// `FAILURE_REASON_BILLING_UNVERIFIED`.
const BILLING_UNVERIFIED: &str = "billing_unverified";
/// `CUSTOM_POOL_PREFIX`.
pub(super) const CUSTOM_PREFIX: &str = "custom:";

/// A row of a pool: the real program's `PooledCredential`. Fields keep whatever type the file gave them.
#[derive(Clone, Debug)]
pub struct PooledCredential {
    /// The pool's provider.
    pub provider: String,
    /// The tables of the release.
    pub(super) facts: &'static Facts,
    /// The dataclass's fields by name; one that is not here has its default.
    pub fields: Rc<Dict>,
    /// The fields that the real program only carries along.
    pub extra: Rc<Dict>,
    /// Where the row is written, or the variable or config value that made it.
    pub place: Option<Place>,
    /// Where its key is written.
    pub key_place: Option<Place>,
}

/// A loaded pool: the real program's `CredentialPool`.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The provider, or `custom:<name>`.
    pub provider: String,
    /// The entries in their order.
    pub entries: Vec<PooledCredential>,
    /// The strategy's name.
    pub strategy: String,
    /// `_current_id`.
    current_id: Value,
    /// `_active_leases`: ids and how often each is leased.
    leases: Vec<(Value, i64)>,
    /// `_last_no_entries_log_at`.
    logged_empty_at: Option<f64>,
    /// `_unmatched_rotation_streak`.
    unmatched: usize,
}

impl Process<'_> {
    /// `get_pool_strategy(provider)`.
    ///
    /// # Errors
    /// [`Stop::not_modelled`] from loading the config.
    pub fn pool_strategy(&mut self, provider: &str) -> Outcome<String> {
        let config = self.load_config_safe()?;
        let wanted =
            config.as_ref().and_then(|config| config.get("credential_pool_strategies")?.get(provider));
        let name = match wanted {
            Some(node) if node.value.is_true() => lower(strip(&text_of(&node.value)?)),
            _ => String::new(),
        };
        let known = [ROUND_ROBIN, RANDOM, LEAST_USED].into_iter().find(|known| *known == name);
        Ok(known.unwrap_or(FILL_FIRST).to_owned())
    }
}

/// What `str(value)` says.
pub(super) fn text_of(value: &Value) -> Outcome<String> {
    to_str(value).ok_or_else(|| Stop::not_modelled("the text of a deep or unordered value"))
}

/// What `str(value or "")` says.
pub(super) fn text_or_empty(value: Option<&Value>) -> Outcome<String> {
    value.filter(|value| value.is_true()).map_or_else(|| Ok(String::new()), text_of)
}

/// `TypeError` with the operation that does not fit.
fn type_error(what: &str) -> Stop {
    Stop::raised("TypeError", what)
}
