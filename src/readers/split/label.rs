//! Lines with what stands above them, and what they make together.

use super::Why;
use super::embedded::{self, Embedded};
use super::fence::{Lines, Region, Role};
use super::line::{self, Brackets, Fenced, Mark};
use super::section::{FOREIGN, Section, Whose};
use super::{omitted, said, talk};
use crate::base::collections::TextSet;
use crate::base::sources::SourceKind;
use crate::base::text::{Chars, Search};
use crate::readers::commands::{Table, names_command};
use crate::readers::environ::form::{Form, Region as EnvironRegion, regions};
use crate::readers::environ::is_unit_of_other;
use crate::readers::follow::{Follow, Step, key_of, without_tags};
use crate::readers::paste::{ANY_SPACE, Shapes, without_comment};
use crate::readers::yaml_line::YamlLine;

/// A line without what a mail or a forum puts in front of a quotation: each mark takes one blank behind it along.
pub(super) fn without_quote_marks(line: &str) -> &str {
    const MARK: Chars = |c| matches!(c, '>' | '│' | '┃');
    /// Marks that stand farther apart are of the text.
    const APART: usize = 3;
    let mut rest = line;
    let mut is_first = true;
    loop {
        let bare = rest.trim_start_matches(ANY_SPACE);
        if !bare.starts_with(MARK) || (!is_first && rest.len() - bare.len() > APART) {
            return rest;
        }
        let behind = bare.strip_prefix(MARK).unwrap_or(bare);
        rest = behind.strip_prefix(' ').unwrap_or(behind);
        is_first = false;
    }
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Blank,
    /// Begins or ends a block of code, or names a file: nothing goes on across it.
    Border,
    /// Begins with `#`: belongs to what is around it.
    Comment,
    Other,
    /// Of a kind. `sure` says whether the line alone is enough.
    Own {
        kind: SourceKind,
        why: Why,
        sure: bool,
    },
}

/// What the lines above are.
enum Mode {
    Other,
    Config(OfConfig),
    Assignments(SourceKind),
    Unit,
    Json,
    Dump,
    Show,
    Version,
    LogOfReport,
    Log,
    Listing,
    Commands,
}

/// A config.yaml that has begun.
struct OfConfig {
    /// How far its first line is indented.
    base: usize,
    /// Whether that line stands in a quotation: else `>` is of the text.
    is_quoted: bool,
    follow: Follow,
}

struct State<'s> {
    shapes: &'s Shapes,
    mode: Mode,
    /// Whether a blank line stands right above.
    behind_blank: bool,
    /// What a file name above, or the block of code around, says.
    hint: Option<SourceKind>,
    /// The block of code around, by its number.
    region: Option<usize>,
    /// Whether all of the block of code around is config.yaml.
    is_whole: bool,
    /// Whether it is a file of another program.
    is_foreign: bool,
    /// The section around, where its key is none that begins a config.yaml.
    section: Option<Section>,
    brackets: Brackets,
    /// Whether the line above goes on in this one.
    is_open: bool,
    /// The table around, in text.
    table: Table,
    /// Whether the line above sets a key, which may go on in this one.
    is_behind_key: bool,
    /// Whether the line above is a command that prints an environment.
    prints_environ: bool,
    /// Whether what stands above is said to be the `.env` beside a compose file, which Compose reads and not Hermes.
    is_of_compose: bool,
    /// Who says the line above, where that stands in front of it.
    speaker: Option<&'s str>,
}

/// What each line is, and where environments stand that are no lines `NAME=value`.
pub(super) fn labels<'s>(lines: &Lines<'s>, shapes: &'s Shapes) -> (Vec<Label>, Vec<EnvironRegion>) {
    let mut state = State {
        shapes,
        mode: Mode::Other,
        behind_blank: false,
        hint: None,
        region: None,
        is_whole: false,
        is_foreign: false,
        section: None,
        brackets: Brackets::default(),
        is_open: false,
        table: Table::default(),
        is_behind_key: false,
        prints_environ: false,
        is_of_compose: false,
        speaker: None,
    };
    let mut labels = Vec::with_capacity(lines.count());
    let regions = environs(lines);
    let mut environs = regions.iter().peekable();
    let mut files = embedded::files(lines).into_iter().peekable();
    for number in 0..lines.count() {
        while files.next_if(|file| file.last < number).is_some() {}
        while environs.peek().is_some_and(|region| region.last < number) {
            environs.next();
        }
        let environ = environs.peek().copied().filter(|region| region.first <= number);
        let bare = without_quote_marks(lines.line(number));
        state.table = state.table.at(bare);
        let label = match files.peek().filter(|file| file.key <= number) {
            Some(file) => state.embedded(lines, number, file, environ),
            None => state.said(lines, number, environ),
        };
        state.behind_blank = label == Label::Blank;
        state.is_behind_key = matches!(label, Label::Own { kind: SourceKind::Dotenv, .. })
            && (line::sets_key(bare.trim()) || (state.is_behind_key && line::is_rest_of_key(bare.trim())));
        state.look_back(bare.trim(), label, lines.role(number));
        labels.push(label);
    }
    (labels, regions)
}

/// Where variables of containers, services and other shells stand.
fn environs(lines: &Lines<'_>) -> Vec<EnvironRegion> {
    let bare = |number| match lines.role(number) {
        Role::Fence(_) => None,
        Role::Inside(region) => {
            Some(lines.regions.get(region).map_or("", |region| lines.inside(number, region)))
        }
        Role::Outside => {
            let line = without_quote_marks(lines.line(number));
            Some(line::container_in(line).map_or(line, |own| own.of(line)))
        }
    };
    regions(&(0..lines.count()).map(bare).collect::<Vec<_>>(), false)
}

fn own(kind: SourceKind, why: Why) -> Label {
    Label::Own { kind, why, sure: true }
}

/// How far a line is indented, and what it says.
pub(super) fn indented(line: &str) -> (usize, &str) {
    (line.chars().take_while(|c| ANY_SPACE(*c)).count(), line.trim_matches(ANY_SPACE))
}

impl<'s> State<'s> {
    /// The label of a line that somebody may say: nothing that another one has begun goes on in it, and across it.
    fn said(&mut self, lines: &Lines<'s>, number: usize, environ: Option<&EnvironRegion>) -> Label {
        let speaker = lines.speaker(number);
        if speaker.is_some() && speaker != self.speaker {
            (self.mode, self.is_open, self.section, self.hint) = (Mode::Other, false, None, None);
        }
        let label = self.label(lines, number, environ);
        if label != Label::Blank {
            self.speaker = speaker;
        }
        if speaker.is_some() && label == Label::Other { Label::Border } else { label }
    }

    /// Keeps what a line says of the one below it.
    fn look_back(&mut self, line: &str, label: Label, role: Role) {
        if label == Label::Blank || matches!(role, Role::Fence(_)) {
            return;
        }
        self.prints_environ = line::prints_environ(line);
        self.is_of_compose =
            line::is_beside_compose(line) || (self.is_of_compose && line::assignment(line).is_some());
    }

    fn label(&mut self, lines: &Lines<'_>, number: usize, environ: Option<&EnvironRegion>) -> Label {
        let line = lines.line(number);
        let role = lines.role(number);
        if let Role::Fence(region) = role {
            return self.at_fence(lines, region, number);
        }
        let region = if let Role::Inside(region) = role { lines.regions.get(region) } else { None };
        let is_quoted = !matches!(&self.mode, Mode::Config(config) if !config.is_quoted);
        let bare = match region {
            Some(region) => lines.inside(number, region),
            None if is_quoted => without_quote_marks(line),
            None => line,
        };
        let (column, content) = indented(bare);
        if content.is_empty() {
            self.is_open = false;
            return Label::Blank;
        }
        match region {
            Some(_) if self.is_whole => {
                let why = if self.hint == Some(SourceKind::Config) { Why::Named } else { Why::ConfigKeys };
                return own(SourceKind::Config, why);
            }
            // What another program has there is nothing of Hermes, and nothing goes on across it.
            _ if environ.is_some_and(|environ| environ.is_other) => {
                (self.mode, self.is_open) = (Mode::Other, false);
                return Label::Border;
            }
            _ if environ.is_some() => {
                let why = match environ {
                    Some(environ) if environ.form.is_of_service() => Why::Service,
                    Some(EnvironRegion { form: Form::Dict { is_whole: true }, .. }) => Why::EveryProcess,
                    Some(EnvironRegion { form: Form::Dict { .. }, .. }) => Why::Printed,
                    _ => Why::Exports,
                };
                self.is_open = false;
                let label = self.enter(Mode::Other, own(SourceKind::Environ, why));
                // The sentence around a command may name the file below it.
                if let Some(run) = line::container_in(bare).filter(|_| region.is_none()) {
                    self.hint = line::file_heading(bare.get(run.end..).unwrap_or("")).or(self.hint);
                }
                return label;
            }
            Some(region) if region.fenced == Fenced::Code => return Label::Other,
            _ => {}
        }
        let next = match region {
            Some(region) if number + 1 < region.end => lines.inside(number + 1, region),
            Some(_) => "",
            None => without_quote_marks(lines.line(number + 1)),
        };
        self.section = self.section.filter(|section| section.has(column, content));
        let label = self.going_on(content, column, next).or_else(|| {
            self.section = self.section.or_else(|| Section::at(lines, number, self.shapes));
            self.beginning(content, column, next)
        });
        if let Some(label) = label {
            if let Mode::Config(config) = &mut self.mode {
                config.is_quoted &= region.is_none() && bare.len() < line.len();
            }
            return label;
        }
        // In a block of code, what an error says may go on in lines that look like nothing.
        if matches!(self.mode, Mode::Log) && region.is_some() && !self.behind_blank {
            return own(SourceKind::Log, Why::Log);
        }
        if region.is_none()
            && let Some(said) = said::said(content)
        {
            let label = self.enter(Mode::Other, own(said.kind, Why::Said));
            self.hint = said.assignments.last().and_then(|last| line::file_heading(content.get(last.end..)?));
            return label;
        }
        let named = line::file_heading(content).or_else(|| environ_named(lines, number, content));
        self.mode = Mode::Other;
        // A comment stands right above what it is of; below a title there is a blank line.
        let is_title = ["## ", "### ", "#### "].iter().any(|mark| content.starts_with(mark));
        let goes_on_below = || {
            !next.trim().is_empty() || (self.hint == Some(SourceKind::Dotenv) && sets_below(lines, number))
        };
        let is_comment = content.starts_with('#') && !is_title && goes_on_below();
        // A table has a head, and a block of code what its lines have to say, before what the name speaks of.
        let goes_on = region.is_some() || self.table.is_within() || is_comment;
        self.hint = named.or(self.hint.filter(|_| goes_on));
        if content.starts_with('#') {
            return Label::Comment;
        }
        if named.is_some() { Label::Border } else { Label::Other }
    }

    /// The label of a line of a file that stands in another one, or of the key that it is the text of.
    fn embedded(
        &mut self,
        lines: &Lines<'_>,
        number: usize,
        file: &Embedded,
        environ: Option<&EnvironRegion>,
    ) -> Label {
        if number == file.key {
            let label = if environ.is_some() { self.label(lines, number, environ) } else { Label::Border };
            // The name beside it spoke of this file, and of nothing behind it.
            (self.mode, self.is_open, self.hint) = (Mode::Other, false, None);
            return label;
        }
        if without_quote_marks(lines.line(number)).trim().is_empty() {
            return Label::Blank;
        }
        file.kind.map_or(Label::Other, |kind| own(kind, Why::Named))
    }

    fn at_fence(&mut self, lines: &Lines<'_>, region: Option<usize>, number: usize) -> Label {
        self.mode = Mode::Other;
        (self.is_whole, self.is_foreign, self.section) = (false, false, None);
        let begun =
            region.and_then(|region| lines.regions.get(region)).filter(|region| region.first == number + 1);
        self.region = region.filter(|_| begun.is_some());
        match begun {
            Some(region) => {
                if let Fenced::Kind(kind) = region.fenced {
                    // A heading that names the file knows better than the word for its form.
                    let is_form =
                        matches!(kind, SourceKind::Commands | SourceKind::Dotenv | SourceKind::AuthStore);
                    self.hint = self.hint.filter(|_| is_form).or(Some(kind));
                }
                match content_of(lines, region, self.hint, self.shapes) {
                    Content::Config => self.is_whole = true,
                    Content::Foreign => (self.is_foreign, self.hint) = (true, None),
                    Content::Mixed => {}
                }
            }
            None => self.hint = None,
        }
        Label::Border
    }

    /// The label of a line that goes on with what is above it; `None` where it does not.
    fn going_on(&mut self, content: &str, column: usize, next: &str) -> Option<Label> {
        match self.mode {
            Mode::Other => None,
            Mode::Json if line::is_of_json(content) || omitted::is_mark(content) => {
                if !self.brackets.read(content) {
                    self.mode = Mode::Other;
                }
                Some(self.json())
            }
            Mode::LogOfReport => {
                let ends = line::mark(content).is_some()
                    || (self.behind_blank && column == 0 && !line::is_log(content));
                (!ends).then_some(own(SourceKind::Log, Why::LogOfReport))
            }
            Mode::Dump if line::mark(content) == Some(Mark::DumpEnd) => {
                self.mode = Mode::Other;
                Some(own(SourceKind::DebugReport, Why::Dump))
            }
            Mode::Dump => line::is_of_dump(content).then_some(own(SourceKind::DebugReport, Why::Dump)),
            Mode::Show => {
                // The last lines name commands.
                let goes_on =
                    line::is_of_show(content) || (!self.behind_blank && content.starts_with("hermes "));
                goes_on.then_some(own(SourceKind::DebugReport, Why::ConfigShow))
            }
            Mode::Version => {
                line::is_of_version(content).then_some(own(SourceKind::DebugReport, Why::Version))
            }
            Mode::Listing => (line::continues_listing(content) && !self.behind_blank)
                .then_some(own(SourceKind::Listing, Why::Listing)),
            Mode::Log => ((column > 0 || line::has_sign(content)) && !self.behind_blank)
                .then_some(own(SourceKind::Log, Why::Log)),
            Mode::Unit => {
                let goes_on = line::is_of_unit(content) || self.is_open;
                self.is_open = content.ends_with('\\');
                goes_on.then_some(own(SourceKind::Environ, Why::Unit))
            }
            Mode::Commands => self.next_command(content),
            Mode::Config(_) => self.next_of_config(content, column, next),
            Mode::Assignments(SourceKind::Dotenv) if self.is_behind_key && line::is_rest_of_key(content) => {
                Some(Label::Own { kind: SourceKind::Dotenv, why: Why::Assignments, sure: false })
            }
            Mode::Assignments(_) | Mode::Json => None,
        }
    }

    fn next_command(&mut self, content: &str) -> Option<Label> {
        let is_talk = self.region.is_none() && talk::is_talk(content);
        let goes_on = self.is_open || (!self.behind_blank && line::is_of_shell(content) && !is_talk);
        if goes_on {
            self.is_open = content.ends_with('\\');
        }
        goes_on.then_some(own(SourceKind::Commands, Why::Commands))
    }

    fn next_of_config(&mut self, content: &str, column: usize, next: &str) -> Option<Label> {
        let Mode::Config(OfConfig { base, follow, .. }) = &mut self.mode else { return None };
        if line::is_of_editor(content) {
            return None;
        }
        let base = *base;
        let step = follow.step(column, content);
        let is_comment = content.starts_with('#');
        let line = YamlLine::of(content);
        let label = Label::Own { kind: SourceKind::Config, why: Why::ConfigKeys, sure: line.key.is_some() };
        if step == Step::Inside {
            // An indented one may be of a text, whatever it looks like.
            return Some(if is_comment && column <= base { Label::Comment } else { label });
        }
        // The end of a document.
        if content == "..." && !self.behind_blank {
            return Some(label);
        }
        // The title of the next file is no item of a list.
        if !content.starts_with("- ") && line.key.is_none() && line::file_heading(content).is_some() {
            return None;
        }
        // Where the indentation is lost, only the keys tell.
        let known = line.is_known(self.shapes);
        let root =
            line.key.is_some_and(|key| self.shapes.is_root(key)) && !line.is_item && !is_sentence(line.value);
        let goes_on = match (step, self.behind_blank) {
            // In a block of code, what is no file and no output of its own belongs to the file above.
            _ if self.region.is_some() && !self.behind_blank => !begins_another(content, next),
            (Step::Fits, _) if column > base => true,
            (Step::Fits, true) => {
                root || (line.is_item && (known || line.is_plain())) || begins_section(&line, base, next)
            }
            (_, true) => root || ((column > base || line.is_item) && (known || line.is_plain())),
            (Step::Fits, false) if line.is_item => true,
            (_, false) => column > base || line.is_plain() || known || self.is_unspaced(content),
        };
        goes_on.then_some(label)
    }

    /// Whether a line is a key of Hermes and its value, and the blank behind the colon is lost.
    fn is_unspaced(&self, content: &str) -> bool {
        let (key, value) = content.split_once(':').unwrap_or_default();
        self.shapes.is_key(key) && !value.is_empty() && !value.contains(ANY_SPACE) && !value.starts_with("//")
    }

    /// The label of a line that begins something by what it says itself.
    fn beginning(&mut self, content: &str, column: usize, next: &str) -> Option<Label> {
        if let Some(mark) = line::mark(content) {
            let (mode, kind, why) = match mark {
                Mark::Log => (Mode::LogOfReport, SourceKind::Log, Why::LogOfReport),
                Mark::DumpBegin => (Mode::Dump, SourceKind::DebugReport, Why::Dump),
                Mark::DumpEnd => (Mode::Other, SourceKind::DebugReport, Why::Dump),
            };
            return Some(self.enter(mode, own(kind, why)));
        }
        if line::is_listing(content) {
            return Some(self.enter(Mode::Listing, own(SourceKind::Listing, Why::Listing)));
        }
        if content.starts_with('#') {
            return None;
        }
        let report = |why| own(SourceKind::DebugReport, why);
        // Within a section a setting of another program may be called as a line of the report, which has columns.
        let has_columns = content.holds(":  ") || content.ends_with(':');
        if line::begins_dump(content, next) && (self.section.is_none() || has_columns) {
            return Some(self.enter(Mode::Dump, report(Why::Dump)));
        }
        if line::begins_show(content, next) {
            return Some(self.enter(Mode::Show, report(Why::ConfigShow)));
        }
        if content.starts_with("Hermes Agent v") {
            return Some(self.enter(Mode::Version, report(Why::Version)));
        }
        if line::begins_unit(content) {
            self.is_open = content.ends_with('\\');
            return Some(self.enter(Mode::Unit, own(SourceKind::Environ, Why::Unit)));
        }
        if line::is_log(content) {
            return Some(self.enter(Mode::Log, own(SourceKind::Log, Why::Log)));
        }
        if content == "{"
            || content.starts_with("{\"")
            || content.starts_with("{“")
            || (content.starts_with('{')
                && matches!(self.hint, Some(SourceKind::AuthStore | SourceKind::Jobs)))
        {
            self.brackets = Brackets::default();
            let mode = if self.brackets.read(content) { Mode::Json } else { Mode::Other };
            return Some(self.enter(mode, self.json()));
        }
        self.command(content)
            .or_else(|| self.variable(content))
            .or_else(|| self.flow(content))
            .or_else(|| self.config(content, column, next))
    }

    /// A whole config.yaml on one line, in braces: its first key is one of the root, and a section in braces follows.
    fn flow(&mut self, content: &str) -> Option<Label> {
        let (key, value) = content.strip_prefix('{')?.split_once(':')?;
        let is_whole = content.ends_with('}') && !Brackets::default().read(content);
        let is_one = is_whole
            && self.section.is_none()
            && !self.is_of_other()
            && self.shapes.is_root(key.trim_matches(ANY_SPACE))
            && value.starts_with(ANY_SPACE)
            && value.trim_start_matches(ANY_SPACE).starts_with('{');
        let why = if self.hint == Some(SourceKind::Config) { Why::Named } else { Why::ConfigKeys };
        is_one.then(|| self.enter(Mode::Other, own(SourceKind::Config, why)))
    }

    /// Goes over to `mode`. A hint of a file's name is used up by what it spoke of.
    fn enter(&mut self, mode: Mode, label: Label) -> Label {
        let kind = if let Label::Own { kind, .. } = label { Some(kind) } else { None };
        if self.region.is_none() && self.hint != kind {
            self.hint = None;
        }
        self.mode = mode;
        label
    }

    /// What a line of JSON is of: `cron/jobs.json` where the line above names it. Its fields tell the rest.
    fn json(&self) -> Label {
        match self.hint {
            Some(SourceKind::Jobs) => own(SourceKind::Jobs, Why::Named),
            _ => own(SourceKind::AuthStore, Why::Store),
        }
    }

    fn command(&mut self, content: &str) -> Option<Label> {
        let in_shell = self.region.is_some() && self.hint == Some(SourceKind::Commands);
        let is_talk = self.region.is_none() && talk::is_talk(content);
        let is_command =
            (line::command(content).is_some() && !is_talk) || (in_shell && line::is_of_shell(content));
        if !is_command {
            // A line of text names one and begins none.
            let is_of_log = matches!(self.mode, Mode::Log) && !self.behind_blank;
            if self.region.is_some() || is_of_log || !names_command(content, self.table) {
                return None;
            }
            let label = self.enter(Mode::Other, own(SourceKind::Commands, Why::Commands));
            self.hint = line::file_heading(content).or(self.hint);
            return Some(label);
        }
        self.is_open = content.ends_with('\\');
        let label = self.enter(Mode::Commands, own(SourceKind::Commands, Why::Commands));
        if self.region.is_none() {
            self.hint = line::file_heading(content);
        }
        Some(label)
    }

    fn variable(&mut self, content: &str) -> Option<Label> {
        let of_dotenv = self.hint == Some(SourceKind::Dotenv)
            || matches!(self.mode, Mode::Assignments(SourceKind::Dotenv));
        let is_begun = of_dotenv || matches!(self.mode, Mode::Assignments(_));
        if self.is_of_compose
            || (self.region.is_none() && !is_begun && line::is_sentence_of_assignment(content))
        {
            return None;
        }
        let row = line::row(content).filter(|_| self.table.is_of_values());
        let name = line::assignment(content).or(row.map(|row| row.name.of(content)));
        let (kind, why) = if line::export(content).is_some() {
            let kind = if of_dotenv { SourceKind::Dotenv } else { SourceKind::Environ };
            (kind, Why::Exports)
        } else if name.is_some() || (!self.is_of_other() && line::colon_assignment(content).is_some()) {
            let is_printed = self.prints_environ && row.is_none();
            let kind = match (self.hint, &self.mode) {
                _ if is_printed && !matches!(self.mode, Mode::Assignments(_)) => SourceKind::Environ,
                (Some(SourceKind::Environ), _) => SourceKind::Environ,
                (_, Mode::Assignments(kind)) => *kind,
                // A file has lines; a table is what a panel shows of the variables of a service, unless it is said to be of `.env`.
                (None, _) if row.is_some() => SourceKind::Environ,
                _ => SourceKind::Dotenv,
            };
            (kind, Why::Assignments)
        } else {
            return None;
        };
        let named = self.hint == Some(kind);
        let sure = named || name.is_none_or(|name| name.has('_'));
        let label = Label::Own { kind, why: if named { Why::Named } else { why }, sure };
        Some(self.enter(Mode::Assignments(kind), label))
    }

    /// Whether what stands around is a file of another program.
    fn is_of_other(&self) -> bool {
        self.is_foreign || self.section.is_some_and(|section| section.whose == Whose::Foreign)
    }

    fn config(&mut self, content: &str, column: usize, next: &str) -> Option<Label> {
        let line = YamlLine::of(content);
        let named = self.hint == Some(SourceKind::Config);
        if self.is_of_other() || (!named && is_sentence(line.value)) {
            return None;
        }
        let whose = self.section.map(|section| section.whose);
        let key = line.key.filter(|key| {
            // What a section has as a plain value is of the section.
            let may_be_root = whose.is_none() || line.value.is_empty();
            let root = self.shapes.is_root(key) && !line.is_item && may_be_root;
            let of_named = named && (self.shapes.is_key(key) || begins_section(&line, column, next));
            root || whose == Some(Whose::Meant) || of_named
        })?;
        self.section = None;
        let sure = named || key.has('_') || line.value.starts_with(['{', '[']);
        let why = if named { Why::Named } else { Why::ConfigKeys };
        let follow = Follow::from(column, content);
        let mode = Mode::Config(OfConfig { base: column, is_quoted: true, follow });
        Some(self.enter(mode, Label::Own { kind: SourceKind::Config, why, sure }))
    }
}

/// The environment, where a line is its heading: a variable stands first in what is below it, maybe in a block of code. In the
/// form of a report, what is called so is the computer.
fn environ_named(lines: &Lines<'_>, number: usize, content: &str) -> Option<SourceKind> {
    if !line::names_environment(content) {
        return None;
    }
    let below = (number + 1..lines.count())
        .filter(|below| !matches!(lines.role(*below), Role::Fence(_)))
        .map(|below| without_quote_marks(lines.line(below)).trim())
        .find(|below| !below.is_empty())?;
    let sets = line::assignment(below).is_some()
        || line::export(below).is_some()
        || line::colon_assignment(below).is_some();
    sets.then_some(SourceKind::Environ)
}

/// Whether a variable stands first below a comment, behind others and blank lines.
fn sets_below(lines: &Lines<'_>, number: usize) -> bool {
    const MOST: usize = 20;
    let mut below = (number + 1..lines.count().min(number + MOST))
        .filter(|below| !matches!(lines.role(*below), Role::Fence(_)))
        .map(|below| without_quote_marks(lines.line(below)).trim());
    let said = below.find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or("");
    line::assignment(said).is_some() || line::export(said).is_some()
}

/// Whether what stands behind a colon is a sentence: no setting at the root has so many words.
fn is_sentence(value: &str) -> bool {
    const MOST: usize = 5;
    let code = without_comment(value);
    !code.starts_with(['{', '[', '"', '\'', '#', '|', '>']) && code.split_whitespace().count() > MOST
}

/// Whether a key has no value on its line, and the line below is of its value: a section, whatever it is called.
fn begins_section(line: &YamlLine<'_>, column: usize, next: &str) -> bool {
    let (below, content) = indented(next);
    let is_item = content.starts_with("- ");
    !line.is_item
        && line.key.is_some()
        && (line.is_plain() && line.value.is_empty() || has_anchor(line))
        && ((below > column && (is_item || key_of(content).is_some())) || (is_item && below == column))
}

/// Whether nothing but the name by which other places of the file take the value stands behind a key, its value below: `x-corp: &corp`.
fn has_anchor(line: &YamlLine<'_>) -> bool {
    line.value.starts_with('&') && without_comment(without_tags(line.value)).is_empty()
}

/// Whether a line begins something that is no config.yaml, wherever it stands.
fn begins_another(content: &str, next: &str) -> bool {
    let is_yaml = YamlLine::of(content).is_item || key_of(content).is_some();
    line::mark(content).is_some()
        || line::is_of_editor(content)
        || line::is_listing(content)
        || line::begins_dump(content, next)
        || line::begins_show(content, next)
        || line::begins_unit(content)
        || (content.starts_with('#') && line::file_heading(content).is_some())
        || (!is_yaml
            && (line::is_log(content)
                || line::command(content).is_some()
                || line::assignment(content).is_some()
                || line::export(content).is_some()
                || line::file_heading(content).is_some()
                || content.starts_with("{\"")))
}

/// What stands in a block of code.
enum Content {
    /// config.yaml, and nothing else.
    Config,
    /// A file of another program.
    Foreign,
    /// Something else, or several things.
    Mixed,
}

/// Whether all of a block of code is a config.yaml: it begins with a key, has a section that Hermes knows, or is called
/// config.yaml and has keys that Hermes knows, and nothing else begins in it.
fn content_of(lines: &Lines<'_>, region: &Region, hint: Option<SourceKind>, shapes: &Shapes) -> Content {
    let is_other = hint.is_some_and(|hint| !matches!(hint, SourceKind::Config | SourceKind::Dotenv));
    if is_other || region.fenced == Fenced::Code {
        return Content::Mixed;
    }
    let mut begun: Option<(usize, Follow)> = None;
    let (mut roots, mut keys, mut broken) = (0_usize, 0_usize, 0_usize);
    for number in region.first..region.end {
        let (column, content) = indented(lines.inside(number, region));
        if content.is_empty() || matches!(content, "---" | "...") {
            continue;
        }
        let Some((base, follow)) = &mut begun else {
            if content.starts_with('#') {
                if line::file_heading(content).is_some_and(|kind| kind != SourceKind::Config) {
                    return Content::Mixed;
                }
                continue;
            }
            let line = YamlLine::of(content);
            if line.is_item && has_tasks(lines, region) {
                return Content::Foreign;
            }
            if line.is_item || line.key.is_none() || begins_another(content, lines.inside(number + 1, region))
            {
                return Content::Mixed;
            }
            begun = Some((column, Follow::from(column, content)));
            let key = line.key.unwrap_or("");
            if FOREIGN.contains(&key) {
                return Content::Foreign;
            }
            roots += usize::from(shapes.is_root(key));
            continue;
        };
        if line::is_of_editor(content) {
            return Content::Mixed;
        }
        if follow.step(column, content) == Step::Inside {
            continue;
        }
        let next = if number + 1 < region.end { lines.inside(number + 1, region) } else { "" };
        if begins_another(content, next) {
            return Content::Mixed;
        }
        // What has the file as a text is another one.
        if embedded::opens_file(lines.inside(number, region)).is_some() {
            return Content::Foreign;
        }
        let line = YamlLine::of(content);
        match line.key {
            Some(key) if column == *base && !line.is_item && FOREIGN.contains(&key) => {
                return Content::Foreign;
            }
            Some(key) if column == *base && !line.is_item && shapes.is_root(key) => roots += 1,
            Some(key) if shapes.is_key(key) => keys += 1,
            Some(_) => {}
            None => broken += usize::from(!line.is_item),
        }
    }
    let is_named = hint == Some(SourceKind::Config);
    if broken <= roots + keys && (roots > 0 || (is_named && keys > 0)) {
        Content::Config
    } else {
        Content::Mixed
    }
}

/// Whether a list in a block of code is one of tasks, as Ansible has them: their modules stand beside their names.
fn has_tasks(lines: &Lines<'_>, region: &Region) -> bool {
    const MODULES: [&str; 9] =
        ["copy", "template", "blockinfile", "lineinfile", "shell", "command", "hosts", "tasks", "become"];
    (region.first..region.end).any(|number| {
        let key = YamlLine::of(indented(lines.inside(number, region)).1).key.unwrap_or("");
        MODULES.contains(&key) || key.starts_with("ansible.") || key.starts_with("community.")
    })
}

/// Lines of one kind that belong together.
#[derive(Clone, Copy)]
pub(super) struct Block {
    pub(super) kind: Option<SourceKind>,
    pub(super) why: Why,
    pub(super) first: usize,
    pub(super) last: usize,
    /// How many of its lines are of the kind, and whether one of them alone is enough.
    count: usize,
    sure: bool,
}

/// Whether lines that begin with `#` may be comments there.
fn has_comments(kind: SourceKind) -> bool {
    matches!(kind, SourceKind::Config | SourceKind::Dotenv | SourceKind::Environ | SourceKind::Commands)
}

/// The blocks of a text: those of a kind, and between them other text.
pub(super) fn blocks(lines: &Lines<'_>, labels: &[Label]) -> Vec<Block> {
    let mut found = Vec::new();
    let mut least = 0;
    for mut block in runs(lines, labels) {
        scheduled_jobs(lines, &mut block);
        config_as_json(lines, &mut block);
        if is_real(lines, &block, labels) {
            block.first = first_setting(lines, labels, &block, least);
            least = block.last + 1;
            found.push(block);
        }
    }
    with_comments(labels, &mut found);
    let mut blocks = Vec::new();
    let mut next = 0;
    for mut block in found {
        other_text(labels, next, block.first, &mut blocks);
        next = block.last + 1;
        every_process(lines, &mut block);
        blocks.push(block);
    }
    other_text(labels, next, labels.len(), &mut blocks);
    blocks
}

/// The first line of a config whose first settings nobody knows: they stand right above it, keys with a word or a section
/// each, with nothing above them.
fn first_setting(lines: &Lines<'_>, labels: &[Label], block: &Block, least: usize) -> usize {
    if block.kind != Some(SourceKind::Config) {
        return block.first;
    }
    if let Some(first) = first_anchored(lines, labels, block.first, least) {
        return first;
    }
    let of = |number: usize| indented(without_quote_marks(lines.line(number)));
    // The mark of a document belongs to it.
    let begun = |first: usize| match first.checked_sub(1) {
        Some(above) if above >= least && of(above).1 == "---" => above,
        _ => first,
    };
    let base = of(block.first).0;
    let mut first = block.first;
    while first > least && labels.get(first - 1) == Some(&Label::Other) && of(first - 1).1 != "---" {
        first -= 1;
    }
    let mut follow: Option<Follow> = None;
    for number in first..block.first {
        let (column, content) = of(number);
        let step = match &mut follow {
            Some(follow) => follow.step(column, content),
            None if column == base => {
                follow = Some(Follow::from(column, content));
                Step::Fits
            }
            None => Step::Misfit,
        };
        let line = YamlLine::of(content);
        let is_setting = line.is_plain() && line.key.is_some() && !line.value.contains(ANY_SPACE);
        let is_section = begins_section(&line, column, without_quote_marks(lines.line(number + 1)));
        let is_own =
            step != Step::Misfit && (column > base || is_section || (is_setting && !line.value.is_empty()));
        if !is_own {
            return begun(block.first);
        }
    }
    begun(first)
}

/// The first line of a config above whose line `begun` sections stand that have a name which other places take (`x-corp: &corp`):
/// nobody writes that into a text, so blank lines may stand between.
fn first_anchored(lines: &Lines<'_>, labels: &[Label], begun: usize, least: usize) -> Option<usize> {
    let of = |number: usize| indented(without_quote_marks(lines.line(number)));
    let base = of(begun).0;
    let mut first = None;
    for above in (least..begun).rev() {
        let (column, content) = of(above);
        match labels.get(above) {
            Some(Label::Blank | Label::Comment) => continue,
            Some(Label::Other) if column >= base => {}
            _ => break,
        }
        if column == base {
            if !has_anchor(&YamlLine::of(content)) {
                break;
            }
            first = Some(above);
        }
    }
    let first = first?;
    let mut follow: Option<Follow> = None;
    let is_file =
        (first..begun).map(of).filter(|(_, content)| !content.is_empty()).all(|(column, content)| {
            match &mut follow {
                Some(follow) => follow.step(column, content) != Step::Misfit,
                None => {
                    follow = Some(Follow::from(column, content));
                    true
                }
            }
        });
    is_file.then_some(first)
}

/// Adds what says something between the lines `first` and `end`.
fn other_text(labels: &[Label], first: usize, end: usize, blocks: &mut Vec<Block>) {
    let says = |number: &usize| labels.get(*number).is_some_and(|label| *label != Label::Blank);
    if let (Some(first), Some(last)) = ((first..end).find(says), (first..end).rfind(says)) {
        blocks.push(Block { kind: None, why: Why::Nothing, first, last, count: 0, sure: true });
    }
}

/// Lines of one kind with nothing but blank lines, comments and a broken line or two between them. A file that is quoted ends
/// with the quotation.
fn runs(lines: &Lines<'_>, labels: &[Label]) -> Vec<Block> {
    let is_quoted = |number: usize| {
        let line = lines.line(number);
        without_quote_marks(line).len() < line.len()
    };
    let mut blocks: Vec<Block> = Vec::new();
    let (mut blank, mut border, mut others) = (false, false, 0_usize);
    for (number, label) in labels.iter().enumerate() {
        match *label {
            Label::Blank => blank = true,
            Label::Border => border = true,
            Label::Comment => {}
            Label::Other => others += 1,
            Label::Own { kind, why, sure } => {
                let may_break = matches!(kind, SourceKind::Config | SourceKind::Dotenv | SourceKind::Log);
                // Between what people say stands no broken line of a file.
                let may_break_here = may_break && others <= 2 && !blank && lines.speaker(number).is_none();
                // What another one says goes on in nothing.
                let is_of_one = |last: &Block| {
                    let names = [lines.speaker(last.last), lines.speaker(number)];
                    !matches!(names, [Some(one), Some(other)] if one != other)
                };
                let joins = !border && (others == 0 || may_break_here);
                let is_of = |last: &Block| {
                    // Without a line between them, the sign may be of the text of the file.
                    let is_begun = is_quoted(last.first);
                    !may_break || (others == 0 && !is_begun) || is_begun == is_quoted(number)
                };
                match blocks
                    .last_mut()
                    .filter(|last| joins && last.kind == Some(kind) && is_of(last) && is_of_one(last))
                {
                    Some(last) => {
                        last.last = number;
                        last.count += 1;
                        last.sure |= sure;
                    }
                    None => {
                        blocks.push(Block {
                            kind: Some(kind),
                            why,
                            first: number,
                            last: number,
                            count: 1,
                            sure,
                        });
                    }
                }
                (blank, border, others) = (false, false, 0);
            }
        }
    }
    blocks
}

/// JSON with a list of jobs is no auth.json.
fn scheduled_jobs(lines: &Lines<'_>, block: &mut Block) {
    if block.kind == Some(SourceKind::AuthStore)
        && is_of_jobs(lines.span(block.first, block.last).of(lines.text))
    {
        (block.kind, block.why) = (Some(SourceKind::Jobs), Why::Jobs);
    }
}

/// JSON with a model and more that only config.yaml has is config.yaml: YAML reads JSON.
fn config_as_json(lines: &Lines<'_>, block: &mut Block) {
    const OWN: [&str; 4] =
        ["fallback_providers", "custom_providers", "credential_pool_strategies", "fallback_model"];
    if block.kind != Some(SourceKind::AuthStore) {
        return;
    }
    let text = lines.span(block.first, block.last).of(lines.text);
    let has_own = || line::has_root_field(text, &OWN);
    let is_named = || line_above(lines, block.first).is_some_and(|line| line.holds("config.yaml"));
    if line::has_root_field(text, &["model"]) && text.holds("\"provider\"") && (has_own() || is_named()) {
        (block.kind, block.why) = (Some(SourceKind::Config), Why::ConfigKeys);
    }
}

/// The line above that says something, fences left out.
fn line_above<'t>(lines: &Lines<'t>, number: usize) -> Option<&'t str> {
    (0..number)
        .rev()
        .filter(|number| !matches!(lines.role(*number), Role::Fence(_)))
        .map(|number| without_quote_marks(lines.line(number)).trim())
        .find(|line| !line.is_empty())
}

/// Whether JSON has the fields of `cron/jobs.json`.
pub(super) fn is_of_jobs(text: &str) -> bool {
    text.holds("\"jobs\"") && ["\"schedule\"", "\"prompt\""].iter().any(|field| text.holds(field))
}

/// Whether a block is what its lines seem to be.
fn is_real(lines: &Lines<'_>, block: &Block, labels: &[Label]) -> bool {
    match block.kind {
        Some(SourceKind::AuthStore) => {
            let text = lines.span(block.first, block.last).of(lines.text);
            // What other programs have as well does not tell where a line names a file of theirs.
            let above = line_above(lines, block.first);
            let is_named_other = || above.is_some_and(line::names_other_json);
            block.why == Why::Named
                || line::has_root_field(text, &["credential_pool", "suppressed_sources"])
                || (line::has_root_field(text, &["providers", "active_provider"]) && !is_named_other())
        }
        Some(SourceKind::Config) => {
            // One line alone may be a word and a colon in a sentence.
            let alone =
                labels.iter().all(|label| matches!(label, Label::Blank | Label::Comment | Label::Own { .. }));
            let (mut keys, mut one_sure) = (0, false);
            for label in labels.get(block.first..=block.last).unwrap_or_default() {
                if let Label::Own { sure, .. } = label {
                    keys += usize::from(*sure);
                    one_sure |= *sure;
                }
            }
            alone || keys >= 2 || (block.count >= 2) || (block.sure && one_sure)
        }
        Some(SourceKind::Dotenv) => block.sure || block.count >= 2,
        Some(SourceKind::Environ) if block.why == Why::Unit => {
            let own = (block.first..=block.last).map(|number| without_quote_marks(lines.line(number)));
            !is_unit_of_other(&own.collect::<Vec<_>>().join("\n"))
        }
        _ => true,
    }
}

/// Gives comments to the block that they stand at, and to the one that begins or ends what they begin or end.
fn with_comments(labels: &[Label], blocks: &mut [Block]) {
    let at = |number: usize| labels.get(number).copied();
    let mut before = 0;
    for at_block in 0..blocks.len() {
        let end = blocks.get(at_block + 1).map_or(labels.len(), |next| next.first);
        let is_next_own = blocks.get(at_block + 1).is_some_and(|next| next.kind.is_some_and(has_comments));
        let Some(block) = blocks.get_mut(at_block) else { continue };
        if !block.kind.is_some_and(has_comments) {
            before = block.last + 1;
            continue;
        }
        let first = border_before(labels, block.first, before);
        block.first = first;
        let (mut last, own_last) = (block.last, block.last);
        while last + 1 < end && at(last + 1) == Some(Label::Comment) {
            last += 1;
        }
        // Those that stand right above the next one are its own.
        if last + 1 == end && is_next_own {
            last = own_last;
        }
        // Up to the end of the block of code or of the text, comments behind a blank line belong to it as well.
        let mut behind = last + 1;
        while behind < end && matches!(at(behind), Some(Label::Blank | Label::Comment)) {
            behind += 1;
        }
        if behind == labels.len() || at(behind) == Some(Label::Border) {
            last = (last..behind).rfind(|number| at(*number) != Some(Label::Blank)).unwrap_or(last);
        }
        block.last = last;
        before = last + 1;
    }
}

/// The first of the comments that stand at line `first`, none of them before `least`.
fn border_before(labels: &[Label], first: usize, least: usize) -> usize {
    let at = |number: usize| labels.get(number).copied();
    let mut near = first;
    while near > least && at(near - 1) == Some(Label::Comment) {
        near -= 1;
    }
    let mut far = near;
    while far > least && matches!(at(far - 1), Some(Label::Blank | Label::Comment)) {
        far -= 1;
    }
    if far == 0 || at(far - 1) == Some(Label::Border) {
        (far..near).find(|number| at(*number) != Some(Label::Blank)).unwrap_or(near)
    } else {
        near
    }
}

/// Takes assignments for a process environment where variables that every process has are among them.
fn every_process(lines: &Lines<'_>, block: &mut Block) {
    const NAMES: [&str; 9] = ["PATH", "HOME", "SHELL", "PWD", "USER", "LANG", "TERM", "LOGNAME", "SHLVL"];
    if block.kind != Some(SourceKind::Dotenv) || block.why == Why::Named {
        return;
    }
    let mut found = TextSet::new();
    for number in block.first..=block.last {
        if let Some(name) = line::assignment(without_quote_marks(lines.line(number)).trim()) {
            found.insert(name);
        }
    }
    if NAMES.iter().filter(|name| found.contains(name)).count() >= 2 {
        block.kind = Some(SourceKind::Environ);
        block.why = Why::EveryProcess;
    }
}
