//! `cargo xtask bench` runs this and holds what it prints to `benches/budgets.json`.
//!
//! One program for all that is timed: each that is linked to the optimised core takes a minute to build. An example, as
//! cargo builds the command line along with a bench.

mod growth;
mod worlds;

/// Writes `values` to the file that the variable names, for the same measurement in wasm; nothing where it is not set.
fn leave_for_wasm(variable: &str, values: Vec<serde_json::Value>) {
    if let Some(path) = std::env::var_os(variable)
        && let Err(error) = std::fs::write(&path, serde_json::Value::from(values).to_string())
    {
        eprintln!("cannot write what {variable} names: {error}");
    }
}

fn main() {
    worlds::measure();
    growth::measure();
}
