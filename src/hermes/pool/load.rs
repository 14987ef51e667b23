//! `load_pool`: rows from auth.json, seeded, pruned, put in order, and written back where that changed them.

use std::collections::HashMap;
use std::collections::HashSet;
use std::rc::Rc;

use super::entry::{by_priority, normalized_auth_type, sorted_by};
use super::sanitize::is_borrowed_source;
use super::{API_KEY, CUSTOM_PREFIX, Pool, PooledCredential, sanitized};
use crate::hermes::auth_store::hashed;
use crate::hermes::{Outcome, Process, Stop};
use crate::python::{Key, Node, Value, equal, lower, same, strip};

/// The sources that were found to hold a key.
pub(super) type Sources = HashSet<String>;

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
        let rows = self.read_credential_pool(&provider)?;
        let mut disk_ids: Vec<&Value> = Vec::new();
        for id in rows.iter().filter_map(|row| row.get("id")).filter(|id| id.value.is_true()) {
            hashed(&id.value)?;
            disk_ids.push(&id.value);
        }
        let needs_cleaning = needs_cleaning(&rows, &provider)?;
        let mut entries: Vec<PooledCredential> = (rows.iter())
            .map(|row| PooledCredential::from_row(&provider, row, self))
            .collect::<Outcome<_>>()?;
        let retyped = has_other_auth_type(&rows, &provider)? && self.owns_rows(&provider)?;
        let mut changed = needs_cleaning || retyped;
        if provider.starts_with(CUSTOM_PREFIX) {
            let sources = self.seed_custom_pool(&provider, &mut entries, &mut changed)?;
            changed |= prune(&mut entries, &sources, true)?;
        } else {
            let mut sources = self.seed_from_singletons(&provider, &mut entries, &mut changed)?;
            sources.extend(self.seed_from_env(&provider, &mut entries, &mut changed)?);
            changed |= prune(&mut entries, &sources, false)?;
            changed |= normalize_priorities(&provider, &mut entries)?;
        }
        if changed {
            let kept: HashSet<Key> =
                entries.iter().map(|entry| hashed(entry.id())).collect::<Outcome<_>>()?;
            let mut removed = Vec::new();
            for id in disk_ids {
                if !kept.contains(&hashed(id)?) {
                    removed.push(id.clone());
                }
            }
            let rows: Vec<Node> =
                by_priority(&entries)?.iter().map(PooledCredential::to_row).collect::<Outcome<_>>()?;
            self.write_credential_pool(&provider, &rows, &removed)?;
        }
        let entries = by_priority(&entries)?;
        let strategy = self.pool_strategy(&provider)?;
        Ok(Pool {
            provider,
            entries,
            strategy,
            current_id: Value::None,
            leases: Vec::new(),
            logged_empty_at: None,
        })
    }

    /// Whether the active store itself has rows of `provider`: those of the root are not rewritten.
    fn owns_rows(&mut self, provider: &str) -> Outcome<bool> {
        let store = self.load_auth_store()?;
        let rows = store.get("credential_pool").and_then(|pool| pool.get(provider));
        Ok(rows.is_some_and(|rows| rows.value.is_true()))
    }
}

/// `raw_needs_sanitization`.
fn needs_cleaning(rows: &[Node], provider: &str) -> Outcome<bool> {
    for payload in rows.iter().filter_map(|row| row.value.as_dict()) {
        let clean = Value::dict(sanitized(payload, provider)?);
        if !same(&clean, &Value::Dict(Rc::new(payload.clone()))) {
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
fn prune(entries: &mut Vec<PooledCredential>, active: &Sources, prune_env: bool) -> Outcome<bool> {
    let mut kept = Vec::with_capacity(entries.len());
    for entry in entries.iter() {
        let stays = entry.is_manual()? || is_active(entry, active)? || !is_prunable(entry, prune_env)?;
        if stays {
            kept.push(entry.clone());
        }
    }
    let changed = kept.len() != entries.len();
    *entries = kept;
    Ok(changed)
}

fn is_active(entry: &PooledCredential, active: &Sources) -> Outcome<bool> {
    let source = entry.field("source");
    hashed(source)?;
    Ok(source.as_str().is_some_and(|source| active.contains(source)))
}

fn is_prunable(entry: &PooledCredential, prune_env: bool) -> Outcome<bool> {
    let Value::Str(source) = entry.field("source") else {
        return Err(Stop::no_attribute(entry.field("source").type_name(), "startswith"));
    };
    if source.starts_with("env:") {
        return Ok(prune_env);
    }
    Ok(is_borrowed_source(entry.field("source"), &entry.provider)? || source.as_ref() == "hermes_pkce")
}

/// `_normalize_pool_priorities(provider, entries)`.
fn normalize_priorities(provider: &str, entries: &mut [PooledCredential]) -> Outcome<bool> {
    if provider != "anthropic" {
        return Ok(false);
    }
    let is_nan = |value: &Value| matches!(value, Value::Float(value) if value.is_nan());
    if entries.iter().filter(|entry| is_nan(entry.field("priority"))).count() > 1 {
        return Err(Stop::not_modelled("the order of several priorities that are NaN"));
    }
    let mut manual = Vec::new();
    let mut seeded = Vec::new();
    for entry in entries.iter() {
        let group = if entry.is_manual()? { &mut manual } else { &mut seeded };
        group.push(entry.clone());
    }
    let rank = |entry: &PooledCredential| {
        let at = ANTHROPIC_ORDER.iter().position(|source| entry.is_from(source));
        at.unwrap_or(ANTHROPIC_ORDER.len())
    };
    let mut ordered = by_priority(&manual)?;
    ordered.extend(sorted_by(&seeded, |entry| {
        let rank = i64::try_from(rank(entry)).unwrap_or(i64::MAX);
        let parts = [Value::int(rank), entry.field("priority").clone(), entry.field("label").clone()];
        Value::Tuple(Rc::new(parts.map(Node::made).to_vec()))
    })?);
    let mut places = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let _ = places.insert(hashed(entry.id())?, at);
    }
    let mut changed = false;
    for (priority, entry) in ordered.iter().enumerate() {
        let wanted = Value::int(i64::try_from(priority).unwrap_or(i64::MAX));
        if !equal(entry.field("priority"), &wanted) {
            let at = places.get(&hashed(entry.id())?);
            if let Some(slot) = at.and_then(|&at| entries.get_mut(at)) {
                *slot = entry.with_priority(priority)?;
            }
            changed = true;
        }
    }
    Ok(changed)
}
