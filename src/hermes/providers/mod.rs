//! The parts of `hermes_cli/auth.py` that know providers: names and aliases, usable keys, direct look-up.

mod configured;
mod keys;
mod resolve;
mod secret;

pub use keys::{ApiKeyCredentials, kimi_base_url};
pub use secret::has_usable_secret;
pub(super) use secret::is_usable;
