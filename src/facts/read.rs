//! From the data of a release to its [`Facts`].

use indexmap::{IndexMap, IndexSet};

use super::{ConfigKeys, EnvFacts, Facts, Overlay, PoolFacts, Profile, Provider, ZaiEndpoint};
use crate::json;
use crate::python::{Dict, Entry, Int, Node, Value};
use crate::text::SourceKind;

/// Reads the data of one release; `None` where it has not the expected form.
pub(super) fn facts(data: &str) -> Option<Facts> {
    let root = json::load(data, SourceKind::Config).ok()?.root;
    Some(Facts {
        release: text(&root, "release")?,
        config_version: int(&root, "config_version")?,
        providers: list(&root, "providers", provider)?.into_iter().collect(),
        aliases: text_map(&root, "aliases")?,
        model_aliases: text_map(&root, "model_aliases")?,
        catalog_aliases: text_map(&root, "catalog_aliases")?,
        auxiliary_aliases: text_map(&root, "auxiliary_aliases")?,
        profiles: map(&root, "profiles", profile)?,
        overlays: map(&root, "overlays", overlay)?,
        transport_api_modes: text_map(&root, "transport_api_modes")?,
        api_modes: set(&root, "api_modes")?,
        oauth_capable_providers: set(&root, "oauth_capable_providers")?,
        placeholder_secrets: set(&root, "placeholder_secrets")?,
        shortest_secret: usize::try_from(int(&root, "shortest_secret")?).ok()?,
        urls: text_map(&root, "urls")?,
        zai_endpoints: list(&root, "zai_endpoints", zai_endpoint)?,
        lmstudio_placeholder: text(&root, "lmstudio_placeholder")?,
        pool: pool(root.get("pool")?)?,
        env: env(root.get("env")?)?,
        config_keys: config_keys(root.get("config_keys")?)?,
        root_keys: set(root.get("config_keys")?, "roots")?,
        defaults: without_places(root.get("defaults")?),
    })
}

fn provider(row: &Node) -> Option<(String, Provider)> {
    let provider = Provider {
        id: text(row, "id")?,
        name: text(row, "name")?,
        auth_type: text(row, "auth_type")?,
        portal_base_url: text(row, "portal_base_url")?,
        inference_base_url: text(row, "inference_base_url")?,
        api_key_env_vars: texts(row, "api_key_env_vars")?,
        base_url_env_var: text(row, "base_url_env_var")?,
    };
    Some((text(row, "key")?, provider))
}

fn profile(row: &Node) -> Option<Profile> {
    Some(Profile {
        aliases: texts(row, "aliases")?,
        api_mode: text(row, "api_mode")?,
        auth_type: text(row, "auth_type")?,
        base_url: text(row, "base_url")?,
        display_name: text(row, "display_name")?,
        env_vars: texts(row, "env_vars")?,
    })
}

fn overlay(row: &Node) -> Option<Overlay> {
    Some(Overlay {
        auth_type: text(row, "auth_type")?,
        base_url_env_var: text(row, "base_url_env_var")?,
        base_url_override: text(row, "base_url_override")?,
        extra_env_vars: texts(row, "extra_env_vars")?,
        is_aggregator: matches!(row.get("is_aggregator")?.value, Value::Bool(true)),
        transport: text(row, "transport")?,
    })
}

fn zai_endpoint(row: &Node) -> Option<ZaiEndpoint> {
    Some(ZaiEndpoint {
        id: text(row, "id")?,
        base_url: text(row, "base_url")?,
        probe_models: texts(row, "probe_models")?,
        label: text(row, "label")?,
    })
}

fn pool(node: &Node) -> Option<PoolFacts> {
    Some(PoolFacts {
        custom_prefix: text(node, "custom_prefix")?,
        dead_manual_prune_seconds: number(node, "dead_manual_prune_seconds")?,
        exhausted_401_seconds: number(node, "exhausted_401_seconds")?,
        exhausted_429_seconds: number(node, "exhausted_429_seconds")?,
        exhausted_default_seconds: number(node, "exhausted_default_seconds")?,
        extra_keys: set(node, "extra_keys")?,
        lease_limit: int(node, "lease_limit")?,
        no_entries_log_seconds: number(node, "no_entries_log_seconds")?,
        strategies: set(node, "strategies")?,
        terminal_auth_reasons: set(node, "terminal_auth_reasons")?,
    })
}

fn env(node: &Node) -> Option<EnvFacts> {
    Some(EnvFacts {
        credential_suffixes: texts(node, "credential_suffixes")?,
        extra: set(node, "extra")?,
        optional: set(node, "optional")?,
    })
}

fn config_keys(node: &Node) -> Option<ConfigKeys> {
    Some(ConfigKeys {
        custom_provider_aliases: text_map(node, "custom_provider_aliases")?,
        custom_provider_keys: set(node, "custom_provider_keys")?,
        custom_provider_like: set(node, "custom_provider_like")?,
        dynamic: set(node, "dynamic")?,
        extra_roots: set(node, "extra_roots")?,
        open: set(node, "open")?,
        platform_containers: set(node, "platform_containers")?,
        schema_defined: set(node, "schema_defined")?,
    })
}

fn text(node: &Node, name: &str) -> Option<String> {
    as_text(node.get(name)?)
}

fn int(node: &Node, name: &str) -> Option<i64> {
    match &node.get(name)?.value {
        Value::Int(Int::Small(value)) => Some(*value),
        _ => None,
    }
}

fn number(node: &Node, name: &str) -> Option<f64> {
    match &node.get(name)?.value {
        Value::Float(value) => Some(*value),
        Value::Int(Int::Small(value)) => i32::try_from(*value).ok().map(f64::from),
        _ => None,
    }
}

fn texts(node: &Node, name: &str) -> Option<Vec<String>> {
    list(node, name, as_text)
}

fn set(node: &Node, name: &str) -> Option<IndexSet<String>> {
    Some(texts(node, name)?.into_iter().collect())
}

fn list<T>(node: &Node, name: &str, item: impl Fn(&Node) -> Option<T>) -> Option<Vec<T>> {
    node.get(name)?.value.as_list()?.iter().map(item).collect()
}

fn text_map(node: &Node, name: &str) -> Option<IndexMap<String, String>> {
    map(node, name, as_text)
}

fn map<T>(node: &Node, name: &str, value: impl Fn(&Node) -> Option<T>) -> Option<IndexMap<String, T>> {
    let dict = node.get(name)?.value.as_dict()?;
    dict.iter().map(|entry| Some((as_text(&entry.key)?, value(&entry.value)?))).collect()
}

fn as_text(node: &Node) -> Option<String> {
    node.value.as_str().map(str::to_owned)
}

/// The same value, written nowhere. The data is our own and no deeper than the reader allows.
fn without_places(node: &Node) -> Node {
    Node::made(match &node.value {
        Value::List(items) => Value::list(items.iter().map(without_places).collect()),
        Value::Dict(dict) => {
            let mut made = Dict::new();
            for entry in dict.iter() {
                let key = without_places(&entry.key);
                let _ = made.insert(Entry { key, value: without_places(&entry.value), place: None });
            }
            Value::dict(made)
        }
        other => other.clone(),
    })
}
