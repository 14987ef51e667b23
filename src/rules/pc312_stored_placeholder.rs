//! PC312: what is stored as a key is none: a masked key, a placeholder, the name of a variable.

use super::pools::{NoKey, no_key};
use super::{Context, Findings, declare_rule};

declare_rule! {
    /// A pool takes any text for a key that is not empty. A key copied from a listing with its middle taken out, a
    /// placeholder of an instruction, or the name of a variable is selected and sent like a key, and refused. Where
    /// it has the first place in the pool, it keeps good keys from being used.
    ///
    /// ```json fires
    /// {"version": 1, "providers": {}, "credential_pool": {"xai": [
    ///   {"label": "first", "source": "manual", "access_token": "xai-...edd4", "base_url": "https://api.x.ai/v1"}]}}
    /// ```
    /// ```json silent
    /// {"version": 1, "providers": {}, "credential_pool": {"xai": [
    ///   {"label": "first", "source": "manual", "access_token": "xai-fake-first-0000", "base_url": "https://api.x.ai/v1"}]}}
    /// ```
    pub static STORED_PLACEHOLDER = {
        code: "PC312", name: "stored-placeholder", severity: Error, since: "0.1.0",
        fix: None,
        what: "Row {row} of the pool `{pool}` has {kind} for a key",
        why: "{fate}",
        todo: "{way}",
        command: "hermes auth add {provider} --type api-key",
        part sent: "Pools take any text that is not empty: Hermes selects this row and sends the text as it stands.",
        part passed: "Hermes passes over a row whose key it takes for a placeholder, and sends any other text as it stands.",
        part remove: "Remove the row from the pool, and add the whole key.",
        part check: "If this is what your auth.json holds and not only what you posted, remove the row from the pool, and add the whole key.",
        part masked: "a masked key, with its middle taken out,",
        part placeholder: "a placeholder",
        part variable: "the name of a variable",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let names = &context.pool_names;
    for row in &context.stored_rows() {
        let kind = match no_key(context.facts, row.text("access_token")) {
            Some(NoKey::Masked) => "masked",
            Some(NoKey::Placeholder) => "placeholder",
            Some(NoKey::Variable) => "variable",
            None => continue,
        };
        if let (Some(place), true) = (row.field_place("access_token"), row.is_manual() && row.is_key()) {
            findings
                .report_row(&STORED_PLACEHOLDER, row, place)
                .part("kind", kind)
                .part(
                    "fate",
                    if context.facts.behaviour.pool_keys_must_be_usable { "passed" } else { "sent" },
                )
                .part("way", if kind == "masked" { "check" } else { "remove" })
                .command("provider", names.provider(row.pool).as_deref());
            // Whoever posts the file takes the keys out, and should.
            if kind == "masked" {
                findings.as_note();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::STORED_PLACEHOLDER;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn masked_keys_placeholders_and_names() {
        fires(
            &STORED_PLACEHOLDER,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"base_url": "https://api.deepseek.com/v1", "access_token": "sk-c25...edd4"},
                                                              ^^^^^^^^^^^^^^^ PC312
  {"base_url": "https://api.deepseek.com/v1", "access_token": "***"},
                                                              ^^^^^ PC312
  {"base_url": "https://api.deepseek.com/v1", "access_token": "Your_API_Key_Here"},
                                                              ^^^^^^^^^^^^^^^^^^^ PC312
  {"base_url": "https://api.deepseek.com/v1", "access_token": "sk-xxxxxxxx"},
                                                              ^^^^^^^^^^^^^ PC312
  {"base_url": "https://api.deepseek.com/v1", "access_token": "DEEPSEEK_API_KEY"},
                                                              ^^^^^^^^^^^^^^^^^^ PC312
  {"base_url": "https://api.deepseek.com/v1", "access_token": "${DS}"}
                                                              ^^^^^^^ PC312
]}}
--- says
has a masked key
has a placeholder
has the name of a variable
hermes auth add deepseek --type api-key
"#,
        );
    }

    #[test]
    fn keys_and_rows_that_borrow_theirs_are_fine() {
        silent(
            &STORED_PLACEHOLDER,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"deepseek": [
  {"source": "manual", "access_token": "sk-fake-first-0000", "base_url": "https://api.deepseek.com/v1"},
  {"source": "env:DEEPSEEK_API_KEY", "label": "DEEPSEEK_API_KEY"}],
  "lmstudio": [{"source": "manual", "access_token": "lm-studio"}]}}
"#,
        );
    }
}
