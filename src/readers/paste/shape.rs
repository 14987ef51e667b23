//! What belongs under what in config.yaml: the defaults of the release, and the sections that they leave empty.

use crate::base::collections::TextSet;
use crate::base::sources::SourceKind;
use crate::facts::Facts;
use crate::python::{Dict, Node, Value, closest, lower};
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

/// Root keys that are known because Hermes still moves them to where they belong, and the section that this is.
pub(super) const MOVED: [(&str, &str); 4] =
    [("provider", "model"), ("base_url", "model"), ("context_length", "model"), ("max_turns", "agent")];

/// The section that Hermes moves the root key `name` to.
pub(in crate::readers) fn moved_to(name: &str) -> Option<&'static str> {
    MOVED.iter().find(|(moved, _)| *moved == name).map(|(_, section)| *section)
}

/// What people call the section `model`.
pub const CALLED_MODEL: [&str; 14] = [
    "llm",
    "llms",
    "models",
    "ai",
    "ai_model",
    "model_config",
    "model_settings",
    "default_model",
    "main_model",
    "primary_model",
    "language_model",
    "chat_model",
    "inference",
    "provider_config",
];

/// How close the name of a section has to be to the one that is meant.
const CUTOFF: f64 = 0.75;

/// What may stand at a place, by an example of it.
#[derive(Clone, Copy)]
pub(super) enum Shape<'s> {
    /// One value.
    Scalar,
    /// Anything: it is not known here.
    Any,
    /// Keys.
    Map(&'s Dict),
    /// Items of the shape of the first one.
    List(&'s [Node]),
}

/// In an example: names that users choose, and ids of providers.
const NAMED: &str = "*";
const PROVIDERS: &str = "<provider>";

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

impl<'s> Shape<'s> {
    fn of(example: &'s Node) -> Self {
        match &example.value {
            Value::None => Self::Any,
            Value::Dict(dict) => Self::Map(dict),
            Value::List(items) => Self::List(items),
            _ => Self::Scalar,
        }
    }

    /// Whether a value of this form belongs here.
    fn takes(self, form: Form) -> bool {
        match (self, form) {
            (Self::Any, _)
            | (Self::Scalar, Form::Scalar)
            | (Self::Map(_), Form::Empty | Form::Map)
            | (Self::List(_), Form::Empty | Form::List) => true,
            (Self::Scalar | Self::Map(_) | Self::List(_), _) => false,
        }
    }

    /// The shape under the key `name`, where it is known.
    fn own(self, name: &str) -> Option<Self> {
        match self {
            Self::Map(dict) if name != NAMED && name != PROVIDERS => dict.get(name).map(Self::of),
            _ => None,
        }
    }

    /// The shape under names that users choose.
    fn named(self) -> Option<Self> {
        match self {
            Self::Map(dict) if dict.is_empty() => Some(Self::Any),
            Self::Map(dict) => dict.get(NAMED).map(Self::of),
            _ => None,
        }
    }

    /// The shape under ids of providers.
    fn providers(self) -> Option<Self> {
        if let Self::Map(dict) = self { dict.get(PROVIDERS).map(Self::of) } else { None }
    }

    /// The shape under the key `name`.
    pub(super) fn under(self, name: &str) -> Self {
        self.own(name).or_else(|| self.named()).or_else(|| self.providers()).unwrap_or(Self::Any)
    }

    /// Whether this is a mapping in which users choose names.
    pub(super) fn is_open(self) -> bool {
        self.named().is_some() || self.providers().is_some()
    }

    /// The shape of the items, where this is a list.
    pub(super) fn items(self) -> Option<Self> {
        if let Self::List(items) = self { Some(items.first().map_or(Self::Scalar, Self::of)) } else { None }
    }
}

/// The shapes of a release.
pub(in crate::readers) struct Shapes {
    root: Dict,
    facts: &'static Facts,
    /// Names that stand as a key anywhere.
    names: TextSet,
}

impl Shapes {
    /// The shapes that the facts and the table give.
    pub(in crate::readers) fn of(facts: &'static Facts) -> Self {
        let mut root = facts.defaults.value.as_dict().cloned().unwrap_or_default();
        // The table is a text of ours: that it parses is tested.
        if let Ok(sections) = yaml::load(SECTIONS, SourceKind::Config).root
            && let Some(sections) = sections.value.as_dict()
        {
            for entry in sections.iter() {
                root.set(entry.key.value.as_str().unwrap_or(""), entry.value.clone());
            }
        }
        for name in facts.root_keys.iter().chain(facts.config_keys.schema_defined.iter()) {
            if !root.has(name) {
                root.set(name, Value::None);
            }
        }
        let mut names = TextSet::new();
        collect_names(Shape::Map(&root), &mut names);
        Self { root, facts, names }
    }

    /// The shape of the whole file.
    pub(super) fn root(&self) -> Shape<'_> {
        Shape::Map(&self.root)
    }

    /// Whether `name` stands at the root of a Hermes config.
    pub(in crate::readers) fn is_root(&self, name: &str) -> bool {
        self.root.has(name)
    }

    /// Whether `name` is a key anywhere in a Hermes config.
    pub(in crate::readers) fn is_key(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether a section `name`, which Hermes does not know, with the keys `names` is meant for one that it has: all keys are of
    /// that, and the name is nearly the same, or what people call it. A name that begins with a capital letter may be a
    /// heading over a list of words: there one of the keys has to be Hermes' own.
    pub(in crate::readers) fn is_meant(&self, name: &str, names: &[&str]) -> bool {
        let own_name = lower(name);
        let is_heading = own_name != name;
        let is_own = |name: &&str| name.contains('_') || *name == "default";
        if is_heading && !names.iter().any(is_own) {
            return false;
        }
        let has_all = |section: &str| {
            let Shape::Map(dict) = self.root().under(section) else { return false };
            names.iter().all(|name| dict.has(name))
        };
        if CALLED_MODEL.contains(&own_name.as_str()) && names.contains(&"provider") {
            return has_all("model");
        }
        let near: Vec<&str> = self
            .root
            .iter()
            .filter_map(|entry| entry.key.value.as_str())
            .filter(|section| has_all(section))
            .collect();
        closest(&own_name, &near, CUTOFF).is_some()
    }

    /// How well the key `name` with a value of `form` belongs into `shape`; `None` where it does not.
    pub(super) fn fit(&self, shape: Shape<'_>, name: &str, form: Form) -> Option<Fit> {
        if let Shape::Any = shape {
            return Some(Fit::Open);
        }
        if let Some(own) = shape.own(name) {
            return Some(if own.takes(form) { Fit::Known } else { Fit::Loose });
        }
        if let Some(under) = shape.providers() {
            let known = self.is_provider(name);
            return under.takes(form).then_some(if known { Fit::Known } else { Fit::Named });
        }
        shape.named().filter(|under| under.takes(form)).map(|_| Fit::Named)
    }

    fn is_provider(&self, name: &str) -> bool {
        self.facts.providers.contains_key(name)
            || self.facts.aliases.contains_key(name)
            || name.starts_with(self.facts.pool.custom_prefix.as_str())
    }
}

fn collect_names(shape: Shape<'_>, names: &mut TextSet) {
    match shape {
        Shape::Map(dict) => {
            for entry in dict.iter() {
                match entry.key.value.as_str() {
                    Some(NAMED | PROVIDERS) | None => {}
                    Some(name) => {
                        names.insert(name);
                    }
                }
                collect_names(Shape::of(&entry.value), names);
            }
        }
        Shape::List(items) => items.iter().take(1).for_each(|item| collect_names(Shape::of(item), names)),
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
            let shape = path.iter().fold(shapes.root(), |shape, name| shape.under(name));
            shapes.fit(shape, name, form)
        };
        assert_eq!(fit(&["model"], "default", Form::Scalar), Some(Fit::Known));
        assert_eq!(fit(&["model"], "providers", Form::Map), None);
        assert_eq!(fit(&["credential_pool"], "google", Form::Empty), Some(Fit::Known));
        assert_eq!(fit(&["credential_pool_strategies"], "mine", Form::Scalar), Some(Fit::Named));
        assert_eq!(fit(&["credential_pool_strategies"], "gemini", Form::Empty), None);
        assert_eq!(fit(&["agent"], "max_turns", Form::Scalar), Some(Fit::Known));
        assert_eq!(fit(&[], "agent", Form::Scalar), Some(Fit::Loose));
        let pool = shapes.root().under("fallback_providers").items().unwrap();
        assert_eq!(shapes.fit(pool, "model", Form::Scalar), Some(Fit::Known));
        assert!(shapes.is_root("toolsets") && !shapes.is_root("default") && shapes.is_key("default"));
    }
}
