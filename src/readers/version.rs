//! The lines in which a release of Hermes names itself.

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
    number_at(text, text.find_text(HEAD)? + HEAD.len())
}

/// The release in the line `version:          0.18.2 [a1b2c3d4] (2026-07-01)` of `hermes dump`, and where it stands:
/// `run_dump` of `hermes_cli/dump.py`. Only a debug report has it: elsewhere such a line may mean anything.
///
/// ```
/// use poolcheck::readers::version::dump_version;
/// let text = "--- hermes dump ---\nversion:          0.16.0 [(unknown)]\n";
/// assert_eq!(dump_version(text).map(|(release, _)| release), Some("0.16.0"));
/// assert!(dump_version("version: 2\n").is_none());
/// ```
pub fn dump_version(text: &str) -> Option<(&str, Span)> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let Some(behind) = line.trim_start().strip_prefix("version:") else { continue };
        let number = behind.trim_start();
        if number.has('[') {
            return number_at(text, at + line.len() - number.len());
        }
    }
    None
}

/// The release that stands at byte `start`.
fn number_at(text: &str, start: usize) -> Option<(&str, Span)> {
    let rest = text.get(start..)?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let release = rest.get(..length)?.trim_end_matches('.');
    (!release.is_empty()).then(|| (release, Span::new(start, start + release.len())))
}
