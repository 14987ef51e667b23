//! PC517: the protocol of another provider, left in `model`.

use super::{Context, Findings, declare_rule, whole_lines};
use crate::base::sources::SourceKind;
use crate::base::text::Place;
use crate::diagnostic::Safety;
use crate::python::{lower, strip};

declare_rule! {
    /// `model.api_mode` says a protocol that the endpoint of the provider in use does not speak: it was written for another
    /// provider. Hermes takes it all the same, and the requests go to an address that is not there.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: zai, default: glm-5, api_mode: anthropic_messages}
    /// --- .env
    /// GLM_API_KEY=fake-SECRET-0000
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: zai, default: glm-5}
    /// --- .env
    /// GLM_API_KEY=fake-SECRET-0000
    /// ```
    pub static STALE_API_MODE = {
        code: "PC517", name: "stale-api-mode", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "`{provider}` uses the API mode `{mode}`, but its endpoint expects `{own}`",
        why: "Hermes takes `model.api_mode` for whatever provider is in use, and requests of this kind have a path that {endpoint} does not have.",
        todo: "Take `api_mode` out: Hermes knows the API of `{provider}`.",
        fix_title: "Take `api_mode` out",
    }
}

/// The protocol whose requests have the same path wherever it is spoken.
const CHAT: &str = "chat_completions";

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(node) = context.config_at(&["model", "api_mode"]) else { return };
    let (Some(mode), Some(place)) = (node.value.as_str().map(strip), node.place) else { return };
    let keyed = context.keyed_verdict().and_then(|verdict| verdict.outcome.as_ref().ok());
    let Some(runtime) = keyed else { return };
    let facts = context.facts;
    let Some(provider) = facts.providers.get(&runtime.provider) else { return };
    let own = facts.profiles.get(&provider.id).map_or("", |profile| profile.api_mode.as_str());
    let is_default =
        runtime.base_url.trim_end_matches('/') == provider.inference_base_url.trim_end_matches('/');
    let is_used = runtime.api_mode.as_deref() == Some(&*lower(mode));
    if own != CHAT
        || !is_default
        || !is_used
        || lower(mode) == CHAT
        || runtime.base_url.ends_with("/anthropic")
    {
        return;
    }
    findings
        .report(&STALE_API_MODE, place)
        .with("provider", runtime.provider.as_str())
        .with("mode", mode)
        .with("own", own)
        .with("endpoint", format!("`{}`", runtime.base_url));
    let model = context.config_at(&["model"]).and_then(|model| model.value.as_dict()?.entry("api_mode"));
    let line = model.and_then(|entry| whole_lines(context.config_text(), entry.place?.span));
    if let Some(line) = line {
        findings.replace(Place::new(SourceKind::Config, line), "");
    }
}

#[cfg(test)]
mod tests {
    use super::STALE_API_MODE;
    use crate::rules::testing::{fires, silent};

    /// What is wrong behind a missing key is told with it.
    #[test]
    fn a_mode_of_a_provider_without_a_key() {
        let report = fires(
            &STALE_API_MODE,
            "\
--- config.yaml
model:
  provider: zai
  api_mode: anthropic_messages
            ^^^^^^^^^^^^^^^^^^ PC517
--- no .env
--- no auth.json
--- fixed config.yaml
model:
  provider: zai
",
        );
        let codes: Vec<&str> = report.findings.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, ["PC523", "PC517"]);
        silent(&STALE_API_MODE, "--- config.yaml\nmodel: {provider: zai, api_mode: anthropic_messages}\n");
    }

    #[test]
    fn a_mode_that_was_left_behind() {
        fires(
            &STALE_API_MODE,
            "\
--- config.yaml
model:
  provider: zai
  api_mode: anthropic_messages
            ^^^^^^^^^^^^^^^^^^ PC517
  default: glm-5
--- .env
GLM_API_KEY=fake-glm-000000
--- says
Take `api_mode` out: Hermes knows the API of `zai`.
--- fixed config.yaml
model:
  provider: zai
  default: glm-5
--- then
mode: chat_completions
endpoint: https://api.z.ai/api/paas/v4
Hermes uses GLM_API_KEY (env:GLM_API_KEY) for zai
nothing is found
",
        );
    }

    #[test]
    fn an_endpoint_that_speaks_it_and_one_of_ones_own() {
        silent(
            &STALE_API_MODE,
            "\
--- config.yaml
model: {provider: zai, default: glm-5, base_url: \"https://api.z.ai/api/anthropic\", api_mode: anthropic_messages}
--- .env
GLM_API_KEY=fake-glm-000000
",
        );
        silent(
            &STALE_API_MODE,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: \"https://mine.example/v1\", api_mode: anthropic_messages}
",
        );
    }
}
