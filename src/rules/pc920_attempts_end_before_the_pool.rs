//! PC920: attempts that ended before the pool did.

use super::{Context, Findings, declare_rule};
use crate::hermes::turn::PoolStep;
use crate::readers::log::Kind;

declare_rule! {
    /// Each key's first rate limit counts as an attempt, and `agent.api_max_retries` (3) ends them: with four keys the fourth is never
    /// tried. The log shows it where Hermes gives up and the pool did not say that no entry is available.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): RateLimitError [HTTP 429]
    ///    Provider: gemini  Model: m
    ///    Error: HTTP 429: Quota exceeded
    /// credential pool: marking one exhausted (status=429), rotating
    /// credential pool: rotated to two
    /// API call failed (attempt 2/3): RateLimitError [HTTP 429]
    ///    Provider: gemini  Model: m
    ///    Error: HTTP 429: Quota exceeded
    /// credential pool: marking two exhausted (status=429), rotating
    /// credential pool: rotated to three
    /// API call failed (attempt 3/3): RateLimitError [HTTP 429]
    ///    Provider: gemini  Model: m
    ///    Error: HTTP 429: Quota exceeded
    /// API call failed after 3 retries. HTTP 429: Quota exceeded
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): RateLimitError [HTTP 429]
    ///    Provider: gemini  Model: m
    ///    Error: HTTP 429: Quota exceeded
    /// credential pool: marking one exhausted (status=429), rotating
    /// credential pool: rotated to two
    /// API call failed (attempt 2/3): RateLimitError [HTTP 429]
    ///    Provider: gemini  Model: m
    ///    Error: HTTP 429: Quota exceeded
    /// credential pool: marking two exhausted (status=429), rotating
    /// credential pool: rotated to three
    /// API call failed (attempt 3/3): RateLimitError [HTTP 429]
    ///    Provider: gemini  Model: m
    ///    Error: HTTP 429: Quota exceeded
    /// credential pool: marking three exhausted (status=429), rotating
    /// credential pool: no available entries (all exhausted or empty)
    /// API call failed after 3 retries. HTTP 429: Quota exceeded
    /// ```
    pub static ATTEMPTS_END_BEFORE_THE_POOL = {
        code: "PC920", name: "attempts-end-before-the-pool", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Hermes gave up after {most} attempts, and the pool was not used up",
        why: "The first rate limit of each key counts as an attempt; rotation goes on only as long as attempts are left.",
        todo: "Allow as many attempts as the pool has keys, and one more.",
        command: "hermes config set agent.api_max_retries 10",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut rotated = false;
    let mut limited = false;
    for told in &context.story.told {
        let event = &told.event;
        match event.kind {
            Kind::Rotated => rotated = true,
            Kind::Empty | Kind::FellBack => rotated = false,
            Kind::Failed => {
                limited =
                    matches!(&told.judged, Some(Ok((judged, _))) if judged.pool == PoolStep::RetriesFirst);
            }
            Kind::GaveUp | Kind::FallingBack if rotated && limited && event.field("most").is_some() => {
                findings.report(&ATTEMPTS_END_BEFORE_THE_POOL, event.place).with("most", event.text("most"));
                return;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ATTEMPTS_END_BEFORE_THE_POOL;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &ATTEMPTS_END_BEFORE_THE_POOL,
            r#"
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: gemini  Model: m
   Error: HTTP 429: Quota exceeded
credential pool: marking one exhausted (status=429), rotating
credential pool: rotated to two
API call failed (attempt 2/3): RateLimitError [HTTP 429]
   Provider: gemini  Model: m
   Error: HTTP 429: Quota exceeded
credential pool: marking two exhausted (status=429), rotating
credential pool: rotated to three
API call failed (attempt 3/3): RateLimitError [HTTP 429]
   Provider: gemini  Model: m
   Error: HTTP 429: Quota exceeded
API call failed after 3 retries. HTTP 429: Quota exceeded
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC920
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &ATTEMPTS_END_BEFORE_THE_POOL,
            r#"
--- log
API call failed (attempt 1/3): RateLimitError [HTTP 429]
   Provider: gemini  Model: m
   Error: HTTP 429: Quota exceeded
credential pool: marking one exhausted (status=429), rotating
credential pool: rotated to two
API call failed (attempt 2/3): RateLimitError [HTTP 429]
   Provider: gemini  Model: m
   Error: HTTP 429: Quota exceeded
credential pool: marking two exhausted (status=429), rotating
credential pool: rotated to three
API call failed (attempt 3/3): RateLimitError [HTTP 429]
   Provider: gemini  Model: m
   Error: HTTP 429: Quota exceeded
credential pool: marking three exhausted (status=429), rotating
credential pool: no available entries (all exhausted or empty)
API call failed after 3 retries. HTTP 429: Quota exceeded
"#,
        );
    }
}
