//! `has_usable_secret`: what Hermes takes for a key when it looks at variables and config values.

use crate::facts::Facts;
use crate::python::{Value, lower, strip};

/// `has_usable_secret(value)` of `hermes_cli/auth.py`: a `str` of four characters or more that is no
/// placeholder. Pools do not ask it.
///
/// ```
/// use poolcheck::facts::Facts;
/// use poolcheck::hermes::providers::has_usable_secret;
/// use poolcheck::python::Value;
/// let facts = Facts::newest().unwrap();
/// assert!(has_usable_secret(facts, &Value::str("sk-fake-key")));
/// assert!(!has_usable_secret(facts, &Value::str(" ChangeMe ")));
/// assert!(!has_usable_secret(facts, &Value::int(123456)));
/// ```
pub fn has_usable_secret(facts: &Facts, value: &Value) -> bool {
    value.as_str().is_some_and(|text| is_usable(facts, text))
}

/// [`has_usable_secret`] of a text.
pub(in crate::hermes) fn is_usable(facts: &Facts, text: &str) -> bool {
    let text = strip(text);
    text.chars().count() >= facts.shortest_secret && !facts.placeholder_secrets.contains(&lower(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values are those of `has_usable_secret` of 0.19.0.
    #[test]
    fn usable_as_hermes_finds_it() {
        let facts = Facts::of("0.19.0").unwrap();
        for usable in ["abcd", "键键键键", "****", "your-api-key-here", "sk-…", "nonee"] {
            assert!(is_usable(facts, usable), "{usable}");
        }
        for unusable in ["", "abc", "   abc   ", "NULL", "Your_API_Key", "\u{1f}dummy\u{3000}", "键键键"] {
            assert!(!is_usable(facts, unusable), "{unusable}");
        }
    }
}
