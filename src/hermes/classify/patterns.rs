//! The words by which `agent/error_classifier.py` tells failures apart: phrases of providers' errors, in lower
//! case. Each table has the name and the order of the real program's.

/// What a provider's safety filter says of one prompt.
pub(super) const CONTENT_POLICY_BLOCKED: &[&str] = &[
    "flagged for possible cybersecurity risk",
    "trusted access for cyber",
    "violates our usage policies",
    "violates openai's usage policies",
    "your request was flagged by",
    "prompt was flagged by our safety",
    "responses cannot be generated due to safety",
    "content_filter",
    "responsibleaipolicyviolation",
    "new_sensitive",
];

/// What says that the account has no credit left.
pub(super) const BILLING: &[&str] = &[
    "insufficient credits",
    "insufficient_quota",
    "insufficient balance",
    "credit balance",
    "credits exhausted",
    "credits have been exhausted",
    "no usable credits",
    "top up your credits",
    "payment required",
    "billing hard limit",
    "exceeded your current quota",
    "account is deactivated",
    "plan does not include",
    "out of extra usage",
    "out of funds",
    "run out of funds",
    "balance_depleted",
    "model_not_supported_on_free_tier",
    "not available on the free tier",
];

/// What says that requests come too fast.
pub(super) const RATE_LIMIT: &[&str] = &[
    "rate limit",
    "rate_limit",
    "too many requests",
    "throttled",
    "requests per minute",
    "tokens per minute",
    "requests per day",
    "try again in",
    "please retry after",
    "resource_exhausted",
    "rate increased too quickly",
    "throttlingexception",
    "too many concurrent requests",
    "servicequotaexceededexception",
];

/// What says that the provider is busy, whatever the key.
pub(super) const OVERLOADED: &[&str] = &[
    "overloaded",
    "temporarily overloaded",
    "service is temporarily overloaded",
    "service may be temporarily overloaded",
    "server is overloaded",
    "server overloaded",
    "service overloaded",
    "service is overloaded",
    "upstream overloaded",
    "currently overloaded",
    "at capacity",
    "over capacity",
];

/// What may be a used-up account or a limit that passes.
pub(super) const USAGE_LIMIT: &[&str] = &["usage limit", "quota", "limit exceeded", "key limit exceeded"];

/// What says that such a limit passes.
pub(super) const USAGE_LIMIT_TRANSIENT_SIGNALS: &[&str] =
    &["try again", "retry", "resets at", "reset in", "wait", "requests remaining", "periodic", "window"];

/// What a proxy says of a request that is too large.
pub(super) const PAYLOAD_TOO_LARGE: &[&str] =
    &["request entity too large", "payload too large", "error code: 413"];

/// What is said of an image that is too large.
pub(super) const IMAGE_TOO_LARGE: &[&str] = &[
    "image exceeds",
    "image too large",
    "image_too_large",
    "image size exceeds",
    "image dimensions exceed",
    "dimensions exceed max allowed size",
    "max allowed size: 8000",
];

/// What is said of a tool's answer that is a list.
pub(super) const MULTIMODAL_TOOL_CONTENT: &[&str] = &[
    "text is not set",
    "tool message content must be a string",
    "tool content must be a string",
    "tool message must be a string",
    "expected string, got list",
    "expected string, got array",
    "tool_call.content must be string",
];

/// What a gateway says where the provider sent nothing.
pub(super) const EMPTY_PROVIDER_RESPONSE: &[&str] = &[
    "returned an empty response",
    "empty response despite retries",
    "provider returned an empty response",
    "model returning empty responses",
    "empty response stream",
];

/// What says that the context is too long.
pub(super) const CONTEXT_OVERFLOW: &[&str] = &[
    "context length",
    "context size",
    "maximum context",
    "token limit",
    "too many tokens",
    "reduce the length",
    "exceeds the limit",
    "context window",
    "prompt is too long",
    "prompt exceeds max length",
    "max_tokens",
    "maximum number of tokens",
    "exceeds the max_model_len",
    "max_model_len",
    "prompt length",
    "input is too long",
    "maximum model length",
    "context length exceeded",
    "truncating input",
    "slot context",
    "n_ctx_slot",
    "超过最大长度",
    "上下文长度",
    "tokens in request more than max tokens allowed",
    "max input token",
    "input token",
    "exceeds the maximum number of input tokens",
];

/// What says that there is no such model.
pub(super) const MODEL_NOT_FOUND: &[&str] = &[
    "is not a valid model",
    "invalid model",
    "model not found",
    "model_not_found",
    "does not exist",
    "no such model",
    "unknown model",
    "unsupported model",
    "no endpoints found that support tool use",
];

/// What says that the request itself is wrong.
pub(super) const REQUEST_VALIDATION: &[&str] = &[
    "unknown parameter",
    "unsupported parameter",
    "unrecognized request argument",
    "invalid_request_error",
    "unknown_parameter",
    "unsupported_parameter",
];

/// What OpenRouter says where the account's privacy settings leave no endpoint.
pub(super) const PROVIDER_POLICY_BLOCKED: &[&str] = &[
    "no endpoints available matching your guardrail",
    "no endpoints available matching your data policy",
    "no endpoints found matching your data policy",
];

/// What says that the key is not accepted.
pub(super) const AUTH: &[&str] = &[
    "invalid api key",
    "invalid_api_key",
    "authentication",
    "unauthorized",
    "forbidden",
    "invalid token",
    "token expired",
    "token revoked",
    "access denied",
];

/// What says that time ran out.
pub(super) const TIMEOUT_MESSAGE: &[&str] = &[
    "timed out",
    "turn timed out",
    "request timed out",
    "deadline exceeded",
    "operation timed out",
    "upstream timed out",
];

/// What says that a certificate cannot be verified.
pub(super) const SSL_CERT_VERIFY: &[&str] = &[
    "certificate verify failed",
    "certificate_verify_failed",
    "unable to get local issuer certificate",
    "self-signed certificate",
    "self signed certificate",
    "certificate has expired",
    "hostname mismatch, certificate is not valid",
    "unable to verify the first certificate",
];

/// What says that a TLS connection broke.
pub(super) const SSL_TRANSIENT: &[&str] = &[
    "bad record mac",
    "ssl alert",
    "tls alert",
    "ssl handshake failure",
    "tlsv1 alert",
    "sslv3 alert",
    "bad_record_mac",
    "ssl_alert",
    "tls_alert",
    "tls_alert_internal_error",
    "[ssl:",
];

/// What says that the connection was closed.
pub(super) const SERVER_DISCONNECT: &[&str] = &[
    "server disconnected",
    "peer closed connection",
    "connection reset by peer",
    "connection was closed",
    "network connection lost",
    "unexpected eof",
    "incomplete chunked read",
];

/// The codes that say that the account has no credit left: `_BILLING_ERROR_CODES`.
pub(super) const BILLING_CODES: &[&str] = &[
    "balance_depleted",
    "billing_not_active",
    "insufficient_credits",
    "insufficient_quota",
    "model_not_supported_on_free_tier",
    "no_usable_credits",
    "payment_required",
    "personal-team-blocked:spending-limit",
];

/// xAI's code for a spending limit.
pub(super) const XAI_SPENDING_LIMIT: &str = "personal-team-blocked:spending-limit";

/// The values of `FailoverReason`.
pub(super) const REASONS: &[&str] = &[
    "auth",
    "auth_permanent",
    "billing",
    "rate_limit",
    "upstream_rate_limit",
    "overloaded",
    "server_error",
    "timeout",
    "ssl_cert_verification",
    "context_overflow",
    "payload_too_large",
    "image_too_large",
    "model_not_found",
    "provider_policy_blocked",
    "content_policy_blocked",
    "format_error",
    "invalid_encrypted_content",
    "multimodal_tool_content_unsupported",
    "thinking_signature",
    "long_context_tier",
    "oauth_long_context_beta_forbidden",
    "llama_cpp_grammar_pattern",
    "unknown",
];
