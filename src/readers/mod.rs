//! Readers of what people paste beside Hermes' own files.

pub mod environ;
pub mod listing;
mod systemd;
