//! The command line on real folders and files: what it prints, and how it exits.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::json;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// A Hermes home folder made of a corpus world.
struct Home(PathBuf);

impl Home {
    fn of(test: &str, world: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test).join(world);
        fs::create_dir_all(&folder).unwrap();
        for (file, name) in [("config.yaml", "config.yaml"), ("dotenv", ".env"), ("auth.json", "auth.json")] {
            if let Ok(text) = fs::read_to_string(corpus().join(world).join(file)) {
                fs::write(folder.join(name), text).unwrap();
            }
        }
        Self(folder)
    }
}

fn poolcheck(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_poolcheck")).args(arguments).output().unwrap()
}

fn checked(test: &str, world: &str, arguments: &[&str]) -> (i32, String) {
    let home = Home::of(test, world);
    let folder = home.0.to_str().unwrap().to_owned();
    let output = poolcheck(&[&[folder.as_str(), "--now", "1780000000"], arguments].concat());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn every_world_is_shown_in_every_format_and_language() {
    for entry in fs::read_dir(corpus()).unwrap() {
        let world = entry.unwrap().file_name().into_string().unwrap();
        for format in ["human", "json", "markdown", "sarif"] {
            for language in ["en", "zh-CN"] {
                let (code, text) = checked("formats", &world, &["--format", format, "--lang", language]);
                assert!(code == 0 || code == 1, "{world}: {code}");
                // The examples of rules, which SARIF carries along, have fake keys of ours.
                let told = if format == "sarif" { without_rules(&text) } else { text };
                assert!(told.contains("0.19.0") && !told.contains("-fake-"), "{world} {format}: {told}");
            }
        }
    }
}

fn without_rules(sarif: &str) -> String {
    let mut log: serde_json::Value = serde_json::from_str(sarif).unwrap();
    log["runs"][0]["tool"]["driver"]["rules"].take();
    log.to_string()
}

#[test]
fn a_log_is_told_line_by_line() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("log");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("agent.log");
    fs::write(&path, "02:01:12 INFO agent.credential_pool: credential pool: rotated to two\n").unwrap();
    let told = |format: &str| {
        let output = poolcheck(&["--log", path.to_str().unwrap(), "--format", format]);
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(
        told("human").contains("What the log tells:\n  log:1  02:01:12  `two` took over.\n"),
        "{}",
        told("human")
    );
    let markdown = told("markdown");
    assert!(
        markdown.contains("### What the log tells\n\n1. log line 1 `02:01:12`: `two` took over.\n"),
        "{markdown}"
    );
}

/// An error that another program words is no proof that nothing went wrong.
#[test]
fn a_log_in_another_form_is_not_called_empty() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("log-in-another-form");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("agent.log");
    let line =
        "2026-07-10 21:14:05,332 ERROR agent.conversation_loop: API call failed: the answer was cut off\n";
    fs::write(&path, line).unwrap();
    let output = poolcheck(&["--log", path.to_str().unwrap(), "--format", "human"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("What the log tells:\n  no line of it has a form that is read here\n"), "{told}");
}

/// What PowerShell writes with `>`: UTF-16 with its mark; other programs leave the mark out, or have the larger byte first.
#[test]
fn files_in_utf_16_are_read() {
    let listing = "gemini (1 credentials):\r\n  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←\r\n";
    let units = |mark: bool| -> Vec<u16> {
        let text = if mark { format!("\u{feff}{listing}") } else { listing.to_owned() };
        text.encode_utf16().collect()
    };
    let little = |mark| -> Vec<u8> { units(mark).iter().flat_map(|unit| unit.to_le_bytes()).collect() };
    let big = |mark| -> Vec<u8> { units(mark).iter().flat_map(|unit| unit.to_be_bytes()).collect() };
    let marked = format!("\u{feff}{listing}").into_bytes();
    let folder = folder_with("utf-16", &[]);
    let path = folder.join("listing.txt");
    for bytes in [little(true), little(false), big(true), big(false), marked] {
        fs::write(&path, &bytes).unwrap();
        let output = poolcheck(&[path.to_str().unwrap()]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("Hermes uses GOOGLE_API_KEY (env:GOOGLE_API_KEY) for gemini."), "{said}");
    }
    // Neither one nor the other.
    let path = folder.join("config.yaml");
    for bytes in [&b"\xff\xfea"[..], b"\xff\xfe\x00\xd8", b"a\xffb\0"] {
        fs::write(&path, bytes).unwrap();
        let output = poolcheck(&[path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains("neither UTF-8 nor UTF-16"));
    }
}

/// 0.19.0 falls back to its defaults for such a config.yaml, takes such an auth.json for an empty one, and reads such an `.env`:
/// asked of each of the three beside plain ones, with a mark and without.
#[test]
fn what_hermes_does_not_read_for_its_encoding_decides_nothing() {
    let config = "model: {provider: deepseek, default: k}\n";
    let dotenv = "DEEPSEEK_API_KEY=sk-fake-variable-0000\nGOOGLE_API_KEY=AIza-fake-0000000001\n";
    let row = r#"{"id": "a", "label": "x", "auth_type": "api_key", "source": "manual", "access_token": "sk-fake-row-000000002",
        "base_url": "https://api.deepseek.com/v1"}"#;
    let auth = format!(r#"{{"version": 1, "credential_pool": {{"deepseek": [{row}]}}}}"#);
    for mark in ["\u{feff}", ""] {
        let checked = |coded: &str| {
            let folder = folder_with("utf-16-home", &[]);
            for (name, text) in [("config.yaml", config), (".env", dotenv), ("auth.json", &auth)] {
                let units = format!("{mark}{text}");
                let bytes = match name == coded {
                    true => units.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                    false => text.as_bytes().to_vec(),
                };
                fs::write(folder.join(name), bytes).unwrap();
            }
            let output = poolcheck(&[folder.to_str().unwrap()]);
            let said = String::from_utf8(output.stdout).unwrap();
            assert!(
                !said.contains("sk-fake-row-000000002") && !said.contains("sk-fake-variable-0000"),
                "{said}"
            );
            (output.status.code(), said)
        };
        let (code, said) = checked("config.yaml");
        assert!(said.contains("Hermes uses GOOGLE_API_KEY (env:GOOGLE_API_KEY) for gemini."), "{said}");
        assert!(
            said.contains("PC111") && said.contains("config.yaml does not parse: the file is UTF-16"),
            "{said}"
        );
        assert!(said.contains("iconv -f UTF-16 -t UTF-8 config.yaml"), "{said}");
        assert_eq!(code, Some(1));
        let (code, said) = checked("auth.json");
        assert!(said.contains("Hermes uses DEEPSEEK_API_KEY (env:DEEPSEEK_API_KEY) for deepseek."), "{said}");
        assert!(
            said.contains("PC304") && said.contains("auth.json does not parse: the file is UTF-16"),
            "{said}"
        );
        assert_eq!(code, Some(1));
        let (code, said) = checked(".env");
        assert!(said.contains("Hermes uses x (manual) for deepseek."), "{said}");
        assert_eq!(code, Some(0));
    }
}

/// Read in the source of 0.19.0: `open(…, encoding="utf-8")` raises for such a config.yaml, which is then ignored, `read_text()` for
/// such an auth.json, which is taken for empty; `_load_dotenv_with_fallback` reads such a `.env` as Latin-1.
#[test]
fn a_file_in_another_encoding_is_told_and_the_others_are_checked() {
    // `密钥` in GBK.
    let comment = b"\xc3\xdc\xd4\xbf";
    let checked = |coded: &str| {
        let folder = folder_with("gbk-home", &[]);
        let files = [
            ("config.yaml", "model: {provider: deepseek, default: k} # §\n"),
            (".env", "\nDEEPSEEK_API_KEY=sk-fake-variable-0000\nGOOGLE_API_KEY=AIza-fake-0000000001\n#§\n"),
            ("auth.json", r#"{"version": 1, "credential_pool": {}, "note": "§"}"#),
        ];
        for (name, text) in files {
            let (before, behind) = text.split_once('§').unwrap();
            let word = if name == coded { &comment[..] } else { b"x" };
            fs::write(folder.join(name), [before.as_bytes(), word, behind.as_bytes()].concat()).unwrap();
        }
        let path = folder.to_str().unwrap().to_owned();
        let output = poolcheck(&[&path]);
        let kept = fs::read(folder.join(coded)).unwrap();
        poolcheck(&["--fix", &path]);
        assert_eq!(fs::read(folder.join(coded)).unwrap(), kept, "{coded} is left alone");
        assert!(String::from_utf8(output.stderr).unwrap().contains("is not UTF-8"), "{coded}");
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, said) = checked("config.yaml");
    assert!(said.contains("config.yaml does not parse: the file is not UTF-8"), "{said}");
    assert!(said.contains("Hermes uses GOOGLE_API_KEY (env:GOOGLE_API_KEY) for gemini."), "{said}");
    assert!(!said.contains("iconv"), "{said}");
    assert_eq!(code, Some(1));
    let (code, said) = checked("auth.json");
    assert!(said.contains("auth.json does not parse: the file is not UTF-8"), "{said}");
    assert!(said.contains("Hermes uses DEEPSEEK_API_KEY (env:DEEPSEEK_API_KEY) for deepseek."), "{said}");
    assert_eq!(code, Some(1));
    let (code, said) = checked(".env");
    assert!(said.contains("Hermes uses DEEPSEEK_API_KEY (env:DEEPSEEK_API_KEY) for deepseek."), "{said}");
    assert_eq!(code, Some(0));
}

/// Compose files and manifests have names that tell nothing.
#[test]
fn a_file_of_yaml_may_be_of_a_container() {
    let compose = "services:\n  hermes:\n    environment: [OPENROUTER_API_KEY=sk-or-fake-0000]\n";
    let folder =
        folder_with("compose", &[("nas.yaml", compose), ("config.yaml", "model: {provider: openrouter}\n")]);
    let files = ["nas.yaml", "config.yaml"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    let said = String::from_utf8(poolcheck(&[&files[0], &files[1]]).stdout).unwrap();
    assert!(
        said.contains("Hermes uses OPENROUTER_API_KEY (env:OPENROUTER_API_KEY) for openrouter."),
        "{said}"
    );
}

/// Those of other programs do not stand in for config.yaml.
#[test]
fn a_file_of_yaml_of_another_program_is_no_config() {
    let compose = "services:\n  dify:\n    image: x/dify-api\n    environment:\n      OPENAI_API_KEY: sk-fake-dify-0000\n";
    let secret = "apiVersion: v1\nkind: Secret\nstringData:\n  OPENAI_API_KEY: sk-fake-kube-0000\n";
    let config = "model: {provider: openrouter}\n";
    let folder = folder_with(
        "compose-of-others",
        &[("docker-compose.yml", compose), ("secret.yaml", secret), ("config.yaml", config)],
    );
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let alone = String::from_utf8(poolcheck(&[&path("config.yaml")]).stdout).unwrap();
    for name in ["docker-compose.yml", "secret.yaml"] {
        let output = poolcheck(&[&path("config.yaml"), &path(name)]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("openrouter") && !said.contains("PC525"), "{said}");
        assert!(said.contains(alone.lines().next().unwrap()), "{said}");
        let told = poolcheck(&[&path(name)]);
        assert!(!String::from_utf8(told.stdout).unwrap().contains("PC525"), "{name}");
    }
}

#[test]
fn the_exit_code_tells_errors() {
    assert_eq!(checked("codes", "corrected-setup", &[]).0, 0);
    assert_eq!(checked("codes", "stale-pool-row", &[]).0, 1);
    assert_eq!(poolcheck(&["--nonsense"]).status.code(), Some(2));
    assert_eq!(poolcheck(&[]).status.code(), Some(2));
}

#[test]
fn the_source_line_stands_with_its_caret_and_without_its_key() {
    let (_, text) = checked("carets", "stale-pool-row", &[]);
    assert!(text.contains("  api_key: ••••••••••••••••••\n"), "{text}");
    assert!(text.contains("  ^^^^^^^\n"), "{text}");
}

#[test]
fn what_would_be_after_repair_stands_behind_the_verdict_on_what_was_pasted() {
    let (code, text) = checked("repair", "forum-flattened", &[]);
    assert_eq!(code, 1);
    let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("no {part} in {text}"));
    let parts = [
        "error[PC106]",
        "No provider is configured",
        "After repair: ",
        "error[PC301]",
        "credentials found for",
    ];
    assert!(parts.windows(2).all(|pair| place(pair[0]) < place(pair[1])), "{text}");
    // The line as it was pasted, with its number there, and what the repair makes of it.
    assert!(text.contains("\n9 | api_key: GEMINI_API_KEY_1\n"), "{text}");
    assert!(text.contains("        api_key: GEMINI_API_KEY_1\n"), "{text}");
    let (_, text) = checked("repair", "forum-flattened", &["--format", "markdown", "--lang", "zh-CN"]);
    assert!(text.contains("\n### 修复之后\n") && text.contains("  ```diff\n    model:\n"), "{text}");
}

#[test]
fn json_is_the_report() {
    let (_, text) = checked("json", "corrected-setup", &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["verdict"]["provider"], "gemini");
    assert_eq!(report["verdict"]["winner"]["label"], "GOOGLE_API_KEY");
    assert_eq!(report["findings"], serde_json::json!([]));
}

#[test]
fn sarif_tells_the_findings_with_their_files() {
    let (code, text) = checked("sarif", "stale-pool-row", &["--format", "sarif"]);
    assert_eq!(code, 1);
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    assert_eq!((&log["version"], &run["columnKind"]), (&"2.1.0".into(), &"utf16CodeUnits".into()));
    let found = &run["results"][0];
    assert_eq!((&found["ruleId"], &found["level"]), (&"PC203".into(), &"error".into()));
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "PC203");
    let place = &found["locations"][0]["physicalLocation"];
    let uri = place["artifactLocation"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("file://") && uri.ends_with("/config.yaml"), "{uri}");
    // `  api_key: …` is the fourth line: the key begins behind two spaces and has seven characters.
    let region = serde_json::json!({ "startLine": 4, "startColumn": 3, "endLine": 4, "endColumn": 10 });
    assert_eq!(place["region"], region);
    // What would be after repair counts for the exit code, and so it is told.
    let (_, text) = checked("sarif", "forum-flattened", &["--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|found| found["properties"]["afterRepair"] == true));
}

#[test]
fn sarif_counts_in_utf_16() {
    // U+1F600 is one code point, two units.
    let home = folder_with(
        "sarif-utf16",
        &[("config.yaml", "model: {\"\u{1f600}\": 1, provider: a, provider: b}\n")],
    );
    let told = |format: &str| {
        let output = poolcheck(&[home.to_str().unwrap(), "--format", format]);
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let (report, log) = (told("json"), told("sarif"));
    // The second `provider` stands behind the character.
    let of_rule = |list: &serde_json::Value, name: &str| {
        list.as_array().unwrap().iter().find(|own| own[name] == "PC107").unwrap().clone()
    };
    let (found, result) =
        (of_rule(&report["findings"], "code"), of_rule(&log["runs"][0]["results"], "ruleId"));
    let region = &result["locations"][0]["physicalLocation"]["region"];
    let column = |value: &serde_json::Value| value.as_u64().unwrap();
    assert_eq!(found["location"]["start"]["line"], 1);
    assert_eq!(column(&region["startColumn"]), column(&found["location"]["start"]["column"]) + 1);
}

#[test]
fn a_rule_explains_itself() {
    let output = poolcheck(&["--explain", "PC203"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("shadowed-model-key"));
    assert_eq!(poolcheck(&["--explain", "PC000"]).status.code(), Some(2));
}

/// A folder of its own with the files that are named.
fn folder_with(test: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

const TWICE: &str = "model:\n  provider: openrouter\nmodel:\n  provider: gemini\n";

#[test]
fn a_severity_decides_the_exit_code_and_silence_is_counted() {
    let key = "GOOGLE_API_KEY=AIza-fake-key-000000\n";
    let home = folder_with("severities", &[("config.yaml", TWICE), (".env", key)]);
    let home = home.to_str().unwrap();
    assert_eq!(poolcheck(&[home, "--no-settings"]).status.code(), Some(1));
    let output = poolcheck(&[home, "--no-settings", "--severity", "PC107=warning"]);
    assert_eq!(output.status.code(), Some(0));
    let output = poolcheck(&[home, "--no-settings", "--severity", "PC107=off"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("Silenced findings: 1 (PC107)."));
    for (wrong, words) in [
        ("PC000=off", "no rule has the code PC000"),
        ("PC107", "write CODE=SEVERITY"),
        ("PC107=no", "off, info, warning or error"),
    ] {
        let output = poolcheck(&[home, "--severity", wrong]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains(words), "{wrong}");
    }
}

#[test]
fn the_nearest_settings_count_and_the_arguments_come_before_them() {
    let folder = folder_with(
        "settings",
        &[
            ("poolcheck.toml", "format = \"json\"\nhermes = \"0.18.2\"\n[severity]\nPC107 = \"off\"\n"),
            ("home/config.yaml", TWICE),
            ("other/config.yaml", TWICE),
            ("other/poolcheck.toml", "format = \"markdown\"\n"),
            ("wrong.toml", "\n[severity]\nPC107 = 1\n"),
        ],
    );
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let run = |arguments: &[&str]| {
        let output = poolcheck(arguments);
        (output.status.code().unwrap(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let (code, text) = run(&[&path("home")]);
    assert!(code == 0 && text.starts_with('{') && text.contains("0.18.2"), "{text}");
    let (code, text) = run(&[&path("home/config.yaml"), "--format", "human", "--severity", "PC107=error"]);
    assert!(code == 1 && text.contains("PC107") && text.contains("0.18.2"), "{text}");
    let (code, text) = run(&[&path("other")]);
    assert!(code == 1 && text.starts_with("##"), "{text}");
    let (code, text) = run(&[&path("home"), "--no-settings"]);
    assert!(code == 1 && text.contains("0.19.0"), "{text}");
    let (code, text) = run(&[&path("home"), "--settings", &path("wrong.toml")]);
    assert!(code == 2 && text.contains("wrong.toml:3: `PC107` is a text in quotes"), "{text}");
    assert_eq!(run(&[&path("home"), "--settings", &path("none.toml")]).0, 2);
}

#[test]
fn fixes_are_made_in_the_files_and_only_where_they_are_asked_for() {
    let before = "model:\n\tprovider: gemini\n# é: a comment that stays  \n";
    let home = folder_with("fixes", &[("config.yaml", before), (".env", "GEMINI_API_KEY=AIza-fake-0000\n")]);
    let read = |name: &str| fs::read_to_string(home.join(name)).unwrap();
    let folder = home.to_str().unwrap();
    assert_eq!(poolcheck(&[folder, "--no-settings"]).status.code(), Some(1));
    assert_eq!(read("config.yaml"), before);
    let output = poolcheck(&[folder, "--no-settings", "--fix"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(read("config.yaml"), before.replace('\t', "  "));
    assert_eq!(read(".env"), "GEMINI_API_KEY=AIza-fake-0000\n");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("fixed") && said.contains("config.yaml") && !said.contains(".env"), "{said}");
    assert_eq!(fs::read_dir(&home).unwrap().count(), 2, "no copy is left");
}

#[test]
fn of_standard_input_the_fixed_text_is_printed() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_poolcheck"))
        .args(["--config", "-", "--no-settings", "--fix"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"model:\n\tprovider: gemini\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "model:\n  provider: gemini\n");
    assert!(String::from_utf8(output.stderr).unwrap().contains("0.19.0"));
}

/// Runs the command with `input` on its standard input.
fn piped(input: &str, arguments: &[&str]) -> Output {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_poolcheck"))
        .args(arguments)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_post_is_split_and_its_parts_are_named() {
    let post = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pastes/forum-post.txt");
    let output = poolcheck(&[post.to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("forum-post.txt:\n  2. config.yaml, lines 10–23 (not used: part 12 is taken)\n"),
        "{text}"
    );
    assert!(text.contains("  6. config.yaml, lines 39–52 (not used: it repeats part 2)\n"), "{text}");
    assert!(text.contains("[PC106]") && text.contains("[PC401]"), "{text}");

    // Places are those of the post.
    assert!(text.contains("forum-post.txt:81:1 (config.yaml)\n"), "{text}");
    let output = poolcheck(&[post.to_str().unwrap(), "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["pasted"][0]["parts"][1]["kind"], "config");
    assert_eq!(answer["findings"][0]["location"]["start"]["line"], 81);
    assert_eq!(answer["findings"][0]["location"]["file"], "config.yaml");

    let text = fs::read_to_string(&post).unwrap();
    let output = piped(&text, &["-", "--lang", "zh-CN"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("在 - 中找到:\n  2. config.yaml 第 10–23 行"), "{text}");
}

#[test]
fn an_option_comes_before_what_is_found_and_a_text_of_nothing_is_answered() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("posts");
    fs::create_dir_all(&folder).unwrap();
    let config = folder.join("mine.txt");
    fs::write(&config, "model: {provider: deepseek}\n").unwrap();
    let post = "model: {provider: gemini}\n\nGOOGLE_API_KEY=AIza-fake-of-a-post-00000\n";
    let output = piped(post, &["--config", config.to_str().unwrap(), "-", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["verdict"]["requested"], "deepseek");

    // A text of nothing gets an answer.
    let output = piped("My key in auth.json is the old key of the credential pool.\n", &["-"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("PC201 pool-row-beats-new-key") && text.contains("hermes auth list"), "{text}");
    assert!(!text.contains("No provider is configured"), "{text}");
    let output = piped("what is this\n", &["-", "--format", "json", "--lang", "zh-CN"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["pasted"][0]["nothing"]["touched"], serde_json::json!([]));
    assert!(answer.get("verdict").is_none());
}

#[cfg(unix)]
mod fixed_files {
    //! `--fix` leaves the whole old file or the whole new one, whatever happens.

    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::time::Duration;

    use super::*;

    /// `.env` with a fix in its first line and as much behind it as a quota of 1 KiB does not hold.
    fn dotenv() -> String {
        format!("\u{feff}GEMINI_API_KEY=AIza-fake-0000\n{}", "# a line that stays as it is\n".repeat(120))
    }

    fn mended() -> String {
        dotenv().replace('\u{feff}', "")
    }

    fn home(test: &str) -> PathBuf {
        folder_with(test, &[(".env", &dotenv())])
    }

    fn fix(home: &Path) -> (Option<i32>, String) {
        let output = poolcheck(&[home.to_str().unwrap(), "--no-settings", "--fix"]);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }

    fn text(home: &Path) -> String {
        fs::read_to_string(home.join(".env")).unwrap()
    }

    #[test]
    fn permissions_and_symbolic_links_stay() {
        let home = home("fix-links");
        fs::create_dir(home.join("real")).unwrap();
        fs::rename(home.join(".env"), home.join("real/secrets")).unwrap();
        symlink("real/secrets", home.join(".env")).unwrap();
        fs::set_permissions(home.join("real/secrets"), fs::Permissions::from_mode(0o640)).unwrap();
        let (code, said) = fix(&home);
        assert!(code == Some(0) && said.contains("fixed "), "{said}");
        assert_eq!(fs::read_link(home.join(".env")).unwrap(), Path::new("real/secrets"));
        assert_eq!(fs::read_to_string(home.join("real/secrets")).unwrap(), mended());
        let about = fs::metadata(home.join("real/secrets")).unwrap();
        assert_eq!((about.mode() & 0o777, about.uid()), (0o640, fs::metadata(&home).unwrap().uid()));
        assert_eq!(fs::read_dir(home.join("real")).unwrap().count(), 1, "nothing is left beside it");
    }

    /// A shell that limits what may be written: with the signal ignored as on a full disk, else killed while it writes.
    #[test]
    fn a_full_disk_and_a_kill_leave_the_old_file() {
        for (name, trap, code) in [("fix-full", "trap '' XFSZ;", Some(2)), ("fix-killed", "", None)] {
            let home = home(name);
            let script = format!("ulimit -f 1; {trap} exec \"$0\" \"$1\" --no-settings --fix");
            let output = Command::new("sh")
                .args(["-c", &script, env!("CARGO_BIN_EXE_poolcheck"), home.to_str().unwrap()])
                .output()
                .unwrap();
            assert_eq!(output.status.code(), code, "{}", String::from_utf8_lossy(&output.stderr));
            assert_eq!(text(&home), dotenv(), "{name}");
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(said.contains("cannot write"), code.is_some(), "{said}");
            // Nobody but the owner may read what a kill leaves.
            for file in fs::read_dir(&home).unwrap().map(|entry| entry.unwrap()) {
                let is_own = file.file_name() == ".env";
                assert!(is_own || code.is_none(), "{file:?} is left");
                assert!(is_own || file.metadata().unwrap().mode() & 0o77 == 0, "{file:?}");
            }
            // The next run goes through.
            assert_eq!(fix(&home).0, Some(0));
            assert_eq!(text(&home), mended());
        }
    }

    /// The system kills whoever writes more than it may: each of these is killed in the middle of its write, and never
    /// before.
    #[test]
    fn a_kill_within_the_write_leaves_the_old_file() {
        let mut written = Vec::new();
        for blocks in ["1", "2", "3"] {
            let home = home("fix-within");
            let script = format!("ulimit -f {blocks}; exec \"$0\" \"$1\" --no-settings --fix");
            let status = Command::new("sh")
                .args(["-c", &script, env!("CARGO_BIN_EXE_poolcheck"), home.to_str().unwrap()])
                .stderr(Stdio::null())
                .status()
                .unwrap();
            assert_eq!(status.code(), None, "it was killed");
            assert_eq!(text(&home), dotenv());
            let names = fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().path());
            let begun: Vec<_> =
                names.filter(|path| path.extension().is_some_and(|end| end == "tmp")).collect();
            let [begun] = begun.as_slice() else { panic!("one file was begun: {begun:?}") };
            let begun = fs::read_to_string(begun).unwrap();
            assert!(mended().starts_with(&begun) && begun.len() < mended().len());
            written.push(begun.len());
        }
        assert!(written.is_sorted() && written.first() < written.last(), "at several moments: {written:?}");
    }

    #[test]
    fn a_kill_at_any_moment_leaves_a_whole_file() {
        let mut seen = [0, 0];
        for step in 0..30 {
            let home = home("fix-any-moment");
            let mut child = Command::new(env!("CARGO_BIN_EXE_poolcheck"))
                .args([home.to_str().unwrap(), "--no-settings", "--fix"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(step * 2));
            child.kill().unwrap();
            child.wait().unwrap();
            let text = text(&home);
            assert!(text == dotenv() || text == mended(), "after {step} steps: {text:?}");
            seen[usize::from(text == mended())] += 1;
        }
        assert!(seen[0] > 0, "no run was stopped before its end: {seen:?}");
    }

    #[test]
    fn a_file_of_several_names_is_left_as_it_is() {
        let home = home("fix-names");
        fs::hard_link(home.join(".env"), home.join("other")).unwrap();
        let (code, said) = fix(&home);
        assert!(code == Some(2) && said.contains("several names"), "{said}");
        assert_eq!(text(&home), dotenv());
    }

    /// Of several files each is whole by itself, and the message says which were written.
    #[test]
    fn what_was_not_written_is_told() {
        let config = "model:\n\tprovider: gemini\n";
        let home = folder_with("fix-several", &[("config.yaml", config), (".env", &dotenv())]);
        fs::hard_link(home.join("config.yaml"), home.join("other")).unwrap();
        let (code, said) = fix(&home);
        assert!(code == Some(2) && said.contains("config.yaml: it has several names"), "{said}");
        assert!(said.contains("; not fixed either: ") && said.contains(".env\n"), "{said}");
        assert_eq!(text(&home), dotenv());

        fs::remove_file(home.join("other")).unwrap();
        fs::hard_link(home.join(".env"), home.join("other")).unwrap();
        let (code, said) = fix(&home);
        assert_eq!(code, Some(2));
        assert!(said.contains("poolcheck: fixed ") && said.contains("cannot write "), "{said}");
        assert_eq!(fs::read_to_string(home.join("config.yaml")).unwrap(), config.replace('\t', "  "));
        assert_eq!(text(&home), dotenv());
    }

    /// The rights of root are not limited by a folder's; everybody else gets told.
    #[test]
    fn a_folder_in_which_nothing_can_be_made() {
        let home = home("fix-folder");
        fs::set_permissions(&home, fs::Permissions::from_mode(0o555)).unwrap();
        let may_write = fs::write(home.join("try"), "").is_ok();
        let (code, said) = fix(&home);
        fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).unwrap();
        if may_write {
            assert_eq!(code, Some(0), "{said}");
        } else {
            assert!(code == Some(2) && said.contains("no file can be made beside it"), "{said}");
            assert_eq!(text(&home), dotenv());
        }
    }
}

/// Columns count from the beginning of the line, of which the excerpt may show a later part.
#[test]
fn the_column_is_that_of_the_whole_line() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("long-lines");
    fs::create_dir_all(&folder).unwrap();
    let line = format!("OPENROUTER_API_KEY=sk-or-v1-fake{} # main", "0".repeat(60));
    let column = line.find('#').unwrap() + 1;
    for (name, text) in [(".env", line.clone()), ("post.txt", format!("my .env:\n\n{line}\n"))] {
        let path = folder.join(name);
        fs::write(&path, &text).unwrap();
        let config = folder.join("config.yaml");
        fs::write(&config, "model: {provider: openrouter, default: m}\n").unwrap();
        let output = poolcheck(&[config.to_str().unwrap(), path.to_str().unwrap()]);
        let told = String::from_utf8(output.stdout).unwrap();
        let number = text.lines().count();
        let post = if name == ".env" { String::new() } else { " (.env)".to_owned() };
        let file = if name == ".env" { ".env".to_owned() } else { path.to_str().unwrap().to_owned() };
        assert!(told.contains(&format!("--> {file}:{number}:{column}{post}\n")), "{told}");
    }
}

#[test]
fn a_stop_in_the_terminal_is_told_by_the_exit_code_too() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stops");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.yaml"), "model: {provider: openrouter, default: m}\n").unwrap();
    fs::write(folder.join(".env"), "OPENROUTER_API_KEY=sk-or-v1-fake00000000\nOPENROUTER_API_KEY=\n")
        .unwrap();
    let output = poolcheck(&[folder.to_str().unwrap()]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("stops in the terminal") && told.contains("errors: 0"), "{told}");
    assert_eq!(output.status.code(), Some(1));
    // A server of one's own may want none.
    fs::write(
        folder.join("config.yaml"),
        "model: {provider: custom, default: m, base_url: 'http://localhost:1/v1'}\n",
    )
    .unwrap();
    fs::write(folder.join(".env"), "").unwrap();
    assert_eq!(poolcheck(&[folder.to_str().unwrap()]).status.code(), Some(0));
}

/// The times that are left in a listing count from when it was printed.
#[test]
fn a_listing_counts_from_when_it_was_taken() {
    let listing = "gemini (2 credentials):\n  #1  one                  api_key manual rate-limited (429) (41m 2s left)\n  #2  two                  api_key manual ←\n";
    let files = [("config.yaml", "model: {provider: gemini, default: g}\n"), ("listing", listing)];
    let folder = folder_with("listing-taken", &files);
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let verdict = |more: &[&str]| {
        let (config, listing) = (path("config.yaml"), path("listing"));
        let mut arguments =
            vec!["--no-settings", "--config", &config, "--listing", &listing, "--format", "json"];
        arguments.extend(["--now", "1780000000"]);
        arguments.extend(more);
        let report: serde_json::Value = serde_json::from_slice(&poolcheck(&arguments).stdout).unwrap();
        let entries = report["verdict"]["pool"]["entries"].as_array().unwrap().clone();
        (report["verdict"]["winner"]["label"].clone(), entries[0]["cooldownLeft"].clone())
    };
    // 41 minutes and 2 seconds are 2462 seconds.
    assert_eq!(verdict(&[]), (json!("two"), json!(2462.0)));
    assert_eq!(verdict(&["--listing-taken", "1779999000"]), (json!("two"), json!(1462.0)));
    assert_eq!(verdict(&["--listing-taken", "1779913600"]), (json!("one"), json!(null)));
}

/// A list is told as far as somebody may read it, and says how much longer it is.
#[test]
fn long_lists_are_cut() {
    let post = "```yaml\nmodel:\n  provider: gemini\n```\n\nx\n\n".repeat(250);
    let text = String::from_utf8(piped(&post, &["-"]).stdout).unwrap();
    assert!(text.contains("\n  Not listed: 50 more.\n"), "{text}");
    assert_eq!(text.matches(". config.yaml, lines ").count(), 200);

    let rows: Vec<String> = (0..205)
        .map(|at| format!(r#"{{"id": "a{at}", "label": "l{at}", "source": "manual", "auth_type": "api_key", "access_token": "AIza-fake-{at:06}"}}"#))
        .collect();
    let store = format!(r#"{{"version": 1, "credential_pool": {{"gemini": [{}]}}}}"#, rows.join(", "));
    let folder = folder_with(
        "long-lists",
        &[("config.yaml", "model: {provider: gemini, default: g}\n"), ("auth.json", &store)],
    );
    for (format, row) in [("human", "  #200 "), ("markdown", "\n200. ")] {
        let output = poolcheck(&[folder.to_str().unwrap(), "--no-settings", "--format", format]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(row) && !text.contains(&row.replace("200", "201")), "{format}: {text}");
        assert!(text.contains("Not listed: 5 more."), "{format}: {text}");
    }
}
