//! PC515: the endpoint of a server on this machine without a path.

use super::settings::{Setting, text_in};
use super::{Context, Findings, declare_rule};
use crate::base::text::{Place, Search, Span};
use crate::diagnostic::Safety;
use crate::hermes::urls::{base_url_hostname, is_private};
use crate::python::{strip, urlparse};

declare_rule! {
    /// To the endpoint Hermes adds `/chat/completions` and nothing else. Ollama, vLLM, LM Studio and most other servers answer
    /// under `/v1`: without it they say 404.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: custom
    ///   default: llama3
    ///   base_url: http://127.0.0.1:11434
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: custom
    ///   default: llama3
    ///   base_url: http://127.0.0.1:11434/v1
    /// ```
    pub static LOCAL_ENDPOINT_WITHOUT_V1 = {
        code: "PC515", name: "local-endpoint-without-v1", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "`{key}` ends without `/v1`",
        why: "Hermes sends requests to this address with `/chat/completions` behind it. Ollama, vLLM, LM Studio and most other servers answer under `/v1` only, else with 404.",
        todo: "Write `/v1` behind it, unless your server answers without.",
        fix_title: "Write `/v1` behind it",
    }
}

/// Names and addresses of this machine.
const HERE: [&str; 4] = ["localhost", "127.0.0.1", "0.0.0.0", "::1"];

/// The port of Ollama, which is as certain a sign in a network of one's own as on this machine.
const OLLAMA: &str = ":11434";

/// The port of LiteLLM's proxy, which answers at `/chat/completions` as well (docs.litellm.ai/docs/proxy_server).
const LITELLM: &str = ":4000";

fn check(context: &Context<'_>, findings: &mut Findings) {
    for setting in &context.settings {
        let Some((url, place)) = setting.endpoint() else { continue };
        let Some(parsed) = urlparse(url) else { continue };
        let is_bare =
            matches!(parsed.scheme.as_str(), "http" | "https") && matches!(parsed.path.as_str(), "" | "/");
        if !is_bare
            || !base_url_hostname(url).is_ok_and(|host| {
                HERE.contains(&host.as_str()) || is_private(url) && parsed.netloc.ends_with(OLLAMA)
            })
            || parsed.netloc.ends_with(LITELLM)
            || url.contains(['?', '#', '$'])
            || !speaks_openai(context, setting)
        {
            continue;
        }
        findings.report(&LOCAL_ENDPOINT_WITHOUT_V1, place).with("key", setting.key());
        let end = text_in(context.config_text(), place, url);
        let path = if url.ends_with('/') { "v1" } else { "/v1" };
        if let Some(span) = end {
            findings.replace(Place::new(place.source, Span::at(span.end)), path);
        }
    }
}

/// Whether requests in OpenAI's form go to this endpoint, as far as is known.
fn speaks_openai(context: &Context<'_>, setting: &Setting<'_>) -> bool {
    let text =
        |name: &str| setting.mapping.get(name).and_then(|node| node.value.as_str()).map(strip).unwrap_or("");
    let is_other = [text("api_mode"), text("transport")].iter().any(|mode| mode.holds("anthropic"));
    match setting.section {
        "providers" | "custom_providers" => !is_other,
        "fallback_providers" | "fallback_model" => {
            !is_other && text("provider").eq_ignore_ascii_case("custom")
        }
        "model" | "base_url" | "api_base" => {
            let runtime = context.runtime();
            let url = setting.entry.value.value.as_str().map_or("", strip).trim_end_matches('/');
            runtime.is_some_and(|runtime| {
                runtime.provider == "custom"
                    && runtime.base_url == url
                    && runtime.api_mode.as_deref() == Some("chat_completions")
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::LOCAL_ENDPOINT_WITHOUT_V1;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_path_is_put_behind_it() {
        fires(
            &LOCAL_ENDPOINT_WITHOUT_V1,
            "\
--- config.yaml
model: {provider: ollama, default: m, base_url: 'http://localhost:11434/'}
                                                ^^^^^^^^^^^^^^^^^^^^^^^^^ PC515
providers:
  lab:
    api: http://[::1]:8080 # mine
         ^^^^^^^^^^^^^^^^^ PC515
fallback_providers:
  - {provider: custom, model: m, base_url: http://127.0.0.1:1234}
                                           ^^^^^^^^^^^^^^^^^^^^^ PC515
  - {provider: custom, model: n, base_url: http://192.168.178.40:11434}
                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC515
--- fixed config.yaml
model: {provider: ollama, default: m, base_url: 'http://localhost:11434/v1'}
providers:
  lab:
    api: http://[::1]:8080/v1 # mine
fallback_providers:
  - {provider: custom, model: m, base_url: http://127.0.0.1:1234/v1}
  - {provider: custom, model: n, base_url: http://192.168.178.40:11434/v1}
",
        );
    }

    #[test]
    fn other_paths_hosts_and_forms() {
        silent(
            &LOCAL_ENDPOINT_WITHOUT_V1,
            "\
--- config.yaml
model: {provider: lmstudio, default: m, base_url: 'http://localhost:1234'}
providers:
  a: {base_url: 'http://localhost:8080/v1'}
  b: {base_url: 'http://localhost:8080/api'}
  c: {base_url: 'https://api.example.com'}
  d: {base_url: 'http://localhost:8080', api_mode: anthropic_messages}
  e: {base_url: 'http://${HOST}'}
  f: {base_url: 'http://localhost:4000'}
  g: {base_url: 'http://192.168.178.40:8000'}
fallback_providers:
  - {provider: lmstudio, model: m, base_url: 'http://localhost:1234'}
",
        );
    }

    #[test]
    fn then_requests_go_where_the_server_answers() {
        fires(
            &LOCAL_ENDPOINT_WITHOUT_V1,
            "\
--- config.yaml
model: {provider: custom, default: llama3, base_url: 'http://127.0.0.1:11434'}
                                                     ^^^^^^^^^^^^^^^^^^^^^^^^ PC515
--- fixed config.yaml
model: {provider: custom, default: llama3, base_url: 'http://127.0.0.1:11434/v1'}
--- then
endpoint: http://127.0.0.1:11434/v1
mode: chat_completions
nothing is found
",
        );
    }
}
