//! Marks of a list that somebody, or a program for text, puts in front of each line of a file.

use super::fence::{Lines, Role};
use super::front::Front;
use super::line;
use crate::base::text::{BLANK, Chars};
use crate::readers::paste::Shapes;
use crate::readers::yaml_line::YamlLine;

/// The mark in front of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Bullet {
    sign: char,
    /// How far it is indented.
    column: usize,
    /// Up to where the line of the file begins: one blank behind the sign is of the mark.
    width: usize,
}

impl Bullet {
    fn of(line: &str) -> Option<Self> {
        const SIGN: Chars = |c| "-+*•·–—◦▪".contains(c);
        let bare = line.trim_start_matches(BLANK);
        let sign = bare.chars().next().filter(|c| SIGN(*c))?;
        Some(Self { sign, column: line.len() - bare.len(), width: width(line, sign)? })
    }

    fn is_like(self, other: Self) -> bool {
        (self.sign, self.column) == (other.sign, other.column)
    }
}

/// How many bytes in front of a line `sign` takes as the mark of a list.
pub(super) fn width(line: &str, sign: char) -> Option<usize> {
    let behind = line.trim_start_matches(BLANK).strip_prefix(sign)?;
    let rest = behind.strip_prefix(BLANK);
    (rest.is_some() || behind.is_empty()).then(|| line.len() - rest.unwrap_or("").len())
}

/// The lines that have a mark in front which is not of the file: lines with the same mark, all of which set variables, or which
/// have below a section of config.yaml what is indented behind the mark.
pub(super) fn bullets(lines: &Lines<'_>, shapes: &Shapes) -> Vec<(usize, Front)> {
    let bullet = |number: usize| match lines.role(number) {
        Role::Fence(_) => None,
        _ => Bullet::of(lines.line(number)),
    };
    let mut all = Vec::new();
    let mut first = 0;
    while first < lines.count() {
        let Some(begun) = bullet(first) else {
            first += 1;
            continue;
        };
        let mut own = vec![(first, begun.width)];
        let mut next = first + 1;
        while next < lines.count() && lines.role(next) == lines.role(first) {
            match bullet(next) {
                Some(found) if found.is_like(begun) => own.push((next, found.width)),
                None if lines.line(next).trim().is_empty() => {}
                _ => break,
            }
            next += 1;
        }
        let may_be_list = begun.sign == '-' && is_below_key(lines, first);
        let behind: Vec<&str> = own
            .iter()
            .map(|(number, width)| lines.line(*number).get(*width..).unwrap_or(""))
            .filter(|line| !line.trim().is_empty())
            .collect();
        if !may_be_list && is_file(&behind, shapes) {
            all.extend(own.into_iter().map(|(number, _)| (number, Front::Bullet(begun.sign))));
        }
        first = next;
    }
    all
}

/// Whether lines are of a file: all of them set variables, or they have a section of config.yaml.
pub(super) fn is_file(lines: &[&str], shapes: &Shapes) -> bool {
    are_assignments(lines) || has_section(lines, shapes)
}

/// Whether the line stands right below a key without a value, so that it may be an item of YAML; the name of a file is no key.
fn is_below_key(lines: &Lines<'_>, number: usize) -> bool {
    let above = (0..number).rev().map(|number| lines.line(number).trim()).find(|line| !line.starts_with('#'));
    let above = above.unwrap_or("");
    let line = YamlLine::of(above);
    line.key.is_some() && line.value.is_empty() && line::file_heading(above).is_none()
}

/// Whether all lines set variables.
fn are_assignments(lines: &[&str]) -> bool {
    let sets = |line: &str| {
        line::assignment(line).is_some_and(|name| name.contains('_')) || line::export(line).is_some()
    };
    let mut is_set = false;
    lines.iter().map(|line| line.trim()).all(|line| {
        let own = sets(line);
        is_set |= own;
        own || line.starts_with('#')
    }) && is_set
}

/// Whether a section that only config.yaml has stands as far to the left as any line, and the line below it is farther in.
fn has_section(lines: &[&str], shapes: &Shapes) -> bool {
    let column = |line: &str| line.len() - line.trim_start_matches(BLANK).len();
    let base = lines.iter().map(|line| column(line)).min().unwrap_or(0);
    lines.windows(2).any(|pair| {
        let [section, below] = pair else { return false };
        let line = YamlLine::of(section.trim());
        let is_root =
            !line.is_item && line.value.is_empty() && line.key.is_some_and(|key| shapes.is_root(key));
        is_root && column(section) == base && column(below) > base
    })
}
