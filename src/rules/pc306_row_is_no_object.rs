//! PC306: a row of a pool in auth.json that is no object.

use super::pools::{StoredPool, no_key};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::python::{Node, Value};
use crate::text::Edit;

declare_rule! {
    /// Every row of a pool in auth.json is an object. Where one is a bare text, as when only the keys were listed,
    /// Hermes fails on loading the pool: `hermes auth list` ends with an error, and the resolution goes on as if
    /// the whole pool were empty, its other rows included.
    ///
    /// ```json fires
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": ["AIza-fake-first-0000"]}}
    /// ```
    /// ```json silent
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"id": "a1", "label": "first", "auth_type": "api_key", "priority": 0, "source": "manual",
    ///    "access_token": "AIza-fake-first-0000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// ```
    pub static ROW_IS_NO_OBJECT = {
        code: "PC306", name: "row-is-no-object", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "Row {row} of the pool `{pool}` is {kind}, not an object",
        why: "Hermes fails on loading a pool with such a row: none of its rows is used, and `hermes auth list` ends with an error.",
        todo: "Take the row out of auth.json and add the key with `hermes auth add`, which writes the whole object.",
        command: "{command}",
        fix_title: "Make objects of the rows that are texts",
        label also: "so is this one",
        part text: "a text",
        part number: "a number",
        part list: "a list",
        part nothing: "`null`",
        part truth: "a truth value",
    }
}

/// How many further rows of a pool are pointed at.
const MOST: usize = 20;

fn check(context: &Context<'_>, findings: &mut Findings) {
    let names = context.pool_names();
    for pool in context.stored_pools() {
        let mut odd = pool.rows().filter(|(_, row)| row.value.as_dict().is_none());
        let Some((number, first)) = odd.next() else { continue };
        let Some(place) = first.place else { continue };
        let command =
            names.provider(pool.name).map(|provider| format!("hermes auth add {provider} --type api-key"));
        let finding = findings
            .report(&ROW_IS_NO_OBJECT, place)
            .with("row", number)
            .with("pool", pool.name)
            .with("kind", ROW_IS_NO_OBJECT.part(kind(&first.value)));
        let mut finding = match command {
            Some(command) => finding.with("command", command),
            None => finding.without_command(),
        };
        for place in odd.take(MOST).filter_map(|(_, row)| row.place) {
            finding = finding.label("also", place);
        }
        match edits(context, &pool) {
            Some(edits) => finding.fix(place.source, edits),
            None => finding.done(),
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Str(_) => "text",
        Value::List(_) => "list",
        Value::None => "nothing",
        Value::Bool(_) => "truth",
        _ => "number",
    }
}

/// An object around each text, where all odd rows are texts that may be keys of a provider with an endpoint.
fn edits(context: &Context<'_>, pool: &StoredPool<'_>) -> Option<Vec<Edit>> {
    let url = context.facts.providers.get(pool.name).map(|row| row.inference_base_url.as_str());
    let url = url.filter(|url| !url.is_empty())?;
    let object = |number: usize, row: &Node| {
        row.value.as_str().filter(|key| !key.is_empty() && no_key(context.facts, key).is_none())?;
        let span = row.place?.span;
        let name = pool.name;
        let before = format!(
            "{{\"label\": \"{name}-{number}\", \"auth_type\": \"api_key\", \"priority\": {}, \"source\": \"manual\", \
             \"access_token\": ",
            number - 1
        );
        Some([
            Edit::insert(span.start, before),
            Edit::insert(span.end, format!(", \"base_url\": \"{url}\"}}")),
        ])
    };
    let odd = pool.rows().filter(|(_, row)| row.value.as_dict().is_none());
    let edits: Option<Vec<[Edit; 2]>> = odd.map(|(number, row)| object(number, row)).collect();
    Some(edits?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::ROW_IS_NO_OBJECT;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn texts_become_objects() {
        fires(
            &ROW_IS_NO_OBJECT,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "deepseek": [
    "sk-fake-first-0000",
    ^^^^^^^^^^^^^^^^^^^^ PC306
    "sk-fake-second-000"
  ]
}}
--- says
is a text, not an object
hermes auth add deepseek --type api-key
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "deepseek": [
    {"label": "deepseek-1", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"},
    {"label": "deepseek-2", "auth_type": "api_key", "priority": 1, "source": "manual", "access_token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1"}
  ]
}}
"#,
        );
    }

    #[test]
    fn what_is_no_key_has_no_fix() {
        fires(
            &ROW_IS_NO_OBJECT,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "gemini": [{"source": "manual", "access_token": "AIza-fake-first-0000"}, 7],
                                                                           ^ PC306
  "deepseek": ["DEEPSEEK_API_KEY"],
               ^^^^^^^^^^^^^^^^^^ PC306
  "mine": [null]
           ^^^^ PC306
}}
--- says
Row 2 of the pool `gemini` is a number
`null`
"#,
        );
    }

    #[test]
    fn objects_are_fine() {
        silent(
            &ROW_IS_NO_OBJECT,
            r#"--- auth.json
{"version": 1, "providers": {"nous": "x"}, "credential_pool": {"gemini": [], "deepseek": [{}]}}
"#,
        );
    }
}
