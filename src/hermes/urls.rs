//! Endpoints as Hermes compares and rewrites them: `utils.py` and the helpers of
//! `hermes_cli/runtime_provider.py`, `hermes_cli/auth.py` and `hermes_cli/models.py`.

use std::net::IpAddr;

use crate::base::text::Search;
use crate::facts::behaviour::Behaviour;
use crate::hermes::{Outcome, Stop};
use crate::python::{is_alphanumeric, is_letter, is_number, lower, strip, upper, urlparse};

/// `base_url_hostname(base_url)` of `utils.py`: the host in lower case, or `""`.
///
/// # Errors
/// `ValueError` where `urlparse` raises it.
///
/// ```
/// use poolcheck::hermes::urls::base_url_hostname;
/// assert_eq!(base_url_hostname(" API.X.AI./v1 ").ok().as_deref(), Some("api.x.ai"));
/// assert_eq!(base_url_hostname("mailto:x://y").ok().as_deref(), Some(""));
/// assert!(base_url_hostname("https：//api.x.ai").is_err());
/// ```
pub fn base_url_hostname(base_url: &str) -> Outcome<String> {
    let raw = strip(base_url);
    if raw.is_empty() {
        return Ok(String::new());
    }
    let url = if raw.holds("://") { urlparse(raw) } else { urlparse(&format!("//{raw}")) };
    let host = url.ok_or_else(no_url)?.hostname().unwrap_or_default();
    Ok(lower(&host).trim_end_matches('.').to_owned())
}

/// What `urlparse` raises.
pub(in crate::hermes) fn no_url() -> Stop {
    Stop::raised("ValueError", "not a URL that Python can split")
}

/// `base_url_host_matches(base_url, domain)` of `utils.py`: the host is `domain` or one below it.
///
/// # Errors
/// `ValueError` where `urlparse` raises it.
pub fn base_url_host_matches(base_url: &str, domain: &str) -> Outcome<bool> {
    let host = base_url_hostname(base_url)?;
    Ok(host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

/// `_loopback_hostname(host)`.
pub(in crate::hermes) fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1" | "0.0.0.0")
}

/// The variable that `_host_derived_api_key(base_url)` reads: `DEEPSEEK_API_KEY` for `https://api.deepseek.com`.
/// `None` for addresses, single names and the vendors whose variables have rules of their own.
///
/// # Errors
/// `ValueError` where `urlparse` raises it.
///
/// ```
/// use poolcheck::hermes::urls::variable_of_host;
/// assert_eq!(variable_of_host("https://api.groq.com/openai/v1").unwrap().as_deref(), Some("GROQ_API_KEY"));
/// assert_eq!(variable_of_host("http://127.0.0.1:8080/v1").unwrap(), None);
/// ```
pub fn variable_of_host(base_url: &str) -> Outcome<Option<String>> {
    let host = base_url_hostname(base_url)?;
    let is_address = host.rsplit('.').next().is_some_and(|last| last.contains(is_number));
    if is_address || host.has(':') {
        return Ok(None);
    }
    let labels: Vec<&str> = host.split('.').filter(|label| !label.is_empty()).collect();
    let prefixes = labels.iter().take_while(|label| matches!(**label, "api" | "www")).count();
    let [.., vendor, _] = labels.get(prefixes..).unwrap_or(&[]) else { return Ok(None) };
    let name: String = vendor.chars().map(|c| if is_alphanumeric(c) { c } else { '_' }).collect();
    let name = upper(&name);
    let starts_right = name.starts_with(is_letter);
    let has_own_rule = matches!(&*name, "OPENAI" | "OPENROUTER" | "OLLAMA");
    Ok((starts_right && !has_own_rule).then(|| format!("{name}_API_KEY")))
}

/// Whether the host of a URL is one of this machine or of a network of one's own: an address that is not routed, a name without a
/// dot, or one that ends in `.local`, `.lan`, `.internal` or `.home.arpa` (RFC 1918, 6761, 6762, 8375).
///
/// ```
/// use poolcheck::hermes::urls::is_private;
/// for url in ["http://localhost:8080/v1", "http://10.0.0.2/v1", "http://vllm:8000", "http://mac.local/v1", "http://[fd00::1]/v1"] {
///     assert!(is_private(url), "{url}");
/// }
/// assert!(!is_private("https://gateway.example/v1") && !is_private("http://9.9.9.9/v1") && !is_private(""));
/// ```
pub fn is_private(url: &str) -> bool {
    let Ok(host) = base_url_hostname(url) else { return false };
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            let [first, second, ..] = address.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || is_shared
        }
        Ok(IpAddr::V6(address)) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
        Err(_) => {
            let ends = [".local", ".lan", ".internal", ".localhost", ".home.arpa", ".ts.net"];
            !host.is_empty() && (!host.contains('.') || ends.iter().any(|end| host.ends_with(end)))
        }
    }
}

/// `_normalize_lmstudio_runtime_base_url(base_url)`: whatever form was pasted, the one that ends in `/v1`.
pub fn lmstudio_base_url(base_url: &str) -> String {
    let root = strip(base_url).trim_end_matches('/');
    let root = ["/api/v1", "/api", "/v1"]
        .iter()
        .find_map(|suffix| root.strip_suffix(suffix))
        .map_or(root, |root| root.trim_end_matches('/'));
    format!("{}/v1", if root.is_empty() { "http://127.0.0.1:1234" } else { root })
}

/// `normalize_opencode_base_url(provider, api_mode, base_url)` for the two OpenCode providers.
pub(in crate::hermes) fn opencode_base_url(behaviour: &Behaviour, api_mode: &str, base_url: &str) -> String {
    if !behaviour.restores_opencode_paths {
        let strips = api_mode == "anthropic_messages";
        return if strips { without_v1(base_url) } else { base_url }.to_owned();
    }
    let url = strip(base_url).trim_end_matches('/');
    if url.is_empty() {
        return String::new();
    }
    if api_mode == "anthropic_messages" {
        return url.strip_suffix("/v1").unwrap_or(url).to_owned();
    }
    let netloc = urlparse(url).map(|url| lower(&url.netloc)).unwrap_or_default();
    let is_official = netloc == "opencode.ai" || netloc.ends_with(".opencode.ai");
    if is_official && !url.ends_with("/v1") { format!("{url}/v1") } else { url.to_owned() }
}

/// `re.sub(r"/v1/?$", "", base_url)`: the Anthropic client adds the path itself.
pub(in crate::hermes) fn without_v1(base_url: &str) -> &str {
    let url = base_url.strip_suffix('/').unwrap_or(base_url);
    url.strip_suffix("/v1").unwrap_or(base_url)
}

/// `url.strip().rstrip("/")`.
pub(in crate::hermes) fn bare(url: &str) -> &str {
    strip(url).trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values are those of `base_url_host_matches` of 0.19.0.
    #[test]
    fn a_host_matches_itself_and_those_below() {
        let yes = [
            "https://openrouter.ai/api/v1",
            "api.openrouter.ai",
            "OPENROUTER.AI.:443/x",
            "x://u@openrouter.ai",
        ];
        for url in yes {
            assert_eq!(base_url_host_matches(url, "openrouter.ai"), Ok(true), "{url}");
        }
        let no =
            ["https://notopenrouter.ai", "https://openrouter.ai.evil.test", "http://a/openrouter.ai", ""];
        for url in no {
            assert_eq!(base_url_host_matches(url, "openrouter.ai"), Ok(false), "{url}");
        }
    }

    /// Expected values follow `_host_derived_api_key` of 0.19.0, run with every variable of that form set.
    #[test]
    fn the_variable_of_a_host() {
        let cases = [
            ("https://api.deepseek.com/v1", Some("DEEPSEEK_API_KEY")),
            ("https://api.groq.com/openai/v1", Some("GROQ_API_KEY")),
            ("https://www.api.my-llm.co.uk", Some("CO_API_KEY")),
            ("https://my-llm.example", Some("MY_LLM_API_KEY")),
            ("https://api.example", None),
            ("https://api.openai.com", None),
            ("http://127.0.0.1:8080", None),
            ("http://[::1]:8080", None),
            ("http://localhost:1", None),
            ("https://1llm.example", None),
            ("https://llm.example2", None),
        ];
        for (url, variable) in cases {
            assert_eq!(variable_of_host(url).unwrap().as_deref(), variable, "{url}");
        }
    }

    #[test]
    fn lmstudio_takes_any_form() {
        for url in ["http://h:1", "http://h:1/", "http://h:1/v1/", "http://h:1/api", " http://h:1/api/v1 "] {
            assert_eq!(lmstudio_base_url(url), "http://h:1/v1", "{url}");
        }
        assert_eq!(lmstudio_base_url("/"), "http://127.0.0.1:1234/v1");
    }

    #[test]
    fn opencode_needs_v1_but_for_anthropic() {
        let newest = &crate::facts::Facts::newest().unwrap().behaviour;
        assert_eq!(
            opencode_base_url(newest, "chat_completions", "https://opencode.ai/zen/"),
            "https://opencode.ai/zen/v1"
        );
        assert_eq!(
            opencode_base_url(newest, "anthropic_messages", "https://opencode.ai/zen/v1"),
            "https://opencode.ai/zen"
        );
        assert_eq!(
            opencode_base_url(newest, "codex_responses", "https://my.proxy/zen"),
            "https://my.proxy/zen"
        );
    }

    #[test]
    fn only_a_last_v1_goes() {
        assert_eq!(without_v1("https://h/v1/"), "https://h");
        assert_eq!(without_v1("https://h/v1/x/"), "https://h/v1/x/");
    }
}
