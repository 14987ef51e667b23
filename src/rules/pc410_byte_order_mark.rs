//! PC410: a byte order mark before the first name in `.env`, which hides it from one of the readers.

use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Span};
use crate::diagnostic::Safety;

/// What the mark is within a text.
pub(super) const MARK: char = '\u{feff}';

declare_rule! {
    /// Some editors begin a file with an invisible byte order mark. One of the two readers that Hermes has for `.env`
    /// passes it over, the other takes it for a part of the first name: that variable does not reach the environment,
    /// where `${NAME}` in config.yaml and everything but the credential pools look for it.
    ///
    /// ```env fires
    /// ﻿OPENAI_BASE_URL=http://localhost:8080/v1
    /// ```
    /// ```env silent
    /// OPENAI_BASE_URL=http://localhost:8080/v1
    /// ```
    pub static BYTE_ORDER_MARK = {
        code: "PC410", name: "byte-order-mark", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "A byte order mark keeps `{name}` out of the environment",
        why: "The reader that fills Hermes' environment takes the invisible mark for a part of the name; only the reader of credential pools passes it over.",
        todo: "Save the file as UTF-8 without a byte order mark.",
        fix_title: "Take the byte order mark out",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // Hermes rewrites some files before it reads them: the mark is then gone, and no name has it.
    let marked = context.dotenv.python_dotenv.iter().find(|found| found.name.starts_with(MARK));
    let Some(found) = marked.filter(|found| found.value.is_some()) else { return };
    let span = found.name_place.span;
    let marks = found.name.len() - found.name.trim_start_matches(MARK).len();
    let mark = Span::new(span.start, span.start + marks);
    findings
        .report(&BYTE_ORDER_MARK, Place::new(SourceKind::Dotenv, span))
        .with("name", found.name.trim_start_matches(MARK))
        .replace(Place::new(SourceKind::Dotenv, mark), "");
}

#[cfg(test)]
mod tests {
    use super::BYTE_ORDER_MARK;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_first_name_is_not_in_the_environment() {
        fires(
            &BYTE_ORDER_MARK,
            "--- .env\n\u{feff}OPENROUTER_API_KEY=sk-or-fake-000000\n^^^^^^^^^^^^^^^^^^^ PC410\nA=1\n\
             --- fixed .env\nOPENROUTER_API_KEY=sk-or-fake-000000\nA=1\n\
             --- says\nA byte order mark keeps `OPENROUTER_API_KEY` out of the environment\n",
        );
    }

    /// A file that is saved with a mark again and again has several.
    #[test]
    fn all_marks_are_taken_out() {
        fires(
            &BYTE_ORDER_MARK,
            "--- .env\n\u{feff}\u{feff}A_KEY=fake-000000\n^^^^^^^ PC410\n--- fixed .env\nA_KEY=fake-000000\n",
        );
    }

    #[test]
    fn before_a_comment_or_in_a_file_that_is_rewritten_it_does_no_harm() {
        silent(&BYTE_ORDER_MARK, "--- .env\n\u{feff}# mine\nGEMINI_API_KEY=AIza-fake-one-000000\n");
        silent(&BYTE_ORDER_MARK, "--- .env\n\u{feff}GEMINI_API_KEY=AIza-fake-one-000000");
    }

    // Hermes takes NUL characters out before it reads the file.
    #[test]
    fn nul_characters_do_no_harm() {
        silent(&BYTE_ORDER_MARK, "--- .env\nGEMINI_API_KEY=AIza-fake-\0one-000000\n");
    }

    #[test]
    fn then_config_yaml_finds_the_variable() {
        fires(
            &BYTE_ORDER_MARK,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: '${LAB_URL}', api_key: '${LAB_KEY}'}
--- .env
\u{feff}LAB_URL=http://localhost:8080/v1
^^^^^^^^ PC410
LAB_KEY=sk-fake-lab-000000
--- fixed .env
LAB_URL=http://localhost:8080/v1
LAB_KEY=sk-fake-lab-000000
--- then
endpoint: http://localhost:8080/v1
nothing is found
",
        );
    }
}
