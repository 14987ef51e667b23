//! What reports say of the releases of Hermes: which one they speak of, and where they differ.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use poolcheck::api::{ApiError, Input, Options, check};
use poolcheck::facts::{EXPLAINED, Facts, READ};
use poolcheck::hermes::Given;
use poolcheck::report::Report;

fn report(release: Option<&str>, config: &str) -> Report {
    let input = Input { config: Given::Text(config.to_owned()), ..Input::default() };
    let hermes = release.map(str::to_owned);
    check(&input, &Options { hermes, now: 1_780_000_000.0, ..Options::default() }).unwrap()
}

#[test]
fn a_report_names_its_release_and_how_it_is_known() {
    for release in EXPLAINED {
        let hermes = report(Some(release), "model: {provider: gemini}").hermes;
        assert_eq!(hermes.version.as_str(), release);
        let standing = if READ.contains(&release) {
            "read in the source, not run"
        } else {
            "tested against the real program"
        };
        assert_eq!(hermes.standing.as_str(), standing);
    }
    assert_eq!(report(None, "").hermes.version.as_str(), Facts::newest().unwrap().release);
}

#[test]
fn a_release_that_is_not_known_is_refused_with_those_that_are() {
    let options = Options { hermes: Some("0.12.0".to_owned()), ..Options::default() };
    let error = check(&Input::default(), &options).unwrap_err();
    assert_eq!(error, ApiError::UnknownRelease);
    for release in EXPLAINED {
        assert!(error.to_string().contains(release), "{error}");
    }
}

/// `_ensure_runtime_credentials` of `hermes_cli/cli_agent_setup_mixin.py` in 0.19.0 and 0.18.2, of `cli.py` in 0.13.0: an empty key
/// becomes `no-key-required`, unless the endpoint has `openrouter.ai` in it. That a key is empty is what
/// `resolve_runtime_provider` of each release answered.
#[test]
fn without_a_key_it_is_said_what_the_terminal_does() {
    let summary = |release, config: &str| report(Some(release), config).verdict.summary.to_string();
    let gemini = "model: {provider: gemini}";
    assert_eq!(summary("0.19.0", gemini), "Hermes stops: it finds no usable credential for gemini.");
    for release in ["0.18.2", "0.13.0"] {
        assert_eq!(
            summary(release, gemini),
            "Hermes finds no key for gemini: in the terminal it sends requests with the text `no-key-required` in place of one."
        );
    }
    for release in ["0.19.0", "0.13.0"] {
        assert_eq!(
            summary(release, "model: {provider: openrouter}"),
            "Hermes finds no key for openrouter, and stops in the terminal."
        );
        assert_eq!(
            summary(release, "model: {provider: custom, base_url: 'http://localhost:8080/v1'}"),
            "Hermes resolves custom and sends requests without a key of yours."
        );
    }
}
