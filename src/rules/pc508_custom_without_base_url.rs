//! PC508: `provider: custom` without an endpoint.

use super::{Context, Findings, declare_rule};
use crate::python::strip;

declare_rule! {
    /// The provider `custom` (also as `ollama`, `vllm`, `local`, …) takes its endpoint from `model.base_url`, or from the
    /// variable `CUSTOM_BASE_URL`. `OPENAI_BASE_URL` is not read for it. Without an endpoint Hermes sends requests to
    /// OpenRouter.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: custom
    ///   default: llama3
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: custom
    ///   default: llama3
    ///   base_url: http://localhost:8080/v1
    /// ```
    pub static CUSTOM_WITHOUT_BASE_URL = {
        code: "PC508", name: "custom-without-base-url", severity: Warning, since: "0.1.0",
        fix: None,
        what: "`{name}` has no endpoint: requests go to OpenRouter",
        why: "Hermes takes the endpoint from `model.base_url`, else from `CUSTOM_BASE_URL`, and does not read `OPENAI_BASE_URL` for it. Without one it uses `{url}`.",
        todo: "Write the address of your server as `model.base_url`, with `http://` and, as a rule, `/v1` at the end.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(runtime) = context.runtime() else { return };
    let url = context.facts.urls.get("openrouter").map_or("", String::as_str);
    let own = context.loaded_at(&["model", "base_url"]).and_then(|node| node.value.as_str());
    let has_own = own.is_some_and(|url| !strip(url).is_empty());
    if runtime.provider != "custom" || runtime.base_url != url || has_own {
        return;
    }
    if let Some(request) = &context.request {
        findings
            .report(&CUSTOM_WITHOUT_BASE_URL, request.place)
            .with("name", request.name.as_str())
            .with("url", url);
    }
}

#[cfg(test)]
mod tests {
    use super::CUSTOM_WITHOUT_BASE_URL;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn openai_base_url_is_not_read() {
        fires(
            &CUSTOM_WITHOUT_BASE_URL,
            "\
--- config.yaml
model: {provider: ollama, default: llama3}
                  ^^^^^^ PC508
--- .env
OPENAI_BASE_URL=http://localhost:11434/v1
--- says
`ollama` has no endpoint
",
        );
    }

    #[test]
    fn an_endpoint_of_any_kind() {
        for config in [
            "model: {provider: custom, default: m, base_url: 'http://localhost:8080/v1'}",
            "model: {provider: custom, default: m}\nbase_url: http://localhost:8080/v1",
            "model: {provider: custom, default: m, base_url: 'https://openrouter.ai/api/v1'}",
            "model: {provider: openrouter, default: m}",
        ] {
            silent(&CUSTOM_WITHOUT_BASE_URL, &format!("--- config.yaml\n{config}\n"));
        }
        silent(
            &CUSTOM_WITHOUT_BASE_URL,
            "--- config.yaml\nmodel: {provider: custom}\n--- environment\nCUSTOM_BASE_URL=http://localhost:8080/v1\n",
        );
    }
}
