//! Values that stand in front of their names, or behind options of commands that do not name them: `'…' as NAME`,
//! `reg add … /v NAME /d …`, `mysql -p…`.

use super::names::{Says, says};
use super::plain::is_odd;
use crate::base::text::Span;

/// Commands that take a password in the same word as an option.
const JOINED: [(&str, &str); 7] = [
    ("mysql", "-p"),
    ("mysqldump", "-p"),
    ("mysqladmin", "-p"),
    ("mariadb", "-p"),
    ("sshpass", "-p"),
    ("7z", "-p"),
    ("redis-cli", "-a"),
];

/// Words between a value and the name that it gets.
const LINKS: [&str; 14] =
    ["as", "for", "into", "to", "in", "under", "#", "//", "->", "→", "=>", "<-", "作为", "为"];

/// A word, without the quotes around it.
struct Word {
    span: Span,
    is_quoted: bool,
}

/// Where such values stand in a line, and what is said of each.
pub(super) fn spans(line: &str) -> Vec<(Span, Says)> {
    let words = words(line);
    let said = |at: usize| words.get(at).map_or("", |word| word.span.of(line));
    let is = |at: usize, word: &str| said(at).eq_ignore_ascii_case(word);
    let mut found = Vec::new();
    let is_registry = (0..words.len()).any(|at| is(at, "reg") && is(at + 1, "add"))
        && (0..words.len()).any(|at| is(at, "/v") && says(said(at + 1)).is_some());
    let mut option = None;
    for (at, word) in words.iter().enumerate() {
        let own = word.span.of(line);
        if is_registry && is(at, "/d") {
            found.extend(words.get(at + 1).map(|value| (value.span, Says::Secret)));
        }
        let program = own.rsplit(['/', '\\']).next().unwrap_or(own);
        if let Some((_, joined)) = JOINED.iter().find(|(command, _)| *command == program) {
            option = Some(*joined);
        } else if let Some(value) = option.and_then(|option| own.strip_prefix(option))
            && !value.is_empty()
        {
            let bare = value.trim_matches(['"', '\'']);
            let start =
                word.span.end - value.len() + (value.len() - value.trim_start_matches(['"', '\'']).len());
            found.push((Span::new(start, start + bare.len()), Says::Password));
        }
        // `… # NAME`, `… (NAME)`: the mark may touch the name.
        let name = own.trim_start_matches(['#', '(', '`']).trim_end_matches([')', '`', '.', ',', ':', ';']);
        let Some(own_says) = Some(name).filter(|name| is_variable(name)).and_then(says) else { continue };
        let before = if own.starts_with(['#', '(']) {
            at.checked_sub(1)
        } else {
            at.checked_sub(2).filter(|_| LINKS.iter().any(|link| is(at - 1, link)))
        };
        let Some(value) = before.and_then(|before| words.get(before)) else { continue };
        let text = value.span.of(line);
        let is_assignment = text.split_once('=').is_some_and(|(name, _)| is_variable(name));
        // In backquotes stand names as often as values.
        let is_value = value.is_quoted || (!own.starts_with('(') && is_odd(text.trim_matches('`')));
        if is_value && !is_variable(text) && !is_assignment {
            found.push((value.span, own_says));
        }
    }
    found
}

fn is_variable(name: &str) -> bool {
    name.len() > 3
        && name.contains('_')
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The words of a line; what stands in quotes and has no blank in it is one.
fn words(line: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for raw in line.split_whitespace() {
        let start = raw.as_ptr() as usize - line.as_ptr() as usize;
        let bare = raw.trim_end_matches([',', ';', '.']);
        let quote = bare.chars().next().filter(|c| matches!(c, '"' | '\''));
        let inside = quote.and_then(|quote| bare.get(1..)?.strip_suffix(quote));
        found.push(match inside.filter(|inside| !inside.is_empty()) {
            Some(inside) => Word { span: Span::new(start + 1, start + 1 + inside.len()), is_quoted: true },
            None => Word { span: Span::new(start, start + raw.len()), is_quoted: false },
        });
    }
    found
}
