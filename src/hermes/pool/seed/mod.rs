//! Seeding: what the environment, logins and other programs' files add to a pool.

mod env;
mod singletons;

use super::PooledCredential;
use super::entry::{Changes, next_priority};
use crate::hermes::{Candidate, CredentialStatus, Origin, Outcome, Process, Reason};
use crate::python::{Dict, Node, Value, equal, same};
use crate::secret::Secret;

/// A row that a source makes: its fields in order.
pub(super) struct Seed {
    /// The source, and how the row is called where it has no name yet.
    pub(super) source: String,
    /// All fields but the source.
    pub(super) fields: Vec<(&'static str, Node)>,
    /// Where the source is written: the whole assignment or value.
    pub(super) place: Option<crate::text::Place>,
}

impl Seed {
    /// The payload that the real program builds.
    fn payload(&self) -> Dict {
        let mut payload = Dict::new();
        payload.set("source", Value::str(self.source.as_str()));
        for (name, node) in &self.fields {
            payload.set(name, node.clone());
        }
        payload
    }

    /// The seed as a candidate for the trace.
    fn candidate(&self, provider: &str) -> Candidate {
        let text = |name: &str| {
            let node = self.fields.iter().find(|(known, _)| *known == name).map(|(_, node)| node);
            (node.and_then(|node| node.value.as_str()).unwrap_or(""), node.and_then(|node| node.place))
        };
        let (key, place) = text("access_token");
        Candidate {
            origin: Origin::Pool { provider: provider.to_owned(), source: self.source.clone() },
            label: text("label").0.to_owned(),
            key: Secret::new(key),
            place,
            entry_place: self.place.or(place),
            status: CredentialStatus::Ok,
        }
    }
}

impl Process<'_> {
    /// Whether `hermes auth remove` suppressed the seed's source, which the trace then says.
    pub(super) fn is_suppressed(&mut self, provider: &str, seed: &Seed) -> Outcome<bool> {
        let suppressed = self.is_source_suppressed(provider, &seed.source)?;
        if suppressed {
            self.trace.lost(seed.candidate(provider), Reason::Suppressed);
        }
        Ok(suppressed)
    }

    /// `_upsert_entry(entries, provider, source, payload)`: whether what lies on disk changes.
    pub(super) fn upsert(
        &mut self,
        entries: &mut Vec<PooledCredential>,
        provider: &str,
        seed: &Seed,
    ) -> Outcome<bool> {
        let payload = seed.payload();
        let count = entries.len();
        let mut seen = false;
        entries.retain(|entry| {
            let repeated = entry.is_from(&seed.source) && seen;
            seen |= entry.is_from(&seed.source);
            !repeated
        });
        let merged = entries.len() != count;
        let Some(existing) = entries.iter_mut().find(|entry| entry.is_from(&seed.source)) else {
            let mut row = payload;
            row.set("id", self.new_id());
            row.set("priority", next_priority(entries)?);
            let row = Node { value: Value::dict(row), place: seed.place };
            entries.push(PooledCredential::from_row(provider, &row, self)?);
            return Ok(true);
        };
        let mut changes = Changes::new();
        let mut extra = existing.extra.as_ref().clone();
        let mut extra_changed = false;
        let fields = std::iter::once(("source", payload.get("source").cloned()))
            .chain(seed.fields.iter().map(|(name, node)| (*name, Some(node.clone()))));
        for (name, node) in fields {
            let Some(node) = node.filter(|node| !node.value.is_none()) else { continue };
            if name == "label" && existing.field("label").is_true() {
                continue;
            }
            match PooledCredential::holds(name) {
                (true, _) if !equal(existing.field(name), &node.value) => changes.push((name, node)),
                (false, true)
                    if !equal(extra.get(name).map_or(&Value::None, |node| &node.value), &node.value) =>
                {
                    extra.set(name, node);
                    extra_changed = true;
                }
                _ => {}
            }
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
