//! PC101: tabs at the start of lines of config.yaml.

use super::paste::paste_finding;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::readers::paste::Kind;

declare_rule! {
    /// A line is indented with a tab. YAML allows only spaces there; the whole file does not parse, and Hermes
    /// goes on with its defaults as if nothing were written. Put spaces where the tabs are.
    ///
    /// ```yaml fires
    /// model:
    /// 	provider: gemini
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider:	gemini
    /// ```
    pub static TAB = {
        code: "PC101", name: "tab", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "A tab at the start of this line (tabs at line starts: {count})",
        why: "YAML allows only spaces to indent. {effect}",
        todo: "Put spaces where the tabs are, and set your editor to insert spaces for the tab key.",
        fix_title: "Replace the tabs by spaces",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    paste_finding(context, findings, &TAB, Kind::Tabs);
}

#[cfg(test)]
mod tests {
    use super::TAB;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn tabs_become_spaces() {
        fires(
            &TAB,
            "\
--- config.yaml
model:
\tprovider: gemini
^ PC101
\tdefault: m
agent:
\tmax_turns: 5
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  provider: gemini
  default: m
agent:
  max_turns: 5
--- says
tabs at line starts: 3
ignores all of it
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
model: m
nothing is found
",
        );
    }

    #[test]
    fn a_tab_among_spaces_may_be_as_wide_as_they_are() {
        fires(
            &TAB,
            "\
--- config.yaml
model:
    provider: gemini
\tdefault: m
^ PC101
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
    provider: gemini
    default: m
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
model: m
",
        );
    }

    #[test]
    fn where_the_width_decides_the_meaning_there_is_no_fix() {
        let report = fires(
            &TAB,
            "\
--- config.yaml
auxiliary:
  vision:
    model: m
\tprovider: p
^ PC101
\tlanguage: q
",
        );
        assert!(report.findings.iter().all(|finding| finding.fix.is_none()));
    }

    #[test]
    fn tabs_elsewhere_are_fine() {
        silent(&TAB, "--- config.yaml\nmodel:\t# main\n  provider:\tgemini\n  default: |\n    a\n    \tb\n");
    }
}
