//! Worlds as careful users have them: nothing is wrong with them, so no finding speaks, and the verdict finds the credential
//! that is meant.
//!
//! `tests/valid/*.txt` hold them. `=== what it is` begins one; its sections are those of the fixtures of
//! `src/rules/testing.rs`, and further:
//! - `--- release 0.19.0 0.18.2` names the releases that it is a world of; without it, it is one of every release.
//! - `--- uses gemini: GOOGLE_API_KEY` names the provider that is resolved and the label of the credential that wins, or one of
//!   `no key` and `not modelled`; `--- uses no provider` where the texts configure none.
//! - `--- falls back to openrouter, zai` names the providers of the fallback chain.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

use std::fs;
use std::path::Path;

use laws::slot;
use poolcheck::api::{Input, Options, check};
use poolcheck::base::sources::{Given, SourceKind, Sources};
use poolcheck::facts::commands::{Argument, Command};
use poolcheck::facts::{EXPLAINED, Facts, Provider};
use poolcheck::report::{Report, SeverityName, VerdictState};

/// A time like any other.
const NOW: f64 = 1_780_000_000.0;

struct World {
    name: String,
    releases: Vec<String>,
    input: Input,
    uses: Option<String>,
    falls_back_to: Option<String>,
}

fn worlds() -> Vec<World> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/valid");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut worlds = Vec::new();
    for path in paths {
        let text = format!("\n{}", fs::read_to_string(path).unwrap());
        let mut parts = text.split("\n=== ");
        assert_eq!(parts.next(), Some(""), "a file begins with a world");
        worlds.extend(parts.map(|part| {
            let (name, body) = part.split_once('\n').unwrap();
            read(name, &format!("\n{}\n", body.trim_end()))
        }));
    }
    worlds
}

fn read(name: &str, body: &str) -> World {
    let mut world = World {
        name: name.to_owned(),
        releases: EXPLAINED.map(str::to_owned).to_vec(),
        input: Input::default(),
        uses: None,
        falls_back_to: None,
    };
    for section in body.split("\n--- ").skip(1) {
        let (heading, text) = section.split_once('\n').unwrap_or((section, ""));
        if let Some(releases) = heading.strip_prefix("release ") {
            world.releases = releases.split(' ').map(str::to_owned).collect();
        } else if let Some(uses) = heading.strip_prefix("uses ") {
            world.uses = Some(uses.to_owned());
        } else if let Some(chain) = heading.strip_prefix("falls back to ") {
            world.falls_back_to = Some(chain.to_owned());
        } else if let Some(absent) = heading.strip_prefix("no ") {
            *slot(&mut world.input, absent).expect(absent) = Given::Absent;
        } else {
            *slot(&mut world.input, heading).expect(heading) =
                Given::Text(format!("{}\n", text.trim_end_matches('\n')));
        }
    }
    world
}

/// What is found above `info`, a line each.
fn faults(report: &Report) -> Vec<String> {
    laws::findings(report)
        .filter(|finding| finding.severity != SeverityName::Info)
        .map(|finding| {
            let at = finding.location.start.line;
            format!("{} in {} line {at}: {}", finding.code, finding.location.file, finding.what)
        })
        .collect()
}

/// Who is asked and with what, as `--- uses` has it.
fn used(report: &Report) -> String {
    let verdict = &report.verdict;
    let provider = verdict.provider.as_ref().map_or("", |provider| provider.as_str());
    match verdict.state {
        VerdictState::Resolved => {
            let label = verdict.winner.as_ref().map_or("", |winner| winner.label.as_str());
            format!("{provider}: {label}")
        }
        VerdictState::NoKey => format!("{provider}: no key"),
        VerdictState::Preset => format!("{provider}: a preset"),
        VerdictState::NotModelled => format!("{provider}: not modelled"),
        VerdictState::NotConfigured => "no provider".to_owned(),
        VerdictState::NotPasted => format!("not pasted: {}", verdict.summary),
        VerdictState::Fails => format!("nothing: {}", verdict.summary),
    }
}

#[test]
fn nothing_is_found_and_the_credential_is_the_one_that_is_meant() {
    let mut wrong = Vec::new();
    for world in &worlds() {
        laws::checked_for(Some(&world.releases[0]), &world.input, NOW);
        for release in &world.releases {
            let report = report_of(release, &world.input);
            let mut faults = faults(&report);
            let uses = used(&report);
            if world.uses.as_ref().is_some_and(|meant| *meant != uses) {
                faults.push(format!("uses {uses}, not {}", world.uses.as_ref().unwrap()));
            }
            let chain: Vec<&str> =
                report.verdict.fallback.iter().map(|entry| entry.provider.as_str()).collect();
            if chain.join(", ") != world.falls_back_to.as_deref().unwrap_or("") {
                faults.push(format!("falls back to {}", chain.join(", ")));
            }
            wrong.extend(faults.into_iter().map(|fault| format!("{} ({release}): {fault}", world.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_sixty_of_them_and_each_has_a_name_and_says_what_it_uses() {
    let worlds = worlds();
    assert!(worlds.len() >= 60, "{} worlds", worlds.len());
    let mut names: Vec<&str> = worlds.iter().map(|world| world.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), worlds.len(), "two worlds have one name");
    for world in &worlds {
        let tells = world.uses.is_some() || !matches!(world.input.given.config, Given::Text(_));
        assert!(tells, "{}: `--- uses`", world.name);
    }
}

/// The same worlds as Windows writes them, and with what does not exist left out of the paste.
#[test]
fn nor_with_other_line_ends_or_with_less_pasted() {
    let mut wrong = Vec::new();
    for world in worlds() {
        for is_windows in [true, false] {
            let mut input = world.input.clone();
            for kind in SourceKind::PASTED {
                let given = &mut input.given[kind];
                match given {
                    Given::Text(text) if is_windows => *text = text.replace('\n', "\r\n"),
                    Given::Absent if !is_windows => *given = Given::NotGiven,
                    _ => {}
                }
            }
            let report = report_of(&world.releases[0], &input);
            let how = if is_windows { "Windows" } else { "less" };
            wrong.extend(faults(&report).into_iter().map(|fault| format!("{} ({how}): {fault}", world.name)));
            let uses = used(&report);
            if is_windows && world.uses.as_ref().is_some_and(|meant| *meant != uses) {
                wrong.push(format!("{} ({how}): uses {uses}", world.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each text of the worlds pasted alone: what is not pasted is not missing.
#[test]
fn nor_in_one_of_their_texts_alone() {
    let mut wrong = Vec::new();
    for world in worlds() {
        let whole = &world.input;
        for kind in SourceKind::PASTED {
            let Given::Text(text) = whole.given[kind].clone() else { continue };
            let mut input = Input::default();
            input.given[kind] = Given::Text(text);
            let found = faults(&report_of(&world.releases[0], &input));
            wrong.extend(
                found.into_iter().map(|fault| format!("{} ({}): {fault}", world.name, kind.heading())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn report_of(release: &str, input: &Input) -> Report {
    check(input, &Options { hermes: Some(release.to_owned()), now: NOW, ..Options::default() }).unwrap()
}

/// A provider alone with its key, in each place where a key may stand.
#[test]
fn each_built_in_provider_may_have_its_key_in_each_place() {
    let mut wrong = Vec::new();
    for release in EXPLAINED {
        let facts = Facts::of(release).unwrap();
        for (name, provider) in facts.providers.iter().filter(|(name, provider)| *name == provider.id) {
            for variable in &provider.api_key_env_vars {
                for (place, input, label) in alone(name, provider, variable) {
                    let report = report_of(release, &input);
                    let mut faults = faults(&report);
                    // GitHub's catalog decides for Copilot, and one provider of the release that was read was not.
                    let is_known = report.verdict.state != VerdictState::NotModelled;
                    if is_known && used(&report) != format!("{name}: {label}") {
                        faults.push(format!("uses {} and not {label}", used(&report)));
                    }
                    wrong
                        .extend(faults.into_iter().map(|fault| format!("{release} {name} {place}: {fault}")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where the key is, the texts, and the label under which it wins.
fn alone<'a>(name: &str, provider: &Provider, variable: &'a str) -> Vec<(&'static str, Input, &'a str)> {
    const KEY: &str = "fake-key-0123456789abcdef";
    let (own, is_own) = (&provider.inference_base_url, !provider.inference_base_url.is_empty());
    let url = if is_own { "" } else { "  base_url: https://mine.openai.azure.com/openai/v1\n" };
    let line = format!("{variable}={KEY}\n");
    let row = format!(
        r#"{{"version": 1, "credential_pool": {{"{name}": [{{"id": "a1b2c3", "label": "mine", "auth_type": "api_key",
          "priority": 0, "source": "manual", "access_token": "{KEY}", "base_url": "{own}"}}]}}}}"#
    );
    let world = |dotenv: &str, environ: &str, store: Given<String>| {
        Input::from(Sources {
            config: Given::Text(format!("model:\n  provider: {name}\n  default: some-model\n{url}")),
            dotenv: Given::Text(dotenv.to_owned()),
            environ: Given::Text(environ.to_owned()),
            auth_store: store,
            ..Sources::default()
        })
    };
    let mut worlds = vec![
        (".env", world(&line, "", Given::Absent), variable),
        ("environment", world("", &line, Given::Absent), variable),
    ];
    // Without an endpoint of its own, which only Azure lacks, a provider's pool is not asked.
    if is_own {
        worlds.push(("auth.json", world("", "", Given::Text(row)), "mine"));
    }
    worlds
}

/// Each command of each release, with what it cannot do without.
#[test]
fn each_command_with_what_it_requires_is_fine() {
    let mut wrong = Vec::new();
    for release in EXPLAINED {
        let facts = Facts::of(release).unwrap();
        let mut open = vec![String::new()];
        let mut lines = Vec::new();
        while let Some(path) = open.pop() {
            let below = facts.commands.below(&path);
            open.extend(below.into_iter().map(|name| format!("{path} {name}").trim().to_owned()));
            let Some(command) = facts.commands.command(&path) else { continue };
            // `hermes login` only says that it is gone.
            if !command.needs_command && command.path != "login" {
                lines.push(format!("hermes {path}{}\n", required(command)));
            }
        }
        assert!(lines.len() > 10, "{release}: {} commands", lines.len());
        let input = Input::from(Sources { commands: Given::Text(lines.concat()), ..Sources::default() });
        wrong.extend(
            faults(&report_of(release, &input)).into_iter().map(|fault| format!("{release} {fault}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Values for what a command requires, with a space in front.
fn required(command: &Command) -> String {
    let value = |argument: &Argument| match (argument.names[0], argument.choices.first()) {
        (_, Some(choice)) => (*choice).to_owned(),
        ("provider", None) => "gemini".to_owned(),
        ("target", None) => "1".to_owned(),
        (name, None) => format!("my-{}", name.trim_start_matches('-')),
    };
    let positionals = command.positionals.iter();
    let words = positionals.filter(|argument| argument.required).map(value);
    let options = command.options.iter().filter(|argument| argument.required);
    let options = options.map(|option| format!("{} {}", option.names[0], value(option)));
    words.chain(options).map(|word| format!(" {word}")).collect()
}
