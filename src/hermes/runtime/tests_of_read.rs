//! Resolutions of 0.21.4, which was read in the source and not run: beside each test stands what was read.

use super::Request;
use crate::base::sources::Given;
use crate::hermes::World;
use crate::hermes::testing::{process, read_process, world};

/// Provider, endpoint, key and source, or the code of the error, or what is not modelled.
fn told(world: &World, requested: Option<&str>) -> String {
    match read_process(world).resolve_runtime_provider(requested) {
        Ok(runtime) => {
            let source = runtime.source.as_ref().and_then(|source| source.as_str()).unwrap_or("").to_owned();
            format!("{} {} {} {source}", runtime.provider, runtime.base_url, runtime.api_key.expose())
        }
        Err(stop) => match (stop.exception(), stop.unmodelled()) {
            (Some(raised), _) => raised.code.unwrap_or(raised.kind).to_owned(),
            (None, what) => format!("? {}", what.unwrap_or("an exit")),
        },
    }
}

fn with_pool(mut world: World, pools: &str) -> World {
    world.given.auth_store = Given::Text(format!("{{\"credential_pool\": {{{pools}}}}}"));
    world
}

// `_model_level_key_env`, issue #106336: behind the pool `model.key_env` comes before the registry's variables, where
// `model.provider` is this provider.
#[test]
fn the_model_may_name_its_variable() {
    let exhausted = r#""deepseek": [{"id": "a", "label": "a", "auth_type": "api_key", "source": "env:DEEPSEEK_API_KEY",
        "priority": 0, "secret_fingerprint": "sha256:978042ad43cf5ef9", "last_status": "exhausted", "last_status_at": 1.0,
        "last_error_reset_at": 9e9}]"#;
    let variables = [("MINE", "sk-fake-mine"), ("DEEPSEEK_API_KEY", "sk-fake-1")];
    let config = |provider: &str| format!("model: {{provider: {provider}, key_env: MINE}}\n");
    let deepseek = with_pool(world(&config("deepseek"), &variables), exhausted);
    assert_eq!(told(&deepseek, None), "deepseek https://api.deepseek.com/v1 sk-fake-mine MINE");
    let other = with_pool(world(&config("gemini"), &variables), exhausted);
    assert_eq!(
        told(&other, Some("deepseek")),
        "deepseek https://api.deepseek.com/v1 sk-fake-1 DEEPSEEK_API_KEY"
    );
}

// `_resolve_api_key_provider_secret`: behind the variables every row is tried, exhausted and dead ones too; 0.19.0 asks only
// the row that is next.
#[test]
fn the_look_up_tries_rows_that_the_pool_passes_over() {
    let dead = r#""deepseek": [{"id": "a", "label": "a", "auth_type": "api_key", "source": "manual", "priority": 0,
        "access_token": "sk-fake-dead", "last_status": "dead", "last_status_at": 1.0}]"#;
    let mut world = with_pool(world("model: {provider: deepseek}\n", &[]), dead);
    world.now = 2.0;
    assert_eq!(
        told(&world, None),
        "deepseek https://api.deepseek.com/v1 sk-fake-dead credential_pool:deepseek"
    );
    let stop = process(&world).resolve_runtime_provider(None).unwrap_err();
    assert_eq!(stop.exception().and_then(|raised| raised.code), Some("missing_api_key"));
}

// `_resolve_from_pool`: a key of fewer than four characters or a placeholder is passed over.
#[test]
fn keys_of_a_pool_have_to_be_usable() {
    let short = r#""deepseek": [{"id": "a", "label": "a", "auth_type": "api_key", "source": "manual", "priority": 0,
        "access_token": "abc", "base_url": "https://api.deepseek.com/v1"}]"#;
    assert_eq!(told(&with_pool(world("model: {provider: deepseek}\n", &[]), short), None), "missing_api_key");
}

// `_config_model_provider`: an alias, `custom`, a block under `providers` and an endpoint on this machine are chosen before
// the variables; with none of it OpenRouter's come first as before.
#[test]
fn auto_takes_what_the_model_says() {
    let key = [("OPENROUTER_API_KEY", "sk-or-fake")];
    let canonical = |config: &str| read_process(&world(config, &key)).resolve_provider(Some("auto")).unwrap();
    assert_eq!(canonical("model: {provider: google}\n"), "gemini");
    assert_eq!(canonical("model: {provider: custom, base_url: 'https://x.example/v1'}\n"), "custom");
    assert_eq!(
        canonical("model: {provider: mine}\nproviders: {mine: {base_url: 'https://x.example'}}\n"),
        "custom"
    );
    assert_eq!(canonical("model: {base_url: 'http://localhost:1234/v1'}\n"), "custom");
    assert_eq!(canonical("model: {base_url: 'https://x.example/v1'}\n"), "openrouter");
    let none = read_process(&world("{}", &[])).resolve_provider(Some("auto")).unwrap_err();
    assert_eq!(none.unmodelled(), Some("whether the free tier of Nous is used"));
    // So an endpoint on this machine without a provider is `custom`, where 0.19.0 calls it `openrouter`.
    let local = world("model: {base_url: 'http://localhost:1234/v1'}\n", &key);
    assert_eq!(told(&local, None), "custom http://localhost:1234/v1 no-key-required env/config");
}

// `expand_direct_api_alias`, issue #116055: `openai` is `custom` at `OPENAI_BASE_URL`, else at OpenAI's own endpoint;
// `_host_gated_env_key_candidates`: OpenAI's key goes to exactly what that variable names.
#[test]
fn openai_is_an_alias() {
    let config = "model: {provider: openai}\n";
    let key = ("OPENAI_API_KEY", "sk-fake-openai");
    assert_eq!(
        told(&world(config, &[key]), None),
        "custom https://api.openai.com/v1 sk-fake-openai direct-alias"
    );
    let proxy = ("OPENAI_BASE_URL", "https://proxy.example/v1/");
    assert_eq!(
        told(&world(config, &[key, proxy]), None),
        "custom https://proxy.example/v1 sk-fake-openai direct-alias"
    );
}

// `_raise_if_local_alias_missing_endpoint`, issue #113703, and `_raise_for_credentialless_bare_custom`, issue #17929.
#[test]
fn local_servers_need_an_endpoint() {
    let key = [("OPENROUTER_API_KEY", "sk-or-fake")];
    assert_eq!(told(&world("model: {provider: ollama}\n", &key), None), "missing_base_url");
    let url = "model: {provider: ollama, base_url: 'http://10.0.0.2:11434/v1'}\n";
    assert_eq!(told(&world(url, &key), None), "custom http://10.0.0.2:11434/v1 no-key-required env/config");
    assert_eq!(told(&world("model: {provider: custom}\n", &[]), None), "missing_api_key");
}

// `_openrouter_should_use_pool` and `_resolve_openrouter_runtime`, issue #10622: another host under `openrouter` is a mirror
// of it, with OpenRouter's key and without its pool.
#[test]
fn a_mirror_of_openrouter_may_stand_in_the_config() {
    let config = "model: {provider: openrouter, base_url: 'https://mirror.example/v1'}\n";
    let variables = [("OPENROUTER_API_KEY", "sk-or-fake")];
    assert_eq!(
        told(&world(config, &variables), None),
        "openrouter https://mirror.example/v1 sk-or-fake env/config"
    );
    let own = "model: {provider: openrouter, base_url: 'https://openrouter.ai/api/v1'}\n";
    let expected = "openrouter https://openrouter.ai/api/v1 sk-or-fake env:OPENROUTER_API_KEY";
    assert_eq!(told(&world(own, &variables), None), expected);
}

// New rows and aliases of hermes_cli/auth.py; of a name that is not known a plugin may know more.
#[test]
fn new_providers_and_names() {
    let key = [("AI_GATEWAY_API_KEY", "sk-fake-vercel")];
    let gateway = "ai-gateway https://ai-gateway.vercel.sh/v1 sk-fake-vercel env:AI_GATEWAY_API_KEY";
    assert_eq!(told(&world("model: {provider: vercel}\n", &key), None), gateway);
    let unknown = told(&world("model: {provider: opencode-free}\n", &key), None);
    assert_eq!(unknown, "? whether a plugin of 0.21.4 knows this provider");
}

// `load_config`: what is not parsed is replaced by a backup, which is not among the texts.
#[test]
fn a_broken_config_is_replaced_by_what_is_not_known() {
    let found = told(&world("model: {provider: gemini}\nmodel: {provider: deepseek}\n", &[]), None);
    assert_eq!(found, "? what the newest backup of config.yaml says");
}

// `_resolve_from_pool` selects for the model that is asked for: `select(model=target_model)`.
#[test]
fn a_barred_model_is_passed_over_for_that_model_only() {
    let barred = r#""anthropic": [{"id": "a", "label": "a", "auth_type": "api_key", "source": "manual", "priority": 0,
        "access_token": "sk-ant-api-fake-a", "model_cooldowns": {"m": 9e9}}, {"id": "b", "label": "b",
        "auth_type": "api_key", "source": "manual", "priority": 1, "access_token": "sk-ant-api-fake-b"}]"#;
    let world = with_pool(world("model: {provider: anthropic}\n", &[]), barred);
    let key = |model: Option<&str>| {
        let request = Request { target_model: model, ..Request::default() };
        read_process(&world).resolve_runtime(&request).unwrap().api_key.expose().to_owned()
    };
    assert_eq!(key(Some("m")), "sk-ant-api-fake-b");
    assert_eq!(key(Some("other")), "sk-ant-api-fake-a");
    assert_eq!(key(None), "sk-ant-api-fake-b");
}

// `ProviderConfig.api_mode`, issue #76836: some providers say what they speak, and which mode that is was not read.
#[test]
fn a_declared_api_is_not_told() {
    let given = |url: &str| {
        world("model: {provider: minimax}\n", &[("MINIMAX_API_KEY", "sk-fake-1"), ("MINIMAX_BASE_URL", url)])
    };
    assert_eq!(told(&given("https://x.test/v1"), None), "? the API that minimax is declared to speak");
    let own = told(&given(""), None);
    assert_eq!(own, "minimax https://api.minimax.io/anthropic sk-fake-1 env:MINIMAX_API_KEY");
}

// `has_usable_secret`, issue #115643: keys of some shapes are placeholders, in 0.21.4 or behind it.
#[test]
fn what_instructions_show_may_be_no_key() {
    let given = |key: &str| world("model: {provider: deepseek}\n", &[("DEEPSEEK_API_KEY", key)]);
    for key in ["your_deepseek_key_here", "sk-xxxxxxxx", "<your key>"] {
        assert_eq!(
            told(&given(key), None),
            "? whether what looks like a key to fill in counts as one",
            "{key}"
        );
    }
}
