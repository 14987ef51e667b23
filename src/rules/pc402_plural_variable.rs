//! PC402: keys in a variable with a plural name, `GEMINI_API_KEYS`, which Hermes does not read.

use super::variables::{
    add_commands, mentioned, named_variables, numbers, pieces, rename_key, set_names, stored_keys,
    way_of_keys,
};
use super::{Context, Findings, declare_rule, provider_of_key};
use crate::diagnostic::Safety;

declare_rule! {
    /// Some programs take several keys from one variable with a plural name, such as `GEMINI_API_KEYS`. Hermes does not:
    /// it reads `GEMINI_API_KEY`, and several keys stand in the provider's credential pool.
    ///
    /// ```env fires
    /// GEMINI_API_KEYS=AIza-fake-one-000000,AIza-fake-two-000000
    /// ```
    /// ```env silent
    /// GEMINI_API_KEY=AIza-fake-one-000000
    /// MY_APP_KEYS=a,b
    /// ```
    pub static PLURAL_VARIABLE = {
        code: "PC402", name: "plural-variable", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "Hermes does not read `{name}`",
        why: "Hermes reads `{base}`, with one key in it; several keys of `{provider}` belong in its credential pool.",
        todo: "{way}",
        command: "{commands}",
        fix_title: "Rename it to `{base}`",
        part add: "Add each key to the pool (Hermes asks for it), then delete the variable.",
        part one: "Put the one key that Hermes shall use into `{base}`.",
part kept_from: "Adding the keys to the pool would not help: as things stand Hermes does not ask it for this endpoint.",
        part command: "hermes auth add {provider} --type api-key --label {label}",
        part commands: "{before}\n{command}",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let (mentioned, stored, set) = (mentioned(context), stored_keys(context), set_names(context));
    for variable in &named_variables(context) {
        let Some(base) = variable.name.strip_suffix('S') else { continue };
        let Some(provider) = provider_of_key(context.facts, base, true) else { continue };
        let keys = pieces(variable.value);
        let is_stored = !keys.is_empty() && keys.iter().all(|key| stored.contains(key.of(variable.value)));
        if mentioned.contains(variable.name) || context.facts.env.knows(variable.name) || is_stored {
            continue;
        }
        let way = way_of_keys(context, provider);
        findings
            .report(&PLURAL_VARIABLE, variable.name_place)
            .with("name", variable.name)
            .with("base", base)
            .with("provider", provider)
            .part("way", way);
        if way == "kept_from" {
            findings.without_command().as_note();
            continue;
        }
        let numbers = numbers(1, keys.len().max(1));
        add_commands(findings, &PLURAL_VARIABLE, provider, base, &numbers);
        if !set.contains(base) {
            rename_key(context, findings, variable, base);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PLURAL_VARIABLE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_pool_that_is_not_asked_gets_no_command() {
        fires(
            &PLURAL_VARIABLE,
            "\
--- config.yaml
model: {default: kimi-k2.5, base_url: 'https://llm.example/v1'}
--- .env
OPENROUTER_API_KEYS=sk-or-fake-india-827
^^^^^^^^^^^^^^^^^^^ PC402
--- no auth.json
--- says
Adding the keys to the pool would not help
",
        );
    }

    #[test]
    fn a_variable_whose_value_stands_elsewhere() {
        fires(
            &PLURAL_VARIABLE,
            "\
--- environment
kind: Deployment
spec:
  containers:
  - image: x/hermes-agent
    env:
    - name: GEMINI_API_KEYS
            ^^^^^^^^^^^^^^^ PC402
      valueFrom: {secretKeyRef: {name: keys, key: all}}
",
        );
    }

    #[test]
    fn a_list_of_keys_in_a_plural_variable_gets_a_command_for_each() {
        fires(
            &PLURAL_VARIABLE,
            "\
--- .env
GEMINI_API_KEYS=AIza-fake-one-000000,AIza-fake-two-000000
^^^^^^^^^^^^^^^ PC402
--- environment
ANTHROPIC_TOKENS=sk-ant-fake-one-000000;sk-ant-fake-two-000000
^^^^^^^^^^^^^^^^ PC402
--- says
hermes auth add gemini --type api-key --label gemini-2
hermes auth add anthropic --type api-key --label anthropic-2
",
        );
    }

    #[test]
    fn one_key_in_it_may_go_to_the_variable() {
        fires(
            &PLURAL_VARIABLE,
            "\
--- config.yaml
model: {provider: gemini}
--- .env
GEMINI_API_KEYS=AIza-fake-one-000000
^^^^^^^^^^^^^^^ PC402
--- fixed .env
GEMINI_API_KEY=AIza-fake-one-000000
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
",
        );
    }

    #[test]
    fn other_plurals_and_empty_ones_are_fine() {
        silent(
            &PLURAL_VARIABLE,
            "\
--- config.yaml
custom_providers:
  - {name: other, base_url: 'https://other.example/v1', key_env: DEEPSEEK_API_KEYS}
--- .env
GEMINI_API_KEYS=
MY_API_KEYS=fake-000000000000,fake-000000000001
TELEGRAM_ALLOWED_USERS=1,2
DEEPSEEK_API_KEYS=sk-fake-one-000000
",
        );
    }
}
