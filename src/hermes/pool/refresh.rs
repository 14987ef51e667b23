//! Logins whose token runs out. Renewing one needs the network, so its outcome is not modelled; everything up
//! to the request is.

use super::{Pool, PooledCredential, jwt};
use crate::hermes::{Outcome, Process, Stop};
use crate::python::{Int, Value, int_of_text};

/// How long before its end an Anthropic token is renewed, in milliseconds.
const ANTHROPIC_EARLY: f64 = 120_000.0;
/// `CODEX_ACCESS_TOKEN_REFRESH_SKEW_SECONDS`, and what a short-lived xAI token has.
const EARLY: f64 = 120.0;
/// An xAI token with less time left is short-lived.
const XAI_SHORT_LIFE: f64 = 2700.0;

/// `int(value)`, as far as times go.
fn whole(value: &Value) -> Outcome<f64> {
    match value {
        Value::Bool(value) => Ok(f64::from(u8::from(*value))),
        Value::Int(Int::Small(value)) => Ok(*value as f64),
        Value::Int(Int::Big(_)) => Err(Stop::not_modelled("a time beyond all years")),
        Value::Float(value) if value.is_nan() => {
            Err(Stop::raised("ValueError", "cannot convert float NaN to integer"))
        }
        Value::Float(value) if value.is_infinite() => {
            Err(Stop::raised("OverflowError", "cannot convert float infinity to integer"))
        }
        Value::Float(value) => Ok(value.trunc()),
        Value::Str(text) => match int_of_text(text) {
            Some(number) => whole(&Value::Int(number)),
            None => Err(Stop::raised("ValueError", "invalid literal for int()")),
        },
        other => Err(Stop::raised(
            "TypeError",
            format!("int() argument must be a string or a number, not '{}'", other.type_name()),
        )),
    }
}

impl PooledCredential {
    /// `_entry_needs_refresh(entry)`.
    pub(super) fn needs_refresh(&self, process: &Process<'_>) -> Outcome<bool> {
        let now = process.clock;
        if !self.is_oauth() {
            return Ok(false);
        }
        match self.provider.as_str() {
            "anthropic" => match self.field("expires_at_ms") {
                Value::None => Ok(false),
                end => Ok(whole(end)? <= (now * 1000.0).trunc() + ANTHROPIC_EARLY),
            },
            "openai-codex" => {
                let end = jwt::expiry(&jwt::claims(self.field("access_token"))?)?;
                Ok(end.is_some_and(|end| end <= now + EARLY))
            }
            "xai-oauth" if self.facts.behaviour.knows_xai_logins => {
                let Some(end) = jwt::xai_expiry(self.field("access_token"))? else { return Ok(false) };
                let left = end - now;
                let spares = self.facts.behaviour.spares_short_lived_xai_tokens;
                let early = if spares && left > 0.0 && left <= XAI_SHORT_LIFE {
                    EARLY
                } else {
                    self.facts.pool.xai_refresh_seconds
                };
                Ok(end <= now + early)
            }
            _ => Ok(false),
        }
    }
}

impl Pool {
    /// `_refresh_entry(entry, force=…)`.
    pub(super) fn refresh_entry(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
        force: bool,
    ) -> Outcome<Option<PooledCredential>> {
        if !entry.is_oauth() || !entry.field("refresh_token").is_true() {
            if force {
                self.mark_exhausted(process, entry, &Value::None, &Value::None)?;
            }
            return Ok(None);
        }
        match self.provider.as_str() {
            "xai-oauth" if !process.facts.behaviour.knows_xai_logins => Ok(Some(entry.clone())),
            "anthropic" | "openai-codex" | "xai-oauth" | "nous" => {
                Err(Stop::not_modelled("renewing a login's token over the network"))
            }
            _ => Ok(Some(entry.clone())),
        }
    }

    /// `try_refresh_current()`.
    ///
    /// # Errors
    /// What the real method raises; [`Stop::not_modelled`] where a token would be renewed.
    pub fn try_refresh_current(&mut self, process: &mut Process<'_>) -> Outcome<Option<PooledCredential>> {
        let Some(entry) = self.current().cloned() else { return Ok(None) };
        let refreshed = self.refresh_entry(process, &entry, true)?;
        if let Some(entry) = &refreshed {
            self.set_current(Some(entry));
        }
        Ok(refreshed)
    }
}
