//! PC311: a pool of auth.json under a name that Hermes never asks for.

use super::lines::quoted;
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextMap;
use crate::diagnostic::Safety;

declare_rule! {
    /// Hermes asks auth.json for the pool of the canonical provider id, in lower case, and of an endpoint of
    /// config.yaml for `custom:<name>`. A pool under another name of the provider, as `google` for `gemini`, under the id
    /// in another case, or under an endpoint's bare name is never read when requests are made, though
    /// `hermes auth list` may show it.
    ///
    /// ```json fires
    /// {"version": 1, "providers": {}, "credential_pool": {"google": [
    ///   {"label": "first", "source": "manual", "access_token": "AIza-fake-first-0000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// ```
    /// ```json silent
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"label": "first", "source": "manual", "access_token": "AIza-fake-first-0000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// ```
    pub static POOL_UNDER_ALIAS = {
        code: "PC311", name: "pool-under-alias", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "Hermes never uses the pool `{pool}`: the pool's name is `{id}`",
        why: "Pools stand under the canonical id of the provider, in lower case, and those of endpoints under `custom:<name>`. Other names that `model.provider` takes do not count here.",
        todo: "Rename `{pool}` to `{id}`{merge}.",
        fix_title: "Rename it to `{id}`",
        part merge: ", and put its rows into the list that is there already",
        part plain: "",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let names = &context.pool_names;
    // How many pools are meant for each provider.
    let mut wanted: TextMap<usize> = TextMap::new();
    for pool in &context.stored_pools() {
        let id = names.provider(pool.name);
        let id = id.as_deref().unwrap_or(pool.name);
        wanted.insert(id, wanted.get(id).copied().unwrap_or(0) + 1);
    }
    for pool in &context.stored_pools() {
        let Some(id) = names.provider(pool.name) else { continue };
        let is_slug = context.facts.behaviour.slugs_name_pools
            && context.config_at(&["providers", pool.name]).is_some();
        // A fallback and a side task ask the pool of the name that they have: `fw` stands in the registry beside `fireworks`.
        let is_asked = context.sites.all.iter().any(|site| site.provider.as_deref() == Some(pool.name));
        if id == pool.name || is_slug || is_asked || pool.rows().is_empty() {
            continue;
        }
        let is_alone = wanted.get(&id) == Some(&1);
        findings
            .report(&POOL_UNDER_ALIAS, pool.key)
            .with("pool", pool.name)
            .with("id", id.as_str())
            .part("merge", if is_alone { "plain" } else { "merge" });
        if is_alone {
            findings.replace(pool.key, &quoted(&id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::POOL_UNDER_ALIAS;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn aliases_other_cases_and_bare_names_are_renamed() {
        // What is asked for, and the pool whose key is then used; before, none of them has one.
        for (asked, then) in [
            ("google", "Hermes uses one (manual) for gemini"),
            ("deepseek", "Hermes uses two (manual) for deepseek"),
            ("acme relay", "Hermes uses three (manual) for custom"),
        ] {
            let world = r#"--- config.yaml
model: {provider: ASKED}
custom_providers: [{name: Acme Relay, base_url: "https://acme.example/v1"}]
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "google": [{"label": "one", "access_token": "AIza-fake-first-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}],
  ^^^^^^^^ PC311
  "DeepSeek": [{"label": "two", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"}],
  ^^^^^^^^^^ PC311
  "acme relay": [{"label": "three", "access_token": "sk-fake-second-000"}]
  ^^^^^^^^^^^^ PC311
}}
--- says
the pool's name is `gemini`
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "gemini": [{"label": "one", "access_token": "AIza-fake-first-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}],
  "deepseek": [{"label": "two", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"}],
  "custom:acme-relay": [{"label": "three", "access_token": "sk-fake-second-000"}]
}}
--- then
THEN
"#;
            fires(&POOL_UNDER_ALIAS, &world.replace("ASKED", asked).replace("THEN", then));
        }
    }

    #[test]
    fn two_pools_of_one_provider_are_joined_by_hand() {
        fires(
            &POOL_UNDER_ALIAS,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "gemini": [],
  "google": [{"access_token": "AIza-fake-first-0000"}]}}
  ^^^^^^^^ PC311
--- says
put its rows into the list
"#,
        );
    }

    /// Asked of 0.19.0: the fallback `FW` takes the key of the pool `fw`, and none of the pool `fireworks`.
    #[test]
    fn a_pool_that_a_fallback_asks_keeps_its_name() {
        silent(
            &POOL_UNDER_ALIAS,
            r#"--- config.yaml
model: {provider: zai}
fallback_providers: [{provider: FW, model: mimo-v2}]
--- .env
GLM_API_KEY=fake-key-000000
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "fw": [{"label": "one", "access_token": "sk-fake-first-0000"}]}}
"#,
        );
    }

    #[test]
    fn canonical_ids_endpoints_and_unknown_names_are_left_alone() {
        silent(
            &POOL_UNDER_ALIAS,
            r#"--- config.yaml
providers: {acme: {base_url: "https://acme.example/v1"}}
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "gemini": [{"access_token": "AIza-fake-first-0000"}],
  "openrouter": [{"access_token": "sk-or-fake-first-0000"}],
  "custom:acme": [{"access_token": "sk-fake-first-0000"}],
  "my-plugin": [{"access_token": "sk-fake-second-000"}],
  "google": []}}
"#,
        );
    }
}
