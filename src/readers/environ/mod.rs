//! The environment of a process as people paste it: what `env` prints, `export` lines, a NUL-separated
//! `/proc/PID/environ`, a systemd unit with its `Environment=` lines, a compose file, a manifest of Kubernetes, a Dockerfile,
//! `docker run`, a file of Terraform, a property list of launchd, what PowerShell, cmd and fish have for `export`, and what Python prints.

mod dict;
pub(super) mod form;
mod hcl;
mod manifest;
mod plist;
mod program;
mod shell;
mod systemd;

use crate::base::collections::TextMap;
use crate::base::sources::SourceKind;
use crate::base::text::{BLANK, Chars, DIGIT, LineIndex, Place, Search, Span, WHITE};
use form::{Form, Region};
pub(super) use systemd::{FILE_SECTION, named_files};

/// A variable of the process environment.
#[derive(Clone)]
pub struct EnvValue {
    /// Its value.
    pub value: String,
    /// Where the value is written.
    pub place: Option<Place>,
    /// Where the whole assignment is written.
    pub entry_place: Option<Place>,
}

/// One assignment of a pasted environment. It has no `Debug` form: it may hold a key.
#[derive(Clone)]
pub struct EnvEntry {
    /// The variable.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where the name is written.
    pub name_place: Place,
    /// Where the value is written, without quotes around it.
    pub value_place: Place,
    /// Where the whole assignment is written.
    pub entry_place: Place,
    /// Whether the value holds something that only the running system could tell, as systemd's `%h`.
    pub unknown: bool,
    /// Whether the value stands elsewhere: in a secret, or in a variable of whoever starts the process.
    pub is_unseen: bool,
    /// Whether it is that of a variable of whoever starts the process, which may not be set there.
    pub is_handed_on: bool,
    /// Whether it is set for one container or service, and for no other program of whoever sets it.
    pub is_of_service: bool,
}

impl EnvEntry {
    /// Whether the variable has a value, seen or not, or may have one.
    pub fn is_set(&self) -> bool {
        self.is_unseen || !self.value.trim().is_empty()
    }

    fn new(name: &str, value: String, name_span: Span, value_span: Span, entry_span: Span) -> Self {
        let place = |span| Place::new(SourceKind::Environ, span);
        Self {
            name: name.to_owned(),
            value,
            name_place: place(name_span),
            value_place: place(value_span),
            entry_place: place(entry_span),
            unknown: false,
            is_unseen: false,
            is_handed_on: false,
            is_of_service: false,
        }
    }

    /// The variable is that of whoever starts the process.
    fn hand_on(&mut self) {
        (self.is_unseen, self.is_handed_on) = (true, true);
    }
}

/// What reads a line that sets a variable, and in what way it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// `sh`, bash and zsh.
    Posix,
    /// `set` of Windows' cmd.
    Cmd,
    /// `setx` of Windows.
    Setx,
    /// PowerShell.
    PowerShell,
    /// A unit of systemd, with blanks around `=`.
    Unit,
    /// A unit of systemd, where the name of the setting is misspelled.
    Setting,
    /// A file that a unit of systemd names, with `export` in front of the name.
    EnvironmentFile,
    /// A list of a compose file: what stands in front of `=` is all of it a name.
    Compose,
    /// A list of a compose file in which a mapping stands.
    Mapping,
}

/// A line that is meant to set a variable, and by which the shell gives it no value.
#[derive(Clone, Debug)]
pub struct FailedAssignment {
    /// The variable.
    pub name: String,
    /// The line.
    pub place: Place,
    /// Whose line it is.
    pub shell: Shell,
}

/// A pasted environment.
#[derive(Clone, Default)]
pub struct Environ {
    /// The assignments in order; of one name the last counts.
    pub entries: Vec<EnvEntry>,
    /// Lines that are neither blank nor comments and that set nothing.
    pub unread: Vec<Place>,
    /// Lines by which a shell gives a variable no value, though they are meant to.
    pub failed: Vec<FailedAssignment>,
    /// Whether settings for Hermes stand beside the variables, as Nix has them, which nothing reads here.
    pub has_settings: bool,
    /// Whether the text is a systemd unit.
    pub is_unit: bool,
    /// Whether the process has other variables beside these: those of an image, of a file that is named, of whoever starts it.
    pub is_piece: bool,
}

impl Environ {
    /// Reads a pasted environment, whatever its form.
    ///
    /// ```
    /// use poolcheck::readers::environ::Environ;
    /// let lines = Environ::of("A=\"x\"\nexport B=\"y\"\n").last_of_each();
    /// let values: Vec<_> = lines.values().iter().map(|found| found.value.as_str()).collect();
    /// assert_eq!(values, ["\"x\"", "y"]);
    /// let unit = Environ::of("[Service]\nEnvironment=A=x \"B=y z\"\n");
    /// assert!(unit.is_unit);
    /// assert_eq!(unit.entries.len(), 2);
    /// let compose = Environ::of("services:\n  hermes:\n    environment: [A_KEY=x, B_KEY]\n");
    /// assert!(compose.is_piece && compose.entries[1].is_unseen);
    /// ```
    pub fn of(text: &str) -> Self {
        if systemd::is_unit(text) {
            let mut unit = systemd::read(text);
            unit.entries.iter_mut().for_each(|entry| entry.is_of_service = true);
            unit
        } else if text.has('\0') {
            read_lines(text, Span::new(0, text.len()), true)
        } else {
            read_forms(text)
        }
    }

    /// The variables, the last assignment of each.
    pub fn last_of_each(&self) -> TextMap<EnvValue> {
        let mut last = TextMap::new();
        for entry in &self.entries {
            let value = EnvValue {
                value: entry.value.clone(),
                place: Some(entry.value_place),
                entry_place: Some(entry.entry_place),
            };
            last.insert(&entry.name, value);
        }
        last
    }

    fn add(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.unread.extend(other.unread);
        self.failed.extend(other.failed);
        self.has_settings |= other.has_settings;
    }

    fn fail(&mut self, name: &str, span: Span, shell: Shell) {
        let place = Place::new(SourceKind::Environ, span);
        self.failed.push(FailedAssignment { name: name.to_owned(), place, shell });
    }

    /// The names whose values only the running system could tell.
    pub fn unknown_values(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|entry| entry.unknown).map(|entry| entry.name.as_str())
    }
}

/// Whether a text is a file of YAML of another program, as a compose file without Hermes: no config.yaml, and nothing of Hermes.
pub(super) fn is_of_other(text: &str) -> bool {
    form::is_of_other(text)
}

/// Whether a text is a unit of systemd that runs another program.
pub(super) fn is_unit_of_other(text: &str) -> bool {
    systemd::is_of_other(text)
}

/// Whether a name is one that variables have by custom: capitals, digits and underscores.
pub(super) fn is_variable(name: &str) -> bool {
    const UPPER: Chars = |c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.len() >= 2 && !name.starts_with(DIGIT) && name.chars().all(UPPER)
}

/// The name that a line of a shell sets that is no `export`.
pub(super) fn line_name(line: &str) -> Option<String> {
    let form = shell::form_of(line).filter(|form| *form == Form::Line)?;
    let mut environ = Environ::default();
    form.read(line, Span::new(0, line.len()), &mut environ);
    environ.entries.pop().map(|entry| entry.name)
}

/// The forms of [`form`], and lines `NAME=value` between them.
fn read_forms(text: &str) -> Environ {
    let index = LineIndex::new(text);
    let spans: Vec<Span> = (0..index.lines()).filter_map(|line| index.line_span(text, line)).collect();
    let lines: Vec<Option<&str>> = spans.iter().map(|span| Some(span.of(text))).collect();
    let at = |number: usize| spans.get(number).copied().unwrap_or(Span::at(text.len()));
    let mut environ = Environ::default();
    let mut behind = 0;
    for Region { form, first, last, .. } in
        form::regions(&lines, true).into_iter().filter(|region| !region.is_other)
    {
        environ.add(read_lines(text, Span::new(behind, at(first).start), false));
        let before = environ.entries.len();
        form.read(text, at(first).to(at(last)), &mut environ);
        environ.entries.iter_mut().skip(before).for_each(|entry| entry.is_of_service = form.is_of_service());
        behind = at(last).end;
    }
    environ.add(read_lines(text, Span::new(behind, text.len()), false));
    environ
}

/// Lines `NAME=value`, or records of `/proc/PID/environ` where NULs separate them.
fn read_lines(text: &str, span: Span, separated: bool) -> Environ {
    let mut environ = Environ::default();
    let end: &[char] = if separated { &['\0'] } else { &['\n', '\r'] };
    let mut start = span.start;
    for line in span.of(text).split(end) {
        let trimmed = if separated { line } else { line.trim() };
        let at = start + if separated { 0 } else { line.len() - line.trim_start().len() };
        start += line.len() + 1;
        if trimmed.is_empty() || (!separated && trimmed.starts_with('#')) {
            continue;
        }
        let own = Span::new(at, at + trimmed.len());
        if let Some(name) = failed_export(trimmed).filter(|_| !separated) {
            environ.fail(name, own, Shell::Posix);
            continue;
        }
        match assignment(trimmed, at, separated) {
            Some(entry) => environ.entries.push(entry),
            None => environ.unread.push(Place::new(SourceKind::Environ, own)),
        }
    }
    environ
}

/// The variable of `export NAME = value` or `export NAME= value`: a shell takes the words for names of their own, and exports
/// it without the value.
fn failed_export(line: &str) -> Option<&str> {
    let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
    let is_apart = name.ends_with(BLANK) || value.starts_with(BLANK) && !value.trim_start().starts_with('#');
    (is_apart && is_variable(name.trim()) && !value.trim().is_empty()).then(|| name.trim())
}

/// One line, which starts at byte `at`. A shell's `export` and `declare -x` bring the shell's quotes with them; `env`
/// prints none.
fn assignment(line: &str, at: usize, separated: bool) -> Option<EnvEntry> {
    let declared = ["export ", "declare -x "].iter().find_map(|prefix| line.strip_prefix(prefix));
    let rest = if separated { line } else { declared.map_or(line, str::trim_start) };
    let (name, written) = rest.split_once('=')?;
    if name.is_empty() || (!separated && name.contains(WHITE)) {
        return None;
    }
    let name_start = at + line.len() - rest.len();
    let value_start = name_start + name.len() + 1;
    let whole = Span::new(at, at + line.len());
    let name_span = Span::new(name_start, name_start + name.len());
    let value_span = Span::new(value_start, value_start + written.len());
    let quoted = declared.filter(|_| !separated).and_then(|_| shell_quoted(written));
    let mut entry = match quoted {
        Some(value) => {
            let inside = Span::new(value_span.start + 1, value_span.end - 1);
            EnvEntry::new(name, value, name_span, inside, whole)
        }
        None => EnvEntry::new(name, written.to_owned(), name_span, value_span, whole),
    };
    entry.is_unseen = declared.is_some() && !separated && is_made_by_shell(written);
    Some(entry)
}

/// Whether a shell puts something into a value: a variable, or what a command prints.
fn is_made_by_shell(written: &str) -> bool {
    let mut is_escaped = false;
    let mut before_name = false;
    for c in written.chars() {
        if before_name && (c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '(')) || c == '`' && !is_escaped
        {
            return !written.starts_with('\'');
        }
        before_name = c == '$' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
    }
    false
}

/// Whether a value that is not seen is nothing but variables of whoever starts the process, which may not be set there:
/// `$NAME`, `${NAME}`, `${NAME:-}`.
fn may_be_empty(written: &str) -> bool {
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    written.strip_prefix('$').is_some_and(|rest| {
        rest.split('$').all(|reference| match reference.strip_prefix('{') {
            Some(inside) => inside.strip_suffix('}').is_some_and(|inside| {
                is_name(inside.strip_suffix('-').map_or(inside, |name| name.trim_end_matches(':')))
            }),
            None => is_name(reference),
        })
    })
}

/// The content of a value that stands in one pair of a shell's quotes.
fn shell_quoted(written: &str) -> Option<String> {
    if let Some(inside) = written.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return (!inside.has('\'')).then(|| inside.to_owned());
    }
    let inside = written.strip_prefix('"')?.strip_suffix('"')?;
    let mut value = String::with_capacity(inside.len());
    let mut chars = inside.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(&next) if c == '\\' && matches!(next, '"' | '\\' | '$' | '`') => {
                value.push(next);
                let _ = chars.next();
            }
            _ if c == '"' => return None,
            _ => value.push(c),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests;
