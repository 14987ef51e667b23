//! Providers that people log in to (`nous`, `openai-codex`, `xai-oauth`, `qwen-oauth`, `minimax-oauth`), programs
//! and clouds.

use super::api_mode::{ANTHROPIC_MESSAGES, BEDROCK_CONVERSE, CHAT_COMPLETIONS};
use super::model_config::{ModelConfig, node_str_or_empty};
use super::stored::is_auth_error;
use super::{Request, Runtime};
use crate::facts::{Facts, Standing};
use crate::hermes::providers::is_usable;
use crate::hermes::{Candidate, CredentialStatus, Origin, Outcome, Process, Stop, caught};
use crate::python::{Node, lower, strip};
use crate::secret::Secret;

/// The logins that are kept in auth.json.
const STORED_LOGINS: [&str; 4] = ["minimax-oauth", "nous", "openai-codex", "xai-oauth"];

/// Where the logins are that stand in a file of their own, as people know it: `read_claude_code_credentials` of
/// `agent/anthropic_adapter.py`, `_qwen_cli_auth_path` of `hermes_cli/auth.py`, `agent/google_oauth.py` of releases before 0.18.
const LOGIN_FILES: [(&str, &str); 3] = [
    ("anthropic", "~/.claude/.credentials.json"),
    ("qwen-oauth", "~/.qwen/oauth_creds.json"),
    ("google-gemini-cli", "~/.hermes/auth/google_oauth.json"),
];

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

/// The names by which Bedrock is asked for itself.
const BEDROCK_NAMES: [&str; 5] = ["bedrock", "aws", "aws-bedrock", "amazon-bedrock", "amazon"];

/// Where Bedrock is, if nobody says otherwise: `resolve_bedrock_region`.
const DEFAULT_REGION: &str = "us-east-1";

/// What is raised for Bedrock without credentials.
const NO_AWS_CREDENTIALS: &str = "No AWS credentials found for Bedrock. Configure one of:\n  - AWS_ACCESS_KEY_ID + \
    AWS_SECRET_ACCESS_KEY\n  - AWS_PROFILE (for SSO / named profiles)\n  - IAM instance role (EC2, ECS, Lambda)\nOr run \
    'aws configure' to set up credentials.";

impl Process<'_> {
    /// The file beside auth.json and config.yaml that may hold a login of the provider `name`, an id or another name of it.
    pub fn login_file(&self, name: &str) -> Option<&'static str> {
        let id = self.facts.aliases.get(name).map_or(name, String::as_str);
        let (_, file) = LOGIN_FILES.into_iter().find(|(own, _)| *own == id)?;
        self.facts.providers.contains_key(id).then_some(file)
    }

    /// The branch of a provider with a login; `None` where the resolution goes on behind it.
    ///
    /// # Errors
    /// `AuthError` where there is no login that can be used.
    pub(super) fn login_runtime(&mut self, provider: &str, requested: &str) -> Outcome<Option<Runtime>> {
        // What is read of it may change it.
        let state = match STORED_LOGINS.contains(&provider) {
            true => caught(self.load_provider_state(provider))?.flatten(),
            false => None,
        };
        let found = match provider {
            "nous" => self.configured_nous_login(),
            "openai-codex" => self.codex_login(),
            "xai-oauth" => self.xai_login(),
            "qwen-oauth" => self.no_qwen_login().and_then(|()| {
                let message = "Qwen CLI credentials not found. Run 'qwen auth qwen-oauth' first.";
                Err(Stop::auth_error("qwen_auth_missing", message))
            }),
            "google-gemini-cli" => self.no_google_login().and_then(|()| {
                let command = if self.facts.behaviour.google_login_by_auth_add {
                    "auth add google-gemini-cli"
                } else {
                    "login --provider google-gemini-cli"
                };
                let message = format!("No Google OAuth credentials found. Run `hermes {command}` first.");
                Err(Stop::auth_error("google_oauth_not_logged_in", message))
            }),
            "minimax-oauth" => self.minimax_login(),
            "copilot-acp" => return self.copilot_program().map(Some),
            _ => return Ok(None),
        };
        match found {
            Err(stop) if requested == "auto" && provider != "minimax-oauth" && is_auth_error(&stop) => {
                Ok(None)
            }
            Ok(runtime) => {
                self.record_login(provider, &runtime, state.as_ref());
                Ok(Some(runtime))
            }
            Err(stop) => Err(stop),
        }
    }

    /// Records the login whose token is the key. Of the root's, which is no pasted text, the place is not known.
    fn record_login(&mut self, provider: &str, runtime: &Runtime, state: Option<&Node>) {
        let tokens = [state, state.and_then(|state| state.get("tokens"))].into_iter().flatten();
        let mut keys = tokens.flat_map(|at| [at.get("access_token"), at.get("agent_key")]).flatten();
        let key =
            keys.find(|key| key.value.as_str().is_some_and(|key| strip(key) == runtime.api_key.expose()));
        let path = format!("providers.{provider}");
        self.trace.won(Candidate {
            label: path.clone(),
            origin: Origin::Login(path),
            key: runtime.api_key.clone(),
            place: key.and_then(|key| key.place),
            entry_place: state.and_then(|state| state.place),
            status: CredentialStatus::Ok,
        });
    }

    /// `resolve_external_process_provider_credentials("copilot-acp")`, where a variable names a program that listens.
    fn copilot_program(&self) -> Outcome<Runtime> {
        let url = strip(self.getenv("COPILOT_ACP_BASE_URL"));
        if !url.starts_with("acp+tcp://") || !self.getenv("HERMES_COPILOT_ACP_ARGS").is_empty() {
            return Err(Stop::not_modelled("the program of GitHub Copilot"));
        }
        let url = url.trim_end_matches('/');
        Ok(Runtime::new("copilot-acp", CHAT_COMPLETIONS, url, Secret::new("copilot-acp"), "process"))
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
        if self.world.home_file(QWEN_LOGIN).is_some() {
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
        if found.is_none() && self.has_aws_files() {
            return Err(Stop::not_modelled("the files of AWS's own programs"));
        }
        Ok(found)
    }

    /// Whether AWS's library is known to find nothing by itself.
    fn is_without_aws(&self) -> bool {
        self.is_offline() && self.facts.standing() == Standing::Run && !self.has_aws_files()
    }

    /// Whether AWS's own programs have left files.
    fn has_aws_files(&self) -> bool {
        self.world.home_files.keys().iter().any(|file| file.starts_with(".aws/"))
    }

    /// AWS Bedrock. Where no variable names the credentials or the region, AWS's library is asked for them, which is not
    /// installed with Hermes: where the machine has no identity either, it changes nothing.
    ///
    /// # Errors
    /// `AttributeError` for a `bedrock` part of the wrong type; `AuthError` where nothing asked for Bedrock;
    /// [`Stop::not_modelled`] where AWS's library may know more.
    pub(super) fn bedrock_runtime(
        &mut self,
        requested: &str,
        model: &ModelConfig,
        request: Option<&Request<'_>>,
    ) -> Outcome<Runtime> {
        let source = match self.aws_variable()? {
            Some(source) => source,
            None if !self.is_without_aws() => {
                return Err(Stop::not_modelled("AWS credentials that no variable names"));
            }
            None if BEDROCK_NAMES.contains(&requested) => "aws-sdk-default-chain",
            None => return Err(Stop::auth_error("no_aws_credentials", NO_AWS_CREDENTIALS)),
        };
        let config = self.load_config()?;
        let no_mapping = |node: &&Node| node.value.as_dict().is_none();
        let refuse = |node: &Node| Err(Stop::no_attribute(node.value.type_name(), "get").at(node.place));
        let bedrock = config.get("bedrock");
        if let Some(other) = bedrock.filter(no_mapping) {
            return refuse(other);
        }
        let in_bedrock = |name| bedrock.and_then(|node| node.get(name));
        let regions = [
            strip(node_str_or_empty(in_bedrock("region"), "strip")?),
            strip(self.os_getenv("AWS_REGION")),
            strip(self.os_getenv("AWS_DEFAULT_REGION")),
        ];
        let region = match regions.into_iter().find(|region| !region.is_empty()) {
            Some(region) => region,
            None if self.is_without_aws() => DEFAULT_REGION,
            None => return Err(Stop::not_modelled("an AWS region that no variable names")),
        };
        if let Some(other) = in_bedrock("guardrail").filter(no_mapping) {
            return refuse(other);
        }
        let asked = request.and_then(|given| given.target_model);
        let asked = asked.filter(|_| self.facts.behaviour.bedrock_takes_the_asked_model);
        let name = lower(strip(&model.effective(asked)?));
        let has_bearer =
            self.facts.behaviour.bearer_token_needs_converse && source == "AWS_BEARER_TOKEN_BEDROCK";
        let api_mode = if is_claude_on_bedrock(self.facts, &name) && !has_bearer {
            ANTHROPIC_MESSAGES
        } else {
            BEDROCK_CONVERSE
        };
        let base_url = format!("https://bedrock-runtime.{region}.amazonaws.com");
        if let Some(variable) = self.environ.get(source) {
            self.trace.won(Candidate::variable(source, variable));
        }
        Ok(Runtime::new("bedrock", api_mode, base_url, Secret::new("aws-sdk"), source))
    }

    /// `get_auth_status(provider).get("logged_in")` for the `active_provider` of auth.json.
    ///
    /// # Errors
    /// [`Stop::not_modelled`] where a login is stored that may have to be renewed.
    pub(in crate::hermes) fn is_logged_in(&mut self, provider: &str) -> Outcome<bool> {
        let facts = self.facts;
        match lower(strip(provider)).as_str() {
            "nous" => self.is_logged_in_to_nous(),
            "openai-codex" => self.is_logged_in_to_codex(),
            "xai-oauth" => self.is_logged_in_to_xai(),
            "minimax-oauth" => self.is_logged_in_to_minimax(),
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

#[cfg(test)]
mod tests {
    use crate::base::sources::Given;
    use crate::facts::Facts;
    use crate::hermes::testing::{process, world};
    use crate::hermes::{Origin, Process};

    /// Expected: what 0.17.0 answers; its `source` is `invoke_jwt` and its pool null. The token holds until 2026-09-21.
    #[test]
    fn the_token_of_a_login_is_the_credential_that_is_used() {
        let token = "fake-head.eyJzdWIiOiAiZmFrZS1uIiwgImV4cCI6IDE3OTAwMDAwMDAsICJzY29wZSI6ICJpbmZlcmVuY2U6aW52b2tlIn0.fake-tail";
        let mut world = world("model: {provider: nous, default: m}\n", &[]);
        world.given.auth_store = Given::Text(format!(
            r#"{{"version": 1, "providers": {{"nous": {{"access_token": "{token}", "refresh_token": "rt-fake",
                "scope": "inference:invoke", "expires_at": "2026-09-21T14:13:20+00:00"}}}}}}"#
        ));
        world.now = 1_780_000_000.0;
        let mut process = Process::start(&world, Facts::of("0.17.0").unwrap()).unwrap();
        let verdict = process.verdict(None).unwrap();
        let winner = verdict.winner.unwrap();
        assert_eq!(winner.origin, Origin::Login("providers.nous".to_owned()));
        assert_eq!(winner.key.expose(), token);
        assert!(winner.place.is_some() && winner.entry_place.is_some());
        assert!(verdict.losers.is_empty(), "the row of the same token is no other credential");
    }

    /// Expected: the `source` that 0.19.0 answers with.
    #[test]
    fn the_variable_that_names_the_credentials_of_bedrock_is_what_is_used() {
        let config = "model: {provider: bedrock, default: m}\n";
        let world = world(config, &[("AWS_PROFILE", "work"), ("AWS_REGION", "eu-central-1")]);
        let verdict = process(&world).verdict(None).unwrap();
        assert_eq!(verdict.winner.unwrap().label, "AWS_PROFILE");
    }

    /// Expected: what 0.19.0 answers without a network, without AWS's library and without AWS's own files.
    #[test]
    fn bedrock_without_credentials_is_for_those_who_ask_for_it() {
        let mut world = world("model: {provider: bedrock, default: amazon.nova-pro}\n", &[]);
        assert!(process(&world).resolve_runtime_provider(None).unwrap_err().unmodelled().is_some());
        world.offline = true;
        let found = process(&world).resolve_runtime_provider(None).unwrap();
        assert_eq!(found.base_url, "https://bedrock-runtime.us-east-1.amazonaws.com");
        assert_eq!(found.source.unwrap().as_str(), Some("aws-sdk-default-chain"));
        world.home_files.insert(".aws/config", String::new());
        assert!(process(&world).resolve_runtime_provider(None).unwrap_err().unmodelled().is_some());
    }
}
