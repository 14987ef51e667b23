//! The environment of a process as people paste it: what `env` prints, `export` lines, a NUL-separated
//! `/proc/PID/environ`, or a systemd unit with its `Environment=` lines.

use super::systemd;
use crate::collections::TextMap;
use crate::hermes::EnvValue;
use crate::text::{Place, Search, SourceKind, Span, WHITE};

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
}

impl EnvEntry {
    pub(super) fn new(
        name: &str,
        value: String,
        name_span: Span,
        value_span: Span,
        entry_span: Span,
    ) -> Self {
        let place = |span| Place::new(SourceKind::Environ, span);
        Self {
            name: name.to_owned(),
            value,
            name_place: place(name_span),
            value_place: place(value_span),
            entry_place: place(entry_span),
            unknown: false,
        }
    }
}

/// A pasted environment.
#[derive(Clone, Default)]
pub struct Environ {
    /// The assignments in order; of one name the last counts.
    pub entries: Vec<EnvEntry>,
    /// Lines that are neither blank nor comments and that set nothing.
    pub unread: Vec<Place>,
    /// Whether the text is a systemd unit.
    pub is_unit: bool,
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
    /// ```
    pub fn of(text: &str) -> Self {
        if systemd::is_unit(text) { systemd::read(text) } else { read_lines(text) }
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

    /// The names whose values only the running system could tell.
    pub fn unknown_values(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|entry| entry.unknown).map(|entry| entry.name.as_str())
    }
}

fn read_lines(text: &str) -> Environ {
    let mut environ = Environ::default();
    let separated = text.has('\0');
    let end: &[char] = if separated { &['\0'] } else { &['\n', '\r'] };
    let mut start = 0;
    for line in text.split(end) {
        let trimmed = if separated { line } else { line.trim() };
        let at = start + if separated { 0 } else { line.len() - line.trim_start().len() };
        start += line.len() + 1;
        if trimmed.is_empty() || (!separated && trimmed.starts_with('#')) {
            continue;
        }
        match assignment(trimmed, at, separated) {
            Some(entry) => environ.entries.push(entry),
            None => environ.unread.push(Place::new(SourceKind::Environ, Span::new(at, at + trimmed.len()))),
        }
    }
    environ
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
    Some(match quoted {
        Some(value) => {
            let inside = Span::new(value_span.start + 1, value_span.end - 1);
            EnvEntry::new(name, value, name_span, inside, whole)
        }
        None => EnvEntry::new(name, written.to_owned(), name_span, value_span, whole),
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
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        Environ::of(text).entries.into_iter().map(|entry| (entry.name, entry.value)).collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn what_env_prints_is_literal() {
        assert_eq!(
            pairs("A=\"q\"\r\nB=x=y\n\n# c\nC=\n"),
            [pair("A", "\"q\""), pair("B", "x=y"), pair("C", "")]
        );
    }

    #[test]
    fn what_a_shell_declares_has_its_quotes() {
        assert_eq!(
            pairs("declare -x A=\"a \\\"b\\\"\"\nexport B='c'\nexport C=d\n"),
            [pair("A", "a \"b\""), pair("B", "c"), pair("C", "d")]
        );
    }

    #[test]
    fn records_between_nul_keep_their_lines() {
        assert_eq!(pairs("A=1\nx\0B=2\0"), [pair("A", "1\nx"), pair("B", "2")]);
    }

    #[test]
    fn lines_that_set_nothing_are_told() {
        let text = "KEY: v\nA=1\n  }\n";
        let unread: Vec<_> = Environ::of(text).unread.iter().map(|place| place.span.of(text)).collect();
        assert_eq!(unread, ["KEY: v", "}"]);
    }

    #[test]
    fn places() {
        let text = "\n export A=\"v\"\n";
        let entries = Environ::of(text).entries;
        let entry = entries.first().unwrap();
        assert_eq!(entry.name_place.span.of(text), "A");
        assert_eq!(entry.value_place.span.of(text), "v");
        assert_eq!(entry.entry_place.span.of(text), "export A=\"v\"");
    }
}
