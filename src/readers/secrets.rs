//! Finds the credentials that a world holds, so that the redactor knows them.
//!
//! The positions are wide on purpose: a value that only might be a key is masked too.

use crate::base::collections::TextSet;
use crate::base::text::{COLON, Chars, QUOTE, Search};
use crate::python::{Node, Value};
use crate::readers::commands::invocations;
use crate::readers::sealed::sealed;
use crate::secret::{
    LINE_BREAK, Says, Secret, is_key_variable, is_odd, is_plain, may_be_variable, named_spans, says,
    shaped_spans,
};

/// The credentials in `texts` and in the trees that were read of them.
///
/// The lines of the texts are read too, whatever the trees say: a text that does not parse holds keys as well. What `is_name`
/// knows for a provider stands in many places, and is no key where somebody has put it.
pub fn of(texts: &[&str], trees: &[&Node], is_name: &dyn Fn(&str) -> bool) -> Vec<Secret> {
    let mut found = Found { secrets: Vec::new(), names: TextSet::new(), is_name };
    for text in texts {
        found.names.extend(text.split(LINE_BREAK).filter_map(assigned_variable));
    }
    for text in texts {
        found.in_text(text);
        for value in sealed(text) {
            if let Some(own) = &value.text {
                found.in_text(own);
                found.in_text(&[value.key, ": ", own].concat());
            }
            found.secrets.push(Secret::new(value.span.of(text)));
        }
    }
    for tree in trees {
        collect(tree, &mut found);
    }
    found.secrets
}

/// The values in base64 that the Secrets of Kubernetes in `text` have.
pub fn of_sealed(text: &str) -> impl Iterator<Item = Secret> {
    sealed(text).into_iter().map(|value| Secret::new(value.span.of(text)))
}

/// What was found so far, and the names of variables, which are no credentials where a key is expected.
struct Found<'n> {
    secrets: Vec<Secret>,
    names: TextSet,
    is_name: &'n dyn Fn(&str) -> bool,
}

/// What stands between a name and its value.
const ASSIGNS: Chars = |c| c == '=' || COLON(c);

/// The variable of a line `NAME=value`, its name in upper case.
fn assigned_variable(line: &str) -> Option<&str> {
    const UPPER: Chars = |c| c.is_ascii_uppercase();
    let (name, _) = line.split_once('=')?;
    let name = name.trim();
    let name = name.strip_prefix("export ").unwrap_or(name).trim();
    let is_upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    (name.starts_with(UPPER) && name.chars().all(is_upper)).then_some(name)
}

/// Adds the words that may be keys in a text that cannot be read: what stands in a line without a name.
pub fn nameless(text: &str, is_name: &dyn Fn(&str) -> bool, found: &mut Vec<Secret>) {
    for line in text.split(LINE_BREAK) {
        if !line.trim_start().starts_with('#') && !line.contains(ASSIGNS) {
            odd_words(line, is_name, found);
        }
    }
}

/// Adds the words of a line that nobody reads, which may be keys. Words of small letters and underscores, and the
/// variables of keys, are names, and so is what `is_name` knows.
pub fn odd_words(line: &str, is_name: &dyn Fn(&str) -> bool, found: &mut Vec<Secret>) {
    const SHORTEST: usize = 12;
    const BORDER: Chars = |c| c.is_whitespace() || "\"'“”,[]{}:=：".has(c);
    for word in line.split(BORDER) {
        if word.len() >= SHORTEST
            && word.bytes().any(|byte| !(byte.is_ascii_lowercase() || byte == b'_'))
            && !is_key_variable(word)
            && !is_name(word)
        {
            found.push(Secret::new(word));
        }
    }
}

/// Adds the keys on the command lines of `text`: the value of an option or a setting that is called as a key is, what stands
/// behind options for pools, and words that look odd behind commands that take keys and that are no name of a provider, as
/// `is_name` knows them.
pub fn of_commands(text: &str, is_name: &dyn Fn(&str) -> bool, found: &mut Vec<Secret>) {
    const LISTS: [&str; 3] = ["credential-pool", "keys", "credentials"];
    const GROUPS: [&str; 10] = [
        "auth",
        "key",
        "keys",
        "pool",
        "provider",
        "providers",
        "credential",
        "credentials",
        "env",
        "secrets",
    ];
    for call in invocations(text) {
        for variable in &call.variables {
            if let Some((name, value)) = variable.text.split_once('=')
                && let Some(expected) = says(name)
            {
                pieces(value, expected, found);
            }
        }
        let takes_keys = call.words.iter().take(2).any(|word| GROUPS.contains(&word.text.as_str()));
        let adds = call
            .words
            .iter()
            .take(3)
            .any(|word| ["add", "set", "import", "create"].contains(&word.text.as_str()));
        // What the word before it says of this one, and how many words there are that belong to no option.
        let (mut named, mut behind_option, mut plain) = (None, false, 0);
        for word in &call.words {
            let (name, inline) = match word.text.strip_prefix('-') {
                Some(option) => {
                    option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)))
                }
                None => (word.text.as_str(), None),
            };
            let is_option = word.text.starts_with('-');
            let name = name.trim_start_matches('-');
            // People give their pools and keys names as well: `--pool secondary`.
            let own = match says(name) {
                _ if is_option && name == "pool" => Some(Says::Maybe),
                _ if is_option && LISTS.contains(&name) => Some(Says::Secret),
                Some(Says::Maybe) if is_option => Some(Says::Secret),
                own => own,
            };
            let value = inline.unwrap_or(&word.text);
            plain += usize::from(!is_option && !behind_option);
            // `auth add gemini KEY`: no command takes it, and people believe that one does.
            let is_left = takes_keys && adds && !is_option && !behind_option && plain > 3;
            let expected = match (inline, named) {
                (Some(_), _) => own,
                _ if is_option || word.is_open => None,
                (_, None) if is_left => Some(Says::Secret),
                (_, named) => named,
            };
            if let Some(expected) = expected {
                pieces(value, expected, found);
            } else if takes_keys && adds && !is_option {
                odd_words(value, is_name, found);
            }
            // A path of settings names its last part.
            named = own.filter(|_| inline.is_none());
            behind_option = is_option && inline.is_none();
        }
    }
}

/// Adds a value, and what stands between commas in it.
fn pieces(value: &str, expected: Says, found: &mut Vec<Secret>) {
    let all = value.split(',').chain([value]).map(str::trim);
    found.extend(all.filter(|piece| !is_plain(piece, expected)).map(Secret::new));
}

impl Found<'_> {
    /// The values behind names that say secret, and what has the shape of a key.
    fn in_text(&mut self, text: &str) {
        for span in named_spans(text) {
            // A word of a value with blanks may look like the name of a variable.
            const SHORTEST: usize = 8;
            let value = span.of(text);
            if value.len() >= SHORTEST || !is_plain(value, Says::Secret) {
                self.take(value, Says::Secret);
            }
        }
        let mut shaped = Vec::new();
        shaped_spans(text, &mut shaped);
        for span in shaped {
            self.shaped(span.of(text));
        }
        // What has lost its name may be anything.
        let values = text.split(LINE_BREAK).filter_map(|line| line.trim_start().strip_prefix(ASSIGNS));
        values.for_each(|value| {
            self.push(value.trim_matches(|c: char| c.is_whitespace() || QUOTE(c)), Says::Secret)
        });
    }

    /// A part of a key may be all that is shown of it: `${KEY}` is no variable from its first hyphen on.
    fn shaped(&mut self, key: &str) {
        const SHORTEST: usize = 8;
        self.secrets.push(Secret::new(key));
        let parts = key.split(|c: char| !c.is_ascii_alphanumeric());
        self.secrets.extend(parts.filter(|part| part.len() >= SHORTEST && is_odd(part)).map(Secret::new));
    }

    fn push(&mut self, text: &str, expected: Says) {
        if !is_plain(text, expected) {
            self.take(text, expected);
        }
    }

    /// Adds a value that is not plainly none of a secret's, and its parts.
    fn take(&mut self, text: &str, expected: Says) {
        const BETWEEN: Chars = |c| ", ;#|=".has(c);
        const SHORTEST: usize = 8;
        let text = text.trim();
        if self.names.contains(text) || (self.is_name)(text) {
            return;
        }
        // The name of a variable with a comment: only the comment may hold a key.
        if let Some((name, comment)) = text.split_once('#')
            && is_key_variable(name.trim())
        {
            odd_words(comment, &|_| false, &mut self.secrets);
            return;
        }
        self.secrets.push(Secret::new(text));
        // What is one value here may be shown in several lines: not all readers end lines alike.
        if text.contains(LINE_BREAK) {
            self.secrets.extend(text.split(LINE_BREAK).filter(|piece| piece.len() >= 4).map(Secret::new));
        }
        // What is behind an inline comment or a list of keys is masked piece by piece too.
        if text.contains(BETWEEN) {
            let pieces = text.split(BETWEEN).filter(|piece| piece.len() >= SHORTEST);
            self.secrets.extend(pieces.filter(|piece| !is_plain(piece, expected)).map(Secret::new));
        }
    }
}

/// Walks a tree without recursion: user input may be nested deeply.
fn collect(root: &Node, found: &mut Found<'_>) {
    const LARGEST_WALK: usize = 1_000_000;
    let mut open: Vec<(&Node, Option<Says>)> = vec![(root, None)];
    let mut visited = 0;
    while let Some((node, expected)) = open.pop() {
        visited += 1;
        if visited > LARGEST_WALK {
            break;
        }
        match (&node.value, expected) {
            (Value::Str(text), Some(expected)) => found.push(text, expected),
            // An all-digit key is a number to YAML; counts such as `max_tokens` are shorter.
            (Value::Int(number), Some(expected)) => found.push(&number.to_string(), expected),
            (Value::List(items) | Value::Tuple(items) | Value::Set(items), _) => {
                open.extend(items.iter().map(|item| (item, expected)));
            }
            (Value::Dict(dict), _) => open.extend(dict.iter().map(|entry| {
                // Where the name of a variable belongs, what is none is a key.
                let names_variable = ["key_env", "keyEnv", "api_key_env", "apiKeyEnv"]
                    .iter()
                    .any(|name| entry.key.value.as_str() == Some(name));
                let is_name = |text: &str| may_be_variable(text.trim()) || text.trim().starts_with('$');
                if names_variable && entry.value.value.as_str().is_some_and(|text| !is_name(text)) {
                    return (&entry.value, Some(Says::Secret));
                }
                let name = entry.key.value.as_str().unwrap_or("");
                // A string in a pool's list is meant as a key; the rows are judged by their fields.
                let in_pool = expected.filter(|_| matches!(entry.value.value, Value::List(_)));
                let own = says(name).or(in_pool);
                (&entry.value, if name == "credential_pool" { Some(Says::Secret) } else { own })
            })),
            _ => {}
        }
    }
}
