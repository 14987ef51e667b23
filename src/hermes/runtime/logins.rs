//! Providers that people log in to (`nous`, `openai-codex`, `xai-oauth`, `qwen-oauth`, `minimax-oauth`), programs
//! and clouds. A login may have to be renewed over the network, so that only its absence is modelled.

use super::api_mode::{ANTHROPIC_MESSAGES, BEDROCK_CONVERSE, CHAT_COMPLETIONS, CODEX_RESPONSES};
use super::model_config::{ModelConfig, str_or_empty};
use super::urls::bare;
use super::{Request, Runtime};
use crate::facts::Facts;
use crate::hermes::providers::is_usable;
use crate::hermes::{Candidate, Outcome, Process, Stop, caught};
use crate::python::{Value, lower, parse_float, strip};
use crate::secret::Secret;

/// The file in which Hermes kept a login of `google-gemini-cli`, from its home.
const GOOGLE_LOGIN: &str = "auth/google_oauth.json";

/// The file in which Qwen's own program keeps its login, from the home folder.
const QWEN_LOGIN: &str = ".qwen/oauth_creds.json";

/// The variables that tell of AWS credentials, in the order of `resolve_aws_auth_env_var`; the second one
/// counts only with its secret.
const AWS_VARIABLES: [&str; 5] = [
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
];

fn login_error(code: Option<&'static str>, message: &'static str) -> Stop {
    match code {
        Some(code) => Stop::auth_error(code, message),
        None => Stop::raised("AuthError", message),
    }
}

impl Process<'_> {
    /// The branch of a provider with a login; `None` where the resolution goes on behind it.
    ///
    /// # Errors
    /// `AuthError` where there is no login; [`Stop::not_modelled`] where there is one.
    pub(super) fn login_runtime(&mut self, provider: &str, requested: &str) -> Outcome<Option<Runtime>> {
        let error = match provider {
            "nous" => {
                self.check_nous_timeout()?;
                self.no_login("nous")?;
                login_error(None, "Hermes is not logged into Nous Portal.")
            }
            "openai-codex" => {
                self.no_login("openai-codex")?;
                let message = "No Codex credentials stored. Run `hermes auth` to authenticate.";
                login_error(Some("codex_auth_missing"), message)
            }
            "xai-oauth" => {
                self.no_login("xai-oauth")?;
                let message = if self.facts.behaviour.names_premium_plus {
                    "No xAI OAuth credentials stored. Select xAI Grok OAuth (SuperGrok / Premium+) in `hermes model`."
                } else {
                    "No xAI OAuth credentials stored. Select xAI Grok OAuth (SuperGrok Subscription) in `hermes model`."
                };
                login_error(Some("xai_auth_missing"), message)
            }
            "qwen-oauth" => {
                self.no_qwen_login()?;
                let message = "Qwen CLI credentials not found. Run 'qwen auth qwen-oauth' first.";
                login_error(Some("qwen_auth_missing"), message)
            }
            "google-gemini-cli" => {
                self.no_google_login()?;
                let message = if self.facts.behaviour.google_login_by_auth_add {
                    "No Google OAuth credentials found. Run `hermes auth add google-gemini-cli` first."
                } else {
                    "No Google OAuth credentials found. Run `hermes login --provider google-gemini-cli` first."
                };
                login_error(Some("google_oauth_not_logged_in"), message)
            }
            "minimax-oauth" => {
                self.no_login("minimax-oauth")?;
                let message = "Not logged into MiniMax OAuth. Run `hermes model` and select MiniMax (OAuth).";
                return Err(login_error(Some("not_logged_in"), message));
            }
            "copilot-acp" => return Err(Stop::not_modelled("the program of GitHub Copilot")),
            _ => return Ok(None),
        };
        if requested == "auto" { Ok(None) } else { Err(error) }
    }

    /// A provider that people log in to, with an endpoint or a key given in the request: a key needs no login.
    pub(super) fn explicit_login(
        &mut self,
        provider: &str,
        api_key: &str,
        base_url: &str,
    ) -> Outcome<Runtime> {
        if api_key.is_empty() {
            let _ = self.login_runtime(provider, provider)?;
        }
        let (api_mode, own, default) = match provider {
            "nous" => {
                self.no_login(provider)?;
                (CHAT_COMPLETIONS, bare(self.os_getenv("NOUS_INFERENCE_BASE_URL")), "nous_inference")
            }
            _ => (CODEX_RESPONSES, "", "codex"),
        };
        let url = [base_url, own].into_iter().find(|url| !url.is_empty());
        let url = url.unwrap_or(self.known_url(default)).to_owned();
        self.trace.won(Candidate::argument(api_key));
        Ok(Runtime::new(provider, api_mode, url, Secret::new(api_key), "explicit"))
    }

    /// `float(_getenv("HERMES_NOUS_TIMEOUT_SECONDS", "15"))`.
    fn check_nous_timeout(&self) -> Outcome<()> {
        let ttl = self.getenv("HERMES_NOUS_MIN_KEY_TTL_SECONDS");
        if !self.facts.behaviour.nous_needs_a_usable_token && ttl.parse::<u32>().is_err() && !ttl.is_empty() {
            return Err(Stop::not_modelled("HERMES_NOUS_MIN_KEY_TTL_SECONDS that is no plain number"));
        }
        match self.get_secret("HERMES_NOUS_TIMEOUT_SECONDS") {
            Some(timeout) if parse_float(strip(&timeout.value)).is_none() => {
                Err(Stop::not_modelled("HERMES_NOUS_TIMEOUT_SECONDS that is no plain number"))
            }
            _ => Ok(()),
        }
    }

    /// Goes on only where neither a login nor a pool row of `provider` is stored.
    ///
    /// # Errors
    /// [`Stop::not_modelled`] where one is.
    pub(in crate::hermes) fn no_login(&mut self, provider: &str) -> Outcome<()> {
        let state = self.provider_auth_state(provider)?;
        let has_state = state.is_some_and(|state| state.value.is_true());
        if has_state || !self.read_credential_pool(provider)?.is_empty() {
            return Err(Stop::not_modelled(format!("a stored login of {provider}")));
        }
        Ok(())
    }

    /// Goes on only where there is no login of the Gemini CLI, which releases before 0.18 had.
    fn no_google_login(&self) -> Outcome<()> {
        if self.world.other_files.contains_key(GOOGLE_LOGIN) {
            return Err(Stop::not_modelled("a login of google-gemini-cli"));
        }
        Ok(())
    }

    /// Goes on only where Qwen's own program has no login.
    ///
    /// # Errors
    /// [`Stop::not_modelled`] where it has one.
    pub(in crate::hermes) fn no_qwen_login(&self) -> Outcome<()> {
        if self.world.home_files.contains_key(QWEN_LOGIN) {
            return Err(Stop::not_modelled("the login of Qwen's program"));
        }
        Ok(())
    }

    /// `resolve_aws_auth_env_var()` as far as variables tell: the machine's own identity counts as none.
    ///
    /// # Errors
    /// [`Stop::not_modelled`] where no variable tells and AWS's own files are there.
    pub(in crate::hermes) fn aws_variable(&self) -> Outcome<Option<&'static str>> {
        let is_set = |name: &str| !strip(self.os_getenv(name)).is_empty();
        let found = AWS_VARIABLES.into_iter().find(|name| match *name {
            "AWS_ACCESS_KEY_ID" => is_set(name) && is_set("AWS_SECRET_ACCESS_KEY"),
            name => is_set(name),
        });
        if found.is_none() && self.world.home_files.keys().iter().any(|file| file.starts_with(".aws/")) {
            return Err(Stop::not_modelled("the files of AWS's own programs"));
        }
        Ok(found)
    }

    /// AWS Bedrock, where variables name both the credentials and the region.
    ///
    /// # Errors
    /// `AttributeError` for a `bedrock` part of the wrong type; [`Stop::not_modelled`] where AWS's library is asked.
    pub(super) fn bedrock_runtime(
        &mut self,
        model: &ModelConfig,
        request: Option<&Request<'_>>,
    ) -> Outcome<Runtime> {
        let Some(source) = self.aws_variable()? else {
            return Err(Stop::not_modelled("AWS credentials that no variable names"));
        };
        let config = self.load_config()?;
        let none = Value::None;
        let bedrock = config.get("bedrock").map(|node| &node.value);
        if let Some(other) = bedrock.filter(|value| value.as_dict().is_none()) {
            return Err(Stop::no_attribute(other.type_name(), "get"));
        }
        let in_bedrock = |name| bedrock.and_then(Value::as_dict).and_then(|dict| dict.get(name));
        let configured = in_bedrock("region").map_or(&none, |node| &node.value);
        let regions = [
            strip(str_or_empty(configured, "strip")?),
            strip(self.os_getenv("AWS_REGION")),
            strip(self.os_getenv("AWS_DEFAULT_REGION")),
        ];
        let Some(region) = regions.into_iter().find(|region| !region.is_empty()) else {
            return Err(Stop::not_modelled("an AWS region that no variable names"));
        };
        let guardrail = in_bedrock("guardrail").map(|node| &node.value);
        if let Some(other) = guardrail.filter(|value| value.as_dict().is_none()) {
            return Err(Stop::no_attribute(other.type_name(), "get"));
        }
        let name = lower(strip(&model.effective(request.and_then(|given| given.target_model))?));
        let has_bearer =
            self.facts.behaviour.bearer_token_needs_converse && source == "AWS_BEARER_TOKEN_BEDROCK";
        let api_mode = if is_claude_on_bedrock(self.facts, &name) && !has_bearer {
            ANTHROPIC_MESSAGES
        } else {
            BEDROCK_CONVERSE
        };
        let base_url = format!("https://bedrock-runtime.{region}.amazonaws.com");
        Ok(Runtime::new("bedrock", api_mode, base_url, Secret::new("aws-sdk"), source))
    }

    /// `get_auth_status(provider).get("logged_in")` for the `active_provider` of auth.json.
    ///
    /// # Errors
    /// [`Stop::not_modelled`] where a login is stored that may have to be renewed.
    pub(in crate::hermes) fn is_logged_in(&mut self, provider: &str) -> Outcome<bool> {
        let facts = self.facts;
        match lower(strip(provider)).as_str() {
            login @ ("nous" | "openai-codex" | "xai-oauth" | "minimax-oauth") => {
                self.no_login(login).map(|()| false)
            }
            "qwen-oauth" => self.no_qwen_login().map(|()| false),
            "google-gemini-cli" => self.no_google_login().map(|()| false),
            "copilot-acp" => Err(Stop::not_modelled("the program of GitHub Copilot")),
            "azure-foundry" if facts.behaviour.knows_entra => self.is_azure_configured(),
            other => match facts.providers.get(other).map(|row| (row.auth_type.as_str(), row)) {
                Some(("api_key", row)) => {
                    let found = self.unrecorded(|process| process.api_key_secret(other, row))?;
                    Ok(found.is_some())
                }
                Some(("aws_sdk", _)) => Ok(self.aws_variable()?.is_some()),
                _ => Ok(false),
            },
        }
    }

    /// `_get_azure_foundry_auth_status()["logged_in"]`.
    fn is_azure_configured(&mut self) -> Outcome<bool> {
        let config = caught(self.load_config())?;
        let model = config.as_ref().and_then(|config| config.get("model"));
        if let Some(mode) = model.and_then(|model| model.get("auth_mode"))
            && mode.value.as_str().is_some_and(|mode| lower(strip(mode)) == "entra_id")
        {
            return Err(Stop::not_modelled("a login with Microsoft Entra ID"));
        }
        let facts = self.facts;
        let key = self.prefer_dotenv("AZURE_FOUNDRY_API_KEY")?.chosen;
        Ok(key.is_some_and(|key| is_usable(facts, &key.value)))
    }
}

/// `is_anthropic_bedrock_model(model)` of a name in lower case.
fn is_claude_on_bedrock(facts: &Facts, model: &str) -> bool {
    let mut regions = facts.bedrock_regions.iter();
    let name = regions.find_map(|region| model.strip_prefix(region.as_str())).unwrap_or(model);
    name.starts_with("anthropic.claude")
}
