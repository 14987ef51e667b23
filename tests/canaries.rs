//! No output holds a key, wherever it stands in the input: every word of pasted worlds is replaced by a canary
//! in turn, broken texts included, and no report, in either language, may hold it.

#![cfg(feature = "cli")]
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

use poolcheck::api::{
    Input, Options, Texts, check, check_post, explain_rule, markdown, markdown_of, pasted, redact, sarif,
    split,
};
use poolcheck::base::sources::SourceKind;
use poolcheck::base::text::Encoding;
use poolcheck::cli::human;
use poolcheck::diagnostic::messages::Language;
use proptest::prelude::*;

/// Has the shape of a key, so it must not be seen from any position.
const SHAPED: &str = "sk-canary7f3a9b2c4d5e";
/// Looks like a word; it must not be seen from where keys belong.
const PLAIN: &str = "canaryWithoutShape";

/// The names of the texts in a corpus folder, in the order of [`SourceKind::PASTED`].
const FILES: [&str; SourceKind::PASTED.len()] =
    ["config.yaml", "dotenv", "auth.json", "jobs.json", "environ", "listing", "log", "commands", "report"];

fn texts(name: &str) -> Texts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name);
    let mut texts = Texts::default();
    for (kind, file) in SourceKind::PASTED.into_iter().zip(FILES) {
        texts[kind] = fs::read_to_string(folder.join(file)).ok();
    }
    texts
}

fn input(texts: &Texts) -> Input {
    Input::from(texts.clone())
}

/// As the command line asks: what it prints for people counts in code points.
fn options(language: Language) -> Options {
    Options { now: 1_780_000_000.0, language, encoding: Encoding::CodePoints, ..Options::default() }
}

/// All that can be had of a world, in both languages. The first one is the report as JSON in English.
fn outputs(input: &Input) -> Vec<String> {
    let mut outputs = Vec::new();
    for language in [Language::English, Language::SimplifiedChinese] {
        let options = options(language);
        let report = check(input, &options).unwrap();
        outputs.push(serde_json::to_string(&report).unwrap());
        outputs.push(markdown(input, &options).unwrap().to_string());
        outputs.push(human(&report, language));
        outputs.push(serde_json::to_string(&sarif(input, &options, &[]).unwrap()).unwrap());
    }
    outputs
}

/// All that can be had of a post but its texts, which are the user's own, in both languages.
fn outputs_of_post(text: &str) -> Vec<String> {
    let mut outputs = Vec::new();
    for language in [Language::English, Language::SimplifiedChinese] {
        let post = check_post(text, &[], &options(language)).unwrap();
        outputs.push(serde_json::to_string(&post.pasted.parts).unwrap());
        outputs.extend(post.pasted.nothing.map(|nothing| serde_json::to_string(&nothing).unwrap()));
        if let Some(report) = post.report {
            outputs.push(serde_json::to_string(&report).unwrap());
            outputs.push(markdown_of(&report, language).to_string());
            outputs.push(human(&report, language));
        }
    }
    outputs
}

fn assert_unseen(canary: &str, texts: &Texts, what: &str) {
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
    for kind in SourceKind::PASTED {
        let Some(text) = &original[kind] else { continue };
        for (at, word) in words(text) {
            let mut changed = original.clone();
            changed[kind] = Some(format!("{}{SHAPED}{}", &text[..at], &text[at + word.len()..]));
            assert_unseen(SHAPED, &changed, &format!("{world}: {} instead of `{word}`", kind.heading()));
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
        let mut texts = Texts::default();
        for (kind, text) in
            [(SourceKind::Config, config), (SourceKind::Dotenv, dotenv), (SourceKind::Commands, commands)]
        {
            texts[kind] = Some(text);
        }
        texts[SourceKind::AuthStore] = Some("{}".to_owned());
        texts[SourceKind::Environ] = Some(String::new());
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
        for kind in SourceKind::PASTED {
            let Some(text) = &original[kind] else { continue };
            let fakes = words(text).into_iter().filter(|(_, word)| word.contains("-fake-"));
            for (at, word) in fakes {
                let mut changed = original.clone();
                changed[kind] = Some(format!("{}{PLAIN}{}", &text[..at], &text[at + word.len()..]));
                assert_unseen(PLAIN, &changed, &format!("{world}: {}", kind.heading()));
                // The same in a text that does not parse: an error quotes what is around it.
                changed[kind] = changed[kind].as_ref().map(|text| format!("{text}\n\t}}: [\"broken"));
                assert_unseen(PLAIN, &changed, &format!("{world}: {}, broken", kind.heading()));
            }
        }
    }
}

/// The same worlds without their indentation: the repair and its preview hold the keys anew.
#[test]
fn a_canary_without_a_shape_in_texts_that_are_repaired() {
    for world in ["stale-pool-row", "one-key-cooldown", "forum-indented"] {
        let mut original = texts(world);
        let config = original[SourceKind::Config].take().unwrap();
        let flat: Vec<&str> = config.lines().map(str::trim_start).collect();
        let flat = format!("{}\nproviders:\nmine:\napi_key: sk-fake-mine\n", flat.join("\n"));
        for (sign, put) in [(": ", ": "), (": ", "： "), ("- ", "• ")] {
            let flat = flat.replace(sign, put);
            let fakes = words(&flat).into_iter().filter(|(_, word)| word.contains("-fake-"));
            for (at, word) in fakes {
                let mut changed = original.clone();
                changed[SourceKind::Config] =
                    Some(format!("{}{PLAIN}{}", &flat[..at], &flat[at + word.len()..]));
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
                let mut texts = Texts::default();
                texts[SourceKind::Log] = Some(format!(
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

/// Neither what a Secret has in base64 is shown, nor what it is.
#[test]
fn a_canary_in_a_secret_of_kubernetes() {
    // `canaryWithoutShape`, and a `.env` and a config.yaml that have it.
    let plain = "Y2FuYXJ5V2l0aG91dFNoYXBl";
    let dotenv = "R0VNSU5JX0FQSV9LRVk9Y2FuYXJ5V2l0aG91dFNoYXBlCg==";
    let config = "bW9kZWw6CiAgcHJvdmlkZXI6IGdlbWlubmkKICBhcGlfa2V5OiBjYW5hcnlXaXRob3V0U2hhcGUK";
    let post = format!(
        "kind: Secret\nmetadata:\n  name: s\ndata:\n  gemini: {plain}\n  .env: {dotenv}\n  config.yaml: {config}\n---\n\
         kind: Deployment\nspec:\n  containers:\n    - name: hermes\n      image: hermes-agent\n      env:\n        \
         - name: GOOGLE_API_KEY\n          valueFrom: {{secretKeyRef: {{name: s, key: gemini}}}}\n"
    );
    let mut shown = vec![redact(&post).to_string()];
    for language in [Language::English, Language::SimplifiedChinese] {
        let options = Options { now: 1_780_000_000.0, language, ..Options::default() };
        let (found, origin) = pasted(&post, None, &[], language).unwrap();
        assert!(found.texts.dotenv.as_ref().is_some_and(|text| text.contains(PLAIN)));
        let texts = Input::from(found.texts);
        shown.extend(outputs(&texts));
        let input = Input { origins: vec![origin], ..texts };
        let report = check(&input, &options).unwrap();
        assert!(!report.findings.is_empty());
        shown.push(serde_json::to_string(&report).unwrap());
        shown.push(markdown(&input, &options).unwrap().to_string());
        shown.push(serde_json::to_string(&sarif(&input, &options, &[]).unwrap()).unwrap());
    }
    for output in shown {
        for secret in [PLAIN, plain, dotenv, config] {
            assert!(!output.contains(secret), "{secret} is shown: {output}");
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
        let mut texts = Texts::default();
        texts[SourceKind::Config] = Some("model: {provider: gemini}\n".to_owned());
        texts[SourceKind::DebugReport] = Some(report);
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

/// A value that a name calls secret, in each kind of text; `§` stands for it.
const VALUES: &[(SourceKind, &[&str])] = &[
    (
        SourceKind::Config,
        &[
            "model:\n  provider: gemini\n  api_key: §\n\tbroken: [",
            "model: {provider: gemini, api_key: §, x: [}",
            "model: {provider: gemini, api_key: §",
            "model: {\n  api_key: §,\n  provider: gemini, x: [}",
            "model:\n  provider: gemini\n  api_key: §",
        ],
    ),
    (
        SourceKind::Dotenv,
        &[
            "GEMINI_API_KEY=§",
            "export GEMINI_API_KEY=§",
            "GEMINI_API_KEY = §",
            "GEMINI_API_KEY=§ # my key",
            "GEMINI_API_KEYS=§",
            "GEMINI_API_KEY: §",
            "GEMINI_API_KEY='§",
            "GEMINI_API_KEY='§'",
            "gemini_api_key=§",
            "DB_PASSWORD=§",
        ],
    ),
    (
        SourceKind::AuthStore,
        &[
            r#"{"credential_pool": {"gemini": [{"id": "a", "access_token": §, "source": "manual"}]}}"#,
            r#"{"credential_pool": {"gemini": [{"id": "a", "access_token": "§", "source": "manual"}]}}"#,
            r#"{"credential_pool": {"gemini": [{"id": "a", "access_token": "§" "source": "manual"}]}}"#,
            r#"{'credential_pool': {'gemini': [{'id': 'a', 'access_token': '§'}]}}"#,
        ],
    ),
    (
        SourceKind::Environ,
        &[
            "GEMINI_API_KEY=§",
            "export GEMINI_API_KEY=§",
            "export GEMINI_API_KEY=\"§\"",
            "[Service]\nEnvironment=GEMINI_API_KEY=§",
            "[Service]\nEnvironment=\"GEMINI_API_KEY=§\" A=b",
            "services:\n  hermes:\n    environment:\n      - GEMINI_API_KEY=§",
            "services:\n  hermes:\n    environment:\n      GEMINI_API_KEY: §",
            "services:\n  hermes:\n    environment: [A=b, GEMINI_API_KEY=§]",
            "env:\n- name: GEMINI_API_KEY\n  value: §",
            "FROM hermes\nENV GEMINI_API_KEY §",
            "FROM hermes\nENV A=b GEMINI_API_KEY=\"§\"",
            "set GEMINI_API_KEY=§",
            "$env:GEMINI_API_KEY = §",
        ],
    ),
    (
        SourceKind::Commands,
        &[
            "export GEMINI_API_KEY=§",
            "hermes config set GEMINI_API_KEY §",
            "hermes config set model.api_key §",
            "setx GEMINI_API_KEY §",
            "docker run -e \"GEMINI_API_KEY=§\" hermes",
        ],
    ),
    (SourceKind::Log, &["api_key=§", "api_key: §"]),
];

/// A key is masked up to where its value ends, whatever blanks are in it.
#[test]
fn a_value_with_blanks_is_masked_to_its_end() {
    let heads = ["sk-or-v1-FAKE0000fake", "correct-horse", "FAKE_QWERTY_ASDF", "none"];
    let tails = [
        "abcdqwerfake",
        "battery-staple",
        "tail-FAKE_part",
        "ZXCV_BNML_OPLK",
        "-asdf-zxcvfake",
        "efghfake==",
        "qwerfake zxcvfake",
    ];
    for (kind, lines) in VALUES {
        for (number, line) in lines.iter().enumerate() {
            for (at, tail) in tails.iter().enumerate() {
                let head = heads[(at + number) % heads.len()];
                let blank = [" ", "\u{a0}", "  "][(at + number) % 3];
                let mut texts = Texts::default();
                let text = line.replace('§', &[head, blank, tail].concat());
                texts[*kind] = Some(text.clone());
                let post = format!("Hello,\n\n```\n{text}\n```\n\n> {text}\n");
                let mut outputs = outputs(&input(&texts));
                outputs.extend([redact(&text).to_string(), redact(&post).to_string()]);
                for output in outputs {
                    for word in tail.split(' ') {
                        assert!(!output.contains(word), "{text:?}: `{word}` is shown:\n{output}");
                    }
                }
            }
        }
    }
}

/// What is said of a value behind it, and what ends one for every reader, stays.
#[test]
fn what_stands_behind_a_value_stays() {
    const KEY: &str = "sk-or-v1-FAKE0000fake";
    for (behind, shown) in [
        (" # the first of two, from work", None),
        (" in .env does not work", None),
        (" and restart", None),
        (" does not work and I do not know why", None),
        (" abcdqwerfake in .env does not work", Some(" … in .env does not work")),
        (" hermes chat --provider openrouter", None),
        (" OPENROUTER_BASE_URL=https://openrouter.ai/api/v1", None),
        (" && hermes gateway restart", None),
        ("; hermes gateway restart", None),
        (" 不生效，怎么办", None),
        ("，还是不行", None),
        (" https://openrouter.ai/keys", None),
        (" <-- this one", None),
        (" ← the first", None),
    ] {
        let line = format!("OPENROUTER_API_KEY={KEY}{behind}");
        let expected = format!("OPENROUTER_API_KEY=sk-o…ake{}", shown.unwrap_or(behind));
        assert_eq!(redact(&line).as_str(), expected);
    }
    for line in [
        "GOOGLE_API_KEY=your key here",
        "GOOGLE_API_KEY: not set",
        "GOOGLE_API_KEY: not found in .env",
        "GOOGLE_API_KEY=GOOGLE_API_KEY_1 GOOGLE_API_KEY_2",
        "GOOGLE_API_KEY=sk-o…ake (masked)",
        "model: {provider: gemini, api_key: ${GOOGLE_API_KEY}, default: a b}",
    ] {
        assert_eq!(redact(line).as_str(), line);
    }
}

/// Each breaks a line for one of those who read or show a text, and stands within a value for another.
#[test]
fn a_key_that_a_line_break_of_some_reader_cuts() {
    for cut in ["\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{b}", "\u{c}", "\u{1c}"] {
        let (head, rest) = ("canaryHead", "canaryRest");
        let config = format!("model:\n  provider: gemini\n  api_key: {head}{cut}{rest}\n\tbroken: [\n");
        let mut texts = Texts::default();
        texts[SourceKind::Config] = Some(config);
        texts[SourceKind::Dotenv] = Some(format!("GOOGLE_API_KEY={head}{cut}{rest}\nA\"=1\n"));
        let mut behind = Texts::default();
        behind[SourceKind::Dotenv] = Some(format!("A=1{cut}GOOGLE_API_KEY={head}\n"));
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
    for line in lines {
        for canary in [SHAPED, PLAIN, "canaries", "9canary1", "CANARIES_"] {
            // A word of small letters behind `--pool` is the name of a pool, as in `--pool secondary`.
            if line.contains("--pool ") && canary == "canaries" {
                continue;
            }
            let texts = Texts { commands: Some(line.replace("CANARY", canary)), ..Texts::default() };
            assert_unseen(canary, &texts, line);
        }
    }
}

/// Names of providers look like keys where a word of a command may be one. A report without them says nothing.
#[test]
fn a_provider_in_a_command_is_no_key() {
    let config = "model: {provider: alibaba-coding-plan}\ncustom_providers: [{name: my-own-endpoint, base_url: 'http://h/v1'}]\n";
    let mut texts = Texts::default();
    texts[SourceKind::Config] = Some(config.to_owned());
    texts[SourceKind::Commands] = Some(
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
    let mut texts = Texts::default();
    texts[SourceKind::Config] = Some(format!(
        "model:\nprovider: gemini\ncredential_pool:\ngemini:\n- api_key: GEMINI_API_KEY_1 # the 1st, {PLAIN}; API Key\n"
    ));
    let input = input(&texts);
    assert!(outputs(&input)[0].contains("api_key: GEMINI_API_KEY_1 # the 1st"), "{}", outputs(&input)[0]);
    assert_unseen(PLAIN, &texts, "a comment behind a variable");
}

/// Keys of every form that users paste: what stands before the secret part, and that part, in which nothing but the last three
/// characters may be seen. All are made up; only the form is a service's own.
const FORMS: &[(&str, &str)] = &[
    // Services with an id before the secret: Z.AI, Ollama's cloud, SendGrid, Telegram, Discord.
    ("0a1b2c3d4e5f60718293a4b5c6d7e8f9.", "FaKeQwErTyUi7890"),
    ("0a1b2c3d4e5f60718293a4b5c6d7e8f9.", "FaKeQwErTyUi7890AsDfGhJk"),
    ("0a1b2c3d4e5f60718293a4b5c6d7e8f9.", "fakeqwertyuiopas"),
    ("SG.", "fAkE0fAkE1fAkE2fAkE3fA.kE4fAkE5fAkE6fAkE7fAkE8fAkE9fAkE0fAkE1fAkE"),
    ("", "7001112223:AAFaKe-FaKeFaKe0FaKe1FaKe2FaKe3FaKe4"),
    ("", "MTAwMDAwMDAwMDAwMDAwMDAw.GfAkEx.fAkE0fAkE1fAkE2fAkE3fAkE4fAkE5fAkE6"),
    // Amazon.
    ("AKIA", "FAKE0FAKE1FAKE2F"),
    ("0xASIA", "FAKE0FAKE1FAKE2F"),
    ("", "wFaKeXUtnFEMI/K7FaKe+G/bPxRfiCYFaKe0KeYx"),
    // Beginnings.
    ("rk_live_", "fAkE0fAkE1fAkE2fAkE3"),
    ("sk_live_", "fAkE0fAkE1fAkE2fAkE3"),
    ("bb_live_", "fakefakefakefakefake"),
    ("pa-", "fAkEfAkEfAkE_fAkEfAkE-fAkEfAkE"),
    ("tvly-", "fakefakefakefakefake"),
    ("xoxb-", "100000000000-fakefakefakefake"),
    ("sk-or-v1-", "fake0fake1fake2fake3fake4"),
    ("AIza", "SyFaKe-FaKeFaKe0FaKe1FaKe2FaKe3FaKe4"),
    ("", "eyJfYWtlIjoxfQ.eyJzdWIiOiJmYWtlIn0.FaKe-FaKe0FaKe1FaKe2"),
    // Without a beginning: letters of both cases, a UUID, and one behind an escape.
    ("", "oFaKePKcQwErTyUiOpAsDfGhJkLzXcVbNmqWeRtY"),
    ("", "fa4e0000-1111-4222-8333-444455556666"),
    ("\\u0041", "fa4e0000-1111-4222-8333-444455556667"),
];

/// Where a key of any form stands in each kind of text: one line each, `§` for the key. Values, names, comments, paths, what
/// does not parse.
const PLACES: [&[&str]; SourceKind::PASTED.len()] = [
    // config.yaml
    &[
        "model: {provider: §, default: m}",
        "model: {provider: gemini, default: §}",
        "model: {provider: custom, base_url: 'https://host/§/v1'}",
        "model: {provider: custom, base_url: 'https://§.host/v1'}",
        "model: {provider: custom, base_url: 'https://host/v1?x=§'}",
        "model: {provider: custom, base_url: §}",
        "model:\n  api_key §\n  provider: gemini",
        "model:\n  provider: gemini # §",
        "model: *§",
        "model: {provider: \"${§}\"}",
        "model: {provider: gemini, §: 1}",
        "credential_pool_strategies: {gemini: §}",
        "credential_pool_strategies: {§: fill_first}",
        "fallback_providers: [{provider: §, model: m}, {provider: gemini, model: §}]",
        "custom_providers: [{name: §, base_url: 'http://h/v1', key_env: §}]",
        "providers: {§: {api_key: §, api: 'http://h/§'}}",
        "credential_pool: {gemini: [§, {label: §}]}",
        "§",
        "\tKEY: [",
    ],
    // .env
    &[
        "GEMINI_API_KEY=§",
        "§=1",
        "§",
        "# §",
        "GEMINI_API_KEY: §",
        "GEMINI_BASE_URL=https://h/§/v1",
        "export A_KEY = '§",
    ],
    // auth.json
    &[
        r#"{"credential_pool": {"gemini": [{"id": "a", "label": "§", "source": "manual", "auth_type": "api_key", "access_token": "x-fake-0000"}]}}"#,
        r#"{"credential_pool": {"gemini": [{"id": "§", "label": "l", "source": "§", "auth_type": "§", "access_token": "§", "last_status": "§"}]}}"#,
        r#"{"credential_pool": {"§": ["§"], "gemini": "§"}}"#,
        r#"{"credential_pool": {"gemini": [{"access_token": "a", "last_error_message": "refused §", "base_url": "https://h/§"}]}, "§": 1}"#,
        r#"{"active_provider": "§", "suppressed_sources": {"gemini": ["§"]}}"#,
        r#"{"credential_pool": {"gemini": [{"access_token": §}]}}"#,
        "§",
    ],
    // cron/jobs.json
    &[
        r#"{"jobs": [{"id": "a", "name": "§", "prompt": "curl -H §", "provider": "custom", "base_url": "https://§.host/v1"}]}"#,
        r#"{"jobs": [{"id": "§", "provider": "§", "model": "§", "base_url": "https://host/§/v1?x=§"}]}"#,
        r#"{"jobs": [{"id": "a", "provider_snapshot": "§", "model_snapshot": "§", "provider": "", "§": 1}]}"#,
        r#"{"jobs": [{"id": "a", "env": {"A_KEY": §}}]}"#,
        "§",
    ],
    // environment
    &["GEMINI_API_KEY=§", "§=1", "§", "[Service]\nEnvironment=\"GEMINI_API_KEY=§\" §\nEnvironmentFile=/§"],
    // listing
    &[
        "gemini (1 credentials):\n  #1  §                 api_key manual ←",
        "§ (1 credentials):\n  #1  a    api_key env:§ ←",
        "§",
    ],
    // log
    &[
        "2026-04-23 02:01:12,345 ERROR root: API call failed after 3 retries. HTTP 401: the key § is invalid",
        "2026-04-23 02:01:12,345 INFO agent.credential_pool: credential pool: marking § exhausted (status=429), rotating",
        "2026-04-23 02:01:12,345 INFO agent.credential_pool: credential pool: rotated to §",
        "Fallback activated: § → b (§)",
        "API call failed (attempt 1/3): APIError [HTTP 429]\n   Provider: §  Model: §\n   Endpoint: https://h/§\n   Error: HTTP 429: §",
        "Unknown provider '§'. Check 'hermes model' for available providers",
    ],
    // commands
    &[
        "hermes auth add gemini --type api-key --api-key §",
        "hermes auth add § --label §",
        "hermes model §",
        "hermes §",
        "hermes --§",
        "hermes config set § §",
        "hermes config set model.provider §",
        "§=1 hermes chat",
        "hermes auth reset §; hermes auth remove gemini §",
    ],
    // debug report
    &[
        "provider:         §\nmodel:            §\napi_keys:\n  google/gemini        §\nconfig_overrides:\n  model.provider: §",
        "Hermes Agent v0.19.0 §",
    ],
];

/// Windows of eight characters of the secret part, of which the last three may be shown.
fn windows(secret: &str) -> impl Iterator<Item = &str> {
    (0..=secret.len().saturating_sub(8)).map(|at| &secret[at..at + 8])
}

fn assert_hidden(secret: &str, output: &str, what: &str) {
    for window in windows(secret) {
        assert!(!output.contains(window), "{what}: `{window}` of {secret} is shown:\n{output}");
    }
}

/// A world of each line of the longest list, with a line of each other list beside it.
#[test]
fn a_key_of_every_form_in_every_place() {
    let most = PLACES.iter().map(|lines| lines.len()).max().unwrap();
    for number in 0..most {
        for (head, secret) in FORMS {
            let lines = PLACES.map(|lines| lines[number % lines.len()]);
            let pasted = lines.map(|line| line.replace("§", &format!("{head}{secret}")));
            let mut texts = Texts::default();
            for (kind, text) in SourceKind::PASTED.into_iter().zip(&pasted) {
                texts[kind] = Some(text.clone());
            }
            for output in outputs(&input(&texts)) {
                assert_hidden(secret, &output, &format!("{lines:?}"));
            }
            for text in &pasted {
                let post = format!("It fails:\n\n```\n{text}\n```\n\n> {text}\n");
                assert_hidden(secret, redact(&post).as_str(), text);
                let parts = split(&post, &[], Language::English).unwrap().parts;
                assert_hidden(secret, &serde_json::to_string(&parts).unwrap(), text);
            }
        }
    }
}

/// Each line alone: beside another one that makes the key known it would be masked as that. The Chinese words say the same of the
/// user's as the English ones, and Markdown no more than JSON: one output is enough here.
#[test]
fn a_key_of_every_form_alone_in_every_place() {
    let options = Options { now: 1_780_000_000.0, ..Options::default() };
    for (kind, lines) in SourceKind::PASTED.into_iter().zip(PLACES) {
        for line in lines {
            for (head, secret) in FORMS {
                let mut texts = Texts::default();
                texts[kind] = Some(line.replace("§", &format!("{head}{secret}")));
                let report = check(&input(&texts), &options).unwrap();
                assert_hidden(secret, &serde_json::to_string(&report).unwrap(), line);
            }
        }
    }
}

/// A post that holds all of these texts, each under its name, with a key of each form: its report has the post's lines in its
/// excerpts.
#[test]
fn a_key_of_every_form_in_a_post() {
    const NAMES: [&str; SourceKind::PASTED.len()] = [
        "config.yaml",
        ".env",
        "auth.json",
        "cron/jobs.json",
        "docker-compose.yaml",
        "hermes auth list",
        "agent.log",
        "Commands",
        "hermes dump",
    ];
    let most = PLACES.iter().map(|lines| lines.len()).max().unwrap();
    let mut reports = 0;
    for number in 0..most {
        for (head, secret) in FORMS {
            let mut post = format!("It fails with {head}{secret}:\n");
            for (name, lines) in NAMES.iter().zip(PLACES) {
                let line = lines[number % lines.len()].replace("§", &format!("{head}{secret}"));
                post.push_str(&format!("\n{name}:\n\n```\n{line}\n```\n\n> {line}\n"));
            }
            let outputs = outputs_of_post(&post);
            reports += usize::from(outputs.len() > 2);
            for output in outputs {
                assert_hidden(secret, &output, &post);
            }
        }
    }
    assert_eq!(reports, most * FORMS.len(), "each post has a report");
}

/// What front ends may be asked for by the user's words is not said back.
#[test]
fn errors_and_explanations_hold_no_key() {
    for (head, secret) in FORMS {
        let key = format!("{head}{secret}");
        assert!(explain_rule(&key, Language::English).is_none());
        let options = Options {
            severities: [(&key, poolcheck::diagnostic::SeverityChoice::Off)].into_iter().collect(),
            ..Options::default()
        };
        let error = check(&Input::default(), &options).err().unwrap().to_string();
        assert_hidden(secret, &error, "an error");
        let options = Options { hermes: Some(key.clone()), ..Options::default() };
        assert_hidden(secret, &check(&Input::default(), &options).err().unwrap().to_string(), "an error");
    }
}

/// Ways to say that a value is a secret; `§` stands for it. Whatever it looks like, it is masked.
const NAMED: &[&str] = &[
    // Files.
    "password: §",
    "api_key: §",
    "model:\n  api_key: sk: §",
    "  apiKey: '§'",
    "- api-key: \"§\" # mine",
    "AccountKey=§;EndpointSuffix=x",
    "OPENROUTER_API_KEY=§",
    "export ANTHROPIC_TOKEN=\"§\"",
    "DB_PASSWD='§'",
    "pwd = §",
    "client_secret = \"§\"",
    "aws_secret_access_key = §",
    "//registry.example.org/:_authToken=§",
    "machine host login me password §",
    "api_key: |\n  §\nmodel: m",
    "api_keys:\n  - §\nmodel: m",
    "api_keys: [§, '§']",
    "kind: Secret\ndata:\n  anything: §\ntype: Opaque",
    "env:\n- name: OPENAI_API_KEY\n  value: §",
    "<key>OPENAI_API_KEY</key>\n<string>§</string>",
    "<add key=\"ApiKey\" value=\"§\" />",
    "<apiKey>§</apiKey>",
    "-----BEGIN FAKE KEY-----\n§\n-----END FAKE KEY-----",
    "Environment=\"OPENAI_API_KEY=§\"",
    "ENV OPENAI_API_KEY §",
    // JSON and programs.
    "{\"access_token\": \"§\"}",
    "{\"access_token\": §}",
    "{'api_key': '§', 'provider': 'gemini'}",
    "\"{\\\"api_key\\\": \\\"§\\\"}\"",
    "\"Env\": [\"PATH=/bin\", \"OPENAI_API_KEY=§\"]",
    "{\"name\": \"OPENAI_API_KEY\", \"value\": \"§\"}",
    "os.environ[\"OPENAI_API_KEY\"] = \"§\"",
    "monkeypatch.setenv('OPENAI_API_KEY', '§')",
    "client = OpenAI(api_key=\"§\", base_url=url)",
    "const apiKey = `§`;",
    // Headers and addresses.
    "Authorization: Bearer §",
    "Authorization: Basic §",
    "curl -H 'Authorization: Bearer §' https://host",
    "headers={'Authorization': 'Bearer §'}",
    "x-api-key: §",
    "Cookie: theme=dark; session=§",
    "curl -u me:§ https://host",
    "https://me:§@host/v1",
    "https://host/v1?key=§&alt=sse",
    "https://host/v1?a=b&access_token=§",
    "https://host/blob?sig=§",
    "https://hooks.slack.com/services/T0/B0/§",
    // Commands.
    "hermes auth add gemini --api-key § --label a",
    "hermes auth add gemini --api-key=§",
    "tool --token §",
    "tool --password=§",
    "Connect -Password §",
    "hermes config set GEMINI_API_KEY §",
    "hermes config set model.api_key §",
    "setx OPENAI_API_KEY §",
    "$env:OPENAI_API_KEY = \"§\"",
    "set -gx OPENAI_API_KEY §",
    "docker run -e OPENAI_API_KEY=§ image",
    "kubectl create secret generic x --from-literal=api-key=§",
    "ConvertTo-SecureString \"§\" -AsPlainText",
    "reg add HKCU\\Environment /v GEMINI_API_KEY /t REG_SZ /d § /f",
    "reg add \"HKCU\\Environment\" /d \"§\" /v OPENAI_API_KEY",
    "mysql -u root -p§ -h db hermes",
    "/usr/bin/mysqldump -p'§' hermes",
    "sshpass -p§ ssh host",
    // Names behind their values.
    "export '§' as GEMINI_API_KEY",
    "put \"§\" into OPENAI_API_KEY.",
    "'§' # GLM_API_KEY",
    "\"§\" (GLM_API_KEY)",
    // Sentences.
    "2026-01-01 ERROR Incorrect API key provided: §. You can find it elsewhere",
    "the request with Bearer § failed",
    "my API key is: §",
    "我的密钥：§",
    "${OPENAI_API_KEY:-§}",
];

/// Secrets of no shape.
const SHAPELESS: [&str; 3] = [PLAIN, "hunter2fakepass", "fake+Tr0ub4dor/3=="];

#[test]
fn redact_masks_what_a_name_calls_secret() {
    for line in NAMED {
        for secret in SHAPELESS {
            let text = line.replace("§", secret);
            let shown = redact(&text);
            assert!(!shown.as_str().contains(secret), "{text}: {shown}");
            // Alone, in a quotation, and in the middle of a post.
            let quoted: String = text.lines().map(|text| format!("> {text}\n")).collect();
            let post = format!("Hello,\n\n{text}\n\nand so on\n\n{quoted}\nlater {secret} again\n");
            let shown = redact(&post);
            assert!(!shown.as_str().contains(secret), "{post}: {shown}");
        }
    }
}

/// A key stands behind a word of Chinese without a blank; a place for a key does not.
#[test]
fn a_key_behind_a_chinese_word_is_masked() {
    for line in ["DASHSCOPE_API_KEY=密钥§", "api_key: 你的密钥§", "GLM_API_KEY=替换§"] {
        for secret in SHAPELESS.into_iter().chain(["sk-fake-karma-519"]) {
            let text = line.replace("§", secret);
            assert!(!redact(&text).as_str().contains(secret), "{text}: {}", redact(&text));
        }
    }
    // So does one in a text where no key is expected.
    for text in [
        "provider: 密钥sk-or-v1-FAKE0000fake1111",
        "钥匙sk-fake-0000000",
        "KEY=3Dsk-or-v1-fake0000fake1111",
        "a=3Dsk-fake-0000000",
    ] {
        assert!(
            !redact(text).as_str().contains("ake0000") && !redact(text).as_str().contains("0000000"),
            "{text}"
        );
    }
    for text in ["api_key: 你的密钥", "api_key: sk-你的密钥", "api_key: 填写 openrouter api key"] {
        assert_eq!(redact(text).as_str(), text);
    }
}

/// Names, numbers, states, references, addresses, paths and places for keys.
const READABLE: &str = "\
api: http://localhost:11434/v1
endpoint https://api.openai.com/v1, http://host/v1
34-xai-oauth-403/post.txt
hermes auth add gemini --type api-key --pool secondary --label work
Error: HTTP 401: Authentication Fails, Your api key: ****ired is invalid
model: gemini-3.1-flash-lite-preview
model: QwenLM/Qwen3-Coder-480B-A35B-Instruct-FP8
provider: openrouter
api_key: GOOGLE_API_KEY
api_key: ${GOOGLE_API_KEY}
password: ${DB_PASSWORD}
api_key: os.environ/OPENAI_API_KEY
GOOGLE_API_KEY=your_api_key_here
api_key: sk-your-key-here
api_key: <your key>
api_key: \"\"
api_key: null
max_tokens: 4096
prompt_tokens: 1234567
token_limit: 100
tokens: 12
keyboard: qwerty
monkey: bananas
key_env: FOO_KEY
keys: [GOOGLE_API_KEY, FOO_KEY]
keys: [id, name]
token_path: /home/me/.config/token.json
public_key: abcdefgh
credential_pool_strategies:
  gemini: fill_first
openrouter (2 credentials):
  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←
  #2  spare                api_key manual
auth: failed to parse /home/me/.hermes/auth.json
credential pool: marking gemini entry exhausted
unknown key: fallback_modell
GOOGLE_API_KEY is not set in .env
set GOOGLE_API_KEY in your .env file
Bearer token missing
Basic authentication required
the API key for gemini is invalid
API key: please look it up
No API key found for provider openrouter
OPENROUTER_API_KEY=sk-o…def
token: expired
ResourceExhaustedError GenerateContentResponseUsageMetadata
    self.api_key = api_key
    client = OpenAI(api_key=os.getenv(\"OPENAI_API_KEY\"))
pip install hf_transfer
ssh -p2222 host, mkdir -pfoo/bar, psql -pass
use gemini for GOOGLE_API_KEY, the one in GLM_API_KEY
mysql -u root -p hermes
xai-oauth: fill_first
";

#[test]
fn redact_leaves_what_is_no_secret() {
    for line in READABLE.lines() {
        assert_eq!(redact(line).as_str(), line);
    }
    assert_eq!(redact(READABLE).as_str(), READABLE);
}

/// Masking twice is masking once, whatever is masked.
#[test]
fn redact_changes_nothing_of_what_it_made() {
    let mut texts: Vec<String> = vec![READABLE.to_owned()];
    for line in NAMED {
        texts.extend(SHAPELESS.map(|secret| line.replace("§", secret)));
        texts.extend(FORMS.iter().map(|(head, secret)| line.replace("§", &format!("{head}{secret}"))));
    }
    for line in PLACES.iter().copied().flatten() {
        texts.extend(FORMS.iter().map(|(head, secret)| line.replace("§", &format!("{head}{secret}"))));
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for folder in ["pastes", "corpus/forum-indented", "corpus/stale-pool-row", "corpus/forum-bulleted"] {
        for entry in fs::read_dir(tests.join(folder)).unwrap() {
            texts.extend(fs::read_to_string(entry.unwrap().path()));
        }
    }
    for text in texts {
        let once = redact(&text);
        assert_eq!(redact(once.as_str()), once, "{text}");
    }
}

/// Pieces of which texts are put together at random.
const PIECES: &[&str] = &[
    "key",
    "api_key",
    "API_KEY",
    "password",
    "Authorization",
    "Cookie",
    "token",
    "--api-key",
    "name",
    "value",
    ":",
    "=",
    ": ",
    " ",
    "  ",
    "\n",
    "\n  ",
    "\"",
    "'",
    "`",
    "\\",
    "\\\"",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    ",",
    ";",
    "&",
    "?",
    "#",
    " # ",
    "- ",
    "|",
    "|\n",
    "…",
    "***",
    "...",
    "${",
    ":-",
    "$",
    "https://",
    "@",
    "/",
    ".",
    "Bearer ",
    "Basic ",
    "fake",
    "hunter2fake",
    "sk-fake-0000",
    "canaryWithoutShape",
    "12345678",
    "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    ".AbCdFaKe12345678",
    "AKIAFAKE0FAKE1FAKE2F",
    "-----BEGIN A-----",
    "-----END A-----",
    "<key>",
    "</key>",
    "set ",
    "is ",
    "密钥：",
    "\u{2028}",
    "\r",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn masking_twice_is_masking_once(pieces in prop::collection::vec(prop::sample::select(PIECES), 1..14)) {
        let text = pieces.concat();
        let once = redact(&text);
        prop_assert_eq!(redact(once.as_str()), once);
    }
}
