//! PC411: a variable that `.env` sets twice, to different values.

use super::variables::provider_of_url;
use super::{Context, Findings, declare_rule, is_placeholder, provider_of_key, whole_lines};
use crate::collections::TextMap;
use crate::diagnostic::Safety;
use crate::python::strip;
use crate::text::{Place, SourceKind};

declare_rule! {
    /// Of several lines for one variable in `.env` Hermes keeps the last, whichever of its readers reads the file, and
    /// says nothing. A new key that was written above an old one is never used; an empty line further down takes the
    /// key away.
    ///
    /// ```env fires
    /// GEMINI_API_KEY=AIza-fake-new-000000
    /// GEMINI_API_KEY=AIza-fake-old-000000
    /// ```
    /// ```env silent
    /// GEMINI_API_KEY=
    /// GEMINI_API_KEY=AIza-fake-new-000000
    /// ```
    pub static VARIABLE_SET_TWICE = {
        code: "PC411", name: "variable-set-twice", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "`{name}` is set again further down; this value is not used",
        why: "Of several lines for one variable in `.env` Hermes keeps the last.{empty}",
        todo: "Delete the line whose value you do not want.",
        fix_title: "Delete this line",
        label last: "this line counts",
        part empty: " Here the last one is empty: the variable has no value.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let found = &context.dotenv.load_env;
    let mut last: TextMap<usize> = TextMap::new();
    for (at, found) in found.iter().enumerate() {
        last.insert(&found.name, at);
    }
    for own in found {
        let name = own.name.as_str();
        let Some(last) = last.get(name).and_then(|at| found.get(*at)) else { continue };
        let value = own.value.as_deref().map_or("", strip);
        let winning = last.value.as_deref().map_or("", strip);
        if value.is_empty() || value == winning || !is_known(context, name) {
            continue;
        }
        if is_placeholder(context.facts, value) && !winning.is_empty() {
            continue;
        }
        findings
            .report(&VARIABLE_SET_TWICE, own.name_place)
            .with("name", name)
            .label("last", Some(last.name_place));
        if winning.is_empty() {
            findings.part("empty", "empty");
        }
        let is_of_both = context.python_dotenv_at(own.name_place.span.start).is_some();
        let lines = whole_lines(context.text_of(SourceKind::DotEnv), own.entry_place.span);
        if let Some(lines) = lines.filter(|_| is_of_both) {
            findings.replace(Place::new(SourceKind::DotEnv, lines), "");
        }
    }
}

fn is_known(context: &Context<'_>, name: &str) -> bool {
    provider_of_key(context.facts, name, false).is_some()
        || provider_of_url(context.facts, name).is_some()
        || context.facts.env.knows(name)
}

#[cfg(test)]
mod tests {
    use super::VARIABLE_SET_TWICE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_first_value_is_not_used() {
        fires(
            &VARIABLE_SET_TWICE,
            "\
--- .env
GEMINI_API_KEY=AIza-fake-new-000000
^^^^^^^^^^^^^^ PC411
A=1
export GEMINI_API_KEY='AIza-fake-old-000000'
--- fixed .env
A=1
export GEMINI_API_KEY='AIza-fake-old-000000'
",
        );
    }

    #[test]
    fn an_empty_line_takes_the_key_away() {
        fires(
            &VARIABLE_SET_TWICE,
            "\
--- .env
TELEGRAM_BOT_TOKEN=1:fake-000000000000
^^^^^^^^^^^^^^^^^^ PC411
TELEGRAM_BOT_TOKEN=
--- fixed .env
TELEGRAM_BOT_TOKEN=
--- says
Here the last one is empty
",
        );
    }

    #[test]
    fn equal_empty_and_unknown_ones_are_fine() {
        silent(
            &VARIABLE_SET_TWICE,
            "\
--- .env
GEMINI_API_KEY=
GEMINI_API_KEY=AIza-fake-one-000000
GEMINI_API_KEY=\"AIza-fake-one-000000\"
DEEPSEEK_API_KEY=your_api_key_here
DEEPSEEK_API_KEY=sk-fake-one-000000
# GLM_API_KEY=fake-old-000000
GLM_API_KEY=fake-new-000000
MY_APP=1
MY_APP=2
",
        );
    }
}
