//! Puts lost indentation back: what belongs under what is known, so the nesting can be worked out of the keys alone.

use super::characters::marker;
use super::lines::{ANY_SPACE, Line, opens_block, without_comment};
use super::readings::{Doubt, Place, Trial, Why, tried};
use super::shape::{Fit, Form, MOVED, Shape, Shapes};
use crate::base::collections::TextSet;
use crate::base::text::{BLANK, Chars, Edit, Search, Span};

/// Nesting deeper than any that Hermes knows is none that a text has lost.
const DEEPEST: usize = 16;

/// A text with its nesting put back.
pub(super) struct Rebuilt {
    /// What changes: white space and list marks at line starts, and lines that are no lines of the file.
    pub(super) edits: Vec<Edit>,
    /// The first line that moves: its key or item, and the key that it belongs under.
    pub(super) first: Option<(Span, Option<Span>)>,
    /// How many lines move.
    pub(super) moved: usize,
    /// How many of them move to where they are known to belong.
    pub(super) known: usize,
    /// What was assumed of each key that lines were moved under, in the order of the text.
    pub(super) assumed: Vec<Assumed>,
    /// What could be read in another way.
    pub(super) doubts: Vec<Doubt>,
    /// Whether the text is too long for all lines to be tried in another way.
    pub(super) is_partly_tried: bool,
    /// How many lines stand where Hermes knows or lets users choose their key.
    pub(super) well: usize,
    /// Lines that could go elsewhere.
    pub(super) trials: Vec<Trial>,
}

/// What was taken to belong under a key, or to begin at the margin.
#[derive(Clone, Debug)]
pub struct Assumed {
    /// The key; `None` for the file itself.
    pub owner: Option<Span>,
    /// The different keys under it, in the order of the text.
    pub keys: Vec<Span>,
    /// How many list items they were taken for.
    pub items: usize,
    moved: usize,
    names: TextSet,
}

/// What a line says.
pub(super) enum Content {
    Blank,
    Comment,
    Decoration,
    Line(Item),
}

pub(super) struct Item {
    /// Whether it begins a list item.
    dash: bool,
    /// The key, where it has one.
    key: Option<(String, Form)>,
    /// From the first character that is no white space and no list mark.
    body: Span,
    /// The column of that character as it is now.
    column: usize,
}

/// A container that the next line may stand in.
struct Frame<'s> {
    shape: Shape<'s>,
    is_list: bool,
    /// The keys that it has.
    present: TextSet,
    /// Where its lines begin afterwards.
    indent: usize,
    /// Where they begin now.
    column: usize,
    /// The key that it stands under.
    owner: Option<Span>,
}

/// A key without a value: what follows may stand under it.
struct Pending<'s> {
    shape: Shape<'s>,
    indent: usize,
    column: usize,
    owner: Span,
}

/// Works the nesting out. `edits` are those that mend characters within lines, in order; the lines are read as they
/// will be. `None` where a line is none of a key, an item and a comment, or where block scalars or collections of
/// several lines need white space that is not there any more.
pub(super) fn rebuild(text: &str, lines: &[Line], edits: &[Edit], shapes: &Shapes) -> Option<Rebuilt> {
    let contents = contents(text, lines, edits)?;
    let plain = built(text, lines, &contents, shapes, &[])?;
    let mut rebuilt =
        tried(text, lines, &contents, shapes).unwrap_or(Rebuilt { is_partly_tried: true, ..plain });
    rebuilt.assumed.retain(|assumed| assumed.moved > 0);
    Some(rebuilt)
}

/// The nesting, with some lines where they are tried, in the order of the lines.
pub(super) fn built(
    text: &str,
    lines: &[Line],
    contents: &[Content],
    shapes: &Shapes,
    moved: &[(usize, Place)],
) -> Option<Rebuilt> {
    let mut moved = moved.iter().peekable();
    let mut builder = Builder { shapes, frames: Vec::new(), pending: None, tried: None, second: None };
    builder.frames.push(Frame::new(shapes.root(), false, 0, 0, None));
    let mut rebuilt = Rebuilt {
        edits: Vec::new(),
        first: None,
        moved: 0,
        known: 0,
        assumed: Vec::new(),
        doubts: Vec::new(),
        is_partly_tried: false,
        well: 0,
        trials: Vec::new(),
    };
    let mut comments = Vec::new();
    let mut contents = lines.iter().zip(contents).enumerate().peekable();
    while let Some((number, (line, content))) = contents.next() {
        let item = match content {
            Content::Blank => continue,
            Content::Decoration => {
                rebuilt.edits.push(Edit::delete(line.full));
                continue;
            }
            Content::Comment => {
                comments.push(line);
                continue;
            }
            Content::Line(item) => item,
        };
        let next = contents.clone().find_map(|(_, (_, content))| match content {
            Content::Line(item) => Some(item),
            _ => None,
        });
        builder.tried = moved.next_if(|(line, _)| *line == number).map(|(_, place)| *place);
        let is_item = item.dash || matches!(builder.tried, Some(Place::Item));
        let Spot { indent, owner, known, well } = builder.place(item, next)?;
        rebuilt.well += usize::from(well);
        if let Some((place, other, why)) = builder.second.take() {
            let is_item = matches!(place, Place::Item);
            let doubt = Doubt { key: item.body, owner, other, is_item, why };
            rebuilt.trials.push(Trial { line: number, place, doubt });
        }
        for comment in comments.drain(..) {
            reindent(text, comment.span.start, comment.content, &" ".repeat(indent), &mut rebuilt.edits);
        }
        let prefix = " ".repeat(indent) + if is_item { "- " } else { "" };
        let moves = reindent(text, line.span.start, item.body.start, &prefix, &mut rebuilt.edits);
        rebuilt.assume(owner, item, is_item, moves);
        if moves {
            rebuilt.moved += 1;
            rebuilt.known += usize::from(known);
            let _ = rebuilt.first.get_or_insert((item.body, owner));
        }
    }
    Some(rebuilt)
}

impl Rebuilt {
    fn assume(&mut self, owner: Option<Span>, item: &Item, is_item: bool, moves: bool) {
        // The first line under a key follows it, so that keys come in their order.
        let at = match self.assumed.binary_search_by(|assumed| assumed.owner.cmp(&owner)) {
            Ok(at) => at,
            Err(at) => {
                let (keys, names) = (Vec::new(), TextSet::new());
                self.assumed.insert(at, Assumed { owner, keys, items: 0, moved: 0, names });
                at
            }
        };
        let Some(assumed) = self.assumed.get_mut(at) else { return };
        assumed.items += usize::from(is_item);
        assumed.moved += usize::from(moves);
        if let Some((name, _)) = &item.key
            && assumed.names.insert(name)
        {
            assumed.keys.push(item.body);
        }
    }
}

fn reindent(text: &str, from: usize, to: usize, prefix: &str, edits: &mut Vec<Edit>) -> bool {
    let span = Span::new(from, to);
    let differs = span.of(text) != prefix;
    if differs {
        edits.push(Edit::replace(span, prefix));
    }
    differs
}

fn contents(text: &str, lines: &[Line], edits: &[Edit]) -> Option<Vec<Content>> {
    let mut edits = edits.iter().peekable();
    let mut contents = Vec::with_capacity(lines.len());
    for line in lines {
        while edits.next_if(|edit| edit.span.start < line.span.start).is_some() {}
        let mut own = Vec::new();
        while let Some(edit) = edits.next_if(|edit| edit.span.end <= line.span.end) {
            own.push(edit);
        }
        contents.push(if line.is_decoration {
            Content::Decoration
        } else if line.is_blank() {
            Content::Blank
        } else if line.in_block {
            return None;
        } else if line.text(text).starts_with('#') {
            Content::Comment
        } else {
            Content::Line(item(text, line, &own)?)
        });
    }
    Some(contents)
}

fn item(text: &str, line: &Line, edits: &[&Edit]) -> Option<Item> {
    let shown = line.text(text);
    let length = marker(shown).unwrap_or(0);
    let behind = shown.get(length..)?;
    let body = behind.trim_start_matches(ANY_SPACE);
    let start = line.span.end - body.len();
    let dash = length > 0;
    // A list in a list, and an item whose text stands on the next line.
    if dash && (body.is_empty() || marker(body).is_some()) {
        return None;
    }
    let body = Span::new(start, line.span.end);
    let mut read = String::new();
    let mut done = body.start;
    for edit in edits.iter().filter(|edit| edit.span.start >= body.start) {
        read.push_str(Span::new(done, edit.span.start).of(text));
        read.push_str(&edit.text);
        done = edit.span.end;
    }
    read.push_str(Span::new(done, body.end).of(text));
    if opens_block(&read) {
        return None;
    }
    let key = match split_key(&read) {
        Some((name, value)) => Some((name.to_owned(), form(value)?)),
        None if dash => {
            let _ = form(&read)?;
            None
        }
        None => return None,
    };
    let column = line.column(text) + Span::new(line.content, start).of(text).chars().count();
    Some(Item { dash, key, body, column })
}

/// `key: value`, with the comment still behind the value.
fn split_key(body: &str) -> Option<(&str, &str)> {
    const INDICATOR: Chars = |c| "[]{}&*!|>%@`#,?".has(c);
    if let Some(quote) = body.chars().next().filter(|c| *c == '"' || *c == '\'') {
        let inner = body.strip_prefix(quote)?;
        let (name, rest) = inner.split_once(quote)?;
        let value = rest.trim_start_matches(' ').strip_prefix(':')?;
        return (value.is_empty() || value.starts_with(BLANK)).then_some((name, value));
    }
    if body.starts_with(INDICATOR) {
        return None;
    }
    let code = without_comment(body);
    let at = code
        .match_indices(':')
        .map(|(at, _)| at)
        .find(|at| code.get(at + 1..).is_some_and(|behind| behind.is_empty() || behind.starts_with(BLANK)))?;
    Some((code.get(..at)?.trim_end(), body.get(at + 1..)?))
}

/// How a value is written; `None` where it goes on in the next line.
fn form(value: &str) -> Option<Form> {
    const PROPERTY: Chars = |c| matches!(c, '&' | '!');
    let mut value = without_comment(value.trim_start_matches(BLANK));
    while value.starts_with(PROPERTY) {
        value = value.split_once(BLANK).map_or("", |(_, rest)| rest.trim_start());
    }
    let mut chars = value.chars();
    match chars.next() {
        None => Some(Form::Empty),
        Some('{') => is_closed(value).then_some(Form::Map),
        Some('[') => is_closed(value).then_some(Form::List),
        Some('"' | '\'') => is_closed(value).then_some(Form::Scalar),
        Some(_) => Some(Form::Scalar),
    }
}

/// Whether all brackets and quotes of a value are closed at its end.
fn is_closed(value: &str) -> bool {
    let mut depth = 0_usize;
    let mut quote: Option<char> = None;
    let mut escaped = false;
    let mut before = ' ';
    for c in value.chars() {
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None => match c {
                '"' | '\'' if " \t[{,:".has(before) => quote = Some(c),
                '[' | '{' => depth += 1,
                ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            },
        }
        before = c;
    }
    depth == 0 && quote.is_none()
}

impl<'s> Frame<'s> {
    fn new(shape: Shape<'s>, is_list: bool, indent: usize, column: usize, owner: Option<Span>) -> Self {
        Self { shape, is_list, present: TextSet::new(), indent, column, owner }
    }
}

/// How well a place suits a line; the greatest wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Whether what follows suits what would be open then.
    next: i8,
    fit: Fit,
    /// Whether its other lines begin where this one begins now, which says something where not all is flat.
    level: bool,
    /// How deep it is; the pending key is deepest.
    depth: usize,
}

/// Where a line goes.
struct Spot {
    /// Its indentation.
    indent: usize,
    /// The key that it stands under.
    owner: Option<Span>,
    /// Whether that is known of it.
    known: bool,
    /// Whether its value is known to suit as well.
    well: bool,
}

struct Builder<'s> {
    shapes: &'s Shapes,
    frames: Vec<Frame<'s>>,
    pending: Option<Pending<'s>>,
    /// Where the line has to go.
    tried: Option<Place>,
    /// Where the line could go as well, under which key, and why it does not.
    second: Option<(Place, Option<Span>, Why)>,
}

impl<'s> Builder<'s> {
    fn place(&mut self, item: &Item, next: Option<&Item>) -> Option<Spot> {
        let is_item = item.dash || matches!(self.tried, Some(Place::Item));
        let dash = if is_item { Some(self.list(item)?) } else { None };
        let Some((name, form)) = &item.key else {
            self.pending = None;
            return dash;
        };
        let at = match dash {
            Some(_) => self.frames.len().checked_sub(1)?,
            None => self.choose(item, name, *form, next)?,
        };
        let frame = self.frames.get_mut(at)?;
        let _ = frame.present.insert(name);
        frame.column = item.column;
        let (shape, own, under) = (frame.shape, frame.indent, frame.owner);
        self.frames.truncate(at + 1);
        self.pending = (*form == Form::Empty).then(|| Pending {
            shape: shape.under(name),
            indent: own,
            column: item.column,
            owner: item.body,
        });
        if self.frames.len() > DEEPEST {
            return None;
        }
        let fit = self.shapes.fit(shape, name, *form);
        let (known, well) = (fit >= Some(Fit::Loose), fit >= Some(Fit::Named));
        Some(Spot { known, well, ..dash.unwrap_or(Spot { indent: own, owner: under, known, well }) })
    }

    /// Opens or finds the list of an item, and the item where it has keys. Returns where the dash stands.
    fn list(&mut self, item: &Item) -> Option<Spot> {
        let wanted = |list: Shape<'_>| match &item.key {
            Some((name, form)) => self.shapes.fit(list, name, *form).is_some(),
            None => !matches!(list, Shape::Map(_)),
        };
        let open = |frames: &[Frame<'s>], any: bool| {
            frames.iter().rposition(|frame| frame.is_list && (any || wanted(frame.shape)))
        };
        let at = match self.pending.take() {
            // A list suits the key, or no other list is open.
            Some(pending)
                if !matches!(pending.shape, Shape::Map(_)) || open(&self.frames, true).is_none() =>
            {
                let items = pending.shape.items().unwrap_or(Shape::Any);
                self.frames.push(Frame::new(
                    items,
                    true,
                    pending.indent + 2,
                    item.column,
                    Some(pending.owner),
                ));
                self.frames.len() - 1
            }
            _ => open(&self.frames, false).or_else(|| open(&self.frames, true))?,
        };
        self.frames.truncate(at + 1);
        let list = self.frames.get(at)?;
        let (shape, indent, owner) = (list.shape, list.indent, list.owner);
        if item.key.is_some() {
            self.frames.push(Frame::new(shape, false, indent + 2, item.column, owner));
        }
        let known = !matches!(shape, Shape::Any);
        Some(Spot { indent, owner, known, well: known })
    }

    /// The container of a key without a dash, opened where it is the one under the pending key.
    fn choose(&mut self, item: &Item, name: &str, form: Form, next: Option<&Item>) -> Option<usize> {
        let mut scores = Vec::new();
        for (depth, frame) in self.frames.iter().enumerate() {
            if !frame.is_list && !frame.present.contains(name) {
                let level = item.column > 0 && frame.column == item.column;
                scores.extend(self.score(frame.shape, name, form, next, level, depth));
            }
        }
        let depth = self.frames.len();
        if let Some(pending) = &self.pending {
            // An empty section takes what suits it even from its own column: that is what flat means.
            let level = item.column >= pending.column;
            scores.extend(self.score(pending.shape, name, form, next, level, depth));
        }
        let best = scores.iter().max().filter(|best| best.fit > Fit::Open).copied();
        let mut at = match best {
            Some(best) => best.depth,
            // Written twice at the root, as it is.
            None if self.shapes.is_root(name) => 0,
            None => self.where_unknown_keys_go(item.column),
        };
        match self.tried {
            Some(Place::Depth(tried)) => at = tried,
            _ => self.second = self.second(&scores, best, at, item, name, form),
        }
        if at == depth {
            let pending = self.pending.take()?;
            self.frames.push(Frame::new(
                pending.shape,
                false,
                pending.indent + 2,
                item.column,
                Some(pending.owner),
            ));
        }
        Some(at)
    }

    /// The place that suits a key as well as the one that is taken, `at`.
    fn second(
        &self,
        scores: &[Score],
        best: Option<Score>,
        at: usize,
        item: &Item,
        name: &str,
        form: Form,
    ) -> Option<(Place, Option<Span>, Why)> {
        let equal = |best: Score| {
            let is_equal = |score: &&Score| {
                let (own, other) = ((score.next, score.fit, score.level), (best.next, best.fit, best.level));
                own == other && score.fit >= Fit::Named && score.depth != best.depth
            };
            scores.iter().filter(is_equal).max().filter(|other| other.depth > 0 || !self.is_moved(name, at))
        };
        if let Some(other) = best.and_then(equal) {
            return Some((Place::Depth(other.depth), self.owner_at(other.depth), Why::Nearer));
        }
        let knows = |items: Shape<'s>| self.shapes.fit(items, name, form) == Some(Fit::Known);
        // A list that waits for its first item, or one whose item has such a key already: the mark may be lost.
        let waits = self.pending.as_ref().filter(|pending| pending.shape.items().is_some_and(knows));
        let behind = self.frames.get(at + 1..).unwrap_or(&[]).windows(2);
        let goes_on = behind.rev().find_map(|pair| match pair {
            [list, item] if list.is_list && item.present.contains(name) && knows(item.shape) => item.owner,
            _ => None,
        });
        if let Some(owner) = waits.map(|pending| pending.owner).or(goes_on) {
            return Some((Place::Item, Some(owner), Why::NoMark));
        }
        let is_root_free = self.frames.first().is_some_and(|root| !root.present.contains(name));
        let is_unknown = best.is_none() && at > 0 && item.column == 0 && is_root_free;
        is_unknown.then_some((Place::Depth(0), None, Why::Unknown))
    }

    fn owner_at(&self, depth: usize) -> Option<Span> {
        match self.frames.get(depth) {
            Some(frame) => frame.owner,
            None => self.pending.as_ref().map(|pending| pending.owner),
        }
    }

    /// Whether Hermes takes `name` at the root for the same key of the section at `depth`.
    fn is_moved(&self, name: &str, depth: usize) -> bool {
        let shape = match self.frames.get(depth) {
            Some(frame) => Some(frame.shape),
            None => self.pending.as_ref().map(|pending| pending.shape),
        };
        let mut moved = MOVED.iter().filter(|(moved, _)| *moved == name);
        moved.any(|(_, section)| match (shape, self.shapes.root().under(section)) {
            (Some(Shape::Map(own)), Shape::Map(section)) => std::ptr::eq(own, section),
            _ => false,
        })
    }

    fn score(
        &self,
        shape: Shape<'s>,
        name: &str,
        form: Form,
        next: Option<&Item>,
        level: bool,
        depth: usize,
    ) -> Option<Score> {
        let fit = self.shapes.fit(shape, name, form)?;
        let follows = match next {
            Some(next) if form == Form::Empty && fit >= Fit::Named => self.follows(shape.under(name), next),
            _ => 0,
        };
        Some(Score { next: follows, fit, level, depth })
    }

    /// Whether `next` suits the inside of `shape`: 1 for yes, -1 for no, 0 where nobody can tell.
    fn follows(&self, shape: Shape<'_>, next: &Item) -> i8 {
        match (shape, &next.key) {
            (Shape::List(_), _) if next.dash => 1,
            (Shape::Map(_) | Shape::Scalar, _) if next.dash => -1,
            (Shape::Map(_), Some((name, form))) => {
                i8::from(self.shapes.fit(shape, name, *form) == Some(Fit::Known))
            }
            _ => 0,
        }
    }

    /// A key that is known nowhere stays where the lines of its column are; in a flat text in what is open.
    fn where_unknown_keys_go(&self, column: usize) -> usize {
        let pending = self.pending.as_ref().filter(|pending| !matches!(pending.shape, Shape::Scalar));
        if column > 0 {
            let level = self.frames.iter().rposition(|frame| !frame.is_list && frame.column == column);
            match (level, pending) {
                (_, Some(pending)) if column > pending.column => return self.frames.len(),
                (Some(level), _) => return level,
                _ => {}
            }
        }
        if pending.is_some_and(|pending| !matches!(pending.shape, Shape::List(_))) {
            return self.frames.len();
        }
        self.frames.iter().rposition(|frame| !frame.is_list).unwrap_or(0)
    }
}
