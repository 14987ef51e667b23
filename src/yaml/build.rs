//! From objects to the values that the model works with, each with the place where it is written.

use std::collections::HashMap;
use std::rc::Rc;

use super::compose::{Content, Graph, Id, Use};
use super::construct::Object;
use super::error::{Limit, YamlError};
use super::{DuplicateKey, MAX_DEPTH, MAX_VALUES};
use crate::python::{Dict, Entry, Key, Node, Value};
use crate::text::{Place, SourceKind, Span};

/// The value of `root` and the keys that are written twice.
pub(super) fn build(
    text: &str,
    source: SourceKind,
    graph: &Graph,
    objects: &[Option<Object>],
    root: Id,
) -> Result<(Node, Vec<DuplicateKey>), YamlError> {
    let mut builder = Builder {
        text,
        source,
        graph,
        objects,
        states: vec![State::New; graph.len()],
        path: Vec::new(),
        work: 0,
        duplicates: Vec::new(),
    };
    let built = builder.node(root)?;
    let mut duplicates = builder.duplicates;
    duplicates.sort_by_key(|duplicate| (duplicate.second, duplicate.first));
    duplicates.dedup_by_key(|duplicate| (duplicate.second, duplicate.first));
    Ok((built.node, duplicates))
}

#[derive(Clone)]
struct Built {
    node: Node,
    /// Levels of containers in it.
    depth: usize,
    /// Values in it, each as often as it is used.
    count: u64,
    /// Whether a container inside itself is in it. Such a value looks different inside a part of its circle.
    circular: bool,
}

#[derive(Clone)]
enum State {
    New,
    /// The node that is being built lies inside this one.
    Open,
    Done(Built),
}

/// A step from a container to a part of it.
#[derive(Clone, Copy)]
enum Step {
    Item(usize),
    Key(Span),
}

struct Builder<'g> {
    text: &'g str,
    source: SourceKind,
    graph: &'g Graph,
    objects: &'g [Option<Object>],
    states: Vec<State>,
    path: Vec<Step>,
    work: u64,
    duplicates: Vec<DuplicateKey>,
}

/// What a container's parts add up to.
#[derive(Default)]
struct Sum {
    depth: usize,
    count: u64,
    circular: bool,
}

impl Builder<'_> {
    fn node(&mut self, id: Id) -> Result<Built, YamlError> {
        let place = Place::new(self.source, self.graph.node(id).span);
        let leaf = |value, circular| Built { node: Node::at(value, place), depth: 0, count: 1, circular };
        match self.states.get(id) {
            Some(State::Done(built)) if self.path.len() + built.depth > MAX_DEPTH => {
                return Err(YamlError::Limit(Limit::Depth));
            }
            Some(State::Done(built)) => return Ok(built.clone()),
            Some(State::Open) => return Ok(leaf(Value::Recursive, true)),
            _ => {}
        }
        self.work += 1;
        if self.work > MAX_VALUES {
            return Err(YamlError::Limit(Limit::Values));
        }
        let object = match self.objects.get(id) {
            Some(Some(Object::Scalar(value))) => return Ok(leaf(value.clone(), false)),
            Some(Some(object)) => object,
            _ => return Ok(leaf(Value::None, false)),
        };
        if self.path.len() >= MAX_DEPTH {
            return Err(YamlError::Limit(Limit::Depth));
        }
        self.set(id, State::Open);
        let mut sum = Sum::default();
        let value = match object {
            Object::List(items) => Value::list(self.items(items, &mut sum)?),
            Object::Pairs(pairs) => Value::list(self.pairs(pairs, &mut sum)?),
            Object::Set => {
                let dict = self.dict(id, &mut sum)?;
                Value::Set(Rc::new(dict.iter().map(|entry| entry.key.clone()).collect()))
            }
            _ => Value::dict(self.dict(id, &mut sum)?),
        };
        if sum.count > MAX_VALUES {
            return Err(YamlError::Limit(Limit::Values));
        }
        let built = Built {
            node: Node::at(value, place),
            depth: sum.depth + 1,
            count: sum.count + 1,
            circular: sum.circular,
        };
        self.set(id, if built.circular { State::New } else { State::Done(built.clone()) });
        Ok(built)
    }

    fn set(&mut self, id: Id, state: State) {
        if let Some(slot) = self.states.get_mut(id) {
            *slot = state;
        }
    }

    fn part(&mut self, part: Use, step: Step, sum: &mut Sum) -> Result<Node, YamlError> {
        self.path.push(step);
        let built = self.node(part.node)?;
        self.path.pop();
        sum.depth = sum.depth.max(built.depth);
        sum.count = sum.count.saturating_add(built.count);
        sum.circular |= built.circular;
        Ok(built.node)
    }

    fn items(&mut self, items: &[Use], sum: &mut Sum) -> Result<Vec<Node>, YamlError> {
        items.iter().enumerate().map(|(index, item)| self.part(*item, Step::Item(index), sum)).collect()
    }

    fn pairs(&mut self, pairs: &[(Use, Use)], sum: &mut Sum) -> Result<Vec<Node>, YamlError> {
        let mut result = Vec::with_capacity(pairs.len());
        for (index, &(key, value)) in pairs.iter().enumerate() {
            let place = Place::new(self.source, key.span.to(value.span));
            self.path.push(Step::Item(index));
            let parts = vec![self.part(key, Step::Item(0), sum)?, self.part(value, Step::Item(1), sum)?];
            self.path.pop();
            result.push(Node::at(Value::Tuple(Rc::new(parts)), place));
        }
        sum.depth += usize::from(!pairs.is_empty());
        sum.count = sum.count.saturating_add(pairs.len() as u64);
        Ok(result)
    }

    fn dict(&mut self, id: Id, sum: &mut Sum) -> Result<Dict, YamlError> {
        let node = self.graph.node(id);
        let Content::Mapping(pairs) = &node.content else { return Ok(Dict::new()) };
        let mut dict = Dict::new();
        let mut own: HashMap<Key, Span> = HashMap::new();
        // NaN equals nothing, but Python finds a key that is the same object, and sets its last value.
        let mut not_numbers: HashMap<Option<Id>, Use> =
            pairs.iter().filter_map(|(key, value)| Some((self.not_a_number(key.node)?, *value))).collect();
        for (index, &(key, mut value)) in pairs.iter().enumerate() {
            if let Some(identity) = self.not_a_number(key.node) {
                let Some(last) = not_numbers.remove(&identity) else { continue };
                value = last;
            }
            let step = Step::Key(self.graph.node(key.node).span);
            let entry = Entry {
                key: self.part(key, step, sum)?,
                value: self.part(value, step, sum)?,
                place: Some(Place::new(self.source, key.span.to(value.span))),
            };
            if index >= node.merged
                && let Some(hash) = Key::of(&entry.key.value)
                && let Some(first) = own.insert(hash, key.span)
            {
                let path = self.path_to(step);
                self.duplicates.push(DuplicateKey { first, second: key.span, path });
            }
            dict.insert(entry);
        }
        Ok(dict)
    }

    /// What tells a NaN from another one: all that are written `.nan` are one object.
    fn not_a_number(&self, id: Id) -> Option<Option<Id>> {
        match self.objects.get(id) {
            Some(Some(Object::Scalar(Value::Float(value)))) if value.is_nan() => {
                Some(value.is_sign_negative().then_some(id))
            }
            _ => None,
        }
    }

    fn path_to(&self, last: Step) -> String {
        let steps = self.path.iter().chain([&last]).map(|step| match step {
            Step::Item(index) => index.to_string(),
            Step::Key(span) => span.of(self.text).to_owned(),
        });
        steps.collect::<Vec<_>>().join(".")
    }
}
