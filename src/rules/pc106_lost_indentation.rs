//! PC106: the indentation of config.yaml is lost or moved.

use super::context::config_place;
use super::{Context, Findings, declare_rule, wordings};
use crate::base::sources::SourceKind;
use crate::base::text::Span;
use crate::diagnostic::{Arg, Args, Message, Safety};
use crate::readers::paste::{Doubt, Kind, Why};

declare_rule! {
    /// Forums and chats drop the white space at the start of lines, or shift it and make bullets of dashes. YAML knows
    /// only by it what belongs under what. Mostly the file does not parse any more, and Hermes goes on with its defaults;
    /// sometimes it parses, `model:` is empty, and what belongs under it stands beside it, where Hermes does not look.
    ///
    /// What belongs under what is known for Hermes' keys, so the nesting can be worked out; look through it before you
    /// use it.
    ///
    /// ```yaml fires
    /// model:
    /// default: gemini-flash-lite-latest
    /// provider: gemini
    /// fallback_providers:
    /// - provider: openrouter
    /// model: openrouter/free
    /// - provider: deepseek
    /// model: deepseek-chat
    /// ```
    /// ```yaml silent
    /// model:
    ///   default: gemini-flash-lite-latest
    ///   provider: gemini
    /// fallback_providers:
    /// - provider: openrouter
    ///   model: openrouter/free
    /// ```
    pub static LOST_INDENTATION = {
        code: "PC106", name: "lost-indentation", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "The indentation is lost: `{key}` does not stand where it belongs (lines to move: {count})",
        why: "YAML tells only by the white space at line starts what belongs under what. {effect}",
        todo: "Indent by two spaces what belongs under a key, and begin list items with `- `. {reading}",
        fix_title: "Put the indentation back",
        label parent: "it belongs under this",
        label margin: "{names} taken to begin at the margin",
        label under: "{names} taken to belong under this",
        label list: "taken for a list (items: {items}), with {names} in it",
        label items: "taken for a list (items: {items})",
        label more: "and so on, in {places} more places: see what the repair makes of the text",
        label doubt: "could also belong {other}; taken to belong {owner}, because {reason}",
        part certain: "Look through the repair that is offered: it follows from what Hermes knows of its keys, and no key was found that would suit a second place as well.",
        part doubtful: "Look through the repair that is offered: it follows from what Hermes knows of its keys. Two readings are possible (places: {doubts}), first of `{doubtful}`: it could also belong {other}; it was taken to belong {owner}, because {reason}.",
        part partly: "Look through the repair that is offered: it follows from what Hermes knows of its keys. The text is too long to look for a second reading of every line.",
        part open: "No repair is offered: the keys alone do not say what belongs where.",
        part at_margin: "at the margin",
        part in_section: "under `{section}`",
        part in_item: "to a new item of `{section}`",
        part nearer: "that is the nearest place before it that has such a key",
        part unknown: "Hermes knows no such key, and the lines before it are there",
        part no_mark: "there is no list mark before it",
        part rest: "more of the lines behind it suit their places so",
    }
}

/// More places than these, and more keys at one of them, are not told one by one.
const MOST_TOLD: usize = 12;

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(damage) = context.paste.damage(Kind::Nesting) else { return };
    findings
        .report(&LOST_INDENTATION, config_place(damage.place))
        .with("key", damage.place.of(context.config_text()))
        .with("count", damage.count.max(1))
        .with("effect", wordings::effect(context, context.paste.breaks));
    if damage.edits.is_empty() {
        findings.part("reading", "open").label("parent", damage.parent.map(config_place));
        return;
    }
    let text = context.config_text();
    let nesting = &damage.nesting;
    match nesting.doubts.first() {
        Some(doubt) => {
            let mut args =
                vec![("doubts", nesting.doubts.len().into()), ("doubtful", doubt.key.of(text).into())];
            args.append(&mut reading(text, doubt));
            findings.with("reading", Message { args, ..LOST_INDENTATION.part("doubtful") });
        }
        None => {
            findings.part("reading", if nesting.is_partly_tried { "partly" } else { "certain" });
        }
    }
    findings.repair(SourceKind::Config, damage.edits.clone());
    for assumed in nesting.assumed.iter().take(MOST_TOLD) {
        let names: Vec<&str> = assumed.keys.iter().take(MOST_TOLD).map(|key| key.of(text)).collect();
        let mut args: Args = vec![("items", assumed.items.into())];
        if !names.is_empty() {
            let more = if assumed.keys.len() > MOST_TOLD { "`, …" } else { "`" };
            args.push(("names", Arg::Text(["`", &names.join("`, `"), more].concat())));
        }
        let (label, place) = match (assumed.owner, assumed.keys.first()) {
            (None, Some(first)) => ("margin", *first),
            (Some(owner), None) => ("items", owner),
            (Some(owner), _) if assumed.items > 0 => ("list", owner),
            (Some(owner), _) => ("under", owner),
            (None, None) => continue,
        };
        findings.label_with(label, config_place(place), args);
    }
    for doubt in nesting.doubts.iter().take(MOST_TOLD) {
        findings.label_with("doubt", config_place(doubt.key), reading(text, doubt));
    }
    let more =
        nesting.assumed.len().saturating_sub(MOST_TOLD) + nesting.doubts.len().saturating_sub(MOST_TOLD);
    if more > 0 {
        findings.label_with("more", config_place(damage.place), vec![("places", more.into())]);
    }
}

/// Where a key was taken to belong, where it could belong as well, and why it was not taken to.
fn reading(text: &str, doubt: &Doubt) -> Args {
    let part = |name| LOST_INDENTATION.part(name);
    let place = |owner: Option<Span>, is_item| match owner {
        None => part("at_margin"),
        Some(owner) => part(if is_item { "in_item" } else { "in_section" }).with("section", owner.of(text)),
    };
    let is_better = doubt.why == Why::Rest;
    let reason = match doubt.why {
        Why::Nearer => "nearer",
        Why::Unknown => "unknown",
        Why::NoMark => "no_mark",
        Why::Rest => "rest",
    };
    vec![
        ("owner", place(doubt.owner, doubt.is_item && is_better).into()),
        ("other", place(doubt.other, doubt.is_item && !is_better).into()),
        ("reason", part(reason).into()),
    ]
}

#[cfg(test)]
mod tests {
    use super::LOST_INDENTATION;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn all_lines_at_the_margin() {
        let report = fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
model:
default: m   # 主模型
^^^^^^^ PC106
provider: google
credential_pool:
gemini:
- provider: google
api_key: GEMINI_API_KEY_1
- provider: google
api_key: GEMINI_API_KEY_2
credential_pool_strategies:
gemini: fill_first
--- fixed config.yaml
model:
  default: m   # 主模型
  provider: google
credential_pool:
  gemini:
    - provider: google
      api_key: GEMINI_API_KEY_1
    - provider: google
      api_key: GEMINI_API_KEY_2
credential_pool_strategies:
  gemini: fill_first
--- says
lines to move: 8
does not parse
",
        );
        let syntax = report.findings.iter().filter(|finding| finding.code.as_str().starts_with("PC1"));
        assert_eq!(syntax.count(), 1, "one cause, one finding");
    }

    /// Keys that are called as a section and are none: asked of 0.19.0, nothing else moves with them.
    #[test]
    fn a_key_with_the_name_of_a_section() {
        silent(
            &LOST_INDENTATION,
            "\
--- config.yaml
model: {provider: 'custom:lab', default: m}
custom_providers:
- name: lab
  base_url: https://h.example/v1
  api_keys: [fake-key-000000, fake-key-111111]
fallback_providers:
- openrouter: some/model
  model: m
",
        );
    }

    #[test]
    fn bullets_and_swallowed_sections_behind_an_editor_line() {
        fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
  GNU nano 8.4    config.yaml
model:
default: m
^^^^^^^ PC106
fallback_providers:

  • provider: openrouter
    model: a
    toolsets:
  • web
    agent:
    max_turns: 5
--- fixed config.yaml
model:
  default: m
fallback_providers:

  - provider: openrouter
    model: a
toolsets:
  - web
agent:
  max_turns: 5
--- then
model: m
fallback: openrouter/a
",
        );
    }

    #[test]
    fn the_repair_says_what_it_assumes_and_what_could_be_meant_as_well() {
        let report = fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
auxiliary:
vision:
^^^^^^ PC106
provider: gemini
compression:
memory:
memory_enabled: true
--- fixed config.yaml
auxiliary:
  vision:
    provider: gemini
  compression:
memory:
  memory_enabled: true
--- says
first of `compression`: it could also belong at the margin; it was taken to belong under `auxiliary`, because
",
        );
        let finding = report.findings.iter().find(|finding| finding.code.as_str() == "PC106").unwrap();
        let labels: Vec<String> = finding
            .labels
            .iter()
            .map(|label| format!("{}: {}", label.location.start.line, label.message))
            .collect();
        assert_eq!(
            labels,
            [
                "1: `vision`, `compression` taken to belong under this",
                "2: `provider` taken to belong under this",
                "5: `memory_enabled` taken to belong under this",
                "4: could also belong at the margin; taken to belong under `auxiliary`, because that is the nearest \
                 place before it that has such a key",
            ]
        );
        let preview = finding.fix.as_ref().unwrap().preview.as_ref().unwrap();
        assert_eq!(
            preview.as_str(),
            "  auxiliary:\n    vision:\n      provider: gemini\n    compression:\n  memory:\n    memory_enabled: true\n"
        );
    }

    #[test]
    fn a_text_that_parses_and_means_something_else() {
        fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
model:
default: m
^^^^^^^ PC106
provider: gemini
toolsets: [web]
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  default: m
  provider: gemini
toolsets: [web]
--- says
still parses
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
model: m
",
        );
        fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
model: {provider: gemini, default: m}
fallback_providers:
- provider: openrouter
model: a
^^^^^ PC106
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model: {provider: gemini, default: m}
fallback_providers:
  - provider: openrouter
    model: a
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
model: m
fallback: openrouter/a
",
        );
        fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
model: {provider: gemini, default: m}
fallback_providers:
  - provider: openrouter
    model: a
    agent:
    ^^^^^ PC106
      max_turns: 5
--- fixed config.yaml
model: {provider: gemini, default: m}
fallback_providers:
  - provider: openrouter
    model: a
agent:
  max_turns: 5
",
        );
    }

    #[test]
    fn with_full_width_colons_besides_each_finding_mends_its_own() {
        let report = fires(
            &LOST_INDENTATION,
            "\
--- config.yaml
model:
default: m
^^^^^^^ PC106
agent：
max_turns: 5
fallback_providers:
- provider: openrouter
model: a
- provider: deepseek
model: b
--- fixed config.yaml
model:
  default: m
agent：
  max_turns: 5
fallback_providers:
  - provider: openrouter
    model: a
  - provider: deepseek
    model: b
",
        );
        assert!(report.findings.iter().any(|finding| finding.code.as_str() == "PC103"));
    }

    #[test]
    fn correct_texts_and_other_faults() {
        for config in [
            // Lists may stand in the column of their key, as PyYAML writes them.
            "toolsets:\n- web\nfallback_providers:\n- provider: openrouter\n  model: a\nmodel: {provider: x}\n",
            // Empty sections.
            "model:\nproviders:\ntoolsets:\n- web\nagent:\n  max_turns: 5\n",
            // Keys at the root that Hermes hands on as variables, and one that it still moves.
            "personalities:\nMY_SKILL_URL: https://example.org\nprovider: gemini\n",
            "whatsapp:\nmy_section:\n  a: 1\n",
            // Null is written.
            "model: null\nprovider: gemini\n",
            "fallback_model:\n  provider: openrouter\n  model: a\n",
            // PC107 owns it.
            "model:\n  provider: gemini\nagent: {}\nmodel:\n  default: m\n",
        ] {
            silent(&LOST_INDENTATION, &format!("--- config.yaml\n{config}"));
        }
    }
}
