//! `dict(value)`.

use std::rc::Rc;

use super::{Dict, Entry, Key, Node, Value};

/// Why `dict(value)` gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDict {
    /// `TypeError`: the value or an item of it cannot be iterated over, or a key has no hash.
    TypeError,
    /// `ValueError`: an item has not two parts.
    ValueError,
    /// The order of a set's items decides, and it is chance.
    Chance,
}

impl NoDict {
    /// The exception's class; `None` where chance decides.
    pub fn kind(self) -> Option<&'static str> {
        match self {
            Self::TypeError => Some("TypeError"),
            Self::ValueError => Some("ValueError"),
            Self::Chance => None,
        }
    }
}

/// `dict(value)`: a copy of a `dict`, or the pairs of an iterable. A text of two characters is a pair, too.
///
/// # Errors
/// [`NoDict`]
///
/// ```
/// use poolcheck::python::{NoDict, Value, dict_of};
/// let pairs = Value::list(vec![Value::str("ab").into()]);
/// assert_eq!(dict_of(&pairs).unwrap().get("a").unwrap().value.as_str(), Some("b"));
/// assert!(matches!(dict_of(&Value::int(5)), Err(NoDict::TypeError)));
/// assert!(matches!(dict_of(&Value::str("ab")), Err(NoDict::ValueError)));
/// ```
pub fn dict_of(value: &Value) -> Result<Dict, NoDict> {
    if let Value::Dict(dict) = value {
        return Ok(dict.as_ref().clone());
    }
    if matches!(value, Value::Set(items) if items.len() > 1) {
        return Err(NoDict::Chance);
    }
    let mut made = Dict::new();
    for item in items(&Node::made(value.clone())).ok_or(NoDict::TypeError)?.iter() {
        if matches!(&item.value, Value::Set(items) if items.len() == 2) {
            return Err(NoDict::Chance);
        }
        let pair = items(item).ok_or(NoDict::TypeError)?;
        let [key, value] = pair.as_slice() else { return Err(NoDict::ValueError) };
        if Key::of(&key.value).is_none() {
            return Err(NoDict::TypeError);
        }
        let _ = made.insert(Entry { key: key.clone(), value: value.clone(), place: item.place });
    }
    Ok(made)
}

/// What iterating over a value gives, or `None` where it raises `TypeError`. Parts of a text or of bytes have
/// the place of the whole.
fn items(node: &Node) -> Option<Rc<Vec<Node>>> {
    let part = |value| Node { value, place: node.place };
    Some(match &node.value {
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => items.clone(),
        Value::Dict(dict) => Rc::new(dict.iter().map(|entry| entry.key.clone()).collect()),
        Value::Str(text) => Rc::new(text.chars().map(|c| part(Value::str(c.to_string()))).collect()),
        Value::Bytes(bytes) => Rc::new(bytes.iter().map(|&byte| part(Value::int(i64::from(byte)))).collect()),
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Timestamp(_)
        | Value::Recursive => return None,
    })
}
