//! `agent/error_classifier.py`: what kind of failure an error of a provider is.

use super::{Outcome, Stop};
use crate::python::Value;

/// What is known of an exception that a request raised.
#[derive(Clone, Debug)]
pub struct ApiError {
    /// `status_code`, where it has one.
    pub status: Value,
    /// `str(error)`.
    pub message: String,
    /// `body`, where it has one.
    pub body: Value,
    /// The agent's provider.
    pub provider: String,
    /// The agent's model.
    pub model: String,
}

/// What `classify_api_error` returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classified {
    /// `FailoverReason`'s value.
    pub reason: &'static str,
    /// `retryable`.
    pub retryable: bool,
    /// `should_compress`.
    pub compress: bool,
    /// `should_rotate_credential`.
    pub rotate: bool,
    /// `should_fallback`.
    pub fallback: bool,
}

/// `classify_api_error(error, provider=…, model=…)`.
///
/// # Errors
/// What the real function raises.
pub fn classify_api_error(error: &ApiError) -> Outcome<Classified> {
    let _ = error;
    Err(Stop::not_modelled("classify_api_error"))
}
