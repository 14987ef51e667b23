//! Pasted texts in which anything may stand: their parts, by hand beside the fixtures of `tests/pastes`, and what may be
//! relied on for every text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

#[allow(dead_code)]
mod laws;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use poolcheck::api::{ApiError, Correction, LONGEST_INPUT, Options, Pasted, check, check_post, split};
use poolcheck::base::sources::SourceKind;
use poolcheck::diagnostic::messages::Language;
use poolcheck::report::{PartView, VerdictState};
use proptest::prelude::*;

/// A time like any other.
const NOW: f64 = 1_780_000_000.0;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn parts(text: &str) -> Pasted {
    split(text, &[], Language::English).unwrap()
}

/// `10-21 config, not used`, as the fixtures have it.
fn told(part: &PartView) -> Option<String> {
    let kind = serde_json::to_value(part.kind?).unwrap();
    let not_used = if part.used { "" } else { ", not used" };
    Some(format!("{}-{} {}{not_used}", part.start.line, part.end.line, kind.as_str().unwrap()))
}

fn all_told(pasted: &Pasted) -> Vec<String> {
    pasted.parts.iter().filter_map(told).collect()
}

/// The kinds that are found, in their order, with how often each is.
fn kinds(pasted: &Pasted) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for part in all_told(pasted) {
        let kind = part.split_once(' ').unwrap().1.to_owned();
        match counts.iter_mut().find(|(own, _)| *own == kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((kind, 1)),
        }
    }
    counts
}

#[test]
fn pastes_have_the_parts_that_stand_beside_them() {
    let (mut read, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(root().join("tests/pastes")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let expected = fs::read_to_string(path.with_extension("parts")).unwrap();
        let expected: Vec<_> = expected.lines().map(str::to_owned).collect();
        let found = parts(&text);
        if all_told(&found) != expected {
            wrong.push((path.clone(), all_told(&found)));
        }
        // As Windows ends lines, and as an old editor does.
        for end in ["\r\n", "\r"] {
            let again = all_told(&parts(&text.replace('\n', end)));
            assert_eq!(again, all_told(&found), "{} with {end:?}", path.display());
        }
        assert!(check(&found.texts.into(), &Options::default()).is_ok());
        read += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(read, 29);
}

#[test]
fn parts_cover_what_says_something_in_their_order_and_in_utf16() {
    for name in ["forum-post", "quoted-reply"] {
        let text = fs::read_to_string(root().join(format!("tests/pastes/{name}.txt"))).unwrap();
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut end = 0;
        for part in parts(&text).parts {
            let between = String::from_utf16(&units[end..part.start.offset]).unwrap();
            assert!(between.trim_matches([' ', '\n', '>']).is_empty(), "{name}: {between:?} is in no part");
            end = part.end.offset;
        }
        assert!(String::from_utf16(&units[end..]).unwrap().trim().is_empty());
    }
}

/// A file, or an output alone, is one part, whatever it is: those of the corpus and the default configs.
#[test]
fn a_text_of_one_kind_is_one_part() {
    let names =
        [("config.yaml", "config"), ("dotenv", "dotenv"), ("auth.json", "authStore"), ("listing", "listing")];
    let mut files: Vec<(PathBuf, &str)> = Vec::new();
    for world in fs::read_dir(root().join("tests/corpus")).unwrap() {
        let folder = world.unwrap().path();
        files.extend(names.iter().map(|(file, kind)| (folder.join(file), *kind)));
    }
    for default in fs::read_dir(root().join("tests/defaults")).unwrap() {
        files.push((default.unwrap().path(), "config"));
    }
    let mut read = 0;
    for (path, kind) in files {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if text.trim().is_empty() {
            continue;
        }
        let found = parts(&text);
        let all = all_told(&found);
        assert!(all.len() == 1 && all[0].ends_with(kind), "{}: {all:?}", path.display());
        let texts = [&found.texts.config, &found.texts.dotenv, &found.texts.auth_store, &found.texts.listing];
        let own = texts.into_iter().flatten().next().unwrap();
        // Nothing is left out but the line that an editor shows above a file.
        let file = text.split_once("config.yaml\n").filter(|(first, _)| first.starts_with("  GNU nano"));
        assert_eq!(own.trim(), file.map_or(&*text, |(_, file)| file).trim(), "{}", path.display());
        read += 1;
    }
    assert!(read > 20, "{read}");
}

#[test]
fn a_correction_is_obeyed_and_comes_before_the_others() {
    let text = fs::read_to_string(root().join("tests/pastes/forum-post.txt")).unwrap();
    let found = parts(&text);
    let number = |line: usize| found.parts.iter().position(|part| part.start.line == line).unwrap();
    let corrected = |corrections: &[Correction]| split(&text, corrections, Language::English).unwrap();
    // The last version is the one that counts.
    assert!(!found.texts.config.as_ref().unwrap().contains("credential_pool:"));
    assert_eq!(
        found.parts[number(10)].note.as_ref().unwrap().as_str(),
        format!("not used: part {} is taken", number(80) + 1)
    );

    // The user means the first one.
    let first = Correction { part: number(10), kind: Some(SourceKind::Config) };
    let second = corrected(&[first]);
    assert!(second.texts.config.as_ref().unwrap().contains("credential_pool:"));
    assert_eq!(second.parts[first.part].why.as_str(), "you say so");
    assert_eq!(
        second.parts[number(80)].note.as_ref().unwrap().as_str(),
        format!("not used: part {} is taken", first.part + 1)
    );

    // Of a part that is spoken of twice, the last word counts.
    let twice = corrected(&[Correction { part: first.part, kind: None }, first]);
    assert!(twice.parts[first.part].used);

    // The first and the last one are none: what repeated the first one is taken.
    let none = |line| Correction { part: number(line), kind: None };
    let third = corrected(&[none(10), none(80)]);
    assert!(third.texts.config.as_ref().unwrap().contains("# default model"));

    // A copy is taken where the user says so.
    let copy = corrected(&[Correction { part: number(39), kind: Some(SourceKind::Config) }]);
    assert!(copy.texts.config.as_ref().unwrap().contains("# default model"));

    // Other text that is a log after all; and what is out of reach is passed over.
    let log = Correction { part: number(109), kind: Some(SourceKind::Log) };
    let beyond = Correction { part: 1000, kind: Some(SourceKind::Log) };
    assert!(corrected(&[log, beyond]).texts.log.unwrap().contains("Please paste"));
}

#[test]
fn several_outputs_are_joined_and_quote_marks_are_taken_away() {
    let text = fs::read_to_string(root().join("tests/pastes/quoted-reply.txt")).unwrap();
    let texts = parts(&text).texts;
    assert_eq!(
        texts.dotenv.as_deref(),
        Some(
            "GOOGLE_API_KEY=AIza-fake-of-the-mail-0000\ngemini_api_key=AIza-fake-of-the-mail-1111\nMINIMAX_API_KEY: a,b\n# my own\nexport OPENROUTER_API_KEY=sk-or-fake-00000000"
        )
    );
    assert_eq!(texts.config.as_deref(), Some("“model”：\n  provider： gemini\n  default: m"));
    assert_eq!(texts.commands.as_deref(), Some("$ hermes --version\nroot@box:~# hermes auth list"));
    assert_eq!(check(&texts.into(), &Options::default()).unwrap().hermes.version.as_str(), "0.18.2");
}

/// A key that has to be there is there, and which one it is nobody knows; an endpoint from elsewhere decides, and is not modelled. What
/// a container sets is not all that it gets.
#[test]
fn what_a_container_gets_from_elsewhere_is_not_seen() {
    let post = |variables: &str| {
        format!(
            "```yaml\nservices:\n  hermes:\n    environment:\n{variables}\n```\n\n```yaml\nmodel:\n  provider: zai\n  default: m\n```\n"
        )
    };
    let checked =
        |variables: &str| check(&parts(&post(variables)).texts.into(), &Options::default()).unwrap();
    let report = checked("      GLM_API_KEY: ${GLM_API_KEY:?no key}");
    let winner = report.verdict.winner.unwrap();
    assert_eq!((winner.label.as_str(), report.findings.len()), ("GLM_API_KEY", 0));
    assert!(report.not_given.iter().any(|given| given.note.as_str().starts_with("Only a piece of it")));
    let state = |variables: &str| checked(variables).verdict.state;
    let key = "      GLM_API_KEY: fake-glm-0000\n";
    assert_eq!(state(&[key, "      GLM_BASE_URL: ${URL}"].concat()), VerdictState::NotModelled);
    assert_eq!(state(&[key, "      HERMES_INFERENCE_PROVIDER:"].concat()), VerdictState::NotModelled);
    // Of another provider, or of nobody: it decides nothing.
    assert_eq!(
        state(&[key, "      KIMI_BASE_URL: ${URL}\n      TZ: ${TZ}"].concat()),
        VerdictState::Resolved
    );
}

/// YAML and units of other programs are other text, in a block of code and without one; what stands beside them is read.
#[test]
fn files_of_other_programs_are_other_text() {
    for file in [
        "services:\n  hermes:\n    image: nousresearch/hermes-agent\n  dify:\n    image: x/dify-api\n    environment:\n      OPENAI_API_KEY: sk-fake-dify-0000\n",
        "services:\n  litellm:\n    image: x/litellm\n    environment:\n      OPENAI_API_KEY: sk-fake-lite-0000\n",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: keys\nstringData:\n  OPENAI_API_KEY: sk-fake-kube-0000\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  OPENROUTER_API_KEY: sk-fake-kube-0000\n",
        "name: CI\n\non: push\n\nenv:\n  OPENROUTER_API_KEY: ${{ secrets.X }}\n\njobs:\n  a:\n    runs-on: x\n",
        "env:\n  OPENROUTER_API_KEY: ${{ secrets.X }}\n",
        "[Unit]\nDescription=Ollama\n[Service]\nExecStart=/usr/bin/ollama serve\nEnvironment=\"OPENAI_API_KEY=sk-fake-olla-0000\"\n",
        "FROM python:3.11\nENV A=b \\\n    OPENAI_API_KEY=sk-fake-bot-0000\nCMD [\"python\", \"bot.py\"]\n",
    ] {
        assert!(all_told(&parts(file)).is_empty(), "{file}");
        let fenced = format!("Here:\n\n```\n{file}```\n\nand\n\n```yaml\nmodel:\n  provider: zai\n```\n");
        let found = parts(&fenced);
        assert_eq!(kinds(&found), [("config".to_owned(), 1)], "{file}");
    }
}

/// Hermes reads the files of its home; a file of the same name elsewhere is another program's.
#[test]
fn a_file_elsewhere_stands_behind_one_in_the_home() {
    let other = "/opt/bot/config.yaml:\n```yaml\nmodel:\n  provider: bogus\n```\n";
    let own = "~/.hermes/config.yaml:\n```yaml\nmodel:\n  provider: zai\n```\n";
    for (text, told) in [
        ([own, other].concat(), ["3-4 config", "8-9 config, not used"]),
        ([other, own].concat(), ["3-4 config, not used", "8-9 config"]),
    ] {
        assert_eq!(all_told(&parts(&text)), told, "{text}");
    }
    assert_eq!(all_told(&parts(other)), ["3-4 config"], "it may be the home all the same");
}

/// A ConfigMap and a Secret have files in quotes and in base64; the places in them are those of what is pasted.
#[test]
fn files_in_quotes_and_in_base64_are_read() {
    let quoted = "\
kind: ConfigMap
data:
  config.yaml: \"model:\\n  provider: geminni\\n  default: m\\n\"
";
    let post = check_post(quoted, &[], &Options::default()).unwrap();
    assert_eq!(post.pasted.texts.config.as_deref(), Some("model:\n  provider: geminni\n  default: m"));
    let place = &post.report.unwrap().findings[0].location;
    assert_eq!((place.start.line, place.start.column), (3, 37));
    // The same in base64, and a `.env` with a key.
    let sealed = "\
kind: Secret
data:
  config.yaml: bW9kZWw6CiAgcHJvdmlkZXI6IGdlbWlubmkKICBkZWZhdWx0OiBtCg==
  .env: R0VNSU5JX0FQSV9LRVk9QUl6YS1mYWtlLW9uZS0wMDAwCg==
";
    let post = check_post(sealed, &[], &Options::default()).unwrap();
    assert_eq!(post.pasted.texts.config.as_deref(), Some("model:\n  provider: geminni\n  default: m"));
    assert_eq!(post.pasted.texts.dotenv.as_deref(), Some("GEMINI_API_KEY=AIza-fake-one-0000"));
    let place = &post.report.unwrap().findings[0].location;
    assert_eq!((place.start.line, place.start.column), (3, 16));
    // A deployment has its file and its variables.
    let text = "\
kind: Secret
metadata:
  name: keys
data:
  GEMINI_API_KEY: QUl6YS1mYWtlLW9uZS0wMDAw
---
kind: ConfigMap
metadata:
  name: file
data:
  config.yaml: 'model: {provider: gemini, default: m}'
---
kind: Deployment
spec:
  containers:
    - name: hermes
      image: nousresearch/hermes-agent
      envFrom:
        - secretRef: {name: keys}
";
    let post = check_post(text, &[], &Options::default()).unwrap();
    assert_eq!(post.pasted.texts.config.as_deref(), Some("model: {provider: gemini, default: m}"));
    let report = post.report.unwrap();
    assert_eq!(report.verdict.winner.unwrap().label.as_str(), "GEMINI_API_KEY");
    // The parts stand one behind the other.
    let ends: Vec<_> =
        post.pasted.parts.iter().flat_map(|part| [part.start.offset, part.end.offset]).collect();
    assert!(ends.is_sorted(), "{ends:?}");
}

/// What cloud-init, Ansible and a chart have as the text of a file is that file, and what stands around it is none.
#[test]
fn files_in_the_tools_that_write_them_are_read() {
    for (text, config, dotenv) in [
        (
            "#cloud-config\nwrite_files:\n  - path: /opt/data/config.yaml\n    owner: me\n    content: |\n      model: {provider: zai}\n  - path: /opt/data/.env\n    content: |\n      GLM_API_KEY=fake-glm-0000\n",
            Some("model: {provider: zai}"),
            Some("GLM_API_KEY=fake-glm-0000"),
        ),
        (
            "```yaml\n- name: file of variables\n  copy:\n    dest: \"/opt/data/.env\"\n    content: |\n      GLM_API_KEY=fake-glm-0000\n- name: restart\n  command: hermes gateway restart\n```\n",
            None,
            Some("GLM_API_KEY=fake-glm-0000"),
        ),
        (
            "```yaml\nimage:\n  repository: nousresearch/hermes-agent\nservice:\n  name: hermes\nconfigYaml: |\n  model: {provider: zai}\n```\n",
            Some("model: {provider: zai}"),
            None,
        ),
        // A template has what somebody puts in, and that is not there.
        (
            "```yaml\n- copy:\n    dest: /opt/data/.env\n    content: |\n      GLM_API_KEY={{ glm }}\n```\n",
            None,
            None,
        ),
    ] {
        let texts = parts(text).texts;
        assert_eq!((texts.config.as_deref(), texts.dotenv.as_deref()), (config, dotenv), "{text}");
    }
}

/// YAML reads JSON, and some write config.yaml so. It is told by what only this file has, or by its name.
#[test]
fn a_config_that_is_written_as_json_is_read() {
    let json = "{\n  \"model\": {\n    \"provider\": \"zai\"\n  },\n  \"fallback_providers\": \"[]\"\n}";
    assert_eq!(parts(json).texts.config.as_deref(), Some(json));
    let short = "{\n  \"model\": {\"provider\": \"zai\"}\n}";
    assert_eq!(parts(&format!("My config.yaml in JSON:\n\n{short}\n")).texts.config.as_deref(), Some(short));
    assert_eq!(kinds(&parts(&format!("settings.json of another program\n\n{short}\n"))), []);
}

/// What Python prints of an environment is one: all of it where the variables are there that every process has.
#[test]
fn a_printed_environment_is_read() {
    let text = "environ({'PATH': '/usr/bin', 'HOME': '/root', 'GEMINI_API_KEY': 'AIza-fake-\\'one\\''})\n\nmodel:\n  provider: gemini\n";
    let post = check_post(text, &[], &Options::default()).unwrap();
    let report = post.report.unwrap();
    let winner = report.verdict.winner.unwrap();
    assert_eq!(winner.label.as_str(), "GEMINI_API_KEY");
    let start = &winner.location.unwrap().start;
    assert_eq!((start.line, start.column), (1, 66));
    assert!(report.not_given.iter().all(|given| given.source != SourceKind::Environ));
    let piece = text
        .replace("'PATH': '/usr/bin', 'HOME': '/root', ", "")
        .replace("environ({", ">>> dict(os.environ)\n{")
        .replace("})", "}");
    let report = check_post(&piece, &[], &Options::default()).unwrap().report.unwrap();
    assert!(report.verdict.winner.is_some());
    assert!(report.not_given.iter().any(|given| given.source == SourceKind::Environ));
}

#[test]
fn a_dump_names_the_release() {
    let text = fs::read_to_string(root().join("tests/pastes/debug-share.txt")).unwrap();
    let report = check(&parts(&text).texts.into(), &Options::default()).unwrap();
    assert_eq!(report.hermes.version.as_str(), "0.16.0");
}

#[test]
fn names_and_reasons_are_said_in_both_languages() {
    let text = "model:\n  provider: gemini\n\nLook:\n\n$ hermes model\n";
    let names = |language| -> Vec<String> {
        let pasted = split(text, &[], language).unwrap();
        pasted.parts.iter().map(|part| format!("{}: {}", part.name, part.why)).collect()
    };
    assert_eq!(
        names(Language::English),
        [
            "config.yaml, lines 1–2: it has keys of config.yaml",
            "other text, line 4: it is no file and no output that is known",
            "commands, line 6: it has lines with a command",
        ]
    );
    assert_eq!(names(Language::SimplifiedChinese)[0], "config.yaml 第 1–2 行: 含有 config.yaml 的键");
}

/// `hermes status` has the name of the provider, and its model.
#[test]
fn hermes_status_names_the_provider() {
    let text = "◆ Environment\n  .env file:    ✓ exists\n  Model:        glm-5\n  Provider:     Z.AI / GLM\n";
    let report = check_post(text, &[], &Options::default()).unwrap().report.unwrap();
    let verdict = report.verdict;
    assert_eq!(verdict.provider.unwrap().as_str(), "zai");
    assert_eq!(verdict.model.unwrap().as_str(), "glm-5");
    assert_eq!(verdict.state, VerdictState::NotPasted);
    assert!(report.basis.as_str().contains("line 4"), "{}", report.basis);
    // What another endpoint is, only config.yaml says.
    let custom = text.replace("Z.AI / GLM", "Custom endpoint");
    let report = check_post(&custom, &[], &Options::default()).unwrap().report.unwrap();
    assert!(report.verdict.provider.is_none());
}

#[test]
fn a_text_beyond_the_limit_is_refused() {
    assert_eq!(split(&" ".repeat(LONGEST_INPUT + 1), &[], Language::English).err(), Some(ApiError::TooLong));
}

/// The posts of `tests/gutter.txt`: in front of each line stands what it is of. `c` is config.yaml, `e` .env, `a` auth.json, `v` an
/// environment, `l` a listing, `g` a log, `x` commands, `r` a report, `.` other text; a capital letter is of a part that is
/// not used. Behind the name of a post stand the codes of what is found in it, in brackets; where there are none, nothing is.
#[test]
fn lines_are_of_what_stands_in_front_of_them() {
    let text = fs::read_to_string(root().join("tests/gutter.txt")).unwrap();
    let (mut read, mut wrong) = (0, Vec::new());
    for post in format!("\n{text}").split("\n=== ").skip(1) {
        let (heading, body) = post.split_once('\n').unwrap();
        let (name, codes) =
            heading.strip_suffix(']').and_then(|heading| heading.rsplit_once(" [")).unwrap_or((heading, ""));
        let lines: Vec<(char, &str)> =
            body.lines().map(|line| (line.chars().next().unwrap(), line.get(2..).unwrap())).collect();
        let text: String = lines.iter().map(|(_, line)| format!("{line}\n")).collect();
        let found = parts(&text);
        for (number, (expected, line)) in lines.iter().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let of =
                found.parts.iter().find(|part| (part.start.line..=part.end.line).contains(&(number + 1)));
            let letter = of.and_then(|part| Some((part.kind?, part.used))).map_or('.', |(kind, used)| {
                let letter = match serde_json::to_value(kind).unwrap().as_str().unwrap() {
                    "config" => 'c',
                    "dotenv" => 'e',
                    "authStore" => 'a',
                    "environ" => 'v',
                    "listing" => 'l',
                    "log" => 'g',
                    "commands" => 'x',
                    _ => 'r',
                };
                if used { letter } else { letter.to_ascii_uppercase() }
            });
            if letter != *expected {
                wrong.push(format!("{name}: `{line}` is {letter}, not {expected}"));
            }
        }
        let report = laws::checked(&found.texts.into(), NOW);
        let told: BTreeSet<String> =
            laws::findings(&report).map(|finding| finding.code.to_string()).collect();
        let expected: BTreeSet<String> = codes.split_whitespace().map(str::to_owned).collect();
        if told != expected {
            wrong.push(format!("{name}: {told:?} is found, not {expected:?}"));
        }
        read += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(read >= 40, "{read}");
}

/// What a wrapping puts in front of the lines of a file is left out, and the file is indented as it was.
#[test]
fn texts_are_what_they_were_before_they_were_wrapped() {
    let bullets = "* model:\n*   provider: gemini\n*\n*   default: m\n\n\n* A_API_KEY=x-fake\n";
    let texts = parts(bullets).texts;
    assert_eq!(texts.config.as_deref(), Some("model:\n  provider: gemini\n\n  default: m"));
    assert_eq!(texts.dotenv.as_deref(), Some("A_API_KEY=x-fake"));
    let map = "> data:\n>   config.yaml: |\n>     model:\n>       provider: gemini\n>   other: x\n";
    assert_eq!(parts(map).texts.config.as_deref(), Some("model:\n  provider: gemini"));
    let table = "| Name | Value |\n|:--|:--|\n| A_API_KEY | **`x-fake`** |\n|B_URL|http://h/v1|\n";
    assert_eq!(parts(table).texts.environ.as_deref(), Some("A_API_KEY=x-fake\nB_URL=http://h/v1"));
}

/// The pieces of a manifest around a file in it are one manifest.
#[test]
fn a_manifest_around_a_file_is_read_whole() {
    let text = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: own
data:
  config.yaml: |
    ---
    model:
      provider: gemini
  GEMINI_API_KEY: AIza-fake-000000000000
---
kind: Deployment
spec:
  containers:
    - name: hermes
      image: nousresearch/hermes-agent
      envFrom:
        - configMapRef: {name: own}
";
    for text in [text.to_owned(), format!("> {}", text.trim_end().replace("\n", "\n> "))] {
        let post = check_post(&text, &[], &Options::default()).unwrap();
        let report = post.report.unwrap();
        let winner = serde_json::to_string(&report.verdict).unwrap();
        assert!(winner.contains("env:GEMINI_API_KEY"), "{text}\n{winner}");
    }
}

/// The second half of a key that was broken in two is a piece of a key.
#[test]
fn the_rest_of_a_broken_key_is_masked_and_told() {
    let text = "OPENROUTER_API_KEY=sk-or-v1-fake00aa11bb22cc33\nHorseFake44Battery\nmodel:\n  provider: openrouter\n";
    let post = check_post(text, &[], &Options::default()).unwrap();
    let report = serde_json::to_string(&post.report).unwrap();
    assert!(report.contains("PC412") && !report.contains("HorseFake"), "{report}");
    assert!(!poolcheck::api::redact(text).as_str().contains("HorseFake"));
}

#[test]
fn talk_of_the_program_outside_of_a_block_is_no_command() {
    let commands = |text: &str| parts(text).texts.commands;
    for text in [
        "hermes only asks the first row",
        "what I have:\nhermes keeps telling me 429\nhermes version 0.18.2",
        "hermes setup went well\nhermes gateway keeps dying",
    ] {
        assert_eq!(commands(text), None, "{text}");
    }
    let text = "hermes auth list\nhermes keeps telling me 429\n";
    assert_eq!(commands(text).as_deref().map(str::trim), Some("hermes auth list"));
    for text in ["$ hermes only asks", "```sh\nhermes only asks\n```\n", "hermes auth lst nous"] {
        assert!(commands(text).is_some(), "{text}");
    }
}

#[test]
fn a_command_in_a_column_of_old_ones_is_not_recommended() {
    let text = "| Old | New |\n|---|---|\n| `hermes keys add` | `hermes auth list nous` |\n";
    assert_eq!(parts(text).texts.commands, None);
}

/// Sections of config.yaml with whatever may stand at the end of one, `{v}` for the version.
const SECTIONS: [&str; 8] = [
    "model:\n  default: m-{v}\n  provider: openrouter\n",
    "terminal:\n  backend: local\n  cwd: /srv/{v}\n",
    "fallback_providers:\n- provider: deepseek\n  model: m-{v}\n",
    "agent:\n  system_prompt: |\n    Be short, {v}.\n\n    # no more\n",
    "display:\n  # the version\n  skin: s-{v}\n  # no more\n",
    "auxiliary: {\n  vision: {provider: gemini, model: m-{v}}\n}\n",
    "delegation:\n  provider: 'gemini'\n  model: \"m\n    {v}\"\n\n",
    "custom_providers:\n  - name: x{v}\n    base_url: http://h/v1\n",
];

/// How fragments are pasted.
#[derive(Clone, Copy, Debug)]
enum Wrapping {
    Bare,
    Fenced,
    Quoted,
    QuotedFence,
    Chat,
    Document,
}

impl Wrapping {
    fn is_quoted(self) -> bool {
        matches!(self, Self::Quoted | Self::QuotedFence)
    }

    fn wrap(self, file: &str) -> String {
        let quoted = |text: &str| text.lines().map(|line| format!("> {line}\n")).collect::<String>();
        match self {
            Self::Bare => format!("\n{file}\n"),
            Self::Fenced => format!("```yaml\n{file}```\n"),
            Self::Quoted => format!("{}\n", quoted(file)),
            Self::QuotedFence => format!("{}\n", quoted(&format!("```\n{file}```\n"))),
            Self::Chat => format!("\nDmitri, [12.07.2026 09:15]\n{file}\n"),
            Self::Document => format!("```yaml\n---\n{file}...\n```\n"),
        }
    }
}

fn wrapping() -> impl Strategy<Value = Wrapping> {
    use Wrapping::{Bare, Chat, Document, Fenced, Quoted, QuotedFence};
    prop::sample::select(vec![Bare, Fenced, Quoted, QuotedFence, Chat, Document])
}

/// The sections of a config by their keys, without comments, blank lines and the marks of documents.
fn by_keys(config: &str) -> BTreeMap<String, Vec<String>> {
    let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut now = String::new();
    let is_said =
        |line: &&str| !line.trim().is_empty() && !line.starts_with(['#', '-', '.']) || line.starts_with("- ");
    for line in config.lines().filter(is_said) {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            now = line.split(':').next().unwrap().to_owned();
            assert!(!sections.contains_key(&now), "{now} stands twice in\n{config}");
        }
        sections.entry(now.clone()).or_default().push(line.trim_end().to_owned());
    }
    sections
}

proptest! {
    /// Fragments that parse, and whose merge by root keys does, come to that merge: in whatever order the keys stand, and however
    /// the fragments are wrapped. What is quoted takes the place of nothing that is not.
    #[test]
    fn later_fragments_take_the_place_of_sections_and_tear_nothing(
        order in Just((0..SECTIONS.len()).collect::<Vec<_>>()).prop_shuffle(),
        count in 3..SECTIONS.len(),
        later in prop::collection::vec((0..8_usize, wrapping()), 1..4),
        first in wrapping(),
        is_commented in any::<bool>(),
    ) {
        let section = |own: usize, version: usize| SECTIONS[own].replace("{v}", &version.to_string());
        let own: Vec<usize> = order.into_iter().take(count).collect();
        let title = if is_commented { "# the next one\n" } else { "" };
        let file: String = own.iter().map(|own| format!("{title}{}", section(*own, 0))).collect();
        let mut post = format!("My config:\n{}", first.wrap(&file));
        let mut expected = by_keys(&file);
        // Of the open ones the last counts, and else of the quoted ones.
        let mut open: Vec<usize> = if first.is_quoted() { Vec::new() } else { own.clone() };
        for (number, (at, wrapping)) in later.iter().enumerate() {
            let changed = own[at % own.len()];
            let text = section(changed, number + 1);
            post += &format!("\nThen I changed one part to this, step {number}\n{}", wrapping.wrap(&text));
            if !wrapping.is_quoted() {
                open.push(changed);
            } else if open.contains(&changed) {
                continue;
            }
            expected.extend(by_keys(&text));
        }
        let found = parts(&post);
        let config = found.texts.config.clone().unwrap();
        prop_assert_eq!(by_keys(&config), expected, "{}\n=====\n{}", post, config);
        let report = check(&found.texts.into(), &Options::default()).unwrap();
        let damage = report.findings.iter().map(|finding| finding.code.as_str()).filter(|code| code.starts_with("PC1"));
        prop_assert_eq!(damage.collect::<Vec<_>>(), Vec::<&str>::new(), "{}\n=====\n{}", post, config);
    }
}

/// Of a sentence that runs a container, the command is read.
#[test]
fn a_container_in_a_sentence_has_its_variables() {
    let post = "I start it with `docker run -e DEEPSEEK_API_KEY=sk-fake-ds-0000000001 nousresearch/hermes-agent`.\n\nmodel:\n  provider: deepseek\n  default: m\n";
    let texts = parts(post).texts;
    assert_eq!(
        texts.environ.as_deref(),
        Some("docker run -e DEEPSEEK_API_KEY=sk-fake-ds-0000000001 nousresearch/hermes-agent")
    );
    let winner = check(&texts.into(), &Options::default()).unwrap().verdict.winner.unwrap();
    assert_eq!(winner.label.as_str(), "DEEPSEEK_API_KEY");
}

/// What the author of a post left out and wrote behind the lines is not of the file; the rest of it is.
#[test]
fn what_its_author_left_out_breaks_no_file() {
    for mark in ["...", "…", "......", "[...]", "<snip>", "(省略)", "fallback_providers: [...]"] {
        let text = format!("model:\n  provider: gemini\n{mark}\ndisplay:\n  skin: mono\n");
        let found = parts(&text);
        assert_eq!(
            found.texts.config.as_deref(),
            Some("model:\n  provider: gemini\ndisplay:\n  skin: mono"),
            "{mark}"
        );
        assert!(found.parts[0].note.as_ref().unwrap().as_str().contains("left something out"), "{mark}");
    }
    // In a text of several lines anything may stand.
    let text =
        "agent:\n  system_prompt: |\n    Say: a <- b\n    ...\n    x: y (z)\nmodel:\n  provider: gemini\n";
    let found = parts(text);
    assert_eq!(found.texts.config.as_deref(), Some(text.trim_end()));
    assert!(found.parts[0].note.is_none());
    // The mark of the end of a document.
    assert_eq!(
        parts("model:\n  provider: gemini\n...\n").texts.config.as_deref(),
        Some("model:\n  provider: gemini\n...")
    );
    let store = "{\n  \"credential_pool\": {\n    \"zai\": [\n      {\"id\": \"a\",\n       \"access_token\": \"x...\",\n       ...\n      },\n      {\n        \"id\": \"b\",\n        ...\n      },\n      ...\n    ]\n  },\n  …\n}\n";
    let text = parts(store).texts.auth_store.unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        value["credential_pool"]["zai"],
        serde_json::json!([{"id": "a", "access_token": "x..."}, {"id": "b", "access_token": "…"}]),
        "{text}"
    );
    let quoted = format!("> {}", store.trim_end().replace('\n', "\n> "));
    let text = parts(&quoted).texts.auth_store.unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value, "{text}");
}

#[test]
fn notes_of_the_author_are_not_of_the_file() {
    let text = "model:\n  provider: gemini   <-- here\n  default: m  (was: n)\n\nA_API_KEY=x-fake ← 我的\n";
    let texts = parts(text).texts;
    assert_eq!(texts.config.as_deref(), Some("model:\n  provider: gemini\n  default: m"));
    assert_eq!(texts.dotenv.as_deref(), Some("A_API_KEY=x-fake"));
}

/// What stands in front of the lines is left out, and of a comparison the new side is read.
#[test]
fn texts_are_what_they_were_before_something_was_put_in_front() {
    let chat =
        "[10:21] <ada> model:\n[10:21] <ada>   provider: gemini\n[10:22] <bo> hm\neve: A_API_KEY=x-fake\n";
    let texts = parts(chat).texts;
    assert_eq!(texts.config.as_deref(), Some("model:\n  provider: gemini"));
    assert_eq!(texts.dotenv.as_deref(), Some("A_API_KEY=x-fake"));
    let change =
        "```diff\n@@ -1,3 +1,3 @@\n model:\n-  provider: zai\n+  provider: gemini\n   default: m\n```\n";
    let config = parts(change).texts.config.unwrap();
    let lines: Vec<_> = config.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["model:", "  provider: gemini", "  default: m"]);
    let numbers = "     1\tmodel:\n     2\t  provider: gemini\n     3\t\n     4\tdisplay: {}\n";
    assert_eq!(parts(numbers).texts.config.as_deref(), Some("model:\n  provider: gemini\n\ndisplay: {}"));
}
