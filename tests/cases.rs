//! Posts, pages and reports pasted whole: each yields what its author needs, and nothing else. `tests/pastes/*.needs` say it, a code
//! and the reason a line. `docs/cases.md` shows what comes of each; `cargo xtask docs` writes it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use poolcheck::api::{Input, Options, check, markdown, split};
use poolcheck::messages::Language;

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

/// The documents themselves, where they are: what their authors would have needed, by hand from reading them.
#[test]
fn the_documents_that_the_project_serves_yield_what_their_authors_needed() {
    let seeds =
        std::env::var_os("POOLCHECK_SEEDS").map_or_else(|| root().join("../shared/seeds"), PathBuf::from);
    let Ok(folder) = fs::read_dir(seeds) else { return };
    let needed: [(&str, &[&str]); 5] = [
        // The last config, whose indentation is gone, numbered variables, then an error that rotates nothing, a limit
        // of the provider behind, and commands with a provider that is no more; and a fallback without its error, which the
        // helper asks for.
        ("000", &["PC106", "PC401", "PC911", "PC919", "PC806", "PC925"]),
        // An issue that is told in sentences, with placeholders for keys: there is nothing in it to read, and nothing is made up.
        ("001", &[]),
        // A chain under `model`, a fallback that no release knows, and a resting pool that looks as if it had no key.
        ("002", &["PC602", "PC605", "PC914", "PC925"]),
        // Placeholders in the commands of a page, and a name that no release takes.
        ("003", &["PC813", "PC806"]),
        // Commands and options that no release has.
        ("004", &["PC801", "PC802"]),
    ];
    for entry in folder {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if let Some((_, needed)) = needed.iter().find(|(number, _)| name.starts_with(number)) {
            let found = codes(&text);
            for code in *needed {
                assert!(found.contains(*code), "{name} lacks {code}: {found:?}");
            }
            assert_eq!(needed.is_empty(), found.is_empty(), "{name}: {found:?}");
        }
    }
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
