//! `_seed_from_env`: rows that the environment and `.env` make.

use super::super::sanitize::short_sha256;
use super::super::{API_KEY, OAUTH, PooledCredential};
use super::{Seed, Seeding};
use crate::base::sources::SourceKind;
use crate::base::text::Place;
use crate::hermes::{Candidate, LogLevel, Outcome, Process, Reason, Stop};
use crate::python::{Node, Value, strip};
use crate::readers::environ::EnvValue;

/// `OPENROUTER_BASE_URL`.
const OPENROUTER_URL: &str = "https://openrouter.ai/api/v1";
/// `KIMI_CODE_BASE_URL`, and the keys that go there.
const KIMI_CODE: (&str, &str) = ("sk-kimi-", "https://api.kimi.com/coding");
/// The order in which a pool takes Anthropic's variables, which is not that of the direct look-up.
const ANTHROPIC_VARIABLES: [&str; 3] = ["ANTHROPIC_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY"];

/// More variables of one provider are not followed here: each is looked for in all rows.
const MOST_VARIABLES: usize = 300;

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
        if !self.facts.behaviour.looks_behind_op_references {
            // `(env_file.get(name) or get_secret(name) or "").strip()`
            let found = written.filter(|found| !found.value.is_empty()).or(own);
            return Ok(found.map(|found| Found::new(strip(&found.value), found)).unwrap_or_default());
        }
        let in_environ = own.map_or("", |found| strip(&found.value));
        let trims = self.facts.behaviour.trims_variables;
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
        // `get_secret` gives a value as it is, so that space around it stays.
        let secret = self.get_secret(name).filter(|secret| !secret.value.is_empty());
        Ok(match (secret, own) {
            (Some(secret), _) if trims => Found::new(strip(&secret.value), secret),
            (Some(secret), _) => Found::new(&secret.value, secret),
            (None, Some(own)) => Found::new(in_environ, own),
            (None, None) => Found::default(),
        })
    }

    /// As [`Process::env_prefer_dotenv`] for a variable that holds a key: a key of the environment that `.env`
    /// beats goes into the trace.
    fn key_prefer_dotenv(&mut self, name: &str) -> Outcome<Found> {
        let found = self.env_prefer_dotenv(name)?;
        // What `.env` itself put into the environment is no second key, even where the two readers disagree.
        let is_own = |own: &&EnvValue| own.place.is_none_or(|place| place.source != SourceKind::Dotenv);
        let own = self.environ.get(name).filter(is_own).filter(|own| !strip(&own.value).is_empty());
        if let Some(own) = own.filter(|own| strip(&own.value) != strip(&found.value)) {
            self.trace.lost(Candidate::variable(name, own), Reason::DotEnvBeatsEnvironment);
        }
        Ok(found)
    }

    /// `_seed_from_env(provider, entries)`. No vault is configured, so no row says that its key is from one.
    pub(in crate::hermes::pool) fn seed_from_env(&mut self, pool: &mut Seeding) -> Outcome<()> {
        let numbered = self.facts.behaviour.numbered_variables;
        let row = self.facts.providers.get(&pool.provider).filter(|row| row.auth_type == API_KEY);
        let (variables, url_variable, default) = match (pool.provider.as_str(), row) {
            ("openrouter", _) => (vec!["OPENROUTER_API_KEY"], "", OPENROUTER_URL),
            (_, None) => return Ok(()),
            ("copilot", _) if numbered => return Ok(()),
            (provider, Some(row)) => {
                let variables = match provider {
                    "anthropic" => ANTHROPIC_VARIABLES.to_vec(),
                    _ => row.api_key_env_vars.iter().map(String::as_str).collect(),
                };
                (variables, row.base_url_env_var.as_str(), row.inference_base_url.as_str())
            }
        };
        let url = match url_variable {
            "" => Found::default(),
            name => self.env_prefer_dotenv(name)?,
        };
        let url = Node { value: Value::str(url.value.trim_end_matches('/')), place: url.place };
        let mut names: Vec<String> = variables.into_iter().map(str::to_owned).collect();
        if numbered {
            self.add_numbered(&mut names, &pool.entries)?;
        }
        for name in &names {
            let found = self.key_prefer_dotenv(name)?;
            if found.value.is_empty() {
                continue;
            }
            let base_url = match pool.provider.as_str() {
                _ if url.value.is_true() => url.clone(),
                "kimi-coding" if found.value.starts_with(KIMI_CODE.0) => Value::str(KIMI_CODE.1).into(),
                "zai" => self.zai_endpoint(&found.value, default)?,
                _ => Value::str(default).into(),
            };
            let token = Node { value: Value::str(found.value.as_str()), place: found.place };
            let only_oat = self.facts.behaviour.only_oat_tokens_are_logins;
            let is_login = pool.provider == "anthropic"
                && if only_oat {
                    found.value.starts_with("sk-ant-oat")
                } else {
                    !found.value.starts_with("sk-ant-api")
                };
            let auth_type = if is_login { OAUTH } else { API_KEY };
            let label = Value::str(name.as_str()).into();
            let mut seed = Seed::new(&format!("env:{name}"), auth_type, token, label);
            seed.place = found.entry_place.or(found.place);
            seed.set("base_url", base_url);
            let is_news = self.seed(pool, &seed)?;
            if numbered && is_news && pool.provider == "openrouter" {
                self.warn_of_spending(name);
            }
        }
        Ok(())
    }

    /// `_env_key_var_candidates(names, entries)`: behind the names of a provider's variables those with a number, each
    /// up to the first one without a value, and then those that rows of the pool are from.
    fn add_numbered(&mut self, names: &mut Vec<String>, entries: &[PooledCredential]) -> Outcome<()> {
        for base in names.clone() {
            for number in 2_u32.. {
                let name = format!("{base}_{number}");
                if self.env_prefer_dotenv(&name)?.value.is_empty() {
                    break;
                }
                if names.len() > MOST_VARIABLES {
                    return Err(Stop::not_modelled("hundreds of variables for one provider"));
                }
                names.push(name);
            }
        }
        for entry in entries {
            let source = entry.field("source");
            let Some(source) = source.as_str() else {
                return Err(Stop::no_attribute(source.type_name(), "startswith"));
            };
            if names.len() > MOST_VARIABLES {
                return Err(Stop::not_modelled("hundreds of variables for one provider"));
            }
            if let Some(name) = source.strip_prefix("env:").map(strip)
                && !name.is_empty()
                && !names.iter().any(|known| known == name)
            {
                names.push(name.to_owned());
            }
        }
        Ok(())
    }

    /// `_warn_env_ingestion_once("openrouter", name)`: the log says once that OpenRouter may now cost something.
    fn warn_of_spending(&mut self, name: &str) {
        if !std::mem::replace(&mut self.warned_of_spending, true) {
            let message = format!(
                "Ingested {name} from environment into the openrouter credential pool — this enables OpenRouter \
                 spend. Remove the key or run hermes auth remove openrouter <n> to suppress."
            );
            self.log(LogLevel::Warning, message);
        }
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
