//! A pasted text in which anything may stand: a forum post with a config, a listing and a log, or one file alone.
//!
//! The lines are read once, each by what it looks like and by what stands above it; then lines of one kind become parts,
//! and what is between them is other text. The same text always gives the same parts.

mod bullets;
mod embedded;
mod extract;
mod fence;
mod front;
mod home;
mod label;
mod line;
mod omitted;
mod packed;
mod said;
mod sample;
mod section;
mod settle;
mod talk;

use crate::base::sources::SourceKind;
use crate::base::text::{LINE_END, Span, WayBack};
use crate::facts::Facts;
use crate::readers::commands::{Table, names_command};
use crate::readers::environ::{Environ, is_of_other};
use crate::readers::paste::Shapes;
use fence::{Lines, Role};
use front::Front;
use home::Home;
pub use packed::unpacked;

/// Why a part is taken for what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The line before it, or the block of code around it, names the file.
    Named,
    /// Its keys are those of config.yaml.
    ConfigKeys,
    /// Lines `NAME=value`.
    Assignments,
    /// Lines `export NAME=value`, or what other shells have for it.
    Exports,
    /// The variables that every process has are among its own.
    EveryProcess,
    /// A systemd unit.
    Unit,
    /// Variables of a container or a service: a compose file, a manifest, a Dockerfile, `docker run`, a property list.
    Service,
    /// JSON with the fields of auth.json.
    Store,
    /// JSON with the fields of `cron/jobs.json`.
    Jobs,
    /// Headings and rows of `hermes auth list`.
    Listing,
    /// Lines as Hermes logs them or prints them in a terminal.
    Log,
    /// It stands under the heading of a log in a debug report.
    LogOfReport,
    /// Lines with a command.
    Commands,
    /// A sentence says that it has these variables.
    Said,
    /// It is what a program printed of its settings, not the file.
    Printed,
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
    /// Whether its author says that something is left out of it.
    pub is_cut_short: bool,
    /// Whether it is announced as an example, or stands in a text that explains.
    is_sample: bool,
    /// Whether it stands in a text that explains how something is done, and is no output.
    is_of_guide: bool,
    /// Whether it is said to be what was there before.
    is_of_before: bool,
    /// What of it a part further down says again.
    left_out: Vec<Span>,
    /// What stands in front of its lines and is not of it.
    front: Option<Front>,
    /// The home that it is said to be from.
    home: Option<Home>,
    /// The part whose text goes on in this one, behind a file that stands in it.
    goes_on: Option<usize>,
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
    /// The part of this number counts in its place.
    Behind(usize),
    /// It is a piece of the text of its kind, but for what the part of this number says again.
    Under(usize),
    /// It is an example of what one would see or write, and no evidence.
    Sample,
    /// It is of another home than the part of this number.
    OtherHome(usize),
}

/// The parts of `text`, in their order.
///
/// ```
/// use poolcheck::readers::split::split;
/// use poolcheck::base::sources::SourceKind;
/// let text = "My config:\n\nmodel:\nprovider: gemini\n\nand it prints\n\ngemini (1 credentials):\n#1 a api_key manual ←\n";
/// let kinds: Vec<_> = split(text).iter().filter_map(|part| part.kind).collect();
/// assert_eq!(kinds, [SourceKind::Config, SourceKind::Listing]);
/// ```
pub fn split(text: &str) -> Vec<Part> {
    let Some(facts) = Facts::newest() else { return Vec::new() };
    let shapes = Shapes::of(facts);
    let mut lines = Lines::of(text);
    front::fronts(&mut lines, &shapes);
    let (labels, environs) = label::labels(&lines, &shapes);
    let mut environs = environs.into_iter().peekable();
    // The first part of the environment that is around, by its number.
    let mut begun: Option<usize> = None;
    let mut parts: Vec<Part> = Vec::new();
    let mut tone = sample::Tone::default();
    let mut prose = Prose::default();
    for block in label::blocks(&lines, &labels) {
        let span = lines.span(block.first, block.last);
        let mut part = Part {
            kind: block.kind,
            span,
            why: block.why,
            use_of: Use::Not,
            is_cut_short: false,
            is_of_before: false,
            is_of_guide: false,
            is_sample: false,
            left_out: Vec::new(),
            front: (block.first..=block.last).find_map(|number| lines.front(number)),
            home: Home::of_block(&lines, &block),
            goes_on: None,
        };
        while environs.next_if(|environ| environ.last < block.first).is_some() {
            begun = None;
        }
        let is_within = environs.peek().is_some_and(|environ| environ.first <= block.first);
        if is_within && block.kind == Some(SourceKind::Environ) {
            part.goes_on = begun;
            begun = begun.or(Some(parts.len()));
        }
        match block.kind {
            None => {
                for number in block.first..=block.last {
                    let line = label::without_quote_marks(lines.line(number)).trim();
                    if lines.role(number) == Role::Outside && !line.is_empty() {
                        tone.hear(line);
                        prose.hear(line);
                    }
                }
            }
            Some(kind) => {
                part.is_sample = prose.announces(kind);
                part.is_of_before = sample::is_of_before(prose.last);
                if kind == SourceKind::Config && part.why != Why::Named && settle::is_printed(span.of(text)) {
                    // It says what the file comes to, and is no file.
                    (part.kind, part.why) = (Some(SourceKind::DebugReport), Why::Printed);
                }
                if kind == SourceKind::Config && part.why == Why::Printed && sample::tells_of_log(prose.last)
                {
                    (part.kind, part.why) = (Some(SourceKind::Log), Why::Log);
                }
                // What is announced is what comes next; a sentence that names a command or a variable may announce as well.
                let of_sentence = |number: usize| {
                    let line = label::without_quote_marks(lines.line(number)).trim();
                    let is_outside = lines.role(number) == Role::Outside;
                    let is_one = match kind {
                        SourceKind::Commands => names_command(line, Table::default()),
                        SourceKind::Dotenv | SourceKind::Environ => is_outside && said::said(line).is_some(),
                        _ => false,
                    };
                    is_one.then_some(line)
                };
                if !(block.first..=block.last).all(|number| of_sentence(number).is_some()) {
                    prose = Prose::default();
                }
                for line in (block.first..=block.last).filter_map(of_sentence) {
                    tone.hear(line);
                    prose.hear(line);
                }
            }
        }
        parts.push(part);
    }
    if tone.is_guide() {
        for part in &mut parts {
            let is_output =
                matches!(part.kind, Some(SourceKind::Listing | SourceKind::Log | SourceKind::DebugReport));
            part.is_sample |= is_output;
            part.is_of_guide = part.kind.is_some() && !is_output;
        }
    }
    settle::settle(text, &mut parts, &[]);
    parts
}

/// The last lines of the prose above a part.
#[derive(Default)]
struct Prose<'t> {
    last: &'t str,
    before: &'t str,
}

impl<'t> Prose<'t> {
    fn hear(&mut self, line: &'t str) {
        self.before = self.last;
        self.last = line;
    }

    /// Whether they announce an example.
    fn announces(&self, kind: SourceKind) -> bool {
        /// A title has few letters.
        const TITLE: usize = 40;
        let is_file = matches!(
            kind,
            SourceKind::Config | SourceKind::Dotenv | SourceKind::AuthStore | SourceKind::Jobs
        );
        let of_file = |line: &str| sample::proposes(line) || sample::is_of_others(line);
        let says = |line: &str| sample::announces(line) || (is_file && of_file(line));
        says(self.last) || (self.last.len() <= TITLE && says(self.before))
    }
}

/// Whether the files among `parts` are of a text that explains how something is done, and nobody's own.
///
/// ```
/// use poolcheck::readers::split::{is_of_guide, split};
/// let own = "My config:\n\nmodel:\n  provider: gemini\n";
/// assert!(!is_of_guide(&split(own)));
/// ```
pub fn is_of_guide(parts: &[Part]) -> bool {
    parts.iter().any(|part| part.is_of_guide && part.use_of == Use::Used && part.why != Why::Told)
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
    settle::settle(text, parts, &first);
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
/// use poolcheck::base::sources::SourceKind;
/// let kind = |name| file_kind(name).map(|named| named.kind);
/// assert_eq!(kind(".hermes/.env"), Some(SourceKind::Dotenv));
/// assert_eq!(kind("config (1).yaml"), Some(SourceKind::Config));
/// assert_eq!(kind("google_oauth.json"), None);
/// ```
pub fn file_kind(name: &str) -> Option<FileKind> {
    let own = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    let bare = line::without_copy_mark(&own);
    line::kind_of_file(&bare).map(|kind| FileKind { kind, is_plain: bare == own })
}

/// What a file is that was named to be read: by the end of its name, and of a file of YAML that is not called config.yaml by what
/// stands in it, as compose files and manifests have any name. `None` where that is for [`split()`] to tell.
///
/// ```
/// use poolcheck::readers::split::kind_by_ending;
/// use poolcheck::base::sources::SourceKind;
/// let compose = "services:\n  hermes:\n    image: hermes-agent\n    environment: {A_KEY: x}\n";
/// assert_eq!(kind_by_ending("stack.yml", compose), Some(SourceKind::Environ));
/// assert_eq!(kind_by_ending("mine.yaml", "model: {provider: gemini}\n"), Some(SourceKind::Config));
/// assert_eq!(kind_by_ending("stack.yml", &compose.replace("hermes", "other")), None);
/// ```
pub fn kind_by_ending(name: &str, text: &str) -> Option<SourceKind> {
    let name = name.to_ascii_lowercase();
    Some(match name.rsplit_once('.')?.1 {
        "yaml" | "yml" if name.starts_with("config.") => SourceKind::Config,
        "yaml" | "yml" if Environ::of(text).is_piece => SourceKind::Environ,
        "yaml" | "yml" if is_of_other(text) => return None,
        "yaml" | "yml" => SourceKind::Config,
        "env" => SourceKind::Dotenv,
        "json" if name == "jobs.json" || label::is_of_jobs(text) => SourceKind::Jobs,
        "json" => SourceKind::AuthStore,
        "service" | "conf" | "container" => SourceKind::Environ,
        "log" => SourceKind::Log,
        "sh" => SourceKind::Commands,
        _ => return None,
    })
}

/// The lines of a text of `.env` that may be the rest of a key which was broken in two.
pub fn rests_of_keys(dotenv: &str) -> impl Iterator<Item = &str> {
    dotenv.split(LINE_END).map(str::trim).filter(|line| line::is_rest_of_key(line))
}

/// Each `NAME=value` in a line, with the name of a variable that holds a key, an endpoint or the like, wherever it stands.
pub fn assignments(line: &str) -> Vec<Span> {
    said::assignments(line)
}

/// Whether the texts of a kind are put together: they are lines, and more lines are more to read.
pub fn is_joined(kind: SourceKind) -> bool {
    matches!(kind, SourceKind::Listing | SourceKind::Log | SourceKind::Commands | SourceKind::DebugReport)
}

/// The text of `kind` that `parts` have, as it is written but for what stands in front of every line, and the way back from
/// its places to those of `text`.
pub fn text_of(text: &str, parts: &[Part], kind: SourceKind) -> Option<(String, WayBack)> {
    extract::edits(text, parts, kind).map(|edits| (edits.apply(text), edits.way_back(text)))
}

#[cfg(test)]
mod tests;
