//! `cargo xtask …`: the commands that build, test and measure poolcheck.

use std::process::ExitCode;

use anyhow::Result;

mod answerers;
mod bench;
mod compare;
mod coverage;
mod diff;
mod evidence;
mod facts;
mod facts_read;
mod fidelity;
mod hermes;
mod ledger;
mod new_rule;
mod record;
mod recorded;
mod shrink;
mod switches;
mod test;
mod texts;
mod tools;
mod web;

/// What a command does with the arguments behind its name.
type Run = fn(Vec<String>) -> Result<()>;

/// The commands: what is typed, what it does, and who does it.
const COMMANDS: [(&str, &str, Run); 14] = [
    (
        "test [--only STEP]",
        "everything that has to hold: formatting, lints, all tests, the browser, the real program",
        test::test,
    ),
    ("serve", "build the wasm and the page, and serve it at a printed address", web::serve),
    (
        "wasm [--dev] [--bless]",
        "build the npm package into pkg/dist; --bless takes its types as meant",
        web::wasm,
    ),
    (
        "new-rule CODE NAME",
        "begin a rule: its file, its entry, its Chinese wordings, its evidence",
        new_rule::new_rule,
    ),
    ("docs", "write docs/rules and docs/cases.md", docs),
    (
        "evidence [--check]",
        "ask the real program what tests/evidence claims, and write its answers",
        evidence::evidence,
    ),
    ("facts [--check]", "take the tables of the releases from their packages into data/", facts::facts),
    (
        "diff [--seed N] [--count N] …",
        "put the same cases to the real program and to the core (tests/differential/README.md)",
        diff::diff,
    ),
    ("record [--check]", "write or check the recorded answers that the tests compare with", record::record),
    ("switches", "ask each release what tests/differential/switches.toml asks", switches::switches),
    ("coverage", "what cases reach of the real program's code", coverage::coverage),
    (
        "bench [--check]",
        "times beside a bare parse, growth, sizes; --check holds them to benches/budgets.json",
        bench::bench,
    ),
    ("screenshots", "take the pictures in docs/ anew", web::screenshots),
    ("help", "this list", help),
];

fn name_of(usage: &str) -> &str {
    usage.split(' ').next().unwrap_or(usage)
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "help".to_owned());
    let Some((_, _, run)) = COMMANDS.iter().find(|(usage, ..)| name_of(usage) == name) else {
        eprintln!("xtask: there is no command `{name}`; `cargo xtask` lists them");
        return ExitCode::FAILURE;
    };
    match run(arguments.collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the commands.
fn help(_: Vec<String>) -> Result<()> {
    let width = COMMANDS.iter().map(|(usage, ..)| usage.chars().count()).max().unwrap_or(0);
    for (usage, does, _) in COMMANDS {
        println!("cargo xtask {usage:<width$}  {does}");
    }
    Ok(())
}

/// Writes `docs/rules/` and `docs/cases.md`; `tests/docs.rs` and `tests/cases.rs` make and compare them.
fn docs(arguments: Vec<String>) -> Result<()> {
    tools::nothing_left(&arguments)?;
    tools::run(
        tools::cargo()
            .args(["test", "--quiet", "--test", "docs", "--test", "cases"])
            .env("POOLCHECK_WRITE", "1"),
    )
}
