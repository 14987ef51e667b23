//! What users wrote is shown and never acts: not in Markdown, not in a terminal. Each place of an input from which a text of
//! theirs can reach a report is filled with texts that would act, one after the other.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

#[cfg(feature = "cli")]
use std::process::Command;

use laws::{acts, is_hidden};

use poolcheck::api::{Input, Options, check, markdown};
use poolcheck::base::sources::{Given, SourceKind, Sources};
use poolcheck::diagnostic::messages::Language;
use poolcheck::wordings::all_templates;
use pulldown_cmark::{Event, Parser, Tag};

const NOW: f64 = 1_780_000_000.0;

/// What acts somewhere, each with the mark `EVIL`.
const HOSTILE: [&str; 46] = [
    "@everyone EVIL",
    "@here",
    "@EVIL",
    "<@123456789>EVIL",
    "<@&42>EVIL",
    "#123 EVIL",
    "EVIL#123",
    "GH-12 EVIL",
    "<#77>EVIL",
    "![EVIL](http://evil.example/t.png)",
    "[EVIL](http://evil.example)",
    "[EVIL]: http://evil.example",
    "http://evil.example/EVIL",
    "www.evil.example EVIL",
    "EVIL@evil.example",
    "<http://evil.example/EVIL>",
    "<img src=x onerror=alert(EVIL)>",
    "<script>EVIL</script>",
    "</details>EVIL",
    "<!-- EVIL",
    "&lt;EVIL&gt; &#64;everyone",
    "**EVIL**",
    "_EVIL_",
    "~~EVIL~~",
    "# EVIL",
    "> EVIL",
    "- EVIL",
    "1. EVIL",
    "| EVIL | b |",
    "EVIL`",
    "`EVIL",
    "``EVIL``",
    "```EVIL",
    "a``` @everyone EVIL",
    "~~~~~~~~EVIL",
    "` ` @everyone EVIL ` `",
    "\\EVIL\\",
    "$EVIL$ :EVIL:",
    "EVIL\u{1b}[2J\u{1b}]0;x\u{7}",
    "EVIL\u{9b}2J\u{7f}\u{8}",
    "EVIL\u{202e}gpj\u{2066}x\u{200f}\u{61c}",
    "EV\u{200b}IL\u{feff}\u{2060}\u{ad}",
    "EVIL\n\n# heading\n\n---\n",
    "EVIL\r\n\r\n<b>x</b>",
    "EVIL\u{2028}- x\u{85}y",
    " EVIL ",
];

/// `text` in double quotes, as YAML and JSON read it alike.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// `text` on one line, for texts that know no quotes.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

fn row(fields: &str) -> String {
    format!(
        r#"{{"version": 1, "credential_pool": {{"gemini": [{{"id": "a", "auth_type": "api_key", "priority": 0,
        "source": "manual", "access_token": "AIza-fake-one-000000", "label": "one"{fields}}},
        {{"id": "b", "auth_type": "api_key", "priority": 1, "source": "manual", "access_token": "AIza-fake-one-000000",
        "label": "two"}}]}}}}"#
    )
}

/// The inputs with `evil` at one place each.
fn inputs(evil: &str) -> Vec<(&'static str, Input)> {
    let (quote, line) = (quoted(evil), one_line(evil));
    let text = |text: String| Given::Text(text);
    let config = |yaml: String| Input::from(Sources { config: Given::Text(yaml), ..Sources::default() });
    let gemini = "model: {provider: gemini, default: g}\n";
    let beside = |auth: String| {
        Input::from(Sources {
            config: Given::Text(gemini.into()),
            auth_store: Given::Text(auth),
            ..Sources::default()
        })
    };
    vec![
        ("label", beside(row(&format!(r#", "label": {quote}"#)))),
        ("source", beside(row(&format!(r#", "source": {quote}"#)))),
        ("status", beside(row(&format!(r#", "last_status": {quote}"#)))),
        ("auth type", beside(row(&format!(r#", "auth_type": {quote}"#)))),
        ("row url", beside(row(&format!(r#", "base_url": {quote}"#)))),
        (
            "last error",
            beside(row(&format!(
                r#", "last_status": "exhausted", "last_status_at": 1779999990, "last_error_message": {quote}"#
            ))),
        ),
        (
            "pool name",
            beside(format!(
                r#"{{"version": 1, "credential_pool": {{{quote}: [{{"id": "a", "access_token": "AIza-fake-one-000000",
                "auth_type": "api_key", "label": {quote}, "source": "manual", "priority": 0}}]}}}}"#
            )),
        ),
        ("broken store", beside(format!("{{\"version\": 1, {quote}"))),
        ("model", config(format!("model: {{provider: gemini, default: {quote}}}\n"))),
        ("model as text", config(format!("model: {quote}\n"))),
        ("provider", config(format!("model: {{provider: {quote}, default: g}}\n"))),
        ("base url", config(format!("model: {{provider: custom, base_url: {quote}, api_key: {quote}}}\n"))),
        ("api mode", config(format!("model: {{provider: gemini, api_mode: {quote}}}\n"))),
        ("reference", config(format!("model: {{provider: custom, base_url: \"${{{line}}}\"}}\n"))),
        ("strategy", config(format!("{gemini}credential_pool_strategies: {{gemini: {quote}}}\n"))),
        ("strategies", config(format!("{gemini}credential_pool_strategies: {quote}\n"))),
        (
            "fallback",
            config(format!("{gemini}fallback_providers: [{{provider: {quote}, model: {quote}}}, {quote}]\n")),
        ),
        ("fallback text", config(format!("{gemini}fallback_providers: {quote}\n"))),
        ("key twice", config(format!("{gemini}{quote}: 1\n{quote}: 2\n"))),
        ("unknown key", config(format!("model: {{provider: gemini, providr: {quote}, {quote}: 1}}\n"))),
        (
            "endpoint",
            config(format!(
                "model: {{provider: {custom}}}\ncustom_providers: [{{name: {quote}, base_url: {quote}, key_env: {quote}}}]\n",
                custom = quoted(&format!("custom:{evil}")),
            )),
        ),
        (
            "pool in config",
            config(format!(
                "{gemini}credential_pool:\n  gemini:\n    - api_key: {quote}\n      label: {quote}\n"
            )),
        ),
        ("torn", config(format!("model:\nprovider: gemini\n# {line}\ndefault: {quote}\n"))),
        ("tab", config(format!("model:\n\tprovider: gemini # {line}\n"))),
        ("bullet", config(format!("• model: # {line}\n• x: {quote}\n"))),
        ("syntax", config(format!("model: [{line}\n"))),
        ("anchor", config(format!("model: *{line}\n"))),
        ("plain", config(format!("model:\n  provider: {line}\n  default: {line}\n{line}\n"))),
        ("comment", config(format!("{gemini}# poolcheck: ignore[{line}]\n# {line}\n"))),
        (
            "dotenv",
            config(gemini.into()).with(SourceKind::Dotenv, format!(
                    "{line}\nGEMINI_API_KEY={line}\nGEMINI_API_KEYS={line}, {line}\n# {line}\n"
                )),
        ),
        (
            "dotenv name",
            config(gemini.into()).with(SourceKind::Dotenv, format!("{line}=x\nGEMINI_API_KEY: {line}\nGEMINI_API_KEY_1={line} # {line}\n")),
        ),
        (
            "environ",
            config(gemini.into()).with(SourceKind::Environ, format!("[Service]\nEnvironment={line}\nGEMINI_API_KEY={line}\n")),
        ),
        (
            "listing",
            config(gemini.into()).with(SourceKind::Listing, format!(
                    "gemini (2 credentials):\n  #1  {line}  api_key manual ←\n  #2  two  api_key {line} rate-limited {line} (429) (58m 20s left)\n"
                )),
        ),
        (
            "listed pool",
            Input::from(Sources {
                listing: text(format!("{line} (1 credentials):\n  #1  one  api_key manual ←\n")),
                ..Sources::default()
            }),
        ),
        (
            "log",
            config(gemini.into()).with(SourceKind::Log, format!(
                    "credential pool: marking {line} exhausted (status=429), rotating\ncredential pool: rotated to {line}\n\
                     API call failed (attempt 1/3): {line} [HTTP 429]\n   Provider: {line}  Model: {line}\n   Error: HTTP 429: {line}\n\
                     Fallback activated: {line} → {line} ({line})\nFallback skip: {line}\n{line}\n"
                )),
        ),
        (
            "commands",
            Input::from(Sources {
                commands: text(format!(
                    "hermes {line}\nhermes auth add {line} --label {line}\nhermes auth remove '{line}' 1\nhermes config set '{line}' '{line}'\nhermes --{line} x\n"
                )),
                ..Sources::default()
            }),
        ),
        (
            "report",
            Input::from(Sources {
                debug_report: text(format!(
                    "--- hermes dump ---\nversion: 0.18.2 [{line}]\nprovider: {line}\nmodel: {line}\nGOOGLE_API_KEY: {line}\n"
                )),
                ..Sources::default()
            }),
        ),
    ]
}

/// In code users' texts stand; these may not stand elsewhere. A word alone may.
const NOWHERE_ELSE: [&str; 8] = ["@", "://", "www.", "#1", "GH-", "EVIL#", "$EVIL", ":EVIL"];

#[test]
fn markdown_shows_what_users_wrote_and_does_not_act_on_it() {
    let mut shown = 0;
    for (number, evil) in HOSTILE.into_iter().enumerate() {
        for (at, (place, input)) in inputs(evil).into_iter().enumerate() {
            // Each text meets both languages, each place too.
            let language =
                if (number + at) % 2 == 0 { Language::English } else { Language::SimplifiedChinese };
            let page = markdown(&input, &Options { now: NOW, language, ..Options::default() }).unwrap();
            let page = page.as_str();
            shown += usize::from(page.contains("EVIL"));
            let found = acts(page, &NOWHERE_ELSE);
            assert!(found.is_empty(), "{place}, {evil:?}: {found:?} in\n{page}");
            // Some forums begin a block of code at any three of them.
            let has_runs =
                page.lines().any(|line| line.trim_start().trim_start_matches("```").contains("```"));
            assert!(!has_runs, "{place}, {evil:?}:\n{page}");
        }
    }
    // 46 texts in 37 places, of which many are names that a page does not show; 417 were counted.
    assert!(shown > 400, "the texts reach {shown} pages only");
}

/// What a page is made of: headings, items, emphasis, without its words.
fn skeleton(page: &str) -> Vec<Tag<'_>> {
    let tags = Parser::new_ext(page, pulldown_cmark::Options::all()).filter_map(|event| match event {
        Event::Start(tag) => Some(tag),
        _ => None,
    });
    tags.collect()
}

/// Marks of emphasis, headings and lists make nothing of a page: it is made as with brackets in their place.
#[test]
fn marks_of_users_make_nothing() {
    const PLACES: [&str; 5] = ["label", "source", "pool name", "model", "strategy"];
    let pages = |evil: &str| -> Vec<String> {
        let inputs = inputs(evil).into_iter().filter(|(place, _)| PLACES.contains(place));
        let page = |input| markdown(&input, &Options { now: NOW, ..Options::default() }).unwrap().to_string();
        inputs.map(|(_, input)| page(input)).collect()
    };
    let plain = pages("(EVIL)");
    for evil in
        ["**EVIL**", "__EVIL__", "_EVIL_", "~~EVIL~~", "# EVIL", "> EVIL", "- EVIL", "1. EVIL", "EVIL\n---"]
    {
        for (page, plain) in pages(evil).iter().zip(&plain) {
            assert_eq!(skeleton(page), skeleton(plain), "{evil:?}:\n{page}\n\nand\n{plain}");
        }
    }
}

/// A command of two lines is ours; the line ends of users are written out, and only they.
#[test]
fn commands_keep_their_lines() {
    let input = Input::from(Sources { config: Given::Text(
            "model: {provider: gemini, default: g}\ncredential_pool:\n  gemini:\n    - api_key: AIza-fake-1\n    - api_key: AIza-fake-2\n".into(),
        ), commands: Given::Text("hermes provider set google --pool x --strategy random\n".into()), ..Sources::default() });
    let page = markdown(&input, &Options { now: NOW, ..Options::default() }).unwrap().to_string();
    let add = |number: u8| format!("   hermes auth add gemini --type api-key --label gemini-{number}\n");
    assert!(page.contains(&[add(1), add(2)].concat()), "{page}");
    assert!(!page.contains('␊') && page.contains("```sh"), "{page}");
}

/// A text that ends the code it stands in would have the rest of the page read as code, or the reverse.
#[test]
fn every_span_of_code_holds_one_text() {
    for evil in ["EVIL`", " EVIL ", "EVIL` `EVIL", "`", ""] {
        for (place, input) in inputs(evil) {
            let page = markdown(&input, &Options { now: NOW, ..Options::default() }).unwrap();
            let headings: Vec<String> =
                page.as_str().lines().filter(|line| line.starts_with("##")).map(str::to_owned).collect();
            let parsed = Parser::new(page.as_str())
                .filter(|event| matches!(event, Event::Start(Tag::Heading { .. })))
                .count();
            assert_eq!(parsed, headings.len(), "{place}, {evil:?}:\n{}", page.as_str());
        }
    }
}

/// [`markdown`] tells code by the backticks of the wordings: each has an even number of them, and none beside another.
#[test]
fn wordings_open_and_close_their_code() {
    for template in all_templates() {
        for language in [Language::English, Language::SimplifiedChinese] {
            let wording = language.wording(template);
            let is_even = wording.matches('`').count() % 2 == 0;
            assert!(is_even && !wording.contains("``"), "{}: {wording}", template.id());
            assert!(
                !wording.contains('<') || wording.split('`').step_by(2).all(|plain| !plain.contains('<')),
                "{wording}"
            );
        }
    }
}

/// The texts of each input in files, as the command line takes them.
#[cfg(feature = "cli")]
fn run(input: &mut Input, format: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("inert");
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_poolcheck"));
    command.args(["--no-settings", "--now", "1780000000", "--format", format]);
    for (kind, option) in [
        (SourceKind::Config, "--config"),
        (SourceKind::Dotenv, "--dotenv"),
        (SourceKind::AuthStore, "--auth-store"),
        (SourceKind::Jobs, "--jobs"),
        (SourceKind::Environ, "--environ"),
        (SourceKind::Listing, "--listing"),
        (SourceKind::Log, "--log"),
        (SourceKind::Commands, "--commands"),
        (SourceKind::DebugReport, "--debug-report"),
    ] {
        if let Given::Text(text) = &input.given[kind] {
            let path = folder.join(option);
            std::fs::write(&path, text).unwrap();
            command.arg(option).arg(path);
        }
    }
    let output = command.output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[cfg(feature = "cli")]
#[test]
fn a_terminal_shows_what_users_wrote_and_does_not_act_on_it() {
    let hidden = HOSTILE.iter().filter(|evil| evil.contains(is_hidden) || evil.contains('\n'));
    for (number, evil) in hidden.enumerate() {
        // A run of the program each: every text in every second place.
        let places = inputs(evil).into_iter().enumerate().filter(|(at, _)| (at + number) % 2 == 0);
        for (place, mut input) in places.map(|(_, input)| input) {
            let text = run(&mut input, "human");
            assert!(!text.contains(is_hidden), "{place}, {evil:?}:\n{text:?}");
            // A line end of theirs ends no line of ours.
            assert!(!text.lines().any(|line| line.starts_with("# heading")), "{place}, {evil:?}:\n{text}");
        }
    }
}

/// A file may be called anything.
#[cfg(all(unix, feature = "cli"))]
#[test]
fn names_of_files_are_shown_alike() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("inert-names");
    std::fs::create_dir_all(&folder).unwrap();
    let post = folder.join("EVIL\u{1b}[2J\u{202e}\n.txt");
    std::fs::write(&post, "model: {provider: gemini}\n").unwrap();
    let said = |arguments: &[&std::ffi::OsStr]| {
        let output = Command::new(env!("CARGO_BIN_EXE_poolcheck")).args(arguments).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let text = said(&[post.as_os_str(), "--no-settings".as_ref()]);
    assert!(text.contains("EVIL␛[2J\\u{202e}␊.txt") && !text.contains(is_hidden), "{text:?}");
    let missing = folder.join("EVIL\u{1b}[2J\u{9b}.yaml");
    let text = said(&[missing.as_os_str()]);
    assert!(text.contains("cannot read") && !text.contains(is_hidden), "{text:?}");
}

/// What can never be used as things stand is struck through, as on the page; a spare key that waits for its turn is not.
#[test]
fn only_what_is_never_used_is_struck_through() {
    let input = Input::from(Sources {
        config: Given::Text(
            "model: {provider: gemini, default: g, api_key: AIza-fake-config-000000}\n".into(),
        ),
        dotenv: Given::Absent,
        auth_store: Given::Text(row("").replacen("AIza-fake-one-000000", "AIza-fake-two-000000", 1)),
        ..Sources::default()
    });
    let options = Options { now: NOW, ..Options::default() };
    let losers = check(&input, &options).unwrap().verdict.losers;
    let kinds: Vec<(String, bool)> =
        losers.iter().map(|loser| (loser.credential.label.to_string(), loser.never_used)).collect();
    assert!(kinds.contains(&("two".to_owned(), false)) && kinds.iter().any(|(_, never)| *never), "{kinds:?}");
    let page = markdown(&input, &options).unwrap().to_string();
    for (label, never_used) in kinds {
        let line = page.lines().find(|line| {
            line.starts_with("- ") && line.contains(&format!("**{label}**"))
                || line.contains(&format!("**`{label}`**"))
        });
        let line = line.unwrap_or_else(|| panic!("no line tells of {label}: {page}"));
        assert_eq!(line.contains("~~"), never_used, "{line}");
    }
}
