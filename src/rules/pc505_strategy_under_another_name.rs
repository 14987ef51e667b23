//! PC505: a pool strategy under a name that Hermes does not look it up under.

use super::lines::quoted;
use super::{Context, Findings, declare_rule};
use crate::base::collections::{TextMap, TextSet};
use crate::base::text::Search;
use crate::diagnostic::Safety;
use crate::python::{lower, strip};

declare_rule! {
    /// Hermes looks the strategy of a credential pool up under the pool's own name: the id of the provider, or
    /// `custom:NAME` for a custom provider, in lower case. A strategy under an alias, in another case, or under a custom
    /// provider's bare name is never read, and the pool uses `fill_first`. Of the endpoints of 0.21.4 nothing is said:
    /// their pools may have either name.
    ///
    /// ```yaml fires
    /// credential_pool_strategies:
    ///   google: round_robin
    /// ```
    /// ```yaml silent
    /// credential_pool_strategies:
    ///   gemini: round_robin
    /// ```
    pub static STRATEGY_UNDER_ANOTHER_NAME = {
        code: "PC505", name: "strategy-under-another-name", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "The strategy under `{name}` is never read",
        why: "Hermes looks the strategy of this pool up under `{id}`, letter for letter; without one there the pool uses `fill_first`.",
        todo: "Write `{id}` in place of `{name}`.",
        fix_title: "Write `{id}`",
        label own: "the pool has this one",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(strategies) = context.loaded_at(&["credential_pool_strategies"]) else { return };
    let pools = context.custom_pool_names();
    let mut taken = TextSet::new();
    for entry in &strategies.entries() {
        let (Some(name), Some(place)) = (entry.key.value.as_str(), entry.key.place) else { continue };
        let Some(pool) = pool_of(name, context, &pools).filter(|pool| pool != name) else { continue };
        let own = strategies.value.as_dict().and_then(|dict| dict.entry(&pool)).and_then(|own| own.key.place);
        findings
            .report(&STRATEGY_UNDER_ANOTHER_NAME, place)
            .with("name", name)
            .with("id", pool.as_str())
            .label("own", own);
        let fits = |c: char| c.is_ascii_alphanumeric() || ":._-".has(c);
        let is_plain = context.is_plain_key(place, name) && pool.chars().all(fits);
        if own.is_none() && is_plain && taken.insert(&pool) {
            let key = if pool.has(':') { quoted(&pool) } else { pool };
            findings.replace(place, &key);
        }
    }
}

/// The name of the pool that the user means by `name`, where there is one.
fn pool_of(name: &str, context: &Context<'_>, pools: &TextMap<String>) -> Option<String> {
    let facts = context.facts;
    let prefix = facts.pool.custom_prefix.as_str();
    let own = lower(strip(name));
    if name == "openrouter" || facts.providers.get(name).is_some_and(|row| row.id == name) {
        return None;
    }
    let bare = own.strip_prefix(prefix).unwrap_or(&own).replace(' ', "-");
    if let Some(pool) = pools.get(&bare) {
        // Where the keys of endpoints name pools either name may be the pool's.
        if facts.behaviour.slugs_name_pools {
            return None;
        }
        return Some([prefix, pool].concat());
    }
    let id = facts.aliases.get(&own).unwrap_or(&own);
    let is_known = id == "openrouter" || facts.providers.contains_key(id);
    is_known.then(|| id.clone())
}

#[cfg(test)]
mod tests {
    use super::STRATEGY_UNDER_ANOTHER_NAME;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn aliases_and_other_cases() {
        fires(
            &STRATEGY_UNDER_ANOTHER_NAME,
            "\
--- config.yaml
credential_pool_strategies:
  google: round_robin
  ^^^^^^ PC505
  'DeepSeek': random
  ^^^^^^^^^^ PC505
  OpenRouter: random
  ^^^^^^^^^^ PC505
--- fixed config.yaml
credential_pool_strategies:
  gemini: round_robin
  deepseek: random
  openrouter: random
--- says
Write `gemini` in place of `google`
",
        );
    }

    #[test]
    fn the_pool_of_a_custom_provider_has_a_prefix() {
        fires(
            &STRATEGY_UNDER_ANOTHER_NAME,
            "\
--- config.yaml
providers:
  lab: {name: My Lab, base_url: 'http://localhost:8080/v1'}
credential_pool_strategies:
  lab: random
  ^^^ PC505
--- fixed config.yaml
providers:
  lab: {name: My Lab, base_url: 'http://localhost:8080/v1'}
credential_pool_strategies:
  \"custom:my-lab\": random
",
        );
    }

    /// The one under the right name counts: deleting the other is up to the user.
    #[test]
    fn the_right_name_is_there_too() {
        let report = fires(
            &STRATEGY_UNDER_ANOTHER_NAME,
            "\
--- config.yaml
credential_pool_strategies:
  google: round_robin
  ^^^^^^ PC505
  gemini: random
",
        );
        let finding = report.findings.iter().find(|finding| finding.code.as_str() == "PC505").unwrap();
        assert!(finding.fix.is_none() && finding.labels.len() == 1);
    }

    #[test]
    fn names_of_pools() {
        silent(
            &STRATEGY_UNDER_ANOTHER_NAME,
            "\
--- config.yaml
custom_providers:
  - {name: My Lab, base_url: 'http://localhost:8080/v1'}
credential_pool_strategies:
  gemini: round_robin
  openrouter: random
  custom:my-lab: least_used
  something-else: random
",
        );
    }

    /// Read, not run: the pool of an endpoint may be called by its key in `providers` in 0.21.4, or as before.
    #[test]
    fn a_newer_release_knows_endpoints_by_their_keys() {
        fires(
            &STRATEGY_UNDER_ANOTHER_NAME,
            "\
--- release 0.21.4
--- config.yaml
providers:
  lab: {name: My Lab, base_url: 'http://localhost:8080/v1'}
credential_pool_strategies:
  lab: random
  google: random
  ^^^^^^ PC505
--- fixed config.yaml
providers:
  lab: {name: My Lab, base_url: 'http://localhost:8080/v1'}
credential_pool_strategies:
  lab: random
  gemini: random
",
        );
    }

    /// `random` draws the key that takes over; with `fill_first` it is the next one.
    #[test]
    fn then_the_pool_has_the_strategy() {
        fires(
            &STRATEGY_UNDER_ANOTHER_NAME,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
credential_pool_strategies:
  google: random
  ^^^^^^ PC505
--- .env
GOOGLE_API_KEY=AIza-fake-one-000000
GEMINI_API_KEY=AIza-fake-two-000000
--- fixed config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
credential_pool_strategies:
  gemini: random
--- then
rotation: one of the other keys takes over
nothing is found
",
        );
    }
}
