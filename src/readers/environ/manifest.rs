//! The variables of a container: `environment` of a compose file, a mapping or a list, and `env` of Kubernetes.

use super::{EnvEntry, Environ, is_variable};
use crate::python::{Node, Value, lower};
use crate::text::{Search, SourceKind, Span};
use crate::yaml;

/// Values of a tree that are looked at: aliases count as often as they are used.
const MOST_VALUES: usize = 100_000;

/// Adds the variables of the container that runs Hermes, as far as its names tell: the first of those that are most likely.
pub(super) fn read(text: &str, span: Span, environ: &mut Environ) {
    let mut best: Option<(usize, Vec<EnvEntry>)> = None;
    for document in documents(text, span) {
        let Ok(root) = yaml::load(document.of(text), SourceKind::Environ).root else { continue };
        let source = Source { text, at: document.start };
        let mut open = vec![(&root, "")];
        let mut seen = 0;
        while let Some((node, name)) = open.pop() {
            seen += 1;
            if seen > MOST_VALUES {
                break;
            }
            let entries = source.entries(node);
            if let Some(rank) = rank(node, name, &entries)
                && best.as_ref().is_none_or(|(known, _)| *known < rank)
            {
                best = Some((rank, entries));
            }
            // The first one is to be looked at first.
            for item in node.items().iter().rev() {
                open.push((item, ""));
            }
            for entry in node.entries().into_iter().rev() {
                open.push((&entry.value, entry.key.value.as_str().unwrap_or("")));
            }
        }
    }
    environ.entries.extend(best.into_iter().flat_map(|(_, entries)| entries));
}

/// The documents of a text of YAML.
fn documents(text: &str, span: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let (mut start, mut at) = (span.start, span.start);
    for line in span.of(text).split_inclusive('\n') {
        if line.trim_end() == "---" {
            found.push(Span::new(start, at));
            start = at + line.len();
        }
        at += line.len();
    }
    found.push(Span::new(start, span.end));
    found
}

/// How likely it is that Hermes runs in this container; `None` where it sets nothing or is another program.
fn rank(node: &Node, name: &str, entries: &[EnvEntry]) -> Option<usize> {
    let is_hermes = |text: &str| lower(text).holds("hermes");
    let says = |key: &str| node.text(key).is_some_and(is_hermes);
    if entries.is_empty() {
        return None;
    }
    if says("image") {
        Some(3)
    } else if is_hermes(name) || says("container_name") || says("name") || says("command") || says("build") {
        // The image of another program may be called as what it belongs to.
        Some(if node.has("image") { 1 } else { 2 })
    } else if node.has("image") && !entries.iter().any(|entry| is_hermes(&entry.name)) {
        None
    } else {
        Some(1)
    }
}

/// A document, and where it stands.
struct Source<'t> {
    text: &'t str,
    at: usize,
}

impl Source<'_> {
    fn span(&self, node: &Node) -> Span {
        let span = node.place.map_or(Span::at(0), |place| place.span);
        Span::new(span.start + self.at, span.end + self.at)
    }

    /// The variables that a container has.
    fn entries(&self, node: &Node) -> Vec<EnvEntry> {
        let mut found = Vec::new();
        if let Some(environment) = node.get("environment") {
            for entry in environment.entries() {
                found.extend(self.entry(&entry.key, &entry.value, is_interpolated));
            }
            found.extend(environment.items().iter().filter_map(|item| self.item(item)));
        }
        for item in node.get("env").map_or(&[][..], Node::items) {
            let Some(name) = item.get("name") else { continue };
            match item.get("value") {
                Some(value) => found.extend(self.entry(name, value, |text| text.holds("$("))),
                None => found.extend(self.entry(name, &Node::made(Value::None), |_| true)),
            }
        }
        found
    }

    fn entry(&self, name: &Node, value: &Node, is_unseen: fn(&str) -> bool) -> Option<EnvEntry> {
        let own = name.value.as_str().filter(|own| is_variable(own))?;
        let name_span = self.span(name);
        let span = if value.place.is_some() { self.span(value) } else { Span::at(name_span.end) };
        let inside = without_quotes(self.text, span);
        let written = match &value.value {
            Value::Str(text) => text.to_string(),
            Value::None => String::new(),
            // A number or a truth value is given as it is written.
            _ => inside.of(self.text).to_owned(),
        };
        let mut entry =
            EnvEntry::new(own, written.replaced("$$", "$"), name_span, inside, name_span.to(span));
        entry.is_unseen = value.value.is_none() || is_unseen(&written);
        Some(entry)
    }

    /// `NAME=value`, or `NAME` for a variable that is handed on.
    fn item(&self, item: &Node) -> Option<EnvEntry> {
        let text = item.value.as_str()?;
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let span = without_quotes(self.text, self.span(item));
        if !is_variable(name) {
            return None;
        }
        let name_span = Span::new(span.start, (span.start + name.len()).min(span.end));
        let value_span = Span::new((name_span.end + 1).min(span.end), span.end);
        let written = value.unwrap_or("");
        let mut entry = EnvEntry::new(name, written.replaced("$$", "$"), name_span, value_span, span);
        entry.is_unseen = value.is_none() || is_interpolated(written);
        Some(entry)
    }
}

/// Whether compose puts something of its own environment into a value: `$NAME`, `${NAME:-…}`; `$$` is a `$`.
fn is_interpolated(text: &str) -> bool {
    let bare = text.replaced("$$", "");
    let mut behind = bare.split('$').skip(1);
    behind.any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{')))
}

/// A span without the quotes around it.
fn without_quotes(text: &str, span: Span) -> Span {
    let own = span.of(text);
    let is_quoted = |quote: char| own.len() > 1 && own.starts_with(quote) && own.ends_with(quote);
    if is_quoted('"') || is_quoted('\'') { Span::new(span.start + 1, span.end - 1) } else { span }
}
