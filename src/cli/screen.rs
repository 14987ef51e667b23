//! What is printed for people to read. What users wrote is shown there and never acts: every line goes through
//! [`Screen`], and every text that holds something of theirs through [`on_screen`].

use std::io::{self, Write};

use crate::base::visible::visible;
use crate::diagnostic::shown::{Piece, Shown};

/// The text of `shown` for a terminal, the hidden characters of what users wrote written out: a line end of theirs ends
/// no line of ours.
pub(super) fn on_screen(shown: &Shown) -> String {
    let text = |piece| match piece {
        Piece::Ours(text) => text.to_owned(),
        Piece::Theirs(text) => visible(text),
    };
    shown.pieces().map(text).collect()
}

/// A terminal.
pub(super) struct Screen<'o> {
    output: &'o mut dyn Write,
}

impl<'o> Screen<'o> {
    pub(super) fn new(output: &'o mut dyn Write) -> Self {
        Self { output }
    }

    /// Prints `pattern` with each `{}` replaced by the next of `parts`.
    pub(super) fn add(&mut self, pattern: &'static str, parts: &[&Shown]) -> io::Result<()> {
        let mut shown = Shown::default();
        shown.add(pattern, parts);
        self.lines(&on_screen(&shown))
    }

    /// Prints lines that were made of texts for a terminal. Nothing hidden gets through, whoever made them.
    pub(super) fn lines(&mut self, text: &str) -> io::Result<()> {
        for line in text.split_inclusive('\n') {
            let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
            self.output.write_all(visible(line).as_bytes())?;
            self.output.write_all(end.as_bytes())?;
        }
        Ok(())
    }
}
