//! Readers of what people paste beside Hermes' own files.

pub mod commands;
pub mod environ;
pub mod listing;
pub mod paste;
mod systemd;
pub mod version;
