//! PC524: a section of config.yaml that says which provider and model to use, under a name that Hermes does not read.

use super::pc525_unread_entry::{CUTOFF as NEAR, LONGEST_NAME};
use super::pools::add_command;
use super::settings::is_misnamed;
use super::trial::replaced;
use super::variables::has_pool;
use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::diagnostic::Safety;
use crate::python::{Entry, Node, closest, lower, strip};
use crate::readers::paste::CALLED_MODEL;

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
        what: "{what}",
        why: "It reads the provider and the model under `model`. {now}",
        todo: "{way}",
        command: "{commands}",
        fix_title: "Call it `model`",
        label model: "this section is read",
        label also: "nor `{path}`",
        part section: "Hermes does not read the section `{key}`",
        part entry: "Hermes does not read `{key}`",
        part alone: "Nothing else in config.yaml names a provider.",
        part beside: "The section `model` beside it counts, and nothing of this one.",
        part rename: "Call the section `model`.",
        part merge: "Write under `model` what is meant of it, and take it out.",
        part other: "If it is meant for Hermes, write it under `model`. If another program reads it, leave it as it is.",
        part of_tasks: "It is the name of a side task: write it below `auxiliary`, and take it out of here.",
        part move_in: "Write `provider: {provider}` under `model`, and take it out of here.",
        part move_key: "Write `provider: {provider}` under `model`, and add the key to the pool; Hermes asks for it. Take both out of here.",
    }
}

/// What sections of a model hold.
const MEMBERS: [&str; 8] =
    ["provider", "model", "base_url", "api_key", "api_base", "apikey", "baseurl", "model_name"];

/// What people call a root key that holds the provider's name.
const PROVIDERS: [&str; 9] = [
    "default_provider",
    "llm_provider",
    "model_provider",
    "ai_provider",
    "provider_name",
    "inference_provider",
    "active_provider",
    "main_provider",
    "primary_provider",
];

/// What people call a root key that holds the model's name.
const MODELS: [&str; 6] =
    ["default_model", "model_name", "llm_model", "main_model", "primary_model", "ai_model"];

/// What people call the key in a provider's section.
const KEYS: [&str; 2] = ["api_key", "apikey"];

/// How a name is compared: people mix the signs between its words up.
fn plain(name: &str) -> String {
    lower(name).replace('-', "_")
}

/// Root keys that say which provider, model and key to use, where nothing else asks for a provider.
fn scattered(context: &Context<'_>, findings: &mut Findings, root: &Node) {
    if context.request.is_some() || root.get("model").is_some_and(|model| model.has("provider")) {
        return;
    }
    let unread = || {
        let keys = root.entries().into_iter().filter_map(|entry| Some((entry, entry.key.value.as_str()?)));
        keys.filter(|(_, key)| !is_known(context, key) && *key != "model")
    };
    let provider_called = |name: &str| context.pool_names.canonical(&lower(strip(name)));
    let naming = unread().find_map(|(entry, key)| {
        let named = provider_called(entry.value.value.as_str()?)?;
        PROVIDERS.contains(&plain(key).as_str()).then_some((entry, key, named))
    });
    let has_key = |entry: &Entry| {
        let mut own = entry.value.entries().into_iter();
        own.any(|own| {
            let is_key = own.key.value.as_str().is_some_and(|name| KEYS.contains(&plain(name).as_str()));
            is_key && own.value.value.as_str().is_some_and(|text| !text.is_empty())
        })
    };
    let holding = unread().find_map(|(entry, key)| {
        let named = provider_called(key)?;
        let is_it = has_key(entry) && naming.is_none_or(|(_, _, wanted)| wanted == named);
        is_it.then_some((entry, key, named))
    });
    // A section of a provider alone may be another program's, where Hermes has found a key.
    let alone = holding.filter(|_| context.winner().is_none());
    let Some((first, key, provider)) = naming.or(alone) else { return };
    let Some(place) = first.key.place.filter(|place| !findings.has_at(*place)) else { return };
    let model = unread().find_map(|(entry, key)| {
        let text = entry.value.value.as_str()?;
        MODELS.contains(&plain(key).as_str()).then_some((entry, key, text))
    });
    let mut commands = vec![["hermes config set model.provider ", provider].concat()];
    // What a shell would take apart stays out of the command.
    let is_word = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:".contains(c));
    let named = model.filter(|(_, _, name)| is_word(name));
    commands.extend(named.map(|(_, _, name)| ["hermes config set model.default ", name].concat()));
    let takes_key = holding.is_some() && has_pool(provider) && context.takes_keys(provider);
    if takes_key {
        commands.push(add_command(provider));
    }
    findings
        .report(&UNREAD_SECTION, place)
        .with("key", key)
        .with("provider", provider)
        .part("what", if naming.is_some() { "entry" } else { "section" })
        .part("now", "alone")
        .part("way", if takes_key { "move_key" } else { "move_in" })
        .commands(&commands);
    let others = [holding.map(|(entry, key, _)| (entry, key)), model.map(|(entry, key, _)| (entry, key))];
    for (entry, key) in others.into_iter().flatten() {
        if let Some(other) = entry.key.place.filter(|other| *other != place) {
            findings.label_with("also", other, vec![("path", key.into())]);
        }
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(root) = context.config_root().filter(|_| !findings.has_repair()) else { return };
    let model = root.get("model").filter(|model| model.value.is_true());
    let lent = lent_starts(root);
    for entry in root.entries() {
        // Other sections are made of what an anchor names.
        if entry.key.place.is_some_and(|place| lent.binary_search(&place.span.start).is_ok()) {
            continue;
        }
        let (Some(key), Some(place)) = (entry.key.value.as_str(), entry.key.place) else { continue };
        // Beside a section that counts, a model alone may be something else's.
        let is_one = describes_a_model(entry) || model.is_none() && names_a_model(key, entry);
        if !is_one || key == "model" || is_known(context, key) || findings.has_at(place) {
            continue;
        }
        // What is meant for another section is PC604's and PC525's.
        if is_misnamed(key) || !is_called_so(key) && is_near_a_section(context, key) {
            continue;
        }
        findings.report(&UNREAD_SECTION, place).with("key", key).part("what", "section").commands(&[]);
        let is_called_so = is_called_so(key);
        if !is_called_so {
            findings.as_note();
        } else if model.is_some_and(|model| model.has("provider")) {
            findings.as_warning();
        }
        match model {
            Some(model) => {
                let tasks = context.facts.defaults.get("auxiliary");
                let is_task = tasks.is_some_and(|tasks| tasks.has(key));
                let way = if is_task {
                    "of_tasks"
                } else if is_called_so {
                    "merge"
                } else {
                    "other"
                };
                findings.part("now", "beside").part("way", way).label("model", model.place);
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
    scattered(context, findings, root);
}

/// Whether a section is called as people call that of the model: `llm`, or `model` with a letter amiss.
fn is_called_so(key: &str) -> bool {
    /// Two letters that stand the wrong way round are as far.
    const CUTOFF: f64 = 0.8;
    let key = plain(key);
    CALLED_MODEL.contains(&key.as_str()) || key.len() < 12 && closest(&key, &["model"], CUTOFF).is_some()
}

/// Whether a key is nearly the name of another section that Hermes reads.
fn is_near_a_section(context: &Context<'_>, key: &str) -> bool {
    let roots: Vec<&str> = context.facts.root_keys.iter().filter(|root| *root != "model").collect();
    key.len() <= LONGEST_NAME && closest(key, &roots, NEAR).is_some()
}

/// Where root keys stand of which a part is used again under another one, as an anchor has it; in their order.
fn lent_starts(root: &Node) -> Vec<usize> {
    let starts: Vec<usize> =
        root.entries().iter().filter_map(|entry| Some(entry.key.place?.span.start)).collect();
    let owner = |at: usize| starts.partition_point(|start| *start <= at).checked_sub(1);
    let mut lent = Vec::new();
    for entry in root.entries() {
        let own = entry.key.place.and_then(|place| owner(place.span.start));
        let mut open = vec![&entry.value];
        while let Some(node) = open.pop() {
            // Below a part of another section all is of that one.
            match node.place.map(|place| owner(place.span.start)) {
                Some(other) if other != own => lent.extend(other.and_then(|at| starts.get(at))),
                _ => {
                    open.extend(node.items());
                    open.extend(node.entries().into_iter().map(|entry| &entry.value));
                }
            }
        }
    }
    lent.sort_unstable();
    lent
}

/// Whether Hermes has a root key of this name, or a release of it, or a plugin may: then nobody can tell that it is not read.
fn is_known(context: &Context<'_>, key: &str) -> bool {
    // What begins so is written for anchors and for other tools, and Hermes' own check takes it too.
    if key.starts_with(['_', '.']) || key.starts_with("x-") {
        return true;
    }
    context.facts.root_keys.contains(key) || super::settings::SECTIONS.contains(&key)
}

/// Whether a section names a provider or an endpoint, and a model or a key beside it.
fn describes_a_model(entry: &Entry) -> bool {
    let names = entry.value.entries();
    let has = |wanted: &[&str]| {
        names.iter().any(|own| {
            let name = own.key.value.as_str().map(plain);
            name.is_some_and(|name| wanted.contains(&name.as_str()) && own.value.value.as_str().is_some())
        })
    };
    let all = names.iter().filter(|own| {
        own.key.value.as_str().is_some_and(|name| MEMBERS.iter().any(|member| lower(name).holds(member)))
    });
    has(&["provider"]) && (names.len() == 1 || all.count() > 1)
        || has(&["base_url", "baseurl", "api_base"]) && has(&["api_key", "apikey", "model", "model_name"])
}

/// Whether a section is called as one of a model is, and names a model.
fn names_a_model(key: &str, entry: &Entry) -> bool {
    let names_one = |name: &str| entry.value.text(name).is_some_and(|text| !text.is_empty());
    ["default", "model", "model_name"].into_iter().any(names_one) && is_called_so(key)
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

    /// `_validate_config_key` of 0.19.0 suggests `model` for both.
    #[test]
    fn the_name_with_a_letter_amiss() {
        for name in ["Model", "modle"] {
            fires(
                &UNREAD_SECTION,
                &format!(
                    "--- config.yaml\n{name}:\n^^^^^ PC524\n  provider: openrouter\n  default: m\n--- .env\nOPENROUTER_API_KEY=sk-or-fake-key-000000\n\
                     --- fixed config.yaml\nmodel:\n  provider: openrouter\n  default: m\n--- then\nHermes uses OPENROUTER_API_KEY (env:OPENROUTER_API_KEY) for openrouter\nnothing is found\n"
                ),
            );
        }
    }

    #[test]
    fn a_section_that_is_nearly_another_one() {
        silent(
            &UNREAD_SECTION,
            "--- config.yaml\nmodel: {provider: openrouter, default: m}\ndelegations: {provider: gemini, model: m}\nfallback_provider: {provider: gemini, model: m}\n",
        );
        fires(
            &UNREAD_SECTION,
            "\
--- config.yaml
model: {provider: openrouter, default: m}
rag: {provider: openai, model: m}
^^^ PC524
--- says
If another program reads it, leave it as it is.
",
        );
    }

    #[test]
    fn a_section_that_names_a_model_only() {
        fires(
            &UNREAD_SECTION,
            "\
--- config.yaml
llm:
^^^ PC524
  default: x
providers:
  openrouter:
    api_key: sk-or-fake-key-000000
--- fixed config.yaml
model:
  default: x
providers:
  openrouter:
    api_key: sk-or-fake-key-000000
--- says
Call the section `model`.
",
        );
    }

    #[test]
    fn root_keys_that_name_the_provider_and_its_key() {
        fires(
            &UNREAD_SECTION,
            "\
--- config.yaml
default_provider: gemini
^^^^^^^^^^^^^^^^ PC524
default_model: gemini-3-pro
gemini:
  api_key: AIza-fake-key-000000
--- says
Hermes does not read `default_provider`
Write `provider: gemini` under `model`, and add the key to the pool
hermes config set model.provider gemini
hermes config set model.default gemini-3-pro
hermes auth add gemini --type api-key
",
        );
        fires(
            &UNREAD_SECTION,
            "\
--- config.yaml
deepseek: {api_key: sk-fake-key-000000}
^^^^^^^^ PC524
--- says
Hermes does not read the section `deepseek`
hermes config set model.provider deepseek
",
        );
        silent(
            &UNREAD_SECTION,
            "--- config.yaml\nmodel: {provider: gemini}\ndefault_provider: deepseek\ndeepseek: {api_key: sk-fake-key-000000}\n",
        );
        silent(
            &UNREAD_SECTION,
            "--- config.yaml\ngithub: {token: ghp_fake000000}\ndeepseek: {api_key: sk-fake-key-000000}\n--- .env\nOPENROUTER_API_KEY=sk-or-fake-key-000000\n",
        );
    }

    #[test]
    fn other_sections_are_fine() {
        silent(
            &UNREAD_SECTION,
            "--- config.yaml\nmodel: {provider: gemini}\nnotes: {provider: me, tags: [a]}\nweather:\n  api_key: fake-000\n  city: here\n",
        );
    }

    /// Without the section the reader of YAML finds no anchor, and Hermes ignores the file (0.19.0, run).
    #[test]
    fn a_section_that_others_are_made_of() {
        for name in ["x-local", "local_models", "llm"] {
            silent(
                &UNREAD_SECTION,
                &format!(
                    "\
--- config.yaml
model: {{provider: custom, default: m, base_url: 'http://localhost:11434/v1'}}
{name}: &local
  provider: custom
  base_url: http://localhost:11434/v1
auxiliary:
  compression:
    <<: *local
    model: small
"
                ),
            );
        }
    }
}
