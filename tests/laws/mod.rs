//! The laws that hold for every finding of every rule on every input. Rule tests, corpus tests and the fuzz
//! tests all come through here.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod commands;
pub mod mistakes;
mod reads;

use std::collections::BTreeSet;

use poolcheck::api::{Input, Options, Texts, apply_fixes, apply_safe_fixes, check, markdown};
use poolcheck::base::sources::{Given, SourceKind};
use poolcheck::base::text::{Encoding, Place};
use poolcheck::cli::{CLEAN, FOUND, exit_code};
use poolcheck::diagnostic::messages::Language;
use poolcheck::diagnostic::shown::{Piece, Shown};
use poolcheck::facts::{Facts, READ};
use poolcheck::hermes::arguments::{self, Refusal};
use poolcheck::hermes::urls::{base_url_hostname, is_private};
use poolcheck::python::{Node, lower};
use poolcheck::report::{FindingView, Location, Report, SeverityName, VerdictState, VerdictView};
use pulldown_cmark::{Event, HeadingLevel, Options as Dialect, Parser, Tag, TagEnd};

/// The text of an input that a section with this heading holds; `None` where no section has it.
pub fn slot<'i>(input: &'i mut Input, heading: &str) -> Option<&'i mut Given<String>> {
    Some(&mut input.given[SourceKind::with_heading(heading)?])
}

/// Checks an input against all laws and returns its report, with columns in code points.
pub fn checked(input: &Input, now: f64) -> Report {
    checked_for(None, input, now)
}

/// As [`checked`], for a release of Hermes.
pub fn checked_for(release: Option<&str>, input: &Input, now: f64) -> Report {
    let hermes = release.map(str::to_owned);
    let options = Options { hermes, now, encoding: Encoding::CodePoints, ..Options::default() };
    let report = check(input, &options).expect("the input is within the limits");
    assert_eq!(report, check(input, &options).unwrap(), "the same input has the same report");
    let facts = Facts::of(report.hermes.version.as_str()).unwrap();
    for finding in findings(&report) {
        speaks(finding);
        commands_are_taken(facts, finding);
        points_into(input, &finding.location);
        for label in &finding.labels {
            points_into(input, &label.location);
        }
    }
    for finding in &report.findings {
        mends(input, &options, finding);
        leads_to_a_credential(input, &options, facts, &report, finding);
    }
    is_what_the_repair_gives(input, &options, &report);
    let ids: Vec<&str> = findings(&report).map(|finding| finding.id.as_str()).collect();
    let distinct: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), distinct.len(), "ids are given once: {ids:?}");
    for entry in report.timeline.iter().flat_map(|timeline| &timeline.entries) {
        points_into(input, &entry.location);
        let is_said = [&entry.what, &entry.next].iter().all(|text| !text.as_str().trim().is_empty());
        assert!(is_said, "an entry of the timeline leaves something unsaid: {entry:?}");
    }
    let verdict = &report.verdict;
    let sites = report.sites.iter().filter_map(|site| site.note.as_ref());
    let steps = report.steps.iter().map(|step| &step.todo);
    let rotation = report.rotation.iter();
    let rotation = rotation.flat_map(|own| own.reasons.iter().map(|one| &one.message).chain([&own.summary]));
    for text in [&verdict.summary, &report.basis].into_iter().chain(sites).chain(steps).chain(rotation) {
        is_filled("the report", text);
    }
    mends_safely(input, &options, &report);
    explains_its_verdict(input, facts, &report);
    ends_as_it_says(&report);
    states_nothing_of_what_was_not_given(input, &options);
    reads::accounts_for_what_is_written(input, facts, &report);
    reads::changes_nothing(input, &options, &report);
    agrees_with_the_log(input, &report);
    says_no_key(input, &options, &report);
    same_in_chinese(input, &options, &report);
    report
}

/// The findings of the pasted texts and those after repair.
pub fn findings(report: &Report) -> impl Iterator<Item = &FindingView> {
    report.findings.iter().chain(report.repaired.iter().flat_map(|repaired| &repaired.findings))
}

/// The exit code of a report tells of an error or of a verdict that stops, and of nothing else; what stops is the state alone, but where
/// no key is sent: there the terminal may stop or send a text in its place.
fn ends_as_it_says(report: &Report) {
    let verdict = &report.verdict;
    match verdict.state {
        VerdictState::Fails => assert!(verdict.stops, "it fails and goes on: {verdict:?}"),
        VerdictState::NoKey => {}
        _ => assert!(!verdict.stops, "it stops in the state {:?}", verdict.state),
    }
    let has_error = findings(report).any(|finding| finding.severity == SeverityName::Error);
    let expected = if has_error || verdict.stops { FOUND } else { CLEAN };
    assert_eq!(exit_code(report), expected, "{verdict:?}");
}

/// What of our sentences says that a source holds something not, or holds nothing.
const ABSENCES: [(SourceKind, &[&str]); 4] = [
    (
        SourceKind::Config,
        &[
            "No fallback chain is in what you pasted",
            "No provider is configured, and Hermes finds no key",
            "every pool uses `fill_first`",
            "in this config.yaml",
            "of your config.yaml",
        ],
    ),
    (
        SourceKind::Dotenv,
        &[
            "neither in `.env`",
            "is not set in `.env`",
            "None of them has one",
            "There is no credential for",
            "Hermes finds no key for",
            "finds no usable credential",
            "and it finds no key in",
            "Hermes has no key for `",
            "No provider is configured, and Hermes finds no key",
        ],
    ),
    (
        SourceKind::AuthStore,
        &[
            "None of them has one",
            "from a login, and finds neither",
            "The pasted auth.json",
            "There is no credential for",
        ],
    ),
    (SourceKind::Environ, &["nor in the environment"]),
];

/// With a source taken out, as if it was not pasted, no sentence says what is not in it.
fn states_nothing_of_what_was_not_given(input: &Input, options: &Options) {
    for (kind, claims) in ABSENCES {
        let mut without = input.clone();
        let given = &mut without.given[kind];
        if !given.is_given() {
            continue;
        }
        *given = Given::NotGiven;
        // A listing shows what auth.json has of its providers.
        if kind == SourceKind::AuthStore && input.given.listing.is_given() {
            continue;
        }
        let report = check(&without, options).unwrap();
        let rotation = report.rotation.iter();
        let rotation =
            rotation.flat_map(|own| own.reasons.iter().map(|one| &one.message).chain([&own.summary]));
        let own = findings(&report).flat_map(|finding| {
            let labels = finding.labels.iter().map(|label| &label.message);
            [&finding.what, &finding.why, &finding.todo].into_iter().chain(labels)
        });
        let steps = report.steps.iter().flat_map(|step| step.what.iter().chain([&step.todo]));
        // What is said of the files alone says so.
        let summary = Some(&report.verdict.summary)
            .filter(|own| !own.as_str().starts_with("By the files that you pasted"));
        for text in own.chain(rotation).chain(steps).chain(summary) {
            for claim in claims {
                assert!(!text.as_str().contains(claim), "{kind:?} was not given, and it is said: {text}");
            }
        }
    }
}

/// A verdict that stops, sends no key, or uses another provider, endpoint, model or key than the one that is written comes with a
/// finding that says why: of one that stops more than a note.
fn explains_its_verdict(input: &Input, facts: &'static Facts, report: &Report) {
    // What a comment silences, the author knows.
    if !report.silenced.is_empty() {
        return;
    }
    let verdict = report.repaired.as_ref().map_or(&report.verdict, |repaired| &repaired.verdict);
    let endpoint = verdict.endpoint.as_ref().map_or("", |endpoint| endpoint.as_str());
    let is_stopped = match verdict.state {
        VerdictState::Fails => true,
        VerdictState::NoKey => !is_private(endpoint),
        // Who describes an endpoint wants it used; another one may be chosen by what was not pasted.
        VerdictState::NotConfigured => {
            let is_pasted = ![&input.given.dotenv, &input.given.auth_store]
                .iter()
                .any(|given| matches!(given, Given::NotGiven));
            is_pasted && describes_an_endpoint(input)
        }
        _ => false,
    };
    // That an endpoint gets no key may be meant: a note tells of it where Hermes goes on.
    let is_told = match verdict.stops {
        true => {
            findings(report).any(|finding| finding.severity != SeverityName::Info) || !report.steps.is_empty()
        }
        false => findings(report).next().is_some(),
    };
    assert!(!is_stopped || is_told, "the verdict stops and nothing is found: {verdict:?}");
    let Given::Text(config) = &input.given.config else { return };
    let Ok(root) = poolcheck::yaml::load(config, SourceKind::Config).root else { return };
    if report.repaired.is_some() {
        return;
    }
    let is_told = |place: Option<Place>| {
        let span = place.unwrap().span;
        let covers = |location: &Location| {
            location.source == SourceKind::Config && {
                let text = text_of(input, SourceKind::Config);
                let offset = |point: usize| text.char_indices().nth(point).map_or(text.len(), |(at, _)| at);
                offset(location.start.offset) < span.end.max(span.start + 1)
                    && span.start <= offset(location.end.offset)
            }
        };
        findings(report).any(|finding| {
            covers(&finding.location) || finding.labels.iter().any(|label| covers(&label.location))
        })
    };
    // Of a file that this release does not parse nothing is read, and that is told.
    if !findings(report).any(|finding| finding.code.as_str().starts_with("PC1")) {
        says_which_is_used(facts, verdict, &root, &is_told);
    }
    let Some(model) = root.get("model") else { return };
    let bare = |url: &str| url.trim().trim_end_matches('/').to_owned();
    if let Some(written) =
        model.text("base_url").map(bare).filter(|url| !url.is_empty() && !url.contains('$'))
        && !endpoint.is_empty()
        && !endpoint.contains('…')
        && base_url_hostname(&written) != base_url_hostname(endpoint)
    {
        let entry = model.value.as_dict().unwrap().entry("base_url").unwrap();
        assert!(is_told(entry.place), "{written} is written and {endpoint} used: {:?}", report.findings);
    }
    let key = verdict.losers.iter().find(|loser| loser.credential.source.as_str() == "model.api_key");
    if let (Some(loser), Some(winner)) = (key, &verdict.winner)
        && loser.credential.key_letter != winner.key_letter
    {
        let entry = model.value.as_dict().unwrap().entry("api_key").unwrap();
        assert!(is_told(entry.place), "model.api_key is written and another key used: {:?}", report.findings);
    }
}

/// Where a provider or a model is written that is not the one in use, a finding names it.
fn says_which_is_used(
    facts: &'static Facts,
    verdict: &VerdictView,
    root: &Node,
    is_told: &dyn Fn(Option<Place>) -> bool,
) {
    // What stops is told of where it stops.
    let is_used = matches!(verdict.state, VerdictState::Resolved | VerdictState::NoKey);
    if !is_used || READ.contains(&facts.release.as_str()) {
        return;
    }
    let entries = |path: &[&str]| {
        let (name, above) = path.split_last().unwrap();
        let node = above.iter().try_fold(root, |node, name| node.get(name))?;
        let entry = node.value.as_dict()?.entry(name)?;
        let text = entry.value.value.as_str().map(|text| lower(text.trim()))?;
        // What is put in from a variable, and what is masked, cannot be compared.
        (!text.is_empty() && !text.contains(['$', '…'])).then(|| (text, entry.place, path.join(".")))
    };
    if let Some(requested) = verdict.requested.as_ref().filter(|requested| !requested.as_str().contains('…'))
    {
        for (text, place, path) in
            [entries(&["provider"]), entries(&["model", "provider"])].into_iter().flatten()
        {
            let is_asked = text == lower(requested.as_str());
            assert!(is_asked || is_told(place), "{path} is {text}, and {requested} is asked for");
            let used = verdict.provider.as_ref().map_or(text.as_str(), |used| used.as_str());
            let id = facts.providers.get(&text).filter(|_| is_asked).map(|row| row.id.as_str());
            assert!(id.is_none_or(|id| id == used) || is_told(place), "{path} is {text}, and {used} is used");
        }
    }
    // An endpoint of one's own may have a model in its block: the gateway takes that one and the terminal `model.default`.
    if verdict.provider.as_ref().is_some_and(|used| used.as_str() == "custom") {
        return;
    }
    let Some(used) = verdict.model.as_ref().filter(|used| !used.as_str().contains('…')) else { return };
    for path in [&["model"][..], &["model", "default"], &["model", "model"], &["model", "name"]] {
        let Some((text, place, path)) = entries(path) else { continue };
        let is_used = text == lower(used.as_str());
        assert!(is_used || is_told(place), "{path} is {text}, and the model {used} is used");
    }
}

/// Whether config.yaml has a provider of its author's own, with a name and an endpoint.
fn describes_an_endpoint(input: &Input) -> bool {
    let Given::Text(config) = &input.given.config else { return false };
    let Ok(root) = poolcheck::yaml::load(config, SourceKind::Config).root else { return false };
    let has_url = |block: &Node| block.text("base_url").is_some_and(|url| url.starts_with("http"));
    let list = root.get("custom_providers").map(|list| list.items()).unwrap_or_default();
    let named = root.get("providers").map(|named| named.entries()).unwrap_or_default();
    list.iter().any(|block| has_url(block) && block.text("name").is_some_and(|name| !name.trim().is_empty()))
        || named.iter().any(|entry| has_url(&entry.value))
}

/// Where no request of a pasted log went to the provider that the verdict has, and config.yaml names the log's nowhere, a finding
/// stands in the log.
fn agrees_with_the_log(input: &Input, report: &Report) {
    let (Given::Text(log), Given::Text(config)) = (&input.given.log, &input.given.config) else { return };
    let (Some(provider), true) = (&report.verdict.provider, report.silenced.is_empty()) else { return };
    let is_damaged = report.repaired.is_some()
        || poolcheck::yaml::load(config, SourceKind::Config).root.is_ok_and(|root| root.entries().is_empty())
        || poolcheck::yaml::load(config, SourceKind::Config).root.is_err();
    let failed = log.lines().filter(|line| line.contains("API call failed (attempt 1/"));
    let named: Vec<&str> =
        failed.filter_map(|line| line.split_once(" provider=")?.1.split_whitespace().next()).collect();
    let plain = |name: &str| name.split(':').next().map(lower).unwrap();
    let is_known = |name: &&str| {
        let name = plain(name);
        let facts = Facts::newest().unwrap();
        name == plain(provider.as_str()) || facts.aliases.contains_key(&name) || lower(config).contains(&name)
    };
    if is_damaged || named.is_empty() || named.iter().any(is_known) {
        return;
    }
    let is_told = findings(report).any(|finding| finding.location.source == SourceKind::Log);
    assert!(is_told, "requests went to {named:?} and not to {provider:?}, and no finding says so");
}

/// What is told of the repaired texts is what is told of them once the user has repaired them, and each fix of it can
/// be made at once.
fn is_what_the_repair_gives(input: &Input, options: &Options, report: &Report) {
    let Some(repaired) = &report.repaired else { return };
    let by: Vec<&FindingView> =
        report.findings.iter().filter(|finding| repaired.by.contains(&finding.id)).collect();
    assert!(!by.is_empty() && by.len() == repaired.by.len(), "the repair is that of findings");
    let mended = fixed_input(input, &fixed(input, options, &by));
    let after = check(&mended, options).unwrap();
    assert!(after.repaired.is_none(), "nothing is repaired twice");
    let outcome = |verdict: &VerdictView| {
        let winner = verdict.winner.as_ref().map(|winner| (winner.label.clone(), winner.key.clone()));
        (verdict.state, verdict.summary.clone(), verdict.provider.clone(), winner, verdict.losers.len())
    };
    assert_eq!(outcome(&repaired.verdict), outcome(&after.verdict), "the verdict after repair");
    let codes = |findings: &mut dyn Iterator<Item = &FindingView>| {
        let mut codes: Vec<String> = findings.map(|finding| finding.code.to_string()).collect();
        codes.sort();
        codes
    };
    let stay = report.findings.iter().filter(|finding| !repaired.by.contains(&finding.id));
    let told = codes(&mut stay.chain(&repaired.findings));
    for code in codes(&mut after.findings.iter()) {
        assert!(told.contains(&code), "{code} is found after the repair and was not told: {told:?}");
    }
    for finding in repaired.findings.iter().filter(|finding| finding.fix.is_some()) {
        let fixed = fixed_input(input, &fixed(input, options, &[finding]));
        let last = check(&fixed, options).unwrap();
        let count =
            |report: &Report| report.findings.iter().filter(|other| other.code == finding.code).count();
        assert!(count(&last) < count(&after), "{}: still there after its fix and the repair", finding.code);
    }
}

/// The text of a source, `""` where there is none.
pub fn text_of(input: &Input, source: SourceKind) -> &str {
    input.given[source].text().map_or("", String::as_str)
}

fn speaks(finding: &FindingView) {
    let code = &finding.code;
    for text in [&finding.what, &finding.why, &finding.todo] {
        assert!(!text.as_str().trim().is_empty(), "{code} leaves something unsaid");
    }
    let fix = finding.fix.as_ref().map(|fix| &fix.title);
    let labels = finding.labels.iter().map(|label| &label.message);
    for text in [&finding.what, &finding.why, &finding.todo]
        .into_iter()
        .chain(&finding.command)
        .chain(fix)
        .chain(labels)
    {
        is_filled(code.as_str(), text);
    }
    let command = finding.command.as_ref().map_or("", |command| command.as_str());
    assert!(!command.contains('…'), "{code}: a command with a masked key cannot be copied: {command}");
}

/// Everything that our wordings name is put in.
fn is_filled(of: &str, text: &Shown) {
    for piece in text.pieces() {
        let Piece::Ours(own) = piece else { continue };
        for name in own.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name) {
            let is_hole =
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            assert!(!is_hole, "{of}: nothing is put in for {{{name}}}: {text}");
        }
    }
}

/// The release takes every command that a finding gives, and those that its words name, as far as they go. Of a release that was
/// only read not every command is known.
fn commands_are_taken(facts: &'static Facts, finding: &FindingView) {
    let code = &finding.code;
    let reading = |command: &str| {
        let words: Vec<&str> = command.split_whitespace().skip(1).collect();
        let reading = arguments::read(&facts.commands, &words);
        assert!(
            reading.is_some() || READ.contains(&facts.release.as_str()),
            "{code}: `{command}` is not judged"
        );
        reading
    };
    for command in finding.command.iter().flat_map(|command| command.as_str().lines()) {
        assert!(command.starts_with("hermes "), "{code}: what kind of command is `{command}`?");
        let Some(reading) = reading(command) else { continue };
        // A command that a user wrote is mended as far as it goes.
        let is_begun = code.as_str() == "PC801" && matches!(reading.refusal, Some(Refusal::Missing(_)));
        assert!(
            is_begun || !reading.is_refused(),
            "{code}: {} refuses `{command}`: {reading:?}",
            facts.release
        );
    }
    for text in [&finding.what, &finding.why, &finding.todo] {
        let named = text.as_str().split('`').skip(1).step_by(2).filter(|part| part.starts_with("hermes "));
        for command in named {
            let Some(reading) = reading(command) else { continue };
            let is_part = matches!(reading.refusal, None | Some(Refusal::Missing(_)));
            assert!(is_part, "{code}: {} refuses `{command}`, which {text:?} names", facts.release);
        }
    }
}

fn points_into(input: &Input, location: &Location) {
    let text = text_of(input, location.source);
    let length = text.chars().count();
    assert!(location.start.offset <= location.end.offset, "{location:?} is turned round");
    assert!(location.end.offset <= length, "{location:?} lies behind the text of {length} characters");
    assert!(location.start.line >= 1 && location.start.column >= 1);
}

/// A fix can be applied, takes its finding away, and brings no new error.
fn mends(input: &Input, options: &Options, finding: &FindingView) {
    if finding.fix.is_none() {
        return;
    }
    let code = finding.code.as_str();
    let fixed = fixed(input, options, &[finding]);
    assert!(fixed != texts(input), "{code}: the fix changes nothing");
    let after = check(&fixed_input(input, &fixed), options).expect("a fixed text is within the limits");
    let before = check(input, options).unwrap();
    let count = |report: &Report| report.findings.iter().filter(|other| other.code == finding.code).count();
    assert!(count(&after) < count(&before), "{code}: the finding is still there after its fix");
    brings_no_error(code, &before, &after);
    // Where nothing else is found, this error is why Hermes stops: behind it nothing stops, or the next finding tells of it.
    let is_more = |other: &&FindingView| other.severity != SeverityName::Info;
    let is_cause = before.verdict.stops
        && finding.severity == SeverityName::Error
        && before.findings.iter().filter(is_more).count() == 1;
    let is_explained = after.findings.iter().filter(is_more).any(|other| other.code.as_str() != code);
    assert!(
        !is_cause || !after.verdict.stops || is_explained,
        "{code}: Hermes stops after its fix as before: {:?}",
        after.verdict
    );
}

/// The commands of a finding that add keys to the pool of the provider in use, or end its cooldowns, are tried: with them made
/// Hermes has a credential for it, and no finding says more of an error than before. Where another than the main model lacks the
/// key, what was found is gone.
fn leads_to_a_credential(
    input: &Input,
    options: &Options,
    facts: &'static Facts,
    before: &Report,
    finding: &FindingView,
) {
    /// Rules that say to take something out of auth.json first.
    const BEHIND_AN_EDIT: [&str; 1] = ["PC306"];
    /// Rules about what needs a key beside the main model, which may be kept from the pool that they are not.
    const OF_OTHERS: [&str; 2] = ["PC531", "PC607"];
    /// What is said of a way that is a command and an edit.
    const BESIDE_AN_EDIT: &str = "Call the variable";
    let (Some(command), Some(provider)) = (&finding.command, &before.verdict.provider) else { return };
    if BEHIND_AN_EDIT.contains(&finding.code.as_str()) || finding.todo.as_str().contains(BESIDE_AN_EDIT) {
        return;
    }
    if command.as_str().lines().all(|line| line.starts_with("hermes config ")) {
        return settings_mend(input, options, facts, before, finding);
    }
    let is_of_provider = |line: &str| line.split_whitespace().nth(3) == Some(provider.as_str());
    let code = &finding.code;
    let is_of_others = OF_OTHERS.contains(&code.as_str());
    if !is_of_others && !command.as_str().lines().any(is_of_provider) {
        return;
    }
    let Some(after) = commands::run(input, facts, command.as_str()) else { return };
    let after = check(&after, options).expect("the store is within the limits");
    if is_of_others {
        let count = |report: &Report| report.findings.iter().filter(|other| other.code == *code).count();
        assert!(count(&after) < count(before), "{code}: still there after `{command}`");
        return brings_no_error(code.as_str(), before, &after);
    }
    let is_known = after.verdict.state != VerdictState::NotModelled;
    assert!(
        !is_known || after.verdict.winner.is_some(),
        "{code}: no credential after `{command}`: {:?}",
        after.verdict
    );
    brings_no_error(code.as_str(), before, &after);
}

/// The commands of a finding that change settings are tried: what they write takes the finding away, unless it is one of a log or of
/// commands, which stay as they are; no credential is lost, and no error comes.
fn settings_mend(
    input: &Input,
    options: &Options,
    facts: &'static Facts,
    before: &Report,
    finding: &FindingView,
) {
    let (code, command) = (finding.code.as_str(), finding.command.as_ref().unwrap().as_str());
    let Some(after) = commands::run(input, facts, command) else { return };
    let after = check(&after, options).expect("the settings are within the limits");
    let count = |report: &Report| report.findings.iter().filter(|other| other.code.as_str() == code).count();
    let stays = matches!(
        finding.location.source,
        SourceKind::Log | SourceKind::Commands | SourceKind::Listing | SourceKind::DebugReport
    );
    assert!(stays || count(&after) < count(before), "{code}: the finding is still there after `{command}`");
    // The key of the other setting may be in what was not pasted.
    let is_lost = before.verdict.winner.is_some()
        && after.verdict.winner.is_none()
        && after.verdict.state != VerdictState::NotPasted;
    assert!(!is_lost, "{code}: no credential after `{command}`: {:?}", after.verdict);
    brings_no_error(code, before, &after);
}

fn brings_no_error(what: &str, before: &Report, after: &Report) {
    // Behind a syntax error hide findings that only a text that parses can have.
    let is_syntax = |code: &str| code.starts_with("PC1") && code != "PC114" || code == "PC304";
    let is_whole = |report: &Report| !report.findings.iter().any(|other| is_syntax(other.code.as_str()));
    let parsed = is_whole(before);
    assert!(!parsed || is_whole(after), "{what}: the fixed text does not parse or is damaged");
    // Once a fix lets Hermes get as far as a provider, it may turn out that there is no credential for that.
    const WANT_OF_CREDENTIAL: [&str; 4] = ["PC416", "PC521", "PC522", "PC523"];
    let had_credential = before.verdict.winner.is_some();
    let errors = |report: &Report| {
        let errors = report.findings.iter().filter(|other| other.severity == SeverityName::Error);
        errors.filter(|other| had_credential || !WANT_OF_CREDENTIAL.contains(&other.code.as_str())).count()
    };
    assert!(!parsed || errors(after) <= errors(before), "{what}: the fix brings a new error");
}

/// All safe fixes at once end where there is none left, bring no new error, and change nothing where there was none.
fn mends_safely(input: &Input, options: &Options, before: &Report) {
    let is_safe = |finding: &FindingView| finding.fix.as_ref().is_some_and(|fix| fix.safe);
    let safely_fixed = apply_safe_fixes(input, options).expect("the input is within the limits");
    let has_safe = before.findings.iter().any(is_safe);
    assert_eq!(safely_fixed != Texts::default(), has_safe, "safe fixes and changes go together");
    if has_safe {
        let input = fixed_input(input, &safely_fixed);
        let after = check(&input, options).expect("a fixed text is within the limits");
        let left: Vec<_> = after.findings.iter().filter(|finding| is_safe(finding)).collect();
        assert!(left.is_empty(), "safe fixes are left: {left:?}");
        brings_no_error("all safe fixes", before, &after);
    }
}

/// The texts after the fixes of `findings`.
pub fn fixed(input: &Input, options: &Options, findings: &[&FindingView]) -> Texts {
    let ids: Vec<String> = findings.iter().map(|finding| finding.id.to_string()).collect();
    let mut fixed = apply_fixes(input, options, &ids).unwrap_or_else(|error| panic!("{ids:?}: {error}"));
    for kind in SourceKind::ALL {
        fixed[kind] = fixed[kind].take().or(input.given[kind].text().cloned());
    }
    fixed
}

fn texts(input: &Input) -> Texts {
    let mut texts = Texts::default();
    for kind in SourceKind::ALL {
        texts[kind] = input.given[kind].text().cloned();
    }
    texts
}

/// The input with the texts of [`fixed`].
pub fn fixed_input(input: &Input, fixed: &Texts) -> Input {
    let mut result = input.clone();
    for kind in SourceKind::ALL {
        if let Some(text) = &fixed[kind] {
            result.given[kind] = Given::Text(text.clone());
        }
    }
    result
}

/// Words of the input that are marked as keys by `-fake-` in them: no output may hold one.
pub fn canaries(input: &Input) -> Vec<String> {
    let mut words = Vec::new();
    for text in SourceKind::ALL.into_iter().filter_map(|kind| input.given[kind].text()) {
        let is_border = |c: char| c.is_whitespace() || "\"'`,;#{}[]()<>=|“”".contains(c);
        words.extend(
            text.split(is_border)
                .filter(|word| word.contains("-fake-") && word.len() >= 12)
                .map(str::to_owned),
        );
    }
    words
}

fn says_no_key(input: &Input, options: &Options, report: &Report) {
    let canaries = canaries(input);
    let mut outputs = vec![serde_json::to_string(report).unwrap()];
    for language in [Language::English, Language::SimplifiedChinese] {
        let options = Options { language, ..options.clone() };
        let page = markdown(input, &options).unwrap().to_string();
        let found = acts(&page, &[]);
        assert!(found.is_empty(), "a text acts in Markdown: {found:?}\n{page}");
        outputs.push(page);
        outputs.push(serde_json::to_string(&check(input, &options).unwrap()).unwrap());
    }
    for output in outputs {
        for canary in &canaries {
            assert!(!output.contains(canary.as_str()), "an output holds the key {canary}:\n{output}");
        }
    }
}

/// Whether a terminal or a forum acts on `c`, or nothing is seen of it.
pub fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

/// What acts in a page of Markdown, as forums read it: links, pictures, HTML, tables, what is hidden, and `marks` outside of code.
/// No wording of ours holds any of these.
pub fn acts(page: &str, marks: &[&str]) -> Vec<String> {
    let dialect = Dialect::ENABLE_TABLES
        | Dialect::ENABLE_STRIKETHROUGH
        | Dialect::ENABLE_FOOTNOTES
        | Dialect::ENABLE_TASKLISTS
        | Dialect::ENABLE_MATH;
    let mut found: Vec<String> =
        page.chars().filter(|c| is_hidden(*c)).map(|c| format!("{}", c.escape_unicode())).collect();
    let mut in_block = false;
    for event in Parser::new_ext(page, dialect) {
        let is_heading = |level: HeadingLevel| level <= HeadingLevel::H3;
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_block = true,
            Event::End(TagEnd::CodeBlock) => in_block = false,
            Event::Start(Tag::Heading { level, .. }) if is_heading(level) => {}
            Event::Start(
                Tag::Paragraph | Tag::List(_) | Tag::Item | Tag::Emphasis | Tag::Strong | Tag::Strikethrough,
            ) => {}
            Event::Start(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::TaskListMarker(_)
            | Event::Rule => found.push(format!("{event:?}")),
            Event::Text(words) if !in_block => {
                let here = marks.iter().filter(|mark| words.contains(**mark));
                found.extend(here.map(|mark| format!("{mark} in {words:?}")));
            }
            _ => {}
        }
    }
    found
}

fn same_in_chinese(input: &Input, options: &Options, report: &Report) {
    let chinese = Options { language: Language::SimplifiedChinese, ..options.clone() };
    let other = check(input, &chinese).unwrap();
    let ids = |report: &Report| findings(report).map(|f| f.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(report), ids(&other), "the language changes what is found");
}
