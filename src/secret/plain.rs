//! What is plainly no secret, though it stands where one is expected.

use super::is_key_variable;
use super::names::{Says, names_a_secret};
use super::steps::looked_at;
use crate::base::text::{Chars, Search};
use crate::python::{is_alphanumeric, is_letter};

/// Words for how it stands with a value, and for none.
const STATES: &[&str] = &[
    // Booleans and nothing.
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "null",
    "none",
    "nil",
    "undefined",
    "nan",
    "n/a",
    "empty",
    "blank",
    "ok",
    // How it stands with a key.
    "set",
    "unset",
    "not",
    "missing",
    "found",
    "present",
    "absent",
    "configured",
    "unknown",
    "valid",
    "invalid",
    "expired",
    "revoked",
    "rejected",
    "refused",
    "denied",
    "failed",
    "exhausted",
    "active",
    "inactive",
    "required",
    "optional",
    "enabled",
    "disabled",
    "wrong",
    "incorrect",
    "bad",
    "dead",
    "available",
    "unavailable",
    "unauthorized",
    "forbidden",
    "error",
    "loaded",
    "saved",
    "stored",
    "refreshed",
    "rotated",
    "unsupported",
    "default",
    "auto",
    "automatic",
    "manual",
    // That somebody has taken it out.
    "redacted",
    "masked",
    "hidden",
    "removed",
    "deleted",
    "stripped",
    "omitted",
    "censored",
    "secret-value",
    // Types.
    "string",
    "str",
    "text",
    "bool",
    "boolean",
    "int",
    "integer",
    "number",
    "object",
    "any",
    "bytes",
    // What local servers are sent, for they want none.
    "not-needed",
    "no-key-required",
    "not-required",
    "ollama",
    "none-needed",
    "local",
    "lm-studio",
];

/// Words of templates; a value of them only is a place for a key.
const TEMPLATE: &[&str] = &[
    "your",
    "my",
    "the",
    "a",
    "an",
    "api",
    "key",
    "keys",
    "apikey",
    "token",
    "secret",
    "password",
    "value",
    "here",
    "goes",
    "insert",
    "paste",
    "enter",
    "add",
    "put",
    "fill",
    "replace",
    "with",
    "me",
    "this",
    "change",
    "changeme",
    "example",
    "sample",
    "dummy",
    "placeholder",
    "redacted",
    "hidden",
    "masked",
    "removed",
    "todo",
    "tbd",
    "real",
    "actual",
    "own",
    "new",
    "access",
    "in",
    "from",
    "google",
    "gemini",
    "openai",
    "openrouter",
    "anthropic",
    "deepseek",
    "sk",
    "or",
    "v",
    "proj",
    "ant",
    "xxx",
];

/// What stands behind `$` or in braces, and how else a value is said to be elsewhere.
const ELSEWHERE: &[&str] = &[
    "env:",
    "env.",
    "env/",
    "$env:",
    "file:",
    "process.env",
    "os.environ",
    "os.getenv",
    "secrets.",
    "keyring:",
    "!secret ",
    "!env ",
];

/// Whether `value`, behind a name that `says` what it says, is plainly none of a secret's: nothing, a number, a boolean, a
/// state, the name of a variable, a reference, an address, a path, a place for a key, or what is left of one.
///
/// ```
/// use poolcheck::secret::{Says, is_plain};
/// for value in ["", "GOOGLE_API_KEY", "${MY_KEY}", "4096", "none", "https://host/v1", "~/.ssh/id_rsa", "your_api_key_here", "sk-…abc"] {
///     assert!(is_plain(value, Says::Secret), "{value}");
/// }
/// assert!(!is_plain("hunter2", Says::Secret) && !is_plain("swordfish", Says::Secret) && is_plain("swordfish", Says::Maybe));
/// assert!(!is_plain("12345678", Says::Secret) && !is_plain("1234", Says::Password));
/// ```
pub fn is_plain(value: &str, says: Says) -> bool {
    looked_at(value.len());
    let value = value.trim();
    let small = value.to_ascii_lowercase();
    let bare = small.trim_end_matches(ENDING);
    !value.chars().any(is_alphanumeric)
        || STATES.contains(&bare)
        || is_number(value, says)
        || is_variable(value)
        || is_reference(value)
        || is_address(value)
        || is_path(value)
        || is_placeholder(&small)
        || is_masked(value)
        || says == Says::Maybe && is_word(value)
}

/// Whether a value of several words is plainly none of a secret's: a place for a key, or nothing but states and what is elsewhere.
pub(super) fn is_plain_in_words(value: &str) -> bool {
    let is_state = |word: &str| STATES.contains(&word.to_ascii_lowercase().trim_end_matches(ENDING));
    is_placeholder(&value.to_ascii_lowercase())
        || is_reference(value)
        || value.split_whitespace().all(|word| is_state(word) || is_plain_within(word))
}

/// Whether a word within a secret value is plainly none of it: an address, a file, a reference, or what is left of a key.
pub(super) fn is_plain_within(word: &str) -> bool {
    !word.chars().any(is_alphanumeric)
        || is_key_variable(word)
        || is_reference(word)
        || is_address(word)
        || is_path(word) && !word.starts_with('/')
        || is_placeholder(&word.to_ascii_lowercase())
        || is_masked(word)
}

const ENDING: Chars = |c| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')');

/// A count is shorter than a key of digits, and a password may be one of any length.
fn is_number(value: &str, says: Says) -> bool {
    /// From so many digits on it may be a key.
    const LONGEST: usize = 7;
    const SHORTEST_PASSWORD: usize = 4;
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let longest = if says == Says::Password { SHORTEST_PASSWORD - 1 } else { LONGEST };
    digits > 0
        && digits <= longest
        && value
            .trim_end_matches(['k', 'K', 'm', 'M', '%'])
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-._,".contains(&byte))
}

/// The name of a variable: one of a key, or several words in upper case.
fn is_variable(value: &str) -> bool {
    const LONGEST_WORD: usize = 16;
    is_key_variable(value)
        || value.has('_')
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && value.split('_').all(|word| {
                word.len() <= LONGEST_WORD
                    && word.starts_with(|c: char| c.is_ascii_uppercase())
                    && is_wordy(word)
            })
}

/// `$NAME`, `${NAME}`, `{{ name }}`, `<name>`, `env:NAME`, `self.api_key`: the value is elsewhere.
fn is_reference(value: &str) -> bool {
    let is_name = |name: &str| {
        let name = name.trim();
        is_identifier(name) && (is_wordy(name) || names_a_secret(name) && !is_odd(name))
    };
    let within = |open: &str, close: &str| value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let small = value.to_ascii_lowercase();
    if let Some(name) = within("${{", "}}").or(within("{{", "}}")).or(within("${", "}")).or(within("{", "}"))
    {
        return is_name(name.trim().trim_start_matches(['$', '.', ' ']).trim_start_matches("env:"));
    }
    // Within a sentence a value ends before the brace.
    if let Some(name) = value.strip_prefix("${").filter(|name| !name.contains('}')) {
        return is_name(name);
    }
    if let Some(words) = within("<", ">").or(within("[", "]")).or(within("«", "»")) {
        return words
            .split(|c: char| !is_alphanumeric(c))
            .all(|word| word.chars().all(is_letter) && is_wordy_or_foreign(word));
    }
    if let Some(name) = within("%", "%").or(value.strip_prefix('$')).or(value.strip_prefix("*")) {
        return is_name(name);
    }
    // A cmdlet of PowerShell.
    let is_cmdlet = ["ConvertTo-", "Get-", "Read-", "New-"].iter().any(|verb| {
        value
            .strip_prefix(verb)
            .is_some_and(|noun| noun.len() < 24 && noun.bytes().all(|byte| byte.is_ascii_alphabetic()))
    });
    if is_cmdlet {
        return true;
    }
    if value.starts_with("$(") || ELSEWHERE.iter().any(|start| small.starts_with(start)) {
        let name = value
            .rsplit([':', '.', '/', '(', '[', ' '])
            .next()
            .unwrap_or("")
            .trim_matches(['"', '\'', ')', ']']);
        return value.starts_with("$(") || is_name(name) || is_path(value.trim_start_matches("file:"));
    }
    // An expression of a program: `self.api_key`, `settings.token`.
    let is_call = value.has('(')
        && value
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.' | b'(' | b')' | b','));
    if is_call {
        return true;
    }
    let is_code = value.has('.') || value.has('_');
    is_code && value.len() <= 40 && value.split('.').all(is_identifier) && is_wordy(value) && {
        let last = value.rsplit('.').next().unwrap_or("");
        names_a_secret(last) && !value.bytes().any(|byte| byte.is_ascii_digit())
    }
}

fn is_wordy_or_foreign(word: &str) -> bool {
    word.is_empty() || !word.is_ascii() || is_wordy(word)
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

/// A URL. What is secret in it is found by its own parts.
fn is_address(value: &str) -> bool {
    value.cut_at("://").is_some_and(|(scheme, rest)| {
        !rest.is_empty()
            && !rest.contains(char::is_whitespace)
            && scheme.len() < 20
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
            && !scheme.is_empty()
    })
}

/// A path or the name of a file, of words that people give to files.
pub(super) fn is_path(value: &str) -> bool {
    looked_at(value.len());
    const FILES: &[&str] = &[
        "txt", "md", "json", "yaml", "yml", "toml", "env", "log", "py", "js", "ts", "rs", "sh", "ini", "cfg",
        "conf", "pem", "crt", "png", "jpg", "html", "xml", "csv", "service", "key", "zip", "gz",
    ];
    let is_rooted = ["/", "~/", "./", "../"].iter().any(|start| value.starts_with(start))
        || value.get(1..3).is_some_and(|drive| drive == ":\\" || drive == ":/");
    let is_file = value.rsplit_once('.').is_some_and(|(_, ending)| FILES.contains(&ending));
    let is_separator = |c: char| matches!(c, '/' | '\\');
    (is_rooted || is_file)
        && value.split(is_separator).all(|part| {
            part.len() <= 40
                && (part.is_empty()
                    || part.trim_matches(['.', '~', ':']).is_empty()
                    || is_wordy(part.trim_start_matches('.')))
        })
}

/// A place for a key: `your_api_key_here`, `sk-xxxxxxxx`, `<your key>`.
pub(super) fn is_placeholder(small: &str) -> bool {
    /// Names of providers and words such as `key` are not longer.
    const LONGEST_PART: usize = 12;
    const CHINESE: &[&str] = &["密钥", "你的", "您的", "填写", "填入", "替换"];
    if CHINESE.iter().any(|part| small.holds(part)) {
        // A key may stand behind such a word, without a blank between.
        let is_part = |word: &str| {
            word.len() <= LONGEST_PART && word.bytes().all(|byte| byte.is_ascii_alphabetic())
                || word.len() == 1
        };
        return small
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .all(is_part);
    }
    const JOINT: Chars = |c| !is_alphanumeric(c);
    let words = || small.split(JOINT).filter(|word| !word.is_empty());
    let is_filler = |word: &str| word.len() >= 3 && word.bytes().all(|byte| byte == b'x');
    let is_template = |word: &str| {
        TEMPLATE.contains(&word)
            || is_filler(word)
            || word.bytes().all(|byte| byte.is_ascii_digit()) && word.len() == 1
    };
    // A provider's name may stand in between: `your_groq_key_here`.
    let says_yours = words().next() == Some("your") || words().next_back() == Some("here");
    let is_whole = words()
        .all(|word| is_template(word) || says_yours && word.bytes().all(|byte| byte.is_ascii_lowercase()));
    const SAYING: &[&str] = &[
        "your",
        "here",
        "example",
        "sample",
        "dummy",
        "placeholder",
        "changeme",
        "change",
        "replace",
        "insert",
        "paste",
        "enter",
        "redacted",
        "hidden",
        "masked",
        "removed",
        "todo",
        "tbd",
        "put",
    ];
    is_whole && words().any(|word| SAYING.contains(&word) || is_filler(word))
        || words().eq(["my", "api", "key"])
}

/// What is left of a key that somebody has masked: a mark, and at most a few characters before and behind it.
pub(crate) fn is_masked(value: &str) -> bool {
    const LONGEST_HEAD: usize = 9;
    const LONGEST_TAIL: usize = 4;
    let is_mark = |c: char| matches!(c, '…' | '*' | '•' | '·' | '●');
    let (start, end) = match value.find(is_mark) {
        Some(start) => {
            let end = value.rfind(is_mark).map_or(start, |at| {
                at + value.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
            });
            (start, end)
        }
        None => match value.find_text("...") {
            Some(start) => {
                (start, value.len() - value.get(start..).unwrap_or("").trim_start_matches('.').len())
            }
            None => return false,
        },
    };
    let mark = value.get(start..end).unwrap_or("");
    let is_long = mark.has('…') || mark.chars().count() >= 3;
    let is_only_marks = mark.chars().all(|c| is_mark(c) || c == '.');
    is_long
        && is_only_marks
        && value.get(..start).is_some_and(|head| head.chars().count() <= LONGEST_HEAD)
        && value.get(end..).is_some_and(|tail| tail.chars().count() <= LONGEST_TAIL)
}

/// A name as people give them: small letters, joined or not, with a short number behind.
pub(super) fn is_word(value: &str) -> bool {
    const LONGEST: usize = 40;
    value.len() <= LONGEST
        && value.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && !value.bytes().any(|byte| byte.is_ascii_uppercase())
        && is_wordy(value)
}

/// Whether every part of `text` is a word, with a short number behind or before it: no key that was made is so.
pub(super) fn is_wordy(text: &str) -> bool {
    const LONGEST_WORD: usize = 20;
    const LONGEST_NUMBER: usize = 4;
    const JOINT: Chars = |c| matches!(c, '-' | '_' | '.' | '/' | ':' | '+' | '@' | '~' | ',' | ' ' | '=');
    text.split(JOINT).all(|part| {
        let letters = part.trim_matches(|c: char| c.is_ascii_digit());
        let digits = part.len() - letters.len();
        let is_upper = letters.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_small = letters.bytes().skip(1).all(|byte| byte.is_ascii_lowercase());
        letters.bytes().all(|byte| byte.is_ascii_alphabetic())
            && letters.len() <= LONGEST_WORD
            && (is_upper || is_small)
            && (digits <= LONGEST_NUMBER || letters.is_empty())
    })
}

/// Whether a word of a sentence looks as no word does: letters and digits mixed, or small and capital ones.
pub(crate) fn is_odd(word: &str) -> bool {
    const SHORTEST: usize = 6;
    looked_at(word.len());
    word.len() >= SHORTEST && word.bytes().any(|byte| byte.is_ascii_alphanumeric()) && !is_wordy(word)
}
