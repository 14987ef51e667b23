//! The JavaScript surface in the runtimes that it is made for: these tests run in Node and in a headless browser.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use js_sys::{Array, JSON, Object, Reflect};
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
