//! Answers cases of the protocol with our model, one JSON line in, one JSON line out.
//!
//! It works below the reports, on the model itself: the answers hold keys in the clear, as those of the real
//! program do that they are compared with.

use std::collections::HashMap;
use std::io::{BufRead, Write};

use poolcheck::base::collections::TextMap;
use poolcheck::base::sources::{Given, SourceKind, Sources};
use poolcheck::facts::Facts;
use poolcheck::hermes::arguments;
use poolcheck::hermes::classify::{ApiError, classify_api_error};
use poolcheck::hermes::commands::{Adds, Written, config_set};
use poolcheck::hermes::pool::{Failed, Pool, PooledCredential};
use poolcheck::hermes::recovery::Agent;
use poolcheck::hermes::runtime::Request;
use poolcheck::hermes::sites::{Route, SlotKind};
use poolcheck::hermes::start::{Entry, Start};
use poolcheck::hermes::turn::{self, After, Judged, PoolStep, Standing};
use poolcheck::hermes::{End, LogLevel, Outcome, Process, Stop, World};
use poolcheck::python::{Dict, Int, Node, Value, int_of_text};
use poolcheck::secret::Secret;
use poolcheck::yaml::{self, Limit, YamlError};
use serde_json::{Map, Value as Json, json};

#[allow(dead_code, reason = "the tests include this file and call `answer_case`")]
fn main() -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = match serde_json::from_str(&line) {
            Ok(case) => answer_case(&case),
            Err(error) => json!({"id": null, "error": format!("not a case: {error}")}),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

/// The answers to one case.
pub fn answer_case(case: &Json) -> Json {
    let release = case.get("hermes").and_then(Json::as_str).unwrap_or("0.19.0");
    answer_with(case, release, Facts::of(release))
}

/// The answers to one case by the facts of a release.
pub fn answer_with(case: &Json, release: &str, facts: Option<&'static Facts>) -> Json {
    let world = world_of(case);
    let questions = case.get("ask").and_then(Json::as_array).cloned().unwrap_or_default();
    let answers: Vec<Json> = match facts {
        None => questions.iter().map(|_| not_modelled(&format!("release {release}"))).collect(),
        Some(facts) => match Process::start(&world, facts) {
            Err(stop) => questions.iter().map(|_| stop_json(&stop)).collect(),
            Ok(process) => {
                let mut session = Session::new(process);
                questions.iter().map(|question| session.answer(question)).collect()
            }
        },
    };
    json!({"id": case.get("id"), "answers": answers})
}

fn world_of(case: &Json) -> World {
    let profile = case.get("profile").and_then(Json::as_str).map(str::to_owned);
    let mut files = texts(case.get("files"));
    let mut home = texts(case.get("home"));
    let mut take = |name: &str| files.remove(name).map_or(Given::Absent, Given::Text);
    let (config, dotenv, auth_store) = (take("config.yaml"), take(".env"), take("auth.json"));
    let jobs = take("cron/jobs.json");
    let root_auth_store = match &profile {
        Some(_) => home.remove(".hermes/auth.json").map_or(Given::Absent, Given::Text),
        None => Given::Absent,
    };
    World {
        given: Sources {
            config,
            dotenv,
            auth_store,
            jobs,
            environ: Given::Absent,
            root_auth_store,
            ..Sources::default()
        },
        variables: texts(case.get("environ")),
        other_files: files,
        home_files: home,
        profile,
        offline: true,
        now: case.get("now").and_then(Json::as_f64).unwrap_or(0.0),
        ..World::default()
    }
}

fn texts(object: Option<&Json>) -> TextMap<String> {
    let entries = object.and_then(Json::as_object).into_iter().flatten();
    entries.filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect()
}

/// The answer to a question that the release does not have.
/// The preset of a slot, which it is, and its number: `moa.presets.NAME.reference_models[0]`.
fn slot_of(site: &str) -> Option<(&str, SlotKind, usize)> {
    let rest = site.strip_prefix("moa.presets.")?;
    if let Some(name) = rest.strip_suffix(".aggregator") {
        return Some((name, SlotKind::Aggregator, 0));
    }
    let (name, at) = rest.strip_suffix(']')?.rsplit_once(".reference_models[")?;
    Some((name, SlotKind::Reference, at.parse().ok()?))
}

fn absent() -> Json {
    json!({"absent": true})
}

fn not_modelled(why: &str) -> Json {
    json!({"not_modelled": why})
}

fn stop_json(stop: &Stop) -> Json {
    match stop.end() {
        // Its words depend on how deep the caller's calls are nested.
        End::Raised(raised) if raised.kind == "RecursionError" => {
            not_modelled("the words of a RecursionError")
        }
        End::Raised(raised) => json!({"error": raised.kind, "message": raised.message}),
        End::Exit(text) => json!({"exit": text}),
        End::NotModelled(why) => not_modelled(why),
    }
}

/// One process of the real program, and what a case keeps between its questions.
struct Session<'w> {
    process: Process<'w>,
    pools: HashMap<String, Pool>,
    agents: HashMap<String, Agent>,
    leases: HashMap<String, Vec<PooledCredential>>,
    /// What was not modelled when the state of the pools was lost: later answers about them would be guesses.
    lost: Option<String>,
}

/// Questions that read the state of the pools and change it. A resolution that is not modelled is none of
/// them: it has loaded its pool and selected from it before it comes to that, unless it is for a login.
const STATEFUL: [&str; 9] = ["lease", "list", "mark", "peek", "pool", "recover", "reset", "select", "store"];

/// What is not modelled of logins begins so: the real program renews them then, and writes auth.json.
const OF_LOGINS: [&str; 4] = ["a stored login", "renewing a login", "a Nous login", "the login of the Codex"];

impl<'w> Session<'w> {
    fn new(process: Process<'w>) -> Self {
        let (pools, agents, leases) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { process, pools, agents, leases, lost: None }
    }

    fn answer(&mut self, question: &Json) -> Json {
        let kind = question.get("do").and_then(Json::as_str).unwrap_or("");
        let stateful = STATEFUL.contains(&kind);
        let after_loss = stateful || matches!(kind, "resolve" | "start" | "canonical");
        if let Some(why) = self.lost.as_ref().filter(|_| after_loss) {
            return not_modelled(why);
        }
        self.process.log.clear();
        let outcome = self.ask(question);
        // The listing of one provider has loaded its pool before it comes to what is not modelled.
        let loses = kind == "start" || stateful && (kind != "list" || question.get("provider").is_none());
        if let Some(why) = outcome.as_ref().err().and_then(Stop::unmodelled)
            && (loses || OF_LOGINS.iter().any(|start| why.starts_with(start)))
        {
            self.lost = Some(format!("what comes after {why}"));
        }
        let mut answer = match outcome {
            Ok(value) if value == absent() => value,
            Ok(value) if value == large() || count(&value, LARGEST_ANSWER) > LARGEST_ANSWER => large(),
            Ok(value) => json!({"ok": value}),
            Err(stop) => stop_json(&stop),
        };
        let lines: Vec<Json> = (self.process.log.iter())
            .map(|line| {
                let level = match line.level {
                    LogLevel::Info => "INFO",
                    LogLevel::Warning => "WARNING",
                };
                let first = line.message.lines().next().unwrap_or("");
                json!(format!("{level} agent.credential_pool: {first}"))
            })
            .collect();
        if let (false, Some(fields)) = (lines.is_empty(), answer.as_object_mut()) {
            fields.insert("log".to_owned(), Json::Array(lines));
        }
        answer
    }

    fn ask(&mut self, question: &Json) -> Outcome<Json> {
        let text = |name: &str| question.get(name).and_then(Json::as_str);
        let provider = text("provider").unwrap_or("");
        let behaviour = self.process.facts.behaviour;
        match text("do").unwrap_or("") {
            "yaml" if !behaviour.reads_yaml_with_libyaml => Ok(absent()),
            "yaml" if behaviour.reads_yaml_with_ruamel => ruamel_answer(text("text").unwrap_or("")),
            "yaml" => yaml_answer(text("text").unwrap_or("")),
            "config" => Ok(encode(&self.process.config_at(text("path").unwrap_or(""))?)),
            "validate" => {
                let issues = self.process.validate_config_structure()?;
                Ok(issues.iter().map(|issue| json!([issue.severity, issue.message])).collect())
            }
            "known_key" if !behaviour.checks_config_keys => Ok(absent()),
            "known_key" => {
                let (known, suggestion) = self.process.validate_config_key(text("key").unwrap_or(""))?;
                Ok(json!([known, suggestion]))
            }
            "env" => {
                let variables = self.process.load_env()?;
                Ok(by_name(question, |name| variables.get(name).map(|variable| variable.value.clone())))
            }
            "environ" => Ok(by_name(question, |name| {
                self.process.environ.get(name).map(|variable| variable.value.clone())
            })),
            "custom" => {
                let providers = self.process.compatible_custom_providers(None)?;
                Ok(encode(&Value::list(providers)))
            }
            "arguments" => self.arguments(question),
            "auth_add" => match self.process.auth_add(provider, text("type"))? {
                Adds::Key(pool) => Ok(json!(pool)),
                // Nobody logs in.
                Adds::Login(provider) if provider == "anthropic" => {
                    Err(Stop::exit("Anthropic OAuth login did not return credentials."))
                }
                Adds::Login(_) => Err(Stop::not_modelled("a login")),
            },
            "config_set" => {
                let (key, value) = (text("key").unwrap_or(""), text("value").unwrap_or(""));
                Ok(match config_set(self.process.facts, key, value)? {
                    Written::DotEnv(name) => json!({"env": name}),
                    Written::Config(path, value) => json!({"config": path, "value": encode(&value)}),
                })
            }
            "canonical" => Ok(json!(self.process.resolve_provider(text("name"))?)),
            "resolve" => self.resolve(&Request {
                provider: text("requested"),
                api_key: text("api_key"),
                base_url: text("base_url"),
                target_model: text("model"),
            }),
            "fallback" if !behaviour.merges_fallbacks => Ok(absent()),
            "fallback" => Ok(encode(&Value::list(self.process.fallback_chain()?))),
            "call_site" => {
                let site = text("site").unwrap_or("");
                let is_tool = site == "mixture_of_agents";
                if is_tool == behaviour.knows_moa && (is_tool || site.starts_with("moa.")) {
                    // The main model comes first, and may fail.
                    self.process.resolve_runtime_provider(None)?;
                    return Ok(absent());
                }
                self.call_site(site)
            }
            "start" => self.start(text("entry").unwrap_or("")),
            "strategy" => Ok(json!(self.process.pool_strategy(provider)?)),
            "list" => Ok(json!(self.process.auth_list(text("provider"))?)),
            "pool" => {
                let pool = self.take_pool(provider)?;
                let views = pool.entries.iter().map(|entry| self.view(entry)).collect();
                self.pools.insert(provider.to_owned(), pool);
                views
            }
            "peek" => self.with_pool(provider, |pool, process| pool.peek(process)),
            "select" => self.with_pool(provider, |pool, process| pool.select(process)),
            "mark" => {
                let status = decode(question.get("status"));
                let context = decode(question.get("context"));
                let hint = text("hint").map(str::to_owned);
                if hint.is_some() && !behaviour.marks_by_key {
                    let pool = self.take_pool(provider)?;
                    self.pools.insert(provider.to_owned(), pool);
                    return Ok(absent());
                }
                self.with_pool(provider, |pool, process| {
                    let failed = Failed { key: hint.as_deref(), ..Failed::default() };
                    pool.mark_exhausted_and_rotate(process, &status, &context, failed)
                })
            }
            "reset" => {
                let mut pool = self.process.load_pool(provider)?;
                Ok(json!(pool.reset_statuses(&mut self.process)?))
            }
            "recover" => self.recover(question),
            "turn" => self.turn(question),
            "success" => {
                if let Some(agent) = self.agents.get_mut(provider) {
                    agent.retried_429 = false;
                }
                Ok(Json::Null)
            }
            "lease" => {
                let mut pool = self.take_pool(provider)?;
                let leased = pool.acquire_lease(&mut self.process);
                self.pools.insert(provider.to_owned(), pool);
                let leased = leased?;
                if let Some(entry) = &leased {
                    self.leases.entry(provider.to_owned()).or_default().push(entry.clone());
                }
                self.view_or_null(leased.as_ref())
            }
            "release" => {
                let mut pool = self.take_pool(provider)?;
                let held = self.leases.entry(provider.to_owned()).or_default();
                if !held.is_empty() {
                    pool.release_lease(&held.remove(0));
                }
                self.pools.insert(provider.to_owned(), pool);
                Ok(Json::Null)
            }
            "store" => Ok(encode(&self.process.stored_auth()?)),
            "advance" => {
                self.process.clock += question.get("seconds").and_then(Json::as_f64).unwrap_or(0.0);
                Ok(Json::Null)
            }
            "reload" => {
                self.pools.clear();
                self.agents.clear();
                self.leases.clear();
                Ok(Json::Null)
            }
            "classify" => {
                let error = ApiError {
                    class: String::new(),
                    status: decode(question.get("status")),
                    message: text("message").unwrap_or("").to_owned(),
                    body: decode(question.get("body")),
                    provider: provider.to_owned(),
                    model: text("model").unwrap_or("").to_owned(),
                };
                let found = classify_api_error(self.process.facts, &error)?;
                Ok(json!({
                    "reason": found.reason, "retryable": found.retryable, "compress": found.compress,
                    "rotate": found.rotate, "fallback": found.fallback,
                }))
            }
            other => Err(Stop::not_modelled(format!("the question {other}"))),
        }
    }

    fn job(&mut self, at: usize) -> Outcome<Json> {
        let jobs = self.process.jobs()?;
        let Some(record) = jobs.get(at) else { return Ok(Json::Null) };
        let route = self.process.job_routes(std::slice::from_ref(record)).pop();
        match route.unwrap_or_else(|| Err(Stop::not_modelled("a job without a route")))? {
            Ok(route) => Ok(json!({"base_url": route.base_url, "key": route.api_key.expose()})),
            Err(refusal) => {
                let why = refusal.message(record.text("id").unwrap_or(""));
                Err(Stop::exit(format!("RuntimeError: {why}")))
            }
        }
    }

    /// The endpoint and the key of `site`; a list of them for `fallback`.
    fn call_site(&mut self, site: &str) -> Outcome<Json> {
        if let Some(at) = site.strip_prefix("cron.jobs[").and_then(|rest| rest.strip_suffix(']')) {
            return self.job(at.parse().unwrap_or(usize::MAX));
        }
        let main = self.process.resolve_runtime_provider(None)?;
        let is_agent = matches!(site, "delegation" | "fallback");
        let speaks_openai = main.api_mode.as_deref().is_none_or(|mode| mode.starts_with("c"));
        if is_agent && (main.api_key.is_empty() || main.base_url.is_empty() || !speaks_openai) {
            return Err(Stop::not_modelled("an agent that looks for a key or a client by itself"));
        }
        let view = |route: &Route| json!({"base_url": route.base_url, "key": route.api_key.expose()});
        let route = match site {
            "delegation" => self.process.delegation(&main)?,
            "fallback" => {
                let taken = self.process.fallback_routes(&main)?;
                let taken = taken.iter().map(|(provider, route)| {
                    json!({"provider": provider, "base_url": route.base_url, "key": route.api_key.expose()})
                });
                return Ok(taken.collect());
            }
            "mixture_of_agents" => self.process.moa_tool()?,
            slot if slot.starts_with("moa.") => {
                let slot = slot_of(slot).ok_or_else(|| Stop::not_modelled("an odd name of a slot"))?;
                match self.process.moa_slot(slot.0, slot.1, slot.2, &main)? {
                    Some(route) => route,
                    None => return Ok(Json::Null),
                }
            }
            task => self.process.side_task(task, &main)?,
        };
        if !is_agent && !route.api_key.expose().is_ascii() {
            return Err(Stop::not_modelled("a key that no request can hold"));
        }
        Ok(view(&route))
    }

    fn arguments(&self, question: &Json) -> Outcome<Json> {
        let words = question.get("words").and_then(Json::as_array).into_iter().flatten();
        let words: Vec<&str> = words.filter_map(Json::as_str).collect();
        let read = arguments::read(&self.process.facts.commands, &words);
        let reading = read.ok_or_else(|| Stop::not_modelled("what is made of these words"))?;
        if let Some(refusal) = &reading.refusal {
            return Err(Stop::exit(refusal.message()));
        }
        let extras: Vec<&str> = reading.extras.iter().filter_map(|at| words.get(*at).copied()).collect();
        if !extras.is_empty() {
            return Err(Stop::exit(format!("unrecognized arguments: {}", extras.join(" "))));
        }
        Ok(Json::Null)
    }

    /// The pool of a case, loaded at its first use.
    fn take_pool(&mut self, provider: &str) -> Outcome<Pool> {
        match self.pools.remove(provider) {
            Some(pool) => Ok(pool),
            None => self.process.load_pool(provider),
        }
    }

    fn with_pool(
        &mut self,
        provider: &str,
        ask: impl FnOnce(&mut Pool, &mut Process<'w>) -> Outcome<Option<PooledCredential>>,
    ) -> Outcome<Json> {
        let mut pool = self.take_pool(provider)?;
        let entry = ask(&mut pool, &mut self.process);
        self.pools.insert(provider.to_owned(), pool);
        self.view_or_null(entry?.as_ref())
    }

    fn view_or_null(&self, entry: Option<&PooledCredential>) -> Outcome<Json> {
        entry.map_or(Ok(Json::Null), |entry| self.view(entry))
    }

    fn view(&self, entry: &PooledCredential) -> Outcome<Json> {
        let field = |name: &str| encode(entry.field(name));
        Ok(json!({
            "label": field("label"),
            "source": field("source"),
            "auth_type": field("auth_type"),
            "priority": field("priority"),
            "key": entry.runtime_api_key(&self.process)?.expose(),
            "base_url": field("base_url"),
            "status": field("last_status"),
            "error_code": field("last_error_code"),
            "reason": field("last_error_reason"),
            "reset_at": field("last_error_reset_at"),
            "status_at": field("last_status_at"),
            "requests": field("request_count"),
        }))
    }

    fn resolve(&mut self, request: &Request<'_>) -> Outcome<Json> {
        let is_given = [request.api_key, request.base_url, request.target_model].iter().any(Option::is_some);
        let runtime = match is_given {
            true => self.process.resolve_runtime(request)?,
            false => self.process.resolve_runtime_provider(request.provider)?,
        };
        let mut answer = Map::new();
        answer.insert("provider".to_owned(), json!(runtime.provider));
        answer.insert("base_url".to_owned(), json!(runtime.base_url));
        answer.insert("api_key".to_owned(), json!(runtime.api_key.expose()));
        let optional = [
            ("api_mode", runtime.api_mode.map(|mode| json!(mode))),
            ("source", runtime.source.as_ref().map(encode)),
            ("requested_provider", runtime.requested_provider.map(|requested| json!(requested))),
            ("model", runtime.model.as_ref().map(encode)),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                answer.insert(name.to_owned(), value);
            }
        }
        answer.insert("pool".to_owned(), json!(runtime.pool.map(|pool| pool.provider)));
        Ok(Json::Object(answer))
    }

    fn start(&mut self, entry: &str) -> Outcome<Json> {
        let entry = match entry {
            "interactive" => Entry::Interactive,
            "gateway" => Entry::Gateway,
            "cron" => Entry::Cron,
            "oneshot" => Entry::OneShot,
            other => return Err(Stop::not_modelled(format!("the way in {other}"))),
        };
        let Start { runtime, fallback, agent } = self.process.start_of(entry)?;
        let taken = |entry: Node| {
            let field = |name| entry.get(name).map(|node: &Node| encode(&node.value));
            json!({"provider": field("provider"), "model": field("model")})
        };
        let mut answer = json!({
            "provider": runtime.provider, "api_mode": runtime.api_mode, "base_url": runtime.base_url,
            "api_key": runtime.api_key.expose(), "pool": runtime.pool.map(|pool| pool.provider),
            "fallback": fallback.map(taken),
        });
        let agent = agent.map(|agent| match agent {
            Ok(own) => {
                json!({"provider": own.provider, "base_url": own.base_url, "api_key": own.api_key.expose()})
            }
            Err(raised) => json!({"error": raised.kind, "message": raised.message}),
        });
        if let (Some(agent), Some(fields)) = (agent, answer.as_object_mut()) {
            fields.insert("agent".to_owned(), agent);
        }
        Ok(answer)
    }

    fn recover(&mut self, question: &Json) -> Outcome<Json> {
        let text = |name: &str| question.get(name).and_then(Json::as_str);
        let provider = text("provider").unwrap_or("").to_owned();
        let mut pool = self.take_pool(&provider)?;
        let outcome = self.recover_in(question, &provider, &mut pool);
        self.pools.insert(provider, pool);
        outcome
    }

    fn recover_in(&mut self, question: &Json, provider: &str, pool: &mut Pool) -> Outcome<Json> {
        let text = |name: &str| question.get(name).and_then(Json::as_str);
        if !self.agents.contains_key(provider) {
            let agent = Agent {
                provider: text("agent_provider").unwrap_or(&pool.provider).to_owned(),
                base_url: text("base_url").unwrap_or("").to_owned(),
                api_mode: text("api_mode").unwrap_or("").to_owned(),
                api_key: Secret::new(""),
                retried_429: false,
                refreshes: Vec::new(),
                model: text("model").unwrap_or("").to_owned(),
            };
            self.agents.insert(provider.to_owned(), agent);
        }
        let Some(agent) = self.agents.get_mut(provider) else { return Ok(Json::Null) };
        if agent.api_key.is_empty() {
            let entry = match pool.current().cloned() {
                Some(entry) => Some(entry),
                None => pool.select(&mut self.process)?,
            };
            agent.api_key = match entry {
                Some(entry) => entry.runtime_api_key(&self.process)?,
                None => Secret::new(""),
            };
        }
        let status = decode(question.get("status"));
        let context = decode(question.get("context"));
        let recovery =
            self.process.recover_with_credential_pool(agent, pool, &status, text("reason"), &context)?;
        agent.retried_429 = recovery.retried;
        Ok(json!({
            "recovered": recovery.recovered, "retried": recovery.retried, "key": agent.api_key.expose(),
        }))
    }
}

impl Session<'_> {
    /// The loop of a turn, up to the fallback chain.
    fn turn(&mut self, question: &Json) -> Outcome<Json> {
        let runtime = self.process.resolve_runtime_provider(None)?;
        let api_mode = runtime.api_mode.unwrap_or_default();
        if api_mode != "chat_completions" {
            return Err(Stop::not_modelled("a turn of another API"));
        }
        let mut pool = runtime.pool;
        let mut agent = Agent {
            provider: runtime.provider,
            base_url: runtime.base_url,
            api_mode,
            api_key: runtime.api_key,
            retried_429: false,
            refreshes: Vec::new(),
            model: "m".to_owned(),
        };
        let replies = question.get("replies").and_then(Json::as_array).cloned().unwrap_or_default();
        let has_fallback = question.get("fallback").is_some();
        let (mut keys, mut attempt) = (Vec::new(), 0);
        loop {
            let Some(reply) = replies.get(keys.len()).or(replies.last()) else { return Ok(Json::Null) };
            keys.push(agent.api_key.expose().to_owned());
            let status = decode(reply.get("status"));
            let body = decode(reply.get("error"));
            let said = reply.get("error").and_then(|error| error.get("message"));
            let message = said.and_then(Json::as_str).unwrap_or("");
            let class = classify_api_error(
                self.process.facts,
                &ApiError {
                    class: String::new(),
                    status: status.clone(),
                    message: message.to_owned(),
                    body: body.clone(),
                    provider: agent.provider.clone(),
                    model: agent.model.clone(),
                },
            )?;
            if let Some(pool) = &mut pool {
                let recovery = self.process.recover_with_credential_pool(
                    &mut agent,
                    pool,
                    &status,
                    Some(class.reason),
                    &context_of(&body),
                )?;
                agent.retried_429 = recovery.retried;
                if recovery.recovered {
                    continue;
                }
            }
            attempt += 1;
            let pool_may_recover =
                pool.as_ref().is_some_and(|pool| turn::pool_may_recover(pool, &mut self.process));
            let standing = Standing { attempt, most: 3, has_fallback, pool_may_recover };
            let judged = Judged { class, pool: PoolStep::Leaves, names_reset: false };
            let end = match judged.after(self.process.facts, standing) {
                After::Waits => continue,
                After::FallsBack => "falls back",
                After::Stops => "stops",
                After::Compresses => return Err(Stop::not_modelled("a conversation that is made shorter")),
            };
            return Ok(json!({"keys": keys, "end": end}));
        }
    }
}

/// `extract_api_error_context`, as far as codes and messages go.
fn context_of(body: &Value) -> Value {
    let mut context = Dict::new();
    let text = |names: [&str; 2]| {
        let body = body.as_dict()?;
        names.into_iter().find_map(|name| Some(body.get(name)?.value.as_str()?.to_owned()))
    };
    for (name, text) in
        [("reason", text(["code", "type"])), ("message", text(["message", "error_description"]))]
    {
        if let Some(text) = text {
            context.set(name, Value::str(text));
        }
    }
    Value::dict(context)
}

fn by_name(question: &Json, look_up: impl Fn(&str) -> Option<String>) -> Json {
    let names = question.get("keys").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    names.map(|name| (name.to_owned(), json!(look_up(name)))).collect::<Map<_, _>>().into()
}

/// What ruamel.yaml reads. The words of its errors, and what its own parser makes of what libyaml refuses, are not known.
fn ruamel_answer(text: &str) -> Outcome<Json> {
    let loaded = yaml::load_ruamel(text, SourceKind::Config);
    match loaded.root {
        Ok(root) if !loaded.is_unknown => Ok(json!({"value": encode(&root.value)})),
        Err(YamlError::Limit(Limit::Values)) => Ok(large()),
        _ => Err(Stop::not_modelled("yaml: what ruamel.yaml does with this text")),
    }
}

fn yaml_answer(text: &str) -> Outcome<Json> {
    match yaml::load_str(text, SourceKind::Config).root {
        Ok(root) => Ok(json!({"value": encode(&root.value)})),
        Err(YamlError::Syntax(error)) => {
            Ok(json!({"problem": error.problem, "line": error.mark.line, "column": error.mark.column}))
        }
        Err(error @ YamlError::Reader(_)) => {
            Ok(json!({"problem": error.text("<unicode string>"), "line": null, "column": null}))
        }
        Err(YamlError::Raised { kind, message }) => Err(Stop::raised(kind, message)),
        Err(YamlError::Limit(Limit::Values)) => Ok(large()),
        Err(YamlError::Limit(limit)) => Err(Stop::not_modelled(format!("yaml: {limit:?}"))),
    }
}

/// What stands for an answer of too many values. No question has it as its own answer.
fn large() -> Json {
    json!({"large": true})
}

/// Above this number of values an answer is `{"large": true}`.
const LARGEST_ANSWER: usize = 200_000;

/// The number of values in an answer, counted until it exceeds `limit`.
fn count(value: &Json, limit: usize) -> usize {
    let mut open = vec![value];
    let mut counted = 0;
    while let Some(value) = open.pop() {
        counted += 1;
        if counted > limit {
            break;
        }
        match value {
            Json::Array(items) => open.extend(items),
            Json::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    counted
}

/// A Python value as the protocol writes it.
pub fn encode(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(Int::Small(value)) if value.unsigned_abs() < 1 << 53 => json!(value),
        Value::Int(value) => json!({"!int": value.to_string()}),
        Value::Float(value) if value.is_nan() => json!({"!float": "nan"}),
        Value::Float(value) if value.is_infinite() => {
            json!({"!float": if *value > 0.0 { "inf" } else { "-inf" }})
        }
        Value::Float(value) => json!(value),
        Value::Str(text) => json!(&**text),
        Value::Bytes(bytes) => json!({"!binary": base64(bytes)}),
        Value::Timestamp(stamp) => json!({"!timestamp": &*stamp.iso}),
        Value::List(items) | Value::Tuple(items) => items.iter().map(|item| encode(&item.value)).collect(),
        Value::Set(items) => {
            let mut items: Vec<Json> = items.iter().map(|item| encode(&item.value)).collect();
            items.sort_by_key(Json::to_string);
            json!({"!set": items})
        }
        Value::Dict(dict) => encode_dict(dict),
        Value::Recursive => json!({"!recursive": true}),
    }
}

fn encode_dict(dict: &Dict) -> Json {
    let named: Option<Map<String, Json>> = (dict.iter())
        .map(|entry| Some((entry.key.value.as_str()?.to_owned(), encode(&entry.value.value))))
        .collect();
    match named {
        Some(fields) => Json::Object(fields),
        None => {
            let pairs: Vec<Json> = (dict.iter())
                .map(|entry| json!([encode(&entry.key.value), encode(&entry.value.value)]))
                .collect();
            json!({"!map": pairs})
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number =
            (0..3).fold(0_usize, |number, at| number << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        for digit in 0..4 {
            let index = number >> (18 - 6 * digit) & 63;
            let shown = DIGITS.get(index).filter(|_| digit <= chunk.len());
            text.push(shown.map_or('=', |&byte| char::from(byte)));
        }
    }
    text
}

/// A question's field as the Python value that the driver passes on.
fn decode(value: Option<&Json>) -> Value {
    match value {
        None | Some(Json::Null) => Value::None,
        Some(Json::Bool(value)) => Value::Bool(*value),
        Some(Json::Number(number)) => match number.as_i64() {
            Some(value) => Value::int(value),
            None if number.is_u64() => int_of_text(&number.to_string()).map_or(Value::None, Value::Int),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Some(Json::String(text)) => Value::str(text.as_str()),
        Some(Json::Array(items)) => {
            Value::list(items.iter().map(|item| Node::made(decode(Some(item)))).collect())
        }
        Some(Json::Object(fields)) => {
            let mut dict = Dict::new();
            for (name, value) in fields {
                dict.set(name, decode(Some(value)));
            }
            Value::dict(dict)
        }
    }
}
