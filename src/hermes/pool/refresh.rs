//! Logins whose token runs out. Renewing one needs the network; modelled is everything up to the request, and what
//! comes after one that fails.

use super::{Pool, PooledCredential, jwt};
use crate::hermes::{Outcome, Process, Stop, caught};
use crate::python::{Int, Value, equal, int_of_text, strip};

/// What a request for a new token is made for.
pub(in crate::hermes) const RENEWAL: &str = "renewing a login's token over the network";

/// The login that all profiles share, from the home folder.
pub(in crate::hermes) const SHARED_NOUS_LOGIN: &str = ".hermes/shared/nous_auth.json";

/// How long before its end an Anthropic token is renewed, in milliseconds.
const ANTHROPIC_EARLY: f64 = 120_000.0;

/// `int(value)`, as far as times go.
pub(in crate::hermes) fn whole(value: &Value) -> Outcome<f64> {
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
            "openai-codex" => jwt::codex_token_is_expiring(self.field("access_token"), now, jwt::EARLY),
            "xai-oauth" if self.facts.behaviour.knows_xai_logins => {
                jwt::xai_token_is_expiring(self.field("access_token"), now, self.facts)
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
                self.mark_exhausted(process, entry, &Value::None, &Value::None, None)?;
            }
            return Ok(None);
        }
        let is_login = match self.provider.as_str() {
            "anthropic" | "openai-codex" | "nous" => true,
            "xai-oauth" => process.facts.behaviour.knows_xai_logins,
            _ => false,
        };
        if !is_login {
            return Ok(Some(entry.clone()));
        }
        let behaviour = &process.facts.behaviour;
        if !process.is_offline() {
            return Err(Stop::not_modelled(RENEWAL));
        }
        if self.provider == "xai-oauth"
            && behaviour.xai_rows_adopt_stored_ones
            && let Some(stored) = self.sync_with_store(process, entry)?
        {
            return Ok(Some(stored));
        }
        let syncs = match self.provider.as_str() {
            "anthropic" => false,
            "openai-codex" => behaviour.syncs_codex_before_renewal,
            _ => true,
        };
        let synced = if syncs { self.sync(process, entry)? } else { None };
        match synced {
            Some(synced)
                if self.provider == "openai-codex"
                    && behaviour.newer_codex_tokens_do
                    && !force
                    && !synced.needs_refresh(process)? =>
            {
                Ok(Some(synced))
            }
            synced => self.renew(process, synced.as_ref().unwrap_or(entry)),
        }
    }

    /// `_refresh_entry_impl(entry, force=…)` without a network, of an entry that has taken the tokens of the place that
    /// it comes from.
    fn renew(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
    ) -> Outcome<Option<PooledCredential>> {
        let is_codex_or_xai = matches!(self.provider.as_str(), "openai-codex" | "xai-oauth");
        if process.facts.behaviour.gives_logins_up
            && is_codex_or_xai
            && entry.field("refresh_token").as_str().is_none_or(|token| strip(token).is_empty())
        {
            self.give_up(process, entry)?;
            return Ok(None);
        }
        if self.provider == "nous" && process.world.home_file(SHARED_NOUS_LOGIN).is_some() {
            return Err(Stop::not_modelled("a Nous login that profiles share"));
        }
        if entry.is_from("claude_code") && self.provider == "anthropic" {
            let synced = self.sync(process, entry)?;
            let newest = synced.as_ref().unwrap_or(entry);
            let has_same = equal(newest.field("refresh_token"), entry.field("refresh_token"));
            if has_same && !newest.needs_refresh(process)? {
                return Ok(Some(newest.clone()));
            }
        }
        self.mark_exhausted(process, entry, &Value::None, &Value::None, None)?;
        Ok(None)
    }

    /// The end of a login that nothing can renew: its tokens leave auth.json, its entries the pool.
    fn give_up(&mut self, process: &mut Process<'_>, entry: &PooledCredential) -> Outcome<()> {
        let refresh = entry.field("refresh_token");
        caught(process.forget_tokens(&self.provider, refresh))?;
        let source = self.origin(process).unwrap_or_default();
        let (gone, kept) = self.entries.drain(..).partition(|entry| entry.is_from(source));
        let gone: Vec<PooledCredential> = gone;
        self.entries = kept;
        if equal(&self.current_id, entry.id()) {
            self.set_current(None);
        }
        let ids: Vec<Value> = gone.iter().map(|entry| entry.id().clone()).collect();
        self.persist(process, &ids)
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
