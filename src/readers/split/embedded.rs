//! Files within a file: what a ConfigMap of Kubernetes, or anything else in YAML, has as the text of a key that is called as the
//! file is, or of one beside which the file is named.

use super::fence::{Lines, Role};
use super::label::{indented, without_quote_marks};
use super::line;
use crate::base::sources::SourceKind;
use crate::base::text::Search;
use crate::readers::yaml_line::{self, YamlLine};

/// A file that is the value of a key.
pub(super) struct Embedded {
    /// What it is; `None` where a tool makes it of a template, and nobody has seen it.
    pub(super) kind: Option<SourceKind>,
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
        let of_path = || {
            let (column, content) = indented(bare(key)?);
            is_content(content).then(|| {
                let above = (0..key).rev().take_while(|above| lines.role(*above) == lines.role(key));
                Some((column, named_beside(above.map_while(bare), column)?))
            })?
        };
        let of_name = bare(key).and_then(opens_file);
        let is_beside = of_name.is_none();
        let Some((column, kind)) = of_name.or_else(of_path) else { continue };
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
        // What a tool puts in is not there yet.
        let is_template = || (key..=last).any(|own| bare(own).is_some_and(|line| line.holds("{{")));
        if last > key {
            let kind = (!(is_beside && is_template())).then_some(kind);
            found.push(Embedded { kind, key, last });
        }
    }
    found
}

/// Whether a line begins the text of a file that is named beside it, as cloud-init and Ansible have it.
fn is_content(content: &str) -> bool {
    let line = YamlLine::of(content);
    matches!(line.key, Some("content" | "text"))
        && line.value.starts_with('|')
        && yaml_line::begins_text(line.value)
}

/// What the file is that the lines above name, which are indented as the key at `column` is, the nearest one first.
fn named_beside<'t>(above: impl Iterator<Item = &'t str>, column: usize) -> Option<SourceKind> {
    /// Settings that stand between the two.
    const MOST: usize = 6;
    const PATHS: [&str; 5] = ["path", "dest", "destination", "target", "filename"];
    for line in above.take(MOST) {
        let (own, content) = indented(line);
        let line = YamlLine::of(content);
        let is_beside = own == column || (line.is_item && own < column);
        if is_beside && line.key.is_some_and(|key| PATHS.contains(&key)) {
            let name = line.value.trim_matches(['"', '\'']).rsplit('/').next()?;
            return line::kind_of_file(name).filter(|kind| is_read(*kind));
        }
        if own < column {
            return None;
        }
    }
    None
}

/// Whether a file of this kind may be the text of a key.
fn is_read(kind: SourceKind) -> bool {
    matches!(kind, SourceKind::Config | SourceKind::Dotenv | SourceKind::AuthStore)
}

/// The file that a key is called as: by its name or, in the values of a chart, in the way in which names are written there.
fn file_of(key: &str) -> Option<SourceKind> {
    let name = key.rsplit('/').next()?;
    let kind = match name {
        "configYaml" | "config_yaml" | "configYml" => Some(SourceKind::Config),
        "authJson" | "auth_json" => Some(SourceKind::AuthStore),
        _ => line::kind_of_file(name),
    };
    kind.filter(|kind| is_read(*kind))
}

/// The file whose text is the block below this line, and how far the line is indented.
pub(super) fn opens_file(line: &str) -> Option<(usize, SourceKind)> {
    let (column, content) = indented(line);
    let line = YamlLine::of(content);
    if line.is_item || !line.value.starts_with('|') || !yaml_line::begins_text(line.value) {
        return None;
    }
    file_of(line.key?).map(|kind| (column, kind))
}
