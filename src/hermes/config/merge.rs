//! `_deep_merge`.

use crate::python::{Dict, Entry, Key, Node, Value};

/// `_deep_merge(base, over)`: where both have a mapping, it is merged; an empty section (`None`) leaves a
/// default mapping as it is where `keeps_default` says so; everything else replaces.
pub(super) fn deep_merge(base: &Dict, over: &Dict, keeps_default: bool) -> Dict {
    let mut merged = base.clone();
    for entry in over.iter() {
        let existing = Key::of(&entry.key.value).and_then(|key| base.entry_of(&key));
        let value = match (existing.map(|existing| &existing.value.value), &entry.value.value) {
            (Some(Value::Dict(base)), Value::Dict(over)) => {
                Node { value: Value::dict(deep_merge(base, over, keeps_default)), place: entry.value.place }
            }
            (Some(Value::Dict(_)), Value::None) if keeps_default => continue,
            _ => entry.value.clone(),
        };
        let _ = merged.insert(Entry { value, ..entry.clone() });
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sources::SourceKind;
    use crate::python::repr;
    use crate::yaml;

    fn merged(base: &str, over: &str) -> String {
        let read = |text| yaml::load(text, SourceKind::Config).root.unwrap();
        let (base, over) = (read(base), read(over));
        let (base, over) = (base.value.as_dict().unwrap(), over.value.as_dict().unwrap());
        repr(&Value::dict(deep_merge(base, over, true))).unwrap()
    }

    /// Expected: `_deep_merge` of 0.19.0.
    #[test]
    fn merges_as_hermes_does() {
        assert_eq!(merged("a: {x: 1, y: 2}", "{b: 3, a: {y: 4}}"), "{'a': {'x': 1, 'y': 4}, 'b': 3}");
        assert_eq!(merged("a: {x: 1}", "a:"), "{'a': {'x': 1}}");
        assert_eq!(merged("a: {x: 1}", "a: []"), "{'a': []}");
        assert_eq!(merged("a: [1]", "a:"), "{'a': None}");
        assert_eq!(merged("1: {x: 1}", "{true: {y: 2}}"), "{1: {'x': 1, 'y': 2}}");
    }

    #[test]
    fn a_merged_mapping_has_the_users_place() {
        let text = "a: {y: 4}";
        let over = yaml::load(text, SourceKind::Config).root.unwrap();
        let base = yaml::load("a: {x: 1}", SourceKind::AuthStore).root.unwrap();
        let merged = deep_merge(base.value.as_dict().unwrap(), over.value.as_dict().unwrap(), true);
        let entry = merged.entry("a").unwrap();
        assert_eq!(entry.key.place.unwrap().source, SourceKind::Config);
        assert_eq!(entry.value.place.unwrap().span.of(text), "{y: 4}");
        assert_eq!(entry.value.get("x").unwrap().place.unwrap().source, SourceKind::AuthStore);
    }
}
