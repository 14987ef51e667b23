//! PC406: a comment behind a value in `.env`, which the reader of pools takes for a part of the value.

use super::variables::{Flaw, flawed, pool_reading};
use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Place, Span};
use crate::diagnostic::Safety;

declare_rule! {
    /// Hermes reads `.env` twice, with two readers. The one that fills the environment drops a comment behind a value; the
    /// one that credential pools read keeps it: the key is then `AIza… # mine`, and the provider refuses it. A
    /// comment behind an empty value is the value for both. Comments on lines of their own are fine.
    ///
    /// ```env fires
    /// GEMINI_API_KEY=AIza-fake-one-000000  # mine
    /// ```
    /// ```env silent
    /// # mine
    /// GEMINI_API_KEY=AIza-fake-one-000000
    /// TELEGRAM_HOME_CHANNEL="#general"  # the main one
    /// ```
    pub static INLINE_COMMENT = {
        code: "PC406", name: "inline-comment", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "{what}",
        why: "{why}",
        todo: "{way}",
        fix_title: "{title}",
        part behind: "The comment behind `{name}` becomes a part of its value",
        part alone: "`{name}` has no value but the comment behind it",
        part kept: "The reader of Hermes' credential pools knows no comments behind a value: what is sent to `{provider}` has the comment in it.",
        part value: "Behind an empty value both of Hermes' readers take a comment for the value: for `{provider}` it stands in the place of a key or an endpoint.",
        part move: "Put the comment on a line of its own.",
        part fill: "Write the value before the comment, and the comment on a line of its own. Without a value put `#` before the line: an empty one would take the variable away from the environment.",
        part title_move: "Put the comment on a line of its own",
        part title_fill: "Put `#` before the line",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let text = context.text_of(SourceKind::Dotenv);
    for (variable, flaw) in flawed(context) {
        let Some(provider) = pool_reading(context.facts, variable.name) else { continue };
        let Flaw::Comment(comment) = *flaw else { continue };
        findings
            .report(&INLINE_COMMENT, Place::new(SourceKind::Dotenv, comment))
            .with("name", variable.name)
            .with("provider", provider);
        if is_alone(text, comment) {
            findings
                .part("what", "alone")
                .part("why", "value")
                .part("way", "fill")
                .part("title", "title_fill");
            findings.fix(SourceKind::Dotenv, vec![Edit::insert(line_of(text, comment), "# ")]);
        } else {
            findings
                .part("what", "behind")
                .part("why", "kept")
                .part("way", "move")
                .part("title", "title_move");
            findings.fix(SourceKind::Dotenv, own_line(text, comment));
        }
    }
}

/// Whether nothing stands between the name of a variable and the comment.
fn is_alone(text: &str, comment: Span) -> bool {
    text.get(..comment.start).unwrap_or("").trim_end_matches([' ', '\t']).ends_with('=')
}

/// Where the line of the comment begins, behind a byte order mark.
fn line_of(text: &str, comment: Span) -> usize {
    let before = text.get(..comment.start).unwrap_or("");
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    line.max(if before.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 })
}

/// Moves the comment to a line of its own before its line.
fn own_line(text: &str, comment: Span) -> Vec<Edit> {
    let before = text.get(..comment.start).unwrap_or("");
    let line = line_of(text, comment);
    let end = text.get(comment.end..).unwrap_or("");
    let line_end = if end.trim_start_matches([' ', '\t']).starts_with('\r') { "\r\n" } else { "\n" };
    let kept = line + before.get(line..).unwrap_or("").trim_end().len();
    vec![
        Edit::insert(line, [comment.of(text), line_end].concat()),
        Edit::delete(Span::new(kept, comment.end)),
    ]
}

#[cfg(test)]
mod tests {
    use super::INLINE_COMMENT;
    use crate::base::sources::Given;
    use crate::hermes::testing::{process, world};
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_comment_moves_before_its_line() {
        fires(
            &INLINE_COMMENT,
            "\
--- .env
A=1
GEMINI_API_KEY=AIza-fake-one-000000  # mine
                                     ^^^^^^ PC406
export OPENROUTER_API_KEY=\"sk-or-fake-000000\" # a \"quoted\" one
                                              ^^^^^^^^^^^^^^^^ PC406
DEEPSEEK_BASE_URL=https://api.deepseek.com/v1 # theirs
                                              ^^^^^^^^ PC406
--- fixed .env
A=1
# mine
GEMINI_API_KEY=AIza-fake-one-000000
# a \"quoted\" one
export OPENROUTER_API_KEY=\"sk-or-fake-000000\"
# theirs
DEEPSEEK_BASE_URL=https://api.deepseek.com/v1
",
        );
    }

    /// The verdict names the same variable before and after; what is mended is the key that is sent from it.
    #[test]
    fn the_key_is_sent_without_the_comment() {
        fires(
            &INLINE_COMMENT,
            "\
--- config.yaml
model: {provider: gemini}
--- .env
GEMINI_API_KEY=AIza-fake-one-000000  # mine
                                     ^^^^^^ PC406
--- fixed .env
# mine
GEMINI_API_KEY=AIza-fake-one-000000
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
",
        );
        for (dotenv, sent) in [
            ("GEMINI_API_KEY=AIza-fake-one-000000  # mine\n", "AIza-fake-one-000000  # mine"),
            ("# mine\nGEMINI_API_KEY=AIza-fake-one-000000\n", "AIza-fake-one-000000"),
        ] {
            let mut world = world("model: {provider: gemini}\n", &[]);
            world.given.dotenv = Given::Text(dotenv.to_owned());
            let winner = process(&world).verdict(None).unwrap().winner.unwrap();
            assert_eq!(winner.key.expose(), sent);
        }
    }

    #[test]
    fn a_comment_behind_nothing_is_the_value_of_both_readers() {
        fires(
            &INLINE_COMMENT,
            "\
--- .env
GLM_API_KEY=   # get one at z.ai
               ^^^^^^^^^^^^^^^^^ PC406
--- fixed .env
# GLM_API_KEY=   # get one at z.ai
--- says
`GLM_API_KEY` has no value but the comment behind it
",
        );
    }

    /// Asked of 0.19.0: with an empty line in `.env` it finds no credential, though the environment has one; without the line it
    /// sends that one. So it is with a second variable of the provider.
    #[test]
    fn then_the_key_that_stands_elsewhere_is_used() {
        fires(
            &INLINE_COMMENT,
            "\
--- config.yaml
model: {provider: deepseek, default: m}
--- .env
DEEPSEEK_API_KEY= # set in the shell
                  ^^^^^^^^^^^^^^^^^^ PC406
--- environment
DEEPSEEK_API_KEY=sk-fake-shell-000000
--- fixed .env
# DEEPSEEK_API_KEY= # set in the shell
--- then
Hermes uses DEEPSEEK_API_KEY (env:DEEPSEEK_API_KEY) for deepseek
nothing is found
",
        );
        fires(
            &INLINE_COMMENT,
            "\
--- config.yaml
model: {provider: zai, default: m}
--- .env
GLM_API_KEY= # none yet
             ^^^^^^^^^^ PC406
ZAI_API_KEY=0123456789abcdef0123456789abcdef.fakefakefakefake
--- fixed .env
# GLM_API_KEY= # none yet
ZAI_API_KEY=0123456789abcdef0123456789abcdef.fakefakefakefake
--- then
Hermes uses ZAI_API_KEY (env:ZAI_API_KEY) for zai
nothing is found
",
        );
    }

    #[test]
    fn lines_that_end_in_cr_lf_keep_it() {
        fires(
            &INLINE_COMMENT,
            "--- .env\nGLM_API_KEY=fake-one-000000 # mine\r\n                            ^^^^^^ PC406\n\
             --- fixed .env\n# mine\r\nGLM_API_KEY=fake-one-000000\r\n",
        );
    }

    #[test]
    fn signs_in_values_and_comments_of_variables_that_no_pool_reads_are_fine() {
        silent(
            &INLINE_COMMENT,
            "\
--- .env
# mine
GEMINI_API_KEY=AIza-fake-one#000000
GLM_API_KEY=\"fake-one # 000000\"
TELEGRAM_BOT_TOKEN=1:fake-000000000 # the bot
AZURE_FOUNDRY_API_KEY=fake-000000000000 # not in a pool
FOO=bar # baz
DEEPSEEK_API_KEY=
--- environment
XAI_API_KEY=xai-fake-000000 # literal
",
        );
    }
}
