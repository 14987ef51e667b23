//! PC943: a debug report that says `not set` of a provider whose pool has entries.

use super::{Context, Findings, declare_rule};
use crate::readers::debug_report::KeyState;
use crate::readers::listing::Listing;

declare_rule! {
    /// `hermes dump` looks at environment variables and not into the credential pool: it says `not set` of a provider whose keys
    /// were added with `hermes auth add`. Nothing is wrong with such a row, and no variable is needed. Of OpenRouter alone it
    /// says `set (auth pool)`, from 0.17.0 on.
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
    let report = &context.report;
    let named = report.provider.as_ref().map(|provider| provider.text.as_str());
    let canonical = named.map(|name| context.facts.aliases.get(name).map_or(name, String::as_str));
    let Some(provider) = canonical.filter(|provider| *provider != "openrouter") else { return };
    let Some(facts) = context.facts.providers.get(provider) else { return };
    let mut unset = None;
    for row in &report.keys {
        if facts.api_key_env_vars.iter().any(|name| name == row.variable) {
            if row.state != KeyState::NotSet {
                return;
            }
            unset = unset.or(Some(row));
        }
    }
    if let Some(row) = unset.filter(|_| has_pool(context, provider)) {
        findings
            .report(&REPORT_SEES_VARIABLES_ONLY, row.place)
            .with("variable", row.variable)
            .with("provider", provider);
    }
}

/// Whether the pool of `provider` has a manual entry with a key, by auth.json or by the listing.
fn has_pool(context: &Context<'_>, provider: &str) -> bool {
    let stored = context.stored_rows();
    let listed = context.world.listing.text().map(|text| Listing::of(text).rows).unwrap_or_default();
    stored
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
    fn no_pool_another_provider_and_a_variable_that_is_set() {
        silent(&REPORT_SEES_VARIABLES_ONLY, REPORT);
        silent(&REPORT_SEES_VARIABLES_ONLY, &format!("{STORE}{}", REPORT.replace("google\n", "deepseek\n")));
        silent(
            &REPORT_SEES_VARIABLES_ONLY,
            &format!("{STORE}{}", REPORT.replace("gemini               not set", "gemini               set")),
        );
    }
}
