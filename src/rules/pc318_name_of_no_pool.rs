//! PC318: a pool, or the strategy of one, under a name that no provider has.

use super::lines::quoted;
use super::odd_names::{expected_or_removed, later_release_with};
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextMap;
use crate::base::sources::SourceKind;
use crate::base::text::Place;
use crate::diagnostic::Safety;
use crate::facts::{EXPLAINED, Facts};
use crate::python::{closest, lower, strip};

declare_rule! {
    /// Hermes asks for the pool of a provider by its id. A pool of auth.json, or a strategy under `credential_pool_strategies`, whose
    /// name no provider has is never asked for: its keys are not used, and the strategy is not either. A plugin may bring a provider
    /// of its own, so that a name which is like no other is reported as a note.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: gemini}
    /// credential_pool_strategies: {geminni: round_robin}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini}
    /// credential_pool_strategies: {gemini: round_robin}
    /// ```
    pub static NAME_OF_NO_POOL = {
        code: "PC318", name: "name-of-no-pool", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "{what}",
        why: "{why}",
        todo: "{way}",
        fix_title: "Write `{near}`",
        part pool: "Hermes never asks for the pool `{name}`",
        part strategy: "The strategy under `{name}` is never read",
        part nobody: "No provider of this release is called `{name}`, and no endpoint of config.yaml is.",
        part endpoint: "Such a pool is asked for by the name of an endpoint of config.yaml, under `custom_providers` or `providers`, and none is called `{bare}`. The keys of this pool are not used.",
        part define: "Name the endpoint: write it under `custom_providers` with `name: {bare}` and its `base_url`; `model.provider` is then `{name}`.",
        part newer: "This release has no provider of this name; from {release} on Hermes has one. Until then the keys of this pool are not used.",
        part update: "Update Hermes to use them, or take the pool out.",
        part update_as: "Update Hermes to use them, and call the pool `{id}`, which is the id of that provider. Or take the pool out.",
        part elsewhere: "Take {instead}: Hermes has no pool for this name.",
        part rename: "Write `{near}`, if that is meant.",
        part plugin: "Take it out, unless a plugin brings a provider of this name.",
    }
}

/// How close a name has to be to the one that is meant.
const CUTOFF: f64 = 0.8;

/// Behind this many names no near one is looked for: the search is slow.
const MOST_SEARCHES: usize = 50;

/// What the name of an endpoint's pool begins with.
const OF_ENDPOINT: &str = "custom:";

fn check(context: &Context<'_>, findings: &mut Findings) {
    // config.yaml may define an endpoint of the name.
    if !context.world.given.config.is_given() || context.config_root().is_none() {
        return;
    }
    let mut names: Vec<(String, Place)> = Vec::new();
    for pool in context.stored_pools() {
        if !pool.rows().is_empty() {
            names.push((pool.name.to_owned(), pool.key));
        }
    }
    let strategies = context.config_at(&["credential_pool_strategies"]);
    for entry in strategies.map(|node| node.entries()).unwrap_or_default() {
        if let (Some(name), Some(place)) = (entry.key.value.as_str(), entry.key.place) {
            names.push((name.to_owned(), place));
        }
    }
    let ids: Vec<&str> =
        context.facts.providers.values().iter().map(|row| row.id.as_str()).chain(["openrouter"]).collect();
    let customs = context.custom_pool_names();
    let mut searches = MOST_SEARCHES;
    for pool in &context.listing.pools {
        if pool.count > 0 && pool.provider.text.starts_with(OF_ENDPOINT) {
            names.push((pool.provider.text.clone(), pool.provider.place));
        }
    }
    for (name, place) in names {
        let is_pool = place.source != SourceKind::Config;
        let plain = lower(strip(&name));
        if let Some(bare) = plain.strip_prefix(OF_ENDPOINT).filter(|_| is_pool) {
            // A name of another provider behind it is no name of that provider.
            if !context.pool_names.has_endpoint(bare) && !customs.contains_key(bare) {
                findings
                    .report(&NAME_OF_NO_POOL, place)
                    .with("name", plain.as_str())
                    .with("bare", bare)
                    .part("what", "pool")
                    .part("why", "endpoint")
                    .part("way", "define")
                    .as_warning();
            }
            continue;
        }
        let is_stranger =
            is_pool && !context.pool_names.has_endpoint(&plain) && !customs.contains_key(&plain);
        let is_of_nobody = is_stranger && context.pool_names.provider(&plain).is_none();
        let later = later_release_with(context.facts, &plain).filter(|_| is_of_nobody);
        if let Some(release) = later {
            of_later_release(findings, (&name, place), &plain, release);
            continue;
        }
        let expected = expected_or_removed(&plain).filter(|_| is_of_nobody);
        if expected.is_none() && is_known(context, &customs, &name) {
            continue;
        }
        searches = searches.saturating_sub(1);
        let near = match expected {
            Some(expected) => expected.id.filter(|id| ids.contains(id)),
            None if searches == 0 => None,
            None => closest(&plain, &ids, CUTOFF),
        };
        findings
            .report(&NAME_OF_NO_POOL, place)
            .with("name", name.as_str())
            .part("what", if is_pool { "pool" } else { "strategy" })
            .part("why", "nobody");
        let Some(near) = near else {
            match expected {
                Some(expected) => findings.with("instead", expected.instead).part("way", "elsewhere"),
                None => findings.part("way", "plugin"),
            };
            findings.as_note();
            continue;
        };
        findings.with("near", near).part("way", "rename");
        let is_free = match place.source {
            SourceKind::AuthStore => context.stored_pools().iter().all(|pool| pool.name != near),
            _ => strategies.is_some_and(|node| node.get(near).is_none()),
        };
        let is_plain = is_pool || context.is_plain_key(place, &name);
        if is_free && is_plain {
            findings.replace(place, &if is_pool { quoted(near) } else { near.to_owned() });
        }
    }
}

/// Tells of a pool that a newer release has written, or that was written for one.
fn of_later_release(
    findings: &mut Findings,
    (name, place): (&str, Place),
    plain: &str,
    release: &'static str,
) {
    let id = Facts::of(release).and_then(|facts| facts.aliases.get(plain)).map_or(plain, String::as_str);
    findings
        .report(&NAME_OF_NO_POOL, place)
        .with("name", name)
        .with("release", release)
        .with("id", id)
        .part("what", "pool")
        .part("why", "newer")
        .part("way", if id == name { "update" } else { "update_as" })
        .as_note();
}

/// Whether a provider or an endpoint has the name, in this release or another one, or people expect a provider under it: other
/// rules speak of those.
fn is_known(context: &Context<'_>, customs: &TextMap<String>, name: &str) -> bool {
    let plain = lower(strip(name));
    let bare = plain.strip_prefix(OF_ENDPOINT).unwrap_or(&plain);
    let in_release = |release: &&str| {
        Facts::of(release)
            .is_some_and(|facts| facts.providers.contains_key(bare) || facts.aliases.contains_key(bare))
    };
    context.names_provider(&plain)
        || context.pool_names.has_endpoint(bare)
        || customs.contains_key(bare)
        || expected_or_removed(bare).is_some()
        || EXPLAINED.iter().any(in_release)
}

#[cfg(test)]
mod tests {
    use super::NAME_OF_NO_POOL;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_misspelled_pool() {
        fires(
            &NAME_OF_NO_POOL,
            r#"
--- config.yaml
model: {provider: gemini, default: g}
--- auth.json
{"version": 1, "credential_pool": {"geminni": [
                                   ^^^^^^^^^ PC318
  {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://generativelanguage.googleapis.com/v1beta", "access_token": "AIza-fake-key-000000"}]}}
--- fixed auth.json
{"version": 1, "credential_pool": {"gemini": [
  {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://generativelanguage.googleapis.com/v1beta", "access_token": "AIza-fake-key-000000"}]}}
--- says
Write `gemini`, if that is meant.
--- then
Hermes uses one (manual) for gemini
nothing is found
"#,
        );
    }

    /// Asked of 0.19.0: the pool of such an answer is `null`, whatever provider has the name behind `custom:`.
    #[test]
    fn the_pool_of_an_endpoint_that_config_yaml_does_not_name() {
        let config = "\
--- config.yaml
model: {provider: custom, default: m, base_url: 'https://open.bigmodel.cn/api/paas/v4', api_key: fake-key-000000}
";
        let stored = r#"--- auth.json
{"version": 1, "credential_pool": {"custom:glm": [
                                   ^^^^^^^^^^^^ PC318
  {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://open.bigmodel.cn/api/paas/v4", "access_token": "fake-key-of-a-pool"}]}}
--- says
none is called `glm`
`model.provider` is then `custom:glm`
"#;
        fires(&NAME_OF_NO_POOL, &[config, stored].concat());
        let listed = "--- hermes auth list\ncustom:glm (1 credentials):\n^^^^^^^^^^ PC318\n  #1  one                  api_key manual ←\n";
        fires(&NAME_OF_NO_POOL, &[config, listed].concat());
        let named = "--- config.yaml\nmodel: {provider: 'custom:glm', default: m}\ncustom_providers:\n- {name: GLM, base_url: 'https://open.bigmodel.cn/api/paas/v4'}\n";
        let listed = listed.replace("^^^^^^^^^^ PC318\n", "");
        silent(&NAME_OF_NO_POOL, &[named, &listed].concat());
        silent(&NAME_OF_NO_POOL, &listed);
    }

    /// The tables of 0.18.2 and older releases have no Fireworks, those of 0.19.0 do.
    #[test]
    fn a_pool_of_a_newer_release() {
        for (name, way) in [
            ("fireworks", "Update Hermes to use them, or take the pool out."),
            ("fw", "call the pool `fireworks`, which is the id of that provider"),
        ] {
            fires(
                &NAME_OF_NO_POOL,
                &format!(
                    "--- release 0.13.0\n--- config.yaml\nmodel: {{provider: gemini, default: g}}\n--- auth.json\n\
                     {{\"version\": 1, \"credential_pool\": {{\"{name}\": [{{\"access_token\": \"fake-key-000000\"}}]}}}}\n{}{} PC318\n\
                     --- says\nThis release has no provider of this name\n{way}\n",
                    " ".repeat(35),
                    "^".repeat(name.len() + 2),
                ),
            );
        }
    }

    #[test]
    fn a_pool_under_a_name_that_people_expect() {
        let config = "--- config.yaml\nmodel: {provider: deepseek, default: m}\n";
        let row = r#"[{"label": "one", "access_token": "sk-fake-key-000000", "base_url": "https://api.deepseek.com/v1"}]"#;
        let store = |name: &str| format!("{{\"version\": 1, \"credential_pool\": {{{name}: {row}}}}}\n");
        let marked = |name: &str| {
            format!(
                "{config}--- auth.json\n{}{}{} PC318\n",
                store(name),
                " ".repeat(35),
                "^".repeat(name.len())
            )
        };
        fires(
            &NAME_OF_NO_POOL,
            &[&marked("\"groq\""), "--- says\nTake `custom` + `base_url: https://api.groq.com/openai/v1`\n"]
                .concat(),
        );
        let mended = [&marked("\"deep-seek\""), "--- fixed auth.json\n", &store("\"deepseek\"")].concat();
        let then = "--- says\nWrite `deepseek`\n--- then\nHermes uses one (manual) for deepseek\n";
        fires(&NAME_OF_NO_POOL, &[&mended, then].concat());
    }

    #[test]
    fn a_name_like_no_other_may_be_a_plugin_s() {
        fires(
            &NAME_OF_NO_POOL,
            "\
--- config.yaml
model: {provider: gemini}
credential_pool_strategies:
  quux: round_robin
  ^^^^ PC318
--- says
unless a plugin brings a provider of this name
",
        );
    }

    #[test]
    fn what_hermes_knows_and_what_config_yaml_defines() {
        silent(
            &NAME_OF_NO_POOL,
            "--- config.yaml\nmodel: {provider: gemini}\ncredential_pool_strategies: {gemini: random, openrouter: random, 'custom:lab': random}\ncustom_providers:\n  - {name: lab, base_url: 'https://lab.example/v1'}\n",
        );
        silent(
            &NAME_OF_NO_POOL,
            "--- auth.json\n{\"version\": 1, \"credential_pool\": {\"quux\": [{\"access_token\": \"fake-key-000000\"}]}}\n",
        );
    }
}
