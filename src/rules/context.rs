//! What a rule may look at.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use super::calls::{Call, calls};
use super::odd_names::{OddName, Request, expected_or_removed, odd_names, request_of};
use super::pc107_duplicate_key::is_doubled_key;
use super::pools::PoolNames;
use super::settings::{Setting, settings};
use super::variables::{Counting, Flaw, provider_of_key};
use crate::base::collections::{TextMap, TextSet};
use crate::base::sources::{Given, SourceKind};
use crate::base::text::{Place, Places, Span};
use crate::facts::{Facts, Standing};
use crate::hermes::config::{ConfigFailure, ConfigFile, ConfigIssue, EnvReference};
use crate::hermes::custom_providers::CustomProviders;
use crate::hermes::destinations::Destination;
use crate::hermes::dotenv::{Assignment, DotEnvReading};
use crate::hermes::fallback::FallbackEntries;
use crate::hermes::pool::{PooledCredential, custom_pool_name};
use crate::hermes::runtime::Runtime;
use crate::hermes::sites::Sites;
use crate::hermes::story::Story;
use crate::hermes::verdict::Verdict;
use crate::hermes::{Candidate, Origin, Outcome, Process, Reason, World};
use crate::json;
use crate::python::{Node, lower, strip};
use crate::readers::debug_report::{DebugReport, KeyRow};
use crate::readers::environ::Environ;
use crate::readers::ignores::{Ignore, ignores};
use crate::readers::listing::Listing;
use crate::readers::log::Log;
use crate::readers::paste::Paste;
use crate::secret::Secret;
use crate::yaml::{self, YamlError};

/// Everything that is known of the pasted world: the texts, their trees, and what the model decided.
pub struct Context<'a> {
    /// The pasted texts.
    pub world: &'a World,
    /// The tables of the release.
    pub facts: &'static Facts,
    /// `config.yaml` as Hermes parses it, before anything is merged.
    pub config: &'a ConfigFile,
    /// What it says in the sections that decide about providers.
    pub(super) settings: Vec<Setting<'a>>,
    /// What became of `config.yaml` on its way through a forum, a chat or an editor.
    pub paste: Paste,
    /// The keys of config.yaml that stand behind an equal one in the same mapping.
    pub doubled_keys: Places,
    /// `auth.json` as Hermes parses it, where it was given.
    pub auth_store: Option<Result<json::Loaded, json::JsonError>>,
    /// What both readers make of `.env`.
    pub dotenv: DotEnvReading,
    /// The process environment as it was pasted.
    pub environ: Rc<Environ>,
    /// The comments that silence findings.
    pub ignores: Vec<Ignore>,
    /// What Hermes says of itself, where that was pasted.
    pub debug_report: Rc<DebugReport>,
    /// Its row by which there is a key for the provider, where nothing that was pasted has one.
    pub key_in_report: Option<KeyRow>,
    /// What the pasted `hermes auth list` shows.
    pub listing: Rc<Listing>,
    /// The providers that it shows wholly, each with the rows that Hermes makes of its variables.
    pub listed: TextMap<Vec<PooledCredential>>,
    /// What the resolution came to, or why there is none.
    pub verdict: &'a Outcome<Verdict>,
    /// config.yaml as the rest of Hermes sees it: merged over the defaults, normalised and expanded. `None` where
    /// loading it raises.
    pub loaded: Option<Node>,
    /// The custom providers of both spellings, kept and dropped. `None` where reading them raises.
    pub custom_providers: Option<Rc<CustomProviders>>,
    /// The fallback chain, and what is left out of it.
    pub fallback: FallbackEntries,
    /// The provider that the resolution asked for, where it is written.
    pub request: Option<Request>,
    /// The `${VAR}` of config.yaml.
    pub references: Rc<Vec<EnvReference>>,
    /// The names of providers and endpoints that have pools.
    pub(super) pool_names: PoolNames,
    /// The names of the variables that are set, or may be, `.env` read in.
    pub variables: TextSet,
    /// What Hermes' own check finds wrong with config.yaml.
    pub issues: Vec<ConfigIssue>,
    /// Provider names that Hermes does not take where they are written.
    pub odd_names: Vec<OddName>,
    /// What others than the main model come to: side tasks, subagents and fallbacks.
    pub sites: Rc<Sites>,
    /// Where the keys go.
    pub destinations: Vec<Destination>,
    /// The pasted commands.
    pub calls: Vec<Call>,
    /// What the pasted log tells.
    pub story: Story,
    /// The bytes that were read again to try ways out.
    pub(super) tried: Cell<usize>,
    /// The assignments that count, once a rule asks for them.
    pub(super) counting: OnceCell<Vec<Counting>>,
    /// What is wrong with the values of those, of which something is.
    pub(super) flaws: OnceCell<Vec<(Counting, Flaw)>>,
    /// What the resolution comes to once its provider has the key that it lacks, once a rule asks for it.
    pub(super) keyed: OnceCell<Option<Verdict>>,
}

impl<'a> Context<'a> {
    /// Gathers what rules look at, `config` being the config.yaml of `process`, which may be asked further questions; what it
    /// decides is recorded behind the verdict.
    pub fn new<'w: 'a>(
        process: &mut Process<'w>,
        config: &'a ConfigFile,
        verdict: &'a Outcome<Verdict>,
    ) -> Self {
        let world = process.world;
        let text = |given: &'w Given<String>| given.text().map(String::as_str);
        // A file that is refused for two equal keys is whole otherwise.
        let doubled = match &config.failure {
            Some(ConfigFailure::Yaml(YamlError::Syntax(error))) if is_doubled_key(error) => {
                text(&world.given.config).and_then(|text| yaml::load(text, SourceKind::Config).root.ok())
            }
            _ => None,
        };
        let read = match &config.failure {
            Some(ConfigFailure::Yaml(_)) if doubled.is_some() => Ok(doubled.as_ref()),
            Some(ConfigFailure::Yaml(error)) => Err(error),
            _ => Ok(config.parsed.as_ref()),
        };
        // Of a file that is not read for its encoding nothing else counts.
        let plain = |kind: SourceKind| text(&world.given[kind]).filter(|_| !world.is_undecodable(kind));
        let paste =
            Paste::of(plain(SourceKind::Config).unwrap_or(""), read, &config.duplicates, process.facts);
        let has_mark = process.facts.behaviour.auth_json_may_have_a_bom;
        let load_store = if has_mark { json::load_behind_mark } else { json::load };
        let doubled_keys = config.duplicates.iter().map(|duplicate| config_place(duplicate.second)).collect();
        Self {
            world,
            facts: process.facts,
            doubled_keys: Places::new(doubled_keys),
            pool_names: PoolNames::of(process.facts, config.parsed.as_ref()),
            config,
            settings: settings(config.parsed.as_ref()),
            paste,
            auth_store: plain(SourceKind::AuthStore).map(|text| load_store(text, SourceKind::AuthStore)),
            dotenv: process.dotenv_reading().clone(),
            environ: Rc::clone(&process.environ_reading),
            ignores: ignores_of(world, process),
            debug_report: process.debug_report(),
            key_in_report: verdict.as_ref().ok().and_then(|verdict| process.key_in_report(verdict)),
            listing: Rc::clone(&process.listing),
            listed: listed(process),
            verdict,
            loaded: process.load_config().ok(),
            custom_providers: process.custom_providers(None).ok(),
            fallback: process.fallback_entries().unwrap_or_default(),
            request: request_of(process, verdict),
            references: process.config_references().unwrap_or_default(),
            variables: process.environ.keys().iter().chain(process.handed_on.iter()).collect(),
            issues: process.validate_config_structure().unwrap_or_default(),
            odd_names: odd_names(process, verdict),
            sites: process.sites(verdict),
            destinations: process.destinations(verdict),
            calls: calls(process),
            story: Story::of(Log::of(text(&world.given.log).unwrap_or("")), process, verdict),
            tried: Cell::new(0),
            counting: OnceCell::new(),
            flaws: OnceCell::new(),
            keyed: OnceCell::new(),
        }
    }

    /// The text of `config.yaml`, `""` where it was not given.
    pub fn config_text(&self) -> &'a str {
        self.world.given.config.text().map_or("", String::as_str)
    }

    /// The pasted text of `source`, `""` where it was not given.
    pub fn text_of(&self, source: SourceKind) -> &'a str {
        self.world.text_of(source)
    }

    /// The first line of `config.yaml` that says something: the place of what has no other.
    pub fn config_begin(&self) -> Place {
        let text = self.config_text();
        let begin = text.len() - text.trim_start().len();
        let line = text.get(begin..).and_then(|rest| rest.lines().next()).unwrap_or("");
        config_place(Span::new(begin, begin + line.trim_end().len()))
    }

    /// The user's own `config.yaml`, where it parses.
    pub fn config_root(&self) -> Option<&'a Node> {
        self.config.parsed.as_ref()
    }

    /// The value at `path` in the user's own `config.yaml`, before any merge.
    pub fn config_at(&self, path: &[&str]) -> Option<&'a Node> {
        path.iter().try_fold(self.config_root()?, |node, name| node.get(name))
    }

    /// The value at `path` of the loaded config.
    pub fn loaded_at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self.loaded.as_ref()?, |node, name| node.get(name))
    }

    /// The names that the user may mean by a custom provider, lower-cased and with hyphens for spaces, each with the
    /// name of that provider's pool without `custom:`.
    pub fn custom_pool_names(&self) -> TextMap<String> {
        let mut names = TextMap::new();
        for entry in self.custom_providers.iter().flat_map(|custom| &custom.kept) {
            if let Some(pool) = entry.text("name").map(custom_pool_name) {
                names.insert(&pool, pool.clone());
                let key = entry.text("provider_key").map(custom_pool_name);
                names.insert(&key.unwrap_or_else(|| pool.clone()), pool);
            }
        }
        names
    }

    /// Whether the release was read in the source and not run: a rule claims of it only what was read.
    pub fn is_read_only(&self) -> bool {
        self.facts.standing() == Standing::Read
    }

    /// Whether the key `key` of config.yaml can be renamed at `place`: it is written as it reads, and is not the
    /// last of two equal ones, behind which the first would come to light.
    pub fn is_plain_key(&self, place: Place, key: &str) -> bool {
        let written = place.span.of(self.config_text()).trim_matches(['"', '\'']);
        written == key && !self.doubled_keys.contains(place)
    }

    /// Whether a rule that finds nothing can be believed: everything that Hermes reads is known, parses and is modelled.
    pub fn judges_all_rules(&self) -> bool {
        let world = self.world;
        let sources = [&world.given.config, &world.given.dotenv, &world.given.auth_store];
        let is_modelled = |verdict: &Verdict| match &verdict.outcome {
            Err(stop) => stop.unmodelled().is_none(),
            Ok(_) => true,
        };
        sources.iter().all(|given| given.is_given())
            && self.knows_environ()
            && self.config_error().is_none()
            && !matches!(self.auth_store, Some(Err(_)))
            && self.verdict().is_some_and(is_modelled)
    }

    /// Whether `word` is a name of a provider, in this release or an older one, or of an endpoint of config.yaml: it may look
    /// like a key.
    pub fn names_provider(&self, word: &str) -> bool {
        self.pool_names.provider(word).is_some() || expected_or_removed(&lower(strip(word))).is_some()
    }

    /// The error of `config.yaml`, where it does not parse.
    pub fn config_error(&self) -> Option<&yaml::YamlError> {
        match &self.config.failure {
            Some(ConfigFailure::Yaml(error)) => Some(error),
            _ => None,
        }
    }

    /// The user's own `auth.json`, where it parses.
    pub fn auth_root(&self) -> Option<&Node> {
        self.auth_store.as_ref()?.as_ref().ok().map(|loaded| &loaded.root)
    }

    /// The credential that Hermes uses, where it uses one.
    pub fn winner(&self) -> Option<&Candidate> {
        self.verdict()?.winner.as_ref()
    }

    /// Where the credential that Hermes uses is written.
    pub fn winner_place(&self) -> Option<Place> {
        self.winner()?.place
    }

    /// Whether Hermes uses the key of `candidate`, wherever it has it from.
    pub fn uses_key_of(&self, candidate: &Candidate) -> bool {
        self.winner().is_some_and(|winner| winner.key == candidate.key)
    }

    /// Whether the key that Hermes uses is this text.
    pub fn uses_value(&self, value: &str) -> bool {
        self.winner().is_some_and(|winner| winner.key == Secret::new(strip(value)))
    }

    /// The keys of config.yaml that the provider in use does not read, each with its dotted path.
    pub fn unread_keys(&self) -> Vec<(&Candidate, &str)> {
        let mut found = Vec::new();
        for (loser, reason) in self.losers() {
            if let (Origin::Config(path), Reason::NotReadForProvider(_)) = (&loser.origin, reason) {
                found.push((loser, path.as_str()));
            }
        }
        found
    }

    /// The credentials that it does not use, each with the reason.
    pub fn losers(&self) -> &[(Candidate, Reason)] {
        self.verdict().map_or(&[], |verdict| &verdict.losers)
    }

    /// What the resolution came to, where it succeeded.
    pub fn runtime(&self) -> Option<&Runtime> {
        self.verdict()?.outcome.as_ref().ok()
    }

    /// The provider that Hermes resolves, as far as it got.
    pub fn provider(&self) -> Option<&str> {
        self.verdict()?.provider.as_deref()
    }

    /// Whether the provider is known and Hermes has no credential for it, in what was pasted.
    pub fn lacks_credential(&self) -> bool {
        self.verdict().is_some_and(Verdict::lacks_credential)
    }

    /// Whether Hermes has no credential for the provider, and what may hold one was pasted.
    pub(super) fn is_left_without_key(&self) -> bool {
        self.lacks_credential()
            && self.world.given.dotenv.is_given()
            && self.world.given.auth_store.is_given()
    }

    /// As [`Context::is_left_without_key`], of a provider that takes a key from the variable `name`.
    pub(super) fn lacks_key_of(&self, name: &str) -> bool {
        self.is_left_without_key()
            && self.provider().is_some_and(|id| provider_of_key(self.facts, name, false) == Some(id))
    }

    /// Whether the provider that Hermes resolves is one of its own that takes a key from variables of its own.
    pub fn is_built_in(&self) -> bool {
        self.provider().is_some_and(|provider| provider != "custom" && self.key_variable(provider).is_some())
    }

    /// The variable that holds the key of `provider`: the one that is tried first.
    pub fn key_variable(&self, provider: &str) -> Option<&'static str> {
        self.facts.providers.get(provider)?.api_key_env_vars.first().map(String::as_str)
    }

    /// As [`Context::key_variable`], of OpenRouter as well, which is in no registry.
    pub fn pool_variable(&self, provider: &str) -> Option<&'static str> {
        self.key_variable(provider).or_else(|| (provider == "openrouter").then_some("OPENROUTER_API_KEY"))
    }

    /// The number, from 1, that `hermes auth list` and `hermes auth remove` give the entry of the provider's pool
    /// that `candidate` is.
    pub fn pool_index(&self, candidate: &Candidate) -> Option<usize> {
        let pool = self.verdict()?.pool.as_ref()?;
        let same = |entry: &PooledCredential| {
            candidate.entry_place.is_some() && entry.place == candidate.entry_place
        };
        pool.entries.iter().position(same).map(|index| index + 1)
    }

    /// The number of the assignment of `.env` that python-dotenv reads where a name begins at byte `start`.
    pub(super) fn python_dotenv_number(&self, start: usize) -> Option<usize> {
        let found = &self.dotenv.python_dotenv;
        let last = found.partition_point(|found| found.name_place.span.start <= start).checked_sub(1)?;
        found.get(last).filter(|found| found.name_place.span.start == start).map(|_| last)
    }

    /// What python-dotenv makes of the assignment of `.env` whose name begins at byte `start`.
    pub fn python_dotenv_at(&self, start: usize) -> Option<&Assignment> {
        self.dotenv.python_dotenv.get(self.python_dotenv_number(start)?)
    }

    /// The verdict, where there is one.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref().ok()
    }
}

/// The comments of all texts that silence findings, but for what a value of `.env` in quotes holds.
fn ignores_of(world: &World, process: &mut Process<'_>) -> Vec<Ignore> {
    let mut found = Vec::new();
    for source in SourceKind::PASTED {
        found.extend(ignores(world.text_of(source), source));
    }
    let assignments = &process.dotenv_reading().python_dotenv;
    found.retain(|ignore| {
        let at = ignore.comment.start;
        let behind = assignments.partition_point(|found| found.value_place.span.start <= at);
        let value = behind.checked_sub(1).and_then(|before| assignments.get(before));
        let is_value = value.is_some_and(|found| found.value_place.span.contains(ignore.comment));
        ignore.source != SourceKind::Dotenv || !is_value
    });
    found
}

/// The providers of which every row is listed, each with the rows that Hermes makes of its variables.
fn listed(process: &mut Process<'_>) -> TextMap<Vec<PooledCredential>> {
    let listing = Rc::clone(&process.listing);
    let mut all = TextMap::new();
    for provider in listing.whole_pools() {
        if let Ok(rows) = process.rows_of_variables(&provider) {
            all.insert(&provider, rows);
        }
    }
    all
}

/// The place of `span` in `config.yaml`.
pub(super) fn config_place(span: Span) -> Place {
    Place::new(SourceKind::Config, span)
}
