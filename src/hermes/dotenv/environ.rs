//! `os.environ`: what it can hold, and what `hermes_cli/env_loader.py` cleans in it after loading `.env`.

use super::super::{Outcome, Stop};
use crate::base::collections::TextMap;
use crate::base::text::Search;
use crate::facts::EnvFacts;
use crate::python::lower;
use crate::readers::environ::EnvValue;

/// `os.environ[name] = value`.
///
/// # Errors
/// `ValueError` where the C library could not hold it.
pub(in crate::hermes) fn set(environ: &mut TextMap<EnvValue>, name: &str, value: EnvValue) -> Outcome<()> {
    if name.has('\0') || value.value.has('\0') {
        return Err(Stop::raised("ValueError", "embedded null byte"));
    }
    if name.has('=') {
        return Err(Stop::raised("ValueError", "illegal environment variable name"));
    }
    let _ = environ.insert(name, value);
    Ok(())
}

/// `_sanitize_loaded_credentials`: credentials lose every character that is not ASCII.
pub(super) fn clean_credentials(environ: &mut TextMap<EnvValue>, facts: &EnvFacts) {
    for (name, found) in environ.iter_mut() {
        let is_credential = facts.credential_suffixes.iter().any(|suffix| name.ends_with(suffix));
        if is_credential && !found.value.is_ascii() {
            found.value.retain(|c| c.is_ascii());
        }
    }
}

/// `_load_dotenv_disabled` of python-dotenv.
pub(super) fn dotenv_disabled(environ: &TextMap<EnvValue>) -> bool {
    environ.get("PYTHON_DOTENV_DISABLED").is_some_and(|found| {
        // `casefold` makes an `s` of the long s, which `lower` does not.
        let folded = lower(&found.value).replace('ſ', "s");
        ["1", "true", "t", "yes", "y"].contains(&folded.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;

    fn plain(value: &str) -> EnvValue {
        EnvValue { value: value.to_owned(), place: None, entry_place: None }
    }

    #[test]
    fn only_credentials_lose_what_is_not_ascii() {
        let mut environ: TextMap<_> = [("A_TOKEN", "“x”"), ("A_URL", "“x”"), ("TOKEN", "“x”")]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), plain(value)))
            .collect();
        clean_credentials(&mut environ, &Facts::newest().unwrap().env);
        let values: Vec<_> = environ.values().iter().map(|found| found.value.as_str()).collect();
        assert_eq!(values, ["x", "“x”", "“x”"]);
    }

    #[test]
    fn what_an_environment_cannot_hold() {
        let mut environ = TextMap::new();
        assert!(set(&mut environ, "A=B", plain("c")).is_err());
        assert!(set(&mut environ, "A", plain("c\0")).is_err());
        assert!(environ.is_empty());
    }
}
