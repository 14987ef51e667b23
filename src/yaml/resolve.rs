//! The tag that a plain scalar gets by its look (`resolver.py` of PyYAML).

use super::Dialect;
use super::cursor::Cursor;
use crate::base::text::DIGIT;
use std::rc::Rc;

/// A tag as the constructor tells them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Null,
    Bool,
    Int,
    Float,
    Binary,
    Timestamp,
    Omap,
    Pairs,
    Set,
    Str,
    Seq,
    Map,
    Merge,
    Value,
    Other(Rc<str>),
}

const PREFIX: &str = "tag:yaml.org,2002:";

const NAMES: [(&str, Tag); 14] = [
    ("null", Tag::Null),
    ("bool", Tag::Bool),
    ("int", Tag::Int),
    ("float", Tag::Float),
    ("binary", Tag::Binary),
    ("timestamp", Tag::Timestamp),
    ("omap", Tag::Omap),
    ("pairs", Tag::Pairs),
    ("set", Tag::Set),
    ("str", Tag::Str),
    ("seq", Tag::Seq),
    ("map", Tag::Map),
    ("merge", Tag::Merge),
    ("value", Tag::Value),
];

impl Tag {
    /// The tag of this full name.
    pub(super) fn named(name: &str) -> Self {
        let known = name.strip_prefix(PREFIX).and_then(|short| NAMES.iter().find(|(own, _)| *own == short));
        known.map_or_else(|| Self::Other(name.into()), |(_, tag)| tag.clone())
    }

    /// The full name.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Other(name) => name.to_string(),
            known => {
                let short = NAMES.iter().find(|(_, tag)| tag == known).map_or("", |(name, _)| name);
                format!("{PREFIX}{short}")
            }
        }
    }
}

/// `Resolver.resolve(ScalarNode, value, (plain_implicit, _))`, in ruamel.yaml `VersionedResolver.resolve`.
pub(super) fn resolve(value: &str, plain_implicit: bool, dialect: Dialect) -> Tag {
    if !plain_implicit {
        return Tag::Str;
    }
    let Some(first) = value.chars().next() else { return Tag::Null };
    // `$` of Python also matches before a line feed at the end.
    let text = value.strip_suffix('\n').unwrap_or(value);
    if dialect == Dialect::Ruamel
        && let Some(tag) = resolve_more(text)
    {
        return tag;
    }
    match first {
        'y' | 'Y' | 't' | 'T' | 'f' | 'F' | 'o' | 'O' if is_bool(text) => Tag::Bool,
        'n' | 'N' if is_bool(text) => Tag::Bool,
        'n' | 'N' if matches!(text, "null" | "Null" | "NULL") => Tag::Null,
        '~' if text == "~" => Tag::Null,
        '-' | '+' | '0'..='9' | '.' if is_float(text) => Tag::Float,
        '-' | '+' | '0'..='9' if is_int(text) => Tag::Int,
        '0'..='9' if is_timestamp(text) => Tag::Timestamp,
        '<' if text == "<<" => Tag::Merge,
        '=' if text == "=" => Tag::Value,
        // No plain scalar begins so, but one with the tag `!` may be quoted.
        '!' | '&' | '*' if text.len() == 1 => Tag::Other("tag:yaml.org,2002:yaml".into()),
        _ => Tag::Str,
    }
}

/// What ruamel.yaml takes for a truth value or a number and PyYAML does not. It tries truth values, floats and integers in
/// this order, and everything that PyYAML takes for one of them is one there too.
fn resolve_more(text: &str) -> Option<Tag> {
    if matches!(text, "y" | "Y" | "n" | "N") {
        return Some(Tag::Bool);
    }
    let mut rest = Cursor(text);
    let signed = rest.one(SIGN);
    if !signed && rest.one(b".") {
        return (!rest.run(is_digit_or_bar).is_empty() && is_exponent_or_end(rest)).then_some(Tag::Float);
    }
    let all_octal = !rest.0.is_empty() && rest.0.bytes().all(|byte| matches!(byte, b'0'..=b'7' | b'_'));
    if all_octal && (signed || !rest.0.starts_with('_')) {
        return Some(Tag::Int);
    }
    if !rest.0.starts_with(DIGIT) {
        return None;
    }
    rest.run(is_digit_or_bar);
    if rest.one(b".") {
        rest.run(is_digit_or_bar);
    }
    let has_exponent = rest.one(b"eE") && {
        rest.one(SIGN);
        !rest.run(is_digit).is_empty() && rest.is_done()
    };
    has_exponent.then_some(Tag::Float)
}

fn is_bool(text: &str) -> bool {
    matches!(
        text,
        "yes"
            | "Yes"
            | "YES"
            | "no"
            | "No"
            | "NO"
            | "true"
            | "True"
            | "TRUE"
            | "false"
            | "False"
            | "FALSE"
            | "on"
            | "On"
            | "ON"
            | "off"
            | "Off"
            | "OFF"
    )
}

const SIGN: &[u8] = b"+-";

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

fn is_digit_or_bar(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

/// `(?:[eE][-+][0-9]+)?$`
fn is_exponent_or_end(mut rest: Cursor<'_>) -> bool {
    rest.is_done() || (rest.one(b"eE") && rest.one(SIGN) && !rest.run(is_digit).is_empty() && rest.is_done())
}

/// `(?::[0-5]?[0-9])+`
fn skip_sexagesimal(rest: &mut Cursor<'_>) -> bool {
    let mut any = false;
    loop {
        let mut part = *rest;
        if !part.one(b":") {
            return any;
        }
        let two = part.0.as_bytes();
        match (two.first(), two.get(1)) {
            (Some(b'0'..=b'5'), Some(b'0'..=b'9')) => part.0 = part.0.get(2..).unwrap_or(""),
            (Some(b'0'..=b'9'), _) => part.0 = part.0.get(1..).unwrap_or(""),
            _ => return any,
        }
        any = true;
        *rest = part;
    }
}

fn is_float(text: &str) -> bool {
    let mut rest = Cursor(text);
    let signed = rest.one(SIGN);
    if matches!(rest.0, ".inf" | ".Inf" | ".INF") || (!signed && matches!(rest.0, ".nan" | ".NaN" | ".NAN")) {
        return true;
    }
    if !signed && rest.0.starts_with('.') {
        rest.one(b".");
        return rest.0.starts_with(DIGIT)
            && !rest.run(is_digit_or_bar).is_empty()
            && is_exponent_or_end(rest);
    }
    if !rest.0.starts_with(DIGIT) {
        return false;
    }
    rest.run(is_digit_or_bar);
    if skip_sexagesimal(&mut rest) {
        return rest.one(b".") && {
            rest.run(is_digit_or_bar);
            rest.is_done()
        };
    }
    rest.one(b".") && {
        rest.run(is_digit_or_bar);
        is_exponent_or_end(rest)
    }
}

fn is_int(text: &str) -> bool {
    let mut rest = Cursor(text);
    rest.one(SIGN);
    let all = |text: &str, is: fn(u8) -> bool| !text.is_empty() && text.bytes().all(is);
    if rest.0 == "0" {
        return true;
    }
    if let Some(digits) = rest.0.strip_prefix("0b") {
        return all(digits, |byte| matches!(byte, b'0' | b'1' | b'_'));
    }
    if let Some(digits) = rest.0.strip_prefix("0x") {
        return all(digits, |byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    if let Some(digits) = rest.0.strip_prefix('0') {
        return all(digits, |byte| matches!(byte, b'0'..=b'7' | b'_'));
    }
    if !rest.0.starts_with(|c: char| matches!(c, '1'..='9')) {
        return false;
    }
    rest.run(is_digit_or_bar);
    skip_sexagesimal(&mut rest);
    rest.is_done()
}

/// A date of fixed width, or any that has a time.
fn is_timestamp(text: &str) -> bool {
    super::scalar::match_timestamp(text)
        .is_some_and(|stamp| stamp.time.is_some() || text.len() == "2001-12-14".len())
}
