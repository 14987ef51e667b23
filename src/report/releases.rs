//! What changes from release to release: the same input's reports side by side.

use crate::diagnostic::messages::{Language, fill, templates};
use crate::diagnostic::shown::Shown;
use crate::facts::READ;
use crate::report::{ReleaseChange, Report, VerdictState, VerdictView};

templates! {
    VERDICT = "releases.verdict": "From {release} on: {after} Before: {before}";
    READ_VERDICT = "releases.verdict.read": "From {release} on, as its source was read and not run: {after} Before: {before}";
    FOUND = "releases.found": "From {release} on {code} is found: {what}.";
    READ_FOUND = "releases.found.read":
        "From {release} on, as its source was read and not run, {code} is found: {what}.";
    READ_GONE = "releases.gone.read":
        "From {release} on, as far as its source was read, {code} is not claimed any more: {what}.";
    GONE = "releases.gone": "From {release} on {code} is not found any more: {what}.";
}

/// What changes: `reports` are those of one input, from the oldest release to the newest.
pub fn changes(reports: &[Report], language: Language) -> Vec<ReleaseChange> {
    let mut changes = Vec::new();
    for pair in reports.windows(2) {
        let [before, after] = pair else { continue };
        let mut say = |template, code: Option<&Shown>, what: &Shown, earlier: &Shown| {
            let release = &after.hermes.version;
            let message = fill(language.wording(template), |name| match name {
                "release" => Some(release.clone()),
                "code" => code.cloned(),
                "before" => Some(earlier.clone()),
                _ => Some(what.clone()),
            });
            changes.push(ReleaseChange { release: release.clone(), message, code: code.cloned() });
        };
        let is_read = READ.contains(&after.hermes.version.as_str());
        let is_told = !is_read || after.verdict.state != VerdictState::NotModelled;
        if is_told && !is_same_outcome(before, after) {
            let template = if is_read { &READ_VERDICT } else { &VERDICT };
            say(template, None, &after.verdict.summary, &before.verdict.summary);
        }
        let (found, gone) = if is_read { (&READ_FOUND, &READ_GONE) } else { (&FOUND, &GONE) };
        for (template, here, there) in [(found, after, before), (gone, before, after)] {
            for (at, finding) in here.findings.iter().enumerate() {
                let code = &finding.code;
                let is_told = here.findings.iter().take(at).any(|earlier| earlier.code == *code);
                if !is_told && there.findings.iter().all(|other| other.code != *code) {
                    say(template, Some(code), &finding.what, &Shown::default());
                }
            }
        }
    }
    changes
}

/// Whether two verdicts come to the same: how they end, for which provider, and with which key.
fn is_same_outcome(before: &Report, after: &Report) -> bool {
    let (before, after) = (&before.verdict, &after.verdict);
    let winner = |verdict: &VerdictView| {
        verdict.winner.as_ref().map(|winner| [&winner.label, &winner.source, &winner.key].map(Shown::clone))
    };
    before.state == after.state && before.provider == after.provider && winner(before) == winner(after)
}
