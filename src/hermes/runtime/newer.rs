//! What 0.21.4 does before and behind the ladder of `resolve_runtime_provider`, and what of it was not read closely enough
//! to be followed.

use super::model_config::ModelConfig;
use super::{Request, Runtime};
use crate::base::text::Search;
use crate::hermes::urls::base_url_hostname;
use crate::hermes::{Outcome, Process, Stop, caught};
use crate::python::{lower, strip};

/// `_LLAMACPP_ALIASES`: names of the model server that Hermes itself may run.
const OWN_SERVER: [&str; 3] = ["llamacpp", "llama.cpp", "llama-cpp"];
/// Endpoints that newer releases speak to in another way, each since a release that is not known.
const HOSTS: [&str; 6] = [
    "api.meta.ai",
    "api.router.com",
    "api.actual.inc",
    "us.api.openai.com",
    "eu.api.openai.com",
    "opencode.ai",
];
/// `_DIRECT_API_BASE_URLS`.
const OPENAI_URL: &str = "https://api.openai.com/v1";

impl Process<'_> {
    /// The rest of `resolve_runtime_provider` where the name that is asked for is known.
    pub(super) fn resolve_newer(
        &mut self,
        mut requested: String,
        request: Option<&Request<'_>>,
    ) -> Outcome<Runtime> {
        let url = strip(request.and_then(|given| given.base_url).unwrap_or(""));
        let model = self.model_config()?;
        self.check_is_known(&requested, url, &model)?;
        let is_openai = self.facts.behaviour.openai_is_an_alias
            && requested == "openai"
            && !self.names_custom_provider(&requested)?;
        let mut runtime = if is_openai {
            let own = strip(self.getenv("OPENAI_BASE_URL")).trim_end_matches('/');
            let url = [url, own].into_iter().find(|url| !url.is_empty()).unwrap_or(OPENAI_URL);
            let url = url.trim_end_matches('/').to_owned();
            requested = "custom".to_owned();
            self.direct_alias_runtime(&url, request)?
        } else {
            self.check_has_endpoint(&requested, url, &model)?;
            self.runtime_of_request(&requested, request)?
        };
        let host = base_url_hostname(&runtime.base_url)?;
        if HOSTS.contains(&host.as_str())
            && !matches!(runtime.provider.as_str(), "opencode-zen" | "opencode-go")
        {
            return Err(Stop::not_modelled("the API that goes with this endpoint"));
        }
        if self.facts.behaviour.bare_custom_needs_a_key
            && requested == "custom"
            && runtime.provider == "custom"
            && runtime.api_key.is_empty()
        {
            return Err(Stop::auth_error(
                "missing_api_key",
                "provider 'custom' resolved without credentials (no endpoint or API key configured). If this is a \
                 named custom provider, use its real name (see providers: in config.yaml).",
            ));
        }
        if looks_filled_in(runtime.api_key.expose()) {
            return Err(Stop::not_modelled("whether what looks like a key to fill in counts as one"));
        }
        runtime.requested_provider = Some(requested);
        Ok(runtime)
    }

    /// What was not read closely enough.
    fn check_is_known(&mut self, requested: &str, url: &str, model: &ModelConfig) -> Outcome<()> {
        if lower(&model.said("openai_runtime")?) == "codex_app_server" {
            return Err(Stop::not_modelled("model.openai_runtime in this release"));
        }
        if OWN_SERVER.contains(&requested) && url.is_empty() && !self.names_custom_provider(requested)? {
            return Err(Stop::not_modelled("the model server that Hermes itself runs"));
        }
        match self.facts.canonical_provider(requested).as_deref() {
            Some(provider @ ("actual" | "bedrock")) => {
                Err(Stop::not_modelled(format!("the provider {provider} in this release")))
            }
            Some("openai-codex")
                if !self.getenv("HERMES_CODEX_BASE_URL").is_empty()
                    || !model.said("base_url")?.is_empty() =>
            {
                Err(Stop::not_modelled("an endpoint in place of that of a Codex login"))
            }
            _ => Ok(()),
        }
    }

    /// A token that one model may not be asked with is not used outside of the pool either: which one then is, is not
    /// followed.
    pub(super) fn check_no_model_is_barred(&mut self) -> Outcome<()> {
        if !self.facts.behaviour.cools_models_alone {
            return Ok(());
        }
        for entry in caught(self.load_pool("anthropic"))?.map(|pool| pool.entries).unwrap_or_default() {
            if entry.barred_until(None, self.clock)?.is_some() {
                return Err(Stop::not_modelled("an Anthropic key that is barred for one model"));
            }
        }
        Ok(())
    }

    /// `_raise_if_local_alias_missing_endpoint`.
    fn check_has_endpoint(&mut self, requested: &str, url: &str, model: &ModelConfig) -> Outcome<()> {
        let is_alias = self.facts.behaviour.aliases_need_an_endpoint
            && !matches!(requested, "" | "custom")
            && !OWN_SERVER.contains(&requested)
            && self.resolves_to_custom(requested)?;
        if !is_alias || !url.is_empty() || !strip(self.getenv("CUSTOM_BASE_URL")).is_empty() {
            return Ok(());
        }
        let configured = model.said("base_url")?;
        let provider = model.provider()?;
        if !configured.is_empty() && self.is_trustworthy_for_bare_custom(&configured, &provider)?
            || self.names_custom_provider(requested)?
        {
            return Ok(());
        }
        Err(Stop::auth_error(
            "missing_base_url",
            format!(
                "provider '{requested}' has no endpoint configured, so the request is not sent anywhere (it would \
                 otherwise fall back to OpenRouter). Set providers.{requested}.base_url or model.base_url in \
                 config.yaml."
            ),
        ))
    }
}

/// Whether a key is like those that instructions show. Of some shapes of them `has_usable_secret` says that they are none
/// since issue #115643, in a release that is not known.
fn looks_filled_in(key: &str) -> bool {
    let key = lower(strip(key));
    key.starts_with("your") || key.starts_with('<') || key.ends_with("here") || key.holds("xxx")
}
