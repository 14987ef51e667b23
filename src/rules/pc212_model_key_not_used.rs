//! PC212: `model.api_key` is written for an endpoint of one's own, and another key of the same endpoint comes first.

use super::trial::{Block, PROBE, inserted, removed, replaced};
use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::Search;
use crate::diagnostic::Safety;
use crate::hermes::Origin;
use crate::python::strip;
use crate::secret::Secret;

declare_rule! {
    /// The key of a provider of one's own stands in its block, and `model.api_key` beside it is not read. For a bare `custom`
    /// endpoint Hermes asks the pool of that endpoint first. Where `custom_providers` has a block with the same
    /// `base_url`, or auth.json an entry for it, that key is used, and `model.api_key` comes behind it: to change it changes nothing.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: custom
    ///   base_url: https://gateway.example/v1
    ///   api_key: sk-fake-new-000000
    /// custom_providers:
    ///   - name: gateway
    ///     base_url: https://gateway.example/v1
    ///     api_key: sk-fake-old-000000
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: custom
    ///   base_url: https://gateway.example/v1
    ///   api_key: sk-fake-new-000000
    /// custom_providers:
    ///   - name: other
    ///     base_url: https://other.example/v1
    ///     api_key: sk-fake-old-000000
    /// ```
    pub static MODEL_KEY_NOT_USED = {
        code: "PC212", name: "model-key-not-used", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "`{path}` is not the key that is used",
        why: "{why}",
        todo: "{way}",
        command: "hermes auth remove {pool} {index}",
        fix_title: "Put this key in the place of the other one",
        label winner: "this key is used",
        part pool: "Hermes takes keys for this endpoint from its pool first, and `{label}` ({source}) is in front there.",
        part block: "For the provider `{name}` Hermes does not look for a key under `model`: it uses `{label}`, which belongs to that provider.",
        part alone: "Hermes reads `{path}` only beside a `model.base_url` that it takes, and there is none. Requests go to {endpoint}, with `{label}`.",
        part with_url: "If the key is for an endpoint of your own, write the address of that as `model.base_url`. Else take the key out of here.",
        part drop: "Take it out of here: it has no effect.",
        part replace: "If the other key is the older one, put this one in its place, and take it out of here.",
        part remove: "If the other key is the older one, remove its entry.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let (Some(verdict), Some(winner), Some(model)) =
        (context.verdict(), context.winner(), context.model_block())
    else {
        return;
    };
    if verdict.provider.as_deref() != Some("custom") {
        return;
    }
    let is_named = context.custom_block().is_some();
    if !is_named && matches!(winner.origin, Origin::Variable(_)) {
        return alone(context, findings, &model);
    }
    let Some(name) = ["api_key", "api"]
        .into_iter()
        .find(|name| model.dict.get(name).is_some_and(|key| key.value.is_true()))
    else {
        return;
    };
    let Some(entry) = model.dict.entry(name) else { return };
    let (Some(key), Some(place), Some(value)) =
        (entry.value.value.as_str(), entry.key.place, entry.value.place)
    else {
        return;
    };
    // A reference stands for another text, and a value in `api` may be an endpoint.
    let is_key = !key.holds("${") && !key.holds("://");
    if !is_key
        || winner.place == Some(value)
        || winner.key == Secret::new(strip(key))
        || findings.has_at(place)
    {
        return;
    }
    let Some(used) = winner.place else { return };
    let (pool, source) = match &winner.origin {
        Origin::Pool { provider, source } => (provider.as_str(), source.as_str()),
        _ if is_named => ("", ""),
        _ => return,
    };
    findings
        .report(&MODEL_KEY_NOT_USED, place)
        .with("path", ["model.", name].concat())
        .with("label", winner.label.as_str())
        .with("source", source)
        .with("pool", pool)
        .with("name", verdict.requested.as_str())
        .with("index", context.pool_index(winner).unwrap_or(1))
        .part("why", if is_named { "block" } else { "pool" })
        .label("winner", Some(used));
    if used.source == SourceKind::AuthStore {
        findings.part("way", "remove");
        return;
    }
    findings.part("way", "replace").without_command();
    let text = context.config_text();
    if let Some(removal) = removed(text, entry).filter(|_| used.source == SourceKind::Config) {
        let change = vec![replaced(used, value.span.of(text)), removal];
        if context.sends_after(&change, key) {
            findings.change(change);
        }
    }
}

/// Tells of a key of `model` that has no endpoint beside it.
fn alone(context: &Context<'_>, findings: &mut Findings, model: &Block<'_>) {
    for (loser, path) in context.unread_keys() {
        let entry = path.strip_prefix("model.").and_then(|name| model.dict.entry(name));
        let Some(place) = entry.and_then(|entry| entry.key.place) else { continue };
        if context.uses_key_of(loser) || findings.has_at(place) {
            continue;
        }
        let text = context.config_text();
        let change = match model.dict.entry("base_url") {
            Some(entry) => entry.value.place.map(|place| replaced(place, PROBE)),
            None => inserted(text, model.node, "base_url", PROBE),
        };
        let after = change.and_then(|change| context.verdict_after(&vec![change]));
        let is_read = after.and_then(|after| after.winner).is_some_and(|winner| winner.key == loser.key);
        findings
            .report(&MODEL_KEY_NOT_USED, place)
            .with("path", path)
            .with("endpoint", context.runtime().map_or("", |runtime| runtime.base_url.as_str()))
            .with("label", context.winner().map_or("", |winner| winner.label.as_str()))
            .part("why", "alone")
            .part("way", if is_read { "with_url" } else { "drop" })
            .label("winner", context.winner_place())
            .without_command();
    }
}

#[cfg(test)]
mod tests {
    use super::MODEL_KEY_NOT_USED;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_provider_of_one_s_own_has_its_key_in_its_block() {
        fires(
            &MODEL_KEY_NOT_USED,
            "\
--- config.yaml
model:
  provider: custom:lab
  default: m
  api_key: fake-key-new-000000
  ^^^^^^^ PC212
custom_providers:
  - {name: lab, base_url: 'https://lab.example/v1', api_key: fake-key-old-000000}
--- fixed config.yaml
model:
  provider: custom:lab
  default: m
custom_providers:
  - {name: lab, base_url: 'https://lab.example/v1', api_key: fake-key-new-000000}
--- says
does not look for a key under `model`
--- then
Hermes uses lab (config:lab) for custom
nothing is found
",
        );
    }

    #[test]
    fn a_block_has_the_same_endpoint() {
        fires(
            &MODEL_KEY_NOT_USED,
            "\
--- config.yaml
model:
  provider: custom
  default: m
  base_url: https://gateway.example/v1
  api_key: sk-fake-new-000000
  ^^^^^^^ PC212
custom_providers:
  - name: gateway
    base_url: https://gateway.example/v1
    api_key: sk-fake-old-000000
--- fixed config.yaml
model:
  provider: custom
  default: m
  base_url: https://gateway.example/v1
custom_providers:
  - name: gateway
    base_url: https://gateway.example/v1
    api_key: sk-fake-new-000000
--- says
`gateway` (config:gateway) is in front there
--- then
Hermes uses gateway (config:gateway) for custom
nothing is found
",
        );
    }

    /// To select moves the entry to the end; `hermes auth remove` of a new process finds it where it is stored.
    #[test]
    fn the_entry_has_the_number_that_it_is_removed_by() {
        fires(
            &MODEL_KEY_NOT_USED,
            r#"
--- config.yaml
model:
  provider: custom
  default: m
  base_url: https://gateway.example/v1
  api_key: sk-fake-new-000000
  ^^^^^^^ PC212
credential_pool_strategies:
  "custom:gateway": round_robin
custom_providers:
  - name: gateway
    base_url: https://gateway.example/v1
--- auth.json
{"version": 1, "credential_pool": {"custom:gateway": [
  {"id": "a1", "label": "old", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://gateway.example/v1", "access_token": "sk-fake-old-000000"},
  {"id": "a2", "label": "older", "auth_type": "api_key", "priority": 1, "source": "manual",
   "base_url": "https://gateway.example/v1", "access_token": "sk-fake-older-0000"}]}}
--- says
hermes auth remove custom:gateway 1
"#,
        );
    }

    #[test]
    fn an_entry_of_auth_json_is_in_front() {
        fires(
            &MODEL_KEY_NOT_USED,
            r#"
--- config.yaml
model:
  provider: custom
  default: m
  base_url: https://gateway.example/v1
  api_key: sk-fake-new-000000
  ^^^^^^^ PC212
custom_providers:
  - name: gateway
    base_url: https://gateway.example/v1
--- auth.json
{"version": 1, "credential_pool": {"custom:gateway": [
  {"id": "a1", "label": "old", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://gateway.example/v1", "access_token": "sk-fake-old-000000"}]}}
--- says
hermes auth remove custom:gateway 1
"#,
        );
    }

    /// Asked of each release: `takes_config_key` wants an endpoint under `model`.
    #[test]
    fn a_key_without_an_endpoint_beside_it() {
        fires(
            &MODEL_KEY_NOT_USED,
            "\
--- config.yaml
model:
  provider: custom
  default: m
  api_key: sk-fake-new-000000
  ^^^^^^^ PC212
--- .env
OPENROUTER_API_KEY=sk-or-fake-other-000000
--- no auth.json
--- says
only beside a `model.base_url` that it takes, and there is none
write the address of that as `model.base_url`
",
        );
    }

    #[test]
    fn the_same_key_twice_does_no_harm() {
        silent(
            &MODEL_KEY_NOT_USED,
            "--- config.yaml\nmodel: {provider: custom, base_url: 'https://gateway.example/v1', api_key: sk-fake-key-000000}\ncustom_providers:\n  - {name: g, base_url: 'https://gateway.example/v1', api_key: sk-fake-key-000000}\n",
        );
    }
}
