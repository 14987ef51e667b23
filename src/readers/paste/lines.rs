//! The lines of a config.yaml, whether it parses or not.

use crate::base::text::{BLANK, COLON, Chars, LineIndex, Search, Span};

/// White space that YAML does not take for white space: it looks like an indentation and is a letter.
pub(super) const ODD_SPACE: Chars = |c| {
    matches!(
        c,
        '\u{a0}' | '\u{1680}' | '\u{180e}' | '\u{2000}'
            ..='\u{200d}' | '\u{202f}' | '\u{205f}' | '\u{2060}' | '\u{3000}' | '\u{feff}'
    )
};

/// Of them those that take no room.
pub(super) const INVISIBLE: Chars =
    |c| matches!(c, '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');

/// White space of any kind.
pub(in crate::readers) const ANY_SPACE: Chars = |c| BLANK(c) || ODD_SPACE(c);

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The line without its end.
    pub(super) span: Span,
    /// The line with its end.
    pub(super) full: Span,
    /// Where what the user wrote begins: behind a number, a quote mark or another decoration of the line.
    pub(super) start: usize,
    /// Where the first character stands that is no white space of any kind.
    pub(super) content: usize,
    /// Whether the line belongs to a block scalar, whose text is the user's own.
    pub(super) in_block: bool,
    /// Whether the line is no line of the file, but of the editor or chat that it comes from.
    pub(super) is_decoration: bool,
}

impl Line {
    /// The line's own text from its first visible character on.
    pub(super) fn text<'t>(&self, text: &'t str) -> &'t str {
        Span::new(self.content, self.span.end).of(text)
    }

    /// Whether nothing is to be read: a blank line.
    pub(super) fn is_blank(&self) -> bool {
        self.content == self.span.end
    }

    /// Columns before the first visible character, a tab as two.
    pub(super) fn column(&self, text: &str) -> usize {
        let indent = Span::new(self.start, self.content).of(text);
        indent
            .chars()
            .map(|c| if c == '\t' || c == '\u{3000}' { 2 } else { usize::from(!INVISIBLE(c)) })
            .sum()
    }
}

/// The lines of `text`; `starts` tells how long the decoration at a line's start is, in bytes.
pub(super) fn lines(text: &str, decoration: impl Fn(&str) -> usize) -> Vec<Line> {
    let index = LineIndex::new(text);
    let mut lines = Vec::with_capacity(index.lines());
    // The column of the line that opened a block scalar.
    let mut block: Option<usize> = None;
    for number in 0..index.lines() {
        let Some(span) = index.line_span(text, number) else { break };
        let full = Span::new(span.start, span.start + index.full_line(text, number).len());
        let start = (span.start + decoration(span.of(text))).min(span.end);
        let rest = Span::new(start, span.end).of(text);
        let content = span.end - rest.trim_start_matches(ANY_SPACE).len();
        let mut line = Line { span, full, start, content, in_block: false, is_decoration: false };
        if !line.is_blank() {
            let column = line.column(text);
            if block.is_some_and(|opener| column > opener) {
                line.in_block = true;
            } else {
                block = opens_block(line.text(text)).then_some(column);
            }
        } else {
            line.in_block = block.is_some();
        }
        lines.push(line);
    }
    lines
}

/// Whether a line ends with `|` or `>` and their modifiers: the text below is a block scalar.
pub(super) fn opens_block(line: &str) -> bool {
    const BLOCK: Chars = |c| matches!(c, '|' | '>');
    const OPENER: Chars = |c| c == '-' || COLON(c);
    let code = without_comment(line);
    let Some(last) = code.split(BLANK).next_back() else { return false };
    let Some(rest) = last.strip_prefix(BLOCK) else { return false };
    let opens = rest.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9'));
    let before = code.strip_suffix(last).unwrap_or("").trim_end();
    opens && (before.is_empty() || before.ends_with(OPENER))
}

/// The line up to a comment, without white space at its end. A `#` in quotes opens no comment.
pub(in crate::readers) fn without_comment(line: &str) -> &str {
    let mut quote: Option<char> = None;
    let mut before = ' ';
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '#' && (before == ' ' || before == '\t') => {
                return line.get(..at).unwrap_or(line).trim_end_matches(BLANK);
            }
            None if (c == '"' || c == '\'') && " \t[{,:-".has(before) => quote = Some(c),
            None => {}
        }
        before = c;
    }
    line.trim_end_matches(BLANK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_scalars_belong_to_the_user() {
        let text = "a: |\n  • x\n\n  y\nb:\n  - >-\n    z\n  - c\n";
        let inside: Vec<bool> = lines(text, |_| 0).iter().map(|line| line.in_block).collect();
        assert_eq!(inside, [false, true, true, true, false, false, true, false, false]);
    }

    #[test]
    fn comments_end_a_line_but_not_in_quotes() {
        assert_eq!(without_comment("a: b # c"), "a: b");
        assert_eq!(without_comment("a: 'b # c' # d"), "a: 'b # c'");
        assert_eq!(without_comment("a: b#c"), "a: b#c");
        assert_eq!(without_comment("# c"), "");
        assert_eq!(without_comment("a: it's # c"), "a: it's");
        assert_eq!(without_comment(r#"a: "b \" # c""#), r#"a: "b \" # c""#);
    }
}
