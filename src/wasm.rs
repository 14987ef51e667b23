//! The JavaScript surface: plain objects in, [`api`](crate::api) called, plain objects out.
//!
//! Nothing that is handed out has to be freed, and what is not of the documented type is a JavaScript
//! `TypeError` that names the argument. No error repeats a pasted text.

use js_sys::{Array, Date, Error, Object, TypeError};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::api::{self, ApiError, Correction, Input, Options};
use crate::base::sources::{self, Given, SourceKind};
use crate::base::text::Encoding;
use crate::diagnostic::SeverityChoice;
use crate::diagnostic::messages::Language;

/// The heap of the wasm: the one that Rust brings along is three times as large.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static HEAP: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = sources::TYPES;

/// Says what Hermes makes of the pasted texts: which credential it uses, why not the others, and what is wrong.
///
/// A text that is left out or `undefined` is not known; `null` says that it does not exist. `options.now` is the
/// present where it is left out.
///
/// Throws where a text is too long, or the release of Hermes or a code in `options.severities` is not known.
#[wasm_bindgen(unchecked_return_type = "Report")]
pub fn check(
    #[wasm_bindgen(unchecked_param_type = "Input")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    let asked = Question::read(input, options)?;
    plain(&api::check(&asked.input, &asked.options).map_err(thrown)?)
}

/// Finds the parts of a text in which anything may stand: a forum post, a debug report, one file alone. `texts` of the
/// answer is what `check` takes; it holds the text's own keys. `corrections` say what parts are that were taken for something
/// else; `kind` is `null` for a part that is nothing.
///
/// Throws where the text is too long.
#[wasm_bindgen(unchecked_return_type = "Pasted")]
pub fn split(
    #[wasm_bindgen(unchecked_param_type = "string")] text: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Language")] language: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Correction[]")] corrections: &JsValue,
) -> Result<JsValue, JsValue> {
    let text = string("text", text)?;
    let language = read_language("language", language)?;
    plain(&api::split(&text, &read_corrections(corrections)?, language).map_err(thrown)?)
}

/// Finds the parts of a text in which anything may stand, as `split` does, and checks them. Places in the report are those of
/// `text`, with the name of the file beside. Where nothing is recognised there is no report, and `pasted.nothing` says what
/// could be pasted and which rules the words of the text touch.
///
/// Throws as `split` and `check` do.
#[wasm_bindgen(js_name = checkPost, unchecked_return_type = "Post")]
pub fn check_post(
    #[wasm_bindgen(unchecked_param_type = "string")] text: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Correction[]")] corrections: &JsValue,
) -> Result<JsValue, JsValue> {
    let text = string("text", text)?;
    let options = read_options(options)?;
    plain(&api::check_post(&text, &read_corrections(corrections)?, &options).map_err(thrown)?)
}

/// Makes the edits of the findings with these ids and gives back the texts that they change. The ids are those
/// that `check` gives for the same input.
///
/// Throws where an id names no finding with a fix, or where two edits meet in one place.
#[wasm_bindgen(js_name = applyFixes, unchecked_return_type = "Texts")]
pub fn apply_fixes(
    #[wasm_bindgen(unchecked_param_type = "Input")] input: &JsValue,
    #[wasm_bindgen(js_name = findingIds, unchecked_param_type = "string[]")] finding_ids: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    let ids = read_ids(finding_ids)?;
    let asked = Question::read(input, options)?;
    plain(&api::apply_fixes(&asked.input, &asked.options, &ids).map_err(thrown)?)
}

/// Makes all safe fixes, checks again and goes on until there is nothing more to mend; gives back the texts that
/// change. Of fixes that meet in one place only one is made.
///
/// Throws as `check` does.
#[wasm_bindgen(js_name = applySafeFixes, unchecked_return_type = "Texts")]
pub fn apply_safe_fixes(
    #[wasm_bindgen(unchecked_param_type = "Input")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    let asked = Question::read(input, options)?;
    plain(&api::apply_safe_fixes(&asked.input, &asked.options).map_err(thrown)?)
}

/// What the rule with this code (`PC203`) is about; `undefined` where there is no such rule.
#[wasm_bindgen(js_name = explainRule, unchecked_return_type = "RuleView | undefined")]
pub fn explain_rule(
    #[wasm_bindgen(unchecked_param_type = "string")] code: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Language")] language: &JsValue,
) -> Result<JsValue, JsValue> {
    match api::explain_rule(&string("code", code)?, read_language("language", language)?) {
        Some(rule) => plain(&rule),
        None => Ok(JsValue::UNDEFINED),
    }
}

/// All rules, in the order of their codes.
#[wasm_bindgen(unchecked_return_type = "RuleView[]")]
pub fn rules(
    #[wasm_bindgen(unchecked_optional_param_type = "Language")] language: &JsValue,
) -> Result<JsValue, JsValue> {
    plain(&api::rules(read_language("language", language)?))
}

/// The releases of Hermes that can be asked for, the newest first, and how each is known.
#[wasm_bindgen(unchecked_return_type = "ReleaseView[]")]
pub fn releases(
    #[wasm_bindgen(unchecked_optional_param_type = "Language")] language: &JsValue,
) -> Result<JsValue, JsValue> {
    plain(&api::releases(read_language("language", language)?))
}

/// The report of `check` as Markdown, to be passed on: every key in it is masked.
#[wasm_bindgen]
pub fn markdown(
    #[wasm_bindgen(unchecked_param_type = "Input")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: &JsValue,
) -> Result<String, JsValue> {
    let asked = Question::read(input, options)?;
    let report = api::markdown(&asked.input, &asked.options).map_err(thrown)?;
    Ok(report.as_str().to_owned())
}

/// The report of `check` as SARIF 2.1.0, for code hosts and editors: every key in it is masked, and columns are UTF-16, whatever
/// `options.encoding` says.
#[wasm_bindgen(unchecked_return_type = "SarifLog")]
pub fn sarif(
    #[wasm_bindgen(unchecked_param_type = "Input")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Options")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    let asked = Question::read(input, options)?;
    plain(&api::sarif(&asked.input, &asked.options, &[]).map_err(thrown)?)
}

/// A text with everything masked in it that looks like a key.
#[wasm_bindgen]
pub fn redact(#[wasm_bindgen(unchecked_param_type = "string")] text: &JsValue) -> Result<String, JsValue> {
    Ok(api::redact(&string("text", text)?).as_str().to_owned())
}

/// Where keys stand in a text, in its order: what an editor hides.
#[wasm_bindgen(js_name = keySpans, unchecked_return_type = "KeySpan[]")]
pub fn key_spans(
    #[wasm_bindgen(unchecked_param_type = "string")] text: &JsValue,
) -> Result<JsValue, JsValue> {
    plain(&api::key_spans(&string("text", text)?))
}

/// Tells files apart by their names. What a name does not tell, `split` may tell by the text.
#[wasm_bindgen(js_name = openFiles, unchecked_return_type = "OpenedFiles")]
pub fn open_files(
    #[wasm_bindgen(unchecked_param_type = "NamedFile[]")] files: &JsValue,
) -> Result<JsValue, JsValue> {
    if !Array::is_array(files) {
        return Err(wrong("files", "an array", files));
    }
    let mut named = Vec::new();
    for file in Array::from(files).iter() {
        let mut own = api::NamedFile::default();
        for (name, value) in entries("files[]", &file)? {
            match name.as_str() {
                "name" => own.name = string("files[].name", &value)?,
                "text" => own.text = string("files[].text", &value)?,
                _ => return Err(unknown("files[]", "name and text")),
            }
        }
        named.push(own);
    }
    plain(&api::open_files(&named))
}

/// What is asked of the core.
struct Question {
    input: Input,
    options: Options,
}

impl Question {
    fn read(input: &JsValue, options: &JsValue) -> Result<Box<Self>, JsValue> {
        Ok(Box::new(Self { input: read_input(input)?, options: read_options(options)? }))
    }
}

/// A value as plain objects, arrays, strings, numbers and booleans: what JSON can hold.
fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|_| Error::new("poolcheck: the result cannot be a plain object").into())
}

fn thrown(error: ApiError) -> JsValue {
    Error::new(&format!("poolcheck: {error}")).into()
}

fn read_input(value: &JsValue) -> Result<Input, JsValue> {
    let mut input = Input::default();
    for (name, text) in entries("input", value)? {
        let Some(kind) = SourceKind::pasted(&name) else {
            let names = SourceKind::PASTED.map(SourceKind::name).join(", ");
            let known = names.rsplit_once(", ").map(|(others, last)| format!("{others} and {last}"));
            return Err(unknown("input", &known.unwrap_or(names)));
        };
        input.given[kind] = if text.is_undefined() {
            Given::NotGiven
        } else if text.is_null() {
            Given::Absent
        } else {
            Given::Text(text.as_string().ok_or_else(|| {
                wrong(
                    &format!("input.{name}"),
                    "a string, null (does not exist) or undefined (not known)",
                    &text,
                )
            })?)
        };
    }
    Ok(input)
}

fn read_options(value: &JsValue) -> Result<Options, JsValue> {
    let mut options = Options { now: Date::now() / 1000.0, ..Options::default() };
    if value.is_undefined() {
        return Ok(options);
    }
    for (name, option) in entries("options", value)? {
        if option.is_undefined() {
            continue;
        }
        match name.as_str() {
            "hermes" => options.hermes = Some(string("options.hermes", &option)?),
            "now" => options.now = seconds("options.now", &option)?,
            "listingTakenAt" => {
                options.listing_taken_at = Some(seconds("options.listingTakenAt", &option)?);
            }
            "language" => options.language = read_language("options.language", &option)?,
            "encoding" => {
                options.encoding = match option.as_string().as_deref() {
                    Some("utf16") => Encoding::Utf16,
                    Some("utf8") => Encoding::Utf8,
                    Some("codePoints") => Encoding::CodePoints,
                    _ => {
                        return Err(wrong("options.encoding", r#""utf16", "utf8" or "codePoints""#, &option));
                    }
                };
            }
            "compareReleases" => {
                options.compare_releases = option
                    .as_bool()
                    .ok_or_else(|| wrong("options.compareReleases", "true or false", &option))?;
            }
            "markdown" => {
                options.markdown =
                    option.as_bool().ok_or_else(|| wrong("options.markdown", "true or false", &option))?;
            }
            "severities" => {
                for (code, choice) in entries("options.severities", &option)? {
                    let chosen = choice.as_string().and_then(|name| SeverityChoice::named(&name));
                    let chosen = chosen
                        .ok_or_else(|| wrong("options.severities[]", SeverityChoice::NAMES, &choice))?;
                    options.severities.insert(&code, chosen);
                }
            }
            _ => {
                let known = "hermes, now, listingTakenAt, language, encoding, compareReleases, markdown and severities";
                return Err(unknown("options", known));
            }
        }
    }
    Ok(options)
}

fn seconds(name: &str, value: &JsValue) -> Result<f64, JsValue> {
    let number = value.as_f64().filter(|number| number.is_finite());
    number.ok_or_else(|| wrong(name, "a finite number of seconds since 1970", value))
}

fn read_language(name: &str, value: &JsValue) -> Result<Language, JsValue> {
    if value.is_undefined() {
        return Ok(Language::default());
    }
    let language = value.as_string().and_then(|tag| Language::of_tag(&tag));
    language.ok_or_else(|| wrong(name, r#""en" or "zh-CN""#, value))
}

fn read_ids(value: &JsValue) -> Result<Vec<String>, JsValue> {
    if !Array::is_array(value) {
        return Err(wrong("findingIds", "an array of strings", value));
    }
    Array::from(value).iter().map(|id| string("findingIds[]", &id)).collect()
}

fn read_corrections(value: &JsValue) -> Result<Vec<Correction>, JsValue> {
    let mut corrections = Vec::new();
    if value.is_undefined() {
        return Ok(corrections);
    }
    if !Array::is_array(value) {
        return Err(wrong("corrections", "an array", value));
    }
    for told in Array::from(value).iter() {
        let (mut part, mut kind) = (None, None);
        for (name, value) in entries("corrections[]", &told)? {
            match name.as_str() {
                "part" => {
                    let number = value.as_f64().filter(|number| *number >= 0.0 && number.fract() == 0.0);
                    part = Some(
                        number.ok_or_else(|| wrong("corrections[].part", "the number of a part", &value))?,
                    );
                }
                "kind" => kind = Some(read_kind(&value)?),
                _ => return Err(unknown("corrections[]", "part and kind")),
            }
        }
        match (part, kind) {
            (Some(part), Some(kind)) => corrections.push(Correction { part: part as usize, kind }),
            _ => return Err(wrong("corrections[]", "an object with part and kind", &told)),
        }
    }
    Ok(corrections)
}

/// The kind of a text by its name in [`Input`]; `null` for none.
fn read_kind(value: &JsValue) -> Result<Option<SourceKind>, JsValue> {
    if value.is_null() {
        return Ok(None);
    }
    SourceKind::pasted(&value.as_string().unwrap_or_default())
        .map(Some)
        .ok_or_else(|| wrong("corrections[].kind", "the name of a pasted text or null", value))
}

fn string(name: &str, value: &JsValue) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| wrong(name, "a string", value))
}

/// The properties of the plain object that `name` must be.
fn entries(name: &str, value: &JsValue) -> Result<Vec<(String, JsValue)>, JsValue> {
    if !value.is_object() || Array::is_array(value) {
        return Err(wrong(name, "an object", value));
    }
    let object: &Object = value.unchecked_ref();
    Ok(Object::entries(object)
        .iter()
        .map(|entry| {
            let entry = Array::from(&entry);
            (entry.get(0).as_string().unwrap_or_default(), entry.get(1))
        })
        .collect())
}

fn wrong(name: &str, expected: &str, value: &JsValue) -> JsValue {
    let kind = if value.is_null() {
        "null".to_owned()
    } else if Array::is_array(value) {
        "an array".to_owned()
    } else if value.is_string() {
        // The string itself may be a key that stands in the wrong argument.
        "another string".to_owned()
    } else {
        value.js_typeof().as_string().unwrap_or_default()
    };
    TypeError::new(&format!("poolcheck: `{name}` must be {expected}, not {kind}")).into()
}

fn unknown(name: &str, known: &str) -> JsValue {
    TypeError::new(&format!("poolcheck: `{name}` has a property that is not known; known are {known}")).into()
}

/// The bare parse that `cargo xtask bench` measures a check beside; not published.
#[cfg(feature = "bench")]
#[wasm_bindgen(js_name = countEvents)]
pub fn count_events(text: &str) -> usize {
    crate::yaml::count_events(text)
}
