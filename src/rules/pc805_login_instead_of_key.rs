//! PC805: `--api-key` for a provider whose login is opened instead.

use super::calls::{first_taken, place};
use super::{Context, Findings, declare_rule};
use crate::hermes::commands::Adds;

declare_rule! {
    /// For a provider that people log in to, as Anthropic or OpenAI Codex, `hermes auth add` opens the login unless `--type api-key`
    /// says otherwise. A key behind `--api-key` is then not looked at.
    ///
    /// ```commands fires
    /// hermes auth add anthropic --api-key sk-fake-one-000000
    /// ```
    /// ```commands silent
    /// hermes auth add anthropic --type api-key
    /// hermes auth add anthropic
    /// ```
    pub static LOGIN_INSTEAD_OF_KEY = {
        code: "PC805", name: "login-instead-of-key", severity: Error, since: "0.1.0",
        fix: None,
        what: "`hermes auth add {provider}` opens a login and does not look at `--api-key`",
        why: "`{provider}` is a provider that people log in to: without `--type api-key` the command starts its login.",
        todo: "Say that it is a key. Hermes asks for it, so that it need not stand in the command.",
        command: "{commands}",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for call in context.calls.iter().filter(|call| call.path() == "auth add" && call.is_whole()) {
        let (Some((_, word)), Some(Ok(Adds::Login(provider)))) = (call.value("--api-key"), &call.adds) else {
            continue;
        };
        if call.reading.as_ref().is_some_and(|reading| reading.is_refused()) {
            continue;
        }
        let command = first_taken(context.facts, "hermes auth add PROVIDER --type api-key", provider);
        findings
            .report(&LOGIN_INSTEAD_OF_KEY, place(word.span))
            .with("provider", provider.as_str())
            .command("commands", command.as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::LOGIN_INSTEAD_OF_KEY;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_key_for_a_provider_with_a_login() {
        fires(
            &LOGIN_INSTEAD_OF_KEY,
            "\
--- commands
hermes auth add anthropic --label a --api-key 'sk-fake-one-000000'
                                              ^^^^^^^^^^^^^^^^^^^^ PC805
hermes auth add xai-oauth --type oauth --api-key=xai-fake-one-000000
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC805
--- says
`hermes auth add anthropic` opens a login
hermes auth add anthropic --type api-key
",
        );
    }

    #[test]
    fn a_key_that_is_taken() {
        silent(
            &LOGIN_INSTEAD_OF_KEY,
            "--- commands\nhermes auth add anthropic --type api-key --api-key $KEY\nhermes auth add gemini --api-key $KEY\nhermes auth add nobody --api-key $KEY\n",
        );
    }
}
