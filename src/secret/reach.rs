//! How far a value without quotes goes on behind its first word.
//!
//! In a `.env` it does so up to the end of the line, blanks included; in a shell up to the first of them; and people say in
//! the same line what is wrong with it. What may still be the value belongs to it here.

use super::grammar::{ASSIGNS, QUOTES};
use super::steps::looked_at;
use crate::base::text::{Chars, Search};
use crate::python::is_alphanumeric;

/// What is known of a value before its end is looked for.
#[derive(Clone, Copy)]
pub(super) struct Beginning {
    /// Whether a variable in upper case and `=` stand before it: only another one ends it then.
    pub(super) is_of_variable: bool,
    /// Whether its first word is plainly no secret: a single word of a sentence behind it is one then.
    pub(super) is_plain: bool,
    /// Whether it may be made of the words of a sentence, as what people choose themselves.
    pub(super) may_be_words: bool,
}

/// How many bytes of `rest`, which stands behind the first word of a value, belong to the value.
pub(super) fn length_behind(rest: &str, beginning: Beginning) -> usize {
    let wanted = if beginning.is_plain { 1 } else { 2 };
    let (mut end, mut sentence, mut common) = (0, None, 0);
    let mut is_behind_comma = false;
    for word in rest.split_whitespace() {
        looked_at(word.len());
        let start = word.as_ptr() as usize - rest.as_ptr() as usize;
        let is_over = ends_value(word)
            || is_pair(word, is_behind_comma, beginning)
            || end == 0 && (start > 0 && PROGRAMS.contains(&word) || start == 0 && is_tag(word));
        if is_over {
            break;
        }
        if word.contains(IS_CHINESE) {
            return sentence.unwrap_or(end);
        }
        if !beginning.may_be_words
            && COMMON.contains(&word.trim_end_matches(ENDING).to_ascii_lowercase().as_str())
        {
            sentence = sentence.or(Some(end));
            common += 1;
            if common == wanted || end == 0 {
                return sentence.unwrap_or(end);
            }
        }
        // A quote or a bracket that closes is none of it.
        if word.chars().any(is_alphanumeric) {
            end = start + word.len();
        }
        if word.ends_with(';') {
            break;
        }
        is_behind_comma = word.ends_with(',');
    }
    end
}

const ENDING: Chars = |c| matches!(c, '.' | ',' | '!' | '?' | ':' | ')');
/// Chinese characters and its punctuation: no key has one, and no blank stands before a sentence.
const IS_CHINESE: Chars = |c| matches!(c, '\u{2e80}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}');

/// Whether no value goes on with `word`: a comment, a sign of the shell, an arrow, the option of a command.
fn ends_value(word: &str) -> bool {
    const SIGNS: &[&str] = &["&&", "||", "|", "│", ";", "&", "\\", ">", ">>", "<", "—", "–", ","];
    const NOTES: &[&str] = &["#", "//", "<-", "->", "=>", "-->", "←", "→", "⇐", "⇒", "⬅", "➡"];
    let is_option = word.strip_prefix('-').is_some_and(|rest| {
        let name = rest.strip_prefix('-').unwrap_or(rest);
        let is_long = name.len() < rest.len();
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && (is_long || name.len() == 1)
    });
    is_option || SIGNS.contains(&word) || NOTES.iter().any(|note| word.starts_with(note))
}

/// Whether `word` begins another name with its value.
fn is_pair(word: &str, is_behind_comma: bool, beginning: Beginning) -> bool {
    let Some(at) = word.find(ASSIGNS) else { return false };
    let (name, value) = word.split_at(at);
    let is_equals = value.starts_with('=');
    let bare = name.trim_matches(|c: char| QUOTES(c) || "{[(,".has(c));
    let is_name = bare.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    let is_upper = !bare.bytes().any(|byte| byte.is_ascii_lowercase());
    // The end of a text in base64 is none.
    let has_value = value.chars().any(is_alphanumeric);
    is_name
        && if beginning.is_of_variable {
            is_equals && is_upper && has_value
        } else {
            is_equals && has_value || !is_equals && (is_behind_comma || name.ends_with(QUOTES))
        }
}

/// Whether a tag of HTML stands directly behind the value.
fn is_tag(word: &str) -> bool {
    word.strip_prefix('<').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'))
}

/// What is called with a variable before it.
const PROGRAMS: &[&str] = &[
    "hermes",
    "poolcheck",
    "sudo",
    "env",
    "exec",
    "nohup",
    "bash",
    "sh",
    "zsh",
    "python",
    "python3",
    "uv",
    "uvx",
    "npx",
    "npm",
    "node",
    "docker",
    "podman",
    "curl",
];

/// Words that sentences are made of, and keys are not.
const COMMON: &[&str] = &[
    "a", "an", "the", "this", "that", "it", "i", "we", "my", "is", "isn't", "are", "was", "be", "has",
    "have", "does", "doesn't", "do", "don't", "did", "can", "can't", "not", "no", "and", "or", "but", "so",
    "if", "when", "then", "than", "which", "what", "why", "how", "because", "in", "into", "to", "at", "on",
    "for", "from", "with", "without", "as", "of", "by", "still", "also", "only", "too", "works", "work",
    "there",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_goes_on_up_to_what_ends_it() {
        let of = |is_of_variable, rest: &str| {
            length_behind(rest, Beginning { is_of_variable, is_plain: false, may_be_words: false })
        };
        for rest in
            [" abc def", "\u{a0}abc-DEF", " -v1-abc", " def=ghi", " abcd==", " correct horse", " in it abc"]
        {
            let expected = if rest.starts_with(" in") { 0 } else { rest.len() };
            assert_eq!(of(true, rest), expected, "{rest}");
        }
        for (value, rest) in [
            (" abc", " # mine"),
            (" abc", " B_KEY=c"),
            (" abc", " && hermes"),
            (" abc", " --option"),
            (" abc", " does not work"),
            ("", " in it"),
            ("", " hermes chat"),
            ("", "，还是不行"),
            ("", "</code> abc"),
        ] {
            assert_eq!(of(true, &[value, rest].concat()), value.len(), "{rest}");
        }
        assert_eq!(of(false, " abc, provider: b"), " abc,".len());
        assert_eq!(of(false, " abc \"provider\": b"), " abc".len());
        assert_eq!(of(false, " abc provider=b"), " abc".len());
    }
}
