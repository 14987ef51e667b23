//! `call_llm` of `agent/auxiliary_client.py` as far as its first request: the side tasks of `auxiliary`.

use super::{Route, as_text, said};
use crate::hermes::client::{ClientRequest, Found, client_name};
use crate::hermes::runtime::{ANTHROPIC_MESSAGES, Runtime};
use crate::hermes::{Outcome, Process, Stop, caught};
use crate::python::{Node, Value, lower, strip, upper};
use crate::secret::Secret;

/// The task that looks at pictures, which has a way of its own to a client.
const VISION: &str = "vision";

/// Tasks that are told the agent's runtime by who calls them.
const TOLD: [&str; 2] = [COMPRESSION, "title_generation"];

/// The task whose model has to be large enough.
const COMPRESSION: &str = "compression";

/// A provider that stands for an endpoint, and the endpoint.
pub(super) const DIRECT: (&str, &str) = ("openai", "https://api.openai.com/v1");

/// The endpoint that pictures for `zai` go to.
const ZAI_PICTURES: &str = "https://open.bigmodel.cn/api/paas/v4";

/// What `_resolve_task_provider_model` returns, without the model.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) provider: String,
    pub(super) url: Option<String>,
    pub(super) key: Option<String>,
    /// `api_mode`, where the caller gives one.
    pub(super) mode: Option<String>,
}

/// What stands under `auxiliary` for a task.
pub(super) struct Settings {
    pub(super) provider: Option<String>,
    pub(super) url: Option<String>,
    pub(super) key: Option<String>,
    pub(super) mode: Option<String>,
}

impl Process<'_> {
    /// Where `task` sends its first request and with which key, in a turn of an agent with the runtime `main`.
    ///
    /// # Errors
    /// `RuntimeError` where it comes to no client; what is not modelled: pictures without a provider of their own, which go by
    /// what is known of models, and the search among all providers.
    pub fn side_task(&mut self, task: &str, main: &Runtime) -> Outcome<Route> {
        let asked = self.task_request(task)?;
        let told = self.facts.behaviour.side_tasks_are_told || TOLD.contains(&task);
        self.asked_route(task, &asked, main, told)
    }

    /// `call_llm` with the provider, the endpoint and the key that it comes to; `told` is whether it knows the agent's
    /// runtime.
    pub(super) fn asked_route(
        &mut self,
        task: &str,
        asked: &Asked,
        main: &Runtime,
        told: bool,
    ) -> Outcome<Route> {
        let Asked { provider, url, key, mode } = asked;
        let custom_is_main = told && self.facts.behaviour.custom_side_tasks_are_the_main;
        let request = ClientRequest {
            provider,
            key: key.as_deref(),
            url: url.as_deref(),
            mode: mode.as_deref(),
            main: Some(main),
            custom_is_main,
        };
        let found = if task == VISION { self.vision(&request)? } else { self.cached_client(&request)? };
        if let Some(found) = found {
            return Ok(Route::of(found));
        }
        let nothing = Stop::raised(
            "RuntimeError",
            format!("No LLM provider configured for task={task} provider={provider}. Run: hermes setup"),
        );
        let explicit = lower(strip(provider));
        if task == VISION {
            return Err(if url.is_some() {
                nothing
            } else {
                Stop::not_modelled("the search for who sees pictures")
            });
        }
        if !matches!(explicit.as_str(), "auto" | "openrouter" | "custom") {
            if let Some(found) = self.own_fallback(task, &explicit, main)? {
                return Ok(Route::of(found));
            }
            return Err(Stop::raised(
                "RuntimeError",
                format!(
                    "Provider '{explicit}' is set in config.yaml but no API key was found. Set the {}_API_KEY \
                     environment variable, or switch to a different provider with `hermes model`.",
                    upper(&explicit)
                ),
            ));
        }
        if url.is_some() {
            return Err(nothing);
        }
        if explicit == "openrouter" && main.provider == "openrouter" {
            // The first look at it may have marked it as one that does not work.
            return Err(Stop::not_modelled("a second look at OpenRouter"));
        }
        self.client_of_main(main, told).map(Route::of)
    }

    /// Whether `task` is resolved as `auto`, whatever its settings say.
    pub(super) fn inherits(&mut self, task: &str) -> Outcome<bool> {
        Ok(self.task_request(task)?.provider == "auto")
    }

    /// `_get_auxiliary_task_config(task)` of a task that no plugin has: the value under `name`.
    fn of_task(&mut self, task: &str, name: &str) -> Outcome<Option<Node>> {
        let config = self.load_config()?;
        let section = config.get("auxiliary").and_then(|tasks| tasks.get(task));
        Ok(section.and_then(|section| section.get(name)).cloned())
    }

    /// What `_resolve_task_provider_model(task)` reads under `auxiliary`.
    pub(super) fn settings_of(&mut self, task: &str) -> Outcome<Settings> {
        let behaviour = &self.facts.behaviour;
        let mut text = |name: &str| -> Outcome<Option<String>> {
            let node = self.of_task(task, name)?;
            let said = node.map_or(Ok(String::new()), |node| as_text(&node.value))?;
            Ok(Some(strip(&said).to_owned()).filter(|said| !said.is_empty()))
        };
        let (mut provider, mut url, mut key) = (text("provider")?, text("base_url")?, text("api_key")?);
        let mode = text("api_mode")?;
        if key.is_none() && behaviour.side_tasks_name_keys {
            let first = said(self.of_task(task, "key_env")?.as_ref())?;
            let second = said(self.of_task(task, "api_key_env")?.as_ref())?;
            key = Some(self.named_key(&first, &second).to_owned()).filter(|key| !key.is_empty());
        }
        if behaviour.side_tasks_know_openai && provider.as_deref().is_some_and(|name| lower(name) == DIRECT.0)
        {
            provider = Some("custom".to_owned());
            url = url.or_else(|| Some(DIRECT.1.to_owned()));
        }
        Ok(Settings { provider, url, key, mode })
    }

    /// `_resolve_task_provider_model(task)`
    fn task_request(&mut self, task: &str) -> Outcome<Asked> {
        let Settings { provider, url, key, mode } = self.settings_of(task)?;
        if mode.is_some_and(|mode| mode == ANTHROPIC_MESSAGES) {
            return Err(Stop::not_modelled("a side task that speaks Anthropic's API"));
        }
        let (provider, url, key) = match (url, key, provider.filter(|name| name != "auto")) {
            (url @ Some(_), key @ Some(_), _) => ("custom".to_owned(), url, key),
            (url @ Some(_), None, Some(provider)) => (provider, url, None),
            (None, key, Some(provider)) => (provider, None, key),
            (_, _, None) => ("auto".to_owned(), None, None),
        };
        // Any other mode goes by the endpoint here.
        Ok(Asked { provider, url, key, mode: None })
    }

    /// `_get_cached_client`: without a key, that of the pool's next entry is given.
    fn cached_client(&mut self, request: &ClientRequest<'_>) -> Outcome<Found> {
        if request.provider == "auto" {
            return Ok(None);
        }
        let mut pooled = String::new();
        if request.key.is_none() && self.facts.behaviour.side_tasks_peek_pools {
            let name = lower(strip(request.provider));
            let name = client_name(&name, request.main).to_owned();
            if let Some(mut pool) = caught(self.load_pool(&name))?
                && let Some(entry) = caught(pool.peek(self))?.flatten()
            {
                entry.runtime_api_key(self)?.expose().trim().clone_into(&mut pooled);
            }
        }
        let pooled = Some(pooled.as_str()).filter(|key| !key.is_empty());
        self.client_of(&ClientRequest { key: request.key.or(pooled), ..*request })
    }

    /// `resolve_vision_provider_client`, where the task names a provider or an endpoint.
    fn vision(&mut self, request: &ClientRequest<'_>) -> Outcome<Found> {
        let name = lower(strip(request.provider));
        if request.url.is_some() {
            let is_kept =
                self.facts.behaviour.vision_keeps_its_provider && self.is_provider_of_catalog(&name)?;
            let provider = if is_kept { client_name(&name, request.main) } else { "custom" };
            return self.client_of(&ClientRequest { provider, ..*request });
        }
        match client_name(&name, request.main) {
            "auto" => Ok(None),
            provider @ "openrouter" => self.client_of(&ClientRequest::of(provider)),
            "deepinfra" if self.of_task(VISION, "model")?.is_none_or(|model| !model.value.is_true()) => {
                Err(Stop::not_modelled("the list of models of deepinfra"))
            }
            provider @ "zai" => {
                self.cached_client(&ClientRequest { provider, url: Some(ZAI_PICTURES), ..*request })
            }
            // A key of the task is not handed on.
            provider => self.cached_client(&ClientRequest { provider, key: None, ..*request }),
        }
    }

    /// Whether `get_provider(name)` of `hermes_cli/providers.py` finds a provider. What only a catalogue of the network has is
    /// not known here.
    fn is_provider_of_catalog(&self, name: &str) -> Outcome<bool> {
        if matches!(name, "" | "auto" | "custom") || name.starts_with("custom:") {
            return Ok(false);
        }
        let is_own = self.facts.providers.get(name).is_some() || name == "openrouter";
        match is_own && !matches!(name, "gemini" | "deepinfra" | "deep-infra" | "deepinfra-ai") {
            true => Ok(true),
            false => Err(Stop::not_modelled("whether a catalogue of the network has a provider")),
        }
    }

    /// `_resolve_auto`, as long as the provider of the agent has a client.
    fn client_of_main(&mut self, main: &Runtime, told: bool) -> Outcome<(String, Secret)> {
        let nothing = || Stop::not_modelled("a side task's search among all providers");
        let behaviour = &self.facts.behaviour;
        let model = match self.config_at("model")? {
            Value::Dict(model) => model.get("default").map_or(Value::None, |node| node.value.clone()),
            model => model,
        };
        let Some(name) = model.as_str().filter(|name| !strip(name).is_empty()) else { return Err(nothing()) };
        if main.provider == "moa" {
            // It stands for its aggregator, which has an endpoint and a key of its own.
            let aggregator = self.aggregator(name)?.ok_or_else(nothing)?;
            let request = ClientRequest { main: Some(main), ..ClientRequest::of(&aggregator) };
            return self.client_of(&request)?.ok_or_else(nothing);
        }
        let knows = told || behaviour.side_tasks_know_the_main;
        let is_custom = main.provider == "custom";
        let gives_key =
            knows && (is_custom && !main.base_url.is_empty() || behaviour.side_tasks_take_the_key);
        let gives_url = knows && (is_custom || behaviour.side_tasks_take_the_endpoint);
        let request = ClientRequest {
            provider: &main.provider,
            key: Some(main.api_key.expose()).filter(|key| gives_key && !key.is_empty()),
            url: Some(main.base_url.as_str()).filter(|url| gives_url && !url.is_empty()),
            main: Some(main),
            ..ClientRequest::default()
        };
        self.client_of(&request)?.ok_or_else(nothing)
    }

    /// `_try_configured_fallback_for_unavailable_client`: the first entry of the task's own chain that has a client.
    fn own_fallback(&mut self, task: &str, failed: &str, main: &Runtime) -> Outcome<Found> {
        if !self.facts.behaviour.side_tasks_fall_back {
            return Ok(None);
        }
        let Some(chain) = self.of_task(task, "fallback_chain")? else { return Ok(None) };
        let entries = chain.value.as_list().unwrap_or_default();
        if task == COMPRESSION && !entries.is_empty() {
            return Err(Stop::not_modelled("which models are large enough for a compression"));
        }
        for entry in entries {
            let text = |name| said(entry.get(name));
            let (provider, url, mut key) = (text("provider")?, text("base_url")?, text("api_key")?);
            if provider.is_empty() || lower(&provider) == failed || text("model")?.is_empty() {
                continue;
            }
            if text("api_mode")? == ANTHROPIC_MESSAGES || text("transport")? == ANTHROPIC_MESSAGES {
                return Err(Stop::not_modelled("a side task that speaks Anthropic's API"));
            }
            if key.is_empty() {
                self.named_key(&text("key_env")?, &text("api_key_env")?).clone_into(&mut key);
            }
            let request = ClientRequest {
                key: Some(key.as_str()).filter(|key| !key.is_empty()),
                url: Some(url.as_str()).filter(|url| !url.is_empty()),
                main: Some(main),
                ..ClientRequest::of(&provider)
            };
            if let Some(found) = caught(self.client_of(&request))?.flatten() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}
