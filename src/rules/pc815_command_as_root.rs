//! PC815: a command that stores something, done as root.

use super::calls::place;
use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Span};
use crate::diagnostic::Safety;

declare_rule! {
    /// `sudo hermes auth add …` runs as root. As a rule root has a Hermes home of its own, in the home of root, which a Hermes of
    /// another user never looks into. Where `sudo` keeps HOME, or HERMES_HOME is set, auth.json and config.yaml are written again in that
    /// user's home and belong to root: auth.json cannot be read by that user then, and counts as empty.
    ///
    /// ```commands fires
    /// sudo hermes auth add gemini --type api-key
    /// ```
    /// ```commands silent
    /// hermes auth add gemini --type api-key
    /// sudo -u hermes hermes auth list
    /// sudo hermes gateway install --system
    /// ```
    pub static COMMAND_AS_ROOT = {
        code: "PC815", name: "command-as-root", severity: Info, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "This is done with the Hermes home of root, or leaves files that only root can read",
        why: "`{launcher}` runs the command as root. A Hermes that runs as another user has another home; and an auth.json that root has written it cannot read.",
        todo: "Type it as the user that Hermes runs as, for another one with `sudo -u USER`. Where Hermes itself runs as root, this is right.",
        fix_title: "Leave `{launcher}` out",
    }
}

/// The commands that read or write what belongs to one user's Hermes.
const STORING: [&str; 7] = ["auth", "config", "fallback", "login", "logout", "model", "setup"];

fn check(context: &Context<'_>, findings: &mut Findings) {
    for call in context.calls.iter().filter(|call| call.is_whole()) {
        let first = call.path().split(' ').next().unwrap_or("");
        let Some(launcher) = call.invocation.as_root.filter(|_| STORING.contains(&first)) else { continue };
        let text = context.text_of(SourceKind::Commands);
        findings.report(&COMMAND_AS_ROOT, place(launcher)).with("launcher", launcher.of(text));
        let behind = Span::new(launcher.end, call.invocation.span.start);
        if !behind.is_empty() && behind.of(text).trim().is_empty() {
            let edit = Edit::delete(Span::new(launcher.start, behind.end));
            findings.fix(SourceKind::Commands, vec![edit]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::COMMAND_AS_ROOT;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn commands_of_auth_and_config() {
        fires(
            &COMMAND_AS_ROOT,
            "\
--- commands
$ sudo hermes auth add gemini --type api-key
  ^^^^ PC815
$ sudo -E hermes config set model.provider gemini
  ^^^^ PC815
$ doas HERMES_HOME=/opt/data hermes auth list
  ^^^^ PC815
--- fixed commands
$ hermes auth add gemini --type api-key
$ sudo -E hermes config set model.provider gemini
$ doas HERMES_HOME=/opt/data hermes auth list
--- says
`doas` runs the command as root
",
        );
    }

    #[test]
    fn users_that_are_named_and_commands_that_need_root() {
        silent(
            &COMMAND_AS_ROOT,
            "\
--- commands
hermes auth list
sudo -u hermes hermes auth list
sudo -iu hermes hermes auth list
sudo --user=hermes hermes auth list
sudo hermes gateway install --system
docker exec -u hermes c hermes auth list
",
        );
    }

    #[test]
    fn then_the_command_is_the_user_s_own() {
        fires(
            &COMMAND_AS_ROOT,
            "\
--- commands
sudo hermes auth add gemini --type api-key
^^^^ PC815
doas hermes auth list gemini
^^^^ PC815
--- fixed commands
hermes auth add gemini --type api-key
hermes auth list gemini
--- then
nothing is found
",
        );
    }
}
