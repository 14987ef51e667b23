//! GitHub Copilot, as far as it can be told without GitHub's command line and servers.

use super::api_mode::{CHAT_COMPLETIONS, is_mode_of, parse_api_mode};
use super::model_config::ModelConfig;
use crate::hermes::{Outcome, Stop};

/// `_copilot_runtime_api_mode(model, key)`.
///
/// # Errors
/// [`Stop::not_modelled`] where GitHub's catalog of models decides.
pub(super) fn api_mode(model: &ModelConfig) -> Outcome<&'static str> {
    let configured = model.provider()?;
    match parse_api_mode(model.get("api_mode")).filter(|_| is_mode_of("copilot", &configured)) {
        Some(mode) => Ok(mode),
        None if model.said("default")?.is_empty() => Ok(CHAT_COMPLETIONS),
        None => Err(Stop::not_modelled("GitHub's catalog of models")),
    }
}
