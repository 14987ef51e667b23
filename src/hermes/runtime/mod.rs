//! `hermes_cli/runtime_provider.py`: which provider, endpoint and credential a request is sent with.
//!
//! One file for each kind of provider; `api_mode` and `src/hermes/urls.rs` are what they share.

mod anthropic;
mod api_key;
mod api_mode;
mod azure;
mod candidates;
mod copilot;
mod custom;
mod logins;
mod model_config;
mod newer;
mod nous;
mod openrouter;
mod pool_entry;
mod stored;
#[cfg(test)]
mod tests_of_read;

use crate::hermes::urls::base_url_host_matches;
use std::fmt;
use std::rc::Rc;

pub(super) use api_mode::{ANTHROPIC_MESSAGES, BEDROCK_CONVERSE, is_opencode, opencode_api_mode};
pub(super) use custom::{NO_KEY, is_provider_enabled};

use self::model_config::ModelConfig;
use super::pool::{Pool, PooledCredential};
use super::providers::is_usable;
use super::{Outcome, Process, Reason, Stop, caught};
use crate::base::text::Search;
use crate::facts::Standing;
use crate::python::{Value, lower, strip};
use crate::secret::Secret;

/// What `resolve_runtime_provider` returns. Its `Debug` form names the provider only: an endpoint may hold a key.
#[derive(Clone)]
pub struct Runtime {
    /// The provider id.
    pub provider: String,
    /// `chat_completions`, `codex_responses`, `anthropic_messages`, ….
    pub api_mode: Option<String>,
    /// The endpoint.
    pub base_url: String,
    /// The key.
    pub api_key: Secret,
    /// Where the real program says that the key comes from. A pool's row may hold anything here.
    pub source: Option<Value>,
    /// What was asked for: `auto`, a provider, an alias.
    pub requested_provider: Option<String>,
    /// The model, where the resolution sets one; of whatever type the config has it.
    pub model: Option<Value>,
    /// The pool that the key is from.
    pub pool: Option<Pool>,
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "runtime of {}", self.provider)
    }
}

impl Runtime {
    fn new(
        provider: &str,
        api_mode: &str,
        base_url: impl Into<String>,
        api_key: Secret,
        source: impl Into<Rc<str>>,
    ) -> Self {
        Self {
            provider: provider.to_owned(),
            api_mode: Some(api_mode.to_owned()),
            base_url: base_url.into(),
            api_key,
            source: Some(Value::str(source)),
            requested_provider: None,
            model: None,
            pool: None,
        }
    }
}

/// The arguments of `resolve_runtime_provider`. It has no `Debug` form: it holds a key.
#[derive(Clone, Copy, Default)]
pub struct Request<'r> {
    /// `requested`: a provider or alias in place of the configured one.
    pub provider: Option<&'r str>,
    /// `explicit_api_key`.
    pub api_key: Option<&'r str>,
    /// `explicit_base_url`.
    pub base_url: Option<&'r str>,
    /// `target_model`: a model in place of the configured one.
    pub target_model: Option<&'r str>,
}

/// Whether a key or an endpoint is given.
fn is_explicit(request: Option<&Request<'_>>) -> bool {
    let texts = request.map_or([None, None], |given| [given.api_key, given.base_url]);
    texts.iter().any(|text| text.is_some_and(|text| !text.is_empty()))
}

/// What `_should_use_pool` comes to for OpenRouter: `None` uses the pool, a reason does not.
type NoPool = Option<Reason>;

impl Process<'_> {
    /// `resolve_runtime_provider(requested=…)`. The trace then holds the winner and the losers.
    ///
    /// # Errors
    /// `AuthError` and whatever else the real function raises.
    pub fn resolve_runtime_provider(&mut self, requested: Option<&str>) -> Outcome<Runtime> {
        self.resolve(requested, None)
    }

    /// `resolve_runtime_provider` with all its arguments.
    ///
    /// # Errors
    /// As [`Process::resolve_runtime_provider`].
    pub fn resolve_runtime(&mut self, request: &Request<'_>) -> Outcome<Runtime> {
        self.resolve(request.provider, Some(request))
    }

    /// Both of them. Without a `request` nothing but a provider is given, which is all that the published wasm asks:
    /// the compiler then leaves out what is for keys and endpoints of a request.
    fn resolve(&mut self, provider: Option<&str>, request: Option<&Request<'_>>) -> Outcome<Runtime> {
        self.trace.requested = None;
        self.trace.provider = None;
        self.trace.pool = None;
        self.trace.pool_passed_over = None;
        self.trace.lacks_endpoint = false;
        let requested = self.requested_provider(provider)?;
        self.trace.requested = Some(requested.clone());
        self.check_enabled(&requested)?;
        if self.facts.standing() == Standing::Read {
            return self.resolve_newer(requested, request);
        }
        let mut runtime = self.runtime_of_request(&requested, request)?;
        runtime.requested_provider = Some(requested);
        Ok(runtime)
    }

    /// `resolve_requested_provider(requested)`: the argument, `model.provider`, `HERMES_INFERENCE_PROVIDER`, `auto`.
    fn requested_provider(&mut self, requested: Option<&str>) -> Outcome<String> {
        let argument = strip(requested.unwrap_or(""));
        if !argument.is_empty() {
            return Ok(lower(argument));
        }
        let model = self.model_config()?;
        let names = [strip(model.text("provider")), strip(self.getenv("HERMES_INFERENCE_PROVIDER"))];
        let name = names.into_iter().find(|name| !name.is_empty());
        Ok(name.map_or_else(|| "auto".to_owned(), lower))
    }

    /// `providers.NAME.enabled: false` stops the resolution under exactly this name.
    fn check_enabled(&mut self, requested: &str) -> Outcome<()> {
        if !self.facts.behaviour.blocks_can_be_disabled {
            return Ok(());
        }
        let config = self.load_config()?;
        let block = config.get("providers").and_then(|providers| providers.get(requested));
        match block.and_then(|block| block.value.as_dict()) {
            Some(block) if !is_provider_enabled(block) => Err(Stop::raised(
                "ValueError",
                format!(
                    "provider '{requested}' is disabled in config (providers.{requested}.enabled: false)"
                ),
            )),
            _ => Ok(()),
        }
    }

    fn runtime_of_request(&mut self, requested: &str, request: Option<&Request<'_>>) -> Outcome<Runtime> {
        if let Some(request) = request
            && requested == "anthropic"
            && strip(request.base_url.unwrap_or("")).holds("azure.com")
        {
            return self.explicit_azure_anthropic(request);
        }
        match requested {
            "moa" if self.facts.behaviour.knows_moa => {
                self.trace.provider = Some("moa".to_owned());
                let key = Secret::new("moa-virtual-provider");
                return Ok(Runtime::new(
                    "moa",
                    api_mode::CHAT_COMPLETIONS,
                    "moa://local",
                    key,
                    "moa-virtual-provider",
                ));
            }
            "azure-foundry" => {
                let model = self.model_config()?;
                return self.azure_runtime(&model, request);
            }
            "vertex" | "google-vertex" | "vertex-ai" | "gcp-vertex" | "vertexai"
                if self.facts.behaviour.knows_vertex =>
            {
                return Err(Stop::not_modelled("Google's own login for Vertex AI"));
            }
            _ => {}
        }
        if let Some(runtime) = self.named_custom_runtime(requested, request)? {
            return Ok(runtime);
        }
        if !is_explicit(request) && self.is_endpoint_without_provider()? {
            self.trace.pool_passed_over = Some(Reason::PoolPassedOver("model.base_url".to_owned()));
            return self.openrouter_runtime(requested, request);
        }
        let provider = self.resolve_provider_for(Some(requested), is_explicit(request))?;
        self.trace.provider = Some(provider.clone());
        let model = self.model_config()?;
        if let Some(request) = request
            && let Some(runtime) = self.explicit_runtime(&provider, &model, request)?
        {
            return Ok(runtime);
        }
        let no_pool = self.reason_against_pool(&provider, requested, &model, request)?;
        if let Some(runtime) = self.pool_runtime(&provider, no_pool, &model, request)? {
            return Ok(runtime);
        }
        if let Some(runtime) = self.login_runtime(&provider, requested)? {
            return Ok(runtime);
        }
        match provider.as_str() {
            "anthropic" => {
                self.check_no_model_is_barred()?;
                return self.anthropic_runtime(&model);
            }
            "bedrock" => return self.bedrock_runtime(requested, &model, request),
            _ => {}
        }
        let facts = self.facts;
        match facts.providers.get(&provider).filter(|row| row.auth_type == "api_key") {
            Some(row) => self.api_key_runtime(&provider, row, &model, request),
            None => self.openrouter_runtime(requested, request),
        }
    }

    /// Whether config.yaml names an endpoint of the user's own and no provider.
    fn is_endpoint_without_provider(&mut self) -> Outcome<bool> {
        if !self.facts.behaviour.lone_endpoint_counts {
            return Ok(false);
        }
        let model = self.model_config()?;
        let provider = model.provider()?;
        let base_url = model.said("base_url")?;
        if base_url.is_empty() || !matches!(provider.as_str(), "auto" | "") {
            return Ok(false);
        }
        for host in ["openrouter.ai", "anthropic.com", "openai.com"] {
            if base_url_host_matches(&base_url, host)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Why the pool is passed over: only OpenRouter's ever is, for an endpoint or key that is set elsewhere.
    fn reason_against_pool(
        &self,
        provider: &str,
        requested: &str,
        model: &ModelConfig,
        request: Option<&Request<'_>>,
    ) -> Outcome<NoPool> {
        if provider != "openrouter" {
            return Ok(None);
        }
        for name in ["OPENAI_BASE_URL", "OPENROUTER_BASE_URL"] {
            if !strip(self.getenv(name)).is_empty() {
                return Ok(Some(Reason::PoolPassedOver(name.to_owned())));
            }
        }
        let base_url = model.said("base_url")?;
        let passes_over = match model.provider()?.as_str() {
            "auto" | "custom" => !base_url.is_empty(),
            "openrouter" if self.facts.behaviour.mirrors_in_config_count && !base_url.is_empty() => {
                !base_url_host_matches(&base_url, "openrouter.ai")?
            }
            _ => false,
        };
        if passes_over {
            return Ok(Some(Reason::PoolPassedOver("model.base_url".to_owned())));
        }
        if is_explicit(request) || !matches!(requested, "openrouter" | "auto") {
            return Ok(Some(Reason::PoolPassedOver(requested.to_owned())));
        }
        Ok(None)
    }

    /// The runtime of the pool's next entry, where the pool has one with a key.
    fn pool_runtime(
        &mut self,
        provider: &str,
        no_pool: NoPool,
        model: &ModelConfig,
        request: Option<&Request<'_>>,
    ) -> Outcome<Option<Runtime>> {
        if let Some(reason) = no_pool {
            self.trace.pool_passed_over = Some(reason);
            return Ok(None);
        }
        let Some(mut pool) = caught(self.load_pool(provider))? else { return Ok(None) };
        if pool.entries.is_empty() {
            return Ok(None);
        }
        let mark = self.trace.mark();
        let target = request.and_then(|given| given.target_model).filter(|model| !model.is_empty());
        let Some(entry) = pool.select_for(self, target)? else { return Ok(None) };
        if provider == "nous" && self.is_spent_nous_row(&entry)? {
            if self.facts.behaviour.renews_nous_rows {
                caught(pool.try_refresh_current(self))?;
            }
            self.trace.overrule(mark, &Reason::TokenExpired);
            return Ok(None);
        }
        let api_key = match provider {
            "nous" => entry.key_or_token(self)?,
            _ => entry.runtime_api_key(self)?,
        };
        if api_key.is_empty() {
            self.trace.overrule(mark, &Reason::NoKey);
            return Ok(None);
        }
        if self.facts.behaviour.pool_keys_must_be_usable && !is_usable(self.facts, api_key.expose()) {
            self.trace.overrule(mark, &Reason::Placeholder);
            return Ok(None);
        }
        self.runtime_of_entry(provider, &entry, api_key, pool, model, request).map(Some)
    }

    /// Whether the key of a Nous row does not last. Where rows are not renewed, one without any key is not asked for how
    /// long it does.
    fn is_spent_nous_row(&self, entry: &PooledCredential) -> Outcome<bool> {
        let has_key = self.facts.behaviour.renews_nous_rows
            || entry.field("access_token").is_true()
            || !entry.runtime_api_key(self)?.is_empty();
        Ok(!has_key || !entry.has_usable_agent_key(self, self.shortest_nous_life()?)?)
    }

    /// The endpoint that Hermes has for the service `name`.
    pub(super) fn known_url(&self, name: &str) -> &'static str {
        self.facts.urls.get(name).map_or("", String::as_str)
    }

    /// Runs `action` without leaving steps in the trace: the real program looks there without a decision.
    pub(super) fn unrecorded<T>(&mut self, action: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.trace.mark();
        let result = action(self);
        self.trace.rewind(mark);
        result
    }
}
