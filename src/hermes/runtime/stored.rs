//! The tokens that auth.json holds of logins, where no pool row gives one: `resolve_…_runtime_credentials` of
//! `hermes_cli/auth.py` for Codex, xAI and MiniMax.

use super::Runtime;
use super::api_mode::{ANTHROPIC_MESSAGES, CODEX_RESPONSES};
use super::model_config::text_or_empty;
use crate::base::text::Search;
use crate::hermes::auth_store::rows_in;
use crate::hermes::pool::refresh::RENEWAL;
use crate::hermes::pool::{jwt, parse_absolute_timestamp};
use crate::hermes::urls::bare;
use crate::hermes::{Candidate, Outcome, Process, Stop, caught};
use crate::python::{Dict, Int, Node, Value, equal, float_of_text, iso_timestamp, lower, strip, urlparse};
use crate::secret::Secret;

/// `CODEX_RATE_LIMITED_CODE`.
const CODEX_LIMITED: &str = "codex_rate_limited";
/// `MINIMAX_OAUTH_REFRESH_SKEW_SECONDS`.
const MINIMAX_EARLY: f64 = 60.0;
/// Where the source of a token is the login itself.
const AUTH_STORE: &str = "hermes-auth-store";

/// `str(state.get(name) or "").strip()`.
fn said(state: &Node, name: &str) -> Outcome<String> {
    let text = text_or_empty(state.get(name).map_or(&Value::None, |node| &node.value))?;
    Ok(strip(&text).to_owned())
}

/// `state.get(name)`.
pub(super) fn get<'n>(state: &'n Node, name: &str) -> &'n Value {
    state.get(name).map_or(&Value::None, |node| &node.value)
}

/// Whether `state.get(name)` is a text with a character that is no white space.
fn has_text(state: &Node, name: &str) -> bool {
    get(state, name).as_str().is_some_and(|text| !strip(text).is_empty())
}

/// The value as a number, where it is one.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Int(Int::Small(value)) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    }
}

impl Process<'_> {
    // --- Codex ---------------------------------------------------------------------------------------------------

    /// `resolve_codex_runtime_credentials()`.
    pub(super) fn codex_login(&mut self) -> Outcome<Runtime> {
        let state = self.load_provider_state("openai-codex")?.filter(|state| state.value.is_true());
        let fault = codex_fault(state.as_ref());
        if fault.is_none() {
            self.check_timeout("HERMES_CODEX_REFRESH_TIMEOUT_SECONDS")?;
        }
        let (key, source) = match fault {
            None => {
                let tokens = state.as_ref().and_then(|state| state.get("tokens"));
                let token = tokens.map_or(Ok(String::new()), |tokens| said(tokens, "access_token"))?;
                if jwt::codex_token_is_expiring(&Value::str(&*token), self.clock, jwt::EARLY)? {
                    return Err(self.request(RENEWAL));
                }
                (token, AUTH_STORE)
            }
            Some((code, message)) if !self.facts.behaviour.codex_rows_are_logins => {
                return Err(Stop::auth_error(code, message));
            }
            Some((code, message)) => {
                let has_cli = self.world.home_file(".codex/auth.json").is_some();
                let is_mended = self.facts.behaviour.knows_codex_limits && state.is_some();
                if is_mended && (has_cli || !self.os_getenv("CODEX_HOME").is_empty()) {
                    return Err(Stop::not_modelled("the login of the Codex program"));
                }
                match self.codex_pool_token()? {
                    Some(token) => (token, "credential_pool"),
                    None => return Err(self.codex_limit()?.unwrap_or(Stop::auth_error(code, message))),
                }
            }
        };
        let url = match bare(self.os_getenv("HERMES_CODEX_BASE_URL")) {
            "" => self.known_url("codex"),
            url => url,
        };
        Ok(Runtime::new("openai-codex", CODEX_RESPONSES, url, Secret::new(key), source))
    }

    /// Codex with an endpoint or key given in the request.
    pub(super) fn explicit_codex(&mut self, api_key: &str, base_url: &str) -> Outcome<Runtime> {
        let (url, key) = match api_key {
            "" => self.codex_login().map(|found| (found.base_url, found.api_key))?,
            key => {
                self.trace.won(Candidate::argument(key));
                (self.known_url("codex").to_owned(), Secret::new(key))
            }
        };
        let url = if base_url.is_empty() { url } else { base_url.to_owned() };
        Ok(Runtime::new("openai-codex", CODEX_RESPONSES, url, key, "explicit"))
    }

    /// `_pool_codex_access_token()`: the first token whose row's limit does not end in the future.
    fn codex_pool_token(&mut self) -> Outcome<Option<String>> {
        let Some(store) = caught(self.load_auth_store())? else { return Ok(None) };
        let usable = rows_in(&store, "openai-codex").find(|row| {
            let limited = number(get(row, "last_error_reset_at")).is_some_and(|end| end > self.clock);
            has_text(row, "access_token") && !limited
        });
        usable.map(|row| said(row, "access_token")).transpose()
    }

    /// `_codex_pool_rate_limit_status()`, as the error that it leads to.
    fn codex_limit(&mut self) -> Outcome<Option<Stop>> {
        if !self.facts.behaviour.knows_codex_limits {
            return Ok(None);
        }
        let Some(store) = caught(self.load_auth_store())? else { return Ok(None) };
        for row in rows_in(&store, "openai-codex") {
            if !has_text(row, "access_token") || get(row, "last_status").as_str() != Some("exhausted") {
                continue;
            }
            let reason = lower(&text_or_empty(get(row, "last_error_reason"))?);
            let message = lower(&text_or_empty(get(row, "last_error_message"))?);
            let is_limited = equal(get(row, "last_error_code"), &Value::int(429))
                || ["rate_limit", "usage_limit", "quota"].iter().any(|part| reason.holds(part))
                || ["rate limit", "usage limit", "quota"].iter().any(|part| message.holds(part));
            let end = parse_absolute_timestamp(get(row, "last_error_reset_at"))?;
            if !is_limited || end.is_some_and(|end| end <= self.clock) {
                continue;
            }
            let message = match end {
                Some(end) => format!(
                    "Codex provider quota exhausted (429); retry after {}s. Credentials are still valid.",
                    (end - self.clock) as i64
                ),
                None => "Codex provider quota exhausted (429). Credentials are still valid; retry after the usage \
                         limit resets."
                    .to_owned(),
            };
            return Ok(Some(Stop::auth_error(CODEX_LIMITED, message)));
        }
        Ok(None)
    }

    /// `get_codex_auth_status()["logged_in"]`.
    pub(super) fn is_logged_in_to_codex(&mut self) -> Outcome<bool> {
        if caught(self.has_current_token("openai-codex"))? == Some(true) {
            return Ok(true);
        }
        is_found(self.codex_login())
    }

    /// What `get_codex_auth_status` and `get_xai_oauth_auth_status` look for in the pool.
    fn has_current_token(&mut self, provider: &str) -> Outcome<bool> {
        let mut pool = self.load_pool(provider)?;
        if pool.entries.is_empty() {
            return Ok(false);
        }
        if let Some(entry) = self.unrecorded(|process| pool.select(process))? {
            let token = entry.field("access_token");
            let end = match provider {
                "openai-codex" => jwt::codex_token_is_expiring(token, self.clock, 0.0)?,
                _ => jwt::xai_expiry(token)?.is_some_and(|end| end <= self.clock),
            };
            if token.is_true() && !end {
                return Ok(true);
            }
        }
        Ok(provider == "openai-codex" && self.codex_limit()?.is_some())
    }

    // --- xAI -----------------------------------------------------------------------------------------------------

    /// The login of xAI, of this profile or of the root.
    fn xai_state_anywhere(&mut self) -> Outcome<Option<Node>> {
        let store = self.load_auth_store()?;
        let state = self.xai_state(&store)?;
        if !has_xai_tokens(state.as_ref())?
            && let Some(root) = self.load_root_store()?
        {
            let shared = self.xai_state(&root)?;
            return Ok(if has_xai_tokens(shared.as_ref())? { shared } else { state });
        }
        Ok(state)
    }

    /// `resolve_xai_oauth_runtime_credentials()`.
    pub(super) fn xai_login(&mut self) -> Outcome<Runtime> {
        let state = match self.facts.behaviour.xai_rows_are_logins {
            true => self.xai_state_anywhere()?,
            false => self.load_provider_state("xai-oauth")?,
        };
        let Some(state) = state.filter(|state| state.value.is_true()) else {
            let plan = if self.facts.behaviour.names_premium_plus { "/ Premium+" } else { "Subscription" };
            let message = format!(
                "No xAI OAuth credentials stored. Select xAI Grok OAuth (SuperGrok {plan}) in `hermes model`."
            );
            return Err(Stop::auth_error("xai_auth_missing", message));
        };
        let lacking = |code, what| {
            let message = format!("xAI OAuth state is missing {what}. Re-authenticate with `hermes model`.");
            Err(Stop::auth_error(code, message))
        };
        let Some(tokens) = state.get("tokens").filter(|tokens| tokens.value.as_dict().is_some()) else {
            return lacking("xai_auth_invalid_shape", "tokens");
        };
        let token = said(tokens, "access_token")?;
        if token.is_empty() {
            return lacking("xai_auth_missing_access_token", "access_token");
        }
        if said(tokens, "refresh_token")?.is_empty() {
            return lacking("xai_auth_missing_refresh_token", "refresh_token");
        }
        self.check_timeout("HERMES_XAI_REFRESH_TIMEOUT_SECONDS")?;
        let none = Node::from(Value::None);
        let discovery = state.get("discovery").filter(|found| found.value.is_true()).unwrap_or(&none);
        match &discovery.value {
            Value::None | Value::Dict(_) => {}
            Value::Str(_) => return Err(Stop::raised("ValueError", "dictionary update sequence")),
            Value::List(_) => return Err(Stop::not_modelled("a discovery that is a list")),
            _ => return Err(Stop::raised("TypeError", "object is not iterable")),
        }
        if jwt::xai_token_is_expiring(&Value::str(&*token), self.clock, self.facts)? {
            return Err(match said(discovery, "token_endpoint")?.as_str() {
                "" if self.is_offline() => {
                    let message = "xAI OIDC discovery failed: [Errno 111] Connection refused";
                    Stop::auth_error("xai_discovery_failed", message)
                }
                _ => self.request(RENEWAL),
            });
        }
        let url = self.xai_url();
        Ok(Runtime::new("xai-oauth", CODEX_RESPONSES, url, Secret::new(token), AUTH_STORE))
    }

    /// `_xai_oauth_state_from_store(store)`: the login, or the first pool row with both tokens in its place.
    fn xai_state(&mut self, store: &Node) -> Outcome<Option<Node>> {
        let state = self.provider_state_in(store, "xai-oauth")?;
        if has_xai_tokens(state.as_ref())? {
            return Ok(state);
        }
        for row in rows_in(store, "xai-oauth") {
            let (access, refresh) = (said(row, "access_token")?, said(row, "refresh_token")?);
            if access.is_empty() || refresh.is_empty() {
                continue;
            }
            let mut tokens = Dict::new();
            tokens.set("access_token", Value::str(access));
            tokens.set("refresh_token", Value::str(refresh));
            let mut merged =
                state.as_ref().and_then(|state| state.value.as_dict()).cloned().unwrap_or_default();
            merged.set("tokens", Value::dict(tokens));
            return Ok(Some(Value::dict(merged).into()));
        }
        Ok(state)
    }

    /// `_xai_validate_inference_base_url` of the variables that name an endpoint: only xAI's own get the token.
    fn xai_url(&self) -> String {
        let given = ["HERMES_XAI_BASE_URL", "XAI_BASE_URL"].map(|name| bare(self.os_getenv(name)));
        let given = given.into_iter().find(|url| !url.is_empty()).unwrap_or("");
        if !self.facts.behaviour.checks_xai_urls && !given.is_empty() {
            return given.to_owned();
        }
        let host = urlparse(given).filter(|url| url.scheme == "https").and_then(|url| url.hostname());
        match host {
            Some(host) if host == "x.ai" || host.ends_with(".x.ai") => given.to_owned(),
            _ => self.known_url("xai_oauth").to_owned(),
        }
    }

    /// `get_xai_oauth_auth_status()["logged_in"]`.
    pub(super) fn is_logged_in_to_xai(&mut self) -> Outcome<bool> {
        if caught(self.has_current_token("xai-oauth"))? == Some(true) {
            return Ok(true);
        }
        is_found(self.xai_login())
    }

    // --- MiniMax -------------------------------------------------------------------------------------------------

    /// `resolve_minimax_oauth_runtime_credentials()`.
    pub(super) fn minimax_login(&mut self) -> Outcome<Runtime> {
        let state = self.provider_auth_state("minimax-oauth")?;
        let Some(state) = state.filter(|state| get(state, "access_token").is_true()) else {
            let message = "Not logged into MiniMax OAuth. Run `hermes model` and select MiniMax (OAuth).";
            return Err(Stop::auth_error("not_logged_in", message));
        };
        if !get(&state, "refresh_token").is_true() {
            let message = "MiniMax OAuth state has no refresh_token; please re-login.";
            return Err(Stop::auth_error("no_refresh_token", message));
        }
        let end = get(&state, "expires_at").as_str().and_then(iso_timestamp).unwrap_or(0.0);
        if end - self.clock <= MINIMAX_EARLY {
            for name in ["portal_base_url", "client_id"] {
                if state.get(name).is_none_or(|node| node.value.as_str().is_none()) {
                    return Err(Stop::not_modelled("a MiniMax login without its portal"));
                }
            }
            return Err(self.request(RENEWAL));
        }
        let Some(url) = state.get("inference_base_url") else {
            return Err(Stop::raised("KeyError", "'inference_base_url'"));
        };
        let Some(url) = url.value.as_str() else {
            return Err(Stop::no_attribute(url.value.type_name(), "rstrip"));
        };
        let Some(token) = get(&state, "access_token").as_str() else {
            return Err(Stop::not_modelled("a token that is no text"));
        };
        let url = url.trim_end_matches('/');
        Ok(Runtime::new("minimax-oauth", ANTHROPIC_MESSAGES, url, Secret::new(token), "oauth"))
    }

    /// `get_minimax_oauth_auth_status()["logged_in"]`.
    pub(super) fn is_logged_in_to_minimax(&mut self) -> Outcome<bool> {
        let state = self.provider_auth_state("minimax-oauth")?;
        let Some(state) = state.filter(|state| get(state, "access_token").is_true()) else {
            return Ok(false);
        };
        let end = get(&state, "expires_at").as_str().and_then(iso_timestamp);
        Ok(end.is_none_or(|end| end > self.clock))
    }

    /// `float(os.getenv(name, "20"))`, of which only the error counts.
    fn check_timeout(&self, name: &str) -> Outcome<()> {
        match self.environ.get(name) {
            Some(given) if !self.facts.behaviour.timeouts_may_be_odd => {
                float_of_text(&given.value).map(|_| ()).ok_or_else(no_number)
            }
            _ => Ok(()),
        }
    }
}

/// What a variable comes to that is no number.
pub(super) fn no_number() -> Stop {
    Stop::raised("ValueError", "not a number")
}

/// What `_read_codex_tokens` raises, as a code and a message; `None` where both tokens are there.
fn codex_fault(state: Option<&Node>) -> Option<(&'static str, &'static str)> {
    let Some(state) = state else {
        return Some((
            "codex_auth_missing",
            "No Codex credentials stored. Run `hermes auth` to authenticate.",
        ));
    };
    let Some(tokens) = state.get("tokens").filter(|tokens| tokens.value.as_dict().is_some()) else {
        let message = "Codex auth state is missing tokens. Run `hermes auth` to re-authenticate.";
        return Some(("codex_auth_invalid_shape", message));
    };
    if !has_text(tokens, "access_token") {
        let message = "Codex auth is missing access_token. Run `hermes auth` to re-authenticate.";
        return Some(("codex_auth_missing_access_token", message));
    }
    (!has_text(tokens, "refresh_token")).then_some((
        "codex_auth_missing_refresh_token",
        "Codex auth is missing refresh_token. Run `hermes auth` to re-authenticate.",
    ))
}

/// `_xai_oauth_state_has_usable_tokens(state)`.
fn has_xai_tokens(state: Option<&Node>) -> Outcome<bool> {
    let tokens = state.and_then(|state| state.get("tokens"));
    let Some(tokens) = tokens.filter(|tokens| tokens.value.as_dict().is_some()) else { return Ok(false) };
    Ok(!said(tokens, "access_token")?.is_empty() && !said(tokens, "refresh_token")?.is_empty())
}

/// Whether there is a login: an `AuthError` says that there is none.
pub(super) fn is_found(login: Outcome<Runtime>) -> Outcome<bool> {
    match login {
        Ok(_) => Ok(true),
        Err(stop) if is_auth_error(&stop) => Ok(false),
        Err(stop) => Err(stop),
    }
}

/// Whether `except AuthError` catches it.
pub(super) fn is_auth_error(stop: &Stop) -> bool {
    stop.exception().is_some_and(|raised| raised.kind == "AuthError")
}

#[cfg(test)]
mod tests {
    //! What is expected is what the real program answered for the same worlds, its network being away.

    use crate::base::sources::Given;
    use crate::facts::Facts;
    use crate::hermes::runtime::Request;
    use crate::hermes::testing::process;
    use crate::hermes::{End, Process, World};

    /// The middle part is {"exp": 1779990000}.
    const OLD: &str = "fake-head.eyJleHAiOiAxNzc5OTkwMDAwfQ.fake-tail";
    /// The middle part is {"exp": 1790000000}.
    const NEW: &str = "fake-head.eyJleHAiOiAxNzkwMDAwMDAwfQ.fake-tail";
    /// The middle part is {"exp": 1780001000, "scope": "inference:invoke"}.
    const INVOKE: &str =
        "fake-head.eyJleHAiOiAxNzgwMDAxMDAwLCAic2NvcGUiOiAiaW5mZXJlbmNlOmludm9rZSJ9.fake-tail";

    fn world(store: &str, variables: &[(&str, &str)]) -> World {
        let mut world =
            World { now: 1_780_000_000.0, offline: true, ..crate::hermes::testing::world("", variables) };
        let store = store.replace("OLD", OLD).replace("NEW", NEW).replace("INVOKE", INVOKE);
        world.given.auth_store = Given::Text(store);
        world
    }

    /// The key, endpoint and source; or the message of what is raised.
    fn resolved(world: &World, provider: &str) -> Result<(String, String, String), String> {
        let runtime = process(world).resolve_runtime_provider(Some(provider));
        let source = |runtime: &super::Runtime| runtime.source.as_ref()?.as_str().map(str::to_owned);
        runtime
            .map(|found| {
                let source = source(&found).unwrap();
                (found.api_key.expose().to_owned(), found.base_url, source)
            })
            .map_err(|stop| match stop.end() {
                End::Raised(raised) => raised.message.clone(),
                other => format!("{other:?}"),
            })
    }

    #[test]
    fn a_cooling_codex_row_is_used_unless_its_limit_has_an_end() {
        let row = r#"{"providers": {}, "credential_pool": {"openai-codex": [{"id": "a", "auth_type": "oauth",
            "source": "manual:device_code", "access_token": "NEW", "refresh_token": "rt-fake",
            "last_status": "exhausted", "last_status_at": 1779999990, "last_error_code": 429"#;
        let (key, url, source) = resolved(&world(&format!("{row}}}]}}}}"), &[]), "openai-codex").unwrap();
        assert_eq!(
            (&*key, &*url, &*source),
            (NEW, "https://chatgpt.com/backend-api/codex", "credential_pool")
        );
        let limited = world(&format!("{row}, \"last_error_reset_at\": 1780000090}}]}}}}"), &[]);
        assert_eq!(
            resolved(&limited, "openai-codex").unwrap_err(),
            "Codex provider quota exhausted (429); retry after 90s. Credentials are still valid."
        );
    }

    #[test]
    fn only_xais_own_endpoints_get_its_token() {
        let store = r#"{"providers": {"xai-oauth": {"tokens": {"access_token": "NEW", "refresh_token": "rt-fake"}}},
            "credential_pool": {"xai-oauth": [{"id": "a", "auth_type": "oauth", "source": "device_code",
            "access_token": "NEW", "refresh_token": "rt-fake", "last_status": "exhausted",
            "last_status_at": 1779999990}]}}"#;
        for (given, used) in [
            ("https://evil.example.com/v1", "https://api.x.ai/v1"),
            ("https://eu.x.ai/v1/", "https://eu.x.ai/v1"),
            ("http://api.x.ai/v1", "https://api.x.ai/v1"),
        ] {
            let world = world(store, &[("XAI_BASE_URL", given)]);
            assert_eq!(resolved(&world, "xai-oauth").unwrap().1, used, "{given}");
        }
    }

    #[test]
    fn a_token_that_runs_out_is_renewed_over_the_network() {
        let store = r#"{"providers": {"xai-oauth": {"tokens": {"access_token": "OLD", "refresh_token": "rt-fake"}}}}"#;
        let mut world = world(store, &[]);
        let message = "xAI OIDC discovery failed: [Errno 111] Connection refused";
        assert_eq!(resolved(&world, "xai-oauth").unwrap_err(), message);
        world.offline = false;
        assert!(resolved(&world, "xai-oauth").unwrap_err().starts_with("NotModelled"));
    }

    /// `get_minimax_oauth_auth_status` reads what a profile falls back to in every release: seen in 0.13.0 and 0.14.0.
    #[test]
    fn a_profile_is_logged_in_to_minimax_by_the_root() {
        let root = r#"{"providers": {"minimax-oauth": {"access_token": "fake-t"}}}"#;
        let mut own = World {
            profile: Some("work".to_owned()),
            ..world(r#"{"active_provider": "minimax-oauth"}"#, &[])
        };
        own.given.root_auth_store = Given::Text(root.to_owned());
        for release in ["0.13.0", "0.14.0", "0.19.0"] {
            let mut process = Process::start(&own, Facts::of(release).unwrap()).unwrap();
            assert_eq!(process.is_logged_in_to_minimax(), Ok(true), "{release}");
        }
    }

    #[test]
    fn a_minimax_token_is_used_until_a_minute_before_its_end() {
        let store = |end: &str| {
            format!(
                r#"{{"providers": {{"minimax-oauth": {{"access_token": "fake-t", "refresh_token": "rt-fake",
                "expires_at": "{end}", "inference_base_url": "https://api.minimax.io/anthropic/",
                "portal_base_url": "https://api.minimax.io", "client_id": "x"}}}},
                "suppressed_sources": {{"minimax-oauth": ["oauth"]}}}}"#
            )
        };
        let found = resolved(&world(&store("2026-05-28T20:28:00+00:00"), &[]), "minimax-oauth").unwrap();
        assert_eq!(found.1, "https://api.minimax.io/anthropic");
        let renewed = resolved(&world(&store("2026-05-28T20:27:40+00:00"), &[]), "minimax-oauth");
        assert_eq!(renewed.unwrap_err(), "[Errno 111] Connection refused");
    }

    #[test]
    fn claude_codes_login_comes_before_a_login_token_in_a_variable_until_a_minute_before_its_end() {
        for (end, key) in
            [(1_780_000_060_001_u64, "sk-ant-oat01-fake-file"), (1_780_000_060_000, "sk-ant-oat01-fake-env")]
        {
            let mut world = world("{}", &[("ANTHROPIC_TOKEN", "sk-ant-oat01-fake-env")]);
            let login = format!(
                r#"{{"claudeAiOauth": {{"accessToken": "sk-ant-oat01-fake-file", "refreshToken": "rt-fake",
                "expiresAt": {end}}}}}"#
            );
            world.home_files.insert(".claude/.credentials.json", login);
            let request = Request {
                provider: Some("anthropic"),
                base_url: Some("https://x.example.com/anthropic"),
                ..Request::default()
            };
            let found = process(&world).resolve_runtime(&request).unwrap();
            assert_eq!(found.api_key.expose(), key, "{end}");
        }
    }
}
