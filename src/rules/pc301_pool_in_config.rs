//! PC301: a credential pool that is written in config.yaml, where Hermes does not read it.

use super::pools::add_command;
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextMap;

declare_rule! {
    /// A `credential_pool:` block in config.yaml is read by no part of Hermes, and nothing is said about it; nor is a list of keys
    /// under `api_keys` or the like. Pools live in auth.json, and `hermes auth add` fills them: once for each key. Only the strategy is set in
    /// config.yaml, under `credential_pool_strategies`.
    ///
    /// ```yaml fires
    /// model: {provider: gemini}
    /// credential_pool:
    ///   gemini:
    ///     - {label: first, api_key: AIza-fake-first-0000}
    /// ```
    /// ```yaml silent
    /// model: {provider: gemini}
    /// credential_pool_strategies: {gemini: round_robin}
    /// ```
    pub static POOL_IN_CONFIG = {
        code: "PC301", name: "pool-in-config", severity: Error, since: "0.1.0",
        fix: None,
        what: "Hermes does not read `{path}`: its keys are never used",
        why: "Credential pools live in auth.json. A pool in config.yaml is read by no part of Hermes and reported by none; config.yaml only holds the strategy, under `credential_pool_strategies`.",
        todo: "Take the block out of config.yaml and add each key with `hermes auth add{provider}`, once a key: Hermes asks for the key and stores it.",
        command: "{commands}",
    }
}

/// A command is shown whole or not at all, and texts of more than 400 characters are cut.
const LONGEST_COMMAND: usize = 380;

fn check(context: &Context<'_>, findings: &mut Findings) {
    let names = &context.pool_names;
    for block in &context.config_pools() {
        // The providers of the rows, and how many rows each has.
        let mut counts: TextMap<usize> = TextMap::new();
        let mut commands: Vec<String> = Vec::new();
        let (mut length, mut is_full) = (0, false);
        for (name, _) in &block.rows {
            let Some(provider) = name.and_then(|name| names.provider(name)) else { continue };
            let number = counts.get(&provider).copied().unwrap_or(0) + 1;
            counts.insert(&provider, number);
            let command = command_of(context, &provider, number);
            is_full |= length + command.len() > LONGEST_COMMAND;
            if !is_full {
                length += command.len() + 1;
                commands.push(command);
            }
        }
        let only = counts.iter().next().filter(|_| counts.len() == 1);
        findings
            .report(&POOL_IN_CONFIG, block.key)
            .with("path", block.path.as_str())
            .with("provider", only.map(|(id, _)| [" ", id].concat()).unwrap_or_default())
            .commands(&commands);
    }
}

/// The command that adds the key number `number` of `provider`.
pub(super) fn command_of(context: &Context<'_>, provider: &str, number: usize) -> String {
    if !context.takes_keys(provider) {
        return ["hermes auth add ", provider].concat();
    }
    let name = provider.strip_prefix("custom:").unwrap_or(provider);
    [&add_command(provider), " --label ", name, "-", &number.to_string()].concat()
}

#[cfg(test)]
mod tests {
    use super::POOL_IN_CONFIG;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_pool_at_the_root_is_named_with_its_commands() {
        fires(
            &POOL_IN_CONFIG,
            "\
--- config.yaml
model: {provider: google}
credential_pool:
^^^^^^^^^^^^^^^ PC301
  google:
    - {api_key: GEMINI_API_KEY_1}
    - {api_key: GEMINI_API_KEY_2}
--- says
hermes auth add gemini --type api-key --label gemini-1
hermes auth add gemini --type api-key --label gemini-2
with `hermes auth add gemini`
",
        );
    }

    #[test]
    fn other_places_and_shapes() {
        fires(
            &POOL_IN_CONFIG,
            "\
--- config.yaml
model:
  provider: deepseek
  credential_pool: [sk-fake-one-0000, sk-fake-two-0000]
  ^^^^^^^^^^^^^^^ PC301
credential_pools:
^^^^^^^^^^^^^^^^ PC301
  - {provider: deepseek, key: sk-fake-one-0000}
  - {provider: acme, key: sk-fake-two-0000}
providers:
  acme:
    base_url: https://acme.example/v1
    credential_pool: [{api_key: sk-fake-acme-0000}]
    ^^^^^^^^^^^^^^^ PC301
--- says
hermes auth add deepseek --type api-key --label deepseek-1
hermes auth add custom:acme --type api-key --label acme-1
`providers.acme.credential_pool`
",
        );
    }

    #[test]
    fn lists_of_keys_are_pools_by_another_name() {
        fires(
            &POOL_IN_CONFIG,
            "\
--- config.yaml
model: {provider: gemini}
api_keys:
^^^^^^^^ PC301
  gemini: [AIza-fake-one-0000, AIza-fake-two-0000]
providers:
  acme:
    base_url: https://acme.example/v1
    keys: [sk-fake-one-0000, sk-fake-two-0000]
    ^^^^ PC301
keys: {submit: enter}
--- says
hermes auth add gemini --type api-key --label gemini-2
hermes auth add custom:acme --type api-key --label acme-2
",
        );
    }

    #[test]
    fn a_pool_of_an_unknown_name_has_no_command() {
        let report = fires(
            &POOL_IN_CONFIG,
            "--- config.yaml\ncredential_pool: {mine: [sk-fake-one-0000]}\n^^^^^^^^^^^^^^^ PC301\n",
        );
        assert!(report.findings.iter().all(|finding| finding.command.is_none()));
    }

    #[test]
    fn strategies_and_empty_blocks_are_fine() {
        silent(
            &POOL_IN_CONFIG,
            "\
--- config.yaml
model: {provider: gemini}
credential_pool: {}
credential_pool_strategies: {gemini: fill_first}
--- auth.json
{\"version\": 1, \"providers\": {}, \"credential_pool\": {\"gemini\": []}}
",
        );
    }
}
