//! python-dotenv, which fills the process environment from `.env`: its parser (`dotenv/parser.py`) and its
//! `${NAME:-default}` (`dotenv/variables.py`). Values may be quoted and span lines, comments behind them go.

use std::ops::Range;

use super::super::{Outcome, Stop};
use super::Assignment;
use super::mapped::Mapped;
use crate::base::collections::TextMap;
use crate::base::text::Search;
use crate::python::{is_space, strip_end};

/// What one file may grow to by `${…}`. A few lines that name the one before twice would fill any memory.
const EXPANDED_LIMIT: usize = 16 << 20;

/// One binding, or one stretch of text that is none.
struct Parser<'t> {
    text: &'t str,
    at: usize,
}

/// What a binding consists of, as ranges of the text.
struct Binding {
    name: Range<usize>,
    value: Option<(String, Range<usize>)>,
    entry: Range<usize>,
}

/// The bindings of a file in order: those without a value, such as `export NAME`, too. Statements that
/// cannot be parsed are passed over up to their line's end, as python-dotenv does with a warning.
pub(super) fn read(file: &Mapped) -> Vec<Assignment> {
    let mut parser = Parser { text: file.text(), at: 0 };
    let mut found = Vec::new();
    while parser.at < parser.text.len() {
        match parser.binding() {
            Some(Some(binding)) => {
                let (value, written) =
                    binding.value.map_or((None, binding.name.end..binding.name.end), |(value, range)| {
                        (Some(value), range)
                    });
                found.push(Assignment::new(
                    file.text().get(binding.name.clone()).unwrap_or(""),
                    value,
                    file.span(binding.name),
                    file.span(written),
                    file.span(binding.entry),
                ));
            }
            Some(None) => {}
            None => parser.skip_line(),
        }
    }
    found
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip(&mut self, wanted: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(wanted).len();
    }

    /// Takes all up to the line's end and the end itself.
    fn skip_line(&mut self) {
        self.skip(|c| c != '\n');
        self.at = (self.at + 1).min(self.text.len());
    }

    /// `parse_binding`: `None` is its error, `Some(None)` a comment or the end.
    fn binding(&mut self) -> Option<Option<Binding>> {
        self.skip(is_space);
        if self.rest().is_empty() {
            return Some(None);
        }
        let start = self.at;
        if let Some(behind) = self.rest().strip_prefix("export")
            && behind.starts_with(is_blank)
        {
            self.at += "export".len();
            self.skip(is_blank);
        }
        let name = self.name()?;
        let mut end = self.at;
        self.skip(is_blank);
        let mut value = None;
        if self.rest().starts_with('=') {
            self.at += 1;
            end = self.at;
            self.skip(is_blank);
            let found = self.value()?;
            end = end.max(self.end_of(&found.1));
            value = Some(found);
        }
        self.comment();
        self.skip(is_blank);
        match self.rest().chars().next() {
            None => {}
            Some('\n') => self.at += 1,
            Some(_) => return None,
        }
        Some(name.map(|name| Binding { name, value, entry: start..end }))
    }

    /// The end of a value with its quote, where it has one.
    fn end_of(&self, value: &Range<usize>) -> usize {
        let before = value.start.checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
        let behind = self.text.as_bytes().get(value.end);
        let quoted = matches!((before, behind), (Some(b'\''), Some(b'\'')) | (Some(b'"'), Some(b'"')));
        value.end + usize::from(quoted)
    }

    /// `parse_key`: `None` is the error, `Some(None)` a comment.
    fn name(&mut self) -> Option<Option<Range<usize>>> {
        if self.rest().starts_with('#') {
            return Some(None);
        }
        if let Some(inside) = self.rest().strip_prefix('\'') {
            let length = inside.find('\'').filter(|&length| length > 0)?;
            let start = self.at + 1;
            self.at = start + length + 1;
            return Some(Some(start..start + length));
        }
        let start = self.at;
        self.skip(|c| c != '=' && c != '#' && !is_space(c));
        (self.at > start).then_some(Some(start..self.at))
    }

    /// `parse_value`.
    fn value(&mut self) -> Option<(String, Range<usize>)> {
        match self.rest().chars().next() {
            Some(quote @ ('\'' | '"')) => {
                let start = self.at + 1;
                let end = start + closing_quote(self.text.get(start..)?, quote)?;
                let written = self.text.get(start..end)?;
                self.at = end + 1;
                Some((decode_escapes(written, quote), start..end))
            }
            _ => {
                let start = self.at;
                self.skip(|c| c != '\n');
                let part = self.text.get(start..self.at)?;
                let value = strip_end(before_comment(part));
                Some((value.to_owned(), start..start + value.len()))
            }
        }
    }

    /// The pattern `(?:[^\S\r\n]*#[^\r\n]*)?`.
    fn comment(&mut self) {
        let start = self.at;
        self.skip(is_blank);
        if self.rest().starts_with('#') {
            self.skip(|c| c != '\n');
        } else {
            self.at = start;
        }
    }
}

/// White space within a line.
fn is_blank(c: char) -> bool {
    is_space(c) && c != '\n' && c != '\r'
}

/// Where the quote closes that was opened before `text`. A quote behind a backslash does not close, whatever
/// stands before the backslash, unless no other does: then the last of those closes, for the pattern
/// `'((?:\\'|[^'])*)'` gives a backslash back when it would fail otherwise.
fn closing_quote(text: &str, quote: char) -> Option<usize> {
    let mut escaped = None;
    for (at, _) in text.match_indices(quote) {
        let behind_backslash =
            at.checked_sub(1).and_then(|before| text.as_bytes().get(before)) == Some(&b'\\');
        if !behind_backslash {
            return Some(at);
        }
        escaped = Some(at);
    }
    escaped
}

/// `re.sub(r"\s+#.*", "", part)` of one line.
fn before_comment(part: &str) -> &str {
    let sign = part
        .match_indices('#')
        .find(|&(at, _)| part.get(..at).is_some_and(|before| before.ends_with(is_space)));
    sign.and_then(|(at, _)| part.get(..at)).map_or(part, strip_end)
}

fn decode_escapes(written: &str, quote: char) -> String {
    let mut value = String::with_capacity(written.len());
    let mut chars = written.chars().peekable();
    while let Some(c) = chars.next() {
        let decoded = match chars.peek() {
            Some(&next) if c == '\\' => escape(next, quote),
            _ => None,
        };
        match decoded {
            Some(decoded) => {
                value.push(decoded);
                let _ = chars.next();
            }
            None => value.push(c),
        }
    }
    value
}

fn escape(c: char, quote: char) -> Option<char> {
    Some(match c {
        '\\' | '\'' => c,
        _ if quote == '\'' => return None,
        '"' => '"',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        _ => return None,
    })
}

/// What a name of the file comes to.
pub(super) struct Resolved<'b> {
    /// Its last binding, which counts.
    pub(super) last: &'b Assignment,
    /// The value; `None` for a name alone.
    pub(super) value: Option<String>,
}

/// `resolve_variables`: the names in the order of their first bindings, every value with its `${NAME}` and `${NAME:-default}` replaced. What `outer` says of
/// the process environment gives way to the file's own names where `file_first`, as with `override=True`.
///
/// # Errors
/// [`Stop::not_modelled`] where the values grow without measure.
pub(super) fn resolve<'b, 'e>(
    bindings: &'b [Assignment],
    outer: impl Fn(&str) -> Option<&'e str>,
    file_first: bool,
) -> Outcome<TextMap<Resolved<'b>>> {
    let mut known: TextMap<Resolved<'b>> = TextMap::new();
    let mut size = 0;
    for binding in bindings {
        let value = match &binding.value {
            None => None,
            Some(written) => {
                let value = interpolate(written, |name| {
                    let own = known.get(name).map(|known| known.value.as_deref().unwrap_or(""));
                    if file_first { own.or_else(|| outer(name)) } else { outer(name).or(own) }
                });
                size += value.as_ref().map_or(EXPANDED_LIMIT, String::len);
                match value {
                    Some(value) if size < EXPANDED_LIMIT => Some(value),
                    _ => return Err(Stop::not_modelled("`${…}` that grows beyond 16 MB")),
                }
            }
        };
        let _ = known.insert(&binding.name, Resolved { last: binding, value });
    }
    Ok(known)
}

/// One value with its variables replaced; `None` where it grows too long.
fn interpolate<'v>(written: &str, lookup: impl Fn(&str) -> Option<&'v str>) -> Option<String> {
    let mut value = String::with_capacity(written.len());
    let mut rest = written;
    while let Some((before, open)) = rest.find_text("${").and_then(|start| rest.split_at_checked(start)) {
        value.push_str(before);
        rest = match variable(open) {
            Ok((name, default, behind)) => {
                value.push_str(lookup(name).unwrap_or(default));
                behind
            }
            Err(literal) => {
                let (literal, behind) = open.split_at_checked(literal).unwrap_or((open, ""));
                value.push_str(literal);
                behind
            }
        };
        if value.len() > EXPANDED_LIMIT {
            return None;
        }
    }
    value.push_str(rest);
    Some(value)
}

/// The variable that `text` opens with: name, default, and what is behind it. Where it opens with none, how
/// much of it can hold none: a later `${` before the same colon or end fails at the same place.
fn variable(text: &str) -> Result<(&str, &str, &str), usize> {
    let inside = text.get(2..).unwrap_or("");
    let end = inside.find(['}', ':']);
    let (name, behind) = end.and_then(|end| inside.split_at_checked(end)).ok_or(text.len())?;
    if let Some(behind) = behind.strip_prefix('}') {
        return Ok((name, "", behind));
    }
    let Some(behind) = behind.strip_prefix(":-") else {
        return Err(text.len() - behind.len() + 1);
    };
    let (default, behind) = behind.split_once('}').ok_or(text.len())?;
    Ok((name, default, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(String, Option<String>)> {
        let found = read(&Mapped::read(text, false));
        let resolved = resolve(&found, |name| (name == "OUT").then_some("outer"), true).unwrap();
        resolved.iter().map(|(name, found)| (name.to_owned(), found.value.clone())).collect()
    }

    fn value(text: &str) -> String {
        values(text).pop().unwrap().1.unwrap()
    }

    // The expected values are what python-dotenv of the real installation returns for these texts.
    #[test]
    fn comments_and_quotes() {
        assert_eq!(value("A=nv # mine"), "nv");
        assert_eq!(value("A=\"nv # x\" # mine"), "nv # x");
        assert_eq!(value("A= # c"), "# c");
        assert_eq!(value("A=a#b"), "a#b");
        assert_eq!(value("A=\"two\nlines\""), "two\nlines");
        assert_eq!(value("A=\"a\\tb\\x\""), "a\tb\\x");
        assert_eq!(value("A='a\\tb\\'c'"), "a\\tb'c");
        assert_eq!(value("A=\"abc\\\""), "abc\\");
    }

    #[test]
    fn what_cannot_be_parsed_is_passed_over() {
        assert_eq!(values("KEY: v\nA=1"), [("A".to_owned(), Some("1".to_owned()))]);
        assert_eq!(values("A=\"x\" y\nB=2"), [("B".to_owned(), Some("2".to_owned()))]);
        assert_eq!(values("export A\n"), [("A".to_owned(), None)]);
        assert_eq!(values("'A B' = 1"), [("A B".to_owned(), Some("1".to_owned()))]);
        assert!(values("=1\n''=2\n").is_empty());
    }

    #[test]
    fn variables() {
        assert_eq!(value("A=1\nB=${A}-${OUT}-${NONE}-${NONE:-d}-$A-${A:b}"), "1-outer--d-$A-${A:b}");
        assert_eq!(value("OUT=in\nB=${OUT}"), "in");
        assert_eq!(value("B='${OUT}'"), "outer");
        assert_eq!(value("B=${X:-${OUT}}"), "${OUT}");
    }

    #[test]
    fn growth_has_an_end() {
        let mut text = "A=${B}0123456789\n".to_owned();
        for _ in 0..60 {
            text.push_str("A=${A}${A}\n");
        }
        let found = read(&Mapped::read(&text, false));
        assert!(matches!(resolve(&found, |_| None, true), Err(stop) if stop.unmodelled().is_some()));
    }

    #[test]
    fn places() {
        let source = "\n export A = \"v w\" # c\nB=x # d\nC=\n";
        let found = read(&Mapped::read(source, false));
        let spans: Vec<_> = found
            .iter()
            .map(|binding| {
                [binding.name_place, binding.value_place, binding.entry_place]
                    .map(|place| place.span.of(source))
            })
            .collect();
        assert_eq!(spans, [["A", "v w", "export A = \"v w\""], ["B", "x", "B=x"], ["C", "", "C="]]);
    }
}
