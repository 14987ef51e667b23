//! What a run comes to, as a value: the verdict, and what is told beside it. Nothing of it asks the program again.

use std::rc::Rc;

use super::mentions::KeyOf;
use super::pool::EntryState;
use super::sites::Sites;
use super::takeover::Takeovers;
use super::verdict::Verdict;
use super::{Outcome, Process};
use crate::base::collections::TextSet;
use crate::base::sources::{Given, SourceKind, Sources};
use crate::base::text::Place;
use crate::facts::Facts;
use crate::readers::debug_report::DebugReport;
use crate::readers::listing::Listing;
use crate::readers::part::Printed;
use crate::secret::is_key_variable;

/// What a run comes to on its world.
pub struct Resolution {
    /// The tables of the release.
    pub facts: &'static Facts,
    /// `time.time()`, in seconds.
    pub clock: f64,
    /// Which credential is used, or why there is no verdict.
    pub verdict: Outcome<Verdict>,
    /// What others than the main model come to.
    pub sites: Rc<Sites>,
    /// The variable that holds the key of each of the sites, where one does.
    pub variables_of_sites: Vec<Option<String>>,
    /// The entries of the verdict's pool, and what the next selection would do with each.
    pub pool: Vec<EntryState>,
    /// Who takes over from the key in use at one rate limit after another; `None` where the agent has no pool.
    ///
    /// # Errors
    /// What recovery raises or does not model.
    pub takeovers: Outcome<Option<Takeovers>>,
    /// Where the chain's entries have endpoints that the terminal leaves out.
    pub endpoints_left_out: Vec<Option<Place>>,
    /// Where the strategy of the verdict's pool is written.
    pub strategy_at: Option<Place>,
    /// The file of another program in which the login of the provider lies.
    pub login_file: Option<&'static str>,
    /// What the pasted `hermes auth list` shows.
    pub listing: Rc<Listing>,
    /// Where the listing is all that decides and that is open, what its arrow marks of the provider's pool.
    pub listed_arrow: Option<Option<String>>,
    /// What Hermes says of itself, where that was pasted.
    pub debug_report: Rc<DebugReport>,
    /// The provider that Hermes' own output names.
    pub named_in_output: Option<Printed>,
    /// Variables of whoever starts the program, which it has where they are set there.
    pub handed_on: TextSet,
    /// Which texts were pasted or are known not to exist.
    pub is_given: Sources<bool>,
    /// Whether all variables are known that the process has before it reads `.env`.
    pub knows_environ: bool,
    /// What may be in texts that were not pasted.
    pub not_pasted: NotPasted,
}

/// The texts that were not pasted and may hold what the verdict lacks.
#[derive(Default)]
pub struct NotPasted {
    /// Those that may hold the credential.
    pub credential: Vec<SourceKind>,
    /// Those that may hold the endpoint.
    pub endpoint: Vec<SourceKind>,
    /// Those that may hold a key of any provider.
    pub keys: Vec<SourceKind>,
    /// Those that may hold a key of the provider.
    pub keys_of_provider: Vec<SourceKind>,
    /// Whether config.yaml takes the provider's name from a variable that one of them may set.
    pub sets_provider: bool,
    /// Whether config.yaml is one of them and a listing shows pools of several providers.
    pub chooses_pool: bool,
}

impl Process<'_> {
    /// What the run comes to, `verdict` being its verdict.
    pub fn resolution(mut self, verdict: Outcome<Verdict>) -> Resolution {
        let sites = self.sites(&verdict);
        let variables_of_sites = sites
            .all
            .iter()
            .map(|site| match &site.outcome {
                Ok(Some(route)) => self.variable_of(&route.api_key).map(str::to_owned),
                _ => None,
            })
            .collect();
        let mut own = Resolution {
            facts: self.facts,
            clock: self.clock,
            sites,
            variables_of_sites,
            pool: Vec::new(),
            takeovers: Ok(None),
            endpoints_left_out: Vec::new(),
            strategy_at: None,
            login_file: None,
            listing: Rc::clone(&self.listing),
            listed_arrow: None,
            debug_report: self.debug_report(),
            named_in_output: if self.world.given.config.is_given() { None } else { self.named_in_output() },
            handed_on: std::mem::take(&mut self.handed_on),
            is_given: self.world.given.map(Given::is_given),
            knows_environ: self.knows_environ(),
            not_pasted: NotPasted {
                keys: self.keys_not_pasted(false),
                chooses_pool: self.lists_several_pools(),
                ..NotPasted::default()
            },
            verdict,
        };
        let Ok(verdict) = &own.verdict else { return own };
        let provider = verdict.provider.as_deref();
        own.pool = verdict.pool.as_ref().map(|pool| pool.describe(&mut self)).unwrap_or_default();
        own.not_pasted.credential = self.credentials_not_pasted(verdict);
        own.not_pasted.endpoint = self.endpoint_not_pasted(verdict);
        own.not_pasted.keys_of_provider = self.sources_of_keys_not_pasted(provider.unwrap_or_default());
        own.not_pasted.sets_provider = self.provider_variable_not_pasted(verdict);
        own.endpoints_left_out = self.endpoints_left_out(&verdict.fallback);
        own.login_file = self.login_file(provider.unwrap_or(&verdict.requested));
        match &verdict.outcome {
            Ok(runtime) => own.takeovers = self.takeovers(runtime, verdict.model.as_deref()),
            Err(stop) if stop.unmodelled().is_some() => {
                own.listed_arrow = self.listed_arrow(provider.unwrap_or_default(), stop);
            }
            Err(_) => {}
        }
        own.strategy_at = verdict.pool.as_ref().and_then(|pool| {
            let config = self.load_config().ok()?;
            config.get("credential_pool_strategies")?.get(&pool.provider)?.place
        });
        own
    }
}

impl Resolution {
    /// Whether a key that stands in no file is one that the verdict may lack: of its provider, or of any where none is known.
    pub fn may_lack(&self, key: &KeyOf) -> bool {
        let provider = self.verdict.as_ref().ok().and_then(|verdict| verdict.provider.as_deref());
        let variables = provider.map(|provider| self.facts.key_variables_of(provider)).unwrap_or_default();
        match key {
            KeyOf::Variable(name) if variables.is_empty() => is_key_variable(name),
            KeyOf::Variable(name) => variables.contains(&name.as_str()),
            KeyOf::Provider(name) => provider
                .is_none_or(|provider| self.facts.canonical_provider(name).as_deref() == Some(provider)),
        }
    }
}
