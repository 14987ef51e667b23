//! An environment as Python prints it: `os.environ`, and a dictionary that somebody made of it, also as JSON; and as docker prints
//! that of a container, a list of texts `NAME=value`.

use super::{EnvEntry, Environ, is_variable};
use crate::base::text::{Chars, LINE_END, QUOTE, Search, Span};

/// How an environment begins that Python prints.
const OWN: &str = "environ({";

/// Variables that every process has, by which an environment is known, and that it is all of one.
const EVERY: [&str; 7] = ["PATH", "HOME", "PWD", "SHELL", "USER", "LANG", "SHLVL"];

/// What begins on a line.
#[derive(Clone, Copy)]
struct Begin {
    /// Where its first bracket is.
    at: usize,
    /// Whether it says itself that it is an environment.
    is_own: bool,
}

/// What may begin on a line, behind a prompt or a word or two.
fn begins(line: &str) -> Option<Begin> {
    if let Some((before, _)) = line.cut_at(OWN) {
        return Some(Begin { at: before.len() + OWN.len() - 1, is_own: true });
    }
    let bare = line.trim_start();
    if let Some(list) = bare.strip_prefix("\"Env\":") {
        let list = list.trim_start();
        return list.starts_with('[').then(|| Begin { at: line.len() - list.len(), is_own: false });
    }
    let opens = ["{", "["].into_iter().any(|open| {
        bare.strip_prefix(open).is_some_and(|inside| inside.is_empty() || inside.starts_with(QUOTE))
    });
    opens.then(|| Begin { at: line.len() - bare.len(), is_own: false })
}

/// How many lines the dictionary has that begins on the first of `lines`, and whether all of an environment is in it; `None` where
/// it is none, and not known to be one. `above` are the lines above, the nearest one first.
pub(super) fn lines_of<'t>(
    lines: &[Option<&'t str>],
    above: impl Iterator<Item = Option<&'t str>>,
    is_known: bool,
) -> Option<(usize, bool)> {
    /// Lines of the longest environment that is read, and lines above it in which it may be announced.
    const MOST_LINES: usize = 400;
    const ABOVE: usize = 4;
    let begin = begins((*lines.first()?)?)?;
    let joined = |most: usize| lines.iter().take(most).map_while(|line| *line).collect::<Vec<_>>().join("\n");
    // JSON of all kinds begins in this way.
    let head = joined(2);
    let name = Reader::new(&head, begin.at).name()?;
    let name = name.of(&head).split('=').next().unwrap_or("");
    if !begin.is_own && !is_variable(name) {
        return None;
    }
    let text = joined(MOST_LINES);
    let mut reader = Reader::new(&text, begin.at);
    reader.read()?;
    let is_of = |name: &&str| reader.pairs.iter().any(|(own, _, _)| own.of(&text) == *name);
    let is_every = EVERY.iter().filter(|name| is_of(name)).count() >= 2;
    // Docker prints all that a container has, of whatever program it is.
    let is_list = text.get(begin.at..)?.starts_with('[');
    let is_hermes = reader.pairs.iter().any(|(own, _, _)| own.of(&text).starts_with("HERMES_"));
    let is_whole = if is_list { is_of(&"PATH") } else { is_every };
    let is_environ = if is_list { is_hermes } else { begin.is_own || is_every };
    let is_announced = || {
        let mut said = above.take(ABOVE).flatten().filter(|line| !line.trim().is_empty());
        said.next().is_some_and(|line| line.holds("os.environ"))
    };
    let count = text.get(..reader.at)?.split(LINE_END).count();
    (is_known || is_environ || is_announced()).then_some((count, is_whole))
}

/// Adds the variables of the dictionary at `span`.
pub(super) fn read(text: &str, span: Span, environ: &mut Environ) {
    let Some(begin) = span.of(text).split(LINE_END).next().and_then(begins) else { return };
    let own = text.get(..span.end).unwrap_or("");
    let mut reader = Reader::new(own, span.start + begin.at);
    if reader.read().is_none() {
        return;
    }
    for (name, value, written) in reader.pairs {
        if is_variable(name.of(text)) {
            environ.entries.push(EnvEntry::new(name.of(text), written, name, value, name.to(value)));
        }
    }
}

/// Reads a dictionary of texts, or a list of those that are names with values.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// The name and the value of each, both without quotes, and what the value is.
    pairs: Vec<(Span, Span, String)>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, pairs: Vec::new() }
    }

    /// The first name, and in a list the first text.
    fn name(&mut self) -> Option<Span> {
        self.sign('{').or_else(|| self.sign('['))?;
        self.quoted().map(|(name, _)| name)
    }

    /// Reads up to the bracket that closes it; `None` where anything but texts is in it, or nothing.
    fn read(&mut self) -> Option<()> {
        let is_list = self.sign('[').is_some();
        if !is_list {
            self.sign('{')?;
        }
        loop {
            let (name, text) = self.quoted()?;
            if is_list {
                self.pair(name, &text)?;
            } else {
                self.sign(':')?;
                let (value, written) = self.quoted()?;
                self.pairs.push((name, value, written));
            }
            let has_more = self.sign(',').is_some();
            if self.sign(if is_list { ']' } else { '}' }).is_some() {
                return Some(());
            }
            if !has_more {
                return None;
            }
        }
    }

    /// Adds what a text `NAME=value` at `span` sets.
    fn pair(&mut self, span: Span, text: &str) -> Option<()> {
        let (name, _) = span.of(self.text).split_once('=')?;
        let (_, value) = text.split_once('=')?;
        let end = span.start + name.len();
        self.pairs.push((Span::new(span.start, end), Span::new(end + 1, span.end), value.to_owned()));
        Some(())
    }

    /// Passes white space, and what a mail puts in front of a line.
    fn pass(&mut self) {
        const BETWEEN: Chars = |c| c.is_whitespace() || c == '>';
        let rest = self.text.get(self.at..).unwrap_or("");
        self.at += rest.len() - rest.trim_start_matches(BETWEEN).len();
    }

    fn sign(&mut self, sign: char) -> Option<()> {
        self.pass();
        self.text.get(self.at..)?.strip_prefix(sign)?;
        self.at += sign.len_utf8();
        Some(())
    }

    /// A text in quotes: where it stands within them, and what it is. It ends on its line.
    fn quoted(&mut self) -> Option<(Span, String)> {
        self.pass();
        let quote = self.text.get(self.at..)?.chars().next().filter(|sign| QUOTE(*sign))?;
        let start = self.at + 1;
        let mut written = String::new();
        let mut chars = self.text.get(start..)?.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                _ if c == quote => {
                    self.at = start + at + 1;
                    return Some((Span::new(start, start + at), written));
                }
                '\\' => match chars.next()?.1 {
                    'n' => written.push('\n'),
                    't' => written.push('\t'),
                    own => written.push(own),
                },
                _ if LINE_END(c) => return None,
                _ => written.push(c),
            }
        }
        None
    }
}
