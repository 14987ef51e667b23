//! `cargo xtask new-rule`: a rule's skeleton, its entry in the list, its Chinese wordings to be
//! translated, and its evidence to be asked for. The skeleton compiles; its tests fail until it is filled.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::{flags, tools};

/// Runs the command.
///
/// # Errors
/// The code or the name is not well formed or is taken.
pub(crate) fn new_rule(flags: &flags::NewRule) -> Result<()> {
    let flags::NewRule { code, name } = flags;
    let well_formed = code.len() == 5
        && code.strip_prefix("PC").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !well_formed {
        bail!("a code is PC and three digits, a name is words in lower case joined by hyphens");
    }
    let root = tools::workspace_root();
    let list = root.join("src/rules/mod.rs");
    let text = fs::read_to_string(&list)?;
    let module = format!("{}_{}", code.to_ascii_lowercase(), name.replace('-', "_"));
    let constant = name.replace('-', "_").to_ascii_uppercase();
    if text.contains(&format!("mod {}_", code.to_ascii_lowercase())) {
        bail!("{code} is taken");
    }
    fs::write(root.join(format!("src/rules/{module}.rs")), skeleton(code, name, &constant))?;
    fs::write(&list, listed(&text, &module, &constant)?)?;
    add_chinese(code)?;
    let evidence = json!({
        "shows": "in words: what the answers show of the rule's claim",
        "case": {
            "id": code, "hermes": "0.19.0", "now": 1_780_000_000.0,
            "files": {"config.yaml": "model: {provider: gemini}\n"}, "environ": {},
            "ask": [{"do": "resolve"}],
        },
        "answers": [],
    });
    let path = root.join(format!("tests/evidence/{code}.json"));
    fs::write(path, serde_json::to_string_pretty(&evidence)? + "\n")?;
    println!("src/rules/{module}.rs, locales/zh-CN.json and tests/evidence/{code}.json wait to be filled");
    println!("then: cargo xtask evidence && cargo test && cargo xtask docs");
    Ok(())
}

fn skeleton(code: &str, name: &str, constant: &str) -> String {
    format!(
        r#"//! {code}: what it is about, in a line.

use super::{{Context, Findings, declare_rule}};

declare_rule! {{
    /// What Hermes does, why, and what to do, in a paragraph.
    ///
    /// ```yaml fires
    /// model: {{provider: gemini}}
    /// ```
    /// ```yaml silent
    /// model: {{provider: deepseek}}
    /// ```
    pub static {constant} = {{
        code: "{code}", name: "{name}", severity: Warning, since: "0.1.0",
        fix: None,
        what: "What is wrong.",
        why: "Why it is so.",
        todo: "What to do.",
    }}
}}

fn check(context: &Context<'_>, findings: &mut Findings) {{
    if let Some(place) = context.config_at(&["model", "provider"]).and_then(|node| node.place) {{
        findings.report(&{constant}, place);
    }}
}}

#[cfg(test)]
mod tests {{
    use super::{constant};
    use crate::rules::testing::{{fires, silent}};

    #[test]
    fn it_fires() {{
        fires(&{constant}, "--- config.yaml\nmodel: {{provider: gemini}}\n                  ^^^^^^ {code}\n");
    }}

    #[test]
    fn it_is_silent() {{
        silent(&{constant}, "--- config.yaml\nagent: {{}}\n");
    }}
}}
"#
    )
}

/// The list with the new rule in the order of the codes.
fn listed(text: &str, module: &str, constant: &str) -> Result<String> {
    let mut modules: Vec<String> =
        text.lines().filter(|line| line.starts_with("mod pc")).map(str::to_owned).collect();
    let (before, rest) =
        text.split_once(modules.first().context("no rule is listed")?).context("the list")?;
    let last = modules.last().context("no rule is listed")?.clone();
    let (_, after) = text.split_once(&last).context("the list")?;
    let _ = rest;
    modules.push(format!("mod {module};"));
    modules.sort();
    let text = format!("{before}{}{after}", modules.join("\n"));
    let start = text.find("pub static RULES: &[&Rule] = &[").context("RULES")?;
    let end = start + text.get(start..).and_then(|rest| rest.find("];")).context("the end of RULES")?;
    let old = text.get(start..end).unwrap_or("");
    let mut entries: Vec<String> = old
        .split("&[")
        .last()
        .unwrap_or("")
        .split(',')
        .map(|entry| entry.trim().to_owned())
        .filter(|entry| !entry.is_empty())
        .collect();
    entries.push(format!("&{module}::{constant}"));
    entries.sort();
    let list = format!("pub static RULES: &[&Rule] = &[\n    {},\n", entries.join(",\n    "));
    Ok(text.replacen(old, &list, 1))
}

fn add_chinese(code: &str) -> Result<()> {
    let path = tools::workspace_root().join("locales/zh-CN.json");
    let catalogue: Map<String, Value> = serde_json::from_str(&fs::read_to_string(&path)?)?;
    let mut entries: Vec<(String, Value)> = catalogue.into_iter().collect();
    for part in ["doc", "what", "why", "todo"] {
        entries.push((format!("{code}.{part}"), json!("待翻译")));
    }
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    let catalogue: Map<String, Value> = entries.into_iter().collect();
    fs::write(&path, serde_json::to_string_pretty(&catalogue)? + "\n")?;
    Ok(())
}
