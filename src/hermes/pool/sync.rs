//! Entries of logins take the newer token of the place that they come from, once they have failed.

use std::rc::Rc;

use super::entry::{Changes, cleared_status};
use super::timestamps::{parse_absolute_timestamp, seconds};
use super::{EXHAUSTED, OK, Pool, PooledCredential};
use crate::hermes::stored::hashed;
use crate::hermes::{Outcome, Process, Stop, caught};
use crate::python::{Node, Value, equal};

/// What a Nous login hands to its entry, where it is set.
const NOUS_FIELDS: [&str; 6] = [
    "access_token",
    "refresh_token",
    "expires_at",
    "agent_key",
    "agent_key_expires_at",
    "inference_base_url",
];
/// The extra fields that it hands on.
const NOUS_EXTRA: [&str; 6] = [
    "obtained_at",
    "expires_in",
    "agent_key_id",
    "agent_key_expires_in",
    "agent_key_reused",
    "agent_key_obtained_at",
];

/// `state.get(name, "")`.
fn text_at(state: &Node, name: &str) -> Node {
    state.get(name).cloned().unwrap_or(Value::str("").into())
}

/// Those of `names` that a login has.
fn handed(state: &Node, names: &[&'static str]) -> Changes {
    names.iter().filter_map(|name| Some((*name, state.get(name)?.clone()))).collect()
}

/// Whether `new` is set and is not what the entry has, where `None` counts as `""`.
fn differs(entry: &PooledCredential, field: &str, new: &Node) -> bool {
    let own = entry.field(field);
    let own = if own.is_true() { own } else { &Value::str("") };
    new.value.is_true() && !equal(&new.value, own)
}

impl Pool {
    /// The part of `_available_entries` that syncs a failed login; `None` where the entry stays as it is.
    pub(super) fn synced(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
    ) -> Outcome<Option<PooledCredential>> {
        let hears_of_resets = process.facts.behaviour.keeps_more_fields;
        if hears_of_resets {
            hashed(entry.field("last_status"))?;
            if (entry.has_status(EXHAUSTED) || entry.is_dead())
                && let Some(reset) = self.reset_since(process, entry)?
            {
                let mut changes = cleared_status(Value::str(OK));
                changes.push(("status_cleared_at", Value::Float(reset).into()));
                let cleared = entry.replaced(changes)?;
                self.replace_entry(entry, cleared.clone());
                return Ok(Some(cleared));
            }
        }
        if self.origin(process).is_none_or(|source| !entry.is_from(source)) {
            return Ok(None);
        }
        if process.facts.behaviour.knows_dead_entries {
            hashed(entry.field("last_status"))?;
        }
        if !entry.has_status(EXHAUSTED) && !entry.is_dead() {
            return Ok(None);
        }
        if hears_of_resets {
            return Err(Stop::not_modelled("a stored login that has failed"));
        }
        self.sync(process, entry)
    }

    /// `_reset_cleared_after(entry)`: when `hermes auth reset` cleared the row, where that is newer than its status.
    fn reset_since(&self, process: &mut Process<'_>, entry: &PooledCredential) -> Outcome<Option<f64>> {
        let rows = caught(process.read_credential_pool(&self.provider))?.unwrap_or_default();
        let own = rows.iter().find(|row| row.get("id").is_some_and(|id| equal(&id.value, entry.id())));
        let cleared = match own.and_then(|row| row.get("status_cleared_at")) {
            Some(node) => caught(parse_absolute_timestamp(&node.value))?.flatten(),
            None => None,
        };
        let Some(cleared) = cleared.filter(|cleared| *cleared != 0.0) else { return Ok(None) };
        let since = entry.field("last_status_at");
        let since = if since.is_true() { seconds(since)? } else { 0.0 };
        Ok((cleared > since).then_some(cleared))
    }

    /// The source of the entries that have their tokens from another place.
    pub(super) fn origin(&self, process: &Process<'_>) -> Option<&'static str> {
        match self.provider.as_str() {
            "anthropic" => Some("claude_code"),
            "nous" | "openai-codex" => Some("device_code"),
            "xai-oauth" if process.facts.behaviour.knows_xai_logins => {
                Some(process.facts.behaviour.xai_source())
            }
            _ => None,
        }
    }

    /// `_sync_…_entry_from_…(entry)`; `None` where the entry stays as it is.
    pub(super) fn sync(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
    ) -> Outcome<Option<PooledCredential>> {
        if self.origin(process).is_none_or(|source| !entry.is_from(source)) {
            return Ok(None);
        }
        let synced = match self.provider.as_str() {
            "anthropic" => self.sync_claude_code(process, entry),
            "nous" => self.sync_nous(process, entry),
            _ => self.sync_tokens(process, entry),
        };
        Ok(caught(synced)?.flatten())
    }

    /// `_sync_xai_oauth_entry_from_pool_store(entry)`; `None` where the stored row has the same tokens.
    pub(super) fn sync_with_store(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
    ) -> Outcome<Option<PooledCredential>> {
        let rows = caught(process.read_credential_pool(&self.provider))?.unwrap_or_default();
        let own = rows.iter().find(|row| row.get("id").is_some_and(|id| equal(&id.value, entry.id())));
        let stored = match own {
            Some(row) => caught(PooledCredential::from_row(&self.provider, row, process))?,
            None => None,
        };
        let is_same = |stored: &PooledCredential| {
            ["access_token", "refresh_token"].iter().all(|name| equal(stored.field(name), entry.field(name)))
        };
        let Some(stored) = stored.filter(|stored| !is_same(stored)) else { return Ok(None) };
        self.replace_entry(entry, stored.clone());
        Ok(Some(stored))
    }

    /// Gives the entry the fields that are set and a clear status, puts it in the place of the old one and writes the
    /// pool.
    fn adopt(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
        given: Changes,
        extra: &Changes,
    ) -> Outcome<Option<PooledCredential>> {
        let mut changes = cleared_status(Value::None);
        changes.extend(given.into_iter().filter(|(_, node)| node.value.is_true()));
        self.change(process, entry, changes, extra)
    }

    /// As [`Pool::adopt`] in releases that leave the words of the failure and take the fields as they are.
    fn adopt_as_given(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
        given: Changes,
        extra: &Changes,
    ) -> Outcome<Option<PooledCredential>> {
        let mut changes = cleared_status(Value::None);
        changes.truncate(3);
        changes.extend(given);
        self.change(process, entry, changes, extra)
    }

    /// Puts the changed entry in the place of the old one and writes the pool.
    fn change(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
        changes: Changes,
        extra: &Changes,
    ) -> Outcome<Option<PooledCredential>> {
        let mut changed = entry.replaced(changes)?;
        let own = Rc::make_mut(&mut changed.extra);
        for (name, node) in extra {
            if !node.value.is_none() {
                own.set(name, node.clone());
            }
        }
        self.replace_entry(entry, changed.clone());
        self.persist(process, &[])?;
        Ok(Some(changed))
    }

    /// `_sync_anthropic_entry_from_credentials_file(entry)`.
    fn sync_claude_code(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
    ) -> Outcome<Option<PooledCredential>> {
        let Some(login) = process.claude_code_login()? else { return Ok(None) };
        let access = text_at(&login, "accessToken");
        let refresh = text_at(&login, "refreshToken");
        let is_new = process.facts.behaviour.any_claude_change_syncs;
        let has_changed =
            differs(entry, "refresh_token", &refresh) || is_new && differs(entry, "access_token", &access);
        if !has_changed {
            return Ok(None);
        }
        let expires = text_at(&login, "expiresAt");
        let given = vec![("access_token", access), ("refresh_token", refresh), ("expires_at_ms", expires)];
        match is_new {
            true => self.adopt(process, entry, given, &Vec::new()),
            false => self.adopt_as_given(process, entry, given, &Vec::new()),
        }
    }

    /// `_sync_codex_entry_from_auth_store(entry)` and `_sync_xai_oauth_entry_from_auth_store(entry)`.
    fn sync_tokens(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
    ) -> Outcome<Option<PooledCredential>> {
        let Some(state) = process.load_provider_state(&self.provider)? else { return Ok(None) };
        let Some(tokens) = state.get("tokens").filter(|tokens| tokens.value.as_dict().is_some()) else {
            return Ok(None);
        };
        let access = text_at(tokens, "access_token");
        let refresh = text_at(tokens, "refresh_token");
        let newer = differs(entry, "access_token", &access) || differs(entry, "refresh_token", &refresh);
        if !access.value.is_true() || !newer {
            return Ok(None);
        }
        let renewed = text_at(&state, "last_refresh");
        let given = vec![("access_token", access), ("refresh_token", refresh), ("last_refresh", renewed)];
        self.adopt(process, entry, given, &Vec::new())
    }

    /// `_sync_nous_entry_from_auth_store(entry)`.
    fn sync_nous(
        &mut self,
        process: &mut Process<'_>,
        entry: &PooledCredential,
    ) -> Outcome<Option<PooledCredential>> {
        let Some(state) = process.load_provider_state("nous")?.filter(|state| state.value.is_true()) else {
            return Ok(None);
        };
        let mut given = handed(&state, &NOUS_FIELDS);
        if !process.facts.behaviour.any_nous_change_syncs {
            let refresh = text_at(&state, "refresh_token");
            if !refresh.value.is_true() || equal(entry.field("refresh_token"), &refresh.value) {
                return Ok(None);
            }
            given.retain(|(_, node)| node.value.is_true());
            given.push(("access_token", text_at(&state, "access_token")));
            return self.adopt_as_given(process, entry, given, &handed(&state, &NOUS_EXTRA));
        }
        let is_set = |value: &Value| !value.is_none() && value.as_str() != Some("");
        if !given.iter().any(|(name, node)| is_set(&node.value) && !equal(entry.field(name), &node.value)) {
            return Ok(None);
        }
        self.adopt(process, entry, given, &handed(&state, &NOUS_EXTRA))
    }
}
