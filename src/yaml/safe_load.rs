//! `yaml.safe_load(text)` of PyYAML 6.0.3, whose scanner is not libyaml but Python's own: where it reads a text
//! otherwise than [`load`](super::load) does.

use super::comments::is_break;
use super::error::{Mark, Stage, SyntaxError, YamlError};
use super::feed::{Feed, Stream};
use super::libyaml::{Parser, TokenKind};
use super::{Loaded, MAX_DEPTH};
use crate::base::text::Span;

/// Problems that only libyaml has with a text, or that Python's scanner may not have.
const ONLY_LIBYAML: [&str; 4] = [
    "found invalid Unicode character escape code",
    "found unknown directive name",
    "found unexpected ':'",
    "found a tab character where an indentation space is expected",
];

/// What Python's own scanner makes of a text that libyaml has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SafeLoad {
    /// The same value, or none as well.
    Same,
    /// It refuses what libyaml accepts.
    Refused(YamlError),
    /// Not known: the texts are rare on which they differ so.
    Unknown,
}

/// What `yaml.safe_load` makes of `text`, of which [`load`](super::load) has made `loaded`.
///
/// ```
/// use poolcheck::base::sources::SourceKind;
/// use poolcheck::yaml::{SafeLoad, load, safe_load};
/// let read = |text: &str| safe_load(text, &load(text, SourceKind::Config));
/// assert_eq!(read("a: 1\n"), SafeLoad::Same);
/// assert!(matches!(read("a:\t1\n"), SafeLoad::Refused(_)));
/// ```
pub fn safe_load(text: &str, loaded: &Loaded) -> SafeLoad {
    // Python's scanner knows a byte order mark at the very start only.
    if text.char_indices().any(|(at, c)| at > 0 && c == '\u{feff}') {
        return SafeLoad::Unknown;
    }
    match &loaded.root {
        Ok(_) => accepted(text),
        Err(YamlError::Syntax(error)) if ONLY_LIBYAML.contains(&error.problem.as_str()) => SafeLoad::Unknown,
        Err(_) => SafeLoad::Same,
    }
}

/// What it makes of a text that libyaml accepts.
fn accepted(text: &str) -> SafeLoad {
    let feed = Feed::new(text, Stream::File);
    let mut parser = Parser::new(&feed);
    let (mut depth, mut behind) = (0_usize, 0);
    while let Ok(Some(token)) = parser.token() {
        let span = Span::new(feed.offset(token.start.index), feed.offset(token.end.index));
        let words = span.of(text);
        if let Some(at) = tab_between(text, Span::new(behind, span.start.max(behind))) {
            return refused(text, at, "found character '\\t' that cannot start any token");
        }
        behind = behind.max(span.end);
        match token.kind {
            TokenKind::FlowStart => depth += 1,
            TokenKind::FlowEnd => depth = depth.saturating_sub(1),
            TokenKind::BlockScalar => {
                if let Some(at) = odd_header(words) {
                    return refused(text, span.start + at, "expected chomping or indentation indicators");
                }
            }
            // A tag that says nothing: the two take other values for one.
            TokenKind::Other if words == "!" => return SafeLoad::Unknown,
            TokenKind::Other if words.starts_with(['"', '\'']) => {}
            TokenKind::Other => {
                if let Some(at) = words.find('\t') {
                    return refused(
                        text,
                        span.start + at,
                        "found character '\\t' that cannot start any token",
                    );
                }
                // Within brackets it ends a plain text and begins a key.
                if let Some(at) = words.find('?').filter(|at| depth > 0 && *at > 0) {
                    return refused(text, span.start + at, "expected ',', but got '?'");
                }
            }
        }
        if depth > MAX_DEPTH {
            return SafeLoad::Unknown;
        }
    }
    SafeLoad::Same
}

/// The first tab between two tokens that is in no comment: Python's scanner skips spaces only.
fn tab_between(text: &str, gap: Span) -> Option<usize> {
    let mut in_comment = false;
    let words = gap.of(text);
    let at = words.find(|c: char| {
        in_comment = !is_break(c) && (in_comment || c == '#');
        c == '\t' && !in_comment
    });
    at.map(|at| gap.start + at)
}

/// Where the first line of a block scalar has a comment or a tab that is not set off by spaces.
fn odd_header(words: &str) -> Option<usize> {
    let header = words.split(is_break).next().unwrap_or("");
    let rest =
        header.trim_start_matches(['|', '>', '+', '-']).trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.trim_start_matches(['+', '-']);
    let spaced = rest.trim_start_matches(' ');
    let is_odd = spaced.starts_with('\t') || spaced.starts_with('#') && spaced.len() == rest.len();
    is_odd.then(|| header.len() - spaced.len())
}

fn refused(text: &str, offset: usize, problem: &str) -> SafeLoad {
    let before = text.get(..offset).unwrap_or("");
    let line = before.chars().filter(|c| is_break(*c)).count();
    let column = before.chars().rev().take_while(|c| !is_break(*c)).count();
    SafeLoad::Refused(YamlError::Syntax(SyntaxError {
        stage: Stage::Parser,
        context: None,
        context_mark: None,
        problem: problem.to_owned(),
        mark: Mark { offset, line, column },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sources::SourceKind;

    fn read(text: &str) -> SafeLoad {
        safe_load(text, &super::super::load(text, SourceKind::Config))
    }

    /// Expected: `yaml.safe_load` of PyYAML 6.0.3 has the value of the C loader.
    #[test]
    fn most_texts_are_read_alike() {
        let texts = [
            "a: 'x\ty' # \tz\nb: \"\t\"\n",
            "a: | # b\n  x\ty\n \n#\t\nb: {c: 'd?'}\n",
            "? a\n: b\n",
            "[?a, {? b}]",
            "a: b?c",
            "\u{feff}a: >-2\n   x\n",
            "a: [",
            "\ta: 1",
            "a: !!bool x",
        ];
        for text in texts {
            assert_eq!(read(text), SafeLoad::Same, "{text}");
        }
    }

    /// Expected: the C loader reads these, `yaml.safe_load` raises.
    #[test]
    fn what_only_libyaml_accepts() {
        let texts = [
            ("a:\tb\n", 2),
            ("a: b\t\n", 4),
            ("a: b\tc\n", 4),
            ("a: b\t# c\n", 4),
            ("- &x\ty\n", 4),
            ("[a,\tb]", 3),
            ("a: |#b\n  x\n", 4),
            ("a: >-2\t#\n   x\n", 6),
            ("{a: b?c}", 5),
        ];
        for (text, offset) in texts {
            let SafeLoad::Refused(YamlError::Syntax(error)) = read(text) else { panic!("{text}") };
            assert_eq!(error.mark.offset, offset, "{text}");
        }
    }

    /// `yaml.safe_load` reads each of them, as something that is not worked out here.
    #[test]
    fn what_is_not_known() {
        for text in ["a: !", "%X\n---\na", "a: \"\\uD83D\"", "[1:30:,]", "a: 1\n\u{feff}b: 2"] {
            assert_eq!(read(text), SafeLoad::Unknown, "{text}");
        }
    }
}
