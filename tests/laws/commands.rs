//! What the commands of a finding make of the pasted texts, as far as they change auth.json: `auth_add_command`,
//! `auth_remove_command` and `auth_reset_command` of `hermes_cli/auth_commands.py`.

use poolcheck::api::Input;
use poolcheck::facts::Facts;
use poolcheck::hermes::Given;
use serde_json::{Map, Value as Json, json};

/// The texts after `commands`, a line each; `None` where one of them does something else, or where auth.json cannot be read.
pub fn run(input: &Input, facts: &Facts, commands: &str) -> Option<Input> {
    let mut store: Json = match &input.auth_store {
        Given::Text(text) => serde_json::from_str(text).ok()?,
        _ => json!({"version": 1, "providers": {}, "credential_pool": {}}),
    };
    for (number, command) in commands.lines().enumerate() {
        let words: Vec<&str> = command.split_whitespace().collect();
        match words.as_slice() {
            ["hermes", "auth", "add", provider, "--type", "api-key", rest @ ..] => {
                let url = match *provider {
                    "openrouter" => "https://openrouter.ai/api/v1",
                    provider => &facts.providers.get(provider)?.inference_base_url,
                };
                let rows = pool(&mut store, provider)?;
                let label = match rest {
                    ["--label", label] => (*label).to_owned(),
                    _ => format!("api-key-{}", rows.len() + 1),
                };
                rows.push(json!({
                    "id": format!("ad{number:04}"), "label": label, "auth_type": "api_key", "priority": rows.len(),
                    "source": "manual", "access_token": format!("sk-fake-added-{number}-000000"), "base_url": url,
                }));
                let suppressed = store.get_mut("suppressed_sources").and_then(Json::as_object_mut);
                suppressed.and_then(|suppressed| suppressed.remove(*provider));
            }
            ["hermes", "auth", "remove", provider, number] => {
                let rows = pool(&mut store, provider)?;
                let at = number.parse::<usize>().ok()?.checked_sub(1)?;
                if at >= rows.len() {
                    return None;
                }
                rows.remove(at);
            }
            // What rests is not known where auth.json was not pasted.
            ["hermes", "auth", "reset", provider] if input.auth_store.text().is_some() => {
                for row in pool(&mut store, provider)?.iter_mut().filter_map(Json::as_object_mut) {
                    row.retain(|field, _| !field.starts_with("last_"));
                }
            }
            _ => return None,
        }
    }
    Some(Input { auth_store: Given::Text(store.to_string()), ..input.clone() })
}

/// The rows of a pool, which is made where it is not there.
fn pool<'s>(store: &'s mut Json, provider: &str) -> Option<&'s mut Vec<Json>> {
    let pools = store.as_object_mut()?.entry("credential_pool").or_insert_with(|| Json::Object(Map::new()));
    pools.as_object_mut()?.entry(provider).or_insert_with(|| json!([])).as_array_mut()
}
