//! What stands before `hermes` on a command line.

use super::words::Simple;
use super::{Invocation, Word};
use crate::base::text::Span;
use crate::python::is_letter;

/// Options of launchers that take a value.
const WITH_VALUE: [&str; 18] = [
    "-u",
    "--user",
    "-g",
    "--group",
    "-e",
    "--env",
    "-w",
    "--workdir",
    "-n",
    "--namespace",
    "-c",
    "--container",
    "--from",
    "--with",
    "-p",
    "--python",
    "-f",
    "--file",
];

/// Programs that run the one that is named behind their options.
const LAUNCHERS: [&str; 10] =
    ["sudo", "doas", "env", "command", "exec", "time", "nohup", "uvx", "setsid", "nice"];

/// Those that run it as root, unless they are told another user.
const TO_ROOT: [&str; 2] = ["sudo", "doas"];

/// The call of `hermes` that a simple command is.
pub(super) fn invocation(text: &str, command: Simple) -> Option<Invocation> {
    let Simple { mut words, damage, is_pattern } = command;
    let mut variables = Vec::new();
    let mut as_root = None;
    let mut at = 0;
    loop {
        let word = words.get(at)?;
        let text = word.text.as_str();
        at += 1;
        // Before the name: a variable may hold the path of a folder that is called `hermes`.
        if is_assignment(text) {
            variables.push(word.clone());
            continue;
        }
        if is_hermes(text) {
            break;
        }
        match text {
            "uv" | "pipx" | "poetry" | "pdm" => {
                while ["run", "tool"].contains(&words.get(at)?.text.as_str()) {
                    at += 1;
                }
                at = behind_options(&words, at);
            }
            "python" | "python3" | "py" => {
                let is_module = words.get(at)?.text == "-m";
                let module = words.get(at + 1)?.text.as_str();
                if !is_module || !["hermes_cli", "hermes_cli.main", "hermes"].contains(&module) {
                    return None;
                }
                at += 2;
                break;
            }
            "docker" | "podman" | "docker-compose" | "kubectl" => {
                while !["exec", "run"].contains(&words.get(at)?.text.as_str()) {
                    at += 1;
                }
                // Behind the options, the container.
                at = behind_options(&words, at + 1) + 1;
                at = behind_options(&words, at);
            }
            _ if LAUNCHERS.contains(&text) => {
                let behind = behind_options(&words, at);
                let names_a_user = words.get(at..behind).is_some_and(|options| options.iter().any(is_user));
                if TO_ROOT.contains(&text) && !names_a_user {
                    as_root = words.get(at - 1).map(|word| word.span);
                }
                at = behind;
            }
            _ => return None,
        }
    }
    let name = words.get(at - 1)?.span;
    let behind = words.split_off(at);
    let end = behind.last().map_or(name.end, |word| word.span.end);
    let span = Span::new(name.start, end);
    let is_pattern = is_pattern || is_described(text, &behind);
    let damage = damage.into_iter().filter(|(place, _)| span.contains(*place)).collect();
    Some(Invocation { words: behind, variables, span, as_root, damage, is_pattern, is_named: false })
}

/// Whether words say what the command does, as in a table of commands, which may have lost its columns: one that begins as a
/// sentence does, with another behind it or a column in front of it, or one of a script that no command has.
fn is_described(text: &str, words: &[Word]) -> bool {
    let raw = |at: usize| words.get(at).map_or("", |word| word.span.of(text));
    // A value may be anything.
    let from = if raw(0) == "config" && raw(1) == "set" { 4 } else { 1 };
    (from..words.len()).any(|at| {
        let (mut own, next) = (raw(at).chars(), raw(at + 1));
        let (first, second) = (own.next().unwrap_or(' '), own.next().unwrap_or(' '));
        let begins = first.is_ascii_uppercase() && (second.is_ascii_lowercase() || raw(at).len() == 1);
        let goes_on =
            next.starts_with(|c: char| c.is_ascii_alphabetic()) || is_before_bracket(text, words.get(at));
        let is_begun = first.is_ascii_uppercase() && !next.is_empty() && !next.starts_with('-');
        let in_column = is_begun && is_behind_gap(text, words.get(at));
        in_column || begins && goes_on || !first.is_ascii() && is_letter(first)
    })
}

/// Whether an option of `sudo` says which user runs the command: `-u`, as in `-iu`, or `--user`.
fn is_user(option: &Word) -> bool {
    let name = option.text.split('=').next().unwrap_or("");
    name == "--user" || !name.starts_with("--") && name.starts_with('-') && name.contains('u')
}

/// Whether more than one space stands before a word.
fn is_behind_gap(text: &str, word: Option<&Word>) -> bool {
    let before = word.and_then(|word| text.get(..word.span.start)).unwrap_or("");
    before.ends_with("  ") || before.ends_with('\t')
}

/// Whether a bracket stands behind a word, which ends the command.
fn is_before_bracket(text: &str, word: Option<&Word>) -> bool {
    word.and_then(|word| text.get(word.span.end..)).is_some_and(|rest| rest.starts_with(" ("))
}

fn is_hermes(text: &str) -> bool {
    let name = text.rsplit(['/', '\\']).next().unwrap_or("");
    name == "hermes" || name == "hermes.exe"
}

/// `NAME=value`.
fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

fn behind_options(words: &[Word], mut at: usize) -> usize {
    while let Some(word) = words.get(at).filter(|word| word.text.starts_with('-')) {
        at += 1 + usize::from(WITH_VALUE.contains(&word.text.as_str()));
    }
    at
}
