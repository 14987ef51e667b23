//! `_sanitize_env_lines` of `hermes_cli/config.py`: joined assignments are split, lines are stripped.

use std::ops::Range;

use super::mapped::{Mapped, stripped};
use crate::base::collections::TextSet;
use crate::base::text::Search;
use crate::facts::behaviour::Behaviour;
use crate::python::is_space;

/// The names at which a line may be split: the real program's `OPTIONAL_ENV_VARS` and `_EXTRA_ENV_KEYS`.
pub(super) struct KnownNames {
    names: TextSet,
    longest: usize,
}

impl KnownNames {
    pub(super) fn new<'f>(names: impl IntoIterator<Item = &'f str>) -> Self {
        let names: TextSet = names.into_iter().collect();
        let longest = names.iter().map(|name| name.len()).max().unwrap_or(0);
        Self { names, longest }
    }

    /// The start of the longest known name that ends at `end`, where the sign `=` stands. The real program
    /// drops a match inside a longer one; names hold no `=`, so such matches end at the same sign.
    fn start_before(&self, text: &str, end: usize) -> Option<usize> {
        let before = text.as_bytes().get(..end)?;
        let word = before.iter().rev().take(self.longest).take_while(|byte| is_name_byte(**byte)).count();
        (end - word..end).find(|&start| text.get(start..end).is_some_and(|name| self.names.contains(name)))
    }
}

/// Known names are of such bytes only; a test of the tables holds that.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// `_sanitize_env_lines(lines)`, its lines joined. Every line of the result ends with LF.
pub(super) fn sanitize(text: &Mapped, known: &KnownNames, behaviour: &Behaviour) -> Mapped {
    let mut result = Mapped::default();
    for line in text.lines() {
        let content = stripped(text.text(), line.clone());
        let words = text.text().get(content.clone()).unwrap_or("");
        if words.is_empty() || words.starts_with('#') {
            push_line(&mut result, text, line);
            continue;
        }
        for part in segments(words, known, behaviour) {
            let part = stripped(text.text(), content.start + part.start..content.start + part.end);
            push_line(&mut result, text, part);
        }
    }
    result
}

fn push_line(result: &mut Mapped, text: &Mapped, part: Range<usize>) {
    let end = text.span(part.end..part.end).start;
    result.push_part(text, part);
    result.push("\n", end);
}

/// The assignments that are joined in one stripped line; the whole line where it is none of those.
fn segments(line: &str, known: &KnownNames, behaviour: &Behaviour) -> Vec<Range<usize>> {
    let whole = std::iter::once(0..line.len()).collect();
    let starts: Vec<usize> =
        line.match_indices('=').filter_map(|(at, _)| known.start_before(line, at)).collect();
    let is_careful = behaviour.sanitizer_spares_values;
    if starts.len() < 2 || is_careful && starts.first() != Some(&0) {
        return whole;
    }
    let ends = starts.iter().skip(1).copied().chain([line.len()]);
    let parts: Vec<_> = starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect();
    let plain = |part: &Range<usize>| {
        let (_, value) = line.get(part.clone()).and_then(|part| part.split_once('=')).unwrap_or(("", ""));
        !looks_structured(value)
    };
    if !is_careful || parts.iter().rev().skip(1).all(plain) { parts } else { whole }
}

/// `_looks_like_structured_value`: a URL, a query string, or words; a name inside it is part of the value.
fn looks_structured(value: &str) -> bool {
    value.holds("://") || value.contains(['?', '&']) || value.contains(is_space)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;

    fn sanitized(text: &str) -> String {
        let known = KnownNames::new(["GLM_API_KEY", "LM_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"]);
        sanitize(&Mapped::read(text, true), &known, &Facts::newest().unwrap().behaviour).text().to_owned()
    }

    #[test]
    fn known_names_are_of_name_bytes_only() {
        let env = &Facts::newest().unwrap().env;
        assert!(env.optional.iter().chain(env.extra.iter()).all(|name| name.bytes().all(is_name_byte)));
    }

    #[test]
    fn joined_assignments_are_split_at_known_names() {
        assert_eq!(sanitized("GLM_API_KEY=aOPENAI_API_KEY=b\n"), "GLM_API_KEY=a\nOPENAI_API_KEY=b\n");
        assert_eq!(sanitized("OTHER=aOPENAI_API_KEY=b"), "OTHER=aOPENAI_API_KEY=b\n");
        assert_eq!(
            sanitized("OPENAI_BASE_URL=https://xOPENAI_API_KEY=b"),
            "OPENAI_BASE_URL=https://xOPENAI_API_KEY=b\n"
        );
    }

    #[test]
    fn a_name_inside_a_longer_one_is_no_split() {
        assert_eq!(sanitized("GLM_API_KEY=x"), "GLM_API_KEY=x\n");
    }

    #[test]
    fn blank_lines_and_comments_keep_their_blanks() {
        assert_eq!(sanitized("  \n  # c  \n  A=1  \n"), "  \n  # c  \nA=1\n");
    }
}
