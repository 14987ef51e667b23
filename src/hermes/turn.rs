//! The loop of `run_conversation` (`agent/conversation_loop.py`, `run_agent.py` before 0.15.2): what the agent does with
//! an error that a request came to, its pool first, then the fallback chain.
//!
//! What a long conversation changes is not looked at: a context that is too long is compressed.

use super::classify::{ApiError, Classified, classify_api_error};
use super::pool::{Pool, retry_delay};
use super::recovery::Agent;
use super::{Outcome, Process, World};
use crate::base::sources::{Given, Sources};
use crate::facts::Facts;
use crate::python::{Dict, Value};
use crate::secret::Secret;

/// An error as the agent tells of it.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'s> {
    /// The name of the exception's class; empty where it is not known.
    pub class: &'s str,
    /// The HTTP status, where it has one.
    pub status: Option<i64>,
    /// What the provider says.
    pub message: &'s str,
    /// The rest of what is known of it: the exception's own words.
    pub details: &'s str,
    /// The agent's provider; empty where it is not known, which counts as any of API keys.
    pub provider: &'s str,
    /// The agent's model.
    pub model: &'s str,
    /// What of the answer the exception has.
    pub body: SeenBody,
}

/// What of an answer's body an exception has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenBody {
    /// What stands in the body's `error`: the clients of OpenAI and Anthropic hand on no more.
    Error,
    /// The whole body, with the message in `error`.
    Whole {
        /// Whether `error` has the `metadata` that OpenRouter writes.
        has_metadata: bool,
    },
}

impl SeenBody {
    /// A body that holds what the provider says.
    fn with(self, message: &str) -> Dict {
        let mut error = Dict::new();
        error.set("message", Value::str(message));
        let Self::Whole { has_metadata } = self else { return error };
        if has_metadata {
            let mut metadata = Dict::new();
            metadata.set("raw", Value::str(""));
            error.set("metadata", Value::dict(metadata));
        }
        let mut whole = Dict::new();
        whole.set("error", Value::dict(error));
        whole
    }
}

/// What the pool is asked to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolStep {
    /// The key is left alone.
    Leaves,
    /// The first time the same key is tried again, the second time the next one is taken.
    RetriesFirst,
    /// The key is marked and the next one is taken. A refused login is renewed first.
    Rotates,
}

/// What follows where the pool does not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// The conversation is made shorter and sent again.
    Compresses,
    /// The next entry of the fallback chain takes over.
    FallsBack,
    /// It waits and sends the request again.
    Waits,
    /// The turn ends with the error.
    Stops,
}

/// How an error was judged.
#[derive(Clone, Copy, Debug)]
pub struct Judged {
    /// What the classifier makes of it.
    pub class: Classified,
    /// What the pool does.
    pub pool: PoolStep,
    /// Whether its words name a time until which a key rests, in a form that Hermes reads.
    pub names_reset: bool,
}

/// Where the agent stands when a request has failed and the pool did not help.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// The number of the attempt, from 1.
    pub attempt: u64,
    /// `agent.api_max_retries`.
    pub most: u64,
    /// Whether the fallback chain has a member left.
    pub has_fallback: bool,
    /// `_pool_may_recover_from_rate_limit(pool)`: it has several entries and one of them is available.
    pub pool_may_recover: bool,
}

/// The provider whose pool stands for any of API keys.
const ANY_PROVIDER: &str = "deepseek";
/// The pool of a custom endpoint.
const CUSTOM_POOL: &str = "custom:name";
/// A pool of two API keys.
const TWO_KEYS: &str = r#"{"version": 1, "credential_pool": {"deepseek": [
    {"id": "1", "label": "1", "auth_type": "api_key", "source": "manual", "priority": 0, "access_token": "one-key"},
    {"id": "2", "label": "2", "auth_type": "api_key", "source": "manual", "priority": 1, "access_token": "other-key"}]}}"#;

impl Seen<'_> {
    /// Classifies the error and asks the pool what it does about it.
    ///
    /// # Errors
    /// What is not modelled of either.
    ///
    /// ```
    /// use poolcheck::facts::Facts;
    /// use poolcheck::hermes::turn::{PoolStep, Seen, SeenBody};
    /// let seen = Seen {
    ///     class: "RateLimitError",
    ///     status: Some(429),
    ///     message: "Rate limit exceeded",
    ///     details: "",
    ///     provider: "gemini",
    ///     model: "",
    ///     body: SeenBody::Error,
    /// };
    /// let judged = seen.judge(Facts::newest().unwrap()).unwrap();
    /// assert_eq!((judged.class.reason, judged.pool), ("rate_limit", PoolStep::RetriesFirst));
    /// ```
    pub fn judge(&self, facts: &'static Facts) -> Outcome<Judged> {
        let status = self.status.map_or(Value::None, Value::int);
        let body = self.body.with(self.message);
        let error = ApiError {
            class: self.class.to_owned(),
            status: status.clone(),
            message: [self.message, " ", self.details].concat(),
            body: Value::dict(body.clone()),
            provider: self.provider.to_owned(),
            model: self.model.to_owned(),
        };
        let class = classify_api_error(facts, &error)?;
        let names_reset = retry_delay(self.message, &facts.behaviour)?.is_some();
        Ok(Judged { class, pool: self.pool_step(facts, class.reason, &status, body)?, names_reset })
    }

    /// What recovery does with the first such error, asked of a pool of two API keys.
    fn pool_step(
        &self,
        facts: &'static Facts,
        reason: &str,
        status: &Value,
        context: Dict,
    ) -> Outcome<PoolStep> {
        let auth_store = Given::Text(TWO_KEYS.to_owned());
        let world =
            World { given: Sources { auth_store, ..Sources::default() }, offline: true, ..World::default() };
        let mut process = Process::start(&world, facts)?;
        let mut pool = process.load_pool(ANY_PROVIDER)?;
        let provider = if self.provider.is_empty() { ANY_PROVIDER } else { self.provider };
        pool.provider = if provider == "custom" && !facts.behaviour.custom_agents_own_named_pools {
            // The pool of a custom endpoint is called by its name.
            CUSTOM_POOL.to_owned()
        } else {
            provider.to_owned()
        };
        let _ = pool.select(&mut process)?;
        let is_anthropic = provider == "anthropic";
        let mut agent = Agent {
            provider: provider.to_owned(),
            base_url: String::new(),
            api_mode: if is_anthropic { "anthropic_messages" } else { "" }.to_owned(),
            api_key: Secret::new("one-key"),
            retried_429: false,
            refreshes: Vec::new(),
            model: self.model.to_owned(),
        };
        let context = Value::dict(context);
        let recovery =
            process.recover_with_credential_pool(&mut agent, &mut pool, status, Some(reason), &context)?;
        Ok(match (recovery.recovered, recovery.retried) {
            (true, _) => PoolStep::Rotates,
            (false, true) => PoolStep::RetriesFirst,
            (false, false) => PoolStep::Leaves,
        })
    }
}

/// `_pool_may_recover_from_rate_limit(pool)` of `run_agent.py`: whether rotation has somewhere to go. Before 0.18.2 it
/// never has for Google's own command line tool, whose logins are not modelled.
pub fn pool_may_recover(pool: &Pool, process: &mut Process<'_>) -> bool {
    pool.entries.len() > 1 && pool.describe(process).iter().any(|entry| entry.available)
}

impl Judged {
    /// What follows where the pool did not help.
    pub fn after(&self, facts: &Facts, standing: Standing) -> After {
        let behaviour = &facts.behaviour;
        let Standing { attempt, most, has_fallback, pool_may_recover } = standing;
        let reason = self.class.reason;
        if self.class.compress {
            return After::Compresses;
        }
        let is_upstream = reason == "upstream_rate_limit";
        let is_limited = is_upstream || ["rate_limit", "billing"].contains(&reason);
        let is_unreachable =
            behaviour.unreachable_providers_are_left && ["timeout", "overloaded"].contains(&reason);
        let is_eager = is_limited || is_unreachable && attempt >= 2;
        if is_eager && has_fallback && (is_upstream || !pool_may_recover) {
            return After::FallsBack;
        }
        let is_final = !self.class.retryable && (reason != "billing" || behaviour.used_up_accounts_end_turns);
        match (is_final || attempt >= most, has_fallback) {
            (false, _) => After::Waits,
            (true, true) => After::FallsBack,
            (true, false) => After::Stops,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(release: &str, status: i64, message: &str, provider: &str) -> (&'static str, PoolStep) {
        let seen = Seen {
            class: "",
            status: Some(status),
            message,
            details: "",
            provider,
            model: "",
            body: SeenBody::Error,
        };
        let judged = seen.judge(Facts::of(release).unwrap()).unwrap();
        (judged.class.reason, judged.pool)
    }

    // What the real programs did with these when an agent of two keys met them: `turn` in tests/differential.
    #[test]
    fn what_the_pool_does() {
        use PoolStep::{Leaves, RetriesFirst, Rotates};
        let bad_key = "API key not valid. Please pass a valid API key.";
        let signature = "Function call is missing a thought_signature in functionCall parts.";
        for (status, message, reason, pool) in [
            (429, "Rate limit exceeded", "rate_limit", RetriesFirst),
            (429, "The usage limit has been reached", "rate_limit", Rotates),
            (429, "Provider returned error", "rate_limit", RetriesFirst),
            (402, "Insufficient credits", "billing", Rotates),
            (401, "Invalid API key", "auth", Rotates),
            (403, "Forbidden", "auth", Rotates),
            (400, bad_key, "format_error", Leaves),
            (400, signature, "format_error", Leaves),
            (503, "busy", "overloaded", Leaves),
            (404, "404 page not found", "unknown", Leaves),
        ] {
            assert_eq!(judged("0.19.0", status, message, "gemini"), (reason, pool), "{status} {message}");
            assert_eq!(judged("0.19.0", status, message, ""), (reason, pool), "{status} {message}");
        }
        // Before 0.15.2 a usage limit waits like any other.
        assert_eq!(judged("0.14.0", 429, "The usage limit has been reached", "gemini").1, RetriesFirst);
        // From 0.17.0 on a 403 of Anthropic is no matter of keys, and a custom endpoint has its own pool.
        assert_eq!(judged("0.16.0", 403, "Forbidden", "anthropic").1, Rotates);
        assert_eq!(judged("0.17.0", 403, "Forbidden", "anthropic").1, Leaves);
        assert_eq!(judged("0.16.0", 402, "Insufficient credits", "custom").1, Leaves);
        assert_eq!(judged("0.17.0", 402, "Insufficient credits", "custom").1, Rotates);
    }

    #[test]
    fn what_follows() {
        use After::{FallsBack, Stops, Waits};
        let after = |release: &str, status: i64, attempt: u64, has_fallback: bool, pool_may_recover: bool| {
            let facts = Facts::of(release).unwrap();
            let seen = Seen {
                class: "",
                status: Some(status),
                message: "x",
                details: "",
                provider: "gemini",
                model: "",
                body: SeenBody::Error,
            };
            let standing = Standing { attempt, most: 3, has_fallback, pool_may_recover };
            seen.judge(facts).unwrap().after(facts, standing)
        };
        assert_eq!(after("0.19.0", 429, 1, true, false), FallsBack);
        assert_eq!(after("0.19.0", 429, 1, true, true), Waits);
        assert_eq!(after("0.19.0", 429, 3, true, true), FallsBack);
        assert_eq!(after("0.19.0", 429, 3, false, true), Stops);
        assert_eq!(after("0.19.0", 400, 1, false, true), Stops);
        assert_eq!(after("0.19.0", 402, 1, false, false), Stops);
        assert_eq!(after("0.14.0", 402, 1, false, false), Waits);
        assert_eq!(after("0.19.0", 503, 2, true, false), FallsBack);
        assert_eq!(after("0.17.0", 503, 2, true, false), Waits);
    }
}
