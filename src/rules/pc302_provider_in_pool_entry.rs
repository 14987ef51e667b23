//! PC302: a `provider` inside the entries of a pool in config.yaml.

use super::pools::{ConfigPool, PoolNames};
use super::{Context, Findings, declare_rule};
use crate::base::text::Place;
use crate::python::{lower, strip};

declare_rule! {
    /// The entries of a pool have no provider of their own: all belong to the provider that the pool is named
    /// after. That name is the canonical id, which is also the only one that `hermes auth add` takes: the keys of
    /// Google AI Studio belong to `gemini`, although `model.provider` takes `google` as well.
    ///
    /// ```yaml fires
    /// credential_pool:
    ///   gemini:
    ///     - {provider: google, api_key: AIza-fake-first-0000}
    /// ```
    /// ```yaml silent
    /// model: {provider: google}
    /// credential_pool_strategies: {gemini: fill_first}
    /// ```
    pub static PROVIDER_IN_POOL_ENTRY = {
        code: "PC302", name: "provider-in-pool-entry", severity: Warning, since: "0.1.0",
        fix: None,
        what: "`provider: {name}` inside an entry of the pool `{pool}`",
        why: "An entry has no provider of its own: a pool belongs to the provider that it is named after, by the canonical id. {known}",
        todo: "Leave `provider` out, and add the key with the pool's id: `hermes auth add {id}`.",
        label also: "here too",
        part alias: "`{name}` is only another name of `{id}`, which `model.provider` takes and `hermes auth add` does not.",
        part named: "`{name}` is only another name of `{id}`.",
        part other: "`{name}` has a pool of its own, `{id}`.",
        part unknown: "`{name}` is no provider that Hermes knows.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let names = &context.pool_names;
    for block in &context.config_pools() {
        let odd = odd_providers(names, block);
        let mut done: Vec<(&str, &str)> = Vec::new();
        for &(pool, name, place) in &odd {
            if done.contains(&(pool, name)) || done.len() > MOST {
                continue;
            }
            done.push((pool, name));
            let own = names.provider(pool);
            let meant = names.provider(name);
            let part = match (&own, &meant) {
                (_, None) => "unknown",
                // Whether `hermes auth add` of 0.21.4 takes an alias was not read.
                (Some(own), Some(meant)) if own == meant && context.is_read_only() => "named",
                (Some(own), Some(meant)) if own == meant => "alias",
                _ => "other",
            };
            findings
                .report(&PROVIDER_IN_POOL_ENTRY, place)
                .with("name", name)
                .with("pool", pool)
                .with("id", meant.or(own).as_deref().unwrap_or(pool))
                .part("known", part);
            let same = odd.iter().filter(|other| (other.0, other.1) == (pool, name) && other.2 != place);
            for (_, _, other) in same.take(MOST) {
                findings.label("also", Some(*other));
            }
        }
    }
}

/// How many different names, and how many places of each, are told.
const MOST: usize = 20;

/// The `provider` fields that are not the canonical id of the pool that they stand in: pool, value, place.
fn odd_providers<'a>(names: &PoolNames, block: &ConfigPool<'a>) -> Vec<(&'a str, &'a str, Place)> {
    let mut odd = Vec::new();
    for (pool, row) in &block.rows {
        let (Some(pool), Some(node)) = (*pool, row.get("provider")) else { continue };
        let (Some(name), Some(place)) = (node.value.as_str(), node.place) else { continue };
        let is_odd = names.provider(pool).is_none_or(|own| own != lower(strip(name)));
        // A list without names of pools takes them from the rows: nothing is said twice there.
        if is_odd && pool != name {
            odd.push((pool, name, place));
        }
    }
    odd
}

#[cfg(test)]
mod tests {
    use super::PROVIDER_IN_POOL_ENTRY;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn an_alias_is_told_once_a_pool() {
        fires(
            &PROVIDER_IN_POOL_ENTRY,
            "\
--- config.yaml
credential_pool:
  gemini:
    - provider: google
                ^^^^^^ PC302
      api_key: AIza-fake-first-0000
    - provider: google
      api_key: AIza-fake-second-000
--- says
`google` is only another name of `gemini`
hermes auth add gemini
",
        );
    }

    #[test]
    fn another_provider_has_its_own_pool() {
        fires(
            &PROVIDER_IN_POOL_ENTRY,
            "\
--- config.yaml
credential_pool:
  gemini:
    - {provider: deepseek, api_key: sk-fake-first-0000}
                 ^^^^^^^^ PC302
    - {provider: nobody, api_key: sk-fake-first-0000}
                 ^^^^^^ PC302
--- says
`deepseek` has a pool of its own
`nobody` is no provider
",
        );
    }

    #[test]
    fn the_canonical_id_and_lists_without_pools_are_left_to_the_block() {
        silent(
            &PROVIDER_IN_POOL_ENTRY,
            "\
--- config.yaml
credential_pool:
  gemini:
    - {provider: gemini, api_key: AIza-fake-first-0000}
credential_pools:
  - {provider: google, api_key: AIza-fake-first-0000}
",
        );
    }

    #[test]
    fn rows_of_the_store_may_carry_unknown_fields() {
        silent(
            &PROVIDER_IN_POOL_ENTRY,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [
  {"id": "a1", "provider": "google", "source": "manual", "access_token": "AIza-fake-first-0000",
   "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
"#,
        );
    }
}
