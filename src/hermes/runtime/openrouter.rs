//! OpenRouter, bare `custom` and every endpoint that is only a URL: `_resolve_openrouter_runtime`.

use super::api_mode::{api_mode_of_custom, api_mode_of_url, parse_api_mode};
use super::candidates::Candidates;
use super::custom::NO_KEY;
use super::model_config::ModelConfig;
use super::{Request, Runtime, is_explicit};
use crate::hermes::urls::{base_url_host_matches, base_url_hostname, is_loopback, variable_of_host};
use crate::hermes::{Candidate, Outcome, Process, Reason};
use crate::python::{lower, strip};
use crate::secret::Secret;

/// An endpoint and what it may be sent.
struct Endpoint {
    base_url: String,
    is_openrouter: bool,
    takes_config_key: bool,
}

impl Process<'_> {
    /// `_resolve_openrouter_runtime`.
    pub(super) fn openrouter_runtime(
        &mut self,
        requested: &str,
        request: Option<&Request<'_>>,
    ) -> Outcome<Runtime> {
        let model = self.model_config()?;
        let is_custom = requested == "custom" || self.resolves_to_custom(requested)?;
        let provider = if is_custom { "custom" } else { "openrouter" };
        self.trace.provider = Some(provider.to_owned());
        let endpoint = self.openrouter_endpoint(requested, is_custom, &model, request)?;
        let base_url = &endpoint.base_url;
        let keys = self.keys_of_endpoint(requested, is_custom, &endpoint, &model, request)?;
        if is_custom && !base_url.is_empty() {
            let mode = parse_api_mode(model.get("api_mode"));
            if let Some(runtime) = self.custom_pool_runtime(base_url, mode, None)? {
                keys.record_behind_pool(&mut self.trace);
                return Ok(runtime);
            }
        }
        let mut api_key = keys.winner().unwrap_or_default();
        keys.record(&mut self.trace);
        if is_custom && api_key.is_empty() && !endpoint.is_openrouter {
            api_key = NO_KEY.to_owned();
        }
        let api_mode = if is_custom {
            api_mode_of_custom(&model, base_url)?
        } else {
            match parse_api_mode(model.get("api_mode")) {
                Some(mode) => mode,
                None => api_mode_of_url(&self.facts.behaviour, base_url)?,
            }
        };
        let source = if is_explicit(request) { "explicit" } else { "env/config" };
        Ok(Runtime::new(provider, api_mode, endpoint.base_url, Secret::new(api_key), source))
    }

    fn openrouter_endpoint(
        &mut self,
        requested: &str,
        is_custom: bool,
        model: &ModelConfig,
        request: Option<&Request<'_>>,
    ) -> Outcome<Endpoint> {
        let configured = strip(model.text("base_url")).to_owned();
        let provider = lower(strip(model.text("provider")));
        let has_explicit_url = request.and_then(|given| given.base_url).is_some_and(|url| !url.is_empty());
        let takes_config_url = !configured.is_empty()
            && !has_explicit_url
            && match (requested, is_custom) {
                ("auto", _) => provider.is_empty() || provider == "auto",
                (_, true) => self.is_trustworthy_for_bare_custom(&configured, &provider)?,
                ("openrouter", _) => self.facts.behaviour.mirrors_in_config_count && provider == "openrouter",
                _ => false,
            };
        let from_config = if takes_config_url { configured.as_str() } else { "" };
        let base_url = [
            strip(request.and_then(|given| given.base_url).unwrap_or("")),
            strip(self.getenv("CUSTOM_BASE_URL")),
            from_config,
            strip(self.getenv("OPENROUTER_BASE_URL")),
        ];
        let base_url =
            base_url.into_iter().find(|url| !url.is_empty()).unwrap_or(self.known_url("openrouter"));
        let base_url = base_url.trim_end_matches('/').to_owned();
        let is_mirror =
            takes_config_url && requested == "openrouter" && base_url == configured.trim_end_matches('/');
        let is_openrouter = base_url_host_matches(&base_url, "openrouter.ai")? || is_mirror;
        Ok(Endpoint { base_url, is_openrouter, takes_config_key: takes_config_url })
    }

    /// `_config_base_url_trustworthy_for_bare_custom`: whether `model.base_url` is meant for bare `custom`
    /// and is not left over from another provider.
    pub(in crate::hermes) fn is_trustworthy_for_bare_custom(
        &mut self,
        base_url: &str,
        provider: &str,
    ) -> Outcome<bool> {
        // What `auto` is, is not asked by what `auto` asks.
        let is_open = self.facts.behaviour.auto_takes_custom && matches!(provider, "" | "auto");
        if provider == "custom" || !is_open && self.resolves_to_custom(provider)? {
            return Ok(true);
        }
        if base_url_host_matches(base_url, "openrouter.ai")? {
            return Ok(false);
        }
        Ok(is_loopback(&base_url_hostname(base_url)?))
    }

    fn keys_of_endpoint(
        &self,
        requested: &str,
        is_custom: bool,
        endpoint: &Endpoint,
        model: &ModelConfig,
        request: Option<&Request<'_>>,
    ) -> Outcome<Candidates> {
        let base_url = endpoint.base_url.as_str();
        let mirror = strip(self.getenv("OPENROUTER_BASE_URL"));
        let is_mirror = self.facts.behaviour.openrouter_mirrors_count
            && requested == "openrouter"
            && !is_custom
            && (!mirror.is_empty() || base_url == mirror)
            && base_url == mirror.trim_end_matches('/');
        let mut keys = Candidates::new(self.facts);
        keys.push(request.and_then(|given| given.api_key).map(Candidate::argument));
        if endpoint.is_openrouter || is_mirror {
            keys.push(self.variable("OPENROUTER_API_KEY"));
            keys.push(self.variable("OPENAI_API_KEY"));
            return Ok(keys);
        }
        let path = ["api_key", "api"].into_iter().find(|name| !strip(model.text(name)).is_empty());
        if let Some(name) = path {
            let unread = Reason::NotReadForProvider("custom".to_owned());
            let inline =
                model.node(name).and_then(|node| Candidate::config_text(&format!("model.{name}"), node));
            keys.push_if((!endpoint.takes_config_key).then_some(unread), inline);
        }
        let is_ollama = base_url_host_matches(base_url, "ollama.com")?;
        if !self.facts.behaviour.keys_go_to_their_hosts {
            let reason = (!is_ollama).then_some(Reason::OtherHost);
            keys.push_if(reason, self.variable("OLLAMA_API_KEY"));
            keys.push(self.variable("OPENAI_API_KEY"));
            keys.push(self.variable("OPENROUTER_API_KEY"));
            return Ok(keys);
        }
        let is_openai = self.is_endpoint_of_openai(base_url)?;
        let barred = |is_host: bool| (!is_host).then_some(Reason::OtherHost);
        keys.push_if(barred(is_ollama), self.variable("OLLAMA_API_KEY"));
        keys.push_if(barred(is_openai), self.variable("OPENAI_API_KEY"));
        keys.push_if(barred(false), self.variable("OPENROUTER_API_KEY"));
        keys.push(variable_of_host(base_url)?.and_then(|name| self.variable(&name)));
        Ok(keys)
    }
}
