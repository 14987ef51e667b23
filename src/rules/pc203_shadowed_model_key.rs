//! PC203: a key under `model:` that Hermes never reads, because the provider is a built-in one.

use super::{Context, Findings, declare_rule, whole_lines};
use crate::diagnostic::Safety;
use crate::hermes::{Candidate, Origin, Reason};
use crate::text::{Edit, SourceKind};

declare_rule! {
    /// For a built-in provider Hermes takes the key from the credential pool and then from the provider's own
    /// variable. `model.api_key` is never read: to change it changes nothing, and an old key in the pool goes on
    /// being used. It is read for custom endpoints only.
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
        why: "For the built-in provider `{provider}` Hermes reads the credential pool and {variable}, not this value. {now}",
        todo: "{way}",
        command: "{commands}",
        fix_title: "Move the key to `.env` as {variable}",
        label winner: "this key is used instead",
        part used: "It uses `{label}` ({source}).",
        part none: "It finds no key and stops.",
        part remove_row: "Remove the old entry from the pool and add the new key; Hermes asks for it.",
        part set_variable: "Put the new key into `.env` as {variable}, and take it out of here.",
        part add: "Add the key to the pool; Hermes asks for it. Or put it into `.env` as {variable}.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(provider) = context.provider() else { return };
    let Some(variable) = context.key_variable(provider) else { return };
    for (loser, reason) in context.losers() {
        let (Origin::Config(path), Reason::NotReadForProvider(_)) = (&loser.origin, reason) else { continue };
        let Some(place) = key_place(context, path).filter(|_| path.starts_with("model.")) else { continue };
        if context.winner().is_some_and(|winner| winner.key == loser.key) {
            continue;
        }
        let row = context.winner().and_then(|winner| Some((winner, stored_row(context, winner)?)));
        let now = match context.winner() {
            Some(winner) => SHADOWED_MODEL_KEY
                .part("used")
                .with("label", winner.label.as_str())
                .with("source", winner.origin.name()),
            None => SHADOWED_MODEL_KEY.part("none"),
        };
        let (way, commands) = match (row, context.winner()) {
            (Some((_, index)), _) => (
                "remove_row",
                format!("hermes auth remove {provider} {index}\nhermes auth add {provider} --type api-key"),
            ),
            (None, Some(_)) => ("set_variable", String::new()),
            (None, None) => ("add", format!("hermes auth add {provider} --type api-key")),
        };
        let mut finding = findings
            .report(&SHADOWED_MODEL_KEY, place)
            .with("path", path.as_str())
            .with("provider", provider)
            .with("variable", variable)
            .with("now", now)
            .with("way", SHADOWED_MODEL_KEY.part(way).with("variable", variable))
            .with("commands", commands.as_str());
        if commands.is_empty() {
            finding = finding.without_command();
        }
        if let Some(place) = context.winner().and_then(|winner| winner.place) {
            finding = finding.label("winner", place);
        }
        match moved_to_dotenv(context, loser, path, variable) {
            Some(edits) if context.winner().is_none() => finding.fix_all(edits),
            _ => finding.done(),
        }
    }
}

/// The key of the value at `path` in the user's config.
fn key_place(context: &Context<'_>, path: &str) -> Option<crate::text::Place> {
    let (parent, name) = path.rsplit_once('.')?;
    let parent: Vec<&str> = parent.split('.').collect();
    context.config_at(&parent)?.value.as_dict()?.entry(name)?.key.place
}

/// The pool's number of a winner that stands in auth.json itself, and not in the environment.
fn stored_row(context: &Context<'_>, winner: &Candidate) -> Option<usize> {
    let stored = winner.place.is_some_and(|place| place.source == SourceKind::AuthStore);
    context.pool_index(winner).filter(|_| stored)
}

fn moved_to_dotenv(
    context: &Context<'_>,
    loser: &Candidate,
    path: &str,
    variable: &str,
) -> Option<Vec<(SourceKind, Vec<Edit>)>> {
    let dotenv = context.world.dotenv.text()?;
    let (parent, name) = path.rsplit_once('.')?;
    let parent: Vec<&str> = parent.split('.').collect();
    let entry = context.config_at(&parent)?.value.as_dict()?.entry(name)?;
    let lines = whole_lines(context.config_text(), entry.place?.span)?;
    let set = context.dotenv.load_env.iter().any(|assignment| assignment.name == variable);
    let value = loser.place?.span.of(context.config_text());
    if set || value.contains(['"', '\'', '$', '\n']) {
        return None;
    }
    let gap = if dotenv.is_empty() || dotenv.ends_with('\n') { "" } else { "\n" };
    Some(vec![
        (SourceKind::Config, vec![Edit::delete(lines)]),
        (SourceKind::DotEnv, vec![Edit::insert(dotenv.len(), format!("{gap}{variable}={value}\n"))]),
    ])
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
It finds no key and stops.
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
Put the new key into `.env` as XIAOMI_API_KEY
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
}
