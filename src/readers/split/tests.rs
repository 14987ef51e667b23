//! What lines look like, one by one, and the parts of small texts.

use super::line::{self, Fenced};
use super::*;

/// Commands of guides and threads, and sentences and tables that begin in the same way.
#[test]
fn commands_are_told_from_sentences() {
    for command in [
        "hermes",
        "hermes -V",
        "hermes auth list",
        "hermes auth add Together.ai --api-key sk-fake-0000",
        "hermes auth add gemini --label My First Key",
        "hermes auth add gemini --label 我的",
        "hermes config set fallback_providers '[{\"provider\": \"openrouter\"}]' # a list",
        "hermes chat -q \"What is the name of this folder\"",
        "hermes cron pause <job_id>",
        "$ hermes auth list",
        "`hermes auth list`",
        "- hermes auth list",
        "sudo hermes gateway restart",
        "me@box:~$ systemctl --user restart hermes-gateway",
        "GEMINI_API_KEY=x hermes chat",
    ] {
        assert!(line::command(command).is_some(), "{command}");
    }
    for sentence in [
        "Hermes is not reading the pool",
        "hermes is not reading the pool",
        "hermes - How to fix the pool",
        "hermes-V",
        "hermes auth Interactive pool management wizard",
        "hermes auth list Show all pools and credentials",
        "hermes auth remove <provider> <index> Remove credential by 1-based index",
        "hermes auth add/list now shows custom endpoints alongside registry",
        "hermes debug share是自动上传",
        "hermes auth list gemini 里有 3 个凭据",
        "hermes model and then choose it.",
    ] {
        assert!(line::command(sentence).is_none(), "{sentence}");
    }
}

#[test]
fn lines_of_logs_are_told_from_times_and_examples() {
    for log in [
        "2026-04-23 11:49:53,007 WARNING [s1] run_agent: Fallback activated: a → b (openrouter)",
        "14:35:59 INFO  root: started",
        "2026-04-23T11:49:53Z ERROR x",
        "INFO [sid] agent.credential_pool: credential pool: marking k exhausted (status=401), rotating",
        "credential pool: rotated to aistudio-2",
        "⚠️  API call failed (attempt 1/3): BadRequestError [HTTP 400]",
        "RuntimeError: no key",
        "openai.RateLimitError: 429",
        "Traceback (most recent call last):",
        "❌ Error: HTTP 401: no key",
        "📝 Error: it is over",
        "┊ 💻 $ ls",
    ] {
        assert!(line::is_log(log), "{log}");
    }
    for other in [
        "2026-04-23 11:49:53",
        "2026-03-31 03:10:01 -07:00",
        "credential pool: marking ... exhausted",
        "credential pool: rotated to ...",
        "Error: this is what I see",
        "INFO is what I chose",
        "⚠️ Please read this first",
        "❌ Error: no tag",
    ] {
        assert!(!line::is_log(other), "{other}");
    }
}

#[test]
fn files_are_named_by_headings() {
    let named = line::file_heading;
    assert_eq!(named(".env"), Some(SourceKind::Dotenv));
    assert_eq!(named("**~/.hermes/config.yaml**:"), Some(SourceKind::Config));
    assert_eq!(named("Here is my auth.json：我的"), None);
    assert_eq!(named("Here is my auth.json:"), Some(SourceKind::AuthStore));
    assert_eq!(named("with nothing in .env, and this config.yaml:"), Some(SourceKind::Config));
    assert_eq!(named("  GNU nano 8.4      config.yaml"), Some(SourceKind::Config));
    assert_eq!(named("config.yaml is where I wrote it"), None);
    assert_eq!(named("**my .env (works)**"), Some(SourceKind::Dotenv));
    assert_eq!(named("config.yaml（能用）"), Some(SourceKind::Config));
    assert_eq!(named("see [config.yaml](https://example.org/x)"), None);
    assert_eq!(line::info("yaml"), Fenced::Kind(SourceKind::Config));
    assert_eq!(line::info(""), Fenced::Anything);
    assert_eq!(line::info("python title=\"x\""), Fenced::Code);
}

fn kinds(text: &str) -> Vec<Option<SourceKind>> {
    split(text).iter().map(|part| part.kind).collect()
}

#[test]
fn words_with_a_colon_are_no_config() {
    assert_eq!(kinds("I use\nmodel: the new one\nand it works"), [None]);
    assert_eq!(kinds("memory: 16 GB"), [Some(SourceKind::Config)]);
    assert_eq!(kinds("Machine\n\nmemory: 16 GB\n\nIt is slow."), [None]);
    let compose = "services:\n  hermes:\n    image: x\n    environment:\n      - A=b\n";
    assert_eq!(kinds(compose), [None]);
    assert_eq!(kinds("```yaml\nservices:\n  a: {}\n```"), [None]);
    assert_eq!(kinds("{\"role\": \"user\", \"content\": \"x\"}"), [None], "JSON of another program");
}

#[test]
fn a_comment_belongs_to_what_it_stands_at() {
    let text = "# Title\n\nSome words.\n\n# the keys\nA_KEY=1\n\n# one more\nB_KEY=2\n# end\n\nMore words.\n# not this\n";
    let spans: Vec<_> = split(text).iter().map(|part| (part.kind, part.span.of(text))).collect();
    assert_eq!(
        spans,
        [
            (None, "# Title\n\nSome words."),
            (Some(SourceKind::Dotenv), "# the keys\nA_KEY=1\n\n# one more\nB_KEY=2\n# end"),
            (None, "More words.\n# not this"),
        ]
    );
}

#[test]
fn settings_that_nobody_knows_may_stand_first() {
    assert_eq!(kinds("mine: x\nown_key: 1\nmodel: {provider: gemini}\n"), [Some(SourceKind::Config)]);
    assert_eq!(kinds("note: it is broken\nmodel: {provider: gemini}\n"), [None, Some(SourceKind::Config)]);
    assert_eq!(kinds("Look.\nmine: x\nmodel: {provider: gemini}\n"), [None, Some(SourceKind::Config)]);
}

/// As 0.19.0 prints it, shortened.
#[test]
fn all_that_config_show_prints_is_one_part() {
    let text = "\
┌─────────────────────────────────────────────────────────┐
│              ⚕ Hermes Configuration                    │
└─────────────────────────────────────────────────────────┘

◆ Paths
  Config:       /home/me/.hermes/config.yaml

◆ API Keys
  OpenRouter     (not set)
  OpenAI (STT/TTS) (not set)

◆ Model
  Model:        {'provider': 'gemini', 'default': 'm', 'api_key': 'sk-f...0000'}
  Max turns:    90

────────────────────────────────────────────────────────────
  hermes config edit     # Edit config file
  hermes config set <key> <value>
  hermes setup           # Run setup wizard
";
    let found = split(text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].kind, found[0].why), (Some(SourceKind::DebugReport), Why::ConfigShow));
    let version = "Hermes Agent v0.19.0 (2026.7.20)\nInstall method: pip\nPython: 3.11.7\nUp to date\n";
    assert_eq!(kinds(version), [Some(SourceKind::DebugReport)]);
}

/// A line that nobody reads stands in many a file.
#[test]
fn a_broken_line_inside_of_a_file_belongs_to_it() {
    let text = "A_KEY=1\nwhat is this\nB_KEY=2\n";
    assert_eq!(kinds(text), [Some(SourceKind::Dotenv)]);
    assert_eq!(kinds("A_KEY=1\n\nwhat is this\n\nB_KEY=2\n").len(), 3);
    assert_eq!(kinds("model:\n  default: m\nhm: hm: hm\n  provider: gemini\n"), [Some(SourceKind::Config)]);
}

#[test]
fn json_that_does_not_end_ends_where_it_looks_like_json_no_more() {
    let text = "{\n \"credential_pool\": {\n  \"gemini\": [\n\nThat is all.\n";
    assert_eq!(kinds(text), [Some(SourceKind::AuthStore), None]);
}

/// JSON is known by its fields, and a heading knows better than the word for its form.
#[test]
fn scheduled_jobs_are_no_auth_store() {
    let jobs = r#"{"jobs": [{"id": "a", "prompt": "Hi", "schedule": {"kind": "interval"}}]}"#;
    let found = |text: &str| kinds(text).into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(found(jobs), [SourceKind::Jobs]);
    assert_eq!(found(&format!("It never runs:\n\n```json\n{jobs}\n```\n")), [SourceKind::Jobs]);
    assert_eq!(
        found("~/.hermes/cron/jobs.json:\n\n```json\n{\n  \"jobs\": []\n}\n```\n"),
        [SourceKind::Jobs]
    );
    let both = format!("{{\"version\": 1, \"credential_pool\": {{}}}}\n\nand\n\n{jobs}\n");
    assert_eq!(found(&both), [SourceKind::AuthStore, SourceKind::Jobs]);
    assert_eq!(super::kind_by_ending("my-jobs.json", jobs), Some(SourceKind::Jobs));
    assert_eq!(super::kind_by_ending("auth.json", "{}"), Some(SourceKind::AuthStore));
}

#[test]
fn files_are_known_by_their_names() {
    let kind = |name| super::file_kind(name).map(|named| (named.kind, named.is_plain));
    for (name, expected) in [
        ("config.yaml", SourceKind::Config),
        ("CONFIG.YML", SourceKind::Config),
        (r"C:\Users\me\.hermes\.env", SourceKind::Dotenv),
        ("prod.env", SourceKind::Dotenv),
        ("auth.json", SourceKind::AuthStore),
        ("jobs.json", SourceKind::Jobs),
        ("hermes-gateway.service", SourceKind::Environ),
        ("errors.log", SourceKind::Log),
    ] {
        assert_eq!(kind(name), Some((expected, true)), "{name}");
    }
    for (copy, expected) in [
        ("config (2).yaml", SourceKind::Config),
        ("config.yaml.bak", SourceKind::Config),
        (".env.txt", SourceKind::Dotenv),
        (".env~", SourceKind::Dotenv),
        ("auth.json.old.1", SourceKind::AuthStore),
        ("gateway.log.12", SourceKind::Log),
    ] {
        assert_eq!(kind(copy), Some((expected, false)), "{copy}");
    }
    // Other files of Hermes, of other programs, and samples.
    for name in [
        "",
        ".txt",
        "nous_auth.json",
        "my-config.yaml",
        "docker-compose.yml",
        ".env.example",
        "a.log",
        "1",
        "(1)",
    ] {
        assert_eq!(kind(name), None, "{name}");
    }
}

#[test]
fn talk_of_the_program_is_told_from_its_commands() {
    for talk in [
        "hermes only asks the first row",
        "hermes agent v0.18.2",
        "hermes keeps telling me 429",
        "hermes version 0.18.2",
        "hermes gateway keeps dying",
        "hermes gateway restarts every minute",
        "hermes auth list shows three rows",
        "- hermes setup went well",
        "hermes config says anthropic",
        "hermes wont come up",
        "hermes updates nothing",
        "hermes looks healthy",
    ] {
        assert!(talk::is_talk(talk), "{talk}");
    }
    for command in [
        "hermes",
        "hermes auth list gemini",
        "hermes auth lst gemini",
        "hermes docter",
        "hermes auth rotate gemini",
        "hermes pool add gemini",
        "hermes provider show anthropic",
        "hermes config set agent.name what my friends say",
        "hermes gateway restart && hermes logs -f",
        "hermes version",
        "hermes --version",
        "hermes chat -q 'what is it'",
        "hermes auth remove gemini 1",
        "sudo hermes gateway restart",
        "$ hermes only",
    ] {
        assert!(!talk::is_talk(command), "{command}");
    }
}

#[test]
fn sentences_that_begin_with_a_variable_set_none() {
    for line in
        ["A_HOME=/srv, and the file is there", "A_HOME=/srv，文件在那里", "A_HOME=/srv, die .env liegt da"]
    {
        assert!(line::is_sentence_of_assignment(line), "{line}");
    }
    for line in [
        "A_KEYS=k1, k2, k3",
        "NO_PROXY=localhost, 127.0.0.1",
        "A=a b c",
        "A_KEYS=one, two, three",
        "A=\"a, b c\"",
        "K=a，b",
    ] {
        assert!(!line::is_sentence_of_assignment(line), "{line}");
    }
}

#[test]
fn commands_that_print_an_environment() {
    for line in [
        "$ env",
        "env | grep KEY",
        "printenv",
        "docker exec -it hermes env | grep KEY",
        "kubectl exec pod -- printenv",
        "$ cat /proc/12/environ | tr '\\0' '\\n'",
    ] {
        assert!(line::prints_environ(line), "{line}");
    }
    for line in
        ["env", ".env", "my env", "cat .env", "$ cat .env | grep KEY", "docker exec hermes env FOO=1 hermes"]
    {
        assert!(!line::prints_environ(line), "{line}");
    }
}

#[test]
fn environments_are_named_by_headings() {
    for line in [
        "environment:",
        "**Environment:**",
        "environment of the service:",
        "The environment of my Hermes gateway:",
        "process environment (systemctl show):",
        "服务的环境变量：",
        "进程环境:",
    ] {
        assert!(line::names_environment(line), "{line}");
    }
    for line in [
        "environment",
        "# environment:",
        "environment variables:",
        "environment file:",
        "This is not in the environment:",
        "environment of the .env:",
        "环境变量:",
    ] {
        assert!(!line::names_environment(line), "{line}");
    }
}

#[test]
fn names_in_front_of_what_is_said() {
    let speaker =
        |line: &'static str| talk::speaker(line).map(|own| (own.name, line.get(own.width..).unwrap()));
    for (line, expected) in [
        ("[10:21] <ada>   provider: x", ("ada", "  provider: x")),
        ("<ada> hello", ("ada", "hello")),
        ("[2026/7/24 10:21] 小林: .env:", ("小林", ".env:")),
        ("[24.07.26, 10:21:03] Ada B: hm", ("Ada B", "hm")),
        ("小林：GLM_API_KEY=x-fake", ("小林", "GLM_API_KEY=x-fake")),
        ("bob: GLM_API_KEY=x-fake", ("bob", "GLM_API_KEY=x-fake")),
    ] {
        assert_eq!(speaker(line), Some(expected), "{line}");
    }
    for line in [
        "[10:21:03] ERROR: no key",
        "<details> more",
        "<snip>",
        "<your-key> here",
        "[2] ada: hm",
        "[10:21:03] agent.credential_pool: credential pool: rotated to b",
        "provider: gemini",
        "environment: A_KEY=x",
        "- A_KEY=x",
        "bob: A_KEY=x and more",
        "2026-04-23 11:49:53,007 WARNING [s1] run_agent: x",
    ] {
        assert_eq!(speaker(line), None, "{line}");
    }
}

#[test]
fn what_was_before_and_what_is_of_others() {
    for line in [
        "Before:",
        "Previously:",
        "Old config (worked):",
        "之前的配置(能用):",
        "**Original post:**",
        "Before I changed it:",
    ] {
        assert!(sample::is_of_before(line), "{line}");
    }
    for line in [
        "Now:",
        "I changed the old config to this:",
        "Before you ask, my config:",
        "The same as before:",
        "原来的改成:",
        "",
    ] {
        assert!(!sample::is_of_before(line), "{line}");
    }
    for line in ["The docs say:", "my colleague's config.yaml:", "我同事的:", "官方文档的例子:"] {
        assert!(sample::is_of_others(line), "{line}");
    }
    for line in
        ["I followed the docs:", "my config:", "我按教程写的:", "we now have what the documentation says:"]
    {
        assert!(!sample::is_of_others(line), "{line}");
    }
}

/// Nobody writes `key: &name` into a sentence, so a section with a name begins the file, whatever it is called.
#[test]
fn a_file_may_begin_with_a_section_that_has_a_name() {
    let text = "x-site: &site\n  base_url: https://a.example/v1\n  key_env: A_KEY\n\n# ours\nmodel:\n  provider: custom:a\n\
        custom_providers:\n  - <<: *site\n    name: a\n";
    for text in [text.to_owned(), format!("# config.yaml\n{text}"), format!("My file:\n\n{text}\nHelp!\n")] {
        let found = split(&text);
        let config = found.iter().find(|part| part.kind == Some(SourceKind::Config)).unwrap();
        let own = config.span.of(&text);
        assert!(own.contains("x-site: &site") && own.ends_with("name: a"), "{text}: {found:?}");
        assert_eq!(found.iter().filter(|part| part.kind.is_some()).count(), 1, "{text}");
    }
    let other = "Setup:\n- a box\n\nmodel:\n  provider: zai\n";
    assert_eq!(kinds(other), [None, Some(SourceKind::Config)]);
}

#[test]
fn a_whole_file_may_stand_in_braces_on_one_line() {
    let text = "{model: {provider: zai, default: 'glm-5'}, fallback_providers: []}";
    assert_eq!(kinds(text), [Some(SourceKind::Config)]);
    assert_eq!(kinds(&format!("Mine:\n\n{text}\n\nWhy?\n")), [None, Some(SourceKind::Config), None]);
    for other in ["{model: {provider: zai}", "{title: {model: zai}}", "{model: zai}", "{model:{a}}"] {
        assert_eq!(kinds(other), [None], "{other}");
    }
}

/// The text of a key ends where a line is indented no farther, and what names its file speaks of nothing behind it.
#[test]
fn the_text_of_a_task_ends_with_its_indentation() {
    let text = "\
- hosts: bots
  vars:
    hermes_home: /srv/bot
  tasks:
    - name: settings
      ansible.builtin.copy:
        dest: \"{{ hermes_home }}/config.yaml\"
        content: |
          model:
            provider: zai

    - name: again
      ansible.builtin.systemd:
        name: bot
";
    let found = split(text);
    let known: Vec<_> = found.iter().filter(|part| part.kind.is_some()).collect();
    assert_eq!(known.len(), 1, "{found:?}");
    assert_eq!(known[0].kind, Some(SourceKind::Config));
    assert_eq!(known[0].span.of(text).trim(), "model:\n            provider: zai");
}

/// IRC, Matrix and Discord without the marks around names.
#[test]
fn names_in_front_of_the_lines_of_a_chat_are_left_out() {
    let text = "\
rosa: it stops
rosa: model:
rosa:   provider: zai
rosa:   default: glm-5
timo: ok
timo: and the key?
rosa: GLM_API_KEY=fake-0000
";
    let parts = split(text);
    let config = super::text_of(text, &parts, SourceKind::Config).unwrap().0;
    assert_eq!(config.trim(), "model:\n  provider: zai\n  default: glm-5");
    let dotenv = super::text_of(text, &parts, SourceKind::Dotenv).unwrap().0;
    assert_eq!(dotenv.trim(), "GLM_API_KEY=fake-0000");
    // Who pastes several lines at once has the name in front of the first one.
    let text = "rosa: hm\nrosa: model:\n  provider: zai\ntimo: ok\n";
    let config = super::text_of(text, &split(text), SourceKind::Config).unwrap().0;
    assert_eq!(config.trim(), "model:\n  provider: zai");
    // Keys of a file are nobody.
    let text = "model:\n  provider: zai\nmine: yes\nother: no\n";
    let config = super::text_of(text, &split(text), SourceKind::Config).unwrap().0;
    assert_eq!(config.trim(), text.trim());
}

#[test]
fn a_line_that_knows_no_provider_is_of_a_log() {
    for line in [
        "Unknown provider 'openai'.",
        "Nov 02 09:12:44 box hermes[811]: Unknown provider 'openai'. Check 'hermes model' for available providers",
        "hermes: error: Unknown provider 'openai'.",
    ] {
        assert_eq!(kinds(line), [Some(SourceKind::Log)], "{line}");
    }
}

/// systemd.exec(5): a file that the unit names is read beside it; another one is of another process.
#[test]
fn a_file_that_a_unit_names_is_joined_with_it() {
    let unit = "[Service]\nEnvironmentFile=-/etc/hermes/env\nExecStart=/usr/local/bin/hermes gateway run\n";
    for (heading, lines, is_joined) in [
        ("/etc/hermes/env:", "export A_API_KEY=x-fake\nB_API_KEY='y z'", true),
        ("/etc/hermes/env:", "A_API_KEY=x-fake\nB_API_KEY='y z'", true),
        ("in my shell:", "export A_API_KEY=x-fake\nexport B_API_KEY='y z'", false),
    ] {
        let text = format!("My unit:\n\n{unit}\n{heading}\n{lines}\n");
        let parts = split(&text);
        let edits = extract::edits(&text, &parts, SourceKind::Environ).unwrap();
        let environ = Environ::of(&edits.apply(&text));
        let values: Vec<&str> = environ.entries.iter().map(|entry| entry.value.as_str()).collect();
        let failed = usize::from(is_joined && lines.starts_with("export"));
        assert_eq!(environ.failed.len(), failed, "{text}");
        assert_eq!(values.last().copied(), is_joined.then_some("y z"), "{text}");
    }
}

/// What gives way to a part that gives way itself names the one that counts.
#[test]
fn the_part_that_counts_is_named() {
    let config = |model: &str| format!("```yaml\nmodel:\n  provider: zai\n  default: {model}\n```\n");
    let text =
        format!("first\n\n{}\nthen\n\n{}\nnow\n\n{}", config("glm-4"), config("glm-5"), config("glm-6"));
    let parts = split(&text);
    let counting = parts.iter().rposition(|part| part.use_of == Use::Used).unwrap();
    let behind: Vec<Use> =
        parts.iter().map(|part| part.use_of).filter(|own| matches!(own, Use::Behind(_))).collect();
    assert_eq!(behind, [Use::Behind(counting), Use::Behind(counting)]);
}

/// A shell takes the quotes off that a sentence shows.
#[test]
fn quotes_in_a_sentence_are_no_part_of_the_value() {
    let text = "I have exported GLM_API_KEY=\"x-fake\" in the shell.\n\nmodel:\n  provider: zai\n";
    let edits = extract::edits(text, &split(text), SourceKind::Environ).unwrap();
    let environ = Environ::of(&edits.apply(text));
    assert_eq!(environ.entries.first().map(|entry| entry.value.as_str()), Some("x-fake"));
}
