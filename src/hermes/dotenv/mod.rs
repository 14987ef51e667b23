//! The two `.env` readers of the real program, which disagree: `load_env`, which pools and the direct key
//! look-up read, and python-dotenv, which fills the process environment at start.
//!
//! `load_hermes_dotenv` (`hermes_cli/env_loader.py`) first rewrites a file with joined lines, stray blanks or
//! NUL characters; both readers then see the rewritten file. A [`World`](super::World)'s text is always valid UTF-8, so the
//! real program's ways with other encodings have no counterpart here.

mod environ;
mod load_env;
mod mapped;
mod python_dotenv;
mod sanitize;
mod scope;

use std::rc::Rc;

pub(super) use self::environ::set as set_variable;

use self::mapped::Mapped;
use self::python_dotenv::Resolved;
use self::sanitize::{KnownNames, sanitize};
use super::{Outcome, Process, Stop};
use crate::base::collections::TextMap;
use crate::base::sources::{Given, SourceKind};
use crate::base::text::{Place, Span, sort_by_span};
use crate::facts::Facts;
use crate::facts::behaviour::Behaviour;
use crate::readers::environ::EnvValue;

/// One assignment in `.env`, as one of the two readers sees it. It has no `Debug` form: it may hold a key.
#[derive(Clone)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// The value, before python-dotenv replaces `${…}`; `None` where it finds a name alone.
    pub value: Option<String>,
    /// Where the name is written.
    pub name_place: Place,
    /// Where the value is written, without quotes around it.
    pub value_place: Place,
    /// Where the whole assignment is written, without a comment behind it.
    pub entry_place: Place,
}

impl Assignment {
    /// The variable as it is once it is set to `value`.
    fn with_value(&self, value: String) -> EnvValue {
        EnvValue { value, place: Some(self.value_place), entry_place: Some(self.entry_place) }
    }

    fn new(name: &str, value: Option<String>, name_span: Span, value_span: Span, entry_span: Span) -> Self {
        let place = |span| Place::new(SourceKind::Dotenv, span);
        Self {
            name: name.to_owned(),
            value,
            name_place: place(name_span),
            value_place: place(value_span),
            entry_place: place(entry_span),
        }
    }
}

/// What the two readers make of `.env`, for rules.
#[derive(Clone, Default)]
pub struct DotEnvReading {
    /// What `load_env` reads, in order; of one name the last counts.
    pub load_env: Vec<Assignment>,
    /// What python-dotenv reads, in order; of one name the last counts.
    pub python_dotenv: Vec<Assignment>,
    /// Lines that are neither blank nor comments and in which neither reader finds a value.
    pub unread: Vec<Place>,
    /// Whether the real program rewrites the file at start.
    pub rewritten: bool,
}

impl DotEnvReading {
    /// Reads `.env` as both readers do.
    ///
    /// ```
    /// use poolcheck::{facts::Facts, hermes::dotenv::DotEnvReading};
    /// # let Some(facts) = Facts::newest() else { return };
    /// let reading = DotEnvReading::of("A=x # y\nB: z\n", facts);
    /// assert!(reading.load_env.first().is_some_and(|found| found.value.as_deref() == Some("x # y")));
    /// assert!(reading.python_dotenv.first().is_some_and(|found| found.value.as_deref() == Some("x")));
    /// assert_eq!(reading.unread.len(), 1);
    /// ```
    pub fn of(text: &str, facts: &Facts) -> Self {
        let known = KnownNames::new(facts.env.optional.iter().chain(facts.env.extra.iter()));
        let File { text: file, rewritten } = File::at_start(text, &known, &facts.behaviour);
        // A rewritten file may begin with a byte order mark again, if there were two.
        let load_env = load_env::read(&without_bom(&file), &known, &facts.behaviour);
        let python_dotenv = python_dotenv::read(&file);
        let unread = unread_lines(&file, &load_env, &python_dotenv);
        Self { load_env, python_dotenv, unread, rewritten }
    }
}

/// `.env` as both readers find it.
struct File {
    text: Mapped,
    rewritten: bool,
}

impl File {
    /// `_sanitize_env_file_if_needed`.
    fn at_start(text: &str, known: &KnownNames, behaviour: &Behaviour) -> Self {
        let original = Mapped::read(text, true);
        // What looks like a file in another encoding is left alone.
        if !behaviour.leaves_undecodable_dotenv || !original.text().starts_with('\u{fffd}') {
            let lines = if behaviour.drops_nul { original.without('\0') } else { original.clone() };
            let sanitized = sanitize(&lines, known, behaviour);
            if sanitized.text() != original.text() {
                return Self { text: sanitized, rewritten: true };
            }
        }
        Self { text: Mapped::read(text, false), rewritten: false }
    }
}

fn without_bom(text: &Mapped) -> Mapped {
    let mut result = Mapped::default();
    let start = if text.text().starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    result.push_part(text, start..text.text().len());
    result
}

fn unread_lines(file: &Mapped, load_env: &[Assignment], python_dotenv: &[Assignment]) -> Vec<Place> {
    let mut read: Vec<Span> = load_env
        .iter()
        .chain(python_dotenv)
        .filter(|found| found.value.is_some())
        .map(|found| found.entry_place.span)
        .collect();
    sort_by_span(&mut read, |span| *span);
    let mut furthest = 0;
    let mut spans = read.into_iter().peekable();
    let mut unread = Vec::new();
    for line in file.lines() {
        let line = mapped::stripped(file.text(), line);
        let words = file.text().get(line.clone()).unwrap_or("");
        // A byte order mark before a comment hides nothing: one reader passes over it, the other over the line.
        let words = words.strip_prefix('\u{feff}').map_or(words, str::trim_start);
        if words.is_empty() || words.starts_with('#') {
            continue;
        }
        let span = file.span(line);
        while let Some(found) = spans.next_if(|found| found.start < span.end) {
            furthest = furthest.max(found.end);
        }
        if furthest <= span.start {
            unread.push(Place::new(SourceKind::Dotenv, span));
        }
    }
    unread
}

/// What the process has made of `.env` so far.
#[derive(Clone, Default)]
pub struct DotEnvState {
    reading: Rc<DotEnvReading>,
    values: Rc<TextMap<EnvValue>>,
}

impl DotEnvState {
    fn of(text: &str, facts: &Facts) -> Self {
        let reading = DotEnvReading::of(text, facts);
        let mut values = TextMap::new();
        for found in &reading.load_env {
            if let Some(value) = &found.value {
                values.insert(&found.name, found.with_value(value.clone()));
            }
        }
        Self { reading: Rc::new(reading), values: Rc::new(values) }
    }
}

/// Variables that move the files that the real program reads; a `.env` that sets them leaves the world.
const MOVING_NAMES: [&str; 3] = ["HERMES_HOME", "HERMES_MANAGED_DIR", "HOME"];

/// The vaults that the real program knows (`agent/secret_sources/`), by their keys under `secrets:`.
const VAULTS: [&str; 2] = ["bitwarden", "onepassword"];

impl Process<'_> {
    /// `load_env()`: what pools read from `.env`, by name. The file is not written after the start, so that the real
    /// function's cache makes no difference.
    ///
    /// # Errors
    /// None today.
    pub fn load_env(&mut self) -> Outcome<Rc<TextMap<EnvValue>>> {
        Ok(Rc::clone(&self.dotenv.values))
    }

    /// What both readers made of `.env` at the start; empty where there is none.
    pub fn dotenv_reading(&self) -> &DotEnvReading {
        &self.dotenv.reading
    }

    /// `load_hermes_dotenv()`: loads `.env` into the process environment, as at the program's start. The
    /// project's `.env` and a managed one are taken as absent.
    ///
    /// # Errors
    /// `ValueError` for a name or value that no process environment can hold; [`Stop::not_modelled`] where
    /// the file moves the Hermes home, its values grow without measure, or a vault is turned on.
    pub(super) fn load_hermes_dotenv(&mut self) -> Outcome<()> {
        let world = self.world;
        if let Given::Text(text) = &world.given.dotenv {
            self.dotenv = DotEnvState::of(text, self.facts);
            let reading = Rc::clone(&self.dotenv.reading);
            self.load_bindings(&reading.python_dotenv, true, true)?;
        }
        if self.facts.behaviour.loads_op_env
            && let Some(text) = world.other_files.get(".op.env")
            && self.environ.get("OP_SERVICE_ACCOUNT_TOKEN").is_none_or(|token| token.value.is_empty())
        {
            self.load_bindings(&python_dotenv::read(&Mapped::read(text, false)), false, false)?;
        }
        for name in MOVING_NAMES {
            let value = |environ: &TextMap<EnvValue>| environ.get(name).map(|found| found.value.clone());
            if value(&self.environ) != value(&self.environ_before) {
                return Err(Stop::not_modelled(format!(".env sets {name}")));
            }
        }
        self.vaults()
    }

    /// `_apply_external_secret_sources`: the vaults that config.yaml turns on, which nobody here can ask.
    fn vaults(&mut self) -> Outcome<()> {
        // A config that cannot be read has no vaults for the real program either.
        let file = self.config_file();
        let Some(secrets) = file.parsed.as_ref().and_then(|config| config.get("secrets")) else {
            return Ok(());
        };
        let behaviour = &self.facts.behaviour;
        if behaviour.asks_bitwarden && !behaviour.asks_vaults_by_name {
            // Without the registry of vaults, nothing catches what a part of the wrong type raises.
            for part in [Some(secrets), secrets.get("bitwarden")].into_iter().flatten() {
                if part.value.is_true() && part.value.as_dict().is_none() {
                    return Err(Stop::no_attribute(part.value.type_name(), "get"));
                }
            }
        }
        let is_on = |name: &&&str| {
            let enabled = secrets.get(name).and_then(|vault| vault.get("enabled"));
            enabled.is_some_and(|enabled| enabled.value.is_true())
        };
        match VAULTS.iter().find(is_on) {
            Some(name) => Err(Stop::not_modelled(format!("secrets from {name}"))),
            None => Ok(()),
        }
    }

    /// `load_dotenv(…, override=True)` on `.env` once more, without the clean-up of credentials behind it.
    ///
    /// # Errors
    /// As [`Process::load_hermes_dotenv`], for names, values and their growth.
    pub(super) fn reload_dotenv(&mut self) -> Outcome<()> {
        let reading = Rc::clone(&self.dotenv.reading);
        self.set_bindings(&reading.python_dotenv, true, true)
    }

    /// `load_dotenv(…, override=…)` and the clean-up of credentials behind it.
    fn load_bindings(&mut self, bindings: &[Assignment], overrides: bool, placed: bool) -> Outcome<()> {
        self.set_bindings(bindings, overrides, placed)?;
        environ::clean_credentials(&mut self.environ, &self.facts.env);
        Ok(())
    }

    fn set_bindings(&mut self, bindings: &[Assignment], overrides: bool, placed: bool) -> Outcome<()> {
        if !environ::dotenv_disabled(&self.environ) {
            let outer = |name: &str| self.environ.get(name).map(|found| found.value.as_str());
            let resolved = python_dotenv::resolve(bindings, outer, overrides)?;
            for (name, Resolved { last, value }) in resolved.iter() {
                let Some(value) = value.clone().filter(|_| overrides || !self.environ.contains_key(name))
                else {
                    continue;
                };
                let mut value = last.with_value(value);
                if !placed {
                    (value.place, value.entry_place) = (None, None);
                }
                environ::set(&mut self.environ, name, value)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sources::Sources;
    use crate::hermes::World;

    fn reading(text: &str) -> DotEnvReading {
        DotEnvReading::of(text, Facts::newest().unwrap())
    }

    fn unread(text: &str) -> Vec<&str> {
        reading(text).unread.into_iter().map(|place| place.span.of(text)).collect()
    }

    #[test]
    fn lines_that_neither_reader_reads() {
        assert_eq!(unread("KEY: v\nA=1\n  words  \n# c\n\nexport B\n"), ["KEY: v", "words", "export B"]);
        assert!(unread("A=\"x\nstill A\ny\"\n").is_empty());
        assert!(unread("\u{feff}# note\r\nA=1\r\n").is_empty() && unread("\u{feff}\nA=1\n").is_empty());
    }

    fn start(dotenv: &str, config: &str) -> Outcome<Vec<(String, String)>> {
        let world = World {
            given: Sources {
                dotenv: Given::Text(dotenv.to_owned()),
                config: Given::Text(config.to_owned()),
                ..Sources::default()
            },
            variables: [("A_KEY", "outer"), ("B", "outer")].map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            ..World::default()
        };
        let process = Process::start(&world, Facts::newest().unwrap())?;
        Ok(process.environ.iter().map(|(name, found)| (name.to_owned(), found.value.clone())).collect())
    }

    // What the real program's `load_hermes_dotenv` makes of the same files.
    #[test]
    fn the_file_goes_before_the_environment() {
        let pairs = [("A_KEY", "x"), ("B", "outer"), ("C", "outer-x")];
        assert_eq!(
            start("A_KEY=“x”\nC=${B}-${A_KEY}\n", "").unwrap(),
            [("A_KEY", "x"), ("B", "outer"), ("C", "outer-“x”")].map(|(k, v)| (k.to_owned(), v.to_owned()))
        );
        assert_eq!(
            start("A_KEY=x\nC=${B}-${A_KEY}\n", "").unwrap(),
            pairs.map(|(k, v)| (k.to_owned(), v.to_owned()))
        );
    }

    #[test]
    fn what_is_not_modelled_is_said() {
        let is_not_modelled =
            |dotenv, config| matches!(start(dotenv, config), Err(stop) if stop.unmodelled().is_some());
        assert!(is_not_modelled("HERMES_HOME=/opt/data\n", ""));
        assert!(is_not_modelled("", "secrets: {bitwarden: {enabled: yes}}"));
        assert!(start("", "secrets: {bitwarden: {enabled: no}}").is_ok());
        assert!(start("", "secrets: [bitwarden]").is_ok());
        assert!(
            matches!(start("'A=B'=c\n", ""), Err(stop) if stop.exception().is_some_and(|raised| raised.kind == "ValueError"))
        );
    }

    #[test]
    fn a_byte_order_mark_hides_the_first_name_from_one_reader_only() {
        let ended = reading("\u{feff}A=1\n");
        assert!(!ended.rewritten);
        assert_eq!(ended.load_env.first().unwrap().name, "A");
        assert_eq!(ended.python_dotenv.first().unwrap().name, "\u{feff}A");
        // Without a line end the file is rewritten, and the mark goes.
        let open = reading("\u{feff}A=1");
        assert!(open.rewritten);
        assert_eq!(open.python_dotenv.first().unwrap().name, "A");
    }
}
