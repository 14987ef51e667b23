//! PC512: what Hermes' own check finds wrong with config.yaml.

use super::lines::first_line;
use super::pc554_providers_are_text::mapping_for_list;
use super::pc601_fallback_entry_dropped::blank_entries;
use super::{Context, Findings, declare_rule};
use crate::base::text::{Place, Search, Span, sort_by_span};

declare_rule! {
    /// Hermes checks the structure of config.yaml itself, when it starts and in `hermes doctor`. This is what it finds,
    /// with the place. It looks at few things only, and where a key at the root is no text it finds nothing at all.
    ///
    /// ```yaml fires
    /// model: {provider: gemini}
    /// custom_providers:
    ///   - {base_url: "http://localhost:8080/v1"}
    /// ```
    /// ```yaml silent
    /// model: {provider: gemini}
    /// custom_providers:
    ///   - {name: lab, base_url: "http://localhost:8080/v1"}
    /// ```
    pub static HERMES_OWN_FINDING = {
        code: "PC512", name: "hermes-own-finding", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Hermes' own check: {message}",
        why: "This is what `hermes doctor` and the start of Hermes say of this config.yaml.",
        todo: "{hint}",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // What is left out of the fallback chain is told by PC601 and PC603.
    let blank = blank_entries(context);
    let dropped = context.fallback.dropped.iter().filter_map(|dropped| dropped.place);
    let mut told: Vec<Span> =
        dropped.filter(|place| !blank.contains(*place)).map(|place| place.span).collect();
    sort_by_span(&mut told, |span| *span);
    let mapping = mapping_for_list(context);
    let is_within = |place: Place| {
        mapping
            .and_then(|entry| entry.value.place)
            .is_some_and(|whole| whole.source == place.source && whole.span.contains(place.span))
    };
    let mapping = mapping.and_then(|entry| entry.key.place);
    let mut said: Vec<(Place, String, String)> = Vec::new();
    for issue in &context.issues {
        let Some(place) = issue.place else { continue };
        // That a mapping stands for a list is told by PC554.
        if mapping == Some(place) && issue.message.holds("must be a YAML list") || is_within(place) {
            continue;
        }
        let before = told.partition_point(|span| span.start <= place.span.start);
        let last = before.checked_sub(1).and_then(|at| told.get(at));
        if last.is_some_and(|span| span.contains(place.span)) {
            continue;
        }
        let place = first_line(context.text_of(place.source), place);
        let hint = on_a_line(&issue.hint);
        // What is said of one place is one finding. Hermes goes from place to place.
        match said.last_mut().filter(|(last, ..)| *last == place) {
            Some((_, messages, hints)) => {
                messages.push_str(&["; ", &issue.message].concat());
                hints.push_str(&[" ", &hint].concat());
            }
            None => said.push((place, issue.message.clone(), hint)),
        }
    }
    for (place, message, hint) in said {
        findings.report(&HERMES_OWN_FINDING, place).with("message", message).with("hint", hint);
    }
}

/// A hint of several lines, the first in words and the others in YAML, on one line.
fn on_a_line(hint: &str) -> String {
    let mut lines = hint.lines();
    let first = lines.next().unwrap_or("").to_owned();
    let others: Vec<String> = lines.map(|line| ["`", line.trim(), "`"].concat()).collect();
    if others.is_empty() { first } else { [&first, " ", &others.join(", ")].concat() }
}

#[cfg(test)]
mod tests {
    use super::HERMES_OWN_FINDING;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn what_hermes_says_has_a_place() {
        fires(
            &HERMES_OWN_FINDING,
            "\
--- config.yaml
api_key: sk-fake-old-000000
^^^^^^^ PC512
model: {provider: gemini}
custom_providers:
  - {name: lab}
    ^^^^^^^^^^^ PC512
  - lab
    ^^^ PC512
--- says
Root-level key 'api_key' looks misplaced
custom_providers[0] is missing 'base_url' field
Each entry should have at minimum: name, base_url
",
        );
        fires(
            &HERMES_OWN_FINDING,
            "\
--- config.yaml
custom_providers: {lab: {base_url: 'http://localhost:8080/v1'}}
^^^^^^^^^^^^^^^^ PC512
--- says
no 'model' section
Add a model section: `model:`, `provider: custom`
",
        );
    }

    #[test]
    fn what_another_rule_says() {
        silent(&HERMES_OWN_FINDING, "--- config.yaml\nfallback_model: [x, {model: m}, {provider: gemini}]\n");
        silent(&HERMES_OWN_FINDING, "--- config.yaml\nfallback_model: '[]'\n");
    }

    #[test]
    fn a_key_that_is_no_text_ends_the_check() {
        silent(&HERMES_OWN_FINDING, "--- config.yaml\napi_key: sk-fake-old-000000\n1: x\n");
    }
}
