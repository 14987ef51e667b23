//! PC112: config.yaml is beyond what poolcheck reads.

use super::wordings::{LIMIT_DEPTH, LIMIT_MERGES, LIMIT_NUMBER, LIMIT_VALUES};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Message;
use crate::yaml::{Limit, YamlError};

declare_rule! {
    /// The file is nested more deeply, holds more values by its aliases, or has a longer number than poolcheck reads.
    /// What Hermes makes of it is not known here, so nothing is said of the file. A configuration written by hand does
    /// not come near these limits.
    ///
    /// ```yaml fires
    /// a: &a [x, x, x, x, x, x, x, x, x, x]
    /// b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
    /// c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
    /// d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
    /// e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
    /// f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
    /// ```
    /// ```yaml silent
    /// a: &a [x, x]
    /// b: [*a, *a]
    /// ```
    pub static TOO_LARGE_OR_DEEP = {
        code: "PC112", name: "too-large-or-deep", severity: Warning, since: "0.1.0",
        fix: None,
        what: "poolcheck does not read this config.yaml: {limit}",
        why: "Beyond its limits poolcheck does not know what Hermes would do, and does not guess.",
        todo: "Take out what is not Hermes' own, and check again.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(YamlError::Limit(limit)) = context.config_error() else { return };
    let limit = match limit {
        Limit::Depth => &LIMIT_DEPTH,
        Limit::Values => &LIMIT_VALUES,
        Limit::Merges => &LIMIT_MERGES,
        Limit::Number => &LIMIT_NUMBER,
        Limit::TupleKey => return,
    };
    findings.report(&TOO_LARGE_OR_DEEP, context.config_begin()).with("limit", Message::new(limit));
}

#[cfg(test)]
mod tests {
    use super::TOO_LARGE_OR_DEEP;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn nesting_and_numbers_beyond_the_limits() {
        let deep = "[".repeat(300) + &"]".repeat(300);
        fires(
            &TOO_LARGE_OR_DEEP,
            &format!("--- config.yaml\nmodel:\n^^^^^^ PC112\n  {deep}\n--- says\ntoo deeply\n"),
        );
        let long = "1".repeat(5000);
        fires(
            &TOO_LARGE_OR_DEEP,
            &format!("--- config.yaml\nagent:\n^^^^^^ PC112\n  max_turns: 0x{long}\n--- says\na number\n"),
        );
    }

    #[test]
    fn within_the_limits() {
        let deep = "[".repeat(60) + &"]".repeat(60);
        silent(&TOO_LARGE_OR_DEEP, &format!("--- config.yaml\nmodel: {deep}\n"));
    }
}
