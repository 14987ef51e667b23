//! PC944: a debug report that knows another `.env` than the one that was pasted.

use super::variables::stand_in;
use super::{Context, Findings, declare_rule};
use crate::hermes::Origin;
use crate::hermes::dotenv::Assignment;
use crate::python::strip;
use crate::readers::debug_report::KeyRow;

declare_rule! {
    /// `hermes dump` and `hermes status` load the `.env` of their home before they look at the variables. Where they say `not set`
    /// of a variable that the pasted `.env` sets, they did not read this file: a service, a container, root and a profile have homes
    /// of their own, and `HERMES_HOME` names another one. Or the line was written after the report. So it is where they find no
    /// `.env`, or show another key. Where they see a key for the provider and nothing that was pasted has one, it is in an environment
    /// or in a file that was not pasted.
    ///
    /// ```text fires
    /// --- .env
    /// DEEPSEEK_API_KEY=sk-fake-one-000000
    /// --- debug report
    /// hermes_home:      /opt/data
    /// api_keys:
    ///   deepseek             not set
    /// ```
    /// ```text silent
    /// --- .env
    /// DEEPSEEK_API_KEY=sk-fake-one-000000
    /// --- debug report
    /// hermes_home:      /opt/data
    /// api_keys:
    ///   deepseek             set
    /// ```
    pub static REPORT_OF_ANOTHER_ENV = {
        code: "PC944", name: "report-of-another-env", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "Hermes loads the `.env` of its home before it makes a report.{home} {so}",
        todo: "As the user, and in the container, that runs Hermes, have the command below print the file that it reads, and put the key there. A service, a container, root and a profile have homes of their own; `HERMES_HOME` names another one.",
        command: "hermes config env-path",
        label set: "set here",
        part unseen: "The report does not see {variable}, which the pasted `.env` sets",
        part seen: "The report sees a key in {variable}, which nothing that was pasted sets",
        part other_key: "The report sees another key in {variable} than the pasted `.env` sets",
        part no_env: "The report finds no `.env`, and one was pasted",
        part another: "So the report was made by a Hermes that does not read this file, or before the line was written.",
        part elsewhere: "So the key is in the environment in which the report was made, or in another `.env`, or it was taken out of this one since.",
        part no_file: " This one found no `.env` there.",
        part named: " The home of this one is `{path}`.",
        part unnamed: "",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // What a report of such a release looks at was not read.
    if context.is_read_only() {
        return;
    }
    let report = &context.debug_report;
    let found: Vec<(&KeyRow, &Assignment)> =
        report.keys.iter().filter_map(|row| Some((row, differs(context, row)?))).collect();
    let used = context.winner().and_then(|winner| match &winner.origin {
        Origin::Variable(name) => Some(name.as_str()),
        Origin::Pool { source, .. } => source.strip_prefix("env:"),
        _ => None,
    });
    // One is enough: of the others the same is to be said.
    let is_used = |(_, set): &&(&KeyRow, &Assignment)| Some(set.name.as_str()) == used;
    let is_given = context.world.given.dotenv.is_given();
    let in_file =
        || report.lacks_dotenv.zip(context.dotenv.python_dotenv.iter().find(|own| is_key(context, own)));
    let (what, so, place, variable, set) =
        if let Some((row, set)) = found.iter().find(is_used).or(found.first()) {
            let what = if row.is_set() { "other_key" } else { "unseen" };
            (what, "another", row.place, set.name.as_str(), Some(*set))
        } else if let Some((place, set)) = in_file() {
            ("no_env", "another", place, set.name.as_str(), Some(set))
        } else if let Some(row) = context.key_in_report.as_ref().filter(|_| is_given) {
            ("seen", "elsewhere", row.place, row.variable(), None)
        } else {
            return;
        };
    let home = if report.lacks_dotenv.is_some() {
        "no_file"
    } else if report.home.is_some() {
        "named"
    } else {
        "unnamed"
    };
    findings
        .report(&REPORT_OF_ANOTHER_ENV, place)
        .with("variable", variable)
        .with("path", report.home.as_ref().map_or("", |home| home.text.as_str()))
        .part("what", what)
        .part("so", so)
        .part("home", home)
        .label("set", set.map(|set| set.name_place));
}

/// Whether a variable is set to something that may be a key.
fn is_key(context: &Context<'_>, own: &Assignment) -> bool {
    let value = own.value.as_deref().unwrap_or("");
    !value.trim().is_empty() && stand_in(context.facts, value).is_none()
}

/// What the pasted `.env` sets a variable to of which `row` says that it is not set, or shows another key. Of one name the last
/// assignment counts.
fn differs<'c>(context: &'c Context<'_>, row: &KeyRow) -> Option<&'c Assignment> {
    let dotenv = &context.dotenv;
    let last = |found: &'c [Assignment], name: &str| {
        found.iter().rfind(|own| own.name == name).filter(|own| is_key(context, own))
    };
    // Of several variables the first one counts that is set.
    let (name, own) =
        row.variables.iter().find_map(|name| Some((*name, last(&dotenv.python_dotenv, name)?)))?;
    let other = last(&dotenv.load_env, name)?;
    let is_other = |own: &Assignment| own.value.as_deref().is_some_and(|key| row.shows_other(strip(key)));
    (!row.is_set() || (is_other(own) && is_other(other))).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::REPORT_OF_ANOTHER_ENV;
    use crate::report::VerdictState;
    use crate::rules::testing::{fires, silent};

    const DOTENV: &str = "--- .env\nOPENAI_API_KEY=sk-fake-two-000000\nDEEPSEEK_API_KEY=sk-fake-one-000000\n";

    #[test]
    fn a_dump_of_another_home() {
        let report = "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
--- debug report
hermes_home:      /opt/data
provider:         deepseek
api_keys:
  openai               not set
  deepseek             not set
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC944
--- says
The home of this one is `/opt/data`.
hermes config env-path
";
        fires(&REPORT_OF_ANOTHER_ENV, &[DOTENV, report].concat());
    }

    // As `hermes status` of a service's user prints it.
    #[test]
    fn a_status_without_a_file() {
        let report = "\
--- debug report
◆ Environment
  .env file:    ✗ not found
◆ API Keys
  OpenRouter    ✗ (not set)
  DeepSeek      ✗ (not set)
  ^^^^^^^^^^^^^^^^^^^^^^^^^ PC944
--- says
This one found no `.env` there.
";
        fires(&REPORT_OF_ANOTHER_ENV, &[DOTENV, report].concat());
    }

    /// As `mask_secret` of `agent/redact.py` shows a key; of the two variables of a row the first one counts that is set.
    #[test]
    fn a_status_with_another_key() {
        let dotenv = "--- .env\nGEMINI_API_KEY=AIza-fake-one-1111\n";
        let report = |row: &str, said: &str| {
            let mark = "^".repeat(row.chars().count());
            format!("{dotenv}--- debug report\n◆ API Keys\n  {row}\n  {mark} PC944\n--- says\n{said}\n")
        };
        fires(
            &REPORT_OF_ANOTHER_ENV,
            &report("Google / Gemini  ✓ AIza...2222", "another key in GEMINI_API_KEY than"),
        );
        fires(&REPORT_OF_ANOTHER_ENV, &report("Google / Gemini  ✗ (not set)", "does not see GEMINI_API_KEY"));
        silent(
            &REPORT_OF_ANOTHER_ENV,
            &format!("{dotenv}--- debug report\n  Google / Gemini  ✓ AIza...1111\n"),
        );
    }

    #[test]
    fn a_status_without_the_file_and_without_a_row() {
        let report = "\
--- .env
FIREWORKS_API_KEY=fw-fake-one-000000
--- debug report
◆ Environment
  .env file:    ✗ not found
  ^^^^^^^^^^^^^^^^^^^^^^^^^ PC944
--- says
finds no `.env`
";
        fires(&REPORT_OF_ANOTHER_ENV, report);
        silent(
            &REPORT_OF_ANOTHER_ENV,
            "--- .env\n# FIREWORKS_API_KEY=\n--- debug report\n  .env file:    ✗ not found\n",
        );
    }

    /// Nothing that was pasted has a key, and the report sees one: that there is none is not said.
    #[test]
    fn a_key_that_only_the_report_has() {
        let world = "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
--- .env
OPENAI_API_KEY=sk-fake-two-000000
--- auth.json
{\"version\": 1, \"credential_pool\": {}}
";
        let report = "\
--- debug report
  DeepSeek      ✓ sk-f...0000
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC944
--- says
sees a key in DEEPSEEK_API_KEY
in the environment in which
";
        let told = fires(&REPORT_OF_ANOTHER_ENV, &[world, report].concat());
        assert_eq!(told.verdict.state, VerdictState::NotPasted);
        assert!(told.findings.iter().all(|finding| finding.code.as_str() != "PC523"));
        // Of another provider, and beside a key that was pasted, it is nothing that is to be told.
        silent(
            &REPORT_OF_ANOTHER_ENV,
            &[world, "--- debug report\n  MiniMax       ✓ sk-f...0000\n"].concat(),
        );
        let keyed = world.replace("OPENAI_", "DEEPSEEK_");
        silent(
            &REPORT_OF_ANOTHER_ENV,
            &[&keyed, "--- debug report\n  DeepSeek      ✓ sk-f...0000\n"].concat(),
        );
    }

    #[test]
    fn what_agrees() {
        let report = "--- debug report\napi_keys:\n  deepseek             not set\n";
        for dotenv in [
            "--- .env\nDEEPSEEK_API_KEY=\n",
            "--- .env\nDEEPSEEK_API_KEY=sk-fake-one-000000\nDEEPSEEK_API_KEY=\n",
            "--- .env\nDEEPSEEK_API_KEY=your_api_key_here\n",
            "--- .env\n# DEEPSEEK_API_KEY=sk-fake-one-000000\n",
            // A service has an environment of its own, which a report from a shell does not see.
            "--- environment\n[Service]\nEnvironment=DEEPSEEK_API_KEY=sk-fake-one-000000\n",
            "",
        ] {
            silent(&REPORT_OF_ANOTHER_ENV, &[dotenv, report].concat());
        }
        silent(&REPORT_OF_ANOTHER_ENV, &[DOTENV, &report.replace("not set", "set")].concat());
    }
}
