//! PC506: a pool strategy that Hermes does not have.

use super::lines::name_at;
use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::diagnostic::Safety;
use crate::facts::strategies::FILL_FIRST;
use crate::python::{Node, lower, strip, to_str};

declare_rule! {
    /// Hermes has the strategies `fill_first`, `round_robin`, `random` and `least_used`, spelt exactly so
    /// (upper case is taken too). Any other value, `round-robin` for one, is `fill_first` without a word.
    ///
    /// ```yaml fires
    /// credential_pool_strategies:
    ///   gemini: round-robin
    /// ```
    /// ```yaml silent
    /// credential_pool_strategies:
    ///   gemini: round_robin
    /// ```
    pub static UNKNOWN_STRATEGY = {
        code: "PC506", name: "unknown-strategy", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "Hermes has no pool strategy `{strategy}`",
        why: "Instead of a strategy that it does not know, Hermes uses `fill_first` and says nothing.",
        todo: "Write one of `fill_first`, `round_robin`, `random`, `least_used`.",
        fix_title: "Write `{meant}`",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let known = &context.facts.pool.strategies;
    let strategies = context.loaded_at(&["credential_pool_strategies"]);
    for entry in strategies.map(Node::entries).unwrap_or_default() {
        let Some(place) = entry.value.place else { continue };
        let Some(said) = to_str(&entry.value.value).filter(|_| entry.value.value.is_true()) else { continue };
        let name = lower(strip(&said));
        if known.contains(&name) || name.is_empty() || name.has('$') {
            continue;
        }
        let letters = |text: &str| text.replace(['_', '-', ' '], "");
        let own = letters(&name);
        let meant = known.iter().find(|known| letters(known) == own);
        findings
            .report(&UNKNOWN_STRATEGY, place)
            .with("strategy", name.as_str())
            .with("meant", meant.unwrap_or_default());
        // What Hermes takes in its place is what was meant.
        if meant.is_some_and(|meant| meant == FILL_FIRST) {
            findings.as_warning();
        }
        if let Some(meant) = meant.filter(|_| name_at(context.text_of(place.source), place) == name) {
            findings.replace(place, meant);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::UNKNOWN_STRATEGY;
    use crate::report::SeverityName;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn another_spelling_is_mended() {
        fires(
            &UNKNOWN_STRATEGY,
            "\
--- config.yaml
credential_pool_strategies:
  gemini: 'Round-Robin'
          ^^^^^^^^^^^^^ PC506
  deepseek: leastused
            ^^^^^^^^^ PC506
--- fixed config.yaml
credential_pool_strategies:
  gemini: round_robin
  deepseek: least_used
--- says
Hermes has no pool strategy `round-robin`
",
        );
    }

    #[test]
    fn a_spelling_of_what_is_used_all_the_same() {
        let report = fires(
            &UNKNOWN_STRATEGY,
            "\
--- config.yaml
credential_pool_strategies:
  gemini: fill-first
          ^^^^^^^^^^ PC506
--- fixed config.yaml
credential_pool_strategies:
  gemini: fill_first
",
        );
        assert!(report.findings.iter().all(|finding| finding.severity == SeverityName::Warning));
    }

    #[test]
    fn another_thing_is_left_to_the_user() {
        fires(
            &UNKNOWN_STRATEGY,
            "\
--- config.yaml
credential_pool_strategies:
  gemini: failover
          ^^^^^^^^ PC506
  openai-codex: quota_aware
                ^^^^^^^^^^^ PC506
  deepseek: {strategy: random}
            ^^^^^^^^^^^^^^^^^^ PC506
  xai: true
       ^^^^ PC506
",
        );
    }

    #[test]
    fn strategies_that_there_are() {
        silent(
            &UNKNOWN_STRATEGY,
            "\
--- config.yaml
credential_pool_strategies:
  gemini: ROUND_ROBIN
  deepseek: ' random '
  xai: fill_first
  zai: least_used
  minimax:
  nvidia: ''
",
        );
    }

    /// `least_used` counts requests in memory; with `fill_first` the next key of the list takes over.
    #[test]
    fn then_the_pool_has_the_strategy() {
        fires(
            &UNKNOWN_STRATEGY,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
credential_pool_strategies:
  gemini: least-used
          ^^^^^^^^^^ PC506
--- .env
GOOGLE_API_KEY=AIza-fake-one-000000
GEMINI_API_KEY=AIza-fake-two-000000
--- fixed config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
credential_pool_strategies:
  gemini: least_used
--- then
rotation: one of the other keys takes over
nothing is found
",
        );
    }
}
