//! `hermes_cli/config.py`: config.yaml from its text to the value that the rest of the program reads.
//!
//! The way is that of `_load_config_impl`: parse, fold `max_turns` in, merge over the defaults, move what stands
//! at the root by mistake, expand `${VAR}`. Every value that the user wrote keeps its place on the way.

mod expand;
mod keys;
mod load;
mod merge;
mod normalize;
mod validate;

pub use expand::EnvReference;
pub use load::{ConfigFailure, ConfigFile};
pub use validate::ConfigIssue;

pub(super) use load::ConfigState;
pub(super) use normalize::normalize_root_model_keys;

use crate::python::{Dict, Node, Value};

/// `dict.get(name)`, then whether it is true.
fn is_true(dict: &Dict, name: &str) -> bool {
    dict.get(name).is_some_and(|node| node.value.is_true())
}

/// The value that a dotted path leads to through mappings, or `None` where a step is missing. Empty steps are
/// left out, so that `""` is the whole.
///
/// ```
/// use poolcheck::hermes::config::value_at;
/// use poolcheck::{base::sources::SourceKind, yaml};
/// let root = yaml::load("model: {default: x}", SourceKind::Config).root.unwrap();
/// assert_eq!(value_at(&root, "model.default").unwrap().value.as_str(), Some("x"));
/// assert!(value_at(&root, "model.default.x").is_none());
/// ```
pub fn value_at<'n>(node: &'n Node, path: &str) -> Option<&'n Node> {
    path.split('.').filter(|step| !step.is_empty()).try_fold(node, |node, step| match &node.value {
        Value::Dict(dict) => dict.get(step),
        _ => None,
    })
}
