//! `_expand_env_vars`: `${VAR}` in values of config.yaml.

use crate::base::collections::TextMap;
use crate::base::text::{Place, Search};
use crate::facts::behaviour::Behaviour;
use crate::hermes::{Outcome, Stop};
use crate::python::{Dict, Entry, Node, Value, lower, strip};
use crate::readers::environ::EnvValue;

/// A `${VAR}` in a value.
#[derive(Clone, PartialEq, Eq)]
pub struct EnvReference {
    /// The variable's name, as it stands between the braces.
    pub name: String,
    /// Its value; `None` where it is not set and the text stays as it is.
    pub value: Option<String>,
    /// The whole value that the reference stands in.
    pub place: Option<Place>,
}

impl std::fmt::Debug for EnvReference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EnvReference({})", if self.value.is_some() { "set" } else { "not set" })
    }
}

/// An expansion over one environment, and what it met.
pub(super) struct Expansion<'e> {
    environ: &'e TextMap<EnvValue>,
    may_say_env: bool,
    references: Vec<EnvReference>,
}

impl<'e> Expansion<'e> {
    pub(super) fn over(environ: &'e TextMap<EnvValue>, behaviour: &Behaviour) -> Self {
        Self { environ, may_say_env: behaviour.references_may_say_env, references: Vec::new() }
    }

    pub(super) fn into_references(self) -> Vec<EnvReference> {
        self.references
    }

    /// The value with its references expanded. Strings in lists and in values of mappings are; keys, tuples
    /// and sets are not looked at.
    ///
    /// # Errors
    /// `RecursionError` for a container inside itself. The depth of others is limited by the reader.
    pub(super) fn expand(&mut self, node: &Node) -> Outcome<Node> {
        Ok(self.changed(node)?.unwrap_or_else(|| node.clone()))
    }

    /// The expanded value, or `None` where nothing changes.
    fn changed(&mut self, node: &Node) -> Outcome<Option<Node>> {
        let value = match &node.value {
            Value::Str(text) => self.text(text, node.place)?.map(Value::str),
            Value::List(items) => {
                let mut changed: Option<Vec<Node>> = None;
                for (at, item) in items.iter().enumerate() {
                    if let Some(new) = self.changed(item)? {
                        let list = changed.get_or_insert_with(|| items.as_ref().clone());
                        if let Some(slot) = list.get_mut(at) {
                            *slot = new;
                        }
                    }
                }
                changed.map(Value::list)
            }
            Value::Dict(dict) => self.dict(dict)?.map(Value::dict),
            Value::Recursive => {
                return Err(Stop::raised("RecursionError", "maximum recursion depth exceeded"));
            }
            Value::Tuple(items) | Value::Set(items) if items.iter().any(holds_recursion) => {
                return Err(Stop::not_modelled("a container inside itself by way of a tuple"));
            }
            _ => None,
        };
        Ok(value.map(|value| Node { value, place: node.place }))
    }

    fn dict(&mut self, dict: &Dict) -> Outcome<Option<Dict>> {
        let mut changed: Option<Dict> = None;
        for entry in dict.iter() {
            if let Some(value) = self.changed(&entry.value)? {
                let _ = changed.get_or_insert_with(|| dict.clone()).insert(Entry { value, ..entry.clone() });
            }
        }
        Ok(changed)
    }

    /// `re.sub(r"\${([^}]+)}", …, text)`, or `None` where nothing is replaced.
    fn text(&mut self, text: &str, place: Option<Place>) -> Outcome<Option<String>> {
        if !text.holds("${") {
            return Ok(None);
        }
        let mut result = String::new();
        let mut changed = false;
        let mut rest = text;
        while let Some((before, after)) = rest.cut_at("${") {
            let Some((name, behind)) = after.split_once('}') else { break };
            result.push_str(before);
            if name.is_empty() {
                // No name: the search goes on behind the dollar sign.
                result.push_str("${");
                rest = after;
                continue;
            }
            let variable = self.variable_in(name)?;
            let value = variable.and_then(|name| self.environ.get(name)).map(|found| found.value.clone());
            match &value {
                Some(value) => {
                    changed = true;
                    result.push_str(value);
                }
                None => result.extend(["${", name, "}"]),
            }
            let name = variable.unwrap_or(name).to_owned();
            self.references.push(EnvReference { name, value, place });
            rest = behind;
        }
        result.push_str(rest);
        Ok(changed.then_some(result))
    }

    /// The variable that is meant between the braces; `None` for another source than the environment.
    fn variable_in<'n>(&self, said: &'n str) -> Outcome<Option<&'n str>> {
        if !self.may_say_env {
            return Ok(Some(said));
        }
        match said.split_once(':') {
            Some(("env", name)) => Ok(Some(strip(name))),
            Some((source, _)) if lower(strip(source)) == "env" => Err(spaced()),
            Some(_) => Ok(None),
            None if strip(said) != said => Err(spaced()),
            None => Ok(Some(said)),
        }
    }
}

/// Whether space around a name is taken off was not read.
fn spaced() -> Stop {
    Stop::not_modelled("a reference with space in its braces")
}

fn holds_recursion(node: &Node) -> bool {
    match &node.value {
        Value::Recursive => true,
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => items.iter().any(holds_recursion),
        Value::Dict(dict) => dict.iter().any(|entry| holds_recursion(&entry.value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded_by(release: &str, text: &str) -> Outcome<String> {
        let value = EnvValue { value: "1".to_owned(), place: None, entry_place: None };
        let environ = [("A", "1"), ("${A", "2"), (" A\n", "3")]
            .map(|(name, text)| (name.to_owned(), EnvValue { value: text.to_owned(), ..value.clone() }));
        let environ = TextMap::from(environ);
        let behaviour = &crate::facts::Facts::of(release).unwrap().behaviour;
        let node = Expansion::over(&environ, behaviour).expand(&Node::made(Value::str(text)))?;
        Ok(node.value.as_str().unwrap().to_owned())
    }

    fn expanded(text: &str) -> String {
        expanded_by("0.19.0", text).unwrap()
    }

    /// Read, not run: `${env:NAME}` is a variable too, its name without the space around it; another source is left as it
    /// is, as is what is not set. `hermes_cli/config.py`.
    #[test]
    fn newer_releases_know_a_source_of_references() {
        for (text, expected) in [
            ("${env:A}${A}", "11"),
            ("${env: A }", "1"),
            ("${vault:A}${env:B}", "${vault:A}${env:B}"),
            ("${A:-x}", "${A:-x}"),
        ] {
            assert_eq!(expanded_by("0.21.4", text).unwrap(), expected, "{text}");
            assert_eq!(expanded(text), text.replace("${A}", "1"));
        }
        assert!(expanded_by("0.21.4", "${ A}").is_err());
    }

    /// Expected: `_expand_env_vars` of 0.19.0 over the same environment.
    #[test]
    fn references_as_the_pattern_finds_them() {
        let cases = [
            ("${A}", "1"),
            ("x${A}y${A}", "x1y1"),
            ("$A {A} ${B}", "$A {A} ${B}"),
            ("${${A}}", "2}"),
            ("${}${A}", "${}1"),
            ("${ A\n}", "3"),
            ("${A", "${A"),
            ("$${A}", "$1"),
        ];
        for (text, expected) in cases {
            assert_eq!(expanded(text), expected, "{text}");
        }
    }
}
