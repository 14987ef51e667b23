//! PC807: a list or mapping that `hermes config set` writes as a text.

use super::calls::{first_taken, place};
use super::{Context, Findings, declare_rule};
use crate::hermes::commands::{Written, config_set};
use crate::hermes::config::value_at;
use crate::python::Value;

declare_rule! {
    /// `hermes config set` makes numbers and yes or no of a value, and a text of everything else: a list in brackets arrives in
    /// config.yaml as a text in quotes. Hermes reads no fallback chain and no providers from a text, and says nothing.
    ///
    /// ```commands fires
    /// hermes config set fallback_providers '[{"provider": "deepseek", "model": "deepseek-chat"}]'
    /// ```
    /// ```commands silent
    /// hermes fallback add
    /// hermes config set model.default '[beta] my model'
    /// ```
    pub static LIST_SET_AS_TEXT = {
        code: "PC807", name: "list-set-as-text", severity: Error, since: "0.1.0",
        fix: None,
        what: "`hermes config set` writes this value of `{key}` as a text, not as {kind}",
        why: "It makes numbers and yes or no of a value and keeps everything else as a text. Hermes does not read a text here.",
        todo: "{way}",
        command: "{commands}",
        part list: "a list",
        part mapping: "a mapping",
        part fallback: "Let Hermes write the chain: it asks for each entry. If the text is in config.yaml already, delete it there.",
        part edit: "Write it into config.yaml itself.",
    }
}

/// Keys below which no text is read, whatever the defaults have.
const STRUCTURED: [&str; 6] = [
    "fallback_providers",
    "fallback_model",
    "custom_providers",
    "providers",
    "credential_pool_strategies",
    "model",
];

fn check(context: &Context<'_>, findings: &mut Findings) {
    for call in context.calls.iter().filter(|call| call.is_whole()) {
        let Some((key, value, _, word)) = call.setting() else { continue };
        let text = value.trim();
        let is_list = text.starts_with('[') && text.ends_with(']');
        let is_mapping = text.starts_with('{') && text.ends_with('}');
        let default = value_at(&context.facts.defaults, key).map(|node| &node.value);
        let is_structured =
            STRUCTURED.contains(&key) || matches!(default, Some(Value::List(_) | Value::Dict(_)));
        let written = config_set(context.facts, key, value);
        if !(is_list || is_mapping)
            || !is_structured
            || !matches!(written, Ok(Written::Config(_, Value::Str(_))))
        {
            continue;
        }
        let is_fallback = key.starts_with("fallback");
        let wanted = if is_fallback { "hermes fallback add" } else { "hermes config edit" };
        findings
            .report(&LIST_SET_AS_TEXT, place(word.span))
            .with("key", key)
            .part("kind", if is_list { "list" } else { "mapping" })
            .part("way", if is_fallback { "fallback" } else { "edit" })
            .command("commands", first_taken(context.facts, wanted, "").as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::LIST_SET_AS_TEXT;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn lists_and_mappings() {
        fires(
            &LIST_SET_AS_TEXT,
            r#"
--- commands
hermes config set fallback_providers '[{"provider": "deepseek", "model": "m"}]'
                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC807
hermes config set credential_pool_strategies {"gemini":"round_robin"}
                                             ^^^^^^^^^^^^^^^^^^^^^^^^ PC807
--- says
as a text, not as a list
hermes fallback add
as a text, not as a mapping
hermes config edit
"#,
        );
    }

    #[test]
    fn texts_and_numbers() {
        silent(
            &LIST_SET_AS_TEXT,
            "--- commands\nhermes config set model.default '[x]'\nhermes config set agent.api_max_retries 5\nhermes config set my_own '[1]'\nhermes config set fallback_providers \"$CHAIN\"\n",
        );
    }
}
