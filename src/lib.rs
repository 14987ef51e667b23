//! poolcheck says what Hermes Agent makes of a configuration that somebody pasted: what is wrong and
//! how to mend it, which API key Hermes will use and why the others lose.
//!
//! Text goes in through [`api`], a redacted report comes out. `ARCHITECTURE.md` shows the modules.

pub mod diagnostic;
pub mod facts;
pub mod hermes;
pub mod json;
pub mod python;
pub mod redact;
pub mod report;
pub mod secret;
pub mod text;
pub mod yaml;
