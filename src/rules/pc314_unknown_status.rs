//! PC314: a status that Hermes does not know.

use super::{Context, Findings, declare_rule};
use crate::python::{lower, strip};

declare_rule! {
    /// The status of a row is `ok`, `exhausted` or, from 0.16.0 on, `dead`, in lower case, or `null`. Hermes compares the text
    /// exactly and takes a row with anything else for usable: `Exhausted` or `rate_limited` keeps no key out of use.
    ///
    /// ```json fires
    /// {"version": 1, "providers": {}, "credential_pool": {"xai": [
    ///   {"label": "first", "source": "manual", "access_token": "xai-fake-first-0000", "base_url": "https://api.x.ai/v1",
    ///    "last_status": "Exhausted"}]}}
    /// ```
    /// ```json silent
    /// {"version": 1, "providers": {}, "credential_pool": {"xai": [
    ///   {"label": "first", "source": "manual", "access_token": "xai-fake-first-0000", "base_url": "https://api.x.ai/v1",
    ///    "last_status": null}]}}
    /// ```
    pub static UNKNOWN_STATUS = {
        code: "PC314", name: "unknown-status", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Hermes does not know the status of row {row} of the pool `{pool}`: the row counts as usable",
        why: "{known}",
        todo: "{way}",
        part three: "Hermes knows `ok`, `exhausted`, `dead` and `null`, and compares exactly, upper and lower case included. Only `exhausted` and `dead` keep a row from being selected.",
        part two: "This release knows `ok`, `exhausted` and `null`, and compares exactly, upper and lower case included. Only `exhausted` keeps a row from being selected.",
        part known: "Write `{status}`, in lower case, if the row is to have that status; else `null`.",
        part other: "Write `null`; Hermes marks the row itself when a request fails.",
    }
}

/// `STATUS_OK`, `STATUS_EXHAUSTED`, `STATUS_DEAD`.
const KNOWN: [&str; 3] = ["ok", "exhausted", "dead"];

/// Those of releases that know no dead entries.
const KNOWN_BEFORE: [&str; 2] = ["ok", "exhausted"];

fn check(context: &Context<'_>, findings: &mut Findings) {
    let (known, part_of_known) = match context.facts.behaviour.knows_dead_entries {
        true => (&KNOWN[..], "three"),
        false => (&KNOWN_BEFORE[..], "two"),
    };
    for row in &context.stored_rows() {
        let Some(status) = row.field("last_status") else { continue };
        let text = status.value.as_str();
        if text.is_some_and(|text| text.is_empty() || known.contains(&text)) {
            continue;
        }
        let meant = text.map(|text| lower(strip(text))).unwrap_or_default();
        let part = if known.contains(&meant.as_str()) { "known" } else { "other" };
        if let Some(place) = status.place {
            findings
                .report_row(&UNKNOWN_STATUS, row, place)
                .with("status", meant)
                .part("known", part_of_known)
                .part("way", part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::UNKNOWN_STATUS;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn another_case_and_other_words() {
        fires(
            &UNKNOWN_STATUS,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1", "last_status": "Exhausted"},
                                                                                                   ^^^^^^^^^^^ PC314
  {"access_token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1", "last_status": "rate_limited"},
                                                                                                   ^^^^^^^^^^^^^^ PC314
  {"access_token": "sk-fake-third-0000", "base_url": "https://api.deepseek.com/v1", "last_status": 429}
                                                                                                   ^^^ PC314
]}}
--- says
Write `exhausted`, in lower case
Write `null`;
"#,
        );
    }

    #[test]
    fn what_hermes_writes_is_fine() {
        silent(
            &UNKNOWN_STATUS,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1", "last_status": "ok"},
  {"access_token": "sk-fake-second-000", "base_url": "https://api.deepseek.com/v1", "last_status": "dead"},
  {"access_token": "sk-fake-third-0000", "base_url": "https://api.deepseek.com/v1"}]}}
"#,
        );
    }

    /// Asked of each release: 0.15.2 and older ones select a dead row.
    #[test]
    fn dead_is_unknown_before_0_16_0() {
        fires(
            &UNKNOWN_STATUS,
            "\
--- release 0.15.2
--- auth.json
{\"credential_pool\": {\"xai\": [{\"access_token\": \"xai-fake-first-0000\", \"last_status\": \"dead\"}]}}
                                                                                    ^^^^^^ PC314
--- says
This release knows `ok`, `exhausted` and `null`
Write `null`
",
        );
    }
}
