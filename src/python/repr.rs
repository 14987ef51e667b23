//! `str(value)` and `repr(value)`.

use super::float::float_repr;
use super::unicode::is_printable;
use super::{Dict, Node, Value};
use crate::base::text::Search;

/// Containers nested deeper than this have no text here.
const DEEPEST: usize = 100;

/// What `str(value)` says, or `None` where it is not known: the order of a set's items is chance, and a
/// container inside itself or nested too deep is given up.
///
/// ```
/// use poolcheck::python::{Value, to_str};
/// assert_eq!(to_str(&Value::str("it's")).as_deref(), Some("it's"));
/// assert_eq!(to_str(&Value::list(vec![Value::str("it's").into()])).as_deref(), Some(r#"["it's"]"#));
/// assert_eq!(to_str(&Value::Float(1e16)).as_deref(), Some("1e+16"));
/// ```
pub fn to_str(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.as_ref().to_owned()),
        // `datetime.__str__` is `isoformat(' ')`.
        Value::Timestamp(stamp) => Some(stamp.iso.replacen('T', " ", 1)),
        other => repr(other),
    }
}

/// What `repr(value)` says, or `None` where it is not known, as in [`to_str`].
///
/// ```
/// use poolcheck::python::{Value, repr};
/// assert_eq!(repr(&Value::Bool(true)).as_deref(), Some("True"));
/// assert_eq!(repr(&Value::str("a'b\n\u{200b}")).as_deref(), Some(r#""a'b\n\u200b""#));
/// ```
pub fn repr(value: &Value) -> Option<String> {
    let mut text = String::new();
    write(value, DEEPEST, &mut text)?;
    Some(text)
}

fn write(value: &Value, depth: usize, text: &mut String) -> Option<()> {
    match value {
        Value::None => text.push_str("None"),
        Value::Bool(true) => text.push_str("True"),
        Value::Bool(false) => text.push_str("False"),
        Value::Int(int) => text.push_str(&int.to_string()),
        Value::Float(float) => text.push_str(&float_repr(*float)),
        Value::Str(content) => write_str(content, text),
        Value::Bytes(bytes) => write_bytes(bytes, text),
        Value::List(items) => {
            text.push('[');
            write_items(items, depth, text)?;
            text.push(']');
        }
        Value::Tuple(items) => {
            text.push('(');
            write_items(items, depth, text)?;
            text.push_str(if items.len() == 1 { ",)" } else { ")" });
        }
        Value::Dict(dict) => write_dict(dict, depth, text)?,
        Value::Set(_) | Value::Timestamp(_) | Value::Recursive => return None,
    }
    Some(())
}

fn write_items(items: &[Node], depth: usize, text: &mut String) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        write(&item.value, depth, text)?;
    }
    Some(())
}

fn write_dict(dict: &Dict, depth: usize, text: &mut String) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    text.push('{');
    for (at, entry) in dict.iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        write(&entry.key.value, depth, text)?;
        text.push_str(": ");
        write(&entry.value.value, depth, text)?;
    }
    text.push('}');
    Some(())
}

/// The quote that `repr` takes: `'`, unless the content holds that one and no `"`.
fn quote_for(holds_single: bool, holds_double: bool) -> char {
    if holds_single && !holds_double { '"' } else { '\'' }
}

fn write_str(content: &str, text: &mut String) {
    let quote = quote_for(content.has('\''), content.has('"'));
    text.push(quote);
    for c in content.chars() {
        match c {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if c == quote || c == '\\' => text.extend(['\\', c]),
            c if is_printable(c) => text.push(c),
            c => text.push_str(&match u32::from(c) {
                code @ ..=0xff => format!("\\x{code:02x}"),
                code @ ..=0xffff => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            }),
        }
    }
    text.push(quote);
}

fn write_bytes(bytes: &[u8], text: &mut String) {
    let quote = quote_for(bytes.contains(&b'\''), bytes.contains(&b'"'));
    text.push('b');
    text.push(quote);
    for &byte in bytes {
        match byte {
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b'\\' => text.push_str("\\\\"),
            byte if char::from(byte) == quote => text.extend(['\\', quote]),
            b' '..=b'~' => text.push(char::from(byte)),
            byte => text.push_str(&format!("\\x{byte:02x}")),
        }
    }
    text.push(quote);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::{Dict, Timestamp};

    fn said(value: &Value) -> String {
        repr(value).unwrap()
    }

    #[test]
    fn quotes_and_escapes_as_python_chooses_them() {
        assert_eq!(said(&Value::str("a\"b")), "'a\"b'");
        assert_eq!(said(&Value::str("a'\"b\\")), r#"'a\'"b\\'"#);
        assert_eq!(
            said(&Value::str("\u{7f}\u{a0}\u{e000}\u{1f511}\u{301}键")),
            "'\\x7f\\xa0\\ue000\u{1f511}\u{301}键'"
        );
        assert_eq!(said(&Value::Bytes([0, b'\'', b'a', 0xff].as_slice().into())), r#"b"\x00'a\xff""#);
    }

    #[test]
    fn containers() {
        let mut dict = Dict::new();
        dict.set("a", Value::None);
        let tuple = Value::Tuple(std::rc::Rc::new(vec![Value::dict(dict).into()]));
        assert_eq!(said(&tuple), "({'a': None},)");
        assert_eq!(said(&Value::list(Vec::new())), "[]");
    }

    #[test]
    fn what_is_not_known_has_no_text() {
        let mut deep = Value::list(Vec::new());
        for _ in 0..=DEEPEST {
            deep = Value::list(vec![deep.into()]);
        }
        assert_eq!(repr(&deep), None);
        assert_eq!(to_str(&Value::Set(std::rc::Rc::new(vec![Value::int(1).into()]))), None);
    }

    #[test]
    fn a_time_is_written_with_a_space() {
        let stamp = |iso: &str, is_date| Value::Timestamp(Timestamp { iso: iso.into(), is_date });
        assert_eq!(to_str(&stamp("2026-11-21T01:02:03", false)).as_deref(), Some("2026-11-21 01:02:03"));
        assert_eq!(to_str(&stamp("2026-11-21", true)).as_deref(), Some("2026-11-21"));
    }
}
