//! The only text that may leave the program.
//!
//! Only a [`Redactor`](crate::report::redact::Redactor) or a fixed wording makes one: a key cannot reach a front end by an
//! oversight.

use std::ops::Range;

use serde::Serialize;

/// Text that people may see: it has passed the redactor, or is a fixed wording of ours.
///
/// It knows which parts of it users wrote, so that Markdown and a terminal can show those and not act on them.
#[derive(Clone, Debug, Default, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(transparent)]
pub struct Shown {
    #[cfg_attr(feature = "wasm", tsify(type = "string"))]
    text: String,
    /// The parts that users wrote, in order, no two of them adjacent.
    #[serde(skip)]
    theirs: Vec<Range<usize>>,
}

/// A part of a text, by who wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// A fixed wording.
    Ours(&'t str),
    /// What a user wrote, or Hermes printed: anything may stand in it.
    Theirs(&'t str),
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Shown {
    /// A wording of ours that holds nothing of the user's.
    pub fn fixed(text: &'static str) -> Self {
        Self { text: text.to_owned(), theirs: Vec::new() }
    }

    /// A user's text that the redactor has masked; only it calls this.
    pub(crate) fn masked(text: String) -> Self {
        let mut theirs = Vec::new();
        if !text.is_empty() {
            theirs.push(0..text.len());
        }
        Self { text, theirs }
    }

    /// A number.
    pub fn number(number: usize) -> Self {
        Self { text: number.to_string(), theirs: Vec::new() }
    }

    /// Two texts that may be seen, one after the other.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.push(other);
        self
    }

    /// Adds a text that may be seen.
    fn push(&mut self, other: &Self) {
        let start = self.text.len();
        self.text.push_str(&other.text);
        for own in &other.theirs {
            let range = own.start + start..own.end + start;
            match self.theirs.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => self.theirs.push(range),
            }
        }
    }

    /// Adds `pattern` with each `{}` replaced by the next of `parts`.
    ///
    /// ```
    /// use poolcheck::diagnostic::shown::Shown;
    /// let mut line = Shown::fixed("1. ");
    /// line.add("{}: {}", &[&Shown::fixed("rows"), &Shown::number(2)]);
    /// assert_eq!(line.as_str(), "1. rows: 2");
    /// ```
    pub fn add(&mut self, pattern: &'static str, parts: &[&Self]) {
        let mut parts = parts.iter();
        for (number, text) in pattern.split("{}").enumerate() {
            if number > 0
                && let Some(part) = parts.next()
            {
                self.push(part);
            }
            self.text.push_str(text);
        }
    }

    /// Its lines, as far as we ended them: a line end that a user wrote is a character like others.
    ///
    /// ```
    /// use poolcheck::report::redact::Redactor;
    /// use poolcheck::diagnostic::shown::Shown;
    /// let two = Shown::fixed("one\ntwo: ").and(&Redactor::default().show("a\nb"));
    /// assert_eq!(two.lines().iter().map(ToString::to_string).collect::<Vec<_>>(), ["one", "two: a\nb"]);
    /// ```
    pub fn lines(&self) -> Vec<Self> {
        let mut lines = vec![Self::default()];
        for piece in self.pieces() {
            match piece {
                Piece::Ours(text) => {
                    for (number, part) in text.split('\n').enumerate() {
                        if number > 0 {
                            lines.push(Self::default());
                        }
                        if let Some(line) = lines.last_mut() {
                            line.text.push_str(part);
                        }
                    }
                }
                Piece::Theirs(text) => {
                    if let Some(line) = lines.last_mut() {
                        line.push(&Self::masked(text.to_owned()));
                    }
                }
            }
        }
        // The last line may be ended or not.
        if lines.last().is_some_and(|line| line.text.is_empty()) {
            lines.pop();
        }
        lines
    }

    /// Its parts, by who wrote them.
    ///
    /// ```
    /// use poolcheck::report::redact::Redactor;
    /// use poolcheck::diagnostic::shown::{Piece, Shown};
    /// let shown = Shown::fixed("for ").and(&Redactor::default().show("gemini"));
    /// assert!(shown.pieces().eq([Piece::Ours("for "), Piece::Theirs("gemini")]));
    /// ```
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let ours = |range: Range<usize>| Piece::Ours(self.text.get(range).unwrap_or(""));
        let starts = std::iter::once(0).chain(self.theirs.iter().map(|range| range.end));
        let both = starts.zip(&self.theirs).flat_map(move |(start, range)| {
            [ours(start..range.start), Piece::Theirs(self.text.get(range.clone()).unwrap_or(""))]
        });
        let behind = ours(self.theirs.last().map_or(0, |range| range.end)..self.text.len());
        both.chain([behind]).filter(|piece| *piece != Piece::Ours(""))
    }

    /// The lines up to the first empty one, as one line.
    ///
    /// ```
    /// use poolcheck::diagnostic::shown::Shown;
    /// let text = Shown::fixed("Two\nlines.\n\nMore.");
    /// assert_eq!(text.first_paragraph().as_str(), "Two lines.");
    /// ```
    #[must_use]
    pub fn first_paragraph(&self) -> Self {
        let mut all = Self::default();
        for line in self.lines().iter().take_while(|line| !line.text.trim().is_empty()) {
            all.add(if all.text.is_empty() { "{}" } else { " {}" }, &[line]);
        }
        all
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.text.fmt(f)
    }
}
