//! PC513: a key of an endpoint that Hermes does not read under this spelling.

use super::settings::{OF_FALLBACK, Setting, is_block, is_read};
use super::{Context, Findings, declare_rule};
use crate::base::text::Place;
use crate::diagnostic::Safety;
use crate::python::{closest, is_alphanumeric, lower};

declare_rule! {
    /// Under `model`, in a provider's block and in a fallback Hermes reads `base_url`, `api_key`, `api_mode` and the like, and
    /// passes over what it does not know. `apiKey` and `baseUrl` are taken in the block of a custom provider only, and
    /// `api_base` and `name` under `model` only, from 0.18.2 on.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: custom
    ///   baseUrl: http://localhost:8080/v1
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: custom
    ///   base_url: http://localhost:8080/v1
    /// ```
    pub static MISSPELLED_KEY = {
        code: "PC513", name: "misspelled-key", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "{what}",
        why: "{reason}",
        todo: "{way}",
        fix_title: "Write `{meant}`",
        part passed_over: "Hermes does not know `{key}` at this place and passes it over.",
        part left_out: "Hermes does not know `{key}` at this place and passes it over. Without `{meant}` it leaves this entry out of the fallback chain.",
        part read: "`{key}` is not read here; `{meant}` is",
        part unread: "`{key}` is not read here, and for `{provider}` `{meant}` is not either",
        part write: "Write `{meant}`.",
        part variable: "Put the key into `.env` as {variable}, and take it out of here.",
    }
}

/// What else people call a key, in letters only, and the key.
const MEANT: [(&str, &str); 15] = [
    ("apibase", "base_url"),
    ("apibaseurl", "base_url"),
    ("apiurl", "base_url"),
    ("baseuri", "base_url"),
    ("endpoint", "base_url"),
    ("host", "base_url"),
    ("url", "base_url"),
    ("apitoken", "api_key"),
    ("apikeys", "api_key"),
    ("key", "api_key"),
    ("token", "api_key"),
    ("envkey", "key_env"),
    ("keyenvvar", "key_env"),
    ("modelname", "model"),
    ("name", "default"),
];

/// Keys of `model` that others may be meant for.
const MEANT_IN_MODEL: [&str; 6] =
    ["base_url", "api_key", "api_mode", "provider", "default", "context_length"];

/// Root keys under which other spellings are looked for; those of the fallback chain are PC604's.
const ROOTS: [&str; 2] = ["credential_pool_strategies", "custom_providers"];

/// How close a key has to be to one that is read.
const CUTOFF: f64 = 0.8;

fn check(context: &Context<'_>, findings: &mut Findings) {
    // 0.21.4 may know more keys.
    if context.is_read_only() {
        return;
    }
    let mut searches = MOST_SEARCHES;
    for setting in &context.settings {
        if !setting.is_of_endpoint() {
            continue;
        }
        let key = setting.key();
        let Some(meant) = meant(context, setting.section, key, &mut searches) else { continue };
        // A list of keys is a pool, which belongs elsewhere: PC301.
        let is_text = setting.entry.value.value.as_list().is_none();
        let is_meant = !setting.mapping.has(meant) && setting.entry.value.value.is_true() && is_text;
        if let Some(place) = setting.entry.key.place.filter(|_| is_meant) {
            let of_provider = key_variable(context, setting).filter(|_| meant == "api_key");
            // `_iter_fallback_entries` keeps no entry without these two.
            let is_needed = setting.section.starts_with("fallback") && ["provider", "model"].contains(&meant);
            let reason = if is_needed { "left_out" } else { "passed_over" };
            report(findings, place, (key, meant), reason, of_provider);
            if of_provider.is_none() && context.is_plain_key(place, key) {
                findings.replace(place, meant);
            }
        }
    }
    let Some(root) = context.config_root() else { return };
    for entry in &root.entries() {
        let (Some(key), Some(place)) = (entry.key.value.as_str(), entry.key.place) else { continue };
        if key.len() > LONGEST_KEY || context.facts.root_keys.contains(key) {
            continue;
        }
        let meant = closest(key, &ROOTS, CUTOFF);
        if let Some(meant) = meant.filter(|meant| root.get(meant).is_none() && entry.value.value.is_true()) {
            report(findings, place, (key, meant), "passed_over", None);
        }
    }
}

fn report(
    findings: &mut Findings,
    place: Place,
    (key, meant): (&str, &str),
    reason: &str,
    of_provider: Option<(&str, &str)>,
) {
    findings.report(&MISSPELLED_KEY, place).with("key", key).with("meant", meant).part("reason", reason);
    match of_provider {
        None => findings.part("what", "read").part("way", "write"),
        Some((provider, variable)) => (findings.with("provider", provider).with("variable", variable))
            .part("what", "unread")
            .part("way", "variable"),
    };
}

/// The built-in provider that `model` names and the variable of its key, which is not read from there (PC203). With an endpoint
/// beside it the key may be.
fn key_variable<'c>(context: &'c Context<'_>, setting: &Setting<'_>) -> Option<(&'c str, &'c str)> {
    let provider = context.provider().filter(|_| setting.section == "model")?;
    let variable = context.key_variable(provider)?;
    (!setting.mapping.has("base_url")).then_some((provider, variable))
}

/// The search for the nearest key is slow: of more unknown keys than these only other spellings are told.
const MOST_SEARCHES: usize = 500;

/// No key that Hermes reads is nearly as long.
const LONGEST_KEY: usize = 40;

fn letters(key: &str) -> String {
    lower(&key.chars().filter(|c| is_alphanumeric(*c)).collect::<String>())
}

/// The key that is meant by `key`, where Hermes does not read it in this section.
fn meant(context: &Context<'_>, section: &str, key: &str, searches: &mut usize) -> Option<&'static str> {
    let keys = &context.facts.config_keys;
    if is_read(context.facts, section, key) || key.is_empty() || key.len() > LONGEST_KEY {
        return None;
    }
    let read: Vec<&'static str> = match section {
        "model" => MEANT_IN_MODEL.to_vec(),
        _ if is_block(section) => keys.custom_provider_keys.iter().collect(),
        _ => OF_FALLBACK.to_vec(),
    };
    let own = letters(key);
    let same = read.iter().find(|known| known.bytes().filter(|&b| b != b'_').eq(own.bytes())).copied();
    let named = MEANT.iter().find(|(name, _)| *name == own).map(|(_, key)| *key);
    let close = || {
        *searches = searches.checked_sub(1)?;
        closest(key, &read, CUTOFF)
    };
    same.or(named.filter(|named| read.contains(named))).or_else(close)
}

#[cfg(test)]
mod tests {
    use super::MISSPELLED_KEY;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn other_spellings() {
        fires(
            &MISSPELLED_KEY,
            "\
--- config.yaml
model:
  provider: custom
  baseUrl: http://localhost:8080/v1
  ^^^^^^^ PC513
  apikey: sk-fake-old-000000
  ^^^^^^ PC513
custom_providers:
  - name: lab
    api_base: http://localhost:9090/v1
    ^^^^^^^^ PC513
    'api-key': sk-fake-old-000000
    ^^^^^^^^^ PC513
fallback_providers:
  - {provider: custom, model: m, baseUrl: 'http://localhost:9090/v1'}
                                 ^^^^^^^ PC513
--- fixed config.yaml
model:
  provider: custom
  base_url: http://localhost:8080/v1
  api_key: sk-fake-old-000000
custom_providers:
  - name: lab
    base_url: http://localhost:9090/v1
    api_key: sk-fake-old-000000
fallback_providers:
  - {provider: custom, model: m, base_url: 'http://localhost:9090/v1'}
--- says
`api_base` is not read here; `base_url` is
",
        );
    }

    #[test]
    fn roots() {
        fires(
            &MISSPELLED_KEY,
            "\
--- config.yaml
credential_pool_strategy: {gemini: random}
^^^^^^^^^^^^^^^^^^^^^^^^ PC513
custom_provider:
^^^^^^^^^^^^^^^ PC513
  - {name: lab, base_url: 'http://localhost:9090/v1'}
",
        );
    }

    #[test]
    fn keys_that_are_read_and_keys_of_others() {
        silent(
            &MISSPELLED_KEY,
            "\
--- config.yaml
model: {default: m, api_base: 'http://h/v1', supports_vision: true, x_own: 1, baseUrl: ''}
providers:
  lab: {baseUrl: 'http://h/v1', apiKey: sk-fake-old-000000, enabled: true, models: {m: {url: x}}, note: x}
  two: {base_url: 'http://h/v1', api_base: 'http://h/v2', url: 'http://h/v3'}
auxiliary: {vision: {token: x}}
credential_pool: {}
my_custom_plugin: {}
",
        );
    }

    /// Asked of each release: 0.17.0 resolves to OpenRouter.
    #[test]
    fn api_base_is_read_from_0_18_2_on() {
        silent(
            &MISSPELLED_KEY,
            "--- release 0.18.2\n--- config.yaml\nmodel: {provider: custom, api_base: 'http://h/v1'}\n",
        );
        fires(
            &MISSPELLED_KEY,
            "\
--- release 0.17.0
--- config.yaml
model: {provider: custom, api_base: 'http://h/v1'}
                          ^^^^^^^^ PC513
--- fixed config.yaml
model: {provider: custom, base_url: 'http://h/v1'}
",
        );
    }

    /// Asked of each release: before, the terminal and the gateway have no model then (issue #3535).
    #[test]
    fn name_is_read_from_0_18_2_on() {
        silent(
            &MISSPELLED_KEY,
            "--- release 0.18.2\n--- config.yaml\nmodel: {provider: gemini, name: gemini-3-flash}\n",
        );
        fires(
            &MISSPELLED_KEY,
            "\
--- release 0.17.0
--- config.yaml
model: {provider: gemini, name: gemini-3-flash}
                          ^^^^ PC513
--- fixed config.yaml
model: {provider: gemini, default: gemini-3-flash}
",
        );
        let both = "--- release 0.17.0\n--- config.yaml\nmodel: {default: m, name: mine}\n";
        silent(&MISSPELLED_KEY, both);
        silent(&MISSPELLED_KEY, "--- release 0.17.0\n--- config.yaml\nmodel: {provider: gemini, model: m}\n");
    }

    #[test]
    fn then_the_endpoint_and_the_key_are_used() {
        fires(
            &MISSPELLED_KEY,
            "\
--- config.yaml
model:
  provider: custom
  default: m
  baseUrl: http://localhost:8080/v1
  ^^^^^^^ PC513
  apiKey: sk-fake-mine-000000
  ^^^^^^ PC513
fallback_providers:
- {provider: gemini, modelName: gemini-3.1-pro}
                     ^^^^^^^^^ PC513
--- fixed config.yaml
model:
  provider: custom
  default: m
  base_url: http://localhost:8080/v1
  api_key: sk-fake-mine-000000
fallback_providers:
- {provider: gemini, model: gemini-3.1-pro}
--- then
endpoint: http://localhost:8080/v1
fallback: gemini/gemini-3.1-pro
",
        );
    }

    /// Asked: 0.19.0 reads `model.api_key` for `gemini` as little as `model.apiKey`.
    #[test]
    fn a_key_that_a_built_in_provider_does_not_read_from_here() {
        fires(
            &MISSPELLED_KEY,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-pro, apiKey: AIza-fake-one-000000}
                                                   ^^^^^^ PC513
--- says
for `gemini` `api_key` is not either
Put the key into `.env` as GOOGLE_API_KEY
",
        );
    }
}
