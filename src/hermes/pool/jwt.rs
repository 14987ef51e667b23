//! What Hermes reads out of the tokens of logins, without verifying them.

use crate::base::sources::SourceKind;
use crate::base::text::Search;
use crate::facts::Facts;
use crate::hermes::{Outcome, Process, Stop};
use crate::json::{self, JsonError};
use crate::python::{Dict, Int, Value, from_base64, iso_timestamp, lower, strip};

/// `NOUS_INFERENCE_INVOKE_SCOPE`.
const INVOKE_SCOPE: &str = "inference:invoke";
/// `NOUS_INVOKE_JWT_MIN_TTL_SECONDS`.
pub(in crate::hermes) const SHORTEST_LIFE: f64 = 120.0;
/// `CODEX_ACCESS_TOKEN_REFRESH_SKEW_SECONDS`, and what a short-lived xAI token has.
pub(in crate::hermes) const EARLY: f64 = 120.0;
/// An xAI token with less time left is short-lived.
const XAI_SHORT_LIFE: f64 = 2700.0;

/// `_decode_jwt_claims(token)`: the claims, or none where the token is no JWT.
pub(in crate::hermes) fn claims(token: &Value) -> Outcome<Dict> {
    let Some(token) = token.as_str() else { return Ok(Dict::new()) };
    let parts: Vec<&str> = token.split('.').collect();
    let [_, payload, _] = parts.as_slice() else { return Ok(Dict::new()) };
    claims_in(payload)
}

/// The JSON object that the middle part of a token holds.
fn claims_in(payload: &str) -> Outcome<Dict> {
    let padding = (4 - payload.chars().count() % 4) % 4;
    let padded = format!("{payload}{}", "=".repeat(padding));
    let text = decode_base64(&padded).and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(text) = text else { return Ok(Dict::new()) };
    match json::load(&text, SourceKind::AuthStore) {
        Ok(loaded) => Ok(loaded.root.value.as_dict().cloned().unwrap_or_default()),
        Err(JsonError::Unmodelled { what, .. }) => Err(Stop::not_modelled(what)),
        Err(_) => Ok(Dict::new()),
    }
}

/// `base64.urlsafe_b64decode(text)`; `None` where it raises.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    from_base64(&text.replaced("-", "+").replaced("_", "/")).ok()
}

/// `label_from_token(token, fallback)`: whose login it is.
pub(super) fn label(token: &Value, fallback: &str) -> Outcome<String> {
    let claims = claims(token)?;
    let own = ["email", "preferred_username", "upn"].iter().find_map(|name| {
        let text = strip(claims.get(name)?.value.as_str()?);
        (!text.is_empty()).then(|| text.to_owned())
    });
    Ok(own.unwrap_or_else(|| fallback.to_owned()))
}

/// The claim `exp`, where it is a number.
pub(in crate::hermes) fn expiry(claims: &Dict) -> Outcome<Option<f64>> {
    Ok(match claims.get("exp").map(|node| &node.value) {
        Some(Value::Bool(value)) => Some(f64::from(u8::from(*value))),
        Some(Value::Int(Int::Small(value))) => Some(*value as f64),
        Some(Value::Int(Int::Big(_))) => return Err(Stop::not_modelled("a time beyond all years")),
        Some(Value::Float(value)) => Some(*value),
        _ => None,
    })
}

/// `_codex_access_token_is_expiring(token, early)` at the time `now`.
pub(in crate::hermes) fn codex_token_is_expiring(token: &Value, now: f64, early: f64) -> Outcome<bool> {
    Ok(expiry(&claims(token)?)?.is_some_and(|end| end <= now + early))
}

/// `_xai_access_token_is_expiring(token, _xai_proactive_refresh_skew_seconds(token))` at the time `now`.
pub(in crate::hermes) fn xai_token_is_expiring(token: &Value, now: f64, facts: &Facts) -> Outcome<bool> {
    let Some(end) = xai_expiry(token)? else { return Ok(false) };
    let left = end - now;
    let spares = facts.behaviour.spares_short_lived_xai_tokens;
    let early =
        if spares && left > 0.0 && left <= XAI_SHORT_LIFE { EARLY } else { facts.pool.xai_refresh_seconds };
    Ok(end <= now + early)
}

/// The claim `exp` as the xAI part of the real program finds it, which does not count the token's parts.
pub(in crate::hermes) fn xai_expiry(token: &Value) -> Outcome<Option<f64>> {
    let payload =
        token.as_str().and_then(|token| token.split('.').nth(1)).filter(|payload| payload.is_ascii());
    match payload {
        Some(payload) => expiry(&claims_in(payload)?),
        None => Ok(None),
    }
}

/// `_nous_invoke_jwt_status(token, scope=…, expires_at=…, min_ttl_seconds=…)`: why a token is not usable for inference
/// at the time `now`, as the real program calls it; `None` for one that is.
pub(in crate::hermes) fn invoke_token_fault(
    token: &Value,
    scope: &Value,
    expires_at: &Value,
    now: f64,
    shortest_life: f64,
) -> Outcome<Option<&'static str>> {
    let claims = claims(token)?;
    if claims.is_empty() {
        return Ok(Some("access_token_not_jwt"));
    }
    let granted = std::iter::once(scope)
        .chain(["scope", "scp"].iter().filter_map(|name| claims.get(name)).map(|node| &node.value))
        .any(|scopes| grants_invoke(scopes, 0));
    if !granted {
        return Ok(Some("missing_inference_invoke_scope"));
    }
    let soon = now + shortest_life;
    Ok(match expiry(&claims)? {
        Some(expiry) => (expiry <= soon).then_some("invoke_jwt_expiring"),
        None => is_expiring(expires_at, soon).then_some("invoke_jwt_expiry_unknown_or_expiring"),
    })
}

impl Process<'_> {
    /// `_agent_key_is_usable({"agent_key": key, "scope": scope, "agent_key_expires_at": expires_at}, shortest_life)`.
    pub(in crate::hermes) fn is_agent_key_usable(
        &self,
        key: &Value,
        scope: &Value,
        expires_at: &Value,
        shortest_life: f64,
    ) -> Outcome<bool> {
        let behaviour = &self.facts.behaviour;
        if key.as_str().is_none_or(|key| strip(key).is_empty()) {
            return Ok(false);
        }
        if behaviour.nous_needs_a_usable_token {
            return Ok(invoke_token_fault(key, scope, expires_at, self.clock, shortest_life)?.is_none());
        }
        if behaviour.nous_tokens_may_be_keys && !claims(key)?.is_empty() {
            return Ok(!self.wants_old_nous_keys()
                && invoke_token_fault(key, scope, expires_at, self.clock, SHORTEST_LIFE)?.is_none());
        }
        Ok(!is_expiring(expires_at, self.clock + shortest_life))
    }

    /// `_nous_legacy_session_keys_forced()`.
    pub(in crate::hermes) fn wants_old_nous_keys(&self) -> bool {
        is_truthy(self.os_getenv("HERMES_AGENT_USE_LEGACY_SESSION_KEYS"))
    }
}

/// `is_truthy_value(text)`.
pub(in crate::hermes) fn is_truthy(text: &str) -> bool {
    matches!(lower(strip(text)).as_str(), "1" | "true" | "yes" | "on")
}

/// `_is_expiring(expires_at, …)`: whether a time comes before `soon`, or is none.
pub(in crate::hermes) fn is_expiring(expires_at: &Value, soon: f64) -> bool {
    iso_time(expires_at).is_none_or(|end| end <= soon)
}

/// Whether `_scope_values(scopes)` holds the scope that inference needs.
fn grants_invoke(scopes: &Value, depth: usize) -> bool {
    match scopes {
        Value::Str(text) => {
            text.split(|c: char| c == ',' || crate::python::is_space(c)).any(|part| part == INVOKE_SCOPE)
        }
        // Lists in lists are not looked into.
        Value::List(items) if depth == 0 => items.iter().any(|item| grants_invoke(&item.value, 1)),
        _ => false,
    }
}

/// `_parse_iso_timestamp(value)`.
pub(in crate::hermes) fn iso_time(value: &Value) -> Option<f64> {
    let text = strip(value.as_str()?);
    match text.strip_suffix('Z') {
        Some(text) => iso_timestamp(&format!("{text}+00:00")),
        None => iso_timestamp(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_leniently_as_in_python() {
        // base64.urlsafe_b64decode of each in Python 3.11.
        for (text, bytes) in
            [("YWI=", Some("ab")), ("Y!W\nI=", Some("ab")), ("YWI=YWI=", Some("ab")), ("=YWJj", Some("abc"))]
        {
            assert_eq!(decode_base64(text), bytes.map(|bytes| bytes.as_bytes().to_vec()), "{text}");
        }
        assert_eq!(decode_base64("YWJjY"), None);
        assert_eq!(decode_base64("YW"), None);
    }

    #[test]
    fn a_label_is_the_first_name_that_the_token_holds() {
        // The middle part is {"email": " ", "upn": "someone"}.
        let token = Value::str("x.eyJlbWFpbCI6ICIgIiwgInVwbiI6ICJzb21lb25lIn0.y");
        assert_eq!(label(&token, "device_code").unwrap(), "someone");
        assert_eq!(label(&Value::str("sk-fake-1"), "device_code").unwrap(), "device_code");
    }
}
