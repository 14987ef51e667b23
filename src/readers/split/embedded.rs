//! Files within a file: what a ConfigMap of Kubernetes, or anything else in YAML, has as the text of a key that is called as the
//! file is.

use super::fence::{Lines, Role};
use super::label::{indented, without_quote_marks};
use super::line::{self, YamlLine};
use crate::text::SourceKind;

/// A file that is the value of a key.
pub(super) struct Embedded {
    pub(super) kind: SourceKind,
    /// The line of its key; the file begins below it.
    pub(super) key: usize,
    pub(super) last: usize,
}

/// The files that stand in others, in their order.
pub(super) fn files(lines: &Lines<'_>) -> Vec<Embedded> {
    let bare = |number: usize| match lines.role(number) {
        Role::Fence(_) => None,
        Role::Inside(region) => lines.regions.get(region).map(|region| lines.inside(number, region)),
        Role::Outside => Some(without_quote_marks(lines.line(number))),
    };
    let mut found: Vec<Embedded> = Vec::new();
    let mut number = 0;
    while number < lines.count() {
        let key = number;
        number += 1;
        let Some((column, kind)) = bare(key).and_then(opens_file) else { continue };
        let mut last = key;
        while number < lines.count() && lines.role(number) == lines.role(key) {
            let (own, content) = indented(bare(number).unwrap_or(""));
            if !content.is_empty() {
                if own <= column {
                    break;
                }
                last = number;
            }
            number += 1;
        }
        if last > key {
            found.push(Embedded { kind, key, last });
        }
    }
    found
}

/// The file whose text is the block below this line, and how far the line is indented.
fn opens_file(line: &str) -> Option<(usize, SourceKind)> {
    let (column, content) = indented(line);
    let line = YamlLine::of(content);
    if line.is_item || !line.value.starts_with('|') || !line::begins_text(line.value) {
        return None;
    }
    let kind = line::kind_of_file(line.key?.rsplit('/').next()?)?;
    matches!(kind, SourceKind::Config | SourceKind::DotEnv | SourceKind::AuthStore).then_some((column, kind))
}
