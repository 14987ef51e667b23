//! PC522: a setting names the variable of the key, and that variable is not set.

use super::trial::replaced;
use super::variables::{Variable, is_name, mentioned, variables};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::python::{closest, strip};
use crate::secret::is_key_variable;

declare_rule! {
    /// `key_env` names the variable that holds the key of an endpoint. Where that variable is not set, Hermes says nothing and
    /// sends requests without a key.
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
        why: "Hermes takes the key from `{name}`, which `{path}` names. Without it requests go to {endpoint} without a key of yours.",
        todo: "{way}",
        fix_title: "Write `{near}`",
        part nowhere: "`{name}` is set neither in `.env` nor in the environment",
        part not_in_dotenv: "`{name}` is not set in `.env`",
        part near: "`{near}` is set: write that name here, or call the variable `{name}`.",
        part set: "Set `{name}` in `.env`.",
    }
}

/// How close the name of a set variable has to be.
const CUTOFF: f64 = 0.6;

fn check(context: &Context<'_>, findings: &mut Findings) {
    if !context.lacks_credential() || findings.has_repair() || !context.world.dotenv.is_given() {
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
