//! Which entry is next: availability, cooldowns that are over, the four strategies, `peek` and `current`.

use super::entry::{below, cleared_status, keep, plus_one, rows_of, same_id};
use super::timestamps::seconds;
use super::{DEAD, EXHAUSTED, OK, Pool, PooledCredential, exhausted_until, text_of};
use crate::facts::strategies::{LEAST_USED, RANDOM, ROUND_ROBIN};
use crate::hermes::stored::Ids;
use crate::hermes::{LogLevel, Outcome, Process, Reason};
use crate::python::{Int, Value, equal, with_tenths};

/// `DEAD_MANUAL_PRUNE_TTL_SECONDS`.
const DEAD_KEPT_FOR: f64 = 86_400.0;

/// How the entries are looked at.
#[derive(Clone, Copy, Default)]
pub(super) struct Look<'l> {
    /// Whether cooldowns that are over are cleared and written.
    pub(super) clear_expired: bool,
    /// Whether logins whose token runs out are renewed.
    pub(super) refresh: bool,
    /// The model that the entry is for.
    pub(super) model: Option<&'l str>,
}

/// An entry that was looked at, and why it cannot be used, where it cannot.
pub(super) struct Seen {
    /// The entry as it then was.
    pub(super) entry: PooledCredential,
    /// Why it is passed over; `None` for an available one.
    pub(super) lost: Option<Reason>,
}

impl Pool {
    /// `current()`.
    pub fn current(&self) -> Option<&PooledCredential> {
        if !self.current_id.is_true() {
            return None;
        }
        self.entries.iter().find(|entry| equal(entry.id(), &self.current_id))
    }

    /// Makes the entry the current one.
    pub(super) fn set_current(&mut self, entry: Option<&PooledCredential>) {
        self.current_id = entry.map_or(Value::None, |entry| entry.id().clone());
    }

    /// `_replace_entry(old, new)`: the first entry with the id of `old` becomes `new`.
    pub(super) fn replace_entry(&mut self, old: &PooledCredential, new: PooledCredential) {
        if let Some(slot) = self.entries.iter_mut().find(|entry| same_id(entry, old)) {
            *slot = new;
        }
    }

    /// `_persist(removed_ids=…)`.
    pub(super) fn persist(&self, process: &mut Process<'_>, removed: &[Value]) -> Outcome<()> {
        process.write_credential_pool(&self.provider, &rows_of(&self.entries)?, removed)
    }

    /// `_is_sole_credential()`: whether at most one row is not dead.
    pub fn is_sole(&self) -> bool {
        // Each row asks this: the second one says it.
        self.entries.iter().filter(|entry| !entry.has_status(DEAD)).nth(1).is_none()
    }

    /// `_available_entries(clear_expired=…, refresh=…, model=…)`: every entry, and why it is not available where it is
    /// not.
    pub(super) fn look(&mut self, process: &mut Process<'_>, look: Look<'_>) -> Outcome<Vec<Seen>> {
        let Look { clear_expired, refresh, model } = look;
        let sole = self.is_sole();
        let mut seen = Vec::with_capacity(self.entries.len());
        let mut pruned: Vec<Value> = Vec::new();
        let mut cleared_any = false;
        let mut first = self.first_places();
        // The entries as they were, where a login that nothing can renew has left the pool meanwhile.
        let mut listed: Option<Vec<PooledCredential>> = None;
        for at in 0..self.entries.len() {
            let Some(entry) = listed.as_ref().unwrap_or(&self.entries).get(at) else { break };
            let mut entry = entry.clone();
            let passes_over = process.facts.behaviour.passes_over_empty_keys;
            if passes_over && entry.is_api_key() && entry.runtime_api_key(process)?.is_empty() {
                seen.push(Seen { entry, lost: Some(Reason::NoKey) });
                continue;
            }
            if let Some(synced) = self.synced(process, &entry)? {
                entry = synced;
                cleared_any = true;
            }
            if entry.is_dead() {
                if self.is_due_for_pruning(process, &entry)? {
                    pruned.push(entry.id().clone());
                    cleared_any = true;
                }
                seen.push(Seen { entry, lost: Some(Reason::Dead) });
                continue;
            }
            if let Some(until) = entry.barred_until(model, process.clock)? {
                seen.push(Seen {
                    entry,
                    lost: Some(Reason::CoolingDown { until: Some(until), status: None }),
                });
                continue;
            }
            if entry.has_status(EXHAUSTED) {
                let until = exhausted_until(&entry, sole)?;
                if until.is_some_and(|until| process.clock < until) {
                    let status = match entry.field("last_error_code") {
                        Value::Int(Int::Small(code)) => Some(*code),
                        _ => None,
                    };
                    let until = until.filter(|_| entry.knows_its_end());
                    seen.push(Seen { entry, lost: Some(Reason::CoolingDown { until, status }) });
                    continue;
                }
                if clear_expired {
                    let cleared = entry.replaced(cleared_status(Value::str(OK)))?;
                    // NaN is found in a set, but is no entry's id for `==`.
                    match first.get(entry.id()) {
                        Ok(Some(place)) if same_id(&entry, &entry) => {
                            if let Some(slot) = self.entries.get_mut(place) {
                                *slot = cleared.clone();
                            }
                        }
                        _ => self.replace_entry(&entry, cleared.clone()),
                    }
                    entry = cleared;
                    cleared_any = true;
                }
            }
            if refresh && entry.needs_refresh(process)? {
                let before = process.is_offline().then(|| self.entries.clone());
                let refreshed = self.refresh_entry(process, &entry, false)?;
                if let Some(before) = before.filter(|before| self.entries.len() < before.len()) {
                    listed.get_or_insert(before);
                    first = self.first_places();
                }
                match refreshed {
                    Some(refreshed) => entry = refreshed,
                    None => {
                        seen.push(Seen { entry, lost: Some(Reason::TokenExpired) });
                        continue;
                    }
                }
            }
            let is_empty = process.facts.behaviour.passes_over_empty_logins
                && entry.is_oauth()
                && entry.has_blank_token()?;
            seen.push(Seen { entry, lost: is_empty.then_some(Reason::NoKey) });
        }
        if !pruned.is_empty() {
            let mut ids = Ids::default();
            for id in &pruned {
                ids.insert(id, 0)?;
            }
            keep(&mut self.entries, &mut |entry| Ok(!ids.has(entry.id())?))?;
        }
        if cleared_any {
            self.persist(process, &pruned)?;
        }
        Ok(seen)
    }

    /// `_available_entries(clear_expired=False, refresh=False)`.
    pub(in crate::hermes) fn available(
        &mut self,
        process: &mut Process<'_>,
    ) -> Outcome<Vec<PooledCredential>> {
        let seen = self.look(process, Look::default())?;
        Ok(seen.into_iter().filter(|seen| seen.lost.is_none()).map(|seen| seen.entry).collect())
    }

    /// Where each id that can be in a set stands first.
    fn first_places(&self) -> Ids {
        let mut first = Ids::default();
        for (at, entry) in self.entries.iter().enumerate().rev() {
            let _ = first.insert(entry.id(), at);
        }
        first
    }

    /// Whether a dead entry was added by hand and has been dead for a day, which the log then says.
    fn is_due_for_pruning(&self, process: &mut Process<'_>, entry: &PooledCredential) -> Outcome<bool> {
        if !entry.is_manual()? || !entry.field("last_status_at").is_true() {
            return Ok(false);
        }
        let age = process.clock - seconds(entry.field("last_status_at"))?;
        if age > DEAD_KEPT_FOR {
            let label = entry.log_label()?;
            let reason = entry.field("last_error_reason");
            let reason = if reason.is_true() { text_of(reason)? } else { "unknown".to_owned() };
            let provider = &self.provider;
            let message = format!(
                "credential pool: pruning DEAD manual entry {label} (reason={reason}, age={}h) \
                 — re-add via `hermes auth add {provider}`",
                with_tenths(age / 3600.0)
            );
            process.log(LogLevel::Warning, message);
            return Ok(true);
        }
        Ok(false)
    }

    /// Which of the entries the strategy takes; for `random` the first one.
    pub(super) fn choose(&self, seen: &[Seen]) -> Outcome<Option<usize>> {
        let mut usable = seen.iter().enumerate().filter(|(_, seen)| seen.lost.is_none());
        let Some((mut chosen, first)) = usable.next() else { return Ok(None) };
        if self.strategy == LEAST_USED {
            let mut fewest = first.entry.field("request_count");
            for (at, seen) in usable {
                let count = seen.entry.field("request_count");
                if below(count, fewest)? {
                    (chosen, fewest) = (at, count);
                }
            }
        }
        Ok(Some(chosen))
    }

    /// Why an available entry is not the one that was chosen.
    fn why_not(&self, entry: &PooledCredential, chosen: &PooledCredential) -> Reason {
        let used_more = || {
            let (own, least) = (entry.field("request_count"), chosen.field("request_count"));
            below(least, own).unwrap_or(false)
        };
        match self.strategy.as_str() {
            RANDOM => Reason::NotDrawn,
            LEAST_USED if used_more() => Reason::UsedMore,
            _ => Reason::LaterInPool,
        }
    }

    /// Records which entry won and why each of the others lost.
    pub(super) fn record(&self, process: &mut Process<'_>, seen: &[Seen], choice: Option<usize>) {
        let chosen = choice.and_then(|at| seen.get(at)).map(|seen| &seen.entry);
        let sole = self.is_sole();
        for (at, seen) in seen.iter().enumerate() {
            let candidate = seen.entry.candidate(process, sole);
            match (&seen.lost, chosen) {
                (None, _) if choice == Some(at) => process.trace.won(candidate),
                (Some(reason), _) => process.trace.lost(candidate, reason.clone()),
                (None, Some(chosen)) => process.trace.lost(candidate, self.why_not(&seen.entry, chosen)),
                (None, None) => {}
            }
        }
    }

    /// `select()`; records in the trace which entry won and why the others lost.
    ///
    /// # Errors
    /// What the real method raises.
    pub fn select(&mut self, process: &mut Process<'_>) -> Outcome<Option<PooledCredential>> {
        self.select_for(process, None)
    }

    /// `select(model=…)`: an entry that is not barred for this model. Only some releases look at it.
    ///
    /// # Errors
    /// What the real method raises.
    pub fn select_for(
        &mut self,
        process: &mut Process<'_>,
        model: Option<&str>,
    ) -> Outcome<Option<PooledCredential>> {
        let selected = self.select_next(process, true, model)?;
        if selected.is_some() {
            self.unmatched = 0;
        }
        Ok(selected)
    }

    /// `_select_unlocked(refresh=…, model=…)`.
    pub(super) fn select_next(
        &mut self,
        process: &mut Process<'_>,
        refresh: bool,
        model: Option<&str>,
    ) -> Outcome<Option<PooledCredential>> {
        let seen = self.look(process, Look { clear_expired: true, refresh, model })?;
        let choice = self.choose(&seen)?;
        self.record(process, &seen, choice);
        let Some(entry) = choice.and_then(|at| seen.get(at)).map(|seen| &seen.entry) else {
            self.set_current(None);
            self.log_none_available(process);
            return Ok(None);
        };
        self.logged_empty_at = None;
        let counted;
        let mut entry = entry;
        if process.facts.behaviour.counts_every_selection {
            let count = plus_one(entry.field("request_count"))?;
            counted = entry.replaced(vec![("request_count", count.into())])?;
            self.replace_entry(entry, counted.clone());
            entry = &counted;
        }
        let several = seen.iter().filter(|seen| seen.lost.is_none()).count() > 1;
        match self.strategy.as_str() {
            LEAST_USED if several && !process.facts.behaviour.counts_every_selection => {
                let count = plus_one(entry.field("request_count"))?;
                let used = entry.replaced(vec![("request_count", count.into())])?;
                self.replace_entry(entry, used.clone());
                self.set_current(Some(entry));
                Ok(Some(used))
            }
            ROUND_ROBIN if several => {
                let last = self.entries.len() - 1;
                let mut rotated: Vec<PooledCredential> =
                    self.entries.iter().filter(|other| !same_id(other, entry)).cloned().collect();
                rotated.push(entry.with_priority(last)?);
                for (priority, entry) in rotated.iter_mut().enumerate() {
                    *entry = entry.with_priority(priority)?;
                }
                self.entries = rotated;
                self.persist(process, &[])?;
                self.set_current(Some(entry));
                Ok(Some(self.current().unwrap_or(entry).clone()))
            }
            _ => {
                self.set_current(Some(entry));
                Ok(Some(entry.clone()))
            }
        }
    }

    /// `_log_no_available_entries()`.
    fn log_none_available(&mut self, process: &mut Process<'_>) {
        let now = process.clock;
        let silent_for = process.facts.pool.no_entries_log_seconds;
        if silent_for <= 0.0 || self.logged_empty_at.is_none_or(|last| now - last >= silent_for) {
            self.logged_empty_at = Some(now);
            process.log(LogLevel::Info, "credential pool: no available entries (all exhausted or empty)");
        }
    }

    /// `peek()`: the current entry, else the first available one.
    ///
    /// # Errors
    /// What the real method raises.
    pub fn peek(&mut self, process: &mut Process<'_>) -> Outcome<Option<PooledCredential>> {
        if let Some(current) = self.current() {
            return Ok(Some(current.clone()));
        }
        Ok(self.available(process)?.into_iter().next())
    }
}
