//! PC933: a request that the provider refused because of its key, its account or what the key may do.

use super::logs::{is_quota_of_no_time, named_provider};
use super::{Context, Findings, declare_rule};
use crate::base::text::Place;
use crate::facts::services::Service;
use crate::hermes::story::{Told, is_other_run};
use crate::hermes::turn::PoolStep;
use crate::readers::log::{Event, Kind};

declare_rule! {
    /// The log shows a request that the provider refused: HTTP 401 for a key that it does not take, HTTP 402 and what Hermes calls
    /// `billing` for an account that has nothing left, HTTP 403 for what the key has no right to. Waiting mends none of them. Hermes
    /// marks such a key and takes the next one of the pool; the mark stays until its time is over or until it is cleared. Where the
    /// log shows that another key took over, nothing has to be done at once.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): APIStatusError [HTTP 402]
    ///    Provider: openrouter  Model: m
    ///    Error: HTTP 402: Insufficient credits
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): InternalServerError [HTTP 503]
    ///    Provider: openrouter  Model: m
    ///    Error: HTTP 503: Service unavailable
    /// ```
    pub static REQUEST_REFUSED = {
        code: "PC933", name: "request-refused", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{why}",
        todo: "{todo}{then}",
        command: "{commands}",
        part key: "{site} refused the key of this request",
        part login: "{site} refused the login of this request",
        part credit: "The account at {site} has nothing left for this request",
        part right: "{site} does not allow this request with this key",
        part some_provider: "The provider",
        part the_provider: "the provider",
        part named: "`{provider}`",
        part service: "{service}",
        part why_key: "A key that is mistyped, withdrawn, expired, or of another service or region gets HTTP 401. Waiting does not help.",
        part why_login: "A login that has expired or was ended elsewhere gets HTTP 401.",
        part why_credit: "The provider complains about payment, not about how many requests were made. Waiting does not help, unless its plan renews at some time.",
        part why_right: "HTTP 403: the key, its account, its plan or its region has no right to what was asked, or the key is barred.",
        part replace: "Compare the key with the one that the provider's site shows, or make a new one there, and put it in the place of this one.",
        part log_in: "Log in again.",
        part pay: "Add credit at the provider, or use a key of another account. Until then a fallback of another provider can take over.",
        part look: "Look at the provider's site what the key, its plan and its region may use; take another model or another key.",
        part clear: " Then clear the mark of the key in the pool.",
        part nothing: "",
    }
}

/// What a provider refuses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refused {
    Key,
    Credit,
    Right,
}

impl Refused {
    /// What Hermes' class of the error says, else its status.
    fn of(told: &Told) -> Option<Self> {
        let kinds = [Kind::Failed, Kind::Refused, Kind::GaveUp, Kind::Marked];
        if !kinds.contains(&told.event.kind) {
            return None;
        }
        if let Some(Ok((judged, _))) = &told.judged
            && judged.class.reason == "billing"
        {
            return Some(Self::Credit);
        }
        match told.event.status()? {
            429 if is_quota_of_no_time(&told.event) => Some(Self::Credit),
            401 => Some(Self::Key),
            402 => Some(Self::Credit),
            403 => Some(Self::Right),
            _ => None,
        }
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut seen: Vec<(Refused, &str)> = Vec::new();
    let all = &context.story.told;
    for (at, told) in all.iter().enumerate() {
        let Some(refused) = Refused::of(told) else { continue };
        if goes_on(told, all.get(at + 1..).unwrap_or_default()) {
            continue;
        }
        // One request leaves several lines, and not all of them name its provider.
        let provider = told.event.text("provider");
        let is_seen =
            |(own, of): &(Refused, &str)| *own == refused && (provider.is_empty() || *of == provider);
        if seen.iter().any(is_seen) {
            continue;
        }
        seen.push((refused, provider));
        // What another rule says of the request has a cause of its own.
        if !findings.has_at(place_of(&told.event)) {
            report(context, told, refused, findings);
        }
    }
}

/// Whether another key took over, or the login was renewed, before anything else failed.
fn goes_on(refused: &Told, behind: &[Told]) -> bool {
    let of_it = |told: &&Told| told.event.kind != Kind::Failed && !is_other_run(&refused.event, &told.event);
    let took_over = |told: &Told| matches!(told.event.kind, Kind::Rotated | Kind::Refreshed);
    behind.iter().take_while(of_it).any(took_over)
}

fn report(context: &Context<'_>, told: &Told, refused: Refused, findings: &mut Findings) {
    let event = &told.event;
    // A mark or a line of the client may be of a side task: the provider of config.yaml need not be its own.
    let is_turn = matches!(event.kind, Kind::Failed | Kind::GaveUp);
    let provider = named_provider(context, event).filter(|_| is_turn);
    let service = Service::at(event.text("endpoint")).map(|service| service.name.as_str());
    let is_login = provider.is_some_and(|provider| !context.takes_keys(provider));
    let (what, why, todo) = match refused {
        Refused::Key if is_login => ("login", "why_login", "log_in"),
        Refused::Key => ("key", "why_key", "replace"),
        Refused::Credit => ("credit", "why_credit", "pay"),
        Refused::Right => ("right", "why_right", "look"),
    };
    let marks = match &told.judged {
        Some(Ok((judged, _))) => judged.pool != PoolStep::Leaves,
        Some(Err(_)) => false,
        None => event.kind == Kind::Marked,
    };
    let site = match (provider, service, refused) {
        (Some(_), ..) => "named",
        (None, Some(_), _) => "service",
        (None, None, Refused::Credit) => "the_provider",
        (None, None, _) => "some_provider",
    };
    findings
        .report(&REQUEST_REFUSED, place_of(event))
        .with("provider", provider.unwrap_or_default())
        .with("service", service.unwrap_or_default())
        .part("site", site)
        .part("what", what)
        .part("why", why)
        .part("todo", todo)
        .part("then", if marks { "clear" } else { "nothing" });
    match provider.filter(|provider| context.pool_names.provider(provider).is_some()) {
        Some(provider) if todo == "log_in" => {
            findings.command("commands", Some(&["hermes auth add ", provider].concat()));
        }
        Some(provider) if marks => {
            findings.command("commands", Some(&["hermes auth reset ", provider].concat()));
        }
        _ => {
            findings.without_command();
        }
    }
}

/// Where the answer stands: its words, else its status.
fn place_of(event: &Event) -> Place {
    let field = ["text", "status"].into_iter().find(|field| !event.text(field).is_empty());
    field.map_or(event.place, |field| event.place_of(field))
}

#[cfg(test)]
mod tests {
    use super::REQUEST_REFUSED;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn an_account_that_has_nothing_left() {
        fires(
            &REQUEST_REFUSED,
            "
--- log
API call failed (attempt 1/3): APIStatusError [HTTP 402]
   Provider: openrouter  Model: m
   Error: HTTP 402: Insufficient credits
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC933
--- says
`openrouter` has nothing left
Add credit at the provider
clear the mark of the key in the pool
hermes auth reset openrouter
",
        );
    }

    /// Gemini says the same of a limit of a minute, without the code.
    #[test]
    fn a_quota_that_is_a_matter_of_payment() {
        fires(
            &REQUEST_REFUSED,
            "
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: openai-api  Model: m
   Error: HTTP 429: You exceeded your current quota, please check your plan and billing details. Code: insufficient_quota
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC933
--- says
about payment
",
        );
    }

    #[test]
    fn a_key_a_login_and_a_right() {
        for (status, provider, says) in [
            ("401", "deepseek", "`deepseek` refused the key"),
            ("401", "openai-codex", "Log in again"),
            ("403", "gemini", "`gemini` does not allow this request"),
        ] {
            fires(
                &REQUEST_REFUSED,
                &format!(
                    "
--- log
API call failed (attempt 1/3): APIStatusError [HTTP {status}]
   Provider: {provider}  Model: m
   Error: HTTP {status}: no
          ^^^^^^^^^^^^ PC933
--- says
{says}
"
                ),
            );
        }
    }

    /// A mark names no provider, and which key it is, its own label says.
    #[test]
    fn a_mark_alone() {
        fires(
            &REQUEST_REFUSED,
            "
--- log
02:01:12 INFO agent.credential_pool: credential pool: marking paid exhausted (status=402), rotating
                                                                                     ^^^ PC933
--- says
The account at the provider has nothing left
",
        );
    }

    #[test]
    fn a_line_of_the_client() {
        fires(
            &REQUEST_REFUSED,
            "
--- log
2026-11-20 10:00:00,000 INFO httpx: HTTP Request: POST https://openrouter.ai/api/v1/chat/completions \"HTTP/1.1 402 Payment Required\"
                                                                                                               ^^^ PC933
--- says
The account at OpenRouter has nothing left
",
        );
    }

    #[test]
    fn what_mends_itself_and_what_another_rule_tells() {
        for log in [
            "credential pool: marking one exhausted (status=402), rotating\ncredential pool: rotated to two\n",
            "API call failed (attempt 1/3): InternalServerError [HTTP 503]\n   Provider: openrouter  Model: m\n   Error: HTTP 503: Service unavailable\n",
            "API call failed (attempt 1/3): RateLimitError [HTTP 429]\n   Provider: openrouter  Model: m\n   Error: HTTP 429: Too many requests\n",
            "API call failed (attempt 1/3): RateLimitError [HTTP 429]\n   Provider: gemini  Model: m\n   Error: HTTP 429: You exceeded your current quota, please check your plan and billing details.\n",
            "API call failed (attempt 1/3): AuthenticationError [HTTP 401]\n   Provider: custom  Model: m\n   Endpoint: https://api.deepseek.com/v1\n   Error: HTTP 401: Your api key: ****ired is invalid\n",
        ] {
            silent(&REQUEST_REFUSED, &format!("--- log\n{log}"));
        }
    }
}
