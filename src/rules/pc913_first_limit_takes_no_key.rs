//! PC913: a first rate limit, after which the same key is tried again.

use super::logs::{failures, is_quota_of_no_time, is_upstream, provider_of};
use super::pc930_no_balance_at_this_endpoint::is_about_balance;
use super::{Context, Findings, declare_rule};
use crate::hermes::story::is_other_run;
use crate::hermes::turn::PoolStep;
use crate::hermes::verdict::Verdict;
use crate::readers::log::{Event, Kind};

declare_rule! {
    /// At the first HTTP 429 Hermes waits and sends the request again with the same key; only the second one in a row marks the key
    /// and takes the next. A log that ends with one 429 and no rotation shows nothing wrong. With one entry in the pool there is nothing to rotate to.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): RateLimitError [HTTP 429]
    ///    Provider: gemini  Model: gemini-3-flash
    ///    Error: HTTP 429: Resource has been exhausted
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): RateLimitError [HTTP 429]
    ///    Provider: gemini  Model: gemini-3-flash
    ///    Error: HTTP 429: Resource has been exhausted
    /// credential pool: marking one exhausted (status=429), rotating
    /// credential pool: rotated to two
    /// ```
    pub static FIRST_LIMIT_TAKES_NO_KEY = {
        code: "PC913", name: "first-limit-takes-no-key", severity: Info, since: "0.1.0",
        fix: None,
        what: "This HTTP 429 takes no other key yet",
        why: "Hermes tries the same key again at the first rate limit of {provider}; the second one in a row marks it and takes the next one of the pool.{pool}",
        todo: "{todo}",
        part alone: " The pool has one entry: there is no next one.",
        part several: "",
        part more: "Paste the lines that follow: a rotation shows as `marking … exhausted` and `rotated to …`.",
        part add: "Add a second key.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let moves = [Kind::Marked, Kind::Rotated, Kind::Empty];
    if context.story.told.iter().any(|told| moves.contains(&told.event.kind)) {
        return;
    }
    // What is no matter of time is told by PC930 and PC933.
    let limits = failures(context, |event, judged| {
        judged.pool == PoolStep::RetriesFirst
            && !is_upstream(event)
            && !is_about_balance(event)
            && !is_quota_of_no_time(event)
    });
    let Some((event, _)) = limits.first() else { return };
    if goes_on(context, event) {
        return;
    }
    let pool = context.verdict().and_then(Verdict::pool_in_use);
    let alone = pool.is_some_and(|pool| {
        context.auth_root().is_some() && pool.entries.len() == 1 && pool.provider == event.text("provider")
    });
    findings
        .report(&FIRST_LIMIT_TAKES_NO_KEY, event.place_of("text"))
        .with("provider", provider_of(context, event))
        .part("pool", if alone { "alone" } else { "several" })
        .part("todo", if alone { "add" } else { "more" });
}

/// Whether what came of `limit` stands below it: another failure, the fallback chain, or the end of the turn.
fn goes_on(context: &Context<'_>, limit: &Event) -> bool {
    let told = context.story.told.iter().map(|told| &told.event);
    let mut below = told.skip_while(|event| event.place != limit.place).skip(1);
    let is_next = |event: &Event| {
        let ends = [Kind::Failed, Kind::FallingBack, Kind::FellBack, Kind::GaveUp, Kind::PrimaryFailed];
        ends.contains(&event.kind) && !is_other_run(limit, event)
    };
    below.any(is_next)
}

#[cfg(test)]
mod tests {
    use super::FIRST_LIMIT_TAKES_NO_KEY;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &FIRST_LIMIT_TAKES_NO_KEY,
            r#"
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: gemini  Model: gemini-3-flash
   Error: HTTP 429: Resource has been exhausted
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC913
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &FIRST_LIMIT_TAKES_NO_KEY,
            r#"
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: gemini  Model: gemini-3-flash
   Error: HTTP 429: Resource has been exhausted
credential pool: marking one exhausted (status=429), rotating
credential pool: rotated to two
"#,
        );
    }

    #[test]
    fn what_follows_is_there() {
        let first = "--- log\nAPI call failed (attempt 1/3): RateLimitError [HTTP 429]\n   Provider: openrouter  Model: a/b\n   Error: HTTP 429: Rate limit exceeded\n";
        for below in [
            "API call failed (attempt 2/3): RateLimitError [HTTP 429]\n   Provider: openrouter  Model: a/b\n   Error: HTTP 429: Rate limit exceeded\n",
            "Primary model failed — switching to fallback: glm-4.7 via zai\n",
            "API call failed after 3 retries: HTTP 429: Rate limit exceeded\n",
        ] {
            silent(&FIRST_LIMIT_TAKES_NO_KEY, &format!("{first}{below}"));
        }
    }
}
