//! PC534: subagents that send the key of the main model to another host.

use super::{Context, Findings, declare_rule};
use crate::hermes::runtime::{base_url_hostname, is_private};
use crate::hermes::sites::SiteKind;

declare_rule! {
    /// `delegation.base_url` without `delegation.api_key` inherits the key of the main model: every request of a subagent carries
    /// it to the host that is written here.
    ///
    /// ```yaml fires
    /// model: {provider: custom, default: m, base_url: 'https://main.example/v1', api_key: sk-fake-main-0001}
    /// delegation: {base_url: 'https://other.example/v1', model: small}
    /// ```
    /// ```yaml silent
    /// model: {provider: custom, default: m, base_url: 'https://main.example/v1', api_key: sk-fake-main-0001}
    /// delegation: {base_url: 'https://main.example/v2', model: small}
    /// ```
    pub static MAIN_KEY_GOES_ELSEWHERE = {
        code: "PC534", name: "main-key-goes-elsewhere", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Subagents send the key of the main model to this endpoint",
        why: "Without an `api_key` of its own `delegation` inherits the key of the main model, which is for {endpoint}.",
        todo: "Write the key of this endpoint beside it: `api_key: \"${{NAME}}\"`, and set the variable in `.env`. An endpoint that asks for none takes any text.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(runtime) = context.runtime() else { return };
    for site in context.sites.all.iter().filter(|site| site.kind == SiteKind::Delegation) {
        let (Ok(Some(route)), Some(node)) = (&site.outcome, site.written("base_url")) else { continue };
        let Some(place) = node.place.filter(|_| site.written("api_key").is_none()) else { continue };
        let host = |url: &str| base_url_hostname(url).unwrap_or_default();
        let is_other = route.api_key == runtime.api_key && host(&route.base_url) != host(&runtime.base_url);
        if is_other && !is_private(&route.base_url) && !runtime.api_key.is_unseen() {
            findings.report(&MAIN_KEY_GOES_ELSEWHERE, place).with("endpoint", runtime.base_url.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MAIN_KEY_GOES_ELSEWHERE;
    use crate::rules::testing::{fires, silent};

    /// Expected: the recorded cases `site-deleg-url` and `site-deleg-key`.
    #[test]
    fn another_host_and_one_s_own_network() {
        fires(
            &MAIN_KEY_GOES_ELSEWHERE,
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
            &MAIN_KEY_GOES_ELSEWHERE,
            "--- config.yaml\nmodel: {provider: deepseek, default: deepseek-chat}\ndelegation: {base_url: 'http://192.168.1.5:8000/v1'}\n--- .env\nDEEPSEEK_API_KEY=sk-fake-deepseek-0001\n",
        );
    }
}
