//! `cargo xtask bench` runs this and holds what it prints to `benches/budgets.json`.
//!
//! One program for all that is timed: each that is linked to the optimised core takes a minute to build. An example, as
//! cargo builds the command line along with a bench.

mod growth;
mod worlds;

fn main() {
    worlds::measure();
    growth::measure();
}
