//! Pools of 0.21.4, which was read in the source and not run: beside each test stands what was read.

use super::{Failed, Pool};
use crate::base::sources::{Given, Sources};
use crate::hermes::testing::{process, read_process};
use crate::hermes::{Process, World};
use crate::python::{Int, Value, to_str};

const NOW: f64 = 1_780_000_000.0;

fn world(config: &str, dotenv: &str, pools: &str) -> World {
    World {
        given: Sources {
            config: Given::Text(config.to_owned()),
            dotenv: Given::Text(dotenv.to_owned()),
            auth_store: Given::Text(format!("{{\"credential_pool\": {{{pools}}}}}")),
            ..Sources::default()
        },
        now: NOW,
        ..World::default()
    }
}

/// Two manual rows of `provider`.
fn two(provider: &str) -> World {
    let row = |name: &str, priority: i64| {
        format!(
            r#"{{"id": "{name}", "label": "{name}", "auth_type": "api_key", "source": "manual", "priority": {priority},
                "access_token": "sk-fake-{name}"}}"#
        )
    };
    world("{}", "", &format!("\"{provider}\": [{}, {}]", row("a", 0), row("b", 1)))
}

fn sources(pool: &Pool) -> Vec<&str> {
    pool.entries.iter().map(super::PooledCredential::source).collect()
}

fn select(pool: &mut Pool, process: &mut Process<'_>) -> Option<String> {
    pool.select(process).unwrap().and_then(|entry| to_str(entry.id()))
}

fn mark(pool: &mut Pool, process: &mut Process<'_>, status: i64, failed: Failed<'_>) -> Option<String> {
    let next = pool.mark_exhausted_and_rotate(process, &Value::int(status), &Value::None, failed);
    next.unwrap().and_then(|entry| to_str(entry.id()))
}

fn stored(process: &mut Process<'_>, provider: &str, id: &str, field: &str) -> Option<String> {
    let rows = process.read_credential_pool(provider).unwrap();
    let row = rows.iter().find(|row| row.get("id").is_some_and(|own| own.value.as_str() == Some(id)))?;
    row.get(field).and_then(|node| to_str(&node.value))
}

// `_env_key_var_candidates`, PR #112390: all bases, then those of each base up to the first without a value; the base need
// not be set.
#[test]
fn numbered_variables_are_read_up_to_the_first_gap() {
    let dotenv = "GEMINI_API_KEY_2=sk-fake-g2\nGEMINI_API_KEY=sk-fake-g\nGOOGLE_API_KEY_2=sk-fake-o2\n\
                  GOOGLE_API_KEY_3=sk-fake-o3\nGOOGLE_API_KEY_5=sk-fake-o5\n";
    let world = world("{}", dotenv, "");
    let pool = read_process(&world).load_pool("gemini").unwrap();
    let expected =
        ["env:GEMINI_API_KEY", "env:GOOGLE_API_KEY_2", "env:GOOGLE_API_KEY_3", "env:GEMINI_API_KEY_2"];
    assert_eq!(sources(&pool), expected);
    assert_eq!(sources(&process(&world).load_pool("gemini").unwrap()), ["env:GEMINI_API_KEY"]);
}

// The same: behind them the variables that stored rows name, also undeclared ones; `hermes auth remove` suppresses each
// by itself; copilot is left out.
#[test]
fn rows_name_variables_and_each_may_be_suppressed() {
    let rows = r#""deepseek": [{"id": "a", "label": "x", "auth_type": "api_key", "priority": 0,
        "source": "env:MY_OWN", "secret_fingerprint": "sha256:0"}]"#;
    let mut world = world("{}", "MY_OWN=sk-fake-own\nDEEPSEEK_API_KEY_2=sk-fake-2\n", rows);
    let mut process = read_process(&world);
    let pool = process.load_pool("deepseek").unwrap();
    assert_eq!(sources(&pool), ["env:MY_OWN", "env:DEEPSEEK_API_KEY_2"]);
    assert_eq!(pool.entries[0].field("access_token").as_str(), Some("sk-fake-own"));
    world.given.auth_store = Given::Text(
        r#"{"providers": {}, "suppressed_sources": {"openrouter": ["env:OPENROUTER_API_KEY"]}}"#.to_owned(),
    );
    world.given.dotenv =
        Given::Text("OPENROUTER_API_KEY=sk-fake\nOPENROUTER_API_KEY_2=sk-fake-2\n".to_owned());
    let mut process = read_process(&world);
    assert_eq!(sources(&process.load_pool("openrouter").unwrap()), ["env:OPENROUTER_API_KEY_2"]);
    let said: Vec<_> = process.log.iter().map(|line| line.message.as_str()).collect();
    assert!(
        matches!(said.as_slice(), [line] if line.starts_with("Ingested OPENROUTER_API_KEY_2 from")),
        "{said:?}"
    );
    world.given.dotenv = Given::Text("COPILOT_GITHUB_TOKEN_2=gho_fake\n".to_owned());
    assert!(read_process(&world).load_pool("copilot").unwrap().entries.is_empty());
}

// `_normalize_pool_priorities`: a source that has no rank comes after those that have one.
#[test]
fn numbered_anthropic_rows_rank_last() {
    let world = world("{}", "ANTHROPIC_TOKEN_2=sk-ant-fake-2\nANTHROPIC_API_KEY=sk-ant-api-fake\n", "");
    let pool = read_process(&world).load_pool("anthropic").unwrap();
    assert_eq!(sources(&pool), ["env:ANTHROPIC_API_KEY", "env:ANTHROPIC_TOKEN_2"]);
}

// `_exhausted_ttl`, PR #78380: the only row that is not dead waits 60 s, 300 s after a 401, an hour where the account is
// used up; rows without a key stop it from being the only one.
#[test]
fn the_only_row_waits_a_minute() {
    let row = |status: i64, more: &str| {
        format!(
            r#""gemini": [{{"id": "a", "label": "a", "auth_type": "api_key", "source": "manual", "priority": 0,
            "access_token": "sk-fake", "last_status": "exhausted", "last_status_at": {NOW}, "last_error_code": {status}
            {more}}}]"#
        )
    };
    let waits = |rows: &str| {
        let world = world("{}", "", rows);
        let mut process = read_process(&world);
        let mut pool = process.load_pool("gemini").unwrap();
        [59.0, 61.0, 299.0, 301.0, 3599.0, 3601.0].into_iter().find(|seconds| {
            process.clock = NOW + seconds;
            pool.available(&mut process).unwrap().len() == 1
        })
    };
    assert_eq!(waits(&row(429, "")), Some(61.0));
    assert_eq!(waits(&row(503, "")), Some(61.0));
    assert_eq!(waits(&row(401, "")), Some(301.0));
    assert_eq!(waits(&row(402, "")), Some(3601.0));
    assert_eq!(waits(&row(403, r#", "failure_reason": "billing""#)), Some(3601.0));
    assert_eq!(waits(&row(400, r#", "failure_reason": "billing_unverified""#)), Some(61.0));
    assert_eq!(waits(&row(402, r#", "failure_reason": "billing_unverified""#)), Some(3601.0));
    let reset = NOW + 300.0;
    assert_eq!(waits(&row(429, &format!(r#", "last_error_reset_at": {reset}"#))), Some(301.0));
    let ghost =
        r#", {"id": "b", "label": "b", "auth_type": "api_key", "source": "env:NONE", "priority": 1}]"#;
    assert_eq!(waits(&row(429, "").replace(']', ghost)), Some(3601.0));
    let dead = r#", {"id": "b", "label": "b", "auth_type": "oauth", "source": "x", "priority": 1,
        "access_token": "sk-fake-b", "last_status": "dead"}]"#;
    assert_eq!(waits(&row(429, "").replace(']', dead)), Some(61.0));
}

// `_merge_disk_cooldown_state`: what is written may not lose a cooldown of the disk that is newer and that holds, judged as
// if there were other rows. So a row that was selected after a minute is exhausted for whoever reads it next.
#[test]
fn the_disk_keeps_a_cooldown_that_memory_has_cleared() {
    let rows = format!(
        r#""gemini": [{{"id": "a", "label": "a", "auth_type": "api_key", "source": "manual", "priority": 0,
        "access_token": "sk-fake", "last_status": "exhausted", "last_status_at": {NOW}, "last_error_code": 429}}]"#
    );
    let world = world("{}", "", &rows);
    let mut process = read_process(&world);
    process.clock = NOW + 61.0;
    let mut pool = process.load_pool("gemini").unwrap();
    assert_eq!(select(&mut pool, &mut process).as_deref(), Some("a"));
    assert_eq!(pool.entries[0].field("last_status").as_str(), Some("ok"));
    let status = stored(&mut process, "gemini", "a", "last_status");
    assert_eq!(status.as_deref(), Some("exhausted"));
    let listing = process.auth_list(Some("gemini")).unwrap();
    assert_eq!(
        listing,
        "gemini (1 credentials):\n  #1  a                    api_key id=a priority=0 manual rate-limited (429) \
         (58m 59s left) ←\n\n"
    );
}

// `_select_unlocked`, PR #104910: each selection counts under every strategy, and is written with the next change.
#[test]
fn every_selection_counts() {
    let mut world = two("gemini");
    let mut process = read_process(&world);
    let mut pool = process.load_pool("gemini").unwrap();
    assert_eq!(select(&mut pool, &mut process).as_deref(), Some("a"));
    assert_eq!(select(&mut pool, &mut process).as_deref(), Some("a"));
    assert!(pool.peek(&mut process).unwrap().is_some());
    assert!(matches!(pool.entries[0].field("request_count"), Value::Int(Int::Small(2))));
    assert_eq!(stored(&mut process, "gemini", "a", "request_count"), None);
    mark(&mut pool, &mut process, 429, Failed::default());
    assert_eq!(stored(&mut process, "gemini", "a", "request_count").as_deref(), Some("2"));
    world.given.config = Given::Text("credential_pool_strategies: {gemini: round_robin}".to_owned());
    let mut process = read_process(&world);
    let mut pool = process.load_pool("gemini").unwrap();
    select(&mut pool, &mut process);
    assert_eq!(stored(&mut process, "gemini", "a", "request_count").as_deref(), Some("1"));
}

// `_identify_failed_entry` and `_rotate_unmatched`, issues #79156 and #70401: the key counts before the id; where neither
// is known nothing is marked, and after one lap there is no next row.
#[test]
fn an_unknown_key_marks_nothing() {
    let world = two("gemini");
    let mut process = read_process(&world);
    let mut pool = process.load_pool("gemini").unwrap();
    let unknown = Failed { key: Some("sk-fake-other"), ..Failed::default() };
    assert_eq!(mark(&mut pool, &mut process, 401, unknown).as_deref(), Some("a"));
    assert_eq!(mark(&mut pool, &mut process, 401, unknown).as_deref(), Some("a"));
    assert_eq!(mark(&mut pool, &mut process, 401, unknown), None);
    assert!(pool.entries.iter().all(|entry| entry.field("last_status").is_none()));
    let stale = Failed { key: Some("sk-fake-b"), id: Some("a"), ..Failed::default() };
    assert_eq!(mark(&mut pool, &mut process, 429, stale).as_deref(), Some("a"));
    assert!(pool.entries[1].has_status("exhausted") && !pool.entries[0].has_status("exhausted"));
    // With one row left there is none to go to.
    assert_eq!(mark(&mut pool, &mut process, 401, unknown), None);
}

// `mark_exhausted_and_rotate`: all rows with the key that failed are marked, where it was named; the reason is kept with
// the row, and gone with a failure that has none.
#[test]
fn rows_with_one_key_are_marked_together() {
    let mut world = two("gemini");
    let store = world.given.auth_store.text().unwrap().replace("sk-fake-b", "sk-fake-a");
    world.given.auth_store = Given::Text(store);
    let mut process = read_process(&world);
    let mut pool = process.load_pool("gemini").unwrap();
    let failed = Failed { key: Some("sk-fake-a"), reason: Some("billing"), ..Failed::default() };
    assert_eq!(mark(&mut pool, &mut process, 403, failed), None);
    for id in ["a", "b"] {
        let reason = stored(&mut process, "gemini", id, "failure_reason");
        assert_eq!(reason.as_deref(), Some("billing"));
    }
    mark(&mut pool, &mut process, 429, Failed { key: Some("sk-fake-a"), ..Failed::default() });
    assert_eq!(stored(&mut process, "gemini", "b", "failure_reason"), None);
}

// Issue #97315: here the row's reset time lies in the past, so that it is available again at once.
#[test]
fn a_rotation_never_comes_back_to_the_row_that_failed() {
    let world = two("gemini");
    for (mut process, next) in [(read_process(&world), None), (process(&world), Some("a"))] {
        let mut pool = process.load_pool("gemini").unwrap();
        let mut context = crate::python::Dict::new();
        context.set("reset_at", Value::Float(NOW - 1.0));
        let (status, context) = (Value::int(429), Value::dict(context));
        let failed = Failed { key: Some("sk-fake-a"), ..Failed::default() };
        let rotated = pool.mark_exhausted_and_rotate(&mut process, &status, &context, failed).unwrap();
        assert_eq!(rotated.as_ref().and_then(|entry| entry.id().as_str()), next);
    }
}

// `_is_model_scoped_failure` and `_cool_down_model`, PR #113171: a 429 of Anthropic bars the model only, as does a model that
// the account lacks, for two days; who selects without a model waits for every model.
#[test]
fn a_limit_of_anthropic_is_one_models() {
    let world = two("anthropic");
    let mut process = read_process(&world);
    let mut pool = process.load_pool("anthropic").unwrap();
    let failed = Failed { key: Some("sk-fake-a"), model: Some("m"), ..Failed::default() };
    assert_eq!(mark(&mut pool, &mut process, 429, failed).as_deref(), Some("b"));
    assert!(pool.entries[0].field("last_status").is_none());
    assert_eq!(pool.entries[0].barred_until(Some("m"), NOW).unwrap(), Some(NOW + 3600.0));
    assert_eq!(pool.entries[0].barred_until(Some("other"), NOW).unwrap(), None);
    assert_eq!(pool.select_for(&mut process, Some("other")).unwrap().unwrap().id().as_str(), Some("a"));
    assert_eq!(select(&mut pool, &mut process).as_deref(), Some("b"));
    let cooldowns = stored(&mut process, "anthropic", "a", "model_cooldowns");
    assert_eq!(cooldowns.as_deref(), Some("{'m': 1780003600.0}"));
    let lacked = Failed { key: Some("sk-fake-b"), reason: Some("model_entitlement"), ..failed };
    assert_eq!(mark(&mut pool, &mut process, 400, lacked), None);
    assert_eq!(pool.entries[1].barred_until(Some("m"), NOW).unwrap(), Some(NOW + 172_800.0));
    let billing = Failed { key: Some("sk-fake-b"), reason: Some("billing"), ..failed };
    mark(&mut pool, &mut process, 429, billing);
    assert!(pool.entries[1].has_status("exhausted"));
}

// `_is_terminal_auth_failure`: a renewed login that was not written is dead, whatever the status.
#[test]
fn a_login_that_was_not_written_is_dead() {
    let world = two("gemini");
    let mut process = read_process(&world);
    let mut pool = process.load_pool("gemini").unwrap();
    let mut context = crate::python::Dict::new();
    context.set("reason", Value::str("credential_persist_failed"));
    let failed = Failed { key: Some("sk-fake-a"), ..Failed::default() };
    pool.mark_exhausted_and_rotate(&mut process, &Value::None, &Value::dict(context), failed).unwrap();
    assert!(pool.entries[0].is_dead());
}

// `_upsert_entry`: another key than the one that the fingerprint is of clears the status; the same one does not.
#[test]
fn another_key_in_the_variable_clears_the_status() {
    // printf sk-fake-1 | sha256sum
    let rows = format!(
        r#""deepseek": [{{"id": "a", "label": "x", "auth_type": "api_key", "priority": 0, "source": "env:DEEPSEEK_API_KEY",
        "secret_fingerprint": "sha256:978042ad43cf5ef9", "last_status": "exhausted", "last_status_at": {NOW},
        "last_error_code": 402}}]"#
    );
    for (dotenv, cleared) in [("DEEPSEEK_API_KEY=sk-fake-1", false), ("DEEPSEEK_API_KEY=sk-fake-2", true)] {
        let world = world("{}", dotenv, &rows);
        let pool = read_process(&world).load_pool("deepseek").unwrap();
        assert_eq!(pool.entries[0].field("last_status").is_none(), cleared, "{dotenv}");
        assert!(process(&world).load_pool("deepseek").unwrap().entries[0].has_status("exhausted"));
    }
}

// `_available_entries`: a login without a token is passed over. `from_dict`: fields that nobody knows are kept.
#[test]
fn empty_logins_are_passed_over_and_unknown_fields_stay() {
    let rows = r#""gemini": [{"id": "a", "label": "a", "auth_type": "oauth", "source": "manual", "priority": 0,
        "access_token": " ", "mine": 1}]"#;
    let world = world("{}", "GOOGLE_API_KEY=sk-fake\n", rows);
    let mut process = read_process(&world);
    let mut pool = process.load_pool("gemini").unwrap();
    assert_eq!(pool.available(&mut process).unwrap().len(), 1);
    assert_eq!(stored(&mut process, "gemini", "a", "mine").as_deref(), Some("1"));
}

// `custom_provider_pool_key_candidates`: the key under `providers` first, then `custom:<name>`.
#[test]
fn the_pool_of_a_block_is_called_as_its_key() {
    let config = "providers: {my-llm: {name: Mine, base_url: 'https://llm.example/v1'}}\n";
    let row = r#"[{"id": "a", "label": "a", "auth_type": "api_key", "source": "manual", "priority": 0,
        "access_token": "sk-fake-pool"}]"#;
    for name in ["my-llm", "custom:mine"] {
        let world = world(config, "", &format!("\"{name}\": {row}"));
        let mut process = read_process(&world);
        let keys = process.custom_pool_keys("https://llm.example/v1/", None).unwrap();
        assert_eq!(keys, ["my-llm", "custom:mine"]);
        let runtime = process.resolve_runtime_provider(Some("mine")).unwrap();
        assert_eq!(runtime.source.unwrap().as_str(), Some(format!("pool:{name}").as_str()));
    }
}

// `_load_auth_store` opens the file as utf-8-sig.
#[test]
fn auth_json_may_begin_with_a_byte_order_mark() {
    let mut world = two("gemini");
    world.given.auth_store = Given::Text(format!("\u{feff}{}", world.given.auth_store.text().unwrap()));
    assert_eq!(read_process(&world).load_pool("gemini").unwrap().entries.len(), 2);
    assert!(process(&world).load_pool("gemini").unwrap().entries.is_empty());
}

// `persist_pool_entries`, PR #100339: a profile without rows of these providers writes to the root, and only rows that are
// there; what it does with them is not followed.
#[test]
fn a_profile_does_not_copy_logins() {
    let mut world = world("{}", "ANTHROPIC_API_KEY=sk-ant-api-fake\n", "");
    world.profile = Some("work".to_owned());
    let mut process = read_process(&world);
    assert_eq!(process.load_pool("anthropic").unwrap().entries.len(), 1);
    assert!(process.auth_store.written.is_none());
    world.given.auth_store = two("anthropic").given.auth_store;
    let stop = read_process(&world).load_pool("anthropic").unwrap_err();
    assert_eq!(stop.unmodelled(), Some("logins that a profile shares with the root"));
}
