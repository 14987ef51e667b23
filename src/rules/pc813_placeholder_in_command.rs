//! PC813: a placeholder where a command wants a key.

use super::calls::{first_taken, place};
use super::pc810_key_in_command::key_of;
use super::{Context, Findings, declare_rule, is_placeholder};
use crate::hermes::commands::{Adds, Written, config_set};

declare_rule! {
    /// Lines of tutorials hold placeholders: `your_api_key_here`. Hermes stores what it is given; a placeholder in a pool is an entry that
    /// takes its turn and that the provider refuses.
    ///
    /// ```commands fires
    /// hermes auth add gemini --type api-key --api-key your_api_key_here
    /// ```
    /// ```commands silent
    /// hermes auth add gemini --type api-key
    /// ```
    pub static PLACEHOLDER_IN_COMMAND = {
        code: "PC813", name: "placeholder-in-command", severity: Info, since: "0.1.0",
        fix: None,
        what: "What stands here is a placeholder, not a key",
        why: "Hermes stores what it is given. In a pool a placeholder takes its turn like a key, and the provider refuses it.",
        todo: "{way}",
        command: "{commands}",
        part ask: "Leave it out: Hermes asks for the key and shows nothing of it.",
        part file: "Write the key itself into the file with an editor; this tells where the file is.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for call in &context.calls {
        let Some(word) = key_of(call).filter(|word| !word.is_open) else { continue };
        let value = word.text.split_once('=').map_or(word.text.as_str(), |(_, value)| value);
        if value.is_empty() || !is_placeholder(context.facts, value) {
            continue;
        }
        let pool = match &call.adds {
            Some(Ok(Adds::Key(pool) | Adds::Login(pool))) => Some(pool.as_str()),
            _ => None,
        };
        let goes_into_config = call.setting().is_some_and(|(key, value, ..)| {
            matches!(config_set(context.facts, key, value), Ok(Written::Config(..)))
        });
        let (way, wanted) = match pool {
            Some(_) => ("ask", "hermes auth add PROVIDER --type api-key"),
            None if goes_into_config => ("file", "hermes config path"),
            None => ("file", "hermes config env-path"),
        };
        findings
            .report(&PLACEHOLDER_IN_COMMAND, place(word.span))
            .part("way", way)
            .command("commands", first_taken(context.facts, wanted, pool.unwrap_or("")).as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::PLACEHOLDER_IN_COMMAND;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn placeholders_of_tutorials() {
        fires(
            &PLACEHOLDER_IN_COMMAND,
            "\
--- commands
hermes auth add gemini --type api-key --api-key your_api_key_here
                                                ^^^^^^^^^^^^^^^^^ PC813
hermes config set OPENROUTER_API_KEY your-key-here
                                     ^^^^^^^^^^^^^ PC813
--- says
is a placeholder, not a key
hermes auth add gemini --type api-key
hermes config env-path
",
        );
    }

    #[test]
    fn keys_and_what_is_not_known() {
        silent(
            &PLACEHOLDER_IN_COMMAND,
            "--- commands\nhermes auth add gemini --api-key <key>\nhermes auth add gemini --api-key AIza-fake-one-000000\nhermes config set model.default your-key-here\n",
        );
    }
}
