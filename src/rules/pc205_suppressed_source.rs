//! PC205: a key whose source `hermes auth remove` has suppressed.

use super::pools::add_command;
use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::Place;
use crate::hermes::{Origin, Reason};

declare_rule! {
    /// `hermes auth remove` of an entry that came from a variable suppresses that source: the pool leaves the
    /// variable out from then on, also when it gets a new key. `hermes auth add` for the provider lifts it.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: xiaomi}
    /// --- .env
    /// XIAOMI_API_KEY=sk-fake-new-000000
    /// --- auth.json
    /// {"version": 1, "suppressed_sources": {"xiaomi": ["env:XIAOMI_API_KEY"]}, "credential_pool": {"xiaomi": [
    ///   {"id": "a1", "label": "old", "auth_type": "api_key", "priority": 0, "source": "manual",
    ///    "base_url": "https://api.xiaomimimo.com/v1", "access_token": "sk-fake-old-000000"}]}}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: xiaomi}
    /// --- .env
    /// XIAOMI_API_KEY=sk-fake-new-000000
    /// --- auth.json
    /// {"version": 1, "suppressed_sources": {"deepseek": ["env:DEEPSEEK_API_KEY"]}, "credential_pool": {}}
    /// ```
    pub static SUPPRESSED_SOURCE = {
        code: "PC205", name: "suppressed-source", severity: Warning, since: "0.1.0",
        fix: None,
        what: "The pool leaves {variable} out",
        why: "auth.json suppresses the source `{source}` of `{provider}`: `hermes auth remove` did that, and it stays so for {later}. {now}",
        todo: "{way}",
        command: "{command}",
        label suppressed: "suppressed here",
        part later_key: "every later key in this variable",
        part later_login: "every later login there",
        part add: "Add the key to the pool instead; that also lifts the suppression. Or take `{source}` out of `suppressed_sources` in auth.json.",
        part log_in: "Log in again; that also lifts the suppression. Or take `{source}` out of `suppressed_sources` in auth.json.",
        part lift: "Take `{source}` out of `suppressed_sources` in auth.json.",
        part unused: "The key is not used.",
        part login: "The login is not used.",
        part alone: "Hermes still uses this key, but without a pool: no other key takes over.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for (loser, reason) in context.losers() {
        let (Reason::Suppressed, Origin::Pool { provider, source }) = (reason, &loser.origin) else {
            continue;
        };
        let Some(place) = loser.place else { continue };
        // `hermes auth remove` clears the variable of `.env`: what stands there came later. One of the environment it leaves to
        // others and says that it is ignored from then on (`_remove_env_source` of `agent/credential_sources.py`).
        if place.source == SourceKind::Environ && context.winner().is_some() {
            continue;
        }
        report(context, findings, (provider, source), place, "unused");
    }
    // A key that the pool leaves out may still be the one that is used.
    if let (Some(winner), Some(provider)) = (context.winner(), context.provider())
        && let (Origin::Variable(name), Some(place)) = (&winner.origin, winner.place)
        && place.source == SourceKind::Dotenv
        && let source = ["env:", name].concat()
        && suppressed(context, provider, &source).is_some()
    {
        report(context, findings, (provider, &source), place, "alone");
    }
}

fn report(
    context: &Context<'_>,
    findings: &mut Findings,
    (provider, source): (&str, &str),
    place: Place,
    now: &str,
) {
    let variable = source.strip_prefix("env:");
    let logs_in = context.facts.oauth_capable_providers.contains(provider);
    findings
        .report(&SUPPRESSED_SOURCE, place)
        .with("variable", variable.unwrap_or(source))
        .with("source", source)
        .with("provider", provider)
        .label("suppressed", suppressed(context, provider, source));
    // Where the pool of a provider of logins takes a key, the key alone may be none that Hermes asks with.
    let (now, later, way, command) = match variable {
        Some(_) if context.adding_helps(provider) => (now, "later_key", "add", Some(add_command(provider))),
        Some(_) => (now, "later_key", "lift", None),
        None if logs_in => ("login", "later_login", "log_in", Some(["hermes auth add ", provider].concat())),
        None => ("login", "later_login", "lift", None),
    };
    findings.part("now", now).part("later", later).part("way", way).command("command", command.as_deref());
}

/// Where auth.json names the source.
fn suppressed(context: &Context<'_>, provider: &str, source: &str) -> Option<Place> {
    let sources = context.auth_root()?.get("suppressed_sources")?.get(provider)?.value.as_list()?;
    sources.iter().find(|node| node.value.as_str() == Some(source))?.place
}

#[cfg(test)]
mod tests {
    use super::SUPPRESSED_SOURCE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_new_key_in_a_suppressed_variable_is_left_out() {
        fires(
            &SUPPRESSED_SOURCE,
            r#"
--- config.yaml
model: {provider: xiaomi}
--- .env
XIAOMI_API_KEY=sk-fake-new-000000
               ^^^^^^^^^^^^^^^^^^ PC205
--- auth.json
{"version": 1, "suppressed_sources": {"xiaomi": ["env:XIAOMI_API_KEY"]}, "credential_pool": {"xiaomi": [
  {"id": "a1", "label": "old", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://api.xiaomimimo.com/v1", "access_token": "sk-fake-old-000000"}]}}
--- says
hermes auth add xiaomi --type api-key
"#,
        );
    }

    #[test]
    fn a_variable_of_the_environment_is_told_only_where_nothing_else_has_a_key() {
        let fixture = |rows: &str, mark: &str| {
            format!(
                "--- config.yaml\nmodel: {{provider: xiaomi}}\n--- no .env\n--- environment\nXIAOMI_API_KEY=sk-fake-new-000000\n{mark}\
                 --- auth.json\n{{\"version\": 1, \"suppressed_sources\": {{\"xiaomi\": [\"env:XIAOMI_API_KEY\"]}}, \
                 \"credential_pool\": {{\"xiaomi\": [{rows}]}}}}\n"
            )
        };
        let row = r#"{"id": "a1", "label": "old", "auth_type": "api_key", "priority": 0, "source": "manual",
            "base_url": "https://api.xiaomimimo.com/v1", "access_token": "sk-fake-old-000000"}"#;
        silent(&SUPPRESSED_SOURCE, &fixture(row, ""));
    }

    /// A login has no variable, and is lifted as `auth_add_command` lifts all sources of the provider.
    #[test]
    fn a_login_that_is_left_out() {
        fires(
            &SUPPRESSED_SOURCE,
            r#"
--- config.yaml
model: {provider: nous}
--- no .env
--- auth.json
{"version": 1, "providers": {"nous": {"access_token": "fake-token-000000", "refresh_token": "rt-fake-0000"}},
                                                      ^^^^^^^^^^^^^^^^^^^ PC205
 "suppressed_sources": {"nous": ["device_code"]}, "credential_pool": {}}
--- says
The pool leaves device_code out
auth.json suppresses the source `device_code` of `nous`
for every later login there
hermes auth add nous
"#,
        );
    }

    #[test]
    fn a_suppressed_variable_that_is_not_set_is_as_it_should_be() {
        silent(
            &SUPPRESSED_SOURCE,
            r#"
--- config.yaml
model: {provider: xiaomi}
--- no .env
--- auth.json
{"version": 1, "suppressed_sources": {"xiaomi": ["env:XIAOMI_API_KEY"]}, "credential_pool": {"xiaomi": [
  {"id": "a1", "label": "old", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://api.xiaomimimo.com/v1", "access_token": "sk-fake-old-000000"}]}}
"#,
        );
    }
}
