//! `agent/credential_persistence.py`: which rows only borrow their secret, and what of them goes to disk.

use sha2::{Digest, Sha256};

use super::text_of;
use crate::facts::behaviour::Behaviour;
use crate::hermes::Outcome;
use crate::python::{Dict, Value, lower, strip};

/// `_PERSISTABLE_PROVIDER_SOURCES` but that of xAI: logins that Hermes itself owns.
const OWNED: [(&str, &str); 4] = [
    ("anthropic", "hermes_pkce"),
    ("minimax-oauth", "oauth"),
    ("nous", "device_code"),
    ("openai-codex", "device_code"),
];

/// `_SAFE_SECRETISH_METADATA_KEYS`.
const SAFE: [&str; 20] = [
    "secret_fingerprint",
    "secret_source",
    "token_type",
    "scope",
    "client_id",
    "agent_key_id",
    "agent_key_expires_at",
    "agent_key_expires_in",
    "agent_key_reused",
    "agent_key_obtained_at",
    "expires_at",
    "expires_at_ms",
    "expires_in",
    "last_refresh",
    "last_status",
    "last_status_at",
    "last_error_code",
    "last_error_reason",
    "last_error_message",
    "last_error_reset_at",
];

/// `_SECRET_VALUE_KEYS`.
const SECRETS: [&str; 21] = [
    "access_token",
    "refresh_token",
    "agent_key",
    "api_key",
    "apikey",
    "api_token",
    "auth_token",
    "authorization",
    "bearer_token",
    "client_secret",
    "credential",
    "credentials",
    "id_token",
    "oauth_token",
    "private_key",
    "secret_key",
    "session_token",
    "password",
    "secret",
    "token",
    "tokens",
];

/// `_SECRET_VALUE_SUFFIXES`, without those that end in another one of them.
const SECRET_ENDINGS: [&str; 4] = ["_password", "_secret", "_token", "_key"];

/// The keys whose value is fingerprinted first.
const FINGERPRINTED: [&str; 6] = ["agent_key", "access_token", "refresh_token", "api_key", "token", "secret"];

/// `_normalize_key(key)` of a key that is a text, as every key in JSON is.
fn normalized_key(key: &str) -> String {
    let mut spaced = String::with_capacity(key.len() + 4);
    let mut before = ' ';
    for c in strip(key).chars() {
        if c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            spaced.push('_');
        }
        spaced.push(c);
        before = c;
    }
    lower(&spaced).replace(['-', '.'], "_")
}

/// `_is_secret_payload_key(key)`.
fn is_secret_key(key: &str) -> bool {
    let key = normalized_key(key);
    let key = key.as_str();
    !key.is_empty()
        && !SAFE.contains(&key)
        && (SECRETS.contains(&key) || SECRET_ENDINGS.iter().any(|ending| key.ends_with(ending)))
}

/// `is_borrowed_credential_source(source, provider)`.
pub(super) fn is_borrowed_source(source: &Value, provider: &str, behaviour: &Behaviour) -> Outcome<bool> {
    if !source.is_true() {
        return Ok(false);
    }
    let text = text_of(source)?;
    let source = lower(strip(&text));
    if source.is_empty() || source == "manual" || source.starts_with("manual:") {
        return Ok(false);
    }
    let provider = lower(strip(provider));
    let is_xai_login = provider == "xai-oauth" && source == behaviour.xai_source();
    Ok(!is_xai_login && !OWNED.contains(&(provider.as_str(), source.as_str())))
}

/// `_fingerprint_value(value)`.
pub(super) fn fingerprint(value: &Value) -> Outcome<Option<String>> {
    if value.is_none() {
        return Ok(None);
    }
    let text = text_of(value)?;
    Ok((!text.is_empty()).then(|| format!("sha256:{}", short_sha256(&text))))
}

/// The first 16 hexadecimal digits of the text's SHA-256.
pub(super) fn short_sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// `_credential_secret_fingerprint(payload)`.
fn fingerprint_of(payload: &Dict) -> Outcome<Option<String>> {
    for name in FINGERPRINTED {
        if let Some(node) = payload.get(name)
            && let Some(found) = fingerprint(&node.value)?
        {
            return Ok(Some(found));
        }
    }
    for entry in payload.iter().filter(|entry| entry.key.value.as_str().is_some_and(is_secret_key)) {
        if let Some(found) = fingerprint(&entry.value.value)? {
            return Ok(Some(found));
        }
    }
    let known = payload.get("secret_fingerprint").and_then(|node| node.value.as_str());
    Ok(known.filter(|text| text.starts_with("sha256:")).map(str::to_owned))
}

/// `sanitize_borrowed_credential_payload(payload, provider)`: a row as it may lie on disk. A borrowed secret is
/// replaced by its fingerprint; a row that owns its secret stays as it is, which is `None`.
pub(in crate::hermes) fn sanitized(
    payload: &Dict,
    provider: &str,
    behaviour: &Behaviour,
) -> Outcome<Option<Dict>> {
    let source = payload.get("source").map_or(&Value::None, |node| &node.value);
    if !behaviour.borrowed_keys_stay_off_disk || !is_borrowed_source(source, provider, behaviour)? {
        return Ok(None);
    }
    let fingerprint = fingerprint_of(payload)?;
    let mut clean = Dict::new();
    for entry in payload.iter().filter(|entry| !entry.key.value.as_str().is_some_and(is_secret_key)) {
        let _ = clean.insert(entry.clone());
    }
    if let Some(fingerprint) = fingerprint {
        clean.set("secret_fingerprint", Value::str(fingerprint));
    }
    Ok(Some(clean))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_apart_as_in_the_real_program() {
        for key in ["accessToken", "API-KEY", "my.secret", " token ", "x_key", "foo_api_key"] {
            assert!(is_secret_key(key), "{key}");
        }
        for key in ["agentKeyId", "expires-at", "keys", "label", "tokenType", "", "_", "monkey"] {
            assert!(!is_secret_key(key), "{key}");
        }
    }

    #[test]
    fn a_fingerprint_is_the_head_of_the_sha256() {
        // printf sk-fake-1 | sha256sum
        assert_eq!(short_sha256("sk-fake-1"), "978042ad43cf5ef9");
    }
}
