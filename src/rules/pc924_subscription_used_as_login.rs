//! PC924: a Claude subscription that does not pay for other programs.

use super::logs::failures;
use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::hermes::story::said;
use crate::hermes::turn::PoolStep;

declare_rule! {
    /// The request was sent with the login of a Claude subscription, such as Claude Code's, and not with an API key. Anthropic does not
    /// count other programs towards the subscription. No other key is taken: it is HTTP 400.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): BadRequestError [HTTP 400]
    ///    Provider: anthropic  Model: m
    ///    Error: HTTP 400: Third-party apps now draw from your extra usage, not your plan limits.
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): BadRequestError [HTTP 400]
    ///    Provider: anthropic  Model: m
    ///    Error: HTTP 400: max_tokens is too large
    /// ```
    pub static SUBSCRIPTION_USED_AS_LOGIN = {
        code: "PC924", name: "subscription-used-as-login", severity: Error, since: "0.1.0",
        fix: None,
        what: "Anthropic refuses a subscription's login for other programs",
        why: "The request was sent with the login of a Claude subscription, not with an API key. Hermes takes the answer for `{reason}`, which marks no entry.",
        todo: "Add an API key, and remove the entry of the login; or buy extra usage at Anthropic.",
        command: "hermes auth list anthropic\nhermes auth add anthropic --type api-key",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let found = failures(context, |event, judged| {
        judged.pool == PoolStep::Leaves && said(event).holds("draw from your extra usage")
    });
    for (event, judged) in found {
        findings
            .report(&SUBSCRIPTION_USED_AS_LOGIN, event.place_of("text"))
            .with("reason", judged.class.reason);
    }
}

#[cfg(test)]
mod tests {
    use super::SUBSCRIPTION_USED_AS_LOGIN;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &SUBSCRIPTION_USED_AS_LOGIN,
            r#"
--- log
API call failed (attempt 1/3): BadRequestError [HTTP 400]
   Provider: anthropic  Model: m
   Error: HTTP 400: Third-party apps now draw from your extra usage, not your plan limits.
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC924
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &SUBSCRIPTION_USED_AS_LOGIN,
            r#"
--- log
API call failed (attempt 1/3): BadRequestError [HTTP 400]
   Provider: anthropic  Model: m
   Error: HTTP 400: max_tokens is too large
"#,
        );
    }
}
