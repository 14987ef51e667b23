//! PC309: a row that was added by hand and has no `base_url`.

use super::lines::quoted;
use super::variables::{is_plain, variables};
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextMap;
use crate::base::text::{Place, Search, Span};
use crate::diagnostic::Safety;
use crate::facts::Provider;

declare_rule! {
    /// Where a row of the pool is used, Hermes takes the endpoint from that row too. For most providers it looks
    /// nowhere else: a row without `base_url`, as one that was written by hand, resolves to an empty endpoint, whatever
    /// `model.base_url` says. `hermes auth add` writes the endpoint into the row.
    ///
    /// ```json fires
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"label": "first", "source": "manual", "access_token": "AIza-fake-first-0000"}]}}
    /// ```
    /// ```json silent
    /// {"version": 1, "providers": {}, "credential_pool": {"anthropic": [
    ///   {"label": "first", "source": "manual", "access_token": "sk-ant-fake-first-0000"}]}}
    /// ```
    pub static ROW_WITHOUT_BASE_URL = {
        code: "PC309", name: "row-without-base-url", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "Row {row} of the pool `{pool}` has no `base_url`: with it Hermes has no endpoint",
        why: "For `{id}` Hermes takes the endpoint from the row that it uses, and from nowhere else: `model.base_url` and the provider's default do not fill in.",
        todo: "Add `\"base_url\": \"{url}\"` to the row.",
        fix_title: "Add the endpoint of `{id}`",
    }
}

/// Providers whose endpoint comes from elsewhere where a row has none, each tried with the real program of every release.
const FILLED_IN: [&str; 3] = ["anthropic", "azure-foundry", "copilot"];

fn check(context: &Context<'_>, findings: &mut Findings) {
    // Where the endpoint of such a row comes from in 0.21.4 was not read.
    if context.is_read_only() {
        return;
    }
    let names = &context.pool_names;
    let addresses = addresses(context);
    for row in &context.stored_rows() {
        let lacks_url =
            row.is_manual() && row.is_key() && row.node.has("access_token") && !row.node.has("base_url");
        let (Some(place), true) = (row.place(), lacks_url) else { continue };
        let Some(provider) = names.provider(row.pool).and_then(|id| context.facts.providers.get(&id)) else {
            continue;
        };
        let id = provider.id.as_str();
        let is_filled_in =
            FILLED_IN.contains(&id) || (id == "lmstudio" && context.facts.behaviour.settles_lmstudio_urls);
        if provider.auth_type != "api_key" || provider.inference_base_url.is_empty() || is_filled_in {
            continue;
        }
        let url = endpoint_of(provider, &addresses);
        findings.report_row(&ROW_WITHOUT_BASE_URL, row, place).with("id", id).with("url", url);
        match row.node.get("base_url") {
            Some(empty) => {
                if let Some(empty) = empty.place {
                    findings.replace(empty, &quoted(url));
                }
            }
            None => {
                let ends = row.node.entries().into_iter().filter_map(|entry| entry.place);
                if let Some(end) = ends.map(|place| place.span.end).max() {
                    let field = [", \"base_url\": ", &quoted(url)].concat();
                    findings.replace(Place::new(place.source, Span::at(end)), &field);
                }
            }
        }
    }
}

/// What a row of `provider` has to say of its endpoint: for a key from a variable Hermes takes the address from the provider's
/// variable first, and for a stored row it does not read that one.
pub(super) fn endpoint_of<'c>(provider: &'c Provider, addresses: &TextMap<&'c str>) -> &'c str {
    addresses.get(&provider.base_url_env_var).copied().unwrap_or(&provider.inference_base_url)
}

/// The variables that hold an address.
pub(super) fn addresses<'c>(context: &'c Context<'_>) -> TextMap<&'c str> {
    let mut addresses = TextMap::new();
    for variable in &variables(context) {
        if variable.value.holds("://") && is_plain(context.facts, variable.value) {
            addresses.insert(variable.name, variable.value);
        }
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::ROW_WITHOUT_BASE_URL;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_endpoint_is_added() {
        fires(
            &ROW_WITHOUT_BASE_URL,
            r#"--- config.yaml
model: {provider: deepseek}
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"access_token": "sk-fake-first-0000"},
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC309
  {"label": "two", "source": "manual", "base_url": "", "access_token": "sk-fake-second-000"}
            ^^^^^ PC309
], "Google": [
  {"label": "three", "access_token": "AIza-fake-third-000"}
            ^^^^^^^ PC309
]}}
--- says
For `gemini` Hermes takes the endpoint
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"},
  {"label": "two", "source": "manual", "base_url": "https://api.deepseek.com/v1", "access_token": "sk-fake-second-000"}
], "Google": [
  {"label": "three", "access_token": "AIza-fake-third-000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}
]}}
--- then
endpoint: https://api.deepseek.com/v1
"#,
        );
    }

    /// Beside the provider's own endpoint in the row Hermes takes `model.base_url`; beside none it takes neither.
    #[test]
    fn an_endpoint_of_config_yaml_counts_again() {
        fires(
            &ROW_WITHOUT_BASE_URL,
            r#"--- config.yaml
model: {provider: deepseek, base_url: "https://relay.example/v1"}
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [{"label": "one", "access_token": "sk-fake-first-0000"}]}}
                                                                           ^^^^^ PC309
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [{"label": "one", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"}]}}
--- then
Hermes uses one (manual) for deepseek
endpoint: https://relay.example/v1
nothing is found
"#,
        );
    }

    /// Asked of 0.19.0: the variable of the endpoint does not fill in either, nor does it beat what the row says.
    #[test]
    fn the_endpoint_of_the_variable_goes_into_the_row() {
        fires(
            &ROW_WITHOUT_BASE_URL,
            r#"--- config.yaml
model: {provider: deepseek}
--- .env
DEEPSEEK_BASE_URL=https://relay.example/v1
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [{"label": "one", "access_token": "sk-fake-first-0000"}]}}
                                                                           ^^^^^ PC309
--- says
Add `"base_url": "https://relay.example/v1"` to the row.
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [{"label": "one", "access_token": "sk-fake-first-0000", "base_url": "https://relay.example/v1"}]}}
--- then
Hermes uses one (manual) for deepseek
endpoint: https://relay.example/v1
nothing is found
"#,
        );
    }

    #[test]
    fn where_the_endpoint_comes_from_elsewhere() {
        silent(
            &ROW_WITHOUT_BASE_URL,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "openrouter": [{"source": "manual", "access_token": "sk-or-fake-first-0000"}],
  "copilot": [{"source": "manual", "access_token": "gho-fake-first-0000"}],
  "custom:acme": [{"source": "manual", "access_token": "sk-fake-first-0000"}],
  "gemini": [{"source": "env:GOOGLE_API_KEY", "label": "GOOGLE_API_KEY"}],
  "openai-codex": [{"source": "manual:device_code", "auth_type": "oauth", "access_token": "fake-token-000000"}]}}
"#,
        );
    }

    /// Asked of each release: before 0.18.2 LM Studio's endpoint is empty too.
    #[test]
    fn lm_studio_has_an_endpoint_from_0_18_2_on() {
        let row = "--- auth.json\n{\"credential_pool\": {\"lmstudio\": [{\"access_token\": \"lm-fake-first-0000\"}]}}\n";
        silent(&ROW_WITHOUT_BASE_URL, &["--- release 0.18.2\n", row].concat());
        let fixed = "                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC309
--- fixed auth.json
{\"credential_pool\": {\"lmstudio\": [{\"access_token\": \"lm-fake-first-0000\", \"base_url\": \"http://127.0.0.1:1234/v1\"}]}}
";
        fires(&ROW_WITHOUT_BASE_URL, &["--- release 0.17.0\n", row, fixed].concat());
    }
}
