//! The tables of a release that cannot be run: those of an older one, with what was read in its source.

use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::tools::workspace_root;

/// A file of `data/read/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reading {
    /// The release.
    release: String,
    /// The one whose tables it has but for the changes.
    from: String,
    change: Vec<Change>,
}

/// One thing that was read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// Where it was read.
    fact: String,
    /// The path of what changes, its parts with `/` between them.
    at: String,
    /// The value that it has.
    set: Option<Value>,
    /// The items or keys that it gains.
    add: Option<Value>,
    /// The items or keys that it loses.
    #[serde(default)]
    remove: Vec<String>,
    /// Rows that it gains, in their place.
    #[serde(default)]
    rows: Vec<Value>,
    /// The key of the row that these come before.
    before: Option<String>,
}

/// The tables of `release` as text, made of those of the release that it is told from.
///
/// # Errors
/// A file is not there or not in its form, or a change does not fit.
pub(crate) fn tables(release: &str) -> Result<String> {
    let data = workspace_root().join("data");
    let path = data.join("read").join(format!("{release}.toml"));
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let reading: Reading = toml::from_str(&text).with_context(|| path.display().to_string())?;
    if reading.release != release {
        bail!("{} is about {}", path.display(), reading.release);
    }
    let path = data.join(format!("hermes-{}.json", reading.from));
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mut tables: Value = serde_json::from_str(&text)?;
    tables["release"] = Value::String(reading.release);
    for change in reading.change {
        let fact = format!("{}: {}", change.at, change.fact);
        change.make(&mut tables).context(fact)?;
    }
    let mut written = Vec::new();
    let mut writer = Serializer::with_formatter(&mut written, PrettyFormatter::with_indent(b" "));
    serde::Serialize::serialize(&tables, &mut writer)?;
    written.push(b'\n');
    Ok(String::from_utf8(written)?)
}

impl Change {
    fn make(self, tables: &mut Value) -> Result<()> {
        let target = tables.pointer_mut(&format!("/{}", self.at)).context("there is no such place")?;
        if let Some(value) = self.set {
            *target = value;
        }
        for gone in &self.remove {
            remove(target, gone).with_context(|| format!("`{gone}` is not there"))?;
        }
        match (self.add, target) {
            (None, target) => insert(target, self.rows, self.before.as_deref()),
            (Some(Value::Array(items)), Value::Array(list)) => {
                for item in items {
                    let at = list.iter().take_while(|known| known.as_str() < item.as_str()).count();
                    if list.get(at) == Some(&item) {
                        bail!("{item} is there already");
                    }
                    list.insert(at, item);
                }
                Ok(())
            }
            (Some(Value::Object(keys)), Value::Object(map)) => {
                for (key, value) in keys {
                    if map.insert(key.clone(), value).is_some() {
                        bail!("`{key}` is there already");
                    }
                }
                Ok(())
            }
            _ => bail!("what is added does not fit"),
        }
    }
}

/// Takes an item or a key away.
fn remove(target: &mut Value, gone: &str) -> Option<Value> {
    match target {
        Value::Array(list) => {
            list.iter().position(|item| item.as_str() == Some(gone)).map(|at| list.remove(at))
        }
        Value::Object(map) => map.shift_remove(gone),
        _ => None,
    }
}

/// Puts rows before the one with the key `before`.
fn insert(target: &mut Value, rows: Vec<Value>, before: Option<&str>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let list = target.as_array_mut().context("there are no rows")?;
    let key = before.context("rows without `before`")?;
    let at = list.iter().position(|row| row["key"] == key).with_context(|| format!("no row `{key}`"))?;
    list.splice(at..at, rows);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hermes::READ;

    #[test]
    fn the_tables_are_made_of_what_was_read() {
        for release in READ {
            let path = workspace_root().join("data").join(format!("hermes-{release}.json"));
            let written = fs::read_to_string(path).unwrap();
            assert!(
                written == tables(release).unwrap(),
                "data/hermes-{release}.json is not what data/read says: run `cargo xtask facts --hermes {release}`"
            );
        }
    }

    #[test]
    fn a_change_that_does_not_fit_is_refused() {
        let make = |change: &str| {
            let change: Change = toml::from_str(&format!("fact = \"\"\nat = \"a\"\n{change}")).unwrap();
            let mut tables = serde_json::json!({"a": ["x", "z"]});
            change.make(&mut tables).map(|()| tables["a"].to_string())
        };
        assert_eq!(make("add = [\"y\"]").unwrap(), r#"["x","y","z"]"#);
        assert_eq!(make("remove = [\"x\"]").unwrap(), r#"["z"]"#);
        assert!(make("add = [\"x\"]").is_err());
        assert!(make("remove = [\"y\"]").is_err());
        assert!(make("add = {y = 1}").is_err());
    }
}
