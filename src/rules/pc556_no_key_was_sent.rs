//! PC556: an answer that shows that Hermes sent no key.

use super::logs::{failures, provider_of};
use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::hermes::story::said;
use crate::hermes::urls::variable_of_host;
use crate::readers::log::Event;

declare_rule! {
    /// Where Hermes has no key for an endpoint of one's own, it sends the words `no-key-required`. A provider that refuses them shows the
    /// end of what it got: `****ired`. No key is wrong then: there was none.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): AuthenticationError [HTTP 401]
    ///    Provider: custom  Model: m
    ///    Endpoint: https://api.deepseek.com/v1
    ///    Error: HTTP 401: Authentication Fails, Your api key: ****ired is invalid
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): AuthenticationError [HTTP 401]
    ///    Provider: custom  Model: m
    ///    Endpoint: https://api.deepseek.com/v1
    ///    Error: HTTP 401: Authentication Fails, Your api key: ****f00d is invalid
    /// ```
    pub static NO_KEY_WAS_SENT = {
        code: "PC556", name: "no-key-was-sent", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Hermes sent this request of {provider} without a key",
        why: "What the provider refuses ends as `no-key-required`, the words that Hermes sends where it has no key for an endpoint.",
        todo: "Give the endpoint a key: `api_key` or `key_env` in its block of config.yaml, `model.api_key` where the provider is `custom`.{more}",
        part host: " For this host Hermes also reads {variable}.",
        part none: "",
    }
}

/// What Hermes sends where it has no key.
const SENT: &str = "no-key-required";

/// The end of it that providers show.
const SHOWN: &str = "ired";

fn check(context: &Context<'_>, findings: &mut Findings) {
    for (event, _) in failures(context, |event, _| shows_no_key(event)) {
        let variable = variable_of_host(event.text("endpoint")).ok().flatten();
        let variable = variable.filter(|_| context.facts.behaviour.keys_go_to_their_hosts);
        findings
            .report(&NO_KEY_WAS_SENT, event.place_of("text"))
            .with("provider", provider_of(context, event))
            .with("variable", variable.as_deref().unwrap_or_default())
            .part("more", if variable.is_some() { "host" } else { "none" });
    }
}

/// Whether the words of an error show what is left of `no-key-required`: the whole, or its end behind what covers the rest.
fn shows_no_key(event: &Event) -> bool {
    let texts = [event.text("text"), event.text("details"), said(event)];
    texts.iter().any(|text| {
        text.holds(SENT)
            || text.split([' ', '\'', '"', '`', ',', ')', '(']).any(|word| {
                let word = word.trim_end_matches(['.', ':', ';']);
                let rest = word.strip_suffix(SHOWN).unwrap_or("");
                // More of the end may be shown: `***equired`, and so may the beginning.
                let rest = rest.trim_end_matches(|c: char| SENT.has(c));
                rest.len() >= 2 && rest.ends_with(['*', '.', '•', '…', 'x'])
            })
    })
}

#[cfg(test)]
mod tests {
    use super::NO_KEY_WAS_SENT;
    use crate::rules::testing::{fires, silent};

    fn log(error: &str) -> String {
        format!(
            "--- log\nAPI call failed (attempt 1/3): AuthenticationError [HTTP 401]\n   Provider: custom  Model: m\n   Endpoint: https://api.example.com/v1\n   Error: HTTP 401: {error}\n"
        )
    }

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &NO_KEY_WAS_SENT,
            "\
--- log
API call failed (attempt 1/3): AuthenticationError [HTTP 401]
   Provider: custom  Model: m
   Endpoint: https://api.deepseek.com/v1
   Error: HTTP 401: Authentication Fails, Your api key: ****ired is invalid
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC556
",
        );
    }

    /// `_host_derived_api_key` of 0.19.0 reads the variable for `custom`; 0.14.0 has none such.
    #[test]
    fn the_variable_of_the_host() {
        let text = log("Your api key: ****ired is invalid").replace("example", "deepseek");
        let mark =
            format!("          {} PC556\n", "^".repeat("HTTP 401: Your api key: ****ired is invalid".len()));
        fires(
            &NO_KEY_WAS_SENT,
            &[&text, mark.as_str(), "--- says\nFor this host Hermes also reads DEEPSEEK_API_KEY.\n"].concat(),
        );
        let older = "--- release 0.14.0\n--- says\n`model.api_key` where the provider is `custom`.\n";
        fires(&NO_KEY_WAS_SENT, &[&text, mark.as_str(), older].concat());
    }

    #[test]
    fn what_is_left_of_the_words() {
        for error in [
            "Authentication Fails, Your api key: ****ired is invalid",
            "Incorrect API key provided: no-key-r*****ired.",
            "Incorrect API key provided: no-key-required. You can find your key",
            "invalid key '***equired'",
            "bad token no-k...ired",
        ] {
            let text = log(error);
            let mark = format!("          {} PC556\n", "^".repeat(error.len() + "HTTP 401: ".len()));
            fires(
                &NO_KEY_WAS_SENT,
                &[&text, mark.as_str(), "--- says\nsent this request of custom without a key\n"].concat(),
            );
        }
    }

    #[test]
    fn other_keys_and_words() {
        for error in [
            "Authentication Fails, Your api key: ****f00d is invalid",
            "A key is required",
            "Your subscription has expired",
            "Payment required",
            "token expired ... retired",
        ] {
            silent(&NO_KEY_WAS_SENT, &log(error));
        }
    }
}
