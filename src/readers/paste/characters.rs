//! Characters that look like YAML's own and are not: tabs, odd white space, bullets, full-width colons, curly quotes.
//!
//! Each function gives the edits that would put the right character there, for every line where the wrong one stands
//! in a place where YAML's own would have a meaning. Whether they are right is for the caller to find out.

use super::lines::{ANY_SPACE, INVISIBLE, Line, ODD_SPACE, opens_block, without_comment};
use crate::base::text::{Chars, Edit, QUOTE, Search, Span, WHITE};

/// Signs that people, editors and chats put for the `-` of a list.
const BULLETS: &str = "•●◦‣▪▫■□○∙·⁃►▸–—−－*";

/// Signs that are put for `:`.
const COLONS: &str = "：﹕∶꞉";

const DOUBLE_QUOTES: &str = "“”„‟＂«»〝〞";
const SINGLE_QUOTES: &str = "‘’‚‛＇`";

/// What is put for a quote and is none.
const CURLY: Chars = |c| DOUBLE_QUOTES.has(c) || SINGLE_QUOTES.has(c);
const ANY_QUOTE: Chars = |c| CURLY(c) || QUOTE(c);

fn readable(lines: &[Line]) -> impl Iterator<Item = &Line> {
    lines.iter().filter(|line| !line.in_block && !line.is_decoration)
}

/// The mark of a list item at the start of `text`, `-` or a bullet: its length.
pub(super) fn marker(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let behind = text.get(first.len_utf8()..)?.chars().next();
    let parted = behind.is_none_or(ANY_SPACE);
    let is_marker = if first == '-' || "*–—−".has(first) { parted } else { BULLETS.has(first) };
    is_marker.then(|| first.len_utf8())
}

/// Where the text of an item or a key begins: behind the marks of list items.
fn behind_markers(line: &Line, text: &str) -> usize {
    let mut at = line.content;
    loop {
        let rest = Span::new(at, line.span.end).of(text);
        let Some(length) = marker(rest) else { return at };
        let behind = rest.get(length..).unwrap_or("");
        at = line.span.end - behind.trim_start_matches(ANY_SPACE).len();
    }
}

/// A name and the colon behind it, written in any way.
struct Key {
    /// The name, without quotes.
    name: Span,
    /// The colon.
    colon: Span,
}

/// The key that begins at `at`, where its name is one that Hermes' keys could have.
fn key(line: &Line, text: &str, at: usize) -> Option<Key> {
    const OUTSIDE_NAME: Chars = |c| !(c.is_ascii_alphanumeric() || "_-./".has(c));
    let rest = Span::new(at, line.span.end).of(text);
    let open = rest.chars().next().filter(|c| ANY_QUOTE(*c)).map_or(0, char::len_utf8);
    let body = rest.get(open..)?;
    let length = body.find(OUTSIDE_NAME)?;
    let name = Span::new(at + open, at + open + length);
    let behind = body.get(length..)?;
    let behind = if open == 0 { behind } else { behind.strip_prefix(ANY_QUOTE)? };
    let colon = behind.trim_start_matches(ANY_SPACE);
    let sign = colon.chars().next().filter(|c| *c == ':' || COLONS.has(*c))?;
    let start = line.span.end - colon.len();
    (length > 0).then(|| Key { name, colon: Span::new(start, start + sign.len_utf8()) })
}

/// Tabs in the white space at the start of lines become `width` spaces each.
pub(super) fn tabs(text: &str, lines: &[Line], width: usize) -> Vec<Edit> {
    const TAB: Chars = |c| c == '\t';
    let mut edits = Vec::new();
    for line in readable(lines) {
        runs(text, Span::new(line.start, line.content), TAB, &mut |run, span| {
            edits.push(Edit::replace(span, " ".repeat(run.len() * width)));
        });
    }
    edits
}

/// White space that YAML takes for letters: at the start of lines, behind a colon and a list mark, and what is
/// invisible in a key or at the end of a line. The wide space of East Asian scripts becomes `width` spaces.
pub(super) fn odd_spaces(text: &str, lines: &[Line], width: usize) -> Vec<Edit> {
    let blank = |c: char| match c {
        '\u{3000}' => " ".repeat(width),
        c if INVISIBLE(c) => String::new(),
        _ => " ".to_owned(),
    };
    let mut edits = Vec::new();
    for line in readable(lines) {
        let mut spaces = |span: Span| {
            runs(text, span, ODD_SPACE, &mut |run, span| {
                edits.push(Edit::replace(span, run.chars().map(blank).collect::<String>()));
            });
        };
        // A byte order mark at the very start is YAML's own.
        let start = if line.start == 0 && text.starts_with('\u{feff}') { 3 } else { line.start };
        spaces(Span::new(start, line.content));
        let body = behind_markers(line, text);
        spaces(Span::new(line.content, body));
        let mut from = body;
        if let Some(key) = key(line, text, body) {
            spaces(Span::new(key.name.end, key.colon.start));
            let behind = Span::new(key.colon.end, line.span.end).of(text);
            let value = behind.trim_start_matches(ANY_SPACE);
            from = line.span.end - value.len();
            let gap = Span::new(key.colon.end, from);
            // Between colon and value one space has to stay.
            if gap.of(text).contains(ODD_SPACE) {
                edits.push(Edit::replace(gap, if value.is_empty() { "" } else { " " }));
            }
        }
        let value = Span::new(from, line.span.end).of(text);
        let code = without_comment(value);
        let end = from + code.trim_end_matches(INVISIBLE).len();
        if end < from + code.len() && end > from {
            edits.push(Edit::delete(Span::new(end, from + code.len())));
        }
    }
    edits
}

fn runs(text: &str, span: Span, wanted: Chars, each: &mut dyn FnMut(&str, Span)) {
    let mut rest = span.of(text);
    let mut at = span.start;
    while let Some(from) = rest.find(wanted) {
        let found = rest.get(from..).unwrap_or("");
        let length = found.len() - found.trim_start_matches(wanted).len();
        each(found.get(..length).unwrap_or(""), Span::new(at + from, at + from + length));
        at += from + length;
        rest = found.get(length..).unwrap_or("");
    }
}

/// Bullets become `-`, and a `-` that sticks to its item is parted from it; `shift` takes the room for that from the
/// white space before it.
pub(super) fn bullets(text: &str, lines: &[Line], shift: bool) -> Vec<Edit> {
    const LETTER: Chars = |c| c.is_ascii_alphabetic();
    let mut edits = Vec::new();
    for line in readable(lines) {
        let shown = line.text(text);
        let Some(first) = shown.chars().next() else { continue };
        let length = first.len_utf8();
        let behind = shown.get(length..).unwrap_or("");
        let span = Span::new(line.content, line.content + length);
        if first == '-' && behind.starts_with(LETTER) {
            let before = Span::new(span.start.saturating_sub(1).max(line.start), span.start);
            match before.of(text) {
                " " if shift => edits.push(Edit::replace(before.to(span), "- ")),
                _ => edits.push(Edit::insert(span.end, " ")),
            }
        } else if first != '-' && marker(shown).is_some() {
            let parted = behind.is_empty() || behind.starts_with(ANY_SPACE);
            edits.push(Edit::replace(span, if parted { "-" } else { "- " }));
        }
    }
    edits
}

/// Full-width colons behind a key become `:` and a space.
pub(super) fn colons(text: &str, lines: &[Line]) -> Vec<(Edit, Span)> {
    let mut edits = Vec::new();
    for line in readable(lines) {
        let Some(key) = key(line, text, behind_markers(line, text)) else { continue };
        if key.colon.of(text) != ":" {
            let behind = Span::new(key.colon.end, line.span.end).of(text);
            let parted = behind.is_empty() || behind.starts_with(ANY_SPACE);
            edits.push((Edit::replace(key.colon, if parted { ":" } else { ": " }), key.name));
        }
    }
    edits
}

/// Quotes round a key, a value or the parts of a `[…]` or `{…}` become quotes of YAML. `words` leaves out values of
/// several words, which may be prose.
pub(super) fn quotes(text: &str, lines: &[Line], words: bool) -> Vec<Edit> {
    const BRACKET: Chars = |c| matches!(c, '[' | '{');
    let mut edits = Vec::new();
    for line in readable(lines) {
        let body = behind_markers(line, text);
        let mut from = body;
        if let Some(key) = key(line, text, body) {
            if key.name.start > body {
                let shut = Span::new(key.name.end, key.colon.start);
                let quote = shut.of(text).chars().next().map_or(0, char::len_utf8);
                let shut = Span::new(shut.start, shut.start + quote);
                edits.extend(pair(text, Span::new(body, key.name.start), shut, key.name));
            }
            from = key.colon.end;
        }
        let whole = Span::new(from, line.span.end).of(text);
        let value = whole.trim_start_matches(ANY_SPACE);
        let start = from + whole.len() - value.len();
        if value.starts_with(ANY_QUOTE) {
            let value = closed(value).trim_end_matches(ANY_SPACE);
            let (Some(first), Some(last)) = (value.chars().next(), value.chars().next_back()) else {
                continue;
            };
            let open = Span::new(start, start + first.len_utf8());
            let shut = Span::new(start + value.len() - last.len_utf8(), start + value.len());
            let inner = Span::new(open.end, shut.start);
            if ANY_QUOTE(last) && open.end <= shut.start && !(words && inner.of(text).contains(WHITE)) {
                edits.extend(pair(text, open, shut, inner));
            }
        } else if value.starts_with(BRACKET) && !opens_block(value) {
            let code = without_comment(value);
            for (at, c) in code.char_indices().filter(|(_, c)| CURLY(*c)) {
                let span = Span::new(start + at, start + at + c.len_utf8());
                edits.push(Edit::replace(span, if DOUBLE_QUOTES.has(c) { "\"" } else { "'" }));
            }
        }
    }
    edits
}

/// A value that begins with a quote, without the comment behind it.
fn closed(value: &str) -> &str {
    const COMMENT: &str = " #";
    let mut rest = value;
    while let Some((_, comment)) = rest.cut_at(COMMENT) {
        let end = value.len() - comment.len() - COMMENT.len();
        let before = value.get(..end).unwrap_or(value).trim_end_matches(ANY_SPACE);
        if before.chars().count() > 1 && before.ends_with(ANY_QUOTE) {
            return before;
        }
        rest = comment;
    }
    value
}

/// The edits that turn the two quotes into a pair that YAML knows and that `inner` does not hold.
fn pair(text: &str, open: Span, shut: Span, inner: Span) -> Vec<Edit> {
    const SINGLE: Chars = |c| SINGLE_QUOTES.has(c);
    let (open_text, shut_text, inner) = (open.of(text), shut.of(text), inner.of(text));
    if !open_text.starts_with(CURLY) && !shut_text.starts_with(CURLY) {
        return Vec::new();
    }
    let straight = [open_text, shut_text].into_iter().find(|quote| matches!(*quote, "\"" | "'"));
    let like = if open_text.starts_with(SINGLE) { ["'", "\""] } else { ["\"", "'"] };
    let fits = |quote: &&str| !inner.holds(quote) && (*quote == "'" || !inner.has('\\'));
    let quote = match straight {
        Some(quote) => Some(quote).filter(fits),
        None => like.into_iter().find(fits),
    };
    let Some(quote) = quote else { return Vec::new() };
    [(open, open_text), (shut, shut_text)]
        .into_iter()
        .filter(|(_, old)| *old != quote)
        .map(|(span, _)| Edit::replace(span, quote))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::*;
    use crate::base::text::Edits;

    fn after(text: &str, edits: Vec<Edit>) -> String {
        Edits::new(edits).unwrap().apply(text)
    }

    #[test]
    fn bullets_and_sticking_dashes() {
        let text = "a:\n  • b\n  –c\n  —  d\n  -e: 1\n  -5\n  - f\n  * g\n";
        let lines = lines(text, |_| 0);
        assert_eq!(
            after(text, bullets(text, &lines, false)),
            "a:\n  - b\n  –c\n  -  d\n  - e: 1\n  -5\n  - f\n  - g\n"
        );
        assert_eq!(after("  -e: 1\n", bullets("  -e: 1\n", &lines_of("  -e: 1\n"), true)), " - e: 1\n");
    }

    fn lines_of(text: &str) -> Vec<Line> {
        lines(text, |_| 0)
    }

    #[test]
    fn colons_behind_keys_only() {
        let text = "model：\n  provider：gemini\n  - name ： x\n  note: 你好：x\n  备注：y\n";
        let edits = colons(text, &lines_of(text)).into_iter().map(|(edit, _)| edit).collect();
        assert_eq!(
            after(text, edits),
            "model:\n  provider: gemini\n  - name : x\n  note: 你好：x\n  备注：y\n"
        );
    }

    #[test]
    fn quotes_round_keys_and_values() {
        let text = "“a”: “b”\nc: \"d”  # “e”\nf: [‘g’, h]\ni: “j” k\nl: ‘it’s’\nm: “n o”\n";
        assert_eq!(
            after(text, quotes(text, &lines_of(text), false)),
            "\"a\": \"b\"\nc: \"d\"  # “e”\nf: ['g', h]\ni: “j” k\nl: 'it’s'\nm: \"n o\"\n"
        );
        assert!(quotes("m: “n o”", &lines_of("m: “n o”"), true).is_empty());
    }

    #[test]
    fn spaces_that_are_letters() {
        let text = "a:\n\u{a0}\u{a0}b:\u{a0}c\n\u{3000}d\u{200b}: e\u{200b}\n-\u{a0}f g\u{a0}h\n";
        assert_eq!(after(text, odd_spaces(text, &lines_of(text), 2)), "a:\n  b: c\n  d: e\n- f g\u{a0}h\n");
    }
}
