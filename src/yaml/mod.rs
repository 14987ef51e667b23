//! YAML 1.1 as `yaml.load(text, CSafeLoader)` of PyYAML 6.0.3 reads it, with the place of every key, value and entry.
//!
//! The way of a text follows the real program's: `feed` is Python's text mode and the loader's input handler,
//! `libyaml` the scanner and parser, `compose` the node graph with anchors, `resolve` the implicit tags, `construct`
//! the objects in the order in which PyYAML makes them (which decides what error comes first), `build` the values
//! that the model works with.

mod build;
mod comments;
mod compose;
mod construct;
mod cursor;
mod error;
mod feed;
mod libyaml;
mod resolve;
mod safe_load;
mod scalar;

use crate::base::sources::SourceKind;
pub use comments::comments;
pub use error::{Limit, Mark, ReaderError, Stage, SyntaxError, YamlError};
pub use safe_load::{SafeLoad, safe_load};

use crate::base::text::{Search, Span};
use crate::python::Node;

/// Deepest nesting of values that is read. Python reads deeper ones, but Hermes then copies the configuration by
/// functions that call themselves, and gives up between 300 and 500 levels.
pub const MAX_DEPTH: usize = 100;

/// Most values of a text, aliases counted as often as they are used.
pub const MAX_VALUES: u64 = 1_000_000;

/// A mapping has a key twice: Python takes the last one and says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateKey {
    /// The key that is overridden.
    pub first: Span,
    /// The key that is written again.
    pub second: Span,
    /// The dotted path of the key as it is written; items of lists by their number.
    pub path: String,
}

/// What became of a text.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The value, or why there is none.
    pub root: Result<Node, YamlError>,
    /// The keys that are written twice in one mapping, in the order of the text. Empty where there is no value, unless
    /// they are why.
    pub duplicates: Vec<DuplicateKey>,
    /// Whether the real program may read it otherwise.
    pub is_unknown: bool,
}

/// Whose YAML a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::yaml) enum Dialect {
    /// `CSafeLoader` of PyYAML.
    PyYaml,
    /// `YAML(typ="safe")` of ruamel.yaml 0.18 for YAML 1.1, which composes with libyaml too.
    Ruamel,
}

/// Reads `text` as Hermes reads config.yaml: the file is opened as UTF-8 text, and `fast_safe_load` of `utils.py`
/// gives it to `yaml.load` with the C loader. Values that come from an alias or a merge have the place where they
/// are written.
///
/// ```
/// use poolcheck::base::sources::SourceKind;
/// use poolcheck::yaml::{self, YamlError};
///
/// let loaded = yaml::load("model: {provider: no, max: 1:30}\n", SourceKind::Config);
/// let root = loaded.root.unwrap();
/// let model = root.get("model").unwrap();
/// assert_eq!(model.get("provider").unwrap().value.type_name(), "bool");
/// assert_eq!(model.get("max").unwrap().place.unwrap().span.of("model: {provider: no, max: 1:30}"), "1:30");
///
/// let Err(YamlError::Syntax(error)) = yaml::load("a:\n\tb: 1\n", SourceKind::Config).root else { panic!() };
/// assert_eq!(error.problem, "found character that cannot start any token");
/// assert_eq!((error.mark.line, error.mark.column, error.mark.offset), (1, 0, 3));
/// ```
pub fn load(text: &str, source: SourceKind) -> Loaded {
    load_from(text, feed::Stream::File, source, Dialect::PyYaml)
}

/// Reads `text` as releases of Hermes do that have ruamel.yaml: a key that stands twice is an error, `y` and `n` are truth
/// values, numbers may have an exponent without a dot. What libyaml refuses is read again there by a parser in Python,
/// which refuses less: what that makes of it is not known here.
///
/// ```
/// use poolcheck::base::sources::SourceKind;
/// use poolcheck::yaml;
///
/// assert!(yaml::load_ruamel("a: 1\na: 2\n", SourceKind::Config).root.is_err());
/// let root = yaml::load_ruamel("[y, 1e3]", SourceKind::Config).root.unwrap();
/// let types: Vec<_> = root.value.as_list().unwrap().iter().map(|item| item.value.type_name()).collect();
/// assert_eq!(types, ["bool", "float"]);
/// ```
pub fn load_ruamel(text: &str, source: SourceKind) -> Loaded {
    let mut loaded = load_from(text, feed::Stream::File, source, Dialect::Ruamel);
    let is_refused = |error: &YamlError| match error {
        YamlError::Syntax(error) => error.stage == Stage::Parser,
        YamlError::Reader(_) => true,
        YamlError::Raised { .. } | YamlError::Limit(_) => false,
    };
    loaded.is_unknown |= is_read_otherwise(text) || loaded.root.as_ref().is_err_and(is_refused);
    loaded
}

/// Whether the text has a directive, or a tag that may go on behind a comma: the libyaml within ruamel.yaml is older.
fn is_read_otherwise(text: &str) -> bool {
    let is_tag = |rest: &str| rest.split(char::is_whitespace).next().is_some_and(|tag| tag.has(','));
    text.lines().any(|line| line.starts_with('%'))
        || text.has('[') && text.split('!').skip(1).any(is_tag)
        || text.has('{') && text.split('!').skip(1).any(is_tag)
}

/// Reads `text` as `fast_safe_load(text)` reads a `str`. The values are those of [`load`]; a reader error may differ
/// in its position, and which one of two errors is found first.
pub fn load_str(text: &str, source: SourceKind) -> Loaded {
    load_from(text, feed::Stream::Text, source, Dialect::PyYaml)
}

/// The number of events that libyaml makes of `text`, up to its first error: the bare parse that
/// `cargo xtask bench` measures a whole check beside.
///
/// ```
/// // Stream, document, mapping, key, value, and the ends of the first three.
/// assert_eq!(poolcheck::yaml::count_events("a: 1"), 8);
/// ```
pub fn count_events(text: &str) -> usize {
    let feed = feed::Feed::new(text, feed::Stream::Text);
    let mut parser = libyaml::Parser::new(&feed);
    let mut count = 0;
    while let Ok(event) = parser.event() {
        count += 1;
        if matches!(event.kind, libyaml::EventKind::StreamEnd) {
            break;
        }
    }
    count
}

fn load_from(text: &str, stream: feed::Stream, source: SourceKind, dialect: Dialect) -> Loaded {
    let feed = feed::Feed::new(text, stream);
    let loaded = compose::compose(text, &feed, dialect).and_then(|(mut graph, root)| match root {
        None => {
            let root = Ok(Node::made(crate::python::Value::None));
            Ok(Loaded { root, duplicates: Vec::new(), is_unknown: false })
        }
        Some(root) => {
            let (objects, is_unknown) = construct::construct(&mut graph, root, dialect)?;
            let (node, duplicates, refused) = build::build(text, source, &graph, &objects, root, dialect)?;
            let is_unknown = is_unknown || graph.is_odd;
            let root = refused.map_or(Ok(node), |error| Err(YamlError::Syntax(error)));
            Ok(Loaded { root, duplicates, is_unknown })
        }
    });
    loaded.unwrap_or_else(|error| Loaded { root: Err(*error), duplicates: Vec::new(), is_unknown: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::{repr, to_str};

    fn said(text: &str) -> String {
        match load(text, SourceKind::Config).root {
            Ok(root) => repr(&root.value).or_else(|| to_str(&root.value)).unwrap(),
            Err(error) => format!("{}: {}", error.kind().unwrap(), error.text("f").unwrap()),
        }
    }

    #[test]
    fn scalars_of_yaml_1_1() {
        // Expected: repr(yaml.load(text, CSafeLoader)).
        let pairs = [
            ("[yes, No, on, OFF, y, n, ~, null, '']", "[True, False, True, False, 'y', 'n', None, None, '']"),
            ("[0777, 0o777, 0x1F, 0b11, 1_000, 08, 1:30]", "[511, '0o777', 31, 3, 1000, '08', 90]"),
            (
                "[1.5, 1., .5, 1e5, 1.0e+5, -.inf, 190:20:30.15]",
                "[1.5, 1.0, 0.5, '1e5', 100000.0, -inf, 685230.15]",
            ),
            ("{a: 1, <<: {a: 2, b: 3}, =: x}", "{'a': 1, 'b': 3, '=': 'x'}"),
            ("! '12'", "12"),
            ("!!binary aGk=", "b'hi'"),
            ("", "None"),
        ];
        for (text, expected) in pairs {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    // What ruamel.yaml 0.18.17 reads in YAML 1.1: `YAML(typ="safe")`, `version = (1, 1)`, and where that raises with
    // `pure=True`, as `hermes_yaml.py` of 0.21.4 does.
    #[test]
    fn scalars_of_ruamel() {
        let said = |text: &str| {
            let loaded = load_ruamel(text, SourceKind::Config);
            assert!(!loaded.is_unknown, "{text}");
            loaded.root.map(|root| repr(&root.value).unwrap()).map_err(|error| error.kind().unwrap())
        };
        let read = [
            ("[y, Y, n, N, yes, 'y', yy]", "[True, True, False, False, True, 'y', 'yy']"),
            ("[1e3, 1.0e3, 1e+3, 1.5E-2, 1_0e1]", "[1000.0, 1000.0, 1000.0, 0.015, 100.0]"),
            ("[1e400, 20260820_093237_089e44, e1, 1e]", "[inf, 2.026082009323709e+60, 'e1', '1e']"),
            (
                "[0777, 1:30, 0o777, 01:30, .5, 08, ._5, +_1, 7_7]",
                "[511, 90, '0o777', '01:30', 0.5, '08', 0.5, 1, 77]",
            ),
            ("{<<: {a: 1}, b: 1, b: 2}", "{'a': 1, 'b': 2}"),
            ("[{url: http://h}]", "[{'url': 'http://h'}]"),
        ];
        for (text, expected) in read {
            assert_eq!(said(text).as_deref(), Ok(expected), "{text}");
        }
        for text in ["a: 1\na: 2", "{b: {a: 1, 'a': 2}}", "{on: 1, yes: 2}", "{1: a, true: b}"] {
            assert_eq!(said(text), Err("DuplicateKeyError"), "{text}");
        }
        assert_eq!(said("{<<: {a: 1}, <<: {b: 1}}"), Err("DuplicateKeyError"));
        for text in ["a: \"\u{2028}", "%YAML 1.1\n---\na: 1", "--- [a:b]", "[a?b]", "!!omap [a: 1]"] {
            assert!(load_ruamel(text, SourceKind::Config).is_unknown, "{text}");
        }
        assert_eq!(load_ruamel("a: 1\na: 2", SourceKind::Config).duplicates.len(), 1);
        assert_eq!(
            load_ruamel("? [1, 2]\n: x", SourceKind::Config).root.err(),
            Some(YamlError::Limit(Limit::TupleKey))
        );
    }

    #[test]
    fn numbers_that_python_cannot_print_are_refused() {
        let limit = |text: &str| load(text, SourceKind::Config).root.err();
        assert_eq!(limit(&format!("0x{}", "f".repeat(3500))), None);
        for text in [format!("0x{}", "f".repeat(3600)), format!("1{}", ":30".repeat(2000))] {
            assert_eq!(limit(&text), Some(YamlError::Limit(Limit::Number)));
        }
    }

    #[test]
    fn a_reader_error_has_its_place() {
        let text = "\u{feff}é: 1\r\nb: \u{7}";
        let Err(YamlError::Reader(error)) = load(text, SourceKind::Config).root else {
            panic!("no reader error")
        };
        assert_eq!((error.character, error.offset, error.position), (7, 13, 12));
    }

    #[test]
    fn debug_shows_no_content() {
        let error = load("a: !sk-fake b", SourceKind::Config).root.unwrap_err();
        assert!(error.text("f").unwrap().contains("sk-fake"));
        assert!(!format!("{error:?}").contains("sk-fake"));
    }

    #[test]
    fn errors_as_the_real_program_words_them() {
        let pairs = [
            ("*a", "ComposerError: found undefined alias\n  in \"f\", line 1, column 1"),
            ("!!int ''", "IndexError: string index out of range"),
            (
                "x: \"\\xZZ\"",
                "ParserError: while parsing a quoted scalar\n  in \"f\", line 1, column 4\ndid not find expected hexdecimal number\n  in \"f\", line 1, column 7",
            ),
            (
                "a: \u{0}",
                "ReaderError: unacceptable character #x0000: control characters are not allowed\n  in \"f\", position 3",
            ),
        ];
        for (text, expected) in pairs {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
