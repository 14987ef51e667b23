//! `Environment=` of a systemd unit, with systemd's quoting: systemd.exec(5), and `extract_first_word` with
//! `EXTRACT_CUNESCAPE|EXTRACT_UNQUOTE`, which reads it there.

use super::{EnvEntry, Environ, Shell, is_variable, program, shell_quoted};
use crate::base::sources::SourceKind;
use crate::base::text::{BLANK, Chars, DIGIT, LINE_END, Place, QUOTE, Search, Span};
use crate::python::lower;

/// What stands in front of a file that a unit names as its `EnvironmentFile`, where both are one text.
pub(in crate::readers) const FILE_SECTION: &str = "[EnvironmentFile]";

/// No unit names more files; each part of a post is asked whether it is one of them.
const MOST_FILES: usize = 20;

/// The files that a unit names: `EnvironmentFile=-/etc/default/hermes`.
pub(in crate::readers) fn named_files(unit: &str) -> impl Iterator<Item = &str> {
    unit.lines()
        .filter_map(|line| line.trim().strip_prefix("EnvironmentFile="))
        .map(|path| path.trim_start_matches('-').trim_matches(QUOTE))
        .take(MOST_FILES)
}

/// Whether `text` is a unit, or the `Environment=` lines of one.
pub(super) fn is_unit(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| {
        line.split_once('=').is_some_and(|(name, _)| name.trim_end() == "Environment")
            || matches!(line, "[Service]" | "[Unit]" | "[Install]" | "[Container]")
    })
}

/// The settings of a unit's `[Service]` part, or of the `[Container]` of a quadlet; without any part's heading, all of them. A
/// unit that runs another program has none.
pub(super) fn read(text: &str) -> Environ {
    read_units(text).0
}

/// Whether a text is units that all run other programs.
pub(super) fn is_of_other(text: &str) -> bool {
    read_units(text).1
}

/// What a unit runs.
#[derive(Default)]
struct Runs {
    /// Whether it says so.
    is_told: bool,
    is_hermes: bool,
    /// Whether a script is run, whose name need not tell.
    is_script: bool,
    /// Whether what the unit is called, or where it works, names Hermes.
    is_called: bool,
}

impl Runs {
    fn hear(&mut self, name: &str, value: &str) {
        match name {
            "ExecStart" | "Exec" => {
                self.is_told |= name == "ExecStart";
                self.is_hermes |= program::runs_hermes(program::words(value));
                let own = program::words(value).next().unwrap_or("");
                self.is_script |= [".sh", "/sh", "/bash"].iter().any(|end| own.ends_with(end));
            }
            "Image" => {
                self.is_told = true;
                self.is_hermes |= program::has_hermes(value);
            }
            "ContainerName" => self.is_hermes |= program::is_hermes(value.trim()),
            "Description" | "WorkingDirectory" => self.is_called |= program::has_hermes(value),
            _ => {}
        }
    }

    fn is_other(&self) -> bool {
        self.is_told && !self.is_hermes && !(self.is_script && self.is_called)
    }
}

/// The settings of the units of a text that may run Hermes, and whether none of them does.
fn read_units(text: &str) -> (Environ, bool) {
    let mut whole = Environ { is_unit: true, ..Environ::default() };
    let (mut own, mut runs) = (Environ::default(), Runs::default());
    let (mut in_service, mut has_other, mut has_own) = (true, false, false);
    let mut in_file = false;
    let mut settle = |own: Environ, runs: &Runs| {
        if runs.is_other() {
            // Of what Hermes has, nothing is known.
            (has_other, whole.is_piece) = (true, true);
        } else {
            has_own |= runs.is_told || !own.entries.is_empty() || !own.unread.is_empty() || own.is_piece;
            whole.is_piece |= own.is_piece;
            whole.add(own);
        }
    };
    for line in logical_lines(text) {
        let trimmed = line.text.trim();
        if trimmed.starts_with('[') && trimmed.ends_with(']') {
            // Another unit begins; a drop-in has no such part.
            if trimmed == "[Unit]" {
                settle(std::mem::take(&mut own), &std::mem::take(&mut runs));
            }
            // A quadlet of podman has its variables in a section of its own.
            in_service = matches!(trimmed, "[Service]" | "[Container]");
            in_file = trimmed == FILE_SECTION;
            continue;
        }
        if in_file {
            line_of_file(&line, &mut own);
            continue;
        }
        let Some((name, value)) = line.text.split_once('=') else { continue };
        runs.hear(name.trim(), value);
        if !in_service {
            continue;
        }
        match name.trim() {
            "Environment" => environment(&line, name.len() + 1, &mut own),
            other if is_misspelled(other) => misspelled(&line, name.len() + 1, &mut own),
            "EnvironmentFile" | "PassEnvironment" | "Secret" | "LoadCredential" => own.is_piece = true,
            _ => {}
        }
    }
    settle(own, &runs);
    (whole, has_other && !has_own)
}

/// A line with its continuation lines, each backslash at a line's end made a blank.
struct LogicalLine {
    text: String,
    /// Where each part starts: in `text`, and in the source.
    parts: Vec<(usize, usize)>,
}

impl LogicalLine {
    fn span(&self, start: usize, end: usize) -> Span {
        let source = |at: usize| {
            let part = self.parts.partition_point(|&(own, _)| own <= at).saturating_sub(1);
            self.parts.get(part).map_or(at, |&(own, source)| source + (at - own))
        };
        if start >= end { Span::at(source(start)) } else { Span::new(source(start), source(end - 1) + 1) }
    }
}

fn logical_lines(text: &str) -> Vec<LogicalLine> {
    const COMMENT: Chars = |c| matches!(c, '#' | ';');
    let mut lines = Vec::new();
    let mut open: Option<LogicalLine> = None;
    let mut start = 0;
    for raw in text.split_inclusive('\n') {
        let at = start;
        start += raw.len();
        let content = raw.trim_end_matches(LINE_END);
        // Comments are passed over between continuation lines too.
        if content.trim_start().starts_with(COMMENT) {
            continue;
        }
        let mut line = open.take().unwrap_or(LogicalLine { text: String::new(), parts: Vec::new() });
        line.parts.push((line.text.len(), at));
        match content.strip_suffix('\\') {
            Some(content) => {
                line.text.push_str(content);
                line.text.push(' ');
                open = Some(line);
            }
            None => {
                line.text.push_str(content);
                lines.push(line);
            }
        }
    }
    lines.extend(open);
    lines
}

/// A line of an `EnvironmentFile`: systemd.exec(5). What is no name in front of `=`, such as `export NAME`, it ignores: "Ignoring
/// invalid environment assignment" of `load_env_file`.
fn line_of_file(line: &LogicalLine, environ: &mut Environ) {
    let Some((head, behind)) = line.text.split_once('=') else { return };
    let name = head.trim();
    let span = line.span(head.len() - head.trim_start().len(), line.text.trim_end().len());
    if let Some(exported) = name.strip_prefix("export ").map(str::trim).filter(|own| is_variable(own)) {
        environ.fail(exported, span, Shell::EnvironmentFile);
        return;
    }
    let written = behind.trim();
    let start = line.text.len() - behind.trim_start().len();
    let quoted = shell_quoted(written);
    let width = usize::from(quoted.is_some());
    let value_span = line.span(start + width, start + written.len() - width);
    let name_start = head.len() - head.trim_start().len();
    let name_span = line.span(name_start, name_start + name.len());
    let value = quoted.unwrap_or_else(|| written.to_owned());
    if is_variable(name) {
        environ.entries.push(EnvEntry::new(name, value, name_span, value_span, span));
    }
}

/// One `Environment=` setting: an empty one forgets all before it.
fn environment(line: &LogicalLine, start: usize, environ: &mut Environ) {
    let mut words = Words { text: &line.text, at: start };
    let mut any = false;
    loop {
        let begun = words.at;
        match words.next_word() {
            Ok(Some(word)) => {
                any = true;
                if let Some((name, end)) = apart(&line.text, &word) {
                    environ.fail(name, line.span(word.start, end), Shell::Unit);
                    words.at = end.max(begun);
                    continue;
                }
                let span = line.span(word.start, word.end);
                match entry(line, &word, span) {
                    Some(entry) => environ.entries.push(entry),
                    None => environ.unread.push(Place::new(SourceKind::Environ, span)),
                }
            }
            Ok(None) => break,
            Err(at) => {
                // systemd ignores the rest of a line whose quoting is broken.
                let span = line.span(at, line.text.trim_end().len());
                environ.unread.push(Place::new(SourceKind::Environ, span));
                return;
            }
        }
    }
    if !any {
        environ.entries.clear();
    }
}

/// The variable of which a word is the name, with a blank before the sign behind it, and where the value ends. systemd drops each
/// word that is no whole assignment with a name of letters, digits and underscores: `config_parse_environ`, "Invalid environment
/// assignment, ignoring", and `env_assignment_is_valid`.
fn apart<'t>(text: &str, word: &'t Word) -> Option<(&'t str, usize)> {
    if let Some((name, _)) = word.text.split_once('=') {
        let bare = name.trim_end_matches(BLANK);
        return (bare.len() < name.len() && is_variable(bare)).then_some((bare, word.end));
    }
    if !is_variable(&word.text) {
        return None;
    }
    let mut words = Words { text, at: word.end };
    let sign = words.next_word().ok().flatten().filter(|sign| sign.text.starts_with('='))?;
    let value = if sign.text.len() > 1 { Some(sign) } else { words.next_word().ok().flatten() };
    let value = value.filter(|value| !value.text.has('=') || value.text.starts_with('='))?;
    Some((&word.text, value.end))
}

/// Whether a setting is meant for `Environment` and none that systemd has: "Unknown key name … in section …, ignoring".
fn is_misspelled(name: &str) -> bool {
    const NAMES: [&str; 13] = [
        "enviroment",
        "enviorment",
        "enviornment",
        "envrionment",
        "environement",
        "environnement",
        "evironment",
        "environmet",
        "envionment",
        "environment",
        "environments",
        "env",
        "enviroments",
    ];
    NAMES.contains(&lower(name).as_str())
}

/// A setting that systemd does not know: nothing of it is set.
fn misspelled(line: &LogicalLine, start: usize, environ: &mut Environ) {
    let mut words = Words { text: &line.text, at: start };
    while let Ok(Some(word)) = words.next_word() {
        if let Some(name) =
            word.text.split_once('=').map(|(name, _)| name.trim()).filter(|name| is_variable(name))
        {
            environ.fail(name, line.span(0, line.text.trim_end().len()), Shell::Setting);
        }
    }
}

fn entry(line: &LogicalLine, word: &Word, span: Span) -> Option<EnvEntry> {
    let (name, written) = word.text.split_once('=')?;
    let valid_name = !name.starts_with(DIGIT)
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let valid_value = !written.chars().any(|c| c.is_control() && c.is_ascii() && !matches!(c, '\t' | '\n'));
    if !valid_name || !valid_value {
        return None;
    }
    // The sign may be quoted with the rest, but it stands in the source once.
    let sign = word.start + line.text.get(word.start..word.end)?.find('=')?;
    let name_start = sign - name.len();
    let raw = line.text.get(sign + 1..word.end)?;
    let opened = raw.starts_with(QUOTE);
    let closed = raw.len() > usize::from(opened) && raw.ends_with(QUOTE);
    let value_span = line.span(sign + 1 + usize::from(opened), word.end - usize::from(closed));
    let (value, unknown) = without_specifiers(written);
    let mut entry = EnvEntry::new(name, value, line.span(name_start, sign), value_span, span);
    entry.unknown = unknown;
    Some(entry)
}

/// `%%` made `%`; and whether another specifier stands there.
fn without_specifiers(written: &str) -> (String, bool) {
    let mut unknown = false;
    let mut value = String::with_capacity(written.len());
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        value.push(c);
        if c == '%' {
            match chars.next() {
                Some('%') | None => {}
                Some(other) => {
                    value.push(other);
                    unknown |= other.is_ascii_alphabetic();
                }
            }
        }
    }
    (value, unknown)
}

struct Word {
    text: String,
    start: usize,
    end: usize,
}

struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl Words<'_> {
    fn next_char(&mut self) -> Option<char> {
        let c = self.text.get(self.at..)?.chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// The next word, or where one begins that systemd cannot read.
    fn next_word(&mut self) -> Result<Option<Word>, usize> {
        let rest = self.text.get(self.at..).unwrap_or("");
        self.at += rest.len() - rest.trim_start_matches(SEPARATOR).len();
        let start = self.at;
        let mut text = String::new();
        let mut quote = None;
        loop {
            let before = self.at;
            match (self.next_char(), quote) {
                (None, None) if before == start => return Ok(None),
                (None, None) => return Ok(Some(Word { text, start, end: before })),
                (None, Some(_)) => return Err(start),
                (Some('\\'), _) => text.push(self.escape().ok_or(start)?),
                (Some(c), Some(open)) if c == open => quote = None,
                (Some(c), Some(_)) => text.push(c),
                (Some(c @ ('"' | '\'')), None) => quote = Some(c),
                (Some(c), None) if SEPARATOR(c) => return Ok(Some(Word { text, start, end: before })),
                (Some(c), None) => text.push(c),
            }
        }
    }

    /// `cunescape_one`, behind the backslash.
    fn escape(&mut self) -> Option<char> {
        Some(match self.next_char()? {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            's' => ' ',
            c @ ('\\' | '"' | '\'') => c,
            'x' => self.digits(2, 16, 0)?,
            'u' => self.digits(4, 16, 0)?,
            'U' => self.digits(8, 16, 0)?,
            c => self.digits(2, 8, c.to_digit(8)?)?,
        })
    }

    fn digits(&mut self, count: usize, radix: u32, first: u32) -> Option<char> {
        let mut value = first;
        for _ in 0..count {
            value = value.checked_mul(radix)?.checked_add(self.next_char()?.to_digit(radix)?)?;
        }
        // An escaped byte above ASCII would be a part of a character; systemd lets it through, we do not.
        let ascii = radix == 8 || count == 2;
        char::from_u32(value).filter(|&c| c != '\0' && (!ascii || c.is_ascii()))
    }
}

const SEPARATOR: Chars = |c| BLANK(c) || LINE_END(c);

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        read(text).entries.into_iter().map(|entry| (entry.name, entry.value)).collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    // The example of systemd.exec(5): VAR1 has blanks, VAR2 and VAR3 not.
    #[test]
    fn the_manual_s_example() {
        assert_eq!(
            pairs(r#"Environment="VAR1=word1 word2" VAR2=word3 "VAR3=$word 5 6""#),
            [pair("VAR1", "word1 word2"), pair("VAR2", "word3"), pair("VAR3", "$word 5 6")]
        );
    }

    #[test]
    fn later_lines_add_and_an_empty_one_forgets() {
        assert_eq!(pairs("Environment=A=1\nEnvironment=B=2\n"), [pair("A", "1"), pair("B", "2")]);
        assert_eq!(pairs("Environment=A=1\nEnvironment=\nEnvironment=B=2\n"), [pair("B", "2")]);
    }

    #[test]
    fn continuation_lines_and_comments() {
        assert_eq!(
            pairs(
                "[Service]\nEnvironment=A=1 \\\n# between\n  B='2 3'\nExecStart=hermes C=4\n[Install]\nEnvironment=D=5\n"
            ),
            [pair("A", "1"), pair("B", "2 3")]
        );
    }

    #[test]
    fn escapes_and_specifiers() {
        assert_eq!(pairs(r"Environment=A=a\x20b\tc B=50%%"), [pair("A", "a b\tc"), pair("B", "50%")]);
        let found = read("Environment=A=%h/x B=y\n");
        assert_eq!(found.unknown_values().collect::<Vec<_>>(), ["A"]);
    }

    #[test]
    fn what_systemd_ignores_is_told() {
        let text = "Environment=A=1 1B=2 \"C=3\n";
        let found = read(text);
        assert_eq!(found.entries.len(), 1);
        let unread: Vec<_> = found.unread.iter().map(|place| place.span.of(text)).collect();
        assert_eq!(unread, ["1B=2", "\"C=3"]);
    }

    #[test]
    fn places() {
        let text = "Environment=A=1 \\\n  \"B=v w\" C='x'\n";
        let spans: Vec<_> = read(text)
            .entries
            .iter()
            .map(|entry| {
                [entry.name_place, entry.value_place, entry.entry_place].map(|place| place.span.of(text))
            })
            .collect();
        assert_eq!(spans, [["A", "1", "A=1"], ["B", "v w", "\"B=v w\""], ["C", "x", "C='x'"]]);
    }
}
