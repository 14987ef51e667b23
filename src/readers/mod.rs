//! Readers of what people paste beside Hermes' own files.

pub mod commands;
pub mod debug_report;
pub mod environ;
mod follow;
pub mod ignores;
pub mod listing;
pub mod log;
mod log_texts;
pub mod part;
pub mod paste;
pub mod sealed;
pub mod secrets;
pub mod split;
pub mod version;
mod version_mentions;
mod version_words;
mod yaml_line;
