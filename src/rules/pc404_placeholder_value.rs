//! PC404: a placeholder in a key's variable, which Hermes' pool takes for a key.

use super::variables::{Flaw, StandIn, flawed, is_plain, stand_in};
use super::{Context, Findings, declare_rule, provider_of_key, whole_lines};
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Span};
use crate::diagnostic::Safety;

declare_rule! {
    /// A template's `your_api_key_here` was left in a variable. Hermes' credential pool takes any text for a key: the
    /// placeholder becomes an entry of the pool, is tried in its turn, and the provider refuses it. Only the
    /// look-up behind the pool knows some placeholders and passes them over.
    ///
    /// ```env fires
    /// GEMINI_API_KEY=your_api_key_here
    /// ```
    /// ```env silent
    /// GEMINI_API_KEY=
    /// # DEEPSEEK_API_KEY=your_api_key_here
    /// LM_API_KEY=not-needed
    /// ```
    pub static PLACEHOLDER_VALUE = {
        code: "PC404", name: "placeholder-value", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{name}` holds {kind}, not a key",
        why: "{fate}",
        todo: "{way}",
        fix_title: "Make the line a comment",
        part placeholder: "a placeholder",
        part redacted: "a key with a part taken out",
        part write: "Put the key in its place, or take the line out.",
        part check: "If this is what your file holds and not only what you posted, put the whole key in its place.",
        part sent: "Hermes' credential pool takes any text for a key: it sends this one to `{provider}`, which refuses it.",
        part passed: "Hermes passes over what it takes for a placeholder, and sends any other text to `{provider}`, which refuses it.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let text = context.text_of(SourceKind::Dotenv);
    for (variable, flaw) in flawed(context) {
        let Some(provider) = provider_of_key(context.facts, variable.name, false) else { continue };
        let Flaw::Placeholder(span) = flaw else { continue };
        findings
            .report(&PLACEHOLDER_VALUE, Place::new(variable.source(), *span))
            .with("name", variable.name)
            .with("provider", provider)
            .part("fate", if context.facts.behaviour.pool_keys_must_be_usable { "passed" } else { "sent" });
        // Whoever posts a file takes the keys out, and should: of the file itself nothing is known then.
        let written = span.of(context.text_of(variable.source()));
        if stand_in(context.facts, written) == Some(StandIn::Redacted) {
            findings.part("kind", "redacted").part("way", "check").as_note();
            continue;
        }
        findings.part("kind", "placeholder").part("way", "write");
        let entry = variable.entry_place.span;
        if variable.source() == SourceKind::Dotenv
            && variable.dotenv.is_some()
            && whole_lines(text, entry).is_some()
            && !hides_a_flaw(context, variable.name)
        {
            findings.replace(Place::new(SourceKind::Dotenv, Span::at(entry.start)), "# ");
        }
    }
}

/// Whether the environment has a value of the variable that something is wrong with: it would count in place of the line.
fn hides_a_flaw(context: &Context<'_>, name: &str) -> bool {
    let mut entries = context.environ.entries.iter().rev();
    let own = entries.find(|entry| entry.name == name && entry.is_set());
    own.is_some_and(|own| !is_plain(context.facts, &own.value))
}

#[cfg(test)]
mod tests {
    use super::PLACEHOLDER_VALUE;
    use crate::rules::testing::{fires, silent};
    use poolcheck::report::SeverityName;

    #[test]
    fn a_placeholder_is_an_entry_of_the_pool() {
        fires(
            &PLACEHOLDER_VALUE,
            "\
--- .env
GEMINI_API_KEY=your_api_key_here
               ^^^^^^^^^^^^^^^^^ PC404
 export OPENROUTER_API_KEY=\"<your-key>\"
                            ^^^^^^^^^^ PC404
ANTHROPIC_API_KEY=sk-ant-xxxxxxxx   # from the console
                  ^^^^^^^^^^^^^^^ PC404
GLM_API_KEY=你的密钥
            ^^^^ PC404
--- fixed .env
# GEMINI_API_KEY=your_api_key_here
 # export OPENROUTER_API_KEY=\"<your-key>\"
# ANTHROPIC_API_KEY=sk-ant-xxxxxxxx   # from the console
# GLM_API_KEY=你的密钥
",
        );
    }

    /// Without the placeholder the key that the user has is found: before, the pool takes the first variable that is set.
    #[test]
    fn the_key_behind_a_placeholder_is_used() {
        let report = fires(
            &PLACEHOLDER_VALUE,
            "\
--- config.yaml
model: {provider: gemini}
--- .env
GOOGLE_API_KEY=your_api_key_here
               ^^^^^^^^^^^^^^^^^ PC404
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed .env
# GOOGLE_API_KEY=your_api_key_here
GEMINI_API_KEY=AIza-fake-one-000000
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
",
        );
        assert!(report.verdict.summary.as_str().contains("uses GOOGLE_API_KEY"));
    }

    /// Who posts a file takes the keys out of it: nothing is said for sure, and nothing is mended.
    #[test]
    fn what_was_taken_out_for_a_post() {
        let report = fires(
            &PLACEHOLDER_VALUE,
            "\
--- .env
GEMINI_API_KEY=REDACTED
               ^^^^^^^^ PC404
DEEPSEEK_API_KEY=sk-fake…abc
                 ^^^^^^^^^^^ PC404
XAI_API_KEY=xai-********
            ^^^^^^^^^^^^ PC404
GLM_API_KEY=<redacted>
            ^^^^^^^^^^ PC404
--- says
`GEMINI_API_KEY` holds a key with a part taken out, not a key
If this is what your file holds
",
        );
        assert!(report.findings.iter().all(|finding| finding.severity == SeverityName::Info));
    }

    /// Without the placeholder the value of the environment counts, with the blanks around it.
    #[test]
    fn a_value_of_the_environment_that_is_wrong_itself() {
        let report = fires(
            &PLACEHOLDER_VALUE,
            "--- .env\nGEMINI_API_KEY=your_api_key_here\n               ^^^^^^^^^^^^^^^^^ PC404\n--- environment\nGEMINI_API_KEY=  AIza-fake-one-000000\n",
        );
        let own = report.findings.iter().find(|finding| finding.code.as_str() == "PC404");
        assert!(own.unwrap().fix.is_none());
    }

    #[test]
    fn the_environment_is_read_too_and_not_mended_here() {
        fires(
            &PLACEHOLDER_VALUE,
            "\
--- environment
[Service]
Environment=\"GEMINI_API_KEY=changeme\" B=c
                            ^^^^^^^^ PC404
",
        );
    }

    #[test]
    fn keys_empty_values_and_the_variables_of_others_are_fine() {
        silent(
            &PLACEHOLDER_VALUE,
            "\
--- .env
GEMINI_API_KEY=
DEEPSEEK_API_KEY=your_api_key_here
DEEPSEEK_API_KEY=sk-fake-one-000000
LM_API_KEY=lm-studio
GEMINI_API_KEY_1=your_api_key_here
MY_APP_KEY=changeme
# GLM_API_KEY=changeme
--- environment
DEEPSEEK_API_KEY=changeme
",
        );
    }
}
