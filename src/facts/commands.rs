//! What `hermes` takes on its command line: the tree of its argument parser.

use std::cell::OnceCell;

use crate::base::collections::TextMap;

/// The commands of a release, each with the words that describe it: `data/` holds them as `cargo xtask facts` writes
/// them.
#[derive(Clone, Debug)]
pub struct Commands {
    lines: TextMap<String>,
    /// What was made of each line that was asked for.
    read: Vec<OnceCell<Command>>,
}

/// How many words an argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// None: the option is a switch.
    None,
    /// One.
    One,
    /// One or none: `?`.
    Optional,
    /// Any number: `*`.
    Any,
    /// One or more: `+`.
    Some,
    /// Whatever follows: `...`.
    Rest,
}

/// An option or a positional.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The spellings of an option; the name of a positional alone.
    pub names: Vec<&'static str>,
    /// How many words it takes.
    pub count: Count,
    /// The words that it may be; empty where it may be any.
    pub choices: Vec<&'static str>,
    /// Whether it has to be there; of positionals their count says it.
    pub required: bool,
}

/// A command.
#[derive(Clone, Debug)]
pub struct Command {
    /// Its words behind `hermes`, no alias among them; empty for `hermes` itself.
    pub path: &'static str,
    /// Its options but for `-h` and `--help`, which each has.
    pub options: Vec<Argument>,
    /// What it takes beside options, in order.
    pub positionals: Vec<Argument>,
    /// Whether commands stand below it.
    pub has_commands: bool,
    /// Whether one of them has to follow.
    pub needs_command: bool,
}

impl Commands {
    /// The commands of the table `lines`.
    pub(super) fn new(lines: TextMap<String>) -> Self {
        let read = vec![OnceCell::new(); lines.len()];
        Self { lines, read }
    }

    /// The command of these words; `None` where there is none, or where it was not read what it takes.
    ///
    /// ```
    /// use poolcheck::facts::Facts;
    /// let commands = &Facts::of("0.19.0").unwrap().commands;
    /// assert_eq!(commands.command("fallback rm").unwrap().path, "fallback remove");
    /// assert!(commands.command("provider").is_none());
    /// ```
    pub fn command(&'static self, path: &str) -> Option<&'static Command> {
        let at = self.lines.keys().position(path)?;
        let line = self.lines.values().get(at)?;
        if let Some(other) = line.strip_prefix("= ") {
            return self.command_itself(other);
        }
        self.command_itself(path)
    }

    fn command_itself(&'static self, path: &str) -> Option<&'static Command> {
        let at = self.lines.keys().position(path)?;
        let path = self.lines.keys().iter().nth(at)?;
        let line = self.lines.values().get(at)?;
        Some(self.read.get(at)?.get_or_init(|| command_of(path, line)))
    }

    /// Whether there is the command, under this name or as an alias.
    pub fn has(&self, path: &str) -> bool {
        self.lines.contains_key(path)
    }

    /// The names of what stands directly below a command, aliases included.
    pub fn below(&'static self, path: &str) -> Vec<&'static str> {
        let mut names = Vec::new();
        for line in self.lines.keys().iter() {
            let rest = match path {
                "" => Some(line),
                _ => line.strip_prefix(path).and_then(|rest| rest.strip_prefix(' ')),
            };
            if let Some(name) = rest.filter(|rest| !rest.is_empty() && !rest.bytes().any(|byte| byte == b' '))
            {
                names.push(name);
            }
        }
        names
    }
}

fn command_of(path: &'static str, line: &'static str) -> Command {
    let mut command =
        Command { path, options: vec![], positionals: vec![], has_commands: false, needs_command: false };
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        if word.starts_with("COMMAND") {
            command.has_commands = true;
            command.needs_command = !word.ends_with('?');
        } else if word.starts_with('-') {
            command.options.push(option(word));
        } else {
            command.positionals.push(positional(word));
        }
    }
    command
}

/// `--type=oauth,api-key`, `--continue|-c=?`, `--yolo`, `--result=!`.
fn option(word: &'static str) -> Argument {
    let required = word.ends_with('!');
    let word = word.trim_end_matches('!');
    let (names, takes) = word.split_once('=').map_or((word, None), |(names, takes)| (names, Some(takes)));
    let (count, choices) = takes.map_or((Count::None, ""), counted);
    Argument { names: names.split('|').collect(), count, choices: listed(choices), required }
}

/// `provider`, `target?`, `shell?=bash,zsh`, `rest...`.
fn positional(word: &'static str) -> Argument {
    let (name, choices) = word.split_once('=').unwrap_or((word, ""));
    const MARK: crate::base::text::Chars = |c| matches!(c, '?' | '*' | '+' | '.');
    let bare = name.trim_end_matches(MARK);
    let (count, _) = counted(name.get(bare.len()..).unwrap_or(""));
    let required = matches!(count, Count::One | Count::Some);
    Argument { names: vec![bare], count, choices: listed(choices), required }
}

/// How many words, and what stands behind that.
fn counted(text: &'static str) -> (Count, &'static str) {
    let marks = [("...", Count::Rest), ("?", Count::Optional), ("*", Count::Any), ("+", Count::Some)];
    for (mark, count) in marks {
        if let Some(rest) = text.strip_prefix(mark) {
            return (count, rest);
        }
    }
    (Count::One, text)
}

fn listed(choices: &'static str) -> Vec<&'static str> {
    choices.split(',').filter(|choice| !choice.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Facts, RELEASES};

    #[test]
    fn the_words_of_a_command_are_read() {
        let commands = &Facts::of("0.19.0").unwrap().commands;
        let add = commands.command("auth add").unwrap();
        assert_eq!(add.positionals[0].names, ["provider"]);
        let kind = add.options.iter().find(|option| option.names == ["--type"]).unwrap();
        assert_eq!((kind.count, kind.choices.as_slice()), (Count::One, &["oauth", "api-key", "api_key"][..]));
        let own = commands.command("").unwrap();
        let go_on = own.options.iter().find(|option| option.names.contains(&"-c")).unwrap();
        assert_eq!((go_on.names.as_slice(), go_on.count), (&["--continue", "-c"][..], Count::Optional));
        assert!(own.has_commands && !add.has_commands);
        let shell = &commands.command("completion").unwrap().positionals[0];
        assert_eq!((shell.count, shell.choices.len()), (Count::Optional, 3));
        assert_eq!(commands.below("auth"), ["add", "list", "logout", "remove", "reset", "spotify", "status"]);
    }

    #[test]
    fn every_line_of_every_release_is_read() {
        for release in RELEASES {
            let commands = &Facts::of(release).unwrap().commands;
            for path in commands.lines.keys().iter() {
                let command = commands.command(path).unwrap();
                assert!(command.options.iter().all(|option| option.names.iter().all(|n| n.len() > 1)));
                assert_eq!(
                    command.has_commands && !path.is_empty(),
                    !commands.below(command.path).is_empty() && !path.is_empty(),
                    "{path}"
                );
            }
        }
    }
}
