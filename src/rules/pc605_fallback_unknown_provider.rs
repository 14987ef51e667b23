//! PC605: an entry of the fallback chain whose provider Hermes does not know.

use super::odd_names::{NameUse, Oddity, report_odd};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;

declare_rule! {
    /// The entry is in the chain, but its provider is neither one of Hermes nor a custom provider of this
    /// config.yaml. When its turn comes, Hermes logs `Fallback to NAME failed: provider not configured` and goes on to
    /// the next entry; without one the request fails. Write the id of a provider, or `custom` with a `base_url`.
    ///
    /// ```yaml fires
    /// fallback_providers:
    ///   - provider: tencent-token-plan
    ///     model: glm-5.1
    /// ```
    /// ```yaml silent
    /// fallback_providers:
    ///   - provider: tencent-tokenhub
    ///     model: glm-5.1
    /// ```
    pub static FALLBACK_UNKNOWN_PROVIDER = {
        code: "PC605", name: "fallback-unknown-provider", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "Hermes knows no provider `{name}`: this fallback is skipped",
        why: "It is neither a provider of Hermes nor a custom provider in this config.yaml, so that no client can be made when the turn of this entry comes.{since}",
        todo: "{way}",
        fix_title: "Write `{id}`",
        part write: "Write {instead}.",
        part none: "Write one of the names that `hermes model` lists; for an endpoint of your own, `custom` with its `base_url`.",
        part never: "",
        part since: " From {release} on Hermes has one of this name.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for odd in context.odd_names.iter().filter(|odd| odd.used == NameUse::Fallback) {
        if matches!(odd.oddity, Oddity::Unknown(_) | Oddity::Expected(_) | Oddity::Removed(_)) {
            let way = if odd.instead.is_empty() { "none" } else { "write" };
            report_odd(context, findings, &FALLBACK_UNKNOWN_PROVIDER, odd).part("way", way);
            match odd.since {
                Some(release) => findings.with("release", release).part("since", "since"),
                None => findings.part("since", "never"),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FALLBACK_UNKNOWN_PROVIDER;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_nearest_one_is_offered() {
        fires(
            &FALLBACK_UNKNOWN_PROVIDER,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-flash-lite-preview}
fallback_providers:
- provider: tencent-token_hubb
            ^^^^^^^^^^^^^^^^^^ PC605
  model: glm-5.1
- provider: google-gemini-cli
            ^^^^^^^^^^^^^^^^^ PC605
  model: gemini-3.1-pro
--- fixed config.yaml
model: {provider: gemini, default: gemini-3.1-flash-lite-preview}
fallback_providers:
- provider: tencent-tokenhub
  model: glm-5.1
- provider: gemini
  model: gemini-3.1-pro
--- says
Write `tencent-tokenhub`.
",
        );
    }

    /// That two compounds share a word makes them no spellings of each other, and beside an endpoint of the user's own nothing but
    /// `custom` is meant.
    #[test]
    fn what_is_not_near_and_what_has_an_endpoint() {
        fires(
            &FALLBACK_UNKNOWN_PROVIDER,
            "\
--- config.yaml
model: {provider: openrouter, default: m}
fallback_providers:
- provider: tencent-token-plan
            ^^^^^^^^^^^^^^^^^^ PC605
  model: kimi2.5
- provider: openai-compatible
            ^^^^^^^^^^^^^^^^^ PC605
  model: m
  base_url: https://ollama.com/v1
  key_env: OLLAMA_KEY_1
--- fixed config.yaml
model: {provider: openrouter, default: m}
fallback_providers:
- provider: tencent-token-plan
  model: kimi2.5
- provider: custom
  model: m
  base_url: https://ollama.com/v1
  key_env: OLLAMA_KEY_1
--- says
Write one of the names that `hermes model` lists; for an endpoint of your own, `custom` with its `base_url`.
Write `custom`.
--- then
fallback: tencent-token-plan/kimi2.5, custom/m
",
        );
    }

    #[test]
    fn openai_is_none_here() {
        fires(
            &FALLBACK_UNKNOWN_PROVIDER,
            "\
--- config.yaml
fallback_model: {provider: openai, model: gpt-5.5}
                           ^^^^^^ PC605
--- says
`openai-api` (`OPENAI_API_KEY`)
",
        );
    }

    #[test]
    fn a_chain_that_has_to_be_moved_first() {
        fires(
            &FALLBACK_UNKNOWN_PROVIDER,
            "\
--- config.yaml
model:
  provider: xiaomi
  fallback_providers:
    - provider: tencent-token_hubb
                ^^^^^^^^^^^^^^^^^^ PC605
      model: kimi2.5
--- fixed config.yaml
model:
  provider: xiaomi
  fallback_providers:
    - provider: tencent-tokenhub
      model: kimi2.5
",
        );
    }

    #[test]
    fn known_ones() {
        silent(
            &FALLBACK_UNKNOWN_PROVIDER,
            "\
--- config.yaml
fallback_providers:
- {provider: openrouter, model: a}
- {provider: Nous, model: a}
- {provider: custom, model: a, base_url: 'http://localhost:8080/v1'}
- {provider: 'custom:lab', model: a}
- {provider: lab, model: a}
- {provider: ' GLM ', model: a}
- {provider: openai-codex, model: a}
- {provider: vertex, model: a}
custom_providers:
- {name: Lab, base_url: 'http://localhost:9090/v1'}
",
        );
    }

    /// What is dropped from the chain is PC601's.
    #[test]
    fn an_entry_without_a_model() {
        silent(&FALLBACK_UNKNOWN_PROVIDER, "--- config.yaml\nfallback_providers: [{provider: qqqq}]\n");
    }

    /// The tables of 0.15.2 have it, those of 0.14.0 do not; `openai-codex`, which is near, is something else.
    #[test]
    fn a_name_of_a_later_release() {
        fires(
            &FALLBACK_UNKNOWN_PROVIDER,
            "\
--- release 0.14.0
--- config.yaml
model: {provider: gemini}
fallback_providers: [{provider: openai-api, model: m}]
                                ^^^^^^^^^^ PC605
--- says
From 0.15.2 on Hermes has one of this name.
Write one of the names that `hermes model` lists
",
        );
    }

    #[test]
    fn then_the_chain_holds_providers_that_there_are() {
        fires(
            &FALLBACK_UNKNOWN_PROVIDER,
            "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
fallback_providers:
- {provider: tencent-token_hubb, model: glm-5.1}
             ^^^^^^^^^^^^^^^^^^ PC605
- {provider: google-gemini-cli, model: gemini-3.1-pro}
             ^^^^^^^^^^^^^^^^^ PC605
--- .env
DEEPSEEK_API_KEY=sk-fake-deep-000000
TOKENHUB_API_KEY=fake-tencent-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model: {provider: deepseek, default: deepseek-chat}
fallback_providers:
- {provider: tencent-tokenhub, model: glm-5.1}
- {provider: gemini, model: gemini-3.1-pro}
--- then
fallback: tencent-tokenhub/glm-5.1, gemini/gemini-3.1-pro
nothing is found
",
        );
    }

    /// `ollama` is near, which stands for `custom`: nothing without an endpoint, and with it the server that is meant.
    #[test]
    fn custom_needs_an_endpoint() {
        fires(
            &FALLBACK_UNKNOWN_PROVIDER,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
fallback_providers:
- {provider: olama, model: a}
             ^^^^^ PC605
- {provider: olama, model: llama3, base_url: 'http://localhost:11434/v1'}
             ^^^^^ PC605
--- fixed config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
fallback_providers:
- {provider: olama, model: a}
- {provider: custom, model: llama3, base_url: 'http://localhost:11434/v1'}
--- then
fallback: olama/a, custom/llama3
--- says
Write `custom` + `base_url`.
Write `custom`.
",
        );
    }
}
