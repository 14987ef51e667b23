//! `cargo xtask …`: the commands that build, test and measure poolcheck. `flags.rs` says what there is to type.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, anyhow};

use crate::flags::XtaskCmd;

mod answerers;
mod bench;
mod compare;
mod coverage;
mod diff;
mod evidence;
mod facts;
mod facts_read;
mod fidelity;
mod flags;
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
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let name = arguments.first().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let outcome = match flags::read(arguments) {
        Ok(command) => run(command),
        Err(error) if error.is_help() => {
            print!("{}", flags::usage(&name));
            Ok(())
        }
        Err(error) => Err(anyhow!("{error}\n\n{}", flags::usage(&name))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: XtaskCmd) -> Result<()> {
    match command {
        XtaskCmd::Test(flags) => test::test(flags),
        XtaskCmd::Serve(flags) => web::serve(flags),
        XtaskCmd::Wasm(flags) => web::wasm(flags),
        XtaskCmd::NewRule(flags) => new_rule::new_rule(&flags),
        XtaskCmd::Docs(_) => docs(),
        XtaskCmd::Evidence(flags) => evidence::evidence(flags),
        XtaskCmd::Facts(flags) => facts::facts(flags),
        XtaskCmd::Diff(flags) => diff::diff(flags),
        XtaskCmd::Record(flags) => record::record(flags),
        XtaskCmd::Switches(_) => switches::switches(),
        XtaskCmd::Coverage(flags) => coverage::coverage(flags),
        XtaskCmd::Bench(flags) => bench::bench(flags),
        XtaskCmd::Screenshots(_) => web::screenshots(),
        XtaskCmd::Help(_) => {
            print!("{}", flags::list());
            Ok(())
        }
    }
}

/// Writes `docs/rules/` and `docs/cases.md`; `tests/docs.rs` and `tests/cases.rs` make and compare them.
fn docs() -> Result<()> {
    tools::run(
        tools::cargo()
            .args(["test", "--quiet", "--test", "docs", "--test", "cases"])
            .env("POOLCHECK_WRITE", "1"),
    )
}
