//! `AIAgent.__init__` (`agent/agent_init.py`, before 0.15.2 `run_agent.py`): an agent that is given no key or no endpoint
//! looks for both by itself, with `resolve_provider_client`, and then goes through the fallback chain once more.

use super::{OwnCredentials, Start};
use crate::hermes::client::ClientRequest;
use crate::hermes::runtime::{ANTHROPIC_MESSAGES, Runtime};
use crate::hermes::{Outcome, Process, Stop};
use crate::python::{Node, Value, lower, strip, upper};

impl Process<'_> {
    /// The start with what its agent finds by itself, where it is given no key or no endpoint. `chain` is the fallback chain
    /// that it is given.
    pub(super) fn with_own_credentials(
        &mut self,
        mut start: Start,
        chain: impl FnOnce(&mut Self) -> Outcome<Vec<Node>>,
    ) -> Outcome<Start> {
        let runtime = &start.runtime;
        let is_given = !runtime.api_key.is_empty() && !runtime.base_url.is_empty();
        let has_client = !matches!(
            runtime.api_mode.as_deref(),
            Some(mode) if mode == ANTHROPIC_MESSAGES || mode == "bedrock_converse"
        );
        if !is_given && has_client {
            let chain = chain(self)?;
            start.agent = match self.own_credentials(&start.runtime, &chain) {
                Ok(found) => Some(Ok(found)),
                Err(stop) => match stop.exception() {
                    Some(raised) if !raised.is_vague() => Some(Err(raised.clone())),
                    Some(raised) => return Err(Stop::not_modelled(format!("the words of {}", raised.kind))),
                    None => return Err(stop),
                },
            };
        }
        Ok(start)
    }

    fn own_credentials(&mut self, runtime: &Runtime, chain: &[Node]) -> Outcome<OwnCredentials> {
        let made = |provider: &str, (base_url, api_key)| OwnCredentials {
            provider: provider.to_owned(),
            base_url,
            api_key,
        };
        if let Some(found) = self.client_of(&ClientRequest::of(&runtime.provider))? {
            return Ok(made(&runtime.provider, found));
        }
        let provider = lower(strip(&runtime.provider));
        if matches!(provider.as_str(), "" | "auto" | "openrouter" | "custom") {
            return Err(Stop::raised(
                "RuntimeError",
                "No LLM provider configured. Run `hermes model` to select a provider, or run `hermes setup` for \
                 first-time configuration.",
            ));
        }
        for entry in chain {
            let is_true = |name| entry.get(name).is_some_and(|node: &Node| node.value.is_true());
            if !is_true("provider") || !is_true("model") {
                continue;
            }
            let name = text(entry, "provider")?.unwrap_or("");
            let mut key = text(entry, "api_key")?.map_or("", strip);
            if key.is_empty() {
                let variable = text(entry, if is_true("key_env") { "key_env" } else { "api_key_env" })?;
                key = variable.map_or("", |variable| strip(self.os_getenv(strip(variable))));
            }
            let key = Some(key.to_owned()).filter(|key| !key.is_empty());
            let url = entry.get("base_url").filter(|node| node.value.is_true());
            if url.is_some_and(|node| node.value.as_str().is_none()) {
                return Err(Stop::not_modelled("a fallback's base_url that is no text"));
            }
            let url = url.and_then(|node| node.value.as_str());
            if lower(strip(name)) == "nous" {
                // The model is looked at for whether it sees, before the login is.
                text(entry, "model")?;
            }
            if let Some(found) =
                self.client_of(&ClientRequest { key: key.as_deref(), url, ..ClientRequest::of(name) })?
            {
                return Ok(made(name, found));
            }
        }
        let variables = self.facts.providers.get(&provider).map(|row| &row.api_key_env_vars);
        let variable = match variables.and_then(|names| names.first()) {
            Some(name) => name.clone(),
            None => format!("{}_API_KEY", upper(&provider)),
        };
        Err(Stop::raised(
            "RuntimeError",
            format!(
                "Provider '{provider}' is set in config.yaml but no API key was found. Set the {variable} environment \
                 variable, or switch to a different provider with `hermes model`."
            ),
        ))
    }
}

/// `(entry.get(name) or "").strip()`, or what it raises.
fn text<'n>(entry: &'n Node, name: &str) -> Outcome<Option<&'n str>> {
    match entry.get(name).map(|node| &node.value).filter(|value| value.is_true()) {
        None => Ok(None),
        Some(Value::Str(text)) => Ok(Some(text)),
        Some(other) => Err(Stop::no_attribute(other.type_name(), "strip")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;
    use crate::hermes::World;
    use crate::hermes::start::Entry;
    use crate::hermes::testing::world;

    /// What the agent of a gateway of `release` comes to: `provider, key` or the words of the exception.
    fn own(release: &str, world: &World) -> String {
        let mut process = Process::start(world, Facts::of(release).unwrap()).unwrap();
        match process.start_of(Entry::Gateway).unwrap().agent.unwrap() {
            Ok(own) => format!("{}, {}, {}", own.provider, own.base_url, own.api_key.expose()),
            Err(raised) => raised.message,
        }
    }

    const CHAIN: &str = "model: {provider: gemini, default: g}\nfallback_providers: [{provider: glm, model: d}, {provider: deepseek, model: d, key_env: MY_KEY}]\n";

    /// Expected: what `AIAgent` of 0.18.2 and 0.13.0 does with the same config.
    #[test]
    fn an_agent_without_a_key_goes_through_the_chain() {
        let with_key = world(CHAIN, &[("MY_KEY", "sk-fake-named")]);
        let without = world(CHAIN, &[]);
        for release in ["0.13.0", "0.18.2"] {
            assert_eq!(own(release, &with_key), "deepseek, https://api.deepseek.com/v1, sk-fake-named");
            assert_eq!(
                own(release, &without),
                "Provider 'gemini' is set in config.yaml but no API key was found. Set the GOOGLE_API_KEY environment variable, or switch to a different provider with `hermes model`."
            );
        }
    }

    /// Expected: what `AIAgent` of 0.13.0 does with the same config; later releases leave such an entry out of the chain here.
    #[test]
    fn the_model_of_a_fallback_to_nous_is_looked_at_first() {
        let text = "model: {provider: gemini, default: g}\nfallback_providers: [{provider: gemini, model: m}, {provider: nous, model: 5}]\n";
        assert_eq!(own("0.13.0", &world(text, &[])), "'int' object has no attribute 'strip'");
    }

    /// Expected: what `AIAgent` of 0.19.0 does with the same config.
    #[test]
    fn openrouter_has_no_chain() {
        let text = "model: {provider: openrouter, default: g}\nfallback_model: {provider: deepseek, model: d, api_key: sk-fake-1}\n";
        let world = world(text, &[]);
        assert!(own("0.19.0", &world).starts_with("No LLM provider configured. Run `hermes model`"));
    }

    /// Expected: the recorded cases `start-custom-without-an-endpoint-…`.
    #[test]
    fn custom_without_an_endpoint_takes_the_key_of_a_provider_with_a_side_model() {
        let of =
            |variable| world("model: {provider: custom, default: m}\n", &[(variable, "sk-fake-1234567890")]);
        let found = "custom, https://api.deepseek.com/v1, sk-fake-1234567890";
        let nothing = "No LLM provider configured. Run `hermes model`";
        assert_eq!(own("0.15.2", &of("DEEPSEEK_API_KEY")), found);
        assert!(own("0.14.0", &of("DEEPSEEK_API_KEY")).starts_with(nothing));
        assert!(own("0.19.0", &of("XAI_API_KEY")).starts_with(nothing));
    }
}
