//! PC401: keys in numbered variables, `GEMINI_API_KEY_1`, which Hermes does not read.

use super::variables::{
    Variable, add_commands, mentioned, named_variables, rename_key, set_names, stored_keys, way_of_keys,
};
use super::{Context, Findings, declare_rule, provider_of_key};
use crate::base::collections::{TextMap, TextSet};
use crate::base::sources::SourceKind;
use crate::diagnostic::Safety;

declare_rule! {
    /// Hermes reads a key from the provider's variable itself. Numbered names beside it, `GEMINI_API_KEY_1`,
    /// `GEMINI_API_KEY_2`, are read by nobody: several keys of one provider stand in its credential pool, where
    /// `hermes auth add` puts them. One key may stand in the variable without a number.
    ///
    /// ```env fires
    /// GEMINI_API_KEY_1=AIza-fake-one-000000
    /// GEMINI_API_KEY_2=AIza-fake-two-000000
    /// ```
    /// ```env silent
    /// GEMINI_API_KEY=AIza-fake-one-000000
    /// MY_APP_KEY_2=fake-000000000000
    /// ```
    pub static NUMBERED_VARIABLE = {
        code: "PC401", name: "numbered-variable", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "Hermes does not read `{name}`{others}",
        why: "{reads} Several keys of `{provider}` belong in its credential pool.",
        todo: "{way}",
        command: "{commands}",
        fix_title: "Rename it to `{base}`",
        label other: "this one is not read either",
        part base: "Hermes reads `{base}` itself and no numbered name beside it.",
        part row: "Hermes reads `{base}`, then `{base}_2`, `{base}_3` and so on, up to the first number that is missing or empty.",
        part row_way: "Number the keys `{base}`, `{base}_2`, `{base}_3` without a gap. Or add each key to the pool (Hermes asks for it), then delete the variables.",
        part more: " and {count} more of that kind",
        part alone: "",
        part add: "Add each key to the pool (Hermes asks for it), then delete the variables. One of the keys may stand in `{base}` instead.",
        part one: "Hermes takes one key for this provider: put it into `{base}`.",
        part kept_from: "Adding the keys to the pool would not help: as things stand Hermes does not ask it for this endpoint.",
        part listed: "The listing has entries of `{provider}` already ({rows}). Where they are these keys, delete the variables; a key that is not among them is added with `hermes auth add {provider}`.",
        part command: "hermes auth add {provider} --type api-key --label {label}",
        part commands: "{before}\n{command}",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let (mentioned, stored, set) = (mentioned(context), stored_keys(context), set_names(context));
    let found = named_variables(context);
    let mut groups: Vec<Group<'_>> = Vec::new();
    let ends = context.facts.behaviour.numbered_variables.then(TextMap::new);
    let mut rows = Rows { set: &set, ends };
    for variable in &found {
        let Some((base, number)) = numbered(variable.name) else { continue };
        let Some(provider) = provider_of_key(context.facts, base, true) else { continue };
        let is_read = rows.has(base, variable.name)
            || context.facts.env.knows(variable.name)
            || mentioned.contains(variable.name)
            || stored.contains(variable.value.trim());
        if is_read {
            continue;
        }
        let is_own = |group: &&mut Group<'_>| group.source == variable.source() && group.base == base;
        match groups.iter_mut().find(is_own) {
            Some(group) => group.variables.push((variable, number)),
            None => groups.push(Group {
                source: variable.source(),
                base,
                provider,
                variables: vec![(variable, number)],
            }),
        }
    }
    for Group { base, provider, variables, .. } in &groups {
        let Some((first, _)) = variables.first() else { continue };
        // A listing shows no keys: as many entries as there are variables may be of them.
        let listed =
            context.listing.rows.iter().filter(|row| row.provider.as_deref() == Some(*provider)).count();
        let is_listed = listed >= variables.len() && !context.world.given.auth_store.is_given();
        let way = way_of_keys(context, provider);
        findings
            .report(&NUMBERED_VARIABLE, first.name_place)
            .with("name", first.name)
            .with("base", *base)
            .with("provider", *provider)
            .with("rows", listed)
            .part("reads", if context.facts.behaviour.numbered_variables { "row" } else { "base" })
            .part(
                "way",
                match way {
                    "add" | "kept_from" if is_listed => "listed",
                    "add" if context.facts.behaviour.numbered_variables => "row_way",
                    way => way,
                },
            );
        findings
            .with("count", variables.len().saturating_sub(1))
            .part("others", if variables.len() > 1 { "more" } else { "alone" });
        let numbers: Vec<String> = variables.iter().map(|(_, number)| number.to_string()).collect();
        if is_listed || way == "kept_from" {
            findings.without_command();
        } else {
            add_commands(findings, &NUMBERED_VARIABLE, provider, base, &numbers);
        }
        for (other, _) in variables.iter().skip(1) {
            findings.label("other", Some(other.name_place));
        }
        if way == "kept_from" {
            findings.as_note();
        } else if variables.len() == 1 && !set.contains(base) {
            rename_key(context, findings, first, base);
        }
    }
}

/// The numbers that are read behind each variable: `_2`, `_3` and so on, up to the first that is missing or empty ("Numbered
/// env keys" of what was read of 0.21.4).
struct Rows<'c> {
    set: &'c TextSet,
    /// For each variable without a number the first number that is not read; none where the release reads no numbers.
    ends: Option<TextMap<usize>>,
}

impl Rows<'_> {
    fn has(&mut self, base: &str, name: &str) -> bool {
        let Some(ends) = &mut self.ends else { return false };
        let number = name.strip_prefix(base).and_then(|rest| rest.strip_prefix('_'));
        let number = number.filter(|number| !number.starts_with('0')).and_then(|number| number.parse().ok());
        let end = match ends.get(base) {
            Some(end) => *end,
            None => {
                let is_set = |number: &usize| self.set.contains(&format!("{base}_{number}"));
                let end = (2..).find(|number| !is_set(number)).unwrap_or(2);
                ends.insert(base, end);
                end
            }
        };
        number.is_some_and(|number: usize| (2..end).contains(&number))
    }
}

/// The numbered variables of one text for one provider's variable.
struct Group<'c> {
    source: SourceKind,
    /// The variable without a number.
    base: &'c str,
    provider: &'static str,
    /// The variables, each with its number.
    variables: Vec<(&'c Variable<'c>, &'c str)>,
}

/// A name that ends in a number, without it, and the number: `X_API_KEY_1`, `X_API_KEY2`.
fn numbered(name: &str) -> Option<(&str, &str)> {
    let head = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = name.get(head.len()..).filter(|number| !number.is_empty())?;
    Some((head.strip_suffix(['_', '-']).unwrap_or(head), number))
}

#[cfg(test)]
mod tests {
    use super::{Context, NUMBERED_VARIABLE};
    use crate::base::sources::Given;
    use crate::hermes::testing::{process, read_process, world};
    use crate::report::SeverityName;
    use crate::rules::testing::{fires, silent};

    /// Asked of 0.19.0: beside an address that nobody has given a provider, the keys of OpenRouter are for its own host, and its pool is
    /// not asked. The missing `provider` is the cause, and no command is one.
    #[test]
    fn a_pool_that_is_not_asked_gets_no_command() {
        let report = fires(
            &NUMBERED_VARIABLE,
            "\
--- config.yaml
model: {default: kimi-k2.5, base_url: 'https://llm.example/v1'}
--- .env
OPENROUTER_API_KEY_2=sk-or-fake-india-827
^^^^^^^^^^^^^^^^^^^^ PC401
--- no auth.json
--- says
Adding the keys to the pool would not help
",
        );
        let told = report.findings.iter().find(|finding| finding.code.as_str() == "PC401").unwrap();
        assert_eq!((told.severity, told.command.is_none()), (SeverityName::Info, true));
        assert!(report.findings.iter().any(|finding| finding.code.as_str() == "PC523"));
    }

    // Read, not run: `_env_key_var_candidates` of `agent/credential_pool.py`, PR #112390, takes `NAME_2` and so on.
    /// "Numbered env keys": `_2,_3,…` to the first empty one; the base itself need not be set.
    #[test]
    fn newer_releases_read_a_row_of_numbers() {
        fires(
            &NUMBERED_VARIABLE,
            "\
--- release 0.21.4
--- config.yaml
model: {provider: gemini}
--- .env
GEMINI_API_KEY_1=AIza-fake-one-0000
^^^^^^^^^^^^^^^^ PC401
GEMINI_API_KEY_2=AIza-fake-two-0000
GEMINI_API_KEY_3=AIza-fake-three-00
--- says
Hermes reads `GEMINI_API_KEY`, then `GEMINI_API_KEY_2`, `GEMINI_API_KEY_3` and so on
Number the keys `GEMINI_API_KEY`, `GEMINI_API_KEY_2`, `GEMINI_API_KEY_3` without a gap.
",
        );
        fires(
            &NUMBERED_VARIABLE,
            "\
--- release 0.21.4
--- .env
GEMINI_API_KEY=AIza-fake-one-0000
GEMINI_API_KEY_2=AIza-fake-two-0000
GEMINI_API_KEY_4=AIza-fake-four-000
^^^^^^^^^^^^^^^^ PC401
GEMINI_API_KEY_5=AIza-fake-five-000
",
        );
        silent(
            &NUMBERED_VARIABLE,
            "\
--- release 0.21.4
--- .env
GEMINI_API_KEY=AIza-fake-one-0000
GEMINI_API_KEY_2=AIza-fake-two-0000
",
        );
    }

    #[test]
    fn releases_that_read_them_are_left_alone() {
        let mut world = world("model: {provider: gemini}\n", &[]);
        world.given.dotenv = Given::Text("GEMINI_API_KEY=sk-fake-1\nGEMINI_API_KEY_2=sk-fake-2\n".to_owned());
        for (mut process, fires) in [(read_process(&world), false), (process(&world), true)] {
            let (verdict, config) = (process.verdict(None), process.config_file());
            let found = crate::rules::run(&Context::new(&mut process, &config, &verdict)).findings;
            assert_eq!(found.iter().any(|finding| finding.code == "PC401"), fires);
        }
    }

    #[test]
    fn three_numbered_keys_are_one_finding_with_three_commands() {
        fires(
            &NUMBERED_VARIABLE,
            "\
--- config.yaml
model: {provider: google}
--- .env
GEMINI_API_KEY_1=AIza-fake-one-000000
^^^^^^^^^^^^^^^^ PC401
GEMINI_API_KEY_2=AIza-fake-two-000000
GEMINI_API_KEY_3=AIza-fake-three-000000
--- says
Hermes does not read `GEMINI_API_KEY_1` and 2 more of that kind
--label gemini-1
hermes auth add gemini --type api-key --label gemini-2
--label gemini-3
",
        );
    }

    #[test]
    fn one_numbered_key_may_lose_its_number() {
        fires(
            &NUMBERED_VARIABLE,
            "\
--- config.yaml
model: {provider: openrouter}
--- .env
# the key
export OPENROUTER_API_KEY2='sk-or-fake-two-000000'
       ^^^^^^^^^^^^^^^^^^^ PC401
--- fixed .env
# the key
export OPENROUTER_API_KEY='sk-or-fake-two-000000'
--- says
hermes auth add openrouter --type api-key --label openrouter-2
--- then
Hermes uses OPENROUTER_API_KEY (env:OPENROUTER_API_KEY) for openrouter
nothing is found
",
        );
    }

    #[test]
    fn a_set_variable_is_not_overwritten_and_a_placeholder_not_brought_in() {
        fires(
            &NUMBERED_VARIABLE,
            "\
--- .env
DEEPSEEK_API_KEY=sk-fake-one-000000
DEEPSEEK_API_KEY_2=sk-fake-two-000000
^^^^^^^^^^^^^^^^^^ PC401
--- environment
GLM_API_KEY_1=your_api_key_here
^^^^^^^^^^^^^ PC401
",
        );
    }

    #[test]
    fn a_provider_without_a_pool_takes_one_key() {
        fires(
            &NUMBERED_VARIABLE,
            "\
--- environment
AZURE_FOUNDRY_API_KEY_1=fake-000000000000
^^^^^^^^^^^^^^^^^^^^^^^ PC401
AZURE_FOUNDRY_API_KEY_2=fake-000000000001
--- says
Hermes takes one key for this provider
",
        );
    }

    #[test]
    fn variables_that_something_reads_are_fine() {
        silent(
            &NUMBERED_VARIABLE,
            "\
--- config.yaml
model: {provider: mine}
providers:
  mine: {base_url: 'https://generativelanguage.googleapis.com/v1beta/openai', key_env: GEMINI_API_KEY_2}
custom_providers:
  - {name: other, base_url: 'https://other.example/v1', api_key: '${GEMINI_API_KEY_3}'}
--- .env
GEMINI_API_KEY=AIza-fake-one-000000
GEMINI_API_KEY_2=AIza-fake-two-000000
GEMINI_API_KEY_3=AIza-fake-three-000000
GEMINI_API_KEY_4=
FOO_1=bar
GITHUB_TOKEN_2=ghp_fake-two-000000
# GEMINI_API_KEY_5=AIza-fake-five-000000
",
        );
    }

    #[test]
    fn keys_that_the_pool_holds_already_are_fine() {
        silent(
            &NUMBERED_VARIABLE,
            "\
--- .env
GEMINI_API_KEY_1=AIza-fake-one-000000
--- auth.json
{\"version\": 1, \"credential_pool\": {\"gemini\": [{\"id\": \"aaaaaa\", \"label\": \"gemini-1\", \"auth_type\": \"api_key\",
 \"priority\": 0, \"source\": \"manual\", \"access_token\": \"AIza-fake-one-000000\",
 \"base_url\": \"https://generativelanguage.googleapis.com/v1beta\"}]}}
",
        );
    }

    /// Before 0.18.2 the reader of pools takes `export` for a part of the name; the environment has the variable.
    #[test]
    fn an_exported_variable_of_an_older_release() {
        fires(
            &NUMBERED_VARIABLE,
            "\
--- release 0.17.0
--- config.yaml
model: {provider: openrouter}
--- .env
export OPENROUTER_API_KEY2='sk-or-fake-two-000000'
       ^^^^^^^^^^^^^^^^^^^ PC401
--- fixed .env
export OPENROUTER_API_KEY='sk-or-fake-two-000000'
--- then
Hermes uses OPENROUTER_API_KEY (env:OPENROUTER_API_KEY) for openrouter
",
        );
    }
}
