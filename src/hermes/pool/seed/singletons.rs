//! `_seed_from_singletons`: rows that logins in auth.json and the files of other programs make.

use super::super::entry::keep;
use super::super::{API_KEY, OAUTH, jwt, text_or_empty};
use super::{Seed, Seeding};
use crate::base::sources::SourceKind;
use crate::base::text::Search;
use crate::hermes::stored::hashed;
use crate::hermes::{Outcome, Process, Stop, caught};
use crate::json::{self, JsonError};
use crate::python::{Dict, Node, Value, iso_timestamp, lower, strip};

/// The base URL of a Codex login.
const CODEX_URL: &str = "https://chatgpt.com/backend-api/codex";
/// `DEFAULT_XAI_OAUTH_BASE_URL`.
const XAI_URL: &str = "https://api.x.ai/v1";
/// The source of a login by a code that was entered on another device.
const DEVICE_CODE: &str = "device_code";
/// `COPILOT_ENV_VARS`.
const COPILOT_VARIABLES: [&str; 3] = ["COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"];
/// The fields that a Nous login hands on as they are.
const NOUS_FIELDS: [&str; 15] = [
    "refresh_token",
    "expires_at",
    "token_type",
    "scope",
    "client_id",
    "portal_base_url",
    "inference_base_url",
    "agent_key",
    "agent_key_expires_at",
    "obtained_at",
    "expires_in",
    "agent_key_id",
    "agent_key_expires_in",
    "agent_key_reused",
    "agent_key_obtained_at",
];

/// What newer releases write into the login of a guest.
pub(in crate::hermes) const GUEST_FIELDS: [&str; 5] =
    ["auth_method", "account_tier", "anon_token", "user_id", "org_id"];

/// `state.get(name)`.
fn get(state: &Node, name: &str) -> Node {
    state.get(name).cloned().unwrap_or(Node::made(Value::None))
}

/// `state.get(name, "")`.
fn get_text(state: &Node, name: &str) -> Node {
    state.get(name).cloned().unwrap_or(Node::made(Value::str("")))
}

/// Whether `str(state.get(name) or "").strip()` has a character.
fn has_content(state: &Node, name: &str) -> Outcome<bool> {
    let text = text_or_empty(state.get(name).map(|node| &node.value))?;
    Ok(!strip(&text).is_empty())
}

impl Process<'_> {
    /// `_seed_from_singletons(provider, entries)`.
    pub(in crate::hermes::pool) fn seed_from_singletons(&mut self, pool: &mut Seeding) -> Outcome<()> {
        self.load_auth_store()?;
        match pool.provider.as_str() {
            "anthropic" => self.seed_anthropic(pool),
            "nous" => self.seed_nous(pool),
            "copilot" => caught(self.seed_copilot(pool)).map(|_| ()),
            "qwen-oauth" if self.world.home_file(".qwen/oauth_creds.json").is_some() => {
                Err(Stop::not_modelled("a login of the Qwen CLI, whose path is shown"))
            }
            "minimax-oauth" => caught(self.seed_minimax(pool)).map(|_| ()),
            "openai-codex" => self.seed_tokens(pool, CODEX_URL),
            "xai-oauth" if self.facts.behaviour.knows_xai_logins => self.seed_tokens(pool, XAI_URL),
            _ => Ok(()),
        }
    }

    /// Anthropic: the logins of Hermes itself and of Claude Code, unless an API key was chosen.
    fn seed_anthropic(&mut self, pool: &mut Seeding) -> Outcome<()> {
        if !self.is_provider_explicitly_configured("anthropic")? {
            return Ok(());
        }
        let has_key = !self.anthropic_variable("ANTHROPIC_API_KEY")?.is_empty();
        let has_token = !self.anthropic_variable("ANTHROPIC_TOKEN")?.is_empty()
            || !self.anthropic_variable("CLAUDE_CODE_OAUTH_TOKEN")?.is_empty();
        if self.facts.behaviour.anthropic_key_bars_logins && has_key && !has_token {
            pool.changed |= keep(&mut pool.entries, &mut |entry| {
                hashed(entry.field("source"))?;
                Ok(!entry.is_from("hermes_pkce") && !entry.is_from("claude_code"))
            })?;
            return Ok(());
        }
        let own = self.world.other_files.get(".anthropic_oauth.json").map(String::as_str);
        let logins = [
            ("hermes_pkce", read_file(own)?.map_or(Ok(None), hermes_login)?),
            ("claude_code", self.claude_code_login()?),
        ];
        let adopts = !self.facts.behaviour.logins_may_be_left_alone || self.adopts_external_logins()?;
        if !adopts {
            pool.changed |= keep(&mut pool.entries, &mut |entry| {
                hashed(entry.field("source"))?;
                Ok(!entry.is_from("claude_code"))
            })?;
        }
        for (source, login) in logins.into_iter().filter(|(source, _)| adopts || *source != "claude_code") {
            let Some(login) =
                login.filter(|login| login.get("accessToken").is_some_and(|token| token.value.is_true()))
            else {
                continue;
            };
            let token = get_text(&login, "accessToken");
            let label = jwt::label(&token.value, source)?;
            let mut seed = Seed::new(source, OAUTH, token, Value::str(label).into());
            seed.set("refresh_token", get(&login, "refreshToken"));
            seed.set("expires_at_ms", get(&login, "expiresAt"));
            self.seed(pool, &seed)?;
        }
        Ok(())
    }

    /// `adopt_external_logins_enabled()`: whether logins of other programs may be used.
    pub(in crate::hermes) fn adopts_external_logins(&mut self) -> Outcome<bool> {
        let Some(config) = caught(self.load_config())? else { return Ok(true) };
        let wanted = config.get("auth").and_then(|auth| auth.get("adopt_external_logins"));
        Ok(wanted.is_none_or(|node| node.value.is_true()))
    }

    /// `_env_val(name)`: `.env`, then the environment.
    fn anthropic_variable(&mut self, name: &str) -> Outcome<String> {
        let file = self.load_env()?;
        let written = file.get(name).map(|found| found.value.as_str()).filter(|value| !value.is_empty());
        let own = self.get_secret(name).map(|found| found.value.as_str());
        Ok(strip(written.or(own).unwrap_or("")).to_owned())
    }

    /// `read_claude_code_credentials()` where there is no keychain: `.claude/.credentials.json` in the home.
    pub(in crate::hermes) fn claude_code_login(&self) -> Outcome<Option<Node>> {
        let text = self.world.home_file(".claude/.credentials.json");
        let Some(data) = read_file(text.map(String::as_str))? else { return Ok(None) };
        if data.value.as_dict().is_none() {
            return Err(Stop::no_attribute(data.value.type_name(), "get"));
        }
        let login = data.get("claudeAiOauth").filter(|login| login.value.as_dict().is_some());
        let Some(login) =
            login.filter(|login| login.get("accessToken").is_some_and(|token| token.value.is_true()))
        else {
            return Ok(None);
        };
        let mut found = Dict::new();
        found.set("accessToken", get(login, "accessToken"));
        found.set("refreshToken", get_text(login, "refreshToken"));
        found.set("expiresAt", login.get("expiresAt").cloned().unwrap_or(Value::int(0).into()));
        Ok(Some(Value::dict(found).into()))
    }

    /// Nous: the login in auth.json; a login without tokens takes its entries with it.
    fn seed_nous(&mut self, pool: &mut Seeding) -> Outcome<()> {
        let Some(state) = self.load_provider_state("nous")?.filter(|state| state.value.is_true()) else {
            return Ok(());
        };
        let behaviour = &self.facts.behaviour;
        if behaviour.keeps_more_fields && GUEST_FIELDS.iter().any(|name| state.get(name).is_some()) {
            return Err(Stop::not_modelled("the free tier of Nous"));
        }
        if behaviour.nous_logins_need_a_token
            && !has_content(&state, "access_token")?
            && !has_content(&state, "agent_key")?
        {
            pool.changed |= keep(&mut pool.entries, &mut |entry| {
                Ok(!entry.is_from(DEVICE_CODE) && !entry.is_from("manual:device_code"))
            })?;
            return Ok(());
        }
        let mut seed = device_login(DEVICE_CODE, &state, get_text(&state, "access_token"), true)?;
        for name in NOUS_FIELDS {
            seed.set(name, get(&state, name));
        }
        let tls = state.get("tls").filter(|tls| tls.value.as_dict().is_some());
        seed.set("tls", tls.cloned().unwrap_or(Value::None.into()));
        self.seed(pool, &seed).map(|_| ())
    }

    /// Copilot: a GitHub token of the environment. The exchange for a short-lived token needs the network; where it
    /// fails, as here, the token itself is used.
    fn seed_copilot(&mut self, pool: &mut Seeding) -> Outcome<()> {
        let url = self.facts.providers.get("copilot").map_or("", |facts| facts.inference_base_url.as_str());
        for name in COPILOT_VARIABLES {
            let Some(found) = self.environ.get(name) else { continue };
            let token = strip(&found.value);
            // Classic tokens are not accepted.
            if token.is_empty() || token.starts_with("ghp_") {
                continue;
            }
            if self.facts.behaviour.numbered_variables {
                return Err(Stop::not_modelled("the exchange of GitHub tokens"));
            }
            let source = format!("env:{name}");
            let source = if lower(name).holds("gh") { "gh_cli" } else { &source };
            let token = Node { value: Value::str(token), place: found.place };
            let mut seed = Seed::new(source, API_KEY, token, Value::str(name).into());
            seed.place = found.entry_place.or(found.place);
            seed.set_text("base_url", url);
            self.seed(pool, &seed)?;
            break;
        }
        Ok(())
    }

    /// MiniMax: the login in auth.json.
    fn seed_minimax(&mut self, pool: &mut Seeding) -> Outcome<()> {
        let Some(state) = self.provider_auth_state("minimax-oauth")? else { return Ok(()) };
        let token = get(&state, "access_token");
        if !token.value.is_true() {
            return Ok(());
        }
        let expires = state.get("expires_at").and_then(|node| iso_timestamp(node.value.as_str()?));
        let expires = expires.map_or(Value::None, |seconds| Value::int((seconds * 1000.0) as i64));
        let url = text_or_empty(state.get("inference_base_url").map(|node| &node.value))?;
        let label = match state.get("label").filter(|label| label.value.is_true()) {
            Some(label) => label.clone(),
            None => Value::str(jwt::label(&token.value, "oauth")?).into(),
        };
        let mut seed = Seed::new("oauth", OAUTH, token, label);
        seed.place = state.place;
        seed.set("refresh_token", get(&state, "refresh_token"));
        seed.set("expires_at_ms", expires.into());
        seed.set_text("base_url", url.trim_end_matches('/'));
        self.seed(pool, &seed).map(|_| ())
    }

    /// Codex and xAI: the tokens of the login in auth.json.
    fn seed_tokens(&mut self, pool: &mut Seeding, url: &str) -> Outcome<()> {
        let Some(state) = self.load_provider_state(&pool.provider)? else { return Ok(()) };
        let Some(tokens) = state.get("tokens").filter(|tokens| tokens.value.as_dict().is_some()) else {
            return Ok(());
        };
        let token = get(tokens, "access_token");
        if !token.value.is_true() {
            return Ok(());
        }
        let is_codex = pool.provider == "openai-codex";
        let source = if is_codex { DEVICE_CODE } else { self.facts.behaviour.xai_source() };
        let mut seed =
            device_login(source, &state, token, is_codex && self.facts.behaviour.codex_logins_have_names)?;
        seed.set("refresh_token", get(tokens, "refresh_token"));
        seed.set_text("base_url", url);
        seed.set("last_refresh", get(&state, "last_refresh"));
        self.seed(pool, &seed).map(|_| ())
    }
}

/// The row of a login in auth.json, called as the login is where it `has_label`, else as the token says.
fn device_login(source: &str, state: &Node, token: Node, has_label: bool) -> Outcome<Seed> {
    let own = state.get("label").filter(|_| has_label);
    let own = text_or_empty(own.map(|node| &node.value))?;
    let label = match strip(&own) {
        "" => jwt::label(&token.value, source)?,
        label => label.to_owned(),
    };
    let mut seed = Seed::new(source, OAUTH, token, Value::str(label).into());
    seed.place = state.place;
    Ok(seed)
}

/// `read_hermes_oauth_credentials()` of the file's content.
fn hermes_login(data: Node) -> Outcome<Option<Node>> {
    match data.value.as_dict() {
        Some(_) => Ok(Some(data)),
        None => Err(Stop::no_attribute(data.value.type_name(), "get")),
    }
}

/// The content of another program's JSON file, without places: it is not one of the texts that are shown. Broken
/// JSON counts as no file.
fn read_file(text: Option<&str>) -> Outcome<Option<Node>> {
    let Some(text) = text else { return Ok(None) };
    match json::load(text, SourceKind::AuthStore) {
        Ok(loaded) => Ok(Some(without_places(loaded.root))),
        Err(JsonError::Syntax { .. }) => Ok(None),
        Err(error) => Err(match error.kind() {
            Some(kind) => Stop::raised(kind, error.text()),
            None => Stop::not_modelled(error.text()),
        }),
    }
}

/// The node with no place in it down to the second level, which is as deep as it is read.
fn without_places(node: Node) -> Node {
    fn strip_places(node: &Node, depth: u8) -> Node {
        let (Value::Dict(dict), 1..) = (&node.value, depth) else { return Node::made(node.value.clone()) };
        let mut clean = Dict::new();
        for entry in dict.iter() {
            if let Some(name) = entry.key.value.as_str() {
                clean.set(name, strip_places(&entry.value, depth - 1));
            }
        }
        Node::made(Value::dict(clean))
    }
    strip_places(&node, 2)
}
