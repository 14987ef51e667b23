//! Whatever is pasted gets an answer: damaged worlds keep all laws, and hostile texts end soon.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

use std::fs;
use std::path::Path;

use poolcheck::api::{ApiError, Correction, Input, LONGEST_INPUT, Options, check, split};
use poolcheck::base::sources::{Given, SourceKind, Sources};
use poolcheck::diagnostic::SeverityChoice;
use poolcheck::diagnostic::messages::Language;
use poolcheck::facts::EXPLAINED;
use proptest::prelude::*;

const NOW: f64 = 1_780_000_000.0;

fn corpus_text(world: &str, file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(world).join(file))
        .unwrap()
}

/// One damage: at a part of the text (0 to 1), something is put in, taken out or doubled.
#[derive(Clone, Debug)]
enum Damage {
    Insert(f64, String),
    Delete(f64, usize),
    Double(f64),
}

fn damage() -> impl Strategy<Value = Damage> {
    let odd = prop::sample::select(vec![
        "\t",
        "•",
        "：",
        "“",
        "\u{a0}",
        "\u{feff}",
        "\0",
        "\r",
        "\r\n",
        "&a ",
        "*a",
        "<<: ",
        "- ",
        ": ",
        "[",
        "{",
        "\"",
        "'",
        "#",
        "|",
        "%",
        "!!int ",
        "---\n",
        "...\n",
        "\u{85}",
        "\u{2028}",
        "${HOME}",
        "=",
        "1:30",
        "💥",
        " # poolcheck: ignore[PC107, PC401]",
        "\n# poolcheck: ignore pc203\n",
        "# poolcheck: ignore",
    ]);
    prop_oneof![
        (0.0..1.0_f64, odd).prop_map(|(at, text)| Damage::Insert(at, text.to_owned())),
        (0.0..1.0_f64, 1..20_usize).prop_map(|(at, length)| Damage::Delete(at, length)),
        (0.0..1.0_f64).prop_map(Damage::Double),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for damage in damages {
        let place = |part: &f64| ((chars.len() as f64 * part) as usize).min(chars.len());
        match damage {
            Damage::Insert(part, text) => {
                let at = place(part);
                chars.splice(at..at, text.chars());
            }
            Damage::Delete(part, length) => {
                let at = place(part);
                // Within the line: a key that slips into the value of another setting is that value, and is shown.
                let line = chars[at..].iter().position(|c| *c == '\n').unwrap_or(chars.len() - at);
                chars.drain(at..at + line.min(*length));
            }
            Damage::Double(part) => {
                let at = place(part);
                let end = (at + 30).min(chars.len());
                let again: Vec<char> = chars[at..end].to_vec();
                chars.splice(at..at, again);
            }
        }
    }
    chars.into_iter().collect()
}

/// Each draw is checked against all laws: fewer than elsewhere, unless PROPTEST_CASES asks for more.
fn drawn() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(150);
    ProptestConfig::with_cases(cases)
}

proptest! {
    #![proptest_config(drawn())]

    #[test]
    fn damaged_worlds_keep_all_laws(
        world in prop::sample::select(vec!["forum-indented", "forum-flattened", "forum-bulleted", "corrected-setup", "stale-pool-row"]),
        config in prop::collection::vec(damage(), 0..4),
        store in prop::collection::vec(damage(), 0..3),
        dotenv in prop::collection::vec(damage(), 0..3),
        release in prop::sample::select(EXPLAINED.to_vec()),
    ) {
        let read = |file: &str, damages: &[Damage]| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(world).join(file);
            fs::read_to_string(path).map_or(Given::Absent, |text| Given::Text(damaged(&text, damages)))
        };
        let input = Input::from(Sources { config: read("config.yaml", &config), dotenv: read("dotenv", &dotenv), auth_store: read("auth.json", &store), environ: Given::Absent, ..Sources::default() });
        laws::checked_for(Some(release), &input, NOW);
    }

    #[test]
    fn damaged_commands_keep_all_laws(
        damages in prop::collection::vec(damage(), 0..6),
        release in prop::sample::select(EXPLAINED.to_vec()),
    ) {
        let commands = "$ hermes auth add gemini --type api-key --api-key 'AIza-fake-one-000000' # one\n\
            hermes provider set google --pool sk-fake-two-000000\nhermes config set a.b '[1]' && hermes auth remove x 1\n";
        let of = |commands: String| Input::from(Sources { commands: Given::Text(commands), ..Sources::default() });
        let (whole, input) = (of(commands.to_owned()), of(damaged(commands, &damages)));
        // What is left of a key that was torn apart is no key.
        let keys = laws::canaries(&whole);
        if laws::canaries(&input).iter().all(|key| keys.contains(key)) {
            laws::checked_for(Some(release), &input, NOW);
        }
    }

    #[test]
    fn any_text_anywhere_gets_a_report(text in "\\PC{0,200}", bytes in prop::collection::vec(any::<char>(), 0..80)) {
        let odd: String = bytes.into_iter().collect();
        let input = Input::from(Sources { config: Given::Text(text.clone()), dotenv: Given::Text(odd.clone()), auth_store: Given::Text(text.clone()), environ: Given::Text(odd.clone()), listing: Given::Text(odd.clone()), log: Given::Text(odd.clone()), commands: Given::Text(odd.clone()), debug_report: Given::Text(odd), ..Sources::default() });
        laws::checked(&input, NOW);
    }
}

/// A store on one line, as programs write it, with a finding in each row: a line is looked through for keys once.
#[test]
fn many_findings_on_one_line_end_soon() {
    let row = |number: usize| {
        format!(
            r#"{{"id":"a{number}","auth_type":"api_key","priority":{number},"source":"manual","api_key":"sk-fake-{number:06}"}}"#
        )
    };
    let rows: Vec<String> = (0..1_000).map(row).collect();
    let store = format!(r#"{{"version":1,"credential_pool":{{"gemini":[{}]}}}}"#, rows.join(","));
    let input = config("model: {provider: gemini}\n".to_owned()).with(SourceKind::AuthStore, store);
    let report = check(&input, &Options::default()).unwrap();
    assert!(!serde_json::to_string(&report).unwrap().contains("sk-fake-000001"));
    // Of each rule two hundred are told, and it is said how many there are beside.
    let told = |code: &str| report.findings.iter().filter(|finding| finding.code.as_str() == code).count();
    let most = report.more.iter().max_by_key(|more| more.count).unwrap();
    assert_eq!((told(most.code.as_str()), most.count), (200, 800), "{:?}", report.more);
    let note = report.more_note.unwrap().to_string();
    assert!(note.contains(most.code.as_str()) && note.contains("800"), "{note}");
}

/// Whatever is pasted again and again: the report stays short, says what it leaves out, and the safe fixes mend all the same.
#[test]
fn a_report_is_bounded() {
    let dotenv: String =
        (0..260).map(|number| format!("GEMINI_API_KEY=AIza-fake-{number:06}\nword {number}\n\n")).collect();
    let input = config("a: 1\nb:\n\tc: 2\n".repeat(260))
        .with(SourceKind::Dotenv, dotenv)
        .with(SourceKind::Log, "API call failed (attempt 1/3): E [HTTP 429]\n".repeat(260))
        .with(SourceKind::Commands, "hermes auth lgin\n".repeat(260));
    let options = Options { now: NOW, ..Options::default() };
    let report = check(&input, &options).unwrap();
    let mut counts = std::collections::BTreeMap::new();
    for finding in laws::findings(&report) {
        *counts.entry(finding.code.to_string()).or_insert(0) += 1;
    }
    let after = report.repaired.as_ref().map_or(0, |repaired| repaired.findings.len());
    assert!(counts.values().all(|count| *count <= 200 + after.min(200)), "{counts:?}");
    let left: usize = report.more.iter().map(|more| more.count).sum();
    assert!(left > 100 && report.more_note.is_some(), "{:?}", report.more);
    let mended = poolcheck::api::apply_safe_fixes(&input, &options).unwrap().dotenv.unwrap();
    assert_eq!(mended.matches("# word").count(), 260);
}

#[test]
fn long_logs_end_soon() {
    let failed = "API call failed (attempt 1/3): E [HTTP 429]\n   Error: HTTP 429: x\n";
    let marked = "credential pool: marking a exhausted (status=429), rotating\n";
    for text in [
        failed.repeat(4_500),
        marked.repeat(4_500),
        (0..4_200).map(|number| failed.replace('x', &number.to_string())).collect(),
        "marking ".repeat(30_000),
        "key: ".repeat(30_000),
        "API call failed (attempt ".repeat(12_000),
        "—→{}".repeat(30_000),
        "\n  x".repeat(30_000),
        "Fallback activated: a → ".repeat(11_000),
    ] {
        let report = check(
            &Input::from(Sources { log: Given::Text(text), ..Sources::default() }),
            &Options::default(),
        )
        .unwrap();
        assert!(report.timeline.is_some_and(|timeline| timeline.entries.len() <= 500));
    }
}

proptest! {
    #![proptest_config(drawn())]

    #[test]
    fn any_post_is_split_and_nothing_of_it_is_lost(
        paste in prop::sample::select(vec!["forum-post", "issue", "documentation", "debug-share", "quoted-reply"]),
        damages in prop::collection::vec(damage(), 0..6),
        part in 0..60_usize,
    ) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pastes").join(paste).with_extension("txt");
        let text = damaged(&fs::read_to_string(path).unwrap(), &damages);
        let told = [Correction { part, kind: Some(SourceKind::Config) }];
        for corrections in [&[][..], &told] {
            let pasted = split(&text, corrections, Language::English).unwrap();
            let again = split(&text, corrections, Language::English).unwrap();
            prop_assert_eq!(&pasted.parts, &again.parts);
            let mut end = 0;
            for part in &pasted.parts {
                prop_assert!(part.start.offset >= end && part.end.offset >= part.start.offset);
                end = part.end.offset;
            }
            prop_assert!(end <= text.encode_utf16().count());
            if let Some(config) = pasted.texts.config.as_ref().filter(|config| !config.contains('>')) {
                prop_assert!(text.replace("> ", "").contains(config.lines().next().unwrap_or("")));
            }
            // What a reader corrects is split as well; the laws are the same.
            if corrections.is_empty() {
                laws::checked(&pasted.texts.into(), NOW);
            }
        }
    }

    #[test]
    fn any_text_is_split(text in "[ \\-•:：=#>`~$◆┊{}\\[\\]\"a-zA-Z0-9._\n\r\t]{0,300}") {
        let pasted = split(&text, &[], Language::SimplifiedChinese).unwrap();
        laws::checked(&pasted.texts.into(), NOW);
    }
}

#[test]
fn hostile_posts_are_split_soon() {
    let most = 300_000;
    let hostile = [
        "{\"".repeat(most / 2),
        "{\n".repeat(most / 2),
        "{\"a\": [\n".repeat(most / 9),
        "#1 a api_key x\n".repeat(most / 16),
        format!("#1 a {}", "api_key ".repeat(most / 8)),
        "# x\n\n".repeat(most / 5),
        "A_B=1\nx\n\n".repeat(most / 10),
        "model:\nx\n\ny\n".repeat(most / 12),
        "```\n".repeat(most / 4),
        "> ".repeat(most / 2),
        "hermes ".repeat(most / 7),
        "hermes auth \"".repeat(most / 13),
        "--- a.log (last 1 lines) ---\n".repeat(most / 29),
        "a (1 credentials):\n".repeat(most / 19),
        "\r".repeat(most),
        // Parts without number, all of them used.
        (0..13_000).map(|number| format!("hermes auth {number}\n\nx\n\n")).collect(),
        (0..17_000)
            .map(|number| {
                if number < 8_500 {
                    format!("$ a{number}\nx\n")
                } else {
                    format!("12:00:00 INFO {number}\ny\n")
                }
            })
            .collect(),
        format!("model: {}", "x".repeat(most)),
    ];
    for text in hostile {
        let pasted = split(&text, &[], Language::English).unwrap();
        assert!(pasted.parts.len() <= text.len());
        keeps_all_laws(split(beginning(&text), &[], Language::English).unwrap().texts.into());
    }
}

/// As much of a hostile text as all laws are held on: they check a text many times.
const BEGINNING: usize = 4 << 10;

fn beginning(text: &str) -> &str {
    let mut end = text.len().min(BEGINNING);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap()
}

/// Holds all laws on the beginnings of the texts.
fn keeps_all_laws(mut input: Input) {
    for kind in SourceKind::PASTED {
        let given = &mut input.given[kind];
        if let Given::Text(text) = given {
            *given = Given::Text(beginning(text).to_owned());
        }
    }
    laws::checked(&input, NOW);
}

fn config(text: String) -> Input {
    Input::from(Sources { config: Given::Text(text), ..Sources::default() })
}

#[test]
fn hostile_texts_end_soon() {
    let options = Options { now: NOW, ..Options::default() };
    let most = 300_000;
    let bomb: String = (1..30)
        .map(|level| format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", ")))
        .collect();
    let hostile = [
        "[".repeat(most),
        "{".repeat(most),
        "- ".repeat(most / 2),
        "a: ".repeat(most / 3),
        format!("a0: &a0 [x]\n{bomb}"),
        "\t".repeat(most),
        "•\n".repeat(most / 4),
        "model:\nprovider: x\n".repeat(most / 20),
        "\u{feff}".repeat(most / 3),
        "key: &a ".repeat(most / 8),
        "'".repeat(most),
        "? ".repeat(most / 2),
        "# poolcheck: ignore[PC107]\n".repeat(most / 27),
        "# poolcheck: ignore[PC107]\u{2028}".repeat(500),
        format!(
            "a: {{{}}} # poolcheck: ignore[{}]",
            "a: 1, ".repeat(100),
            "PC107,PC108,".repeat(most / 20) + "PC107"
        ),
        format!("# poolcheck: ignore[{}]\n", "X".repeat(most)),
        "# ".repeat(most / 2) + "poolcheck: ignore",
    ];
    for text in hostile {
        let start: String = text.chars().take(12).collect();
        let report = check(&config(text.clone()), &options);
        assert!(report.is_ok(), "{start:?}");
        keeps_all_laws(config(beginning(&text).to_owned()));
    }
    let each = most / 5;
    let everywhere = "GEMINI_API_KEY_1=a,b,c # ${X}\n# poolcheck: ignore pc401, PC402\n".repeat(each / 66);
    let input = Input::from(Sources {
        dotenv: Given::Text(everywhere.clone()),
        environ: Given::Text(everywhere),
        auth_store: Given::Text("[".repeat(each)),
        listing: Given::Text("gemini (1 credentials):\n".repeat(each / 24)),
        commands: Given::Text("hermes \"#\" # poolcheck: ignore[PC401]\n".repeat(each / 40)),
        ..Sources::default()
    });
    assert!(check(&input, &options).is_ok());
    keeps_all_laws(input);
}

#[test]
fn hostile_listings_end_soon() {
    let options = Options { now: NOW, ..Options::default() };
    for part in [
        "#1 a\nb\nc\nd\n",
        "#1 x api_key manual (\n",
        "gemini (\n1 c\n",
        "custom:a\n",
        "#1 a\n",
        "#1 api_key (",
        "gemini (1 credentials):\n#1 X api_key env:X\n",
    ] {
        let listing = Given::Text(part.repeat(LONGEST_INPUT / part.len()));
        let started = std::time::Instant::now();
        let input = Input::from(Sources { listing, ..Sources::default() });
        assert!(check(&input, &options).is_ok());
        assert!(started.elapsed().as_secs() < 20, "{part:?} took {:?}", started.elapsed());
        keeps_all_laws(input);
    }
}

#[test]
fn hostile_commands_end_soon() {
    let options = Options { now: NOW, ..Options::default() };
    for part in [
        "hermes ",
        "hermes\n",
        "hermes auth add \"",
        "hermes [",
        "hermes <",
        "hermes $'",
        "hermes \\\n",
        "hermes auth add x\n",
        "hermes auth lgin\n",
        "“",
        "„ hermes ",
        "`hermes` ",
        "hermes `",
        "$ ",
        "a@b:~$ hermes --x\n",
        "hermes $(",
        "'\nhermes ",
        "sudo ",
        "docker exec ",
        "hermes config set a '[1]'\n",
        "hermes —x “y” ",
        "-",
        "hermes auth add --api-key k",
    ] {
        let commands = Given::Text(part.repeat(LONGEST_INPUT / part.len()));
        let started = std::time::Instant::now();
        let input = Input::from(Sources { commands, ..Sources::default() });
        assert!(check(&input, &options).is_ok());
        assert!(started.elapsed().as_secs() < 20, "{part:?} took {:?}", started.elapsed());
        keeps_all_laws(input);
    }
}

#[test]
fn many_commands_beside_many_rows_end_soon() {
    let of = |part: &str| Given::Text(part.repeat(LONGEST_INPUT / 2 / part.len()));
    let row = "gemini (1 credentials):\n  #1  a  api_key manual rate-limited (429) (58m 20s left)\n";
    let input = Input::from(Sources {
        commands: of("sudo -x hermes auth reset zai\n"),
        listing: of(row),
        ..Sources::default()
    });
    let started = std::time::Instant::now();
    assert!(check(&input, &Options { now: NOW, ..Options::default() }).is_ok());
    assert!(started.elapsed().as_secs() < 20, "it took {:?}", started.elapsed());
}

#[test]
fn what_is_beyond_the_limit_is_refused() {
    let of = |config: usize, log: usize| {
        let [config, log] = [config, log].map(|length| Given::Text(" ".repeat(length)));
        check(&Input::from(Sources { config, log, ..Sources::default() }), &Options::default()).err()
    };
    assert_eq!(of(LONGEST_INPUT, 0), None);
    assert_eq!(of(LONGEST_INPUT + 1, 0), Some(ApiError::TooLong));
    // The texts are counted together.
    assert_eq!(of(LONGEST_INPUT / 2, LONGEST_INPUT / 2), None);
    assert_eq!(of(LONGEST_INPUT / 2, LONGEST_INPUT / 2 + 1), Some(ApiError::TooLong));
    assert!(ApiError::TooLong.to_string().contains("320 KiB"));
}

#[test]
fn a_release_that_is_not_known_is_refused() {
    let options = Options { hermes: Some("0.1.0".to_owned()), ..Options::default() };
    assert_eq!(
        check(&config(corpus_text("defaults", "config.yaml")), &options),
        Err(ApiError::UnknownRelease)
    );
}

#[test]
fn a_severity_for_a_code_that_no_rule_has_is_refused_by_its_name() {
    let refusal = |code: &str| {
        let mut options = Options::default();
        options.severities.insert(code, SeverityChoice::Off);
        check(&config(String::new()), &options).unwrap_err().to_string()
    };
    assert_eq!(refusal("PC000"), "no rule has the code PC000");
    assert!(!refusal("sk-fake-0000000000000000").contains("sk-fake-0000000000000000"));
}
