//! Maps and sets by text, in the order of arrival.
//!
//! Each type of key or value with which a generic hash map is used is compiled anew, some 2 KB of wasm each time,
//! and parts of it again wherever it is used. Here all share one table of texts, which numbers them; the values lie
//! in a list beside it.

use std::cmp::Ordering;

use indexmap::IndexSet;

/// Texts, each once, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextSet(IndexSet<String>);

impl TextSet {
    /// The empty set.
    #[inline(never)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `text`. Whether it was not there yet.
    ///
    /// ```
    /// use poolcheck::base::collections::TextSet;
    /// let mut seen = TextSet::new();
    /// assert!(seen.insert("gemini") && !seen.insert("gemini"));
    /// ```
    #[inline(never)]
    pub fn insert(&mut self, text: &str) -> bool {
        self.number(text).1
    }

    /// The number of `text`, which is added where it is not there, and whether it was added.
    #[inline(never)]
    fn number(&mut self, text: &str) -> (usize, bool) {
        match self.position(text) {
            Some(number) => (number, false),
            None => self.0.insert_full(text.to_owned()),
        }
    }

    /// The number of `text`: how many came before it.
    #[inline(never)]
    pub fn position(&self, text: &str) -> Option<usize> {
        self.0.get_index_of(text)
    }

    /// Whether `text` is in it.
    pub fn contains(&self, text: &str) -> bool {
        self.position(text).is_some()
    }

    /// Takes `text` out; those behind it move up. Its number, where it was there.
    #[inline(never)]
    pub fn remove(&mut self, text: &str) -> Option<usize> {
        self.0.shift_remove_full(text).map(|(number, _)| number)
    }

    /// The texts in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.0.iter().map(String::as_str)
    }

    /// The texts from the least to the greatest, by their bytes.
    pub fn sorted(&self) -> Vec<&str> {
        let texts: Vec<&str> = self.iter().collect();
        let order = order_of(texts.len(), &|one, other| texts.get(one).cmp(&texts.get(other)));
        order.into_iter().filter_map(|number| texts.get(number).copied()).collect()
    }

    /// The same texts, in the order of [`TextSet::sorted`].
    pub fn in_order(&self) -> Self {
        self.sorted().into_iter().collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: AsRef<str>> FromIterator<T> for TextSet {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut set = Self::new();
        set.extend(texts);
        set
    }
}

impl<T: AsRef<str>> Extend<T> for TextSet {
    fn extend<I: IntoIterator<Item = T>>(&mut self, texts: I) {
        for text in texts {
            self.insert(text.as_ref());
        }
    }
}

/// Values by text, in the order in which the texts came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextMap<V> {
    keys: TextSet,
    values: Vec<V>,
}

impl<V> Default for TextMap<V> {
    fn default() -> Self {
        Self { keys: TextSet::new(), values: Vec::new() }
    }
}

impl<V> TextMap<V> {
    /// The empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of `key`.
    ///
    /// ```
    /// use poolcheck::base::collections::TextMap;
    /// let ports: TextMap<u16> = [("lab", 8080), ("home", 11434), ("lab", 8000)].into_iter().collect();
    /// assert_eq!(ports.get("lab"), Some(&8000));
    /// assert_eq!(ports.iter().next(), Some(("lab", &8000)));
    /// ```
    pub fn get(&self, key: &str) -> Option<&V> {
        self.values.get(self.keys.position(key)?)
    }

    /// The value of `key`, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.values.get_mut(self.keys.position(key)?)
    }

    /// Whether `key` has a value.
    pub fn contains_key(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// Gives `key` a value; a key that had one keeps its place. The value that it had.
    pub fn insert(&mut self, key: &str, value: V) -> Option<V> {
        let (number, _) = self.keys.number(key);
        match self.values.get_mut(number) {
            Some(old) => Some(std::mem::replace(old, value)),
            None => {
                self.values.push(value);
                None
            }
        }
    }

    /// Takes `key` out; those behind it move up. The value that it had.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        let number = self.keys.remove(key)?;
        (number < self.values.len()).then(|| self.values.remove(number))
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &V)> + ExactSizeIterator {
        self.keys.iter().zip(&self.values)
    }

    /// Keys and values in order, to change the values.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&str, &mut V)> + ExactSizeIterator {
        self.keys.iter().zip(&mut self.values)
    }

    /// The keys in order.
    pub fn keys(&self) -> &TextSet {
        &self.keys
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> &[V] {
        &self.values
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl<T> TextMap<Vec<T>> {
    /// Adds `item` to the list of `key`.
    ///
    /// ```
    /// use poolcheck::base::collections::TextMap;
    /// let mut lines: TextMap<Vec<usize>> = TextMap::new();
    /// lines.push("GEMINI_API_KEY", 1);
    /// lines.push("GEMINI_API_KEY", 7);
    /// assert_eq!(lines.get("GEMINI_API_KEY"), Some(&vec![1, 7]));
    /// ```
    pub fn push(&mut self, key: &str, item: T) {
        match self.get_mut(key) {
            Some(list) => list.push(item),
            None => {
                self.insert(key, vec![item]);
            }
        }
    }
}

impl<K: AsRef<str>, V> FromIterator<(K, V)> for TextMap<V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: AsRef<str>, V, const N: usize> From<[(K, V); N]> for TextMap<V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: AsRef<str>, V> Extend<(K, V)> for TextMap<V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key.as_ref(), value);
        }
    }
}

/// The numbers from 0 to before `count` in the order of the items that they stand for; equal items stay in theirs.
///
/// Lists of all types share this one sort: the standard library's makes 2 to 4 KB of wasm for each type.
///
/// ```
/// use poolcheck::base::collections::order_of;
/// let lengths = ["plum", "fig", "kiwi"].map(str::len);
/// assert_eq!(order_of(3, &|one, other| lengths[one].cmp(&lengths[other])), [1, 0, 2]);
/// ```
#[inline(never)]
pub fn order_of(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_unstable_by(|one, other| compare(*one, *other).then(one.cmp(other)));
    order
}

/// Several texts as one key: other texts make another one.
///
/// ```
/// use poolcheck::base::collections::joined;
/// assert_ne!(joined(&["a", "bc"]), joined(&["ab", "c"]));
/// ```
#[inline(never)]
pub fn joined(texts: &[&str]) -> String {
    let mut key = String::new();
    for text in texts {
        key.push_str(&text.len().to_string());
        key.push(' ');
        key.push_str(text);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_their_values() {
        let mut map: TextMap<Vec<u8>> = TextMap::new();
        for (key, value) in [("b", 1), ("a", 2), ("b", 3), ("c", 4)] {
            map.push(key, value);
        }
        assert_eq!(
            map.iter().map(|(key, values)| (key, values.as_slice())).collect::<Vec<_>>(),
            [("b", [1, 3].as_slice()), ("a", &[2]), ("c", &[4])]
        );
        assert_eq!(map.insert("a", vec![9]), Some(vec![2]));
        assert_eq!(map.remove("b"), Some(vec![1, 3]));
        assert_eq!((map.remove("b"), map.len()), (None, 2));
        assert_eq!((map.get("a"), map.get("c")), (Some(&vec![9]), Some(&vec![4])));
        assert_eq!(map.keys().sorted(), ["a", "c"]);
        map.extend([("b", vec![]), ("a", vec![7])]);
        assert_eq!(map.keys().iter().collect::<Vec<_>>(), ["a", "c", "b"]);
        assert_eq!(map.get("a"), Some(&vec![7]));
    }

    #[test]
    fn sets_hold_each_text_once() {
        let mut set: TextSet = ["b", "a", "b"].into_iter().collect();
        assert_eq!((set.len(), set.position("a"), set.contains("c")), (2, Some(1), false));
        assert_eq!((set.remove("b"), set.position("a"), set.remove("b")), (Some(0), Some(0), None));
        assert!(set.insert("b") && !set.insert("b"));
        assert_eq!(set.sorted(), ["a", "b"]);
    }
}
