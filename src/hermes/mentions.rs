//! Keys that stand in a sentence or a command of a pasted text, and in no file: poolcheck takes keys from files.

use crate::base::sources::SourceKind;
use crate::base::text::LINE_END;
use crate::facts::Facts;
use crate::hermes::arguments;
use crate::hermes::commands::{Written, config_set};
use crate::readers::commands::{Invocation, invocations};
use crate::readers::split::{Part, assignments};

/// Whose key stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyOf {
    /// The variable that would hold it.
    Variable(String),
    /// The provider in whose pool it would be.
    Provider(String),
}

/// A key that stands in no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Whose it is.
    pub of: KeyOf,
    /// Where it stands, in bytes of the text.
    pub at: usize,
}

/// The keys in what the `parts` of `text` do not use, and in its commands.
pub fn in_post(text: &str, parts: &[Part]) -> Vec<Mention> {
    let mut found = Vec::new();
    for part in parts.iter().filter(|part| part.kind.is_none() || part.kind == Some(SourceKind::Commands)) {
        let own = in_commands(part.span.of(text)).into_iter();
        found.extend(own.map(|mention| Mention { at: part.span.start + mention.at, ..mention }));
    }
    found
}

/// The keys in commands, or in text with commands: `NAME=value` wherever it stands, `hermes config set NAME value`,
/// `hermes auth add PROVIDER --api-key …`.
///
/// ```
/// use poolcheck::hermes::mentions::{KeyOf, in_commands};
/// let found = in_commands("echo \"GLM_API_KEY=fake.one\" >> ~/.hermes/.env\n$ hermes auth add zai --api-key fake.two\n");
/// let whose: Vec<_> = found.into_iter().map(|mention| mention.of).collect();
/// assert_eq!(whose, [KeyOf::Variable("GLM_API_KEY".into()), KeyOf::Provider("zai".into())]);
/// ```
pub fn in_commands(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split(LINE_END) {
        for own in assignments(line) {
            let (name, value) = own.of(line).split_once(['=', '＝']).unwrap_or_default();
            if is_key(value) {
                found.push(Mention { of: KeyOf::Variable(name.to_owned()), at: start + own.start });
            }
        }
        start += line.len() + 1;
    }
    found.extend(invocations(text).iter().filter_map(of_call));
    found.sort_by_key(|mention| mention.at);
    found
}

/// Whether a value may be a key: not what stands for one.
fn is_key(value: &str) -> bool {
    const SHORTEST: usize = 6;
    value.len() >= SHORTEST && !value.contains(['$', '<', '…', '{', '*']) && !value.ends_with("...")
}

fn of_call(call: &Invocation) -> Option<Mention> {
    let facts = Facts::newest()?;
    let reading = arguments::taken(&facts.commands, &call.texts())?;
    let text = |name: &str| reading.value(name).map(|given| given.text.as_str());
    let (of, value) = match reading.path {
        "auth add" => (KeyOf::Provider(text("provider")?.to_owned()), text("--api-key")?),
        "config set" => match config_set(facts, text("key")?, text("value")?).ok()? {
            Written::DotEnv(name) => (KeyOf::Variable(name), text("value")?),
            Written::Config(..) => return None,
        },
        _ => return None,
    };
    is_key(value).then_some(Mention { of, at: call.span.start })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::split::split;

    #[test]
    fn what_a_file_of_the_post_has_is_no_mention() {
        let text = "model:\n  provider: gemini\n\n.env:\nGEMINI_API_KEY=AIzaFake-1\n\nShould I add GOOGLE_API_KEY=AIzaFake-2 as well?\n";
        let found = in_post(text, &split(text));
        let at = text.find("GOOGLE").unwrap();
        assert_eq!(found, [Mention { of: KeyOf::Variable("GOOGLE_API_KEY".into()), at }]);
    }

    #[test]
    fn what_stands_for_a_key_is_none() {
        for text in [
            "echo GLM_API_KEY=$KEY >> .env",
            "Put GLM_API_KEY=<your-key> into .env",
            "hermes config set GLM_API_KEY",
            "hermes config set model.default glm-4.6",
            "hermes auth add zai --type api-key",
        ] {
            assert_eq!(in_commands(text), [], "{text}");
        }
    }
}
