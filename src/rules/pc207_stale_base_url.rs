//! PC207: a `model.base_url` that belongs to another provider than the one that is used.

use super::context::config_place;
use super::{Context, Findings, declare_rule, whole_lines};
use crate::diagnostic::Safety;
use crate::python::urlparse;

declare_rule! {
    /// `model.base_url` still names the endpoint of a provider that was used before. Hermes sends the requests,
    /// and with them the key of the present provider, to that endpoint. The endpoint of the same provider in China may be meant:
    /// of that the finding is a note.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model:
    ///   provider: gemini
    ///   base_url: https://api.deepseek.com/v1
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-key-000000
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model:
    ///   provider: gemini
    ///   base_url: https://generativelanguage.googleapis.com/v1beta
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-key-000000
    /// ```
    pub static STALE_BASE_URL = {
        code: "PC207", name: "stale-base-url", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "The key of `{provider}` is sent to the endpoint of `{other}`",
        why: "Hermes takes `model.base_url` as the endpoint of the provider that is used now, whatever provider it was written for.",
        todo: "{way}",
        command: "hermes config unset model.base_url",
        fix_title: "Delete `base_url`",
        label winner: "this key is sent there",
        part stale: "Take `base_url` out: Hermes knows the endpoint of `{provider}`.",
        part region: "Right for a key of that site, and of no use to one of the other: take `base_url` out for that.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let (Some(provider), Some(_)) = (context.provider(), context.winner()) else { return };
    let model = context.config_at(&["model"]).and_then(|model| model.value.as_dict());
    let Some(entry) = model.and_then(|model| model.entry("base_url")) else { return };
    let (Some(url), Some(place)) = (entry.value.value.as_str(), entry.value.place) else { return };
    let written = host(url);
    let is_used = context.runtime().is_some_and(|runtime| host(&runtime.base_url) == written);
    let own = context.facts.providers.get(provider);
    if !is_used || own.is_none_or(|own| host(&own.inference_base_url) == written) {
        return;
    }
    let mut other = None;
    for row in context.facts.providers.values() {
        let is_owner = host(&row.inference_base_url) == written;
        if is_owner && row.id == provider {
            return;
        }
        if is_owner && other.is_none() {
            other = Some(row.id.as_str());
        }
    }
    let Some(other) = other else { return };
    findings
        .report(&STALE_BASE_URL, place)
        .with("provider", provider)
        .with("other", other)
        .label("winner", context.winner_place());
    if is_in_china(other, provider) {
        findings.part("way", "region").as_note().without_command();
        return;
    }
    findings.part("way", "stale");
    if !context.facts.commands.has("config unset") {
        findings.without_command();
    }
    let lines = entry.place.and_then(|whole| whole_lines(context.config_text(), whole.span));
    if let Some(lines) = lines {
        findings.replace(config_place(lines), "");
    }
}

/// Whether `other` is `provider` in China: who has a key from there may write its endpoint down beside the provider, which
/// `resolve_runtime_provider` of `hermes_cli/runtime_provider.py` names as what `model.base_url` is read for (#6039).
fn is_in_china(other: &str, provider: &str) -> bool {
    other.strip_suffix("-cn") == Some(provider)
}

/// The host of a URL, `None` where it has none.
fn host(url: &str) -> Option<String> {
    urlparse(url)?.hostname().filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::STALE_BASE_URL;
    use crate::rules::testing::{fires, silent};
    use poolcheck::report::SeverityName;

    #[test]
    fn the_endpoint_of_the_provider_before() {
        fires(
            &STALE_BASE_URL,
            "\
--- config.yaml
model:
  provider: gemini
  base_url: https://api.deepseek.com/v1
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC207
  default: gemini-flash-lite-latest
--- .env
GOOGLE_API_KEY=AIza-fake-key-000000
--- fixed config.yaml
model:
  provider: gemini
  default: gemini-flash-lite-latest
--- says
The key of `gemini` is sent to the endpoint of `deepseek`
--- then
Hermes uses GOOGLE_API_KEY (env:GOOGLE_API_KEY) for gemini
endpoint: https://generativelanguage.googleapis.com/v1beta
model: gemini-flash-lite-latest
nothing is found
",
        );
    }

    #[test]
    fn a_proxy_and_the_own_endpoint_are_fine() {
        for url in ["https://proxy.example/v1", "https://generativelanguage.googleapis.com/v1beta/openai"] {
            silent(
                &STALE_BASE_URL,
                &format!(
                    "--- config.yaml\nmodel: {{provider: gemini, base_url: '{url}'}}\n--- .env\nGOOGLE_API_KEY=AIza-fake-key-000000\n"
                ),
            );
        }
    }

    #[test]
    fn the_endpoint_of_the_same_provider_in_china_is_a_note() {
        for (provider, variable, url) in [
            ("kimi-coding", "KIMI_API_KEY", "https://api.moonshot.cn/v1"),
            ("minimax", "MINIMAX_API_KEY", "https://api.minimaxi.com/anthropic"),
        ] {
            let marks = "^".repeat(url.len());
            let report = fires(
                &STALE_BASE_URL,
                &format!(
                    "--- config.yaml\nmodel:\n  provider: {provider}\n  base_url: {url}\n            {marks} PC207\n\
                     --- .env\n{variable}=sk-fake-key-000000\n--- says\nRight for a key of that site\n"
                ),
            );
            assert!(report.findings.iter().all(|finding| finding.severity == SeverityName::Info));
        }
    }

    /// `hermes config unset` came with 0.19.0.
    #[test]
    fn a_release_without_unset_is_told_no_command() {
        let report = fires(
            &STALE_BASE_URL,
            "\
--- release 0.18.2
--- config.yaml
model:
  provider: gemini
  base_url: https://api.deepseek.com/v1
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC207
--- .env
GOOGLE_API_KEY=AIza-fake-key-000000
--- fixed config.yaml
model:
  provider: gemini
--- then
endpoint: https://generativelanguage.googleapis.com/v1beta
",
        );
        assert!(report.findings.iter().all(|finding| finding.command.is_none()));
    }
}
