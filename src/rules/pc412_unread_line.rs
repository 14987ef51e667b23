//! PC412: lines of `.env` that neither reader of Hermes understands.

use super::pc405_colon_instead_of_equals::colon_line;
use super::pc410_byte_order_mark::MARK;
use super::references::is_name;
use super::variables::{is_plain, known_names, mentioned, pool_reading};
use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Place, Span};
use crate::diagnostic::Safety;
use crate::facts::services::Service;
use crate::hermes::dotenv::Assignment;
use crate::python::strip;
use crate::secret::is_key_variable;

declare_rule! {
    /// A line of `.env` is `NAME=value`, a comment that begins with `#`, or blank. Both readers that Hermes has for the
    /// file pass over everything else: a heading, a sentence, a key without its name, a name without `=`.
    ///
    /// ```env fires
    /// My keys
    /// GEMINI_API_KEY=AIza-fake-one-000000
    /// ```
    /// ```env silent
    /// # My keys
    /// export GEMINI_API_KEY=AIza-fake-one-000000
    /// export GEMINI_API_KEY
    /// ```
    pub static UNREAD_LINE = {
        code: "PC412", name: "unread-line", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "{found}",
        why: "Hermes reads lines `NAME=value` and comments in `.env`; everything else is passed over.",
        todo: "{way}",
        fix_title: "Make it a comment",
        part line: "Hermes passes over this line: it is no `NAME=value`",
        part lines: "Hermes passes over these {count} lines: they are no `NAME=value`",
        part rest: "The key in `{name}` ends at the line break, and this is read by nothing",
        part sign: "`{name}` is not set: there is no `=` behind it",
        part name: "Hermes does not find `{name}` here: more than its name stands before the `=`",
        part write_name: "Write `{name}=` at the begin of the line, and the value behind it.",
        part comment: "Put `#` before it if it is a comment; if it is a value, write its name and `=` before it.",
        part join: "Write this behind the value of `{name}`, on the same line, if it is the rest of its key.",
        part write_sign: "Write `{name}=` and the value behind it.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let text = context.text_of(SourceKind::Dotenv);
    let unread = context.dotenv.unread.iter().map(|place| place.span);
    let mut group: Vec<Span> = Vec::new();
    for line in unread.filter(|line| !is_of_others(line.of(text))) {
        if let Some(name) = known_name(context, line.of(text)) {
            report(context, &mut group, findings);
            let place = Span::new(line.start, line.start + name.len());
            findings
                .report(&UNREAD_LINE, Place::new(SourceKind::Dotenv, place))
                .with("name", name)
                .part("found", "sign")
                .part("way", "write_sign");
            continue;
        }
        let follows = group.last().is_some_and(|last| {
            let between = Span::new(last.end, line.start).of(text);
            between.trim().is_empty() && between.matches(['\n']).count() < 2
        });
        if !follows {
            report(context, &mut group, findings);
        }
        group.push(line);
    }
    report(context, &mut group, findings);
    odd_names(context, findings);
}

/// Assignments as other programs and lists have them, `set NAME=value`, `$env:NAME="value"`, `- NAME=value`, `"NAME"="value"`: both
/// readers take all before `=` for the name. Told of are names that Hermes or the user's own config.yaml asks for, and that have
/// no value otherwise.
fn odd_names(context: &Context<'_>, findings: &mut Findings) {
    let odd = context.dotenv.load_env.iter().filter(|found| !is_name(&found.name));
    let mut odd = odd.filter_map(|found| {
        let name = found.name.trim_end_matches(['"', '\'', '`', '}', ' ', '\t']);
        let name = name.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
        let value = found.value.as_deref().map(strip)?;
        let is_exported = found.name.strip_prefix("export").is_some_and(|rest| rest.trim_start() == name);
        (is_name(name) && !is_exported && is_plain(context.facts, value)).then_some((found, name))
    });
    let Some(first) = odd.next() else { return };
    let mut wanted = known_names(context.facts);
    wanted.extend(mentioned(context).iter());
    for (found, name) in std::iter::once(first).chain(odd) {
        if wanted.contains(name) && !context.variables.contains(name) && !findings.has_at(found.name_place) {
            findings
                .report(&UNREAD_LINE, found.name_place)
                .with("name", name)
                .part("found", "name")
                .part("way", "write_name");
            if context.lacks_key_of(name) {
                findings.as_error();
            }
        }
    }
}

/// Reports a run of lines and empties it.
fn report(context: &Context<'_>, group: &mut Vec<Span>, findings: &mut Findings) {
    let text = context.text_of(SourceKind::Dotenv);
    let lines = std::mem::take(group);
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
    findings.report(&UNREAD_LINE, Place::new(SourceKind::Dotenv, first.to(*last)));
    if let Some(begun) = begun_before(context, &lines) {
        findings.with("name", begun.name.as_str()).part("found", "rest").part("way", "join");
        return;
    }
    findings
        .with("count", lines.len())
        .part("found", if lines.len() == 1 { "line" } else { "lines" })
        .part("way", "comment");
    // A line that begins with an invisible mark would not begin with the sign, and a key that has lost its name is no comment.
    let is_comment = |line: &Span| {
        let is_marked = line.of(text).starts_with(MARK)
            || text.get(..line.start).is_none_or(|before| before.ends_with(MARK));
        !is_marked && !may_be_key(context, line.of(text))
    };
    if lines.iter().all(is_comment) {
        findings.fix(SourceKind::Dotenv, lines.iter().map(|line| Edit::insert(line.start, "# ")).collect());
    }
}

/// The assignment that ends on the line before, where its value may be the beginning of a key and these lines its rest.
fn begun_before<'c>(context: &'c Context<'_>, lines: &[Span]) -> Option<&'c Assignment> {
    let text = context.text_of(SourceKind::Dotenv);
    let start = lines.first()?.start;
    let number = context.dotenv.python_dotenv.partition_point(|found| found.entry_place.span.start < start);
    let before = context.dotenv.python_dotenv.get(number.checked_sub(1)?)?;
    let is_next = matches!(Span::new(before.entry_place.span.end, start).of(text), "\n" | "\r\n");
    let value = before.value.as_deref().filter(|_| is_next && is_key_variable(&before.name))?;
    let is_rest = |line: &Span| {
        let line = line.of(text);
        !line.contains(char::is_whitespace) && may_be_key(context, line) && Service::of_key(line).is_none()
    };
    (may_be_key(context, value) && lines.iter().all(is_rest)).then_some(before)
}

/// Whether the line begins with what a key may be.
fn may_be_key(context: &Context<'_>, line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or("");
    word.bytes().any(|byte| byte.is_ascii_digit()) && is_plain(context.facts, word)
}

/// Lines that another rule speaks of, and those that a shell needs when it reads the same file.
fn is_of_others(line: &str) -> bool {
    let is_export = line.strip_prefix("export ").is_some_and(|name| is_name(name.trim()));
    let is_shell = ["set ", "unset ", "source ", ". ", "if ", "fi"].iter().any(|word| line.starts_with(word));
    is_export || is_shell || colon_line(line).is_some()
}

/// The variable of a pool that the line begins with.
fn known_name<'t>(context: &Context<'_>, line: &'t str) -> Option<&'t str> {
    let (name, _) = line.split_once(char::is_whitespace)?;
    pool_reading(context.facts, name).map(|_| name)
}

#[cfg(test)]
mod tests {
    use super::UNREAD_LINE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn lines_in_a_row_are_one_finding() {
        fires(
            &UNREAD_LINE,
            "\
--- .env
[keys]
^^^^^^ PC412
GEMINI_API_KEY=AIza-fake-one-000000
  these two
  ^^^^^^^^^ PC412
  are words

and this
^^^^^^^^ PC412
--- fixed .env
# [keys]
GEMINI_API_KEY=AIza-fake-one-000000
  # these two
  # are words

# and this
--- says
Hermes passes over these 2 lines
",
        );
    }

    /// 0.19.0 finds no key in any of these, and in `'DEEPSEEK_API_KEY'=…` it does (run).
    #[test]
    fn more_than_a_name_before_the_sign() {
        for (line, written) in [
            ("set DEEPSEEK_API_KEY=sk-fake-key-000000", "set DEEPSEEK_API_KEY"),
            ("$env:DEEPSEEK_API_KEY=\"sk-fake-key-000000\"", "$env:DEEPSEEK_API_KEY"),
            ("- DEEPSEEK_API_KEY=sk-fake-key-000000", "- DEEPSEEK_API_KEY"),
            ("\"DEEPSEEK_API_KEY\"=\"sk-fake-key-000000\"", "\"DEEPSEEK_API_KEY\""),
            ("Export DEEPSEEK_API_KEY=sk-fake-key-000000", "Export DEEPSEEK_API_KEY"),
        ] {
            let marks = "^".repeat(written.len());
            fires(
                &UNREAD_LINE,
                &format!(
                    "--- config.yaml\nmodel: {{provider: deepseek, default: m}}\n--- .env\n{line}\n{marks} PC412\n--- says\nHermes does not find `DEEPSEEK_API_KEY` here\n"
                ),
            );
        }
        for fine in [
            "export DEEPSEEK_API_KEY=sk-fake-key-000000",
            "'DEEPSEEK_API_KEY'=sk-fake-key-000000",
            "set DEEPSEEK_API_KEY=sk-fake-key-000000\nDEEPSEEK_API_KEY=sk-fake-key-000000",
            "my notes=sk-fake-key-000000",
        ] {
            silent(
                &UNREAD_LINE,
                &format!("--- config.yaml\nmodel: {{provider: deepseek, default: m}}\n--- .env\n{fine}\n"),
            );
        }
    }

    /// Both readers pass over the comment with its mark as over one without; a sign before the mark would keep it in the file.
    #[test]
    fn a_byte_order_mark_before_a_comment_does_no_harm() {
        silent(&UNREAD_LINE, "--- .env\n\u{feff}# note\r\nGEMINI_API_KEY=AIza-fake-one-000000\r\n");
        silent(&UNREAD_LINE, "--- .env\n\u{feff}  # note\nGEMINI_API_KEY=AIza-fake-one-000000\n");
        silent(&UNREAD_LINE, "--- .env\n\u{feff}\nGEMINI_API_KEY=AIza-fake-one-000000\n");
    }

    /// As a comment it would be silent, and still not be used.
    #[test]
    fn a_key_that_has_lost_its_name_is_left_to_the_user() {
        fires(
            &UNREAD_LINE,
            "\
--- .env
GEMINI_API_KEY=
AIza-fake-one-000000
^^^^^^^^^^^^^^^^^^^^ PC412
--- says
if it is a value, write its name and `=` before it
",
        );
    }

    /// Both readers end the value at the line break: the key that Hermes sends is its beginning.
    #[test]
    fn the_rest_of_a_key_belongs_to_the_line_before() {
        let rest = "\
--- .env
GEMINI_API_KEY=AIza-fake-one-000
000-and-two-1111
^^^^^^^^^^^^^^^^ PC412
--- says
ends at the line break, and this is read by nothing
Write this behind the value of `GEMINI_API_KEY`
";
        fires(&UNREAD_LINE, rest);
        fires(&UNREAD_LINE, &rest.replace("AIza-fake-one-000\n", "AIza-fake-one-000\r\n"));
        // A key of its own, words, and what stands behind no key.
        for text in [
            "GEMINI_API_KEY=AIza-fake-one-000000\nAIza-fake-two-000000\n^^^^^^^^^^^^^^^^^^^^ PC412\n",
            "GEMINI_API_KEY=AIza-fake-one-000000\nthe 2nd one\n^^^^^^^^^^^ PC412\n",
            "GEMINI_API_KEY=AIza-fake-one-000000\n\n000-and-two-1111\n^^^^^^^^^^^^^^^^ PC412\n",
            "GEMINI_API_KEY=\n000-and-two-1111\n^^^^^^^^^^^^^^^^ PC412\n",
            "MY_COLOUR=blue-fake-0\n000-and-two-1111\n^^^^^^^^^^^^^^^^ PC412\n",
        ] {
            let told = "--- says\nHermes passes over this line: it is no `NAME=value`\n";
            let fixture = format!("--- .env\n{text}{told}");
            if text.contains("the 2nd") {
                let fixed = "--- fixed .env\nGEMINI_API_KEY=AIza-fake-one-000000\n# the 2nd one\n";
                fires(&UNREAD_LINE, &format!("{fixture}{fixed}"));
            } else {
                fires(&UNREAD_LINE, &fixture);
            }
        }
    }

    #[test]
    fn a_known_name_without_the_sign() {
        fires(
            &UNREAD_LINE,
            "\
--- .env
GEMINI_API_KEY AIza-fake-one-000000
^^^^^^^^^^^^^^ PC412
--- says
`GEMINI_API_KEY` is not set: there is no `=` behind it
Write `GEMINI_API_KEY=` and the value behind it.
",
        );
    }

    #[test]
    fn assignments_comments_values_over_lines_and_colons_are_not_this_rule_s() {
        silent(
            &UNREAD_LINE,
            "\
--- .env
# My keys

set -a
export GEMINI_API_KEY=AIza-fake-one-000000
export GEMINI_API_KEY
GLM_API_KEY: fake-one-000000
MY_TEXT=\"one
two\"
EMPTY=
",
        );
    }

    #[test]
    fn then_the_heading_is_a_comment_and_the_key_is_used_as_before() {
        fires(
            &UNREAD_LINE,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
--- .env
My keys
^^^^^^^ PC412
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed .env
# My keys
GEMINI_API_KEY=AIza-fake-one-000000
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
",
        );
    }
}
