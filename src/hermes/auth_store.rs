//! `auth.json`: the parts of `hermes_cli/auth.py` that read and write the auth store.

use super::{Outcome, Process, Stop};
use crate::python::{Dict, Node, Value};

/// What the process has done to `auth.json` so far.
#[derive(Clone, Debug, Default)]
pub struct AuthStoreState {
    /// The store as it was last written; `None` while the file still has the text that was given.
    pub written: Option<Node>,
}

impl Process<'_> {
    /// `_load_auth_store()`: the parsed store, or the empty one where the file is absent or broken.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn load_auth_store(&mut self) -> Outcome<Node> {
        Err(Stop::not_modelled("load_auth_store"))
    }

    /// `read_credential_pool(provider)`: the provider's rows, from the profile's store or the root's.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn read_credential_pool(&mut self, provider: &str) -> Outcome<Vec<Node>> {
        let _ = provider;
        Err(Stop::not_modelled("read_credential_pool"))
    }

    /// `read_credential_pool(None)`: all pools by provider.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn read_credential_pools(&mut self) -> Outcome<Dict> {
        Err(Stop::not_modelled("read_credential_pools"))
    }

    /// `is_source_suppressed(provider, source)`.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn is_source_suppressed(&mut self, provider: &str, source: &str) -> Outcome<bool> {
        let _ = (provider, source);
        Err(Stop::not_modelled("is_source_suppressed"))
    }

    /// `_load_provider_state(store, provider)`: the login in the `providers` part, where there is one.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn load_provider_state(&mut self, provider: &str) -> Outcome<Option<Node>> {
        let _ = provider;
        Err(Stop::not_modelled("load_provider_state"))
    }

    /// `auth.json` as it now lies on disk, without `updated_at` and the rows' `id`; `None` where there is no file.
    ///
    /// # Errors
    /// [`Stop::Raised`] where the file cannot be read as JSON.
    pub fn stored_auth(&mut self) -> Outcome<Value> {
        Err(Stop::not_modelled("stored_auth"))
    }
}
