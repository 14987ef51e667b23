//! What stands in front of the lines of a file and is not of it: marks of a list, the numbers and signs that programs put there,
//! and who says a line in a chat.

use super::fence::{Lines, Role};
use super::line::{self, Fenced};
use super::{bullets, talk};
use crate::base::collections::TextMap;
use crate::base::text::{Chars, DIGIT, Search, Span, WHITE};
use crate::readers::paste::{Shapes, line_number};
use crate::readers::yaml_line::YamlLine;

/// What stands in front of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Front {
    /// The mark of a list.
    Bullet(char),
    /// Its number.
    Number,
    /// The sign of a comparison, of which the new side counts: that is what stands there now.
    Change,
    /// Who says it.
    Speaker,
    /// The name, which stands here in the pasted text, of one who says many lines, with nothing but a colon behind it.
    Name(Span),
}

impl Front {
    /// How many bytes of `line` of `text` it takes: all of one that is not of the new side.
    pub(super) fn width(self, text: &str, line: &str) -> usize {
        match self {
            Self::Bullet(sign) => bullets::width(line, sign).unwrap_or(0),
            Self::Number => line_number(line).map_or(0, |(_, width)| width),
            Self::Change => change_width(line),
            Self::Speaker => talk::speaker(line).map_or(0, |speaker| speaker.width),
            Self::Name(name) => match talk::named(line) {
                Some((own, said)) if own == name.of(text) => line.len() - said.len(),
                _ => 0,
            },
        }
    }
}

/// What is left out in front of each line.
pub(super) fn fronts(lines: &mut Lines<'_>, shapes: &Shapes) {
    lines.fronts = changes(lines);
    let found = bullets::bullets(lines, shapes);
    add(lines, &found);
    let found = numbers(lines, shapes);
    add(lines, &found);
    let found = names(lines, shapes);
    add(lines, &found);
    let found: Vec<_> = (0..lines.count())
        .filter(|number| lines.role(*number) == Role::Outside)
        .filter(|number| talk::speaker(lines.line(*number)).is_some_and(|own| own.is_one(shapes)))
        .map(|number| (number, Front::Speaker))
        .collect();
    add(lines, &found);
}

/// Lines of a chat in which nothing but a colon stands behind the name of who says them. A name that stands in front of several
/// lines, and of a section of config.yaml, is that of somebody: no file of YAML has two keys of one name, or two on one line.
fn names(lines: &Lines<'_>, shapes: &Shapes) -> Vec<(usize, Front)> {
    let said: Vec<_> = (0..lines.count())
        .filter(|number| lines.role(*number) == Role::Outside && lines.front(*number).is_none())
        .filter_map(|number| talk::named(lines.line(number)).map(|(name, said)| (number, name, said)))
        .filter(|(_, name, _)| talk::may_be_somebody(name, shapes))
        .collect();
    let mut seen: TextMap<(usize, bool)> = TextMap::new();
    for (_, name, said) in &said {
        let (count, begins) = seen.get(name).copied().unwrap_or_default();
        seen.insert(name, (count + 1, begins || begins_section(said, shapes)));
    }
    let is_somebody = |name: &str| seen.get(name).is_some_and(|(count, begins)| *count > 1 && *begins);
    if !said.iter().any(|(_, name, _)| is_somebody(name)) {
        return Vec::new();
    }
    // Who answers may say one thing only.
    let answers = |name: &str, said: &str| {
        name.starts_with(|c: char| c.is_lowercase()) && line::assignment(said).is_none()
    };
    said.into_iter()
        .filter(|(_, name, said)| is_somebody(name) || answers(name, said))
        .map(|(number, name, _)| {
            let start = lines.span(number, number).start;
            (number, Front::Name(Span::new(start, start + name.len())))
        })
        .collect()
}

/// Whether a line is the key of a section of config.yaml, alone or with a word behind it.
fn begins_section(said: &str, shapes: &Shapes) -> bool {
    let line = YamlLine::of(said.trim());
    !line.is_item && line.key.is_some_and(|key| shapes.is_root(key)) && !line.value.contains(WHITE)
}

/// Leaves out what is found where nothing else is left out.
fn add(lines: &mut Lines<'_>, found: &[(usize, Front)]) {
    for (number, front) in found {
        if let Some(slot) = lines.fronts.get_mut(*number)
            && slot.is_none()
        {
            *slot = Some(*front);
        }
    }
}

/// The lines of comparisons, as `diff -u` and `git diff` write them: in a block of code that says so, and below `@@ … @@` as long as
/// each line begins with a sign.
fn changes(lines: &Lines<'_>) -> Vec<Option<Front>> {
    let mut found = vec![None; lines.count()];
    let mut around = None;
    let mut is_within = false;
    for (number, slot) in found.iter_mut().enumerate() {
        let role = lines.role(number);
        let line = lines.line(number);
        let of_block = match role {
            Role::Inside(region) => {
                lines.regions.get(region).is_some_and(|own| own.fenced == Fenced::Changes)
            }
            _ => false,
        };
        let goes_on =
            is_within && around == Some(role) && (line.is_empty() || line.starts_with(['+', '-', ' ', '\\']));
        is_within = goes_on || begins_hunk(line);
        around = Some(role);
        *slot = (of_block || is_within).then_some(Front::Change);
    }
    found
}

/// `@@ -1,3 +1,4 @@`
fn begins_hunk(line: &str) -> bool {
    let own = line.strip_prefix("@@ -").and_then(|rest| rest.cut_at(" @@"));
    own.is_some_and(|(own, _)| own.holds(" +") && own.starts_with(DIGIT))
}

/// How many bytes of a line of a comparison are not of the new file.
fn change_width(line: &str) -> usize {
    // The name of the file stands behind it.
    const NAME: &str = "+++ ";
    let is_head = ["@@", "--- ", "\\ ", "diff ", "index "].iter().any(|head| line.starts_with(head));
    match line.chars().next() {
        _ if line.starts_with(NAME) => NAME.len(),
        Some('-' | '\\') => line.len(),
        _ if is_head => line.len(),
        Some('+' | ' ') => 1,
        _ => 0,
    }
}

/// Lines of a file with their numbers, as `cat -n` and editors show them: each has the next number, and without them they are a
/// section of config.yaml or set variables.
fn numbers(lines: &Lines<'_>, shapes: &Shapes) -> Vec<(usize, Front)> {
    const BLANK_LINE: Chars = |c| c.is_whitespace();
    let mut found = Vec::new();
    let mut first = 0;
    while first < lines.count() {
        let mut expected = match (lines.role(first), line_number(lines.line(first))) {
            (Role::Inside(_) | Role::Outside, Some((number, _))) => number,
            _ => {
                first += 1;
                continue;
            }
        };
        let mut next = first;
        let mut behind = Vec::new();
        while next < lines.count() && lines.role(next) == lines.role(first) {
            match line_number(lines.line(next)) {
                Some((number, width)) if number == expected => {
                    behind.push(lines.line(next).get(width..).unwrap_or(""));
                }
                None if lines.line(next).trim_matches(BLANK_LINE).is_empty() => {}
                _ => break,
            }
            expected += 1;
            next += 1;
        }
        behind.retain(|line| !line.trim().is_empty());
        if bullets::is_file(&behind, shapes) {
            found.extend((first..next).map(|number| (number, Front::Number)));
        }
        first = next.max(first + 1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_side_of_a_comparison_is_left() {
        for (line, left) in [
            ("+  provider: gemini", "  provider: gemini"),
            ("   provider: gemini", "  provider: gemini"),
            ("-  provider: zai", ""),
            ("--- a/config.yaml", ""),
            ("+++ b/config.yaml", "b/config.yaml"),
            ("@@ -1,3 +1,4 @@ model:", ""),
            ("\\ No newline at end of file", ""),
            ("model:", "model:"),
        ] {
            assert_eq!(line.get(change_width(line)..), Some(left), "{line}");
        }
        assert!(begins_hunk("@@ -1,3 +1,4 @@") && begins_hunk("@@ -1 +1 @@ model:"));
        assert!(!begins_hunk("@@ me") && !begins_hunk("@@ -x @@"));
        let info = crate::readers::split::line::info;
        assert!(info("diff") == Fenced::Changes && info("python") == Fenced::Code);
    }
}
