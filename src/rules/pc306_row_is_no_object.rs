//! PC306: a row of a pool in auth.json that is no object.

use super::pc309_row_without_base_url::{addresses, endpoint_of};
use super::pools::{StoredPool, add_command, json_kind, no_key};
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextMap;
use crate::base::text::Edit;
use crate::diagnostic::Safety;
use crate::python::Node;

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
    let names = &context.pool_names;
    let addresses = addresses(context);
    for pool in &context.stored_pools() {
        let odd = odd_rows(pool);
        let Some((number, first)) = odd.first() else { continue };
        let Some(place) = first.place else { continue };
        let provider = names.provider(pool.name);
        let command = provider.map(|provider| add_command(&provider));
        findings
            .report(&ROW_IS_NO_OBJECT, place)
            .with("row", *number)
            .with("pool", pool.name)
            .part("kind", json_kind(&first.value))
            .command("command", command.as_deref());
        for (_, row) in odd.iter().skip(1).take(MOST) {
            findings.label("also", row.place);
        }
        if let Some(edits) = edits(context, pool.name, &odd, &addresses) {
            findings.fix(place.source, edits);
        }
    }
}

/// The rows that are no objects, each with its number.
fn odd_rows<'a>(pool: &StoredPool<'a>) -> Vec<(usize, &'a Node)> {
    let mut odd = Vec::new();
    for (at, row) in pool.rows().iter().enumerate() {
        if row.value.as_dict().is_none() {
            odd.push((at + 1, row));
        }
    }
    odd
}

/// An object around each text, where all odd rows are texts that may be keys of a provider with an endpoint.
fn edits(
    context: &Context<'_>,
    name: &str,
    odd: &[(usize, &Node)],
    addresses: &TextMap<&str>,
) -> Option<Vec<Edit>> {
    let provider = context.facts.providers.get(name)?;
    let url = endpoint_of(provider, addresses);
    let mut edits = Vec::new();
    for (number, row) in odd {
        let key = row.value.as_str()?;
        if url.is_empty() || key.is_empty() || no_key(context.facts, key).is_some() {
            return None;
        }
        let before = format!(
            "{{\"label\": \"{name}-{number}\", \"auth_type\": \"api_key\", \"priority\": {}, \"source\": \"manual\", \
             \"access_token\": ",
            number - 1
        );
        let span = row.place?.span;
        edits.push(Edit::insert(span.start, before));
        edits.push(Edit::insert(span.end, [", \"base_url\": \"", url, "\"}"].concat()));
    }
    Some(edits)
}

#[cfg(test)]
mod tests {
    use super::ROW_IS_NO_OBJECT;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn texts_become_objects() {
        fires(
            &ROW_IS_NO_OBJECT,
            r#"--- config.yaml
model: {provider: deepseek}
--- auth.json
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
--- then
Hermes uses deepseek-1 (manual) for deepseek
endpoint: https://api.deepseek.com/v1
rotation: after the second `deepseek-2` takes over
nothing is found
"#,
        );
    }

    #[test]
    fn the_rows_have_the_endpoint_of_the_provider_s_variable() {
        fires(
            &ROW_IS_NO_OBJECT,
            r#"--- config.yaml
model: {provider: deepseek}
--- .env
DEEPSEEK_BASE_URL=https://relay.example/v1
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "deepseek": ["sk-fake-first-0000"]
               ^^^^^^^^^^^^^^^^^^^^ PC306
}}
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "deepseek": [{"label": "deepseek-1", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "sk-fake-first-0000", "base_url": "https://relay.example/v1"}]
}}
--- then
Hermes uses deepseek-1 (manual) for deepseek
endpoint: https://relay.example/v1
nothing is found
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
