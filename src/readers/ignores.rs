//! Comments that silence findings: `# poolcheck: ignore[PC203] reason`.

use crate::base::sources::SourceKind;
use crate::base::text::{BLANK, COLON, Chars, LINE_END, LineIndex, Span};
use crate::yaml;

/// A comment that silences findings, or that is plainly meant to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// The text that it stands in.
    pub source: SourceKind,
    /// From its `#` to the end of the comment.
    pub comment: Span,
    /// What goes with it when it is taken away: the blanks before it, or its whole line where nothing else is on it.
    pub entry: Span,
    /// The line whose findings are meant, with its line end; `None` where the text ends before one.
    pub covers: Option<Span>,
    /// The codes, as they are written.
    pub codes: Vec<Span>,
    /// Whether it is written as it has to be. Otherwise it silences nothing.
    pub is_exact: bool,
    /// What stands behind the codes.
    pub reason: Span,
}

/// The comments of `text` that silence findings. On a line of its own such a comment is meant for the next line that is
/// neither blank nor a comment, else for the line that it stands on.
///
/// In `.env` and in an environment only whole lines are comments: behind a value Hermes reads a comment as a part of
/// it. auth.json, listings and logs have no comments.
///
/// ```
/// use poolcheck::readers::ignores::ignores;
/// use poolcheck::base::sources::SourceKind;
/// let text = "model:\n  # poolcheck: ignore[PC203] kept for later\n  api_key: x\n";
/// let [ignore] = ignores(text, SourceKind::Config).try_into().expect("one comment");
/// assert_eq!(ignore.codes[0].of(text), "PC203");
/// assert_eq!(ignore.covers.map(|line| line.of(text)), Some("  api_key: x\n"));
/// ```
pub fn ignores(text: &str, source: SourceKind) -> Vec<Ignore> {
    // Comments are looked for where one of ours can be: a second pass over config.yaml takes its time.
    if !text.as_bytes().windows(NAME.len()).any(|word| word.eq_ignore_ascii_case(NAME.as_bytes())) {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    let comments = match source {
        SourceKind::Config => yaml::comments(text),
        SourceKind::Dotenv | SourceKind::Environ => comments_of_lines(text, &lines, &|_| None),
        SourceKind::Commands => comments_of_lines(text, &lines, &comment_behind),
        SourceKind::AuthStore
        | SourceKind::Jobs
        | SourceKind::Listing
        | SourceKind::Log
        | SourceKind::DebugReport
        | SourceKind::RootAuthStore => Vec::new(),
    };
    let mut found = Vec::new();
    for comment in comments {
        if let Some(ignore) = read(text, source, comment) {
            let at = lines.line_of(ignore.comment.start);
            found.push((at, ignore));
        }
    }
    find_lines(text, &lines, &mut found);
    found.into_iter().map(|(_, ignore)| ignore).collect()
}

const NAME: &str = "poolcheck";

/// The lines that are comments as a whole, and what `behind` finds in the others.
fn comments_of_lines(text: &str, lines: &LineIndex, behind: &dyn Fn(&str) -> Option<usize>) -> Vec<Span> {
    let mut found = Vec::new();
    for number in 0..lines.lines() {
        let Some(span) = lines.line_span(text, number) else { break };
        let line = span.of(text);
        let blank = line.len() - without_indent(line).len();
        let begin = if is_comment(line) { Some(blank) } else { behind(line) };
        found.extend(begin.map(|begin| Span::new(span.start + begin, span.end)));
    }
    found
}

/// Where the comment of a command begins, as a shell sees it: at a `#` behind a blank, outside of quotes.
fn comment_behind(line: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if c == open && before != '\\' => quote = None,
            Some(_) => {}
            None if before == '\\' => {}
            None if c == '#' && BLANK(before) => return Some(at),
            None if c == '"' || c == '\'' => quote = Some(c),
            None => {}
        }
        before = c;
    }
    None
}

fn without_indent(line: &str) -> &str {
    line.trim_start_matches('\u{feff}').trim_start_matches(BLANK)
}

fn is_comment(line: &str) -> bool {
    without_indent(line).starts_with('#')
}

/// Whether YAML may count the blank lines behind a block as a part of it, as `|+` has it. A comment ends the block: when it
/// goes, the blank lines below it have to go as well.
fn keeps_blank_lines(text: &str) -> bool {
    text.as_bytes().windows(3).any(|sign| match sign {
        [b'|' | b'>', b'+', _] => true,
        [b'|' | b'>', digit, b'+'] => digit.is_ascii_digit(),
        _ => false,
    })
}

/// Finds the line that each comment is meant for, and what is taken away with it.
fn find_lines(text: &str, lines: &LineIndex, found: &mut [(usize, Ignore)]) {
    // The line of the comment below that has its own, and the line that it is meant for: nothing is searched twice.
    let mut below: Option<(usize, Option<usize>)> = None;
    let keeps_blank_lines = keeps_blank_lines(text);
    for (own, ignore) in found.iter_mut().rev() {
        let span = lines.line_span(text, *own).unwrap_or(ignore.comment);
        let line = span.of(text);
        let before = Span::new(span.start, ignore.comment.start).of(text);
        let is_first = without_indent(before).is_empty();
        ignore.entry = if is_first && ignore.comment.end == span.end {
            let mark = line.len() - line.trim_start_matches('\u{feff}').len();
            let mut end = span.start + lines.full_line(text, *own).len();
            if keeps_blank_lines {
                let blank =
                    |line: &str| line.trim_start_matches(BLANK).trim_start_matches(LINE_END).is_empty();
                let mut next = *own + 1;
                while next < lines.lines() && blank(lines.full_line(text, next)) {
                    end += lines.full_line(text, next).len();
                    next += 1;
                }
            }
            Span::new(span.start + mark, end)
        } else {
            Span::new(span.start + before.trim_end_matches(BLANK).len(), ignore.comment.end)
        };
        let covered = if is_first || is_comment(before) {
            let mut next = *own + 1;
            let covered = loop {
                match below {
                    Some((below, covered)) if below == *own || below == next => break covered,
                    _ => {}
                }
                let Some(line) = lines.line_span(text, next).map(|span| span.of(text)) else { break None };
                if !is_comment(line) && !without_indent(line).is_empty() {
                    break Some(next);
                }
                next += 1;
            };
            below = Some((*own, covered));
            covered
        } else {
            Some(*own)
        };
        ignore.covers = covered.and_then(|number| {
            let start = lines.line_span(text, number)?.start;
            // A finding behind the last character is on the last line.
            let end = lines.line_span(text, number + 1).map_or(text.len() + 1, |next| next.start);
            Some(Span::new(start, end))
        });
    }
}

const VERB: &str = "ignore";
/// What makes another word of it.
const LETTER: Chars = |c| c.is_ascii_alphanumeric();
/// What stands between two codes.
const GAP: Chars = |c| matches!(c, ',' | ' ' | '\t');
const COMMA: Chars = |c| c == ',';
/// What people put behind a code that is in no brackets.
const STOP: Chars = |c| matches!(c, ':' | ';' | ']');
/// What stands before a reason.
const GAP_OR_STOP: Chars = |c| GAP(c) || STOP(c);

/// Reads a comment; `None` where it is about something else. It may stand behind another comment.
fn read(text: &str, source: SourceKind, comment: Span) -> Option<Ignore> {
    let mut rest = comment.of(text);
    let (begin, name, words) = loop {
        let hash = rest.find('#')?;
        let behind = rest.get(hash + 1..)?;
        let words = behind.trim_start_matches(BLANK);
        if let Some((name, words)) = words.split_at_checked(NAME.len())
            && name.eq_ignore_ascii_case(NAME)
        {
            break (comment.end - behind.len() - 1, name, words.trim_start_matches(BLANK));
        }
        rest = behind;
    };
    let behind_colon = words.strip_prefix(COLON);
    let (verb, rest) =
        behind_colon.unwrap_or(words).trim_start_matches(BLANK).split_at_checked(VERB.len())?;
    if !verb.eq_ignore_ascii_case(VERB) || rest.starts_with(LETTER) {
        return None;
    }
    let rest = rest.trim_start_matches(BLANK);
    let inside = rest.strip_prefix('[');
    let rest = inside.unwrap_or(rest);
    let bracketed = inside.and_then(|inside| inside.split_once(']'));
    let (list, reason) = match bracketed {
        Some(parts) => parts,
        None => rest.split_at_checked(length_of_codes(rest))?,
    };
    let mut codes = Vec::new();
    let mut start = comment.end - rest.len();
    for word in list.split(GAP) {
        if !word.is_empty() {
            codes.push(Span::new(start, start + word.len()));
        }
        start += word.len() + 1;
    }
    // Without a colon and a code it is a sentence.
    if behind_colon.is_none() && codes.is_empty() {
        return None;
    }
    let is_exact = name == NAME
        && verb == VERB
        && words.starts_with(':')
        && bracketed.is_some()
        && list.split(COMMA).all(|code| is_written_well(code.trim_matches(BLANK)));
    let reason = if is_exact { reason } else { reason.trim_start_matches(GAP_OR_STOP) };
    Some(Ignore {
        source,
        comment: Span::new(begin, comment.end),
        entry: comment,
        covers: None,
        codes,
        is_exact,
        reason: Span::new(comment.end - reason.len(), comment.end),
    })
}

fn is_written_well(code: &str) -> bool {
    !code.is_empty() && !code.chars().any(|c| BLANK(c) || c.is_ascii_lowercase())
}

/// How much of `rest` are codes, where they are in no brackets.
fn length_of_codes(rest: &str) -> usize {
    let (mut length, mut start) = (0, 0);
    for word in rest.split(GAP) {
        let code = word.trim_end_matches(STOP);
        let digits = code.get(2..).unwrap_or("");
        let is_code = code.get(..2).is_some_and(|letters| letters.eq_ignore_ascii_case("PC"))
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_code {
            length = start + code.len();
        }
        if !(is_code && code == word || word.is_empty()) {
            break;
        }
        start += word.len() + 1;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes, the reason and whether the form is right, of the one comment in `text`.
    fn read_of(text: &str) -> Option<(Vec<&str>, &str, bool)> {
        let found = ignores(text, SourceKind::Config);
        assert!(found.len() < 2);
        let ignore = found.first()?;
        let codes = ignore.codes.iter().map(|code| code.of(text)).collect();
        Some((codes, ignore.reason.of(text).trim(), ignore.is_exact))
    }

    /// Each comment, with what goes with it and what it is meant for.
    fn lines_of(text: &str, source: SourceKind) -> Vec<(&str, &str, Option<&str>)> {
        let parts = |ignore: Ignore| {
            let covers = ignore.covers.map(|line| Span::new(line.start, line.end.min(text.len())).of(text));
            (ignore.comment.of(text), ignore.entry.of(text), covers)
        };
        ignores(text, source).into_iter().map(parts).collect()
    }

    #[test]
    fn the_form() {
        let one = (vec!["PC203"], "kept", true);
        assert_eq!(read_of("# poolcheck: ignore[PC203] kept\n"), Some(one.clone()));
        assert_eq!(read_of("#poolcheck:ignore [ PC203 ] kept"), Some(one.clone()));
        assert_eq!(read_of("a: 1 # note # poolcheck: ignore[PC203]   kept "), Some(one));
        assert_eq!(
            read_of("# poolcheck: ignore[PC203,PC204, X1]"),
            Some((vec!["PC203", "PC204", "X1"], "", true))
        );
    }

    #[test]
    fn what_is_plainly_meant() {
        let one = Some((vec!["PC203"], "kept", false));
        for text in [
            "# poolcheck:ignore PC203 kept",
            "# poolcheck ignore PC203: kept",
            "# Poolcheck: ignore[PC203] kept",
            "# poolcheck： Ignore[PC203] kept",
            "# poolcheck: ignore[PC203,] kept",
            "# poolcheck: ignore[PC203 kept",
        ] {
            assert_eq!(read_of(text), one, "{text}");
        }
        assert_eq!(read_of("# poolcheck: ignore[pc203] kept"), Some((vec!["pc203"], "kept", false)));
        assert_eq!(read_of("# poolcheck: ignore[PC203 PC204]"), Some((vec!["PC203", "PC204"], "", false)));
        assert_eq!(read_of("# poolcheck: ignore"), Some((vec![], "", false)));
        assert_eq!(read_of("# poolcheck: ignore[] all"), Some((vec![], "all", false)));
        assert_eq!(read_of("# poolcheck: ignore all"), Some((vec![], "all", false)));
    }

    #[test]
    fn what_is_about_something_else() {
        for text in [
            "# poolcheck",
            "# poolcheck: see its documentation",
            "# poolcheck ignores this",
            "# poolcheck: ignored",
            "# poolcheck ignore this",
            "a: '# poolcheck: ignore[PC203]'",
            "a: |\n  # poolcheck: ignore[PC203]\n",
        ] {
            assert_eq!(read_of(text), None, "{text}");
        }
    }

    #[test]
    fn the_line_that_is_meant() {
        let text = "# poolcheck: ignore[A]\n\n  # note\n# poolcheck: ignore[B]\r\na: 1  # poolcheck: ignore[C]\r\n# poolcheck: ignore[D]";
        assert_eq!(
            lines_of(text, SourceKind::Config),
            [
                (
                    "# poolcheck: ignore[A]",
                    "# poolcheck: ignore[A]\n",
                    Some("a: 1  # poolcheck: ignore[C]\r\n")
                ),
                (
                    "# poolcheck: ignore[B]",
                    "# poolcheck: ignore[B]\r\n",
                    Some("a: 1  # poolcheck: ignore[C]\r\n")
                ),
                (
                    "# poolcheck: ignore[C]",
                    "  # poolcheck: ignore[C]",
                    Some("a: 1  # poolcheck: ignore[C]\r\n")
                ),
                ("# poolcheck: ignore[D]", "# poolcheck: ignore[D]", None),
            ]
        );
        let text = "\u{feff}# poolcheck: ignore[A]\na: 1";
        let line = ("# poolcheck: ignore[A]", "# poolcheck: ignore[A]\n", Some("a: 1"));
        assert_eq!(lines_of(text, SourceKind::Config), [line]);
    }

    /// In PyYAML `a` is "x\n" with the comment, and "x\n\n" where only its line is taken away.
    #[test]
    fn blank_lines_that_a_block_would_keep_go_with_the_comment() {
        let text = "a: |+\n  x\n# poolcheck: ignore[A]\n\nb: 1\n";
        let line = ("# poolcheck: ignore[A]", "# poolcheck: ignore[A]\n\n", Some("b: 1\n"));
        assert_eq!(lines_of(text, SourceKind::Config), [line]);
        let line = ("# poolcheck: ignore[A]", "# poolcheck: ignore[A]\n", Some("b: 1\n"));
        assert_eq!(lines_of(&text.replace("|+", "|"), SourceKind::Config), [line]);
    }

    #[test]
    fn only_whole_lines_are_comments_of_an_environment() {
        let text = "  # poolcheck: ignore[A]\nA=b # poolcheck: ignore[B]\n";
        let line =
            ("# poolcheck: ignore[A]", "  # poolcheck: ignore[A]\n", Some("A=b # poolcheck: ignore[B]\n"));
        for source in [SourceKind::Dotenv, SourceKind::Environ] {
            assert_eq!(lines_of(text, source), [line]);
        }
        assert_eq!(lines_of(text, SourceKind::Log), []);
    }

    #[test]
    fn comments_of_commands_are_those_of_a_shell() {
        let line = "echo \"# poolcheck: ignore[A]\" \\# a#b # poolcheck: ignore[B]\n";
        let text = [line, "# poolcheck: ignore[C]\nhermes\n"].concat();
        assert_eq!(
            lines_of(&text, SourceKind::Commands),
            [
                ("# poolcheck: ignore[B]", " # poolcheck: ignore[B]", Some(line)),
                ("# poolcheck: ignore[C]", "# poolcheck: ignore[C]\n", Some("hermes\n")),
            ]
        );
    }
}
