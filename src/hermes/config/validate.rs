//! `validate_config_structure`: what Hermes itself finds wrong with config.yaml.

use crate::base::collections::TextSet;
use crate::base::text::{Place, Search};
use crate::facts::ConfigKeys;
use crate::hermes::{Outcome, Process, Stop, caught};
use crate::python::{Dict, Entry, Node, Value, lower, repr, strip};

/// A finding of the real program's own `validate_config_structure`.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigIssue {
    /// `error` or `warning`.
    pub severity: &'static str,
    /// The real program's text.
    pub message: String,
    /// The real program's advice, of which `resolve_provider` quotes the first line.
    pub hint: String,
    /// The value that it speaks of.
    pub place: Option<Place>,
}

impl Process<'_> {
    /// `validate_config_structure()`. It looks at the loaded config, so that keys that loading moves away are
    /// never found.
    ///
    /// # Errors
    /// `AttributeError` or `TypeError` for a root key that is no string: then nothing at all is reported.
    pub fn validate_config_structure(&mut self) -> Outcome<Vec<ConfigIssue>> {
        let Some(config) = caught(self.load_config())? else {
            return Ok(vec![ConfigIssue {
                severity: "error",
                message: "Could not load config.yaml".to_owned(),
                hint: "Run 'hermes setup' to create a valid config".to_owned(),
                place: None,
            }]);
        };
        let empty = Dict::new();
        let config = config.value.as_dict().unwrap_or(&empty);
        if self.facts.behaviour.checks_voice_and_web {
            told_of_voice_and_web(config)?;
        }
        let mut issues = Issues { keys: &self.facts.config_keys, found: Vec::new() };
        issues.custom_providers(config)?;
        issues.fallback_model(config);
        issues.misplaced(config);
        for entry in config.iter() {
            issues.root_key(entry, |key| self.facts.root_keys.contains(key))?;
        }
        Ok(issues.found)
    }
}

/// What may be found in these sections was not read, but for the modes of `voice.submit_mode` that nothing is said of.
fn told_of_voice_and_web(config: &Dict) -> Outcome<()> {
    let section = |name| config.get(name).and_then(|section| section.value.as_dict());
    let mode = section("voice").and_then(|voice| voice.get("submit_mode")).map(|mode| &mode.value);
    let is_mode = |mode: &Value| {
        mode.as_str().is_some_and(|mode| matches!(lower(strip(mode)).as_str(), "direct" | "draft"))
    };
    if mode.is_some_and(|mode| !is_mode(mode)) {
        return Err(Stop::not_modelled("what Hermes says of voice.submit_mode"));
    }
    let names_backend = |entry: &Entry| {
        entry.key.value.as_str().is_some_and(|key| key.holds("backend")) && entry.value.value.is_true()
    };
    if section("web").is_some_and(|web| web.iter().any(names_backend)) {
        return Err(Stop::not_modelled("what Hermes says of the backends of web"));
    }
    Ok(())
}

struct Issues<'f> {
    keys: &'f ConfigKeys,
    found: Vec<ConfigIssue>,
}

impl Issues<'_> {
    fn add(&mut self, severity: &'static str, place: Option<Place>, message: impl Into<String>, hint: &str) {
        self.found.push(ConfigIssue { severity, message: message.into(), hint: hint.to_owned(), place });
    }

    fn custom_providers(&mut self, config: &Dict) -> Outcome<()> {
        let Some(entry) = config.entry("custom_providers") else { return Ok(()) };
        match &entry.value.value {
            Value::Dict(dict) => {
                self.add(
                    "error",
                    key_place(entry),
                    "custom_providers is a dict — it must be a YAML list (items prefixed with '-')",
                    "Change to:\n  custom_providers:\n    - name: my-provider\n      base_url: https://...\n      api_key: ...",
                );
                self.entry_fields_in_dict(dict)
            }
            Value::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.custom_provider(at, item);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn entry_fields_in_dict(&mut self, dict: &Dict) -> Outcome<()> {
        let fields = dict.iter().filter(|entry| self.is_entry_field(entry));
        let names: TextSet = fields.filter_map(|entry| entry.key.value.as_str()).collect();
        let fields: Vec<&Entry> = names.sorted().into_iter().filter_map(|name| dict.entry(name)).collect();
        let Some(first) = fields.first() else { return Ok(()) };
        let place = key_place(first);
        let names = Value::list(fields.iter().map(|entry| entry.key.clone()).collect());
        let names = repr(&names).ok_or_else(|| Stop::not_modelled("repr of names"))?;
        self.add(
            "warning",
            place,
            format!("Root-level keys {names} look like custom_providers entry fields"),
            "These should be indented under a '- name: ...' list entry, not at root level",
        );
        Ok(())
    }

    fn is_entry_field(&self, entry: &Entry) -> bool {
        entry.key.value.as_str().is_some_and(|key| self.keys.custom_provider_like.contains(key))
    }

    fn custom_provider(&mut self, at: usize, item: &Node) {
        let Value::Dict(dict) = &item.value else {
            let message = format!("custom_providers[{at}] is not a dict (got {})", item.value.type_name());
            self.add("warning", item.place, message, "Each entry should have at minimum: name, base_url");
            return;
        };
        for (field, hint) in [
            ("name", "Add a name, e.g.: name: my-provider"),
            ("base_url", "Add the API endpoint URL, e.g.: base_url: https://api.example.com/v1"),
        ] {
            if let Some(place) = lacks(dict, field, item.place) {
                self.add(
                    "warning",
                    place,
                    format!("custom_providers[{at}] is missing '{field}' field"),
                    hint,
                );
            }
        }
    }

    fn fallback_model(&mut self, config: &Dict) {
        let Some(entry) = config.entry("fallback_model") else { return };
        match &entry.value.value {
            Value::None => {}
            Value::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.fallback_entry(at, item);
                }
            }
            Value::Dict(dict) if dict.is_empty() => {}
            Value::Dict(dict) => {
                for (field, hint) in [
                    ("provider", "Add: provider: openrouter (or another provider)"),
                    ("model", "Add: model: anthropic/claude-sonnet-4 (or another model)"),
                ] {
                    if let Some(place) = lacks(dict, field, entry.value.place) {
                        let message =
                            format!("fallback_model is missing '{field}' field — fallback will be disabled");
                        self.add("warning", place, message, hint);
                    }
                }
            }
            other => {
                let message = format!(
                    "fallback_model should be a dict with 'provider' and 'model', got {}",
                    other.type_name()
                );
                self.add(
                    "error",
                    entry.value.place,
                    message,
                    "Change to:\n  fallback_model:\n    provider: openrouter\n    model: anthropic/claude-sonnet-4",
                );
            }
        }
    }

    fn fallback_entry(&mut self, at: usize, item: &Node) {
        let Value::Dict(dict) = &item.value else {
            let message = format!("fallback_model[{at}] should be a dict, got {}", item.value.type_name());
            self.add("error", item.place, message, "Each entry needs provider + model");
            return;
        };
        for (field, hint) in [
            ("provider", "Add: provider: openrouter (or another provider)"),
            ("model", "Add: model: <model-name>"),
        ] {
            if let Some(place) = lacks(dict, field, item.place) {
                self.add("warning", place, format!("fallback_model[{at}] is missing '{field}' field"), hint);
            }
        }
    }

    /// What stands inside `custom_providers` or lacks beside it.
    fn misplaced(&mut self, config: &Dict) {
        let Some(custom) = config.entry("custom_providers") else { return };
        if let Value::Dict(dict) = &custom.value.value
            && let Some(nested) = dict.entry("fallback_model")
            && !config.has("fallback_model")
        {
            self.add(
                "error",
                key_place(nested),
                "fallback_model appears inside custom_providers instead of at root level",
                "Move fallback_model to the top level of config.yaml (no indentation)",
            );
        }
        if custom.value.value.is_true() && !super::is_true(config, "model") {
            self.add(
                "warning",
                key_place(custom),
                "custom_providers defined but no 'model' section — Hermes won't know which provider to use",
                "Add a model section:\n  model:\n    provider: custom\n    default: your-model-name\n    base_url: https://...",
            );
        }
    }

    fn root_key(&mut self, entry: &Entry, is_root: impl Fn(&str) -> bool) -> Outcome<()> {
        let key = match &entry.key.value {
            Value::Str(key) => key,
            Value::Bytes(_) => {
                return Err(Stop::raised(
                    "TypeError",
                    "startswith first arg must be bytes or a tuple of bytes, not str",
                ));
            }
            other => return Err(Stop::no_attribute(other.type_name(), "startswith")),
        };
        if !key.starts_with('_') && !is_root(key) && self.is_entry_field(entry) {
            self.add(
                "warning",
                key_place(entry),
                format!(
                    "Root-level key '{key}' looks misplaced — should it be under 'model:' or inside a 'custom_providers' entry?"
                ),
                &format!("Move '{key}' under the appropriate section"),
            );
        }
        Ok(())
    }
}

/// Where `not dict.get(field)` shows: the field's value where it is there, else the mapping. `None` where the
/// field has a value.
fn lacks(dict: &Dict, field: &str, place: Option<Place>) -> Option<Option<Place>> {
    match dict.entry(field) {
        Some(entry) if entry.value.value.is_true() => None,
        Some(entry) => Some(entry.place.or(entry.value.place).or(place)),
        None => Some(place),
    }
}

fn key_place(entry: &Entry) -> Option<Place> {
    entry.key.place.or(entry.place).or(entry.value.place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hermes::testing::{process, read_process, world};

    /// Each issue of the given config.yaml as `severity: message @ text`.
    fn issues(config: &str) -> Vec<String> {
        let world = world(config, &[]);
        let issues = process(&world).validate_config_structure().unwrap();
        issues
            .iter()
            .map(|issue| {
                let at = issue.place.map_or("", |place| place.span.of(config));
                format!("{}: {} @ {at}", issue.severity, issue.message)
            })
            .collect()
    }

    /// Expected: severity and message of `validate_config_structure()` of 0.19.0; the place is our own.
    #[test]
    fn finds_what_hermes_finds() {
        assert_eq!(
            issues("custom_providers:\n  base_url: u\n  api_key: k\n  fallback_model: {}\n"),
            [
                "error: custom_providers is a dict — it must be a YAML list (items prefixed with '-') @ custom_providers",
                "warning: Root-level keys ['api_key', 'base_url'] look like custom_providers entry fields @ api_key",
                "error: fallback_model appears inside custom_providers instead of at root level @ fallback_model",
                "warning: custom_providers defined but no 'model' section — Hermes won't know which provider to use @ custom_providers",
            ]
        );
        assert_eq!(
            issues("model: x\ncustom_providers: [5, {name: '', base_url: u}, {name: n}]\n"),
            [
                "warning: custom_providers[0] is not a dict (got int) @ 5",
                "warning: custom_providers[1] is missing 'name' field @ name: ''",
                "warning: custom_providers[2] is missing 'base_url' field @ {name: n}",
            ]
        );
        assert_eq!(
            issues("fallback_model: [x, {model: m}]\n"),
            [
                "error: fallback_model[0] should be a dict, got str @ x",
                "warning: fallback_model[1] is missing 'provider' field @ {model: m}",
            ]
        );
        assert_eq!(
            issues("fallback_model: {provider: p}\napi_key: k\nbase_url: ''\n"),
            [
                "warning: fallback_model is missing 'model' field — fallback will be disabled @ {provider: p}",
                "warning: Root-level key 'api_key' looks misplaced — should it be under 'model:' or inside a 'custom_providers' entry? @ api_key",
                "warning: Root-level key 'base_url' looks misplaced — should it be under 'model:' or inside a 'custom_providers' entry? @ base_url",
            ]
        );
        assert_eq!(
            issues("fallback_model: x"),
            ["error: fallback_model should be a dict with 'provider' and 'model', got str @ x"]
        );
        assert_eq!(issues("agent: 5"), ["error: Could not load config.yaml @ "]);
        assert_eq!(issues("fallback_model: {}\ncustom_providers: ''\nprovider: x\nbase_url: u\n"), [""; 0]);
    }

    #[test]
    fn a_root_key_that_is_no_string_ends_it() {
        let world = world("api_key: k\n1: x\n", &[]);
        let stop = process(&world).validate_config_structure().unwrap_err();
        assert_eq!(stop, Stop::no_attribute("int", "startswith"));
    }

    // `validate_config_structure` of 0.21.3: an error for `voice.submit_mode`, a warning for backends of `web` that are
    // gone. The words and the backends were not read.
    #[test]
    fn newer_findings_are_not_told() {
        let told = |config: &str| {
            let world = world(config, &[]);
            let issues = read_process(&world).validate_config_structure();
            issues.map(|issues| issues.len()).map_err(|stop| stop.unmodelled().unwrap_or("").to_owned())
        };
        assert_eq!(told("voice: {submit_mode: ' Draft'}\nfallback_model: x\n"), Ok(1));
        let voice = Err("what Hermes says of voice.submit_mode".to_owned());
        assert_eq!(told("voice: {submit_mode: refine}\n"), voice);
        assert_eq!(told("voice: {submit_mode: 5}\n"), voice);
        let web = Err("what Hermes says of the backends of web".to_owned());
        assert_eq!(told("web: {search_backend: x}\n"), web);
        assert_eq!(told("web: {search_backend: ''}\n"), Ok(0));
    }
}
