//! PC201: a key of a custom endpoint that is not used, because the endpoint's pool has an older one.

use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::hermes::{Origin, Reason};

declare_rule! {
    /// A custom endpoint has a key of its own, in its block or in the variable that `key_env` names, but the
    /// credential pool `custom:<name>` in auth.json holds another one. The pool comes first, so the new key is
    /// not used.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: "custom:acme"}
    /// custom_providers:
    ///   - {name: acme, base_url: "https://acme.example/v1", key_env: ACME_KEY}
    /// --- environment
    /// ACME_KEY=sk-fake-new-000000
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"custom:acme": [
    ///   {"id": "a1", "label": "old", "auth_type": "api_key", "priority": 0, "source": "manual",
    ///    "base_url": "https://acme.example/v1", "access_token": "sk-fake-old-000000"}]}}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: "custom:acme"}
    /// custom_providers:
    ///   - {name: acme, base_url: "https://acme.example/v1", key_env: ACME_KEY}
    /// --- environment
    /// ACME_KEY=sk-fake-new-000000
    /// ```
    pub static POOL_ROW_BEATS_NEW_KEY = {
        code: "PC201", name: "pool-row-beats-new-key", severity: Warning, since: "0.1.0",
        fix: None,
        what: "The key of `{loser}` is not used: the pool `{pool}` has another one",
        why: "For a custom endpoint Hermes takes the credential pool first, and looks at `{loser}` only when the pool has nothing usable.",
        todo: "If this is the key you mean, remove the entry `{winner}` from the pool.",
        command: "hermes auth remove {pool} {index}",
        label winner: "this key is used instead",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(winner) = context.winner() else { return };
    let Origin::Pool { provider: pool, .. } = &winner.origin else { return };
    let stored = winner.place.filter(|place| place.source == SourceKind::AuthStore);
    let (Some(stored), Some(index)) = (stored, context.pool_index(winner)) else { return };
    for (loser, reason) in context.losers() {
        let name = match &loser.origin {
            Origin::Variable(name) | Origin::Config(name) => name,
            _ => continue,
        };
        let (Reason::PoolComesFirst, Some(place)) = (reason, loser.place) else { continue };
        if loser.key != winner.key {
            findings
                .report(&POOL_ROW_BEATS_NEW_KEY, place)
                .with("loser", name.as_str())
                .with("pool", pool.as_str())
                .with("winner", winner.label.as_str())
                .with("index", index)
                .label("winner", Some(stored));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::POOL_ROW_BEATS_NEW_KEY;
    use crate::rules::testing::{fires, silent};

    const POOL: &str = r#"
--- auth.json
{"version": 1, "credential_pool": {"custom:acme": [
  {"id": "a1", "label": "old", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://acme.example/v1", "access_token": "sk-fake-old-000000"}]}}
"#;

    #[test]
    fn the_variable_of_key_env_loses_to_the_pool() {
        let world = "\
--- config.yaml
model: {provider: 'custom:acme'}
custom_providers:
  - {name: acme, base_url: 'https://acme.example/v1', key_env: ACME_KEY}
--- environment
ACME_KEY=sk-fake-new-000000
         ^^^^^^^^^^^^^^^^^^ PC201
--- says
hermes auth remove custom:acme 1
";
        fires(&POOL_ROW_BEATS_NEW_KEY, &format!("{world}{POOL}"));
    }

    #[test]
    fn the_same_key_in_both_is_fine() {
        let world = "\
--- config.yaml
model: {provider: 'custom:acme'}
custom_providers:
  - {name: acme, base_url: 'https://acme.example/v1', key_env: ACME_KEY}
--- environment
ACME_KEY=sk-fake-old-000000
";
        silent(&POOL_ROW_BEATS_NEW_KEY, &format!("{world}{POOL}"));
    }
}
