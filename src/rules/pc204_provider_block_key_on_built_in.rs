//! PC204: a key in a `providers:` block of a built-in provider, which Hermes never reads.

use super::{Context, Findings, declare_rule};

declare_rule! {
    /// The `providers:` mapping is for endpoints of your own. A block with the name of a built-in provider may
    /// disable it (from 0.19.0 on), but its `api_key` and `key_env` are never read: the key of a built-in provider comes
    /// from the credential pool or from the provider's own variable.
    ///
    /// ```yaml fires
    /// model: {provider: deepseek}
    /// providers:
    ///   deepseek:
    ///     api_key: sk-fake-key-000000
    /// ```
    /// ```yaml silent
    /// model: {provider: acme}
    /// providers:
    ///   acme:
    ///     base_url: https://acme.example/v1
    ///     api_key: sk-fake-key-000000
    /// ```
    pub static PROVIDER_BLOCK_KEY_ON_BUILT_IN = {
        code: "PC204", name: "provider-block-key-on-built-in", severity: Warning, since: "0.1.0",
        fix: None,
        what: "`{path}` is never used",
        why: "`{provider}` is a built-in provider: Hermes takes its key from the credential pool or from {variable}, not from `providers:`.",
        todo: "Add the key to the pool; Hermes asks for it. Or put it into `.env` as {variable}.",
        command: "hermes auth add {provider} --type api-key",
        label winner: "this key is used instead",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(provider) = context.provider() else { return };
    let Some(variable) = context.key_variable(provider) else { return };
    for (loser, path) in &context.unread_keys() {
        let Some(place) = loser.place else { continue };
        if path.starts_with("providers.") && !context.uses_key_of(loser) {
            findings
                .report(&PROVIDER_BLOCK_KEY_ON_BUILT_IN, place)
                .with("path", *path)
                .with("provider", provider)
                .with("variable", variable)
                .label("winner", context.winner_place());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PROVIDER_BLOCK_KEY_ON_BUILT_IN;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_block_of_a_built_in_provider_is_not_read() {
        fires(
            &PROVIDER_BLOCK_KEY_ON_BUILT_IN,
            "\
--- config.yaml
model: {provider: deepseek}
providers:
  deepseek:
    api_key: sk-fake-key-000000
             ^^^^^^^^^^^^^^^^^^ PC204
--- says
hermes auth add deepseek --type api-key
",
        );
    }

    #[test]
    fn custom_providers_and_disabling_are_fine() {
        silent(
            &PROVIDER_BLOCK_KEY_ON_BUILT_IN,
            "\
--- config.yaml
model: {provider: acme}
providers:
  acme: {base_url: 'https://acme.example/v1', api_key: sk-fake-key-000000}
  deepseek: {enabled: false}
",
        );
    }
}
