//! The law that what users wrote is accounted for: every key of config.yaml, variable of `.env` and part of auth.json is read, or a
//! finding names it, or it belongs to other programs.
//!
//! What is read is told here by lists of the release and by what the model keeps and drops, and not as the rule PC525 tells it.

use std::collections::BTreeSet;

use poolcheck::api::{Input, Options, check};
use poolcheck::base::sources::{Given, SourceKind, Sources};
use poolcheck::base::text::{Edit, Edits, Place, Span};
use poolcheck::facts::Facts;
use poolcheck::facts::services::Service;
use poolcheck::hermes::custom_providers::DropReason;
use poolcheck::hermes::{Process, World};
use poolcheck::json;
use poolcheck::python::{Node, lower, repr};
use poolcheck::report::{FindingView, Location, Report, VerdictState, VerdictView};
use poolcheck::rules::is_placeholder;
use poolcheck::yaml;

use super::{findings, text_of};

/// A group shows this many places beside its first; of more it gives the number.
const MOST_LABELS: usize = 20;

/// Holds that everything that is written is accounted for. Where a text is damaged, a comment silences something or findings are
/// only counted, not all of it is told.
pub(super) fn accounts_for_what_is_written(input: &Input, facts: &'static Facts, report: &Report) {
    let is_whole = report.repaired.is_none()
        && report.silenced.is_empty()
        && report.more.is_empty()
        && !report.findings.iter().any(|finding| {
            let code = finding.code.as_str();
            finding.fix.is_some() && code.starts_with("PC1") && code != "PC114"
        });
    if !is_whole || poolcheck::facts::READ.contains(&facts.release.as_str()) {
        return;
    }
    let told = Told::of(input, report);
    if told.has_full_group {
        return;
    }
    settings(input, facts, &told);
    dropped(input, facts, &told);
    variables(input, facts, &told, &report.verdict);
    store(input, facts, &told);
}

/// The places that findings name, by source, in bytes.
struct Told {
    places: Vec<(SourceKind, usize, usize)>,
    has_full_group: bool,
}

impl Told {
    fn of(input: &Input, report: &Report) -> Self {
        let mut places = Vec::new();
        for source in SourceKind::PASTED {
            let text = text_of(input, source);
            let mut own: Vec<&Location> = Vec::new();
            for finding in findings(report) {
                own.push(&finding.location);
                own.extend(finding.labels.iter().map(|label| &label.location));
            }
            own.retain(|location| location.source == source);
            if own.is_empty() {
                continue;
            }
            let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            places.extend(
                own.iter().map(|place| (source, offsets[place.start.offset], offsets[place.end.offset])),
            );
        }
        let has_full_group = report.findings.iter().any(|finding| finding.labels.len() >= MOST_LABELS);
        Self { places, has_full_group }
    }

    fn names(&self, source: SourceKind, span: Span) -> bool {
        self.places.iter().any(|(own, start, end)| {
            *own == source && *start < span.end.max(span.start + 1) && span.start < (*end).max(start + 1)
        })
    }
}

/// Whether a value is empty: read or not, it comes to the same.
fn says_nothing(node: &Node) -> bool {
    node.value.is_none()
        || node.value.as_str().is_some_and(str::is_empty)
        || node.value.as_list().is_some_and(<[Node]>::is_empty)
        || node.value.as_dict().is_some_and(|dict| dict.is_empty())
}

/// The keys of config.yaml that name what is read at the root, and in the sections that describe endpoints.
fn settings(input: &Input, facts: &'static Facts, told: &Told) {
    let Given::Text(text) = &input.given.config else { return };
    // By the reader that the release has.
    let world = World {
        given: Sources { config: Given::Text(text.clone()), ..Sources::default() },
        ..World::default()
    };
    let file = Process::started(&world, facts).0.config_file();
    let Some(root) = file.parsed.clone() else {
        let whole = Span::new(0, text.len() + 1);
        assert!(
            told.names(SourceKind::Config, whole),
            "nothing of config.yaml is read, and no finding says so: {:?}",
            file.failure
        );
        return;
    };
    let keys = &facts.config_keys;
    let held = |node: &Node, known: &dyn Fn(&str, &Node) -> bool, where_: &str| {
        for entry in node.entries() {
            let (Some(name), Some(place)) = (entry.key.value.as_str(), entry.place) else { continue };
            let is_known = says_nothing(&entry.value)
                || name.is_empty()
                || keys.in_code.contains(name)
                || known(name, &entry.value);
            assert!(
                is_known || told.names(SourceKind::Config, place.span),
                "nothing reads `{name}` {where_}, and no finding says so\n{text}"
            );
        }
    };
    // A platform, a plugin or another program may own a section that has nothing to do with endpoints and keys.
    let is_foreign = |name: &str, node: &Node| {
        const OF_ENDPOINTS: [&str; 5] = ["provider", "model", "base_url", "api_key", "key_env"];
        let names_one = |node: &Node| OF_ENDPOINTS.iter().any(|own| node.get(own).is_some());
        !["provider", "credential", "llm"].iter().any(|part| name.contains(part))
            && !OF_ENDPOINTS.contains(&name)
            && !names_one(node)
            && !node.items().iter().any(names_one)
    };
    let is_root = |name: &str| {
        let newest = Facts::newest().unwrap();
        [facts, newest]
            .iter()
            .any(|facts| facts.root_keys.contains(name) || facts.defaults.get(name).is_some())
            || ["_", ".", "x-"].iter().any(|begin| name.starts_with(begin))
    };
    let at_root = |name: &str, node: &Node| is_foreign(name, node) || is_root(name);
    held(&root, &at_root, "at the root");
    let of_block = |name: &str, _: &Node| {
        keys.custom_provider_keys.contains(name) || keys.custom_provider_aliases.contains_key(name)
    };
    for block in root.get("custom_providers").map(Node::items).unwrap_or_default() {
        held(block, &of_block, "in an entry of custom_providers");
    }
    for block in root.get("providers").map(Node::entries).unwrap_or_default() {
        held(&block.value, &of_block, "in a block of providers");
    }
    /// What the code takes from `model`, apart from what has the same name elsewhere.
    const OF_MODEL: [&str; 14] = [
        "api",
        "api_base",
        "api_key",
        "api_mode",
        "auth_mode",
        "base_url",
        "context_length",
        "default",
        "max_tokens",
        "model",
        "name",
        "provider",
        "supports_vision",
        "fallback_model",
    ];
    if let Some(model) = root.get("model") {
        held(model, &|name, _| OF_MODEL.contains(&name), "under model");
        beaten(facts, &root, model, told);
    }
    const OF_FALLBACK: [&str; 8] =
        ["provider", "model", "base_url", "api_key", "key_env", "api_key_env", "api_mode", "transport"];
    for name in ["fallback_providers", "fallback_model"] {
        let Some(chain) = root.get(name) else { continue };
        for entry in chain.value.as_list().unwrap_or(std::slice::from_ref(chain)) {
            held(entry, &|name, _| OF_FALLBACK.contains(&name), "in an entry of the fallback chain");
        }
    }
}

/// What stands at the root or under `model` and says what comes before it there: `_normalize_root_model_keys` takes what `model` says
/// first, and of the names of the model `default`, then `model`, then `name`.
fn beaten(facts: &Facts, root: &Node, model: &Node, told: &Told) {
    let has_aliases = facts.behaviour.loads_model_aliases;
    let of = |node: &Node, name: &str| {
        let entry = node.value.as_dict()?.entry(name)?;
        entry.value.value.is_true().then(|| (repr(&entry.value.value), entry.place))
    };
    let name = of(model, "name")
        .filter(|_| has_aliases || ["default", "model"].iter().any(|own| of(model, own).is_some()));
    for written in [
        vec![of(model, "provider"), of(root, "provider")],
        vec![of(model, "base_url"), of(root, "base_url")],
        vec![of(model, "default"), of(model, "model"), name],
    ] {
        let mut written = written.into_iter().flatten();
        let Some((first, _)) = written.next() else { continue };
        for (other, place) in written.filter(|(other, _)| *other != first) {
            assert!(
                told.names(SourceKind::Config, place.unwrap().span),
                "{first:?} is read, and no finding says that {other:?} is not"
            );
        }
    }
}

/// The providers and fallbacks that the model leaves out, as the real program does without a word.
fn dropped(input: &Input, facts: &'static Facts, told: &Told) {
    let world = World {
        given: Sources {
            config: input.given.config.clone(),
            dotenv: input.given.dotenv.clone(),
            auth_store: input.given.auth_store.clone(),
            environ: input.given.environ.clone(),
            ..Sources::default()
        },
        ..World::default()
    };
    let (mut process, _) = Process::started(&world, facts);
    let Given::Text(text) = &input.given.config else { return };
    let root = yaml::load(text, SourceKind::Config).root.ok();
    let mut places: Vec<(Place, String)> = Vec::new();
    if let Ok(custom) = process.custom_providers(None) {
        for out in &custom.dropped {
            // Below a name of Hermes' own stands what is set for that provider, and where there is no list the key is named.
            let is_of_own = |key: &String| {
                let name = lower(key.trim());
                // OpenRouter is in no registry.
                name == "openrouter"
                    || facts.providers.contains_key(&name)
                    || facts.aliases.contains_key(&name)
            };
            // `hermes_cli/timeouts.py` reads these below `custom`, `agent/image_routing.py` one of them below each name that an
            // endpoint of one's own has.
            let has_settings = |key: &String| {
                let settings = ["enabled", "models", "request_timeout_seconds", "stale_timeout_seconds"];
                let is_named = custom.kept.iter().any(|entry| entry.text("name") == Some(key));
                let block = root.as_ref().and_then(|root| root.get("providers")?.get(key));
                let own = block.map(|block| block.entries()).unwrap_or_default();
                (key == "custom" || is_named)
                    && !own.is_empty()
                    && own
                        .iter()
                        .all(|entry| entry.key.value.as_str().is_some_and(|key| settings.contains(&key)))
            };
            let place = match out.reason {
                DropReason::NoUrl if out.key.as_ref().is_some_and(is_of_own) => None,
                DropReason::NoUrl if out.key.as_ref().is_some_and(has_settings) => None,
                DropReason::NotAList(_) => root.as_ref().and_then(|root| {
                    let sections = root.entries();
                    sections.iter().find(|entry| entry.key.value.as_str() == Some("custom_providers"))?.place
                }),
                _ => out.place,
            };
            places.extend(place.map(|place| (place, format!("{out:?}"))));
        }
    }
    if let Ok(chain) = process.fallback_entries() {
        // An entry with nothing in it says nothing.
        let dropped = chain.dropped.iter().filter_map(|out| Some((out.place?, format!("{out:?}"))));
        places.extend(dropped.filter(|(place, _)| !["{}", "", "null", "~"].contains(&place.span.of(text))));
    }
    for (place, what) in places.iter().filter(|(place, _)| place.source == SourceKind::Config) {
        assert!(told.names(SourceKind::Config, place.span), "left out, and no finding says so: {what}");
    }
}

/// The variables of `.env` whose values are surely keys of a provider, and all that are called like keys where Hermes has none.
fn variables(input: &Input, facts: &Facts, told: &Told, verdict: &VerdictView) {
    let (Given::Text(text), config) = (&input.given.dotenv, text_of(input, SourceKind::Config)) else {
        return;
    };
    let mut known: BTreeSet<&str> = BTreeSet::from(["OPENROUTER_API_KEY", "OPENAI_API_KEY"]);
    for row in facts.providers.values() {
        known.extend(row.api_key_env_vars.iter().map(String::as_str));
    }
    for profile in facts.profiles.values() {
        known.extend(profile.env_vars.iter().map(String::as_str));
    }
    for overlay in facts.overlays.values() {
        known.extend(overlay.extra_env_vars.iter().map(String::as_str));
    }
    /// Tools that are set up beside Hermes, as their variables begin.
    const OF_TOOLS: [&str; 8] =
        ["NPM_", "PYPI_", "GITHUB_", "GH_", "GITLAB_", "DOCKER_", "SENTRY_", "NOTION_"];
    let is_whole = input.given.auth_store.is_given() && verdict.provider.is_some();
    let lacks_key = is_whole && verdict.winner.is_none() && matches!(verdict.state, VerdictState::Fails);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.trim_end().len());
        at += line.len();
        let Some((name, value)) = line.trim_end().split_once('=') else { continue };
        let is_plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let is_of_key =
            ["_KEY", "_TOKEN"].iter().any(|end| name.ends_with(end)) && name.chars().all(is_plain);
        let is_word = !value.is_empty()
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && !is_placeholder(facts, value);
        let is_any = lacks_key
            && ["_API_KEY", "_TOKEN"].iter().any(|end| name.ends_with(end))
            && !OF_TOOLS.iter().any(|begin| name.starts_with(begin));
        let is_key = is_any
            || Service::of_key(value).is_some_and(|service| facts.providers.contains_key(&service.provider));
        // Of one name the last assignment counts; PC411 speaks of the others.
        let is_last = !text.get(at..).unwrap_or("").contains(&format!("{name}="));
        let is_read = known.contains(name)
            || facts.env.knows(name)
            || facts.env.in_code.contains(name)
            || config.contains(name)
            || text.contains(&format!("${name}"))
            || text.contains(&format!("${{{name}"))
            || ["AUXILIARY_", "MCP_", "HERMES_"].iter().any(|begin| name.starts_with(begin))
            // Keys of a provider's other services, with which no model is asked.
            || ["MAPS", "ADMIN", "MANAGEMENT", "PROVISIONING", "YOUTUBE", "CLIENT", "WEBHOOK", "APP", "ID"]
                .iter()
                .any(|word| name.split('_').any(|own| own == *word));
        assert!(
            !is_of_key || !is_word || !is_key || !is_last || is_read || told.names(SourceKind::Dotenv, span),
            "nothing reads the key in {name}, and no finding says so"
        );
    }
}

/// The sections of auth.json, its pools, their rows and fields.
fn store(input: &Input, facts: &'static Facts, told: &Told) {
    const SECTIONS: [&str; 7] = [
        "version",
        "providers",
        "credential_pool",
        "active_provider",
        "suppressed_sources",
        "updated_at",
        "systems",
    ];
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
    let Given::Text(text) = &input.given.auth_store else { return };
    // An empty file has nothing in it.
    if text.trim().is_empty() {
        return;
    }
    let Ok(loaded) = json::load(text, SourceKind::AuthStore) else {
        let whole = Span::new(0, text.len() + 1);
        assert!(
            told.names(SourceKind::AuthStore, whole),
            "nothing of auth.json is read, and no finding says so"
        );
        return;
    };
    let is_told =
        |place: Option<Place>| place.is_none_or(|place| told.names(SourceKind::AuthStore, place.span));
    for entry in loaded.root.entries() {
        let is_known = says_nothing(&entry.value)
            || entry.key.value.as_str().is_none_or(|name| SECTIONS.contains(&name));
        assert!(is_known || is_told(entry.place), "nothing reads {:?} of auth.json", entry.key.value);
    }
    for pool in loaded.root.get("credential_pool").map(Node::entries).unwrap_or_default() {
        let name = pool.key.value.as_str().unwrap_or_default();
        // Whether a pool is that of an endpoint, config.yaml says.
        let is_asked_for = input.given.config.text().is_none()
            || name.starts_with("custom:")
            || name == "openrouter"
            || facts.providers.contains_key(name)
            || pool.value.items().is_empty()
            || yaml::load(input.given.config.text().unwrap(), SourceKind::Config).root.is_err();
        assert!(is_asked_for || is_told(pool.place), "no provider asks for the pool {name}");
        for row in pool.value.items() {
            if row.value.as_dict().is_none() {
                assert!(is_told(row.place), "a row of the pool {name} is no object");
            }
            for field in row.entries() {
                let own = field.key.value.as_str().unwrap_or_default();
                // A newer release may have written the file.
                let newest = Facts::newest().unwrap();
                let is_known = says_nothing(&field.value)
                    || FIELDS.contains(&own)
                    || facts.pool.extra_keys.contains(own)
                    || newest.pool.extra_keys.contains(own);
                assert!(is_known || is_told(field.place), "nothing reads the field {own} of a row of {name}");
            }
        }
    }
}

/// What a finding of PC525 names is read by nothing: under another name it changes nothing.
pub(super) fn changes_nothing(input: &Input, options: &Options, report: &Report) {
    // An entry that is left out has no name of its own that could be another one.
    let is_named = |finding: &&FindingView| {
        finding.code.as_str() == "PC525" && finding.what.as_str().starts_with("Hermes does not read")
    };
    let unread: Vec<_> = report.findings.iter().filter(is_named).collect();
    for finding in unread.iter().take(3) {
        let kind = finding.location.source;
        let text = text_of(input, kind);
        let offset = |point: usize| text.char_indices().nth(point).map_or(text.len(), |(at, _)| at);
        let span = Span::new(offset(finding.location.start.offset), offset(finding.location.end.offset));
        let other = match kind {
            SourceKind::Dotenv => "ZZZ_UNREAD",
            SourceKind::AuthStore => "\"zzz-unread\"",
            _ => "x-zzz-unread",
        };
        let edited = Edits::new(vec![Edit::replace(span, other)]).unwrap().apply(text);
        let mut under_another = input.clone();
        under_another.given[kind] = Given::Text(edited);
        let after = check(&under_another, options).unwrap();
        let outcome = |verdict: &VerdictView| {
            let winner = verdict.winner.as_ref().map(|winner| (winner.label.clone(), winner.key.clone()));
            (
                verdict.state,
                verdict.summary.clone(),
                verdict.provider.clone(),
                verdict.endpoint.clone(),
                winner,
            )
        };
        assert_eq!(
            outcome(&report.verdict),
            outcome(&after.verdict),
            "{}: what is told to be unread is read: {}",
            kind.heading(),
            finding.what
        );
    }
}
