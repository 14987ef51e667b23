//! Places of a report on a post are those of the post, whatever was taken out of it to read it: quote marks, indentation, other
//! text, other fragments.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use poolcheck::api::{Options, Post, check_post};
use poolcheck::base::text::Encoding;
use poolcheck::report::{FindingView, Location};

fn post(text: &str) -> Post {
    check_post(text, &[], &Options { now: 1_780_000_000.0, ..Options::default() }).unwrap()
}

fn finding(post: &Post, code: &str) -> FindingView {
    let report = post.report.as_ref().unwrap();
    let after = report.repaired.iter().flat_map(|repaired| &repaired.findings);
    let mut all = report.findings.iter().chain(after);
    all.find(|finding| finding.code.as_str() == code).unwrap_or_else(|| panic!("no {code}")).clone()
}

/// What stands at `location` of `text`, by its offsets in UTF-16.
fn at(text: &str, location: &Location) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    String::from_utf16(&units[location.start.offset..location.end.offset]).unwrap()
}

/// The place of the finding `code` is that of `word` in the post, and its line that of the post as well.
fn is_at(text: &str, code: &str, word: &str) -> FindingView {
    let found = finding(&post(text), code);
    assert_eq!(at(text, &found.location), word, "{text}");
    let before = text.split(word).next().unwrap();
    let lines = before.replace("\r\n", "\n").replace('\r', "\n");
    assert_eq!(found.location.start.line, lines.matches('\n').count() + 1, "{text}");
    let column = lines.rsplit('\n').next().unwrap().encode_utf16().count() + 1;
    assert_eq!(found.location.start.column, column, "{text}");
    let excerpt: Vec<u16> = found.excerpt.text.as_str().encode_utf16().collect();
    assert_eq!(String::from_utf16(&excerpt[found.excerpt.start..found.excerpt.end]).unwrap(), word);
    assert_eq!(found.location.post.as_ref().map(|name| name.as_str()), Some("pasted text"));
    found
}

const CONFIG: &str = "model:\n  default: m\n  provider: geminni\n";

#[test]
fn the_error_in_line_8_is_in_line_8() {
    let text = format!("Hello,\n\nthis fails:\n\n```yaml\n{CONFIG}```\n\nWhy?\n");
    let found = is_at(&text, "PC503", "geminni");
    assert_eq!((found.location.start.line, found.location.file.as_str()), (8, "config.yaml"));
}

#[test]
fn quote_marks_and_indentation_are_counted() {
    for front in ["> ", ">", "> > ", "    ", "\t", ">     "] {
        let quoted: String = CONFIG.lines().map(|line| format!("{front}{line}\n")).collect();
        is_at(&format!("Somebody wrote:\n\n{quoted}\nSo?\n"), "PC503", "geminni");
    }
    is_at(&format!("look ```{CONFIG}``` so?\n"), "PC503", "geminni");
    is_at("1. It is\n\n   ```yaml\n   model:\n     provider: geminni\n   ```\n", "PC503", "geminni");
}

#[test]
fn line_ends_byte_order_marks_tabs_and_wide_characters_are_counted() {
    let text = format!("\u{feff}😀 Hello:\n\n{CONFIG}\n");
    is_at(&text, "PC503", "geminni");
    is_at(&text.replace('\n', "\r\n"), "PC503", "geminni");
    is_at(&text.replace('\n', "\r"), "PC503", "geminni");
    is_at("😀:\n\n> model: {default: 😀😀, provider: geminni}\n", "PC503", "geminni");
    is_at(
        "Tabs:\n\n```yaml\nagent:\n  max_turns:\t5\nmodel:\n  provider:\tgeminni\n```\n",
        "PC503",
        "geminni",
    );
}

#[test]
fn each_fragment_has_its_own_place() {
    let text = "First:\n\n```yaml\nmodel:\n  provider: custom:corp\n```\n\nand then\n\n> ```yaml\n> custom_providers:\n> - name: corp\n\
                >   base_url: llm.corp.example/v1\n> ```\n\nand .env:\n\n```\nA_KEY=1\n```\n\nand\n\n```\nGEMINI_API_KEYS=fake-a,fake-b\n```\n";
    is_at(text, "PC509", "llm.corp.example/v1");
    is_at(text, "PC402", "GEMINI_API_KEYS");
    // What a later fragment says again is not read; the places behind it stay what they are.
    let text = "```\nA_KEY=1\nTZ=UTC\nGEMINI_API_KEYS=fake-a,fake-b\n```\n\nlater\n\n```\nA_KEY=2\n```\n";
    is_at(text, "PC402", "GEMINI_API_KEYS");
}

#[test]
fn places_in_words_name_the_post_and_the_file() {
    let text = "The log:\n\n```\n14:36:01 INFO  agent.credential_pool: credential pool: no available entries (all exhausted or empty)\n\
                15:06:17 ERROR cron.scheduler: Job 'x' failed: RuntimeError: Provider 'zai' is set in config.yaml but no API key was found.\n```\n";
    let found = finding(&post(text), "PC914");
    assert_eq!(found.location.start.line, 5);
    assert!(found.why.as_str().contains("pasted text line 4 (log)"), "{}", found.why);
}

#[test]
fn after_repair_places_are_those_of_the_post_as_well() {
    let text = "😀 My file:\n\n> model:\n> default: gemini-flash-latest\n> provider: gemini\n> credential_pool_strategies:\n> gemini: roundrobin\n> \
                fallback_providers:\n> - provider: openrouter\n> model: openrouter/free\n> toolsets:\n> - hermes-cli\n";
    let post = post(text);
    assert!(post.report.as_ref().unwrap().repaired.is_some());
    is_at(text, "PC506", "roundrobin");
}

#[test]
fn every_encoding_has_its_own_columns() {
    let text = "é:\n\n> model: {default: é😀, provider: geminni}\n";
    for (encoding, column) in [
        (Encoding::Utf8, text.split('\n').nth(2).unwrap().find("geminni").unwrap() + 1),
        (
            Encoding::CodePoints,
            text.split('\n').nth(2).unwrap().split("geminni").next().unwrap().chars().count() + 1,
        ),
    ] {
        let post = check_post(text, &[], &Options { encoding, ..Options::default() }).unwrap();
        assert_eq!(finding(&post, "PC503").location.start.column, column);
    }
}

#[test]
fn a_post_in_which_nothing_is_recognised_gets_an_answer() {
    let text = "I changed the key in config.yaml, but the credential pool in auth.json still has the old key. \
                sk-fake-0000000000000000 is the new key.";
    let post = post(text);
    assert!(post.report.is_none() && post.pasted.parts.iter().all(|part| part.kind.is_none()));
    let said = post.pasted.nothing.unwrap();
    assert!(said.touched.iter().any(|touch| touch.code.as_str() == "PC201"));
    assert!(said.could.len() >= 4);
    let shown = serde_json::to_string(&said).unwrap();
    assert!(!shown.contains("sk-fake"), "nothing of the text is repeated: {shown}");
}
