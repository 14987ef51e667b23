//! Named custom providers in both spellings, and their pools: `_get_named_custom_provider`,
//! `_resolve_named_custom_runtime` and `_try_resolve_from_custom_pool`.

use super::api_mode::{api_mode_of_url, parse_api_mode};
use super::candidates::Candidates;
use super::model_config::{node_str_or_empty, text_or_empty};
use super::{Request, Runtime};
use crate::base::collections::TextSet;
use crate::base::text::Place;
use crate::facts::Standing;
use crate::hermes::providers::is_usable;
use crate::hermes::urls::{base_url_host_matches, base_url_hostname, is_loopback, variable_of_host};
use crate::hermes::{Candidate, Outcome, Process, Reason, Stop, caught};
use crate::python::{Dict, Entry, Node, Value, lower, strip, to_str};
use crate::secret::Secret;

/// What requests to an endpoint without a key are sent with.
pub(in crate::hermes) const NO_KEY: &str = "no-key-required";

/// `_normalize_custom_provider_name(value)`.
pub(in crate::hermes) fn custom_name(name: &str) -> String {
    lower(strip(name)).replace(' ', "-")
}

/// `_normalize_custom_provider_name(value)` of any value.
fn custom_name_of(node: &Node) -> Outcome<String> {
    let stop = match &node.value {
        Value::Str(name) => return Ok(custom_name(name)),
        Value::Bytes(_) => Stop::raised("TypeError", "a bytes-like object is required, not 'str'"),
        value => Stop::no_attribute(value.type_name(), "strip"),
    };
    Err(stop.at(node.place))
}

/// `is_provider_enabled(block)` of `hermes_cli/config.py`.
pub(in crate::hermes) fn is_provider_enabled(block: &Dict) -> bool {
    match block.get("enabled").map(|node| &node.value) {
        None => true,
        Some(Value::Str(text)) => !matches!(lower(strip(text)).as_str(), "false" | "0" | "no" | "off"),
        Some(value) => value.is_true(),
    }
}

/// What `_get_named_custom_provider` finds.
pub(in crate::hermes) struct CustomProvider {
    name: Node,
    /// The key under `providers`; empty for an item of the list.
    slug: String,
    pub(in crate::hermes) base_url: String,
    /// The key that is in the block: what `key_env` names, or else the inline key.
    pub(in crate::hermes) api_key: Option<Candidate>,
    /// The inline key that `key_env` beats.
    beaten_key: Option<Candidate>,
    /// The variable that the resolution itself reads after the inline key.
    pub(in crate::hermes) key_env: String,
    model: Value,
    pub(in crate::hermes) api_mode: Option<&'static str>,
}

impl Process<'_> {
    /// `_resolve_named_custom_runtime`: the runtime of a custom provider that `requested` names, or of bare
    /// `custom` with an endpoint given in the request.
    pub(super) fn named_custom_runtime(
        &mut self,
        requested: &str,
        request: Option<&Request<'_>>,
    ) -> Outcome<Option<Runtime>> {
        let explicit_url = strip(request.and_then(|given| given.base_url).unwrap_or(""));
        let is_bare = lower(strip(requested)) == "custom" || self.resolves_to_custom(requested)?;
        if is_bare && request.and_then(|given| given.base_url).is_some_and(|url| !url.is_empty()) {
            return self.direct_alias_runtime(explicit_url.trim_end_matches('/'), request).map(Some);
        }
        let Some(custom) = self.named_custom_provider(requested)? else { return Ok(None) };
        let base_url = if explicit_url.is_empty() { &custom.base_url } else { explicit_url };
        let base_url = base_url.trim_end_matches('/').to_owned();
        if base_url.is_empty() {
            return Ok(None);
        }
        self.trace.provider = Some("custom".to_owned());
        let name = match &custom.name.value {
            Value::Str(name) => Some(name.to_string()),
            name if !name.is_true() => None,
            _ => {
                let raised = custom_name_of(&custom.name).err();
                return Err(raised.unwrap_or_else(|| Stop::not_modelled("a name")));
            }
        };
        let has_slug = self.facts.behaviour.slugs_name_pools && !custom.slug.is_empty();
        let pool_name = if has_slug { Some(custom.slug.as_str()) } else { name.as_deref() };
        let pooled = self.custom_pool_runtime(&base_url, custom.api_mode, pool_name)?;
        let keys = self.custom_keys(&custom, &base_url, request.and_then(|given| given.api_key));
        let model = Some(custom.model.clone()).filter(Value::is_true);
        if let Some(mut runtime) = pooled {
            if let Ok(keys) = keys {
                keys.record_behind_pool(&mut self.trace);
            }
            runtime.model = model;
            return Ok(Some(runtime));
        }
        let keys = keys?;
        let api_key = keys.winner().unwrap_or_else(|| NO_KEY.to_owned());
        keys.record(&mut self.trace);
        let api_mode = match custom.api_mode {
            Some(mode) => mode,
            None => api_mode_of_url(&self.facts.behaviour, &base_url)?,
        };
        let name = to_str(&custom.name.value).ok_or_else(|| Stop::not_modelled("the text of a set"))?;
        let source = format!("custom_provider:{name}");
        let mut runtime = Runtime::new("custom", api_mode, base_url, Secret::new(api_key), source);
        runtime.model = model;
        Ok(Some(runtime))
    }

    /// Bare `custom` with an endpoint given in the request: the key goes by the endpoint's host.
    pub(super) fn direct_alias_runtime(
        &mut self,
        base_url: &str,
        request: Option<&Request<'_>>,
    ) -> Outcome<Runtime> {
        if self.facts.standing() == Standing::Read {
            let model = self.model_config()?;
            let is_own = strip(&model.said("base_url")?).trim_end_matches('/') == base_url;
            if is_own && ["key_env", "api_key_env"].iter().any(|name| model.get(name).is_true()) {
                return Err(Stop::not_modelled("`model.key_env` for an endpoint of one's own"));
            }
        }
        self.trace.provider = Some("custom".to_owned());
        if let Some(mut runtime) = self.custom_pool_runtime(base_url, None, None)? {
            runtime.source = Some(Value::str("direct-alias"));
            return Ok(runtime);
        }
        let mut keys = Candidates::new(self.facts);
        keys.push(request.and_then(|given| given.api_key).map(Candidate::argument));
        self.push_keys_of_host(&mut keys, base_url)?;
        let api_key = keys.winner().unwrap_or_else(|| NO_KEY.to_owned());
        keys.record(&mut self.trace);
        let api_mode = api_mode_of_url(&self.facts.behaviour, base_url)?;
        Ok(Runtime::new("custom", api_mode, base_url.to_owned(), Secret::new(api_key), "direct-alias"))
    }

    fn custom_keys(
        &self,
        custom: &CustomProvider,
        base_url: &str,
        explicit_key: Option<&str>,
    ) -> Outcome<Candidates> {
        let mut keys = Candidates::new(self.facts);
        keys.push(explicit_key.map(Candidate::argument));
        keys.push(custom.api_key.clone());
        let reason = match &custom.api_key {
            Some(key) => Reason::EarlierVariable(key.label.clone()),
            None => Reason::EarlierCandidate,
        };
        keys.push_barred(custom.beaten_key.clone(), reason);
        keys.push(self.variable(&custom.key_env));
        self.push_keys_of_host(&mut keys, base_url)?;
        Ok(keys)
    }

    /// The variables that an endpoint's host opens: OpenAI's, OpenRouter's and that of the host's name.
    fn push_keys_of_host(&self, keys: &mut Candidates, base_url: &str) -> Outcome<()> {
        if !self.facts.behaviour.keys_go_to_their_hosts {
            keys.push(self.variable("OPENAI_API_KEY"));
            keys.push(self.variable("OPENROUTER_API_KEY"));
            return Ok(());
        }
        let is_openai = self.is_endpoint_of_openai(base_url)?;
        let is_openrouter = base_url_host_matches(base_url, "openrouter.ai")?;
        keys.push_if((!is_openai).then_some(Reason::OtherHost), self.variable("OPENAI_API_KEY"));
        keys.push_if((!is_openrouter).then_some(Reason::OtherHost), self.variable("OPENROUTER_API_KEY"));
        keys.push(variable_of_host(base_url)?.and_then(|name| self.variable(&name)));
        Ok(())
    }

    /// Whether OpenAI's key may go there: to its own hosts, and in newer releases to what `OPENAI_BASE_URL` names.
    pub(super) fn is_endpoint_of_openai(&self, base_url: &str) -> Outcome<bool> {
        let own = strip(self.getenv("OPENAI_BASE_URL")).trim_end_matches('/');
        let is_named = self.facts.behaviour.openai_key_goes_to_its_url
            && !own.is_empty()
            && strip(base_url).trim_end_matches('/') == own;
        Ok(is_named
            || base_url_host_matches(base_url, "openai.com")?
            || base_url_host_matches(base_url, "openai.azure.com")?)
    }

    /// `has_named_custom_provider(name)`, before it catches.
    pub(in crate::hermes) fn names_custom_provider(&mut self, name: &str) -> Outcome<bool> {
        Ok(self.named_custom_provider(name)?.is_some())
    }

    /// `_try_resolve_from_custom_pool`: the runtime of the custom pool that belongs to the endpoint, if that
    /// pool has a usable entry.
    pub(super) fn custom_pool_runtime(
        &mut self,
        base_url: &str,
        api_mode: Option<&'static str>,
        name: Option<&str>,
    ) -> Outcome<Option<Runtime>> {
        for key in self.custom_pool_keys(base_url, name)? {
            self.trace.pool = Some(key.clone());
            let mark = self.trace.mark();
            let runtime = caught(self.custom_pool_entry(&key, base_url, api_mode))?.flatten();
            if runtime.is_some() {
                return Ok(runtime);
            }
            self.trace.overrule(mark, &Reason::NoKey);
        }
        Ok(None)
    }

    fn custom_pool_entry(
        &mut self,
        key: &str,
        base_url: &str,
        api_mode: Option<&'static str>,
    ) -> Outcome<Option<Runtime>> {
        let mut pool = self.load_pool(key)?;
        if pool.entries.is_empty() {
            return Ok(None);
        }
        let Some(entry) = pool.select(self)? else { return Ok(None) };
        let mut api_key = entry.runtime_api_key(self)?;
        if api_key.is_empty() {
            return Ok(None);
        }
        if self.facts.behaviour.pool_keys_must_be_usable
            && !is_usable(self.facts, api_key.expose())
            && is_loopback(&base_url_hostname(base_url)?)
        {
            api_key = Secret::new(NO_KEY);
        }
        let api_mode = match api_mode {
            Some(mode) => mode,
            None => api_mode_of_url(&self.facts.behaviour, base_url)?,
        };
        let source = format!("pool:{key}");
        let mut runtime = Runtime::new("custom", api_mode, base_url.to_owned(), api_key, source);
        runtime.pool = Some(pool);
        Ok(Some(runtime))
    }

    /// Whether the block counts; releases that know no `enabled` ask all blocks.
    fn is_enabled(&self, block: &Dict) -> bool {
        !self.facts.behaviour.blocks_can_be_disabled || is_provider_enabled(block)
    }

    /// `_get_named_custom_provider(requested)`.
    pub(in crate::hermes) fn named_custom_provider(
        &mut self,
        requested: &str,
    ) -> Outcome<Option<CustomProvider>> {
        let wanted = custom_name(requested);
        let is_barred = wanted == "custom" && !self.facts.behaviour.custom_may_be_a_name;
        if wanted.is_empty() || wanted == "auto" || is_barred {
            return Ok(None);
        }
        let is_menu_key = wanted == "custom" || wanted.starts_with("custom:");
        if !is_menu_key && self.facts.canonical_provider(&wanted).as_deref() == Some(wanted.as_str()) {
            return Ok(None);
        }
        let config = self.load_config()?;
        if let Some(Value::Dict(providers)) = config.get("providers").map(|node| &node.value) {
            for entry in providers.iter() {
                if let Some(found) = self.block_named(entry, &wanted)? {
                    return Ok(Some(found));
                }
            }
        }
        if let Some(Value::Dict(_) | Value::Recursive) =
            config.get("custom_providers").map(|node| &node.value)
        {
            return Ok(None);
        }
        let listed = self.compatible_custom_providers(Some(&config))?;
        for node in &listed {
            if let Some(found) = self.listed_named(node, &wanted)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The names under which `_get_named_custom_provider` finds something, each also with `custom:` before it.
    /// A name that is a provider's canonical id is found only with it. They are in order.
    ///
    /// # Errors
    /// What that function raises for a name.
    pub fn custom_provider_names(&mut self) -> Outcome<TextSet> {
        let mut names = TextSet::new();
        let config = self.load_config()?;
        if let Some(Value::Dict(providers)) = config.get("providers").map(|node| &node.value) {
            for entry in providers.iter() {
                let Value::Dict(block) = &entry.value.value else { continue };
                let is_set = |name: &&str| block.get(name).is_some_and(|node| node.value.is_true());
                if !self.is_enabled(block) || !["api", "url", "base_url"].iter().any(is_set) {
                    continue;
                }
                let shown = block.get("name").filter(|node| node.value.is_true());
                for node in [Some(&entry.key), shown].into_iter().flatten() {
                    names.insert(&custom_name_of(node)?);
                    names.extend(node.value.as_str());
                }
            }
        }
        let listed = config.get("custom_providers").map(|node| &node.value);
        if let Some(Value::Dict(_) | Value::Recursive) = listed {
            return Ok(names.in_order());
        }
        for node in &self.compatible_custom_providers(Some(&config))? {
            for name in ["name", "provider_key"] {
                names.extend(node.get(name).and_then(|node| node.value.as_str()).map(custom_name));
            }
        }
        Ok(names.in_order())
    }

    /// The block of the `providers` mapping, if `wanted` names it and it has an endpoint.
    fn block_named(&self, entry: &Entry, wanted: &str) -> Outcome<Option<CustomProvider>> {
        let Value::Dict(block) = &entry.value.value else { return Ok(None) };
        if !self.is_enabled(block) {
            return Ok(None);
        }
        let name = custom_name_of(&entry.key)?;
        let key_env = said(block, "key_env")?;
        if self.facts.standing() == Standing::Read {
            for name in ["api_key_env", "key_cmd"] {
                if block.get(name).is_some_and(|node| node.value.is_true()) {
                    return Err(Stop::not_modelled(format!("`{name}` of a custom provider")));
                }
            }
        }
        let inline = said(block, "api_key")?;
        let key_name = entry.key.value.as_str().unwrap_or("");
        let is_key = wanted == key_name || is_name(wanted, &name);
        let shown = block.get("name");
        let is_shown = match shown.filter(|node| node.value.is_true()) {
            Some(node) if !is_key => {
                let display = custom_name_of(node)?;
                node.value.as_str() == Some(wanted) || is_name(wanted, &display)
            }
            _ => false,
        };
        let base_url = ["api", "url", "base_url"]
            .iter()
            .find_map(|name| block.get(name).filter(|node| node.value.is_true()));
        let Some(base_url) = base_url.filter(|_| is_key || is_shown) else {
            // A block that is named by its key but has no endpoint may still be named by its `name`, which
            // then has none either; only what `name` raises matters.
            if is_key && let Some(node) = shown.filter(|node| node.value.is_true()) {
                custom_name_of(node)?;
            }
            return Ok(None);
        };
        let base_url = strip(node_str_or_empty(Some(base_url), "strip")?).to_owned();
        let path = format!("providers.{key_name}.api_key");
        let place = block.get("api_key").and_then(|node| node.place);
        let inline = (!inline.is_empty()).then(|| Candidate::config(path, &inline, place));
        let named = self.variable(&key_env).filter(|variable| !strip(variable.key.expose()).is_empty());
        let (api_key, beaten_key) = if named.is_some() { (named, inline) } else { (inline, None) };
        let mode = block.get("api_mode").filter(|node| node.value.is_true());
        let mode = mode.or_else(|| block.get("transport"));
        Ok(Some(CustomProvider {
            name: shown.unwrap_or(&entry.key).clone(),
            slug: strip(key_name).to_owned(),
            base_url,
            api_key,
            beaten_key,
            key_env: String::new(),
            model: block.get("default_model").map_or_else(|| Value::str(""), |node| node.value.clone()),
            api_mode: mode.and_then(|node| parse_api_mode(&node.value)),
        }))
    }

    /// The entry of the compatible list, if `wanted` names it.
    fn listed_named(&self, node: &Node, wanted: &str) -> Outcome<Option<CustomProvider>> {
        let Value::Dict(entry) = &node.value else { return Ok(None) };
        let text = |name: &str| entry.get(name).and_then(|node| node.value.as_str());
        let (Some(name), Some(base_url)) = (text("name"), text("base_url")) else { return Ok(None) };
        let provider_key = said(entry, "provider_key")?;
        let is_wanted = is_name(wanted, &custom_name(name))
            || (!provider_key.is_empty() && is_name(wanted, &custom_name(&provider_key)));
        if !is_wanted {
            return Ok(None);
        }
        let inline = said(entry, "api_key")?;
        let path = match provider_key.is_empty() {
            true => format!("custom_providers.{}.api_key", strip(name)),
            false => format!("providers.{provider_key}.api_key"),
        };
        let place: Option<Place> = entry.get("api_key").and_then(|node| node.place);
        let api_key = (!inline.is_empty()).then(|| Candidate::config(path, &inline, place));
        Ok(Some(CustomProvider {
            name: Value::str(strip(name)).into(),
            slug: provider_key,
            base_url: strip(base_url).to_owned(),
            api_key,
            beaten_key: None,
            key_env: said(entry, "key_env")?,
            model: Value::str(said(entry, "model")?),
            api_mode: entry.get("api_mode").and_then(|node| parse_api_mode(&node.value)),
        }))
    }
}

/// Whether `wanted` is `name` or `custom:name`.
fn is_name(wanted: &str, name: &str) -> bool {
    wanted == name || wanted.strip_prefix("custom:") == Some(name)
}

/// `str(block.get(name, "") or "").strip()`.
fn said(block: &Dict, name: &str) -> Outcome<String> {
    let text = block.get(name).map_or_else(|| Ok(String::new()), |node| text_or_empty(&node.value))?;
    Ok(strip(&text).to_owned())
}
