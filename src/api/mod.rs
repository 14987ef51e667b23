//! Text in, report out: what front ends call.

use std::fmt;

use crate::analysis::Analysis;
use crate::analysis::origin::Origin;
use crate::analysis::release::release_of;
use crate::base::collections::TextMap;
use crate::base::sources::{Given, SourceKind, Sources};
use crate::base::text::{Edit, Edits, Encoding, Place, Span, WayBack, sort_by_place};
use crate::diagnostic::messages::Language;
use crate::diagnostic::shown::Shown;
use crate::diagnostic::{Fix, Safety, SeverityChoice};
use crate::facts::{Facts, RELEASES};
use crate::hermes::World;
use crate::hermes::{mentions, session};
use crate::json;
use crate::python::Node;
use crate::readers::secrets;
use crate::readers::split::{self, FileKind, Part};

use crate::report::parts;
use crate::report::redact::Redactor;
use crate::report::releases;
use crate::report::sarif::{self, SarifLog};
use crate::report::topics;
use crate::report::view;
use crate::report::{FileView, KeySpan, NothingView, PartView, ReleaseView, Report, RuleView};
use crate::rules;
use crate::yaml;

/// As many bytes may all texts of an input have together, and so may a text in which anything may stand: people paste files, not
/// archives.
///
/// They are answered within a second, in wasm as well, whatever stands in them: `cargo xtask bench` measures it.
pub const LONGEST_INPUT: usize = 320 << 10;

/// Texts of more bytes than this together are not compared from release to release.
const LONGEST_COMPARED: usize = 256 << 10;

/// What was pasted. Each text is optional.
#[derive(Clone, Default)]
pub struct Input {
    /// The texts.
    pub given: Sources<Given<String>>,
    /// The texts that are files in UTF-16.
    pub in_utf16: Vec<SourceKind>,
    /// The texts that are files in another encoding than UTF-8 and UTF-16.
    pub not_utf8: Vec<SourceKind>,
    /// The texts in which others of these stand: their places are told in them. [`pasted()`] makes them.
    pub origins: Vec<Origin>,
}

impl Input {
    /// The input with `text` as what is pasted of `kind`.
    ///
    /// ```
    /// use poolcheck::api::Input;
    /// use poolcheck::base::sources::SourceKind;
    /// let input = Input::default().with(SourceKind::Config, "model: {provider: gemini}");
    /// assert!(input.given.config.is_given() && !input.given.dotenv.is_given());
    /// ```
    #[must_use]
    pub fn with(mut self, kind: SourceKind, text: impl Into<String>) -> Self {
        self.given[kind] = Given::Text(text.into());
        self
    }

    /// Whether of no text it is known what is in it.
    #[cfg(feature = "cli")]
    pub(crate) fn is_empty(&self) -> bool {
        !SourceKind::ALL.into_iter().any(|kind| self.given[kind].is_given())
    }

    /// The world that the texts are of, at the time `now` in seconds since 1970.
    fn world(&self, now: f64) -> World {
        World {
            given: self.given.clone(),
            in_utf16: self.in_utf16.clone(),
            not_utf8: self.not_utf8.clone(),
            now,
            ..World::default()
        }
    }
}

/// How the question is meant.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), serde(rename_all = "camelCase"))]
pub struct Options {
    /// The release of Hermes, one of [`releases()`]. Where it is `None`, the one that a pasted text names in a line
    /// `Hermes Agent v0.18.2`, a debug report in `version: 0.18.2 […]`, or a post in a line that says no more, such as
    /// `Hermes version: 0.18.2`, or for one that is not known the nearest one below it; else the newest one that was run.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub hermes: Option<String>,
    /// The time, in seconds since the epoch: cooldowns are judged by it.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub now: f64,
    /// When the listing was printed, in seconds since the epoch: the times left in it count from there. Where it is `None`, it
    /// is taken for one of now.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub listing_taken_at: Option<f64>,
    /// The language of the report.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub language: Language,
    /// The unit of columns and offsets.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub encoding: Encoding,
    /// Whether to say where verdict and findings change from release to release. It takes as many checks as there are
    /// releases.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub compare_releases: bool,
    /// Whether the report brings itself along as Markdown, so that one check is enough for both. It cannot be made of a report
    /// later on: as plain data that no longer knows which of its words users wrote, and those must not act.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub markdown: bool,
    /// What the findings of a rule are, by its code. The report counts those that are `off` among the silenced ones.
    #[cfg_attr(feature = "wasm", tsify(optional, type = "Record<string, \"off\" | SeverityName>"))]
    pub severities: TextMap<SeverityChoice>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            hermes: None,
            now: 0.0,
            listing_taken_at: None,
            language: Language::English,
            encoding: Encoding::Utf16,
            compare_releases: false,
            markdown: false,
            severities: TextMap::new(),
        }
    }
}

/// A question that cannot be answered. Its text holds nothing of the pasted texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// There are no tables for the release that was asked for.
    UnknownRelease,
    /// A severity was chosen for a code that no rule has.
    UnknownCode(Shown),
    /// The texts together, or one in which anything may stand, are longer than [`LONGEST_INPUT`].
    TooLong,
    /// A finding's id that this report does not have, or whose finding has no fix.
    NoSuchFix,
    /// Two of the fixes that were asked for change the same bytes: apply one, then check again.
    FixesOverlap,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownRelease => {
                write!(f, "this release of Hermes is not known; known are {}", RELEASES.join(", "))
            }
            Self::UnknownCode(code) => write!(f, "no rule has the code {code}"),
            Self::TooLong => {
                let most = LONGEST_INPUT >> 10;
                write!(f, "what was pasted is longer than {most} KiB in all; of a log, take the end")
            }
            Self::NoSuchFix => {
                f.write_str("no finding with this id has a fix; check again and take an id from that report")
            }
            Self::FixesOverlap => {
                f.write_str("two of these fixes change the same text; apply one, then check again")
            }
        }
    }
}

impl std::error::Error for ApiError {}

/// What the user says of a part of a text that [`split()`] took for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), serde(rename_all = "camelCase"))]
pub struct Correction {
    /// The number of the part, from 0.
    pub part: usize,
    /// What it is; `None` for other text.
    #[cfg_attr(feature = "wasm", tsify(type = "Exclude<SourceKind, 'rootAuthStore'> | null"))]
    pub kind: Option<SourceKind>,
}

/// A pasted text in its parts.
#[derive(Clone)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify), serde(rename_all = "camelCase"))]
pub struct Pasted {
    /// The parts in their order, other text included; nothing of the text is in them.
    pub parts: Vec<PartView>,
    /// The text of each kind, to be checked. They hold the user's own text, keys included.
    #[cfg_attr(feature = "wasm", tsify(type = "Texts"))]
    pub texts: Texts,
    /// What is said where no part is of a kind.
    #[cfg_attr(feature = "wasm", serde(skip_serializing_if = "Option::is_none"))]
    pub nothing: Option<NothingView>,
}

/// A pasted text in its parts, and what is found in them.
#[derive(Clone)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify), serde(rename_all = "camelCase"))]
pub struct Post {
    /// The text in its parts.
    pub pasted: Pasted,
    /// The report of [`check`] on them; its places are those of the pasted text. `None` where nothing is recognised.
    #[cfg_attr(feature = "wasm", serde(skip_serializing_if = "Option::is_none"))]
    pub report: Option<Report>,
}

/// The text of each kind: after fixes, `None` for those that stay as they are; of a pasted text, `None` for those that it
/// has not, and with what commands of its session set behind a file that it printed. They hold the user's own text, keys included.
pub type Texts = Sources<Option<String>>;

impl From<Sources<Given<String>>> for Input {
    fn from(given: Sources<Given<String>>) -> Self {
        Self { given, ..Self::default() }
    }
}

impl From<Texts> for Input {
    /// The texts as they are checked: what is not there is not given.
    fn from(texts: Texts) -> Self {
        Self::from(Sources::<Given<String>>::from(texts))
    }
}

/// Checks what was pasted.
///
/// # Errors
/// [`ApiError::UnknownRelease`], [`ApiError::UnknownCode`] and [`ApiError::TooLong`].
///
/// ```
/// use poolcheck::api::{Input, Options, check};
/// use poolcheck::base::sources::SourceKind;
/// let input = Input::default()
///     .with(SourceKind::Config, "model: {provider: gemini}")
///     .with(SourceKind::Dotenv, "GOOGLE_API_KEY=AIza-fake-key-of-nobody");
/// let report = check(&input, &Options::default())?;
/// assert_eq!(report.verdict.provider.map(|p| p.to_string()).as_deref(), Some("gemini"));
/// assert_eq!(report.verdict.winner.map(|w| w.label.to_string()).as_deref(), Some("GOOGLE_API_KEY"));
/// # Ok::<(), poolcheck::api::ApiError>(())
/// ```
pub fn check(input: &Input, options: &Options) -> Result<Report, ApiError> {
    let analysis = analyze(input, options)?;
    let (language, encoding) = (options.language, options.encoding);
    let mut report = view::report(&analysis, language, encoding);
    if options.compare_releases && length(&analysis.pasted.world) <= LONGEST_COMPARED {
        let mut reports = Vec::new();
        for release in RELEASES.iter().rev() {
            let hermes = Some((*release).to_owned());
            let analysis = analyze(input, &Options { hermes, ..options.clone() })?;
            reports.push(view::report(&analysis, language, encoding));
        }
        report.releases = Some(releases::changes(&reports, language));
    }
    if options.markdown {
        report.markdown = Some(markdown_of(&report, language));
    }
    Ok(report)
}

/// Works out everything that a report tells, and the fixes, in a value that owns all of it. [`check`] makes a report of it.
///
/// # Errors
/// As [`check`].
///
/// ```
/// use poolcheck::api::{Input, Options, analyze};
/// use poolcheck::base::sources::SourceKind;
/// let input = Input::default().with(SourceKind::Config, "model: {provider: geminni}");
/// let analysis = analyze(&input, &Options::default())?;
/// assert!(analysis.pasted.findings.iter().any(|finding| finding.code == "PC503"));
/// # Ok::<(), poolcheck::api::ApiError>(())
/// ```
pub fn analyze(input: &Input, options: &Options) -> Result<Analysis, ApiError> {
    if let Some(code) = options.severities.keys().iter().find(|code| rules::rule(code).is_none()) {
        return Err(ApiError::UnknownCode(Redactor::default().show(code)));
    }
    let world = World { listing_taken_at: options.listing_taken_at, ..input.world(options.now) };
    if length(&world) > LONGEST_INPUT {
        return Err(ApiError::TooLong);
    }
    let release = release_of(options.hermes.as_deref(), &world, &input.origins);
    let release = release.ok_or(ApiError::UnknownRelease)?;
    Ok(Analysis::of(world, input.origins.clone(), release, &options.severities))
}

/// The bytes of all texts together.
fn length(world: &World) -> usize {
    SourceKind::PASTED.into_iter().map(|kind| world.text_of(kind).len()).sum()
}

/// The releases that can be asked for, newest first, and how each is known.
pub fn releases(language: Language) -> Vec<ReleaseView> {
    RELEASES.into_iter().filter_map(Facts::of).map(|facts| view::release(facts, language)).collect()
}

/// The report of [`check`] as Markdown, to be pasted into a forum or an issue.
///
/// # Errors
/// As [`check`].
pub fn markdown(input: &Input, options: &Options) -> Result<Shown, ApiError> {
    let report = check(input, options)?;
    Ok(markdown_of(&report, options.language))
}

/// A report in the language that it was made in as Markdown: of a post, one whose places are those of the post.
///
/// ```
/// use poolcheck::api::{Options, check_post, markdown_of};
/// use poolcheck::diagnostic::messages::Language;
/// let post = check_post("It fails:\n\nmodel:\n  provider: geminni\n", &[], &Options::default())?;
/// let page = post.report.map(|report| markdown_of(&report, Language::English));
/// assert!(page.is_some_and(|page| page.as_str().contains("line 4 (config.yaml)")));
/// # Ok::<(), poolcheck::api::ApiError>(())
/// ```
pub fn markdown_of(report: &Report, language: Language) -> Shown {
    crate::report::markdown::report(report, language)
}

/// The report of [`check`] as SARIF 2.1.0. Its columns are UTF-16, whatever `options` say. `files` says where texts stand, as
/// URIs; a text that it does not name has a plain name, such as `config.yaml`.
///
/// # Errors
/// As [`check`].
///
/// ```
/// use poolcheck::api::{Input, Options, sarif};
/// use poolcheck::base::sources::SourceKind;
/// let input = Input::default().with(SourceKind::Config, "model: {}\nmodel: {}\n");
/// let log = sarif(&input, &Options::default(), &[(SourceKind::Config, "home/config.yaml".into())])?;
/// let found = log.runs.iter().flat_map(|run| &run.results).flat_map(|result| &result.locations);
/// let places: Vec<_> = found.map(|found| &found.physical_location).collect();
/// assert!(places.iter().any(|place| place.artifact_location.uri == "home/config.yaml" && place.region.start_line == 1));
/// # Ok::<(), poolcheck::api::ApiError>(())
/// ```
pub fn sarif(input: &Input, options: &Options, files: &[(SourceKind, String)]) -> Result<SarifLog, ApiError> {
    let report = check(input, &Options { encoding: Encoding::Utf16, ..options.clone() })?;
    let files: Vec<_> = files.iter().map(|(kind, uri)| (*kind, uri.clone())).collect();
    Ok(sarif::log(&report, &rules(options.language), options.language, &files))
}

/// The texts after the fixes of the findings `ids` of the report that [`check`] makes of the same input. A fix of a finding
/// after repair is one of the repaired texts: the repair is made with it.
///
/// # Errors
/// [`ApiError::NoSuchFix`], [`ApiError::FixesOverlap`], and those of [`check`].
pub fn apply_fixes(input: &Input, options: &Options, ids: &[String]) -> Result<Texts, ApiError> {
    let analysis = analyze(input, options)?;
    let mut fixes = Vec::new();
    let mut repaired = None;
    for id in ids {
        let found = match (id.strip_prefix(view::REPAIRED), &analysis.repaired) {
            (Some(id), Some(own)) => {
                repaired = Some(own);
                own.reading.fix(id)
            }
            _ => analysis.pasted.fix(id),
        };
        fixes.push(found.ok_or(ApiError::NoSuchFix)?);
    }
    let base = repaired.map_or(&analysis.pasted.world, |own| &own.reading.world);
    let mut texts = Texts::default();
    for kind in SourceKind::PASTED {
        let is_repaired = repaired.is_some_and(|own| own.repair.changes(kind));
        let mut all = Vec::new();
        for (id, fix) in ids.iter().zip(&fixes) {
            let own = fix.edits_of(kind);
            if is_repaired && !id.starts_with(view::REPAIRED) {
                // The repair makes its own fixes; another one is of the text before.
                if !fix.is_repair && !own.is_empty() {
                    return Err(ApiError::FixesOverlap);
                }
                continue;
            }
            all.extend(own);
        }
        if let Some(text) = base.given[kind].text()
            && (is_repaired || !all.is_empty())
        {
            texts[kind] = Some(edited(text, all)?);
        }
    }
    Ok(texts)
}

/// `text` after `edits`.
fn edited(text: &str, edits: Vec<Edit>) -> Result<String, ApiError> {
    Ok(Edits::new(edits).map_err(|_| ApiError::FixesOverlap)?.apply(text))
}

/// As many rounds of fixes are made at most. Each makes all that do not meet, so that few are needed.
const MOST_ROUNDS: usize = 16;

/// The texts after all safe fixes. Of fixes that meet in one place only one is made; then the texts are checked again,
/// until there is nothing more to mend.
///
/// # Errors
/// Those of [`check`].
///
/// ```
/// use poolcheck::api::{Input, Options, apply_safe_fixes};
/// use poolcheck::base::sources::SourceKind;
/// let config = "model:\n\tprovider: gemini # poolcheck: ignore[PC000]\n";
/// let input = Input::default().with(SourceKind::Config, config);
/// let texts = apply_safe_fixes(&input, &Options::default())?;
/// assert_eq!(texts.config.as_deref(), Some("model:\n  provider: gemini\n"));
/// # Ok::<(), poolcheck::api::ApiError>(())
/// ```
pub fn apply_safe_fixes(input: &Input, options: &Options) -> Result<Texts, ApiError> {
    let (mut now, mut texts) = (input.clone(), Texts::default());
    for _ in 0..MOST_ROUNDS {
        let findings = analyze(&now, options)?.pasted.findings;
        let all = findings.into_iter().filter_map(|finding| finding.fix);
        let fixes = apart(all.filter(|fix| fix.safety == Safety::Safe).collect());
        if fixes.is_empty() {
            break;
        }
        for kind in SourceKind::PASTED {
            let edits: Vec<Edit> = fixes.iter().flat_map(|fix| fix.edits_of(kind)).collect();
            if let Given::Text(text) = &mut now.given[kind]
                && !edits.is_empty()
            {
                *text = edited(text, edits)?;
                texts[kind] = Some(text.clone());
            }
        }
    }
    Ok(texts)
}

/// Those of `fixes` of which no two meet in one place. At least one stays.
fn apart(fixes: Vec<Fix>) -> Vec<Fix> {
    let mut edits = Vec::new();
    for (number, fix) in fixes.iter().enumerate() {
        for (source, own) in &fix.edits {
            edits.extend(own.iter().map(|edit| (Place::new(*source, edit.span), number)));
        }
    }
    sort_by_place(&mut edits, |(place, _)| *place);
    let mut is_left_out = vec![false; fixes.len()];
    let mut last: Option<(Place, usize)> = None;
    for (place, number) in edits {
        let meets = last.is_some_and(|(before, other)| {
            let overlaps = place.span.start < before.span.end || place.span == before.span;
            other != number && place.source == before.source && overlaps
        });
        match is_left_out.get_mut(number) {
            Some(left_out) if meets => *left_out = true,
            Some(left_out) if !*left_out => last = Some((place, number)),
            _ => {}
        }
    }
    fixes.into_iter().zip(is_left_out).filter(|(_, left_out)| !left_out).map(|(fix, _)| fix).collect()
}

/// The parts of a text in which anything may stand: a forum post, a debug report, one file alone. `corrections` say what
/// parts are; a part that is spoken of comes before the others of its kind. The parts are the same, whatever is corrected.
///
/// # Errors
/// [`ApiError::TooLong`].
///
/// ```
/// use poolcheck::api::{Options, check, split};
/// use poolcheck::diagnostic::messages::Language;
/// let pasted = split("It fails:\n\nmodel:\n  provider: gemini\n\n.env\nGEMINI_API_KEYS=a,b\n", &[], Language::English)?;
/// let names: Vec<_> = pasted.parts.iter().filter(|part| part.used).map(|part| part.name.as_str()).collect();
/// assert_eq!(names, ["config.yaml, lines 3–4", ".env, line 7"]);
/// assert!(check(&pasted.texts.into(), &Options::default())?.findings.iter().any(|found| found.code.as_str() == "PC402"));
/// # Ok::<(), poolcheck::api::ApiError>(())
/// ```
pub fn split(text: &str, corrections: &[Correction], language: Language) -> Result<Pasted, ApiError> {
    pasted(text, None, corrections, language).map(|(pasted, _)| pasted)
}

/// The parts of a text as [`split()`] finds them, and the way back to it from the texts that stand in it: with it among
/// [`Input::origins`], places are told in the text that was pasted. `name` is what it is called.
///
/// # Errors
/// [`ApiError::TooLong`].
///
/// ```
/// use poolcheck::api::{Input, Options, check, pasted};
/// use poolcheck::diagnostic::messages::Language;
/// let (found, origin) = pasted("Look:\n\n> model:\n>   provider: geminni\n", Some("post.txt"), &[], Language::English)?;
/// let input = Input { origins: vec![origin], ..Input::from(found.texts) };
/// let place = check(&input, &Options::default())?.findings[0].location.clone();
/// assert_eq!((place.start.line, place.start.column), (4, 15));
/// assert_eq!(place.post.map(|name| name.to_string()).as_deref(), Some("post.txt"));
/// # Ok::<(), poolcheck::api::ApiError>(())
/// ```
pub fn pasted(
    text: &str,
    name: Option<&str>,
    corrections: &[Correction],
    language: Language,
) -> Result<(Pasted, Origin), ApiError> {
    if text.len() > LONGEST_INPUT {
        return Err(ApiError::TooLong);
    }
    let unpacked = split::unpacked(text);
    let (own, packed) = (unpacked.apply(text), unpacked.way_back(text));
    let mut found = split::split(&own);
    if !corrections.is_empty() {
        let told: Vec<_> = corrections.iter().map(|told| (told.part, told.kind)).collect();
        split::correct(&own, &mut found, &told);
    }
    let (mut texts, back) = texts_of(&own, &found);
    let (mut changes, edits) = session::changes(&own, &found, texts.config.as_deref());
    let mut set = WayBack::default();
    if let Some(config) = &mut texts.config {
        set = edits.way_back(config);
        *config = edits.apply(config);
    }
    for part in &mut found {
        part.span = packed.before(part.span);
    }
    for change in &mut changes {
        change.command = packed.before(change.command);
    }
    let parts = parts::views(text, &found, language);
    let nothing = found.iter().all(|part| part.kind.is_none()).then(|| topics::of(text, language));
    let mentions = mentions::in_post(text, &found);
    let origin = Origin {
        name: name.map(str::to_owned),
        text: text.to_owned(),
        back,
        set,
        packed,
        changes,
        is_guide: split::is_of_guide(&found),
        mentions,
    };
    Ok((Pasted { parts, texts, nothing }, origin))
}

/// Checks what stands in a text in which anything may stand. LinedTexts are those of this text.
///
/// # Errors
/// Those of [`split()`] and [`check`].
///
/// ```
/// use poolcheck::api::{Options, check_post};
/// let post = check_post("It fails:\n\nmodel:\n  provider: geminni\n", &[], &Options::default())?;
/// let place = post.report.map(|report| report.findings[0].location.start.line);
/// assert_eq!(place, Some(4));
/// let nothing = check_post("My key in auth.json is old.", &[], &Options::default())?.pasted.nothing;
/// assert!(nothing.is_some_and(|said| !said.could.is_empty()));
/// # Ok::<(), poolcheck::api::ApiError>(())
/// ```
pub fn check_post(text: &str, corrections: &[Correction], options: &Options) -> Result<Post, ApiError> {
    let (pasted, origin) = pasted(text, None, corrections, options.language)?;
    if pasted.nothing.is_some() {
        return Ok(Post { pasted, report: None });
    }
    let input = Input { origins: vec![origin], ..Input::from(pasted.texts.clone()) };
    let report = Some(check(&input, options)?);
    Ok(Post { pasted, report })
}

/// The text of each kind, and the way back from each.
fn texts_of(text: &str, parts: &[Part]) -> (Texts, Vec<(SourceKind, WayBack)>) {
    let (mut texts, mut ways) = (Texts::default(), Vec::new());
    for kind in SourceKind::PASTED {
        if let Some((own, back)) = split::text_of(text, parts, kind) {
            texts[kind] = Some(own);
            ways.push((kind, back));
        }
    }
    (texts, ways)
}

/// What the rule `code` is about, or `None` for a code that is not given.
pub fn explain_rule(code: &str, language: Language) -> Option<RuleView> {
    rules::rule(code).map(|rule| rule_view(rule, language))
}

/// All rules in the order of their codes.
pub fn rules(language: Language) -> Vec<RuleView> {
    rules::RULES.iter().map(|rule| rule_view(rule, language)).collect()
}

fn rule_view(rule: &'static rules::Rule, language: Language) -> RuleView {
    RuleView {
        code: Shown::fixed(rule.code),
        name: Shown::fixed(rule.name),
        severity: view::severity_name(rule.severity),
        doc: rule.explanation(language),
    }
}

/// `text` with every key masked: what has the shape of one, what stands behind a name that says so, and each of these wherever
/// else it stands. What is no secret stays as it is, masked text as well: masking twice is masking once.
///
/// ```
/// use poolcheck::api::redact;
/// assert_eq!(redact("key sk-fake-0000000000000000").as_str(), "key sk-f…000");
/// let post = "password: Fake-horse-7\nfailed for me/Fake-horse-7 at http://localhost:8080/v1 with KEY=${FAKE_KEY}\n";
/// let shown = "password: …\nfailed for me/… at http://localhost:8080/v1 with KEY=${FAKE_KEY}\n";
/// assert_eq!(redact(post).as_str(), shown);
/// ```
pub fn redact(text: &str) -> Shown {
    /// Texts settle in the second round, but for a few that were made for it.
    const MOST_ROUNDS: usize = 8;
    let mut shown = redacted_once(text);
    for _ in 1..MOST_ROUNDS {
        // What is left of a key may be read otherwise with what stands beside it.
        let again = redacted_once(shown.as_str());
        if again == shown {
            break;
        }
        shown = again;
    }
    shown
}

fn redacted_once(text: &str) -> Shown {
    redactor_of(text).show_all(text)
}

/// What masks the keys of a text in which anything may stand.
fn redactor_of(text: &str) -> Redactor {
    let texts = if text.len() <= LONGEST_INPUT {
        let own = split::unpacked(text).apply(text);
        texts_of(&own, &split::split(&own)).0
    } else {
        Texts::default()
    };
    let config = texts.config.and_then(|config| yaml::load(&config, SourceKind::Config).root.ok());
    let store = texts.auth_store.and_then(|store| json::load(&store, SourceKind::AuthStore).ok());
    let trees: Vec<&Node> = config.iter().chain(store.as_ref().map(|loaded| &loaded.root)).collect();
    let is_name = |word: &str| {
        let newest = Facts::newest();
        newest.is_some_and(|facts| facts.providers.contains_key(word) || facts.aliases.contains_key(word))
    };
    let mut secrets = secrets::of(&[text], &trees, &is_name);
    secrets::of_commands(&texts.commands.unwrap_or_default(), &is_name, &mut secrets);
    for rest in split::rests_of_keys(&texts.dotenv.unwrap_or_default()) {
        secrets::odd_words(rest, &is_name, &mut secrets);
    }
    Redactor::new(secrets)
}

/// Where keys stand in `text`, in its order: what an editor hides. Names count as well as shapes.
///
/// ```
/// let keys = poolcheck::api::key_spans("名: 1\nRELAY_KEY=correct-horse-battery\n");
/// assert_eq!(keys.iter().map(|key| (key.start, key.end)).collect::<Vec<_>>(), [(15, 36)]);
/// ```
pub fn key_spans(text: &str) -> Vec<KeySpan> {
    let redactor = redactor_of(text);
    let (mut behind, mut units) = (0, 0);
    let mut count = |to: usize| {
        units += Encoding::Utf16.units(Span::new(behind, to).of(text));
        behind = to;
        units
    };
    let spans = redactor.key_spans(text);
    spans.iter().map(|span| KeySpan { start: count(span.start), end: count(span.end) }).collect()
}

/// A file that somebody opens.
#[derive(Clone, Default)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct NamedFile {
    /// Its name, perhaps with folders before it.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// Files told apart by their names.
#[derive(Clone)]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, tsify::Tsify), serde(rename_all = "camelCase"))]
pub struct OpenedFiles {
    /// Each file, in the order in which they were given.
    pub files: Vec<FileView>,
    /// The text of each kind, to be checked. They hold the user's own text, keys included.
    #[cfg_attr(feature = "wasm", tsify(type = "Texts"))]
    pub texts: Texts,
}

/// Tells files apart by their names. Logs and other lines of one kind are put together; of two files of another kind the
/// one is taken whose name is the plain one, else the first. What a name does not tell, [`split()`] may tell by the text.
///
/// ```
/// use poolcheck::api::{NamedFile, open_files};
/// let file = |name: &str, text: &str| NamedFile { name: name.to_owned(), text: text.to_owned() };
/// let opened = open_files(&[file("config.yaml.bak", "old"), file("config.yaml", "new"), file("post.txt", "?")]);
/// assert_eq!(opened.texts.config.as_deref(), Some("new"));
/// assert_eq!(opened.files.iter().map(|file| (file.kind.is_some(), file.used)).collect::<Vec<_>>(),
///     [(true, false), (true, true), (false, false)]);
/// ```
pub fn open_files(files: &[NamedFile]) -> OpenedFiles {
    let names: Vec<_> = files.iter().map(|file| split::file_kind(&file.name)).collect();
    let mut opened = OpenedFiles { files: Vec::new(), texts: Texts::default() };
    for (number, (file, named)) in files.iter().zip(&names).enumerate() {
        let used = named.is_some_and(|FileKind { kind, .. }| {
            let plain = Some(FileKind { kind, is_plain: true });
            let first = names.iter().position(|other| *other == plain);
            let any = || names.iter().position(|other| other.is_some_and(|other| other.kind == kind));
            split::is_joined(kind) || first.or_else(any) == Some(number)
        });
        if let Some(named) = named.filter(|_| used) {
            match &mut opened.texts[named.kind] {
                Some(text) => {
                    text.push('\n');
                    text.push_str(&file.text);
                }
                slot => *slot = Some(file.text.clone()),
            }
        }
        opened.files.push(FileView { kind: named.map(|named| named.kind), used });
    }
    opened
}
