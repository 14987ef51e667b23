//! PC917: a key or login that failed for good.

use super::logs::REUSED_TOKEN;
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextSet;
use crate::readers::log::Kind;

declare_rule! {
    /// A provider said that a token is revoked or no longer valid, and Hermes marked its entry as dead. It never selects the entry
    /// again; `hermes auth list` shows no mark beside it. Releases before 0.16.0 know no dead entries.
    ///
    /// ```log fires
    /// 02:01:12 WARNING agent.credential_pool: credential pool: marking codex-1 DEAD (status=401, reason=token_revoked) — permanently failed, will NOT re-enter rotation until re-auth
    /// ```
    /// ```log silent
    /// 02:01:12 INFO agent.credential_pool: credential pool: marking codex-1 exhausted (status=401), rotating
    /// ```
    pub static KEY_DIED = {
        code: "PC917", name: "key-died", severity: Warning, since: "0.1.0",
        fix: None,
        what: "`{label}` is dead: Hermes never uses it again",
        why: "The provider refused it for good (`{reason}`). `hermes auth list` shows no mark at such an entry, so that it looks usable.",
        todo: "Log in again, or replace the key: `hermes auth add` with the provider's name.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    if !context.facts.behaviour.knows_dead_entries {
        return;
    }
    let mut seen = TextSet::new();
    for (_, told) in context.story.of_kind(Kind::Dead) {
        let event = &told.event;
        let (label, reason) = (event.text("label"), event.text("reason"));
        if reason != REUSED_TOKEN && seen.insert(label) {
            findings.report(&KEY_DIED, event.place_of("label")).with("label", label).with("reason", reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::KEY_DIED;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &KEY_DIED,
            r#"
--- log
02:01:12 WARNING agent.credential_pool: credential pool: marking codex-1 DEAD (status=401, reason=token_revoked) — permanently failed, will NOT re-enter rotation until re-auth
                                                                 ^^^^^^^ PC917
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &KEY_DIED,
            r#"
--- log
02:01:12 INFO agent.credential_pool: credential pool: marking codex-1 exhausted (status=401), rotating
"#,
        );
    }
}
