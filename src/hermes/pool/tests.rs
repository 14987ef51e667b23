//! Whole pools: what a world's entries are, which one is taken, and what is left on disk. What is expected is
//! what the real program answered for the same worlds.

use super::Failed;
use crate::base::sources::{Given, SourceKind, Sources};
use crate::hermes::testing::process;
use crate::hermes::{Origin, Process, Reason, TraceStep, World};
use crate::python::{Value, to_str};

const NOW: f64 = 1_780_000_000.0;

fn world(auth_store: &str) -> World {
    World {
        given: Sources {
            config: Given::Text("model: {provider: gemini}\n".to_owned()),
            dotenv: Given::Absent,
            auth_store: Given::Text(auth_store.to_owned()),
            ..Sources::default()
        },
        now: NOW,
        ..World::default()
    }
}

fn gemini(rows: &str) -> World {
    world(&format!("{{\"credential_pool\": {{\"gemini\": [{rows}]}}}}"))
}

fn selected(process: &mut Process<'_>) -> Option<String> {
    let mut pool = process.load_pool("gemini").unwrap();
    pool.select(process).unwrap().and_then(|entry| to_str(entry.field("label")))
}

fn log(process: &mut Process<'_>) -> Vec<String> {
    std::mem::take(&mut process.log).into_iter().map(|line| line.message).collect()
}

#[test]
fn a_selection_says_why_the_others_lost() {
    let world = gemini(
        r#"{"id": "a", "label": "one", "access_token": "sk-fake-1", "priority": 0, "last_status": "exhausted",
            "last_error_code": 429, "last_status_at": 1779999000},
           {"id": "b", "label": "two", "priority": 1},
           {"id": "c", "label": "three", "access_token": "sk-fake-3", "priority": 2, "last_status": "dead"},
           {"id": "d", "label": "four", "access_token": "sk-fake-4", "priority": 3},
           {"id": "e", "label": "five", "access_token": "sk-fake-5", "priority": 4}"#,
    );
    let mut process = process(&world);
    assert_eq!(selected(&mut process).as_deref(), Some("four"));
    let reasons: Vec<(String, Option<Reason>)> = (process.trace.take().into_iter())
        .map(|step| match step {
            TraceStep::Won(candidate) => (candidate.label, None),
            TraceStep::Lost(candidate, reason) => (candidate.label, Some(reason)),
        })
        .collect();
    let expected = [
        ("one", Some(Reason::CoolingDown { until: Some(1_780_002_600.0), status: Some(429) })),
        ("two", Some(Reason::NoKey)),
        ("three", Some(Reason::Dead)),
        ("four", None),
        ("five", Some(Reason::LaterInPool)),
    ];
    assert_eq!(reasons, expected.map(|(label, reason)| (label.to_owned(), reason)));
}

#[test]
fn every_entry_knows_where_it_is_written() {
    let mut world = gemini(r#"{"id": "a", "label": "one", "access_token": "sk-fake-1"}"#);
    world.given.dotenv = Given::Text("# keys\nGOOGLE_API_KEY=sk-fake-2\n".to_owned());
    let mut process = process(&world);
    let pool = process.load_pool("gemini").unwrap();
    let [row, variable] = pool.entries.as_slice() else { panic!("two entries") };
    let key = row.key_place.unwrap();
    assert_eq!(key.source, SourceKind::AuthStore);
    assert_eq!(key.span.of(world.given.auth_store.text().unwrap()), "\"sk-fake-1\"");
    assert!(row.place.unwrap().span.contains(key.span));
    let key = variable.key_place.unwrap();
    assert_eq!(
        (key.source, key.span.of(world.given.dotenv.text().unwrap())),
        (SourceKind::Dotenv, "sk-fake-2")
    );
}

#[test]
fn marking_rotates_and_is_logged_and_written() {
    let world = gemini(
        r#"{"id": "a", "label": "one", "access_token": "sk-fake-1", "priority": 0},
           {"id": "b", "label": "two", "access_token": "sk-fake-2", "priority": 1}"#,
    );
    let mut process = process(&world);
    let mut pool = process.load_pool("gemini").unwrap();
    let mut context = crate::python::Dict::new();
    context.set("message", Value::str("Resets in 2hr 3min"));
    let next = pool
        .mark_exhausted_and_rotate(&mut process, &Value::int(429), &Value::dict(context), Failed::default())
        .unwrap()
        .unwrap();
    assert_eq!(to_str(next.field("label")).as_deref(), Some("two"));
    assert_eq!(
        log(&mut process),
        ["credential pool: marking one exhausted (status=429), rotating", "credential pool: rotated to two"]
    );
    let rows = process.read_credential_pool("gemini").unwrap();
    let reset = rows[0].get("last_error_reset_at").map(|node| node.value.clone());
    assert!(matches!(reset, Some(Value::Float(reset)) if reset == NOW + 7380.0));
    process.clock += 7381.0;
    assert_eq!(selected(&mut process).as_deref(), Some("one"));
}

#[test]
fn a_revoked_login_is_dead_and_goes_after_a_day() {
    let world = gemini(r#"{"id": "a", "label": "one", "access_token": "sk-fake-1"}"#);
    let mut process = process(&world);
    let mut pool = process.load_pool("gemini").unwrap();
    let mut context = crate::python::Dict::new();
    context.set("reason", Value::str(" Token_Revoked "));
    let status = Value::int(401);
    assert!(
        pool.mark_exhausted_and_rotate(&mut process, &status, &Value::dict(context), Failed::default())
            .unwrap()
            .is_none()
    );
    process.clock += 90_000.0;
    assert!(pool.peek(&mut process).unwrap().is_none());
    assert!(pool.entries.is_empty());
    assert!(process.read_credential_pool("gemini").unwrap().is_empty());
    assert_eq!(
        log(&mut process),
        [
            "credential pool: marking one DEAD (status=401, reason=Token_Revoked) — permanently failed, \
             will NOT re-enter rotation until re-auth",
            "credential pool: no available entries (all exhausted or empty)",
            "credential pool: pruning DEAD manual entry one (reason=Token_Revoked, age=25.0h) — re-add via \
             `hermes auth add gemini`"
        ]
    );
}

#[test]
fn round_robin_writes_the_new_order_and_least_used_counts() {
    let rows = r#"{"id": "a", "label": "one", "access_token": "sk-fake-1", "priority": 0},
                  {"id": "b", "label": "two", "access_token": "sk-fake-2", "priority": 1}"#;
    for (strategy, anew, in_one) in [
        ("round_robin", ["one", "two", "one"], ["two", "one", "two"]),
        ("least_used", ["one"; 3], ["one", "two", "one"]),
        ("Failover", ["one"; 3], ["one"; 3]),
    ] {
        let mut world = gemini(rows);
        world.given.config = Given::Text(format!("credential_pool_strategies: {{gemini: {strategy}}}\n"));
        let mut process = process(&world);
        // A pool of its own each time, as the runtime loads one: only what is written is remembered.
        let taken = [(); 3].map(|()| selected(&mut process).unwrap());
        assert_eq!(taken, anew, "{strategy}");
        let mut pool = process.load_pool("gemini").unwrap();
        let taken = [(); 3].map(|()| pool.select(&mut process).unwrap().unwrap());
        assert_eq!(taken.map(|entry| to_str(entry.field("label")).unwrap()), in_one, "{strategy}");
    }
}

#[test]
fn rows_of_wrong_types_fail_as_in_the_real_program() {
    for (rows, kind) in [
        (r#""sk-fake-1""#, "AttributeError"),
        ("5", "TypeError"),
        (r#"{"priority": "1"}, {"priority": 2}"#, "TypeError"),
        (r#"{"source": 5}"#, "AttributeError"),
        (r#"{"id": [1]}"#, "TypeError"),
    ] {
        let world = gemini(rows);
        let stop = process(&world).load_pool("gemini").unwrap_err();
        assert!(stop.exception().is_some_and(|raised| raised.kind == kind), "{rows}");
    }
}

#[test]
fn a_borrowed_key_does_not_stay_on_disk() {
    let mut world = gemini(r#"{"id": "a", "source": "env:GOOGLE_API_KEY", "access_token": "sk-fake-1"}"#);
    world.variables = [("GOOGLE_API_KEY".to_owned(), "sk-fake-2".to_owned())].into();
    let mut process = process(&world);
    let pool = process.load_pool("gemini").unwrap();
    assert_eq!(pool.entries[0].runtime_api_key(&process).unwrap().expose(), "sk-fake-2");
    let rows = process.read_credential_pool("gemini").unwrap();
    assert!(rows[0].get("access_token").is_none());
    // printf sk-fake-2 | sha256sum
    let print = rows[0].get("secret_fingerprint").and_then(|node| node.value.as_str().map(str::to_owned));
    assert_eq!(print.as_deref(), Some("sha256:6851dbf731d50349"));
}

#[test]
fn a_suppressed_source_is_left_out_and_named() {
    let mut world = world(r#"{"providers": {}, "suppressed_sources": {"gemini": ["env:GOOGLE_API_KEY"]}}"#);
    world.variables = [("GOOGLE_API_KEY".to_owned(), "sk-fake-2".to_owned())].into();
    let mut process = process(&world);
    assert!(process.load_pool("gemini").unwrap().entries.is_empty());
    let suppressed = process.trace.steps().iter().any(|step| {
        matches!(step, TraceStep::Lost(candidate, Reason::Suppressed)
            if matches!(&candidate.origin, Origin::Pool { source, .. } if source == "env:GOOGLE_API_KEY"))
    });
    assert!(suppressed);
    assert!(process.auth_store.written.is_none());
}

#[test]
fn a_profile_borrows_the_root_rows_until_it_writes_its_own() {
    let mut world = world("{}");
    world.profile = Some("work".to_owned());
    world.given.root_auth_store = Given::Text(
        r#"{"credential_pool": {"gemini": [{"id": "a", "label": "one", "access_token": "sk-fake-1"}]}}"#
            .to_owned(),
    );
    let mut process = process(&world);
    assert_eq!(selected(&mut process).as_deref(), Some("one"));
    assert!(process.auth_store.written.is_none());
    let mut pool = process.load_pool("gemini").unwrap();
    pool.mark_exhausted_and_rotate(&mut process, &Value::int(402), &Value::None, Failed::default()).unwrap();
    let written = process.auth_store.written.as_ref().unwrap();
    let rows = written.get("credential_pool").and_then(|pool| pool.get("gemini")).unwrap();
    assert_eq!(rows.value.as_list().unwrap().len(), 1);
}

#[test]
fn describing_a_pool_changes_nothing() {
    let world = gemini(
        r#"{"id": "a", "label": "one", "access_token": "sk-fake-1", "last_status": "exhausted",
            "last_status_at": 1, "last_error_code": 402},
           {"id": "b", "label": "two", "access_token": "sk-fake-2"}"#,
    );
    let mut process = process(&world);
    let pool = process.load_pool("gemini").unwrap();
    let steps = process.trace.mark();
    let states = pool.describe(&mut process);
    assert_eq!(
        states.iter().map(|state| (state.available, state.next)).collect::<Vec<_>>(),
        [(true, true), (true, false)]
    );
    assert_eq!(states[0].error_code, Some(402));
    assert!(process.auth_store.written.is_none() && process.log.is_empty());
    assert_eq!(process.trace.mark(), steps);
}

#[test]
fn leases_go_round_and_come_back() {
    let world = gemini(
        r#"{"id": "a", "label": "one", "access_token": "sk-fake-1", "priority": 0},
           {"id": "b", "label": "two", "access_token": "sk-fake-2", "priority": 1}"#,
    );
    let mut process = process(&world);
    let mut pool = process.load_pool("gemini").unwrap();
    let mut lease = |pool: &mut super::Pool| pool.acquire_lease(&mut process).unwrap().unwrap();
    let label = |entry: &super::PooledCredential| to_str(entry.field("label")).unwrap();
    let first = lease(&mut pool);
    let second = lease(&mut pool);
    let third = lease(&mut pool);
    assert_eq!([label(&first), label(&second), label(&third)], ["one", "two", "one"]);
    pool.release_lease(&second);
    assert_eq!(label(&lease(&mut pool)), "two");
}

/// The middle parts are {"exp": 1779990000} and {"exp": 1790000000}.
const CODEX: &str = r#"{"providers": PROVIDERS, "credential_pool": {"openai-codex": [ROWS
    {"id": "b", "label": "b", "auth_type": "oauth", "priority": 1, "source": "manual:device_code", "refresh_token": "rt-fake",
     "access_token": "fake-head.eyJleHAiOiAxNzkwMDAwMDAwfQ.fake-tail"}]}}"#;

#[test]
fn a_login_that_cannot_be_renewed_cools_down_and_the_next_one_is_taken() {
    let old = r#"{"id": "a", "label": "a", "auth_type": "oauth", "priority": 0, "source": "manual:device_code",
        "access_token": "fake-head.eyJleHAiOiAxNzc5OTkwMDAwfQ.fake-tail", "refresh_token": "rt-fake"},"#;
    let world = World { offline: true, ..world(&CODEX.replace("PROVIDERS", "{}").replace("ROWS", old)) };
    let mut process = process(&world);
    let mut pool = process.load_pool("openai-codex").unwrap();
    let taken = pool.select(&mut process).unwrap().unwrap();
    assert_eq!(taken.field("label").as_str(), Some("b"));
    let statuses: Vec<_> = pool.entries.iter().map(|entry| entry.field("last_status").as_str()).collect();
    assert_eq!(statuses, [Some("exhausted"), None]);
    let online = World { offline: false, ..world };
    let mut process = self::process(&online);
    let mut pool = process.load_pool("openai-codex").unwrap();
    assert!(pool.select(&mut process).unwrap_err().unmodelled().is_some());
}

#[test]
fn a_login_without_a_refresh_token_leaves_the_pool_for_good() {
    let blank = r#"{"openai-codex": {"tokens": {"refresh_token": " ",
        "access_token": "fake-head.eyJleHAiOiAxNzc5OTkwMDAwfQ.fake-tail"}}}"#;
    let world = World { offline: true, ..world(&CODEX.replace("PROVIDERS", blank).replace("ROWS", "")) };
    let mut process = process(&world);
    let mut pool = process.load_pool("openai-codex").unwrap();
    let order: Vec<_> = pool.entries.iter().map(|entry| entry.source().to_owned()).collect();
    assert_eq!(order.len(), 2);
    let taken = pool.select(&mut process).unwrap().unwrap();
    assert_eq!(taken.field("label").as_str(), Some("b"));
    assert_eq!(pool.entries.len(), 1);
    let state = process.load_provider_state("openai-codex").unwrap().unwrap();
    assert_eq!(state.get("tokens").unwrap().value.as_dict().unwrap().len(), 0);
    let code = state.get("last_auth_error").unwrap().get("code").unwrap().value.as_str().unwrap().to_owned();
    assert_eq!(code, "codex_auth_missing_refresh_token");
}

/// As long as anybody's, a pool is worked through; what is longer was made to take long.
#[test]
fn thousands_of_rows_are_not_worked_through() {
    let rows = |count| vec![r#"{"id": "a", "access_token": "sk-fake-1"}"#; count].join(", ");
    assert!(process(&gemini(&rows(super::load::MOST_ROWS))).load_pool("gemini").is_ok());
    let stop = process(&gemini(&rows(super::load::MOST_ROWS + 1))).load_pool("gemini").unwrap_err();
    assert_eq!(stop.unmodelled(), Some("a pool of thousands of rows"));
}
