//! PC510: a variable in config.yaml that is not put in.

use super::lines::quoted;
use super::pc303_env_name_as_value::is_template;
use super::pc522_unset_key_variable::unset_reference;
use super::pc555_key_env_is_no_name::is_key_env;
use super::references::{Reference, is_word, of_other_programs};
use super::settings::text_in;
use super::{Context, Findings, declare_rule};
use crate::base::text::{Place, Places};
use crate::diagnostic::Safety;
use crate::python::strip;
use crate::secret::shaped_spans;

declare_rule! {
    /// Hermes replaces `${NAME}` in config.yaml by the variable, and only so: `$NAME` without braces stays as it is, as do
    /// `%NAME%`, `env:NAME` and other programs' forms. So does the name of a variable that is set nowhere, and what other
    /// programs know inside the braces, such as a default value, is taken for a part of the name. The text itself is then used as the key, the endpoint or the name. 0.21.4
    /// replaces `${env:NAME}` too.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: custom
    ///   base_url: http://localhost:8080/v1
    ///   api_key: $MY_KEY
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: custom
    ///   base_url: http://localhost:8080/v1
    ///   api_key: ${MY_KEY}
    /// ```
    pub static UNEXPANDED_REFERENCE = {
        code: "PC510", name: "unexpanded-reference", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "{what}",
        why: "{reason}",
        todo: "{way}",
        fix_title: "Write `{meant}`",
        part named: "The variable `{name}` is not put in here",
        part unnamed: "What stands between the braces is not put in here",
        part form_of_others: "Hermes replaces `{meant}` only. In any other form the text itself is used.",
        part unset: "The variable `{name}` is neither in `.env` nor in the environment, and then Hermes leaves the text as it is.",
        part form: "Hermes takes all that stands between the braces for the name of a variable; it knows no default values and nothing else there, and leaves the text as it is.",
        part source: "Between the braces Hermes knows the name of a variable, alone or behind `env:`; it knows no default values and nothing else there, and leaves the text as it is.",
        part braces: "Write `{meant}`, and set the variable in `.env`.",
        part set: "Set `{name}` in `.env`, or write the value here.",
        part bare: "Write only the name between the braces, and set the variable in `.env`.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let is_all_given = context.knows_all_variables() && !context.environ.is_unit;
    for setting in &context.settings {
        let (Some(written), Some(place)) = (setting.entry.value.value.as_str(), setting.entry.value.place)
        else {
            continue;
        };
        // `key_env` takes the name itself: PC555.
        if is_key_env(setting.key()) {
            continue;
        }
        let Some(found) = left_as_it_is(context, strip(written)) else { continue };
        let name = found.name;
        let form = ["${", name, "}"].concat();
        let span = text_in(context.config_text(), place, &found.written());
        let meant = if span == Some(place.span) { quoted(&form) } else { form.clone() };
        findings
            .report(&UNEXPANDED_REFERENCE, place)
            .with("name", name)
            .part("what", "named")
            .with("reason", UNEXPANDED_REFERENCE.part("form_of_others").with("meant", form))
            .with("meant", meant.as_str())
            .part("way", "braces");
        // Where the variable is known to be set nowhere, the braces would not mend it.
        if let Some(span) = span.filter(|_| context.variables.contains(name) || !is_all_given) {
            findings.replace(Place::new(place.source, span), &meant);
        }
    }
    let mut open = context.references.iter().filter(|reference| reference.value.is_none()).peekable();
    if open.peek().is_none() {
        return;
    }
    // Where another variable was meant, PC522 says which.
    let told = unset_reference(context).map(|told| told.place);
    let mut places = Vec::new();
    for setting in context.settings.iter().filter(|setting| !is_key_env(setting.key())) {
        places.extend(setting.entry.value.place.filter(|place| told != Some(*place)));
    }
    let mut places = Places::new(places);
    for reference in open {
        let name = reference.name.as_str();
        let (reason, way) = match is_word(name) {
            true if is_all_given => ("unset", "set"),
            true => continue,
            false if context.facts.behaviour.references_may_say_env => ("source", "bare"),
            false => ("form", "bare"),
        };
        // One finding for a value, however many references it has.
        let Some(place) = reference.place.filter(|place| places.take(*place)) else { continue };
        let variable = variable_of(name);
        findings
            .report(&UNEXPANDED_REFERENCE, place)
            .with("name", variable.unwrap_or_default())
            .part("what", if variable.is_some() { "named" } else { "unnamed" })
            .part("reason", reason)
            .part("way", way);
    }
}

/// The variable that a text is meant for in a form of other programs, so that Hermes leaves it as it is. A place for a key in
/// braces, `{{ YOUR_API_KEY }}`, is PC553's.
pub(super) fn left_as_it_is<'t>(context: &Context<'_>, text: &'t str) -> Option<Reference<'t>> {
    of_other_programs(text)
        .filter(|found| !found.is_template() || !is_template(context, &context.variables, found.name))
}

/// The variable that a reference names, alone or in front of what other programs know there: `NAME:-value`. What stands behind it may
/// be a key, and a key may look like a name with something behind it.
fn variable_of(reference: &str) -> Option<&str> {
    const BEHIND: [&str; 8] = [":-", ":=", ":?", ":+", "-", "=", "?", "+"];
    let length = reference.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let (name, behind) = reference.split_at_checked(length)?;
    let mut keys = Vec::new();
    shaped_spans(reference, &mut keys);
    let is_reference = behind.is_empty() || BEHIND.iter().any(|sign| behind.starts_with(sign));
    (is_word(name) && is_reference && keys.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::UNEXPANDED_REFERENCE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn without_braces() {
        fires(
            &UNEXPANDED_REFERENCE,
            "\
--- config.yaml
model: {provider: custom, base_url: 'http://h/v1', api_key: $MY_KEY}
                                                            ^^^^^^^ PC510
providers:
  lab:
    base_url: http://localhost:8080/v1
    extra_headers:
      Authorization: \"$LAB_KEY\" # mine
                     ^^^^^^^^^^ PC510
--- fixed config.yaml
model: {provider: custom, base_url: 'http://h/v1', api_key: \"${MY_KEY}\"}
providers:
  lab:
    base_url: http://localhost:8080/v1
    extra_headers:
      Authorization: \"${LAB_KEY}\" # mine
--- says
The variable `MY_KEY` is not put in here
",
        );
    }

    #[test]
    fn in_the_form_of_another_program() {
        fires(
            &UNEXPANDED_REFERENCE,
            "\
--- config.yaml
model: {provider: custom:one, default: m}
providers:
  one: {base_url: 'http://h/v1', api_key: 'env:ONE_KEY'}
                                          ^^^^^^^^^^^^^ PC510
  two: {base_url: 'http://h/v1', api_key: '%TWO_KEY%'}
                                          ^^^^^^^^^^^ PC510
  three: {base_url: 'http://h/v1', api_key: $env:THREE_KEY}
                                            ^^^^^^^^^^^^^^ PC510
  four: {base_url: 'http://h/v1', api_key: '{{ FOUR_KEY }}'}
                                           ^^^^^^^^^^^^^^^^ PC510
  five: {base_url: 'http://h/v1', api_key: '{{ YOUR_API_KEY }}'}
  six: {base_url: 'env:local', api_key: sk-fake-six-0000}
--- .env
ONE_KEY=sk-fake-one-0000
--- environment
FOUR_KEY=sk-fake-four-0000
--- says
Hermes replaces `${ONE_KEY}` only. In any other form the text itself is used.
--- fixed config.yaml
model: {provider: custom:one, default: m}
providers:
  one: {base_url: 'http://h/v1', api_key: '${ONE_KEY}'}
  two: {base_url: 'http://h/v1', api_key: '%TWO_KEY%'}
  three: {base_url: 'http://h/v1', api_key: $env:THREE_KEY}
  four: {base_url: 'http://h/v1', api_key: '${FOUR_KEY}'}
  five: {base_url: 'http://h/v1', api_key: '{{ YOUR_API_KEY }}'}
  six: {base_url: 'env:local', api_key: sk-fake-six-0000}
",
        );
    }

    #[test]
    fn set_nowhere() {
        fires(
            &UNEXPANDED_REFERENCE,
            "\
--- config.yaml
providers:
  lab: {base_url: 'http://h/v1', api_key: '${LAB_KEY}'}
                                          ^^^^^^^^^^^^ PC510
  two: {base_url: 'http://h/${PATH_A}/${PATH_B}'}
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC510
  one: {base_url: 'http://h/v1', api_key: $NO_KEY}
                                          ^^^^^^^ PC510
--- .env
OTHER=1
--- environment
PATH=/bin
--- says
The variable `LAB_KEY` is neither in `.env` nor in the environment
",
        );
    }

    #[test]
    fn a_default_value() {
        fires(
            &UNEXPANDED_REFERENCE,
            "\
--- config.yaml
fallback_providers:
  - {provider: custom, model: m, base_url: '${BASE:-http://h/v1}'}
                                           ^^^^^^^^^^^^^^^^^^^^^^ PC510
--- says
it knows no default values
",
        );
    }

    /// Asked of 0.19.0: a name that begins with a digit is put in like any other.
    #[test]
    fn a_name_that_begins_with_a_digit() {
        let config = "--- config.yaml\nproviders:\n  nine:\n    base_url: https://r.example/v1\n    api_key: ${9ROUTER_API_KEY}\n";
        silent(&UNEXPANDED_REFERENCE, config);
        silent(
            &UNEXPANDED_REFERENCE,
            &[config, "--- .env\n9ROUTER_API_KEY=fake-nine-0000\n--- environment\nPATH=/bin\n"].concat(),
        );
        fires(
            &UNEXPANDED_REFERENCE,
            "\
--- config.yaml
providers:
  nine:
    base_url: https://r.example/v1
    api_key: ${9ROUTER_API_KEY}
             ^^^^^^^^^^^^^^^^^^ PC510
--- .env
OTHER=1
--- environment
PATH=/bin
--- says
The variable `9ROUTER_API_KEY` is neither in `.env` nor in the environment
",
        );
    }

    #[test]
    fn what_may_be_set_and_what_is_not_ours() {
        silent(
            &UNEXPANDED_REFERENCE,
            "\
--- config.yaml
model: {provider: custom, base_url: 'http://h/v1', api_key: '${MY_KEY}'}
providers:
  lab: {base_url: 'http://h/v1', api_key: 'cost $5'}
hooks: {x: '${HOME}/bin $PATH'}
mcp_servers: {x: {env: {A: $A}}}
",
        );
        silent(
            &UNEXPANDED_REFERENCE,
            "\
--- config.yaml
model: {provider: custom, base_url: 'http://h/v1', api_key: '${MY_KEY}'}
hooks: {x: '${NOWHERE}'}
--- .env
MY_KEY=sk-fake-mine-000000
--- no environment
",
        );
    }

    /// Read, not run: `_expand_env_vars` of 0.21.4 knows `${env:NAME}` and leaves other sources as they are.
    #[test]
    fn a_newer_release_knows_the_source_env() {
        fires(
            &UNEXPANDED_REFERENCE,
            "\
--- release 0.21.4
--- config.yaml
providers:
  lab: {base_url: 'http://h/v1', api_key: '${LAB_KEY:-x}'}
                                          ^^^^^^^^^^^^^^^ PC510
  two: {base_url: 'http://h/v1', api_key: '${env:TWO_KEY}'}
--- .env
TWO_KEY=sk-fake-two-000000
--- says
alone or behind `env:`
",
        );
    }

    #[test]
    fn then_the_variables_are_put_in() {
        fires(
            &UNEXPANDED_REFERENCE,
            "\
--- config.yaml
model:
  provider: custom
  default: m
  base_url: $LAB_URL
            ^^^^^^^^ PC510
  api_key: $LAB_KEY
           ^^^^^^^^ PC510
--- .env
LAB_URL=http://localhost:8080/v1
LAB_KEY=sk-fake-lab-000000
--- fixed config.yaml
model:
  provider: custom
  default: m
  base_url: \"${LAB_URL}\"
  api_key: \"${LAB_KEY}\"
--- then
endpoint: http://localhost:8080/v1
nothing is found
",
        );
    }
}
