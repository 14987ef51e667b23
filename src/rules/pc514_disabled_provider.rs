//! PC514: the provider that is asked for is disabled.

use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::diagnostic::Safety;
use crate::hermes::Stop;

declare_rule! {
    /// `providers.NAME.enabled: false` stops every resolution that asks for exactly this name. Hermes does not look for
    /// another provider.
    ///
    /// ```yaml fires
    /// model: {provider: gemini}
    /// providers:
    ///   gemini: {enabled: false}
    /// ```
    /// ```yaml silent
    /// model: {provider: gemini}
    /// providers:
    ///   deepseek: {enabled: false}
    /// ```
    pub static DISABLED_PROVIDER = {
        code: "PC514", name: "disabled-provider", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "`{name}` is disabled, and `{path}` asks for it",
        why: "`providers.{name}.enabled` is false, and Hermes stops with an error when this provider is asked for.",
        todo: "Set it to `true`, or name another provider in `{path}`.",
        fix_title: "Enable `{name}`",
        label request: "asked for here",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let (Some(verdict), Some(request)) = (context.verdict(), &context.request) else { return };
    let raised = verdict.outcome.as_ref().err().and_then(Stop::exception);
    let is_disabled = raised
        .is_some_and(|raised| raised.kind == "ValueError" && raised.message.holds("is disabled in config"));
    let switch = context.loaded_at(&["providers", request.name.as_str(), "enabled"]);
    let Some(place) = switch.and_then(|node| node.place).filter(|_| is_disabled) else { return };
    findings
        .report(&DISABLED_PROVIDER, place)
        .with("name", request.name.as_str())
        .with("path", request.path)
        .label("request", Some(request.place))
        .replace(place, "true");
}

#[cfg(test)]
mod tests {
    use super::DISABLED_PROVIDER;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_switch_is_shown() {
        fires(
            &DISABLED_PROVIDER,
            "\
--- config.yaml
model: {provider: Gemini}
providers:
  gemini:
    enabled: 'off'
             ^^^^^ PC514
--- fixed config.yaml
model: {provider: Gemini}
providers:
  gemini:
    enabled: true
--- says
`gemini` is disabled, and `model.provider` asks for it
",
        );
    }

    /// Observed: the name is compared as it is asked for.
    #[test]
    fn an_alias_and_another_provider() {
        silent(
            &DISABLED_PROVIDER,
            "--- config.yaml\nmodel: {provider: google}\nproviders: {gemini: {enabled: false}, xai: {enabled: false}}\n",
        );
    }

    #[test]
    fn then_it_is_used_with_its_key() {
        fires(
            &DISABLED_PROVIDER,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
providers:
  gemini: {enabled: false}
                    ^^^^^ PC514
--- .env
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
providers:
  gemini: {enabled: true}
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
",
        );
    }
}
