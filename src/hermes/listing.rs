//! `hermes auth list`: the listing, byte for byte.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::pool::{CUSTOM_PREFIX, EXHAUSTED, PooledCredential, custom_pool_name, exhausted_until, text_of};
use super::{Outcome, Process, Stop, caught};
use crate::base::text::Search;
use crate::hermes::stored::is_made_id;
use crate::python::{Node, Value, equal, lower, strip, strip_end};

/// Words in a reason or a message that make an entry rate-limited for the listing.
const RATE_REASONS: [&str; 4] = ["rate_limit", "usage_limit", "quota", "exhausted"];
const RATE_MESSAGES: [&str; 4] = ["rate limit", "usage limit", "quota", "too many requests"];
/// Words that make it one whose login failed.
const AUTH_REASONS: [&str; 5] = ["invalid_token", "invalid_grant", "unauthorized", "forbidden", "auth"];
const AUTH_MESSAGES: [&str; 6] =
    ["unauthorized", "forbidden", "expired", "revoked", "invalid token", "authentication"];

/// `_classify_exhausted_status(entry)`: the label, and whether the time left is shown.
fn classify(entry: &PooledCredential) -> Outcome<(&'static str, bool)> {
    let code = entry.field("last_error_code");
    let is_code = |wanted: i64| equal(code, &Value::int(wanted));
    let text = |name: &str| -> Outcome<String> {
        let value = entry.field(name);
        Ok(if value.is_true() { lower(strip(&text_of(value)?)) } else { String::new() })
    };
    let reason = text("last_error_reason")?;
    let message = text("last_error_message")?;
    let any = |words: &[&str], text: &str| words.iter().any(|word| text.holds(word));
    if is_code(429) || any(&RATE_REASONS, &reason) || any(&RATE_MESSAGES, &message) {
        return Ok(("rate-limited", true));
    }
    super::stored::hashed(code)?;
    if is_code(401) || is_code(403) || any(&AUTH_REASONS, &reason) || any(&AUTH_MESSAGES, &message) {
        return Ok(("auth failed", false));
    }
    Ok(("exhausted", true))
}

/// `_format_exhausted_status(entry)`.
fn status(entry: &PooledCredential, now: f64) -> Outcome<String> {
    if entry.field("last_status").as_str() != Some(EXHAUSTED) {
        return Ok(String::new());
    }
    let (label, shows_time) = classify(entry)?;
    let mut text = format!(" {label}");
    if let Value::Str(reason) = entry.field("last_error_reason")
        && !strip(reason).is_empty()
    {
        let _ = write!(text, " {reason}");
    }
    let code = entry.field("last_error_code");
    if code.is_true() {
        let _ = write!(text, " ({})", text_of(code)?);
    }
    if !shows_time {
        text.push_str(" (re-auth may be required)");
        return Ok(text);
    }
    let Some(until) = exhausted_until(entry, false)? else { return Ok(text) };
    match time_left(until - now)? {
        Some(left) => {
            let _ = write!(text, " ({left} left)");
        }
        None => text.push_str(" (ready to retry)"),
    }
    Ok(text)
}

/// The time left in its two largest units; `None` where it is over.
fn time_left(seconds: f64) -> Outcome<Option<String>> {
    /// Above this a float holds no single seconds, and Python shows a number of many digits.
    const LONGEST: f64 = 9e15;
    if seconds.is_nan() {
        return Err(Stop::raised("ValueError", "cannot convert float NaN to integer"));
    }
    if seconds.is_infinite() {
        return Err(Stop::raised("OverflowError", "cannot convert float infinity to integer"));
    }
    if seconds > LONGEST {
        return Err(Stop::not_modelled("a cooldown of millions of years"));
    }
    let seconds = seconds.ceil() as i64;
    let (minutes, second) = (seconds / 60, seconds % 60);
    let (hours, minute) = (minutes / 60, minutes % 60);
    let (days, hour) = (hours / 24, hours % 24);
    Ok(match (days, hour, minute) {
        _ if seconds <= 0 => None,
        (0, 0, 0) => Some(format!("{second}s")),
        (0, 0, _) => Some(format!("{minute}m {second}s")),
        (0, _, _) => Some(format!("{hour}h {minute}m")),
        _ => Some(format!("{days}d {hour}h")),
    })
}

/// `f"{value:<width}"`.
fn padded(value: &Value, width: usize) -> Outcome<String> {
    let text = match value {
        // Formatted with a width, a truth value is the number that it is.
        Value::Bool(value) => u8::from(*value).to_string(),
        Value::Str(_) | Value::Int(_) | Value::Float(_) => text_of(value)?,
        other => {
            let kind = other.type_name();
            return Err(Stop::raised(
                "TypeError",
                format!("unsupported format string passed to {kind}.__format__"),
            ));
        }
    };
    let missing = width.saturating_sub(text.chars().count());
    Ok(text + &" ".repeat(missing))
}

impl Process<'_> {
    /// What `hermes auth list [provider]` prints.
    ///
    /// # Errors
    /// What the command raises or exits with.
    pub fn auth_list(&mut self, provider: Option<&str>) -> Outcome<String> {
        let wanted = self.listed_provider(provider.unwrap_or(""))?;
        let notes_logins = matches!(wanted.as_str(), "" | "anthropic" | "openai-codex");
        let providers: BTreeSet<String> = if wanted.is_empty() {
            let mut all: BTreeSet<String> = self.facts.providers.keys().iter().map(str::to_owned).collect();
            all.insert("openrouter".to_owned());
            all.extend(self.custom_pools()?);
            if self.facts.behaviour.listings_have_ids {
                self.add_all_pools(&mut all)?;
            }
            all
        } else {
            BTreeSet::from([wanted])
        };
        let mut text = String::new();
        for provider in providers {
            self.list_pool(&provider, &mut text)?;
        }
        if self.facts.behaviour.logins_may_be_left_alone && notes_logins && !self.adopts_external_logins()? {
            return Err(Stop::not_modelled("the note that logins of other programs are left alone"));
        }
        Ok(text)
    }

    /// The keys of custom providers and whatever pool lies in the profile's own auth.json.
    fn add_all_pools(&mut self, all: &mut BTreeSet<String>) -> Outcome<()> {
        for (_, entry) in self.named_custom_providers()? {
            all.extend(provider_key(&entry)?);
        }
        let store = self.load_auth_store()?;
        let pools = store.get("credential_pool").and_then(|pools| pools.value.as_dict());
        for entry in pools.into_iter().flat_map(crate::python::Dict::iter) {
            all.extend(entry.key.value.as_str().map(str::to_owned));
        }
        Ok(())
    }

    /// `_get_custom_provider_entries()`: custom providers that have a name, by it.
    fn named_custom_providers(&mut self) -> Outcome<Vec<(String, Node)>> {
        let Some(config) = caught(self.load_config())? else { return Ok(Vec::new()) };
        let entries = self.compatible_custom_providers(Some(&config))?;
        let named = |entry: Node| {
            let name = entry.get("name")?.value.as_str().filter(|name| !strip(name).is_empty())?;
            Some((custom_pool_name(name), entry))
        };
        Ok(entries.into_iter().filter_map(named).collect())
    }

    /// The part of the listing that shows one pool; nothing for an empty one.
    fn list_pool(&mut self, provider: &str, text: &mut String) -> Outcome<()> {
        let mut pool = self.load_pool(provider)?;
        let entries = pool.entries.clone();
        if entries.is_empty() {
            return Ok(());
        }
        let current = pool.peek(self)?;
        let has_ids = self.facts.behaviour.listings_have_ids;
        let _ = writeln!(text, "{provider} ({} credentials):", entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let is_current = current.as_ref().is_some_and(|current| equal(entry.id(), current.id()));
            let marker = if is_current { "← " } else { "  " };
            let status = status(entry, self.clock)?;
            let source = match entry.field("source") {
                Value::Str(source) => source.strip_prefix("manual:").unwrap_or(source).to_owned(),
                other => return Err(Stop::no_attribute(other.type_name(), "startswith")),
            };
            let label = padded(entry.field("label"), 20)?;
            let auth_type = padded(entry.field("auth_type"), 7)?;
            let ids = if has_ids { id_and_priority(entry)? } else { String::new() };
            let line = format!("  #{}  {label} {auth_type} {ids}{source}{status} {marker}", index + 1);
            let _ = writeln!(text, "{}", strip_end(&line));
        }
        text.push('\n');
        Ok(())
    }

    /// `_normalize_provider(provider)` of `hermes_cli/auth_commands.py`.
    pub(super) fn listed_provider(&mut self, provider: &str) -> Outcome<String> {
        let name = lower(strip(provider));
        match name.as_str() {
            "or" | "open-router" => return Ok("openrouter".to_owned()),
            "grok-oauth" | "xai-oauth" | "x-ai-oauth" | "xai-grok-oauth"
                if self.facts.behaviour.knows_xai_logins =>
            {
                return Ok("xai-oauth".to_owned());
            }
            _ => {}
        }
        let wanted = name.replace(' ', "-");
        if wanted.is_empty() {
            return Ok(name);
        }
        if wanted.starts_with(CUSTOM_PREFIX) {
            return Ok(wanted);
        }
        let has_ids = self.facts.behaviour.listings_have_ids;
        for (own, entry) in self.named_custom_providers()? {
            let key = provider_key(&entry)?.map(|key| lower(&key));
            if own == wanted || key.as_ref() == Some(&wanted) {
                return Ok(key.filter(|_| has_ids).unwrap_or_else(|| format!("{CUSTOM_PREFIX}{own}")));
            }
        }
        if has_ids && let Some(id) = self.facts.aliases.get(&name) {
            return Ok(id.clone());
        }
        Ok(name)
    }
}

/// `str(entry.get("provider_key") or "").strip()`, where it is not empty.
fn provider_key(entry: &Node) -> Outcome<Option<String>> {
    let key = entry.get("provider_key").map(|node| &node.value).filter(|key| key.is_true());
    let key = key.map(text_of).transpose()?.unwrap_or_default();
    Ok(Some(strip(&key).to_owned()).filter(|key| !key.is_empty()))
}

/// What newer releases put before the source.
fn id_and_priority(entry: &PooledCredential) -> Outcome<String> {
    let id = text_of(entry.field("id"))?;
    if is_made_id(&id) {
        return Err(Stop::not_modelled("an id drawn at random is listed"));
    }
    Ok(format!("id={id} priority={} ", text_of(entry.field("priority"))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_has_two_units() {
        for (seconds, text) in [
            (0.2, Some("1s")),
            (60.0, Some("1m 0s")),
            (3599.5, Some("1h 0m")),
            (86_399.0, Some("23h 59m")),
            (200_000.0, Some("2d 7h")),
            (0.0, None),
            (-5.0, None),
        ] {
            assert_eq!(time_left(seconds).unwrap().as_deref(), text, "{seconds}");
        }
        assert!(time_left(f64::NAN).is_err());
    }

    #[test]
    fn labels_are_padded_as_python_formats_them() {
        assert_eq!(padded(&Value::Bool(true), 20).unwrap(), format!("1{}", " ".repeat(19)));
        assert_eq!(padded(&Value::str("键"), 20).unwrap(), format!("键{}", " ".repeat(19)));
        assert!(padded(&Value::None, 20).is_err());
    }
}
