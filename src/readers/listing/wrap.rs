//! Rows and headings of a listing that a terminal or a mail program wrapped.
//!
//! A narrow terminal cuts a row anywhere, and a copy of it has line breaks there; other programs break at a blank and drop
//! that. Nothing tells which it was, so that the parts are put together in both ways, and taken where they make a row of
//! which every part is one that `hermes auth list` prints.

use super::{Lines, ListedPool, ListedRow, ListedStatus, heading, is_around, row};
use crate::base::text::{Edit, Edits, Search, Span, WHITE};
use crate::readers::part::Part;

/// No row is wrapped into more lines than one and this many: that would be a terminal of 30 columns.
const MOST_LINES: usize = 3;
/// No line of a terminal is longer than this, in bytes.
const LONGEST_LINE: usize = 500;

/// The sources of rows that are neither variables nor of config.yaml: `agent/credential_sources.py`, what stands behind
/// `manual:` included.
const SOURCES: [&str; 13] = [
    "manual",
    "model_config",
    "claude_code",
    "hermes_pkce",
    "device_code",
    "loopback_pkce",
    "openrouter_pkce",
    "gh_cli",
    "qwen-cli",
    "qwen_cli",
    "oauth",
    "minimax_oauth",
    "spotify",
];

/// The row that begins with the line `first` and goes on in the next of `lines`, and the lines behind it; `None` where it
/// ends with its line.
pub(super) fn rejoined<'t>(
    first: Part<'_>,
    lines: &Lines<'t>,
    provider: Option<&String>,
) -> Option<(ListedRow, Lines<'t>)> {
    if !first.text.starts_with('#') || first.text.len() > LONGEST_LINE {
        return None;
    }
    let ends = row(first, provider).is_some_and(|row| is_variable(&row));
    let mut found = None;
    let mut rest = lines.clone();
    let mut breaks: Vec<Span> = Vec::new();
    let mut whole = first;
    while breaks.len() < MOST_LINES {
        let Some(line) = rest.next() else { break };
        let inside = line.without_quote_marks();
        let is_other = is_around(inside.text, line.text) || inside.text.starts_with('#');
        if is_other || inside.text.len() > LONGEST_LINE || heading(inside).is_some() {
            break;
        }
        breaks.push(Span::new(whole.end() - first.at, inside.at - first.at));
        let Some(text) = lines.between(first.at, inside.end()) else { break };
        whole = Part { text, ..first };
        // A row of a variable that is called like it has its source whole.
        if let Some(row) = joined(whole, &breaks, provider).filter(|row| !ends || is_variable(row)) {
            found = Some((row, rest.clone()));
        }
    }
    found
}

/// The row that `part` is without its line breaks, each of them nothing or a blank; `None` where no row comes of it that
/// is whole.
fn joined(part: Part<'_>, breaks: &[Span], provider: Option<&String>) -> Option<ListedRow> {
    // Blanks first: an id would take in what stands behind it.
    (0..1_u32 << breaks.len()).find_map(|cuts| {
        let edit =
            |(at, span): (usize, &Span)| Edit::replace(*span, if cuts >> at & 1 == 0 { " " } else { "" });
        let edits = Edits::new(breaks.iter().enumerate().map(edit).collect()).ok()?;
        let text = edits.apply(part.text);
        let mut row = row(Part { text: &text, at: 0, ..part }, provider)?;
        if !is_whole(&row) {
            return None;
        }
        let back = edits.way_back(part.text);
        let own = |span: Span| {
            let before = back.before(span);
            Span::new(part.at + before.start, part.at + before.end)
        };
        // Of a label nothing tells whether a blank was in it.
        let label = own(row.label.place.span);
        let is_cut =
            breaks.iter().any(|cut| label.contains(Span::new(part.at + cut.start, part.at + cut.end)));
        if is_cut && !is_variable(&row) {
            return None;
        }
        row.move_places(&own);
        Some(row)
    })
}

/// The heading that begins with the line `first` and ends with the next of `lines`, and the lines behind it.
pub(super) fn rejoined_heading<'t>(first: Part<'_>, lines: &Lines<'t>) -> Option<(ListedPool, Lines<'t>)> {
    let mut rest = lines.clone();
    let inside = rest.next()?.without_quote_marks();
    let is_name = |text: &str| !text.is_empty() && !text.contains(WHITE);
    // What ends a long name looks like a heading of its own.
    let may_go_on = heading(inside).is_none() || first.text.starts_with("custom:") && is_name(first.text);
    if !may_go_on || first.text.len().max(inside.text.len()) > LONGEST_LINE {
        return None;
    }
    let text = lines.between(first.at, inside.end())?;
    [" ", ""].into_iter().find_map(|between| {
        let cut = Span::new(first.text.len(), inside.at - first.at);
        let edits = Edits::one(Edit::replace(cut, between));
        let joined = edits.apply(text);
        let mut pool = heading(Part { text: &joined, at: 0, ..first })?;
        let place = &mut pool.provider.place.span;
        let before = edits.way_back(text).before(*place);
        *place = Span::new(first.at + before.start, first.at + before.end);
        is_name(&pool.provider.text).then(|| (pool, rest.clone()))
    })
}

/// Whether it is the row of a variable that is called like it, as nearly all are.
fn is_variable(row: &ListedRow) -> bool {
    row.source.text.strip_prefix("env:") == Some(&row.label.text)
}

/// Whether all that the row says is what a listing says.
fn is_whole(row: &ListedRow) -> bool {
    let source = row.source.text.as_str();
    let is_source = match source.split_once(':') {
        Some(("env", name)) => {
            name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        }
        Some(("config", name)) => row.label.text == name || row.label.text == source,
        _ => SOURCES.contains(&source),
    };
    is_source && row.status.as_ref().is_none_or(is_whole_status)
}

/// Whether a status has every part that it should have, and no other: `_format_exhausted_status`.
fn is_whole_status(status: &ListedStatus) -> bool {
    let printed = status.printed.text.as_str();
    let groups = printed.cut_at("(").map_or("", |(_, groups)| groups);
    let is_known = |group: &str| {
        let group = group.trim();
        let Some(inside) = group.strip_suffix(')') else { return false };
        inside == "re-auth may be required"
            || inside == "ready to retry"
            || inside.parse() == Ok(status.code.unwrap_or(u64::MAX))
            || inside.ends_with(" left") && status.seconds_left.is_some_and(|left| left > 0)
    };
    !status.reason.contains(WHITE) && (groups.is_empty() || groups.split('(').all(is_known))
}

#[cfg(test)]
mod tests {
    use crate::readers::listing::Listing;

    fn rows(text: &str) -> Vec<String> {
        let listing = Listing::of(text);
        let rows = listing.rows.iter().map(|row| {
            let status = row.status.as_ref().map_or("", |status| status.printed.text.as_str());
            format!("{}|{}|{status}|{}", row.label.text, row.source.text, row.is_current)
        });
        rows.collect()
    }

    /// Read, not run: PR #104910 prints ids and priorities too. A blank that a program dropped is no part of an id.
    #[test]
    fn the_newer_form() {
        let text = "#1  mine                 api_key id=432ab5\npriority=1\n0 manual rate-\nlimited (429) (58m 2\n0s left)\n";
        assert_eq!(rows(text), Vec::<String>::new(), "more lines than any terminal makes");
        let text = "#1  mine                 api_key id=432ab5\npriority=1\n0 manual rate-\nlimited (429)\n";
        let listing = Listing::of(text);
        assert_eq!(rows(text), ["mine|manual|rate-limited (429)|false"]);
        let row = &listing.rows[0];
        assert_eq!((row.id.as_ref().unwrap().text.as_str(), row.priority), ("432ab5", Some(10)));
    }

    #[test]
    fn what_is_said_behind_a_row_is_not_of_it() {
        let text = "\
gemini (2 credentials):
  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←
_OLD is gone
  #2  mine                 api_key manual
two keys are enough
";
        assert_eq!(rows(text), ["GOOGLE_API_KEY|env:GOOGLE_API_KEY||true", "mine|manual||false"]);
        assert_eq!(Listing::of(text).unread.len(), 2);
    }

    #[test]
    fn headings() {
        let text = "> custom:my-end\n> point (1 crede\n> ntials):\n";
        assert!(
            Listing::of(text).pools.iter().all(|pool| pool.provider.text != "custom:my-endpoint"),
            "three lines"
        );
        let of = |text: &str| -> Vec<String> {
            let places = Listing::of(text).pools.into_iter().map(|pool| pool.provider);
            places.map(|name| format!("{}|{}", name.text, name.place.span.of(text))).collect()
        };
        assert_eq!(of("gemini (1\ncredentials):\n"), ["gemini|gemini"]);
        assert_eq!(
            of("> alibaba-coding-plan (1 cre\n> dentials):\n"),
            ["alibaba-coding-plan|alibaba-coding-plan"]
        );
        assert_eq!(
            of("custom:my-end\npoint (12 credentials):\n"),
            ["custom:my-endpoint|custom:my-end\npoint"]
        );
        assert_eq!(of("It prints\ngemini (1 credentials):\n"), ["gemini|gemini"]);
    }

    #[test]
    fn places_are_those_of_the_pasted_text() {
        let text = "> #1  GOOGLE_API_KEY       api_key env:GOO\n> GLE_API_KEY exhausted (4\n> 02) ←\n";
        let listing = Listing::of(text);
        let row = &listing.rows[0];
        assert_eq!(row.label.place.span.of(text), "GOOGLE_API_KEY");
        assert_eq!(row.source.place.span.of(text), "env:GOO\n> GLE_API_KEY");
        assert_eq!(row.status.as_ref().unwrap().printed.place.span.of(text), "exhausted (4\n> 02)");
        assert!(row.place.span.of(text).ends_with("02) ←"));
    }
}
