//! PC557: a value that makes Hermes stop with an error of its own program, and whatever else it stops at.

use super::lines::{first_line, quoted};
use super::trial::replaced;
use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Search};
use crate::diagnostic::{Safety, Severity};
use crate::hermes::verdict::Verdict;
use crate::hermes::{Outcome, Raised, Stop};
use crate::python::{Node, Value, is_alphanumeric};

declare_rule! {
    /// A name is text, and YAML reads some words as something else: `0123` is a number, `2024-01-01` a date, `on` a truth value, `[a]` a
    /// list. Where Hermes treats such a value as text, its program ends with an error, before it has a provider or a key. The same holds
    /// where it expects a mapping. What else Hermes stops at and no other rule explains is reported here in Hermes' own words.
    ///
    /// ```yaml fires
    /// model: {provider: relay}
    /// providers: {5: {base_url: 'https://relay.example.com/v1'}}
    /// ```
    /// ```yaml silent
    /// model: {provider: relay}
    /// providers: {relay: {base_url: 'https://relay.example.com/v1'}}
    /// ```
    pub static VALUE_HERMES_STOPS_AT = {
        code: "PC557", name: "value-hermes-stops-at", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "{what}",
        why: "Hermes stops here with the error `{error}`.",
        todo: "{way}",
        fix_title: "Put it in quotes",
        part text: "Hermes expects a text here, and this is a `{type}` for YAML",
        part mapping: "Hermes expects keys with values here, and this is a `{type}` for YAML",
        part value: "Hermes does not take this value",
        part other: "Hermes stops",
        part quote: "Put it in quotes.",
        part write_text: "Write a text in its place, or take the entry out.",
        part write_mapping: "Write keys with values below it, or take the entry out.",
        part write_other: "Write it in another way, or take the entry out.",
        part mend: "Correct what the error names, or take that entry out.",
    }
}

/// Keys that hold addresses and regions: a number in quotes is none.
const NO_NAMES: [&str; 5] = ["base_url", "api_base", "url", "api", "region"];

/// Runs behind the rules that tell of causes, as what none of them explains is told here.
fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(stop) = stop_of(context.verdict) else { return };
    let raised = stop.exception();
    let place = raised.and_then(|raised| raised.place);
    if let (Some(raised), Some(place)) = (raised, place) {
        let is_told = findings.list.iter().any(|finding| finding.place == place);
        if !is_told && !findings.has_repair() {
            value(context, findings, raised, place);
        }
        return;
    }
    // An error of Hermes' own says what it lacks, and warnings tell of that; one of Python is told of by errors alone.
    let least = match raised {
        Some(raised) if raised.kind != "AuthError" => Severity::Error,
        _ => Severity::Warning,
    };
    let is_told = findings.list.iter().any(|finding| finding.severity >= least);
    if is_told || is_open(context, raised) {
        return;
    }
    let written = context.request.as_ref().map(|request| request.place);
    let Some(place) = written.or_else(|| begin(context)) else { return };
    let error = raised.map_or_else(|| stop.exit_text().unwrap_or_default(), Raised::certain_text);
    findings
        .report(&VALUE_HERMES_STOPS_AT, place)
        .with("error", error)
        .part("what", "other")
        .part("way", "mend");
}

/// What Hermes stops with, where it stops and that is modelled.
fn stop_of(verdict: &Outcome<Verdict>) -> Option<&Stop> {
    let stop = match verdict {
        Ok(verdict) => verdict.outcome.as_ref().err()?,
        Err(stop) => stop,
    };
    stop.unmodelled().is_none().then_some(stop)
}

/// Whether a text that was not pasted may hold what Hermes lacks, or nothing is set up.
fn is_open(context: &Context<'_>, raised: Option<&Raised>) -> bool {
    let world = context.world;
    let is_whole = [&world.given.config, &world.given.dotenv, &world.given.auth_store]
        .iter()
        .all(|given| given.is_given());
    let code = raised.and_then(|raised| raised.code);
    let is_error_of_python = raised.is_some_and(|raised| raised.kind != "AuthError");
    code == Some("no_provider_configured") || !(is_error_of_python || is_whole && !context.environ.is_piece)
}

/// Tells of the value at `place`, at which Hermes raised.
fn value(context: &Context<'_>, findings: &mut Findings, raised: &Raised, place: Place) {
    let is_mapping =
        ["get", "items", "values"].iter().any(|name| raised.message.ends_with(&format!("'{name}'")));
    let is_type = matches!(raised.kind, "AttributeError" | "TypeError");
    let node = context.config_root().filter(|_| place.source == SourceKind::Config);
    let node = node.and_then(|root| at(root, None, place));
    findings
        .report(&VALUE_HERMES_STOPS_AT, first_line(context.text_of(place.source), place))
        .with("error", raised.certain_text());
    match node {
        Some(found) if is_type => {
            findings.with("type", found.node.value.type_name());
            findings.part("what", if is_mapping { "mapping" } else { "text" });
        }
        _ => {
            findings.part("what", "value").part("way", "write_other");
            return;
        }
    }
    let written = place.span.of(context.text_of(place.source));
    let quoted = [replaced(place, &quoted(written))].to_vec();
    let is_scalar = |found: &Found<'_>| !matches!(found.node.value, Value::Dict(_) | Value::List(_));
    let is_plain = !written.is_empty() && written.chars().all(|c| is_alphanumeric(c) || "-_.:+~ ".has(c));
    let is_name =
        node.is_some_and(|found| is_scalar(&found) && !found.key.is_some_and(|key| NO_NAMES.contains(&key)));
    if is_mapping {
        findings.part("way", "write_mapping");
    } else if is_plain && is_name && gets_past(context, &quoted) {
        findings.part("way", "quote").change(quoted);
    } else {
        findings.part("way", "write_text");
    }
}

/// Whether Hermes raises at no value once `change` is made.
fn gets_past(context: &Context<'_>, change: &super::Change) -> bool {
    let after = context.verdict_after(change).map(|verdict| verdict.outcome);
    after.is_some_and(|outcome| match outcome {
        Ok(_) => true,
        Err(stop) => stop.exception().is_some_and(|raised| raised.kind == "AuthError"),
    })
}

/// A value or a key of config.yaml, and the key that a value has.
#[derive(Clone, Copy)]
struct Found<'c> {
    node: &'c Node,
    key: Option<&'c str>,
}

/// What is written at `place`.
fn at<'c>(node: &'c Node, key: Option<&'c str>, place: Place) -> Option<Found<'c>> {
    let holds = |node: &Node| node.place.is_some_and(|own| own.span.contains(place.span));
    match node.place == Some(place) {
        true => Some(Found { node, key }),
        false => match &node.value {
            Value::Dict(dict) => dict.iter().find_map(|entry| {
                let is_key = entry.key.place == Some(place);
                let found = is_key.then_some(Found { node: &entry.key, key: None });
                let inside = || at(&entry.value, entry.key.value.as_str(), place);
                found.or_else(|| if holds(&entry.value) { inside() } else { None })
            }),
            Value::List(items) => {
                items.iter().filter(|item| holds(item)).find_map(|item| at(item, key, place))
            }
            _ => None,
        },
    }
}

/// The first line of the first pasted text that decides which key is used.
fn begin(context: &Context<'_>) -> Option<Place> {
    let kinds = [SourceKind::Config, SourceKind::Dotenv, SourceKind::AuthStore, SourceKind::Environ];
    kinds.into_iter().find_map(|kind| {
        let text = context.text_of(kind);
        let start = text.len() - text.trim_start().len();
        let whole = Place::new(kind, crate::base::text::Span::new(start, text.trim_end().len().max(start)));
        (!whole.span.is_empty()).then(|| first_line(text, whole))
    })
}

#[cfg(test)]
mod tests {
    use super::VALUE_HERMES_STOPS_AT;
    use crate::rules::testing::{fires, report, silent};

    /// As 0.19.0 answers in `tests/differential/recorded`: `'float' object has no attribute 'strip'`.
    #[test]
    fn what_quotes_do_not_mend() {
        fires(
            &VALUE_HERMES_STOPS_AT,
            "\
--- config.yaml
model: {default: x, api_base: 1.5}
                              ^^^ PC557
--- says
this is a `float` for YAML
Write a text in its place
",
        );
    }

    #[test]
    fn a_key_of_providers_that_is_no_text() {
        fires(
            &VALUE_HERMES_STOPS_AT,
            "\
--- config.yaml
model: {provider: relay, default: m}
providers:
  5: {base_url: 'https://other.example.com/v1'}
  ^ PC557
  relay: {base_url: 'https://relay.example.com/v1', api_key: sk-fake-relay-0001}
--- fixed config.yaml
model: {provider: relay, default: m}
providers:
  \"5\": {base_url: 'https://other.example.com/v1'}
  relay: {base_url: 'https://relay.example.com/v1', api_key: sk-fake-relay-0001}
--- then
Hermes uses relay (config:relay) for custom.
nothing is found
",
        );
    }

    #[test]
    fn the_section_of_bedrock() {
        fires(
            &VALUE_HERMES_STOPS_AT,
            "\
--- config.yaml
model: {provider: bedrock, default: amazon.nova-pro}
bedrock: {guardrail: x}
                     ^ PC557
--- environment
AWS_BEARER_TOKEN_BEDROCK=fake-bearer
AWS_REGION=eu-west-1
--- says
Hermes expects keys with values here, and this is a `str` for YAML
",
        );
        fires(
            &VALUE_HERMES_STOPS_AT,
            "--- config.yaml\nmodel: {provider: bedrock, default: m}\nbedrock:\n  region: 5\n          ^ PC557\n--- environment\nAWS_BEARER_TOKEN_BEDROCK=fake-bearer\n",
        );
    }

    /// What Hermes raises where no list of ours names the cause is told with its own words.
    #[test]
    fn whatever_else_it_stops_at() {
        let report = report(
            "--- config.yaml\nmodel: {default: x, provider: gemini}\n--- .env\nA=b\n--- no auth.json\n",
        );
        assert!(report.findings.iter().all(|finding| finding.code.as_str() != "PC557"));
        silent(&VALUE_HERMES_STOPS_AT, "--- config.yaml\nmodel: {default: x}\n");
    }
}
