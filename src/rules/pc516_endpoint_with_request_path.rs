//! PC516: an endpoint that has the path of a request in it.

use super::settings::text_in;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::text::{Place, Search, Span};

declare_rule! {
    /// To the endpoint Hermes adds the path of the request, `/chat/completions` or `/responses`. Where the endpoint has it
    /// already, requests go to `…/chat/completions/chat/completions`, which answers 404.
    ///
    /// ```yaml fires
    /// providers:
    ///   lab:
    ///     base_url: https://api.example.com/v1/chat/completions
    /// ```
    /// ```yaml silent
    /// providers:
    ///   lab:
    ///     base_url: https://api.example.com/v1
    /// ```
    pub static ENDPOINT_WITH_REQUEST_PATH = {
        code: "PC516", name: "endpoint-with-request-path", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{key}` ends with `{path}`, which Hermes adds itself",
        why: "Hermes adds the path of the request to the endpoint: these requests go to `{path}/chat/completions` or the like and fail.",
        todo: "Take `{path}` away from the end.",
        fix_title: "Take `{path}` away",
    }
}

const PATHS: [&str; 3] = ["/chat/completions", "/responses", "/completions"];

fn check(context: &Context<'_>, findings: &mut Findings) {
    for setting in &context.settings {
        let Some((url, place)) = setting.endpoint() else { continue };
        let whole = url.trim_end_matches('/');
        let Some(path) = PATHS.into_iter().find(|path| whole.ends_with(path)).filter(|_| whole.holds("://"))
        else {
            continue;
        };
        findings.report(&ENDPOINT_WITH_REQUEST_PATH, place).with("key", setting.key()).with("path", path);
        if let Some(span) = text_in(context.config_text(), place, url) {
            let start = span.start + whole.len() - path.len();
            findings.replace(Place::new(place.source, Span::new(start, span.end)), "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ENDPOINT_WITH_REQUEST_PATH;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_path_is_taken_away() {
        fires(
            &ENDPOINT_WITH_REQUEST_PATH,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: 'https://h.example/v1/chat/completions/'}
                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC516
custom_providers:
  - name: lab
    url: https://h.example/v1/responses
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC516
--- fixed config.yaml
model: {provider: custom, default: m, base_url: 'https://h.example/v1'}
custom_providers:
  - name: lab
    url: https://h.example/v1
--- says
Hermes adds itself
",
        );
    }

    #[test]
    fn other_paths() {
        silent(
            &ENDPOINT_WITH_REQUEST_PATH,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: 'https://h.example/completions/v1'}
providers: {lab: {base_url: 'https://h.example/api/coding', models: {x: {url: 'http://h/responses'}}}}
",
        );
    }

    #[test]
    fn then_the_endpoint_is_what_the_path_belongs_behind() {
        fires(
            &ENDPOINT_WITH_REQUEST_PATH,
            "\
--- config.yaml
model: {provider: 'custom:lab', default: m}
custom_providers:
- name: lab
  base_url: https://api.example.com/v1/chat/completions
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC516
  key_env: LAB_KEY
--- .env
LAB_KEY=sk-fake-lab-000000
--- fixed config.yaml
model: {provider: 'custom:lab', default: m}
custom_providers:
- name: lab
  base_url: https://api.example.com/v1
  key_env: LAB_KEY
--- then
endpoint: https://api.example.com/v1
nothing is found
",
        );
    }
}
