//! PC555: `key_env` holds something else than the name of a variable.

use super::references::{is_word, of_other_programs};
use super::settings::{Setting, text_in};
use super::{Context, Findings, declare_rule};
use crate::base::text::Place;
use crate::diagnostic::Safety;
use crate::facts::services::Service;
use crate::python::strip;
use crate::secret::may_be_variable;

declare_rule! {
    /// `key_env` takes the bare name of the variable that holds the key. With `$NAME` Hermes looks for a variable that is called so; with
    /// `${NAME}` it puts the value in first, and looks for a variable that is called like the key. A key itself is the name of no
    /// variable. Each time Hermes finds nothing, says nothing, and sends requests without a key.
    ///
    /// ```text fires
    /// --- config.yaml
    /// custom_providers:
    ///   - {name: box, base_url: "http://10.0.0.2:8000/v1", key_env: $BOX_KEY}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// custom_providers:
    ///   - {name: box, base_url: "http://10.0.0.2:8000/v1", key_env: BOX_KEY}
    /// ```
    pub static KEY_ENV_IS_NO_NAME = {
        code: "PC555", name: "key-env-is-no-name", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "{what}",
        why: "{why}",
        todo: "{way}",
        fix_title: "{title}",
        part reference: "`{key}` takes the name of the variable alone",
        part a_key: "`{key}` holds a key where the name of a variable belongs",
        part dollar: "Hermes does not put a variable in here: it looks for one that is called `{written}`, and there is none.",
        part braces: "Hermes puts the value of `{name}` in, and then looks for a variable that is called like the key.",
        part nothing: "Hermes looks for a variable of that name, finds none, and takes no key from here.",
        part bare: "Write `{name}`.",
        part move: "Write it as `api_key`, or put it into `.env` and write the name of the variable here.",
        part change: "Put it into `.env`, and write the name of the variable here.",
        part write: "Write `{name}`",
        part rename: "Write `api_key`",
    }
}

/// Whether a key of config.yaml is one that names the variable of a key.
pub(super) fn is_key_env(key: &str) -> bool {
    ["key_env", "keyEnv", "api_key_env", "apiKeyEnv"].contains(&key)
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for setting in context.settings.iter().filter(|setting| is_key_env(setting.key())) {
        let (Some(written), Some(place)) = (setting.entry.value.value.as_str(), setting.entry.value.place)
        else {
            continue;
        };
        let written = strip(written);
        // Under `model` and in the places of built-in providers nobody reads it, whatever it says.
        if written.is_empty() || !is_read(setting) || context.variables.contains(written) {
            continue;
        }
        findings_of(context, findings, setting, written, place);
    }
}

/// Whether Hermes reads the setting in a block of this kind.
fn is_read(setting: &Setting<'_>) -> bool {
    setting.is_of_endpoint() && !matches!(setting.section, "model" | "provider" | "base_url" | "api_base")
}

fn findings_of(
    context: &Context<'_>,
    findings: &mut Findings,
    setting: &Setting<'_>,
    written: &str,
    place: Place,
) {
    let inside = written.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let name = inside.filter(|name| is_word(name));
    if let Some(name) = name.or_else(|| of_other_programs(written).map(|found| found.name)) {
        findings
            .report(&KEY_ENV_IS_NO_NAME, place)
            .with("key", setting.key())
            .with("name", name)
            .with("written", written)
            .part("what", "reference")
            .part("why", if inside.is_some() { "braces" } else { "dollar" })
            .part("way", "bare")
            .part("title", "write");
        if let Some(span) = text_in(context.config_text(), place, written) {
            findings.replace(Place::new(place.source, span), name);
        }
        return;
    }
    if may_be_variable(written) && Service::of_key(written).is_none() || written.contains(['$', ' ']) {
        return;
    }
    let is_free = !setting.mapping.has("api_key");
    findings
        .report(&KEY_ENV_IS_NO_NAME, place)
        .with("key", setting.key())
        .part("what", "a_key")
        .part("why", "nothing")
        .part("way", if is_free { "move" } else { "change" })
        .part("title", "rename");
    if let Some(name) =
        setting.entry.key.place.filter(|name| is_free && context.is_plain_key(*name, setting.key()))
    {
        findings.replace(name, "api_key");
    }
}

#[cfg(test)]
mod tests {
    use super::KEY_ENV_IS_NO_NAME;
    use crate::rules::testing::{fires, report, silent};

    /// Asked of 0.19.0: with `$BOX_KEY` and with `${BOX_KEY}` requests go without a key, with `BOX_KEY` they have it.
    #[test]
    fn the_bare_name() {
        for written in ["$BOX_KEY", "${BOX_KEY}"] {
            fires(
                &KEY_ENV_IS_NO_NAME,
                &format!(
                    "\
--- config.yaml
model: {{provider: 'custom:box', default: m}}
custom_providers:
- name: box
  base_url: http://10.0.0.2:8000/v1
  key_env: {written}
           {} PC555
--- .env
BOX_KEY=fakekey123
--- fixed config.yaml
model: {{provider: 'custom:box', default: m}}
custom_providers:
- name: box
  base_url: http://10.0.0.2:8000/v1
  key_env: BOX_KEY
--- says
`key_env` takes the name of the variable alone
Write `BOX_KEY`.
--- then
Hermes uses BOX_KEY (env:BOX_KEY) for custom
nothing is found
",
                    "^".repeat(written.len())
                ),
            );
        }
    }

    #[test]
    fn a_key_in_its_place() {
        fires(
            &KEY_ENV_IS_NO_NAME,
            "\
--- config.yaml
model: {provider: 'custom:box', default: m}
custom_providers:
- {name: box, base_url: 'http://10.0.0.2:8000/v1', key_env: sk-fake-0123456789abcdef}
                                                            ^^^^^^^^^^^^^^^^^^^^^^^^ PC555
--- fixed config.yaml
model: {provider: 'custom:box', default: m}
custom_providers:
- {name: box, base_url: 'http://10.0.0.2:8000/v1', api_key: sk-fake-0123456789abcdef}
--- says
`key_env` holds a key where the name of a variable belongs
--- then
Hermes uses box (config:box) for custom
nothing is found
",
        );
    }

    /// A key is masked where it stands, whatever it looks like.
    #[test]
    fn the_key_is_masked() {
        let report = report(
            "--- config.yaml\nproviders:\n  box: {base_url: 'https://h.example/v1', api_key_env: corp-fake-word-of-nobody}\n",
        );
        assert!(!format!("{report:?}").contains("corp-fake-word-of-nobody"));
        assert!(report.findings.iter().any(|finding| finding.code.as_str() == "PC555"));
    }

    #[test]
    fn names_and_what_nobody_reads() {
        silent(
            &KEY_ENV_IS_NO_NAME,
            "\
--- config.yaml
model: {provider: custom, base_url: 'http://10.0.0.2:8000/v1', key_env: $BOX_KEY}
custom_providers:
- {name: a, base_url: 'http://10.0.0.2:8000/v1', key_env: BOX_KEY}
- {name: b, base_url: 'http://10.0.0.2:8001/v1', key_env: 9BOX_KEY}
- {name: c, base_url: 'http://10.0.0.2:8002/v1', key_env: box_key}
- {name: d, base_url: 'http://10.0.0.2:8003/v1', key_env: ''}
fallback_providers:
- {provider: custom, model: m, base_url: 'http://10.0.0.2:8000/v1', key_env: CORP_TOKEN_2}
",
        );
    }
}
