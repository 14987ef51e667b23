//! PC608: a variable in an entry of the fallback chain, which the gateway does not put in.

use super::settings::text_in;
use super::{Context, Findings, declare_rule, provider_of_key, whole_lines};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Place, Places, Search};
use crate::diagnostic::Safety;
use crate::hermes::sites::{Site, SiteKind};
use crate::python::{lower, strip};

declare_rule! {
    /// Hermes replaces `${NAME}` in config.yaml by the variable, but not everywhere: the gateway reads the fallback chain from the file
    /// as it is written. There the text itself is sent as the key or asked as the endpoint, while the same entry works in the terminal
    /// and in scheduled jobs. `key_env` takes the name of a variable, and works in all of them.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: gemini, default: gemini-flash}
    /// fallback_providers:
    ///   - {provider: deepseek, model: deepseek-chat, api_key: "${BACKUP_KEY}"}
    /// --- .env
    /// BACKUP_KEY=sk-fake-key-000000
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini, default: gemini-flash}
    /// fallback_providers:
    ///   - {provider: deepseek, model: deepseek-chat, key_env: BACKUP_KEY}
    /// --- .env
    /// BACKUP_KEY=sk-fake-key-000000
    /// ```
    pub static REFERENCE_IN_FALLBACK = {
        code: "PC608", name: "reference-in-fallback", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "The gateway does not put the variable `{name}` in here",
        why: "It reads the fallback chain as it is written, and uses the text `{reference}` itself as {use}. The terminal and scheduled jobs put the variable in.",
        todo: "{way}",
        fix_title: "{fix}",
        part key: "the key",
        part endpoint: "the endpoint",
        part name: "the name",
        part own: "Take the line out: Hermes reads `{name}` for `{provider}` without it.",
        part key_env: "Write `key_env: {name}` instead.",
        part value: "Write the value itself.",
        part fix_own: "Delete the line",
        part fix_key_env: "Write `key_env: {name}`",
    }
}

/// What an agent reads of an entry (`try_activate_fallback`), and what it is.
const READ: [(&str, &str); 4] =
    [("provider", "name"), ("model", "name"), ("base_url", "endpoint"), ("api_key", "key")];

fn check(context: &Context<'_>, findings: &mut Findings) {
    // `_load_fallback_model` and `_try_resolve_fallback_provider` of `gateway/run.py` load the file and expand nothing.
    let put_in = context.references.iter().filter(|reference| reference.value.is_some());
    let places = Places::new(put_in.filter_map(|reference| reference.place).collect());
    for site in context.sites.all.iter().filter(|site| site.kind == SiteKind::Fallback) {
        for (key, used_as) in READ {
            let place = site.written(key).and_then(|node| node.place).filter(|place| places.contains(*place));
            let Some(place) = place else { continue };
            let written = place.span.of(context.config_text());
            let Some((_, behind)) = written.cut_at("${") else { continue };
            let Some((name, _)) = behind.split_once('}') else { continue };
            let reference = ["${", name, "}"].concat();
            findings
                .report(&REFERENCE_IN_FALLBACK, place)
                .with("name", name)
                .with("reference", reference.as_str())
                .part("use", used_as);
            // The name may be said of a whole value only.
            let is_whole = text_in(context.config_text(), place, &reference).is_some();
            if key == "api_key" && is_whole {
                name_the_variable(context, findings, site, name, place);
            } else {
                findings.part("way", "value");
            }
        }
    }
}

/// Offers to take the key out where Hermes finds it by itself, else to name its variable.
fn name_the_variable(context: &Context<'_>, findings: &mut Findings, site: &Site, name: &str, place: Place) {
    let provider =
        site.written("provider").and_then(|node| node.value.as_str()).map(|name| lower(strip(name)));
    let is_own = site.written("base_url").is_none()
        && provider.as_deref().is_some_and(|id| provider_of_key(context.facts, name, false) == Some(id));
    findings
        .with("provider", provider.unwrap_or_default())
        .part("way", if is_own { "own" } else { "key_env" });
    let entry = site.block.value.as_dict().and_then(|block| block.entry("api_key"));
    let Some(key) = entry.and_then(|entry| entry.key.place) else { return };
    let lines = whole_lines(context.config_text(), key.span.to(place.span));
    match lines.filter(|_| is_own) {
        Some(lines) => {
            findings.part("fix", "fix_own").fix(SourceKind::Config, vec![Edit::delete(lines)]);
        }
        None if is_own => {}
        None => {
            let edits = vec![Edit::replace(key.span, "key_env"), Edit::replace(place.span, name)];
            findings.part("fix", "fix_key_env").fix(SourceKind::Config, edits);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::REFERENCE_IN_FALLBACK;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_variable_of_another_name() {
        fires(
            &REFERENCE_IN_FALLBACK,
            "\
--- config.yaml
model: {provider: gemini, default: g}
fallback_providers:
  - provider: deepseek
    model: deepseek-chat
    api_key: ${BACKUP_KEY}
             ^^^^^^^^^^^^^ PC608
--- .env
GEMINI_API_KEY=AIza-fake-000000
BACKUP_KEY=sk-fake-000000
--- fixed config.yaml
model: {provider: gemini, default: g}
fallback_providers:
  - provider: deepseek
    model: deepseek-chat
    key_env: BACKUP_KEY
--- says
uses the text `${BACKUP_KEY}` itself as the key
Write `key_env: BACKUP_KEY` instead
--- then
nothing is found
",
        );
    }

    #[test]
    fn the_variable_of_the_provider() {
        fires(
            &REFERENCE_IN_FALLBACK,
            "\
--- config.yaml
model: {provider: gemini, default: g}
fallback_model:
  provider: deepseek
  model: deepseek-chat
  api_key: \"${DEEPSEEK_API_KEY}\"
           ^^^^^^^^^^^^^^^^^^^^^ PC608
--- .env
GEMINI_API_KEY=AIza-fake-000000
DEEPSEEK_API_KEY=sk-fake-000000
--- fixed config.yaml
model: {provider: gemini, default: g}
fallback_model:
  provider: deepseek
  model: deepseek-chat
--- says
Hermes reads `DEEPSEEK_API_KEY` for `deepseek` without it
--- then
nothing is found
",
        );
    }

    #[test]
    fn an_endpoint() {
        fires(
            &REFERENCE_IN_FALLBACK,
            "\
--- config.yaml
model: {provider: gemini, default: g}
fallback_providers:
  - {provider: custom, model: m, base_url: 'http://${BOX}/v1'}
                                           ^^^^^^^^^^^^^^^^^^ PC608
--- .env
GEMINI_API_KEY=AIza-fake-000000
BOX=10.0.0.2:8000
--- says
as the endpoint
Write the value itself
",
        );
    }

    /// Those that are set nowhere stay as they are everywhere: PC510.
    #[test]
    fn what_names_a_variable_and_what_is_put_in_nowhere() {
        for line in ["key_env: BACKUP_KEY", "api_key: sk-fake-000000", "api_key: ${NOT_SET}"] {
            silent(
                &REFERENCE_IN_FALLBACK,
                &format!(
                    "--- config.yaml\nmodel: {{provider: gemini, default: g}}\nfallback_providers:\n  - provider: deepseek\n    model: m\n    {line}\n--- .env\nGEMINI_API_KEY=AIza-fake-000000\nBACKUP_KEY=sk-fake-000000\n"
                ),
            );
        }
    }
}
