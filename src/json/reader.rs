//! The grammar: values, objects and arrays, read with a stack of our own instead of recursion.

use super::{BYTE_ORDER_MARK, Duplicate, JsonError, Loaded, SURELY_FINE, TOO_DEEP};
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Span};
use crate::python::{Dict, Entry, Node, Value};

/// A container that is not closed yet.
enum Open {
    List { start: usize, items: Vec<Node> },
    Dict { start: usize, dict: Dict, key: Option<Node> },
}

/// What the reader does next.
enum Step {
    /// Read a value.
    Value,
    /// A value has been read: put it where it belongs.
    Done(Node),
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) source: SourceKind,
    /// The next byte.
    pub(super) at: usize,
    /// The first thing that Python reads and we cannot hold.
    pub(super) unmodelled: Option<JsonError>,
    duplicates: Vec<Duplicate>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, source: SourceKind) -> Self {
        Self { text, source, at: 0, unmodelled: None, duplicates: Vec::new() }
    }

    pub(super) fn document(mut self) -> Result<Loaded, JsonError> {
        if self.at == 0 && self.text.starts_with(BYTE_ORDER_MARK) {
            return Err(self.error("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0));
        }
        let outcome = self.read();
        match (outcome, self.unmodelled) {
            // Nesting that may already have ended Python's run hides every later error.
            (_, Some(error @ JsonError::Unmodelled { what: NESTING, .. })) => Err(error),
            (Err(error), _) | (Ok(_), Some(error)) => Err(error),
            (Ok(root), None) => Ok(Loaded { root, duplicates: self.duplicates }),
        }
    }

    fn read(&mut self) -> Result<Node, JsonError> {
        self.skip_space();
        let mut open: Vec<Open> = Vec::new();
        let mut step = Step::Value;
        loop {
            step = match step {
                Step::Value => self.value(&mut open)?,
                Step::Done(node) => match open.last_mut() {
                    None => {
                        self.skip_space();
                        return match self.peek() {
                            None => Ok(node),
                            Some(_) => Err(self.error("Extra data", self.at)),
                        };
                    }
                    Some(container) => {
                        self.put(container, node);
                        self.after_item(&mut open)?
                    }
                },
            };
        }
    }

    /// Reads a scalar or an empty container whole, or opens a container.
    fn value(&mut self, open: &mut Vec<Open>) -> Result<Step, JsonError> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                let text = self.string()?;
                Ok(Step::Done(self.node(Value::str(text), start)))
            }
            Some(bracket @ (b'{' | b'[')) => {
                self.check_depth(open.len() + 1)?;
                self.at += 1;
                self.skip_space();
                if bracket == b'[' {
                    if self.peek() == Some(b']') {
                        self.at += 1;
                        return Ok(Step::Done(self.node(Value::list(Vec::new()), start)));
                    }
                    open.push(Open::List { start, items: Vec::new() });
                    return Ok(Step::Value);
                }
                if self.peek() == Some(b'}') {
                    self.at += 1;
                    return Ok(Step::Done(self.node(Value::dict(Dict::new()), start)));
                }
                let key = self.key()?;
                open.push(Open::Dict { start, dict: Dict::new(), key: Some(key) });
                Ok(Step::Value)
            }
            _ => {
                let value = self.constant_or_number()?;
                Ok(Step::Done(self.node(value, start)))
            }
        }
    }

    /// Puts a value into the innermost container.
    fn put(&mut self, container: &mut Open, value: Node) {
        match container {
            Open::List { items, .. } => items.push(value),
            Open::Dict { dict, key, .. } => {
                let Some(key) = key.take() else { return };
                let place = match (key.place, value.place) {
                    (Some(key), Some(value)) => Some(Place::new(self.source, key.span.to(value.span))),
                    _ => None,
                };
                let name = key.value.clone();
                let winner = key.place;
                let replaced = dict.insert(Entry { key, value, place });
                if let (Some(old), Value::Str(key), Some(winner)) = (replaced, name, winner)
                    && let Some(lost) = old.key.place
                {
                    self.duplicates.push(Duplicate { key, lost, winner });
                }
            }
        }
    }

    /// Behind an item: the comma and what follows it, or the container's end.
    fn after_item(&mut self, open: &mut Vec<Open>) -> Result<Step, JsonError> {
        self.skip_space();
        let next = self.peek();
        let in_list = matches!(open.last(), Some(Open::List { .. }));
        let end = if in_list { b']' } else { b'}' };
        if next == Some(end) {
            self.at += 1;
            let node = match open.pop() {
                Some(Open::List { start, items }) => self.node(Value::list(items), start),
                Some(Open::Dict { start, dict, .. }) => self.node(Value::dict(dict), start),
                None => Node::made(Value::None),
            };
            return Ok(Step::Done(node));
        }
        if next != Some(b',') {
            return Err(self.error("Expecting ',' delimiter", self.at));
        }
        self.at += 1;
        self.skip_space();
        if !in_list {
            let next_key = self.key()?;
            if let Some(Open::Dict { key, .. }) = open.last_mut() {
                *key = Some(next_key);
            }
        }
        Ok(Step::Value)
    }

    /// A key and its colon, up to the value.
    fn key(&mut self) -> Result<Node, JsonError> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.error("Expecting property name enclosed in double quotes", start));
        }
        let text = self.string()?;
        let key = self.node(Value::str(text), start);
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.error("Expecting ':' delimiter", self.at));
        }
        self.at += 1;
        self.skip_space();
        Ok(key)
    }

    fn check_depth(&mut self, depth: usize) -> Result<(), JsonError> {
        let place = self.place(self.at, self.at + 1);
        if depth >= TOO_DEEP {
            // From a deeper call stack the error comes sooner, but it comes.
            self.unmodelled = None;
            let container = if self.peek() == Some(b'[') { "array" } else { "object" };
            return Err(JsonError::TooDeep { container, place });
        }
        if depth > SURELY_FINE {
            self.unmodelled = Some(JsonError::Unmodelled { what: NESTING, place });
        }
        Ok(())
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// What is left of the text.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn node(&self, value: Value, start: usize) -> Node {
        Node::at(value, self.place(start, self.at))
    }

    pub(super) fn place(&self, start: usize, end: usize) -> Place {
        Place::new(self.source, Span::new(start, end))
    }

    /// `JSONDecodeError(message, text, offset)`; `offset` is in bytes.
    pub(super) fn error(&self, message: &'static str, offset: usize) -> JsonError {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let last_line = before.rsplit('\n').next().unwrap_or("");
        let length = self.text.get(offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        JsonError::Syntax {
            message,
            position: before.chars().count(),
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: last_line.chars().count() + 1,
            place: self.place(offset, offset + length),
        }
    }
}

const NESTING: &str = "JSON nested so deep that Python may give up";
