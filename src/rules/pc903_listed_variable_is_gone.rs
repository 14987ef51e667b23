//! PC903: a listing that was printed with a variable that the pasted texts do not set.

use super::variables::set_names;
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextSet;
use crate::readers::listing::ListedRow;

declare_rule! {
    /// The listing has a row of a variable that held a key when it was printed, and neither the pasted `.env` nor the
    /// pasted environment sets that variable. Either the listing is older than what was pasted, or the command ran in another
    /// shell or with another Hermes home, and what Hermes finds there is not what it finds here.
    ///
    /// That the variable held a key then shows in different ways. Up to 0.17.0 Hermes takes the row of a variable that
    /// is gone out of the pool before it lists it. From 0.19.0 on it keeps the row and lists it without an arrow, so that
    /// only a row with an arrow shows it. 0.18.2 sets the arrow at such rows too: there nothing shows it, and PC315 tells of the
    /// row.
    ///
    /// ```text fires
    /// --- .env
    /// # GOOGLE_API_KEY was here
    /// --- environment
    /// HOME=/home/me
    /// --- hermes auth list
    /// gemini (1 credentials):
    ///   #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←
    /// ```
    /// ```text silent
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-first-0000
    /// --- environment
    /// HOME=/home/me
    /// --- hermes auth list
    /// gemini (1 credentials):
    ///   #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←
    /// ```
    pub static LISTED_VARIABLE_IS_GONE = {
        code: "PC903", name: "listed-variable-is-gone", severity: Warning, since: "0.1.0",
        fix: None,
        what: "The listing has a key of `{variable}`, which is set neither in `.env` nor in the environment",
        why: "{reason} The listing is older than what you pasted, or it was printed in another shell or with another HERMES_HOME.",
        todo: "Run the command again where Hermes runs. If the key is still listed, another `.env` or another environment is read there: the second command prints which `.env` that is.",
        command: "hermes auth list {provider}\nhermes config env-path",
        part dropped: "This release takes the rows of variables that are gone out of the pool before it lists it: the variable was set then.",
        part arrow: "The arrow marks an entry with a key: the variable was set then, or an older release had left its key in the row, which is used once more.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // Where the start is not followed to its end, a vault may set variables.
    if !context.knows_all_variables() || context.verdict().is_none() {
        return;
    }
    let kept = context.facts.behaviour.unset_variables_keep_rows;
    let (set, named) = (context.variables(), set_names(context));
    // Some releases take a value of blanks for a key.
    let mut blank: TextSet = context.environ.entries.iter().map(|entry| &entry.name).collect();
    for found in &context.dotenv.python_dotenv {
        if found.value.as_ref().is_some_and(|value| !value.is_empty()) {
            blank.insert(&found.name);
        }
    }
    let stored = stored_keys(context);
    let mut told = TextSet::new();
    for row in &context.listing.rows {
        let (Some(variable), Some(provider)) = (row.variable(), row.provider.as_deref()) else { continue };
        let is_set = [&set, &named, &blank].iter().any(|names| names.contains(variable));
        if !is_set && shows_key(context, row) && !(kept && stored.contains(variable)) && told.insert(variable)
        {
            findings
                .report(&LISTED_VARIABLE_IS_GONE, row.source.place)
                .with("variable", variable)
                .with("provider", provider)
                .part("reason", if kept { "arrow" } else { "dropped" });
        }
    }
}

/// Whether a listed row of a variable held a key when it was listed.
pub(super) fn shows_key(context: &Context<'_>, row: &ListedRow) -> bool {
    let behaviour = &context.facts.behaviour;
    !behaviour.unset_variables_keep_rows || behaviour.passes_over_empty_keys && row.is_current
}

/// The variables whose rows in auth.json hold a key, which an older release left there.
fn stored_keys(context: &Context<'_>) -> TextSet {
    let mut variables = TextSet::new();
    for row in context.stored_rows() {
        if let Some(variable) = row.variable().filter(|_| !row.text("access_token").is_empty()) {
            variables.insert(variable);
        }
    }
    variables
}

#[cfg(test)]
mod tests {
    use super::LISTED_VARIABLE_IS_GONE;
    use crate::rules::testing::{fires, silent};

    const GONE: &str = "--- .env\nGOOGLE_API_KEY=\n--- no environment\n";

    #[test]
    fn an_arrow_shows_that_it_was_set() {
        let listing = "\
--- hermes auth list
gemini (2 credentials):
  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY
  #2  GEMINI_API_KEY       api_key env:GEMINI_API_KEY ←
                                   ^^^^^^^^^^^^^^^^^^ PC903
--- says
an older release had left its key
hermes config env-path
";
        fires(&LISTED_VARIABLE_IS_GONE, &["--- release 0.19.0\n", GONE, listing].concat());
    }

    /// Asked of each release: before 0.18.2 a row of a variable that is gone is never listed, and 0.18.2 sets the arrow at it.
    #[test]
    fn what_a_row_shows_depends_on_the_release() {
        let listing = "\
--- hermes auth list
gemini (1 credentials):
  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY rate-limited (429) (58m 20s left)
";
        let mark =
            "                                   ^^^^^^^^^^^^^^^^^^ PC903\n--- says\nbefore it lists it\n";
        fires(&LISTED_VARIABLE_IS_GONE, &["--- release 0.17.0\n", GONE, listing, mark].concat());
        let arrow = listing.replace("rate-limited (429) (58m 20s left)", "←");
        silent(&LISTED_VARIABLE_IS_GONE, &["--- release 0.18.2\n", GONE, &arrow].concat());
        silent(&LISTED_VARIABLE_IS_GONE, &["--- release 0.19.0\n", GONE, listing].concat());
    }

    #[test]
    fn what_is_set_or_may_be_set_is_fine() {
        let listing = "\
--- hermes auth list
gemini (1 credentials):
  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←
";
        for texts in [
            "--- .env\nA=b\n",
            "--- no environment\n",
            "--- no .env\n--- environment\nGOOGLE_API_KEY=AIza-fake-first-0000\n",
            "--- no .env\n--- environment\nGOOGLE_API_KEY=   \n",
            "--- no .env\n--- no environment\n--- config.yaml\nsecrets: {bitwarden: {enabled: true}}\n",
        ] {
            silent(&LISTED_VARIABLE_IS_GONE, &[texts, listing].concat());
        }
        let raw = r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [
  {"id": "a1", "label": "GOOGLE_API_KEY", "source": "env:GOOGLE_API_KEY", "access_token": "AIza-fake-old-0000"}]}}
"#;
        silent(&LISTED_VARIABLE_IS_GONE, &["--- release 0.19.0\n", GONE, raw, listing].concat());
    }
}
