//! The model of Hermes Agent: what the real program does with a world, decision by decision.
//!
//! [`Process`] is one run of the program over one [`World`]. Each file here models one part of the real
//! program as methods of it; every decision is recorded in the process's [`Trace`] while it is taken.

pub mod arguments;
pub mod auth_store;
pub mod classify;
mod client;
pub mod commands;
pub mod config;
pub mod custom_providers;
pub mod destinations;
pub mod dotenv;
pub mod fallback;
mod listed;
pub mod listing;
pub mod mentions;
pub mod pool;
mod process;
pub mod providers;
pub mod recovery;
pub mod resolution;
pub mod runtime;
pub mod session;
pub mod sites;
pub mod start;
mod stop;
mod stored;
pub mod story;
pub mod takeover;
#[cfg(test)]
pub(crate) mod testing;
mod trace;
pub mod turn;
pub mod urls;
pub mod verdict;
mod world;

pub use process::{LogLevel, LogLine, Process};
pub use stop::{End, Outcome, Raised, Stop, caught};
pub use trace::{Candidate, CredentialStatus, Origin, Reason, Trace, TraceStep};
pub use world::World;
