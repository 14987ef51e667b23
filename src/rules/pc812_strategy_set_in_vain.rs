//! PC812: a pool strategy that `hermes config set` writes where or as nobody reads it.

use super::calls::{first_taken, place, strategy_of};
use super::{Context, Findings, declare_rule};
use crate::hermes::commands::{Written, config_set};
use crate::python::{lower, strip};

declare_rule! {
    /// The strategy of a pool stands in config.yaml under `credential_pool_strategies` and the id of its provider. `hermes config set` writes any
    /// key and any word: a strategy for all pools, under another name of the provider, or of a name that Hermes does not
    /// have, leaves `fill_first` in force.
    ///
    /// ```commands fires
    /// hermes config set credential_pool_strategies.google round-robin
    /// ```
    /// ```commands silent
    /// hermes config set credential_pool_strategies.gemini round_robin
    /// ```
    pub static STRATEGY_SET_IN_VAIN = {
        code: "PC812", name: "strategy-set-in-vain", severity: Error, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{why}",
        todo: "Set one of `fill_first`, `round_robin`, `random`, `least_used` under the provider's id.",
        command: "{commands}",
        part root: "`{key}` sets no pool's strategy",
        part name: "No pool is called `{name}`",
        part word: "Hermes has no pool strategy `{strategy}`",
        part per_pool: "Strategies stand under `credential_pool_strategies`, one for each provider; Hermes reads no other key for them.",
        part alias: "`{name}` is only another name of `{id}`: Hermes looks for the strategy under `{id}`.",
        part unknown: "Instead of a strategy that it does not know, Hermes uses `fill_first` and says nothing.",
    }
}

/// Keys that people set for strategies.
const OTHERS: [&str; 8] = [
    "credential_pool_strategies",
    "credential_pool_strategy",
    "credential_pool.strategy",
    "pool_strategy",
    "pool.strategy",
    "model.pool_strategy",
    "model.credential_pool_strategy",
    "rotation_strategy",
];

fn check(context: &Context<'_>, findings: &mut Findings) {
    let names = &context.pool_names;
    let known = &context.facts.pool.strategies;
    for call in context.calls.iter().filter(|call| call.is_whole()) {
        let Some((key, value, at, word)) = call.setting() else { continue };
        let Ok(Written::Config(path, _)) = config_set(context.facts, key, value) else { continue };
        let strategy = lower(strip(value));
        // Lists and mappings are PC807's.
        if strategy.starts_with(['[', '{']) {
            continue;
        }
        let taken = known.iter().find(|own| **own == strategy);
        let meant = taken.unwrap_or_else(|| strategy_of(&strategy));
        let name = path.get(1).map_or("", String::as_str);
        let is_for_one =
            path.len() == 2 && path.first().is_some_and(|root| root == "credential_pool_strategies");
        let id = names.canonical(name).filter(|id| *id != name && !names.has_endpoint(name));
        let (what, why, place_of) = match (is_for_one, id, taken) {
            (false, ..) if OTHERS.contains(&key) => ("root", "per_pool", at),
            (true, Some(_), _) => ("name", "alias", at),
            (true, None, None) => ("word", "unknown", word),
            _ => continue,
        };
        let provider = match what {
            "root" => call.meant_provider(names),
            _ => id.unwrap_or(name).to_owned(),
        };
        let command = ["hermes config set credential_pool_strategies.PROVIDER ", meant].concat();
        findings
            .report(&STRATEGY_SET_IN_VAIN, place(place_of.span))
            .with("key", key)
            .with("name", name)
            .with("id", id.unwrap_or(""))
            .with("strategy", strategy.as_str())
            .part("what", what)
            .part("why", why)
            .command("commands", first_taken(context.facts, &command, &provider).as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::STRATEGY_SET_IN_VAIN;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn strategies_that_change_nothing() {
        fires(
            &STRATEGY_SET_IN_VAIN,
            "\
--- commands
hermes config set credential_pool_strategies round_robin
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^ PC812
hermes config set credential_pool_strategies.google random
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC812
hermes config set credential_pool_strategies.deepseek failover
                                                      ^^^^^^^^ PC812
--- says
sets no pool's strategy
hermes config set credential_pool_strategies.PROVIDER round_robin
No pool is called `google`
hermes config set credential_pool_strategies.gemini random
Hermes has no pool strategy `failover`
hermes config set credential_pool_strategies.deepseek fill_first
",
        );
    }

    #[test]
    fn strategies_that_are_read() {
        silent(
            &STRATEGY_SET_IN_VAIN,
            "--- commands\nhermes config set credential_pool_strategies.gemini round_robin\nhermes config set credential_pool_strategies.custom:lab random\nhermes config set credential_pool_strategies.gemini \"$S\"\nhermes config set my_strategy x\n",
        );
    }
}
