//! From objects to the values that the model works with, each with the place where it is written.

use std::rc::Rc;

use super::compose::{Content, Graph, Id, Use};
use super::construct::Object;
use super::error::{Limit, Read, Stage, SyntaxError};
use super::{Dialect, DuplicateKey, MAX_DEPTH, MAX_VALUES};
use crate::base::collections::TextMap;
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Span, sort_by_span};
use crate::python::{Dict, Entry, Node, Value};

/// The value of `root`, the keys that are written twice, and the error that they are, where they are one.
pub(super) fn build(
    text: &str,
    source: SourceKind,
    graph: &Graph,
    objects: &[Option<Object>],
    root: Id,
    dialect: Dialect,
) -> Read<(Node, Vec<DuplicateKey>, Option<SyntaxError>)> {
    let mut builder = Builder {
        text,
        source,
        graph,
        objects,
        states: Vec::new(),
        path: Vec::new(),
        work: 0,
        dialect,
        refused: None,
        duplicates: Vec::new(),
    };
    builder.states.resize_with(graph.len(), || State::New);
    let node = builder.node(root, &mut Sum::default())?;
    let mut duplicates = builder.duplicates;
    sort_by_span(&mut duplicates, |duplicate| duplicate.first);
    sort_by_span(&mut duplicates, |duplicate| duplicate.second);
    duplicates.dedup_by_key(|duplicate| (duplicate.second, duplicate.first));
    Ok((node, duplicates, builder.refused))
}

enum State {
    New,
    /// The node that is being built lies inside this one.
    Open,
    Done(Node, Sum),
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
    dialect: Dialect,
    refused: Option<SyntaxError>,
    duplicates: Vec<DuplicateKey>,
}

/// What a container's parts add up to.
#[derive(Clone, Copy, Default)]
struct Sum {
    /// Levels of containers.
    depth: usize,
    /// Values, each as often as it is used.
    count: u64,
    /// Whether a container inside itself is among them. Such a value looks different inside a part of its circle.
    circular: bool,
}

impl Sum {
    fn add(&mut self, part: Self) {
        self.depth = self.depth.max(part.depth);
        self.count = self.count.saturating_add(part.count);
        self.circular |= part.circular;
    }
}

impl Builder<'_> {
    /// The value of a node, which is added to `sum`.
    fn node(&mut self, id: Id, sum: &mut Sum) -> Read<Node> {
        let place = Place::new(self.source, self.graph.node(id).span);
        let state = self.states.get(id);
        if let Some(State::Done(node, own)) = state {
            sum.add(*own);
            let fits = self.path.len() + own.depth <= MAX_DEPTH;
            return if fits { Ok(node.clone()) } else { Err(Limit::Depth.into()) };
        }
        let is_open = matches!(state, Some(State::Open));
        if !is_open {
            self.work += 1;
            if self.work > MAX_VALUES {
                return Err(Limit::Values.into());
            }
        }
        let leaf = match self.objects.get(id) {
            _ if is_open => Value::Recursive,
            Some(Some(Object::Scalar(value))) => value.clone(),
            Some(Some(object)) => return self.container(id, object, place, sum),
            _ => Value::None,
        };
        sum.add(Sum { depth: 0, count: 1, circular: is_open });
        Ok(Node::at(leaf, place))
    }

    fn container(&mut self, id: Id, object: &Object, place: Place, sum: &mut Sum) -> Read<Node> {
        if self.path.len() >= MAX_DEPTH {
            return Err(Limit::Depth.into());
        }
        self.set(id, State::Open);
        let mut own = Sum::default();
        let value = match object {
            Object::List(items) => Value::list(self.items(items, &mut own)?),
            Object::Pairs(pairs) => Value::list(self.pairs(pairs, &mut own)?),
            Object::Set => {
                let dict = self.dict(id, &mut own)?;
                let mut keys = Vec::with_capacity(dict.len());
                for entry in dict.iter() {
                    keys.push(entry.key.clone());
                }
                Value::Set(Rc::new(keys))
            }
            _ => Value::dict(self.dict(id, &mut own)?),
        };
        if own.count > MAX_VALUES {
            return Err(Limit::Values.into());
        }
        own.depth += 1;
        own.count += 1;
        let node = Node::at(value, place);
        self.set(id, if own.circular { State::New } else { State::Done(node.clone(), own) });
        sum.add(own);
        Ok(node)
    }

    fn set(&mut self, id: Id, state: State) {
        if let Some(slot) = self.states.get_mut(id) {
            *slot = state;
        }
    }

    #[inline(never)]
    fn part(&mut self, part: Use, step: Step, sum: &mut Sum) -> Read<Node> {
        self.path.push(step);
        let node = self.node(part.node, sum);
        self.path.pop();
        node
    }

    fn items(&mut self, items: &[Use], sum: &mut Sum) -> Read<Vec<Node>> {
        let mut nodes = Vec::with_capacity(items.len());
        for item in items {
            nodes.push(self.part(*item, Step::Item(nodes.len()), sum)?);
        }
        Ok(nodes)
    }

    fn pairs(&mut self, pairs: &[(Use, Use)], sum: &mut Sum) -> Read<Vec<Node>> {
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

    fn dict(&mut self, id: Id, sum: &mut Sum) -> Read<Dict> {
        let node = self.graph.node(id);
        let Content::Mapping(pairs) = &node.content else { return Ok(Dict::new()) };
        let mut dict = Dict::new();
        let mut own = Dict::new();
        // NaN equals nothing, but Python finds a key that is the same object, and sets its last value.
        let mut not_numbers: TextMap<Option<Use>> = TextMap::new();
        for (key, value) in pairs {
            if let Some(identity) = self.not_a_number(key.node) {
                not_numbers.insert(&identity, Some(*value));
            }
        }
        for (index, &(key, mut value)) in pairs.iter().enumerate() {
            if let Some(identity) = self.not_a_number(key.node) {
                if self.dialect == Dialect::Ruamel {
                    return Err(Limit::Values.into());
                }
                let Some(last) = not_numbers.get_mut(&identity).and_then(Option::take) else { continue };
                value = last;
            }
            let step = Step::Key(self.graph.node(key.node).span);
            let entry = Entry {
                key: self.part(key, step, sum)?,
                value: self.part(value, step, sum)?,
                place: Some(Place::new(self.source, key.span.to(value.span))),
            };
            if index >= node.merged {
                let (name, place) = (entry.key.clone(), Place::new(self.source, key.span));
                let written = Entry { key: name, value: Value::None.into(), place: Some(place) };
                if let Some(first) = own.insert(written).and_then(|first| first.place) {
                    let path = self.path_to(step);
                    // ruamel.yaml does not look for them where something is merged.
                    if self.dialect == Dialect::Ruamel && node.merged == 0 && self.refused.is_none() {
                        self.refused = Some(SyntaxError {
                            stage: Stage::DuplicateKey,
                            context: Some("while constructing a mapping".to_owned()),
                            context_mark: Some(node.mark),
                            problem: "found duplicate key".to_owned(),
                            mark: self.graph.node(key.node).mark,
                        });
                    }
                    self.duplicates.push(DuplicateKey { first: first.span, second: key.span, path });
                }
            }
            dict.insert(entry);
        }
        Ok(dict)
    }

    /// What tells a NaN from another one: all that are written `.nan` are one object.
    fn not_a_number(&self, id: Id) -> Option<String> {
        match self.objects.get(id) {
            Some(Some(Object::Scalar(Value::Float(value)))) if value.is_nan() => {
                Some(if value.is_sign_negative() { id.to_string() } else { String::new() })
            }
            _ => None,
        }
    }

    fn path_to(&self, last: Step) -> String {
        let mut path = String::new();
        for (index, step) in self.path.iter().chain([&last]).enumerate() {
            if index > 0 {
                path.push('.');
            }
            match step {
                Step::Item(index) => path.push_str(&index.to_string()),
                Step::Key(span) => path.push_str(span.of(self.text)),
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{YamlError, load};

    fn root(text: &str) -> Node {
        load(text, SourceKind::Config).root.unwrap()
    }

    #[test]
    fn keys_written_twice_are_told_with_their_path() {
        let text = "a: 1\nb:\n- c: 1\n  'c': 2\n  c: 3\na: 2\n1: x\ntrue: y\n";
        let found: Vec<(String, &str, &str)> = load(text, SourceKind::Config)
            .duplicates
            .into_iter()
            .map(|duplicate| (duplicate.path, duplicate.first.of(text), duplicate.second.of(text)))
            .collect();
        let expected =
            [("b.0.'c'", "c", "'c'"), ("b.0.c", "'c'", "c"), ("a", "a", "a"), ("true", "1", "true")];
        assert_eq!(found, expected.map(|(path, first, second)| (path.to_owned(), first, second)));
    }

    #[test]
    fn what_overrides_a_merge_is_no_duplicate() {
        let text = "- &x {a: 1}\n- {<<: *x, <<: *x, a: 2}\n- *x\n";
        assert_eq!(load(text, SourceKind::Config).duplicates, []);
        assert_eq!(load("- &x {a: 1, a: 2}\n- *x\n- *x\n", SourceKind::Config).duplicates.len(), 1);
    }

    #[test]
    fn an_alias_shares_its_value() {
        let root = root("a: &x [1]\nb: *x\n");
        let (Value::List(a), Value::List(b)) = (&root.get("a").unwrap().value, &root.get("b").unwrap().value)
        else {
            panic!("no lists");
        };
        assert!(Rc::ptr_eq(a, b));
    }

    #[test]
    fn a_container_inside_itself_is_cut_where_it_comes_again() {
        // Seen from the root: a = [b], b = [a]; inside b it is b that comes again.
        let root = root("- &a [&b [*a]]\n- *b\n");
        let inner = |node: &Node, at: usize| node.value.as_list().unwrap()[at].clone();
        for item in [inner(&root, 0), inner(&root, 1)] {
            assert!(matches!(inner(&inner(&item, 0), 0).value, Value::Recursive));
        }
    }

    #[test]
    fn nesting_is_limited_through_aliases_too() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(load(&nested(MAX_DEPTH), SourceKind::Config).root.is_ok());
        let limit = |text: &str| load(text, SourceKind::Config).root.err();
        assert_eq!(limit(&nested(MAX_DEPTH + 1)), Some(YamlError::Limit(Limit::Depth)));
        let chain = |count: usize| {
            let links = (1..count).map(|at| format!("- &a{at} [*a{}]\n", at - 1));
            links.fold("- &a0 [x]\n".to_owned(), |text, link| text + &link)
        };
        assert_eq!(limit(&chain(MAX_DEPTH - 1)), None);
        assert_eq!(limit(&chain(MAX_DEPTH)), Some(YamlError::Limit(Limit::Depth)));
    }

    #[test]
    fn a_bomb_of_aliases_is_refused_quickly() {
        let mut text = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for at in 1..9 {
            text += &format!("- &a{at} [{}]\n", vec![format!("*a{}", at - 1); 10].join(", "));
        }
        assert_eq!(load(&text, SourceKind::Config).root.err(), Some(YamlError::Limit(Limit::Values)));
        let mut text = "- &a0 {x: 1, y: 2}\n".to_owned();
        for at in 1..25 {
            text += &format!("- &a{at} {{<<: [*a{0}, *a{0}]}}\n", at - 1);
        }
        assert_eq!(load(&text, SourceKind::Config).root.err(), Some(YamlError::Limit(Limit::Merges)));
    }

    #[test]
    fn the_deepest_value_needs_little_stack() {
        let text = format!("{}{}", "{a: ".repeat(MAX_DEPTH), "}".repeat(MAX_DEPTH));
        let thread = std::thread::Builder::new().stack_size(1 << 20);
        let read = thread.spawn(move || load(&text, SourceKind::Config).root.is_ok()).unwrap();
        assert!(read.join().unwrap());
    }
}
