//! PC110: a root key of config.yaml that is no text for YAML.

use super::lines::quoted;
use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::diagnostic::Safety;
use crate::python::is_alphanumeric;
use crate::readers::paste::Kind;

declare_rule! {
    /// `on`, `yes`, `off` and `no` are truth values in YAML 1.1, `1` and `2024-01-01` are a number and a date. As a key at
    /// the root of config.yaml such a word makes Hermes' own check of the file fail, and all that it would have said is
    /// lost without a word.
    ///
    /// ```yaml fires
    /// model: {provider: gemini}
    /// on: true
    /// ```
    /// ```yaml silent
    /// model: {provider: gemini}
    /// "on": true
    /// ```
    pub static ROOT_KEY_IS_NO_STRING = {
        code: "PC110", name: "root-key-is-no-string", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "The root key `{key}` is a `{type}` for YAML, not text",
        why: "Hermes' check of config.yaml asks every root key what it begins with. A key that is no text makes the check fail, and everything that it would have reported is lost silently.",
        todo: "Put the key in quotes, or delete it: Hermes has no such key.",
        fix_title: "Put the key in quotes",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // Whether the check of 0.21.4 still fails at such a key was not read.
    if context.is_read_only() {
        return;
    }
    let Some(root) = context.config_root() else { return };
    if context.paste.damage(Kind::Decoration).is_some() {
        return;
    }
    for entry in &root.entries() {
        let Some(place) = entry.key.place.filter(|_| entry.key.value.as_str().is_none()) else { continue };
        let written = place.span.of(context.config_text());
        findings
            .report(&ROOT_KEY_IS_NO_STRING, place)
            .with("key", written)
            .with("type", entry.key.value.type_name());
        let is_plain = !written.is_empty()
            && written.chars().all(|c| is_alphanumeric(c) || "-_.:+~ ".has(c))
            && root.get(written).is_none()
            && !context.doubled_keys.contains(place);
        if is_plain {
            findings.replace(place, &quoted(written));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ROOT_KEY_IS_NO_STRING;
    use crate::report::Report;
    use crate::rules::testing::{fires, report, silent};

    #[test]
    fn words_that_are_values() {
        fires(
            &ROOT_KEY_IS_NO_STRING,
            "\
--- config.yaml
on: x
^^ PC110
7: y
^ PC110
2024-01-01: z
^^^^^^^^^^ PC110
~: a
^ PC110
model: {provider: gemini}
--- .env
GEMINI_API_KEY=AIza-fake-key-000000
--- fixed config.yaml
\"on\": x
\"7\": y
\"2024-01-01\": z
\"~\": a
model: {provider: gemini}
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
--- says
is a `bool` for YAML
is a `date` for YAML
",
        );
    }

    /// The key changes no verdict: what is lost, and comes back, is what Hermes' own check says.
    #[test]
    fn hermes_own_check_speaks_again() {
        let says_its_own = |report: &Report| {
            report.findings.iter().any(|finding| {
                finding.code.as_str() == "PC512"
                    && finding.what.as_str().contains("'api_key' looks misplaced")
            })
        };
        let rest = "api_key: sk-fake-old-000000\nmodel: {provider: gemini}\n";
        let fixed = format!("config.yaml\n\"on\": x\n{rest}");
        let broken = format!("--- config.yaml\non: x\n^^ PC110\n{rest}--- fixed {fixed}");
        assert!(!says_its_own(&fires(&ROOT_KEY_IS_NO_STRING, &broken)));
        assert!(says_its_own(&report(&format!("--- {fixed}"))));
    }

    #[test]
    fn below_the_root_and_in_quotes_they_do_no_harm() {
        silent(
            &ROOT_KEY_IS_NO_STRING,
            "--- config.yaml\n'on': x\nmodel: {provider: gemini}\nquick_commands: {1: a, yes: b}\n",
        );
    }
}
