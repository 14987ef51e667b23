//! `cargo xtask test`: everything that has to hold, in one command that ends with its counts.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::{flags, tools, web};

/// The comparison with the real program: a fixed seed, so that a failure can be repeated.
const SEED: &str = "20";
const CASES: &str = "400";

type Step = fn() -> Result<Count>;

/// Runs the command.
///
/// # Errors
/// A step fails, or there is none of that name.
pub(crate) fn test(flags: flags::Test) -> Result<()> {
    let only = flags.only;
    let steps: [(&str, Step); 13] = [
        ("format", || {
            tools::run(tools::cargo().args(["fmt", "--all", "--check"]))?;
            passed(&mut web::biome("format")?)
        }),
        ("lints", lints),
        ("rust tests", || {
            counted(tools::cargo().args(["test", "--workspace", "--no-fail-fast", "--profile", "ci"]))
        }),
        ("scaffold", scaffold),
        ("headless wasm", web::wasm_tests),
        ("package", web::node_tests),
        ("consumers", web::consumer_tests),
        ("page", web::browser_tests),
        ("budgets", || own(&["bench", "--check"])),
        ("facts", || own(&["facts", "--check"])),
        ("evidence", || own(&["evidence", "--check"])),
        ("recorded answers", || own(&["record", "--check"])),
        ("live comparison", || own(&["diff", "--seed", SEED, "--count", CASES])),
    ];
    let mut summary = Vec::new();
    let mut failed = Vec::new();
    for (name, step) in steps {
        if only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = step();
        let seconds = start.elapsed().as_secs();
        match outcome {
            Ok(Count::Step) => summary.push(format!("{name}: passed ({seconds} s)")),
            Ok(Count::Tests(count)) => summary.push(format!("{name}: {count} passed ({seconds} s)")),
            Err(error) => {
                summary.push(format!("{name}: FAILED ({seconds} s): {error:#}"));
                failed.push(name);
            }
        }
    }
    println!("\n== summary\n{}", summary.join("\n"));
    match (summary.is_empty(), failed.as_slice()) {
        (true, _) => bail!("no step is called that"),
        (_, []) => Ok(()),
        (_, failed) => bail!("failed: {}", failed.join(", ")),
    }
}

/// What a step has to show.
pub(crate) enum Count {
    /// It passed.
    Step,
    /// So many tests passed.
    Tests(u64),
}

fn passed(command: &mut Command) -> Result<Count> {
    tools::run(command).map(|()| Count::Step)
}

/// Runs another of our commands as if it had been typed.
fn own(command: &[&str]) -> Result<Count> {
    crate::run(flags::read(command)?).map(|()| Count::Step)
}

fn lints() -> Result<Count> {
    let deny = ["--", "-D", "warnings"];
    tools::run(tools::cargo().args(["clippy", "--workspace", "--all-targets"]).args(deny))?;
    tools::run(
        tools::cargo().args(["doc", "--no-deps", "--lib", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    passed(web::biome("lint")?.arg("--error-on-warnings"))
}

/// Runs `command`, shows its output, and adds up what the test harness of Rust or Node says has passed.
pub(crate) fn counted(command: &mut Command) -> Result<Count> {
    let output = command.stderr(std::process::Stdio::inherit()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    print!("{text}");
    if !output.status.success() {
        bail!("tests failed");
    }
    let counts = text.lines().filter_map(|line| {
        let count = match line.strip_prefix("test result: ok. ") {
            Some(rest) => rest.split_once(" passed")?.0,
            None => line.strip_prefix("ℹ pass ")?,
        };
        count.parse::<u64>().ok()
    });
    Ok(Count::Tests(counts.sum()))
}

/// A new rule's skeleton compiles: the scaffolder is tried on a copy of the sources.
fn scaffold() -> Result<Count> {
    let copy = tools::target_folder().join("scaffold");
    let _ = fs::remove_dir_all(&copy);
    fs::create_dir_all(&copy)?;
    let root = tools::workspace_root();
    for file in ["Cargo.toml", "Cargo.lock"] {
        fs::copy(root.join(file), copy.join(file))?;
    }
    for folder in ["src", "xtask", "locales", "data", "tests", "examples", "benches"] {
        copy_folder(&root.join(folder), &copy.join(folder))?;
    }
    let cargo = || {
        let mut command = tools::cargo();
        command.current_dir(&copy).env("CARGO_TARGET_DIR", tools::target_folder());
        command
    };
    tools::run(cargo().args([
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--",
        "new-rule",
        "PC999",
        "a-new-rule",
    ]))?;
    tools::run(cargo().args(["check", "--quiet", "--lib", "--tests"]))?;
    fs::remove_dir_all(&copy)?;
    Ok(Count::Step)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let copy = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &copy)?;
        } else {
            fs::copy(entry.path(), copy)?;
        }
    }
    Ok(())
}
