//! What a pasted `hermes auth list` tells of an auth.json and of variables that were not pasted.
//!
//! It names rows, sources and cooldowns and no keys: each key is one that nobody has seen ([`Secret::unseen`]). Times are
//! taken as if it had been printed at the time of the question. `auth_list_command` of `hermes_cli/auth_commands.py` marks
//! the row that is available next with an arrow; a row before it without a status is passed over for a reason that it does
//! not print: it has no key, is dead, or its status is odd.

use super::{Outcome, Process, Stop};
use crate::base::collections::{TextMap, TextSet};
use crate::facts::strategies::FILL_FIRST;
use crate::hermes::stored::empty_store;
use crate::python::{Dict, Node, Value};
use crate::readers::environ::EnvValue;
use crate::readers::listing::ListedRow;
use crate::secret::Secret;

/// Sources whose rows hold a plain key; others are logins, whose tokens and ends a listing does not show.
const PLAIN: [&str; 2] = ["manual", "model_config"];
/// The fingerprint of a key that was in its variable when the listing was printed: a status that is printed is one of the key
/// that the variable has.
pub(super) const LISTED: &str = "sha256:listed";
/// The error of a row whose cooldown has an end that the listing does not print.
pub(in crate::hermes) const END_NOT_PRINTED: &str = "listed: end not printed";
/// What the source of a row of a custom endpoint begins with.
const CONFIG: &str = "config:";

/// The auth.json that a listing was printed from, as far as it shows; `None` where it shows no row of a pool, and where
/// auth.json was pasted or is known not to exist.
pub(super) fn store(process: &Process<'_>) -> Option<Node> {
    let (world, listing) = (process.world, &process.listing);
    if world.given.auth_store.is_given() {
        return None;
    }
    let arrows = listing.first_arrows();
    let mut pools: TextMap<Vec<Node>> = TextMap::new();
    for (number, row) in listing.rows.iter().enumerate() {
        let Some(provider) = row.provider.as_deref() else { continue };
        let own = process.facts.providers.get(provider);
        let endpoint = own.map_or("", |own| own.inference_base_url.as_str());
        let is_good = ends_unseen(row) && rests(row, &arrows) == Some(false);
        let row = row_of(row, is_good, process, &Secret::unseen(number), endpoint);
        pools.push(provider, row);
    }
    let mut all = Dict::new();
    for (provider, rows) in pools.iter() {
        all.set(provider, Value::list(rows.clone()));
    }
    if all.is_empty() {
        return None;
    }
    let mut store = empty_store(Dict::new());
    store.set("credential_pool", Value::dict(all));
    Some(Node::made(Value::dict(store)))
}

/// Goes on where the listing prints all that decides which row of the pool of `provider` is selected.
///
/// # Errors
/// [`Stop::not_modelled`] where a row is a login, or is not available for a reason or a time that is not printed.
pub(super) fn check(process: &Process<'_>, provider: &str) -> Outcome<()> {
    if process.world.given.auth_store.is_given() {
        return Ok(());
    }
    let arrows = process.listing.first_arrows();
    let own = |row: &&ListedRow| row.provider.as_deref() == Some(provider);
    for row in process.listing.rows.iter().filter(own) {
        let source = row.source.text.as_str();
        let is_variable = row.variable().is_some();
        let is_key = is_variable || PLAIN.contains(&source) || source.starts_with(CONFIG);
        if !is_key || row.auth_type.text != "api_key" {
            return Err(Stop::not_modelled("a login of which only the listing is there"));
        }
        if !is_variable && row.is_passed_over(&arrows) {
            return Err(Stop::not_modelled("why a row of the listing is passed over"));
        }
        if ends_unseen(row) {
            // They last so long at most.
            let is_over = process.world.now >= taken_at(process) + process.facts.pool.exhausted_401_seconds;
            let is_known = match rests(row, &arrows) {
                Some(true) => is_fresh(process),
                Some(false) => true,
                None => false,
            };
            if is_over || is_known {
                continue;
            }
            return Err(Stop::not_modelled("until when a row of the listing is in cooldown"));
        }
    }
    Ok(())
}

impl Process<'_> {
    /// The label of the row that the listing marks as the next one of the pool of `provider`, where `stop` says that it does not
    /// print all that decides; `Some(None)` where it marks none. By another strategy the arrow moves, and in time cooldowns end.
    pub fn listed_arrow(&mut self, provider: &str, stop: &Stop) -> Option<Option<String>> {
        let open = check(self, provider).err()?;
        if open.unmodelled() != stop.unmodelled()
            || !is_fresh(self)
            || self.pool_strategy(provider).ok()? != FILL_FIRST
        {
            return None;
        }
        let mut rows = self.listing.rows.iter().filter(|row| row.provider.as_deref() == Some(provider));
        Some(rows.find(|row| row.is_current).map(|row| row.label.text.clone()))
    }
}

/// Whether the key of a row was refused: the status stays when the cooldown is over, and no time is printed.
fn ends_unseen(row: &ListedRow) -> bool {
    row.status.as_ref().is_some_and(|status| status.head == "auth failed" && status.seconds_left.is_none())
}

/// Whether a row whose key was refused was in cooldown when the listing was printed; `None` where that does not show: behind the
/// arrow nothing tells.
fn rests(row: &ListedRow, arrows: &TextMap<u64>) -> Option<bool> {
    match arrows.get(row.provider.as_deref().unwrap_or("")) {
        Some(arrow) if *arrow < row.index => None,
        Some(arrow) => Some(*arrow > row.index),
        None => Some(true),
    }
}

/// Goes on where no row of the pool of `provider` is only listed: a listing does not print how often a key was used.
///
/// # Errors
/// [`Stop::not_modelled`] else.
pub(super) fn check_counts(process: &Process<'_>, provider: &str) -> Outcome<()> {
    let is_listed = |row: &ListedRow| row.provider.as_deref() == Some(provider);
    if !process.world.given.auth_store.is_given() && process.listing.rows.iter().any(is_listed) {
        return Err(Stop::not_modelled("how often each key of the listing was used"));
    }
    Ok(())
}

/// The variables that were set where the listing was printed and that `.env` does not set, each with an unseen value: the
/// environment had them. None where that was pasted.
pub(super) fn variables(process: &Process<'_>) -> Vec<(String, EnvValue)> {
    let mut found = Vec::new();
    if process.knows_environ() {
        return found;
    }
    let arrows = process.listing.first_arrows();
    let mut written = TextSet::new();
    let reading = process.dotenv_reading();
    for assignment in reading.python_dotenv.iter().chain(&reading.load_env) {
        written.insert(&assignment.name);
    }
    for (number, row) in process.listing.rows.iter().enumerate() {
        if let Some(name) =
            row.variable().filter(|name| !written.contains(name) && !process.environ.contains_key(name))
            && !row.is_passed_over(&arrows)
        {
            let value = Secret::unseen(number).expose().to_owned();
            let place = Some(row.source.place);
            found.push((name.to_owned(), EnvValue { value, place, entry_place: Some(row.place) }));
        }
    }
    found
}

/// Whether what the listing showed still holds. It is printed some time before it is pasted, and asked about some time behind
/// that: a minute more or less is in the nature of it.
fn is_fresh(process: &Process<'_>) -> bool {
    const MINUTE: f64 = 60.0;
    (0.0..MINUTE).contains(&(process.world.now - taken_at(process)))
}

/// When the listing was printed.
fn taken_at(process: &Process<'_>) -> f64 {
    process.world.listing_taken_at.unwrap_or(process.world.now)
}

/// The row of auth.json that a listed one was printed from; one that `is_good` has no status any more.
fn row_of(row: &ListedRow, is_good: bool, process: &Process<'_>, key: &Secret, endpoint: &str) -> Node {
    let taken = taken_at(process);
    let mut fields = Dict::new();
    let id = row.id.as_ref().map_or_else(|| format!("listed-{}", row.place.span.start), |id| id.text.clone());
    fields.set("id", Value::str(id));
    fields.set("label", Value::str(row.label.text.as_str()));
    fields.set("auth_type", Value::str(row.auth_type.text.as_str()));
    let place = i64::try_from(row.index).unwrap_or(i64::MAX);
    fields.set("priority", Value::int(row.priority.unwrap_or(place)));
    fields.set("source", Value::str(row.source.text.as_str()));
    fields.set("base_url", Value::str(endpoint));
    if row.variable().is_some() {
        fields.set("secret_fingerprint", Value::str(LISTED));
    } else {
        fields.set("access_token", Node::at(Value::str(key.expose()), row.label.place));
    }
    if let Some(status) = row.status.as_ref().filter(|_| !is_good) {
        fields.set("last_status", Value::str("exhausted"));
        if let Some(code) = status.code.and_then(|code| i64::try_from(code).ok()) {
            fields.set("last_error_code", Value::int(code));
        }
        if !status.reason.is_empty() {
            fields.set("last_error_reason", Value::str(status.reason.as_str()));
        }
        if let Some(left) = status.seconds_left {
            fields.set("last_status_at", Value::Float(taken));
            fields.set("last_error_reset_at", Value::Float(taken + left as f64));
        } else if ends_unseen(row) {
            fields.set("last_status_at", Value::Float(taken));
            fields.set("last_error_message", Value::str(END_NOT_PRINTED));
        }
    }
    Node::at(Value::dict(fields), row.place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sources::{Given, Sources};
    use crate::facts::Facts;
    use crate::hermes::World;

    fn world(listing: &str) -> World {
        World {
            given: Sources {
                config: Given::Text("model: {provider: gemini, default: g}".to_owned()),
                listing: Given::Text(listing.to_owned()),
                ..Sources::default()
            },
            now: 1_780_000_000.0,
            ..World::default()
        }
    }

    fn winner(world: &World) -> Result<(String, Vec<String>), String> {
        let mut process = Process::start(world, Facts::newest().unwrap()).unwrap();
        let verdict = process.verdict(None).unwrap();
        if let Err(stop) = &verdict.outcome {
            return Err(stop.unmodelled().unwrap_or("raised").to_owned());
        }
        let winner = verdict.winner.unwrap();
        assert!(winner.key.is_unseen());
        Ok((winner.label, verdict.losers.into_iter().map(|(loser, _)| loser.label).collect()))
    }

    /// What the program lists is what it selects from: the arrow is at the row that `peek` returns.
    #[test]
    fn the_row_with_the_arrow_wins() {
        let listing = "gemini (3 credentials):\n  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY rate-limited (429) (58m 20s left)\n  #2  aistudio-2           api_key manual ←\n  #3  aistudio-3           api_key manual\n";
        let expected = ("aistudio-2".to_owned(), vec!["GOOGLE_API_KEY".to_owned(), "aistudio-3".to_owned()]);
        assert_eq!(winner(&world(listing)), Ok(expected));
        let first = "gemini (1 credentials):\n  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←\n";
        assert_eq!(winner(&world(first)), Ok(("GOOGLE_API_KEY".to_owned(), vec![])));
    }

    /// The status of a row is one of the key that its variable has: 0.21.4 takes it from a row whose key is another one.
    #[test]
    fn a_printed_status_stays_in_every_release() {
        let listing = "zai (2 credentials):\n  #1  GLM_API_KEY          api_key id=432ab5 priority=0 env:GLM_API_KEY rate-limited (429) (41m 2s left)\n  #2  second               api_key id=9911ab priority=1 manual ←\n";
        for dotenv in [Given::NotGiven, Given::Text("GLM_API_KEY=fake-glm-0000\n".to_owned())] {
            let mut world = world(listing);
            world.given.config = Given::Text("model: {provider: zai, default: g}".to_owned());
            world.given.dotenv = dotenv;
            for release in crate::facts::EXPLAINED {
                let mut process = Process::start(&world, Facts::of(release).unwrap()).unwrap();
                let winner = process.verdict(None).unwrap().winner.unwrap();
                assert_eq!(winner.label, "second", "{release}");
            }
        }
    }

    /// What is left of a cooldown is as of when the listing was printed.
    #[test]
    fn a_listing_is_of_its_time() {
        let own = |listing: &str, ago: f64| {
            let world = world(listing);
            winner(&World { listing_taken_at: Some(world.now - ago), ..world }).map(|(label, _)| label)
        };
        let limited = "gemini (2 credentials):\n  #1  one                  api_key manual rate-limited (429) (41m 2s left)\n  #2  two                  api_key manual ←\n";
        assert_eq!(own(limited, 0.0), Ok("two".to_owned()));
        assert_eq!(own(limited, 2461.0), Ok("two".to_owned()));
        assert_eq!(own(limited, 2463.0), Ok("one".to_owned()));
        // A key that was refused rests for five minutes, which began before the listing was printed: then it is known to rest.
        let failed = "gemini (2 credentials):\n  #1  one                  api_key manual auth failed (401) (re-auth may be required)\n  #2  two                  api_key manual ←\n";
        let unknown = || Err("until when a row of the listing is in cooldown".to_owned());
        assert_eq!(own(failed, 0.0), Ok("two".to_owned()));
        assert_eq!(own(failed, 59.0), Ok("two".to_owned()));
        assert_eq!(own(failed, 60.0), unknown());
        // The status stays when the cooldown is over: the arrow tells, and behind it nothing does.
        let over = "gemini (2 credentials):\n  #1  one                  api_key manual auth failed (401) (re-auth may be required) ←\n  #2  two                  api_key manual\n";
        assert_eq!(own(over, 0.0), Ok("one".to_owned()));
        let behind = "gemini (2 credentials):\n  #1  one                  api_key manual ←\n  #2  two                  api_key manual auth failed (401) (re-auth may be required)\n";
        assert_eq!(own(behind, 0.0), unknown());
        assert_eq!(own(failed, 299.0), unknown());
        assert_eq!(own(failed, 300.0), Ok("one".to_owned()));
    }

    /// A row of a variable that is gone is listed without an arrow: PC315.
    #[test]
    fn a_variable_that_is_passed_over_has_no_key() {
        let listing = "gemini (2 credentials):\n  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY\n  #2  aistudio-2           api_key manual ←\n";
        assert_eq!(winner(&world(listing)), Ok(("aistudio-2".to_owned(), vec!["GOOGLE_API_KEY".to_owned()])));
    }

    #[test]
    fn what_is_not_printed_is_not_known() {
        let passed = "gemini (2 credentials):\n  #1  one                  api_key manual\n  #2  two                  api_key manual ←\n";
        assert_eq!(winner(&world(passed)), Err("why a row of the listing is passed over".to_owned()));
        let failed = "gemini (2 credentials):\n  #1  one                  api_key manual auth failed (401) (re-auth may be required)\n  #2  two                  api_key manual ←\n";
        assert_eq!(winner(&world(failed)), Ok(("two".to_owned(), vec!["one".to_owned()])));
        let login = "gemini (1 credentials):\n  #1  me                   oauth   device_code ←\n";
        assert_eq!(winner(&world(login)), Err("a login of which only the listing is there".to_owned()));
        let mut counted = world(
            "gemini (2 credentials):\n  #1  one                  api_key manual ←\n  #2  two                  api_key manual\n",
        );
        counted.given.config = Given::Text(
            "model: {provider: gemini}\ncredential_pool_strategies: {gemini: least_used}".to_owned(),
        );
        assert_eq!(winner(&counted), Err("how often each key of the listing was used".to_owned()));
        // What is not known of one pool says nothing of another.
        let other = format!(
            "{}\ngemini (1 credentials):\n  #1  one                  api_key manual ←\n",
            login.replace("gemini", "nous")
        );
        assert_eq!(winner(&world(&other)), Ok(("one".to_owned(), vec![])));
    }

    /// What was pasted itself counts.
    #[test]
    fn a_store_or_an_environment_of_its_own_counts() {
        let listing = "gemini (1 credentials):\n  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←\n";
        let mut given = world(listing);
        given.given.auth_store = Given::Absent;
        given.given.environ = Given::Absent;
        let process = Process::start(&given, Facts::newest().unwrap()).unwrap();
        assert!(store(&process).is_none() && variables(&process).is_empty());
    }

    /// A key that `.env` sets is that of its row; a variable that it does not set was in the environment.
    #[test]
    fn rows_are_joined_with_the_variables_of_dotenv() {
        let listing = "gemini (2 credentials):\n  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←\n  #2  GEMINI_API_KEY       api_key env:GEMINI_API_KEY\n";
        let key = |dotenv: &str| {
            let mut world = world(listing);
            world.given.dotenv = Given::Text(dotenv.to_owned());
            let mut process = Process::start(&world, Facts::newest().unwrap()).unwrap();
            process.verdict(None).unwrap().winner.unwrap().key
        };
        assert!(key("GOOGLE_API_KEY=AIza-fake-1").expose() == "AIza-fake-1");
        assert!(key("GEMINI_API_KEY=AIza-fake-2").is_unseen());
        assert!(key("GOOGLE_API_KEY=\nGEMINI_API_KEY=AIza-fake-2\n").expose() == "AIza-fake-2");
    }
}
