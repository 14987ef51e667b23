//! PC944: a debug report that says `not set` of a variable that the pasted `.env` sets.

use super::variables::stand_in;
use super::{Context, Findings, declare_rule};
use crate::hermes::Origin;
use crate::hermes::dotenv::Assignment;
use crate::readers::debug_report::{KeyRow, KeyState};

declare_rule! {
    /// `hermes dump` and `hermes status` load the `.env` of their home before they look at the variables. Where they say `not set`
    /// of a variable that the pasted `.env` sets, they did not read this file: a service, a container, root and a profile have homes
    /// of their own, and `HERMES_HOME` names another one. Or the line was written after the report.
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
        what: "The report does not see {variable}, which the pasted `.env` sets",
        why: "Hermes loads the `.env` of its home before it makes a report.{home} So the report was made by a Hermes that does not read this file, or before the line was written.",
        todo: "As the user, and in the container, that runs Hermes, have the command below print the file that it reads, and put the key there. A service, a container, root and a profile have homes of their own; `HERMES_HOME` names another one.",
        command: "hermes config env-path",
        label set: "set here",
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
    let report = &context.report;
    let found: Vec<(&KeyRow, &Assignment)> =
        report.keys.iter().filter_map(|row| Some((row, unseen(context, row)?))).collect();
    let used = context.winner().and_then(|winner| match &winner.origin {
        Origin::Variable(name) => Some(name.as_str()),
        Origin::Pool { source, .. } => source.strip_prefix("env:"),
        _ => None,
    });
    // One is enough: of the others the same is to be said.
    let is_used = |(row, _): &&(&KeyRow, &Assignment)| Some(row.variable) == used;
    let Some((row, set)) = found.iter().find(is_used).or(found.first()) else { return };
    let home = if report.lacks_dotenv {
        "no_file"
    } else if report.home.is_some() {
        "named"
    } else {
        "unnamed"
    };
    findings
        .report(&REPORT_OF_ANOTHER_ENV, row.place)
        .with("variable", row.variable)
        .with("path", report.home.as_ref().map_or("", |home| home.text.as_str()))
        .part("home", home)
        .label("set", Some(set.name_place));
}

/// What the pasted `.env` sets the variable to of which `row` says that it is not set. Of one name the last assignment counts.
fn unseen<'c>(context: &'c Context<'_>, row: &KeyRow) -> Option<&'c Assignment> {
    let dotenv = &context.dotenv;
    let last = |found: &'c [Assignment]| found.iter().rfind(|own| own.name == row.variable);
    let is_key = |own: &&Assignment| {
        own.value
            .as_deref()
            .is_some_and(|value| !value.trim().is_empty() && stand_in(context.facts, value).is_none())
    };
    let (own, other) = (last(&dotenv.python_dotenv).filter(is_key)?, last(&dotenv.load_env).filter(is_key));
    (row.state == KeyState::NotSet && other.is_some()).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::REPORT_OF_ANOTHER_ENV;
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
