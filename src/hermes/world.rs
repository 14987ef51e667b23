//! A world: the files and the environment that a question is about.

use crate::base::collections::TextMap;
use crate::base::sources::{Given, SourceKind, Sources};

/// The files and the environment that a question is about, as text. Its `Debug` form is not derived: it holds keys.
#[derive(Clone, Default)]
pub struct World {
    /// The texts.
    pub given: Sources<Given<String>>,
    /// The files that are UTF-16: their texts are those that a reader of UTF-16 sees.
    pub in_utf16: Vec<SourceKind>,
    /// The files in another encoding than UTF-8 and UTF-16.
    pub not_utf8: Vec<SourceKind>,
    /// Variables of that environment beside the text: cases have them, people do not paste them.
    pub variables: TextMap<String>,
    /// Other files of `HERMES_HOME`, by path from it. Cases have them, people do not paste them.
    pub other_files: TextMap<String>,
    /// Files of `HOME`, by path from it.
    pub home_files: TextMap<String>,
    /// The profile's name, where one is used.
    pub profile: Option<String>,
    /// Whether every request over the network is known to fail, as in the cases. Where it is not known, what depends on
    /// a request is not modelled.
    pub offline: bool,
    /// The time, in seconds since the epoch.
    pub now: f64,
    /// When the listing was printed, in seconds since the epoch: the times that it gives count from there. `None`: now.
    pub listing_taken_at: Option<f64>,
}

impl World {
    /// Whether `kind` is a file that Hermes does not read because it is not UTF-8 (`UnicodeDecodeError`). Of a `.env` in UTF-16
    /// it goes by the release and by the mark, and is not modelled; one in another encoding is read, as `_load_dotenv_with_fallback`
    /// takes it for Latin-1 then and `load_env` replaces what it cannot read.
    pub fn is_undecodable(&self, kind: SourceKind) -> bool {
        matches!(kind, SourceKind::Config | SourceKind::AuthStore | SourceKind::Jobs)
            && (self.in_utf16.contains(&kind) || self.not_utf8.contains(&kind))
    }

    /// The text `kind`, `""` where it was not given.
    pub fn text_of(&self, kind: SourceKind) -> &str {
        self.given[kind].text().map_or("", String::as_str)
    }

    /// The file at `path` from `HOME`. The wasm is given none, and leaves out what is for them.
    #[inline(always)]
    pub(super) fn home_file(&self, path: &str) -> Option<&String> {
        if cfg!(target_arch = "wasm32") { None } else { self.home_files.get(path) }
    }
}
