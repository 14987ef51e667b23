//! PC508: `provider: custom` without an endpoint.

use super::{Context, Findings, declare_rule};
use crate::python::strip;

declare_rule! {
    /// The provider `custom` (also as `ollama`, `vllm`, `local`, …) takes its endpoint from `model.base_url`, or from the
    /// variable `CUSTOM_BASE_URL`. `OPENAI_BASE_URL` is not read for it. Without an endpoint Hermes sends requests to
    /// OpenRouter. Before 0.15.2 it does so for the other names even where `model.base_url` is set.
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
        why: "{reason}",
        todo: "{way}",
        part custom: "Hermes takes the endpoint from `model.base_url`, else from `CUSTOM_BASE_URL`, and does not read `OPENAI_BASE_URL` for it. Without one it uses `{url}`.",
        part alias: "This release reads `model.base_url` for the name `custom` only. For `{name}` it uses `{url}`.",
        part address: "Write the address of your server as `model.base_url`, with `http://` and, as a rule, `/v1` at the end.",
        part name: "Write `custom` in place of `{name}`, and the address of your server as `model.base_url`.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(runtime) = context.runtime() else { return };
    let url = context.facts.urls.get("openrouter").map_or("", String::as_str);
    let own = context.loaded_at(&["model", "base_url"]).and_then(|node| node.value.as_str());
    let has_own = own.is_some_and(|url| !strip(url).is_empty());
    let Some(request) = context.request.as_ref().filter(|_| runtime.base_url == url) else { return };
    // Before 0.15.2 another name of `custom` gets no endpoint at all, and the provider is OpenRouter.
    let is_alias = runtime.provider == "openrouter"
        && context.facts.aliases.get(&request.name).is_some_and(|id| id == "custom");
    if is_alias || (runtime.provider == "custom" && !has_own) {
        let (why, way) = if is_alias { ("alias", "name") } else { ("custom", "address") };
        findings
            .report(&CUSTOM_WITHOUT_BASE_URL, request.place)
            .with("name", request.name.as_str())
            .with("url", url)
            .part("reason", why)
            .part("way", way);
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

    /// Asked of each release: 0.14.0 resolves `ollama` to OpenRouter, whatever `model.base_url` says.
    #[test]
    fn before_0_15_2_another_name_has_no_endpoint() {
        let config = "--- config.yaml\nmodel: {provider: ollama, base_url: 'http://localhost:11434/v1'}\n";
        silent(&CUSTOM_WITHOUT_BASE_URL, &["--- release 0.15.2\n", config].concat());
        let mark = "                  ^^^^^^ PC508\n--- says\nWrite `custom` in place of `ollama`\nfor the name `custom` only\n";
        fires(&CUSTOM_WITHOUT_BASE_URL, &["--- release 0.14.0\n", config, mark].concat());
    }
}
