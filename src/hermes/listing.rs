//! `hermes auth list`: the listing, byte for byte.

use super::{Outcome, Process, Stop};

impl Process<'_> {
    /// What `hermes auth list [provider]` prints.
    ///
    /// # Errors
    /// What the command raises or exits with.
    pub fn auth_list(&mut self, provider: Option<&str>) -> Outcome<String> {
        let _ = provider;
        Err(Stop::not_modelled("auth_list"))
    }
}
