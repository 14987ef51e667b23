//! `resolve_provider`: names and aliases, and what `auto` finds.

use super::is_usable;
use crate::facts::Standing;
use crate::hermes::{Candidate, Outcome, Process, Reason, Stop, caught};
use crate::python::{Value, lower, strip};

/// API-key providers that `auto` passes over: a GitHub token is for other things, and LM Studio may not run.
const NEVER_AUTOMATIC: [&str; 2] = ["copilot", "lmstudio"];

/// Providers whose login `get_auth_status` may renew, which writes auth.json.
const RENEWABLE: [&str; 5] = ["nous", "openai-codex", "xai-oauth", "qwen-oauth", "minimax-oauth"];

impl Process<'_> {
    /// `resolve_provider(requested)`: the canonical provider id.
    ///
    /// # Errors
    /// `AuthError` for an unknown provider, or where `auto` finds nothing.
    pub fn resolve_provider(&mut self, requested: Option<&str>) -> Outcome<String> {
        self.resolve_provider_for(requested, false)
    }

    /// `resolve_provider(requested, explicit_api_key=…, explicit_base_url=…)`.
    pub(in crate::hermes) fn resolve_provider_for(
        &mut self,
        requested: Option<&str>,
        is_explicit: bool,
    ) -> Outcome<String> {
        let name = requested.filter(|name| !name.is_empty()).unwrap_or("auto");
        if let Some(provider) = self.facts.canonical_provider(name) {
            return Ok(provider);
        }
        let name = self.facts.unaliased(name);
        if name != "auto" {
            return Err(self.unknown_provider(&name)?);
        }
        if is_explicit {
            return Ok("openrouter".to_owned());
        }
        self.automatic_provider()
    }

    /// Whether `resolve_provider(name)` is `custom`, whatever it raises. Like the real program, this looks
    /// for a provider where `name` is empty or `auto`, which may change auth.json.
    pub(in crate::hermes) fn resolves_to_custom(&mut self, name: &str) -> Outcome<bool> {
        if !self.facts.behaviour.custom_aliases_are_custom {
            return Ok(false);
        }
        match self.facts.canonical_provider(name) {
            Some(provider) => Ok(provider == "custom"),
            None if name.is_empty() || self.facts.unaliased(name) == "auto" => {
                let found = self.unrecorded(|process| caught(process.automatic()))?.flatten();
                Ok(found.as_deref() == Some("custom"))
            }
            None => Ok(false),
        }
    }

    /// The `AuthError` for an unknown provider, with what Hermes' own validator finds in config.yaml.
    fn unknown_provider(&mut self, name: &str) -> Outcome<Stop> {
        if self.facts.standing() == Standing::Read {
            // Plugins of that release may know it: they were not all read.
            return Err(Stop::not_modelled(format!(
                "whether a plugin of {} knows this provider",
                self.facts.release
            )));
        }
        let issues = caught(self.validate_config_structure())?.unwrap_or_default();
        let mut message = format!("Unknown provider '{name}'.");
        if issues.is_empty() {
            message.push_str(
                " Check 'hermes model' for available providers, or run 'hermes doctor' to diagnose config issues.",
            );
        } else {
            message.push_str("\n\nConfig issue detected — run 'hermes doctor' for full diagnostics:");
        }
        for issue in &issues {
            let level = if issue.severity == "error" { "ERROR" } else { "WARNING" };
            message.push_str(&format!("\n  [{level}] {}", issue.message));
            if let Some(hint) = issue.hint.lines().next().filter(|hint| !hint.is_empty()) {
                message.push_str(&format!("\n    → {hint}"));
            }
        }
        Ok(Stop::auth_error("invalid_provider", message))
    }

    /// What `auto` comes to: `model.provider`, OpenRouter's variables or pool, a provider with a variable, the
    /// provider that is logged in, AWS.
    fn automatic_provider(&mut self) -> Outcome<String> {
        match self.automatic()? {
            Some(provider) => Ok(provider),
            None if self.facts.behaviour.auto_takes_custom => {
                Err(Stop::not_modelled("whether the free tier of Nous is used"))
            }
            None => Err(Stop::auth_error(
                "no_provider_configured",
                "No inference provider configured. Run 'hermes model' to choose a provider and model, or set an API \
                 key (OPENROUTER_API_KEY, OPENAI_API_KEY, etc.) in ~/.hermes/.env.",
            )),
        }
    }

    /// The same; `None` where there is nothing.
    fn automatic(&mut self) -> Outcome<Option<String>> {
        let login_last = self.facts.behaviour.auto_takes_logins_last;
        let first = if login_last { self.configured_provider() } else { self.logged_in_provider() };
        if let Some(provider) = caught(first)?.flatten() {
            return Ok(Some(provider));
        }
        let is_set = |process: &Self, name: &str| is_usable(process.facts, process.os_getenv(name));
        if is_set(self, "OPENAI_API_KEY") || is_set(self, "OPENROUTER_API_KEY") {
            return Ok(Some("openrouter".to_owned()));
        }
        if self.facts.behaviour.auto_asks_the_openrouter_pool
            && caught(self.load_pool("openrouter"))?.is_some_and(|pool| !pool.entries.is_empty())
        {
            return Ok(Some("openrouter".to_owned()));
        }
        let logged_in = if login_last { caught(self.logged_in_provider()) } else { Ok(None) };
        if let Some(provider) = self.provider_with_variable() {
            // The real program has looked at the login all the same, and may have renewed it.
            return if logged_in.is_err() && self.is_renewable_active()? {
                logged_in.map(|_| Some(provider))
            } else {
                Ok(Some(provider))
            };
        }
        if let Some(provider) = logged_in?.flatten() {
            return Ok(Some(provider));
        }
        Ok(self.aws_variable()?.map(|_| "bedrock".to_owned()))
    }

    /// `model.provider`, where it is a canonical id; in newer releases also where it is a name of one, or where `model` has
    /// an endpoint of the user's own.
    fn configured_provider(&mut self) -> Outcome<Option<String>> {
        let config = self.load_config()?;
        let model = config.get("model");
        let provider = model.and_then(|model| model.get("provider"));
        let name = provider.and_then(|node| node.value.as_str()).map(|name| lower(strip(name)));
        if !self.facts.behaviour.auto_takes_custom {
            return Ok(name.filter(|name| self.facts.providers.contains_key(name)));
        }
        let name = self.facts.unaliased(&name.unwrap_or_default());
        if name == "openrouter" || self.facts.providers.contains_key(&name) {
            return Ok(Some(name));
        }
        let base_url = match model.and_then(|model| model.get("base_url")).map(|node| &node.value) {
            Some(Value::Str(url)) => strip(url).to_owned(),
            Some(value) if value.is_true() => return Err(Stop::not_modelled("a base_url that is no text")),
            _ => String::new(),
        };
        let is_custom = name == "custom"
            || name.starts_with("custom:")
            || !name.is_empty() && caught(self.names_custom_provider(&name))? == Some(true)
            || !base_url.is_empty() && self.is_trustworthy_for_bare_custom(&base_url, &name)?;
        Ok(is_custom.then(|| "custom".to_owned()))
    }

    /// The `active_provider` of auth.json, where it is logged in.
    fn logged_in_provider(&mut self) -> Outcome<Option<String>> {
        let store = self.load_auth_store()?;
        let Some(active) = store.get("active_provider").and_then(|node| node.value.as_str()) else {
            return Ok(None);
        };
        let is_known = self.facts.providers.contains_key(active);
        if active == "nous" && self.facts.behaviour.auto_takes_custom {
            return Err(Stop::not_modelled("whether a login of Nous is that of a guest"));
        }
        Ok((is_known && self.is_logged_in(active)?).then(|| active.to_owned()))
    }

    /// Whether the `active_provider` is one whose login is renewed when it is looked at.
    fn is_renewable_active(&mut self) -> Outcome<bool> {
        let store = self.load_auth_store()?;
        let active = store.get("active_provider").and_then(|node| node.value.as_str());
        Ok(active.is_some_and(|active| RENEWABLE.contains(&active)))
    }

    /// The first API-key provider in the registry's order with a usable variable. Placeholders on the way are recorded.
    fn provider_with_variable(&mut self) -> Option<String> {
        let facts = self.facts;
        for (id, row) in facts.providers.iter() {
            if row.auth_type != "api_key" || NEVER_AUTOMATIC.contains(&id) {
                continue;
            }
            for name in &row.api_key_env_vars {
                if is_usable(facts, self.os_getenv(name)) {
                    return Some(id.to_owned());
                }
                if let Some(placeholder) = self.environ.get(name).filter(|found| !found.value.is_empty()) {
                    self.trace.lost(Candidate::variable(name, placeholder), Reason::Placeholder);
                }
            }
        }
        None
    }
}
