//! PC516: an endpoint that has the path of a request in it.

use super::settings::text_in;
use super::variables::variables;
use super::{Context, Findings, declare_rule};
use crate::base::text::{Place, Search, Span};
use crate::diagnostic::Safety;
use crate::python::strip;

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

/// Those that say so only behind `/v1`: alone they may be a part of an address.
const BEHIND_V1: [&str; 2] = ["/messages", "/models"];

/// The path of a request at the end of `url`, and where it begins.
fn request_path(url: &str) -> Option<(&'static str, usize)> {
    let whole = url.trim_end_matches('/');
    let is_behind = |path: &&str| whole.strip_suffix(*path).is_some_and(|rest| rest.ends_with("/v1"));
    let path = PATHS.into_iter().find(|path| whole.ends_with(path));
    let path = path.or(BEHIND_V1.into_iter().find(is_behind)).filter(|_| whole.holds("://"))?;
    Some((path, whole.len() - path.len()))
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    in_variables(context, findings);
    for setting in &context.settings {
        let Some((url, place)) = setting.endpoint() else { continue };
        let Some((path, begin)) = request_path(url) else { continue };
        findings.report(&ENDPOINT_WITH_REQUEST_PATH, place).with("key", setting.key()).with("path", path);
        if let Some(span) = text_in(context.config_text(), place, url) {
            findings.replace(Place::new(place.source, Span::new(span.start + begin, span.end)), "");
        }
    }
}

/// The variables that give an endpoint to a key, as they stand.
fn in_variables(context: &Context<'_>, findings: &mut Findings) {
    let plain = |url: &str| url.trim_end_matches('/').to_owned();
    for variable in variables(context) {
        let url = strip(variable.value);
        let Some((path, begin)) = request_path(url) else { continue };
        let is_sent_to = |sent: &str| plain(sent) == plain(url);
        let is_used = context.destinations.iter().any(|sent| is_sent_to(&sent.url))
            || context.runtime().is_some_and(|runtime| is_sent_to(&runtime.base_url));
        if !is_used {
            continue;
        }
        findings
            .report(&ENDPOINT_WITH_REQUEST_PATH, variable.value_place)
            .with("key", variable.name)
            .with("path", path);
        if !variable.is_literal(context) {
            continue;
        }
        // White space around the value may stay.
        let start = variable.value.len() - variable.value.trim_start().len() + begin;
        let end = variable.value.trim_end().len();
        findings.replace(variable.part_place(context, Span::new(start, end)), "");
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

    /// `_resolve_zai_base_url` gives back `GLM_BASE_URL` as it stands.
    #[test]
    fn the_variable_of_an_endpoint() {
        fires(
            &ENDPOINT_WITH_REQUEST_PATH,
            "\
--- config.yaml
model: {provider: zai, default: m}
--- .env
GLM_API_KEY=0123456789abcdef0123456789abcdef.fakefakefakefake
GLM_BASE_URL=\"https://open.bigmodel.cn/api/coding/paas/v4/chat/completions\"
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC516
--- fixed .env
GLM_API_KEY=0123456789abcdef0123456789abcdef.fakefakefakefake
GLM_BASE_URL=\"https://open.bigmodel.cn/api/coding/paas/v4\"
--- says
`GLM_BASE_URL` ends with `/chat/completions`
--- then
endpoint: https://open.bigmodel.cn/api/coding/paas/v4
nothing is found
",
        );
        // Nothing is sent there.
        silent(
            &ENDPOINT_WITH_REQUEST_PATH,
            "--- config.yaml\nmodel: {provider: deepseek}\n--- .env\nMY_SERVER=https://h.example/v1/chat/completions\n",
        );
    }

    /// Asked of 0.19.0: the endpoint as it stands; from one in Anthropic's form Hermes takes `/v1` away and adds `/v1/messages`.
    #[test]
    fn the_paths_of_other_requests() {
        for (written, meant) in [
            ("http://10.0.0.2:1234/v1/models", "http://10.0.0.2:1234/v1"),
            ("https://h.example/v1/messages", "https://h.example/v1"),
        ] {
            fires(
                &ENDPOINT_WITH_REQUEST_PATH,
                &format!(
                    "--- config.yaml\nproviders:\n  lab:\n    base_url: {written}\n              {} PC516\n--- fixed config.yaml\nproviders:\n  lab:\n    base_url: {meant}\n",
                    "^".repeat(written.len())
                ),
            );
        }
        silent(
            &ENDPOINT_WITH_REQUEST_PATH,
            "--- config.yaml\nproviders: {lab: {base_url: 'https://h.example/models'}}\n",
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
