//! Pools of custom endpoints: their keys, their seeding from config.yaml, and which agent they belong to.

use super::load::Sources;
use super::seed::Seed;
use super::{API_KEY, CUSTOM_PREFIX, Pool, PooledCredential, text_of, text_or_empty};
use crate::hermes::{Outcome, Process, caught};
use crate::python::{Node, Value, lower, strip};

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

impl Process<'_> {
    /// `_load_config_safe()`.
    pub(super) fn load_config_safe(&mut self) -> Outcome<Option<Node>> {
        caught(self.load_config_readonly())
    }

    /// `_iter_custom_providers()`: the names of pools and what config.yaml says of each.
    fn custom_entries(&mut self) -> Outcome<Vec<(String, Node)>> {
        let Some(config) = self.load_config_safe()? else { return Ok(Vec::new()) };
        let entries = match config.get("custom_providers").and_then(|node| node.value.as_list()) {
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
    /// [`crate::hermes::Stop::NotModelled`] from loading the config.
    pub fn pool_matches_provider(&mut self, pool: &Pool, provider: &str, base_url: &str) -> Outcome<bool> {
        let own = lower(strip(&pool.provider));
        let provider = lower(strip(provider));
        if own.is_empty() || provider.is_empty() {
            return Ok(false);
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

    /// `_seed_custom_pool(pool_key, entries)`: the sources that hold a key.
    pub(super) fn seed_custom_pool(
        &mut self,
        pool_key: &str,
        entries: &mut Vec<PooledCredential>,
        changed: &mut bool,
    ) -> Outcome<Sources> {
        let mut sources = Sources::new();
        let suffix = pool_key.strip_prefix(CUSTOM_PREFIX).unwrap_or("");
        let configured = self.custom_entries()?.into_iter().find(|(name, _)| name == suffix);
        if let Some((_, config)) = configured.filter(|(_, config)| config.value.is_true()) {
            let key = stripped(config.get("api_key"))?;
            let base_url = url_of(config.get("base_url"))?;
            let name = text_of(&stripped(config.get("name"))?.value)?;
            let source = format!("config:{name}");
            let seed = Seed {
                fields: vec![
                    ("auth_type", Value::str(API_KEY).into()),
                    ("access_token", key.clone()),
                    ("base_url", Value::str(base_url).into()),
                    ("label", Value::str(if name.is_empty() { source.as_str() } else { &name }).into()),
                ],
                source,
                place: key.place,
            };
            if key.value.is_true() && !self.is_suppressed(pool_key, &seed)? {
                sources.insert(seed.source.clone());
                *changed |= self.upsert(entries, pool_key, &seed)?;
            }
        }
        let mut model_changed = false;
        let source = caught(self.seed_from_model(pool_key, entries, &mut model_changed))?.flatten();
        sources.extend(source);
        *changed |= model_changed;
        Ok(sources)
    }

    /// The part of `_seed_custom_pool` that takes `model.api_key`, where `model.base_url` is this pool's.
    fn seed_from_model(
        &mut self,
        pool_key: &str,
        entries: &mut Vec<PooledCredential>,
        changed: &mut bool,
    ) -> Outcome<Option<String>> {
        let Some(config) = self.load_config_safe()? else { return Ok(None) };
        let Some(model) = config.get("model").filter(|model| model.value.as_dict().is_some()) else {
            return Ok(None);
        };
        let provider = lower(strip(&text_or_empty(model.get("provider").map(|node| &node.value))?));
        let base_url = url_of(model.get("base_url"))?;
        let key = ["api_key", "api"].iter().find_map(|name| {
            let node = model.get(name)?;
            let key = strip(node.value.as_str()?);
            (!key.is_empty()).then(|| Node { value: Value::str(key), place: node.place })
        });
        let Some(key) = key.filter(|_| provider == "custom" && !base_url.is_empty()) else {
            return Ok(None);
        };
        if self.custom_provider_pool_key(&base_url, None)?.as_deref() != Some(pool_key) {
            return Ok(None);
        }
        let seed = Seed {
            source: "model_config".to_owned(),
            place: key.place,
            fields: vec![
                ("auth_type", Value::str(API_KEY).into()),
                ("access_token", key),
                ("base_url", Value::str(base_url).into()),
                ("label", Value::str("model_config").into()),
            ],
        };
        if self.is_suppressed(pool_key, &seed)? {
            return Ok(None);
        }
        *changed |= self.upsert(entries, pool_key, &seed)?;
        Ok(Some(seed.source))
    }
}
