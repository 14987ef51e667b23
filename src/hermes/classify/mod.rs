//! `agent/error_classifier.py`: what kind of failure an error of a provider is, and what the agent does about it.

mod patterns;

use super::{Outcome, Stop};
use crate::json::{self, JsonError};
use crate::python::{Dict, Int, Value, lower, strip, to_str};
use crate::text::SourceKind;

/// What is known of an exception that a request raised: one of no class that the real program knows, as the
/// clients of providers raise for an answer with an error status.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Classified {
    const fn retry(reason: &'static str) -> Self {
        Self { reason, retryable: true, compress: false, rotate: false, fallback: false }
    }

    const fn stop(reason: &'static str) -> Self {
        Self { retryable: false, ..Self::retry(reason) }
    }

    const fn compressing(self) -> Self {
        Self { compress: true, ..self }
    }

    const fn rotating(self) -> Self {
        Self { rotate: true, ..self }
    }

    const fn falling_back(self) -> Self {
        Self { fallback: true, ..self }
    }
}

const AUTH: Classified = Classified::stop("auth").rotating().falling_back();
const AUTH_WITHOUT_ROTATION: Classified = Classified::stop("auth").falling_back();
const BILLING: Classified = Classified::stop("billing").rotating().falling_back();
const RATE_LIMIT: Classified = Classified::retry("rate_limit").rotating().falling_back();
const RATE_LIMIT_BY_CODE: Classified = Classified::retry("rate_limit").rotating();
const UPSTREAM_RATE_LIMIT: Classified = Classified::retry("upstream_rate_limit").falling_back();
const OVERLOADED: Classified = Classified::retry("overloaded");
const SERVER_ERROR: Classified = Classified::retry("server_error");
const TIMEOUT: Classified = Classified::retry("timeout");
const SSL_CERT: Classified = Classified::stop("ssl_cert_verification");
const CONTEXT_OVERFLOW: Classified = Classified::retry("context_overflow").compressing();
const PAYLOAD_TOO_LARGE: Classified = Classified::retry("payload_too_large").compressing();
const IMAGE_TOO_LARGE: Classified = Classified::retry("image_too_large");
const MODEL_NOT_FOUND: Classified = Classified::stop("model_not_found").falling_back();
const POLICY_BLOCKED: Classified = Classified::stop("provider_policy_blocked");
const CONTENT_BLOCKED: Classified = Classified::stop("content_policy_blocked").falling_back();
const FORMAT_ERROR: Classified = Classified::stop("format_error").falling_back();
const ENCRYPTED_CONTENT: Classified = Classified::retry("invalid_encrypted_content");
const MULTIMODAL: Classified = Classified::retry("multimodal_tool_content_unsupported");
const THINKING_SIGNATURE: Classified = Classified::retry("thinking_signature");
const LONG_CONTEXT_TIER: Classified = Classified::retry("long_context_tier").compressing();
const LONG_CONTEXT_BETA: Classified = Classified::retry("oauth_long_context_beta_forbidden");
const GRAMMAR: Classified = Classified::retry("llama_cpp_grammar_pattern");
const UNKNOWN: Classified = Classified::retry("unknown");

/// A table of phrases and what one of them means; of several tables the first with a match counts.
type Phrases = (&'static [&'static str], Classified);

/// What a 400 may say, behind what is told by more than phrases and before.
const OF_400: &[Phrases] = &[
    (patterns::EMPTY_PROVIDER_RESPONSE, SERVER_ERROR),
    (patterns::CONTEXT_OVERFLOW, CONTEXT_OVERFLOW),
    (patterns::PROVIDER_POLICY_BLOCKED, POLICY_BLOCKED),
    (patterns::MODEL_NOT_FOUND, MODEL_NOT_FOUND),
    (patterns::RATE_LIMIT, RATE_LIMIT),
    (patterns::BILLING, BILLING),
];

/// What a 404 may say.
const OF_404: &[Phrases] = &[
    (patterns::BILLING, BILLING),
    (patterns::PROVIDER_POLICY_BLOCKED, POLICY_BLOCKED),
    (patterns::MODEL_NOT_FOUND, MODEL_NOT_FOUND),
];

/// What a 500, 502, 503 or 529 may say.
const OF_5XX: &[Phrases] =
    &[(patterns::EMPTY_PROVIDER_RESPONSE, SERVER_ERROR), (patterns::CONTEXT_OVERFLOW, CONTEXT_OVERFLOW)];

/// What a message without a telling status may say, before the usage limits.
const OF_MESSAGE_FIRST: &[Phrases] = &[
    (patterns::PAYLOAD_TOO_LARGE, PAYLOAD_TOO_LARGE),
    (patterns::MULTIMODAL_TOOL_CONTENT, MULTIMODAL),
    (patterns::IMAGE_TOO_LARGE, IMAGE_TOO_LARGE),
];

/// What it may say behind them.
const OF_MESSAGE: &[Phrases] = &[
    (patterns::OVERLOADED, OVERLOADED),
    (patterns::BILLING, BILLING),
    (patterns::RATE_LIMIT, RATE_LIMIT),
    (patterns::EMPTY_PROVIDER_RESPONSE, SERVER_ERROR),
    (patterns::CONTEXT_OVERFLOW, CONTEXT_OVERFLOW),
    (patterns::AUTH, AUTH),
    (patterns::PROVIDER_POLICY_BLOCKED, POLICY_BLOCKED),
    (patterns::MODEL_NOT_FOUND, MODEL_NOT_FOUND),
    (patterns::TIMEOUT_MESSAGE, TIMEOUT),
    (patterns::SSL_CERT_VERIFY, SSL_CERT),
    (patterns::SSL_TRANSIENT, TIMEOUT),
];

fn any(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| text.contains(phrase))
}

fn first(text: &str, tables: &[Phrases]) -> Option<Classified> {
    tables.iter().find(|(phrases, _)| any(text, phrases)).map(|(_, found)| *found)
}

/// Whether `reason` is the value of a `FailoverReason`.
pub fn is_failover_reason(reason: &str) -> bool {
    patterns::REASONS.contains(&reason)
}

/// `classify_api_error(error, provider=…, model=…)` of a conversation of no known length.
///
/// # Errors
/// What the real function raises: it reads JSON inside the body, which may be nested too deep or hold too long a number.
///
/// ```
/// use poolcheck::hermes::classify::{ApiError, classify_api_error};
/// use poolcheck::python::Value;
/// let error = ApiError {
///     status: Value::int(429),
///     message: "Error code: 429".to_owned(),
///     body: Value::None,
///     provider: "gemini".to_owned(),
///     model: String::new(),
/// };
/// let found = classify_api_error(&error).unwrap();
/// assert_eq!((found.reason, found.retryable, found.rotate), ("rate_limit", true, true));
/// ```
pub fn classify_api_error(error: &ApiError) -> Outcome<Classified> {
    let empty = Dict::new();
    let body = error.body.as_dict().unwrap_or(&empty);
    let status = status_code(&error.status);
    let code = lower(&error_code(body)?);
    let text = error_text(&error.message, body)?;
    let provider = lower(strip(&error.provider));

    if let Some(found) = special(status, &text) {
        return Ok(found);
    }
    let by_status = match status {
        Some(status) => by_status(status, &text, &code, body, &provider)?,
        None => None,
    };
    Ok(by_status.or_else(|| by_code(&code)).or_else(|| by_message(&text)).unwrap_or_else(|| {
        // With a status the real program does not take a lost connection for one.
        let disconnected = status.is_none_or(|status| status == 0) && any(&text, patterns::SERVER_DISCONNECT);
        if disconnected { TIMEOUT } else { UNKNOWN }
    }))
}

/// `_extract_status_code`: only an `int` counts, and `bool` is one. A number too large to hold means no more
/// than any other that is no status.
fn status_code(status: &Value) -> Option<i64> {
    match status {
        Value::Bool(flag) => Some(i64::from(*flag)),
        Value::Int(Int::Small(code)) => Some(*code),
        Value::Int(Int::Big(_)) => Some(i64::MAX),
        _ => None,
    }
}

/// What is told before the status is looked at.
fn special(status: Option<i64>, text: &str) -> Option<Classified> {
    let has = |phrase: &str| text.contains(phrase);
    if any(text, patterns::CONTENT_POLICY_BLOCKED) {
        return Some(CONTENT_BLOCKED);
    }
    if status == Some(400) {
        let thinking = ["signature", "cannot be modified", "must remain as they were"];
        if has("thinking") && any(text, &thinking) {
            return Some(THINKING_SIGNATURE);
        }
        if has("long context beta") && has("not yet available") {
            return Some(LONG_CONTEXT_BETA);
        }
        if any(text, &["error parsing grammar", "json-schema-to-grammar"])
            || has("unable to generate parser") && has("template")
        {
            return Some(GRAMMAR);
        }
    }
    if status == Some(429) && has("extra usage") && has("long context") {
        return Some(LONG_CONTEXT_TIER);
    }
    // xAI says this with a 403 or in a stream without any status.
    let no_subscription =
        has("do not have an active grok subscription") || has("out of available resources") && has("grok");
    no_subscription.then_some(AUTH_WITHOUT_ROTATION)
}

/// `_classify_by_status`.
fn by_status(
    status: i64,
    text: &str,
    code: &str,
    body: &Dict,
    provider: &str,
) -> Outcome<Option<Classified>> {
    Ok(Some(match status {
        401 => AUTH,
        403 => {
            let limit = provider == "xai-oauth" && code == patterns::XAI_SPENDING_LIMIT;
            let says_so =
                any(text, &["key limit exceeded", "spending limit"]) || any(text, patterns::BILLING);
            if limit || says_so { BILLING } else { AUTH_WITHOUT_ROTATION }
        }
        402 if any(text, patterns::USAGE_LIMIT) && any(text, patterns::USAGE_LIMIT_TRANSIENT_SIGNALS) => {
            RATE_LIMIT
        }
        402 => BILLING,
        // A 404 that says nothing may be a wrong path as well as a wrong model.
        404 => first(text, OF_404).unwrap_or(UNKNOWN),
        413 => PAYLOAD_TOO_LARGE,
        429 if any(text, patterns::OVERLOADED) => OVERLOADED,
        429 if is_upstream_error(body, provider)? => UPSTREAM_RATE_LIMIT,
        429 => RATE_LIMIT,
        400 => of_400(text, code),
        500 | 502 => {
            let invalid =
                ["invalid_request_error", "unknown_parameter", "unsupported_parameter"].contains(&code);
            if any(text, patterns::REQUEST_VALIDATION) || invalid {
                FORMAT_ERROR
            } else {
                first(text, OF_5XX).unwrap_or(SERVER_ERROR)
            }
        }
        503 | 529 => first(text, OF_5XX).unwrap_or(OVERLOADED),
        408 => TIMEOUT,
        _ if (400..500).contains(&status) => FORMAT_ERROR,
        _ if (500..600).contains(&status) => SERVER_ERROR,
        _ => return Ok(None),
    }))
}

/// `_classify_400`.
fn of_400(text: &str, code: &str) -> Classified {
    let has = |phrase: &str| text.contains(phrase);
    if any(text, patterns::MULTIMODAL_TOOL_CONTENT) {
        return MULTIMODAL;
    }
    if any(text, patterns::IMAGE_TOO_LARGE) {
        return IMAGE_TOO_LARGE;
    }
    if code == "invalid_encrypted_content"
        || has("invalid_encrypted_content")
        || has("encrypted content for item") && has("could not be verified")
        || has("could not decrypt the provided encrypted_content")
    {
        return ENCRYPTED_CONTENT;
    }
    // OpenAI gives the code `invalid_request_error` to a context that is too long, too.
    let mut validation =
        patterns::REQUEST_VALIDATION.iter().filter(|phrase| **phrase != "invalid_request_error");
    if validation.any(|phrase| has(phrase)) || ["unknown_parameter", "unsupported_parameter"].contains(&code)
    {
        return FORMAT_ERROR;
    }
    first(text, OF_400).unwrap_or(FORMAT_ERROR)
}

/// `_classify_by_error_code`.
fn by_code(code: &str) -> Option<Classified> {
    Some(match code {
        "resource_exhausted" | "throttled" | "rate_limit_exceeded" => RATE_LIMIT_BY_CODE,
        _ if patterns::BILLING_CODES.contains(&code) => BILLING,
        "model_not_found" | "model_not_available" | "invalid_model" => MODEL_NOT_FOUND,
        "context_length_exceeded" | "max_tokens_exceeded" => CONTEXT_OVERFLOW,
        "invalid_encrypted_content" => ENCRYPTED_CONTENT,
        _ => return None,
    })
}

/// `_classify_by_message`, and the certificate and TLS phrases behind it.
fn by_message(text: &str) -> Option<Classified> {
    let usage_limit = || {
        any(text, patterns::USAGE_LIMIT)
            .then(|| if any(text, patterns::USAGE_LIMIT_TRANSIENT_SIGNALS) { RATE_LIMIT } else { BILLING })
    };
    first(text, OF_MESSAGE_FIRST).or_else(usage_limit).or_else(|| first(text, OF_MESSAGE))
}

/// `body.get("error", {})`, where that is a `dict`. A body without it counts as one with an empty `dict`.
fn error_object(body: &Dict) -> Option<&Dict> {
    body.get("error").and_then(|error| error.value.as_dict())
}

fn field<'d>(dict: &'d Dict, name: &str) -> &'d Value {
    dict.get(name).map_or(&Value::None, |node| &node.value)
}

/// `dict.get(first) or dict.get(second) or ""`.
fn first_true<'d>(dict: &'d Dict, first: &str, second: &str) -> &'d Value {
    [first, second]
        .into_iter()
        .map(|name| field(dict, name))
        .find(|value| value.is_true())
        .unwrap_or(&Value::None)
}

/// `str(value or "").lower()`.
fn lower_text(value: &Value) -> Outcome<String> {
    if !value.is_true() {
        return Ok(String::new());
    }
    to_str(value).map(|text| lower(&text)).ok_or_else(|| Stop::not_modelled("the text of a message"))
}

/// A code that is worth something: `400` says no more than the status.
fn telling(code: &str) -> Option<String> {
    Some(strip(code)).filter(|code| !code.is_empty() && *code != "400").map(str::to_owned)
}

/// The code of an error object: a `str` only.
fn nested_code(error: &Dict) -> Option<String> {
    first_true(error, "code", "type").as_str().and_then(telling)
}

/// The code at the top of a body: a `str` or an `int`, and `bool` is one.
fn top_code(body: &Dict) -> Option<String> {
    match first_true(body, "code", "error_code") {
        code @ (Value::Str(_) | Value::Int(_) | Value::Bool(_)) => telling(&to_str(code)?),
        _ => None,
    }
}

/// `json.loads(text)` with `except (JSONDecodeError, TypeError)`: the other errors pass.
fn loads(text: &str) -> Outcome<Option<Value>> {
    match json::load(text, SourceKind::Listing) {
        Ok(loaded) => Ok(Some(loaded.root.value)),
        Err(JsonError::Syntax { .. }) => Ok(None),
        Err(error) => Err(match error.kind() {
            Some(kind) => Stop::raised(kind, error.text()),
            None => Stop::not_modelled(error.text()),
        }),
    }
}

/// `_extract_error_code`.
fn error_code(body: &Dict) -> Outcome<String> {
    if let Some(error) = error_object(body) {
        if let Some(code) = nested_code(error) {
            return Ok(code);
        }
        // Some providers put the whole error as JSON into the message.
        if let Some(message) = field(error, "message").as_str()
            && strip(message).starts_with('{')
            && let Some(Value::Dict(inner)) = loads(message)?
            && let Some(code) = error_object(&inner).and_then(nested_code).or_else(|| top_code(&inner))
        {
            return Ok(code);
        }
    }
    Ok(top_code(body).unwrap_or_default())
}

/// The text that phrases are looked for in: the exception's, the body's, and that of the error which OpenRouter
/// wraps into `metadata.raw`.
fn error_text(message: &str, body: &Dict) -> Outcome<String> {
    let raw = lower(message);
    let mut of_body = String::new();
    let mut of_metadata = String::new();
    if let Some(error) = error_object(body) {
        of_body = lower_text(field(error, "message"))?;
        if let Some(wrapped) = field(error, "metadata").as_dict().and_then(|data| field(data, "raw").as_str())
            && !strip(wrapped).is_empty()
            && let Some(Value::Dict(inner)) = loads(wrapped)?
            && let Some(inner) = error_object(&inner)
        {
            of_metadata = lower_text(field(inner, "message"))?;
        }
    }
    if of_body.is_empty() {
        of_body = lower_text(field(body, "message"))?;
    }
    let mut text = raw.clone();
    for (part, known) in [(&of_body, ""), (&of_metadata, of_body.as_str())] {
        if !part.is_empty() && !raw.contains(part.as_str()) && !known.contains(part.as_str()) {
            text.push(' ');
            text.push_str(part);
        }
    }
    Ok(text)
}

/// `_is_openrouter_upstream_error`: an aggregator passes on what a model's provider said; the key is good.
fn is_upstream_error(body: &Dict, provider: &str) -> Outcome<bool> {
    let Some(error) = error_object(body) else { return Ok(false) };
    if strip(&lower_text(field(error, "message"))?) != "provider returned error" {
        return Ok(false);
    }
    let metadata = field(error, "metadata").as_dict();
    Ok(provider == "openrouter" || metadata.is_some_and(|data| data.has("raw") || data.has("provider_name")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::Node;

    fn classified(status: i64, message: &str, body: &str) -> &'static str {
        let body = match body {
            "" => Value::None,
            text => json::load(text, SourceKind::Listing).unwrap().root.value,
        };
        let error = ApiError {
            status: if status == 0 { Value::None } else { Value::int(status) },
            message: message.to_owned(),
            body,
            provider: "openrouter".to_owned(),
            model: String::new(),
        };
        classify_api_error(&error).unwrap().reason
    }

    // What the real program's `classify_api_error` says of the same errors.
    #[test]
    fn statuses() {
        let cases = [
            (401, "auth"),
            (402, "billing"),
            (403, "auth"),
            (404, "unknown"),
            (408, "timeout"),
            (413, "payload_too_large"),
            (418, "format_error"),
            (429, "rate_limit"),
            (500, "server_error"),
            (503, "overloaded"),
            (599, "server_error"),
            (302, "unknown"),
        ];
        for (status, reason) in cases {
            assert_eq!(classified(status, "it failed", ""), reason, "{status}");
        }
    }

    #[test]
    fn words_go_before_the_status() {
        assert_eq!(classified(402, "Usage limit reached, try again in 5 minutes", ""), "rate_limit");
        assert_eq!(classified(403, "Key limit exceeded", ""), "billing");
        assert_eq!(classified(429, "the server is overloaded", ""), "overloaded");
        assert_eq!(classified(400, "API key not valid. Please pass a valid API key.", ""), "format_error");
        assert_eq!(classified(0, "Connection reset by peer", ""), "timeout");
        assert_eq!(classified(600, "Connection reset by peer", ""), "unknown");
    }

    #[test]
    fn wrapped_errors() {
        let upstream = r#"{"error": {"message": "Provider returned error", "metadata": {"raw": "x"}}}"#;
        assert_eq!(classified(429, "Error", upstream), "upstream_rate_limit");
        let wrapped = r#"{"error": {"message": "{\"error\": {\"code\": \"insufficient_quota\"}}"}}"#;
        assert_eq!(classified(0, "Error", wrapped), "billing");
        let raw = r#"{"error": {"message": "e", "metadata": {"raw": "{\"error\": {\"message\": \"Prompt is too long\"}}"}}}"#;
        assert_eq!(classified(400, "Error", raw), "context_overflow");
    }

    #[test]
    fn too_deep_a_message_raises() {
        let mut error = Dict::new();
        error.set("message", Value::str("{\"a\":".repeat(5000)));
        let mut body = Dict::new();
        body.set("error", Node::made(Value::dict(error)));
        let error = ApiError {
            status: Value::None,
            message: String::new(),
            body: Value::dict(body),
            provider: String::new(),
            model: String::new(),
        };
        assert!(
            matches!(classify_api_error(&error), Err(stop) if stop.exception().is_some_and(|raised| raised.kind == "RecursionError"))
        );
    }
}
