//! PC416: the provider has no key, and a variable that is set holds one which Hermes does not read for it.

use super::lines::name_at;
use super::trial::{Change, inserted, replaced};
use super::variables::{
    FOR_MANY, Variable, has_another_use, has_pool, is_like, is_of, is_of_any, is_plain, mentioned,
    provider_of_key, variables,
};
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextSet;
use crate::base::sources::SourceKind;
use crate::diagnostic::Safety;
use crate::facts::services::Service;
use crate::facts::{Facts, Provider};
use crate::hermes::urls::is_private;
use crate::hermes::{Origin, Reason};
use crate::python::{Node, Value, lower, strip};
use crate::secret::is_key_variable;

declare_rule! {
    /// Each provider has variables of its own, and Hermes reads no others for it: `MINIMAX_API_KEY` is the key of `minimax` and
    /// not of `minimax-cn`, `OPENAI_API_KEY` goes to OpenAI's hosts only and not to an endpoint of your own. A key in a variable of
    /// another name or provider is passed over without a word.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: minimax-cn}
    /// --- .env
    /// MINIMAX_API_KEY=sk-fake-key-000000
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: minimax}
    /// --- .env
    /// MINIMAX_API_KEY=sk-fake-key-000000
    /// ```
    pub static KEY_OF_ANOTHER_PROVIDER = {
        code: "PC416", name: "key-of-another-provider", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "Hermes does not read {variable} for `{provider}`",
        why: "{reason}",
        todo: "{way}",
        fix_title: "{title}",
        part own: "For `{provider}` it reads {own}; {variable} is the variable of `{owner}`. In what you pasted there is no key for `{provider}`.",
        part nobody: "For `{provider}` it reads {own}; no provider of this release has a variable of this name. In what you pasted there is no key for `{provider}`.",
        part host: "It sends this key to its own provider's hosts only, and not to {endpoint}.",
        part endpoint: "For an endpoint of your own it reads no variable of this name: {endpoint} gets no key from it.",
        part login: "For `{provider}` Hermes uses a login, and reads no variable of this name. In what you pasted there is no login.",
        part log_in: "Log in: `{login}`.",
        part log_in_or: "Log in: `{login}`. Or use the provider `{taker}`, which takes this key from {taken}.",
        part switch: "If it is a key of `{owner}`, write `provider: {owner}`. If it is one of `{provider}`, call the variable {own}.",
        part rename: "If it is a key of `{provider}`, call the variable {own}.",
        part refer: "If it is the key of this endpoint, write `{meant}` beside its `base_url`.",
        part add: "If it is a key of `{provider}`, call the variable {own}, or add the key to the pool: `hermes auth add {provider} --type api-key`.",
        part title_rename: "Call it {own}",
        part title_refer: "Write `{meant}`",
        part title_taker: "Use `{taker}`",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    if findings.has_repair() {
        return;
    }
    for_main(context, findings);
    for_sites(context, findings);
}

/// A key for what sends requests beside the main model, in a variable that is called after its provider and that nothing reads.
fn for_sites(context: &Context<'_>, findings: &mut Findings) {
    let facts = context.facts;
    let mut seen = TextSet::new();
    for site in context.sites.all.iter().filter(|site| !site.is_unknown) {
        let provider = site.provider.as_deref().filter(|id| site.lacks_key() && seen.insert(id));
        let Some(provider) = provider else {
            continue;
        };
        let Some(own) = context.key_variable(provider) else { continue };
        let used = mentioned(context);
        for variable in variables(context) {
            let name = variable.name;
            let is_it = is_key_variable(name)
                && provider_of_key(facts, name, false).is_none()
                && !facts.env.knows(name)
                && is_like(facts, name, provider);
            let is_told = findings.has_at(variable.name_place) || findings.has_at(variable.value_place);
            if !is_it || is_told || used.contains(name) || !is_plain(facts, variable.value) {
                continue;
            }
            findings
                .report(&KEY_OF_ANOTHER_PROVIDER, variable.name_place)
                .with("variable", name)
                .with("provider", provider)
                .with("own", own)
                .part("title", "title_rename")
                .part("reason", "nobody")
                .part("way", if has_pool(provider) { "add" } else { "rename" })
                .as_warning();
            let renamed = vec![replaced(variable.name_place, own)];
            let after = context.sites_after(&renamed);
            let after =
                after.as_ref().and_then(|after| after.all.iter().find(|after| after.path == site.path));
            let route = after.and_then(|after| after.outcome.as_ref().ok()?.as_ref());
            if variable.source() == SourceKind::Dotenv
                && route.is_some_and(|route| route.api_key.is(strip(variable.value)))
            {
                findings.change(renamed);
            }
        }
    }
}

/// A key for the main model.
fn for_main(context: &Context<'_>, findings: &mut Findings) {
    let Some(provider) = context.provider().filter(|_| context.lacks_credential()) else { return };
    let used = mentioned(context);
    for variable in variables(context) {
        let is_own = context.verdict().is_some_and(|verdict| {
            verdict.losers.iter().any(|(loser, reason)| {
                matches!(&loser.origin, Origin::Variable(name) if name == variable.name)
                    && !matches!(reason, Reason::OtherHost | Reason::OtherProvider(_))
            })
        });
        // Numbered variables and lists of keys are other rules' matter.
        let stem = variable.name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
        let is_numbered = stem != variable.name && provider_of_key(context.facts, stem, false).is_some();
        if is_numbered || is_own || used.contains(variable.name) || !is_plain(context.facts, variable.value) {
            continue;
        }
        if findings.has_at(variable.name_place) || findings.has_at(variable.value_place) {
            continue;
        }
        if provider == "custom" {
            for_endpoint(context, findings, &variable);
        } else {
            for_built_in(context, findings, &variable, provider);
        }
    }
}

/// A key for an endpoint of the user's own.
fn for_endpoint(context: &Context<'_>, findings: &mut Findings, variable: &Variable<'_>) {
    let Some(block) = context.requested_block() else { return };
    let is_barred =
        provider_of_key(context.facts, variable.name, true).is_some() || variable.name == "OPENAI_API_KEY";
    let words = lower(&block.path).replace(['.', '-', '[', ']'], "_");
    let is_meant = is_barred || variable.name == "CUSTOM_API_KEY" || is_of(variable.name, &words);
    if !is_key_variable(variable.name) || !is_meant || block.dict.has("api_key") || block.dict.has("key_env")
    {
        return;
    }
    let Some(runtime) = context.runtime() else { return };
    // A server of one's own network asks for no key as a rule.
    if is_private(&runtime.base_url) || is_of_others(context, variable, &runtime.base_url) {
        return;
    }
    let meant = ["api_key: \"${", variable.name, "}\""].concat();
    let value = ["\"${", variable.name, "}\""].concat();
    let change: Option<Change> =
        inserted(context.config_text(), block.node, "api_key", &value).map(|edit| vec![edit]);
    let change = change.filter(|change| context.sends_after(change, variable.value));
    findings
        .report(&KEY_OF_ANOTHER_PROVIDER, variable.name_place)
        .with("variable", variable.name)
        .with("provider", context.verdict().map_or("", |verdict| verdict.requested.as_str()))
        .with("endpoint", runtime.base_url.as_str())
        .with("meant", meant)
        .part("title", "title_refer")
        .part("reason", if is_barred { "host" } else { "endpoint" })
        .part("way", "refer");
    // The name tells nothing of this endpoint, which may want no key at all.
    if is_barred {
        findings.as_warning();
    }
    if let Some(change) = change {
        findings.change(change);
    }
}

/// Whether the variable holds a key of another service than the one at `url`, or one that something else sends.
fn is_of_others(context: &Context<'_>, variable: &Variable<'_>, url: &str) -> bool {
    let (key, site) = (strip(variable.value), Service::at(url));
    let reader = provider_of_key(context.facts, variable.name, true);
    let is_foreign = match (Service::of_key(key), reader) {
        (Some(owner), _) => !site.is_some_and(|site| site.may_own(owner, owner.mark_of(key))),
        (None, Some(id)) => !FOR_MANY.contains(&id) && site.is_none_or(|site| site.provider != id),
        (None, None) => false,
    };
    let routes = context.sites.all.iter().filter_map(|site| site.outcome.as_ref().ok()?.as_ref());
    is_foreign
        || routes.into_iter().any(|route| route.api_key.is(key))
        || reader.is_some_and(|id| is_asked_for(context, id))
        || is_for_other_tasks(context, variable.name)
}

/// A key for a provider of Hermes' own.
fn for_built_in(context: &Context<'_>, findings: &mut Findings, variable: &Variable<'_>, provider: &str) {
    let facts = context.facts;
    let owner = provider_of_key(facts, variable.name, true).filter(|owner| *owner != provider);
    let is_like = is_key_variable(variable.name) && is_like(context.facts, variable.name, provider);
    let is_told = match owner {
        Some(owner) => is_like || stands_alone(context, owner),
        None if is_like => !facts.env.knows(variable.name),
        // A key of a tool that runs beside Hermes says so by its name.
        None => {
            let is_its_own =
                Service::of_key(strip(variable.value)).is_some_and(|owner| owner.provider == provider);
            is_key_variable(variable.name)
                && !has_another_use(facts, variable.name)
                && (is_its_own || is_of_any(variable.name))
        }
    };
    if !is_told {
        return;
    }
    let own = context.key_variable(provider);
    // Amazon's library and GitHub's command have logins of their own, and variables too.
    let has_login = facts.oauth_capable_providers.contains(provider);
    let is_used = || {
        owner.is_some_and(|owner| is_asked_for(context, owner)) || is_for_other_tasks(context, variable.name)
    };
    if own.is_none() && (!has_login || is_used()) {
        return;
    }
    findings
        .report(&KEY_OF_ANOTHER_PROVIDER, variable.name_place)
        .with("variable", variable.name)
        .with("provider", provider)
        .with("owner", owner.unwrap_or_default())
        .with("own", own.unwrap_or_default());
    let Some(own) = own else {
        findings.with("login", ["hermes auth add ", provider].concat()).part("reason", "login");
        match taker(context, variable) {
            Some(Taker { provider, variable, change }) => {
                findings
                    .with("taker", provider)
                    .with("taken", variable)
                    .part("title", "title_taker")
                    .part("way", "log_in_or");
                if is_like {
                    findings.change(change);
                }
            }
            None => {
                findings.part("way", "log_in");
            }
        }
        // A login may be in an auth.json that was not pasted.
        if !is_like {
            findings.as_note();
        } else if !context.world.given.auth_store.is_given() {
            findings.as_warning();
        }
        return;
    };
    findings.part("title", "title_rename").part("reason", if owner.is_some() { "own" } else { "nobody" });
    match owner {
        Some(_) => findings.part("way", "switch"),
        None if has_pool(provider) => findings.part("way", "add"),
        None => findings.part("way", "rename"),
    };
    // A variable of another provider may hold that provider's key: which of the two ways is meant nobody can tell.
    if !is_like {
        findings.as_note();
    } else if owner.is_none() && variable.source() == SourceKind::Dotenv {
        let renamed = vec![replaced(variable.name_place, own)];
        if context.sends_after(&renamed, variable.value) {
            findings.change(renamed);
        }
    }
}

/// A provider that takes the key, and what brings it there.
struct Taker {
    provider: &'static str,
    variable: &'static str,
    change: Change,
}

/// The provider that takes the key of `variable` where config.yaml asks for it: the one that reads the variable, the one that the
/// key is told for, or one that the variable is called after.
fn taker(context: &Context<'_>, variable: &Variable<'_>) -> Option<Taker> {
    let facts = context.facts;
    let request = context.request.as_ref().filter(|request| request.path == "model.provider")?;
    if name_at(context.text_of(request.place.source), request.place) != request.name {
        return None;
    }
    let by_key =
        || Service::of_key(strip(variable.value)).and_then(|owner| facts.providers.get(&owner.provider));
    let by_name = || facts.providers.values().iter().find(|row| is_keyed_like(facts, variable.name, row));
    let reader = provider_of_key(facts, variable.name, true).and_then(|id| facts.providers.get(id));
    let row = reader.or_else(by_key).or_else(by_name).filter(|row| row.auth_type == "api_key")?;
    let own = row.api_key_env_vars.iter().find(|own| *own == variable.name);
    let own = own.or_else(|| row.api_key_env_vars.first())?;
    let mut change = vec![replaced(request.place, &row.id)];
    if own != variable.name {
        change.push(replaced(variable.name_place, own));
    }
    context.sends_after(&change, variable.value).then_some(Taker { provider: &row.id, variable: own, change })
}

/// Whether the provider takes keys, and a variable called `name` is called after it.
fn is_keyed_like(facts: &Facts, name: &str, row: &Provider) -> bool {
    row.auth_type == "api_key" && is_like(facts, name, &row.id)
}

/// Whether a key of `owner` is one that nothing in config.yaml asks for, where every place in which a key of the provider that is
/// asked for may be stored was pasted.
fn stands_alone(context: &Context<'_>, owner: &str) -> bool {
    context.world.given.auth_store.is_given()
        && context.world.given.dotenv.is_given()
        && !is_asked_for(context, owner)
}

/// Whether something in config.yaml asks for `owner`.
fn is_asked_for(context: &Context<'_>, owner: &str) -> bool {
    let names_it = |value: &Value| {
        value.as_str().is_some_and(|name| context.pool_names.canonical(&lower(strip(name))) == Some(owner))
    };
    context.settings.iter().any(|setting| setting.key() == "provider" && names_it(&setting.entry.value.value))
}

/// Whether speech, images or something else than a model goes to OpenAI: that takes the key of its variable too.
fn is_for_other_tasks(context: &Context<'_>, variable: &str) -> bool {
    let sections = context.config_root().map(Node::entries).unwrap_or_default();
    variable == "OPENAI_API_KEY"
        && sections.iter().any(|entry| entry.value.text("provider") == Some("openai"))
}

#[cfg(test)]
mod tests {
    use super::KEY_OF_ANOTHER_PROVIDER;
    use crate::rules::testing::{fires, silent};
    use poolcheck::report::SeverityName;

    #[test]
    fn the_neighbouring_region() {
        fires(
            &KEY_OF_ANOTHER_PROVIDER,
            "\
--- config.yaml
model: {provider: minimax-cn}
--- .env
MINIMAX_API_KEY=sk-fake-key-000000
^^^^^^^^^^^^^^^ PC416
--- says
MINIMAX_API_KEY is the variable of `minimax`
If it is a key of `minimax`, write `provider: minimax`
",
        );
    }

    #[test]
    fn a_name_that_no_provider_has() {
        fires(
            &KEY_OF_ANOTHER_PROVIDER,
            "\
--- config.yaml
model: {provider: alibaba, default: qwen}
--- .env
QWEN_API_KEY=sk-fake-key-000000
^^^^^^^^^^^^ PC416
TELEGRAM_BOT_TOKEN=100000:fake-000000000000
--- fixed .env
DASHSCOPE_API_KEY=sk-fake-key-000000
TELEGRAM_BOT_TOKEN=100000:fake-000000000000
--- says
no provider of this release has a variable of this name
--- then
Hermes uses DASHSCOPE_API_KEY (env:DASHSCOPE_API_KEY) for alibaba
nothing is found
",
        );
    }

    /// `hermes auth add openai-codex` logs in; a key in a variable is nothing to it.
    #[test]
    fn a_provider_that_takes_a_login_only() {
        let report = fires(
            &KEY_OF_ANOTHER_PROVIDER,
            "\
--- config.yaml
model: {provider: openai-codex, default: m}
--- .env
OPENAI_API_KEY=sk-proj-fake-key-000000
^^^^^^^^^^^^^^ PC416
--- fixed config.yaml
model: {provider: openai-api, default: m}
--- says
Log in: `hermes auth add openai-codex`. Or use the provider `openai-api`, which takes this key from OPENAI_API_KEY.
--- then
Hermes uses OPENAI_API_KEY (env:OPENAI_API_KEY) for openai-api
nothing is found
",
        );
        assert_eq!(report.findings[0].severity, SeverityName::Warning);
        fires(
            &KEY_OF_ANOTHER_PROVIDER,
            "\
--- config.yaml
model: {provider: qwen, default: m}
--- .env
QWEN_API_KEY=sk-fake-key-000000
^^^^^^^^^^^^ PC416
--- fixed config.yaml
model: {provider: alibaba, default: m}
--- fixed .env
DASHSCOPE_API_KEY=sk-fake-key-000000
--- says
Log in: `hermes auth add qwen-oauth`. Or use the provider `alibaba`, which takes this key from DASHSCOPE_API_KEY.
",
        );
        let report = fires(
            &KEY_OF_ANOTHER_PROVIDER,
            r#"
--- config.yaml
model: {provider: nous, default: m}
--- .env
NOUS_API_KEY=sk-fake-key-000000
^^^^^^^^^^^^ PC416
--- auth.json
{"version": 1, "credential_pool": {}}
--- says
Log in: `hermes auth add nous`.
"#,
        );
        assert_eq!(report.findings[0].severity, SeverityName::Error);
        // The key is another's, and the login may be in an auth.json that was not pasted.
        for used in ["fallback_providers: [{provider: openai-api, model: m}]", "stt: {provider: openai}"] {
            silent(
                &KEY_OF_ANOTHER_PROVIDER,
                &format!(
                    "--- config.yaml\nmodel: {{provider: openai-codex, default: m}}\n{used}\n--- .env\nOPENAI_API_KEY=sk-proj-fake-key-000000\n"
                ),
            );
        }
    }

    /// Under the names that 0.19.0 reads it sends the keys of both.
    #[test]
    fn a_key_for_a_side_task_and_for_a_fallback() {
        fires(
            &KEY_OF_ANOTHER_PROVIDER,
            "\
--- config.yaml
model: {provider: openrouter, default: m}
auxiliary: {compression: {provider: zai, model: glm-4.7}}
fallback_providers: [{provider: alibaba, model: qwen3-max}]
--- .env
OPENROUTER_API_KEY=sk-or-fake-0000000000
ZHIPUAI_API_KEY=fake-key-0000000000
^^^^^^^^^^^^^^^ PC416
QWEN_API_KEY=sk-fake-key-0000000000
^^^^^^^^^^^^ PC416
NPM_TOKEN=fake-key-0000000000
--- no auth.json
--- fixed .env
OPENROUTER_API_KEY=sk-or-fake-0000000000
GLM_API_KEY=fake-key-0000000000
DASHSCOPE_API_KEY=sk-fake-key-0000000000
NPM_TOKEN=fake-key-0000000000
--- says
For `zai` it reads GLM_API_KEY
For `alibaba` it reads DASHSCOPE_API_KEY
",
        );
    }

    /// `agent/bedrock_adapter.py` leaves these to the library of Amazon.
    #[test]
    fn variables_that_something_else_reads() {
        silent(
            &KEY_OF_ANOTHER_PROVIDER,
            "\
--- config.yaml
model: {provider: gemini, default: m}
--- .env
AWS_ACCESS_KEY_ID=AKIA0FAKE0FAKE0FAKE0
AWS_SECRET_ACCESS_KEY=fakefakefakefakefakefakefake
AWS_BEARER_TOKEN_BEDROCK=fakefakefakefakefakefakefake
AZURE_ANTHROPIC_KEY=fakefakefakefakefakefakefake
HF_TOKEN=hf_fake000000
SUDO_PASSWORD=fake-fake-fake
",
        );
    }

    #[test]
    fn keys_of_tools_and_those_that_may_be_any_model_s() {
        for (provider, variable) in [
            ("nous", "NPM_TOKEN"),
            ("xai-oauth", "WANDB_API_KEY"),
            ("zai", "BRAVE_API_KEY"),
            ("zai", "SENTRY_AUTH_TOKEN"),
        ] {
            silent(
                &KEY_OF_ANOTHER_PROVIDER,
                &format!(
                    "--- config.yaml\nmodel: {{provider: {provider}, default: m}}\n--- .env\n{variable}=fake-key-0000000000\n--- no auth.json\n"
                ),
            );
        }
        for (provider, variable, key) in [
            ("zai", "LLM_API_KEY", "fake-key-0000000000"),
            ("gemini", "SOME_TOKEN", "AIza-fake-key-0000000000"),
        ] {
            let marks = "^".repeat(variable.len());
            fires(
                &KEY_OF_ANOTHER_PROVIDER,
                &format!(
                    "--- config.yaml\nmodel: {{provider: {provider}, default: m}}\n--- .env\n{variable}={key}\n{marks} PC416\n--- no auth.json\n"
                ),
            );
        }
    }

    #[test]
    fn a_key_that_does_not_go_to_this_host() {
        fires(
            &KEY_OF_ANOTHER_PROVIDER,
            "\
--- config.yaml
model:
  provider: custom
  default: m
  base_url: https://gateway.example/v1
--- .env
OPENAI_API_KEY=sk-fake-key-000000
^^^^^^^^^^^^^^ PC416
--- fixed config.yaml
model:
  api_key: \"${OPENAI_API_KEY}\"
  provider: custom
  default: m
  base_url: https://gateway.example/v1
--- says
It sends this key to its own provider's hosts only
--- then
Hermes uses model.api_key (model.api_key) for custom
nothing is found
",
        );
    }

    /// A request of these worlds to the endpoint goes out without a key, and the one in `.env` to its own service (0.19.0, run).
    #[test]
    fn a_key_of_a_service_is_none_of_an_unknown_host() {
        let own = "model: {provider: custom, default: m, base_url: 'https://gpu.example/v1'}\n";
        let named =
            "model: {provider: gpu, default: m}\nproviders: {gpu: {base_url: 'https://gpu.example/v1'}}\n";
        for (model, others, variable) in [
            (own, "", "OPENAI_API_KEY=sk-proj-fake-key-000000"),
            (own, "", "OPENROUTER_API_KEY=sk-or-fake-key-000000"),
            (own, "", "DEEPSEEK_API_KEY=sk-fake-key-000000"),
            (
                own,
                "fallback_providers: [{provider: openai-api, model: m}]",
                "OPENAI_API_KEY=sk-fake-key-000000",
            ),
            (
                named,
                "auxiliary: {compression: {provider: openai-api, model: m}}",
                "OPENAI_API_KEY=sk-fake-key-000000",
            ),
            (own, "stt: {provider: openai}", "OPENAI_API_KEY=sk-fake-key-000000"),
            (
                own,
                "delegation: {base_url: 'https://o.example/v1', key_env: GPU_KEY, model: m}",
                "GPU_KEY=sk-fake-key-000000",
            ),
        ] {
            silent(
                &KEY_OF_ANOTHER_PROVIDER,
                &format!(
                    "--- config.yaml\n{model}{others}\n--- .env\n{variable}\n--- auth.json\n{{\"version\": 1}}\n"
                ),
            );
        }
        let report = fires(
            &KEY_OF_ANOTHER_PROVIDER,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: 'https://api.deepseek.com/v1', api_mode: chat_completions}
--- .env
OPENAI_API_KEY=sk-fake-key-000000
^^^^^^^^^^^^^^ PC416
--- fixed config.yaml
model: {api_key: \"${OPENAI_API_KEY}\", provider: custom, default: m, base_url: 'https://api.deepseek.com/v1', api_mode: chat_completions}
",
        );
        assert_eq!(report.findings[0].severity, SeverityName::Warning);
    }

    #[test]
    fn keys_that_something_else_uses_are_fine() {
        let config = "--- config.yaml\nmodel: {provider: deepseek}\nfallback_providers:\n  - {provider: openrouter, model: a/b}\n";
        silent(
            &KEY_OF_ANOTHER_PROVIDER,
            &format!(
                "{config}--- .env\nOPENROUTER_API_KEY=sk-or-fake-key-000000\n--- auth.json\n{{\"version\": 1}}\n"
            ),
        );
        silent(
            &KEY_OF_ANOTHER_PROVIDER,
            "--- config.yaml\nmodel: {provider: custom, base_url: 'http://192.168.1.9:8000/v1'}\n--- .env\nOPENAI_API_KEY=sk-fake-key-000000\n",
        );
    }
}
