//! The text of a kind out of a pasted text, and the way back to the places there.

use super::front::Front;
use super::omitted::Texts;
use super::{Part, Use, Why, line, omitted, said};
use crate::base::sources::SourceKind;
use crate::base::text::{BLANK, Edit, Edits, LineIndex, QUOTE, Span};
use crate::readers::environ::FILE_SECTION;

/// What stands between two pieces of a log: a gap, across which nobody seeks a cause.
const GAP: &str = "\n[…]\n";

/// The edits that make the text of `kind` out of `text`; `None` where it has none. What is between the parts is left out, and
/// so are quote marks and the indentation that all lines of a part have.
pub(super) fn edits(text: &str, parts: &[Part], kind: SourceKind) -> Option<Edits> {
    let mut edits = Vec::new();
    let mut done: Option<usize> = None;
    let is_read = |part: &&Part| part.kind == Some(kind) && matches!(part.use_of, Use::Used | Use::Under(_));
    // What stands beside a unit is a file that it names.
    let is_unit =
        kind == SourceKind::Environ && parts.iter().filter(is_read).any(|part| part.why == Why::Unit);
    let of_unit = ["\n", FILE_SECTION, "\n"].concat();
    let is_one = parts.iter().filter(is_read).nth(1).is_none();
    // The pieces of one text are indented as they are together.
    let indents = || {
        parts.iter().filter(is_read).map(|part| {
            let index = LineIndex::new(part.span.of(text));
            let lines = Lines::of(text, part, &index);
            lines.common_indent(lines.common_marks())
        })
    };
    let is_in_pieces = parts.iter().filter(is_read).any(|part| part.goes_on.is_some());
    let most_indent = if is_in_pieces { indents().min() } else { None };
    for part in parts.iter().filter(is_read) {
        match done {
            None => leave_out(&mut edits, Span::new(0, part.span.start), ""),
            Some(end) => {
                let gap = match part.why {
                    _ if kind == SourceKind::Log => GAP,
                    Why::Unit => "\n",
                    _ if is_unit => &of_unit,
                    _ => "\n",
                };
                leave_out(&mut edits, Span::new(end, part.span.start), gap);
            }
        }
        of_part(text, part, is_one, most_indent, &mut edits);
        done = Some(part.span.end);
    }
    leave_out(&mut edits, Span::new(done?, text.len()), "");
    // No two of them meet: the parts lie one behind the other.
    Edits::new(edits).ok()
}

/// Puts `text` for what stands at `span`.
fn leave_out(edits: &mut Vec<Edit>, span: Span, text: &str) {
    if !span.is_empty() || !text.is_empty() {
        edits.push(Edit::replace(span, text));
    }
}

/// Leaves out of a part what the pasted text has put around its lines, and what another part says again; and the marks
/// that begin and end a document, unless it is the only one (`is_one`): together the parts are one document.
///
/// No more than `most_indent` is taken for the indentation of the part.
fn of_part(text: &str, part: &Part, is_one: bool, most_indent: Option<usize>, edits: &mut Vec<Edit>) {
    let Some(kind) = part.kind else { return };
    let index = LineIndex::new(part.span.of(text));
    let lines = Lines::of(text, part, &index);
    let marks = lines.common_marks();
    // The other kinds are read whatever stands in front of their lines.
    let is_file = !matches!(
        kind,
        SourceKind::Listing | SourceKind::Log | SourceKind::Commands | SourceKind::DebugReport
    );
    let indent = if is_file { lines.common_indent(marks) } else { 0 };
    let indent = most_indent.map_or(indent, |most| indent.min(most));
    let mut left_out = part.left_out.iter().peekable();
    let omissions = if kind.is_json() { omitted::of_json(&self::lines(text, part)) } else { Vec::new() };
    let mut omissions = omissions.into_iter().peekable();
    let mut behind = 0;
    let mut texts = Texts::default();
    let marks_of_document =
        if kind == SourceKind::Config && !is_one { lines.marks_of_document() } else { [None; 2] };
    // The end of a document may be marked by dots.
    let last = lines.marks_of_document().last().copied().flatten();
    for span in lines.spans() {
        while left_out.peek().is_some_and(|span_out| span_out.end < span.start) {
            left_out.next();
        }
        let start = span.start + lines.front_of(span.of(text), marks, indent);
        let bare = Span::new(start, span.end).of(text);
        let is_of_text = kind == SourceKind::Config && texts.read(bare);
        let is_mark =
            kind == SourceKind::Config && !is_of_text && Some(span) != last && omitted::is_left_out(bare);
        if left_out.peek().is_some_and(|out| out.contains(span))
            || marks_of_document.contains(&Some(span))
            || is_mark
        {
            // Up to the next line, so that none is left empty.
            let next = lines.next_start(span.start);
            leave_out(edits, Span::new(span.start.max(behind), next), "");
            behind = next;
            continue;
        }
        let own = of_sentence(kind, bare);
        match own.first() {
            Some(_) => {
                let mut behind = span.start;
                for (number, own) in own.iter().enumerate() {
                    let instead = match (number, is_quoted(kind, own.of(bare))) {
                        (0, false) => "",
                        (0, true) => "export ",
                        (_, false) => "\n",
                        (_, true) => "\nexport ",
                    };
                    leave_out(edits, Span::new(behind, start + own.start), instead);
                    behind = start + own.end;
                }
                leave_out(edits, Span::new(behind, span.end), "");
                continue;
            }
            None if kind != SourceKind::Config
                && let Some(row) = line::row(bare) =>
            {
                leave_out(edits, Span::new(span.start, start + row.name.start), "");
                leave_out(edits, Span::new(start + row.name.end, start + row.value.start), "=");
                leave_out(edits, Span::new(start + row.value.end, span.end), "");
            }
            // It stands within what was left out from a line above on.
            None if start < behind => {}
            None => leave_out(edits, Span::new(span.start, start), ""),
        }
        let note = if is_file && !kind.is_json() && !is_of_text { omitted::note(bare) } else { None };
        if let Some(at) = note {
            leave_out(edits, Span::new(start + at, span.end), "");
        }
        while let Some((out, instead)) = omissions.next_if(|(out, _)| out.start < span.end) {
            leave_out(edits, out, instead);
            behind = behind.max(out.end);
        }
    }
}

/// What a line that is a sentence has of a text of `kind`, piece by piece; none where the line is one of the text itself.
fn of_sentence(kind: SourceKind, line: &str) -> Vec<Span> {
    match kind {
        SourceKind::Environ if let Some(command) = line::container_in(line) => vec![command],
        SourceKind::Environ | SourceKind::Dotenv => {
            said::said(line).filter(|said| said.kind == kind).map_or_else(Vec::new, |said| said.assignments)
        }
        _ => Vec::new(),
    }
}

/// Whether an assignment to the environment has its value in quotes, which a shell takes off: what `env` prints has none around it.
fn is_quoted(kind: SourceKind, assignment: &str) -> bool {
    let is_named = kind == SourceKind::Environ && line::assignment(assignment).is_some();
    is_named && assignment.split_once('=').is_some_and(|(_, value)| value.starts_with(QUOTE))
}

/// Whether the author of a part says that something is left out of it.
pub(super) fn is_cut_short(text: &str, part: &Part) -> bool {
    match part.kind {
        Some(kind) if kind.is_json() => !omitted::of_json(&lines(text, part)).is_empty(),
        Some(SourceKind::Config) => {
            let own = lines(text, part);
            let last = own.len().saturating_sub(1);
            let mut texts = Texts::default();
            own.iter()
                .enumerate()
                .any(|(at, (_, line))| !texts.read(line) && at < last && omitted::is_left_out(line))
        }
        _ => false,
    }
}

/// The lines of a part, each with its place and without what the pasted text has put in front of it.
pub(super) fn lines<'t>(text: &'t str, part: &Part) -> Vec<(Span, &'t str)> {
    let index = LineIndex::new(part.span.of(text));
    let lines = Lines::of(text, part, &index);
    let marks = lines.common_marks();
    let indent = lines.common_indent(marks);
    let own = |span: Span| {
        let line = span.of(text);
        (span, line.get(lines.front_of(line, marks, indent)..).unwrap_or(""))
    };
    lines.spans().map(own).collect()
}

/// What stands behind the quote mark of a line, and the blank behind it.
fn behind_mark(line: &str) -> Option<&str> {
    let behind = line.trim_start_matches(BLANK).strip_prefix('>')?;
    Some(behind.strip_prefix(' ').unwrap_or(behind))
}

/// How many quote marks stand in front of every line of a part.
pub(super) fn depth(text: &str, part: &Part) -> usize {
    let index = LineIndex::new(part.span.of(text));
    Lines::of(text, part, &index).common_marks()
}

struct Lines<'t> {
    text: &'t str,
    part: Span,
    /// What stands in front of its lines.
    front: Option<Front>,
    index: &'t LineIndex,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str, part: &Part, index: &'t LineIndex) -> Self {
        Self { text, part: part.span, front: part.front, index }
    }

    /// A line without what stands in front of it.
    fn behind_front<'l>(&self, line: &'l str) -> &'l str {
        let width = self.front.map_or(0, |front| front.width(self.text, line));
        line.get(width..).unwrap_or(line)
    }

    /// How many bytes in front of `line` are marks, and indentation of the whole part.
    fn front_of(&self, line: &str, marks: usize, indent: usize) -> usize {
        let mut rest = self.behind_front(line);
        for _ in 0..marks {
            rest = behind_mark(rest).unwrap_or(rest);
        }
        let blanks = rest.len() - rest.trim_start_matches(BLANK).len();
        line.len() - rest.len() + blanks.min(indent)
    }

    fn spans(&self) -> impl Iterator<Item = Span> {
        let own = self.part.of(self.text);
        (0..self.index.lines()).filter_map(move |number| {
            let span = self.index.line_span(own, number)?;
            Some(Span::new(self.part.start + span.start, self.part.start + span.end))
        })
    }

    /// Where the line behind the one that begins at `start` begins, in the part.
    fn next_start(&self, start: usize) -> usize {
        let line = self.index.line_of(start - self.part.start);
        let length = self.index.full_line(self.part.of(self.text), line).len();
        start + length
    }

    /// The lines `---` and `...` with which a document begins and ends.
    fn marks_of_document(&self) -> [Option<Span>; 2] {
        let said = |span: Span| {
            let mut line = self.behind_front(span.of(self.text));
            while let Some(behind) = behind_mark(line) {
                line = behind;
            }
            line.trim()
        };
        let first = self.spans().find(|span| !said(*span).is_empty() && !said(*span).starts_with('#'));
        let last = self.spans().filter(|span| !said(*span).is_empty()).last();
        [first.filter(|span| said(*span) == "---"), last.filter(|span| said(*span) == "...")]
    }

    /// The quote marks that each line has in front.
    fn common_marks(&self) -> usize {
        let mut least: Option<usize> = None;
        for span in self.spans() {
            let mut rest = self.behind_front(span.of(self.text));
            if rest.trim().is_empty() {
                continue;
            }
            let mut marks = 0;
            while let Some(behind) = behind_mark(rest) {
                marks += 1;
                rest = behind;
            }
            // A line of nothing but marks says nothing of deeper ones.
            least = Some(least.map_or(marks, |least| least.min(marks)));
        }
        least.unwrap_or(0)
    }

    /// The blanks that each line has behind its quote marks.
    fn common_indent(&self, marks: usize) -> usize {
        let mut common: Option<&str> = None;
        for span in self.spans() {
            let line = span.of(self.text);
            let own = line.get(self.front_of(line, marks, 0)..).unwrap_or("");
            let bare = own.trim_start_matches(BLANK);
            if bare.trim().is_empty() {
                continue;
            }
            let blanks = own.get(..own.len() - bare.len()).unwrap_or("");
            common = Some(match common {
                None => blanks,
                Some(common) => {
                    let same =
                        common.bytes().zip(blanks.bytes()).take_while(|(one, other)| one == other).count();
                    common.get(..same).unwrap_or("")
                }
            });
        }
        common.map_or(0, str::len)
    }
}
