//! The float that is nearest to a decimal number.
//!
//! `str::parse` gives the same; its tables of powers are larger than this file's whole model and do not compress, and
//! the wasm is downloaded.

use num_bigint::BigUint;

/// Digits that are looked at one by one. The middle between two floats has at most 767; behind them only counts
/// whether all are zero.
const MOST_DIGITS: usize = 800;

/// `text` as the float that is nearest to it, as `str::parse` reads it: a sign, digits with a point, an exponent, or
/// `inf`, `infinity` and `nan` in any case. `None` for every other text.
///
/// ```
/// use poolcheck::python::parse_float;
/// assert_eq!(parse_float("-12.5e-1"), Some(-1.25));
/// assert_eq!(parse_float("1e999"), Some(f64::INFINITY));
/// assert_eq!(parse_float("1_000"), None);
/// ```
pub fn parse_float(text: &str) -> Option<f64> {
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let magnitude = if unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity") {
        f64::INFINITY
    } else if unsigned.eq_ignore_ascii_case("nan") {
        f64::NAN
    } else {
        finite(unsigned.as_bytes())?
    };
    Some(if negative { -magnitude } else { magnitude })
}

fn finite(text: &[u8]) -> Option<f64> {
    let mut digits = Vec::new();
    let mut point = None;
    let mut empty = true;
    let mut rest_is_zero = true;
    // The power of ten of the last digit that is kept.
    let mut power: i64 = 0;
    let mut bytes = text.iter();
    for &byte in bytes.by_ref() {
        match byte {
            b'0'..=b'9' => {
                empty = false;
                power -= i64::from(point.is_some());
                if digits.len() < MOST_DIGITS {
                    if byte != b'0' || !digits.is_empty() {
                        digits.push(byte - b'0');
                    }
                } else {
                    power += 1;
                    rest_is_zero &= byte == b'0';
                }
            }
            b'.' if point.is_none() => point = Some(()),
            b'e' | b'E' => {
                power = power.saturating_add(exponent(bytes.as_slice())?);
                break;
            }
            _ => return None,
        }
    }
    if empty {
        return None;
    }
    if !rest_is_zero {
        digits.push(1);
        power = power.saturating_sub(1);
    }
    Some(nearest(&digits, power))
}

fn exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut exponent: i64 = 0;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        exponent = exponent.saturating_mul(10).saturating_add(i64::from(byte - b'0'));
    }
    Some(if negative { -exponent } else { exponent })
}

/// The float nearest to `digits` × 10^`power`; of two equally near ones the even one.
fn nearest(digits: &[u8], power: i64) -> f64 {
    // Floats go from 4.9e-324 to 1.8e308.
    let magnitude = power.saturating_add(i64::try_from(digits.len()).unwrap_or(i64::MAX));
    if digits.is_empty() || magnitude < -330 {
        return 0.0;
    }
    if magnitude > 310 {
        return f64::INFINITY;
    }
    let whole = BigUint::from_radix_be(digits, 10).unwrap_or_default();
    let tens = BigUint::from(10_u32).pow(u32::try_from(power.unsigned_abs()).unwrap_or(u32::MAX));
    let (mut above, mut below) = if power < 0 { (whole, tens) } else { (whole * tens, BigUint::from(1_u32)) };

    // above / below = quotient × 2^-shift, with 62 or 63 bits in the quotient.
    let bits = |value: &BigUint| i64::try_from(value.bits()).unwrap_or(i64::MAX);
    let shift = 62 + bits(&below) - bits(&above);
    if shift < 0 {
        below <<= shift.unsigned_abs();
    } else {
        above <<= shift.unsigned_abs();
    }
    let quotient = &above / &below;
    let exact = &quotient * &below == above;
    let quotient = quotient.iter_u64_digits().next().unwrap_or(0);

    // The mantissa has 53 bits, or fewer where its last bit would count less than 2^-1074.
    let length = i64::from(u64::BITS - quotient.leading_zeros());
    let unit = (length - shift - 53).max(-1074);
    let Some(dropped @ ..64) = u32::try_from(unit + shift).ok() else { return 0.0 };
    let mut mantissa = quotient >> dropped;
    let rest = quotient & ((1 << dropped) - 1);
    let half = 1 << (dropped - 1);
    if rest > half || (rest == half && (!exact || mantissa & 1 == 1)) {
        mantissa += 1;
    }
    // The highest of 53 bits is not written but counts one in the exponent, and so does a carry out of them.
    f64::from_bits((((unit + 1074).unsigned_abs()) << 52) + mantissa)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The standard library reads the same float, or none.
    fn check(text: &str) {
        let expected = text.parse::<f64>().ok().map(f64::to_bits);
        assert_eq!(parse_float(text).map(f64::to_bits), expected, "{text}");
    }

    #[test]
    fn reads_what_the_standard_library_reads() {
        for text in [
            "",
            "+",
            "-",
            ".",
            "1.",
            ".5",
            "1.5",
            "-0",
            "0e5",
            "1e",
            "1e+",
            "1e5.",
            "1..2",
            "1e5e5",
            "0x1",
            "1_0",
            " 1",
            "Inf",
            "-INFINITY",
            "infinit",
            "NaN",
            "-nan",
            "++1",
            "é",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "0e99999999999999999999",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.797693134862315708145274237317e308",
            "1.797693134862315808e308",
            "4.9e-324",
            "2.5e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "9007199254740993",
            "9007199254740992.99999",
            "9007199254740993.00000000000000000000001",
            "9223372036854775807",
            "1e22",
            "1e23",
            "8.5e-31",
            "6.8e-31",
        ] {
            check(text);
        }
    }

    #[test]
    fn digits_without_end_decide_between_two_floats() {
        // 2^53 + 1 stands in the middle of two floats.
        for zeros in [0, 700, 790, 800, 900, 2000] {
            for last in ["", "0", "1"] {
                check(&format!("9007199254740993.{}{last}", "0".repeat(zeros)));
                check(&format!("{}9007199254740993{}{last}", "0".repeat(zeros), "0".repeat(280)));
                check(&format!("9007199254740993{}{last}e-{}", "0".repeat(zeros), zeros + last.len()));
            }
        }
    }

    proptest! {
        #[test]
        fn every_float_and_its_neighbourhood_is_read(bits: u64, digits in 0_usize..30) {
            let value = f64::from_bits(bits);
            check(&value.to_string());
            check(&format!("{value:e}"));
            check(&format!("{value:.digits$e}"));
        }

        #[test]
        fn every_middle_of_two_floats_goes_to_the_even_one(bits in 0..f64::MAX.to_bits(), last in "[0-9]{0,3}") {
            // Both are exact: twice the precision is enough for the middle, and every binary fraction is a decimal one.
            let (low, high) = (f64::from_bits(bits), f64::from_bits(bits + 1));
            let middle = low + (high - low) / 2.0;
            check(&format!("{low:.1100}{last}"));
            check(&format!("{middle:.1100}{last}"));
        }

        #[test]
        fn every_text_of_a_number_is_read(text in "[+-]?[0-9]{0,25}[.]?[0-9]{0,25}([eE][+-]?[0-9]{0,3})?") {
            check(&text);
        }
    }
}
