//! The parts of `hermes_cli/auth.py` that know providers: names and aliases, usable keys, direct look-up.

use super::{Outcome, Process, Stop};
use crate::python::Value;
use crate::secret::Secret;
use crate::text::Place;

/// What `resolve_api_key_provider_credentials` returns.
#[derive(Clone, Debug)]
pub struct ApiKeyCredentials {
    /// The provider id.
    pub provider: String,
    /// The key.
    pub api_key: Secret,
    /// The endpoint.
    pub base_url: String,
    /// The source that is reported: a variable's name, `default`, ….
    pub source: String,
    /// Where the key is written.
    pub place: Option<Place>,
}

/// `has_usable_secret(value)`: long enough and no placeholder.
pub fn has_usable_secret(value: &Value) -> bool {
    let _ = value;
    false
}

impl Process<'_> {
    /// `resolve_provider(requested, explicit_api_key=…, explicit_base_url=…)`: the canonical provider id.
    ///
    /// # Errors
    /// `AuthError` for an unknown provider, or where `auto` finds nothing.
    pub fn resolve_provider(&mut self, requested: Option<&str>) -> Outcome<String> {
        let _ = requested;
        Err(Stop::not_modelled("resolve_provider"))
    }

    /// `is_provider_explicitly_configured(provider)`.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn is_provider_explicitly_configured(&mut self, provider: &str) -> Outcome<bool> {
        let _ = provider;
        Err(Stop::not_modelled("is_provider_explicitly_configured"))
    }

    /// `resolve_api_key_provider_credentials(provider)`: the direct look-up behind the pool.
    ///
    /// # Errors
    /// `AuthError` where there is no usable key.
    pub fn resolve_api_key_provider_credentials(&mut self, provider: &str) -> Outcome<ApiKeyCredentials> {
        let _ = provider;
        Err(Stop::not_modelled("resolve_api_key_provider_credentials"))
    }
}
