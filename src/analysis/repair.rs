//! The world as its author had it before a forum, a chat or an input method damaged a text of it.

use crate::base::sources::{Given, SourceKind};
use crate::base::text::{Edit, Edits, Encoding, LineIndex, Place, WayBack};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::hermes::World;

/// What all findings about damage by pasting mend together.
pub struct Repair {
    /// Whether nobody has to look at it.
    pub is_safe: bool,
    /// How many of the pasted lines it changes.
    pub lines: usize,
    back: Vec<(SourceKind, WayBack)>,
}

impl Repair {
    /// The repair that `findings` offer of `world`, and the world behind it; `None` where there is nothing to repair, or where the edits of two
    /// of them meet.
    pub fn of(world: &World, findings: &[Diagnostic]) -> Option<(Self, World)> {
        // Few worlds are damaged.
        if !findings.iter().any(|finding| repairing(finding).is_some()) {
            return None;
        }
        let mut world = world.clone();
        let mut repair = Self { is_safe: true, lines: 0, back: Vec::new() };
        for kind in [SourceKind::Config, SourceKind::Dotenv, SourceKind::AuthStore] {
            let given = &mut world.given[kind];
            let mut edits: Vec<Edit> = Vec::new();
            for fix in findings.iter().filter_map(repairing) {
                repair.is_safe &= fix.safety == Safety::Safe;
                edits.extend(fix.edits_of(kind));
            }
            if let Given::Text(text) = given
                && !edits.is_empty()
            {
                repair.lines += changed_lines(text, &edits);
                let edits = Edits::new(edits).ok()?;
                repair.back.push((kind, edits.way_back(text)));
                *text = edits.apply(text);
            }
        }
        (!repair.back.is_empty()).then_some((repair, world))
    }

    /// The texts that it changes.
    pub fn changed(&self) -> impl Iterator<Item = SourceKind> {
        self.back.iter().map(|(kind, _)| *kind)
    }

    /// Whether it changes the text `kind`.
    pub fn changes(&self, kind: SourceKind) -> bool {
        self.changed().any(|own| own == kind)
    }

    /// Where a place of the repaired texts is in the pasted ones.
    pub fn pasted(&self, place: Place) -> Place {
        match self.back.iter().find(|(kind, _)| *kind == place.source) {
            Some((_, back)) => Place::new(place.source, back.before(place.span)),
            None => place,
        }
    }
}

/// The fix of a finding about damage by pasting.
pub fn repairing(finding: &Diagnostic) -> Option<&Fix> {
    finding.fix.as_ref().filter(|fix| fix.is_repair)
}

/// How many lines of `text` the edits change.
fn changed_lines(text: &str, edits: &[Edit]) -> usize {
    let index = LineIndex::new(text);
    let mut lines: Vec<usize> = Vec::new();
    for Edit { span, .. } in edits {
        let line = |offset| index.position(text, offset, Encoding::Utf8).line;
        lines.extend(line(span.start)..=line(span.end));
    }
    lines.sort_unstable();
    lines.dedup();
    lines.len()
}
