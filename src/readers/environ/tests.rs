//! The forms in which environments are pasted.

use super::*;

fn pairs(text: &str) -> Vec<(String, String)> {
    Environ::of(text).entries.into_iter().map(|entry| (entry.name, entry.value)).collect()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn what_env_prints_is_literal() {
    assert_eq!(pairs("A=\"q\"\r\nB=x=y\n\n# c\nC=\n"), [pair("A", "\"q\""), pair("B", "x=y"), pair("C", "")]);
}

#[test]
fn what_a_shell_declares_has_its_quotes() {
    assert_eq!(
        pairs("declare -x A=\"a \\\"b\\\"\"\nexport B='c'\nexport C=d\n"),
        [pair("A", "a \"b\""), pair("B", "c"), pair("C", "d")]
    );
}

#[test]
fn records_between_nul_keep_their_lines() {
    assert_eq!(pairs("A=1\nx\0B=2\0"), [pair("A", "1\nx"), pair("B", "2")]);
}

#[test]
fn lines_that_set_nothing_are_told() {
    let text = "KEY: v\nA=1\n  }\n";
    let unread: Vec<_> = Environ::of(text).unread.iter().map(|place| place.span.of(text)).collect();
    assert_eq!(unread, ["KEY: v", "}"]);
}

#[test]
fn places() {
    let text = "\n export A=\"v\"\n";
    let entries = Environ::of(text).entries;
    let entry = entries.first().unwrap();
    assert_eq!(entry.name_place.span.of(text), "A");
    assert_eq!(entry.value_place.span.of(text), "v");
    assert_eq!(entry.entry_place.span.of(text), "export A=\"v\"");
}

/// The variables of a text, `…` for a value that is not seen, `?` for one that may not be there; each name and value stands where its place says.
fn of_form(text: &str) -> Vec<String> {
    let environ = Environ::of(text);
    assert!(environ.is_piece, "{text}");
    let told = environ.entries.iter().map(|entry| {
        assert_eq!(entry.name_place.span.of(text), entry.name, "{text}");
        if !entry.is_unseen {
            assert_eq!(entry.value_place.span.of(text), entry.value, "{text}");
        }
        assert!(entry.entry_place.span.contains(entry.name_place.span), "{text}");
        let shown = match (entry.is_handed_on, entry.is_unseen) {
            (true, true) => "?",
            (false, true) => "…",
            _ => &entry.value,
        };
        format!("{}={shown}", entry.name)
    });
    told.collect()
}

const COMPOSE: &str = "services:\n  db:\n    image: postgres\n    environment: {POSTGRES_PASSWORD: x}\n  bot:\n    image: nousresearch/hermes-agent\n    env_file: .env\n    environment:\n";

/// The mapping and the list of the compose specification; `$$` is a `$`, and a name without a value is handed on.
#[test]
fn compose_files_have_mappings_and_lists() {
    let map = "      A_KEY: sk-fake-1 # mine\n      B_KEY: \"sk-fake 2\"\n      PORT: 8642\n      C_KEY: ${C_KEY:-}\n      D_KEY:\n      url: x\n";
    let expected = ["A_KEY=sk-fake-1", "B_KEY=sk-fake 2", "PORT=8642", "C_KEY=?", "D_KEY=?"];
    assert_eq!(of_form(&[COMPOSE, map].concat()), expected);
    let list = "      - A_KEY=sk-fake=1\n      - \"B_KEY=b c\"\n      - C_KEY\n      - D_KEY=$D_KEY\n      - 'E_KEY=e'\n    ports: [\"1:1\"]\n";
    let expected = ["A_KEY=sk-fake=1", "B_KEY=b c", "C_KEY=?", "D_KEY=?", "E_KEY=e"];
    assert_eq!(of_form(&[COMPOSE, list].concat()), expected);
    let doubled = Environ::of(&[COMPOSE, "      A_KEY: a$$b\n"].concat());
    assert!(doubled.entries.iter().all(|entry| entry.value == "a$b" && !entry.is_unseen));
}

/// Compose and docker give a variable on where it is set; a default, an error where there is none and more text make a value of
/// it in any case.
#[test]
fn what_is_handed_on_may_not_be_there() {
    for (value, shown) in [
        ("", "?"),
        ("$A", "?"),
        ("'${A}'", "?"),
        ("${A-}", "?"),
        ("${A:-}", "?"),
        ("${A:-x}", "…"),
        ("${A?}", "…"),
        ("${A:?no key}", "…"),
        ("${A}x", "…"),
        ("$A${B}", "?"),
    ] {
        let compose = format!("{COMPOSE}      A_KEY: {value}\n      B_KEY: y\n");
        assert_eq!(of_form(&compose), [format!("A_KEY={shown}"), "B_KEY=y".to_owned()], "{value}");
        let entries = Environ::of(&compose).entries;
        let place = entries[0].value_place.span.of(&compose);
        assert_eq!(place, if value.is_empty() { "A_KEY" } else { value.trim_matches('\'') });
    }
    let run =
        "docker run -e A_KEY --env=B_KEY -e C_KEY=\"$C_KEY\" -e D_KEY=\"$(pass d)\" -e E_KEY='$E' x/hermes\n";
    assert_eq!(of_form(run), ["A_KEY=?", "B_KEY=?", "C_KEY=?", "D_KEY=…", "E_KEY=$E"]);
}

#[test]
fn a_compose_file_may_be_a_piece_or_have_anchors() {
    assert_eq!(of_form("    environment:\n      - A_KEY=x\n"), ["A_KEY=x"]);
    assert_eq!(of_form("hermes:\n  build: .\n  environment:\n    A_KEY: x\n"), ["A_KEY=x"]);
    let anchored = "x-env: &env\n  A_KEY: x\nservices:\n  hermes:\n    image: hermes\n    environment:\n      <<: *env\n      B_KEY: y\n";
    let mut found = of_form(anchored);
    found.sort();
    assert_eq!(found, ["A_KEY=x", "B_KEY=y"]);
    let crlf = [COMPOSE, "      A_KEY: x\n"].concat().replace('\n', "\r\n");
    assert_eq!(of_form(&crlf), ["A_KEY=x"]);
}

/// The variables of another program are not those of Hermes.
#[test]
fn other_containers_are_passed_over() {
    for text in [
        "services:\n  proxy:\n    image: ghcr.io/x/litellm\n    environment:\n      - OPENAI_API_KEY=x\n",
        "docker run -e OPENAI_API_KEY=x ghcr.io/x/litellm\n",
        "<plist>\n<dict>\n<key>Label</key><string>other</string>\n<key>EnvironmentVariables</key>\n<dict>\n<key>A_KEY</key><string>x</string>\n</dict>\n</dict>\n</plist>\n",
        "mcp_servers:\n  gh:\n    command: npx\n    env:\n      A_KEY: x\n",
    ] {
        let found = Environ::of(text);
        assert!(found.entries.is_empty() && !found.is_piece, "{text}");
    }
}

/// `env` of a container, by value or by a secret; several documents in one text.
#[test]
fn manifests_of_kubernetes() {
    let text = "apiVersion: v1\nkind: Service\n---\nkind: Deployment\nspec:\n  containers:\n  - name: side\n    image: envoy\n    env: [{name: Z_KEY, value: z}]\n  - name: bot\n    image: x/hermes:1\n    env:\n    - name: A_KEY\n      value: \"x\"\n    - name: B_KEY\n      valueFrom:\n        secretKeyRef: {name: s, key: k}\n    - {name: C_KEY, value: $(A_KEY)}\n";
    assert_eq!(of_form(text), ["A_KEY=x", "B_KEY=…", "C_KEY=…"]);
}

/// What a Secret and a ConfigMap of the same text hold is given to the container that takes its variables from them.
#[test]
fn secrets_and_config_maps_of_kubernetes() {
    // "base64 of AIza-fake" is QUl6YS1mYWtl; with the newline that `echo` adds, QUl6YS1mYWtlCg==.
    let objects = "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData:\n  A_KEY: a\n  B_KEY: plain\ndata:\n  B_KEY: QUl6YS1mYWtl\n  C_KEY: QUl6YS1mYWtlCg==\n  D_KEY: '?'\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  A_KEY: from the map\n  E_URL: \"http://x\"\n---\n";
    // A name and its value may stand in two objects, or not as they read.
    let last = |text: &str| -> Vec<String> {
        let environ = Environ::of(text);
        assert!(environ.is_piece, "{text}");
        let unseen = |name: &str| environ.entries.iter().any(|entry| entry.name == name && entry.is_unseen);
        let told = |(name, found): (&str, &EnvValue)| {
            format!("{name}={}", if unseen(name) { "…" } else { &found.value })
        };
        environ.last_of_each().iter().map(told).collect()
    };
    let container = "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - name: bot\n        image: x/hermes-agent\n";
    let text = |rest: &str| [objects, container, rest].concat();
    // Of two sources the later one counts, and `env` counts before both.
    let all = text(
        "        envFrom:\n        - configMapRef: {name: settings}\n        - secretRef: {name: keys}\n        env:\n        - {name: E_URL, value: own}\n",
    );
    assert_eq!(last(&all), ["A_KEY=a", "E_URL=own", "B_KEY=plain", "C_KEY=AIza-fake\n", "D_KEY="]);
    assert_eq!(
        last(&text(
            "        env:\n        - name: OWN_KEY\n          valueFrom: {secretKeyRef: {name: keys, key: C_KEY}}\n        - name: NO_KEY\n          valueFrom: {secretKeyRef: {name: keys, key: Z}}\n        - name: URL\n          valueFrom: {configMapKeyRef: {name: settings, key: E_URL}}\n"
        )),
        ["OWN_KEY=AIza-fake\n", "NO_KEY=…", "URL=http://x"]
    );
    let prefixed = text("        envFrom:\n        - prefix: P_\n          configMapRef: {name: settings}\n");
    assert_eq!(last(&prefixed), ["P_A_KEY=from the map", "P_E_URL=http://x"]);
    // Objects that are not there, and those that no container names.
    assert!(last(&text("        envFrom:\n        - secretRef: {name: others}\n")).is_empty());
    // `kubectl get -o yaml` puts them into a list.
    let list = "apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  metadata: {name: keys}\n  stringData: {A_KEY: a}\n- kind: Deployment\n  spec:\n    containers:\n    - image: x/hermes-agent\n      envFrom: [{secretRef: {name: keys}}]\n";
    assert_eq!(last(list), ["A_KEY=a"]);
}

#[test]
fn commands_that_run_containers() {
    let text = "$ sudo docker run -d \\\n  -e A_KEY=x --env \"B_KEY=b c\" --env=C_KEY='c' -eD_KEY=d \\\n  -e E_KEY -e F_KEY=$F -e G_KEY=\"${G}\" --env-file .env -p 1:1 nousresearch/hermes-agent gateway run\n";
    let expected = ["A_KEY=x", "B_KEY=b c", "C_KEY=c", "D_KEY=d", "E_KEY=?", "F_KEY=?", "G_KEY=?"];
    assert_eq!(of_form(text), expected);
}

#[test]
fn dockerfiles() {
    let text = "FROM debian AS hermes\nARG B\n# keys\nENV A_KEY=x \\\n    B_KEY=\"b c\"\nENV C_KEY c\nENV D_KEY=${B}\nRUN a && b\n";
    assert_eq!(of_form(text), ["A_KEY=x", "B_KEY=b c", "C_KEY=c", "D_KEY=…"]);
}

#[test]
fn property_lists_of_launchd() {
    let text = "<?xml version=\"1.0\"?>\n<plist version=\"1.0\">\n<dict>\n<key>Label</key>\n<string>ai.hermes</string>\n<key>EnvironmentVariables</key>\n<dict>\n  <key>A_KEY</key>\n  <string>x</string>\n  <key>B_KEY</key><string>y</string>\n</dict>\n</dict>\n</plist>\n";
    assert_eq!(of_form(text), ["A_KEY=x", "B_KEY=y"]);
    let piece =
        "<key>EnvironmentVariables</key>\n<dict>\n<key>A_KEY</key><string>a&amp;b</string>\n</dict>\n";
    assert!(Environ::of(piece).entries.iter().all(|entry| entry.value == "a&b"));
}

#[test]
fn lines_of_other_shells() {
    for (line, expected) in [
        ("setx A_KEY \"x\"", "A_KEY=x"),
        ("C:\\Users\\me> setx A_KEY x /M", "A_KEY=x"),
        ("set A_KEY=x", "A_KEY=x"),
        ("set \"A_KEY=x\"", "A_KEY=x"),
        // cmd keeps quotes around the value, `setx` as any program gets none.
        ("set A_KEY=\"x\"", "A_KEY=\"x\""),
        ("C:\\> set A_KEY='x'", "A_KEY='x'"),
        ("set -gx A_KEY x", "A_KEY=x"),
        ("set -Ux A_KEY 'x y' # mine", "A_KEY=x y"),
        ("set --export A_KEY $other", "A_KEY=…"),
        ("setenv A_KEY x", "A_KEY=x"),
        ("launchctl setenv A_KEY x", "A_KEY=x"),
        ("systemctl --user set-environment A_KEY=x", "A_KEY=x"),
        ("$env:A_KEY = \"x\"", "A_KEY=x"),
        ("$Env:A_KEY='x'", "A_KEY=x"),
        ("PS C:\\> $env:A_KEY=\"x\"; hermes", "A_KEY=x"),
        ("$env:A_KEY = $other", "A_KEY=…"),
        ("Set-Item -Path Env:A_KEY -Value \"x\"", "A_KEY=x"),
        ("[Environment]::SetEnvironmentVariable(\"A_KEY\", \"x\", \"User\")", "A_KEY=x"),
        ("[System.Environment]::SetEnvironmentVariable('A_KEY','x')", "A_KEY=x"),
        ("[Environment]::SetEnvironmentVariable(\"A_KEY\", $x, \"User\")", "A_KEY=…"),
        ("environment.A_KEY = \"x\";", "A_KEY=x"),
        ("home.sessionVariables = {\n  A_KEY = \"x\";\n};", "A_KEY=x"),
    ] {
        assert_eq!(of_form(line), [expected], "{line}");
        let in_lines = format!("B=1\r\n{line}\r\n");
        assert_eq!(Environ::of(&in_lines).entries.len(), 2, "{line}");
    }
}

/// Terraform's providers for Docker, Kubernetes and clouds.
#[test]
fn resources_of_terraform() {
    let all = |text: &str| -> Vec<String> {
        let entries = Environ::of(text).entries;
        entries
            .iter()
            .map(|entry| {
                assert_eq!(entry.name_place.span.of(text), entry.name);
                if entry.is_unseen {
                    format!("{}=…", entry.name)
                } else {
                    format!("{}={}", entry.name, entry.value)
                }
            })
            .collect()
    };
    let docker = "resource \"docker_container\" \"hermes\" {\n  image = \"nousresearch/hermes-agent\"\n  env = [\n    \"A_KEY=x\",\n    \"B_KEY=${var.b}\",\n  ]\n}\n";
    assert_eq!(all(docker), ["A_KEY=x", "B_KEY=…"]);
    assert_eq!(all("env = [\"A_KEY=x\", \"B_KEY=y=z\"]\n"), ["A_KEY=x", "B_KEY=y=z"]);
    let blocks = "resource \"kubernetes_deployment\" \"hermes\" {\n  container {\n    name = \"hermes\"\n    env {\n      name  = \"A_KEY\"\n      value = \"x\"\n    }\n    env {\n      name  = \"B_KEY\"\n      value = var.b\n    }\n    port = 1\n  }\n}\n";
    assert_eq!(all(blocks), ["A_KEY=x", "B_KEY=…"]);
    assert_eq!(all("env { name = \"A_KEY\" value = \"x\" }\n"), ["A_KEY=x"]);
    let mapping = "resource \"aws_lambda_function\" \"hermes\" {\n  environment {\n    variables = {\n      A_KEY = \"x\"\n      B_KEY = var.b\n    }\n  }\n}\n";
    assert_eq!(all(mapping), ["A_KEY=x", "B_KEY=…"]);
    let other = "resource \"docker_container\" \"db\" {\n  image = \"postgres\"\n  env = [\"A_KEY=x\"]\n}\n";
    assert!(all(other).is_empty());
}

/// A task of Ansible that runs a container.
#[test]
fn tasks_of_ansible() {
    let text = "- name: hermes\n  community.docker.docker_container:\n    name: hermes\n    image: nousresearch/hermes-agent\n    env:\n      A_KEY: x\n      B_KEY: \"{{ b }}\"\n";
    let entries = Environ::of(text).entries;
    let told: Vec<_> =
        entries.iter().map(|entry| (entry.name.as_str(), entry.value.as_str(), entry.is_unseen)).collect();
    assert_eq!(told, [("A_KEY", "x", false), ("B_KEY", "{{ b }}", true)]);
}

/// systemd.exec(5): settings of the files come behind those of the unit, quotes are taken off, and nothing is exported.
#[test]
fn files_that_a_unit_names() {
    let text = "[Unit]\n[Service]\nEnvironment=A_KEY=x\nEnvironmentFile=-/etc/x\n[EnvironmentFile]\n# mine\nA_KEY='y z'\nexport B_KEY=x\nC_KEY = %h\n";
    let environ = Environ::of(text);
    let told: Vec<_> =
        environ.entries.iter().map(|entry| (entry.name.as_str(), entry.value.as_str())).collect();
    assert_eq!(told, [("A_KEY", "x"), ("A_KEY", "y z"), ("C_KEY", "%h")]);
    for entry in &environ.entries {
        assert_eq!(entry.value_place.span.of(text), entry.value);
    }
    let failed: Vec<_> = environ.failed.iter().map(|failed| failed.place.span.of(text)).collect();
    assert_eq!(failed, ["export B_KEY=x"]);
}

/// What sets nothing for the programs that are run, and sentences.
#[test]
fn other_lines_set_nothing() {
    for line in [
        "set -e",
        "set -l A_KEY x",
        "setx A_KEY",
        "set A_KEY=x in your shell",
        "set A_KEY to your key",
        "systemctl --user restart hermes",
        "echo $env:A_KEY",
        "[Environment]::GetEnvironmentVariable(\"A_KEY\")",
    ] {
        let found = Environ::of(line);
        assert!(found.entries.iter().all(|entry| entry.name != "A_KEY"), "{line}");
    }
}

#[test]
fn what_a_shell_puts_into_a_value_is_not_seen() {
    let text = "export A_KEY=$B\nexport C_KEY=\"$(pass x)\"\nexport D_KEY='$B'\nexport E_KEY=a$\nF_KEY=$B\ndeclare -x G_KEY=\"a\\$b\"\n";
    let unseen: Vec<bool> = Environ::of(text).entries.iter().map(|entry| entry.is_unseen).collect();
    assert_eq!(unseen, [true, true, false, false, false, false]);
}

/// A quadlet is a unit with a section of its own.
#[test]
fn quadlets_of_podman() {
    let text = "[Container]\nImage=hermes\nEnvironment=A_KEY=x\nEnvironmentFile=/etc/x\n[Install]\n";
    let found = Environ::of(text);
    assert!(found.is_unit && found.is_piece && found.entries.len() == 1);
}

/// The container that runs Hermes is chosen by its command, by its image and by its name, in this order.
#[test]
fn the_container_of_hermes_is_chosen() {
    let by_name = "services:\n  agent:\n    build: .\n    container_name: hermes\n    environment:\n      A_KEY: a\n  hermes-webui:\n    image: ghcr.io/x/hermes-webui\n    environment:\n      B_KEY: b\n";
    assert_eq!(of_form(by_name), ["A_KEY=a"]);
    for command in
        ["[\"hermes\", \"gateway\", \"run\"]", "bash -lc 'exec hermes gateway'", "python3 -m hermes_cli.main"]
    {
        let by_command = format!(
            "services:\n  hermes-db:\n    image: postgres\n    environment: {{B_KEY: b}}\n  agent:\n    image: registry/agent:1.0\n    command: {command}\n    environment: {{A_KEY: a}}\n"
        );
        assert_eq!(of_form(&by_command), ["A_KEY=a"], "{command}");
    }
    let by_image = "services:\n  ui:\n    image: x/hermes-ui\n    environment: {B_KEY: b}\n  bot:\n    image: x/hermes-agent:2@sha256:0\n    environment: {A_KEY: a}\n";
    assert_eq!(of_form(by_image), ["A_KEY=a"]);
    // That of Hermes sets nothing, and the others are not taken in its place.
    for others in [
        "services:\n  agent:\n    image: registry/agent:1.0\n    command: [hermes, gateway, run]\n  hermes-db:\n    image: postgres\n    environment: {B_KEY: b}\n",
        "services:\n  hermes:\n    image: x/hermes-agent\n  hermes-ui:\n    image: x/hermes-ui\n    environment: {B_KEY: b}\n",
        "services:\n  hermes-db:\n    image: postgres\n    command: psql -U hermes\n    environment: {B_KEY: b}\n",
    ] {
        assert!(Environ::of(others).entries.is_empty(), "{others}");
        assert!(is_of_other(others), "{others}");
    }
}

/// Variables from a file that is named are there, and nobody sees them.
#[test]
fn a_container_may_have_its_variables_from_a_file_alone() {
    for text in [
        "services:\n  hermes:\n    image: nousresearch/hermes-agent\n    env_file: .env\n",
        "services:\n  hermes:\n    build: .\n    env_file:\n      - path: .env\n        required: false\n",
        "kind: Deployment\nspec:\n  containers:\n  - name: bot\n    image: x/hermes-agent\n    envFrom:\n    - secretRef: {name: keys}\n",
    ] {
        assert!(of_form(text).is_empty() && !is_of_other(text), "{text}");
    }
    assert!(is_of_other("services:\n  db:\n    image: postgres\n    env_file: .env\n"));
}

/// What another program gets is nothing of Hermes: its unit, its image, its container.
#[test]
fn other_programs_have_environments_of_their_own() {
    let unit = |run: &str| format!("[Unit]\nDescription=x\n[Service]\nEnvironment=A_KEY=x\n{run}");
    for (run, is_own) in [
        ("", true),
        ("ExecStart=/usr/local/bin/hermes gateway run\n", true),
        ("ExecStart=-/opt/x/.hermes/hermes-agent/venv/bin/python -m hermes_cli.main gateway\n", true),
        ("ExecStart=/bin/bash -lc 'hermes gateway'\n", true),
        ("ExecStart=/usr/bin/python3 /opt/hermes/run.py\n", true),
        ("WorkingDirectory=/opt/hermes\nExecStart=/opt/start.sh\n", true),
        ("ExecStart=/usr/bin/ollama serve\n", false),
        ("ExecStart=/home/hermes/bin/litellm --config /home/hermes/l.yaml\n", false),
        ("ExecStart=/usr/bin/psql -U hermes\n", false),
        ("ExecStart=/opt/start.sh\n", false),
    ] {
        let found = Environ::of(&unit(run));
        assert_eq!(found.entries.len(), usize::from(is_own), "{run}");
        assert_eq!(found.is_piece, !is_own, "{run}");
        assert_eq!(is_unit_of_other(&unit(run)), !is_own, "{run}");
    }
    let both =
        [unit("ExecStart=ollama serve\n"), unit("ExecStart=hermes gateway\n").replace("=x", "=y")].concat();
    assert_eq!(pairs(&both), [pair("A_KEY", "y")]);
    for (text, is_own) in [
        ("FROM python:3.11\nENV A_KEY=x\nCMD [\"python\", \"bot.py\"]\n", false),
        ("FROM python:3.11\nENV A_KEY=x\nCMD [\"hermes\", \"gateway\"]\n", true),
        ("FROM python:3.11\nRUN pip install hermes-agent\nENV A_KEY=x\n", true),
        ("FROM nousresearch/hermes-agent\nENV A_KEY=x\n", true),
        ("ENV A_KEY=x\n", true),
        ("docker run -d --name hermes-postgres -e A_KEY=x postgres:16\n", false),
        ("docker run --rm -it -p8080:80 -e A_KEY=x registry/agent:1 hermes gateway run\n", true),
        ("docker run -d --restart=always -v hermes:/data -e A_KEY=x x/hermes-agent -e B_KEY=y\n", true),
        ("docker run -d --name hermes -e A_KEY=x \\\n", true),
        ("docker compose run --rm -e A_KEY=x hermes chat\n", true),
    ] {
        let entries = pairs(text);
        let expected = if is_own { vec![pair("A_KEY", "x")] } else { Vec::new() };
        let set: Vec<_> = entries.into_iter().filter(|(name, _)| name.ends_with("_KEY")).collect();
        assert_eq!(set, expected, "{text}");
    }
}

/// Where its container was not pasted, the name tells whose Secret it is.
#[test]
fn a_secret_that_is_called_after_hermes_stands_for_its_container() {
    let secret = |name: &str| {
        format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\nstringData:\n  A_KEY: x\n")
    };
    assert_eq!(pairs(&secret("hermes-keys")), [pair("A_KEY", "x")]);
    assert!(pairs(&secret("keys")).is_empty());
    let other = "---\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: x/hermes-agent\n";
    assert!(pairs(&[&secret("hermes-keys"), other].concat()).is_empty(), "nothing takes it");
}

/// Files of other programs are known by what stands at their root; config.yaml is none of them.
#[test]
fn files_of_other_programs_are_known() {
    for text in [
        "# secrets\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: keys\ntype: Opaque\nstringData:\n  A_KEY: x\n",
        "kind: ConfigMap\ndata:\n  A_KEY: x\n",
        "name: CI\n\non: push\n\nenv:\n  A_KEY: ${{ secrets.A }}\n\njobs:\n  a:\n    steps: []\n",
        "env:\n  A_KEY: ${{ secrets.A }}\n",
        "proxy:\n  image: litellm\n  environment:\n    A_KEY: x\n",
    ] {
        assert!(is_of_other(text), "{text}");
    }
    for text in [
        "model:\n  provider: zai\nservices:\n  a: b\n",
        "mcp_servers:\n  gh:\n    command: npx\n    env:\n      A_KEY: x\n",
        "services:\n  hermes:\n    environment: {A_KEY: x}\n",
        "kind: of\n",
        "",
    ] {
        assert!(!is_of_other(text), "{text}");
    }
}

/// systemd.exec(5) and `config_parse_environ`; systemd.syntax(7): settings that are not known are ignored.
#[test]
fn what_a_unit_drops_is_told_by_the_name_that_is_meant() {
    for (line, meant, shell) in [
        ("Environment=A_KEY = fake", "A_KEY", Shell::Unit),
        ("Environment=A_KEY =fake", "A_KEY", Shell::Unit),
        ("Environment=\"A_KEY = fake\"", "A_KEY", Shell::Unit),
        ("Enviroment=A_KEY=fake", "A_KEY", Shell::Setting),
        ("environment=\"A_KEY=fake\"", "A_KEY", Shell::Setting),
    ] {
        let text = format!("[Service]\n{line}\nEnvironment=B_KEY=b\n");
        let found = Environ::of(&text);
        let failed: Vec<_> = found.failed.iter().map(|own| (own.name.as_str(), own.shell)).collect();
        assert_eq!(failed, [(meant, shell)], "{line}");
        assert!(found.entries.iter().all(|entry| entry.name == "B_KEY") && found.unread.is_empty(), "{line}");
    }
    // The name is set, to nothing.
    let found = Environ::of("[Service]\nEnvironment=A_KEY= fake\n");
    assert!(found.failed.is_empty() && found.entries.len() == 1);
}

/// `list_or_dict` of the Compose Specification.
#[test]
fn what_a_list_of_compose_does_not_set_is_told() {
    for (item, shell) in [
        ("A_KEY = fake", Shell::Compose),
        ("A_KEY =fake", Shell::Compose),
        ("export A_KEY=fake", Shell::Compose),
        ("\"A_KEY: fake\"", Shell::Compose),
        ("A_KEY: fake", Shell::Mapping),
    ] {
        let text = format!("services:\n  hermes:\n    environment:\n      - B_KEY=b\n      - {item}\n");
        let found = Environ::of(&text);
        let failed: Vec<_> = found.failed.iter().map(|own| (own.name.as_str(), own.shell)).collect();
        // A text without the sign hands a variable of that name on.
        let expected = if item.starts_with('"') { vec![] } else { vec![("A_KEY", shell)] };
        assert_eq!(failed, expected, "{item}");
        assert!(found.entries.iter().all(|entry| entry.name == "B_KEY"), "{item}");
    }
}

#[test]
fn settings_of_nix_are_known_to_stand_beside() {
    let text = "\
services.hermes-agent = {
  settings = { model = {
    provider = \"zai\";
  }; };
  environment = {
    GLM_API_KEY = \"fake-0000\";
  };
};
";
    let found = Environ::of(text);
    assert!(found.has_settings && found.entries.len() == 1);
    let bare = Environ::of("environment = {\n  GLM_API_KEY = \"fake-0000\";\n};\n");
    assert!(!bare.has_settings && bare.entries.len() == 1);
}
