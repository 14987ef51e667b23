//! `pkg/dist/texts.js`: the texts that the published wasm asks for, see `src/base/embedded.rs`.
//!
//! The tables of a release are mostly those of the next newer one. Of all but the newest only the lines that differ are
//! published, and put together when they are asked for: eight releases take little more room than one.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::hermes::EXPLAINED;
use crate::tools::{cargo, output, workspace_root};

/// The module: the English wordings as the example `wordings` prints them, the catalogues, the tables of characters
/// and those of the releases.
///
/// # Errors
/// A source cannot be read, or is no JSON.
pub(crate) fn module() -> Result<String> {
    let english = output(cargo().args(["run", "--quiet", "--example", "wordings"]))?;
    let mut texts = vec![
        ("en".to_owned(), Value::from(english.trim())),
        ("zh-CN".to_owned(), Value::from(catalogue("zh-CN")?)),
        (
            "unicode-14".to_owned(),
            Value::from(fs::read_to_string(workspace_root().join("data/unicode-14.txt"))?),
        ),
    ];
    // Where the rows come from is for who reviews the table.
    let mut services: Value =
        serde_json::from_str(&fs::read_to_string(workspace_root().join("data/services.json"))?)?;
    for row in services["services"].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        row.remove("sources");
        row.remove("date");
    }
    texts.push(("services".to_owned(), Value::from(services.to_string())));
    let mut newer: Option<(String, Vec<String>)> = None;
    for release in EXPLAINED {
        let name = format!("hermes-{release}");
        let own = tables(&name)?;
        let published = match &newer {
            None => Value::from(own.join("\n")),
            Some((of, lines)) => json!({ "of": of, "edits": edits(lines, &own) }),
        };
        texts.push((name.clone(), published));
        newer = Some((name, own));
    }
    let mut module = String::from("const texts = {\n");
    for (name, text) in texts {
        module.push_str(&format!("  {}: {},\n", Value::from(name), ascii(&text.to_string())));
    }
    module.push_str(READER);
    Ok(module)
}

/// What puts a text together. The edits stand from the last to the first, so that none moves another.
const READER: &str = "};

const written = (name) => {
  const found = texts[name] ?? '';
  if (typeof found === 'string') return found;
  const lines = written(found.of).split('\\n');
  for (const [at, gone, ...put] of found.edits) lines.splice(at, gone, ...put);
  return lines.join('\\n');
};

export const text = (name) =>
  written(name).replace(/~(.{4})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
";

/// `text` with `~` and four digits for what is not ASCII and for `~`. Escapes of JavaScript would not do: minifiers may
/// print the characters themselves, and a page that names no charset reads others.
fn ascii(text: &str) -> String {
    let mut written = String::new();
    for character in text.chars() {
        if character.is_ascii() && character != '~' {
            written.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            written.push_str(&format!("~{unit:04x}"));
        }
    }
    written
}

/// A catalogue without what is the page's own, which it has from the file itself, and without white space between its
/// parts.
fn catalogue(name: &str) -> Result<String> {
    let path = workspace_root().join("locales").join(format!("{name}.json"));
    let mut text: Value = serde_json::from_str(&fs::read_to_string(&path)?)
        .with_context(|| format!("{} is no JSON", path.display()))?;
    if let Some(fields) = text.as_object_mut() {
        fields.retain(|id, _| !id.starts_with("page."));
    }
    Ok(text.to_string())
}

/// The lines of a release's tables without their indentation.
fn tables(name: &str) -> Result<Vec<String>> {
    let path = workspace_root().join("data").join(format!("{name}.json"));
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.lines().map(|line| line.trim().to_owned()).collect())
}

/// What makes `new` of `old`, from the end to the beginning: at which line, how many lines go, and the lines that come.
fn edits(old: &[String], new: &[String]) -> Vec<Value> {
    let changes = capture_diff_slices(Algorithm::Myers, old, new).into_iter().rev();
    changes
        .filter(|change| change.tag() != DiffTag::Equal)
        .map(|change| {
            let (gone, put) = (change.old_range(), new.get(change.new_range()).unwrap_or_default());
            let mut edit = vec![json!(gone.start), json!(gone.len())];
            edit.extend(put.iter().cloned().map(Value::from));
            Value::Array(edit)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the reader does.
    fn applied(old: &[String], edits: &[Value]) -> Vec<String> {
        let mut lines = old.to_vec();
        for edit in edits {
            let edit = edit.as_array().unwrap();
            let at = edit[0].as_u64().unwrap() as usize;
            let gone = edit[1].as_u64().unwrap() as usize;
            let put = edit[2..].iter().map(|line| line.as_str().unwrap().to_owned());
            lines.splice(at..at + gone, put);
        }
        lines
    }

    #[test]
    fn edits_make_the_other_text() {
        let lines = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
        for (old, new) in
            [("a\nb\nc", "a\nc"), ("a", "b"), ("", "a\nb"), ("a\nb\nc\nd", "x\nb\ny\nz\nd\ne"), ("a", "a")]
        {
            let (old, new) = (lines(old), lines(new));
            assert_eq!(applied(&old, &edits(&old, &new)), new);
        }
        assert_eq!(edits(&lines("a\nb\nc"), &lines("a\nc\nd")), [json!([3, 0, "d"]), json!([1, 1])]);
    }

    #[test]
    fn what_is_not_ascii_is_written_by_its_codes() {
        assert_eq!(ascii("a~键\u{1f600}"), "a~007e~952e~d83d~de00");
    }

    #[test]
    fn every_release_is_made_of_the_one_before_it() {
        for pair in EXPLAINED.windows(2) {
            let [newer, older] = pair else { continue };
            let of = |release: &str| tables(&format!("hermes-{release}")).unwrap();
            let (newer, older) = (of(newer), of(older));
            assert_eq!(applied(&newer, &edits(&newer, &older)), older);
        }
    }
}
