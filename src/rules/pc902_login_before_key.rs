//! PC902: a listing in which a login stands before the key of Anthropic.

use super::{Context, Findings, declare_rule};
use crate::readers::listing::ListedRow;

declare_rule! {
    /// The listing shows a login of Claude Code, which Hermes takes up without being asked, as the next entry of the pool
    /// `anthropic`, and the key behind it. Hermes uses the login. Anthropic counts requests of other programs with such a login
    /// as extra usage of the subscription, and answers 400 where that is not allowed or used up. A login that was made in
    /// Hermes, with a key kept behind it, is meant so.
    ///
    /// ```listing fires
    /// anthropic (2 credentials):
    ///   #1  claude_code          oauth   claude_code ←
    ///   #2  ANTHROPIC_API_KEY    api_key env:ANTHROPIC_API_KEY
    /// ```
    /// ```listing silent
    /// anthropic (1 credentials):
    ///   #1  ANTHROPIC_API_KEY    api_key env:ANTHROPIC_API_KEY ←
    /// ```
    pub static LOGIN_BEFORE_KEY = {
        code: "PC902", name: "login-before-key", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Hermes uses the login `{login}` and not the key `{key}`",
        why: "The arrow marks the entry that is used next, and it stands at the login. Anthropic counts what other programs ask with it as extra usage of the subscription.",
        todo: "If the key is to be used, remove the entry of the login; Hermes does not take it up again by itself.",
        command: "hermes auth remove anthropic {index}",
        label key: "this key has its turn behind it",
    }
}

/// The provider whose logins and keys share a pool.
const ANTHROPIC: &str = "anthropic";

/// The source of a login that Hermes takes from another program: `_seed_from_singletons` of `agent/credential_pool.py`.
const CLAUDE_CODE: &str = "claude_code";

fn check(context: &Context<'_>, findings: &mut Findings) {
    let rows = || context.listing.rows.iter().filter(|row| row.provider.as_deref() == Some(ANTHROPIC));
    let Some(login) = rows().find(|row| row.is_current && row.source.text == CLAUDE_CODE) else { return };
    let is_behind =
        |row: &&ListedRow| row.auth_type.text == "api_key" && row.index > login.index && row.status.is_none();
    if let Some(key) = rows().find(is_behind) {
        findings
            .report(&LOGIN_BEFORE_KEY, login.label.place)
            .with("login", login.label.text.as_str())
            .with("key", key.label.text.as_str())
            .with("index", usize::try_from(login.index).unwrap_or(1))
            .label("key", Some(key.label.place));
    }
}

#[cfg(test)]
mod tests {
    use super::LOGIN_BEFORE_KEY;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_login_with_the_arrow() {
        fires(
            &LOGIN_BEFORE_KEY,
            "
--- hermes auth list
anthropic (2 credentials):
  #1  claude_code          oauth   claude_code ←
      ^^^^^^^^^^^ PC902
  #2  ANTHROPIC_API_KEY    api_key env:ANTHROPIC_API_KEY
--- says
hermes auth remove anthropic 1
",
        );
    }

    #[test]
    fn a_login_alone_and_a_key_with_the_arrow() {
        for rows in [
            "  #1  claude_code          oauth   claude_code ←\n",
            "  #1  hermes_pkce          oauth   hermes_pkce ←\n  #2  console              api_key manual\n",
            "  #1  claude_code          oauth   claude_code exhausted (400) (50m 9s left)\n  #2  ANTHROPIC_API_KEY    api_key env:ANTHROPIC_API_KEY ←\n",
        ] {
            silent(&LOGIN_BEFORE_KEY, &format!("--- hermes auth list\nanthropic (2 credentials):\n{rows}"));
        }
    }
}
