//! `agent/secret_scope.py`: what a scheduled job reads in place of the environment. It is a third reader of `.env`.

use super::{File, KnownNames};
use crate::base::collections::TextMap;
use crate::base::sources::Given;
use crate::hermes::Process;
use crate::python::{strip, strip_start};
use crate::readers::environ::EnvValue;

/// `_GLOBAL_ENV_EXACT` and `_GLOBAL_ENV_PREFIXES`: what is no secret, and read from the environment all the same. A
/// star stands for any rest.
const GLOBAL: &str = "HERMES_HOME HERMES_PROFILE HERMES_GATEWAY_LOCK_DIR HERMES_MAX_ITERATIONS HERMES_MAX_TOKENS \
                      HERMES_API_TIMEOUT HERMES_REDACT_SECRETS HERMES_NOUS_TIMEOUT_SECONDS _HERMES_GATEWAY PATH HOME \
                      USER LANG LC_ALL TZ PWD SHELL TMPDIR VIRTUAL_ENV PYTHONPATH SSL_CERT_FILE HERMES_KANBAN_* \
                      HERMES_TELEGRAM_* TERMINAL_*";

fn is_global(name: &str) -> bool {
    GLOBAL.split(' ').any(|global| match global.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == global,
    })
}

impl Process<'_> {
    /// `get_secret(name)`, with its place: within a scope from there, else from `os.environ`.
    pub fn get_secret(&self, name: &str) -> Option<&EnvValue> {
        match &self.secret_scope {
            Some(scope) if !is_global(name) => scope.get(name),
            _ => self.environ.get(name),
        }
    }

    /// `build_profile_secret_scope(hermes_home)`: the variables of `.env` alone.
    pub(in crate::hermes) fn profile_secret_scope(&self) -> TextMap<EnvValue> {
        let mut scope = TextMap::new();
        let Given::Text(text) = &self.world.given.dotenv else { return scope };
        let facts = self.facts;
        let known = KnownNames::new(facts.env.optional.iter().chain(facts.env.extra.iter()));
        let file = File::at_start(text, &known, &facts.behaviour).text;
        for line in file.text().split(is_line_end) {
            let line = strip(line);
            if line.starts_with('#') {
                continue;
            }
            let line = line.strip_prefix("export ").map_or(line, strip_start);
            let Some((name, value)) = line.split_once('=') else { continue };
            let (name, value) = (strip(name), strip(value));
            if !name.is_empty() {
                let value = ['"', '\''].into_iter().find_map(|quote| within(value, quote)).unwrap_or(value);
                scope.insert(name, EnvValue { value: value.to_owned(), place: None, entry_place: None });
            }
        }
        scope
    }
}

/// What `str.splitlines` splits at.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn within(value: &str, quote: char) -> Option<&str> {
    value.strip_prefix(quote)?.strip_suffix(quote)
}

#[cfg(test)]
mod tests {
    use crate::base::sources::{Given, Sources};
    use crate::hermes::World;
    use crate::hermes::testing::process;

    /// Expected: `load_env_file` of 0.19.0 on the same text.
    #[test]
    fn a_third_reader() {
        let text = "A=x # y\nexport  B='q'\n # C=1\nD=\"a\\\"b\"\nE=${A}\n=x\nF\nG='\n";
        let world = World {
            given: Sources { dotenv: Given::Text(text.to_owned()), ..Sources::default() },
            ..World::default()
        };
        let scope = process(&world).profile_secret_scope();
        let found: Vec<_> = scope.iter().map(|(name, found)| (name, found.value.as_str())).collect();
        let expected = [("A", "x # y"), ("B", "q"), ("D", "a\\\"b"), ("E", "${A}"), ("G", "'")];
        assert_eq!(found, expected);
    }
}
