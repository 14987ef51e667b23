//! The JavaScript surface in the runtimes that it is made for: these tests run in Node and in a headless browser.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use js_sys::{Array, JSON, Object, Reflect};
use poolcheck::python::{Value, parse_float, to_str};
use poolcheck::wasm;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

fn object(properties: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        Reflect::set(&object, &(*name).into(), value).unwrap();
    }
    object.into()
}

fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| Reflect::get(&value, &name.into()).unwrap())
}

fn message(error: &JsValue) -> String {
    get(error, "message").as_string().unwrap()
}

#[wasm_bindgen_test]
fn a_report_is_a_plain_object() {
    let input = object(&[
        ("config", "model: {provider: gemini}\n".into()),
        ("dotenv", "GOOGLE_API_KEY=AIza-fake-key-of-nobody\n".into()),
        ("authStore", JsValue::NULL),
    ]);
    let report = wasm::check(&input, &JsValue::UNDEFINED).unwrap();
    assert_eq!(get(&report, "hermes.version"), "0.19.0");
    assert!(Array::is_array(&get(&report, "findings")));
    let text = JSON::stringify(&report).unwrap();
    let again = JSON::parse(&String::from(&text)).unwrap();
    assert_eq!(JSON::stringify(&again).unwrap(), text);
    assert!(!String::from(text).contains("AIza-fake-key-of-nobody"));
}

#[wasm_bindgen_test]
fn the_language_is_an_option() {
    let input = object(&[]);
    let basis = |language: &str| {
        let report = wasm::check(&input, &object(&[("language", language.into())])).unwrap();
        get(&report, "basis").as_string().unwrap()
    };
    assert_ne!(basis("en"), basis("zh-CN"));
}

#[wasm_bindgen_test]
fn a_wrong_type_is_a_type_error() {
    let error = wasm::check(&object(&[("config", 7.into())]), &JsValue::UNDEFINED).unwrap_err();
    assert!(error.is_instance_of::<js_sys::TypeError>());
    assert!(message(&error).contains("`input.config` must be a string"));
}

#[wasm_bindgen_test]
fn a_fix_that_is_not_there_is_an_error() {
    let ids = Array::of1(&"no such id".into());
    let error = wasm::apply_fixes(&object(&[]), &ids, &JsValue::UNDEFINED).unwrap_err();
    assert!(error.is_instance_of::<js_sys::Error>());
    assert!(message(&error).starts_with("poolcheck: "));
}

#[wasm_bindgen_test]
fn every_rule_explains_itself() {
    let rules: Array = wasm::rules(&JsValue::UNDEFINED).unwrap().unchecked_into();
    for rule in rules.iter() {
        let explained = wasm::explain_rule(&get(&rule, "code"), &JsValue::UNDEFINED).unwrap();
        assert_eq!(JSON::stringify(&explained).unwrap(), JSON::stringify(&rule).unwrap());
    }
    assert!(wasm::explain_rule(&"PC000".into(), &JsValue::UNDEFINED).unwrap().is_undefined());
}

/// Numbers without a pattern, from a fixed seed.
fn drawn(count: usize) -> impl Iterator<Item = u64> {
    let next = |state: &u64| {
        let state = state ^ (state << 13);
        let state = state ^ (state >> 7);
        Some(state ^ (state << 17))
    };
    std::iter::successors(Some(0x9e37_79b9_7f4a_7c15), next).take(count)
}

/// The engine reads the float that the standard library reads, or none.
fn check_reading(text: &str) {
    let expected = text.parse::<f64>().ok().map(f64::to_bits);
    assert_eq!(parse_float(text).map(f64::to_bits), expected, "{text}");
}

#[wasm_bindgen_test]
fn the_engine_reads_the_nearest_float() {
    for text in [
        "",
        "-",
        ".",
        "1.",
        "-.5",
        "+1",
        "-0",
        "0x10",
        "0b1",
        "0o7",
        "1_0",
        "1n",
        " 1",
        "1 ",
        "1e",
        "1e5.",
        "Infinity",
        "-inf",
        "NaN",
        "2e308",
        "-2e308",
        "1e99999999999999999999",
        "1e-99999999999999999999",
        "1e23",
        "8.5e-31",
        "5e-324",
        "1.7976931348623157e308",
        "1.797693134862315708145274237317e308",
        "1.797693134862315808e308",
        "2.5e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
    ] {
        check_reading(text);
    }
    for bits in drawn(3000) {
        let value = f64::from_bits(bits);
        let subnormal = f64::from_bits(bits & !(0x7ff << 52));
        for value in [value, subnormal] {
            check_reading(&value.to_string());
            check_reading(&format!("{value:.16e}"));
            check_reading(&format!("{value:.30e}"));
        }
        // In the middle of two floats, and just beside it.
        let middle = bits | 1 << 63 | 1 << 10;
        let middle = middle & !0x3ff;
        check_reading(&middle.to_string());
        check_reading(&format!("{middle}.{}1", "0".repeat(bits as usize % 900)));
        check_reading(&format!("{}.9", middle - 1));
        check_reading(&format!("{middle}e-{}", bits % 340));
    }
}

/// The digits of a number without zeros around them, and the power of ten of the last one.
fn digits_of(text: &str) -> (String, i32) {
    let (number, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_end_matches('0');
    let power = exponent.parse::<i32>().unwrap() - fraction.len() as i32 + (all.len() - digits.len()) as i32;
    (digits.trim_start_matches('0').to_owned(), power)
}

#[wasm_bindgen_test]
fn the_engine_writes_the_shortest_digits() {
    let edges = [5e-324, f64::MIN_POSITIVE, f64::MAX, 1e15, 1e16, 1e21, 1e22, 1e23, 0.0001, 0.00001, 1e-7];
    let floats = drawn(5000).map(|bits| f64::from_bits(bits).abs()).filter(|value| value.is_normal());
    let powers = (0..2047).map(|exponent| f64::from_bits(1.max(exponent << 52)));
    let common = drawn(5000).map(|bits| (bits >> 20) as f64 / 4096.0);
    for value in edges.into_iter().chain(floats).chain(powers).chain(common) {
        let written = to_str(&Value::Float(value)).unwrap();
        assert_eq!(parse_float(&written), Some(value), "{written}");
        // As few digits as the standard library writes; where it takes the upper one of two equally near texts, the even.
        let shortest = format!("{value:e}");
        let places = digits_of(&shortest).0.len() - 1;
        let nearest = format!("{value:.places$e}");
        let expected = if nearest.parse() == Ok(value) { nearest } else { shortest };
        assert_eq!(digits_of(&written), digits_of(&expected), "{written}");
    }
    assert_eq!(to_str(&Value::Float(362036512621.0 / 256.0)).unwrap(), "1414205127.4257812");
    assert_eq!(to_str(&Value::Float(-0.0)).unwrap(), "-0.0");
}
