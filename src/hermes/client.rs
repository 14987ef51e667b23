//! `resolve_provider_client` of `agent/auxiliary_client.py`: the endpoint and the key of the client that a side task, a
//! fallback, or an agent without a key gets. It asks the pools and the environment in its own manner: no scope of secrets, and
//! names of its own for providers.

use crate::base::text::Search;
use crate::hermes::pool::refresh::SHARED_NOUS_LOGIN;
use crate::hermes::runtime::{ANTHROPIC_MESSAGES, NO_KEY, Request, Runtime};
use crate::hermes::urls::{base_url_host_matches, base_url_hostname};
use crate::hermes::{Outcome, Process, Stop, caught};
use crate::python::{Value, lower, strip, urlparse};
use crate::secret::Secret;

/// `_PROVIDER_ALIASES`: a name and what stands for it, the same in all releases.
const ALIASES: [(&str, &str); 10] = [
    ("gemini", "google google-gemini google-ai-studio"),
    ("xai", "x-ai x.ai grok"),
    ("zai", "glm z-ai z.ai zhipu"),
    ("kimi-coding", "kimi moonshot"),
    ("kimi-coding-cn", "kimi-cn moonshot-cn"),
    ("gmi", "gmi-cloud gmicloud"),
    ("minimax-cn", "minimax-china minimax_cn"),
    ("anthropic", "claude claude-code"),
    ("copilot", "github github-copilot github-model github-models"),
    ("tencent-tokenhub", "tencent tokenhub tencent-cloud tencentmaas"),
];

/// What of an endpoint that nothing names is not modelled.
const ODD_MODE: &str = "how an endpoint is spoken to that nothing names";

/// The login of the program Codex.
const CODEX_LOGIN: &str = ".codex/auth.json";

/// An endpoint and a key.
pub(in crate::hermes) type Found = Option<(String, Secret)>;

/// What is asked of `resolve_provider_client`. It has no `Debug` form: it holds a key.
#[derive(Clone, Copy, Default)]
pub(in crate::hermes) struct ClientRequest<'r> {
    /// `provider`: a provider, an alias, a custom provider, `main`, `custom`.
    pub(in crate::hermes) provider: &'r str,
    /// `explicit_api_key`.
    pub(in crate::hermes) key: Option<&'r str>,
    /// `explicit_base_url`.
    pub(in crate::hermes) url: Option<&'r str>,
    /// `api_mode`: how the endpoint is spoken to. Without it the endpoint tells.
    pub(in crate::hermes) mode: Option<&'r str>,
    /// The runtime of the agent that asks, where one does.
    pub(in crate::hermes) main: Option<&'r Runtime>,
    /// Whether `custom` without an endpoint is that of the agent.
    pub(in crate::hermes) custom_is_main: bool,
}

impl<'r> ClientRequest<'r> {
    /// Whether the client may be one for Anthropic's API: `_maybe_wrap_anthropic` of the endpoint `url`.
    fn speaks_anthropic(&self, url: &str) -> Outcome<bool> {
        match self.mode {
            Some(mode) => Ok(mode == ANTHROPIC_MESSAGES),
            None => may_speak_anthropic(url),
        }
    }

    /// A client of `provider`, without anything else.
    pub(in crate::hermes) fn of(provider: &'r str) -> Self {
        Self { provider, ..Self::default() }
    }
}

impl Process<'_> {
    /// `resolve_provider_client(provider, explicit_api_key=key, explicit_base_url=url)`: the endpoint and the key of the
    /// client that it makes.
    ///
    /// # Errors
    /// What the real function raises, and what of it is not modelled.
    pub(in crate::hermes) fn client_of(&mut self, request: &ClientRequest<'_>) -> Outcome<Found> {
        let ClientRequest { key, url, .. } = *request;
        let original = lower(strip(request.provider));
        let provider = client_name(&original, request.main);
        match provider {
            "openrouter" => return self.openrouter_client(key),
            "" | "auto" | "main" => return Err(Stop::not_modelled("an agent's search among all providers")),
            "nous" | "openai-codex" | "xai-oauth" => {
                self.no_login(provider)?;
                if [SHARED_NOUS_LOGIN, CODEX_LOGIN].iter().any(|path| self.world.home_file(path).is_some()) {
                    return Err(Stop::not_modelled(format!("a stored login of {provider}")));
                }
                return Ok(None);
            }
            "azure-foundry" => {
                return Err(Stop::not_modelled(format!("an agent's own look for {provider}")));
            }
            "custom" => {
                return match (url, request.main) {
                    (Some(url), main) => self.custom_client(request, key, url, main).map(Some),
                    (None, Some(main))
                        if request.custom_is_main
                            && !main.base_url.is_empty()
                            && !main.api_key.is_empty() =>
                    {
                        // As it is, and not as that of a task, for OpenAI's API.
                        let url = strip(&main.base_url).trim_end_matches('/');
                        let made = plain(without_query(url))?;
                        let made = of_either_client(made, url, request.speaks_anthropic(url)?)?;
                        Ok(Some((made, Secret::new(strip(main.api_key.expose())))))
                    }
                    _ if request.mode.is_some() => Err(Stop::not_modelled(ODD_MODE)),
                    _ => self.main_client(),
                };
            }
            _ => {}
        }
        let mut custom = None;
        if !original.is_empty() && original != provider {
            custom = self.named_custom_provider(&original)?;
        }
        if custom.is_none() {
            custom = self.named_custom_provider(provider)?;
        }
        if let Some(custom) = custom {
            if custom.base_url.is_empty() {
                return Ok(None);
            }
            let inline = custom.api_key.as_ref().map_or("", |key| strip(key.key.expose()));
            let key = match inline {
                "" => strip(self.os_getenv(&custom.key_env)),
                inline => inline,
            };
            let key = Secret::new(if key.is_empty() { NO_KEY } else { key });
            let written = strip(&custom.base_url);
            let own_mode = request.mode.is_none() && custom.api_mode == Some(ANTHROPIC_MESSAGES);
            let speaks = own_mode || request.speaks_anthropic(written)?;
            let made = plain(without_query(&openai_url(written)))?;
            return Ok(Some((of_either_client(made, written, speaks)?, key)));
        }
        let Some(row) = self.facts.providers.get(provider) else { return Ok(None) };
        match row.auth_type.as_str() {
            "api_key" if provider == "anthropic" => {
                let pool = caught(self.load_pool(provider))?;
                let is_pooled = pool.is_some_and(|pool| !pool.entries.is_empty());
                if key.is_some() || is_pooled || caught(self.anthropic_token())?.flatten().is_some() {
                    return Err(Stop::not_modelled(ANTHROPIC_CLIENT));
                }
                return Ok(None);
            }
            "api_key" if provider != "copilot" => {}
            "oauth_external" | "oauth_device_code" => return Ok(None),
            _ => return Err(Stop::not_modelled(format!("an agent's own look for {provider}"))),
        }
        let own = self.resolve_api_key_provider_credentials(provider)?;
        let key = match key.map(strip).filter(|key| !key.is_empty()) {
            Some(key) => key.to_owned(),
            None => strip(own.api_key.expose()).to_owned(),
        };
        if key.is_empty() {
            return Ok(None);
        }
        let raw = strip(&own.base_url).trim_end_matches('/');
        let raw = if raw.is_empty() { &row.inference_base_url } else { raw };
        let made = plain(&openai_url(url.map_or(raw, |url| strip(url).trim_end_matches('/'))))?;
        Ok(Some((of_either_client(made, raw, request.speaks_anthropic(raw)?)?, Secret::new(key))))
    }

    /// Whether [`Self::client_of`] may make a client for a provider of this name.
    pub(in crate::hermes) fn has_client(&mut self, name: &str) -> Outcome<bool> {
        const OWN: [&str; 9] = [
            "",
            "auto",
            "main",
            "openrouter",
            "nous",
            "openai-codex",
            "xai-oauth",
            "azure-foundry",
            "custom",
        ];
        let original = lower(strip(name));
        let provider = client_name(&original, None);
        Ok(OWN.contains(&provider)
            || self.facts.providers.contains_key(provider)
            || self.named_custom_provider(&original)?.is_some()
            || self.named_custom_provider(provider)?.is_some())
    }

    /// `_try_openrouter(explicit_api_key=key)`, and the second look at the pool that says why there is nothing.
    fn openrouter_client(&mut self, key: Option<&str>) -> Outcome<Found> {
        let registered = self.known_url("openrouter");
        let pooled = self.pooled_openrouter()?;
        // The headers for OpenRouter are read from there.
        if self.load_config()?.get("openrouter").is_some_and(|section| section.value.as_dict().is_none()) {
            return Err(Stop::not_modelled("an openrouter section that is no mapping"));
        }
        if let Some((url, own)) = &pooled {
            let key = key.map_or(&**own, |key| key);
            if !key.is_empty() {
                let url = if url.is_empty() { registered } else { url };
                return Ok(Some((plain(url)?, Secret::new(key))));
            }
        }
        if pooled.is_none() || self.facts.behaviour.agents_look_behind_pools {
            let key = key.unwrap_or_else(|| self.os_getenv("OPENROUTER_API_KEY"));
            if !key.is_empty() {
                return Ok(Some((registered.to_owned(), Secret::new(key))));
            }
        }
        self.pooled_openrouter()?;
        Ok(None)
    }

    /// `_select_pool_entry("openrouter")`: the endpoint and the key of the entry, empty where there is none; `None` without
    /// a pool.
    fn pooled_openrouter(&mut self) -> Outcome<Option<(String, String)>> {
        let Some(mut pool) = caught(self.load_pool("openrouter"))? else { return Ok(None) };
        if pool.entries.is_empty() {
            return Ok(None);
        }
        let Some(entry) = caught(pool.select(self))?.flatten() else { return Ok(Some(Default::default())) };
        let key = entry.runtime_api_key(self)?;
        let url = entry_url(&entry.runtime_base_url())?;
        Ok(Some((url, strip(key.expose()).to_owned())))
    }

    /// A plain endpoint: the key that is given, `OPENAI_API_KEY`, that of the main model where it has the same host, or none.
    fn custom_client(
        &mut self,
        request: &ClientRequest<'_>,
        key: Option<&str>,
        url: &str,
        main: Option<&Runtime>,
    ) -> Outcome<(String, Secret)> {
        let made = openai_url(url);
        let mut key = key.unwrap_or_else(|| strip(self.os_getenv("OPENAI_API_KEY"))).to_owned();
        if key.is_empty() && self.facts.behaviour.agents_look_behind_pools {
            key = self.key_of_same_host(&made, main)?;
        }
        let key = Secret::new(if key.is_empty() { NO_KEY } else { &key });
        let speaks = request.speaks_anthropic(&made)?;
        Ok((of_either_client(plain(without_query(&made))?, &made, speaks)?, key))
    }

    /// `_read_main_api_key_if_same_host(url)`: the key of the main model, where its endpoint has the host of `url`.
    fn key_of_same_host(&mut self, url: &str, main: Option<&Runtime>) -> Outcome<String> {
        let mut said = |name: &str, own: &str| match strip(own) {
            "" => {
                let value = self.config_at(name)?;
                Ok(strip(value.as_str().unwrap_or("")).to_owned())
            }
            own => Ok(own.to_owned()),
        };
        let main_url = said("model.base_url", main.map_or("", |main| &main.base_url))?;
        let host = base_url_hostname(url)?;
        if host.is_empty() || host != base_url_hostname(&main_url)? {
            return Ok(String::new());
        }
        said("model.api_key", main.map_or("", |main| main.api_key.expose()))
    }

    /// `_try_custom_endpoint()` and, behind it, `_resolve_api_key_provider()`: what `custom` without an endpoint of its own
    /// comes to.
    fn main_client(&mut self) -> Outcome<Found> {
        let request = Request { provider: Some("custom"), ..Request::default() };
        let (url, key, mode) = match caught(self.resolve_runtime(&request))? {
            Some(found) => (found.base_url, found.api_key.expose().to_owned(), found.api_mode),
            None => {
                let variable = |name| strip(self.os_getenv(name)).to_owned();
                (variable("OPENAI_BASE_URL"), variable("OPENAI_API_KEY"), None)
            }
        };
        let url = strip(&url).trim_end_matches('/');
        let is_other = url.is_empty()
            || base_url_host_matches(url, "openrouter.ai")?
            || lower(url).starts_with(self.known_url("codex"));
        if is_other {
            return self.client_of_any_provider();
        }
        let speaks = mode.as_deref() == Some(ANTHROPIC_MESSAGES) || may_speak_anthropic(url)?;
        let made = of_either_client(plain(without_query(url))?, url, speaks)?;
        let key = if strip(&key).is_empty() { NO_KEY } else { strip(&key) };
        Ok(Some((made, Secret::new(key))))
    }

    /// `_resolve_api_key_provider()`: the first provider in the order of the table that has a key and a model for side tasks.
    fn client_of_any_provider(&mut self) -> Outcome<Found> {
        let facts = self.facts;
        for (provider, row) in facts.providers.iter().filter(|(_, row)| row.auth_type == "api_key") {
            if provider == "anthropic" {
                if self.is_provider_explicitly_configured(provider)? {
                    return self.client_of(&ClientRequest::of(provider));
                }
                continue;
            }
            let (key, url) = match caught(self.load_pool(provider))?.filter(|pool| !pool.entries.is_empty()) {
                Some(mut pool) => match caught(pool.select(self))?.flatten() {
                    Some(entry) => {
                        let key = entry.runtime_api_key(self)?;
                        (key, entry_url(&entry.runtime_base_url())?)
                    }
                    None => continue,
                },
                // Passed over whatever its key is, which for Copilot is not modelled.
                None if !facts.auxiliary_providers.contains(provider) => continue,
                None => {
                    let own = self.resolve_api_key_provider_credentials(provider)?;
                    (own.api_key, strip(&own.base_url).trim_end_matches('/').to_owned())
                }
            };
            let key = strip(key.expose());
            if key.is_empty() || !facts.auxiliary_providers.contains(provider) {
                continue;
            }
            let raw = if url.is_empty() { &row.inference_base_url } else { &url };
            let made = plain(&openai_url(raw))?;
            let made = of_either_client(made, raw, may_speak_anthropic(raw)?)?;
            return Ok(Some((made, Secret::new(key))));
        }
        Ok(None)
    }
}

/// `_normalize_aux_provider(name)` of a name in lower case.
pub(in crate::hermes) fn client_name<'n>(name: &'n str, main: Option<&'n Runtime>) -> &'n str {
    let named = match name.strip_prefix("custom:").map(strip) {
        Some("") => "custom",
        Some(name) => name,
        None => name,
    };
    let named = match (named, main.map(|main| main.provider.as_str())) {
        ("codex", _) => return "openai-codex",
        ("main", Some("" | "auto" | "main")) => return "custom",
        ("main", Some(provider)) => provider,
        _ => named,
    };
    let alias = ALIASES.into_iter().find(|(_, names)| names.split(' ').any(|name| name == named));
    alias.map_or(named, |(provider, _)| provider)
}

/// `_pool_runtime_base_url(entry)`
fn entry_url(url: &Value) -> Outcome<String> {
    match url {
        Value::Str(url) => Ok(strip(url).trim_end_matches('/').to_owned()),
        url if !url.is_true() => Ok(String::new()),
        _ => Err(Stop::not_modelled("a row's base_url that is no text")),
    }
}

/// `_to_openai_base_url(url)`
fn openai_url(url: &str) -> String {
    let url = strip(url).trim_end_matches('/');
    match url.strip_suffix("/anthropic") {
        Some(root) if url.holds("bigmodel") => format!("{root}/paas/v4"),
        Some(root) => format!("{root}/v1"),
        None if url.holds("api.kimi.com") && url.ends_with("/coding") => format!("{url}/v1"),
        None => url.to_owned(),
    }
}

/// Why an endpoint of Anthropic's API is not modelled. The package is an extra that a start installs when it is first
/// needed, unless `security.allow_lazy_installs` forbids it or there is no network.
const ANTHROPIC_CLIENT: &str =
    "an agent's own client for Anthropic's API, which depends on whether Anthropic's package is installed";

/// Whether `_endpoint_speaks_anthropic_messages(url)` may hold.
pub(in crate::hermes) fn may_speak_anthropic(url: &str) -> Outcome<bool> {
    let url = lower(strip(url));
    let host = base_url_hostname(&url)?;
    let is_kimi = host == "api.kimi.com" && url.holds("/coding");
    Ok(url.holds("/anthropic") || host == "api.anthropic.com" || is_kimi)
}

/// The endpoint where OpenAI's client has `made`, and Anthropic's, which takes its place where the package is
/// installed and the endpoint speaks its API, has what is `written`.
fn of_either_client(made: String, written: &str, speaks_anthropic: bool) -> Outcome<String> {
    match speaks_anthropic && written.trim_end_matches('/') != made {
        true => Err(Stop::not_modelled(ANTHROPIC_CLIENT)),
        false => Ok(made),
    }
}

/// `_extract_url_query_params(url)`, without the parameters.
pub(in crate::hermes) fn without_query(url: &str) -> &str {
    match url.split_once('?') {
        Some((bare, query)) if !query.is_empty() && !url.holds("#") && !url.holds(";") => bare,
        _ => url,
    }
}

/// The endpoint of OpenAI's client, which parses what it is given and writes it anew: scheme and host in small letters,
/// no port that goes without saying.
fn plain(url: &str) -> Outcome<String> {
    written_anew(url.trim_end_matches('/'))
        .filter(|_| urlparse(url).is_some())
        .ok_or_else(|| Stop::not_modelled("an odd endpoint of an agent's own client"))
}

fn written_anew(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = lower(scheme);
    let usual_port = match scheme.as_str() {
        "http" => ":80",
        "https" => ":443",
        _ => return None,
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let is_simple = |byte: u8| byte.is_ascii_alphanumeric() || b"/.-_".contains(&byte);
    let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().chain(path.bytes()).all(is_simple)
        && port.strip_prefix(':').is_none_or(is_port)
        && !path.holds("//")
        && !path.split('/').any(|part| matches!(part, "." | ".."));
    let port = if port == usual_port { "" } else { port };
    is_plain.then(|| format!("{scheme}://{}{port}{path}", lower(name)))
}

/// Whether a port is written as its number is.
fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_told_where_either_client_has_the_same() {
        assert_eq!(openai_url("https://a.example/anthropic/"), "https://a.example/v1");
        let of =
            |written: &str| of_either_client(openai_url(written), written, may_speak_anthropic(written)?);
        assert!(
            of("https://api.minimax.io/anthropic").is_err() && of("https://api.kimi.com/coding").is_err()
        );
        for same in
            ["https://api.anthropic.com", "https://api.kimi.com/coding/v1", "https://api.deepseek.com/v1"]
        {
            assert_eq!(of(same).unwrap(), same);
        }
    }

    /// Expected: `str(OpenAI(base_url=…).base_url).rstrip("/")`.
    #[test]
    fn endpoints_are_written_anew() {
        for odd in [
            "http:///v1",
            "ftp://a",
            "https://a//b",
            "https://a/../b",
            "https://a:08/v1",
            "a/v1",
            "https://a/é",
        ] {
            assert!(plain(odd).is_err(), "{odd}");
        }
        for (given, made) in [
            ("http://localhost:8080/v1", "http://localhost:8080/v1"),
            ("HTTPS://LLM.Example.Com/V1/", "https://llm.example.com/V1"),
            ("https://a.example:443/v1", "https://a.example/v1"),
            ("http://a.example:443", "http://a.example:443"),
        ] {
            assert_eq!(plain(given).unwrap(), made);
        }
        assert_eq!(without_query("https://a.example/v1?x=1"), "https://a.example/v1");
        assert_eq!(without_query("https://a.example/v1?"), "https://a.example/v1?");
    }
}
