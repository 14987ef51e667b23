//! Numbers and the bare words `null`, `true`, `false`, `NaN`, `Infinity`.

use super::JsonError;
use super::reader::Reader;
use crate::python::{Int, MAX_INT_DIGITS, Value, int_of_text, parse_float};

const WORDS: [(&str, Value); 6] = [
    ("null", Value::None),
    ("true", Value::Bool(true)),
    ("false", Value::Bool(false)),
    ("NaN", Value::Float(f64::NAN)),
    ("Infinity", Value::Float(f64::INFINITY)),
    ("-Infinity", Value::Float(f64::NEG_INFINITY)),
];

impl Reader<'_> {
    /// A bare word or a number; anything else is `Expecting value`.
    pub(super) fn constant_or_number(&mut self) -> Result<Value, JsonError> {
        for (word, value) in &WORDS {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value.clone());
            }
        }
        let text = number_at(self.rest());
        if text.is_empty() {
            return Err(self.error("Expecting value", self.at));
        }
        let start = self.at;
        self.at += text.len();
        if text.contains(['.', 'e', 'E']) {
            // A text of this form always reads; beyond the range it is infinite, as in Python.
            return Ok(Value::Float(parse_float(text).unwrap_or(f64::NAN)));
        }
        let digits = text.trim_start_matches('-').len();
        if digits > MAX_INT_DIGITS {
            return Err(JsonError::TooManyDigits { digits, place: self.place(start, self.at) });
        }
        Ok(Value::Int(int_of_text(text).unwrap_or(Int::Small(0))))
    }
}

/// The number that `text` begins with, or `""`.
fn number_at(text: &str) -> &str {
    let digits = |from: usize| -> usize { text.bytes().skip(from).take_while(u8::is_ascii_digit).count() };
    let byte = |at: usize| text.as_bytes().get(at).copied();
    let mut end = usize::from(byte(0) == Some(b'-'));
    match byte(end) {
        Some(b'0') => end += 1,
        Some(b'1'..=b'9') => end += digits(end),
        _ => return "",
    }
    if byte(end) == Some(b'.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    if matches!(byte(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(byte(end + 1), Some(b'+' | b'-')));
        let count = digits(end + 1 + sign);
        if count > 0 {
            end += 1 + sign + count;
        }
    }
    text.get(..end).unwrap_or("")
}
