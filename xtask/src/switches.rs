//! `cargo xtask switches`: what the real program answers where releases differ, one case for each switch of
//! `src/facts/behaviour.rs`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{answerers, record};

/// The clock of every case.
const NOW: f64 = 1_780_000_000.0;

/// A case of `tests/differential/switches.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    config: Option<String>,
    dotenv: Option<String>,
    profile: Option<String>,
    auth: Option<String>,
    /// Other files of the Hermes home.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// Files of the home.
    #[serde(default)]
    home: BTreeMap<String, String>,
    #[serde(default)]
    environ: BTreeMap<String, String>,
    ask: Vec<String>,
}

impl Switch {
    fn case(&self, name: &str) -> Result<Value> {
        let mut files: Map<String, Value> =
            self.files.iter().map(|(name, text)| (name.clone(), json!(text))).collect();
        for (name, text) in [("config.yaml", &self.config), (".env", &self.dotenv), ("auth.json", &self.auth)]
        {
            if let Some(text) = text {
                files.insert(name.to_owned(), json!(text));
            }
        }
        let ask = self.ask.iter().map(|question| serde_json::from_str(question));
        let ask = ask.collect::<Result<Vec<Value>, _>>().with_context(|| name.to_owned())?;
        let mut case = json!({
            "id": name, "now": NOW, "files": files, "home": self.home, "environ": self.environ, "ask": ask,
        });
        if let (Some(profile), Some(case)) = (&self.profile, case.as_object_mut()) {
            case.insert("profile".to_owned(), json!(profile));
        }
        Ok(case)
    }
}

/// Runs `cargo xtask switches`: writes `tests/differential/recorded/switches.jsonl`.
///
/// # Errors
/// A case is none, or the real program cannot be run.
pub(crate) fn switches() -> Result<()> {
    let text = fs::read_to_string(answerers::differential_folder().join("switches.toml"))?;
    let switches: BTreeMap<String, Switch> = toml::from_str(&text)?;
    let cases = switches.iter().map(|(name, switch)| switch.case(name));
    record::write_switches(cases.collect::<Result<Vec<_>>>()?, 2)
}
