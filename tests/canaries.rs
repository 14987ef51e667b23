//! No output holds a key, wherever it stands in the input: every word of pasted worlds is replaced by a canary
//! in turn, broken texts included, and no report, in either language, may hold it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use poolcheck::api::{Input, Options, check, markdown, redact, split};
use poolcheck::hermes::Given;
use poolcheck::messages::Language;
use poolcheck::text::SourceKind;

/// Has the shape of a key, so it must not be seen from any position.
const SHAPED: &str = "sk-canary7f3a9b2c4d5e";
/// Looks like a word; it must not be seen from where keys belong.
const PLAIN: &str = "canaryWithoutShape";

/// The names of the texts in a corpus folder, in the order of [`SourceKind::PASTED`].
const FILES: [&str; 8] =
    ["config.yaml", "dotenv", "auth.json", "environ", "listing", "log", "commands", "report"];

fn texts(name: &str) -> [Option<String>; 8] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name);
    FILES.map(|file| fs::read_to_string(folder.join(file)).ok())
}

fn input(texts: &[Option<String>; 8]) -> Input {
    let mut input = Input::default();
    for (kind, text) in SourceKind::PASTED.into_iter().zip(texts) {
        *input.given_mut(kind).unwrap() = text.clone().map_or(Given::NotGiven, Given::Text);
    }
    input
}

fn outputs(input: &Input) -> Vec<String> {
    let mut outputs = Vec::new();
    for language in [Language::English, Language::SimplifiedChinese] {
        let options = Options { now: 1_780_000_000.0, language, ..Options::default() };
        outputs.push(serde_json::to_string(&check(input, &options).unwrap()).unwrap());
        outputs.push(markdown(input, &options).unwrap().to_string());
    }
    outputs
}

fn assert_unseen(canary: &str, texts: &[Option<String>; 8], what: &str) {
    for output in outputs(&input(texts)) {
        assert!(!output.contains(canary), "{what}: an output holds the canary:\n{output}");
    }
}

/// The words of a text: keys, values, words of comments.
fn words(text: &str) -> Vec<(usize, &str)> {
    let is_border = |c: char| c.is_whitespace() || "\"'{}[],:=#".contains(c);
    let mut seen = BTreeSet::new();
    (text.split(is_border))
        .filter(|word| !word.is_empty() && seen.insert(*word))
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
        .collect()
}

fn in_every_position(world: &str) {
    let original = texts(world);
    for index in 0..original.len() {
        let Some(text) = &original[index] else { continue };
        for (at, word) in words(text) {
            let mut changed = original.clone();
            changed[index] = Some(format!("{}{SHAPED}{}", &text[..at], &text[at + word.len()..]));
            assert_unseen(SHAPED, &changed, &format!("{world}: {} instead of `{word}`", FILES[index]));
        }
    }
}

#[test]
fn a_key_in_a_comment_that_silences_is_masked() {
    for comment in
        ["# poolcheck: ignore[KEY]", "# poolcheck: ignore[PC107] KEY", "# poolcheck: ignore PC107 KEY"]
    {
        let line = format!("{}\n", comment.replace("KEY", SHAPED));
        let config = format!("{line}model: gemini\n");
        let dotenv = format!("{line}GEMINI_API_KEY=AIza-fake-0000000000\n");
        let commands = format!("hermes {line}");
        let mut texts = [const { None }; FILES.len()];
        for (index, text) in [(0, config), (1, dotenv), (6, commands)] {
            texts[index] = Some(text);
        }
        texts[2] = Some("{}".to_owned());
        texts[3] = Some(String::new());
        assert_unseen(SHAPED, &texts, comment);
    }
}

#[test]
fn a_canary_for_every_word_of_the_forum_cases() {
    in_every_position("forum-indented");
    in_every_position("forum-flattened");
    in_every_position("forum-bulleted");
}

#[test]
fn a_canary_for_every_word_of_the_setups_with_a_store() {
    in_every_position("corrected-setup");
    in_every_position("stale-pool-row");
    in_every_position("exhausted-env-row");
    in_every_position("one-key-cooldown");
}

#[test]
fn a_canary_without_a_shape_where_keys_belong() {
    for world in ["corrected-setup", "stale-pool-row", "manual-rows-only", "raw-env-row", "one-key-cooldown"]
    {
        let original = texts(world);
        for index in 0..original.len() {
            let Some(text) = &original[index] else { continue };
            let fakes = words(text).into_iter().filter(|(_, word)| word.contains("-fake-"));
            for (at, word) in fakes {
                let mut changed = original.clone();
                changed[index] = Some(format!("{}{PLAIN}{}", &text[..at], &text[at + word.len()..]));
                assert_unseen(PLAIN, &changed, &format!("{world}: {}", FILES[index]));
                // The same in a text that does not parse: an error quotes what is around it.
                changed[index] = changed[index].as_ref().map(|text| format!("{text}\n\t}}: [\"broken"));
                assert_unseen(PLAIN, &changed, &format!("{world}: {}, broken", FILES[index]));
            }
        }
    }
}

/// The same worlds without their indentation: the repair and its preview hold the keys anew.
#[test]
fn a_canary_without_a_shape_in_texts_that_are_repaired() {
    for world in ["stale-pool-row", "one-key-cooldown", "forum-indented"] {
        let mut original = texts(world);
        let config = original[0].take().unwrap();
        let flat: Vec<&str> = config.lines().map(str::trim_start).collect();
        let flat = format!("{}\nproviders:\nmine:\napi_key: sk-fake-mine\n", flat.join("\n"));
        for (sign, put) in [(": ", ": "), (": ", "： "), ("- ", "• ")] {
            let flat = flat.replace(sign, put);
            let fakes = words(&flat).into_iter().filter(|(_, word)| word.contains("-fake-"));
            for (at, word) in fakes {
                let mut changed = original.clone();
                changed[0] = Some(format!("{}{PLAIN}{}", &flat[..at], &flat[at + word.len()..]));
                assert_unseen(PLAIN, &changed, &format!("{world}, flat"));
            }
        }
    }
}

/// Names and reasons of parts say nothing of the text, whatever its words are.
#[test]
fn the_parts_of_a_text_say_nothing_of_it() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pastes")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for (at, word) in words(&text) {
            for canary in [SHAPED, PLAIN] {
                let changed = format!("{}{canary}{}", &text[..at], &text[at + word.len()..]);
                let parts = split(&changed, &[], Language::English).unwrap().parts;
                let shown = serde_json::to_string(&parts).unwrap();
                assert!(!shown.contains(canary), "{}: instead of `{word}`: {shown}", path.display());
            }
        }
    }
}

/// Lines of a log that quote what was sent or answered; `KEY` stands where a key does.
const QUOTES: [&str; 9] = [
    "POST https://host/v1beta/models:generate?key=KEY&alt=sse",
    "Authorization: Bearer KEY",
    "x-api-key: KEY",
    "{'headers': {'x-goog-api-key': 'KEY'}}",
    "Error code: 401 - {\"error\": {\"message\": \"no\"}, \"api_key\": \"KEY\"}",
    "Incorrect API key provided: KEY. You can find your key elsewhere",
    "https://me:KEY@host/v1",
    "api_key=KEY",
    "refresh_token=KEY",
];

/// A line of each kind that a timeline tells, with words at its `TEXT`.
const LINES: [&str; 11] = [
    "API call failed (attempt 1/3): BadRequestError [HTTP 400]\n   Provider: gemini  Model: m\n   Error: HTTP 400: TEXT",
    "API call failed (attempt 1/3): APIError [HTTP 429]\n   Error: HTTP 429: x\n   Details: TEXT",
    "API call failed (attempt 2/3) error_type=E thread=t provider=p base_url=TEXT model=m summary=HTTP 404: TEXT",
    "API call failed after 3 retries. HTTP 400: TEXT",
    "Non-retryable client error: TEXT",
    "Primary provider auth failed: TEXT — trying fallback\nx",
    "Job 'daily' failed: RuntimeError: TEXT",
    "Fallback skip: openrouter/m is not locally usable (TEXT); suppressing for this session",
    "credential pool: marking one DEAD (status=401, reason=TEXT) — permanently failed",
    "auth: failed to parse TEXT ([Errno 13] Permission denied: 'TEXT') — starting with empty store. Corrupt file",
    "auth: failed to parse TEXT (TEXT) — starting with empty store. Corrupt file preserved at TEXT",
];

#[test]
fn a_canary_in_what_each_kind_of_event_quotes() {
    for line in LINES {
        for quote in QUOTES {
            for key in [SHAPED, PLAIN] {
                let text = line.replace("TEXT", &quote.replace("KEY", key));
                let mut texts = [const { None }; FILES.len()];
                texts[5] = Some(format!(
                    "2026-04-23 02:01:12,345 ERROR root: {text}\nFallback activated: a → b (c)\n"
                ));
                assert_unseen(key, &texts, &text);
            }
        }
    }
}

/// The texts of a pasted post are checked as any others: no key of them is shown.
#[test]
fn a_canary_for_the_keys_of_pasted_posts() {
    for name in ["forum-post", "issue", "debug-share", "quoted-reply", "blog-post"] {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pastes").join(name).with_extension("txt");
        let text = fs::read_to_string(path).unwrap();
        for (at, word) in words(&text).into_iter().filter(|(_, word)| word.contains("-fake-")) {
            for canary in [SHAPED, PLAIN] {
                let changed = format!("{}{canary}{}", &text[..at], &text[at + word.len()..]);
                let pasted = split(&changed, &[], Language::English).unwrap();
                for output in outputs(&pasted.texts.into()) {
                    assert!(!output.contains(canary), "{name}, instead of `{word}`: {output}");
                }
            }
        }
    }
}

#[test]
fn a_canary_in_a_debug_report() {
    let reports = [
        format!(
            "provider:         gemini\napi_keys:\n  google/gemini        {PLAIN} (shell only — not in .env)\n\
             features:\n  gateway:            running (launchd, pid 1)\n"
        ),
        format!(
            "api_keys:\n  google/gemini        set (shell only — not in .env) {SHAPED}\n  gateway: running (launchd, pid 1)\n"
        ),
        // As `hermes config show` printed the model's settings before 0.18.2.
        format!(
            "config_overrides:\n  fallback_providers: [{{\"provider\": \"p\", \"model\": \"m\", \"api_key\": \"{PLAIN}\"}}]\n\
             ◆ Model\n  Model:        {{'provider': 'gemini', 'api_key': '{PLAIN}'}}\n"
        ),
    ];
    for report in reports {
        let mut texts = [const { None }; FILES.len()];
        texts[0] = Some("model: {provider: gemini}\n".to_owned());
        texts[FILES.len() - 1] = Some(report);
        assert!(outputs(&input(&texts))[0].contains("\"PC94"), "nothing shows the report");
        for canary in [SHAPED, PLAIN] {
            assert_unseen(canary, &texts, "a debug report");
        }
    }
}

#[test]
fn redact_masks_a_log() {
    let log = format!("2026-01-01 ERROR auth failed for {SHAPED} at https://me:{PLAIN}@host/v1?key={PLAIN}");
    let shown = redact(&log);
    assert!(!shown.as_str().contains(SHAPED) && !shown.as_str().contains(PLAIN), "{shown}");
}

/// Each breaks a line for one of those who read or show a text, and stands within a value for another.
#[test]
fn a_key_that_a_line_break_of_some_reader_cuts() {
    for cut in ["\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{b}", "\u{c}", "\u{1c}"] {
        let (head, rest) = ("canaryHead", "canaryRest");
        let config = format!("model:\n  provider: gemini\n  api_key: {head}{cut}{rest}\n\tbroken: [\n");
        let mut texts = [const { None }; FILES.len()];
        texts[0] = Some(config);
        texts[1] = Some(format!("GOOGLE_API_KEY={head}{cut}{rest}\nA\"=1\n"));
        let mut behind = [const { None }; FILES.len()];
        behind[1] = Some(format!("A=1{cut}GOOGLE_API_KEY={head}\n"));
        assert_unseen(head, &behind, &format!("behind {cut:?}"));
        for part in [head, rest] {
            assert_unseen(part, &texts, &format!("cut by {cut:?}"));
        }
    }
}

/// Whatever the shape of a key: from where a command takes one, or people believe that one does, it is not seen.
#[test]
fn a_key_on_a_command_line() {
    let lines = [
        "hermes auth add gemini --type api-key --api-key CANARY --label x",
        "hermes auth add gemini --api-key=CANARY --bad",
        "hermes auth add anthropic --api-key 'CANARY'",
        "hermes auth add gemini —api-key “CANARY”",
        "hermes auth add gemini --key CANARY",
        "hermes auth add gemini --token=CANARY --type kee",
        "hermes auth add gemini CANARY",
        "hermes keys add gemini CANARY",
        "hermes provider set gemini --credential-pool CANARY,CANARY --pool-strategy failover",
        "hermes provider set gemini --pool CANARY",
        "$ sudo hermes config set GEMINI_API_KEY CANARY",
        "hermes config set GEMINI_API_KEY_2 CANARY",
        "hermes config set model.api_key \\\n  CANARY",
        "hermes config set GEMINI_API_KEY CANARY more words",
        "hermes set GEMINI_API_KEY CANARY",
        "sudo GEMINI_API_KEY=CANARY hermes auth reset gemini",
        "A=b GEMINI_API_KEY=CANARY hermes chat",
        "Run `hermes config set OPENAI_API_KEY CANARY`.",
        "docker exec -it x hermes auth add gemini --api-key CANARY",
    ];
    let at = SourceKind::PASTED.iter().position(|kind| *kind == SourceKind::Commands).unwrap();
    for line in lines {
        for canary in [SHAPED, PLAIN, "canaries", "9canary1", "CANARIES_"] {
            let mut texts = [const { None }; FILES.len()];
            texts[at] = Some(line.replace("CANARY", canary));
            assert_unseen(canary, &texts, line);
        }
    }
}

/// Names of providers look like keys where a word of a command may be one. A report without them says nothing.
#[test]
fn a_provider_in_a_command_is_no_key() {
    let config = "model: {provider: alibaba-coding-plan}\ncustom_providers: [{name: my-own-endpoint, base_url: 'http://h/v1'}]\n";
    let mut texts = [const { None }; FILES.len()];
    texts[0] = Some(config.to_owned());
    texts[6] = Some(
        "hermes auth add alibaba-coding-plan --pool a\nhermes auth add google-gemini-cli\nhermes auth add custom:my-own-endpoint --pool a\n"
            .to_owned(),
    );
    let shown = &outputs(&input(&texts))[0];
    for name in ["alibaba-coding-plan", "google-gemini-cli", "my-own-endpoint"] {
        assert!(shown.contains(name), "{name}: {shown}");
    }
}

/// The name of a variable that stands where a key belongs is shown, whatever its comment says; a key in the comment is not.
#[test]
fn a_variable_with_a_comment_is_no_key() {
    let mut texts = [const { None }; FILES.len()];
    texts[0] = Some(format!(
        "model:\nprovider: gemini\ncredential_pool:\ngemini:\n- api_key: GEMINI_API_KEY_1 # the 1st, {PLAIN}; API Key\n"
    ));
    let input = input(&texts);
    assert!(outputs(&input)[0].contains("api_key: GEMINI_API_KEY_1 # the 1st"), "{}", outputs(&input)[0]);
    assert_unseen(PLAIN, &texts, "a comment behind a variable");
}
