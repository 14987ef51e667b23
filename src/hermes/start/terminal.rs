//! `hermes`, a talk in the terminal: `_ensure_runtime_credentials` (`hermes_cli/cli_agent_setup_mixin.py`, before 0.17.0
//! `cli.py`) on what `HermesCLI` and its own loader of config.yaml make.

use super::chain::{Asked, EntryKey, EntryParts, first_key_entries};
use super::{Start, mapping, routing};
use crate::base::text::{Place, Search};
use crate::hermes::config::{normalize_root_model_keys, value_at};
use crate::hermes::fallback::FallbackEntries;
use crate::hermes::runtime::{Runtime, is_opencode, opencode_api_mode};
use crate::hermes::urls::base_url_host_matches;
use crate::hermes::{Outcome, Process, Stop};
use crate::python::{Dict, Node, Value, lower, strip};
use crate::secret::Secret;

impl Process<'_> {
    pub(super) fn start_interactive(&mut self) -> Outcome<Start> {
        let behaviour = self.facts.behaviour;
        let config = self.cli_config()?;
        let in_model =
            |name| value_at(&config, "model").and_then(|model| model.get(name)).map(|node| &node.value);
        for name in ["provider", "base_url"] {
            if in_model(name).is_some_and(|value| value.is_true() && value.as_str().is_none()) {
                return Err(Stop::not_modelled(format!("a model.{name} that is no text")));
            }
        }
        base_url_host_matches(in_model("base_url").and_then(Value::as_str).unwrap_or(""), "openrouter.ai")?;
        let provider = match in_model("provider").map_or(Some("auto"), Value::as_str).unwrap_or("") {
            "" => self.os_getenv("HERMES_INFERENCE_PROVIDER").to_owned(),
            own => own.to_owned(),
        };
        let provider = if provider.is_empty() { "auto" } else { &provider };
        let credentials = self.entry_key();
        let asked = Asked {
            provider: Some(provider),
            base_url: None,
            model: None,
            entry: EntryParts { credentials, model: false, read_first: true },
        };
        let mut start = self.resolve_or_fall_back(
            &asked,
            |_| match behaviour.merges_fallbacks {
                true => Ok(FallbackEntries::of(&config)?.kept),
                false => Ok(first_key_entries(&config, false)),
            },
            Stop::exit,
        )?;
        let Runtime { provider, base_url, api_key, .. } = &mut start.runtime;
        if api_key.is_empty() {
            if base_url.is_empty() || base_url.holds("openrouter.ai") {
                return Err(Stop::exit(
                    "⚠️  Provider resolver returned an empty API key. Set OPENROUTER_API_KEY or run: hermes setup",
                ));
            }
            *api_key = Secret::new("no-key-required");
        }
        if base_url.is_empty() {
            return Err(Stop::exit(
                "⚠️  Provider resolver returned an empty base URL. Check your provider config or run: hermes setup",
            ));
        }
        let names = ["default", "model"].into_iter().filter_map(in_model);
        let configured = names.into_iter().find(|value| value.is_true()).filter(|_| start.fallback.is_none());
        if let Some(other) = configured.filter(|value| !matches!(value, Value::Str(_) | Value::Bytes(_))) {
            return Err(Stop::no_attribute(other.type_name(), "strip"));
        }
        let model = match &start.fallback {
            Some(entry) => entry.get("model").and_then(|model| model.value.as_str()),
            None => {
                configured.or_else(|| config.get("model").map(|model| &model.value)).and_then(Value::as_str)
            }
        };
        start.runtime.api_mode = match provider.as_str() {
            "copilot" => {
                return Err(Stop::not_modelled("the API of a Copilot model, which its catalogue tells"));
            }
            name if is_opencode(name) => {
                let model = strip(model.unwrap_or(""));
                let bare = model.split_once('/').map(|(_, bare)| strip(bare)).filter(|bare| !bare.is_empty());
                // Without a model it is the first of the catalogue, of Kimi in all releases: as little as no model
                // does it speak another API.
                Some(opencode_api_mode(&behaviour, name, bare.unwrap_or(model))?.to_owned())
            }
            _ => start.runtime.api_mode,
        };
        Ok(start)
    }

    fn entry_key(&self) -> EntryKey {
        match self.facts.behaviour.fallback_entries_name_keys {
            true => EntryKey::Resolved,
            false => EntryKey::Ignored,
        }
    }

    /// The endpoints of `custom` in the chain that a talk in the terminal does not go to, where it takes such an entry because
    /// the first provider has no credential: it resolves `custom` alone.
    pub fn endpoints_left_out(&self, chain: &[Node]) -> Vec<Option<Place>> {
        let takes_them = self.entry_key() != EntryKey::Ignored;
        let is_custom =
            |entry: &&Node| entry.text("provider").is_some_and(|name| lower(strip(name)) == "custom");
        let entries = chain.iter().filter(|entry| !takes_them && is_custom(entry));
        let endpoints = entries.filter_map(|entry| entry.get("base_url").filter(|url| url.value.is_true()));
        endpoints.map(|url| url.place).collect()
    }

    /// `load_cli_config()` of `cli.py`, as far as it matters here: `model` and the fallback chain.
    fn cli_config(&mut self) -> Outcome<Node> {
        let behaviour = self.facts.behaviour;
        let file = self.config_file();
        let written = file.parsed.as_ref().and_then(|root| root.value.as_dict()).cloned().unwrap_or_default();
        let config = match behaviour.terminal_moves_model_keys {
            true => normalize_root_model_keys(written, behaviour.loads_model_aliases),
            false => fill_model(written),
        };
        let config = self.expand_env_vars(&Value::dict(config).into())?;
        let keeps_default = behaviour.empty_section_keeps_defaults;
        let section = |name| {
            let written = config.get(name).map(|node: &Node| &node.value);
            written.filter(|value| !keeps_default || !value.is_none())
        };
        searched(section("terminal"), "backend")?;
        section("terminal").map_or(Ok(()), mapping)?;
        searched(section("browser"), "inactivity_timeout")?;
        for name in ["auxiliary", "display", "agent"] {
            section(name).map_or(Ok(()), mapping)?;
        }
        let checkpoints = config.get("checkpoints").filter(|node| !matches!(node.value, Value::Bool(_)));
        checkpoints.map_or(Ok(()), |node| mapping(&node.value))?;
        routing(&config, false)?;
        Ok(config)
    }
}

/// `provider` and `base_url` at the root, where the mapping `model` has them and says nothing there.
fn fill_model(mut config: Dict) -> Dict {
    let mut model = config.get("model").and_then(|node| node.value.as_dict()).cloned().unwrap_or_default();
    for name in ["provider", "base_url"] {
        let own = model.get(name).map(|node| node.value.is_true());
        let root = config.get(name).filter(|root| root.value.is_true());
        if let (Some(false), Some(root)) = (own, root) {
            model.set(name, root.clone());
        }
    }
    if config.get("model").is_some_and(|node| node.value.as_dict().is_some()) {
        config.set("model", Value::dict(model));
    }
    config
}

/// `word in section`, and what follows where that is so.
fn searched(section: Option<&Value>, word: &str) -> Outcome<()> {
    let holds = match section {
        None | Some(Value::Dict(_)) => false,
        Some(Value::Str(text)) => text.holds(word),
        Some(Value::List(items)) => items.iter().any(|item| item.value.as_str() == Some(word)),
        Some(other @ (Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_))) => {
            let problem = format!("argument of type '{}' is not iterable", other.type_name());
            return Err(Stop::raised("TypeError", problem));
        }
        Some(_) => true,
    };
    match holds {
        true => Err(Stop::not_modelled(format!("a section that is no mapping and holds {word}"))),
        false => Ok(()),
    }
}
