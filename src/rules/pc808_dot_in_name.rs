//! PC808: a name with a dot in the key of `hermes config set`.

use super::calls::place;
use super::{Context, Findings, declare_rule};
use crate::hermes::commands::{Written, config_set};

declare_rule! {
    /// Every dot in the key of `hermes config set` is a step into a mapping below. A provider whose name has a dot in it cannot be reached:
    /// `providers.my.lab.base_url` makes a provider `my` with a mapping `lab`.
    ///
    /// ```commands fires
    /// hermes config set providers.my.lab.base_url http://localhost:8080/v1
    /// ```
    /// ```commands silent
    /// hermes config set providers.lab.base_url http://localhost:8080/v1
    /// ```
    pub static DOT_IN_NAME = {
        code: "PC808", name: "dot-in-name", severity: Error, since: "0.1.0",
        fix: None,
        what: "`hermes config set` takes the name `{name}` apart at its dots",
        why: "Every dot in the key is a step into a mapping below: this writes under `{first}`, which is another provider.",
        todo: "Write the setting into config.yaml itself, the name in quotes.",
        command: "hermes config edit",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let fields = &context.facts.config_keys.custom_provider_keys;
    for call in context.calls.iter().filter(|call| call.is_whole()) {
        let Some((key, value, word, _)) = call.setting() else { continue };
        let Ok(Written::Config(path, _)) = config_set(context.facts, key, value) else { continue };
        let name = match path.as_slice() {
            [root, name @ .., last] if root == "providers" && fields.contains(last) => name,
            [root, name @ ..] if root == "credential_pool_strategies" => name,
            _ => continue,
        };
        // What is a field of the provider is no part of its name.
        if name.len() < 2 || name.iter().skip(1).any(|part| fields.contains(part)) {
            continue;
        }
        findings
            .report(&DOT_IN_NAME, place(word.span))
            .with("name", name.join("."))
            .with("first", name.first().map_or("", String::as_str));
    }
}

#[cfg(test)]
mod tests {
    use super::DOT_IN_NAME;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn names_with_dots() {
        fires(
            &DOT_IN_NAME,
            "\
--- commands
hermes config set providers.my.lab.base_url http://localhost:8080/v1
                  ^^^^^^^^^^^^^^^^^^^^^^^^^ PC808
hermes config set credential_pool_strategies.custom:my.lab random
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC808
--- says
takes the name `my.lab` apart
which is another provider
",
        );
    }

    #[test]
    fn names_without() {
        silent(
            &DOT_IN_NAME,
            "--- commands\nhermes config set providers.lab.base_url http://h/v1\nhermes config set providers.lab.models.gpt-5.2.context_length 5\nhermes config set credential_pool_strategies.gemini random\nhermes config set custom_providers.0.base_url http://h/v1\n",
        );
    }
}
