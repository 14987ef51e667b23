//! PC202: a variable of the process environment that `.env` sets to another key.

use super::variables::{mentioned, provider_of_key};
use super::{Context, Findings, declare_rule, whole_lines};
use crate::base::collections::{TextMap, TextSet};
use crate::base::sources::SourceKind;
use crate::base::text::Edit;
use crate::diagnostic::Safety;
use crate::hermes::Reason;
use crate::hermes::dotenv::Assignment;

declare_rule! {
    /// `.env` and the environment of the process set the same variable to different keys. Hermes takes the one of
    /// `.env`: a key that a service unit, a container or the shell hands over is not used. A line of `.env` with nothing behind `=`
    /// takes the key away as well.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-dotenv-1
    /// --- environment
    /// GOOGLE_API_KEY=AIza-fake-environ-2
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-dotenv-1
    /// --- environment
    /// GOOGLE_API_KEY=AIza-fake-dotenv-1
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-dotenv-1
    /// --- environment
    /// services:
    ///   hermes:
    ///     environment: {GOOGLE_API_KEY: "${GOOGLE_API_KEY}"}
    /// ```
    pub static DOTENV_BEATS_ENVIRONMENT = {
        code: "PC202", name: "dotenv-beats-environment", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "{what}",
        why: "Hermes loads `.env` over the environment of its process, and its credential pools read `.env` first.",
        todo: "{way}",
        fix_title: "Take the line out",
        label winner: "Hermes takes this one",
        label lost: "this key is lost",
        part other: "This {variable} is not used: `.env` sets another one",
        part empty: "This line takes the {variable} of the environment away: it sets it to nothing",
        part keep_one: "Keep one of the two: take {variable} out of `.env`, or change it there.",
        part take_out: "Take the line out of `.env`, or write the key there.",
        part take_all_out: "Write the key there. Without the line the one before it counts, and the variable of the environment only where `.env` does not set it.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for (loser, reason) in context.losers() {
        let (Reason::DotEnvBeatsEnvironment, Some(place)) = (reason, loser.place) else { continue };
        // A value that stands elsewhere may be the same: compose fills `${NAME}` in from a `.env` of its own.
        if loser.key.is_unseen() {
            continue;
        }
        let mut assignments = context.dotenv.load_env.iter().rev();
        let own = assignments.find(|assignment| assignment.name == loser.label);
        if own.and_then(|own| own.value.as_deref()).is_some_and(|value| loser.key.is(value)) {
            continue;
        }
        findings
            .report(&DOTENV_BEATS_ENVIRONMENT, place)
            .with("variable", loser.label.as_str())
            .part("what", "other")
            .part("way", "keep_one")
            .label("winner", own.map(|own| own.value_place));
    }
    emptied(context, findings);
}

/// The lines of `.env` that set a variable of the process's environment to nothing, where a key is wanted from it.
fn emptied(context: &Context<'_>, findings: &mut Findings) {
    let set = || context.environ.entries.iter().filter(|entry| entry.is_set());
    if set().next().is_none() {
        return;
    }
    let last = |all: &[Assignment]| {
        let mut last = TextMap::new();
        for (at, found) in all.iter().enumerate() {
            last.insert(&found.name, at);
        }
        last
    };
    let (loaded, pools) = (&context.dotenv.python_dotenv, &context.dotenv.load_env);
    let (in_process, in_pools) = (last(loaded), last(pools));
    let wanted = wanted(context);
    let mut filled = TextSet::new();
    for found in loaded
        .iter()
        .chain(pools)
        .filter(|found| found.value.as_deref().is_some_and(|value| !value.is_empty()))
    {
        filled.insert(&found.name);
    }
    for entry in set().filter(|entry| wanted.contains(&entry.name)) {
        let own = in_process.get(&entry.name).and_then(|at| loaded.get(*at));
        let pool = in_pools.get(&entry.name).and_then(|at| pools.get(*at));
        let is_empty = |found: &Assignment| found.value.as_deref() == Some("");
        let Some(own) = own.filter(|own| is_empty(own) && pool.is_none_or(is_empty)) else { continue };
        findings
            .report(&DOTENV_BEATS_ENVIRONMENT, own.name_place)
            .with("variable", entry.name.as_str())
            .part("what", "empty")
            .part("way", if filled.contains(&entry.name) { "take_all_out" } else { "take_out" })
            .label("lost", Some(entry.name_place));
        if context.lacks_key_of(&entry.name) {
            findings.as_error();
        }
        let lines = whole_lines(context.text_of(SourceKind::Dotenv), own.entry_place.span);
        if let Some(lines) = lines.filter(|_| !filled.contains(&entry.name)) {
            findings.fix(SourceKind::Dotenv, vec![Edit::delete(lines)]);
        }
    }
}

/// The variables that a key is wanted from where there is none: of the main model, and of what sends requests beside it.
fn wanted(context: &Context<'_>) -> TextSet {
    let mut providers = TextSet::new();
    let mut names = TextSet::new();
    let lacks = context.lacks_credential();
    providers.extend(context.provider().filter(|_| lacks));
    let lacking: Vec<_> = context.sites.all.iter().filter(|site| site.lacks_key()).collect();
    providers.extend(lacking.iter().filter_map(|site| site.provider.as_deref()));
    if lacks || !lacking.is_empty() {
        names.extend(mentioned(context).iter());
    }
    for entry in &context.environ.entries {
        if provider_of_key(context.facts, &entry.name, false).is_some_and(|id| providers.contains(id)) {
            names.insert(&entry.name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::DOTENV_BEATS_ENVIRONMENT;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_unit_hands_over_a_key_that_dotenv_overrides() {
        fires(
            &DOTENV_BEATS_ENVIRONMENT,
            "\
--- config.yaml
model: {provider: xiaomi}
--- .env
XIAOMI_API_KEY=sk-fake-old-000000
--- environment
[Service]
Environment=\"XIAOMI_API_KEY=sk-fake-new-000000\"
                            ^^^^^^^^^^^^^^^^^^ PC202
--- says
This XIAOMI_API_KEY is not used
",
        );
    }

    /// Without the empty line the one before it counts: PC411 says so.
    #[test]
    fn an_empty_line_behind_another_one() {
        let report = fires(
            &DOTENV_BEATS_ENVIRONMENT,
            "\
--- config.yaml
model: {provider: deepseek, default: m}
--- .env
DEEPSEEK_API_KEY=sk-fake-file-000000
DEEPSEEK_API_KEY=
^^^^^^^^^^^^^^^^ PC202
--- no auth.json
--- environment
DEEPSEEK_API_KEY=sk-fake-process-000000
--- says
Without the line the one before it counts
",
        );
        let own = report.findings.iter().find(|finding| finding.code.as_str() == "PC202");
        assert!(own.unwrap().fix.is_none());
    }

    /// python-dotenv puts the empty value into the environment (0.19.0, run): no key is left for the main model, for a side task or
    /// for an endpoint of one's own.
    #[test]
    fn an_empty_line_takes_the_key_away() {
        for (model, name, then) in [
            ("{provider: deepseek, default: m}", "DEEPSEEK_API_KEY", "Hermes uses DEEPSEEK_API_KEY"),
            ("{provider: openrouter, default: m}", "OPENROUTER_API_KEY", "Hermes uses OPENROUTER_API_KEY"),
            (
                "{provider: gw, default: m}\nproviders: {gw: {base_url: 'https://a.example/v1', key_env: GW_KEY}}",
                "GW_KEY",
                "Hermes uses GW_KEY",
            ),
            (
                "{provider: gemini, default: m}\nauxiliary: {compression: {provider: deepseek, model: m}}",
                "DEEPSEEK_API_KEY",
                "site: auxiliary.compression",
            ),
        ] {
            let marks = "^".repeat(name.len());
            fires(
                &DOTENV_BEATS_ENVIRONMENT,
                &format!(
                    "--- config.yaml\nmodel: {model}\n--- .env\nGEMINI_API_KEY=AIza-fake-000000\n{name}=\n{marks} PC202\n--- environment\n{name}=sk-fake-key-000000\n--- no auth.json\n--- fixed .env\nGEMINI_API_KEY=AIza-fake-000000\n--- says\nThis line takes the {name} of the environment away\n--- then\n{then}\nnothing is found\n"
                ),
            );
        }
    }

    #[test]
    fn an_empty_line_that_takes_nothing_away() {
        for dotenv in
            ["DEEPSEEK_API_KEY", "DEEPSEEK_API_KEY=\nDEEPSEEK_API_KEY=sk-fake-key-000000", "OPENAI_API_KEY="]
        {
            silent(
                &DOTENV_BEATS_ENVIRONMENT,
                &format!(
                    "--- config.yaml\nmodel: {{provider: deepseek, default: m}}\n--- .env\n{dotenv}\n--- environment\nDEEPSEEK_API_KEY=sk-fake-key-000000\nOPENAI_API_KEY=sk-fake-key-000001\n--- no auth.json\n"
                ),
            );
        }
    }

    #[test]
    fn equal_keys_and_other_variables_are_fine() {
        silent(
            &DOTENV_BEATS_ENVIRONMENT,
            "\
--- config.yaml
model: {provider: xiaomi}
--- .env
XIAOMI_API_KEY=sk-fake-old-000000
--- environment
XIAOMI_API_KEY=sk-fake-old-000000
DEEPSEEK_API_KEY=sk-fake-other-0000
",
        );
    }
}
