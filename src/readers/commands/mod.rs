//! Commands as people paste them: which words `hermes` is given, and where they stand.
//!
//! Lines of blogs and forums are read as a POSIX shell reads them, as far as words go. Prompts before them, `sudo`, variables,
//! `docker exec` and the like are taken off. In text about commands only what stands between backquotes is one. Curly quotes
//! and long dashes, which programs for text make of straight ones and of two hyphens, are read as what was typed, and kept in
//! mind.

mod head;
mod lines;
mod words;

pub(crate) use lines::behind_prompt;
pub(super) use lines::{Table, cells, is_bare_prompt, names_command, told};

use crate::base::text::{Search, Span};

/// A word of a command line.
#[derive(Clone, Debug)]
pub struct Word {
    /// What the program is given.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
    /// Whether a variable, a placeholder or the like is in it: what it stands for is not known.
    pub is_open: bool,
}

/// One call of `hermes`.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The words behind `hermes`.
    pub words: Vec<Word>,
    /// The variables that are set for it, each as `NAME=value`.
    pub variables: Vec<Word>,
    /// From `hermes` to the last word.
    pub span: Span,
    /// The launcher that has root run it, as `sudo` without a user.
    pub as_root: Option<Span>,
    /// What a program for text made of quotes, hyphens and spaces: where it stands, and what was typed.
    pub damage: Vec<(Span, &'static str)>,
    /// Whether it shows what may be written, as `[--label NAME]` does, or tells what it does, rather than what is typed.
    pub is_pattern: bool,
    /// Whether a sentence or a table around it names it; what it is given may be left out there.
    pub is_named: bool,
}

impl Invocation {
    /// The words as they are given.
    pub fn texts(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }
}

/// The calls of `hermes` in `text`, in their order.
///
/// ```
/// use poolcheck::readers::commands::invocations;
/// let found = invocations("Run `hermes auth list`, then:\n$ sudo hermes auth add gemini --label 'my key' # one\n");
/// let words = |at: usize| found[at].words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>();
/// assert_eq!(words(0), ["auth", "list"]);
/// assert_eq!(words(1), ["auth", "add", "gemini", "--label", "my key"]);
/// ```
pub fn invocations(text: &str) -> Vec<Invocation> {
    let mut found = Vec::new();
    if !text.holds("hermes") {
        return found;
    }
    for region in lines::regions(text) {
        words::read(text, region.span, &mut |command| {
            let call = head::invocation(text, command);
            found.extend(call.map(|call| Invocation { is_named: region.is_named, ..call }));
        });
    }
    found
}

/// The simple commands at `region` of `text`, whatever they run, by their words.
pub(super) fn simple_commands(text: &str, region: Span, found: &mut dyn FnMut(Vec<Word>)) {
    words::read(text, region, &mut |command| found(command.words));
}

#[cfg(test)]
mod tests;
