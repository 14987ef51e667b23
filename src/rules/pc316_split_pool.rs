//! PC316: a pool of an endpoint that has the name of a provider of Hermes.

use super::{Context, Findings, declare_rule};
use crate::hermes::Origin;

declare_rule! {
    /// `providers:` has a block of the name of a provider that Hermes has itself. `hermes auth add` then stores keys for the
    /// block, under `custom:<name>`, while `model.provider` means the provider of Hermes, whose pool has that name alone. The
    /// keys lie in two pools, and there is no rotation between them.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: nvidia, default: m}
    /// providers:
    ///   nvidia: {base_url: "https://integrate.api.nvidia.com/v1"}
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"custom:nvidia": [
    ///   {"id": "a1", "label": "two", "auth_type": "api_key", "priority": 0, "source": "manual",
    ///    "base_url": "https://integrate.api.nvidia.com/v1", "access_token": "nvapi-fake-222222"}]}}
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: "custom:nvidia", default: m}
    /// providers:
    ///   nvidia: {base_url: "https://integrate.api.nvidia.com/v1"}
    /// --- auth.json
    /// {"version": 1, "credential_pool": {"custom:nvidia": [
    ///   {"id": "a1", "label": "two", "auth_type": "api_key", "priority": 0, "source": "manual",
    ///    "base_url": "https://integrate.api.nvidia.com/v1", "access_token": "nvapi-fake-222222"}]}}
    /// ```
    pub static SPLIT_POOL = {
        code: "PC316", name: "split-pool", severity: Warning, since: "0.1.0",
        fix: None,
        what: "The rows of `{pool}` are not used: `{provider}` is a provider of Hermes, with a pool of its own",
        why: "Hermes asks the pool `{provider}` here. As long as `providers:` has a block of that name, `hermes auth add {provider}` stores keys under `{pool}`.",
        todo: "Take the block `{provider}` out of `providers:`, and add the keys once more; Hermes asks for each. Or write `custom:{provider}` as the provider.",
        command: "hermes auth add {provider} --type api-key",
        label block: "this block has the same name",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(provider) = context.provider().filter(|id| context.facts.providers.contains_key(id)) else {
        return;
    };
    let uses_own = context.winner().is_none_or(
        |winner| !matches!(&winner.origin, Origin::Pool { provider: pool, .. } if pool.starts_with("custom:")),
    );
    let pool = ["custom:", provider].concat();
    for stored in &context.stored_pools() {
        if stored.name == pool && uses_own && !stored.rows().is_empty() {
            let blocks = context.config_at(&["providers"]).and_then(|blocks| blocks.value.as_dict());
            findings
                .report(&SPLIT_POOL, stored.key)
                .with("pool", pool.as_str())
                .with("provider", provider)
                .label("block", blocks.and_then(|blocks| blocks.entry(provider)?.key.place));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SPLIT_POOL;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_pool_beside_the_one_that_is_used() {
        fires(
            &SPLIT_POOL,
            r#"
--- config.yaml
model: {provider: nvidia, default: m}
providers:
  nvidia: {base_url: "https://integrate.api.nvidia.com/v1"}
--- .env
NVIDIA_API_KEY=nvapi-fake-111111
--- auth.json
{"version": 1, "credential_pool": {"custom:nvidia": [
                                   ^^^^^^^^^^^^^^^ PC316
  {"id": "a1", "label": "two", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://integrate.api.nvidia.com/v1", "access_token": "nvapi-fake-222222"}]}}
--- says
stores keys under `custom:nvidia`
"#,
        );
    }

    #[test]
    fn an_endpoint_of_its_own_name() {
        silent(
            &SPLIT_POOL,
            r#"
--- config.yaml
model: {provider: "custom:lab", default: m}
providers:
  lab: {base_url: "https://lab.example/v1"}
--- auth.json
{"version": 1, "credential_pool": {"custom:lab": [
  {"id": "a1", "label": "two", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://lab.example/v1", "access_token": "sk-fake-222222"}]}}
"#,
        );
    }
}
