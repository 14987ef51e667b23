//! JSON as Python's `json.loads` reads it, with the place of every value.
//!
//! Python's reader differs from the standard, and its error texts end up in what Hermes logs: it takes
//! `NaN` and `Infinity`, keeps the last of two equal keys, refuses a byte order mark, and gives up on deep
//! nesting. No library tells its errors or gives spans of keys, so this is a reader of our own. It follows
//! the C scanner of Python 3.11 (`Modules/_json.c`), which is the one that runs.

mod number;
mod reader;
mod string;

use std::rc::Rc;

use crate::base::sources::SourceKind;
use crate::base::text::Place;
use crate::python::{MAX_INT_DIGITS, Node};

/// Nesting at which Python raises `RecursionError` even from an almost empty call stack.
const TOO_DEEP: usize = 995;

/// Nesting that is read here, as of YAML. Python reads more, from [`TOO_DEEP`] on nothing; what happens between
/// depends on how many calls are under way and on who copies the value.
const SURELY_FINE: usize = 256;

/// What some programs write at the beginning of a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A document and what the tree does not hold.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The value, with places.
    pub root: Node,
    /// Pairs that a later one of the same key replaced.
    pub duplicates: Vec<Duplicate>,
}

/// A pair that a later pair with the same key in the same object replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: Rc<str>,
    /// The key of the pair that is lost.
    pub lost: Place,
    /// The key of the pair that replaced it.
    pub winner: Place,
}

/// Why Python does not read a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonError {
    /// `JSONDecodeError`.
    Syntax {
        /// Its `msg`.
        message: &'static str,
        /// Its `pos`: code points before the place.
        position: usize,
        /// Its `lineno`, from 1; only LF ends a line.
        line: usize,
        /// Its `colno`, from 1, in code points.
        column: usize,
        /// The place: one character, or empty at the end of the text.
        place: Place,
    },
    /// `ValueError`: an integer of more than 4300 digits.
    TooManyDigits {
        /// How many it has.
        digits: usize,
        /// The integer.
        place: Place,
    },
    /// `RecursionError`.
    TooDeep {
        /// What was being read: `object` or `array`.
        container: &'static str,
        /// The bracket that was one too many.
        place: Place,
    },
    /// Python reads it and we cannot say what comes of it.
    Unmodelled {
        /// What it is.
        what: &'static str,
        /// Where it is.
        place: Place,
    },
}

impl JsonError {
    /// The exception's class; `None` for what we do not model.
    pub fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Syntax { .. } => Some("JSONDecodeError"),
            Self::TooManyDigits { .. } => Some("ValueError"),
            Self::TooDeep { .. } => Some("RecursionError"),
            Self::Unmodelled { .. } => None,
        }
    }

    /// What `str(error)` says.
    ///
    /// ```
    /// use poolcheck::{base::sources::SourceKind, json};
    /// let error = json::load("{\"a\": 1,}", SourceKind::AuthStore).unwrap_err();
    /// assert_eq!(
    ///     error.text(),
    ///     "Expecting property name enclosed in double quotes: line 1 column 9 (char 8)"
    /// );
    /// ```
    pub fn text(&self) -> String {
        match self {
            Self::Syntax { message, position, line, column, .. } => {
                format!("{message}: line {line} column {column} (char {position})")
            }
            Self::TooManyDigits { digits, .. } => format!(
                "Exceeds the limit ({} digits) for integer string conversion: value has {digits} digits; \
                 use sys.set_int_max_str_digits() to increase the limit",
                MAX_INT_DIGITS
            ),
            Self::TooDeep { container, .. } => format!(
                "maximum recursion depth exceeded while decoding a JSON {container} from a unicode string"
            ),
            Self::Unmodelled { what, .. } => (*what).to_owned(),
        }
    }

    /// The narrowest place that shows it.
    pub fn place(&self) -> Place {
        match self {
            Self::Syntax { place, .. }
            | Self::TooManyDigits { place, .. }
            | Self::TooDeep { place, .. }
            | Self::Unmodelled { place, .. } => *place,
        }
    }
}

/// Reads `text` as `json.loads` does. The places of the tree lie in `source`; keys and strings include
/// their quotes, and a pair goes from its key to the end of its value.
///
/// # Errors
/// [`JsonError`]: what Python raises, or what it accepts and we cannot hold (a lone surrogate).
///
/// ```
/// use poolcheck::{base::sources::SourceKind, json};
/// let loaded = json::load(r#"{"a": 1, "a": [NaN]}"#, SourceKind::AuthStore).unwrap();
/// assert_eq!(loaded.root.get("a").unwrap().value.type_name(), "list");
/// assert_eq!(loaded.duplicates.len(), 1);
/// ```
pub fn load(text: &str, source: SourceKind) -> Result<Loaded, JsonError> {
    reader::Reader::new(text, source).document()
}

/// [`load`] of a file that was opened as `utf-8-sig`: a byte order mark at its beginning is passed over.
///
/// # Errors
/// As [`load`].
///
/// ```
/// use poolcheck::{base::sources::SourceKind, json};
/// assert!(json::load("\u{feff}{}", SourceKind::AuthStore).is_err());
/// assert!(json::load_behind_mark("\u{feff}{}", SourceKind::AuthStore).is_ok());
/// ```
pub fn load_behind_mark(text: &str, source: SourceKind) -> Result<Loaded, JsonError> {
    let mut reader = reader::Reader::new(text, source);
    if text.starts_with(BYTE_ORDER_MARK) {
        reader.at = BYTE_ORDER_MARK.len_utf8();
    }
    reader.document()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::Value;

    fn read(text: &str) -> Result<Loaded, JsonError> {
        load(text, SourceKind::AuthStore)
    }

    /// `msg`, `pos`, `lineno`, `colno` as Python 3.11.7 gives them for each text.
    #[test]
    fn errors_are_pythons() {
        let cases: &[(&str, &str, usize, usize, usize)] = &[
            ("", "Expecting value", 0, 1, 1),
            (" ", "Expecting value", 1, 1, 2),
            ("\u{feff}{}", "Unexpected UTF-8 BOM (decode using utf-8-sig)", 0, 1, 1),
            ("[", "Expecting value", 1, 1, 2),
            ("[1,]", "Expecting value", 3, 1, 4),
            ("{", "Expecting property name enclosed in double quotes", 1, 1, 2),
            ("{\"a\":1,}", "Expecting property name enclosed in double quotes", 7, 1, 8),
            ("{\"a\"", "Expecting ':' delimiter", 4, 1, 5),
            ("{\"a\":", "Expecting value", 5, 1, 6),
            ("{\"a\":1 \"b\"}", "Expecting ',' delimiter", 7, 1, 8),
            ("[]x", "Extra data", 2, 1, 3),
            ("\"\\u12é\"", "Invalid \\uXXXX escape", 2, 1, 3),
            ("\"\\ud800\\u12\"", "Invalid \\uXXXX escape", 8, 1, 9),
            ("\"\\q\"", "Invalid \\escape", 1, 1, 2),
            ("\"\n\"", "Invalid control character at", 1, 1, 2),
            ("\"a", "Unterminated string starting at", 0, 1, 1),
            ("1e+", "Extra data", 1, 1, 2),
            ("01", "Extra data", 1, 1, 2),
            ("-I", "Expecting value", 0, 1, 1),
            ("{\n \"ключ\": tru}", "Expecting value", 11, 2, 10),
        ];
        for &(text, message, position, line, column) in cases {
            match read(text) {
                Err(JsonError::Syntax { message: m, position: p, line: l, column: c, .. }) => {
                    assert_eq!((m, p, l, c), (message, position, line, column), "{text:?}");
                }
                other => panic!("{text:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn python_takes_more_than_the_standard() {
        let loaded = read("[NaN, -Infinity, Infinity, -0, -0.0, 1e400, \"\u{7f}\"]").unwrap();
        let items = loaded.root.value.as_list().unwrap();
        let floats: Vec<f64> = items
            .iter()
            .filter_map(|item| if let Value::Float(value) = item.value { Some(value) } else { None })
            .collect();
        assert!(floats[0].is_nan());
        assert_eq!(floats[1..], [f64::NEG_INFINITY, f64::INFINITY, 0.0, f64::INFINITY]);
        assert!(floats[3].is_sign_negative());
        assert_eq!(items[3].value.type_name(), "int");
    }

    #[test]
    fn the_last_of_two_equal_keys_wins_in_the_first_ones_position() {
        let text = r#"{"a": 1, "b": 2, "a": 3}"#;
        let loaded = read(text).unwrap();
        let dict = loaded.root.value.as_dict().unwrap();
        let keys: Vec<_> = dict.iter().map(|entry| entry.key.value.as_str().unwrap()).collect();
        assert_eq!(keys, ["a", "b"]);
        let entry = dict.entry("a").unwrap();
        assert_eq!(entry.place.unwrap().span.of(text), "\"a\": 3");
        let [duplicate] = loaded.duplicates.as_slice() else { panic!() };
        assert_eq!((duplicate.lost.span.start, duplicate.winner.span.start), (1, 17));
    }

    #[test]
    fn places_are_the_written_text() {
        let text = "{ \"k\\u00e9y\" : [ 1.5e3 , {\"x\": null} ] }";
        let loaded = read(text).unwrap();
        assert_eq!(loaded.root.place.unwrap().span.of(text), text);
        let entry = loaded.root.value.as_dict().unwrap().entry("kéy").unwrap();
        assert_eq!(entry.key.place.unwrap().span.of(text), "\"k\\u00e9y\"");
        assert_eq!(entry.value.place.unwrap().span.of(text), "[ 1.5e3 , {\"x\": null} ]");
        let items = entry.value.value.as_list().unwrap();
        assert_eq!(items[0].place.unwrap().span.of(text), "1.5e3");
    }

    #[test]
    fn nesting_ends_where_pythons_does() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(SURELY_FINE)).is_ok());
        assert!(matches!(read(&nested(SURELY_FINE + 1)), Err(JsonError::Unmodelled { .. })));
        assert!(matches!(read(&nested(TOO_DEEP)), Err(JsonError::TooDeep { .. })));
        assert!(matches!(read(&"{\"a\":".repeat(400_000)), Err(JsonError::TooDeep { .. })));
    }

    #[test]
    fn a_lone_surrogate_is_not_modelled_and_a_pair_is_one_character() {
        assert!(matches!(read(r#"["\ud83d x"]"#), Err(JsonError::Unmodelled { .. })));
        assert!(matches!(read(r#"["\ud83d x"]]"#), Err(JsonError::Syntax { .. })));
        let loaded = read(r#"["\ud83d\ude00  "]"#).unwrap();
        assert_eq!(loaded.root.value.as_list().unwrap()[0].value.as_str(), Some("😀  "));
    }

    /// Every beginning of a text, and every text with one byte left out: an error has a place inside the text.
    #[test]
    fn broken_texts_have_a_place() {
        let whole = "{\"a\": [1.5e3, -0, \"\\ud83d\\ude00é\\n\", {}], \"b\": {\"c\": null, \"d\": [true]}}\n";
        assert!(read(whole).is_ok());
        let cut = |at: usize| whole.get(..at).map(str::to_owned);
        let without = |at: usize| Some(format!("{}{}", whole.get(..at)?, whole.get(at + 1..)?));
        let texts: Vec<String> = (0..whole.len()).flat_map(|at| [cut(at), without(at)]).flatten().collect();
        let mut refused = 0;
        for text in &texts {
            let Err(error) = read(text) else { continue };
            let span = error.place().span;
            assert!(span.end <= text.len() && text.get(span.start..span.end).is_some(), "{text:?}");
            refused += 1;
        }
        assert!(refused > whole.len(), "{refused} of {}", texts.len());
    }

    #[test]
    fn an_integer_has_a_longest_text() {
        assert!(read(&"1".repeat(4300)).is_ok());
        let error = read(&format!("-{}", "1".repeat(4301))).unwrap_err();
        assert_eq!(error.kind(), Some("ValueError"));
        assert!(error.text().contains("value has 4301 digits"));
    }
}
