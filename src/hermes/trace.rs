//! The record of a resolution: every credential that was looked at, and why it won or lost.
//!
//! The resolver writes it where it decides. Reports and rules read it; nobody works it out again.

use crate::base::text::Place;
use crate::secret::Secret;

/// Where a credential comes from, in Hermes' own terms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// An entry of a credential pool; the text is its `source` (`manual`, `env:NAME`, `config:NAME`, …).
    Pool {
        /// The pool's provider.
        provider: String,
        /// The entry's source.
        source: String,
    },
    /// A variable, read directly and not through a pool.
    Variable(String),
    /// A value of config.yaml, by its dotted path.
    Config(String),
    /// A login in the `providers` part of auth.json.
    Login(String),
    /// A file of another program, by its path from the home folder.
    File(String),
    /// Given with the request, as by `--api-key`.
    Argument,
}

impl Origin {
    /// Whether this is the value at the dotted path `path` of config.yaml.
    pub fn is_config(&self, path: &str) -> bool {
        matches!(self, Self::Config(own) if own == path)
    }

    /// What people call it: an entry's source, `env:NAME` of a variable, the path of a value.
    pub fn name(&self) -> String {
        match self {
            Self::Pool { source, .. } => source.clone(),
            Self::Variable(name) => format!("env:{name}"),
            Self::Config(path) | Self::Login(path) | Self::File(path) => path.clone(),
            Self::Argument => "api_key".to_owned(),
        }
    }
}

/// An entry's state at the time of the decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CredentialStatus {
    /// Usable.
    Ok,
    /// In cooldown; the end in seconds since the epoch, where there is one.
    Exhausted {
        /// When Hermes tries it again.
        until: Option<f64>,
    },
    /// Permanently failed.
    Dead,
}

/// Why a credential lost.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// Another entry of the pool has its turn before it.
    LaterInPool,
    /// In cooldown; the end in seconds since the epoch.
    CoolingDown {
        /// When Hermes tries it again.
        until: Option<f64>,
        /// The status code that caused it.
        status: Option<i64>,
    },
    /// Permanently failed: never selected again.
    Dead,
    /// The strategy `random` drew another one.
    NotDrawn,
    /// The strategy `least_used` took one with fewer requests.
    UsedMore,
    /// The login's token has run out and there is nothing to renew it with.
    TokenExpired,
    /// The entry has no key.
    NoKey,
    /// `hermes auth remove` suppressed this source.
    Suppressed,
    /// The `.env` file has the same variable, and Hermes takes that.
    DotEnvBeatsEnvironment,
    /// The process environment has it, and this part of Hermes reads only that.
    EnvironmentBeatsDotEnv,
    /// A credential pool has a usable entry, and the pool comes first.
    PoolComesFirst,
    /// An earlier variable of the same provider has a value.
    EarlierVariable(String),
    /// Hermes does not read this value for this provider.
    NotReadForProvider(String),
    /// Too short or a placeholder: Hermes does not take it for a key.
    Placeholder,
    /// The key may only go to another host.
    OtherHost,
    /// An earlier candidate already has a usable key.
    EarlierCandidate,
    /// Hermes passes the whole pool over because of this setting.
    PoolPassedOver(String),
    /// Hermes takes the key of this provider from its variable, and never asks its pool.
    PoolNeverAsked(String),
    /// Hermes stops for want of an endpoint, before it looks for a key.
    NoEndpoint,
    /// It belongs to a provider that is not the one in use.
    OtherProvider(String),
}

impl Reason {
    /// Whether Hermes never comes to use the credential as long as the texts stay as they are. One that waits for its turn,
    /// for the end of a cooldown or for a pool to be used up is a reserve, and one of another provider has its own use.
    pub fn is_final(&self) -> bool {
        match self {
            Self::LaterInPool | Self::NotDrawn | Self::UsedMore | Self::PoolComesFirst => false,
            Self::OtherProvider(_) => false,
            Self::CoolingDown { until, status } => until.is_none() && status.is_none(),
            Self::Dead
            | Self::TokenExpired
            | Self::NoKey
            | Self::Suppressed
            | Self::DotEnvBeatsEnvironment
            | Self::EnvironmentBeatsDotEnv
            | Self::EarlierVariable(_)
            | Self::NotReadForProvider(_)
            | Self::PoolNeverAsked(_)
            | Self::NoEndpoint
            | Self::Placeholder
            | Self::OtherHost
            | Self::EarlierCandidate
            | Self::PoolPassedOver(_) => true,
        }
    }
}

/// A credential that Hermes looked at or that lies where one would expect it to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Where it comes from.
    pub origin: Origin,
    /// The label that listings show: the entry's label, or the variable's or path's name.
    pub label: String,
    /// The key.
    pub key: Secret,
    /// Where the key is written.
    pub place: Option<Place>,
    /// Where the whole row or assignment is written.
    pub entry_place: Option<Place>,
    /// The entry's state; variables and config values are `Ok`.
    pub status: CredentialStatus,
}

/// One step of a resolution.
#[derive(Clone, Debug, PartialEq)]
pub enum TraceStep {
    /// This credential is used.
    Won(Candidate),
    /// This one is not.
    Lost(Candidate, Reason),
}

/// The steps of a resolution in the order in which they were taken.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    steps: Vec<TraceStep>,
    /// What the last resolution was asked for: `auto`, a provider, an alias.
    pub requested: Option<String>,
    /// The canonical provider of the last resolution, if it got that far.
    pub provider: Option<String>,
    /// The pool that the last resolution asked, where it is not named like the provider.
    pub pool: Option<String>,
    /// Why the last resolution did not ask the provider's pool.
    pub pool_passed_over: Option<Reason>,
    /// Whether the last resolution ended for want of the provider's endpoint.
    pub lacks_endpoint: bool,
}

impl Trace {
    /// Records the credential that is used.
    pub fn won(&mut self, candidate: Candidate) {
        self.steps.push(TraceStep::Won(candidate));
    }

    /// Records a credential that is not used.
    pub fn lost(&mut self, candidate: Candidate, reason: Reason) {
        self.steps.push(TraceStep::Lost(candidate, reason));
    }

    /// The steps so far.
    pub fn steps(&self) -> &[TraceStep] {
        &self.steps
    }

    /// Takes the steps and begins anew.
    pub fn take(&mut self) -> Vec<TraceStep> {
        std::mem::take(&mut self.steps)
    }

    /// The length now, to go back to with [`Trace::rewind`] when a branch comes to nothing.
    pub fn mark(&self) -> usize {
        self.steps.len()
    }

    /// Forgets the steps since `mark`.
    pub fn rewind(&mut self, mark: usize) {
        self.steps.truncate(mark);
    }

    /// Turns the winners since `mark` into losers: what looked like a winner was passed over later.
    pub fn overrule(&mut self, mark: usize, reason: &Reason) {
        for step in self.steps.iter_mut().skip(mark) {
            if let TraceStep::Won(candidate) = step {
                *step = TraceStep::Lost(candidate.clone(), reason.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reason;

    /// As the words of the reasons say: who waits comes to its turn; who is dead, unread or behind one that is always there
    /// does not.
    #[test]
    fn a_reserve_is_told_from_what_is_never_used() {
        let cooling = |until| Reason::CoolingDown { until, status: Some(429) };
        let reserves = [
            Reason::LaterInPool,
            Reason::NotDrawn,
            Reason::UsedMore,
            cooling(Some(1.0)),
            Reason::PoolComesFirst,
            Reason::OtherProvider("openrouter".to_owned()),
        ];
        assert!(reserves.iter().all(|reason| !reason.is_final()));
        let lost = [
            Reason::CoolingDown { until: None, status: None },
            Reason::Dead,
            Reason::NoKey,
            Reason::Placeholder,
            Reason::EarlierCandidate,
        ];
        assert!(lost.iter().all(Reason::is_final));
    }
}
