//! Pools of custom endpoints: their keys, their seeding from config.yaml, and which agent they belong to.

use super::seed::{Seed, Seeding};
use super::{API_KEY, CUSTOM_PREFIX, Pool, text_of, text_or_empty};
use crate::hermes::{Outcome, Process, caught};
use crate::python::{Node, Value, lower, strip};

/// The source of a row that `model.api_key` makes.
const MODEL_SOURCE: &str = "model_config";

/// `_normalize_custom_pool_name(name)`.
pub fn custom_pool_name(name: &str) -> String {
    lower(strip(name)).replace(' ', "-")
}

/// `str(value or "").strip().rstrip("/")`.
fn url_of(node: Option<&Node>) -> Outcome<String> {
    let text = text_or_empty(node.map(|node| &node.value))?;
    Ok(strip(&text).trim_end_matches('/').to_owned())
}

/// `str(value or "").strip()`, with the place of a text.
fn stripped(node: Option<&Node>) -> Outcome<Node> {
    let text = text_or_empty(node.map(|node| &node.value))?;
    Ok(Node { value: Value::str(strip(&text)), place: node.and_then(|node| node.place) })
}

/// `_requested_custom_name_aliases(name)`: the name, and without `custom:` where it begins so.
fn names_of_request(name: &str) -> Vec<String> {
    let name = custom_pool_name(name);
    let short = name.strip_prefix(CUSTOM_PREFIX).map(custom_pool_name);
    [Some(name.clone()), short].into_iter().flatten().filter(|name| !name.is_empty()).collect()
}

/// The key of a block of `providers`, as pools are called; empty for an item of the list.
fn slug_of(entry: &Node) -> Outcome<String> {
    text_or_empty(entry.get("provider_key").map(|node| &node.value)).map(|key| custom_pool_name(&key))
}

/// `_pool_keys_for_custom_entry(name, entry)`.
fn keys_of_entry(name: &str, entry: &Node) -> Outcome<Vec<String>> {
    let (slug, named) = (slug_of(entry)?, format!("{CUSTOM_PREFIX}{name}"));
    let named = (!name.is_empty() && slug != named).then_some(named);
    Ok([slug].into_iter().filter(|slug| !slug.is_empty()).chain(named).collect())
}

impl Process<'_> {
    /// `_load_config_safe()`.
    pub(super) fn load_config_safe(&mut self) -> Outcome<Option<Node>> {
        caught(self.load_config_readonly())
    }

    /// `_iter_custom_providers()`: the names of pools and what config.yaml says of each.
    fn custom_entries(&mut self) -> Outcome<Vec<(String, Node)>> {
        let Some(config) = self.load_config_safe()? else { return Ok(Vec::new()) };
        let listed = config.get("custom_providers").and_then(|node| node.value.as_list());
        let entries = match listed.filter(|_| !self.facts.behaviour.slugs_name_pools) {
            Some(list) => list.to_vec(),
            None => caught(self.readonly_custom_providers())?.unwrap_or_default(),
        };
        let named = |entry: Node| {
            let name = custom_pool_name(entry.get("name")?.value.as_str()?);
            Some((name, entry))
        };
        Ok(entries.into_iter().filter_map(named).collect())
    }

    /// `get_custom_provider_pool_key(base_url, provider_name)`.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn custom_provider_pool_key(
        &mut self,
        base_url: &str,
        provider_name: Option<&str>,
    ) -> Outcome<Option<String>> {
        if base_url.is_empty() {
            return Ok(None);
        }
        if self.facts.behaviour.slugs_name_pools {
            return Ok(self.custom_pool_keys(base_url, provider_name)?.into_iter().next());
        }
        let entries = self.custom_entries()?;
        let key = |name: &str| Some(format!("{CUSTOM_PREFIX}{name}"));
        if let Some(wanted) = provider_name.filter(|name| !name.is_empty()).map(custom_pool_name)
            && entries.iter().any(|(name, _)| *name == wanted)
        {
            return Ok(key(&wanted));
        }
        let url = strip(base_url).trim_end_matches('/');
        for (name, entry) in &entries {
            let own = url_of(entry.get("base_url"))?;
            if !own.is_empty() && own == url {
                return Ok(key(name));
            }
        }
        Ok(None)
    }

    /// `custom_provider_pool_key_candidates(base_url, provider_name)`: the names that the pool of an endpoint may have, in
    /// the order in which they are tried; in releases that know one, that one.
    pub(in crate::hermes) fn custom_pool_keys(
        &mut self,
        base_url: &str,
        provider_name: Option<&str>,
    ) -> Outcome<Vec<String>> {
        if !self.facts.behaviour.slugs_name_pools {
            return Ok(self.custom_provider_pool_key(base_url, provider_name)?.into_iter().collect());
        }
        if base_url.is_empty() {
            return Ok(Vec::new());
        }
        let entries = self.custom_entries()?;
        let wanted = names_of_request(provider_name.unwrap_or(""));
        for (name, entry) in &entries {
            let own = [name.clone(), slug_of(entry)?];
            if wanted.iter().any(|wanted| own.contains(wanted)) {
                return keys_of_entry(name, entry);
            }
        }
        let url = strip(base_url).trim_end_matches('/');
        for (name, entry) in &entries {
            let own = url_of(entry.get("base_url"))?;
            if !own.is_empty() && own == url {
                return keys_of_entry(name, entry);
            }
        }
        Ok(Vec::new())
    }

    /// `list_custom_pool_providers()`: the custom pools that have rows in auth.json, in order.
    pub(in crate::hermes) fn custom_pools(&mut self) -> Outcome<Vec<String>> {
        let pools = self.read_credential_pools()?;
        let filled =
            |entry: &&crate::python::Entry| entry.value.value.as_list().is_some_and(|rows| !rows.is_empty());
        let names = pools.iter().filter(filled).filter_map(|entry| entry.key.value.as_str());
        let mut names: Vec<String> =
            names.filter(|name| name.starts_with(CUSTOM_PREFIX)).map(str::to_owned).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// `credential_pool_matches_provider(pool, provider, base_url=…)`.
    ///
    /// # Errors
    /// [`crate::hermes::Stop::not_modelled`] from loading the config.
    pub fn pool_matches_provider(&mut self, pool: &Pool, provider: &str, base_url: &str) -> Outcome<bool> {
        let own = lower(strip(&pool.provider));
        let provider = lower(strip(provider));
        if own.is_empty() || provider.is_empty() {
            return Ok(false);
        }
        if self.facts.behaviour.slugs_name_pools {
            let is_same = own == provider && !own.starts_with(CUSTOM_PREFIX);
            return Ok(is_same || caught(self.custom_pool_serves(&own, &provider, base_url))? == Some(true));
        }
        if own == provider {
            return Ok(true);
        }
        if provider != "custom" || !own.starts_with(CUSTOM_PREFIX) {
            return Ok(false);
        }
        let key = caught(self.custom_provider_pool_key(base_url, None))?.flatten();
        Ok(key.is_some_and(|key| lower(strip(&key)) == own))
    }

    /// Whether the pool `own` is that of a custom provider and `provider`, with this endpoint, is a name of it:
    /// `_keyed_custom_pool_matches` and `_legacy_custom_pool_matches`.
    fn custom_pool_serves(&mut self, own: &str, provider: &str, base_url: &str) -> Outcome<bool> {
        let is_named = own.starts_with(CUSTOM_PREFIX);
        if is_named && provider == "custom" {
            return Ok(self.custom_pool_keys(base_url, None)?.iter().any(|key| key == own));
        }
        let url = strip(base_url).trim_end_matches('/');
        if url.is_empty() {
            return Ok(false);
        }
        let names = names_of_request(provider);
        for (name, entry) in self.custom_entries()? {
            let slug = slug_of(&entry)?;
            if if is_named { own != format!("{CUSTOM_PREFIX}{name}") } else { own != slug } {
                continue;
            }
            let is_name = provider == "custom"
                || [name, slug].iter().any(|own| names_of_request(own).iter().any(|own| names.contains(own)));
            return Ok(is_name && url_of(entry.get("base_url"))? == url);
        }
        Ok(false)
    }

    /// `_seed_custom_pool(pool_key, entries)`.
    pub(super) fn seed_custom_pool(&mut self, pool: &mut Seeding) -> Outcome<()> {
        let suffix = pool.provider.strip_prefix(CUSTOM_PREFIX).unwrap_or("");
        let configured = self.custom_entries()?.into_iter().find(|(name, _)| name == suffix);
        if let Some((_, config)) = configured.filter(|(_, config)| config.value.is_true()) {
            let key = stripped(config.get("api_key"))?;
            let base_url = url_of(config.get("base_url"))?;
            let name = text_of(&stripped(config.get("name"))?.value)?;
            let source = format!("config:{name}");
            if key.value.is_true() {
                let label = if name.is_empty() { &source } else { &name };
                let mut seed = Seed::new(&source, API_KEY, key, Value::str(label.as_str()).into());
                seed.set_text("base_url", &base_url);
                self.seed(pool, &seed)?;
            }
        }
        if caught(self.seed_from_model(pool))?.is_none() {
            pool.sources.remove(MODEL_SOURCE);
        }
        Ok(())
    }

    /// The part of `_seed_custom_pool` that takes `model.api_key`, where `model.base_url` is this pool's.
    fn seed_from_model(&mut self, pool: &mut Seeding) -> Outcome<()> {
        let Some(config) = self.load_config_safe()? else { return Ok(()) };
        let Some(model) = config.get("model").filter(|model| model.value.as_dict().is_some()) else {
            return Ok(());
        };
        let provider = lower(strip(&text_or_empty(model.get("provider").map(|node| &node.value))?));
        let base_url = url_of(model.get("base_url"))?;
        let key = ["api_key", "api"].iter().find_map(|name| {
            let node = model.get(name)?;
            let key = strip(node.value.as_str()?);
            (!key.is_empty()).then(|| Node { value: Value::str(key), place: node.place })
        });
        let Some(key) = key.filter(|_| provider == "custom" && !base_url.is_empty()) else {
            return Ok(());
        };
        if !self.custom_pool_keys(&base_url, None)?.contains(&pool.provider) {
            return Ok(());
        }
        let mut seed = Seed::new(MODEL_SOURCE, API_KEY, key, Value::str(MODEL_SOURCE).into());
        seed.set_text("base_url", &base_url);
        self.seed(pool, &seed).map(|_| ())
    }
}
