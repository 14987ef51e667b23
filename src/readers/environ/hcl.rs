//! The variables of a container in a file of Terraform: `env = ["NAME=value"]`, `env { name = "NAME" value = "value" }`, and
//! `environment = { NAME = "value" }`.

use super::shell::argument;
use super::{EnvEntry, Environ, is_variable, program};
use crate::base::text::{Chars, Search, Span};

/// In what the lines stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Neither.
    Nothing,
    /// A list of `NAME=value`.
    List,
    /// A mapping of names to values.
    Mapping,
    /// A block with a name and a value.
    Block,
}

/// Whether a line opens what variables stand in.
pub(super) fn opens(line: &str) -> bool {
    opened(line).0 != Within::Nothing
}

/// Whether a line begins a resource.
pub(super) fn begins_resource(line: &str) -> bool {
    let content = line.trim();
    content.starts_with("resource \"") && content.ends_with('{')
}

/// What a line opens, and how many bytes of it stand before what is in it.
fn opened(line: &str) -> (Within, usize) {
    const LETTERS: Chars = |c| c.is_ascii_lowercase() || c == '_';
    let content = line.trim_start();
    let behind = content.trim_start_matches(LETTERS);
    let name = content.get(..content.len() - behind.len()).unwrap_or("");
    if !matches!(name, "env" | "environment" | "environment_variables" | "variables") {
        return (Within::Nothing, 0);
    }
    let rest = behind.trim_start();
    let found = [("{", Within::Block), ("=[", Within::List), ("={", Within::Mapping)]
        .into_iter()
        .find(|(sign, _)| rest.starts_with(*sign))
        .or_else(|| {
            let value = rest.strip_prefix('=')?.trim_start();
            [("[", Within::List), ("{", Within::Mapping)]
                .into_iter()
                .find(|(sign, _)| value.starts_with(*sign))
        });
    match found {
        Some((sign, within)) => {
            let open = line.find(['[', '{']).unwrap_or(line.len() - sign.len());
            // `environment {` is a block of blocks or of variables by their names.
            let within = if name != "env" && within == Within::Block { Within::Mapping } else { within };
            (within, open + 1)
        }
        None => (Within::Nothing, 0),
    }
}

/// Whether a resource is of another program: nothing in it names Hermes.
fn is_of_other(text: &str) -> bool {
    text.lines().next().is_some_and(begins_resource) && !program::has_hermes(text)
}

/// Adds the variables that stand at `span` of `text`.
pub(super) fn read(text: &str, span: Span, environ: &mut Environ) {
    if is_of_other(span.of(text)) {
        return;
    }
    let mut reader = Reader { text, within: Within::Nothing, name: None, value: None };
    let mut at = span.start;
    for line in span.of(text).split_inclusive('\n') {
        let own = Span::new(at, at + line.trim_end().len());
        at += line.len();
        if !line.trim_start().starts_with(['#', '/']) {
            reader.line(own, environ);
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    within: Within,
    name: Option<Span>,
    /// Where the value stands, and whether it stands elsewhere.
    value: Option<(Span, bool)>,
}

impl Reader<'_> {
    fn line(&mut self, line: Span, environ: &mut Environ) {
        let mut at = line.start;
        let (opened, width) = opened(line.of(self.text));
        if opened != Within::Nothing {
            (self.within, at) = (opened, line.start + width);
        }
        let rest = Span::new(at, line.end);
        match self.within {
            Within::Nothing => {}
            Within::List => self.items(rest, environ),
            Within::Mapping | Within::Block => self.pairs(rest, environ),
        }
    }

    /// The texts of a list.
    fn items(&mut self, rest: Span, environ: &mut Environ) {
        let mut at = rest.start;
        while let Some(sign) = Span::new(at, rest.end).of(self.text).find(['"', ']']) {
            let Some((inside, behind)) = argument(self.text, at + sign, rest.end) else {
                self.within = Within::Nothing;
                return;
            };
            at = behind;
            let Some((name, value)) = inside.of(self.text).split_once('=') else { continue };
            let name_span = Span::new(inside.start, inside.start + name.len());
            let value_span = Span::new(inside.end - value.len(), inside.end);
            self.add(name_span, value_span, false, environ);
        }
    }

    /// `name = value`, up to the end of the mapping or the block.
    fn pairs(&mut self, rest: Span, environ: &mut Environ) {
        let mut at = rest.start;
        while let Some(sign) = Span::new(at, rest.end).of(self.text).find(['=', '}']) {
            let sign = at + sign;
            if self.text.get(sign..).is_some_and(|rest| rest.starts_with('}')) {
                self.settle(environ);
                self.within = Within::Nothing;
                return;
            }
            let key = bare(self.text, Span::new(at, sign));
            let behind = Span::new(sign + 1, rest.end).of(self.text);
            let start = rest.end - behind.trim_start().len();
            let (value, is_elsewhere) = match argument(self.text, start, rest.end) {
                Some((value, behind)) => {
                    at = behind;
                    (value, false)
                }
                None => {
                    let own = Span::new(start, rest.end).of(self.text);
                    let length = own.find([',', '}', ' ']).unwrap_or(own.len());
                    at = start + length;
                    (Span::new(start, at), true)
                }
            };
            match (self.within, key.of(self.text)) {
                (Within::Block, "name") if !is_elsewhere => self.name = Some(value),
                (Within::Block, "value") => self.value = Some((value, is_elsewhere)),
                (Within::Block, _) => {}
                _ => self.add(key, value, is_elsewhere, environ),
            }
        }
    }

    /// The variable of a block that is over.
    fn settle(&mut self, environ: &mut Environ) {
        if let (Some(name), Some((value, is_elsewhere))) = (self.name.take(), self.value.take()) {
            self.add(name, value, is_elsewhere, environ);
        }
    }

    fn add(&self, name: Span, value: Span, is_elsewhere: bool, environ: &mut Environ) {
        let (own, written) = (name.of(self.text), value.of(self.text));
        if !is_variable(own) {
            return;
        }
        let is_unseen = is_elsewhere || written.holds("${");
        let seen = if is_elsewhere { String::new() } else { written.to_owned() };
        let mut entry = EnvEntry::new(own, seen, name, value, name.to(value));
        entry.is_unseen = is_unseen;
        environ.entries.push(entry);
    }
}

/// A span without what stands around a key.
fn bare(text: &str, span: Span) -> Span {
    const AROUND: Chars = |c| c.is_whitespace() || matches!(c, '"' | ',' | ';');
    let own = span.of(text);
    let start = span.start + own.len() - own.trim_start_matches(AROUND).len();
    Span::new(start, start + own.trim_matches(AROUND).len())
}
