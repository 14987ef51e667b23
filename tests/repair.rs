//! What pasting did to a text is told once, and the user's real problems behind it at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

use std::fs;
use std::path::Path;

use poolcheck::api::{ApiError, Input, Options, apply_fixes, check};
use poolcheck::base::sources::{Given, SourceKind, Sources};
use poolcheck::base::text::Encoding;
use poolcheck::report::{FindingView, RepairedView, Report, StepView, VerdictState};

const NOW: f64 = 1_780_000_000.0;

fn options() -> Options {
    Options { now: NOW, encoding: Encoding::CodePoints, ..Options::default() }
}

fn corpus(world: &str, file: &str) -> Given<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(world).join(file);
    fs::read_to_string(path).map_or(Given::Absent, Given::Text)
}

fn forum(form: &str) -> Input {
    Input::from(Sources {
        config: corpus(form, "config.yaml"),
        dotenv: corpus("forum-indented", "dotenv"),
        ..Sources::default()
    })
}

fn pasted(config: &str, dotenv: &str) -> Input {
    let given = |text: &str| Given::Text(text.to_owned());
    Input::from(Sources { config: given(config), dotenv: given(dotenv), ..Sources::default() })
}

fn codes(findings: &[FindingView]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

fn repaired(report: &Report) -> &RepairedView {
    report.repaired.as_ref().expect("the damage can be repaired")
}

#[test]
fn the_flattened_post_has_the_problems_of_the_indented_one_after_its_repair() {
    let (indented, flattened) =
        (laws::checked(&forum("forum-indented"), NOW), laws::checked(&forum("forum-flattened"), NOW));
    assert!(indented.repaired.is_none());
    assert_eq!(
        codes(&flattened.findings),
        ["PC106", "PC401"],
        "one finding about the text; `.env` is what it was"
    );
    let after = repaired(&flattened);
    assert_eq!(after.by, [flattened.findings[0].id.clone()]);
    let all: Vec<&FindingView> = after.findings.iter().chain(&flattened.findings[1..]).collect();
    assert_eq!(all.len(), indented.findings.len());
    for (ours, theirs) in all.into_iter().zip(&indented.findings) {
        assert_eq!((&ours.code, &ours.what), (&theirs.code, &theirs.what));
        // A line has its number still, and the excerpt is the line as it was pasted.
        assert_eq!(ours.location.start.line, theirs.location.start.line);
        assert_eq!(ours.excerpt.text.as_str().trim_start(), theirs.excerpt.text.as_str().trim_start());
        let width = |finding: &FindingView| finding.excerpt.end - finding.excerpt.start;
        assert_eq!(width(ours), width(theirs));
    }
    assert_eq!(after.verdict.summary, indented.verdict.summary);
    // auth.json was not pasted, and may hold a key.
    assert_eq!(after.verdict.state, VerdictState::NotPasted);
    // What is left to do is what the author of the indented text has to do: nothing about indentation.
    assert_eq!(after.rotation.as_ref().unwrap().summary, indented.rotation.as_ref().unwrap().summary);
    let told = |steps: &[StepView]| {
        steps.iter().map(|step| (step.todo.clone(), step.command.clone())).collect::<Vec<_>>()
    };
    assert_eq!(told(&after.steps), told(&indented.steps));
    let changed = {
        let (Given::Text(one), Given::Text(two)) =
            (forum("forum-flattened").given.config, forum("forum-indented").given.config)
        else {
            panic!("both worlds have a config.yaml");
        };
        one.lines().zip(two.lines()).filter(|(one, two)| one != two).count()
    };
    assert_eq!(after.summary.as_str(), format!("Indentation restored (lines: {changed})"));
    // The verdict on the pasted text stays what it is.
    assert_eq!(flattened.verdict.state, VerdictState::NotConfigured);
}

#[test]
fn the_bulleted_post_resolves_gemini_after_its_repair() {
    let report = laws::checked(&forum("forum-bulleted"), NOW);
    assert_eq!(codes(&report.findings), ["PC106", "PC401"]);
    let after = repaired(&report);
    assert_eq!(after.verdict.provider.as_ref().unwrap().as_str(), "gemini");
    assert_eq!(after.verdict.fallback.len(), 3);
    let place = after.verdict.fallback[0].location.as_ref().unwrap();
    assert_eq!((place.start.line, place.start.column), (9, 5), "behind the bullet");
}

#[test]
fn a_text_that_parses_and_lost_its_meaning() {
    let of = |provider: &str| {
        let config = format!("model:\ndefault: m\nprovider: {provider}\napi_key: AIza-fake-0000\n");
        laws::checked(&pasted(&config, ""), NOW)
    };
    let report = of("gemini");
    assert_eq!(codes(&report.findings), ["PC106"]);
    assert_eq!(codes(&repaired(&report).findings), ["PC203"]);
    let place = &repaired(&report).findings[0].location.start;
    assert_eq!((place.line, place.column), (4, 1));
    // Hermes takes a provider at the root for that of the model, so this stands in both worlds and is told once.
    let report = of("gemni");
    assert_eq!(codes(&report.findings), ["PC106", "PC503"]);
    assert_eq!(repaired(&report).findings, []);
}

#[test]
fn what_goes_with_the_repair_is_not_told() {
    let report = laws::checked(&pasted("model:\n  provider: “gemini”\n", ""), NOW);
    assert_eq!(codes(&report.findings), ["PC104"], "not that “gemini” is no provider");
    assert_eq!(repaired(&report).verdict.provider.as_ref().unwrap().as_str(), "gemini");
    assert_ne!(report.verdict.provider, repaired(&report).verdict.provider);
}

/// The log is of the config that its author has: with it the chain is there.
#[test]
fn the_log_is_told_with_the_repaired_config() {
    let config =
        "model:\nprovider: gemini\ndefault: m\nfallback_providers:\n- provider: openrouter\nmodel: m\n";
    let log =
        "API call failed (attempt 1/3): E [HTTP 400]\n   Provider: gemini  Model: m\n   Error: HTTP 400: x\n";
    let input = pasted(config, "GEMINI_API_KEY=AIza-fake-0000\n").with(SourceKind::Log, log);
    let report = laws::checked(&input, NOW);
    assert!(report.repaired.is_some());
    let next = &report.timeline.unwrap().entries[0].next;
    assert!(next.as_str().ends_with("The fallback chain is next."), "{next}");
}

#[test]
fn signs_of_an_input_method_in_both_files() {
    let config = "model：\n  provider： “gemini”\n";
    let report = laws::checked(&pasted(config, "GEMINI_API_KEY：AIza-fake-0000000000\n"), NOW);
    assert_eq!(codes(&report.findings), ["PC103", "PC104", "PC405"]);
    let after = repaired(&report);
    assert_eq!(after.by.len(), 3);
    assert_eq!(after.findings, []);
    assert_eq!(after.verdict.state, VerdictState::Resolved);
    let winner = after.verdict.winner.as_ref().unwrap();
    assert_eq!(winner.label.as_str(), "GEMINI_API_KEY");
    let place = winner.location.as_ref().unwrap();
    assert_eq!((place.start.line, place.start.column), (1, 16), "behind the full-width colon");
}

#[test]
fn a_colon_that_somebody_typed_is_no_damage() {
    let report =
        laws::checked(&pasted("model: {provider: gemini}\n", "GEMINI_API_KEY: AIza-fake-0000000000\n"), NOW);
    assert_eq!(codes(&report.findings), ["PC405"]);
    assert!(report.repaired.is_none());
}

#[test]
fn no_second_reading_without_damage_or_without_a_repair() {
    for config in [
        "model: {provider: gemini}\n",
        "model:\n  provider: 'gemini\n",
        // A block scalar needs white space that is gone.
        "model:\ndefault: m\npersonalities:\nkind: |\nBe kind.\nprovider: x\n",
        "",
    ] {
        assert!(laws::checked(&pasted(config, ""), NOW).repaired.is_none(), "{config}");
    }
}

#[test]
fn a_fix_after_repair_makes_the_repair_as_well() {
    let config = "model:\ndefault: m\nprovider: custom\nbase_url: http://localhost:8080/v1/chat/completions\n\
                  fallback_providers:\n- provider: openrouter\nmodel: n\n- provider: openrouter\nmodel: o\n";
    let input = pasted(config, "");
    let report = laws::checked(&input, NOW);
    let after = repaired(&report);
    let same = after.findings.iter().find(|finding| finding.fix.is_some()).expect("a finding with a fix");
    let fix = same.fix.as_ref().unwrap();
    assert!(!fix.safe, "the repair needs a look");
    assert!(fix.title.as_str().ends_with("(in the repaired text)"), "{}", fix.title);
    let ids = |findings: &[&FindingView]| findings.iter().map(|f| f.id.to_string()).collect::<Vec<_>>();
    let text = apply_fixes(&input, &options(), &ids(&[same])).unwrap().config.unwrap();
    assert!(
        text.contains("\n  base_url: http://localhost:8080/v1\nfallback_providers:\n  - provider"),
        "{text}"
    );
    // Asked for beside the repair itself, it comes to the same.
    let both = apply_fixes(&input, &options(), &ids(&[&report.findings[0], same])).unwrap().config.unwrap();
    assert_eq!(both, text);
}

#[test]
fn an_id_after_repair_names_nothing_where_nothing_is_repaired() {
    let ids = ["repaired-PC106-Config-0-1".to_owned()];
    let answer = apply_fixes(&pasted("model: {provider: gemini}\n", ""), &options(), &ids);
    assert!(matches!(answer, Err(ApiError::NoSuchFix)));
}

/// The preview of a repair holds what was pasted, and so what must not be shown.
#[test]
fn a_preview_shows_no_key() {
    let config = "model:\nprovider: gemini\napi_key: hunter2-fake-hunter2\nproviders:\nmine:\napi_key: AIza-fake-11111111\nbase_url: https://me:pass-fake-word@example.org/v1\n";
    let report = laws::checked(&pasted(config, "A=1\n"), NOW);
    let preview = report.findings[0].fix.as_ref().unwrap().preview.as_ref().unwrap();
    assert!(preview.as_str().contains("    api_key: "), "{preview}");
    assert!(!preview.as_str().contains("-fake-"), "{preview}");
}

#[test]
fn a_preview_is_short() {
    let config = "model:\nprovider: gemini\nagent:\n".to_owned() + &"max_turns: 5\n".repeat(4000);
    for finding in check(&pasted(&config, ""), &options()).unwrap().findings {
        if let Some(preview) = finding.fix.and_then(|fix| fix.preview) {
            assert!(preview.as_str().lines().count() <= 31, "{preview}");
        }
    }
}

/// A repaired text is read once more and not repaired again, so that damage costs no more than a second reading.
#[test]
fn hostile_damage_ends_soon() {
    let item = "- provider: google\napi_key: GEMINI_API_KEY_1\n";
    let flat = "model:\nprovider: google\ncredential_pool:\ngemini:\n".to_owned() + &item.repeat(2000);
    let texts = [
        flat.clone(),
        flat.replace(": ", "： "),
        flat.replace("GEMINI", "“GEMINI"),
        "model:\nprovider: x\n".repeat(5000),
        "fallback_providers:\n".to_owned() + &"- provider: x\nmodel: y\n".repeat(4000),
    ];
    for config in texts {
        let env = "GEMINI_API_KEY_1：AIza-fake-1111111\n".repeat(500);
        assert!(check(&pasted(&config, &env), &options()).is_ok());
    }
}
