//! Lines with what stands above them, and what they make together.

use super::Why;
use super::line::{self, Brackets, Fenced, Mark, YamlLine};
use crate::collections::TextSet;
use crate::readers::paste::{ANY_SPACE, Shapes};
use crate::text::{Chars, LineIndex, Search, SourceKind, Span};

/// The lines of a text.
pub(super) struct Lines<'t> {
    text: &'t str,
    index: &'t LineIndex,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str, index: &'t LineIndex) -> Self {
        Self { text, index }
    }

    fn count(&self) -> usize {
        self.index.lines()
    }

    fn line(&self, number: usize) -> &'t str {
        self.index.line_span(self.text, number).unwrap_or(Span::at(0)).of(self.text)
    }

    /// Where the lines from `first` to `last` stand, the end of the last one left out.
    pub(super) fn span(&self, first: usize, last: usize) -> Span {
        let span = |number| self.index.line_span(self.text, number).unwrap_or(Span::at(self.text.len()));
        span(first).to(span(last))
    }
}

/// A line without what a mail or a forum puts in front of a quotation.
pub(super) fn without_quote_marks(line: &str) -> &str {
    const MARK: Chars = |c| matches!(c, '>' | '│' | '┃');
    let bare = line.trim_start_matches(ANY_SPACE);
    if !bare.starts_with(MARK) {
        return line;
    }
    let behind = bare.trim_start_matches(|c| MARK(c) || c == ' ');
    // The blanks behind the mark but one are the line's own indentation.
    let blanks = bare.len()
        - behind.len()
        - bare.chars().filter(|c| MARK(*c)).take(1).map(char::len_utf8).sum::<usize>();
    let kept = blanks.saturating_sub(1);
    line.get(line.len() - behind.len() - kept..).filter(|rest| !rest.starts_with(MARK)).unwrap_or(behind)
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
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Other,
    Config { column: usize },
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

struct State<'s> {
    shapes: &'s Shapes,
    mode: Mode,
    /// Whether a blank line stands right above.
    behind_blank: bool,
    /// What a file name above, or the block of code around, says.
    hint: Option<SourceKind>,
    fence: Option<Fenced>,
    brackets: Brackets,
    /// Whether the line above goes on in this one.
    is_open: bool,
}

/// What each line is.
pub(super) fn labels(lines: &Lines<'_>, shapes: &Shapes) -> Vec<Label> {
    let mut state = State {
        shapes,
        mode: Mode::Other,
        behind_blank: false,
        hint: None,
        fence: None,
        brackets: Brackets::default(),
        is_open: false,
    };
    let mut labels = Vec::with_capacity(lines.count());
    for number in 0..lines.count() {
        let label = state.label(lines.line(number), lines.line(number + 1));
        state.behind_blank = label == Label::Blank;
        labels.push(label);
    }
    labels
}

fn own(kind: SourceKind, why: Why) -> Label {
    Label::Own { kind, why, sure: true }
}

impl State<'_> {
    fn label(&mut self, line: &str, next: &str) -> Label {
        let bare = without_quote_marks(line);
        let content = bare.trim_matches(ANY_SPACE);
        let column = bare.chars().take_while(|c| ANY_SPACE(*c)).count();
        if content.is_empty() {
            self.is_open = false;
            return Label::Blank;
        }
        if let Some(fenced) = line::fence(content) {
            return self.at_fence(fenced);
        }
        if self.fence == Some(Fenced::Code) {
            return Label::Other;
        }
        if let Some(label) = self.going_on(content, column).or_else(|| self.beginning(content, column, next))
        {
            return label;
        }
        // In a block of code, what an error says may go on in lines that look like nothing.
        if self.mode == Mode::Log && self.fence.is_some() && !self.behind_blank {
            return own(SourceKind::Log, Why::Log);
        }
        let named = line::file_heading(content);
        self.mode = Mode::Other;
        self.hint = named.or(if self.fence.is_some() { self.hint } else { None });
        if content.starts_with('#') {
            return Label::Comment;
        }
        if named.is_some() { Label::Border } else { Label::Other }
    }

    fn at_fence(&mut self, fenced: Fenced) -> Label {
        self.mode = Mode::Other;
        if self.fence.take().is_some() {
            self.hint = None;
        } else {
            self.fence = Some(fenced);
            if let Fenced::Kind(kind) = fenced {
                self.hint = Some(kind);
            }
        }
        Label::Border
    }

    /// The label of a line that goes on with what is above it; `None` where it does not.
    fn going_on(&mut self, content: &str, column: usize) -> Option<Label> {
        match self.mode {
            Mode::Other => None,
            Mode::Json if line::is_of_json(content) => {
                if !self.brackets.read(content) {
                    self.mode = Mode::Other;
                }
                Some(own(SourceKind::AuthStore, Why::Store))
            }
            Mode::LogOfReport => {
                let ends = line::mark(content).is_some()
                    || (self.behind_blank && column == 0 && !line::is_log(content));
                (!ends).then_some(own(SourceKind::Log, Why::LogOfReport))
            }
            Mode::Dump if line::mark(content) == Some(Mark::DumpEnd) => {
                self.mode = Mode::Other;
                Some(own(SourceKind::Report, Why::Dump))
            }
            Mode::Dump => line::is_of_dump(content).then_some(own(SourceKind::Report, Why::Dump)),
            Mode::Show => {
                // The last lines name commands.
                let goes_on =
                    line::is_of_show(content) || (!self.behind_blank && content.starts_with("hermes "));
                goes_on.then_some(own(SourceKind::Report, Why::ConfigShow))
            }
            Mode::Version => line::is_of_version(content).then_some(own(SourceKind::Report, Why::Version)),
            Mode::Listing => (line::continues_listing(content) && !self.behind_blank)
                .then_some(own(SourceKind::Listing, Why::Listing)),
            Mode::Log => (column > 0 && !self.behind_blank).then_some(own(SourceKind::Log, Why::Log)),
            Mode::Unit => {
                let goes_on = line::is_of_unit(content) || self.is_open;
                self.is_open = content.ends_with('\\');
                goes_on.then_some(own(SourceKind::Environ, Why::Unit))
            }
            Mode::Commands => self.next_command(content),
            Mode::Config { column: base } => self.next_of_config(content, column, base),
            Mode::Assignments(_) | Mode::Json => None,
        }
    }

    fn next_command(&mut self, content: &str) -> Option<Label> {
        let goes_on = self.is_open || (!self.behind_blank && line::is_of_shell(content));
        if goes_on {
            self.is_open = content.ends_with('\\');
        }
        goes_on.then_some(own(SourceKind::Commands, Why::Commands))
    }

    fn next_of_config(&mut self, content: &str, column: usize, base: usize) -> Option<Label> {
        if content.starts_with('#') {
            return Some(Label::Comment);
        }
        let line = YamlLine::of(content);
        let goes_on = if self.behind_blank {
            let known = line.is_known(self.shapes);
            let root = line.key.is_some_and(|key| self.shapes.is_root(key)) && !line.is_item;
            root || ((column > base || line.is_item) && (known || line.is_plain()))
        } else {
            column > base || line.is_plain() || line.is_known(self.shapes)
        };
        let is_key = line.key.is_some();
        goes_on.then_some(Label::Own { kind: SourceKind::Config, why: Why::ConfigKeys, sure: is_key })
    }

    /// The label of a line that begins something by what it says itself.
    fn beginning(&mut self, content: &str, column: usize, next: &str) -> Option<Label> {
        if let Some(mark) = line::mark(content) {
            let (mode, kind, why) = match mark {
                Mark::Log => (Mode::LogOfReport, SourceKind::Log, Why::LogOfReport),
                Mark::DumpBegin => (Mode::Dump, SourceKind::Report, Why::Dump),
                Mark::DumpEnd => (Mode::Other, SourceKind::Report, Why::Dump),
            };
            return Some(self.enter(mode, own(kind, why)));
        }
        if line::is_listing(content) {
            return Some(self.enter(Mode::Listing, own(SourceKind::Listing, Why::Listing)));
        }
        if content.starts_with('#') {
            return None;
        }
        let report = |why| own(SourceKind::Report, why);
        if line::begins_dump(content, next) {
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
            || (content.starts_with('{') && self.hint == Some(SourceKind::AuthStore))
        {
            self.brackets = Brackets::default();
            let mode = if self.brackets.read(content) { Mode::Json } else { Mode::Other };
            return Some(self.enter(mode, own(SourceKind::AuthStore, Why::Store)));
        }
        self.command(content).or_else(|| self.variable(content)).or_else(|| self.config(content, column))
    }

    /// Goes over to `mode`. A hint of a file's name is used up by what it spoke of.
    fn enter(&mut self, mode: Mode, label: Label) -> Label {
        let kind = if let Label::Own { kind, .. } = label { Some(kind) } else { None };
        if self.fence.is_none() && self.hint != kind {
            self.hint = None;
        }
        self.mode = mode;
        label
    }

    fn command(&mut self, content: &str) -> Option<Label> {
        let in_shell = self.fence.is_some() && self.hint == Some(SourceKind::Commands);
        let is_command = line::command(content).is_some() || (in_shell && line::is_of_shell(content));
        if !is_command {
            return None;
        }
        self.is_open = content.ends_with('\\');
        let label = self.enter(Mode::Commands, own(SourceKind::Commands, Why::Commands));
        if self.fence.is_none() {
            self.hint = line::file_heading(content);
        }
        Some(label)
    }

    fn variable(&mut self, content: &str) -> Option<Label> {
        let of_dotenv =
            self.hint == Some(SourceKind::DotEnv) || self.mode == Mode::Assignments(SourceKind::DotEnv);
        let name = line::assignment(content);
        let (kind, why) = if line::export(content).is_some() {
            let kind = if of_dotenv { SourceKind::DotEnv } else { SourceKind::Environ };
            (kind, Why::Exports)
        } else if name.is_some() || line::colon_assignment(content).is_some() {
            let kind = match (self.hint, self.mode) {
                (Some(SourceKind::Environ), _) => SourceKind::Environ,
                (_, Mode::Assignments(kind)) => kind,
                _ => SourceKind::DotEnv,
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

    fn config(&mut self, content: &str, column: usize) -> Option<Label> {
        let line = YamlLine::of(content);
        let key = line.key.filter(|key| {
            let root = self.shapes.is_root(key) && !line.is_item;
            root || (self.hint == Some(SourceKind::Config) && self.shapes.is_key(key))
        })?;
        let named = self.hint == Some(SourceKind::Config);
        let sure = named || key.has('_') || line.value.starts_with(['{', '[']);
        let why = if named { Why::Named } else { Why::ConfigKeys };
        Some(self.enter(Mode::Config { column }, Label::Own { kind: SourceKind::Config, why, sure }))
    }
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
    matches!(kind, SourceKind::Config | SourceKind::DotEnv | SourceKind::Environ | SourceKind::Commands)
}

/// The blocks of a text: those of a kind, and between them other text.
pub(super) fn blocks(lines: &Lines<'_>, labels: &[Label]) -> Vec<Block> {
    let mut found = Vec::new();
    let mut least = 0;
    for mut block in runs(labels) {
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

/// The first line of a config whose first settings nobody knows: they stand right above it, a key and a word each, with
/// nothing above them.
fn first_setting(lines: &Lines<'_>, labels: &[Label], block: &Block, least: usize) -> usize {
    if block.kind != Some(SourceKind::Config) {
        return block.first;
    }
    let mut first = block.first;
    while first > least && labels.get(first - 1) == Some(&Label::Other) {
        let line = YamlLine::of(without_quote_marks(lines.line(first - 1)).trim_matches(ANY_SPACE));
        if line.key.is_none() || !line.is_plain() || line.value.is_empty() || line.value.contains(ANY_SPACE) {
            return block.first;
        }
        first -= 1;
    }
    first
}

/// Adds what says something between the lines `first` and `end`.
fn other_text(labels: &[Label], first: usize, end: usize, blocks: &mut Vec<Block>) {
    let says = |number: &usize| labels.get(*number).is_some_and(|label| *label != Label::Blank);
    if let (Some(first), Some(last)) = ((first..end).find(says), (first..end).rfind(says)) {
        blocks.push(Block { kind: None, why: Why::Nothing, first, last, count: 0, sure: true });
    }
}

/// Lines of one kind with nothing but blank lines, comments and a broken line or two between them.
fn runs(labels: &[Label]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut blank, mut border, mut others) = (false, false, 0_usize);
    for (number, label) in labels.iter().enumerate() {
        match *label {
            Label::Blank => blank = true,
            Label::Border => border = true,
            Label::Comment => {}
            Label::Other => others += 1,
            Label::Own { kind, why, sure } => {
                let may_break = matches!(kind, SourceKind::Config | SourceKind::DotEnv | SourceKind::Log);
                let joins = !border && (others == 0 || (may_break && others <= 2 && !blank));
                match blocks.last_mut().filter(|last| joins && last.kind == Some(kind)) {
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

/// Whether a block is what its lines seem to be.
fn is_real(lines: &Lines<'_>, block: &Block, labels: &[Label]) -> bool {
    match block.kind {
        Some(SourceKind::AuthStore) => {
            let text = lines.span(block.first, block.last).of(lines.text);
            block.why == Why::Named
                || ["\"credential_pool\"", "\"active_provider\"", "\"suppressed_sources\"", "\"providers\""]
                    .iter()
                    .any(|field| text.holds(field))
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
        Some(SourceKind::DotEnv) => block.sure || block.count >= 2,
        _ => true,
    }
}

/// Gives comments to the block that they stand at, and to the one that begins or ends what they begin or end.
fn with_comments(labels: &[Label], blocks: &mut [Block]) {
    let at = |number: usize| labels.get(number).copied();
    let mut before = 0;
    for at_block in 0..blocks.len() {
        let end = blocks.get(at_block + 1).map_or(labels.len(), |next| next.first);
        let Some(block) = blocks.get_mut(at_block) else { continue };
        if !block.kind.is_some_and(has_comments) {
            before = block.last + 1;
            continue;
        }
        let first = border_before(labels, block.first, before);
        block.first = first;
        let mut last = block.last;
        while last + 1 < end && at(last + 1) == Some(Label::Comment) {
            last += 1;
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
    if block.kind != Some(SourceKind::DotEnv) || block.why == Why::Named {
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
