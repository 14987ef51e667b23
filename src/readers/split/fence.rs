//! The lines of a text, and the blocks of code in it: fences of Markdown, also within quotations, items of lists and each
//! other, and `<pre>` of HTML.

use super::front::Front;
use super::line::{self, Fenced};
use super::talk;
use crate::base::text::{BLANK, LineIndex, Search, Span};
use crate::python::is_alphanumeric;
use crate::readers::follow::{indent_of, key_of, text_in};

/// A block of code.
pub(super) struct Region {
    /// What its fence says of it.
    pub(super) fenced: Fenced,
    /// Its first line, and the one behind its last.
    pub(super) first: usize,
    pub(super) end: usize,
    /// How many quote marks stand in front of its fence, and how far it is indented.
    depth: usize,
    indent: usize,
}

/// What a line is beside the blocks of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It stands in none.
    Outside,
    /// It begins or ends the one of this number; one that never ends has none.
    Fence(Option<usize>),
    /// It stands in the one of this number.
    Inside(usize),
}

/// The lines of a text. A fence that shares its line with other text, as chats have it, is a line of its own.
pub(super) struct Lines<'t> {
    pub(super) text: &'t str,
    spans: Vec<Span>,
    /// What stands in front of each line and is not of the file.
    pub(super) fronts: Vec<Option<Front>>,
    /// Whether each line stands in the text of a setting, where a fence is of the text.
    of_texts: Vec<bool>,
    roles: Vec<Role>,
    pub(super) regions: Vec<Region>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let index = LineIndex::new(text);
        let mut spans = Vec::with_capacity(index.lines());
        let mut of_texts = Vec::with_capacity(index.lines());
        let mut texts = Texts::default();
        for number in 0..index.lines() {
            let span = index.line_span(text, number).unwrap_or(Span::at(text.len()));
            let mut start = span.start;
            for cut in texts.cuts(span.of(text)).into_iter().flatten() {
                spans.push(Span::new(start, span.start + cut));
                of_texts.push(texts.read(Span::new(start, span.start + cut).of(text)));
                start = span.start + cut;
            }
            spans.push(Span::new(start, span.end));
            of_texts.push(texts.read(Span::new(start, span.end).of(text)));
        }
        let (fronts, roles, regions) = (Vec::new(), Vec::new(), Vec::new());
        let mut lines = Self { text, spans, fronts, of_texts, roles, regions };
        lines.find_regions();
        lines
    }

    pub(super) fn count(&self) -> usize {
        self.spans.len()
    }

    pub(super) fn line(&self, number: usize) -> &'t str {
        let line = self.spans.get(number).map_or("", |span| span.of(self.text));
        let width = self.front(number).map_or(0, |front| front.width(self.text, line));
        line.get(width..).unwrap_or("")
    }

    /// What is left out in front of a line.
    pub(super) fn front(&self, number: usize) -> Option<Front> {
        self.fronts.get(number).copied().flatten()
    }

    /// Who says a line, where that stands in front of it.
    pub(super) fn speaker(&self, number: usize) -> Option<&'t str> {
        match self.front(number)? {
            Front::Speaker => {
                talk::speaker(self.spans.get(number)?.of(self.text)).map(|speaker| speaker.name)
            }
            Front::Name(name) => Some(name.of(self.text)),
            _ => None,
        }
    }

    /// Where the lines from `first` to `last` stand, the end of the last one left out.
    pub(super) fn span(&self, first: usize, last: usize) -> Span {
        let at_end = Span::at(self.text.len());
        let span = |number| self.spans.get(number).copied().unwrap_or(at_end);
        span(first).to(span(last))
    }

    pub(super) fn role(&self, number: usize) -> Role {
        self.roles.get(number).copied().unwrap_or(Role::Outside)
    }

    /// A line of a block of code without what stands in front of the block's fence as well.
    pub(super) fn inside(&self, number: usize, region: &Region) -> &'t str {
        let mut line = self.line(number);
        for _ in 0..region.depth {
            line = behind_mark(line).unwrap_or(line);
        }
        let blanks = line.len() - line.trim_start_matches(BLANK).len();
        line.get(blanks.min(region.indent)..).unwrap_or(line)
    }

    fn find_regions(&mut self) {
        let fences: Vec<Option<Fence<'_>>> = self
            .of_texts
            .iter()
            .enumerate()
            .map(|(number, is_of_text)| if *is_of_text { None } else { Fence::of(self.line(number)) })
            .collect();
        let mut ends = Ends::of(&fences);
        // The blocks that are open, the innermost one last.
        let mut open: Vec<Open> = Vec::new();
        for (number, fence) in fences.iter().enumerate() {
            let (depth, indent) = depth_of(self.line(number));
            ends.pass();
            // A block in a quotation ends with it.
            while open.last().is_some_and(|last| depth < last.depth) {
                self.close(&mut open, number);
            }
            let own = open
                .last()
                .filter(|last| !last.is_outer)
                .map_or(Role::Outside, |last| Role::Inside(last.region));
            let Some(fence) = fence.as_ref().filter(|fence| open.last().is_none_or(|last| fence.is_of(last)))
            else {
                self.roles.push(own);
                continue;
            };
            let length = fence.length;
            if fence.ends && open.last().is_some_and(|last| length >= last.length) {
                while open.len() > 1 && open.last().is_some_and(|last| last.length < length) {
                    self.close(&mut open, number);
                }
                let ended = open.last().map(|last| last.region);
                self.close(&mut open, number);
                self.roles.push(Role::Fence(ended));
                continue;
            }
            if !fence.begins || (depth == 0 && !ends.are_behind(fence)) {
                // It ends nothing, or never ends: no block of code, but nothing goes on across it.
                self.roles.push(if open.is_empty() { Role::Fence(None) } else { own });
                continue;
            }
            match open.last_mut() {
                // Who begins the next block has forgotten to end the one before.
                Some(last) if length >= last.length => self.close(&mut open, number),
                // A block that holds blocks is a text in which anything may stand.
                Some(last) if !last.is_outer => {
                    last.is_outer = true;
                    let first = self.regions.get(last.region).map_or(0, |region| region.first);
                    for role in self.roles.iter_mut().skip(first).filter(|role| **role == own) {
                        *role = Role::Outside;
                    }
                }
                _ => {}
            }
            let region = self.regions.len();
            self.roles.push(Role::Fence(Some(region)));
            self.regions.push(Region {
                fenced: line::info(fence.info),
                first: number + 1,
                end: number + 1,
                depth,
                indent,
            });
            let may_hold_blocks = line::info(fence.info) == Fenced::Anything;
            open.push(Open { region, sign: fence.sign, length, depth, may_hold_blocks, is_outer: false });
        }
        let end = self.count();
        while !open.is_empty() {
            self.close(&mut open, end);
        }
    }

    fn close(&mut self, open: &mut Vec<Open>, end: usize) {
        if let Some(region) = open.pop().and_then(|last| self.regions.get_mut(last.region)) {
            region.end = end;
        }
    }
}

/// Follows the texts of settings: block scalars of YAML, in a block of code and in the open.
#[derive(Default)]
struct Texts {
    /// How many quote marks stand in front of the key of the text that is open, and how far the key is indented behind them.
    open: Option<(usize, usize)>,
    /// How far the fence is indented that begins the block of code around.
    fence: Option<usize>,
}

impl Texts {
    /// Whether a line is of the text that is open.
    fn has(&self, line: &str) -> bool {
        self.open.is_some_and(|(depth, column)| {
            behind_marks(line, depth).is_some_and(|own| own.trim().is_empty() || indent_of(own) > column)
        })
    }

    /// Where a line is cut: that of a text only where the block of code around may end behind it.
    fn cuts(&self, line: &str) -> [Option<usize>; 2] {
        let cuts = cuts(line);
        let ends = |cut: usize| self.fence.is_some() && is_end(line.get(cut..).unwrap_or(""));
        match cuts {
            [Some(cut), _] if self.has(line) && !ends(cut) => [None, None],
            _ => cuts,
        }
    }

    /// Reads a line; tells whether it is of a text that began above.
    fn read(&mut self, line: &str) -> bool {
        let fence = Fence::of(line);
        if self.has(line) {
            // The block of code around ends no farther to the right than it begins.
            let ends = fence.is_some() && self.fence.is_some_and(|column| depth_of(line).1 <= column);
            if !ends {
                return true;
            }
        }
        self.open = None;
        let (depth, indent) = depth_of(line);
        match fence {
            Some(fence) => {
                let is_end = fence.ends && (self.fence.is_some() || !fence.begins);
                self.fence = (!is_end).then_some(indent);
            }
            None => {
                let own = behind_marks(line, depth).unwrap_or("");
                self.open = text_in(own).map(|column| (depth, column));
            }
        }
        false
    }
}

/// Whether a line is the end of a block of code.
fn is_end(line: &str) -> bool {
    Fence::of(line).is_some_and(|fence| fence.ends)
}

/// A block that is open.
struct Open {
    region: usize,
    sign: char,
    length: usize,
    depth: usize,
    /// Whether nothing says that it is one file, so that blocks may stand in it.
    may_hold_blocks: bool,
    /// Whether blocks stand in it.
    is_outer: bool,
}

/// A line that begins or ends a block of code.
struct Fence<'t> {
    sign: char,
    length: usize,
    info: &'t str,
    begins: bool,
    ends: bool,
}

/// The sign of `<pre>`.
const HTML: char = '<';

impl<'t> Fence<'t> {
    fn of(line: &'t str) -> Option<Self> {
        let mut bare = line.trim();
        while let Some(behind) = behind_mark(bare) {
            bare = behind.trim_start();
        }
        if bare.starts_with("<pre") || bare.starts_with("</pre>") || bare == "</code></pre>" {
            let begins = bare.starts_with("<pre");
            return Some(Self { sign: HTML, length: 1, info: "", begins, ends: !begins });
        }
        // A block may be the first thing in an item of a list.
        let item =
            ["- ", "* ", "+ "].iter().find_map(|mark| bare.strip_prefix(mark)).or_else(|| numbered(bare));
        let bare = item.map_or(bare, str::trim_start);
        let sign = bare.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
        let info = bare.trim_start_matches(sign);
        let length = bare.len() - info.len();
        let info = info.trim();
        if length < 3 || info.has('`') || !is_info(info) {
            return None;
        }
        // Chats have words behind a fence; those are behind its end.
        let is_word = info.chars().all(|c| is_alphanumeric(c) || "-_+.#{}".has(c));
        let is_said = !is_word && !line::is_language(info);
        Some(Self {
            sign,
            length,
            info,
            begins: !is_said,
            ends: (info.is_empty() || is_said) && item.is_none(),
        })
    }

    /// Whether it means something inside of `open`.
    fn is_of(&self, open: &Open) -> bool {
        let may_nest = open.may_hold_blocks && !self.info.is_empty();
        self.sign == open.sign && (self.length >= open.length || may_nest || open.is_outer)
    }
}

/// What stands behind `1. `.
fn numbered(line: &str) -> Option<&str> {
    let behind = line.trim_start_matches(|c: char| c.is_ascii_digit());
    if behind.len() == line.len() {
        None
    } else {
        behind.strip_prefix(". ").or_else(|| behind.strip_prefix(") "))
    }
}

/// Whether this may stand behind the signs of a fence: a word, and what some programs have behind it.
fn is_info(info: &str) -> bool {
    let mut words = info.split_whitespace();
    let first = words.next().unwrap_or("");
    if !first.is_empty() && !first.starts_with(|c: char| is_alphanumeric(c) || matches!(c, '{' | '.')) {
        return false;
    }
    let has_value = first.has('=') || first.has(':');
    !has_value && (words.count() < 2 || line::is_language(first))
}

/// The longest fences of each sign that may end a block further down, so that a block without an end is known where it
/// begins.
struct Ends {
    /// By line from the end: the length of the longest one there or below, for each sign.
    longest: Vec<[usize; 3]>,
}

impl Ends {
    fn of(fences: &[Option<Fence<'_>>]) -> Self {
        let mut longest = vec![[0; 3]];
        let mut now = [0; 3];
        for fence in fences.iter().rev() {
            if let Some(fence) = fence.as_ref().filter(|fence| fence.ends)
                && let Some(own) = now.get_mut(place_of(fence.sign))
            {
                *own = fence.length.max(*own);
            }
            longest.push(now);
        }
        Self { longest }
    }

    /// Goes on to the lines below the next one.
    fn pass(&mut self) {
        self.longest.pop();
    }

    fn are_behind(&self, fence: &Fence<'_>) -> bool {
        let longest = self.longest.last().and_then(|longest| longest.get(place_of(fence.sign)));
        longest.is_some_and(|longest| *longest >= fence.length)
    }
}

fn place_of(sign: char) -> usize {
    match sign {
        '`' => 0,
        '~' => 1,
        _ => 2,
    }
}

/// What stands behind the first quote mark of a line and the blank behind it.
fn behind_mark(line: &str) -> Option<&str> {
    let behind = line.trim_start_matches(BLANK).strip_prefix('>')?;
    Some(behind.strip_prefix(' ').unwrap_or(behind))
}

/// What stands behind so many quote marks, where they are there.
fn behind_marks(line: &str, depth: usize) -> Option<&str> {
    (0..depth).try_fold(line, |rest, _| behind_mark(rest))
}

/// How many quote marks stand in front of a line, and how far it is indented behind them.
fn depth_of(line: &str) -> (usize, usize) {
    let (mut depth, mut rest) = (0, line);
    while let Some(behind) = behind_mark(rest) {
        depth += 1;
        rest = behind;
    }
    (depth, indent_of(rest))
}

/// Where a line is cut, because a fence stands in it beside other text: ```` ```model: ````, ```` my config: ```yaml ````,
/// `<pre>model:`.
fn cuts(line: &str) -> [Option<usize>; 2] {
    const TICKS: &str = "```";
    let mut found = [None, None];
    let bare = line.trim_start();
    let before = line.len() - bare.len();
    if bare.starts_with("<pre") {
        let mut at = before;
        while let Some(rest) =
            line.get(at..).filter(|rest| rest.starts_with("<pre") || rest.starts_with("<code"))
        {
            match rest.find('>') {
                Some(end) => at += end + 1,
                None => return found,
            }
        }
        found = [Some(at).filter(|at| *at < line.len()), None];
    } else if let Some(at) = line.find_text("</pre>").or_else(|| line.find_text("</code></pre>")) {
        let at = line.get(..at).map_or(at, |text| text.strip_suffix("</code>").map_or(at, str::len));
        found = [Some(at).filter(|at| *at > 0), None];
    } else if let Some(at) = line.find_text(TICKS) {
        let behind = line.get(at..).unwrap_or("").trim_start_matches('`');
        let end = line.len() - behind.len();
        if behind.holds(TICKS) {
            return found;
        }
        let is_first = line.get(..at).is_none_or(|text| text.trim_matches([' ', '\t', '>']).is_empty());
        if is_first && !behind.is_empty() && !is_info(behind.trim()) {
            found = [Some(end), None];
        } else if !is_first
            && Fence::of(line).is_none()
            && (behind.trim().is_empty() || line::is_language(behind.trim()))
        {
            found = [Some(at), None];
        } else if !is_first
            && Fence::of(line).is_none()
            && (line::assignment(behind).is_some() || key_of(behind).is_some())
        {
            // A file begins right behind it.
            found = [Some(at), Some(end)];
        }
    }
    found
}
