//! Whole configurations as people have them, in every form in which they stand in posts: each comes out of the post as it was,
//! and, as nothing is wrong with it, nothing is said of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

use std::fs;
use std::path::Path;

use poolcheck::api::{Input, split};
use poolcheck::base::sources::{Given, Sources};
use poolcheck::diagnostic::messages::Language;
use poolcheck::report::SeverityName;

/// A time like any other.
const NOW: f64 = 1_780_000_000.0;

/// The files of `tests/whole`, by name.
fn configs() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/whole");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap().trim_end().to_owned())
        })
        .collect();
    found.sort();
    assert!(found.len() >= 30, "{}", found.len());
    found
}

/// `text` with `front` in front of each line, and `front` without its blanks in front of an empty one.
fn with_front(text: &str, front: &str) -> String {
    let lines = text.lines().map(|line| format!("{front}{line}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// The forms, by name.
fn wrapped(config: &str) -> Vec<(&'static str, String)> {
    let fenced = |info: &str| format!("```{info}\n{config}\n```\n");
    vec![
        ("bare", config.to_owned()),
        ("line end behind", format!("{config}\n")),
        ("fenced", format!("This does not do what it should:\n\n{}\nAny idea?\n", fenced("yaml"))),
        ("fenced without a word", format!("This does not do what it should:\n\n{}\nAny idea?\n", fenced(""))),
        ("heading and fence", format!("My `~/.hermes/config.yaml`:\n\n{}\nAny idea?\n", fenced(""))),
        ("tildes", format!("Hello,\n\n~~~yml\n{config}\n~~~\n\nThanks\n")),
        ("four backticks", format!("Hello,\n\n````yaml\n{config}\n````\n\nThanks\n")),
        ("capital word", format!("Hello,\n``` YAML\n{config}\n```\nThanks\n")),
        ("end forgotten", format!("Hello,\n\n```yaml\n{config}\n")),
        ("chat", format!("here you go ```yaml\n{config}\n``` what now?\n")),
        ("chat on one line", format!("here you go\n```{config}```\nwhat now?\n")),
        ("quoted", format!("Somebody wrote:\n\n{}\n\nI cannot see it.\n", with_front(config, "> "))),
        (
            "quoted fence",
            format!(
                "Somebody wrote:\n\n> my file:\n> ```yaml\n{}\n> ```\n\nI cannot see it.\n",
                with_front(config, "> ")
            ),
        ),
        ("quoted twice", format!("{}\n\nand so on\n", with_front(&with_front(config, "> "), "> "))),
        ("indented", format!("My config.yaml:\n\n{}\n\nIt does not start.\n", with_front(config, "    "))),
        (
            "in a list",
            format!(
                "1. The file:\n\n   ```yaml\n{}\n   ```\n\n2. Then I start it.\n",
                with_front(config, "   ")
            ),
        ),
        ("first in an item", format!("- ```yaml\n{}\n  ```\n- Then I start it.\n", with_front(config, "  "))),
        (
            "after cat",
            format!("$ cat ~/.hermes/config.yaml\n{config}\n$ hermes --version\nHermes Agent v0.19.0\n"),
        ),
        (
            "after cat in a fence",
            format!("```console\n$ cat ~/.hermes/config.yaml\n{config}\n$ hermes gateway restart\n```\n"),
        ),
        ("between prose", format!("I wrote this file:\n\n{config}\n\nIt does not start. What is wrong?\n")),
        ("heading, no fence", format!("~/.hermes/config.yaml\n\n{config}\n\nlogs:\n\nnone\n")),
        ("details", format!("<details>\n<summary>config.yaml</summary>\n\n{}\n</details>\n", fenced("yaml"))),
        ("pre", format!("<p>My file:</p>\n<pre><code>{config}\n</code></pre>\n<p>What is wrong?</p>\n")),
        ("with .env", format!("{}\n.env\n\n```\nTZ=UTC\nNO_PROXY=localhost\n```\n", fenced("yaml"))),
    ]
}

#[test]
fn each_configuration_comes_out_of_a_post_as_it_was() {
    let mut wrong = Vec::new();
    for (name, config) in configs() {
        for (form, post) in wrapped(&config) {
            for (end, post) in [("LF", post.clone()), ("CR LF", post.replace('\n', "\r\n"))] {
                let found = split(&post, &[], Language::English).unwrap().texts.config.unwrap_or_default();
                if found.replace("\r\n", "\n").trim_end() != config {
                    let first = found.lines().zip(config.lines()).position(|(one, other)| one != other);
                    wrong.push(format!(
                        "{name}, {form}, {end}: {} lines, differs in {first:?}",
                        found.lines().count()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{wrong:#?}", wrong.len());
}

#[test]
fn nothing_is_said_of_what_is_right() {
    let mut wrong = Vec::new();
    for (name, config) in configs() {
        let input = Input::from(Sources { config: Given::Text(config), ..Sources::default() });
        for finding in laws::checked(&input, NOW).findings {
            // Two root keys of its author's own are good to know, and no more.
            if (name.as_str(), finding.code.as_str()) == ("unknown-first", "PC525") {
                assert_eq!((finding.severity, finding.labels.len()), (SeverityName::Info, 1));
                continue;
            }
            wrong.push(format!(
                "{name}: {} {} (line {})",
                finding.code, finding.what, finding.location.start.line
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
