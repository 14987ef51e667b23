//! Ways out that are tried: an edit is offered only where the model, asked again with the edit made, comes to what it promises.

use std::rc::Rc;

use super::Context;
use crate::hermes::sites::Sites;
use crate::hermes::verdict::Verdict;
use crate::hermes::{Given, Outcome, Process};
use crate::python::{Dict, Entry, Node, Value, strip};
use crate::secret::Secret;
use crate::text::{Edit, Edits, Place, SourceKind, Span};

/// Texts of more bytes than this together are not read again: their findings give no tried way out.
const LONGEST_TRIED: usize = 256 << 10;

/// So many bytes are read again for all findings together; what is behind gives no tried way out.
const MOST_TRIED: usize = 2 << 20;

/// The texts that decide which key is used.
const DECISIVE: [SourceKind; 5] =
    [SourceKind::Config, SourceKind::DotEnv, SourceKind::AuthStore, SourceKind::Environ, SourceKind::Listing];

/// Edits of the pasted texts.
pub(super) type Change = Vec<(SourceKind, Edit)>;

impl Context<'_> {
    /// The verdict on the world after `change`; `None` where its edits overlap, a text of it was not pasted, or the texts are too
    /// long to be read again.
    pub(super) fn verdict_after(&self, change: &Change) -> Option<Verdict> {
        self.after(change, |_, verdict| verdict.ok())
    }

    /// What others than the main model come to on the world after `change`; `None` as there.
    pub(super) fn sites_after(&self, change: &Change) -> Option<Rc<Sites>> {
        self.after(change, |process, verdict| Some(process.sites(&verdict)))
    }

    fn after<T>(
        &self,
        change: &Change,
        ask: impl FnOnce(&mut Process<'_>, Outcome<Verdict>) -> Option<T>,
    ) -> Option<T> {
        let length: usize = DECISIVE.iter().map(|kind| self.text_of(*kind).len()).sum();
        let tried = self.tried.get() + length;
        if length > LONGEST_TRIED || tried > MOST_TRIED {
            return None;
        }
        self.tried.set(tried);
        let mut world = self.world.clone();
        for kind in DECISIVE {
            let edits: Vec<Edit> =
                change.iter().filter(|(source, _)| *source == kind).map(|(_, edit)| edit.clone()).collect();
            if edits.is_empty() {
                continue;
            }
            let text = self.world.given(kind).text()?;
            let edited = Edits::new(edits).ok()?.apply(text);
            *world.given_mut(kind) = Given::Text(edited);
        }
        let (mut process, started) = Process::started(&world, self.facts);
        let verdict = started.and_then(|()| process.verdict(None));
        ask(&mut process, verdict)
    }

    /// Whether Hermes sends `key` once `change` is made.
    pub(super) fn sends_after(&self, change: &Change, key: &str) -> bool {
        let after = self.verdict_after(change);
        after.is_some_and(|after| after.winner.is_some_and(|winner| winner.key == Secret::new(strip(key))))
    }
}

/// Writes `key: value` into the mapping `node` of config.yaml, in front of one of its entries, in the way in which that is
/// written. `None` where no entry tells how.
pub(super) fn inserted(text: &str, node: &Node, key: &str, value: &str) -> Option<(SourceKind, Edit)> {
    let dict = node.value.as_dict()?;
    let is_flow = node.place.is_some_and(|place| place.span.of(text).starts_with('{'));
    let starts = |entry: &Entry| entry.key.place.map(|place| place.span.start);
    if is_flow {
        let at = starts(dict.iter().next()?)?;
        return Some((SourceKind::Config, Edit::insert(at, [key, ": ", value, ", "].concat())));
    }
    dict.iter().find_map(|entry| {
        let at = starts(entry)?;
        let before = text.get(..at)?;
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let indentation = before.get(line..)?;
        let is_alone = indentation.chars().all(|c| c == ' ');
        let insertion = [key, ": ", value, "\n", indentation].concat();
        is_alone.then(|| (SourceKind::Config, Edit::insert(at, insertion)))
    })
}

/// The edit that takes `entry` out of config.yaml with its lines; `None` where something else stands on them.
pub(super) fn removed(text: &str, entry: &Entry) -> Option<(SourceKind, Edit)> {
    let lines = super::whole_lines(text, entry.place?.span)?;
    Some((SourceKind::Config, Edit::delete(lines)))
}

/// The edit that puts `text` in the place of what stands at `place`.
pub(super) fn replaced(place: Place, text: &str) -> (SourceKind, Edit) {
    (place.source, Edit::replace(place.span, text))
}

/// Where key and value of `entry` stand together.
pub(super) fn whole(entry: &Entry) -> Option<Place> {
    let (key, value) = (entry.key.place?, entry.value.place?);
    Some(Place::new(key.source, Span::new(key.span.start, value.span.end)))
}

/// The mapping of config.yaml that describes the endpoint which is asked for.
pub(super) struct Block<'c> {
    /// Its dotted path: `model`, `providers.lab`, `custom_providers[0]`.
    pub(super) path: String,
    /// The mapping.
    pub(super) node: &'c Node,
    /// Its entries.
    pub(super) dict: &'c Dict,
}

impl<'a> Context<'a> {
    /// The block of the custom provider that is asked for, or else `model`.
    pub(super) fn requested_block(&self) -> Option<Block<'a>> {
        self.custom_block().or_else(|| self.model_block())
    }

    /// The section `model`.
    pub(super) fn model_block(&self) -> Option<Block<'a>> {
        let node = self.config_at(&["model"])?;
        Some(Block { path: "model".to_owned(), node, dict: node.value.as_dict()? })
    }

    /// The block of the custom provider that is asked for, in either spelling.
    pub(super) fn custom_block(&self) -> Option<Block<'a>> {
        let verdict = self.verdict()?;
        if verdict.provider.as_deref() != Some("custom") {
            return None;
        }
        let wanted = super::pools::endpoint_name(&verdict.requested);
        let wanted = wanted.strip_prefix("custom:").unwrap_or(&wanted);
        let is_it = |name: Option<&str>| name.is_some_and(|name| super::pools::endpoint_name(name) == wanted);
        let root = self.config_root()?;
        if let Some(Value::Dict(providers)) = root.get("providers").map(|node| &node.value) {
            for entry in providers.iter() {
                let (Some(key), Some(dict)) = (entry.key.value.as_str(), entry.value.value.as_dict()) else {
                    continue;
                };
                if is_it(Some(key)) || is_it(entry.value.text("name")) {
                    return Some(Block { path: ["providers.", key].concat(), node: &entry.value, dict });
                }
            }
        }
        for (at, node) in root.get("custom_providers").map(Node::items).unwrap_or_default().iter().enumerate()
        {
            if let Some(dict) = node.value.as_dict()
                && is_it(node.text("name"))
            {
                return Some(Block { path: format!("custom_providers[{at}]"), node, dict });
            }
        }
        None
    }
}
