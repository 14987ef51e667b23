//! PC925: a fallback whose error was not pasted.

use super::{Context, Findings, declare_rule};
use crate::readers::log::Kind;

declare_rule! {
    /// `Fallback activated` says that the model failed, not why. Whether a key should have been changed first depends on the error
    /// before it: a rate limit changes keys, a malformed request does not.
    ///
    /// ```log fires
    /// 2026-04-23 11:49:53,120 INFO root: Fallback activated: gemini-3-flash → z-ai/glm-4.5-air:free (openrouter)
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): GeminiAPIError [HTTP 400]
    ///    Provider: gemini  Model: m
    ///    Error: HTTP 400: Function call is missing a thought_signature in functionCall parts.
    /// 2026-04-23 11:49:53,120 INFO root: Fallback activated: gemini-3-flash → z-ai/glm-4.5-air:free (openrouter)
    /// ```
    pub static FALLBACK_WITHOUT_ITS_ERROR = {
        code: "PC925", name: "fallback-without-its-error", severity: Info, since: "0.1.0",
        fix: None,
        what: "Nobody can tell why Hermes fell back to `{to}`: the error before it is missing",
        why: "The line is the same after any error. Whether the next key was due is decided by the error: a rate limit changes keys, a malformed request does not.",
        todo: "Paste the lines before this one, from the last `API call failed` on{time}.",
        part at: " (before {text})",
        part unknown: "",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let is_fallback = |kind: Kind| [Kind::FellBack, Kind::FallingBack, Kind::Skipped].contains(&kind);
    for (index, told) in context.story.of_kind(Kind::FellBack) {
        let before = index.checked_sub(1).and_then(|before| context.story.told.get(before));
        // What a member of the chain came to is told by the line before, if only as a step of the same fallback.
        let is_step =
            before.is_some_and(|before| is_fallback(before.event.kind)) && !told.event.is_behind_gap;
        if told.cause.is_some() || is_step {
            continue;
        }
        let event = &told.event;
        let time = match &event.time {
            Some(time) => FALLBACK_WITHOUT_ITS_ERROR.part("at").with("text", time.text.as_str()),
            None => FALLBACK_WITHOUT_ITS_ERROR.part("unknown"),
        };
        findings
            .report(&FALLBACK_WITHOUT_ITS_ERROR, event.place)
            .with("to", event.text("to"))
            .with("time", time);
    }
}

#[cfg(test)]
mod tests {
    use super::FALLBACK_WITHOUT_ITS_ERROR;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &FALLBACK_WITHOUT_ITS_ERROR,
            r#"
--- log
2026-04-23 11:49:53,120 INFO root: Fallback activated: gemini-3-flash → z-ai/glm-4.5-air:free (openrouter)
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC925
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &FALLBACK_WITHOUT_ITS_ERROR,
            r#"
--- log
API call failed (attempt 1/3): GeminiAPIError [HTTP 400]
   Provider: gemini  Model: m
   Error: HTTP 400: Function call is missing a thought_signature in functionCall parts.
2026-04-23 11:49:53,120 INFO root: Fallback activated: gemini-3-flash → z-ai/glm-4.5-air:free (openrouter)
"#,
        );
    }
}
