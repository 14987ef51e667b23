//! PC208: a key in cooldown that is used all the same, because Hermes finds it in its variable again.

use super::{Context, Findings, declare_rule};
use crate::hermes::pool::PooledCredential;
use crate::hermes::{CredentialStatus, Origin};

declare_rule! {
    /// The pool has marked the key of a variable as exhausted and passes it over. When the pool has nothing else,
    /// Hermes looks the variable up directly and finds the same key: the cooldown has no effect, and the requests
    /// go on failing.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: xiaomi}
    /// --- .env
    /// XIAOMI_API_KEY=sk-fake-key-000000
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"xiaomi": [
    ///   {"id": "a1", "label": "XIAOMI_API_KEY", "auth_type": "api_key", "priority": 0, "source": "env:XIAOMI_API_KEY",
    ///    "base_url": "https://api.xiaomimimo.com/v1", "last_status": "exhausted", "last_status_at": 1779999900.0,
    ///    "last_error_code": 429}]}}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: xiaomi}
    /// --- .env
    /// XIAOMI_API_KEY=sk-fake-key-000000
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"xiaomi": [
    ///   {"id": "a1", "label": "XIAOMI_API_KEY", "auth_type": "api_key", "priority": 0, "source": "env:XIAOMI_API_KEY",
    ///    "base_url": "https://api.xiaomimimo.com/v1"}]}}
    /// ```
    pub static EXHAUSTED_KEY_STILL_USED = {
        code: "PC208", name: "exhausted-key-still-used", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Hermes goes on using {variable}, though the pool has it in cooldown",
        why: "{why}",
        todo: "{way}",
        command: "hermes auth add {provider} --type api-key",
        part second: "Add a second key to the pool, which is then used until the cooldown is over; Hermes asks for it.",
        part another: "All {count} entries of the pool are out of use. Wait until the first cooldown is over, or add a key of another account, which is then used; Hermes asks for it.",
        part variable: "The pool has no other usable entry, and the direct look-up behind it finds the same key in the variable; it does not know of cooldowns.",
        part row: "The pool has no usable entry, and this release then takes the first row that holds a key, in cooldown or not.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let (Some(winner), Some(provider)) = (context.winner(), context.provider()) else { return };
    let (variable, why) = match &winner.origin {
        Origin::Variable(variable) => (variable.clone(), "variable"),
        Origin::Pool { .. } => (["`", &winner.label, "`"].concat(), "row"),
        _ => return,
    };
    let Some(place) = winner.place else { return };
    let Some(pool) = context.verdict().and_then(|verdict| verdict.pool.as_ref()) else { return };
    let is_benched = |entry: &PooledCredential| {
        let status = entry.status(context.world.now, pool.is_sole());
        entry.key_place == winner.place && matches!(status, CredentialStatus::Exhausted { .. })
    };
    if pool.entries.iter().any(is_benched) {
        findings
            .report(&EXHAUSTED_KEY_STILL_USED, place)
            .with("variable", variable)
            .with("provider", provider)
            .with("count", pool.entries.len())
            .part("why", why)
            .part("way", if pool.is_sole() { "second" } else { "another" });
    }
}

#[cfg(test)]
mod tests {
    use super::EXHAUSTED_KEY_STILL_USED;
    use crate::rules::testing::{fires, silent};

    fn world(status: &str, mark: &str) -> String {
        format!(
            r#"
--- config.yaml
model: {{provider: xiaomi}}
--- .env
XIAOMI_API_KEY=sk-fake-key-000000
{mark}--- auth.json
{{"version": 1, "credential_pool": {{"xiaomi": [
  {{"id": "a1", "label": "XIAOMI_API_KEY", "auth_type": "api_key", "priority": 0, "source": "env:XIAOMI_API_KEY",
   "base_url": "https://api.xiaomimimo.com/v1"{status}}}]}}}}
"#
        )
    }

    #[test]
    fn the_same_key_is_found_in_the_variable() {
        let status =
            r#", "last_status": "exhausted", "last_status_at": 1779999900.0, "last_error_code": 429"#;
        let mark = "               ^^^^^^^^^^^^^^^^^^ PC208\n";
        let says = "--- says\nHermes goes on using XIAOMI_API_KEY\n";
        fires(&EXHAUSTED_KEY_STILL_USED, &(world(status, mark) + says));
    }

    /// `_resolve_api_key_provider_secret` of 0.21.4 tries every row behind the variables.
    #[test]
    fn a_row_in_cooldown_where_the_release_takes_any() {
        fires(
            &EXHAUSTED_KEY_STILL_USED,
            r#"
--- release 0.21.4
--- config.yaml
model: {provider: xiaomi}
--- .env
--- auth.json
{"version": 1, "credential_pool": {"xiaomi": [
  {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual",
   "access_token": "sk-fake-key-000001", "last_status": "exhausted", "last_status_at": 1779999900.0,
                   ^^^^^^^^^^^^^^^^^^^^ PC208
   "last_error_code": 429},
  {"id": "a2", "label": "two", "auth_type": "api_key", "priority": 1, "source": "manual",
   "access_token": "sk-fake-key-000002", "last_status": "exhausted", "last_status_at": 1779999800.0,
   "last_error_code": 429}]}}
--- says
Hermes goes on using `one`, though the pool has it in cooldown
takes the first row that holds a key
"#,
        );
    }

    #[test]
    fn a_cooldown_that_is_over_is_fine() {
        // 3,600 seconds after a 429 the pool selects the entry itself again.
        let status =
            r#", "last_status": "exhausted", "last_status_at": 1779990000.0, "last_error_code": 429"#;
        silent(&EXHAUSTED_KEY_STILL_USED, &world(status, ""));
        silent(&EXHAUSTED_KEY_STILL_USED, &world("", ""));
    }
}
