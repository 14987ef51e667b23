//! A line of YAML as far as a line alone tells.

use crate::base::text::{BLANK, COLON, Chars, Search, WHITE};
use crate::readers::paste::{ANY_SPACE, Shapes, without_comment};

/// A line of YAML as far as a line alone tells.
pub(in crate::readers) struct YamlLine<'t> {
    /// Whether a mark of a list stands in front.
    pub(in crate::readers) is_item: bool,
    /// The key, where there is one.
    pub(in crate::readers) key: Option<&'t str>,
    /// What stands behind the key or the mark.
    pub(in crate::readers) value: &'t str,
}

impl<'t> YamlLine<'t> {
    pub(in crate::readers) fn of(line: &'t str) -> Self {
        const MARKS: Chars = |c| "-•*·–—◦▪".has(c);
        let behind = line.trim_start_matches(MARKS);
        let is_item = behind.len() < line.len();
        let behind = behind.trim_start_matches(ANY_SPACE);
        match key(behind) {
            Some((key, value)) => Self { is_item, key: Some(key), value },
            None => Self { is_item, key: None, value: behind },
        }
    }

    /// Whether this may be a line of a Hermes config in which no indentation tells: an item of a list that is one word,
    /// or a key.
    pub(in crate::readers) fn is_plain(&self) -> bool {
        const LETTERS: Chars = |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        match self.key {
            Some(key) => key.chars().all(LETTERS),
            None => self.is_item && !self.value.is_empty() && !self.value.contains(WHITE),
        }
    }

    /// Whether the key is one that a Hermes config has anywhere.
    pub(in crate::readers) fn is_known(&self, shapes: &Shapes) -> bool {
        self.key.is_some_and(|key| shapes.is_key(key) || shapes.is_root(key))
    }
}

/// Whether a value of YAML is a block scalar: a text in the lines below, indented deeper than its key.
pub(in crate::readers) fn begins_text(value: &str) -> bool {
    const SIZE: Chars = |c| c == '+' || c == '-' || c.is_ascii_digit();
    let rest = value.strip_prefix(['|', '>']).map(|rest| rest.trim_start_matches(SIZE));
    rest.is_some_and(|rest| {
        rest.is_empty() || (rest.starts_with(BLANK) && without_comment(rest).trim().is_empty())
    })
}

/// The key at the start of a line, and what stands behind its colon.
fn key(line: &str) -> Option<(&str, &str)> {
    const QUOTES: Chars = |c| "\"'“”‘’".has(c);
    const LETTERS: Chars = |c| c.is_ascii_alphanumeric() || "_-./@".has(c);
    let at = line.find(COLON)?;
    let (name, behind) = line.split_at_checked(at)?;
    let wide = behind.starts_with('：');
    let value = behind.trim_start_matches(COLON);
    let name = name.trim_end_matches(ANY_SPACE).trim_matches(QUOTES);
    let ends = wide || value.is_empty() || value.starts_with(ANY_SPACE);
    (ends && !name.is_empty() && name.chars().all(LETTERS)).then(|| (name, value.trim_matches(ANY_SPACE)))
}
