//! The tables of each Hermes release: providers, aliases, environment variables, known keys, defaults.
//!
//! They are generated into `data/` from the real package by `cargo xtask facts` and reviewed there. Those of a release
//! that cannot be run are made from an older one's and what `data/read/` says of it.

pub mod behaviour;
pub mod commands;
mod names;
mod read;
pub mod services;
pub mod strategies;

use self::behaviour::Behaviour;
use self::commands::Commands;
use crate::base::collections::{TextMap, TextSet};
use crate::base::embedded;
use crate::base::text::Search;
use crate::python::Node;

/// One row of the real program's `PROVIDER_REGISTRY`.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The canonical id. Rows that plugins add under their aliases have the id of the row they repeat.
    pub id: String,
    /// The name that people see.
    pub name: String,
    /// `api_key`, `oauth_device_code`, `external_process`, …
    pub auth_type: String,
    /// Where people log in; empty where there is no such place.
    pub portal_base_url: String,
    /// The default endpoint; empty where there is none.
    pub inference_base_url: String,
    /// The variables that may hold a key, in the order in which the direct look-up tries them.
    pub api_key_env_vars: Vec<String>,
    /// The variable that overrides the endpoint; empty where there is none.
    pub base_url_env_var: String,
}

/// What a provider plugin (`plugins/model-providers/*`) says of its provider.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Other names of it.
    pub aliases: Vec<String>,
    /// The wire protocol.
    pub api_mode: String,
    /// As [`Provider::auth_type`].
    pub auth_type: String,
    /// The endpoint.
    pub base_url: String,
    /// The name that people see; empty where it is the id.
    pub display_name: String,
    /// Variables that hold a key or an endpoint.
    pub env_vars: Vec<String>,
}

/// A row of `HERMES_OVERLAYS` in `hermes_cli/providers.py`.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// As [`Provider::auth_type`], and `virtual`.
    pub auth_type: String,
    /// The variable that overrides the endpoint; empty where there is none.
    pub base_url_env_var: String,
    /// The endpoint; empty where the models.dev catalogue has it.
    pub base_url_override: String,
    /// Variables that may hold a key.
    pub extra_env_vars: Vec<String>,
    /// Whether it routes to models of others.
    pub is_aggregator: bool,
    /// The transport, to be looked up in [`Facts::transport_api_modes`].
    pub transport: String,
}

/// One of the endpoints that Hermes tries for a Z.AI key.
#[derive(Clone, Debug)]
pub struct ZaiEndpoint {
    /// Its id.
    pub id: String,
    /// The endpoint.
    pub base_url: String,
    /// The models that it is tried with, in order.
    pub probe_models: Vec<String>,
    /// The name that people see.
    pub label: String,
}

/// The limits and names of `agent/credential_pool.py`.
#[derive(Clone, Debug)]
pub struct PoolFacts {
    /// What the pool of a named custom endpoint begins with: `custom:`.
    pub custom_prefix: String,
    /// Seconds after which a dead manual entry is dropped; `None` where no entry is ever dead.
    pub dead_manual_prune_seconds: Option<f64>,
    /// Cooldown after status 401, in seconds.
    pub exhausted_401_seconds: f64,
    /// Cooldown after status 429, in seconds.
    pub exhausted_429_seconds: f64,
    /// Cooldown after any other status, in seconds.
    pub exhausted_default_seconds: f64,
    /// Fields of a row that are only carried along.
    pub extra_keys: TextSet,
    /// How many leases an entry may have at once.
    pub lease_limit: i64,
    /// Seconds in which the line about no available entries is written once.
    pub no_entries_log_seconds: f64,
    /// The names of the strategies.
    pub strategies: TextSet,
    /// Reasons of a 401 that make an entry dead.
    pub terminal_auth_reasons: TextSet,
    /// Seconds before its end in which an xAI token is renewed.
    pub xai_refresh_seconds: f64,
}

/// The words by which `agent/error_classifier.py` tells failures apart.
#[derive(Clone, Debug)]
pub struct ErrorFacts {
    /// Codes of a body that say that the account has no credit left.
    pub billing_codes: TextSet,
    /// Phrases of messages in lower case, by the name of their table: `billing` for `_BILLING_PATTERNS`.
    pub phrases: TextMap<Vec<String>>,
    /// The values of `FailoverReason`.
    pub reasons: TextSet,
}

impl ErrorFacts {
    /// Whether a phrase of `table` stands in `text`. A release that has no such table finds nothing.
    pub fn says(&self, table: &str, text: &str) -> bool {
        self.phrases
            .get(table)
            .is_some_and(|phrases| phrases.iter().any(|phrase| text.holds(phrase.as_str())))
    }
}

/// Names of environment variables that Hermes knows.
#[derive(Clone, Debug)]
pub struct EnvFacts {
    /// Names, beside those that end as keys do, that `hermes config set` writes into `.env`.
    pub config_set: TextSet,
    /// What the names of variables that hold credentials end with.
    pub credential_suffixes: Vec<String>,
    /// `_EXTRA_ENV_KEYS`.
    pub extra: TextSet,
    /// Other names that stand in its code and end as those of keys do.
    pub in_code: TextSet,
    /// The names in `OPTIONAL_ENV_VARS`, those of plugins included.
    pub optional: TextSet,
}

impl EnvFacts {
    /// Whether the `.env` sanitiser knows `name`: `OPTIONAL_ENV_VARS` and `_EXTRA_ENV_KEYS`.
    pub fn knows(&self, name: &str) -> bool {
        self.optional.contains(name) || self.extra.contains(name)
    }
}

/// The keys of config.yaml that Hermes knows, beside those of [`Facts::defaults`].
#[derive(Clone, Debug)]
pub struct ConfigKeys {
    /// Spellings in a custom provider entry, to the key that they stand for; in the order in which they count.
    pub custom_provider_aliases: TextMap<String>,
    /// The keys that a custom provider entry may have without a warning.
    pub custom_provider_keys: TextSet,
    /// Keys that look as if they were meant for a custom provider entry.
    pub custom_provider_like: TextSet,
    /// Root keys below which anything goes because the value is a list.
    pub dynamic: TextSet,
    /// Known root keys that have no default.
    pub extra_roots: TextSet,
    /// Other keys that the code takes out of config.yaml, or out of a part of it that decides about providers, and maybe more:
    /// they were found by what the code calls the mappings that it takes them out of.
    pub in_code: TextSet,
    /// Names that stand in the code and are like a key below a root key of the defaults: they may be read beside it.
    pub lookalikes: TextSet,
    /// Root keys below which users choose the names.
    pub open: TextSet,
    /// Keys whose children are names of platforms.
    pub platform_containers: TextSet,
    /// Root keys of which only a part is known.
    pub schema_defined: TextSet,
}

/// What is known of one release of Hermes. Its `Debug` form names the release only.
#[derive(Clone)]
pub struct Facts {
    /// The release: `0.19.0`.
    pub release: String,
    /// What its code does otherwise than that of other releases.
    pub behaviour: Behaviour,
    /// `DEFAULT_CONFIG["_config_version"]`.
    pub config_version: i64,
    /// `PROVIDER_REGISTRY` in its order, by key.
    pub providers: TextMap<Provider>,
    /// The aliases that `resolve_provider` accepts, those of plugins included, to canonical ids.
    pub aliases: TextMap<String>,
    /// `_PROVIDER_ALIASES` of `hermes_cli/models.py`.
    pub model_aliases: TextMap<String>,
    /// `ALIASES` of `hermes_cli/providers.py`.
    pub catalog_aliases: TextMap<String>,
    /// The aliases that `resolve_provider_client` of `agent/auxiliary_client.py` accepts: fallbacks and side
    /// tasks know no other ones.
    pub auxiliary_aliases: TextMap<String>,
    /// The providers of the registry for which `_get_aux_model_for_provider` of that module has a model.
    pub auxiliary_providers: TextSet,
    /// The provider plugins by id.
    pub profiles: TextMap<Profile>,
    /// `HERMES_OVERLAYS`.
    pub overlays: TextMap<Overlay>,
    /// `TRANSPORT_TO_API_MODE`.
    pub transport_api_modes: TextMap<String>,
    /// The values that `api_mode` may have.
    pub api_modes: TextSet,
    /// Providers that `hermes auth add` logs in to.
    pub oauth_capable_providers: TextSet,
    /// Values that are taken for no key, in lower case.
    pub placeholder_secrets: TextSet,
    /// The characters that a usable key has at least.
    pub shortest_secret: usize,
    /// Endpoints by the name of the service.
    pub urls: TextMap<String>,
    /// The endpoints that a Z.AI key is tried at.
    pub zai_endpoints: Vec<ZaiEndpoint>,
    /// What is sent to LM Studio where there is no key.
    pub lmstudio_placeholder: String,
    /// The pool's limits and names.
    pub pool: PoolFacts,
    /// The words of errors.
    pub errors: ErrorFacts,
    /// The variables that Hermes knows.
    pub env: EnvFacts,
    /// The keys of config.yaml that Hermes knows.
    pub config_keys: ConfigKeys,
    /// The root keys of config.yaml that the real program knows.
    pub root_keys: TextSet,
    /// What `hermes` takes on its command line.
    pub commands: Commands,
    /// What names of Claude's models on AWS Bedrock may begin with, in the order in which it is taken off.
    pub bedrock_regions: Vec<String>,
    /// `DEFAULT_CONFIG`; no value has a place.
    pub defaults: Node,
}

impl std::fmt::Debug for Facts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "facts of {}", self.release)
    }
}

/// How a release is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its tables are generated from it, and our answers are compared with those of the program itself.
    Run,
    /// It cannot be run here: its tables are those of the release before it with what `data/read/` says, and its
    /// switches were read in the source.
    Read,
}

/// The releases that the model answers for, newest first.
pub const RELEASES: [&str; 8] =
    ["0.21.4", "0.19.0", "0.18.2", "0.17.0", "0.16.0", "0.15.2", "0.14.0", "0.13.0"];

/// Those of them that were read in the source and never run.
pub const READ: [&str; 1] = ["0.21.4"];

/// Those of them that reports speak of: each rule's claims, fixes and commands hold there, or the rule says something else. Of
/// a release that was only read a rule claims what was read, and is silent where that does not settle it.
pub const EXPLAINED: [&str; 8] =
    ["0.21.4", "0.19.0", "0.18.2", "0.17.0", "0.16.0", "0.15.2", "0.14.0", "0.13.0"];

/// How a release that is named is answered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// By itself.
    Same,
    /// Only the first of its numbers were named, as `0.18`: by the newest of those.
    WithinIt,
    /// By the nearest one below it.
    NearestBelow,
    /// By the oldest one, as it is older still.
    Oldest,
}

impl Facts {
    /// The one of the `releases`, which stand from the newest to the oldest, that answers for `named`.
    ///
    /// ```
    /// use poolcheck::facts::{EXPLAINED, Facts, Fit};
    /// let fit = |named| Facts::fit(named, &EXPLAINED).unwrap();
    /// assert_eq!(fit("0.18.2"), ("0.18.2", Fit::Same));
    /// assert_eq!(fit("0.18"), ("0.18.2", Fit::WithinIt));
    /// assert_eq!(fit("0.20.5"), ("0.19.0", Fit::NearestBelow));
    /// assert_eq!(fit("1.0.0"), ("0.21.4", Fit::NearestBelow));
    /// assert_eq!(fit("0.9.12"), ("0.13.0", Fit::Oldest));
    /// ```
    pub fn fit<'r>(named: &str, releases: &[&'r str]) -> Option<(&'r str, Fit)> {
        let numbers = |release: &str| -> Vec<u32> {
            release.split('.').map(|number| number.parse().unwrap_or(u32::MAX)).collect()
        };
        let own = numbers(named);
        let first =
            |fits: &dyn Fn(&[u32]) -> bool| releases.iter().copied().find(|release| fits(&numbers(release)));
        if let Some(same) = first(&|release| release == own) {
            return Some((same, Fit::Same));
        }
        if let Some(within) = first(&|release| release.starts_with(&own)) {
            return Some((within, Fit::WithinIt));
        }
        match first(&|release| release < own.as_slice()) {
            Some(below) => Some((below, Fit::NearestBelow)),
            None => Some((releases.last().copied()?, Fit::Oldest)),
        }
    }

    /// The tables of `release`, or `None` for a release that is not known here.
    ///
    /// ```
    /// use poolcheck::facts::Facts;
    /// let facts = Facts::of("0.19.0").unwrap();
    /// assert_eq!(facts.aliases.get("google").unwrap(), "gemini");
    /// assert_eq!(facts.providers.get("gemini").unwrap().api_key_env_vars, ["GOOGLE_API_KEY", "GEMINI_API_KEY"]);
    /// assert!(Facts::of("0.1.0").is_none());
    /// ```
    pub fn of(release: &str) -> Option<&'static Self> {
        thread_local! {
            // Values are counted references and so belong to one thread. Each release is read once a thread
            // and kept for the rest of the program.
            static LOADED: [std::cell::OnceCell<Option<&'static Facts>>; RELEASES.len()] =
                const { [const { std::cell::OnceCell::new() }; RELEASES.len()] };
        }
        let at = RELEASES.iter().position(|name| *name == release)?;
        LOADED.with(|loaded| {
            *loaded.get(at)?.get_or_init(|| {
                let data = embedded::text(&format!("hermes-{release}"));
                read::facts(data)
            })
        })
    }

    /// How this release is known.
    ///
    /// ```
    /// use poolcheck::facts::{Facts, Standing};
    /// assert_eq!(Facts::of("0.19.0").unwrap().standing(), Standing::Run);
    /// assert_eq!(Facts::of("0.21.4").unwrap().standing(), Standing::Read);
    /// ```
    pub fn standing(&self) -> Standing {
        if READ.contains(&self.release.as_str()) { Standing::Read } else { Standing::Run }
    }

    /// The tables of the newest release that was run.
    pub fn newest() -> Option<&'static Self> {
        Self::of(RELEASES.iter().find(|release| !READ.contains(release))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_release_reads() {
        for release in RELEASES {
            let facts = Facts::of(release).unwrap();
            assert_eq!(facts.release, release);
        }
        let newest = Facts::newest().unwrap();
        assert_eq!(
            newest.root_keys.len(),
            newest.defaults.value.as_dict().unwrap().len() + newest.config_keys.extra_roots.len(),
            "the known roots are the defaults and the extra ones; before 0.19.0 they are a list of their own"
        );
    }

    #[test]
    fn plugin_rows_stand_under_their_aliases_too() {
        let facts = Facts::newest().unwrap();
        assert_eq!(facts.providers.get("fw").unwrap().id, "fireworks");
        assert_eq!(facts.aliases.get("fw").unwrap(), "fireworks");
    }

    #[test]
    fn defaults_have_no_place() {
        let defaults = &Facts::newest().unwrap().defaults;
        let entry = defaults.value.as_dict().unwrap().entry("terminal").unwrap();
        assert!(defaults.place.is_none() && entry.place.is_none() && entry.key.place.is_none());
        assert!(entry.value.get("daemon_term_grace_seconds").unwrap().place.is_none());
        assert_eq!(entry.value.get("daemon_term_grace_seconds").unwrap().value.type_name(), "float");
    }
}
