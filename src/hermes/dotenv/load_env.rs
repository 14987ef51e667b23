//! `load_env()` of `hermes_cli/config.py`: the reader of pools and of the direct key look-up. It knows quotes
//! around a whole value and nothing else: no comments behind a value, no `${NAME}`, no values over several lines.

use std::ops::Range;

use super::Assignment;
use super::mapped::{Mapped, stripped};
use super::sanitize::{KnownNames, sanitize};
use crate::base::text::Search;
use crate::facts::behaviour::Behaviour;

/// The assignments that `load_env` finds in a file, in order; of one name the last counts.
pub(super) fn read(file: &Mapped, known: &KnownNames, behaviour: &Behaviour) -> Vec<Assignment> {
    let text = sanitize(file, known, behaviour);
    text.lines().filter_map(|line| assignment(&text, line, behaviour)).collect()
}

fn assignment(text: &Mapped, line: Range<usize>, behaviour: &Behaviour) -> Option<Assignment> {
    let mut rest = stripped(text.text(), line);
    let entry = rest.clone();
    let words = text.text().get(rest.clone())?;
    if words.starts_with('#') || !words.has('=') {
        return None;
    }
    if let Some(behind) = words.strip_prefix("export ").filter(|_| behaviour.load_env_drops_export) {
        rest.start = rest.end - behind.len();
    }
    // The sign may stand in the prefix's place only if the prefix had none: `export ` holds no sign.
    let sign = rest.start + text.text().get(rest.clone())?.find('=')?;
    let name = stripped(text.text(), rest.start..sign);
    let written = stripped(text.text(), sign + 1..rest.end);
    let said = text.text().get(written.clone())?;
    let (value, inside) =
        if behaviour.load_env_needs_pairs_of_quotes { parse_value(said) } else { without_quotes(said) };
    Some(Assignment::new(
        text.text().get(name.clone())?,
        Some(value),
        text.span(name),
        text.span(written.start + inside.start..written.start + inside.end),
        text.span(entry),
    ))
}

/// `value.strip('"\'')`, and the part that is left.
fn without_quotes(written: &str) -> (String, Range<usize>) {
    let is_quote = |c| matches!(c, '"' | '\'');
    let start = written.len() - written.trim_start_matches(is_quote).len();
    let value = written.trim_matches(is_quote);
    (value.to_owned(), start..start + value.len())
}

/// `_parse_env_value` of a stripped value, and the part of it that lies within the quotes.
fn parse_value(written: &str) -> (String, Range<usize>) {
    let inside = 1..written.len().max(2) - 1;
    if let Some(quoted) = within(written, '"') {
        let mut value = String::with_capacity(quoted.len());
        let mut chars = quoted.chars().peekable();
        while let Some(c) = chars.next() {
            match chars.peek() {
                Some(&next) if c == '\\' && matches!(next, '"' | '\\') => {
                    value.push(next);
                    let _ = chars.next();
                }
                _ => value.push(c),
            }
        }
        return (value, inside);
    }
    match within(written, '\'') {
        Some(quoted) => (quoted.to_owned(), inside),
        None => (written.to_owned(), 0..written.len()),
    }
}

fn within(text: &str, quote: char) -> Option<&str> {
    text.strip_prefix(quote)?.strip_suffix(quote)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;

    fn newest() -> &'static Behaviour {
        &Facts::newest().unwrap().behaviour
    }

    fn values(text: &str) -> Vec<(String, String)> {
        read(&Mapped::read(text, true), &KnownNames::new(["A_KEY"]), newest())
            .into_iter()
            .map(|found| (found.name, found.value.unwrap()))
            .collect()
    }

    fn value(text: &str) -> String {
        values(text).pop().unwrap().1
    }

    #[test]
    fn a_comment_behind_a_value_belongs_to_it() {
        assert_eq!(value("A_KEY=nv # mine"), "nv # mine");
        assert_eq!(value("A_KEY=\"nv\" # mine"), "\"nv\" # mine");
    }

    #[test]
    fn quotes_around_the_whole_value_go() {
        assert_eq!(value(r#"A_KEY = "a\"b\\c\n" "#), r#"a"b\c\n"#);
        assert_eq!(value("A_KEY='x\\'y'"), "x\\'y");
        assert_eq!(value("A_KEY=\""), "\"");
        assert_eq!(value("A_KEY=''"), "");
    }

    #[test]
    fn export_is_dropped_with_one_space() {
        assert_eq!(values("export  A_KEY=1"), [("A_KEY".to_owned(), "1".to_owned())]);
        assert_eq!(values("export\tA_KEY=1").first().unwrap().0, "export\tA_KEY");
    }

    #[test]
    fn places_lie_inside_the_quotes() {
        let source = "# c\r\n export A_KEY = \"nv\"\r\n";
        let found = read(&Mapped::read(source, true), &KnownNames::new([]), newest());
        let found = found.first().unwrap();
        assert_eq!(found.name_place.span.of(source), "A_KEY");
        assert_eq!(found.value_place.span.of(source), "nv");
        assert_eq!(found.entry_place.span.of(source), "export A_KEY = \"nv\"");
    }
}
