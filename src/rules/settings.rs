//! What a user writes in the sections of config.yaml that decide about providers.

use crate::base::text::{Place, Search, Span};
use crate::facts::Facts;
use crate::hermes::fallback::FALLBACK_KEYS;
use crate::python::{Dict, Entry, Node, Value, is_alphanumeric, lower, strip};

/// The sections, and those keys at the root that Hermes moves into `model`.
pub(super) const SECTIONS: [&str; 11] = [
    "model",
    "providers",
    "custom_providers",
    "fallback_providers",
    "fallback_model",
    "auxiliary",
    "delegation",
    "credential_pool_strategies",
    "provider",
    "base_url",
    "api_base",
];

const FALLBACK: &str = "fallback_providers";

/// A key with its value.
pub(super) struct Setting<'c> {
    /// The section that it stands in.
    pub(super) section: &'static str,
    /// The mappings and lists between it and the root; the section itself is 1.
    pub(super) depth: usize,
    /// Key and value.
    pub(super) entry: &'c Entry,
    /// The mapping that it stands in.
    pub(super) mapping: &'c Dict,
}

impl Setting<'_> {
    /// The key, where it is a text.
    pub(super) fn key(&self) -> &str {
        self.entry.key.value.as_str().unwrap_or("")
    }

    /// The endpoint that it names, without space around it, and where the value is written.
    pub(super) fn endpoint(&self) -> Option<(&str, Place)> {
        let is_block = self.is_block();
        let is_url = match self.key() {
            "base_url" | "api_base" => true,
            "url" | "api" => is_block,
            _ => false,
        };
        let url = self.entry.value.value.as_str().map(strip).filter(|url| !url.is_empty())?;
        (is_url && self.is_of_endpoint()).then_some((url, self.entry.value.place?))
    }

    /// Whether it belongs to a provider of the user's own.
    pub(super) fn is_block(&self) -> bool {
        is_block(self.section)
    }

    /// Whether Hermes reads the keys of this mapping as those of one endpoint: `model`, a provider's block, a
    /// fallback, a side task.
    pub(super) fn is_of_endpoint(&self) -> bool {
        match self.section {
            "model" | "delegation" => self.depth == 1,
            "fallback_model" | "fallback_providers" => self.depth <= 2,
            "providers" | "custom_providers" | "auxiliary" => self.depth == 2,
            "provider" | "base_url" | "api_base" => self.depth == 0,
            _ => false,
        }
    }
}

/// Whether `section` holds the blocks of the user's own providers.
#[inline(never)]
pub(super) fn is_block(section: &str) -> bool {
    matches!(section, "providers" | "custom_providers")
}

/// Keys of `model` that nobody should be told to rename.
const OF_MODEL: [&str; 18] = [
    "api",
    "api_base",
    "api_key",
    "api_mode",
    "auth_mode",
    "base_url",
    "context_length",
    "default",
    "max_tokens",
    "model",
    "name",
    "ollama_num_ctx",
    "openai_runtime",
    "persist_switch_by_default",
    "provider",
    "stale_timeout_seconds",
    "supports_vision",
    "timeout_seconds",
];

/// Those that older releases do not read. `model.model` is not among them: the terminal and the gateway always took it.
const ALIASES: [&str; 2] = ["api_base", "name"];

/// The keys that a fallback is read for.
pub(super) const OF_FALLBACK: [&str; 8] =
    ["provider", "model", "base_url", "api_key", "key_env", "api_key_env", "api_mode", "transport"];

/// Whether Hermes reads `key` in the mappings of `section` that describe an endpoint.
pub(super) fn is_read(facts: &Facts, section: &str, key: &str) -> bool {
    let keys = &facts.config_keys;
    match section {
        "model" => {
            let is_alias = ALIASES.contains(&key) && !facts.behaviour.loads_model_aliases;
            (OF_MODEL.contains(&key) && !is_alias) || key.starts_with("fallback")
        }
        "fallback_model" | "fallback_providers" => OF_FALLBACK.contains(&key),
        _ => {
            !is_block(section)
                || key == "enabled"
                || keys.custom_provider_keys.contains(key)
                || keys.custom_provider_aliases.contains_key(key)
        }
    }
}

/// All settings of the sections in the config.yaml with this root, as they are written. A fallback chain counts as one also
/// where it stands under `model` or under a wrong name: PC602 and PC604 tell to move it.
pub(super) fn settings(root: Option<&Node>) -> Vec<Setting<'_>> {
    let mut found = Vec::new();
    let Some(root) = root.and_then(|root| root.value.as_dict()) else { return found };
    let named = SECTIONS.into_iter().filter_map(|section| Some((section, root.entry(section)?)));
    let misnamed = root.iter().filter(|entry| entry.key.value.as_str().is_some_and(is_misnamed));
    for (section, entry) in named.chain(misnamed.map(|entry| (FALLBACK, entry))) {
        found.push(Setting { section, depth: 0, entry, mapping: root });
        let mut open: Vec<(&'static str, usize, &Node)> = vec![(section, 1, &entry.value)];
        while let Some((section, depth, node)) = open.pop() {
            match &node.value {
                Value::Dict(dict) => {
                    for entry in dict.iter() {
                        found.push(Setting { section, depth, entry, mapping: dict });
                        let is_chain = section == "model"
                            && entry.key.value.as_str().is_some_and(|key| FALLBACK_KEYS.contains(&key));
                        let inner = if is_chain { (FALLBACK, 1) } else { (section, depth + 1) };
                        open.push((inner.0, inner.1, &entry.value));
                    }
                }
                Value::List(items) => open.extend(items.iter().map(|item| (section, depth + 1, item))),
                _ => {}
            }
        }
    }
    found
}

/// Where in a value its text itself stands, without quotes; `None` where it is written in another way.
pub(super) fn text_in(text: &str, place: Place, value: &str) -> Option<Span> {
    let written = place.span.of(text);
    let inner = written.trim_matches(['"', '\'']);
    let start = place.span.start + written.find_text(inner)?;
    (inner == value).then(|| Span::new(start, start + value.len()))
}

/// Names in letters only.
const FALLBACK_MISNAMED: [&str; 12] = [
    "fallback",
    "fallbacks",
    "fallbackmodel",
    "fallbackmodels",
    "fallbackprovider",
    "fallbackproviders",
    "fallbackchain",
    "fallbacklist",
    "modelfallback",
    "modelfallbacks",
    "providerfallback",
    "providerfallbacks",
];

/// No name is nearly as long.
const LONGEST_FALLBACK_NAME: usize = 40;

/// Whether a key is a name that people give the chain and that Hermes does not read.
pub(super) fn is_misnamed(key: &str) -> bool {
    if key.len() > LONGEST_FALLBACK_NAME || FALLBACK_KEYS.contains(&key) {
        return false;
    }
    let letters: String = key.chars().filter(|c| is_alphanumeric(*c)).collect();
    FALLBACK_MISNAMED.contains(&lower(&letters).as_str())
}
