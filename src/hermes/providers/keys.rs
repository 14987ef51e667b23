//! The direct look-up of a key behind the pool: `resolve_api_key_provider_credentials` and what it calls.

use super::is_usable;
use crate::base::text::Place;
use crate::facts::{Facts, Provider};
use crate::hermes::urls::lmstudio_base_url;
use crate::hermes::{Candidate, Outcome, Process, Reason, Stop, caught};
use crate::python::{Value, lower, strip, to_str};
use crate::readers::environ::EnvValue;
use crate::secret::Secret;

/// The keys that go to Kimi's endpoint for programmers begin with this.
const KIMI_CODE_PREFIX: &str = "sk-kimi-";

/// What `resolve_api_key_provider_credentials` returns.
#[derive(Clone)]
pub struct ApiKeyCredentials {
    /// The provider id.
    pub provider: String,
    /// The key; empty where there is none.
    pub api_key: Secret,
    /// The endpoint.
    pub base_url: String,
    /// The source that is reported: a variable's name, `credential_pool:…`, `default`.
    pub source: String,
    /// Where the key is written.
    pub place: Option<Place>,
}

/// A key and what the real program calls its source.
pub(in crate::hermes) struct FoundKey {
    pub(in crate::hermes) key: String,
    pub(in crate::hermes) source: String,
    pub(in crate::hermes) place: Option<Place>,
}

/// A variable as `get_env_value_prefer_dotenv` reads it.
pub(in crate::hermes) struct Preferred {
    /// The one that counts: that of `.env` where it is not empty, else that of the process environment.
    pub(in crate::hermes) chosen: Option<EnvValue>,
    /// That of the process environment, where `.env` has another.
    pub(in crate::hermes) shadowed: Option<EnvValue>,
}

impl Process<'_> {
    /// `get_env_value_prefer_dotenv(name)` of `hermes_cli/config.py`.
    ///
    /// # Errors
    /// What `load_env()` raises.
    pub(in crate::hermes) fn prefer_dotenv(&mut self, name: &str) -> Outcome<Preferred> {
        let from_dotenv = self.load_env()?.get(name).filter(|variable| !variable.value.is_empty()).cloned();
        if !self.facts.behaviour.look_up_prefers_dotenv {
            // `get_env_value(name)`
            let own = self.environ.get(name).cloned();
            return Ok(Preferred { chosen: own.or(from_dotenv), shadowed: None });
        }
        let own = self.get_secret(name).cloned();
        Ok(match from_dotenv {
            Some(chosen) => {
                let shadowed = own.filter(|own| own.value != chosen.value && !own.value.is_empty());
                Preferred { chosen: Some(chosen), shadowed }
            }
            None => Preferred { chosen: own, shadowed: None },
        })
    }

    /// `resolve_api_key_provider_credentials(provider)`: the direct look-up behind the pool.
    ///
    /// # Errors
    /// `AuthError` where it is no API-key provider.
    pub fn resolve_api_key_provider_credentials(&mut self, provider: &str) -> Outcome<ApiKeyCredentials> {
        let facts = self.facts;
        let Some(row) = facts.providers.get(provider).filter(|row| row.auth_type == "api_key") else {
            let message = format!("Provider '{provider}' is not an API-key provider.");
            return Err(Stop::auth_error("invalid_provider", message));
        };
        let found = self.api_key_secret(provider, row)?;
        let (mut key, mut source, mut place) = (String::new(), "default".to_owned(), None);
        if let Some(found) = found {
            (key, source, place) = (found.key, found.source, found.place);
        } else if provider == "lmstudio" {
            key = facts.lmstudio_placeholder.clone();
        }
        let base_url = self.direct_base_url(provider, row, &key)?;
        Ok(ApiKeyCredentials {
            provider: provider.to_owned(),
            api_key: Secret::new(key),
            base_url: base_url.trim_end_matches('/').to_owned(),
            source,
            place,
        })
    }

    /// The endpoint that the direct look-up returns, never blank where the registry has one.
    fn direct_base_url(&mut self, provider: &str, row: &Provider, key: &str) -> Outcome<String> {
        let registered = row.inference_base_url.as_str();
        let own = strip(self.os_getenv(&row.base_url_env_var)).to_owned();
        let mut url = match provider {
            "kimi-coding" | "kimi-coding-cn" => kimi_base_url(self.facts, key, registered, &own),
            "zai" if own.is_empty() && !key.is_empty() => match self.zai_endpoint(key, registered)?.value {
                Value::Str(url) => url.to_string(),
                _ => String::new(),
            },
            "zai" if !own.is_empty() => own,
            _ if !own.is_empty() => own.trim_end_matches('/').to_owned(),
            _ => registered.to_owned(),
        };
        let behaviour = &self.facts.behaviour;
        if provider == "lmstudio" && behaviour.settles_lmstudio_urls {
            url = lmstudio_base_url(&url);
        }
        Ok(if behaviour.direct_url_is_never_blank && strip(&url).is_empty() {
            registered.to_owned()
        } else {
            url
        })
    }

    /// `_resolve_api_key_provider_secret`: the provider's variables, `.env` before the process environment,
    /// then the pool's next entry. Records each one.
    ///
    /// # Errors
    /// [`Stop::not_modelled`] for GitHub Copilot, whose tokens are exchanged over the network.
    pub(in crate::hermes) fn api_key_secret(
        &mut self,
        provider: &str,
        row: &Provider,
    ) -> Outcome<Option<FoundKey>> {
        if provider == "copilot" {
            return Err(Stop::not_modelled("the exchange of GitHub tokens"));
        }
        let mut found: Option<FoundKey> = None;
        let named = self.key_variable_of_model(provider)?;
        let others = row.api_key_env_vars.iter().filter(|name| Some(*name) != named.as_ref());
        for name in named.iter().chain(others) {
            let Preferred { chosen, shadowed } = self.prefer_dotenv(name)?;
            if let Some(variable) = chosen.filter(|variable| !strip(&variable.value).is_empty()) {
                let candidate = Candidate::variable(name, &variable);
                if let Some(earlier) = &found {
                    self.trace.lost(candidate, Reason::EarlierVariable(earlier.source.clone()));
                } else if is_usable(self.facts, &variable.value) {
                    self.trace.won(candidate);
                    let key = strip(&variable.value).to_owned();
                    found = Some(FoundKey { key, source: name.clone(), place: variable.place });
                } else {
                    self.trace.lost(candidate, Reason::Placeholder);
                }
            }
            if let Some(variable) = shadowed {
                self.trace.lost(Candidate::variable(name, &variable), Reason::DotEnvBeatsEnvironment);
            }
        }
        if found.is_some() {
            return Ok(found);
        }
        Ok(caught(self.key_of_pool(provider))?.flatten())
    }

    /// `_model_level_key_env(provider)`: the variable that `model` names where it is for this provider.
    fn key_variable_of_model(&mut self, provider: &str) -> Outcome<Option<String>> {
        if !self.facts.behaviour.model_names_its_variable {
            return Ok(None);
        }
        let Some(config) = caught(self.load_config())? else { return Ok(None) };
        let said = |name: &str| -> Outcome<String> {
            let value =
                config.get("model").and_then(|model| model.get(name)).filter(|node| node.value.is_true());
            let text = value.map_or_else(|| Some(String::new()), |node| to_str(&node.value));
            let text = text.ok_or_else(|| Stop::not_modelled("the text of a set or of a very deep value"))?;
            Ok(strip(&text).to_owned())
        };
        if lower(&said("provider")?) != provider {
            return Ok(None);
        }
        let names = [said("key_env")?, said("api_key_env")?];
        Ok(names.into_iter().find(|name| !name.is_empty()))
    }

    /// The key of the entry that the pool would take next, where it is a usable one; in some releases of any entry.
    fn key_of_pool(&mut self, provider: &str) -> Outcome<Option<FoundKey>> {
        let mut pool = self.load_pool(provider)?;
        let tries_all = self.facts.behaviour.look_up_tries_every_row;
        if tries_all && pool.entries.is_empty() {
            return Ok(None);
        }
        let mut entries: Vec<_> = pool.peek(self)?.into_iter().collect();
        if tries_all {
            entries.extend(pool.entries.iter().cloned());
        }
        let mut usable = None;
        for entry in entries {
            let key = entry.runtime_api_key(self)?;
            if is_usable(self.facts, key.expose()) {
                usable = Some((entry, key));
                break;
            }
        }
        let Some((entry, key)) = usable else { return Ok(None) };
        let candidate = entry.candidate(self, pool.is_sole());
        self.trace.won(candidate);
        let source = format!("credential_pool:{provider}");
        Ok(Some(FoundKey { key: strip(key.expose()).to_owned(), source, place: entry.key_place }))
    }
}

/// `_resolve_kimi_base_url(api_key, default_url, env_override)`: the endpoint goes by the key's prefix where no
/// variable names one.
///
/// ```
/// use poolcheck::facts::Facts;
/// use poolcheck::hermes::providers::kimi_base_url;
/// let facts = Facts::newest().unwrap();
/// let default = "https://api.moonshot.ai/v1";
/// assert_eq!(kimi_base_url(facts, "sk-kimi-fake", default, ""), "https://api.kimi.com/coding");
/// assert_eq!(kimi_base_url(facts, "sk-fake", default, ""), default);
/// assert_eq!(kimi_base_url(facts, "sk-kimi-fake", default, "https://my.proxy"), "https://my.proxy");
/// ```
pub fn kimi_base_url(facts: &Facts, api_key: &str, default_url: &str, env_override: &str) -> String {
    let url = match env_override {
        "" if api_key.starts_with(KIMI_CODE_PREFIX) => {
            facts.urls.get("kimi_code").map_or(default_url, String::as_str)
        }
        "" => default_url,
        own => own,
    };
    url.to_owned()
}
