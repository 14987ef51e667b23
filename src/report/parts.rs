//! The parts of a pasted text in words: what each is, why, and what becomes of it.

use crate::base::text::Encoding;
use crate::diagnostic::messages::{Language, templates};
use crate::diagnostic::shown::Shown;
use crate::diagnostic::{Arg, Template};
use crate::hermes::World;
use crate::readers::split::{Part, Use, Why};
use crate::report::PartView;
use crate::report::redact::Redactor;
use crate::report::words::{Lined, LinedTexts, Words};

templates! {
    LINES = "parts.lines": "{file}, lines {first}–{last}";
    LINE = "parts.line": "{file}, line {first}";
    OTHER = "parts.other": "other text";
    REPEATS = "parts.repeats": "not used: it repeats part {part}";
    BEHIND = "parts.behind": "not used: part {part} is taken";
    UNDER = "parts.under": "used but for what part {part} says again";
    CUT_SHORT = "parts.cut-short": "its author left something out: of that nothing is known";
    SAMPLE = "parts.sample": "not used: it is an example, not something that happened or is set";
    OTHER_HOME = "parts.other-home": "not used: it is of another home than part {part}, and Hermes reads the files of one home";
    NAMED = "parts.named": "the line above, or the block that it stands in, names the file";
    CONFIG_KEYS = "parts.config-keys": "it has keys of config.yaml";
    ASSIGNMENTS = "parts.assignments": "it has lines `NAME=value`";
    EXPORTS = "parts.exports": "it has lines `export NAME=value`, or what other shells have for it";
    EVERY_PROCESS = "parts.every-process": "it has variables that every process has, as `env` prints them";
    UNIT = "parts.unit": "it is a systemd unit";
    SERVICE = "parts.service": "it sets the variables of a container or a service";
    STORE = "parts.store": "it is JSON with the fields of auth.json";
    JOBS = "parts.jobs": "it is JSON with the fields of cron/jobs.json";
    OF_LISTING = "parts.listing": "it has rows as `hermes auth list` prints them";
    OF_LOG = "parts.log": "it has lines as Hermes logs them or prints them in a terminal";
    LOG_OF_REPORT = "parts.log-of-report": "it stands under the heading of a log in a debug report";
    COMMANDS = "parts.commands": "it has lines with a command";
    SAID = "parts.said": "a sentence says that these variables are set";
    PRINTED = "parts.printed": "it is what a program printed of its settings";
    DUMP = "parts.dump": "it is what `hermes dump` prints";
    CONFIG_SHOW = "parts.config-show": "it is what `hermes config show` prints";
    VERSION = "parts.version": "it is what `hermes --version` prints";
    NOTHING = "parts.nothing": "it is no file and no output that is known";
    TOLD = "parts.told": "you say so";
}

fn why(why: Why) -> &'static Template {
    match why {
        Why::Named => &NAMED,
        Why::ConfigKeys => &CONFIG_KEYS,
        Why::Assignments => &ASSIGNMENTS,
        Why::Exports => &EXPORTS,
        Why::EveryProcess => &EVERY_PROCESS,
        Why::Unit => &UNIT,
        Why::Service => &SERVICE,
        Why::Store => &STORE,
        Why::Jobs => &JOBS,
        Why::Listing => &OF_LISTING,
        Why::Log => &OF_LOG,
        Why::LogOfReport => &LOG_OF_REPORT,
        Why::Commands => &COMMANDS,
        Why::Said => &SAID,
        Why::Printed => &PRINTED,
        Why::Dump => &DUMP,
        Why::ConfigShow => &CONFIG_SHOW,
        Why::Version => &VERSION,
        Why::Nothing => &NOTHING,
        Why::Told => &TOLD,
    }
}

/// The parts of `text` as they are shown, with places in UTF-16 units.
pub fn views(text: &str, parts: &[Part], language: Language) -> Vec<PartView> {
    let nothing = World::default();
    let (sources, redactor) = (LinedTexts::new(&nothing, Encoding::Utf16), Redactor::default());
    let words = Words { sources: &sources, language, redactor: &redactor, repair: None };
    let lined = Lined::new(text, Encoding::Utf16);
    let say = |template, args: &[(&'static str, usize)]| {
        let args = args.iter().map(|(name, count)| (*name, Arg::Count(*count as u64))).collect();
        words.template(template, &args)
    };
    let mut views = Vec::with_capacity(parts.len());
    for part in parts {
        let (start, end) = (lined.point(part.span.start), lined.point(part.span.end));
        let file = part.kind.map_or_else(|| say(&OTHER, &[]), |kind| words.file(kind));
        let lines = if start.line == end.line { &LINE } else { &LINES };
        let name = crate::diagnostic::messages::fill(language.wording(lines), |name| match name {
            "file" => Some(file.clone()),
            "first" => Some(Shown::number(start.line)),
            _ => Some(Shown::number(end.line)),
        });
        views.push(PartView {
            kind: part.kind,
            name,
            why: say(why(part.why), &[]),
            used: matches!(part.use_of, Use::Used | Use::Under(_)),
            note: match part.use_of {
                Use::Used if part.is_cut_short => Some(say(&CUT_SHORT, &[])),
                Use::Used | Use::Not => None,
                Use::Repeats(number) => Some(say(&REPEATS, &[("part", number + 1)])),
                Use::Behind(number) => Some(say(&BEHIND, &[("part", number + 1)])),
                Use::Under(number) => Some(say(&UNDER, &[("part", number + 1)])),
                Use::Sample => Some(say(&SAMPLE, &[])),
                Use::OtherHome(number) => Some(say(&OTHER_HOME, &[("part", number + 1)])),
            },
            start,
            end,
        });
    }
    views
}
