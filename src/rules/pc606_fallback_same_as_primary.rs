//! PC606: a fallback that is the provider and model in use.

use super::{Context, Findings, declare_rule};
use crate::python::{lower, strip};

declare_rule! {
    /// When the provider in use fails, Hermes skips the entries of the fallback chain that have its provider and model, even
    /// where their `base_url` is another one: `Fallback skip: chain entry … matches current provider/model`.
    ///
    /// ```yaml fires
    /// model: {provider: gemini, default: gemini-3.1-pro}
    /// fallback_providers:
    ///   - {provider: gemini, model: gemini-3.1-pro}
    /// ```
    /// ```yaml silent
    /// model: {provider: gemini, default: gemini-3.1-pro}
    /// fallback_providers:
    ///   - {provider: gemini, model: gemini-3.1-flash-lite-preview}
    /// ```
    pub static FALLBACK_SAME_AS_PRIMARY = {
        code: "PC606", name: "fallback-same-as-primary", severity: Warning, since: "0.1.0",
        fix: None,
        what: "This fallback is the provider and model that are in use",
        why: "When `{provider}` with `{model}` fails, Hermes skips the entries that have this provider and model, even where `base_url` is another one.",
        todo: "Name another provider or another model, or delete the entry. For more keys of one provider, add them to its credential pool.",
        label primary: "in use",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // Whether 0.21.4 looks at the endpoint was not read.
    if context.is_read_only() {
        return;
    }
    let Some(verdict) = context.verdict() else { return };
    // Where a key is missing the provider is known all the same.
    let provider =
        verdict.outcome.as_ref().map_or(verdict.provider.as_deref(), |runtime| Some(&runtime.provider));
    let (Some(provider), Some(model)) = (provider, &verdict.model) else { return };
    for entry in &context.fallback.kept {
        let text = |name: &str| entry.text(name).map(strip);
        let is_same =
            text("provider").map(lower).as_deref() == Some(provider) && text("model") == Some(model.as_str());
        if let Some(place) = entry.get("model").and_then(|node| node.place).filter(|_| is_same) {
            findings
                .report(&FALLBACK_SAME_AS_PRIMARY, place)
                .with("provider", provider)
                .with("model", model.as_str())
                .label("primary", context.request.as_ref().map(|request| request.place));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FALLBACK_SAME_AS_PRIMARY;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn another_endpoint_does_not_help() {
        fires(
            &FALLBACK_SAME_AS_PRIMARY,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: 'http://one/v1', api_key: sk-fake-old-000000}
fallback_providers:
  - {provider: Custom, model: ' m ', base_url: 'http://two/v1'}
                              ^^^^^ PC606
--- says
When `custom` with `m` fails
",
        );
    }

    #[test]
    fn another_model_another_provider_or_no_primary() {
        silent(
            &FALLBACK_SAME_AS_PRIMARY,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: 'http://one/v1'}
fallback_providers:
  - {provider: custom, model: n, base_url: 'http://one/v1'}
  - {provider: openrouter, model: m}
",
        );
        silent(
            &FALLBACK_SAME_AS_PRIMARY,
            "--- config.yaml\nmodel: {provider: qqqq, default: m}\nfallback_model: {provider: qqqq, model: m}\n",
        );
    }
}
