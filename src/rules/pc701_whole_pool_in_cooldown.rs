//! PC701: every entry of the pool is in cooldown, and nothing else is left.

use super::{Context, Findings, declare_rule};
use crate::diagnostic::Arg;
use crate::hermes::{Candidate, CredentialStatus, Origin, Reason};

declare_rule! {
    /// All entries of the provider's pool are in cooldown or dead and no variable has a key. Until the first
    /// cooldown is over Hermes says that there is no usable credential, as if none had been configured. With one
    /// key in the pool a single rate limit is enough.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: alibaba-coding-plan}
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"alibaba-coding-plan": [
    ///   {"id": "a1", "label": "plan", "auth_type": "api_key", "priority": 0, "source": "manual",
    ///    "access_token": "sk-fake-key-000000", "last_status": "exhausted", "last_status_at": 1779999900.0,
    ///    "last_error_code": 429}]}}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: alibaba-coding-plan}
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"alibaba-coding-plan": [
    ///   {"id": "a1", "label": "plan", "auth_type": "api_key", "priority": 0, "source": "manual",
    ///    "access_token": "sk-fake-key-000000"}]}}
    /// ```
    pub static WHOLE_POOL_IN_COOLDOWN = {
        code: "PC701", name: "whole-pool-in-cooldown", severity: Error, since: "0.1.0",
        fix: None,
        what: "No entry of the pool `{provider}` is available: `{label}` is the first, in {left}",
        why: "Each of its {count} entries is in cooldown after an error or permanently failed. {until}",
        todo: "{way}",
        command: "{commands}",
        part key: "Wait, or add a second key; Hermes asks for it. When the provider's limit is over already, clear the cooldown.",
        part login: "Wait, or log in with a second account. When the provider's limit is over already, clear the cooldown.",
        part value: "The entry `{keyless}` has no key, and this release gives it its turn all the same: put the key into its variable, or a second key into the pool is not reached. Then wait, or clear the cooldown with `hermes auth reset {provider}`.",
        part wait: "Wait. When the provider's limit is over already, clear the cooldown.",
        part add: "hermes auth add {provider} --type api-key\nhermes auth reset {provider}",
        part account: "hermes auth add {provider}\nhermes auth reset {provider}",
        part reset: "hermes auth reset {provider}",
        part stops: "Until then Hermes stops with \"No usable credentials found\", which sounds as if the key were missing.",
        part keyless: "Until then Hermes has no key for it, and says nothing of a cooldown.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(verdict) = context.verdict() else { return };
    let Some(pool) = &verdict.pool else { return };
    let until_then = match &verdict.outcome {
        // In which words 0.21.4 stops was not read.
        Err(stop) if stop.exception().is_some() && !context.is_read_only() => "stops",
        // Releases before 0.19.0 go on without a key.
        Ok(runtime) if runtime.api_key.is_empty() => "keyless",
        _ => return,
    };
    let takes_keyless = !context.facts.behaviour.passes_over_empty_keys;
    let mut keyless: Option<&Candidate> = None;
    let mut soonest: Option<(&Candidate, f64)> = None;
    for (loser, reason) in context.losers() {
        if !matches!(&loser.origin, Origin::Pool { provider, .. } if *provider == pool.provider) {
            continue;
        }
        let is_in_turn = takes_keyless && *reason == Reason::NoKey;
        if is_in_turn || !matches!(reason, Reason::CoolingDown { .. } | Reason::Dead | Reason::NoKey) {
            return;
        }
        if takes_keyless && loser.key.is_empty() {
            keyless = keyless.or(Some(loser));
        }
        if let CredentialStatus::Exhausted { until: Some(until) } = loser.status
            && soonest.is_none_or(|(_, least)| until.total_cmp(&least).is_lt())
        {
            soonest = Some((loser, until));
        }
    }
    let Some((first, until)) = soonest else { return };
    let Some(place) = first.entry_place.or(first.place) else { return };
    findings
        .report(&WHOLE_POOL_IN_COOLDOWN, first.place.unwrap_or(place))
        .with("provider", pool.provider.as_str())
        .with("label", first.label.as_str())
        .with("left", Arg::Seconds(until - context.world.now))
        .with("count", pool.entries.len())
        .part("until", until_then);
    // A pool of logins takes no key; and `hermes auth add` stores a key of Kimi Code with an endpoint that does not know it.
    let is_mismatched = context.destinations.iter().any(|sent| {
        sent.provider == pool.provider
            && sent.owner.is_some_and(|owner| !owner.is_default_of(&pool.provider, context.facts))
    });
    if let Some(keyless) = keyless {
        findings.with("keyless", keyless.label.as_str()).part("way", "value").without_command();
        return;
    }
    let (way, commands) = if context.facts.oauth_capable_providers.contains(&pool.provider)
        && !context.takes_keys(&pool.provider)
    {
        ("login", "account")
    } else if !context.takes_keys(&pool.provider) || is_mismatched {
        ("wait", "reset")
    } else {
        ("key", "add")
    };
    findings.part("way", way).part("commands", commands);
}

#[cfg(test)]
mod tests {
    use super::WHOLE_POOL_IN_COOLDOWN;
    use crate::rules::testing::{fires, report, silent};

    #[test]
    fn one_key_after_a_rate_limit() {
        // Marked 1,200 seconds ago; a 429 benches for 3,600.
        fires(
            &WHOLE_POOL_IN_COOLDOWN,
            r#"
--- config.yaml
model: {provider: alibaba-coding-plan}
--- no .env
--- auth.json
{"version": 1, "credential_pool": {"alibaba-coding-plan": [
  {"id": "a1", "label": "plan key", "auth_type": "api_key", "priority": 0, "source": "manual",
   "access_token": "sk-fake-key-000000", "last_error_code": 429,
                   ^^^^^^^^^^^^^^^^^^^^ PC701
   "last_status": "exhausted", "last_status_at": 1779998800.0}]}}
--- says
`plan key` is the first, in 40 min 0 s
hermes auth reset alibaba-coding-plan
"#,
        );
    }

    /// Asked of 0.18.2: it gives an entry without a key its turn, so that one that is added behind it is not reached.
    #[test]
    fn an_entry_whose_variable_is_empty() {
        let found = fires(
            &WHOLE_POOL_IN_COOLDOWN,
            r#"
--- release 0.18.2
--- config.yaml
model: {provider: deepseek}
--- .env
DEEPSEEK_API_KEY=
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"id": "a1", "label": "DEEPSEEK_API_KEY", "source": "env:DEEPSEEK_API_KEY", "last_error_code": 429,
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC701
   "last_status": "exhausted", "last_status_at": 1779998800.0}]}}
--- says
put the key into its variable
"#,
        );
        let told = found.findings.iter().find(|finding| finding.code.as_str() == "PC701").unwrap();
        assert!(told.command.is_none());
        // What it says to do, done.
        let done = report(
            r#"
--- release 0.18.2
--- config.yaml
model: {provider: deepseek}
--- .env
DEEPSEEK_API_KEY=sk-fake-hotel-174000
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"id": "a1", "label": "DEEPSEEK_API_KEY", "source": "env:DEEPSEEK_API_KEY"}]}}
"#,
        );
        assert_eq!(done.verdict.winner.unwrap().label.as_str(), "DEEPSEEK_API_KEY");
    }

    /// Of an entry without a key that is not in cooldown itself the turn comes at once: that one is the cause.
    #[test]
    fn an_entry_without_a_key_in_front() {
        let found = silent(
            &WHOLE_POOL_IN_COOLDOWN,
            r#"
--- release 0.18.2
--- config.yaml
model: {provider: gmi}
--- no .env
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"gmi": [
  {"id": "a1", "label": "GMI_API_KEY", "source": "env:GMI_API_KEY", "priority": 0},
  {"id": "a2", "label": "one", "source": "manual", "priority": 1, "access_token": "sk-fake-alpha-773",
   "base_url": "https://api.gmi-serving.com/v1", "last_status": "exhausted", "last_error_code": 429, "last_status_at": 1779999900.0}]}}
"#,
        );
        let cause = found.findings.iter().find(|finding| finding.code.as_str() == "PC523").unwrap();
        let command = cause.command.as_ref().map(|command| command.as_str());
        assert_eq!(command, Some("hermes auth remove gmi 1\nhermes auth reset gmi"));
    }

    #[test]
    fn one_usable_entry_is_enough() {
        silent(
            &WHOLE_POOL_IN_COOLDOWN,
            r#"
--- config.yaml
model: {provider: xiaomi}
--- auth.json
{"version": 1, "credential_pool": {"xiaomi": [
  {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual",
   "access_token": "sk-fake-key-000001", "last_status": "exhausted", "last_status_at": 1779998800.0},
  {"id": "a2", "label": "two", "auth_type": "api_key", "priority": 1, "source": "manual",
   "access_token": "sk-fake-key-000002"}]}}
"#,
        );
    }

    /// Asked of each release: 0.18.2 resolves to an empty key.
    #[test]
    fn before_0_19_0_hermes_goes_on_without_a_key() {
        fires(
            &WHOLE_POOL_IN_COOLDOWN,
            "\
--- release 0.18.2
--- config.yaml
model: {provider: xai}
--- no .env
--- auth.json
{\"credential_pool\": {\"xai\": [{\"access_token\": \"xai-fake-key-0000\", \"base_url\": \"https://api.x.ai/v1\",
                                              ^^^^^^^^^^^^^^^^^^^ PC701
 \"last_status\": \"exhausted\", \"last_error_code\": 429, \"last_status_at\": 1779999900.0}]}}
--- says
Until then Hermes has no key for it
",
        );
    }
}
