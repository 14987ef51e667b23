//! PC509: an endpoint without `http://` or `https://`.

use super::settings::text_in;
use super::{Context, Findings, declare_rule};
use crate::base::text::{Place, Search, Span};
use crate::diagnostic::Safety;
use crate::python::lower;

declare_rule! {
    /// An endpoint begins with `http://` or `https://`. A custom provider whose endpoint has none is left out, with a
    /// line in the log only; `model.base_url` and the endpoint of a fallback are used as they stand, and every
    /// request fails.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: custom
    ///   base_url: localhost:8080/v1
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: custom
    ///   base_url: http://localhost:8080/v1
    /// ```
    pub static BASE_URL_WITHOUT_SCHEME = {
        code: "PC509", name: "base-url-without-scheme", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{key}` has no `http://` or `https://`",
        why: "{effect}",
        todo: "Begin the address with `{scheme}`.",
        fix_title: "Begin it with `{scheme}`",
        part dropped: "A custom provider without a scheme in its endpoint is left out; only the log says so.",
        part misspelled: "What stands before the host is a slip of the hand, and a request to such an address fails.",
        part literal: "Hermes uses the text as it stands, and a request to an address without a scheme fails.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for setting in &context.settings {
        let Some((url, place)) = setting.endpoint() else { continue };
        if url.contains(['$', '{']) {
            continue;
        }
        if let Some((length, scheme)) = slip(url) {
            findings
                .report(&BASE_URL_WITHOUT_SCHEME, place)
                .with("key", setting.key())
                .part("effect", "misspelled")
                .with("scheme", scheme);
            if let Some(span) = text_in(context.config_text(), place, url) {
                let wrong = Span::new(span.start, span.start + length);
                findings.replace(Place::new(place.source, wrong), scheme);
            }
            continue;
        }
        if !lacks_scheme(url) {
            continue;
        }
        let effect = if setting.is_block() { "dropped" } else { "literal" };
        let scheme = if is_near(url) { "http://" } else { "https://" };
        findings
            .report(&BASE_URL_WITHOUT_SCHEME, place)
            .with("key", setting.key())
            .part("effect", effect)
            .with("scheme", scheme);
        if let Some(span) = text_in(context.config_text(), place, url).filter(|_| is_host(url)) {
            findings.replace(Place::new(place.source, Span::at(span.start)), scheme);
        }
    }
}

/// Whether an address without a placeholder has no scheme at all.
pub(super) fn lacks_scheme(url: &str) -> bool {
    !url.holds("://") && !url.contains(['$', '{'])
}

/// Where `url` begins with a misspelled scheme, its length and what is meant: `htps://`, `https//`, `http:/`.
fn slip(url: &str) -> Option<(usize, &'static str)> {
    /// No slip makes more letters of it.
    const LONGEST: usize = 7;
    let letters = url.bytes().take_while(u8::is_ascii_alphabetic).count();
    let name = lower(url.get(..letters)?);
    let rest = url.get(letters..)?;
    let signs = rest.bytes().take_while(|byte| matches!(byte, b':' | b'/')).count();
    let host = rest.get(signs..)?;
    let between = rest.get(..signs)?;
    let is_known = name == "http" || name == "https";
    let is_meant =
        is_known || (3..=LONGEST).contains(&letters) && name.bytes().all(|byte| b"htps".contains(&byte));
    // Behind a single colon a port may stand, behind a single slash a path.
    let is_split =
        between == "://" || is_known && signs > 1 || is_known && between == ":" && host.contains('.');
    if !is_meant || !is_split || is_known && between == "://" || host.is_empty() {
        return None;
    }
    Some((letters + signs, if name.contains('s') { "https://" } else { "http://" }))
}

/// The part before the path, and in it the host without its port.
fn host_of(url: &str) -> (&str, Option<&str>) {
    let authority = url.split('/').next().unwrap_or("");
    authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)))
}

/// Whether the address is one of this machine or of its neighbours, where servers have no certificates.
fn is_near(url: &str) -> bool {
    let (host, _) = host_of(url);
    let numbers: Vec<u8> = host.split('.').filter_map(|part| part.parse().ok()).collect();
    match numbers.as_slice() {
        [10 | 127, _, _, _] | [192, 168, _, _] | [0, 0, 0, 0] => true,
        [172, second, _, _] => (16..32).contains(second),
        _ => !host.has('.') || host.ends_with(".local"),
    }
}

/// Whether it begins with a host's name and perhaps a port.
fn is_host(url: &str) -> bool {
    let (host, port) = host_of(url);
    let is_name =
        !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    let is_port = port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
    is_name && is_port && (host.has('.') || port.is_some() || host == "localhost")
}

#[cfg(test)]
mod tests {
    use super::BASE_URL_WITHOUT_SCHEME;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_scheme_is_put_before_it() {
        fires(
            &BASE_URL_WITHOUT_SCHEME,
            "\
--- config.yaml
model:
  provider: custom
  base_url: localhost:8080/v1
            ^^^^^^^^^^^^^^^^^ PC509
custom_providers:
  - name: a
    url: 'api.example.com/v1'
         ^^^^^^^^^^^^^^^^^^^^ PC509
fallback_providers:
  - {provider: custom, model: m, base_url: 192.168.1.7/v1}
                                           ^^^^^^^^^^^^^^ PC509
--- fixed config.yaml
model:
  provider: custom
  base_url: http://localhost:8080/v1
custom_providers:
  - name: a
    url: 'https://api.example.com/v1'
fallback_providers:
  - {provider: custom, model: m, base_url: http://192.168.1.7/v1}
--- says
is left out; only the log says so
Hermes uses the text as it stands
",
        );
    }

    /// Asked of 0.19.0: each is the endpoint as it stands.
    #[test]
    fn a_misspelled_scheme() {
        for (written, meant) in [
            ("htps://h.example/v1", "https://h.example/v1"),
            ("htttp://10.0.0.2:8000/v1", "http://10.0.0.2:8000/v1"),
            ("https//h.example/v1", "https://h.example/v1"),
            ("http:/h.example/v1", "http://h.example/v1"),
            ("https:h.example/v1", "https://h.example/v1"),
            ("https:///h.example/v1", "https://h.example/v1"),
        ] {
            let rest = "  api_key: fake-key-000000\n";
            fires(
                &BASE_URL_WITHOUT_SCHEME,
                &format!(
                    "--- config.yaml\nmodel:\n  provider: custom\n  default: m\n  base_url: {written}\n            {} PC509\n{rest}\
                     --- fixed config.yaml\nmodel:\n  provider: custom\n  default: m\n  base_url: {meant}\n{rest}\
                     --- then\nendpoint: {meant}\nnothing is found\n",
                    "^".repeat(written.len())
                ),
            );
        }
        silent(
            &BASE_URL_WITHOUT_SCHEME,
            "--- config.yaml\nmodel: {provider: custom, default: m, base_url: 'acp://copilot'}\n",
        );
    }

    #[test]
    fn what_is_no_host_is_only_told() {
        let report = fires(
            &BASE_URL_WITHOUT_SCHEME,
            "\
--- config.yaml
providers:
  a: {base_url: //x/v1}
                ^^^^^^ PC509
",
        );
        assert!(
            report.findings.iter().all(|finding| finding.code.as_str() != "PC509" || finding.fix.is_none())
        );
    }

    #[test]
    fn whole_addresses_and_what_is_none() {
        silent(
            &BASE_URL_WITHOUT_SCHEME,
            "\
--- config.yaml
model: {provider: custom, base_url: 'HTTP://localhost:8080/v1', api: sk-fake-old-000000}
providers:
  a: {base_url: '${HOST}/v1'}
  b: {base_url: '{region}.example.com'}
  c: {base_url: ''}
  d: {url: 'https://example.com', models: {x: {url: y}}}
auxiliary: {vision: {base_url: }}
",
        );
    }

    #[test]
    fn then_the_address_is_whole() {
        fires(
            &BASE_URL_WITHOUT_SCHEME,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: 'localhost:8080/v1'}
                                                ^^^^^^^^^^^^^^^^^^^ PC509
--- fixed config.yaml
model: {provider: custom, default: m, base_url: 'http://localhost:8080/v1'}
--- then
endpoint: http://localhost:8080/v1
nothing is found
",
        );
    }

    #[test]
    fn then_the_provider_is_not_left_out() {
        fires(
            &BASE_URL_WITHOUT_SCHEME,
            "\
--- config.yaml
model: {provider: 'custom:lab', default: m}
custom_providers:
- {name: lab, base_url: api.example.com/v1, key_env: LAB_KEY}
                        ^^^^^^^^^^^^^^^^^^ PC509
--- .env
LAB_KEY=sk-fake-lab-000000
--- fixed config.yaml
model: {provider: 'custom:lab', default: m}
custom_providers:
- {name: lab, base_url: https://api.example.com/v1, key_env: LAB_KEY}
--- then
endpoint: https://api.example.com/v1
nothing is found
",
        );
    }
}
