//! A pasted text in which anything may stand: a forum post with a config, a listing and a log, or one file alone.
//!
//! The lines are read once, each by what it looks like and by what stands above it; then lines of one kind become parts,
//! and what is between them is other text. The same text always gives the same parts.

mod label;
mod line;

use crate::collections::{TextMap, joined};
use crate::facts::Facts;
use crate::readers::paste::{Shapes, without_comment};
use crate::text::{LINE_END, LineIndex, Search, SourceKind, Span};
use label::Lines;

/// Why a part is taken for what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The line before it, or the block of code around it, names the file.
    Named,
    /// Its keys are those of config.yaml.
    ConfigKeys,
    /// Lines `NAME=value`.
    Assignments,
    /// Lines `export NAME=value`.
    Exports,
    /// The variables that every process has are among its own.
    EveryProcess,
    /// A systemd unit.
    Unit,
    /// JSON with the fields of auth.json.
    Store,
    /// Headings and rows of `hermes auth list`.
    Listing,
    /// Lines as Hermes logs them or prints them in a terminal.
    Log,
    /// It stands under the heading of a log in a debug report.
    LogOfReport,
    /// Lines with a command.
    Commands,
    /// `hermes dump`.
    Dump,
    /// `hermes config show`.
    ConfigShow,
    /// `hermes --version`.
    Version,
    /// Nothing that is known.
    Nothing,
    /// The user says so.
    Told,
}

/// A part of a pasted text: whole lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is; `None` for other text.
    pub kind: Option<SourceKind>,
    /// Where it stands, the line end behind it left out.
    pub span: Span,
    /// Why it is taken for that.
    pub why: Why,
    /// What becomes of it.
    pub use_of: Use,
}

/// What becomes of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It is the text of its kind, or a piece of it.
    Used,
    /// It is other text.
    Not,
    /// It repeats the part of this number.
    Repeats(usize),
    /// The part of this number is the text of its kind already.
    Behind(usize),
}

/// The parts of `text`, in their order.
///
/// ```
/// use poolcheck::readers::split::split;
/// use poolcheck::text::SourceKind;
/// let text = "My config:\n\nmodel:\nprovider: gemini\n\nand it prints\n\ngemini (1 credentials):\n#1 a api_key manual ←\n";
/// let kinds: Vec<_> = split(text).iter().filter_map(|part| part.kind).collect();
/// assert_eq!(kinds, [SourceKind::Config, SourceKind::Listing]);
/// ```
pub fn split(text: &str) -> Vec<Part> {
    let Some(facts) = Facts::newest() else { return Vec::new() };
    let index = LineIndex::new(text);
    let lines = Lines::of(text, &index);
    let labels = label::labels(&lines, &Shapes::of(facts));
    let mut parts = Vec::new();
    for block in label::blocks(&lines, &labels) {
        let span = lines.span(block.first, block.last);
        parts.push(Part { kind: block.kind, span, why: block.why, use_of: Use::Not });
    }
    settle(text, &mut parts, &[]);
    parts
}

/// Takes the parts for what the user says, each with its number, and tells anew what becomes of each.
pub fn correct(text: &str, parts: &mut [Part], told: &[(usize, Option<SourceKind>)]) {
    let mut first = Vec::new();
    for (number, kind) in told {
        if let Some(part) = parts.get_mut(*number) {
            // Of a part that is spoken of twice, the last word counts.
            if part.why != Why::Told {
                first.push(*number);
            }
            part.kind = *kind;
            part.why = Why::Told;
        }
    }
    settle(text, parts, &first);
}

/// What the name of a file tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileKind {
    /// What is in it.
    pub kind: SourceKind,
    /// Whether nothing was put behind the name, as editors, browsers and people do with copies.
    pub is_plain: bool,
}

/// What a file of this name is; `None` where the name does not tell.
///
/// ```
/// use poolcheck::readers::split::file_kind;
/// use poolcheck::text::SourceKind;
/// let kind = |name| file_kind(name).map(|named| named.kind);
/// assert_eq!(kind(".hermes/.env"), Some(SourceKind::DotEnv));
/// assert_eq!(kind("config (1).yaml"), Some(SourceKind::Config));
/// assert_eq!(kind("google_oauth.json"), None);
/// ```
pub fn file_kind(name: &str) -> Option<FileKind> {
    let own = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    let bare = line::without_copy_mark(&own);
    line::kind_of_file(&bare).map(|kind| FileKind { kind, is_plain: bare == own })
}

/// Whether the texts of a kind are put together: they are lines, and more lines are more to read.
pub fn is_joined(kind: SourceKind) -> bool {
    matches!(kind, SourceKind::Listing | SourceKind::Log | SourceKind::Commands | SourceKind::Report)
}

/// Tells what becomes of each part: those that the user spoke of come before the others.
fn settle(text: &str, parts: &mut [Part], first: &[usize]) {
    let mut seen: TextMap<usize> = TextMap::new();
    let mut taken: Vec<(SourceKind, usize)> = Vec::new();
    // What is cut short is an example of the form, and comes behind what is whole.
    let (mut order, mut cut) = (first.to_vec(), Vec::new());
    for (number, part) in parts.iter().enumerate() {
        let is_cut = part.kind.is_some_and(|kind| is_cut_short(kind, part.span.of(text)));
        if is_cut && part.why != Why::Told {
            cut.push(number);
        } else if part.why != Why::Told {
            order.push(number);
        }
    }
    order.append(&mut cut);
    for number in order {
        let Some(part) = parts.get_mut(number) else { continue };
        let Some(kind) = part.kind else {
            part.use_of = Use::Not;
            continue;
        };
        let said = essence(kind, part.span.of(text));
        let other = taken.iter().find(|(own, _)| *own == kind).map(|(_, number)| *number);
        part.use_of = match (seen.get(&said), other) {
            (Some(number), _) => Use::Repeats(*number),
            (None, Some(number)) if !is_joined(kind) => Use::Behind(number),
            (None, _) => {
                seen.insert(&said, number);
                if other.is_none() {
                    taken.push((kind, number));
                }
                Use::Used
            }
        };
    }
}

/// Whether something is left out where dots stand.
fn is_cut_short(kind: SourceKind, text: &str) -> bool {
    kind == SourceKind::AuthStore && ["[...]", "{...}", "[…]", "{…}"].iter().any(|dots| text.holds(dots))
}

/// What a part says, by which a repetition is known: without white space, quote marks and, where a translator may have
/// changed them, comments.
fn essence(kind: SourceKind, text: &str) -> String {
    let mut said = vec![kind_name(kind)];
    for line in text.split(LINE_END) {
        let line = label::without_quote_marks(line);
        let code = if is_joined(kind) { line } else { without_comment(line) };
        said.extend(code.split_whitespace());
    }
    joined(&said)
}

fn kind_name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Config => "config ",
        SourceKind::DotEnv | SourceKind::Environ => "variables ",
        SourceKind::AuthStore | SourceKind::RootAuthStore => "store ",
        SourceKind::Listing => "listing ",
        SourceKind::Log => "log ",
        SourceKind::Commands => "commands ",
        SourceKind::Report => "report ",
    }
}

/// The text of `kind` that `parts` have, as it is written but for quote marks in front of every line.
pub fn text_of(text: &str, parts: &[Part], kind: SourceKind) -> Option<String> {
    let mut found: Option<String> = None;
    for part in parts {
        if part.kind != Some(kind) || part.use_of != Use::Used {
            continue;
        }
        let own = unquoted(part.span.of(text));
        match &mut found {
            Some(all) => {
                all.push('\n');
                all.push_str(&own);
            }
            None => found = Some(own),
        }
    }
    found
}

/// `text` without the quote mark that stands in front of each of its lines.
fn unquoted(text: &str) -> String {
    let quoted =
        text.split(LINE_END).all(|line| line.trim().is_empty() || line.trim_start().starts_with('>'));
    if !quoted {
        return text.to_owned();
    }
    let mut own = String::with_capacity(text.len());
    for line in text.split_inclusive(LINE_END) {
        let behind = line.trim_start_matches([' ', '\t']).strip_prefix('>').unwrap_or(line);
        own.push_str(behind.strip_prefix(' ').unwrap_or(behind));
    }
    own
}

#[cfg(test)]
mod tests;
