//! The variables of a container: `environment` of a compose file, a mapping or a list, and of Kubernetes `env` and `envFrom`
//! with the Secrets and ConfigMaps of the same text; of a text without containers those that are called after Hermes.

use super::{EnvEntry, Environ, Shell, is_variable, may_be_empty, program};
use crate::base::sources::SourceKind;
use crate::base::text::{Search, Span};
use crate::python::{Node, Value, from_base64};
use crate::yaml;

/// Values of a tree that are looked at: aliases count as often as they are used.
const MOST_VALUES: usize = 100_000;

/// Adds the variables of the container that runs Hermes, as far as its names tell: the first of those that are most likely. Where no
/// container is in the text, its variables are what the Secrets and ConfigMaps hold that are called after Hermes.
pub(super) fn read(text: &str, span: Span, environ: &mut Environ) {
    let documents = parsed(text, span);
    let objects: Vec<Object<'_>> = documents.iter().flat_map(Document::objects).collect();
    match container(&documents, &objects) {
        Some(own) => {
            environ.entries.extend(own.entries);
            for (name, span, shell) in own.failed {
                environ.fail(&name, span, shell);
            }
        }
        None => {
            let own = objects.iter().filter(|object| object.is_of_hermes);
            environ.entries.extend(own.flat_map(Object::entries));
        }
    }
}

/// Whether the container that runs Hermes has variables from a file or a secret that is named.
pub(super) fn names_file(text: &str, span: Span) -> bool {
    let documents = parsed(text, span);
    let objects: Vec<Object<'_>> = documents.iter().flat_map(Document::objects).collect();
    container(&documents, &objects).is_some_and(|own| own.names_file)
}

/// A container that may run Hermes.
struct Container {
    likely: Likely,
    entries: Vec<EnvEntry>,
    /// Items of its list that set no variable, though they are meant to.
    failed: Vec<(String, Span, Shell)>,
    names_file: bool,
}

/// How likely it is that a container is that of Hermes, the first field first: whether it surely runs Hermes, whether it has
/// variables, and its rank.
type Likely = (bool, bool, usize);

/// The container that most likely runs Hermes: one that surely runs it stands before all that only may, even where it sets nothing.
fn container(documents: &[Document<'_>], objects: &[Object<'_>]) -> Option<Container> {
    let mut best: Option<Container> = None;
    for document in documents {
        let mut open = vec![(&document.root, "")];
        let mut seen = 0;
        while let Some((node, name)) = open.pop() {
            seen += 1;
            if seen > MOST_VALUES {
                break;
            }
            let entries = document.entries(node, objects);
            let names_file = node.has("env_file") || node.has("envFrom");
            let failed = document.failed(node);
            if let Some(rank) = rank(node, name, &entries, names_file || !failed.is_empty()) {
                let likely = (rank >= SURE, !entries.is_empty() || names_file, rank);
                if best.as_ref().is_none_or(|known| known.likely < likely) {
                    best = Some(Container { likely, entries, failed, names_file });
                }
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
    best
}

/// The documents of a text of YAML that can be read.
fn parsed(text: &str, span: Span) -> Vec<Document<'_>> {
    let read = |own: Span| {
        let root = yaml::load(own.of(text), SourceKind::Environ).root.ok()?;
        Some(Document { text, at: own.start, root })
    };
    documents(text, span).into_iter().filter_map(read).collect()
}

/// Where the documents of a text of YAML stand.
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

/// From this rank on a container surely runs Hermes.
const SURE: usize = 2;

/// How likely it is that Hermes runs in this container, which has these variables, and maybe others from a file or that are meant
/// to be set; `None` where it is no container, or one of another program.
fn rank(node: &Node, name: &str, entries: &[EnvEntry], has_others: bool) -> Option<usize> {
    let image = node.text("image");
    let commands = ["command", "entrypoint", "args"].map(|key| node.get(key));
    let is_container = image.is_some()
        || node.has("build")
        || node.has("container_name")
        || commands.iter().any(Option::is_some);
    if entries.is_empty() && !has_others && !is_container {
        return None;
    }
    let names = [Some(name), node.text("container_name"), node.text("name")];
    let build = node.text("build").or_else(|| node.get("build")?.text("context"));
    let is_called = names.iter().flatten().any(|name| program::is_hermes(name));
    let has_name = names.iter().flatten().any(|name| program::has_hermes(name));
    if commands.iter().flatten().any(|command| runs_hermes(command)) {
        return Some(4);
    }
    match image {
        Some(image) if program::is_image(image) => Some(3),
        Some(image) if program::has_hermes(image) => Some(if is_called { 2 } else { 1 }),
        // The image of another program may be called as what it belongs to.
        Some(_) => (is_called || entries.iter().any(|entry| program::has_hermes(&entry.name))).then_some(1),
        None if is_called || build.is_some_and(program::is_image) => Some(2),
        None if has_name || build.is_some_and(program::has_hermes) => Some(1),
        None => (!entries.is_empty()).then_some(0),
    }
}

/// Whether a command, a line or a list of words, runs Hermes.
fn runs_hermes(command: &Node) -> bool {
    match command.value.as_str() {
        Some(line) => program::runs_hermes(program::words(line)),
        None => {
            let items = command.items().iter().filter_map(|item| item.value.as_str());
            program::runs_hermes(items.flat_map(program::words))
        }
    }
}

/// A Secret or a ConfigMap.
struct Object<'d> {
    document: &'d Document<'d>,
    /// What refers to it: the field of `envFrom`, and that of `valueFrom`.
    fields: [&'static str; 2],
    name: &'d str,
    /// Whether its name or its namespace says that it is for Hermes.
    is_of_hermes: bool,
    /// Its mappings of names to values, the one that counts last at the end, and whether their values are base64.
    data: [(Option<&'d Node>, bool); 2],
}

impl Object<'_> {
    /// The entry of a variable whose name stands at `name_span`, for `value`, which the object holds.
    fn entry(&self, name: &str, name_span: Span, value: &Node, is_base64: bool) -> Option<EnvEntry> {
        let mut entry = self.document.named(name, name_span, value, |_| false)?;
        if is_base64 {
            let decoded = from_base64(&entry.value).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            entry.is_unseen = decoded.is_none();
            entry.value = decoded.unwrap_or_default();
        }
        Some(entry)
    }

    /// All that it holds, as variables.
    fn entries(&self) -> Vec<EnvEntry> {
        let mut found = Vec::new();
        for (data, is_base64) in self.data {
            for entry in data.map(Node::entries).unwrap_or_default() {
                let name = entry.key.value.as_str().unwrap_or("");
                found.extend(self.entry(name, self.document.span(&entry.key), &entry.value, is_base64));
            }
        }
        found
    }

    /// The variable `name` of `container`, with the value that the object holds under `key`. The two may stand in different documents.
    fn value(&self, key: &str, name: &Node, container: &Document<'_>) -> Option<EnvEntry> {
        let (value, is_base64) =
            self.data.iter().rev().find_map(|(data, is_base64)| Some(((*data)?.get(key)?, *is_base64)))?;
        let name_span = container.span(name);
        let mut entry = self.entry(name.value.as_str()?, name_span, value, is_base64)?;
        entry.entry_place = entry.name_place;
        Some(entry)
    }
}

/// The object that `reference`, an item of `envFrom` or a `valueFrom`, names, and what else the reference says.
fn referred<'o, 'd, 'n>(
    reference: &'n Node,
    objects: &'o [Object<'d>],
    field: fn(&Object<'d>) -> &'static str,
) -> Option<(&'o Object<'d>, &'n Node)> {
    objects.iter().find_map(|object| {
        let own = reference.get(field(object))?;
        (own.text("name") == Some(object.name)).then_some((object, own))
    })
}

/// A document, and where it stands.
struct Document<'t> {
    text: &'t str,
    at: usize,
    root: Node,
}

impl Document<'_> {
    fn span(&self, node: &Node) -> Span {
        let span = node.place.map_or(Span::at(0), |place| place.span);
        Span::new(span.start + self.at, span.end + self.at)
    }

    /// The Secrets and ConfigMaps, also those within a list.
    fn objects(&self) -> Vec<Object<'_>> {
        let items = self.root.get("items").map_or(&[][..], Node::items);
        let roots = [&self.root].into_iter().chain(items);
        let object = |node| {
            let metadata = Node::get(node, "metadata")?;
            let name = metadata.text("name")?;
            let is_of_hermes =
                [Some(name), metadata.text("namespace")].into_iter().flatten().any(program::has_hermes);
            let (fields, data) = match node.text("kind")? {
                "Secret" => (
                    ["secretRef", "secretKeyRef"],
                    [(node.get("data"), true), (node.get("stringData"), false)],
                ),
                "ConfigMap" => {
                    (["configMapRef", "configMapKeyRef"], [(node.get("data"), false), (None, false)])
                }
                _ => return None,
            };
            Some(Object { document: self, fields, name, is_of_hermes, data })
        };
        roots.filter_map(object).collect()
    }

    /// The variables that a container has.
    fn entries(&self, node: &Node, objects: &[Object<'_>]) -> Vec<EnvEntry> {
        let mut found = Vec::new();
        // A task of Ansible that runs a container has a mapping called `env`; a program that config.yaml starts has no image.
        let of_task = node.get("env").filter(|_| node.text("image").is_some());
        if let Some(environment) = node.get("environment").or(of_task.filter(|env| !env.entries().is_empty()))
        {
            for pair in environment.entries() {
                let Some(mut entry) = self.entry(&pair.key, &pair.value, is_interpolated) else { continue };
                if pair.value.value.is_none()
                    || entry.is_unseen && may_be_empty(entry.value_place.span.of(self.text))
                {
                    entry.hand_on();
                }
                found.push(entry);
            }
            found.extend(environment.items().iter().filter_map(|item| self.item(item)));
        }
        // Those of `env` stand before these, wherever they are written.
        for item in node.get("envFrom").map_or(&[][..], Node::items) {
            let Some((object, _)) = referred(item, objects, |object| object.fields[0]) else { continue };
            let prefix = item.text("prefix").unwrap_or("");
            found.extend(object.entries().into_iter().map(|mut entry| {
                entry.name.insert_str(0, prefix);
                entry
            }));
        }
        for item in node.get("env").map_or(&[][..], Node::items) {
            let Some(name) = item.get("name") else { continue };
            let elsewhere = || {
                let (object, own) = referred(item.get("valueFrom")?, objects, |object| object.fields[1])?;
                object.value(own.text("key")?, name, self)
            };
            match item.get("value") {
                Some(value) => found.extend(self.entry(name, value, |text| text.holds("$("))),
                None => {
                    found.extend(elsewhere().or_else(|| self.entry(name, &Node::made(Value::None), |_| true)))
                }
            }
        }
        found
    }

    /// The items of a list of variables that set none of the name that is meant: Compose takes all that stands in front of `=` for
    /// the name, and a mapping is no item of such a list (`list_or_dict` of the Compose Specification).
    fn failed(&self, node: &Node) -> Vec<(String, Span, Shell)> {
        let items = node.get("environment").map_or(&[][..], Node::items);
        let failed = |item: &Node| {
            let span = self.span(item);
            if let Some(pair) = item.entries().first() {
                let name = pair.key.value.as_str().filter(|name| is_variable(name))?;
                return Some((name.to_owned(), span, Shell::Mapping));
            }
            let (written, _) = item.value.as_str()?.split_once('=')?;
            let name = written.strip_prefix("export ").unwrap_or(written).trim();
            (name != written && is_variable(name)).then(|| (name.to_owned(), span, Shell::Compose))
        };
        items.iter().filter_map(failed).collect()
    }

    fn entry(&self, name: &Node, value: &Node, is_unseen: fn(&str) -> bool) -> Option<EnvEntry> {
        self.named(name.value.as_str()?, self.span(name), value, is_unseen)
    }

    /// The entry of a variable whose name stands at `name_span`, for `value` of this document.
    fn named(
        &self,
        name: &str,
        name_span: Span,
        value: &Node,
        is_unseen: fn(&str) -> bool,
    ) -> Option<EnvEntry> {
        if !is_variable(name) {
            return None;
        }
        // What has no value is shown by its name.
        let has_place = value.place.is_some_and(|place| !value.value.is_none() || !place.span.is_empty());
        let span = if has_place { self.span(value) } else { name_span };
        let inside = without_quotes(self.text, span);
        let written = match &value.value {
            Value::Str(text) => text.to_string(),
            Value::None => String::new(),
            // A number or a truth value is given as it is written.
            _ => inside.of(self.text).to_owned(),
        };
        let mut entry =
            EnvEntry::new(name, written.replaced("$$", "$"), name_span, inside, name_span.to(span));
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
        let value_span = value.map_or(name_span, |_| Span::new((name_span.end + 1).min(span.end), span.end));
        let written = value.unwrap_or("");
        let mut entry = EnvEntry::new(name, written.replaced("$$", "$"), name_span, value_span, span);
        entry.is_unseen = is_interpolated(written);
        if value.is_none() || entry.is_unseen && may_be_empty(written) {
            entry.hand_on();
        }
        Some(entry)
    }
}

/// Whether compose puts something of its own environment into a value: `$NAME`, `${NAME:-…}`; `$$` is a `$`. Ansible and Helm write
/// `{{ name }}`.
fn is_interpolated(text: &str) -> bool {
    if text.holds("{{") {
        return true;
    }
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
