//! From the data of a release to its [`Facts`].

use std::cell::Cell;

use super::behaviour::Behaviour;
use super::commands::Commands;
use super::{ConfigKeys, EnvFacts, ErrorFacts, Facts, Overlay, PoolFacts, Profile, Provider, ZaiEndpoint};
use crate::base::collections::{TextMap, TextSet};
use crate::base::sources::SourceKind;
use crate::json;
use crate::python::{Dict, Entry, Int, Node, Value};

/// Reads the data of one release, to be kept for the rest of the program; `None` where it has not the expected form.
pub(super) fn facts(data: &str) -> Option<&'static Facts> {
    let root = json::load(data, SourceKind::Config).ok()?.root;
    let sound = Cell::new(true);
    let all = Table { node: &root, sound: &sound };
    let config_keys = all.table("config_keys");
    let release = all.text("release");
    let facts = Box::leak(Box::new(Facts {
        behaviour: Behaviour::of(&release)?,
        release,
        config_version: all.int("config_version"),
        providers: providers(&all),
        aliases: all.text_map("aliases"),
        model_aliases: all.text_map("model_aliases"),
        catalog_aliases: all.text_map("catalog_aliases"),
        auxiliary_aliases: all.text_map("auxiliary_aliases"),
        auxiliary_providers: all.set("auxiliary_providers"),
        profiles: profiles(&all),
        overlays: overlays(&all),
        transport_api_modes: all.text_map("transport_api_modes"),
        api_modes: all.set("api_modes"),
        oauth_capable_providers: all.set("oauth_capable_providers"),
        placeholder_secrets: all.set("placeholder_secrets"),
        shortest_secret: all.checked(usize::try_from(all.int("shortest_secret")).ok()),
        urls: all.text_map("urls"),
        zai_endpoints: zai_endpoints(&all),
        lmstudio_placeholder: all.text("lmstudio_placeholder"),
        pool: pool(&all.table("pool")),
        errors: errors(&all.table("errors")),
        env: env(&all.table("env")),
        root_keys: config_keys.set("roots"),
        config_keys: known_keys(&config_keys),
        commands: Commands::new(all.text_map("commands")),
        bedrock_regions: all.texts("bedrock_regions"),
        defaults: without_places(all.node("defaults")),
    }));
    sound.get().then_some(facts)
}

fn providers(all: &Table<'_>) -> TextMap<Provider> {
    let mut providers = TextMap::new();
    for row in all.rows("providers") {
        let provider = Provider {
            id: row.text("id"),
            name: row.text("name"),
            auth_type: row.text("auth_type"),
            portal_base_url: row.text("portal_base_url"),
            inference_base_url: row.text("inference_base_url"),
            api_key_env_vars: row.texts("api_key_env_vars"),
            base_url_env_var: row.text("base_url_env_var"),
        };
        providers.insert(&row.text("key"), provider);
    }
    providers
}

fn profiles(all: &Table<'_>) -> TextMap<Profile> {
    let mut profiles = TextMap::new();
    for (id, row) in all.entries("profiles") {
        let profile = Profile {
            aliases: row.texts("aliases"),
            api_mode: row.text("api_mode"),
            auth_type: row.text("auth_type"),
            base_url: row.text("base_url"),
            display_name: row.text("display_name"),
            env_vars: row.texts("env_vars"),
        };
        profiles.insert(id, profile);
    }
    profiles
}

fn overlays(all: &Table<'_>) -> TextMap<Overlay> {
    let mut overlays = TextMap::new();
    for (id, row) in all.entries("overlays") {
        let overlay = Overlay {
            auth_type: row.text("auth_type"),
            base_url_env_var: row.text("base_url_env_var"),
            base_url_override: row.text("base_url_override"),
            extra_env_vars: row.texts("extra_env_vars"),
            is_aggregator: matches!(row.node("is_aggregator").value, Value::Bool(true)),
            transport: row.text("transport"),
        };
        overlays.insert(id, overlay);
    }
    overlays
}

fn zai_endpoints(all: &Table<'_>) -> Vec<ZaiEndpoint> {
    let mut endpoints = Vec::new();
    for row in all.rows("zai_endpoints") {
        endpoints.push(ZaiEndpoint {
            id: row.text("id"),
            base_url: row.text("base_url"),
            probe_models: row.texts("probe_models"),
            label: row.text("label"),
        });
    }
    endpoints
}

fn pool(table: &Table<'_>) -> PoolFacts {
    PoolFacts {
        custom_prefix: table.text("custom_prefix"),
        dead_manual_prune_seconds: table.optional_number("dead_manual_prune_seconds"),
        exhausted_401_seconds: table.number("exhausted_401_seconds"),
        exhausted_429_seconds: table.number("exhausted_429_seconds"),
        exhausted_default_seconds: table.number("exhausted_default_seconds"),
        extra_keys: table.set("extra_keys"),
        lease_limit: table.int("lease_limit"),
        no_entries_log_seconds: table.number("no_entries_log_seconds"),
        strategies: table.set("strategies"),
        xai_refresh_seconds: table.number("xai_refresh_seconds"),
        terminal_auth_reasons: table.set("terminal_auth_reasons"),
    }
}

fn errors(table: &Table<'_>) -> ErrorFacts {
    let mut phrases = TextMap::new();
    let tables = table.table("phrases");
    for (name, _) in table.entries("phrases") {
        phrases.insert(name, tables.texts(name));
    }
    ErrorFacts { billing_codes: table.set("billing_codes"), phrases, reasons: table.set("reasons") }
}

fn env(table: &Table<'_>) -> EnvFacts {
    EnvFacts {
        config_set: table.set("config_set"),
        credential_suffixes: table.texts("credential_suffixes"),
        extra: table.set("extra"),
        in_code: table.set("in_code"),
        optional: table.set("optional"),
    }
}

fn known_keys(table: &Table<'_>) -> ConfigKeys {
    ConfigKeys {
        custom_provider_aliases: table.text_map("custom_provider_aliases"),
        custom_provider_keys: table.set("custom_provider_keys"),
        custom_provider_like: table.set("custom_provider_like"),
        dynamic: table.set("dynamic"),
        extra_roots: table.set("extra_roots"),
        in_code: table.set("in_code"),
        lookalikes: table.set("lookalikes"),
        open: table.set("open"),
        platform_containers: table.set("platform_containers"),
        schema_defined: table.set("schema_defined"),
    }
}

const NOTHING: &Node = &Node { value: Value::None, place: None };

/// A mapping of the data. What it lacks is read as empty, and makes the whole unsound: so no reading has to be
/// given up half way.
pub(super) struct Table<'n> {
    pub(super) node: &'n Node,
    pub(super) sound: &'n Cell<bool>,
}

impl<'n> Table<'n> {
    /// `found`, or what is empty and makes the whole unsound.
    fn checked<T: Default>(&self, found: Option<T>) -> T {
        if found.is_none() {
            self.sound.set(false);
        }
        found.unwrap_or_default()
    }

    #[inline(never)]
    fn node(&self, name: &str) -> &'n Node {
        self.node.get(name).unwrap_or_else(|| {
            self.sound.set(false);
            NOTHING
        })
    }

    fn table(&self, name: &str) -> Self {
        self.below(self.node(name))
    }

    fn below(&self, node: &'n Node) -> Self {
        Self { node, sound: self.sound }
    }

    #[inline(never)]
    pub(super) fn text(&self, name: &str) -> String {
        self.checked(self.node(name).value.as_str()).to_owned()
    }

    fn int(&self, name: &str) -> i64 {
        self.checked(match self.node(name).value {
            Value::Int(Int::Small(value)) => Some(value),
            _ => None,
        })
    }

    fn number(&self, name: &str) -> f64 {
        self.checked(self.optional_number(name))
    }

    #[inline(never)]
    fn optional_number(&self, name: &str) -> Option<f64> {
        match self.node(name).value {
            Value::Float(value) => Some(value),
            Value::Int(Int::Small(value)) => i32::try_from(value).ok().map(f64::from),
            _ => None,
        }
    }

    #[inline(never)]
    fn items(&self, name: &str) -> &'n [Node] {
        self.checked(self.node(name).value.as_list())
    }

    pub(super) fn rows(&self, name: &str) -> impl Iterator<Item = Self> {
        self.items(name).iter().map(|row| self.below(row))
    }

    #[inline(never)]
    fn set(&self, name: &str) -> TextSet {
        let mut set = TextSet::new();
        for item in self.items(name) {
            set.insert(self.checked(item.value.as_str()));
        }
        set
    }

    #[inline(never)]
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for item in self.items(name) {
            texts.push(self.checked(item.value.as_str()).to_owned());
        }
        texts
    }

    /// The keys and what stands under them.
    fn entries(&self, name: &str) -> Vec<(&'n str, Self)> {
        let mut entries = Vec::new();
        match self.node(name).value.as_dict() {
            Some(dict) => {
                for entry in dict.iter() {
                    entries.push((self.checked(entry.key.value.as_str()), self.below(&entry.value)));
                }
            }
            None => self.sound.set(false),
        }
        entries
    }

    #[inline(never)]
    fn text_map(&self, name: &str) -> TextMap<String> {
        let mut map = TextMap::new();
        for (key, value) in self.entries(name) {
            map.insert(key, self.checked(value.node.value.as_str()).to_owned());
        }
        map
    }
}

/// The same value, written nowhere. The data is our own and no deeper than the reader allows.
fn without_places(node: &Node) -> Node {
    Node::made(match &node.value {
        Value::List(items) => Value::list(items.iter().map(without_places).collect()),
        Value::Dict(dict) => {
            let mut made = Dict::new();
            for entry in dict.iter() {
                let key = without_places(&entry.key);
                let _ = made.insert(Entry { key, value: without_places(&entry.value), place: None });
            }
            Value::dict(made)
        }
        other => other.clone(),
    })
}
