//! What `load_config` moves: `max_turns` and the keys of `model` that stand at the root.

use std::rc::Rc;

use super::is_true;
use super::load::ConfigFailure;
use crate::facts::Facts;
use crate::hermes::{Outcome, Stop};
use crate::python::{Dict, Entry, NoDict, Node, Value, dict_of};

/// The part of `_load_config_impl` before the merge: `max_turns` at the root of the user's file goes into
/// `agent`, unless a value is there.
pub(super) fn fold_max_turns(user: &Dict) -> Result<Dict, ConfigFailure> {
    let mut user = user.clone();
    let Some(max_turns) = user.entry("max_turns").cloned() else { return Ok(user) };
    let agent = user.get("agent").filter(|agent| agent.value.is_true()).cloned();
    let mut merged = match &agent {
        None => Dict::new(),
        Some(agent) => dict_of(&agent.value).map_err(|_| ConfigFailure::AgentType {
            type_name: agent.value.type_name(),
            place: agent.place,
        })?,
    };
    if merged.get("max_turns").is_none_or(|own| own.value.is_none()) {
        let _ = merged.insert(max_turns);
    }
    put(&mut user, "agent", Node { value: Value::dict(merged), place: agent.and_then(|agent| agent.place) });
    let _ = user.remove("max_turns");
    Ok(user)
}

/// `_normalize_max_turns_config`: `agent` becomes a mapping of its own. At the root no `max_turns` is left by then.
/// Releases that do not leave an `agent` without `max_turns` alone give it the default.
pub(super) fn normalize_agent(mut config: Dict, facts: &Facts) -> Outcome<Dict> {
    let agent = config.get("agent").filter(|agent| agent.value.is_true());
    let place = agent.and_then(|agent| agent.place);
    let mut made = agent.map_or_else(|| Ok(Dict::new()), |agent| dict_of(&agent.value)).map_err(no_dict)?;
    if !facts.behaviour.leaves_max_turns_out && !made.has("max_turns") {
        let default = facts.defaults.get("agent").and_then(|agent| agent.get("max_turns"));
        made.set("max_turns", default.cloned().unwrap_or(Value::None.into()));
    }
    put(&mut config, "agent", Node { value: Value::dict(made), place });
    Ok(config)
}

fn no_dict(why: NoDict) -> Stop {
    match why.kind() {
        Some(kind) => Stop::raised(kind, "agent cannot be made a dict"),
        None => Stop::not_modelled("the order of a set's items"),
    }
}

/// `_normalize_root_model_keys`: `provider`, `base_url` and `context_length` at the root fill what `model` does
/// not say; `with_aliases`, `api_base` stands for `base_url`, and `model.model` and `model.name` for `model.default`.
/// Releases without aliases move the keys into the mapping itself, and so into every place that shares it by an anchor.
pub(in crate::hermes) fn normalize_root_model_keys(mut config: Dict, with_aliases: bool) -> Dict {
    let own = config.get("model").and_then(|model| model.value.as_dict());
    let has_alias = with_aliases
        && own.is_some_and(|model| {
            is_true(model, "api_base") || is_true(model, "model") || is_true(model, "name")
        });
    let has_root = ["provider", "base_url", "context_length"].iter().any(|key| is_true(&config, key))
        || with_aliases && is_true(&config, "api_base");
    if !has_root && !has_alias {
        return config;
    }

    let written = config.get("model").cloned().unwrap_or(Node::made(Value::None));
    let mut model = match &written.value {
        Value::Dict(model) => model.as_ref().clone(),
        other if other.is_true() => {
            let mut model = Dict::new();
            model.set("default", written.clone());
            model
        }
        _ => Dict::new(),
    };
    for key in ["provider", "base_url", "context_length"] {
        if let Some(root) = config.remove(key)
            && root.value.value.is_true()
            && !is_true(&model, key)
        {
            let _ = model.insert(root);
        }
    }
    if with_aliases {
        canonicalize(&mut config, &mut model);
    }
    let model = Value::dict(model);
    if let (Value::Dict(own), false) = (&written.value, with_aliases) {
        for entry in config.iter_mut() {
            replace_shared(&mut entry.value, own, &model);
        }
    }
    put(&mut config, "model", Node { value: model, place: written.place });
    config
}

/// Puts `new` wherever the mapping `old` itself is. The depth is limited by the reader.
fn replace_shared(node: &mut Node, old: &Rc<Dict>, new: &Value) {
    match &mut node.value {
        Value::Dict(dict) if Rc::ptr_eq(dict, old) => node.value = new.clone(),
        Value::Dict(dict) => {
            for entry in Rc::make_mut(dict).iter_mut() {
                replace_shared(&mut entry.value, old, new);
            }
        }
        Value::List(items) | Value::Tuple(items) => {
            for item in Rc::make_mut(items) {
                replace_shared(item, old, new);
            }
        }
        _ => {}
    }
}

/// Moves the aliases of `base_url` and `default` to where they are read.
fn canonicalize(config: &mut Dict, model: &mut Dict) {
    let aliases = [config.remove("api_base"), model.entry("api_base").cloned()];
    for alias in aliases.into_iter().flatten() {
        if alias.value.value.is_true() && !is_true(model, "base_url") {
            let _ = model.insert(renamed(alias, "base_url"));
        }
    }
    let _ = model.remove("api_base");

    if !is_true(model, "default") {
        let alias = ["model", "name"].into_iter().find(|key| is_true(model, key));
        if let Some(alias) = alias.and_then(|key| model.entry(key)).cloned() {
            let _ = model.insert(renamed(alias, "default"));
        }
    }
    if is_true(model, "default") {
        let _ = model.remove("model");
        let _ = model.remove("name");
    }
}

/// The pair under another key; its places stay where it is written.
fn renamed(entry: Entry, name: &str) -> Entry {
    Entry { key: Node { value: Value::str(name), place: entry.key.place }, ..entry }
}

/// Sets a key and keeps the places of the pair that was there.
fn put(dict: &mut Dict, name: &str, value: Node) {
    match dict.get_mut(name) {
        Some(slot) => *slot = value,
        None => dict.set(name, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sources::SourceKind;
    use crate::python::repr;
    use crate::yaml;

    fn normalized(text: &str) -> String {
        let root = yaml::load(text, SourceKind::Config).root.unwrap();
        repr(&Value::dict(normalize_root_model_keys(root.value.as_dict().unwrap().clone(), true))).unwrap()
    }

    /// Expected: `_normalize_root_model_keys` of 0.19.0.
    #[test]
    fn moves_what_hermes_moves() {
        let cases = [
            ("{a: 1, base_url: '', model: x}", "{'a': 1, 'base_url': '', 'model': 'x'}"),
            ("{provider: p, base_url: '', model: x}", "{'model': {'default': 'x', 'provider': 'p'}}"),
            ("{provider: p, model: {provider: q}}", "{'model': {'provider': 'q'}}"),
            ("{api_base: u, model: {api_base: v}}", "{'model': {'base_url': 'u'}}"),
            ("{model: {api_base: v, base_url: w}}", "{'model': {'base_url': 'w'}}"),
            ("{model: {model: a, name: b}}", "{'model': {'default': 'a'}}"),
            ("{model: {name: b, default: }}", "{'model': {'default': 'b'}}"),
            ("{model: {name: b, default: c}}", "{'model': {'default': 'c'}}"),
            ("{provider: p, model: 0}", "{'model': {'provider': 'p'}}"),
            ("{provider: p}", "{'model': {'provider': 'p'}}"),
            ("{provider: p, model: [x]}", "{'model': {'default': ['x'], 'provider': 'p'}}"),
        ];
        for (text, expected) in cases {
            assert_eq!(normalized(text), expected, "{text}");
        }
    }

    /// Expected: `_normalize_root_model_keys` of 0.17.0 and of 0.18.2, which copies `model` first.
    #[test]
    fn older_releases_change_what_an_anchor_shares() {
        let text = "{provider: p, model: &m {default: x}, a: {b: [*m]}}";
        let root = yaml::load(text, SourceKind::Config).root.unwrap();
        let said = |with_aliases| {
            let config = root.value.as_dict().unwrap().clone();
            repr(&Value::dict(normalize_root_model_keys(config, with_aliases))).unwrap()
        };
        let model = "{'default': 'x', 'provider': 'p'}";
        assert_eq!(said(false), format!("{{'model': {model}, 'a': {{'b': [{model}]}}}}"));
        assert_eq!(said(true), format!("{{'model': {model}, 'a': {{'b': [{{'default': 'x'}}]}}}}"));
    }

    #[test]
    fn an_alias_points_at_what_is_written() {
        let text = "api_base: u";
        let root = yaml::load(text, SourceKind::Config).root.unwrap();
        let config = normalize_root_model_keys(root.value.as_dict().unwrap().clone(), true);
        let entry = config.get("model").unwrap().value.as_dict().unwrap().entry("base_url").unwrap();
        assert_eq!(entry.place.unwrap().span.of(text), "api_base: u");
        assert_eq!(entry.key.place.unwrap().span.of(text), "api_base");
    }
}
