//! PC313: a row that failed for good.

use super::{Context, Findings, declare_rule};
use crate::hermes::Reason;

declare_rule! {
    /// A provider said that a token is revoked or no longer valid, and Hermes marked its row `dead`. It never selects
    /// the row again. `hermes auth list` shows no mark beside it, so that it looks like the healthiest one; the only sign
    /// is that the arrow never stands there. A row added by hand is dropped from auth.json a day later. Releases before
    /// 0.16.0 know no dead rows and use them like any other: there PC314 is found. 0.21.4 tries the key of a dead row where
    /// nothing else is left.
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
        why: "The provider refused its key for good{reason}. `hermes auth list` shows no mark at such a row{fate}.{rest}",
        todo: "{way}",
        command: "hermes auth add {provider}",
        part reason: " (`{text}`)",
        part none: "",
        part tried: " Where neither the pool nor a variable has another key, this release uses it all the same.",
        part unlisted: ", and leaves it out where the login that it comes from is gone",
        part dropped: ", and Hermes drops it a day after it died",
        part key: "Add a new key, and remove this row.",
        part unasked: "`{setting}` keeps Hermes from asking this pool. Once it does ask, add a new key with `hermes auth add {provider} --type api-key`, and remove this row.",
        part login: "Log in again.",
        part variable: "Put a new key into `{text}`, then clear the mark with `hermes auth reset {provider}`.",
    }
}

/// Providers that take keys and find one in other ways behind the pool.
const OWN_LOOK_UP: [&str; 3] = ["anthropic", "azure-foundry", "copilot"];

fn check(context: &Context<'_>, findings: &mut Findings) {
    if !context.facts.behaviour.knows_dead_entries {
        return;
    }
    let names = &context.pool_names;
    for row in &context.stored_rows() {
        let Some(place) = row.field_place("last_status") else { continue };
        if row.text("last_status") != "dead" {
            continue;
        }
        let reason = row.text("last_error_reason");
        let setting = passed_over_for(context, row.pool);
        let (way, option) = match row.variable() {
            Some(_) => ("variable", ""),
            None if row.is_key() && setting.is_some() => ("unasked", ""),
            None if row.is_key() => ("key", " --type api-key"),
            None => ("login", ""),
        };
        let fate = match row.text("source") {
            _ if row.is_manual() => "dropped",
            "claude_code" | "hermes_pkce" if row.pool == "anthropic" => "unlisted",
            _ => "none",
        };
        // The look-up behind the pool is for providers that take keys, but for those that have one of their own.
        let is_tried = context.facts.behaviour.look_up_tries_every_row
            && row.is_key()
            && !OWN_LOOK_UP.contains(&row.pool)
            && context.facts.providers.get(row.pool).is_some_and(|own| own.auth_type == "api_key");
        findings
            .report_row(&DEAD_ROW, row, place)
            .with("text", reason)
            .part("reason", if reason.is_empty() { "none" } else { "reason" })
            .part("fate", fate)
            .part("rest", if is_tried { "tried" } else { "none" })
            .with(
                "way",
                DEAD_ROW
                    .part(way)
                    .with("text", row.variable().unwrap_or(""))
                    .with("provider", row.pool)
                    .with("setting", setting.unwrap_or_default()),
            )
            .with("provider", [row.pool, option].concat());
        if ["variable", "unasked"].contains(&way) || names.provider(row.pool).as_deref() != Some(row.pool) {
            findings.without_command();
        }
    }
}

/// The setting that keeps Hermes from asking `pool`, where it is that of the provider in use.
fn passed_over_for<'c>(context: &'c Context<'_>, pool: &str) -> Option<&'c str> {
    let verdict = context.verdict().filter(|verdict| verdict.provider.as_deref() == Some(pool))?;
    match verdict.pool_passed_over.as_ref()? {
        Reason::PoolPassedOver(setting) => Some(setting),
        _ => None,
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

    /// Asked of each release: without the file of the login the row is not listed.
    #[test]
    fn a_login_that_is_taken_from_elsewhere() {
        fires(
            &DEAD_ROW,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"anthropic": [
  {"source": "claude_code", "auth_type": "oauth", "access_token": "sk-ant-oat01-fake-0000", "last_status": "dead"}]}}
                                                                                                           ^^^^^^ PC313
--- says
leaves it out where the login that it comes from is gone
"#,
        );
    }

    /// A key that is added there is not sent either: `OPENROUTER_BASE_URL` keeps Hermes from asking the pool.
    #[test]
    fn a_pool_that_is_not_asked() {
        fires(
            &DEAD_ROW,
            r#"--- config.yaml
model: {provider: openrouter, default: m}
--- .env
OPENROUTER_BASE_URL=https://gateway.example/v1
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"openrouter": [
    {"source": "manual", "access_token": "sk-or-fake-first-0000", "base_url": "https://openrouter.ai/api/v1",
     "last_status": "dead", "last_error_reason": "token_revoked"}]}}
                    ^^^^^^ PC313
--- says
`OPENROUTER_BASE_URL` keeps Hermes from asking this pool.
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

    /// Read, not run: the direct look-up of 0.21.3 goes through all rows, dead ones too. Logins have none.
    #[test]
    fn a_newer_release_may_use_the_key_all_the_same() {
        let report = fires(
            &DEAD_ROW,
            r#"--- release 0.21.4
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "deepseek": [{"source": "manual", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1",
     "last_status": "dead"}],
                    ^^^^^^ PC313
  "anthropic": [{"source": "manual", "access_token": "sk-ant-fake-first-0000", "last_status": "dead"}],
                                                                                              ^^^^^^ PC313
  "openai-codex": [{"source": "manual:device_code", "auth_type": "oauth", "access_token": "fake-token-000000",
     "last_status": "dead"}]}}
                    ^^^^^^ PC313
--- says
this release uses it all the same
"#,
        );
        let tried = report.findings.iter().filter(|finding| finding.why.as_str().contains("all the same"));
        assert_eq!(tried.count(), 1, "{report:#?}");
    }
}
