//! Where keys are sent: each credential of the world with the endpoint that Hermes sends it to.
//!
//! That of the verdict, every row of every pool, and the keys that stand beside an endpoint of their own. A row goes where
//! `_resolve_runtime_from_pool_entry` would send it, whether its turn ever comes or not.

use std::fmt;

use super::fallback::FALLBACK_KEYS;
use super::pool::{CUSTOM_PREFIX, custom_pool_name};
use super::verdict::Verdict;
use super::{Candidate, Outcome, Process};
use crate::base::collections::{TextMap, TextSet};
use crate::base::text::Place;
use crate::facts::services::Service;
use crate::python::{Node, lower, strip};

/// What sends a key somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The verdict: this key is used now.
    Verdict,
    /// A row of a pool, of a built-in provider or of a custom endpoint.
    Pool,
    /// A block of config.yaml with a key of its own: a custom provider, a fallback, a side task.
    Block,
}

/// A credential and where it goes. Its `Debug` form names the provider only: an endpoint may hold a key.
#[derive(Clone)]
pub struct Destination {
    /// The credential.
    pub key: Candidate,
    /// The provider that sends it: an id, or `custom:` and a name.
    pub provider: String,
    /// What sends it.
    pub sender: Sender,
    /// The endpoint.
    pub url: String,
    /// Where the endpoint is written, where the user wrote it.
    pub url_place: Option<Place>,
    /// The service that the key surely belongs to.
    pub owner: Option<&'static Service>,
    /// What tells so: what the key begins with, or its form.
    pub mark: Option<&'static str>,
    /// The service whose endpoint it is.
    pub site: Option<&'static Service>,
    /// The row's number in its pool, from 1.
    pub row: Option<usize>,
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a key of {}", self.provider)
    }
}

impl Destination {
    fn new(key: Candidate, provider: &str, sender: Sender, url: &str, url_place: Option<Place>) -> Self {
        let owner = Service::of_key(strip(key.key.expose()));
        Self {
            owner,
            mark: owner.and_then(|owner| owner.mark_of(strip(key.key.expose()))),
            site: Service::at(url),
            provider: provider.to_owned(),
            sender,
            url: url.to_owned(),
            url_place,
            key,
            row: None,
        }
    }

    /// The service that the key belongs to and the one that it is sent to, where both are known and are two.
    ///
    /// ```
    /// use poolcheck::facts::Facts;
    /// use poolcheck::hermes::{Process, World};
    /// use poolcheck::base::sources::Given;
    /// let config = "model: {provider: gemini, base_url: 'https://api.deepseek.com/v1'}";
    /// let mut world = World::default();
    /// world.given.config = Given::Text(config.into());
    /// world.given.dotenv = Given::Text("GOOGLE_API_KEY=AIza-fake-key-000000".into());
    /// let mut process = Process::start(&world, Facts::newest().unwrap()).unwrap();
    /// let verdict = process.verdict(None);
    /// let all = process.destinations(&verdict);
    /// let (owner, site) = all[0].mismatch().unwrap();
    /// assert_eq!((owner.name.as_str(), site.name.as_str()), ("Google", "DeepSeek"));
    /// ```
    pub fn mismatch(&self) -> Option<(&'static Service, &'static Service)> {
        let (owner, site) = (self.owner?, self.site?);
        (!site.may_own(owner, self.mark)).then_some((owner, site))
    }
}

/// Where the keys of a custom provider go.
#[derive(Clone)]
struct CustomEndpoint {
    url: String,
    /// Where the endpoint is written.
    place: Option<Place>,
    /// A key stands in its block.
    has_key: bool,
}

/// More pools are not looked at: nobody has so many providers.
const MOST_POOLS: usize = 100;

impl Process<'_> {
    /// Where the keys of the world go. Nothing of what the process has decided, read or written is changed by the question.
    pub fn destinations(&mut self, verdict: &Outcome<Verdict>) -> Vec<Destination> {
        let (trace, log, clock) = (self.trace.clone(), self.log.len(), self.clock);
        let (store, config, warned) = (self.auth_store.clone(), self.config.clone(), self.warned_of_spending);
        // Rows are numbered as they are listed.
        self.auth_store = store.as_given();
        let mut found = Vec::new();
        if let Ok(verdict) = verdict
            && let (Ok(runtime), Some(winner)) = (&verdict.outcome, &verdict.winner)
        {
            let url = &runtime.base_url;
            let place = self.model_url().and_then(|(own, place)| (own == bare(url)).then_some(place));
            found.push(Destination::new(winner.clone(), &runtime.provider, Sender::Verdict, url, place));
        }
        self.add_pools(&mut found);
        self.add_blocks(&mut found);
        // The key that is used is one of these: its row says where its endpoint is written.
        if let Some((used, others)) = found.split_first_mut()
            && used.sender == Sender::Verdict
            && let Some(own) =
                others.iter().find(|own| own.key.place == used.key.place && own.url == used.url)
        {
            used.row = own.row;
            used.url_place = used.url_place.or(own.url_place);
        }
        (self.trace, self.clock) = (trace, clock);
        self.log.truncate(log);
        (self.auth_store, self.config, self.warned_of_spending) = (store, config, warned);
        found
    }

    /// `model.base_url`, and where it is written.
    fn model_url(&mut self) -> Option<(String, Place)> {
        let config = self.load_config().ok()?;
        let written = config.get("model")?.get("base_url")?;
        Some((bare(written.value.as_str()?).to_owned(), written.place?))
    }

    fn add_pools(&mut self, found: &mut Vec<Destination>) {
        let mut names: Vec<String> = Vec::new();
        let mut known = TextSet::new();
        if let Ok(store) = self.load_auth_store()
            && let Some(pools) = store.get("credential_pool")
        {
            for entry in pools.entries() {
                if let Some(name) = entry.key.value.as_str()
                    && known.insert(name)
                {
                    names.push(name.to_owned());
                }
            }
        }
        let facts = self.facts;
        let has = |process: &Self, name: &str| {
            process.environ.contains_key(name) || process.environ_before.contains_key(name)
        };
        let keyed = facts.providers.values().iter().filter(|row| row.auth_type == "api_key");
        for row in keyed {
            if row.api_key_env_vars.iter().any(|name| has(self, name)) && known.insert(&row.id) {
                names.push(row.id.clone());
            }
        }
        if has(self, "OPENROUTER_API_KEY") && known.insert("openrouter") {
            names.push("openrouter".to_owned());
        }
        let (customs, model_url) = (self.custom_endpoints(), self.model_url());
        // The pool of a custom endpoint begins with the key of its block, or with that of `model` where both have one
        // endpoint. To load a pool takes a look at every block.
        let is_url_of_model = |url: &str| model_url.as_ref().is_some_and(|(own, _)| own == bare(url));
        for (custom, block) in customs.iter() {
            let name = [CUSTOM_PREFIX, custom].concat();
            if (block.has_key || is_url_of_model(&block.url)) && known.insert(&name) {
                names.push(name);
            }
        }
        for name in names.iter().take(MOST_POOLS) {
            let Ok(pool) = self.load_pool(name) else { continue };
            let mut hollow = pool.clone();
            hollow.entries.clear();
            for (at, entry) in pool.entries.iter().enumerate() {
                let candidate = entry.candidate(self, false);
                if candidate.key.is_empty() || entry.is_oauth() {
                    continue;
                }
                let (url, place) = match name.strip_prefix(CUSTOM_PREFIX) {
                    Some(custom) => match customs.get(custom) {
                        Some(block) => (block.url.clone(), block.place),
                        None => continue,
                    },
                    None => {
                        let Ok(url) = self.endpoint_of_entry(&hollow, entry) else { continue };
                        let own = entry.fields.get("base_url");
                        let is_own =
                            own.and_then(|own| own.value.as_str()).is_some_and(|own| bare(own) == url);
                        let model = model_url.as_ref().filter(|(own, _)| *own == url);
                        let place = own.filter(|_| is_own).and_then(|own| own.place);
                        (url, place.or(model.map(|(_, place)| *place)))
                    }
                };
                let mut destination = Destination::new(candidate, name, Sender::Pool, &url, place);
                destination.row = Some(at + 1);
                found.push(destination);
            }
        }
    }

    /// The endpoints of the custom providers by the names of their pools.
    fn custom_endpoints(&mut self) -> TextMap<CustomEndpoint> {
        let mut urls = TextMap::new();
        let Ok(customs) = self.custom_providers(None) else { return urls };
        for entry in &customs.kept {
            if let (Some(name), Some(url)) = (entry.text("name"), entry.get("base_url")) {
                let value = CustomEndpoint {
                    url: url.value.as_str().unwrap_or("").to_owned(),
                    place: url.place,
                    has_key: entry.get("api_key").is_some_and(|key| key.value.is_true()),
                };
                for name in [Some(name), entry.text("provider_key")].into_iter().flatten() {
                    urls.insert(&custom_pool_name(name), value.clone());
                }
            }
        }
        urls
    }

    /// The keys that stand beside an endpoint: of custom providers, of fallbacks and of side tasks.
    fn add_blocks(&mut self, found: &mut Vec<Destination>) {
        if let Ok(customs) = self.custom_providers(None) {
            for entry in &customs.kept {
                let name = entry.text("name").map(custom_pool_name).unwrap_or_default();
                self.add_block(found, &["custom:", &name].concat(), entry);
            }
        }
        if let Ok(chain) = self.fallback_chain() {
            for entry in &chain {
                self.add_block(found, FALLBACK_KEYS[0], entry);
            }
        }
        let Ok(config) = self.load_config() else { return };
        for entry in config.get("auxiliary").map(Node::entries).unwrap_or_default() {
            if let Some(task) = entry.key.value.as_str() {
                self.add_block(found, &["auxiliary.", task].concat(), &entry.value);
            }
        }
        if let Some(block) = config.get("delegation") {
            self.add_block(found, "delegation", block);
        }
    }

    fn add_block(&mut self, found: &mut Vec<Destination>, name: &str, block: &Node) {
        let url = block.get("base_url").filter(|url| url.value.as_str().is_some_and(|url| !url.is_empty()));
        let (url, place) = match url {
            Some(node) => (node.value.as_str().unwrap_or("").to_owned(), node.place),
            // Without an endpoint the key goes where the provider's own keys go.
            None => match block.text("provider").map(|name| lower(strip(name))) {
                Some(provider) => (self.default_endpoint(&provider), None),
                None => return,
            },
        };
        let inline =
            block.get("api_key").and_then(|key| Candidate::config_text(&[name, ".api_key"].concat(), key));
        let mut named = None;
        for field in ["key_env", "api_key_env"] {
            named = named.or_else(|| self.variable(strip(block.text(field)?)));
        }
        let usable = |key: &Candidate| !key.key.is_empty();
        if let Some(key) = inline.filter(usable).or(named) {
            found.push(Destination::new(key, name, Sender::Block, &url, place));
        }
    }

    /// The default endpoint of a provider, by its id or an alias.
    fn default_endpoint(&self, name: &str) -> String {
        let id = self.facts.aliases.get(name).map_or(name, String::as_str);
        let row = self.facts.providers.get(id).map(|row| row.inference_base_url.clone());
        let openrouter = || (id == "openrouter").then(|| self.known_url("openrouter").to_owned());
        row.or_else(openrouter).unwrap_or_default()
    }
}

/// An endpoint without space around it and slashes at its end.
fn bare(url: &str) -> &str {
    strip(url).trim_end_matches('/')
}
