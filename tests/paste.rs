//! The nesting of a pasted config.yaml is put back as its author meant it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use poolcheck::base::sources::SourceKind;
use poolcheck::base::text::{Edits, Span};
use poolcheck::facts::Facts;
use poolcheck::python::{Node, Value, same, to_str};
use poolcheck::readers::paste::{Damage, Kind, LONGEST_TEXT, Paste, Why};
use poolcheck::yaml;

fn corpus(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name).join("config.yaml");
    fs::read_to_string(path).unwrap()
}

fn paste(text: &str) -> Paste {
    let loaded = yaml::load(text, SourceKind::Config);
    Paste::of(text, loaded.root.as_ref().map(Some), &loaded.duplicates, Facts::newest().unwrap())
}

fn tree(text: &str) -> Value {
    match yaml::load(text, SourceKind::Config).root {
        Ok(root) => root.value,
        Err(error) => panic!("{}\n{text}", error.text("config.yaml").unwrap_or_default()),
    }
}

/// The text after the repair of its only damage, which is one of the nesting.
fn rebuilt(text: &str) -> String {
    let paste = paste(text);
    let kinds: Vec<Kind> = paste.damages.iter().map(|damage| damage.kind).collect();
    assert_eq!(kinds, [Kind::Nesting], "{text}");
    mended(text, &paste.damages[0])
}

fn mended(text: &str, damage: &Damage) -> String {
    assert!(!damage.edits.is_empty(), "no repair of\n{text}");
    Edits::new(damage.edits.clone()).unwrap().apply(text)
}

/// Every line without its indentation.
fn flat(text: &str) -> String {
    text.lines().fold(String::new(), |mut flat, line| {
        writeln!(flat, "{}", line.trim_start()).unwrap();
        flat
    })
}

/// Where two trees differ, as dotted paths.
fn differences(ours: &Value, theirs: &Value, path: &str, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Dict(ours), Value::Dict(theirs)) => {
            let names = ours.iter().chain(theirs.iter()).filter_map(|entry| entry.key.value.as_str());
            let names: std::collections::BTreeSet<&str> = names.collect();
            for name in names {
                match (ours.get(name), theirs.get(name)) {
                    (Some(ours), Some(theirs)) => {
                        differences(&ours.value, &theirs.value, &format!("{path}.{name}"), found);
                    }
                    (Some(_), None) => found.push(format!("{path}.{name} is too much")),
                    _ => found.push(format!("{path}.{name} is missing")),
                }
            }
        }
        _ if same(ours, theirs) => {}
        _ => found.push(path.to_owned()),
    }
}

fn assert_same(rebuilt: &str, intended: &str) {
    let mut found = Vec::new();
    differences(&tree(rebuilt), &tree(intended), "", &mut found);
    assert!(found.is_empty(), "{found:#?}\n{rebuilt}");
}

#[test]
fn the_flattened_post_is_what_its_author_meant() {
    let indented = corpus("forum-indented");
    let rebuilt = rebuilt(&corpus("forum-flattened"));
    assert_same(&rebuilt, &indented);
    // It is even the same text: comments and all other bytes stay.
    assert_eq!(rebuilt, indented);
}

#[test]
fn the_bulleted_post_is_what_its_author_meant() {
    let intended = "\
model:
  default: gemini-flash-lite-latest
  provider: gemini
  base_url: https://generativelanguage.googleapis.com/v1beta
providers: {}
fallback_providers:
  - {provider: openrouter, model: 'z-ai/glm-4.5-air:free'}
  - {provider: openrouter, model: 'openai/gpt-oss-120b:free'}
  - {provider: openrouter, model: openrouter/free}
toolsets: [hermes-cli]
agent:
  max_turns: 150
  gateway_timeout: 1800
  restart_drain_timeout: 60
  service_tier: ''
  verbose: false
";
    assert_same(&rebuilt(&corpus("forum-bulleted")), intended);
}

#[test]
fn the_indented_post_has_no_damage() {
    for name in ["forum-indented", "corrected-setup", "defaults", "stale-pool-row", "one-key-cooldown"] {
        assert!(paste(&corpus(name)).damages.is_empty(), "{name}");
    }
}

/// The defaults with the items of their lists indented or not, and long texts on one line, as JSON writes them.
fn defaults() -> String {
    let mut text = String::new();
    write_dict(&Facts::newest().unwrap().defaults, 0, &mut text);
    text
}

fn write_dict(node: &Node, indent: usize, text: &mut String) {
    for entry in node.value.as_dict().unwrap().iter() {
        write!(text, "{:indent$}{}:", "", entry.key.value.as_str().unwrap()).unwrap();
        write_value(&entry.value, indent, text);
    }
}

fn write_value(node: &Node, indent: usize, text: &mut String) {
    match &node.value {
        Value::Dict(dict) if !dict.is_empty() => {
            text.push('\n');
            write_dict(node, indent + 2, text);
        }
        Value::List(items) if !items.is_empty() => {
            text.push('\n');
            for item in items.iter() {
                write!(text, "{:indent$}  -", "").unwrap();
                match &item.value {
                    Value::Dict(_) => {
                        let mut inner = String::new();
                        write_dict(item, indent + 4, &mut inner);
                        write!(text, " {}", inner.trim_start()).unwrap();
                    }
                    _ => write_value(item, indent, text),
                }
            }
        }
        Value::Dict(_) => text.push_str(" {}\n"),
        Value::List(_) => text.push_str(" []\n"),
        Value::Str(value) => writeln!(text, " {}", serde_json::to_string(value.as_ref()).unwrap()).unwrap(),
        Value::None => text.push_str(" null\n"),
        Value::Bool(value) => writeln!(text, " {value}").unwrap(),
        other => writeln!(text, " {}", to_str(other).unwrap()).unwrap(),
    }
}

#[test]
fn every_section_of_the_defaults_finds_its_way_back() {
    let intended = defaults();
    assert_same(&intended, &intended);
    assert_same(&rebuilt(&flat(&intended)), &intended);
}

#[test]
fn sections_that_users_fill_find_their_way_back() {
    let intended = "\
model:
  default: anthropic/claude-sonnet-4
  provider: openrouter
# 本地服务
providers:
  local:
    base_url: http://localhost:8080/v1
    api_mode: chat_completions
  other:
    base_url: https://example.org/v1
    key_env: OTHER_KEY
custom_providers:
  - name: mine
    base_url: https://example.org/v1
    api_key: ${MINE}
    model: big
  - name: yours
    base_url: https://example.net/v1
fallback_model:
  provider: openrouter
  model: openrouter/free
credential_pool_strategies:
  gemini: round_robin
  mine: random
toolsets:
  - web
  - terminal
platform_toolsets:
  telegram:
    - web
  discord:
    - web
    - terminal
mcp_servers:
  github:
    command: npx
    args:
      - -y
      - server-github
    env:
      GITHUB_TOKEN: ${GITHUB_TOKEN}
      MODE: fast
  memory:
    command: uvx
    args: [server-memory]
  web:
    url: https://example.org/mcp
    headers:
      Authorization: Bearer ${TOKEN}
    timeout: 30
agent:
  max_turns: 60
  reasoning_overrides: {}
terminal:
  backend: docker
  docker_volumes:
    - /a:/a
display:
  streaming: true
  platforms:
    telegram:
      streaming: false
streaming:
  enabled: true
compression:
  enabled: true
  threshold: 0.6
auxiliary:
  vision:
    provider: gemini
    model: m
  compression:
    provider: auto
    model: n
memory:
  memory_enabled: true
";
    assert_eq!(rebuilt(&flat(intended)), intended);
}

/// The doubts about a text: the key, what it was taken to belong under, what it could belong under as well, and why.
fn doubts(text: &str) -> Vec<(&str, &str, &str, Why)> {
    let paste = paste(text);
    let nesting = &paste.damage(Kind::Nesting).unwrap().nesting;
    assert!(!nesting.is_partly_tried);
    let named = |owner: Option<Span>| owner.map_or("", |span| span.of(text));
    let doubts = nesting.doubts.iter();
    doubts.map(|doubt| (doubt.key.of(text), named(doubt.owner), named(doubt.other), doubt.why)).collect()
}

#[test]
fn two_readings_are_told() {
    // A section of its own, and one of `auxiliary`.
    assert_eq!(
        doubts("auxiliary:\nvision:\nprovider: gemini\ncompression:\nmemory:\nmemory_enabled: true\n"),
        [("compression", "auxiliary", "", Why::Nearer)]
    );
    // Hermes does not know the key; at the margin it would become a variable.
    assert_eq!(doubts("agent:\nmax_turns: 5\nmy_own_key: 1\n"), [("my_own_key", "agent", "", Why::Unknown)]);
    // The last line of an entry, and Hermes' old place for the endpoint of the model.
    assert_eq!(
        doubts(
            "custom_providers:\n- name: a\napi_mode: x\n- name: b\napi_mode: x\nbase_url: http://localhost/v1\n"
        ),
        [("base_url", "custom_providers", "", Why::Nearer)]
    );
    // An entry without its mark, at the end of the file: Hermes reads a provider at the margin too.
    assert_eq!(
        doubts("agent:\nmax_turns: 5\nfallback_providers:\n- provider: a\nmodel: m\nprovider: b\n"),
        [("provider", "", "fallback_providers", Why::NoMark)]
    );
}

#[test]
fn the_reading_that_more_lines_suit_is_taken_and_told() {
    let text = "agent:\nmax_turns: 5\nfallback_providers:\n- provider: a\nmodel: m\nprovider: b\nmodel: n\nprovider: c\nmodel: o\n";
    assert_eq!(
        rebuilt(text),
        "agent:\n  max_turns: 5\nfallback_providers:\n  - provider: a\n    model: m\n  - provider: b\n    model: n\n  - provider: c\n    model: o\n"
    );
    let doubt = ("provider", "fallback_providers", "", Why::Rest);
    assert_eq!(doubts(text), [doubt, doubt]);
}

#[test]
fn one_reading_is_none_to_doubt() {
    for text in [
        // A second place that means the same to Hermes.
        "model:\ndefault: m\nprovider: gemini\nbase_url: http://localhost/v1\ntoolsets: [web]\n",
        // What follows fits one place only.
        "custom_providers:\n- name: a\nbase_url: http://localhost/v1\napi_mode: x\n- name: b\napi_mode: x\n",
        // The form of the value tells: a list of rows, a strategy.
        "credential_pool:\ngemini:\n- api_key: X_1\ncredential_pool_strategies:\ngemini: fill_first\nopenrouter: random\n",
        // The columns tell.
        "auxiliary:\n  vision:\n    provider: x\n   compression:\n    provider: y\n",
        &corpus("forum-flattened"),
        &corpus("forum-bulleted"),
    ] {
        assert_eq!(doubts(text), [], "{text}");
    }
}

#[test]
fn what_was_assumed_is_told() {
    let text = corpus("forum-bulleted");
    let paste = paste(&text);
    let assumed = &paste.damage(Kind::Nesting).unwrap().nesting.assumed;
    let told: Vec<(&str, usize, Vec<&str>)> = (assumed.iter())
        .map(|assumed| {
            let owner = assumed.owner.map_or("", |span| span.of(&text));
            (owner, assumed.items, assumed.keys.iter().map(|key| key.of(&text)).collect())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("", 0, vec!["model", "providers", "fallback_providers", "toolsets", "agent"]),
            ("model", 0, vec!["default", "provider", "base_url"]),
            ("fallback_providers", 3, vec!["provider", "model"]),
            ("toolsets", 1, vec![]),
            (
                "agent",
                0,
                vec!["max_turns", "gateway_timeout", "restart_drain_timeout", "service_tier", "verbose"]
            ),
        ]
    );
}

/// What nobody can tell from the keys alone; the repair is one of two right answers, and is offered to be looked at.
#[test]
fn where_a_flat_text_has_two_meanings() {
    // `compression` is a section of its own and one of `auxiliary`; without children of its own it stays inside.
    let text = "auxiliary:\nvision:\nprovider: gemini\ncompression:\nmemory:\nmemory_enabled: true\n";
    assert_eq!(
        rebuilt(text),
        "auxiliary:\n  vision:\n    provider: gemini\n  compression:\nmemory:\n  memory_enabled: true\n"
    );
    // A key that is known nowhere stays in what is open.
    let text = "agent:\nmax_turns: 5\nmy_own_key: 1\n";
    assert_eq!(rebuilt(text), "agent:\n  max_turns: 5\n  my_own_key: 1\n");
}

#[test]
fn one_line_out_of_line_is_put_back() {
    let text = "model:\n  provider: gemini\n   default: m\nagent:\n  max_turns: 5\n";
    assert_eq!(rebuilt(text), "model:\n  provider: gemini\n  default: m\nagent:\n  max_turns: 5\n");
}

#[test]
fn what_needs_white_space_that_is_gone_has_no_repair() {
    for text in [
        "model:\ndefault: m\npersonalities:\nkind: |\nBe kind.\nprovider: x\n",
        "model:\ndefault: m\ntoolsets: [web,\nterminal]\n• x: y: z\n",
    ] {
        let damages = paste(text).damages;
        assert!(damages.iter().all(|damage| damage.edits.is_empty()), "{text}: {damages:?}");
    }
}

#[test]
fn an_error_of_another_kind_is_no_damage_by_pasting() {
    for text in
        ["model:\n  provider: 'gemini\n", "model: {provider: gemini\nagent:\n  max_turns: 5\n", "model: @x\n"]
    {
        let paste = paste(text);
        assert!(paste.damages.is_empty() && !paste.breaks, "{text}: {paste:?}");
    }
}

#[test]
fn hostile_texts_end_soon() {
    let long = LONGEST_TEXT / 4;
    let texts = [
        "a:\n".repeat(long / 3),
        "- ".repeat(long / 2),
        "•".repeat(long / 3),
        "“a”：\n".repeat(long / 13),
        "\u{a0}\t".repeat(long / 3),
        "model:\n- provider: x\n• model: y\n".repeat(long / 40),
        "fallback_providers:\n".to_owned() + &"- provider: x\nmodel: y\n".repeat(long / 24),
        "1 a:\n".repeat(long / 6),
        "a: [".repeat(long / 4),
        "\"’".repeat(long / 4),
        "x".repeat(LONGEST_TEXT + 1),
    ];
    for text in texts {
        let _ = paste(&text);
    }
}
