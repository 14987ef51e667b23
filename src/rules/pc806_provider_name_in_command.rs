//! PC806: a provider's name that `hermes auth` does not take.

use super::calls::{Call, first_taken, place};
use super::odd_names::expected_or_removed;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::hermes::commands::Adds;
use crate::python::{lower, strip};

declare_rule! {
    /// `hermes auth` takes the ids of providers and the names of custom providers, and hardly any other name of them: `google` stands
    /// for `gemini` in config.yaml, but `hermes auth add google` ends with "Unknown provider", and `hermes auth list google` shows an
    /// empty pool without a word. Other names that the registry does know, as `fw` for `fireworks`, make a pool of
    /// their own that no resolution reads.
    ///
    /// ```commands fires
    /// hermes auth add google --type api-key
    /// ```
    /// ```commands silent
    /// hermes auth add gemini --type api-key
    /// ```
    pub static PROVIDER_NAME_IN_COMMAND = {
        code: "PC806", name: "provider-name-in-command", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "{what}",
        why: "{why}",
        todo: "{way}",
        command: "{commands}",
        fix_title: "Write `{id}`",
        part name: "`hermes auth` does not know the provider `{name}`",
        part row: "No part of Hermes reads the pool `{name}`",
        part alias: "`{name}` is only another name of `{id}`: `model.provider` takes it, `hermes auth` does not.",
        part other: "Hermes resolves `{name}` to `{id}` and looks into the pool of that name.",
        part unknown: "It is neither the id of a provider of this release nor a custom provider of your config.yaml.",
        part nobody: "No provider of this release has this id.",
        part write: "Write `{id}`.",
        part instead: "Use {instead}.",
        part list: "Choose one of those that `hermes model` lists.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let names = &context.pool_names;
    let is_plugin = |call: &Call| matches!(call.path(), "plugins install" | "plugins enable");
    let has_plugin = context.calls.iter().any(is_plugin);
    for call in context.calls.iter().filter(|call| call.is_whole()) {
        let (Some((name, word)), Some(adds)) = (call.provider(), &call.adds) else { continue };
        let is_about_pools = ["auth add", "auth list", "auth remove", "auth reset"].contains(&call.path());
        if !is_about_pools {
            continue;
        }
        let own = lower(strip(name));
        let id = names.canonical(&own);
        let is_row = match adds {
            Ok(Adds::Key(pool) | Adds::Login(pool)) => {
                if *pool != own || id.is_none_or(|id| *id == own) {
                    continue;
                }
                true
            }
            Err(stop) if stop.unmodelled().is_some() => continue,
            // A login that a provider does not have is no question of its name.
            Err(_) if context.facts.providers.contains_key(&own) => continue,
            Err(_) => false,
        };
        let known = expected_or_removed(&own);
        // Without config.yaml it may be a custom provider.
        // Nor without the plugin that a command of the same paste installs.
        if id.is_none() && known.is_none() && (has_plugin || !context.world.given.config.is_given()) {
            continue;
        }
        let is_alias = id.is_some();
        let id = id.or(known.and_then(|known| known.id));
        let command = match id {
            Some(id) if call.path() == "auth add" => {
                first_taken(context.facts, "hermes auth add PROVIDER", id)
            }
            _ => None,
        };
        findings
            .report(&PROVIDER_NAME_IN_COMMAND, place(word.span))
            .with("name", own.as_str())
            .with("id", id.unwrap_or(""))
            .with("instead", known.map_or("", |known| known.instead))
            .part("what", if is_row { "row" } else { "name" })
            .part(
                "why",
                if is_row {
                    "other"
                } else if is_alias {
                    "alias"
                } else if context.world.given.config.is_given() {
                    "unknown"
                } else {
                    "nobody"
                },
            )
            .part(
                "way",
                if id.is_some() {
                    "write"
                } else if known.is_some() {
                    "instead"
                } else {
                    "list"
                },
            )
            .command("commands", command.as_deref());
        if let Some(id) = id.filter(|_| word.span.of(context.text_of(place(word.span).source)) == name) {
            findings.replace(place(word.span), id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PROVIDER_NAME_IN_COMMAND;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn names_that_config_yaml_takes() {
        fires(
            &PROVIDER_NAME_IN_COMMAND,
            "\
--- commands
hermes auth add google
                ^^^^^^ PC806
hermes auth list Claude
                 ^^^^^^ PC806
hermes auth add fw --type api-key
                ^^ PC806
hermes auth add openai
                ^^^^^^ PC806
hermes auth add google-gemini-cli
                ^^^^^^^^^^^^^^^^^ PC806
--- fixed commands
hermes auth add gemini
hermes auth list anthropic
hermes auth add fireworks --type api-key
hermes auth add openai
hermes auth add gemini
--- says
`hermes auth` does not know the provider `google`
hermes auth add gemini
No part of Hermes reads the pool `fw`
No provider of this release has this id
Use `openai-api`
",
        );
    }

    #[test]
    fn a_name_of_nobody_where_config_yaml_is_known() {
        fires(
            &PROVIDER_NAME_IN_COMMAND,
            "--- no config.yaml\n--- commands\nhermes auth add lab\n                ^^^ PC806\nhermes auth add claude\n                ^^^^^^ PC806\n--- fixed commands\nhermes auth add lab\nhermes auth add anthropic\n",
        );
        silent(&PROVIDER_NAME_IN_COMMAND, "--- commands\nhermes auth add lab\n");
    }

    #[test]
    fn names_that_are_taken() {
        silent(
            &PROVIDER_NAME_IN_COMMAND,
            "--- config.yaml\ncustom_providers:\n  - {name: Google, base_url: 'http://localhost:8080/v1'}\n--- commands\nhermes auth add google\nhermes auth add GEMINI\nhermes auth add or\nhermes auth list custom:x\nhermes auth status spotify\nhermes auth add $P\n",
        );
    }

    #[test]
    fn then_the_command_is_about_the_pool_that_is_read() {
        fires(
            &PROVIDER_NAME_IN_COMMAND,
            "\
--- commands
hermes auth add google --type api-key
                ^^^^^^ PC806
hermes auth list Claude
                 ^^^^^^ PC806
hermes auth reset fw
                  ^^ PC806
--- fixed commands
hermes auth add gemini --type api-key
hermes auth list anthropic
hermes auth reset fireworks
--- then
nothing is found
",
        );
    }
}
