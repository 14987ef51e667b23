//! `AIAgent.__init__` (`agent/agent_init.py`, before 0.15.2 `run_agent.py`): an agent that is given no key or no endpoint
//! looks for both by itself, with `resolve_provider_client` of `agent/auxiliary_client.py`, and then goes through the
//! fallback chain once more. It asks the pools and the environment in its own manner: no scope of secrets, and names of
//! its own for providers.

use super::{OwnCredentials, Start, is_vague};
use crate::hermes::pool::refresh::SHARED_NOUS_LOGIN;
use crate::hermes::runtime::{
    ANTHROPIC_MESSAGES, Request, Runtime, base_url_host_matches, base_url_hostname,
};
use crate::hermes::{Outcome, Process, Stop, caught};
use crate::python::{Node, Value, lower, strip, upper, urlparse};
use crate::secret::Secret;
use crate::text::Search;

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

/// The login of the program Codex.
const CODEX_LOGIN: &str = ".codex/auth.json";

/// An endpoint and a key.
type Found = Option<(String, Secret)>;

impl Process<'_> {
    /// The start with what its agent finds by itself, where it is given no key or no endpoint. `chain` is the fallback chain
    /// that it is given.
    pub(super) fn with_own_credentials(
        &mut self,
        mut start: Start,
        chain: impl FnOnce(&mut Self) -> Outcome<Vec<Node>>,
    ) -> Outcome<Start> {
        let runtime = &start.runtime;
        let is_given = !runtime.api_key.is_empty() && !runtime.base_url.is_empty();
        let has_client = !matches!(
            runtime.api_mode.as_deref(),
            Some(mode) if mode == ANTHROPIC_MESSAGES || mode == "bedrock_converse"
        );
        if !is_given && has_client {
            let chain = chain(self)?;
            start.agent = match self.own_credentials(&start.runtime, &chain) {
                Ok(found) => Some(Ok(found)),
                Err(stop) => match stop.exception() {
                    Some(raised) if !is_vague(raised) => Some(Err(raised.clone())),
                    Some(raised) => return Err(Stop::not_modelled(format!("the words of {}", raised.kind))),
                    None => return Err(stop),
                },
            };
        }
        Ok(start)
    }

    fn own_credentials(&mut self, runtime: &Runtime, chain: &[Node]) -> Outcome<OwnCredentials> {
        let made = |provider: &str, (base_url, api_key)| OwnCredentials {
            provider: provider.to_owned(),
            base_url,
            api_key,
        };
        if let Some(found) = self.client_of(&runtime.provider, None, None)? {
            return Ok(made(&runtime.provider, found));
        }
        let provider = lower(strip(&runtime.provider));
        if matches!(provider.as_str(), "" | "auto" | "openrouter" | "custom") {
            return Err(Stop::raised(
                "RuntimeError",
                "No LLM provider configured. Run `hermes model` to select a provider, or run `hermes setup` for \
                 first-time configuration.",
            ));
        }
        for entry in chain {
            let is_true = |name| entry.get(name).is_some_and(|node: &Node| node.value.is_true());
            if !is_true("provider") || !is_true("model") {
                continue;
            }
            let name = text(entry, "provider")?.unwrap_or("");
            let mut key = text(entry, "api_key")?.map_or("", strip);
            if key.is_empty() {
                let variable = text(entry, if is_true("key_env") { "key_env" } else { "api_key_env" })?;
                key = variable.map_or("", |variable| strip(self.os_getenv(strip(variable))));
            }
            let key = Some(key.to_owned()).filter(|key| !key.is_empty());
            let url = entry.get("base_url").filter(|node| node.value.is_true());
            if url.is_some_and(|node| node.value.as_str().is_none()) {
                return Err(Stop::not_modelled("a fallback's base_url that is no text"));
            }
            let url = url.and_then(|node| node.value.as_str());
            if lower(strip(name)) == "nous" {
                // The model is looked at for whether it sees, before the login is.
                text(entry, "model")?;
            }
            if let Some(found) = self.client_of(name, key.as_deref(), url)? {
                return Ok(made(name, found));
            }
        }
        let variables = self.facts.providers.get(&provider).map(|row| &row.api_key_env_vars);
        let variable = match variables.and_then(|names| names.first()) {
            Some(name) => name.clone(),
            None => format!("{}_API_KEY", upper(&provider)),
        };
        Err(Stop::raised(
            "RuntimeError",
            format!(
                "Provider '{provider}' is set in config.yaml but no API key was found. Set the {variable} environment \
                 variable, or switch to a different provider with `hermes model`."
            ),
        ))
    }

    /// `resolve_provider_client(provider, explicit_api_key=key, explicit_base_url=url)`: the endpoint and the key of the
    /// client that it makes.
    fn client_of(&mut self, provider: &str, key: Option<&str>, url: Option<&str>) -> Outcome<Found> {
        let original = lower(strip(provider));
        let named = original.strip_prefix("custom:").map_or(&*original, strip);
        let named = if named.is_empty() && !original.is_empty() { "custom" } else { named };
        let alias = ALIASES.into_iter().find(|(_, names)| names.split(' ').any(|name| name == named));
        let provider = alias.map_or(named, |(provider, _)| provider);
        match provider {
            "openrouter" => return self.openrouter_client(key),
            "" | "auto" | "main" => return Err(Stop::not_modelled("an agent's search among all providers")),
            "nous" | "openai-codex" | "codex" | "xai-oauth" => {
                let provider = if provider == "codex" { "openai-codex" } else { provider };
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
                return match url {
                    Some(url) => self.custom_client(key, url).map(Some),
                    None => self.main_client(),
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
            let key = Secret::new(if key.is_empty() { "no-key-required" } else { key });
            let written = strip(&custom.base_url);
            let speaks = custom.api_mode == Some(ANTHROPIC_MESSAGES) || may_speak_anthropic(written)?;
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
        Ok(Some((of_either_client(made, raw, may_speak_anthropic(raw)?)?, Secret::new(key))))
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

    /// A plain endpoint: the key that is given, `OPENAI_API_KEY`, or none.
    fn custom_client(&mut self, key: Option<&str>, url: &str) -> Outcome<(String, Secret)> {
        let made = openai_url(url);
        let variable = strip(self.os_getenv("OPENAI_API_KEY")).to_owned();
        let key = match key.unwrap_or(&variable) {
            "" if self.facts.behaviour.agents_look_behind_pools && self.is_host_of_model(&made)? => {
                return Err(Stop::not_modelled("the key of the same host for a fallback"));
            }
            "" => "no-key-required",
            key => key,
        };
        let key = Secret::new(key);
        let speaks = may_speak_anthropic(&made)?;
        Ok((of_either_client(plain(without_query(&made))?, &made, speaks)?, key))
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
        let key = if strip(&key).is_empty() { "no-key-required" } else { strip(&key) };
        Ok(Some((made, Secret::new(key))))
    }

    /// `_resolve_api_key_provider()`: the first provider in the order of the table that has a key and a model for side tasks.
    fn client_of_any_provider(&mut self) -> Outcome<Found> {
        let facts = self.facts;
        for (provider, row) in facts.providers.iter().filter(|(_, row)| row.auth_type == "api_key") {
            if provider == "anthropic" {
                if self.is_provider_explicitly_configured(provider)? {
                    return self.client_of(provider, None, None);
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

    /// Whether `model.base_url` has the host of `url`.
    fn is_host_of_model(&mut self, url: &str) -> Outcome<bool> {
        let own = self.config_at("model.base_url")?;
        let own = own.as_str().map_or(Ok(String::new()), base_url_hostname)?;
        Ok(!own.is_empty() && own == base_url_hostname(url)?)
    }
}

/// `(entry.get(name) or "").strip()`, or what it raises.
fn text<'n>(entry: &'n Node, name: &str) -> Outcome<Option<&'n str>> {
    match entry.get(name).map(|node| &node.value).filter(|value| value.is_true()) {
        None => Ok(None),
        Some(Value::Str(text)) => Ok(Some(text)),
        Some(other) => Err(Stop::no_attribute(other.type_name(), "strip")),
    }
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
fn may_speak_anthropic(url: &str) -> Outcome<bool> {
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
fn without_query(url: &str) -> &str {
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
    use crate::facts::Facts;
    use crate::hermes::World;
    use crate::hermes::start::Entry;
    use crate::hermes::testing::world;

    /// What the agent of a gateway of `release` comes to: `provider, key` or the words of the exception.
    fn own(release: &str, world: &World) -> String {
        let mut process = Process::start(world, Facts::of(release).unwrap()).unwrap();
        match process.start_of(Entry::Gateway).unwrap().agent.unwrap() {
            Ok(own) => format!("{}, {}, {}", own.provider, own.base_url, own.api_key.expose()),
            Err(raised) => raised.message,
        }
    }

    const CHAIN: &str = "model: {provider: gemini, default: g}\nfallback_providers: [{provider: glm, model: d}, {provider: deepseek, model: d, key_env: MY_KEY}]\n";

    /// Expected: what `AIAgent` of 0.18.2 and 0.13.0 does with the same config.
    #[test]
    fn an_agent_without_a_key_goes_through_the_chain() {
        let with_key = world(CHAIN, &[("MY_KEY", "sk-fake-named")]);
        let without = world(CHAIN, &[]);
        for release in ["0.13.0", "0.18.2"] {
            assert_eq!(own(release, &with_key), "deepseek, https://api.deepseek.com/v1, sk-fake-named");
            assert_eq!(
                own(release, &without),
                "Provider 'gemini' is set in config.yaml but no API key was found. Set the GOOGLE_API_KEY environment variable, or switch to a different provider with `hermes model`."
            );
        }
    }

    /// Expected: what `AIAgent` of 0.13.0 does with the same config; later releases leave such an entry out of the chain here.
    #[test]
    fn the_model_of_a_fallback_to_nous_is_looked_at_first() {
        let text = "model: {provider: gemini, default: g}\nfallback_providers: [{provider: gemini, model: m}, {provider: nous, model: 5}]\n";
        assert_eq!(own("0.13.0", &world(text, &[])), "'int' object has no attribute 'strip'");
    }

    /// Expected: what `AIAgent` of 0.19.0 does with the same config.
    #[test]
    fn openrouter_has_no_chain() {
        let text = "model: {provider: openrouter, default: g}\nfallback_model: {provider: deepseek, model: d, api_key: sk-fake-1}\n";
        let world = world(text, &[]);
        assert!(own("0.19.0", &world).starts_with("No LLM provider configured. Run `hermes model`"));
    }

    /// Expected: the recorded cases `start-custom-without-an-endpoint-…`.
    #[test]
    fn custom_without_an_endpoint_takes_the_key_of_a_provider_with_a_side_model() {
        let of =
            |variable| world("model: {provider: custom, default: m}\n", &[(variable, "sk-fake-1234567890")]);
        let found = "custom, https://api.deepseek.com/v1, sk-fake-1234567890";
        let nothing = "No LLM provider configured. Run `hermes model`";
        assert_eq!(own("0.15.2", &of("DEEPSEEK_API_KEY")), found);
        assert!(own("0.14.0", &of("DEEPSEEK_API_KEY")).starts_with(nothing));
        assert!(own("0.19.0", &of("XAI_API_KEY")).starts_with(nothing));
    }

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
