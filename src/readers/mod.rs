//! Readers of what people paste beside Hermes' own files.

pub mod environ;
mod systemd;
