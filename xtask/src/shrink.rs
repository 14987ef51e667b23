//! Makes a case in which two answerers differ as small as it can be while they still differ in its last question.
//!
//! Greedy: of all ways to take something away, the largest first, the first that still differs is taken, and again,
//! until none does.

use std::time::Instant;

use anyhow::Result;
use serde_json::{Map, Value};

/// How many candidates are put to the answerers at once.
const AT_ONCE: usize = 16;

/// Fields without which a question is none, or another one.
const NEEDED: [&str; 6] = ["do", "provider", "name", "key", "keys", "seconds"];

/// Tells for each of some cases whether the answerers still differ in its last question.
pub(crate) type StillDiffers<'d> = dyn FnMut(&[Value]) -> Result<Vec<bool>> + 'd;

/// The smallest form of `case` that is found before `until` and in which the answers to the question `at` differ.
///
/// # Errors
/// `differs` fails.
pub(crate) fn shrink(
    case: &Value,
    at: usize,
    until: Instant,
    differs: &mut StillDiffers<'_>,
) -> Result<Value> {
    let mut best = case.clone();
    if let Some(questions) = best.get_mut("ask").and_then(Value::as_array_mut) {
        questions.truncate(at + 1);
    }
    'again: while Instant::now() < until {
        for some in simpler(&best).chunks(AT_ONCE) {
            if let Some(first) = differs(some)?.iter().position(|differs| *differs) {
                best = some.get(first).cloned().unwrap_or_default();
                continue 'again;
            }
            if Instant::now() >= until {
                break;
            }
        }
        break;
    }
    Ok(best)
}

/// The cases that lack something of `case`, those that lack most first. The last question stays.
fn simpler(case: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    let mut put = |path: &[&str], value: Option<Value>| {
        let mut simpler = case.clone();
        set(&mut simpler, path, value);
        let saved = case.to_string().len().saturating_sub(simpler.to_string().len());
        if saved > 0 {
            found.push((saved, simpler));
        }
    };
    let questions = case.get("ask").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some((last, before)) = questions.split_last() {
        for fewer in shorter(before) {
            let with_last = fewer.into_iter().chain([last.clone()]).collect();
            put(&["ask"], Some(Value::Array(with_last)));
        }
        let whole = |smaller: &Value| NEEDED.iter().all(|name| smaller.get(name) == last.get(name));
        for smaller in less(last).into_iter().filter(whole) {
            let with_it = before.iter().cloned().chain([smaller]).collect();
            put(&["ask"], Some(Value::Array(with_it)));
        }
    }
    put(&["profile"], None);
    for part in ["files", "home", "environ"] {
        for (name, text) in case.get(part).and_then(Value::as_object).into_iter().flatten() {
            put(&[part, name], None);
            for smaller in text.as_str().map(smaller_text).unwrap_or_default() {
                put(&[part, name], Some(Value::String(smaller)));
            }
        }
    }
    found.sort_by_key(|(saved, _)| std::cmp::Reverse(*saved));
    found.into_iter().map(|(_, simpler)| simpler).collect()
}

fn set(value: &mut Value, path: &[&str], to: Option<Value>) {
    let Some((name, rest)) = path.split_first() else { return };
    let Some(fields) = value.as_object_mut() else { return };
    if !rest.is_empty() {
        if let Some(inner) = fields.get_mut(*name) {
            set(inner, rest, to);
        }
        return;
    }
    match to {
        Some(to) => {
            fields.insert((*name).to_owned(), to);
        }
        None => {
            fields.shift_remove(*name);
        }
    }
}

/// What is left of a text: JSON without one of its parts, else without some of its lines, a short text without some
/// of its characters.
fn smaller_text(text: &str) -> Vec<String> {
    if let Ok(json @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
        let compact = json.to_string();
        return [compact].into_iter().chain(less(&json).iter().map(Value::to_string)).collect();
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.len() > 1 {
        return shorter(&lines).into_iter().map(|lines| lines.concat()).collect();
    }
    let characters: Vec<char> = text.chars().collect();
    shorter(&characters).into_iter().map(|characters| characters.into_iter().collect()).collect()
}

/// The values that lack one part of `value`, at any depth.
fn less(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(fields) => {
            let mut found = Vec::new();
            for (name, inner) in fields {
                let mut without = fields.clone();
                without.shift_remove(name);
                found.push(Value::Object(without));
                for smaller in less(inner) {
                    let mut with: Map<String, Value> = fields.clone();
                    with.insert(name.clone(), smaller);
                    found.push(Value::Object(with));
                }
            }
            found
        }
        Value::Array(items) => {
            let mut found: Vec<Value> = shorter(items).into_iter().map(Value::Array).collect();
            for (at, inner) in items.iter().enumerate() {
                for smaller in less(inner) {
                    let with = items.iter().enumerate();
                    let with = with.map(|(own, item)| if own == at { smaller.clone() } else { item.clone() });
                    found.push(Value::Array(with.collect()));
                }
            }
            found
        }
        Value::String(text) if text.len() > 1 => smaller_text(text).into_iter().map(Value::String).collect(),
        _ => Vec::new(),
    }
}

/// The list without a half of it, without a quarter, and so on to single items.
fn shorter<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let mut found = Vec::new();
    let mut size = items.len();
    while size > 0 {
        let mut start = 0;
        while start < items.len() {
            let end = (start + size).min(items.len());
            let kept = items.iter().enumerate().filter(|(at, _)| !(start..end).contains(at));
            found.push(kept.map(|(_, item)| item.clone()).collect());
            start = end;
        }
        size /= 2;
    }
    found
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    #[test]
    fn what_matters_is_left() {
        let case = json!({
            "id": "c", "hermes": "0.19.0", "now": 1.0, "profile": "work",
            "files": {
                "config.yaml": "model:\n  provider: gemini\nagent:\n  max_turns: 3\n",
                "auth.json": "{\n \"version\": 1,\n \"credential_pool\": {\"gemini\": [{\"id\": \"a\"}, {\"id\": \"b\"}]}\n}",
                ".env": "A=1\n",
            },
            "environ": {"B": "2"},
            "ask": [{"do": "resolve"}, {"do": "select", "provider": "gemini"}, {"do": "list"}, {"do": "store"}],
        });
        // The two are said to differ where gemini was selected and its second row is there.
        let mut differs = |cases: &[Value]| -> Result<Vec<bool>> {
            Ok(cases
                .iter()
                .map(|case| {
                    let text = case.to_string();
                    let last = case["ask"].as_array().and_then(|ask| ask.last());
                    text.contains(r#"\"b\""#)
                        && text.contains("select")
                        && last == Some(&json!({"do": "list"}))
                })
                .collect())
        };
        let until = Instant::now() + Duration::from_secs(60);
        let small = shrink(&case, 2, until, &mut differs).unwrap();
        assert_eq!(
            small,
            json!({
                "id": "c", "hermes": "0.19.0", "now": 1.0,
                "files": {"auth.json": r#"{"credential_pool":{"gemini":[{"id":"b"}]}}"#},
                "environ": {},
                "ask": [{"do": "select", "provider": "gemini"}, {"do": "list"}],
            })
        );
    }
}
