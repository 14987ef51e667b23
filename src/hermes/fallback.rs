//! `hermes_cli/fallback_config.py`: the fallback chain.

use super::config::value_at;
use super::{Outcome, Process, Stop};
use crate::base::collections::{TextMap, joined};
use crate::base::text::Place;
use crate::python::{Dict, Node, Value, lower, strip, to_str};

/// The keys of config.yaml that hold the chain, in the order in which they count.
pub const FALLBACK_KEYS: [&str; 2] = ["fallback_providers", "fallback_model"];

/// Why Hermes leaves an entry of the chain out. It says nothing about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FallbackDrop {
    /// The whole value is neither a mapping nor a list: the type that it has.
    NotAList(&'static str),
    /// The entry is no mapping: the type that it has.
    NotAMapping(&'static str),
    /// It has no `provider`.
    NoProvider,
    /// It has a `provider` and no `model`.
    NoModel,
    /// An earlier entry, written here, has the same provider, model and endpoint.
    SameRoute(Option<Place>),
    /// Releases before 0.15.2 look at `fallback_model` only where `fallback_providers`, written here, holds nothing.
    OtherKey(Option<Place>),
}

/// An entry that is left out of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedFallback {
    /// The key that it stands under, one of [`FALLBACK_KEYS`].
    pub key: &'static str,
    /// Where it is written.
    pub place: Option<Place>,
    /// Why it is left out.
    pub reason: FallbackDrop,
}

/// The fallback chain and what was left out of it.
#[derive(Clone, Debug, Default)]
pub struct FallbackEntries {
    /// The chain: each entry with `provider`, `model` and what else it says, at its place.
    pub kept: Vec<Node>,
    /// What was left out, in order.
    pub dropped: Vec<DroppedFallback>,
}

/// Whether an agent of this provider, model and endpoint passes over an entry of the chain: `try_activate_fallback` of
/// `agent/chat_completion_helpers.py` (`run_agent.py` before 0.15.2).
pub fn is_current(entry: &Node, provider: &str, model: &str, base_url: &str) -> bool {
    let text = |name| strip(entry.text(name).unwrap_or(""));
    let plain = |url: &str| lower(url.trim_end_matches('/'));
    let url = plain(text("base_url"));
    let is_same = lower(text("provider")) == provider || !url.is_empty() && url == plain(base_url);
    is_same && text("model") == model
}

impl Process<'_> {
    /// `get_fallback_chain(load_config())`.
    ///
    /// # Errors
    /// What loading the config raises.
    pub fn fallback_chain(&mut self) -> Outcome<Vec<Node>> {
        Ok(self.fallback_entries()?.kept)
    }

    /// As [`Process::fallback_chain`], with the entries that are left out.
    ///
    /// # Errors
    /// What loading the config raises.
    pub fn fallback_entries(&mut self) -> Outcome<FallbackEntries> {
        FallbackEntries::read(&self.load_config()?, self.facts.behaviour.merges_fallbacks)
    }
}

impl FallbackEntries {
    /// `get_fallback_chain(config)` of a mapping.
    pub(super) fn of(config: &Node) -> Outcome<Self> {
        Self::read(config, true)
    }

    /// As [`FallbackEntries::of`]. Where `merges` is not set, what the agent makes of
    /// `fallback_providers or fallback_model` (`AIAgent.__init__` of `run_agent.py`, 0.13.0): entries with a provider and a
    /// model, equal ones too.
    fn read(config: &Node, merges: bool) -> Outcome<Self> {
        let mut chain = Chain { merges, ..Chain::default() };
        let mut counts: Option<Option<Place>> = None;
        for key in FALLBACK_KEYS {
            let Some(raw) = value_at(config, key) else { continue };
            if let (Some(other), true) = (counts, raw.value.is_true()) {
                chain.drop(key, raw.place, FallbackDrop::OtherKey(other));
                continue;
            }
            if !merges && raw.value.is_true() {
                counts = Some(raw.place);
            }
            match &raw.value {
                Value::Dict(_) => chain.add(key, raw)?,
                Value::List(items) => {
                    for item in items.iter() {
                        chain.add(key, item)?;
                    }
                }
                Value::None => {}
                other => chain.drop(key, raw.place, FallbackDrop::NotAList(other.type_name())),
            }
        }
        Ok(chain.all)
    }
}

/// The chain while it is made.
#[derive(Default)]
struct Chain {
    all: FallbackEntries,
    /// Whether an entry like an earlier one is left out.
    merges: bool,
    /// By provider, model and endpoint in lower case, where the entry that has them is written.
    seen: TextMap<Option<Place>>,
}

impl Chain {
    fn drop(&mut self, key: &'static str, place: Option<Place>, reason: FallbackDrop) {
        self.all.dropped.push(DroppedFallback { key, place, reason });
    }

    fn add(&mut self, key: &'static str, node: &Node) -> Outcome<()> {
        let Value::Dict(entry) = &node.value else {
            self.drop(key, node.place, FallbackDrop::NotAMapping(node.value.type_name()));
            return Ok(());
        };
        let (provider, model) = (said(entry, "provider")?, said(entry, "model")?);
        let (provider, model) = match (provider, model) {
            (None, _) => {
                self.drop(key, node.place, FallbackDrop::NoProvider);
                return Ok(());
            }
            (_, None) => {
                self.drop(key, node.place, FallbackDrop::NoModel);
                return Ok(());
            }
            (Some(provider), Some(model)) => (provider, model),
        };
        let url = base_url(entry);
        let identity = joined(&[&lower(&provider), &lower(&model), &lower(&url)]);
        if let Some(&earlier) = self.seen.get(&identity).filter(|_| self.merges) {
            self.drop(key, node.place, FallbackDrop::SameRoute(earlier));
            return Ok(());
        }
        self.seen.insert(&identity, node.place);
        let mut made = entry.as_ref().clone();
        put(&mut made, "provider", provider);
        put(&mut made, "model", model);
        if !url.is_empty() {
            put(&mut made, "base_url", url);
        }
        self.all.kept.push(Node { value: Value::dict(made), place: node.place });
        Ok(())
    }
}

/// `str(entry.get(name) or "").strip()`, or `None` where that is empty.
fn said(entry: &Dict, name: &str) -> Outcome<Option<String>> {
    let Some(node) = entry.get(name).filter(|node| node.value.is_true()) else { return Ok(None) };
    let text = to_str(&node.value).ok_or_else(|| Stop::not_modelled("str() of a fallback's value"))?;
    let text = strip(&text);
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// `_normalized_base_url`
fn base_url(entry: &Dict) -> String {
    let url = entry.get("base_url").and_then(|node| node.value.as_str()).unwrap_or("");
    strip(url).trim_end_matches('/').to_owned()
}

/// Sets the value of a key that is there; its places stay.
fn put(entry: &mut Dict, name: &str, text: String) {
    if let Some(node) = entry.get_mut(name) {
        node.value = Value::str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hermes::testing::{process, world};
    use crate::python::repr;

    /// Expected chain: `get_fallback_chain(load_config())` of 0.19.0.
    #[test]
    fn the_chain_and_what_is_left_out() {
        let text = "fallback_providers:\n- {provider: ' gemini ', model: g, base_url: 'http://a/ '}\n- gemini\n- {model: m}\n- {provider: x, model: ' '}\nfallback_model: {provider: Gemini, model: G, base_url: 'HTTP://a', api_key: sk-fake-1}\n";
        let world = world(text, &[]);
        let entries = process(&world).fallback_entries().unwrap();
        assert_eq!(
            repr(&Value::list(entries.kept)).unwrap(),
            "[{'provider': 'gemini', 'model': 'g', 'base_url': 'http://a'}]"
        );
        let dropped: Vec<_> = (entries.dropped.iter())
            .map(|dropped| (dropped.key, dropped.place.unwrap().span.of(text), &dropped.reason))
            .collect();
        let [list, model] = FALLBACK_KEYS;
        let first = text.find("{provider: ' gemini").unwrap();
        assert_eq!(
            dropped[..3],
            [
                (list, "gemini", &FallbackDrop::NotAMapping("str")),
                (list, "{model: m}", &FallbackDrop::NoProvider),
                (list, "{provider: x, model: ' '}", &FallbackDrop::NoModel),
            ]
        );
        let (key, _, FallbackDrop::SameRoute(Some(earlier))) = dropped[3] else { panic!() };
        assert_eq!((key, earlier.span.start), (model, first));
    }

    #[test]
    fn a_text_is_no_chain() {
        let world = world("fallback_providers: '[{}]'\nfallback_model:\n", &[]);
        let entries = process(&world).fallback_entries().unwrap();
        assert!(entries.kept.is_empty());
        let [dropped] = &entries.dropped[..] else { panic!() };
        assert_eq!(dropped.reason, FallbackDrop::NotAList("str"));
    }

    #[test]
    fn other_types_become_text() {
        let world = world("fallback_model: [{provider: true, model: 1.5, base_url: 7}]", &[]);
        let chain = process(&world).fallback_chain().unwrap();
        assert_eq!(
            repr(&Value::list(chain)).unwrap(),
            "[{'provider': 'True', 'model': '1.5', 'base_url': 7}]"
        );
    }
}
