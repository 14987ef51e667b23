//! A terminal's session in a pasted text: commands behind a file that it printed, which change what the file says.

use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Edits, Span, sort_by_span};
use crate::facts::Facts;
use crate::hermes::arguments;
use crate::hermes::commands::{Written, config_set};
use crate::hermes::config::value_at;
use crate::python::{Node, Value};
use crate::readers::commands::{Invocation, behind_prompt, invocations};
use crate::readers::split::{Part, Use};
use crate::yaml;

/// A command behind a printed file that changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub kind: SourceKind,
    /// The command, in the pasted text.
    pub command: Span,
    /// Whether it is known what the file says behind it.
    pub is_known: bool,
}

/// The changes that commands make to the files which `parts` of `text` are, in their order, and the edits of `config`, the text of
/// config.yaml among them, that make those which are known. A file counts as printed where a command with a prompt stands
/// right above it, and as changed by commands below it with the same prompt.
pub fn changes(text: &str, parts: &[Part], config: Option<&str>) -> (Vec<Change>, Edits) {
    let mut changes = Vec::new();
    let mut set: Vec<(Span, String)> = Vec::new();
    let root = config.and_then(|config| yaml::load(config, SourceKind::Config).root.ok());
    for kind in [SourceKind::Config, SourceKind::Dotenv, SourceKind::AuthStore, SourceKind::Listing] {
        let Some((number, sign)) = printed(text, parts, kind) else { continue };
        for part in parts.iter().skip(number + 1).filter(|part| part.kind == Some(SourceKind::Commands)) {
            for call in invocations(part.span.of(text)) {
                let command = Span::new(part.span.start + call.span.start, part.span.start + call.span.end);
                if sign_at(text, command.start) != Some(sign) {
                    continue;
                }
                let Some(effect) = effect(&call) else { continue };
                if !effect.kinds().contains(&kind) {
                    continue;
                }
                let edit = match (&effect, &root) {
                    (Effect::Sets(path, value), Some(root)) => replaced(root, path, value),
                    _ => None,
                };
                changes.push(Change { kind, command, is_known: edit.is_some() });
                set.extend(edit);
            }
        }
    }
    // Of two that set the same the last one counts.
    sort_by_span(&mut set, |(span, _)| *span);
    let mut edits: Vec<Edit> = Vec::new();
    for (span, value) in set {
        if edits.last().is_some_and(|last| last.span == span) {
            edits.pop();
        }
        edits.push(Edit::replace(span, value));
    }
    (changes, Edits::new(edits).unwrap_or_default())
}

/// The value at `path` of config.yaml by the last of `commands` that sets it, and where that command stands.
///
/// ```
/// use poolcheck::hermes::session::set_at;
/// let set = set_at("hermes config set model.provider zai\n", "model.provider");
/// assert_eq!(set.map(|(value, _)| value).as_deref(), Some("zai"));
/// ```
pub fn set_at(commands: &str, path: &str) -> Option<(String, Span)> {
    let calls = invocations(commands);
    calls.iter().rev().filter(|call| !call.is_pattern).find_map(|call| match effect_here(call)? {
        Effect::Sets(own, value) if own == path => Some((value, call.span)),
        _ => None,
    })
}

/// The only part that is the file `kind`, and the sign of the prompt above it.
fn printed(text: &str, parts: &[Part], kind: SourceKind) -> Option<(usize, char)> {
    let is_used = |part: &Part| part.kind == Some(kind) && matches!(part.use_of, Use::Used | Use::Under(_));
    let mut own = parts.iter().enumerate().filter(|(_, part)| is_used(part));
    let (number, _) = own.next().filter(|_| own.next().is_none())?;
    let above = parts.get(number.checked_sub(1)?).filter(|part| part.kind == Some(SourceKind::Commands))?;
    let said = above.span.of(text).trim_end();
    let last = said.rfind('\n').map_or(0, |end| end + 1);
    let line = said.get(last..)?;
    let at = line.len() - behind_sign(line)?.1.len();
    sign_at(text, above.span.start + last + at).map(|sign| (number, sign))
}

/// The sign of the prompt in front of the command that begins at byte `at`.
fn sign_at(text: &str, at: usize) -> Option<char> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.split('\n').next()?;
    let (sign, behind) = behind_sign(line)?;
    (start + line.len() - behind.len() == at).then_some(sign)
}

/// The sign of a line's prompt, and what was typed behind it.
fn behind_sign(line: &str) -> Option<(char, &str)> {
    const SIGNS: [char; 6] = ['$', '%', '#', '❯', '➜', 'λ'];
    // Root's sign begins comments as well: who prints a file behind it says what it is.
    if let Some(behind) = line.trim_start().strip_prefix("# ") {
        return Some(('#', behind.trim_start()));
    }
    let behind = behind_prompt(line, true);
    let prompt = line.strip_suffix(behind)?.trim_end();
    let sign = prompt.chars().next_back()?;
    (SIGNS.contains(&sign) || sign == '>' && prompt.contains(":\\")).then_some((sign, behind))
}

/// What a command changes.
enum Effect {
    /// A value of config.yaml, at a dotted path.
    Sets(String, String),
    /// Something of the files.
    Changes(&'static [SourceKind]),
}

impl Effect {
    fn kinds(&self) -> &'static [SourceKind] {
        match self {
            Self::Sets(..) => &[SourceKind::Config],
            Self::Changes(kinds) => kinds,
        }
    }
}

/// What a call changes; `None` where that is nothing, or not known.
fn effect(call: &Invocation) -> Option<Effect> {
    let is_open = call.words.iter().any(|word| word.is_open);
    // A variable may name another home, and so may an option in front of the command.
    let is_elsewhere = !call.variables.is_empty() || call.words.first()?.text.starts_with('-');
    if call.is_pattern || call.is_named || is_open || is_elsewhere {
        return None;
    }
    effect_here(call)
}

/// What a call changes where it is run as it stands, in the home that is meant.
fn effect_here(call: &Invocation) -> Option<Effect> {
    const POOLS: &[SourceKind] = &[SourceKind::AuthStore, SourceKind::Listing];
    const ALL: &[SourceKind] =
        &[SourceKind::Config, SourceKind::Dotenv, SourceKind::AuthStore, SourceKind::Listing];
    let facts = Facts::newest()?;
    let reading = arguments::taken(&facts.commands, &call.texts())?;
    Some(match reading.path {
        "auth add" | "auth remove" => Effect::Changes(POOLS),
        "model" | "setup" => Effect::Changes(ALL),
        "config set" => {
            let (key, value) = (&reading.value("key")?.text, &reading.value("value")?.text);
            match config_set(facts, key, value).ok()? {
                Written::DotEnv(_) => Effect::Changes(&[SourceKind::Dotenv]),
                Written::Config(..) => Effect::Sets(key.clone(), value.clone()),
            }
        }
        _ => return None,
    })
}

/// Where config.yaml has the value at `path`, and what is written there for `value`; `None` where it has no single value there.
fn replaced(root: &Node, path: &str, value: &str) -> Option<(Span, String)> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':');
    // What needs quotes, or is written as something else than text, is left alone.
    if !value.starts_with(|c: char| c.is_ascii_alphabetic())
        || !value.chars().all(is_plain)
        || value.ends_with(':')
    {
        return None;
    }
    let node = value_at(root, path).filter(|_| !path.split('.').any(str::is_empty))?;
    let is_single = matches!(node.value, Value::Str(_) | Value::Bool(_) | Value::Int(_) | Value::Float(_));
    let place = node.place.filter(|place| is_single && !place.span.is_empty())?;
    Some((place.span, value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::split::{split, text_of};

    fn changed(text: &str) -> (Vec<(SourceKind, String, bool)>, String) {
        let parts = split(text);
        let config = text_of(text, &parts, SourceKind::Config).map(|(config, _)| config);
        let (changes, edits) = changes(text, &parts, config.as_deref());
        let told = changes.into_iter();
        let told = told.map(|one| (one.kind, one.command.of(text).to_owned(), one.is_known)).collect();
        (told, edits.apply(&config.unwrap_or_default()))
    }

    const PRINTED: &str = "$ cat ~/.hermes/config.yaml\nmodel:\n  provider: openai\n  default: gpt-5\n";

    #[test]
    fn what_is_set_behind_the_file_counts() {
        let text = format!(
            "{PRINTED}$ hermes config set model.provider zai\n$ hermes config set model.provider openai-api\n$ hermes -z hi\n"
        );
        let (told, config) = changed(&text);
        let set =
            |value: &str| (SourceKind::Config, format!("hermes config set model.provider {value}"), true);
        assert_eq!(told, [set("zai"), set("openai-api")]);
        assert_eq!(config.trim_end(), "model:\n  provider: openai-api\n  default: gpt-5");
    }

    #[test]
    fn what_nobody_can_tell_is_said() {
        let (told, config) =
            changed(&format!("{PRINTED}$ hermes model\n$ hermes config set model.base_url x\n"));
        let said: Vec<_> = told.iter().map(|(_, command, is_known)| (command.as_str(), *is_known)).collect();
        assert_eq!(said, [("hermes model", false), ("hermes config set model.base_url x", false)]);
        assert_eq!(config.trim_end(), "model:\n  provider: openai\n  default: gpt-5");
        let listed = "$ hermes auth list\ngemini (1 credentials):\n  #1  one                  api_key manual ←\n$ hermes auth add gemini\n";
        let (told, _) = changed(listed);
        assert_eq!(told, [(SourceKind::Listing, "hermes auth add gemini".to_owned(), false)]);
    }

    #[test]
    fn what_changes_nothing_of_it() {
        let set = "hermes config set model.provider zai\n";
        for text in [
            // Before it, of another home, proposed, with another prompt, refused.
            format!("$ {set}{PRINTED}"),
            format!("{PRINTED}$ HERMES_HOME=/x {set}"),
            format!("{PRINTED}$ hermes -p work config set model.provider zai\n"),
            format!("{PRINTED}\nShould I run `hermes config set model.provider zai`?\n"),
            format!("{PRINTED}# {set}"),
            format!("{PRINTED}$ hermes config set model.provider\n"),
            format!("my config.yaml:\n\nmodel:\n  provider: openai\n  default: gpt-5\n\n$ {set}"),
        ] {
            assert_eq!(changed(&text).0, [], "{text}");
        }
    }
}
