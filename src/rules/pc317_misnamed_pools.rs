//! PC317: the pools of auth.json under another name than the one that Hermes reads.

use super::trial::replaced;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::hermes::verdict::Verdict;
use crate::python::{closest, lower};

declare_rule! {
    /// Hermes keeps the pools of auth.json under `credential_pool`. What stands under another name, such as `credential_pools`, is
    /// read by nobody: its keys are not used, and `hermes auth list` does not show them.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- auth.json
    /// {"version": 1, "credential_pools": {"gemini": [
    ///   {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "AIza-fake-key-000000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"gemini": [
    ///   {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "AIza-fake-key-000000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// ```
    pub static MISNAMED_POOLS = {
        code: "PC317", name: "misnamed-pools", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "Hermes does not read `{key}` of auth.json",
        why: "It reads the pools under `credential_pool` only. What stands under another name is not used and not listed.",
        todo: "{way}",
        fix_title: "Write `credential_pool`",
        part rename: "Write `credential_pool` in place of `{key}`, while no Hermes runs: one that runs writes the file again.",
        part both: "Move the pools into `credential_pool`, or add their keys by `hermes auth add`.",
    }
}

const READ: &str = "credential_pool";

/// Other names that people give to the pools.
const NAMES: [&str; 6] = [READ, "pool", "pools", "credentials", "keys", "api_keys"];

/// How close a name has to be to one of these.
const CUTOFF: f64 = 0.85;

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(root) = context.auth_root() else { return };
    for entry in root.entries() {
        let (Some(key), Some(place)) = (entry.key.value.as_str(), entry.key.place) else { continue };
        let plain = lower(key).replace('-', "_");
        let holds_pools = entry.value.entries().iter().any(|pool| !pool.value.items().is_empty());
        if key == READ
            || !holds_pools
            || closest(&plain, &NAMES, CUTOFF).is_none() && plain.replace('_', "") != "credentialpool"
        {
            continue;
        }
        let is_free = root.get(READ).is_none();
        findings
            .report(&MISNAMED_POOLS, place)
            .with("key", key)
            .part("way", if is_free { "rename" } else { "both" });
        let change = vec![replaced(place, "\"credential_pool\"")];
        let has_key = |verdict: &Verdict| verdict.winner.is_some();
        let is_pooled =
            || context.verdict_after(&change).is_some_and(|after| has_key(&after) || after.pool.is_some());
        if is_free && is_pooled() {
            findings.change(change);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MISNAMED_POOLS;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_plural() {
        fires(
            &MISNAMED_POOLS,
            r#"
--- config.yaml
model: {provider: gemini, default: g}
--- auth.json
{"version": 1, "credential_pools": {"gemini": [
               ^^^^^^^^^^^^^^^^^^ PC317
  {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://generativelanguage.googleapis.com/v1beta", "access_token": "AIza-fake-key-000000"}]}}
--- fixed auth.json
{"version": 1, "credential_pool": {"gemini": [
  {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://generativelanguage.googleapis.com/v1beta", "access_token": "AIza-fake-key-000000"}]}}
--- says
It reads the pools under `credential_pool` only
--- then
Hermes uses one (manual) for gemini
nothing is found
"#,
        );
    }

    #[test]
    fn pools_of_both_names_are_put_together_by_hand() {
        fires(
            &MISNAMED_POOLS,
            r#"
--- auth.json
{"version": 1, "credential_pool": {}, "credentialPool": {"gemini": [{"access_token": "AIza-fake-key-000000"}]}}
                                      ^^^^^^^^^^^^^^^^ PC317
--- says
Move the pools into `credential_pool`
"#,
        );
    }

    #[test]
    fn other_parts_of_the_file_are_fine() {
        silent(
            &MISNAMED_POOLS,
            r#"
--- auth.json
{"version": 1, "providers": {"nous": {"tokens": ["a"]}}, "suppressed_sources": {"gemini": ["env:GOOGLE_API_KEY"]},
 "credential_pool": {"gemini": []}, "active_provider": "nous", "pools": 3}
"#,
        );
    }
}
