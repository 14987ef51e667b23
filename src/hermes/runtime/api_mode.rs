//! How requests are written: the `api_mode` that Hermes reads from config.yaml or takes from the endpoint or
//! the model (`hermes_cli/runtime_provider.py`, `hermes_cli/models.py`).

use super::model_config::ModelConfig;
use crate::base::text::Search;
use crate::facts::behaviour::Behaviour;
use crate::hermes::urls::{base_url_hostname, no_url};
use crate::hermes::{Outcome, Stop};
use crate::python::{Value, lower, strip, urlparse};

/// OpenAI's own API and the one that everybody has copied.
pub(super) const CHAT_COMPLETIONS: &str = "chat_completions";
/// OpenAI's newer API.
pub(super) const CODEX_RESPONSES: &str = "codex_responses";
/// Anthropic's API.
pub(in crate::hermes) const ANTHROPIC_MESSAGES: &str = "anthropic_messages";
/// AWS's API.
pub(in crate::hermes) const BEDROCK_CONVERSE: &str = "bedrock_converse";
/// A turn that Codex runs as a program of its own.
const CODEX_APP_SERVER: &str = "codex_app_server";

const VALID: [&str; 5] =
    [CHAT_COMPLETIONS, CODEX_RESPONSES, ANTHROPIC_MESSAGES, BEDROCK_CONVERSE, CODEX_APP_SERVER];

/// The providers that say what API they speak, where the endpoint does not; what they say was not read.
const DECLARED: [&str; 3] = ["minimax", "minimax-cn", "openai-api"];

/// `_parse_api_mode(raw)`: a known mode in any case, else `None`.
pub(super) fn parse_api_mode(raw: &Value) -> Option<&'static str> {
    let said = lower(strip(raw.as_str()?));
    VALID.into_iter().find(|mode| *mode == said)
}

/// `_detect_api_mode_for_url(base_url)`: the mode that an endpoint gives away, if any.
///
/// # Errors
/// `ValueError` where `urlparse` raises it.
pub(super) fn detect_api_mode(behaviour: &Behaviour, base_url: &str) -> Outcome<Option<&'static str>> {
    let normalized = lower(strip(base_url)).trim_end_matches('/').to_owned();
    let host = base_url_hostname(base_url)?;
    match host.as_str() {
        "api.x.ai" | "api.openai.com" => return Ok(Some(CODEX_RESPONSES)),
        "api.anthropic.com" if behaviour.knows_anthropic_host => return Ok(Some(ANTHROPIC_MESSAGES)),
        _ => {}
    }
    if !behaviour.reads_endpoint_paths {
        let speaks_anthropic =
            normalized.ends_with("/anthropic") || (host == "api.kimi.com" && normalized.holds("/coding"));
        return Ok(speaks_anthropic.then_some(ANTHROPIC_MESSAGES));
    }
    let path = urlparse(&normalized).ok_or_else(no_url)?.path;
    let path = path.trim_end_matches('/');
    let speaks_anthropic = path.ends_with("/anthropic")
        || path.ends_with("/anthropic/v1")
        || (host == "api.kimi.com" && normalized.holds("/coding"));
    Ok(speaks_anthropic.then_some(ANTHROPIC_MESSAGES))
}

/// [`detect_api_mode`], else `chat_completions`.
pub(super) fn api_mode_of_url(behaviour: &Behaviour, base_url: &str) -> Outcome<&'static str> {
    Ok(detect_api_mode(behaviour, base_url)?.unwrap_or(CHAT_COMPLETIONS))
}

/// `_provider_supports_explicit_api_mode(provider, configured)`: whether `model.api_mode` speaks of `provider`.
pub(super) fn is_mode_of(provider: &str, configured: &str) -> bool {
    match provider {
        _ if configured.is_empty() => true,
        "custom" => configured == "custom" || configured.starts_with("custom:"),
        _ => configured == provider,
    }
}

/// The mode of an API-key provider: that of the model for OpenCode, else `model.api_mode` if it is meant for
/// this provider, else what the endpoint gives away.
pub(super) fn api_mode_of_provider(
    provider: &str,
    base_url: &str,
    model: &ModelConfig,
    target_model: Option<&str>,
) -> Outcome<&'static str> {
    let configured = model.provider()?;
    let mode = parse_api_mode(model.get("api_mode"));
    if is_opencode(provider) {
        return opencode_api_mode(model.behaviour(), provider, &model.effective(target_model)?);
    }
    match mode.filter(|_| is_mode_of(provider, &configured)) {
        Some(mode) => Ok(mode),
        None => match detect_api_mode(model.behaviour(), base_url)? {
            Some(mode) => Ok(mode),
            None if model.behaviour().providers_declare_modes && DECLARED.contains(&provider) => {
                Err(Stop::not_modelled(format!("the API that {provider} is declared to speak")))
            }
            None => Ok(CHAT_COMPLETIONS),
        },
    }
}

/// `_resolve_plain_custom_api_mode(model, base_url)`: `codex_responses` is not believed for other endpoints.
pub(super) fn api_mode_of_custom(model: &ModelConfig, base_url: &str) -> Outcome<&'static str> {
    let behaviour = model.behaviour();
    let detected = detect_api_mode(behaviour, base_url)?;
    let believes = !behaviour.distrusts_responses_for_custom;
    let configured = parse_api_mode(model.get("api_mode"))
        .filter(|mode| believes || *mode != CODEX_RESPONSES || detected == Some(CODEX_RESPONSES));
    Ok(configured.or(detected).unwrap_or(CHAT_COMPLETIONS))
}

/// Whether `provider` is one of the two whose models differ in their API.
pub(in crate::hermes) fn is_opencode(provider: &str) -> bool {
    matches!(provider, "opencode-zen" | "opencode-go")
}

/// `opencode_model_api_mode(provider, model)`.
pub(in crate::hermes) fn opencode_api_mode(
    behaviour: &Behaviour,
    provider: &str,
    model: &str,
) -> Outcome<&'static str> {
    let model = lower(strip(model));
    let model = model.strip_prefix(provider).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&model);
    let is_qwen = behaviour.opencode_qwen_speaks_anthropic && model.starts_with("qwen")
        || behaviour.opencode_go_knows_qwen_max
            && provider == "opencode-go"
            && model.starts_with("qwen3.7-max");
    Ok(match provider {
        _ if is_qwen => ANTHROPIC_MESSAGES,
        "opencode-go" if model.starts_with("minimax-") => ANTHROPIC_MESSAGES,
        "opencode-zen" if model.starts_with("claude-") => ANTHROPIC_MESSAGES,
        "opencode-zen" if model.starts_with("gpt-") => CODEX_RESPONSES,
        _ => CHAT_COMPLETIONS,
    })
}

/// `azure_foundry_model_api_mode(model)`: `codex_responses` for the families that answer to nothing else there.
pub(super) fn azure_api_mode(model: &str) -> Option<&'static str> {
    let model = lower(strip(model));
    let name = model.rsplit('/').next().unwrap_or("");
    let families = ["codex", "gpt-5", "o1", "o3", "o4"];
    families.iter().any(|family| name.starts_with(family)).then_some(CODEX_RESPONSES)
}

/// `_maybe_apply_codex_app_server_runtime`: `model.openai_runtime: codex_app_server`, for OpenAI's own providers.
pub(super) fn with_codex_app_server(
    provider: &str,
    mode: &'static str,
    model: &ModelConfig,
) -> Outcome<&'static str> {
    let is_eligible = matches!(provider, "openai" | "openai-codex");
    let wants = is_eligible && lower(&model.said("openai_runtime")?) == CODEX_APP_SERVER;
    Ok(if wants { CODEX_APP_SERVER } else { mode })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;

    fn newest() -> &'static Behaviour {
        &Facts::newest().unwrap().behaviour
    }

    /// Expected values are those of `_detect_api_mode_for_url` of 0.19.0.
    #[test]
    fn endpoints_give_their_mode_away() {
        let cases = [
            ("https://api.openai.com/v1", Some(CODEX_RESPONSES)),
            ("api.x.ai", Some(CODEX_RESPONSES)),
            ("https://api.anthropic.com.evil.test/v1", None),
            ("https://api.minimax.io/anthropic", Some(ANTHROPIC_MESSAGES)),
            ("https://proxy.test/Anthropic/v1/", Some(ANTHROPIC_MESSAGES)),
            ("https://proxy.test/anthropic?x", Some(ANTHROPIC_MESSAGES)),
            ("https://proxy.test/anthropic/v2", None),
            ("https://api.kimi.com/coding", Some(ANTHROPIC_MESSAGES)),
            ("https://api.kimi.com/v1?/coding", Some(ANTHROPIC_MESSAGES)),
            ("", None),
        ];
        for (url, mode) in cases {
            assert_eq!(detect_api_mode(newest(), url), Ok(mode), "{url}");
        }
        assert!(detect_api_mode(newest(), "https://[x").is_err());
    }

    /// Expected values are those of `opencode_model_api_mode` and `azure_foundry_model_api_mode` of 0.19.0.
    #[test]
    fn models_give_their_mode_away() {
        let cases = [
            ("opencode-zen", "opencode-zen/Claude-sonnet", ANTHROPIC_MESSAGES),
            ("opencode-zen", "opencode-go/claude-sonnet", CHAT_COMPLETIONS),
            ("opencode-zen", "gpt-5", CODEX_RESPONSES),
            ("opencode-go", "gpt-5", CHAT_COMPLETIONS),
            ("opencode-go", " minimax-m2 ", ANTHROPIC_MESSAGES),
            ("opencode-go", "", CHAT_COMPLETIONS),
        ];
        for (provider, model, mode) in cases {
            assert_eq!(opencode_api_mode(newest(), provider, model), Ok(mode), "{provider} {model}");
        }
        assert_eq!(azure_api_mode("OpenAI/GPT-5.1"), Some(CODEX_RESPONSES));
        assert_eq!(azure_api_mode("gpt-4o"), None);
    }

    #[test]
    fn the_modes_are_those_of_the_release() {
        let facts = crate::facts::Facts::newest().unwrap();
        assert!(VALID.iter().all(|mode| facts.api_modes.contains(mode)));
        assert_eq!(VALID.len(), facts.api_modes.len());
    }

    #[test]
    fn a_mode_is_known_in_any_case() {
        assert_eq!(parse_api_mode(&Value::str(" Codex_Responses ")), Some(CODEX_RESPONSES));
        assert_eq!(parse_api_mode(&Value::str("responses")), None);
        assert_eq!(parse_api_mode(&Value::int(1)), None);
    }
}
