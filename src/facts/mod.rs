//! The tables of each Hermes release: providers, aliases, environment variables, known keys, defaults.
//!
//! They are generated into `data/` from the real package by `cargo xtask facts` and reviewed there.

use indexmap::IndexMap;

use crate::python::Node;

/// One row of the real program's `PROVIDER_REGISTRY`.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The canonical id.
    pub id: String,
    /// The name that people see.
    pub name: String,
    /// `api_key`, `oauth_device_code`, `external_process`, …
    pub auth_type: String,
    /// The default endpoint; empty where there is none.
    pub inference_base_url: String,
    /// The variables that may hold a key, in the order in which the direct look-up tries them.
    pub api_key_env_vars: Vec<String>,
    /// The variable that overrides the endpoint; empty where there is none.
    pub base_url_env_var: String,
}

/// What is known of one release of Hermes.
#[derive(Debug)]
pub struct Facts {
    /// The release: `0.19.0`.
    pub release: String,
    /// `DEFAULT_CONFIG["_config_version"]`.
    pub config_version: i64,
    /// `PROVIDER_REGISTRY` in its order.
    pub providers: IndexMap<String, Provider>,
    /// The aliases that `resolve_provider` accepts, to canonical ids.
    pub aliases: IndexMap<String, String>,
    /// The root keys of config.yaml that the real program knows.
    pub root_keys: Vec<String>,
    /// `DEFAULT_CONFIG`.
    pub defaults: Node,
}

impl Facts {
    /// The tables of `release`, or `None` for a release that is not known here.
    pub fn of(release: &str) -> Option<&'static Self> {
        let _ = release;
        None
    }

    /// The tables of the newest release.
    pub fn newest() -> Option<&'static Self> {
        Self::of("0.19.0")
    }
}
