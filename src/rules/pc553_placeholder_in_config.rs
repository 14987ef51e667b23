//! PC553: a placeholder, or a key with a part taken out, where config.yaml has a key.

use super::pc303_env_name_as_value::block_keys;
use super::pc510_unexpanded_reference::left_as_it_is;
use super::variables::{StandIn, stand_in};
use super::{Context, Findings, declare_rule};
use crate::base::text::{Place, Places};
use crate::hermes::destinations::Sender;
use crate::hermes::providers::has_usable_secret;
use crate::python::{Node, strip, urlparse};

declare_rule! {
    /// A template's `YOUR_API_KEY` was left in the block of an endpoint, or the key was copied from where its middle is hidden. Hermes
    /// passes over the few words that it knows where it looks for a key in the block alone, and sends any other text. From the block
    /// of a custom provider it takes every text into the pool, whatever it says. All such keys of a file are reported at once. A server
    /// on this machine or in the local network may want no key at all: there words as `dummy` are left alone.
    ///
    /// ```yaml fires
    /// model: {provider: custom, base_url: "https://acme.example/v1", default: m, api_key: YOUR_API_KEY}
    /// ```
    /// ```yaml silent
    /// model: {provider: custom, base_url: "http://localhost:8080/v1", default: m, api_key: dummy}
    /// ```
    pub static PLACEHOLDER_IN_CONFIG = {
        code: "PC553", name: "placeholder-in-config", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{fate}",
        todo: "{way}",
        label other: "this as well",
        part placeholder: "What stands here is a placeholder, not a key",
        part placeholders: "{count} keys of this file are placeholders",
        part redacted: "A part of this key was taken out",
        part redacteds: "Of {count} keys of this file a part was taken out",
        part sent: "Hermes sends the text as it stands.",
        part dropped: "Hermes takes the text for no key, and sends requests without one.",
        part write: "Write the key here, or take the line out.",
        part check: "If this is what your file holds and not only what you posted, write the whole key here.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // What is sent wherever it stands: keys of pools, and the one of the verdict.
    let sent =
        context.destinations.iter().filter(|sent| sent.sender != Sender::Block && !sent.key.key.is_empty());
    let sent = Places::new(sent.filter_map(|sent| sent.key.place).collect());
    let mut groups: Vec<((StandIn, bool), Vec<Place>)> = Vec::new();
    for (_, key, block) in block_keys(context) {
        let (Some(text), Some(place)) = (key.value.as_str().map(strip), key.place) else { continue };
        let Some(kind) = stand_in(context.facts, text).filter(|_| !text.is_empty()) else { continue };
        // A variable that is called so is PC303's, a reference PC510's.
        if context.variables.contains(text)
            || text.starts_with('$')
            || left_as_it_is(context, text).is_some()
            || kind == StandIn::Placeholder && is_local(block)
        {
            continue;
        }
        let is_sent = sent.contains(place) || has_usable_secret(context.facts, &key.value);
        match groups.iter_mut().find(|(own, _)| *own == (kind, is_sent)) {
            Some((_, places)) => places.push(place),
            None => groups.push(((kind, is_sent), vec![place])),
        }
    }
    for ((kind, is_sent), places) in groups {
        let is_one = places.len() == 1;
        let what = match (kind, is_one) {
            (StandIn::Placeholder, true) => "placeholder",
            (StandIn::Placeholder, false) => "placeholders",
            (StandIn::Redacted, true) => "redacted",
            (StandIn::Redacted, false) => "redacteds",
        };
        let Some(findings) = findings.report_all(&PLACEHOLDER_IN_CONFIG, &places, "other") else { continue };
        findings
            .part("what", what)
            .part("fate", if is_sent { "sent" } else { "dropped" })
            .part("way", if kind == StandIn::Redacted { "check" } else { "write" });
        // Whoever posts a file takes the keys out, and should.
        if kind == StandIn::Redacted {
            findings.as_note();
        }
    }
}

/// Whether the endpoint of a block is on this machine or in the local network, by its name or address.
fn is_local(block: &Node) -> bool {
    let url = ["base_url", "url", "api_base"].into_iter().find_map(|name| block.text(name));
    let Some(host) = url.and_then(urlparse).and_then(|url| url.hostname()) else { return false };
    let numbers: Vec<Option<u8>> = host.split('.').map(|part| part.parse().ok()).collect();
    match numbers.as_slice() {
        [Some(127 | 10), Some(_), Some(_), Some(_)] | [Some(192), Some(168), Some(_), Some(_)] => {
            return true;
        }
        [Some(172), Some(16..=31), Some(_), Some(_)] | [Some(0), Some(0), Some(0), Some(0)] => return true,
        _ => {}
    }
    !host.contains('.')
        || [".local", ".lan", ".internal", ".home", ".localhost"].iter().any(|end| host.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::PLACEHOLDER_IN_CONFIG;
    use crate::rules::testing::{fires, report, silent};
    use poolcheck::report::SeverityName;

    /// Asked of 0.19.0: `model.api_key: YOUR_API_KEY` is taken for no key.
    #[test]
    fn a_placeholder_under_model() {
        fires(
            &PLACEHOLDER_IN_CONFIG,
            "\
--- config.yaml
model:
  provider: custom
  base_url: https://h.example/v1
  default: m
  api_key: YOUR_API_KEY
           ^^^^^^^^^^^^ PC553
--- says
What stands here is a placeholder, not a key
takes the text for no key, and sends requests without one
",
        );
    }

    /// Asked of 0.19.0: `REDACTED` is sent, and so is `***` from the block of a custom provider, which makes it a row of a pool.
    #[test]
    fn what_was_taken_out_for_a_post_is_a_note() {
        for (text, model) in [("REDACTED", "model:"), ("'***'", "model:"), ("sk-fake…abc", "model:")] {
            let report = fires(
                &PLACEHOLDER_IN_CONFIG,
                &format!(
                    "--- config.yaml\n{model}\n  provider: custom\n  base_url: https://h.example/v1\n  api_key: {text}\n           {} PC553\n--- says\nIf this is what your file holds\n",
                    "^".repeat(text.chars().count())
                ),
            );
            assert!(report.findings.iter().all(|finding| finding.severity == SeverityName::Info), "{text}");
        }
        fires(
            &PLACEHOLDER_IN_CONFIG,
            "\
--- config.yaml
model: {provider: 'custom:box', default: m}
custom_providers:
- {name: box, base_url: 'https://h.example/v1', api_key: '***'}
                                                         ^^^^^ PC553
--- says
Hermes sends the text as it stands.
",
        );
    }

    #[test]
    fn all_of_a_file_are_one_finding() {
        let mut config =
            String::from("--- config.yaml\nmodel: {provider: 'custom:n1', default: m}\ncustom_providers:\n");
        for number in 1..=19 {
            config += &format!(
                "- {{name: n{number}, base_url: 'https://h{number}.example/v1', api_key: YOUR_API_KEY}}\n"
            );
        }
        let report = report(&config);
        let found: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| ["PC553", "PC303"].contains(&finding.code.as_str()))
            .collect();
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].labels.len(), 18);
        assert_eq!(found[0].what.as_str(), "19 keys of this file are placeholders");
    }

    #[test]
    fn every_form_that_people_write() {
        for text in [
            "'<your-key>'",
            "sk-xxxxxxxx",
            "sk-your-key-here",
            "xxx",
            "changeme",
            "'{API_KEY}'",
            "'[your key]'",
            "API_KEY",
            "api_key_here",
            "TU_API_KEY",
            "你的密钥",
            "fill-me-in",
            "sk-or-v1-your-key",
            "YOUR_OPENROUTER_KEY",
            "placeholder",
        ] {
            let report = report(&format!(
                "--- config.yaml\nmodel: {{provider: custom, base_url: 'https://h.example/v1', default: m, api_key: {text}}}\n"
            ));
            let codes: Vec<&str> = report.findings.iter().map(|finding| finding.code.as_str()).collect();
            assert!(codes.contains(&"PC553"), "{text}: {codes:?}");
        }
    }

    #[test]
    fn keys_local_servers_and_what_nobody_reads() {
        silent(
            &PLACEHOLDER_IN_CONFIG,
            "\
--- config.yaml
model: {provider: gemini, api_key: YOUR_API_KEY}
custom_providers:
- {name: a, base_url: 'http://localhost:8080/v1', api_key: dummy}
- {name: b, base_url: 'http://192.168.1.4:8080/v1', api_key: none}
- {name: c, base_url: 'http://gpu.lan/v1', api_key: sk-xxxx}
- {name: d, base_url: 'https://d.example/v1', api_key: sk-fake-000000}
- {name: e, base_url: 'https://e.example/v1', api_key: '${YOUR_KEY}'}
- {name: f, base_url: 'https://f.example/v1', api_key: EMPTY}
- {name: g, base_url: 'https://g.example/v1', api_key: ''}
--- .env
YOUR_KEY=sk-fake-000000
",
        );
    }
}
