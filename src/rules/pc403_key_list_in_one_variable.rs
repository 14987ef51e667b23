//! PC403: several keys in one variable, which Hermes takes for one key.

use super::variables::{Flaw, MOST_COMMANDS, add_commands, flawed, numbers, way_of_keys};
use super::{Context, Findings, declare_rule, provider_of_key};
use crate::facts::services::Service;
use crate::python::strip;

declare_rule! {
    /// A variable holds one key. Hermes does not split a list in it: the whole text, commas and all, is sent as one key,
    /// and the provider refuses it. Several keys stand in the provider's credential pool.
    ///
    /// ```env fires
    /// MINIMAX_API_KEY=sk-fake-one-000000,sk-fake-two-000000
    /// ```
    /// ```env silent
    /// MINIMAX_API_KEY=sk-fake-one-000000
    /// TELEGRAM_ALLOWED_USERS=100000000001,100000000002
    /// ```
    pub static KEY_LIST_IN_ONE_VARIABLE = {
        code: "PC403", name: "key-list-in-one-variable", severity: Error, since: "0.1.0",
        fix: None,
        what: "`{name}` holds {count} keys; Hermes sends the whole text as one",
        why: "Hermes does not split the value of a variable. Several keys of `{provider}` belong in its credential pool.",
        todo: "{way}",
        command: "{commands}",
        label other: "Hermes takes this for a part of the same key",
        part add: "Leave one key in `{name}` and add the others to the pool; Hermes asks for each.",
        part one: "Leave the one key in `{name}` that Hermes shall use.",
        part command: "hermes auth add {provider} --type api-key --label {label}",
        part commands: "{before}\n{command}",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for (variable, flaw) in flawed(context) {
        let Some(provider) = provider_of_key(context.facts, variable.name, false) else { continue };
        let Flaw::List(keys) = flaw else { continue };
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { continue };
        // `hermes auth add` stores the provider's usual endpoint, which does not know such a key.
        let is_told_by_beginning = Service::of_key(strip(variable.value))
            .is_some_and(|owner| owner.provider == provider && !owner.is_default_of(provider, context.facts));
        let is_added = !is_told_by_beginning && way_of_keys(context, provider) == "add";
        findings
            .report(&KEY_LIST_IN_ONE_VARIABLE, variable.part_place(context, first.to(*last)))
            .with("name", variable.name)
            .with("count", keys.len())
            .with("provider", provider)
            .part("way", if is_added { "add" } else { "one" });
        // The first key stays.
        if !is_added {
            findings.without_command();
        } else {
            let numbers = numbers(2, keys.len());
            add_commands(findings, &KEY_LIST_IN_ONE_VARIABLE, provider, variable.name, &numbers);
        }
        for other in keys.iter().skip(1).take(MOST_COMMANDS) {
            findings.label("other", Some(variable.part_place(context, *other)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::KEY_LIST_IN_ONE_VARIABLE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn commas_semicolons_and_blanks_separate_nothing_for_hermes() {
        fires(
            &KEY_LIST_IN_ONE_VARIABLE,
            "\
--- .env
GEMINI_API_KEY=AIza-fake-one-000000,AIza-fake-two-000000
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC403
MINIMAX_API_KEY='sk-fake-one-000000; sk-fake-two-000000'
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC403
GLM_API_KEY=fake-one-000000 fake-two-000000
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC403
--- environment
DEEPSEEK_API_KEY=[\"sk-fake-one-000000\",\"sk-fake-two-000000\"]
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC403
--- says
`GEMINI_API_KEY` holds 2 keys; Hermes sends the whole text as one
hermes auth add minimax --type api-key --label minimax-2
hermes auth add deepseek --type api-key --label deepseek-2
",
        );
    }

    #[test]
    fn a_comma_makes_a_list_whatever_the_keys_look_like() {
        fires(
            &KEY_LIST_IN_ONE_VARIABLE,
            "\
--- .env
MINIMAX_API_KEY=fake-a1,fake-b2
                ^^^^^^^^^^^^^^^ PC403
GLM_API_KEY=a, b, c
            ^^^^^^^ PC403
--- says
`MINIMAX_API_KEY` holds 2 keys; Hermes sends the whole text as one
`GLM_API_KEY` holds 3 keys
",
        );
    }

    #[test]
    fn one_key_and_other_lists_are_fine() {
        silent(
            &KEY_LIST_IN_ONE_VARIABLE,
            "\
--- .env
GEMINI_API_KEY=AIza-fake-one-000000
GLM_API_KEY=fake-one-000000.fake-two-000000
TELEGRAM_ALLOWED_USERS=100000000001,100000000002
OPENAI_API_KEY=Bearer sk-fake-one-000000
MOONSHOT_API_KEYS=sk-fake-one-000000,sk-fake-two-000000
DEEPSEEK_API_KEY=
--- environment
DEEPSEEK_API_KEY=sk-fake-one-000000,sk-fake-two-000000
",
        );
    }
}
