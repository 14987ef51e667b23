//! `recover_with_credential_pool` of `agent/agent_runtime_helpers.py`: what the agent does with its pool after an
//! error. What it logs goes to the agent's own logger, which nothing here reads.

use super::pool::{Failed, Pool, PooledCredential};
use super::{Outcome, Process, Stop, caught};
use crate::base::text::Search;
use crate::facts::Standing;
use crate::facts::behaviour::Behaviour;
use crate::python::{Value, equal, lower, strip, to_str};
use crate::secret::Secret;

/// How often in a row one entry's token may be refreshed: `_MAX_AUTH_REFRESH_ATTEMPTS`.
const MOST_REFRESHES: u32 = 2;

/// `STATUS_EXHAUSTED`.
const EXHAUSTED: &str = "exhausted";

/// What recovery reads of an agent and changes in it.
#[derive(Clone, Debug)]
pub struct Agent {
    /// The agent's provider.
    pub provider: String,
    /// Its endpoint.
    pub base_url: String,
    /// Its API mode.
    pub api_mode: String,
    /// The key in use.
    pub api_key: Secret,
    /// `has_retried_429`.
    pub retried_429: bool,
    /// How often each entry was refreshed, by the entry's id: `_auth_pool_refresh_counts`.
    pub refreshes: Vec<(Value, u32)>,
    /// The model in use; empty where none is known.
    pub model: String,
}

impl Agent {
    /// `_swap_credential(entry)`, as far as the key goes.
    fn swap_credential(&mut self, process: &Process<'_>, entry: &PooledCredential) -> Outcome<()> {
        self.api_key = entry.key_or_token(process)?;
        Ok(())
    }

    /// Counts a refresh of the entry with this id; the count.
    fn count_refresh(&mut self, id: &Value) -> Outcome<u32> {
        if matches!(id, Value::List(_) | Value::Dict(_) | Value::Set(_)) {
            return Err(Stop::raised("TypeError", format!("unhashable type: '{}'", id.type_name())));
        }
        if let Some((_, count)) = self.refreshes.iter_mut().find(|(own, _)| equal(own, id)) {
            *count += 1;
            return Ok(*count);
        }
        self.refreshes.push((id.clone(), 1));
        Ok(1)
    }
}

/// What recovery came to.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// Whether the request is tried again.
    pub recovered: bool,
    /// The retried-429 flag afterwards.
    pub retried: bool,
}

/// The error that the agent met.
struct Failure<'f> {
    /// `status_code`; it may be of any type.
    status: &'f Value,
    /// `error_context`: what the provider said.
    context: &'f Value,
}

impl Failure<'_> {
    fn has_status(&self, code: i64) -> bool {
        equal(self.status, &Value::int(code))
    }

    /// `status_code if status_code is not None else code`.
    fn status_or(&self, code: i64) -> Value {
        if self.status.is_none() { Value::int(code) } else { self.status.clone() }
    }

    /// `status_code in {…}`, which needs a hash.
    fn hashable_status(&self) -> Outcome<()> {
        match self.status {
            Value::List(_) | Value::Dict(_) | Value::Set(_) => {
                Err(Stop::raised("TypeError", format!("unhashable type: '{}'", self.status.type_name())))
            }
            _ => Ok(()),
        }
    }

    /// `str(error_context.get(name) or "").lower()`.
    fn said(&self, name: &str) -> Outcome<String> {
        let Some(context) = self.context.as_dict() else {
            return Err(Stop::no_attribute(self.context.type_name(), "get"));
        };
        match context.get(name).map(|node| &node.value) {
            Some(value) if value.is_true() => to_str(value)
                .map(|text| lower(&text))
                .ok_or_else(|| Stop::not_modelled(format!("the text of {name} in an error"))),
            _ => Ok(String::new()),
        }
    }

    /// What the fields of a `dict` say, joined; empty where the context is none.
    fn all_said(&self, names: &[&str]) -> Outcome<String> {
        if self.context.as_dict().is_none() {
            return Ok(String::new());
        }
        let said = names.iter().map(|name| self.said(name)).collect::<Outcome<Vec<_>>>()?;
        Ok(said.join(" "))
    }

    /// Whether the words are those of a limit that a second try will not pass.
    fn usage_limit_reached(&self) -> Outcome<bool> {
        if !self.context.is_true() {
            return Ok(false);
        }
        let (reason, message) = (self.said("reason")?, self.said("message")?);
        Ok(["usage_limit_reached", "gousagelimit"].iter().any(|word| reason.holds(word))
            || ["usage limit reached", "usage limit has been reached"]
                .iter()
                .any(|words| message.holds(words)))
    }

    /// `AIAgent._is_entitlement_failure` (`run_agent.py`) and what recovery adds to it: a refusal that a new token
    /// would not lift.
    fn is_entitlement(&self, agent: &Agent, behaviour: &Behaviour) -> Outcome<bool> {
        if !behaviour.knows_entitlements {
            return Ok(false);
        }
        let tells_stale = behaviour.tells_stale_from_barred;
        let said = if tells_stale {
            self.hashable_status()?;
            self.all_said(&["message", "reason", "code", "error"])?
        } else {
            self.all_said(&["message", "reason"])?
        };
        // xAI's own sign that the token is stale and a new one will do.
        let stale = tells_stale
            && ["[wke=unauthenticated:", "oauth2 access token could not be validated"]
                .iter()
                .any(|words| said.holds(words));
        let forbidden = self.has_status(403);
        if (forbidden || self.has_status(401) || self.status.is_none()) && !stale {
            let grok = ["out of available resources", "does not have permission"];
            if said.holds("do not have an active grok subscription")
                || said.holds("grok") && grok.iter().any(|words| said.holds(words))
            {
                return Ok(true);
            }
        }
        let is_barred = behaviour.knows_barred_logins
            && (said.holds("oauth authentication is currently not allowed for this organization")
                || agent.provider == "anthropic" && agent.api_mode == "anthropic_messages");
        Ok(forbidden && (is_barred || tells_stale && agent.provider == "xai-oauth" && !stale))
    }

    /// The reason that follows from the status alone.
    fn reason(&self) -> Outcome<Option<&'static str>> {
        Ok(if self.has_status(402) {
            Some("billing")
        } else if self.has_status(429) {
            Some("rate_limit")
        } else {
            self.hashable_status()?;
            (self.has_status(401) || self.has_status(403)).then_some("auth")
        })
    }
}

impl Process<'_> {
    /// `recover_with_credential_pool(agent, status_code=…, classified_reason=…, error_context=…)`: the flag that it
    /// takes is [`Agent::retried_429`], and the caller sets it to the one that comes back.
    ///
    /// # Errors
    /// What the real function raises, and `ValueError` for a `reason` that is no `FailoverReason`.
    pub fn recover_with_credential_pool(
        &mut self,
        agent: &mut Agent,
        pool: &mut Pool,
        status: &Value,
        reason: Option<&str>,
        context: &Value,
    ) -> Outcome<Recovery> {
        if let Some(reason) = reason.filter(|reason| !self.facts.errors.reasons.contains(reason)) {
            if self.facts.standing() == Standing::Read {
                return Err(Stop::not_modelled("a reason of failure that may be newer"));
            }
            return Err(Stop::raised("ValueError", format!("'{reason}' is not a valid FailoverReason")));
        }
        let failure = Failure { status, context };
        let unchanged = Recovery { recovered: false, retried: agent.retried_429 };
        if !self.pool_serves(agent, pool)? {
            return Ok(unchanged);
        }
        let reason = match reason {
            Some(reason) => Some(reason),
            None => failure.reason()?,
        };
        match reason {
            // The provider behind an aggregator is busy, and the key is good: the fallback chain has to help.
            Some("upstream_rate_limit") => {
                if context.is_true() && context.as_dict().is_none() {
                    return Err(Stop::no_attribute(context.type_name(), "get"));
                }
                Ok(unchanged)
            }
            Some("billing") => {
                // A key was resolved by another pool object, maybe: the one that failed is named.
                let key = self.facts.behaviour.billing_names_the_key.then(|| agent.api_key.clone());
                let status = failure.status_or(402);
                let rotated = self.rotate(agent, pool, &status, &failure, reason, key.as_ref())?;
                Ok(rotated.unwrap_or(unchanged))
            }
            Some("rate_limit") => self.recover_from_rate_limit(agent, pool, &failure),
            Some("model_entitlement") if self.facts.behaviour.cools_models_alone => {
                let status = failure.status_or(400);
                let rotated = self.rotate(agent, pool, &status, &failure, reason, None)?;
                Ok(Recovery { recovered: rotated.is_some(), ..unchanged })
            }
            Some("auth") => {
                let recovered = self.recover_from_refusal(agent, pool, &failure)?;
                Ok(recovered.unwrap_or(unchanged))
            }
            _ => Ok(unchanged),
        }
    }

    /// Whether the pool is the one of the agent's provider. A fallback provider's errors must not change the pool of
    /// the first one.
    pub(super) fn pool_serves(&mut self, agent: &Agent, pool: &Pool) -> Outcome<bool> {
        let current = lower(strip(&agent.provider));
        let own = lower(strip(&pool.provider));
        let behaviour = &self.facts.behaviour;
        if behaviour.recovery_names_the_row {
            return Ok(own.is_empty() || self.pool_matches_provider(pool, &current, &agent.base_url)?);
        }
        if !behaviour.guards_other_providers {
            return Ok(true);
        }
        let is_unnamed = current.is_empty() && !behaviour.unnamed_agents_recover_nothing;
        if own.is_empty() || is_unnamed || current == own {
            return Ok(true);
        }
        // The agent says `custom` of each custom endpoint, its pool `custom:<name>`: the endpoint has to tell.
        let base_url = strip(&agent.base_url);
        let may_match = behaviour.custom_agents_own_named_pools && current == "custom";
        if !may_match || !own.starts_with("custom:") || base_url.is_empty() {
            return Ok(false);
        }
        let key = caught(self.custom_provider_pool_key(base_url, None))?.flatten();
        Ok(key.is_some_and(|key| lower(strip(&key)) == own))
    }

    /// Marks the entry in use and goes on with the next; `None` where there is none.
    fn rotate(
        &mut self,
        agent: &mut Agent,
        pool: &mut Pool,
        status: &Value,
        failure: &Failure<'_>,
        reason: Option<&str>,
        hint: Option<&Secret>,
    ) -> Outcome<Option<Recovery>> {
        let context = failure.context;
        if self.facts.behaviour.recovery_names_the_row {
            return self.rotate_named(agent, pool, status, context, reason);
        }
        let Some(next) = pool.mark_exhausted_and_rotate(
            self,
            status,
            context,
            Failed { key: hint.map(Secret::expose), ..Failed::default() },
        )?
        else {
            return Ok(None);
        };
        agent.swap_credential(self, &next)?;
        Ok(Some(Recovery { recovered: true, retried: false }))
    }

    /// The same where the row that failed is named, and only one of the agent's endpoint is taken.
    fn rotate_named(
        &mut self,
        agent: &mut Agent,
        pool: &mut Pool,
        status: &Value,
        context: &Value,
        reason: Option<&str>,
    ) -> Outcome<Option<Recovery>> {
        let (key, id) = pool.failed_identity(self, &agent.api_key)?;
        let model = Some(agent.model.as_str()).filter(|model| !strip(model).is_empty());
        let key = key.as_ref().map(Secret::expose);
        let failed = Failed { key, id: id.as_deref(), reason, model };
        let Some(next) = pool.mark_exhausted_and_rotate(self, status, context, failed)? else {
            return Ok(None);
        };
        if !serves_endpoint(&next, &agent.base_url)? {
            return Ok(None);
        }
        agent.swap_credential(self, &next)?;
        Ok(Some(Recovery { recovered: true, retried: false }))
    }

    /// The first rate limit tries the same key again, the second takes the next, unless the entry is marked already
    /// or the words say that waiting will not help.
    fn recover_from_rate_limit(
        &mut self,
        agent: &mut Agent,
        pool: &mut Pool,
        failure: &Failure<'_>,
    ) -> Outcome<Recovery> {
        let retry = Recovery { recovered: false, retried: true };
        let in_use = if self.facts.behaviour.recovery_names_the_row {
            pool.in_use(self, &agent.api_key)?
        } else {
            pool.current().cloned()
        };
        let marked = in_use.is_some_and(|entry| entry.field("last_status").as_str() == Some(EXHAUSTED));
        let waits = !self.facts.behaviour.may_rotate_at_once || !marked && !failure.usage_limit_reached()?;
        if waits && !agent.retried_429 {
            return Ok(retry);
        }
        let status = failure.status_or(429);
        let rotated = self.rotate(agent, pool, &status, failure, Some("rate_limit"), None)?;
        Ok(rotated.unwrap_or(retry))
    }

    /// A refused key: its token is refreshed, where it has one, else the next key is taken. `None` where nothing
    /// helped.
    fn recover_from_refusal(
        &mut self,
        agent: &mut Agent,
        pool: &mut Pool,
        failure: &Failure<'_>,
    ) -> Outcome<Option<Recovery>> {
        if failure.is_entitlement(agent, &self.facts.behaviour)? {
            return Ok(None);
        }
        let refreshed = if self.facts.behaviour.recovery_names_the_row {
            pool.try_refresh_in_use(self, &agent.api_key)?
        } else {
            pool.try_refresh_current(self)?
        };
        if let Some(refreshed) = refreshed {
            let id = refreshed.field("id");
            if self.facts.behaviour.limits_refreshes
                && !id.is_none()
                && agent.count_refresh(id)? > MOST_REFRESHES
            {
                return Ok(None);
            }
            agent.swap_credential(self, &refreshed)?;
            return Ok(Some(Recovery { recovered: true, retried: agent.retried_429 }));
        }
        self.rotate(agent, pool, &failure.status_or(401), failure, Some("auth"), None)
    }
}

/// `credential_pool_entry_serves_endpoint(entry, base_url)`: whether the entry is for the agent's endpoint, as far as both
/// are known.
fn serves_endpoint(entry: &PooledCredential, base_url: &str) -> Outcome<bool> {
    let own = [entry.runtime_base_url(), entry.field("base_url").clone()];
    let own = own.iter().find(|url| url.is_true()).and_then(Value::as_str).unwrap_or("");
    let bare = |url: &str| url.strip_suffix('/').unwrap_or(url).to_owned();
    if own.is_empty() || base_url.is_empty() || bare(own) == bare(base_url) {
        return Ok(true);
    }
    // `normalize_route_base_url` also levels the case of a host and ports that go without saying.
    let level = |url: &str| lower(&bare(url)).replace(":443", "").replace(":80", "");
    if level(own) == level(base_url) {
        return Err(Stop::not_modelled("two spellings of one endpoint"));
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sources::{Given, SourceKind, Sources};
    use crate::facts::Facts;
    use crate::hermes::World;
    use crate::json;

    fn agent(provider: &str, api_mode: &str) -> Agent {
        Agent {
            provider: provider.to_owned(),
            base_url: String::new(),
            api_mode: api_mode.to_owned(),
            api_key: Secret::new("sk-fake-1"),
            retried_429: false,
            refreshes: Vec::new(),
            model: String::new(),
        }
    }

    fn value(text: &str) -> Value {
        json::load(text, SourceKind::Listing).unwrap().root.value
    }

    fn is_entitlement(agent: &Agent, status: i64, context: &str) -> bool {
        let (status, context) = (Value::int(status), value(context));
        Failure { status: &status, context: &context }
            .is_entitlement(agent, &Facts::newest().unwrap().behaviour)
            .unwrap()
    }

    // What `_is_entitlement_failure` and the branch behind it in the real program say.
    #[test]
    fn refusals_that_a_new_token_does_not_lift() {
        let grok = r#"{"message": "You do not have an active Grok subscription"}"#;
        let stale = r#"{"error": "OAuth2 access token could not be validated [WKE=unauthenticated:x]"}"#;
        assert!(is_entitlement(&agent("gemini", ""), 403, grok));
        assert!(is_entitlement(&agent("gemini", ""), 401, grok));
        assert!(!is_entitlement(&agent("gemini", ""), 429, grok));
        assert!(is_entitlement(&agent("xai-oauth", ""), 403, "null"));
        assert!(!is_entitlement(&agent("xai-oauth", ""), 403, stale));
        assert!(is_entitlement(&agent("anthropic", "anthropic_messages"), 403, "{}"));
        assert!(!is_entitlement(&agent("anthropic", "chat_completions"), 403, "{}"));
        assert!(!is_entitlement(&agent("anthropic", "anthropic_messages"), 401, "{}"));
    }

    #[test]
    fn words_of_a_usage_limit() {
        let reached = |context: &str| {
            let context = value(context);
            Failure { status: &Value::None, context: &context }.usage_limit_reached()
        };
        assert!(reached(r#"{"reason": "GoUsageLimitError"}"#).unwrap());
        assert!(reached(r#"{"message": "The usage limit has been reached"}"#).unwrap());
        assert!(!reached(r#"{"message": "usage limit"}"#).unwrap());
        assert!(!reached("[]").unwrap());
        assert!(
            matches!(reached("[1]"), Err(stop) if stop.exception().is_some_and(|raised| raised.kind == "AttributeError"))
        );
    }

    #[test]
    fn refreshes_are_counted_by_entry() {
        let mut agent = agent("nous", "");
        assert_eq!(agent.count_refresh(&Value::str("a")).unwrap(), 1);
        assert_eq!(agent.count_refresh(&Value::str("b")).unwrap(), 1);
        assert_eq!(agent.count_refresh(&Value::str("a")).unwrap(), 2);
        assert!(agent.count_refresh(&Value::list(Vec::new())).is_err());
    }

    /// Two gemini keys in auth.json; each failure is status, reason and context, each outcome what came back and the
    /// key that is then in use.
    fn outcomes(failures: &[(i64, Option<&str>, &str)], provider: &str) -> Vec<(bool, bool, String)> {
        let row = |label: &str, priority: i64| {
            format!(
                r#"{{"id": "{label}", "label": "{label}", "auth_type": "api_key", "source": "manual",
                    "priority": {priority}, "access_token": "sk-fake-{label}", "base_url": "https://x.example"}}"#
            )
        };
        let store = format!(r#"{{"credential_pool": {{"gemini": [{}, {}]}}}}"#, row("1", 0), row("2", 1));
        let world = World {
            given: Sources { auth_store: Given::Text(store), ..Sources::default() },
            now: 1_780_000_000.0,
            ..World::default()
        };
        let mut process = Process::start(&world, Facts::newest().unwrap()).unwrap();
        let mut pool = process.load_pool("gemini").unwrap();
        let mut agent = agent(provider, "");
        assert!(pool.select(&mut process).unwrap().is_some());
        failures
            .iter()
            .map(|(status, reason, context)| {
                let (status, context) = (Value::int(*status), value(context));
                let found = process
                    .recover_with_credential_pool(&mut agent, &mut pool, &status, *reason, &context)
                    .unwrap();
                agent.retried_429 = found.retried;
                (found.recovered, found.retried, agent.api_key.expose().to_owned())
            })
            .collect()
    }

    fn outcome(recovered: bool, retried: bool, key: &str) -> (bool, bool, String) {
        (recovered, retried, key.to_owned())
    }

    // The outcomes are those of the real program for the same auth.json.
    #[test]
    fn the_first_rate_limit_waits_and_the_second_rotates() {
        assert_eq!(
            outcomes(&[(429, None, "null"), (429, None, "null"), (429, None, "null")], "gemini"),
            [
                outcome(false, true, "sk-fake-1"),
                outcome(true, false, "sk-fake-2"),
                outcome(false, true, "sk-fake-2")
            ]
        );
        let reached = r#"{"reason": "usage_limit_reached"}"#;
        assert_eq!(outcomes(&[(429, None, reached)], "gemini"), [outcome(true, false, "sk-fake-2")]);
    }

    #[test]
    fn a_used_up_account_rotates_at_once() {
        assert_eq!(
            outcomes(&[(402, None, "null"), (400, Some("billing"), "null")], "gemini"),
            [outcome(true, false, "sk-fake-2"), outcome(false, false, "sk-fake-2")]
        );
    }

    #[test]
    fn what_leaves_the_pool_alone() {
        let alone = [outcome(false, false, "sk-fake-1")];
        assert_eq!(outcomes(&[(402, None, "null")], "deepseek"), alone);
        assert_eq!(outcomes(&[(429, Some("upstream_rate_limit"), "null")], "gemini"), alone);
        assert_eq!(outcomes(&[(400, Some("format_error"), "null")], "gemini"), alone);
        assert_eq!(outcomes(&[(500, None, "null")], "gemini"), alone);
    }

    /// Rows of one gemini pool in 0.21.4: name, priority and endpoint.
    fn world_of(rows: &[(&str, i64, &str)]) -> World {
        let rows = rows.iter().map(|(name, priority, url)| {
            format!(
                r#"{{"id": "{name}", "label": "{name}", "auth_type": "api_key", "source": "manual",
                    "priority": {priority}, "access_token": "sk-fake-{name}", "base_url": "{url}"}}"#
            )
        });
        let rows = rows.collect::<Vec<_>>().join(",");
        let store = format!(r#"{{"credential_pool": {{"gemini": [{rows}]}}}}"#);
        World {
            given: Sources { auth_store: Given::Text(store), ..Sources::default() },
            now: 1_780_000_000.0,
            ..World::default()
        }
    }

    /// One failure of the agent with `key`; what it came to and which rows are then marked.
    fn of_read(
        world: &World,
        key: &str,
        status: i64,
        reason: Option<&str>,
    ) -> (bool, bool, String, Vec<String>) {
        let mut process = Process::start(world, Facts::of("0.21.4").unwrap()).unwrap();
        let mut pool = process.load_pool("gemini").unwrap();
        assert!(pool.select(&mut process).unwrap().is_some());
        let mut agent = agent("gemini", "");
        agent.api_key = Secret::new(key);
        agent.base_url = "https://x.example".to_owned();
        agent.model = "m".to_owned();
        agent.retried_429 = true;
        let found = process
            .recover_with_credential_pool(&mut agent, &mut pool, &Value::int(status), reason, &Value::None)
            .unwrap();
        let marked = pool.entries.iter().filter(|entry| !entry.field("last_status").is_none());
        let marked = marked.filter_map(|entry| to_str(entry.id())).collect();
        (found.recovered, found.retried, agent.api_key.expose().to_owned(), marked)
    }

    fn told(recovered: bool, retried: bool, key: &str, marked: &[&str]) -> (bool, bool, String, Vec<String>) {
        (recovered, retried, key.to_owned(), marked.iter().map(|&name| name.to_owned()).collect())
    }

    // `_failed_credential_identity`, 0.21.4: the row and its key are named for a rate limit too; 0.19.0 marked the
    // current one.
    #[test]
    fn a_rate_limit_marks_the_row_that_the_key_is_from() {
        let url = "https://x.example";
        let world = world_of(&[("1", 0, url), ("2", 1, url)]);
        assert_eq!(of_read(&world, "sk-fake-2", 429, None), told(true, false, "sk-fake-1", &["2"]));
    }

    // `credential_pool_entry_serves_endpoint`, issue #68237: the row that failed is marked, and the key stays.
    #[test]
    fn a_row_of_another_endpoint_is_not_taken() {
        let world = world_of(&[("1", 0, "https://x.example"), ("2", 1, "https://y.example")]);
        assert_eq!(of_read(&world, "sk-fake-1", 402, None), told(false, true, "sk-fake-1", &["1"]));
        assert_eq!(of_read(&world, "sk-fake-1", 429, None), told(false, true, "sk-fake-1", &["1"]));
    }

    // Issue #71970: another row is tried for the model, and the one that may not use it keeps its status.
    #[test]
    fn a_model_that_an_account_may_not_use_is_tried_with_the_next_row() {
        let url = "https://x.example";
        let world = world_of(&[("1", 0, url), ("2", 1, url)]);
        let found = of_read(&world, "sk-fake-1", 400, Some("model_entitlement"));
        assert_eq!(found, told(true, true, "sk-fake-2", &[]));
        let alone = world_of(&[("1", 0, url)]);
        let found = of_read(&alone, "sk-fake-1", 400, Some("model_entitlement"));
        assert_eq!(found, told(false, true, "sk-fake-1", &[]));
    }

    // There are more members of `FailoverReason` than were read.
    #[test]
    fn a_reason_that_was_not_read_is_not_refused() {
        let world = world_of(&[("1", 0, "https://x.example")]);
        let mut process = Process::start(&world, Facts::of("0.21.4").unwrap()).unwrap();
        let mut pool = process.load_pool("gemini").unwrap();
        let (status, reason) = (Value::int(400), Some("role_alternation"));
        let failed = process.recover_with_credential_pool(
            &mut agent("gemini", ""),
            &mut pool,
            &status,
            reason,
            &Value::None,
        );
        assert_eq!(failed.unwrap_err().unmodelled(), Some("a reason of failure that may be newer"));
    }
}
