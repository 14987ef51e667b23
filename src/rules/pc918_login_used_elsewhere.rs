//! PC918: a login whose token another program has used up.

use super::logs::REUSED_TOKEN;
use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::readers::log::{Event, Kind};

declare_rule! {
    /// A login's refresh token works once: the program that uses it gets the next one. Where Codex, an editor or another Hermes profile uses the
    /// same login, one of them comes second and is refused with `refresh_token_reused`. Only a new login helps, and one of its own for
    /// each program.
    ///
    /// ```log fires
    /// 02:01:12 WARNING hermes_cli.auth: Codex token refresh failed: refresh_token_reused
    /// ```
    /// ```log silent
    /// 02:01:12 WARNING agent.credential_pool: credential pool: marking codex-1 DEAD (status=401, reason=token_revoked) — permanently failed, will NOT re-enter rotation until re-auth
    /// ```
    pub static LOGIN_USED_ELSEWHERE = {
        code: "PC918", name: "login-used-elsewhere", severity: Error, since: "0.1.0",
        fix: None,
        what: "The login was used up by another program",
        why: "A refresh token can be used once. Another program with the same login (Codex, an editor, another profile or machine) has used it: `refresh_token_reused`.",
        todo: "Log in again for Hermes alone, and do not copy logins from one program to another.",
        command: "hermes auth add openai-codex",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let names = |event: &Event| {
        event.kind == Kind::Reused
            || ["reason", "text", "details"].iter().any(|name| event.text(name).holds(REUSED_TOKEN))
    };
    if let Some(told) = context.story.told.iter().find(|told| names(&told.event)) {
        findings.report(&LOGIN_USED_ELSEWHERE, told.event.place);
    }
}

#[cfg(test)]
mod tests {
    use super::LOGIN_USED_ELSEWHERE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &LOGIN_USED_ELSEWHERE,
            r#"
--- log
02:01:12 WARNING hermes_cli.auth: Codex token refresh failed: refresh_token_reused
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC918
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &LOGIN_USED_ELSEWHERE,
            r#"
--- log
02:01:12 WARNING agent.credential_pool: credential pool: marking codex-1 DEAD (status=401, reason=token_revoked) — permanently failed, will NOT re-enter rotation until re-auth
"#,
        );
    }
}
