//! `_get_model_config()`: the `model` part of config.yaml as the resolution reads it.

use crate::facts::Facts;
use crate::facts::behaviour::Behaviour;
use crate::hermes::{Outcome, Process, Stop};
use crate::python::{Dict, Node, Value, lower, strip, to_str};

/// The `model` part of the loaded config; empty where it is neither a mapping nor a name.
#[derive(Clone, Debug)]
pub(super) struct ModelConfig {
    dict: Dict,
    facts: &'static Facts,
}

impl ModelConfig {
    /// What the release does.
    pub(super) fn behaviour(&self) -> &'static Behaviour {
        &self.facts.behaviour
    }

    /// `model.get(name)`.
    pub(super) fn get(&self, name: &str) -> &Value {
        self.dict.get(name).map_or(&Value::None, |node| &node.value)
    }

    /// The value under `name` with its place.
    pub(super) fn node(&self, name: &str) -> Option<&Node> {
        self.dict.get(name)
    }

    /// `str(model.get(name) or "").strip()`.
    pub(super) fn said(&self, name: &str) -> Outcome<String> {
        Ok(strip(&text_or_empty(self.get(name))?).to_owned())
    }

    /// `str(model.get("provider") or "").strip().lower()`.
    pub(super) fn provider(&self) -> Outcome<String> {
        Ok(lower(&self.said("provider")?))
    }

    /// `str(target_model or model.get("default") or "")`.
    pub(super) fn effective(&self, target_model: Option<&str>) -> Outcome<String> {
        match target_model.filter(|model| !model.is_empty()) {
            Some(model) => Ok(model.to_owned()),
            None => text_or_empty(self.get("default")),
        }
    }

    /// `model.get(name)` where it is a `str`, else `""`.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).as_str().unwrap_or("")
    }
}

/// `str(value or "")`.
pub(super) fn text_or_empty(value: &Value) -> Outcome<String> {
    if !value.is_true() {
        return Ok(String::new());
    }
    to_str(value).ok_or_else(|| Stop::not_modelled("the text of a set or of a very deep value"))
}

/// `(value or "").method(…)` of a `str` method with a `str` argument: the text, or what Python raises.
pub(super) fn str_or_empty<'v>(value: &'v Value, method: &str) -> Outcome<&'v str> {
    match value {
        Value::Str(text) => Ok(text),
        value if !value.is_true() => Ok(""),
        Value::Bytes(_) => Err(Stop::raised("TypeError", "a bytes-like object is required, not 'str'")),
        value => Err(Stop::no_attribute(value.type_name(), method)),
    }
}

/// As [`str_or_empty`], of the value of `node`; what is raised is raised there.
pub(super) fn node_str_or_empty<'v>(node: Option<&'v Node>, method: &str) -> Outcome<&'v str> {
    let Some(node) = node else { return Ok("") };
    str_or_empty(&node.value, method).map_err(|stop| stop.at(node.place))
}

impl Process<'_> {
    /// The configured model's name, where it is a text.
    pub(in crate::hermes) fn model_name(&mut self) -> Option<String> {
        let model = self.model_config().ok()?;
        Some(strip(model.text("default")).to_owned())
    }

    /// `_get_model_config()`. Where no model is set, the real function asks a server on this machine for the
    /// name of its only one; here that server counts as not running.
    ///
    /// # Errors
    /// `AttributeError` and `TypeError` for a model name or an endpoint that is no text.
    pub(super) fn model_config(&mut self) -> Outcome<ModelConfig> {
        let facts = self.facts;
        let config = self.load_config()?;
        let Some(model) = config.get("model") else { return Ok(ModelConfig { dict: Dict::new(), facts }) };
        match &model.value {
            Value::Dict(dict) => {
                let mut cfg = dict.as_ref().clone();
                let is_set = |name| dict.get(name).filter(|node| node.value.is_true());
                if let (None, Some(named)) = (is_set("default"), is_set("model")) {
                    cfg.set("default", named.clone());
                }
                let model = ModelConfig { dict: cfg, facts };
                if !matches!(model.get("default"), Value::Bytes(_)) {
                    node_str_or_empty(model.node("default"), "strip")?;
                }
                node_str_or_empty(model.node("base_url"), "strip")?;
                Ok(model)
            }
            Value::Str(name) if !strip(name).is_empty() => {
                let mut cfg = Dict::new();
                let place = model.place;
                cfg.set("default", Node { value: Value::str(strip(name)), place });
                Ok(ModelConfig { dict: cfg, facts })
            }
            _ => Ok(ModelConfig { dict: Dict::new(), facts }),
        }
    }
}
