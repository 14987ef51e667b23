//! What an edit makes of a text, in a few lines, with every key masked.

use crate::base::text::{Chars, Edit, Edits, LINE_END, LineIndex, Search, Span, WHITE};
use crate::diagnostic::shown::Shown;
use crate::report::redact::Redactor;

/// More lines than these are not shown.
const MOST_LINES: usize = 30;

/// Bytes of a line from which on nothing of it is shown: it would be read anew for each of the many edits that it may have.
const LONGEST_LINE: usize = 8 << 10;

/// What stands before a line.
const STAYS: &str = "  ";
const GOES: &str = "- ";
const COMES: &str = "+ ";

/// The lines that `edits` touch as they will be, and those that go. `index` is that of `text`, which many findings may edit.
pub(crate) fn of(text: &str, index: &LineIndex, edits: &Edits, redactor: &Redactor) -> Shown {
    let mut lines = Lines { redactor, shown: Shown::default(), count: 0 };
    let mut edits = edits.iter().peekable();
    let mut last = None;
    while let Some(edit) = edits.next() {
        let (from, mut to) = touched(text, index, edit);
        let mut own = vec![edit];
        while let Some(next) = edits.next_if(|next| touched(text, index, next).0 <= to + 1) {
            to = to.max(touched(text, index, next).1);
            own.push(next);
        }
        // The line before is mostly the key that the lines belong under.
        let behind = last.map_or(0, |last| last + 1);
        if from > behind + 1 && last.is_some() {
            lines.add(STAYS, "…");
        }
        if from > behind {
            lines.add(STAYS, index.full_line(text, from - 1).trim_end_matches(LINE_END));
        }
        last = Some(to);
        let is_long =
            |line| index.line_span(text, line).is_some_and(|span| span.end - span.start > LONGEST_LINE);
        if (from..=to).any(is_long) {
            lines.add(STAYS, "…");
            continue;
        }
        let span = lines_span(text, index, from, to);
        if !lines.add_changed(span.of(text), &replaced(text, span, &own)) {
            break;
        }
    }
    lines.shown
}

/// The first and the last line that an edit changes.
fn touched(text: &str, index: &LineIndex, edit: &Edit) -> (usize, usize) {
    let (from, to) = (index.line_of(edit.span.start), index.line_of(edit.span.end));
    // A line that only moves up to the start of another one stays as it is.
    let ends_line = |text: &str| text.is_empty() || text.ends_with('\n');
    let is_whole = edit.span.of(text).ends_with('\n') && ends_line(&edit.text);
    (from, if is_whole && to > from { to - 1 } else { to })
}

fn lines_span(text: &str, index: &LineIndex, from: usize, to: usize) -> Span {
    let start = index.line_span(text, from).map_or(text.len(), |span| span.start);
    let end = index.line_span(text, to + 1).map_or(text.len(), |span| span.start);
    Span::new(start, end)
}

/// The part `span` of the text after the edits in it.
fn replaced(text: &str, span: Span, edits: &[&Edit]) -> String {
    let (mut result, mut done) = (String::new(), span.start);
    for edit in edits {
        result.push_str(Span::new(done, edit.span.start).of(text));
        result.push_str(&edit.text);
        done = edit.span.end;
    }
    result.push_str(Span::new(done, span.end).of(text));
    result
}

struct Lines<'r> {
    redactor: &'r Redactor,
    shown: Shown,
    count: usize,
}

impl Lines<'_> {
    /// Adds a line; `false` where no more is shown.
    fn add(&mut self, mark: &'static str, line: &str) -> bool {
        let is_room = self.count < MOST_LINES;
        if self.count <= MOST_LINES {
            self.count += 1;
            let line = if is_room { self.redactor.show(line) } else { Shown::fixed("…") };
            let mark = if is_room { mark } else { STAYS };
            self.shown =
                std::mem::take(&mut self.shown).and(&Shown::fixed(mark)).and(&line).and(&Shown::fixed("\n"));
        }
        is_room
    }

    /// Adds what becomes of some lines; `false` where no more is shown.
    fn add_changed(&mut self, before: &str, after: &str) -> bool {
        let old: Vec<&str> = before.lines().take(2 * MOST_LINES).collect();
        let new: Vec<&str> = after.lines().take(2 * MOST_LINES).collect();
        let (mut gone, mut come) = (0, 0);
        loop {
            let is_room = match (old.get(gone), new.get(come)) {
                (None, None) => return true,
                (Some(one), Some(other)) if core(one) == core(other) => {
                    (gone, come) = (gone + 1, come + 1);
                    self.add(STAYS, other)
                }
                (one, Some(other))
                    if one
                        .is_none_or(|one| new.get(come + 1).is_some_and(|next| core(next) == core(one))) =>
                {
                    come += 1;
                    self.add(COMES, other)
                }
                (one, _) => {
                    gone += 1;
                    self.add(GOES, one.unwrap_or(&""))
                }
            };
            if !is_room {
                return false;
            }
        }
    }
}

/// A line without what may move: white space and the mark of a list item.
fn core(line: &str) -> &str {
    const MOVES: Chars = |c| WHITE(c) || "-*•●◦".has(c);
    line.trim_matches(MOVES)
}
