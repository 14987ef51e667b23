//! How a value refers to a variable: in the forms that Hermes knows, and in those of other programs.

use crate::base::text::Search;

/// Whether `text` can be the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// What stands in a value for that of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference<'t> {
    /// The name of the variable. A command has none.
    pub(super) name: &'t str,
    before: &'static str,
    behind: &'static str,
}

impl Reference<'_> {
    /// Whether it is the output of a command.
    pub(super) fn is_command(&self) -> bool {
        self.name.is_empty()
    }

    /// Whether Hermes puts the variable in, at least in some of the places where it reads a value.
    pub(super) fn is_braced(&self) -> bool {
        self.before == "${"
    }

    /// Whether it is in double braces, in which templates have places for keys too.
    pub(super) fn is_template(&self) -> bool {
        self.before.starts_with("{{")
    }

    /// The reference as it is written, without a default value.
    pub(super) fn written(&self) -> String {
        [self.before, self.name, self.behind].concat()
    }
}

/// What other programs and shells write around the name of a variable for its value. `$NAME` is a shell's, `%NAME%` that of `cmd`,
/// `$env:NAME` PowerShell's, `env:NAME` and `env(NAME)` are those of agents and proxies, `os.environ/NAME` is LiteLLM's, `{env:NAME}`
/// opencode's; templates have double braces.
const ELSEWHERE: &[(&str, &str)] = &[
    ("$", ""),
    ("$env:", ""),
    ("%", "%"),
    ("env:", ""),
    ("env://", ""),
    ("env.", ""),
    ("env(", ")"),
    ("ENV:", ""),
    ("{env:", "}"),
    ("os.environ/", ""),
    ("process.env.", ""),
    ("{{", "}}"),
    ("{{ ", " }}"),
    ("{{ env.", " }}"),
    ("{{ .Env.", " }}"),
];

/// The variable whose value a text is meant for as a whole, in a form that Hermes does not know.
pub(super) fn of_other_programs(value: &str) -> Option<Reference<'_>> {
    let inside = |&(before, behind): &(&'static str, &'static str)| {
        let name = value.strip_prefix(before)?.strip_suffix(behind)?;
        // Behind a sign alone a word of any case is meant as a variable, elsewhere one in capitals.
        let is_capital = before == "$" || !name.bytes().any(|byte| byte.is_ascii_lowercase());
        (is_word(name) && is_capital).then_some(Reference { name, before, behind })
    };
    ELSEWHERE.iter().find_map(inside)
}

/// The other variable that a value consists of or holds: `${NAME}` anywhere, other forms alone.
pub(super) fn reference(value: &str) -> Option<Reference<'_>> {
    if value.starts_with("$(") || (value.len() > 1 && value.starts_with('`') && value.ends_with('`')) {
        return Some(Reference { name: "", before: "", behind: "" });
    }
    if let Some((_, behind)) = value.cut_at("${") {
        let (inside, _) = behind.split_once('}')?;
        let name = inside.split(':').next().unwrap_or(inside);
        return is_name(name).then_some(Reference { name, before: "${", behind: "}" });
    }
    // In `.env` double braces are a place for a key.
    of_other_programs(value).filter(|found| is_name(found.name) && !found.is_template())
}

/// Whether `text` is a word as names of variables are. Hermes takes one that begins with a digit as well.
pub(super) fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::{of_other_programs, reference};

    fn name(value: &str) -> Option<&str> {
        reference(value).map(|found| found.name)
    }

    #[test]
    fn references() {
        assert_eq!(name("${MY_KEY}"), Some("MY_KEY"));
        assert_eq!(name("x${MY_KEY:-d}"), Some("MY_KEY"));
        assert_eq!(name("$MY_KEY"), Some("MY_KEY"));
        assert_eq!(name("$(cat key)"), Some(""));
        assert_eq!(name("a$b"), None);
        assert_eq!(name("${}"), None);
    }

    #[test]
    fn forms_of_other_programs() {
        let all = [
            "%MY_KEY%",
            "$env:MY_KEY",
            "env:MY_KEY",
            "env(MY_KEY)",
            "{env:MY_KEY}",
            "os.environ/MY_KEY",
            "{{ MY_KEY }}",
            "{{MY_KEY}}",
        ];
        for value in all {
            let found = of_other_programs(value).unwrap();
            assert_eq!((found.name, found.written()), ("MY_KEY", value.to_owned()), "{value}");
        }
        for value in ["env:local", "100%", "%%", "{{ your key }}", "env:", "$5", "sk-$X", "${MY_KEY}"] {
            assert_eq!(of_other_programs(value), None, "{value}");
        }
    }
}
