//! PC206: a `custom_providers` value that keeps the endpoints of `providers:` from their credential pools.

use super::{Context, Findings, declare_rule};
use crate::python::{Node, Value, lower, strip};

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
    let Some(root) = context.config_root().and_then(|root| root.value.as_dict()) else { return };
    let (Some(list), Some(providers)) = (root.entry("custom_providers"), root.get("providers")) else {
        return;
    };
    let listed: Vec<String> = match &list.value.value {
        Value::None | Value::Dict(_) => return,
        Value::List(items) => items.iter().filter_map(|item| pool_name(item.get("name")?)).collect(),
        _ => Vec::new(),
    };
    let Some(pools) = context.auth_root().and_then(|root| root.get("credential_pool")) else { return };
    for entry in providers.value.as_dict().into_iter().flat_map(|providers| providers.iter()) {
        let Some(name) = pool_name(&entry.key) else { continue };
        let is_endpoint = ["api", "url", "base_url"].iter().any(|key| entry.value.get(key).is_some());
        let rows = pools.get(&format!("custom:{name}")).and_then(|rows| rows.value.as_list());
        if !is_endpoint || listed.contains(&name) || rows.is_none_or(<[Node]>::is_empty) {
            continue;
        }
        let (Some(place), Some(hidden)) = (list.key.place, entry.key.place) else { continue };
        findings
            .report(&CUSTOM_LIST_HIDES_PROVIDERS, place)
            .with("name", name)
            .label("hidden", hidden)
            .done();
    }
}

/// The name of an endpoint as pools are called after it.
fn pool_name(name: &Node) -> Option<String> {
    Some(lower(strip(name.value.as_str()?)).replace(' ', "-"))
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
