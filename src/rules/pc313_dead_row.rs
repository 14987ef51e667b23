//! PC313: a row that failed for good.

use super::{Context, Findings, declare_rule};

declare_rule! {
    /// A provider said that a token is revoked or no longer valid, and Hermes marked its row `dead`. It never selects
    /// the row again. `hermes auth list` shows no mark beside it, so that it looks like the healthiest one; the only sign
    /// is that the arrow never stands there. A row added by hand is dropped from auth.json a day later. Releases before
    /// 0.16.0 know no dead rows and use them like any other: there PC314 is found.
    ///
    /// ```json fires
    /// {"version": 1, "providers": {}, "credential_pool": {"xai": [
    ///   {"label": "first", "source": "manual", "access_token": "xai-fake-first-0000", "base_url": "https://api.x.ai/v1",
    ///    "last_status": "dead", "last_error_code": 401, "last_error_reason": "token_revoked"}]}}
    /// ```
    /// ```json silent
    /// {"version": 1, "providers": {}, "credential_pool": {"xai": [
    ///   {"label": "first", "source": "manual", "access_token": "xai-fake-first-0000", "base_url": "https://api.x.ai/v1",
    ///    "last_status": "ok"}]}}
    /// ```
    pub static DEAD_ROW = {
        code: "PC313", name: "dead-row", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Row {row} of the pool `{pool}` is dead: Hermes never selects it again",
        why: "The provider refused its key for good{reason}. `hermes auth list` shows no mark at such a row{fate}.",
        todo: "{way}",
        command: "hermes auth add {provider}",
        part reason: " (`{text}`)",
        part none: "",
        part dropped: ", and Hermes drops it a day after it died",
        part key: "Add a new key, and remove this row.",
        part login: "Log in again.",
        part variable: "Put a new key into `{text}`, then clear the mark with `hermes auth reset {provider}`.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    if !context.facts.behaviour.knows_dead_entries {
        return;
    }
    let names = context.pool_names();
    for row in &context.stored_rows() {
        let Some(place) = row.field_place("last_status") else { continue };
        if row.text("last_status") != "dead" {
            continue;
        }
        let reason = row.text("last_error_reason");
        let (way, option) = match row.variable() {
            Some(_) => ("variable", ""),
            None if row.is_key() => ("key", " --type api-key"),
            None => ("login", ""),
        };
        findings
            .report_row(&DEAD_ROW, row, place)
            .with("text", reason)
            .part("reason", if reason.is_empty() { "none" } else { "reason" })
            .part("fate", if row.is_manual() { "dropped" } else { "none" })
            .with(
                "way",
                DEAD_ROW.part(way).with("text", row.variable().unwrap_or("")).with("provider", row.pool),
            )
            .with("provider", [row.pool, option].concat());
        if way == "variable" || names.provider(row.pool).as_deref() != Some(row.pool) {
            findings.without_command();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DEAD_ROW;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn keys_logins_and_variables() {
        fires(
            &DEAD_ROW,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "deepseek": [
    {"source": "manual", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1",
     "last_status": "dead", "last_error_reason": "token_revoked"},
                    ^^^^^^ PC313
    {"source": "env:DEEPSEEK_API_KEY", "last_status": "dead"}],
                                                      ^^^^^^ PC313
  "openai-codex": [{"source": "manual:device_code", "auth_type": "oauth", "access_token": "fake-token-000000",
     "last_status": "dead"}]}}
                    ^^^^^^ PC313
--- says
(`token_revoked`)
hermes auth add deepseek --type api-key
Log in again.
clear the mark with `hermes auth reset deepseek`
"#,
        );
    }

    #[test]
    fn other_statuses_are_fine() {
        silent(
            &DEAD_ROW,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"source": "manual", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1", "last_status": null},
  {"source": "manual", "access_token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1",
   "last_status": "exhausted", "last_status_at": 1779999900.0, "last_error_code": 429}]}}
"#,
        );
    }

    /// Asked of each release: 0.15.2 and older ones select the row.
    #[test]
    fn older_releases_know_no_dead_rows() {
        silent(
            &DEAD_ROW,
            "\
--- release 0.15.2
--- auth.json
{\"credential_pool\": {\"xai\": [{\"access_token\": \"xai-fake-first-0000\", \"last_status\": \"dead\"}]}}
",
        );
    }
}
