//! The values of scalars (`SafeConstructor.construct_yaml_*` of PyYAML's `constructor.py`).

use super::cursor::Cursor;
use super::error::{Limit, Read, YamlError};
use crate::base::text::Search;
use crate::python::{
    BigInt, Int, MAX_INT_DIGITS, NoInt, Timestamp, Value, float_of_text, from_base64, int_in_base, lower,
    parse_float,
};

/// `construct_yaml_bool`.
pub(super) fn boolean(text: &str) -> Read<Value> {
    match lower(text).as_str() {
        "yes" | "true" | "on" => Ok(Value::Bool(true)),
        "no" | "false" | "off" => Ok(Value::Bool(false)),
        other => Err(YamlError::raised("KeyError", format!("'{other}'"))),
    }
}

/// The text without `_` and without a sign, and whether the sign is a minus. PyYAML looks at the first character
/// without asking whether there is one.
fn unsigned(text: &str) -> Read<(String, bool)> {
    let text = text.replace('_', "");
    let Some(first) = text.chars().next() else { return Err(no_character()) };
    let rest = text.strip_prefix(['-', '+']).unwrap_or(&text);
    Ok((rest.to_owned(), first == '-'))
}

fn no_character() -> Box<YamlError> {
    YamlError::raised("IndexError", "string index out of range")
}

/// `construct_yaml_int`.
pub(super) fn int(text: &str) -> Read<Value> {
    let (digits, negative) = unsigned(text)?;
    if digits == "0" {
        return Ok(Value::int(0));
    }
    let read = |digits: &str, base: u32| {
        int_in_base(digits, base).map_err(|error| match error {
            NoInt::ValueError => YamlError::raised("ValueError", "invalid literal for int()"),
            NoInt::TooLong => Limit::Number.into(),
        })
    };
    let value = if let Some(rest) = digits.strip_prefix("0b") {
        read(rest, 2)?
    } else if let Some(rest) = digits.strip_prefix("0x") {
        read(rest, 16)?
    } else if digits.is_empty() {
        return Err(no_character());
    } else if digits.starts_with('0') {
        read(&digits, 8)?
    } else if digits.has(':') {
        if digits.len() > MAX_INT_DIGITS {
            return Err(Limit::Number.into());
        }
        let mut sum = BigInt::default();
        for part in digits.split(':') {
            sum.multiply_and_add(60, 0);
            sum = sum.plus(&BigInt::from(&read(part, 10)?));
        }
        Int::from(sum)
    } else {
        read(&digits, 10)?
    };
    Ok(Value::Int(if negative { Int::from(BigInt::from(&value).negated()) } else { value }))
}

/// `construct_yaml_float`. NaN is one object when it is written `.nan`, and positive here; one that Python's `float()`
/// makes is an object of its own, and negative here.
pub(super) fn float(text: &str) -> Read<Value> {
    let (digits, negative) = unsigned(&lower(&text.replace('_', "")))?;
    let sign = if negative { -1.0 } else { 1.0 };
    let read = |part: &str| {
        float_of_text(part)
            .ok_or_else(|| YamlError::raised("ValueError", "could not convert string to float"))
    };
    Ok(Value::Float(match digits.as_str() {
        ".inf" => sign * f64::INFINITY,
        ".nan" => f64::NAN,
        parts if parts.has(':') => {
            let parts: Vec<f64> = parts.split(':').map(read).collect::<Result<_, _>>()?;
            let mut base = BigInt::from(1_i64);
            let mut value = 0.0;
            for part in parts.into_iter().rev() {
                // An integer of 60 to the power of the position, rounded to the nearest float.
                let factor = parse_float(&base.to_string()).unwrap_or(f64::INFINITY);
                if factor.is_infinite() {
                    return Err(YamlError::raised("OverflowError", "int too large to convert to float"));
                }
                value += part * factor;
                base.multiply_and_add(60, 0);
            }
            sign * value
        }
        plain => {
            let value = sign * read(plain)?;
            if value.is_nan() { -f64::NAN } else { value }
        }
    }))
}

/// `construct_yaml_binary`; the inner error is a problem with the node's place.
pub(super) fn binary(text: &str) -> Read<Result<Value, String>> {
    if !text.is_ascii() {
        let problem = ascii_problem(text);
        return Ok(Err(format!("failed to convert base64 data into ascii: {problem}")));
    }
    Ok(match from_base64(text) {
        Ok(bytes) => Ok(Value::Bytes(bytes.into())),
        Err(problem) => Err(format!("failed to decode base64 data: {problem}")),
    })
}

/// What `str()` of the `UnicodeEncodeError` says that `text.encode('ascii')` raises.
fn ascii_problem(text: &str) -> String {
    let start = text.chars().take_while(char::is_ascii).count();
    let run: Vec<char> = text.chars().skip(start).take_while(|c| !c.is_ascii()).collect();
    let what = match run.as_slice() {
        [c] => {
            let code = u32::from(*c);
            let escape = match code {
                0..=0xff => format!("\\x{code:02x}"),
                0x100..=0xffff => format!("\\u{code:04x}"),
                _ => format!("\\U{code:08x}"),
            };
            format!("character '{escape}' in position {start}")
        }
        run => format!("characters in position {start}-{}", start + run.len() - 1),
    };
    format!("'ascii' codec can't encode {what}: ordinal not in range(128)")
}

/// What `timestamp_regexp` finds in a text.
pub(super) struct Stamp<'t> {
    year: &'t str,
    month: &'t str,
    day: &'t str,
    /// Hour, minute and second.
    pub(super) time: Option<[&'t str; 3]>,
    fraction: &'t str,
    zone: Zone<'t>,
}

enum Zone<'t> {
    None,
    Utc,
    Offset { negative: bool, hours: &'t str, minutes: Option<&'t str> },
}

/// `timestamp_regexp.match(text)`; the text has no line feed at its end, before which `$` of Python also matches.
pub(super) fn match_timestamp(text: &str) -> Option<Stamp<'_>> {
    let is_blank = |byte: u8| matches!(byte, b' ' | b'\t');
    let mut rest = Cursor(text);
    let year = rest.digits(4, 4)?;
    rest.one(b"-").then_some(())?;
    let month = rest.digits(1, 2)?;
    rest.one(b"-").then_some(())?;
    let day = rest.digits(1, 2)?;
    let mut stamp = Stamp { year, month, day, time: None, fraction: "", zone: Zone::None };
    if rest.0.is_empty() {
        return Some(stamp);
    }
    if !rest.one(b"Tt") && rest.run(is_blank).is_empty() {
        return None;
    }
    let hour = rest.digits(1, 2)?;
    rest.one(b":").then_some(())?;
    let minute = rest.digits(2, 2)?;
    rest.one(b":").then_some(())?;
    let second = rest.digits(2, 2)?;
    stamp.time = Some([hour, minute, second]);
    if rest.one(b".") {
        stamp.fraction = rest.run(|byte| byte.is_ascii_digit());
    }
    if rest.0.is_empty() {
        return Some(stamp);
    }
    rest.run(is_blank);
    if rest.one(b"Z") {
        stamp.zone = Zone::Utc;
    } else {
        let negative = rest.0.starts_with('-');
        rest.one(b"+-").then_some(())?;
        let hours = rest.digits(1, 2)?;
        let minutes = if rest.one(b":") { Some(rest.digits(2, 2)?) } else { None };
        stamp.zone = Zone::Offset { negative, hours, minutes };
    }
    rest.0.is_empty().then_some(stamp)
}

/// `construct_yaml_timestamp`.
pub(super) fn timestamp(text: &str) -> Read<Value> {
    let stamp = match_timestamp(text.strip_suffix('\n').unwrap_or(text)).ok_or_else(|| {
        YamlError::raised("AttributeError", "'NoneType' object has no attribute 'groupdict'")
    })?;
    let number = |digits: &str| digits.parse::<u32>().unwrap_or(0);
    let invalid = |message: &str| YamlError::raised("ValueError", message);
    let (year, month, day) = (number(stamp.year), number(stamp.month), number(stamp.day));
    if year == 0 {
        return Err(invalid("year 0 is out of range"));
    }
    if !(1..=12).contains(&month) {
        return Err(invalid("month must be in 1..12"));
    }
    if !(1..=days_in(year, month)).contains(&day) {
        return Err(invalid("day is out of range for month"));
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    let Some([hour, minute, second]) = stamp.time else {
        return Ok(Value::Timestamp(Timestamp { iso: date.into(), is_date: true }));
    };
    let (hour, minute, second) = (number(hour), number(minute), number(second));
    let zone = match stamp.zone {
        Zone::None => String::new(),
        Zone::Utc => "+00:00".to_owned(),
        Zone::Offset { negative, hours, minutes } => {
            let offset = number(hours) * 60 + minutes.map_or(0, number);
            if offset >= 24 * 60 {
                return Err(invalid("offset must be a timedelta strictly between -24 and 24 hours"));
            }
            let sign = if negative && offset > 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", offset / 60, offset % 60)
        }
    };
    if hour > 23 {
        return Err(invalid("hour must be in 0..23"));
    }
    if minute > 59 {
        return Err(invalid("minute must be in 0..59"));
    }
    if second > 59 {
        return Err(invalid("second must be in 0..59"));
    }
    let micros = stamp.fraction.chars().chain(std::iter::repeat('0')).take(6).collect::<String>();
    let fraction = if micros == "000000" { String::new() } else { format!(".{micros}") };
    let iso = format!("{date}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}");
    Ok(Value::Timestamp(Timestamp { iso: iso.into(), is_date: false }))
}

fn days_in(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 31,
    }
}
