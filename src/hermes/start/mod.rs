//! What reaches the agent when the program is started one way or another, and what happens there when the
//! configured provider has no usable credential.
//!
//! Each way in has code of its own for it. They read config.yaml each in its own manner and go through the fallback
//! chain each in its own manner, or not at all.

mod agent;
mod chain;
mod job;
mod terminal;

use std::fmt;

use self::chain::{Asked, EntryKey, EntryParts, first_key_entries};
pub use self::job::{Job, Refusal};
use super::config::value_at;
use super::dotenv::set_variable;
use super::fallback::FallbackEntries;
use super::runtime::{Request, Runtime};
use super::{End, Outcome, Process, Raised, Stop, caught};
use crate::base::sources::SourceKind;
use crate::base::text::Search;
use crate::facts::Standing;
use crate::python::{Dict, Node, Value, lower, strip, to_str};
use crate::readers::environ::EnvValue;
use crate::secret::Secret;
use crate::yaml::{self, SafeLoad};

/// References to variables that a start sets from config.yaml before it expands references there: `load_cli_config` of
/// `cli.py` and the head of `gateway/run.py`.
const SET_AT_START: [&str; 6] = [
    "${TERMINAL_",
    "${AUXILIARY_",
    "${HERMES_MAX_ITERATIONS",
    "${HERMES_TIMEZONE",
    "${HERMES_REDACT_SECRETS",
    "${_HERMES_",
];

/// A way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `hermes`, a talk in the terminal: `_ensure_runtime_credentials` of `hermes_cli/cli_agent_setup_mixin.py`.
    Interactive,
    /// `hermes gateway`, a message that comes in: `_resolve_runtime_agent_kwargs` of `gateway/run.py`.
    Gateway,
    /// A scheduled job, which the gateway runs: `run_job` of `cron/scheduler.py`.
    Cron,
    /// `hermes -z`, one prompt: `_run_agent` of `hermes_cli/oneshot.py`.
    OneShot,
}

impl Entry {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Interactive, Self::Gateway, Self::Cron, Self::OneShot];
}

/// What the agent is given.
#[derive(Clone, Debug)]
pub struct Start {
    /// Its provider, API, endpoint, key and pool.
    pub runtime: Runtime,
    /// The entry of the fallback chain that it is from; `None` where the configured provider has a credential.
    pub fallback: Option<Node>,
    /// What the agent comes to by itself, where it is given no key or no endpoint.
    pub agent: Option<Result<OwnCredentials, Raised>>,
}

/// What an agent finds that is given no key or no endpoint.
#[derive(Clone)]
pub struct OwnCredentials {
    /// The provider as it is called where it was found.
    pub provider: String,
    /// The endpoint.
    pub base_url: String,
    /// The key.
    pub api_key: Secret,
}

impl fmt::Debug for OwnCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "credentials of {}", self.provider)
    }
}

impl Process<'_> {
    /// What reaches `AIAgent(…)` where the program is started by way of `entry`.
    ///
    /// The names of models are not part of it: they go through catalogues that are not modelled.
    ///
    /// # Errors
    /// What the way in raises, or what it exits with.
    pub fn start_of(&mut self, entry: Entry) -> Outcome<Start> {
        self.in_a_process_of_its_own(|process| {
            process.check_start(entry)?;
            process.start_by(entry)
        })
    }

    /// What reaches `AIAgent(…)` where the gateway runs each of these records of `cron/jobs.json`, or why the job does not run. One
    /// fails as [`Self::start_of`] does.
    pub fn starts_of_jobs(&mut self, records: &[Node]) -> Vec<Outcome<Result<Start, Refusal>>> {
        self.in_a_process_of_its_own(|process| {
            let config = process.check_start(Entry::Cron).and_then(|()| process.start_cron());
            let start = |record| process.run_job(config.as_ref().map_err(Stop::clone)?, &Job::of(record)?);
            records.iter().map(start).collect()
        })
    }

    fn in_a_process_of_its_own<T>(&mut self, start: impl FnOnce(&mut Self) -> T) -> T {
        let environ = self.environ.clone();
        let started = start(self);
        self.environ = environ;
        self.secret_scope = None;
        started
    }

    fn check_start(&self, entry: Entry) -> Outcome<()> {
        if self.facts.standing() == Standing::Read {
            // The chain serves any provider there (PR #100135, issue #17929). How each way in reads config.yaml, and what an
            // agent without a key finds by itself, was not read.
            return Err(Stop::not_modelled(format!("a start of {}", self.facts.release)));
        }
        let config = self.world.given.config.text().map_or("", String::as_str);
        if entry != Entry::OneShot && SET_AT_START.iter().any(|reference| config.holds(reference)) {
            return Err(Stop::not_modelled("a reference to a variable that a start sets"));
        }
        Ok(())
    }

    fn start_by(&mut self, entry: Entry) -> Outcome<Start> {
        match entry {
            Entry::Interactive => {
                self.load_hermes_dotenv()?;
                self.start_interactive()
            }
            Entry::Gateway => {
                self.start_gateway_process()?;
                self.load_hermes_dotenv()?;
                if let Some(root) = self.safely_loaded_config()? {
                    mapping(&root.value)?;
                }
                self.start_gateway()
            }
            Entry::Cron => {
                let job = Job { id: "job", name: "job", ..Job::default() };
                let config = self.start_cron()?;
                self.run_job(&config, &job)?
                    .map_err(|refusal| Stop::exit(format!("RuntimeError: {}", refusal.message(job.id))))
            }
            Entry::OneShot => self.start_oneshot(),
        }
    }

    /// The start of the gateway and of a job in it, up to the settings that `run_job` of `cron/scheduler.py` reads.
    fn start_cron(&mut self) -> Outcome<(Node, Value)> {
        self.start_gateway_process()?;
        if self.facts.behaviour.jobs_read_dotenv_like_others {
            self.load_hermes_dotenv()?;
            self.secret_scope = Some(self.profile_secret_scope());
        } else {
            self.reload_dotenv()?;
        }
        self.job_config()
    }

    /// The start of the gateway: scalars at the root of config.yaml become variables, unless these are set.
    fn start_gateway_process(&mut self) -> Outcome<()> {
        self.load_hermes_dotenv()?;
        self.bridge_config()
    }

    fn bridge_config(&mut self) -> Outcome<()> {
        let Some(root) = self.safely_loaded_config()? else { return Ok(()) };
        let Some(expanded) = caught(self.expand_env_vars(&root))? else { return Ok(()) };
        let Value::Dict(config) = &expanded.value else { return Ok(()) };
        for entry in config.iter() {
            let value = &entry.value.value;
            if !matches!(value, Value::Str(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_)) {
                continue;
            }
            // What the environment cannot hold raises, and nothing behind it is looked at.
            let Some(name) = entry.key.value.as_str().filter(|name| !name.is_empty()) else { return Ok(()) };
            if self.environ.contains_key(name) {
                continue;
            }
            let text = to_str(value).ok_or_else(|| Stop::not_modelled("the text of a long number"))?;
            let place = entry.value.place;
            let variable = EnvValue { value: text, place, entry_place: place };
            if caught(set_variable(&mut self.environ, name, variable))?.is_none() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// `yaml.safe_load(config.yaml) or {}`, by Python's own scanner; `None` where it raises or there is no file.
    fn safely_loaded_config(&self) -> Outcome<Option<Node>> {
        let Some(text) = self.world.given.config.text() else { return Ok(None) };
        let loaded = yaml::load(text, SourceKind::Config);
        match yaml::safe_load(text, &loaded) {
            SafeLoad::Same => Ok(loaded.root.ok().map(|root| match root.value.is_true() {
                true => root,
                false => Value::dict(Dict::new()).into(),
            })),
            SafeLoad::Refused(_) => Ok(None),
            SafeLoad::Unknown => {
                Err(Stop::not_modelled("a config.yaml that Python's own scanner may refuse"))
            }
        }
    }

    // --- The ways in -------------------------------------------------------------------------------------

    fn start_oneshot(&mut self) -> Outcome<Start> {
        if !strip(self.os_getenv("HERMES_INFERENCE_MODEL")).is_empty() {
            return Err(Stop::not_modelled("the provider that goes with HERMES_INFERENCE_MODEL"));
        }
        let config = self.load_config()?;
        let none = Value::None;
        let model = match config.get("model").map_or(&none, |node| &node.value) {
            Value::Dict(model) => {
                let names = ["default", "model"].into_iter().filter_map(|name| model.get(name));
                names.map(|node| &node.value).find(|value| value.is_true()).unwrap_or(&none).clone()
            }
            value if value.as_str().is_some() || !value.is_true() => value.clone(),
            other => return Err(Stop::no_attribute(other.type_name(), "get")),
        };
        let request = Request { target_model: model.as_str(), ..Request::default() };
        let runtime = self.resolve_runtime(&request)?;
        if model.is_true() && model.as_str().is_none() {
            return Err(Stop::not_modelled("a model's name that is no text"));
        }
        let start = Start { runtime, fallback: None, agent: None };
        self.with_own_credentials(start, |process| match process.facts.behaviour.merges_fallbacks {
            true => process.fallback_chain(),
            false => Ok(Vec::new()),
        })
    }

    /// The chain is read from the file as it is written: `${VAR}` stays.
    fn start_gateway(&mut self) -> Outcome<Start> {
        let behaviour = self.facts.behaviour;
        let credentials = match behaviour.merges_fallbacks {
            _ if behaviour.fallback_entries_name_keys => EntryKey::Resolved,
            true => EntryKey::WrittenOrNamed,
            false => EntryKey::Written,
        };
        let provider = (!behaviour.gateway_ignores_inference_provider)
            .then(|| self.os_getenv("HERMES_INFERENCE_PROVIDER").to_owned());
        let asked = Asked {
            provider: provider.as_deref(),
            base_url: None,
            model: None,
            entry: EntryParts { credentials, model: false, read_first: false },
        };
        let chain = |process: &mut Self| match process.safely_loaded_config()? {
            Some(config) if behaviour.merges_fallbacks => Ok(FallbackEntries::of(&config)?.kept),
            Some(config) => Ok(first_key_entries(&config, true)),
            None => Ok(Vec::new()),
        };
        let start = self.resolve_or_fall_back(&asked, chain, |text| Stop::raised("RuntimeError", text))?;
        self.with_own_credentials(start, chain)
    }

    /// config.yaml as `run_job` of `cron/scheduler.py` reads it, and the model that it or `HERMES_MODEL` names.
    fn job_config(&mut self) -> Outcome<(Node, Value)> {
        let mut config = self.safely_loaded_config()?.unwrap_or_else(|| Value::dict(Dict::new()).into());
        let mut model = Value::str(self.os_getenv("HERMES_MODEL"));
        if let Some(expanded) = caught(self.expand_env_vars(&config))? {
            config = expanded;
            let written = config.get("model").map(|node| &node.value).filter(|value| value.is_true());
            match written {
                Some(Value::Dict(written)) => {
                    let names = ["default", "model"].into_iter().filter_map(|name| written.get(name));
                    let named = names.map(|node| &node.value).find(|value| value.is_true());
                    model = named.cloned().unwrap_or(model);
                }
                Some(name @ Value::Str(_)) => model = name.clone(),
                _ => {}
            }
        }
        Ok((config, model))
    }

    /// `run_job(job)`: an exception ends the job with its kind and its text.
    fn run_job(&mut self, config: &(Node, Value), job: &Job<'_>) -> Outcome<Result<Start, Refusal>> {
        self.job_started(config, job).map_err(|stop| match stop.exception() {
            Some(raised) => Stop::exit(format!("{}: {}", raised.kind, raised.message)),
            None => stop,
        })
    }

    /// `run_job(job)` of `cron/scheduler.py`, from where it has read config.yaml up to where it makes an agent.
    fn job_started(
        &mut self,
        (config, model): &(Node, Value),
        job: &Job<'_>,
    ) -> Outcome<Result<Start, Refusal>> {
        let behaviour = self.facts.behaviour;
        let model = if job.model.is_empty() { model.as_str() } else { Some(job.model) };
        let model = model.filter(|name| !strip(name).is_empty());
        if behaviour.jobs_need_a_model && model.is_none() {
            return Ok(Err(Refusal::NoModel { name: job.name.to_owned() }));
        }
        mapping(&config.value)?;
        config.get("agent").map_or(Ok(()), |agent| mapping(&agent.value))?;
        let prefill =
            ["prefill_messages_file", "agent.prefill_messages_file"].map(|path| value_at(config, path));
        if prefill.into_iter().flatten().any(|node| node.value.is_true() && node.value.as_str().is_none()) {
            return Err(Stop::not_modelled("a prefill_messages_file that is no text"));
        }
        if let Some(refusal) = self.refused_endpoint(job)? {
            return Ok(Err(refusal));
        }
        let names_keys = behaviour.fallback_entries_name_keys;
        let credentials = if names_keys { EntryKey::Resolved } else { EntryKey::Written };
        let asked = Asked {
            provider: Some(job.provider),
            base_url: Some(job.base_url).filter(|url| !url.is_empty()),
            model: model.filter(|_| names_keys),
            entry: EntryParts { credentials, model: names_keys, read_first: false },
        };
        let chain = |_: &mut Self| match behaviour.jobs_merge_fallbacks {
            true => Ok(FallbackEntries::of(config)?.kept),
            false => Ok(first_key_entries(config, true)),
        };
        let mut start =
            self.resolve_or_fall_back(&asked, chain, |text| Stop::raised("RuntimeError", text))?;
        if let Some(refusal) = self.drift_of(job, &start, model.unwrap_or(""))? {
            return Ok(Err(refusal));
        }
        let pool = caught(self.load_pool(&lower(strip(&start.runtime.provider))))?;
        start.runtime.pool = pool.filter(|pool| !pool.entries.is_empty());
        routing(config, !behaviour.jobs_need_a_model)?;
        self.with_own_credentials(start, chain).map(Ok)
    }
}

/// `value.get(…)`, which only a mapping has.
fn mapping(value: &Value) -> Outcome<()> {
    match value {
        Value::Dict(_) => Ok(()),
        other => Err(Stop::no_attribute(other.type_name(), "get")),
    }
}

/// `(config.get(name) or {}).get(…)` of what goes to OpenRouter; `strict` takes even an empty `provider_routing` for a
/// mapping.
fn routing(config: &Node, strict: bool) -> Outcome<()> {
    for name in ["provider_routing", "openrouter"] {
        let section = config.get(name).map(|node| &node.value);
        let section = section.filter(|value| value.is_true() || strict && name == "provider_routing");
        section.map_or(Ok(()), mapping)?;
    }
    Ok(())
}

/// What a way in makes of the text of an exception: another stop. Where only the kind of the exception is certain,
/// its text is not.
fn said(stop: &Stop, make: impl FnOnce(String) -> Stop) -> Stop {
    match stop.end() {
        End::Raised(raised) => {
            if raised.is_vague() {
                return Stop::not_modelled(format!("the words of {}", raised.kind));
            }
            let advice = if wants_login(raised) { " Run `hermes model` to re-authenticate." } else { "" };
            make(format!("{}{advice}", raised.message))
        }
        End::Exit(_) | End::NotModelled(_) => stop.clone(),
    }
}

/// `AuthError.relogin_required`.
fn wants_login(raised: &Raised) -> bool {
    let code = raised.code.unwrap_or("");
    code.starts_with("codex_auth_")
        || code.starts_with("xai_auth_")
        || matches!(code, "not_logged_in" | "no_refresh_token" | "no_access_token")
        || raised.kind == "AuthError"
            && (raised.message.holds("Nous Portal")
                || raised.message.starts_with("Session expired and no refresh"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hermes::testing::{process, read_process, world};

    const CHAIN: &str = "model: {provider: gemini, default: g}\nfallback_model: {provider: deepseek, model: d, api_key: '${MY_KEY}'}\n";

    /// Expected: the recorded case of the same kind, `start-a-reference-stays-in-the-gateway`.
    #[test]
    fn each_way_in_reads_the_chain_in_its_own_manner() {
        let world = world(CHAIN, &[("MY_KEY", "sk-fake-named")]);
        let keys = Entry::ALL.map(|entry| {
            let start = process(&world).start_of(entry).ok()?;
            assert_eq!(start.fallback.unwrap().get("provider").unwrap().value.as_str(), Some("deepseek"));
            Some(start.runtime.api_key.expose().to_owned())
        });
        let (named, written) = (Some("sk-fake-named".to_owned()), Some("${MY_KEY}".to_owned()));
        assert_eq!(keys, [named.clone(), written, named, None]);
    }

    #[test]
    fn a_start_leaves_no_environment_and_no_scope_behind() {
        let world = world("GOOGLE_API_KEY: AIza-fake-root\nmodel: {provider: gemini, default: g}\n", &[]);
        let mut process = process(&world);
        for entry in [Entry::Gateway, Entry::Cron] {
            assert_eq!(process.start_of(entry).unwrap().runtime.api_key.expose(), "AIza-fake-root");
            assert!(process.get_secret("GOOGLE_API_KEY").is_none() && process.secret_scope.is_none());
        }
    }

    /// 0.19.0 makes `local` of the first reference in a talk, where the settings of `terminal` are variables by then.
    #[test]
    fn references_to_what_a_start_sets_are_not_told() {
        for name in ["TERMINAL_ENV", "AUXILIARY_VISION_MODEL", "HERMES_TIMEZONE", "_HERMES_GATEWAY"] {
            let world =
                world(&format!("model: {{provider: custom, base_url: 'http://${{{name}}}/v1'}}\n"), &[]);
            for entry in [Entry::Interactive, Entry::Gateway, Entry::Cron] {
                let stop = process(&world).start_of(entry).unwrap_err();
                assert_eq!(stop.unmodelled(), Some("a reference to a variable that a start sets"), "{name}");
            }
        }
    }

    #[test]
    fn only_certain_words_are_repeated() {
        let vague = said(&Stop::raised("ValueError", "a URL"), Stop::exit);
        assert_eq!(vague.unmodelled(), Some("the words of ValueError"));
        let disabled = Stop::raised("ValueError", "provider 'x' is disabled");
        assert_eq!(said(&disabled, Stop::exit), Stop::exit("provider 'x' is disabled"));
    }

    // The ways in of 0.21.4 were not read: `resolve_runtime_with_fallback` alone is known of them.
    #[test]
    fn a_start_of_a_release_that_was_read_is_not_told() {
        let world = world(CHAIN, &[("MY_KEY", "sk-fake-named")]);
        for entry in Entry::ALL {
            let stop = read_process(&world).start_of(entry).unwrap_err();
            assert_eq!(stop.unmodelled(), Some("a start of 0.21.4"));
        }
    }
}
