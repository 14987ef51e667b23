//! `EnvironmentVariables` of a property list of launchd: launchd.plist(5).

use super::{EnvEntry, Environ, is_variable};
use crate::base::text::{Search, Span};
use crate::python::lower;

/// Adds the variables of a property list; none of one whose label is of another program.
pub(super) fn read(text: &str, span: Span, environ: &mut Environ) {
    const BEGIN: &str = "<key>EnvironmentVariables</key>";
    let own = span.of(text);
    let is_other = own.holds("<key>Label</key>") && !lower(own).holds("hermes");
    let Some((before, inside)) = own.cut_at(BEGIN).filter(|_| !is_other) else { return };
    let mut at = span.start + before.len() + BEGIN.len();
    let end = at + inside.find("</dict>").unwrap_or(inside.len());
    while let Some((name, behind)) = element(text, at, end, "key") {
        let Some((value, behind_value)) = element(text, behind, end, "string") else { break };
        at = behind_value;
        let own = name.of(text);
        if is_variable(own) {
            let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
            let written = plain
                .iter()
                .fold(value.of(text).to_owned(), |written, (code, sign)| written.replaced(code, sign));
            environ.entries.push(EnvEntry::new(own, written, name, value, name.to(value)));
        }
    }
}

/// What is inside the next element of this name between two bytes, and where it is over.
fn element(text: &str, at: usize, end: usize, name: &str) -> Option<(Span, usize)> {
    let (open, shut) = (["<", name, ">"].concat(), ["</", name, ">"].concat());
    let rest = text.get(at..end)?;
    let start = rest.find_text(&open)? + open.len();
    let length = rest.get(start..)?.find_text(&shut)?;
    let inside = Span::new(at + start, at + start + length);
    Some((inside, inside.end + shut.len()))
}
