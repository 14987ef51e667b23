//! PC204: a key in a `providers:` block of a built-in provider, which Hermes never reads.

use super::lines::name_at;
use super::pools::endpoint_name;
use super::references::reference;
use super::trial::{Change, replaced};
use super::variables::provider_of_key;
use super::{Context, Findings, declare_rule};
use crate::base::text::Place;
use crate::diagnostic::Safety;
use crate::facts::services::Service;
use crate::hermes::Candidate;
use crate::python::{Node, strip};

declare_rule! {
    /// `providers:` and `custom_providers:` are for endpoints of your own. A block with the name of a built-in provider may
    /// disable it (from 0.19.0 on), but under that name its endpoint, `api_key` and `key_env` are never read: the key of a built-in
    /// provider comes from the credential pool or from the provider's own variable. `custom:` before the name asks for the block.
    ///
    /// ```yaml fires
    /// model: {provider: deepseek}
    /// providers:
    ///   deepseek:
    ///     api_key: sk-fake-key-000000
    /// ```
    /// ```yaml silent
    /// model: {provider: acme}
    /// providers:
    ///   acme:
    ///     base_url: https://acme.example/v1
    ///     api_key: sk-fake-key-000000
    /// ```
    pub static PROVIDER_BLOCK_KEY_ON_BUILT_IN = {
        code: "PC204", name: "provider-block-key-on-built-in", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "{what}",
        why: "{why}",
        todo: "{way}",
        command: "hermes auth add {provider} --type api-key",
        fix_title: "Write `custom:{name}`",
        label winner: "this key is used instead",
        part never: "`{path}` is never used",
        part passed_over: "`{path}` is not used for `{provider}`",
        part built_in: "`{provider}` is a built-in provider: Hermes takes its key from the credential pool or from {variable}, not from `{section}:`.",
        part own_endpoint: "`{provider}` is a built-in provider: under this name Hermes takes its own endpoint and key, and nothing of this block, which is for {endpoint}.",
        part add: "Add the key to the pool; Hermes asks for it. Or put it into `.env` as {variable}.",
        part ask: "If this endpoint is meant, write `provider: custom:{name}`.",
        part rename: "If this endpoint is meant, give the block a name that no provider has, and ask for that.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(provider) = context.provider() else { return };
    let Some(variable) = context.pool_variable(provider) else { return };
    for (loser, path) in &context.unread_keys() {
        let (Some(place), Some(block)) = (loser.place, block_at(context, path)) else { continue };
        if context.uses_key_of(loser) {
            continue;
        }
        let endpoint = endpoint_of(block.node).filter(|url| !is_own(context, provider, url));
        if endpoint.is_none() && repeats(context, path, place, provider) {
            continue;
        }
        findings
            .report(&PROVIDER_BLOCK_KEY_ON_BUILT_IN, place)
            .with("path", *path)
            .with("provider", provider)
            .with("variable", variable)
            .with("section", block.section)
            .label("winner", context.winner_place());
        if context.is_left_without_key() {
            findings.as_error();
        }
        let Some(endpoint) = endpoint else {
            findings.part("what", "never").part("why", "built_in").part("way", "add");
            continue;
        };
        let name = endpoint_name(block.name);
        let change = asked_for(context, loser, &name);
        findings
            .with("name", name)
            .with("endpoint", endpoint)
            .without_command()
            .part("what", "passed_over")
            .part("why", "own_endpoint")
            .part("way", if change.is_some() { "ask" } else { "rename" });
        if let Some(change) = change {
            findings.change(change);
        }
    }
}

/// A block of `providers` or `custom_providers`.
struct Named<'c> {
    section: &'static str,
    name: &'c str,
    node: &'c Node,
}

/// The block of config.yaml in which the key at `path` stands.
fn block_at<'c>(context: &Context<'c>, path: &'c str) -> Option<Named<'c>> {
    let (block, _) = path.rsplit_once('.')?;
    if let Some(name) = block.strip_prefix("providers.") {
        return Some(Named { section: "providers", name, node: context.config_at(&["providers", name])? });
    }
    let section = "custom_providers";
    let at: usize = block.strip_prefix(section)?.strip_prefix('[')?.strip_suffix(']')?.parse().ok()?;
    let node = context.config_at(&[section])?.items().get(at)?;
    Some(Named { section, name: node.text("name")?, node })
}

/// The endpoint that a block names.
fn endpoint_of(block: &Node) -> Option<&str> {
    ["base_url", "url", "api"].into_iter().find_map(|key| block.text(key)).filter(|url| !url.is_empty())
}

/// Whether `url` is where the keys of `provider` go anyway.
fn is_own(context: &Context<'_>, provider: &str, url: &str) -> bool {
    let own = Service::of_default(provider, context.facts);
    own.is_some_and(|own| Service::at(url) == Some(own))
}

/// Whether what stands at `place` names a variable that Hermes reads for `provider` anyway.
fn repeats(context: &Context<'_>, path: &str, place: Place, provider: &str) -> bool {
    let written = strip(place.span.of(context.text_of(place.source)).trim_matches(['"', '\'']));
    let name =
        if path.ends_with(".key_env") { Some(written) } else { reference(written).map(|found| found.name) };
    name.is_some_and(|name| provider_of_key(context.facts, name, false) == Some(provider))
}

/// What asks for the endpoint of one's own by its name `name`, where that sends its key.
fn asked_for(context: &Context<'_>, key: &Candidate, name: &str) -> Option<Change> {
    let request = context.request.as_ref().filter(|request| request.path == "model.provider")?;
    if name_at(context.text_of(request.place.source), request.place) != request.name {
        return None;
    }
    let change = vec![replaced(request.place, &["custom:", name].concat())];
    let after = context.verdict_after(&change)?;
    after.winner.is_some_and(|winner| winner.key == key.key).then_some(change)
}

#[cfg(test)]
mod tests {
    use super::PROVIDER_BLOCK_KEY_ON_BUILT_IN;
    use crate::rules::testing::{fires, silent};
    use poolcheck::report::SeverityName;

    #[test]
    fn a_block_of_a_built_in_provider_is_not_read() {
        fires(
            &PROVIDER_BLOCK_KEY_ON_BUILT_IN,
            "\
--- config.yaml
model: {provider: deepseek}
providers:
  deepseek:
    api_key: sk-fake-key-000000
             ^^^^^^^^^^^^^^^^^^ PC204
--- says
hermes auth add deepseek --type api-key
",
        );
    }

    #[test]
    fn a_block_of_openrouter_without_an_endpoint() {
        let report = fires(
            &PROVIDER_BLOCK_KEY_ON_BUILT_IN,
            "\
--- config.yaml
model: {provider: openrouter, default: m}
providers:
  openrouter:
    api_key: sk-or-fake-key-000000
             ^^^^^^^^^^^^^^^^^^^^^ PC204
--- no .env
--- no auth.json
--- says
`providers.openrouter.api_key` is never used
from the credential pool or from OPENROUTER_API_KEY, not from `providers:`
",
        );
        assert!(report.findings.iter().any(|finding| finding.severity == SeverityName::Error));
    }

    /// Asked for as `deepseek`, 0.19.0 sends the key of DeepSeek to api.deepseek.com; asked for as `custom:deepseek`, it sends this one
    /// to the relay.
    #[test]
    fn a_relay_under_the_name_of_a_provider() {
        for (section, at) in [
            ("providers:\n  deepseek:\n", "providers.deepseek"),
            ("custom_providers:\n  - name: deepseek\n", "custom_providers[0]"),
        ] {
            let block = format!(
                "{section}    base_url: https://relay.example/v1\n    api_key: sk-fake-relay-000000\n"
            );
            fires(
                &PROVIDER_BLOCK_KEY_ON_BUILT_IN,
                &format!(
                    "--- config.yaml\nmodel: {{provider: deepseek, default: m}}\n{block}             ^^^^^^^^^^^^^^^^^^^^ PC204\n\
                     --- .env\nDEEPSEEK_API_KEY=sk-fake-key-000000\n\
                     --- fixed config.yaml\nmodel: {{provider: custom:deepseek, default: m}}\n{block}\
                     --- then\nendpoint: https://relay.example/v1\n\
                     --- says\n`{at}.api_key` is not used for `deepseek`\nnothing of this block, which is for https://relay.example/v1\n"
                ),
            );
        }
        let report = fires(
            &PROVIDER_BLOCK_KEY_ON_BUILT_IN,
            "\
--- config.yaml
model: {provider: deepseek, default: m}
providers:
  deepseek:
    base_url: https://api.deepseek.com/v1
    api_key: sk-fake-key-000000
             ^^^^^^^^^^^^^^^^^^ PC204
",
        );
        assert!(report.findings.iter().any(|finding| finding.command.is_some()));
    }

    #[test]
    fn custom_providers_and_disabling_are_fine() {
        silent(
            &PROVIDER_BLOCK_KEY_ON_BUILT_IN,
            "\
--- config.yaml
model: {provider: acme}
providers:
  acme: {base_url: 'https://acme.example/v1', api_key: sk-fake-key-000000}
  deepseek: {enabled: false, api_key: '${DEEPSEEK_API_KEY}'}
",
        );
    }
}
