//! PC310: a pool that holds the same key twice.

use super::calls::place;
use super::variables::is_plain;
use super::{Context, Findings, declare_rule};
use crate::base::collections::{TextMap, joined};
use crate::base::text::Place;
use crate::hermes::pool::PooledCredential;
use crate::python::lower;

declare_rule! {
    /// Two entries of a pool hold the same key: a row added by hand repeats another one or a variable, or two
    /// variables of one provider have the same value. Rotation then goes from the key to itself: when it is limited
    /// or refused, the next entry fails in the same way. 0.21.4 marks both when one fails.
    ///
    /// ```env fires
    /// GOOGLE_API_KEY=AIza-fake-first-0000
    /// GEMINI_API_KEY=AIza-fake-first-0000
    /// ```
    /// ```env silent
    /// GOOGLE_API_KEY=AIza-fake-first-0000
    /// GEMINI_API_KEY=AIza-fake-second-000
    /// ```
    pub static SAME_KEY_TWICE = {
        code: "PC310", name: "same-key-twice", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{reason}",
        todo: "{way}",
        command: "hermes auth remove {pool} {index}",
        label first: "the same key",
        part stored: "The pool `{pool}` has the same key twice: `{second}` and `{first}`",
        part added: "These commands add the same key twice to the pool `{pool}`",
        part once: "Add each key once.",
        part next: "Rotation goes from an entry to the next one. Where both hold one key, a limit or a refusal of the first meets the second too.",
        part together: "A limit or a refusal of a key meets all entries that hold it, and this release marks them together: the second one is no spare.",
        part row: "Remove `{second}` from the pool, or put another key in.",
        part variable: "Set only one of the two variables, or give them different keys.",
    }
}

/// An entry of a pool: what it is called, whether it was added by hand, its key, and where that is written.
struct Held<'a> {
    label: &'a str,
    source: &'a str,
    key: &'a str,
    place: Option<Place>,
    /// The number that `hermes auth remove` takes, where it is known.
    index: Option<usize>,
}

impl Held<'_> {
    fn is_manual(&self) -> bool {
        lower(self.source).starts_with("manual")
    }

    fn is_of_config(&self) -> bool {
        self.source.starts_with("config:") || self.source == "model_config"
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    added(context, findings);
    let loaded = context.verdict().and_then(|verdict| verdict.pool.as_ref());
    if let Some(pool) = loaded {
        compare(context, &pool.provider, &held(&pool.entries, true), findings);
    }
    for (provider, seeded) in context.listed.iter() {
        if loaded.is_none_or(|loaded| loaded.provider != provider) {
            compare(context, provider, &held(seeded, false), findings);
        }
    }
    for pool in &context.stored_pools() {
        if loaded.is_some_and(|loaded| loaded.provider == pool.name) {
            continue;
        }
        let mut rows = Vec::new();
        for row in &pool.entries() {
            if row.is_manual() {
                rows.push(Held {
                    label: row.text("label"),
                    source: "manual",
                    key: row.text("access_token"),
                    place: row.field_place("access_token"),
                    index: None,
                });
            }
        }
        compare(context, pool.name, &rows, findings);
    }
}

/// Tells of keys that pasted commands add more than once. That a row holds the key of a command says nothing: the command made it.
fn added(context: &Context<'_>, findings: &mut Findings) {
    let mut first_of: TextMap<Place> = TextMap::new();
    for call in context.calls.iter().filter(|call| call.path() == "auth add" && call.is_whole()) {
        let (Some((name, _)), Some((key, word))) = (call.provider(), call.value("--api-key")) else {
            continue;
        };
        if !is_plain(context.facts, key) {
            continue;
        }
        let pool = context.pool_names.provider(name).unwrap_or_else(|| lower(name));
        let (both, place) = (joined(&[&pool, key]), place(word.span));
        let Some(first) = first_of.get(&both).copied() else {
            first_of.insert(&both, place);
            continue;
        };
        findings
            .report(&SAME_KEY_TWICE, place)
            .with("pool", pool)
            .part("what", "added")
            .part("reason", reason(context))
            .part("way", "once")
            .label("first", Some(first))
            .without_command()
            .as_note();
    }
}

/// What is compared of the entries of a pool; those of a pool that is loaded have their numbers.
fn held(entries: &[PooledCredential], are_all: bool) -> Vec<Held<'_>> {
    let mut all = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        all.push(Held {
            label: entry.field("label").as_str().unwrap_or(""),
            source: entry.source(),
            key: entry.field("access_token").as_str().unwrap_or(""),
            place: entry.key_place,
            index: are_all.then_some(at + 1),
        });
    }
    all
}

/// What two entries with one key come to.
fn reason(context: &Context<'_>) -> &'static str {
    if context.facts.behaviour.marks_only_whom_it_is_told { "together" } else { "next" }
}

fn compare(context: &Context<'_>, pool: &str, entries: &[Held<'_>], findings: &mut Findings) {
    if pool == "nous" {
        return;
    }
    let mut seen: TextMap<usize> = TextMap::new();
    for (at, entry) in entries.iter().enumerate() {
        if entry.key.is_empty() || entry.place.is_none() {
            continue;
        }
        let Some(known) = seen.get(entry.key).and_then(|first| entries.get(*first)) else {
            seen.insert(entry.key, at);
            continue;
        };
        // Hermes itself makes two entries of one: of an endpoint's key, and of a GitHub token (`gh_cli` beside
        // `env:GH_TOKEN`: `_seed_from_singletons` and `_seed_from_env` of `agent/credential_pool.py`).
        if known.is_of_config() && entry.is_of_config() || known.place == entry.place {
            continue;
        }
        let (kept, extra) =
            if known.is_manual() && !entry.is_manual() { (entry, known) } else { (known, entry) };
        let Some(place) = extra.place else { continue };
        findings
            .report(&SAME_KEY_TWICE, place)
            .with("pool", pool)
            .with("first", kept.label)
            .with("second", extra.label)
            .part("what", "stored")
            .part("reason", reason(context))
            .part("way", if extra.is_manual() { "row" } else { "variable" })
            .label("first", kept.place);
        match extra.index.filter(|_| extra.is_manual()) {
            Some(index) => findings.with("index", index),
            None => findings.without_command(),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::SAME_KEY_TWICE;
    use crate::report::SeverityName;
    use crate::rules::testing::{fires, silent};

    /// `add_entry` of `agent/credential_pool.py` compares no keys.
    #[test]
    fn commands_that_add_one_key_twice() {
        let report = fires(
            &SAME_KEY_TWICE,
            "
--- commands
hermes auth add nvidia --type api-key --api-key nvapi-fake-one-0000 --label A
hermes auth add nvidia --type api-key --api-key nvapi-fake-two-0000 --label B
hermes auth add nvidia --type api-key --api-key nvapi-fake-one-0000 --label C
                                                ^^^^^^^^^^^^^^^^^^^ PC310
--- says
add the same key twice to the pool `nvidia`
",
        );
        assert!(report.findings.iter().all(|finding| finding.severity == SeverityName::Info));
        silent(
            &SAME_KEY_TWICE,
            "
--- commands
hermes auth add nvidia --api-key YOUR_KEY
hermes auth add nvidia --api-key YOUR_KEY
hermes auth add gemini --api-key AIza-fake-one-000000
hermes auth add deepseek --api-key AIza-fake-one-000000
",
        );
    }

    #[test]
    fn two_rows_and_a_row_that_repeats_the_variable() {
        fires(
            &SAME_KEY_TWICE,
            r#"--- config.yaml
model: {provider: gemini}
--- .env
GOOGLE_API_KEY=AIza-fake-first-0000
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "gemini": [
    {"id": "a", "label": "one", "priority": 0, "source": "manual", "access_token": "AIza-fake-first-0000"}],
                                                                                   ^^^^^^^^^^^^^^^^^^^^^^ PC310
  "deepseek": [
    {"id": "b", "label": "two", "priority": 0, "source": "manual", "access_token": "sk-fake-second-000"},
    {"id": "c", "label": "three", "priority": 1, "source": "manual", "access_token": "sk-fake-second-000"}]}}
                                                                                     ^^^^^^^^^^^^^^^^^^^^ PC310
--- says
`one` and `GOOGLE_API_KEY`
hermes auth remove gemini 1
`three` and `two`
"#,
        );
    }

    #[test]
    fn two_variables_of_one_value() {
        fires(
            &SAME_KEY_TWICE,
            "\
--- config.yaml
model: {provider: gemini}
--- .env
GOOGLE_API_KEY=AIza-fake-first-0000
GEMINI_API_KEY=AIza-fake-first-0000
               ^^^^^^^^^^^^^^^^^^^^ PC310
--- says
Set only one of the two variables
",
        );
    }

    /// The rows come from the listing, their keys from `.env`; of rows that are only listed no key is known.
    #[test]
    fn two_listed_variables_of_one_value() {
        let texts = "\
--- config.yaml
model: {provider: gemini}
--- .env
GOOGLE_API_KEY=AIza-fake-first-0000
GEMINI_API_KEY=AIza-fake-first-0000
               ^^^^^^^^^^^^^^^^^^^^ PC310
--- hermes auth list
gemini (4 credentials):
  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←
  #2  aistudio-2           api_key manual
  #3  aistudio-3           api_key manual
  #4  GEMINI_API_KEY       api_key env:GEMINI_API_KEY
";
        fires(&SAME_KEY_TWICE, texts);
        // Another provider's pool is looked at where it is listed.
        fires(&SAME_KEY_TWICE, &texts.replace("provider: gemini", "provider: deepseek"));
    }

    #[test]
    fn one_key_in_two_pools_and_borrowed_rows_are_fine() {
        silent(
            &SAME_KEY_TWICE,
            r#"--- config.yaml
model: {provider: acme, base_url: 'https://acme.example/v1', api_key: sk-fake-acme-0000}
custom_providers:
  - {name: acme, base_url: 'https://acme.example/v1', api_key: sk-fake-acme-0000}
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {
  "deepseek": [{"id": "b", "label": "two", "source": "manual", "access_token": "sk-fake-second-000"}],
  "custom:acme": [],
  "xai": [{"id": "c", "label": "two", "source": "manual", "access_token": "sk-fake-second-000"},
          {"id": "d", "label": "XAI_API_KEY", "source": "env:XAI_API_KEY"}]}}
"#,
        );
    }

    /// What the real program makes of it stands beside the world in tests/valid/providers.txt.
    #[test]
    fn a_github_token_is_set_once_though_it_makes_two_entries() {
        for name in ["GH_TOKEN", "COPILOT_GITHUB_TOKEN", "GITHUB_TOKEN"] {
            silent(
                &SAME_KEY_TWICE,
                &format!(
                    "--- config.yaml\nmodel: {{provider: copilot, default: gpt-4.1}}\n--- .env\n{name}=gho_fake0000000000\n"
                ),
            );
        }
    }

    /// Read, not run: `mark_exhausted_and_rotate` of 0.21.4 marks all rows of the key, issues #70401 and #79156.
    #[test]
    fn a_newer_release_marks_both() {
        fires(
            &SAME_KEY_TWICE,
            "\
--- release 0.21.4
--- config.yaml
model: {provider: gemini}
--- .env
GOOGLE_API_KEY=AIza-fake-first-0000
GEMINI_API_KEY_2=AIza-fake-first-0000
                 ^^^^^^^^^^^^^^^^^^^^ PC310
--- says
marks them together
",
        );
    }
}
