//! PC403: several keys in one variable, which Hermes takes for one key.

use super::variables::{Flaw, has_pool, label_stem, variables};
use super::{Context, Findings, declare_rule, provider_of_key};
use crate::diagnostic::Message;

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

/// More commands and labels than this help nobody.
const MOST_SHOWN: usize = 20;

fn check(context: &Context<'_>, findings: &mut Findings) {
    for variable in variables(context) {
        let Some(provider) = provider_of_key(context.facts, variable.name, false) else { continue };
        let Some(Flaw::List(keys)) = variable.flaw(context) else { continue };
        let Some(first) = keys.first() else { continue };
        let way = if has_pool(provider) { "add" } else { "one" };
        let whole = keys.iter().fold(*first, |whole, key| whole.to(*key));
        let mut finding = findings
            .report(&KEY_LIST_IN_ONE_VARIABLE, variable.part_place(context, whole))
            .with("name", variable.name)
            .with("count", keys.len())
            .with("provider", provider)
            .with("way", KEY_LIST_IN_ONE_VARIABLE.part(way).with("name", variable.name));
        finding = match commands(provider, variable.name, keys.len()) {
            Some(commands) if has_pool(provider) => finding.with("commands", commands),
            _ => finding.without_command(),
        };
        for other in keys.iter().skip(1).take(MOST_SHOWN) {
            finding = finding.label("other", variable.part_place(context, *other));
        }
        finding.done();
    }
}

/// A command for each key but the first, which stays.
fn commands(provider: &'static str, name: &str, count: usize) -> Option<Message> {
    let stem = label_stem(name);
    let lines = (2..=count.min(MOST_SHOWN)).map(|number| {
        let label = format!("{stem}-{number}");
        KEY_LIST_IN_ONE_VARIABLE.part("command").with("provider", provider).with("label", label)
    });
    lines.reduce(|before, command| {
        KEY_LIST_IN_ONE_VARIABLE.part("commands").with("before", before).with("command", command)
    })
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
