//! PC922: HTTP 404 at an endpoint without a path.

use super::logs::failures;
use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::hermes::story::said;

declare_rule! {
    /// Hermes sends requests to the endpoint with `/chat/completions` behind it. Servers such as Ollama answer below `/v1`; without it
    /// they say HTTP 404. No key and no other model helps.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): NotFoundError [HTTP 404]
    ///    Provider: custom  Model: qwen3
    ///    Endpoint: http://127.0.0.1:11434
    ///    Error: HTTP 404: 404 page not found
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): NotFoundError [HTTP 404]
    ///    Provider: custom  Model: qwen3
    ///    Endpoint: http://127.0.0.1:11434/v1
    ///    Error: HTTP 404: 404 page not found
    /// ```
    pub static ENDPOINT_WITHOUT_PATH_NOT_FOUND = {
        code: "PC922", name: "endpoint-without-path-not-found", severity: Warning, since: "0.1.0",
        fix: None,
        what: "`{url}` has no path, and the server answers HTTP 404",
        why: "Where Hermes speaks OpenAI's API it asks `{url}/chat/completions`; most servers answer below `/v1`.",
        todo: "Write the endpoint with `/v1` at its end.",
        command: "hermes config set model.base_url {url}/v1",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let found = failures(context, |event, _| {
        let url = event.text("endpoint").trim_end_matches('/');
        let host = url.cut_at("://").map(|(_, host)| host);
        event.status() == Some(404)
            && event.text("provider") != "anthropic"
            && host.is_some_and(|host| !host.is_empty() && !host.has('/'))
            && !context
                .facts
                .providers
                .values()
                .iter()
                .any(|own| own.inference_base_url.trim_end_matches('/') == url)
            && !said(event).to_ascii_lowercase().holds("model")
    });
    for (event, _) in found {
        let url = event.text("endpoint").trim_end_matches('/');
        findings.report(&ENDPOINT_WITHOUT_PATH_NOT_FOUND, event.place_of("endpoint")).with("url", url);
    }
}

#[cfg(test)]
mod tests {
    use super::ENDPOINT_WITHOUT_PATH_NOT_FOUND;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &ENDPOINT_WITHOUT_PATH_NOT_FOUND,
            r#"
--- log
API call failed (attempt 1/3): NotFoundError [HTTP 404]
   Provider: custom  Model: qwen3
   Endpoint: http://127.0.0.1:11434
             ^^^^^^^^^^^^^^^^^^^^^^ PC922
   Error: HTTP 404: 404 page not found
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &ENDPOINT_WITHOUT_PATH_NOT_FOUND,
            r#"
--- log
API call failed (attempt 1/3): NotFoundError [HTTP 404]
   Provider: custom  Model: qwen3
   Endpoint: http://127.0.0.1:11434/v1
   Error: HTTP 404: 404 page not found
"#,
        );
    }
}
