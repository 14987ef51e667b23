//! PC418: the variable that a key or a setting is taken from is set to nothing.

use super::variables::set_names;
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextSet;
use crate::base::text::Place;
use crate::python::strip;

declare_rule! {
    /// A line `NAME=` sets a variable to nothing. Hermes finds no key there, and puts nothing in for `${NAME}` in config.yaml.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: deepseek}
    /// --- .env
    /// DEEPSEEK_API_KEY=
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: deepseek}
    /// --- .env
    /// DEEPSEEK_API_KEY=sk-fake-key-000000
    /// XAI_API_KEY=
    /// ```
    pub static EMPTY_VARIABLE = {
        code: "PC418", name: "empty-variable", severity: Warning, since: "0.1.0",
        fix: None,
        what: "`{name}` is set to nothing",
        why: "{reason}",
        todo: "Write the value behind the name. If you only took it out of what you posted, nothing is wrong here.",
        label put_in: "it is put in here",
        part key: "Hermes looks for the key of `{provider}` there, and finds none.",
        part reference: "Where config.yaml has `${{{name}}}`, Hermes puts nothing in.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let set = set_names(context);
    let wanted = wanted_keys(context);
    let mut told = TextSet::new();
    for (name, place) in empty(context) {
        if set.contains(name) || told.contains(name) {
            continue;
        }
        let mut references = context.references.iter().filter(|reference| reference.name == name);
        // What no rule of the sections of providers looks at may be empty on purpose.
        let put_in = references.find_map(|reference| {
            let at = reference.place?;
            context.settings.iter().any(|setting| setting.entry.value.place == Some(at)).then_some(at)
        });
        let wanted = wanted.iter().find(|(own, _)| *own == name);
        if put_in.is_none() && wanted.is_none() {
            continue;
        }
        told.insert(name);
        findings.report(&EMPTY_VARIABLE, place).with("name", name);
        match put_in {
            Some(at) => findings.part("reason", "reference").label("put_in", Some(at)),
            None => {
                findings.with("provider", wanted.map_or("", |(_, provider)| *provider)).part("reason", "key")
            }
        };
    }
}

/// The variables that are set to nothing, and where. Of one name the last line counts.
fn empty<'c>(context: &'c Context<'_>) -> Vec<(&'c str, Place)> {
    let dotenv = context.dotenv.python_dotenv.iter().rev();
    let lines = dotenv.filter(|found| strip(found.value.as_deref().unwrap_or_default()).is_empty());
    let entries = context.environ.entries.iter().rev();
    let is_empty = |value: &str| strip(value).is_empty();
    let others = entries.filter(|entry| !entry.unknown && !entry.is_unseen && is_empty(&entry.value));
    lines
        .map(|found| (found.name.as_str(), found.name_place))
        .chain(others.map(|entry| (entry.name.as_str(), entry.name_place)))
        .collect()
}

/// The variables that Hermes takes a key from that it does not have, for the main model or another site, each with its provider.
fn wanted_keys<'c>(context: &'c Context<'_>) -> Vec<(&'c str, &'c str)> {
    let mut names = Vec::new();
    let main = context.provider().filter(|_| context.lacks_credential());
    let keyless = context.sites.all.iter().filter(|site| site.is_open || site.lacks_key());
    let of_sites = keyless.clone().filter_map(|site| site.provider.as_deref());
    for provider in main.into_iter().chain(of_sites) {
        if provider == "openrouter" {
            names.push(("OPENROUTER_API_KEY", provider));
        }
        let row = context.facts.providers.get(provider);
        let own = row.map(|row| row.api_key_env_vars.as_slice()).unwrap_or_default();
        names.extend(own.iter().map(|name| (name.as_str(), provider)));
    }
    let block = main.and_then(|_| context.custom_block());
    let named = block.and_then(|block| block.dict.get("key_env")).map(|node| (node, main));
    let named_by_sites =
        keyless.filter_map(|site| Some((site.written("key_env")?, site.provider.as_deref())));
    for (node, provider) in named.into_iter().chain(named_by_sites) {
        names.extend(node.value.as_str().map(|name| (strip(name), provider.unwrap_or("custom"))));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::EMPTY_VARIABLE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_key_of_the_provider_in_use() {
        fires(
            &EMPTY_VARIABLE,
            "\
--- config.yaml
model: {provider: deepseek, default: m}
--- .env
DEEPSEEK_API_KEY=
^^^^^^^^^^^^^^^^ PC418
XAI_API_KEY=
--- says
Hermes looks for the key of `deepseek` there
",
        );
        fires(
            &EMPTY_VARIABLE,
            "\
--- config.yaml
model: {provider: openrouter, default: m}
--- .env
OPENROUTER_API_KEY=
^^^^^^^^^^^^^^^^^^ PC418
",
        );
    }

    #[test]
    fn the_key_of_a_fallback() {
        fires(
            &EMPTY_VARIABLE,
            "\
--- config.yaml
model: {provider: deepseek, default: m}
fallback_providers:
  - {provider: openrouter, model: o}
--- .env
DEEPSEEK_API_KEY=sk-fake-key-000000
OPENROUTER_API_KEY=
^^^^^^^^^^^^^^^^^^ PC418
--- says
Hermes looks for the key of `openrouter` there
",
        );
    }

    #[test]
    fn what_config_yaml_names() {
        fires(
            &EMPTY_VARIABLE,
            "\
--- config.yaml
model: {provider: custom, base_url: 'https://lab.example/v1', api_key: '${LAB_KEY}', default: m}
--- .env
LAB_KEY=\"\"
^^^^^^^ PC418
--- says
Where config.yaml has `${LAB_KEY}`
",
        );
        fires(
            &EMPTY_VARIABLE,
            "\
--- config.yaml
model: {provider: 'custom:lab', default: m}
custom_providers:
  - {name: lab, base_url: 'https://lab.example/v1', key_env: LAB_KEY}
--- .env
LAB_KEY=
^^^^^^^ PC418
--- no environment
",
        );
    }

    #[test]
    fn what_is_set_after_all_and_what_is_not_needed() {
        silent(
            &EMPTY_VARIABLE,
            "\
--- config.yaml
model: {provider: deepseek, default: m}
terminal: {cwd: '${WHERE}'}
--- .env
DEEPSEEK_API_KEY=
DEEPSEEK_API_KEY=sk-fake-key-000000
WHERE=
XAI_API_KEY=
",
        );
        silent(
            &EMPTY_VARIABLE,
            "\
--- config.yaml
model: {provider: gemini, default: m}
--- .env
GEMINI_API_KEY=
GOOGLE_API_KEY=AIza-fake-key-000000
",
        );
    }
}
