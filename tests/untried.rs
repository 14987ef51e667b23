//! What was once put to poolcheck and answered wrongly, in our own words and with keys that nobody has: a table of inputs a kind.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
mod laws;

use poolcheck::api::{Input, Options, check_post};
use poolcheck::base::sources::{Given, Sources};
use poolcheck::facts::Facts;
use poolcheck::facts::services::Service;
use poolcheck::report::{FindingView, Report, SeverityName, SiteState, VerdictState};

/// A time like any other.
const NOW: f64 = 1_780_000_000.0;

fn given(text: &str) -> Given<String> {
    Given::Text(text.to_owned())
}

fn of_code<'r>(report: &'r Report, code: &str) -> Vec<&'r FindingView> {
    report.findings.iter().filter(|finding| finding.code.as_str() == code).collect()
}

fn codes(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.code.as_str()).collect()
}

/// A key in a variable that is called after the provider, its region or its platform and that Hermes does not read: it is named,
/// with the name that is read.
#[test]
fn a_key_under_a_name_that_is_not_read_is_named() {
    for (provider, variable, read) in [
        ("minimax-cn", "MINIMAX_API_KEY", "MINIMAX_CN_API_KEY"),
        ("kimi-coding-cn", "KIMI_API_KEY", "KIMI_CN_API_KEY"),
        ("alibaba", "QWEN_API_KEY", "DASHSCOPE_API_KEY"),
        ("alibaba", "BAILIAN_API_KEY", "DASHSCOPE_API_KEY"),
        ("zai", "ZHIPUAI_API_KEY", "GLM_API_KEY"),
        ("zai", "BIGMODEL_API_KEY", "GLM_API_KEY"),
        ("gemini", "GOOGLE_GENERATIVE_AI_API_KEY", "GOOGLE_API_KEY"),
        ("nous", "NOUS_API_KEY", "hermes auth add nous"),
    ] {
        let input = Input::from(Sources {
            config: given(&format!("model: {{provider: {provider}, default: m}}\n")),
            dotenv: given(&format!("{variable}=fake-key-of-nobody-0000\n")),
            auth_store: Given::Absent,
            ..Sources::default()
        });
        let report = laws::checked(&input, NOW);
        let found = of_code(&report, "PC416");
        assert_eq!(found.len(), 1, "{provider}, {variable}: {:?}", codes(&report));
        assert_eq!(found[0].severity, SeverityName::Error, "{provider}, {variable}");
        let said = format!("{} {} {}", found[0].what, found[0].why, found[0].todo);
        assert!(said.contains(variable) && said.contains(read), "{provider}, {variable}: {said}");
    }
    let input = Input::from(Sources {
        config: given("model: {provider: custom, default: m, base_url: 'https://llm.example.com/v1'}\n"),
        dotenv: given("CUSTOM_API_KEY=fake-key-of-nobody-0000\n"),
        auth_store: Given::Absent,
        ..Sources::default()
    });
    let report = laws::checked(&input, NOW);
    assert!(of_code(&report, "PC416")[0].todo.as_str().contains("${CUSTOM_API_KEY}"));
}

/// `model.base_url` of one provider at the default host of another sends the key of the first to the second: an error, for every
/// pair of providers that take a key and have a host of their own.
#[test]
fn a_base_url_at_the_host_of_another_provider_is_an_error() {
    let facts = Facts::newest().unwrap();
    let rows: Vec<_> = (facts.providers.iter())
        .filter(|(id, row)| *id == row.id && row.auth_type == "api_key" && !row.inference_base_url.is_empty())
        .map(|(_, row)| row)
        .collect();
    assert!(rows.len() > 15, "{}", rows.len());
    let mut wrong = Vec::new();
    for key_of in &rows {
        for host_of in rows.iter().filter(|host_of| host_of.id != key_of.id) {
            let (own, other) =
                (Service::at(&key_of.inference_base_url), Service::at(&host_of.inference_base_url));
            // What is in no table of services is not known to refuse the key.
            let (Some(own), Some(other)) = (own, other) else { continue };
            if own.id == other.id || is_exempt(&key_of.id, own, other) {
                continue;
            }
            let config = format!(
                "model: {{provider: {}, default: m, base_url: '{}'}}\n",
                key_of.id, host_of.inference_base_url
            );
            let dotenv = format!("{}=sk-fake-key-of-nobody-0000\n", key_of.api_key_env_vars[0]);
            let input = Input::from(Sources {
                config: given(&config),
                dotenv: given(&dotenv),
                auth_store: Given::Absent,
                ..Sources::default()
            });
            let report = poolcheck::api::check(&input, &Options { now: NOW, ..Options::default() }).unwrap();
            let is_told = report.findings.iter().any(|finding| {
                finding.severity == SeverityName::Error && finding.location.file.as_str() == "config.yaml"
            });
            // Where the address is not used the key does not go there.
            let endpoint = report.verdict.endpoint.as_ref().map_or("", |endpoint| endpoint.as_str());
            let is_sent = Service::at(endpoint).is_some_and(|service| service.id == other.id);
            if !is_told && is_sent && report.verdict.state == VerdictState::Resolved {
                wrong.push(format!("{} at {}: {:?}", key_of.id, host_of.id, codes(&report)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} pairs: {wrong:#?}", wrong.len());
}

/// Pairs that may be meant.
fn is_exempt(id: &str, own: &Service, other: &Service) -> bool {
    // Under these names keys of many services are kept, beside an endpoint of theirs: a plain `sk-` key may be anyone's.
    ["openai-api", "anthropic"].contains(&id)
        // Of one company, and the services share their hosts or keys.
        || own.family == other.family
}

/// The key of a suppressed variable is used, but never gets into a pool: nothing rotates, and `hermes auth` is the way back.
#[test]
fn a_key_that_is_used_without_a_pool_is_told() {
    let input = Input::from(Sources {
        config: given("model: {provider: gemini, default: g}\n"),
        dotenv: given("GEMINI_API_KEY=AIza-fake-000000000000\n"),
        auth_store: given(
            r#"{"version": 1, "credential_pool": {}, "suppressed_sources": {"gemini": ["env:GEMINI_API_KEY"]}}"#,
        ),
        environ: Given::Absent,
        ..Sources::default()
    });
    let report = laws::checked(&input, NOW);
    let found = of_code(&report, "PC205");
    assert_eq!(found.len(), 1, "{:?}", codes(&report));
    let said = format!("{} {} {}", found[0].what, found[0].why, found[0].todo);
    assert!(said.contains("pool"), "{said}");
    let command = found[0].command.as_ref().map_or("", |command| command.as_str());
    assert!(
        said.contains("hermes auth add") || command.contains("hermes auth add gemini"),
        "{said} {command}"
    );
    assert_eq!(report.verdict.winner.as_ref().unwrap().label.as_str(), "GEMINI_API_KEY");
    assert!(!report.rotation.as_ref().unwrap().is_set_up);
}

/// A plugin may bring the provider that the next command names.
#[test]
fn a_provider_of_a_plugin_is_not_unknown() {
    let plugin = "hermes plugins install somebody/hermes-lantern\n";
    let add = "hermes auth add lantern --type api-key\n";
    for (commands, is_told) in [(add.to_owned(), true), ([plugin, add].concat(), false)] {
        let config = given("model: {provider: gemini, default: m}\n");
        let input = Input::from(Sources { config, commands: given(&commands), ..Sources::default() });
        let report = laws::checked(&input, NOW);
        assert_eq!(!of_code(&report, "PC806").is_empty(), is_told, "{commands}: {:?}", codes(&report));
    }
}

/// A log and a listing name the provider where config.yaml was not pasted: it is not said that none is configured.
#[test]
fn a_log_and_a_listing_name_the_provider() {
    let post = "\
⚠️  API call failed (attempt 1/3): BadRequestError [HTTP 400]
   🔌 Provider: openai-codex  Model: m-5
   📝 Error: HTTP 400: this model is not supported

openai-codex (1 credentials):
  #1  mine                 oauth   device_code ←
";
    let options = Options { now: NOW, ..Options::default() };
    let report = check_post(post, &[], &options).unwrap().report.unwrap();
    let verdict = &report.verdict;
    assert_ne!(verdict.state, VerdictState::NotConfigured);
    assert!(!verdict.stops);
    assert!(verdict.summary.as_str().contains("openai-codex"), "{}", verdict.summary);
    assert!(!verdict.summary.as_str().contains("No provider is configured"), "{}", verdict.summary);
}

/// A side task with `base_url` beside the name of an endpoint of one's own: its row tells where it goes and with which key.
#[test]
fn a_side_task_at_an_endpoint_of_one_s_own_has_its_row() {
    let input = Input::from(Sources {
        config: given(
            "\
model: {provider: deepseek, default: m}
custom_providers:
- {name: harbor, base_url: 'https://hub.example.com/v1', key_env: HARBOR_KEY}
auxiliary:
  vision: {provider: 'custom:harbor', model: v, base_url: 'https://hub.example.com/v1'}
",
        ),
        dotenv: given("DEEPSEEK_API_KEY=sk-fake-deepseek-0000\nHARBOR_KEY=sk-fake-harbor-0000\n"),
        auth_store: Given::Absent,
        environ: Given::Absent,
        ..Sources::default()
    });
    let report = laws::checked(&input, NOW);
    let row = report.sites.iter().find(|site| site.site.as_str() == "auxiliary.vision").unwrap();
    assert_eq!(row.endpoint.as_ref().map(|url| url.as_str()), Some("https://hub.example.com/v1"));
    // With an endpoint written beside it, the name of the provider is not asked for: the key of its entry is not sent.
    assert_eq!((row.state, row.key.as_str()), (SiteState::NoKey, ""), "{row:?}");
    assert!(
        report.findings.iter().any(|finding| finding.severity != SeverityName::Info),
        "{:?}",
        codes(&report)
    );
}
