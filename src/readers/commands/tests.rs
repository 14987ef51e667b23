//! Lines as people paste them.

use super::invocations;

/// The words of each call, a call a line.
fn read(text: &str) -> String {
    let lines = invocations(text)
        .iter()
        .map(|call| call.words.iter().map(|word| format!("[{}]", word.text)).collect::<Vec<_>>().join(""))
        .collect::<Vec<_>>();
    lines.join("\n")
}

#[test]
fn words_are_those_of_a_shell() {
    assert_eq!(
        read(r#"hermes config set a 'b c' "d \"e\"" f\ g $'h'"#),
        r#"[config][set][a][b c][d "e"][f g][h]"#
    );
    assert_eq!(read("hermes auth add gemini \\\n  --label x # one\n"), "[auth][add][gemini][--label][x]");
    assert_eq!(read("cd x && hermes auth list; hermes doctor | cat > y"), "[auth][list]\n[doctor]");
    assert_eq!(read("hermes auth list >out.txt 2>&1 && echo"), "[auth][list]");
    assert_eq!(read("x=$(hermes auth list) && hermes doctor"), "[auth][list]\n[doctor]");
    assert_eq!(
        read("hermes config set a '[\n  1\n]'\nhermes doctor"),
        "[config][set][a][[\n  1\n]]\n[doctor]"
    );
    assert_eq!(read("hermes config set a 'b\n\nhermes doctor"), "[config][set][a]['b]\n[doctor]");
    assert_eq!(read("hermes auth list\r\nhermes doctor\r\n"), "[auth][list]\n[doctor]");
}

#[test]
fn prompts_and_launchers_are_taken_off() {
    for line in [
        "$ hermes auth list",
        "% hermes auth list",
        "> hermes auth list",
        "# hermes auth list",
        "user@host:~$ hermes auth list",
        "root@host:/opt# hermes auth list",
        "[me@box ~]$ hermes auth list",
        "(venv) $ hermes auth list",
        "(venv) me@box:~/x$ hermes auth list",
        "PS C:\\Users\\me> hermes auth list",
        "C:\\Users\\me>hermes auth list",
        "~ ❯ hermes auth list",
        "1. hermes auth list",
        "- hermes auth list",
        "sudo -u hermes hermes auth list",
        "A=b sudo env C=d hermes auth list",
        "HERMES_HOME=/srv/hermes hermes auth list",
        "docker exec -it hermes hermes auth list",
        "docker compose exec -T -u hermes agent /usr/bin/hermes auth list",
        "kubectl exec -n x pod -- hermes auth list",
        "uvx --from hermes-agent hermes auth list",
        "uv run hermes auth list",
        "python3 -m hermes_cli.main auth list",
        "~/.local/bin/hermes auth list",
        "Then run `hermes auth list`.",
        "```sh\nhermes auth list\n```",
    ] {
        assert_eq!(read(line), "[auth][list]", "{line}");
    }
}

#[test]
fn what_is_not_about_hermes_is_left() {
    for line in [
        "# hermes is set up\nhermes doctor",
        "which hermes",
        "pip install hermes-agent",
        "sudo systemctl restart hermes",
        "docker logs hermes",
        "docker exec hermes env",
        "echo hermes auth list",
        "Then run hermes auth list and wait.",
        "hermes is what you want.",
        "a ` b",
    ] {
        assert!(["", "[doctor]"].contains(&read(line).as_str()), "{line}");
    }
}

#[test]
fn typography_is_read_as_what_was_typed() {
    let text = "hermes auth add gemini —label “my key” –type\u{a0}api-key";
    let call = &invocations(text)[0];
    let words: Vec<&str> = call.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(words, ["auth", "add", "gemini", "--label", "my key", "--type", "api-key"]);
    let damage: Vec<(&str, &str)> = call.damage.iter().map(|(span, typed)| (span.of(text), *typed)).collect();
    assert_eq!(damage, [("—", "--"), ("“", "\""), ("”", "\""), ("–", "--"), ("\u{a0}", " ")]);
}

#[test]
fn patterns_and_placeholders_are_known_as_such() {
    let call = &invocations("hermes auth add <provider> [--label LABEL] --api-key $KEY")[0];
    assert!(call.is_pattern);
    let open: Vec<&str> =
        call.words.iter().filter(|word| word.is_open).map(|word| word.text.as_str()).collect();
    assert_eq!(open, ["<provider>", "[--label LABEL]", "$KEY"]);
    assert!(!invocations("hermes config set a [{x:1}]")[0].is_pattern);
    assert!(invocations("hermes auth {add,list} x")[0].is_pattern);
}

#[test]
fn a_table_without_its_columns_is_a_pattern() {
    for line in [
        "hermes auth list Show all pools and credentials",
        "hermes auth reset <provider> Clear all cooldowns",
        "hermes auth list gemini 里有 3 个 Gemini 凭据",
        "hermes auth Interactive pool management wizard",
        "hermes config env-path      Print .env path",
        "hermes cron create SCHED    Create: '30m', 'every 2h', '0 9 * * *'",
        "hermes acp                  ACP server (IDE integration)",
        "hermes profile create NAME  Create (--clone, --clone-all)",
    ] {
        assert!(invocations(line)[0].is_pattern, "{line}");
    }
    for line in [
        "hermes auth add Gemini --type api-key",
        "hermes config set agent.name My own agent",
        "hermes chat -q 'Show all'",
        "hermes auth add  Gemini --type api-key",
        "hermes auth list  Gemini",
    ] {
        assert!(!invocations(line)[0].is_pattern, "{line}");
    }
}

#[test]
fn what_a_table_or_a_sentence_says_is_wrong_is_left() {
    for (text, expected) in [
        ("| `hermes auth purge` | ❌ |", ""),
        ("| ❌ `hermes auth purge` | ✅ `hermes auth remove nous 1` |", "[auth][remove][nous][1]"),
        ("| ~~`hermes keys add`~~ | is not there |", ""),
        ("| `hermes keys list` | no such command, forget it |", ""),
        ("| `hermes auth change` | 不存在 |", ""),
        ("| `hermes auth list` | ✅ | ❌ |", "[auth][list]"),
        ("| Old | New |\n|---|---|\n| `hermes keys add` | `hermes auth add nous` |", "[auth][add][nous]"),
        ("| Right | Wrong |\n|---|---|\n| hermes auth list | hermes keys list |", "[auth][list]"),
        ("| ❌ Don't | ✅ Do |\n|---|---|\n| `hermes keys add` | `hermes auth list` |", "[auth][list]"),
        ("| 错误 | 正确 |\n|---|---|\n| `hermes keys add` | `hermes auth list` |", "[auth][list]"),
        ("| 旧 | 新 |\n|---|---|\n| `hermes keys add` | `hermes auth list` |", "[auth][list]"),
        (
            "| Old | New |\n|---|---|\n\n| Command | What |\n|---|---|\n| `hermes auth list` | x |",
            "[auth][list]",
        ),
        ("用 `hermes auth change` 会报错", ""),
        ("- `hermes keys add` won't work, use `hermes auth list`.", "[auth][list]"),
        ("First `hermes auth list`, as `hermes keys add` won't work.", "[auth][list]"),
        ("- ❌ `hermes keys add`", ""),
        ("1. Don't type `hermes keys add`", ""),
        ("There is no command `hermes keys add`, nor `hermes keys list`.", ""),
        ("Don't use `hermes keys add`, or `hermes keys list`", ""),
        ("不要用 `hermes keys add`、`hermes keys list`", ""),
        ("Es gibt kein `hermes keys add`", ""),
        // What is negated is something else.
        ("I don't know why `hermes auth lst` fails", "[auth][lst]"),
        ("There is no key, so run `hermes auth list`", "[auth][list]"),
        ("Instead of waiting I ran `hermes auth list`", "[auth][list]"),
        ("To avoid the limit I ran `hermes auth list`", "[auth][list]"),
        ("没有 key，就运行 `hermes auth list`", "[auth][list]"),
        ("特别是 `hermes auth list`", "[auth][list]"),
        // What was run was typed.
        ("I ran `hermes auth lst` and it says that it doesn't exist", "[auth][lst]"),
        ("I tried `hermes auth lst`, won't work", "[auth][lst]"),
        ("试过 `hermes auth lst`，会报错", "[auth][lst]"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_a_sentence_names_is_known_as_such() {
    let named = |text: &str| invocations(text).iter().map(|call| call.is_named).collect::<Vec<_>>();
    assert_eq!(named("Type `hermes auth add` for a key, then `hermes auth list`."), [true, true]);
    assert_eq!(named("| `hermes auth add` | adds a key |"), [true]);
    assert_eq!(named("- `hermes auth add`"), [false]);
    assert_eq!(named("$ hermes auth add\nhermes auth list"), [false, false]);
}
