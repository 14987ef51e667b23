//! `agent/error_classifier.py`: what kind of failure an error of a provider is, and what the agent does about it.

use super::{Outcome, Stop};
use crate::base::sources::SourceKind;
use crate::base::text::Search;
use crate::facts::behaviour::Behaviour;
use crate::facts::{ErrorFacts, Facts, Standing};
use crate::json::{self, JsonError};
use crate::python::{Dict, Int, Value, lower, strip, to_str};

/// What is known of an exception that a request raised.
#[derive(Clone, Debug)]
pub struct ApiError {
    /// The name of its class, `type(error).__name__`; empty for one of no class that the real program knows.
    pub class: String,
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

/// A table of phrases, by its name in [`ErrorFacts::phrases`], and what one of them means; of several tables the
/// first with a match counts.
type Phrases = (&'static str, Classified);

/// What a 400 may say, behind what is told by more than phrases and before.
const OF_400: &[Phrases] = &[
    ("empty_provider_response", SERVER_ERROR),
    ("context_overflow", CONTEXT_OVERFLOW),
    ("provider_policy_blocked", POLICY_BLOCKED),
    ("model_not_found", MODEL_NOT_FOUND),
    ("rate_limit", RATE_LIMIT),
    ("billing", BILLING),
];

/// What a 404 may say.
const OF_404: &[Phrases] =
    &[("provider_policy_blocked", POLICY_BLOCKED), ("model_not_found", MODEL_NOT_FOUND)];

/// What a 500, 502, 503 or 529 may say.
const OF_5XX: &[Phrases] =
    &[("empty_provider_response", SERVER_ERROR), ("context_overflow", CONTEXT_OVERFLOW)];

/// What a message without a telling status may say, before the usage limits.
const OF_MESSAGE_FIRST: &[Phrases] = &[
    ("payload_too_large", PAYLOAD_TOO_LARGE),
    ("multimodal_tool_content", MULTIMODAL),
    ("image_too_large", IMAGE_TOO_LARGE),
];

/// What it may say behind them.
const OF_MESSAGE: &[Phrases] = &[
    ("overloaded", OVERLOADED),
    ("billing", BILLING),
    ("rate_limit", RATE_LIMIT),
    ("empty_provider_response", SERVER_ERROR),
    ("context_overflow", CONTEXT_OVERFLOW),
    ("auth", AUTH),
    ("provider_policy_blocked", POLICY_BLOCKED),
    ("model_not_found", MODEL_NOT_FOUND),
    ("timeout_message", TIMEOUT),
    ("ssl_cert_verify", SSL_CERT),
    ("ssl_transient", TIMEOUT),
];

/// Codes of a body that say that the request itself is wrong.
const REQUEST_CODES: [&str; 2] = ["unknown_parameter", "unsupported_parameter"];

/// `_TRANSPORT_ERROR_TYPES`, and the classes of Python below `OSError` that a connection raises.
const TRANSPORT_CLASSES: [&str; 22] = [
    "APIConnectionError",
    "APITimeoutError",
    "BrokenPipeError",
    "ConnectError",
    "ConnectTimeout",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "OSError",
    "PoolTimeout",
    "ReadError",
    "ReadTimeout",
    "RemoteProtocolError",
    "SSLEOFError",
    "SSLError",
    "SSLSyscallError",
    "SSLWantReadError",
    "SSLWantWriteError",
    "SSLZeroReturnError",
    "ServerDisconnectedError",
    "TimeoutError",
];

/// xAI's code for a spending limit.
const XAI_SPENDING_LIMIT: &str = "personal-team-blocked:spending-limit";

fn any(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| text.holds(phrase))
}

/// `classify_api_error(error, provider=…, model=…)` of a conversation of no known length.
///
/// # Errors
/// What the real function raises: it reads JSON inside the body, which may be nested too deep or hold too long a number.
///
/// ```
/// use poolcheck::facts::Facts;
/// use poolcheck::hermes::classify::{ApiError, classify_api_error};
/// use poolcheck::python::Value;
/// let error = ApiError {
///     class: String::new(),
///     status: Value::int(429),
///     message: "Error code: 429".to_owned(),
///     body: Value::None,
///     provider: "gemini".to_owned(),
///     model: String::new(),
/// };
/// let found = classify_api_error(Facts::newest().unwrap(), &error).unwrap();
/// assert_eq!((found.reason, found.retryable, found.rotate), ("rate_limit", true, true));
/// ```
pub fn classify_api_error(facts: &Facts, error: &ApiError) -> Outcome<Classified> {
    if facts.standing() == Standing::Read {
        // What is billing, what a firewall says and what plugins tell is known; the phrases and their order are not.
        return Err(Stop::not_modelled(format!("the phrases of errors in {}", facts.release)));
    }
    let empty = Dict::new();
    let body = error.body.as_dict().unwrap_or(&empty);
    let behaviour = facts.behaviour;
    let found = Failure {
        errors: &facts.errors,
        behaviour,
        status: status_code(&error.status).or_else(|| (error.class == "RateLimitError").then_some(429)),
        code: lower(&error_code(body, behaviour)?),
        text: error_text(&error.message, body)?,
        provider: lower(strip(&error.provider)),
        body,
    };
    if let Some(special) = found.special() {
        return Ok(special);
    }
    let by_status = match found.status {
        Some(status) => found.by_status(status)?,
        None => None,
    };
    Ok(by_status.or_else(|| found.by_code()).or_else(|| found.by_message()).unwrap_or_else(|| {
        // With a status the real program does not take a lost connection for one.
        let disconnected = found.status.is_none_or(|status| status == 0) && found.says("server_disconnect");
        let is_of_transport = TRANSPORT_CLASSES.contains(&error.class.as_str());
        if disconnected || is_of_transport { TIMEOUT } else { UNKNOWN }
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

/// What is known of a failure when it is told apart.
struct Failure<'f> {
    errors: &'f ErrorFacts,
    behaviour: Behaviour,
    status: Option<i64>,
    code: String,
    /// What it says, in lower case.
    text: String,
    provider: String,
    body: &'f Dict,
}

impl Failure<'_> {
    /// Whether a phrase of `table` is said.
    fn says(&self, table: &str) -> bool {
        self.errors.says(table, &self.text)
    }

    fn has(&self, phrase: &str) -> bool {
        self.text.holds(phrase)
    }

    fn first(&self, tables: &[Phrases]) -> Option<Classified> {
        tables.iter().find(|(table, _)| self.says(table)).map(|(_, found)| *found)
    }

    /// What is told before the status is looked at.
    fn special(&self) -> Option<Classified> {
        if self.says("content_policy_blocked") {
            return Some(CONTENT_BLOCKED);
        }
        if self.status == Some(400) {
            let frozen = ["cannot be modified", "must remain as they were"];
            let told = self.has("signature")
                || self.behaviour.frozen_thinking_is_a_signature && any(&self.text, &frozen);
            if self.has("thinking") && told {
                return Some(THINKING_SIGNATURE);
            }
            if self.has("long context beta") && self.has("not yet available") {
                return Some(LONG_CONTEXT_BETA);
            }
            if any(&self.text, &["error parsing grammar", "json-schema-to-grammar"])
                || self.has("unable to generate parser") && self.has("template")
            {
                return Some(GRAMMAR);
            }
        }
        if self.status == Some(429) && self.has("extra usage") && self.has("long context") {
            return Some(LONG_CONTEXT_TIER);
        }
        // xAI says this with a 403 or in a stream without any status.
        let no_subscription = self.behaviour.knows_grok_subscription
            && (self.has("do not have an active grok subscription")
                || self.has("out of available resources") && self.has("grok"));
        no_subscription.then_some(AUTH_WITHOUT_ROTATION)
    }

    /// `_classify_by_status`.
    fn by_status(&self, status: i64) -> Outcome<Option<Classified>> {
        let behaviour = self.behaviour;
        let says_billing = || behaviour.refusal_may_be_billing && self.says("billing");
        Ok(Some(match status {
            401 => AUTH,
            403 => {
                let limit = self.provider == "xai-oauth"
                    && self.code == XAI_SPENDING_LIMIT
                    && self.errors.billing_codes.contains(XAI_SPENDING_LIMIT);
                let says_so = any(&self.text, &["key limit exceeded", "spending limit"]) || says_billing();
                if limit || says_so { BILLING } else { AUTH_WITHOUT_ROTATION }
            }
            402 if self.says("usage_limit") && self.says("usage_limit_transient_signals") => RATE_LIMIT,
            402 => BILLING,
            404 if says_billing() => BILLING,
            // A 404 that says nothing may be a wrong path as well as a wrong model.
            404 => self.first(OF_404).unwrap_or(UNKNOWN),
            413 => PAYLOAD_TOO_LARGE,
            429 if self.says("overloaded") => OVERLOADED,
            429 if behaviour.knows_upstream_limits && is_upstream_error(self.body, &self.provider)? => {
                UPSTREAM_RATE_LIMIT
            }
            429 => RATE_LIMIT,
            400 => self.of_400(),
            500 | 502 if behaviour.checks_requests_in_5xx && self.is_wrong_request() => FORMAT_ERROR,
            500 | 502 => self.of_5xx().unwrap_or(SERVER_ERROR),
            503 | 529 => self.of_5xx().unwrap_or(OVERLOADED),
            408 if behaviour.knows_timeout_status => TIMEOUT,
            _ if (400..500).contains(&status) => FORMAT_ERROR,
            _ if (500..600).contains(&status) => SERVER_ERROR,
            _ => return Ok(None),
        }))
    }

    /// What a 500 or 502 says of a request that is wrong.
    fn is_wrong_request(&self) -> bool {
        let code = self.code.as_str();
        self.says("request_validation") || code == "invalid_request_error" || REQUEST_CODES.contains(&code)
    }

    fn of_5xx(&self) -> Option<Classified> {
        if self.behaviour.looks_for_overflow_in_5xx { self.first(OF_5XX) } else { None }
    }

    /// `_classify_400`.
    fn of_400(&self) -> Classified {
        if self.says("multimodal_tool_content") {
            return MULTIMODAL;
        }
        if self.says("image_too_large") {
            return IMAGE_TOO_LARGE;
        }
        if self.behaviour.knows_encrypted_content && self.is_encrypted_content() {
            return ENCRYPTED_CONTENT;
        }
        if self.behaviour.checks_requests_in_400 {
            // OpenAI gives the code `invalid_request_error` to a context that is too long, too.
            let phrases = self.errors.phrases.get("request_validation").into_iter().flatten();
            let is_said =
                phrases.filter(|phrase| *phrase != "invalid_request_error").any(|phrase| self.has(phrase));
            if is_said || REQUEST_CODES.contains(&self.code.as_str()) {
                return FORMAT_ERROR;
            }
        }
        self.first(OF_400).unwrap_or(FORMAT_ERROR)
    }

    fn is_encrypted_content(&self) -> bool {
        self.code == "invalid_encrypted_content"
            || self.has("invalid_encrypted_content")
            || self.has("encrypted content for item") && self.has("could not be verified")
            || self.behaviour.knows_undecrypted_content
                && self.has("could not decrypt the provided encrypted_content")
    }

    /// `_classify_by_error_code`.
    fn by_code(&self) -> Option<Classified> {
        Some(match self.code.as_str() {
            "resource_exhausted" | "throttled" | "rate_limit_exceeded" => RATE_LIMIT_BY_CODE,
            code if self.errors.billing_codes.contains(code) => BILLING,
            "model_not_found" | "model_not_available" | "invalid_model" => MODEL_NOT_FOUND,
            "context_length_exceeded" | "max_tokens_exceeded" => CONTEXT_OVERFLOW,
            "invalid_encrypted_content" if self.behaviour.knows_encrypted_content => ENCRYPTED_CONTENT,
            _ => return None,
        })
    }

    /// `_classify_by_message`, and the certificate and TLS phrases behind it.
    fn by_message(&self) -> Option<Classified> {
        let usage_limit = || {
            self.says("usage_limit")
                .then(|| if self.says("usage_limit_transient_signals") { RATE_LIMIT } else { BILLING })
        };
        self.first(OF_MESSAGE_FIRST).or_else(usage_limit).or_else(|| self.first(OF_MESSAGE))
    }
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

/// A code that is worth something: where bodies are looked through for one, `400` says no more than the status.
fn telling(code: &str, behaviour: Behaviour) -> Option<String> {
    let is_none = |code: &str| code.is_empty() || behaviour.looks_for_codes_in_messages && code == "400";
    Some(strip(code)).filter(|code| !is_none(code)).map(str::to_owned)
}

/// The code of an error object: a `str` only.
fn nested_code(error: &Dict, behaviour: Behaviour) -> Option<String> {
    first_true(error, "code", "type").as_str().and_then(|code| telling(code, behaviour))
}

/// The code at the top of a body: a `str` or an `int`, and `bool` is one.
fn top_code(body: &Dict, behaviour: Behaviour) -> Option<String> {
    match first_true(body, "code", "error_code") {
        code @ (Value::Str(_) | Value::Int(_) | Value::Bool(_)) => telling(&to_str(code)?, behaviour),
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
fn error_code(body: &Dict, behaviour: Behaviour) -> Outcome<String> {
    if let Some(error) = error_object(body) {
        if let Some(code) = nested_code(error, behaviour) {
            return Ok(code);
        }
        // Some providers put the whole error as JSON into the message.
        if behaviour.looks_for_codes_in_messages
            && let Some(message) = field(error, "message").as_str()
            && strip(message).starts_with('{')
            && let Some(Value::Dict(inner)) = loads(message)?
            && let Some(code) = error_object(&inner)
                .and_then(|error| nested_code(error, behaviour))
                .or_else(|| top_code(&inner, behaviour))
        {
            return Ok(code);
        }
    }
    Ok(top_code(body, behaviour).unwrap_or_default())
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
        if !part.is_empty() && !raw.holds(part) && !known.contains(part.as_str()) {
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
        of_class("", status, message, body)
    }

    fn of_class(class: &str, status: i64, message: &str, body: &str) -> &'static str {
        let body = match body {
            "" => Value::None,
            text => json::load(text, SourceKind::Listing).unwrap().root.value,
        };
        let error = ApiError {
            class: class.to_owned(),
            status: if status == 0 { Value::None } else { Value::int(status) },
            message: message.to_owned(),
            body,
            provider: "openrouter".to_owned(),
            model: String::new(),
        };
        classify_api_error(Facts::newest().unwrap(), &error).unwrap().reason
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

    // `classify_api_error` looks at `type(error).__name__` where no status tells, and behind all words.
    #[test]
    fn the_class_of_an_error_counts_where_nothing_else_tells() {
        assert_eq!(of_class("APIConnectionError", 0, "Connection error.", ""), "timeout");
        assert_eq!(of_class("ReadTimeout", 0, "", ""), "timeout");
        assert_eq!(of_class("RateLimitError", 0, "slow down", ""), "rate_limit");
        assert_eq!(of_class("RateLimitError", 401, "no", ""), "auth");
        assert_eq!(of_class("APIConnectionError", 0, "insufficient credits", ""), "billing");
        assert_eq!(of_class("ValueError", 0, "Connection error.", ""), "unknown");
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
            class: String::new(),
            status: Value::None,
            message: String::new(),
            body: Value::dict(body),
            provider: String::new(),
            model: String::new(),
        };
        assert!(
            matches!(classify_api_error(Facts::newest().unwrap(), &error), Err(stop) if stop.exception().is_some_and(|raised| raised.kind == "RecursionError"))
        );
    }

    // The tables of phrases of 0.21.4 grew, and plugins are asked first.
    #[test]
    fn errors_of_a_release_that_was_read_are_not_told_apart() {
        let error = ApiError {
            class: String::new(),
            status: Value::int(401),
            message: String::new(),
            body: Value::None,
            provider: "gemini".to_owned(),
            model: String::new(),
        };
        let stop = classify_api_error(Facts::of("0.21.4").unwrap(), &error).unwrap_err();
        assert_eq!(stop.unmodelled(), Some("the phrases of errors in 0.21.4"));
    }
}
