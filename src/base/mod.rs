//! What everything else stands on: texts with their places, maps by text, and the tables that come with the program.

pub mod collections;
pub(crate) mod embedded;
pub mod sources;
pub mod text;
pub mod visible;
