//! What stands under a key that is none of Hermes' sections: a section of a file of another program, or one of Hermes whose name
//! is misspelled. Nothing that stands in either begins a file.

use super::fence::{Lines, Role};
use super::label::{indented, without_quote_marks};
use super::line;
use crate::readers::follow::without_tags;
use crate::readers::paste::Shapes;
use crate::readers::yaml_line::YamlLine;

/// Keys at the root of files of other programs.
pub(super) const FOREIGN: [&str; 17] = [
    "services",
    "apiVersion",
    "kind",
    "jobs",
    "model_list",
    "litellm_settings",
    "general_settings",
    "openapi",
    "swagger",
    "scrape_configs",
    "receivers",
    "exporters",
    "site_name",
    "homeassistant",
    "repos",
    "stages",
    "networks",
];

/// Whose a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Of a file of another program.
    Foreign,
    /// Meant for one that Hermes has.
    Meant,
    /// Nobody knows; a heading may look like it, too.
    Unknown,
}

/// Whether the value of a key begins on the lines below it, behind a comment or a name for it.
fn begins_below(value: &str) -> bool {
    value.is_empty() || value.starts_with('#') || value.starts_with('&') && without_tags(value).is_empty()
}

/// A section that has begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct Section {
    pub(super) whose: Whose,
    /// How far its key is indented.
    column: usize,
    /// Whether its items stand as far to the left as its key.
    is_flush: bool,
}

impl Section {
    /// The section whose key stands on this line.
    pub(super) fn at(lines: &Lines<'_>, number: usize, shapes: &Shapes) -> Option<Self> {
        let role = lines.role(number);
        let bare = |number: usize| match role {
            Role::Inside(region) => lines.regions.get(region).map_or("", |own| lines.inside(number, own)),
            _ => without_quote_marks(lines.line(number)),
        };
        let (column, content) = indented(bare(number));
        let key = YamlLine::of(content);
        let name = key.key.filter(|_| !key.is_item && begins_below(key.value))?;
        let is_foreign = FOREIGN.contains(&name);
        if (!is_foreign && shapes.is_root(name)) || line::file_heading(content).is_some() {
            return None;
        }
        let mut section: Option<Self> = None;
        let mut children = Vec::new();
        let mut first = 0;
        for below in number + 1..lines.count() {
            if lines.role(below) != role {
                break;
            }
            let (own, content) = indented(bare(below));
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let is_item = content.starts_with("- ");
            let begun = *section.get_or_insert_with(|| {
                first = own;
                Self { whose: Whose::Unknown, column, is_flush: is_item && own == column }
            });
            if !begun.has(own, content) {
                break;
            }
            if own == first {
                children.push(content);
            }
        }
        let section = section.filter(|_| !children.is_empty())?;
        let is_list = children.iter().any(|child| child.starts_with("- "));
        let names: Option<Vec<&str>> = children.iter().map(|child| YamlLine::of(child).key).collect();
        let whose = match names {
            _ if is_foreign => Whose::Foreign,
            Some(names) if !is_list && shapes.is_meant(name, &names) => Whose::Meant,
            _ => Whose::Unknown,
        };
        Some(Self { whose, ..section })
    }

    /// Whether a line that is indented so far is of the section.
    pub(super) fn has(&self, column: usize, content: &str) -> bool {
        column > self.column
            || content.starts_with('#')
            || (self.is_flush && column == self.column && content.starts_with("- "))
    }
}
