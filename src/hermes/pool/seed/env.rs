//! `_seed_from_env`: rows that the environment and `.env` make.

use super::super::load::Sources;
use super::super::sanitize::short_sha256;
use super::super::{API_KEY, PooledCredential};
use super::Seed;
use crate::hermes::{Candidate, EnvValue, Outcome, Process, Reason};
use crate::python::{Node, Value, strip};
use crate::text::{Place, SourceKind};

/// `OPENROUTER_BASE_URL`.
const OPENROUTER_URL: &str = "https://openrouter.ai/api/v1";
/// `KIMI_CODE_BASE_URL`, and the keys that go there.
const KIMI_CODE: (&str, &str) = ("sk-kimi-", "https://api.kimi.com/coding");
/// The order in which a pool takes Anthropic's variables, which is not that of the direct look-up.
const ANTHROPIC_VARIABLES: [&str; 3] = ["ANTHROPIC_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY"];

/// A variable's value as the pool takes it.
#[derive(Default)]
pub(super) struct Found {
    /// The value; empty where there is none.
    pub(super) value: String,
    place: Option<Place>,
    entry_place: Option<Place>,
}

impl Found {
    fn new(value: &str, from: &EnvValue) -> Self {
        Self { value: value.to_owned(), place: from.place, entry_place: from.entry_place }
    }
}

impl Process<'_> {
    /// `_get_env_prefer_dotenv(name)`: `.env`, then the environment.
    fn env_prefer_dotenv(&mut self, name: &str) -> Outcome<Found> {
        let file = self.load_env()?;
        let written = file.get(name);
        let raw = written.map_or("", |found| strip(&found.value));
        let own = self.environ.get(name);
        let in_environ = own.map_or("", |found| strip(&found.value));
        if let Some(own) = own
            && raw.starts_with("op://")
            && !in_environ.is_empty()
        {
            return Ok(Found::new(in_environ, own));
        }
        if let Some(written) = written
            && !raw.is_empty()
        {
            return Ok(Found::new(raw, written));
        }
        // The secret scope reads the environment as it is, so that space around a value stays.
        Ok(own.map(|own| Found::new(&own.value, own)).unwrap_or_default())
    }

    /// As [`Process::env_prefer_dotenv`] for a variable that holds a key: a key of the environment that `.env`
    /// beats goes into the trace.
    fn key_prefer_dotenv(&mut self, name: &str) -> Outcome<Found> {
        let found = self.env_prefer_dotenv(name)?;
        // What `.env` itself put into the environment is no second key, even where the two readers disagree.
        let is_own = |own: &&EnvValue| own.place.is_none_or(|place| place.source != SourceKind::DotEnv);
        let own = self.environ.get(name).filter(is_own).filter(|own| !strip(&own.value).is_empty());
        if let Some(own) = own.filter(|own| strip(&own.value) != strip(&found.value)) {
            self.trace.lost(Candidate::variable(name, own), Reason::DotEnvBeatsEnvironment);
        }
        Ok(found)
    }

    /// `_seed_from_env(provider, entries)`: the sources that hold a key.
    pub(in crate::hermes::pool) fn seed_from_env(
        &mut self,
        provider: &str,
        entries: &mut Vec<PooledCredential>,
        changed: &mut bool,
    ) -> Outcome<Sources> {
        let mut sources = Sources::new();
        if provider == "openrouter" {
            let found = self.key_prefer_dotenv("OPENROUTER_API_KEY")?;
            let seed = seed("OPENROUTER_API_KEY", &found, Value::str(OPENROUTER_URL).into());
            if !found.value.is_empty() && !self.is_suppressed(provider, &seed)? {
                *changed |= self.upsert(entries, provider, &seed)?;
                sources.insert(seed.source);
            }
            return Ok(sources);
        }
        let Some(facts) = self.facts.providers.get(provider).filter(|facts| facts.auth_type == API_KEY)
        else {
            return Ok(sources);
        };
        let url = match facts.base_url_env_var.as_str() {
            "" => Found::default(),
            name => self.env_prefer_dotenv(name)?,
        };
        let url = Node { value: Value::str(url.value.trim_end_matches('/')), place: url.place };
        let variables: Vec<&str> = match provider {
            "anthropic" => ANTHROPIC_VARIABLES.to_vec(),
            _ => facts.api_key_env_vars.iter().map(String::as_str).collect(),
        };
        for name in variables {
            let found = self.key_prefer_dotenv(name)?;
            if found.value.is_empty() {
                continue;
            }
            let mut seed = seed(name, &found, Value::None.into());
            if self.is_suppressed(provider, &seed)? {
                continue;
            }
            let default = facts.inference_base_url.as_str();
            let base_url = match provider {
                _ if url.value.is_true() => url.clone(),
                "kimi-coding" if found.value.starts_with(KIMI_CODE.0) => Value::str(KIMI_CODE.1).into(),
                "zai" => self.zai_endpoint(&found.value, default)?,
                _ => Value::str(default).into(),
            };
            for (field, node) in &mut seed.fields {
                if *field == "base_url" {
                    *node = base_url.clone();
                }
            }
            *changed |= self.upsert(entries, provider, &seed)?;
            sources.insert(seed.source);
        }
        Ok(sources)
    }

    /// `_resolve_zai_base_url(key, default, "")`: the endpoint that an earlier run found for this key. Without
    /// one the real program asks four endpoints; without an answer it takes the default, and so does this.
    pub(in crate::hermes) fn zai_endpoint(&mut self, key: &str, default: &str) -> Outcome<Node> {
        let state = self.load_provider_state("zai")?;
        let cached = state.as_ref().and_then(|state| state.get("detected_endpoint"));
        let known = cached.and_then(|cached| cached.get("base_url")).filter(|url| url.value.is_true());
        let hash = cached.and_then(|cached| cached.get("key_hash")).and_then(|hash| hash.value.as_str());
        Ok(match known {
            Some(url) if hash == Some(&short_sha256(key)) => url.clone(),
            _ => Value::str(default).into(),
        })
    }
}

/// `_env_payload(…)`. No vault is configured, so no row says that its key is from one.
fn seed(variable: &str, found: &Found, base_url: Node) -> Seed {
    Seed {
        source: format!("env:{variable}"),
        fields: vec![
            ("auth_type", Value::str(API_KEY).into()),
            ("access_token", Node { value: Value::str(found.value.as_str()), place: found.place }),
            ("base_url", base_url),
            ("label", Value::str(variable).into()),
        ],
        place: found.entry_place.or(found.place),
    }
}
