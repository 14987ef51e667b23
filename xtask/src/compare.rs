//! When two answers of the case protocol agree. Used by `cargo xtask diff` and by the tests of the recorded answers.

use serde_json::Value;

/// What numbers may be apart, relative to the larger one. The protocol allows 1e-6; at that, times in epoch
/// seconds could be half an hour apart, so we ask for more.
const TOLERANCE: f64 = 1e-9;

/// Exceptions of Python itself, whose texts nobody sees: their type is enough.
const TYPE_IS_ENOUGH: [&str; 4] = ["TypeError", "AttributeError", "KeyError", "ValueError"];

/// How our answer stands to the real program's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// They agree.
    Agree,
    /// They differ.
    Differ,
    /// We do not model it, and say so.
    NotModelled,
    /// The release has no such question, and we say so; or the real program was given up, as some nested aliases take it
    /// longer than the driver waits.
    NotJudged,
}

/// Compares our answer with the real program's.
pub(crate) fn compare(ours: &Value, theirs: &Value) -> Verdict {
    let is_given_up = theirs.get("error").is_some_and(|kind| kind == "Timeout");
    if is_given_up || ours.get("absent").is_some() && theirs.get("absent").is_some() {
        return Verdict::NotJudged;
    }
    if ours.get("not_modelled").is_some() {
        return Verdict::NotModelled;
    }
    if outcomes_agree(ours, theirs) && ours.get("log") == theirs.get("log") {
        Verdict::Agree
    } else {
        Verdict::Differ
    }
}

fn outcomes_agree(ours: &Value, theirs: &Value) -> bool {
    if let (Some(ours), Some(theirs)) = (ours.get("ok"), theirs.get("ok")) {
        return values_agree(ours, theirs);
    }
    if let (Some(kind), Some(their_kind)) = (ours.get("error"), theirs.get("error")) {
        let type_is_enough = kind.as_str().is_some_and(|kind| TYPE_IS_ENOUGH.contains(&kind));
        return kind == their_kind && (type_is_enough || ours.get("message") == theirs.get("message"));
    }
    ["exit", "large"].iter().any(|key| ours.get(key).is_some() && ours.get(key) == theirs.get(key))
}

fn values_agree(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(a), Value::Number(b)) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()),
            _ => a == b,
        },
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| values_agree(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            if let (Some(a), Some(b)) = (unordered(a), unordered(b)) {
                return values_agree(&a, &b);
            }
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| values_agree(value, other)))
        }
        _ => ours == theirs,
    }
}

/// The items of a `!set` or `!map` in one order, because they have none.
fn unordered(object: &serde_json::Map<String, Value>) -> Option<Value> {
    let items = object.get("!set").or_else(|| object.get("!map"))?.as_array()?;
    let mut items = items.clone();
    items.sort_by_cached_key(ToString::to_string);
    Some(Value::Array(items))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn verdict(ours: Value, theirs: Value) -> Verdict {
        compare(&ours, &theirs)
    }

    #[test]
    fn numbers_agree_within_the_tolerance_whatever_their_form() {
        assert_eq!(verdict(json!({"ok": 60}), json!({"ok": 60.0})), Verdict::Agree);
        assert_eq!(verdict(json!({"ok": 0.3}), json!({"ok": 0.1 + 0.2})), Verdict::Agree);
        assert_eq!(verdict(json!({"ok": 1_780_000_000}), json!({"ok": 1_780_000_060})), Verdict::Differ);
        assert_eq!(verdict(json!({"ok": 1}), json!({"ok": true})), Verdict::Differ);
    }

    #[test]
    fn errors_agree_in_type_and_mostly_in_text() {
        let error = |kind: &str, message: &str| json!({"error": kind, "message": message});
        assert_eq!(verdict(error("KeyError", "a"), error("KeyError", "b")), Verdict::Agree);
        assert_eq!(verdict(error("KeyError", "a"), error("ValueError", "a")), Verdict::Differ);
        assert_eq!(verdict(error("AuthError", "a"), error("AuthError", "b")), Verdict::Differ);
        assert_eq!(verdict(json!({"exit": "a"}), error("AuthError", "a")), Verdict::Differ);
        assert_eq!(verdict(json!({"exit": "a"}), json!({"exit": "a"})), Verdict::Agree);
    }

    #[test]
    fn what_is_logged_counts() {
        assert_eq!(verdict(json!({"ok": 1, "log": ["a"]}), json!({"ok": 1})), Verdict::Differ);
        assert_eq!(verdict(json!({"ok": 1, "log": ["a"]}), json!({"ok": 1, "log": ["a"]})), Verdict::Agree);
    }

    #[test]
    fn sets_and_mappings_have_no_order() {
        let ours = json!({"ok": {"!map": [[1, "a"], ["b", {"!set": [2, 10]}]]}});
        let theirs = json!({"ok": {"!map": [["b", {"!set": [10, 2]}], [1, "a"]]}});
        assert_eq!(verdict(ours, theirs), Verdict::Agree);
        assert_eq!(verdict(json!({"ok": {"a": 1}}), json!({"ok": {"a": 1, "b": 2}})), Verdict::Differ);
    }

    #[test]
    fn what_is_not_there_is_not_judged() {
        assert_eq!(verdict(json!({"absent": true}), json!({"absent": true})), Verdict::NotJudged);
        assert_eq!(verdict(json!({"absent": true}), json!({"ok": 1})), Verdict::Differ);
        assert_eq!(verdict(json!({"ok": 1}), json!({"absent": true})), Verdict::Differ);
        let given_up = json!({"error": "Timeout", "message": ""});
        assert_eq!(verdict(json!({"ok": 1}), given_up), Verdict::NotJudged);
        assert_eq!(verdict(json!({"not_modelled": "x"}), json!({"ok": 1})), Verdict::NotModelled);
    }
}
