//! PC407: a key in a variable whose name is close to the one that Hermes reads.

use super::pc526_missing_endpoint::has_none;
use super::variables::{
    KeyVariable, Variable, host_labels, is_plain, key_variables, known_names, label_stem, mentioned,
    named_variables, provider_of_url, rename_key, set_names,
};
use super::{Context, Findings, declare_rule, provider_of_key};
use crate::base::collections::TextSet;
use crate::base::text::Search;
use crate::diagnostic::Safety;
use crate::facts::services::Service;
use crate::facts::{Facts, Provider};

declare_rule! {
    /// Names of variables are read letter by letter: `gemini_api_key`, `GEMINI_APIKEY`, `GEMENI_API_KEY` and `GEMINI_KEY`
    /// are other variables than `GEMINI_API_KEY`, and Hermes reads none of them. Neither does it read `CLAUDE_API_KEY`: the
    /// key of a provider stands in the variable of Hermes' own table. What a shell exports may be another program's: such a name is reported
    /// where it differs in case or underscores only, or where the provider that is asked for has no key. Of 0.21.4 only other cases and underscores are reported:
    /// not all of its plugins were read.
    ///
    /// ```env fires
    /// gemini_api_key=AIza-fake-one-000000
    /// ```
    /// ```env silent
    /// GEMINI_API_KEY=AIza-fake-one-000000
    /// LLM_API_KEY=fake-000000000000
    /// ```
    pub static WRONG_CASE_NAME = {
        code: "PC407", name: "wrong-case-name", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "Hermes does not read `{name}`; the variable of `{provider}` is `{meant}`",
        why: "Hermes looks for `{meant}`, letter by letter; a variable with another name is not found.",
        todo: "{way}",
        fix_title: "Rename it to `{meant}`",
        part rename: "Write `{meant}`.",
        part foreign: "Under that name Hermes would send the key of `{provider}` to {site}. Write `{meant}` and the endpoint of `{provider}`, or take the line out.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let facts = context.facts;
    let (mentioned, set) = (mentioned(context), set_names(context));
    let known = known_names(facts);
    let keys = key_variables(facts, false);
    let own = key_variables(facts, true);
    let hosts = host_labels(context);
    let mut renamed = TextSet::new();
    for variable in &named_variables(context) {
        let name = variable.name;
        if known.contains(name) || facts.env.knows(name) || mentioned.contains(name) {
            continue;
        }
        let Some(found) = meant(context, &own, variable) else { continue };
        let (meant, provider) = of_requested(context, found);
        // A provider that has its key needs no other variable for one, and an endpoint of the user's own may take its key
        // from the variable that has its host's name.
        let is_key = own.iter().any(|(own, _)| *own == meant);
        let has_key = is_key && keys.iter().any(|(own, of)| *of == provider && set.contains(own));
        // A second key under a name in another case is a spare one that nothing reads.
        let is_spare = has_key && name.to_ascii_uppercase() != name && !context.uses_value(variable.value);
        if set.contains(meant) || has_key && !is_spare || hosts.contains(&label_stem(name)) {
            continue;
        }
        // A provider that has no endpoint is PC526's, which knows this variable for one.
        let lacks_endpoint = context.provider() == Some(provider) && context.verdict().is_some_and(has_none);
        if !is_key && lacks_endpoint {
            continue;
        }
        findings
            .report(&WRONG_CASE_NAME, variable.name_place)
            .with("name", name)
            .with("meant", meant)
            .with("provider", provider);
        let foreign = foreign_site(facts, variable.value, meant);
        match foreign {
            Some(site) => findings.with("site", site.name.as_str()).part("way", "foreign"),
            None => findings.part("way", "rename"),
        };
        if is_spare {
            findings.as_note();
            continue;
        }
        // An endpoint of a provider that is not asked for may be meant for another program.
        if !is_key && context.provider() != Some(provider) {
            findings.as_note();
        }
        // Of two variables that mean the same one only the first can have its name.
        if renamed.contains(meant) {
            continue;
        }
        let is_renamed = match is_key {
            true => rename_key(context, findings, variable, meant),
            false => foreign.is_none() && rename_endpoint(context, findings, variable, meant),
        };
        if is_renamed {
            renamed.insert(meant);
        }
    }
}

/// The variable of the provider that is asked for, where that is the one of `found` in another region and has no key.
fn of_requested(context: &Context<'_>, found: KeyVariable) -> KeyVariable {
    let (_, provider) = found;
    let is_region = |own: &&str| own.strip_prefix(provider).is_some_and(|rest| rest.starts_with('-'));
    let requested = context.provider().filter(is_region).filter(|_| context.lacks_credential());
    let row = requested.and_then(|id| context.facts.providers.get(id));
    row.and_then(|row| Some((row.api_key_env_vars.first()?.as_str(), row.id.as_str()))).unwrap_or(found)
}

/// The service whose endpoint `url` is, where `name` is the variable for the endpoint of another one: that would get its keys.
fn foreign_site(facts: &'static Facts, url: &str, name: &str) -> Option<&'static Service> {
    let own = Service::of_default(provider_of_url(facts, name)?, facts)?;
    Service::at(url).filter(|site| site.family != own.family)
}

/// Offers as the fix to call the variable of an endpoint by the name that is meant: it is the endpoint also of a key that
/// Hermes has. Whether it does.
fn rename_endpoint(
    context: &Context<'_>,
    findings: &mut Findings,
    variable: &Variable<'_>,
    meant: &str,
) -> bool {
    let may_be_renamed = is_plain(context.facts, variable.value) && variable.value.holds("://");
    if may_be_renamed {
        findings.replace(variable.name_place, meant);
    }
    may_be_renamed
}

/// The variable that is meant, and its provider. What may be set for other programs too, in the environment of a shell, has to have
/// the same letters, unless its provider is the one that is asked for and has no key; and so has any name where a release was only
/// read: its plugins may read other ones.
fn meant(context: &Context<'_>, own: &[KeyVariable], variable: &Variable<'_>) -> Option<KeyVariable> {
    const LONGEST: usize = 48;
    let facts = context.facts;
    let name = variable.name;
    if name.len() > LONGEST || !name.is_ascii() {
        return None;
    }
    // PC412 speaks of a whole name with more before it.
    let last = name.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next();
    if last.is_some_and(|last| last != name && own.iter().any(|(own, _)| *own == last)) {
        return None;
    }
    // What is no sign of a name stands for the underscores of one.
    let upper: String =
        name.to_ascii_uppercase().chars().map(|c| if "- .".has(c) { '_' } else { c }).collect();
    let is_other_rule = |base: &str| provider_of_key(facts, base, false).is_some();
    let unnumbered = upper.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    if name == upper && (is_other_rule(unnumbered) || upper.strip_suffix('S').is_some_and(is_other_rule)) {
        return None;
    }
    let same = same_letters(facts, own, &upper);
    if same.is_some() || name != upper || context.is_read_only() {
        return same;
    }
    let lacks_key = |found: &KeyVariable| context.lacks_credential() && context.provider() == Some(found.1);
    of_stem(facts, own, &upper)
        .or_else(|| endpoint_of_stem(facts, &upper))
        .or_else(|| misspelled(own, &upper))
        .filter(|found| variable.is_for_hermes || lacks_key(found))
}

/// Another case, or other underscores.
fn same_letters(facts: &'static Facts, own: &[KeyVariable], upper: &str) -> Option<KeyVariable> {
    let letters = |name: &'static str| name.bytes().filter(|byte| *byte != b'_');
    let wanted: Vec<u8> = upper.bytes().filter(|byte| *byte != b'_').collect();
    let same = |name: &'static str| !name.is_empty() && letters(name).eq(wanted.iter().copied());
    if let Some(found) = own.iter().find(|(name, _)| same(name)) {
        return Some(*found);
    }
    let url =
        facts.providers.values().iter().map(|row| row.base_url_env_var.as_str()).find(|name| same(name))?;
    Some((url, provider_of_url(facts, url)?))
}

/// `GEMINI_KEY`, and `CLAUDE_API_KEY` by the provider's other name.
pub(super) fn of_stem(facts: &'static Facts, own: &[KeyVariable], upper: &str) -> Option<KeyVariable> {
    const ENDS: &[&str] = &["_API_KEY", "_API_TOKEN", "_TOKEN", "_KEY", "_API"];
    let stem = ENDS.iter().find_map(|end| upper.strip_suffix(end))?;
    let lowered = stem.to_ascii_lowercase().replace('_', "-");
    let id = facts.aliases.get(&lowered).unwrap_or(&lowered);
    let by_variable = own.iter().find(|(name, _)| label_stem(name) == lowered);
    by_variable.or_else(|| own.iter().find(|(_, provider)| provider == id)).copied()
}

/// `ZAI_BASE_URL` or `DEEPSEEK_API_BASE`: an endpoint by the provider's name, or as other programs call it.
fn endpoint_of_stem(facts: &'static Facts, upper: &str) -> Option<KeyVariable> {
    const ENDS: &[&str] =
        &["_API_BASE_URL", "_BASE_URL", "_API_BASE", "_API_URL", "_API_ENDPOINT", "_ENDPOINT"];
    let stem = ENDS.iter().find_map(|end| upper.strip_suffix(end))?;
    let lowered = stem.to_ascii_lowercase().replace('_', "-");
    let by_name = || facts.providers.get(facts.aliases.get(&lowered).unwrap_or(&lowered));
    let is_of_stem = |row: &&Provider| {
        row.base_url_env_var.strip_suffix("_BASE_URL") == Some(stem)
            || row.api_key_env_vars.iter().any(|name| label_stem(name) == lowered)
    };
    let row = facts.providers.values().iter().find(is_of_stem).or_else(by_name)?;
    Some((row.base_url_env_var.as_str(), provider_of_url(facts, &row.base_url_env_var)?))
}

/// One letter off, or two in a long name. Short names are too close to those of other programs.
fn misspelled(own: &[KeyVariable], upper: &str) -> Option<KeyVariable> {
    const LONG_ENOUGH: usize = 6;
    const VERY_LONG: usize = 9;
    let stem = |name: &str| label_stem(name).len();
    let mut best: Option<(usize, KeyVariable)> = None;
    let mut tied = false;
    for &(name, provider) in own {
        let same_start = name.as_bytes().first() == upper.as_bytes().first();
        let apart = name.len().abs_diff(upper.len());
        if !same_start || apart > 2 {
            continue;
        }
        let shorter = stem(name).min(stem(upper));
        let most = if shorter >= VERY_LONG { 2 } else { usize::from(shorter >= LONG_ENOUGH) };
        if most == 0 || apart > most {
            continue;
        }
        let distance = distance(name.as_bytes(), upper.as_bytes());
        if distance > most {
            continue;
        }
        match best {
            Some((least, _)) if least < distance => {}
            Some((least, (own, _))) if least == distance => tied |= own != name,
            _ => {
                best = Some((distance, (name, provider)));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(_, found)| found)
}

/// How many letters have to be put in, taken out, replaced or swapped with their neighbour.
fn distance(one: &[u8], other: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let at = |cells: &[usize], index: usize| cells.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut least =
                (at(&row, j + 1) + 1).min(at(&next, j) + 1).min(at(&row, j) + usize::from(a != b));
            let swapped = i > 0 && j > 0 && one.get(i - 1) == Some(b) && other.get(j - 1) == Some(a);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            next.push(least);
        }
        before = row;
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{WRONG_CASE_NAME, distance};
    use crate::report::SeverityName;
    use crate::rules::testing::{fires, silent};

    /// `load_env` splits at the first `=`, whatever stands before it.
    #[test]
    fn an_endpoint_of_another_service() {
        let report = fires(
            &WRONG_CASE_NAME,
            "--- .env\n- DASHSCOPE_BASE_URL=https://api.mistral.ai/v1\n^^^^^^^^^^^^^^^^^^^^ PC407\n--- says\nwould send the key of `alibaba` to Mistral\n",
        );
        assert!(
            report.findings.iter().all(|finding| finding.code.as_str() != "PC407" || finding.fix.is_none())
        );
    }

    #[test]
    fn blanks_and_hyphens_for_underscores() {
        fires(
            &WRONG_CASE_NAME,
            "\
--- config.yaml
model: {provider: deepseek, default: m}
--- .env
DEEPSEEK API KEY=sk-fake-one-000000
^^^^^^^^^^^^^^^^ PC407
--- fixed .env
DEEPSEEK_API_KEY=sk-fake-one-000000
--- then
Hermes uses DEEPSEEK_API_KEY
nothing is found
",
        );
    }

    #[test]
    fn variables_of_a_container() {
        fires(
            &WRONG_CASE_NAME,
            "\
--- environment
services:
  hermes:
    image: nousresearch/hermes-agent
    environment:
      OPENROUTER_KEY: sk-or-fake-000000
      ^^^^^^^^^^^^^^ PC407
--- fixed environment
services:
  hermes:
    image: nousresearch/hermes-agent
    environment:
      OPENROUTER_API_KEY: sk-or-fake-000000
",
        );
        // The value stands in a document of its own.
        fires(
            &WRONG_CASE_NAME,
            "\
--- environment
kind: Secret
metadata: {name: keys}
data: {OPENROUTER_API_KEY: c2stb3ItZmFrZS0wMDAwMDA=}
---
kind: Deployment
spec:
  containers:
  - image: x/hermes-agent
    env:
    - name: OPENROUTER_KEY
            ^^^^^^^^^^^^^^ PC407
      valueFrom: {secretKeyRef: {name: keys, key: OPENROUTER_API_KEY}}
    - name: DEEPSEEK_KEY
            ^^^^^^^^^^^^ PC407
      valueFrom: {secretKeyRef: {name: elsewhere, key: k}}
--- fixed environment
kind: Secret
metadata: {name: keys}
data: {OPENROUTER_API_KEY: c2stb3ItZmFrZS0wMDAwMDA=}
---
kind: Deployment
spec:
  containers:
  - image: x/hermes-agent
    env:
    - name: OPENROUTER_API_KEY
      valueFrom: {secretKeyRef: {name: keys, key: OPENROUTER_API_KEY}}
    - name: DEEPSEEK_KEY
      valueFrom: {secretKeyRef: {name: elsewhere, key: k}}
",
        );
    }

    /// In a shell it may be another program's, unless the provider that is asked for has no key.
    #[test]
    fn variables_of_a_shell() {
        let export = "--- environment\nexport OPENROUTER_KEY=sk-or-fake-000000\n";
        fires(
            &WRONG_CASE_NAME,
            &format!(
                "--- config.yaml\nmodel: {{provider: openrouter, default: a/b}}\n{export}       ^^^^^^^^^^^^^^ PC407\n--- fixed environment\nexport OPENROUTER_API_KEY=sk-or-fake-000000\n"
            ),
        );
        silent(&WRONG_CASE_NAME, export);
        silent(
            &WRONG_CASE_NAME,
            &format!(
                "--- config.yaml\nmodel: {{provider: gemini, default: g}}\n--- .env\nGEMINI_API_KEY=AIza-fake-000000\n{export}"
            ),
        );
    }

    #[test]
    fn a_spare_key_in_another_case_is_a_note() {
        let report = fires(
            &WRONG_CASE_NAME,
            "\
--- config.yaml
model: {provider: gemini}
--- .env
GEMINI_API_KEY=AIza-fake-one-000000
google_api_key=AIza-fake-two-000000
^^^^^^^^^^^^^^ PC407
--- says
Write `GOOGLE_API_KEY`.
",
        );
        assert!(report.findings.iter().all(|finding| finding.severity == SeverityName::Info));
    }

    #[test]
    fn the_region_that_is_asked_for_has_a_variable_of_its_own() {
        fires(
            &WRONG_CASE_NAME,
            "\
--- config.yaml
model: {provider: kimi-coding-cn, default: k}
--- .env
MOONSHOT_API_KEY=sk-fake-key-000000
^^^^^^^^^^^^^^^^ PC407
--- fixed .env
KIMI_CN_API_KEY=sk-fake-key-000000
--- says
the variable of `kimi-coding-cn` is `KIMI_CN_API_KEY`
--- then
Hermes uses KIMI_CN_API_KEY (env:KIMI_CN_API_KEY) for kimi-coding-cn
",
        );
    }

    #[test]
    fn letters_put_in_taken_out_replaced_and_swapped() {
        let of = |one: &str, other: &str| distance(one.as_bytes(), other.as_bytes());
        assert_eq!((of("GEMENI", "GEMINI"), of("GEMNI", "GEMINI"), of("GEMIIN", "GEMINI")), (1, 1, 1));
        assert_eq!((of("", "AB"), of("AB", "AB"), of("AB", "CD")), (2, 0, 2));
    }

    #[test]
    fn other_cases_underscores_ends_and_letters() {
        fires(
            &WRONG_CASE_NAME,
            "\
--- .env
gemini_api_key=AIza-fake-one-000000
^^^^^^^^^^^^^^ PC407
OPEN_ROUTER_API_KEY=sk-or-fake-000000
^^^^^^^^^^^^^^^^^^^ PC407
DEEPSEEK_KEY=sk-fake-one-000000
^^^^^^^^^^^^ PC407
export MINMAX_API_KEY='sk-fake-two-000000'
       ^^^^^^^^^^^^^^ PC407
CLAUDE_API_KEY=sk-ant-fake-000000
^^^^^^^^^^^^^^ PC407
HUGGINGFACE_TOKEN=hf_fake-fake-000000
^^^^^^^^^^^^^^^^^ PC407
glm_base_url=https://api.z.ai/api/paas/v4
^^^^^^^^^^^^ PC407
--- fixed .env
GEMINI_API_KEY=AIza-fake-one-000000
OPENROUTER_API_KEY=sk-or-fake-000000
DEEPSEEK_API_KEY=sk-fake-one-000000
export MINIMAX_API_KEY='sk-fake-two-000000'
ANTHROPIC_API_KEY=sk-ant-fake-000000
HF_TOKEN=hf_fake-fake-000000
GLM_BASE_URL=https://api.z.ai/api/paas/v4
--- says
Hermes does not read `gemini_api_key`; the variable of `gemini` is `GEMINI_API_KEY`
",
        );
    }

    #[test]
    fn the_key_is_found_under_the_name_that_is_meant() {
        for (provider, written, meant) in [
            ("gemini", "gemini_api_key", "GEMINI_API_KEY"),
            ("openrouter", "OPEN_ROUTER_API_KEY", "OPENROUTER_API_KEY"),
            ("deepseek", "DEEPSEEK_KEY", "DEEPSEEK_API_KEY"),
            ("minimax", "MINMAX_API_KEY", "MINIMAX_API_KEY"),
            ("anthropic", "CLAUDE_API_KEY", "ANTHROPIC_API_KEY"),
            ("huggingface", "HUGGINGFACE_TOKEN", "HF_TOKEN"),
        ] {
            let marks = "^".repeat(written.len());
            fires(
                &WRONG_CASE_NAME,
                &format!(
                    "--- config.yaml\nmodel: {{provider: {provider}}}\n--- .env\n{written}=fake-one-000000\n{marks} PC407\n\
                     --- fixed .env\n{meant}=fake-one-000000\n\
                     --- then\nHermes uses {meant} (env:{meant}) for {provider}\nnothing is found\n"
                ),
            );
        }
        fires(
            &WRONG_CASE_NAME,
            "\
--- config.yaml
model: {provider: zai}
--- .env
GLM_API_KEY=fake-one-000000
glm_base_url=https://relay.example/v4
^^^^^^^^^^^^ PC407
--- fixed .env
GLM_API_KEY=fake-one-000000
GLM_BASE_URL=https://relay.example/v4
--- then
Hermes uses GLM_API_KEY (env:GLM_API_KEY) for zai
endpoint: https://relay.example/v4
nothing is found
",
        );
    }

    #[test]
    fn an_endpoint_under_the_name_of_another_program() {
        fires(
            &WRONG_CASE_NAME,
            "\
--- config.yaml
model: {provider: zai}
--- .env
GLM_API_KEY=fake-one-000000
ZAI_BASE_URL=https://relay.example/v4
^^^^^^^^^^^^ PC407
MISTRAL_BASE_URL=https://mistral.example/v1
--- fixed .env
GLM_API_KEY=fake-one-000000
GLM_BASE_URL=https://relay.example/v4
MISTRAL_BASE_URL=https://mistral.example/v1
--- says
the variable of `zai` is `GLM_BASE_URL`
--- then
Hermes uses GLM_API_KEY (env:GLM_API_KEY) for zai
endpoint: https://relay.example/v4
nothing is found
",
        );
        let report = fires(
            &WRONG_CASE_NAME,
            "\
--- config.yaml
model: {provider: zai}
--- .env
GLM_API_KEY=fake-one-000000
DEEPSEEK_API_BASE=https://relay.example/v1
^^^^^^^^^^^^^^^^^ PC407
--- fixed .env
GLM_API_KEY=fake-one-000000
DEEPSEEK_BASE_URL=https://relay.example/v1
",
        );
        assert!(report.findings.iter().all(|finding| finding.severity == SeverityName::Info));
    }

    #[test]
    fn the_environment_has_variables_of_others() {
        fires(
            &WRONG_CASE_NAME,
            "\
--- environment
deepseek_api_key=sk-fake-one-000000
^^^^^^^^^^^^^^^^ PC407
GEMINI_KEY=AIza-fake-one-000000
OPENAPI_API_KEY=sk-fake-two-000000
--- fixed environment
DEEPSEEK_API_KEY=sk-fake-one-000000
GEMINI_KEY=AIza-fake-one-000000
OPENAPI_API_KEY=sk-fake-two-000000
",
        );
    }

    #[test]
    fn the_own_names_and_those_of_other_programs_are_fine() {
        silent(
            &WRONG_CASE_NAME,
            "\
--- config.yaml
model: {provider: moon}
providers:
  moon: {base_url: 'https://api.moonshot.ai/v1'}
  mine: {base_url: 'https://mine.example/v1', key_env: XIAOMI_KEY}
--- .env
GOOGLE_API_KEY=AIza-fake-one-000000
GEMINI_KEY=AIza-fake-two-000000
MOONSHOT_API_KEY=sk-fake-one-000000
XIAOMI_KEY=sk-fake-two-000000
LLM_API_KEY=fake-000000000000
LLAMA_API_KEY=fake-000000000000
GROQ_API_KEY=gsk_fake-fake-000000
UPSTASH_API_KEY=fake-000000000000
MISTRAL_API_KEY=fake-000000000000
DEEPSEEK_API_KEY_1=sk-fake-three-000000
DEEPSEEK_API_KEYS=sk-fake-four-000000
GITHUB_PAT_TOKEN=ghp_fake-fake-000000
TELEGRAM_BOT_TOKEN=1:fake-000000000000
NODE_ENV=production
nvidia_api_key=
",
        );
    }

    /// "Plugin rows not determinable" says what was read of 0.21.4: its plugins may read a name that is near.
    #[test]
    fn only_the_same_letters_are_told_of_a_release_that_was_read() {
        fires(
            &WRONG_CASE_NAME,
            "\
--- release 0.21.4
--- .env
gemini_api_key=AIza-fake-one-000000
^^^^^^^^^^^^^^ PC407
DEEPSEK_API_KEY=sk-fake-two-000000
XIAOMI_KEY=sk-fake-three-000
--- fixed .env
GEMINI_API_KEY=AIza-fake-one-000000
DEEPSEK_API_KEY=sk-fake-two-000000
XIAOMI_KEY=sk-fake-three-000
",
        );
    }
}
