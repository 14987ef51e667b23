//! PC554: the providers of one's own as a text that holds them, or as a mapping where Hermes takes a list.

use super::pc603_fallback_is_text::{list_in_text, without_quotes};
use super::trial::{Change, replaced};
use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Place, Span};
use crate::diagnostic::Safety;
use crate::python::{Entry, Node, Value, repr};
use crate::yaml;

declare_rule! {
    /// The value is a text with JSON in it, as `hermes config set custom_providers '[…]'` writes it. Hermes does not look into the text:
    /// there is no provider of one's own, and nothing says so until one is asked for by its name, as "Unknown provider". Without
    /// the quotes it is YAML. A `|` behind the name makes a text of all the lines below it. `custom_providers` is a list; a mapping by
    /// name is what `providers` is.
    ///
    /// ```yaml fires
    /// model: {provider: "custom:box", default: m}
    /// custom_providers: '[{"name": "box", "base_url": "http://10.0.0.2:8000/v1"}]'
    /// ```
    /// ```yaml silent
    /// model: {provider: "custom:box", default: m}
    /// custom_providers: [{"name": "box", "base_url": "http://10.0.0.2:8000/v1"}]
    /// ```
    pub static PROVIDERS_ARE_TEXT = {
        code: "PC554", name: "providers-are-text", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "{what}",
        why: "{why}",
        todo: "{way}",
        fix_title: "{title}",
        part empty: "`{key}` is a text, not {kind}",
        part text: "`{key}` is a text that holds providers, not {kind}",
        part no_list: "`{key}` is a mapping, not a list",
        part no_mapping: "`{key}` is a list, not a mapping",
        part unseen: "Hermes does not look into the text: it knows none of these providers.",
        part not_read: "Hermes does not look into the text.",
        part unread: "Hermes takes a list here: it knows none of these providers.",
        part unquote: "Take the quotes away, or write the entries as YAML.",
        part open: "Take the `{sign}` behind `{key}:` away.",
        part unread_list: "Hermes takes a mapping by name here: it knows none of these providers.",
        part rename_list: "Call it `custom_providers`, which is a list.",
        part built_in: "Hermes' own providers take no key here: add the key with `hermes auth add {provider}`, and take the entry out. An endpoint of your own belongs under `custom_providers`, with its `base_url`.",
        part by_name: "Write the name of each provider as a key below `providers:`, and `base_url` and the rest below it.",
        part title_rename_list: "Call it `custom_providers`",
        part rename: "Call it `providers`, which is a mapping by name.",
        part itemise: "Begin each provider with `- name: …`, and write `base_url` and the rest below it.",
        part title_unquote: "Take the quotes away",
        part title_open: "Take the `{sign}` away",
        part title_rename: "Call it `providers`",
        part list: "a list",
        part mapping: "a mapping",
    }
}

/// The root keys that hold providers of one's own, and what they have to be.
const KEYS: [(&str, &str); 2] = [("custom_providers", "list"), ("providers", "mapping")];

fn check(context: &Context<'_>, findings: &mut Findings) {
    as_mapping(context, findings);
    as_list(context, findings);
    for (key, kind) in KEYS {
        if let Some(block) = block_of(context, key) {
            in_block(context, findings, block, (key, kind));
            continue;
        }
        let Some((node, value)) = list_in_text(context, key) else { continue };
        let Some(place) = node.place else { continue };
        findings
            .report(&PROVIDERS_ARE_TEXT, place)
            .with("key", key)
            .part("kind", kind)
            .part("what", if value.is_true() { "text" } else { "empty" })
            .part("why", if value.is_true() { "unseen" } else { "not_read" })
            .part("way", "unquote")
            .part("title", "title_unquote");
        // What is in the text has to be what belongs there.
        let is_right = if kind == "list" { value.as_list().is_some() } else { value.as_dict().is_some() };
        if let Some(json) = without_quotes(context, node, &value).filter(|_| is_right) {
            findings.replace(place, json);
        }
    }
}

/// A text of several lines behind `|` or `>` that holds providers in YAML.
struct Block {
    /// From the sign to the end of its line.
    head: Place,
    /// The sign, with what stands behind it.
    sign: String,
    /// What the lines say as YAML.
    value: Value,
}

/// The text under `key`, where it is written behind `|` or `>`.
fn block_of(context: &Context<'_>, key: &str) -> Option<Block> {
    let node = context.config_at(&[key])?;
    let (text, place) = (node.value.as_str()?, node.place?);
    let head = place.span.of(context.config_text()).lines().next()?;
    let sign = head.split_whitespace().next().filter(|sign| sign.starts_with(['|', '>']))?;
    let value = yaml::load(text, SourceKind::Config).root.ok()?.value;
    let holds_providers = match &value {
        Value::List(items) => !items.is_empty() && items.iter().all(|item| item.value.as_dict().is_some()),
        Value::Dict(dict) => {
            !dict.is_empty() && dict.iter().all(|entry| entry.value.value.as_dict().is_some())
        }
        _ => false,
    };
    let start = place.span.start;
    let head = Place::new(place.source, Span::new(start, start + head.len()));
    holds_providers.then(|| Block { head, sign: sign.to_owned(), value })
}

fn in_block(context: &Context<'_>, findings: &mut Findings, block: Block, (key, kind): (&str, &'static str)) {
    let Block { head, sign, value } = block;
    let end = head.span.start + sign.len();
    findings
        .report(&PROVIDERS_ARE_TEXT, Place::new(head.source, Span::new(head.span.start, end)))
        .with("key", key)
        .with("sign", sign)
        .part("kind", kind)
        .part("what", "text")
        .part("why", "unseen")
        .part("way", "open")
        .part("title", "title_open");
    // Folded lines may say something else when they are YAML, and so may a list where a mapping belongs.
    let text = context.config_text();
    let (before, behind) = (text.get(..head.span.start), text.get(head.span.end..));
    let after = yaml::load(&[before.unwrap_or(""), behind.unwrap_or("")].concat(), SourceKind::Config).root;
    let is_right = if kind == "list" { value.as_list().is_some() } else { value.as_dict().is_some() };
    let is_same = |root: Node| root.get(key).is_some_and(|node| repr(&node.value) == repr(&value));
    if is_right && after.is_ok_and(is_same) {
        findings.fix(head.source, vec![Edit::delete(head.span)]);
    }
}

/// The entry `custom_providers` of config.yaml where it is a mapping and holds something.
pub(super) fn mapping_for_list<'c>(context: &'c Context<'_>) -> Option<&'c Entry> {
    let entry = context.config_root()?.value.as_dict()?.entry(LIST)?;
    entry.value.value.as_dict().is_some_and(|dict| !dict.is_empty()).then_some(entry)
}

/// The root key that is a list.
const LIST: &str = "custom_providers";

fn as_mapping(context: &Context<'_>, findings: &mut Findings) {
    let Some(entry) = mapping_for_list(context) else { return };
    let Some(place) = entry.key.place else { return };
    let is_by_name = entry.value.entries().iter().all(|own| own.value.value.as_dict().is_some());
    let is_free = context.config_at(&["providers"]).is_none_or(|node| !node.value.is_true());
    let renames = is_by_name && is_free;
    findings
        .report(&PROVIDERS_ARE_TEXT, place)
        .with("key", LIST)
        .part("what", "no_list")
        .part("why", "unread")
        .part("way", if renames { "rename" } else { "itemise" })
        .part("title", "title_rename");
    let change: Change = vec![replaced(place, "providers")];
    let resolves = || context.verdict_after(&change).is_some_and(|after| after.outcome.is_ok());
    if renames && context.is_plain_key(place, LIST) && resolves() {
        findings.change(change);
    }
}

/// The root key that is a mapping.
const MAPPING: &str = "providers";

/// `providers` with a list, as `custom_providers` has one.
fn as_list(context: &Context<'_>, findings: &mut Findings) {
    let entry = context.config_root().and_then(|root| root.value.as_dict()?.entry(MAPPING));
    let Some((entry, place)) = entry.and_then(|entry| Some((entry, entry.key.place?))) else { return };
    let items = entry.value.items();
    if items.is_empty() {
        return;
    }
    let is_named = items.iter().all(|item| item.text("name").is_some());
    let is_free = context.config_at(&[LIST]).is_none_or(|node| !node.value.is_true());
    let has_endpoint = |item: &Node| {
        ["base_url", "url", "api"].iter().any(|name| item.text(name).is_some_and(|url| !url.is_empty()))
    };
    let renames = is_named && is_free && items.iter().all(has_endpoint);
    let own = items
        .iter()
        .filter(|item| !has_endpoint(item))
        .find_map(|item| item.text("name").filter(|name| context.pool_names.provider(name).is_some()));
    findings
        .report(&PROVIDERS_ARE_TEXT, place)
        .with("key", MAPPING)
        .part("what", "no_mapping")
        .part("why", "unread_list")
        .with("provider", own.unwrap_or_default())
        .part("title", "title_rename_list");
    findings.part(
        "way",
        match own {
            Some(_) => "built_in",
            None if renames => "rename_list",
            None => "by_name",
        },
    );
    let change: Change = vec![replaced(place, LIST)];
    let resolves = || context.verdict_after(&change).is_some_and(|after| after.outcome.is_ok());
    if renames && context.is_plain_key(place, MAPPING) && resolves() {
        findings.change(change);
    }
}

#[cfg(test)]
mod tests {
    use super::PROVIDERS_ARE_TEXT;
    use crate::rules::testing::{fires, silent};

    /// Under `custom_providers` an entry without an endpoint is left out, and its key is read by nobody either.
    #[test]
    fn a_list_of_keys_for_providers_of_hermes() {
        fires(
            &PROVIDERS_ARE_TEXT,
            "\
--- config.yaml
model: {provider: openrouter, default: a/b}
providers:
^^^^^^^^^ PC554
  - {name: openrouter, api_key: sk-or-fake-000000}
--- says
add the key with `hermes auth add openrouter`
",
        );
    }

    /// Asked of 0.19.0: the name is unknown, `get_compatible_custom_providers()` and its own check find nothing.
    #[test]
    fn the_quotes_go_and_the_provider_is_there() {
        let report = fires(
            &PROVIDERS_ARE_TEXT,
            "\
--- config.yaml
model: {provider: 'custom:box', default: m}
custom_providers: '[{\"name\":\"box\",\"base_url\":\"http://10.0.0.2:8000/v1\",\"api_key\":\"sk-fake-box-1\"}]'
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC554
--- fixed config.yaml
model: {provider: 'custom:box', default: m}
custom_providers: [{\"name\":\"box\",\"base_url\":\"http://10.0.0.2:8000/v1\",\"api_key\":\"sk-fake-box-1\"}]
--- says
`custom_providers` is a text that holds providers, not a list
--- then
endpoint: http://10.0.0.2:8000/v1
nothing is found
",
        );
        // That the name is not known is what it comes to, not another fault.
        assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
    }

    #[test]
    fn a_mapping_in_a_text() {
        fires(
            &PROVIDERS_ARE_TEXT,
            "\
--- config.yaml
model: {provider: box, default: m}
providers: '{\"box\": {\"base_url\": \"https://h.example/v1\"}}'
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC554
--- fixed config.yaml
model: {provider: box, default: m}
providers: {\"box\": {\"base_url\": \"https://h.example/v1\"}}
--- says
not a mapping
--- then
endpoint: https://h.example/v1
",
        );
    }

    /// `|` makes a text of the lines, in which nothing looks.
    #[test]
    fn a_text_of_several_lines() {
        let report = fires(
            &PROVIDERS_ARE_TEXT,
            "\
--- config.yaml
model:
  provider: custom:box
  default: m
custom_providers: |
                  ^ PC554
  - name: box
    base_url: http://10.0.0.2:8000/v1
    api_key: sk-fake-box-1
--- fixed config.yaml
model:
  provider: custom:box
  default: m
custom_providers: 
  - name: box
    base_url: http://10.0.0.2:8000/v1
    api_key: sk-fake-box-1
--- says
Take the `|` behind `custom_providers:` away.
--- then
endpoint: http://10.0.0.2:8000/v1
nothing is found
",
        );
        assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
    }

    /// Asked of 0.19.0: the name is unknown; under `custom_providers` it is found.
    #[test]
    fn a_list_where_a_mapping_belongs() {
        let report = fires(
            &PROVIDERS_ARE_TEXT,
            "\
--- config.yaml
model: {provider: 'custom:lab', default: m}
providers:
^^^^^^^^^ PC554
  - name: lab
    base_url: https://h.example/v1
    key_env: LAB_KEY
--- .env
LAB_KEY=sk-fake-lab-000000
--- fixed config.yaml
model: {provider: 'custom:lab', default: m}
custom_providers:
  - name: lab
    base_url: https://h.example/v1
    key_env: LAB_KEY
--- says
`providers` is a list, not a mapping
--- then
endpoint: https://h.example/v1
nothing is found
",
        );
        assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
    }

    /// That the name is unknown, and what Hermes' own check says of keys below it, has the same cause.
    #[test]
    fn a_single_provider_without_its_dash_is_told_once() {
        let report = fires(
            &PROVIDERS_ARE_TEXT,
            "\
--- config.yaml
model: {provider: 'custom:lab', default: m}
custom_providers:
^^^^^^^^^^^^^^^^ PC554
  name: lab
  base_url: https://h.example/v1
--- says
Begin each provider with `- name: …`
",
        );
        assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
    }

    /// Asked of 0.19.0: "custom_providers is a dict", and the name is unknown; under `providers` it is found.
    #[test]
    fn a_mapping_where_a_list_belongs() {
        let report = fires(
            &PROVIDERS_ARE_TEXT,
            "\
--- config.yaml
custom_providers:
^^^^^^^^^^^^^^^^ PC554
  vllm:
    base_url: http://10.0.0.5:8000/v1
    api_key: sk-fake-box-1
model: {default: m, provider: 'custom:vllm'}
--- fixed config.yaml
providers:
  vllm:
    base_url: http://10.0.0.5:8000/v1
    api_key: sk-fake-box-1
model: {default: m, provider: 'custom:vllm'}
--- says
Call it `providers`, which is a mapping by name.
--- then
endpoint: http://10.0.0.5:8000/v1
nothing is found
",
        );
        assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
        fires(
            &PROVIDERS_ARE_TEXT,
            "\
--- config.yaml
model: {provider: gemini}
custom_providers: {name: lab, base_url: 'http://h.example/v1'}
^^^^^^^^^^^^^^^^ PC554
--- says
Begin each provider with `- name: …`
",
        );
    }

    #[test]
    fn lists_and_other_texts() {
        silent(
            &PROVIDERS_ARE_TEXT,
            "--- config.yaml\ncustom_providers: [{\"name\": \"box\", \"base_url\": \"http://10.0.0.2:8000/v1\"}]\nproviders: none\n",
        );
    }
}
