//! PC532: an endpoint or a key of a side task, of subagents, of a fallback or of a slot of Mixture of Agents that no request goes
//! to or is sent with, and a slot that is left out.

use super::{Context, Findings, declare_rule, is_placeholder};
use crate::hermes::sites::{LeftOut, OWN_REFERENCES, Site, SiteKind, SlotKind};
use crate::hermes::urls::base_url_hostname;
use crate::python::{Node, strip};

declare_rule! {
    /// What a side task does with its settings goes by which of them there are. `base_url` alone is not used: the task goes on
    /// with the main model. `base_url` and `api_key` together are an endpoint of their own, whatever `provider` says. With
    /// a provider alone, a custom provider brings its own key, and for pictures (`auxiliary.vision`) the key of the task is
    /// not handed on. Some providers, as `openrouter`, have an endpoint that nothing here replaces.
    ///
    /// A slot of Mixture of Agents (`moa.presets.NAME.aggregator` and `reference_models`) is a provider and a model: endpoint and
    /// key are those of the provider, and others beside it are not read. Without a provider or a model, with the provider
    /// `moa`, or as a text (`openrouter/some-model`), Hermes goes on as if the slot was not written. In place of such an aggregator it
    /// takes one of its own, and references of its own where a preset has no other. Slots directly
    /// below `moa` count only where there are no presets, and Hermes brings one.
    ///
    /// ```yaml fires
    /// model: {provider: custom, default: m, base_url: 'https://main.example/v1', api_key: sk-fake-main-0001}
    /// auxiliary:
    ///   vision:
    ///     base_url: https://pictures.example/v1
    ///     model: sees-all
    /// ```
    /// ```yaml silent
    /// model: {provider: custom, default: m, base_url: 'https://main.example/v1', api_key: sk-fake-main-0001}
    /// auxiliary:
    ///   vision:
    ///     base_url: https://pictures.example/v1
    ///     api_key: sk-fake-pictures-0001
    ///     model: sees-all
    /// ```
    pub static SITE_SETTING_NOT_USED = {
        code: "PC532", name: "site-setting-not-used", severity: Warning, since: "0.1.0",
        fix: None,
        what: "`{path}.{name}` is not used",
        why: "{reason}",
        todo: "{way}",
        part inherits: "Without a provider or a key beside it the task goes on as if nothing was written here: with the main model.",
        part elsewhere: "Requests go to {endpoint}: this is the endpoint of `{provider}`, which nothing here replaces.",
        part other_key: "Requests go to {endpoint} with another key.",
        part unread: "Hermes {release} does not read `{name}` here.",
        part slot: "A slot is a provider and a model: endpoint and key are those of the provider.",
        part incomplete: "A slot needs both `provider` and `model`: Hermes goes on as if this one was not written.{instead}",
        part replaced: "A slot needs both `provider` and `model`: Hermes takes an aggregator of its own in place of this one, of `openrouter`.",
        part text: "A slot is a mapping with `provider` and `model`: Hermes goes on as if this one was not written.{instead}",
        part text_replaced: "A slot is a mapping with `provider` and `model`: Hermes takes an aggregator of its own in place of this one, of `openrouter`.",
        part own_references: " No other reference of this preset is left, and Hermes asks its own: {references}.",
        part none: "",
        part mapping: "Write a mapping here, with the provider as `provider` and its model as `model`.",
        part nested: "A preset cannot be part of a preset: Hermes goes on as if this slot was not written.{instead}",
        part beside: "Where there are presets the slots directly below `moa` are not read, and Hermes brings the preset `default`.",
        part entry: "Write the endpoint and its key into an entry of `custom_providers` (`name`, `base_url`, `api_key`), and its name as `provider` here.",
        part complete: "Write both `provider` and `model` here.",
        part plain: "Write a provider and one of its models here.",
        part move: "Move it into a preset: below `moa.presets.default`.",
        part pair: "Write both `base_url` and `api_key`: together they are used as they are written.",
        part custom: "For an endpoint of your own write `provider: custom` beside `base_url`, and its `api_key`.",
        part own: "Put the key where Hermes reads it for this provider, or take it away here.",
        part drop: "Take one of both away: the endpoint, or the provider.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for site in &context.sites.all {
        if let SiteKind::Slot(kind) = site.kind {
            slot(context, findings, site, kind);
            continue;
        }
        // PC535 speaks of the endpoint of a job, which has no key beside it.
        if site.kind == SiteKind::Job {
            continue;
        }
        if let Some(node) = site.written("base_url") {
            endpoint(findings, site, node);
        }
        let named =
            ["api_key", "key_env", "api_key_env"].into_iter().find(|name| site.written(name).is_some());
        if let Some(name) = named {
            key(context, findings, site, name);
        }
    }
}

fn slot(context: &Context<'_>, findings: &mut Findings, site: &Site, kind: SlotKind) {
    let written =
        |names: &[&'static str]| names.iter().find_map(|name| Some((*name, site.written(name)?.place?)));
    let is_aggregator = kind == SlotKind::Aggregator;
    let Some(left_out) = site.left_out else {
        for names in [&["base_url"][..], &["api_key", "key_env", "api_key_env"]] {
            if let Some((name, place)) = written(names) {
                findings
                    .report(&SITE_SETTING_NOT_USED, place)
                    .with("path", site.path.as_str())
                    .with("name", name)
                    .part("reason", "slot")
                    .part("way", "entry");
            }
        }
        return;
    };
    let (reason, way) = match left_out {
        LeftOut::Incomplete if is_aggregator => ("replaced", "complete"),
        LeftOut::Incomplete => ("incomplete", "complete"),
        LeftOut::NoMapping if is_aggregator => ("text_replaced", "mapping"),
        LeftOut::NoMapping => ("text", "mapping"),
        LeftOut::Nested => ("nested", "plain"),
        LeftOut::BesidePresets => ("beside", "move"),
    };
    let names = ["provider", "model", "base_url", "api_key", "key_env", "api_key_env"];
    // What is no mapping is told as a whole.
    let (path, name, place) = match (written(&names), site.path.rsplit_once('.'), site.block.place) {
        (Some((name, place)), ..) => (site.path.as_str(), name, place),
        (None, Some((path, name)), Some(place)) => (path, name, place),
        _ => return,
    };
    let own = OWN_REFERENCES.map(|(provider, model)| format!("{model} (`{provider}`)")).join(", ");
    let is_last = !is_aggregator && has_no_reference(context, site);
    findings
        .report(&SITE_SETTING_NOT_USED, place)
        .with("path", path)
        .with("name", name)
        .with("references", own)
        .part("instead", if is_last { "own_references" } else { "none" })
        .part("reason", reason)
        .part("way", way);
}

/// Whether all references of the preset that `site` is one of are left out.
fn has_no_reference(context: &Context<'_>, site: &Site) -> bool {
    let Some((preset, _)) = site.path.rsplit_once('.') else { return false };
    let is_asked = |other: &Site| {
        other.kind == SiteKind::Slot(SlotKind::Reference)
            && other.left_out.is_none()
            && other.path.rsplit_once('.').is_some_and(|(own, _)| own == preset)
    };
    !context.sites.all.iter().any(is_asked)
}

fn endpoint(findings: &mut Findings, site: &Site, node: &Node) {
    let (Some(place), Some(written)) = (node.place, node.value.as_str()) else { return };
    let path = site.path.as_str();
    if site.inherits {
        findings
            .report(&SITE_SETTING_NOT_USED, place)
            .with("path", path)
            .with("name", "base_url")
            .part("reason", "inherits")
            .part("way", "pair");
        return;
    }
    let Ok(Some(route)) = &site.outcome else { return };
    let hosts = [written, &route.base_url].map(|url| base_url_hostname(strip(url)).unwrap_or_default());
    let [own, used] = &hosts;
    if own.is_empty() || used.is_empty() || own == used {
        return;
    }
    let way = match site.kind {
        SiteKind::Task => "pair",
        SiteKind::Delegation => "drop",
        SiteKind::Fallback | SiteKind::Slot(_) | SiteKind::Job => "custom",
    };
    findings
        .report(&SITE_SETTING_NOT_USED, place)
        .with("path", path)
        .with("name", "base_url")
        .with("endpoint", route.base_url.as_str())
        .with("provider", site.provider.as_deref().unwrap_or_default())
        .part("reason", "elsewhere")
        .part("way", way);
}

fn key(context: &Context<'_>, findings: &mut Findings, site: &Site, name: &str) {
    let Some(place) = site.written(name).and_then(|node| node.place) else { return };
    let route = match &site.outcome {
        Ok(Some(route)) if Some(&route.api_key) != site.key.as_ref() => Some(route),
        // What comes to nothing has a finding of its own.
        _ if site.inherits => None,
        _ => return,
    };
    // Who took the key out of the text before it was pasted knows where it belongs.
    let is_key = |node: &Node| node.value.as_str().is_some_and(|text| !is_placeholder(context.facts, text));
    if site.key.is_none() || !site.written(name).is_some_and(is_key) {
        return;
    }
    findings.report(&SITE_SETTING_NOT_USED, place).with("path", site.path.as_str()).with("name", name);
    let reads_names = site.kind != SiteKind::Task || context.facts.behaviour.side_tasks_name_keys;
    match route {
        _ if name != "api_key" && !reads_names => {
            findings.with("release", context.facts.release.as_str()).part("reason", "unread");
        }
        Some(route) if !site.inherits => {
            findings.with("endpoint", route.base_url.as_str()).part("reason", "other_key");
        }
        _ => {
            findings.part("reason", "inherits");
        }
    }
    findings.part("way", if site.kind == SiteKind::Task { "pair" } else { "own" });
}

#[cfg(test)]
mod tests {
    use super::SITE_SETTING_NOT_USED;
    use crate::rules::testing::{fires, silent};

    /// Expected: the recorded cases `site-vision-base-url-only`, `site-relay` and `site-vision-key`.
    #[test]
    fn endpoints_and_keys() {
        fires(
            &SITE_SETTING_NOT_USED,
            "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
custom_providers:
- {name: relay, base_url: 'https://relay.example/v1', api_key: sk-fake-relay-0001}
auxiliary:
  web_extract:
    base_url: https://other.example/v1
              ^^^^^^^^^^^^^^^^^^^^^^^^ PC532
  compression:
    provider: relay
    api_key: sk-fake-own-0001
             ^^^^^^^^^^^^^^^^ PC532
  skills_hub:
    provider: openrouter
    base_url: https://other.example/v1
              ^^^^^^^^^^^^^^^^^^^^^^^^ PC532
  vision:
    provider: gemini
    api_key: AIza-fake-own-0001
             ^^^^^^^^^^^^^^^^^^ PC532
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
GOOGLE_API_KEY=AIza-fake-0001
OPENROUTER_API_KEY=sk-or-fake-0001
--- no auth.json
--- says
the task goes on as if nothing was written here
Requests go to https://openrouter.ai/api/v1: this is the endpoint of `openrouter`
Requests go to https://relay.example/v1 with another key.
",
        );
    }

    /// `_clean_slot` and `_normalize_preset` of 0.19.0 and 0.18.2.
    #[test]
    fn slots_that_are_texts() {
        let report = fires(
            &SITE_SETTING_NOT_USED,
            "\
--- config.yaml
model: {provider: moa, default: one}
moa:
  presets:
    one:
      reference_models:
      - openrouter/openai/gpt-5.1
        ^^^^^^^^^^^^^^^^^^^^^^^^^ PC532
      aggregator: {provider: deepseek, model: deepseek-chat}
    two:
      reference_models: deepseek/deepseek-chat
                        ^^^^^^^^^^^^^^^^^^^^^^ PC532
      aggregator: anthropic/claude-opus-4.8
                  ^^^^^^^^^^^^^^^^^^^^^^^^^ PC532
    three:
      reference_models:
      - deepseek/deepseek-chat
        ^^^^^^^^^^^^^^^^^^^^^^ PC532
      - {provider: deepseek, model: deepseek-chat}
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
OPENROUTER_API_KEY=sk-or-v1-fake-000000
--- no auth.json
--- says
`moa.presets.one.reference_models[0]` is not used
Hermes goes on as if this one was not written. No other reference of this preset is left, and Hermes asks its own: gpt-5.5 (`openai-codex`)
`moa.presets.two.aggregator` is not used
takes an aggregator of its own in place of this one, of `openrouter`
",
        );
        let of_three = report.findings.last().unwrap().why.as_str();
        assert!(of_three.ends_with("as if this one was not written."), "{of_three}");
    }

    /// Expected: the recorded cases `slot-custom`, `slot-incomplete` and `slot-beside-presets`.
    #[test]
    fn slots_of_mixture_of_agents() {
        fires(
            &SITE_SETTING_NOT_USED,
            "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
moa:
  aggregator: {provider: deepseek, model: deepseek-chat}
                         ^^^^^^^^ PC532
  presets:
    team:
      reference_models:
      - {provider: deepseek, model: deepseek-chat, base_url: 'https://own.example/v1', api_key: sk-fake-own-0001}
                                                             ^^^^^^^^^^^^^^^^^^^^^^^^ PC532
                                                                                                ^^^^^^^^^^^^^^^^ PC532
      - {provider: deepseek}
                   ^^^^^^^^ PC532
      - {provider: moa, model: default}
                   ^^^ PC532
      aggregator: {model: deepseek-chat}
                          ^^^^^^^^^^^^^ PC532
--- .env
DEEPSEEK_API_KEY=sk-fake-deepseek-0001
--- no auth.json
--- says
Hermes brings the preset `default`
A slot is a provider and a model: endpoint and key are those of the provider.
Hermes goes on as if this one was not written.
A preset cannot be part of a preset
Hermes takes an aggregator of its own in place of this one, of `openrouter`.
",
        );
        silent(
            &SITE_SETTING_NOT_USED,
            "--- config.yaml\nmodel: {provider: deepseek, default: d}\nmoa: {default_preset: team, presets: {team: {reference_models: [{provider: deepseek, model: d}], aggregator: {provider: deepseek, model: d}}}}\n--- .env\nDEEPSEEK_API_KEY=sk-fake-deepseek-0001\n--- no auth.json\n",
        );
    }

    #[test]
    fn both_together_are_used() {
        silent(
            &SITE_SETTING_NOT_USED,
            "--- config.yaml\nmodel: {provider: deepseek, default: deepseek-chat}\nauxiliary:\n  web_extract: {provider: openrouter, base_url: 'https://other.example/v1', api_key: sk-fake-own-0001}\n  vision: {base_url: 'https://other.example/v1', api_key: sk-fake-own-0001}\ndelegation: {base_url: 'https://other.example/v1', api_key: sk-fake-own-0001}\n--- .env\nDEEPSEEK_API_KEY=sk-fake-deepseek-0001\n--- no auth.json\n",
        );
    }
}
