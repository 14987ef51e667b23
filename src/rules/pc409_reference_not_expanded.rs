//! PC409: `${OTHER}` or `$OTHER` in a variable of `.env` that pools read: they take it as it stands.

use super::references::reference;
use super::variables::{Variable, is_plain, pool_reading, variables};
use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Search, Span};
use crate::diagnostic::Safety;

declare_rule! {
    /// Hermes reads `.env` twice, with two readers. The one that fills the environment replaces `${OTHER}`; the one that
    /// credential pools read does not: the key is then the text `${OTHER}`. `$OTHER`, `%OTHER%` and `$(command)` are
    /// replaced by neither. Write the value itself, or set the variable in the environment of the process.
    ///
    /// ```env fires
    /// MY_KEY=AIza-fake-one-000000
    /// GEMINI_API_KEY=${MY_KEY}
    /// ```
    /// ```env silent
    /// GEMINI_API_KEY=AIza-fake-one-000000
    /// MY_PATH=${HOME}/data
    /// ```
    pub static REFERENCE_NOT_EXPANDED = {
        code: "PC409", name: "reference-not-expanded", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "Hermes takes {reference} in `{name}` as it stands",
        why: "{reader}",
        todo: "Write the value itself behind `{name}=`.",
        fix_title: "Put the value of `{other}` here",
        part one: "The reader of Hermes' credential pools does not replace {reference}, only the one that fills the environment does: this text is what is sent to `{provider}`.",
        part none: "Neither of Hermes' readers of `.env` replaces {reference}: this text is what is sent to `{provider}`.",
        part written: "`{written}`",
        part command: "the command",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for variable in &variables(context) {
        let Some(provider) = pool_reading(context.facts, variable.name) else { continue };
        let is_plain_text = variable.source() != SourceKind::Dotenv || variable.comment(context).is_some();
        let Some(found) = reference(variable.value).filter(|_| !is_plain_text) else { continue };
        let other = found.name;
        let form = if found.is_command() { "command" } else { "written" };
        let named = REFERENCE_NOT_EXPANDED.part(form).with("written", found.written());
        findings
            .report(&REFERENCE_NOT_EXPANDED, place(context, variable))
            .with("reference", named)
            .with("provider", provider)
            .with("name", variable.name)
            .with("other", other)
            .part("reader", if found.is_braced() { "one" } else { "none" });
        if variable.value == found.written()
            && let Some(value) = value_before(context, variable, other)
        {
            findings.replace(variable.value_place, value);
        }
    }
}

/// The key that `.env` gives to `name`, where that is set once, before the reference to it.
fn value_before<'c>(context: &'c Context<'_>, variable: &Variable<'_>, name: &str) -> Option<&'c str> {
    let mut sources = context.dotenv.load_env.iter().filter(|found| found.name == name);
    let source = sources.next().filter(|_| sources.next().is_none())?;
    let is_before = source.entry_place.span.end <= variable.entry_place.span.start;
    source.value.as_deref().filter(|value| is_before && is_plain(context.facts, value))
}

/// The reference itself.
fn place(context: &Context<'_>, variable: &Variable<'_>) -> Place {
    let value = variable.value;
    let start = value.find_text("${").unwrap_or(0);
    let length = value.get(start..).and_then(|rest| rest.find('}')).filter(|_| value.holds("${"));
    let end = length.map_or(value.len(), |length| start + length + 1);
    variable.part_place(context, Span::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::REFERENCE_NOT_EXPANDED;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_value_can_be_written_in_its_place() {
        fires(
            &REFERENCE_NOT_EXPANDED,
            "\
--- .env
MY_KEY=AIza-fake-one-000000
GEMINI_API_KEY=${MY_KEY}
               ^^^^^^^^^ PC409
GLM_API_KEY=\"$MY_KEY\"
             ^^^^^^^ PC409
XAI_API_KEY=%MY_KEY%
            ^^^^^^^^ PC409
--- fixed .env
MY_KEY=AIza-fake-one-000000
GEMINI_API_KEY=AIza-fake-one-000000
GLM_API_KEY=\"AIza-fake-one-000000\"
XAI_API_KEY=AIza-fake-one-000000
--- says
Hermes takes `${MY_KEY}` in `GEMINI_API_KEY` as it stands
Neither of Hermes' readers of `.env` replaces `$MY_KEY`
",
        );
    }

    #[test]
    fn what_is_not_in_the_file_or_not_alone_is_left_to_the_user() {
        fires(
            &REFERENCE_NOT_EXPANDED,
            "\
--- .env
PART=fake-000000
GEMINI_API_KEY=${ELSEWHERE}
               ^^^^^^^^^^^^ PC409
DEEPSEEK_API_KEY=sk-${PART:-sk-fake-default-000000}
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC409
XAI_API_KEY=$(cat /run/secrets/xai)
            ^^^^^^^^^^^^^^^^^^^^^^^ PC409
GLM_BASE_URL=${PROXY}/zai
             ^^^^^^^^ PC409
--- says
Hermes takes the command in `XAI_API_KEY` as it stands
",
        );
    }

    #[test]
    fn signs_in_keys_and_references_that_no_pool_reads_are_fine() {
        silent(
            &REFERENCE_NOT_EXPANDED,
            "\
--- .env
GEMINI_API_KEY=AIza-fake-$one-000000
# GLM_API_KEY=${MY_KEY}
MY_PATH=${HOME}/data
TELEGRAM_BOT_TOKEN=${BOT}
AZURE_FOUNDRY_API_KEY=${MY_KEY}
DEEPSEEK_API_KEY=${}
",
        );
    }

    /// Which value is used shows in the endpoint; of keys the verdict says the variable only.
    #[test]
    fn then_the_other_variable_s_value_is_used() {
        fires(
            &REFERENCE_NOT_EXPANDED,
            "\
--- config.yaml
model: {provider: zai, default: glm-5}
--- .env
MY_PROXY=http://localhost:8080/v1
MY_KEY=fake-glm-000000
GLM_BASE_URL=${MY_PROXY}
             ^^^^^^^^^^^ PC409
GLM_API_KEY=${MY_KEY}
            ^^^^^^^^^ PC409
--- fixed .env
MY_PROXY=http://localhost:8080/v1
MY_KEY=fake-glm-000000
GLM_BASE_URL=http://localhost:8080/v1
GLM_API_KEY=fake-glm-000000
--- then
endpoint: http://localhost:8080/v1
Hermes uses GLM_API_KEY (env:GLM_API_KEY) for zai
nothing is found
",
        );
    }
}
