//! PC904: a listing that lacks a key of the pasted `.env`.

use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;

declare_rule! {
    /// `.env` sets a key of a provider, and the listing shows that provider's pool without it. Hermes makes a row of
    /// each of these keys when it loads the pool, also to list it. So the listing is older than the key, or it was printed by a
    /// Hermes that reads another `.env` (another user, a service, a container, a profile), or `hermes auth remove` has
    /// suppressed the variable, which auth.json shows.
    ///
    /// ```text fires
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-first-0000
    /// --- hermes auth list
    /// gemini (1 credentials):
    ///   #1  aistudio-1           api_key manual ←
    /// ```
    /// ```text silent
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-first-0000
    /// --- hermes auth list
    /// gemini (2 credentials):
    ///   #1  aistudio-1           api_key manual ←
    ///   #2  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY
    /// ```
    pub static KEY_NOT_IN_LISTING = {
        code: "PC904", name: "key-not-in-listing", severity: Warning, since: "0.1.0",
        fix: None,
        what: "The listing of `{provider}` has no row of `{variable}`, which `.env` sets",
        why: "Hermes lists each key that it finds in `.env`. {reason}",
        todo: "Run the commands again as the user, and with the HERMES_HOME, of the Hermes that you ask about: the second prints which `.env` is read. {way}",
        command: "hermes auth list {provider}\nhermes config env-path",
        label pool: "this pool lacks it",
        part store: "The listing is older than this key, or was printed by a Hermes with another `.env`.",
        part no_store: "The listing is older than this key, or was printed by a Hermes with another `.env`; or `hermes auth remove` has suppressed the variable, which auth.json would show.",
        part look: "If it is the pasted one and the row is still missing, paste auth.json as it is now.",
        part add: "If it is the pasted one and the row is still missing, `hermes auth add {provider} --type api-key` takes a key and lifts the suppression.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.verdict().is_none() {
        return;
    }
    let has_store = context.world.given.auth_store.is_given();
    for (provider, seeded) in context.listed.iter() {
        let is_listed = |source: &str| {
            let mut rows = context.listing.rows.iter();
            rows.any(|row| row.provider.as_deref() == Some(provider) && row.source.text == source)
        };
        let heading = context.listing.pools.iter().find(|pool| pool.provider.text == provider);
        for row in seeded {
            let (Some(variable), Some(place)) = (row.source().strip_prefix("env:"), row.key_place) else {
                continue;
            };
            if place.source == SourceKind::Dotenv && !is_listed(row.source()) {
                findings
                    .report(&KEY_NOT_IN_LISTING, place)
                    .with("variable", variable)
                    .with("provider", provider)
                    .part("reason", if has_store { "store" } else { "no_store" })
                    .part("way", if has_store { "look" } else { "add" })
                    .label("pool", heading.map(|pool| pool.provider.place));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::KEY_NOT_IN_LISTING;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_key_that_came_later() {
        fires(
            &KEY_NOT_IN_LISTING,
            "\
--- config.yaml
model: {provider: deepseek}
--- .env
GOOGLE_API_KEY=AIza-fake-first-0000
GEMINI_API_KEY=AIza-fake-second-000
               ^^^^^^^^^^^^^^^^^^^^ PC904
DEEPSEEK_API_KEY=sk-fake-000000000000
--- hermes auth list
gemini (1 credentials):
  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←
--- says
no row of `GEMINI_API_KEY`
which auth.json would show
hermes auth list gemini
",
        );
    }

    const STORE: &str = r#"--- auth.json
{"version": 1, "providers": {}, "suppressed_sources": {}, "credential_pool": {}}
"#;

    #[test]
    fn auth_json_shows_whether_it_is_suppressed() {
        let texts = "\
--- .env
GOOGLE_API_KEY=AIza-fake-first-0000
               ^^^^^^^^^^^^^^^^^^^^ PC904
--- hermes auth list
gemini (1 credentials):
  #1  GEMINI_API_KEY       api_key env:GEMINI_API_KEY ←
--- says
another `.env`.
paste auth.json as it is now
";
        fires(&KEY_NOT_IN_LISTING, &[STORE, texts].concat());
        let suppressed =
            STORE.replace("s\": {}, \"cred", "s\": {\"gemini\": [\"env:GOOGLE_API_KEY\"]}, \"cred");
        silent(
            &KEY_NOT_IN_LISTING,
            &(suppressed + &texts.replace("               ^^^^^^^^^^^^^^^^^^^^ PC904\n", "")),
        );
    }

    #[test]
    fn what_is_not_listed_wholly_or_is_no_key_of_this_pool_is_fine() {
        for (dotenv, listing) in [
            // Another provider was asked for.
            (
                "GOOGLE_API_KEY=AIza-fake-first-0000",
                "xai (1 credentials):\n  #1  mine                 api_key manual ←\n",
            ),
            // A part of the listing.
            (
                "GOOGLE_API_KEY=AIza-fake-first-0000",
                "gemini (2 credentials):\n  #1  mine                 api_key manual ←\n",
            ),
            ("GOOGLE_API_KEY=AIza-fake-first-0000", "  #1  mine                 api_key manual ←\n"),
            (
                "GOOGLE_API_KEY=\nGEMINI_API_KEY_B=x-fake-0000",
                "gemini (1 credentials):\n  #1  mine                 api_key manual ←\n",
            ),
            // The listing before and the one after the key.
            (
                "GOOGLE_API_KEY=AIza-fake-first-0000",
                "gemini (1 credentials):\n  #1  mine                 api_key manual ←\n\ngemini (2 credentials):\n  #1  mine                 api_key manual ←\n  #2  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY\n",
            ),
        ] {
            let fixture = format!("--- .env\n{dotenv}\n--- hermes auth list\n{listing}");
            silent(&KEY_NOT_IN_LISTING, &fixture);
        }
    }
}
