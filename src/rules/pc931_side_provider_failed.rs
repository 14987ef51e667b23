//! PC931: a provider beside the main one that a log says to have failed for want of a key.

use super::logs::is_credential_matter;
use super::pc907_refused_row_in_listing::is_refused;
use super::pools::add_command;
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextSet;
use crate::python::lower;
use crate::readers::log::{Event, Kind};

declare_rule! {
    /// Beside the main model Hermes asks other providers: for side tasks such as compression, titles and pictures, and for
    /// fallbacks. What becomes of them stands in the log only: that no key or login was found, that an endpoint of
    /// `custom_providers` is asked without a key, that a key was refused or an account has nothing left.
    ///
    /// ```log fires
    /// 02:01:12 WARNING agent.auxiliary_client: resolve_provider_client: openrouter requested but OPENROUTER_API_KEY not set
    /// ```
    /// ```log silent
    /// 02:01:12 INFO agent.auxiliary_client: Auxiliary compression: connection error on openrouter (Connection error.), trying fallback
    /// ```
    pub static SIDE_PROVIDER_FAILED = {
        code: "PC931", name: "side-provider-failed", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{reason}",
        todo: "{way}",
        command: "{commands}",
        part keyless: "Hermes found no key for `{provider}`",
        part loginless: "Hermes found no login for `{provider}`",
        part unkeyed: "The endpoint `{provider}` has no key",
        part nobody: "Hermes found no provider for side tasks",
        part refused: "`{provider}` refused the key of the side task `{task}`",
        part unpaid: "`{provider}` wants payment for the side task `{task}`",
        part asked: "A side task or a fallback asked for it. Hermes writes this where there is neither a key nor a login, and also where every entry of the pool is in cooldown.",
        part placeholder: "Its settings give no key, and `no-key-required` is sent in place of one. A local server takes that; an endpoint that wants a key answers 401.",
        part tried: "Nothing that it tried had a usable key or login: {tried}. Compression and summaries fail without one.",
        part alone: "Nothing could stand in for it, and the task failed.",
        part add: "Look at the pool. If there is no entry, add a key; Hermes asks for it. Or put it into `.env` as {variable}.",
        part there: "{variable} is set in what you pasted: the log is of before, or of a Hermes that reads another `.env`. Restart Hermes, and look at the pool.",
        part log_in: "Look at the pool. If there is no entry, or a failed one, log in.",
        part write: "Write `api_key`, or `key_env` with the name of a variable that is set, into its entry in config.yaml.",
        part any: "See which keys and logins there are. One that can be used is enough: add a key, or log in.",
        part replace: "See which entry was refused, and replace its key.",
        part pay: "Recharge the account, or set `auxiliary.{task}.provider` to another provider.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // What 0.21.4 does for side tasks was not read.
    if context.is_read_only() {
        return;
    }
    let mut told = TextSet::new();
    for told_of in &context.story.told {
        let event = &told_of.event;
        match event.kind {
            Kind::NoClient if is_credential_matter(event) => {
                missing(context, findings, event, "provider", &mut told)
            }
            Kind::VisionAway => missing(context, findings, event, "provider", &mut told),
            Kind::Skipped if event.text("text") == "provider not configured" => {
                missing(context, findings, event, "entry", &mut told);
            }
            Kind::SentKeyless if told.insert(event.text("provider")) => {
                findings
                    .report(&SIDE_PROVIDER_FAILED, event.place_of("provider"))
                    .with("provider", event.text("provider"))
                    .part("what", "unkeyed")
                    .part("reason", "placeholder")
                    .part("way", "write")
                    .without_command();
            }
            Kind::NoTaskProvider if told.insert("") => {
                findings
                    .report(&SIDE_PROVIDER_FAILED, event.place_of("tried"))
                    .with("tried", event.text("tried"))
                    .part("what", "nobody")
                    .part("reason", "tried")
                    .part("way", "any")
                    .command("commands", Some("hermes auth list"));
            }
            Kind::TaskFailed => failed(context, findings, event, &mut told),
            _ => {}
        }
    }
}

/// A provider for which no key or login was found.
fn missing(context: &Context<'_>, findings: &mut Findings, event: &Event, field: &str, told: &mut TextSet) {
    // A login of Nous is named by its title.
    let Some(provider) = context.pool_names.provider(&lower(event.text(field))) else { return };
    if is_told_elsewhere(context, &provider) || !told.insert(&provider) {
        return;
    }
    findings.report(&SIDE_PROVIDER_FAILED, event.place_of(field)).with("provider", provider.as_str());
    findings.part("reason", "asked");
    let look = ["hermes auth list ", &provider].concat();
    let variable =
        context.key_variable(&provider).or((provider == "openrouter").then_some("OPENROUTER_API_KEY"));
    let is_login =
        !context.takes_keys(&provider) && context.facts.oauth_capable_providers.contains(&provider);
    match variable {
        _ if is_login => {
            let log_in = ["hermes auth add ", &provider].concat();
            findings.part("what", "loginless").part("way", "log_in").commands(&[look, log_in]);
        }
        Some(variable) if context.variables().contains(variable) => {
            findings
                .with("variable", variable)
                .part("what", "keyless")
                .part("way", "there")
                .commands(&[look]);
        }
        Some(variable) => {
            findings.with("variable", variable).part("what", "keyless").part("way", "add");
            findings.commands(&[look, add_command(&provider)]);
        }
        None => {
            findings.part("what", "keyless").part("way", "any").commands(&[look]);
        }
    }
}

/// A side task that failed for good.
fn failed(context: &Context<'_>, findings: &mut Findings, event: &Event, told: &mut TextSet) {
    let (what, way) = match event.text("reason") {
        "auth error" => ("refused", "replace"),
        "payment error" => ("unpaid", "pay"),
        _ => return,
    };
    let provider = event.text("provider");
    // Where the task goes by itself the line does not say which provider it was.
    if provider == "auto" || !told.insert(&[provider, " ", what].concat()) {
        return;
    }
    // Tasks of another kind of client have this behind their name.
    let task = event.text("task").trim_end_matches(" (async)");
    findings
        .report(&SIDE_PROVIDER_FAILED, event.place_of("reason"))
        .with("provider", provider)
        .with("task", task)
        .part("what", what)
        .part("reason", "alone")
        .part("way", way);
    match context.pool_names.provider(provider) {
        Some(provider) if way == "replace" => {
            findings.commands(&[["hermes auth list ", &provider].concat()]);
        }
        _ => {
            findings.without_command();
        }
    }
}

/// Whether PC531, PC607 or PC907 tell of the provider by its settings or its listing.
fn is_told_elsewhere(context: &Context<'_>, provider: &str) -> bool {
    let is_of_site = context.sites.all.iter().any(|site| {
        let has_none = match &site.outcome {
            Ok(route) => route.is_none(),
            Err(stop) => stop.exception().is_some(),
        };
        site.provider.as_deref() == Some(provider) && has_none && !site.is_open
    });
    let is_listed =
        context.listing.rows.iter().any(|row| row.provider.as_deref() == Some(provider) && is_refused(row));
    is_of_site || is_listed
}

#[cfg(test)]
mod tests {
    use super::SIDE_PROVIDER_FAILED;
    use crate::rules::testing::{fires, silent};

    /// The lines are those of `agent/auxiliary_client.py` and `agent/chat_completion_helpers.py` of 0.19.0.
    #[test]
    fn what_was_not_found() {
        fires(
            &SIDE_PROVIDER_FAILED,
            "\
--- log
02:01:12 WARNING agent.auxiliary_client: resolve_provider_client: openrouter requested but OPENROUTER_API_KEY not set
                                                                  ^^^^^^^^^^ PC931
02:01:12 WARNING agent.auxiliary_client: resolve_provider_client: openai-codex requested but no Codex OAuth token found (run: hermes model)
                                                                  ^^^^^^^^^^^^ PC931
02:01:12 WARNING agent.auxiliary_client: Auxiliary Nous client unavailable: no Nous authentication found (run: hermes auth).
                                                   ^^^^ PC931
02:01:12 WARNING agent.auxiliary_client: Vision provider gemini unavailable, falling back to auto vision backends
                                                         ^^^^^^ PC931
02:01:12 WARNING agent.chat_completion_helpers: Fallback to deepseek failed: provider not configured
                                                            ^^^^^^^^ PC931
02:01:12 WARNING agent.auxiliary_client: resolve_provider_client: named custom provider 'litellm' has no resolvable api_key — request will be sent with placeholder no-key-required and will 401 on auth-required endpoints
                                                                                         ^^^^^^^ PC931
02:01:12 WARNING agent.auxiliary_client: Auxiliary auto-detect: no provider available (tried: openrouter, nous, local/custom, api-key). Compression, summarization, and memory flush will not work. Set OPENROUTER_API_KEY or configure a local model in config.yaml.
                                                                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC931
--- says
hermes auth add openrouter --type api-key
hermes auth list openai-codex
Hermes found no login for `nous`
put it into `.env` as DEEPSEEK_API_KEY
`no-key-required` is sent
One that can be used is enough
",
        );
    }

    #[test]
    fn what_was_refused() {
        fires(
            &SIDE_PROVIDER_FAILED,
            "\
--- log
02:01:12 WARNING agent.auxiliary_client: Auxiliary compression: auth error on gemini and all fallbacks exhausted (fallback_chain + main agent model). Raising original error.
                                                                ^^^^^^^^^^ PC931
02:01:12 WARNING agent.auxiliary_client: Auxiliary title_generation (async): payment error on openrouter and no fallback available (tried: nous, local/custom)
                                                                             ^^^^^^^^^^^^^ PC931
--- says
`gemini` refused the key of the side task `compression`
set `auxiliary.title_generation.provider` to another provider
",
        );
    }

    /// A key that is there by what was pasted was not there when this was logged, or not for that Hermes.
    #[test]
    fn a_key_that_is_set_now() {
        fires(
            &SIDE_PROVIDER_FAILED,
            "\
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
--- log
02:01:12 WARNING agent.auxiliary_client: resolve_provider_client: openrouter requested but OPENROUTER_API_KEY not set
                                                                  ^^^^^^^^^^ PC931
--- says
is set in what you pasted
",
        );
    }

    #[test]
    fn what_is_told_elsewhere_or_no_matter_of_keys() {
        silent(
            &SIDE_PROVIDER_FAILED,
            "\
--- hermes auth list
openai-codex (1 credentials):
  #1  me                   oauth   device_code auth failed (401) (re-auth may be required)
--- log
02:01:12 WARNING agent.auxiliary_client: resolve_provider_client: openai-codex requested but no Codex OAuth token found (run: hermes model)
02:01:12 WARNING agent.auxiliary_client: resolve_provider_client: vertex requested but google-auth not installed
02:01:12 INFO agent.auxiliary_client: Auxiliary compression: rate limit on gemini (busy), trying fallback
",
        );
    }
}
