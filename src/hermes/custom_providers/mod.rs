//! Custom providers in both spellings: the `custom_providers` list and the `providers` mapping.
//!
//! `get_compatible_custom_providers` of `hermes_cli/config.py` makes one list of both. It leaves entries out
//! without a word to the user; here each of them is kept beside the list with the reason.

mod entry;

use std::rc::Rc;

use crate::base::collections::{TextSet, joined};
use crate::base::text::Place;
use crate::facts::Facts;
use crate::hermes::{Outcome, Process, Stop};
use crate::python::{Dict, Entry, Node, Value, lower, strip, to_str};

/// Why an entry is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DropReason {
    /// `custom_providers` is no list: then nothing of it nor of `providers` counts. The type that it has.
    NotAList(&'static str),
    /// The entry is no mapping: the type that it has.
    NotAMapping(&'static str),
    /// None of `base_url`, `url` and `api` is a text.
    NoUrl,
    /// What it has for an endpoint lacks a scheme or a host. The last one that was tried.
    BadUrl(Place),
    /// It has no name.
    NoName,
    /// An earlier entry of `providers` has the same key in another case.
    SameKey,
    /// An earlier entry has the same name, endpoint and model.
    SameRoute,
}

/// An entry that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedProvider {
    /// Its key in `providers`; `None` for one of the list.
    pub key: Option<String>,
    /// Where it is written.
    pub place: Option<Place>,
    /// Why it is left out.
    pub reason: DropReason,
}

/// Something about an entry that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryNote {
    /// A key that Hermes does not know and ignores.
    UnknownKey {
        /// The key.
        key: String,
        /// Where it is written.
        place: Option<Place>,
    },
    /// A key in another spelling, taken for the right one.
    OtherSpelling {
        /// The key that is written.
        key: String,
        /// The key that it is taken for.
        meant: String,
        /// Where it is written.
        place: Option<Place>,
    },
    /// An endpoint without a scheme or a host, passed over.
    BadUrl {
        /// `base_url`, `url` or `api`.
        key: &'static str,
        /// The value.
        place: Option<Place>,
    },
}

/// What `get_compatible_custom_providers` makes of a config.
#[derive(Clone, Debug, Default)]
pub struct CustomProviders {
    /// The entries that count, normalised, in order. Values keep their places, an entry has that of its mapping.
    pub kept: Vec<Node>,
    /// The entries that are left out, in order.
    pub dropped: Vec<DroppedProvider>,
    /// What else was met in entries, kept or not.
    pub notes: Vec<EntryNote>,
}

impl Process<'_> {
    /// `get_compatible_custom_providers(config)`; without a config it loads one.
    ///
    /// # Errors
    /// What the real function raises, as for a key in an entry that is no string or a bracket in a host.
    pub fn compatible_custom_providers(&mut self, config: Option<&Node>) -> Outcome<Vec<Node>> {
        Ok(self.custom_providers(config)?.kept.clone())
    }

    /// As [`Process::compatible_custom_providers`], with the entries that are left out.
    ///
    /// # Errors
    /// As there.
    pub fn custom_providers(&mut self, config: Option<&Node>) -> Outcome<Rc<CustomProviders>> {
        let mut config = match config {
            Some(config) => config.clone(),
            None => self.load_config()?,
        };
        // The program makes the list anew each time. It is asked for again and again of one config.
        if let (Value::Dict(root), Some((made_of, made))) = (&config.value, &self.custom_providers)
            && Rc::ptr_eq(root, made_of)
        {
            return Ok(Rc::clone(made));
        }
        let root = config.value.clone();
        let made = Rc::new(compatible(&mut config, self.facts)?);
        if let Value::Dict(root) = root {
            self.custom_providers = Some((root, Rc::clone(&made)));
        }
        Ok(made)
    }

    /// `get_compatible_custom_providers(load_config_readonly())`, as `agent/credential_pool.py` calls it. The real
    /// function writes the right spelling of a key into the mapping that it is given, and here that is the
    /// cached config itself: everybody who loads the config afterwards sees the key.
    ///
    /// # Errors
    /// As [`Process::compatible_custom_providers`].
    pub fn readonly_custom_providers(&mut self) -> Outcome<Vec<Node>> {
        let mut config = self.load_config_readonly()?;
        let outcome = compatible(&mut config, self.facts);
        if self.facts.behaviour.pool_shares_the_config {
            self.change_cached_config(config);
        }
        Ok(outcome?.kept)
    }
}

/// `get_compatible_custom_providers(config)`.
fn compatible(config: &mut Node, facts: &Facts) -> Outcome<CustomProviders> {
    let Value::Dict(root) = &mut config.value else { return Ok(CustomProviders::default()) };
    let root = Rc::make_mut(root);
    let mut view = View::new(facts);
    match root.get_mut("custom_providers") {
        None => {}
        Some(Node { value: Value::None, .. }) => {}
        Some(Node { value: Value::List(items), .. }) => {
            for item in Rc::make_mut(items) {
                let entry = view.normalized(item, None)?;
                view.append(entry);
            }
        }
        Some(other) => {
            let reason = DropReason::NotAList(other.value.type_name());
            view.all.dropped.push(DroppedProvider { key: None, place: other.place, reason });
            return Ok(view.all);
        }
    }
    if let Some(Node { value: Value::Dict(providers), .. }) = root.get_mut("providers") {
        let mut entries = Vec::new();
        for Entry { key, value, .. } in Rc::make_mut(providers).iter_mut() {
            let key = to_str(&key.value).ok_or_else(|| Stop::not_modelled("str() of a key of providers"))?;
            entries.push(view.normalized(value, Some(key))?);
        }
        for entry in entries {
            view.append(entry);
        }
    }
    Ok(view.all)
}

/// A normalised entry, or why there is none.
struct Candidate {
    key: Option<String>,
    place: Option<Place>,
    made: Result<Dict, DropReason>,
}

/// The list while it is made.
struct View<'f> {
    facts: &'f Facts,
    all: CustomProviders,
    seen_keys: TextSet,
    seen_routes: TextSet,
}

impl<'f> View<'f> {
    fn new(facts: &'f Facts) -> Self {
        Self {
            facts,
            all: CustomProviders::default(),
            seen_keys: TextSet::new(),
            seen_routes: TextSet::new(),
        }
    }

    fn normalized(&mut self, item: &mut Node, key: Option<String>) -> Outcome<Candidate> {
        let provider_key = key.as_deref().unwrap_or("");
        let made = entry::normalize(item, provider_key, self.facts, &mut self.all.notes)?;
        Ok(Candidate { key, place: item.place, made })
    }

    /// `_append_if_new`
    fn append(&mut self, candidate: Candidate) {
        let Candidate { key, place, made } = candidate;
        let reason = match made {
            Err(reason) => reason,
            Ok(made) => {
                let text = |name: &str| strip(made.get(name).and_then(|n| n.value.as_str()).unwrap_or(""));
                let provider_key = lower(text("provider_key"));
                let (name, url) = (lower(text("name")), lower(text("base_url").trim_end_matches('/')));
                let has_route = !name.is_empty() && !url.is_empty();
                let route = joined(&[&name, &url, &lower(text("model"))]);
                if !provider_key.is_empty() && self.seen_keys.contains(&provider_key) {
                    DropReason::SameKey
                } else if has_route && self.seen_routes.contains(&route) {
                    DropReason::SameRoute
                } else {
                    self.all.kept.push(Node { value: Value::dict(made), place });
                    if !provider_key.is_empty() {
                        self.seen_keys.insert(&provider_key);
                    }
                    if has_route {
                        self.seen_routes.insert(&route);
                    }
                    return;
                }
            }
        };
        self.all.dropped.push(DroppedProvider { key, place, reason });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hermes::testing::{process, world};
    use crate::python::repr;

    fn kept(config: &str) -> String {
        let world = world(config, &[]);
        match process(&world).compatible_custom_providers(None) {
            Ok(kept) => repr(&Value::list(kept)).unwrap(),
            Err(stop) => format!("{stop:?}"),
        }
    }

    fn dropped(config: &str) -> Vec<DropReason> {
        let world = world(config, &[]);
        let all = process(&world).custom_providers(None).unwrap();
        all.dropped.iter().map(|dropped| dropped.reason.clone()).collect()
    }

    /// Expected: `get_compatible_custom_providers()` of 0.19.0.
    #[test]
    fn both_spellings_make_one_list() {
        assert_eq!(
            kept(
                "custom_providers: [{name: A, url: 'http://a/v1/', apiKey: ' sk-fake-1 ', model: m}]\n\
                 providers: {a: {base_url: 'http://A/v1', default_model: M, name: a}, 7: {api: 'http://b'}}\n"
            ),
            "[{'name': 'A', 'base_url': 'http://a/v1/', 'api_key': 'sk-fake-1', 'model': 'm'}, \
             {'name': '7', 'base_url': 'http://b', 'provider_key': '7'}]"
        );
        assert_eq!(kept("custom_providers: '[]'\nproviders: {a: {base_url: 'http://a'}}"), "[]");
        assert_eq!(kept("providers: {a: {base_url: 'http://a', 1: x}}"), "Raised(TypeError)");
        assert_eq!(kept("providers: {a: {base_url: 'http://[a'}}"), "Raised(ValueError)");
    }

    #[test]
    fn each_left_out_entry_has_its_reason() {
        assert_eq!(
            dropped(
                "custom_providers: [x, {name: a}, {name: a, api: ' '}, {url: 'http://a'}, {name: b, api: 'http://b'}, {name: B, url: 'http://b/'}]"
            ),
            [
                DropReason::NotAMapping("str"),
                DropReason::NoUrl,
                DropReason::NoUrl,
                DropReason::NoName,
                DropReason::SameRoute,
            ]
        );
        assert_eq!(dropped("providers: {a: {api: 'http://a'}, A: {api: 'http://b'}}"), [DropReason::SameKey]);
        assert_eq!(dropped("custom_providers: {a: {api: 'http://a'}}"), [DropReason::NotAList("dict")]);
        let text = "providers: {a: {base_url: 'localhost:80/v1'}}";
        let [DropReason::BadUrl(place)] = dropped(text)[..] else { panic!() };
        assert_eq!(place.span.of(text), "'localhost:80/v1'");
    }

    /// The list is kept between two questions about one config, and only then.
    #[test]
    fn each_config_has_its_own_list() {
        let worlds =
            ["a", "b"].map(|name| world(&format!("providers: {{{name}: {{api: 'http://x'}}}}"), &[]));
        let [one, other] = worlds.each_ref().map(|world| process(world).load_config().unwrap());
        let world = world("", &[]);
        let mut process = process(&world);
        let mut name_in = |config: &Node| {
            let kept = process.compatible_custom_providers(Some(config)).unwrap();
            kept.iter().map(|node| node.text("name").unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!([&one, &one, &other, &one].map(&mut name_in), [["a"], ["a"], ["b"], ["a"]]);
    }

    /// Observed: after `load_pool` of a custom provider, `load_config()` has `api_key` beside `apiKey`.
    #[test]
    fn the_pools_look_changes_the_cached_config() {
        let world = world("providers: {a: {base_url: 'http://a', apiKey: sk-fake-1}}", &[]);
        let mut process = process(&world);
        process.compatible_custom_providers(None).unwrap();
        assert!(process.config_at("providers.a.api_key").unwrap().is_none());
        process.readonly_custom_providers().unwrap();
        assert_eq!(process.config_at("providers.a.api_key").unwrap().as_str(), Some("sk-fake-1"));
    }
}
