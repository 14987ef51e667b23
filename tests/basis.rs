//! What a verdict was worked out from, and what it says of what was not looked at.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use poolcheck::api::{Input, Options, check, check_post};
use poolcheck::base::sources::{Given, Sources};
use poolcheck::report::{Report, SiteState, VerdictState};

fn report(config: &str) -> Report {
    let input = Input::from(Sources {
        config: Given::Text(config.to_owned()),
        dotenv: Given::Absent,
        auth_store: Given::Absent,
        environ: Given::Absent,
        ..Sources::default()
    });
    check(&input, &Options::default()).unwrap()
}

/// Claude Code's and Qwen's program keep logins of their own, which Hermes takes up: `claude_code` rows of
/// `agent/credential_pool.py`, `resolve_qwen_runtime_credentials` of `hermes_cli/auth.py`.
#[test]
fn a_login_that_cannot_be_pasted_is_named() {
    for (provider, file) in [
        ("anthropic", "`~/.claude/.credentials.json`"),
        ("claude", "`~/.claude/.credentials.json`"),
        ("qwen-oauth", "`~/.qwen/oauth_creds.json`"),
    ] {
        let basis = report(&format!("model: {{provider: {provider}}}\n")).basis;
        assert!(basis.as_str().contains(file), "{provider}: {basis}");
    }
    // 0.19.0 has no such provider any more.
    for provider in ["gemini", "google-gemini-cli"] {
        let basis = report(&format!("model: {{provider: {provider}}}\n")).basis;
        assert_eq!(basis.as_str(), "Worked out from everything that Hermes reads.");
    }
}

#[test]
fn a_config_that_only_a_debug_report_speaks_of_is_asked_for() {
    let text = "--- hermes dump ---\nmodel:            m\nprovider:         gemini\n--- end dump ---\n";
    let input = Input::from(Sources { debug_report: Given::Text(text.to_owned()), ..Sources::default() });
    let report = check(&input, &Options::default()).unwrap();
    let config = report.not_given.iter().find(|view| view.file.as_str() == "config.yaml").unwrap();
    assert!(config.note.as_str().contains("it names `gemini`"), "{}", config.note);
}

/// A preset of Mixture of Agents has no key, and its slots have theirs: whatever was pasted, it is not said to be without.
#[test]
fn a_preset_is_not_without_a_key() {
    let config = "model: {provider: moa, default: team}\n\
                  custom_providers: [{name: relay, base_url: 'https://relay.example/v1', api_key: sk-fake-relay-0001}]\n\
                  moa: {presets: {team: {reference_models: [{provider: relay, model: m}], aggregator: {provider: relay, model: n}}}}\n";
    for rest in [Given::Absent, Given::NotGiven] {
        let input = Input::from(Sources {
            config: Given::Text(config.to_owned()),
            dotenv: rest.clone(),
            auth_store: rest,
            ..Sources::default()
        });
        let verdict = check(&input, &Options::default()).unwrap().verdict;
        assert_eq!(verdict.state, VerdictState::Preset);
        assert!(verdict.summary.as_str().starts_with("`moa` stands for a preset of Mixture of Agents"));
    }
}

/// The slots of Mixture of Agents are rows where the release has them and was run, with keys of their own.
#[test]
fn slots_of_mixture_of_agents_are_rows() {
    let config = "model: {provider: moa, default: team}\n\
                  custom_providers: [{name: relay, base_url: 'https://relay.example/v1', api_key: sk-fake-relay-0001}]\n\
                  moa: {presets: {team: {reference_models: [{provider: relay, model: m}, {provider: relay}]}}}\n";
    let rows = |config: &str, release: &str| -> Vec<String> {
        let input = Input::from(Sources { config: Given::Text(config.to_owned()), ..Sources::default() });
        let options = Options { hermes: Some(release.to_owned()), ..Options::default() };
        let report = check(&input, &options).unwrap();
        let is_preset = report.verdict.provider.as_ref().is_some_and(|provider| provider.as_str() == "moa");
        assert!(!is_preset || report.rotation.is_none(), "a preset has no key to be replaced");
        let rows = report.sites.iter().map(|row| {
            let note = row.note.as_ref().map_or("", |note| note.as_str());
            let endpoint = row.endpoint.as_ref().map_or("", |endpoint| endpoint.as_str());
            format!("{} {endpoint} {note}", row.site)
        });
        rows.chain([report.verdict.summary.to_string(), report.basis.to_string()]).collect()
    };
    for release in ["0.19.0", "0.18.2"] {
        let rows = rows(config, release);
        assert_eq!(
            rows[..3],
            [
                "model moa://local stands for the slots of its preset",
                "moa.presets.team.reference_models[0] https://relay.example/v1 ",
                "moa.presets.team.reference_models[1]  is left out: Hermes goes on as if it was not written",
            ]
        );
        assert!(rows[3].contains("each slot of it has an endpoint and a key of its own"), "{}", rows[3]);
        assert!(!rows[4].contains("not looked at"), "{}", rows[4]);
    }
    // Of 0.21.4 nothing was read here.
    let read = rows(config, "0.21.4");
    assert!(read.last().unwrap().contains("The keys of `moa` are not looked at"), "{read:?}");
    // Before 0.18.2 nothing reads the section.
    let before = rows(&config.replace("provider: moa", "provider: relay"), "0.17.0");
    assert!(!before.last().unwrap().contains("looked at"), "{before:?}");
}

/// What may hold a provider or a key and was not pasted is named; where all of it was, the sentence is about Hermes.
#[test]
fn a_provider_may_be_in_what_was_not_pasted() {
    let summary = |dotenv: Given<String>, auth_store: Given<String>| {
        let config = Given::Text("agent: {max_turns: 40}\n".to_owned());
        let input = Input::from(Sources { config, dotenv, auth_store, ..Sources::default() });
        check(&input, &Options::default()).unwrap().verdict.summary.as_str().to_owned()
    };
    assert_eq!(
        summary(Given::NotGiven, Given::NotGiven),
        "In the files that you pasted no provider is configured, and there is no key to choose one by. Either may be in what you did not \
         paste: .env, auth.json, environment."
    );
    assert_eq!(
        summary(Given::Absent, Given::Absent),
        "No provider is configured, and Hermes finds no key to choose one by."
    );
}

/// What `custom` is, only config.yaml says; that the log names it is no secret.
#[test]
fn a_provider_that_only_config_yaml_describes_is_named() {
    let log = "API call failed (attempt 1/3): AuthenticationError [HTTP 401]\n   Provider: custom  Model: m\n   \
               Endpoint: https://llm.example/v1\n   Error: HTTP 401: bad key\n";
    let input = Input::from(Sources { log: Given::Text(log.to_owned()), ..Sources::default() });
    let report = check(&input, &Options::default()).unwrap();
    let summary = report.verdict.summary.as_str();
    assert!(summary.contains("names the provider custom"), "{summary}");
}

/// No key helps a side task whose provider no release knows, wherever keys may be: `call_llm` of 0.19.0 makes no client of it. Of
/// one that it knows nothing is said as long as its key may be elsewhere.
#[test]
fn a_provider_that_no_client_is_made_for_fails_whatever_was_not_pasted() {
    let config = "model: {provider: gemini, default: g}\n\
                  auxiliary: {compression: {provider: nonsense, model: m}, web_extract: {provider: zai, model: m}}\n";
    let dotenv = "GOOGLE_API_KEY=AIza-fake-000001\n".to_owned();
    let input = Input::from(Sources {
        config: Given::Text(config.to_owned()),
        dotenv: Given::Text(dotenv),
        ..Sources::default()
    });
    let report = check(&input, &Options::default()).unwrap();
    let state = |site: &str| report.sites.iter().find(|row| row.site.as_str() == site).unwrap().state;
    assert_eq!(state("auxiliary.compression"), SiteState::Fails);
    assert_eq!(state("auxiliary.web_extract"), SiteState::NotModelled);
}

/// Compose gives a variable on where the host has it. That is known as little as what was not pasted at all: nothing is said of
/// a key that is there, and nothing of one that is missing.
#[test]
fn a_variable_of_the_host_is_neither_there_nor_missing() {
    let compose = |line: &str| {
        format!("services:\n  hermes:\n    image: x/hermes-agent\n    environment:\n      {line}\n")
    };
    let texts = [
        compose("- GOOGLE_API_KEY"),
        compose("GOOGLE_API_KEY:"),
        compose("GOOGLE_API_KEY: ${GOOGLE_API_KEY}"),
        "docker run -e GOOGLE_API_KEY x/hermes-agent gateway run\n".to_owned(),
        "docker run --env GOOGLE_API_KEY x/hermes-agent gateway run\n".to_owned(),
    ];
    let of = |environ: &str, dotenv: &str, config: &str| {
        let input = Input::from(Sources {
            config: Given::Text(config.to_owned()),
            dotenv: Given::Text(dotenv.to_owned()),
            auth_store: Given::Absent,
            environ: Given::Text(environ.to_owned()),
            ..Sources::default()
        });
        check(&input, &Options::default()).unwrap()
    };
    let gemini = "model: {provider: gemini, default: g}\n";
    let own = |key: &str| {
        format!(
            "model: {{provider: 'custom:lab', default: m}}\n\
             custom_providers: [{{name: lab, base_url: 'https://lab.example/v1', {key}}}]\n"
        )
    };
    let (named, referred) = (own("key_env: GOOGLE_API_KEY"), own("api_key: '${GOOGLE_API_KEY}'"));
    for text in &texts {
        for config in [gemini, &named, &referred] {
            let report = of(text, "", config);
            let summary = report.verdict.summary.as_str();
            let (state, told) = if config == gemini {
                (VerdictState::NotPasted, "may be in what you did not paste: environment.")
            } else {
                (VerdictState::NotModelled, "here: the value of GOOGLE_API_KEY, which was not pasted.")
            };
            assert!(report.verdict.state == state && summary.ends_with(told), "{text} {config} {summary}");
            assert!(report.verdict.winner.is_none(), "{text} {config}");
            assert!(report.rotation.is_none_or(|rotation| !rotation.is_set_up), "{text}");
            assert!(report.findings.is_empty(), "{text}: {:?}", report.findings);
            let note = report.not_given.iter().find(|view| view.file.as_str() == "environment").unwrap();
            let told = "Handed on by the program that starts Hermes, if it has a value there: `GOOGLE_API_KEY`. Only a piece";
            assert!(note.note.as_str().starts_with(told), "{}", note.note);
        }
        let report = of(text, "GEMINI_API_KEY=AIza-fake-second-0000\n", gemini);
        assert_eq!(report.verdict.winner.unwrap().label.as_str(), "GEMINI_API_KEY", "{text}");
        assert!(report.findings.is_empty(), "{text}: {:?}", report.findings);
    }
    // What a secret holds is there.
    let secret = "kind: Deployment\nspec:\n  containers:\n  - image: x/hermes-agent\n    env:\n    - name: GOOGLE_API_KEY\n      \
                  valueFrom:\n        secretKeyRef: {name: s, key: k}\n";
    assert_eq!(of(secret, "", gemini).verdict.state, VerdictState::Resolved);
}

/// Asked of 0.19.0 (`fallback_routes`): the agent passes over entries at the head of the chain that are what it uses, and goes
/// to the second one behind another.
#[test]
fn a_fallback_that_is_in_use_is_skipped() {
    let sites = |chain: &str| {
        let config =
            format!("model: {{provider: deepseek, default: deepseek-chat}}\nfallback_providers:\n{chain}");
        let input = Input::from(Sources {
            config: Given::Text(config),
            dotenv: Given::Text(
                "DEEPSEEK_API_KEY=sk-fake000000\nDS2=sk-fake111111\nGLM_API_KEY=fake222222\n".to_owned(),
            ),
            auth_store: Given::Absent,
            environ: Given::Absent,
            ..Sources::default()
        });
        let sites = check(&input, &Options::default()).unwrap().sites;
        sites.into_iter().skip(1).map(|site| (site.state, site.note.unwrap().to_string())).collect::<Vec<_>>()
    };
    let skipped =
        (SiteState::Fails, "is skipped: its provider and its model are those that are in use".to_owned());
    let own = "- {provider: DeepSeek, model: deepseek-chat, key_env: DS2}\n";
    assert_eq!(sites(own), vec![skipped.clone()]);
    let other = "- {provider: zai, model: glm-4.7}\n";
    let again = "- {provider: deepseek, model: deepseek-chat, base_url: 'https://api.deepseek.com/beta', key_env: DS2}\n";
    let behind = sites(&[own, other, again].concat());
    assert_eq!(behind[0], skipped);
    assert_eq!((behind[1].0, behind[2].0), (SiteState::Key, SiteState::Key));
}

/// What a session sets behind the file that it printed counts; what it changes unseen is said with the verdict.
#[test]
fn commands_behind_a_printed_file() {
    let told = |commands: &str| {
        let post = format!(
            "$ cat ~/.hermes/config.yaml\nmodel:\n  provider: openai\n  default: gpt-5\n$ cat ~/.hermes/.env\nOPENAI_API_KEY=sk-proj-fake000000000000\n{commands}$ hermes -z hi\nHello!\n"
        );
        check_post(&post, &[], &Options::default()).unwrap().report.unwrap()
    };
    let set = told("$ hermes config set model.provider openai-api\n");
    assert!(set.findings.is_empty(), "{:?}", set.findings);
    assert!(
        set.verdict.summary.as_str().starts_with("Hermes uses OPENAI_API_KEY"),
        "{}",
        set.verdict.summary
    );
    assert!(
        set.basis.as_str().contains("pasted text line 7 sets something of config.yaml again"),
        "{}",
        set.basis
    );
    let unseen = told("$ hermes model\n");
    let said = unseen.verdict.summary.to_string();
    assert!(
        said.starts_with("As config.yaml was before pasted text line 7, which may change it: "),
        "{said}"
    );
    assert!(!told("").basis.as_str().contains("line 7"));
}

fn post(text: &str) -> Report {
    check_post(text, &[], &Options { now: 1_780_000_000.0, ..Options::default() }).unwrap().report.unwrap()
}

const GEMINI: &str = "\n\nmodel:\n  provider: gemini\n  default: gemini-flash\n";

/// What a sentence states is set; what is only proposed or done by a command stands in no file yet, and is named.
#[test]
fn a_key_in_a_sentence_or_a_command_is_not_said_to_be_missing() {
    for stated in [
        "The .env has GEMINI_API_KEY=AIzaFake-0000-1111 and it does not work.",
        ".env: GEMINI_API_KEY=AIzaFake-0000-1111",
        "I put `GEMINI_API_KEY=AIzaFake-0000-1111` into my `.env`.",
        "我的 .env 里有 GEMINI_API_KEY=AIzaFake-0000-1111，还是不行。",
    ] {
        let report = post(&format!("{stated}{GEMINI}"));
        let winner = report.verdict.winner.as_ref().map(|winner| winner.label.to_string());
        assert_eq!(winner.as_deref(), Some("GEMINI_API_KEY"), "{stated}: {}", report.verdict.summary);
    }
    for (mentioned, said) in [
        (
            "Should I add GEMINI_API_KEY=AIzaFake-0000-1111 to .env?",
            "line 1 has a value for `GEMINI_API_KEY`",
        ),
        (
            "$ echo GEMINI_API_KEY=AIzaFake-0000-1111 >> ~/.hermes/.env",
            "line 1 has a value for `GEMINI_API_KEY`",
        ),
        ("$ hermes config set GEMINI_API_KEY AIzaFake-0000-1111", "line 1 has a value for `GEMINI_API_KEY`"),
        ("$ hermes auth add google --api-key AIzaFake-0000-1111", "line 1 has a key of `google`"),
    ] {
        let summary = post(&format!("{mentioned}{GEMINI}")).verdict.summary;
        let summary = summary.as_str();
        assert!(summary.contains("No credential for gemini is in the files"), "{summary}");
        assert!(summary.contains(said), "{mentioned}: {summary}");
    }
    // A key of another provider is none of this one.
    let other = post(&format!("Should I add GLM_API_KEY=fake.0000-1111 to .env?{GEMINI}")).verdict.summary;
    assert!(!other.as_str().contains("GLM_API_KEY"), "{other}");
}

const THREE: &str = "gemini (3 credentials):\n  #1  one                  api_key manual\n  #2  two                  api_key manual ←\n  #3  three                api_key manual\n";

fn reasons(report: &Report) -> String {
    let rotation = report.rotation.as_ref().unwrap();
    let reasons = rotation.reasons.iter().map(|reason| reason.message.as_str());
    std::iter::once(rotation.summary.as_str()).chain(reasons).collect::<Vec<_>>().join("\n")
}

/// Which strategy there is stands in config.yaml only.
#[test]
fn without_config_yaml_no_strategy_is_named() {
    let listing = THREE
        .replace("manual\n  #2", "manual ←\n  #2")
        .replace("two                  api_key manual ←", "two                  api_key manual");
    let report = post(&listing);
    let pool = report.verdict.pool.as_ref().unwrap();
    assert!(pool.strategy.is_none());
    assert_eq!(pool.next.as_str(), "Next: one.");
    assert!(reasons(&report).contains("Without one it is `fill_first`"), "{}", reasons(&report));
    // A command that sets it is named.
    let set = post(&format!(
        "{listing}\nI ran `hermes config set credential_pool_strategies.gemini round_robin`.\n"
    ));
    assert!(
        reasons(&set).contains("line 6 (commands) sets `round_robin`, if it was run"),
        "{}",
        reasons(&set)
    );
    // Of keys in `.env` the first one is next, unless config.yaml says something else.
    let dotenv = "GOOGLE_API_KEY=AIzaFake-0000-1111\nGEMINI_API_KEY=AIzaFake-0000-2222\n";
    let input = Input::from(Sources { dotenv: Given::Text(dotenv.to_owned()), ..Sources::default() });
    let report = check(&input, &Options::default()).unwrap();
    let pool = report.verdict.pool.as_ref().unwrap();
    assert!(pool.strategy.is_none());
    assert!(pool.next.as_str().contains("unless config.yaml, which was not pasted"), "{}", pool.next);
    let config = Given::Text("model: {provider: gemini, default: g}\n".to_owned());
    let with_config = Input::from(Sources { config, ..input.given });
    let given = check(&with_config, &Options::default()).unwrap();
    let pool = given.verdict.pool.unwrap();
    assert_eq!(pool.strategy.map(|own| own.to_string()).as_deref(), Some("fill_first"));
}

/// All three rest: `peek` finds nothing, and the direct look-up behind it takes the variable.
#[test]
fn a_pool_that_rests_is_a_pool() {
    let listing = "gemini (3 credentials):\n  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY rate-limited (429) (58m 20s left)\n  #2  two                  api_key manual rate-limited (429) (59m 20s left)\n  #3  three                api_key manual rate-limited (429) (59m 50s left)\n";
    let report = post(listing);
    let told = reasons(&report);
    assert!(told.starts_with("Set up, but not now: no entry of the pool `gemini` is available"), "{told}");
    let finding = report.findings.iter().find(|finding| finding.code.as_str() == "PC208").unwrap();
    assert!(
        finding.todo.as_str().starts_with("All 3 entries of the pool are out of use"),
        "{}",
        finding.todo
    );
}

/// A refused key rests when the listing is printed; until when is not printed.
#[test]
fn a_refused_row_hides_nothing_of_the_others() {
    let refused = THREE.replace(
        "one                  api_key manual",
        "one                  api_key manual auth failed (401) (re-auth may be required)",
    );
    let report = post(&refused);
    let pool = report.verdict.pool.as_ref().unwrap();
    assert_eq!(pool.next.as_str(), "Next: two.");
    assert_eq!(pool.entries[0].cooldown_left, None);
    let told = reasons(&report);
    assert!(told.starts_with("Yes."), "{told}");
    assert!(
        told.contains("`one`: in cooldown after HTTP 401, and the listing does not print until when"),
        "{told}"
    );
}

/// What took over is not what was asked for.
#[test]
fn a_fallback_names_no_provider() {
    let log = "API call failed (attempt 1/3): InternalServerError [HTTP 500]\n   🔌 Provider: gemini  Model: g\n🔄 Fallback activated: g → a/free (openrouter)\nAPI call failed (attempt 1/3): RateLimitError [HTTP 429]\n   🔌 Provider: openrouter  Model: a/free\n";
    let input = Input::from(Sources { log: Given::Text(log.to_owned()), ..Sources::default() });
    let report = check(&input, &Options::default()).unwrap();
    assert_eq!(report.verdict.provider.map(|own| own.to_string()).as_deref(), Some("gemini"));
}

/// The log of a pool that has rotated says so.
#[test]
fn a_rotation_in_the_log_is_named() {
    let text = format!(
        "{GEMINI}\n{}\n2026-05-28 20:26:40 INFO agent.credential_pool: credential pool: rotated to two\n",
        THREE.replace(
            "#1  one                  api_key manual",
            "#1  one                  api_key manual rate-limited (429) (58m 20s left)"
        )
    );
    let told = reasons(&post(&text));
    assert!(told.contains("The log shows it: `two` took over"), "{told}");
}

/// Whether there is a chain is told after the repair.
#[test]
fn of_a_damaged_config_no_chain_is_missed() {
    let flat =
        "model:\nprovider: gemini\ndefault: g\nfallback_providers:\n- provider: openrouter\nmodel: a/free\n";
    let input = Input::from(Sources {
        config: Given::Text(flat.to_owned()),
        dotenv: Given::Text("GEMINI_API_KEY=AIzaFake-0000-1111\n".to_owned()),
        ..Sources::default()
    });
    let report = check(&input, &Options::default()).unwrap();
    assert!(report.repaired.is_some());
    let told = report.rotation.as_ref().map_or(String::new(), |_| reasons(&report));
    assert!(!told.contains("no fallback chain"), "{told}");
    assert!(
        !poolcheck::api::markdown(&input, &Options::default())
            .unwrap()
            .as_str()
            .contains("no fallback chain")
    );
}

/// A page that explains has files that are nobody's own.
#[test]
fn the_files_of_a_guide_are_examples() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pastes/documentation.txt"))
            .unwrap();
    let report = post(&page);
    assert!(report.basis.as_str().contains("its files are examples"), "{}", report.basis);
    assert!(!post(&format!("My config:{GEMINI}")).basis.as_str().contains("examples"));
}

/// Which of several listed pools is asked, config.yaml says: without it none is chosen, and the arrow of each is told.
#[test]
fn several_listed_pools() {
    let two = "gemini (2 credentials):\n  #1  GOOGLE_API_KEY  api_key env:GOOGLE_API_KEY rate-limited (429) (41m left)\n  #2  spare  api_key manual ←\n\nopenrouter (1 credentials):\n  #1  OPENROUTER_API_KEY  api_key env:OPENROUTER_API_KEY ←\n";
    let told = |config: Given<String>| {
        let input =
            Input::from(Sources { config, listing: Given::Text(two.to_owned()), ..Sources::default() });
        check(&input, &Options::default()).unwrap()
    };
    let open = told(Given::NotGiven);
    let summary = open.verdict.summary.as_str();
    assert!(summary.contains("gemini: `spare`, openrouter: `OPENROUTER_API_KEY`"), "{summary}");
    assert!(open.verdict.provider.is_none() && open.rotation.is_none(), "{open:?}");
    let known = told(Given::Text("model: {provider: gemini, default: g}\n".to_owned()));
    assert_eq!(known.verdict.provider.as_ref().map(|provider| provider.as_str()), Some("gemini"));
}
