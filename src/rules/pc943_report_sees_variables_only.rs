//! PC943: a debug report that says `not set` of a provider whose pool has entries.

use super::variables::key_variables;
use super::{Context, Findings, declare_rule};
use crate::readers::debug_report::KeyState;

declare_rule! {
    /// `hermes dump` looks at environment variables and not into the credential pool: it says `not set` of a provider whose keys
    /// were added with `hermes auth add`. So does `hermes status`. Nothing is wrong with such a row, and no variable is needed.
    /// Of OpenRouter alone a dump says `set (auth pool)`, from 0.17.0 on.
    ///
    /// ```text fires
    /// --- debug report
    /// provider:         gemini
    /// api_keys:
    ///   google/gemini        not set
    /// --- hermes auth list
    /// gemini (1 credentials):
    ///   #1  aistudio-1           api_key manual ←
    /// ```
    /// ```text silent
    /// --- debug report
    /// provider:         gemini
    /// api_keys:
    ///   google/gemini        not set
    /// ```
    pub static REPORT_SEES_VARIABLES_ONLY = {
        code: "PC943", name: "report-sees-variables-only", severity: Info, since: "0.1.0",
        fix: None,
        what: "{variable} is not set, and need not be: the pool of {provider} has keys",
        why: "The report looks at environment variables and not into the credential pool, from which Hermes takes the key.",
        todo: "Look at the pool, not at this row, to see whether there is a key.",
        command: "hermes auth list {provider}",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let report = &context.debug_report;
    let named = report.named(context.facts);
    let named = named.as_ref().map(|provider| provider.text.as_str());
    let named = named.map(|name| context.facts.aliases.get(name).map_or(name, String::as_str));
    let variables = key_variables(context.facts, false);
    let is_of = |variable: &str, id: &str| variables.contains(&(variable, id));
    for row in report.keys.iter().filter(|row| row.state == KeyState::NotSet) {
        let readers =
            variables.iter().filter(|(variable, _)| row.variables.contains(variable)).map(|(_, id)| *id);
        let is_set = |id: &str| {
            let mut set = report.keys.iter().filter(|other| other.is_set());
            set.any(|other| other.variables.iter().any(|variable| is_of(variable, id)))
        };
        let mut readers = readers.filter(|id| named.is_none_or(|named| named == *id));
        if let Some(provider) = readers.find(|id| !is_set(id) && has_pool(context, id)) {
            findings
                .report(&REPORT_SEES_VARIABLES_ONLY, row.place)
                .with("variable", row.variable())
                .with("provider", provider);
            return;
        }
    }
}

/// Whether the pool of `provider` has a manual entry with a key, by auth.json or by the listing.
fn has_pool(context: &Context<'_>, provider: &str) -> bool {
    let listed = &context.listing.rows;
    context
        .stored_rows()
        .iter()
        .any(|row| row.pool == provider && row.variable().is_none() && !row.text("access_token").is_empty())
        || listed.iter().any(|row| row.provider.as_deref() == Some(provider) && row.source.text == "manual")
}

#[cfg(test)]
mod tests {
    use super::REPORT_SEES_VARIABLES_ONLY;
    use crate::rules::testing::{fires, silent};

    const REPORT: &str = "\
--- debug report
provider:         google
api_keys:
  openrouter           not set
  google/gemini        not set
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC943
  gemini               not set
";
    const STORE: &str = r#"--- auth.json
{"version": 1, "credential_pool": {"gemini": [
  {"id": "a1", "label": "aistudio-1", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://generativelanguage.googleapis.com/v1beta", "access_token": "AIza-fake-key-000000"}]}}
"#;

    #[test]
    fn a_pool_in_the_store() {
        fires(&REPORT_SEES_VARIABLES_ONLY, &format!("{STORE}{REPORT}"));
    }

    #[test]
    fn what_hermes_status_prints() {
        let status = "\
--- debug report
◆ API Keys
  OpenRouter    ✗ (not set)
  Google / Gemini  ✗ (not set)
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC943
  DeepSeek      ✗ (not set)
";
        fires(&REPORT_SEES_VARIABLES_ONLY, &format!("{STORE}{status}"));
        silent(
            &REPORT_SEES_VARIABLES_ONLY,
            status.replace("  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC943\n", "").as_str(),
        );
        let listed = "--- hermes auth list\nopenrouter (1 credentials):\n  #1  one                  api_key manual ←\n";
        let of_openrouter =
            "--- debug report\n  OpenRouter    ✗ (not set)\n  ^^^^^^^^^^^^^^^^^^^^^^^^^ PC943\n";
        fires(&REPORT_SEES_VARIABLES_ONLY, &format!("{listed}{of_openrouter}"));
    }

    #[test]
    fn no_pool_another_provider_and_a_variable_that_is_set() {
        silent(&REPORT_SEES_VARIABLES_ONLY, REPORT);
        silent(&REPORT_SEES_VARIABLES_ONLY, &format!("{STORE}{}", REPORT.replace("google\n", "deepseek\n")));
        silent(
            &REPORT_SEES_VARIABLES_ONLY,
            &format!("{STORE}{}", REPORT.replace("gemini               not set", "gemini               set")),
        );
    }
}
