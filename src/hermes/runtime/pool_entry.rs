//! The runtime of a pool's entry: `_resolve_runtime_from_pool_entry`.

use super::anthropic::anthropic_entry_url;
use super::api_mode::{
    ANTHROPIC_MESSAGES, CHAT_COMPLETIONS, CODEX_RESPONSES, api_mode_of_provider, azure_api_mode, is_opencode,
    parse_api_mode, with_codex_app_server,
};
use super::model_config::{ModelConfig, str_or_empty};
use super::{Request, Runtime, copilot};
use crate::facts::Standing;
use crate::hermes::pool::{Pool, PooledCredential};
use crate::hermes::urls::{bare, lmstudio_base_url, opencode_base_url, without_v1};
use crate::hermes::{Outcome, Process, Stop};
use crate::secret::Secret;

impl Process<'_> {
    /// `_resolve_runtime_from_pool_entry`.
    pub(super) fn runtime_of_entry(
        &mut self,
        provider: &str,
        entry: &PooledCredential,
        api_key: Secret,
        pool: Pool,
        model: &ModelConfig,
        request: Option<&Request<'_>>,
    ) -> Outcome<Runtime> {
        let own = entry.runtime_base_url();
        let own = str_or_empty(&own, "rstrip")?.trim_end_matches('/').to_owned();
        let registered = self.facts.providers.get(provider).map_or("", |row| &row.inference_base_url);
        let or = |url: String, other: &str| if url.is_empty() { other.to_owned() } else { url };
        let (mut api_mode, mut base_url) = match provider {
            "openai-codex" => (CODEX_RESPONSES, or(own, self.known_url("codex"))),
            "xai-oauth" => (CODEX_RESPONSES, or(own, self.known_url("xai_oauth"))),
            "qwen-oauth" => (CHAT_COMPLETIONS, or(own, self.known_url("qwen"))),
            "google-gemini-cli" => (CHAT_COMPLETIONS, or(own, "cloudcode-pa://google")),
            "minimax-oauth" => (ANTHROPIC_MESSAGES, or(own, registered)),
            "anthropic" => (ANTHROPIC_MESSAGES, anthropic_entry_url(model, &own)?),
            "openrouter" => (CHAT_COMPLETIONS, or(own, self.known_url("openrouter"))),
            "xai" => (CODEX_RESPONSES, own),
            "nous" => (CHAT_COMPLETIONS, or(self.nous_url_override().to_owned(), &own)),
            "copilot" => (copilot::api_mode(model)?, or(own, registered)),
            "azure-foundry" => azure_entry(model, own, request)?,
            _ if own.is_empty() && !registered.is_empty() && self.facts.standing() == Standing::Read => {
                return Err(Stop::not_modelled("the endpoint of a row that has none"));
            }
            _ => {
                let is_default =
                    registered.trim_end_matches('/') == own && self.facts.providers.contains_key(provider);
                let url = match is_default && model.provider()? == provider {
                    true => or(bare(&model.said("base_url")?).to_owned(), &own),
                    false => own,
                };
                (
                    api_mode_of_provider(
                        provider,
                        &url,
                        model,
                        request.and_then(|given| given.target_model),
                    )?,
                    url,
                )
            }
        };
        if is_opencode(provider) {
            base_url = opencode_base_url(&self.facts.behaviour, api_mode, &base_url);
        }
        api_mode = with_codex_app_server(provider, api_mode, model)?;
        if provider == "lmstudio" && self.facts.behaviour.settles_lmstudio_urls {
            base_url = lmstudio_base_url(&base_url);
        }
        let mut runtime = Runtime::new(provider, api_mode, base_url, api_key, "");
        runtime.source = Some(entry.field("source").clone());
        runtime.pool = Some(pool);
        Ok(runtime)
    }

    /// The endpoint that requests with the key of `entry`, a row of `pool`, are sent to.
    pub(in crate::hermes) fn endpoint_of_entry(
        &mut self,
        pool: &Pool,
        entry: &PooledCredential,
    ) -> Outcome<String> {
        let model = self.model_config()?;
        let (key, pool) = (Secret::new(""), pool.clone());
        let name = pool.provider.clone();
        let runtime =
            self.unrecorded(|process| process.runtime_of_entry(&name, entry, key, pool, &model, None))?;
        Ok(runtime.base_url)
    }

    /// `_nous_inference_base_url_override()`: `NOUS_INFERENCE_BASE_URL` without slashes at its end.
    pub(super) fn nous_url_override(&self) -> &str {
        let counts = self.facts.behaviour.nous_endpoint_by_variable;
        if counts { bare(self.os_getenv("NOUS_INFERENCE_BASE_URL")) } else { "" }
    }
}

fn azure_entry(
    model: &ModelConfig,
    own: String,
    request: Option<&Request<'_>>,
) -> Outcome<(&'static str, String)> {
    let (mut api_mode, mut base_url) = (CHAT_COMPLETIONS, own);
    if model.provider()? == "azure-foundry" {
        let configured = model.said("base_url")?;
        if !bare(&configured).is_empty() {
            base_url = bare(&configured).to_owned();
        }
        api_mode = parse_api_mode(model.get("api_mode")).unwrap_or(api_mode);
    }
    if api_mode != ANTHROPIC_MESSAGES {
        api_mode = azure_api_mode(&model.effective(request.and_then(|given| given.target_model))?)
            .unwrap_or(api_mode);
    }
    if api_mode == ANTHROPIC_MESSAGES {
        base_url = without_v1(&base_url).to_owned();
    }
    Ok((api_mode, base_url))
}
