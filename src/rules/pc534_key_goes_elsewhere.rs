//! PC534: subagents that send the key of the main model to another host, and side tasks and fallbacks that send a provider's key to
//! another service.

use super::variables::FOR_MANY;
use super::{Context, Findings, declare_rule};
use crate::facts::services::Service;
use crate::hermes::sites::SiteKind;
use crate::hermes::urls::{base_url_hostname, is_private};

declare_rule! {
    /// `delegation.base_url` without `delegation.api_key` inherits the key of the main model: every request of a subagent carries
    /// it to the host that is written here. A side task or a fallback with the name of a provider and the `base_url` of another service
    /// sends the provider's key there.
    ///
    /// ```yaml fires
    /// model: {provider: custom, default: m, base_url: 'https://main.example/v1', api_key: sk-fake-main-0001}
    /// delegation: {base_url: 'https://other.example/v1', model: small}
    /// ```
    /// ```yaml silent
    /// model: {provider: custom, default: m, base_url: 'https://main.example/v1', api_key: sk-fake-main-0001}
    /// delegation: {base_url: 'https://main.example/v2', model: small}
    /// ```
    pub static KEY_GOES_ELSEWHERE = {
        code: "PC534", name: "key-goes-elsewhere", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{reason}",
        todo: "{way}",
        part subagents: "Subagents send the key of the main model to this endpoint",
        part inherited: "Without an `api_key` of its own `delegation` inherits the key of the main model, which is for {endpoint}.",
        part own_key: "Write the key of this endpoint beside it: `api_key: \"${{NAME}}\"`, and set the variable in `.env`. An endpoint that asks for none takes any text.",
        part other_service: "`{path}` sends the key of `{provider}` to {site}",
        part by_name: "`provider` decides whose key is sent, and `base_url` where to.",
        part one_of_both: "Take `base_url` out, or write the provider of this endpoint, or `custom` and its key as `api_key`.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    of_other_services(context, findings);
    let Some(runtime) = context.runtime() else { return };
    for site in context.sites.all.iter().filter(|site| site.kind == SiteKind::Delegation) {
        let (Ok(Some(route)), Some(node)) = (&site.outcome, site.written("base_url")) else { continue };
        let Some(place) = node.place.filter(|_| site.written("api_key").is_none()) else { continue };
        let host = |url: &str| base_url_hostname(url).unwrap_or_default();
        let is_other = route.api_key == runtime.api_key && host(&route.base_url) != host(&runtime.base_url);
        if is_other && !is_private(&route.base_url) && !runtime.api_key.is_unseen() {
            findings
                .report(&KEY_GOES_ELSEWHERE, place)
                .with("endpoint", runtime.base_url.as_str())
                .part("what", "subagents")
                .part("reason", "inherited")
                .part("way", "own_key");
        }
    }
}

/// Side tasks and fallbacks whose endpoint is of another service than their provider, whose key they send there.
fn of_other_services(context: &Context<'_>, findings: &mut Findings) {
    for site in &context.sites.all {
        let is_client = matches!(site.kind, SiteKind::Task | SiteKind::Fallback) && site.key.is_none();
        let Some(provider) = site.provider.as_deref().filter(|_| is_client) else { continue };
        let (Ok(Some(route)), Some(place)) =
            (&site.outcome, site.written("base_url").and_then(|node| node.place))
        else {
            continue;
        };
        let (Some(own), Some(there)) =
            (Service::of_default(provider, context.facts), Service::at(&route.base_url))
        else {
            continue;
        };
        // Keys of many services stand under these names, and a key that says so may be the right one.
        let sent = context.destinations.iter().find(|sent| sent.key.key == route.api_key);
        let owner = sent.and_then(|sent| sent.owner);
        let is_right = own.family == there.family || FOR_MANY.contains(&provider) || owner == Some(there);
        if is_right || route.is_keyless() || findings.has_at(place) {
            continue;
        }
        findings
            .report(&KEY_GOES_ELSEWHERE, place)
            .with("path", site.path.as_str())
            .with("provider", provider)
            .with("site", there.name.as_str())
            .part("what", "other_service")
            .part("reason", "by_name")
            .part("way", "one_of_both");
    }
}

#[cfg(test)]
mod tests {
    use super::KEY_GOES_ELSEWHERE;
    use crate::rules::testing::{fires, silent};

    /// `resolve_provider_client` of 0.19.0 takes the endpoint that is written and the key of the provider.
    #[test]
    fn a_provider_with_the_endpoint_of_another_service() {
        fires(
            &KEY_GOES_ELSEWHERE,
            "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
auxiliary:
  compression:
    provider: xai
    model: llama
    base_url: https://api.groq.com/openai/v1
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC534
  title_generation: {provider: xai, model: grok, base_url: 'https://api.x.ai/v1'}
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
XAI_API_KEY=fake-key-0001
--- says
`auxiliary.compression` sends the key of `xai` to Groq
",
        );
    }

    /// Expected: the recorded cases `site-deleg-url` and `site-deleg-key`.
    #[test]
    fn another_host_and_one_s_own_network() {
        fires(
            &KEY_GOES_ELSEWHERE,
            "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
delegation:
  base_url: https://other.example/v1
            ^^^^^^^^^^^^^^^^^^^^^^^^ PC534
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
--- says
`api_key: \"${NAME}\"`
",
        );
        silent(
            &KEY_GOES_ELSEWHERE,
            "--- config.yaml\nmodel: {provider: deepseek, default: deepseek-chat}\ndelegation: {base_url: 'http://192.168.1.5:8000/v1'}\n--- .env\nDEEPSEEK_API_KEY=sk-fake-deepseek-0001\n",
        );
    }
}
