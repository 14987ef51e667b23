//! PC307: a field of a row whose type makes Hermes fail, or send something else than the key.

use super::pools::{Row, StoredPool};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::python::{Node, Value};
use crate::text::Edit;

declare_rule! {
    /// Hermes takes the fields of a row as they stand, and a wrong type shows late. A `priority` in quotes cannot be
    /// sorted among numbers: the whole pool is then passed over, its other rows included. The same happens with a
    /// `source` or an `id` of another type. Other fields break the resolution or `hermes auth list`.
    ///
    /// ```json fires
    /// {"version": 1, "providers": {}, "credential_pool": {"xai": [
    ///   {"label": "first", "source": "manual", "priority": "0", "access_token": "xai-fake-first-0000",
    ///    "base_url": "https://api.x.ai/v1"}]}}
    /// ```
    /// ```json silent
    /// {"version": 1, "providers": {}, "credential_pool": {"xai": [
    ///   {"label": "first", "source": "manual", "priority": 0, "access_token": "xai-fake-first-0000",
    ///    "base_url": "https://api.x.ai/v1"}]}}
    /// ```
    pub static ROW_OF_WRONG_TYPE = {
        code: "PC307", name: "row-of-wrong-type", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{field}` of row {row} in the pool `{pool}` is {kind}, not {wanted}",
        why: "{effect}",
        todo: "Write {wanted}.",
        fix_title: "Write the number without quotes",
        part text: "a text",
        part number: "a number",
        part list: "a list",
        part object: "an object",
        part nothing: "`null`",
        part truth: "a truth value",
        part load: "Hermes fails on loading a pool with such a row: none of its rows is used, and `hermes auth list` ends with an error.",
        part sort: "Hermes sorts the rows by their priority and counts on from the highest. As soon as another row is there or comes in, it fails: none of the rows is used then, and `hermes auth list` ends with an error.",
        part listing: "`hermes auth list` ends with an error at this row.",
        part key: "Hermes sends the value as Python writes it for a key.",
        part endpoint: "Hermes fails when it takes the endpoint from this row.",
        part cooldown: "Hermes fails when it works out the cooldown of this row.",
        part count: "With the strategy `least_used` Hermes compares the counts of the rows and fails.",
    }
}

/// The names of the parts that say what goes wrong, and what is wanted instead.
type Wrong = (&'static str, &'static str);

fn check(context: &Context<'_>, findings: &mut Findings) {
    let loaded = context.verdict().and_then(|verdict| verdict.pool.as_ref());
    for pool in context.stored_pools() {
        let counts = loaded
            .is_some_and(|loaded| loaded.provider == pool.name && loaded.strategy == "least_used")
            && pool.rows().nth(1).is_some();
        for row in pool.entries() {
            for entry in row.fields.iter() {
                let Some(field) = entry.key.value.as_str() else { continue };
                if let Some(wrong) = wrong(&pool, &row, field, &entry.value.value, counts) {
                    report(findings, (&pool, &row), field, &entry.value, wrong);
                }
            }
        }
    }
}

/// What a field's value makes of the row; `None` where it does no harm.
fn wrong(pool: &StoredPool<'_>, row: &Row<'_>, field: &str, value: &Value, counts: bool) -> Option<Wrong> {
    let is_container = matches!(value, Value::List(_) | Value::Dict(_)) && value.is_true();
    let is_text = value.as_str().is_some();
    match field {
        "priority" if is_text || value.is_none() || matches!(value, Value::List(_) | Value::Dict(_)) => {
            Some(("sort", "number"))
        }
        "source" if !is_text => Some(("load", "text")),
        "id" if is_container => Some(("load", "text")),
        "label" if value.is_none() || matches!(value, Value::List(_) | Value::Dict(_)) => {
            Some(("listing", "text"))
        }
        "access_token"
            if row.is_manual() && (is_container || matches!(value, Value::Bool(true) | Value::Float(_))) =>
        {
            Some(("key", "text"))
        }
        "base_url" if !is_text && value.is_true() && !pool.name.starts_with("custom:") && row.is_manual() => {
            Some(("endpoint", "text"))
        }
        "last_status_at" if is_container && row.text("last_status") == "exhausted" => {
            Some(("cooldown", "number"))
        }
        "request_count" if counts && is_text => Some(("count", "number")),
        _ => None,
    }
}

fn report(
    findings: &mut Findings,
    (pool, row): (&StoredPool<'_>, &Row<'_>),
    field: &str,
    node: &Node,
    wrong: Wrong,
) {
    let Some(place) = node.place else { return };
    let (effect, wanted) = wrong;
    let kind = match &node.value {
        Value::Str(_) => "text",
        Value::List(_) => "list",
        Value::Dict(_) => "object",
        Value::None => "nothing",
        Value::Bool(_) => "truth",
        _ => "number",
    };
    let part = |name: &str| ROW_OF_WRONG_TYPE.part(name);
    let finding = findings
        .report(&ROW_OF_WRONG_TYPE, place)
        .with("field", field)
        .with("row", row.number)
        .with("pool", pool.name)
        .with("kind", part(kind))
        .with("wanted", part(wanted))
        .with("effect", part(effect));
    let number = node.value.as_str().and_then(|text| text.trim().parse::<u32>().ok());
    match number.filter(|_| wanted == "number") {
        Some(number) => finding.fix(place.source, vec![Edit::replace(place.span, number.to_string())]),
        None => finding.done(),
    }
}

#[cfg(test)]
mod tests {
    use super::ROW_OF_WRONG_TYPE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_number_in_quotes_becomes_one() {
        fires(
            &ROW_OF_WRONG_TYPE,
            r#"--- config.yaml
model: {provider: deepseek}
credential_pool_strategies: {deepseek: least_used}
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"priority": "1", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"},
               ^^^ PC307
  {"priority": 2, "access_token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1"}
]}}
--- says
`priority` of row 1 in the pool `deepseek` is a text, not a number
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"priority": 1, "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"},
  {"priority": 2, "access_token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1"}
]}}
"#,
        );
    }

    #[test]
    fn a_count_in_quotes_matters_where_counts_are_compared() {
        let world = |strategy: &str, mark: &str| {
            format!(
                r#"--- config.yaml
model: {{provider: deepseek}}
credential_pool_strategies: {{deepseek: {strategy}}}
--- auth.json
{{"version": 1, "providers": {{}}, "credential_pool": {{"deepseek": [
  {{"request_count": "3", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"}},
{mark}  {{"priority": 1, "access_token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1"}}]}}}}
"#
            )
        };
        let mark = "                    ^^^ PC307\n";
        let fixed = world("least_used", "").split("--- auth.json\n").nth(1).unwrap().replace("\"3\"", "3");
        fires(&ROW_OF_WRONG_TYPE, &format!("{}--- fixed auth.json\n{fixed}", world("least_used", mark)));
        silent(&ROW_OF_WRONG_TYPE, &world("fill_first", ""));
    }

    #[test]
    fn other_fields() {
        fires(
            &ROW_OF_WRONG_TYPE,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"source": null, "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"},
             ^^^^ PC307
  {"id": ["a"], "access_token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1"},
         ^^^^^ PC307
  {"label": null, "access_token": ["sk-fake-third-0000"], "base_url": 5},
            ^^^^ PC307
                                  ^^^^^^^^^^^^^^^^^^^^^^ PC307
                                                                      ^ PC307
  {"last_status": "exhausted", "last_status_at": {"at": 1}, "access_token": "sk-fake-fourth-000",
                                                 ^^^^^^^^^ PC307
   "base_url": "https://api.deepseek.com/v1"}
]}}
--- says
`source` of row 1 in the pool `deepseek` is `null`, not a text
as Python writes it
takes the endpoint from this row
works out the cooldown
"#,
        );
    }

    #[test]
    fn types_that_do_no_harm() {
        silent(
            &ROW_OF_WRONG_TYPE,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"id": 5, "label": 7, "priority": 0.5, "auth_type": null, "access_token": 123456789012, "request_count": "2",
   "last_status": null, "last_status_at": null, "base_url": "https://api.deepseek.com/v1", "mine": {"a": [1]}}]}}
"#,
        );
    }
}
