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
        built: HashMap::new(),
        path: Vec::new(),
        open: HashMap::new(),
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
    /// The outermost level of a container around it that it refers back to.
    back: usize,
}

struct Builder<'g> {
    text: &'g str,
    source: SourceKind,
    graph: &'g Graph,
    objects: &'g [Option<Object>],
    built: HashMap<Id, Built>,
    path: Vec<String>,
    /// The containers around the current node, with their levels.
    open: HashMap<Id, usize>,
    work: u64,
    duplicates: Vec<DuplicateKey>,
}

/// What a container's parts add up to.
struct Sum {
    depth: usize,
    count: u64,
    back: usize,
}

impl Sum {
    fn add(&mut self, part: &Built) {
        self.depth = self.depth.max(part.depth);
        self.count = self.count.saturating_add(part.count);
        self.back = self.back.min(part.back);
    }
}

impl Builder<'_> {
    fn node(&mut self, id: Id) -> Result<Built, YamlError> {
        let level = self.open.len();
        if let Some(built) = self.built.get(&id) {
            return if level + built.depth > MAX_DEPTH {
                Err(YamlError::Limit(Limit::Depth))
            } else {
                Ok(built.clone())
            };
        }
        let place = Place::new(self.source, self.graph.node(id).span);
        if let Some(&back) = self.open.get(&id) {
            return Ok(Built { node: Node::at(Value::Recursive, place), depth: 0, count: 1, back });
        }
        self.work += 1;
        if self.work > MAX_VALUES {
            return Err(YamlError::Limit(Limit::Values));
        }
        let object = self.objects.get(id).and_then(Option::as_ref);
        if let None | Some(Object::Scalar(_)) = object {
            let value = if let Some(Object::Scalar(value)) = object { value.clone() } else { Value::None };
            let built = Built { node: Node::at(value, place), depth: 0, count: 1, back: usize::MAX };
            self.built.insert(id, built.clone());
            return Ok(built);
        }
        if level >= MAX_DEPTH {
            return Err(YamlError::Limit(Limit::Depth));
        }
        self.open.insert(id, level);
        let mut sum = Sum { depth: 0, count: 1, back: usize::MAX };
        let value = match object {
            Some(Object::List(items)) => Value::List(Rc::new(self.items(items, &mut sum)?)),
            Some(Object::Pairs(pairs)) => Value::List(Rc::new(self.pairs(pairs, &mut sum)?)),
            Some(Object::Set) => {
                let dict = self.dict(id, &mut sum)?;
                Value::Set(Rc::new(dict.iter().map(|entry| entry.key.clone()).collect()))
            }
            _ => Value::Dict(Rc::new(self.dict(id, &mut sum)?)),
        };
        self.open.remove(&id);
        if sum.count > MAX_VALUES {
            return Err(YamlError::Limit(Limit::Values));
        }
        let built =
            Built { node: Node::at(value, place), depth: sum.depth + 1, count: sum.count, back: sum.back };
        // What refers to a container around it looks different where that one is not around it.
        if sum.back >= level {
            let closed = Built { back: usize::MAX, ..built };
            self.built.insert(id, closed.clone());
            return Ok(closed);
        }
        Ok(built)
    }

    fn part(&mut self, part: Use, name: String, sum: &mut Sum) -> Result<Node, YamlError> {
        self.path.push(name);
        let built = self.node(part.node)?;
        self.path.pop();
        sum.add(&built);
        Ok(built.node)
    }

    fn items(&mut self, items: &[Use], sum: &mut Sum) -> Result<Vec<Node>, YamlError> {
        items.iter().enumerate().map(|(index, item)| self.part(*item, index.to_string(), sum)).collect()
    }

    fn pairs(&mut self, pairs: &[(Use, Use)], sum: &mut Sum) -> Result<Vec<Node>, YamlError> {
        let mut result = Vec::with_capacity(pairs.len());
        for (index, &(key, value)) in pairs.iter().enumerate() {
            let place = Place::new(self.source, key.span.to(value.span));
            let parts =
                vec![self.part(key, index.to_string(), sum)?, self.part(value, index.to_string(), sum)?];
            sum.depth += 1;
            result.push(Node::at(Value::Tuple(Rc::new(parts)), place));
        }
        Ok(result)
    }

    fn dict(&mut self, id: Id, sum: &mut Sum) -> Result<Dict, YamlError> {
        let node = self.graph.node(id);
        let Content::Mapping(pairs) = &node.content else { return Ok(Dict::new()) };
        let mut dict = Dict::new();
        let mut own: HashMap<Key, Span> = HashMap::new();
        for (index, &(key, value)) in pairs.iter().enumerate() {
            let key_span = self.graph.node(key.node).span;
            let name = || key_span.of(self.text).to_owned();
            let entry = Entry {
                key: self.part(key, String::new(), sum)?,
                value: self.part(value, name(), sum)?,
                place: Some(Place::new(self.source, key.span.to(value.span))),
            };
            if index >= node.merged
                && let Some(hash) = Key::of(&entry.key.value)
                && let Some(first) = own.insert(hash, key.span)
            {
                let path = self.path.iter().map(String::as_str).chain([key_span.of(self.text)]);
                let path = path.collect::<Vec<_>>().join(".");
                self.duplicates.push(DuplicateKey { first, second: key.span, path });
            }
            dict.insert(entry);
        }
        Ok(dict)
    }
}
