//! The words of a command line, as a POSIX shell splits them.

use super::Word;
use crate::base::text::Span;
use crate::python::{is_alphanumeric, is_letter};

/// A simple command: what stands between `;`, `|`, `&&` and the like.
#[derive(Debug, Default)]
pub(super) struct Simple {
    pub words: Vec<Word>,
    pub damage: Vec<(Span, &'static str)>,
    pub is_pattern: bool,
}

/// How far the other quote of a pair is looked for.
const LONGEST_QUOTED: usize = 4000;

/// The longest placeholder and the longest pattern in brackets.
const LONGEST_BRACKETED: usize = 80;

/// Splits `region` of `text` into simple commands, lines one by one.
pub(super) fn read(text: &str, region: Span, found: &mut dyn FnMut(Simple)) {
    let mut reader =
        Reader { text, at: region.start, end: region.end, command: Simple::default(), word: None };
    while let Some(c) = reader.peek() {
        reader.step(c);
        if reader.command_ends(c) {
            reader.end_word();
            let command = std::mem::take(&mut reader.command);
            if !command.words.is_empty() {
                found(command);
            }
        }
    }
    reader.end_word();
    if !reader.command.words.is_empty() {
        found(reader.command);
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    command: Simple,
    word: Option<Word>,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Whether the character that was read ends a command, where it did not become a part of a word.
    fn command_ends(&self, c: char) -> bool {
        self.word.is_none() && matches!(c, '\n' | ';' | '|' | '&' | '(' | ')' | '`')
    }

    fn word(&mut self) -> &mut Word {
        let at = self.at;
        self.word.get_or_insert_with(|| Word { text: String::new(), span: Span::at(at), is_open: false })
    }

    /// Goes over `length` bytes that belong to the word, which gets `text` for them.
    fn take(&mut self, length: usize, text: &str) {
        let end = self.at + length;
        let word = self.word();
        word.text.push_str(text);
        word.span.end = end;
        self.at = end;
    }

    fn end_word(&mut self) {
        if let Some(word) = self.word.take() {
            let text = word.text.as_str();
            self.command.is_pattern |= matches!(text, "..." | "…" | "[OPTIONS]");
            self.command.words.push(word);
        }
    }

    fn damaged(&mut self, length: usize, typed: &'static str) {
        self.command.damage.push((Span::new(self.at, self.at + length), typed));
    }

    fn step(&mut self, c: char) {
        let rest = self.rest();
        let next = rest.chars().nth(1);
        let is_start = self.word.is_none();
        let length = c.len_utf8();
        match c {
            '\\' => match next {
                // The line goes on.
                Some('\n') => self.at += 2,
                Some('\r') if rest.starts_with("\\\r\n") => self.at += 3,
                Some(other) => {
                    let length = 1 + other.len_utf8();
                    let escaped = rest.get(1..length).unwrap_or("");
                    self.take(length, escaped);
                }
                None => self.take(1, "\\"),
            },
            '\'' => self.quoted(1, &['\''], false),
            '"' => self.quoted(1, &['"'], true),
            '$' if next == Some('\'') => {
                // What its escapes make is not worked out.
                let has_escapes =
                    inside(rest, 2, &['\''], false, LONGEST_QUOTED).is_some_and(|own| own.contains('\\'));
                self.word().is_open |= has_escapes;
                self.quoted(2, &['\''], false);
            }
            '“' | '”' | '„' | '‟' => self.curly('"', &['“', '”', '„', '‟', '"']),
            '‘' | '’' | '‚' => self.curly('\'', &['‘', '’', '‚', '\'']),
            '—' | '–' | '―' | '−' if is_start && next.is_some_and(is_letter) => {
                let is_letter = rest.chars().nth(2).is_none_or(|third| third.is_whitespace() || third == '=');
                let typed = if is_letter { "-" } else { "--" };
                self.damaged(length, typed);
                self.take(length, typed);
            }
            '#' if is_start => self.at += rest.find('\n').unwrap_or(rest.len()),
            '\n' | ';' | '|' | '&' | '(' | ')' | '`' => {
                if c != '\n' && c != ';' {
                    self.open_before();
                }
                self.end_word();
                self.at += length;
            }
            '\u{a0}' | '\u{202f}' | '\u{3000}' => {
                self.end_word();
                self.damaged(length, " ");
                self.at += length;
            }
            c if c.is_whitespace() || c == '\u{feff}' => {
                self.end_word();
                self.at += length;
            }
            '<' | '>' => self.redirection(c),
            '[' | '{' if is_start => self.bracketed(c),
            '$' => {
                self.word().is_open = true;
                self.take(1, "$");
            }
            '*' | '?' | '…' => {
                self.word().is_open = true;
                self.take(length, rest.get(..length).unwrap_or(""));
            }
            _ => self.take(length, rest.get(..length).unwrap_or("")),
        }
    }

    /// What `$(…)` and backquotes put into a word is not known.
    fn open_before(&mut self) {
        if let Some(word) = &mut self.word
            && (word.text.ends_with('$')
                || self.text.get(self.at..).is_some_and(|rest| rest.starts_with('`')))
        {
            word.is_open = true;
        }
    }

    /// What stands between quotes; a quote without its other is a character like others. `opening` bytes open it.
    fn quoted(&mut self, opening: usize, closing: &[char], escapes: bool) {
        let rest = self.rest();
        let Some(inside) = inside(rest, opening, closing, escapes, LONGEST_QUOTED) else {
            return self.take(opening, rest.get(..opening).unwrap_or(""));
        };
        let mut text = String::new();
        let mut is_open = false;
        let mut chars = inside.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' if escapes => match chars.clone().next() {
                    Some('\n') => drop(chars.next()),
                    Some(other @ ('"' | '\\' | '$' | '`')) => {
                        chars.next();
                        text.push(other);
                    }
                    _ => text.push(c),
                },
                '$' | '`' if escapes => {
                    is_open = true;
                    text.push(c);
                }
                _ => text.push(c),
            }
        }
        let behind = opening + inside.len();
        let last = rest.get(behind..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        self.word().is_open |= is_open;
        self.take(behind + last, &text);
    }

    /// Quotes of a text's typography, one of them at least.
    fn curly(&mut self, typed: char, closing: &[char]) {
        let rest = self.rest();
        let opening = rest.chars().next().map_or(1, char::len_utf8);
        let Some(inside) = inside(rest, opening, closing, typed == '"', LONGEST_QUOTED) else {
            return self.take(opening, rest.get(..opening).unwrap_or(""));
        };
        let straight = if typed == '"' { "\"" } else { "'" };
        self.damaged(opening, straight);
        let behind = opening + inside.len();
        let last = rest.get(behind..).and_then(|rest| rest.chars().next()).unwrap_or(typed);
        if !last.is_ascii() {
            let start = self.at + behind;
            self.command.damage.push((Span::new(start, start + last.len_utf8()), straight));
        }
        self.quoted(opening, closing, typed == '"');
    }

    /// `<NAME>` is a placeholder, `> file` goes elsewhere.
    fn redirection(&mut self, c: char) {
        let rest = self.rest();
        let is_name = |inside: &str| {
            inside.chars().next().is_some_and(is_letter)
                && inside
                    .chars()
                    .all(|c| is_alphanumeric(c) || matches!(c, '-' | '_' | ' ' | '.' | '/' | ':'))
        };
        if c == '<'
            && let Some(inside) = inside(rest, 1, &['>'], false, LONGEST_BRACKETED)
            && is_name(inside)
        {
            let length = inside.len() + 2;
            self.word().is_open = true;
            return self.take(length, rest.get(..length).unwrap_or(""));
        }
        // The number before it belongs to it.
        if self.word.as_ref().is_some_and(|word| word.text.bytes().all(|byte| byte.is_ascii_digit())) {
            self.word = None;
        }
        self.end_word();
        let sign = rest.len() - rest.trim_start_matches(['<', '>', '&', '-']).len();
        let target = rest.get(sign..).unwrap_or("");
        let blank = target.len() - target.trim_start_matches([' ', '\t']).len();
        let name = target.get(blank..).unwrap_or("");
        let length = name.find(|c: char| c.is_whitespace() || ";|&()".contains(c)).unwrap_or(name.len());
        self.at += sign + blank + length;
    }

    /// `[--label NAME]` and `{add,list}` show what may be written; a list or a mapping does not.
    fn bracketed(&mut self, c: char) {
        let rest = self.rest();
        let closing = if c == '[' { ']' } else { '}' };
        let shows = |inside: &&str| {
            inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-')
                && (c == '[' || inside.contains(',') || inside.contains('|'))
                && !inside.contains(':')
        };
        match inside(rest, 1, &[closing], false, LONGEST_BRACKETED).filter(shows) {
            Some(inside) => {
                self.command.is_pattern = true;
                self.word().is_open = true;
                let length = inside.len() + 2;
                self.take(length, rest.get(..length).unwrap_or(""));
            }
            None => self.take(1, rest.get(..1).unwrap_or("")),
        }
    }
}

/// What stands behind the first `opening` bytes of `rest`, before one of `closing`: on the same line or the ones right
/// below it, no more than `longest` bytes away.
fn inside<'t>(
    rest: &'t str,
    opening: usize,
    closing: &[char],
    escapes: bool,
    longest: usize,
) -> Option<&'t str> {
    let body = rest.get(opening..)?;
    let (mut is_escaped, mut is_blank) = (false, false);
    for (at, c) in body.char_indices() {
        if at > longest {
            return None;
        }
        if is_escaped {
            is_escaped = false;
            continue;
        }
        match c {
            '\\' if escapes => is_escaped = true,
            // A blank line ends what was meant to be one command.
            '\n' if is_blank => return None,
            '\n' => is_blank = true,
            c if closing.contains(&c) => return body.get(..at),
            c if !c.is_whitespace() => is_blank = false,
            _ => {}
        }
    }
    None
}
