//! PC935: Hermes said that config.yaml does not parse.

use super::{Context, Findings, declare_rule};
use crate::readers::log::Kind;

declare_rule! {
    /// Hermes could not parse config.yaml when it started and said so in a line: nothing in the file counts, and provider, model,
    /// fallback chain and strategies are those of its defaults. From 0.19.0 on a process that runs keeps what it had. Where the pasted
    /// config.yaml parses, it is not the file of that line: it was changed since, is another one, or a part of it.
    ///
    /// ```text fires
    /// --- log
    /// ⚠️  hermes config: Failed to parse /home/me/.hermes/config.yaml: mapping values are not allowed here
    /// ```
    /// ```text silent
    /// --- log
    /// 03:10:12 WARNING tools: Failed to parse the arguments of a tool: not JSON
    /// ```
    pub static CONFIG_NOT_PARSED = {
        code: "PC935", name: "config-not-parsed", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Hermes could not parse config.yaml, and ignored all of it",
        why: "{pasted}A process that starts then uses the defaults: provider, model, fallback chain and strategies count as not written. From 0.19.0 on a process that runs keeps what it had.",
        todo: "Correct the file at the line that the message names, and restart Hermes. Where you see nothing wrong there, paste the whole file.",
        part parses: "The config.yaml that you pasted parses, so it is not the file of this line: it was changed since, is another one, or a part of it. ",
        part not_pasted: "",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // What is wrong with the pasted file has findings of its own.
    if context.config_error().is_some() {
        return;
    }
    let Some((_, told)) = context.story.of_kind(Kind::NotParsed).last() else { return };
    let pasted = if context.config_root().is_some() { "parses" } else { "not_pasted" };
    findings.report(&CONFIG_NOT_PARSED, told.event.place_of("text")).part("pasted", pasted);
}

#[cfg(test)]
mod tests {
    use super::CONFIG_NOT_PARSED;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_file_that_parses_now() {
        fires(
            &CONFIG_NOT_PARSED,
            "
--- config.yaml
model: {provider: gemini, default: g}
--- log
2026-11-20 03:10:12,551 WARNING hermes_cli.config: Failed to parse /home/me/.hermes/config.yaml: mapping values are not allowed here
                                                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC935
--- says
it is not the file of this line
",
        );
    }

    #[test]
    fn a_file_that_does_not_parse_has_findings_of_its_own() {
        silent(
            &CONFIG_NOT_PARSED,
            "
--- config.yaml
model: {provider: gemini
--- log
2026-11-20 03:10:12,551 WARNING hermes_cli.config: Failed to parse /home/me/.hermes/config.yaml: mapping values are not allowed here
",
        );
    }
}
