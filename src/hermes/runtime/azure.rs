//! Azure Foundry with a key: `_resolve_azure_foundry_runtime`.

use super::api_mode::{ANTHROPIC_MESSAGES, CHAT_COMPLETIONS, azure_api_mode, parse_api_mode};
use super::model_config::ModelConfig;
use super::{Request, Runtime, is_explicit};
use crate::hermes::urls::{bare, without_v1};
use crate::hermes::{Candidate, Outcome, Process, Reason, Stop};
use crate::python::{lower, strip};
use crate::secret::Secret;

const KEY_VARIABLE: &str = "AZURE_FOUNDRY_API_KEY";
const URL_VARIABLE: &str = "AZURE_FOUNDRY_BASE_URL";

impl Process<'_> {
    /// `_resolve_azure_foundry_runtime`. The pool is never asked.
    ///
    /// # Errors
    /// `AuthError` without an endpoint or a key; [`Stop::not_modelled`] for Microsoft Entra ID.
    pub(super) fn azure_runtime(
        &mut self,
        model: &ModelConfig,
        request: Option<&Request<'_>>,
    ) -> Outcome<Runtime> {
        self.trace.provider = Some("azure-foundry".to_owned());
        self.trace.pool_passed_over = Some(Reason::PoolNeverAsked("azure-foundry".to_owned()));
        let is_configured = model.provider()? == "azure-foundry";
        let configured = |name| if is_configured { model.said(name) } else { Ok(String::new()) };
        let mut api_mode = CHAT_COMPLETIONS;
        if is_configured {
            api_mode = parse_api_mode(model.get("api_mode")).unwrap_or(api_mode);
        }
        if api_mode != ANTHROPIC_MESSAGES {
            api_mode = azure_api_mode(&model.effective(request.and_then(|given| given.target_model))?)
                .unwrap_or(api_mode);
        }
        let from_config = configured("base_url")?;
        let urls =
            [request.and_then(|given| given.base_url).unwrap_or(""), &from_config, self.getenv(URL_VARIABLE)];
        let Some(base_url) = urls.map(bare).into_iter().find(|url| !url.is_empty()) else {
            self.trace.lacks_endpoint = true;
            return Err(Stop::raised(
                "AuthError",
                "Azure Foundry requires a base URL. Set it via 'hermes model' or the \
                 AZURE_FOUNDRY_BASE_URL environment variable.",
            ));
        };
        let base_url =
            if api_mode == ANTHROPIC_MESSAGES { without_v1(base_url) } else { base_url }.to_owned();
        let explicit_key = strip(request.and_then(|given| given.api_key).unwrap_or(""));
        let api_key = if !explicit_key.is_empty() {
            self.trace.won(Candidate::argument(explicit_key));
            explicit_key.to_owned()
        } else if self.facts.behaviour.knows_entra && lower(&configured("auth_mode")?) == "entra_id" {
            return Err(Stop::not_modelled("a login with Microsoft Entra ID"));
        } else {
            self.azure_key()?
        };
        let source = if is_explicit(request) { "explicit" } else { "config" };
        Ok(Runtime::new("azure-foundry", api_mode, base_url, Secret::new(api_key), source))
    }

    /// The process environment comes before `.env` here, as everywhere that `get_env_value` reads; a blank
    /// value counts.
    fn azure_key(&mut self) -> Outcome<String> {
        let own = self.environ.get(KEY_VARIABLE).cloned();
        let from_dotenv = self.load_env()?.get(KEY_VARIABLE).cloned();
        let candidate = |variable| Candidate::variable(KEY_VARIABLE, variable);
        let chosen = own.as_ref().or(from_dotenv.as_ref()).filter(|variable| !variable.value.is_empty());
        let Some(chosen) = chosen else {
            let mut message =
                "Azure Foundry requires an API key. Set AZURE_FOUNDRY_API_KEY in ~/.hermes/.env or run \
                               'hermes model' to configure."
                    .to_owned();
            if self.facts.behaviour.knows_entra {
                message.push_str(
                    " To use keyless Microsoft Entra ID auth instead, set model.auth_mode: entra_id in \
                     config.yaml (or pick 'Microsoft Entra ID' in 'hermes model').",
                );
            }
            return Err(Stop::raised("AuthError", message));
        };
        self.trace.won(candidate(chosen));
        if let Some(other) = from_dotenv.as_ref().filter(|other| other.value != chosen.value) {
            self.trace.lost(candidate(other), Reason::EnvironmentBeatsDotEnv);
        }
        Ok(chosen.value.clone())
    }
}
