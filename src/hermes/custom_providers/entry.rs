//! `_normalize_custom_provider_entry`: one entry.

use std::rc::Rc;

use super::{DropReason, EntryNote};
use crate::facts::behaviour::Behaviour;
use crate::facts::{ConfigKeys, Facts};
use crate::hermes::{Outcome, Stop};
use crate::python::{Dict, Entry, Int, Node, Value, strip, to_str, urlparse};

/// The entry in its normal form, or why Hermes leaves it out. Right spellings are written into `item`, as the
/// real function does.
///
/// # Errors
/// `TypeError` for an unknown key that is no string; `ValueError` for an endpoint that `urlparse` refuses.
pub(super) fn normalize(
    item: &mut Node,
    provider_key: &str,
    facts: &Facts,
    notes: &mut Vec<EntryNote>,
) -> Outcome<Result<Dict, DropReason>> {
    let Value::Dict(entry) = &mut item.value else {
        return Ok(Err(DropReason::NotAMapping(item.value.type_name())));
    };
    let (keys, behaviour) = (&facts.config_keys, &facts.behaviour);
    spell(entry, keys, notes);
    note_unknown(entry, keys, notes)?;
    let url = match base_url(entry, notes, behaviour)? {
        Ok(url) => url,
        Err(reason) => return Ok(Err(reason)),
    };
    let key = strip(provider_key);
    let name = match text(entry, "name") {
        Some(name) => name,
        None if !key.is_empty() => Node::made(Value::str(key)),
        None => return Ok(Err(DropReason::NoName)),
    };
    let mut made = Dict::new();
    made.set("name", name);
    made.set("base_url", url);
    if !key.is_empty() {
        made.set("provider_key", Value::str(key));
    }
    fill(&mut made, entry, behaviour)?;
    Ok(Ok(made))
}

/// Copies `api_key_env` and camel-case keys to the key that they mean, where that one is not there. An entry without any is
/// not copied.
fn spell(entry: &mut Rc<Dict>, keys: &ConfigKeys, notes: &mut Vec<EntryNote>) {
    let spelled = [("api_key_env", "key_env")].into_iter();
    let camel = keys.custom_provider_aliases.iter().map(|(key, meant)| (key, meant.as_str()));
    for (key, meant) in spelled.chain(camel) {
        if entry.has(meant) {
            continue;
        }
        let Some(written) = entry.entry(key).cloned() else { continue };
        if keys.custom_provider_aliases.contains_key(key) {
            let place = written.key.place;
            notes.push(EntryNote::OtherSpelling { key: key.to_owned(), meant: meant.to_owned(), place });
        }
        let key = Node { value: Value::str(meant), place: written.key.place };
        let _ = Rc::make_mut(entry).insert(Entry { key, ..written });
    }
}

/// Hermes logs the unknown keys, sorted and joined: that fails where one of them is no string.
fn note_unknown(entry: &Dict, keys: &ConfigKeys, notes: &mut Vec<EntryNote>) -> Outcome<()> {
    for pair in entry.iter() {
        let Value::Str(key) = &pair.key.value else {
            return Err(Stop::raised("TypeError", "an unknown key that is no str").at(pair.key.place));
        };
        if !keys.custom_provider_keys.contains(key.as_ref())
            && !keys.custom_provider_aliases.contains_key(key.as_ref())
        {
            notes.push(EntryNote::UnknownKey { key: key.as_ref().to_owned(), place: pair.key.place });
        }
    }
    Ok(())
}

/// The first of `base_url`, `url` and `api` that has a scheme and a host, or a placeholder in braces.
fn base_url(
    entry: &Dict,
    notes: &mut Vec<EntryNote>,
    behaviour: &Behaviour,
) -> Outcome<Result<Node, DropReason>> {
    let mut reason = DropReason::NoUrl;
    for key in ["base_url", "url", "api"] {
        let Some(candidate) = text(entry, key) else { continue };
        let url = candidate.value.as_str().unwrap_or("");
        if behaviour.accepts_url_templates && has_placeholder(url) {
            return Ok(Ok(candidate));
        }
        let parsed =
            urlparse(url).ok_or_else(|| Stop::raised("ValueError", "not a URL").at(candidate.place))?;
        if !parsed.scheme.is_empty() && !parsed.netloc.is_empty() {
            return Ok(Ok(candidate));
        }
        notes.push(EntryNote::BadUrl { key, place: candidate.place });
        if let Some(place) = candidate.place {
            reason = DropReason::BadUrl(place);
        }
    }
    Ok(Err(reason))
}

/// `re.search(r"\{[^}]+\}", url)`
fn has_placeholder(url: &str) -> bool {
    // Every `{` with a `}` somewhere behind it and something between them.
    url.rfind('}').is_some_and(|last| {
        url.get(..last)
            .unwrap_or("")
            .char_indices()
            .any(|(at, c)| c == '{' && url.get(at + 1..).is_some_and(|inner| !inner.starts_with('}')))
    })
}

/// The other fields that the normal form has.
fn fill(made: &mut Dict, entry: &Dict, behaviour: &Behaviour) -> Outcome<()> {
    for field in ["api_key", "key_env"] {
        put(made, field, text(entry, field));
    }
    put(made, "api_mode", first_true(entry, ["api_mode", "transport"]).and_then(stripped));
    put(made, "model", first_true(entry, ["model", "default_model"]).and_then(stripped));
    put(made, "models", entry.get("models").and_then(|node| models(node, behaviour)));
    put(
        made,
        "context_length",
        entry.get("context_length").filter(|node| is_positive_int(&node.value)).cloned(),
    );
    put(
        made,
        "rate_limit_delay",
        entry.get("rate_limit_delay").filter(|node| is_delay(&node.value)).cloned(),
    );
    if !behaviour.custom_extras {
        return Ok(());
    }
    put(made, "discover_models", entry.get("discover_models").filter(|node| is_bool(node)).cloned());
    let extra_body = entry.get("extra_body").filter(|node| matches!(node.value, Value::Dict(_)));
    put(made, "extra_body", extra_body.cloned());
    if !behaviour.custom_headers_and_tls {
        return Ok(());
    }
    if let Some(headers) = entry.get("extra_headers") {
        put(made, "extra_headers", extra_headers(headers)?);
    }
    put(made, "ssl_ca_cert", text(entry, "ssl_ca_cert"));
    let verify = entry.get("ssl_verify").filter(|node| is_bool(node)).cloned();
    put(made, "ssl_verify", verify.or_else(|| text(entry, "ssl_verify")));
    Ok(())
}

fn put(made: &mut Dict, name: &str, value: Option<Node>) {
    if let Some(value) = value {
        made.set(name, value);
    }
}

/// The text under `name` without the space around it, where there is more than space.
fn text(entry: &Dict, name: &str) -> Option<Node> {
    stripped(entry.get(name)?)
}

fn stripped(node: &Node) -> Option<Node> {
    let text = strip(node.value.as_str()?);
    (!text.is_empty()).then(|| Node { value: Value::str(text), place: node.place })
}

/// `entry.get(first) or entry.get(second)`
fn first_true<'e>(entry: &'e Dict, [first, second]: [&str; 2]) -> Option<&'e Node> {
    entry.get(first).filter(|node| node.value.is_true()).or_else(|| entry.get(second))
}

/// The models as a mapping; a list of names or of mappings with `id` or `name` becomes one.
fn models(models: &Node, behaviour: &Behaviour) -> Option<Node> {
    let items = match &models.value {
        Value::Dict(dict) if !dict.is_empty() => return Some(models.clone()),
        Value::List(items) => items,
        _ => return None,
    };
    let mut made = Dict::new();
    if !behaviour.models_may_be_rows {
        for item in items.iter().filter(|item| stripped(item).is_some()) {
            made.set(item.value.as_str().unwrap_or(""), Value::dict(Dict::new()));
        }
        return (!items.is_empty()).then(|| Node { value: Value::dict(made), place: models.place });
    }
    for item in items.iter() {
        let (id, meta) = match &item.value {
            Value::Dict(dict) => (text(dict, "id").or_else(|| text(dict, "name")), without_ids(dict)),
            _ => (stripped(item), Dict::new()),
        };
        let Some(key) = id else { continue };
        let value = Node { value: Value::dict(meta), place: item.place };
        let _ = made.insert(Entry { key, value, place: item.place });
    }
    (!made.is_empty()).then(|| Node { value: Value::dict(made), place: models.place })
}

fn without_ids(dict: &Dict) -> Dict {
    let mut meta = dict.clone();
    let _ = meta.remove("id");
    let _ = meta.remove("name");
    meta
}

/// `isinstance(value, int) and value > 0`; `True` is an `int`.
fn is_positive_int(value: &Value) -> bool {
    match value {
        Value::Bool(value) => *value,
        Value::Int(Int::Small(value)) => *value > 0,
        Value::Int(Int::Big(value)) => !value.is_negative(),
        _ => false,
    }
}

/// `isinstance(value, (int, float)) and value >= 0`
fn is_delay(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Int(Int::Small(value)) => *value >= 0,
        Value::Int(Int::Big(value)) => !value.is_negative(),
        Value::Float(value) => *value >= 0.0,
        _ => false,
    }
}

fn is_bool(node: &Node) -> bool {
    matches!(node.value, Value::Bool(_))
}

/// `normalize_extra_headers`: keys and values as texts, without the values that are `None`.
fn extra_headers(headers: &Node) -> Outcome<Option<Node>> {
    let Value::Dict(dict) = &headers.value else { return Ok(None) };
    let said = |node: &Node| match to_str(&node.value) {
        Some(text) => Ok(Node { value: Value::str(text), place: node.place }),
        None => Err(Stop::not_modelled("str() of a header")),
    };
    let mut made = Dict::new();
    for entry in dict.iter().filter(|entry| !entry.value.value.is_none()) {
        let (key, value) = (said(&entry.key)?, said(&entry.value)?);
        let _ = made.insert(Entry { key, value, place: entry.place });
    }
    Ok((!made.is_empty()).then(|| Node { value: Value::dict(made), place: headers.place }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sources::SourceKind;
    use crate::python::repr;
    use crate::yaml;

    fn normal(text: &str) -> String {
        let mut item = yaml::load(text, SourceKind::Config).root.unwrap();
        let keys = Facts::newest().unwrap();
        match normalize(&mut item, "", keys, &mut Vec::new()).unwrap() {
            Ok(made) => repr(&Value::dict(made)).unwrap(),
            Err(reason) => format!("{reason:?}"),
        }
    }

    /// Expected: `_normalize_custom_provider_entry` of 0.19.0 (`n` and `b` are `name` and `base_url`).
    #[test]
    fn fields_as_hermes_takes_them() {
        let cases = [
            ("api_key: 5, key_env: ' X '", "'key_env': 'X'"),
            ("api_key_env: E, apiKeyEnv: F", "'key_env': 'E'"),
            ("api_mode: '', transport: t", "'api_mode': 't'"),
            ("api_mode: 7, transport: t", ""),
            (
                "models: [a, {id: ' b ', x: 1}, {id: 3, name: c}, {x: 1}, 4, ' ']",
                "'models': {'a': {}, 'b': {'x': 1}, 'c': {}}",
            ),
            ("models: []", ""),
            ("context_length: true, rate_limit_delay: .nan", "'context_length': True"),
            ("context_length: 1.5, rate_limit_delay: 0", "'rate_limit_delay': 0"),
            ("discover_models: 'no', ssl_verify: ' no '", "'ssl_verify': 'no'"),
            ("extra_headers: {1: true, a: , b: 1.5}", "'extra_headers': {'1': 'True', 'b': '1.5'}"),
            ("extra_headers: {a: }, extra_body: {}", "'extra_body': {}"),
        ];
        for (fields, expected) in cases {
            let comma = if expected.is_empty() { "" } else { ", " };
            assert_eq!(
                normal(&format!("{{name: n, base_url: 'http://b', {fields}}}")),
                format!("{{'name': 'n', 'base_url': 'http://b'{comma}{expected}}}"),
                "{fields}"
            );
        }
    }

    /// Expected: `re.search(r"\{[^}]+\}", url)` of Python.
    #[test]
    fn placeholders_in_braces() {
        for (url, expected) in
            [("{r}", true), ("{}", false), ("{}}", false), ("{{}", true), ("}{", false), ("{}{r}", true)]
        {
            assert_eq!(has_placeholder(url), expected, "{url}");
        }
    }
}
