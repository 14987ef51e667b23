//! PC207: a `model.base_url` that belongs to another provider than the one that is used.

use super::context::config_place;
use super::trial::{emptied, removed};
use super::variables::{FOR_MANY, provider_of_key, variables};
use super::{Context, Findings, declare_rule, whole_lines};
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Places};
use crate::diagnostic::Safety;
use crate::facts::services::Service;
use crate::hermes::destinations::Sender;
use crate::python::{Entry, strip, urlparse};

declare_rule! {
    /// `model.base_url` still names the endpoint of a provider that was used before. Hermes sends the requests,
    /// and with them the key of the present provider, to that endpoint. The endpoint of the same provider in China may be meant:
    /// of that the finding is a note. Many services speak the protocols of Anthropic and OpenAI: what is sent there under those two
    /// names is reported where the key itself says that it is theirs.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model:
    ///   provider: gemini
    ///   base_url: https://api.deepseek.com/v1
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-key-000000
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model:
    ///   provider: gemini
    ///   base_url: https://generativelanguage.googleapis.com/v1beta
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-key-000000
    /// ```
    pub static STALE_BASE_URL = {
        code: "PC207", name: "stale-base-url", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "The key of `{provider}` is sent to the endpoint of `{other}`",
        why: "{why}",
        todo: "{way}",
        command: "hermes config unset model.base_url",
        fix_title: "Delete `base_url`",
        label winner: "this key is sent there",
        part model: "Hermes takes `model.base_url` as the endpoint of the provider that is used now, whatever provider it was written for.",
        part row: "A key of the pool goes to the `base_url` of its row.",
        part endpoint: "Write the endpoint of `{provider}` there: `{url}`. A key of `{other}` belongs into the pool of that one.",
        part stale: "Take `base_url` out: Hermes knows the endpoint of `{provider}`.",
        part of_own: "Write the endpoint of `{provider}` there: without one Hermes has none for it.",
        part region: "Right for a key of that site, and of no use to one of the other: take `base_url` out for that.",
    }
}

/// A `model.base_url` of another service.
pub(super) struct StaleUrl<'c> {
    /// Where it is written.
    pub(super) place: Place,
    entry: &'c Entry,
    provider: &'c str,
    other: &'c str,
    is_in_china: bool,
}

/// The `model.base_url` that sends the key of the provider in use to another service. A key that is of that service is right
/// there, under whatever name it is kept.
pub(super) fn stale_base_url<'c>(context: &'c Context<'_>) -> Option<StaleUrl<'c>> {
    let provider = context.provider()?;
    let _ = context.winner()?;
    let entry = context.config_at(&["model"])?.value.as_dict()?.entry("base_url")?;
    let (url, place) = (entry.value.value.as_str()?, entry.value.place?);
    let written = host(url);
    let is_used = context.runtime().is_some_and(|runtime| host(&runtime.base_url) == written);
    let row = context.facts.providers.get(provider);
    // Under `auto` the endpoint is one of the user's own, and which key may go there is decided by its host.
    let is_asked_for = context.verdict().is_some_and(|verdict| verdict.requested == provider);
    if !is_used || row.is_none() && !(provider == "openrouter" && is_asked_for) {
        return None;
    }
    let own = Service::at(row.map_or_else(|| openrouter(context), |row| &row.inference_base_url));
    let site = Service::at(url)?;
    let sent = context.destinations.iter().find(|sent| sent.sender == Sender::Verdict);
    let owner = sent.and_then(|sent| sent.owner);
    // A service of the same company that Hermes has no provider for is reached in just this way.
    let is_plan = site.provider.is_empty() && own.is_some_and(|own| own.family == site.family);
    if own == Some(site) || site.provider == provider || owner == Some(site) || is_plan {
        return None;
    }
    // Nothing tells whose the key is but the names that it is kept under.
    if owner.is_none() && (FOR_MANY.contains(&provider) || is_kept_for(context, &site.provider)) {
        return None;
    }
    // A key that is of neither is its own cause.
    if owner.is_some_and(|owner| Some(owner) != own && owner.provider != provider) {
        return None;
    }
    let is_known = context.facts.providers.contains_key(&site.provider) || site.provider == "openrouter";
    let other = if is_known { &site.provider } else { &site.name };
    Some(StaleUrl { place, entry, provider, other, is_in_china: is_in_china(&site.provider, provider) })
}

/// The rows of auth.json that send a key of their provider, or of nobody that is known, to another service.
fn rows(context: &Context<'_>, findings: &mut Findings) {
    let sent = || context.destinations.iter().filter(|sent| sent.row.is_some());
    let mut places = Places::new(sent().filter_map(|sent| sent.url_place).collect());
    for sent in sent() {
        let Some(place) = sent.url_place.filter(|place| place.source == SourceKind::AuthStore) else {
            continue;
        };
        let own = Service::of_default(&sent.provider, context.facts);
        let (Some(site), Some(own)) = (sent.site, own) else { continue };
        let is_right = FOR_MANY.contains(&sent.provider.as_str())
            || site.family == own.family
            || sent.owner.is_some_and(|owner| owner != own);
        let Some(row) = context.facts.providers.get(&sent.provider).filter(|_| !is_right) else { continue };
        if !places.take(place) {
            continue;
        }
        findings
            .report(&STALE_BASE_URL, place)
            .with("provider", sent.provider.as_str())
            .with("other", if site.provider.is_empty() { site.name.as_str() } else { &site.provider })
            .with("url", row.inference_base_url.as_str())
            .without_command()
            .part("why", "row")
            .part("way", "endpoint")
            .label("winner", sent.key.place)
            .as_warning();
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    rows(context, findings);
    let Some(stale) = stale_base_url(context) else { return };
    findings
        .report(&STALE_BASE_URL, stale.place)
        .with("provider", stale.provider)
        .with("other", stale.other)
        .part("why", "model")
        .label("winner", context.winner_place());
    if stale.is_in_china {
        findings.part("way", "region").as_note().without_command();
        return;
    }
    let change = removed(context.config_text(), stale.entry).or_else(|| emptied(stale.entry));
    let after = change.and_then(|change| context.verdict_after(&vec![change]));
    if after.is_some_and(|after| after.winner.is_none()) {
        findings.part("way", "of_own").without_command();
        return;
    }
    findings.part("way", "stale");
    if !context.facts.commands.has("config unset") {
        findings.without_command();
    }
    let lines = stale.entry.place.and_then(|whole| whole_lines(context.config_text(), whole.span));
    if let Some(lines) = lines {
        findings.replace(config_place(lines), "");
    }
}

/// Whether the key that is used stands in a variable of `provider` as well.
fn is_kept_for(context: &Context<'_>, provider: &str) -> bool {
    let is_it = |name| provider_of_key(context.facts, name, true) == Some(provider);
    let winner = context.winner();
    variables(context).iter().any(|variable| {
        is_it(variable.name) && winner.is_some_and(|winner| winner.key.is(strip(variable.value)))
    })
}

/// The endpoint of OpenRouter, which is in no registry.
fn openrouter<'c>(context: &Context<'c>) -> &'c str {
    context.facts.urls.get("openrouter").map_or("", String::as_str)
}

/// Whether `other` is `provider` in China: who has a key from there may write its endpoint down beside the provider, which
/// `resolve_runtime_provider` of `hermes_cli/runtime_provider.py` names as what `model.base_url` is read for (#6039).
fn is_in_china(other: &str, provider: &str) -> bool {
    other.strip_suffix("-cn") == Some(provider)
}

/// The host of a URL, `None` where it has none.
fn host(url: &str) -> Option<String> {
    urlparse(url)?.hostname().filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::STALE_BASE_URL;
    use crate::rules::testing::{fires, silent};
    use poolcheck::report::SeverityName;

    /// Asked of 0.19.0: `Azure Foundry requires a base URL`.
    #[test]
    fn a_provider_without_an_endpoint_of_its_own() {
        let report = fires(
            &STALE_BASE_URL,
            "\
--- config.yaml
model:
  provider: azure-foundry
  base_url: https://api.z.ai/api/paas/v4
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC207
  default: m
--- .env
AZURE_FOUNDRY_API_KEY=fake-key-000000
--- no auth.json
--- says
Write the endpoint of `azure-foundry` there
",
        );
        assert!(report.findings.iter().all(|finding| finding.command.is_none() && finding.fix.is_none()));
    }

    #[test]
    fn the_endpoint_of_the_provider_before() {
        fires(
            &STALE_BASE_URL,
            "\
--- config.yaml
model:
  provider: gemini
  base_url: https://api.deepseek.com/v1
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC207
  default: gemini-flash-lite-latest
--- .env
GOOGLE_API_KEY=AIza-fake-key-000000
--- fixed config.yaml
model:
  provider: gemini
  default: gemini-flash-lite-latest
--- says
The key of `gemini` is sent to the endpoint of `deepseek`
--- then
Hermes uses GOOGLE_API_KEY (env:GOOGLE_API_KEY) for gemini
endpoint: https://generativelanguage.googleapis.com/v1beta
model: gemini-flash-lite-latest
nothing is found
",
        );
    }

    #[test]
    fn a_proxy_and_the_own_endpoint_are_fine() {
        for url in ["https://proxy.example/v1", "https://generativelanguage.googleapis.com/v1beta/openai"] {
            silent(
                &STALE_BASE_URL,
                &format!(
                    "--- config.yaml\nmodel: {{provider: gemini, base_url: '{url}'}}\n--- .env\nGOOGLE_API_KEY=AIza-fake-key-000000\n"
                ),
            );
        }
    }

    #[test]
    fn the_endpoint_of_the_same_provider_in_china_is_a_note() {
        for (provider, variable, url) in [
            ("kimi-coding", "KIMI_API_KEY", "https://api.moonshot.cn/v1"),
            ("minimax", "MINIMAX_API_KEY", "https://api.minimaxi.com/anthropic"),
        ] {
            let marks = "^".repeat(url.len());
            let report = fires(
                &STALE_BASE_URL,
                &format!(
                    "--- config.yaml\nmodel:\n  provider: {provider}\n  base_url: {url}\n            {marks} PC207\n\
                     --- .env\n{variable}=sk-fake-key-000000\n--- says\nRight for a key of that site\n"
                ),
            );
            assert!(report.findings.iter().all(|finding| finding.severity == SeverityName::Info));
        }
    }

    /// Many services speak the protocols of Anthropic and OpenAI, and without `base_url` their key would go to those two.
    #[test]
    fn a_key_that_may_be_of_the_endpoint_is_fine() {
        for (provider, url, keys) in [
            ("anthropic", "https://api.minimax.io/anthropic", "ANTHROPIC_API_KEY=sk-api-fake-0000000000\n"),
            (
                "anthropic",
                "https://api.deepseek.com/anthropic",
                "ANTHROPIC_API_KEY=sk-fake-0000000000\nDEEPSEEK_API_KEY=sk-fake-0000000000\n",
            ),
            ("openai-api", "https://api.deepseek.com/v1", "OPENAI_API_KEY=sk-fake-0000000000\n"),
            (
                "kimi-coding",
                "https://api.deepseek.com/v1",
                "KIMI_API_KEY=sk-fake-0000000000\nDEEPSEEK_API_KEY=sk-fake-0000000000\n",
            ),
        ] {
            silent(
                &STALE_BASE_URL,
                &format!(
                    "--- config.yaml\nmodel: {{provider: {provider}, default: m, base_url: '{url}'}}\n--- .env\n{keys}"
                ),
            );
        }
        fires(
            &STALE_BASE_URL,
            "\
--- config.yaml
model:
  provider: anthropic
  base_url: https://api.deepseek.com/anthropic
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC207
--- .env
ANTHROPIC_API_KEY=sk-ant-api03-fake-0000000000
--- fixed config.yaml
model:
  provider: anthropic
",
        );
    }

    /// 0.19.0 sends this key to OpenRouter.
    #[test]
    fn a_row_with_the_endpoint_of_another_provider() {
        let row = |url: &str| {
            format!(
                "{{\"version\": 1, \"credential_pool\": {{\"deepseek\": [{{\"id\": \"a\", \"label\": \"m\", \"auth_type\": \"api_key\", \"priority\": 0, \"source\": \"manual\", \"access_token\": \"sk-fake-key-000000\", \"base_url\":\n  \"{url}\"}}]}}}}"
            )
        };
        let world = |url: &str, mark: &str| {
            let (begin, end) =
                row(url).split_once("\n").map(|(begin, end)| (begin.to_owned(), end.to_owned())).unwrap();
            let (line, rest) = end.split_at(end.find('}').unwrap());
            format!(
                "--- config.yaml\nmodel: {{provider: deepseek, default: m}}\n--- auth.json\n{begin}\n{line}\n{mark}{rest}\n"
            )
        };
        let url = "https://openrouter.ai/api/v1";
        let report = fires(&STALE_BASE_URL, &world(url, &format!("  {} PC207\n", "^".repeat(url.len() + 2))));
        assert!(report.findings.iter().all(|finding| finding.severity == SeverityName::Warning));
        silent(&STALE_BASE_URL, &world("https://api.deepseek.com/v1", ""));
        silent(&STALE_BASE_URL, &world("https://proxy.example/v1", ""));
    }

    /// `hermes config unset` came with 0.19.0.
    #[test]
    fn a_release_without_unset_is_told_no_command() {
        let report = fires(
            &STALE_BASE_URL,
            "\
--- release 0.18.2
--- config.yaml
model:
  provider: gemini
  base_url: https://api.deepseek.com/v1
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC207
--- .env
GOOGLE_API_KEY=AIza-fake-key-000000
--- fixed config.yaml
model:
  provider: gemini
--- then
endpoint: https://generativelanguage.googleapis.com/v1beta
",
        );
        assert!(report.findings.iter().all(|finding| finding.command.is_none()));
    }
}
