"""Errors of providers: what marks a key, what recovery reads, what the classifier tells apart."""

from __future__ import annotations

from . import store, tables
from .dice import Dice

STATUSES = (
    (10, 429), (6, 401), (5, 402), (4, 403), (2, None), (2, 500), (1, 400), (1, 404), (1, 529), (0.3, "429"),
    (0.3, 429.0),
)

# `FailoverReason`s that recovery acts on, and some that it leaves alone.
RECOVERY_REASONS = (
    "rate_limit", "billing", "auth", "upstream_rate_limit", "overloaded", "auth_permanent", "unknown", "format_error",
)

REASON_TEXTS = (
    "rate_limit_exceeded", "usage_limit_reached", "GoUsageLimitError", "insufficient_quota", "invalid_api_key",
    "token_revoked", "invalid_grant", " Token_Invalidated ", "permission_denied", "", "  ", 5, None,
    "refresh_token_reused", "token_expired",
)

# What a provider's message may hold; the classifier looks for such phrases.
PHRASES = (
    "insufficient credits", "You exceeded your current quota", "credit balance is too low", "payment required",
    "top up your credits", "out of extra usage", "run out of funds", "account is deactivated", "Rate limit reached",
    "Too Many Requests", "request throttled", "60 requests per minute", "please retry after 5 seconds",
    "Try again in 20s", "RESOURCE_EXHAUSTED", "ThrottlingException", "The model is overloaded",
    "server is temporarily overloaded", "we are at capacity", "usage limit reached", "monthly quota used up",
    "key limit exceeded", "resets at midnight", "wait a moment", "payload too large", "image exceeds 5 MB maximum",
    "tool message content must be a string", "expected string, got list", "maximum context length is 128000",
    "prompt is too long", "reduce the length of the messages", "max_tokens is too large", "超过最大长度",
    "too many input tokens", "is not a valid model ID", "The model `x` does not exist", "model_not_found",
    "No endpoints found that support tool use", "Unknown parameter: 'foo'", "invalid_request_error",
    "unsupported parameter", "No endpoints found matching your data policy", "content_filter triggered",
    "violates our usage policies", "Invalid API key", "Unauthorized", "Forbidden", "token expired", "Access denied",
    "authentication failed", "invalid signature in thinking block", "thinking blocks cannot be modified",
    "extra usage is required for long context", "long context beta is not yet available", "error parsing grammar",
    "returned an empty response", "Request timed out", "deadline exceeded", "server disconnected",
    "connection reset by peer", "unexpected EOF", "certificate verify failed", "self-signed certificate",
    "bad record mac", "[SSL: x]", "do not have an active Grok subscription", "out of available resources for grok",
    "spending limit", "Provider returned error", "invalid_encrypted_content",
    "encrypted content for item x could not be verified", "Internal server error", "Bad request", "error", "",
    "signature", "thinking", "quota", "retry", "API key not valid", "does not have permission",
    "OAuth authentication is currently not allowed for this organization", "upstream overloaded", "no usable credits",
    "balance_depleted",
)

CODES = (
    "rate_limit_exceeded", "resource_exhausted", "insufficient_quota", "billing_not_active", "model_not_found",
    "invalid_model", "context_length_exceeded", "invalid_request_error", "unknown_parameter",
    "invalid_encrypted_content", "balance_depleted", "personal-team-blocked:spending-limit", "throttled", "Throttled",
    "", 400, "400", 429, None, "server_error", "invalid_api_key",
)

CLASSIFY_STATUSES = (
    (8, None), (8, 429), (8, 400), (6, 402), (5, 403), (4, 401), (4, 404), (3, 500), (2, 502), (2, 503), (2, 529),
    (1, 413), (1, 408), (1, 422), (1, 418), (1, 504), (1, 302), (0.5, 200), (0.5, 600), (0.5, "429"), (0.5, True),
)

CLASSIFY_PROVIDERS = ("", "gemini", "openrouter", "xai-oauth", "anthropic", "OpenRouter", "custom", "nous")


def message(dice: Dice) -> str:
    return ". ".join(dice.pick(PHRASES) for _ in range(dice.weighted(((6, 1), (3, 2), (1, 3)))))


# What a 401 or 403 says of a login: for good, for want of a subscription, or only that its token is old.
LOGIN_MESSAGES = (
    "OAuth authentication is currently not allowed for this organization", "[WKE=unauthenticated:bad-credentials]",
    "OAuth2 access token could not be validated", "do not have an active Grok subscription", "Unauthorized",
    "The token has expired",
)


def login_context(dice: Dice) -> dict:
    """The context of a failed login."""
    fields = {"reason": dice.weighted(((3, dice.pick(tables.DEAD_REASONS)), (1, "token_expired"), (1, None)))}
    if dice.chance(0.7):
        fields["message"] = dice.pick(LOGIN_MESSAGES)
    return fields


def context(dice: Dice, now: float):
    """An error context, as the agent takes it from an exception."""
    kind = dice.weighted(((3, "none"), (1, "empty"), (12, "fields"), (0.4, "odd")))
    if kind == "none":
        return None
    if kind == "empty":
        return {}
    if kind == "odd":
        return dice.pick(([], "text", 5, ["a"], True))
    fields = {}
    if dice.chance(0.55):
        fields["reason"] = dice.pick(REASON_TEXTS)
    if dice.chance(0.5):
        fields["message"] = dice.weighted(((4, dice.pick(tables.MESSAGES)), (2, message(dice)), (0.3, 5)))
    if dice.chance(0.45):
        fields[dice.weighted(((6, "reset_at"), (1, "resets_at"), (1, "retry_until")))] = store.reset_at(dice, now)
    if dice.chance(0.05):
        fields["upstream_provider"] = "Fake Upstream"
    return fields


def classified(dice: Dice) -> dict:
    """A question to the classifier."""
    question = {"do": "classify"}
    status = dice.weighted(CLASSIFY_STATUSES)
    if status is not None:
        question["status"] = status
    if dice.chance(0.8):
        question["message"] = message(dice)
    if dice.chance(0.55):
        question["body"] = body(dice)
    if dice.chance(0.5):
        question["provider"] = dice.pick(CLASSIFY_PROVIDERS)
    if dice.chance(0.3):
        question["model"] = dice.pick((*tables.MODELS, "o3", "deepseek-r1", ""))
    return question


def body(dice: Dice):
    """A response body: as OpenAI, Google, OpenRouter and others write it, or something else."""
    kind = dice.weighted(((8, "error"), (2, "flat"), (3, "upstream"), (2, "wrapped"), (1, "odd")))
    if kind == "odd":
        return dice.pick(
            (
                [], "text", {}, {"error": "text"}, {"error": None}, {"error": ["a"]}, 5, {"message": 5},
                {"error": {"message": None}},
            )
        )
    if kind == "flat":
        return {
            dice.pick(("message", "msg", "detail")): message(dice),
            dice.pick(("code", "error_code", "status")): dice.pick(CODES),
        }
    error = {"message": message(dice)}
    if dice.chance(0.6):
        error[dice.pick(("code", "type", "status"))] = dice.pick(CODES)
    if kind == "upstream":
        error["message"] = dice.pick(("Provider returned error", "provider returned error", message(dice)))
        error["metadata"] = dice.pick(
            (
                {
                    "raw": f'{{"error": {{"message": "{message(dice)}", "code": 429}}}}',
                    "provider_name": "Fake Upstream",
                },
                {"raw": message(dice), "provider_name": "Fake"},
                {"provider_name": "Fake"},
                {"raw": "{broken"},
                {"raw": 5},
                {},
                "text",
                {"raw": "[1]"},
                {"provider_name": 5, "raw": f"{message(dice)}"},
                {"raw": '{"message": "x", "code": "rate_limit_exceeded"}'},
            )
        )
    if kind == "wrapped":
        error["message"] = dice.pick(
            (
                f'{{"error": {{"code": "{dice.pick(CODES)}", "message": "{message(dice)}"}}}}', '{"code": 5}',
                "{broken", f'{{"code": "{dice.pick(CODES)}"}}', "{}", "[]",
            )
        )
    return {"error": error}
