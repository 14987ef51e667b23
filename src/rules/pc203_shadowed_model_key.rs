//! PC203: a key under `model:` that Hermes never reads, because the provider is a built-in one.

use super::context::config_place;
use super::pools::add_command;
use super::trial::{inserted, replaced};
use super::variables::has_pool;
use super::{Context, Findings, declare_rule, is_placeholder, whole_lines};
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Span};
use crate::diagnostic::Safety;
use crate::hermes::config::EnvReference;
use crate::hermes::{Candidate, Origin};
use crate::python::Entry;
use crate::readers::listing::ListedRow;
use crate::secret::is_key_variable;

declare_rule! {
    /// For a built-in provider Hermes takes the key from the credential pool and then from the provider's own
    /// variable. `model.api_key` is never read: to change it changes nothing, and the key of the pool goes on
    /// being used. It is read for custom endpoints only. OpenRouter is no other.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: deepseek
    ///   api_key: sk-fake-new-000000
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: custom
    ///   base_url: http://localhost:8080/v1
    ///   api_key: sk-fake-new-000000
    /// ```
    pub static SHADOWED_MODEL_KEY = {
        code: "PC203", name: "shadowed-model-key", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "`{path}` is never used",
        why: "For the built-in provider `{provider}` Hermes reads {sources}, not this value. {now}",
        todo: "{way}",
        command: "{commands}",
        fix_title: "Move the key to `.env` as {variable}",
        label winner: "this key is used instead",
        part pool: "the credential pool and {variable}",
        part variable: "{variable}",
        part used: "It uses `{label}` ({source}).",
        part none: "It finds no key.",
        part remove_row: "Keep the one that you mean. Is it `{label}`, take `{path}` out. Is it this key, remove `{label}` from the pool and add this one with the commands below; Hermes asks for it.",
        part set_variable: "Keep the one that you mean. Is it the one of {source}, take `{path}` out. Is it this key, put it into `.env` as {variable}, and take it out of here.",
        part add: "Add the key to the pool; Hermes asks for it. Or put it into `.env` as {variable}.",
        part put: "Put it into `.env` as {variable}.",
        part custom: "If it is a key for the endpoint in `model.base_url`, write `provider: custom`. Else take it out of here.",
        part drop: "Take it out of here: it has no effect.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(provider) = context.provider() else { return };
    let Some(variable) = context.pool_variable(provider) else { return };
    for (loser, path) in &context.unread_keys() {
        let Some(name) = path.strip_prefix("model.") else { continue };
        let Some(entry) = model_entry(context, name) else { continue };
        if stands_for_variable_of(context, provider, loser) {
            continue;
        }
        let Some(place) = entry.key.place.filter(|_| !context.uses_key_of(loser)) else { continue };
        let winner = context.winner();
        let row = winner.and_then(|winner| stored_row(context, winner));
        let add = add_command(provider);
        let asks_pool =
            has_pool(provider) && context.verdict().is_some_and(|verdict| verdict.pool_passed_over.is_none());
        let is_enough = winner.is_some() || asks_pool && context.adding_helps(provider);
        // Before 0.15.2 Hermes comes to OpenRouter by other names of `custom` too, and asks no pool then.
        let asks_pool = asks_pool && (is_enough || provider != "openrouter");
        let helps = || context.world.given.dotenv.is_given().then(|| context.setting_helps(variable, None));
        let (way, commands) = match (row, winner) {
            _ if is_of_endpoint(context, loser) => ("custom", Vec::new()),
            (Some(index), _) => {
                ("remove_row", vec![["hermes auth remove ", provider, " ", &index].concat(), add])
            }
            (None, Some(_)) => ("set_variable", Vec::new()),
            (None, None) if is_enough => ("add", vec![add]),
            (None, None) if helps() == Some(false) => ("drop", Vec::new()),
            (None, None) => ("put", Vec::new()),
        };
        findings
            .report(&SHADOWED_MODEL_KEY, place)
            .with("path", *path)
            .with("provider", provider)
            .with("variable", variable)
            .with("label", winner.map_or("", |winner| winner.label.as_str()))
            .with("source", winner.map(|winner| winner.origin.name()).unwrap_or_default())
            .part("now", if winner.is_some() { "used" } else { "none" })
            .part("sources", if asks_pool { "pool" } else { "variable" })
            .part("way", way)
            .commands(&commands)
            .label("winner", context.winner_place());
        if winner.is_none()
            && !["custom", "drop"].contains(&way)
            && let Some((lines, end, line)) = moved_to_dotenv(context, loser, entry, variable)
        {
            findings.replace(lines, "").replace(end, &line);
        }
    }
}

/// Whether Hermes sends `key` to the endpoint in `model.base_url` once that is asked for as `custom`.
fn is_of_endpoint(context: &Context<'_>, key: &Candidate) -> bool {
    let change = || {
        let model = context.model_block().filter(|model| model.dict.has("base_url"))?;
        let change = match model.dict.entry("provider") {
            Some(entry) => replaced(entry.value.place?, "custom"),
            None => inserted(context.config_text(), model.node, "provider", "custom")?,
        };
        context.verdict_after(&vec![change])
    };
    context.provider() == Some("openrouter")
        && change().and_then(|after| after.winner).is_some_and(|winner| winner.key == key.key)
}

/// Whether the key is a reference to a variable that the provider reads itself, and that may be set where nothing was pasted
/// from: then it is the key that is used.
fn stands_for_variable_of(context: &Context<'_>, provider: &str, key: &Candidate) -> bool {
    let own = context.facts.providers.get(provider).map_or(&[][..], |row| &row.api_key_env_vars);
    let is_own = |reference: &EnvReference| {
        let is_read = own.contains(&reference.name)
            || provider == "openrouter"
                && ["OPENROUTER_API_KEY", "OPENAI_API_KEY"].contains(&&*reference.name);
        reference.value.is_none() && reference.place == key.place && is_read
    };
    context.winner().is_none() && !context.knows_all_variables() && context.references.iter().any(is_own)
}

/// The entry `name` of `model` in config.yaml.
fn model_entry<'c>(context: &'c Context<'_>, name: &str) -> Option<&'c Entry> {
    context.config_at(&["model"])?.value.as_dict()?.entry(name)
}

/// The number of the winner's row in auth.json, which `hermes auth remove` takes. A listing shows such rows too, with their numbers
/// and with where their keys are from.
fn stored_row(context: &Context<'_>, winner: &Candidate) -> Option<String> {
    let place = winner.place.or(winner.entry_place)?;
    if place.source == SourceKind::AuthStore {
        return context.pool_index(winner).map(|index| index.to_string());
    }
    let is_own = matches!(&winner.origin, Origin::Pool { source, .. } if source.starts_with("manual"));
    let is_it = |row: &&ListedRow| row.place.source == place.source && row.place.span.contains(place.span);
    context.listing.rows.iter().find(is_it).filter(|_| is_own).map(|row| row.index.to_string())
}

/// Takes the key out of config.yaml and sets the provider's variable to it in `.env`: the lines of the key, and
/// what to write at which end. Not where the variable is set already, or where the value would need quotes.
fn moved_to_dotenv(
    context: &Context<'_>,
    loser: &Candidate,
    entry: &Entry,
    variable: &str,
) -> Option<(Place, Place, String)> {
    let dotenv = context.world.given.dotenv.text()?;
    let lines = whole_lines(context.config_text(), entry.place?.span)?;
    let set = context.dotenv.load_env.iter().any(|assignment| assignment.name == variable);
    let value = loser.place?.span.of(context.config_text());
    // The name of a variable and a placeholder are no keys there either.
    let is_no_key =
        context.variables.contains(value) || is_placeholder(context.facts, value) || is_key_variable(value);
    if set || is_no_key || value.contains(['"', '\'', '$', '\n']) {
        return None;
    }
    let gap = if dotenv.is_empty() || dotenv.ends_with('\n') { "" } else { "\n" };
    let end = Place::new(SourceKind::Dotenv, Span::at(dotenv.len()));
    Some((config_place(lines), end, [gap, variable, "=", value, "\n"].concat()))
}

#[cfg(test)]
mod tests {
    use super::SHADOWED_MODEL_KEY;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn an_old_row_wins_and_the_way_out_is_named() {
        fires(
            &SHADOWED_MODEL_KEY,
            r#"
--- config.yaml
model:
  provider: xiaomi
  api_key: sk-fake-new-000000
  ^^^^^^^ PC203
--- no .env
--- auth.json
{"version": 1, "credential_pool": {"xiaomi": [
  {"id": "a1", "label": "api-key-1", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://api.xiaomimimo.com/v1", "access_token": "sk-fake-old-000000"}]}}
--- says
It uses `api-key-1` (manual).
hermes auth remove xiaomi 1
"#,
        );
    }

    /// In `.env` it would be the key that is sent.
    #[test]
    fn the_name_of_a_variable_and_a_placeholder_are_not_moved() {
        for value in ["GEMINI_API_KEY", "your-key-here"] {
            fires(
                &SHADOWED_MODEL_KEY,
                &format!(
                    "--- config.yaml\nmodel:\n  provider: gemini\n  api_key: {value}\n  ^^^^^^^ PC203\n--- .env\nTERMINAL_ENV=local\n"
                ),
            );
        }
    }

    #[test]
    fn a_listing_shows_the_old_row() {
        fires(
            &SHADOWED_MODEL_KEY,
            "\
--- config.yaml
model:
  provider: xiaomi
  api_key: sk-fake-new-000000
  ^^^^^^^ PC203
--- hermes auth list
xiaomi (2 credentials):
  #1  OTHER                api_key env:OTHER
  #2  old                  api_key manual ←
--- says
It uses `old` (manual).
Is it this key, remove `old` from the pool and add this one
Is it `old`, take `model.api_key` out.
hermes auth remove xiaomi 2
",
        );
    }

    #[test]
    fn without_any_key_it_can_move_to_dotenv() {
        fires(
            &SHADOWED_MODEL_KEY,
            "\
--- config.yaml
model:
  provider: deepseek
  api_key: sk-fake-new-000000 # new
  ^^^^^^^ PC203
--- .env
TERMINAL_ENV=local
--- fixed config.yaml
model:
  provider: deepseek
--- fixed .env
TERMINAL_ENV=local
DEEPSEEK_API_KEY=sk-fake-new-000000
--- says
It finds no key.
--- then
Hermes uses DEEPSEEK_API_KEY (env:DEEPSEEK_API_KEY) for deepseek
nothing is found
",
        );
    }

    #[test]
    fn the_variable_wins() {
        fires(
            &SHADOWED_MODEL_KEY,
            "\
--- config.yaml
model: {provider: xiaomi, api_key: sk-fake-new-000000}
                          ^^^^^^^ PC203
--- .env
XIAOMI_API_KEY=sk-fake-old-000000
--- says
Is it this key, put it into `.env` as XIAOMI_API_KEY
",
        );
    }

    #[test]
    fn custom_endpoints_read_it_and_equal_keys_do_no_harm() {
        silent(
            &SHADOWED_MODEL_KEY,
            "--- config.yaml\nmodel: {provider: custom, base_url: 'https://host.example/v1', api_key: sk-fake-new-000000}\n",
        );
        silent(
            &SHADOWED_MODEL_KEY,
            "--- config.yaml\nmodel: {provider: xiaomi, api_key: sk-fake-new-000000}\n--- .env\nXIAOMI_API_KEY=sk-fake-new-000000\n",
        );
    }

    /// Asked of each release: `_resolve_openrouter_runtime` takes the variables for OpenRouter's own host, and the pool before them.
    #[test]
    fn openrouter_does_not_read_it_either() {
        fires(
            &SHADOWED_MODEL_KEY,
            "\
--- config.yaml
model:
  provider: openrouter
  default: a/b
  api_key: sk-or-fake-new-000000
  ^^^^^^^ PC203
--- .env
OPENROUTER_API_KEY=sk-or-fake-old-000000
--- no auth.json
--- says
Hermes reads the credential pool and OPENROUTER_API_KEY, not this value.
Is it this key, put it into `.env` as OPENROUTER_API_KEY
",
        );
        fires(
            &SHADOWED_MODEL_KEY,
            "\
--- release 0.13.0
--- config.yaml
model:
  base_url: https://gateway.example/v1
  default: m
  api_key: sk-fake-new-000000
  ^^^^^^^ PC203
--- .env
OPENROUTER_API_KEY=sk-or-fake-old-000000
--- no auth.json
--- says
If it is a key for the endpoint in `model.base_url`, write `provider: custom`.
",
        );
        fires(
            &SHADOWED_MODEL_KEY,
            "\
--- config.yaml
model:
  provider: or
  default: a/b
  api_key: sk-or-fake-new-000000
  ^^^^^^^ PC203
--- .env
TERMINAL_ENV=local
--- no auth.json
--- fixed config.yaml
model:
  provider: or
  default: a/b
--- fixed .env
TERMINAL_ENV=local
OPENROUTER_API_KEY=sk-or-fake-new-000000
--- says
Hermes reads OPENROUTER_API_KEY, not this value.
--- then
Hermes uses OPENROUTER_API_KEY (env:OPENROUTER_API_KEY) for openrouter
",
        );
    }

    /// The recorded world 101-81, by 0.13.0: a key that is added to the pool is not sent.
    #[test]
    fn another_name_of_custom_that_comes_to_openrouter() {
        let report = fires(
            &SHADOWED_MODEL_KEY,
            "\
--- release 0.13.0
--- config.yaml
model: {provider: vllm, default: m, api_key: sk-fake-new-000000}
                                    ^^^^^^^ PC203
--- no .env
--- no auth.json
--- says
Hermes reads OPENROUTER_API_KEY, not this value.
",
        );
        assert!(report.findings.iter().all(|finding| finding.command.is_none()));
    }

    #[test]
    fn a_reference_to_the_provider_s_own_variable_is_the_key_that_it_reads() {
        let config = "--- config.yaml\nmodel: {provider: gemini, api_key: '${GEMINI_API_KEY}'}\n";
        silent(&SHADOWED_MODEL_KEY, config);
        silent(&SHADOWED_MODEL_KEY, &format!("{config}--- .env\nGEMINI_API_KEY=AIza-fake-one-000000\n"));
        fires(
            &SHADOWED_MODEL_KEY,
            "\
--- config.yaml
model: {provider: gemini, api_key: '${MY_KEY}'}
                          ^^^^^^^ PC203
",
        );
    }
}
