//! PC528: the provider `moa` with a model that is no preset.

use super::trial::{Change, replaced};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::hermes::sites::preset_names;
use crate::python::{closest, strip};

declare_rule! {
    /// The models of the provider `moa` are the presets of Mixture of Agents, by their names below `moa.presets`, and the preset
    /// `default`, which Hermes brings. Another name fails with every request.
    ///
    /// ```yaml fires
    /// model: {provider: moa, default: my-team}
    /// moa: {presets: {team: {aggregator: {provider: deepseek, model: deepseek-chat}}}}
    /// ```
    /// ```yaml silent
    /// model: {provider: moa, default: team}
    /// moa: {presets: {team: {aggregator: {provider: deepseek, model: deepseek-chat}}}}
    /// ```
    pub static UNKNOWN_PRESET = {
        code: "PC528", name: "unknown-preset", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "There is no preset `{name}`",
        why: "With the provider `moa` the model is the name of a preset below `moa.presets`. Hermes finds none of this name, and the request fails.",
        todo: "Write the name of a preset: {presets}.",
        fix_title: "Write `{near}`",
    }
}

/// How close the name of a preset has to be.
const CUTOFF: f64 = 0.6;

/// More names are not told.
const MOST_NAMES: usize = 12;

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(verdict) = context.verdict().filter(|verdict| verdict.provider.as_deref() == Some("moa")) else {
        return;
    };
    // What 0.21.4 makes of the name was not read.
    let Some(name) = verdict.model.as_deref().map(strip).filter(|_| !context.is_read_only()) else { return };
    let Some(presets) = context.loaded_at(&["moa"]).and_then(preset_names) else { return };
    let is_preset = |name: &str| presets.iter().any(|preset| preset == name);
    // What stands before a slash may be taken off.
    if name.is_empty() || is_preset(name) || name.rsplit_once('/').is_some_and(|(_, last)| is_preset(last)) {
        return;
    }
    let model = context.config_at(&["model"]);
    let own = ["default", "model"].iter().find_map(|key| model?.get(key)).or(model);
    let own = own.filter(|node| node.value.as_str().map(strip) == Some(name));
    let request = context.request.as_ref().map(|request| request.place);
    let Some(place) = own.and_then(|node| node.place).or(request) else { return };
    let told: Vec<String> = presets.iter().take(MOST_NAMES).map(|preset| format!("`{preset}`")).collect();
    findings.report(&UNKNOWN_PRESET, place).with("name", name).with("presets", told.join(", "));
    let names: Vec<&str> = presets.iter().map(String::as_str).collect();
    let near = closest(name, &names, CUTOFF).filter(|_| own.is_some());
    let Some(near) = near else { return };
    let change: Change = vec![replaced(place, near)];
    let is_mended = context
        .verdict_after(&change)
        .is_some_and(|after| after.model.as_deref() == Some(near) && after.provider == verdict.provider);
    if is_mended {
        findings.with("near", near).change(change);
    }
}

#[cfg(test)]
mod tests {
    use super::UNKNOWN_PRESET;
    use crate::rules::testing::{fires, silent};

    /// Expected: tests/evidence/PC528.json.
    #[test]
    fn no_preset_has_the_name() {
        fires(
            &UNKNOWN_PRESET,
            "\
--- config.yaml
model: {provider: moa, default: my-team}
                                ^^^^^^^ PC528
moa: {presets: {team: {aggregator: {provider: deepseek, model: deepseek-chat}}}}
--- fixed config.yaml
model: {provider: moa, default: team}
moa: {presets: {team: {aggregator: {provider: deepseek, model: deepseek-chat}}}}
--- says
There is no preset `my-team`
Write the name of a preset: `default`, `team`.
--- then
model: team
",
        );
    }

    #[test]
    fn a_model_in_place_of_a_preset() {
        fires(
            &UNKNOWN_PRESET,
            "\
--- config.yaml
model:
  provider: moa
  default: anthropic/claude-opus-4.8
           ^^^^^^^^^^^^^^^^^^^^^^^^^ PC528
--- says
Write the name of a preset: `default`.
",
        );
    }

    #[test]
    fn the_preset_that_hermes_brings() {
        silent(&UNKNOWN_PRESET, "--- config.yaml\nmodel: {provider: moa, default: default}\n");
        silent(&UNKNOWN_PRESET, "--- config.yaml\nmodel: {provider: moa}\n");
        silent(&UNKNOWN_PRESET, "--- release 0.17.0\n--- config.yaml\nmodel: {provider: moa, default: x}\n");
    }
}
