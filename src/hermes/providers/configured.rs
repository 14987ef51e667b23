//! `is_provider_explicitly_configured`: whether the user chose a provider, so that logins of other programs
//! may be used for it.

use super::is_usable;
use crate::hermes::{Outcome, Process, Stop, caught};
use crate::python::{Node, Value, lower, strip, to_str};

/// A variable that Claude Code sets by itself.
const IMPLICIT_VARIABLE: &str = "CLAUDE_CODE_OAUTH_TOKEN";

impl Process<'_> {
    /// `is_provider_explicitly_configured(provider)`: as the active provider, as `model.provider`, by a
    /// variable, or by a pool's row that the user added.
    ///
    /// # Errors
    /// [`Stop::not_modelled`] for a provider whose variables a catalog on the network names.
    pub fn is_provider_explicitly_configured(&mut self, provider: &str) -> Outcome<bool> {
        let provider = lower(strip(provider));
        if caught(self.is_active_provider(&provider))? == Some(true)
            || caught(self.is_model_provider(&provider))? == Some(true)
        {
            return Ok(true);
        }
        let facts = self.facts;
        let Some(row) = facts.providers.get(&provider) else {
            return Err(Stop::not_modelled(format!("the catalog's variables of {provider}")));
        };
        for name in row.api_key_env_vars.iter().filter(|name| *name != IMPLICIT_VARIABLE) {
            if row.auth_type == "api_key" && self.has_usable_variable(name)? {
                return Ok(true);
            }
        }
        Ok(facts.behaviour.chosen_rows_configure && caught(self.has_chosen_row(&provider))? == Some(true))
    }

    /// `_env_secret(name)`: whether the variable has a value that may be a key.
    fn has_usable_variable(&mut self, name: &str) -> Outcome<bool> {
        let facts = self.facts;
        if !facts.behaviour.slots_configure_providers {
            return Ok(is_usable(facts, self.os_getenv(name)));
        }
        let chosen = self.prefer_dotenv(name)?.chosen;
        Ok(chosen.is_some_and(|variable| is_usable(facts, &variable.value)))
    }

    /// Whether a slot of `moa` or of `auxiliary` names the provider.
    fn is_slot_provider(&self, config: &Node, provider: &str) -> Outcome<bool> {
        let mut slots = values_of(config.get("auxiliary"));
        let moa = config.get("moa").filter(|moa| moa.value.as_dict().is_some());
        let presets = values_of(moa.and_then(|moa| moa.get("presets")));
        for block in moa.into_iter().chain(presets) {
            match block.get("reference_models").map(|node| &node.value) {
                Some(Value::List(models)) => slots.extend(models.iter()),
                Some(value) if value.is_true() => {
                    return Err(Stop::not_modelled("`reference_models` that are no list"));
                }
                _ => {}
            }
            slots.extend(block.get("aggregator"));
        }
        for slot in slots.into_iter().filter(|slot| slot.value.as_dict().is_some()) {
            if is_name(slot.get("provider"), provider)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_active_provider(&mut self, provider: &str) -> Outcome<bool> {
        let store = self.load_auth_store()?;
        Ok(is_name(store.get("active_provider"), provider)? && !provider.is_empty())
    }

    fn is_model_provider(&mut self, provider: &str) -> Outcome<bool> {
        let config = self.load_config()?;
        if let Some(Value::Dict(model)) = config.get("model").map(|node| &node.value)
            && is_name(model.get("provider"), provider)?
        {
            return Ok(true);
        }
        Ok(self.facts.behaviour.slots_configure_providers && self.is_slot_provider(&config, provider)?)
    }

    fn has_chosen_row(&mut self, provider: &str) -> Outcome<bool> {
        for row in self.read_credential_pool(provider)? {
            if self.is_chosen_row(&row)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_chosen_row(&mut self, row: &Node) -> Outcome<bool> {
        let Some(source) = row.get("source").filter(|source| source.value.is_true()) else {
            return Ok(false);
        };
        let said = to_str(&source.value).ok_or_else(|| Stop::not_modelled("the text of a deep value"))?;
        let said = lower(strip(&said));
        if said.starts_with("env:") {
            let written = source.value.as_str().unwrap_or("");
            let name = written.split_once(':').map_or("", |(_, name)| strip(name));
            return self.has_usable_variable(name);
        }
        let is_login = matches!(said.as_str(), "device_code" | "loopback_pkce" | "hermes_pkce" | "manual");
        Ok(is_login || said.starts_with("manual:"))
    }
}

/// The values of a mapping; none of anything else.
fn values_of(node: Option<&Node>) -> Vec<&Node> {
    let dict = node.and_then(|node| node.value.as_dict());
    dict.into_iter().flat_map(|dict| dict.iter().map(|entry| &entry.value)).collect()
}

/// `(value or "").strip().lower() == name`.
fn is_name(node: Option<&Node>, name: &str) -> Outcome<bool> {
    let Some(node) = node else { return Ok(name.is_empty()) };
    match &node.value {
        Value::Str(text) => Ok(lower(strip(text)) == name),
        value if !value.is_true() => Ok(name.is_empty()),
        value => Err(Stop::no_attribute(value.type_name(), "strip").at(node.place)),
    }
}
