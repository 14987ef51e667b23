//! What the user's config.yaml says of others than the main model, and what each of them comes to.

use std::rc::Rc;

use super::Route;
use super::jobs::asks_a_model;
use super::slots::{LeftOut, MOA, Slot, SlotKind, is_own, is_written, written_slots};
use crate::base::text::Place;
use crate::facts::Standing;
use crate::hermes::client::client_name;
use crate::hermes::fallback::{FallbackEntries, is_current};
use crate::hermes::runtime::{Request, Runtime};
use crate::hermes::start::{Job, Refusal};
use crate::hermes::urls::is_private;
use crate::hermes::verdict::Verdict;
use crate::hermes::{Outcome, Process, Stop};
use crate::python::{Entry, Node, lower, strip};
use crate::readers::environ::EnvValue;
use crate::secret::Secret;

/// So many entries of the fallback chain are asked for: each looks at its pool, and nobody has more.
const MOST_FALLBACKS: usize = 16;

/// So many slots of Mixture of Agents are asked for, as each looks at the pool of its provider; of more it is said that
/// they are not looked at.
const MOST_SLOTS: usize = 24;

/// So many scheduled jobs are asked for, as each is a start of the program; of more it is said that they are not looked at.
const MOST_JOBS: usize = 24;

/// What gives a site a provider, an endpoint or a key of its own.
const OWN: [&str; 5] = ["provider", "base_url", "api_key", "key_env", "api_key_env"];

/// What sends requests beside the main model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteKind {
    /// A side task of `auxiliary`.
    Task,
    /// Subagents: `delegation`.
    Delegation,
    /// An entry of the fallback chain.
    Fallback,
    /// A slot of a preset of Mixture of Agents.
    Slot(SlotKind),
    /// A scheduled job of `cron/jobs.json`.
    Job,
}

/// A site that the user's config.yaml says something of, and what it comes to.
#[derive(Clone, Debug)]
pub struct Site {
    /// What it is.
    pub kind: SiteKind,
    /// Its dotted path: `auxiliary.vision`, `delegation`, `fallback 1`, `moa.presets.team.reference_models[0]`; of a scheduled job
    /// `cron` and its name.
    pub path: String,
    /// Its settings in the loaded config, or the record of the job; what the user wrote has a place.
    pub block: Node,
    /// Where it sends requests and with which key; `None` for a fallback that is passed over and for a reference that is left
    /// out. Of an aggregator that is left out it is what stands in its place.
    pub outcome: Outcome<Option<Route>>,
    /// The id of the provider that is written, where the release knows it there.
    pub provider: Option<String>,
    /// The key that is written, or that of the variable that is.
    pub key: Option<Secret>,
    /// Whether its provider is none that the release knows there, whatever keys there are.
    pub is_unknown: bool,
    /// Whether its key may be in what was not pasted: it comes to none here.
    pub is_open: bool,
    /// Whether a side task goes by what the main model has, whatever is written beside `provider`.
    pub inherits: bool,
    /// Whether it is an entry of the fallback chain that an agent passes over as what it uses already.
    pub is_in_use: bool,
    /// Why Hermes goes on as if a slot was not written.
    pub left_out: Option<LeftOut>,
    /// Why a scheduled job does not run; its outcome says so too.
    pub refusal: Option<Refusal>,
}

impl Site {
    /// Its setting `name`, where the user wrote it and it says something.
    pub fn written(&self, name: &str) -> Option<&Node> {
        written(&self.block, name)
    }

    /// Whether it is a slot of Mixture of Agents.
    pub fn is_slot(&self) -> bool {
        matches!(self.kind, SiteKind::Slot(_))
    }

    /// Whether it fails, is passed over, or asks a host of others without a key.
    pub fn lacks_key(&self) -> bool {
        match &self.outcome {
            Ok(None) if self.left_out.is_some() => false,
            Ok(Some(route)) => route.is_keyless() && !is_private(&route.base_url),
            Ok(None) => true,
            Err(stop) => stop.unmodelled().is_none(),
        }
    }

    /// Where its provider is written, or else what else of it is.
    pub fn place(&self) -> Option<Place> {
        let of = |name: &&str| self.written(name).and_then(|node| node.place);
        OWN.iter().find_map(of).or(self.block.place)
    }
}

/// The sites of a world.
#[derive(Clone, Debug, Default)]
pub struct Sites {
    /// Those that were asked for, in the order of config.yaml.
    pub all: Vec<Site>,
    /// The paths of those that nothing is known of.
    pub open: Vec<String>,
}

impl Sites {
    /// The entry of the fallback chain that takes over: the first that an agent does not pass over. `None` where there is none, or it
    /// is not known whether that one has a key.
    pub fn next_of_chain(&self) -> Option<&Site> {
        let mut chain = self.all.iter().filter(|site| site.kind == SiteKind::Fallback && !site.is_in_use);
        let next = chain.find(|site| !matches!(site.outcome, Ok(None)) || site.is_open)?;
        matches!(&next.outcome, Ok(Some(route)) if !route.is_keyless()).then_some(next)
    }
}

impl Process<'_> {
    /// The sites that the user's config.yaml says something of, where the main model resolves; of what depends on it
    /// nothing is known else. They are asked once.
    pub fn sites(&mut self, verdict: &Outcome<Verdict>) -> Rc<Sites> {
        if let Some(sites) = &self.sites {
            return Rc::clone(sites);
        }
        let mark = self.trace.mark();
        let sites = Rc::new(self.made_sites(verdict));
        self.trace.rewind(mark);
        self.sites = Some(Rc::clone(&sites));
        sites
    }

    /// Whether config.yaml names a provider, whatever keys there are.
    fn names_provider(&mut self) -> bool {
        let Ok(config) = self.load_config() else { return false };
        let name =
            config.get("model").and_then(|model| model.text("provider")).map(strip).unwrap_or_default();
        !name.is_empty() && name != "auto"
    }

    /// Whether the written provider of `block` is none that the release knows, whatever keys there are.
    fn is_unknown_provider_of(&mut self, block: &Node) -> bool {
        let name = written(block, "provider").and_then(|node| node.value.as_str());
        let Some(name) = name else { return false };
        let resolved = self.resolve_runtime(&Request { provider: Some(name), ..Request::default() });
        let raised = resolved.as_ref().err().and_then(Stop::exception);
        raised.is_some_and(|raised| raised.code == Some("invalid_provider"))
    }

    /// Whether the provider of a side task or a fallback is none that a client is made for, whatever keys there are.
    fn is_unknown_to_clients(&mut self, block: &Node) -> bool {
        let name = written(block, "provider").and_then(|node| node.value.as_str());
        name.is_some_and(|name| self.has_client(name).is_ok_and(|has| !has))
    }

    /// The name of a variable that holds `key`.
    pub fn variable_of(&self, key: &Secret) -> Option<&str> {
        let holds = |found: &EnvValue| Secret::new(strip(&found.value)) == *key;
        self.environ.iter().find(|(_, found)| holds(found)).map(|(name, _)| name)
    }

    fn made_sites(&mut self, verdict: &Outcome<Verdict>) -> Sites {
        let main = verdict.as_ref().ok().and_then(|verdict| verdict.outcome.as_ref().ok());
        let mut sites = Sites::default();
        let Ok(config) = self.load_config() else { return sites };
        // What 0.21.4 does here was not read.
        let is_run = self.facts.standing() == Standing::Run;
        let main = main.filter(|_| is_run);
        let own_tasks = self.facts.defaults.get("auxiliary");
        for Entry { key, value, .. } in config.get("auxiliary").map(Node::entries).unwrap_or_default() {
            let Some(task) = key.value.as_str().filter(|_| has_own(value)) else { continue };
            let path = ["auxiliary.", task].concat();
            // Other tasks are those of plugins, if anybody's.
            match main.filter(|_| own_tasks.is_some_and(|tasks| tasks.has(task))) {
                Some(main) => {
                    let outcome = self.side_task(task, main).map(Some);
                    let inherits = self.inherits(task).unwrap_or(false);
                    let is_unknown =
                        written(value, "base_url").is_none() && self.is_unknown_to_clients(value);
                    let site = self.site(SiteKind::Task, path, value, outcome);
                    sites.all.push(Site { inherits, is_unknown, ..site });
                }
                None => sites.open.push(path),
            }
        }
        if let Some(block) = config.get("delegation").filter(|block| has_own(block)) {
            let path = "delegation".to_owned();
            let has_endpoint = written(block, "base_url").is_some();
            let is_unknown = is_run && !has_endpoint && self.is_unknown_provider_of(block);
            let outcome = match main {
                Some(main) => Some(self.delegation(main).map(Some)),
                None if is_unknown => {
                    Some(Err(Stop::raised("ValueError", "Cannot resolve delegation provider")))
                }
                None => None,
            };
            match outcome {
                Some(outcome) => {
                    let site = self.site(SiteKind::Delegation, path, block, outcome);
                    sites.all.push(Site { is_unknown, ..site });
                }
                None => sites.open.push(path),
            }
        }
        if let Some(section) = config.get("moa").filter(|_| self.facts.behaviour.knows_moa) {
            self.add_slots(section, main, &mut sites);
        }
        if is_run && let Ok(FallbackEntries { kept, .. }) = self.fallback_entries() {
            let model =
                verdict.as_ref().ok().and_then(|verdict| verdict.model.as_deref()).unwrap_or_default();
            // Behind the first entry that takes over, that one is in use.
            let mut may_be_in_use = true;
            for (at, entry) in kept.iter().take(MOST_FALLBACKS).enumerate() {
                let is_in_use = may_be_in_use
                    && main.is_some_and(|main| is_current(entry, &main.provider, model, &main.base_url));
                may_be_in_use = is_in_use;
                let outcome = self.fallback_route(entry);
                let path = format!("fallback {}", at + 1);
                let is_unknown = self.is_unknown_to_clients(entry);
                let site = self.site(SiteKind::Fallback, path, entry, outcome);
                sites.all.push(Site { is_unknown, is_in_use, ..site });
            }
        }
        self.add_jobs(&mut sites);
        if !self.knows_all_keys() {
            // Which provider the configuration comes to may depend on a key that was not pasted.
            let names_provider = self.names_provider();
            let config_is_given = self.world.given.config.is_given();
            for site in &mut sites.all {
                site.is_open = match &site.refusal {
                    Some(Refusal::Drift { provider: Some(_), .. }) => !names_provider,
                    Some(Refusal::NoModel { .. }) => !config_is_given,
                    Some(_) => false,
                    None => !site.is_unknown && site.lacks_key(),
                };
            }
        }
        let unknown = sites
            .all
            .iter()
            .filter(|site| site.outcome.as_ref().is_err_and(|stop| stop.unmodelled().is_some()));
        let unknown: Vec<String> =
            unknown.filter(|site| site.kind != SiteKind::Fallback).map(|site| site.path.clone()).collect();
        sites.open.extend(unknown);
        sites
    }
}

impl Process<'_> {
    /// The slots of Mixture of Agents that the user wrote something of.
    fn add_slots(&mut self, section: &Node, main: Option<&Runtime>, sites: &mut Sites) {
        let whole = || "moa".to_owned();
        let Ok(slots) = written_slots(section) else { return sites.open.push(whole()) };
        let is_used = main.is_some_and(|main| main.provider == MOA);
        let is_meant =
            |slot: &Slot<'_>| is_written(slot.block) && (is_used || !is_own(slot.kind, slot.block));
        let slots: Vec<Slot<'_>> = slots.into_iter().filter(is_meant).collect();
        if slots.is_empty() {
            return;
        }
        let Some(main) = main else { return sites.open.push(whole()) };
        for Slot { kind, path, block, left_out } in slots.iter().take(MOST_SLOTS) {
            let outcome = match left_out {
                Some(LeftOut::BesidePresets) => Ok(None),
                _ => self.written_slot(*kind, block, main),
            };
            let is_failed = outcome.as_ref().is_err_and(|stop| stop.exception().is_some());
            let is_unknown = is_failed && left_out.is_none() && self.is_unknown_provider_of(block);
            let site = self.site(SiteKind::Slot(*kind), path.clone(), block, outcome);
            sites.all.push(Site { is_unknown, left_out: *left_out, ..site });
        }
        if slots.len() > MOST_SLOTS {
            sites.open.push(whole());
        }
    }

    /// The scheduled jobs that ask a model.
    fn add_jobs(&mut self, sites: &mut Sites) {
        let Ok(jobs) = self.jobs() else { return sites.open.push("cron".to_owned()) };
        let jobs: Vec<Node> = jobs.into_iter().filter(asks_a_model).collect();
        // A start reads config.yaml anew.
        if jobs.is_empty() {
            return;
        }
        let asked = jobs.get(..MOST_JOBS).unwrap_or(&jobs);
        for (record, route) in asked.iter().zip(self.job_routes(asked)) {
            let name = Job::of(record).map_or("", |job| job.name);
            let path = ["cron ", name].concat();
            let (outcome, refusal) = match route {
                Ok(Ok(route)) => (Ok(Some(route)), None),
                Ok(Err(refusal)) => {
                    let id = record.text("id").unwrap_or("");
                    (Err(Stop::exit(refusal.message(id))), Some(refusal))
                }
                Err(stop) => (Err(stop), None),
            };
            let is_unknown = self.is_unknown_provider_of(record);
            let site = self.site(SiteKind::Job, path, record, outcome);
            sites.all.push(Site { is_unknown, refusal, ..site });
        }
        if jobs.len() > MOST_JOBS {
            sites.open.push("cron".to_owned());
        }
    }

    fn site(&mut self, kind: SiteKind, path: String, block: &Node, outcome: Outcome<Option<Route>>) -> Site {
        let text = |name| written(block, name).and_then(|node| node.value.as_str()).map(strip);
        let provider = text("provider").map(lower).and_then(|name| match kind {
            SiteKind::Delegation | SiteKind::Slot(_) | SiteKind::Job => self.facts.canonical_provider(&name),
            _ => {
                let id = client_name(&name, None);
                (self.facts.providers.contains_key(id) || id == "openrouter").then(|| id.to_owned())
            }
        });
        let named = self.named_key(text("key_env").unwrap_or(""), text("api_key_env").unwrap_or(""));
        let key = Some(text("api_key").unwrap_or(named)).filter(|key| !key.is_empty()).map(Secret::new);
        let block = block.clone();
        Site {
            kind,
            path,
            block,
            outcome,
            provider,
            key,
            is_unknown: false,
            is_open: false,
            inherits: false,
            is_in_use: false,
            left_out: None,
            refusal: None,
        }
    }
}

/// Whether the user gave a site anything of its own.
fn has_own(block: &Node) -> bool {
    OWN.iter().any(|name| written(block, name).is_some())
}

/// A setting that the user wrote and that says something.
fn written<'n>(block: &'n Node, name: &str) -> Option<&'n Node> {
    let is_said = |node: &&Node| {
        let is_auto = name == "provider" && node.value.as_str().is_some_and(|text| strip(text) == "auto");
        node.place.is_some() && node.value.is_true() && !is_auto
    };
    block.get(name).filter(is_said)
}
