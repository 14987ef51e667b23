//! A world: the files and the environment that a question is about.

use crate::base::collections::TextMap;
use crate::base::text::SourceKind;

/// What is known of one source.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Given<T> {
    /// Its content.
    Text(T),
    /// It is known not to exist.
    Absent,
    /// It was not pasted. The verdict takes it as absent and says so.
    #[default]
    NotGiven,
}

impl<T> Given<T> {
    /// The content, where there is one.
    pub fn text(&self) -> Option<&T> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::NotGiven => None,
        }
    }

    /// Whether something is known: a content or its absence.
    pub fn is_given(&self) -> bool {
        !matches!(self, Self::NotGiven)
    }
}

/// The files and the environment that a question is about, as text. Its `Debug` form is not derived: it holds keys.
#[derive(Clone, Default)]
pub struct World {
    /// `config.yaml` in the Hermes home.
    pub config: Given<String>,
    /// `.env` in the Hermes home.
    pub dotenv: Given<String>,
    /// `auth.json` in the Hermes home.
    pub auth_store: Given<String>,
    /// `cron/jobs.json` in the Hermes home.
    pub jobs: Given<String>,
    /// The environment of the process before Hermes reads `.env`: lines `NAME=value`, a systemd unit, a compose
    /// file, `docker run`, and the like.
    pub environ: Given<String>,
    /// What `hermes auth list` printed.
    pub listing: Given<String>,
    /// Lines of Hermes' logs, or what it printed in a terminal.
    pub log: Given<String>,
    /// Commands that somebody typed or means to type.
    pub commands: Given<String>,
    /// What Hermes says of itself: `hermes dump` and its like.
    pub report: Given<String>,
    /// `auth.json` of the root home, where a profile is used.
    pub root_auth_store: Given<String>,
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
    /// What is known of the text `kind`.
    pub fn given(&self, kind: SourceKind) -> &Given<String> {
        match kind {
            SourceKind::Config => &self.config,
            SourceKind::DotEnv => &self.dotenv,
            SourceKind::AuthStore => &self.auth_store,
            SourceKind::Jobs => &self.jobs,
            SourceKind::Environ => &self.environ,
            SourceKind::Listing => &self.listing,
            SourceKind::Log => &self.log,
            SourceKind::Commands => &self.commands,
            SourceKind::Report => &self.report,
            SourceKind::RootAuthStore => &self.root_auth_store,
        }
    }

    /// The slot of the text `kind`.
    pub fn given_mut(&mut self, kind: SourceKind) -> &mut Given<String> {
        match kind {
            SourceKind::Config => &mut self.config,
            SourceKind::DotEnv => &mut self.dotenv,
            SourceKind::AuthStore => &mut self.auth_store,
            SourceKind::Jobs => &mut self.jobs,
            SourceKind::Environ => &mut self.environ,
            SourceKind::Listing => &mut self.listing,
            SourceKind::Log => &mut self.log,
            SourceKind::Commands => &mut self.commands,
            SourceKind::Report => &mut self.report,
            SourceKind::RootAuthStore => &mut self.root_auth_store,
        }
    }

    /// Whether `kind` is a file that Hermes does not read because it is not UTF-8 (`UnicodeDecodeError`). Of a `.env` in UTF-16
    /// it goes by the release and by the mark, and is not modelled; one in another encoding is read, as `_load_dotenv_with_fallback`
    /// takes it for Latin-1 then and `load_env` replaces what it cannot read.
    pub fn is_undecodable(&self, kind: SourceKind) -> bool {
        matches!(kind, SourceKind::Config | SourceKind::AuthStore | SourceKind::Jobs)
            && (self.in_utf16.contains(&kind) || self.not_utf8.contains(&kind))
    }

    /// The text `kind`, `""` where it was not given.
    pub fn text_of(&self, kind: SourceKind) -> &str {
        self.given(kind).text().map_or("", String::as_str)
    }

    /// The file at `path` from `HOME`. The wasm is given none, and leaves out what is for them.
    #[inline(always)]
    pub(super) fn home_file(&self, path: &str) -> Option<&String> {
        if cfg!(target_arch = "wasm32") { None } else { self.home_files.get(path) }
    }
}
