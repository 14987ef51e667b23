//! What `hermes` makes of the words of its command line: `argparse` of Python 3.11 on the parser of the release.
//!
//! The conversion of values to numbers is left out, and so is everything that stands with `--continue` or `--resume`,
//! whose words `_coalesce_session_name_args` of `hermes_cli/main.py` joins before they are parsed, with `--`, and behind the
//! commands of plugins.

use crate::facts::commands::{Argument, Command, Commands, Count};

/// How `hermes` reads a command line.
#[derive(Debug, Default)]
pub struct Reading {
    /// The command that is reached: `auth add`; empty for `hermes` itself.
    pub path: &'static str,
    /// How many words name it, options between them included.
    pub behind: usize,
    /// The values of options and positionals, in the order in which they are taken.
    pub values: Vec<Given>,
    /// Words that nothing takes. They are refused at the very end.
    pub extras: Vec<usize>,
    /// Why it is refused before that.
    pub refusal: Option<Refusal>,
}

/// A value that is taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Given {
    /// The positional's name or the option's first spelling.
    pub name: &'static str,
    /// The number of the word that holds it.
    pub word: usize,
    /// The value, without the option before it.
    pub text: String,
}

/// Why a command line is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The word is no command below the one that is reached.
    UnknownCommand(usize),
    /// The value, whose number in [`Reading::values`] this is, is none of those that may be given.
    InvalidChoice(usize, Vec<&'static str>),
    /// The option wants a value.
    NoValue(usize),
    /// The option takes no value.
    NeedlessValue(usize),
    /// The beginning of several options.
    Ambiguous(usize),
    /// Names of what has to be given and is not; `COMMAND` for a command.
    Missing(Vec<&'static str>),
}

impl Refusal {
    /// What the program says, without what it names.
    pub fn message(&self) -> &'static str {
        match self {
            Self::UnknownCommand(_) | Self::InvalidChoice(..) => "invalid choice",
            Self::NoValue(_) => "expected an argument",
            Self::NeedlessValue(_) => "ignored explicit argument",
            Self::Ambiguous(_) => "ambiguous option",
            Self::Missing(_) => "the following arguments are required",
        }
    }
}

impl Reading {
    /// The command that is reached, with the program's name.
    pub fn command(&self) -> String {
        ["hermes ", self.path].concat().trim_end().to_owned()
    }

    /// The value of the positional or option `name`.
    pub fn value(&self, name: &str) -> Option<&Given> {
        self.values.iter().rev().find(|given| given.name == name)
    }

    /// Whether it is refused.
    pub fn is_refused(&self) -> bool {
        self.refusal.is_some() || !self.extras.is_empty()
    }
}

/// How the words behind `hermes` are read; `None` where they are refused, or that is not known.
///
/// ```
/// use poolcheck::facts::Facts;
/// use poolcheck::hermes::arguments::taken;
/// let commands = &Facts::newest().unwrap().commands;
/// assert!(taken(commands, &["auth", "list"]).is_some_and(|reading| reading.path == "auth list"));
/// assert!(taken(commands, &["auth", "lst"]).is_none());
/// ```
pub fn taken(commands: &'static Commands, words: &[&str]) -> Option<Reading> {
    read(commands, words).filter(|reading| !reading.is_refused())
}

/// Reads the words behind `hermes`; `None` where that is not modelled or not known.
pub fn read(commands: &'static Commands, words: &[&str]) -> Option<Reading> {
    const JOINED: [&str; 5] = ["-c", "--continue", "-r", "--resume", "--"];
    if words.iter().any(|word| JOINED.contains(word) || word.len() > LONGEST_WORD) {
        return None;
    }
    let mut open: Vec<(usize, &str)> = without_profile(words);
    if open.first().is_some_and(|(_, word)| OF_PLUGINS.contains(word)) {
        return None;
    }
    let mut reading = Reading::default();
    // Where only a part of the tree was read, the part begins at a command that stands first.
    let mut path = if commands.has("") {
        ""
    } else {
        let (_, first) = open.first().filter(|(_, word)| commands.has(word))?;
        first
    };
    if !path.is_empty() {
        open.remove(0);
    }
    loop {
        let command = commands.command(path)?;
        reading.path = command.path;
        reading.behind = words.len() - open.len();
        let level = Level { commands, command, words: &open };
        match level.read(&mut reading) {
            Ending::Command { at, path: next } => {
                open = open.split_off(at + 1);
                path = next;
            }
            Ending::Done => return Some(reading),
        }
    }
}

/// Commands that come with Hermes and are there where their plugin is on: `register_cli_command` in `plugins/`, and for the
/// memory that is in use `discover_plugin_cli_commands` of `plugins/memory/__init__.py`. What they take was not read.
const OF_PLUGINS: [&str; 4] = ["honcho", "meet", "photon", "teams-pipeline"];

/// No word that a command knows is nearly as long; the values of longer ones are not looked at.
const LONGEST_WORD: usize = 1 << 16;

/// The words without `--profile NAME`, which `_apply_profile_override` of `hermes_cli/main.py` takes out wherever it stands but
/// behind `mcp add`.
fn without_profile<'w>(words: &[&'w str]) -> Vec<(usize, &'w str)> {
    let mut left = Vec::with_capacity(words.len());
    let (mut at, mut is_taken) = (0, false);
    let passes_on = words.iter().position(|word| *word == "mcp").unwrap_or(words.len());
    while let Some(word) = words.get(at) {
        let may = !is_taken && at < passes_on;
        if may && ["-p", "--profile"].contains(word) && at + 1 < words.len() {
            at += 1;
            is_taken = true;
        } else if may && word.starts_with("--profile=") {
            is_taken = true;
        } else {
            left.push((at, *word));
        }
        at += 1;
    }
    left
}

/// What one parser does with the words that are left for it.
struct Level<'l> {
    commands: &'static Commands,
    command: &'l Command,
    words: &'l [(usize, &'l str)],
}

enum Ending {
    /// The word at `at` names a command below.
    Command {
        at: usize,
        path: &'static str,
    },
    Done,
}

/// A word as `_parse_optional` of `argparse` takes it.
enum Kind<'l> {
    Plain,
    Unknown,
    Help,
    Ambiguous,
    Option { option: &'l Argument, value: Option<&'l str>, is_short: bool },
}

impl<'l> Level<'l> {
    fn read(&self, reading: &mut Reading) -> Ending {
        let kinds: Vec<Kind<'_>> = self.words.iter().map(|(_, word)| self.kind(word)).collect();
        // For each word, where the words behind it that are no options end.
        let mut ends = vec![self.words.len(); self.words.len() + 1];
        for at in (0..self.words.len()).rev() {
            let is_plain = matches!(kinds.get(at), Some(Kind::Plain));
            let end = if is_plain { ends.get(at + 1).copied().unwrap_or(at) } else { at };
            if let Some(slot) = ends.get_mut(at) {
                *slot = end;
            }
        }
        let end_of = |at: usize| ends.get(at).copied().unwrap_or(at);
        // `argparse` finds ambiguous beginnings before it does anything.
        if let Some(at) = kinds.iter().position(|kind| matches!(kind, Kind::Ambiguous)) {
            return self.refuse(reading, Refusal::Ambiguous(self.number(at)));
        }
        let mut open: &[Argument] = &self.command.positionals;
        let mut seen: Vec<&str> = Vec::new();
        let mut at = 0;
        loop {
            // Positionals, as many as fit on what stands here.
            let is_last = at >= self.words.len() || end_of(at) == self.words.len();
            if end_of(at) > at || is_last {
                let count = end_of(at) - at;
                let taken = fitting(open, count);
                let (fit, rest) = open.split_at_checked(taken).unwrap_or((open, &[]));
                let mut least: usize = fit.iter().map(|positional| least(positional.count)).sum();
                let mut from = at;
                for positional in fit {
                    least -= self::least(positional.count);
                    let room = (at + count - from).saturating_sub(least);
                    let width = match positional.count {
                        Count::None | Count::One => 1,
                        Count::Optional => room.min(1),
                        Count::Any | Count::Some => room,
                        Count::Rest => self.words.len() - from,
                    };
                    for index in from..from + width {
                        self.give(reading, positional, index, None);
                        if let Some(refusal) = not_among(reading, positional) {
                            return self.refuse(reading, refusal);
                        }
                    }
                    from += width;
                }
                open = rest;
                at = from;
                if open.is_empty() && self.command.has_commands && end_of(at) > at {
                    let (_, name) = self.words.get(at).copied().unwrap_or((0, ""));
                    let path = [self.command.path, name].join(" ");
                    return match self.commands.command(path.trim_start()) {
                        Some(below) if !name.contains(' ') => Ending::Command { at, path: below.path },
                        _ => self.refuse(reading, Refusal::UnknownCommand(self.number(at))),
                    };
                }
                let end = end_of(at);
                reading.extras.extend((at..end).map(|index| self.number(index)));
                at = end;
            }
            let Some(kind) = kinds.get(at) else { break };
            match kind {
                Kind::Help => return Ending::Done,
                Kind::Option { option, value, is_short } => {
                    seen.extend(option.names.first());
                    if let Some(value) = value {
                        match option.count {
                            Count::None if *is_short && self.is_switches(value) => {}
                            Count::None => {
                                return self.refuse(reading, Refusal::NeedlessValue(self.number(at)));
                            }
                            _ => self.give(reading, option, at, Some(value)),
                        }
                        at += 1;
                    } else {
                        let room = if option.count == Count::Rest {
                            self.words.len() - at - 1
                        } else {
                            end_of(at + 1) - (at + 1).min(end_of(at + 1))
                        };
                        let width = match option.count {
                            Count::None => 0,
                            Count::One | Count::Optional => room.min(1),
                            Count::Any | Count::Some | Count::Rest => room,
                        };
                        if width < least(option.count) {
                            return self.refuse(reading, Refusal::NoValue(self.number(at)));
                        }
                        for index in at + 1..=at + width {
                            self.give(reading, option, index, None);
                        }
                        at += 1 + width;
                    }
                    if option.count != Count::None
                        && let Some(refusal) = not_among(reading, option)
                    {
                        return self.refuse(reading, refusal);
                    }
                }
                _ => {
                    reading.extras.push(self.number(at));
                    at += 1;
                }
            }
        }
        let mut missing: Vec<&'static str> = Vec::new();
        for argument in open.iter().chain(&self.command.options).filter(|argument| argument.required) {
            let name = argument.names.first().copied().unwrap_or("");
            if !seen.contains(&name) {
                missing.push(name);
            }
        }
        // Whether a command has to follow is not told for `hermes` itself, which opens a chat, and for groups that print
        // their help; those that insist are `COMMAND` in the tables.
        if self.command.needs_command {
            missing.push("COMMAND");
        }
        if !missing.is_empty() {
            return self.refuse(reading, Refusal::Missing(missing));
        }
        Ending::Done
    }

    fn refuse(&self, reading: &mut Reading, refusal: Refusal) -> Ending {
        reading.refusal = Some(refusal);
        Ending::Done
    }

    /// The number of a word on the whole line.
    fn number(&self, at: usize) -> usize {
        self.words.get(at).map_or(0, |(number, _)| *number)
    }

    fn give(&self, reading: &mut Reading, argument: &Argument, at: usize, value: Option<&str>) {
        let Some((word, text)) = self.words.get(at) else { return };
        let name = argument.names.first().copied().unwrap_or("");
        reading.values.push(Given { name, word: *word, text: value.unwrap_or(text).to_owned() });
    }

    fn named(&self, name: &str) -> Option<&'l Argument> {
        self.command.options.iter().find(|option| option.names.contains(&name))
    }

    fn kind<'w>(&'w self, word: &'w str) -> Kind<'w> {
        let option = |option, value, is_short| Kind::Option { option, value, is_short };
        if !word.starts_with('-') || word.len() == 1 {
            return Kind::Plain;
        }
        if ["-h", "--help"].contains(&word) {
            return Kind::Help;
        }
        if let Some(exact) = self.named(word) {
            return option(exact, None, false);
        }
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        if let Some(exact) = self.named(name).filter(|_| value.is_some()) {
            return option(exact, value, false);
        }
        if word.starts_with("--") {
            let begun = |own: &&&str| own.starts_with(name);
            let mut found = self
                .command
                .options
                .iter()
                .flat_map(|option| option.names.iter().filter(begun).map(move |_| option));
            let is_help = "--help".starts_with(name);
            return match (found.next(), found.next(), is_help) {
                (None, _, true) => Kind::Help,
                (Some(one), None, false) => option(one, value, false),
                (None, ..) => unknown(word),
                _ => Kind::Ambiguous,
            };
        }
        let end = word.char_indices().nth(2).map_or(word.len(), |(at, _)| at);
        let (short, rest) = word.split_at_checked(end).unwrap_or((word, ""));
        if short == "-h" && self.is_switches(rest) {
            return Kind::Help;
        }
        match self.named(short) {
            Some(one) => option(one, Some(rest), true),
            None => unknown(word),
        }
    }

    /// Whether `rest`, which stands behind a switch of one letter, is such switches too.
    fn is_switches(&self, rest: &str) -> bool {
        rest.chars().all(|letter| {
            let name: String = ['-', letter].into_iter().collect();
            name == "-h" || self.named(&name).is_some_and(|option| option.count == Count::None)
        })
    }
}

/// What begins with a hyphen and is no option: a negative number and a text with a space are values.
fn unknown(word: &str) -> Kind<'static> {
    let digits = word.trim_start_matches('-');
    let is_number = digits.len() + 1 == word.len()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().filter(|byte| *byte == b'.').count() < 2
        && !digits.ends_with('.');
    if is_number || word.contains(' ') { Kind::Plain } else { Kind::Unknown }
}

/// The fewest words that an argument takes.
fn least(count: Count) -> usize {
    usize::from(matches!(count, Count::One | Count::Some))
}

/// How many of `open`, from the first, are matched by `count` words: `_match_arguments_partial`.
fn fitting(open: &[Argument], count: usize) -> usize {
    let mut sum = 0;
    open.iter()
        .take_while(|positional| {
            sum += least(positional.count);
            sum <= count
        })
        .count()
}

/// The refusal of the value that was given last, where it may not be given.
fn not_among(reading: &Reading, argument: &Argument) -> Option<Refusal> {
    let last = reading.values.last()?;
    let is_allowed = argument.choices.is_empty() || argument.choices.contains(&last.text.as_str());
    (!is_allowed).then(|| Refusal::InvalidChoice(reading.values.len() - 1, argument.choices.clone()))
}
