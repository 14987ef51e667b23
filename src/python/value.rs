//! The values that `yaml.load` and `json.loads` make, each with the place where it is written.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use indexmap::{Equivalent, IndexMap};

use super::BigInt;
use crate::base::text::Place;

/// An `int` of any size. [`Int::Big`] is used only outside the range of `i64`, so equal integers are equal values.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Int {
    /// In the range of `i64`.
    Small(i64),
    /// Outside it.
    Big(Rc<BigInt>),
}

impl From<&Int> for BigInt {
    fn from(value: &Int) -> Self {
        match value {
            Int::Small(value) => Self::from(*value),
            Int::Big(value) => value.as_ref().clone(),
        }
    }
}

impl From<BigInt> for Int {
    fn from(value: BigInt) -> Self {
        value.small().map_or_else(|| Self::Big(Rc::new(value)), Self::Small)
    }
}

impl From<i64> for Int {
    fn from(value: i64) -> Self {
        Self::Small(value)
    }
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Small(value) => value.fmt(f),
            Self::Big(value) => value.fmt(f),
        }
    }
}

/// A `datetime.date` or `datetime.datetime`, kept as the reader made it. Two with an offset are equal when they are
/// the same moment, as in Python.
#[derive(Clone)]
pub struct Timestamp {
    /// What `isoformat()` returns.
    pub iso: Rc<str>,
    /// Whether it is a `datetime.date`.
    pub is_date: bool,
}

impl Timestamp {
    /// Microseconds since the year 0 of a `datetime` with an offset, which Python compares by the moment.
    fn moment(&self) -> Option<i64> {
        let number = |from: usize, to: usize| self.iso.get(from..to)?.parse::<i64>().ok();
        let offset_at = self.iso.len().checked_sub("+00:00".len())?;
        let sign = match self.iso.get(offset_at..=offset_at)? {
            "+" if !self.is_date => 1,
            "-" if !self.is_date => -1,
            _ => return None,
        };
        // Days since 1 March of the year 0, so that the leap day is the last one of a year.
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (years, months) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
        let days = years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day;
        let offset =
            sign * (number(offset_at + 1, offset_at + 3)? * 60 + number(offset_at + 4, offset_at + 6)?);
        let minutes = (days * 24 + number(11, 13)?) * 60 + number(14, 16)? - offset;
        let fraction = if offset_at > 19 { number(20, offset_at)? } else { 0 };
        Some((minutes * 60 + number(17, 19)?) * 1_000_000 + fraction)
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        match (self.moment(), other.moment()) {
            (Some(own), Some(other)) => own == other,
            (None, None) => self.is_date == other.is_date && self.iso == other.iso,
            _ => false,
        }
    }
}

impl Eq for Timestamp {}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.moment() {
            Some(moment) => moment.hash(state),
            None => self.iso.hash(state),
        }
    }
}

/// A Python value. Its `Debug` form names the type only: a value may hold a key.
#[derive(Clone)]
pub enum Value {
    /// `None`.
    None,
    /// `bool`.
    Bool(bool),
    /// `int`.
    Int(Int),
    /// `float`.
    Float(f64),
    /// `str`.
    Str(Rc<str>),
    /// `bytes`.
    Bytes(Rc<[u8]>),
    /// `datetime.date` or `datetime.datetime`.
    Timestamp(Timestamp),
    /// `list`.
    List(Rc<Vec<Node>>),
    /// `tuple`; YAML makes them in `!!pairs` and `!!omap`.
    Tuple(Rc<Vec<Node>>),
    /// `set`.
    Set(Rc<Vec<Node>>),
    /// `dict`.
    Dict(Rc<Dict>),
    /// A container met again inside itself.
    Recursive,
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.type_name())
    }
}

impl Value {
    /// A `str`.
    pub fn str(text: impl Into<Rc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// An `int`.
    pub fn int(value: i64) -> Self {
        Self::Int(Int::Small(value))
    }

    /// A `list`.
    pub fn list(items: Vec<Node>) -> Self {
        Self::List(Rc::new(items))
    }

    /// A `dict`.
    pub fn dict(dict: Dict) -> Self {
        Self::Dict(Rc::new(dict))
    }

    /// What `type(value).__name__` says.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::Bytes(_) => "bytes",
            Self::Timestamp(stamp) if stamp.is_date => "date",
            Self::Timestamp(_) => "datetime",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Set(_) => "set",
            Self::Dict(_) | Self::Recursive => "dict",
        }
    }

    /// What `bool(value)` says.
    pub fn is_true(&self) -> bool {
        match self {
            Self::None => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != Int::Small(0),
            Self::Float(value) => *value != 0.0,
            Self::Str(text) => !text.is_empty(),
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::List(items) | Self::Tuple(items) | Self::Set(items) => !items.is_empty(),
            Self::Dict(dict) => !dict.is_empty(),
            Self::Timestamp(_) | Self::Recursive => true,
        }
    }

    /// The text of a `str`.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The content of a `dict`.
    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// The items of a `list`.
    pub fn as_list(&self) -> Option<&[Node]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// Whether it is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

/// A value and the place where it is written; values that Hermes makes itself have none.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it is written.
    pub place: Option<Place>,
}

impl Node {
    /// A value that is written nowhere.
    pub fn made(value: Value) -> Self {
        Self { value, place: None }
    }

    /// A value written at `place`.
    pub fn at(value: Value, place: Place) -> Self {
        Self { value, place: Some(place) }
    }

    /// The value under the string key `name`, where this is a `dict` that has it.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.value.as_dict()?.get(name)
    }

    /// The text under the string key `name`, where this is a `dict` that has one there.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.value.as_str()
    }

    /// Whether this is a `dict` that has something under the string key `name`, which Python takes for true.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some_and(|node| node.value.is_true())
    }

    /// The entries, where this is a `dict`.
    pub fn entries(&self) -> Vec<&Entry> {
        self.value.as_dict().map(|dict| dict.iter().collect()).unwrap_or_default()
    }

    /// The items, where this is a `list`.
    pub fn items(&self) -> &[Node] {
        self.value.as_list().unwrap_or_default()
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        Self::made(value)
    }
}

/// A hashable value as Python compares keys: `1`, `1.0` and `True` are one key.
#[derive(Clone)]
pub struct Key(KeyKind);

#[derive(Clone, PartialEq, Eq, Hash)]
enum KeyKind {
    None,
    Int(Int),
    Float(u64),
    Nan(usize),
    Str(Rc<str>),
    Bytes(Rc<[u8]>),
    Timestamp(Timestamp),
    Tuple(Vec<KeyKind>),
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            // A plain string hashes as itself, so that a lookup by `&str` needs no allocation.
            KeyKind::Str(text) => text.as_ref().hash(state),
            other => other.hash(state),
        }
    }
}

impl Equivalent<Key> for str {
    fn equivalent(&self, key: &Key) -> bool {
        matches!(&key.0, KeyKind::Str(text) if text.as_ref() == self)
    }
}

impl Key {
    /// The key that `value` makes, or `None` where Python raises `TypeError: unhashable type`.
    pub fn of(value: &Value) -> Option<Self> {
        key_kind(value).map(Self)
    }
}

fn key_kind(value: &Value) -> Option<KeyKind> {
    Some(match value {
        Value::None => KeyKind::None,
        Value::Bool(value) => KeyKind::Int(Int::Small(i64::from(*value))),
        Value::Int(value) => KeyKind::Int(value.clone()),
        Value::Float(value) => float_key(*value),
        Value::Str(text) => KeyKind::Str(text.clone()),
        Value::Bytes(bytes) => KeyKind::Bytes(bytes.clone()),
        Value::Timestamp(stamp) => KeyKind::Timestamp(stamp.clone()),
        Value::Tuple(items) => {
            KeyKind::Tuple(items.iter().map(|item| key_kind(&item.value)).collect::<Option<_>>()?)
        }
        Value::List(_) | Value::Set(_) | Value::Dict(_) | Value::Recursive => return None,
    })
}

fn float_key(value: f64) -> KeyKind {
    if value.is_nan() {
        // NaN equals nothing, itself included: every one is a key of its own.
        thread_local!(static COUNT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) });
        return KeyKind::Nan(COUNT.with(|count| count.replace(count.get() + 1)));
    }
    if value.is_finite() && value.fract() == 0.0 {
        return KeyKind::Int(Int::from(BigInt::truncated(value)));
    }
    KeyKind::Float(value.to_bits())
}

/// One pair of a `dict`, with the key as it is written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key and its place.
    pub key: Node,
    /// The value and its place.
    pub value: Node,
    /// Key and value together.
    pub place: Option<Place>,
}

/// A `dict`: pairs in the order in which their keys were first set.
#[derive(Clone, Default)]
pub struct Dict(IndexMap<Key, Entry>);

impl fmt::Debug for Dict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "dict of {}", self.0.len())
    }
}

impl Dict {
    /// An empty `dict`.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of pairs.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value under a string key.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|entry| &entry.value)
    }

    /// The pair under a string key.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        /// Of so few, each is looked at sooner than the name is hashed.
        const FEW: usize = 12;
        if self.0.len() > FEW {
            return self.0.get(name);
        }
        self.0.iter().find(|(key, _)| name.equivalent(*key)).map(|(_, entry)| entry)
    }

    /// The pair under any key.
    pub fn entry_of(&self, key: &Key) -> Option<&Entry> {
        self.0.get(key)
    }

    /// The value under a string key, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        self.0.get_mut(name).map(|entry| &mut entry.value)
    }

    /// Whether a string key is there.
    pub fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// Sets a string key: an existing one keeps its position and its key's place, as in Python.
    pub fn set(&mut self, name: &str, value: impl Into<Node>) {
        let value = value.into();
        if let Some(entry) = self.0.get_mut(name) {
            entry.value = value;
            entry.place = None;
            return;
        }
        let key = Value::str(name);
        if let Some(hash) = Key::of(&key) {
            let _ = self.0.insert(hash, Entry { key: Node::made(key), value, place: None });
        }
    }

    /// Sets the key of `entry`, and returns the pair that it replaces. An existing key keeps its position
    /// and, as in Python, its first key object; the places are those of the new pair.
    ///
    /// `None` is also returned for an unhashable key, which is then not set: ask [`Key::of`] first.
    pub fn insert(&mut self, entry: Entry) -> Option<Entry> {
        let key = Key::of(&entry.key.value)?;
        match self.0.get_mut(&key) {
            Some(slot) => {
                let kept = slot.key.value.clone();
                let old = std::mem::replace(slot, entry);
                slot.key.value = kept;
                Some(old)
            }
            None => self.0.insert(key, entry),
        }
    }

    /// Removes a string key and keeps the order of the others.
    pub fn remove(&mut self, name: &str) -> Option<Entry> {
        self.0.shift_remove(name)
    }

    /// The pairs in order.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.values()
    }

    /// The pairs in order, to change the values.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.0.values_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: Value, value: i64) -> Entry {
        Entry { key: key.into(), value: Value::int(value).into(), place: None }
    }

    #[test]
    fn one_true_and_one_point_zero_are_one_key() {
        let mut dict = Dict::new();
        assert!(dict.insert(entry(Value::int(1), 10)).is_none());
        assert!(dict.insert(entry(Value::Bool(true), 11)).is_some());
        assert!(dict.insert(entry(Value::Float(1.0), 12)).is_some());
        assert_eq!(dict.len(), 1);
        // Python keeps the first key object and the last value: {1: 10, True: 11, 1.0: 12} == {1: 12}.
        let only = dict.iter().next().unwrap();
        assert_eq!(only.key.value.type_name(), "int");
        assert!(matches!(only.value.value, Value::Int(Int::Small(12))));
    }

    #[test]
    fn a_large_float_is_the_key_of_its_integer() {
        let key = |value: Value| Key::of(&value).unwrap();
        let int = |text: &str| key(Value::Int(crate::python::int_of_text(text).unwrap()));
        // Python: 2**64 == 18446744073709551616.0, -2**63 == -9223372036854775808.0, 10**23 != 1e23.
        assert!(key(Value::Float(18446744073709551616.0)) == int("18446744073709551616"));
        assert!(key(Value::Float(-9223372036854775808.0)) == int("-9223372036854775808"));
        assert!(key(Value::Float(1e23)) == int("99999999999999991611392"));
        assert!(key(Value::Float(1e23)) != int("100000000000000000000000"));
        assert!(key(Value::Float(f64::INFINITY)) != key(Value::Float(f64::NEG_INFINITY)));
    }

    #[test]
    fn nan_is_never_the_same_key() {
        let mut dict = Dict::new();
        assert!(dict.insert(entry(Value::Float(f64::NAN), 1)).is_none());
        assert!(dict.insert(entry(Value::Float(f64::NAN), 2)).is_none());
        assert_eq!(dict.len(), 2);
    }

    #[test]
    fn one_moment_is_one_key() {
        let stamp = |iso: &str, is_date| Value::Timestamp(Timestamp { iso: iso.into(), is_date });
        let key = |iso: &str| Key::of(&stamp(iso, false)).unwrap();
        // Python: datetime(2001, 1, 1, tzinfo=utc) == datetime(2001, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))).
        assert!(key("2001-01-01T00:00:00+00:00") == key("2001-01-01T01:00:00+01:00"));
        assert!(key("2000-03-01T00:00:00.000001+00:00") == key("2000-02-29T23:30:00.000001-00:30"));
        assert!(key("2001-03-01T00:00:00+00:00") == key("2001-02-28T23:30:00-00:30"));
        assert!(key("2001-01-01T00:00:00") != key("2001-01-01T00:00:00+00:00"));
        assert!(key("2001-01-01T00:00:00") != Key::of(&stamp("2001-01-01T00:00:00", true)).unwrap());
        let mut dict = Dict::new();
        dict.insert(entry(stamp("2001-01-01T00:00:00+00:00", false), 1));
        assert!(dict.insert(entry(stamp("2000-12-31T23:00:00-01:00", false), 2)).is_some());
    }

    #[test]
    fn lookup_by_text_meets_only_strings() {
        let mut dict = Dict::new();
        dict.set("1", Value::int(5));
        assert!(dict.insert(entry(Value::int(1), 6)).is_none());
        assert!(matches!(dict.get("1").unwrap().value, Value::Int(Int::Small(5))));
    }

    #[test]
    fn debug_shows_no_content() {
        let node = Node::made(Value::str("sk-invented"));
        assert!(!format!("{node:?}").contains("sk-"));
    }
}
