//! PC411: a variable that `.env` sets twice, to different values.

use super::variables::{is_plain, provider_of_url};
use super::{Context, Findings, declare_rule, is_placeholder, provider_of_key, whole_lines};
use crate::base::collections::TextMap;
use crate::base::sources::SourceKind;
use crate::base::text::Edit;
use crate::diagnostic::Safety;
use crate::hermes::dotenv::Assignment;
use crate::python::strip;

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
        fix_title: "{deletion}",
        label last: "this line counts",
        part this: "Delete this line",
        part later: "Delete what stands further down",
        part empty: " Here the last one is empty: the variable has no value.",
        part filled: "",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let found = &context.dotenv.load_env;
    let text = context.text_of(SourceKind::Dotenv);
    let is_filled_in = |value: &str| !value.is_empty() && !is_placeholder(context.facts, value);
    // Of each variable the last line that was filled in, and those behind it that were not.
    let mut ends: TextMap<Vec<&Assignment>> = TextMap::new();
    for line in found {
        match ends.get_mut(&line.name) {
            Some(end) if !is_filled_in(value_of(line)) => end.push(line),
            _ => {
                ends.insert(&line.name, vec![line]);
            }
        }
    }
    for own in found {
        let name = own.name.as_str();
        let Some([first, behind @ ..]) = ends.get(name).map(Vec::as_slice) else { continue };
        let last = behind.last().unwrap_or(first);
        let (value, winning) = (value_of(own), value_of(last));
        let is_first = own.name_place == first.name_place;
        // A placeholder is missed where nothing else was set, and then once.
        let is_missed = || is_filled_in(value) || (winning.is_empty() && is_first);
        if value.is_empty() || value == winning || !is_missed() || !is_known(context, name) {
            continue;
        }
        findings
            .report(&VARIABLE_SET_TWICE, own.name_place)
            .with("name", name)
            .label("last", Some(last.name_place));
        // Nobody writes a value to have it taken away by a line of a template.
        let is_taken_away = is_first && is_filled_in(value);
        findings.part("deletion", if is_taken_away { "later" } else { "this" });
        findings.part("empty", if winning.is_empty() { "empty" } else { "filled" });
        let deleted = if is_taken_away { behind } else { &[own] };
        let lines: Option<Vec<Edit>> = (deleted.iter())
            .map(|line| {
                context.python_dotenv_at(line.name_place.span.start)?;
                whole_lines(text, line.entry_place.span).map(Edit::delete)
            })
            .collect();
        // What is wrong with a value comes to light with it, and has to be mended first.
        let counts = !is_taken_away
            || provider_of_key(context.facts, name, false).is_none()
            || is_plain(context.facts, value);
        if let Some(lines) = lines.filter(|_| counts) {
            findings.fix(SourceKind::Dotenv, lines);
        }
    }
}

fn value_of(line: &Assignment) -> &str {
    line.value.as_deref().map_or("", strip)
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

    /// The sign at the end of the key is an error of its own once the key counts.
    #[test]
    fn a_value_that_is_wrong_itself_is_not_brought_back() {
        let report = fires(
            &VARIABLE_SET_TWICE,
            "--- .env\nGEMINI_API_KEY=AIza-fake-one-000000;\n^^^^^^^^^^^^^^ PC411\nGEMINI_API_KEY=\n--- says\nthe variable has no value\n",
        );
        assert!(report.findings.iter().all(|finding| finding.fix.is_none()));
    }

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

    /// Whoever writes a new key puts it at the end as a rule, and Hermes takes it: the older line is what nobody wants.
    #[test]
    fn then_the_last_value_is_used_as_before() {
        fires(
            &VARIABLE_SET_TWICE,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
--- .env
GEMINI_API_KEY=AIza-fake-old-000000
^^^^^^^^^^^^^^ PC411
GEMINI_API_KEY=AIza-fake-new-000000
--- fixed .env
GEMINI_API_KEY=AIza-fake-new-000000
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
",
        );
    }

    /// A template has its empty line further down than the key that was written.
    #[test]
    fn an_empty_line_takes_the_key_away() {
        fires(
            &VARIABLE_SET_TWICE,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
--- .env
GEMINI_API_KEY=AIza-fake-one-000000
^^^^^^^^^^^^^^ PC411
A=1
GEMINI_API_KEY=
GEMINI_API_KEY=\"\"
--- fixed .env
GEMINI_API_KEY=AIza-fake-one-000000
A=1
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
--- says
Here the last one is empty
",
        );
    }

    #[test]
    fn a_placeholder_further_down_takes_the_key_away() {
        fires(
            &VARIABLE_SET_TWICE,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
--- .env
GEMINI_API_KEY=AIza-fake-one-000000
^^^^^^^^^^^^^^ PC411
GEMINI_API_KEY=your_api_key_here
--- fixed .env
GEMINI_API_KEY=AIza-fake-one-000000
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
",
        );
    }

    #[test]
    fn a_placeholder_before_an_empty_line_is_nothing_to_come_back_to() {
        fires(
            &VARIABLE_SET_TWICE,
            "\
--- .env
GEMINI_API_KEY=your_api_key_here
^^^^^^^^^^^^^^ PC411
GEMINI_API_KEY=
--- fixed .env
GEMINI_API_KEY=
",
        );
    }

    #[test]
    fn of_several_values_before_an_empty_line_the_last_comes_back() {
        fires(
            &VARIABLE_SET_TWICE,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
--- .env
GEMINI_API_KEY=AIza-fake-old-000000
^^^^^^^^^^^^^^ PC411
GEMINI_API_KEY=AIza-fake-new-000000
^^^^^^^^^^^^^^ PC411
GEMINI_API_KEY=
--- fixed .env
GEMINI_API_KEY=AIza-fake-new-000000
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
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
