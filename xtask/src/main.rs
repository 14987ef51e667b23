//! `cargo xtask …`: the commands that build, test and measure poolcheck.

use std::process::ExitCode;

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

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let result: anyhow::Result<()> = match command.as_str() {
        "bench" => bench::bench(arguments.collect()),
        "coverage" => coverage::coverage(arguments.collect()),
        "diff" => diff::diff(arguments.collect()),
        "facts" => facts::facts(arguments.collect()),
        "docs" => docs(),
        "evidence" => evidence::evidence(arguments.collect()),
        "new-rule" => new_rule::new_rule(arguments.collect()),
        "switches" => switches::switches(arguments.collect()),
        "test" => test::test(arguments.collect()),
        "record" => record::record(arguments.collect()),
        "screenshots" => web::screenshots(arguments.collect()),
        "serve" => web::serve(arguments.collect()),
        "wasm" => web::wasm(arguments.collect()),
        _ => Err(anyhow::anyhow!("unknown command `{command}`")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {command}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Writes `docs/rules/` and `docs/cases.md`; `tests/docs.rs` and `tests/cases.rs` make and compare them.
fn docs() -> anyhow::Result<()> {
    tools::run(
        tools::cargo()
            .args(["test", "--quiet", "--test", "docs", "--test", "cases"])
            .env("POOLCHECK_WRITE", "1"),
    )
}
