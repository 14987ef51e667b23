//! PC531: a side task, subagents, a slot of Mixture of Agents or a scheduled job with a provider for which there is no key.

use super::odd_names::{expected_or_removed, nearest_provider};
use super::pools::add_command;
use super::{Context, Findings, declare_rule};
use crate::hermes::sites::{SiteKind, SlotKind};
use crate::hermes::{End, Stop};
use crate::python::{lower, strip};

declare_rule! {
    /// A side task (`auxiliary.TASK`) and subagents (`delegation`) may have a provider of their own, and then need a key of
    /// their own: Hermes does not go back to the main model for them. The task fails with `Provider 'NAME' is set in config.yaml
    /// but no API key was found`, delegating fails before a subagent is made. `openrouter` and `custom` are other: without a
    /// key a task of theirs goes on with the main model.
    ///
    /// A slot of Mixture of Agents (`moa.presets.NAME.aggregator` and `reference_models`) needs the key of its provider too. A
    /// reference without one is left out of the answer, with a line in the log.
    ///
    /// A scheduled job (`cron/jobs.json`) may have a provider of its own too. Where that has no key its run fails, unless an entry of the
    /// fallback chain stands in for it.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: deepseek, default: deepseek-chat}
    /// delegation: {provider: gemini, model: gemini-3.1-pro}
    /// --- .env
    /// DEEPSEEK_API_KEY=sk-fake-deepseek-0001
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {}}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: deepseek, default: deepseek-chat}
    /// delegation: {provider: gemini, model: gemini-3.1-pro}
    /// --- .env
    /// DEEPSEEK_API_KEY=sk-fake-deepseek-0001
    /// GOOGLE_API_KEY=AIza-fake-0001
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {}}
    /// ```
    pub static SITE_WITHOUT_KEY = {
        code: "PC531", name: "site-without-key", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{reason}",
        todo: "{way}",
        command: "{command}",
        part keyless: "`{path}` has no key: Hermes finds none for `{provider}`",
        part unknown: "`{path}` names `{provider}`, which is no provider of Hermes",
        part task: "This side task has a provider of its own and fails where that has no key; the main model does not stand in for it.",
        part delegation: "Subagents have a provider of their own here, and none can be made: the main model does not stand in for it.",
        part reference: "The request of this reference fails, and Hermes goes on without its advice; nothing stands in for it.",
        part aggregator: "The aggregator is the model that answers with this preset, and its request fails.",
        part job: "This job has a provider of its own, and its run fails where that has no key.",
        part rename_job: "Ask Hermes in a chat to change the job: `cronjob action=update job_id={job} provider=PROVIDER model=MODEL`, with the id of a provider that `hermes model` lists, or the name of an entry of `custom_providers`. With `provider=` and `model=` left empty the job goes by config.yaml.",
        part mend: "A key that is added to the pool of `{provider}` is not used as long as the other entries of the pool are as they are: repair those first.",
        part add_slot: "Add the key to the pool of `{provider}`; Hermes asks for it. Or put it into `.env` as {variable}.",
        part expected: "Write {instead}.",
        part rename_slot: "Write the id of a provider that `hermes model` lists, or the name of an entry of `custom_providers` for an endpoint of your own.",
        part add: "Add the key to the pool of `{provider}`; Hermes asks for it. Or put it into `.env` as {variable}. Without `provider` here the main model is used.",
        part rename: "Write the id of a provider that `hermes model` lists, or `base_url` and `api_key` for an endpoint of your own. Without `provider` here the main model is used.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for site in context.sites.all.iter().filter(|site| site.kind != SiteKind::Fallback) {
        let is_failed = site.outcome.as_ref().is_err_and(fails_for_its_provider);
        let Some(node) = site.written("provider").filter(|_| is_failed) else { continue };
        let (Some(place), Some(name)) = (node.place, node.value.as_str()) else { continue };
        let name = lower(strip(name));
        // PC503 and PC504 speak of names that side tasks do not know.
        let is_odd = context.odd_names.iter().any(|odd| odd.place == place);
        // A login may lie in a file of another program.
        let variable = site.provider.as_deref().and_then(|id| match id {
            // Side tasks of it go on with the main model.
            "openrouter" if site.is_slot() => Some("OPENROUTER_API_KEY"),
            id => context.key_variable(id),
        });
        let has_variable = variable.is_some();
        let is_certain = site.is_unknown || !site.is_open && has_variable;
        // PC532 speaks of slots that are left out, PC535 of jobs that do not run.
        if is_odd || !is_certain || site.left_out.is_some() || site.refusal.is_some() {
            continue;
        }
        let provider = site.provider.as_deref().unwrap_or(&name);
        findings
            .report(&SITE_WITHOUT_KEY, place)
            .with("path", site.path.as_str())
            .with("provider", name.as_str())
            .with("job", site.block.text("id").unwrap_or_default());
        let (reason, add, rename) = match site.kind {
            SiteKind::Slot(SlotKind::Reference) => ("reference", "add_slot", "rename_slot"),
            SiteKind::Slot(SlotKind::Aggregator) => ("aggregator", "add_slot", "rename_slot"),
            SiteKind::Task => ("task", "add", "rename"),
            SiteKind::Job => ("job", "add_slot", "rename_job"),
            SiteKind::Delegation | SiteKind::Fallback => ("delegation", "add", "rename"),
        };
        findings.part("reason", reason);
        if site.is_unknown {
            let is_known = |id: &str| id == "openrouter" || context.facts.providers.contains_key(id);
            // A chat changes a job, and an endpoint alone makes no slot.
            let meant = expected_or_removed(&name)
                .filter(|row| site.kind != SiteKind::Job && row.id.is_some_and(is_known));
            // An endpoint or a key beside it may be of something else.
            let is_alone = ["base_url", "api_key"].into_iter().all(|part| site.written(part).is_none());
            let near = || {
                let id = nearest_provider(context.facts, &name)
                    .filter(|_| is_alone && site.kind != SiteKind::Job)?;
                Some(["`", &id, "`"].concat())
            };
            match meant.map(|meant| meant.instead.to_owned()).or_else(near) {
                Some(instead) => findings.with("instead", instead).part("way", "expected"),
                None => findings.part("way", rename),
            };
            findings.part("what", "unknown").without_command();
            continue;
        }
        findings.part("what", "keyless");
        if let Some(variable) = variable {
            if !context.adding_helps_site(provider, site) {
                findings.part("way", "mend").without_command();
                continue;
            }
            findings
                .with("variable", variable)
                .part("way", add)
                .command("command", Some(&add_command(provider)));
        }
    }
}

/// Whether a site fails where its provider is resolved. A job says so with a `RuntimeError`; with others it fails over what else is
/// in config.yaml.
fn fails_for_its_provider(stop: &Stop) -> bool {
    match stop.end() {
        End::Raised(_) => true,
        End::Exit(text) => text.starts_with("RuntimeError: "),
        End::NotModelled(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::SITE_WITHOUT_KEY;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_task_and_subagents() {
        fires(
            &SITE_WITHOUT_KEY,
            "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
auxiliary:
  web_extract:
    provider: zai
              ^^^ PC531
  compression:
    provider: deepseek
delegation:
  provider: nosuch
            ^^^^^^ PC531
  model: x
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
--- no auth.json
--- says
hermes auth add zai --type api-key
Or put it into `.env` as GLM_API_KEY.
`delegation` names `nosuch`, which is no provider of Hermes
",
        );
    }

    #[test]
    fn the_nearest_provider() {
        fires(
            &SITE_WITHOUT_KEY,
            "\
--- config.yaml
model: {provider: gemini, default: g}
delegation:
  provider: deepsek
            ^^^^^^^ PC531
  model: x
--- .env
GEMINI_API_KEY=AIza-fake-000000
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
--- no auth.json
--- says
Write `deepseek`.
",
        );
    }

    /// Expected: the recorded cases `slot-no-key` and `slot-pair`.
    #[test]
    fn slots_of_mixture_of_agents() {
        const SLOTS: &str = "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
moa:
  presets:
    team:
      reference_models:
      - {provider: zai, model: glm-4.5}
                   ^^^ PC531
      - {provider: nosuch, model: g}
                   ^^^^^^ PC531
      - {provider: google-gemini-cli, model: g}
                   ^^^^^^^^^^^^^^^^^ PC531
      - {provider: deepseek, model: deepseek-chat}
      - {provider: openai-codex, model: c}
      aggregator: {provider: openrouter, model: a/b}
                             ^^^^^^^^^^ PC531
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
--- no auth.json
--- says
`moa.presets.team.reference_models[0]` has no key: Hermes finds none for `zai`
Hermes goes on without its advice
`moa.presets.team.reference_models[1]` names `nosuch`, which is no provider of Hermes
or the name of an entry of `custom_providers`
Write `gemini` (`GOOGLE_API_KEY`).
The aggregator is the model that answers with this preset
Or put it into `.env` as OPENROUTER_API_KEY.
";
        fires(&SITE_WITHOUT_KEY, SLOTS);
        fires(&SITE_WITHOUT_KEY, &format!("{SLOTS}--- release 0.18.2\n"));
    }

    /// What was not pasted may hold the key, and before 0.18.2 nothing reads the section. The references of a preset that is
    /// not enabled are not asked: the recorded case `slot-not-enabled`.
    #[test]
    fn slots_that_nothing_is_known_of() {
        const SLOTS: &str = "--- config.yaml\nmodel: {provider: deepseek, default: d}\nmoa: {presets: {team: {reference_models: [{provider: zai, model: glm-4.5}]}}}\n--- .env\nDEEPSEEK_API_KEY=sk-fake-deepseek-0001\n";
        silent(&SITE_WITHOUT_KEY, SLOTS);
        silent(&SITE_WITHOUT_KEY, &format!("{SLOTS}--- no auth.json\n--- release 0.17.0\n"));
        let disabled = SLOTS.replace("{team: {", "{team: {enabled: false, ");
        silent(&SITE_WITHOUT_KEY, &format!("{disabled}--- no auth.json\n"));
    }

    /// Expected: the recorded cases `job-own-provider` and `job-fallback`.
    #[test]
    fn scheduled_jobs() {
        const JOBS: &str = r#"--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
--- cron/jobs.json
{"jobs": [
 {"id": "a", "name": "plain", "prompt": "Hi"},
 {"id": "b", "name": "watch", "prompt": "Hi", "provider": "zai", "model": "m"},
                                                          ^^^^^ PC531
 {"id": "c", "name": "odd", "prompt": "Hi", "provider": "nosuch", "model": "m"}
                                                        ^^^^^^^^ PC531
]}
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
--- no auth.json
--- says
`cron watch` has no key: Hermes finds none for `zai`
Add the key to the pool of `zai`; Hermes asks for it. Or put it into `.env` as GLM_API_KEY.
`cron odd` names `nosuch`, which is no provider of Hermes
`cronjob action=update job_id=c provider=PROVIDER model=MODEL`
"#;
        fires(&SITE_WITHOUT_KEY, JOBS);
        silent(
            &SITE_WITHOUT_KEY,
            "--- config.yaml\nmodel: {provider: deepseek, default: d}\nfallback_providers: [{provider: deepseek, model: d}]\n--- cron/jobs.json\n{\"jobs\": [{\"id\": \"b\", \"provider\": \"zai\", \"model\": \"m\"}]}\n--- .env\nDEEPSEEK_API_KEY=sk-fake-deepseek-0001\n--- no auth.json\n",
        );
    }

    /// Expected: the recorded cases `site-openrouter-none` and `site-no-key`.
    #[test]
    fn what_goes_on_with_the_main_model_and_what_was_not_pasted() {
        silent(
            &SITE_WITHOUT_KEY,
            "--- config.yaml\nmodel: {provider: deepseek, default: deepseek-chat}\nauxiliary: {web_extract: {provider: openrouter}}\n--- .env\nDEEPSEEK_API_KEY=sk-fake-deepseek-0001\n--- no auth.json\n",
        );
        silent(
            &SITE_WITHOUT_KEY,
            "--- config.yaml\nmodel: {provider: deepseek, default: deepseek-chat}\nauxiliary: {web_extract: {provider: zai}}\n--- .env\nDEEPSEEK_API_KEY=sk-fake-deepseek-0001\n",
        );
    }
}
