//! A pool as a report shows it: every entry with its state, and which one is next.

use super::select::Look;
use super::timestamps::float_of;
use super::{Pool, PooledCredential};
use crate::facts::strategies::RANDOM;
use crate::hermes::{Candidate, Process, Reason};
use crate::python::{Int, Value};
use crate::readers::log::seconds_asked;

/// What reports show of an entry.
#[derive(Clone, Debug)]
pub struct EntryState {
    /// The entry as a candidate.
    pub candidate: Candidate,
    /// The status code of its last error.
    pub error_code: Option<i64>,
    /// The seconds for which its provider asked when it was marked, as the stored message says it, where it rests longer than
    /// that; `None` where Hermes read a time of the answer, which it keeps to.
    pub asked: Option<f64>,
    /// Why `select()` cannot take it now; `None` for an available one.
    pub lost: Option<Reason>,
    /// Whether the pool may select it now.
    pub available: bool,
    /// Whether the next selection may return it: one entry, or for `random` each available one.
    pub next: bool,
}

impl Pool {
    /// The entries in order, with what the next selection would do, without selecting: neither the pool nor the
    /// process changes. Where selecting raises or is not modelled, no entry counts as available.
    pub fn describe(&self, process: &mut Process<'_>) -> Vec<EntryState> {
        let (lines, steps) = (process.log.len(), process.trace.mark());
        let store = process.auth_store.clone();
        let mut pool = self.clone();
        let looked = pool
            .look(process, Look { clear_expired: true, refresh: true, model: None })
            .and_then(|seen| Ok((pool.choose(&seen)?, seen)));
        let (choice, seen) = looked.unwrap_or_default();
        process.log.truncate(lines);
        process.trace.rewind(steps);
        process.auth_store = store;
        let sole = self.is_sole();
        let state = |(at, entry): (usize, &PooledCredential)| {
            let lost = seen.get(at).map(|seen| seen.lost.clone());
            let available = lost == Some(None);
            EntryState {
                candidate: entry.candidate(process, sole),
                error_code: match entry.field("last_error_code") {
                    Value::Int(Int::Small(code)) => Some(*code),
                    _ => None,
                },
                asked: lost.as_ref().and_then(|lost| asked_less(entry, lost.as_ref()?)),
                lost: lost.flatten(),
                available,
                next: if self.strategy == RANDOM { available } else { choice == Some(at) },
            }
        };
        self.entries.iter().enumerate().map(state).collect()
    }
}

/// The seconds for which the provider of an entry asked, where it is lost for longer.
fn asked_less(entry: &PooledCredential, lost: &Reason) -> Option<f64> {
    let Reason::CoolingDown { until: Some(until), .. } = lost else { return None };
    if entry.field("last_error_reset_at").is_true() {
        return None;
    }
    let marked_at = float_of(entry.field("last_status_at")).ok()??;
    let asked = seconds_asked(entry.field("last_error_message").as_str()?)?;
    (until - marked_at > asked).then_some(asked)
}
