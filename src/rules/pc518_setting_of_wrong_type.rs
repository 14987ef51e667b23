//! PC518: a list, a mapping or a number where config.yaml has a text, and a text where it has a section.

use super::lines::{first_line, quoted};
use super::pools::{add_command, endpoint_name};
use super::settings::Setting;
use super::trial::{Change, replaced};
use super::{Context, Findings, declare_rule};
use crate::base::text::{Edit, Place, Span};
use crate::diagnostic::Safety;
use crate::hermes::Stop;
use crate::python::{Node, Value};

declare_rule! {
    /// Provider, model, endpoint and key are texts, one each. A list in square brackets or behind dashes, a mapping, and a number without
    /// quotes are something else: at `model.base_url` and `model.default` Hermes stops with an error of Python's, `model.provider` counts
    /// as not written, a key under `model` is passed over, and from the block of an endpoint the list itself is sent as the key,
    /// brackets and all. `model` in turn is a section: lines without a space behind the colon, or with `=`, make one long text of it,
    /// which Hermes takes for the name of the model.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: deepseek
    ///   default: [deepseek-chat]
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: deepseek
    ///   default: deepseek-chat
    /// ```
    pub static SETTING_OF_WRONG_TYPE = {
        code: "PC518", name: "setting-of-wrong-type", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "{what}",
        why: "{why}",
        todo: "{way}",
        command: "{command}",
        fix_title: "{title}",
        part no_text: "`{path}` is {kind}, and Hermes takes a text there",
        part no_section: "`model` is {kind}, and Hermes takes a section there",
        part settings: "`model` is one text, and not the settings that stand in it",
        part list: "a list",
        part mapping: "a mapping",
        part number: "a number",
        part truth: "a yes or no",
        part other: "a `{type}`",
        part stops: "Hermes stops at it: {error}",
        part unasked: "Hermes goes on as if no provider was written, and in a terminal it stops with an error.",
        part unread: "Hermes reads no provider and no model from it, and goes on with any key that it finds; a one-shot run stops with an error.",
        part no_key: "Hermes passes over it, and takes no key from here.",
        part sent: "Hermes makes a text of it, brackets and all, and sends that as the key.",
        part as_text: "Hermes makes a text of it, brackets and all, and takes that.",
        part no_client: "When the turn of this entry comes, no client can be made of it.",
        part name: "Hermes takes the whole text for the name of the model: no provider is read from it.",
        part alone: "Write the text alone, without brackets or a dash.",
        part one_key: "Write one key here, and add the others to the pool; Hermes asks for each.",
        part one: "Write one text here.",
        part quote: "Put quotes around it.",
        part below: "Write `provider:` and `default:` below `model:`, indented, without a dash.",
        part colon: "Write a colon and a space behind each name.",
        part title_alone: "Write the text alone",
        part title_quote: "Put quotes around it",
        part title_colon: "Write a colon and a space behind each name",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    section(context, findings);
    for setting in context.settings.iter().filter(|setting| setting.depth > 0) {
        let node = &setting.entry.value;
        let (Some(place), Some(kind)) = (node.place, kind_of(&node.value)) else { continue };
        let Some(why) = consequence(context, setting) else { continue };
        let path = path_of(context, setting);
        let keys = node.items().iter().filter(|item| item.value.as_str().is_some()).count();
        let is_key = setting.key() == "api_key";
        let command = (setting.section == "custom_providers" || setting.section == "providers")
            .then(|| add_command(&pool_of(context, setting)));
        findings
            .report(&SETTING_OF_WRONG_TYPE, first_line(context.config_text(), place))
            .with("path", path)
            .with("type", node.value.type_name())
            .part("kind", kind)
            .part("what", "no_text")
            .with("error", error_of(context).unwrap_or_default())
            .part("why", why);
        let change = match (kind, keys) {
            ("list", 1) if node.items().len() == 1 => {
                findings.part("way", "alone").part("title", "title_alone").without_command();
                alone(context, node, place)
            }
            ("list", 2..) if is_key => {
                findings.part("way", "one_key").command("command", command.as_deref());
                None
            }
            ("number", _) => {
                findings.part("way", "quote").part("title", "title_quote").without_command();
                let written = place.span.of(context.config_text());
                (!written.contains(['"', '\\'])).then(|| vec![replaced(place, &quoted(written))])
            }
            _ => {
                findings.part("way", "one").without_command();
                None
            }
        };
        offer(context, findings, change, is_key);
    }
}

/// What the value is that is neither a text nor nothing; `None` for a text and for what Hermes takes for nothing.
fn kind_of(value: &Value) -> Option<&'static str> {
    if !value.is_true() {
        return None;
    }
    match value {
        Value::Str(_) | Value::None => None,
        Value::List(_) => Some("list"),
        Value::Dict(_) => Some("mapping"),
        Value::Int(_) | Value::Float(_) => Some("number"),
        Value::Bool(_) => Some("truth"),
        _ => Some("other"),
    }
}

/// What Hermes does at the setting, where it takes a text and that makes a difference.
fn consequence(context: &Context<'_>, setting: &Setting<'_>) -> Option<&'static str> {
    let is_container = matches!(setting.entry.value.value, Value::List(_) | Value::Dict(_));
    let stops = || is_stop_at(context, &setting.entry.value.value).then_some("stops");
    match (setting.section, setting.depth, setting.key()) {
        ("model", 1, "provider") => Some("unasked"),
        ("model", 1, "default" | "base_url") => stops(),
        ("model", 1, "api_key") if context.provider() == Some("custom") => Some("no_key"),
        ("providers", 2, "base_url" | "name") => stops(),
        ("providers" | "custom_providers", 2, "key_env") => Some("no_key"),
        ("providers" | "custom_providers", 2, "api_key") | ("delegation", 1, "api_key") if is_container => {
            Some("sent")
        }
        ("fallback_providers" | "fallback_model", 1 | 2, "base_url" | "api_key" | "key_env") => {
            Some("no_client")
        }
        // `str()` of what is written, in `_resolve_task_provider_model`, `_resolve_delegation_credentials` and
        // `_iter_fallback_entries`.
        ("auxiliary", 2, "provider" | "model" | "base_url" | "api_key")
        | ("delegation", 1, "provider" | "model" | "base_url")
            if is_container =>
        {
            Some("as_text")
        }
        ("fallback_providers" | "fallback_model", 1 | 2, "provider" | "model")
            if is_container && context.facts.behaviour.merges_fallbacks =>
        {
            Some("as_text")
        }
        _ => None,
    }
}

/// Whether the resolution ended with an error of Python's about a value of this type.
fn is_stop_at(context: &Context<'_>, value: &Value) -> bool {
    let begin = ["'", value.type_name(), "' object has no attribute"].concat();
    error_of(context).is_some_and(|error| error.starts_with(&begin))
}

/// The error of Python's that the resolution ended with.
fn error_of<'c>(context: &'c Context<'_>) -> Option<&'c str> {
    let raised = context.verdict()?.outcome.as_ref().err().and_then(Stop::exception)?;
    (raised.kind == "AttributeError").then_some(raised.message.as_str())
}

/// The dotted path of a setting.
fn path_of(context: &Context<'_>, setting: &Setting<'_>) -> String {
    match block_of(context, setting) {
        Some(name) => [setting.section, ".", name, ".", setting.key()].concat(),
        None => [setting.section, ".", setting.key()].concat(),
    }
}

/// The key of the mapping that the setting stands in, below its section.
fn block_of<'c>(context: &'c Context<'_>, setting: &Setting<'_>) -> Option<&'c str> {
    let is_it = |node: &Node| node.value.as_dict().is_some_and(|dict| std::ptr::eq(dict, setting.mapping));
    let section = context.config_at(&[setting.section])?.value.as_dict()?;
    section.iter().find(|entry| is_it(&entry.value))?.key.value.as_str()
}

/// The name of the pool of the custom provider that the setting belongs to.
fn pool_of(context: &Context<'_>, setting: &Setting<'_>) -> String {
    let own = setting.mapping.get("name").and_then(|node| node.value.as_str());
    let name = own.or_else(|| block_of(context, setting)).unwrap_or_default();
    ["custom:", &endpoint_name(name)].concat()
}

/// The one text of a list in the place of the list.
fn alone(context: &Context<'_>, node: &Node, place: Place) -> Option<Change> {
    let item = node.items().first()?;
    let written = item.place?.span.of(context.config_text());
    (!written.contains('\n')).then(|| vec![replaced(place, written)])
}

/// Offers the edit where Hermes goes on with it, and with a key where that is what it is about.
fn offer(context: &Context<'_>, findings: &mut Findings, change: Option<Change>, is_key: bool) {
    let Some(change) = change else { return };
    let goes_on = context
        .verdict_after(&change)
        .is_some_and(|after| after.outcome.is_ok() && (!is_key || after.winner.is_some()));
    if goes_on {
        findings.change(change);
    }
}

/// The section `model` as something that holds no settings.
fn section(context: &Context<'_>, findings: &mut Findings) {
    let Some(node) = context.config_at(&["model"]) else { return };
    let Some(place) = node.place else { return };
    if let Value::Str(_) = node.value {
        settings_in_text(context, findings, place);
        return;
    }
    let Some(kind) = kind_of(&node.value).filter(|kind| *kind != "mapping") else { return };
    findings
        .report(&SETTING_OF_WRONG_TYPE, first_line(context.config_text(), place))
        .with("type", node.value.type_name())
        .part("kind", kind)
        .part("what", "no_section")
        .part("why", "unread")
        .part("way", "below")
        .without_command();
}

/// Names of settings in a text that is `model`.
const NAMES: [&str; 6] = ["provider", "default", "base_url", "api_key", "api_mode", "model"];

/// Tells of lines `name:value` or `name = value` below `model:`, which YAML takes for one text.
fn settings_in_text(context: &Context<'_>, findings: &mut Findings, place: Place) {
    let mut edits = Vec::new();
    let mut begin = place.span.start;
    for whole in place.span.of(context.config_text()).split_inclusive('\n') {
        let line = whole.trim();
        let start = begin + whole.len() - whole.trim_start().len();
        begin += whole.len();
        if line.is_empty() {
            continue;
        }
        let Some(at) = line.find([':', '=']) else { return };
        let (name, rest) = (line.get(..at).unwrap_or(""), line.get(at + 1..).unwrap_or(""));
        if !NAMES.contains(&name.trim_end()) {
            return;
        }
        let value = rest.len() - rest.trim_start().len();
        let signs = Span::new(start + name.trim_end().len(), start + at + 1 + value);
        edits.push((place.source, Edit::replace(signs, ": ")));
    }
    if edits.is_empty() {
        return;
    }
    findings
        .report(&SETTING_OF_WRONG_TYPE, first_line(context.config_text(), place))
        .part("what", "settings")
        .part("why", "name")
        .part("way", "colon")
        .part("title", "title_colon")
        .without_command();
    offer(context, findings, Some(edits), false);
}

#[cfg(test)]
mod tests {
    use super::SETTING_OF_WRONG_TYPE;
    use crate::rules::testing::{fires, silent};

    /// `str()` of a list is its text: read in `_resolve_task_provider_model` and `_iter_fallback_entries`.
    #[test]
    fn at_other_sites() {
        fires(
            &SETTING_OF_WRONG_TYPE,
            "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
auxiliary:
  compression: {provider: [deepseek], model: 4}
                          ^^^^^^^^^^ PC518
fallback_providers:
  - provider: deepseek
    model: [deepseek-chat, deepseek-reasoner]
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC518
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-000000
--- fixed config.yaml
model: {provider: deepseek, default: deepseek-chat}
auxiliary:
  compression: {provider: deepseek, model: 4}
fallback_providers:
  - provider: deepseek
    model: [deepseek-chat, deepseek-reasoner]
--- says
`auxiliary.compression.provider` is a list, and Hermes takes a text there
Hermes makes a text of it, brackets and all, and takes that.
",
        );
    }

    /// Asked of 0.19.0: `'list' object has no attribute 'strip'`, for each of them.
    #[test]
    fn where_hermes_stops() {
        fires(
            &SETTING_OF_WRONG_TYPE,
            "\
--- config.yaml
model:
  provider: deepseek
  default:
    - deepseek-chat
    ^^^^^^^^^^^^^^^ PC518
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-000000
--- fixed config.yaml
model:
  provider: deepseek
  default:
    deepseek-chat
--- says
`model.default` is a list, and Hermes takes a text there
Hermes stops at it: 'list' object has no attribute 'strip'
Write the text alone
--- then
Hermes uses DEEPSEEK_API_KEY (env:DEEPSEEK_API_KEY) for deepseek
nothing is found
",
        );
        fires(
            &SETTING_OF_WRONG_TYPE,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: ['http://10.0.0.2:8000/v1'], api_key: fake-key-000000}
                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC518
--- fixed config.yaml
model: {provider: custom, default: m, base_url: 'http://10.0.0.2:8000/v1', api_key: fake-key-000000}
--- then
endpoint: http://10.0.0.2:8000/v1
nothing is found
",
        );
        fires(
            &SETTING_OF_WRONG_TYPE,
            "\
--- config.yaml
model: {provider: deepseek, default: 4.5}
                                     ^^^ PC518
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-000000
--- fixed config.yaml
model: {provider: deepseek, default: \"4.5\"}
--- says
is a number
--- then
Hermes uses DEEPSEEK_API_KEY (env:DEEPSEEK_API_KEY) for deepseek
nothing is found
",
        );
        fires(
            &SETTING_OF_WRONG_TYPE,
            "\
--- config.yaml
model: {provider: deepseek, default: {name: deepseek-chat}}
                                     ^^^^^^^^^^^^^^^^^^^^^ PC518
--- says
Write one text here.
",
        );
        fires(
            &SETTING_OF_WRONG_TYPE,
            "\
--- config.yaml
model: {provider: lab, default: m}
providers: {lab: {base_url: ['http://10.0.0.2:8000/v1']}}
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC518
--- fixed config.yaml
model: {provider: lab, default: m}
providers: {lab: {base_url: 'http://10.0.0.2:8000/v1'}}
--- then
endpoint: http://10.0.0.2:8000/v1
",
        );
    }

    /// Asked of 0.19.0: the first provider with a key is taken; `hermes` in a terminal says `'list' object has no attribute
    /// 'strip'`.
    #[test]
    fn a_list_of_providers() {
        fires(
            &SETTING_OF_WRONG_TYPE,
            "\
--- config.yaml
model: {provider: [deepseek, zai], default: deepseek-chat}
                  ^^^^^^^^^^^^^^^ PC518
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-000000
--- says
Hermes goes on as if no provider was written
",
        );
        fires(
            &SETTING_OF_WRONG_TYPE,
            "\
--- config.yaml
model:
  - provider: deepseek
  ^^^^^^^^^^^^^^^^^^^^ PC518
    default: deepseek-chat
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-000000
--- says
`model` is a list, and Hermes takes a section there
",
        );
    }

    /// Asked of 0.19.0: a key under `model` that is no text is passed over; from a block the text of the list is sent.
    #[test]
    fn keys() {
        fires(
            &SETTING_OF_WRONG_TYPE,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: 'https://h.example/v1', api_key: 12345678}
                                                                                 ^^^^^^^^ PC518
--- fixed config.yaml
model: {provider: custom, default: m, base_url: 'https://h.example/v1', api_key: \"12345678\"}
--- says
takes no key from here
--- then
Hermes uses model.api_key (model.api_key) for custom
nothing is found
",
        );
        fires(
            &SETTING_OF_WRONG_TYPE,
            "\
--- config.yaml
model: {provider: 'custom:lab', default: m}
custom_providers:
- name: lab
  base_url: https://h.example/v1
  api_key: [fake-key-000000, fake-key-111111]
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC518
--- says
brackets and all, and sends that as the key
hermes auth add custom:lab --type api-key
",
        );
        // A number there is made the text that it is written as.
        silent(
            &SETTING_OF_WRONG_TYPE,
            "--- config.yaml\nmodel: {provider: 'custom:lab', default: m}\ncustom_providers: [{name: lab, base_url: 'https://h.example/v1', api_key: 12345678}]\n",
        );
    }

    /// Asked of 0.19.0: the entry is in the chain, and is skipped when its turn comes.
    #[test]
    fn a_fallback() {
        fires(
            &SETTING_OF_WRONG_TYPE,
            "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
fallback_providers:
- {provider: custom, model: m, base_url: 'https://h.example/v1', api_key: [fake-key-000000]}
                                                                          ^^^^^^^^^^^^^^^^^ PC518
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-000000
--- says
no client can be made of it
--- fixed config.yaml
model: {provider: deepseek, default: deepseek-chat}
fallback_providers:
- {provider: custom, model: m, base_url: 'https://h.example/v1', api_key: fake-key-000000}
",
        );
    }

    /// Asked of 0.19.0: `model.default` is `provider:deepseek default:deepseek-chat`.
    #[test]
    fn settings_that_are_one_text() {
        for (first, second) in [
            ("provider:deepseek", "default:deepseek-chat"),
            ("provider = deepseek", "default = deepseek-chat"),
            ("provider :deepseek", "default=deepseek-chat"),
        ] {
            fires(
                &SETTING_OF_WRONG_TYPE,
                &format!(
                    "--- config.yaml\nmodel:\n  {first}\n  {} PC518\n  {second}\n--- .env\nDEEPSEEK_API_KEY=sk-fake-deepseek-000000\n\
                     --- fixed config.yaml\nmodel:\n  provider: deepseek\n  default: deepseek-chat\n\
                     --- then\nHermes uses DEEPSEEK_API_KEY (env:DEEPSEEK_API_KEY) for deepseek\nmodel: deepseek-chat\nnothing is found\n",
                    "^".repeat(first.len())
                ),
            );
        }
    }

    #[test]
    fn texts_and_nothing() {
        for model in [
            "deepseek-chat",
            "qwen3:8b",
            "",
            "{provider: deepseek, default: , base_url: [], api_key: 0}",
            "{provider: deepseek, default: m, context_length: 65536, supports_vision: true}",
        ] {
            silent(&SETTING_OF_WRONG_TYPE, &format!("--- config.yaml\nmodel: {model}\n"));
        }
    }
}
