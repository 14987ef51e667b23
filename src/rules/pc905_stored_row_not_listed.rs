//! PC905: a pasted auth.json with a row that the pasted listing lacks.

use super::pc901_listing_of_another_store::label_of;
use super::{Context, Findings, declare_rule};
use crate::base::collections::{TextMap, TextSet};

declare_rule! {
    /// auth.json has an entry that was added by hand, and the listing shows that entry's pool without it. Hermes lists all
    /// entries of a pool, those in cooldown too. So the two do not belong together: the command ran with another Hermes home
    /// (another user, a service, a container, a profile), or one of the two is older.
    ///
    /// ```text fires
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "AIza-fake-1-000000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"},
    ///   {"id": "a2", "label": "two", "auth_type": "api_key", "priority": 1, "source": "manual", "access_token": "AIza-fake-2-000000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// --- hermes auth list
    /// gemini (1 credentials):
    ///   #1  one                  api_key manual ←
    /// ```
    /// ```text silent
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "AIza-fake-1-000000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// --- hermes auth list
    /// gemini (1 credentials):
    ///   #1  one                  api_key manual ←
    /// ```
    pub static STORED_ROW_NOT_LISTED = {
        code: "PC905", name: "stored-row-not-listed", severity: Warning, since: "0.1.0",
        fix: None,
        what: "The listing of `{provider}` lacks the entry `{label}` of the pasted auth.json",
        why: "`hermes auth list` prints every entry of a pool: this listing was made of another auth.json, or before or after this one.",
        todo: "Run the command as the user, and with the HERMES_HOME, of the Hermes that you ask about, and paste both again.",
        command: "hermes auth list {provider}",
        label pool: "this pool lacks it",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut listed = TextSet::new();
    for row in &context.listing.rows {
        listed.insert(&label_of(row.provider.as_deref().unwrap_or(""), &row.label.text));
    }
    let mut headings = TextMap::new();
    for pool in &context.listing.pools {
        headings.insert(&pool.provider.text, pool.provider.place);
    }
    for row in &context.stored_rows() {
        let label = row.text("label");
        // One that is dead is taken out a day later.
        let may_be_gone = row.text("last_status") == "dead" || label.trim().is_empty();
        if !row.is_manual() || may_be_gone || !context.listed.contains_key(row.pool) {
            continue;
        }
        let is_listed = listed.contains(&label_of(row.pool, label));
        if let Some(place) = row.field_place("label").filter(|_| !is_listed) {
            findings
                .report(&STORED_ROW_NOT_LISTED, place)
                .with("label", label)
                .with("provider", row.pool)
                .label("pool", headings.get(row.pool).copied());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::STORED_ROW_NOT_LISTED;
    use crate::rules::testing::{fires, silent};

    const STORE: &str = r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [
  {"id": "a1", "label": "one key", "priority": 0, "source": "manual", "access_token": "AIza-fake-1-000000"},
                       MARK
  {"id": "a2", "label": "dead", "priority": 1, "source": "manual", "access_token": "AIza-fake-2-000000", "last_status": "dead"},
  {"id": "a3", "label": "GOOGLE_API_KEY", "priority": 2, "source": "env:GOOGLE_API_KEY"}]}}
"#;

    #[test]
    fn a_row_that_the_listing_lacks() {
        let listing = "\
--- hermes auth list
gemini (1 credentials):
  #1  GEMINI_API_KEY       api_key env:GEMINI_API_KEY ←
--- says
lacks the entry `one key`
";
        let marked = STORE.replace("                       MARK", "                        ^^^^^^^^^ PC905");
        fires(&STORED_ROW_NOT_LISTED, &[&marked, listing].concat());
    }

    #[test]
    fn a_row_that_is_there_and_a_listing_of_a_part_are_fine() {
        let store = STORE.replace("                       MARK\n", "");
        for listing in [
            "gemini (1 credentials):\n  #1  one\nkey              api_key manual ←\n",
            "gemini (3 credentials):\n  #1  GEMINI_API_KEY       api_key env:GEMINI_API_KEY ←\n",
            "xai (1 credentials):\n  #1  GEMINI_API_KEY       api_key env:GEMINI_API_KEY ←\n",
        ] {
            silent(&STORED_ROW_NOT_LISTED, &format!("{store}--- hermes auth list\n{listing}"));
        }
    }
}
