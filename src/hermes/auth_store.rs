//! `auth.json`: the parts of `hermes_cli/auth.py` that read and write the auth store.

use super::listed;
use super::pool::{merged_with_disk, sanitized, text_or_empty};
use super::stored::{Ids, MADE_ID, VERSION, empty_store, true_id};
use super::{Outcome, Process, Stop, caught};
use crate::base::sources::SourceKind;
use crate::base::text::Search;
use crate::facts::behaviour::Behaviour;
use crate::json::{self, JsonError};
use crate::python::{Dict, Node, Value, equal, lower, strip};

/// `DEFAULT_NOUS_PORTAL_URL`.
pub(super) const NOUS_PORTAL: &str = "https://portal.nousresearch.com";
/// `_NOUS_STALE_PORTAL_HOSTS`.
const STALE_NOUS_PORTAL_HOST: &str = "api.nousresearch.com";
/// What the process has done to `auth.json` so far, and what it last read there.
#[derive(Clone, Debug, Default)]
pub struct AuthStoreState {
    /// The store as it was last written; `None` while the file still has the text that was given.
    pub written: Option<Node>,
    written_root: Option<Node>,
    /// What the files that were given hold, once they are read.
    given: Option<Outcome<Node>>,
    given_root: Option<Outcome<Option<Node>>>,
    ids: u64,
}

impl AuthStoreState {
    /// The same as a new program finds it: with the texts that were given.
    pub(super) fn as_given(&self) -> Self {
        Self { written: None, written_root: None, ids: 0, ..self.clone() }
    }
}

/// `_load_auth_store(path)` of a file with `text`.
fn load_text(text: &str, source: SourceKind, behaviour: &Behaviour) -> Outcome<Node> {
    let load = if behaviour.auth_json_may_have_a_bom { json::load_behind_mark } else { json::load };
    let root = match load(text, source) {
        Ok(loaded) => loaded.root,
        Err(JsonError::Unmodelled { what, .. }) => return Err(Stop::not_modelled(what)),
        Err(_) => return Ok(Node::made(Value::dict(empty_store(Dict::new())))),
    };
    let Value::Dict(content) = &root.value else {
        return Ok(Node::made(Value::dict(empty_store(Dict::new()))));
    };
    let is_dict = |name: &str| content.get(name).is_some_and(|node| node.value.as_dict().is_some());
    if is_dict("providers") || is_dict("credential_pool") {
        let mut store = content.as_ref().clone();
        if !store.has("providers") {
            store.set("providers", Value::dict(Dict::new()));
        }
        if behaviour.moves_the_nous_portal {
            migrate_portal(&mut store)?;
        }
        return Ok(Node { value: Value::dict(store), place: root.place });
    }
    if let Some(systems) = content.get("systems").and_then(|node| node.value.as_dict()) {
        let mut providers = Dict::new();
        if let Some(nous) = systems.get("nous_portal") {
            providers.set("nous", nous.clone());
        }
        let active = if providers.is_empty() { Value::None } else { Value::str("nous") };
        let mut store = empty_store(providers);
        store.set("active_provider", active);
        return Ok(Node::made(Value::dict(store)));
    }
    Ok(Node::made(Value::dict(empty_store(Dict::new()))))
}

/// `_migrate_stale_nous_portal_url`: the old address of the Nous portal becomes the new one.
fn migrate_portal(store: &mut Dict) -> Outcome<()> {
    let Some(providers) = store.get("providers").and_then(|node| node.value.as_dict()) else { return Ok(()) };
    let Some(nous) = providers.get("nous").and_then(|node| node.value.as_dict()) else { return Ok(()) };
    let stored = match nous.get("portal_base_url").map(|node| &node.value) {
        Some(Value::Str(url)) => strip(url),
        Some(other) if other.is_true() => return Err(Stop::no_attribute(other.type_name(), "strip")),
        _ => "",
    };
    if stored.is_empty() || host(stored)?.as_deref() != Some(STALE_NOUS_PORTAL_HOST) {
        return Ok(());
    }
    let (mut providers, mut nous) = (providers.clone(), nous.clone());
    nous.set("portal_base_url", Value::str(NOUS_PORTAL));
    providers.set("nous", Value::dict(nous));
    store.set("providers", Value::dict(providers));
    Ok(())
}

/// `urlparse(url).hostname`.
fn host(url: &str) -> Outcome<Option<String>> {
    let url = url.trim_start_matches(|c: char| c <= ' ').replace(['\t', '\r', '\n'], "");
    let rest = match url.split_once(':') {
        Some((scheme, rest))
            if scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')) =>
        {
            rest
        }
        _ => &url,
    };
    let Some(rest) = rest.strip_prefix("//") else { return Ok(None) };
    let location = rest.split(['/', '?', '#']).next().unwrap_or("");
    match (location.has('['), location.has(']')) {
        (false, false) if location.is_ascii() => {}
        (false, false) | (true, true) => return Err(Stop::not_modelled("an unusual Nous portal address")),
        _ => return Err(Stop::raised("ValueError", "Invalid IPv6 URL")),
    }
    let address = location.rsplit('@').next().unwrap_or("");
    let name = address.split(':').next().unwrap_or("");
    Ok((!name.is_empty()).then(|| lower(name)))
}

/// The rows of `provider` in `store` that are mappings.
pub(super) fn rows_in<'a>(store: &'a Node, provider: &str) -> impl Iterator<Item = &'a Node> {
    let rows = rows(pool_of(store), provider).unwrap_or_default();
    rows.iter().filter(|row| row.value.as_dict().is_some())
}

/// The pool of `provider` where it is a list.
fn rows<'a>(pool: Option<&'a Dict>, provider: &str) -> Option<&'a [Node]> {
    pool?.get(provider)?.value.as_list()
}

fn pool_of(store: &Node) -> Option<&Dict> {
    store.get("credential_pool")?.value.as_dict()
}

impl Process<'_> {
    /// `_load_auth_store()`: the parsed store, or the empty one where the file is absent or broken.
    ///
    /// # Errors
    /// What the real function raises, as for a Nous portal address that is no text.
    pub fn load_auth_store(&mut self) -> Outcome<Node> {
        if let Some(written) = &self.auth_store.written {
            return Ok(written.clone());
        }
        if self.auth_store.given.is_none() {
            let given =
                match self.world.given.auth_store.text() {
                    Some(_) if self.world.is_undecodable(SourceKind::AuthStore) => {
                        Ok(Node::made(Value::dict(empty_store(Dict::new()))))
                    }
                    Some(text) => load_text(text, SourceKind::AuthStore, &self.facts.behaviour),
                    None => Ok(listed::store(self)
                        .unwrap_or_else(|| Node::made(Value::dict(empty_store(Dict::new()))))),
                };
            self.auth_store.given = Some(given);
        }
        self.auth_store.given.clone().unwrap_or_else(|| Err(Stop::not_modelled("the auth store")))
    }

    /// `_load_global_auth_store()`: the root's store that a profile falls back to; `None` without a profile,
    /// without that file, or where reading it raises.
    pub(super) fn load_root_store(&mut self) -> Outcome<Option<Node>> {
        if let Some(written) = &self.auth_store.written_root {
            return Ok(Some(written.clone()));
        }
        if self.auth_store.given_root.is_none() {
            let text = self.world.profile.as_ref().and(self.world.given.root_auth_store.text());
            let given =
                text.map(|text| caught(load_text(text, SourceKind::RootAuthStore, &self.facts.behaviour)));
            self.auth_store.given_root = Some(given.unwrap_or(Ok(None)));
        }
        self.auth_store.given_root.clone().unwrap_or(Ok(None))
    }

    /// `_save_auth_store(store)`. The time that the real function writes with it is left out.
    fn save_auth_store(&mut self, mut store: Dict) {
        store.set("version", Value::int(VERSION));
        self.auth_store.written = Some(Node::made(Value::dict(store)));
    }

    /// `read_credential_pool(provider)`: the provider's rows, from the profile's store or the root's.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn read_credential_pool(&mut self, provider: &str) -> Outcome<Vec<Node>> {
        let store = self.load_auth_store()?;
        let root = self.load_root_store()?;
        let own = rows(pool_of(&store), provider).filter(|rows| !rows.is_empty());
        let fallback = root.as_ref().and_then(pool_of);
        Ok(own.or_else(|| rows(fallback, provider)).map(<[Node]>::to_vec).unwrap_or_default())
    }

    /// The login of `provider` in `store`, else in the root's.
    pub(super) fn provider_state_in(&mut self, store: &Node, provider: &str) -> Outcome<Option<Node>> {
        let state = |store: &Node| {
            let state = store.get("providers")?.get(provider)?;
            state.value.as_dict().is_some().then(|| state.clone())
        };
        match state(store) {
            Some(found) => Ok(Some(found)),
            None if !self.facts.behaviour.logins_of_the_root_count => Ok(None),
            None => Ok(self.load_root_store()?.as_ref().and_then(state)),
        }
    }

    /// `read_credential_pool(None)`: all pools by provider.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn read_credential_pools(&mut self) -> Outcome<Dict> {
        let store = self.load_auth_store()?;
        let root = self.load_root_store()?;
        let mut pools = pool_of(&store).cloned().unwrap_or_default();
        for entry in root.as_ref().and_then(pool_of).iter().flat_map(|pool| pool.iter()) {
            let Some(name) = entry.key.value.as_str() else { continue };
            let given = entry.value.value.as_list().is_some_and(|rows| !rows.is_empty());
            if given && rows(Some(&pools), name).is_none_or(<[Node]>::is_empty) {
                pools.set(name, entry.value.clone());
            }
        }
        Ok(pools)
    }

    /// `write_credential_pool(provider, rows, removed_ids=…)`: rows that lie on disk and not in `rows` are kept,
    /// unless their id was removed.
    pub(super) fn write_credential_pool(
        &mut self,
        provider: &str,
        rows: &[Node],
        removed: &[Value],
    ) -> Outcome<()> {
        if self.borrows_logins(provider) {
            // Only rows that the root has would be changed there, and there are none.
            return Ok(());
        }
        // Ids that are not kept from the disk: those that were removed and those that `rows` have.
        let mut gone = Ids::default();
        for id in removed.iter().filter(|id| id.is_true()) {
            gone.insert(id, 0)?;
        }
        let store = self.load_auth_store()?;
        let mut store = store.value.as_dict().cloned().unwrap_or_default();
        let mut pool =
            store.get("credential_pool").and_then(|node| node.value.as_dict()).cloned().unwrap_or_default();
        let mut merged: Vec<Node> = Vec::with_capacity(rows.len());
        for row in rows {
            merged.push(cleaned(row, provider, &self.facts.behaviour)?);
        }
        let keeps_others = self.facts.behaviour.writing_keeps_others_rows;
        for id in merged.iter().filter(|_| keeps_others).filter_map(true_id) {
            gone.insert(id, 0)?;
        }
        let disk = pool.get(provider).and_then(|node| node.value.as_list()).unwrap_or_default();
        if self.facts.behaviour.writing_keeps_newer_cooldowns {
            let mut places = Ids::default();
            for (at, row) in disk.iter().enumerate() {
                if let Some(id) = true_id(row) {
                    places.insert(id, at)?;
                }
            }
            for row in &mut merged {
                let own = true_id(row).map(|id| places.get(id)).transpose()?.flatten();
                if let Some(known) = own.and_then(|at| disk.get(at)) {
                    *row = merged_with_disk(self, provider, row, known)?;
                }
            }
        }
        for row in disk.iter().filter(|_| keeps_others) {
            if let Some(id) = true_id(row)
                && !gone.has(id)?
            {
                merged.push(cleaned(row, provider, &self.facts.behaviour)?);
            }
        }
        let place = pool.get(provider).and_then(|node| node.place);
        pool.set(provider, Node { value: Value::list(merged), place });
        store.set("credential_pool", Value::dict(pool));
        self.save_auth_store(store);
        Ok(())
    }

    /// Whether the profile would change rows of `provider` in the root's store in place of its own.
    pub(super) fn borrows_logins(&self, provider: &str) -> bool {
        self.facts.behaviour.shares_logins_with_the_root
            && self.world.profile.is_some()
            && matches!(provider, "anthropic" | "openai-codex" | "xai-oauth")
    }

    /// `is_source_suppressed(provider, source)`.
    ///
    /// # Errors
    /// [`Stop::not_modelled`] only: the real function catches everything.
    pub fn is_source_suppressed(&mut self, provider: &str, source: &str) -> Outcome<bool> {
        let Some(store) = caught(self.load_auth_store())? else { return Ok(false) };
        let list = store.get("suppressed_sources").and_then(|node| node.get(provider));
        Ok(match list.map(|node| &node.value) {
            Some(Value::List(items)) => {
                let wanted = Value::str(source);
                items.iter().any(|item| equal(&item.value, &wanted))
            }
            // `in` finds a part of a text and a key of a mapping.
            Some(Value::Str(text)) => text.holds(source),
            Some(Value::Dict(dict)) => dict.has(source),
            _ => false,
        })
    }

    /// `_load_provider_state(store, provider)`: the login in the `providers` part, where there is one.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn load_provider_state(&mut self, provider: &str) -> Outcome<Option<Node>> {
        let own = self.load_auth_store()?;
        self.provider_state_in(&own, provider)
    }

    /// Takes the tokens of a Codex or xAI login out of auth.json, where they are still those of the entry that has the
    /// refresh token, and writes down why. The time that the real program writes with it is left out.
    pub(super) fn forget_tokens(&mut self, provider: &str, refresh_token: &Value) -> Outcome<()> {
        let dict_at = |node: Option<&Node>| node.and_then(|node| node.value.as_dict()).cloned();
        let state = self.load_provider_state(provider)?;
        let mut state = dict_at(state.as_ref()).unwrap_or_default();
        let tokens = state.get("tokens").filter(|tokens| tokens.value.is_true());
        let mut tokens = match tokens {
            Some(tokens) if tokens.value.as_dict().is_none() => return Ok(()),
            tokens => dict_at(tokens).unwrap_or_default(),
        };
        let stored = text_or_empty(tokens.get("refresh_token").map(|node| &node.value))?;
        let own = text_or_empty(Some(refresh_token))?;
        if !strip(&stored).is_empty() && strip(&stored) != strip(&own) {
            return Ok(());
        }
        let (code, message) = match provider {
            "openai-codex" => (
                "codex_auth_missing_refresh_token",
                "Codex auth is missing refresh_token. Run `hermes auth` to re-authenticate.",
            ),
            _ => (
                "xai_auth_missing_refresh_token",
                "xAI OAuth is missing refresh_token. Re-authenticate with `hermes model`.",
            ),
        };
        let mut error = Dict::new();
        for (name, text) in [
            ("provider", provider),
            ("code", code),
            ("message", message),
            ("reason", "credential_pool_refresh_failure"),
        ] {
            error.set(name, Value::str(text));
        }
        error.set("relogin_required", Value::Bool(true));
        let _ = tokens.remove("access_token");
        let _ = tokens.remove("refresh_token");
        state.set("tokens", Value::dict(tokens));
        state.set("last_auth_error", Value::dict(error));
        self.save_provider_state(provider, state)
    }

    /// `_save_provider_state(store, provider, state)` and `_save_auth_store(store)`.
    pub(super) fn save_provider_state(&mut self, provider: &str, state: Dict) -> Outcome<()> {
        let store = with_state(self.load_auth_store()?, provider, state);
        self.save_auth_store(store);
        Ok(())
    }

    /// `_save_provider_state_to_source(store, provider, state, path)`: the login goes where it was read.
    pub(super) fn save_provider_state_to_source(&mut self, provider: &str, state: Dict) -> Outcome<()> {
        let own = self.load_auth_store()?;
        let own_state = own.get("providers").and_then(|providers| providers.get(provider));
        match self.load_root_store()? {
            Some(root) if own_state.is_none_or(|state| state.value.as_dict().is_none()) => {
                let mut store = with_state(root, provider, state);
                store.set("version", Value::int(VERSION));
                self.auth_store.written_root = Some(Value::dict(store).into());
                Ok(())
            }
            _ => self.save_provider_state(provider, state),
        }
    }

    /// `get_provider_auth_state(provider)`: as [`Process::load_provider_state`], in all releases with those of the root.
    pub(super) fn provider_auth_state(&mut self, provider: &str) -> Outcome<Option<Node>> {
        if let Some(own) = self.load_provider_state(provider)? {
            return Ok(Some(own));
        }
        let root = self.load_root_store()?;
        let state = root.as_ref().and_then(|store| store.get("providers")?.get(provider));
        Ok(state.filter(|state| state.value.as_dict().is_some()).cloned())
    }

    /// An id in the place of one that the real program draws at random.
    pub(super) fn new_id(&mut self) -> Value {
        self.auth_store.ids += 1;
        Value::str(format!("{MADE_ID}{}", self.auth_store.ids))
    }

    /// `auth.json` as it now lies on disk, without `updated_at` and the rows' `id`; `None` where there is no file.
    ///
    /// # Errors
    /// [`Stop::raised`] where the file cannot be read as JSON.
    pub fn stored_auth(&mut self) -> Outcome<Value> {
        let node = match (&self.auth_store.written, self.world.given.auth_store.text()) {
            (Some(written), _) => written.clone(),
            (None, None) => return Ok(Value::None),
            (None, Some(text)) => {
                // Python reads text files with every line end as `\n`, and its errors count in that text.
                let text = text.replaced("\r\n", "\n").replace('\r', "\n");
                json::load(&text, SourceKind::AuthStore)
                    .map_err(|error| match error.kind() {
                        Some(kind) => Stop::raised(kind, error.text()),
                        None => Stop::not_modelled(error.text()),
                    })?
                    .root
            }
        };
        let Value::Dict(store) = &node.value else { return Ok(node.value) };
        let mut store = store.as_ref().clone();
        let _ = store.remove("updated_at");
        let pool = store.get("credential_pool").and_then(|node| node.value.as_dict()).cloned();
        if let Some(mut pool) = pool {
            for entry in pool.iter_mut() {
                let Some(rows) = entry.value.value.as_list() else { continue };
                let rows = rows.iter().map(without_id).collect();
                entry.value = Node::made(Value::list(rows));
            }
            store.set("credential_pool", Value::dict(pool));
        }
        Ok(Value::dict(store))
    }
}

/// `_save_provider_state(store, provider, state)`: the login is there, and is the one that is used.
fn with_state(store: Node, provider: &str, state: Dict) -> Dict {
    let mut store = store.value.as_dict().cloned().unwrap_or_default();
    let providers = store.get("providers").and_then(|node| node.value.as_dict());
    let mut providers = providers.cloned().unwrap_or_default();
    providers.set(provider, Value::dict(state));
    store.set("providers", Value::dict(providers));
    store.set("active_provider", Value::str(provider));
    store
}

/// The row as it may lie on disk.
fn cleaned(row: &Node, provider: &str, behaviour: &Behaviour) -> Outcome<Node> {
    let Some(content) = row.value.as_dict() else { return Ok(row.clone()) };
    let clean = sanitized(content, provider, behaviour)?;
    Ok(clean.map_or_else(|| row.clone(), |clean| Node { value: Value::dict(clean), place: row.place }))
}

fn without_id(row: &Node) -> Node {
    let Some(content) = row.value.as_dict() else { return row.clone() };
    let mut content = content.clone();
    let _ = content.remove("id");
    Node { value: Value::dict(content), place: row.place }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sources::{Given, Sources};
    use crate::hermes::World;
    use crate::hermes::testing::process;

    fn world(text: &str) -> World {
        World {
            given: Sources {
                auth_store: Given::Text(text.to_owned()),
                dotenv: Given::Absent,
                ..Sources::default()
            },
            ..World::default()
        }
    }

    #[test]
    fn a_broken_or_foreign_file_is_an_empty_store() {
        for text in ["", "{", "[]", "null", "{\"version\": 1}", "\u{feff}{\"providers\": {}}"] {
            let world = world(text);
            let store = process(&world).load_auth_store().unwrap();
            assert_eq!(store.get("providers").unwrap().value.as_dict().unwrap().len(), 0, "{text}");
        }
        let world = world(r#"{"systems": {"nous_portal": {"a": 1}}}"#);
        let store = process(&world).load_auth_store().unwrap();
        assert_eq!(store.get("active_provider").unwrap().value.as_str(), Some("nous"));
    }

    #[test]
    fn the_old_portal_becomes_the_new_one() {
        for (url, moved) in [
            ("https://api.nousresearch.com/x", true),
            (" http://u@API.nousresearch.com:80", true),
            ("https://portal.nousresearch.com", false),
            ("api.nousresearch.com", false),
        ] {
            let world = world(&format!(r#"{{"providers": {{"nous": {{"portal_base_url": "{url}"}}}}}}"#));
            let state = process(&world).load_provider_state("nous").unwrap().unwrap();
            let stored = state.get("portal_base_url").unwrap().value.as_str().unwrap() == NOUS_PORTAL;
            assert_eq!(stored, moved || url == NOUS_PORTAL, "{url}");
        }
        let world = world(r#"{"providers": {"nous": {"portal_base_url": 5}}}"#);
        assert!(
            matches!(process(&world).load_auth_store(), Err(stop) if stop.exception().is_some_and(|raised| raised.kind == "AttributeError"))
        );
    }

    #[test]
    fn suppressed_sources_may_be_a_text() {
        // `in` on a text looks for a part of it; on anything else that is no container it raises, and that is caught.
        let world =
            world(r#"{"providers": {}, "suppressed_sources": {"a": "env:X,env:Y", "b": 5, "c": ["env:X"]}}"#);
        let mut process = process(&world);
        let answers =
            ["a", "b", "c", "d"].map(|provider| process.is_source_suppressed(provider, "env:X").unwrap());
        assert_eq!(answers, [true, false, true, false]);
    }

    #[test]
    fn a_broken_file_is_an_error_for_those_who_ask_for_its_content() {
        let world = world("{\r\n\"a\": 1,}");
        let stop = process(&world).stored_auth().unwrap_err();
        let raised = stop.exception().unwrap();
        assert_eq!(raised.kind, "JSONDecodeError");
        assert!(raised.message.ends_with("line 2 column 8 (char 9)"), "{}", raised.message);
    }
}
