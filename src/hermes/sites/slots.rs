//! The presets of Mixture of Agents: `hermes_cli/moa_config.py`, and what `agent/moa_loop.py` makes of their slots.
//!
//! Releases before 0.18.2 have a tool in their place, which has the models in its code and reads no preset.

use super::Route;
use super::tasks::{Asked, DIRECT};
use crate::base::collections::TextSet;
use crate::hermes::client::ClientRequest;
use crate::hermes::runtime::{Request, Runtime};
use crate::hermes::{Outcome, Process, Stop, caught};
use crate::python::{Node, Value, lower, strip, to_str};

/// The provider whose models are the presets.
pub const MOA: &str = "moa";

/// The name that slots beside `presets` get where there are no presets.
const DEFAULT_PRESET: &str = "default";

/// `DEFAULT_MOA_AGGREGATOR`: its provider and its model, the same in both releases.
const OWN_AGGREGATOR: (&str, &str) = ("openrouter", "anthropic/claude-opus-4.8");

/// `DEFAULT_MOA_REFERENCE_MODELS`: the providers and the models that are asked where a preset has no reference.
pub const OWN_REFERENCES: [(&str, &str); 2] =
    [("openai-codex", "gpt-5.5"), ("openrouter", "deepseek/deepseek-v4-pro")];

/// A slot of a preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// A model whose advice is asked for.
    Reference,
    /// The model that answers.
    Aggregator,
}

impl SlotKind {
    /// The task under which `agent/moa_loop.py` calls it.
    fn task(self) -> &'static str {
        match self {
            Self::Reference => "moa_reference",
            Self::Aggregator => "moa_aggregator",
        }
    }
}

/// Why Hermes goes on as if a slot was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// It has no provider or no model.
    Incomplete,
    /// It is no mapping.
    NoMapping,
    /// Its provider is `moa`: a preset within a preset.
    Nested,
    /// It stands beside `presets`, and there are presets.
    BesidePresets,
}

/// A slot as it is written.
pub(super) struct Slot<'c> {
    pub(super) kind: SlotKind,
    /// Its dotted path.
    pub(super) path: String,
    pub(super) block: &'c Node,
    pub(super) left_out: Option<LeftOut>,
}

/// `_clean_slot`: the provider and the model of a slot.
fn cleaned(block: &Node) -> Outcome<Result<(String, String), LeftOut>> {
    let text = |name: &str| match block.get(name).map(|node| &node.value).filter(|value| value.is_true()) {
        None => Ok(String::new()),
        Some(value) => to_str(value)
            .map(|text| strip(&text).to_owned())
            .ok_or_else(|| Stop::not_modelled("the text of a set or of a very deep value")),
    };
    if block.value.as_dict().is_none() {
        return Ok(Err(LeftOut::NoMapping));
    }
    let (provider, model) = (text("provider")?, text("model")?);
    Ok(match (provider.is_empty() || model.is_empty(), lower(&provider) == MOA) {
        (true, _) => Err(LeftOut::Incomplete),
        (_, true) => Err(LeftOut::Nested),
        _ => Ok((provider, model)),
    })
}

/// The presets of the section by their names, a later one of the same name in place of an earlier one; `None` where what
/// stands beside `presets` is the only one.
fn presets(section: &Node) -> Outcome<Option<Vec<(String, &Node)>>> {
    let Some(all) = section.get("presets").filter(|all| all.value.as_dict().is_some()) else {
        return Ok(None);
    };
    let (mut named, mut seen) = (Vec::new(), TextSet::default());
    for entry in all.entries().iter().rev() {
        let name = match &entry.key.value {
            key if !key.is_true() => continue,
            key => {
                to_str(key).ok_or_else(|| Stop::not_modelled("the text of a set or of a very deep value"))?
            }
        };
        let name = strip(&name);
        if !name.is_empty() && seen.insert(name) {
            named.push((name.to_owned(), &entry.value));
        }
    }
    named.reverse();
    Ok(Some(named).filter(|named| !named.is_empty()))
}

/// Whether a slot says what Hermes itself puts there: a config that was written out whole has it.
pub(super) fn is_own(kind: SlotKind, block: &Node) -> bool {
    let says = |(provider, model): &(&str, &str)| {
        block.text("provider") == Some(provider) && block.text("model") == Some(model)
    };
    match kind {
        SlotKind::Reference => OWN_REFERENCES.iter().any(says),
        SlotKind::Aggregator => says(&OWN_AGGREGATOR),
    }
}

/// The names of the presets of the section `moa` of the loaded config; `None` where they cannot be told.
pub fn preset_names(section: &Node) -> Option<Vec<String>> {
    let named = presets(section).ok()?;
    Some(match named {
        Some(named) => named.into_iter().map(|(name, _)| name).collect(),
        None => vec![DEFAULT_PRESET.to_owned()],
    })
}

/// What stands in a preset's list of references; nothing where it is no list, as the program has it.
fn references(preset: &Node) -> &[Node] {
    match preset.get("reference_models") {
        Some(one) if one.value.as_dict().is_some() => std::slice::from_ref(one),
        several => several.and_then(|node| node.value.as_list()).unwrap_or_default(),
    }
}

/// Whether the references of a preset are asked; of one that is not enabled only the aggregator is.
fn is_enabled(preset: &Node) -> bool {
    preset.get("enabled").is_none_or(|node| node.value.is_true())
}

/// The slots of `block`, whose path is `path`.
fn slots_of<'c>(path: &str, block: &'c Node, is_beside: bool, found: &mut Vec<Slot<'c>>) -> Outcome<()> {
    let mut add = |kind, path: String, block: &'c Node| {
        let left_out = match is_beside {
            true => Some(LeftOut::BesidePresets),
            false => cleaned(block)?.err(),
        };
        found.push(Slot { kind, path, block, left_out });
        Ok(())
    };
    let is_list = block.get("reference_models").is_some_and(|node| node.value.as_list().is_some());
    let asked = if is_enabled(block) { references(block) } else { &[] };
    for (at, slot) in asked.iter().enumerate() {
        let path = match is_list {
            true => format!("{path}.reference_models[{at}]"),
            false => format!("{path}.reference_models"),
        };
        add(SlotKind::Reference, path, slot)?;
    }
    let other = block.get("reference_models").filter(|node| !is_list && node.value.as_dict().is_none());
    if let Some(slot) = other.filter(|_| is_enabled(block)) {
        add(SlotKind::Reference, format!("{path}.reference_models"), slot)?;
    }
    match block.get("aggregator") {
        Some(slot) => add(SlotKind::Aggregator, format!("{path}.aggregator"), slot),
        None => Ok(()),
    }
}

/// The slots that are written in the section `moa` and that a turn of their preset has, in the order of the text.
pub(super) fn written_slots(section: &Node) -> Outcome<Vec<Slot<'_>>> {
    let (presets, mut found) = (presets(section)?, Vec::new());
    slots_of(MOA, section, presets.is_some(), &mut found)?;
    for (name, block) in presets.iter().flatten() {
        slots_of(&format!("moa.presets.{name}"), block, false, &mut found)?;
    }
    Ok(found)
}

impl Process<'_> {
    /// `resolve_moa_preset(config, name)`; `None` where there is no such preset. Without a name it is the default one.
    fn preset(&mut self, name: &str) -> Outcome<Option<Node>> {
        let Some(section) = self.load_config()?.get(MOA).cloned() else {
            return Err(Stop::not_modelled("a configuration without `moa`"));
        };
        let Some(named) = presets(&section)? else {
            return Ok((name.is_empty() || name == DEFAULT_PRESET).then_some(section));
        };
        let chosen = match name {
            "" => {
                let default = section.get("default_preset").and_then(|node| node.value.as_str());
                let default = named.iter().find(|(name, _)| Some(name.as_str()) == default.map(strip));
                default.or(named.first())
            }
            name => named.iter().find(|(own, _)| own == name),
        };
        Ok(chosen.map(|(_, preset)| (*preset).clone()))
    }

    /// The provider and the model of a slot as the program has it: `kind`, and of references the one at `at`, those left out
    /// not counted. `None` where the preset `name` has no such slot.
    ///
    /// # Errors
    /// What is not modelled: a preset that does not exist.
    fn slot(&mut self, name: &str, kind: SlotKind, at: usize) -> Outcome<Option<(String, String)>> {
        let preset = self.preset(name)?.ok_or_else(|| Stop::not_modelled("a preset that does not exist"))?;
        let own = |(provider, model): (&str, &str)| (provider.to_owned(), model.to_owned());
        if kind == SlotKind::Aggregator {
            let written = preset.get("aggregator").map(cleaned).transpose()?.and_then(Result::ok);
            return Ok(Some(written.unwrap_or_else(|| own(OWN_AGGREGATOR))));
        }
        if !is_enabled(&preset) {
            return Ok(None);
        }
        let mut kept = Vec::new();
        for block in references(&preset) {
            kept.extend(cleaned(block)?.ok());
        }
        if kept.is_empty() {
            kept.extend(OWN_REFERENCES.map(own));
        }
        Ok(kept.into_iter().nth(at))
    }

    /// The provider of the aggregator of the preset `name`, on which side tasks run where the main model is that preset:
    /// `_resolve_auto` of `agent/auxiliary_client.py`.
    pub(super) fn aggregator(&mut self, name: &str) -> Outcome<Option<String>> {
        let slot = self.slot(strip(name), SlotKind::Aggregator, 0)?;
        Ok(slot.map(|(provider, _)| provider))
    }

    /// Where a slot of the preset `name` sends its first request and with which key: `kind`, and of references the one at
    /// `at`, those that the program leaves out not counted. `None` where the preset has no such slot.
    ///
    /// # Errors
    /// `RuntimeError` where it comes to no client, and what is not modelled.
    pub fn moa_slot(
        &mut self,
        name: &str,
        kind: SlotKind,
        at: usize,
        main: &Runtime,
    ) -> Outcome<Option<Route>> {
        match self.slot(strip(name), kind, at)? {
            Some((provider, model)) => self.slot_route(kind, &provider, &model, main).map(Some),
            None => Ok(None),
        }
    }

    /// Where the slot that is written in `block` sends its first request; `None` for a reference that is left out. In place of
    /// an aggregator that is left out the program has its own.
    pub(super) fn written_slot(
        &mut self,
        kind: SlotKind,
        block: &Node,
        main: &Runtime,
    ) -> Outcome<Option<Route>> {
        let slot = match (cleaned(block)?, kind) {
            (Ok(slot), _) => slot,
            (Err(_), SlotKind::Reference) => return Ok(None),
            (Err(_), SlotKind::Aggregator) => (OWN_AGGREGATOR.0.to_owned(), OWN_AGGREGATOR.1.to_owned()),
        };
        self.slot_route(kind, &slot.0, &slot.1, main).map(Some)
    }

    /// `_slot_runtime(slot)`, and `call_llm` with what it gives.
    fn slot_route(&mut self, kind: SlotKind, provider: &str, model: &str, main: &Runtime) -> Outcome<Route> {
        let request = Request { provider: Some(provider), target_model: Some(model), ..Request::default() };
        let (mut url, mut key, mut mode) = (None, None, None);
        // What the resolution raises is only logged.
        if let Some(found) = caught(self.resolve_runtime(&request))? {
            url = Some(found.base_url).filter(|url| !url.is_empty());
            key = Some(found.api_key.expose().to_owned()).filter(|key| !key.is_empty());
            mode = found.api_mode.filter(|mode| !mode.is_empty());
        }
        self.asked_slot(kind, Asked { provider: provider.to_owned(), url, key, mode }, main)
    }

    /// `_resolve_task_provider_model` with a provider, and the rest of `call_llm`.
    fn asked_slot(&mut self, kind: SlotKind, mut asked: Asked, main: &Runtime) -> Outcome<Route> {
        let (task, told) = (kind.task(), self.facts.behaviour.side_tasks_are_told);
        if lower(strip(&asked.provider)) == DIRECT.0 {
            "custom".clone_into(&mut asked.provider);
            asked.url.get_or_insert_with(|| DIRECT.1.to_owned());
        }
        let own = self.settings_of(task)?;
        if asked.mode.is_none() {
            asked.mode = own.mode;
        }
        // An endpoint under `auxiliary` counts where the slot's provider has none.
        let is_same = own.provider.is_none_or(|name| name == asked.provider);
        if asked.provider != "auto" && asked.url.is_none() && own.url.is_some() && is_same {
            asked.url = own.url;
            asked.key = asked.key.or(own.key);
        }
        let custom = Asked { provider: "custom".to_owned(), ..asked.clone() };
        match (asked.url.is_some(), self.is_in_catalog(&lower(strip(&asked.provider)))) {
            (false, _) | (true, Some(true)) => self.asked_route(task, &asked, main, told),
            (true, Some(false)) => self.asked_route(task, &custom, main, told),
            // It makes no difference where both come to the same.
            (true, None) => {
                let kept = self.asked_route(task, &asked, main, told);
                let either = self.asked_route(task, &custom, main, told);
                match (kept, either) {
                    (Ok(kept), Ok(either))
                        if (&kept.base_url, &kept.api_key) == (&either.base_url, &either.api_key) =>
                    {
                        Ok(either)
                    }
                    _ => Err(Stop::not_modelled("whether a catalogue of the network has a provider")),
                }
            }
        }
    }

    /// Whether `get_provider(name)` of `hermes_cli/providers.py` finds a provider, as far as the release's own tables tell; the
    /// rest is a catalogue of the network.
    fn is_in_catalog(&self, name: &str) -> Option<bool> {
        if matches!(name, "" | "auto" | "custom") || name.starts_with("custom:") {
            return Some(false);
        }
        let id = self.facts.catalog_aliases.get(name).map_or(name, String::as_str);
        self.facts.overlays.contains_key(id).then_some(true)
    }

    /// The tool of releases before 0.18.2, which is there where `OPENROUTER_API_KEY` is set, and takes what the pool of
    /// OpenRouter gives: `tools/mixture_of_agents_tool.py`.
    ///
    /// # Errors
    /// `RuntimeError` with what the tool answers where there is no key.
    pub fn moa_tool(&mut self) -> Outcome<Route> {
        let found = match self.os_getenv("OPENROUTER_API_KEY") {
            "" => None,
            _ => self.client_of(&ClientRequest::of("openrouter"))?,
        };
        let why = "Error in MoA processing: OPENROUTER_API_KEY environment variable not set";
        found.map(Route::of).ok_or_else(|| Stop::raised("RuntimeError", why))
    }
}

/// Whether the user wrote anything into a slot.
pub(super) fn is_written(block: &Node) -> bool {
    let is_said = |value: &Value| value.is_true();
    if block.value.as_dict().is_none() {
        return block.place.is_some() && is_said(&block.value);
    }
    block.entries().iter().any(|entry| entry.value.place.is_some() && is_said(&entry.value.value))
}
