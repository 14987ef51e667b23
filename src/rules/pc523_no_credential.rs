//! PC523: the provider has no credential in anything that Hermes reads, and no other rule says why.

use super::lines::first_line;
use super::pools::add_command;
use super::trial::{Change, inserted, replaced};
use super::variables::{has_pool, is_plain, provider_of_key, variables};
use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Place, Span};
use crate::diagnostic::loss_reasons;
use crate::diagnostic::{Safety, Severity};
use crate::hermes::urls::is_private;
use crate::hermes::verdict::Verdict;
use crate::hermes::{Candidate, Origin, Reason, Stop};
use crate::python::Node;

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
        fix: Some(Safety::Unsafe),
        what: "{what}",
        why: "{reason}",
        todo: "{way}",
        command: "{command}",
        fix_title: "{title}",
        label unused: "this one is not used",
        label commented: "this key stands in a comment",
        part nowhere: "There is no credential for `{provider}`",
        part unused: "Hermes uses none of the credentials for `{provider}`",
        part passed_over: "`{label}`: {reason_of}.",
        part unasked: "Nothing asks for the provider `{name}`, and Hermes finds no other one",
        part unnamed: "`model.provider` does not name it, and Hermes looks for keys of its own providers only.",
        part mend: "Correct that.",
        part own: "If `model.base_url` is an endpoint of your own, write `provider: custom` beside it and, if it asks for a key, `api_key: \"${{NAME}}\"`. Else take `base_url` out.",
        part remove: "Remove the entry in front of it, which has no key.",
        part remove_and_reset: "Remove the entry in front of it, which has no key. When the provider's limit is over already, clear the cooldown.",
        part key: "Hermes takes the key from the credential pool in auth.json, and from {variables}. None of them has one.",
        part passed: "`{setting}` keeps Hermes from asking the pool of `{provider}`, and it finds no key in {variables}.",
        part variable: "Hermes takes the key from {variables}, and from nowhere else.",
        part pool: "Hermes takes it from the pool in auth.json or from a login, and finds neither.",
        part endpoint: "Neither `{path}` nor a pool of auth.json holds a key for this endpoint, and requests to {endpoint} go out without one.",
        part add: "Add the key to the pool; Hermes asks for it. Or put it into `.env` as {variable}.",
        part set: "Put the key into `.env` as {variable}.",
        part set_or_name: "Put the key into `.env` as {variable}. With `{provider}` as `model.provider` Hermes asks the pool as well.",
        part unset: "Take `{setting}` out, and put the key into `.env` as {variable}. An endpoint of your own belongs under `custom_providers`, and its name under `model.provider`.",
        part uncomment_it: "If the key of {commented} still holds, take the sign before it away: the line is a comment. Else put another one in its place.",
        part uncomment: "If the key of {commented} still holds, take the sign before it away: the line is a comment. Else add one to the pool; Hermes asks for it.",
        part ask: "Write `provider: {asked}` under `model`.",
        part title_ask: "Write `provider: {asked}`",
        part title_uncomment: "Make the line count",
        part log_in: "Log in.",
        part write: "If the endpoint asks for a key, write `api_key: \"${{NAME}}\"` beside its `base_url`, and set the variable in `.env`.",
    }
}

/// The families of rules that say why a key is not read.
const CAUSES: [&str; 6] = ["PC1", "PC2", "PC3", "PC4", "PC5", "PC7"];

/// Rules of these families about what is wrong behind the missing key: API mode and endpoint.
const BEHIND_THE_KEY: [&str; 2] = ["PC517", "PC526"];

/// Runs behind all other rules but the one about comments.
fn check(context: &Context<'_>, findings: &mut Findings) {
    // Of an environment that is only a piece the rest may hold one, and a report may see one.
    let is_pasted = context.world.given.dotenv.is_given()
        && (context.world.given.auth_store.is_given() || is_listed(context))
        && !context.environ.is_piece
        && context.key_in_report.is_none();
    let is_told = findings.list.iter().any(|finding| {
        finding.severity > Severity::Info
            && CAUSES.iter().any(|family| finding.code.starts_with(family))
            && !BEHIND_THE_KEY.contains(&finding.code)
    });
    let Some(verdict) = context.verdict().filter(|_| is_pasted && !is_told) else { return };
    if is_of_nobody(verdict) {
        return unasked(context, findings, verdict);
    }
    let Some(provider) = verdict.provider.as_deref().filter(|_| verdict.lacks_credential()) else { return };
    let written = context.request.as_ref().map(|request| request.place);
    // What the resolution looked at and passed over has a reason of its own.
    let is_keyed = |(loser, reason): &&(Candidate, Reason)| {
        !loser.key.is_empty() && !matches!(reason, Reason::OtherProvider(_) | Reason::NotReadForProvider(_))
    };
    let passed_over = verdict.losers.iter().find(is_keyed);
    let of_loser = || passed_over.and_then(|(loser, _)| loser.place.or(loser.entry_place));
    let place = written.or(verdict.named_at).or_else(|| begin(context)).or_else(of_loser);
    let Some(place) = place else { return };
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
            .without_command();
        // Words in the place of a key may be meant. Without them the request is refused, or none is made.
        if !runtime.api_key.is_empty() {
            findings.as_note();
        }
        return;
    }
    let taken_from = own.map(|row| row.api_key_env_vars.join(", ")).filter(|names| !names.is_empty());
    let variable = context.pool_variable(provider);
    let has_login = context.facts.oauth_capable_providers.contains(provider);
    let login = has_login.then(|| ["hermes auth add ", provider].concat());
    findings.report(&NO_CREDENTIAL, place);
    if let Some((loser, reason)) = passed_over {
        // Under `auto` Hermes may have looked into the pool of another provider first.
        let pool = match &loser.origin {
            Origin::Pool { provider, .. } => provider,
            _ => provider,
        };
        let logs_in = *reason == Reason::TokenExpired && context.facts.oauth_capable_providers.contains(pool);
        findings.with("provider", pool);
        findings
            .part("what", "unused")
            .with("label", loser.label.as_str())
            .with("reason_of", loss_reasons::message(reason, context.world.now))
            .part("reason", "passed_over")
            .label("unused", loser.place.or(loser.entry_place));
        // Releases that take the first entry of a pool, whether it has a key or not, get to no other one.
        let keyless = verdict.losers.iter().filter(|(loser, _)| loser.key.is_empty());
        let number = keyless.filter_map(|(loser, _)| context.pool_index(loser)).next();
        let waits = matches!(reason, Reason::CoolingDown { .. });
        match number.filter(|_| waits || *reason == Reason::LaterInPool) {
            Some(number) => {
                let removal = ["hermes auth remove ", provider, " ", &number.to_string()].concat();
                let reset = ["\nhermes auth reset ", provider].concat();
                let command =
                    [removal, reset].into_iter().take(if waits { 2 } else { 1 }).collect::<String>();
                findings
                    .part("way", if waits { "remove_and_reset" } else { "remove" })
                    .command("command", Some(&command));
            }
            None if logs_in => {
                let command = ["hermes auth add ", pool].concat();
                findings.part("way", "log_in").command("command", Some(&command));
            }
            None => {
                let is_elsewhere =
                    *reason == Reason::OtherHost && context.config_at(&["model", "base_url"]).is_some();
                findings.part("way", if is_elsewhere { "own" } else { "mend" }).without_command();
            }
        }
        return;
    }
    findings.with("provider", provider).part("what", "nowhere");
    let Some(variable) = variable else {
        findings.part("reason", "pool").part("way", "log_in").command("command", login.as_deref());
        return;
    };
    findings.with("variable", variable).with("variables", taken_from.unwrap_or_else(|| variable.to_owned()));
    let setting = match &verdict.pool_passed_over {
        Some(Reason::PoolPassedOver(setting)) => Some(setting.as_str()),
        _ => None,
    };
    match setting {
        Some(setting) => findings.with("setting", setting).part("reason", "passed"),
        None => findings.part("reason", if has_pool(provider) { "key" } else { "variable" }),
    };
    let adds = (has_pool(provider) && context.adding_helps(provider)).then(|| add_command(provider));
    findings.command("command", adds.as_deref());
    if let Some(commented) = commented_out(context, provider) {
        let change = vec![(SourceKind::Dotenv, Edit::delete(commented.sign))];
        if adds.is_some() || context.sends_after(&change, commented.key) {
            findings
                .with("commented", commented.name)
                .part("way", if adds.is_some() { "uncomment" } else { "uncomment_it" })
                .part("title", "title_uncomment")
                .label("commented", Some(commented.place));
            if context.sends_after(&change, commented.key) {
                findings.change(change);
            }
            return;
        }
    }
    let is_named_otherwise = setting == Some(verdict.requested.as_str());
    let way = match setting {
        _ if adds.is_some() => "add",
        None => "set",
        Some(_) if context.setting_helps(variable, None) => {
            let asks = is_named_otherwise && asks_pool_under(context, provider);
            if asks { "set_or_name" } else { "set" }
        }
        Some("model.base_url") => "own",
        Some(setting) => {
            let all = variables(context);
            let entry = all.iter().find(|own| own.name == setting).map(|own| own.entry_place);
            let helps = entry.is_some() && context.setting_helps(variable, entry);
            if helps { "unset" } else { "mend" }
        }
    };
    findings.part("way", way);
}

/// Whether Hermes asks the pool of `provider` where that name is written for the one that asks for it.
fn asks_pool_under(context: &Context<'_>, provider: &str) -> bool {
    let change = context.request.as_ref().map(|request| vec![replaced(request.place, provider)]);
    let after = change.and_then(|change| context.verdict_after(&change));
    after.is_some_and(|after| after.pool_passed_over.is_none())
}

/// Whether Hermes found no provider at all.
fn is_of_nobody(verdict: &Verdict) -> bool {
    let raised = verdict.outcome.as_ref().err().and_then(Stop::exception);
    raised.is_some_and(|raised| raised.code == Some("no_provider_configured"))
}

/// Tells of a provider of the user's own, where nothing names it and Hermes stops for want of one.
fn unasked(context: &Context<'_>, findings: &mut Findings, verdict: &Verdict) {
    let kept = context.custom_providers.as_ref().map(|custom| custom.kept.as_slice()).unwrap_or_default();
    let has_model =
        |entry: &&Node| entry.text("model").is_some_and(|model| verdict.model.as_deref() == Some(model));
    let Some(entry) = kept.iter().find(has_model).or(kept.first()) else { return };
    let (Some(name), Some(place)) = (entry.text("provider_key").or(entry.text("name")), entry.place) else {
        return;
    };
    let is_plain =
        |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let names = [name.to_owned(), ["custom:", name].concat()];
    let mut ways = names.iter().filter(|_| is_plain(name)).filter_map(|name| {
        let change = asking(context, name)?;
        let after = context.verdict_after(&change)?;
        let url = after.outcome.ok()?.base_url;
        let is_it =
            entry.text("base_url").is_some_and(|own| own.trim_end_matches('/') == url.trim_end_matches('/'));
        is_it.then_some((name, change))
    });
    let way = ways.next();
    let asked = way.as_ref().map_or(name, |(name, _)| name.as_str());
    findings
        .report(&NO_CREDENTIAL, first_line(context.config_text(), place))
        .with("name", name)
        .with("asked", asked)
        .without_command()
        .part("what", "unasked")
        .part("reason", "unnamed")
        .part("way", "ask")
        .part("title", "title_ask");
    // Which of several is meant nobody can tell.
    if let Some((_, change)) = way.filter(|_| kept.len() == 1) {
        findings.change(change);
    }
}

/// The edit that writes `provider: name` under `model`.
fn asking(context: &Context<'_>, name: &str) -> Option<Change> {
    let model = context.model_block()?;
    let change = match model.dict.entry("provider") {
        Some(entry) => replaced(entry.value.place?, name),
        None => inserted(context.config_text(), model.node, "provider", name)?,
    };
    Some(vec![change])
}

/// A key of `.env` that stands in a comment.
struct Commented<'c> {
    name: &'c str,
    key: &'c str,
    /// Where name and key stand.
    place: Place,
    /// The sign of the comment, and the blanks behind it.
    sign: Span,
}

/// The last key of `provider` in a comment of `.env`.
fn commented_out<'c>(context: &Context<'c>, provider: &str) -> Option<Commented<'c>> {
    let text = context.text_of(SourceKind::Dotenv);
    let mut found = None;
    let mut start = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end();
        let bare = line.trim_start_matches([' ', '\t', '#']);
        let sign = Span::new(start + line.len() - line.trim_start().len(), start + line.len() - bare.len());
        start += whole.len();
        let Some((name, value)) = bare.split_once('=').filter(|_| sign.of(text).starts_with('#')) else {
            continue;
        };
        let (name, key) = (name.trim_end(), value.trim().trim_matches(['"', '\'']));
        let plain = name.strip_prefix("export ").unwrap_or(name);
        if provider_of_key(context.facts, plain, false) == Some(provider) && is_plain(context.facts, key) {
            let place = Place::new(SourceKind::Dotenv, Span::new(sign.end, sign.end + bare.len()));
            found = Some(Commented { name: plain, key, place, sign });
        }
    }
    found
}

/// Whether a listing shows the pool of the provider.
pub(super) fn is_listed(context: &Context<'_>) -> bool {
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

    /// `No inference provider configured`, says 0.19.0; with `provider: gw` it sends the key of the block.
    #[test]
    fn an_endpoint_of_one_s_own_that_nothing_asks_for() {
        for (model, mended) in [("", "  provider: gw\n"), ("  provider: auto\n", "  provider: gw\n")] {
            let others = "  default: m\ncustom_providers:\n- {name: gw, base_url: 'https://a.example/v1', api_key: sk-fake-000000}\n";
            fires(
                &NO_CREDENTIAL,
                &format!(
                    "--- config.yaml\nmodel:\n{model}{others}  {} PC523\n--- no .env\n--- no auth.json\n--- fixed config.yaml\nmodel:\n{mended}{others}\
                     --- says\nNothing asks for the provider `gw`, and Hermes finds no other one\n--- then\nHermes uses gw (config:gw) for custom\n",
                    "^".repeat(69)
                ),
            );
        }
        silent(
            &NO_CREDENTIAL,
            "--- config.yaml\nmodel: {default: m}\nproviders: {gw: {base_url: 'https://a.example/v1'}}\n",
        );
        silent(&NO_CREDENTIAL, "--- config.yaml\nmodel: {default: m}\n--- no .env\n--- no auth.json\n");
    }

    #[test]
    fn a_key_that_stands_in_a_comment() {
        fires(
            &NO_CREDENTIAL,
            "\
--- config.yaml
model: {provider: deepseek, default: m}
                  ^^^^^^^^ PC523
--- .env
# DEEPSEEK_API_KEY=your-key
# DEEPSEEK_API_KEY=\"sk-fake-key-000000\"
--- no auth.json
--- fixed .env
# DEEPSEEK_API_KEY=your-key
DEEPSEEK_API_KEY=\"sk-fake-key-000000\"
--- says
take the sign before it away
--- then
Hermes uses DEEPSEEK_API_KEY (env:DEEPSEEK_API_KEY) for deepseek
nothing is found
",
        );
    }

    /// With `provider: custom` and `api_key: ${OPENAI_API_KEY}` 0.19.0 sends the key to the endpoint.
    #[test]
    fn an_endpoint_without_a_provider_beside_it() {
        fires(
            &NO_CREDENTIAL,
            "\
--- config.yaml
model: {default: m, base_url: 'https://a.example/v1'}
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC523
--- .env
OPENAI_API_KEY=sk-fake-key-000000
--- no auth.json
--- says
write `provider: custom` beside it
",
        );
    }

    /// Asked of each release: a row of the pool is not taken under the alias, `OPENROUTER_API_KEY` is.
    #[test]
    fn a_pool_that_is_not_asked_is_no_way_out() {
        for (config, way) in [
            (
                "model: {provider: or, default: m}\n                  ^^ PC523\n",
                "Put the key into `.env` as OPENROUTER_API_KEY. With `openrouter` as `model.provider` Hermes asks the pool as well.",
            ),
            (
                "model: {provider: auto, base_url: 'https://api.deepseek.com/v1'}\n                  ^^^^ PC523\n",
                "write `provider: custom` beside it",
            ),
        ] {
            let report = fires(
                &NO_CREDENTIAL,
                &format!("--- config.yaml\n{config}--- no .env\n--- no auth.json\n--- says\n{way}\n"),
            );
            assert!(report.findings.iter().all(|finding| finding.command.is_none()));
        }
        fires(
            &NO_CREDENTIAL,
            "\
--- config.yaml
model: {provider: or, default: m}
                  ^^ PC523
--- no .env
--- no auth.json
--- environment
OPENROUTER_BASE_URL=https://gateway.example/v1
--- says
`OPENROUTER_BASE_URL` keeps Hermes from asking the pool of `openrouter`
Take `OPENROUTER_BASE_URL` out, and put the key into `.env` as OPENROUTER_API_KEY.
",
        );
        fires(
            &NO_CREDENTIAL,
            "\
--- config.yaml
model: {provider: or, default: m}
                  ^^ PC523
--- .env
# OPENROUTER_API_KEY=sk-or-fake-key-000000
--- no auth.json
--- fixed .env
OPENROUTER_API_KEY=sk-or-fake-key-000000
--- says
Else put another one in its place.
--- then
Hermes uses OPENROUTER_API_KEY (env:OPENROUTER_API_KEY) for openrouter
",
        );
    }

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

    /// Expected: the recorded case `nous-a-row-alone-without-a-key`.
    #[test]
    fn a_login_that_has_run_out_and_nothing_else() {
        fires(
            &NO_CREDENTIAL,
            r#"
--- release 0.15.2
--- no config.yaml
--- no .env
--- auth.json
{"version": 1, "active_provider": "nous", "credential_pool": {"nous": [{"id": "a", "label": "own", "auth_type": "oauth",
  "priority": 0, "source": "manual", "access_token": "fake-token-000000", "expires_at": "2026-05-01T13:33:20+00:00"}]}}
                                                     ^^^^^^^^^^^^^^^^^^^ PC523
--- says
Hermes uses none of the credentials for `nous`
`own`: its token has run out, and there is no refresh token to renew it with.
hermes auth add nous
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
