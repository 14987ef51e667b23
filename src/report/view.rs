//! Turns what the model and the rules found out into a [`Report`].

use std::cell::RefCell;
use std::rc::Rc;

use crate::analysis::release::{ReleaseNamed, ReleasePlace};
use crate::analysis::repair::repairing;
use crate::analysis::{Analysis, Reading, Repaired, finding_id};
use crate::base::collections::TextMap;
use crate::base::sources::SourceKind;
use crate::base::text::{Encoding, LineIndex, Search};
use crate::diagnostic::loss_reasons;
use crate::diagnostic::messages::{Language, fill, templates};
use crate::diagnostic::shown::Shown;
use crate::diagnostic::{Arg, Diagnostic, Fix, Message, Safety, Severity, Template};
use crate::facts::strategies;
use crate::facts::{Facts, Fit, Standing};
use crate::hermes::mentions::KeyOf;
use crate::hermes::pool::Pool;
use crate::hermes::resolution::Resolution;
use crate::hermes::sites::MOA;
use crate::hermes::story::Story;
use crate::hermes::verdict::Verdict;
use crate::hermes::{Candidate, CredentialStatus, End, Raised, Stop, World};
use crate::python::{Node, Value};
use crate::readers::listing::Listing;
use crate::report::preview;
use crate::report::redact::Redactor;
use crate::report::rotation;
use crate::report::steps;
use crate::report::timeline;
use crate::report::words::{LinedTexts, Words};
use crate::report::{
    CountView, CredentialView, FallbackView, FindingView, FixView, LabelView, LoserView, NotGivenView,
    PoolEntryView, PoolView, ReleaseView, RepairedView, Report, SeverityName, SiteState, SiteView,
    StatusName, VerdictState, VerdictView,
};
use crate::rules::{RULES, Rule};

templates! {
    RUN = "view.run": "tested against the real program";
    READ = "view.read": "read in the source, not run";
    ASKED_FOR = "view.release-asked-for": "the release that was asked for";
    NAMED_AT = "view.release-named-at": "named in {place}";
    NOT_NAMED = "view.release-not-named": "no release was named";
    NOT_IN_USE = "view.release-not-in-use": "{release} ({reason}) is not said to be in use";
    SEVERAL_NAMED = "view.release-several": "the newest of several releases, {reason}; nothing says which one is in use";
    WITHIN_NAMED = "view.release-within": "the newest release of {release} ({reason}) that poolcheck knows";
    NEAREST_BELOW = "view.release-nearest-below": "poolcheck does not know {release} ({reason}), and takes the nearest release below it";
    OLDEST = "view.release-oldest": "poolcheck does not know {release} ({reason}), and takes the oldest release that it knows";
    BASIS_ALL = "view.basis-all": "Worked out from everything that Hermes reads.";
    OTHER_LOGIN = "view.other-login": "A login in `{file}` is not looked at: where there is one, Hermes may use it.";
    BASIS_PART = "view.basis-part": "Worked out from what you pasted; what you did not paste can change it.";
    NOT_GIVEN_CONFIG = "view.not-given-config": "It names the provider: without it Hermes looks for any key it can find.";
    NOT_GIVEN_CONFIG_NAMED = "view.not-given-config-named":
        "The debug report says that it names `{provider}`; what Hermes makes of that cannot be told without the file.";
    NOT_GIVEN_DOTENV = "view.not-given-dotenv": "It may hold keys and endpoints, which beat those of the environment.";
    NOT_GIVEN_AUTH_STORE = "view.not-given-auth-store":
        "It holds the credential pools: rows there come before keys from `.env` and the environment.";
    NOT_GIVEN_LISTED = "view.not-given-listed":
        "The pasted listing stands in for it: it shows rows and cooldowns, and no keys.";
    NOT_GIVEN_PIECE = "view.not-given-piece": "Only a piece of it was pasted. What an image, another file or who starts Hermes sets beside may hold keys, endpoints and a provider.";
    HANDED_ON = "view.handed-on":
        "Handed on by the program that starts Hermes, if it has a value there: {variables}.";
    NOT_GIVEN_ENVIRON = "view.not-given-environ": "It may hold keys, endpoints and a provider.";
    REPAIRED_NOTE = "view.repaired":
        "As if the damage of the pasted text were repaired as offered. Places are those of the text as you pasted it.";
    RESTORED_INDENTATION = "view.restored-indentation": "Indentation restored (lines: {count})";
    RESTORED = "view.restored": "What pasting damaged is restored (lines: {count})";
    FIX_AND_REPAIR = "view.fix-and-repair": "{title} (in the repaired text)";
    RESOLVED = "view.resolved": "Hermes uses {label} ({source}) for {provider}.";
    RESOLVED_UNNAMED = "view.resolved-unnamed": "Hermes uses the provider {provider}.";
    PRESET = "view.preset":
        "`moa` stands for a preset of Mixture of Agents: each slot of it has an endpoint and a key of its own.";
    KEYLESS = "view.keyless": "Hermes resolves {provider} and sends requests without a key of yours.";
    KEYLESS_STOPS = "view.keyless-stops": "Hermes finds no key for {provider}, and stops in the terminal.";
    KEYLESS_REFUSED = "view.keyless-refused":
        "Hermes finds no key for {provider}: in the terminal it sends requests with the text `no-key-required` in place of one.";
    FAILS = "view.fails": "Hermes stops: it finds no usable credential for {provider}.";
    FAILS_AT_ERROR = "view.fails-at-error":
        "Hermes stops with an error of its program before it has a credential for {provider}.";
    FALLS_BACK = "view.falls-back":
        "Hermes finds no usable credential for {provider}: in the terminal, in the gateway and in scheduled jobs it tries the fallback chain; `hermes -z` stops.";
    NO_ENDPOINT = "view.no-endpoint": "Hermes stops: it has no endpoint for {provider}.";
    NO_ENDPOINT_FALLS_BACK = "view.no-endpoint-falls-back":
        "Hermes has no endpoint for {provider}: in the terminal, in the gateway and in scheduled jobs it tries the fallback chain; `hermes -z` stops.";
    NO_ENDPOINT_PASTED = "view.no-endpoint-pasted":
        "No endpoint for {provider} is in what you pasted. It may be in what you did not paste: {files}.";
    NO_KEY_PASTED = "view.no-key-pasted":
        "No credential for {provider} is in the files that you pasted. It may be in what you did not paste: {files}.";
    KEY_OF_VARIABLE_IN_TEXT = "view.key-of-variable-in-text":
        "{place} has a value for `{name}` in a sentence or a command: it counts where it stands in a file.";
    KEY_OF_PROVIDER_IN_TEXT = "view.key-of-provider-in-text":
        "{place} has a key of `{name}` in a command: it counts once that has put it into auth.json.";
    NOT_CONFIGURED_HERE = "view.not-configured-here":
        "Which provider Hermes uses is not known: config.yaml was not pasted, and nothing else names it.";
    LISTED_SEVERAL_NONE = "view.listed-several-none":
        "Which provider Hermes uses is not known: config.yaml was not pasted, and the listing has several pools. In none of them an entry has the arrow.";
    LISTED_SEVERAL = "view.listed-several":
        "Which provider Hermes uses is not known: config.yaml was not pasted, and the listing has several pools. What the arrow marks is next in each: {next}.";
    NAMED_ONLY = "view.named-only":
        "Which endpoint and key Hermes uses is not known: {place} names the provider {provider}, and config.yaml, which says what that is, was not pasted.";
    NAMED_BY_VARIABLE = "view.named-by-variable":
        "Which provider Hermes uses is not known: config.yaml takes its name from a variable, and nothing that you pasted sets that.";
    UNKNOWN_HERE = "view.unknown-here":
        "This release has no provider {provider} of its own; config.yaml, which was not pasted, may define it.";
    OTHER_SITES = "view.other-sites":
        "The keys of {sections} are not looked at: the answer is for the main model.";
    SITE_MAIN = "view.site-main": "the key of the main model";
    SITE_VARIABLE = "view.site-variable": "from {variable}";
    SITE_KEYLESS = "view.site-keyless": "no key of yours is sent";
    SITE_FAILS = "view.site-fails": "fails: {error}";
    SITE_SKIPPED = "view.site-skipped": "is skipped: no client can be made";
    SITE_IN_USE = "view.site-in-use": "is skipped: its provider and its model are those that are in use";
    SITE_PRESET = "view.site-preset": "stands for the slots of its preset";
    SITE_LEFT_OUT = "view.site-left-out": "is left out: Hermes goes on as if it was not written";
    SITE_NOT_PASTED = "view.site-not-pasted": "no key in the pasted files; it may be in what was not pasted";
    SITE_OPEN = "view.site-open": "not looked at: {what}";
    OF_GUIDE = "view.of-guide":
        "The text explains how something is done: its files are examples, and the answer is what Hermes would do with them.";
    BY_PASTED = "view.by-pasted": "By the files that you pasted: {summary}";
    SET_BELOW = "view.set-below": "{place} sets something of {file} again: that counts, not what was printed.";
    CHANGED_BELOW = "view.changed-below": "{file} was printed before {place}, which may change it.";
    BEFORE_CHANGE = "view.before-change": "As {file} was before {place}, which may change it: {summary}";
    NAMED_IN = "view.named-in": "config.yaml was not pasted; {place} names the provider.";
    FAILS_BEFORE = "view.fails-before": "Hermes stops before it has a provider.";
    NOT_CONFIGURED = "view.not-configured": "No provider is configured, and Hermes finds no key to choose one by.";
    NOT_CONFIGURED_PASTED = "view.not-configured-pasted":
        "In the files that you pasted no provider is configured, and there is no key to choose one by. Either may be in what you did not paste: {files}.";
    NOT_MODELLED = "view.not-modelled": "poolcheck does not know what Hermes does here: {what}.";
    LISTED_ARROW = "view.listed-arrow":
        "In the listing the arrow marks `{label}`: Hermes takes this entry of {provider} next. More is not known: {what}.";
    LISTED_NO_ARROW = "view.listed-no-arrow":
        "In the listing no entry of {provider} has the arrow: none was available when it was printed. More is not known: {what}.";
    NEXT_ONE = "view.next-one": "Next: {label}.";
    NEXT_NONE = "view.next-none": "No entry is available now.";
    NEXT_RANDOM = "view.next-random": "Next: one of these {count}, at random.";
    NEXT_ROUND_ROBIN = "view.next-round-robin":
        "Next: {label}; with each selection it moves to the end, so it depends on how often Hermes has selected since auth.json was saved.";
    NEXT_LEAST_USED = "view.next-least-used":
        "Next: {label}, as long as no running Hermes has counted requests: the counts are kept in memory only.";
    NEXT_BY_DEFAULT = "view.next-by-default":
        "Next: {label}, unless config.yaml, which was not pasted, sets another strategy than `fill_first`.";
    COOLDOWN = "view.cooldown": "in cooldown";
    COOLDOWN_STATUS = "view.cooldown-status": "in cooldown after HTTP {status}";
    DEAD = "view.dead": "permanently failed";
    NO_KEY = "view.no-key": "no key";
    MORE = "view.more":
        "Of a rule at most {most} findings are listed; {count} more are only counted ({codes}).";
    SILENCED = "view.silenced": "Silenced findings: {count} ({codes}).";
    NEVER_SELECTED = "view.never-selected": "no key: never selected";
}

/// Why the report speaks of its release, in words.
fn reason(named: &ReleaseNamed, words: &Words<'_>) -> Shown {
    let at = |place: &ReleasePlace| match *place {
        ReleasePlace::At(place) => words.message(&Message::new(&NAMED_AT).with("place", place)),
        ReleasePlace::In(origin, at) => {
            fill(words.language.wording(&NAMED_AT), |_| Some(words.place_in_origin(origin, at)))
        }
    };
    let about = |template, release: &str, reason: Shown| {
        fill(words.language.wording(template), |name| match name {
            "release" => Some(words.redactor.show(release)),
            _ => Some(reason.clone()),
        })
    };
    match named {
        ReleaseNamed::Asked => words.message(&Message::new(&ASKED_FOR)),
        ReleaseNamed::Nowhere => words.message(&Message::new(&NOT_NAMED)),
        ReleaseNamed::NotInUse { release, place } => about(&NOT_IN_USE, release, at(place)),
        ReleaseNamed::Named { release, place, is_one_of_several, fit } => {
            let reason =
                if *is_one_of_several { about(&SEVERAL_NAMED, release, at(place)) } else { at(place) };
            let template = match fit {
                Fit::Same => return reason,
                Fit::WithinIt => &WITHIN_NAMED,
                Fit::NearestBelow => &NEAREST_BELOW,
                Fit::Oldest => &OLDEST,
            };
            about(template, release, reason)
        }
    }
}

/// A release and how it is known, without a reason.
pub fn release(facts: &'static Facts, language: Language) -> ReleaseView {
    let standing = match facts.standing() {
        Standing::Run => &RUN,
        Standing::Read => &READ,
    };
    ReleaseView {
        version: Shown::fixed(&facts.release),
        standing: fill(language.wording(standing), |_| None),
        reason: None,
    }
}

/// The report of an analysis, in a language, with places counted in an encoding.
pub fn report(analysis: &Analysis, language: Language, encoding: Encoding) -> Report {
    let Analysis { named, origins, pasted, repaired, story, secrets } = analysis;
    let redactor = Redactor::new(secrets.iter().cloned());
    let sources = LinedTexts::within(&pasted.world, origins, encoding);
    let words = Words { sources: &sources, language, redactor: &redactor, repair: None };
    let story = story.as_ref();
    let (told, more) = told(&pasted.findings);
    let lines = Lines::of(&pasted.world);
    let findings = told.into_iter().map(|finding| finding_view(&words, &lines, finding)).collect();
    let verdict = verdict_view(&words, pasted);
    let mut report = Report {
        rotation: rotation::rotation(&words, pasted, story),
        steps: Vec::new(),
        hermes: ReleaseView {
            reason: Some(reason(named, &words)),
            ..release(pasted.resolution.facts, language)
        },
        basis: basis(&words, pasted),
        sites: site_views(&words, pasted, &verdict),
        verdict,
        not_given: not_given(&words, pasted),
        findings,
        more_note: more_note(&more, language),
        more,
        silenced: Vec::new(),
        silenced_note: None,
        repaired: None,
        timeline: story.map(|story| timeline::view(&words, story)),
        releases: None,
        markdown: None,
    };
    report.steps = steps::steps(&report, language);
    let mut silenced = vec![pasted.silenced.as_slice()];
    if let Some(Repaired { repair, reading }) = repaired {
        silenced.push(&reading.silenced);
        add_repaired(&mut report, &Words { repair: Some(repair), ..words }, &pasted.findings, reading, story);
    }
    report.silenced = silenced_of(&silenced);
    report.silenced_note = silenced_note(&report.silenced, language);
    report
}

/// Adds to `report` what would be after the repair that `words` speaks of; `pasted` are the findings before.
fn add_repaired(
    report: &mut Report,
    words: &Words<'_>,
    pasted: &[Diagnostic],
    reading: &Reading,
    story: Option<&Story>,
) {
    let by = pasted.iter().filter(|finding| repairing(finding).is_some());
    let (told, more) = told(&reading.findings);
    let is_indentation = by.clone().all(|finding| finding.code == "PC106");
    let summary = if is_indentation { &RESTORED_INDENTATION } else { &RESTORED };
    let count = words.repair.map_or(0, |repair| repair.lines);
    let lines = Lines::of(&reading.world);
    let mut repaired = RepairedView {
        summary: words.message(&Message::new(summary).with("count", Arg::Count(count as u64))),
        rotation: rotation::rotation(words, reading, story),
        steps: Vec::new(),
        note: words.message(&Message::new(&REPAIRED_NOTE)),
        by: by.map(|finding| words.redactor.show(&finding_id(finding, finding.place))).collect(),
        verdict: verdict_view(words, reading),
        findings: told.into_iter().map(|finding| finding_view(words, &lines, finding)).collect(),
    };
    repaired.steps = steps::steps_after(&repaired, &report.findings, words.language);
    report.repaired = Some(repaired);
    for more in more {
        match report.more.iter_mut().find(|own| own.code == more.code) {
            Some(own) => own.count += more.count,
            None => report.more.push(more),
        }
    }
    report.more_note = more_note(&report.more, words.language);
    report.steps = steps::steps(report, words.language);
}

/// The findings of a rule that are told; more of them are only counted.
pub const MOST_TOLD: usize = 200;

/// The findings that are told, in their order, and how many of each rule are not. Of each rule the errors come first.
fn told(findings: &[Diagnostic]) -> (Vec<&Diagnostic>, Vec<CountView>) {
    let mut counts: TextMap<usize> = TextMap::new();
    let mut is_told = vec![false; findings.len()];
    for of_errors in [true, false] {
        for (finding, is_told) in findings.iter().zip(&mut is_told) {
            if (finding.severity == Severity::Error) == of_errors {
                let count = counts.get(finding.code).map_or(1, |count| count + 1);
                counts.insert(finding.code, count);
                *is_told = count <= MOST_TOLD;
            }
        }
    }
    let told = findings.iter().zip(is_told).filter(|(_, is_told)| *is_told).map(|(finding, _)| finding);
    let left = |rule: &&Rule| Some((rule.code, counts.get(rule.code)?.checked_sub(MOST_TOLD)?));
    let more = RULES.iter().filter_map(left).filter(|(_, count)| *count > 0);
    (told.collect(), more.map(|(code, count)| CountView { code: Shown::fixed(code), count }).collect())
}

/// The findings that are only counted in a sentence; `None` where there are none.
fn more_note(more: &[CountView], language: Language) -> Option<Shown> {
    let most = Shown::number(MOST_TOLD);
    counted(&MORE, more, language, &most)
}

/// How many of each rule are silenced, in the order of the codes: of the texts as they were pasted and of those after
/// repair the greater number, for most stand in both.
fn silenced_of(readings: &[&[&'static str]]) -> Vec<CountView> {
    let mut counts = Vec::new();
    for rule in RULES {
        let in_reading = |codes: &&[&'static str]| codes.iter().filter(|code| **code == rule.code).count();
        let count = readings.iter().map(in_reading).max().unwrap_or_default();
        if count > 0 {
            counts.push(CountView { code: Shown::fixed(rule.code), count });
        }
    }
    counts
}

/// The findings that are silenced in a sentence; `None` where there are none.
fn silenced_note(silenced: &[CountView], language: Language) -> Option<Shown> {
    counted(&SILENCED, silenced, language, &Shown::default())
}

fn counted(template: &Template, counts: &[CountView], language: Language, most: &Shown) -> Option<Shown> {
    let count = counts.iter().map(|of| of.count).sum::<usize>();
    let mut codes = Shown::default();
    for (number, of) in counts.iter().enumerate() {
        codes = codes.and(&Shown::fixed(if number == 0 { "" } else { ", " })).and(&of.code);
    }
    let line = fill(language.wording(template), |name| match name {
        "count" => Some(Shown::number(count)),
        "most" => Some(most.clone()),
        _ => Some(codes.clone()),
    });
    (count > 0).then_some(line)
}

/// The texts of a world, the lines of each counted once.
struct Lines<'w> {
    world: &'w World,
    counted: RefCell<Vec<(SourceKind, Rc<LineIndex>)>>,
}

impl<'w> Lines<'w> {
    fn of(world: &'w World) -> Self {
        Self { world, counted: RefCell::default() }
    }

    /// The text of `kind` with its lines.
    fn get(&self, kind: SourceKind) -> (&'w str, Rc<LineIndex>) {
        let text = self.world.text_of(kind);
        let mut counted = self.counted.borrow_mut();
        let known = counted.iter().find(|(own, _)| *own == kind).map(|(_, lines)| Rc::clone(lines));
        let lines = known.unwrap_or_else(|| {
            let lines = Rc::new(LineIndex::new(text));
            counted.push((kind, Rc::clone(&lines)));
            lines
        });
        (text, lines)
    }
}

/// The sources that decide, each with whether all of it is known, and what is said where it is not.
fn sources_that_decide(resolution: &Resolution) -> [(SourceKind, bool, &'static Template); 4] {
    let is_given = &resolution.is_given;
    let environ = if is_given.environ { &NOT_GIVEN_PIECE } else { &NOT_GIVEN_ENVIRON };
    let store = if !resolution.listing.rows.is_empty() { &NOT_GIVEN_LISTED } else { &NOT_GIVEN_AUTH_STORE };
    [
        (SourceKind::Config, is_given.config, &NOT_GIVEN_CONFIG),
        (SourceKind::Dotenv, is_given.dotenv, &NOT_GIVEN_DOTENV),
        (SourceKind::AuthStore, is_given.auth_store, store),
        (SourceKind::Environ, resolution.knows_environ, environ),
    ]
}

fn basis(words: &Words<'_>, Reading { resolution, .. }: &Reading) -> Shown {
    let named_at = resolution.verdict.as_ref().ok().and_then(|own| own.named_at);
    let all = sources_that_decide(resolution).iter().all(|(_, is_known, _)| *is_known);
    let basis = words.message(&Message::new(if all { &BASIS_ALL } else { &BASIS_PART }));
    let basis = match named_at {
        Some(place) => {
            let more = words.message(&Message::new(&NAMED_IN).with("place", place));
            words.and_then(basis, &more)
        }
        None => basis,
    };
    let basis = if words.is_of_guide() {
        let more = words.message(&Message::new(&OF_GUIDE));
        words.and_then(basis, &more)
    } else {
        basis
    };
    let basis = words.changes().into_iter().fold(basis, |basis, (kind, place, is_known)| {
        let template = if is_known { &SET_BELOW } else { &CHANGED_BELOW };
        words.and_then(basis, &of_change(words, template, kind, &place))
    });
    let sites = &resolution.sites;
    let basis = if sites.open.is_empty() {
        basis
    } else {
        let named: Vec<String> = sites.open.iter().map(|name| format!("`{name}`")).collect();
        let more = words.message(&Message::new(&OTHER_SITES).with("sections", named.join(", ")));
        words.and_then(basis, &more)
    };
    match resolution.login_file {
        Some(file) => {
            let more = words.message(&Message::new(&OTHER_LOGIN).with("file", file));
            words.and_then(basis, &more)
        }
        None => basis,
    }
}

/// What is said of a change of the file `kind` by a command at `place`.
fn of_change(words: &Words<'_>, template: &Template, kind: SourceKind, place: &Shown) -> Shown {
    fill(words.language.wording(template), |name| match name {
        "file" => Some(words.file(kind)),
        "place" => Some(place.clone()),
        _ => None,
    })
}

fn not_given(words: &Words<'_>, Reading { resolution, .. }: &Reading) -> Vec<NotGivenView> {
    let reported = &resolution.debug_report.provider;
    (sources_that_decide(resolution).into_iter())
        .filter(|(_, is_known, _)| !is_known)
        .map(|(kind, _, template)| NotGivenView {
            source: kind,
            file: words.file(kind),
            note: match reported {
                Some(provider) if kind == SourceKind::Config => words
                    .message(&Message::new(&NOT_GIVEN_CONFIG_NAMED).with("provider", provider.text.as_str())),
                _ if kind == SourceKind::Environ && !resolution.handed_on.is_empty() => {
                    let names: Vec<String> =
                        resolution.handed_on.iter().map(|name| format!("`{name}`")).collect();
                    let more = Message::new(&HANDED_ON).with("variables", names.join(", "));
                    words.and_then(words.message(&more), &words.message(&Message::new(template)))
                }
                _ => words.message(&Message::new(template)),
            },
        })
        .collect()
}

/// What the id of a finding after repair begins with.
pub const REPAIRED: &str = "repaired-";

/// A finding in words; `lines` are those of the world that it is of.
fn finding_view(words: &Words<'_>, lines: &Lines<'_>, finding: &Diagnostic) -> FindingView {
    let say = |template| words.template(template, &finding.args);
    let mut id = finding_id(finding, finding.place);
    if words.repair.is_some() {
        id.insert_str(0, REPAIRED);
    }
    FindingView {
        id: words.redactor.show(&id),
        code: Shown::fixed(finding.code),
        name: Shown::fixed(finding.name),
        severity: severity_name(finding.severity),
        location: words.location(finding.place),
        excerpt: words.excerpt(finding.place),
        what: say(finding.what),
        why: say(finding.why),
        todo: say(finding.todo),
        // A command in which something is masked cannot be copied.
        command: finding.command.map(say).filter(|command| !command.as_str().has('…')),
        labels: (finding.labels.iter())
            .map(|label| LabelView {
                location: words.location(label.place),
                message: words.within(&label.message, &finding.args),
            })
            .collect(),
        fix: finding.fix.as_ref().map(|fix| fix_view(words, lines, fix, say(fix.title))),
    }
}

fn fix_view(words: &Words<'_>, lines: &Lines<'_>, fix: &Fix, title: Shown) -> FixView {
    let mut changed: Vec<SourceKind> = fix.edits.iter().map(|(kind, _)| *kind).collect();
    let mut is_safe = fix.safety == Safety::Safe;
    let mut whole_title = title.clone();
    if let Some(repair) = words.repair {
        is_safe &= repair.is_safe;
        for kind in repair.changed() {
            if !changed.contains(&kind) {
                changed.push(kind);
            }
        }
        whole_title = fill(words.language.wording(&FIX_AND_REPAIR), |_| Some(title.clone()));
    }
    FixView {
        title: whole_title,
        safe: is_safe,
        changes: changed.into_iter().collect(),
        preview: (!is_safe).then(|| preview(words, lines, fix)),
    }
}

/// What a fix makes of its texts, each under its name where there are several.
fn preview(words: &Words<'_>, lines: &Lines<'_>, fix: &Fix) -> Shown {
    let mut shown = Shown::default();
    for (kind, edits) in &fix.edits {
        if fix.edits.len() > 1 {
            shown = shown.and(&words.file(*kind)).and(&Shown::fixed("\n"));
        }
        let (text, index) = lines.get(*kind);
        shown = shown.and(&preview::of(text, &index, edits, words.redactor));
    }
    shown
}

/// A severity as reports name it.
pub fn severity_name(severity: Severity) -> SeverityName {
    match severity {
        Severity::Info => SeverityName::Info,
        Severity::Warning => SeverityName::Warning,
        Severity::Error => SeverityName::Error,
    }
}

fn status_name(status: CredentialStatus) -> StatusName {
    match status {
        CredentialStatus::Ok => StatusName::Ok,
        CredentialStatus::Exhausted { .. } => StatusName::Exhausted,
        CredentialStatus::Dead => StatusName::Dead,
    }
}

fn credential_view(words: &Words<'_>, candidate: &Candidate) -> CredentialView {
    CredentialView {
        label: words.redactor.show(&candidate.label),
        source: words.redactor.show(&candidate.origin.name()),
        key: match candidate.key.is_empty() || candidate.key.is_unseen() {
            true => Shown::default(),
            false => words.redactor.key(&candidate.key),
        },
        key_letter: words.redactor.letter(&candidate.key),
        status: status_name(candidate.status),
        location: candidate.place.or(candidate.entry_place).map(|place| words.location(place)),
    }
}

fn verdict_view(words: &Words<'_>, reading: &Reading) -> VerdictView {
    let resolution = &reading.resolution;
    let Resolution { not_pasted, is_given, .. } = resolution;
    let verdict = match &resolution.verdict {
        Ok(verdict) => verdict,
        Err(stop) => return stopped_view(words, stop),
    };
    let show = |text: &str| words.redactor.show(text);
    let winner = verdict.winner.as_ref().map(|candidate| credential_view(words, candidate));
    let (state, error) = match &verdict.outcome {
        Ok(_) if winner.is_some() => (VerdictState::Resolved, None),
        Ok(runtime) if runtime.provider == MOA => (VerdictState::Preset, None),
        _ if !not_pasted.credential.is_empty() => (VerdictState::NotPasted, None),
        _ if !not_pasted.endpoint.is_empty() => (VerdictState::NotPasted, None),
        Ok(_) => (VerdictState::NoKey, None),
        Err(stop) => match stop.end() {
            End::Raised(raised) if raised.code == Some("no_provider_configured") => {
                (if is_given.config { VerdictState::NotConfigured } else { VerdictState::NotPasted }, None)
            }
            // config.yaml may define a provider of this name, and what was not pasted set the variable that is one.
            End::Raised(raised)
                if raised.code == Some("invalid_provider")
                    && (!is_given.config || not_pasted.sets_provider) =>
            {
                (VerdictState::NotPasted, None)
            }
            End::Raised(raised) => (VerdictState::Fails, Some(show(raised.certain_text()))),
            End::Exit(text) => (VerdictState::Fails, Some(show(text))),
            End::NotModelled(_) if verdict.provider.is_none() && not_pasted.chooses_pool => {
                (VerdictState::NotPasted, None)
            }
            End::NotModelled(_) => (VerdictState::NotModelled, None),
        },
    };
    let runtime = verdict.outcome.as_ref().ok();
    let provider = verdict.provider.as_deref();
    VerdictView {
        state,
        stops: state == VerdictState::Fails || state == VerdictState::NoKey && stops_keyless(verdict),
        summary: summary(words, reading, state, verdict, winner.as_ref()),
        requested: Some(show(&verdict.requested)),
        provider: provider.map(show),
        // A row that is only listed may have an endpoint of its own, which a listing does not show.
        // Nor does anything but config.yaml tell the endpoint of a provider without a key.
        endpoint: (runtime.filter(|runtime| !runtime.api_key.is_unseen()))
            .filter(|_| state != VerdictState::NotPasted || is_given.config)
            .map(|runtime| show(&runtime.base_url))
            .filter(|url| !url.as_str().is_empty()),
        api_mode: runtime.and_then(|runtime| runtime.api_mode.as_deref()).map(show),
        model: verdict.model.as_deref().map(show),
        error,
        winner,
        losers: (verdict.losers.iter())
            .map(|(candidate, reason)| LoserView {
                credential: credential_view(words, candidate),
                reason: words.message(&loss_reasons::message(reason, resolution.clock)),
                never_used: reason.is_final(),
            })
            .collect(),
        pool: verdict.pool.as_ref().map(|pool| pool_view(words, resolution, pool)),
        fallback: verdict.fallback.iter().map(|entry| fallback_view(words, entry)).collect(),
    }
}

/// Who uses which key, where config.yaml says something of others than the main model.
fn site_views(words: &Words<'_>, Reading { resolution, .. }: &Reading, main: &VerdictView) -> Vec<SiteView> {
    let sites = &resolution.sites;
    let Ok(Verdict { outcome: Ok(runtime), .. }) = &resolution.verdict else { return Vec::new() };
    if sites.all.is_empty() {
        return Vec::new();
    }
    let main_key = &runtime.api_key;
    let note = |template: &'static Template, name, value: &str| {
        Some(words.message(&Message::new(template).with(name, value)))
    };
    let winner = main.winner.as_ref();
    let mut views = vec![SiteView {
        site: Shown::fixed("model"),
        state: if winner.is_some() { SiteState::Key } else { SiteState::NoKey },
        endpoint: main.endpoint.clone(),
        key: winner.map_or_else(Shown::default, |winner| winner.key.clone()),
        key_letter: winner.map_or_else(Shown::default, |winner| winner.key_letter.clone()),
        note: match winner {
            None if runtime.provider == MOA => note(&SITE_PRESET, "", ""),
            winner => winner.map(|winner| winner.label.clone()),
        },
        location: None,
    }];
    for (site, variable) in sites.all.iter().zip(&resolution.variables_of_sites) {
        let mut view = SiteView {
            site: words.redactor.show(&site.path),
            state: SiteState::Key,
            endpoint: None,
            key: Shown::default(),
            key_letter: Shown::default(),
            note: None,
            location: site.place().map(|place| words.location(place)),
        };
        if site.is_in_use {
            (view.state, view.note) = (SiteState::Fails, note(&SITE_IN_USE, "", ""));
            views.push(view);
            continue;
        }
        if site.is_open {
            if let Ok(Some(route)) = &site.outcome {
                view.endpoint = Some(words.redactor.show(&route.base_url));
            }
            (view.state, view.note) = (SiteState::NotModelled, note(&SITE_NOT_PASTED, "", ""));
            views.push(view);
            continue;
        }
        let stop = match &site.outcome {
            Ok(Some(route)) => {
                view.endpoint = Some(words.redactor.show(&route.base_url));
                if route.is_keyless() {
                    view.state = SiteState::NoKey;
                    view.note = note(&SITE_KEYLESS, "", "");
                } else if !route.api_key.is_unseen() {
                    view.key = words.redactor.key(&route.api_key);
                    view.key_letter = words.redactor.letter(&route.api_key);
                    view.note = match variable {
                        _ if route.api_key == *main_key => note(&SITE_MAIN, "", ""),
                        Some(variable) => note(&SITE_VARIABLE, "variable", variable),
                        None => None,
                    };
                }
                views.push(view);
                continue;
            }
            Ok(None) => {
                view.state = SiteState::Fails;
                let why = if site.left_out.is_some() { &SITE_LEFT_OUT } else { &SITE_SKIPPED };
                view.note = note(why, "", "");
                views.push(view);
                continue;
            }
            Err(stop) => stop,
        };
        (view.state, view.note) = match stop.end() {
            End::NotModelled(what) => {
                let open = Message::new(&SITE_OPEN).with("what", loss_reasons::open(what));
                (SiteState::NotModelled, Some(words.message(&open)))
            }
            End::Raised(raised) => (SiteState::Fails, note(&SITE_FAILS, "error", raised.certain_text())),
            End::Exit(text) => (SiteState::Fails, note(&SITE_FAILS, "error", text)),
        };
        views.push(view);
    }
    views
}

fn stopped_view(words: &Words<'_>, stop: &Stop) -> VerdictView {
    let (state, text) = match stop.end() {
        End::NotModelled(what) => (VerdictState::NotModelled, what.as_str()),
        End::Raised(raised) => (VerdictState::Fails, raised.certain_text()),
        End::Exit(text) => (VerdictState::Fails, text.as_str()),
    };
    let summary = match state {
        VerdictState::NotModelled => Message::new(&NOT_MODELLED).with("what", loss_reasons::open(text)),
        _ => Message::new(&FAILS_BEFORE),
    };
    let error = (state == VerdictState::Fails).then(|| words.redactor.show(text));
    VerdictView {
        state,
        stops: state == VerdictState::Fails,
        summary: as_before(words, words.message(&summary)),
        requested: None,
        provider: None,
        endpoint: None,
        api_mode: None,
        model: None,
        error,
        winner: None,
        losers: Vec::new(),
        pool: None,
        fallback: Vec::new(),
    }
}

/// Where Hermes puts no placeholder in the place of a key: endpoints with this in them.
const OPENROUTER: &str = "openrouter.ai";

/// Whether an empty key is all that Hermes resolves, at an endpoint without a placeholder: the terminal stops.
fn stops_keyless(verdict: &Verdict) -> bool {
    let is_bare = |url: &str| url.is_empty() || url.holds(OPENROUTER);
    let runtime = verdict.outcome.as_ref().ok().filter(|runtime| runtime.provider != MOA);
    runtime.is_some_and(|runtime| runtime.api_key.is_empty() && is_bare(&runtime.base_url))
}

/// Whether the ways into the program that know the fallback chain try it behind this.
fn is_auth_error(stop: &Stop) -> bool {
    stop.exception().is_some_and(|raised| raised.kind == "AuthError")
}

/// More pools than this are not told of in a sentence.
const MOST_POOLS: usize = 8;

/// What the arrow of each listed pool marks; a pool in which it marks none is left out.
fn next_of_each(listing: &Listing) -> Option<String> {
    let current = listing.rows.iter().filter(|row| row.is_current);
    let marked: Vec<String> = current
        .filter_map(|row| Some(format!("{}: `{}`", row.provider.as_deref()?, row.label.text)))
        .take(MOST_POOLS)
        .collect();
    (!marked.is_empty()).then(|| marked.join(", "))
}

fn summary(
    words: &Words<'_>,
    Reading { world, resolution, .. }: &Reading,
    state: VerdictState,
    verdict: &Verdict,
    winner: Option<&CredentialView>,
) -> Shown {
    let provider = verdict.provider.clone().unwrap_or_default();
    let falls_back = !verdict.fallback.is_empty();
    let not_pasted = &resolution.not_pasted;
    let files = |open: &[SourceKind]| {
        let names: Vec<String> = open.iter().map(|kind| words.file(*kind).to_string()).collect();
        names.join(", ")
    };
    let message = match (state, winner, &verdict.outcome) {
        (VerdictState::NotConfigured, ..) => match not_pasted.keys.as_slice() {
            [] => Message::new(&NOT_CONFIGURED),
            open => Message::new(&NOT_CONFIGURED_PASTED).with("files", files(open)),
        },
        (VerdictState::NotPasted, ..) if provider.is_empty() && not_pasted.sets_provider => {
            Message::new(&NAMED_BY_VARIABLE)
        }
        (VerdictState::NotPasted, ..) if provider.is_empty() && verdict.requested != "auto" => {
            Message::new(&UNKNOWN_HERE).with("provider", verdict.requested.as_str())
        }
        (VerdictState::NotPasted, ..) if provider.is_empty() => match &resolution.named_in_output {
            Some(named) => {
                Message::new(&NAMED_ONLY).with("provider", named.text.as_str()).with("place", named.place)
            }
            None if not_pasted.chooses_pool => match next_of_each(&resolution.listing) {
                Some(next) => Message::new(&LISTED_SEVERAL).with("next", next),
                None => Message::new(&LISTED_SEVERAL_NONE),
            },
            None => Message::new(&NOT_CONFIGURED_HERE),
        },
        (VerdictState::NotPasted, ..) if verdict.lacks_endpoint => {
            let files = files(&not_pasted.endpoint);
            Message::new(&NO_ENDPOINT_PASTED).with("provider", provider).with("files", files)
        }
        (VerdictState::NotPasted, ..) => {
            let files = files(&not_pasted.credential);
            Message::new(&NO_KEY_PASTED).with("provider", provider).with("files", files)
        }
        (VerdictState::NotModelled, _, Err(stop)) => {
            let message = match &resolution.listed_arrow {
                Some(Some(label)) => Message::new(&LISTED_ARROW).with("label", label.as_str()),
                Some(None) => Message::new(&LISTED_NO_ARROW),
                None => Message::new(&NOT_MODELLED),
            };
            let what = stop.unmodelled().unwrap_or_default();
            message.with("provider", provider).with("what", loss_reasons::open(what))
        }
        (VerdictState::Fails, ..) if provider.is_empty() => Message::new(&FAILS_BEFORE),
        (VerdictState::Fails, _, Err(stop)) if falls_back && is_auth_error(stop) => {
            let why = if verdict.lacks_endpoint { &NO_ENDPOINT_FALLS_BACK } else { &FALLS_BACK };
            Message::new(why).with("provider", provider)
        }
        (VerdictState::Fails, _, Err(stop)) if stop.exception().is_some_and(Raised::is_of_python) => {
            Message::new(&FAILS_AT_ERROR).with("provider", provider)
        }
        (VerdictState::Fails, ..) => {
            let why = if verdict.lacks_endpoint { &NO_ENDPOINT } else { &FAILS };
            Message::new(why).with("provider", provider)
        }
        (VerdictState::Preset, ..) => Message::new(&PRESET),
        (VerdictState::NoKey, _, Ok(runtime)) if runtime.api_key.is_empty() => {
            let why = if stops_keyless(verdict) { &KEYLESS_STOPS } else { &KEYLESS_REFUSED };
            Message::new(why).with("provider", provider)
        }
        (VerdictState::NoKey, ..) => Message::new(&KEYLESS).with("provider", provider),
        (_, Some(winner), _) => (Message::new(&RESOLVED))
            .with("label", winner.label.as_str())
            .with("source", winner.source.as_str())
            .with("provider", provider),
        _ => Message::new(&RESOLVED_UNNAMED).with("provider", provider),
    };
    let sentence = words.message(&message);
    let lacks_key = matches!(state, VerdictState::NotConfigured | VerdictState::NotPasted);
    let more = if lacks_key && !verdict.lacks_endpoint { mention(words, world, resolution) } else { None };
    let sentence = match more {
        Some(more) => words.and_then(sentence, &more),
        None => sentence,
    };
    // What keeps Hermes from a key may be otherwise in what was not pasted.
    let is_open = matches!(state, VerdictState::NoKey | VerdictState::Fails)
        && verdict.lacks_credential()
        && !not_pasted.keys_of_provider.is_empty();
    let sentence = match is_open {
        true => fill(words.language.wording(&BY_PASTED), |_| Some(sentence.clone())),
        false => sentence,
    };
    as_before(words, sentence)
}

/// What is said of a key which a sentence or a command has for the provider, and no file.
fn mention(words: &Words<'_>, world: &World, resolution: &Resolution) -> Option<Shown> {
    let (place, whose, name) = words.mention(world, &|key| resolution.may_lack(key))?;
    let template = match whose {
        KeyOf::Variable(_) => &KEY_OF_VARIABLE_IN_TEXT,
        KeyOf::Provider(_) => &KEY_OF_PROVIDER_IN_TEXT,
    };
    Some(fill(words.language.wording(template), |part| match part {
        "place" => Some(place.clone()),
        _ => Some(name.clone()),
    }))
}

/// The verdict in a sentence: what a command changes unseen behind a printed file is no longer what is.
fn as_before(words: &Words<'_>, summary: Shown) -> Shown {
    let unseen = words.changes().into_iter().find(|(_, _, is_known)| !is_known);
    let Some((kind, place, _)) = unseen else { return summary };
    fill(words.language.wording(&BEFORE_CHANGE), |name| match name {
        "file" => Some(words.file(kind)),
        "place" => Some(place.clone()),
        _ => Some(summary.clone()),
    })
}

fn pool_view(words: &Words<'_>, resolution: &Resolution, pool: &Pool) -> PoolView {
    let states = &resolution.pool;
    let no_key = if resolution.facts.behaviour.passes_over_empty_keys { &NEVER_SELECTED } else { &NO_KEY };
    let next: Vec<usize> =
        states.iter().enumerate().filter(|(_, state)| state.next).map(|(index, _)| index).collect();
    let entries: Vec<PoolEntryView> = (states.iter().enumerate())
        .map(|(index, state)| {
            let left = match state.candidate.status {
                CredentialStatus::Exhausted { until: Some(until) } => {
                    Some((until - resolution.clock).max(0.0))
                }
                _ => None,
            };
            let note = match state.candidate.status {
                CredentialStatus::Dead => Some(Message::new(&DEAD)),
                CredentialStatus::Exhausted { .. } => Some(match state.error_code {
                    Some(status) => Message::new(&COOLDOWN_STATUS).with("status", status.to_string()),
                    None => Message::new(&COOLDOWN),
                }),
                // A login may be next without a key of its own: the token gets one.
                CredentialStatus::Ok if state.candidate.key.is_empty() && !state.next => {
                    Some(Message::new(no_key))
                }
                CredentialStatus::Ok => None,
            };
            PoolEntryView {
                index: index + 1,
                credential: credential_view(words, &state.candidate),
                note: note.map(|note| words.message(&note)),
                cooldown_left: left,
                next: state.next,
            }
        })
        .collect();
    let first = next.first().and_then(|&index| entries.get(index));
    let label = first.map_or("", |entry| entry.credential.label.as_str());
    let several = next.len() > 1 || states.iter().filter(|state| state.available).count() > 1;
    let has_config = resolution.is_given.config;
    // The arrow of a listing stands at the next one whatever the strategy is.
    let is_listed = resolution.listing.rows.iter().any(|row| row.is_current);
    let next_message = match (first, pool.strategy.as_str()) {
        (None, _) => Message::new(&NEXT_NONE),
        _ if several && !has_config && !is_listed => Message::new(&NEXT_BY_DEFAULT).with("label", label),
        (_, strategies::RANDOM) if next.len() > 1 => Message::new(&NEXT_RANDOM).with("count", next.len()),
        (_, strategies::ROUND_ROBIN) if several => Message::new(&NEXT_ROUND_ROBIN).with("label", label),
        (_, strategies::LEAST_USED) if several => Message::new(&NEXT_LEAST_USED).with("label", label),
        _ => Message::new(&NEXT_ONE).with("label", label),
    };
    PoolView {
        provider: words.redactor.show(&pool.provider),
        strategy: has_config.then(|| words.redactor.show(&pool.strategy)),
        entries,
        next: words.message(&next_message),
    }
}

fn fallback_view(words: &Words<'_>, entry: &Node) -> FallbackView {
    let text = |name: &str| match entry.get(name).map(|node| &node.value) {
        Some(Value::Str(text)) => words.redactor.show(text),
        _ => Shown::default(),
    };
    FallbackView {
        provider: text("provider"),
        model: text("model"),
        location: entry.place.map(|place| words.location(place)),
    }
}
