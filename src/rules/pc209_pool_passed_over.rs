//! PC209: a setting that keeps Hermes from asking the credential pool, though the pool has keys.

use super::context::config_place;
use super::trial::Change;
use super::variables::variables;
use super::{Context, Findings, declare_rule, whole_lines};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Place};
use crate::diagnostic::Safety;
use crate::hermes::{Candidate, Reason};

declare_rule! {
    /// Hermes asks the pool of OpenRouter only where no other endpoint is set: with `OPENAI_BASE_URL`, `OPENROUTER_BASE_URL` or an
    /// endpoint under `model` it passes the whole pool over, and its keys are neither used nor rotated.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: openrouter}
    /// --- .env
    /// OPENAI_BASE_URL=http://localhost:1234/v1
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"openrouter": [
    ///   {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual",
    ///    "base_url": "https://openrouter.ai/api/v1", "access_token": "sk-or-fake-key-000000"}]}}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: openrouter}
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"openrouter": [
    ///   {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual",
    ///    "base_url": "https://openrouter.ai/api/v1", "access_token": "sk-or-fake-key-000000"}]}}
    /// ```
    pub static POOL_PASSED_OVER = {
        code: "PC209", name: "pool-passed-over", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "`{setting}` keeps Hermes from asking the pool of `{provider}`",
        why: "Where this is set, Hermes takes no key from the pool. {now}",
        todo: "Take it out. An endpoint of your own belongs under `custom_providers`, and its name under `model.provider`.",
        fix_title: "Delete `{setting}`",
        label key: "this key of the pool is not used",
        part none: "It finds no key elsewhere.",
        part other: "It uses `{label}`, and no other key takes over.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(verdict) = context.verdict() else { return };
    let (Some(Reason::PoolPassedOver(setting)), Some(pool)) = (&verdict.pool_passed_over, &verdict.pool)
    else {
        return;
    };
    let unused = |loser: &&Candidate| !loser.key.is_empty() && !context.uses_key_of(loser);
    let passed_over = verdict.losers.iter().filter(|(_, reason)| matches!(reason, Reason::PoolPassedOver(_)));
    let Some(key) = passed_over.map(|(loser, _)| loser).find(unused) else { return };
    let Some((place, lines)) = written(context, setting) else { return };
    findings
        .report(&POOL_PASSED_OVER, place)
        .with("setting", setting.as_str())
        .with("provider", pool.provider.as_str())
        .with("label", context.winner().map_or("", |winner| winner.label.as_str()))
        .part("now", if context.winner().is_some() { "other" } else { "none" })
        .label("key", key.place.or(key.entry_place));
    if context.winner().is_some() {
        findings.as_warning();
    }
    let change: Option<Change> = lines.map(|lines| vec![(lines.source, Edit::delete(lines.span))]);
    let asks_pool =
        |change: &Change| context.verdict_after(change).is_some_and(|after| after.pool_passed_over.is_none());
    if let Some(change) = change.filter(asks_pool) {
        findings.change(change);
    }
}

/// Where the name of a setting is written, and its lines.
fn written(context: &Context<'_>, setting: &str) -> Option<(Place, Option<Place>)> {
    if setting == "model.base_url" {
        let model = context.config_at(&["model"])?.value.as_dict()?;
        let entry = model.entry("base_url")?;
        let lines = whole_lines(context.config_text(), entry.place?.span).map(config_place);
        return Some((entry.key.place?, lines));
    }
    let set = variables(context);
    match set.iter().find(|variable| variable.name == setting) {
        Some(variable) => {
            let text = context.text_of(variable.source());
            let lines = whole_lines(text, variable.entry_place.span);
            let lines = lines.filter(|_| variable.source() == SourceKind::Dotenv);
            Some((variable.name_place, lines.map(|span| Place::new(SourceKind::Dotenv, span))))
        }
        None => context.request.as_ref().map(|request| (request.place, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::POOL_PASSED_OVER;
    use crate::rules::testing::{fires, silent};

    const ROW: &str = r#"{"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual",
      "base_url": "https://openrouter.ai/api/v1", "access_token": "sk-or-fake-key-000000"}"#;

    fn store() -> String {
        ["--- auth.json\n{\"version\": 1, \"credential_pool\": {\"openrouter\": [", ROW, "]}}\n"].concat()
    }

    #[test]
    fn a_variable_for_another_endpoint() {
        let fixture = "\
--- config.yaml
model: {provider: openrouter, default: a/b}
--- .env
TERMINAL_ENV=local
OPENAI_BASE_URL=http://localhost:1234/v1
^^^^^^^^^^^^^^^ PC209
--- fixed .env
TERMINAL_ENV=local
--- says
It finds no key elsewhere.
--- then
Hermes uses one (manual) for openrouter
nothing is found
";
        fires(&POOL_PASSED_OVER, &[&store(), fixture].concat());
    }

    #[test]
    fn the_key_that_is_used_is_not_one_of_the_pool() {
        let fixture = "\
--- config.yaml
model: {provider: openrouter, default: a/b}
--- .env
OPENROUTER_API_KEY=sk-or-fake-other-0000
--- environment
OPENROUTER_BASE_URL=https://openrouter.ai/api/v1
^^^^^^^^^^^^^^^^^^^ PC209
--- says
no other key takes over
";
        fires(&POOL_PASSED_OVER, &[&store(), fixture].concat());
    }

    #[test]
    fn the_pool_has_no_other_key() {
        silent(
            &POOL_PASSED_OVER,
            "--- config.yaml\nmodel: {provider: openrouter}\n--- .env\nOPENROUTER_API_KEY=sk-or-fake-key-000000\nOPENROUTER_BASE_URL=https://openrouter.ai/api/v1\n",
        );
    }
}
