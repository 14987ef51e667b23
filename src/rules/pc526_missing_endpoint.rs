//! PC526: a provider that has no endpoint of its own, and none is set.

use super::trial::{Change, replaced};
use super::variables::variables;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::hermes::verdict::Verdict;
use crate::python::{closest, lower, strip};

declare_rule! {
    /// The endpoint of `azure-foundry` is each user's own: Hermes knows none. It takes it from `model.base_url`, where
    /// `model.provider` is written `azure-foundry`, or from `AZURE_FOUNDRY_BASE_URL`, and stops where it finds neither, whatever key
    /// there is. Under another name of the provider, as `azure`, it goes on without one.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: azure-foundry, default: gpt-4.1}
    /// --- .env
    /// AZURE_FOUNDRY_API_KEY=fake0123456789abcdef
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: azure-foundry, default: gpt-4.1}
    /// --- .env
    /// AZURE_FOUNDRY_API_KEY=fake0123456789abcdef
    /// AZURE_FOUNDRY_BASE_URL=https://my-resource.openai.azure.com/openai/v1
    /// ```
    pub static MISSING_ENDPOINT = {
        code: "PC526", name: "missing-endpoint", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "There is no endpoint for `{provider}`",
        why: "{reason}",
        todo: "{way}",
        fix_title: "Write `{title}`",
        part neither: "Hermes takes it from `model.base_url` or from `{variable}`, finds neither, and stops before it looks for a key.",
        part another_name: "Hermes reads `model.base_url` only where `model.provider` is written `{provider}`, and `{variable}` is not set.",
        part variable: "Hermes takes it from `{variable}`, which is not set.",
        part write: "Write the endpoint of your resource into `.env` as `{variable}`.",
        part rename: "`{near}` holds an address: call it `{variable}`.",
        part name: "Write `{provider}` as `model.provider`.",
    }
}

/// How close the name of a variable with an address has to be.
const CUTOFF: f64 = 0.6;

fn check(context: &Context<'_>, findings: &mut Findings) {
    let (Some(provider), Some(request)) = (context.provider(), context.request.as_ref()) else { return };
    let row = context.facts.providers.get(provider).filter(|row| !row.base_url_env_var.is_empty());
    let Some(row) = row else { return };
    // The variable may be in what was not pasted.
    if !context.world.given.dotenv.is_given() {
        return;
    }
    let Some(verdict) = context.keyed_verdict().filter(|verdict| has_none(verdict)) else { return };
    let mends = |change: &Change| {
        let change = change.iter().cloned().chain(context.missing_key()).collect();
        let after = context.verdict_after(&change);
        after.is_some_and(|after| after.outcome.is_ok() && !has_none(&after))
    };
    let fixes = findings.list.iter().filter_map(|finding| finding.fix.as_ref());
    let mut of_others = fixes.map(|fix| {
        let all =
            fix.edits.iter().flat_map(|(source, edits)| edits.iter().map(|edit| (*source, edit.clone())));
        all.collect::<Change>()
    });
    // Another rule knows where the endpoint is.
    if of_others.any(|change| mends(&change)) {
        return;
    }
    findings
        .report(&MISSING_ENDPOINT, request.place)
        .with("provider", provider)
        .with("variable", row.base_url_env_var.as_str());
    let own = context.loaded_at(&["model", "base_url"]).and_then(|node| node.value.as_str());
    if request.path == "model.provider" && own.is_some_and(|url| !strip(url).is_empty()) {
        findings.part("reason", "another_name").part("way", "name").with("title", provider);
        let change = vec![replaced(request.place, provider)];
        if mends(&change) {
            findings.change(change);
        }
        return;
    }
    findings.part("reason", if verdict.lacks_endpoint { "neither" } else { "variable" });
    let mut set = variables(context);
    set.retain(|own| is_address(own.value) && !context.facts.env.knows(own.name));
    let names: Vec<&str> = set.iter().map(|own| own.name).collect();
    let near = closest(&row.base_url_env_var, &names, CUTOFF)
        .and_then(|near| set.iter().find(|own| own.name == near))
        .map(|near| (near.name, vec![replaced(near.name_place, &row.base_url_env_var)]))
        .filter(|(_, change)| mends(change));
    match near {
        Some((near, change)) => {
            findings.with("near", near).part("way", "rename");
            findings.with("title", row.base_url_env_var.as_str()).change(change);
        }
        None => {
            findings.part("way", "write");
        }
    }
}

/// Whether Hermes stops for want of the endpoint, or goes on without one.
pub(super) fn has_none(verdict: &Verdict) -> bool {
    let is_blank = verdict.outcome.as_ref().is_ok_and(|runtime| runtime.base_url.is_empty());
    verdict.lacks_endpoint || is_blank && verdict.provider.as_deref() == Some("azure-foundry")
}

fn is_address(value: &str) -> bool {
    let value = lower(strip(value));
    value.starts_with("https://") || value.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::MISSING_ENDPOINT;
    use crate::rules::testing::{fires, silent};

    /// Expected: tests/evidence/PC526.json.
    #[test]
    fn an_endpoint_that_nothing_names() {
        let report = fires(
            &MISSING_ENDPOINT,
            "\
--- config.yaml
model: {provider: azure-foundry, default: gpt-4.1}
                  ^^^^^^^^^^^^^ PC526
--- .env
AZURE_FOUNDRY_API_KEY=fake0123456789abcdef
--- no auth.json
--- environment
PATH=/bin
--- says
There is no endpoint for `azure-foundry`
Write the endpoint of your resource into `.env` as `AZURE_FOUNDRY_BASE_URL`
",
        );
        assert_eq!(report.findings.len(), 1);
        assert_eq!(report.verdict.summary.as_str(), "Hermes stops: it has no endpoint for azure-foundry.");
        let reason = report.verdict.losers[0].reason.as_str();
        assert_eq!(reason, "Hermes stops for want of an endpoint, before it looks for a key");
    }

    /// Asked of 0.19.0: as `azure-ai-foundry` the provider stops for want of a key first, and has no endpoint behind it.
    #[test]
    fn an_endpoint_that_is_missing_behind_a_missing_key() {
        let report = fires(
            &MISSING_ENDPOINT,
            "\
--- config.yaml
model: {provider: azure-ai-foundry, default: grok-4}
                  ^^^^^^^^^^^^^^^^ PC526
--- no .env
--- no auth.json
--- says
Hermes takes it from `AZURE_FOUNDRY_BASE_URL`, which is not set.
",
        );
        let codes: Vec<&str> = report.findings.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, ["PC526", "PC523"]);
    }

    #[test]
    fn the_address_has_another_name() {
        fires(
            &MISSING_ENDPOINT,
            "\
--- config.yaml
model: {provider: azure-foundry, default: gpt-4.1}
                  ^^^^^^^^^^^^^ PC526
--- .env
AZURE_FOUNDRY_API_KEY=fake0123456789abcdef
AZURE_FOUNDRY_ENDPOINT=https://mine.openai.azure.com/openai/v1
--- fixed .env
AZURE_FOUNDRY_API_KEY=fake0123456789abcdef
AZURE_FOUNDRY_BASE_URL=https://mine.openai.azure.com/openai/v1
--- says
`AZURE_FOUNDRY_ENDPOINT` holds an address
--- then
endpoint: https://mine.openai.azure.com/openai/v1
Hermes uses AZURE_FOUNDRY_API_KEY
",
        );
    }

    #[test]
    fn under_another_name_of_the_provider_the_address_is_not_read() {
        fires(
            &MISSING_ENDPOINT,
            "\
--- config.yaml
model: {provider: azure, default: gpt-4.1, base_url: 'https://mine.openai.azure.com/openai/v1'}
                  ^^^^^ PC526
--- .env
AZURE_FOUNDRY_API_KEY=fake0123456789abcdef
--- fixed config.yaml
model: {provider: azure-foundry, default: gpt-4.1, base_url: 'https://mine.openai.azure.com/openai/v1'}
--- says
only where `model.provider` is written `azure-foundry`
--- then
endpoint: https://mine.openai.azure.com/openai/v1
",
        );
    }

    #[test]
    fn what_another_rule_mends_is_told_there() {
        silent(
            &MISSING_ENDPOINT,
            "--- config.yaml\nmodel: {provider: azure-foundry, default: gpt-4.1, endpoint: 'https://mine.openai.azure.com/openai/v1'}\n--- .env\nAZURE_FOUNDRY_API_KEY=fake0123456789abcdef\n",
        );
    }

    #[test]
    fn what_was_not_pasted_may_hold_it() {
        silent(&MISSING_ENDPOINT, "--- config.yaml\nmodel: {provider: azure-foundry, default: gpt-4.1}\n");
    }
}
