//! PC308: a row that was added by hand and has no `access_token`.

use super::pools::{KEY_NAMES, Row};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::python::Entry;
use crate::text::Edit;

declare_rule! {
    /// The key of a row stands in `access_token`, for API keys too. A row that has it in `api_key`, `key` or `token`
    /// is listed, without an arrow, and never selected.
    ///
    /// Rows of the source `env:NAME` and `config:NAME` are right without a key: Hermes takes it from there.
    ///
    /// ```json fires
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"label": "first", "source": "manual", "api_key": "AIza-fake-first-0000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// ```
    /// ```json silent
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"id": "a1", "label": "GOOGLE_API_KEY", "auth_type": "api_key", "source": "env:GOOGLE_API_KEY",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// ```
    pub static ROW_WITHOUT_TOKEN = {
        code: "PC308", name: "row-without-token", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "Row {row} of the pool `{pool}` has no `access_token`: it is never selected",
        why: "The key of a row stands in `access_token`.{misnamed} Hermes lists a row without it, but has nothing to select.",
        todo: "{way}",
        fix_title: "Rename `{field}` to `access_token`",
        part misnamed: " `{field}` is read by nothing.",
        part plain: "",
        part rename: "Rename `{field}` to `access_token`.",
        part add: "Remove the row, and add the key with `hermes auth add`.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for pool in context.stored_pools() {
        // Keys of Nous stand in other fields.
        if pool.name == "nous" {
            continue;
        }
        for row in pool.entries().filter(is_empty) {
            let misnamed = misnamed(&row);
            let key = misnamed.and_then(|entry| Some((entry.key.value.as_str()?, entry.key.place?)));
            let token = row.fields.get("access_token").and_then(|token| token.place);
            let Some(place) = key.map(|(_, place)| place).or(token).or(row.place()) else { continue };
            let field = key.map_or("", |(field, _)| field);
            let (why, todo) = if key.is_some() { ("misnamed", "rename") } else { ("plain", "add") };
            let part = |name: &str| ROW_WITHOUT_TOKEN.part(name).with("field", field);
            let finding = findings
                .report(&ROW_WITHOUT_TOKEN, place)
                .with("row", row.number)
                .with("pool", pool.name)
                .with("field", field)
                .with("misnamed", part(why))
                .with("way", part(todo));
            match key {
                Some((_, place)) if !row.fields.has("access_token") => {
                    finding.fix(place.source, vec![Edit::replace(place.span, "\"access_token\"")]);
                }
                _ => finding.done(),
            }
        }
    }
}

/// Whether the row was added by hand, is of the type `api_key`, and has no key.
fn is_empty(row: &Row<'_>) -> bool {
    let has_token = row.field("access_token").is_some_and(|token| token.value.is_true());
    row.is_manual() && row.is_key() && !has_token
}

/// The pair that holds the key under another name.
fn misnamed<'a>(row: &Row<'a>) -> Option<&'a Entry> {
    let entries =
        KEY_NAMES.iter().filter(|name| **name != "access_token").filter_map(|name| row.fields.entry(name));
    entries.into_iter().find(|entry| entry.value.value.as_str().is_some_and(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::ROW_WITHOUT_TOKEN;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_misnamed_key_is_renamed() {
        fires(
            &ROW_WITHOUT_TOKEN,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"label": "one", "source": "manual", "api_key": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"},
                                       ^^^^^^^^^ PC308
  {"label": "two", "token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1"}
                   ^^^^^^^ PC308
]}}
--- says
`api_key` is read by nothing
Rename `token`
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"label": "one", "source": "manual", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"},
  {"label": "two", "access_token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1"}
]}}
"#,
        );
    }

    #[test]
    fn a_row_without_any_key_is_added_again() {
        fires(
            &ROW_WITHOUT_TOKEN,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"label": "one", "source": "manual"},
            ^^^^^ PC308
  {"label": "two", "source": "manual:me", "access_token": "", "key": "sk-fake-second-000"},
                                                              ^^^^^ PC308
  {"source": "manual", "access_token": null}
                                       ^^^^ PC308
]}}
--- says
Remove the row
"#,
        );
    }

    #[test]
    fn rows_that_borrow_their_key_and_logins_are_fine() {
        silent(
            &ROW_WITHOUT_TOKEN,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "gemini": [{"label": "GOOGLE_API_KEY", "auth_type": "api_key", "source": "env:GOOGLE_API_KEY"}],
  "custom:acme": [{"label": "acme", "auth_type": "api_key", "source": "config:acme"}],
  "nous": [{"label": "nous", "auth_type": "api_key", "source": "manual", "agent_key": "sk-fake-agent-0000"}],
  "openai-codex": [{"label": "me", "auth_type": "oauth", "source": "manual:device_code"}]}}
"#,
        );
    }
}
