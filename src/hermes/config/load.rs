//! `_load_config_impl`, `load_config` and `load_config_readonly`.

use std::rc::Rc;

use super::expand::{EnvReference, Expansion};
use super::merge::deep_merge;
use super::normalize::{fold_max_turns, normalize_agent, normalize_root_model_keys};
use super::value_at;
use crate::base::sources::SourceKind;
use crate::base::text::Place;
use crate::facts::Facts;
use crate::facts::behaviour::Behaviour;
use crate::hermes::{Outcome, Process, Stop};
use crate::python::{Dict, Node, Value};
use crate::yaml::{self, DuplicateKey, SafeLoad, YamlError};

/// Why Hermes sets the whole of config.yaml aside and goes on with its defaults.
#[derive(Clone, Debug)]
pub enum ConfigFailure {
    /// The file is not UTF-8.
    Encoding,
    /// The text is no YAML that Hermes reads.
    Yaml(YamlError),
    /// The root is no mapping: the type that it has.
    RootType(&'static str),
    /// `max_turns` stands at the root and `agent` is something that it cannot be put into.
    AgentType {
        /// The type of `agent`.
        type_name: &'static str,
        /// Where it is.
        place: Option<Place>,
    },
}

/// What became of config.yaml itself, before anything is merged.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// What the text says, as it is written; `None` where there is no file or the text is no YAML.
    pub parsed: Option<Node>,
    /// Keys that are written twice in one mapping: the last one counts.
    pub duplicates: Vec<DuplicateKey>,
    /// Why everything in it is ignored, where that is so.
    pub failure: Option<ConfigFailure>,
    /// The user's mapping as it is merged over the defaults; empty where everything is ignored.
    merged: Dict,
    /// Whether the release reads it otherwise, in a way that is not modelled.
    is_unknown: bool,
}

/// What the process keeps of config.yaml between two loads.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConfigState {
    file: Option<Rc<ConfigFile>>,
    /// The merged and normalised config before expansion, or what raised.
    normalized: Option<Outcome<Node>>,
    cached: Option<Cached>,
}

/// An entry of `_LOAD_CONFIG_CACHE`.
#[derive(Clone, Debug)]
struct Cached {
    value: Node,
    references: Rc<Vec<EnvReference>>,
}

impl ConfigFile {
    fn absent() -> Self {
        Self { parsed: None, duplicates: Vec::new(), failure: None, merged: Dict::new(), is_unknown: false }
    }

    fn read(text: &str, behaviour: &Behaviour) -> Self {
        let read = if behaviour.reads_yaml_with_ruamel { yaml::load_ruamel } else { yaml::load };
        let mut loaded = read(text, SourceKind::Config);
        let mut is_unknown = loaded.is_unknown;
        if !behaviour.reads_yaml_with_libyaml {
            match yaml::safe_load(text, &loaded) {
                SafeLoad::Same => {}
                SafeLoad::Refused(error) => loaded.root = Err(error),
                SafeLoad::Unknown => is_unknown = true,
            }
        }
        let mut file = Self { duplicates: loaded.duplicates, is_unknown, ..Self::absent() };
        let root = match loaded.root {
            Ok(root) => root,
            Err(error) => {
                file.failure = Some(ConfigFailure::Yaml(error));
                return file;
            }
        };
        match &root.value {
            // `fast_safe_load(f) or {}`
            value if !value.is_true() => {}
            Value::Dict(user) => match fold_max_turns(user) {
                Ok(user) => file.merged = user,
                Err(failure) => file.failure = Some(failure),
            },
            other => file.failure = Some(ConfigFailure::RootType(other.type_name())),
        }
        file.parsed = Some(root);
        file
    }
}

impl Process<'_> {
    /// config.yaml itself: whether it parses, what it says before the merge, and why it is ignored where it is.
    pub fn config_file(&mut self) -> Rc<ConfigFile> {
        let world = self.world;
        let file = self.config.file.get_or_insert_with(|| {
            Rc::new(match world.given.config.text() {
                Some(_) if world.is_undecodable(SourceKind::Config) => {
                    ConfigFile { failure: Some(ConfigFailure::Encoding), ..ConfigFile::absent() }
                }
                Some(text) => ConfigFile::read(text, &self.facts.behaviour),
                None => ConfigFile::absent(),
            })
        });
        file.clone()
    }

    /// `load_config()`: the user's config over the defaults, normalised and expanded. Every value that the
    /// user wrote keeps its place. A file that cannot be read leaves the defaults.
    ///
    /// # Errors
    /// What the real function raises behind the parser: `agent: 5` is a `TypeError`, a container inside itself a
    /// `RecursionError`, whose exact words depend on who calls.
    pub fn load_config(&mut self) -> Outcome<Node> {
        self.load_config_readonly()
    }

    /// `load_config_readonly()`: as [`Process::load_config`]. Of a mapping that the program changes in place, see
    /// [`Process::readonly_custom_providers`].
    ///
    /// # Errors
    /// As [`Process::load_config`].
    pub fn load_config_readonly(&mut self) -> Outcome<Node> {
        self.loaded().map(|cached| cached.value)
    }

    /// `_expand_env_vars(value)` over the environment as it is.
    ///
    /// # Errors
    /// `RecursionError` for a container inside itself.
    pub(in crate::hermes) fn expand_env_vars(&self, value: &Node) -> Outcome<Node> {
        Expansion::over(&self.environ, &self.facts.behaviour).expand(value)
    }

    /// The `${VAR}` in the loaded config, in its order, each with the variable's value or without one.
    ///
    /// # Errors
    /// As [`Process::load_config`].
    pub fn config_references(&mut self) -> Outcome<Rc<Vec<EnvReference>>> {
        self.loaded().map(|cached| cached.references)
    }

    /// `load_config()`, then the dotted `path`; `""` is all, `None` where a step is missing.
    ///
    /// # Errors
    /// As [`Process::load_config`].
    pub fn config_at(&mut self, path: &str) -> Outcome<Value> {
        let config = self.load_config()?;
        Ok(value_at(&config, path).map_or(Value::None, |node| node.value.clone()))
    }

    /// Puts `config` in the place of the cached one, as a caller does that changes the mapping it was given.
    /// Without a file nothing is cached.
    pub(in crate::hermes) fn change_cached_config(&mut self, config: Node) {
        if self.world.given.config.text().is_some()
            && let Some(cached) = &mut self.config.cached
        {
            cached.value = config;
        }
    }

    fn loaded(&mut self) -> Outcome<Cached> {
        // The file does not change during a run: the cache holds as long as each `${VAR}` has its value.
        if let Some(cached) = &self.config.cached
            && cached.references.iter().all(|reference| {
                self.environ.get(&reference.name).map(|variable| &variable.value) == reference.value.as_ref()
            })
        {
            return Ok(cached.clone());
        }
        let normalized = self.normalized_config()?;
        let mut expansion = Expansion::over(&self.environ, &self.facts.behaviour);
        let value = expansion.expand(&normalized)?;
        let cached = Cached { value, references: Rc::new(expansion.into_references()) };
        self.config.cached = Some(cached.clone());
        Ok(cached)
    }

    fn normalized_config(&mut self) -> Outcome<Node> {
        if let Some(normalized) = &self.config.normalized {
            return normalized.clone();
        }
        let file = self.config_file();
        let normalized = normalized(&file, self.facts);
        self.config.normalized = Some(normalized.clone());
        normalized
    }
}

fn normalized(file: &ConfigFile, facts: &Facts) -> Outcome<Node> {
    if let Some(ConfigFailure::Yaml(YamlError::Limit(_))) = file.failure {
        return Err(Stop::not_modelled("a config.yaml beyond the limits of our reader"));
    }
    if file.is_unknown {
        return Err(Stop::not_modelled("a config.yaml that only Python's own reader of YAML reads so"));
    }
    if file.failure.is_some() && facts.behaviour.falls_back_to_backups {
        return Err(Stop::not_modelled("what the newest backup of config.yaml says"));
    }
    let empty = Dict::new();
    let defaults = facts.defaults.value.as_dict().unwrap_or(&empty);
    let config = deep_merge(defaults, &file.merged, facts.behaviour.empty_section_keeps_defaults);
    let config = normalize_agent(config, facts)?;
    let config = normalize_root_model_keys(config, facts.behaviour.loads_model_aliases);
    Ok(Node { value: Value::dict(config), place: file.parsed.as_ref().and_then(|root| root.place) })
}

#[cfg(test)]
mod tests {
    use crate::base::sources::SourceKind;
    use crate::hermes::testing::{process, world};
    use crate::python::repr;

    /// The value at `path` for the given config.yaml, as `repr` says it, or what was raised.
    fn at(config: &str, path: &str) -> String {
        let world = world(config, &[("NAME", "value")]);
        match process(&world).config_at(path) {
            Ok(value) => repr(&value).unwrap(),
            Err(stop) => format!("{stop:?}"),
        }
    }

    /// Expected: `load_config()` of 0.19.0.
    #[test]
    fn what_becomes_of_odd_files() {
        let cases = [
            ("", "model", "''"),
            ("[]", "model", "''"),
            ("model: x\nmodel: y", "model", "'y'"),
            // Everything is ignored.
            ("- model", "model", "''"),
            ("max_turns", "agent.max_turns", "90"),
            ("model: x\n\tagent: 1", "model", "''"),
            ("agent: 5\nmax_turns: 4\nmodel: x", "model", "''"),
            // `dict(5)` behind the parser's `try`.
            ("agent: 5\nmodel: x", "model", "Raised(TypeError)"),
            ("agent: abc", "agent", "Raised(ValueError)"),
            ("agent: [ab, cd]", "agent", "{'a': 'b', 'c': 'd'}"),
            ("agent: ''", "agent", "{}"),
            ("a: &a [*a]", "model", "Raised(RecursionError)"),
            // `max_turns` at the root fills in.
            ("max_turns: 7", "agent.max_turns", "7"),
            ("max_turns: 7\nagent: {max_turns: 3}", "agent.max_turns", "3"),
            ("max_turns: 7\nagent: {max_turns: }", "agent.max_turns", "7"),
            ("max_turns:", "agent.max_turns", "None"),
        ];
        for (config, path, expected) in cases {
            assert_eq!(at(config, path), expected, "{config}");
        }
    }

    #[test]
    fn a_user_value_keeps_its_place() {
        let text = "base_url: https://a.example/${NAME}\nmodel:\n  provider: custom\n";
        let world = world(text, &[("NAME", "v1")]);
        let mut process = process(&world);
        let config = process.load_config().unwrap();
        let url = config.get("model").unwrap().get("base_url").unwrap();
        assert_eq!(url.value.as_str(), Some("https://a.example/v1"));
        let place = url.place.unwrap();
        assert_eq!((place.source, place.span.of(text)), (SourceKind::Config, "https://a.example/${NAME}"));
        let references = process.config_references().unwrap();
        assert_eq!(references.len(), 1);
        assert_eq!((&*references[0].name, references[0].value.as_deref()), ("NAME", Some("v1")));
    }

    #[test]
    fn a_variable_that_changes_is_read_again() {
        let world = world("model: ${NAME}", &[("NAME", "one")]);
        let mut process = process(&world);
        assert_eq!(process.config_at("model").unwrap().as_str(), Some("one"));
        process.environ.remove("NAME");
        assert_eq!(process.config_at("model").unwrap().as_str(), Some("${NAME}"));
    }
}
