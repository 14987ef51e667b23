//! Lines and quotes, for places and fixes.

use crate::base::text::{Place, Span};
use crate::python::{lower, strip};

/// The lines of `span` with their line end, where nothing but white space and a comment stands beside it on them;
/// `None` where something else shares a line, as in a flow mapping.
///
/// ```
/// use poolcheck::rules::whole_lines;
/// use poolcheck::base::text::Span;
/// let text = "a: 1\n  b: 2 # two\nc: 3";
/// assert_eq!(whole_lines(text, Span::new(7, 11)), Some(Span::new(5, 18)));
/// assert_eq!(whole_lines("{a: 1, b: 2}", Span::new(1, 5)), None);
/// ```
pub fn whole_lines(text: &str, span: Span) -> Option<Span> {
    let before = text.get(..span.start)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let after = text.get(span.end..)?;
    let rest = after.split_inclusive('\n').next().unwrap_or("");
    let blank_before = before.get(start..)?.trim().is_empty();
    let blank_after = rest.trim().is_empty() || rest.trim_start().starts_with('#');
    (blank_before && blank_after).then(|| Span::new(start, span.end + rest.len()))
}

/// The part of a place on its first line.
pub(super) fn first_line(text: &str, place: Place) -> Place {
    let line = place.span.of(text).lines().next().unwrap_or("");
    let end = place.span.start + line.trim_end().len();
    Place::new(place.source, Span::new(place.span.start, end))
}

/// `text` in double quotes.
pub(super) fn quoted(text: &str) -> String {
    ["\"", text, "\""].concat()
}

/// What stands at `place` without quotes and space around it, in lower case, as Hermes compares names.
pub(super) fn name_at(text: &str, place: Place) -> String {
    lower(strip(place.span.of(text).trim_matches(['"', '\''])))
}
