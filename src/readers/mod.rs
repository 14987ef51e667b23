//! Readers of what people paste beside Hermes' own files.

pub mod commands;
pub mod environ;
pub mod ignores;
pub mod listing;
pub mod log;
mod log_texts;
pub mod part;
pub mod paste;
mod systemd;
pub mod version;
