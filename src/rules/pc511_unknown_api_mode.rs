//! PC511: an `api_mode` that Hermes does not have.

use super::lines::name_at;
use super::settings::settings;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::python::{is_alphanumeric, lower, strip};
use crate::text::Search;

declare_rule! {
    /// `api_mode` is one of `chat_completions`, `codex_responses`, `anthropic_messages`, `bedrock_converse` and
    /// `codex_app_server`. Any other value is passed over without a word, and Hermes goes by the endpoint, which as a
    /// rule means `chat_completions`.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: custom
    ///   base_url: https://api.example.com/v1
    ///   api_mode: responses
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: custom
    ///   base_url: https://api.example.com/v1
    ///   api_mode: codex_responses
    /// ```
    pub static UNKNOWN_API_MODE = {
        code: "PC511", name: "unknown-api-mode", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "Hermes has no `api_mode` `{mode}`",
        why: "A mode that Hermes does not know is passed over without a word; it then goes by the endpoint.",
        todo: "Write one of `chat_completions`, `codex_responses`, `anthropic_messages`, `bedrock_converse`, `codex_app_server`, or delete the line.",
        fix_title: "Write `{meant}`",
    }
}

/// What else people write, and the mode that they mean.
const MEANT: [(&str, &str); 8] = [
    ("chat", "chat_completions"),
    ("openai", "chat_completions"),
    ("completions", "chat_completions"),
    ("responses", "codex_responses"),
    ("openairesponses", "codex_responses"),
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
    for setting in &settings(context) {
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
        findings
            .report(&UNKNOWN_API_MODE, place)
            .with("mode", mode.as_str())
            .with("meant", meant.unwrap_or_default());
        if let Some(meant) = meant.filter(|_| name_at(context.config_text(), place) == mode) {
            findings.replace(place, meant);
        }
    }
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
}
