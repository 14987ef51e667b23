//! Leases: which entry a parallel task takes.

use super::entry::below;
use super::select::Look;
use super::{Pool, PooledCredential};
use crate::hermes::stored::hashed;
use crate::hermes::{Outcome, Process};
use crate::python::{Value, equal, same};

/// `DEFAULT_MAX_CONCURRENT_PER_CREDENTIAL`.
const MOST_LEASES: i64 = 1;

impl Pool {
    fn leases_of(&self, entry: &PooledCredential) -> Outcome<i64> {
        hashed(entry.id())?;
        let known = self.leases.iter().find(|(id, _)| same(id, entry.id()));
        Ok(known.map_or(0, |(_, count)| *count))
    }

    /// `acquire_lease()`: the leased entry, the least leased one below the cap or, where all are at it, of all.
    ///
    /// # Errors
    /// What the real method raises.
    pub fn acquire_lease(&mut self, process: &mut Process<'_>) -> Outcome<Option<PooledCredential>> {
        let seen = self.look(process, Look { clear_expired: true, refresh: true, model: None })?;
        let mut usable = Vec::new();
        for (at, seen) in seen.iter().enumerate().filter(|(_, seen)| seen.lost.is_none()) {
            usable.push((at, &seen.entry, self.leases_of(&seen.entry)?));
        }
        let free: Vec<_> = usable.iter().filter(|(_, _, leases)| *leases < MOST_LEASES).copied().collect();
        let candidates = if free.is_empty() { usable } else { free };
        let mut best: Option<(usize, &PooledCredential, i64)> = None;
        for candidate in candidates {
            let better = match best {
                None => true,
                Some((_, _, leases)) if candidate.2 != leases => candidate.2 < leases,
                Some((_, best, _)) => {
                    let (own, least) = (candidate.1.field("priority"), best.field("priority"));
                    !equal(own, least) && below(own, least)?
                }
            };
            if better {
                best = Some(candidate);
            }
        }
        self.record(process, &seen, best.map(|(at, _, _)| at));
        let Some((_, chosen, _)) = best else { return Ok(None) };
        let id = chosen.id().clone();
        match self.leases.iter_mut().find(|(known, _)| same(known, &id)) {
            Some((_, count)) => *count += 1,
            None => self.leases.push((id.clone(), 1)),
        }
        self.set_current(Some(chosen));
        // The real method returns the id; without one the caller has nothing.
        let leased = self.entries.iter().find(|entry| equal(entry.id(), &id));
        Ok(leased.filter(|entry| !matches!(entry.id(), Value::None)).cloned())
    }

    /// `release_lease(id)`.
    pub fn release_lease(&mut self, entry: &PooledCredential) {
        let Some(at) = self.leases.iter().position(|(id, _)| same(id, entry.id())) else { return };
        if let Some((_, count)) = self.leases.get_mut(at) {
            *count -= 1;
            if *count <= 0 {
                self.leases.swap_remove(at);
            }
        }
    }
}
