//! PC511: an `api_mode` that Hermes does not have.

use super::lines::name_at;
use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::diagnostic::Safety;
use crate::hermes::runtime::Runtime;
use crate::python::{is_alphanumeric, lower, strip};

declare_rule! {
    /// `api_mode` is one of `chat_completions`, `codex_responses`, `anthropic_messages`, `bedrock_converse` and
    /// `codex_app_server`. Any other value is passed over without a word, and Hermes goes by the endpoint, which as a
    /// rule means `chat_completions`.
    ///
    /// ```yaml fires
    /// custom_providers:
    ///   - {name: lab, base_url: "https://api.example.com/v1", api_mode: responses}
    /// ```
    /// ```yaml silent
    /// custom_providers:
    ///   - {name: lab, base_url: "https://api.example.com/v1", api_mode: codex_responses}
    /// ```
    pub static UNKNOWN_API_MODE = {
        code: "PC511", name: "unknown-api-mode", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "Hermes has no `api_mode` `{mode}`",
        why: "A mode that Hermes does not know is passed over without a word; it then goes by the endpoint.",
        todo: "{way}",
        fix_title: "Write `{meant}`",
        part one: "Write one of `chat_completions`, `codex_responses`, `anthropic_messages`, `bedrock_converse`, `codex_app_server`, or delete the line.",
        part block: "Describe the endpoint under `custom_providers` with `api_mode: codex_responses`, and name it in `model.provider`: under `model` Hermes does not believe this mode of such an endpoint.",
    }
}

const RESPONSES: &str = "codex_responses";

/// What else people write, and the mode that they mean.
const MEANT: [(&str, &str); 8] = [
    ("chat", "chat_completions"),
    ("openai", "chat_completions"),
    ("completions", "chat_completions"),
    ("responses", RESPONSES),
    ("openairesponses", RESPONSES),
    ("anthropic", "anthropic_messages"),
    ("messages", "anthropic_messages"),
    ("bedrock", "bedrock_converse"),
];

fn check(context: &Context<'_>, findings: &mut Findings) {
    // 0.21.4 may know more of them.
    if context.is_read_only() {
        return;
    }
    let facts = context.facts;
    for setting in &context.settings {
        let is_block = setting.is_block();
        let is_mode = setting.key() == "api_mode" || (is_block && setting.key() == "apiMode");
        let is_transport = is_block && setting.key() == "transport";
        if !(is_mode || is_transport) || !setting.is_of_endpoint() {
            continue;
        }
        let (Some(written), Some(place)) = (setting.entry.value.value.as_str(), setting.entry.value.place)
        else {
            continue;
        };
        let mode = lower(strip(written));
        let transport = facts.transport_api_modes.get(&mode).map(String::as_str);
        if mode.is_empty()
            || mode.has('$')
            || facts.api_modes.contains(&mode)
            || (is_transport && transport.is_some())
        {
            continue;
        }
        let letters: String = mode.chars().filter(|c| is_alphanumeric(*c)).collect();
        let same = facts.api_modes.iter().find(|known| known.replace('_', "") == letters);
        let named = MEANT.iter().find(|(name, _)| *name == letters).map(|(_, mode)| *mode);
        let meant = same.or(transport).or(named);
        let is_believed = setting.section != "model" || meant.is_none_or(|meant| is_believed(context, meant));
        findings
            .report(&UNKNOWN_API_MODE, place)
            .with("mode", mode.as_str())
            .with("meant", meant.unwrap_or_default())
            .part("way", if is_believed { "one" } else { "block" });
        let is_plain = name_at(context.config_text(), place) == mode;
        if let Some(meant) = meant.filter(|_| is_believed && is_plain) {
            findings.replace(place, meant);
        }
    }
}

/// Whether `mode` under `model` would count for the endpoint in use, which now has the mode that its address says.
fn is_believed(context: &Context<'_>, mode: &str) -> bool {
    let is_doubted = context.facts.behaviour.distrusts_responses_for_custom && mode == RESPONSES;
    let is_other =
        |runtime: &Runtime| runtime.provider == "custom" && runtime.api_mode.as_deref() != Some(RESPONSES);
    !is_doubted || !context.runtime().is_some_and(is_other)
}

#[cfg(test)]
mod tests {
    use super::UNKNOWN_API_MODE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn what_is_meant_is_written() {
        fires(
            &UNKNOWN_API_MODE,
            "\
--- config.yaml
model:
  provider: custom
  base_url: http://h/v1
  api_mode: openai_chat
            ^^^^^^^^^^^ PC511
providers:
  a: {base_url: 'http://h/v1', api_mode: 'Anthropic-Messages'}
                                         ^^^^^^^^^^^^^^^^^^^^ PC511
  b: {base_url: 'http://h/v1', transport: responses}
                                          ^^^^^^^^^ PC511
--- fixed config.yaml
model:
  provider: custom
  base_url: http://h/v1
  api_mode: chat_completions
providers:
  a: {base_url: 'http://h/v1', api_mode: anthropic_messages}
  b: {base_url: 'http://h/v1', transport: codex_responses}
--- says
Hermes has no `api_mode` `openai_chat`
",
        );
    }

    #[test]
    fn an_unclear_one_is_only_told() {
        fires(
            &UNKNOWN_API_MODE,
            "\
--- config.yaml
custom_providers:
  - {name: a, base_url: 'http://h/v1', api_mode: grpc}
                                                 ^^^^ PC511
",
        );
    }

    #[test]
    fn modes_that_there_are() {
        silent(
            &UNKNOWN_API_MODE,
            "\
--- config.yaml
model: {provider: custom, base_url: 'http://h/v1', api_mode: ' Codex_Responses '}
providers:
  a: {base_url: 'http://h/v1', transport: openai_chat}
  b: {base_url: 'http://h/v1', api_mode: '', models: {x: {api_mode: y}}}
delegation: {api_mode: ''}
",
        );
    }

    #[test]
    fn then_the_protocol_that_is_meant_is_spoken() {
        fires(
            &UNKNOWN_API_MODE,
            "\
--- config.yaml
model: {provider: 'custom:lab', default: m}
custom_providers:
- {name: lab, base_url: 'https://api.example.com/v1', key_env: LAB_KEY, api_mode: responses}
                                                                                  ^^^^^^^^^ PC511
--- .env
LAB_KEY=sk-fake-lab-000000
--- fixed config.yaml
model: {provider: 'custom:lab', default: m}
custom_providers:
- {name: lab, base_url: 'https://api.example.com/v1', key_env: LAB_KEY, api_mode: codex_responses}
--- then
mode: codex_responses
nothing is found
",
        );
    }

    /// Asked: since 0.18.2 `model.api_mode: codex_responses` comes to `chat_completions` for an endpoint whose address does
    /// not say that it speaks it (`distrusts_responses_for_custom`).
    #[test]
    fn a_mode_that_is_not_believed_under_model() {
        fires(
            &UNKNOWN_API_MODE,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: 'https://api.example.com/v1', api_mode: responses}
                                                                                        ^^^^^^^^^ PC511
--- says
Describe the endpoint under `custom_providers`
",
        );
        fires(
            &UNKNOWN_API_MODE,
            "\
--- release 0.17.0
--- config.yaml
model: {provider: custom, default: m, base_url: 'https://api.example.com/v1', api_mode: responses}
                                                                                        ^^^^^^^^^ PC511
--- fixed config.yaml
model: {provider: custom, default: m, base_url: 'https://api.example.com/v1', api_mode: codex_responses}
--- then
mode: codex_responses
nothing is found
",
        );
    }
}
