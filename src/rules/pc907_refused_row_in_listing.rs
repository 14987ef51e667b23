//! PC907: a row of a listing whose key or login was refused.

use super::pools::add_command;
use super::{Context, Findings, declare_rule};
use crate::readers::listing::ListedRow;

declare_rule! {
    /// `hermes auth list` prints `auth failed` at an entry whose key or login the provider refused, with 401 or 403 as a rule. The
    /// words `re-auth may be required` stand at all of them: a login is done again, a key is replaced, as no key can be logged in.
    /// Hermes passes such an entry over for a while and then tries it again. The arrow marks the entry that is taken next; where no
    /// entry has it, none of the pool was available.
    ///
    /// ```listing fires
    /// deepseek (2 credentials):
    ///   #1  work                 api_key manual auth failed (401) (re-auth may be required)
    ///   #2  spare                api_key manual ←
    /// ```
    /// ```listing silent
    /// deepseek (2 credentials):
    ///   #1  work                 api_key manual rate-limited (429) (41m 2s left)
    ///   #2  spare                api_key manual ←
    /// ```
    pub static REFUSED_ROW_IN_LISTING = {
        code: "PC907", name: "refused-row-in-listing", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{why} {arrow}",
        todo: "{way}",
        command: "{commands}",
        label too: "so was this one",
        part key: "The provider refused the key of `{label}`",
        part login: "The provider refused the login `{label}`",
        part why_key: "`re-auth may be required` stands at every entry that was refused; a key cannot be logged in again and has to be replaced.",
        part why_forbidden: "`re-auth may be required` stands at every entry that was refused. A 403 says that the key may not do what was asked: the account may lack the right to the model, or the key is limited.",
        part why_login: "Its token is no longer taken or could not be renewed.",
        part at_other: "The arrow marks what Hermes takes next: `{next}`.",
        part at_refused: "The arrow marks an entry that was refused: its cooldown was over when this was printed, and Hermes tries it again.",
        part nowhere: "No entry has the arrow: none of this pool was available when this was printed.",
        part replace: "Remove the entry and add a new key; Hermes asks for it.",
        part variable: "Put a new key into `{variable}` where it is set, and clear the mark.",
        part source: "Replace the key where it comes from (`{source}`), and clear the mark.",
        part log_in: "Log in again.",
        part log_in_there: "Log in again in the program that the login comes from, or make one with Hermes.",
    }
}

/// How an entry is mended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A stored key is removed and another one added.
    Replace,
    /// A variable gets another key.
    Variable,
    /// The key is replaced where it comes from.
    Source,
    /// A login of Hermes is done again.
    LogIn,
    /// A login of another program is done again.
    LogInThere,
}

impl Way {
    fn of(row: &ListedRow) -> Self {
        /// Logins that Hermes takes from other programs: `_seed_from_singletons` of `agent/credential_pool.py`.
        const THEIRS: [&str; 2] = ["claude_code", "qwen-cli"];
        let source = row.source.text.as_str();
        match row.auth_type.text.as_str() {
            "api_key" if source == "manual" => Self::Replace,
            "api_key" if row.variable().is_some() => Self::Variable,
            "api_key" => Self::Source,
            _ if THEIRS.contains(&source) => Self::LogInThere,
            _ => Self::LogIn,
        }
    }

    fn is_login(self) -> bool {
        matches!(self, Self::LogIn | Self::LogInThere)
    }

    /// The commands for rows of `provider`. Numbers change when an entry is removed: the last one goes first.
    fn commands(self, provider: &str, rows: &[&ListedRow], context: &Context<'_>) -> Vec<String> {
        match self {
            Self::Replace => {
                let removal = |row: &&ListedRow| {
                    ["hermes auth remove ", provider, " ", &row.index.to_string()].concat()
                };
                rows.iter().rev().map(removal).chain([add_command(provider)]).collect()
            }
            Self::Variable | Self::Source => vec![["hermes auth reset ", provider].concat()],
            Self::LogIn | Self::LogInThere if context.facts.oauth_capable_providers.contains(provider) => {
                vec![["hermes auth add ", provider].concat()]
            }
            Self::LogIn | Self::LogInThere => Vec::new(),
        }
    }
}

/// Whether a row of the listing has the mark of a refused key or login.
pub(super) fn is_refused(row: &ListedRow) -> bool {
    row.status.as_ref().is_some_and(|status| status.head == "auth failed")
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let rows = &context.listing.rows;
    let mut told: Vec<(Option<&str>, Way)> = Vec::new();
    for first in rows.iter().filter(|row| is_refused(row)) {
        let (provider, way) = (first.provider.as_deref(), Way::of(first));
        if told.contains(&(provider, way)) {
            continue;
        }
        told.push((provider, way));
        let is_alike =
            |row: &&ListedRow| row.provider == first.provider && is_refused(row) && Way::of(row) == way;
        let alike: Vec<&ListedRow> = rows.iter().filter(is_alike).collect();
        let is_current = |row: &&ListedRow| row.provider == first.provider && row.is_current;
        let next = rows.iter().find(is_current);
        let arrow = match next {
            Some(next) if is_refused(next) => "at_refused",
            Some(_) => "at_other",
            None => "nowhere",
        };
        let is_forbidden = first.status.as_ref().is_some_and(|status| status.code == Some(403));
        let why = match (way.is_login(), is_forbidden) {
            (true, _) => "why_login",
            (false, true) => "why_forbidden",
            (false, false) => "why_key",
        };
        findings
            .report(
                &REFUSED_ROW_IN_LISTING,
                first.status.as_ref().map_or(first.place, |status| status.printed.place),
            )
            .with("label", first.label.text.as_str())
            .with("next", next.map_or("", |row| row.label.text.as_str()))
            .with("variable", first.variable().unwrap_or(""))
            .with("source", first.source.text.as_str())
            .part("what", if way.is_login() { "login" } else { "key" })
            .part("why", why)
            .part("arrow", arrow)
            .part(
                "way",
                match way {
                    Way::Replace => "replace",
                    Way::Variable => "variable",
                    Way::Source => "source",
                    Way::LogIn => "log_in",
                    Way::LogInThere => "log_in_there",
                },
            );
        for row in alike.iter().skip(1) {
            findings.label("too", Some(row.label.place));
        }
        match provider.and_then(|name| context.pool_names.provider(name)) {
            Some(provider) => findings.commands(&way.commands(&provider, &alike, context)),
            None => findings.without_command(),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::REFUSED_ROW_IN_LISTING;
    use crate::rules::testing::{fires, silent};

    /// The form is that of `auth_list_command`, and so are the commands.
    #[test]
    fn keys_are_replaced_and_logins_done_again() {
        let report = fires(
            &REFUSED_ROW_IN_LISTING,
            "\
--- hermes auth list
anthropic (5 credentials):
  #1  claude_code          oauth   claude_code auth failed invalid_grant (401) (re-auth may be required)
                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC907
  #2  ANTHROPIC_API_KEY    api_key env:ANTHROPIC_API_KEY auth failed (403) (re-auth may be required)
                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC907
  #3  one                  api_key manual auth failed (401) (re-auth may be required)
                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC907
  #4  two                  api_key manual ←
  #5  three                api_key manual auth failed (401) (re-auth may be required)
--- says
The arrow marks what Hermes takes next: `two`.
Put a new key into `ANTHROPIC_API_KEY` where it is set
hermes auth remove anthropic 5
",
        );
        let found: Vec<_> =
            report.findings.iter().filter(|finding| finding.code.as_str() == "PC907").collect();
        let commands: Vec<&str> =
            found.iter().map(|finding| finding.command.as_ref().map_or("", |text| text.as_str())).collect();
        assert_eq!(
            commands,
            [
                "hermes auth add anthropic",
                "hermes auth reset anthropic",
                "hermes auth remove anthropic 5\nhermes auth remove anthropic 3\nhermes auth add anthropic --type api-key",
            ]
        );
    }

    /// `peek` returns what can be taken now: without one no row has the arrow.
    #[test]
    fn where_the_arrow_stands() {
        let pool = "--- hermes auth list\nopenai-codex (1 credentials):\n  #1  me                   oauth   device_code auth failed (401) (re-auth may be required)";
        let mark = "\n                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC907\n--- says\n";
        fires(&REFUSED_ROW_IN_LISTING, &[pool, mark, "No entry has the arrow\n"].concat());
        fires(&REFUSED_ROW_IN_LISTING, &[pool, " ←", mark, "Hermes tries it again\n"].concat());
    }

    #[test]
    fn what_comes_back_by_itself() {
        silent(
            &REFUSED_ROW_IN_LISTING,
            "\
--- hermes auth list
deepseek (2 credentials):
  #1  work                 api_key manual rate-limited (429) (41m 2s left)
  #2  spare                api_key manual exhausted (402) (1h 2m left)
",
        );
    }
}
