//! PC206: a `custom_providers` value that keeps the endpoints of `providers:` from their credential pools.

use super::pools::endpoint_name;
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextSet;
use crate::python::{Node, Value};

declare_rule! {
    /// Endpoints of your own stand in the `custom_providers` list or in the newer `providers:` mapping. As soon as
    /// `custom_providers` is there, even empty, Hermes looks for the credential pools of endpoints in that list
    /// only: the pool of an endpoint in `providers:` is in auth.json and is never used.
    ///
    /// ```text fires
    /// --- config.yaml
    /// custom_providers: []
    /// providers:
    ///   beta: {base_url: "https://beta.example/v1"}
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"custom:beta": [
    ///   {"id": "a1", "label": "beta", "auth_type": "api_key", "priority": 0, "source": "manual",
    ///    "base_url": "https://beta.example/v1", "access_token": "sk-fake-key-000000"}]}}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// providers:
    ///   beta: {base_url: "https://beta.example/v1"}
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"custom:beta": [
    ///   {"id": "a1", "label": "beta", "auth_type": "api_key", "priority": 0, "source": "manual",
    ///    "base_url": "https://beta.example/v1", "access_token": "sk-fake-key-000000"}]}}
    /// ```
    pub static CUSTOM_LIST_HIDES_PROVIDERS = {
        code: "PC206", name: "custom-list-hides-providers", severity: Warning, since: "0.1.0",
        fix: None,
        what: "`custom_providers` keeps the pool of `{name}` from being used",
        why: "Where `custom_providers` is set, Hermes looks there alone for the endpoint of the pool `custom:{name}`, and `{name}` stands in `providers:`.",
        todo: "Write all endpoints in one place: move those of `custom_providers` into `providers:` and delete `custom_providers`.",
        label hidden: "its pool is not found",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(root) = context.config_root() else { return };
    let list = root.value.as_dict().and_then(|root| root.entry("custom_providers"));
    let (Some(list), Some(providers)) = (list, root.get("providers")) else { return };
    // Where a pool is called by the key of `providers`, no list is looked at for it.
    let is_found = context.facts.behaviour.slugs_name_pools;
    if is_found || matches!(list.value.value, Value::None | Value::Dict(_)) {
        return;
    }
    let mut listed = TextSet::new();
    for item in list.value.items() {
        if let Some(name) = item.text("name") {
            listed.insert(&endpoint_name(name));
        }
    }
    let pools = context.auth_root().and_then(|root| root.get("credential_pool"));
    for entry in &providers.entries() {
        let Some(name) = entry.key.value.as_str().map(endpoint_name) else { continue };
        let is_endpoint = ["api", "url", "base_url"].iter().any(|key| entry.value.get(key).is_some());
        let rows = pools.and_then(|pools| pools.get(&["custom:", &name].concat()));
        let rows = rows.map(Node::items).unwrap_or_default();
        // The text of a list is not looked into, and the key in the block makes no pool then.
        let has_rows = !rows.is_empty() || list.value.value.as_str().is_some() && entry.value.has("api_key");
        if !is_endpoint || listed.contains(&name) || !has_rows {
            continue;
        }
        if let (Some(place), Some(_)) = (list.key.place, entry.key.place) {
            findings
                .report(&CUSTOM_LIST_HIDES_PROVIDERS, place)
                .with("name", name)
                .label("hidden", entry.key.place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CUSTOM_LIST_HIDES_PROVIDERS;
    use crate::rules::testing::{fires, silent};

    const POOL: &str = r#"
--- auth.json
{"version": 1, "credential_pool": {"custom:beta": [
  {"id": "a1", "label": "beta", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://beta.example/v1", "access_token": "sk-fake-key-000000"}]}}
"#;

    #[test]
    fn an_empty_list_is_enough() {
        let config = "\
--- config.yaml
custom_providers: []
^^^^^^^^^^^^^^^^ PC206
providers:
  Beta: {base_url: 'https://beta.example/v1'}
--- says
the pool of `beta`
";
        fires(&CUSTOM_LIST_HIDES_PROVIDERS, &format!("{config}{POOL}"));
    }

    #[test]
    fn a_pool_whose_endpoint_is_in_the_list_is_found() {
        let config = "\
--- config.yaml
custom_providers: [{name: beta, base_url: 'https://beta.example/v1'}]
providers:
  gamma: {base_url: 'https://gamma.example/v1'}
";
        silent(&CUSTOM_LIST_HIDES_PROVIDERS, &format!("{config}{POOL}"));
    }
}
