//! How names, values and words are written in a line: where each begins and ends.

use super::names::says;
use super::steps::looked_at;
use crate::base::text::{Chars, Search, Span};
use crate::python::{is_alphanumeric, is_letter};

/// What stands between a name and its value.
pub(super) const ASSIGNS: Chars = |c| matches!(c, '=' | ':' | '：' | '＝');
pub(super) const QUOTES: Chars = |c| matches!(c, '"' | '\'' | '`' | '“' | '”' | '‘' | '’');
/// What stands in a name.
pub(super) const IN_NAME: Chars = |c| is_alphanumeric(c) || matches!(c, '_' | '-' | '.');
/// Bytes before a mark that may be its name.
pub(super) const LONGEST_NAME: usize = 100;

/// A word of small letters only.
pub(super) fn is_small_word(word: &str) -> bool {
    !word.is_empty()
        && word
            .trim_end_matches(['.', ',', '!', '?', ';'])
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// How far a value without quotes reaches. As the whole value of a line it may hold anything.
pub(super) fn word_length(text: &str, is_line: bool) -> usize {
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        let behind = || text.get(at + c.len_utf8()..).unwrap_or("");
        let ends = c.is_whitespace()
            || matches!(c, '"' | '`' | '“' | '”' | '<' | '，' | '。' | '；' | '）') && at > 0
            || c == '\'' && at > 0 && !is_line
            || c == '\\' && behind().starts_with(['n', 'r', 't', '"'])
            || matches!(c, '&' | ',' | ';' | '|')
                && (behind().starts_with(char::is_whitespace)
                    || begins_with_pair(behind())
                    || behind().is_empty())
            || matches!(c, ')' | ']' | '}')
                && !is_line
                && !behind().starts_with(|c: char| is_alphanumeric(c));
        if ends {
            // A place for a key in brackets, in which blanks may stand.
            if let Some(close) =
                first_bytes(text, 60).find('>').filter(|close| text.starts_with('<') && *close > at)
            {
                return close + 1;
            }
            end = at;
            break;
        }
    }
    let value = text.get(..end).unwrap_or("");
    looked_at(value.len());
    let open = |bracket: char| value.has(bracket);
    value
        .trim_end_matches(|c: char| match c {
            ',' | ';' | '.' | ':' | '!' | '?' => !is_line || c == ',' || c == ';',
            ')' => !is_line && !open('('),
            ']' => !open('['),
            '}' => !open('{'),
            _ => false,
        })
        .len()
}

/// The first `count` bytes of `text`, cut to whole characters.
pub(super) fn first_bytes(text: &str, count: usize) -> &str {
    (0..=count.min(text.len())).rev().find_map(|end| text.get(..end)).unwrap_or("")
}

/// Whether a text begins with a name and a mark.
pub(super) fn begins_with_pair(text: &str) -> bool {
    let head = first_bytes(text, 40);
    let name = head.len()
        - head.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).len();
    name > 0 && head.get(name..).is_some_and(|rest| rest.starts_with(['=', ':']))
}

/// Where the text in quotes lies of a text that begins with them, a backslash before them included.
pub(super) fn quoted(text: &str) -> Option<Span> {
    let slashes = text.len() - text.trim_start_matches('\\').len();
    let rest = text.get(slashes..)?;
    let open = rest.chars().next().filter(|c| QUOTES(*c))?;
    let run = if rest.starts_with("\"\"\"") || rest.starts_with("'''") { 3 } else { open.len_utf8() };
    let start = slashes + run;
    let inner = text.get(start..)?;
    let is_close = |c: char| match open {
        '“' | '”' => matches!(c, '“' | '”'),
        '‘' | '’' => matches!(c, '‘' | '’'),
        _ => c == open,
    };
    let mut escapes = 0;
    for (at, c) in inner.char_indices() {
        if c == '\\' {
            escapes += 1;
            continue;
        }
        if is_close(c) && (escapes == slashes || slashes == 0 && escapes % 2 == 0 || escapes < slashes) {
            looked_at(at);
            return Some(Span::new(start, start + at - escapes));
        }
        escapes = 0;
    }
    looked_at(text.len());
    Some(Span::new(start, text.len()))
}

/// A value that is a call: what stands in its brackets.
pub(super) fn call(value: &str) -> Option<Span> {
    let name = value.len()
        - value.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')).len();
    let rest = value.get(name..)?;
    let opens =
        (name > 0 || rest.starts_with("(\"") || rest.starts_with("('")) && rest.starts_with(['(', '[']);
    if !opens
        || !rest
            .get(1..)
            .is_some_and(|inner| inner.trim_start().trim_start_matches(['b', 'f', 'r']).starts_with(QUOTES))
    {
        return None;
    }
    let close = rest.rfind([')', ']']).unwrap_or(rest.len());
    Some(Span::new(name + 1, name + close.max(1)))
}

/// The text behind a mark, without its quotes, as far as a name may reach.
pub(super) fn first_value(text: &str, at: usize, end: usize) -> &str {
    let rest =
        Span::new(at, end).of(text).trim_start_matches(|c: char| c.is_whitespace() || QUOTES(c) || c == '>');
    let length = rest.find(|c: char| !IN_NAME(c)).unwrap_or(rest.len());
    looked_at(length);
    rest.get(..length).unwrap_or("")
}

/// A name before a mark.
pub(super) struct Name {
    pub(super) span: Span,
    /// Whether nothing but what announces a name stands before it on its line.
    pub(super) is_first: bool,
    /// Whether it is written as settings are: first on its line, in quotes, joined, or in upper case.
    pub(super) is_config: bool,
    /// Whether it is an option of a command.
    pub(super) is_option: bool,
}

/// The name that ends before `mark`, on a line from `from`.
pub(super) fn name_before(text: &str, from: usize, mark: usize) -> Name {
    let mut low = mark.saturating_sub(LONGEST_NAME).max(from);
    while !text.is_char_boundary(low) {
        low += 1;
    }
    let before = Span::new(low, mark).of(text);
    let closed = before.trim_end_matches(|c: char| {
        c.is_whitespace() || QUOTES(c) || matches!(c, '\\' | ']' | '[' | ')' | '*' | '>' | '?' | '+')
    });
    let is_quoted = before.trim_end().ends_with(QUOTES);
    let mut start = closed.trim_end_matches(IN_NAME).len();
    // `API key`, `access token`: the last words of a sentence, and what it says of them.
    let mut word = closed.get(start..).unwrap_or("");
    let mut end = closed.len();
    // `<add key="…">`: two words are no name of an attribute.
    let is_attribute =
        text.get(mark..).is_some_and(|rest| rest.starts_with('=')) && closed.len() == before.len();
    if !is_quoted && !is_attribute {
        while ["is", "was", "provided", "value", "是", "为"].contains(&word) {
            let rest = closed.get(..start).unwrap_or("").trim_end();
            if !rest.ends_with(is_letter) {
                break;
            }
            end = rest.len();
            start = rest.trim_end_matches(IN_NAME).len();
            word = rest.get(start..).unwrap_or("");
        }
        let rest = closed.get(..start).unwrap_or("");
        let head = rest.trim_end_matches(' ');
        if rest.len() == head.len() + 1 && head.ends_with(|c: char| is_letter(c)) {
            let two = head.trim_end_matches(IN_NAME).len();
            let first = head.get(two..).unwrap_or("");
            let is_part = !NO_PART.contains(&first.to_ascii_lowercase().as_str())
                && !first.starts_with('-')
                && says(word).is_some();
            if is_part && word.chars().all(is_letter) && first.chars().all(|c| is_letter(c) || c == '-') {
                start = two;
            }
        }
    }
    let span = Span::new(low + start, low + end);
    let name = span.of(text);
    let lead = if low == from { before.get(..start).unwrap_or("") } else { "x" };
    // What a terminal shows before a command.
    let lead = ["$ ", "> "].iter().find_map(|prompt| lead.rsplit_once(prompt)).map_or(lead, |(_, rest)| rest);
    let lead = lead.trim_matches(|c: char| c.is_whitespace() || QUOTES(c) || "-#>|*•+/({[,$".has(c));
    // The number of a line or of an item is no word.
    let is_first = lead.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b')' | b':'))
        || [
            "export",
            "set",
            "ENV",
            "env",
            "env:",
            "Env:",
            "Environment=",
            "const",
            "let",
            "var",
            "readonly",
            "//",
        ]
        .contains(&lead);
    let is_joined = name.contains(['_', '-', '.'])
        || name.bytes().skip(1).any(|byte| byte.is_ascii_uppercase()) && !name.contains(' ');
    let is_lower_alone = is_first && !name.contains(' ') && !name.starts_with(char::is_uppercase);
    Name {
        span,
        is_first,
        is_config: is_quoted || is_joined || is_lower_alone,
        is_option: name.starts_with('-')
            || before.get(..start).is_some_and(|lead| lead.ends_with(['—', '–'])),
    }
}

/// Words before a name that are no part of it.
pub(super) const NO_PART: &[&str] = &[
    "export", "set", "env", "const", "let", "var", "local", "if", "elif", "while", "for", "in", "return",
    "and", "or", "not",
];

/// Bytes within quotes that are one word.
pub(super) const LONGEST_QUOTED: usize = 200;

/// The words of a line with what quotes hold as one word.
#[derive(Clone)]
pub(super) struct Words<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

/// How long a word is whose code ends within it: behind the quote that closes a piece of code a sentence goes on, also where no blank
/// stands. What goes on as a key does is not cut.
fn code_length(word: &str) -> Option<usize> {
    let opening = word.len() - word.trim_start_matches('`').len();
    let close = opening + word.get(opening..)?.find('`')?;
    let behind = word.get(close..)?.trim_start_matches('`');
    let goes_on = behind.starts_with(|c: char| c.is_ascii_alphanumeric() || "-_+/=".contains(c));
    (!goes_on).then_some(word.len() - behind.len())
}

/// A word of a line: its bytes with quotes and brackets around it.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Word {
    pub(super) fn raw(self, text: &str) -> &str {
        Span::new(self.start, self.end).of(text)
    }

    /// Without quotes, brackets and punctuation.
    pub(super) fn bare(self, text: &str) -> &str {
        self.raw(text)
            .trim_start_matches(|c: char| QUOTES(c) || "([{<,|*\\".has(c))
            .trim_end_matches(|c: char| QUOTES(c) || ")]}>,;:.!?|*\\：，。".has(c))
    }

    /// Where it is without what is around it, in the text that its line begins in at `offset`.
    pub(super) fn span(self, offset: usize, text: &str) -> Span {
        let raw = self.raw(text);
        let whole = raw.trim_end_matches([',', ';']);
        let is_whole = whole.starts_with('$')
            || [('<', '>'), ('{', '}'), ('[', ']')]
                .iter()
                .any(|(open, close)| whole.starts_with(*open) && whole.ends_with(*close));
        let bare = if is_whole { whole } else { self.bare(text) };
        let start = offset + self.start + (bare.as_ptr() as usize - raw.as_ptr() as usize);
        Span::new(start, start + bare.len())
    }
}

impl Words<'_> {
    pub(super) fn next(&mut self) -> Option<Word> {
        let rest = self.text.get(self.at..)?;
        let blank = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '|').len();
        let start = self.at + blank;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let near = first_bytes(rest, LONGEST_QUOTED);
        let inner = quoted(near).filter(|_| !rest.starts_with('`'));
        let length = match inner {
            // Quotes that are closed on this line.
            Some(inner) if inner.end < near.len() => {
                let behind = rest.get(inner.end..).unwrap_or("");
                inner.end
                    + behind.find(|c: char| c.is_whitespace()).unwrap_or(behind.len()).min(
                        behind.len()
                            - behind.trim_start_matches(|c: char| QUOTES(c) || "\\,;:)]}".has(c)).len(),
                    )
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || c == '|').unwrap_or(rest.len());
                code_length(rest.get(..end).unwrap_or("")).unwrap_or(end)
            }
        };
        looked_at(blank + length);
        self.at = start + length.max(1);
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        Some(Word { start, end: self.at })
    }

    pub(super) fn peek(&self) -> Option<Word> {
        self.clone().next()
    }
}
