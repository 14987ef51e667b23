//! The command `poolcheck`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(poolcheck::cli::run(std::env::args_os()))
}
