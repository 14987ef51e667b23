//! PC521: a key, or the name of its variable, in a setting that Hermes does not read, while it has no key.

use super::references::reference;
use super::trial::{Block, Change, inserted, removed, replaced, whole};
use super::variables::{Variable, is_plain, variables};
use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::diagnostic::Safety;
use crate::python::{Entry, lower, strip};
use crate::secret::is_key_variable;

declare_rule! {
    /// Hermes reads a key under few names, and not under the same ones everywhere: `model.api_key` for a bare `custom`
    /// endpoint, `api_key` and `key_env` in the block of a provider of your own, and none of them for a built-in provider.
    /// Other tools' names, such as `model.key_env` or `api_key_env`, are passed over without a word, and requests go out
    /// without the key.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model:
    ///   provider: custom
    ///   base_url: https://gateway.example/v1
    ///   key_env: GATEWAY_KEY
    /// --- .env
    /// GATEWAY_KEY=sk-fake-key-000000
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model:
    ///   provider: custom
    ///   base_url: https://gateway.example/v1
    ///   api_key: ${GATEWAY_KEY}
    /// --- .env
    /// GATEWAY_KEY=sk-fake-key-000000
    /// ```
    pub static UNREAD_KEY_SETTING = {
        code: "PC521", name: "unread-key-setting", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "Hermes does not read `{path}`",
        why: "{reason} {now}",
        todo: "{way}",
        fix_title: "Put the key where Hermes reads it",
        part name: "Hermes does not look for a key under `{key}` here.",
        part place: "For the provider `{name}` Hermes reads the key in its own block, not under `model`.",
        part built_in: "For the built-in provider `{provider}` Hermes takes the key from the credential pool and from {variable}, not from here.",
        part stops: "It finds no key for `{provider}` in what you pasted.",
        part keyless: "Requests go to {endpoint} without a key of yours.",
        part keyless_here: "In what you pasted there is no key for {endpoint}.",
        part rename: "Write `{meant}` in place of `{key}`.",
        part refer: "Write `{meant}` in its place: Hermes puts the variable in.",
        part move_it: "Write it into `{block}` as `{meant}`.",
        part variable_named: "Call the variable {variable} in `.env`, and take `{key}` out of here.",
        part add: "Add the key to the pool, `hermes auth add {provider} --type api-key`, or put it into `.env` as {variable}.",
    }
}

/// Names under which Hermes reads a key in a block of its own or for a bare endpoint.
const READ: [&str; 2] = ["key_env", "api_key"];

fn check(context: &Context<'_>, findings: &mut Findings) {
    if !context.lacks_credential() || findings.has_repair() {
        return;
    }
    let Some(requested) = context.requested_block() else { return };
    let set = variables(context);
    look(context, findings, &requested, &requested, &set);
    // What is meant for a named provider is often written under `model`.
    if requested.path != "model"
        && let Some(model) = context.model_block()
    {
        look(context, findings, &model, &requested, &set);
    }
}

/// Looks in `block` for keys that are meant for the provider which `requested` describes.
fn look(
    context: &Context<'_>,
    findings: &mut Findings,
    block: &Block<'_>,
    requested: &Block<'_>,
    set: &[Variable<'_>],
) {
    for entry in block.dict.iter() {
        let (Some(key), Some(value)) = (entry.key.value.as_str(), entry.value.value.as_str()) else {
            continue;
        };
        let Some(place) = entry.key.place.filter(|_| holds_key(key) && !strip(value).is_empty()) else {
            continue;
        };
        // Another rule says of this key what is wrong with it.
        if findings.has_at(place) {
            continue;
        }
        // In a block of its own Hermes reads it; what it says is another matter.
        if READ.contains(&key) && block.path != "model" && !context.is_built_in() {
            continue;
        }
        let name = reference(strip(value)).map_or(strip(value), |found| found.name);
        let variable = set.iter().find(|variable| variable.name == name);
        // The name of a variable that is not set is no key.
        let is_name = variable.is_none() && (is_key_variable(name) || name != strip(value));
        let way = if is_name { None } else { way(context, entry, block, requested, variable) };
        if way.is_none() && !is_unread(context, block, requested, key) {
            continue;
        }
        report(context, findings, entry, block, requested, key);
        match way {
            Some(Way { part, meant, change }) => {
                findings.with("meant", meant).with("block", requested.path.as_str()).part("way", part);
                findings.change(change);
            }
            None if context.is_built_in() => {
                findings.part("way", "add");
            }
            // It is in another block that Hermes looks for it, and something else keeps it from a key there.
            None if block.path != requested.path && READ.contains(&key) => {
                findings.with("meant", key).with("block", requested.path.as_str()).part("way", "move_it");
            }
            None => {
                let name = Some(strip(value)).filter(|name| is_key_variable(name));
                let meant = name.map_or("api_key".to_owned(), |name| ["api_key: \"${", name, "}\""].concat());
                findings.with("meant", meant).part("way", if name.is_some() { "refer" } else { "rename" });
            }
        }
    }
}

fn report(
    context: &Context<'_>,
    findings: &mut Findings,
    entry: &Entry,
    block: &Block<'_>,
    requested: &Block<'_>,
    key: &str,
) {
    let Some(place) = entry.key.place else { return };
    let provider = context.provider().unwrap_or_default();
    let reason = match (context.is_built_in(), block.path == requested.path) {
        (true, _) => "built_in",
        (false, true) => "name",
        (false, false) => "place",
    };
    findings
        .report(&UNREAD_KEY_SETTING, place)
        .with("path", [&block.path, ".", key].concat())
        .with("key", key)
        .with("provider", provider)
        .with("name", context.verdict().map_or("", |verdict| verdict.requested.as_str()))
        .with("variable", context.key_variable(provider).unwrap_or_default())
        .part("reason", reason);
    match context.runtime() {
        Some(runtime) => {
            let is_known = context.is_left_without_key() && context.knows_environ();
            let now = if is_known { "keyless" } else { "keyless_here" };
            findings.with("endpoint", runtime.base_url.as_str()).part("now", now)
        }
        None => findings.part("now", "stops"),
    };
}

/// Whether the name of a setting says that it holds a key, or the name of a key's variable.
fn holds_key(name: &str) -> bool {
    let name = lower(name).replace(['_', '-'], "");
    ["key", "token", "secret"].iter().any(|word| name.holds(word)) && !name.ends_with("tokens")
}

/// Whether no rule of Hermes reads a setting of this name in the block, whatever its value is.
fn is_unread(context: &Context<'_>, block: &Block<'_>, requested: &Block<'_>, key: &str) -> bool {
    // 0.21.4 may know more names.
    if context.is_read_only() {
        return false;
    }
    if block.path == "model" {
        return block.path != requested.path || context.is_built_in() || !["api_key", "api"].contains(&key);
    }
    let keys = &context.facts.config_keys;
    !keys.custom_provider_keys.contains(key) && !keys.custom_provider_aliases.contains_key(key)
}

/// A way out that leads to the key.
struct Way {
    part: &'static str,
    /// What is written in place of the setting.
    meant: String,
    change: Change,
}

/// The first change with which Hermes sends the key that `entry` holds or names.
fn way(
    context: &Context<'_>,
    entry: &Entry,
    block: &Block<'_>,
    requested: &Block<'_>,
    variable: Option<&Variable<'_>>,
) -> Option<Way> {
    let text = context.config_text();
    let written = strip(entry.value.value.as_str()?);
    let key = variable.map_or(written, |variable| variable.value);
    let leads = |way: Way| context.sends_after(&way.change, key).then_some(way);
    if context.is_built_in() {
        // What is wrong with the value would be wrong with the provider's variable.
        let variable = variable.filter(|variable| is_plain(context.facts, variable.value))?;
        let own = context.key_variable(context.provider()?)?;
        let change = vec![replaced(variable.name_place, own), removed(text, entry)?];
        return leads(Way { part: "variable_named", meant: own.to_owned(), change });
    }
    let names = if variable.is_some() { &READ[..] } else { &READ[1..] };
    if block.path == requested.path {
        for name in names.iter().filter(|name| !block.dict.has(name)) {
            let change = vec![replaced(entry.key.place?, name)];
            let is_name = variable.is_some() && *name == "api_key";
            if !is_name && let Some(way) = leads(Way { part: "rename", meant: (*name).to_owned(), change }) {
                return Some(way);
            }
        }
        let variable = variable.filter(|_| !block.dict.has("api_key"))?;
        let meant = ["api_key: \"${", variable.name, "}\""].concat();
        let change = vec![replaced(whole(entry)?, &meant)];
        return leads(Way { part: "refer", meant, change });
    }
    for name in names.iter().filter(|name| !requested.dict.has(name)) {
        let value = entry.value.place?.span.of(text);
        let change = vec![removed(text, entry)?, inserted(text, requested.node, name, value)?];
        if let Some(way) = leads(Way { part: "move_it", meant: (*name).to_owned(), change }) {
            return Some(way);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::UNREAD_KEY_SETTING;
    use crate::rules::testing::{fires, silent};

    /// The recorded world 104-243: the block has no endpoint, so that no key leads anywhere as it is.
    #[test]
    fn a_key_beside_a_block_without_an_endpoint() {
        let report = fires(
            &UNREAD_KEY_SETTING,
            "\
--- config.yaml
providers:
  vllm: {base_url: '', api_key: sk-fake-one-000000}
model:
  provider: vllm
  default: m
  api_key: sk-fake-two-000000
  ^^^^^^^ PC521
--- no .env
--- no auth.json
--- says
Write it into `providers.vllm` as `api_key`.
",
        );
        assert!(
            report.findings.iter().all(|finding| finding.code.as_str() != "PC521" || finding.fix.is_none())
        );
    }

    #[test]
    fn a_bare_endpoint_takes_the_key_only_as_api_key() {
        fires(
            &UNREAD_KEY_SETTING,
            "\
--- config.yaml
model:
  provider: custom
  default: m
  base_url: https://gateway.example/v1
  key_env: GATEWAY_KEY
  ^^^^^^^ PC521
--- .env
GATEWAY_KEY=sk-fake-key-000000
--- fixed config.yaml
model:
  provider: custom
  default: m
  base_url: https://gateway.example/v1
  api_key: \"${GATEWAY_KEY}\"
--- says
In what you pasted there is no key for https://gateway.example/v1.
--- then
Hermes uses model.api_key (model.api_key) for custom
nothing is found
",
        );
    }

    #[test]
    fn another_tool_s_name_in_a_block() {
        fires(
            &UNREAD_KEY_SETTING,
            "\
--- config.yaml
model: {provider: lab, default: m}
providers:
  lab:
    base_url: https://lab.example/v1
    api_key_env: LAB_KEY
    ^^^^^^^^^^^ PC521
--- .env
LAB_KEY=sk-fake-key-000000
--- fixed config.yaml
model: {provider: lab, default: m}
providers:
  lab:
    base_url: https://lab.example/v1
    key_env: LAB_KEY
--- says
Write `key_env` in place of `api_key_env`.
--- then
Hermes uses LAB_KEY (env:LAB_KEY) for custom
nothing is found
",
        );
    }

    #[test]
    fn under_model_for_a_named_provider() {
        fires(
            &UNREAD_KEY_SETTING,
            "\
--- config.yaml
model:
  provider: custom:lab
  default: m
  api_key: fake-key-000000
  ^^^^^^^ PC521
custom_providers:
  - name: lab
    base_url: https://lab.example/v1
--- fixed config.yaml
model:
  provider: custom:lab
  default: m
custom_providers:
  - name: lab
    api_key: fake-key-000000
    base_url: https://lab.example/v1
--- says
reads the key in its own block
--- then
Hermes uses lab (config:lab) for custom
nothing is found
",
        );
    }

    #[test]
    fn a_built_in_provider_has_a_variable_of_its_own() {
        fires(
            &UNREAD_KEY_SETTING,
            "\
--- config.yaml
model:
  provider: deepseek
  default: m
  key_env: MY_KEY
  ^^^^^^^ PC521
--- .env
MY_KEY=sk-fake-key-000000
--- fixed config.yaml
model:
  provider: deepseek
  default: m
--- fixed .env
DEEPSEEK_API_KEY=sk-fake-key-000000
--- says
Call the variable DEEPSEEK_API_KEY in `.env`
--- then
Hermes uses DEEPSEEK_API_KEY (env:DEEPSEEK_API_KEY) for deepseek
nothing is found
",
        );
    }

    #[test]
    fn what_is_read_and_what_holds_no_key_is_fine() {
        silent(
            &UNREAD_KEY_SETTING,
            "--- config.yaml\nmodel: {provider: custom, base_url: 'https://gateway.example/v1', api_key: '${K}', max_tokens: '4096'}\n--- .env\nK=sk-fake-key-000000\n",
        );
        silent(
            &UNREAD_KEY_SETTING,
            "--- config.yaml\nmodel: {provider: lab}\nproviders:\n  lab: {base_url: 'https://lab.example/v1', key_env: LAB_KEY}\n",
        );
    }
}
