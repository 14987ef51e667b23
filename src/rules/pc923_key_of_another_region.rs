//! PC923: a key that the endpoint of another region refuses.

use super::logs::failures;
use super::{Context, Findings, declare_rule};
use crate::facts::services::Service;

declare_rule! {
    /// Kimi and MiniMax have one service in China and one abroad, with keys of their own. A key of one is refused by the other with
    /// HTTP 401. Hermes has a provider for each.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): AuthenticationError [HTTP 401]
    ///    Provider: kimi-coding  Model: kimi-k2
    ///    Endpoint: https://api.moonshot.ai/v1
    ///    Error: HTTP 401: Invalid Authentication
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): AuthenticationError [HTTP 401]
    ///    Provider: deepseek  Model: m
    ///    Endpoint: https://api.deepseek.com/v1
    ///    Error: HTTP 401: Invalid Authentication
    /// ```
    pub static KEY_OF_ANOTHER_REGION = {
        code: "PC923", name: "key-of-another-region", severity: Warning, since: "0.1.0",
        fix: None,
        what: "This key was refused by `{provider}`; a key of the other region belongs to `{other}`",
        why: "The two regions have keys of their own. Hermes marks a key that is refused, and a correct one of the other region is refused every time.",
        todo: "If the key was made at the service of the other region, use that provider. Call the variable `{variable}`.",
        command: "hermes config set model.provider {other}",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for (event, _) in failures(context, |event, _| event.status() == Some(401)) {
        let provider = event.text("provider");
        let Some((other, variable)) = Service::other_region(provider).and_then(|other| {
            Some((other, context.facts.providers.get(other)?.api_key_env_vars.first()?.as_str()))
        }) else {
            continue;
        };
        findings
            .report(&KEY_OF_ANOTHER_REGION, event.place_of("text"))
            .with("provider", provider)
            .with("other", other)
            .with("variable", variable);
    }
}

#[cfg(test)]
mod tests {
    use super::KEY_OF_ANOTHER_REGION;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &KEY_OF_ANOTHER_REGION,
            r#"
--- log
API call failed (attempt 1/3): AuthenticationError [HTTP 401]
   Provider: kimi-coding  Model: kimi-k2
   Endpoint: https://api.moonshot.ai/v1
   Error: HTTP 401: Invalid Authentication
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC923
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &KEY_OF_ANOTHER_REGION,
            r#"
--- log
API call failed (attempt 1/3): AuthenticationError [HTTP 401]
   Provider: deepseek  Model: m
   Endpoint: https://api.deepseek.com/v1
   Error: HTTP 401: Invalid Authentication
"#,
        );
    }
}
