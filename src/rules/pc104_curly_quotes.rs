//! PC104: quotes in config.yaml that are no quotes for YAML.

use super::paste::paste_finding;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::readers::paste::Kind;

declare_rule! {
    /// A key or a value stands between curly quotes, as word processors, chats and input methods make them. YAML knows
    /// only `"` and `'`: the curly ones stay part of the value, and `“gemini”` is no provider.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: “gemini”
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: "gemini"
    /// personalities:
    ///   motto: “Less is more”, he said
    /// ```
    pub static CURLY_QUOTES = {
        code: "PC104", name: "curly-quotes", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{sign}` is no quote for YAML (places: {count})",
        why: "YAML's quotes are `\"` and `'`; others are letters and stay part of the key or value. {effect}",
        todo: "Write straight quotes, or none.",
        fix_title: "Write straight quotes",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    paste_finding(context, findings, &CURLY_QUOTES, Kind::Quotes);
}

#[cfg(test)]
mod tests {
    use super::CURLY_QUOTES;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn quotes_that_stay_in_keys_and_values() {
        fires(
            &CURLY_QUOTES,
            "\
--- config.yaml
“model”:
^ PC104
  provider: “gemini”   # “main”
  default: ‘m’
toolsets: [“web”, ＂terminal＂]
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
\"model\":
  provider: \"gemini\"   # “main”
  default: 'm'
toolsets: [\"web\", \"terminal\"]
--- says
places: 10
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
model: m
nothing is found
",
        );
    }

    #[test]
    fn a_straight_quote_that_a_curly_one_should_close() {
        fires(
            &CURLY_QUOTES,
            "\
--- config.yaml
model:
  provider: \"gemini”
                   ^ PC104
  default: m
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  provider: \"gemini\"
  default: m
--- says
does not parse
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
model: m
",
        );
    }

    #[test]
    fn prose_is_the_users() {
        silent(
            &CURLY_QUOTES,
            "\
--- config.yaml
personalities:
  a: “Be kind” is all
  b: “Be kind, be brief”
  c: it’s fine
  d: '“quoted”'
display: {status_phrases: {a: \"“Working”\"}}
",
        );
    }
}
