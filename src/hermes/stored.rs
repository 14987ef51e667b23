//! The form of auth.json: the empty store, and ids of rows as sets and keys hold them.

use super::{Outcome, Stop};
use crate::python::{Dict, Entry, Int, Key, Node, Value};

/// `AUTH_STORE_VERSION`.
pub(super) const VERSION: i64 = 1;

/// What the ids begin with that the real program draws at random; no file has such a character.
pub(super) const MADE_ID: char = '\u{10fffe}';

/// Whether an entry's id stands for one that the real program draws at random.
pub(super) fn is_made_id(id: &str) -> bool {
    id.starts_with(MADE_ID)
}

/// The store of a file that is absent or broken.
pub(super) fn empty_store(providers: Dict) -> Dict {
    let mut store = Dict::new();
    store.set("version", Value::int(VERSION));
    store.set("providers", Value::dict(providers));
    store
}

/// The value that stands for one of auth.json in a set. Python's JSON reader has one NaN, and a set finds an object
/// by its identity before it compares: so NaN is one key there, though it does not equal itself.
fn in_set(value: &Value) -> Value {
    match value {
        Value::Float(number) if number.is_nan() => Value::str(format!("{MADE_ID}NaN")),
        value => value.clone(),
    }
}

/// The key under which a set holds a value of auth.json.
#[inline(never)]
pub(super) fn hashed(value: &Value) -> Outcome<Key> {
    Key::of(&in_set(value))
        .ok_or_else(|| Stop::raised("TypeError", format!("unhashable type: '{}'", value.type_name())))
}

/// Ids of entries, as a Python set or the keys of a `dict` hold them, each with the number of its entry.
#[derive(Default)]
pub(super) struct Ids(Dict);

impl Ids {
    /// Adds `id` with the number `at`; of one id the last number counts.
    pub(super) fn insert(&mut self, id: &Value, at: usize) -> Outcome<()> {
        hashed(id)?;
        let at = Value::int(i64::try_from(at).unwrap_or(i64::MAX));
        let _ = self.0.insert(Entry { key: in_set(id).into(), value: at.into(), place: None });
        Ok(())
    }

    /// The number of `id`, where it is there.
    pub(super) fn get(&self, id: &Value) -> Outcome<Option<usize>> {
        Ok(match self.0.entry_of(&hashed(id)?).map(|entry| &entry.value.value) {
            Some(Value::Int(Int::Small(at))) => usize::try_from(*at).ok(),
            _ => None,
        })
    }

    /// Whether `id` is there.
    pub(super) fn has(&self, id: &Value) -> Outcome<bool> {
        Ok(self.get(id)?.is_some())
    }
}

/// The row's id, where it is true.
pub(super) fn true_id(row: &Node) -> Option<&Value> {
    row.get("id").map(|id| &id.value).filter(|id| id.is_true())
}
