//! The verdict: which credential Hermes uses, which others were considered, and why they lost.
//!
//! The steps are those of the trace. What is added are credentials that lie where people expect Hermes to read
//! them and that it did not even look at.

use std::fmt;

use super::pool::{Pool, PooledCredential};
use super::providers::is_usable;
use super::runtime::{NO_KEY, Runtime};
use super::{Candidate, Origin, Outcome, Process, Reason, Stop, TraceStep, caught};
use crate::base::collections::{TextMap, TextSet, joined};
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Search};
use crate::hermes::urls::is_private;
use crate::python::{Node, Value, lower, strip};
use crate::readers::debug_report::{KeyRow, KeyState};
use crate::readers::log::{Kind, Log};
use crate::readers::part::Printed;

/// What a resolution came to, built from its trace.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What was asked for: `auto`, a provider, an alias.
    pub requested: String,
    /// What `resolve_runtime_provider` returned, or why it did not.
    pub outcome: Outcome<Runtime>,
    /// The canonical provider, as far as the resolution got.
    pub provider: Option<String>,
    /// The model of the config.
    pub model: Option<String>,
    /// The credential that is used; its key is the one that requests are sent with.
    pub winner: Option<Candidate>,
    /// The others and why each lost, in the order in which they were considered.
    pub losers: Vec<(Candidate, Reason)>,
    /// The provider's pool as it is listed, before anything was selected from it; also where it was not used.
    pub pool: Option<Pool>,
    /// Why Hermes did not ask the provider's pool, where it passed it over.
    pub pool_passed_over: Option<Reason>,
    /// Whether Hermes stops for want of the provider's endpoint.
    pub lacks_endpoint: bool,
    /// The fallback chain.
    pub fallback: Vec<Node>,
    /// Where Hermes' own output names the provider that was asked for, config.yaml not being pasted.
    pub named_at: Option<Place>,
    noted: Noted,
}

/// The winner and the losers so far, by their places and by their names and keys. Nothing of it is printed.
#[derive(Clone, Default)]
struct Noted(TextSet);

impl fmt::Debug for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Noted")
    }
}

impl Noted {
    /// Adds a credential. Whether it is none of those before: they are one where they are written at one place, or are one
    /// variable or value with one key.
    fn add(&mut self, candidate: &Candidate) -> bool {
        let place = candidate.place.map(|place| format!("{place:?}"));
        let name = name_of(candidate).map(|name| joined(&[name, strip(candidate.key.expose())]));
        let has = |text: &Option<String>| text.as_ref().is_some_and(|text| self.0.contains(text));
        let is_new = !has(&place) && !has(&name);
        self.0.extend(place.into_iter().chain(name).filter(|_| is_new));
        is_new
    }
}

impl Verdict {
    /// That of a provider that nothing names.
    fn open(requested: String) -> Self {
        Self {
            requested,
            provider: None,
            model: None,
            winner: None,
            losers: Vec::new(),
            pool_passed_over: None,
            lacks_endpoint: false,
            pool: None,
            fallback: Vec::new(),
            named_at: None,
            outcome: Err(Stop::not_modelled("which of the listed pools is that of the provider")),
            noted: Noted::default(),
        }
    }
}

impl Process<'_> {
    /// Resolves `requested` and says why.
    ///
    /// # Errors
    /// [`Stop::not_modelled`](super::Stop::not_modelled) where not even the request can be read; a failed resolution is a verdict.
    pub fn verdict(&mut self, requested: Option<&str>) -> Outcome<Verdict> {
        let _ = self.trace.take();
        let named = if requested.is_none() { self.provider_in_output() } else { None };
        let requested = requested.or(named.as_ref().map(|named| named.text.as_str()));
        let resolved = self.resolve_runtime_provider(requested);
        let provider = self.trace.provider.clone().unwrap_or_default();
        let outcome = resolved.and_then(|runtime| self.check_seen(&provider).map(|()| runtime));
        let asked = self.trace.requested.clone();
        if let (Err(stop), None) = (&outcome, &asked)
            && stop.unmodelled().is_some()
        {
            return Err(stop.clone());
        }
        let requested = asked.or_else(|| requested.map(str::to_owned)).unwrap_or_else(|| "auto".to_owned());
        if requested == "auto" && self.lists_several_pools() {
            return Ok(Verdict::open(requested));
        }
        let mut verdict = Verdict {
            requested,
            provider: self.trace.provider.clone(),
            model: self.configured_model(&outcome),
            winner: None,
            losers: Vec::new(),
            pool_passed_over: self.trace.pool_passed_over.clone(),
            lacks_endpoint: self.trace.lacks_endpoint,
            pool: self.pool_of_verdict(&outcome),
            fallback: caught(self.fallback_chain()).ok().flatten().unwrap_or_default(),
            named_at: named.map(|named| named.place),
            outcome,
            noted: Noted::default(),
        };
        verdict.read(self.trace.take());
        if let Some(provider) = verdict.provider.clone() {
            self.note_shadowed_variables(&provider, &mut verdict);
            self.note_pool(&mut verdict);
            self.note_variables(&provider, &mut verdict);
            self.note_config_keys(&provider, &mut verdict);
        }
        Ok(verdict)
    }

    /// The provider that Hermes' own output names, where config.yaml was not pasted: a debug report, the last failed request of a
    /// log, a listing of a single pool.
    fn provider_in_output(&self) -> Option<Printed> {
        if self.world.given.config.is_given() {
            return None;
        }
        // What `custom` is, only config.yaml says.
        let is_known = |named: &Printed| {
            self.facts.canonical_provider(&lower(strip(&named.text))).is_some_and(|id| id != "custom")
        };
        self.named_in_output().filter(is_known)
    }

    /// Whether config.yaml was not pasted and a listing shows pools of several providers: which of them is asked, config.yaml says, and
    /// what Hermes would find without one is no answer.
    pub fn lists_several_pools(&self) -> bool {
        let mut providers = self.listing.pools.iter().map(|pool| &pool.provider.text);
        let first = providers.next();
        !self.world.given.config.is_given() && providers.any(|other| Some(other) != first)
    }

    /// The provider that Hermes' own output names, be it one of its own or not.
    pub fn named_in_output(&self) -> Option<Printed> {
        self.named_in_output.get_or_init(|| self.name_in_output()).clone()
    }

    fn name_in_output(&self) -> Option<Printed> {
        let of_report = || self.debug_report().named(self.facts);
        let of_log = || {
            let log = Log::of(self.world.text_of(SourceKind::Log));
            // What took over is not what was asked for.
            let (mut named, mut stands_in) = (None, "");
            for event in log.events.iter().filter(|event| !event.kind.is_of_side()) {
                let Some(provider) = event.field("provider") else { continue };
                if matches!(event.kind, Kind::FellBack | Kind::FallbackFound) {
                    stands_in = provider.text.as_str();
                } else if provider.text != stands_in {
                    named = Some(provider.clone());
                }
            }
            named
        };
        let of_listing = || match self.listing.pools.as_slice() {
            [only] => Some(only.provider.clone()),
            _ => None,
        };
        of_report().or_else(of_log).or_else(of_listing)
    }

    /// The texts that may hold the endpoint which `verdict` lacks and were not pasted; none where config.yaml and `.env` were.
    pub fn endpoint_not_pasted(&self, verdict: &Verdict) -> Vec<SourceKind> {
        if !verdict.lacks_endpoint {
            return Vec::new();
        }
        let config = (!self.world.given.config.is_given()).then_some(SourceKind::Config);
        let variables = self.keys_not_pasted(true).into_iter().filter(|kind| *kind != SourceKind::AuthStore);
        config.into_iter().chain(variables).collect()
    }

    /// The texts that may hold the credential which `verdict` lacks and were not pasted; none where `.env` and auth.json were, or
    /// where the endpoint is one of a network of one's own, which asks for none as a rule.
    pub fn credentials_not_pasted(&self, verdict: &Verdict) -> Vec<SourceKind> {
        let is_private = verdict.outcome.as_ref().is_ok_and(|runtime| is_private(&runtime.base_url));
        if is_private || !verdict.lacks_credential() {
            return Vec::new();
        }
        let open = self.sources_of_keys_not_pasted(verdict.provider.as_deref().unwrap_or_default());
        let sees_it = open.is_empty() && !self.knows_environ() && self.key_in_report(verdict).is_some();
        if sees_it { vec![SourceKind::Environ] } else { open }
    }

    /// Whether config.yaml takes the provider's name from a variable that what was not pasted may set.
    pub fn provider_variable_not_pasted(&self, verdict: &Verdict) -> bool {
        let is_all_given = self.world.given.dotenv.is_given() && self.world.given.environ.is_given();
        verdict.requested.holds("${") && !is_all_given
    }

    /// The texts that may hold a key of `provider` and were not pasted: where its pool is listed, auth.json is none of them.
    pub fn sources_of_keys_not_pasted(&self, provider: &str) -> Vec<SourceKind> {
        self.keys_not_pasted(self.listing.pools.iter().any(|pool| pool.provider.text == provider))
    }

    /// The row of a debug report by which there is a key for the provider, where nothing that was pasted has one.
    pub fn key_in_report(&self, verdict: &Verdict) -> Option<KeyRow> {
        let provider = verdict.provider.as_deref().filter(|_| verdict.lacks_credential())?;
        let variables = self.facts.key_variables_of(provider);
        let is_set = |name: &str| self.environ.get(name).is_some_and(|own| !own.value.trim().is_empty());
        let is_of = |row: &KeyRow| {
            matches!(row.state, KeyState::Set | KeyState::ShellOnly)
                && row.variables.iter().any(|own| variables.contains(own))
                && !row.variables.iter().any(|own| is_set(own))
        };
        self.debug_report().keys.iter().find(|row| is_of(row)).cloned()
    }

    /// The texts that may hold a key and were not pasted; none where `.env` and auth.json were. Where the pool `is_listed`, the
    /// listing stands in for auth.json.
    pub fn keys_not_pasted(&self, is_listed: bool) -> Vec<SourceKind> {
        let is_open = |kind: &SourceKind| {
            let stands_in = *kind == SourceKind::AuthStore && is_listed;
            let is_piece = *kind == SourceKind::Environ && !self.knows_environ();
            !stands_in && (is_piece || !self.world.given[*kind].is_given())
        };
        let is_piece = self.world.given.environ.is_given() && !self.knows_environ();
        if is_piece || [SourceKind::Dotenv, SourceKind::AuthStore].iter().any(is_open) {
            [SourceKind::Dotenv, SourceKind::AuthStore, SourceKind::Environ]
                .into_iter()
                .filter(is_open)
                .collect()
        } else {
            Vec::new()
        }
    }

    fn configured_model(&mut self, outcome: &Outcome<Runtime>) -> Option<String> {
        let own = outcome.as_ref().ok().and_then(|runtime| runtime.model.as_ref()).and_then(Value::as_str);
        let name = own.map(str::to_owned).or_else(|| self.model_name());
        let of_report = || {
            let is_open = !self.world.given.config.is_given();
            self.debug_report().model.as_ref().filter(|_| is_open).map(|model| model.text.clone())
        };
        name.filter(|name| !name.is_empty()).or_else(of_report)
    }

    /// The pool that the resolution took its key from or passed over, in the order and with the numbers that `hermes auth list`
    /// and `hermes auth remove` find: to select from it has moved entries, and taken dead ones out.
    fn pool_of_verdict(&mut self, outcome: &Outcome<Runtime>) -> Option<Pool> {
        let asked =
            outcome.as_ref().ok().and_then(|runtime| runtime.pool.as_ref()).map(|pool| &pool.provider);
        let provider = asked.or(self.trace.pool.as_ref()).or(self.trace.provider.as_ref())?.clone();
        let mut pool = self.loaded_pool(&provider)?;
        if self.auth_store.written.is_some() {
            let store = self.auth_store.clone();
            self.auth_store = store.as_given();
            let listed = self.loaded_pool(&provider);
            self.auth_store = store;
            pool.entries = in_order_of(&listed?.entries, pool.entries);
        }
        Some(pool).filter(|pool| !pool.entries.is_empty())
    }

    /// The pool `provider`, where it can be loaded; to look leaves no trace.
    fn loaded_pool(&mut self, provider: &str) -> Option<Pool> {
        let lines = self.log.len();
        let pool = self.unrecorded(|process| caught(process.load_pool(provider)));
        self.log.truncate(lines);
        pool.ok().flatten()
    }

    /// Values of the process environment that `.env` has replaced.
    fn note_shadowed_variables(&mut self, provider: &str, verdict: &mut Verdict) {
        let file = self.load_env().unwrap_or_default();
        for name in self.facts.key_variables_of(provider) {
            let (Some(before), Some(own)) = (self.environ_before.get(name), file.get(name)) else { continue };
            let is_replaced = !own.value.is_empty() && strip(&own.value) != strip(&before.value);
            if is_replaced && !strip(&before.value).is_empty() {
                verdict.note(Candidate::variable(name, before), Reason::DotEnvBeatsEnvironment);
            }
        }
    }

    /// The entries of a pool that was passed over.
    fn note_pool(&mut self, verdict: &mut Verdict) {
        let Some(reason) = verdict.pool_passed_over.clone() else { return };
        let Some(pool) = verdict.pool.clone() else { return };
        let sole = pool.is_sole();
        for entry in &pool.entries {
            let candidate = entry.candidate(self, sole);
            // What the pool has from a variable is not asked for there, but would be in the variable.
            let is_variable = name_of(&candidate).is_some();
            let reason =
                if is_variable && verdict.lacks_endpoint { Reason::NoEndpoint } else { reason.clone() };
            verdict.note(candidate, reason);
        }
    }

    /// Variables of the provider that were not looked at, and for `auto` those of other providers.
    fn note_variables(&mut self, provider: &str, verdict: &mut Verdict) {
        for name in self.facts.key_variables_of(provider) {
            let chosen = self.prefer_dotenv(name).ok().and_then(|found| found.chosen);
            let Some(variable) = chosen.filter(|variable| !strip(&variable.value).is_empty()) else {
                continue;
            };
            let source = format!("env:{name}");
            let is_suppressed = self.is_source_suppressed(provider, &source) == Ok(true);
            let reason = match verdict.winner.as_ref().map(|winner| &winner.origin) {
                _ if is_suppressed => Reason::Suppressed,
                Some(Origin::Pool { .. }) => Reason::PoolComesFirst,
                Some(Origin::Variable(winner)) => Reason::EarlierVariable(winner.clone()),
                Some(_) => Reason::EarlierCandidate,
                None if !is_usable(self.facts, &variable.value) => Reason::Placeholder,
                None => continue,
            };
            verdict.note(Candidate::variable(name, &variable), reason);
        }
        if verdict.requested != "auto" {
            return;
        }
        let facts = self.facts;
        for (id, row) in facts.providers.iter().filter(|(id, row)| *id == row.id && *id != provider) {
            for name in &row.api_key_env_vars {
                if let Some(other) = self.variable(name).filter(|found| is_usable(facts, found.key.expose()))
                {
                    verdict.note(other, Reason::OtherProvider(id.to_owned()));
                }
            }
        }
    }

    /// Keys in config.yaml that are not read for the provider: under `model`, and in a block that has a
    /// built-in provider's name.
    fn note_config_keys(&mut self, provider: &str, verdict: &mut Verdict) {
        let Ok(config) = self.load_config() else { return };
        let reason = Reason::NotReadForProvider(provider.to_owned());
        for name in ["api_key", "api"] {
            let model = config.get("model");
            if let Some(key) = model.and_then(|model| config_key("model", model, name)) {
                verdict.note(key, reason.clone());
            }
        }
        if provider == "custom" {
            return;
        }
        let mut blocks: Vec<(String, &Node)> = Vec::new();
        if let Some(Value::Dict(providers)) = config.get("providers").map(|node| &node.value) {
            for entry in providers.iter() {
                if let Some(name) = entry.key.value.as_str().filter(|name| self.is_name_of(name, provider)) {
                    blocks.push((format!("providers.{name}"), &entry.value));
                }
            }
        }
        if let Some(Value::List(list)) = config.get("custom_providers").map(|node| &node.value) {
            for (at, block) in list.iter().enumerate() {
                let name = block.get("name").and_then(|name| name.value.as_str());
                if name.is_some_and(|name| self.is_name_of(name, provider)) {
                    blocks.push((format!("custom_providers[{at}]"), block));
                }
            }
        }
        for (path, block) in blocks {
            for name in ["api_key", "key_env"] {
                let Some(mut key) = config_key(&path, block, name) else { continue };
                // What is named there is the key; a name without a value may be a key written in its place.
                if let Some(variable) = self.get_secret(strip(key.key.expose())).filter(|_| name == "key_env")
                {
                    key.key = crate::secret::Secret::new(variable.value.as_str());
                }
                verdict.note(key, reason.clone());
            }
        }
    }

    fn is_name_of(&self, name: &str, provider: &str) -> bool {
        lower(strip(name)) == provider || self.facts.canonical_provider(name).as_deref() == Some(provider)
    }
}

impl Verdict {
    /// The provider's pool as the agent has it.
    pub fn pool_in_use(&self) -> Option<&Pool> {
        let taken = self.outcome.as_ref().ok().and_then(|runtime| runtime.pool.as_ref());
        taken.or(self.pool.as_ref())
    }

    /// Whether the provider is known and no credential for it is: Hermes stops for want of one, or sends requests without one of
    /// the user's.
    pub fn lacks_credential(&self) -> bool {
        match &self.outcome {
            Ok(runtime) => {
                let key = runtime.api_key.expose();
                self.winner.is_none() && (key.is_empty() || key == NO_KEY)
            }
            Err(_) if self.lacks_endpoint => false,
            Err(stop) => stop.exception().is_some_and(|raised| {
                let other = ["invalid_provider", "no_provider_configured", "missing_base_url"];
                raised.kind == "AuthError" && raised.code.is_none_or(|code| !other.contains(&code))
            }),
        }
    }

    /// Takes the winner and the losers from the steps of a resolution.
    fn read(&mut self, steps: Vec<TraceStep>) {
        let mut losers = Vec::new();
        for step in steps {
            match step {
                TraceStep::Won(candidate) => self.winner = Some(candidate),
                TraceStep::Lost(candidate, reason) => losers.push((candidate, reason)),
            }
        }
        match (&self.outcome, &mut self.winner) {
            (Ok(runtime), Some(winner)) => winner.key = runtime.api_key.clone(),
            _ => self.winner = None,
        }
        if let Some(winner) = &self.winner {
            self.noted.add(winner);
        }
        for (candidate, reason) in losers {
            self.note(candidate, reason);
        }
    }

    /// Adds a loser, unless it is the winner or a loser already.
    fn note(&mut self, candidate: Candidate, reason: Reason) {
        if self.noted.add(&candidate) {
            self.losers.push((candidate, reason));
        }
    }
}

/// The entries `now` in the order of the same ones in `listed`, and in their places those of `listed` that are gone.
fn in_order_of(listed: &[PooledCredential], now: Vec<PooledCredential>) -> Vec<PooledCredential> {
    // One place may be that of two entries: a token for GitHub is found by two ways.
    let name = |entry: &PooledCredential| joined(&[&format!("{:?}", entry.place), entry.source()]);
    let mut entries = listed.to_vec();
    let mut at: TextMap<usize> = TextMap::new();
    for (number, entry) in listed.iter().enumerate() {
        at.insert(&name(entry), number);
    }
    for entry in now {
        if let Some(slot) = at.get(&name(&entry)).and_then(|at| entries.get_mut(*at)) {
            *slot = entry;
        }
    }
    entries
}

/// The text `name` of `block`, which stands at `path` of config.yaml, where it is not blank.
fn config_key(path: &str, block: &Node, name: &str) -> Option<Candidate> {
    let key = Candidate::config_text(&format!("{path}.{name}"), block.get(name)?)?;
    (!strip(key.key.expose()).is_empty()).then_some(key)
}

/// The variable or the path under which a credential is known, whichever part of Hermes reads it.
fn name_of(candidate: &Candidate) -> Option<&str> {
    match &candidate.origin {
        Origin::Variable(name) | Origin::Config(name) => Some(name),
        Origin::Pool { source, .. } => source.strip_prefix("env:"),
        Origin::Login(_) | Origin::File(_) | Origin::Argument => None,
    }
}

#[cfg(test)]
mod tests {
    //! Which credential wins is what `resolve_runtime_provider` of 0.19.0 returned for the same world; the
    //! reasons follow from the functions that the losers' comments name.

    use super::*;
    use crate::base::sources::Given;
    use crate::hermes::testing::world;
    use crate::hermes::{CredentialStatus, World};

    fn verdict(world: &World) -> Verdict {
        crate::hermes::testing::process(world).verdict(None).unwrap()
    }

    fn with_store(mut world: World, rows: &str) -> World {
        world.given.auth_store = Given::Text(format!(r#"{{"version": 1, "credential_pool": {rows}}}"#));
        world
    }

    /// The winner's name and key.
    type Winner = Option<(String, String)>;
    /// The losers' names and reasons.
    type Losers = Vec<(String, Reason)>;

    fn told(verdict: &Verdict) -> (Winner, Losers) {
        let name = |candidate: &Candidate| match &candidate.origin {
            Origin::Pool { source, .. } => format!("pool {source} {}", candidate.label),
            Origin::Variable(name) => format!("variable {name}"),
            Origin::Config(path) => path.clone(),
            other => format!("{other:?}"),
        };
        let winner = verdict.winner.as_ref().map(|won| (name(won), won.key.expose().to_owned()));
        let losers = verdict.losers.iter().map(|(lost, reason)| (name(lost), reason.clone())).collect();
        (winner, losers)
    }

    fn won(name: &str, key: &str) -> Winner {
        Some((name.to_owned(), key.to_owned()))
    }

    fn lost<const N: usize>(losers: [(&str, Reason); N]) -> Losers {
        losers.into_iter().map(|(name, reason)| (name.to_owned(), reason)).collect()
    }

    const XIAOMI: &str = "model: {provider: xiaomi, default: mimo, api_key: sk-fake-new}\n";

    #[test]
    fn a_row_of_the_pool_beats_the_key_of_the_config() {
        let rows = r#"{"xiaomi": [{"id": "a", "label": "old", "auth_type": "api_key", "priority": 0,
            "source": "manual", "access_token": "sk-fake-old"}]}"#;
        let verdict = verdict(&with_store(world(XIAOMI, &[]), rows));
        let expected = lost([("model.api_key", Reason::NotReadForProvider("xiaomi".to_owned()))]);
        assert_eq!(told(&verdict), (won("pool manual old", "sk-fake-old"), expected));
        assert_eq!(verdict.losers[0].0.place.unwrap().source, SourceKind::Config);
        assert_eq!((verdict.requested.as_str(), verdict.model.as_deref()), ("xiaomi", Some("mimo")));
    }

    #[test]
    fn the_variable_of_an_exhausted_row_wins_and_does_not_lose_beside() {
        let rows = r#"{"xiaomi": [{"id": "a", "label": "XIAOMI_API_KEY", "auth_type": "api_key", "priority": 0,
            "source": "env:XIAOMI_API_KEY", "last_status": "exhausted", "last_status_at": 1780000000.0,
            "last_error_code": 429}]}"#;
        let mut world = with_store(world(XIAOMI, &[("XIAOMI_API_KEY", "sk-fake-env")]), rows);
        world.now = 1_780_000_060.0;
        let verdict = verdict(&world);
        let expected = lost([("model.api_key", Reason::NotReadForProvider("xiaomi".to_owned()))]);
        assert_eq!(told(&verdict), (won("variable XIAOMI_API_KEY", "sk-fake-env"), expected));
        // The pool is told beside, its only entry in cooldown.
        let pool = verdict.pool.unwrap();
        let status = pool.entries[0].candidate(&crate::hermes::testing::process(&world), true).status;
        assert_eq!(status, CredentialStatus::Exhausted { until: Some(1_780_003_600.0) });
    }

    #[test]
    fn dotenv_beats_the_environment() {
        let mut world = world("model: {provider: gemini}\n", &[("GOOGLE_API_KEY", "AIza-fake-shell")]);
        world.given.dotenv =
            Given::Text("GEMINI_API_KEY=AIza-fake-two\nGOOGLE_API_KEY=AIza-fake-file\n".to_owned());
        let expected = lost([
            ("pool env:GEMINI_API_KEY GEMINI_API_KEY", Reason::LaterInPool),
            ("variable GOOGLE_API_KEY", Reason::DotEnvBeatsEnvironment),
        ]);
        let winner = won("pool env:GOOGLE_API_KEY GOOGLE_API_KEY", "AIza-fake-file");
        assert_eq!(told(&verdict(&world)), (winner, expected));
    }

    #[test]
    fn a_suppressed_variable_is_left_out_of_the_pool_and_used_behind_it() {
        let mut world = world("model: {provider: deepseek}\n", &[("DEEPSEEK_API_KEY", "sk-fake-env")]);
        world.given.auth_store = Given::Text(
            r#"{"providers": {}, "suppressed_sources": {"deepseek": ["env:DEEPSEEK_API_KEY"]}}"#.to_owned(),
        );
        let winner = won("variable DEEPSEEK_API_KEY", "sk-fake-env");
        assert_eq!(told(&verdict(&world)), (winner, Vec::new()));
    }

    #[test]
    fn a_failure_keeps_the_provider() {
        let verdict = verdict(&world(
            "model: {provider: google, api_key: sk-fake}\n",
            &[("XAI_API_KEY", "sk-fake-xai")],
        ));
        let raised = verdict.outcome.as_ref().unwrap_err().exception().unwrap();
        assert_eq!(
            raised.message,
            "No usable credentials found for provider 'gemini'. Set GOOGLE_API_KEY, GEMINI_API_KEY."
        );
        assert_eq!((verdict.requested.as_str(), verdict.provider.as_deref()), ("google", Some("gemini")));
        let unread = Reason::NotReadForProvider("gemini".to_owned());
        assert_eq!(told(&verdict), (None, lost([("model.api_key", unread)])));
    }

    #[test]
    fn openrouter_under_its_alias_never_asks_its_pool() {
        let rows = r#"{"openrouter": [{"id": "a", "label": "mine", "auth_type": "api_key", "priority": 0,
            "source": "manual", "access_token": "sk-fake-row"}]}"#;
        let expected = lost([("pool manual mine", Reason::PoolPassedOver("or".to_owned()))]);
        assert_eq!(
            told(&verdict(&with_store(world("model: {provider: or}\n", &[]), rows))),
            (None, expected)
        );
        let winner = won("pool manual mine", "sk-fake-row");
        let world = with_store(world("model: {provider: openrouter}\n", &[]), rows);
        assert_eq!(told(&verdict(&world)), (winner, Vec::new()));
    }

    #[test]
    fn keys_go_to_their_own_hosts_only() {
        let config = "model: {provider: custom, base_url: 'https://api.groq.com/openai/v1'}\n";
        let variables = [("OPENAI_API_KEY", "sk-fake-openai"), ("GROQ_API_KEY", " sk-fake-groq ")];
        let expected = lost([("variable OPENAI_API_KEY", Reason::OtherHost)]);
        assert_eq!(
            told(&verdict(&world(config, &variables))),
            (won("variable GROQ_API_KEY", "sk-fake-groq"), expected)
        );
    }

    #[test]
    fn the_variable_that_a_block_names_beats_its_inline_key_unless_a_list_has_it() {
        let block = "{base_url: 'https://relay.example/v1', api_key: sk-fake-inline, key_env: RELAY_KEY}";
        let config = format!("model: {{provider: relay}}\nproviders: {{relay: {block}}}\n");
        let variables = [("RELAY_KEY", "sk-fake-named")];
        let verdict = verdict(&world(&config, &variables));
        // The pool takes the block's inline key before anything else is looked at.
        let expected = lost([("variable RELAY_KEY", Reason::PoolComesFirst)]);
        assert_eq!(told(&verdict), (won("pool config:relay relay", "sk-fake-inline"), expected));
        assert_eq!(verdict.provider.as_deref(), Some("custom"));
        assert_eq!(verdict.pool.unwrap().provider, "custom:relay");
    }

    #[test]
    fn auto_tells_the_keys_of_other_providers() {
        let variables = [("DEEPSEEK_API_KEY", "sk-fake-ds"), ("XAI_API_KEY", "sk-fake-xai")];
        let verdict = verdict(&world("", &variables));
        let expected = lost([("variable XAI_API_KEY", Reason::OtherProvider("xai".to_owned()))]);
        let winner = won("pool env:DEEPSEEK_API_KEY DEEPSEEK_API_KEY", "sk-fake-ds");
        assert_eq!(told(&verdict), (winner, expected));
    }

    #[test]
    fn a_key_in_a_block_of_a_built_in_provider_is_not_read() {
        let config =
            "model: {provider: gemini}\nproviders: {google: {api_key: AIza-fake, key_env: MY_KEY}}\n";
        let verdict = verdict(&world(config, &[("MY_KEY", "AIza-fake-named")]));
        let unread = Reason::NotReadForProvider("gemini".to_owned());
        let expected =
            lost([("providers.google.api_key", unread.clone()), ("providers.google.key_env", unread)]);
        assert_eq!(told(&verdict), (None, expected));
        assert_eq!(verdict.losers[1].0.key.expose(), "AIza-fake-named");
    }

    #[test]
    fn a_request_that_cannot_be_read_is_a_verdict_of_its_own() {
        let verdict = verdict(&world("model: {default: 5}\n", &[]));
        assert!(
            matches!(&verdict.outcome, Err(stop) if stop.exception().is_some_and(|raised| raised.kind == "AttributeError"))
        );
        assert_eq!((verdict.requested.as_str(), verdict.provider), ("auto", None));
    }
}
