//! `hermes_cli/runtime_provider.py`: which provider, endpoint and credential a request is sent with.

use super::pool::Pool;
use super::{Outcome, Process, Stop};
use crate::secret::Secret;

/// What `resolve_runtime_provider` returns.
#[derive(Clone, Debug)]
pub struct Runtime {
    /// The provider id.
    pub provider: String,
    /// `chat_completions`, `codex_responses`, `anthropic_messages`, ….
    pub api_mode: Option<String>,
    /// The endpoint.
    pub base_url: String,
    /// The key.
    pub api_key: Secret,
    /// Where the real program says that the key comes from.
    pub source: Option<String>,
    /// What was asked for: `auto`, a provider, an alias.
    pub requested_provider: Option<String>,
    /// The model, where the resolution sets one.
    pub model: Option<String>,
    /// The pool that the key is from.
    pub pool: Option<Pool>,
}

impl Process<'_> {
    /// `resolve_runtime_provider(requested=…)`. The trace then holds the winner and the losers.
    ///
    /// # Errors
    /// `AuthError` and whatever else the real function raises.
    pub fn resolve_runtime_provider(&mut self, requested: Option<&str>) -> Outcome<Runtime> {
        let _ = requested;
        Err(Stop::not_modelled("resolve_runtime_provider"))
    }
}
