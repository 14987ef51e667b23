//! The pasted worlds of `tests/corpus`: our answers and our verdict are those of the real program of each release, recorded
//! in each folder's `hermes.json` (`cargo xtask evidence` asks it again), and the findings are those below.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

#[path = "../examples/answer.rs"]
#[allow(dead_code)]
mod answer;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use poolcheck::api::Input;
use poolcheck::base::sources::{Given, Sources};
use poolcheck::facts::{READ, RELEASES};
use poolcheck::report::{Report, VerdictState};
use poolcheck::secret::Secret;
use serde_json::{Map, Value as Json, json};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// The releases that can be run.
fn releases() -> impl Iterator<Item = &'static str> {
    RELEASES.into_iter().filter(|release| !READ.contains(release))
}

/// One folder: its texts as a case and as pasted, and what the real program of a release answered.
struct World {
    release: &'static str,
    case: Json,
    input: Input,
    answers: Json,
}

fn world(name: &str) -> World {
    world_of(name, "0.19.0")
}

fn world_of(name: &str, release: &'static str) -> World {
    let folder = corpus().join(name);
    let text = |file: &str| fs::read_to_string(folder.join(file)).ok();
    let given = |file: &str| text(file).map_or(Given::Absent, Given::Text);
    let recorded: Json = serde_json::from_str(&text("hermes.json").unwrap()).unwrap();
    let mut files = Map::new();
    for (own, file) in [("config.yaml", "config.yaml"), (".env", "dotenv"), ("auth.json", "auth.json")] {
        if let Some(text) = text(file) {
            files.insert(own.to_owned(), json!(text));
        }
    }
    let environ = text("environ").unwrap_or_default();
    let variables: Map<String, Json> = (environ.lines())
        .map(|line| line.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect();
    let mut answers = recorded["answers"].clone();
    for group in recorded["other_releases"].as_array().into_iter().flatten() {
        if group["releases"].as_array().unwrap().contains(&json!(release)) {
            for (at, answer) in group["answers"].as_object().unwrap() {
                answers[at.parse::<usize>().unwrap()] = answer.clone();
            }
        }
    }
    World {
        release,
        case: json!({
            "id": name, "hermes": release, "now": recorded["now"], "files": files, "environ": variables,
            "ask": recorded["ask"],
        }),
        input: Input::from(Sources {
            config: given("config.yaml"),
            dotenv: given("dotenv"),
            auth_store: given("auth.json"),
            environ: Given::Text(environ),
            listing: text("listing").map_or(Given::NotGiven, Given::Text),
            log: text("log").map_or(Given::NotGiven, Given::Text),
            commands: text("commands").map_or(Given::NotGiven, Given::Text),
            debug_report: text("report").map_or(Given::NotGiven, Given::Text),
            ..Sources::default()
        }),
        answers,
    }
}

impl World {
    fn report(&self) -> Report {
        laws::checked_for(Some(self.release), &self.input, self.case["now"].as_f64().unwrap())
    }

    /// The real program's answer to the first question of a kind.
    fn answer(&self, kind: &str) -> &Json {
        let questions = self.case["ask"].as_array().unwrap();
        let index = questions.iter().position(|question| question["do"] == kind).unwrap();
        &self.answers[index]
    }
}

/// Every world with every release.
fn worlds() -> impl Iterator<Item = (String, World)> {
    let of =
        |name: String| releases().map(move |release| (format!("{name} {release}"), world_of(&name, release)));
    names().into_iter().flat_map(of)
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = (fs::read_dir(corpus()).unwrap())
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_model_answers_as_the_real_program_did() {
    for (name, world) in worlds() {
        assert_eq!(answer::answer_case(&world.case)["answers"], world.answers, "{name}: ours (left)");
    }
}

#[test]
fn the_verdict_is_what_the_real_program_resolved() {
    for (name, world) in worlds() {
        let verdict = world.report().verdict;
        let resolved = world.answer("resolve");
        match resolved.get("ok") {
            // Releases before 0.19.0 go on without a key.
            Some(runtime) if runtime["api_key"] == "" => {
                assert_eq!(verdict.state, VerdictState::NoKey, "{name}");
                assert_eq!(verdict.provider.unwrap().as_str(), runtime["provider"], "{name}");
                assert!(verdict.winner.is_none(), "{name}");
            }
            Some(runtime) => {
                assert_eq!(verdict.state, VerdictState::Resolved, "{name}");
                assert_eq!(verdict.provider.unwrap().as_str(), runtime["provider"], "{name}");
                assert_eq!(verdict.endpoint.unwrap().as_str(), runtime["base_url"], "{name}");
                let key = Secret::new(runtime["api_key"].as_str().unwrap());
                assert_eq!(verdict.winner.unwrap().key.as_str(), key.masked(), "{name}");
            }
            None => {
                assert_eq!(resolved["error"], "AuthError", "{name}");
                assert!(matches!(verdict.state, VerdictState::Fails | VerdictState::NotConfigured), "{name}");
                assert!(verdict.winner.is_none(), "{name}");
            }
        }
    }
}

#[test]
fn the_pool_is_in_the_order_of_the_real_listing_with_its_arrow() {
    for (name, world) in worlds() {
        let listing = world.answer("list")["ok"].as_str().unwrap().to_owned();
        let Some(pool) = world.report().verdict.pool else { continue };
        let rows: Vec<&str> = listing.lines().filter(|line| line.trim_start().starts_with('#')).collect();
        assert_eq!(rows.len(), pool.entries.len(), "{name}: {listing}");
        for (row, entry) in rows.iter().zip(&pool.entries) {
            assert!(row.contains(entry.credential.label.as_str()), "{name}: {row}");
        }
    }
}

/// The codes that are found in a world, each once.
fn codes(name: &str, release: &'static str) -> BTreeSet<String> {
    world_of(name, release).report().findings.iter().map(|finding| finding.code.to_string()).collect()
}

/// The codes that are found after the repair of a world.
fn repaired(name: &str, release: &'static str) -> BTreeSet<String> {
    let repaired = world_of(name, release).report().repaired.unwrap();
    repaired.findings.iter().map(|finding| finding.code.to_string()).collect()
}

#[test]
fn correct_setups_have_no_finding() {
    for release in releases() {
        for name in ["corrected-setup", "manual-rows-only", "defaults"] {
            assert_eq!(codes(name, release), BTreeSet::new(), "{name} {release}");
        }
    }
}

#[test]
fn the_defaults_of_each_release_have_no_finding_there() {
    for release in releases().filter(|release| *release != "0.19.0") {
        let path = corpus().join(format!("../defaults/{release}.yaml"));
        let config = Given::Text(fs::read_to_string(path).unwrap());
        let report = laws::checked_for(
            Some(release),
            &Input::from(Sources { config, ..Sources::default() }),
            1_780_000_000.0,
        );
        assert_eq!(report.findings, [], "{release}");
        assert_eq!(report.hermes.version.as_str(), release);
    }
}

#[test]
fn the_corrected_setup_uses_the_variable_now_and_the_second_key_next() {
    let world = world("corrected-setup");
    let verdict = world.report().verdict;
    assert_eq!(verdict.winner.unwrap().label.as_str(), "GOOGLE_API_KEY");
    // After a 429 the real program goes on with aistudio-2.
    assert_eq!(world.answer("mark")["ok"]["label"], "aistudio-2");
    // The listing as it was quoted in the thread; here with the spaces that the program prints.
    assert_eq!(
        world.answer("list")["ok"],
        "gemini (3 credentials):\n  \
         #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←\n  \
         #2  aistudio-2           api_key manual\n  \
         #3  aistudio-3           api_key manual\n\n"
    );
}

#[test]
fn with_manual_rows_only_the_first_of_them_wins_and_the_variable_says_why_it_loses() {
    let verdict = world("manual-rows-only").report().verdict;
    assert_eq!(verdict.winner.unwrap().label.as_str(), "aistudio-2");
    let variable = verdict.losers.iter().find(|loser| loser.credential.label.as_str() == "GOOGLE_API_KEY");
    assert_eq!(variable.unwrap().reason.as_str(), "another entry of the pool has its turn first");
}

#[test]
fn the_indented_forum_case_resolves_gemini_and_finds_no_key() {
    let verdict = world("forum-indented").report().verdict;
    assert_eq!(verdict.provider.unwrap().as_str(), "gemini");
    assert_eq!(verdict.state, VerdictState::Fails);
}

/// The real program answered the indented form; after its repair the flattened one is the same world.
#[test]
fn after_repair_the_flattened_forum_case_has_the_verdict_of_the_indented_one() {
    for release in releases() {
        let repaired = world_of("forum-flattened", release).report().repaired.unwrap().verdict;
        let indented = world_of("forum-indented", release).report().verdict;
        assert_eq!(repaired.summary, indented.summary, "{release}");
        assert_eq!(repaired.state, indented.state, "{release}");
    }
}

fn expected(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

#[test]
fn each_real_case_has_the_findings_that_tell_its_way_out() {
    for release in releases() {
        let found = |name: &str| codes(name, release);
        // The pool block, the `google` inside it, names of variables as keys, the numbered variables.
        assert_eq!(
            found("forum-indented"),
            expected(&["PC301", "PC302", "PC303", "PC401", "PC607"]),
            "{release}"
        );
        // For Hermes a syntax error: one finding says what happened to the text, and `.env` is what it was.
        assert_eq!(found("forum-flattened"), expected(&["PC106", "PC401"]), "{release}");
        assert_eq!(found("forum-bulleted"), expected(&["PC106"]), "{release}");
        // After the repair they have the problems that the author wrote, and `.env` is what it was.
        assert_eq!(
            repaired("forum-flattened", release),
            expected(&["PC301", "PC302", "PC303", "PC607"]),
            "{release}"
        );
        // That one has no `.env` and no auth.json, so that there is no key at all.
        assert_eq!(repaired("forum-bulleted", release), expected(&["PC523", "PC607"]), "{release}");
        // The key that was changed is not the one that is read.
        for name in ["stale-pool-row", "stale-env-row"] {
            assert_eq!(found(name), expected(&["PC203"]), "{name} {release}");
        }
        assert_eq!(found("exhausted-env-row"), expected(&["PC203", "PC208"]), "{release}");
        // From 0.18.2 on the row of a variable that is gone stays.
        let row_stays = ["0.19.0", "0.18.2"].contains(&release);
        let raw: &[&str] = if row_stays { &["PC203", "PC315"] } else { &["PC203"] };
        assert_eq!(found("raw-env-row"), expected(raw), "{release}");
        assert_eq!(found("one-key-cooldown"), expected(&["PC602", "PC605", "PC701"]), "{release}");
    }
}
