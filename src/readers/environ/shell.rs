//! Commands that set variables: `setx` and `set` of Windows, `$env:` of PowerShell, `set -gx` of fish, `setenv`, `ENV` of a
//! Dockerfile, and `docker run` with its options.

use super::form::Form;
use super::{EnvEntry, Environ, Shell, is_variable, may_be_empty, program};
use crate::base::text::{BLANK, QUOTE, Search, Span};
use crate::python::lower;
use crate::readers::commands::{Word, behind_prompt, simple_commands};

/// Programs that run containers.
const CONTAINERS: [&str; 4] = ["docker", "podman", "nerdctl", "docker-compose"];

/// What a line may be by its first words.
pub(super) fn form_of(line: &str) -> Option<Form> {
    let bare = behind_prompt(line, false).trim();
    let bare = bare.strip_prefix("sudo ").unwrap_or(bare);
    let first = lower(bare.split([' ', '\t', '=', '(']).next().unwrap_or(""));
    if CONTAINERS.contains(&first.as_str()) {
        return bare.split_whitespace().any(|word| matches!(word, "run" | "create")).then_some(Form::Run);
    }
    let is_line = matches!(
        first.as_str(),
        "setx" | "set" | "setenv" | "launchctl" | "systemctl" | "tmux" | "set-item" | "new-item"
    ) || first.starts_with("$env:")
        || first.ends_with("environment]::setenvironmentvariable");
    is_line.then_some(Form::Line)
}

/// Adds the variables that commands at `span` set.
pub(super) fn read(form: Form, text: &str, span: Span, environ: &mut Environ) {
    let line = span.of(text);
    if form == Form::Line && line.has('(') {
        environ.entries.extend(call(text, span));
        return;
    }
    let start =
        if form == Form::Dockerfile { span.start } else { span.end - behind_prompt(line, false).len() };
    let is_other = form == Form::Dockerfile && is_image_of_other(text, span);
    // PowerShell and cmd have signs of their own at the end of a line that goes on.
    simple_commands(text, Span::new(start, span.end), &mut |words| {
        let commands = Command { text, words: &words };
        match form {
            Form::Run => commands.run(environ),
            Form::Dockerfile if is_other => {}
            Form::Dockerfile => commands.of_dockerfile(environ),
            _ => commands.line(environ),
        }
    });
}

/// Whether a Dockerfile tells what its image is made from or runs, and nothing that it does names Hermes.
fn is_image_of_other(text: &str, span: Span) -> bool {
    let (mut is_told, mut is_hermes) = (false, false);
    simple_commands(text, span, &mut |words| {
        let first = words.first().map_or("", |word| word.text.as_str());
        is_told |= matches!(first, "FROM" | "CMD" | "ENTRYPOINT");
        is_hermes |=
            !matches!(first, "ENV" | "LABEL") && words.iter().any(|word| program::has_hermes(&word.text));
    });
    is_told && !is_hermes
}

/// A command by its words.
struct Command<'t> {
    text: &'t str,
    words: &'t [Word],
}

impl Command<'_> {
    fn said(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.text.as_str())
    }

    /// The variable `name`, whose value is the word `value`.
    fn pair(&self, name: &str, name_at: Span, value: &Word) -> Option<EnvEntry> {
        let raw = value.span.of(self.text);
        let is_quoted = raw.len() > 1 && raw.starts_with(QUOTE) && raw.ends_with(QUOTE);
        let inside = if is_quoted { Span::new(value.span.start + 1, value.span.end - 1) } else { value.span };
        let mut entry = EnvEntry::new(name, value.text.clone(), name_at, inside, name_at.to(value.span));
        entry.is_unseen = is_made(value);
        is_variable(name).then_some(entry)
    }

    /// The word `NAME=value`; and `NAME` where it hands a variable on.
    fn assignment(&self, word: &Word, skipped: usize, may_hand_on: bool) -> Option<EnvEntry> {
        let whole = word.text.get(skipped..)?;
        let (name, value) = match whole.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (whole, None),
        };
        if !is_variable(name) || (value.is_none() && !may_hand_on) {
            return None;
        }
        let raw = word.span.of(self.text);
        let name_start = word.span.start + raw.find_text(name)?;
        let name_span = Span::new(name_start, name_start + name.len());
        if value.is_none() {
            // What has no value is shown by its name.
            let mut entry = EnvEntry::new(name, String::new(), name_span, name_span, word.span);
            entry.hand_on();
            return Some(entry);
        }
        let mut value_span = Span::new((name_span.end + 1).min(word.span.end), word.span.end);
        let own = value_span.of(self.text);
        let opened = own.starts_with(QUOTE);
        let closed = own.len() > usize::from(opened) && own.ends_with(QUOTE);
        value_span = Span::new(value_span.start + usize::from(opened), value_span.end - usize::from(closed));
        let mut entry = EnvEntry::new(name, value.unwrap_or("").to_owned(), name_span, value_span, word.span);
        entry.is_unseen = is_made(word);
        if may_hand_on && entry.is_unseen && may_be_empty(&entry.value) {
            entry.hand_on();
        }
        Some(entry)
    }

    /// `NAME=value` behind `set` of cmd. Quotes around all of it are none of the value, quotes around the value are.
    fn of_cmd(&self, word: &Word) -> Option<EnvEntry> {
        let mut entry = self.assignment(word, 0, false)?;
        let raw = word.span.of(self.text);
        if !raw.starts_with(QUOTE) {
            let written = raw.split_once('=')?.1;
            entry.value_place.span = Span::new(word.span.end - written.len(), word.span.end);
            entry.value = written.to_owned();
        }
        Some(entry)
    }

    /// `docker run -e NAME=value --env NAME … image`, where the image, or the command behind it, is that of Hermes; where no
    /// image is to be seen, anything that is called Hermes.
    fn run(&self, environ: &mut Environ) {
        let of_containers = |word: &Word| CONTAINERS.contains(&word.text.as_str());
        let is_run = |word: &Word| matches!(word.text.as_str(), "run" | "create");
        let Some(begun) =
            self.words.iter().position(is_run).filter(|_| self.words.iter().take(2).any(of_containers))
        else {
            return;
        };
        let image = self.image(begun + 1);
        let behind =
            |at: usize| self.words.get(at..).unwrap_or_default().iter().map(|word| word.text.as_str());
        let is_own = match image {
            Some(at) => program::has_hermes(self.said(at)) || program::runs_hermes(behind(at + 1)),
            None => behind(0).any(program::has_hermes),
        };
        let end = image.unwrap_or(self.words.len());
        let mut at = begun + 1;
        while at < end && is_own {
            let Some(word) = self.words.get(at) else { break };
            let text = word.text.as_str();
            let inline = ["--env=", "-e="].into_iter().find(|head| text.starts_with(head)).map(str::len);
            let joined = || (text.starts_with("-e") && is_name_at(text, 2)).then_some(2);
            if let Some(skipped) = inline.or_else(joined) {
                environ.entries.extend(self.assignment(word, skipped, true));
            } else if matches!(text, "-e" | "--env") {
                at += 1;
                environ.entries.extend(self.words.get(at).and_then(|word| self.assignment(word, 0, true)));
            }
            at += 1;
        }
    }

    /// Which word is the image, or the service of compose: the first behind the options, of which most have a value.
    fn image(&self, first: usize) -> Option<usize> {
        const SWITCHES: [&str; 20] = [
            "--rm",
            "--detach",
            "--init",
            "--interactive",
            "--tty",
            "--privileged",
            "--read-only",
            "--publish-all",
            "--no-healthcheck",
            "--oom-kill-disable",
            "--sig-proxy",
            "--disable-content-trust",
            "--quiet",
            "--replace",
            "--no-hosts",
            "--rmi",
            "--service-ports",
            "--use-aliases",
            "--no-deps",
            "--build",
        ];
        let mut at = first;
        while let Some(word) = self.words.get(at) {
            let text = word.text.as_str();
            let Some(option) = text.strip_prefix('-') else { return Some(at) };
            let is_alone = match option.strip_prefix('-') {
                Some(_) => text.has('=') || SWITCHES.contains(&text),
                // Switches in one word, or an option with its value.
                None => option.len() > 1 || matches!(option, "d" | "i" | "t" | "P" | "q" | "T"),
            };
            at += if is_alone { 1 } else { 2 };
        }
        None
    }

    /// `ENV NAME=value OTHER=value`, or `ENV NAME value`.
    fn of_dockerfile(&self, environ: &mut Environ) {
        let Some(name) = self.words.get(1).filter(|_| self.said(0) == "ENV") else { return };
        if !name.text.has('=') {
            let value = self.words.get(2);
            environ.entries.extend(value.and_then(|value| self.pair(&name.text, name.span, value)));
            return;
        }
        let rest = self.words.get(1..).unwrap_or_default();
        environ.entries.extend(rest.iter().filter_map(|word| self.assignment(word, 0, false)));
    }

    /// The variable that a line with these words, switches left out, is meant to set and does not.
    fn failed<'w>(&self, first: &str, plain: &[&'w Word]) -> Option<(&'w str, Shell)> {
        let name = plain.first()?.text.as_str();
        let second = plain.get(1).map_or("", |word| &word.text);
        let (variable, shell) = match first {
            // It sets a variable whose name ends in a space.
            "set" if second.starts_with('=') => (name, Shell::Cmd),
            // It takes all of it for the name.
            "setx" if plain.len() == 1 => (name.split_once('=')?.0, Shell::Setx),
            _ => {
                let rest = name.get(.."$env:".len()).filter(|head| lower(head) == "$env:");
                let rest = name.get(rest?.len()..)?;
                let variable = rest.split('=').next().unwrap_or(rest);
                let value = match rest.split_once('=') {
                    Some((_, "")) => plain.get(1)?.span,
                    Some((_, value)) => {
                        let end = plain.first()?.span.end;
                        Span::new(end.saturating_sub(value.len()), end)
                    }
                    None if second == "=" => plain.get(2)?.span,
                    None => return None,
                };
                // Without quotes it is the name of a command, unless it is a number.
                let is_command = |c: char| c.is_ascii_alphabetic();
                let own = value.of(self.text);
                (own.starts_with(is_command) && own.ends_with(|c: char| !QUOTE(c)))
                    .then_some((variable, Shell::PowerShell))?
            }
        };
        is_variable(variable).then_some((variable, shell))
    }

    /// A line of a shell.
    fn line(&self, environ: &mut Environ) {
        let first = lower(self.said(0));
        let at_name = match first.as_str() {
            "setx" | "setenv" => 1,
            "launchctl" | "systemctl" | "tmux" => {
                let sets = |word: &Word| matches!(word.text.as_str(), "setenv" | "set-environment");
                match self.words.iter().position(sets) {
                    Some(at) => at + 1,
                    None => return,
                }
            }
            "set" | "set-item" | "new-item" => 1,
            _ => 0,
        };
        let rest = self.words.get(at_name..).unwrap_or_default();
        let is_switch = |word: &&Word| word.text.starts_with('-') || word.text.starts_with('/');
        let exports = rest
            .iter()
            .filter(is_switch)
            .any(|word| word.text == "--export" || (!word.text.starts_with("--") && word.text.has('x')));
        let plain: Vec<&Word> = rest.iter().filter(|word| !is_switch(word)).collect();
        let Some(name) = plain.first() else { return };
        if let Some((variable, shell)) = self.failed(&first, &plain) {
            let last = plain.last().map_or(name.span, |word| word.span);
            environ.fail(variable, self.words.first().map_or(name.span, |word| word.span).to(last), shell);
            return;
        }
        let own = lower(&name.text);
        if let Some(of_shell) = ["$env:", "env:"].into_iter().find(|head| own.starts_with(head)) {
            let skipped = of_shell.len();
            if name.text.has('=') {
                let mut entry = self.assignment(name, skipped, false);
                // `$` in front of the name makes nothing of the value unknown.
                if let Some(entry) = &mut entry {
                    entry.is_unseen = entry.value.has('$');
                    if let Some(value) = plain.get(1).filter(|_| entry.value.is_empty()) {
                        (entry.value, entry.value_place.span) = (value.text.clone(), value.span);
                        entry.is_unseen = is_made(value);
                    }
                }
                environ.entries.extend(entry);
                return;
            }
            let value = plain.iter().skip(1).find(|word| word.text != "=");
            let name_span = Span::new(name.span.start + skipped, name.span.end);
            let bare = name.text.get(skipped..).unwrap_or("");
            environ.entries.extend(value.and_then(|value| self.pair(bare, name_span, value)));
            return;
        }
        match first.as_str() {
            // fish; without `-x` nothing that it runs gets the variable.
            "set" if rest.iter().any(|word| is_switch(&word)) => {
                let value = plain.get(1).filter(|_| exports);
                environ.entries.extend(value.and_then(|value| self.pair(&name.text, name.span, value)));
            }
            // cmd: a sentence goes on behind it.
            "set" if plain.len() == 1 => environ.entries.extend(self.of_cmd(name)),
            "systemctl" => {
                environ.entries.extend(plain.iter().filter_map(|word| self.assignment(word, 0, false)));
            }
            "setx" | "setenv" | "launchctl" | "tmux" if plain.len() == 2 => {
                let value = plain.get(1);
                environ.entries.extend(value.and_then(|value| self.pair(&name.text, name.span, value)));
            }
            _ => {}
        }
    }
}

/// Whether something of the shell stands in a word: a variable, or what a command prints.
fn is_made(word: &Word) -> bool {
    word.is_open && (word.text.has('$') || word.text.has('`') || word.text.has('%'))
}

fn is_name_at(text: &str, at: usize) -> bool {
    let name = text.get(at..).unwrap_or("");
    is_variable(name.split('=').next().unwrap_or(""))
}

/// `[Environment]::SetEnvironmentVariable("NAME", "value", "User")`.
fn call(text: &str, span: Span) -> Option<EnvEntry> {
    let open = span.start + span.of(text).find('(')? + 1;
    let (name, behind) = argument(text, open, span.end)?;
    let comma = text.get(behind..span.end)?.trim_start_matches(BLANK);
    let after = comma.strip_prefix(',')?.trim_start_matches(BLANK);
    let at = span.end - after.len();
    let own = name.of(text);
    let (value, is_unseen) = match argument(text, at, span.end) {
        Some((value, _)) => {
            (value, text.get(at..).is_some_and(|rest| rest.starts_with('"')) && value.of(text).has('$'))
        }
        None => (Span::new(at, at + after.find([',', ')'])?), true),
    };
    let mut entry =
        EnvEntry::new(own, value.of(text).to_owned(), name, value, Span::new(name.start, value.end));
    entry.is_unseen = is_unseen;
    is_variable(own).then_some(entry)
}

/// What stands in the quotes that open at a byte, and where they are over.
pub(super) fn argument(text: &str, at: usize, end: usize) -> Option<(Span, usize)> {
    let rest = text.get(at..end)?;
    let quote = rest.chars().next().filter(|c| QUOTE(*c))?;
    let length = rest.get(1..)?.find(quote)?;
    Some((Span::new(at + 1, at + 1 + length), at + length + 2))
}

/// Adds the attributes of Nix at `span` that are variables.
pub(super) fn attributes(text: &str, span: Span, environ: &mut Environ) {
    let mut at = span.start;
    for line in span.of(text).split_inclusive('\n') {
        let own = Span::new(at, at + line.trim_end().len());
        at += line.len();
        environ.entries.extend(attribute(text, own));
        environ.has_settings |= names_provider(own.of(text));
    }
}

/// Whether an attribute is the provider of Hermes' settings: `provider = "…";`.
fn names_provider(line: &str) -> bool {
    let (path, value) = line.split_once('=').unwrap_or_default();
    let name = path.trim().rsplit('.').next();
    name == Some("provider") && value.trim_start().starts_with('"') && value.trim_end().ends_with(';')
}

/// `environment.NAME = "value";`
fn attribute(text: &str, span: Span) -> Option<EnvEntry> {
    let (head, rest) = span.of(text).split_once('=')?;
    let name = head.trim().rsplit('.').next()?;
    let start = span.start + head.find_text(name)?;
    let value_at = span.end - rest.trim_start().len();
    let (value, _) = argument(text, value_at, span.end)?;
    let name_span = Span::new(start, start + name.len());
    let written = value.of(text);
    let mut entry = EnvEntry::new(name, written.to_owned(), name_span, value, name_span.to(value));
    entry.is_unseen = written.holds("${");
    is_variable(name).then_some(entry)
}
