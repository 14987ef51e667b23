//! Comments, which the parser drops: what stands between two tokens is white space and comments.

use super::MAX_DEPTH;
use super::feed::{Feed, Stream};
use super::libyaml::{Parser, TokenKind};
use crate::base::text::Span;

/// The comments of `text`, each from its `#` to the end of its line, as the scanner of YAML 1.1 sees them. Behind
/// the first place that it cannot read, and inside brackets nested too deeply, none is found.
///
/// ```
/// use poolcheck::yaml::comments;
/// let text = "key: a#b # one\nlist: | # two\n  # text\n# three\n";
/// let found: Vec<&str> = comments(text).into_iter().map(|span| span.of(text)).collect();
/// assert_eq!(found, ["# one", "# two", "# three"]);
/// ```
pub fn comments(text: &str) -> Vec<Span> {
    let feed = Feed::new(text, Stream::File);
    let mut parser = Parser::new(&feed);
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut behind = 0;
    while let Ok(Some(token)) = parser.token() {
        let (start, end) = (feed.offset(token.start.index), feed.offset(token.end.index));
        collect(text, Span::new(behind, start), &mut found);
        behind = behind.max(end);
        match token.kind {
            TokenKind::FlowStart => depth += 1,
            TokenKind::FlowEnd => depth = depth.saturating_sub(1),
            TokenKind::BlockScalar => {
                let header =
                    Span::new(start, end).of(text).find(is_break).map_or(end, |length| start + length);
                collect(text, Span::new(start, header), &mut found);
            }
            TokenKind::Other => {}
        }
        if depth > MAX_DEPTH {
            break;
        }
    }
    found
}

/// Adds the comments of a part of the text that has nothing else with a `#`.
fn collect(text: &str, gap: Span, found: &mut Vec<Span>) {
    let mut rest = gap.of(text);
    while let Some((before, comment)) = rest.find('#').and_then(|at| rest.split_at_checked(at)) {
        let start = gap.end - rest.len() + before.len();
        let length = comment.find(is_break).unwrap_or(comment.len());
        found.push(Span::new(start, start + length));
        rest = comment.get(length..).unwrap_or("");
    }
}

/// Whether a line of YAML 1.1 ends here.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        comments(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn only_what_the_scanner_takes_for_a_comment() {
        let text = "# 1\na: b#c '# no' # 2\nd: '# no'\ne: \"#no\" #3\nf: |- #4\n  # no\n #5\ng: [h, # 6\n#7\n]\n # 8";
        assert_eq!(found(text), ["# 1", "# 2", "#3", "#4", "#5", "# 6", "#7", "# 8"]);
    }

    #[test]
    fn comments_end_with_their_line() {
        assert_eq!(found("\u{feff}# é\r\na: 1 # b\u{2028}# c\rd: e # f"), ["# é", "# b", "# c", "# f"]);
        assert_eq!(found("%YAML 1.1 # a\n--- # b\nc\n... # d\n# e"), ["# a", "# b", "# d", "# e"]);
    }

    #[test]
    fn behind_what_cannot_be_read_there_are_none() {
        assert_eq!(found("a: 1 # b\nc: @ # d\n# e"), ["# b"]);
        assert_eq!(found(&format!("# a\n{}# b", "[".repeat(MAX_DEPTH + 2))), ["# a"]);
    }
}
