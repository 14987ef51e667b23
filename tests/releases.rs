//! What reports say of the releases of Hermes: which one they speak of, and where they differ.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use poolcheck::api::{ApiError, Input, Options, check, check_post, releases};
use poolcheck::base::sources::{Given, Sources};
use poolcheck::diagnostic::messages::Language;
use poolcheck::facts::{EXPLAINED, Facts, READ};
use poolcheck::report::Report;

fn report(release: Option<&str>, config: &str) -> Report {
    let input = Input::from(Sources { config: Given::Text(config.to_owned()), ..Sources::default() });
    let hermes = release.map(str::to_owned);
    check(&input, &Options { hermes, now: 1_780_000_000.0, ..Options::default() }).unwrap()
}

/// Side tasks and subagents have providers of their own; which keys they use is not known where that of the main model is not.
#[test]
fn what_is_not_looked_at_is_said() {
    let basis = |config: &str| report(None, config).basis.to_string();
    let said = basis(
        "model: {provider: gemini}\nauxiliary: {vision: {provider: zai}}\ndelegation: {provider: deepseek}\n",
    );
    assert!(said.contains("The keys of `auxiliary.vision`, `delegation` are not looked at"), "{said}");
    let plain = basis(
        "model: {provider: gemini}\nauxiliary: {vision: {timeout: 30}}\ndelegation: {max_iterations: 50}\n",
    );
    assert!(!plain.contains("not looked at"), "{plain}");
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
fn a_release_that_a_text_names_counts_where_none_is_asked_for() {
    let named = "# Hermes Agent v0.17.0 (2026.5.1)\nmodel: {provider: gemini}\n";
    let words = |report: Report| {
        let reason = report.hermes.reason.map(|reason| reason.to_string());
        (report.hermes.version.to_string(), reason.unwrap_or_default())
    };
    let expected = |release: &str, reason: &str| (release.to_owned(), reason.to_owned());
    assert_eq!(words(report(None, named)), expected("0.17.0", "named in config.yaml line 1"));
    assert_eq!(words(report(Some("0.18.2"), named)), expected("0.18.2", "the release that was asked for"));
    let several = "# Hermes Agent v0.17.0 (2026.5.1)\n# Hermes Agent v0.16.0 (2026.4.1)\n";
    let reason =
        "the newest of several releases, named in config.yaml line 1; nothing says which one is in use";
    assert_eq!(words(report(None, several)), expected("0.17.0", reason));
}

/// A release that there are no tables of is told, with the one that is taken instead.
#[test]
fn a_release_that_is_not_known_is_answered_for_by_the_nearest_one() {
    let words = |post: &str| {
        let hermes = check_post(post, &[], &Options::default()).unwrap().report.unwrap().hermes;
        format!("{}: {}", hermes.version, hermes.reason.unwrap())
    };
    for (head, told) in [
        (
            "Hermes Agent v0.22.2 (2026.10.1)",
            "0.21.4: poolcheck does not know 0.22.2 (named in pasted text line 1 (debug report)), and takes the nearest release \
             below it",
        ),
        (
            "I run Hermes 0.20.5 here.",
            "0.19.0: poolcheck does not know 0.20.5 (named in pasted text line 1), and takes the nearest release below it",
        ),
        (
            "Hermes 0.12.0, Debian",
            "0.13.0: poolcheck does not know 0.12.0 (named in pasted text line 1), and takes the oldest release that it knows",
        ),
        (
            "Hermes 0.18",
            "0.18.2: the newest release of 0.18 (named in pasted text line 1) that poolcheck knows",
        ),
        (
            "In Hermes 0.17.0 it worked.",
            "0.19.0: 0.17.0 (named in pasted text line 1) is not said to be in use",
        ),
        ("worked in Hermes 0.17.0, broken in 0.18.2", "0.18.2: named in pasted text line 1"),
        (
            "Mine (Hermes 0.16.0)\nand the other (Hermes 0.17.0)",
            "0.17.0: the newest of several releases, named in pasted text line 2; nothing says which one is in use",
        ),
        ("你好,Hermes 0.21.4 我照文档做了", "0.21.4: named in pasted text line 1"),
    ] {
        assert_eq!(words(&format!("{head}\n\nmodel:\n  provider: gemini\n  default: m\n")), told, "{head}");
    }
}

#[test]
fn the_releases_that_can_be_asked_for_are_listed_with_their_standing() {
    let listed = releases(Language::English);
    let versions: Vec<&str> = listed.iter().map(|release| release.version.as_str()).collect();
    assert_eq!(versions, EXPLAINED);
    for release in listed {
        let alone = report(Some(release.version.as_str()), "").hermes;
        assert_eq!((release.standing, release.reason), (alone.standing, None));
    }
}

fn changes(input: &Input) -> Option<Vec<(String, Option<String>, String)>> {
    let options = Options { now: 1_780_000_000.0, compare_releases: true, ..Options::default() };
    let told = check(input, &options).unwrap().releases?;
    let told = told.into_iter().map(|change| {
        let code = change.code.map(|code| code.to_string());
        (change.release.to_string(), code, change.message.to_string())
    });
    Some(told.collect())
}

/// What the real program of each release answers for this world stands in tests/evidence/PC315.json.
#[test]
fn a_row_of_a_variable_that_is_gone_fares_otherwise_from_release_to_release() {
    let auth = r#"{"version": 1, "credential_pool": {"gemini": [
      {"id": "a", "label": "GOOGLE_API_KEY", "auth_type": "api_key", "priority": 0, "source": "env:GOOGLE_API_KEY"},
      {"id": "b", "label": "two", "auth_type": "api_key", "priority": 1, "source": "manual",
       "access_token": "AIza-fake-two-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}"#;
    let input = Input::from(Sources {
        config: Given::Text("model: {provider: gemini}".to_owned()),
        dotenv: Given::Absent,
        auth_store: Given::Text(auth.to_owned()),
        environ: Given::Text(String::new()),
        ..Sources::default()
    });
    let told = changes(&input).unwrap();
    let heads: Vec<(&str, Option<&str>)> =
        told.iter().map(|(release, code, _)| (release.as_str(), code.as_deref())).collect();
    let gone = |release| (release, Some("PC523"));
    assert_eq!(
        heads,
        [("0.18.2", None), gone("0.18.2"), ("0.18.2", Some("PC315")), ("0.19.0", None), gone("0.19.0")]
    );
    assert_eq!(
        told[0].2,
        "From 0.18.2 on: Hermes finds no key for gemini: in the terminal it sends requests with the text \
         `no-key-required` in place of one. Before: Hermes uses two (manual) for gemini."
    );
    assert!(told[1].2.starts_with("From 0.18.2 on PC523 is found: "), "{}", told[1].2);
    assert!(told[2].2.starts_with("From 0.18.2 on PC315 is found: "), "{}", told[2].2);
}

/// "Numbered env keys" of the facts that were read of 0.21.4: `_2` counts, and the variable without a number need not be
/// set.
#[test]
fn what_was_read_and_not_run_is_told_as_such() {
    let input = Input::from(Sources {
        config: Given::Text("model: {provider: gemini}".to_owned()),
        dotenv: Given::Text("GEMINI_API_KEY_2=AIza-fake-two-0000\n".to_owned()),
        auth_store: Given::Absent,
        ..Sources::default()
    });
    let told = changes(&input).unwrap();
    let of_newest: Vec<_> = told.iter().filter(|(release, ..)| release == "0.21.4").collect();
    let [(_, None, verdict), (_, Some(code), gone)] = of_newest.as_slice() else { panic!("{told:?}") };
    assert_eq!(code, "PC401");
    assert!(
        gone.starts_with("From 0.21.4 on, as far as its source was read, PC401 is not claimed"),
        "{gone}"
    );
    assert_eq!(
        verdict,
        "From 0.21.4 on, as its source was read and not run: Hermes uses GEMINI_API_KEY_2 (env:GEMINI_API_KEY_2) for gemini. Before: \
         Hermes stops: it finds no usable credential for gemini."
    );
}

#[test]
fn releases_are_compared_where_it_is_asked_for_and_the_texts_are_not_long() {
    let small =
        |config: &str| Input::from(Sources { config: Given::Text(config.to_owned()), ..Sources::default() });
    assert!(report(None, "").releases.is_none());
    // Nothing is read of it in any release.
    assert_eq!(
        changes(&small("model: {provider: custom, base_url: 'http://localhost:8080/v1'}")),
        Some(vec![])
    );
    assert_eq!(changes(&small(&"#".repeat((256 << 10) + 1))), None);
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
    let summary = |release: &str, config: &str| {
        let input = Input::from(Sources {
            config: Given::Text(config.to_owned()),
            dotenv: Given::Absent,
            auth_store: Given::Absent,
            ..Sources::default()
        });
        let hermes = Some(release.to_owned());
        check(&input, &Options { hermes, ..Options::default() }).unwrap().verdict.summary.to_string()
    };
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

/// What stands beside the parts of a post names the release as well: a template's line, a row of a table.
#[test]
fn a_line_of_a_post_names_the_release() {
    let told = |head: &str| {
        let post = format!("{head}\n\nmodel:\n  provider: gemini\n  default: m\n");
        let hermes = check_post(&post, &[], &Options::default()).unwrap().report.unwrap().hermes;
        (hermes.version.to_string(), hermes.reason.unwrap().to_string())
    };
    for (head, release, line) in [
        ("- Hermes Agent version: 0.18.2\n- OS: macOS", "0.18.2", 1),
        ("**Version**\nv0.17.0", "0.17.0", 2),
        ("Hermes v0.16.0, Debian 12.", "0.16.0", 1),
        ("| | |\n|---|---|\n| Hermes | 0.17.0 |", "0.17.0", 3),
    ] {
        let reason = format!("named in pasted text line {line}");
        assert_eq!(told(head), (release.to_owned(), reason), "{head}");
    }
    let of_report = told("Hermes Agent version: 0.18.2");
    assert_eq!(of_report, ("0.18.2".to_owned(), "named in pasted text line 1 (debug report)".to_owned()));
    assert_eq!(told("The other one had 0.16.0.").1, "no release was named");
}
