//! PC533: a side task, a fallback, a slot of Mixture of Agents or a scheduled job that sends the text `no-key-required` in place of a key.

use super::references::is_name;
use super::trial::Change;
use super::{Context, Findings, declare_rule, trial};
use crate::diagnostic::Safety;
use crate::hermes::sites::{Site, SiteKind};
use crate::hermes::urls::is_private;
use crate::python::strip;

declare_rule! {
    /// An endpoint of one's own needs its key beside it. Hermes reads none of another place for it but `OPENAI_API_KEY`, and since
    /// 0.18.2 that of the main model where it has the same host. Without one it sends `no-key-required`, which a server of one's
    /// own network does not mind; any other answers HTTP 401. For pictures (`auxiliary.vision`) `base_url` beside a custom
    /// provider makes such an endpoint out of it, and the provider's key is lost.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: deepseek, default: deepseek-chat}
    /// auxiliary:
    ///   web_extract: {provider: custom, base_url: 'https://gateway.example/v1', model: small}
    /// --- .env
    /// DEEPSEEK_API_KEY=sk-fake-deepseek-0001
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {}}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: deepseek, default: deepseek-chat}
    /// auxiliary:
    ///   web_extract: {provider: custom, base_url: 'http://localhost:8080/v1', model: small}
    /// --- .env
    /// DEEPSEEK_API_KEY=sk-fake-deepseek-0001
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {}}
    /// ```
    pub static SITE_SENDS_NO_KEY = {
        code: "PC533", name: "site-sends-no-key", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "`{path}` sends no key of yours",
        why: "{reason}",
        todo: "{way}",
        fix_title: "Take `base_url` away",
        part sent: "Requests go to {endpoint} with the text `no-key-required` in place of a key.",
        part unset: "`{field}` names {variable}, which nothing sets: requests go to {endpoint} with the text `no-key-required` in place of a key.",
        part open: "With what you pasted, requests go to {endpoint} with the text `no-key-required` in place of a key.",
        part write: "If the endpoint asks for a key, write it beside it: `api_key: \"${{NAME}}\"`, and set the variable in `.env`.",
        part set: "Set {variable} in `.env`, or write the name of the variable that holds the key.",
        part slot: "A slot has the endpoint and the key of its provider. If this endpoint asks for a key, write both into an entry of `custom_providers` (`name`, `base_url`, `api_key: \"${{NAME}}\"`), its name as `provider` here, and set the variable in `.env`.",
        part job: "A job has no key of its own. If this endpoint asks for one, write both into an entry of `custom_providers` (`name`, `base_url`, `api_key: \"${NAME}\"`), set the variable in `.env`, and ask Hermes in a chat to give the job its name: `cronjob action=update job_id={job} provider=NAME base_url=`.",
        part drop: "Take `base_url` away: the provider has this endpoint already, and its key counts then.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for site in &context.sites.all {
        let Ok(Some(route)) = &site.outcome else { continue };
        // A slot reads no endpoint.
        let endpoint = site.written("base_url").filter(|_| !site.is_slot());
        let Some(place) = endpoint.and_then(|node| node.place).or_else(|| site.place()) else { continue };
        if !route.is_keyless() || is_private(&route.base_url) || !context.world.given.dotenv.is_given() {
            continue;
        }
        findings
            .report(&SITE_SENDS_NO_KEY, place)
            .with("path", site.path.as_str())
            .with("endpoint", route.base_url.as_str());
        if let Some((field, variable)) = unset_variable(context, site) {
            findings
                .with("field", field)
                .with("variable", variable)
                .part("reason", "unset")
                .part("way", "set");
            continue;
        }
        findings.part("reason", if site.is_open { "open" } else { "sent" });
        if site.is_slot() {
            findings.part("way", "slot");
            continue;
        }
        if site.kind == SiteKind::Job {
            findings.with("job", site.block.text("id").unwrap_or_default()).part("way", "job");
            continue;
        }
        match without_endpoint(context, site, &route.base_url) {
            Some(change) => {
                findings.part("way", "drop").change(change);
            }
            None => {
                findings.part("way", "write");
            }
        }
    }
}

/// The variable that is named beside the endpoint, and the field that names it, where all that could set it was pasted and does not.
fn unset_variable<'c>(context: &Context<'_>, site: &'c Site) -> Option<(&'static str, &'c str)> {
    if site.is_open || site.is_slot() || !context.knows_all_variables() {
        return None;
    }
    let mut named = ["key_env", "api_key_env"].into_iter().filter_map(|field| {
        let name = site.written(field)?.value.as_str().map(strip)?;
        Some((field, name))
    });
    named.find(|(_, name)| is_name(name) && !context.variables.contains(name))
}

/// The edit that takes `base_url` away, where the same endpoint gets a key then.
fn without_endpoint(context: &Context<'_>, site: &Site, url: &str) -> Option<Change> {
    site.written("provider")?;
    let entry = site.block.value.as_dict()?.entry("base_url")?;
    let change = vec![trial::removed(context.config_text(), entry)?];
    let after = context.sites_after(&change)?;
    let after = after.all.iter().find(|after| after.path == site.path)?;
    let route = after.outcome.as_ref().ok()?.as_ref()?;
    (route.base_url == url && !route.is_keyless()).then_some(change)
}

#[cfg(test)]
mod tests {
    use super::SITE_SENDS_NO_KEY;
    use crate::rules::testing::{fires, silent};

    /// 0.19.0 sends `no-key-required` to the endpoint of this fallback.
    #[test]
    fn a_variable_that_nothing_sets() {
        let world = "\
--- config.yaml
model: {provider: openrouter, default: m}
fallback_providers:
- {provider: custom, model: q, base_url: 'https://a.example/v1', key_env: A_KEY}
                                         ^^^^^^^^^^^^^^^^^^^^^^ PC533
--- .env
OPENROUTER_API_KEY=sk-or-fake-0000000000
--- no auth.json
";
        fires(
            &SITE_SENDS_NO_KEY,
            &format!(
                "{world}--- environment\nPATH=/bin\n--- says\n`key_env` names A_KEY, which nothing sets\nSet A_KEY in `.env`\n"
            ),
        );
        fires(&SITE_SENDS_NO_KEY, world);
    }

    /// Expected: `call_site` of tests/evidence/PC533.json.
    #[test]
    fn pictures_of_a_custom_provider_lose_its_key_beside_an_endpoint() {
        fires(
            &SITE_SENDS_NO_KEY,
            "\
--- config.yaml
model:
  provider: deepseek
  default: deepseek-chat
custom_providers:
- name: agnes
  base_url: https://apihub.example.com/v1
  key_env: AGNES_KEY
auxiliary:
  vision:
    provider: custom:agnes
    model: v
    base_url: https://apihub.example.com/v1
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC533
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
AGNES_KEY=sk-fake-agnes-0001
--- no auth.json
--- fixed config.yaml
model:
  provider: deepseek
  default: deepseek-chat
custom_providers:
- name: agnes
  base_url: https://apihub.example.com/v1
  key_env: AGNES_KEY
auxiliary:
  vision:
    provider: custom:agnes
    model: v
--- says
Take `base_url` away
--- then
site: auxiliary.vision
",
        );
    }

    /// Expected: the recorded cases `slot-custom` and `slot-keyless-server`.
    #[test]
    fn slots_have_the_key_of_their_provider() {
        fires(
            &SITE_SENDS_NO_KEY,
            "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
custom_providers:
- {name: bare, base_url: 'https://bare.example/v1'}
moa:
  presets:
    team:
      reference_models:
      - {provider: bare, model: m}
                   ^^^^ PC533
      - {provider: custom, model: m, base_url: 'https://own.example/v1', api_key: sk-fake-own-0001}
                   ^^^^^^ PC533
      aggregator: {provider: openai, model: m}
                             ^^^^^^ PC533
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
--- no auth.json
--- says
Requests go to https://bare.example/v1 with the text
Requests go to https://openrouter.ai/api/v1 with the text
Requests go to https://api.openai.com/v1 with the text
`api_key: \"${NAME}\"`
",
        );
        silent(
            &SITE_SENDS_NO_KEY,
            "--- config.yaml\nmodel: {provider: deepseek, default: d}\nproviders: {box: {api: 'http://localhost:8080/v1'}}\nmoa: {presets: {team: {reference_models: [{provider: box, model: m}, {provider: deepseek, model: d}]}}}\n--- .env\nDEEPSEEK_API_KEY=sk-fake-deepseek-0001\n--- no auth.json\n",
        );
    }

    /// Expected: the recorded case `job-endpoint`.
    #[test]
    fn scheduled_jobs_have_no_key_of_their_own() {
        fires(
            &SITE_SENDS_NO_KEY,
            r#"
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
--- cron/jobs.json
{"jobs": [
 {"id": "a", "name": "far", "provider": "custom", "base_url": "https://own.example/v1", "model": "m"},
                                                              ^^^^^^^^^^^^^^^^^^^^^^^^ PC533
 {"id": "b", "name": "near", "provider": "custom", "base_url": "http://localhost:8080/v1", "model": "m"}
]}
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
--- no auth.json
--- says
`cron far` sends no key of yours
`cronjob action=update job_id=a provider=NAME base_url=`
"#,
        );
    }

    /// Expected: the recorded cases `site-openai-alias` and `site-same-host`.
    #[test]
    fn a_key_of_the_variable_or_of_the_same_host() {
        silent(
            &SITE_SENDS_NO_KEY,
            "--- config.yaml\nmodel: {provider: custom, default: m, base_url: 'https://h.example/v1', api_key: sk-fake-main-0001}\nauxiliary: {web_extract: {provider: custom, base_url: 'https://h.example/v2'}}\n--- no .env\n--- no auth.json\n",
        );
    }
}
