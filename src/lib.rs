//! poolcheck says what Hermes Agent makes of a configuration that somebody pasted: what is wrong and
//! how to mend it, which API key Hermes will use and why the others lose.
//!
//! Text goes in through [`api`], a redacted report comes out. `ARCHITECTURE.md` shows the modules, from the lowest up.

// The laws of `tests/laws` are shared between the unit tests and the tests in `tests/`.
#[cfg(test)]
extern crate self as poolcheck;

pub mod analysis;
pub mod api;
pub mod base;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostic;
pub mod facts;
pub mod hermes;
pub mod json;
pub mod python;
pub mod readers;
pub mod report;
pub mod rules;
pub mod secret;
#[cfg(feature = "wasm")]
pub mod wasm;
pub mod wordings;
pub mod yaml;
