//! What sends requests beside the main model, where to, and with which key: the side tasks of `auxiliary`, subagents, the
//! entries of the fallback chain, the slots of Mixture of Agents, and scheduled jobs.
//!
//! Side tasks, slots and fallbacks get a client of `agent/auxiliary_client.py`, which looks for providers and keys in a manner of its
//! own (`src/hermes/client.rs`). Subagents are resolved as the main model is, scheduled jobs as a start of the program.

mod jobs;
mod slots;
mod tasks;
mod uses;

use std::fmt;

pub use self::jobs::mends_itself;
pub use self::slots::{LeftOut, MOA, OWN_REFERENCES, SlotKind, preset_names};
pub use self::uses::{Site, SiteKind, Sites};
use super::fallback::is_current;
use super::runtime::{BEDROCK_CONVERSE, NO_KEY, Request, Runtime};
use super::{Outcome, Process, Stop, caught};
use crate::hermes::client::{ClientRequest, may_speak_anthropic, without_query};
use crate::hermes::urls::base_url_host_matches;
use crate::python::{Node, Value, lower, strip, to_str};
use crate::secret::Secret;

/// Where a request goes and with which key. Its `Debug` form names neither: an endpoint may hold a key.
#[derive(Clone)]
pub struct Route {
    /// The endpoint, without a slash at its end.
    pub base_url: String,
    /// The key; `no-key-required` where there is none.
    pub api_key: Secret,
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("route")
    }
}

impl Route {
    /// Whether a text stands in place of a key.
    pub fn is_keyless(&self) -> bool {
        self.api_key.expose() == NO_KEY
    }

    fn of((base_url, api_key): (String, Secret)) -> Self {
        Self { base_url: base_url.trim_end_matches('/').to_owned(), api_key }
    }
}

/// Providers whose own client `delegation.base_url` does not replace.
const NATIVE: [&str; 4] = ["bedrock", "vertex", "google", "google-genai"];

/// Fails where an agent with this runtime has a client of AWS, which takes no key from it.
fn of_openai_kind(runtime: &Runtime) -> Outcome<()> {
    match runtime.api_mode.as_deref() {
        Some(BEDROCK_CONVERSE) => Err(Stop::not_modelled("a subagent that speaks Bedrock's own API")),
        _ => Ok(()),
    }
}

impl Process<'_> {
    /// `_resolve_delegation_credentials` of `tools/delegate_tool.py`, and what a subagent inherits: its endpoint and key where
    /// `main` is the agent's.
    ///
    /// # Errors
    /// `ValueError` where the provider does not resolve or has no key.
    pub fn delegation(&mut self, main: &Runtime) -> Outcome<Route> {
        let config = self.load_config()?;
        let section = config.get("delegation");
        if section.is_some_and(|section| section.value.is_true() && section.value.as_dict().is_none()) {
            return Err(Stop::not_modelled("a delegation section that is no mapping"));
        }
        // The command line's own reader of config.yaml, which subagents ask, stumbles over it.
        if config.get("terminal").is_some_and(|node| node.value.is_true() && node.value.as_dict().is_none()) {
            return Err(Stop::not_modelled("a terminal section that is no mapping"));
        }
        let said = |name: &str| said(section.and_then(|section| section.get(name)));
        let (provider, url, key, model) =
            (said("provider")?, said("base_url")?, said("api_key")?, said("model")?);
        let is_native = self.facts.behaviour.subagents_keep_native_providers
            && NATIVE.contains(&lower(&provider).as_str());
        let route = if !url.is_empty() && !is_native {
            if may_speak_anthropic(&url)? || base_url_host_matches(&url, "chatgpt.com")? {
                return Err(Stop::not_modelled("a subagent's endpoint that is not of OpenAI's kind"));
            }
            let key = if key.is_empty() { main.api_key.clone() } else { Secret::new(key) };
            Route::of((url, key))
        } else if provider.is_empty() {
            of_openai_kind(main)?;
            Route::of((main.base_url.clone(), main.api_key.clone()))
        } else {
            let target_model = Some(model.as_str()).filter(|model| !model.is_empty());
            let request = Request { provider: Some(&provider), target_model, ..Request::default() };
            let runtime = match self.resolve_runtime(&request) {
                Ok(runtime) => runtime,
                Err(stop) => return Err(refused(&provider, stop)),
            };
            of_openai_kind(&runtime)?;
            if runtime.api_key.is_empty() {
                let why = format!(
                    "Delegation provider '{provider}' resolved but has no API key. Set the appropriate environment \
                     variable or run 'hermes auth'."
                );
                return Err(Stop::raised("ValueError", why));
            }
            let url = if runtime.base_url.is_empty() { main.base_url.clone() } else { runtime.base_url };
            Route::of((url, runtime.api_key))
        };
        if route.api_key.is_empty() || route.base_url.is_empty() {
            return Err(Stop::not_modelled("what a subagent without a key or an endpoint finds by itself"));
        }
        // The agent gives the query of its endpoint to its client beside it.
        Ok(Route { base_url: without_query(&route.base_url).to_owned(), ..route })
    }

    /// The key in the variable `first`, or where no such is named, in `second`; empty where there is none.
    fn named_key(&self, first: &str, second: &str) -> &str {
        match [first, second].into_iter().find(|name| !name.is_empty()) {
            Some(name) => strip(self.os_getenv(name)),
            None => "",
        }
    }

    /// The entries of the fallback chain that an agent with the runtime `main` goes to, one after the other, each with its
    /// provider.
    ///
    /// # Errors
    /// What of it is not modelled.
    pub fn fallback_routes(&mut self, main: &Runtime) -> Outcome<Vec<(String, Route)>> {
        let model = self.model_name().unwrap_or_default();
        let mut current = (main.provider.clone(), model, main.base_url.clone());
        let mut taken = Vec::new();
        for entry in self.fallback_chain()? {
            let text = |name| strip(entry.text(name).unwrap_or(""));
            let (provider, model) = (lower(text("provider")), text("model").to_owned());
            if is_current(&entry, &current.0, &current.1, &current.2) {
                continue;
            }
            if taken.iter().any(|(earlier, _)| *earlier == current.0 && *earlier == provider) {
                return Err(Stop::not_modelled("how the names of models are written for a provider"));
            }
            if let Some(route) = self.fallback_route(&entry)? {
                current = (provider.clone(), model, route.base_url.clone());
                taken.push((provider, route));
            }
        }
        Ok(taken)
    }

    /// `try_activate_fallback` of `agent/chat_completion_helpers.py`: the endpoint and the key of an entry of the chain; `None`
    /// where the entry is passed over because no client can be made of it.
    ///
    /// # Errors
    /// What of it is not modelled.
    pub fn fallback_route(&mut self, entry: &Node) -> Outcome<Option<Route>> {
        let text = |name: &str| match entry.get(name).map(|node| &node.value).filter(|value| value.is_true())
        {
            None => Ok(""),
            Some(value) => value.as_str().map(strip).ok_or_else(|| Stop::not_modelled("an odd fallback")),
        };
        let provider = lower(text("provider")?);
        let url = text("base_url")?;
        let mut key = text("api_key")?;
        if key.is_empty() {
            key = self.named_key(text("key_env")?, text("api_key_env")?);
        }
        let key = match key {
            "" if base_url_host_matches(url, "ollama.com")? => self.os_getenv("OLLAMA_API_KEY"),
            key => key,
        };
        let (key, given_url) = (key.to_owned(), Some(url).filter(|url| !url.is_empty()));
        let request = ClientRequest {
            key: Some(key.as_str()).filter(|key| !key.is_empty()),
            url: given_url,
            ..ClientRequest::of(&provider)
        };
        let Some(found) = caught(self.client_of(&request))?.flatten() else { return Ok(None) };
        if provider == "anthropic" || may_speak_anthropic(&found.0)? {
            return Err(Stop::not_modelled("a fallback to Anthropic's API"));
        }
        Ok(Some(Route::of(found)))
    }
}

/// What a resolution that raised comes to for subagents.
fn refused(provider: &str, stop: Stop) -> Stop {
    let Some(raised) = stop.exception() else { return stop };
    let why = format!(
        "Cannot resolve delegation provider '{provider}': {}. Check that the provider is configured (API key set, valid \
         provider name), or set delegation.base_url/delegation.api_key for a direct endpoint. Available providers: \
         openrouter, nous, zai, kimi-coding, minimax.",
        raised.message
    );
    Stop::raised("ValueError", why)
}

/// `str(value or "").strip()`
fn said(node: Option<&Node>) -> Outcome<String> {
    match node.map(|node| &node.value).filter(|value| value.is_true()) {
        None => Ok(String::new()),
        Some(value) => Ok(strip(&as_text(value)?).to_owned()),
    }
}

/// `str(value)`
fn as_text(value: &Value) -> Outcome<String> {
    to_str(value).ok_or_else(|| Stop::not_modelled("the text of a set or of a very deep value"))
}
