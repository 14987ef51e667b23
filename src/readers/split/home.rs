//! Whose file a part is, where the path that is given with it says so: each profile and each user has a home of its own.

use super::fence::{Lines, Role};
use super::label::{Block, without_quote_marks};
use super::line;
use crate::base::sources::SourceKind;
use crate::base::text::{Chars, Search};

/// A Hermes home, as far as a path tells which one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Home {
    /// Whose it is, where the path says so.
    user: Option<String>,
    /// The profile, unless it is the root home.
    profile: Option<String>,
    /// Whether the path is a whole one that names no home of Hermes, so that the file may be another program's.
    is_elsewhere: bool,
}

impl Home {
    /// The home in which the file of this path lies.
    fn of_path(path: &str) -> Option<Self> {
        let path = path.replace('\\', "/");
        let folders: Vec<&str> = path.split('/').collect();
        let (_, folders) = folders.split_last()?;
        let (profile, root) = match folders {
            [root @ .., "profiles", name] if !name.is_empty() => (Some((*name).to_owned()), root),
            root => (None, root),
        };
        let user = match root {
            [.., "home" | "Users", name, ".hermes"] => Some((*name).to_owned()),
            ["", "root", ".hermes"] => Some("root".to_owned()),
            _ => None,
        };
        let is_root = matches!(root, [.., ".hermes"] | ["", "opt", "data"]);
        let is_home = is_root || profile.is_some();
        let is_whole = matches!(folders, ["" | "~" | "$HOME", ..]) || folders.first()?.ends_with(':');
        // `HERMES_HOME` may be any folder; one that is called after Hermes most likely is it.
        let is_elsewhere = !is_home && is_whole && !path.to_ascii_lowercase().holds("hermes");
        (is_home || is_elsewhere).then_some(Self { user, profile, is_elsewhere })
    }

    /// The home that the line above a part, or a comment that it begins with, names.
    pub(super) fn of_block(lines: &Lines<'_>, block: &Block) -> Option<Self> {
        let kind = block.kind?;
        let bare = |number: usize| without_quote_marks(lines.line(number)).trim();
        let comments = (block.first..=block.last).take_while(|number| {
            let line = bare(*number);
            line.is_empty() || line.starts_with('#')
        });
        let role = lines.role(block.first);
        let mut is_fenced = role == Role::Outside;
        let mut above = None;
        for number in (0..block.first).rev() {
            let own = lines.role(number);
            match own {
                Role::Fence(_) if !std::mem::replace(&mut is_fenced, true) => {}
                _ if bare(number).is_empty() => {}
                _ => {
                    above = (own == role || own == Role::Outside).then_some(number);
                    break;
                }
            }
        }
        comments.chain(above).find_map(|number| named_in(bare(number), kind))
    }

    /// Whether the path names none.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.is_elsewhere
    }

    /// Whether they are surely two homes.
    pub(super) fn differs(&self, other: &Self) -> bool {
        if self.is_elsewhere || other.is_elsewhere {
            return false;
        }
        let users_differ = matches!((&self.user, &other.user), (Some(own), Some(other)) if own != other);
        self.profile != other.profile || users_differ
    }

    /// Whether it is the root home, to whose auth.json the profile `other` goes where its own has nothing.
    pub(super) fn is_root_of(&self, other: &Self) -> bool {
        self.profile.is_none() && other.profile.is_some()
    }
}

/// The home of the last file of `kind` that a line names which is about one.
fn named_in(line: &str, kind: SourceKind) -> Option<Home> {
    const BORDER: Chars = |c| c.is_whitespace() || "*`\"'“”()[]<>=：,，".contains(c);
    if line::file_heading(line) != Some(kind) {
        return None;
    }
    let mut words = line
        .split(BORDER)
        .map(|word| word.trim_end_matches(':'))
        .filter(|word| word.rsplit(['/', '\\']).next().and_then(line::kind_of_file) == Some(kind));
    words.next_back().and_then(Home::of_path)
}
