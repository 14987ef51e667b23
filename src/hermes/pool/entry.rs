//! `PooledCredential`: reading a row, writing it, changing fields, and the key that it stands for.

use std::rc::Rc;

use super::timestamps::{exhausted_until, float_of, parse_absolute_timestamp};
use super::{API_KEY, DEAD, EXHAUSTED, OAUTH, PooledCredential, jwt, sanitized, text_of, type_error};
use crate::base::text::Search;
use crate::facts::Facts;
use crate::facts::behaviour::Behaviour;
use crate::hermes::listed::END_NOT_PRINTED;
use crate::hermes::stored::is_made_id;
use crate::hermes::{Candidate, CredentialStatus, Origin, Outcome, Process, Stop};
use crate::python::{BigInt, Dict, Int, Node, Value, equal, less, lower, strip};
use crate::secret::Secret;

/// The dataclass's fields in their order, without `provider` and `extra`.
const FIELDS: [&str; 23] = [
    "id",
    "label",
    "auth_type",
    "priority",
    "source",
    "access_token",
    "refresh_token",
    "last_status",
    "last_status_at",
    "last_error_code",
    "last_error_reason",
    "last_error_message",
    "last_error_reset_at",
    "base_url",
    "expires_at",
    "expires_at_ms",
    "last_refresh",
    "inference_base_url",
    "agent_key",
    "agent_key_expires_at",
    "request_count",
    "status_cleared_at",
    "model_cooldowns",
];

/// Those of them that only some releases have.
const LATER_FIELDS: [&str; 2] = ["status_cleared_at", "model_cooldowns"];

/// The fields of the release.
fn fields_of(behaviour: &Behaviour) -> impl Iterator<Item = &'static str> {
    let keeps = behaviour.keeps_more_fields;
    FIELDS.into_iter().filter(move |name| keeps || !LATER_FIELDS.contains(name))
}

/// Whether `from_dict` of some release takes the field `name` out of a row: a file may have been written by a newer one. What else
/// a row has is lost when the pool is written.
///
/// ```
/// use poolcheck::hermes::pool::is_row_field;
/// assert!(is_row_field("access_token") && is_row_field("secret_fingerprint") && !is_row_field("api_key"));
/// ```
pub fn is_row_field(name: &str) -> bool {
    FIELDS.contains(&name) || EXTRA.contains(&name)
}

/// `_EXTRA_KEYS`.
const EXTRA: [&str; 14] = [
    "token_type",
    "scope",
    "client_id",
    "portal_base_url",
    "obtained_at",
    "expires_in",
    "agent_key_id",
    "agent_key_expires_in",
    "agent_key_reused",
    "agent_key_obtained_at",
    "tls",
    "secret_source",
    "secret_fingerprint",
    FAILURE_REASON,
];

/// Why the last request failed, as the classifier tells it.
pub(super) const FAILURE_REASON: &str = "failure_reason";

/// `_ALWAYS_EMIT`: the fields that are written even where they are `None`. Together they are an entry's status.
pub(super) const STATUS_FIELDS: [&str; 6] = [
    "last_status",
    "last_status_at",
    "last_error_code",
    "last_error_reason",
    "last_error_message",
    "last_error_reset_at",
];

/// Fields and their new values, as `replace(entry, …)` takes them.
pub(super) type Changes = Vec<(&'static str, Node)>;

/// The changes that set `last_status` and clear what else is known of a failure.
pub(super) fn cleared_status(last_status: Value) -> Changes {
    let mut changes: Changes = STATUS_FIELDS.iter().map(|name| (*name, Node::made(Value::None))).collect();
    if let Some(first) = changes.first_mut() {
        first.1 = Node::made(last_status);
    }
    changes
}

/// `_normalize_pool_auth_type(provider, token, auth_type)`.
pub(super) fn normalized_auth_type(provider: &str, token: &Value, auth_type: &Value) -> Outcome<String> {
    if provider == "anthropic" && token.as_str().is_some_and(|token| token.starts_with("sk-ant-oat")) {
        return Ok(OAUTH.to_owned());
    }
    if auth_type.is_true() { text_of(auth_type) } else { Ok(API_KEY.to_owned()) }
}

/// What `from_dict` raises for a row that is no mapping.
fn no_mapping(row: &Value, facts: &Facts) -> Stop {
    // `name in row` looks for a part of a text and an item of a list, and fails for what has neither.
    let holds = |name: &str| match row {
        Value::Str(text) => text.holds(name),
        Value::List(items) => items.iter().any(|item| item.value.as_str() == Some(name)),
        _ => false,
    };
    let has_parts = matches!(row, Value::Str(_) | Value::List(_));
    if !has_parts {
        return type_error(&format!("argument of type '{}' is not iterable", row.type_name()));
    }
    let has_field = fields_of(&facts.behaviour).any(holds);
    if !has_field && facts.behaviour.keeps_more_fields {
        return Stop::no_attribute(row.type_name(), "items");
    }
    if !has_field && facts.pool.extra_keys.iter().any(holds) {
        return type_error("string indices must be integers");
    }
    Stop::no_attribute(row.type_name(), "get")
}

impl PooledCredential {
    /// `from_dict(provider, payload)`.
    pub(super) fn from_row(provider: &str, row: &Node, process: &mut Process<'_>) -> Outcome<Self> {
        let behaviour = &process.facts.behaviour;
        let Some(payload) = row.value.as_dict() else { return Err(no_mapping(&row.value, process.facts)) };
        let mut fields = Dict::new();
        for name in fields_of(behaviour) {
            if let Some(entry) = payload.entry(name) {
                let _ = fields.insert(entry.clone());
            }
        }
        if let Some(node) = fields.get_mut("last_status_at")
            && node.value.as_str().is_some()
            && behaviour.reads_status_times_as_text
        {
            node.value = parse_absolute_timestamp(&node.value)?.map_or(Value::None, Value::Float);
        }
        let mut extra = Dict::new();
        for entry in payload.iter().filter(|entry| !entry.value.value.is_none()) {
            let name = entry.key.value.as_str().unwrap_or_default();
            let is_kept = if behaviour.keeps_more_fields {
                !FIELDS.contains(&name) && name != "provider"
            } else {
                process.facts.pool.extra_keys.contains(name)
            };
            if is_kept {
                let _ = extra.insert(entry.clone());
            }
        }
        let label = payload.get("source").cloned().unwrap_or_else(|| Value::str(provider).into());
        let defaults = [
            ("label", label),
            ("auth_type", Value::str(API_KEY).into()),
            ("priority", Value::int(0).into()),
            ("source", Value::str("manual").into()),
            ("access_token", Value::str("").into()),
            ("request_count", Value::int(0).into()),
        ];
        if !fields.has("id") {
            fields.set("id", process.new_id());
        }
        for (name, value) in defaults {
            if !fields.has(name) {
                fields.set(name, value);
            }
        }
        let mut entry = Self {
            provider: provider.to_owned(),
            facts: process.facts,
            fields: Rc::new(fields),
            extra: Rc::new(extra),
            place: row.place,
            key_place: None,
        };
        entry.settle()?;
        Ok(entry)
    }

    /// `__post_init__`, and where the key now is written.
    fn settle(&mut self) -> Outcome<()> {
        if self.facts.behaviour.token_tells_auth_type {
            let auth_type =
                normalized_auth_type(&self.provider, self.field("access_token"), self.field("auth_type"))?;
            if self.field("auth_type").as_str() != Some(&auth_type) {
                Rc::make_mut(&mut self.fields).set("auth_type", Value::str(auth_type));
            }
        }
        let key = self.fields.get("access_token").filter(|node| node.value.is_true());
        self.key_place = key.and_then(|node| node.place);
        Ok(())
    }

    /// `replace(entry, …)`.
    pub(super) fn replaced(&self, changes: Changes) -> Outcome<Self> {
        let mut entry = self.clone();
        let fields = Rc::make_mut(&mut entry.fields);
        for (name, node) in changes {
            fields.set(name, node);
        }
        entry.settle()?;
        Ok(entry)
    }

    /// `replace(entry, priority=…)`.
    pub(super) fn with_priority(&self, priority: usize) -> Outcome<Self> {
        let priority = i64::try_from(priority).unwrap_or(i64::MAX);
        self.replaced(vec![("priority", Value::int(priority).into())])
    }

    /// `to_dict()`: the row as it is written to disk.
    pub(super) fn to_row(&self) -> Outcome<Node> {
        let mut row = Dict::new();
        for name in fields_of(&self.facts.behaviour) {
            match self.fields.entry(name).filter(|entry| !entry.value.value.is_none()) {
                Some(entry) => {
                    let _ = row.insert(entry.clone());
                }
                None if STATUS_FIELDS.contains(&name) => row.set(name, Value::None),
                None => {}
            }
        }
        for entry in self.extra.iter().filter(|entry| !entry.value.value.is_none()) {
            let _ = row.insert(entry.clone());
        }
        let clean = sanitized(&row, &self.provider, &self.facts.behaviour)?;
        Ok(Node { value: Value::dict(clean.unwrap_or(row)), place: self.place })
    }

    /// The field `name`; `Value::None` where it is not set.
    pub fn field(&self, name: &str) -> &Value {
        self.fields.get(name).map_or(&Value::None, |node| &node.value)
    }

    /// The extra field `name`; `Value::None` where it is not set.
    pub(super) fn extra(&self, name: &str) -> &Value {
        self.extra.get(name).map_or(&Value::None, |node| &node.value)
    }

    /// Whether the field `name` is one that is only carried along.
    pub(super) fn is_extra(name: &str) -> bool {
        EXTRA.contains(&name)
    }

    /// The field `source`, as text.
    pub fn source(&self) -> &str {
        self.field("source").as_str().unwrap_or("")
    }

    /// `entry.id`.
    pub(in crate::hermes) fn id(&self) -> &Value {
        self.field("id")
    }

    /// Whether `last_status` is `status`.
    pub(super) fn has_status(&self, status: &str) -> bool {
        self.field("last_status").as_str() == Some(status)
    }

    /// Whether the entry will never be used again.
    pub(super) fn is_dead(&self) -> bool {
        self.facts.behaviour.knows_dead_entries && self.has_status(DEAD)
    }

    /// Whether the source is `source`.
    pub(super) fn is_from(&self, source: &str) -> bool {
        self.field("source").as_str() == Some(source)
    }

    /// `auth_type == "oauth"`.
    pub(in crate::hermes) fn is_oauth(&self) -> bool {
        self.field("auth_type").as_str() == Some(OAUTH)
    }

    /// `auth_type == "api_key"`.
    pub(super) fn is_api_key(&self) -> bool {
        self.field("auth_type").as_str() == Some(API_KEY)
    }

    /// `_is_manual_source(entry.source)`.
    pub(super) fn is_manual(&self) -> Outcome<bool> {
        match self.field("source") {
            Value::Str(source) => {
                let source = lower(strip(source));
                Ok(source == "manual" || source.starts_with("manual:"))
            }
            other if other.is_true() => Err(Stop::no_attribute(other.type_name(), "strip")),
            _ => Ok(false),
        }
    }

    /// `runtime_api_key`: the key that requests are sent with.
    ///
    /// # Errors
    /// What the real property raises.
    pub fn runtime_api_key(&self, process: &Process<'_>) -> Outcome<Secret> {
        if self.provider != "nous" {
            return super::text_or_empty(Some(self.field("access_token"))).map(Secret::new);
        }
        if !process.facts.behaviour.nous_needs_a_usable_token {
            let stored = [self.field("agent_key"), self.field("access_token")];
            let stored = stored.into_iter().find(|token| token.is_true());
            return super::text_or_empty(stored).map(Secret::new);
        }
        for (field, expires) in [("agent_key", "agent_key_expires_at"), ("access_token", "expires_at")] {
            if let Value::Str(token) = self.field(field)
                && !strip(token).is_empty()
                && self.nous_token_fault(field, expires, process.clock, jwt::SHORTEST_LIFE)?.is_none()
            {
                return Ok(Secret::new(strip(token)));
            }
        }
        Ok(Secret::new(""))
    }

    /// `entry.runtime_api_key or entry.access_token`.
    pub(in crate::hermes) fn key_or_token(&self, process: &Process<'_>) -> Outcome<Secret> {
        let key = self.runtime_api_key(process)?;
        match self.field("access_token") {
            _ if !key.is_empty() => Ok(key),
            Value::Str(token) => Ok(Secret::new(&**token)),
            _ => Err(Stop::not_modelled("a key that is no text")),
        }
    }

    /// Why the token in the field `token` is not usable for inference, where it is not.
    fn nous_token_fault(
        &self,
        token: &str,
        expires: &str,
        now: f64,
        shortest_life: f64,
    ) -> Outcome<Option<&'static str>> {
        let scope = self.extra("scope");
        jwt::invoke_token_fault(self.field(token), scope, self.field(expires), now, shortest_life)
    }

    /// `_agent_key_is_usable` of a Nous entry.
    pub(in crate::hermes) fn has_usable_agent_key(
        &self,
        process: &Process<'_>,
        shortest_life: f64,
    ) -> Outcome<bool> {
        let (key, end) = (self.field("agent_key"), self.field("agent_key_expires_at"));
        process.is_agent_key_usable(key, self.extra("scope"), end, shortest_life)
    }

    /// `runtime_base_url`.
    pub fn runtime_base_url(&self) -> Value {
        let own = self.field("inference_base_url");
        if self.provider == "nous" && own.is_true() { own.clone() } else { self.field("base_url").clone() }
    }

    /// `model_cooldown_until(entry, model)`: the end of a cooldown that is for `model` only; without a model, of any.
    pub(in crate::hermes) fn barred_until(&self, model: Option<&str>, now: f64) -> Outcome<Option<f64>> {
        let cooldowns = match self.field("model_cooldowns") {
            Value::Dict(cooldowns) => cooldowns,
            value if !value.is_true() => return Ok(None),
            value => return Err(Stop::no_attribute(value.type_name(), "values")),
        };
        let mut last = None;
        for entry in cooldowns.iter() {
            let is_meant = model.is_none_or(|model| entry.key.value.as_str() == Some(model));
            let end = if is_meant { float_of(&entry.value.value)? } else { None };
            if let Some(end) = end.filter(|end| *end > now && last.is_none_or(|last| *end > last)) {
                last = Some(end);
            }
        }
        Ok(last)
    }

    /// `not (entry.access_token or "").strip()`.
    pub(super) fn has_blank_token(&self) -> Outcome<bool> {
        match self.field("access_token") {
            Value::Str(token) => Ok(strip(token).is_empty()),
            value if value.is_true() => Err(Stop::no_attribute(value.type_name(), "strip")),
            _ => Ok(true),
        }
    }

    /// `entry.label or entry.id[:8]`, as a log line shows it.
    pub(super) fn log_label(&self) -> Outcome<String> {
        let label = self.field("label");
        if label.is_true() {
            return text_of(label);
        }
        match self.id() {
            Value::Str(id) if is_made_id(id) => Err(Stop::not_modelled("an id drawn at random is logged")),
            Value::Str(id) => Ok(id.chars().take(8).collect()),
            Value::List(items) => text_of(&Value::list(items.iter().take(8).cloned().collect())),
            other => Err(type_error(&format!("'{}' object is not subscriptable", other.type_name()))),
        }
    }

    /// The entry as a candidate for the trace, its status judged at the process's clock; `sole` is whether it is the
    /// only one of its pool that is not dead. What the user wrote in a wrong type is shown empty.
    pub fn candidate(&self, process: &Process<'_>, sole: bool) -> Candidate {
        Candidate {
            origin: Origin::Pool { provider: self.provider.clone(), source: self.source().to_owned() },
            label: text_of(self.field("label")).unwrap_or_default(),
            key: self.runtime_api_key(process).unwrap_or_else(|_| Secret::new("")),
            place: self.key_place,
            entry_place: self.place,
            status: self.status(process.clock, sole),
        }
    }

    /// Whether it is known when its cooldown ends: a listing does not print that of a key that was refused.
    pub(super) fn knows_its_end(&self) -> bool {
        self.field("last_error_message").as_str() != Some(END_NOT_PRINTED)
    }

    /// The entry's state at the time `now`, in a pool of which it is the `sole` credential or not.
    pub fn status(&self, now: f64, sole: bool) -> CredentialStatus {
        if self.is_dead() {
            return CredentialStatus::Dead;
        }
        if !self.has_status(EXHAUSTED) {
            return CredentialStatus::Ok;
        }
        match exhausted_until(self, sole) {
            Ok(until) if until.is_none_or(|until| until <= now) => CredentialStatus::Ok,
            Ok(until) => CredentialStatus::Exhausted { until: until.filter(|_| self.knows_its_end()) },
            Err(_) => CredentialStatus::Exhausted { until: None },
        }
    }
}

/// `merge_model_cooldowns(…)`: of each model the cooldown that ends last.
pub(in crate::hermes) fn merged_cooldowns(all: [&Value; 2]) -> Outcome<Dict> {
    let mut merged = Dict::new();
    for entry in all.into_iter().filter_map(Value::as_dict).flat_map(Dict::iter) {
        let (Some(name), Some(end)) = (entry.key.value.as_str(), float_of(&entry.value.value)?) else {
            continue;
        };
        let known = match merged.get(name).map(|node| &node.value) {
            Some(Value::Float(known)) => *known,
            _ => 0.0,
        };
        // `max(end, known)` keeps the first where neither is more, as with NaN.
        merged.set(name, Value::Float(if known > end { known } else { end }));
    }
    Ok(merged)
}

/// `[entry.to_dict() for entry in entries]`.
pub(super) fn rows_of(entries: &[PooledCredential]) -> Outcome<Vec<Node>> {
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        rows.push(entry.to_row()?);
    }
    Ok(rows)
}

/// `a < b`, which is a `TypeError` for values that do not compare.
pub(super) fn below(a: &Value, b: &Value) -> Outcome<bool> {
    less(a, b).ok_or_else(|| {
        let (a, b) = (a.type_name(), b.type_name());
        type_error(&format!("'<' not supported between instances of '{a}' and '{b}'"))
    })
}

/// `value + 1`.
pub(super) fn plus_one(value: &Value) -> Outcome<Value> {
    Ok(match value {
        Value::Bool(value) => Value::int(i64::from(*value) + 1),
        Value::Int(value) => Value::Int(Int::from(BigInt::from(value).plus(&BigInt::from(1_i64)))),
        Value::Float(value) => Value::Float(value + 1.0),
        other => {
            return Err(type_error(&format!(
                "unsupported operand type(s) for +: '{}' and 'int'",
                other.type_name()
            )));
        }
    })
}

/// Sorts `items` by their `keys`, as `sorted(items, key=…)`.
pub(super) fn sorted_by(items: &[PooledCredential], keys: &[Value]) -> Outcome<Vec<PooledCredential>> {
    /// From here on Python's sort takes other steps, which only show where the order is none.
    const LONG: usize = 64;
    if keys.len() >= LONG && keys.iter().any(is_nan) {
        return Err(Stop::not_modelled("the order of many priorities of which one is NaN"));
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    crate::python::sort(&mut order, |a, b| match (keys.get(*a), keys.get(*b)) {
        (Some(a), Some(b)) => below(a, b),
        _ => Ok(false),
    })?;
    Ok(order.into_iter().filter_map(|at| items.get(at).cloned()).collect())
}

/// Whether the value is `nan`.
pub(super) fn is_nan(value: &Value) -> bool {
    matches!(value, Value::Float(value) if value.is_nan())
}

/// `sorted(entries, key=lambda entry: entry.priority)`.
pub(super) fn by_priority(entries: &[PooledCredential]) -> Outcome<Vec<PooledCredential>> {
    let keys: Vec<Value> = entries.iter().map(|entry| entry.field("priority").clone()).collect();
    sorted_by(entries, &keys)
}

/// Keeps the entries that `stays` says yes to. Whether one went.
pub(super) fn keep(
    entries: &mut Vec<PooledCredential>,
    stays: &mut dyn FnMut(&PooledCredential) -> Outcome<bool>,
) -> Outcome<bool> {
    let mut kept = Vec::with_capacity(entries.len());
    for entry in entries.iter() {
        if stays(entry)? {
            kept.push(entry.clone());
        }
    }
    let changed = kept.len() != entries.len();
    *entries = kept;
    Ok(changed)
}

/// `_next_priority(entries)`.
pub(super) fn next_priority(entries: &[PooledCredential]) -> Outcome<Value> {
    let mut highest: Option<&Value> = None;
    for priority in entries.iter().map(|entry| entry.field("priority")) {
        let higher = match highest {
            Some(known) => below(known, priority)?,
            None => true,
        };
        if higher {
            highest = Some(priority);
        }
    }
    plus_one(highest.unwrap_or(&Value::int(-1)))
}

/// Whether the ids of two entries are equal, as `==` compares them.
pub(super) fn same_id(a: &PooledCredential, b: &PooledCredential) -> bool {
    equal(a.id(), b.id())
}
