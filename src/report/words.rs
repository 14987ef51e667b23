//! Puts messages into words and places into lines and columns, for one world, language and encoding.

use std::cell::RefCell;
use std::rc::Rc;

use crate::analysis::origin::Origin;
use crate::analysis::repair::Repair;
use crate::base::sources::SourceKind;
use crate::base::text::{Encoding, LineIndex, Place, Span};
use crate::diagnostic::messages::{Language, fill, templates};
use crate::diagnostic::shown::Shown;
use crate::diagnostic::{Arg, Args, Message, Named, Template};
use crate::hermes::World;
use crate::hermes::mentions::{self, KeyOf};
use crate::report::redact::Redactor;
use crate::report::{ExcerptView, Location, Point};

/// A text with its lines, counted in an encoding.
pub struct Lined<'t> {
    text: &'t str,
    encoding: Encoding,
    lines: LineIndex,
    /// Units of the encoding before each line, so that a place far down costs no more than one near the top.
    units_before: Vec<usize>,
    /// The keys in the line that an excerpt was last taken of: many findings may stand in one very long line.
    keys: RefCell<Option<(usize, Rc<[Span]>)>>,
}

impl<'t> Lined<'t> {
    /// Reads the lines of `text`.
    pub fn new(text: &'t str, encoding: Encoding) -> Self {
        let lines = LineIndex::new(text);
        let mut total = 0;
        let mut units_before = Vec::with_capacity(lines.lines());
        for line in 0..lines.lines() {
            units_before.push(total);
            total += encoding.units(lines.full_line(text, line));
        }
        Self { text, encoding, lines, units_before, keys: RefCell::default() }
    }

    /// Where the keys stand in the line with this number, whose text is `content`.
    fn keys(&self, line: usize, content: &str, redactor: &Redactor) -> Rc<[Span]> {
        let mut last = self.keys.borrow_mut();
        match &*last {
            Some((own, keys)) if *own == line => Rc::clone(keys),
            _ => Rc::clone(&last.insert((line, redactor.key_spans(content).into())).1),
        }
    }

    /// The point at byte `offset`.
    pub fn point(&self, offset: usize) -> Point {
        let position = self.lines.position(self.text, offset, self.encoding);
        let before = self.units_before.get(position.line).copied().unwrap_or(0);
        Point { line: position.line + 1, column: position.column + 1, offset: before + position.column }
    }
}

/// The pasted texts with their lines, counted in one encoding.
pub struct LinedTexts<'w> {
    sources: Vec<(SourceKind, Lined<'w>)>,
    origins: Vec<(&'w Origin, Lined<'w>)>,
    encoding: Encoding,
}

impl<'w> LinedTexts<'w> {
    /// The texts of `world` that were given, their places counted in `encoding`.
    pub fn new(world: &'w World, encoding: Encoding) -> Self {
        Self::within(world, &[], encoding)
    }

    /// The texts of `world`, of which some stand in `origins`.
    pub fn within(world: &'w World, origins: &'w [Origin], encoding: Encoding) -> Self {
        let mut sources = Vec::new();
        for kind in SourceKind::PASTED.into_iter().chain([SourceKind::RootAuthStore]) {
            if let Some(text) = world.given[kind].text() {
                sources.push((kind, Lined::new(text, encoding)));
            }
        }
        let origins = origins.iter().map(|origin| (origin, Lined::new(&origin.text, encoding))).collect();
        Self { sources, origins, encoding }
    }

    /// The text that is shown for `place`, what it is called where others stand in it, and where the place is in it.
    fn shown(&self, place: Place) -> (Option<&Lined<'w>>, Option<&'w Origin>, Span) {
        for (origin, lined) in &self.origins {
            if let Some((_, back)) = origin.back.iter().find(|(kind, _)| *kind == place.source) {
                let is_config = place.source == SourceKind::Config;
                let span = if is_config { origin.set.before(place.span) } else { place.span };
                return (Some(lined), Some(origin), origin.packed.before(back.before(span)));
            }
        }
        (self.source(place.source), None, place.span)
    }

    /// The text of `kind`, `""` where it was not given.
    pub fn text(&self, kind: SourceKind) -> &'w str {
        self.source(kind).map_or("", |source| source.text)
    }

    fn source(&self, kind: SourceKind) -> Option<&Lined<'w>> {
        self.sources.iter().find(|(own, _)| *own == kind).map(|(_, source)| source)
    }
}

templates! {
    PLACE = "words.place": "{file} line {line}";
    PLACE_IN_POST = "words.place-in-post": "{post} line {line} ({file})";
    POST = "words.post": "pasted text";
    ENVIRON = "words.environ": "environment";
    LISTING = "words.listing": "hermes auth list";
    LOG = "words.log": "log";
    COMMANDS = "words.commands": "commands";
    DEBUG_REPORT = "words.debug-report": "debug report";
    ROOT_AUTH_STORE = "words.root-auth-store": "auth.json of the root home";
    DAYS = "words.days": "{days} d {hours} h";
    HOURS = "words.hours": "{hours} h {minutes} min";
    MINUTES = "words.minutes": "{minutes} min {seconds} s";
    SECONDS = "words.seconds": "{seconds} s";
}

/// What it takes to put a finding or a verdict into words.
pub struct Words<'w> {
    /// The pasted texts.
    pub sources: &'w LinedTexts<'w>,
    /// The language.
    pub language: Language,
    /// The way out for the user's text.
    pub redactor: &'w Redactor,
    /// The repair that places are of the texts after; they are shown where they are in the pasted texts.
    pub repair: Option<&'w Repair>,
}

impl Words<'_> {
    /// A place in the pasted texts.
    fn pasted(&self, place: Place) -> Place {
        self.repair.map_or(place, |repair| repair.pasted(place))
    }

    /// A message in words.
    pub fn message(&self, message: &Message) -> Shown {
        self.template(message.template, &message.args)
    }

    /// A message in words, with what it does not name itself from `outer`.
    pub fn within(&self, message: &Message, outer: &Args) -> Shown {
        self.fill(message.template, &message.args, outer)
    }

    /// A template in words, with `args`.
    pub fn template(&self, template: &'static Template, args: &Args) -> Shown {
        self.fill(template, args, &[])
    }

    /// A template in words, with `args` and what they lack from `outer`.
    fn fill(&self, template: &'static Template, args: &[Named], outer: &[Named]) -> Shown {
        fill(self.language.wording(template), |name| {
            let own = args.iter().position(|(own, _)| *own == name);
            let (list, at) = match own {
                Some(at) => (args, at),
                None => (outer, outer.iter().position(|(own, _)| *own == name)?),
            };
            // A message takes what it lacks from the arguments before it.
            let (before, rest) = list.split_at_checked(at)?;
            rest.first().map(|(_, arg)| self.arg(arg, before))
        })
    }

    fn arg(&self, arg: &Arg, before: &[Named]) -> Shown {
        match arg {
            Arg::Text(text) => self.redactor.show(text),
            Arg::Lines(lines) => {
                let lines = lines.iter().map(|line| self.redactor.show(line));
                lines.reduce(|all, line| all.and(&Shown::fixed("\n")).and(&line)).unwrap_or_default()
            }
            Arg::Secret(secret) => self.redactor.key(secret),
            Arg::Count(count) => self.number(*count),
            Arg::Seconds(seconds) => self.duration(*seconds),
            Arg::Place(place) => self.place(*place),
            Arg::Message(message) => self.fill(message.template, &message.args, before),
        }
    }

    fn number(&self, number: u64) -> Shown {
        self.redactor.show(&number.to_string())
    }

    /// A length of time in its two largest units.
    pub fn duration(&self, seconds: f64) -> Shown {
        // Longer than 31,000 years is not told apart.
        let whole = seconds.clamp(0.0, 1e12).ceil() as u64;
        let (days, hours) = (whole / 86_400, whole / 3_600 % 24);
        let (minutes, seconds) = (whole / 60 % 60, whole % 60);
        let template = match (days, hours, minutes) {
            (1.., _, _) => &DAYS,
            (_, 1.., _) => &HOURS,
            (_, _, 1..) => &MINUTES,
            _ => &SECONDS,
        };
        let units = [("days", days), ("hours", hours), ("minutes", minutes), ("seconds", seconds)];
        let args = units.into_iter().map(|(name, count)| (name, Arg::Count(count))).collect();
        self.template(template, &args)
    }

    /// A place as file and line.
    pub fn place(&self, place: Place) -> Shown {
        let place = self.pasted(place);
        let (lined, origin, span) = self.sources.shown(place);
        let line = point(lined, span.start).line;
        let template = if origin.is_some() { &PLACE_IN_POST } else { &PLACE };
        fill(self.language.wording(template), |name| match name {
            "file" => Some(self.file(place.source)),
            "post" => origin.map(|origin| self.post(origin)),
            _ => Some(self.number(line as u64)),
        })
    }

    /// Byte `at` of the text of this number in which others stand, as its name and line.
    pub fn place_in_origin(&self, number: usize, at: usize) -> Shown {
        let Some((origin, lined)) = self.sources.origins.get(number) else { return Shown::default() };
        fill(self.language.wording(&PLACE), |name| match name {
            "file" => Some(self.post(origin)),
            _ => Some(self.number(lined.point(at).line as u64)),
        })
    }

    /// What commands change behind a file that was printed: the file, the command's place, and whether it is known what the
    /// file says behind it; of each the last one.
    pub fn changes(&self) -> Vec<(SourceKind, Shown, bool)> {
        let mut found: Vec<(SourceKind, Shown, bool)> = Vec::new();
        for (number, (origin, _)) in self.sources.origins.iter().enumerate() {
            let of_it = |kind: SourceKind| origin.back.iter().any(|(own, _)| *own == kind);
            for change in origin.changes.iter().rev() {
                let is_told =
                    found.iter().any(|(kind, _, known)| (*kind, *known) == (change.kind, change.is_known));
                if !is_told && of_it(change.kind) {
                    let place = self.place_in_origin(number, change.command.start);
                    found.push((change.kind, place, change.is_known));
                }
            }
        }
        found.reverse();
        found
    }

    /// A sentence and the one behind it.
    pub fn and_then(&self, sentence: Shown, next: &Shown) -> Shown {
        sentence.and(&Shown::fixed(self.language.sentence_gap())).and(next)
    }

    /// Whether a text explains how something is done, in which the files stand.
    pub fn is_of_guide(&self) -> bool {
        self.sources.origins.iter().any(|(origin, _)| origin.is_guide)
    }

    /// The first key of a sentence or a command of which `is_meant` says that it is one that is sought: where it stands, whose
    /// it is, and that one's name.
    pub fn mention(&self, world: &World, is_meant: &dyn Fn(&KeyOf) -> bool) -> Option<(Shown, KeyOf, Shown)> {
        let told = |place: Shown, of: &KeyOf| {
            let (KeyOf::Variable(name) | KeyOf::Provider(name)) = of;
            (place, of.clone(), self.redactor.show(name))
        };
        for (number, (origin, _)) in self.sources.origins.iter().enumerate() {
            if let Some(own) = origin.mentions.iter().find(|own| is_meant(&own.of)) {
                return Some(told(self.place_in_origin(number, own.at), &own.of));
            }
        }
        // Commands that were given by themselves.
        let commands = mentions::in_commands(world.text_of(SourceKind::Commands));
        let own = commands.into_iter().find(|own| is_meant(&own.of))?;
        Some(told(self.place(Place::new(SourceKind::Commands, Span::at(own.at))), &own.of))
    }

    /// What a text is called in which others stand.
    fn post(&self, origin: &Origin) -> Shown {
        match &origin.name {
            Some(name) => self.redactor.show(name),
            None => fill(self.language.wording(&POST), |_| None),
        }
    }

    /// A source as people know it.
    pub fn file(&self, kind: SourceKind) -> Shown {
        let named = |template: &'static Template| fill(self.language.wording(template), |_| None);
        match kind {
            SourceKind::Config => Shown::fixed("config.yaml"),
            SourceKind::Dotenv => Shown::fixed(".env"),
            SourceKind::AuthStore => Shown::fixed("auth.json"),
            SourceKind::Jobs => Shown::fixed("cron/jobs.json"),
            SourceKind::Environ => named(&ENVIRON),
            SourceKind::Listing => named(&LISTING),
            SourceKind::Log => named(&LOG),
            SourceKind::Commands => named(&COMMANDS),
            SourceKind::DebugReport => named(&DEBUG_REPORT),
            SourceKind::RootAuthStore => named(&ROOT_AUTH_STORE),
        }
    }

    /// The line that `place` begins on, its keys dotted.
    pub fn excerpt(&self, place: Place) -> ExcerptView {
        /// Bytes of a long line that are shown before the place, and in all.
        const BEFORE: usize = 60;
        const IN_ALL: usize = 160;
        let (lined, _, span) = self.sources.shown(self.pasted(place));
        let (text, line, keys) = match lined {
            Some(source) => {
                let number = source.lines.line_of(span.start);
                let line = source.lines.line_span(source.text, number).unwrap_or(Span::at(0));
                (source.text, line, source.keys(number, line.of(source.text), self.redactor))
            }
            None => ("", Span::at(0), Rc::default()),
        };
        let content = line.of(text);
        let boundary = |mut at: usize| {
            while !content.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let from = span.start.clamp(line.start, line.end) - line.start;
        let to = span.end.clamp(line.start, line.end) - line.start;
        let start = boundary(from.saturating_sub(BEFORE));
        let window = Span::new(start, boundary(content.len().min(start + IN_ALL)));
        let units = |at: usize| {
            let shown = Span::new(window.start, at.clamp(window.start, window.end));
            self.sources.encoding.units(shown.of(content))
        };
        ExcerptView {
            text: self.redactor.dotted(content, &keys, window),
            start: units(boundary(from)),
            end: units(boundary(to)),
        }
    }

    /// A place with lines, columns and offsets.
    pub fn location(&self, place: Place) -> Location {
        let place = self.pasted(place);
        let (lined, origin, span) = self.sources.shown(place);
        Location {
            source: place.source,
            file: self.file(place.source),
            start: point(lined, span.start),
            end: point(lined, span.end),
            post: origin.map(|origin| self.post(origin)),
        }
    }
}

/// The point at byte `offset` of a text; its beginning where there is none.
fn point(lined: Option<&Lined<'_>>, offset: usize) -> Point {
    lined.map_or(Point { line: 1, column: 1, offset: 0 }, |lined| lined.point(offset))
}
