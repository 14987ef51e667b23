//! PC501: a provider that older releases had.

use super::odd_names::{NameUse, Oddity, report_odd, unless_defined};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;

declare_rule! {
    /// Releases before 0.18 had the provider `google-gemini-cli`, which used the login of the Gemini CLI, and before
    /// 0.15 `ai-gateway`. Where a release does not know the name, whatever it is written for fails. For Gemini, use the provider
    /// `gemini` with an API key of Google AI Studio.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: google-gemini-cli
    ///   default: gemini-3.1-pro
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: google
    ///   default: gemini-3.1-pro
    /// ```
    pub static REMOVED_PROVIDER = {
        code: "PC501", name: "removed-provider", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "`{name}` is not a provider any more",
        why: "Older releases had `{name}`. This one does not know it, and what `{path}` is for fails{unless}.",
        todo: "Write {instead}.",
        command: "hermes auth add gemini --type api-key --label gemini-1",
        fix_title: "Write `{id}`",
        part unless: ", unless config.yaml, which was not pasted, defines a provider of this name",
        part never: "",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for odd in &context.odd_names {
        if matches!(odd.oddity, Oddity::Removed(_)) && odd.used != NameUse::Fallback {
            report_odd(context, findings, &REMOVED_PROVIDER, odd);
            unless_defined(context, findings);
            if odd.id() != Some("gemini") {
                findings.without_command();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::REMOVED_PROVIDER;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_gemini_cli_is_gone() {
        fires(
            &REMOVED_PROVIDER,
            "\
--- config.yaml
model:
  provider: 'Google-Gemini-CLI'
            ^^^^^^^^^^^^^^^^^^^ PC501
auxiliary:
  vision: {provider: gemini-cli, model: m}
                     ^^^^^^^^^^ PC501
--- fixed config.yaml
model:
  provider: gemini
auxiliary:
  vision: {provider: gemini, model: m}
--- says
`google-gemini-cli` is not a provider any more
what `auxiliary.vision.provider` is for fails
hermes auth add gemini --type api-key --label gemini-1
",
        );
    }

    #[test]
    fn a_custom_provider_may_have_the_name() {
        silent(
            &REMOVED_PROVIDER,
            "\
--- config.yaml
model: {provider: gemini-cli, default: m}
providers:
  gemini-cli: {base_url: 'http://localhost:8080/v1', default_model: m}
",
        );
    }

    #[test]
    fn then_gemini_is_used_with_its_key() {
        fires(
            &REMOVED_PROVIDER,
            "\
--- config.yaml
model: {provider: google-gemini-cli, default: gemini-3.1-pro}
                  ^^^^^^^^^^^^^^^^^ PC501
--- .env
GOOGLE_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
--- then
Hermes uses GOOGLE_API_KEY (env:GOOGLE_API_KEY) for gemini
model: gemini-3.1-pro
nothing is found
",
        );
    }
}
