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
        let mut names = row.api_key_env_vars.iter().filter(|name| *name != IMPLICIT_VARIABLE);
        if row.auth_type == "api_key" && names.any(|name| is_usable(facts, self.os_getenv(name))) {
            return Ok(true);
        }
        Ok(facts.behaviour.chosen_rows_configure && caught(self.has_chosen_row(&provider))? == Some(true))
    }

    fn is_active_provider(&mut self, provider: &str) -> Outcome<bool> {
        let store = self.load_auth_store()?;
        let active = store.get("active_provider").map_or(&Value::None, |node| &node.value);
        Ok(is_name(active, provider)? && !provider.is_empty())
    }

    fn is_model_provider(&mut self, provider: &str) -> Outcome<bool> {
        let config = self.load_config()?;
        let Some(Value::Dict(model)) = config.get("model").map(|node| &node.value) else { return Ok(false) };
        is_name(model.get("provider").map_or(&Value::None, |node| &node.value), provider)
    }

    fn has_chosen_row(&mut self, provider: &str) -> Outcome<bool> {
        for row in self.read_credential_pool(provider)? {
            if self.is_chosen_row(&row)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_chosen_row(&self, row: &Node) -> Outcome<bool> {
        let Some(source) = row.get("source").filter(|source| source.value.is_true()) else {
            return Ok(false);
        };
        let said = to_str(&source.value).ok_or_else(|| Stop::not_modelled("the text of a deep value"))?;
        let said = lower(strip(&said));
        if said.starts_with("env:") {
            let facts = self.facts;
            let written = source.value.as_str().unwrap_or("");
            let name = written.split_once(':').map_or("", |(_, name)| strip(name));
            return Ok(is_usable(facts, self.os_getenv(name)));
        }
        let is_login = matches!(said.as_str(), "device_code" | "loopback_pkce" | "hermes_pkce" | "manual");
        Ok(is_login || said.starts_with("manual:"))
    }
}

/// `(value or "").strip().lower() == name`.
fn is_name(value: &Value, name: &str) -> Outcome<bool> {
    match value {
        Value::Str(text) => Ok(lower(strip(text)) == name),
        value if !value.is_true() => Ok(name.is_empty()),
        value => Err(Stop::no_attribute(value.type_name(), "strip")),
    }
}
