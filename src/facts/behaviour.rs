//! What the code of one release does otherwise than that of another: one switch for each such thing.
//!
//! Each is named for what a release does that has it, and says where the real program does so and since which of the
//! releases that are known here. Tables that differ are in the data of the release, not here.

/// The switches of a release.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is one thing that a release does or does not")]
pub struct Behaviour {
    /// A body's `code` is also looked for in a message that is JSON, and `"400"` is none: `_extract_error_code` of
    /// `agent/error_classifier.py`, 0.15.2.
    pub looks_for_codes_in_messages: bool,
    /// A 403 or 404 with the words of a used-up account is `billing`: `_classify_by_status`, 0.15.2.
    pub refusal_may_be_billing: bool,
    /// A missing Grok subscription is `auth` with any status and without one: `classify_api_error`, 0.15.2.
    pub knows_grok_subscription: bool,
    /// A 500 or 502 that complains of a parameter is a `format_error`: `_classify_by_status`, 0.15.2.
    pub checks_requests_in_5xx: bool,
    /// Reasoning that cannot be replayed is a failure of its own: `_classify_400` and `_classify_by_error_code`, 0.15.2.
    pub knows_encrypted_content: bool,
    /// A thinking block that must not be changed is told like a wrong signature: `classify_api_error`, 0.17.0.
    pub frozen_thinking_is_a_signature: bool,
    /// A 400 that complains of a parameter is no overflow, whatever else it says: `_classify_400`, 0.17.0.
    pub checks_requests_in_400: bool,
    /// A 429 that an aggregator passes on from a model's provider spares the key: `_classify_by_status`, 0.18.2.
    pub knows_upstream_limits: bool,
    /// A 5xx may tell of a context that is too long: `_classify_by_status`, 0.18.2.
    pub looks_for_overflow_in_5xx: bool,
    /// A 408 is a `timeout`: `_classify_by_status`, 0.18.2.
    pub knows_timeout_status: bool,
    /// An empty section of config.yaml leaves the default mapping: `_deep_merge` of `hermes_cli/config.py`, 0.19.0.
    pub empty_section_keeps_defaults: bool,
    /// The pool's look at custom providers writes right spellings into the config that all others read, which it is
    /// given uncopied: `_load_config_safe` of `agent/credential_pool.py`, 0.19.0.
    pub pool_shares_the_config: bool,
    /// A `.env` that begins with a replacement character is not rewritten: `_sanitize_env_file_if_needed` of
    /// `hermes_cli/env_loader.py`, 0.19.0.
    pub leaves_undecodable_dotenv: bool,
    /// The form of an Anthropic token tells what `auth_type` its row has: `_normalize_pool_auth_type` of
    /// `agent/credential_pool.py`, 0.19.0.
    pub token_tells_auth_type: bool,
    /// Rows of a pool with one source become one: `_upsert_entry`, 0.19.0.
    pub one_row_per_source: bool,
    /// A row with an API key that is empty is never chosen: `_available_entries`, 0.19.0.
    pub passes_over_empty_keys: bool,
    /// Recovery from an account without credit marks the entry whose key failed: `recover_with_credential_pool` of
    /// `agent/agent_runtime_helpers.py`, 0.19.0.
    pub billing_names_the_key: bool,
    /// `providers.NAME.enabled: false` counts: `is_provider_enabled` of `hermes_cli/config.py`, 0.19.0.
    pub blocks_can_be_disabled: bool,
    /// An API-key provider without a key is an error where it is resolved: `resolve_runtime_provider` of
    /// `hermes_cli/runtime_provider.py`, 0.19.0.
    pub missing_key_is_an_error: bool,
    /// `hermes config set` checks the key: `_validate_config_key` of `hermes_cli/config.py`, 0.19.0.
    pub checks_config_keys: bool,
    /// With AWS's bearer token Claude is not spoken to in Anthropic's own way: `resolve_runtime_provider`, 0.19.0.
    pub bearer_token_needs_converse: bool,
    /// Reasoning that could not be decrypted cannot be replayed either: `_classify_400`, 0.19.0.
    pub knows_undecrypted_content: bool,
}

const V0_18_2: Behaviour = Behaviour {
    looks_for_codes_in_messages: true,
    refusal_may_be_billing: true,
    knows_grok_subscription: true,
    checks_requests_in_5xx: true,
    knows_encrypted_content: true,
    frozen_thinking_is_a_signature: true,
    checks_requests_in_400: true,
    knows_upstream_limits: true,
    looks_for_overflow_in_5xx: true,
    knows_timeout_status: true,
    empty_section_keeps_defaults: false,
    pool_shares_the_config: false,
    leaves_undecodable_dotenv: false,
    token_tells_auth_type: false,
    one_row_per_source: false,
    passes_over_empty_keys: false,
    billing_names_the_key: false,
    blocks_can_be_disabled: false,
    missing_key_is_an_error: false,
    checks_config_keys: false,
    bearer_token_needs_converse: false,
    knows_undecrypted_content: false,
};

const V0_19_0: Behaviour = Behaviour {
    empty_section_keeps_defaults: true,
    pool_shares_the_config: true,
    leaves_undecodable_dotenv: true,
    token_tells_auth_type: true,
    one_row_per_source: true,
    passes_over_empty_keys: true,
    billing_names_the_key: true,
    blocks_can_be_disabled: true,
    missing_key_is_an_error: true,
    checks_config_keys: true,
    bearer_token_needs_converse: true,
    knows_undecrypted_content: true,
    ..V0_18_2
};

impl Behaviour {
    /// The switches of `release`, or `None` for a release that is not known here.
    pub(super) fn of(release: &str) -> Option<Self> {
        match release {
            "0.19.0" => Some(V0_19_0),
            "0.18.2" => Some(V0_18_2),
            _ => None,
        }
    }
}
