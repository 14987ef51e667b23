//! Damage that parses: the text means something else than its author meant, and nothing says so.

use super::shape::{Fit, Form, MOVED, Shape, Shapes};
use crate::base::text::{Chars, Edit, Search, Span, sort_by_span};
use crate::python::{Dict, Entry, Node, Value};
use crate::yaml::DuplicateKey;

/// The places of all keys and values that are written without quotes, in order.
pub(super) fn plain_scalars(text: &str, root: &Node) -> Vec<Span> {
    let mut spans = Vec::new();
    collect(text, root, &mut spans);
    sort_by_span(&mut spans, |span| *span);
    spans.dedup();
    spans
}

// A tree is at most `yaml::MAX_DEPTH` deep.
fn collect(text: &str, node: &Node, spans: &mut Vec<Span>) {
    const NOT_PLAIN: Chars = |c| "\"'|>&!*".has(c);
    match &node.value {
        Value::Str(_) => {
            if let Some(place) = node.place
                && !place.span.of(text).starts_with(NOT_PLAIN)
            {
                spans.push(place.span);
            }
        }
        Value::Dict(dict) => {
            for entry in dict.iter() {
                collect(text, &entry.key, spans);
                collect(text, &entry.value, spans);
            }
        }
        Value::List(items) => items.iter().for_each(|item| collect(text, item, spans)),
        _ => {}
    }
}

/// The edits that lie in one of `scalars`, where `wanted` agrees.
pub(super) fn within(
    scalars: &[Span],
    mut edits: Vec<Edit>,
    wanted: &dyn Fn(Span, Span) -> bool,
) -> Vec<Edit> {
    let holder = |span: Span| {
        let behind = scalars.partition_point(|scalar| scalar.start <= span.start);
        scalars.get(behind.checked_sub(1)?).copied().filter(|scalar| scalar.contains(span))
    };
    edits.retain(|edit| holder(edit.span).is_some_and(|scalar| wanted(scalar, edit.span)));
    edits
}

/// A key that stands where it does not belong because its indentation is lost, and the key that it belongs under.
pub(super) fn lost(
    text: &str,
    root: &Node,
    duplicates: &[DuplicateKey],
    shapes: &Shapes,
) -> Option<(Span, Option<Span>)> {
    let dict = root.value.as_dict()?;
    let mut entries: Vec<(&Entry, &str, Span)> = dict
        .iter()
        .filter_map(|entry| Some((entry, entry.key.value.as_str()?, entry.key.place?.span)))
        .collect();
    sort_by_span(&mut entries, |(_, _, span)| *span);
    for pair in entries.windows(2) {
        let [(entry, name, span), (next, next_name, next_span)] = pair else { continue };
        if let Some(parent) = under_empty(entry, name, next, next_name, shapes).then_some(*span) {
            return Some((*next_span, Some(parent)));
        }
        if continues_item(entry, name, next_name, shapes) {
            return Some((*next_span, Some(*span)));
        }
    }
    // A second `model:` at the root that is the fallback entry's.
    for duplicate in duplicates {
        let name = duplicate.second.of(text);
        let before = entries.iter().rev().find(|(_, _, span)| span.start < duplicate.second.start);
        if let Some((entry, owner, span)) = before
            && name == duplicate.path
            && lacks(entry, owner, name, shapes)
        {
            return Some((duplicate.second, Some(*span)));
        }
    }
    entries.iter().find_map(|(entry, name, _)| swallowed(&entry.value, shapes.root().under(name), shapes))
}

fn form(node: &Node) -> Form {
    match &node.value {
        Value::Dict(_) => Form::Map,
        Value::List(_) => Form::List,
        _ if node.place.is_some_and(|place| place.span.is_empty()) => Form::Empty,
        _ => Form::Scalar,
    }
}

/// A section without a value, and behind it at the root what belongs into it.
fn under_empty(entry: &Entry, name: &str, next: &Entry, next_name: &str, shapes: &Shapes) -> bool {
    let is_empty = entry.value.value.is_none() && form(&entry.value) == Form::Empty;
    let shape = shapes.root().under(name);
    let stray = !shapes.is_root(next_name) || MOVED.iter().any(|(name, _)| *name == next_name);
    if !is_empty || !shapes.is_root(name) || !stray {
        return false;
    }
    match shapes.fit(shape, next_name, form(&next.value)) {
        Some(Fit::Known) => true,
        // Any scalar may stand at the root, where Hermes hands it on as a variable; a section may not.
        Some(Fit::Named) => {
            form(&next.value) != Form::Scalar && !matches!(shape.under(next_name), Shape::Any)
        }
        _ => false,
    }
}

/// A list at the root whose last item goes on at the root.
fn continues_item(entry: &Entry, name: &str, next_name: &str, shapes: &Shapes) -> bool {
    !shapes.is_root(next_name) && lacks(entry, name, next_name, shapes)
}

/// Whether the last item of the list `entry` may have the key `name` and has it not.
fn lacks(entry: &Entry, owner: &str, name: &str, shapes: &Shapes) -> bool {
    let last = entry.value.value.as_list().and_then(<[Node]>::last).and_then(|item| item.value.as_dict());
    let items = shapes.root().under(owner).items();
    match (last, items) {
        (Some(last), Some(items)) => {
            !last.has(name) && shapes.fit(items, name, Form::Scalar) == Some(Fit::Known)
        }
        _ => false,
    }
}

/// A root section that has slipped into the item of a list before it.
fn swallowed(node: &Node, shape: Shape<'_>, shapes: &Shapes) -> Option<(Span, Option<Span>)> {
    if let (Value::List(list), Some(items @ Shape::Map(_))) = (&node.value, shape.items()) {
        let stray = |entry: &Entry| {
            let name = entry.key.value.as_str()?;
            // Of another form than the section has, it only has its name.
            let is_section = shapes.fit(shapes.root(), name, form(&entry.value)) > Some(Fit::Loose);
            let is_stray =
                is_section && shapes.is_root(name) && shapes.fit(items, name, Form::Empty).is_none();
            entry.key.place.filter(|_| is_stray).map(|place| (place.span, None))
        };
        // What stands behind the dash begins the item, and has not slipped into it.
        let behind = |item: &Dict| item.iter().skip(1).find_map(stray);
        return list.iter().filter_map(|item| item.value.as_dict()).find_map(behind);
    }
    // Pools are lists one level deeper.
    let dict = node.value.as_dict().filter(|_| shape.is_open())?;
    dict.iter().find_map(|entry| {
        let under = shape.under(entry.key.value.as_str()?);
        under.items().and_then(|_| swallowed(&entry.value, under, shapes))
    })
}
