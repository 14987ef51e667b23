//! PC930: Z.AI has neither a balance nor a plan for the key at the endpoint that was asked.

use super::logs::failures;
use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::facts::services::Service;
use crate::readers::log::Event;

declare_rule! {
    /// Z.AI and BigModel have a general endpoint, which takes from the balance of the account, and one for the Coding Plan. Each
    /// knows nothing of what is paid for at the other: a request of a plan's key at the general endpoint ends with the code 1113,
    /// "Insufficient balance or no resource package", as one of an account without a balance does. Hermes takes that for a rate
    /// limit, and waiting does not help.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): RateLimitError [HTTP 429]
    ///    Provider: zai  Model: glm-5
    ///    Endpoint: https://api.z.ai/api/paas/v4
    ///    Error: HTTP 429: Insufficient balance or no resource package. Please recharge.
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): RateLimitError [HTTP 429]
    ///    Provider: zai  Model: glm-5
    ///    Endpoint: https://api.z.ai/api/paas/v4
    ///    Error: HTTP 429: Too many requests
    /// ```
    pub static NO_BALANCE_AT_THIS_ENDPOINT = {
        code: "PC930", name: "no-balance-at-this-endpoint", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{site} has no balance for this key at the {kind}",
        why: "This answer has two causes: the key is paid for at the other endpoint, `{other}`, or the account has nothing left. Hermes takes it for a rate limit; waiting does not help.",
        todo: "{way}{where}",
        command: "{commands}",
        part general: "general endpoint",
        part plan: "endpoint of the Coding Plan",
        part variable: " `GLM_BASE_URL` in `.env` sets it for `zai` alone.",
        part nowhere: "",
        part to_plan: "If the key is one of a Coding Plan, use `{other}` as the endpoint. Else recharge the account, or use a key of another one.",
        part to_general: "If you pay by use and have no Coding Plan, use `{other}` as the endpoint. Else see whether the plan is still valid, or use a key of another account.",
    }
}

/// What the service says, in its two languages.
const SAYS: [&str; 2] = ["insufficient balance or no resource package", "余额不足或无可用资源包"];

fn check(context: &Context<'_>, findings: &mut Findings) {
    let found = failures(context, |event, _| is_about_balance(event));
    let asked =
        found.into_iter().find_map(|(event, _)| Some((event, other_endpoint(event.text("endpoint"))?)));
    let Some((event, (site, is_plan, other))) = asked else { return };
    // Under another provider it would be the endpoint of that one's key.
    let is_main = context.config_root().is_none() || context.provider() == Some("zai");
    let is_own = event.text("provider") == "zai";
    let commands = match is_own && is_main {
        true => vec![["hermes config set model.base_url ", &other].concat()],
        false => Vec::new(),
    };
    findings
        .report(&NO_BALANCE_AT_THIS_ENDPOINT, event.place_of("text"))
        .with("site", site.name.as_str())
        .with("other", other)
        .part("kind", if is_plan { "plan" } else { "general" })
        .part("way", if is_plan { "to_general" } else { "to_plan" })
        .part("where", if is_own && !is_main { "variable" } else { "nowhere" })
        .commands(&commands);
}

/// Whether the failed request is one that Z.AI refuses for want of a balance, at an endpoint that has another beside it.
pub(super) fn is_about_balance(event: &Event) -> bool {
    let says = |field: &str| {
        let text = event.text(field).to_ascii_lowercase();
        SAYS.iter().any(|words| text.holds(words))
    };
    (says("text") || says("details")) && other_endpoint(event.text("endpoint")).is_some()
}

/// The service of an endpoint of Z.AI, whether it is that of the plan, and the one of the same site that it is not.
fn other_endpoint(url: &str) -> Option<(&'static Service, bool, String)> {
    const GENERAL: &str = "/api/paas/v4";
    const PLAN: &str = "/api/coding/paas/v4";
    let url = url.trim_end_matches('/');
    let service = Service::at(url).filter(|service| service.id == "zai")?;
    let swapped = |from: &str, to: &str| url.strip_suffix(from).map(|site| [site, to].concat());
    match swapped(PLAN, GENERAL) {
        Some(other) => Some((service, true, other)),
        None => Some((service, false, swapped(GENERAL, PLAN)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::NO_BALANCE_AT_THIS_ENDPOINT;
    use crate::rules::testing::{fires, silent};

    /// `model.base_url` would send the key of `gemini` to Z.AI.
    #[test]
    fn beside_another_main_provider() {
        let report = fires(
            &NO_BALANCE_AT_THIS_ENDPOINT,
            "\
--- config.yaml
model: {provider: gemini, default: g}
fallback_providers: [{provider: zai, model: glm-5}]
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: zai  Model: glm-5
   Endpoint: https://api.z.ai/api/paas/v4
   Error: HTTP 429: Insufficient balance or no resource package. Please recharge.
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC930
--- says
`GLM_BASE_URL` in `.env` sets it for `zai` alone
",
        );
        let own = report.findings.iter().find(|finding| finding.code.as_str() == "PC930");
        assert!(own.is_some_and(|finding| finding.command.is_none()));
    }

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &NO_BALANCE_AT_THIS_ENDPOINT,
            r#"
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: zai  Model: glm-5
   Endpoint: https://open.bigmodel.cn/api/paas/v4
   Error: HTTP 429: Error code: 429 - {'error': {'code': '1113', 'message': '余额不足或无可用资源包,请充值。'}}
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC930
--- says
at the general endpoint
If the key is one of a Coding Plan
hermes config set model.base_url https://open.bigmodel.cn/api/coding/paas/v4
"#,
        );
        fires(
            &NO_BALANCE_AT_THIS_ENDPOINT,
            r#"
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: custom  Model: glm-5
   Endpoint: https://api.z.ai/api/coding/paas/v4
   Error: HTTP 429: Insufficient balance or no resource package. Please recharge.
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC930
--- says
at the endpoint of the Coding Plan
use `https://api.z.ai/api/paas/v4` as the endpoint
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &NO_BALANCE_AT_THIS_ENDPOINT,
            r#"
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: custom  Model: glm-5
   Endpoint: https://gateway.example/api/paas/v4
   Error: HTTP 429: Insufficient balance or no resource package. Please recharge.
"#,
        );
    }
}
