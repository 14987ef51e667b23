//! Posts, pages and reports pasted whole: each yields what its author needs, and nothing else. `tests/pastes/*.needs` say it, a code
//! and the reason a line. `docs/cases.md` shows what comes of each; `cargo xtask docs` writes it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use poolcheck::api::{Input, Options, check, markdown, split};
use poolcheck::diagnostic::messages::Language;

/// Behind the times of the logs.
const NOW: f64 = 1_780_000_000.0;

const CASES: [(&str, &str); 29] = [
    ("forum-post", "A forum post"),
    ("issue", "An issue"),
    ("documentation", "A documentation page"),
    ("blog-post", "A blog post"),
    ("debug-share", "A debug report"),
    ("quoted-reply", "A quoted reply"),
    ("thread-versions", "A thread with two versions of a file"),
    ("issue-details", "An issue with folded sections"),
    ("chat", "A chat"),
    ("chat-names", "A chat with a name in front of each line"),
    ("chinese-thread", "A thread in Chinese"),
    ("tutorial", "A tutorial"),
    ("mail-nested", "A reply to a reply"),
    ("nano-screen", "The screen of nano"),
    ("vim-screen", "The screen of vim"),
    ("terminal-session", "A session in a terminal"),
    ("with-tables", "A post with tables"),
    ("html-page", "A page in HTML"),
    ("fences-lost", "An issue without its fences"),
    ("printed-dict", "What a program printed, beside the file"),
    ("fragments", "Fragments that belong together"),
    ("two-runs", "A log of two runs"),
    ("words-only", "A question without any file"),
    ("other-programs", "Files of other programs"),
    ("template", "A template with blocks in a block"),
    ("indented-post", "A post with an indented file"),
    ("advice", "A file and a piece of advice"),
    ("log-without-cause", "A log without the error"),
    ("containers", "A compose file, and commands in a table"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn paste(name: &str) -> String {
    fs::read_to_string(root().join("tests/pastes").join(name).with_extension("txt")).unwrap()
}

/// The codes and the reasons that stand beside a paste.
fn needs(name: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("tests/pastes").join(name).with_extension("needs")).unwrap();
    text.lines()
        .map(|line| line.split_once(' ').map(|(code, why)| (code.into(), why.into())).unwrap())
        .collect()
}

fn options() -> Options {
    Options { now: NOW, ..Options::default() }
}

fn input(text: &str) -> Input {
    split(text, &[], Language::English).unwrap().texts.into()
}

/// The codes of all findings of a text that is pasted whole, also of those after repair.
fn codes(text: &str) -> BTreeSet<String> {
    let report = check(&input(text), &options()).unwrap();
    let after = report.repaired.iter().flat_map(|repaired| &repaired.findings);
    report.findings.iter().chain(after).map(|finding| finding.code.to_string()).collect()
}

#[test]
fn each_paste_yields_what_its_author_needs_and_nothing_else() {
    for (name, _) in CASES {
        let needed: BTreeSet<String> = needs(name).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes(&paste(name)), needed, "{name}");
        laws::checked(&input(&paste(name)), NOW);
    }
    let pastes = fs::read_dir(root().join("tests/pastes")).unwrap();
    let count =
        pastes.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|end| end == "txt"));
    assert_eq!(count.count(), CASES.len());
}

/// `text` with its headings a level down.
fn a_level_down(text: &str) -> String {
    let mut is_code = false;
    let mut lines = String::new();
    for line in text.lines() {
        is_code ^= line.trim_start().starts_with("```");
        let mark = if line.starts_with('#') && !is_code { "#" } else { "" };
        writeln!(lines, "{mark}{line}").unwrap();
    }
    lines
}

fn page() -> String {
    let mut page = "# Cases\n\nTexts as users paste them, whole: what poolcheck finds in each, and what it says. The texts are ours, made like \
                    those that people post.\n"
        .to_owned();
    for (name, title) in CASES {
        let text = paste(name);
        let pasted = split(&text, &[], Language::English).unwrap();
        write!(page, "\n## {title}\n\n[The text](../tests/pastes/{name}.txt). Found in it:\n\n").unwrap();
        for part in pasted.parts.iter().filter(|part| part.kind.is_some()) {
            let note = part.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            writeln!(page, "- {}: {}{note}", part.name, part.why).unwrap();
        }
        page += "\nWhat its author needs:\n\n| answered by | why |\n| --- | --- |\n";
        for (code, why) in needs(name) {
            writeln!(page, "| [{code}](rules/{code}.md) | {why} |").unwrap();
        }
        writeln!(
            page,
            "\n{}",
            a_level_down(markdown(&input(&text), &options()).unwrap().as_str()).trim_end()
        )
        .unwrap();
    }
    page
}

#[test]
fn the_page_of_cases_is_fresh() {
    let path = root().join("docs/cases.md");
    let page = page();
    if std::env::var_os("POOLCHECK_WRITE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let present = fs::read_to_string(path).unwrap_or_default();
    assert!(present == page, "docs/cases.md is stale: run `cargo xtask docs`");
}
