//! poolcheck says what Hermes Agent makes of a configuration that somebody pasted: what is wrong and
//! how to mend it, which API key Hermes will use and why the others lose.
//!
//! Text goes in through [`api`], a redacted report comes out. `ARCHITECTURE.md` shows the modules.

// The laws of `tests/laws` are shared between the unit tests and the tests in `tests/`.
#[cfg(test)]
extern crate self as poolcheck;

pub mod api;
#[cfg(feature = "cli")]
pub mod cli;
pub mod collections;
pub mod diagnostic;
pub mod facts;
pub mod hermes;
pub mod json;
pub mod markdown;
pub mod messages;
pub mod parts;
mod preview;
pub mod python;
pub mod readers;
pub mod reasons;
pub mod redact;
pub mod releases;
pub mod repair;
pub mod report;
pub mod rotation;
pub mod rules;
pub mod sarif;
pub mod secret;
pub mod secrets;
pub mod steps;
pub mod text;
mod texts;
mod timeline;
pub mod topics;
pub mod view;
pub mod visible;
#[cfg(feature = "wasm")]
pub mod wasm;
pub mod words;
pub mod yaml;
