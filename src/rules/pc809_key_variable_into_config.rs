//! PC809: `hermes config set` puts the name of a key into config.yaml, where no key is read.

use super::calls::{first_taken, place};
use super::pc407_wrong_case_name::of_stem;
use super::variables::key_variables;
use super::{Context, Findings, declare_rule, provider_of_key};
use crate::hermes::commands::{Written, config_set};
use crate::secret::is_key_variable;

declare_rule! {
    /// `hermes config set NAME KEY` writes into `.env` where the name ends in `_API_KEY` or `_TOKEN`, and a few others. Any other name
    /// becomes a setting of config.yaml: `GEMINI_API_KEY_2` stands there as a root key that no pool reads.
    ///
    /// ```commands fires
    /// hermes config set GEMINI_API_KEY_2 AIza-fake-two-000000
    /// ```
    /// ```commands silent
    /// hermes config set GEMINI_API_KEY AIza-fake-one-000000
    /// ```
    pub static KEY_VARIABLE_INTO_CONFIG = {
        code: "PC809", name: "key-variable-into-config", severity: Error, since: "0.1.0",
        fix: None,
        what: "`hermes config set` writes `{name}` into config.yaml, not into `.env`",
        why: "Only names that end in `_API_KEY` or `_TOKEN`, and a few others, go into `.env`. In config.yaml no pool reads the key.",
        todo: "{way}",
        command: "{commands}",
        part pool: "Add the key to the pool of `{provider}`; Hermes asks for it.",
        part file: "Write the variable into `.env` itself; this prints where it is.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for call in context.calls.iter().filter(|call| call.is_whole()) {
        let Some((key, value, word, _)) = call.setting() else { continue };
        if !is_key_variable(key) || !matches!(config_set(context.facts, key, value), Ok(Written::Config(..)))
        {
            continue;
        }
        let base = key.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
        let single = base.strip_suffix('S').unwrap_or(base);
        let provider = provider_of_key(context.facts, base, false)
            .or_else(|| provider_of_key(context.facts, single, false))
            .or_else(|| Some(of_stem(context.facts, &key_variables(context.facts, true), single)?.1));
        let (way, wanted) = match provider {
            Some(_) => ("pool", "hermes auth add PROVIDER --type api-key"),
            None => ("file", "hermes config env-path"),
        };
        findings
            .report(&KEY_VARIABLE_INTO_CONFIG, place(word.span))
            .with("name", key)
            .with("provider", provider.unwrap_or(""))
            .part("way", way)
            .command("commands", first_taken(context.facts, wanted, provider.unwrap_or("")).as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::KEY_VARIABLE_INTO_CONFIG;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn names_that_are_no_variables_of_keys_to_the_command() {
        fires(
            &KEY_VARIABLE_INTO_CONFIG,
            "\
--- commands
hermes config set GEMINI_API_KEY_2 AIza-fake-two-000000
                  ^^^^^^^^^^^^^^^^ PC809
hermes config set GEMINI_API_KEYS AIza-fake-one-000000,AIza-fake-two-000000
                  ^^^^^^^^^^^^^^^ PC809
hermes config set OPENROUTER_KEY sk-or-fake-one-000000
                  ^^^^^^^^^^^^^^ PC809
hermes config set MY_SECRET fake-secret-fake-000000
                  ^^^^^^^^^ PC809
--- says
writes `GEMINI_API_KEY_2` into config.yaml
hermes auth add gemini --type api-key
hermes auth add openrouter --type api-key
hermes config env-path
",
        );
    }

    #[test]
    fn names_that_go_into_dotenv() {
        silent(
            &KEY_VARIABLE_INTO_CONFIG,
            "--- commands\nhermes config set GEMINI_API_KEY AIza-fake-one-000000\nhermes config set FAL_KEY fal-fake-000000\nhermes config set HF_TOKEN hf_fake-000000\nhermes config set model.default x\n",
        );
    }
}
