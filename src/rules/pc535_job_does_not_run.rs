//! PC535: a scheduled job that Hermes does not run, though its provider may have a key.

use super::{Context, Findings, declare_rule};
use crate::hermes::start::Refusal;

declare_rule! {
    /// Since 0.18.2 a scheduled job does not run in three cases, and says so only where its output goes and in the log.
    ///
    /// - It has no model, and config.yaml names none.
    /// - It has a `base_url` of another host than its provider's. A job may be written by the model, so the key of a provider goes
    ///   nowhere else. Only `custom`, and an entry of `custom_providers` or `providers` with this host, may stand beside it.
    /// - It has no provider or no model of its own, and what config.yaml says is no longer what it said when the job was made. Hermes
    ///   would rather not run than spend money on another model than the one that the job was made for.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: deepseek, default: deepseek-chat}
    /// --- cron/jobs.json
    /// {"jobs": [{"id": "5f0c", "name": "news", "prompt": "What is new?", "provider_snapshot": "openrouter", "enabled": true}]}
    /// --- .env
    /// DEEPSEEK_API_KEY=sk-fake-deepseek-0001
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: deepseek, default: deepseek-chat}
    /// --- cron/jobs.json
    /// {"jobs": [{"id": "5f0c", "name": "news", "prompt": "What is new?", "provider": "deepseek", "provider_snapshot": "openrouter", "enabled": true}]}
    /// --- .env
    /// DEEPSEEK_API_KEY=sk-fake-deepseek-0001
    /// ```
    pub static JOB_DOES_NOT_RUN = {
        code: "PC535", name: "job-does-not-run", severity: Warning, since: "0.1.0",
        fix: None,
        what: "the scheduled job `{name}` does not run",
        why: "{reason}",
        todo: "{way}",
        part provider: "It was made for the provider `{before}`, has none of its own, and the configuration now resolves to `{now}`: Hermes skips it, to spend nothing unasked.",
        part model: "It was made for the model `{before}`, has none of its own, and the configuration now says `{now}`: Hermes skips it, to spend nothing unasked.",
        part no_model: "It has no model of its own, and config.yaml has none under `model.default`.",
        part set_model: "Choose a model with `hermes model`, or ask Hermes in a chat to give the job one: `cronjob action=update job_id={job} model=MODEL`.",
        part pin: "Ask Hermes in a chat to give the job both: `cronjob action=update job_id={job} provider=PROVIDER model=MODEL`, those that it was made for or the new ones.",
        part nameless: "It has an endpoint and no provider: Hermes would have to send the key of the configured provider there, and does not.",
        part foreign: "Its endpoint is not that of `{provider}`, and the key of this provider goes nowhere else.",
        part foreign_entry: "Its endpoint is not that of `{provider}`, which is on {host}: the key of this entry goes nowhere else.",
        part drop: "Ask Hermes in a chat to take the endpoint away: `cronjob action=update job_id={job} base_url=`. For this endpoint and a key of its own, write both into an entry of `custom_providers`, and give the job its name: `cronjob action=update job_id={job} provider=NAME base_url=`.",
        part name_it: "Write the endpoint and its key into an entry of `custom_providers`, and ask Hermes in a chat to give the job its name: `cronjob action=update job_id={job} provider=NAME base_url=`.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for site in &context.sites.all {
        let Some(refusal) = site.refusal.as_ref().filter(|_| !site.is_open) else { continue };
        let at = match refusal {
            Refusal::NoModel { .. } => "id",
            Refusal::Endpoint { .. } => "base_url",
            Refusal::Drift { provider: Some(_), .. } => "provider_snapshot",
            Refusal::Drift { .. } => "model_snapshot",
        };
        let Some(place) = site.written(at).and_then(|node| node.place) else { continue };
        findings
            .report(&JOB_DOES_NOT_RUN, place)
            .with("name", site.path.strip_prefix("cron ").unwrap_or(&site.path))
            .with("job", site.block.text("id").unwrap_or_default());
        match refusal {
            Refusal::NoModel { .. } => {
                findings.part("reason", "no_model").part("way", "set_model");
            }
            Refusal::Endpoint { allowed, .. } => {
                let provider = site.block.text("provider").unwrap_or_default();
                let (reason, way) = match (provider.is_empty(), allowed.is_empty()) {
                    (true, _) => ("nameless", "name_it"),
                    (false, true) => ("foreign", "drop"),
                    (false, false) => ("foreign_entry", "drop"),
                };
                findings.with("provider", provider).with("host", allowed.as_str());
                findings.part("reason", reason).part("way", way);
            }
            Refusal::Drift { provider, model } => {
                let (reason, change) = match provider {
                    Some(change) => ("provider", Some(change)),
                    None => ("model", model.as_ref()),
                };
                let (before, now) = change.map_or(("", ""), |(before, now)| (before.as_str(), now.as_str()));
                findings.with("before", before).with("now", now).part("reason", reason).part("way", "pin");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::JOB_DOES_NOT_RUN;
    use crate::rules::testing::{fires, silent};

    /// Expected: tests/evidence/PC535.json.
    #[test]
    fn endpoints_and_changes() {
        fires(
            &JOB_DOES_NOT_RUN,
            r#"
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
custom_providers:
- {name: relay, base_url: 'https://relay.example/v1', api_key: sk-fake-relay-0001}
--- cron/jobs.json
{"jobs": [
 {"id": "a1", "name": "foreign", "provider": "deepseek", "base_url": "https://other.example/v1"},
                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^ PC535
 {"id": "a2", "name": "nameless", "base_url": "https://other.example/v1"},
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^ PC535
 {"id": "a3", "name": "entry", "provider": "relay", "base_url": "https://other.example/v1"},
                                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^ PC535
 {"id": "a4", "name": "changed", "provider": null, "provider_snapshot": "openrouter", "model_snapshot": "old"},
                                                                        ^^^^^^^^^^^^ PC535
 {"id": "a5", "name": "model", "provider": "deepseek", "model_snapshot": "deepseek-reasoner"},
                                                                         ^^^^^^^^^^^^^^^^^^^ PC535
 {"id": "a6", "name": "own", "provider": "relay", "base_url": "https://relay.example/v1/", "model": "m"},
 {"id": "a7", "name": "custom", "provider": "custom", "base_url": "http://localhost:8080/v1", "model": "m"},
 {"id": "a8", "name": "pinned", "provider": "deepseek", "model": "deepseek-chat", "provider_snapshot": "zai"},
 {"id": "a9", "name": "paused", "base_url": "https://other.example/v1", "enabled": false, "state": "paused"},
 {"id": "b1", "name": "script", "base_url": "https://other.example/v1", "no_agent": true, "script": "x.sh"}
]}
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
--- no auth.json
--- says
the scheduled job `foreign` does not run
the key of this provider goes nowhere else
`cronjob action=update job_id=a1 base_url=`
It has an endpoint and no provider
which is on relay.example
It was made for the provider `openrouter`, has none of its own, and the configuration now resolves to `deepseek`
It was made for the model `deepseek-reasoner`
"#,
        );
    }

    /// Expected: the recorded case `job-no-model`.
    #[test]
    fn a_job_without_a_model() {
        fires(
            &JOB_DOES_NOT_RUN,
            r#"
--- config.yaml
model: {provider: deepseek}
--- cron/jobs.json
{"jobs": [{"id": "a1", "prompt": "Hi"}, {"id": "a2", "prompt": "Hi", "model": "deepseek-chat"}]}
                 ^^^^ PC535
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
--- says
config.yaml has none under `model.default`
`cronjob action=update job_id=a1 model=MODEL`
"#,
        );
        silent(&JOB_DOES_NOT_RUN, "--- cron/jobs.json\n{\"jobs\": [{\"id\": \"a1\", \"prompt\": \"Hi\"}]}\n");
    }

    /// Before 0.18.2 such jobs run.
    #[test]
    fn releases_without_these_guards() {
        silent(
            &JOB_DOES_NOT_RUN,
            r#"
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
--- cron/jobs.json
{"jobs": [{"id": "a1", "base_url": "https://other.example/v1", "provider_snapshot": "zai"}]}
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
--- release 0.17.0
"#,
        );
    }

    /// What was not pasted may be what the job was made for.
    #[test]
    fn a_provider_that_is_not_known() {
        silent(
            &JOB_DOES_NOT_RUN,
            r#"
--- config.yaml
model: {default: deepseek-chat}
--- cron/jobs.json
{"jobs": [{"id": "a1", "provider_snapshot": "openrouter", "model_snapshot": "deepseek-chat"}]}
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
"#,
        );
        silent(
            &JOB_DOES_NOT_RUN,
            r#"
--- cron/jobs.json
{"jobs": [{"id": "a1", "provider_snapshot": "zai", "model_snapshot": "glm-5"}]}
"#,
        );
    }
}
