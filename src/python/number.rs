//! `float(text)` and `int(text)`.

use super::{BigInt, Int, is_space, parse_float};

/// The zeros of Unicode's decimal digits: nine more follow each. Version 14 of Unicode, as in Python 3.11.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066,
    0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950,
    0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
    0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// What a decimal digit of any script counts, or `None`.
///
/// ```
/// use poolcheck::python::decimal;
/// assert_eq!((decimal('7'), decimal('７'), decimal('²')), (Some(7), Some(7), None));
/// ```
pub fn decimal(c: char) -> Option<u32> {
    let code = u32::from(c);
    let at = ZEROS.partition_point(|&zero| zero <= code).checked_sub(1)?;
    let digit = code - ZEROS.get(at)?;
    (digit < 10).then_some(digit)
}

/// The text with digits of any script as ASCII ones, without the space around it.
fn plain(text: &str) -> String {
    let space = |c: char| if c.is_ascii() { matches!(c, '\t'..='\r' | ' ') } else { is_space(c) };
    let digit = |c: char| decimal(c).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c);
    text.trim_matches(space).chars().map(digit).collect()
}

/// The text without its underscores, or `None` where one does not stand between two digits.
fn without_underscores(text: &str) -> Option<String> {
    let mut kept = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if (c == '_' && !before.is_ascii_digit()) || (before == '_' && !c.is_ascii_digit()) {
            return None;
        }
        if c != '_' {
            kept.push(c);
        }
        before = c;
    }
    (before != '_').then_some(kept)
}

/// `float(text)`, or `None` where it raises `ValueError`.
///
/// ```
/// use poolcheck::python::float_of_text;
/// assert_eq!(float_of_text(" 1_000.5\n"), Some(1000.5));
/// assert_eq!(float_of_text("1_.5"), None);
/// ```
pub fn float_of_text(text: &str) -> Option<f64> {
    parse_float(&without_underscores(&plain(text))?)
}

/// Most decimal digits that `int(text)` reads and `str(int)` writes (`sys.get_int_max_str_digits()`).
pub const MAX_INT_DIGITS: usize = 4300;

/// Most bits of an integer that is read here from digits of other bases; Python has no such limit.
const MAX_INT_BITS: usize = MAX_INT_DIGITS * 10 / 3;

/// Why a text is not read as an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoInt {
    /// Python raises `ValueError`, as it does for more than [`MAX_INT_DIGITS`] decimal digits.
    ValueError,
    /// It has many more digits than anybody writes.
    TooLong,
}

/// `int(text)`, or `None` where it raises `ValueError`.
///
/// ```
/// use poolcheck::python::{Int, int_of_text};
/// assert!(int_of_text("+0_5") == Some(Int::Small(5)));
/// assert!(int_of_text("1.0").is_none());
/// ```
pub fn int_of_text(text: &str) -> Option<Int> {
    int_in_base(text, 10).ok()
}

/// `int(text, base)` for the bases 2, 8, 10 and 16.
///
/// # Errors
/// [`NoInt`]
///
/// ```
/// use poolcheck::python::{Int, NoInt, int_in_base};
/// assert!(int_in_base("-0x_1f", 16) == Ok(Int::Small(-31)));
/// assert!(int_in_base("0x1f", 10) == Err(NoInt::ValueError));
/// ```
pub fn int_in_base(text: &str, base: u32) -> Result<Int, NoInt> {
    let (digits, is_negative) = digits_in_base(text, base).ok_or(NoInt::ValueError)?;
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    let number = BigInt::of_digits(
        digits.get(zeros..).filter(|digits| digits.len() <= MAX_INT_BITS).ok_or(NoInt::TooLong)?,
        base,
    );
    if number.bits() > MAX_INT_BITS {
        return Err(NoInt::TooLong);
    }
    Ok(Int::from(if is_negative { number.negated() } else { number }))
}

/// The digits that `int(text, base)` finds, and whether a minus stands before them.
fn digits_in_base(text: &str, base: u32) -> Option<(Vec<u8>, bool)> {
    let text = plain(text);
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let prefixes: [&str; 2] = match base {
        2 => ["0b", "0B"],
        8 => ["0o", "0O"],
        16 => ["0x", "0X"],
        _ => ["", ""],
    };
    let mut rest = unsigned;
    if base != 10
        && let Some(after) = prefixes.iter().find_map(|prefix| unsigned.strip_prefix(prefix))
    {
        rest = after.strip_prefix('_').unwrap_or(after);
    }
    let mut digits = Vec::with_capacity(rest.len());
    let mut after_digit = false;
    for c in rest.chars() {
        if c == '_' && after_digit {
            after_digit = false;
        } else {
            digits.push(u8::try_from(c.to_digit(base)?).ok()?);
            after_digit = true;
        }
    }
    if !after_digit || (base == 10 && digits.len() > MAX_INT_DIGITS) {
        return None;
    }
    Some((digits, text.starts_with('-')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_read_as_python_reads_them() {
        // Each pair as Python 3.11 answered.
        let read =
            [("1_000", 1000.0), ("1e1_0", 1e10), ("１２", 12.0), ("infinity ", f64::INFINITY), (".5", 0.5)];
        for (text, value) in read {
            assert_eq!(float_of_text(text), Some(value), "{text}");
        }
        for text in ["1__0", "_1", "1_", "1._5", "1_e5", "- 1", "0x10", "1e", "1\0", " 1\x1f", "", "."] {
            assert_eq!(float_of_text(text), None, "{text}");
        }
        assert!(float_of_text("nan").is_some_and(f64::is_nan));
    }

    #[test]
    fn integers_are_read_as_python_reads_them() {
        assert!(int_of_text("00012") == Some(Int::Small(12)));
        assert!(int_of_text("-0") == Some(Int::Small(0)));
        assert!(int_of_text(&"9".repeat(4300)).is_some());
        assert!(int_of_text(&"9".repeat(4301)).is_none());
        for text in ["1__0", "", "+", "1 2", "--1"] {
            assert!(int_of_text(text).is_none(), "{text}");
        }
    }

    #[test]
    fn integers_of_other_bases() {
        // Python: int("1_0", 16) == 16, int("0b1", 16) == 177, int("0o7", 8) == 7, int("-101", 2) == -5.
        let read = [("1_0", 16, 16), ("0b1", 16, 177), ("0o7", 8, 7), ("-101", 2, -5), (" ٣\n", 8, 3)];
        for (text, base, value) in read {
            assert!(int_in_base(text, base) == Ok(Int::Small(value)), "{text}");
        }
        for (text, base) in [("0x", 16), ("0x__1", 16), ("0o7", 2), ("8", 8), ("_1", 16)] {
            assert!(int_in_base(text, base) == Err(NoInt::ValueError), "{text}");
        }
    }
}
