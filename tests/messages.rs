//! The catalogues: no message is missing, unused or says other arguments than the English one.

#![allow(clippy::unwrap_used, clippy::string_slice)]

use std::collections::{BTreeMap, BTreeSet};

use poolcheck::diagnostic::messages::{Language, arguments};
use poolcheck::python::lower;
use poolcheck::rules::RULES;
use poolcheck::wordings::all_templates;

#[test]
fn every_id_is_given_once() {
    let mut seen = BTreeSet::new();
    for template in all_templates() {
        assert!(seen.insert(template.id()), "{} is given twice", template.id());
    }
}

#[test]
fn the_chinese_catalogue_matches_the_english_wordings() {
    let english: BTreeMap<String, &str> =
        all_templates().map(|template| (template.id(), template.english)).collect();
    let docs: BTreeSet<String> = RULES.iter().map(|rule| format!("{}.doc", rule.code)).collect();
    let chinese = Language::SimplifiedChinese.catalogue();
    let mut wrong = Vec::new();
    for (id, wording) in &english {
        match chinese.get(id) {
            None => wrong.push(format!("missing: {id}")),
            Some(translated) => {
                let names = |wording| arguments(wording).into_iter().collect::<BTreeSet<_>>();
                if names(wording) != names(translated) {
                    wrong.push(format!("other arguments: {id}"));
                }
            }
        }
    }
    wrong.extend(docs.iter().filter(|id| !chinese.contains_key(id)).map(|id| format!("missing: {id}")));
    for id in chinese.keys().iter().filter(|id| !id.starts_with("page.")) {
        if !english.contains_key(id) && !docs.contains(id) {
            wrong.push(format!("unused: {id}"));
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "locales/zh-CN.json:\n{}", wrong.join("\n"));
}

#[test]
fn the_catalogue_is_sorted_by_id_so_that_two_changes_meet_rarely() {
    let text = include_str!("../locales/zh-CN.json");
    let ids: Vec<&str> =
        text.lines().filter_map(|line| line.trim().strip_prefix('"')?.split('"').next()).collect();
    assert!(ids.is_sorted(), "sort locales/zh-CN.json by id");
}

fn file(path: &str) -> String {
    std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The words of `docs/glossary.md` that are not used, each with whether it is one of the Chinese texts.
fn words_not_used() -> Vec<(String, bool)> {
    let text = file("docs/glossary.md");
    let (_, table) = text.split_once("| not this | but this |").unwrap();
    let rows =
        table.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    rows.filter(|(words, _)| !words.starts_with('-'))
        .flat_map(|(words, instead)| {
            words.split(", ").map(|word| (word.to_owned(), instead.chars().any(|c| c >= '\u{2e80}')))
        })
        .collect()
}

/// A wording without code, names of arguments, and what it quotes of Hermes.
fn prose(wording: &str) -> String {
    let outside = |text: &str, mark: char| -> String { text.split(mark).step_by(2).collect() };
    let mut text = outside(&outside(&wording.replace("```", "`"), '`'), '"');
    while let Some((start, length)) =
        text.find('{').and_then(|start| Some((start, text.get(start..)?.find('}')? + 1)))
    {
        text.replace_range(start..start + length, " ");
    }
    text
}

/// Whether a text has a word, and not only letters within another one or a part of a file's name.
fn has_word(text: &str, word: &str) -> bool {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_of_name = |c: char| is_of_word(c) || matches!(c, '.' | '/');
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let mut behind = text[at + word.len()..].chars();
        let next = behind.next();
        // A sentence may end behind a word, and a name go on: `gateway.log`.
        let goes_on = next.is_some_and(|c| {
            is_of_word(c) || is_of_name(c) && behind.next().is_some_and(|c| c.is_ascii_alphanumeric())
        });
        !word.is_ascii() || !before.is_some_and(is_of_name) && !goes_on
    })
}

#[test]
fn wordings_have_the_words_of_the_glossary() {
    let words = words_not_used();
    assert!(words.len() > 15, "docs/glossary.md is not read");
    let page = file("www/src/messages.ts");
    let of_page = page.lines().filter_map(|line| line.trim().strip_prefix("'page.")?.split_once("': "));
    let of_rules = RULES.iter().map(|rule| (format!("{}.doc", rule.code), rule.doc));
    let english = all_templates()
        .map(|template| (template.id(), template.english))
        .chain(of_rules)
        .chain(of_page.map(|(id, wording)| (format!("page.{id}"), wording)));
    let chinese = Language::SimplifiedChinese.catalogue();
    let chinese = chinese.keys().iter().zip(chinese.values()).map(|(id, wording)| (id.to_owned(), *wording));
    let mut wrong = Vec::new();
    for (is_chinese, (id, wording)) in
        english.map(|wording| (false, wording)).chain(chinese.map(|wording| (true, wording)))
    {
        if wording.starts_with("hermes ") {
            continue;
        }
        // In Chinese, PROVIDER stands for what the user writes.
        let text = if is_chinese { prose(wording) } else { lower(&prose(wording)) };
        let found =
            words.iter().filter(|(word, of_chinese)| *of_chinese == is_chinese && has_word(&text, word));
        wrong.extend(found.map(|(word, _)| format!("{id}: {word}")));
    }
    assert!(wrong.is_empty(), "docs/glossary.md has better words:\n{}", wrong.join("\n"));
}

#[test]
fn words_are_told_from_code_and_from_parts_of_others() {
    let has = |wording: &str, word: &str| has_word(&lower(&prose(wording)), word);
    assert!(has("Mend it.", "mend") && has("it rests, then", "rests"));
    assert!(!has("amend it", "mend") && !has("`mend`", "mend") && !has("{mend}", "mend"));
    assert!(has("对内置 provider，", "provider") && !has("报 \"Unknown provider\"", "provider"));
    assert!(!has("gateway.log 或终端", "gateway") && has("重启 gateway.", "gateway"));
}
