//! What the commands do that people set Hermes up with: `hermes auth add` and `hermes config set`.

use super::config::value_at;
use super::pool::CUSTOM_PREFIX;
use super::{Outcome, Process, Stop};
use crate::facts::{Facts, Standing};
use crate::python::{Value, float_of_text, int_of_text, is_number, lower, repr, upper};

/// The name by which `auth.json` and the resolution know OpenRouter, which is no row of the registry.
const OPENROUTER: &str = "openrouter";

/// What `hermes auth add` does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adds {
    /// Puts a key into the pool.
    Key(String),
    /// Opens the provider's login, whatever `--api-key` says.
    Login(String),
}

/// Where `hermes config set` writes a value.
#[derive(Debug)]
pub enum Written {
    /// Into `.env`, under this name.
    DotEnv(String),
    /// Into config.yaml, at this path, as this value.
    Config(Vec<String>, Value),
}

impl Process<'_> {
    /// `hermes auth add PROVIDER [--type TYPE]`.
    ///
    /// # Errors
    /// What the command exits with.
    pub fn auth_add(&mut self, provider: &str, kind: Option<&str>) -> Outcome<Adds> {
        let pool = self.listed_provider(provider)?;
        let is_custom = pool.starts_with(CUSTOM_PREFIX);
        if !self.facts.providers.contains_key(&pool) && pool != OPENROUTER && !is_custom {
            return Err(Stop::exit(format!("Unknown provider: {pool}")));
        }
        let is_login = match kind {
            Some(kind) => kind == "oauth",
            None => !is_custom && self.facts.oauth_capable_providers.contains(&pool),
        };
        if is_login && !self.facts.oauth_capable_providers.contains(&pool) {
            return Err(Stop::exit(format!(
                "`hermes auth add {pool}` is not implemented for auth type oauth yet."
            )));
        }
        Ok(if is_login { Adds::Login(pool) } else { Adds::Key(pool) })
    }
}

/// `hermes config set KEY VALUE`.
///
/// # Errors
/// What the command raises.
pub fn config_set(facts: &Facts, key: &str, value: &str) -> Outcome<Written> {
    let names = &facts.env.config_set;
    let name = upper(key);
    let is_variable = names.contains(&name)
        || ["_API_KEY", "_TOKEN"].iter().any(|end| name.ends_with(end))
        || name.starts_with("TERMINAL_SSH");
    if is_variable && !(facts.behaviour.dotted_names_are_no_variables && key.contains('.')) {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !name.starts_with(|c: char| is_word(c) && !c.is_ascii_digit()) || !name.chars().all(is_word) {
            let shown = repr(&Value::str(name)).unwrap_or_default();
            return Err(Stop::raised("ValueError", format!("Invalid environment variable name: {shown}")));
        }
        return Ok(Written::DotEnv(name));
    }
    if facts.standing() == Standing::Read {
        return Err(Stop::not_modelled("what `hermes config set` makes of a value"));
    }
    let default = value_at(&facts.defaults, key).filter(|_| !key.split('.').any(str::is_empty));
    let stays_text = facts.behaviour.settings_of_text_stay_text
        && default.is_some_and(|default| default.value.as_str().is_some());
    let value = if stays_text { Value::str(value) } else { coerced(value)? };
    Ok(Written::Config(key.split('.').map(str::to_owned).collect(), value))
}

/// A value without a type of its own.
fn coerced(text: &str) -> Outcome<Value> {
    let word = lower(text);
    if ["true", "yes", "on"].contains(&word.as_str()) {
        return Ok(Value::Bool(true));
    }
    if ["false", "no", "off"].contains(&word.as_str()) {
        return Ok(Value::Bool(false));
    }
    let digits = text.replacen('.', "", 1);
    if !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) {
        let number = if digits.len() == text.len() {
            int_of_text(text).map(Value::Int)
        } else {
            float_of_text(text).map(Value::Float)
        };
        return number.ok_or_else(|| Stop::not_modelled("a number of very many digits"));
    }
    // `str.isdigit` knows more digits than `int` does.
    if digits.chars().any(|c| !c.is_ascii() && is_number(c)) {
        return Err(Stop::not_modelled("digits of other scripts"));
    }
    Ok(Value::str(text))
}
