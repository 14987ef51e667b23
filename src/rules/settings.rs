//! What a user writes in the sections of config.yaml that decide about providers.

use super::Context;
use crate::python::{Dict, Entry, Node, Value, strip};
use crate::text::{Place, Span};

/// The sections, and those keys at the root that Hermes moves into `model`.
const SECTIONS: [&str; 11] = [
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
        let is_block = matches!(self.section, "providers" | "custom_providers");
        let is_url = match self.key() {
            "base_url" | "api_base" => true,
            "url" | "api" => is_block,
            _ => false,
        };
        let url = self.entry.value.value.as_str().map(strip).filter(|url| !url.is_empty())?;
        (is_url && self.is_of_endpoint()).then_some((url, self.entry.value.place?))
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

/// All settings of the sections, as they are written.
pub(super) fn settings<'c>(context: &'c Context<'_>) -> Vec<Setting<'c>> {
    let mut found = Vec::new();
    let root = context.config_root().and_then(|root| root.value.as_dict());
    for section in SECTIONS {
        let Some((mapping, entry)) = root.and_then(|root| Some((root, root.entry(section)?))) else {
            continue;
        };
        found.push(Setting { section, depth: 0, entry, mapping });
        let mut open: Vec<(usize, &Node)> = vec![(1, &entry.value)];
        while let Some((depth, node)) = open.pop() {
            match &node.value {
                Value::Dict(dict) => {
                    for entry in dict.iter() {
                        found.push(Setting { section, depth, entry, mapping: dict });
                        open.push((depth + 1, &entry.value));
                    }
                }
                Value::List(items) => open.extend(items.iter().map(|item| (depth + 1, item))),
                _ => {}
            }
        }
    }
    found
}

/// Where in a value the address itself stands; `None` where it is written with escapes or on several lines.
pub(super) fn url_in(text: &str, place: Place, url: &str) -> Option<Span> {
    let written = place.span.of(text);
    let inner = written.trim_matches(['"', '\'']);
    let start = place.span.start + written.find(inner)?;
    (inner == url).then(|| Span::new(start, start + url.len()))
}
