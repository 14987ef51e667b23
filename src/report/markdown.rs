//! A report as Markdown, for a forum or an issue. It is made of a report and so holds no key.
//!
//! What users wrote is shown and never acts: it stands in spans and blocks of code only, where no Markdown, no HTML and no
//! mention counts. `inert` sees to it, and is the one way from the page to its text.

use crate::base::visible::visible;
use crate::diagnostic::Template;
use crate::diagnostic::messages::{Language, fill, templates, told};
use crate::diagnostic::shown::{Piece, Shown};
use crate::report::{
    CredentialView, FindingView, FixView, Location, Report, RotationView, SeverityName, SiteView, StepView,
    TimelineView, VerdictView,
};

templates! {
    TITLE = "markdown.title": "poolcheck report for Hermes {release}";
    STANDING = "markdown.standing": "{standing}; {reason}. {basis}";
    VERDICT = "markdown.verdict": "Verdict";
    ENDPOINT = "markdown.endpoint": "Endpoint";
    ERROR = "markdown.error": "Error of Hermes";
    NOT_USED = "markdown.not-used": "Not used";
    POOL = "markdown.pool": "Pool `{provider}` ({strategy})";
    POOL_ALONE = "markdown.pool-alone": "Pool `{provider}`";
    FALLBACK = "markdown.fallback": "Fallback chain";
    SITES = "markdown.sites": "Who uses which key";
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
    LINE_IN_POST = "markdown.line-in-post": "{post} line {line} ({file})";
}

/// The report in Markdown.
pub fn report(report: &Report, language: Language) -> Shown {
    let mut page = Page { language, text: Shown::default() };
    page.write(report);
    Shown::masked(inert(&page.text))
}

struct Page {
    language: Language,
    text: Shown,
}

impl Page {
    fn say(&self, template: &'static Template) -> Shown {
        Shown::fixed(self.language.wording(template))
    }

    fn add(&mut self, pattern: &'static str, parts: &[&Shown]) {
        self.text.add(pattern, parts);
    }

    fn heading(&mut self, text: &Shown) {
        self.add("\n### {}\n\n", &[text]);
    }

    fn titled(&mut self, template: &'static Template) {
        self.heading(&self.say(template));
    }

    fn place(&self, location: &Location) -> Shown {
        let template = if location.post.is_some() { &LINE_IN_POST } else { &LINE };
        fill(self.language.wording(template), |name| match name {
            "file" => Some(location.file.clone()),
            "post" => location.post.clone(),
            _ => Some(Shown::number(location.start.line)),
        })
    }

    fn credential(&self, credential: &CredentialView) -> Shown {
        let mut text = Shown::default();
        text.add("**{}** `{}`", &[&credential.label, &credential.source]);
        if !credential.key.as_str().is_empty() {
            text.add(" {} ({})", &[&credential.key, &credential.key_letter]);
        }
        if let Some(location) = &credential.location {
            text.add(" · {}", &[&self.place(location)]);
        }
        text
    }

    fn write(&mut self, report: &Report) {
        let title = fill(self.language.wording(&TITLE), |_| Some(report.hermes.version.clone()));
        self.add("## {}\n\n", &[&title]);
        let standing = fill(self.language.wording(&STANDING), |name| match name {
            "standing" => Some(report.hermes.standing.clone()),
            "reason" => report.hermes.reason.clone(),
            _ => Some(report.basis.clone()),
        });
        self.add("_{}_\n", &[&standing]);
        self.titled(&VERDICT);
        self.verdict(&report.verdict);
        self.sites(&report.sites);
        if let Some(rotation) = &report.rotation {
            self.titled(&ROTATION);
            self.rotation(rotation);
        }
        self.steps(&report.steps);
        self.titled(&PROBLEMS);
        self.findings(&report.findings);
        if let Some(repaired) = &report.repaired {
            self.titled(&REPAIRED);
            self.add("_{}_\n\n{}\n\n", &[&repaired.note, &repaired.verdict.summary]);
            if let Some(rotation) = &repaired.rotation {
                self.add("{} ", &[&self.say(&ROTATION)]);
                self.rotation(rotation);
                self.add("\n", &[]);
            }
            self.findings(&repaired.findings);
        }
        if let Some(more) = &report.more_note {
            self.add("\n_{}_\n", &[more]);
        }
        if let Some(timeline) = &report.timeline {
            self.titled(&TIMELINE);
            self.timeline(timeline);
        }
        if let Some(silenced) = &report.silenced_note {
            self.add("\n_{}_\n", &[silenced]);
        }
        if let Some(changes) = &report.releases {
            self.titled(&RELEASES);
            if changes.is_empty() {
                self.add("{}\n", &[&self.say(&NO_CHANGES)]);
            }
            for change in changes {
                self.add("- {}\n", &[&change.message]);
            }
        }
        if !report.not_given.is_empty() {
            self.titled(&NOT_GIVEN);
            for source in &report.not_given {
                self.add("- `{}`: {}\n", &[&source.file, &source.note]);
            }
        }
    }

    /// Says how many rows of a list are not told.
    fn untold(&mut self, more: Option<Shown>) {
        if let Some(more) = more {
            self.add("\n{}\n", &[&more]);
        }
    }

    fn sites(&mut self, sites: &[SiteView]) {
        if sites.is_empty() {
            return;
        }
        self.titled(&SITES);
        for site in sites {
            self.add("- `{}`", &[&site.site]);
            if let Some(endpoint) = &site.endpoint {
                self.add(" · `{}`", &[endpoint]);
            }
            if !site.key.as_str().is_empty() {
                self.add(" · {} ({})", &[&site.key, &site.key_letter]);
            }
            if let Some(note) = &site.note {
                self.add(" · {}", &[note]);
            }
            self.add("\n", &[]);
        }
    }

    fn steps(&mut self, steps: &[StepView]) {
        if steps.is_empty() {
            return;
        }
        self.titled(&STEPS);
        let (steps, more) = told(steps, self.language);
        for (at, step) in steps.iter().enumerate() {
            let number = Shown::number(at + 1);
            match &step.what {
                Some(what) => self.add("{}. **{}** {}\n", &[&number, what, &step.todo]),
                None => self.add("{}. {}\n", &[&number, &step.todo]),
            }
            // The text of an item is indented as far as it begins.
            const INDENT: &str = "          ";
            let indent = INDENT.get(..number.as_str().len() + 2).unwrap_or(INDENT);
            self.fenced("sh\n", step.command.as_ref(), indent);
        }
        self.untold(more);
    }

    /// A text as it is, within an item of a list, whose text is indented by `indent`.
    fn fenced(&mut self, language: &'static str, text: Option<&Shown>, indent: &'static str) {
        let Some(text) = text else { return };
        let indent = Shown::fixed(indent);
        self.add("{}```{}", &[&indent, &Shown::fixed(language)]);
        for line in text.lines() {
            self.add("{}{}\n", &[&indent, &line]);
        }
        self.add("{}```\n", &[&indent]);
    }

    fn verdict(&mut self, verdict: &VerdictView) {
        self.add("{}\n", &[&verdict.summary]);
        if let Some(winner) = &verdict.winner {
            self.add("\n- {}\n", &[&self.credential(winner)]);
        }
        if let Some(endpoint) = &verdict.endpoint {
            self.add("- {}: `{}`\n", &[&self.say(&ENDPOINT), endpoint]);
        }
        if let Some(error) = &verdict.error {
            self.add("- {}: {}\n", &[&self.say(&ERROR), error]);
        }
        if !verdict.losers.is_empty() {
            self.titled(&NOT_USED);
            let (losers, more) = told(&verdict.losers, self.language);
            for loser in losers {
                // A spare key that is healthy waits for its turn.
                let row = if loser.never_used { "- ~~{}~~: {}\n" } else { "- {}: {}\n" };
                self.add(row, &[&self.credential(&loser.credential), &loser.reason]);
            }
            self.untold(more);
        }
        if let Some(pool) = &verdict.pool {
            let heading = fill(
                self.language.wording(if pool.strategy.is_some() { &POOL } else { &POOL_ALONE }),
                |name| match name {
                    "provider" => Some(pool.provider.clone()),
                    _ => pool.strategy.clone(),
                },
            );
            self.heading(&heading);
            let (entries, more) = told(&pool.entries, self.language);
            for entry in entries {
                self.add("{}. {}", &[&Shown::number(entry.index), &self.credential(&entry.credential)]);
                if let Some(note) = &entry.note {
                    self.add(" ({})", &[note]);
                }
                self.add(if entry.next { " ←\n" } else { "\n" }, &[]);
            }
            self.untold(more);
            self.add("\n{}\n", &[&pool.next]);
        }
        if !verdict.fallback.is_empty() {
            self.titled(&FALLBACK);
            let (entries, more) = told(&verdict.fallback, self.language);
            for (index, entry) in entries.iter().enumerate() {
                self.add("{}. {} · {}\n", &[&Shown::number(index + 1), &entry.provider, &entry.model]);
            }
            self.untold(more);
        }
    }

    fn rotation(&mut self, rotation: &RotationView) {
        self.add("{}\n", &[&rotation.summary]);
        let (reasons, more) = told(&rotation.reasons, self.language);
        for reason in reasons {
            self.add("\n- {}", &[&reason.message]);
            if let Some(location) = &reason.location {
                self.add(" ({})", &[&self.place(location)]);
            }
        }
        self.add("\n", &[]);
        self.untold(more);
    }

    fn findings(&mut self, findings: &[FindingView]) {
        if findings.is_empty() {
            self.add("{}\n", &[&self.say(&NO_PROBLEMS)]);
        }
        for finding in findings {
            self.finding(finding);
        }
    }

    fn timeline(&mut self, timeline: &TimelineView) {
        if timeline.entries.is_empty() {
            self.add("{}\n", &[&self.say(&NOTHING_TOLD)]);
        }
        for entry in &timeline.entries {
            self.add("1. {}", &[&self.place(&entry.location)]);
            if let Some(time) = &entry.time {
                self.add(" `{}`", &[time]);
            }
            self.add(": {}\n   {}\n", &[&entry.what, &entry.next]);
        }
        if let Some(left_out) = &timeline.left_out {
            self.add("\n{}\n", &[left_out]);
        }
    }

    fn finding(&mut self, finding: &FindingView) {
        let mark = Shown::fixed(match finding.severity {
            SeverityName::Error => "❌",
            SeverityName::Warning => "⚠️",
            SeverityName::Info => "ℹ️",
        });
        self.add("- {} **{}** {}: ", &[&mark, &finding.code, &self.place(&finding.location)]);
        let gap = Shown::fixed(self.language.sentence_gap());
        self.add("**{}** {}{}{}\n", &[&finding.what, &finding.why, &gap, &finding.todo]);
        self.fenced("sh\n", finding.command.as_ref(), "  ");
        if let Some(FixView { title, preview: Some(preview), .. }) = &finding.fix {
            self.add("\n  {}:\n\n", &[title]);
            self.fenced("diff\n", Some(preview), "  ");
        }
    }
}

/// The text of a page, in which what users wrote cannot act.
fn inert(page: &Shown) -> String {
    let mut writer = Inert { text: String::new(), code: None, is_fenced: false };
    for piece in page.pieces() {
        match piece {
            Piece::Ours(text) => writer.ours(text),
            Piece::Theirs(text) => writer.theirs(text),
        }
    }
    writer.end_code();
    writer.text
}

struct Inert {
    text: String,
    /// What stands so far in a span of code that a wording began.
    code: Option<String>,
    /// Whether the text is within a fence.
    is_fenced: bool,
}

impl Inert {
    fn ours(&mut self, text: &str) {
        let mut rest = text;
        while let Some((before, at_mark)) = rest.find(['`', '\n']).and_then(|at| rest.split_at_checked(at)) {
            self.plain(before);
            let behind = at_mark.trim_start_matches('`');
            match at_mark.len() - behind.len() {
                0 => {
                    // No wording has code across lines; what follows is as it was written.
                    self.end_code();
                    self.plain("\n");
                    rest = behind.strip_prefix('\n').unwrap_or("");
                    continue;
                }
                1 | 2 if self.is_fenced => self.plain("`"),
                // An argument that says nothing leaves its two marks side by side.
                2 if self.code.is_none() => self.span(""),
                1 | 2 if self.code.is_some() => self.end_code(),
                1 | 2 => self.code = Some(String::new()),
                _ => {
                    self.is_fenced = !self.is_fenced;
                    self.plain("```");
                }
            }
            rest = behind;
        }
        self.plain(rest);
    }

    fn plain(&mut self, text: &str) {
        self.code.as_mut().unwrap_or(&mut self.text).push_str(text);
    }

    fn theirs(&mut self, text: &str) {
        let shown = without_runs(&visible(text));
        if self.code.is_some() || self.is_fenced || self.is_word(text) {
            self.plain(&shown);
        } else if shown.contains('`') && shown.split('`').count() % 2 == 1 {
            // Names that were put into marks one by one: each is code, and so is what stands between them.
            for (number, part) in shown.split('`').enumerate() {
                match number % 2 {
                    0 if joins(part) => self.plain(part),
                    _ => self.span(part),
                }
            }
        } else {
            self.span(&shown);
        }
    }

    /// Whether `text` is a word that no Markdown can act on where it comes to stand.
    fn is_word(&self, text: &str) -> bool {
        let before = self.text.chars().next_back();
        let is_apart = before.is_none_or(|c| c.is_whitespace() || "(（：，；。".contains(c));
        // Some forums link what may be the number of a commit.
        let is_commit = text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_apart && !is_commit && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }

    fn end_code(&mut self) {
        if let Some(code) = self.code.take() {
            self.span(&code);
        }
    }

    /// Adds a span of code.
    fn span(&mut self, code: &str) {
        // Two spans that touch would be one.
        if self.text.ends_with('`') {
            self.text.push(' ');
        }
        // There are no runs of backticks in it.
        let fence = if code.contains('`') { "``" } else { "`" };
        let is_blank = code.bytes().all(|byte| byte == b' ');
        let is_stripped = code.starts_with(' ') && code.ends_with(' ') && !is_blank;
        let gap = if code.is_empty() || is_stripped || code.starts_with('`') || code.ends_with('`') {
            " "
        } else {
            ""
        };
        // One space is enough for an empty one.
        let behind = if code.is_empty() { "" } else { gap };
        self.text.extend([fence, gap, code, behind, fence]);
    }
}

/// Whether `text` only joins what stands around it.
fn joins(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphabetic() || " ,/、…".contains(c))
}

/// `text` with backticks that follow each other written by their number: some forums end code at any three of them,
/// whatever began it.
fn without_runs(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, at_mark)) = rest.find("``").and_then(|at| rest.split_at_checked(at)) {
        result.push_str(before);
        let behind = at_mark.trim_start_matches('`');
        for _ in 0..at_mark.len() - behind.len() {
            result.push_str("\\u{60}");
        }
        rest = behind;
    }
    result + rest
}
