//! What a failed request does to a pool: marking an entry, rotating to the next, resetting.

use std::rc::Rc;

use super::entry::{Changes, FAILURE_REASON, cleared_status, merged_cooldowns, same_id};
use super::timestamps::{cooldown, normalized_context};
use super::{BILLING, BILLING_UNVERIFIED, DEAD, EXHAUSTED, Pool, PooledCredential, text_of};
use crate::hermes::{LogLevel, Outcome, Process, Stop};
use crate::python::{Dict, Value, equal, lower, strip};
use crate::secret::Secret;

/// A rotated login that could not be written: `CREDENTIAL_PERSIST_FAILED_REASON`.
const PERSIST_FAILED: &str = "credential_persist_failed";
/// A model that an account lacks, and how long it is barred then, in seconds.
const MODEL_ENTITLEMENT: (&str, f64) = ("model_entitlement", 172_800.0);

/// What is known of a failed request beside its status. Only some releases look at more than the key.
#[derive(Clone, Copy, Default)]
pub struct Failed<'f> {
    /// The key that it was sent with.
    pub key: Option<&'f str>,
    /// The id of the entry that the key is from.
    pub id: Option<&'f str>,
    /// What the classifier makes of it: a value of `FailoverReason`.
    pub reason: Option<&'f str>,
    /// The model that was asked.
    pub model: Option<&'f str>,
}

impl<'f> Failed<'f> {
    /// The same with what is empty taken as not known.
    fn known(self) -> Self {
        let known = |text: Option<&'f str>| text.filter(|text| !text.is_empty());
        Self {
            key: known(self.key),
            id: known(self.id),
            reason: known(self.reason),
            model: known(self.model),
        }
    }
}

impl Pool {
    /// `_mark_exhausted(entry, status_code, error_context, failure_reason=…)`.
    pub(super) fn mark_exhausted(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
        status: &Value,
        context: &Value,
        reason: Option<&str>,
    ) -> Outcome<()> {
        self.mark(process, entry, status, context, reason)?;
        self.persist(process, &[])
    }

    /// The same without writing the pool.
    fn mark(
        &mut self,
        process: &Process<'_>,
        entry: &PooledCredential,
        status: &Value,
        context: &Value,
        reason: Option<&str>,
    ) -> Outcome<()> {
        let behaviour = &process.facts.behaviour;
        let error = normalized_context(context, process.clock, behaviour)?;
        let said = error.reason.as_ref().map(|reason| lower(strip(reason))).unwrap_or_default();
        let terminal = behaviour.unwritten_logins_die && said == PERSIST_FAILED
            || equal(status, &Value::int(401)) && process.facts.pool.terminal_auth_reasons.contains(&said);
        let text = |text: Option<String>| text.map_or(Value::None, Value::str);
        let changes: Changes = vec![
            ("last_status", Value::str(if terminal { DEAD } else { EXHAUSTED }).into()),
            ("last_status_at", Value::Float(process.clock).into()),
            ("last_error_code", status.clone().into()),
            ("last_error_reason", text(error.reason).into()),
            ("last_error_message", text(error.message).into()),
            ("last_error_reset_at", error.reset_at.map_or(Value::None, Value::Float).into()),
        ];
        let mut marked = entry.replaced(changes)?;
        if behaviour.sole_keys_cool_briefly {
            // What is `None` is not written.
            Rc::make_mut(&mut marked.extra).set(FAILURE_REASON, reason.map_or(Value::None, Value::str));
        }
        self.replace_entry(entry, marked);
        Ok(())
    }

    /// `mark_exhausted_and_rotate(status_code=…, error_context=…, …)`: the entry that is next.
    ///
    /// # Errors
    /// What the real method raises.
    pub fn mark_exhausted_and_rotate(
        &mut self,
        process: &mut Process<'_>,
        status: &Value,
        context: &Value,
        failed: Failed<'_>,
    ) -> Outcome<Option<PooledCredential>> {
        let behaviour = &process.facts.behaviour;
        let told = failed.known();
        // Releases that rotate to another entry only do so without renewing one first.
        let renews = !behaviour.marks_only_whom_it_is_told;
        let named = self.named(process, told)?;
        let is_told = !renews && (told.id.is_some() || told.key.is_some());
        if named.is_none() && is_told {
            return self.rotate_unmatched(process);
        }
        self.unmatched = 0;
        let failed = match named.or_else(|| self.current().cloned()) {
            Some(entry) => entry,
            None => match self.select_next(process, renews, None)? {
                Some(entry) => entry,
                None => return Ok(None),
            },
        };
        let label = failed.log_label()?;
        if let Some(model) = told.model.filter(|_| behaviour.cools_models_alone)
            && self.fails_for_a_model(status, told.reason)
        {
            self.cool_model(process, &failed, model, context, told.reason)?;
            let message = format!(
                "credential pool: {label} unavailable for model {model}; other models stay available"
            );
            process.log(LogLevel::Info, message);
            self.set_current(None);
            return self.select_next(process, false, Some(model));
        }
        let shown = text_of(status)?;
        let exhausted = format!("credential pool: marking {label} exhausted (status={shown}), rotating");
        let says_before = !behaviour.knows_dead_entries;
        if says_before {
            process.log(LogLevel::Info, exhausted.clone());
        }
        self.mark_exhausted(process, &failed, status, context, told.reason)?;
        if is_told {
            self.mark_siblings(process, &failed, status, context, told.reason)?;
        }
        let marked = self.entries.iter().find(|entry| equal(entry.id(), failed.id())).unwrap_or(&failed);
        if marked.is_dead() {
            let reason = marked.field("last_error_reason");
            let reason = if reason.is_true() { text_of(reason)? } else { "unknown".to_owned() };
            let message = format!(
                "credential pool: marking {label} DEAD (status={shown}, reason={reason}) \
                 — permanently failed, will NOT re-enter rotation until re-auth"
            );
            process.log(LogLevel::Warning, message);
        } else if !says_before {
            process.log(LogLevel::Info, exhausted);
        }
        self.set_current(None);
        let next = self.select_next(process, renews, None)?;
        if behaviour.never_rotates_to_the_same && next.as_ref().is_some_and(|next| same_id(next, &failed)) {
            let message = format!(
                "credential pool: rotation returned the just-marked entry {label} — \
                 treating as no-recovery so the failure surfaces"
            );
            process.log(LogLevel::Warning, message);
            self.set_current(None);
            return Ok(None);
        }
        if let Some(next) = &next {
            process.log(LogLevel::Info, format!("credential pool: rotated to {}", next.log_label()?));
        }
        Ok(next)
    }

    /// `_identify_failed_entry(id, key)`: the entry that a request was sent with. Where the id's has another key, the
    /// key counts.
    fn named(&self, process: &mut Process<'_>, failed: Failed<'_>) -> Outcome<Option<PooledCredential>> {
        let by_id = match failed.id {
            Some(id) if process.facts.behaviour.marks_only_whom_it_is_told => self.with_id(id).cloned(),
            _ => None,
        };
        let Some(key) = failed.key else { return Ok(by_id) };
        if let Some(entry) = &by_id
            && entry.runtime_api_key(process)?.expose() == key
        {
            return Ok(by_id);
        }
        let by_key = self.with_key(process, key)?;
        if let (Some(entry), Some(other)) = (&by_id, &by_key) {
            let (label, other) = (entry.log_label()?, other.log_label()?);
            let message = format!(
                "credential pool: credential_id {label} runtime key does not match api_key_hint; attributing \
                 failure to key-matched entry {other} instead (#79156)"
            );
            process.log(LogLevel::Info, message);
        }
        Ok(by_key)
    }

    /// `_rotate_unmatched()`: the next entry, where none is known to have failed; as often as there are entries.
    fn rotate_unmatched(&mut self, process: &mut Process<'_>) -> Outcome<Option<PooledCredential>> {
        self.unmatched += 1;
        let count = self.available(process)?.len();
        let provider = &self.provider;
        if self.unmatched > count.max(1) {
            let message = format!(
                "credential pool: failed credential identity matched no {provider} entry for {} consecutive \
                 rotations (pool size {count}) — surfacing the error instead of rotating again",
                self.unmatched
            );
            process.log(LogLevel::Warning, message);
            self.unmatched = 0;
            self.set_current(None);
            return Ok(None);
        }
        let message = format!(
            "credential pool: failed credential identity matched no {provider} entry; rotating without marking \
             any credential exhausted"
        );
        process.log(LogLevel::Info, message);
        self.set_current(None);
        let next = self.select_next(process, false, None)?;
        if next.is_some() && self.available(process)?.len() == 1 {
            self.unmatched = 0;
            self.set_current(None);
            return Ok(None);
        }
        Ok(next)
    }

    /// `_is_model_scoped_failure(status, model, reason)` where a model is known.
    fn fails_for_a_model(&self, status: &Value, reason: Option<&str>) -> bool {
        reason == Some(MODEL_ENTITLEMENT.0)
            || self.provider == "anthropic"
                && equal(status, &Value::int(429))
                && !matches!(reason, Some(BILLING | BILLING_UNVERIFIED))
    }

    /// `_cool_down_model(entry, model, error_context, …)`: bars one model for every entry with this key.
    fn cool_model(
        &mut self,
        process: &mut Process<'_>,
        failed: &PooledCredential,
        model: &str,
        context: &Value,
        reason: Option<&str>,
    ) -> Outcome<()> {
        let behaviour = &process.facts.behaviour;
        let reset = normalized_context(context, process.clock, behaviour)?.reset_at;
        let until = match reset.filter(|reset| *reset != 0.0) {
            _ if reason == Some(MODEL_ENTITLEMENT.0) => process.clock + MODEL_ENTITLEMENT.1,
            Some(reset) => reset,
            None => process.clock + cooldown(&Value::int(429), self.is_sole(), &Value::None, behaviour),
        };
        let mut own = Dict::new();
        own.set(model, Value::Float(until));
        let own = Value::dict(own);
        for entry in self.of_one_key(process, failed, true)? {
            let merged = Value::dict(merged_cooldowns([entry.field("model_cooldowns"), &own])?);
            let changed = entry.replaced(vec![("model_cooldowns", merged.into())])?;
            self.replace_entry(&entry, changed);
        }
        self.persist(process, &[])
    }

    /// Marks the other entries with the key of `failed`, and writes the pool where there are any.
    fn mark_siblings(
        &mut self,
        process: &mut Process<'_>,
        failed: &PooledCredential,
        status: &Value,
        context: &Value,
        reason: Option<&str>,
    ) -> Outcome<()> {
        let siblings = self.of_one_key(process, failed, false)?;
        for sibling in &siblings {
            self.mark(process, sibling, status, context, reason)?;
        }
        if siblings.is_empty() { Ok(()) } else { self.persist(process, &[]) }
    }

    /// The entries that have the key of `entry`, with those of its own id or without.
    fn of_one_key(
        &self,
        process: &Process<'_>,
        entry: &PooledCredential,
        with_own: bool,
    ) -> Outcome<Vec<PooledCredential>> {
        let key = entry.runtime_api_key(process)?;
        let mut found = Vec::new();
        for other in &self.entries {
            let is_meant = if same_id(other, entry) {
                with_own
            } else {
                !key.is_empty() && other.runtime_api_key(process)?.expose() == key.expose()
            };
            if is_meant {
                found.push(other.clone());
            }
        }
        Ok(found)
    }

    /// `_failed_credential_identity`: the key that a request was sent with and the id of its row, by what the agent has in
    /// use, else by the current entry.
    pub(in crate::hermes) fn failed_identity(
        &self,
        process: &Process<'_>,
        in_use: &Secret,
    ) -> Outcome<(Option<Secret>, Option<String>)> {
        let current = self.current();
        let id_of =
            |entry: &PooledCredential| entry.id().as_str().filter(|id| !id.is_empty()).map(str::to_owned);
        if in_use.is_empty() {
            let Some(current) = current else { return Ok((None, None)) };
            return Ok((Some(current.runtime_api_key(process)?), id_of(current)));
        }
        if let Some(current) = current
            && current.runtime_api_key(process)?.expose() == in_use.expose()
        {
            return Ok((Some(in_use.clone()), id_of(current)));
        }
        let mut known = Vec::new();
        for entry in &self.entries {
            if entry.runtime_api_key(process)?.expose() == in_use.expose() {
                known.push(entry);
            }
        }
        let id = if let [entry] = known.as_slice() { id_of(entry) } else { None };
        Ok((Some(in_use.clone()), id))
    }

    /// The entry that the agent's key is from, else the current one.
    pub(in crate::hermes) fn in_use(
        &self,
        process: &Process<'_>,
        in_use: &Secret,
    ) -> Outcome<Option<PooledCredential>> {
        let (key, id) = self.failed_identity(process, in_use)?;
        let by_id = id.and_then(|id| self.with_id(&id).cloned());
        let by_key = match key.filter(|_| by_id.is_none()) {
            Some(key) => self.with_key(process, key.expose())?,
            None => None,
        };
        Ok(by_id.or(by_key).or_else(|| self.current().cloned()))
    }

    /// `try_refresh_matching(api_key_hint=…, credential_id=…)` of the entry that the agent's key is from.
    pub(in crate::hermes) fn try_refresh_in_use(
        &mut self,
        process: &mut Process<'_>,
        in_use: &Secret,
    ) -> Outcome<Option<PooledCredential>> {
        let (key, id) = self.failed_identity(process, in_use)?;
        let by_id = id.and_then(|id| self.with_id(&id).cloned());
        let entry = match (by_id, key) {
            (Some(entry), _) => Some(entry),
            (None, Some(key)) => self.with_key(process, key.expose())?,
            (None, None) => match self.current().cloned() {
                Some(entry) => Some(entry),
                // What is selected here is not counted.
                None => return Err(Stop::not_modelled("a refusal before any key was used")),
            },
        };
        let Some(entry) = entry else { return Ok(None) };
        self.set_current(Some(&entry));
        self.try_refresh_current(process)
    }

    /// The first entry whose runtime key is `key`.
    pub(super) fn with_key(&self, process: &Process<'_>, key: &str) -> Outcome<Option<PooledCredential>> {
        for entry in &self.entries {
            if entry.runtime_api_key(process)?.expose() == key {
                return Ok(Some(entry.clone()));
            }
        }
        Ok(None)
    }

    /// The first entry with this id.
    pub(super) fn with_id(&self, id: &str) -> Option<&PooledCredential> {
        self.entries.iter().find(|entry| entry.id().as_str() == Some(id))
    }

    /// `reset_statuses()`: how many entries had a status.
    ///
    /// # Errors
    /// What the real method raises; [`Stop::not_modelled`] for releases that write when they did it.
    pub fn reset_statuses(&mut self, process: &mut Process<'_>) -> Outcome<usize> {
        if process.facts.behaviour.keeps_more_fields {
            return Err(Stop::not_modelled("a reset of statuses"));
        }
        let mut count = 0;
        let mut entries = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let has_status = ["last_status", "last_status_at", "last_error_code"]
                .iter()
                .any(|name| entry.field(name).is_true());
            if has_status {
                count += 1;
                entries.push(entry.replaced(cleared_status(Value::None))?);
            } else {
                entries.push(entry.clone());
            }
        }
        if count > 0 {
            self.entries = entries;
            self.persist(process, &[])?;
        }
        Ok(count)
    }
}
