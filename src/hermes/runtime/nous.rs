//! A login of Nous: `resolve_nous_runtime_credentials` of `hermes_cli/auth.py` as far as it needs no network, and what
//! it leaves in auth.json.

use super::Runtime;
use super::api_mode::CHAT_COMPLETIONS;
use super::model_config::text_or_empty;
use super::stored::{get, is_found, no_number};
use crate::facts::Standing;
use crate::hermes::auth_store::NOUS_PORTAL;
use crate::hermes::pool::refresh::{RENEWAL, SHARED_NOUS_LOGIN, whole};
use crate::hermes::pool::{PooledCredential, jwt};
use crate::hermes::urls::bare;
use crate::hermes::{Candidate, Outcome, Process, Stop, caught};
use crate::python::{
    Dict, Int, Node, Value, equal, float_of_text, int_of_text, iso_text, lower, strip, urlparse,
};
use crate::secret::Secret;

/// Where a token of the login is the key.
const INVOKE_JWT: &str = "invoke_jwt";
/// Where a key that was minted before is still good.
const CACHE: &str = "cache";
/// `DEFAULT_NOUS_CLIENT_ID`.
const CLIENT: &str = "hermes-cli";
/// `_ALLOWED_NOUS_INFERENCE_HOSTS`.
const INFERENCE_HOST: &str = "inference-api.nousresearch.com";
/// `_NOUS_PORTAL_ALLOWED_HOSTS`.
const PORTAL_HOSTS: [&str; 3] = ["portal.nousresearch.com", "localhost", "127.0.0.1"];
/// `ACCESS_TOKEN_REFRESH_SKEW_SECONDS`.
const EARLY: f64 = 120.0;
/// How long a key has to live where it is only asked whether there is a login.
const BRIEF_LIFE: f64 = 60.0;
/// What counts down by itself: `_NOUS_EFFECTIVE_STATE_IGNORED_KEYS`.
const COUNTDOWNS: [&str; 2] = ["expires_in", "agent_key_expires_in"];
/// Variables that name files of certificates, which are not known here.
const CERTIFICATES: [&str; 4] = ["HERMES_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR"];

/// The addresses of a login.
struct Routes {
    portal: String,
    /// The endpoint that is written back.
    stored: String,
    /// The endpoint that is used.
    used: String,
}

impl Process<'_> {
    /// `resolve_nous_runtime_credentials()` as the resolution calls it.
    pub(super) fn configured_nous_login(&mut self) -> Outcome<Runtime> {
        let behaviour = &self.facts.behaviour;
        let life = if behaviour.nous_needs_a_usable_token { BRIEF_LIFE } else { self.shortest_nous_life()? };
        match self.get_secret("HERMES_NOUS_TIMEOUT_SECONDS") {
            Some(timeout) if float_of_text(&timeout.value).is_none() => Err(no_number()),
            _ => self.nous_login(life),
        }
    }

    /// `resolve_nous_runtime_credentials(min_key_ttl_seconds=life)`.
    ///
    /// # Errors
    /// What it raises; [`Stop::not_modelled`] where the network is asked.
    fn nous_login(&mut self, life: f64) -> Outcome<Runtime> {
        let Some(state) = self.load_provider_state("nous")?.filter(|state| state.value.is_true()) else {
            return Err(Stop::raised("AuthError", "Hermes is not logged into Nous Portal."));
        };
        let routes = self.nous_routes(&state)?;
        let is_certified = CERTIFICATES.iter().any(|name| !self.os_getenv(name).is_empty());
        if is_certified || self.world.home_file(SHARED_NOUS_LOGIN).is_some() {
            return Err(Stop::not_modelled("a stored login of nous"));
        }
        let Some(token) = get(&state, "access_token").as_str().filter(|token| !token.is_empty()) else {
            return Err(Stop::raised("AuthError", "No access token found for Nous Portal login."));
        };
        let source = self.nous_key_source(&state, token, &routes.portal, life)?;
        if self.facts.standing() == Standing::Read {
            return Err(Stop::not_modelled("a stored login of nous"));
        }
        let mut renewed = state.value.as_dict().cloned().unwrap_or_default();
        if source == INVOKE_JWT {
            self.take_token_as_key(&mut renewed, &state, token)?;
        }
        renewed.set("portal_base_url", Value::str(routes.portal));
        renewed.set("inference_base_url", Value::str(routes.stored));
        let client = match text_or_empty(get(&state, "client_id"))? {
            client if client.is_empty() => CLIENT.to_owned(),
            client => client,
        };
        renewed.set("client_id", Value::str(client));
        renewed.set("tls", tls_of(&state));
        let key = renewed.get("agent_key").and_then(|key| key.value.as_str()).unwrap_or("").to_owned();
        self.write_nous_login(&state, renewed)?;
        let url = routes.used.trim_end_matches('/');
        Ok(Runtime::new("nous", CHAT_COMPLETIONS, url, Secret::new(key), source))
    }

    /// Where the key comes from: the token of the login, or one that was minted before. Any other has to be asked for.
    fn nous_key_source(&self, state: &Node, token: &str, portal: &str, life: f64) -> Outcome<&'static str> {
        let behaviour = &self.facts.behaviour;
        let refresh = get(state, "refresh_token").as_str().filter(|token| !token.is_empty());
        let end = get(state, "expires_at");
        let fault = match behaviour.nous_needs_a_usable_token || behaviour.nous_tokens_may_be_keys {
            true => jwt::invoke_token_fault(
                &Value::str(token),
                get(state, "scope"),
                end,
                self.clock,
                jwt::SHORTEST_LIFE,
            )?,
            false => Some("before tokens were keys"),
        };
        if behaviour.nous_needs_a_usable_token {
            return match (fault, refresh) {
                (None, _) => Ok(INVOKE_JWT),
                (Some(reason), None) => Err(Stop::auth_error(
                    reason,
                    format!(
                        "Nous Portal access token is not a usable inference JWT ({reason}) and no refresh token is \
                         available. Re-authenticate with: hermes auth add nous"
                    ),
                )),
                (Some(_), Some(refresh)) => Err(self.nous_request(portal, refresh)),
            };
        }
        if fault.is_some() && jwt::is_expiring(end, self.clock + EARLY) {
            return Err(match refresh {
                None => Stop::raised("AuthError", "Session expired and no refresh token is available."),
                Some(refresh) => self.nous_request(portal, refresh),
            });
        }
        if fault.is_none() && !self.wants_old_nous_keys() {
            return Ok(INVOKE_JWT);
        }
        let (key, scope, end) =
            (get(state, "agent_key"), get(state, "scope"), get(state, "agent_key_expires_at"));
        match self.is_agent_key_usable(key, scope, end, life)? {
            true => Ok(CACHE),
            false => Err(self.nous_request(portal, token)),
        }
    }

    /// How a request to the portal with `token` in a header ends.
    fn nous_request(&self, portal: &str, token: &str) -> Stop {
        let is_plain = portal.starts_with("https://") || portal.starts_with("http://");
        if !is_plain || !token.is_ascii() {
            return Stop::not_modelled("an odd request to the Nous portal");
        }
        self.request(RENEWAL)
    }

    /// The addresses of the login: what it says, a variable, the known ones. Newer releases let no other hosts pass.
    fn nous_routes(&self, state: &Node) -> Outcome<Routes> {
        let behaviour = &self.facts.behaviour;
        let said = |name: &str| get(state, name).as_str().map_or("", bare).to_owned();
        let first = |texts: [&str; 4]| {
            let found = texts.into_iter().find(|text| !text.is_empty());
            found.unwrap_or("").trim_end_matches('/').to_owned()
        };
        let variables = ["HERMES_PORTAL_BASE_URL", "NOUS_PORTAL_BASE_URL"].map(|name| self.os_getenv(name));
        let [own, other] = variables;
        let mut portal = first([&said("portal_base_url"), own, other, NOUS_PORTAL]);
        let known = self.known_url("nous_inference");
        let variable = self.os_getenv("NOUS_INFERENCE_BASE_URL");
        if !behaviour.checks_nous_urls {
            let used = first([&said("inference_base_url"), variable, known, ""]);
            return Ok(Routes { portal, stored: used.clone(), used });
        }
        portal = match bare(if own.is_empty() { other } else { own }) {
            "" if self.is_portal(&portal)? => portal,
            "" => NOUS_PORTAL.to_owned(),
            variable => variable.to_owned(),
        };
        let stored = said("inference_base_url");
        let is_known = urlparse(&stored)
            .is_some_and(|url| url.scheme == "https" && url.hostname().as_deref() == Some(INFERENCE_HOST));
        let stored = if is_known { stored } else { known.to_owned() };
        let used = if bare(variable).is_empty() { stored.clone() } else { bare(variable).to_owned() };
        Ok(Routes { portal, stored, used })
    }

    /// Whether a token may go to the address of a portal.
    fn is_portal(&self, address: &str) -> Outcome<bool> {
        let url = urlparse(address).ok_or_else(|| Stop::raised("ValueError", "Invalid IPv6 URL"))?;
        let Some(host) = url.hostname() else {
            return Ok(!self.facts.behaviour.checks_nous_portal_scheme);
        };
        let is_local = url.scheme == "http" && host != "portal.nousresearch.com";
        let is_safe = url.scheme == "https" || is_local || !self.facts.behaviour.checks_nous_portal_scheme;
        Ok(is_safe && PORTAL_HOSTS.contains(&host.as_str()))
    }

    /// `_set_nous_agent_key_from_invoke_jwt(state)`.
    fn take_token_as_key(&self, renewed: &mut Dict, state: &Node, token: &str) -> Outcome<()> {
        let obtained = get(state, "agent_key_obtained_at");
        let is_same = get(state, "agent_key").as_str() == Some(token)
            && obtained.as_str().is_some_and(|text| !strip(text).is_empty());
        let obtained = match is_same {
            true => obtained.clone(),
            false => iso_text(self.clock).map_or(Value::None, Value::str),
        };
        let end = jwt::expiry(&jwt::claims(&Value::str(token))?)?.and_then(iso_text).map(Value::str);
        let end = match end {
            Some(end) => end,
            None if get(state, "expires_at").as_str().is_some() => get(state, "expires_at").clone(),
            None => Value::None,
        };
        let left = match jwt::iso_time(&end) {
            Some(end) => (end - self.clock).trunc(),
            None => caught(whole(get(state, "expires_in")))?.unwrap_or(0.0),
        };
        let left = Value::int(left.max(0.0) as i64);
        if end.is_true() {
            renewed.set("expires_at", end.clone());
            renewed.set("expires_in", left.clone());
        }
        renewed.set("agent_key", Value::str(token));
        renewed.set("agent_key_id", Value::None);
        renewed.set("agent_key_expires_at", end);
        renewed.set("agent_key_expires_in", left);
        renewed.set("agent_key_reused", Value::Bool(false));
        renewed.set("agent_key_obtained_at", obtained);
        Ok(())
    }

    /// `_persist_state(…)`. The copy for other profiles holds what is written here, so that it never has news for this one.
    fn write_nous_login(&mut self, state: &Node, renewed: Dict) -> Outcome<()> {
        let behaviour = &self.facts.behaviour;
        if !behaviour.writes_changed_nous_logins_only {
            return self.save_provider_state("nous", renewed);
        }
        let lasting = |state: &Dict| {
            let mut state = state.clone();
            for name in COUNTDOWNS {
                let _ = state.remove(name);
            }
            Value::dict(state)
        };
        let before = state.value.as_dict().cloned().unwrap_or_default();
        if equal(&lasting(&before), &lasting(&renewed)) {
            return Ok(());
        }
        match behaviour.logins_go_back_to_their_store {
            true => self.save_provider_state_to_source("nous", renewed)?,
            false => self.save_provider_state("nous", renewed)?,
        }
        caught(self.load_pool("nous")).map(|_| ())
    }

    /// Nous with an endpoint or key given in the request.
    pub(super) fn explicit_nous(&mut self, api_key: &str, base_url: &str) -> Outcome<Runtime> {
        let state = self.provider_auth_state("nous")?.unwrap_or_else(|| Value::dict(Dict::new()).into());
        let stored = match get(&state, "inference_base_url") {
            url if url.is_true() => text_or_empty(url)?,
            _ => self.known_url("nous_inference").to_owned(),
        };
        let urls = [base_url, self.nous_url_override()];
        let url = urls.into_iter().find(|url| !url.is_empty()).unwrap_or(bare(&stored)).to_owned();
        if !api_key.is_empty() {
            self.trace.won(Candidate::argument(api_key));
            return Ok(Runtime::new("nous", CHAT_COMPLETIONS, url, Secret::new(api_key), "explicit"));
        }
        let key = match self.facts.behaviour.nous_needs_a_usable_token {
            true => self.lasting_nous_key(&state)?,
            // Before, it was not asked how long the key lasts.
            false => strip(&text_or_empty(get(&state, "agent_key"))?).to_owned(),
        };
        if !key.is_empty() {
            return Ok(Runtime::new("nous", CHAT_COMPLETIONS, url, Secret::new(key), "explicit"));
        }
        let found = self.configured_nous_login()?;
        let url = if base_url.is_empty() && !found.base_url.is_empty() { found.base_url } else { url };
        Ok(Runtime::new("nous", CHAT_COMPLETIONS, url, found.api_key, "explicit"))
    }

    /// The key of the login, where it lasts for as long as is asked for; else nothing.
    fn lasting_nous_key(&self, state: &Node) -> Outcome<String> {
        let (key, scope, end) =
            (get(state, "agent_key"), get(state, "scope"), get(state, "agent_key_expires_at"));
        let life = self.shortest_nous_life()?;
        match self.is_agent_key_usable(key, scope, end, life)? {
            true => Ok(strip(key.as_str().unwrap_or("")).to_owned()),
            false => Ok(String::new()),
        }
    }

    /// `get_nous_auth_status()["logged_in"]`.
    pub(super) fn is_logged_in_to_nous(&mut self) -> Outcome<bool> {
        if self.provider_auth_state("nous")?.is_some_and(|state| state.value.is_true()) {
            return is_found(self.nous_login(BRIEF_LIFE));
        }
        if self.facts.standing() == Standing::Read && !self.read_credential_pool("nous")?.is_empty() {
            return Err(Stop::not_modelled("a Nous login in the pool alone"));
        }
        Ok(caught(self.has_nous_row())? == Some(true))
    }

    /// `_snapshot_nous_pool_status()["logged_in"]`: whether the row that lasts longest is a login.
    fn has_nous_row(&mut self) -> Outcome<bool> {
        let pool = self.load_pool("nous")?;
        let mut best: Option<([f64; 3], &PooledCredential)> = None;
        for entry in &pool.entries {
            let ends = ["agent_key_expires_at", "expires_at"]
                .map(|name| jwt::iso_time(entry.field(name)).unwrap_or(0.0));
            let priority = entry.field("priority");
            let priority = if priority.is_true() { whole(priority)? } else { 0.0 };
            let key = [ends[0], ends[1], -priority];
            if best.as_ref().is_none_or(|(other, _)| key > *other) {
                best = Some((key, entry));
            }
        }
        let Some((_, entry)) = best else { return Ok(false) };
        let behaviour = &self.facts.behaviour;
        let has_token = entry.field("access_token").is_true();
        let has_key = !entry.runtime_api_key(self)?.is_empty();
        if !behaviour.keys_alone_are_no_nous_login {
            return Ok(has_token || has_key);
        }
        let auth_type = lower(&text_or_empty(entry.field("auth_type"))?);
        let is_login = strip(&auth_type).starts_with("oauth") || entry.field("refresh_token").is_true();
        Ok(has_token && is_login && (has_key || !behaviour.nous_needs_a_usable_token))
    }

    /// How long a Nous token has to be usable: `max(60, env_int("HERMES_NOUS_MIN_KEY_TTL_SECONDS", 1800))`.
    ///
    /// # Errors
    /// `ValueError` of releases that take the variable for a number.
    pub(super) fn shortest_nous_life(&self) -> Outcome<f64> {
        let Some(given) = self.environ.get("HERMES_NOUS_MIN_KEY_TTL_SECONDS") else { return Ok(1800.0) };
        match int_of_text(&given.value) {
            Some(Int::Small(seconds)) => Ok((seconds as f64).max(60.0)),
            Some(Int::Big(_)) => Err(Stop::not_modelled("a time beyond all years")),
            None if self.facts.behaviour.nous_life_may_be_odd => Ok(1800.0),
            None => Err(no_number()),
        }
    }
}

/// What is written of the certificates: the name of a bundle is lost on the way.
fn tls_of(state: &Node) -> Value {
    let insecure = match get(state, "tls").as_dict().and_then(|tls| tls.get("insecure")) {
        Some(node) => match &node.value {
            Value::Str(text) => jwt::is_truthy(text),
            value => value.is_true(),
        },
        None => false,
    };
    let mut tls = Dict::new();
    tls.set("insecure", Value::Bool(insecure));
    tls.set("ca_bundle", Value::None);
    Value::dict(tls)
}

#[cfg(test)]
mod tests {
    //! What is expected is what the real program of each release answered for the same worlds, its network being away.

    use super::*;
    use crate::base::sources::Given;
    use crate::facts::Facts;
    use crate::hermes::World;

    /// The middle part is {"exp": 1790000000, "scope": "inference:invoke"}.
    const JWT: &str = "fake.eyJleHAiOiAxNzkwMDAwMDAwLCAic2NvcGUiOiAiaW5mZXJlbmNlOmludm9rZSJ9.fake";

    /// A world with this login of Nous, of which no row is made.
    fn world(login: &str, variables: &[(&str, &str)]) -> World {
        let store = format!(
            r#"{{"suppressed_sources": {{"nous": ["device_code"]}}, "providers": {{"nous": {login}}}}}"#
        );
        let mut world =
            World { now: 1_780_000_000.0, offline: true, ..crate::hermes::testing::world("", variables) };
        world.given.auth_store = Given::Text(store.replace("JWT", JWT));
        world
    }

    /// The key, the endpoint and the source; or the words of what is raised.
    fn resolved(release: &str, world: &World) -> (String, String, String) {
        let mut process = Process::start(world, Facts::of(release).unwrap()).unwrap();
        match process.resolve_runtime_provider(Some("nous")) {
            Ok(found) => {
                let source = found.source.as_ref().and_then(Value::as_str).unwrap_or("").to_owned();
                (found.api_key.expose().to_owned(), found.base_url, source)
            }
            Err(stop) => match (stop.exception(), stop.unmodelled()) {
                (Some(raised), _) => (raised.message.clone(), String::new(), String::new()),
                (None, what) => (what.unwrap_or("").to_owned(), String::new(), "not modelled".to_owned()),
            },
        }
    }

    const URL: &str = "https://inference-api.nousresearch.com/v1";

    #[test]
    fn a_token_is_the_key_since_0_15_2() {
        let world = world(r#"{"access_token": "JWT", "expires_at": "2026-09-21T13:33:20+00:00"}"#, &[]);
        assert_eq!(resolved("0.14.0", &world).0, "[Errno 111] Connection refused");
        for release in ["0.15.2", "0.16.0", "0.19.0"] {
            assert_eq!(resolved(release, &world), (JWT.into(), URL.into(), INVOKE_JWT.into()), "{release}");
        }
    }

    #[test]
    fn a_minted_key_is_used_for_as_long_as_it_has_half_an_hour_left() {
        let login = |end: &str| {
            format!(
                r#"{{"access_token": "at-fake", "expires_at": "2026-09-21T13:33:20Z", "agent_key": "sk-fake-agent",
                "agent_key_expires_at": "{end}"}}"#
            )
        };
        let (short, long) = (login("2026-05-28T20:56:40Z"), login("2026-05-28T20:56:41Z"));
        for release in ["0.13.0", "0.15.2"] {
            let found = resolved(release, &world(&long, &[]));
            assert_eq!(found, ("sk-fake-agent".into(), URL.into(), CACHE.into()), "{release}");
            assert_eq!(resolved(release, &world(&short, &[])).0, "[Errno 111] Connection refused");
            let brief = world(&short, &[("HERMES_NOUS_MIN_KEY_TTL_SECONDS", "60")]);
            assert_eq!(resolved(release, &brief).0, "sk-fake-agent");
        }
        let mut online = world(&short, &[]);
        online.offline = false;
        assert_eq!(resolved("0.13.0", &online).2, "not modelled");
    }

    #[test]
    fn a_row_gives_its_token_where_that_lasts_as_long_as_a_variable_says() {
        // The middle part is {"exp": 1780001000, "scope": "inference:invoke"}.
        let token = "fake-head.eyJleHAiOiAxNzgwMDAxMDAwLCAic2NvcGUiOiAiaW5mZXJlbmNlOmludm9rZSJ9.fake-tail";
        let login = format!(r#"{{"access_token": "{token}", "refresh_token": "", "agent_key": "{token}"}}"#);
        for (variables, source) in
            [(vec![("HERMES_NOUS_MIN_KEY_TTL_SECONDS", "60")], "device_code"), (vec![], INVOKE_JWT)]
        {
            let mut world = world("5", &variables);
            world.given.auth_store = Given::Text(format!(r#"{{"providers": {{"nous": {login}}}}}"#));
            assert_eq!(resolved("0.19.0", &world).2, source);
        }
    }

    #[test]
    fn a_session_ends_two_minutes_early() {
        let login = r#"{"access_token": "at-fake", "expires_at": "2026-05-28T20:28:40Z", "agent_key": "sk-fake",
            "agent_key_expires_at": "2026-09-21T13:33:20Z"}"#;
        let words = "Session expired and no refresh token is available.";
        assert_eq!(resolved("0.13.0", &world(login, &[])).0, words);
        let words = "Nous Portal access token is not a usable inference JWT (access_token_not_jwt) and no refresh token \
                     is available. Re-authenticate with: hermes auth add nous";
        assert_eq!(resolved("0.16.0", &world(login, &[])).0, words);
    }

    #[test]
    fn only_newer_releases_keep_to_the_addresses_of_nous() {
        let login = r#"{"access_token": "JWT", "inference_base_url": "https://evil.example.com/v1/"}"#;
        assert_eq!(resolved("0.17.0", &world(login, &[])).1, "https://evil.example.com/v1");
        assert_eq!(resolved("0.18.2", &world(login, &[])).1, URL);
        let staging = world(login, &[("NOUS_INFERENCE_BASE_URL", "https://staging.example.com/v1/")]);
        assert_eq!(resolved("0.18.2", &staging).1, "https://staging.example.com/v1");
    }

    #[test]
    fn what_was_read_and_not_run_is_not_answered() {
        let world = world(r#"{"access_token": "JWT", "refresh_token": "rt-fake"}"#, &[]);
        assert_eq!(resolved("0.21.4", &world).0, "a stored login of nous");
    }
}
