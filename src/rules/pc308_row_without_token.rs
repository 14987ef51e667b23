//! PC308: a row that was added by hand and has no `access_token`.

use super::pools::{KEY_NAMES, Row, no_key};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::python::Entry;

declare_rule! {
    /// The key of a row stands in `access_token`, for API keys too. A row that has it in `api_key`, `key` or `token`
    /// holds none: it is listed, without an arrow, and never selected; releases before 0.19.0 select it in its turn and
    /// then have no key.
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
        what: "Row {row} of the pool `{pool}` has no `access_token`: it holds no key",
        why: "The key of a row stands in `access_token`.{misnamed} {effect}",
        todo: "{way}",
        fix_title: "Rename `{field}` to `access_token`",
        part misnamed: " `{field}` is read by nothing.",
        part plain: "",
        part passed: "Hermes lists a row without it, but never selects it.",
        part selected: "This release selects a row without it all the same, in its turn, and then has no key.",
        part rename: "Rename `{field}` to `access_token`.",
        part add: "Remove the row, and add the key with `hermes auth add`.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for row in &context.stored_rows() {
        if row.pool == "nous" || !row.is_manual() || !row.is_key() || row.node.has("access_token") {
            continue;
        }
        let misnamed = misnamed(row);
        let key = misnamed.map(|entry| &entry.key);
        // Under the right name a placeholder or the name of a variable would be sent for a key.
        let text = misnamed.and_then(|entry| entry.value.value.as_str()).unwrap_or("");
        let is_key = key.is_some() && no_key(context.facts, text).is_none();
        let token = row.node.get("access_token");
        let place = key.and_then(|key| key.place).or_else(|| token?.place).or_else(|| row.place());
        let Some(place) = place else { continue };
        findings
            .report_row(&ROW_WITHOUT_TOKEN, row, place)
            .with("field", key.and_then(|key| key.value.as_str()).unwrap_or(""))
            .part("misnamed", if key.is_some() { "misnamed" } else { "plain" })
            .part(
                "effect",
                if context.facts.behaviour.passes_over_empty_keys { "passed" } else { "selected" },
            )
            .part("way", if is_key { "rename" } else { "add" });
        if is_key && token.is_none() {
            findings.replace(place, "\"access_token\"");
        }
    }
}

/// The field that holds the key under another name.
fn misnamed<'a>(row: &Row<'a>) -> Option<&'a Entry> {
    let dict = row.node.value.as_dict()?;
    let mut entries = KEY_NAMES.iter().filter_map(|name| dict.entry(name));
    let found = entries.find(|entry| entry.value.value.as_str().is_some_and(|text| !text.is_empty()))?;
    Some(found).filter(|entry| entry.key.place.is_some())
}

#[cfg(test)]
mod tests {
    use super::ROW_WITHOUT_TOKEN;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_misnamed_key_is_renamed() {
        fires(
            &ROW_WITHOUT_TOKEN,
            r#"--- config.yaml
model: {provider: deepseek}
--- auth.json
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
--- then
Hermes uses one (manual) for deepseek
rotation: after the second `two` takes over
nothing is found
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

    /// Named right, they would be sent to the provider: no fix brings that about.
    #[test]
    fn what_is_no_key_is_not_made_one() {
        fires(
            &ROW_WITHOUT_TOKEN,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"source": "manual", "api_key": "DEEPSEEK_API_KEY", "base_url": "https://api.deepseek.com/v1"},
                       ^^^^^^^^^ PC308
  {"source": "manual", "key": "your_api_key_here", "base_url": "https://api.deepseek.com/v1"}
                       ^^^^^ PC308
]}}
--- says
`api_key` is read by nothing
Remove the row, and add the key with `hermes auth add`.
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

    /// Asked of each release: before 0.19.0 `select` gives the row, without a key.
    #[test]
    fn before_0_19_0_the_row_is_selected() {
        let row = "\
--- auth.json
{\"credential_pool\": {\"xai\": [{\"label\": \"one\", \"base_url\": \"https://api.x.ai/v1\"}]}}
                                       ^^^^^ PC308
--- says
";
        fires(&ROW_WITHOUT_TOKEN, &[row, "never selects it\n"].concat());
        fires(
            &ROW_WITHOUT_TOKEN,
            &["--- release 0.18.2\n", row, "selects a row without it all the same\n"].concat(),
        );
    }
}
