//! What a way in asks for, and how it goes through the fallback chain behind an `AuthError`.

use super::{Start, said};
use crate::hermes::config::value_at;
use crate::hermes::fallback::FALLBACK_KEYS;
use crate::hermes::runtime::{Request, Runtime};
use crate::hermes::{Outcome, Process, Stop, caught};
use crate::python::{Node, Value, strip, to_str};

/// What a way in says of a resolution.
pub(super) struct Asked<'a> {
    /// The provider in place of the configured one.
    pub provider: Option<&'a str>,
    /// The endpoint in place of the provider's.
    pub base_url: Option<&'a str>,
    /// The model in place of the configured one.
    pub model: Option<&'a str>,
    /// What of an entry goes into the resolution of that entry.
    pub entry: EntryParts,
}

/// What of an entry of the chain goes into the resolution of that entry, beside its provider.
#[derive(Clone, Copy)]
pub(super) struct EntryParts {
    /// Its endpoint and its key.
    pub credentials: EntryKey,
    /// Its model.
    pub model: bool,
    /// Whether its provider and its model are read before it is tried: an entry without one is passed over, and what is
    /// no entry ends the start.
    pub read_first: bool,
}

/// Where the key of an entry comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKey {
    /// Neither a key nor an endpoint is taken from it.
    Ignored,
    /// `api_key` as it is written.
    Written,
    /// `api_key` as it is written, else the variable that it names.
    WrittenOrNamed,
    /// `resolve_entry_api_key(entry)`: `api_key` without blanks around it, else the variable that it names.
    Resolved,
}

impl Process<'_> {
    /// The resolution, and behind an `AuthError` the first entry of the chain that resolves; `fail` makes the end of the
    /// start from the words of the resolution's exception.
    pub(super) fn resolve_or_fall_back(
        &mut self,
        asked: &Asked<'_>,
        chain: impl FnOnce(&mut Self) -> Outcome<Vec<Node>>,
        fail: impl FnOnce(String) -> Stop,
    ) -> Outcome<Start> {
        let request = Request {
            provider: asked.provider,
            base_url: asked.base_url,
            target_model: asked.model,
            ..Request::default()
        };
        let error = match self.resolve_runtime(&request) {
            Ok(runtime) => return Ok(Start { runtime, fallback: None, agent: None }),
            Err(stop) if stop.exception().is_some_and(|raised| raised.kind == "AuthError") => stop,
            Err(stop) => return Err(said(&stop, fail)),
        };
        for entry in chain(self)? {
            if asked.entry.read_first && !names_a_route(&entry)? {
                continue;
            }
            if let Some(runtime) = caught(self.resolve_entry(&entry, asked.entry))? {
                return Ok(Start { runtime, fallback: Some(entry), agent: None });
            }
        }
        Err(said(&error, fail))
    }

    fn resolve_entry(&mut self, entry: &Node, parts: EntryParts) -> Outcome<Runtime> {
        let provider = match entry.get("provider").map(|node| &node.value).filter(|value| value.is_true()) {
            None => None,
            Some(Value::Str(name)) => Some(&**name),
            Some(other) => return Err(Stop::no_attribute(other.type_name(), "strip")),
        };
        let (mut key, mut url) = (None, None);
        if parts.credentials != EntryKey::Ignored {
            url = entry.get("base_url").filter(|node| node.value.is_true());
            if url.is_some_and(|node| node.value.as_str().is_none()) {
                return Err(Stop::not_modelled("a fallback's base_url that is no text"));
            }
            key = self.entry_api_key(entry, parts.credentials)?;
        }
        self.resolve_runtime(&Request {
            provider,
            api_key: key.as_deref(),
            base_url: url.and_then(|node| node.value.as_str()),
            target_model: entry.get("model").and_then(|node| node.value.as_str()).filter(|_| parts.model),
        })
    }

    /// The key in the entry, else that of the variable that it names. The scope of secrets is not asked.
    fn entry_api_key(&self, entry: &Node, from: EntryKey) -> Outcome<Option<String>> {
        let written = entry.get("api_key").map(|node| &node.value).filter(|value| value.is_true());
        if from != EntryKey::Resolved {
            match written {
                Some(Value::Str(key)) => return Ok(Some(key.to_string())),
                Some(_) => return Err(Stop::not_modelled("a fallback's api_key that is no text")),
                None if from == EntryKey::Written => return Ok(None),
                None => {}
            }
        }
        let mut said = Vec::new();
        for name in ["api_key", "key_env", "api_key_env"] {
            let value = entry.get(name).filter(|node| node.value.is_true());
            said.push(match value {
                Some(node) => {
                    to_str(&node.value).ok_or_else(|| Stop::not_modelled("the text of a deep value"))?
                }
                None => String::new(),
            });
        }
        let [inline, key_env, api_key_env] = &said[..] else { return Ok(None) };
        let name = if key_env.is_empty() { api_key_env } else { key_env };
        let key = match strip(inline) {
            "" => strip(self.os_getenv(strip(name))),
            inline => inline,
        };
        Ok((!key.is_empty()).then(|| key.to_owned()))
    }
}

/// Whether `(entry.get(name) or "").strip()` is something for the provider and the model.
fn names_a_route(entry: &Node) -> Outcome<bool> {
    let Value::Dict(fields) = &entry.value else {
        return Err(Stop::no_attribute(entry.value.type_name(), "get"));
    };
    let mut named = true;
    for name in ["provider", "model"] {
        named &= match fields.get(name).map(|node| &node.value).filter(|value| value.is_true()) {
            None => false,
            Some(Value::Str(text)) => !strip(text).is_empty(),
            Some(other) => return Err(Stop::no_attribute(other.type_name(), "strip")),
        };
    }
    Ok(named)
}

/// The entries of the first key of the chain that says anything, as it was before both keys were merged. `strict` leaves
/// out what is no entry of a list, and takes any mapping for one where there is no list.
pub(super) fn first_key_entries(config: &Node, strict: bool) -> Vec<Node> {
    let written = FALLBACK_KEYS.into_iter().filter_map(|key| value_at(config, key));
    let Some(node) = written.into_iter().find(|node| node.value.is_true()) else { return Vec::new() };
    let is_true = |name| node.get(name).is_some_and(|part: &Node| part.value.is_true());
    match &node.value {
        Value::List(items) => {
            items.iter().filter(|item| !strict || item.value.as_dict().is_some()).cloned().collect()
        }
        Value::Dict(_) if strict || is_true("provider") && is_true("model") => vec![node.clone()],
        _ => Vec::new(),
    }
}
