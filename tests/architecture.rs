//! ARCHITECTURE.md is true: modules use only what the table allows, every path in it exists, and every module
//! stands in it. `unsafe` and `Secret::expose` stay where they belong.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The code of a file without comments and without its unit tests, which may use anything.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

/// The table: path, and what its module may use.
fn table() -> Vec<(String, Option<BTreeSet<String>>)> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let path = cells[0].split(", ").next().unwrap().trim_matches('`').to_owned();
        let uses = cells
            .get(2)
            .map(|names| names.split(", ").filter(|name| *name != "–").map(str::to_owned).collect());
        (path, uses)
    })
    .collect()
}

fn module_of(path: &str) -> String {
    path.trim_start_matches("src/").trim_end_matches('/').trim_end_matches(".rs").to_owned()
}

#[test]
fn every_path_exists() {
    for (path, _) in table() {
        assert!(root().join(&path).exists(), "ARCHITECTURE.md names {path}, which is not there");
    }
}

#[test]
fn every_module_stands_in_the_table_and_in_the_crate() {
    let listed: BTreeSet<String> =
        table().into_iter().filter(|(_, uses)| uses.is_some()).map(|(path, _)| module_of(&path)).collect();
    let present: BTreeSet<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| module_of(&entry.unwrap().file_name().into_string().unwrap()))
        .filter(|module| module != "lib")
        .collect();
    assert_eq!(listed, present);
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let mut allowed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, uses) in table() {
        if let Some(uses) = uses {
            allowed.insert(module_of(&path), uses);
        }
    }
    let modules: BTreeSet<String> = allowed.keys().cloned().collect();
    let mut wrong = Vec::new();
    for path in rust_files(&root().join("src")) {
        let relative = path.strip_prefix(root().join("src")).unwrap();
        let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let module = module_of(&first);
        // `rules/testing.rs` is compiled for tests only and goes the whole way, from text to report.
        if module == "lib" || relative == Path::new("rules/testing.rs") {
            continue;
        }
        let code = code(&path);
        for used in &modules {
            let names =
                [format!("crate::{used}::"), format!("poolcheck::{used}::"), format!("crate::{used};")];
            let grouped = code.contains("use crate::{")
                && code.split("use crate::{").skip(1).any(|group| {
                    group.split('}').next().unwrap().split([',', ':']).any(|name| name.trim() == used)
                });
            let uses = grouped || names.iter().any(|name| code.contains(name.as_str()));
            if uses && *used != module && !allowed[&module].contains(used) {
                wrong.push(format!("src/{}: {module} uses {used}", relative.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "ARCHITECTURE.md does not allow:\n{}", wrong.join("\n"));
}

/// With it the crate has one direction: no wing uses, by whatever way, what uses it.
#[test]
fn the_table_names_only_what_stands_above() {
    let mut above = BTreeSet::new();
    for (path, uses) in table() {
        let Some(uses) = uses else { continue };
        assert!(uses.is_subset(&above), "{path} may use {:?}, which stand below it", uses.difference(&above));
        above.insert(module_of(&path));
    }
    assert!(above.len() > 10, "the table is not read");
}

#[test]
fn every_file_says_what_it_is() {
    for folder in ["src", "xtask/src", "tests", "examples"] {
        for path in rust_files(&root().join(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("//!"), "{} begins without a module doc", path.display());
        }
    }
}

#[test]
fn unsafe_code_stands_in_one_file() {
    for path in rust_files(&root().join("src")) {
        let code = code(&path);
        let has = code.contains("unsafe ") || code.contains("allow(unsafe_code");
        let may = path.ends_with("src/yaml/libyaml.rs") || path.ends_with("src/yaml/mod.rs");
        assert!(!has || may, "{} has unsafe code", path.display());
    }
}

#[test]
fn only_the_model_and_the_answerer_expose_secrets() {
    for folder in ["src", "examples", "tests"] {
        for path in rust_files(&root().join(folder)) {
            if !code(&path).contains(".expose()") || path.ends_with("tests/architecture.rs") {
                continue;
            }
            let relative = path.strip_prefix(root()).unwrap();
            let may = relative.starts_with("src/hermes") || relative == Path::new("examples/answer.rs");
            assert!(may, "{} opens a secret", relative.display());
        }
    }
}
