//! PC804: a value that is none of those that the command takes.

use super::calls::place;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::hermes::arguments::Refusal;
use crate::python::{closest, lower};
use crate::readers::commands::Word;

declare_rule! {
    /// Some options and words of a command are chosen from a list. With another one the command ends with "invalid choice" and
    /// changes nothing: `--type` of `hermes auth add` is `oauth` or `api-key`.
    ///
    /// ```commands fires
    /// hermes auth add gemini --type key
    /// ```
    /// ```commands silent
    /// hermes auth add gemini --type api-key
    /// ```
    pub static VALUE_NOT_ALLOWED = {
        code: "PC804", name: "value-not-allowed", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "`{name}` of `{typed}` is not among the values that it may have",
        why: "With a value that is not on its list the command ends with \"invalid choice\" and changes nothing.",
        todo: "Write one of {choices}.",
        fix_title: "Write `{meant}`",
    }
}

/// How close a value has to be to one that is taken.
const CUTOFF: f64 = 0.6;

const LONGEST_VALUE: usize = 40;
const MOST_SEARCHES: usize = 500;

/// What is not near in letters.
const MEANT: [(&str, &str); 6] = [
    ("key", "api-key"),
    ("apikey", "api-key"),
    ("token", "api-key"),
    ("login", "oauth"),
    ("oauth2", "oauth"),
    ("device_code", "oauth"),
];

fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut searches = MOST_SEARCHES;
    for call in &context.calls {
        let Some(reading) = call.reading.as_ref().filter(|_| !call.invocation.is_pattern) else { continue };
        let Some(Refusal::InvalidChoice(at, choices)) = &reading.refusal else { continue };
        let Some(given) = reading.values.get(*at) else { continue };
        let Some(word) = call.invocation.words.get(given.word).filter(|word| !word.is_open) else { continue };
        let listed: Vec<String> = choices.iter().map(|choice| ["`", choice, "`"].concat()).collect();
        let own = lower(&given.text);
        let mut meant = MEANT.iter().find(|(typed, _)| *typed == own).map(|(_, meant)| *meant);
        meant = meant.filter(|meant| choices.contains(meant));
        if meant.is_none() && own.len() <= LONGEST_VALUE && searches > 0 {
            searches -= 1;
            meant = closest(&own, choices, CUTOFF);
        }
        findings
            .report(&VALUE_NOT_ALLOWED, place(word.span))
            .with("name", given.name)
            .with("typed", reading.command())
            .with("choices", listed.join(", "))
            .with("meant", meant.unwrap_or(""));
        // Of an option that stands there again the next value may be refused as well.
        let names = |word: &&Word| word.text.split('=').next() == Some(given.name);
        let is_only = call.invocation.words.iter().filter(names).count() <= 1;
        if let Some(meant) =
            meant.filter(|_| is_only && word.span.of(context.text_of(place(word.span).source)) == given.text)
        {
            findings.replace(place(word.span), meant);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::VALUE_NOT_ALLOWED;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn values_that_are_not_on_the_list() {
        fires(
            &VALUE_NOT_ALLOWED,
            "\
--- commands
hermes auth add gemini --type key --label a
                              ^^^ PC804
hermes auth add gemini --type=apikey
                       ^^^^^^^^^^^^^ PC804
hermes logout --provider deepseek
                         ^^^^^^^^ PC804
--- fixed commands
hermes auth add gemini --type api-key --label a
hermes auth add gemini --type=apikey
hermes logout --provider deepseek
--- says
`--type` of `hermes auth add`
Write one of `oauth`, `api-key`, `api_key`
",
        );
    }

    /// A fix of the first one leaves the second.
    #[test]
    fn an_option_that_stands_there_twice() {
        let report = fires(
            &VALUE_NOT_ALLOWED,
            "--- commands\nhermes auth add gemini --type api-ky --type api-ky\n                              ^^^^^^ PC804\n",
        );
        assert!(report.findings.iter().all(|finding| finding.fix.is_none()));
    }

    #[test]
    fn values_that_are() {
        silent(
            &VALUE_NOT_ALLOWED,
            "--- commands\nhermes auth add gemini --type oauth\nhermes auth add gemini --type $TYPE\nhermes auth add x [--type T]\n",
        );
    }

    #[test]
    fn then_the_command_is_taken() {
        fires(
            &VALUE_NOT_ALLOWED,
            "\
--- commands
hermes auth add gemini --type key --label a
                              ^^^ PC804
hermes auth add openai-codex --type login
                                    ^^^^^ PC804
--- fixed commands
hermes auth add gemini --type api-key --label a
hermes auth add openai-codex --type oauth
--- then
nothing is found
",
        );
    }
}
