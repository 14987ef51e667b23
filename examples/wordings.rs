//! Prints the English wordings and the explanations of the rules as one JSON object by id: the catalogue `en` that
//! `cargo xtask wasm` hands to the published wasm, which holds no texts.

use poolcheck::rules::RULES;
use poolcheck::wordings::all_templates;
use serde_json::{Map, Value};

fn main() {
    let wordings = all_templates().map(|template| (template.id(), Value::from(template.english)));
    let docs = RULES.iter().map(|rule| (format!("{}.doc", rule.code), Value::from(rule.doc)));
    println!("{}", Value::from(wordings.chain(docs).collect::<Map<_, _>>()));
}
