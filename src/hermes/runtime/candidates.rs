//! Choosing among the keys that may go to an endpoint, and telling why each one wins or loses.

use crate::base::text::Place;
use crate::facts::Facts;
use crate::hermes::providers::is_usable;
use crate::hermes::{Candidate, CredentialStatus, Origin, Process, Reason, Trace};
use crate::python::{Node, strip};
use crate::readers::environ::EnvValue;
use crate::secret::Secret;

/// Keys in the order in which Hermes tries them; some of them barred.
pub(super) struct Candidates {
    facts: &'static Facts,
    tried: Vec<(Candidate, Option<Reason>)>,
}

impl Candidates {
    /// None so far.
    pub(super) fn new(facts: &'static Facts) -> Self {
        Self { facts, tried: Vec::new() }
    }

    /// The next key; one without text is passed over in silence.
    pub(super) fn push(&mut self, candidate: Option<Candidate>) {
        self.push_if(None, candidate);
    }

    /// The next key, which may not be used for the reason given.
    pub(super) fn push_barred(&mut self, candidate: Option<Candidate>, reason: Reason) {
        self.push_if(Some(reason), candidate);
    }

    /// The next key, which may not be used where a reason is given.
    pub(super) fn push_if(&mut self, barred: Option<Reason>, candidate: Option<Candidate>) {
        if let Some(candidate) = candidate.filter(|candidate| !strip(candidate.key.expose()).is_empty()) {
            self.tried.push((candidate, barred));
        }
    }

    /// The first usable key, without the white space around it.
    pub(super) fn winner(&self) -> Option<String> {
        let mut open = self.tried.iter().filter(|(_, barred)| barred.is_none());
        let (winner, _) = open.find(|(candidate, _)| is_usable(self.facts, candidate.key.expose()))?;
        Some(strip(winner.key.expose()).to_owned())
    }

    /// Records the choice.
    pub(super) fn record(self, trace: &mut Trace) {
        let mut is_won = false;
        for (candidate, barred) in self.tried {
            match barred {
                Some(reason) => trace.lost(candidate, reason),
                None if !is_usable(self.facts, candidate.key.expose()) => {
                    trace.lost(candidate, Reason::Placeholder)
                }
                None if is_won => trace.lost(candidate, Reason::EarlierCandidate),
                None => {
                    trace.won(candidate);
                    is_won = true;
                }
            }
        }
    }

    /// Records that a pool's entry came before all of them.
    pub(super) fn record_behind_pool(self, trace: &mut Trace) {
        for (candidate, barred) in self.tried {
            trace.lost(candidate, barred.unwrap_or(Reason::PoolComesFirst));
        }
    }
}

impl Candidate {
    /// A variable that is read directly.
    pub(in crate::hermes) fn variable(name: &str, variable: &EnvValue) -> Self {
        Self {
            origin: Origin::Variable(name.to_owned()),
            label: name.to_owned(),
            key: Secret::new(variable.value.as_str()),
            place: variable.place,
            entry_place: variable.entry_place,
            status: CredentialStatus::Ok,
        }
    }

    /// The value at `path` of config.yaml, which reads as `key`.
    pub(in crate::hermes) fn config(path: String, key: &str, place: Option<Place>) -> Self {
        Self {
            label: path.clone(),
            origin: Origin::Config(path),
            key: Secret::new(key),
            place,
            entry_place: None,
            status: CredentialStatus::Ok,
        }
    }

    /// The text at `path` of config.yaml; `None` where it is no text.
    pub(in crate::hermes) fn config_text(path: &str, node: &Node) -> Option<Self> {
        Some(Self::config(path.to_owned(), node.value.as_str()?, node.place))
    }

    /// The key given with the request.
    pub(super) fn argument(key: &str) -> Self {
        Self {
            origin: Origin::Argument,
            label: "api_key".to_owned(),
            key: Secret::new(key),
            place: None,
            entry_place: None,
            status: CredentialStatus::Ok,
        }
    }
}

impl Process<'_> {
    /// The variable `name` as a candidate, as `_getenv(name)` reads it.
    pub(in crate::hermes) fn variable(&self, name: &str) -> Option<Candidate> {
        Some(Candidate::variable(name, self.get_secret(name)?))
    }

    /// `_getenv(name)`: the variable's text, `""` where it is not set.
    pub(in crate::hermes) fn getenv(&self, name: &str) -> &str {
        self.get_secret(name).map_or("", |variable| &variable.value)
    }

    /// `os.getenv(name, "")`, which knows no scope of secrets.
    pub(in crate::hermes) fn os_getenv(&self, name: &str) -> &str {
        self.environ.get(name).map_or("", |variable| &variable.value)
    }
}
