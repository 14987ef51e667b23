//! `recover_with_credential_pool`: what the agent does with its pool after an error.

use super::pool::Pool;
use super::{Outcome, Process, Stop};
use crate::python::Value;
use crate::secret::Secret;

/// What recovery reads of an agent and changes in it.
#[derive(Clone, Debug)]
pub struct Agent {
    /// The agent's provider.
    pub provider: String,
    /// Its endpoint.
    pub base_url: String,
    /// Its API mode.
    pub api_mode: String,
    /// The key in use.
    pub api_key: Secret,
    /// `has_retried_429`.
    pub retried_429: bool,
    /// How often the same entry was refreshed in this turn, by the entry's id.
    pub refreshes: Vec<(String, u32)>,
}

/// What recovery came to.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// Whether the request is tried again.
    pub recovered: bool,
    /// The retried-429 flag afterwards.
    pub retried: bool,
}

impl Process<'_> {
    /// `recover_with_credential_pool(agent, status_code=…, classified_reason=…, error_context=…)`.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn recover_with_credential_pool(
        &mut self,
        agent: &mut Agent,
        pool: &mut Pool,
        status: &Value,
        reason: Option<&str>,
        context: &Value,
    ) -> Outcome<Recovery> {
        let _ = (agent, pool, status, reason, context);
        Err(Stop::not_modelled("recover_with_credential_pool"))
    }
}
