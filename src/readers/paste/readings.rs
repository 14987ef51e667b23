//! Where the nesting of a flat text can be put back in two ways: the way that more lines suit is taken, and what suits as
//! well is told.

use super::lines::Line;
use super::nesting::{Content, Rebuilt, built};
use super::shape::Shapes;
use crate::base::text::{Span, sort_by_span};

/// How many lines are placed, all trials together, to find out what could be read in two ways.
const MOST_TRIED: usize = 50_000;

/// A key that suits two places.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// The key.
    pub key: Span,
    /// What it was taken to belong under; `None` for the file itself.
    pub owner: Option<Span>,
    /// What it could belong under as well.
    pub other: Option<Span>,
    /// Whether one of them is a new item of the list: the second one, or with [`Why::Rest`] the first.
    pub is_item: bool,
    /// Why it was not taken to.
    pub why: Why,
}

/// Why one of two places was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is the nearer one.
    Nearer,
    /// Hermes does not know the key, and the lines before it are there.
    Unknown,
    /// The other would be a list item, and there is no mark.
    NoMark,
    /// More of the lines behind it suit their places so.
    Rest,
}

/// Another place for a line, to be tried.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// In the container of this depth.
    Depth(usize),
    /// In a new item of a list.
    Item,
}

/// A line in another place.
#[derive(Clone)]
pub(super) struct Trial {
    pub(super) line: usize,
    pub(super) place: Place,
    pub(super) doubt: Doubt,
}

/// The nesting in which the most lines suit their place, with what could be read in another way; `None` where the text
/// is too long to try that.
pub(super) fn tried(text: &str, lines: &[Line], contents: &[Content], shapes: &Shapes) -> Option<Rebuilt> {
    let mut left = MOST_TRIED;
    let mut with = |moved: &[(usize, Place)]| {
        left = left.checked_sub(lines.len())?;
        Some(built(text, lines, contents, shapes, moved))
    };
    let mut best = with(&[])??;
    let (mut moved, mut doubts): (Vec<(usize, Place)>, Vec<Doubt>) = (Vec::new(), Vec::new());
    // Better places first, line by line: each may change what the lines behind it suit.
    let mut at = 0;
    while let Some(trial) = best.trials.get(at).cloned() {
        at += 1;
        moved.push((trial.line, trial.place));
        if let Some(other) = with(&moved)?.filter(|other| other.well > best.well) {
            let Doubt { key, owner, other: second, is_item, .. } = trial.doubt;
            doubts.push(Doubt { key, owner: second, other: owner, is_item, why: Why::Rest });
            best = other;
            at = best.trials.partition_point(|next| next.line <= trial.line);
        } else {
            let _ = moved.pop();
        }
    }
    // Then what suits as well elsewhere.
    for trial in std::mem::take(&mut best.trials) {
        let again = moved.partition_point(|(line, _)| *line < trial.line);
        moved.insert(again, (trial.line, trial.place));
        if with(&moved)?.is_some_and(|other| other.well >= best.well) {
            doubts.push(trial.doubt);
        }
        let _ = moved.remove(again);
    }
    sort_by_span(&mut doubts, |doubt| doubt.key);
    best.doubts = doubts;
    Some(best)
}
