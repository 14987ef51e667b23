//! Anthropic's own endpoint and those that speak its API: the branches for `anthropic` and
//! `resolve_anthropic_token` of `agent/anthropic_adapter.py`.

use super::api_mode::{ANTHROPIC_MESSAGES, detect_api_mode};
use super::model_config::{ModelConfig, node_str_or_empty, str_or_empty};
use super::{Request, Runtime};
use crate::base::text::Search;
use crate::facts::behaviour::Behaviour;
use crate::hermes::pool::refresh::RENEWAL;
use crate::hermes::urls::{bare, base_url_hostname};
use crate::hermes::{Candidate, Origin, Outcome, Process, Reason, Stop, caught};
use crate::python::{Node, Value, less, lower, strip};
use crate::secret::Secret;

const ANTHROPIC_BASE_URL: &str = "https://api.anthropic.com";

/// The variables that `resolve_anthropic_token` reads; logins come before the last one.
const VARIABLES: [&str; 3] = ["ANTHROPIC_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", KEY_VARIABLE];
const KEY_VARIABLE: &str = "ANTHROPIC_API_KEY";

/// `_anthropic_base_url_override_ok(base_url)`: whether `model.base_url` plausibly speaks Anthropic's API.
fn is_anthropic_endpoint(behaviour: &Behaviour, base_url: &str) -> Outcome<bool> {
    let candidate = strip(base_url);
    let host = base_url_hostname(candidate)?;
    if host.is_empty() {
        return Ok(false);
    }
    Ok(host == "api.anthropic.com"
        || [".anthropic.com", ".claude.com", ".azure.com"].iter().any(|domain| host.ends_with(domain))
        || detect_api_mode(behaviour, candidate)? == Some(ANTHROPIC_MESSAGES))
}

/// `model.base_url` where the configured provider is `anthropic` and the endpoint may be one; else `""`.
pub(super) fn anthropic_config_url(model: &ModelConfig) -> Outcome<String> {
    if model.provider()? != "anthropic" {
        return Ok(String::new());
    }
    let configured = bare(node_str_or_empty(model.node("base_url"), "strip")?);
    let believes = !model.behaviour().checks_anthropic_urls;
    Ok(if believes || is_anthropic_endpoint(model.behaviour(), configured)? {
        configured.to_owned()
    } else {
        String::new()
    })
}

/// The endpoint of a pool's entry: `model.base_url` before the entry's own.
pub(super) fn anthropic_entry_url(model: &ModelConfig, own: &str) -> Outcome<String> {
    let configured = anthropic_config_url(model)?;
    let found = [configured.as_str(), own].into_iter().find(|url| !url.is_empty());
    Ok(found.unwrap_or(ANTHROPIC_BASE_URL).to_owned())
}

fn no_credentials() -> Stop {
    Stop::raised(
        "AuthError",
        "No Anthropic credentials found. Set ANTHROPIC_TOKEN or ANTHROPIC_API_KEY, \
         run 'claude setup-token', or authenticate with 'claude /login'.",
    )
}

/// The file in which Claude Code keeps its login, from the home folder.
const CLAUDE_CODE_LOGIN: &str = ".claude/.credentials.json";

/// `_is_oauth_token(key)`.
fn is_login_token(key: &str) -> bool {
    !key.starts_with("sk-ant-api") && ["sk-ant-", "eyJ", "cc-"].iter().any(|prefix| key.starts_with(prefix))
}

impl Process<'_> {
    /// Anthropic with an endpoint or key given in the request.
    pub(super) fn explicit_anthropic(
        &mut self,
        api_key: &str,
        base_url: &str,
        model: &ModelConfig,
    ) -> Outcome<Runtime> {
        let url = match base_url {
            "" => anthropic_entry_url(model, "")?,
            url => url.to_owned(),
        };
        let key = match api_key {
            "" => self.anthropic_token()?.ok_or_else(no_credentials)?,
            key => {
                self.trace.won(Candidate::argument(key));
                key.to_owned()
            }
        };
        Ok(Runtime::new("anthropic", ANTHROPIC_MESSAGES, url, Secret::new(key), "explicit"))
    }

    /// An Azure endpoint that the request names, for `anthropic`.
    pub(super) fn explicit_azure_anthropic(&mut self, request: &Request<'_>) -> Outcome<Runtime> {
        self.trace.provider = Some("anthropic".to_owned());
        let url = bare(request.base_url.unwrap_or("")).to_owned();
        let explicit = request.api_key.map(Candidate::argument);
        let keys = vec![explicit, self.variable("AZURE_ANTHROPIC_KEY"), self.variable(KEY_VARIABLE)];
        let key = self.first_text(keys);
        let key = Secret::new(key.unwrap_or_default());
        Ok(Runtime::new("anthropic", ANTHROPIC_MESSAGES, url, key, "azure-explicit"))
    }

    /// Anthropic without a pool entry.
    pub(super) fn anthropic_runtime(&mut self, model: &ModelConfig) -> Outcome<Runtime> {
        let url = anthropic_entry_url(model, "")?;
        let key = if lower(&url).holds("azure.com") {
            self.azure_anthropic_key(model)?
        } else {
            self.anthropic_token()?.ok_or_else(no_credentials)?
        };
        Ok(Runtime::new("anthropic", ANTHROPIC_MESSAGES, url, Secret::new(key), "env"))
    }

    fn azure_anthropic_key(&mut self, model: &ModelConfig) -> Outcome<String> {
        let hinted = [model.said("key_env")?, model.said("api_key_env")?];
        let inline = model.said("api_key")?;
        let place = model.node("api_key").and_then(|node| node.place);
        let mut keys: Vec<_> = hinted.iter().map(|name| self.variable(name)).collect();
        keys.push(Some(Candidate::config("model.api_key".to_owned(), &inline, place)));
        keys.extend(["AZURE_ANTHROPIC_KEY", KEY_VARIABLE].map(|name| self.variable(name)));
        let key = self.first_text(keys);
        key.ok_or_else(|| {
            Stop::raised(
                "AuthError",
                "No Azure Anthropic API key found. Set AZURE_ANTHROPIC_KEY or ANTHROPIC_API_KEY, or point \
                 key_env/api_key_env in your config.yaml model section at a custom env var.",
            )
        })
    }

    /// The first of `candidates` that is not blank, recorded as the winner before the others.
    fn first_text(&mut self, candidates: Vec<Option<Candidate>>) -> Option<String> {
        let mut first: Option<(String, Reason)> = None;
        for candidate in candidates.into_iter().flatten() {
            let key = strip(candidate.key.expose());
            if let Some((_, reason)) = first.as_ref().filter(|_| !key.is_empty()) {
                self.trace.lost(candidate, reason.clone());
            } else if !key.is_empty() {
                let reason = match &candidate.origin {
                    Origin::Variable(name) => Reason::EarlierVariable(name.clone()),
                    _ => Reason::EarlierCandidate,
                };
                first = Some((key.to_owned(), reason));
                self.trace.won(candidate);
            }
        }
        first.map(|(key, _)| key)
    }

    /// `resolve_anthropic_token()`: variables with tokens, Claude Code's login, the pool's logins, the API key.
    pub(in crate::hermes) fn anthropic_token(&mut self) -> Outcome<Option<String>> {
        let tokens = VARIABLES.iter().take(2).map(|name| strip(self.os_getenv(name)));
        let token = tokens.into_iter().find(|token| !token.is_empty()).unwrap_or("").to_owned();
        let has_login = self.world.home_file(CLAUDE_CODE_LOGIN).is_some();
        if has_login && let Some(login) = self.claude_code_login()? {
            // A login that can be renewed comes before the token of one in a variable, which cannot.
            let is_renewable = login.get("refreshToken").is_some_and(|token| token.value.is_true());
            if (token.is_empty() || (is_login_token(&token) && is_renewable))
                && let Some(found) = self.claude_code_token(&login)?.filter(|found| *found != token)
            {
                return Ok(Some(found));
            }
        }
        if self.facts.behaviour.anthropic_pool_logins_count
            && token.is_empty()
            && let Some(token) = self.anthropic_pool_token()?
        {
            return Ok(Some(token));
        }
        Ok(self.first_text(
            VARIABLES
                .iter()
                .map(|name| self.environ.get(name).map(|found| Candidate::variable(name, found)))
                .collect(),
        ))
    }

    /// `_resolve_claude_code_token_from_credentials(login)`.
    fn claude_code_token(&self, login: &Node) -> Outcome<Option<String>> {
        let field = |name: &str| login.get(name).map_or(&Value::None, |node| &node.value);
        let token = match field("accessToken") {
            Value::Str(token) => token.to_string(),
            _ => return Err(Stop::not_modelled("a token that is no text")),
        };
        let is_valid = match field("expiresAt") {
            end if !end.is_true() => true,
            end @ (Value::Int(_) | Value::Float(_) | Value::Bool(_)) => {
                let now = (self.clock * 1000.0).trunc();
                less(&Value::Float(now + 60_000.0), end).unwrap_or(false)
            }
            other => return Err(Stop::raised("TypeError", format!("'{}' and 'int'", other.type_name()))),
        };
        if !is_valid && field("refreshToken").is_true() {
            caught::<()>(Err(self.request(RENEWAL)))?;
        }
        Ok(is_valid.then_some(token))
    }

    /// `_resolve_anthropic_pool_token()`: the first login of the pool that is not cooling down.
    fn anthropic_pool_token(&mut self) -> Outcome<Option<String>> {
        let entries = caught(self.load_pool("anthropic").and_then(|mut pool| pool.available(self)))?;
        for entry in entries.unwrap_or_default() {
            if entry.field("auth_type").as_str() != Some("oauth") {
                continue;
            }
            let token = strip(str_or_empty(entry.field("access_token"), "strip")?).to_owned();
            if !token.is_empty() {
                self.trace.won(entry.candidate(self, true));
                return Ok(Some(token));
            }
        }
        Ok(None)
    }
}
