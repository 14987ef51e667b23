//! The objects of a document in the order in which PyYAML's `SafeConstructor` makes them, which decides what error
//! is found first: a container is made empty, and filled when all that were met before it are.

use std::rc::Rc;

use super::compose::{Content, Graph, GraphNode, Id, Use};
use super::error::{Limit, Mark, Read, Stage, SyntaxError, YamlError};
use super::resolve::Tag;
use super::{Dialect, MAX_DEPTH, MAX_VALUES, scalar};
use crate::python::{Value, lower, repr};

/// What a node became.
pub(super) enum Object {
    Scalar(Value),
    List(Vec<Use>),
    /// A list of pairs: `!!omap` and `!!pairs`.
    Pairs(Vec<(Use, Use)>),
    Dict,
    Set,
}

/// Makes the objects of all nodes that `root` leads to, by their node's number.
/// With it, whether the real program may make something else of them.
pub(super) fn construct(graph: &mut Graph, root: Id, dialect: Dialect) -> Read<(Vec<Option<Object>>, bool)> {
    let count = graph.len();
    let mut constructor =
        Constructor { graph, dialect, objects: Vec::new(), waiting: Vec::new(), moves: 0, is_unknown: false };
    constructor.objects.resize_with(count, || None);
    constructor.object(root)?;
    while !constructor.waiting.is_empty() {
        for id in std::mem::take(&mut constructor.waiting) {
            constructor.fill(id)?;
        }
    }
    Ok((constructor.objects, constructor.is_unknown))
}

struct Constructor<'g> {
    graph: &'g mut Graph,
    dialect: Dialect,
    objects: Vec<Option<Object>>,
    waiting: Vec<Id>,
    moves: u64,
    is_unknown: bool,
}

type Context<'c> = Option<(&'c str, Mark)>;

fn error(context: Context<'_>, problem: &str, mark: Mark) -> Box<YamlError> {
    error_in(Stage::Constructor, context, problem, mark)
}

#[inline(never)]
fn error_in(stage: Stage, context: Context<'_>, problem: &str, mark: Mark) -> Box<YamlError> {
    Box::new(YamlError::Syntax(SyntaxError {
        stage,
        context: context.map(|(text, _)| text.to_owned()),
        context_mark: context.map(|(_, mark)| mark),
        problem: problem.to_owned(),
        mark,
    }))
}

/// The error for a node of another kind than `what`.
fn expected(context: Context<'_>, what: &str, node: &GraphNode) -> Box<YamlError> {
    error(context, &["expected ", what, ", but found ", node.id()].concat(), node.mark)
}

impl Constructor<'_> {
    /// `construct_object(node)`.
    fn object(&mut self, id: Id) -> Read<()> {
        if self.objects.get(id).is_none_or(Option::is_some) {
            return Ok(());
        }
        if self.dialect == Dialect::Ruamel {
            let node = self.graph.node(id);
            // An ordered map is of another class there, and fractions of a second are rounded.
            self.is_unknown |= match (&node.tag, &node.content) {
                (Tag::Omap, _) => true,
                (Tag::Timestamp, Content::Scalar(text)) => {
                    text.split_once('.').is_some_and(|(_, fraction)| fraction.len() > 6)
                }
                _ => false,
            };
        }
        let object = match self.graph.node(id).tag {
            Tag::Omap | Tag::Pairs => Object::Pairs(Vec::new()),
            Tag::Seq => Object::List(Vec::new()),
            Tag::Map => Object::Dict,
            Tag::Set => Object::Set,
            _ => Object::Scalar(self.value(id)?),
        };
        if !matches!(object, Object::Scalar(_)) {
            self.waiting.push(id);
        }
        self.set(id, object);
        Ok(())
    }

    /// The value of a node that is no container.
    fn value(&self, id: Id) -> Read<Value> {
        let node = self.graph.node(id);
        if let tag @ (Tag::Merge | Tag::Value | Tag::Other(_)) = &node.tag {
            let tag = repr(&Value::str(tag.name())).unwrap_or_default();
            let problem = ["could not determine a constructor for the tag ", &tag].concat();
            return Err(error(None, &problem, node.mark));
        }
        let text = self.scalar(id)?;
        match (&node.tag, &node.content) {
            (Tag::Bool, _) if self.dialect == Dialect::Ruamel => scalar::boolean(match &*lower(&text) {
                "y" => "yes",
                "n" => "no",
                _ => &text,
            }),
            (Tag::Bool, _) => scalar::boolean(&text),
            (Tag::Int, _) => scalar::int(&text),
            (Tag::Float, _) => scalar::float(&text),
            (Tag::Binary, _) => scalar::binary(&text)?.map_err(|problem| error(None, &problem, node.mark)),
            (Tag::Timestamp, Content::Scalar(text)) => scalar::timestamp(text),
            (Tag::Timestamp, _) => {
                Err(YamlError::raised("TypeError", "expected string or bytes-like object, got 'list'"))
            }
            (Tag::Str, _) => Ok(Value::Str(text)),
            _ => Ok(Value::None),
        }
    }

    fn is_hashable(&self, id: Id) -> bool {
        matches!(self.objects.get(id), Some(Some(Object::Scalar(_))))
    }

    /// `construct_scalar(node)`: a mapping stands for the value of its key `=`.
    fn scalar(&self, id: Id) -> Read<Rc<str>> {
        let mut current = id;
        for step in 0..=self.graph.len() {
            let node = self.graph.node(current);
            let inner = match &node.content {
                Content::Scalar(_) if step > MAX_DEPTH => return Err(Limit::Depth.into()),
                Content::Scalar(text) => return Ok(text.clone()),
                Content::Sequence(_) => None,
                Content::Mapping(pairs) => pairs
                    .iter()
                    .find(|(key, _)| self.graph.node(key.node).tag == Tag::Value)
                    .map(|(_, value)| value),
            };
            match inner {
                Some(value) => current = value.node,
                None if step > MAX_DEPTH => return Err(Limit::Depth.into()),
                None => return Err(expected(None, "a scalar node", node)),
            }
        }
        // More steps than nodes: a node leads back to itself.
        Err(YamlError::raised("RecursionError", "maximum recursion depth exceeded"))
    }

    /// Runs the second half of a container's constructor.
    fn fill(&mut self, id: Id) -> Read<()> {
        match self.objects.get(id) {
            Some(Some(Object::List(_))) => {
                let node = self.graph.node(id);
                let Content::Sequence(items) = &node.content else {
                    return Err(expected(None, "a sequence node", node));
                };
                let items = items.clone();
                for item in &items {
                    self.object(item.node)?;
                }
                self.set(id, Object::List(items));
            }
            Some(Some(Object::Pairs(_))) => {
                let pairs = self.pairs(id)?;
                self.set(id, Object::Pairs(pairs));
            }
            Some(Some(Object::Dict | Object::Set)) => self.mapping(id)?,
            _ => {}
        }
        Ok(())
    }

    fn set(&mut self, id: Id, object: Object) {
        if let Some(slot) = self.objects.get_mut(id) {
            *slot = Some(object);
        }
    }

    /// `construct_mapping(node)`.
    fn mapping(&mut self, id: Id) -> Read<()> {
        let node = self.graph.node(id);
        let mark = node.mark;
        if !matches!(node.content, Content::Mapping(_)) {
            return Err(expected(None, "a mapping node", node));
        }
        self.flatten(id, 0)?;
        let mut index = 0;
        while let Some((key, value)) = self.pair(id, index) {
            self.object(key.node)?;
            if !self.is_hashable(key.node) {
                if self.dialect == Dialect::Ruamel
                    && matches!(self.graph.node(key.node).content, Content::Sequence(_))
                {
                    return Err(Limit::TupleKey.into());
                }
                let key_mark = self.graph.node(key.node).mark;
                return Err(error(
                    Some(("while constructing a mapping", mark)),
                    "found unhashable key",
                    key_mark,
                ));
            }
            self.object(value.node)?;
            index += 1;
        }
        Ok(())
    }

    fn pair(&self, id: Id, index: usize) -> Option<(Use, Use)> {
        match &self.graph.node(id).content {
            Content::Mapping(pairs) => pairs.get(index).copied(),
            _ => None,
        }
    }

    fn pair_count(&self, id: Id) -> usize {
        match &self.graph.node(id).content {
            Content::Mapping(pairs) => pairs.len(),
            _ => 0,
        }
    }

    fn moved(&mut self, count: usize) -> Read<()> {
        self.moves += count as u64;
        if self.moves > MAX_VALUES { Err(Limit::Merges.into()) } else { Ok(()) }
    }

    /// `flatten_mapping(node)`: what `<<` names comes before the node's own pairs, which then override it.
    fn flatten(&mut self, id: Id, depth: usize) -> Read<()> {
        if depth > MAX_DEPTH {
            return Err(Limit::Depth.into());
        }
        let mark = self.graph.node(id).mark;
        let context = Some(("while constructing a mapping", mark));
        let mut merge: Vec<(Use, Use)> = Vec::new();
        let mut index = 0;
        while let Some((key, value)) = self.pair(id, index) {
            match self.graph.node(key.node).tag {
                Tag::Merge => {
                    if self.dialect == Dialect::Ruamel && !merge.is_empty() {
                        let mark = self.graph.node(key.node).mark;
                        return Err(error_in(
                            Stage::DuplicateKey,
                            context,
                            "found duplicate merge key \"<<\"",
                            mark,
                        ));
                    }
                    self.moved(self.pair_count(id) - index)?;
                    if let Content::Mapping(pairs) = &mut self.graph.node_mut(id).content {
                        pairs.remove(index);
                    }
                    let node = self.graph.node(value.node);
                    match &node.content {
                        Content::Mapping(_) => {
                            self.flatten(value.node, depth + 1)?;
                            self.merge_from(value.node, &mut merge)?;
                        }
                        Content::Sequence(items) => {
                            let mut parts = Vec::new();
                            for item in items.clone() {
                                let part = self.graph.node(item.node);
                                if !matches!(part.content, Content::Mapping(_)) {
                                    return Err(expected(context, "a mapping for merging", part));
                                }
                                self.flatten(item.node, depth + 1)?;
                                let mut part = Vec::new();
                                self.merge_from(item.node, &mut part)?;
                                parts.push(part);
                            }
                            for part in parts.iter().rev() {
                                merge.extend_from_slice(part);
                            }
                        }
                        Content::Scalar(_) => {
                            return Err(expected(context, "a mapping or list of mappings for merging", node));
                        }
                    }
                }
                Tag::Value => {
                    self.graph.node_mut(key.node).tag = Tag::Str;
                    index += 1;
                }
                _ => index += 1,
            }
        }
        if !merge.is_empty() {
            self.moved(self.pair_count(id))?;
            let node = self.graph.node_mut(id);
            node.merged += merge.len();
            if let Content::Mapping(pairs) = &mut node.content {
                merge.append(pairs);
                *pairs = merge;
            }
        }
        Ok(())
    }

    fn merge_from(&mut self, id: Id, into: &mut Vec<(Use, Use)>) -> Read<()> {
        self.moved(self.pair_count(id))?;
        if let Content::Mapping(pairs) = &self.graph.node(id).content {
            into.extend(pairs);
        }
        Ok(())
    }

    /// `construct_yaml_omap(node)` and `construct_yaml_pairs(node)`.
    fn pairs(&mut self, id: Id) -> Read<Vec<(Use, Use)>> {
        let node = self.graph.node(id);
        let what = if node.tag == Tag::Omap {
            "while constructing an ordered map"
        } else {
            "while constructing pairs"
        };
        let context = Some((what, node.mark));
        let Content::Sequence(items) = &node.content else {
            return Err(expected(context, "a sequence", node));
        };
        let mut result = Vec::new();
        for item in items.clone() {
            let part = self.graph.node(item.node);
            let Content::Mapping(pairs) = &part.content else {
                return Err(expected(context, "a mapping of length 1", part));
            };
            let &[(key, value)] = pairs.as_slice() else {
                let problem = format!("expected a single mapping item, but found {} items", pairs.len());
                return Err(error(context, &problem, part.mark));
            };
            self.object(key.node)?;
            self.object(value.node)?;
            result.push((key, value));
        }
        Ok(result)
    }
}
