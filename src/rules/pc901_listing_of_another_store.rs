//! PC901: a pasted `hermes auth list` that cannot come from the pasted auth.json.

use super::{Context, Findings, declare_rule};
use crate::base::collections::TextSet;

declare_rule! {
    /// The listing names a manual entry that the pasted auth.json does not have. Manual entries stand nowhere
    /// else, so the two do not belong together: the command ran with another Hermes home (another user, a service,
    /// a container, a profile), or one of the two is older.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"gemini": []}}
    /// --- hermes auth list
    /// gemini (1 credentials):
    ///   #1  aistudio-1           api_key manual ←
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"gemini": [
    ///   {"id": "a1", "label": "aistudio-1", "auth_type": "api_key", "priority": 0, "source": "manual",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta", "access_token": "AIza-fake-key-000000"}]}}
    /// --- hermes auth list
    /// gemini (1 credentials):
    ///   #1  aistudio-1           api_key manual ←
    /// ```
    pub static LISTING_OF_ANOTHER_STORE = {
        code: "PC901", name: "listing-of-another-store", severity: Warning, since: "0.1.0",
        fix: None,
        what: "The pasted auth.json has no entry `{label}` of `{provider}`",
        why: "`hermes auth list` prints manual entries from auth.json and from nowhere else: this listing was made of another auth.json.{profile}",
        todo: "Run the command as the user, and with the HERMES_HOME, of the Hermes that you ask about, and paste both again.",
        command: "hermes auth list {provider}",
        part profile: " Where it is of a profile: one without entries of `{provider}` uses those of the auth.json in `~/.hermes`, and copies them at the first error.",
        part same: "",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.auth_root().is_none() {
        return;
    }
    let (mut filled, mut stored, mut unnamed) = (TextSet::new(), TextSet::new(), TextSet::new());
    for pool in context.stored_pools() {
        for row in pool.rows() {
            filled.insert(pool.name);
            match row.text("label") {
                Some(label) => stored.insert(&label_of(pool.name, label)),
                None => unnamed.insert(pool.name),
            };
        }
    }
    for row in &context.listing.rows {
        let label = row.label.text.as_str();
        let Some(provider) = row.provider.as_deref() else { continue };
        if row.source.text != "manual" || label.is_empty() || unnamed.contains(provider) {
            continue;
        }
        if !stored.contains(&label_of(provider, label)) {
            findings
                .report(&LISTING_OF_ANOTHER_STORE, row.label.place)
                .with("label", label)
                .with("provider", provider)
                .part("profile", if filled.contains(provider) { "same" } else { "profile" });
        }
    }
}

/// The label of an entry and its pool, to be compared: without white space, which a wrapped row has where a label has none.
pub(super) fn label_of(pool: &str, label: &str) -> String {
    let words: Vec<&str> = [pool, "\n"].into_iter().chain(label.split_whitespace()).collect();
    words.concat()
}

#[cfg(test)]
mod tests {
    use super::LISTING_OF_ANOTHER_STORE;
    use crate::rules::testing::{fires, silent};

    const STORE: &str = r#"
--- auth.json
{"version": 1, "credential_pool": {"gemini": [
  {"id": "a1", "label": "aistudio-1", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://generativelanguage.googleapis.com/v1beta", "access_token": "AIza-fake-key-000000"}]}}
"#;

    #[test]
    fn an_entry_that_the_store_does_not_have() {
        let listing = "
--- hermes auth list
gemini (3 credentials):
  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←
  #2  aistudio-1           api_key manual
  #3  aistudio-9           api_key manual
      ^^^^^^^^^^ PC901
--- says
no entry `aistudio-9` of `gemini`
";
        fires(&LISTING_OF_ANOTHER_STORE, &format!("{STORE}{listing}"));
    }

    #[test]
    fn a_label_that_was_wrapped_is_the_same() {
        let listing =
            "--- hermes auth list\ngemini (1 credentials):\n  #1  aistu\ndio-1       api_key manual ←\n";
        silent(&LISTING_OF_ANOTHER_STORE, &format!("{STORE}{listing}"));
    }

    #[test]
    fn rows_of_the_store_and_of_variables_are_fine_and_no_store_is_no_claim() {
        let listing = "
--- hermes auth list
gemini (2 credentials):
  #1  aistudio-1           api_key manual ←
  #2  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY
";
        silent(&LISTING_OF_ANOTHER_STORE, &format!("{STORE}{listing}"));
        silent(&LISTING_OF_ANOTHER_STORE, &listing.replace("aistudio-1", "aistudio-9"));
    }

    /// `hermes -p coder auth list` of 0.19.0 and 0.13.0 lists what `~/.hermes/auth.json` has; an error of it is stored in the
    /// profile's own auth.json, with the whole entry.
    #[test]
    fn a_profile_that_has_no_entries_of_its_own() {
        fires(
            &LISTING_OF_ANOTHER_STORE,
            r#"--- auth.json
{"version": 1, "providers": {}, "credential_pool": {}}
--- hermes auth list
gemini (1 credentials):
  #1  of-root              api_key manual ←
      ^^^^^^^ PC901
--- says
Where it is of a profile
"#,
        );
    }

    /// Read, not run: PR #104910 prints ids and priorities too.
    #[test]
    fn a_listing_of_a_newer_release() {
        fires(
            &LISTING_OF_ANOTHER_STORE,
            r#"--- release 0.21.4
--- config.yaml
model: {provider: gemini}
--- auth.json
{"version": 1, "credential_pool": {"gemini": []}}
--- hermes auth list
gemini (1 credentials):
  #1  aistudio-1           api_key id=a1b2c3 priority=0 manual ←
      ^^^^^^^^^^ PC901
"#,
        );
    }
}
