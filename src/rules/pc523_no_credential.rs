//! PC523: the provider has no credential in anything that Hermes reads, and no other rule says why.

use super::pools::add_command;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::hermes::runtime::is_private;
use crate::hermes::{Candidate, Reason};
use crate::reasons;
use crate::text::Place;

declare_rule! {
    /// The provider is known, and nothing that was pasted holds a credential for it: no entry of its pool, none of its variables, no
    /// login. Hermes stops, or sends requests without a key.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: deepseek}
    /// --- .env
    /// TERMINAL_ENV=local
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {}}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: deepseek}
    /// ```
    pub static NO_CREDENTIAL = {
        code: "PC523", name: "no-credential", severity: Error, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{reason}",
        todo: "{way}",
        command: "{command}",
        label unused: "this one is not used",
        part nowhere: "There is no credential for `{provider}`",
        part unused: "Hermes uses none of the credentials for `{provider}`",
        part passed_over: "`{label}`: {reason_of}.",
        part mend: "Mend that.",
        part remove: "Remove the entry in front of it, which has no key.",
        part key: "Hermes takes the key from the credential pool in auth.json, and from {variables}. None of them has one.",
        part pool: "Hermes takes it from the pool in auth.json or from a login, and finds neither.",
        part endpoint: "Neither `{path}` nor a pool of auth.json holds a key for this endpoint, and requests to {endpoint} go out without one.",
        part add: "Add the key to the pool; Hermes asks for it. Or put it into `.env` as {variable}.",
        part log_in: "Log in.",
        part write: "If the endpoint asks for a key, write `api_key: \"${{NAME}}\"` beside its `base_url`, and set the variable in `.env`.",
    }
}

/// The families of rules that say why a key is not read.
const CAUSES: [&str; 6] = ["PC1", "PC2", "PC3", "PC4", "PC5", "PC7"];

/// Runs behind all other rules but the one about comments.
fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(verdict) = context.verdict().filter(|verdict| verdict.lacks_credential()) else { return };
    // Of an environment that is only a piece the rest may hold one.
    let is_pasted = context.world.dotenv.is_given()
        && (context.world.auth_store.is_given() || is_listed(context))
        && !context.environ.is_piece;
    let is_told = findings.list.iter().any(|finding| {
        finding.severity > Severity::Info && CAUSES.iter().any(|family| finding.code.starts_with(family))
    });
    let Some(provider) = verdict.provider.as_deref().filter(|_| is_pasted && !is_told) else { return };
    let written = context.request.as_ref().map(|request| request.place);
    let Some(place) = written.or(verdict.named_at).or_else(|| begin(context)) else { return };
    let own = context.facts.providers.get(provider);
    if provider == "custom" {
        let Some(runtime) = context.runtime().filter(|runtime| !is_private(&runtime.base_url)) else {
            return;
        };
        let path = context.requested_block().map_or_else(|| "model".to_owned(), |block| block.path);
        findings
            .report(&NO_CREDENTIAL, place)
            .with("provider", verdict.requested.as_str())
            .part("what", "nowhere")
            .with("path", path)
            .with("endpoint", runtime.base_url.as_str())
            .part("reason", "endpoint")
            .part("way", "write")
            .without_command()
            .as_note();
        return;
    }
    let variables = own.map(|row| row.api_key_env_vars.join(", ")).filter(|names| !names.is_empty());
    let variable =
        context.key_variable(provider).or_else(|| (provider == "openrouter").then_some("OPENROUTER_API_KEY"));
    let has_login = context.facts.oauth_capable_providers.contains(provider);
    let login = has_login.then(|| ["hermes auth add ", provider].concat());
    findings.report(&NO_CREDENTIAL, place).with("provider", provider);
    // What the resolution looked at and passed over has a reason of its own.
    let is_keyed = |(loser, reason): &&(Candidate, Reason)| {
        !loser.key.is_empty() && !matches!(reason, Reason::OtherProvider(_) | Reason::NotReadForProvider(_))
    };
    if let Some((loser, reason)) = verdict.losers.iter().find(is_keyed) {
        findings
            .part("what", "unused")
            .with("label", loser.label.as_str())
            .with("reason_of", reasons::message(reason, context.world.now))
            .part("reason", "passed_over")
            .label("unused", loser.place.or(loser.entry_place));
        // Releases that take the first entry of a pool, whether it has a key or not, get to no other one.
        let keyless = verdict.losers.iter().filter(|(loser, _)| loser.key.is_empty());
        let number = keyless.filter_map(|(loser, _)| context.pool_index(loser)).next();
        match number.filter(|_| *reason == Reason::LaterInPool) {
            Some(number) => {
                let command = ["hermes auth remove ", provider, " ", &number.to_string()].concat();
                findings.part("way", "remove").command("command", Some(&command));
            }
            None => {
                findings.part("way", "mend").without_command();
            }
        }
        return;
    }
    findings.part("what", "nowhere");
    match variable {
        Some(variable) => findings
            .with("variable", variable)
            .with("variables", variables.unwrap_or_else(|| variable.to_owned()))
            .part("reason", "key")
            .part("way", "add")
            .command("command", Some(&add_command(provider))),
        None => findings.part("reason", "pool").part("way", "log_in").command("command", login.as_deref()),
    };
}

/// Whether a listing shows the pool of the provider.
fn is_listed(context: &Context<'_>) -> bool {
    let provider = context.provider().unwrap_or_default();
    context.listing.pools.iter().any(|pool| pool.provider.text == provider)
}

/// The begin of config.yaml, where that was pasted and holds something.
fn begin(context: &Context<'_>) -> Option<Place> {
    Some(context.config_begin()).filter(|place| !place.span.is_empty())
}

#[cfg(test)]
mod tests {
    use super::NO_CREDENTIAL;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn nothing_holds_a_key() {
        fires(
            &NO_CREDENTIAL,
            "\
--- config.yaml
model: {provider: deepseek}
                  ^^^^^^^^ PC523
--- .env
TERMINAL_ENV=local
--- no auth.json
--- says
hermes auth add deepseek --type api-key
None of them has one.
",
        );
    }

    /// 0.18.2 takes the first entry of the pool, whose variable is gone, and sends nothing: tests/evidence/PC315.json.
    #[test]
    fn a_key_that_is_there_and_passed_over_has_a_reason() {
        fires(
            &NO_CREDENTIAL,
            r#"
--- release 0.18.2
--- config.yaml
model: {provider: gemini}
                  ^^^^^^ PC523
--- no .env
--- environment
PATH=/bin
--- auth.json
{"version": 1, "credential_pool": {"gemini": [
  {"id": "a", "label": "GOOGLE_API_KEY", "auth_type": "api_key", "priority": 0, "source": "env:GOOGLE_API_KEY"},
  {"id": "b", "label": "two", "auth_type": "api_key", "priority": 1, "source": "manual",
   "access_token": "AIza-fake-two-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
--- says
Hermes uses none of the credentials for `gemini`
`two`: another entry of the pool has its turn first.
hermes auth remove gemini 1
"#,
        );
    }

    #[test]
    fn an_endpoint_without_a_key_may_be_meant() {
        let report = fires(
            &NO_CREDENTIAL,
            "\
--- config.yaml
model: {provider: custom, base_url: 'https://gateway.example/v1'}
                  ^^^^^^ PC523
--- no .env
--- no auth.json
--- says
If the endpoint asks for a key
",
        );
        assert_eq!(report.findings.len(), 1);
    }

    #[test]
    fn a_server_of_one_s_own_network_and_what_was_not_pasted() {
        silent(
            &NO_CREDENTIAL,
            "--- config.yaml\nmodel: {provider: custom, base_url: 'http://nas.local:8000/v1'}\n--- no .env\n--- no auth.json\n",
        );
        silent(&NO_CREDENTIAL, "--- config.yaml\nmodel: {provider: deepseek}\n--- no .env\n");
    }
}
