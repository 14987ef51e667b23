//! From events to the graph of nodes: anchors, aliases, one document (`_yaml.pyx` of PyYAML, `CParser`).

use std::rc::Rc;

use super::Dialect;
use super::MAX_DEPTH;
use super::error::{Limit, Mark, Read, ReaderError, Stage, SyntaxError, YamlError};
use super::feed::{Feed, PLACEHOLDER, is_replaced};
use super::libyaml::{Event, EventKind, Parser, RawError, RawMark, Style};
use super::resolve::{Tag, resolve};
use crate::base::collections::TextMap;
use crate::base::text::{Chars, LINE_END, Search, Span};

/// A node's number in its graph.
pub(super) type Id = usize;

/// A node where it is used: an alias uses one that is written elsewhere.
#[derive(Clone, Copy)]
pub(super) struct Use {
    pub(super) node: Id,
    /// What is written here, anchor and tag included.
    pub(super) span: Span,
}

pub(super) enum Content {
    Scalar(Rc<str>),
    Sequence(Vec<Use>),
    Mapping(Vec<(Use, Use)>),
}

pub(super) struct GraphNode {
    pub(super) tag: Tag,
    pub(super) content: Content,
    /// PyYAML's `start_mark`, which is that of the anchor or tag where there is one.
    pub(super) mark: Mark,
    /// The content without anchor and tag.
    pub(super) span: Span,
    /// How many pairs at the head come from merges.
    pub(super) merged: usize,
}

impl GraphNode {
    /// PyYAML's `node.id`.
    pub(super) fn id(&self) -> &'static str {
        match self.content {
            Content::Scalar(_) => "scalar",
            Content::Sequence(_) => "sequence",
            Content::Mapping(_) => "mapping",
        }
    }
}

/// The nodes of a document.
pub(super) struct Graph {
    nodes: Vec<GraphNode>,
    nothing: GraphNode,
    /// Whether the real program may read it otherwise.
    pub(super) is_odd: bool,
}

impl Graph {
    fn new() -> Self {
        let nothing = GraphNode {
            tag: Tag::Null,
            content: Content::Scalar("".into()),
            mark: Mark { offset: 0, line: 0, column: 0 },
            span: Span::at(0),
            merged: 0,
        };
        Self { nodes: Vec::new(), nothing, is_odd: false }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn node(&self, id: Id) -> &GraphNode {
        self.nodes.get(id).unwrap_or(&self.nothing)
    }

    pub(super) fn node_mut(&mut self, id: Id) -> &mut GraphNode {
        self.nodes.get_mut(id).unwrap_or(&mut self.nothing)
    }

    fn add(&mut self, node: GraphNode) -> Id {
        self.nodes.push(node);
        self.nodes.len() - 1
    }
}

/// A container that is not finished.
struct Open {
    node: Id,
    flow: bool,
    /// Where its properties begin.
    start: usize,
    key: Option<Use>,
}

/// The graph of the one document in `text` and its root, `None` for an empty stream.
pub(super) fn compose(text: &str, feed: &Feed<'_>, dialect: Dialect) -> Read<(Graph, Option<Id>)> {
    let has_dashes = dialect == Dialect::Ruamel && text.lines().any(|line| line.starts_with("---"));
    let mut composer = Composer {
        text,
        feed,
        dialect,
        has_dashes,
        parser: Parser::new(feed),
        graph: Graph::new(),
        anchors: TextMap::new(),
    };
    // STREAM-START.
    composer.event()?;
    if matches!(composer.event()?.kind, EventKind::StreamEnd) {
        return Ok((composer.graph, None));
    }
    let root = composer.document()?;
    // DOCUMENT-END.
    composer.event()?;
    let next = composer.event()?;
    if !matches!(next.kind, EventKind::StreamEnd) {
        let first = composer.graph.node(root.node).mark;
        return Err(composer.error(
            Some(("expected a single document in the stream", first)),
            "but found another document",
            next.start,
        ));
    }
    Ok((composer.graph, Some(root.node)))
}

struct Composer<'f> {
    text: &'f str,
    feed: &'f Feed<'f>,
    dialect: Dialect,
    /// Whether a line begins with those of a document.
    has_dashes: bool,
    parser: Parser<'f>,
    graph: Graph,
    anchors: TextMap<Id>,
}

impl Composer<'_> {
    fn mark(&self, mark: RawMark) -> Mark {
        Mark {
            offset: self.feed.offset(mark.index).min(self.text.len()),
            line: mark.line,
            column: mark.column,
        }
    }

    #[inline(never)]
    fn error(&self, context: Option<(&str, Mark)>, problem: &str, mark: RawMark) -> Box<YamlError> {
        Box::new(YamlError::Syntax(SyntaxError {
            stage: Stage::Composer,
            context: context.map(|(text, _)| text.to_owned()),
            context_mark: context.map(|(_, mark)| mark),
            problem: problem.to_owned(),
            mark: self.mark(mark),
        }))
    }

    fn event(&mut self) -> Read<Event> {
        self.parser.event().map_err(|error| self.refused(error))
    }

    /// What libyaml's error is in PyYAML.
    #[inline(never)]
    fn refused(&self, error: RawError) -> Box<YamlError> {
        match error {
            RawError::Reader { problem, value, offset } => Box::new(YamlError::Reader(ReaderError {
                reason: problem,
                character: u32::try_from(value).unwrap_or(0),
                position: self.feed.read_offset(offset),
                offset: self.feed.offset_with_bom(offset),
            })),
            RawError::Marked { context, mut problem, mark } => {
                // libyaml 0.2.5, which PyYAML is built with, has this typing error.
                if problem == "did not find expected hexadecimal number" {
                    problem = "did not find expected hexdecimal number".to_owned();
                }
                Box::new(YamlError::Syntax(SyntaxError {
                    stage: Stage::Parser,
                    context_mark: context.as_ref().map(|&(_, mark)| self.mark(mark)),
                    context: context.map(|(text, _)| text),
                    problem,
                    mark: self.mark(mark),
                }))
            }
            RawError::Other => Limit::Values.into(),
        }
    }

    /// One document behind its DOCUMENT-START.
    fn document(&mut self) -> Read<Use> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let event = self.event()?;
            let end = self.mark(event.end).offset;
            let mut done = match event.kind {
                EventKind::Alias => self.alias(&event, end)?,
                EventKind::Scalar => {
                    let is_plain = matches!(event.style, Style::Plain);
                    let done = self.scalar(event, end)?;
                    if is_plain
                        && self.dialect == Dialect::Ruamel
                        && open.last().is_some_and(|open| open.flow)
                    {
                        self.note_plain_in_flow(done.node);
                    }
                    done
                }
                EventKind::SequenceStart | EventKind::MappingStart => {
                    let opened = self.open(&event)?;
                    if open.len() >= MAX_DEPTH {
                        return Err(Limit::Depth.into());
                    }
                    open.push(opened);
                    continue;
                }
                EventKind::SequenceEnd | EventKind::MappingEnd => {
                    let Some(closed) = open.pop() else { return Err(Limit::Depth.into()) };
                    self.close(&closed, end)
                }
                _ => return Err(Limit::Values.into()),
            };
            let Some(parent) = open.last_mut() else { return Ok(done) };
            let key = parent.key.take();
            if let Some(key) = key
                && done.span.is_empty()
                && done.span.start > key.span.end
                && Span::new(key.span.end, done.span.start).of(self.text).contains(LINE_END)
            {
                // libyaml puts a value that is not there where the next token begins.
                done.span = Span::at(key.span.end);
                self.graph.node_mut(done.node).span = done.span;
            }
            match (&mut self.graph.node_mut(parent.node).content, key) {
                (Content::Mapping(pairs), Some(key)) => pairs.push((key, done)),
                (Content::Mapping(_), None) => parent.key = Some(done),
                (Content::Sequence(items), _) => items.push(done),
                (Content::Scalar(_), _) => {}
            }
        }
    }

    fn alias(&self, event: &Event, end: usize) -> Read<Use> {
        match self.anchored(event) {
            Some(node) => Ok(Use { node, span: Span::new(self.mark(event.start).offset, end) }),
            None => Err(self.error(None, "found undefined alias", event.start)),
        }
    }

    fn scalar(&mut self, mut event: Event, end: usize) -> Read<Use> {
        self.check_anchor(&event)?;
        let mark = self.mark(event.start);
        let whole = Span::new(mark.offset, end);
        let span = self.scalar_span(whole, &event);
        let value = self.restore(decode(std::mem::take(&mut event.value))?, span, event.style);
        let tag = match explicit_tag(&event)? {
            Some(tag) => tag,
            None => resolve(&value, event.plain_implicit, self.dialect),
        };
        let content = Content::Scalar(value.into());
        let node = self.add(&event, GraphNode { tag, content, mark, span, merged: 0 });
        Ok(Use { node, span: Span::new(whole.start, span.end.max(whole.start)) })
    }

    /// The libyaml within ruamel.yaml is older and refuses some plain scalars between brackets. Its other parser takes those
    /// with a colon, but where a document begins with dashes it reads YAML 1.2.
    fn note_plain_in_flow(&mut self, id: Id) {
        let Content::Scalar(text) = &self.graph.node(id).content else { return };
        let is_odd = text.has('?') || self.has_dashes && text.has(':');
        self.graph.is_odd |= is_odd;
    }

    /// The node that an event's anchor names.
    fn anchored(&self, event: &Event) -> Option<Id> {
        self.anchors.get(event.anchor.as_deref()?).copied()
    }

    fn check_anchor(&self, event: &Event) -> Read<()> {
        match self.anchored(event) {
            None => Ok(()),
            Some(first) => {
                let first = self.graph.node(first).mark;
                let context = Some(("found duplicate anchor; first occurrence", first));
                Err(self.error(context, "second occurrence", event.start))
            }
        }
    }

    #[inline(never)]
    fn add(&mut self, event: &Event, node: GraphNode) -> Id {
        let id = self.graph.add(node);
        if let Some(anchor) = &event.anchor {
            self.anchors.insert(anchor, id);
        }
        id
    }

    fn open(&mut self, event: &Event) -> Read<Open> {
        self.check_anchor(event)?;
        let (implicit, content) = match event.kind {
            EventKind::SequenceStart => (Tag::Seq, Content::Sequence(Vec::new())),
            _ => (Tag::Map, Content::Mapping(Vec::new())),
        };
        let tag = explicit_tag(event)?.unwrap_or(implicit);
        let mark = self.mark(event.start);
        let span = Span::at(self.skip_properties(mark.offset, event));
        let node = self.add(event, GraphNode { tag, content, mark, span, merged: 0 });
        Ok(Open { node, flow: event.flow, start: mark.offset, key: None })
    }

    /// Ends a container. The end of a block one is that of its last child: its own is where the next token begins.
    fn close(&mut self, closed: &Open, end: usize) -> Use {
        let node = self.graph.node_mut(closed.node);
        let last = match &node.content {
            Content::Sequence(items) => items.last().map(|item| item.span.end),
            Content::Mapping(pairs) => pairs.last().map(|(_, value)| value.span.end),
            Content::Scalar(_) => None,
        };
        let end = if closed.flow { end } else { last.unwrap_or(node.span.start) };
        node.span = Span::new(node.span.start, end);
        Use { node: closed.node, span: Span::new(closed.start, end) }
    }

    /// Where the content begins that has `properties` before it.
    fn skip_properties(&self, start: usize, event: &Event) -> usize {
        const PROPERTY: Chars = |c| matches!(c, '&' | '!');
        const END: Chars = |c| c.is_whitespace() || ",[]{}".has(c);
        let mut rest = self.text.get(start..).unwrap_or("");
        let count = usize::from(event.anchor.is_some()) + usize::from(event.tag.is_some());
        for _ in 0..count {
            rest = skip_blank(rest);
            let length = if rest.starts_with("!<") {
                rest.find('>').map_or(rest.len(), |at| at + 1)
            } else if rest.starts_with(PROPERTY) {
                rest.find(END).unwrap_or(rest.len())
            } else {
                0
            };
            rest = rest.get(length..).unwrap_or("");
        }
        if count > 0 {
            rest = skip_blank(rest);
        }
        self.text.len() - rest.len()
    }

    fn scalar_span(&self, whole: Span, event: &Event) -> Span {
        let start = self.skip_properties(whole.start, event);
        if start >= whole.end {
            return Span::at(whole.end);
        }
        let mut span = Span::new(start, whole.end);
        if event.style == Style::Block {
            span.end = start + span.of(self.text).trim_end().len();
        }
        span
    }

    /// Puts the wide characters back that the feed replaced.
    fn restore(&self, value: String, span: Span, style: Style) -> String {
        let is_open = |c: char| c == PLACEHOLDER || is_replaced(c);
        if !self.feed.is_shortened() || !value.contains(PLACEHOLDER) {
            return value;
        }
        let mut source = span.of(self.text);
        if style == Style::Block {
            source = source.split_once('\n').map_or("", |(_, body)| body);
        }
        let mut written = Vec::new();
        let mut chars = source.chars();
        while let Some(c) = chars.next() {
            if c == '\\' && style == Style::DoubleQuoted {
                let digits = match chars.next() {
                    Some('x') => 2,
                    Some('u') => 4,
                    Some('U') => 8,
                    Some('_') => {
                        written.push('\u{a0}');
                        0
                    }
                    _ => 0,
                };
                let code = (0..digits)
                    .filter_map(|_| chars.next()?.to_digit(16))
                    .fold(0, |code, digit| code * 16 + digit);
                written.extend(char::from_u32(code).filter(|&c| is_open(c)));
            } else if is_open(c) {
                written.push(c);
            }
        }
        let mut written = written.into_iter();
        value.chars().map(|c| if is_open(c) { written.next().unwrap_or(c) } else { c }).collect()
    }
}

/// `text` without white space, line ends and comments at its head.
fn skip_blank(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with('#') {
        rest = rest.split_once(LINE_END).map_or("", |(_, after)| after).trim_start();
    }
    rest
}

/// The tag that is written, where it is not `!`.
fn explicit_tag(event: &Event) -> Read<Option<Tag>> {
    match &event.tag {
        Some(tag) if tag != b"!" => Ok(Some(Tag::named(&decode(tag.clone())?))),
        _ => Ok(None),
    }
}

/// `bytes.decode()`. libyaml lets only such sequences through that have as many bytes as their first one says.
fn decode(bytes: Vec<u8>) -> Read<String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(at).copied().unwrap_or(0);
        let reason = match byte {
            0xc2..=0xf4 => "invalid continuation byte",
            _ => "invalid start byte",
        };
        let message = format!("'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: {reason}");
        YamlError::raised("UnicodeDecodeError", message)
    })
}

#[cfg(test)]
mod tests {
    use crate::base::sources::SourceKind;
    use crate::python::{Node, Value};
    use crate::yaml::load;

    /// `key=entry|value` of every pair and `item` of every item, in order.
    fn spans(node: &Node, text: &str, found: &mut Vec<String>) {
        let of = |node: &Node| node.place.unwrap().span.of(text).to_owned();
        match &node.value {
            Value::Dict(dict) => {
                for entry in dict.iter() {
                    let whole = entry.place.unwrap().span.of(text);
                    found.push(format!("{}={whole}|{}", of(&entry.key), of(&entry.value)));
                    spans(&entry.value, text, found);
                }
            }
            Value::List(items) | Value::Tuple(items) | Value::Set(items) => {
                for item in items.iter() {
                    found.push(of(item));
                    spans(item, text, found);
                }
            }
            _ => {}
        }
    }

    fn spans_of(text: &str) -> Vec<String> {
        let root = load(text, SourceKind::Config).root.unwrap();
        let mut found = Vec::new();
        spans(&root, text, &mut found);
        found
    }

    #[test]
    fn block_containers_end_with_their_last_child() {
        let text = "a:\n  b: 1 # c\n  d:\n    - x\n    -   y z \n# e\nf: {g: [h, i ], j: }  # k\n";
        let expected = [
            "a=a:\n  b: 1 # c\n  d:\n    - x\n    -   y z|b: 1 # c\n  d:\n    - x\n    -   y z",
            "b=b: 1|1",
            "d=d:\n    - x\n    -   y z|- x\n    -   y z",
            "x",
            "y z",
            "f=f: {g: [h, i ], j: }|{g: [h, i ], j: }",
            "g=g: [h, i ]|[h, i ]",
            "h",
            "i",
            "j=j: |",
        ];
        assert_eq!(spans_of(text), expected);
    }

    #[test]
    fn values_leave_anchor_and_tag_to_the_entry() {
        let text =
            "a: &x !!map\n  b: 1\nc: !!str &y\n  d\ne: *x\nf: &z\ng: !<tag:yaml.org,2002:seq> # h\n  - 1\n";
        let expected = [
            "a=a: &x !!map\n  b: 1|b: 1",
            "b=b: 1|1",
            "c=c: !!str &y\n  d|d",
            "e=e: *x|b: 1",
            "b=b: 1|1",
            "f=f: &z|",
            "g=g: !<tag:yaml.org,2002:seq> # h\n  - 1|- 1",
            "1",
        ];
        assert_eq!(spans_of(text), expected);
    }

    #[test]
    fn places_are_bytes_of_the_text_as_it_was_given() {
        let text = "\u{feff}é: 键\r\nb:\r\n  - 'x\r\n    y' \r\n  - |\r\n    z\r\n\r\n  # c\r\nd: \u{85}e: 😀\u{2028}f: g";
        let expected = [
            "é=é: 键|键",
            "b=b:\r\n  - 'x\r\n    y' \r\n  - |\r\n    z|- 'x\r\n    y' \r\n  - |\r\n    z",
            "'x\r\n    y'",
            "|\r\n    z",
            "d=d:|",
            "e=e: 😀|😀",
            "f=f: g|g",
        ];
        assert_eq!(spans_of(text), expected);
    }

    #[test]
    fn a_value_that_is_not_there_stands_behind_its_key() {
        assert_eq!(spans_of("? a\n? b\n: c\n\nd:\n\n\n"), ["a=a|", "b=b\n: c|c", "d=d:|"]);
    }

    #[test]
    fn merged_values_keep_their_places() {
        let text = "- &x {a: 1, b: 2}\n- {<<: *x, b: 3}\n- !!omap [c: 4]\n";
        let expected = [
            "{a: 1, b: 2}",
            "a=a: 1|1",
            "b=b: 2|2",
            "{<<: *x, b: 3}",
            "a=a: 1|1",
            "b=b: 3|3",
            "[c: 4]",
            "c: 4",
            "c",
            "4",
        ];
        assert_eq!(spans_of(text), expected);
    }

    #[test]
    fn wide_characters_come_back_into_long_lines() {
        let wide = "é^".repeat(600);
        for text in [
            format!("k: {wide}"),
            format!("k: '{wide}'"),
            format!("k: \"{wide}\""),
            format!("k: |-\n  {wide}"),
            format!("k: &a !!str {wide} # ^é"),
            format!("\u{feff}k: {wide}\r\n"),
        ] {
            let root = load(&text, SourceKind::Config).root.unwrap();
            let value = root.get("k").unwrap();
            assert_eq!(value.value.as_str(), Some(wide.as_str()));
            assert!(value.place.unwrap().span.of(&text).contains(&wide));
        }
        let escaped = format!("k: \"\\x5e\\xe9{wide}\\u952e\\_\\U0001F600\"");
        let root = load(&escaped, SourceKind::Config).root.unwrap();
        assert_eq!(root.get("k").unwrap().value.as_str(), Some(format!("^é{wide}键\u{a0}😀").as_str()));
    }

    #[test]
    fn a_key_may_have_1024_characters_of_any_width() {
        // Python: yaml.load('键' * 1024 + ': v', CSafeLoader) reads, one more is an error.
        for (count, reads) in [(1024, true), (1025, false)] {
            let text = format!("{}: v", "键".repeat(count));
            assert_eq!(load(&text, SourceKind::Config).root.is_ok(), reads, "{count}");
        }
    }
}
