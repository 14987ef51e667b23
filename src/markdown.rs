//! A report as Markdown, for a forum or an issue. It is made of a report and so holds no key.

use std::fmt::Write;

use crate::diagnostic::Template;
use crate::messages::{Language, fill, templates};
use crate::report::{
    CredentialView, FindingView, FixView, Location, Report, SeverityName, Shown, StepView, TimelineView,
    VerdictView,
};

templates! {
    TITLE = "markdown.title": "poolcheck report for Hermes {release}";
    STANDING = "markdown.standing": "{standing}; {reason}. {basis}";
    VERDICT = "markdown.verdict": "Verdict";
    ENDPOINT = "markdown.endpoint": "Endpoint";
    ERROR = "markdown.error": "Error of Hermes";
    NOT_USED = "markdown.not-used": "Not used";
    POOL = "markdown.pool": "Pool `{provider}` ({strategy})";
    FALLBACK = "markdown.fallback": "Fallback chain";
    ROTATION = "markdown.rotation": "Is rotation set up?";
    STEPS = "markdown.steps": "What to do now";
    PROBLEMS = "markdown.problems": "Problems";
    NO_PROBLEMS = "markdown.no-problems": "No problems found.";
    REPAIRED = "markdown.repaired": "After repair";
    RELEASES = "markdown.releases": "In other releases";
    TIMELINE = "markdown.timeline": "What the log tells";
    NOTHING_TOLD = "markdown.nothing-told": "Nothing of keys, errors or fallbacks.";
    NO_CHANGES = "markdown.no-changes": "Nothing of this changes from release to release.";
    NOT_GIVEN = "markdown.not-given": "Not pasted";
    LINE = "markdown.line": "{file} line {line}";
}

/// The report in Markdown.
pub fn report(report: &Report, language: Language) -> Shown {
    let mut page = Page { language, text: String::new() };
    page.write(report);
    Shown::masked(page.text)
}

struct Page {
    language: Language,
    text: String,
}

impl Page {
    fn say(&self, template: &'static Template) -> &'static str {
        self.language.wording(template)
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn heading(&mut self, text: &str) {
        let _ = writeln!(self.text, "\n### {text}\n");
    }

    fn place(&self, location: &Location) -> String {
        let shown = fill(self.say(&LINE), |name| match name {
            "file" => Some(location.file.clone()),
            _ => Some(Shown::number(location.start.line)),
        });
        shown.to_string()
    }

    fn credential(&self, credential: &CredentialView) -> String {
        let mut text = format!("**{}** `{}`", credential.label, credential.source);
        if !credential.key.as_str().is_empty() {
            let _ = write!(text, " {} ({})", credential.key, credential.key_letter);
        }
        if let Some(location) = &credential.location {
            let _ = write!(text, " · {}", self.place(location));
        }
        text
    }

    fn write(&mut self, report: &Report) {
        let title = fill(self.say(&TITLE), |_| Some(report.hermes.version.clone()));
        let _ = writeln!(self.text, "## {title}\n");
        let standing = fill(self.say(&STANDING), |name| match name {
            "standing" => Some(report.hermes.standing.clone()),
            "reason" => report.hermes.reason.clone(),
            _ => Some(report.basis.clone()),
        });
        let _ = writeln!(self.text, "_{standing}_");
        self.heading(self.say(&VERDICT));
        self.verdict(&report.verdict);
        if let Some(rotation) = &report.rotation {
            self.heading(self.say(&ROTATION));
            self.line(rotation.summary.as_str());
            for reason in &rotation.reasons {
                let place = reason.location.as_ref().map(|at| format!(" ({})", self.place(at)));
                let _ = write!(self.text, "\n- {}{}", reason.message, place.unwrap_or_default());
            }
            self.line("");
        }
        self.steps(&report.steps);
        self.heading(self.say(&PROBLEMS));
        self.findings(&report.findings);
        if let Some(repaired) = &report.repaired {
            self.heading(self.say(&REPAIRED));
            let _ = writeln!(self.text, "_{}_\n\n{}\n", repaired.note, repaired.verdict.summary);
            self.findings(&repaired.findings);
        }
        if let Some(timeline) = &report.timeline {
            self.heading(self.say(&TIMELINE));
            self.timeline(timeline);
        }
        if let Some(silenced) = &report.silenced_note {
            let _ = writeln!(self.text, "\n_{silenced}_");
        }
        if let Some(changes) = &report.releases {
            self.heading(self.say(&RELEASES));
            if changes.is_empty() {
                self.line(self.say(&NO_CHANGES));
            }
            for change in changes {
                let _ = writeln!(self.text, "- {}", change.message);
            }
        }
        if !report.not_given.is_empty() {
            self.heading(self.say(&NOT_GIVEN));
            for source in &report.not_given {
                let _ = writeln!(self.text, "- `{}`: {}", source.file, source.note);
            }
        }
    }

    fn steps(&mut self, steps: &[StepView]) {
        if steps.is_empty() {
            return;
        }
        self.heading(self.say(&STEPS));
        for (at, step) in steps.iter().enumerate() {
            let what = step.what.as_ref().map(|what| format!("**{what}**{}", self.language.sentence_gap()));
            let _ = writeln!(self.text, "{}. {}{}", at + 1, what.unwrap_or_default(), step.todo);
            self.command(step.command.as_ref(), "   ");
        }
    }

    /// Commands of an item of a list, whose text is indented by `indent`.
    fn command(&mut self, command: Option<&Shown>, indent: &str) {
        let Some(command) = command else { return };
        let _ = writeln!(self.text, "{indent}```sh");
        for line in command.as_str().lines() {
            let _ = writeln!(self.text, "{indent}{line}");
        }
        let _ = writeln!(self.text, "{indent}```");
    }

    fn verdict(&mut self, verdict: &VerdictView) {
        let _ = writeln!(self.text, "{}", verdict.summary);
        if let Some(winner) = &verdict.winner {
            let _ = writeln!(self.text, "\n- {}", self.credential(winner));
        }
        if let Some(endpoint) = &verdict.endpoint {
            let _ = writeln!(self.text, "- {}: `{endpoint}`", self.say(&ENDPOINT));
        }
        if let Some(error) = &verdict.error {
            let _ = writeln!(self.text, "- {}: {error}", self.say(&ERROR));
        }
        if !verdict.losers.is_empty() {
            self.heading(self.say(&NOT_USED));
            for loser in &verdict.losers {
                let _ = writeln!(self.text, "- ~~{}~~: {}", self.credential(&loser.credential), loser.reason);
            }
        }
        if let Some(pool) = &verdict.pool {
            let heading = fill(self.say(&POOL), |name| match name {
                "provider" => Some(pool.provider.clone()),
                _ => Some(pool.strategy.clone()),
            });
            self.heading(heading.as_str());
            for entry in &pool.entries {
                let mark = if entry.next { " ←" } else { "" };
                let note = entry.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
                let _ = writeln!(
                    self.text,
                    "{}. {}{note}{mark}",
                    entry.index,
                    self.credential(&entry.credential)
                );
            }
            let _ = writeln!(self.text, "\n{}", pool.next);
        }
        if !verdict.fallback.is_empty() {
            self.heading(self.say(&FALLBACK));
            for (index, entry) in verdict.fallback.iter().enumerate() {
                let _ = writeln!(self.text, "{}. {} · {}", index + 1, entry.provider, entry.model);
            }
        }
    }

    fn findings(&mut self, findings: &[FindingView]) {
        if findings.is_empty() {
            self.line(self.say(&NO_PROBLEMS));
        }
        for finding in findings {
            self.finding(finding);
        }
    }

    /// A text as it is, within the item of a list.
    fn fenced(&mut self, language: &str, text: &Shown) {
        // No line of it ends the fence: they are indented by two, and what is within begins no fence of tildes.
        let _ = writeln!(self.text, "  ~~~~~~{language}");
        for line in text.as_str().lines() {
            let _ = writeln!(self.text, "  {line}");
        }
        let _ = writeln!(self.text, "  ~~~~~~");
    }

    fn timeline(&mut self, timeline: &TimelineView) {
        if timeline.entries.is_empty() {
            self.line(self.say(&NOTHING_TOLD));
        }
        for entry in &timeline.entries {
            let time = entry.time.as_ref().map(|time| format!(" `{time}`")).unwrap_or_default();
            let place = self.place(&entry.location);
            let _ = writeln!(self.text, "1. {place}{time}: {}\n   {}", entry.what, entry.next);
        }
        if let Some(left_out) = &timeline.left_out {
            let _ = writeln!(self.text, "\n{left_out}");
        }
    }

    fn finding(&mut self, finding: &FindingView) {
        let mark = match finding.severity {
            SeverityName::Error => "❌",
            SeverityName::Warning => "⚠️",
            SeverityName::Info => "ℹ️",
        };
        let place = self.place(&finding.location);
        let gap = self.language.sentence_gap();
        let _ = writeln!(
            self.text,
            "- {mark} **{}** {place}: **{}**{gap}{}{gap}{}",
            finding.code, finding.what, finding.why, finding.todo
        );
        self.command(finding.command.as_ref(), "  ");
        if let Some(FixView { title, preview: Some(preview), .. }) = &finding.fix {
            let _ = writeln!(self.text, "\n  {title}:\n");
            self.fenced("diff", preview);
        }
    }
}
