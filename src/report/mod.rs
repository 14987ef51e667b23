//! What front ends get: plain data, every text masked, positions in the caller's encoding.
//!
//! [`Shown`] is the only text type in a report.

pub mod markdown;
pub mod parts;
mod preview;
pub mod redact;
pub mod releases;
pub mod rotation;
pub mod sarif;
pub mod steps;
pub mod timeline;
pub mod topics;
pub mod view;
pub mod words;

use serde::Serialize;

use crate::base::sources::SourceKind;
use crate::diagnostic::shown::Shown;

/// A point in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// The line, from 1. Lines end at LF, CR LF or CR.
    pub line: usize,
    /// The column, from 1, in units of the report's encoding (UTF-16 by default).
    pub column: usize,
    /// Units of the report's encoding from the text's start.
    pub offset: usize,
}

/// A range in one of the pasted texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// The text.
    pub source: SourceKind,
    /// Its file name, as people know it: `config.yaml`.
    pub file: Shown,
    /// The first character.
    pub start: Point,
    /// Behind the last character.
    pub end: Point,
    /// The pasted text that `start` and `end` are in, where the file is only a part of it: a forum post, say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<Shown>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum SeverityName {
    /// Good to know.
    Info,
    /// Ignored or risky.
    Warning,
    /// Hermes fails or uses something else than written.
    Error,
}

/// A further place that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct LabelView {
    /// The place.
    pub location: Location,
    /// What is there.
    pub message: Shown,
}

/// The line that a finding is on, every character of a key replaced by a dot: the columns stay true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ExcerptView {
    /// The line, or the part of a long line around the finding.
    pub text: Shown,
    /// Where the finding begins in it, in units of the report's encoding.
    pub start: usize,
    /// Where it ends, at most at the end of the line.
    pub end: usize,
}

/// A way to mend a finding by an edit. The edit itself stays inside: it may hold the user's text. `applyFixes` makes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FixView {
    /// What a button says.
    pub title: Shown,
    /// Whether it can be applied without a look.
    pub safe: bool,
    /// The texts that it changes.
    pub changes: Vec<SourceKind>,
    /// What it makes of the text, where it needs a look: lines that stay, perhaps elsewhere, behind two spaces, those that go
    /// behind `- `, those that come behind `+ `. Keys are masked, and only the first lines are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<Shown>,
}

/// One thing that is wrong or worth knowing.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FindingView {
    /// Names the finding within this report, for `applyFixes`.
    pub id: Shown,
    /// The rule's code: `PC203`.
    pub code: Shown,
    /// The rule's name: `shadowed-model-key`.
    pub name: Shown,
    /// How bad it is.
    pub severity: SeverityName,
    /// The narrowest place that shows it.
    pub location: Location,
    /// The line that shows it.
    pub excerpt: ExcerptView,
    /// What is wrong.
    pub what: Shown,
    /// Why it is so.
    pub why: Shown,
    /// What to do.
    pub todo: Shown,
    /// A command that mends it, to be copied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Shown>,
    /// Other places that belong to it.
    pub labels: Vec<LabelView>,
    /// An edit that mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<FixView>,
}

/// An entry's or credential's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum StatusName {
    /// Usable.
    Ok,
    /// In cooldown.
    Exhausted,
    /// Permanently failed.
    Dead,
}

/// A credential that was considered.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CredentialView {
    /// The label that Hermes' listings show.
    pub label: Shown,
    /// The source in Hermes' words: `env:GOOGLE_API_KEY`, `manual`, `model.api_key`.
    pub source: Shown,
    /// The masked key; empty where there is none.
    pub key: Shown,
    /// `A`, `B`, …: the same letter is the same key. Empty where there is no key.
    pub key_letter: Shown,
    /// Its state.
    pub status: StatusName,
    /// Where it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// A credential that is not used.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct LoserView {
    /// The credential.
    pub credential: CredentialView,
    /// Why it loses.
    pub reason: Shown,
    /// Whether Hermes never comes to use it as long as the texts stay as they are: it is no reserve.
    pub never_used: bool,
}

/// A row of the pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PoolEntryView {
    /// The number that `hermes auth list` shows, from 1.
    pub index: usize,
    /// The credential.
    pub credential: CredentialView,
    /// The state in words, as long as it is not plainly usable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Shown>,
    /// Seconds until Hermes tries it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cooldown_left: Option<f64>,
    /// Whether the next request may use it.
    pub next: bool,
}

/// A provider's pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PoolView {
    /// The provider.
    pub provider: Shown,
    /// The strategy that Hermes uses; `None` where config.yaml, which says it, was not pasted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub strategy: Option<Shown>,
    /// The entries in Hermes' order.
    pub entries: Vec<PoolEntryView>,
    /// Which entry is next, in words: for `random` "one of these", for others what it depends on.
    pub next: Shown,
}

/// An entry of the fallback chain.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FallbackView {
    /// The provider.
    pub provider: Shown,
    /// The model.
    pub model: Shown,
    /// Where it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// How a resolution ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum VerdictState {
    /// Hermes sends requests with a credential.
    Resolved,
    /// Hermes resolves an endpoint and sends requests without a key of the user's.
    NoKey,
    /// The main model is a preset of Mixture of Agents: each of its slots has an endpoint and a key of its own.
    Preset,
    /// Hermes stops with an error.
    Fails,
    /// What decides was not pasted: the text that names the provider, or one that may hold its credential.
    NotPasted,
    /// No provider is configured; no fault by itself.
    NotConfigured,
    /// We do not know what Hermes would do.
    NotModelled,
}

/// Which provider, endpoint and credential Hermes uses, and why the others lose.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct VerdictView {
    /// How the resolution ends.
    pub state: VerdictState,
    /// Whether Hermes stops: everywhere, or, where it resolves an endpoint and has no key for it, in the terminal.
    pub stops: bool,
    /// The verdict in a sentence.
    pub summary: Shown,
    /// The provider that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested: Option<Shown>,
    /// The provider that Hermes resolves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<Shown>,
    /// The endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Shown>,
    /// How requests are written: `chat_completions`, ….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_mode: Option<Shown>,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<Shown>,
    /// Hermes' own error text, where it stops.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Shown>,
    /// The credential that it uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub winner: Option<CredentialView>,
    /// The credentials that it does not use.
    pub losers: Vec<LoserView>,
    /// The provider's pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<PoolView>,
    /// The fallback chain.
    pub fallback: Vec<FallbackView>,
}

/// What comes of a site, which sends requests beside the main model or is the main model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum SiteState {
    /// It sends a key.
    Key,
    /// It sends requests without a key of the user's.
    NoKey,
    /// It fails, or as a fallback is passed over.
    Fails,
    /// We do not know what Hermes would do.
    NotModelled,
}

/// Who uses which key: the main model, a side task, subagents, a fallback.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SiteView {
    /// Which it is, as its settings are called: `model`, `auxiliary.vision`, `delegation`, `fallback 1`.
    pub site: Shown,
    /// What comes of it.
    pub state: SiteState,
    /// The endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Shown>,
    /// The masked key; empty where there is none.
    pub key: Shown,
    /// `A`, `B`, …: the same letter is the same key. Empty where there is no key.
    pub key_letter: Shown,
    /// Where the key comes from, or why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Shown>,
    /// Where its settings are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// A source that was not pasted and could change the verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct NotGivenView {
    /// The source.
    pub source: SourceKind,
    /// Its file name, as people know it.
    pub file: Shown,
    /// What it could change.
    pub note: Shown,
}

/// The release of Hermes that a report speaks of, and how its behaviour is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ReleaseView {
    /// The release: `0.19.0`.
    pub version: Shown,
    /// `tested against the real program`, in the report's language.
    pub standing: Shown,
    /// Why the report speaks of this release: it was asked for, a pasted text names it, or none was named. In the report's
    /// language; left out in a list of releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Shown>,
}

/// Something that a release does otherwise than the one before it, for the input of a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ReleaseChange {
    /// The first release that does so.
    pub release: Shown,
    /// What changes, in a sentence.
    pub message: Shown,
    /// The rule whose findings come or go; left out where the verdict changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Shown>,
}

/// Something that bears on rotation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct RotationReason {
    /// What it is, in a sentence.
    pub message: Shown,
    /// Where it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// Whether another key takes over when the one in use is rate-limited.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct RotationView {
    /// Whether there is another key that Hermes may rotate to, now or after its cooldown.
    pub is_set_up: bool,
    /// The answer in a sentence.
    pub summary: Shown,
    /// What stands in the way, and what is good to know.
    pub reasons: Vec<RotationReason>,
}

/// Something to do.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// How bad what it mends is; left out of a step that closes the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<SeverityName>,
    /// What is wrong; left out of a step that closes the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<Shown>,
    /// What to do.
    pub todo: Shown,
    /// Commands for it, a line each, in the order in which they are run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Shown>,
    /// The ids of the findings that it settles.
    pub findings: Vec<Shown>,
    /// Whether one of them has a fix.
    pub fixable: bool,
}

/// What Hermes would make of the texts if what pasting did to them were undone. Places are those of the pasted texts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct RepairedView {
    /// What was restored, in a few words: `Indentation restored (lines: 17)`.
    pub summary: Shown,
    /// What is assumed.
    pub note: Shown,
    /// The findings of the report whose fixes, together, are the repair.
    pub by: Vec<Shown>,
    /// Which credential would be used.
    pub verdict: VerdictView,
    /// The findings that the report has not already. A fix of theirs makes the repair as well.
    pub findings: Vec<FindingView>,
    /// Whether rotation would be set up; left out as in the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation: Option<RotationView>,
    /// What would be left to do.
    pub steps: Vec<StepView>,
}

/// What an entry of a timeline is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum TimelineKind {
    /// A key was marked as exhausted.
    Marked,
    /// The next key took over.
    Rotated,
    /// No key of a pool is left.
    Exhausted,
    /// A key will never be used again.
    Dead,
    /// A token was renewed.
    Refreshed,
    /// A key was left alone.
    Spared,
    /// A request failed, or a provider has no credential.
    Error,
    /// A request is sent again.
    Retry,
    /// The fallback chain.
    Fallback,
    /// An entry of the chain was passed over.
    Skipped,
    /// Hermes gave up.
    Stopped,
}

/// Something that a log tells.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TimelineEntryView {
    /// What it is about.
    pub kind: TimelineKind,
    /// The line.
    pub location: Location,
    /// The time, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Shown>,
    /// What happened, in a sentence.
    pub what: Shown,
    /// What Hermes does next, and why.
    pub next: Shown,
    /// The label of the key that is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Shown>,
}

/// What a log tells, line by line.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TimelineView {
    /// What happened, in the order of the lines; the last 500.
    pub entries: Vec<TimelineEntryView>,
    /// How many came before these.
    pub earlier: usize,
    /// Lines of a log that tell of something else.
    pub others: usize,
    /// Lines that could not be read: malformed, cut off, or of no log.
    pub unread: usize,
    /// What was left out, in words; left out where nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<Shown>,
}

/// Findings of a rule that are counted and not told: a comment silences them, their severity is `off`, or there are more
/// than a report tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CountView {
    /// The rule's code: `PC203`.
    pub code: Shown,
    /// How many findings.
    pub count: usize,
}

/// Everything that poolcheck has to say.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The release that it speaks of.
    pub hermes: ReleaseView,
    /// Which credential is used.
    pub verdict: VerdictView,
    /// Who uses which key, the main model first; empty where config.yaml says nothing of others.
    pub sites: Vec<SiteView>,
    /// What the verdict is worked out from, and that what was not given counts as absent.
    pub basis: Shown,
    /// Sources not given that could change the winner.
    pub not_given: Vec<NotGivenView>,
    /// The findings, in the order of the sources and places.
    pub findings: Vec<FindingView>,
    /// The findings that are only counted, those after repair among them: of each rule the first 200 are told. In the order of
    /// their codes.
    pub more: Vec<CountView>,
    /// The same in a sentence; left out where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_note: Option<Shown>,
    /// Whether rotation is set up; left out where no provider is resolved or where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation: Option<RotationView>,
    /// What to do now, worst first; empty where nothing is wrong.
    pub steps: Vec<StepView>,
    /// The same after the repair of what pasting did to the texts, where it did something that can be undone. What would go
    /// with it is not among the findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repaired: Option<RepairedView>,
    /// What a pasted log tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<TimelineView>,
    /// The findings that are silenced, in the order of their codes.
    pub silenced: Vec<CountView>,
    /// The same in a sentence; left out where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silenced_note: Option<Shown>,
    /// Where the verdict and the findings change from release to release, oldest first; only where it was asked for, and
    /// not for texts of more than 256 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub releases: Option<Vec<ReleaseChange>>,
    /// The report as Markdown, to be pasted into a forum or an issue; only where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown: Option<Shown>,
}

/// A part of a pasted text in which anything may stand.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PartView {
    /// What it is; left out for other text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<SourceKind>,
    /// Its name: `config.yaml, lines 12–38`.
    pub name: Shown,
    /// Why it is taken for that.
    pub why: Shown,
    /// Whether it is in the texts that are read.
    pub used: bool,
    /// Why it is not, where it is of a kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Shown>,
    /// The first character.
    pub start: Point,
    /// Behind the last character.
    pub end: Point,
}

/// Where a key stands in a text, in UTF-16 units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct KeySpan {
    /// Its first character.
    pub start: usize,
    /// Behind its last one.
    pub end: usize,
}

/// What a file that was opened is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FileView {
    /// What its name tells; left out where it tells nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<SourceKind>,
    /// Whether it is the text of its kind, or a piece of it.
    pub used: bool,
}

/// What is said of a text in which nothing is recognised. It says nothing of its author's setup.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct NothingView {
    /// That nothing is known.
    pub summary: Shown,
    /// What the list of rules is; left out where its words touch none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touched_intro: Option<Shown>,
    /// The rules that its words touch, the nearest one first.
    pub touched: Vec<TouchView>,
    /// What the next list is.
    pub could_intro: Shown,
    /// What could be pasted.
    pub could: Vec<Shown>,
}

/// A rule that the words of a text touch.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TouchView {
    /// The code: `PC203`.
    pub code: Shown,
    /// The name: `shadowed-model-key`.
    pub name: Shown,
    /// What the rule is about, in a paragraph.
    pub summary: Shown,
    /// The words.
    pub words: Vec<Shown>,
}

/// What a rule is about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct RuleView {
    /// The code: `PC203`.
    pub code: Shown,
    /// The name: `shadowed-model-key`.
    pub name: Shown,
    /// How bad a finding is.
    pub severity: SeverityName,
    /// The explanation, in Markdown.
    pub doc: Shown,
}
