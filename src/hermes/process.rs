//! One run of the real program over one world.

use std::cell::OnceCell;
use std::rc::Rc;

use super::config::ConfigState;
use super::custom_providers::CustomProviders;
use super::dotenv::DotEnvState;
use super::listed;
use super::sites::Sites;
use super::{Outcome, Stop, Trace, World};
use crate::base::collections::{TextMap, TextSet};
use crate::base::sources::{Given, SourceKind};
use crate::base::text::Search;
use crate::facts::Facts;
use crate::hermes::auth_store::AuthStoreState;
use crate::python::Dict;
use crate::readers::debug_report::DebugReport;
use crate::readers::environ::EnvValue;
use crate::readers::environ::Environ;
use crate::readers::listing::Listing;
use crate::readers::part::Printed;
use crate::secret::{Secret, is_key_variable};

/// The level of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// `INFO`.
    Info,
    /// `WARNING`.
    Warning,
}

/// A line that the logger `agent.credential_pool` writes.
#[derive(Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The level.
    pub level: LogLevel,
    /// The message before any redaction; reports mask it.
    pub message: String,
}

/// One run of the real program: its environment, its clock, and what it has read, written and logged so far.
pub struct Process<'w> {
    /// The world as it was given.
    pub world: &'w World,
    /// The tables of the release.
    pub facts: &'static Facts,
    /// `os.environ`, `.env` loaded into it.
    pub environ: TextMap<EnvValue>,
    /// `os.environ` before `.env` was loaded into it.
    pub environ_before: TextMap<EnvValue>,
    /// Variables that are set to something that nobody has seen and that are no keys.
    unseen: TextSet,
    /// Variables of whoever starts the program, which it has where they are set there.
    pub handed_on: TextSet,
    /// The scope of secrets, where one is set: what is read in place of `environ`.
    pub(super) secret_scope: Option<TextMap<EnvValue>>,
    /// What the pasted `hermes auth list` shows.
    pub listing: Rc<Listing>,
    /// What the pasted environment says, as it is written.
    pub environ_reading: Rc<Environ>,
    debug_report: OnceCell<Rc<DebugReport>>,
    /// The provider that Hermes' own output names, once it was asked.
    pub(super) named_in_output: OnceCell<Option<Printed>>,
    /// What was made of `.env`.
    pub(super) dotenv: DotEnvState,
    /// What was made of config.yaml.
    pub(super) config: ConfigState,
    /// A config and the custom providers that were last made of it.
    pub(super) custom_providers: Option<(Rc<Dict>, Rc<CustomProviders>)>,
    /// `time.time()` and `time.monotonic()`, in seconds.
    pub clock: f64,
    /// What the logger `agent.credential_pool` wrote since it was last taken.
    pub log: Vec<LogLine>,
    /// The decisions since they were last taken.
    pub trace: Trace,
    /// What was done to `auth.json`.
    pub auth_store: AuthStoreState,
    /// Whether the log has said that a variable lets OpenRouter cost something.
    pub(super) warned_of_spending: bool,
    /// What others than the main model come to, once it was asked.
    pub(super) sites: Option<Rc<Sites>>,
}

impl<'w> Process<'w> {
    /// Starts the program on `world`: the environment is read and `.env` loaded into it.
    ///
    /// # Errors
    /// What the start raises, or what of it is not modelled.
    pub fn start(world: &'w World, facts: &'static Facts) -> Outcome<Self> {
        let (process, loaded) = Self::started(world, facts);
        loaded.map(|()| process)
    }

    /// Starts the program on `world`, and says beside how loading `.env` ended: rules look at the world also
    /// where the program does not start.
    pub fn started(world: &'w World, facts: &'static Facts) -> (Self, Outcome<()>) {
        let listing = Rc::new(Listing::of(world.text_of(SourceKind::Listing)));
        let Surroundings { variables: environ, known, unseen, handed_on, reading } =
            surroundings(world, facts);
        let mut process = Self {
            world,
            facts,
            environ_before: environ.clone(),
            environ,
            unseen,
            handed_on,
            secret_scope: None,
            listing,
            environ_reading: reading,
            debug_report: OnceCell::new(),
            named_in_output: OnceCell::new(),
            dotenv: DotEnvState::default(),
            config: ConfigState::default(),
            custom_providers: None,
            clock: world.now,
            log: Vec::new(),
            trace: Trace::default(),
            auth_store: AuthStoreState::default(),
            warned_of_spending: false,
            sites: None,
        };
        let loaded = process.load_hermes_dotenv();
        for (name, found) in listed::variables(&process) {
            process.environ_before.insert(&name, found.clone());
            process.environ.insert(&name, found);
        }
        (process, known.and(loaded))
    }

    /// What Hermes says of itself, where that was pasted.
    pub fn debug_report(&self) -> Rc<DebugReport> {
        let read = || Rc::new(DebugReport::of(self.world.text_of(SourceKind::DebugReport)));
        Rc::clone(self.debug_report.get_or_init(read))
    }

    /// Whether all variables are known that the process has before it reads `.env`.
    pub fn knows_environ(&self) -> bool {
        self.world.given.environ.is_given() && !self.environ_reading.is_piece
    }

    /// Whether each text was pasted that may hold the keys of all providers, and none of them is only a piece.
    pub fn knows_all_keys(&self) -> bool {
        let world = self.world;
        let is_piece = world.given.environ.is_given() && self.environ_reading.is_piece;
        world.given.dotenv.is_given() && world.given.auth_store.is_given() && !is_piece
    }

    /// Goes on where nothing that decides about the endpoint of `provider` is a variable that nobody has seen.
    ///
    /// # Errors
    /// [`Stop::not_modelled`] else.
    pub(super) fn check_seen(&self, provider: &str) -> Outcome<()> {
        let own = self.facts.providers.get(provider).map_or("", |row| row.base_url_env_var.as_str());
        let shared = ["OPENAI_BASE_URL", "OPENROUTER_BASE_URL"].contains(&own)
            || matches!(provider, "openrouter" | "custom");
        let config = self.world.text_of(SourceKind::Config);
        let is_shared = |name: &str| shared && matches!(name, "OPENAI_BASE_URL" | "OPENROUTER_BASE_URL");
        let decides = |name: &&str| {
            *name == own || is_shared(name) || name.starts_with("HERMES_") || config.holds(name)
        };
        match self.unseen.iter().chain(self.handed_on.iter()).find(decides) {
            Some(name) if !self.environ.contains_key(name) => {
                Err(Stop::not_modelled(format!("the value of {name}, which was not pasted")))
            }
            _ => Ok(()),
        }
    }

    /// How a request over the network ends, made for `what`: it fails, or what it comes to is not modelled.
    pub(super) fn request(&self, what: &str) -> Stop {
        if self.is_offline() {
            return Stop::raised("ConnectError", "[Errno 111] Connection refused");
        }
        Stop::not_modelled(what)
    }

    /// Whether every request is known to fail. The wasm knows of no such world: what comes after one is left out of it.
    #[inline(always)]
    pub(super) fn is_offline(&self) -> bool {
        cfg!(not(target_arch = "wasm32")) && self.world.offline
    }

    /// Writes a log line.
    pub fn log(&mut self, level: LogLevel, message: impl Into<String>) {
        self.log.push(LogLine { level, message: message.into() });
    }
}

/// The process environment before `.env`, with the place of each value.
struct Surroundings {
    variables: TextMap<EnvValue>,
    /// Whether every value that could matter is known.
    known: Outcome<()>,
    unseen: TextSet,
    handed_on: TextSet,
    reading: Rc<Environ>,
}

fn surroundings(world: &World, facts: &Facts) -> Surroundings {
    /// Keys that a listing shows have smaller numbers.
    const FIRST_UNSEEN: usize = 1 << 24;
    let mut own = Surroundings {
        variables: TextMap::new(),
        known: Ok(()),
        unseen: TextSet::new(),
        handed_on: TextSet::new(),
        reading: Rc::default(),
    };
    for (name, value) in world.variables.iter() {
        own.variables.insert(name, EnvValue { value: value.clone(), place: None, entry_place: None });
    }
    let Given::Text(text) = &world.given.environ else { return own };
    own.reading = Rc::new(Environ::of(text));
    let environ = Rc::clone(&own.reading);
    if let Some(name) = environ.unknown_values().find(|name| facts.env.knows(name)) {
        own.known = Err(Stop::not_modelled(format!("a systemd specifier in the value of {name}")));
    }
    // Nix writes config.yaml out of them.
    if environ.has_settings && !world.given.config.is_given() {
        own.known = Err(Stop::not_modelled("the settings that Nix has beside these variables"));
    }
    for (name, found) in environ.last_of_each().iter() {
        own.variables.insert(name, found.clone());
    }
    for (number, entry) in environ.entries.iter().enumerate().filter(|(_, entry)| entry.is_unseen) {
        let counting = own.variables.get_mut(&entry.name);
        let Some(found) = counting.filter(|found| found.place == Some(entry.value_place)) else { continue };
        if is_key_variable(&entry.name) && !entry.is_handed_on {
            found.value = Secret::unseen(FIRST_UNSEEN + number).expose().to_owned();
            continue;
        }
        own.variables.remove(&entry.name);
        let names = if entry.is_handed_on { &mut own.handed_on } else { &mut own.unseen };
        names.insert(&entry.name);
    }
    own
}
