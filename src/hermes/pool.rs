//! `agent/credential_pool.py`: loading, seeding, selection, cooldowns, marking and rotation.

use super::{Candidate, Outcome, Process, Stop};
use crate::python::{Dict, Value};
use crate::secret::Secret;
use crate::text::Place;

/// A row of a pool: the real program's `PooledCredential`. Fields keep whatever type the file gave them.
#[derive(Clone, Debug)]
pub struct PooledCredential {
    /// The pool's provider.
    pub provider: String,
    /// The dataclass's fields by name.
    pub fields: Dict,
    /// The fields that the real program only carries along.
    pub extra: Dict,
    /// Where the row is written, or the variable or config value that made it.
    pub place: Option<Place>,
    /// Where its key is written.
    pub key_place: Option<Place>,
}

impl PooledCredential {
    /// The field `name`; `Value::None` where it is not set.
    pub fn field(&self, name: &str) -> &Value {
        self.fields.get(name).map_or(&Value::None, |node| &node.value)
    }

    /// The field `source`, as text.
    pub fn source(&self) -> &str {
        self.field("source").as_str().unwrap_or("")
    }

    /// `runtime_api_key`: the key that requests are sent with.
    ///
    /// # Errors
    /// What the real property raises.
    pub fn runtime_api_key(&self, process: &Process<'_>) -> Outcome<Secret> {
        let _ = process;
        Err(Stop::not_modelled("runtime_api_key"))
    }

    /// `runtime_base_url`.
    pub fn runtime_base_url(&self) -> Value {
        self.field("base_url").clone()
    }

    /// The entry as a candidate for the trace, its status judged at the process's clock.
    pub fn candidate(&self, process: &Process<'_>) -> Candidate {
        let _ = process;
        Candidate {
            origin: super::Origin::Pool { provider: self.provider.clone(), source: self.source().to_owned() },
            label: String::new(),
            key: Secret::new(""),
            place: self.key_place,
            entry_place: self.place,
            status: super::CredentialStatus::Ok,
        }
    }
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
}

/// What reports show of an entry.
#[derive(Clone, Debug)]
pub struct EntryState {
    /// The entry as a candidate.
    pub candidate: Candidate,
    /// The status code of its last error.
    pub error_code: Option<i64>,
    /// Whether the pool may select it now.
    pub available: bool,
    /// Whether the next selection may return it.
    pub next: bool,
}

impl Pool {
    /// The entries in order, with what the next selection would do, without selecting.
    pub fn describe(&self, process: &Process<'_>) -> Vec<EntryState> {
        let state = |entry: &PooledCredential| EntryState {
            candidate: entry.candidate(process),
            error_code: None,
            available: false,
            next: false,
        };
        self.entries.iter().map(state).collect()
    }

    /// `select()`; records in the trace which entry won and why the others lost.
    ///
    /// # Errors
    /// What the real method raises.
    pub fn select(&mut self, process: &mut Process<'_>) -> Outcome<Option<PooledCredential>> {
        let _ = process;
        Err(Stop::not_modelled("select"))
    }

    /// `peek()`.
    ///
    /// # Errors
    /// What the real method raises.
    pub fn peek(&mut self, process: &mut Process<'_>) -> Outcome<Option<PooledCredential>> {
        let _ = process;
        Err(Stop::not_modelled("peek"))
    }

    /// `current()`.
    pub fn current(&self) -> Option<&PooledCredential> {
        None
    }

    /// `mark_exhausted_and_rotate(status_code=…, error_context=…, api_key_hint=…)`.
    ///
    /// # Errors
    /// What the real method raises.
    pub fn mark_exhausted_and_rotate(
        &mut self,
        process: &mut Process<'_>,
        status: &Value,
        context: &Value,
        hint: Option<&str>,
    ) -> Outcome<Option<PooledCredential>> {
        let _ = (process, status, context, hint);
        Err(Stop::not_modelled("mark_exhausted_and_rotate"))
    }

    /// `try_refresh_current()`.
    ///
    /// # Errors
    /// What the real method raises.
    pub fn try_refresh_current(&mut self, process: &mut Process<'_>) -> Outcome<Option<PooledCredential>> {
        let _ = process;
        Err(Stop::not_modelled("try_refresh_current"))
    }

    /// `acquire_lease()`: the leased entry.
    ///
    /// # Errors
    /// What the real method raises.
    pub fn acquire_lease(&mut self, process: &mut Process<'_>) -> Outcome<Option<PooledCredential>> {
        let _ = process;
        Err(Stop::not_modelled("acquire_lease"))
    }

    /// `release_lease(id)`.
    pub fn release_lease(&mut self, entry: &PooledCredential) {
        let _ = entry;
    }
}

impl Process<'_> {
    /// `load_pool(provider)`. It may write `auth.json`, as the real function does.
    ///
    /// # Errors
    /// What the real function raises, as for a row that is no mapping.
    pub fn load_pool(&mut self, provider: &str) -> Outcome<Pool> {
        let _ = provider;
        Err(Stop::not_modelled("load_pool"))
    }

    /// `get_pool_strategy(provider)`.
    ///
    /// # Errors
    /// [`Stop::NotModelled`] from loading the config.
    pub fn pool_strategy(&mut self, provider: &str) -> Outcome<String> {
        let _ = provider;
        Err(Stop::not_modelled("pool_strategy"))
    }

    /// `get_custom_provider_pool_key(base_url, provider_name)`.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn custom_provider_pool_key(
        &mut self,
        base_url: &str,
        provider_name: Option<&str>,
    ) -> Outcome<Option<String>> {
        let _ = (base_url, provider_name);
        Err(Stop::not_modelled("custom_provider_pool_key"))
    }

    /// `credential_pool_matches_provider(pool, provider, base_url=…)`.
    ///
    /// # Errors
    /// [`Stop::NotModelled`] from loading the config.
    pub fn pool_matches_provider(&mut self, pool: &Pool, provider: &str, base_url: &str) -> Outcome<bool> {
        let _ = (pool, provider, base_url);
        Err(Stop::not_modelled("pool_matches_provider"))
    }
}
