//! PC525: a key, a variable, a row's field or a part of auth.json that nothing in Hermes reads.
//!
//! It runs behind the other rules and speaks of what none of them names.

use super::lines::first_line;
use super::pc509_base_url_without_scheme::lacks_scheme;
use super::pc554_providers_are_text::mapping_for_list;
use super::pools::endpoint_name;
use super::settings::{Setting, is_read};
use super::variables::{
    has_pool, host_labels, is_like, is_plain, known_names, label_stem, mentioned, provider_of_key, variables,
};
use super::{Context, Findings, MOST_LABELS, declare_rule};
use crate::base::collections::TextMap;
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Search as _, Span};
use crate::diagnostic::{Diagnostic, Safety};
use crate::facts::Facts;
use crate::facts::services::Service;
use crate::hermes::custom_providers::DropReason;
use crate::hermes::fallback::FALLBACK_KEYS;
use crate::hermes::pool::{custom_pool_name, is_row_field};
use crate::python::{Dict, Entry, Node, Value, closest, equal, lower, strip};
use crate::secret::is_key_variable;

declare_rule! {
    /// Hermes passes over what it does not know, without a word: a setting whose name is misspelled keeps its default, a key in a
    /// variable of another name is not used, and what a row of auth.json has beside its own fields is lost when the file is written.
    /// A key of config.yaml is reported where its name stands nowhere in Hermes' own lists and in the code that reads them.
    ///
    /// ```yaml fires
    /// model: {provider: gemini}
    /// agent: {max_turn: 40}
    /// ```
    /// ```yaml silent
    /// model: {provider: gemini}
    /// agent: {max_turns: 40}
    /// ```
    pub static UNREAD_ENTRY = {
        code: "PC525", name: "unread-entry", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "{what}",
        why: "{why}",
        todo: "{way}",
        command: "hermes auth add {provider} --type api-key",
        fix_title: "Write `{meant}`",
        label also: "nor `{path}`",
        label first: "this one is read",
        part one: "Hermes does not read `{path}`",
        part many: "Hermes does not read {count} entries, `{path}` first",
        part left_out: "Hermes leaves out this entry of `{path}`",
        part endpoint: "It has no endpoint: neither `base_url` nor `url` nor `api` is a text.",
        part address: "Its endpoint has no scheme or no host, and Hermes takes no such address.",
        part no_list: "Hermes reads no entry of `{path}`",
        part not_a_list: "Hermes takes a list there, and this is not one.",
        part list: "Write a list, each entry with `- name:` and below it `base_url:`, or take it out.",
        part whole: "Write the whole address, as `https://host.example/v1`, or take the entry out.",
        part nameless: "It has no `name`.",
        part mapping: "It is no mapping with `name` and `base_url`.",
        part twice: "An earlier entry has the same name.",
        part hidden: "By the name `{name}` Hermes finds another entry than this one of `{path}`",
        part one_of_name: "Of entries with one name it takes the first: those of `providers` come before those of `custom_providers`.",
        part own_name: "Give each a name of its own.",
        part complete: "Complete it, or take it out.",
        part setting: "No setting of this release has this name.",
        part settings: "Nothing in Hermes takes a setting of such a name from there. A plugin of your own may read it.",
        part field: "A row has no such field. It is lost when Hermes writes the file.",
        part section: "auth.json has no such section.",
        part name: "No provider of this release has a variable of this name, and config.yaml names none. It sounds like `{provider}`, for which Hermes reads {own}.",
        part variable: "No provider of this release has a variable of this name, and config.yaml names none.",
        part key: "No provider of this release has a variable of this name, and config.yaml names none. Its key is one of {service}.",
        part at_root: "At the root of config.yaml Hermes reads `{meant}`, and not here.",
        part text: "Hermes takes a mapping there, and goes on as if nothing was written.",
        part in_env: "Hermes takes variables from `.env` and from the environment of its process, not from config.yaml.",
        part beaten: "`{meant}` says it as well, and comes first.",
        part not_off: "An entry of the fallback chain has no switch: Hermes uses it all the same.",
        part out_of_chain: "Take the whole entry out, or comment it out, if it is not to be used.",
        part one_of_two: "Keep the one that is meant, and take the other one out.",
        part rename: "Write `{meant}`, if that is meant.",
        part move: "Move it to the root of config.yaml.",
        part as_mapping: "Write a mapping: `{meant}`.",
        part into_env: "Write `{meant}=` and the key into `.env`, and take it out here.",
        part take_out: "Take it out, or look its name up, if it should do something.",
        part whose: "If it holds the key that Hermes lacks, add that to the pool, or write it into the variable that Hermes reads.",
        part add: "To use the key, add it to the pool of `{provider}`; Hermes asks for it.",
        part call: "To use the key, call the variable {own}.",
    }
}

/// How close a name has to be to the one that is meant: that of `xtask/src/facts.py`.
pub(super) const CUTOFF: f64 = 0.85;

/// The search for what is meant is slow: behind this many names nothing is suggested.
const MOST_SEARCHES: usize = 300;

/// No name that Hermes reads is nearly as long.
pub(super) const LONGEST_NAME: usize = 48;

/// The sections of auth.json that some part of Hermes reads or writes; `systems` is that of old files.
const STORE: [&str; 7] = [
    "version",
    "providers",
    "credential_pool",
    "active_provider",
    "suppressed_sources",
    "updated_at",
    "systems",
];

/// Sections whose settings are looked at elsewhere.
const SITES: [&str; 2] = ["moa", "cron"];

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    // 0.21.4 may read more.
    if context.is_read_only() || findings.has_repair() {
        return;
    }
    let mut search = Search { context, told: told(&findings.list), left: MOST_SEARCHES, unknown: Vec::new() };
    if let Some(root) = context.config_root() {
        settings(context, findings, &mut search, root);
        beaten(context, findings, &search, root);
        search.unknown.retain(|(_, place)| !findings.has_at(*place));
        search.report_unknown(findings, "settings", "take_out");
        left_out(context, findings, &search);
        hidden(context, findings, &search);
    }
    keys(context, findings, &mut search);
    if let Some(root) = context.auth_root() {
        store(context, findings, &mut search, root);
    }
}

/// All places that findings name, sorted: source, begin, and how far they and those before reach.
fn told(list: &[Diagnostic]) -> Vec<(SourceKind, usize, usize)> {
    let places =
        list.iter().flat_map(|finding| finding.labels.iter().map(|label| label.place).chain([finding.place]));
    let mut told: Vec<_> = places
        .map(|place| (place.source, place.span.start, place.span.end.max(place.span.start + 1)))
        .collect();
    told.sort_unstable();
    let mut reach = (SourceKind::Config, 0);
    for (source, _, end) in &mut told {
        reach = if reach.0 == *source { (*source, reach.1.max(*end)) } else { (*source, *end) };
        *end = reach.1;
    }
    told
}

/// What was found so far, and what is told already.
struct Search<'s, 'a> {
    context: &'s Context<'a>,
    told: Vec<(SourceKind, usize, usize)>,
    left: usize,
    /// What has no like: paths and the places of their names.
    unknown: Vec<(String, Place)>,
}

impl Search<'_, '_> {
    /// Whether a finding names a part of `place`.
    fn is_told(&self, place: Place) -> bool {
        let Span { start, end } = place.span;
        let behind = self.told.partition_point(|told| (told.0, told.1) < (place.source, end.max(start + 1)));
        let last = behind.checked_sub(1).and_then(|last| self.told.get(last));
        last.is_some_and(|(source, _, reach)| *source == place.source && *reach > start)
    }

    /// The name that is meant by `name`, of those that are read at its place.
    fn near<'c>(&mut self, name: &str, read: &[&'c str]) -> Option<&'c str> {
        if name.len() > LONGEST_NAME {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        closest(name, read, CUTOFF).or_else(|| {
            let is_swapped = |own: &&&str| swapped(name, own);
            read.iter().find(is_swapped).copied()
        })
    }

    /// Tells of the entry `entry` of `mapping`, whose name is not read, where none does already and one of `read` is like it.
    /// Gives back the path and the place of one that is like none.
    fn add(
        &mut self,
        findings: &mut Findings,
        entry: &Entry,
        mapping: &Dict,
        path: &str,
        read: &[&str],
        why: &str,
    ) -> Option<(String, Place)> {
        let (name, place) = (entry.key.value.as_str()?, entry.key.place?);
        if says_nothing(&entry.value) || self.is_told(entry.place.unwrap_or(place)) {
            return None;
        }
        let path = if path.is_empty() { name.to_owned() } else { [path, ".", name].concat() };
        let near = self.near(name, read).filter(|near| !mapping.has(near));
        let Some(near) = near else { return Some((path, place)) };
        findings
            .report(&UNREAD_ENTRY, place)
            .with("path", path)
            .with("meant", near)
            .without_command()
            .part("what", "one")
            .part("why", why)
            .part("way", "rename");
        if place.source == SourceKind::Config && self.context.is_plain_key(place, name) {
            findings.replace(place, near);
        }
        None
    }

    /// Tells of what is like nothing that is read, as one note.
    fn report_unknown(&mut self, findings: &mut Findings, why: &str, way: &str) {
        let mut unknown = std::mem::take(&mut self.unknown).into_iter();
        let count = unknown.len();
        let Some((path, place)) = unknown.next() else { return };
        findings
            .report(&UNREAD_ENTRY, place)
            .with("path", path)
            .with("count", count)
            .part("what", if count == 1 { "one" } else { "many" })
            .part("why", why)
            .part("way", way)
            .without_command()
            .as_note();
        for (path, place) in unknown.take(MOST_LABELS) {
            findings.label_with("also", place, vec![("path", path.into())]);
        }
    }
}

/// Whether two names differ in two letters that stand side by side and in the other order: in a short name that is too much for
/// [`closest`].
fn swapped(one: &str, other: &str) -> bool {
    let differ = |pair: &(u8, u8)| pair.0 != pair.1;
    let mut at = one.bytes().zip(other.bytes()).enumerate().filter(|(_, pair)| differ(pair));
    match (at.next(), at.next(), at.next()) {
        (Some((first, (a, b))), Some((second, (c, d))), None) => {
            one.len() == other.len() && second == first + 1 && (a, b) == (d, c)
        }
        _ => false,
    }
}

/// Whether a value is empty: whether it is read or not comes to the same.
fn says_nothing(node: &Node) -> bool {
    match &node.value {
        Value::None => true,
        Value::Str(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Dict(dict) => dict.is_empty(),
        _ => false,
    }
}

/// The keys of config.yaml.
fn settings(context: &Context<'_>, findings: &mut Findings, search: &mut Search<'_, '_>, root: &Node) {
    let keys = &context.facts.config_keys;
    let Some(own) = root.value.as_dict() else { return };
    // What only a newer release reads was written for that one.
    let newest = Facts::newest().unwrap_or(context.facts);
    let defaults = [&context.facts.defaults, &newest.defaults];
    let mut roots: Vec<&str> = context.facts.root_keys.iter().collect();
    roots.extend(context.facts.defaults.value.as_dict().iter().flat_map(|dict| names(dict)));
    for entry in own.iter() {
        let Some(name) = entry.key.value.as_str() else { continue };
        // What begins so is written for anchors and for other tools, and Hermes' check takes it too.
        let is_own = name.starts_with(['_', '.']) || name.starts_with("x-");
        let defaults = defaults.map(|defaults| defaults.get(name));
        let is_known = [context.facts, newest].iter().any(|facts| facts.root_keys.contains(name))
            || defaults.iter().any(Option::is_some);
        // A name that is read elsewhere is none of the root by that.
        let has_variables = !is_own && !is_known && variables_of(findings, search, name, &entry.value);
        // The code has names of providers elsewhere; at the root nothing reads the key below one.
        let is_in_vain = !is_known && keeps_key(context, name, &entry.value);
        let is_in_code = keys.in_code.contains(name) && !is_in_vain;
        if is_own || has_variables || is_in_code {
            continue;
        }
        if !is_known {
            // A platform, a plugin or another program may own what says nothing of keys.
            let unknown = search.add(findings, entry, own, "", &roots, "setting");
            search.unknown.extend(unknown.filter(|_| describes_endpoint(name, &entry.value)));
        } else if let (false, [Some(default), newer]) = (is_open(context, name), defaults) {
            misplaced(context, findings, search, name, &entry.value);
            below(context, findings, search, &entry.value, [default, newer.unwrap_or(default)], name);
        }
    }
    for setting in context.settings.iter().filter(|setting| setting.is_of_endpoint()) {
        let key = setting.key();
        let is_known = setting.depth == 0 || is_read(context.facts, setting.section, key);
        // All that is read of an entry of the chain is known; elsewhere the code may read what no list has.
        let is_of_chain = FALLBACK_KEYS.contains(&setting.section);
        let may_be_read = if is_of_chain { LEFT_ALONE.contains(&key) } else { keys.in_code.contains(key) };
        if !is_known && !key.is_empty() && !may_be_read {
            if is_of_chain && used_all_the_same(findings, search, setting) {
                continue;
            }
            if setting.section == "model" && move_to_root(findings, search, "model", setting.entry) {
                continue;
            }
            let unknown =
                search.add(findings, setting.entry, setting.mapping, setting.section, &[], "setting");
            search.unknown.extend(unknown);
        }
    }
}

/// Names under which people keep remarks, and what releases behind this one may read of an entry of the chain.
const LEFT_ALONE: [&str; 5] = ["name", "description", "label", "extra_body", "timeout"];

/// Tells of an entry of the chain that its author turned off. Whether `setting` turns one on or off: on is what it is without it.
fn used_all_the_same(findings: &mut Findings, search: &Search<'_, '_>, setting: &Setting<'_>) -> bool {
    let (key, value) = (setting.key(), &setting.entry.value.value);
    let is_off = match key {
        "enabled" | "enable" | "active" => !value.is_true() || is_no(value),
        "disabled" | "disable" => value.is_true() && !is_no(value),
        _ => return false,
    };
    let Some(place) = setting.entry.key.place.filter(|place| is_off && !search.is_told(*place)) else {
        return true;
    };
    findings
        .report(&UNREAD_ENTRY, place)
        .with("path", [setting.section, ".", key].concat())
        .without_command()
        .part("what", "one")
        .part("why", "not_off")
        .part("way", "out_of_chain");
    true
}

/// Whether a value is a text that stands for no.
fn is_no(value: &Value) -> bool {
    value.as_str().is_some_and(|text| ["false", "no", "off", "0"].contains(&lower(strip(text)).as_str()))
}

/// Whether the mapping `name` has the name of a provider and holds a key.
fn keeps_key(context: &Context<'_>, name: &str, node: &Node) -> bool {
    context.names_provider(name)
        && KEYS.iter().any(|key| node.get(key).is_some_and(|key| key.value.is_true()))
}

/// What people call a key in the mapping of a provider.
const KEYS: [&str; 4] = ["api_key", "api_keys", "key", "keys"];

/// Tells of what stands at the root or under `model` and says what something says that comes before it: Hermes moves `provider` and
/// `base_url` of the root into `model`, where that has none, and takes `model.model` and `model.name` where there is no `model.default`.
fn beaten(context: &Context<'_>, findings: &mut Findings, search: &Search<'_, '_>, root: &Node) {
    let has_aliases = context.facts.behaviour.loads_model_aliases;
    let Some(model) = root.get("model") else { return };
    // The names of one setting, in the order in which they count: where each stands, and whether older releases read it.
    let settings: [&[(&str, bool)]; 4] = [
        &[("model.provider", true), ("provider", true)],
        &[
            ("model.base_url", true),
            ("base_url", true),
            ("api_base", has_aliases),
            ("model.api_base", has_aliases),
        ],
        &[("model.context_length", true), ("context_length", true)],
        &[("model.default", true), ("model.model", true), ("model.name", has_aliases)],
    ];
    for names in settings {
        let mut written = names.iter().filter_map(|(path, is_read)| {
            let (node, name) = path.strip_prefix("model.").map_or((root, *path), |name| (model, name));
            let entry = node.value.as_dict()?.entry(name)?;
            entry.value.value.is_true().then_some((*path, entry, *is_read))
        });
        let Some((first, winner, true)) = written.next() else { continue };
        for (path, entry, _) in
            written.filter(|(_, entry, _)| !equal(&entry.value.value, &winner.value.value))
        {
            let Some(place) = entry.key.place.filter(|place| !search.is_told(entry.place.unwrap_or(*place)))
            else {
                continue;
            };
            findings
                .report(&UNREAD_ENTRY, place)
                .with("path", path)
                .with("meant", first)
                .without_command()
                .part("what", "one")
                .part("why", "beaten")
                .part("way", "one_of_two")
                .label("first", winner.key.place);
        }
    }
}

/// The sections of the root that say which provider, endpoint or key is used; a chain of fallbacks is PC602's matter.
const OF_ROOT: [&str; 6] =
    ["auxiliary", "credential_pool_strategies", "custom_providers", "delegation", "moa", "providers"];

/// Tells of a section of the root that stands below `section`, where nothing reads it; whether `entry` is one.
fn move_to_root(findings: &mut Findings, search: &Search<'_, '_>, section: &str, entry: &Entry) -> bool {
    let (Some(name), Some(place)) = (entry.key.value.as_str(), entry.key.place) else { return false };
    let is_section = OF_ROOT.contains(&name) && matches!(entry.value.value, Value::Dict(_) | Value::List(_));
    if !is_section || says_nothing(&entry.value) || search.is_told(entry.place.unwrap_or(place)) {
        return false;
    }
    findings
        .report(&UNREAD_ENTRY, place)
        .with("path", [section, ".", name].concat())
        .with("meant", name)
        .without_command()
        .part("what", "one")
        .part("why", "at_root")
        .part("way", "move");
    true
}

/// The sections of the root that stand below `section`, one of the root as well.
fn misplaced(
    context: &Context<'_>,
    findings: &mut Findings,
    search: &Search<'_, '_>,
    section: &str,
    node: &Node,
) {
    let known = context.facts.defaults.get(section);
    for entry in node.entries() {
        let name = entry.key.value.as_str().unwrap_or("");
        if section != "model" && !known.is_some_and(|known| known.has(name)) {
            let _ = move_to_root(findings, search, section, entry);
        }
    }
}

/// Tells of the variables with keys below a root key of nobody; whether there are any.
fn variables_of(findings: &mut Findings, search: &Search<'_, '_>, path: &str, node: &Node) -> bool {
    let mut has_one = false;
    for entry in node.entries() {
        let (Some(name), Some(value), Some(place)) =
            (entry.key.value.as_str(), entry.value.value.as_str(), entry.key.place)
        else {
            continue;
        };
        let facts = search.context.facts;
        if provider_of_key(facts, name, true).is_none() || !is_plain(facts, value) || search.is_told(place) {
            continue;
        }
        has_one = true;
        findings
            .report(&UNREAD_ENTRY, place)
            .with("path", [path, ".", name].concat())
            .with("meant", name)
            .without_command()
            .part("what", "one")
            .part("why", "in_env")
            .part("way", "into_env");
    }
    has_one
}

/// Whether a root key that is not known, or what stands in it, is called as what describes an endpoint or its keys.
fn describes_endpoint(name: &str, node: &Node) -> bool {
    const NAMES: [&str; 9] = [
        "provider",
        "model",
        "base_url",
        "api_base",
        "api_key",
        "api_keys",
        "key_env",
        "api_key_env",
        "keys",
    ];
    const PARTS: [&str; 4] = ["provider", "credential", "api_key", "llm"];
    let names_one = |node: &Node| {
        node.entries().iter().any(|entry| entry.key.value.as_str().is_some_and(|own| NAMES.contains(&own)))
    };
    let name = lower(name);
    NAMES.contains(&name.as_str())
        || PARTS.iter().any(|part| name.holds(part))
        || names_one(node)
        || node.items().iter().any(names_one)
}

/// Whether users choose the names below a root key, or Hermes' lists do not have all of them, or they are those of a site.
fn is_open(context: &Context<'_>, name: &str) -> bool {
    let keys = &context.facts.config_keys;
    let free = [&keys.open, &keys.dynamic, &keys.schema_defined, &keys.platform_containers];
    SITES.contains(&name) || free.iter().any(|set| set.contains(name))
}

/// The keys below a root key of the defaults that are like one of those: of this release, which come first, and of the newest.
fn below(
    context: &Context<'_>,
    findings: &mut Findings,
    search: &mut Search<'_, '_>,
    node: &Node,
    [default, newer]: [&Node; 2],
    path: &str,
) {
    let keys = &context.facts.config_keys;
    let Some(known) = default.value.as_dict() else { return };
    let Some(own) = node.value.as_dict() else { return text_of_site(context, findings, search, node, path) };
    // Below an empty mapping users choose the names.
    if known.is_empty() {
        return;
    }
    let read: Vec<&str> = names(known).collect();
    for entry in own.iter() {
        let Some(name) = entry.key.value.as_str() else { continue };
        let newer = newer.get(name);
        if let Some(default) = known.get(name) {
            if !keys.platform_containers.contains(name) {
                let defaults = [default, newer.unwrap_or(default)];
                below(context, findings, search, &entry.value, defaults, &[path, ".", name].concat());
            }
        } else if KEYS.contains(&name) && context.names_provider(path) {
            let unknown = search.add(findings, entry, own, path, &[], "setting");
            search.unknown.extend(unknown);
        } else if newer.is_none() && !keys.lookalikes.contains(name) && !keys.in_code.contains(name) {
            // What is like none may be read: the defaults do not have all.
            let _ = search.add(findings, entry, own, path, &read, "setting");
        }
    }
}

/// Tells of the name of a provider where a side task or the subagents have a mapping.
fn text_of_site(
    context: &Context<'_>,
    findings: &mut Findings,
    search: &Search<'_, '_>,
    node: &Node,
    path: &str,
) {
    let (Some(text), Some(place)) = (node.value.as_str().map(strip), node.place) else { return };
    let is_site = path == "delegation" || path.strip_prefix("auxiliary.").is_some_and(|task| !task.has('.'));
    if !is_site || search.is_told(place) || !context.names_provider(text) {
        return;
    }
    findings
        .report(&UNREAD_ENTRY, place)
        .with("path", path)
        .with("meant", ["{provider: ", text, "}"].concat())
        .without_command()
        .part("what", "one")
        .part("why", "text")
        .part("way", "as_mapping");
}

fn names(dict: &Dict) -> impl Iterator<Item = &str> {
    dict.iter().filter_map(|entry| entry.key.value.as_str())
}

/// The providers of the user's own that Hermes leaves out without a word.
fn left_out(context: &Context<'_>, findings: &mut Findings, search: &Search<'_, '_>) {
    let customs = context.custom_pool_names();
    for dropped in context.custom_providers.iter().flat_map(|custom| &custom.dropped) {
        // Below the name of one of Hermes' own stands what is set for that one.
        let own = dropped.key.as_ref().and_then(|key| context.pool_names.canonical(&lower(strip(key))));
        let why = match dropped.reason {
            DropReason::NoUrl if own.is_none() && !is_set_for(context, &customs, dropped.key.as_deref()) => {
                "endpoint"
            }
            DropReason::BadUrl(_) => "address",
            DropReason::NotAList(_) => "not_a_list",
            DropReason::NoName => "nameless",
            DropReason::NotAMapping(_) => "mapping",
            DropReason::SameKey | DropReason::SameRoute => "twice",
            DropReason::NoUrl => continue,
        };
        let section = context.config_root().and_then(|root| root.value.as_dict()?.entry("custom_providers"));
        let section = section.filter(|_| why == "not_a_list");
        // PC554 speaks of a mapping in the place of the list, PC509 of an address without a scheme.
        let is_told = match dropped.reason {
            DropReason::NotAList(_) => mapping_for_list(context).is_some(),
            DropReason::BadUrl(url) => lacks_scheme(strip(url.span.of(context.config_text()))),
            _ => false,
        };
        let whole = section.map_or(dropped.place, |section| section.place);
        let Some(place) = whole.filter(|place| !is_told && !search.is_told(*place)) else { continue };
        let (what, way) = match why {
            "address" => ("left_out", "whole"),
            "not_a_list" => ("no_list", "list"),
            _ => ("left_out", "complete"),
        };
        let place = if let DropReason::BadUrl(url) = dropped.reason { url } else { place };
        findings
            .report(&UNREAD_ENTRY, first_line(context.config_text(), place))
            .with(
                "path",
                dropped
                    .key
                    .as_ref()
                    .map_or_else(|| "custom_providers".to_owned(), |key| ["providers.", key].concat()),
            )
            .without_command()
            .part("what", what)
            .part("why", why)
            .part("way", way);
        if section.is_some_and(|section| says_nothing(&section.value)) {
            findings.as_note();
        }
    }
}

/// The providers of the user's own that have the name of the one that is used, and another endpoint.
fn hidden(context: &Context<'_>, findings: &mut Findings, search: &Search<'_, '_>) {
    let (Some(used), Some(block)) = (context.runtime(), context.custom_block()) else { return };
    let bare = |url: &str| lower(url.trim_end_matches('/'));
    let wanted = context.verdict().map(|verdict| endpoint_name(&verdict.requested)).unwrap_or_default();
    let wanted = wanted.strip_prefix("custom:").unwrap_or(&wanted);
    let is_it = |name: Option<&str>| name.is_some_and(|name| endpoint_name(name) == wanted);
    for entry in context.custom_providers.iter().flat_map(|custom| &custom.kept) {
        let (Some(url), Some(place)) = (entry.text("base_url"), entry.place) else { continue };
        let is_same = block.node.place == Some(place) || bare(url) == bare(&used.base_url);
        let key = entry.text("provider_key");
        if is_same || !(is_it(entry.text("name")) || is_it(key)) || search.is_told(place) {
            continue;
        }
        findings
            .report(&UNREAD_ENTRY, first_line(context.config_text(), place))
            .with("name", wanted)
            .with(
                "path",
                key.map_or_else(|| "custom_providers".to_owned(), |key| ["providers.", key].concat()),
            )
            .without_command()
            .part("what", "hidden")
            .part("why", "one_of_name")
            .part("way", "own_name");
    }
}

/// Whether Hermes reads settings, and no endpoint, below `key` of `providers`: those of `hermes_cli/timeouts.py` for the id `custom`,
/// which every endpoint of one's own has, and those of `agent/image_routing.py` for the name of such an endpoint as well.
fn is_set_for(context: &Context<'_>, customs: &TextMap<String>, key: Option<&str>) -> bool {
    const OF_CUSTOM: [&str; 4] = ["enabled", "models", "request_timeout_seconds", "stale_timeout_seconds"];
    let Some((name, block)) = key.and_then(|key| Some((key, context.config_at(&["providers", key])?))) else {
        return false;
    };
    let is_custom = name == "custom";
    let named = || customs.contains_key(&custom_pool_name(name));
    let own = block.entries();
    let mut keys = own.iter().filter_map(|entry| entry.key.value.as_str()).peekable();
    keys.peek().is_some()
        && keys.all(|key| if is_custom { OF_CUSTOM.contains(&key) } else { key == "models" })
        && (is_custom || named())
}

/// The variables of `.env` that hold a key, as their names or values say, which nothing reads. Where Hermes lacks a key, each of them
/// may be the one.
fn keys(context: &Context<'_>, findings: &mut Findings, search: &mut Search<'_, '_>) {
    /// What Hermes makes names of that no table has.
    const MADE: [&str; 3] = ["AUXILIARY_", "MCP_", "HERMES_"];
    /// Words of keys with which no model is asked, and of what is no key.
    const OTHERS: [&str; 14] = [
        "WEBHOOK",
        "CLIENT",
        "PATH",
        "FILE",
        "DIR",
        "ID",
        "PRIVATE",
        "ADMIN",
        "MANAGEMENT",
        "PROVISIONING",
        "MAPS",
        "STORAGE",
        "YOUTUBE",
        "APP",
    ];
    /// Tools that have keys of their own, as their variables begin.
    const TOOLS: [&str; 8] = ["NPM", "PYPI", "GITHUB", "GH", "GITLAB", "DOCKER", "SENTRY", "NOTION"];
    let facts = context.facts;
    let env = &facts.env;
    let (known, mentioned, hosts) = (known_names(facts), mentioned(context), host_labels(context));
    let mut left = MOST_SEARCHES;
    let is_left_without_key = context.is_left_without_key();
    for variable in variables(context) {
        let name = variable.name;
        let is_known = known.contains(name)
            || env.knows(name)
            || env.in_code.contains(name)
            || env.config_set.contains(name)
            || mentioned.contains(name)
            || hosts.contains(&label_stem(name))
            || MADE.iter().any(|begin| name.starts_with(begin));
        if variable.source() != SourceKind::Dotenv
            || is_known
            || !is_key_variable(name)
            || name.split('_').any(|word| OTHERS.contains(&word))
            || !is_plain(facts, variable.value)
            || search.is_told(variable.entry_place)
        {
            continue;
        }
        let service = Service::of_key(variable.value);
        // Where two services give out such keys, the name has to tell.
        let is_sure = |owner: &&Service| {
            owner.mark_of(variable.value).is_some_and(|mark| owner.sharing(mark).is_none())
        };
        let of_value = service.filter(is_sure).map(|service| service.provider.as_str());
        let of_value = of_value.filter(|id| *id == "openrouter" || facts.providers.contains_key(id));
        let of_name = || {
            left = left.checked_sub(1)?;
            let ids = facts.providers.values().iter().map(|row| row.id.as_str()).chain(["openrouter"]);
            ids.into_iter().find(|id| context.takes_keys(id) && is_like(facts, name, id))
        };
        let Some(provider) = of_value.or_else(of_name) else {
            if is_left_without_key && !TOOLS.contains(&name.split('_').next().unwrap_or_default()) {
                search.unknown.push((name.to_owned(), variable.name_place));
            }
            continue;
        };
        let openrouter = (provider == "openrouter").then_some("OPENROUTER_API_KEY");
        let own = context.key_variable(provider).or(openrouter).unwrap_or_default();
        findings
            .report(&UNREAD_ENTRY, variable.name_place)
            .with("path", name)
            .with("provider", provider)
            .with("own", own)
            .with("service", service.map_or("", |service| service.name.as_str()))
            .part("what", "one")
            .part("why", if of_value.is_some() { "key" } else { "name" })
            .as_note();
        if has_pool(provider) {
            findings.part("way", "add");
        } else {
            findings.part("way", "call").without_command();
        }
    }
    search.report_unknown(findings, "variable", "whose");
}

/// The sections of auth.json, and the fields of the rows of its pools.
fn store(context: &Context<'_>, findings: &mut Findings, search: &mut Search<'_, '_>, root: &Node) {
    let Some(own) = root.value.as_dict() else { return };
    for entry in own.iter() {
        let is_known = entry.key.value.as_str().is_none_or(|name| STORE.contains(&name));
        if !is_known {
            let unknown = search.add(findings, entry, own, "", &STORE, "section");
            search.unknown.extend(unknown);
        }
    }
    search.report_unknown(findings, "section", "take_out");
    for row in context.stored_rows() {
        let Some(fields) = row.node.value.as_dict() else { continue };
        for entry in fields.iter() {
            let name = entry.key.value.as_str().unwrap_or_default();
            if !is_row_field(name) {
                let unknown = search.add(findings, entry, fields, "", &[], "field");
                search.unknown.extend(unknown);
            }
        }
    }
    search.report_unknown(findings, "field", "take_out");
}

#[cfg(test)]
mod tests {
    use super::UNREAD_ENTRY;
    use crate::report::SeverityName;
    use crate::rules::testing::{fires, silent};

    /// `_normalize_root_model_keys` of 0.19.0: what `model` says comes first, then what stands at the root, and of the names of the
    /// model `default`, `model`, `name`.
    #[test]
    fn what_is_said_twice() {
        fires(
            &UNREAD_ENTRY,
            "\
--- config.yaml
provider: deepseek
^^^^^^^^ PC525
base_url: https://one.example/v1
^^^^^^^^ PC525
model:
  provider: gemini
  base_url: https://two.example/v1
  default: a
  model: b
  ^^^^^ PC525
  name: c
  ^^^^ PC525
--- says
Hermes does not read `provider`
`model.provider` says it as well, and comes first.
Hermes does not read `model.name`
",
        );
        fires(
            &UNREAD_ENTRY,
            "--- config.yaml\nprovider: deepseek\napi_base: https://one.example/v1\n^^^^^^^^ PC525\nbase_url: https://two.example/v1\nmodel: {model: b, name: c}\n                  ^^^^ PC525\n",
        );
        // Which of the two is read comes to the same.
        silent(
            &UNREAD_ENTRY,
            "--- config.yaml\nprovider: gemini\nmodel: {provider: gemini, default: a, name: a}\n",
        );
        silent(&UNREAD_ENTRY, "--- config.yaml\nprovider: gemini\nmodel: {provider: '', model: a}\n");
    }

    /// Expected: the recorded case `accepts_url_templates`, and `_normalize_custom_provider_entry` of each release, which wants a
    /// scheme and a host.
    #[test]
    fn providers_that_are_left_out_for_their_address() {
        fires(
            &UNREAD_ENTRY,
            "\
--- release 0.17.0
--- config.yaml
model: {provider: gemini, default: g}
providers:
  a: {base_url: '{region}.x.example/v1'}
                ^^^^^^^^^^^^^^^^^^^^^^^ PC525
custom_providers:
  - name: b
    base_url: https://
              ^^^^^^^^ PC525
--- says
Hermes leaves out this entry of `providers.a`
Its endpoint has no scheme or no host
",
        );
        silent(
            &UNREAD_ENTRY,
            "--- config.yaml\nmodel: {provider: gemini, default: g}\nproviders: {a: {base_url: '{region}.x.example/v1'}}\n",
        );
        fires(
            &UNREAD_ENTRY,
            "\
--- config.yaml
model: {provider: gemini, default: g}
custom_providers: 5
^^^^^^^^^^^^^^^^^^^ PC525
--- says
Hermes reads no entry of `custom_providers`
",
        );
    }

    /// What another one beats is told once, be it read by this release or not.
    #[test]
    fn what_is_beaten_is_told_once() {
        let report = fires(
            &UNREAD_ENTRY,
            "\
--- release 0.13.0
--- config.yaml
model: {provider: auto, default: m, base_url: 'https://one.example/v1'}
api_base: https://two.example/v1
^^^^^^^^ PC525
--- says
`model.base_url` says it as well, and comes first.
",
        );
        let own = report.findings.iter().filter(|finding| finding.code.as_str() == "PC525");
        assert_eq!(own.count(), 1);
    }

    #[test]
    fn a_misspelled_setting() {
        fires(
            &UNREAD_ENTRY,
            "\
--- config.yaml
model: {provider: gemini, default: g}
dispaly:
^^^^^^^ PC525
  compact: true
terminal:
  backand: docker
  ^^^^^^^ PC525
--- .env
GEMINI_API_KEY=AIza-fake-key-000000
--- fixed config.yaml
model: {provider: gemini, default: g}
display:
  compact: true
terminal:
  backend: docker
--- says
Write `display`, if that is meant.
Hermes does not read `terminal.backand`
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
",
        );
    }

    #[test]
    fn what_is_like_nothing_is_one_note() {
        let report = fires(
            &UNREAD_ENTRY,
            "\
--- config.yaml
llm_pool: {owner: me}
^^^^^^^^ PC525
model:
  provider: gemini
  temperature: 0.7
fallback_providers:
  - {provider: openrouter, model: m, weight: 3}
--- says
Hermes does not read 3 entries, `llm_pool` first
A plugin of your own may read it.
",
        );
        let labels: Vec<&str> =
            report.findings[0].labels.iter().map(|label| label.message.as_str()).collect();
        assert_eq!(labels, ["nor `model.temperature`", "nor `fallback_providers.weight`"]);
    }

    /// Platforms, plugins and other programs own sections and keys that no table of Hermes' has.
    #[test]
    fn what_may_be_another_s() {
        silent(
            &UNREAD_ENTRY,
            "\
--- config.yaml
model: {provider: gemini, default: g}
feishu: {require_mention: false, enabled: true, allow_from: [ou_1]}
irc: {server: irc.example.org, token: fake}
notes: {owner: me}
--- .env
GEMINI_API_KEY=AIza-fake-key-000000
ALIBABA_CLOUD_ACCESS_KEY_ID=fake-id-000000
GITHUB_WEBHOOK_SECRET=fake-000000
GITHUB_APP_PRIVATE_KEY_PATH=/etc/fake/key.pem
GOOGLE_MAPS_API_KEY=AIza-fake-maps-000000
OPENROUTER_PROVISIONING_KEY=sk-or-fake-000000
",
        );
    }

    /// The real 0.19.0 goes to the first entry when the main model fails.
    #[test]
    fn an_entry_of_the_chain_that_is_turned_off() {
        let report = fires(
            &UNREAD_ENTRY,
            "\
--- config.yaml
model: {provider: gemini, default: g}
fallback_providers:
  - {provider: openrouter, model: a/b, enabled: false}
                                       ^^^^^^^ PC525
  - {provider: zai, model: c, disabled: 'yes', enabled: true, weight: 5, description: spare}
                              ^^^^^^^^ PC525
                                                              ^^^^^^ PC525
--- .env
GEMINI_API_KEY=AIza-fake-key-000000
OPENROUTER_API_KEY=sk-or-fake-key-000000
GLM_API_KEY=fake-key-000000
--- says
Hermes uses it all the same
Hermes does not read `fallback_providers.weight`
",
        );
        let warnings = report.findings.iter().filter(|finding| finding.severity == SeverityName::Warning);
        assert_eq!(warnings.count(), 2);
    }

    #[test]
    fn side_tasks_and_sections_of_providers_that_do_not_exist() {
        fires(
            &UNREAD_ENTRY,
            "\
--- config.yaml
model: {provider: gemini, default: g}
auxiliary:
  visoin: {provider: gemini, model: g}
  ^^^^^^ PC525
openai: {api_key: fake-key-000000}
^^^^^^ PC525
--- fixed config.yaml
model: {provider: gemini, default: g}
auxiliary:
  vision: {provider: gemini, model: g}
openai: {api_key: fake-key-000000}
--- .env
GEMINI_API_KEY=AIza-fake-key-000000
--- says
Write `vision`, if that is meant
",
        );
    }

    #[test]
    fn keys_of_a_variable_that_nothing_reads() {
        fires(
            &UNREAD_ENTRY,
            "\
--- config.yaml
model: {provider: gemini}
--- .env
GEMINI_API_KEY=AIza-fake-key-000000
WORK_KEY=sk-or-fake-key-000000
^^^^^^^^ PC525
SECOND_DEEPSEEK_KEY=sk-fake-key-111111
^^^^^^^^^^^^^^^^^^^ PC525
--- says
Its key is one of OpenRouter.
hermes auth add openrouter --type api-key
It sounds like `deepseek`, for which Hermes reads DEEPSEEK_API_KEY.
",
        );
    }

    #[test]
    fn sections_of_auth_json_and_fields_of_its_rows() {
        fires(
            &UNREAD_ENTRY,
            r#"
--- auth.json
{"version": 1, "supressed_sources": {"gemini": ["env:GOOGLE_API_KEY"]},
               ^^^^^^^^^^^^^^^^^^^ PC525
 "credential_pool": {"gemini": [
  {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual", "weight": 2,
                                                                                          ^^^^^^^^ PC525
   "base_url": "https://generativelanguage.googleapis.com/v1beta", "access_token": "AIza-fake-key-000000"}]}}
--- says
Write `suppressed_sources`, if that is meant.
It is lost when Hermes writes the file.
"#,
        );
    }

    /// 0.19.0 uses the main model for these tasks and subagents, and has no strategy for `gemini`.
    #[test]
    fn sections_that_stand_or_are_written_wrong() {
        for (lines, says) in [
            (
                "  auxiliary: {vision: {provider: openrouter, model: m}}\n  ^^^^^^^^^ PC525\n",
                "Move it to the root",
            ),
            (
                "  credential_pool_strategies: {gemini: round_robin}\n  ^^^^^^^^^^^^^^^^^^^^^^^^^^ PC525\n",
                "and not here",
            ),
            (
                "agent:\n  delegation: {provider: openrouter, model: m}\n  ^^^^^^^^^^ PC525\n",
                "`agent.delegation`",
            ),
            (
                "delegation: openrouter\n            ^^^^^^^^^^ PC525\n",
                "Write a mapping: `{provider: openrouter}`",
            ),
            (
                "auxiliary:\n  compression: gemini\n               ^^^^^^ PC525\n",
                "goes on as if nothing was written",
            ),
            (
                "env:\n  DEEPSEEK_API_KEY: sk-fake-key-000000\n  ^^^^^^^^^^^^^^^^ PC525\n",
                "Write `DEEPSEEK_API_KEY=` and the key into `.env`",
            ),
        ] {
            fires(
                &UNREAD_ENTRY,
                &format!(
                    "--- config.yaml\nmodel:\n  provider: gemini\n{lines}--- .env\nGEMINI_API_KEY=AIza-fake-000000\n--- says\n{says}\n"
                ),
            );
        }
        for (lines, fixed) in [
            (
                "auxiliary:\n  compresion: {provider: openrouter, model: m}\n  ^^^^^^^^^^ PC525\n",
                "auxiliary:\n  compression: {provider: openrouter, model: m}\n",
            ),
            (
                "delegation: {provder: openrouter, model: m}\n             ^^^^^^^ PC525\n",
                "delegation: {provider: openrouter, model: m}\n",
            ),
            (
                "delegations: {provider: openrouter, model: m}\n^^^^^^^^^^^ PC525\n",
                "delegation: {provider: openrouter, model: m}\n",
            ),
        ] {
            fires(
                &UNREAD_ENTRY,
                &format!(
                    "--- config.yaml\nmodel: {{provider: gemini}}\n{lines}--- .env\nGEMINI_API_KEY=AIza-fake-000000\n--- fixed config.yaml\nmodel: {{provider: gemini}}\n{fixed}"
                ),
            );
        }
        silent(
            &UNREAD_ENTRY,
            "\
--- config.yaml
model: {provider: gemini}
delegation: {provider: openrouter, model: m, key_env: MY_KEY, max_iterations: 4}
auxiliary:
  my_plugin_task: {provider: openrouter, model: m}
  vision: {provider: auto, timeout: 30, extra_body: {a: 1}}
env: {PATH: /bin}
",
        );
    }

    /// 0.19.0 sends A_KEY to a.example in both.
    #[test]
    fn two_endpoints_of_one_name() {
        for (first, second) in [
            (
                "custom_providers:\n- {name: gw, base_url: 'https://a.example/v1', key_env: A_KEY}\n",
                "- {name: GW, base_url: 'https://b.example/v1', key_env: B_KEY}\n",
            ),
            (
                "providers: {gw: {base_url: 'https://a.example/v1', key_env: A_KEY}}\ncustom_providers:\n",
                "- {name: gw, base_url: 'https://b.example/v1', key_env: B_KEY}\n",
            ),
        ] {
            let marks = "^".repeat(second.len() - 3);
            fires(
                &UNREAD_ENTRY,
                &format!(
                    "--- config.yaml\nmodel: {{provider: gw, default: m}}\n{first}{second}  {marks} PC525\n--- .env\nA_KEY=sk-fake-000000\nB_KEY=sk-fake-000001\n--- says\nBy the name `gw` Hermes finds another entry\n"
                ),
            );
        }
        silent(
            &UNREAD_ENTRY,
            "\
--- config.yaml
model: {provider: gw, default: m}
custom_providers:
- {name: gw, base_url: 'https://a.example/v1', model: m}
- {name: gw, base_url: 'https://a.example/v1', model: n}
- {name: other, base_url: 'https://b.example/v1'}
",
        );
    }

    /// `get_provider_request_timeout('custom', 'm')` gives 300.0 for this (0.19.0, run).
    #[test]
    fn what_is_set_for_endpoints_of_one_s_own() {
        let model =
            "--- config.yaml\nmodel: {provider: custom, default: m, base_url: 'http://localhost:8000/v1'}\n";
        for providers in [
            "{custom: {request_timeout_seconds: 300, models: {m: {timeout_seconds: 60}}}}",
            "{custom: {stale_timeout_seconds: 300, enabled: true}}",
        ] {
            silent(&UNREAD_ENTRY, &format!("{model}providers: {providers}\n"));
        }
        silent(
            &UNREAD_ENTRY,
            "\
--- config.yaml
model: {provider: gpu, default: m}
custom_providers: [{name: gpu, base_url: 'http://localhost:8000/v1'}]
providers: {gpu: {models: {m: {supports_vision: true}}}}
",
        );
        fires(
            &UNREAD_ENTRY,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: 'http://localhost:8000/v1'}
providers:
  lab:
    request_timeout_seconds: 300
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC525
",
        );
    }

    #[test]
    fn what_is_read_and_what_other_programs_own() {
        silent(
            &UNREAD_ENTRY,
            "\
--- config.yaml
x-shared: &shared {a: 1}
_note: mine
model: {provider: gemini, context_length: 100000}
agent: {max_turns: 40}
display: {skin: ares, personality: kawaii}
mcp_servers: {weather: {command: npx, token: '${WEATHER_KEY}'}}
quick_commands: {hi: {type: exec, command: echo hi}}
model_aliases: {fast: {model: m, provider: gemini}}
--- .env
GEMINI_API_KEY=AIza-fake-key-000000
WEATHER_KEY=sk-or-fake-key-000000
STRIPE_API_KEY=fake-key-0000000000
TELEGRAM_BOT_TOKEN=100000:fake-000000000000
AUXILIARY_VISION_API_KEY=sk-or-fake-key-000000
",
        );
    }
}
