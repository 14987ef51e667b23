//! PC522: a setting names the variable of the key, and that variable is not set.

use super::references::is_name;
use super::settings::text_in;
use super::trial::{Change, replaced};
use super::variables::{Variable, mentioned, variables};
use super::{Context, Findings, declare_rule};
use crate::base::text::Place;
use crate::diagnostic::Safety;
use crate::python::{closest, strip};
use crate::secret::is_key_variable;

declare_rule! {
    /// `key_env` names the variable that holds the key of an endpoint. Where that variable is not set, Hermes says nothing and
    /// sends requests without a key. So it is with `api_key: ${NAME}`, but that Hermes sends that text itself in place of a key.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: "custom:lab"}
    /// custom_providers:
    ///   - name: lab
    ///     base_url: https://lab.example/v1
    ///     key_env: LAB_KEY
    /// --- .env
    /// LAB_TOKEN=sk-fake-key-000000
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: "custom:lab"}
    /// custom_providers:
    ///   - name: lab
    ///     base_url: https://lab.example/v1
    ///     key_env: LAB_KEY
    /// --- .env
    /// LAB_KEY=sk-fake-key-000000
    /// ```
    pub static UNSET_KEY_VARIABLE = {
        code: "PC522", name: "unset-key-variable", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "{what}",
        why: "{reason}",
        todo: "{way}",
        fix_title: "Write `{near}`",
        part nowhere: "`{name}` is set neither in `.env` nor in the environment",
        part not_in_dotenv: "`{name}` is not set in `.env`",
        part keyless: "Hermes takes the key from `{name}`, which `{path}` names. Without it requests go to {endpoint} without a key of yours.",
        part text: "`{path}` takes the key from it. Hermes leaves the text as it is, and sends that to {endpoint} in place of a key.",
        part text_unless: "`{path}` takes the key from it. Unless the environment of the process sets it, Hermes leaves the text as it is, and sends that to {endpoint} in place of a key.",
        part near: "`{near}` is set: write that name here, or call the variable `{name}`.",
        part set: "Set `{name}` in `.env`.",
    }
}

/// How close the name of a set variable has to be.
const CUTOFF: f64 = 0.6;

fn check(context: &Context<'_>, findings: &mut Findings) {
    if findings.has_repair() || !context.world.given.dotenv.is_given() {
        return;
    }
    if let Some(unset) = unset_reference(context) {
        findings
            .report(&UNSET_KEY_VARIABLE, unset.place)
            .with("path", unset.path.as_str())
            .with("name", unset.name)
            .with("near", unset.near)
            .with("endpoint", context.runtime().map_or("", |runtime| runtime.base_url.as_str()));
        if context.knows_environ() {
            findings.part("what", "nowhere").part("reason", "text");
        } else {
            findings.part("what", "not_in_dotenv").part("reason", "text_unless").as_warning();
        }
        findings.part("way", "near").change(unset.change);
        return;
    }
    if !context.lacks_credential() {
        return;
    }
    let Some(block) = context.custom_block() else { return };
    let Some(value) = block.dict.get("key_env") else { return };
    let name = value.value.as_str().map_or("", strip);
    let Some(place) = value.place.filter(|_| is_name(name) && !context.variables.contains(name)) else {
        return;
    };
    let near =
        near(context, name).filter(|near| context.sends_after(&vec![replaced(place, near.name)], near.value));
    findings
        .report(&UNSET_KEY_VARIABLE, place)
        .with("path", [&block.path, ".key_env"].concat())
        .with("name", name)
        .with("endpoint", context.runtime().map_or("", |runtime| runtime.base_url.as_str()))
        .part("reason", "keyless")
        .part("what", if context.knows_environ() { "nowhere" } else { "not_in_dotenv" });
    match near {
        Some(near) => {
            findings.with("near", near.name).part("way", "near").replace(place, near.name);
        }
        None => {
            findings.part("way", "set");
            // The process that runs Hermes may have it.
            if !context.knows_environ() {
                findings.as_note();
            }
        }
    }
}

/// A key that is written `${NAME}`, where the variable is not set and another one was meant.
pub(super) struct UnsetReference<'c> {
    /// Where the key is written.
    pub(super) place: Place,
    path: String,
    name: &'c str,
    near: &'c str,
    change: Change,
}

/// The key of the endpoint in use, where that is such a one.
pub(super) fn unset_reference<'c>(context: &'c Context<'_>) -> Option<UnsetReference<'c>> {
    let block = context.requested_block()?;
    let node = block.dict.get("api_key")?;
    let (written, place) = (node.value.as_str()?, node.place?);
    let name = strip(written).strip_prefix("${")?.strip_suffix('}').filter(|name| is_name(name))?;
    if context.variables.contains(name) || !is_key_variable(name) || !context.uses_value(written) {
        return None;
    }
    let near = near(context, name)?;
    let span = text_in(context.config_text(), place, &["${", name, "}"].concat())?;
    let change = vec![replaced(Place::new(place.source, span), &["${", near.name, "}"].concat())];
    let sends = context.sends_after(&change, near.value);
    sends.then_some(UnsetReference {
        place,
        path: [&block.path, ".api_key"].concat(),
        name,
        near: near.name,
        change,
    })
}

/// The set variable that is most like `name` and that nothing else refers to.
fn near<'c>(context: &'c Context<'_>, name: &str) -> Option<Variable<'c>> {
    let used = mentioned(context);
    let mut set = variables(context);
    set.retain(|own| {
        is_key_variable(own.name) && !used.contains(own.name) && !context.facts.env.knows(own.name)
    });
    let names: Vec<&str> = set.iter().map(|own| own.name).collect();
    let near = closest(name, &names, CUTOFF)?;
    set.into_iter().find(|own| own.name == near)
}

#[cfg(test)]
mod tests {
    use super::UNSET_KEY_VARIABLE;
    use crate::report::SeverityName;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_similar_variable_is_set() {
        fires(
            &UNSET_KEY_VARIABLE,
            "\
--- config.yaml
model: {provider: \"custom:lab\", default: m}
custom_providers:
  - name: lab
    base_url: https://lab.example/v1
    key_env: LAB_KEY
             ^^^^^^^ PC522
--- .env
LAB_TOKEN=sk-fake-key-000000
--- fixed config.yaml
model: {provider: \"custom:lab\", default: m}
custom_providers:
  - name: lab
    base_url: https://lab.example/v1
    key_env: LAB_TOKEN
--- says
`LAB_TOKEN` is set
--- then
Hermes uses LAB_TOKEN (env:LAB_TOKEN) for custom
nothing is found
",
        );
    }

    /// Sent as it stands: tests/evidence/PC510.json.
    #[test]
    fn a_reference_to_a_variable_with_a_similar_name() {
        let report = fires(
            &UNSET_KEY_VARIABLE,
            "\
--- config.yaml
providers:
  silicon:
    base_url: https://api.siliconflow.cn/v1
    api_key: ${SILICONFLOW_KEY}
             ^^^^^^^^^^^^^^^^^^ PC522
model: {provider: silicon, default: deepseek-ai/DeepSeek-V3}
--- .env
SILICONFLOW_API_KEY=sk-fake-key-000000000000
--- fixed config.yaml
providers:
  silicon:
    base_url: https://api.siliconflow.cn/v1
    api_key: ${SILICONFLOW_API_KEY}
model: {provider: silicon, default: deepseek-ai/DeepSeek-V3}
--- says
Unless the environment of the process sets it
`SILICONFLOW_API_KEY` is set
--- then
Hermes uses silicon (config:silicon) for custom
nothing is found
",
        );
        assert_eq!(report.findings[0].severity, SeverityName::Warning);
    }

    /// It is told once.
    #[test]
    fn a_reference_where_the_environment_is_known() {
        let report = fires(
            &UNSET_KEY_VARIABLE,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: 'https://lab.example/v1', api_key: '${LAB_KEY}'}
                                                                                   ^^^^^^^^^^^^ PC522
--- .env
LAB_TOKEN=sk-fake-key-000000000000
--- environment
PATH=/bin
--- fixed config.yaml
model: {provider: custom, default: m, base_url: 'https://lab.example/v1', api_key: '${LAB_TOKEN}'}
--- says
neither in `.env` nor in the environment
Hermes leaves the text as it is, and sends that to https://lab.example/v1
",
        );
        assert_eq!(report.findings.len(), 1);
    }

    #[test]
    fn a_reference_to_what_nothing_is_like() {
        silent(
            &UNSET_KEY_VARIABLE,
            "--- config.yaml\nmodel: {provider: custom, base_url: 'https://lab.example/v1', api_key: '${LAB_KEY}'}\n--- .env\nOTHER_SECRET=sk-fake-key-000000000000\n",
        );
    }

    #[test]
    fn nothing_like_it_is_set() {
        fires(
            &UNSET_KEY_VARIABLE,
            "\
--- config.yaml
model: {provider: lab, default: m}
providers:
  lab: {base_url: 'https://lab.example/v1', key_env: LAB_KEY}
                                                     ^^^^^^^ PC522
--- .env
TERMINAL_ENV=local
--- environment
PATH=/bin
--- says
neither in `.env` nor in the environment
Set `LAB_KEY` in `.env`.
",
        );
    }

    #[test]
    fn what_was_not_pasted_may_set_it() {
        silent(
            &UNSET_KEY_VARIABLE,
            "--- config.yaml\nmodel: {provider: lab}\nproviders:\n  lab: {base_url: 'https://lab.example/v1', key_env: LAB_KEY}\n",
        );
    }
}
