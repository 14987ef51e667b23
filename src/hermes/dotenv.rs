//! The two `.env` readers of the real program, which disagree: `load_env`, which pools and the direct key
//! look-up read, and python-dotenv, which fills the process environment at start.

use std::rc::Rc;

use indexmap::IndexMap;

use super::{EnvValue, Outcome, Process, Stop};

impl Process<'_> {
    /// `load_env()`: what pools read from `.env`, by name.
    ///
    /// # Errors
    /// What the real function raises.
    pub fn load_env(&mut self) -> Outcome<Rc<IndexMap<String, EnvValue>>> {
        Err(Stop::not_modelled("load_env"))
    }

    /// `load_hermes_dotenv()`: loads `.env` into the process environment, as at the program's start.
    ///
    /// # Errors
    /// What the real function raises.
    pub(super) fn load_hermes_dotenv(&mut self) -> Outcome<()> {
        Err(Stop::not_modelled("load_hermes_dotenv"))
    }

    /// `os.environ.get(name)` with its place, by way of `agent.secret_scope.get_secret`.
    pub fn get_secret(&self, name: &str) -> Option<&EnvValue> {
        self.environ.get(name)
    }
}
