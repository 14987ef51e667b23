//! PC303: the name of a variable where config.yaml has a key.

use super::pc301_pool_in_config::command_of;
use super::pools::key_of_row;
use super::variables::{StandIn, stand_in};
use super::{Context, Findings, declare_rule};
use crate::base::collections::{TextMap, TextSet};
use crate::base::text::Places;
use crate::python::{Node, strip};
use crate::secret::is_key_variable;

declare_rule! {
    /// A value of config.yaml is taken as it stands: the name of a variable where a key belongs is sent as the
    /// key. In the block of an endpoint, `key_env: NAME` names a variable, and `${NAME}` puts its value in. A pool
    /// takes no names of variables at all: `hermes auth add` asks for the key itself.
    ///
    /// ```yaml fires
    /// model: {provider: custom, base_url: "https://acme.example/v1", api_key: ACME_API_KEY}
    /// ```
    /// ```yaml silent
    /// custom_providers:
    ///   - {name: acme, base_url: "https://acme.example/v1", key_env: ACME_API_KEY}
    ///   - {name: other, base_url: "https://other.example/v1", api_key: "${OTHER_API_KEY}"}
    /// ```
    pub static ENV_NAME_AS_VALUE = {
        code: "PC303", name: "env-name-as-value", severity: Error, since: "0.1.0",
        fix: Some(crate::diagnostic::Safety::Safe),
        what: "`{name}` is the name of a variable, and stands where a key belongs",
        why: "Hermes takes what stands in config.yaml literally: it does not look for a variable of that name.",
        todo: "{way}",
        command: "{command}",
        fix_title: "Write `${{{name}}}`",
        part pool: "A pool takes keys, not names of variables: add the key itself, the value of `{name}`, when `hermes auth add` asks for it.",
        part endpoint: "Write `${{{name}}}`, or `key_env: {name}` in place of this line.",
        part value: "Write `${{{name}}}`.",
    }
}

/// The names of a key in the blocks that may have one.
const BLOCK_KEYS: [&str; 2] = ["api_key", "api"];

/// Where the blocks are below a root key.
#[derive(Clone, Copy)]
enum Inside {
    /// The value is one.
    Keys,
    /// The values of its keys are.
    Blocks,
    /// The items of a list are.
    Items,
}

const SECTIONS: [(&str, Inside); 8] = [
    ("model", Inside::Keys),
    ("delegation", Inside::Keys),
    ("fallback_model", Inside::Keys),
    ("fallback_model", Inside::Items),
    ("fallback_providers", Inside::Items),
    ("custom_providers", Inside::Items),
    ("providers", Inside::Blocks),
    ("auxiliary", Inside::Blocks),
];

fn check(context: &Context<'_>, findings: &mut Findings) {
    let names = &context.pool_names;
    let variables = context.variables();
    for block in &context.config_pools() {
        let mut numbers: TextMap<usize> = TextMap::new();
        for (pool, row) in &block.rows {
            let number = pool.and_then(|pool| numbers.get(pool)).copied().unwrap_or(0) + 1;
            if let Some(pool) = pool {
                numbers.insert(pool, number);
            }
            if let Some(key) = key_of_row(row) {
                let provider = pool.and_then(|pool| names.provider(pool));
                let command = provider.map(|provider| command_of(context, &provider, number));
                report(context, &variables, findings, key, "pool", command.as_deref());
            }
        }
    }
    for (kind, key, _) in block_keys(context) {
        report(context, &variables, findings, key, kind, None);
    }
}

/// The keys of config.yaml in the blocks that Hermes reads one from, each with the name of the part that says how to write
/// it otherwise and with its block; those that the provider in use does not read are left out.
pub(super) fn block_keys<'c>(context: &'c Context<'_>) -> Vec<(&'static str, &'c Node, &'c Node)> {
    let mut found = Vec::new();
    let Some(root) = context.config_root() else { return found };
    let unread = Places::new(context.unread_keys().iter().filter_map(|(loser, _)| loser.place).collect());
    let mut blocks: Vec<(&str, &Node)> = Vec::new();
    for (name, inside) in SECTIONS {
        let Some(section) = root.get(name) else { continue };
        match inside {
            Inside::Keys => blocks.push(("value", section)),
            Inside::Blocks => {
                for entry in &section.entries() {
                    blocks.push(("endpoint", &entry.value));
                }
            }
            Inside::Items => {
                for item in section.items() {
                    blocks.push(("endpoint", item));
                }
            }
        }
    }
    for (kind, block) in blocks {
        for name in BLOCK_KEYS {
            if let Some(key) = block.get(name).filter(|key| key.place.is_some_and(|at| !unread.contains(at)))
            {
                found.push((kind, key, block));
            }
        }
    }
    found
}

/// Whether a text is the name of a variable: by its shape, or because there is a variable of that name.
fn names_a_variable(variables: &TextSet, text: &str) -> bool {
    let is_upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let has_shape = text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(is_upper);
    has_shape && (is_key_variable(text) || variables.contains(text))
}

/// Whether the name is one that templates have in a key's place, `YOUR_API_KEY`, and no variable is called so.
pub(super) fn is_template(context: &Context<'_>, variables: &TextSet, name: &str) -> bool {
    !variables.contains(name)
        && !name.starts_with("MY_")
        && stand_in(context.facts, name) == Some(StandIn::Placeholder)
}

fn report(
    context: &Context<'_>,
    variables: &TextSet,
    findings: &mut Findings,
    key: &Node,
    part: &str,
    command: Option<&str>,
) {
    let (Some(name), Some(place)) = (key.value.as_str().map(strip), key.place) else { return };
    if !names_a_variable(variables, name) || is_template(context, variables, name) {
        return;
    }
    findings
        .report(&ENV_NAME_AS_VALUE, place)
        .with("name", name)
        .part("way", part)
        .command("command", command);
    if part != "pool" && variables.contains(name) {
        findings.replace(place, &["\"${", name, "}\""].concat());
    }
}

#[cfg(test)]
mod tests {
    use super::ENV_NAME_AS_VALUE;
    use crate::hermes::testing::{process, world};
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_rows_of_a_pool_are_told_what_to_add() {
        fires(
            &ENV_NAME_AS_VALUE,
            "\
--- config.yaml
credential_pool:
  gemini:
    - provider: google
      api_key: GEMINI_API_KEY_1
               ^^^^^^^^^^^^^^^^ PC303
    - GEMINI_API_KEY_2
      ^^^^^^^^^^^^^^^^ PC303
--- .env
GEMINI_API_KEY_1=AIza-fake-first-0000
--- says
`GEMINI_API_KEY_1` is the name of a variable
hermes auth add gemini --type api-key --label gemini-2
",
        );
    }

    #[test]
    fn an_endpoint_gets_the_value_of_the_variable() {
        fires(
            &ENV_NAME_AS_VALUE,
            "\
--- config.yaml
model: {provider: custom, base_url: 'https://acme.example/v1', api_key: MYK}
                                                                        ^^^ PC303
custom_providers:
  - name: other
    base_url: https://other.example/v1
    api_key: 'MYK'
             ^^^^^ PC303
--- .env
MYK=sk-fake-mine-0000
--- says
`${MYK}`
`key_env: MYK`
--- fixed config.yaml
model: {provider: custom, base_url: 'https://acme.example/v1', api_key: \"${MYK}\"}
custom_providers:
  - name: other
    base_url: https://other.example/v1
    api_key: \"${MYK}\"
",
        );
    }

    /// The verdict names `model.api_key` before and after; what is mended is the key that is sent from there.
    #[test]
    fn the_key_that_is_sent_is_that_of_the_variable() {
        fires(
            &ENV_NAME_AS_VALUE,
            "\
--- config.yaml
model:
  provider: custom
  base_url: https://acme.example/v1
  api_key: ACME_API_KEY
           ^^^^^^^^^^^^ PC303
--- .env
ACME_API_KEY=sk-fake-acme-0000
--- fixed config.yaml
model:
  provider: custom
  base_url: https://acme.example/v1
  api_key: \"${ACME_API_KEY}\"
--- then
Hermes uses model.api_key (model.api_key) for custom
endpoint: https://acme.example/v1
nothing is found
",
        );
        for (written, sent) in
            [("ACME_API_KEY", "ACME_API_KEY"), ("\"${ACME_API_KEY}\"", "sk-fake-acme-0000")]
        {
            let config = format!(
                "model:\n  provider: custom\n  base_url: https://acme.example/v1\n  api_key: {written}\n"
            );
            let world = world(&config, &[("ACME_API_KEY", "sk-fake-acme-0000")]);
            let winner = process(&world).verdict(None).unwrap().winner.unwrap();
            assert_eq!(winner.key.expose(), sent);
        }
    }

    #[test]
    fn a_variable_that_is_not_set_has_no_fix() {
        fires(
            &ENV_NAME_AS_VALUE,
            "\
--- config.yaml
fallback_providers:
  - {provider: custom, base_url: 'https://acme.example/v1', model: m, api_key: ACME_API_KEY}
                                                                               ^^^^^^^^^^^^ PC303
",
        );
    }

    #[test]
    fn a_place_that_nobody_reads_is_left_to_others() {
        silent(
            &ENV_NAME_AS_VALUE,
            "\
--- config.yaml
model: {provider: deepseek, api_key: DEEPSEEK_API_KEY}
--- .env
DEEPSEEK_API_KEY=sk-fake-one-0000
",
        );
    }

    #[test]
    fn keys_and_references_are_fine() {
        silent(
            &ENV_NAME_AS_VALUE,
            "\
--- config.yaml
model: {provider: custom, base_url: 'http://localhost:8080/v1', api_key: EMPTY}
custom_providers:
  - {name: one, base_url: 'https://one.example/v1', key_env: ONE_API_KEY}
  - {name: two, base_url: 'https://two.example/v1', api_key: '${ONE_API_KEY}'}
  - {name: three, base_url: 'https://three.example/v1', api_key: AKIA0000FAKE}
--- .env
ONE_API_KEY=sk-fake-one-0000
",
        );
    }
}
