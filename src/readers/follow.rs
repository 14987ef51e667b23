//! Follows the lines of YAML by their indentation: whether a line can go on with what stands above it, without reading it
//! all anew. Where the indentation is lost nothing fits, and the caller goes by the keys.

use crate::base::text::{BLANK, Search};
use crate::readers::paste::without_comment;
use crate::readers::yaml_line::{self, YamlLine};

/// How a line goes on with the lines above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::readers) enum Step {
    /// It belongs to a value that began above.
    Inside,
    /// It is a key or an item where one may stand.
    Fits,
    /// It cannot stand there.
    Misfit,
}

/// A mapping or a list that is open.
#[derive(Clone, Copy)]
struct Level {
    column: usize,
    is_list: bool,
    /// Whether its last key or item has no value yet.
    is_open: bool,
}

/// A value that goes on in the lines below.
#[derive(Clone, Copy)]
enum Value {
    /// None does.
    None,
    /// Lines that are indented by more than this.
    Indented(usize),
    /// A text in quotes.
    Quoted(usize, char),
    /// Brackets, so many of them.
    Brackets(usize, usize),
}

/// The state behind a line.
pub(in crate::readers) struct Follow {
    levels: Vec<Level>,
    value: Value,
}

impl Follow {
    /// Behind the line that a file begins with.
    pub(in crate::readers) fn from(column: usize, content: &str) -> Self {
        let mut follow = Self { levels: Vec::new(), value: Value::None };
        follow.step(column, content);
        follow
    }

    /// Whether the lines below belong to a value that began above, as far as they are indented.
    pub(in crate::readers) fn step(&mut self, column: usize, content: &str) -> Step {
        match self.value {
            Value::Indented(parent) if column > parent => return Step::Inside,
            Value::Quoted(parent, quote) if column > parent => {
                if is_closed(content, quote) {
                    self.value = Value::None;
                }
                return Step::Inside;
            }
            Value::Brackets(parent, depth) if column > parent || content.starts_with([']', '}']) => {
                let depth = depth_behind(content, depth);
                self.value = if depth == 0 { Value::None } else { Value::Brackets(parent, depth) };
                return Step::Inside;
            }
            _ => self.value = Value::None,
        }
        if content.starts_with('#') {
            return Step::Inside;
        }
        self.node(column, content)
    }

    fn node(&mut self, mut column: usize, mut content: &str) -> Step {
        loop {
            self.levels.truncate(self.levels.partition_point(|level| level.column <= column));
            let item = content.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with(BLANK));
            let key = if item.is_some() { None } else { key_of(content) };
            if item.is_none() && key.is_none() {
                return self.value_of(content, column);
            }
            if !self.enter(column, item.is_some()) {
                return Step::Misfit;
            }
            let value = item.or(key).unwrap_or("").trim_start_matches(BLANK);
            if let Some(rest) = item
                && !without_comment(value).is_empty()
                && (key_of(value).is_some() || value.starts_with("- "))
            {
                if let Some(list) = self.levels.last_mut() {
                    list.is_open = true;
                }
                column += 1 + rest.len() - value.len();
                content = value;
                continue;
            }
            self.begin(value, column);
            return Step::Fits;
        }
    }

    /// A line without a key: the value of the key above it.
    fn value_of(&mut self, content: &str, column: usize) -> Step {
        match self.levels.last_mut() {
            Some(level) if level.is_open && level.column < column => {
                let parent = level.column;
                self.begin(content, parent);
                Step::Inside
            }
            _ => Step::Misfit,
        }
    }

    /// Enters the mapping or the list at `column`; tells whether one can be there.
    fn enter(&mut self, column: usize, is_list: bool) -> bool {
        if !is_list && self.levels.last().is_some_and(|top| top.column == column && top.is_list) {
            self.levels.pop();
        }
        match self.levels.last_mut() {
            Some(top) if top.column == column && top.is_list == is_list => {
                top.is_open = false;
                return true;
            }
            // A list may stand as far to the left as the key that it is of.
            Some(top) if top.is_open && (top.column < column || is_list) => top.is_open = false,
            Some(_) => return false,
            None => {}
        }
        self.levels.push(Level { column, is_list, is_open: false });
        true
    }

    /// Takes up the value that begins behind a key or a mark at `column`.
    fn begin(&mut self, value: &str, column: usize) {
        let code = without_comment(value);
        let code = if code.starts_with('#') { "" } else { code };
        let bare = without_tags(code);
        let mut open = false;
        self.value = match bare.chars().next() {
            None => {
                open = true;
                Value::None
            }
            Some('|' | '>') => Value::Indented(column),
            Some(quote @ ('"' | '\'')) if !is_closed(bare.get(1..).unwrap_or(""), quote) => {
                Value::Quoted(column, quote)
            }
            Some('{' | '[') => match depth_behind(bare, 0) {
                0 => Value::None,
                depth => Value::Brackets(column, depth),
            },
            Some('"' | '\'' | '*') => Value::None,
            Some(_) => Value::Indented(column),
        };
        if let Some(level) = self.levels.last_mut() {
            level.is_open = open;
        }
    }
}

/// A value without the anchor and the tag that stand in front of it.
pub(super) fn without_tags(mut value: &str) -> &str {
    while value.starts_with(['&', '!']) {
        value = value.split_once(BLANK).map_or("", |(_, rest)| rest.trim_start_matches(BLANK));
    }
    value
}

/// How far the key is indented whose text stands in the lines below this one. An item of a list may be a text itself.
pub(super) fn text_in(line: &str) -> Option<usize> {
    let mut column = indent_of(line);
    let mut content = line.trim();
    while let Some(rest) = content.strip_prefix("- ") {
        let own = rest.trim_start_matches(BLANK);
        if yaml_line::begins_text(without_tags(own)) {
            return Some(column);
        }
        column += content.len() - own.len();
        content = own;
    }
    let value = YamlLine::of(content).key.and(key_of(content))?;
    yaml_line::begins_text(without_tags(value.trim_start_matches(BLANK))).then_some(column)
}

/// How many blanks a line begins with.
pub(super) fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(BLANK).len()
}

/// Whether a text in quotes ends in this rest of it.
fn is_closed(rest: &str, quote: char) -> bool {
    let (mut is_escaped, mut is_closed) = (false, false);
    for c in rest.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if quote == '"' => is_escaped = true,
            // In single quotes two of them are one, which closes and opens.
            _ if c == quote => is_closed = !is_closed || quote == '"',
            _ if is_closed && quote == '"' => break,
            _ => {}
        }
    }
    is_closed
}

/// How many brackets are open behind a line.
fn depth_behind(line: &str, mut depth: usize) -> usize {
    let mut quote: Option<char> = None;
    for c in without_comment(line).chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None => match c {
                '"' | '\'' => quote = Some(c),
                '{' | '[' => depth += 1,
                '}' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            },
        }
    }
    depth
}

/// What stands behind the colon of the key that a line begins with, whatever the key is.
pub(in crate::readers) fn key_of(line: &str) -> Option<&str> {
    let quote = line.chars().next().filter(|c| matches!(c, '"' | '\''));
    let from = match quote {
        Some(quote) => line.get(1..)?.find(quote)? + 2,
        None if line.starts_with(['{', '[', '#', '|', '>', '&', '*', '!', '%', '@', '`']) => return None,
        None => 0,
    };
    let rest = line.get(from..)?;
    let mut at = 0;
    loop {
        let colon = at + rest.get(at..)?.find(':')?;
        let behind = rest.get(colon + 1..)?;
        if behind.is_empty() || behind.starts_with(BLANK) {
            let own = rest.get(..colon)?;
            return (!own.holds(" #")).then_some(behind);
        }
        at = colon + 1;
    }
}
