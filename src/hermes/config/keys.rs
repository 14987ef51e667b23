//! `_validate_config_key`: the keys that `hermes config set` knows.

use std::collections::BTreeSet;

use crate::facts::{Facts, Standing};
use crate::hermes::{Outcome, Process, Stop};
use crate::python::{Dict, close_match};

/// How close a suggestion has to be.
const CUTOFF: f64 = 0.6;

impl Process<'_> {
    /// `_validate_config_key(key)`: whether `hermes config set` knows the dotted key, and what it suggests.
    ///
    /// # Errors
    /// None that are raised: of a release that was not run, not all of the keys are known.
    pub fn validate_config_key(&mut self, key: &str) -> Outcome<(bool, Option<String>)> {
        match validate(self.facts, key) {
            (false, _) if !key.is_empty() && self.facts.standing() == Standing::Read => {
                Err(Stop::not_modelled(format!("whether {} knows the key", self.facts.release)))
            }
            found => Ok(found),
        }
    }
}

fn validate(facts: &Facts, key: &str) -> (bool, Option<String>) {
    if key.is_empty() {
        return (false, None);
    }
    let keys = &facts.config_keys;
    let (top, rest) = key.split_once('.').map_or((key, None), |(top, rest)| (top, Some(rest)));
    if top.starts_with('_') || keys.platform_containers.contains(top) {
        return (true, None);
    }
    let empty = Dict::new();
    let defaults = facts.defaults.value.as_dict().unwrap_or(&empty);
    let free = [&keys.open, &keys.dynamic, &keys.schema_defined];
    if free.iter().any(|set| set.contains(top)) {
        return (true, None);
    }
    let Some(mut node) = defaults.get(top) else {
        let known: BTreeSet<&str> = names(defaults).chain(free.iter().flat_map(|set| set.iter())).collect();
        let suggestion = close_match(top, known, CUTOFF).map(|close| match rest {
            Some(rest) if !rest.is_empty() => format!("{close}.{rest}"),
            _ => close.to_owned(),
        });
        return (false, suggestion);
    };
    let mut consumed = top.to_owned();
    for segment in rest.into_iter().flat_map(|rest| rest.split('.')) {
        if keys.platform_containers.contains(segment) {
            return (true, None);
        }
        // Below a plain value anything goes: `config set` replaces it by a mapping.
        let Some(dict) = node.value.as_dict() else { return (true, None) };
        let Some(next) = dict.get(segment) else {
            let sibling = close_match(segment, names(dict), CUTOFF);
            return (false, sibling.map(|sibling| format!("{consumed}.{sibling}")));
        };
        consumed.extend([".", segment]);
        node = next;
    }
    (true, None)
}

fn names(dict: &Dict) -> impl Iterator<Item = &str> {
    dict.iter().filter_map(|entry| entry.key.value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hermes::testing::{read_process, world};

    /// Expected: `_validate_config_key` of 0.19.0.
    #[test]
    fn keys_as_config_set_knows_them() {
        let cases = [
            ("", false, None),
            ("_own.x", true, None),
            ("model.anything.at.all", true, None),
            ("providers.x.y", true, None),
            ("platforms.x", true, None),
            ("agent.max_turns", true, None),
            ("agent.max_turn", false, Some("agent.max_turns")),
            ("agent.", false, None),
            ("agnet.max_turns", false, Some("agent.max_turns")),
            ("agnet.", false, Some("agent")),
            ("fallback_model", false, Some("fallback_providers")),
            ("gateway.platforms.x", true, None),
            ("zzz", false, None),
        ];
        let facts = Facts::newest().unwrap();
        for (key, known, suggestion) in cases {
            assert_eq!(validate(facts, key), (known, suggestion.map(str::to_owned)), "{key}");
        }
    }

    // DEFAULT_CONFIG of 0.21.3 has sections that were seen by their names only, and maybe others.
    #[test]
    fn a_newer_key_may_be_known() {
        let world = world("{}", &[]);
        let mut process = read_process(&world);
        assert_eq!(process.validate_config_key("agent.max_turns"), Ok((true, None)));
        let stop = process.validate_config_key("telemetry.enabled").unwrap_err();
        assert_eq!(stop.unmodelled(), Some("whether 0.21.4 knows the key"));
    }
}
