//! Ways out that are tried: an edit is offered only where the model, asked again with the edit made, comes to what it promises.

use std::rc::Rc;

use super::Context;
use crate::base::sources::{Given, SourceKind};
use crate::base::text::{Edit, Edits, Place, Span};
use crate::hermes::sites::{Site, Sites};
use crate::hermes::verdict::Verdict;
use crate::hermes::{Outcome, Process, World};
use crate::python::{Dict, Entry, Node, Value, strip};
use crate::secret::Secret;

/// Texts of more bytes than this together are not read again: their findings give no tried way out.
const LONGEST_TRIED: usize = 256 << 10;

/// So many bytes are read again for all findings together; what is behind gives no tried way out.
const MOST_TRIED: usize = 2 << 20;

/// The texts that decide which key is used.
const DECISIVE: [SourceKind; 5] =
    [SourceKind::Config, SourceKind::Dotenv, SourceKind::AuthStore, SourceKind::Environ, SourceKind::Listing];

/// Edits of the pasted texts.
pub(super) type Change = Vec<(SourceKind, Edit)>;

/// An endpoint that nobody has: `.invalid` is reserved (RFC 2606).
pub(super) const PROBE: &str = "https://probe.invalid/v1";

/// A key that nobody has: what a user would type.
const ANY_KEY: &str = "sk-fake-added-000000";

impl Context<'_> {
    /// The verdict on the world after `change`; `None` where its edits overlap, a text of it was not pasted, or the texts are too
    /// long to be read again. A file that is not there is made.
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
        let mut world = self.world_to_try()?;
        for kind in DECISIVE {
            let edits: Vec<Edit> =
                change.iter().filter(|(source, _)| *source == kind).map(|(_, edit)| edit.clone()).collect();
            if edits.is_empty() {
                continue;
            }
            let text = match &self.world.given[kind] {
                Given::Text(text) => text.as_str(),
                Given::Absent => "",
                Given::NotGiven => return None,
            };
            let edited = Edits::new(edits).ok()?.apply(text);
            world.given[kind] = Given::Text(edited);
        }
        self.asked(&world, ask)
    }

    /// A copy of the world that may be changed; `None` where the texts are too long to be read again.
    fn world_to_try(&self) -> Option<World> {
        // Where the sites are asked, the jobs are read again as well.
        let read = DECISIVE.into_iter().chain([SourceKind::Jobs]);
        let length: usize = read.map(|kind| self.text_of(kind).len()).sum();
        let tried = self.tried.get() + length;
        if length > LONGEST_TRIED || tried > MOST_TRIED {
            return None;
        }
        self.tried.set(tried);
        Some(self.world.clone())
    }

    fn asked<T>(
        &self,
        world: &World,
        ask: impl FnOnce(&mut Process<'_>, Outcome<Verdict>) -> Option<T>,
    ) -> Option<T> {
        let (mut process, started) = Process::started(world, self.facts);
        let verdict = started.and_then(|()| process.verdict(None));
        ask(&mut process, verdict)
    }

    /// Whether Hermes has a credential once `hermes auth add PROVIDER --type api-key` has put a key into the pool of `provider`.
    /// Where that cannot be tried, and for another provider than the one in use, nothing speaks against it.
    pub(super) fn adding_helps(&self, provider: &str) -> bool {
        self.provider() != Some(provider) || self.helps(self.with_key_added(provider, Vec::new()))
    }

    fn helps(&self, world: Option<World>) -> bool {
        let tried = world.and_then(|world| {
            self.asked(&world, |_, verdict| match verdict {
                Ok(Verdict { outcome: Err(stop), .. }) if stop.unmodelled().is_some() => None,
                verdict => Some(verdict.is_ok_and(|verdict| verdict.winner.is_some())),
            })
        });
        tried.unwrap_or(true)
    }

    /// As [`Context::adding_helps`], with row `number` of the pool `from` removed as well.
    pub(super) fn moving_helps(&self, provider: &str, from: &str, number: usize) -> bool {
        let removal = || {
            let rows = self.auth_root()?.get("credential_pool")?.get(from)?.items();
            let span = |at: usize| Some(rows.get(at)?.place?.span);
            let own = span(number.checked_sub(1)?)?;
            let end = span(number).map_or(own.end, |next| next.start);
            let start = match number.checked_sub(2).and_then(span) {
                Some(before) if end == own.end => before.end,
                _ => own.start,
            };
            Some(Edit::delete(Span::new(start, end)))
        };
        removal().is_none_or(|removal| self.helps(self.with_key_added(provider, vec![removal])))
    }

    /// As [`Context::adding_helps`], of `site`, which asks beside the main model.
    pub(super) fn adding_helps_site(&self, provider: &str, site: &Site) -> bool {
        let tried = self.with_key_added(provider, Vec::new()).and_then(|world| {
            self.asked(&world, |process, verdict| {
                let sites = process.sites(&verdict);
                let after = sites.all.iter().find(|other| other.path == site.path)?;
                match &after.outcome {
                    Err(stop) if stop.unmodelled().is_some() => None,
                    outcome => Some(matches!(outcome, Ok(Some(_)))),
                }
            })
        });
        tried.unwrap_or(true)
    }

    /// What the resolution comes to once its provider has a key: where it lacks one, and what may hold one was pasted, this is tried.
    /// It shows what is wrong behind the missing key.
    pub(super) fn keyed_verdict(&self) -> Option<&Verdict> {
        let keyed = self.keyed.get_or_init(|| self.verdict_after(&vec![self.missing_key()?]));
        keyed.as_ref().or_else(|| self.verdict())
    }

    /// The edit that writes a key for the provider into `.env`; `None` where Hermes has one, and where it may.
    pub(super) fn missing_key(&self) -> Option<(SourceKind, Edit)> {
        let variable = self.pool_variable(self.provider().filter(|_| self.is_left_without_key())?)?;
        Some(self.any_key_of(variable))
    }

    fn any_key_of(&self, variable: &str) -> (SourceKind, Edit) {
        let end = self.text_of(SourceKind::Dotenv).len();
        (SourceKind::Dotenv, Edit::insert(end, ["\n", variable, "=", ANY_KEY, "\n"].concat()))
    }

    /// Whether Hermes sends the key of `variable` once that is set at the end of `.env`, and what stands at `without` is gone.
    pub(super) fn setting_helps(&self, variable: &str, without: Option<Place>) -> bool {
        let mut change = vec![self.any_key_of(variable)];
        change.extend(without.map(|place| replaced(place, "")));
        self.sends_after(&change, ANY_KEY)
    }

    /// The world in which a key was added to the pool of `provider`, as `auth_add_command` of `hermes_cli/auth_commands.py` does it:
    /// behind the other rows, and with the sources of the provider no longer suppressed; `also` are other edits of auth.json.
    fn with_key_added(&self, provider: &str, also: Vec<Edit>) -> Option<World> {
        let url = match provider {
            "openrouter" => "https://openrouter.ai/api/v1",
            provider => &self.facts.providers.get(provider)?.inference_base_url,
        };
        let mut world = self.world_to_try()?;
        let row = |behind: usize| {
            format!(
                r#"{{"id": "added0", "label": "added", "auth_type": "api_key", "priority": {behind}, "source": "manual", "access_token": "{ANY_KEY}", "base_url": "{url}"}}"#
            )
        };
        let pool = format!(r#""{provider}": [{}]"#, row(0));
        let text = self.text_of(SourceKind::AuthStore);
        let Some(root) = self.auth_root().filter(|root| root.value.as_dict().is_some()) else {
            let store = format!(r#"{{"version": 1, "providers": {{}}, "credential_pool": {{{pool}}}}}"#);
            world.given.auth_store = Given::Text(store);
            return Some(world);
        };
        let pools = root.get("credential_pool");
        let own = pools.and_then(|pools| pools.get(provider));
        let within = |node: &Node, text: String| {
            let gap = if node.entries().is_empty() { "" } else { ", " };
            Some(Edit::insert(node.place?.span.start + 1, [&text, gap].concat()))
        };
        let added = match (pools, own) {
            (_, Some(Node { value: Value::List(rows), place, .. })) => {
                let gap = if rows.is_empty() { "" } else { ", " };
                Edit::insert(place.as_ref()?.span.end.checked_sub(1)?, [gap, &row(rows.len())].concat())
            }
            (_, Some(own)) => Edit::replace(own.place?.span, format!("[{}]", row(0))),
            (Some(pools), None) if pools.value.as_dict().is_some() => within(pools, pool)?,
            (Some(pools), None) => Edit::replace(pools.place?.span, format!("{{{pool}}}")),
            (None, None) => within(root, format!(r#""credential_pool": {{{pool}}}"#))?,
        };
        let suppressed = root.get("suppressed_sources").and_then(|sources| sources.get(provider));
        let lifted =
            suppressed.and_then(|sources| sources.place).map(|place| Edit::replace(place.span, "[]"));
        let edits = Edits::new(lifted.into_iter().chain(also).chain([added]).collect()).ok()?;
        world.given.auth_store = Given::Text(edits.apply(text));
        Some(world)
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

/// The edit that leaves nothing of the value.
pub(super) fn emptied(entry: &Entry) -> Option<(SourceKind, Edit)> {
    entry.value.place.map(|place| replaced(place, "\"\""))
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
