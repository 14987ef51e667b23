//! What the commands of a finding make of the pasted texts: `auth_add_command`, `auth_remove_command` and `auth_reset_command` of
//! `hermes_cli/auth_commands.py`, `set_config_value` and `unset_config_value` of `hermes_cli/config.py`.

use poolcheck::api::Input;
use poolcheck::base::sources::{Given, SourceKind};
use poolcheck::facts::Facts;
use poolcheck::hermes::commands::{Written, config_set};
use poolcheck::python::{Node, Value, to_str};
use poolcheck::yaml;
use serde_json::{Map, Value as Json, json};

/// The texts after `commands`, a line each; `None` where one of them does something else, or where a file cannot be read.
pub fn run(input: &Input, facts: &Facts, commands: &str) -> Option<Input> {
    let mut store: Json = match &input.given.auth_store {
        Given::Text(text) => serde_json::from_str(text).ok()?,
        _ => json!({"version": 1, "providers": {}, "credential_pool": {}}),
    };
    let mut settings = Settings { config: None, dotenv: None };
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
            ["hermes", "auth", "reset", provider] if input.given.auth_store.text().is_some() => {
                for row in pool(&mut store, provider)?.iter_mut().filter_map(Json::as_object_mut) {
                    row.retain(|field, _| !field.starts_with("last_"));
                }
            }
            ["hermes", "config", "set", key, value] => settings.set(input, facts, key, value)?,
            ["hermes", "config", "unset", key] => settings.unset(input, key)?,
            _ => return None,
        }
    }
    let mut after = input.clone();
    if !commands.lines().all(|command| command.starts_with("hermes config ")) {
        after.given.auth_store = Given::Text(store.to_string());
    }
    if let Some(config) = settings.config {
        // JSON is YAML.
        after.given.config = Given::Text(config.to_string());
    }
    if let Some(dotenv) = settings.dotenv {
        after.given.dotenv = Given::Text(dotenv);
    }
    Some(after)
}

/// What commands made of config.yaml and `.env`; `None` where they changed nothing.
struct Settings {
    config: Option<Json>,
    dotenv: Option<String>,
}

impl Settings {
    fn config(&mut self, input: &Input) -> Option<&mut Json> {
        if self.config.is_none() {
            let text = input.given.config.text().map_or("", String::as_str);
            let root = yaml::load(text, SourceKind::Config).root.ok()?;
            self.config = Some(if root.value.is_none() { json!({}) } else { json_of(&root)? });
        }
        self.config.as_mut()
    }

    fn set(&mut self, input: &Input, facts: &Facts, key: &str, value: &str) -> Option<()> {
        match config_set(facts, key, value).ok()? {
            Written::DotEnv(name) => {
                let text =
                    self.dotenv.get_or_insert_with(|| input.given.dotenv.text().cloned().unwrap_or_default());
                let others = text.lines().filter(|line| !line.starts_with(&format!("{name}=")));
                *text = others.map(|line| format!("{line}\n")).chain([format!("{name}={value}\n")]).collect();
            }
            Written::Config(path, value) => {
                let (last, above) = path.split_last()?;
                let mut node = self.config(input)?;
                for name in above {
                    if !node.get(name).is_some_and(Json::is_object) {
                        node.as_object_mut()?.insert(name.clone(), json!({}));
                    }
                    node = node.get_mut(name)?;
                }
                node.as_object_mut()?.insert(last.clone(), json_of(&value.into())?);
            }
        }
        Some(())
    }

    fn unset(&mut self, input: &Input, key: &str) -> Option<()> {
        let path: Vec<&str> = key.split('.').collect();
        let (last, above) = path.split_last()?;
        let node = above.iter().try_fold(self.config(input)?, |node, name| node.get_mut(name))?;
        node.as_object_mut()?.remove(*last).map(|_| ())
    }
}

/// A value of config.yaml as JSON; `None` where JSON has none such.
fn json_of(node: &Node) -> Option<Json> {
    Some(match &node.value {
        Value::None => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Str(text) => json!(text.as_ref()),
        Value::Int(_) => serde_json::from_str(&to_str(&node.value)?).ok()?,
        Value::List(items) => Json::Array(items.iter().map(json_of).collect::<Option<_>>()?),
        Value::Dict(dict) => {
            let mut object = Map::new();
            for entry in dict.iter() {
                object.insert(entry.key.value.as_str()?.to_owned(), json_of(&entry.value)?);
            }
            Json::Object(object)
        }
        _ => return None,
    })
}

/// The rows of a pool, which is made where it is not there.
fn pool<'s>(store: &'s mut Json, provider: &str) -> Option<&'s mut Vec<Json>> {
    let pools = store.as_object_mut()?.entry("credential_pool").or_insert_with(|| Json::Object(Map::new()));
    pools.as_object_mut()?.entry(provider).or_insert_with(|| json!([])).as_array_mut()
}
