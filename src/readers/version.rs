//! The line in which a release of Hermes names itself.

use crate::text::{Search, Span};

/// The release in a line `Hermes Agent v0.18.2 (…)`, as `hermes --version` and the banner print it, and where it stands. It is
/// the first one in the text, and may be one that nobody knows.
///
/// ```
/// use poolcheck::readers::version::version_line;
/// let text = "$ hermes --version\nHermes Agent v0.18.2 (2026.7.1)\n";
/// let (release, place) = version_line(text).unwrap();
/// assert_eq!((release, place.of(text)), ("0.18.2", "0.18.2"));
/// assert!(version_line("Hermes Agent").is_none());
/// ```
pub fn version_line(text: &str) -> Option<(&str, Span)> {
    const HEAD: &str = "Hermes Agent v";
    let start = text.find_text(HEAD)? + HEAD.len();
    let rest = text.get(start..)?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let release = rest.get(..length)?.trim_end_matches('.');
    (!release.is_empty()).then(|| (release, Span::new(start, start + release.len())))
}
