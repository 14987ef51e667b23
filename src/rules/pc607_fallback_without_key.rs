//! PC607: a fallback for whose provider there is no key.

use super::pools::add_command;
use super::{Context, Findings, declare_rule};
use crate::base::text::Place;
use crate::hermes::sites::{Site, SiteKind};
use crate::python::{lower, strip};

declare_rule! {
    /// An entry of the fallback chain needs a key as any provider does. When its turn comes and there is none, Hermes logs
    /// `Fallback to NAME failed: provider not configured` and goes on to the next entry; without one the request fails.
    ///
    /// `custom` needs a `base_url` in the entry. Without one Hermes takes the first provider of its table that has a key, whatever
    /// the entry means, and sends it the model that is written here.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: deepseek, default: deepseek-chat}
    /// fallback_providers:
    ///   - {provider: zai, model: glm-4.5}
    /// --- .env
    /// DEEPSEEK_API_KEY=sk-fake-deepseek-0001
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {}}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: deepseek, default: deepseek-chat}
    /// fallback_providers:
    ///   - {provider: zai, model: glm-4.5}
    /// --- .env
    /// DEEPSEEK_API_KEY=sk-fake-deepseek-0001
    /// GLM_API_KEY=fake-0001
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {}}
    /// ```
    pub static FALLBACK_WITHOUT_KEY = {
        code: "PC607", name: "fallback-without-key", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{reason}",
        todo: "{way}",
        command: "{command}",
        part keyless: "There is no key for `{provider}`: this fallback is skipped",
        part nowhere: "This fallback has no endpoint",
        part skipped: "When its turn comes Hermes finds no credential for it and goes on to the next entry; without one the request fails.",
        part nothing: "`custom` is the endpoint that `base_url` names. Without one Hermes looks for any other provider with a key, finds none and skips the entry.",
        part other: "`custom` is the endpoint that `base_url` names. Without one Hermes takes another one that it has a key for: {endpoint}.",
        part either: "`custom` is the endpoint that `base_url` names. Without one Hermes takes any other one that it has a key for, or skips the entry.",
        part add: "Add the key to the pool of `{provider}`; Hermes asks for it. Or put it into `.env` as {variable}.",
        part mend: "A key that is added to the pool of `{provider}` is not used as long as the other entries of the pool are as they are: repair those first.",
        part set: "Set the variable {variable} in `.env`: the entry names it, and it is not set.",
        part write: "Write the `base_url` of the endpoint into the entry, and its `api_key` where it asks for one.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for site in context.sites.all.iter().filter(|site| site.kind == SiteKind::Fallback) {
        let Some(node) = site.written("provider") else { continue };
        let (Some(place), Some(name)) = (node.place, node.value.as_str()) else { continue };
        let name = lower(strip(name));
        if name == "custom" && site.written("base_url").is_none() {
            without_endpoint(context, findings, site, place);
            continue;
        }
        // PC605 speaks of names that are not known.
        let is_odd = context.odd_names.iter().any(|odd| odd.place == place);
        // The name of the key's setting is misspelled: PC513.
        let has_name =
            site.block.place.is_some_and(|block| findings.writes_within(block, &["api_key", "key_env"]));
        let Some(provider) = site.provider.as_deref() else { continue };
        // A login may lie in a file of another program.
        let has_variable = context.key_variable(provider).is_some() || provider == "openrouter";
        if is_odd || has_name || !matches!(site.outcome, Ok(None)) || site.is_open || !has_variable {
            continue;
        }
        findings.report(&FALLBACK_WITHOUT_KEY, place).with("provider", name.as_str());
        findings.part("what", "keyless").part("reason", "skipped");
        let named =
            ["key_env", "api_key_env"].into_iter().find_map(|name| site.written(name)?.value.as_str());
        if let Some(variable) = named {
            findings.with("variable", strip(variable)).part("way", "set").without_command();
            continue;
        }
        if !context.adding_helps_site(provider, site) {
            findings.part("way", "mend").without_command();
            continue;
        }
        findings
            .with("variable", context.key_variable(provider).unwrap_or("OPENROUTER_API_KEY"))
            .part("way", "add")
            .command("command", Some(&add_command(provider)));
    }
}

fn without_endpoint(context: &Context<'_>, findings: &mut Findings, site: &Site, place: Place) {
    let main = context.runtime().map_or("", |runtime| runtime.base_url.trim_end_matches('/'));
    match &site.outcome {
        Ok(None) => {
            let reason = if site.is_open { "either" } else { "nothing" };
            findings.report(&FALLBACK_WITHOUT_KEY, place).part("reason", reason);
        }
        // The endpoint of a main model that is itself a custom one may be meant.
        Ok(Some(route)) if route.base_url != main || context.provider() != Some("custom") => {
            findings
                .report(&FALLBACK_WITHOUT_KEY, place)
                .with("endpoint", route.base_url.as_str())
                .part("reason", "other");
        }
        _ => return,
    }
    findings.part("what", "nowhere").part("way", "write").without_command();
}

#[cfg(test)]
mod tests {
    use super::FALLBACK_WITHOUT_KEY;
    use crate::rules::testing::{fires, silent};

    /// Expected: the recorded cases `site-fallback` and `site-fallback-custom-none`.
    #[test]
    fn each_way_out() {
        fires(
            &FALLBACK_WITHOUT_KEY,
            "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
fallback_providers:
- {provider: zai, model: glm-4.5}
             ^^^ PC607
- {provider: gemini, model: g, key_env: SECOND_KEY}
             ^^^^^^ PC607
- {provider: openai-codex, model: c}
- {provider: custom, model: some-local-model}
             ^^^^^^ PC607
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
--- no auth.json
--- says
Or put it into `.env` as GLM_API_KEY.
Set the variable SECOND_KEY in `.env`
Without one Hermes takes another one that it has a key for: https://api.deepseek.com/v1.
",
        );
    }

    /// Expected: the recorded case `agents_look_behind_pools`. The row without a key is selected whatever is behind it.
    #[test]
    fn a_pool_that_an_added_key_does_not_mend() {
        let report = fires(
            &FALLBACK_WITHOUT_KEY,
            r#"
--- release 0.16.0
--- config.yaml
model: {provider: gemini, default: g}
fallback_providers: [{provider: openrouter, model: o}]
                                ^^^^^^^^^^ PC607
--- .env
OPENROUTER_API_KEY=sk-or-fake-1
--- auth.json
{"version": 1, "credential_pool": {"openrouter": [{"id": "a", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": ""}]}}
--- says
repair those first
"#,
        );
        let own = report.findings.iter().find(|finding| finding.code.as_str() == "PC607");
        assert!(own.unwrap().command.is_none());
    }

    #[test]
    fn without_an_endpoint_it_is_nothing_whatever_was_pasted() {
        fires(
            &FALLBACK_WITHOUT_KEY,
            "\
--- config.yaml
model: {provider: deepseek, default: m}
fallback_providers:
- provider: custom
            ^^^^^^ PC607
  model: some-local-model
--- says
or skips the entry
",
        );
    }

    #[test]
    fn what_was_not_pasted_and_what_has_a_key() {
        silent(
            &FALLBACK_WITHOUT_KEY,
            "--- config.yaml\nmodel: {provider: deepseek, default: d, api_key: sk-fake-0001}\nfallback_model: {provider: zai, model: glm-4.5}\n",
        );
        silent(
            &FALLBACK_WITHOUT_KEY,
            "--- config.yaml\nmodel: {provider: deepseek, default: d}\nfallback_model: {provider: zai, model: glm-4.5, api_key: fake-0001}\n--- .env\nDEEPSEEK_API_KEY=sk-fake-deepseek-0001\n--- no auth.json\n",
        );
    }
}
