//! `has_usable_secret`: what Hermes takes for a key when it looks at variables and config values.

use crate::python::{Value, lower, strip};

/// Texts that people leave where a key belongs.
const PLACEHOLDERS: [&str; 12] = [
    "*",
    "**",
    "***",
    "changeme",
    "your_api_key",
    "your_api_key_here",
    "your-api-key",
    "placeholder",
    "example",
    "dummy",
    "null",
    "none",
];

/// The number of characters that a key has at least.
const SHORTEST: usize = 4;

/// `has_usable_secret(value)` of `hermes_cli/auth.py`: a `str` of four characters or more that is no
/// placeholder. Pools do not ask it.
///
/// ```
/// use poolcheck::hermes::providers::has_usable_secret;
/// use poolcheck::python::Value;
/// assert!(has_usable_secret(&Value::str("sk-fake-key")));
/// assert!(!has_usable_secret(&Value::str(" ChangeMe ")));
/// assert!(!has_usable_secret(&Value::int(123456)));
/// ```
pub fn has_usable_secret(value: &Value) -> bool {
    value.as_str().is_some_and(is_usable)
}

/// [`has_usable_secret`] of a text.
pub(in crate::hermes) fn is_usable(text: &str) -> bool {
    let text = strip(text);
    text.chars().nth(SHORTEST - 1).is_some() && !PLACEHOLDERS.contains(&lower(text).as_str())
}

#[cfg(test)]
mod tests {
    use super::is_usable;

    /// Expected values are those of `has_usable_secret` of 0.19.0.
    #[test]
    fn usable_as_hermes_finds_it() {
        for usable in ["abcd", "键键键键", "****", "your-api-key-here", "sk-…", "nonee"] {
            assert!(is_usable(usable), "{usable}");
        }
        for unusable in ["", "abc", "   abc   ", "NULL", "Your_API_Key", "\u{1f}dummy\u{3000}", "键键键"] {
            assert!(!is_usable(unusable), "{unusable}");
        }
    }
}
