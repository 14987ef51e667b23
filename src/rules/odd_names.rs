//! Provider names that Hermes does not take where they are written, for the rules PC501 to PC504 and PC605.
//!
//! `model.provider` is judged by the verdict. Fallbacks and side tasks go another way in Hermes
//! (`resolve_provider_client`), which knows fewer aliases.

use super::lines::name_at;
use super::{Context, Findings, Rule};
use crate::base::collections::{TextMap, TextSet};
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Places, Search};
use crate::facts::services::Service;
use crate::facts::{EXPLAINED, Facts, Standing};
use crate::hermes::fallback::{FALLBACK_KEYS, FallbackDrop};
use crate::hermes::verdict::Verdict;
use crate::hermes::{Outcome, Process, Stop};
use crate::json;
use crate::python::{Node, Value, lower, strip};
use crate::yaml;

/// No suggestion is looked for behind this many names, nor for names of more characters than
/// [`LONGEST_NAME`]: the search is slow, and nobody has so many providers.
const MOST_SUGGESTIONS: usize = 50;

const LONGEST_NAME: usize = 64;

/// Names that only `resolve_runtime_provider` knows, and that no table of a release has.
const OUTSIDE_THE_REGISTRY: [&str; 6] =
    ["moa", "vertex", "vertexai", "vertex-ai", "google-vertex", "gcp-vertex"];

/// What `resolve_provider_client` knows beside the registry.
const CLIENT_NAMES: [&str; 4] = ["auto", "main", "openrouter", "custom"];

/// The provider of an endpoint of the user's own.
const CUSTOM: &str = "custom";

/// The provider that is in no registry.
const OPENROUTER: &str = "openrouter";

/// How any OpenAI-compatible server is reached.
const ENDPOINT: &str = "`custom` + `base_url`";

/// A service under a name that people expect and that Hermes does not have.
#[derive(Debug)]
pub struct Expected {
    names: &'static [&'static str],
    /// What to write instead, in Hermes' terms.
    pub instead: &'static str,
    /// The one id that is plainly meant.
    pub id: Option<&'static str>,
}

/// An OpenAI-compatible service that Hermes reaches as a custom endpoint.
const fn endpoint(names: &'static [&'static str], instead: &'static str) -> Expected {
    Expected { names, instead, id: None }
}

/// Another spelling of an id.
const fn spelling(names: &'static [&'static str], instead: &'static str, id: &'static str) -> Expected {
    Expected { names, instead, id: Some(id) }
}

/// Names that older releases had: the login of the Gemini CLI until 0.17, Vercel's gateway until 0.14.
static REMOVED: &[Expected] = &[
    spelling(&["google-gemini-cli", "gemini-cli"], "`gemini` (`GOOGLE_API_KEY`)", "gemini"),
    endpoint(&["ai-gateway", "vercel"], "`custom` + `base_url: https://ai-gateway.vercel.sh/v1`"),
];

static EXPECTED: &[Expected] = &[
    endpoint(&["openai"], "`openai-api` (`OPENAI_API_KEY`) / `openai-codex` (ChatGPT) / `openrouter`"),
    endpoint(&["chatgpt", "gpt"], "`openai-codex` (ChatGPT) / `openai-api` (`OPENAI_API_KEY`)"),
    endpoint(&["groq"], "`custom` + `base_url: https://api.groq.com/openai/v1`"),
    endpoint(&["mistral", "mistralai", "mistral-ai"], "`custom` + `base_url: https://api.mistral.ai/v1`"),
    endpoint(
        &["together", "togetherai", "together-ai", "together_ai"],
        "`custom` + `base_url: https://api.together.xyz/v1`",
    ),
    endpoint(&["perplexity", "pplx"], "`custom` + `base_url: https://api.perplexity.ai`"),
    endpoint(&["cerebras"], "`custom` + `base_url: https://api.cerebras.ai/v1`"),
    endpoint(
        &["cohere", "sambanova", "siliconflow", "volcengine", "doubao", "replicate", "litellm"],
        "`custom` + `base_url`",
    ),
    endpoint(
        &["llama_cpp", "llama-server", "localai", "local-ai", "koboldcpp", "sglang", "mlx"],
        "`custom` + `base_url`",
    ),
    endpoint(&["azure-openai", "azure_openai", "azureopenai"], "`azure-foundry` + `base_url`"),
    endpoint(&["vertex_ai"], "`vertex` / `gemini` (`GOOGLE_API_KEY`)"),
    spelling(&["open-router", "open_router", "openrouter.ai", "openrouter-ai"], "`openrouter`", "openrouter"),
    spelling(
        &["googleai", "google-ai", "google_ai", "google-genai", "google_genai", "google_gemini", "aistudio"],
        "`gemini`",
        "gemini",
    ),
    spelling(&["gemini-api", "google-ai-studio-api"], "`gemini`", "gemini"),
    spelling(&["openai_api"], "`openai-api`", "openai-api"),
    spelling(&["anthropic-api", "anthropic_api", "claude-api"], "`anthropic`", "anthropic"),
    spelling(&["deep-seek", "deepseek-api"], "`deepseek`", "deepseek"),
    spelling(&["x_ai", "xai-api"], "`xai`", "xai"),
    spelling(&["zhipuai", "bigmodel", "z_ai", "zai-api"], "`zai`", "zai"),
    spelling(&["moonshotai", "moonshot-ai", "kimi_coding"], "`kimi-coding`", "kimi-coding"),
    spelling(&["github_copilot"], "`copilot`", "copilot"),
    spelling(&["hugging_face"], "`huggingface`", "huggingface"),
    spelling(&["aws_bedrock", "amazon_bedrock"], "`bedrock`", "bedrock"),
];

/// The service that people expect under `name`.
pub(super) fn expected(name: &str) -> Option<&'static Expected> {
    EXPECTED.iter().find(|service| service.names.contains(&name))
}

/// The same for a name that the release does not know, whatever it was in older ones.
pub(super) fn expected_or_removed(name: &str) -> Option<&'static Expected> {
    expected(name).or_else(|| REMOVED.iter().find(|service| service.names.contains(&name)))
}

/// The first release behind that of `facts` whose tables have a provider or an alias of the name.
pub(super) fn later_release_with(facts: &Facts, name: &str) -> Option<&'static str> {
    let mut later = EXPLAINED.iter().rev().skip_while(|release| **release != facts.release).skip(1);
    let has_it = |release: &&&str| {
        Facts::of(release)
            .is_some_and(|facts| facts.providers.contains_key(name) || facts.aliases.contains_key(name))
    };
    later.find(has_it).copied()
}

/// Where a provider's name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameUse {
    /// The provider that is asked for first: `model.provider` or `HERMES_INFERENCE_PROVIDER`.
    Main,
    /// `auxiliary.TASK.provider`.
    Auxiliary,
    /// `provider` of an entry of the fallback chain.
    Fallback,
}

/// The variable that names a provider where config.yaml does not.
const VARIABLE: &str = "HERMES_INFERENCE_PROVIDER";

/// What is odd about a name where it is written.
#[derive(Clone, Debug)]
pub enum Oddity {
    /// An alias of this id, which is not known here: the name finds nothing.
    UnknownAlias(String),
    /// An alias of this id that finds a client, but stays the provider's name: pools and what is special about
    /// the provider are looked up under it.
    KeptAlias(String),
    /// A name of older releases, and what to use now.
    Removed(&'static Expected),
    /// A name that people expect.
    Expected(&'static Expected),
    /// Any other name, and the nearest id or custom provider.
    Unknown(Option<String>),
}

/// A provider's name that Hermes does not take where it is written.
#[derive(Clone, Debug)]
pub struct OddName {
    /// The name as Hermes compares it: in lower case, without space around it.
    pub name: String,
    /// Where it is written.
    pub place: Place,
    /// The variable or the dotted path.
    pub path: String,
    /// What it is for.
    pub used: NameUse,
    /// What is odd about it.
    pub oddity: Oddity,
    /// The id to write instead, where there is one: the release resolves it where the name stands, and it fits the endpoint
    /// and the key beside it.
    pub meant: Option<String>,
    /// What to write instead, in words; empty where nothing is near.
    pub instead: String,
    /// The first of the later releases that knows the name.
    pub since: Option<&'static str>,
    /// Whether another name does not settle it: beside an endpoint or a key of its own something else may be
    /// meant, `custom` is nothing without an endpoint, and of two equal entries of the chain the later one counts as soon
    /// as the first one changes.
    pub is_entangled: bool,
}

impl OddName {
    /// The id that is meant, where there is one.
    pub fn id(&self) -> Option<&str> {
        self.meant.as_deref()
    }

    /// The id to put in the name's place; `text` is the source that holds the name.
    pub(super) fn replacement(&self, text: &str) -> Option<&str> {
        let is_plain = name_at(text, self.place) == self.name && !self.is_entangled;
        self.id().filter(|_| is_plain)
    }
}

/// Says of a finding about a name, where config.yaml is not given, that it may define a provider of this name. The rule has the parts
/// `unless` and `never`.
pub(super) fn unless_defined(context: &Context<'_>, findings: &mut Findings) {
    if context.world.given.config.is_given() {
        findings.part("unless", "never");
    } else {
        findings.part("unless", "unless").as_warning();
    }
}

/// Reports a finding of `rule` about a name, with a fix where one id is meant.
pub(super) fn report_odd<'f>(
    context: &Context<'_>,
    findings: &'f mut Findings,
    rule: &'static Rule,
    odd: &OddName,
) -> &'f mut Findings {
    findings
        .report(rule, odd.place)
        .with("name", odd.name.as_str())
        .with("path", odd.path.as_str())
        .with("instead", odd.instead.as_str())
        .with("id", odd.id().unwrap_or_default());
    let is_certain = context.world.given.config.is_given();
    if let Some(id) = odd.replacement(context.text_of(odd.place.source)).filter(|_| is_certain) {
        findings.replace(odd.place, id);
    }
    findings
}

/// The odd names of a world. Where config.yaml is not given it may define custom providers: then only a name that a variable has, and
/// that people expect or older releases had, is odd.
pub fn odd_names(process: &mut Process<'_>, verdict: &Outcome<Verdict>) -> Vec<OddName> {
    // Plugins of 0.21.4 may bring providers that no table here has.
    if process.facts.standing() == Standing::Read {
        return Vec::new();
    }
    let (Ok(config), Ok(customs)) = (process.load_config(), process.custom_provider_names()) else {
        return Vec::new();
    };
    let mut found = Finder { facts: process.facts, customs, nearest: TextMap::new(), found: Vec::new() };
    if verdict.as_ref().is_ok_and(|verdict| is_unknown_provider(&verdict.outcome))
        && let Some(request) = request_of(process, verdict)
    {
        let oddity = found.oddity_of_unknown(&request.name);
        let model = config.get("model");
        found.add(request.name, request.place, request.path, NameUse::Main, Some(oddity), model);
        // A built-in provider reads no key there, so that more is to be done than to mend its name.
        let has_key = ["api_key", "api"].iter().any(|name| model.is_some_and(|model| model.has(name)));
        for odd in &mut found.found {
            odd.is_entangled |= has_key && odd.id() != Some(CUSTOM);
        }
    }
    if !process.world.given.config.is_given() {
        let is_known_elsewhere =
            |odd: &OddName| matches!(odd.oddity, Oddity::Removed(_) | Oddity::Expected(_));
        found.found.retain(is_known_elsewhere);
        return found.found;
    }
    for entry in config.get("auxiliary").map(Node::entries).unwrap_or_default() {
        // Other tasks are those of plugins, or misspelled: PC525.
        let own_tasks = process.facts.defaults.get("auxiliary");
        let task = entry.key.value.as_str().filter(|task| own_tasks.is_some_and(|tasks| tasks.has(task)));
        if let Some(task) = task {
            found.auxiliary(task, &entry.value);
        }
    }
    if let Ok(entries) = process.fallback_entries() {
        let mut repeated = Vec::new();
        for dropped in &entries.dropped {
            if let FallbackDrop::SameRoute(Some(earlier)) = dropped.reason {
                repeated.push(earlier);
            }
        }
        let repeated = Places::new(repeated);
        for entry in &entries.kept {
            let before = found.found.len();
            found.client_name("provider", entry, NameUse::Fallback);
            for odd in found.found.iter_mut().skip(before) {
                odd.is_entangled |= entry.place.is_some_and(|place| repeated.contains(place));
            }
        }
    }
    // PC602 tells to move such a chain to the root, where its names count.
    for key in FALLBACK_KEYS {
        let Some(chain) = config.get("model").and_then(|model| model.get(key)) else { continue };
        for entry in chain.value.as_list().unwrap_or(std::slice::from_ref(chain)) {
            if entry.has("model") {
                found.client_name("provider", entry, NameUse::Fallback);
            }
        }
    }
    // Those that stand where Hermes does not look are not unknown: that they stand there is PC554's.
    let in_text = names_out_of_place(&config);
    found.found.retain(|odd| !in_text.contains(odd.name.strip_prefix("custom:").unwrap_or(&odd.name)));
    // What is written once and used twice is told once.
    let mut places = Places::new(found.found.iter().map(|odd| odd.place).collect());
    found.found.retain(|odd| places.take(odd.place));
    found.found
}

/// The names of the providers that `custom_providers` or `providers` hold where they are texts with JSON or YAML in them, or where the
/// list is a mapping, or the mapping a list.
fn names_out_of_place(config: &Node) -> TextSet {
    let mut names = TextSet::new();
    let mut add = |root: &Node| {
        for item in root.items() {
            names.insert(&lower(strip(item.text("name").unwrap_or(""))));
        }
        for entry in root.entries() {
            names.insert(&lower(strip(entry.key.value.as_str().unwrap_or(""))));
        }
        // A mapping may be that of a single provider.
        names.insert(&lower(strip(root.text("name").unwrap_or(""))));
    };
    for key in ["custom_providers", "providers"] {
        let Some(node) = config.get(key) else { continue };
        let Some(text) = node.value.as_str() else {
            let is_other = match node.value {
                Value::Dict(_) => key == "custom_providers",
                Value::List(_) => key == "providers",
                _ => false,
            };
            if is_other {
                add(node);
            }
            continue;
        };
        if let Ok(loaded) = json::load(text, SourceKind::Config) {
            add(&loaded.root);
        } else if let (true, Ok(root)) = (text.has('\n'), yaml::load(text, SourceKind::Config).root) {
            add(&root);
        }
    }
    names
}

fn is_unknown_provider<T>(outcome: &Outcome<T>) -> bool {
    let raised = outcome.as_ref().err().and_then(Stop::exception);
    raised.is_some_and(|raised| raised.code == Some("invalid_provider"))
}

/// The provider that the resolution asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The name as Hermes compares it.
    pub name: String,
    /// `model.provider` or the variable.
    pub path: &'static str,
    /// Where it is written.
    pub place: Place,
}

/// Where the provider is written that the resolution asked for; `None` for `auto` without a word from the user.
pub fn request_of(process: &mut Process<'_>, verdict: &Outcome<Verdict>) -> Option<Request> {
    let name = &verdict.as_ref().ok()?.requested;
    let is_it = |text: &str| lower(strip(text)) == *name;
    let config = process.load_config().ok()?;
    let node = config.get("model").and_then(|model| model.get("provider"));
    let own = node.filter(|node| node.value.as_str().is_some_and(is_it)).and_then(|node| node.place);
    let variable = process.environ.get(VARIABLE).filter(|found| is_it(&found.value));
    let found = own.map(|place| ("model.provider", place));
    let (path, place) = found.or_else(|| Some((VARIABLE, variable?.place?)))?;
    Some(Request { name: name.clone(), path, place })
}

/// The provider of Hermes' own whose name is nearest to `name`, where one is near.
pub(super) fn nearest_provider(facts: &'static Facts, name: &str) -> Option<String> {
    Finder { facts, customs: TextSet::new(), nearest: TextMap::new(), found: Vec::new() }.nearest(name)
}

struct Finder {
    facts: &'static Facts,
    /// The names of custom providers, without `custom:`.
    customs: TextSet,
    nearest: TextMap<Option<String>>,
    found: Vec<OddName>,
}

impl Finder {
    /// Adds what is odd about a name, if anything is; `block` is the mapping that it belongs to.
    fn add(
        &mut self,
        name: String,
        place: Place,
        path: &str,
        used: NameUse,
        oddity: Option<Oddity>,
        block: Option<&Node>,
    ) {
        // A reference that was not expanded is PC510's.
        if let (Some(oddity), false) = (oddity, name.has('$')) {
            let path = path.to_owned();
            let beside = Beside::of(block, used);
            let mut meant = self.meant(&oddity, &beside);
            let mut instead = self.instead(&oddity, meant.as_deref());
            // `custom` is nothing without an endpoint.
            if meant.as_deref() == Some(CUSTOM) && beside.url.is_none() {
                meant = None;
                instead = ENDPOINT.to_owned();
            }
            let since =
                later_release_with(self.facts, &name).filter(|_| matches!(oddity, Oddity::Unknown(_)));
            self.found.push(OddName {
                name,
                place,
                path,
                used,
                oddity,
                meant,
                instead,
                since,
                is_entangled: false,
            });
        }
    }

    /// The id to write instead: the one that is near, where it fits what stands beside the name, else `custom` where an endpoint
    /// stands there.
    fn meant(&self, oddity: &Oddity, beside: &Beside<'_>) -> Option<String> {
        let near = match oddity {
            Oddity::UnknownAlias(id) | Oddity::KeptAlias(id) => return Some(id.clone()),
            Oddity::Removed(row) | Oddity::Expected(row) => row.id,
            Oddity::Unknown(nearest) => nearest.as_deref(),
        };
        let fitting = near.filter(|id| self.fits(id, beside));
        // The endpoint may be that of the same service in another region.
        let there = beside.url.and_then(Service::at).map(|service| service.provider.as_str());
        let regional = there.filter(|id| {
            let region = near.and_then(|near| id.strip_prefix(near));
            region.is_some_and(|rest| rest.starts_with('-')) && self.fits(id, beside)
        });
        fitting.or(regional).or(beside.url.and(Some(CUSTOM))).map(str::to_owned)
    }

    /// Whether the provider `id` is one for the endpoint and the key that stand beside its name.
    fn fits(&self, id: &str, beside: &Beside<'_>) -> bool {
        if id == CUSTOM {
            return beside.url.is_some();
        }
        // A custom provider has an endpoint and a key of its own.
        let Some(row) = self.facts.providers.get(id) else {
            return beside.url.is_none() && beside.variable.is_none()
                || id == OPENROUTER && beside.is_openrouter();
        };
        let is_there = |url| Service::at(url).is_some_and(|site| site.provider == id);
        let is_read = |name: &str| row.api_key_env_vars.iter().any(|own| own == name);
        let is_own = |key| Service::may_be_of(key, id);
        let has_own_key = beside.used == NameUse::Main && beside.url.is_some() && beside.key.is_some();
        beside.url.is_none_or(is_there)
            && beside.variable.is_none_or(is_read)
            && beside.key.is_none_or(is_own)
            && !has_own_key
    }

    /// What to write instead, in words: of several ways those that this release knows.
    fn instead(&self, oddity: &Oddity, meant: Option<&str>) -> String {
        if let Some(id) = meant {
            let row = match oddity {
                Oddity::Removed(row) | Oddity::Expected(row) if row.id == Some(id) => row.instead.to_owned(),
                _ => ["`", id, "`"].concat(),
            };
            return row;
        }
        match oddity {
            Oddity::Unknown(Some(id)) if id == CUSTOM => ENDPOINT.to_owned(),
            Oddity::UnknownAlias(_) | Oddity::KeptAlias(_) | Oddity::Unknown(_) => String::new(),
            Oddity::Removed(row) | Oddity::Expected(row) => {
                let mut ways = Vec::new();
                for way in row.instead.split(" / ") {
                    if way.split('`').nth(1).is_none_or(|id| self.knows(id)) {
                        ways.push(way);
                    }
                }
                ways.join(" / ")
            }
        }
    }

    /// Whether the release has a provider of this id.
    fn knows(&self, id: &str) -> bool {
        CLIENT_NAMES.contains(&id) || self.is_outside(id) || self.facts.providers.contains_key(id)
    }

    /// Whether `resolve_runtime_provider` of the release knows the name, though no table has it.
    fn is_outside(&self, name: &str) -> bool {
        let behaviour = &self.facts.behaviour;
        let is_known = if name == "moa" { behaviour.knows_moa } else { behaviour.knows_vertex };
        is_known && OUTSIDE_THE_REGISTRY.contains(&name)
    }

    fn auxiliary(&mut self, task: &str, block: &Node) {
        // With both the endpoint alone counts.
        if !block.has("base_url") || !block.has("api_key") {
            self.client_name(&["auxiliary.", task, ".provider"].concat(), block, NameUse::Auxiliary);
        }
    }

    /// The provider of `block`, a name that `resolve_provider_client` gets.
    fn client_name(&mut self, path: &str, block: &Node, used: NameUse) {
        let Some(Node { value: Value::Str(written), place: Some(place) }) = block.get("provider") else {
            return;
        };
        let name = lower(strip(written));
        let oddity = self.oddity_of_client_name(&name, used);
        self.add(name, *place, path, used, oddity, Some(block));
    }

    fn oddity_of_client_name(&mut self, name: &str, used: NameUse) -> Option<Oddity> {
        let bare = name.strip_prefix("custom:").map_or(name, strip);
        let facts = self.facts;
        let id = facts.auxiliary_aliases.get(bare).map_or(bare, String::as_str);
        let is_side_openai = used == NameUse::Auxiliary && name == "openai";
        if bare.is_empty()
            || is_side_openai
            || CLIENT_NAMES.contains(&id)
            || self.is_outside(id)
            || self.customs.contains(bare)
            || self.customs.contains(id)
        {
            return None;
        }
        if facts.providers.contains_key(id) {
            let is_kept = used == NameUse::Fallback && id != bare;
            return is_kept.then(|| Oddity::KeptAlias(id.to_owned()));
        }
        match self.canonical(bare) {
            Some(id) if self.is_outside(&id) => None,
            Some(id) => Some(Oddity::UnknownAlias(id)),
            None => Some(self.oddity_of_unknown(name)),
        }
    }

    /// The id that `resolve_provider` has for an alias.
    fn canonical(&self, name: &str) -> Option<String> {
        self.facts.aliases.get(name).cloned()
    }

    fn oddity_of_unknown(&mut self, name: &str) -> Oddity {
        let row_of = |rows: &'static [Expected]| rows.iter().find(|row| row.names.contains(&name));
        if let Some(row) = row_of(REMOVED) {
            return Oddity::Removed(row);
        }
        if let Some(row) = row_of(EXPECTED)
            && row.id.is_none_or(|id| self.knows(id))
        {
            return Oddity::Expected(row);
        }
        // A name of a later release stands for nothing else.
        let is_later = later_release_with(self.facts, name).is_some();
        Oddity::Unknown(if is_later { None } else { self.nearest(name) })
    }

    fn nearest(&mut self, name: &str) -> Option<String> {
        if let Some(known) = self.nearest.get(name) {
            return known.clone();
        }
        if self.nearest.len() >= MOST_SUGGESTIONS || name.chars().count() > LONGEST_NAME {
            return None;
        }
        if let Some(own) = name_of_own(name) {
            let near = self.nearest_of_own(own);
            self.nearest.insert(name, near.clone());
            return near;
        }
        let facts = self.facts;
        let own = squeezed(name);
        let mut known = vec![OPENROUTER];
        known.extend(facts.providers.keys().iter());
        known.extend(facts.aliases.keys().iter());
        known.extend(self.customs.iter().take(MOST_SUGGESTIONS));
        // Two that are equally near are none.
        let mut best: Option<(usize, &str, bool)> = None;
        for candidate in known {
            let id = facts.aliases.get(candidate).map_or(candidate, String::as_str);
            let id = facts.providers.get(id).map_or(id, |row| row.id.as_str());
            let Some(far) = slips(&own, &squeezed(candidate)) else { continue };
            best = match best {
                Some((least, known, is_one)) if least == far => Some((least, known, is_one && known == id)),
                Some((least, ..)) if least < far => best,
                _ => Some((far, id, true)),
            };
        }
        let id = best.filter(|(.., is_one)| *is_one).map(|(_, id, _)| id.to_owned());
        self.nearest.insert(name, id.clone());
        id
    }

    /// The custom provider that `own` is a misspelled name of, or the only one whose name begins so: whoever writes `custom:` means none
    /// of Hermes' own.
    fn nearest_of_own(&self, own: &str) -> Option<String> {
        /// Shorter beginnings are no abbreviations.
        const SHORTEST: usize = 3;
        let own = squeezed(own);
        let names = || self.customs.iter().take(MOST_SUGGESTIONS);
        let only = |found: Vec<&str>| {
            let [one] = found.as_slice() else { return None };
            Some(["custom:", &one.replace(' ', "-")].concat())
        };
        let far = |name: &str| slips(&own, &squeezed(name));
        let least = names().filter_map(far).min();
        if least.is_some() {
            return only(names().filter(|name| far(name) == least).collect());
        }
        let begins = |name: &&str| {
            let name = squeezed(name);
            let common = own.len().min(name.len());
            common >= SHORTEST && own.get(..common) == name.get(..common)
        };
        only(names().filter(begins).collect())
    }
}

/// What follows `custom` in a name that is meant for a provider of the user's own.
fn name_of_own(name: &str) -> Option<&str> {
    name.strip_prefix(CUSTOM)?.strip_prefix([':', '/', '.', ' ']).map(strip)
}

/// What stands beside a provider's name and has to go with it.
struct Beside<'b> {
    /// The endpoint.
    url: Option<&'b str>,
    /// A key.
    key: Option<&'b str>,
    /// The name of the variable that holds it.
    variable: Option<&'b str>,
    used: NameUse,
}

impl<'b> Beside<'b> {
    fn of(block: Option<&'b Node>, used: NameUse) -> Self {
        let text = |name: &str| {
            let text = strip(block?.text(name)?);
            Some(text).filter(|text| !text.is_empty())
        };
        let variable = text("key_env").or_else(|| text("api_key_env"));
        Self { url: text("base_url"), key: text("api_key").or_else(|| text("api")), variable, used }
    }

    /// Whether endpoint and key are OpenRouter's, or not said.
    fn is_openrouter(&self) -> bool {
        let is_it = |service: Option<&Service>| service.is_some_and(|service| service.provider == OPENROUTER);
        self.url.is_none_or(|url| is_it(Service::at(url)))
            && self.variable.is_none_or(|name| name == "OPENROUTER_API_KEY")
            && self.key.is_none_or(|key| Service::of_key(key).is_none_or(|owner| is_it(Some(owner))))
    }
}

/// A name without what people put between its words, which they mix up.
fn squeezed(name: &str) -> Vec<char> {
    name.chars().filter(|c| !matches!(c, '-' | '_' | '.' | ' ')).collect()
}

/// How many slips of the hand make one name of the other: a letter more, less or another, two that changed places. `None` where
/// they are too many to be slips: that two compounds share a word makes them no spellings of each other.
fn slips(one: &[char], other: &[char]) -> Option<usize> {
    let most = match one.len().min(other.len()) {
        0..=3 => 0,
        4..=5 => 1,
        _ => 2,
    };
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    // The rows of the table of distances: the one before the last, the last, and the one that is made.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    let mut previous = None;
    for (at, own) in one.iter().enumerate() {
        let mut row = vec![at + 1];
        for (column, their) in other.iter().enumerate() {
            let get = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut least = (get(&last, column) + usize::from(own != their))
                .min(get(&last, column + 1) + 1)
                .min(get(&row, column) + 1);
            let behind = column.checked_sub(1).and_then(|index| other.get(index));
            if previous == Some(their) && behind == Some(own) {
                least = least.min(get(&before, column - 1) + 1);
            }
            row.push(least);
        }
        (before, last, previous) = (last, row, Some(own));
    }
    last.last().copied().filter(|far| *far <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hermes::testing::{process, world};

    /// Every name of the tables is one that `resolve_provider` rejects, and what stands instead is known.
    #[test]
    fn the_tables_fit_the_release() {
        let facts = Facts::newest().unwrap();
        let world = world("", &[]);
        let mut process = process(&world);
        let rows = EXPECTED.iter().chain(REMOVED);
        for (name, id) in rows.flat_map(|row| row.names.iter().map(|name| (*name, row.id))) {
            assert!(is_unknown_provider(&process.resolve_provider(Some(name))), "{name}");
            if let Some(id) = id {
                assert_eq!(process.resolve_provider(Some(id)), Ok(id.to_owned()), "{name}");
            }
        }
        for row in EXPECTED {
            for id in row.instead.split('`').skip(1).step_by(2).filter(|id| !id.contains([':', '_'])) {
                assert!(process.resolve_provider(Some(id)).is_ok() || id == "vertex", "{id}");
            }
        }
        assert!(OUTSIDE_THE_REGISTRY.iter().all(|name| !facts.providers.contains_key(name)));
    }

    fn finder(customs: &[&str]) -> Finder {
        Finder {
            facts: Facts::newest().unwrap(),
            customs: customs.iter().copied().collect(),
            nearest: TextMap::new(),
            found: Vec::new(),
        }
    }

    /// By hand: slips of the hand, and compounds that only share a word.
    #[test]
    fn what_is_near() {
        let mut finder = finder(&["my-server"]);
        for (name, expected) in [
            ("gemeni", Some("gemini")),
            ("googel", Some("gemini")),
            ("deep_seek", Some("deepseek")),
            ("open-routr", Some("openrouter")),
            ("anthropc", Some("anthropic")),
            ("olama", Some("custom")),
            ("custom:my-sever", Some("custom:my-server")),
            ("tencent-token-plan", None),
            ("modelscope", None),
            ("main", None),
            ("corp", None),
            ("openai-compatible", None),
            ("minimax-worldwide", None),
            ("alibaba-token-plan", None),
            ("gai", None),
            ("qqqq", None),
        ] {
            assert_eq!(finder.nearest(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn slips_of_the_hand() {
        let far = |one: &str, other: &str| slips(&squeezed(one), &squeezed(other));
        assert_eq!(
            (far("gemini", "gemini"), far("gemnii", "gemini"), far("gmini", "gemini")),
            (Some(0), Some(1), Some(1))
        );
        assert_eq!((far("x-ai", "xai"), far("gai", "xai"), far("", "")), (Some(0), None, Some(0)));
        assert_eq!(far("tencenttokenplan", "tencenttokenhub"), None);
    }

    /// Each name that is proposed resolves where it is proposed: with it in the place of the odd one nothing is odd there any more,
    /// and the resolution takes it.
    #[test]
    fn every_proposal_resolves_where_it_is_made() {
        let names = [
            "main",
            "openai-compatible",
            "openai",
            "groq",
            "gemeni",
            "deepsek",
            "open-router",
            "modelscope",
            "tencent-token-plan",
            "custom:corp",
            "olama",
            "litellm",
            "google-gemini-cli",
            "azure-openai",
            "claude-api",
            "my-sever",
            "local",
            "zhipuai",
            "moonshotai",
            "kimi_coding",
            "anthropc",
            "vercel",
        ];
        let besides = [
            "",
            ", base_url: 'http://192.168.1.20:8080/v1'",
            ", base_url: 'http://192.168.1.20:8080/v1', api_key: sk-local-fake-0001",
            ", base_url: 'https://ollama.com/v1', key_env: OLLAMA_KEY_1",
            ", base_url: 'https://openrouter.ai/api/v1'",
            ", base_url: 'https://api.deepseek.com/v1', api_key: sk-fake-000000",
            ", api_key: sk-or-v1-fake-000000",
            ", key_env: DEEPSEEK_API_KEY",
        ];
        let custom = "custom_providers: [{name: my-server, base_url: 'http://localhost:9090/v1'}]\n";
        let (mut proposals, mut customs) = (0, 0);
        for (name, beside) in names.iter().flat_map(|name| besides.map(|beside| (*name, beside))) {
            for used in [NameUse::Main, NameUse::Fallback, NameUse::Auxiliary] {
                let text = |name: &str| match used {
                    NameUse::Main => format!("model: {{provider: '{name}', default: m{beside}}}\n{custom}"),
                    NameUse::Fallback => {
                        format!("fallback_providers: [{{provider: '{name}', model: m{beside}}}]\n{custom}")
                    }
                    NameUse::Auxiliary => {
                        format!("auxiliary: {{vision: {{provider: '{name}', model: m{beside}}}}}\n{custom}")
                    }
                };
                let odd = |text: &str| {
                    let world = world(text, &[("OLLAMA_KEY_1", "fake-000000")]);
                    let mut process = process(&world);
                    let verdict = process.verdict(None);
                    odd_names(&mut process, &verdict)
                };
                let Some(found) = odd(&text(name)).into_iter().find(|odd| odd.used == used) else { continue };
                let Some(meant) = found.meant else {
                    assert!(
                        !beside.contains("base_url"),
                        "{name}{beside}: an endpoint is always one for `custom`"
                    );
                    continue;
                };
                proposals += 1;
                customs += usize::from(meant == CUSTOM);
                let after = text(&meant);
                assert!(odd(&after).iter().all(|odd| odd.used != used), "{name}{beside}: {meant}");
                if used == NameUse::Main {
                    let world = world(&after, &[]);
                    let verdict = process(&world).verdict(None).unwrap();
                    assert!(!is_unknown_provider(&verdict.outcome), "{name}{beside}: {meant}");
                    let own = if meant == "my-server" { CUSTOM } else { meant.as_str() };
                    assert_eq!(verdict.provider.as_deref(), Some(own), "{name}{beside}");
                    if beside.contains("192.168") {
                        let runtime = verdict.outcome.unwrap();
                        assert_eq!(runtime.base_url, "http://192.168.1.20:8080/v1", "{name}{beside}");
                    }
                }
            }
        }
        assert!(proposals > 250 && customs > 200, "{proposals}, {customs}");
    }
}
