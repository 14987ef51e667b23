//! `load_pool`: rows from auth.json, seeded, pruned, put in order, and written back where that changed them.

use std::rc::Rc;

use super::entry::{by_priority, is_nan, keep, normalized_auth_type, rows_of, sorted_by};
use super::sanitize::is_borrowed_source;
use super::seed::Seeding;
use super::{API_KEY, CUSTOM_PREFIX, Pool, PooledCredential, sanitized};
use crate::base::collections::TextSet;
use crate::facts::behaviour::Behaviour;
use crate::facts::strategies::LEAST_USED;
use crate::hermes::listed;
use crate::hermes::stored::{Ids, hashed, true_id};
use crate::hermes::{Outcome, Process, Stop};
use crate::python::{Node, Value, equal, lower, same, strip};

/// Pools of more rows are not worked through: nobody has so many keys, and each is loaded, written and put in order again and
/// again.
pub(super) const MOST_ROWS: usize = 4096;

/// `source_rank` of `_normalize_pool_priorities`.
const ANTHROPIC_ORDER: [&str; 5] = [
    "env:ANTHROPIC_TOKEN",
    "env:CLAUDE_CODE_OAUTH_TOKEN",
    "hermes_pkce",
    "claude_code",
    "env:ANTHROPIC_API_KEY",
];

impl Process<'_> {
    /// `load_pool(provider)`. It may write `auth.json`, as the real function does.
    ///
    /// # Errors
    /// What the real function raises, as for a row that is no mapping.
    pub fn load_pool(&mut self, provider: &str) -> Outcome<Pool> {
        let provider = lower(strip(provider));
        listed::check(self, &provider)?;
        let rows = self.read_credential_pool(&provider)?;
        if self.borrows_logins(&provider) && !rows.is_empty() {
            return Err(Stop::not_modelled("logins that a profile shares with the root"));
        }
        if rows.len() > MOST_ROWS {
            return Err(Stop::not_modelled("a pool of thousands of rows"));
        }
        let keeps_others = self.facts.behaviour.writing_keeps_others_rows;
        let disk_ids: Vec<&Value> = rows.iter().filter(|_| keeps_others).filter_map(true_id).collect();
        for id in &disk_ids {
            hashed(id)?;
        }
        let needs_cleaning = needs_cleaning(&rows, &provider, &self.facts.behaviour)?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            entries.push(PooledCredential::from_row(&provider, row, self)?);
        }
        let retyped = self.facts.behaviour.token_tells_auth_type
            && has_other_auth_type(&rows, &provider)?
            && self.owns_rows(&provider)?;
        let is_custom = provider.starts_with(CUSTOM_PREFIX);
        let mut pool =
            Seeding { provider, entries, changed: needs_cleaning || retyped, sources: TextSet::new() };
        if is_custom {
            self.seed_custom_pool(&mut pool)?;
        } else {
            self.seed_from_singletons(&mut pool)?;
            self.seed_from_env(&mut pool)?;
        }
        let Seeding { provider, mut entries, mut changed, sources } = pool;
        changed |=
            prune(&mut entries, &sources, is_custom || !self.facts.behaviour.unset_variables_keep_rows)?;
        if provider == "anthropic" {
            changed |= normalize_priorities(&mut entries)?;
        }
        let entries =
            if changed { self.write_pool(&provider, entries, &disk_ids)? } else { by_priority(&entries)? };
        let strategy = self.pool_strategy(&provider)?;
        if strategy == LEAST_USED && entries.len() > 1 {
            listed::check_counts(self, &provider)?;
        }
        Ok(Pool {
            provider,
            entries,
            strategy,
            current_id: Value::None,
            leases: Vec::new(),
            logged_empty_at: None,
            unmatched: 0,
        })
    }

    /// The rows that `load_pool(provider)` makes of variables, where none is stored.
    ///
    /// # Errors
    /// As [`Process::load_pool`].
    pub fn rows_of_variables(&mut self, provider: &str) -> Outcome<Vec<PooledCredential>> {
        let provider = provider.to_owned();
        let mut pool = Seeding { provider, entries: Vec::new(), changed: false, sources: TextSet::new() };
        self.seed_from_env(&mut pool)?;
        Ok(pool.entries)
    }

    /// Writes the entries in their order, which is returned, without those rows of the disk that are gone.
    fn write_pool(
        &mut self,
        provider: &str,
        entries: Vec<PooledCredential>,
        disk_ids: &[&Value],
    ) -> Outcome<Vec<PooledCredential>> {
        let mut kept = Ids::default();
        for entry in entries.iter().filter(|_| self.facts.behaviour.writing_keeps_others_rows) {
            kept.insert(entry.id(), 0)?;
        }
        let mut removed = Vec::new();
        for id in disk_ids {
            if !kept.has(id)? {
                removed.push((*id).clone());
            }
        }
        let entries = by_priority(&entries)?;
        self.write_credential_pool(provider, &rows_of(&entries)?, &removed)?;
        Ok(entries)
    }

    /// Whether the active store itself has rows of `provider`: those of the root are not rewritten.
    fn owns_rows(&mut self, provider: &str) -> Outcome<bool> {
        let store = self.load_auth_store()?;
        let rows = store.get("credential_pool").and_then(|pool| pool.get(provider));
        Ok(rows.is_some_and(|rows| rows.value.is_true()))
    }
}

/// `raw_needs_sanitization`.
fn needs_cleaning(rows: &[Node], provider: &str, behaviour: &Behaviour) -> Outcome<bool> {
    for payload in rows.iter().filter_map(|row| row.value.as_dict()) {
        let Some(clean) = sanitized(payload, provider, behaviour)? else { continue };
        if !same(&Value::dict(clean), &Value::Dict(Rc::new(payload.clone()))) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `raw_needs_auth_normalization`, before it is asked whose rows they are.
fn has_other_auth_type(rows: &[Node], provider: &str) -> Outcome<bool> {
    for payload in rows.iter().filter_map(|row| row.value.as_dict()) {
        let token = payload.get("access_token").map_or(&Value::None, |node| &node.value);
        let default = Value::str(API_KEY);
        let written = payload.get("auth_type").map_or(&default, |node| &node.value);
        if written.as_str() != Some(&normalized_auth_type(provider, token, written)?) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `_prune_stale_seeded_entries(entries, active_sources, prune_env_sources=…)`.
fn prune(entries: &mut Vec<PooledCredential>, active: &TextSet, prune_env: bool) -> Outcome<bool> {
    keep(entries, &mut |entry| {
        Ok(entry.is_manual()? || is_active(entry, active)? || !is_prunable(entry, prune_env)?)
    })
}

fn is_active(entry: &PooledCredential, active: &TextSet) -> Outcome<bool> {
    let source = entry.field("source");
    hashed(source)?;
    Ok(source.as_str().is_some_and(|source| active.contains(source)))
}

fn is_prunable(entry: &PooledCredential, prune_env: bool) -> Outcome<bool> {
    let behaviour = &entry.facts.behaviour;
    let source = entry.field("source");
    // Two releases look at the beginning of the source; the ones between them take what is borrowed.
    if behaviour.unset_variables_keep_rows || !behaviour.borrowed_keys_stay_off_disk {
        let Some(text) = source.as_str() else {
            return Err(Stop::no_attribute(source.type_name(), "startswith"));
        };
        if text.starts_with("env:") {
            return Ok(prune_env);
        }
    }
    if !behaviour.borrowed_keys_stay_off_disk {
        return Ok(entry.is_from("claude_code") || entry.is_from("hermes_pkce"));
    }
    Ok(is_borrowed_source(source, &entry.provider, behaviour)? || entry.is_from("hermes_pkce"))
}

/// `_normalize_pool_priorities("anthropic", entries)`.
fn normalize_priorities(entries: &mut [PooledCredential]) -> Outcome<bool> {
    if entries.iter().filter(|entry| is_nan(entry.field("priority"))).count() > 1 {
        return Err(Stop::not_modelled("the order of several priorities that are NaN"));
    }
    let mut manual = Vec::new();
    let mut seeded = Vec::new();
    let mut keys = Vec::new();
    for entry in entries.iter() {
        if entry.is_manual()? {
            manual.push(entry.clone());
        } else {
            let rank = ANTHROPIC_ORDER.iter().position(|source| entry.is_from(source));
            let parts = [
                number(rank.unwrap_or(ANTHROPIC_ORDER.len())),
                entry.field("priority").clone(),
                entry.field("label").clone(),
            ];
            seeded.push(entry.clone());
            keys.push(Value::Tuple(Rc::new(parts.map(Node::made).to_vec())));
        }
    }
    let mut ordered = by_priority(&manual)?;
    ordered.extend(sorted_by(&seeded, &keys)?);
    let mut places = Ids::default();
    for (at, entry) in entries.iter().enumerate() {
        places.insert(entry.id(), at)?;
    }
    let mut changed = false;
    for (priority, entry) in ordered.iter().enumerate() {
        if !equal(entry.field("priority"), &number(priority)) {
            if let Some(slot) = places.get(entry.id())?.and_then(|at| entries.get_mut(at)) {
                *slot = entry.with_priority(priority)?;
            }
            changed = true;
        }
    }
    Ok(changed)
}

fn number(value: usize) -> Value {
    Value::int(i64::try_from(value).unwrap_or(i64::MAX))
}
