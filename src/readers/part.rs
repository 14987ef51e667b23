//! Parts of a pasted text that remember where they stand.

use crate::base::sources::SourceKind;
use crate::base::text::{Chars, Place, Search, Span, WHITE};

/// A word of a pasted text and its place. It has no `Debug` form: labels are the user's own words.
#[derive(Clone, PartialEq, Eq)]
pub struct Printed {
    /// The word as printed.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// A part of a text and the byte at which it starts.
#[derive(Clone, Copy)]
pub(super) struct Part<'t> {
    pub(super) source: SourceKind,
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl<'t> Part<'t> {
    pub(super) fn place(self) -> Place {
        Place::new(self.source, Span::new(self.at, self.end()))
    }

    pub(super) fn end(self) -> usize {
        self.at + self.text.len()
    }

    pub(super) fn printed(self) -> Printed {
        Printed { text: self.text.to_owned(), place: self.place() }
    }

    /// What is left behind the first `length` bytes.
    pub(super) fn behind(self, length: usize) -> Self {
        let at = self.at + length.min(self.text.len());
        Self { text: self.text.get(length..).unwrap_or(""), at, ..self }
    }

    pub(super) fn before(self, length: usize) -> Self {
        Self { text: self.text.get(..length).unwrap_or(self.text), ..self }
    }

    pub(super) fn trimmed(self) -> Self {
        let start = self.behind(self.text.len() - self.text.trim_start().len());
        start.before(start.text.trim_end().len())
    }

    /// Without what a mail, a forum or a list puts in front of a line.
    pub(super) fn without_quote_marks(self) -> Self {
        const BEFORE: Chars = |c| c.is_whitespace() || ">|│•*`".has(c);
        const BEHIND: Chars = |c| "`|│".has(c);
        let start = self.behind(self.text.len() - self.text.trim_start_matches(BEFORE).len());
        let start = start.text.strip_prefix("- ").map_or(start, |_| start.behind(2));
        start.trimmed().before(start.trimmed().text.trim_end_matches(BEHIND).len()).trimmed()
    }

    /// The first word, and what is behind it.
    pub(super) fn word(self) -> (Self, Self) {
        let part = self.trimmed();
        let length = part.text.find(WHITE).unwrap_or(part.text.len());
        (part.before(length), part.behind(length).trimmed())
    }
}
