//! That the laws need the rules: with a rule taken out, some law does not hold any more.

use std::cell::Cell;
use std::panic::catch_unwind;

use super::Rule;
use super::laws::checked;
use super::testing::{NOW, input_of};

thread_local! {
    static TAKEN_OUT: Cell<&'static str> = const { Cell::new("") };
}

/// The last resort, which tells of whatever no rule tells of: it is taken out with each.
const LAST_RESORT: &str = "PC557";

/// Whether a test of this thread runs without `rule`.
pub(super) fn is_taken_out(rule: &Rule) -> bool {
    let code = TAKEN_OUT.get();
    !code.is_empty() && (rule.code == code || rule.code == LAST_RESORT)
}

/// Texts with their headings.
type Texts = &'static [(&'static str, &'static str)];

/// A rule, a world in which its cause is the only thing to tell, and a part of what the law says that fails without it.
const CASES: [(&str, Texts, &str); 18] = [
    (
        "PC111",
        &[
            ("config.yaml", "model: {provider: gemini\n"),
            (".env", "A=b\n"),
            ("auth.json", "{\"version\": 1, \"providers\": {}}\n"),
        ],
        "nothing of config.yaml is read",
    ),
    (
        "PC203",
        &[
            ("config.yaml", "model: {provider: gemini, api_key: AIza-fake-one-000000}\n"),
            (".env", "GOOGLE_API_KEY=AIza-fake-two-000000\n"),
        ],
        "model.api_key is written and another key used",
    ),
    (
        "PC210",
        &[(
            "config.yaml",
            "model: {provider: custom:lab, default: m, base_url: 'https://old.example/v1'}\ncustom_providers:\n  - {name: lab, base_url: 'https://lab.example/v1', api_key: fake-key-000000}\n",
        )],
        "is written and https://lab.example/v1 used",
    ),
    (
        "PC212",
        &[(
            "config.yaml",
            "model: {provider: custom:lab, default: m, api_key: fake-key-111111}\ncustom_providers:\n  - {name: lab, base_url: 'https://lab.example/v1', api_key: fake-key-000000}\n",
        )],
        "model.api_key is written and another key used",
    ),
    (
        "PC306",
        &[
            ("config.yaml", "model: {provider: gemini, default: g}\n"),
            (".env", "GOOGLE_API_KEY=AIza-fake-two-000000\n"),
            (
                "auth.json",
                "{\"version\": 1, \"credential_pool\": {\"gemini\": [\"AIza-fake-one-000000\"]}}\n",
            ),
        ],
        "is no object",
    ),
    (
        "PC318",
        &[
            ("config.yaml", "model: {provider: gemini, default: g}\n"),
            (".env", "GOOGLE_API_KEY=AIza-fake-two-000000\n"),
            (
                "auth.json",
                "{\"version\": 1, \"credential_pool\": {\"geminni\": [{\"id\": \"a\", \"access_token\": \"AIza-fake-one-000000\"}]}}\n",
            ),
        ],
        "no provider asks for the pool geminni",
    ),
    (
        "PC503",
        &[
            ("config.yaml", "model: {provider: qqqq, default: m}\n"),
            (".env", "A=b\n"),
            ("auth.json", "{\"version\": 1, \"providers\": {}}\n"),
        ],
        "stops and nothing is found",
    ),
    (
        "PC501",
        &[
            ("config.yaml", "model: {provider: google-gemini-cli, default: m}\n"),
            (".env", "A=b\n"),
            ("auth.json", "{\"version\": 1, \"providers\": {}}\n"),
        ],
        "stops and nothing is found",
    ),
    (
        "PC502",
        &[
            ("config.yaml", "model: {provider: groq, default: m}\n"),
            (".env", "A=b\n"),
            ("auth.json", "{\"version\": 1, \"providers\": {}}\n"),
        ],
        "stops and nothing is found",
    ),
    (
        "PC509",
        &[(
            "config.yaml",
            "model: {provider: gemini, default: g}\ncustom_providers:\n  - {name: lab, base_url: lab.example/v1}\n",
        )],
        "left out, and no finding says so",
    ),
    (
        "PC554",
        &[(
            "config.yaml",
            "model: {provider: gemini, default: g}\ncustom_providers: {lab: {base_url: 'https://lab.example/v1'}}\n",
        )],
        "left out, and no finding says so",
    ),
    (
        "PC523",
        &[
            ("config.yaml", "model: {provider: deepseek, default: m}\n"),
            (".env", "A=b\n"),
            ("auth.json", "{\"version\": 1, \"providers\": {}}\n"),
        ],
        "stops and nothing is found",
    ),
    (
        "PC525",
        &[("config.yaml", "model: {provider: gemini, default: g, temperature: 0.7}\n")],
        "nothing reads `temperature` under model",
    ),
    (
        "PC525",
        &[
            ("config.yaml", "provider: deepseek\nmodel: {provider: gemini, default: g}\n"),
            (".env", "GOOGLE_API_KEY=AIza-fake-two-000000\n"),
        ],
        "provider is deepseek, and gemini is asked for",
    ),
    (
        "PC525",
        &[
            ("config.yaml", "model: {provider: gemini, default: g, name: h}\n"),
            (".env", "GOOGLE_API_KEY=AIza-fake-two-000000\n"),
        ],
        "model.name is h, and the model g is used",
    ),
    (
        "PC525",
        &[
            ("config.yaml", "model: {provider: deepseek, default: m}\n"),
            (".env", "WIDGET_API_KEY=fake-key-0000000000\n"),
            ("auth.json", "{\"version\": 1, \"providers\": {}}\n"),
        ],
        "nothing reads the key in WIDGET_API_KEY",
    ),
    (
        "PC557",
        &[(
            "config.yaml",
            "model: {provider: relay}\nproviders: {5: {base_url: 'https://relay.example.com/v1'}}\n",
        )],
        "stops and nothing is found",
    ),
    (
        "PC601",
        &[(
            "config.yaml",
            "model: {provider: gemini, default: g}\nfallback_providers:\n  - {provider: openrouter}\n",
        )],
        "left out, and no finding says so",
    ),
];

#[test]
fn the_laws_fail_without_a_rule() {
    let mut wrong = Vec::new();
    for (code, texts, law) in CASES {
        let input = input_of(texts);
        let report = checked(&input, NOW);
        if !report.findings.iter().any(|finding| finding.code.as_str() == code) {
            wrong.push(format!(
                "{code} does not speak: {:?}",
                report.findings.iter().map(|f| &f.code).collect::<Vec<_>>()
            ));
            continue;
        }
        TAKEN_OUT.set(code);
        let without = catch_unwind(|| checked(&input, NOW));
        TAKEN_OUT.set("");
        let said = match &without {
            Ok(report) => {
                format!("all laws hold: {:?}", report.findings.iter().map(|f| &f.code).collect::<Vec<_>>())
            }
            Err(panic) => panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                .unwrap_or_default(),
        };
        if without.is_ok() || !said.contains(law) {
            wrong.push(format!("without {code}: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
