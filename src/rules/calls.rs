//! The pasted commands, and what to type instead.

use super::pools::PoolNames;
use super::{Context, Findings, Rule};
use crate::base::collections::TextMap;
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Search, Span};
use crate::diagnostic::Arg;
use crate::facts::Facts;
use crate::facts::strategies::{FILL_FIRST, LEAST_USED, RANDOM, ROUND_ROBIN};
use crate::hermes::arguments::{self, Reading};
use crate::hermes::commands::Adds;
use crate::hermes::{Outcome, Process};
use crate::python::lower;
use crate::readers::commands::{Invocation, Word, invocations};

/// Names of providers that are looked up for commands; nobody types more.
const MOST_NAMES: usize = 200;

/// What stands for a provider that a command does not name.
const PROVIDER: &str = "PROVIDER";

/// A pasted call of `hermes`, and what it comes to.
#[derive(Debug)]
pub struct Call {
    /// Its words.
    pub invocation: Invocation,
    /// How they are read; `None` where that is not modelled.
    pub reading: Option<Reading>,
    /// What `hermes auth add` would do for the provider that it names; `None` for other commands.
    pub adds: Option<Outcome<Adds>>,
}

/// The calls of `hermes` in the pasted commands.
pub(super) fn calls(process: &mut Process<'_>) -> Vec<Call> {
    let facts = process.facts;
    let mut known: TextMap<Outcome<Adds>> = TextMap::new();
    let mut calls = Vec::new();
    for invocation in invocations(process.world.text_of(SourceKind::Commands)) {
        let reading = arguments::read(&facts.commands, &invocation.texts());
        let mut call = Call { invocation, reading, adds: None };
        if let Some((name, word)) = call.provider()
            && !word.is_open
        {
            let kind = call.value("--type").map_or("", |(kind, _)| kind);
            let both = [kind, " ", name].concat();
            if !known.contains_key(&both) && known.len() < MOST_NAMES {
                let kind = Some(kind).filter(|kind| !kind.is_empty());
                known.insert(&both, process.auth_add(name, kind));
            }
            call.adds = known.get(&both).cloned();
        }
        calls.push(call);
    }
    calls
}

impl Call {
    /// The command that it reaches; empty where that is not known.
    pub(super) fn path(&self) -> &'static str {
        self.reading.as_ref().map_or("", |reading| reading.path)
    }

    /// The value of a positional or option, and the word that it stands in.
    pub(super) fn value(&self, name: &str) -> Option<(&str, &Word)> {
        let given = self.reading.as_ref()?.value(name)?;
        Some((given.text.as_str(), self.invocation.words.get(given.word)?))
    }

    /// The provider that a command of `hermes auth` is about.
    pub(super) fn provider(&self) -> Option<(&str, &Word)> {
        self.value("provider").filter(|_| self.path().starts_with("auth "))
    }

    /// What `hermes config set` is given, where both are known: the key, the value, and their words.
    pub(super) fn setting(&self) -> Option<(&str, &str, &Word, &Word)> {
        let ((key, at), (value, word)) = (self.value("key")?, self.value("value")?);
        (self.path() == "config set" && !at.is_open && !word.is_open).then_some((key, value, at, word))
    }

    /// Whether its words are all there and known in number.
    pub(super) fn is_whole(&self) -> bool {
        let may_be_many = |word: &Word| word.is_open && word.text.starts_with(['$', '*', '`']);
        !self.invocation.is_pattern && !self.invocation.words.iter().any(may_be_many)
    }

    /// The whole of it.
    pub(super) fn place(&self) -> Place {
        place(self.invocation.span)
    }

    /// The provider that its words name, as `hermes auth add` takes it, else what stands for one.
    pub(super) fn meant_provider(&self, names: &PoolNames) -> String {
        let words = self.invocation.words.iter().filter(|word| !word.is_open && !word.text.starts_with('-'));
        let mut meant = words.filter_map(|word| {
            let name = word.text.rsplit(['.', '=']).next().unwrap_or("");
            names.provider(name).filter(|_| name.len() > 2)
        });
        meant.next().unwrap_or_else(|| PROVIDER.to_owned())
    }
}

/// The place of `span` in the commands.
pub(super) fn place(span: Span) -> Place {
    Place::new(SourceKind::Commands, span)
}

/// The first of `candidates`, which are separated by `|`, that the release takes, with `provider` where one is meant.
pub(super) fn first_taken(facts: &'static Facts, candidates: &str, provider: &str) -> Option<String> {
    candidates
        .split('|')
        .map(|command| command.replaced(PROVIDER, provider))
        .find(|command| is_taken(facts, command))
}

/// Whether the release parses a command of ours, `hermes …`, in which no quotes are.
pub(super) fn is_taken(facts: &'static Facts, command: &str) -> bool {
    let words: Vec<&str> = command.split(' ').collect();
    let Some((_, words)) = words.split_first().filter(|(first, _)| **first == "hermes") else { return false };
    arguments::taken(&facts.commands, words).is_some()
}

/// The strategy that a word stands for, in the names of others.
pub(super) fn strategy_of(word: &str) -> &'static str {
    const MEANT: [(&str, &[&str]); 3] = [
        (FILL_FIRST, &["fillfirst", "failover", "fallback", "priority", "sequential", "ordered", "drain"]),
        (RANDOM, &["random", "shuffle", "randomized"]),
        (LEAST_USED, &["leastused", "leastbusy", "lru", "usage", "balanced"]),
    ];
    let own: String = lower(word).chars().filter(char::is_ascii_alphanumeric).collect();
    MEANT.iter().find(|(_, names)| names.contains(&own.as_str())).map_or(ROUND_ROBIN, |(name, _)| name)
}

/// What does the job of an option that `hermes` does not have, whatever command it stands behind.
const OPTIONS: [(&str, &str); 17] = [
    ("credential-pool", "hermes auth add PROVIDER --type api-key"),
    ("credentials", "hermes auth add PROVIDER --type api-key"),
    ("pool", "hermes auth add PROVIDER --type api-key"),
    ("keys", "hermes auth add PROVIDER --type api-key"),
    ("key", "hermes auth add PROVIDER --type api-key"),
    ("api-keys", "hermes auth add PROVIDER --type api-key"),
    ("apikey", "hermes auth add PROVIDER --type api-key"),
    ("token", "hermes auth add PROVIDER --type api-key"),
    ("pool-strategy", "hermes config set credential_pool_strategies.PROVIDER STRATEGY"),
    ("strategy", "hermes config set credential_pool_strategies.PROVIDER STRATEGY"),
    ("rotation", "hermes config set credential_pool_strategies.PROVIDER STRATEGY"),
    ("rotate", "hermes config set credential_pool_strategies.PROVIDER STRATEGY"),
    ("fallback", "hermes fallback add"),
    ("fallback-model", "hermes fallback add"),
    ("fallback-provider", "hermes fallback add"),
    ("fallback-providers", "hermes fallback add"),
    ("base-url", "hermes config set model.base_url URL"),
];

/// The command that does what the option `word` is meant for; `value` stands behind it.
pub(super) fn job_of_option(
    facts: &'static Facts,
    word: &str,
    value: &str,
    provider: &str,
) -> Option<String> {
    let (name, value) = word.split_once('=').unwrap_or((word, value));
    let name = lower(name.trim_start_matches('-')).replace('_', "-");
    let (_, command) = OPTIONS.iter().find(|(own, _)| *own == name)?;
    first_taken(facts, &command.replaced("STRATEGY", strategy_of(value)), provider)
}

/// The commands that do what the unknown options among the words of `call` are meant for, each once.
pub(super) fn jobs_of_options(context: &Context<'_>, call: &Call, provider: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let words = &call.invocation.words;
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.text.starts_with('-')) {
        let value = words.get(at + 1).map_or("", |value| value.text.as_str());
        if let Some(command) = job_of_option(context.facts, &word.text, value, provider)
            && !commands.contains(&command)
        {
            commands.push(command);
        }
    }
    commands
}

impl Findings {
    /// Gives the commands that the finding names, a line each, without any where there is none.
    pub(super) fn commands(&mut self, commands: &[String]) -> &mut Self {
        if commands.is_empty() {
            return self.without_command();
        }
        self.with("commands", Arg::Lines(commands.to_vec()))
    }
}

/// A finding of `rule` about a word of a command, which is shown as `word`.
pub(super) fn report<'f>(findings: &'f mut Findings, rule: &'static Rule, word: &Word) -> &'f mut Findings {
    let text = word.text.split('=').next().unwrap_or("");
    findings.report(rule, place(word.span)).with("word", text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{EXPLAINED, READ};

    #[test]
    fn every_job_of_an_option_is_done_by_a_command_of_every_release_that_can_be_run() {
        for release in EXPLAINED.into_iter().filter(|release| !READ.contains(release)) {
            let facts = Facts::of(release).unwrap();
            for (name, _) in OPTIONS {
                let option = ["--", name].concat();
                assert!(job_of_option(facts, &option, "failover", "gemini").is_some(), "{release}: {name}");
            }
        }
    }

    #[test]
    fn strategies_under_the_names_of_others() {
        for (word, strategy) in [
            ("failover", "fill_first"),
            ("Round-Robin", "round_robin"),
            ("least-used", "least_used"),
            ("x", "round_robin"),
        ] {
            assert_eq!(strategy_of(word), strategy);
        }
    }
}
