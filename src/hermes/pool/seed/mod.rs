//! Seeding: what the environment, logins and other programs' files add to a pool.

mod env;
mod singletons;

use super::PooledCredential;
use super::entry::{Changes, cleared_status, keep, next_priority};
use super::sanitize::fingerprint;
use crate::base::collections::TextSet;
use crate::base::text::Place;
use crate::hermes::listed::LISTED;
use crate::hermes::{Candidate, CredentialStatus, Origin, Outcome, Process, Reason};
use crate::python::{Dict, Node, Value, equal, same};
use crate::secret::Secret;

/// A pool's entries while they are seeded.
pub(super) struct Seeding {
    /// The pool's provider.
    pub(super) provider: String,
    /// The entries so far.
    pub(super) entries: Vec<PooledCredential>,
    /// Whether what lies on disk changes.
    pub(super) changed: bool,
    /// The sources that were found to hold a key.
    pub(super) sources: TextSet,
}

/// A row that a source makes: its fields in order, the first of them its source.
pub(super) struct Seed {
    source: String,
    fields: Changes,
    /// Where the source is written: the whole assignment or value.
    pub(super) place: Option<Place>,
}

impl Seed {
    /// A row of `source` with the key `token`; `label` is how it is called where it has no name yet.
    pub(super) fn new(source: &str, auth_type: &str, token: Node, label: Node) -> Self {
        let mut seed = Self { source: source.to_owned(), place: token.place, fields: Vec::new() };
        seed.set_text("source", source);
        seed.set_text("auth_type", auth_type);
        seed.set("access_token", token);
        seed.set("label", label);
        seed
    }

    /// Gives the row another field.
    pub(super) fn set(&mut self, name: &'static str, node: Node) {
        self.fields.push((name, node));
    }

    /// Gives the row another field that is a text.
    #[inline(never)]
    pub(super) fn set_text(&mut self, name: &'static str, text: &str) {
        self.set(name, Value::str(text).into());
    }

    /// The row as the real program builds it.
    fn payload(&self) -> Dict {
        let mut payload = Dict::new();
        for (name, node) in &self.fields {
            payload.set(name, node.clone());
        }
        payload
    }

    /// Whether the row's key is not that of `entry`, which may have only its fingerprint.
    fn has_another_key(&self, entry: &PooledCredential) -> Outcome<bool> {
        let token = self.fields.iter().find(|(name, _)| *name == "access_token").map(|(_, node)| &node.value);
        let Some(token) = token.filter(|token| !token.is_none()) else { return Ok(false) };
        let own = entry.field("access_token");
        match entry.extra("secret_fingerprint") {
            Value::Str(known) if **known == *LISTED => Ok(false),
            Value::Str(known) if !own.is_true() && !known.is_empty() && !equal(token, own) => {
                Ok(fingerprint(token)?.as_deref() != Some(&**known))
            }
            _ => Ok(!equal(token, own)),
        }
    }

    /// The seed as a candidate for the trace.
    fn candidate(&self, provider: &str) -> Candidate {
        let payload = self.payload();
        let text = |name: &str| payload.get(name).and_then(|node| node.value.as_str()).unwrap_or("");
        let place = payload.get("access_token").and_then(|node| node.place);
        Candidate {
            origin: Origin::Pool { provider: provider.to_owned(), source: self.source.clone() },
            label: text("label").to_owned(),
            key: Secret::new(text("access_token")),
            place,
            entry_place: self.place.or(place),
            status: CredentialStatus::Ok,
        }
    }
}

impl Process<'_> {
    /// Adds the row, unless `hermes auth remove` suppressed its source, which the trace then says. Whether what lies on
    /// disk changes by it.
    pub(super) fn seed(&mut self, pool: &mut Seeding, seed: &Seed) -> Outcome<bool> {
        if self.is_source_suppressed(&pool.provider, &seed.source)? {
            self.trace.lost(seed.candidate(&pool.provider), Reason::Suppressed);
            return Ok(false);
        }
        pool.sources.insert(&seed.source);
        let is_news = self.upsert(&mut pool.entries, &pool.provider, seed)?;
        pool.changed |= is_news;
        Ok(is_news)
    }

    /// `_upsert_entry(entries, provider, source, payload)`: whether what lies on disk changes.
    fn upsert(&mut self, entries: &mut Vec<PooledCredential>, provider: &str, seed: &Seed) -> Outcome<bool> {
        let one_row = self.facts.behaviour.one_row_per_source;
        let mut seen = false;
        let merged = keep(entries, &mut |entry| {
            let repeated = entry.is_from(&seed.source) && seen;
            seen |= entry.is_from(&seed.source);
            Ok(!repeated || !one_row)
        })?;
        let Some(existing) = entries.iter_mut().find(|entry| entry.is_from(&seed.source)) else {
            let mut row = seed.payload();
            row.set("id", self.new_id());
            row.set("priority", next_priority(entries)?);
            let row = Node { value: Value::dict(row), place: seed.place };
            entries.push(PooledCredential::from_row(provider, &row, self)?);
            return Ok(true);
        };
        let mut changes = Changes::new();
        let mut extra = existing.extra.as_ref().clone();
        let mut extra_changed = false;
        for (name, node) in &seed.fields {
            if node.value.is_none() || (*name == "label" && existing.field("label").is_true()) {
                continue;
            }
            if !PooledCredential::is_extra(name) {
                if !equal(existing.field(name), &node.value) {
                    changes.push((name, node.clone()));
                }
            } else if !equal(extra.get(name).map_or(&Value::None, |node| &node.value), &node.value) {
                extra.set(name, node.clone());
                extra_changed = true;
            }
        }
        if self.facts.behaviour.new_keys_clear_statuses
            && !existing.field("last_status").is_none()
            && seed.has_another_key(existing)?
        {
            changes.extend(cleared_status(Value::None));
        }
        if changes.is_empty() && !extra_changed {
            return Ok(merged);
        }
        let before = existing.to_row()?;
        let mut updated = existing.replaced(changes)?;
        updated.extra = extra.into();
        let after = updated.to_row()?;
        *existing = updated;
        Ok(merged || !same(&before.value, &after.value))
    }
}
