//! PC414: a classic token of GitHub, which Copilot does not take.

use super::variables::{pool_reading, variables};
use super::{Context, Findings, declare_rule};

declare_rule! {
    /// A variable that Hermes reads a token of GitHub Copilot from holds a classic personal access token, `ghp_…`. Copilot's
    /// API takes tokens of an OAuth login and fine-grained ones with the permission for Copilot; classic ones it refuses. Hermes
    /// knows that where it looks for a token itself; its credential pool takes it all the same.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: copilot, default: m}
    /// --- environment
    /// GITHUB_TOKEN=ghp_SECRET00000000000000
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: copilot, default: m}
    /// --- environment
    /// GITHUB_TOKEN=github_pat_SECRET00000000
    /// ```
    pub static CLASSIC_GITHUB_TOKEN = {
        code: "PC414", name: "classic-github-token", severity: Warning, since: "0.1.0",
        fix: None,
        what: "`{name}` holds a classic token of GitHub (`ghp_`), which Copilot refuses",
        why: "Hermes' credential pool for `copilot` takes the variable as it is, and the requests fail.",
        todo: "{way}",
        part first: "Use a token of `gh auth login`, or a fine-grained one (`github_pat_`) that may use Copilot. If the variable is for other programs, set the right one in `COPILOT_GITHUB_TOKEN`, which comes first.",
        part spare: "The token in `COPILOT_GITHUB_TOKEN` comes first, and this one is used where that is exhausted. Keep the variable if it is for other programs.",
    }
}

/// `_CLASSIC_PAT_PREFIX` of `hermes_cli/copilot_auth.py`.
const CLASSIC: &str = "ghp_";

/// The variable that `COPILOT_ENV_VARS` of the same file has first.
const FIRST: &str = "COPILOT_GITHUB_TOKEN";

fn check(context: &Context<'_>, findings: &mut Findings) {
    // With another provider in use nothing is sent to Copilot.
    if context.request.as_ref().is_none_or(|request| {
        context.facts.aliases.get(&request.name).map_or(&*request.name, |id| id) != "copilot"
    }) {
        return;
    }
    let all = variables(context);
    let has_right_one =
        all.iter().any(|variable| variable.name == FIRST && !variable.value.trim().starts_with(CLASSIC));
    for variable in &all {
        let is_read = pool_reading(context.facts, variable.name) == Some("copilot");
        if is_read && variable.value.trim().starts_with(CLASSIC) {
            findings.report(&CLASSIC_GITHUB_TOKEN, variable.value_place).with("name", variable.name);
            if variable.name != FIRST && has_right_one {
                findings.part("way", "spare").as_note();
            } else {
                findings.part("way", "first");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CLASSIC_GITHUB_TOKEN;
    use crate::report::SeverityName;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_spare_one() {
        let report = fires(
            &CLASSIC_GITHUB_TOKEN,
            "\
--- config.yaml
model: {provider: copilot, default: m}
--- .env
COPILOT_GITHUB_TOKEN=github_pat_fake000000000000
GITHUB_TOKEN=ghp_fake00000000000000000000
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC414
--- says
used where that is exhausted
",
        );
        assert!(report.findings.iter().all(|finding| finding.severity == SeverityName::Info));
    }

    #[test]
    fn a_classic_token_for_copilot() {
        fires(
            &CLASSIC_GITHUB_TOKEN,
            "\
--- config.yaml
model: {provider: github-copilot, default: m}
--- .env
GITHUB_TOKEN=ghp_fake00000000000000000000
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC414
--- says
`COPILOT_GITHUB_TOKEN`, which comes first
",
        );
    }

    #[test]
    fn other_tokens_and_other_providers() {
        let token = "--- .env\nGITHUB_TOKEN=ghp_fake00000000000000000000\n";
        silent(&CLASSIC_GITHUB_TOKEN, &format!("--- config.yaml\nmodel: {{provider: gemini}}\n{token}"));
        silent(
            &CLASSIC_GITHUB_TOKEN,
            "--- config.yaml\nmodel: {provider: copilot}\n--- .env\nGITHUB_TOKEN=gho_fake00000000000000000000\n",
        );
    }
}
