//! PC315: a row of a variable that is set nowhere.

use super::pc903_listed_variable_is_gone::shows_key;
use super::{Context, Findings, declare_rule};

declare_rule! {
    /// From 0.18.2 on Hermes keeps a row for each variable that held a key once, and leaves it in the pool when the variable
    /// is gone. Such a row is listed, without an arrow, and never selected. It does no harm. 0.18.2 alone selects it all the
    /// same, in its turn, and then has no key. Where an older release left the key itself in it, that key is used once
    /// more before Hermes takes it out.
    ///
    /// ```text fires
    /// --- .env
    /// # GOOGLE_API_KEY was here
    /// --- environment
    /// HOME=/home/me
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"id": "a1", "label": "GOOGLE_API_KEY", "auth_type": "api_key", "source": "env:GOOGLE_API_KEY"}]}}
    /// ```
    /// ```text silent
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-first-0000
    /// --- environment
    /// HOME=/home/me
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"id": "a1", "label": "GOOGLE_API_KEY", "auth_type": "api_key", "source": "env:GOOGLE_API_KEY"}]}}
    /// ```
    pub static GHOST_ROW = {
        code: "PC315", name: "ghost-row", severity: Info, since: "0.1.0",
        fix: None,
        what: "Row {row} of the pool `{pool}` is for `{variable}`, which is set neither in `.env` nor in the environment",
        why: "Hermes keeps the row of a variable that is gone. {fate}",
        todo: "Set `{variable}` again if you want its key in the pool; else the row may be taken out of auth.json.",
        part empty: "It is listed without `←` and never selected; it does no harm.",
        part counted: "It is listed without `←` and never selected. But it counts as an entry: a single key beside it waits as long after an error as if there were two.",
        part selected: "This release selects it all the same, in its turn, and then has no key.",
        part raw: "This one still holds a key, which Hermes uses once more and then takes out.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    if !context.facts.behaviour.unset_variables_keep_rows || !context.knows_all_variables() {
        return;
    }
    let variables = context.variables();
    let behaviour = &context.facts.behaviour;
    let empty = match behaviour.passes_over_empty_keys {
        true if behaviour.sole_keys_cool_briefly => "counted",
        true => "empty",
        false => "selected",
    };
    for row in &context.stored_rows() {
        let (Some(variable), Some(place)) = (row.variable(), row.field_place("source")) else { continue };
        if !row.pool.starts_with("custom:") && !variables.contains(variable) {
            findings
                .report_row(&GHOST_ROW, row, place)
                .with("variable", variable)
                .part("fate", if row.text("access_token").is_empty() { empty } else { "raw" });
        }
    }
    // A listing stands in for an auth.json that was not pasted.
    if context.world.given.auth_store.is_given() || context.verdict().is_none() {
        return;
    }
    for row in &context.listing.rows {
        let (Some(variable), Some(pool)) = (row.variable(), row.provider.as_deref()) else { continue };
        if !variables.contains(variable) && !shows_key(context, row) {
            findings
                .report(&GHOST_ROW, row.source.place)
                .with("row", usize::try_from(row.index).unwrap_or(1))
                .with("pool", pool)
                .with("variable", variable)
                .part("fate", empty);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::GHOST_ROW;
    use crate::rules::testing::{fires, silent};

    const STORE: &str = r#"
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [
  {"label": "GOOGLE_API_KEY", "source": "env:GOOGLE_API_KEY"}]}}
"#;

    #[test]
    fn a_variable_that_is_gone() {
        fires(
            &GHOST_ROW,
            r#"--- .env
GOOGLE_API_KEY=
--- no environment
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [
  {"label": "GOOGLE_API_KEY", "source": "env:GOOGLE_API_KEY"},
                                        ^^^^^^^^^^^^^^^^^^^^ PC315
  {"label": "GEMINI_API_KEY", "source": "env:GEMINI_API_KEY", "access_token": "AIza-fake-first-0000"}]}}
                                        ^^^^^^^^^^^^^^^^^^^^ PC315
--- says
never selected
still holds a key
"#,
        );
    }

    /// Asked of the releases: 0.18.2 sets the arrow at such a row, later ones never do.
    #[test]
    fn a_listed_row_without_auth_json() {
        let listing = "\
--- no .env
--- no environment
--- hermes auth list
gemini (2 credentials):
  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEYARROW
                                   ^^^^^^^^^^^^^^^^^^ PC315
  #2  aistudio-2           api_key manual
--- says
";
        let of = |release: &str, arrow: &str, says: &str| {
            format!("--- release {release}\n{}{says}\n", listing.replace("ARROW", arrow))
        };
        fires(&GHOST_ROW, &of("0.19.0", "", "never selected"));
        fires(&GHOST_ROW, &of("0.18.2", " ←", "selects it all the same"));
        let unmarked = listing.replace("                                   ^^^^^^^^^^^^^^^^^^ PC315\n", "");
        silent(&GHOST_ROW, &format!("--- release 0.19.0\n{}", unmarked.replace("ARROW", " ←")));
        silent(&GHOST_ROW, &format!("--- release 0.17.0\n{}", unmarked.replace("ARROW", " ←")));
    }

    #[test]
    fn a_variable_that_may_be_set_where_we_do_not_look() {
        silent(&GHOST_ROW, &format!("--- .env\nA=b\n{STORE}"));
        silent(
            &GHOST_ROW,
            &format!("--- no .env\n--- environment\nGOOGLE_API_KEY=AIza-fake-first-0000\n{STORE}"),
        );
    }

    /// Asked of each release: before 0.18.2 loading the pool takes the row out, and 0.18.2 selects it without a key.
    #[test]
    fn what_becomes_of_the_row_depends_on_the_release() {
        let row = "\
--- no .env
--- environment
HOME=/home/me
--- auth.json
{\"credential_pool\": {\"gemini\": [{\"source\": \"env:GOOGLE_API_KEY\"}]}}
";
        silent(&GHOST_ROW, &["--- release 0.17.0\n", row].concat());
        let mark = "                                           ^^^^^^^^^^^^^^^^^^^^ PC315\n--- says\n";
        fires(&GHOST_ROW, &["--- release 0.18.2\n", row, mark, "selects it all the same\n"].concat());
        fires(&GHOST_ROW, &["--- release 0.19.0\n", row, mark, "never selected\n"].concat());
    }
}
