//! PC810: a key on a command line.

use super::calls::{Call, first_taken, place};
use super::{Context, Findings, declare_rule, is_placeholder};
use crate::facts::services::strange_to;
use crate::hermes::commands::Adds;
use crate::readers::commands::Word;
use crate::secret::names_a_secret;

declare_rule! {
    /// A shell keeps what is typed: a key in a command stays in the history file, and others on the machine may see it while the command
    /// runs. `hermes auth add` asks for the key where `--api-key` is left out, and shows nothing of it.
    ///
    /// ```commands fires
    /// hermes auth add gemini --type api-key --api-key AIza-fake-one-000000
    /// ```
    /// ```commands silent
    /// hermes auth add gemini --type api-key
    /// hermes auth add gemini --type api-key --api-key "$GEMINI_API_KEY"
    /// ```
    pub static KEY_IN_COMMAND = {
        code: "PC810", name: "key-in-command", severity: Info, since: "0.1.0",
        fix: None,
        what: "A key on the command line stays in the shell's history",
        why: "A shell keeps what is typed, and while the command runs others on the machine may see its words.",
        todo: "{way}",
        command: "{commands}",
        part ask: "Leave the key out: Hermes asks for it and shows nothing of it.",
        part file: "Write the key into the file with an editor; this tells where the file is.",
        part edit: "Write the key into the file with an editor; this opens it.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let names = &context.pool_names;
    for call in &context.calls {
        let Some(word) = key_of(call).filter(|word| !word.is_open) else { continue };
        let value = word.text.split_once('=').map_or(word.text.as_str(), |(_, value)| value);
        let is_alone = word.text.as_str();
        if value.is_empty() || [value, is_alone].iter().any(|text| is_placeholder(context.facts, text)) {
            continue;
        }
        let (way, wanted) = match (call.path(), call.setting()) {
            ("config set", Some((key, ..))) if key.contains('.') => ("edit", "hermes config edit"),
            ("auth add", _) => ("ask", "hermes auth add PROVIDER --type api-key"),
            _ => ("file", "hermes config env-path"),
        };
        let provider = match &call.adds {
            Some(Ok(Adds::Key(pool) | Adds::Login(pool))) => pool.clone(),
            _ => call.meant_provider(names),
        };
        // PC551 says where such a key belongs: not into this pool.
        let is_strange = strange_to(context.facts, &provider, value).is_some();
        let command = first_taken(context.facts, wanted, &provider).filter(|_| !is_strange);
        findings
            .report(&KEY_IN_COMMAND, place(word.span))
            .part("way", way)
            .command("commands", command.as_deref());
    }
}

/// The word of a call that holds a key.
pub(super) fn key_of(call: &Call) -> Option<&Word> {
    if let Some((_, word)) = call.value("--api-key") {
        return Some(word);
    }
    if let Some((key, _, _, word)) = call.setting()
        && names_a_secret(key.rsplit('.').next().unwrap_or(""))
    {
        return Some(word);
    }
    let is_key = |word: &&Word| word.text.split_once('=').is_some_and(|(name, _)| names_a_secret(name));
    call.invocation.variables.iter().find(is_key)
}

#[cfg(test)]
mod tests {
    use super::KEY_IN_COMMAND;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn keys_in_options_settings_and_variables() {
        fires(
            &KEY_IN_COMMAND,
            "\
--- commands
hermes auth add gemini --type api-key --api-key AIza-fake-one-000000
                                                ^^^^^^^^^^^^^^^^^^^^ PC810
hermes config set OPENROUTER_API_KEY sk-or-fake-one-000000
                                     ^^^^^^^^^^^^^^^^^^^^^ PC810
hermes config set model.api_key 'sk-fake-one-000000'
                                ^^^^^^^^^^^^^^^^^^^^ PC810
GEMINI_API_KEY=AIza-fake-two-000000 hermes chat
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC810
--- says
stays in the shell's history
hermes auth add gemini --type api-key
hermes config env-path
hermes config edit
",
        );
    }

    #[test]
    fn no_key() {
        silent(
            &KEY_IN_COMMAND,
            "--- commands\nhermes auth add gemini --api-key $KEY\nhermes auth add gemini --api-key your_api_key_here\nhermes auth add gemini --api-key <key>\nhermes config set model.default gpt\nA=b hermes chat\n",
        );
    }
}
