//! PC307: a field of a row whose type makes Hermes fail, or send something else than the key.

use super::pools::{Row, json_kind};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::facts::behaviour::Behaviour;
use crate::python::Value;

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
    for pool in &context.stored_pools() {
        let counts = pool.rows().len() > 1
            && loaded.is_some_and(|loaded| loaded.provider == pool.name && loaded.strategy == "least_used");
        for row in &pool.entries() {
            for entry in &row.node.entries() {
                let Some(field) = entry.key.value.as_str() else { continue };
                if let (Some((effect, wanted)), Some(place)) = (
                    wrong(&context.facts.behaviour, row, field, &entry.value.value, counts),
                    entry.value.place,
                ) {
                    findings
                        .report_row(&ROW_OF_WRONG_TYPE, row, place)
                        .with("field", field)
                        .part("kind", json_kind(&entry.value.value))
                        .part("wanted", wanted)
                        .part("effect", effect);
                    let number = entry.value.value.as_str().and_then(|text| text.trim().parse::<u32>().ok());
                    if let Some(number) = number.filter(|_| wanted == "number") {
                        findings.replace(place, &number.to_string());
                    }
                }
            }
        }
    }
}

/// What a field's value makes of the row; `None` where it does no harm.
fn wrong(behaviour: &Behaviour, row: &Row<'_>, field: &str, value: &Value, counts: bool) -> Option<Wrong> {
    let is_no_scalar = matches!(value, Value::List(_) | Value::Dict(_) | Value::None);
    let is_container = is_no_scalar && value.is_true();
    let is_text = value.as_str().is_some();
    match field {
        "priority" if is_text || is_no_scalar => Some(("sort", "number")),
        "source" if !is_text => Some(("load", "text")),
        "id" if is_container && behaviour.writing_keeps_others_rows => Some(("load", "text")),
        "label" if is_no_scalar => Some(("listing", "text")),
        "access_token"
            // What becomes of one where keys have to be usable was not read.
            if !behaviour.pool_keys_must_be_usable
                && row.is_manual()
                && (is_container || matches!(value, Value::Bool(true) | Value::Float(_))) =>
        {
            Some(("key", "text"))
        }
        "base_url" if !is_text && value.is_true() && !row.pool.starts_with("custom:") && row.is_manual() => {
            Some(("endpoint", "text"))
        }
        "last_status_at"
            if row.text("last_status") == "exhausted"
                && (is_container || (is_text && !behaviour.reads_status_times_as_text)) =>
        {
            Some(("cooldown", "number"))
        }
        "request_count" if counts && is_text => Some(("count", "number")),
        _ => None,
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
  {"label": "one", "priority": "1", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"},
                               ^^^ PC307
  {"label": "two", "priority": 0, "access_token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1"}
]}}
--- says
`priority` of row 1 in the pool `deepseek` is a text, not a number
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"label": "one", "priority": 1, "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"},
  {"label": "two", "priority": 0, "access_token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1"}
]}}
--- then
Hermes uses two (manual) for deepseek
rotation: Yes
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
  {{"label": "one", "request_count": "3", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"}},
{mark}  {{"label": "two", "priority": 1, "access_token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1"}}]}}}}
"#
            )
        };
        let mark = "                                    ^^^ PC307\n";
        let fixed = world("least_used", "").split("--- auth.json\n").nth(1).unwrap().replace("\"3\"", "3");
        // The one that was used less: the other has a count of 3.
        let then = "--- then\nHermes uses two (manual) for deepseek\nrotation: Yes\n";
        fires(
            &ROW_OF_WRONG_TYPE,
            &format!("{}--- fixed auth.json\n{fixed}{then}", world("least_used", mark)),
        );
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

    /// Before 0.15.2 a time is not read from a text (`can only concatenate str (not "int") to str`), and before 0.18.2 ids
    /// are not put into a set.
    #[test]
    fn what_a_release_takes_is_fine_there() {
        let time = "\
--- auth.json
{\"credential_pool\": {\"xai\": [{\"access_token\": \"xai-fake-first-0000\", \"base_url\": \"https://api.x.ai/v1\",
 \"last_status\": \"exhausted\", \"last_status_at\": \"1779999900\"}]}}
";
        silent(&ROW_OF_WRONG_TYPE, &["--- release 0.15.2\n", time].concat());
        let marked = time.replace(
            "\"1779999900\"}]}}\n",
            "\"1779999900\"}]}}\n                                               ^^^^^^^^^^^^ PC307\n",
        );
        let fixed =
            time.replace("--- auth.json", "--- fixed auth.json").replace("\"1779999900\"", "1779999900");
        fires(&ROW_OF_WRONG_TYPE, &["--- release 0.14.0\n", &marked, &fixed].concat());
        let id = "--- auth.json\n{\"credential_pool\": {\"xai\": [{\"id\": [1], \"access_token\": \"xai-fake-first-0000\"}]}}\n";
        silent(&ROW_OF_WRONG_TYPE, &["--- release 0.17.0\n", id].concat());
        let mark = "                                    ^^^ PC307\n";
        fires(&ROW_OF_WRONG_TYPE, &["--- release 0.18.2\n", id, mark].concat());
    }

    /// Read, not run: what 0.21.4 makes of a key that is no text where keys have to be usable is not known.
    #[test]
    fn a_key_of_another_type_in_a_newer_release() {
        silent(
            &ROW_OF_WRONG_TYPE,
            r#"--- release 0.21.4
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"xai": [
  {"label": "a", "source": "manual", "access_token": ["xai-fake-first-0000"], "base_url": "https://api.x.ai/v1"}]}}
"#,
        );
    }
}
