//! The texts in which others stand.

use crate::base::sources::SourceKind;
use crate::base::text::WayBack;
use crate::hermes::mentions::Mention;
use crate::hermes::session::Change;

/// A pasted text in which others stand: their places are shown in it. It has no `Debug` form: it holds the user's own text.
#[derive(Clone)]
pub struct Origin {
    /// What it is called; `None` where it has no name.
    pub name: Option<String>,
    /// The text.
    pub text: String,
    /// The texts that stand in it, each with the way back from its places.
    pub back: Vec<(SourceKind, WayBack)>,
    /// The way back from config.yaml as commands below it leave it.
    pub set: WayBack,
    /// The way back from it with the files unpacked that it has in quotes or in base64.
    pub packed: WayBack,
    /// What commands of its session change behind a file that it printed.
    pub changes: Vec<Change>,
    /// Whether it explains how something is done: its files are nobody's own.
    pub is_guide: bool,
    /// The keys in its sentences and commands.
    pub mentions: Vec<Mention>,
}
