//! What the author of a post left out of a file, and what they wrote behind its lines.

use crate::base::text::{BLANK, COLON, Chars, Search, Span, WHITE};
use crate::python::lower;
use crate::readers::follow::{indent_of, text_in};

/// What stands around a word that says that something is left out.
const AROUND: Chars = |c| c.is_whitespace() || "()（）[]【】<>《》{}*~#/-—.…·".has(c);

/// Whether a line says nothing but that something is left out: `...`, `[…]`, `<snip>`, `(省略)`.
pub(super) fn is_mark(line: &str) -> bool {
    const LONGEST: usize = 60;
    const WORDS: [&str; 10] = [
        "snip",
        "omitted",
        "truncated",
        "shortened",
        "unchanged",
        "the rest",
        "rest of",
        "gekürzt",
        "省略",
        "略",
    ];
    let line = line.trim().trim_end_matches([',', ':']);
    if line.len() > LONGEST || !line.starts_with(AROUND) || !line.ends_with(AROUND) || line.starts_with('#') {
        return false;
    }
    let said = line.trim_matches(AROUND);
    if said.is_empty() {
        return is_dots(line);
    }
    let said = lower(said);
    !said.has(':') && WORDS.iter().any(|word| said.holds(word))
}

/// Whether these are dots, in brackets or not.
fn is_dots(text: &str) -> bool {
    const BRACKETS: Chars = |c| "()（）[]【】<>《》{}".has(c) || c.is_whitespace();
    let bare = text.trim().strip_prefix("- ").unwrap_or(text).trim_matches(BRACKETS);
    bare.chars().all(|c| matches!(c, '.' | '…' | '·')) && (bare.has('…') || bare.len() >= 3)
}

/// Whether a line of config.yaml has nothing of the file: it is such a mark, or it has one in the place of a section.
pub(super) fn is_left_out(line: &str) -> bool {
    let value = line.split_once(COLON).map_or("", |(_, value)| value.trim());
    is_mark(line) || (value.starts_with(['[', '{']) && value.ends_with([']', '}']) && is_dots(value))
}

/// Follows the texts of several lines in YAML, in which anything may stand: those behind `|` and `>`.
#[derive(Default)]
pub(super) struct Texts {
    /// How far the key of the one around is indented.
    key: Option<usize>,
}

impl Texts {
    /// Reads a line; tells whether it is of such a text.
    pub(super) fn read(&mut self, line: &str) -> bool {
        self.key = self.key.filter(|key| line.trim().is_empty() || indent_of(line) > *key);
        let is_within = self.key.is_some();
        self.key = self.key.or_else(|| text_in(line));
        is_within
    }
}

/// Where a note of the author begins behind what a line sets: an arrow that points at it, or, behind a single word that is a name, an
/// address or a key, something in brackets.
pub(super) fn note(line: &str) -> Option<usize> {
    const ARROWS: [&str; 6] = ["<-", "<=", "←", "⬅", "👈", "⇐"];
    const ENDS: [&str; 8] = ["key", "token", "url", "provider", "model", "default", "key_env", "api_mode"];
    if line.trim_start().starts_with('#') {
        return None;
    }
    let (name, value) = line.split_once(['=', ':', '：'])?;
    let (name_end, value_at) = (line.len() - value.len(), line.len() - value.trim_start().len());
    let value = value.trim_start();
    if value_at > name_end && ARROWS.iter().any(|arrow| value.starts_with(arrow)) {
        return Some(name_end);
    }
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let word = match quote {
        // Behind the text in quotes.
        Some(quote) => value.get(1..)?.find(quote)? + 2,
        None => value.find(WHITE)?,
    };
    let said = value.get(word..)?;
    let is_said_of = ENDS.iter().any(|end| lower(name.trim()).ends_with(end));
    let behind = said.trim_start();
    let is_in_brackets = (behind.starts_with('(') && behind.trim_end().ends_with(')'))
        || (behind.starts_with('（') && behind.trim_end().ends_with('）'));
    if is_said_of && is_in_brackets {
        return Some(value_at + word);
    }
    let comment = said.find_text(" #").unwrap_or(said.len());
    let arrow = ARROWS.iter().filter_map(|arrow| said.find_text(arrow)).min().filter(|at| *at < comment)?;
    let before = said.get(..arrow)?;
    before.ends_with(BLANK).then(|| value_at + word + before.trim_end().len())
}

/// A sign of JSON, or what stands between two of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Comma,
    Colon,
    Text,
    /// Something is left out here.
    Mark,
}

/// An object or a list that is open.
struct Level {
    /// How many tokens and how many changes there were before it.
    tokens: usize,
    changes: usize,
    start: usize,
    is_object: bool,
    has_gap: bool,
    has_key: bool,
}

/// A key that nobody can see.
const KEY: &str = "\"access_token\": \"…\"";
const AND_KEY: &str = ", \"access_token\": \"…\"";

/// What has to be taken out of JSON in which its author left something out, so that the rest can be read, and what stands there
/// instead: the marks and what has one for its value go, and a row that may have its key among what was left out has one that
/// nobody can see. `lines` are its lines, each with its place. Nothing where nothing is left out.
pub(super) fn of_json(lines: &[(Span, &str)]) -> Vec<(Span, &'static str)> {
    let mut tokens: Vec<(Token, Span)> = Vec::new();
    let mut levels: Vec<Level> = Vec::new();
    let mut changes: Vec<(Span, &'static str)> = Vec::new();
    // Where something was taken out last, behind the last token, and the number of that change.
    let mut gap: Option<(Span, usize)> = None;
    for (token, span, text) in tokens_of(lines) {
        let before = changes.len();
        if token == Token::Mark {
            let taken = without_name(&mut tokens, span);
            gap = Some((taken, changes.len()));
            changes.push((taken, ""));
            if let Some(level) = levels.last_mut() {
                level.has_gap = true;
            }
            continue;
        }
        let last = tokens.last().map(|(token, _)| *token);
        let pending = gap.map(|(_, change)| change);
        if let Some((at, _)) = gap {
            let is_begun = matches!(last, None | Some(Token::Open | Token::Comma | Token::Colon));
            match token {
                Token::Comma if is_begun => {
                    changes.push((span, ""));
                    continue;
                }
                Token::Close if last == Some(Token::Comma) => {
                    if let Some((_, comma)) = tokens.pop() {
                        changes.push((comma, ""));
                    }
                }
                Token::Comma | Token::Close => {}
                _ if is_begun => {}
                _ => changes.push((Span::at(at.end), ",")),
            }
            gap = None;
        }
        match token {
            Token::Open => levels.push(Level {
                tokens: tokens.len(),
                changes: before,
                start: span.start,
                is_object: text == "{",
                has_gap: false,
                has_key: false,
            }),
            Token::Close => {
                let Some(level) = levels.pop() else { continue };
                let is_empty = tokens.len() == level.tokens + 1;
                if level.has_gap && level.is_object && !level.has_key && is_row(&tokens, level.tokens) {
                    // A key is what every row has: there it stands among what is left out.
                    tokens.push((token, span));
                    let key = if is_empty { KEY } else { AND_KEY };
                    match pending.and_then(|change| changes.get_mut(change)) {
                        Some(change) => change.1 = key,
                        None => changes.push((Span::at(span.start), key)),
                    }
                    continue;
                }
                if level.has_gap && is_empty && !levels.is_empty() {
                    tokens.truncate(level.tokens);
                    changes.truncate(level.changes);
                    let taken = without_name(&mut tokens, Span::new(level.start, span.end));
                    gap = Some((taken, changes.len()));
                    changes.push((taken, ""));
                    if let Some(around) = levels.last_mut() {
                        around.has_gap = true;
                    }
                    continue;
                }
            }
            Token::Text => {
                if let Some(level) = levels.last_mut() {
                    level.has_key |= matches!(text, "\"access_token\"" | "\"agent_key\"" | "\"api_key\"");
                }
            }
            _ => {}
        }
        tokens.push((token, span));
    }
    changes.sort_by_key(|(span, _)| (span.start, span.end));
    changes
}

/// Whether what was opened as the token of this number is an item of a list.
fn is_row(tokens: &[(Token, Span)], opened: usize) -> bool {
    let before = opened.checked_sub(1).and_then(|at| tokens.get(at));
    before.is_some_and(|(token, _)| *token != Token::Colon)
}

/// What is left out with the name that it is the value of, which goes as well.
fn without_name(tokens: &mut Vec<(Token, Span)>, span: Span) -> Span {
    match tokens.as_slice() {
        [.., (Token::Text, name), (Token::Colon, _)] => {
            let start = name.start;
            tokens.truncate(tokens.len().saturating_sub(2));
            Span::new(start, span.end)
        }
        _ => span,
    }
}

/// The tokens of lines of JSON.
fn tokens_of<'t>(lines: &[(Span, &'t str)]) -> Vec<(Token, Span, &'t str)> {
    const MARKED: Chars = |c| matches!(c, '.' | '…');
    let mut found = Vec::new();
    for (place, line) in lines {
        let start = place.end - line.len();
        let mut add = |token, from: usize, to: usize| {
            found.push((token, Span::new(start + from, start + to), line.get(from..to).unwrap_or("")));
        };
        let bare = line.trim();
        let indent = line.len() - line.trim_start().len();
        // In brackets of its own it would be read as an object or a list.
        if is_mark(bare) && !bare.starts_with(['[', '{']) {
            add(Token::Mark, indent, indent + bare.len());
            continue;
        }
        let mut at = 0;
        while let Some(c) = line.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = line.get(at..).unwrap_or("");
            let (token, length) = match c {
                '{' | '[' => (Token::Open, 1),
                '}' | ']' => (Token::Close, 1),
                ',' => (Token::Comma, 1),
                ':' => (Token::Colon, 1),
                '"' => (Token::Text, string_length(rest)),
                c if c.is_whitespace() => {
                    at += c.len_utf8();
                    continue;
                }
                c if MARKED(c) => (Token::Mark, rest.len() - rest.trim_start_matches(MARKED).len()),
                _ => {
                    let end = rest.find(|c: char| c.is_whitespace() || "{}[],:\"…".has(c));
                    (Token::Text, end.unwrap_or(rest.len()))
                }
            };
            add(token, at, at + length);
            at += length;
        }
    }
    found
}

/// How long the text in quotes is that stands first.
fn string_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::{Edit, Edits, LineIndex};

    #[test]
    fn what_says_that_something_is_left_out() {
        for line in [
            "...",
            "  ...",
            "…",
            "......",
            "[...]",
            "[…]",
            "{...}",
            "<snip>",
            "(省略)",
            "（以下省略）",
            "... (rest of the file) ...",
            "[snipped]",
            "- ...",
            "...,",
            "-- snip --",
            "<omitted>",
            "... 省略 ...",
        ] {
            assert!(is_mark(line), "{line}");
        }
        for line in [
            "---",
            "-",
            "- a",
            "model:",
            "# ...",
            "..",
            "snip",
            "[a]",
            "{}",
            "[]",
            "(one)",
            "~",
            "...and more",
            "*x",
            "- [ ]",
        ] {
            assert!(!is_mark(line), "{line}");
        }
        assert!(is_left_out("fallback_providers: [...]") && is_left_out("providers: {…}"));
        assert!(
            !is_left_out("fallback_providers: []") && !is_left_out("skin: ...") && !is_left_out("a: [b]")
        );
    }

    #[test]
    fn notes_behind_what_is_set() {
        let left = |line: &str| note(line).map(|at| line.get(..at).unwrap().to_owned());
        for (line, expected) in [
            ("  provider: gemini   <-- here", "  provider: gemini"),
            ("  provider: gemini ← 这里", "  provider: gemini"),
            ("  provider: 'gemini' <- here", "  provider: 'gemini'"),
            ("model:  <-- here", "model:"),
            ("A_KEY=x-fake <== mine", "A_KEY=x-fake"),
            ("A_KEY=x-fake (已脱敏)", "A_KEY=x-fake"),
            ("  provider: gemini  (was: zai)", "  provider: gemini"),
            ("  label: my first key <- this one", "  label: my first key"),
        ] {
            assert_eq!(left(line).as_deref(), Some(expected), "{line}");
        }
        for line in [
            "  provider: gemini",
            "  provider: gemini # <- here",
            "  label: Mine (old)",
            "  say: \"a <- b\"",
            "# A_KEY=x <- y",
            "  base_url: http://h/v1?a<-b",
            "A_KEY=(x)",
        ] {
            assert_eq!(note(line), None, "{line}");
        }
    }

    fn rest(text: &str) -> String {
        let index = LineIndex::new(text);
        let lines: Vec<_> = (0..index.lines())
            .filter_map(|number| index.line_span(text, number))
            .map(|span| (span, span.of(text)))
            .collect();
        let edits = of_json(&lines).into_iter().map(|(span, text)| Edit::replace(span, text)).collect();
        Edits::new(edits).unwrap().apply(text).split_whitespace().collect()
    }

    #[test]
    fn the_rest_of_json_is_json() {
        for (text, expected) in [
            ("{\"a\": 1}", "{\"a\":1}"),
            ("{\"a\": [\n{\"access_token\": \"x...\"},\n...\n]}", "{\"a\":[{\"access_token\":\"x...\"}]}"),
            ("{\"a\": 1,\n...\n}", "{\"a\":1}"),
            ("{\n...\n\"a\": 1\n...\n\"b\": 2\n}", "{\"a\":1,\"b\":2}"),
            ("{\"a\": 1, …, \"b\": 2}", "{\"a\":1,\"b\":2}"),
            ("{\"a\": {...}, \"b\": [...]}", "{}"),
            ("{\"a\": ..., \"b\": 2}", "{\"b\":2}"),
            (
                "[{\"id\": \"a\", ...}, {\"access_token\": \"x\", ...}]",
                "[{\"id\":\"a\",\"access_token\":\"…\"},{\"access_token\":\"x\"}]",
            ),
            (
                "[{\"id\": \"a\"} ... {\"id\": \"b\", ...}]",
                "[{\"id\":\"a\"},{\"id\":\"b\",\"access_token\":\"…\"}]",
            ),
            ("[{\"id\": \"a\"}, {...}]", "[{\"id\":\"a\"},{\"access_token\":\"…\"}]"),
            ("{\"a\": {\n<snip>\n},\n\"b\": 1\n}", "{\"b\":1}"),
            ("{\"a\": {\n\"b\": 1,\n(省略)\n}\n}", "{\"a\":{\"b\":1}}"),
        ] {
            assert_eq!(rest(text), expected, "{text}");
        }
    }
}
