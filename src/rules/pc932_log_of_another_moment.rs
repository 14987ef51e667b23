//! PC932: a log that speaks of another state of the pool than the pasted files.

use super::pc523_no_credential::is_listed;
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextMap;
use crate::facts::strategies::FILL_FIRST;
use crate::hermes::pool::PooledCredential;
use crate::hermes::{CredentialStatus, Origin};
use crate::readers::log::{Event, Kind};

declare_rule! {
    /// The log says that a key of the pool was marked, or which key took over, and by the pasted files it is otherwise. Hermes writes a
    /// mark into auth.json when it logs it: the files are older than the log, or what it tells is over, because the cooldown has
    /// ended, the pool was reset or the key was replaced.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "AIza-fake-1-000000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"},
    ///   {"id": "a2", "label": "two", "auth_type": "api_key", "priority": 1, "source": "manual", "access_token": "AIza-fake-2-000000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// --- log
    /// credential pool: marking one exhausted (status=429), rotating
    /// credential pool: rotated to two
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "AIza-fake-1-000000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta", "last_status": "exhausted", "last_status_at": 1779999900.0,
    ///    "last_error_code": 429},
    ///   {"id": "a2", "label": "two", "auth_type": "api_key", "priority": 1, "source": "manual", "access_token": "AIza-fake-2-000000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// --- log
    /// credential pool: marking one exhausted (status=429), rotating
    /// credential pool: rotated to two
    /// ```
    pub static LOG_OF_ANOTHER_MOMENT = {
        code: "PC932", name: "log-of-another-moment", severity: Info, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{reason}",
        todo: "Look at the pool as it is now: the arrow marks what Hermes uses next.",
        command: "hermes auth list {provider}",
        label ours: "this entry is used by the files",
        part older: "Hermes writes a mark into auth.json when it logs it. The files are older than the log, or what it tells is over: the cooldown has ended, the pool was reset, or the key was replaced.",
        part not_pasted: "Hermes writes a mark into auth.json when it logs it, and auth.json was not pasted: the state of this key here does not count the mark.",
        part marked: "The log has `{label}` marked as exhausted, and by the pasted files Hermes uses it",
        part dead: "The log has `{label}` marked as failed for good, and by the pasted files it can be used",
        part other: "In the log `{label}` took over, and by the pasted files Hermes uses `{ours}`",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(pool) = context.verdict().and_then(|verdict| verdict.pool.as_ref()) else { return };
    let is_given = context.world.given.auth_store.is_given() || is_listed(context);
    let reason = if is_given { "older" } else { "not_pasted" };
    let winner = context.winner().filter(
        |winner| matches!(&winner.origin, Origin::Pool { provider, .. } if *provider == pool.provider),
    );
    let mut marks: TextMap<&Event> = TextMap::new();
    let mut current: Option<&Event> = None;
    for told in &context.story.told {
        let event = &told.event;
        let label = event.text("label");
        match event.kind {
            Kind::Marked | Kind::Dead if !label.is_empty() => {
                marks.insert(label, event);
            }
            Kind::Rotated => {
                // One that took over was good again.
                marks.remove(label);
                current = (!label.is_empty()).then_some(event);
            }
            _ => {}
        }
    }
    let is_good =
        |entry: &&PooledCredential| entry.status(context.world.now, pool.is_sole()) == CredentialStatus::Ok;
    for entry in pool.entries.iter().filter(is_good) {
        let label = entry.field("label").as_str().unwrap_or_default();
        let Some(mark) = marks.get(label) else { continue };
        let is_used = winner.is_some_and(|winner| winner.label == label);
        let what = match mark.kind {
            Kind::Dead => "dead",
            _ if is_used => "marked",
            _ => continue,
        };
        findings
            .report(&LOG_OF_ANOTHER_MOMENT, mark.place_of("label"))
            .with("label", label)
            .with("provider", pool.provider.as_str())
            .part("what", what)
            .part("reason", reason)
            .label("ours", entry.place.filter(|_| is_used));
    }
    let has = |label: &str| pool.entries.iter().any(|entry| entry.field("label").as_str() == Some(label));
    let (Some(winner), Some(last)) = (winner, current) else { return };
    let label = last.text("label");
    // By another strategy the next one changes with every selection.
    let is_other = label != winner.label && has(label) && pool.strategy == FILL_FIRST;
    if is_other && marks.get(&winner.label).is_none() {
        findings
            .report(&LOG_OF_ANOTHER_MOMENT, last.place_of("label"))
            .with("label", label)
            .with("ours", winner.label.as_str())
            .with("provider", pool.provider.as_str())
            .part("what", "other")
            .part("reason", reason)
            .label("ours", winner.entry_place.or(winner.place));
    }
}

#[cfg(test)]
mod tests {
    use super::LOG_OF_ANOTHER_MOMENT;
    use crate::rules::testing::{fires, silent};

    fn world(strategies: &str, log: &str) -> String {
        format!(
            r#"
--- config.yaml
model: {{provider: gemini}}
{strategies}--- auth.json
{{"version": 1, "credential_pool": {{"gemini": [
  {{"id": "a1", "label": "one", "priority": 0, "source": "manual", "auth_type": "api_key", "access_token": "AIza-fake-1-000000"}},
  {{"id": "a2", "label": "two", "priority": 1, "source": "manual", "auth_type": "api_key", "access_token": "AIza-fake-2-000000"}}]}}}}
--- log
{log}"#
        )
    }

    #[test]
    fn the_key_that_is_used_was_marked() {
        fires(
            &LOG_OF_ANOTHER_MOMENT,
            &world(
                "",
                "\
credential pool: marking one exhausted (status=429), rotating
                         ^^^ PC932
credential pool: rotated to two
--- says
marked as exhausted, and by the pasted files Hermes uses it
hermes auth list gemini
",
            ),
        );
    }

    #[test]
    fn another_one_is_said_to_be_dead_or_to_have_taken_over() {
        fires(
            &LOG_OF_ANOTHER_MOMENT,
            &world(
                "",
                "\
credential pool: marking two DEAD (status=401, reason=token_revoked)
                         ^^^ PC932
",
            ),
        );
        fires(
            &LOG_OF_ANOTHER_MOMENT,
            &world("", "credential pool: rotated to two\n                            ^^^ PC932\n"),
        );
    }

    #[test]
    fn what_agrees_or_moves() {
        for log in [
            // It took over again.
            "credential pool: marking one exhausted (status=429), rotating\ncredential pool: rotated to two\ncredential pool: rotated to one\n",
            // A reserve may rest.
            "credential pool: marking two exhausted (status=429), rotating\ncredential pool: rotated to one\n",
            // Of another pool.
            "credential pool: marking three exhausted (status=429), rotating\ncredential pool: rotated to four\n",
        ] {
            silent(&LOG_OF_ANOTHER_MOMENT, &world("", log));
        }
        let turns = "credential_pool_strategies: {gemini: round_robin}\n";
        silent(&LOG_OF_ANOTHER_MOMENT, &world(turns, "credential pool: rotated to two\n"));
    }

    /// Marks stand in auth.json: without it the files say nothing of them.
    #[test]
    fn a_store_that_was_not_pasted() {
        fires(
            &LOG_OF_ANOTHER_MOMENT,
            "\
--- config.yaml
model: {provider: deepseek}
--- .env
DEEPSEEK_API_KEY=sk-fake-key-000000
--- log
credential pool: marking DEEPSEEK_API_KEY exhausted (status=402), rotating
                         ^^^^^^^^^^^^^^^^ PC932
--- says
auth.json was not pasted
",
        );
    }
}
