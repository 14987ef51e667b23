//! PC524: a section of config.yaml that says which provider and model to use, under a name that Hermes does not read.

use super::trial::replaced;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::python::{Entry, Node, lower};
use crate::text::Search;

declare_rule! {
    /// Hermes reads the provider, the model and their endpoint under `model`, and passes root keys over that it does not know. A
    /// section `llm`, `models` or `ai`, as other tools have it, is read by nobody.
    ///
    /// ```yaml fires
    /// llm:
    ///   provider: openrouter
    ///   model: some/model
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: openrouter
    ///   model: some/model
    /// ```
    pub static UNREAD_SECTION = {
        code: "PC524", name: "unread-section", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "Hermes does not read the section `{key}`",
        why: "It reads the provider and the model under `model`. {now}",
        todo: "{way}",
        fix_title: "Call it `model`",
        label model: "this section is read",
        part alone: "Nothing else in config.yaml names a provider.",
        part beside: "The section `model` beside it counts, and nothing of this one.",
        part rename: "Call the section `model`.",
        part merge: "Write under `model` what is meant of it, and take it out.",
    }
}

/// What sections of a model hold.
const MEMBERS: [&str; 8] =
    ["provider", "model", "base_url", "api_key", "api_base", "apikey", "baseurl", "model_name"];

/// What people call such a section. Under other names a plugin may read one.
const NAMES: [&str; 14] = [
    "llm",
    "llms",
    "models",
    "ai",
    "ai_model",
    "model_config",
    "model_settings",
    "default_model",
    "main_model",
    "primary_model",
    "language_model",
    "chat_model",
    "inference",
    "provider_config",
];

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(root) = context.config_root().filter(|_| !findings.has_repair()) else { return };
    let model = root.get("model").filter(|model| model.value.is_true());
    for entry in root.entries() {
        let (Some(key), Some(place)) = (entry.key.value.as_str(), entry.key.place) else { continue };
        if key == "model" || is_known(context, key) || !describes_a_model(entry) || findings.has_at(place) {
            continue;
        }
        findings.report(&UNREAD_SECTION, place).with("key", key);
        if !NAMES.contains(&lower(key).replace('-', "_").as_str()) {
            findings.as_note();
        } else if model.is_some_and(|model| model.has("provider")) {
            findings.as_warning();
        }
        match model {
            Some(model) => {
                findings.part("now", "beside").part("way", "merge").label("model", model.place);
            }
            None => {
                findings.part("now", "alone").part("way", "rename");
                let change = vec![replaced(place, "model")];
                let named = provider_of(&entry.value);
                let asks = context
                    .verdict_after(&change)
                    .is_some_and(|after| named.is_none_or(|named| after.requested == named));
                if asks {
                    findings.change(change);
                }
            }
        }
    }
}

/// Whether Hermes has a root key of this name, or a release of it, or a plugin may: then nobody can tell that it is not read.
fn is_known(context: &Context<'_>, key: &str) -> bool {
    context.facts.root_keys.contains(key) || super::settings::SECTIONS.contains(&key)
}

/// Whether a section names a provider or an endpoint, and a model or a key beside it.
fn describes_a_model(entry: &Entry) -> bool {
    let names = entry.value.entries();
    let has = |wanted: &[&str]| {
        names.iter().any(|own| {
            let plain = own.key.value.as_str().map(|name| lower(name).replace('-', "_"));
            plain.is_some_and(|name| wanted.contains(&name.as_str()) && own.value.value.as_str().is_some())
        })
    };
    let all = names.iter().filter(|own| {
        own.key.value.as_str().is_some_and(|name| MEMBERS.iter().any(|member| lower(name).holds(member)))
    });
    has(&["provider"]) && (names.len() == 1 || all.count() > 1)
        || has(&["base_url", "baseurl", "api_base"]) && has(&["api_key", "apikey", "model", "model_name"])
}

fn provider_of(section: &Node) -> Option<String> {
    section.text("provider").map(|name| lower(name.trim()))
}

#[cfg(test)]
mod tests {
    use super::UNREAD_SECTION;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn another_tool_s_name() {
        fires(
            &UNREAD_SECTION,
            "\
--- config.yaml
llm:
^^^ PC524
  provider: openrouter
  model: some/model
--- .env
OPENROUTER_API_KEY=sk-or-fake-key-000000
--- fixed config.yaml
model:
  provider: openrouter
  model: some/model
--- says
Nothing else in config.yaml names a provider.
--- then
Hermes uses OPENROUTER_API_KEY (env:OPENROUTER_API_KEY) for openrouter
nothing is found
",
        );
    }

    #[test]
    fn beside_the_section_that_counts() {
        fires(
            &UNREAD_SECTION,
            "\
--- config.yaml
llm:
^^^ PC524
  provider: openrouter
model:
  provider: deepseek
--- says
The section `model` beside it counts
",
        );
    }

    #[test]
    fn other_sections_are_fine() {
        silent(
            &UNREAD_SECTION,
            "--- config.yaml\nmodel: {provider: gemini}\nnotes: {provider: me, tags: [a]}\nweather:\n  api_key: fake-000\n  city: here\n",
        );
    }
}
