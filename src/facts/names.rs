//! What providers are called, by the tables alone.

use super::Facts;
use crate::python::{lower, strip};

impl Facts {
    /// The canonical id of a known name or alias; `None` for `auto` and unknown ones.
    ///
    /// ```
    /// use poolcheck::facts::Facts;
    /// let facts = Facts::of("0.19.0").unwrap();
    /// assert_eq!(facts.canonical_provider(" Google ").as_deref(), Some("gemini"));
    /// assert_eq!(facts.canonical_provider("auto"), None);
    /// ```
    pub fn canonical_provider(&self, name: &str) -> Option<String> {
        let name = self.unaliased(name);
        let is_known = matches!(name.as_str(), "openrouter" | "custom") || self.providers.contains_key(&name);
        is_known.then_some(name)
    }

    /// The name that an alias stands for, or the name itself, in lower case and without white space around it.
    ///
    /// ```
    /// use poolcheck::facts::Facts;
    /// let facts = Facts::of("0.19.0").unwrap();
    /// assert_eq!(facts.unaliased("Google"), "gemini");
    /// assert_eq!(facts.unaliased("My-Relay"), "my-relay");
    /// ```
    pub fn unaliased(&self, name: &str) -> String {
        let name = lower(strip(name));
        self.aliases.get(&name).cloned().unwrap_or(name)
    }

    /// The variables from which a key of `provider` is taken, in the order in which they are asked.
    ///
    /// ```
    /// use poolcheck::facts::Facts;
    /// let facts = Facts::of("0.19.0").unwrap();
    /// assert_eq!(facts.key_variables_of("gemini"), ["GOOGLE_API_KEY", "GEMINI_API_KEY"]);
    /// ```
    pub fn key_variables_of(&self, provider: &str) -> Vec<&str> {
        match (provider, self.providers.get(provider)) {
            ("openrouter", _) => vec!["OPENROUTER_API_KEY", "OPENAI_API_KEY"],
            (_, Some(row)) => row.api_key_env_vars.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}
