//! PC319: two rows of a pool with one `id`.

use super::lines::quoted;
use super::pools::StoredPool;
use super::{Context, Findings, declare_rule};
use crate::base::collections::{TextMap, TextSet};
use crate::diagnostic::Safety;
use crate::facts::strategies::ROUND_ROBIN;

declare_rule! {
    /// Hermes tells the entries of a pool apart by their `id`, and takes the first one that has it. Of two rows with one
    /// `id`, as a copied row has it, the second is never marked as exhausted, whichever key a provider limits, so that nothing
    /// takes over from it; with `round_robin` only the row that is selected is written back. A row without an `id` gets one.
    ///
    /// ```json fires
    /// {"version": 1, "providers": {}, "credential_pool": {"xai": [
    ///   {"id": "a1", "label": "first", "source": "manual", "access_token": "xai-fake-first-0000", "base_url": "https://api.x.ai/v1"},
    ///   {"id": "a1", "label": "second", "source": "manual", "access_token": "xai-fake-second-000", "base_url": "https://api.x.ai/v1"}]}}
    /// ```
    /// ```json silent
    /// {"version": 1, "providers": {}, "credential_pool": {"xai": [
    ///   {"id": "a1", "label": "first", "source": "manual", "access_token": "xai-fake-first-0000", "base_url": "https://api.x.ai/v1"},
    ///   {"id": "a2", "label": "second", "source": "manual", "access_token": "xai-fake-second-000", "base_url": "https://api.x.ai/v1"}]}}
    /// ```
    pub static REPEATED_ID = {
        code: "PC319", name: "repeated-id", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "Row {row} of the pool `{pool}` has the `id` of row {first}: Hermes cannot tell them apart",
        why: "Hermes finds an entry by its `id` and takes the first one that has it. A limit of this key is noted at row {first}, and no other key takes over from it.{lost}",
        todo: "Give the row an `id` of its own: any text that no other row of the pool has.",
        fix_title: "Write `{own}` for this `id`",
        label first: "the same `id`",
        part lost: " With `round_robin` Hermes writes back only the row that it selects: the other key is gone then.",
        part kept: "",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // How 0.21.4 finds an entry was not read.
    if context.is_read_only() {
        return;
    }
    for pool in &context.stored_pools() {
        let rotates = context
            .verdict()
            .and_then(|verdict| verdict.pool.as_ref())
            .is_some_and(|loaded| loaded.provider == pool.name && loaded.strategy == ROUND_ROBIN);
        let mut taken = ids(pool);
        let mut first_of = TextMap::new();
        for row in pool.entries() {
            let id = row.text("id");
            let Some(place) = row.field_place("id").filter(|_| !id.is_empty()) else { continue };
            let Some((number, first)) = first_of.get(id).copied() else {
                first_of.insert(id, (row.number, place));
                continue;
            };
            let own = (row.number..).map(|number| format!("{id}-{number}")).find(|own| !taken.contains(own));
            let own = own.unwrap_or_default();
            findings
                .report_row(&REPEATED_ID, &row, place)
                .with("first", number)
                .with("own", own.as_str())
                .part("lost", if rotates { "lost" } else { "kept" })
                .label("first", Some(first))
                .replace(place, &quoted(&own));
            taken.insert(&own);
        }
    }
}

/// The ids of a pool's rows.
fn ids(pool: &StoredPool<'_>) -> TextSet {
    pool.entries().iter().map(|row| row.text("id").to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::REPEATED_ID;
    use crate::rules::testing::{fires, silent};

    /// Asked of 0.19.0 (`mark` with 429, twice): `two` takes over, and keeps being next.
    #[test]
    fn a_copied_row() {
        fires(
            &REPEATED_ID,
            r#"--- config.yaml
model: {provider: gemini}
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [
  {"id": "a1", "label": "one", "auth_type": "api_key", "source": "manual", "priority": 0, "access_token": "AIza-fake-first-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"},
  {"id": "a1", "label": "two", "auth_type": "api_key", "source": "manual", "priority": 1, "access_token": "AIza-fake-second-000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}
         ^^^^ PC319
]}}
--- says
A limit of this key is noted at row 1
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [
  {"id": "a1", "label": "one", "auth_type": "api_key", "source": "manual", "priority": 0, "access_token": "AIza-fake-first-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"},
  {"id": "a1-2", "label": "two", "auth_type": "api_key", "source": "manual", "priority": 1, "access_token": "AIza-fake-second-000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}
]}}
--- then
Hermes uses one (manual) for gemini
rotation: after the second `two` takes over
nothing is found
"#,
        );
    }

    /// Asked of 0.19.0: after `select` the listing has one row.
    #[test]
    fn round_robin_loses_a_row() {
        fires(
            &REPEATED_ID,
            r#"--- config.yaml
model: {provider: gemini}
credential_pool_strategies: {gemini: round_robin}
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [
  {"id": "a1", "label": "one", "auth_type": "api_key", "source": "manual", "priority": 0, "access_token": "AIza-fake-first-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"},
  {"id": "a1", "label": "two", "auth_type": "api_key", "source": "manual", "priority": 1, "access_token": "AIza-fake-second-000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}
         ^^^^ PC319
]}}
--- says
the other key is gone then
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [
  {"id": "a1", "label": "one", "auth_type": "api_key", "source": "manual", "priority": 0, "access_token": "AIza-fake-first-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"},
  {"id": "a1-2", "label": "two", "auth_type": "api_key", "source": "manual", "priority": 1, "access_token": "AIza-fake-second-000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}
]}}
"#,
        );
    }

    /// Rows without an `id` get one each; two pools may have the same.
    #[test]
    fn no_id_and_another_pool() {
        silent(
            &REPEATED_ID,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "gemini": [{"id": "a1", "label": "one", "source": "manual", "access_token": "AIza-fake-first-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}],
  "xai": [{"id": "a1", "label": "one", "source": "manual", "access_token": "xai-fake-first-0000", "base_url": "https://api.x.ai/v1"},
          {"label": "two", "source": "manual", "access_token": "xai-fake-second-000", "base_url": "https://api.x.ai/v1"},
          {"label": "three", "source": "manual", "access_token": "xai-fake-third-0000", "base_url": "https://api.x.ai/v1"}]}}
"#,
        );
    }
}
