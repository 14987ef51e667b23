//! What users paste: the one list of the kinds of text, and a value for each of them.

use std::ops::{Index, IndexMut};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Makes the list of kinds and what hangs on it of one row a kind: its field in [`Sources`], its name in JSON and JavaScript, and
/// the heading that it has in fixtures. Those that are `pasted` stand in the order in which they are shown.
macro_rules! sources {
    (
        pasted { $($(#[doc = $doc:literal])* $field:ident: $kind:ident = $name:literal, $heading:literal;)* }
        beside {
            $($(#[doc = $own_doc:literal])* $own_field:ident: $own_kind:ident = $own_name:literal, $own_heading:literal;)*
        }
    ) => {
        /// A kind of text, which has places of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        pub enum SourceKind {
            $($(#[doc = $doc])* #[serde(rename = $name)] $kind,)*
            $($(#[doc = $own_doc])* #[serde(rename = $own_name)] $own_kind,)*
        }

        impl SourceKind {
            /// Those that a user pastes, in the order in which they are shown.
            pub const PASTED: [Self; [$($name),*].len()] = [$(Self::$kind),*];

            /// All of them.
            pub const ALL: [Self; [$($name,)* $($own_name),*].len()] = [$(Self::$kind,)* $(Self::$own_kind),*];

            /// The name in JSON and JavaScript.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                    $(Self::$own_kind => $own_name,)*
                }
            }

            /// The heading that a text of this kind has in fixtures: the name of the file, or what it is.
            pub fn heading(self) -> &'static str {
                match self {
                    $(Self::$kind => $heading,)*
                    $(Self::$own_kind => $own_heading,)*
                }
            }
        }

        /// A value for each kind of text.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Sources<T> {
            $($(#[doc = $doc])* pub $field: T,)*
            $($(#[doc = $own_doc])* pub $own_field: T,)*
        }

        impl<T> Sources<T> {
            /// What `change` makes of each value.
            pub fn map<U>(&self, change: impl Fn(&T) -> U) -> Sources<U> {
                Sources {
                    $($field: change(&self.$field),)*
                    $($own_field: change(&self.$own_field),)*
                }
            }
        }

        impl<T> Index<SourceKind> for Sources<T> {
            type Output = T;

            fn index(&self, kind: SourceKind) -> &T {
                match kind {
                    $(SourceKind::$kind => &self.$field,)*
                    $(SourceKind::$own_kind => &self.$own_field,)*
                }
            }
        }

        impl<T> IndexMut<SourceKind> for Sources<T> {
            fn index_mut(&mut self, kind: SourceKind) -> &mut T {
                match kind {
                    $(SourceKind::$kind => &mut self.$field,)*
                    $(SourceKind::$own_kind => &mut self.$own_field,)*
                }
            }
        }

        /// The types of what JavaScript hands in and gets back, a field for each kind that is pasted.
        #[cfg(feature = "wasm")]
        #[allow(dead_code, reason = "wasm-bindgen takes it when it writes the types")]
        pub(crate) const TYPES: &str = concat!(
            "/** What was pasted. Each text is optional. */\nexport interface Input {\n",
            $("    /**\n", $("     *", $doc, "\n",)* "     */\n    ", $name, "?: string | null;\n",)*
            "}\n\n",
            "/**\n * The text of each kind: after fixes, none for those that stay as they are; of a pasted text, none for those that it\n",
            " * has not, and with what commands of its session set behind a file that it printed. They hold the user's own text, keys included.\n",
            " */\nexport interface Texts {\n",
            $("    /**\n", $("     *", $doc, "\n",)* "     */\n    ", $name, "?: string;\n",)*
            "}\n",
        );
    };
}

sources! {
    pasted {
        /// `config.yaml` in the Hermes home.
        config: Config = "config", "config.yaml";
        /// `.env` in the Hermes home.
        dotenv: Dotenv = "dotenv", ".env";
        /// `auth.json` in the Hermes home.
        auth_store: AuthStore = "authStore", "auth.json";
        /// `cron/jobs.json` in the Hermes home: the scheduled jobs.
        jobs: Jobs = "jobs", "cron/jobs.json";
        /// The environment of the process that runs Hermes, before Hermes reads `.env`: lines `NAME=value`, a systemd unit, a compose
        /// file, `docker run`, and the like.
        environ: Environ = "environ", "environment";
        /// What `hermes auth list` printed.
        listing: Listing = "listing", "hermes auth list";
        /// Lines of Hermes' logs, or what it printed in a terminal.
        log: Log = "log", "log";
        /// Commands that somebody typed or means to type.
        commands: Commands = "commands", "commands";
        /// What Hermes says of itself: `hermes debug share`, `hermes dump`, `hermes config show`, `hermes --version`.
        debug_report: DebugReport = "debugReport", "debug report";
    }
    beside {
        /// `auth.json` of the root home, which a profile falls back to.
        root_auth_store: RootAuthStore = "rootAuthStore", "auth.json of the root home";
    }
}

impl SourceKind {
    /// The kind with this name, of those that are pasted.
    ///
    /// ```
    /// use poolcheck::base::sources::SourceKind;
    /// assert_eq!(SourceKind::pasted("authStore"), Some(SourceKind::AuthStore));
    /// assert_eq!(SourceKind::pasted("rootAuthStore"), None);
    /// ```
    pub fn pasted(name: &str) -> Option<Self> {
        Self::PASTED.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind whose texts have this heading in fixtures, of those that are pasted.
    ///
    /// ```
    /// use poolcheck::base::sources::SourceKind;
    /// assert_eq!(SourceKind::with_heading("hermes auth list"), Some(SourceKind::Listing));
    /// ```
    pub fn with_heading(heading: &str) -> Option<Self> {
        Self::PASTED.into_iter().find(|kind| kind.heading() == heading)
    }

    /// The files of the Hermes home that are pasted; their headings are their paths in it.
    pub const HOME_FILES: [Self; 4] = [Self::Config, Self::Dotenv, Self::AuthStore, Self::Jobs];

    /// Whether it is a file of JSON.
    pub fn is_json(self) -> bool {
        matches!(self, Self::AuthStore | Self::Jobs | Self::RootAuthStore)
    }
}

/// Those that there are, by their names.
impl<T: Serialize> Serialize for Sources<Option<T>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for kind in SourceKind::ALL {
            if let Some(value) = &self[kind] {
                map.serialize_entry(kind.name(), value)?;
            }
        }
        map.end()
    }
}

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

/// The texts as they are checked: what is not there is not given.
impl From<Sources<Option<String>>> for Sources<Given<String>> {
    fn from(mut texts: Sources<Option<String>>) -> Self {
        let mut given = Self::default();
        for kind in SourceKind::ALL {
            if let Some(text) = texts[kind].take() {
                given[kind] = Given::Text(text);
            }
        }
        given
    }
}
