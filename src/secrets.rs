//! Finds the credentials that a world holds, so that the redactor knows them.
//!
//! The positions are wide on purpose: a value that only might be a key is masked too.

use crate::collections::TextSet;
use crate::python::{Node, Value};
use crate::readers::commands::invocations;
use crate::secret::{Secret, is_key_variable};
use crate::text::{COLON, Chars, Search};

/// Whether a variable or a mapping key of this name may hold a credential.
///
/// ```
/// use poolcheck::secrets::names_a_secret;
/// assert!(names_a_secret("GOOGLE_API_KEY") && names_a_secret("access_token") && names_a_secret("Authorization"));
/// assert!(!names_a_secret("base_url"));
/// ```
pub fn names_a_secret(name: &str) -> bool {
    const ENDS: &[&str] = &["key", "keys", "token", "tokens", "cookie", "authorization"];
    const PARTS: &[&str] = &["api_key", "apikey", "secret", "password", "passwd"];
    let name = name.to_ascii_lowercase();
    name == "api"
        || ENDS.iter().any(|end| name.ends_with(end))
        || PARTS.iter().any(|part| name.holds(part) && !name.ends_with("_env"))
        || name.holds("_key_")
}

/// Fields whose names look like it and that hold names and counts.
fn is_plain(name: &str) -> bool {
    ["secret_source", "secret_fingerprint"].contains(&name)
}

/// The credentials in `texts` and in the trees that were read of them.
///
/// The lines of the texts are read too, whatever the trees say: a text that does not parse holds keys as well.
pub fn of(texts: &[&str], trees: &[&Node]) -> Vec<Secret> {
    let mut found = Found { secrets: Vec::new(), names: TextSet::new() };
    for text in texts {
        each_line(text, &mut |line| {
            if let Some(name) = assigned_variable(line) {
                found.names.insert(name);
            }
        });
    }
    for text in texts {
        each_line(text, &mut |line| {
            if let Some(value) = assigned(line) {
                found.push(value);
            }
            in_quotes(line, &mut found);
        });
    }
    for tree in trees {
        collect(tree, &mut found);
    }
    found.secrets
}

/// What was found so far, and the names of variables, which are no credentials where a key is expected.
struct Found {
    secrets: Vec<Secret>,
    names: TextSet,
}

/// What ends a line for any of those who read or show a text: `str.splitlines()` of Python knows most.
const LINE_BREAK: Chars = |c| {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
};

/// Has `read` look at each line of `text`, and where a line is several to others, at each of those too.
fn each_line(text: &str, read: &mut dyn FnMut(&str)) {
    for line in text.lines() {
        read(line);
        let may_be_several = line.bytes().any(|byte| !matches!(byte, b'\t' | b' '..=b'~'));
        if may_be_several && line.contains(LINE_BREAK) {
            line.split(LINE_BREAK).for_each(&mut *read);
        }
    }
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
    const POOLS: [&str; 4] = ["pool", "credential-pool", "keys", "credentials"];
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
                && names_a_secret(name)
            {
                pieces(value, found);
            }
        }
        let takes_keys = call.words.iter().take(2).any(|word| GROUPS.contains(&word.text.as_str()));
        let adds = call
            .words
            .iter()
            .take(3)
            .any(|word| ["add", "set", "import", "create"].contains(&word.text.as_str()));
        // What the word before it says of this one, and how many words there are that belong to no option.
        let (mut named, mut behind_option, mut plain) = (false, false, 0);
        for word in &call.words {
            let (name, inline) = match word.text.strip_prefix('-') {
                Some(option) => {
                    option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)))
                }
                None => (word.text.as_str(), None),
            };
            let is_option = word.text.starts_with('-');
            let name = name.trim_start_matches('-');
            let names = names_a_secret(&name.replaced("-", "_")) || is_option && POOLS.contains(&name);
            let value = inline.unwrap_or(&word.text);
            plain += usize::from(!is_option && !behind_option);
            // `auth add gemini KEY`: no command takes it, and people believe that one does.
            let is_left = takes_keys && adds && !is_option && !behind_option && plain > 3;
            if names && inline.is_some() || (named || is_left) && !is_option && !word.is_open {
                pieces(value, found);
            } else if takes_keys && adds && !is_option {
                odd_words(value, is_name, found);
            }
            // A path of settings names its last part.
            named = names && inline.is_none();
            behind_option = is_option && inline.is_none();
        }
    }
}

/// Adds a value, and what stands between commas in it.
fn pieces(value: &str, found: &mut Vec<Secret>) {
    if is_key_variable(value) {
        return;
    }
    for piece in value.split(',').chain([value]).map(str::trim).filter(|piece| !piece.is_empty()) {
        found.push(Secret::new(piece));
    }
}

/// Adds the credentials in the lines of a log: what stands behind the name of a header, a parameter or a field, and
/// behind `Bearer`.
pub fn in_log(text: &str, found: &mut Vec<Secret>) {
    /// Shorter words are no keys; numbers are counts.
    const SHORTEST: usize = 6;
    const BORDER: Chars = |c| c.is_whitespace() || "\"'“”‘’`,;&{}[]()<>|".has(c);
    let mut push = |value: &str| {
        if value.len() >= SHORTEST
            && value.bytes().any(|byte| !byte.is_ascii_digit())
            && !is_key_variable(value)
        {
            found.push(Secret::new(value));
        }
    };
    let mut is_value = false;
    // The name in quotes stands before its colon.
    let mut before = "";
    for word in text.split(BORDER).filter(|word| !word.is_empty()) {
        if is_value && !is_scheme(word) {
            push(word);
            is_value = false;
        }
        let mut rest = word;
        while let Some((name, value)) = rest.split_once(ASSIGNS) {
            is_value = names_a_secret_in_log(if name.is_empty() { before } else { name });
            if is_value && !value.is_empty() {
                push(value);
                is_value = false;
            }
            rest = value;
        }
        is_value |= is_scheme(word);
        before = word;
    }
}

/// What stands before a credential in a header.
fn is_scheme(word: &str) -> bool {
    ["bearer", "basic", "token"].iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// Names of credentials in headers, parameters and messages: `Incorrect API key provided: …`.
fn names_a_secret_in_log(name: &str) -> bool {
    let name = name.trim_start_matches("api-").replaced("-", "_");
    name == "provided" || names_a_secret(&name) && !is_plain(&name)
}

/// The value of a line `NAME=value`, `name: value` or `"name": "value"` whose name may be that of a credential.
fn assigned(line: &str) -> Option<&str> {
    const BEFORE_NAME: Chars = |c| " \t\"'{,".has(c);
    const QUOTES: Chars = |c| "\"'“”".has(c);
    let (name, value) = line.split_once(ASSIGNS)?;
    let name = name.rsplit(BEFORE_NAME).find(|word| !word.is_empty());
    let value = value.trim().trim_end_matches(',').trim_matches(QUOTES);
    // What has lost its name may be anything.
    let may_be_secret = name.is_none_or(|name| names_a_secret(name) && !is_plain(name));
    (may_be_secret && !["{", "["].contains(&value)).then_some(value)
}

/// Adds the quoted values behind quoted names that may be those of credentials, as JSON and Python's `repr` write several in a
/// line: `hermes config show` prints `{'provider': 'gemini', 'api_key': '…'}`, before 0.18.2 with the key.
fn in_quotes(line: &str, found: &mut Found) {
    const QUOTE: Chars = |c| matches!(c, '\'' | '"');
    let mut name = "";
    let mut between = "";
    for (number, piece) in line.split(QUOTE).enumerate() {
        if number % 2 == 0 {
            between = piece;
            continue;
        }
        if between.trim() == ":" && names_a_secret(name) && !is_plain(name) {
            found.push(piece);
        }
        name = piece;
    }
}

impl Found {
    fn push(&mut self, text: &str) {
        const BETWEEN: Chars = |c| ", ;#".has(c);
        let text = text.trim();
        if text.is_empty() || is_key_variable(text) || self.names.contains(text) {
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
            let pieces = text.split(BETWEEN).filter(|piece| piece.len() >= 8);
            self.secrets.extend(pieces.filter(|piece| !is_key_variable(piece)).map(Secret::new));
        }
    }
}

/// Walks a tree without recursion: user input may be nested deeply.
fn collect(root: &Node, found: &mut Found) {
    const LARGEST_WALK: usize = 1_000_000;
    let mut open: Vec<(&Node, bool)> = vec![(root, false)];
    let mut visited = 0;
    while let Some((node, is_secret)) = open.pop() {
        visited += 1;
        if visited > LARGEST_WALK {
            break;
        }
        match &node.value {
            Value::Str(text) if is_secret => found.push(text),
            // An all-digit key is a number to YAML; counts such as `max_tokens` are shorter.
            Value::Int(number) if is_secret && number.to_string().len() >= 8 => {
                found.push(&number.to_string());
            }
            Value::List(items) | Value::Tuple(items) | Value::Set(items) => {
                open.extend(items.iter().map(|item| (item, is_secret)));
            }
            Value::Dict(dict) => open.extend(dict.iter().map(|entry| {
                let name = entry.key.value.as_str().unwrap_or("");
                // A string in a pool's list is meant as a key; the rows are judged by their fields.
                let in_pool = is_secret && matches!(entry.value.value, Value::List(_));
                let named = names_a_secret(name) && !is_plain(name);
                (&entry.value, in_pool || named || name == "credential_pool")
            })),
            _ => {}
        }
    }
}
