//! API-key providers behind their pool: the last branch of `resolve_runtime_provider`, and its twin in
//! `_resolve_explicit_runtime` for keys and endpoints that the request names.

use super::api_mode::{CODEX_RESPONSES, api_mode_of_provider, api_mode_of_url, is_opencode, parse_api_mode};
use super::model_config::{ModelConfig, node_str_or_empty};
use super::{Request, Runtime, copilot};
use crate::facts::Provider;
use crate::hermes::providers::is_usable;
use crate::hermes::urls::{bare, lmstudio_base_url, opencode_base_url};
use crate::hermes::{Candidate, Outcome, Process, Stop};
use crate::python::strip;
use crate::secret::Secret;

impl Process<'_> {
    /// The runtime of an API-key provider without a pool entry.
    ///
    /// # Errors
    /// `AuthError` with the code `missing_api_key` where there is no usable key.
    pub(super) fn api_key_runtime(
        &mut self,
        provider: &str,
        row: &Provider,
        model: &ModelConfig,
        request: Option<&Request<'_>>,
    ) -> Outcome<Runtime> {
        let found = self.resolve_api_key_provider_credentials(provider)?;
        if self.facts.behaviour.missing_key_is_an_error && !is_usable(self.facts, found.api_key.expose()) {
            return Err(missing_api_key(provider, row));
        }
        let configured = match model.provider()? == provider {
            true => bare(node_str_or_empty(model.node("base_url"), "strip")?),
            false => "",
        };
        let base_url = if configured.is_empty() { found.base_url.as_str() } else { configured };
        let mut base_url = base_url.to_owned();
        let api_mode = match provider {
            "copilot" => copilot::api_mode(model)?,
            "xai" => CODEX_RESPONSES,
            _ => api_mode_of_provider(
                provider,
                &base_url,
                model,
                request.and_then(|given| given.target_model),
            )?,
        };
        if is_opencode(provider) {
            base_url = opencode_base_url(&self.facts.behaviour, api_mode, &base_url);
        }
        if provider == "lmstudio" && self.facts.behaviour.settles_lmstudio_urls {
            base_url = lmstudio_base_url(&base_url);
        }
        Ok(Runtime::new(provider, api_mode, base_url, found.api_key, found.source))
    }

    /// `_resolve_explicit_runtime`; `None` where it leaves the matter to the rest of the resolution.
    pub(super) fn explicit_runtime(
        &mut self,
        provider: &str,
        model: &ModelConfig,
        request: &Request<'_>,
    ) -> Outcome<Option<Runtime>> {
        let api_key = strip(request.api_key.unwrap_or(""));
        let base_url = bare(request.base_url.unwrap_or(""));
        if api_key.is_empty() && base_url.is_empty() {
            return Ok(None);
        }
        match provider {
            "anthropic" => return self.explicit_anthropic(api_key, base_url, model).map(Some),
            "openai-codex" => return self.explicit_codex(api_key, base_url).map(Some),
            "nous" => return self.explicit_nous(api_key, base_url).map(Some),
            // The real program does not hand the model on here.
            "azure-foundry" => {
                let request = Request { target_model: None, ..*request };
                return self.azure_runtime(model, Some(&request)).map(Some);
            }
            _ => {}
        }
        let facts = self.facts;
        let Some(row) = facts.providers.get(provider).filter(|row| row.auth_type == "api_key") else {
            return Ok(None);
        };
        let mut url = base_url.to_owned();
        if url.is_empty() {
            url = if provider.starts_with("kimi-coding") {
                self.unrecorded(|process| process.resolve_api_key_provider_credentials(provider))?.base_url
            } else {
                match bare(self.getenv(&row.base_url_env_var)) {
                    "" => row.inference_base_url.clone(),
                    own => own.to_owned(),
                }
            };
        }
        let key = if api_key.is_empty() {
            let found = self.resolve_api_key_provider_credentials(provider)?;
            if url.is_empty() {
                url = found.base_url;
            }
            found.api_key
        } else {
            self.trace.won(Candidate::argument(api_key));
            Secret::new(api_key)
        };
        let api_mode = match provider {
            "copilot" => copilot::api_mode(model)?,
            "xai" => CODEX_RESPONSES,
            _ => match parse_api_mode(model.get("api_mode")) {
                Some(mode) => mode,
                None => api_mode_of_url(&self.facts.behaviour, &url)?,
            },
        };
        let url = url.trim_end_matches('/').to_owned();
        Ok(Some(Runtime::new(provider, api_mode, url, key, "explicit")))
    }
}

/// What `resolve_runtime_provider` raises for an API-key provider without a usable key.
fn missing_api_key(provider: &str, row: &Provider) -> Stop {
    let names = row.api_key_env_vars.join(", ");
    let hint = if names.is_empty() { String::new() } else { format!(" Set {names}.") };
    Stop::auth_error(
        "missing_api_key",
        format!("No usable credentials found for provider '{provider}'.{hint}"),
    )
}
