//! PC205: a key whose source `hermes auth remove` has suppressed.

use super::{Context, Findings, declare_rule};
use crate::hermes::{Origin, Reason};
use crate::text::{Place, SourceKind};

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
        why: "auth.json suppresses the source `{source}` of `{provider}`: `hermes auth remove` did that, and it stays so for every later key in this variable. {now}",
        todo: "Add the key to the pool instead; that also lifts the suppression. Or take `{source}` out of `suppressed_sources` in auth.json.",
        command: "hermes auth add {provider} --type api-key",
        label suppressed: "suppressed here",
        part unused: "The key is not used.",
        part alone: "Hermes still uses this key, but without a pool: no other key takes over.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for (loser, reason) in context.losers() {
        let (Reason::Suppressed, Origin::Pool { provider, .. }) = (reason, &loser.origin) else {
            continue;
        };
        let Some(place) = loser.place else { continue };
        // `hermes auth remove` clears the variable of `.env`: what stands there came later. One of the environment it leaves to
        // others and says that it is ignored from then on (`_remove_env_source` of `agent/credential_sources.py`).
        if place.source == SourceKind::Environ && context.winner().is_some() {
            continue;
        }
        report(context, findings, loser.label.as_str(), provider, place, "unused");
    }
    // A key that the pool leaves out may still be the one that is used.
    if let (Some(winner), Some(provider)) = (context.winner(), context.provider())
        && let (Origin::Variable(name), Some(place)) = (&winner.origin, winner.place)
        && place.source == SourceKind::DotEnv
        && suppressed(context, provider, &["env:", name].concat()).is_some()
    {
        report(context, findings, name, provider, place, "alone");
    }
}

fn report(
    context: &Context<'_>,
    findings: &mut Findings,
    variable: &str,
    provider: &str,
    place: Place,
    now: &str,
) {
    let source = ["env:", variable].concat();
    findings
        .report(&SUPPRESSED_SOURCE, place)
        .with("variable", variable)
        .with("source", source.as_str())
        .with("provider", provider)
        .part("now", now)
        .label("suppressed", suppressed(context, provider, &source));
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
