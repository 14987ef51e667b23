//! The catalogues: no message is missing, unused or says other arguments than the English one.

use std::collections::{BTreeMap, BTreeSet};

use poolcheck::diagnostic::messages::{Language, arguments};
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
