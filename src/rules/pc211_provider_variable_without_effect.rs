//! PC211: `HERMES_INFERENCE_PROVIDER` is set, and config.yaml names another provider.

use super::variables::variables;
use super::{Context, Findings, declare_rule, whole_lines};
use crate::base::sources::SourceKind;
use crate::base::text::Edit;
use crate::diagnostic::Safety;
use crate::python::{lower, strip};

declare_rule! {
    /// Hermes takes the provider from `model.provider` of config.yaml and looks at `HERMES_INFERENCE_PROVIDER` only where that is
    /// empty. A variable that names another provider changes nothing. Before 0.15.2 the gateway asked the variable first, so that it
    /// and the terminal used different providers.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- .env
    /// HERMES_INFERENCE_PROVIDER=openrouter
    /// GOOGLE_API_KEY=AIza-fake-key-000000
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {default: gemini-flash}
    /// --- .env
    /// HERMES_INFERENCE_PROVIDER=gemini
    /// GOOGLE_API_KEY=AIza-fake-key-000000
    /// ```
    pub static PROVIDER_VARIABLE_WITHOUT_EFFECT = {
        code: "PC211", name: "provider-variable-without-effect", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "{what}",
        why: "config.yaml names `{provider}` under `model.provider`, and that comes first. {where}",
        todo: "For `{variable}` write it under `model.provider`; else take the variable out.",
        fix_title: "Delete `HERMES_INFERENCE_PROVIDER`",
        label provider: "this counts",
        part dead: "`HERMES_INFERENCE_PROVIDER` has no effect",
        part gateway: "`HERMES_INFERENCE_PROVIDER` counts in the gateway only",
        part everywhere: "The variable is looked at only where `model.provider` is empty.",
        part terminal: "In this release the gateway asks the variable first: it and the terminal use different providers.",
    }
}

const VARIABLE: &str = "HERMES_INFERENCE_PROVIDER";

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(request) = context.request.as_ref().filter(|request| request.path == "model.provider") else {
        return;
    };
    let id = |name: &str| context.pool_names.provider(name).unwrap_or_else(|| lower(strip(name)));
    let set = variables(context);
    let Some(variable) = set.iter().find(|variable| variable.name == VARIABLE) else { return };
    if id(variable.value) == id(&request.name) || strip(variable.value) == "auto" {
        return;
    }
    let is_dead = context.facts.behaviour.gateway_ignores_inference_provider;
    findings
        .report(&PROVIDER_VARIABLE_WITHOUT_EFFECT, variable.name_place)
        .with("provider", request.name.as_str())
        .with("variable", strip(variable.value))
        .part("what", if is_dead { "dead" } else { "gateway" })
        .part("where", if is_dead { "everywhere" } else { "terminal" })
        .label("provider", Some(request.place));
    let lines = whole_lines(context.text_of(variable.source()), variable.entry_place.span);
    if let Some(lines) = lines.filter(|_| variable.source() == SourceKind::Dotenv) {
        findings.change(vec![(SourceKind::Dotenv, Edit::delete(lines))]);
    }
}

#[cfg(test)]
mod tests {
    use super::PROVIDER_VARIABLE_WITHOUT_EFFECT;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_config_comes_first() {
        fires(
            &PROVIDER_VARIABLE_WITHOUT_EFFECT,
            "\
--- config.yaml
model: {provider: gemini, default: g}
--- .env
HERMES_INFERENCE_PROVIDER=openrouter
^^^^^^^^^^^^^^^^^^^^^^^^^ PC211
GOOGLE_API_KEY=AIza-fake-key-000000
--- fixed .env
GOOGLE_API_KEY=AIza-fake-key-000000
--- says
has no effect
--- then
Hermes uses GOOGLE_API_KEY (env:GOOGLE_API_KEY) for gemini
nothing is found
",
        );
    }

    /// `_resolve_runtime_agent_kwargs` of 0.14.0 hands the variable to the resolution.
    #[test]
    fn an_older_gateway_asks_the_variable_first() {
        fires(
            &PROVIDER_VARIABLE_WITHOUT_EFFECT,
            "\
--- release 0.14.0
--- config.yaml
model: {provider: gemini}
--- environment
HERMES_INFERENCE_PROVIDER=openrouter
^^^^^^^^^^^^^^^^^^^^^^^^^ PC211
--- says
the gateway asks the variable first
",
        );
    }

    #[test]
    fn the_same_provider_under_another_name_is_fine() {
        silent(
            &PROVIDER_VARIABLE_WITHOUT_EFFECT,
            "--- config.yaml\nmodel: {provider: google}\n--- .env\nHERMES_INFERENCE_PROVIDER=gemini\n",
        );
        silent(&PROVIDER_VARIABLE_WITHOUT_EFFECT, "--- .env\nHERMES_INFERENCE_PROVIDER=gemini\n");
    }
}
