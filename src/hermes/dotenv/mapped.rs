//! A text made from another one by cutting and joining, which still knows where each byte was written.

use std::ops::Range;

use crate::base::text::Span;
use crate::python::{strip, strip_start};

/// A derived text: runs of bytes copied from a source, in order.
#[derive(Clone, Default)]
pub(super) struct Mapped {
    text: String,
    /// Where each run starts: in this text, and in the source.
    runs: Vec<(usize, usize)>,
}

impl Mapped {
    /// What `open(…)` in text mode reads: every line end is LF. With `skip_bom` a leading U+FEFF is left
    /// out, as the codec `utf-8-sig` does.
    pub(super) fn read(source: &str, skip_bom: bool) -> Self {
        let mut mapped = Self::default();
        let (source, base) = match source.strip_prefix('\u{feff}') {
            Some(rest) if skip_bom => (rest, source.len() - rest.len()),
            _ => (source, 0),
        };
        let mut start = base;
        for line in source.split_inclusive(['\n', '\r']) {
            // CR LF is split in two here: the LF then stands alone behind a CR and is passed over.
            match (line.strip_suffix('\r'), line) {
                (_, "\n") if start > base && source.as_bytes().get(start - base - 1) == Some(&b'\r') => {}
                (Some(content), _) => {
                    mapped.push(content, start);
                    mapped.push("\n", start + content.len());
                }
                (None, _) => mapped.push(line, start),
            }
            start += line.len();
        }
        mapped
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Appends `text`, which stands in the source at `source`.
    pub(super) fn push(&mut self, text: &str, source: usize) {
        if text.is_empty() {
            return;
        }
        let at = self.text.len();
        let continues = self.runs.last().is_some_and(|&(start, own)| own + (at - start) == source);
        if !continues {
            self.runs.push((at, source));
        }
        self.text.push_str(text);
    }

    /// Appends the part `range` of another text over the same source.
    pub(super) fn push_part(&mut self, other: &Self, range: Range<usize>) {
        let mut at = range.start;
        let mut run = other.runs.partition_point(|&(start, _)| start <= at);
        while at < range.end {
            let end = other.runs.get(run).map_or(range.end, |&(start, _)| start.min(range.end));
            self.push(other.text.get(at..end).unwrap_or(""), other.source(at));
            at = end;
            run += 1;
        }
    }

    /// This text without the character `c`.
    pub(super) fn without(&self, c: char) -> Self {
        let mut result = Self::default();
        let mut start = 0;
        for (at, found) in self.text.match_indices(c) {
            result.push_part(self, start..at);
            start = at + found.len();
        }
        result.push_part(self, start..self.text.len());
        result
    }

    /// Where the byte `at` was written.
    fn source(&self, at: usize) -> usize {
        let run = self.runs.partition_point(|&(start, _)| start <= at).saturating_sub(1);
        self.runs.get(run).map_or(at, |&(start, source)| source + (at - start))
    }

    /// The span in the source of the part `range`.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        if range.is_empty() {
            // `NAME=` at a line's end has its empty value there, `=value` its empty name at the line's start.
            let before =
                range.start.checked_sub(1).filter(|&at| self.text.as_bytes().get(at) != Some(&b'\n'));
            return Span::at(before.map_or(self.source(range.start), |at| self.source(at) + 1));
        }
        Span::new(self.source(range.start), self.source(range.end - 1) + 1)
    }

    /// The lines without their ends: the range of each.
    pub(super) fn lines(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        self.text.split_inclusive('\n').map(move |line| {
            let range = start..start + line.len() - usize::from(line.ends_with('\n'));
            start += line.len();
            range
        })
    }
}

/// The part of `range` that `str.strip()` leaves; an empty one is where the range starts.
pub(super) fn stripped(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or("");
    let kept = strip(part);
    if kept.is_empty() {
        return range.start..range.start;
    }
    let start = range.end - strip_start(part).len();
    start..start + kept.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_lf_and_keep_their_places() {
        let source = "\u{feff}A=1\r\nB=2\rC=3\n\n\r\n";
        let mapped = Mapped::read(source, true);
        assert_eq!(mapped.text(), "A=1\nB=2\nC=3\n\n\n");
        let at = mapped.text().find('3').unwrap();
        assert_eq!(mapped.span(at..at + 1).of(source), "3");
        assert_eq!(Mapped::read(source, false).text(), "\u{feff}A=1\nB=2\nC=3\n\n\n");
    }

    #[test]
    fn what_is_cut_out_does_not_move_the_rest() {
        let source = "A=\0x\0y";
        let mapped = Mapped::read(source, true).without('\0');
        assert_eq!(mapped.text(), "A=xy");
        assert_eq!(mapped.span(2..4).of(source), "x\0y");
    }

    #[test]
    fn strip_of_blanks_is_empty() {
        assert_eq!(stripped("  a ", 0..4), 2..3);
        assert!(stripped("   ", 0..3).is_empty());
        assert!(stripped("", 0..0).is_empty());
    }
}
