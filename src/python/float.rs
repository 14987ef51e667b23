//! Floats from and to decimal digits.
//!
//! Natively the standard library reads and writes them. Its tables are large, and so in wasm the JavaScript engine
//! does, which is as exact: it reads the nearest float and writes the fewest digits that give the float back.

use super::BigInt;
use crate::base::text::Search;

/// `text` as the nearest float, or `None` where it is none: digits with or without a point and an exponent, or `inf`,
/// `infinity` or `nan` in any letter case, behind an optional sign. `str::parse` reads the same.
///
/// ```
/// use poolcheck::python::parse_float;
/// assert_eq!(parse_float("-12.5e-1"), Some(-1.25));
/// assert_eq!(parse_float("1e999"), Some(f64::INFINITY));
/// assert_eq!(parse_float("0x10"), None);
/// ```
pub fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is = |word: &str| unsigned.eq_ignore_ascii_case(word);
    let value = match unsigned {
        _ if is("inf") || is("infinity") => f64::INFINITY,
        _ if is("nan") => f64::NAN,
        decimal if is_decimal(decimal) => engine::nearest(decimal),
        _ => return None,
    };
    Some(if text.starts_with('-') { -value } else { value })
}

fn is_decimal(text: &str) -> bool {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    number.len() > usize::from(number.has('.'))
        && !exponent.is_empty()
        && [whole, fraction, exponent].into_iter().all(are_digits)
}

/// `repr(float)`: the shortest digits that give the number back, with an exponent below 1e-4 and from 1e16 on.
pub(super) fn float_repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}inf");
    }
    let scientific = engine::scientific(value.abs());
    let (number, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits = number.replace('.', "");
    let zeros = |count: usize| "0".repeat(count);
    match usize::try_from(exponent) {
        Ok(before @ 0..16) => {
            let padded = digits + &zeros(before + 2);
            let (whole, fraction) = padded.split_at_checked(before + 1).unwrap_or_default();
            let fraction = fraction.trim_end_matches('0');
            format!("{sign}{whole}.{}", if fraction.is_empty() { "0" } else { fraction })
        }
        Err(_) if exponent >= -4 => {
            format!("{sign}0.{}{digits}", zeros(exponent.unsigned_abs() as usize - 1))
        }
        _ => format!("{sign}{number}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs()),
    }
}

/// `format(value, ".1f")`: rounded to tenths, halves to the even one.
///
/// ```
/// use poolcheck::python::with_tenths;
/// assert_eq!([with_tenths(24.25), with_tenths(24.75), with_tenths(-0.01)], ["24.2", "24.8", "-0.0"]);
/// ```
pub fn with_tenths(value: f64) -> String {
    if !value.is_finite() {
        return float_repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    // The value is its mantissa divided by 2 as often as `halvings` says, where it has a fraction.
    let bits = value.abs().to_bits();
    let tenfold = (bits & ((1 << 52) - 1) | 1 << 52) * 10;
    let tenths = match 1075_u64.saturating_sub(bits >> 52) {
        0 => return format!("{}.0", BigInt::truncated(value)),
        halvings @ 1..=63 => {
            let (tenths, half) = (tenfold >> halvings, 1 << (halvings - 1));
            let rest = tenfold & (half * 2 - 1);
            tenths + u64::from(rest > half || (rest == half && tenths % 2 == 1))
        }
        _ => 0,
    };
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

#[cfg(not(all(target_arch = "wasm32", feature = "wasm")))]
mod engine {
    /// The float that is nearest to a decimal number without a sign.
    pub(super) fn nearest(decimal: &str) -> f64 {
        decimal.parse().unwrap_or(f64::NAN)
    }

    /// The shortest digits of a float without a sign, in the form `1.25e-7`.
    pub(super) fn scientific(float: f64) -> String {
        // Where two texts of this length are equally near, this is the upper one; Python takes the even one.
        let shortest = format!("{float:e}");
        let digits = shortest.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count();
        let rounded = format!("{float:.*e}", digits.saturating_sub(1));
        if nearest(&rounded) == float { rounded } else { shortest }
    }
}

#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
mod engine {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = Number)]
        fn number(text: &str) -> f64;

        #[wasm_bindgen(js_namespace = ["Number", "prototype", "toExponential"], js_name = call)]
        fn to_exponential(float: f64) -> String;
    }

    pub(super) fn nearest(decimal: &str) -> f64 {
        number(decimal)
    }

    pub(super) fn scientific(float: f64) -> String {
        to_exponential(float)
    }
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
            "-.",
            "1.",
            ".5",
            "1.5",
            "-0",
            "0e5",
            "1e",
            "1e+",
            "1e5.",
            ".e5",
            "1..2",
            "1e5e5",
            "0x1",
            "1_0",
            " 1",
            "1 ",
            "Inf",
            "-INFINITY",
            "infinit",
            "NaN",
            "-nan",
            "++1",
            "+-1",
            "é",
            "1\n",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "-2e308",
        ] {
            check(text);
        }
    }

    #[test]
    fn floats_as_python_writes_them() {
        let pairs = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.5, "1.5"),
            (100.0, "100.0"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.25e22, "1.25e+22"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (5e-324, "5e-324"),
            (362036512621.0 / 256.0, "1414205127.4257812"),
            (9007199254740992.0, "9007199254740992.0"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ];
        for (value, expected) in pairs {
            assert_eq!(float_repr(value), expected);
        }
    }

    /// Any float, and floats of common size with few binary digits, which are often half of something.
    fn float() -> impl Strategy<Value = f64> {
        prop_oneof![
            any::<u64>().prop_map(f64::from_bits),
            (any::<i32>(), 0..12_i32).prop_map(|(number, power)| f64::from(number) / 2_f64.powi(power)),
            any::<i64>().prop_map(|number| number as f64 / 3600.0),
        ]
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_the_standard_library_reads_it(text in "[-+]?[0-9_]{0,3}[.]?[0-9]{0,3}([eE][-+]?[0-9]{0,3})?") {
            check(&text);
        }

        #[test]
        fn what_is_written_is_read_again(value in float()) {
            let text = float_repr(value);
            if value.is_finite() {
                prop_assert_eq!(parse_float(&text).map(f64::to_bits), Some(value.to_bits()));
            }
            // No longer than what the standard library writes, and as near to the float.
            let other = format!("{value:?}");
            if !text.contains('e') && text != other && value.is_finite() {
                prop_assert_eq!(text.len(), other.len());
                let places = text.len() - text.find('.').unwrap() - 1;
                prop_assert_eq!(text, format!("{value:.places$}"));
            }
        }

        #[test]
        fn tenths_are_those_of_the_standard_library(value in float()) {
            if value.is_finite() {
                prop_assert_eq!(with_tenths(value), format!("{value:.1}"));
            }
        }
    }
}
