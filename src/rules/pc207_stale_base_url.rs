//! PC207: a `model.base_url` that belongs to another provider than the one that is used.

use super::{Context, Findings, declare_rule, whole_lines};
use crate::diagnostic::Safety;
use crate::python::urlparse;
use crate::text::{Edit, SourceKind};

declare_rule! {
    /// `model.base_url` still names the endpoint of a provider that was used before. Hermes sends the requests,
    /// and with them the key of the present provider, to that endpoint.
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
        why: "Hermes takes `model.base_url` as the endpoint of the provider that is used now, whatever provider it was written for.",
        todo: "Take `base_url` out: Hermes knows the endpoint of `{provider}`.",
        command: "hermes config unset model.base_url",
        fix_title: "Delete `base_url`",
        label winner: "this key is sent there",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let (Some(provider), Some(winner)) = (context.provider(), context.winner()) else { return };
    let Some(written) = context.config_at(&["model", "base_url"]) else { return };
    let (Some(url), Some(place)) = (written.value.as_str(), written.place) else { return };
    let runtime = context.verdict().and_then(|verdict| verdict.outcome.as_ref().ok());
    let endpoint = runtime.map(|runtime| host(&runtime.base_url));
    if !context.facts.providers.contains_key(provider) || endpoint != Some(host(url)) {
        return;
    }
    let own = context.facts.providers.get(provider).map(|row| host(&row.inference_base_url));
    let owners =
        context.facts.providers.values().iter().filter(|row| host(&row.inference_base_url) == host(url));
    let mut owners = owners.map(|row| row.id.as_str());
    let Some(other) = owners.next().filter(|_| own.is_some_and(|own| own != host(url))) else { return };
    if other == provider || owners.any(|owner| owner == provider) {
        return;
    }
    let mut finding = findings.report(&STALE_BASE_URL, place).with("provider", provider).with("other", other);
    if let Some(place) = winner.place {
        finding = finding.label("winner", place);
    }
    let entry = context.config_at(&["model"]).and_then(|model| model.value.as_dict()?.entry("base_url"));
    let lines = entry.and_then(|entry| whole_lines(context.config_text(), entry.place?.span));
    match lines {
        Some(lines) => finding.fix(SourceKind::Config, vec![Edit::delete(lines)]),
        None => finding.done(),
    }
}

/// The host of a URL, `None` where it has none.
fn host(url: &str) -> Option<String> {
    urlparse(url)?.hostname().filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::STALE_BASE_URL;
    use crate::rules::testing::{fires, silent};

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
}
