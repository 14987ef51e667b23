//! Who takes over when one key after another is rate-limited: the agent's recovery, asked again and again.

use super::pool::PooledCredential;
use super::recovery::Agent;
use super::runtime::Runtime;
use super::{Candidate, Outcome, Process};
use crate::python::{Dict, Value};

/// The status of a rate limit.
const TOO_MANY_REQUESTS: i64 = 429;

/// Takeovers that are followed at most: a pool with more rows is told as far.
const MOST: usize = 50;

/// Rows that all of them together look at, as each looks at the whole pool: of a very large one fewer are followed.
const MOST_ROWS: usize = 20_000;

/// What becomes of the key of an agent that meets one rate limit after another.
#[derive(Clone, Debug)]
pub struct Takeovers {
    /// Whether recovery takes the agent's pool for that of its provider; where it does not, it leaves the pool alone.
    pub is_served: bool,
    /// Whether the first rate limit is tried again with the same key.
    pub retries_first: bool,
    /// The entries that take over, in their order. Each has another key than the one before it.
    pub entries: Vec<Candidate>,
}

impl Process<'_> {
    /// Who takes over from the key of `runtime`, as `recover_with_credential_pool` decides. What that writes is taken back.
    /// `None` where the agent has no pool. `model` is the one in use.
    ///
    /// # Errors
    /// What recovery raises or does not model.
    pub fn takeovers(&mut self, runtime: &Runtime, model: Option<&str>) -> Outcome<Option<Takeovers>> {
        let Some(mut pool) = runtime.pool.clone() else { return Ok(None) };
        let before = (self.log.len(), self.trace.mark(), self.auth_store.clone());
        let mut agent = Agent {
            provider: runtime.provider.clone(),
            base_url: runtime.base_url.clone(),
            api_mode: runtime.api_mode.clone().unwrap_or_default(),
            api_key: runtime.api_key.clone(),
            retried_429: false,
            refreshes: Vec::new(),
            model: model.unwrap_or_default().to_owned(),
        };
        let (status, context) = (Value::int(TOO_MANY_REQUESTS), Value::dict(Dict::new()));
        let is_served = self.pool_serves(&agent, &pool)?;
        let mut takeovers = Takeovers { is_served, retries_first: false, entries: Vec::new() };
        let mut outcome = Ok(());
        // Each entry may be tried twice.
        let rows = pool.entries.len();
        let most = MOST.min(rows).min((MOST_ROWS / rows.max(1)).max(1));
        for request in 0..2 * most {
            let key = agent.api_key.clone();
            match self.recover_with_credential_pool(&mut agent, &mut pool, &status, None, &context) {
                Ok(recovery) => agent.retried_429 = recovery.retried,
                Err(stop) => {
                    outcome = Err(stop);
                    break;
                }
            }
            if agent.api_key == key {
                takeovers.retries_first |= request == 0 && agent.retried_429;
                continue;
            }
            // Of entries with one id, `current` is the first; the agent has the key of the one that it was given.
            let is_given =
                |entry: &&PooledCredential| entry.runtime_api_key(self).is_ok_and(|key| key == agent.api_key);
            let current = pool.current();
            let given = current.filter(is_given).or_else(|| pool.entries.iter().find(is_given));
            if let Some(entry) = given.or(current) {
                takeovers.entries.push(entry.candidate(self, pool.is_sole()));
            }
        }
        self.log.truncate(before.0);
        self.trace.rewind(before.1);
        self.auth_store = before.2;
        outcome.map(|()| Some(takeovers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hermes::testing::{process, world};

    const AUTH: &str = r#"{"version": 1, "credential_pool": {"gemini": [
      {"id": "a", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual",
       "access_token": "AIza-fake-one-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"},
      {"id": "b", "label": "two", "auth_type": "api_key", "priority": 1, "source": "manual",
       "access_token": "AIza-fake-two-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"},
      {"id": "c", "label": "three", "auth_type": "api_key", "priority": 2, "source": "manual",
       "access_token": "AIza-fake-three-00", "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}"#;

    fn labels(process: &mut Process<'_>) -> Option<(bool, Vec<String>)> {
        let runtime = process.resolve_runtime_provider(None).unwrap();
        let store = process.auth_store.clone();
        let takeovers = process.takeovers(&runtime, None).unwrap();
        assert_eq!(
            format!("{:?}", process.auth_store),
            format!("{store:?}"),
            "what is written is taken back"
        );
        takeovers
            .map(|found| (found.retries_first, found.entries.into_iter().map(|entry| entry.label).collect()))
    }

    /// Each entry is tried twice, then the next one: `recover_with_credential_pool`, status 429 without words of a usage
    /// limit. The recorded question `recover` of 0.19.0 swaps the key at the second 429.
    #[test]
    fn one_entry_after_another_takes_over() {
        let mut world = world("model: {provider: gemini, default: g}", &[]);
        world.given.auth_store = crate::base::sources::Given::Text(AUTH.to_owned());
        world.now = 1_780_000_000.0;
        let expected = Some((true, vec!["two".to_owned(), "three".to_owned()]));
        assert_eq!(labels(&mut process(&world)), expected);
    }

    /// Asked of 0.19.0: with `fill_first` the second entry of an id takes over from the first (`mark` with 429).
    #[test]
    fn two_entries_of_one_id() {
        let mut world = world("model: {provider: gemini, default: g}", &[]);
        world.given.auth_store =
            crate::base::sources::Given::Text(AUTH.replace(r#""id": "b""#, r#""id": "a""#));
        world.now = 1_780_000_000.0;
        let found = labels(&mut process(&world));
        assert_eq!(found.map(|(_, labels)| labels), Some(vec!["two".to_owned()]));
    }

    #[test]
    fn a_single_key_is_only_tried_again_and_no_pool_has_no_takeover() {
        let one = world("model: {provider: gemini, default: g}", &[("GOOGLE_API_KEY", "AIza-fake-one-0000")]);
        assert_eq!(labels(&mut process(&one)), Some((true, vec![])));
        let local = world("model: {provider: custom, base_url: 'http://localhost:8080/v1'}", &[]);
        assert_eq!(labels(&mut process(&local)), None);
    }
}
