//! The pools that a user wrote: those of auth.json, and those in config.yaml, where Hermes reads none.

use super::variables::{StandIn, stand_in};
use super::{Context, Findings, Rule};
use crate::base::collections::TextSet;
use crate::base::text::{Place, Search};
use crate::facts::Facts;
use crate::python::{Node, Value, lower, strip};
use crate::secret::is_key_variable;

/// A pool of auth.json: what stands under `credential_pool.<name>`.
pub(super) struct StoredPool<'a> {
    /// The name that it stands under.
    pub(super) name: &'a str,
    /// Where the name is written.
    pub(super) key: Place,
    /// What stands there; Hermes reads lists only.
    pub(super) value: &'a Node,
}

impl<'a> StoredPool<'a> {
    /// The rows, from number 1; none where the pool is no list.
    pub(super) fn rows(&self) -> &'a [Node] {
        self.value.items()
    }

    /// The rows that are objects.
    pub(super) fn entries(&self) -> Vec<Row<'a>> {
        let mut entries = Vec::new();
        for (at, node) in self.rows().iter().enumerate() {
            if node.value.as_dict().is_some() {
                entries.push(Row { pool: self.name, number: at + 1, node });
            }
        }
        entries
    }
}

/// A row of a pool that is an object.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    /// The name that its pool stands under.
    pub(super) pool: &'a str,
    /// Its number in the file, from 1.
    pub(super) number: usize,
    /// The whole row.
    pub(super) node: &'a Node,
}

impl<'a> Row<'a> {
    /// The field `name`, where it is there and not `null`.
    pub(super) fn field(&self, name: &str) -> Option<&'a Node> {
        self.node.get(name).filter(|node| !node.value.is_none())
    }

    /// The text of the field `name`; `""` where it is no text.
    pub(super) fn text(&self, name: &str) -> &'a str {
        self.node.text(name).unwrap_or("")
    }

    /// Where the field `name` is written, where it is there and not `null`.
    pub(super) fn field_place(&self, name: &str) -> Option<Place> {
        self.field(name)?.place
    }

    /// Where the row's label is written, else the row: it shows which row is meant.
    pub(super) fn place(&self) -> Option<Place> {
        self.node.get("label").and_then(|label| label.place).or(self.node.place)
    }

    /// Whether the key was added by hand: a row without a source counts as one.
    pub(super) fn is_manual(&self) -> bool {
        let source = match self.node.get("source").map(|node| &node.value) {
            None => return true,
            Some(Value::Str(source)) => lower(strip(source)),
            Some(_) => return false,
        };
        source == "manual" || source.starts_with("manual:")
    }

    /// The variable that the row's key comes from, of the source `env:NAME`.
    pub(super) fn variable(&self) -> Option<&'a str> {
        self.text("source").strip_prefix("env:")
    }

    /// Whether it holds an API key, and not the tokens of a login, which come and go in their own ways.
    pub(super) fn is_key(&self) -> bool {
        self.field("auth_type").is_none_or(|kind| kind.value.as_str() == Some("api_key"))
            && self.field("refresh_token").is_none()
    }
}

/// What a value of auth.json is, by the name of the part that says it.
pub(super) fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Dict(_) => "object",
        Value::List(_) => "list",
        Value::Str(_) => "text",
        Value::None => "nothing",
        Value::Bool(_) => "truth",
        _ => "number",
    }
}

/// Why a text is surely no key, though a pool takes it for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoKey {
    /// A key as listings and logs show it, its middle taken out.
    Masked,
    /// Words that stand for a key: `your_api_key_here`.
    Placeholder,
    /// The name of a variable, or a reference to one.
    Variable,
}

/// Whether a stored text is surely no key. Pools take any text that is not empty.
pub(super) fn no_key(facts: &Facts, text: &str) -> Option<NoKey> {
    let text = strip(text);
    let is_reference = text.starts_with('$') && text.len() > 1;
    match stand_in(facts, text) {
        Some(StandIn::Redacted) => Some(NoKey::Masked),
        Some(StandIn::Placeholder) => Some(NoKey::Placeholder),
        None if is_key_variable(text) || is_reference => Some(NoKey::Variable),
        None => None,
    }
}

/// A pool that is written in config.yaml.
pub(super) struct ConfigPool<'a> {
    /// The dotted path of the block.
    pub(super) path: String,
    /// Where the block's key is written.
    pub(super) key: Place,
    /// The rows, each with the name of the pool that it stands under, if any.
    pub(super) rows: Vec<(Option<&'a str>, &'a Node)>,
}

/// The names under which people write a pool.
const BLOCK_NAMES: [&str; 2] = ["credential_pool", "credential_pools"];
/// The names under which they write a list of keys: such a list is a pool too.
const LIST_NAMES: [&str; 4] = ["api_keys", "apikeys", "apiKeys", "keys"];
/// The names under which people write a key in a row.
pub(super) const KEY_NAMES: [&str; 6] = ["api_key", "apikey", "key", "token", "api_token", "access_token"];

impl Context<'_> {
    /// The pools of auth.json, in their order.
    pub(super) fn stored_pools(&self) -> Vec<StoredPool<'_>> {
        let mut pools = Vec::new();
        if let Some(node) = self.auth_root().and_then(|root| root.get("credential_pool")) {
            for entry in &node.entries() {
                if let (Some(name), Some(key)) = (entry.key.value.as_str(), entry.key.place) {
                    pools.push(StoredPool { name, key, value: &entry.value });
                }
            }
        }
        pools
    }

    /// The rows of all pools of auth.json that are objects.
    pub(super) fn stored_rows(&self) -> Vec<Row<'_>> {
        let mut rows = Vec::new();
        for pool in self.stored_pools() {
            rows.append(&mut pool.entries());
        }
        rows
    }

    /// The pools that are written in config.yaml: at its root, under `model`, under `providers` and one of its
    /// blocks, and in an entry of `custom_providers`. Empty ones are left out.
    pub(super) fn config_pools(&self) -> Vec<ConfigPool<'_>> {
        let mut found = Vec::new();
        let Some(root) = self.config_root() else { return found };
        look(root, "", None, &mut found);
        for name in ["model", "providers"] {
            if let Some(node) = root.get(name) {
                look(node, &[name, "."].concat(), None, &mut found);
            }
        }
        for entry in root.get("providers").map(Node::entries).unwrap_or_default() {
            if let Some(name) = entry.key.value.as_str() {
                look(&entry.value, &["providers.", name, "."].concat(), Some(name), &mut found);
            }
        }
        for (at, node) in root.get("custom_providers").map(Node::items).unwrap_or_default().iter().enumerate()
        {
            look(node, &format!("custom_providers[{at}]."), node.text("name"), &mut found);
        }
        found
    }

    /// Whether `provider` takes keys, and not logins only.
    pub(super) fn takes_keys(&self, provider: &str) -> bool {
        self.facts.providers.get(provider).is_none_or(|row| row.auth_type == "api_key")
    }

    /// The variables that `.env` and the process environment set to something.
    pub(super) fn variables(&self) -> TextSet {
        let mut set = TextSet::new();
        for found in &self.dotenv.python_dotenv {
            if found.value.as_ref().is_some_and(|value| !value.trim().is_empty()) {
                set.insert(&found.name);
            }
        }
        // Of one name the last assignment counts.
        let mut around = TextSet::new();
        for entry in self.environ.entries.iter().rev() {
            if around.insert(&entry.name) && entry.is_set() {
                set.insert(&entry.name);
            }
        }
        set
    }

    /// Whether all of the process environment is known, and not only a piece of it.
    pub(super) fn knows_environ(&self) -> bool {
        self.world.given.environ.is_given() && !self.environ.is_piece
    }

    /// Whether both `.env` and the process environment are known, so that what they do not set is not set.
    pub(super) fn knows_all_variables(&self) -> bool {
        self.world.given.dotenv.is_given() && self.knows_environ()
    }
}

impl Findings {
    /// Reports a finding of `rule` at `place`, which speaks of `row`.
    pub(super) fn report_row(&mut self, rule: &'static Rule, row: &Row<'_>, place: Place) -> &mut Self {
        self.report(rule, place).with("row", row.number).with("pool", row.pool)
    }
}

/// The names of providers and endpoints that have pools.
pub(super) struct PoolNames {
    facts: &'static Facts,
    /// The endpoints of config.yaml, as their pools are called.
    endpoints: TextSet,
}

impl PoolNames {
    /// Those of the user's own config.yaml, whose root is `config`.
    pub(super) fn of(facts: &'static Facts, config: Option<&Node>) -> Self {
        let section = |name: &str| config.and_then(|root| root.get(name));
        let mut endpoints = TextSet::new();
        for node in section("custom_providers").map(Node::items).unwrap_or_default() {
            if let Some(name) = node.text("name") {
                endpoints.insert(&endpoint_name(name));
            }
        }
        for entry in section("providers").map(Node::entries).unwrap_or_default() {
            if let Some(name) = entry.key.value.as_str() {
                endpoints.insert(&endpoint_name(name));
            }
        }
        Self { facts, endpoints }
    }

    /// Whether config.yaml has an endpoint of this name.
    pub(super) fn has_endpoint(&self, name: &str) -> bool {
        self.endpoints.contains(&endpoint_name(name))
    }

    /// The provider that `hermes auth add` takes for the pool that a user calls `name`: the canonical id of a
    /// built-in one, `custom:<name>` for an endpoint of config.yaml, `None` for a name that says nothing.
    pub(super) fn provider(&self, name: &str) -> Option<String> {
        let name = lower(strip(name));
        if let Some(id) = self.canonical(&name) {
            return Some(id.to_owned());
        }
        let plain = name.strip_prefix("custom:").unwrap_or(&name).replace(' ', "-");
        let copyable = |c: char| c.is_ascii_alphanumeric() || "-_.".has(c);
        (self.endpoints.contains(&plain) && plain.chars().all(copyable)).then(|| ["custom:", &plain].concat())
    }

    /// The canonical id of a built-in provider that has a pool: of its id or one of its aliases, in lower case.
    pub(super) fn canonical(&self, name: &str) -> Option<&'static str> {
        let target = self.facts.aliases.get(name).map_or(name, String::as_str);
        if target == "openrouter" {
            return Some("openrouter");
        }
        self.facts.providers.get(target).map(|row| row.id.as_str())
    }
}

/// Finds the pools right below `node`, which belongs to the provider `owner`, if any.
fn look<'a>(node: &'a Node, path: &str, owner: Option<&'a str>, found: &mut Vec<ConfigPool<'a>>) {
    let Some(dict) = node.value.as_dict() else { return };
    for name in BLOCK_NAMES.into_iter().chain(LIST_NAMES) {
        let Some((key, value)) = dict.entry(name).and_then(|entry| Some((entry.key.place?, &entry.value)))
        else {
            continue;
        };
        if LIST_NAMES.contains(&name) && !lists_keys(value) {
            continue;
        }
        let mut rows = Vec::new();
        match (&value.value, owner) {
            (Value::Dict(pools), None) => {
                for pool in pools.iter() {
                    let name = pool.key.value.as_str();
                    match &pool.value.value {
                        Value::List(items) => rows.extend(items.iter().map(|row| (name, row))),
                        Value::None => {}
                        _ => rows.push((name, &pool.value)),
                    }
                }
            }
            (Value::List(items), _) => {
                rows.extend(items.iter().map(|row| (owner.or_else(|| row.text("provider")), row)));
            }
            (Value::Dict(_) | Value::Str(_), _) => rows.push((owner, value)),
            _ => {}
        }
        if !rows.is_empty() {
            found.push(ConfigPool { path: [path, name].concat(), key, rows });
        }
    }
}

/// Whether a value is a list of texts, or has one under a name.
fn lists_keys(value: &Node) -> bool {
    let is_list = |node: &Node| node.items().iter().any(|item| item.value.as_str().is_some());
    is_list(value) || value.entries().iter().any(|entry| is_list(&entry.value))
}

/// The command that adds a key to the pool of `provider`; Hermes asks for the key.
pub(super) fn add_command(provider: &str) -> String {
    ["hermes auth add ", provider, " --type api-key"].concat()
}

/// The name of an endpoint, as its pool is called.
pub(super) fn endpoint_name(name: &str) -> String {
    lower(strip(name)).replace(' ', "-")
}

/// The text that a row of config.yaml holds where a key is meant.
pub(super) fn key_of_row(row: &Node) -> Option<&Node> {
    if row.value.as_str().is_some() {
        return Some(row);
    }
    KEY_NAMES.iter().filter_map(|name| row.get(name)).find(|node| node.value.as_str().is_some())
}
