//! What belongs under what in config.yaml: the defaults of the release, and the sections that they leave empty.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::facts::Facts;
use crate::python::{Node, Value};
use crate::text::SourceKind;
use crate::yaml;

/// Sections that the defaults don't spell out, by an example of each. `*` stands for names that users choose,
/// `<provider>` for ids of providers, `~` for anything. The keys are those that Hermes reads there: `model` in
/// `runtime_provider.py` and `config.py`, the lists of endpoints in `get_compatible_custom_providers`, the fallback
/// entries in `fallback_config.py`, `mcp_servers` in `tools/mcp_tool.py`. `credential_pool` and the two after it are
/// no keys of Hermes, but of what people paste.
const SECTIONS: &str = r#"
model: {default: "", provider: "", base_url: "", api_key: "", api_mode: "", context_length: 0, max_tokens: 0, model: "",
  name: "", api: "", api_base: "", api_version: "", key_env: "", api_key_env: "", auth_mode: "", openai_runtime: "",
  timeout_seconds: 0, stale_timeout_seconds: 0, supports_vision: false, persist_switch_by_default: false,
  ollama_num_ctx: 0, extra_body: ~, extra_headers: {"*": ""}, default_headers: {"*": ""}}
credential_pool: {"<provider>": [&row {provider: "", api_key: "", access_token: "", key: "", label: "", id: "", source: "",
  priority: 0, base_url: "", auth_type: "", key_env: "", model: ""}]}
credential_pools: {"<provider>": [*row]}
api_keys: {"<provider>": ""}
credential_pool_strategies: {"<provider>": ""}
fallback_providers: [&fallback {provider: "", model: "", base_url: "", api_key: "", key_env: "", api_key_env: "",
  api_mode: "", name: "", context_length: 0, extra_body: ~}]
fallback_model: *fallback
providers: {"*": &endpoint {name: "", base_url: "", api: "", url: "", api_key: "", key_env: "", api_key_env: "", api_mode: "",
  transport: "", model: "", default_model: "", models: ~, context_length: 0, rate_limit_delay: 0, discover_models: false,
  provider: "", enabled: true, request_timeout_seconds: 0, stale_timeout_seconds: 0, ssl_verify: true, ssl_ca_cert: "",
  extra_body: ~, extra_headers: {"*": ""}}}
custom_providers: [*endpoint]
toolsets: [""]
platform_toolsets: {"*": [""]}
mcp_servers: {"*": {command: "", args: [""], env: {"*": ""}, url: "", headers: {"*": ""}, timeout: 0, connect_timeout: 0,
  enabled: true, transport: "", auth: "", oauth: ~, tools: {include: [""], exclude: [""], resources: true, prompts: true},
  sampling: ~, elicitation: ~, ssl_verify: true, client_cert: "", client_key: "", log_level: "", lifecycle: "",
  keepalive_interval: 0, skip_preflight: false, supports_parallel_tool_calls: false}}
personalities: {"*": ""}
platforms: {"*": {enabled: true, token: "", api_key: "", home_channel: ~, reply_to_mode: "", extra: ~}}
provider: ""
base_url: ""
context_length: 0
max_turns: 0
"#;

/// What may stand at a place.
pub(super) enum Shape {
    /// One value.
    Scalar,
    /// Anything: it is not known here.
    Any,
    /// Keys.
    Map(Map),
    /// Items of one shape.
    List(Box<Shape>),
}

/// The keys of a mapping.
#[derive(Default)]
pub(super) struct Map {
    keys: IndexMap<String, Shape>,
    /// The shape under names that users choose.
    named: Option<Box<Shape>>,
    /// The shape under ids of providers.
    providers: Option<Box<Shape>>,
}

impl Map {
    /// Whether users choose names here.
    pub(super) fn is_open(&self) -> bool {
        self.named.is_some() || self.providers.is_some()
    }
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing behind the colon: what comes below is the value.
    Empty,
    /// A scalar on the line.
    Scalar,
    /// `{…}` on the line.
    Map,
    /// `[…]` on the line.
    List,
}

/// How well something belongs to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Nothing is known of this place.
    Open,
    /// The name is known here, but not with a value of this form.
    Loose,
    /// Users choose the names here, and the form is right.
    Named,
    /// The name is known here, and the form is right.
    Known,
}

impl Shape {
    fn of(node: &Node) -> Self {
        match &node.value {
            Value::None => Self::Any,
            Value::Dict(dict) => {
                let mut map = Map::default();
                for entry in dict.iter() {
                    match entry.key.value.as_str() {
                        Some("*") => map.named = Some(Box::new(Self::of(&entry.value))),
                        Some("<provider>") => map.providers = Some(Box::new(Self::of(&entry.value))),
                        Some(name) => {
                            let _ = map.keys.insert(name.to_owned(), Self::of(&entry.value));
                        }
                        None => {}
                    }
                }
                if dict.is_empty() {
                    map.named = Some(Box::new(Self::Any));
                }
                Self::Map(map)
            }
            Value::List(items) => Self::List(Box::new(items.first().map_or(Self::Scalar, Self::of))),
            _ => Self::Scalar,
        }
    }

    /// Whether a value of this form belongs here.
    fn takes(&self, form: Form) -> bool {
        match (self, form) {
            (Self::Any, _)
            | (Self::Scalar, Form::Scalar)
            | (Self::Map(_), Form::Empty | Form::Map)
            | (Self::List(_), Form::Empty | Form::List) => true,
            (Self::Scalar | Self::Map(_) | Self::List(_), _) => false,
        }
    }

    /// The keys, where this is a mapping.
    pub(super) fn map(&self) -> Option<&Map> {
        if let Self::Map(map) = self { Some(map) } else { None }
    }

    /// The shape of the items, where this is a list.
    pub(super) fn items(&self) -> Option<&Shape> {
        if let Self::List(items) = self { Some(items) } else { None }
    }
}

/// The shapes of a release.
pub(super) struct Shapes {
    root: Shape,
    facts: &'static Facts,
    /// Names that stand as a key anywhere.
    names: BTreeSet<String>,
}

impl Shapes {
    /// The shapes that the facts and the table give.
    pub(super) fn of(facts: &'static Facts) -> Self {
        let mut root = match Shape::of(&facts.defaults) {
            Shape::Map(map) => map,
            _ => Map::default(),
        };
        // The table is a text of ours: that it parses is tested.
        if let Ok(sections) = yaml::load(SECTIONS, SourceKind::Config).root
            && let Shape::Map(sections) = Shape::of(&sections)
        {
            root.keys.extend(sections.keys);
        }
        for name in facts.root_keys.iter() {
            let _ = root.keys.entry(name.to_owned()).or_insert(Shape::Any);
        }
        for name in facts.config_keys.schema_defined.iter() {
            let _ = root.keys.entry(name.to_owned()).or_insert(Shape::Any);
        }
        let root = Shape::Map(root);
        let mut names = BTreeSet::new();
        collect_names(&root, &mut names);
        Self { root, facts, names }
    }

    /// The shape of the whole file.
    pub(super) fn root(&self) -> &Shape {
        &self.root
    }

    /// Whether `name` stands at the root of a Hermes config.
    pub(super) fn is_root(&self, name: &str) -> bool {
        self.root.map().is_some_and(|map| map.keys.contains_key(name))
    }

    /// Whether `name` is a key anywhere in a Hermes config.
    pub(super) fn is_key(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The shape under the key `name` of `shape`.
    pub(super) fn under<'s>(&'s self, shape: &'s Shape, name: &str) -> &'s Shape {
        let Shape::Map(map) = shape else { return &Shape::Any };
        let named = || map.named.as_deref().or(map.providers.as_deref());
        map.keys.get(name).or_else(named).unwrap_or(&Shape::Any)
    }

    /// How well the key `name` with a value of `form` belongs into `shape`; `None` where it does not.
    pub(super) fn fit(&self, shape: &Shape, name: &str, form: Form) -> Option<Fit> {
        let map = match shape {
            Shape::Any => return Some(Fit::Open),
            Shape::Map(map) => map,
            Shape::Scalar | Shape::List(_) => return None,
        };
        if let Some(own) = map.keys.get(name) {
            return Some(if own.takes(form) { Fit::Known } else { Fit::Loose });
        }
        if let Some(under) = &map.providers {
            let known = self.is_provider(name);
            return under.takes(form).then_some(if known { Fit::Known } else { Fit::Named });
        }
        map.named.as_ref().filter(|under| under.takes(form)).map(|_| Fit::Named)
    }

    fn is_provider(&self, name: &str) -> bool {
        self.facts.providers.contains_key(name)
            || self.facts.aliases.contains_key(name)
            || name.starts_with(self.facts.pool.custom_prefix.as_str())
    }
}

fn collect_names(shape: &Shape, names: &mut BTreeSet<String>) {
    match shape {
        Shape::Map(map) => {
            for (name, under) in &map.keys {
                names.insert(name.clone());
                collect_names(under, names);
            }
            for under in [&map.named, &map.providers].into_iter().flatten() {
                collect_names(under, names);
            }
        }
        Shape::List(items) => collect_names(items, names),
        Shape::Scalar | Shape::Any => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_the_facts_fill_the_rest() {
        let shapes = Shapes::of(Facts::newest().unwrap());
        let fit = |path: &[&str], name, form| {
            let shape = path.iter().fold(shapes.root(), |shape, name| shapes.under(shape, name));
            shapes.fit(shape, name, form)
        };
        assert_eq!(fit(&["model"], "default", Form::Scalar), Some(Fit::Known));
        assert_eq!(fit(&["model"], "providers", Form::Map), None);
        assert_eq!(fit(&["credential_pool"], "google", Form::Empty), Some(Fit::Known));
        assert_eq!(fit(&["credential_pool_strategies"], "mine", Form::Scalar), Some(Fit::Named));
        assert_eq!(fit(&["credential_pool_strategies"], "gemini", Form::Empty), None);
        assert_eq!(fit(&["agent"], "max_turns", Form::Scalar), Some(Fit::Known));
        assert_eq!(fit(&[], "agent", Form::Scalar), Some(Fit::Loose));
        let pool = shapes.under(shapes.root(), "fallback_providers").items().unwrap();
        assert_eq!(shapes.fit(pool, "model", Form::Scalar), Some(Fit::Known));
        assert!(shapes.is_root("toolsets") && !shapes.is_root("default") && shapes.is_key("default"));
    }
}
