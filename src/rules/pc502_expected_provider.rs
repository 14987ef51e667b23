//! PC502: a provider under a name that people expect and Hermes does not have.

use super::odd_names::{NameUse, Oddity, report_odd, unless_defined};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;

declare_rule! {
    /// Hermes has no provider `openai`, `groq`, `mistral`, `together` or `perplexity`, and spells others in its own way.
    /// An unknown name stops the resolution; nothing near it is tried. OpenAI's models are had through `openai-api`
    /// (from 0.15.2 on) with a key, `openai-codex` with a ChatGPT login, or `openrouter`; any other service with an OpenAI-compatible
    /// endpoint through `custom` and its `base_url`.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: openai
    ///   default: gpt-5.5
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: openai-api
    ///   default: gpt-5.5
    /// ```
    pub static EXPECTED_PROVIDER = {
        code: "PC502", name: "expected-provider", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "Hermes has no provider `{name}`",
        why: "The name is in no table of Hermes, nothing near it is tried, and what `{path}` is for fails{unless}.",
        todo: "Write {instead}.",
        fix_title: "Write `{id}`",
        part unless: ", unless config.yaml, which was not pasted, defines a provider of this name",
        part never: "",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for odd in &context.odd_names {
        if matches!(odd.oddity, Oddity::Expected(_)) && odd.used != NameUse::Fallback {
            report_odd(context, findings, &EXPECTED_PROVIDER, odd);
            unless_defined(context, findings);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::EXPECTED_PROVIDER;
    use crate::rules::testing::{fires, silent};

    /// config.yaml was not pasted: a custom provider of any name may stand there.
    #[test]
    fn a_variable_alone() {
        fires(
            &EXPECTED_PROVIDER,
            "\
--- environment
HERMES_INFERENCE_PROVIDER=open-router
                          ^^^^^^^^^^^ PC502
--- says
unless config.yaml, which was not pasted, defines
Write `openrouter`
",
        );
        silent(&EXPECTED_PROVIDER, "--- environment\nHERMES_INFERENCE_PROVIDER=my-server\n");
    }

    #[test]
    fn a_plain_meaning_is_mended() {
        fires(
            &EXPECTED_PROVIDER,
            "\
--- config.yaml
model: {provider: Open-Router, default: x}
                  ^^^^^^^^^^^ PC502
--- fixed config.yaml
model: {provider: openrouter, default: x}
--- says
Write `openrouter`.
",
        );
    }

    #[test]
    fn the_region_of_the_endpoint_is_meant() {
        fires(
            &EXPECTED_PROVIDER,
            "\
--- config.yaml
model: {provider: moonshotai, default: k, base_url: 'https://api.moonshot.cn/v1'}
                  ^^^^^^^^^^ PC502
--- .env
KIMI_CN_API_KEY=sk-fake-key-000000
--- fixed config.yaml
model: {provider: kimi-coding-cn, default: k, base_url: 'https://api.moonshot.cn/v1'}
--- then
Hermes uses KIMI_CN_API_KEY (env:KIMI_CN_API_KEY) for kimi-coding-cn
endpoint: https://api.moonshot.cn/v1
",
        );
    }

    #[test]
    fn one_of_several_meanings_is_left_to_the_user() {
        fires(
            &EXPECTED_PROVIDER,
            "\
--- config.yaml
agent: {}
--- .env
HERMES_INFERENCE_PROVIDER=openai
                          ^^^^^^ PC502
--- says
what `HERMES_INFERENCE_PROVIDER` is for fails
`openai-api` (`OPENAI_API_KEY`) / `openai-codex` (ChatGPT) / `openrouter`
",
        );
        fires(
            &EXPECTED_PROVIDER,
            "\
--- config.yaml
model: {default: x, provider: groq}
                              ^^^^ PC502
--- says
`custom` + `base_url: https://api.groq.com/openai/v1`
",
        );
    }

    /// Observed: side tasks send `openai` to OpenAI's endpoint.
    #[test]
    fn side_tasks_take_openai() {
        silent(
            &EXPECTED_PROVIDER,
            "--- config.yaml\nmodel: {provider: gemini}\nauxiliary: {vision: {provider: openai, model: gpt-4o}}\n",
        );
    }

    #[test]
    fn config_yaml_comes_before_the_variable() {
        silent(
            &EXPECTED_PROVIDER,
            "--- config.yaml\nmodel: {provider: gemini}\n--- .env\nHERMES_INFERENCE_PROVIDER=openai\n",
        );
    }

    #[test]
    fn a_users_own_provider() {
        silent(
            &EXPECTED_PROVIDER,
            "\
--- config.yaml
model: {provider: 'custom:Groq', default: m}
custom_providers:
  - {name: Groq, base_url: 'https://api.groq.com/openai/v1', key_env: GROQ_API_KEY}
auxiliary:
  vision: {provider: groq, model: m}
",
        );
    }

    /// `openai-api` came with 0.15.2.
    #[test]
    fn only_what_the_release_has_is_proposed() {
        let report = fires(
            &EXPECTED_PROVIDER,
            "\
--- release 0.14.0
--- config.yaml
model: {provider: openai}
                  ^^^^^^ PC502
--- says
Write `openai-codex` (ChatGPT) / `openrouter`.
",
        );
        assert!(report.findings.iter().all(|finding| !finding.todo.as_str().contains("openai-api")));
    }

    #[test]
    fn then_the_key_of_the_provider_that_is_meant_is_used() {
        fires(
            &EXPECTED_PROVIDER,
            "\
--- config.yaml
model: {provider: open-router, default: anthropic/claude-sonnet-4.6}
                  ^^^^^^^^^^^ PC502
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
--- fixed config.yaml
model: {provider: openrouter, default: anthropic/claude-sonnet-4.6}
--- then
Hermes uses OPENROUTER_API_KEY (env:OPENROUTER_API_KEY) for openrouter
endpoint: https://openrouter.ai/api/v1
nothing is found
",
        );
    }
}
