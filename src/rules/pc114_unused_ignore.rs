//! PC114: a comment that is there to silence a finding and silences none.

use super::silence::known_code;
use super::{Context, Findings, declare_rule};
use crate::base::text::{Edit, Place, Span};
use crate::diagnostic::Safety;
use crate::readers::ignores::Ignore;

declare_rule! {
    /// A comment `# poolcheck: ignore[PC203] reason` silences the findings of that code on its line; on a line of its own
    /// those of the next line that is no comment. One that silences nothing would hide the next such finding on this line.
    /// It is also told when it names a code that there is not, or is written in another way.
    ///
    /// Of a rule that looks at more than one text it is reported only where everything that Hermes reads is known and parses.
    ///
    /// ```yaml fires
    /// # poolcheck: ignore[PC107] both are meant
    /// model:
    ///   provider: gemini
    /// ```
    /// ```yaml silent
    /// # poolcheck: ignore[PC107] both are meant
    /// model:
    ///   provider: openrouter
    /// model:
    ///   provider: gemini
    /// ```
    pub static UNUSED_IGNORE = {
        code: "PC114", name: "unused-ignore", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "{problem}",
        why: "{reason}",
        todo: "{way}.",
        fix_title: "{way}",
        part unused: "This comment silences nothing: `{code}` is not found on the line that it is meant for",
        part unknown: "This comment silences nothing: there is no rule `{code}`",
        part spelling: "This comment silences nothing: it is not written as poolcheck reads it",
        part no_code: "This comment silences nothing: it names no code",
        part hides: "It would hide such a finding as soon as there is one.",
        part form: "poolcheck reads `# poolcheck: ignore[CODE] reason`, at the end of the line or on the line above it, with several codes between the brackets separated by commas. It has to name what it silences, so that it hides nothing else.",
        part delete: "Delete the comment",
        part write: "Write `{form}`",
        part name_it: "Name the code of the finding that is meant",
    }
}

/// Reports what the comments are worth. It runs last: it reads what the other rules found.
fn check(context: &Context<'_>, findings: &mut Findings) {
    let is_judged = context.judges_all_rules();
    let found = std::mem::take(&mut findings.silenced.by_comment);
    for (ignore, found) in context.ignores.iter().zip(found) {
        report(context, findings, ignore, &found, is_judged);
    }
}

fn report(
    context: &Context<'_>,
    findings: &mut Findings,
    ignore: &Ignore,
    found: &[&'static str],
    is_judged: bool,
) {
    let text = context.text_of(ignore.source);
    let mut kept: Vec<&'static str> = Vec::new();
    let mut unneeded: Option<Span> = None;
    let mut unknown: Option<Span> = None;
    for &written in &ignore.codes {
        let Some(code) = known_code(written.of(text)) else {
            unknown = unknown.or(Some(written));
            continue;
        };
        let is_needed = found.contains(&code) || !(is_judged || judges_itself(context, code));
        if is_needed && !kept.contains(&code) {
            kept.push(code);
        } else {
            unneeded = unneeded.or(Some(written));
        }
    }
    if ignore.codes.is_empty() {
        kept.extend(found);
    }
    let odd = unknown.or(unneeded);
    if ignore.is_exact && odd.is_none() {
        return;
    }
    let (problem, reason) = match (unknown, unneeded) {
        _ if ignore.codes.is_empty() => ("no_code", "form"),
        _ if !ignore.is_exact && !kept.is_empty() => ("spelling", "form"),
        (Some(_), _) => ("unknown", "hides"),
        _ => ("unused", "hides"),
    };
    let span = odd.filter(|_| ignore.is_exact && !kept.is_empty()).unwrap_or(ignore.comment);
    findings.report(&UNUSED_IGNORE, Place::new(ignore.source, span));
    // A text of any length may stand where a code should.
    let code = odd.map(|code| code.of(text)).filter(|code| code.len() < 20);
    findings.with("code", code.unwrap_or("…")).part("problem", problem).part("reason", reason);
    if kept.is_empty() {
        if ignore.codes.is_empty() && !is_judged {
            findings.part("way", "name_it");
        } else {
            findings.part("way", "delete").fix(ignore.source, vec![Edit::delete(ignore.entry)]);
        }
        return;
    }
    let form = ["# poolcheck: ignore[", &kept.join(", "), "]"].concat();
    let reason = ignore.reason.of(text).trim();
    let gap = if reason.is_empty() { "" } else { " " };
    let comment = [form.as_str(), gap, reason].concat();
    findings
        .with("form", form)
        .part("way", "write")
        .fix(ignore.source, vec![Edit::replace(ignore.comment, comment)]);
}

/// Whether the rule needs nothing but a config.yaml that parses to know that it finds nothing.
fn judges_itself(context: &Context<'_>, code: &str) -> bool {
    code.starts_with("PC1") && context.config_error().is_none()
}

#[cfg(test)]
mod tests {
    use super::UNUSED_IGNORE;
    use crate::rules::testing::{fires, silent};

    const HOME: &str = "--- no .env\n--- no auth.json\n--- no environment\n";

    fn fires_at_home(fixture: &str) {
        fires(&UNUSED_IGNORE, &[HOME, fixture].concat());
    }

    #[test]
    fn a_comment_that_silences_nothing_goes_with_its_line() {
        fires_at_home(
            "\
--- config.yaml
model:
  provider: gemini
  # poolcheck: ignore[PC203] kept for later
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC114
  default: m  # poolcheck: ignore[PC107]
              ^^^^^^^^^^^^^^^^^^^^^^^^^^ PC114
# poolcheck: ignore[PC203]
^^^^^^^^^^^^^^^^^^^^^^^^^^ PC114
--- environment
GOOGLE_API_KEY=AIza-fake-key-000000
--- fixed config.yaml
model:
  provider: gemini
  default: m
--- says
`PC203` is not found
Delete the comment
--- then
nothing is found
",
        );
    }

    #[test]
    fn of_several_codes_those_stay_that_are_found() {
        fires_at_home(
            "\
--- config.yaml
model:
  provider: deepseek
  # poolcheck: ignore[PC107, PC203, PC203] kept for later
                      ^^^^^ PC114
  api_key: sk-fake-0000000000
  base_url: https://api.deepseek.com/v1
--- fixed config.yaml
model:
  provider: deepseek
  # poolcheck: ignore[PC203] kept for later
  api_key: sk-fake-0000000000
  base_url: https://api.deepseek.com/v1
--- then
nothing is found
",
        );
    }

    #[test]
    fn a_code_that_there_is_not() {
        fires(
            &UNUSED_IGNORE,
            "\
--- config.yaml
model: m  # note  # poolcheck: ignore[E501]
                  ^^^^^^^^^^^^^^^^^^^^^^^^^ PC114
--- fixed config.yaml
model: m  # note
--- says
there is no rule `E501`
",
        );
    }

    #[test]
    fn another_spelling_is_made_right() {
        for spelling in [
            "# poolcheck:ignore PC107 both are meant",
            "# Poolcheck: ignore[pc107]  both are meant",
            "# poolcheck: ignore both are meant",
        ] {
            let marks = "^".repeat(spelling.len());
            let rest = "model:\n  provider: openrouter\nmodel:\n  provider: gemini\n";
            fires(
                &UNUSED_IGNORE,
                &format!(
                    "--- config.yaml\n{spelling}\n{marks} PC114\n{rest}--- fixed config.yaml\n\
                     # poolcheck: ignore[PC107] both are meant\n{rest}--- says\nWrite `# poolcheck: ignore[PC107]`\n\
                     --- then\nnothing is found\n"
                ),
            );
        }
    }

    #[test]
    fn comments_of_env_files_and_commands() {
        fires_at_home(
            "\
--- config.yaml
model: {provider: gemini}
--- .env
# poolcheck: ignore[PC401]
^^^^^^^^^^^^^^^^^^^^^^^^^^ PC114
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed .env
GEMINI_API_KEY=AIza-fake-one-000000
--- commands
hermes # poolcheck: ignore[PC000]
       ^^^^^^^^^^^^^^^^^^^^^^^^^^ PC114
--- fixed commands
hermes
",
        );
    }

    #[test]
    fn what_is_silenced() {
        for comments in
            ["# poolcheck: ignore[PC107] both are meant\nmodel:\n", "model:  # poolcheck: ignore[PC107]\n"]
        {
            let report = silent(
                &UNUSED_IGNORE,
                &format!("--- config.yaml\n{comments}  provider: openrouter\nmodel:\n  provider: gemini\n"),
            );
            assert!(report.findings.is_empty(), "{:?}", report.findings);
            let silenced: Vec<_> = report.silenced.iter().map(|of| (of.code.as_str(), of.count)).collect();
            assert_eq!(silenced, [("PC107", 1)]);
        }
    }

    #[test]
    fn what_cannot_be_judged() {
        // The environment is not known.
        let comment = "# poolcheck: ignore[PC203]\nmodel: {provider: gemini}\n";
        silent(&UNUSED_IGNORE, &format!("--- no .env\n--- no auth.json\n--- config.yaml\n{comment}"));
        // Nothing of the file is read.
        silent(
            &UNUSED_IGNORE,
            &format!("{HOME}--- config.yaml\n{comment}# poolcheck: ignore[PC107]\nb: c: d\n"),
        );
        let broken = "--- auth.json\n{\n--- config.yaml\n";
        silent(&UNUSED_IGNORE, &format!("{HOME}{broken}{comment}"));
        // It is content.
        silent(&UNUSED_IGNORE, &format!("{HOME}--- .env\nA=\"\n# poolcheck: ignore[PC401]\n\"\n"));
    }
}
