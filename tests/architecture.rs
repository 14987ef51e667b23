//! ARCHITECTURE.md is true: modules use only what the table allows, every path in it exists, and every module
//! stands in it. `unsafe` and `Secret::expose` stay where they belong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

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
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for path in rust_files(&root().join("src")) {
        let relative = path.strip_prefix(root().join("src")).unwrap();
        let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let module = module_of(&first);
        // `rules/testing.rs` is compiled for tests only and goes the whole way, from text to report.
        if module == "lib" || relative == Path::new("rules/testing.rs") {
            continue;
        }
        let inside = module_of(relative.to_str().unwrap());
        let at: Vec<&str> = inside.split('/').filter(|part| *part != "mod").collect();
        let used: BTreeSet<String> =
            paths(&code(&path), &at).into_iter().filter_map(|path| path.into_iter().next()).collect();
        seen += used.len();
        for used in used.intersection(&modules) {
            if *used != module && !allowed[&module].contains(used) {
                wrong.push(format!("src/{}: {module} uses {used}", relative.display()));
            }
        }
    }
    assert!(seen > 1000, "{seen} uses are found: the code is not read");
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

/// Types whose methods stand in many files, one for each part of what they do: a file that says `impl Process` uses no more of
/// `process.rs` than the type.
const IN_MANY_FILES: [(&str, &str); 2] = [("hermes", "process"), ("rules", "context")];

/// The paths that a `use` with braces stands for: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths_of_use(tree: &str, before: &str, paths: &mut Vec<String>) {
    let Some((head, rest)) = tree.split_once('{') else {
        let own = tree.split(" as ").next().unwrap().trim();
        paths.push(format!("{before}{own}"));
        return;
    };
    let inside = &rest[..rest.rfind('}').unwrap()];
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inside.char_indices().chain([(inside.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !inside[start..at].trim().is_empty() {
                    paths_of_use(inside[start..at].trim(), &format!("{before}{}", head.trim()), paths);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// What stands behind the `use` that a line begins with; a line of a long text may begin with this word too.
fn use_of(line: &str) -> Option<&str> {
    let bare = line.trim_start();
    let behind = bare.strip_prefix("pub").map_or(bare, |rest| match rest.strip_prefix('(') {
        Some(scope) => scope.split_once(')').map_or("", |(_, rest)| rest),
        None => rest,
    });
    let is_path = |tree: &&str| {
        tree.split_whitespace().next().is_some_and(|first| first.contains("::") || first.ends_with(';'))
    };
    behind.trim_start().strip_prefix("use ").filter(is_path)
}

/// The paths that code has, from the crate on. `at` is the module of the code: `["hermes", "pool", "load"]`.
fn paths(code: &str, at: &[&str]) -> Vec<Vec<String>> {
    let mut written = Vec::new();
    let mut rest = String::new();
    let mut open: Option<String> = None;
    for line in code.lines() {
        let begun = || use_of(line).map(str::to_owned);
        let Some(tree) = open.take().map(|tree| tree + " " + line).or_else(begun) else {
            rest.push_str(line);
            rest.push('\n');
            continue;
        };
        match tree.split_once(';') {
            Some((tree, _)) => paths_of_use(tree, "", &mut written),
            None => open = Some(tree),
        }
    }
    let is_of_path = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    written.extend(rest.split(|c| !is_of_path(c)).map(str::to_owned));
    let whole = |path: &String| {
        let mut names: Vec<&str> = path.split("::").collect();
        let mut from = at.to_vec();
        match *names.first()? {
            "crate" | "poolcheck" => from.clear(),
            "super" => {}
            _ => return None,
        }
        names.retain(|name| match *name {
            "super" => from.pop().is_none(),
            name => !["crate", "poolcheck"].contains(&name),
        });
        Some(from.into_iter().chain(names).map(str::to_owned).collect())
    };
    written.iter().filter_map(whole).collect()
}

/// What the modules of a wing use of each other. Where `mod.rs` hands on what a module has, the module is used.
fn uses_inside(wing: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let name = wing.file_name().unwrap().to_str().unwrap();
    let relative = |path: &Path| module_of(path.strip_prefix(wing).unwrap().to_str().unwrap());
    let files = rust_files(wing);
    let modules: BTreeSet<String> =
        files.iter().map(|path| relative(path).split('/').next().unwrap().to_owned()).collect();
    let mut handed_on = BTreeMap::new();
    let door = code(&wing.join("mod.rs"));
    for (at, _) in door.match_indices("pub").filter(|(at, _)| *at == 0 || door[..*at].ends_with('\n')) {
        let Some(tree) = use_of(&door[at..]).and_then(|tree| tree.split(';').next()) else { continue };
        let mut paths = Vec::new();
        paths_of_use(&tree.replace('\n', " "), "", &mut paths);
        for path in paths {
            let path = path.trim_start_matches("self::");
            let (module, item) = (path.split("::").next().unwrap(), path.rsplit("::").next().unwrap());
            handed_on.insert(item.to_owned(), module.to_owned());
        }
    }
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in &files {
        let inside = relative(path);
        let module = inside.split('/').next().unwrap();
        // `mod.rs` is the door of its wing, and tests may use anything.
        if ["mod", "testing"].contains(&module) {
            continue;
        }
        let at: Vec<&str> =
            [name].into_iter().chain(inside.split('/').filter(|part| *part != "mod")).collect();
        for used in paths(&code(path), &at) {
            let [wing, item, ..] = used.as_slice() else { continue };
            let used = if modules.contains(item) { Some(item) } else { handed_on.get(item) };
            if let Some(used) = used.filter(|used| {
                wing == name && *used != module && *used != "testing" && modules.contains(*used)
            }) && !IN_MANY_FILES.contains(&(name, used))
            {
                uses.entry(module.to_owned()).or_default().insert(used.clone());
            }
        }
    }
    uses
}

/// The modules of circles and what uses them: what uses nothing that is left is taken away, until nothing more can be.
fn circles(mut uses: BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    loop {
        let left: BTreeSet<String> = uses.keys().cloned().collect();
        uses.values_mut().for_each(|used| used.retain(|module| left.contains(module)));
        let before = uses.len();
        uses.retain(|_, used| !used.is_empty());
        if uses.len() == before {
            return uses;
        }
    }
}

#[test]
fn the_modules_of_a_wing_form_no_circle() {
    let mut seen = 0;
    for (path, _) in table().into_iter().filter(|(path, uses)| uses.is_some() && path.ends_with('/')) {
        let uses = uses_inside(&root().join(&path));
        seen += uses.values().map(BTreeSet::len).sum::<usize>();
        let circles = circles(uses);
        assert!(circles.is_empty(), "{path} has a circle among these: {circles:?}");
    }
    assert!(seen > 400, "{seen} uses are found: the code is not read");
}

#[test]
fn a_circle_is_found() {
    let wing = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wing");
    fs::create_dir_all(wing.join("two")).unwrap();
    let of = |third: &str| {
        let files = [
            ("mod.rs", "mod one;\npub use one::A;\n"),
            ("one.rs", "use super::{\n    two::inner::{B, C},\n};\n"),
            ("two/inner.rs", third),
        ];
        for (name, text) in files {
            fs::write(wing.join(name), text).unwrap();
        }
        circles(uses_inside(&wing)).into_keys().collect::<Vec<_>>()
    };
    assert_eq!(of("use crate::base::text;\n"), [""; 0]);
    assert_eq!(of("use crate::wing::A;\n"), ["one", "two"]);
    assert_eq!(of("fn f() { super::super::one::g() }\n"), ["one", "two"]);
    assert_eq!(of("// use crate::wing::A;\n"), [""; 0]);
}
