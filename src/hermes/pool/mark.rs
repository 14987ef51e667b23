//! What a failed request does to a pool: marking an entry, rotating to the next, resetting.

use super::entry::{Changes, cleared_status};
use super::timestamps::normalized_context;
use super::{DEAD, EXHAUSTED, Pool, PooledCredential, text_of};
use crate::hermes::{LogLevel, Outcome, Process};
use crate::python::{Value, equal, lower, strip};

impl Pool {
    /// `_mark_exhausted(entry, status_code, error_context)`.
    pub(super) fn mark_exhausted(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
        status: &Value,
        context: &Value,
    ) -> Outcome<()> {
        let error = normalized_context(context, process.clock, &process.facts.behaviour)?;
        let terminal = equal(status, &Value::int(401))
            && error.reason.as_ref().is_some_and(|reason| {
                process.facts.pool.terminal_auth_reasons.contains(&lower(strip(reason)))
            });
        let text = |text: Option<String>| text.map_or(Value::None, Value::str);
        let changes: Changes = vec![
            ("last_status", Value::str(if terminal { DEAD } else { EXHAUSTED }).into()),
            ("last_status_at", Value::Float(process.clock).into()),
            ("last_error_code", status.clone().into()),
            ("last_error_reason", text(error.reason).into()),
            ("last_error_message", text(error.message).into()),
            ("last_error_reset_at", error.reset_at.map_or(Value::None, Value::Float).into()),
        ];
        let marked = entry.replaced(changes)?;
        self.replace_entry(entry, marked);
        self.persist(process, &[])
    }

    /// `mark_exhausted_and_rotate(status_code=…, error_context=…, api_key_hint=…)`: the entry that is next.
    ///
    /// # Errors
    /// What the real method raises.
    pub fn mark_exhausted_and_rotate(
        &mut self,
        process: &mut Process<'_>,
        status: &Value,
        context: &Value,
        hint: Option<&str>,
    ) -> Outcome<Option<PooledCredential>> {
        let failed = match hint.filter(|hint| !hint.is_empty()) {
            Some(hint) => self.with_key(process, hint)?,
            None => None,
        };
        let failed = match failed.or_else(|| self.current().cloned()) {
            Some(entry) => entry,
            None => match self.select(process)? {
                Some(entry) => entry,
                None => return Ok(None),
            },
        };
        let label = failed.log_label()?;
        let shown = text_of(status)?;
        let exhausted = format!("credential pool: marking {label} exhausted (status={shown}), rotating");
        let says_before = !process.facts.behaviour.knows_dead_entries;
        if says_before {
            process.log(LogLevel::Info, exhausted.clone());
        }
        self.mark_exhausted(process, &failed, status, context)?;
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
        let next = self.select(process)?;
        if let Some(next) = &next {
            process.log(LogLevel::Info, format!("credential pool: rotated to {}", next.log_label()?));
        }
        Ok(next)
    }

    /// The first entry whose runtime key is `key`.
    fn with_key(&self, process: &Process<'_>, key: &str) -> Outcome<Option<PooledCredential>> {
        for entry in &self.entries {
            if entry.runtime_api_key(process)?.expose() == key {
                return Ok(Some(entry.clone()));
            }
        }
        Ok(None)
    }

    /// `reset_statuses()`: how many entries had a status.
    ///
    /// # Errors
    /// What the real method raises.
    pub fn reset_statuses(&mut self, process: &mut Process<'_>) -> Outcome<usize> {
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
