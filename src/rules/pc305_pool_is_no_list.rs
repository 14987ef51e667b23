//! PC305: a pool of auth.json that is no list.

use super::pools::{Row, StoredPool, json_kind, no_key};
use super::{Context, Findings, declare_rule};
use crate::base::text::{Edit, Place};
use crate::diagnostic::Safety;
use crate::python::Node;

declare_rule! {
    /// A pool in auth.json is a list of rows, also where it has only one. Hermes takes anything else for an empty
    /// pool, without a word, and replaces it by a list as soon as it stores a row of its own there. `credential_pool`
    /// itself is an object that has the lists by provider.
    ///
    /// ```json fires
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini":
    ///   {"label": "first", "source": "manual", "access_token": "AIza-fake-first-0000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}}}
    /// ```
    /// ```json silent
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": []}}
    /// ```
    pub static POOL_IS_NO_LIST = {
        code: "PC305", name: "pool-is-no-list", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "{subject} is {kind}, not {wanted}: Hermes takes it for empty",
        why: "Hermes reads `credential_pool` as an object and each pool in it as a list of rows. What has another form is passed over without a word, and is overwritten as soon as Hermes stores a row there.",
        todo: "Write {wanted}, or take it out and add the keys with `hermes auth add`.",
        fix_title: "Put the row into a list",
        part all: "`credential_pool`",
        part pool: "The pool `{pool}`",
        part rows: "a list of rows",
        part pools: "an object of lists by provider",
        part object: "an object",
        part list: "a list",
        part text: "a text",
        part number: "a number",
        part truth: "a truth value",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    if let Some(node) = context.auth_root().and_then(|root| root.get("credential_pool"))
        && let Some(place) = node.place
        && node.value.as_dict().is_none()
        && node.value.is_true()
    {
        report(findings, node, place, "", "all", "pools");
    }
    for pool in &context.stored_pools() {
        if pool.value.value.as_list().is_some() || !pool.value.value.is_true() {
            continue;
        }
        report(findings, pool.value, pool.key, pool.name, "pool", "rows");
        if let Some(edits) = edits(context, pool) {
            findings.fix(pool.key.source, edits);
        }
    }
}

fn report(findings: &mut Findings, node: &Node, place: Place, pool: &str, subject: &str, wanted: &str) {
    findings
        .report(&POOL_IS_NO_LIST, place)
        .with("pool", pool)
        .part("subject", subject)
        .part("kind", json_kind(&node.value))
        .part("wanted", wanted);
}

/// Brackets around an object that is a sound row.
fn edits(context: &Context<'_>, pool: &StoredPool<'_>) -> Option<Vec<Edit>> {
    let row = Row { pool: pool.name, number: 1, node: pool.value };
    let token = row.text("access_token");
    let is_sound = !token.is_empty()
        && no_key(context.facts, token).is_none()
        && !row.text("base_url").is_empty()
        && !row.node.has("priority")
        && !row.node.has("last_status")
        && row.is_manual();
    let span = row.node.place.filter(|_| is_sound && row.node.value.as_dict().is_some())?.span;
    Some(vec![Edit::insert(span.start, "["), Edit::insert(span.end, "]")])
}

#[cfg(test)]
mod tests {
    use super::POOL_IS_NO_LIST;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn one_row_without_its_list() {
        fires(
            &POOL_IS_NO_LIST,
            r#"--- config.yaml
model: {provider: deepseek}
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek":
                                                    ^^^^^^^^^^ PC305
  {"label": "one", "source": "manual", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"}
}}
--- says
The pool `deepseek` is an object, not a list of rows
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek":
  [{"label": "one", "source": "manual", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"}]
}}
--- then
Hermes uses one (manual) for deepseek
endpoint: https://api.deepseek.com/v1
nothing is found
"#,
        );
    }

    #[test]
    fn named_rows_texts_and_a_list_of_all() {
        fires(
            &POOL_IS_NO_LIST,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "deepseek": {"one": {"access_token": "sk-fake-first-0000"}},
  ^^^^^^^^^^ PC305
  "gemini": "AIza-fake-first-0000"
  ^^^^^^^^ PC305
}}
--- says
The pool `gemini` is a text
"#,
        );
        fires(
            &POOL_IS_NO_LIST,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": [{"access_token": "sk-fake-first-0000"}]}
                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC305
--- says
`credential_pool` is a list, not an object of lists by provider
"#,
        );
    }

    #[test]
    fn lists_and_nothing_are_fine() {
        silent(
            &POOL_IS_NO_LIST,
            "--- auth.json\n{\"version\": 1, \"providers\": {}, \"credential_pool\": {\"gemini\": [], \"xai\": null}}\n",
        );
        silent(&POOL_IS_NO_LIST, "--- auth.json\n{\"version\": 1, \"providers\": {}}\n");
    }
}
