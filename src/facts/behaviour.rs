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
    /// A used-up account ends the turn where nothing else helps: `run_conversation` of `agent/conversation_loop.py`, 0.15.2.
    /// Before, the request is sent again.
    pub used_up_accounts_end_turns: bool,
    /// A provider that is overloaded or does not answer is left for the fallback chain at the second attempt:
    /// `run_conversation`, 0.18.2.
    pub unreachable_providers_are_left: bool,
    /// A row that only borrows its key is written without it: `agent/credential_persistence.py`, 0.15.2.
    pub borrowed_keys_stay_off_disk: bool,
    /// The path of an endpoint gives its API away, whatever stands behind it: `_detect_api_mode_for_url` of
    /// `hermes_cli/runtime_provider.py`, 0.17.0. Before, it is the end of the whole.
    pub reads_endpoint_paths: bool,
    /// A custom provider may be called `custom`: `_get_named_custom_provider`, 0.17.0.
    pub custom_may_be_a_name: bool,
    /// `auto` finds OpenRouter by its pool too: `resolve_provider` of `hermes_cli/auth.py`, 0.17.0.
    pub auto_asks_the_openrouter_pool: bool,
    /// An agent of `custom` recovers with the pool of its endpoint: `recover_with_credential_pool` of
    /// `agent/agent_runtime_helpers.py`, 0.17.0.
    pub custom_agents_own_named_pools: bool,
    /// A 403 of Anthropic, and what an organisation bars, is no matter of tokens: `recover_with_credential_pool`, 0.17.0.
    pub knows_barred_logins: bool,
    /// An entry that will never work again is dead: `_mark_exhausted` and `_available_entries` of
    /// `agent/credential_pool.py`, 0.16.0.
    pub knows_dead_entries: bool,
    /// A Nous entry has a key only where a token of it can be used: `runtime_api_key`, 0.16.0.
    pub nous_needs_a_usable_token: bool,
    /// An access token of Nous may be the key itself: `_choose_nous_inference_auth_path` of `hermes_cli/auth.py`, 0.15.2.
    /// Before, a key is always asked for with it.
    pub nous_tokens_may_be_keys: bool,
    /// A Nous login goes back to auth.json only where it has changed, and then to its row: `_persist_state` of
    /// `resolve_nous_runtime_credentials`, 0.15.2.
    pub writes_changed_nous_logins_only: bool,
    /// A Nous row with a key and no token is no login: `_snapshot_nous_pool_status`, 0.15.2.
    pub keys_alone_are_no_nous_login: bool,
    /// A Nous login keeps only addresses of Nous itself: `resolve_nous_runtime_credentials`, 0.18.2.
    pub checks_nous_urls: bool,
    /// The portal of a Nous login has to be `https`, but on this machine: `_resolve_effective_routing_metadata`, 0.19.0.
    pub checks_nous_portal_scheme: bool,
    /// A Nous login of the root goes back to the root: `_save_provider_state_to_source`, 0.18.2. Before, the profile gets a
    /// copy of it.
    pub logins_go_back_to_their_store: bool,
    /// A Codex login in auth.json may have a label: `_seed_from_singletons`, 0.16.0.
    pub codex_logins_have_names: bool,
    /// `discover_models` and `extra_body` of a custom provider are kept: `_normalize_custom_provider_entry`, 0.15.2.
    pub custom_extras: bool,
    /// A name that stands for `custom` is treated as it: `_resolve_openrouter_runtime` and others, 0.15.2.
    pub custom_aliases_are_custom: bool,
    /// OpenAI's and OpenRouter's keys go to their own hosts only, and a variable may be named after a host:
    /// `_resolve_openrouter_runtime` and `_resolve_named_custom_runtime`, 0.15.2.
    pub keys_go_to_their_hosts: bool,
    /// What `OPENROUTER_BASE_URL` names gets OpenRouter's keys: `_resolve_openrouter_runtime`, 0.15.2.
    pub openrouter_mirrors_count: bool,
    /// Azure may be used with Microsoft Entra ID, and its state is asked of itself: `_resolve_azure_foundry_runtime`
    /// and `get_auth_status`, 0.15.2.
    pub knows_entra: bool,
    /// A failed Nous row takes any change of the login: `_sync_nous_entry_from_auth_store`, 0.15.2. Before, only a new
    /// refresh token counts.
    pub any_nous_change_syncs: bool,
    /// A failed row of Claude Code takes any change of the login, and all is clear then:
    /// `_sync_anthropic_entry_from_credentials_file`, 0.18.2. Before, only a new refresh token counts.
    pub any_claude_change_syncs: bool,
    /// A Codex row takes a newer token of auth.json before its own is renewed: `_refresh_entry`, 0.15.2.
    pub syncs_codex_before_renewal: bool,
    /// A Codex or xAI login that nothing can renew leaves auth.json and the pool: `_refresh_entry`, 0.15.2.
    pub gives_logins_up: bool,
    /// A Codex row that has found a newer token in auth.json uses it where it need not be renewed itself:
    /// `_refresh_entry`, 0.18.2.
    pub newer_codex_tokens_do: bool,
    /// An xAI row takes the tokens that another process has stored for it: `_sync_xai_oauth_entry_from_pool_store`, 0.19.0.
    pub xai_rows_adopt_stored_ones: bool,
    /// `NOUS_INFERENCE_BASE_URL` comes before the endpoint of a Nous row or login:
    /// `_nous_inference_base_url_override` of `hermes_cli/runtime_provider.py`, 0.18.2.
    pub nous_endpoint_by_variable: bool,
    /// `HERMES_NOUS_MIN_KEY_TTL_SECONDS` that is no number counts as not set: `resolve_runtime_provider`, 0.17.0. Before, it
    /// is a `ValueError`.
    pub nous_life_may_be_odd: bool,
    /// `HERMES_CODEX_REFRESH_TIMEOUT_SECONDS` and that of xAI do so too: `resolve_codex_runtime_credentials` and
    /// `resolve_xai_oauth_runtime_credentials` of `hermes_cli/auth.py`, 0.18.2.
    pub timeouts_may_be_odd: bool,
    /// The model that is asked for tells how Bedrock is spoken to: `resolve_runtime_provider`, 0.18.2. Before, it is
    /// `model.default`.
    pub bedrock_takes_the_asked_model: bool,
    /// `Resets in 4hr 5min` is a reset time: `_extract_retry_delay_seconds`, 0.15.2.
    pub reads_hours_until_reset: bool,
    /// `ANTHROPIC_API_KEY` alone keeps logins out of the pool: `_seed_from_singletons`, 0.15.2.
    pub anthropic_key_bars_logins: bool,
    /// A Nous login without a token makes no row and clears those that are there: `_seed_from_singletons`, 0.15.2.
    pub nous_logins_need_a_token: bool,
    /// A profile without a login uses that of the root: `_load_provider_state` of `hermes_cli/auth.py`, 0.15.2.
    pub logins_of_the_root_count: bool,
    /// NUL characters of `.env` are dropped: `_sanitize_env_file_if_needed` of `hermes_cli/env_loader.py`, 0.15.2.
    pub drops_nul: bool,
    /// The failed entry may be named by its key: `mark_exhausted_and_rotate`, 0.15.2.
    pub marks_by_key: bool,
    /// There is one way to the fallback chain: `get_fallback_chain` of `hermes_cli/fallback_config.py`, 0.15.2.
    pub merges_fallbacks: bool,
    /// A time of a status may be written as text: `from_dict`, 0.15.2.
    pub reads_status_times_as_text: bool,
    /// A pool of another provider is left alone: `recover_with_credential_pool`, 0.15.2.
    pub guards_other_providers: bool,
    /// A used-up entry is left at its first 429: `recover_with_credential_pool`, 0.15.2.
    pub may_rotate_at_once: bool,
    /// A refusal may say that a token is stale: `_is_entitlement_failure` of `run_agent.py`, 0.15.2.
    pub tells_stale_from_barred: bool,
    /// The words about a missing xAI login name Premium+: `_read_xai_oauth_tokens`, 0.15.2.
    pub names_premium_plus: bool,
    /// The words about a missing Google login name `hermes auth add`: `get_valid_access_token` of `agent/google_oauth.py`,
    /// 0.15.2.
    pub google_login_by_auth_add: bool,
    /// A refusal may be a missing subscription: `_is_entitlement_failure`, 0.14.0.
    pub knows_entitlements: bool,
    /// There are xAI logins: `_seed_from_singletons` and others, 0.14.0.
    pub knows_xai_logins: bool,
    /// Bitwarden is asked for secrets: `_apply_external_secret_sources` of `hermes_cli/env_loader.py`, 0.15.2.
    pub asks_bitwarden: bool,
    /// It is one of several vaults, and `secrets` of a wrong type does no harm: `_apply_external_secret_sources`, 0.18.2.
    pub asks_vaults_by_name: bool,
    /// config.yaml is read with libyaml: `_load_config_impl` of `hermes_cli/config.py`, 0.18.2. Before, it is
    /// `yaml.safe_load`.
    pub reads_yaml_with_libyaml: bool,
    /// `load_env` knows `export ` before a name: `hermes_cli/config.py`, 0.18.2.
    pub load_env_drops_export: bool,
    /// `load_env` takes quotes off in pairs, and a backslash within them guards one: `_parse_env_value`, 0.18.2. Before,
    /// all quotes at either end go.
    pub load_env_needs_pairs_of_quotes: bool,
    /// A line of `.env` is split at known names only where it begins with one and no part before another looks like an
    /// address or words: `_sanitize_env_lines`, 0.18.2.
    pub sanitizer_spares_values: bool,
    /// `.op.env` is loaded behind `.env`: `load_hermes_dotenv` of `hermes_cli/env_loader.py`, 0.18.2.
    pub loads_op_env: bool,
    /// `agent` without `max_turns` stays so: `_normalize_max_turns_config`, 0.18.2.
    pub leaves_max_turns_out: bool,
    /// `api_base`, `model.model` and `model.name` are read, and keys are moved into a copy of `model`:
    /// `_normalize_root_model_keys`, 0.18.2. Before, what an anchor shares with `model` gets them too.
    pub loads_model_aliases: bool,
    /// An endpoint with a placeholder in braces needs no scheme: `_normalize_custom_provider_entry`, 0.18.2.
    pub accepts_url_templates: bool,
    /// Items of a custom provider's `models` may be mappings: `_normalize_custom_provider_entry`, 0.18.2.
    pub models_may_be_rows: bool,
    /// A custom provider may have headers and TLS settings: `_normalize_custom_provider_entry`, 0.18.2.
    pub custom_headers_and_tls: bool,
    /// The direct look-up of a key reads `.env` before the environment: `_resolve_api_key_provider_secret` of
    /// `hermes_cli/auth.py`, 0.18.2.
    pub look_up_prefers_dotenv: bool,
    /// Whatever form of LM Studio's endpoint is given becomes the one with `/v1`:
    /// `_normalize_lmstudio_runtime_base_url`, 0.18.2.
    pub settles_lmstudio_urls: bool,
    /// A blank endpoint becomes the registered one: `resolve_api_key_provider_credentials`, 0.18.2.
    pub direct_url_is_never_blank: bool,
    /// Writing a pool keeps rows that others have added meanwhile: `write_credential_pool`, 0.18.2.
    pub writing_keeps_others_rows: bool,
    /// The old address of the Nous portal becomes the new one: `_migrate_stale_nous_portal_url`, 0.18.2.
    pub moves_the_nous_portal: bool,
    /// A row that the user added makes its provider configured: `is_provider_explicitly_configured`, 0.18.2.
    pub chosen_rows_configure: bool,
    /// `auto` takes `model.provider` first and a login last: `resolve_provider`, 0.18.2. Before, a login comes first and
    /// `model.provider` is not looked at.
    pub auto_takes_logins_last: bool,
    /// An xAI login is a row from `device_code`: `_seed_from_singletons` of `agent/credential_pool.py`, 0.18.2. Before, it
    /// is one from `loopback_pkce`.
    pub xai_login_is_a_device_code: bool,
    /// The row of a variable stays where the variable is gone: `load_pool`, 0.18.2.
    pub unset_variables_keep_rows: bool,
    /// A short-lived xAI token is not renewed an hour before its end: `_xai_proactive_refresh_skew_seconds`, 0.18.2.
    pub spares_short_lived_xai_tokens: bool,
    /// A Nous row whose key runs out is renewed before the login that it comes from: `resolve_runtime_provider` of
    /// `hermes_cli/runtime_provider.py`, 0.18.2.
    pub renews_nous_rows: bool,
    /// Behind a reference to 1Password in `.env` the environment counts: `_seed_from_env`, 0.18.2.
    pub looks_behind_op_references: bool,
    /// Of Anthropic's variables only a value `sk-ant-oat…` is a login: `_seed_from_env`, 0.18.2. Before, each is one that is
    /// not `sk-ant-api…`.
    pub only_oat_tokens_are_logins: bool,
    /// `api.anthropic.com` gives its API away: `_detect_api_mode_for_url` of `hermes_cli/runtime_provider.py`, 0.18.2.
    pub knows_anthropic_host: bool,
    /// `model.api_mode: codex_responses` is not believed for a plain custom endpoint: `_resolve_plain_custom_api_mode`,
    /// 0.18.2.
    pub distrusts_responses_for_custom: bool,
    /// `model.base_url` counts for `anthropic` only where it may be an endpoint of it:
    /// `_anthropic_base_url_override_ok`, 0.18.2.
    pub checks_anthropic_urls: bool,
    /// `/v1` is put back behind OpenCode's endpoint: `normalize_opencode_base_url` of `hermes_cli/models.py`, 0.18.2.
    pub restores_opencode_paths: bool,
    /// All of OpenCode's Qwen models speak Anthropic's API: `opencode_model_api_mode`, 0.18.2.
    pub opencode_qwen_speaks_anthropic: bool,
    /// `qwen3.7-max` of OpenCode Go does: `opencode_model_api_mode`, 0.15.2.
    pub opencode_go_knows_qwen_max: bool,
    /// There is the provider `moa`, whose models are presets: `resolve_runtime_provider` and `hermes_cli/moa_config.py`, 0.18.2.
    /// Before, there is a tool that reads no settings, `tools/mixture_of_agents_tool.py`.
    pub knows_moa: bool,
    /// There is the provider `vertex`: `resolve_runtime_provider`, 0.18.2.
    pub knows_vertex: bool,
    /// `model.base_url` without a provider is used as it is: `resolve_runtime_provider`, 0.18.2.
    pub lone_endpoint_counts: bool,
    /// Logins in the pool come before `ANTHROPIC_API_KEY`: `resolve_anthropic_token` of `agent/anthropic_adapter.py`,
    /// 0.18.2.
    pub anthropic_pool_logins_count: bool,
    /// An agent without a provider has no pool of its own: `recover_with_credential_pool`, 0.18.2.
    pub unnamed_agents_recover_nothing: bool,
    /// One entry's token is refreshed twice in a row at most: `recover_with_credential_pool`, 0.18.2.
    pub limits_refreshes: bool,
    /// An empty section of config.yaml leaves the default mapping: `_deep_merge` of `hermes_cli/config.py` and
    /// `load_cli_config` of `cli.py`, 0.19.0.
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
    /// An entry of the fallback chain may hold its key or name its variable, and each way into the program tries the
    /// entries: `resolve_entry_api_key` of `hermes_cli/fallback_config.py`, 0.19.0.
    pub fallback_entries_name_keys: bool,
    /// `provider` and `base_url` at the root of config.yaml count in the terminal as elsewhere: `load_cli_config` of
    /// `cli.py`, 0.15.2. Before, only where `model` has them and leaves them empty.
    pub terminal_moves_model_keys: bool,
    /// The gateway takes the provider from config.yaml before `HERMES_INFERENCE_PROVIDER`:
    /// `_resolve_runtime_agent_kwargs` of `gateway/run.py`, 0.15.2.
    pub gateway_ignores_inference_provider: bool,
    /// A scheduled job cleans what it loads from `.env`, and reads its secrets from there alone: `run_one_job` and
    /// `run_job` of `cron/scheduler.py`, 0.18.2.
    pub jobs_read_dotenv_like_others: bool,
    /// A scheduled job without a model fails, and an empty `provider_routing` does not: `run_job`, 0.18.2.
    pub jobs_need_a_model: bool,
    /// A scheduled job goes through the whole fallback chain: `run_job`, 0.18.2. Before, through the first key of it that
    /// says anything.
    pub jobs_merge_fallbacks: bool,
    /// An agent without a key takes OpenRouter's variable where its pool has none, and the key of `model.base_url` for its
    /// host: `_try_openrouter` and `resolve_provider_client` of `agent/auxiliary_client.py`, 0.18.2.
    pub agents_look_behind_pools: bool,
    /// A side task without a key is given that of the pool's next entry: `_get_cached_client` of `agent/auxiliary_client.py`,
    /// 0.15.2.
    pub side_tasks_peek_pools: bool,
    /// `openai` is OpenAI's endpoint for a side task: `_resolve_task_provider_model`, 0.15.2.
    pub side_tasks_know_openai: bool,
    /// A side task that inherits takes the key of the agent: `_resolve_auto`, 0.15.2.
    pub side_tasks_take_the_key: bool,
    /// All side tasks that inherit know the endpoint and the key of the agent: `_resolve_auto`, 0.16.0. Before, only those that
    /// are told.
    pub side_tasks_know_the_main: bool,
    /// A side task that inherits takes the endpoint of the agent, whatever the provider: `_resolve_auto`, 0.17.0.
    pub side_tasks_take_the_endpoint: bool,
    /// `custom` without an endpoint is that of the agent for a task that is told: `resolve_provider_client`, 0.18.2.
    pub custom_side_tasks_are_the_main: bool,
    /// The provider of `auxiliary.vision` counts beside an endpoint: `_resolve_task_provider_model`, 0.18.2. Before, the endpoint
    /// is a custom one.
    pub vision_keeps_its_provider: bool,
    /// A side task whose provider has no client goes through a chain of its own: `call_llm`, 0.18.2.
    pub side_tasks_fall_back: bool,
    /// `delegation.base_url` does not count for providers with a client of their own: `_resolve_delegation_credentials` of
    /// `tools/delegate_tool.py`, 0.18.2.
    pub subagents_keep_native_providers: bool,
    /// A scheduled job with an endpoint that is not its provider's own does not run: `_guard_job_credential_exfil` of
    /// `cron/scheduler.py`, 0.18.2.
    pub job_endpoints_are_guarded: bool,
    /// A scheduled job that goes by the configuration does not run where that has changed: `run_job`, 0.18.2.
    pub jobs_notice_drift: bool,
    /// A side task may name the variable of its key: `_resolve_task_provider_model`, 0.19.0.
    pub side_tasks_name_keys: bool,
    /// All side tasks are told the runtime of the agent: `_normalize_main_runtime`, 0.19.0.
    pub side_tasks_are_told: bool,
    /// A row of the pool, of the root too, is as good as xAI's login itself: `_xai_oauth_state_from_store` of
    /// `hermes_cli/auth.py`, 0.17.0.
    pub xai_rows_are_logins: bool,
    /// Only an endpoint of `x.ai` gets the token of an xAI login: `_xai_validate_inference_base_url` of
    /// `hermes_cli/auth.py`, 0.15.2.
    pub checks_xai_urls: bool,
    /// A row of the pool is as good as Codex' login itself: `resolve_codex_runtime_credentials` of `hermes_cli/auth.py`,
    /// 0.15.2.
    pub codex_rows_are_logins: bool,
    /// What `openai-codex` waits for counts as a login and is told, and a broken login is mended by that of the Codex
    /// program: `_codex_pool_rate_limit_status` and `_recover_codex_tokens_from_cli` of `hermes_cli/auth.py`, 0.17.0.
    pub knows_codex_limits: bool,
    /// `hermes config set` checks the key: `_validate_config_key` of `hermes_cli/config.py`, 0.19.0.
    pub checks_config_keys: bool,
    /// `hermes config set` takes no key with a dot for a variable: `_is_env_config_key` of `hermes_cli/config.py`, 0.19.0.
    pub dotted_names_are_no_variables: bool,
    /// `hermes config set` keeps a text where the default is one: `_default_value_for_key` of `hermes_cli/config.py`,
    /// 0.19.0.
    pub settings_of_text_stay_text: bool,
    /// With AWS's bearer token Claude is not spoken to in Anthropic's own way: `resolve_runtime_provider`, 0.19.0.
    pub bearer_token_needs_converse: bool,
    /// Reasoning that could not be decrypted cannot be replayed either: `_classify_400`, 0.19.0.
    pub knows_undecrypted_content: bool,
    /// config.yaml is read by ruamel.yaml, as YAML 1.1: a key that stands twice in a mapping, `y` and `n`, numbers with an
    /// exponent and what libyaml refuses are other than for PyYAML. `hermes_yaml.py`, 0.21.4.
    pub reads_yaml_with_ruamel: bool,
    /// A config.yaml that is not read is replaced by the newest one under `backups/config`: `load_config` of
    /// `hermes_cli/config.py`, 0.21.4.
    pub falls_back_to_backups: bool,
    /// `${env:NAME}` stands for a variable as `${NAME}` does: `_expand_env_vars` of `hermes_cli/config.py`, 0.21.4.
    pub references_may_say_env: bool,
    /// auth.json may begin with a byte order mark: `_load_auth_store` of `hermes_cli/auth.py`, 0.21.3.
    pub auth_json_may_have_a_bom: bool,
    /// Writing a pool keeps a cooldown on the disk that is newer and still holds: `_merge_disk_cooldown_state` of
    /// `hermes_cli/auth.py`, commit 3d67f00f.
    pub writing_keeps_newer_cooldowns: bool,
    /// A profile without rows of Anthropic, Codex or xAI changes those of the root: `persist_pool_entries` of
    /// `agent/credential_pool.py`, PR #100339.
    pub shares_logins_with_the_root: bool,
    /// A row has `status_cleared_at`, `model_cooldowns` and whatever else the file has: `PooledCredential.from_dict`,
    /// 0.21.4.
    pub keeps_more_fields: bool,
    /// `NAME_2`, `NAME_3` and so on beside a variable of the provider are read, and every variable that a stored row
    /// names: `_env_key_var_candidates` of `agent/credential_pool.py`, PR #112390.
    pub numbered_variables: bool,
    /// A key of the environment loses the space around it: `get_env_prefer_dotenv` of `agent/credential_pool.py`, 0.21.4.
    pub trims_variables: bool,
    /// A row whose variable or login has another key than before loses its status: `_upsert_entry`, 0.21.4.
    pub new_keys_clear_statuses: bool,
    /// `auth.adopt_external_logins: false` keeps Claude Code's login out: `_seed_anthropic_singletons`, 0.21.4.
    pub logins_may_be_left_alone: bool,
    /// A slot of `moa` or of `auxiliary` makes its provider configured, and so does a variable of `.env`:
    /// `is_provider_explicitly_configured` of `hermes_cli/auth.py`, 0.21.4.
    pub slots_configure_providers: bool,
    /// The pool of an endpoint under `providers` is called as its key there, and only without rows `custom:<name>`:
    /// `custom_provider_pool_key_candidates`, 0.21.4.
    pub slugs_name_pools: bool,
    /// The only row that is not dead waits a minute, unless its account is used up: `_exhausted_ttl`, PR #78380.
    pub sole_keys_cool_briefly: bool,
    /// What may be a used-up account or not waits a minute: `_exhausted_ttl`, issue #82154.
    pub knows_unverified_billing: bool,
    /// A 429 of Anthropic, and a model that an account lacks, bar one model only: `_is_model_scoped_failure` of
    /// `agent/credential_pool_model_cooldowns.py`, PR #113171.
    pub cools_models_alone: bool,
    /// A login without a token is never chosen: `_available_entries`, 0.21.4.
    pub passes_over_empty_logins: bool,
    /// Each selection counts, whatever the strategy: `_select_unlocked`, PR #104910.
    pub counts_every_selection: bool,
    /// Where a failed key is named that no row has, none is marked, and all rows of one key are marked together:
    /// `mark_exhausted_and_rotate`, issues #70401 and #79156.
    pub marks_only_whom_it_is_told: bool,
    /// A rotation that comes back to the row that failed is none: `mark_exhausted_and_rotate`, PR #97315.
    pub never_rotates_to_the_same: bool,
    /// A renewed login that could not be written is dead: `_is_terminal_auth_failure`, 0.21.4.
    pub unwritten_logins_die: bool,
    /// Reset times in messages may have words, fractions and seconds, or be `resets_in_seconds`: `reset_delay_from_message`
    /// of `agent/retry_utils.py`, 0.21.4.
    pub spells_out_reset_times: bool,
    /// Recovery names the row whose key failed, the reason and the model, and takes only a row of the same endpoint:
    /// `recover_with_credential_pool`, issues #68237 and #79156.
    pub recovery_names_the_row: bool,
    /// `hermes auth list` shows ids and priorities, and all pools: `auth_list_command` of `hermes_cli/auth_commands.py`,
    /// PR #104910.
    pub listings_have_ids: bool,
    /// `model.key_env` comes before the provider's variables in the direct look-up: `_resolve_api_key_provider_secret` of
    /// `hermes_cli/auth.py`, issue #106336.
    pub model_names_its_variable: bool,
    /// The direct look-up tries each row of the pool, also exhausted and dead ones: `_resolve_api_key_provider_secret`,
    /// 0.21.3.
    pub look_up_tries_every_row: bool,
    /// `auto` takes an alias, `custom` and an endpoint of this machine from `model`: `_config_model_provider`, 0.21.3.
    pub auto_takes_custom: bool,
    /// A pool's key that is a placeholder or too short is passed over: `_resolve_from_pool` of
    /// `hermes_cli/runtime_provider.py`, 0.21.4.
    pub pool_keys_must_be_usable: bool,
    /// `model.base_url` of another host under `openrouter` is a mirror of it: `_openrouter_should_use_pool`, issue #10622.
    pub mirrors_in_config_count: bool,
    /// `openai` stands for `custom` at OpenAI's endpoint: `expand_direct_api_alias` of
    /// `hermes_cli/runtime_provider_custom.py`, issue #116055.
    pub openai_is_an_alias: bool,
    /// A name of a local server without an endpoint is an error: `_raise_if_local_alias_missing_endpoint` of
    /// `hermes_cli/runtime_provider.py`, issue #113703.
    pub aliases_need_an_endpoint: bool,
    /// Bare `custom` that comes to OpenRouter without a key is an error: `_raise_for_credentialless_bare_custom`, issue
    /// #17929.
    pub bare_custom_needs_a_key: bool,
    /// OpenAI's key goes to what `OPENAI_BASE_URL` names too: `_host_gated_env_key_candidates`, 0.21.4.
    pub openai_key_goes_to_its_url: bool,
    /// Some API-key providers say what API they speak where their endpoint does not: `ProviderConfig.api_mode` of
    /// `hermes_cli/auth.py`, issue #76836.
    pub providers_declare_modes: bool,
    /// `validate_config_structure` of `hermes_cli/config.py` also looks at `voice.submit_mode` and at the backends of `web`,
    /// 0.21.3.
    pub checks_voice_and_web: bool,
}

const V0_13_0: Behaviour = Behaviour {
    used_up_accounts_end_turns: false,
    unreachable_providers_are_left: false,
    google_login_by_auth_add: false,
    looks_for_codes_in_messages: false,
    refusal_may_be_billing: false,
    knows_grok_subscription: false,
    checks_requests_in_5xx: false,
    knows_encrypted_content: false,
    frozen_thinking_is_a_signature: false,
    checks_requests_in_400: false,
    knows_upstream_limits: false,
    looks_for_overflow_in_5xx: false,
    knows_timeout_status: false,
    borrowed_keys_stay_off_disk: false,
    reads_endpoint_paths: false,
    custom_may_be_a_name: false,
    auto_asks_the_openrouter_pool: false,
    custom_agents_own_named_pools: false,
    knows_barred_logins: false,
    knows_dead_entries: false,
    nous_needs_a_usable_token: false,
    nous_tokens_may_be_keys: false,
    writes_changed_nous_logins_only: false,
    keys_alone_are_no_nous_login: false,
    checks_nous_urls: false,
    checks_nous_portal_scheme: false,
    logins_go_back_to_their_store: false,
    codex_logins_have_names: false,
    custom_extras: false,
    custom_aliases_are_custom: false,
    keys_go_to_their_hosts: false,
    openrouter_mirrors_count: false,
    knows_entra: false,
    any_nous_change_syncs: false,
    any_claude_change_syncs: false,
    syncs_codex_before_renewal: false,
    gives_logins_up: false,
    newer_codex_tokens_do: false,
    xai_rows_adopt_stored_ones: false,
    nous_endpoint_by_variable: false,
    nous_life_may_be_odd: false,
    timeouts_may_be_odd: false,
    bedrock_takes_the_asked_model: false,
    reads_hours_until_reset: false,
    anthropic_key_bars_logins: false,
    nous_logins_need_a_token: false,
    logins_of_the_root_count: false,
    drops_nul: false,
    marks_by_key: false,
    merges_fallbacks: false,
    reads_status_times_as_text: false,
    guards_other_providers: false,
    may_rotate_at_once: false,
    tells_stale_from_barred: false,
    names_premium_plus: false,
    knows_entitlements: false,
    knows_xai_logins: false,
    asks_bitwarden: false,
    asks_vaults_by_name: false,
    reads_yaml_with_libyaml: false,
    load_env_drops_export: false,
    load_env_needs_pairs_of_quotes: false,
    sanitizer_spares_values: false,
    loads_op_env: false,
    leaves_max_turns_out: false,
    loads_model_aliases: false,
    accepts_url_templates: false,
    models_may_be_rows: false,
    custom_headers_and_tls: false,
    look_up_prefers_dotenv: false,
    settles_lmstudio_urls: false,
    direct_url_is_never_blank: false,
    writing_keeps_others_rows: false,
    moves_the_nous_portal: false,
    chosen_rows_configure: false,
    auto_takes_logins_last: false,
    xai_login_is_a_device_code: false,
    unset_variables_keep_rows: false,
    spares_short_lived_xai_tokens: false,
    renews_nous_rows: false,
    looks_behind_op_references: false,
    only_oat_tokens_are_logins: false,
    knows_anthropic_host: false,
    distrusts_responses_for_custom: false,
    checks_anthropic_urls: false,
    restores_opencode_paths: false,
    opencode_qwen_speaks_anthropic: false,
    opencode_go_knows_qwen_max: false,
    knows_moa: false,
    knows_vertex: false,
    lone_endpoint_counts: false,
    anthropic_pool_logins_count: false,
    unnamed_agents_recover_nothing: false,
    limits_refreshes: false,
    empty_section_keeps_defaults: false,
    pool_shares_the_config: false,
    leaves_undecodable_dotenv: false,
    token_tells_auth_type: false,
    one_row_per_source: false,
    passes_over_empty_keys: false,
    billing_names_the_key: false,
    blocks_can_be_disabled: false,
    missing_key_is_an_error: false,
    fallback_entries_name_keys: false,
    terminal_moves_model_keys: false,
    gateway_ignores_inference_provider: false,
    jobs_read_dotenv_like_others: false,
    jobs_need_a_model: false,
    jobs_merge_fallbacks: false,
    agents_look_behind_pools: false,
    side_tasks_peek_pools: false,
    side_tasks_know_openai: false,
    side_tasks_take_the_key: false,
    side_tasks_know_the_main: false,
    side_tasks_take_the_endpoint: false,
    custom_side_tasks_are_the_main: false,
    vision_keeps_its_provider: false,
    side_tasks_fall_back: false,
    job_endpoints_are_guarded: false,
    jobs_notice_drift: false,
    subagents_keep_native_providers: false,
    side_tasks_name_keys: false,
    side_tasks_are_told: false,
    xai_rows_are_logins: false,
    checks_xai_urls: false,
    codex_rows_are_logins: false,
    knows_codex_limits: false,
    checks_config_keys: false,
    dotted_names_are_no_variables: false,
    settings_of_text_stay_text: false,
    bearer_token_needs_converse: false,
    knows_undecrypted_content: false,
    reads_yaml_with_ruamel: false,
    falls_back_to_backups: false,
    references_may_say_env: false,
    auth_json_may_have_a_bom: false,
    writing_keeps_newer_cooldowns: false,
    shares_logins_with_the_root: false,
    keeps_more_fields: false,
    numbered_variables: false,
    trims_variables: false,
    new_keys_clear_statuses: false,
    logins_may_be_left_alone: false,
    slots_configure_providers: false,
    slugs_name_pools: false,
    sole_keys_cool_briefly: false,
    knows_unverified_billing: false,
    cools_models_alone: false,
    passes_over_empty_logins: false,
    counts_every_selection: false,
    marks_only_whom_it_is_told: false,
    never_rotates_to_the_same: false,
    unwritten_logins_die: false,
    spells_out_reset_times: false,
    recovery_names_the_row: false,
    listings_have_ids: false,
    model_names_its_variable: false,
    look_up_tries_every_row: false,
    auto_takes_custom: false,
    pool_keys_must_be_usable: false,
    mirrors_in_config_count: false,
    openai_is_an_alias: false,
    aliases_need_an_endpoint: false,
    bare_custom_needs_a_key: false,
    openai_key_goes_to_its_url: false,
    providers_declare_modes: false,
    checks_voice_and_web: false,
};

const V0_14_0: Behaviour = Behaviour { knows_entitlements: true, knows_xai_logins: true, ..V0_13_0 };

const V0_15_2: Behaviour = Behaviour {
    nous_tokens_may_be_keys: true,
    writes_changed_nous_logins_only: true,
    keys_alone_are_no_nous_login: true,
    used_up_accounts_end_turns: true,
    syncs_codex_before_renewal: true,
    gives_logins_up: true,
    google_login_by_auth_add: true,
    custom_extras: true,
    custom_aliases_are_custom: true,
    keys_go_to_their_hosts: true,
    openrouter_mirrors_count: true,
    knows_entra: true,
    any_nous_change_syncs: true,
    reads_hours_until_reset: true,
    anthropic_key_bars_logins: true,
    nous_logins_need_a_token: true,
    logins_of_the_root_count: true,
    drops_nul: true,
    marks_by_key: true,
    merges_fallbacks: true,
    reads_status_times_as_text: true,
    guards_other_providers: true,
    may_rotate_at_once: true,
    tells_stale_from_barred: true,
    names_premium_plus: true,
    looks_for_codes_in_messages: true,
    refusal_may_be_billing: true,
    knows_grok_subscription: true,
    checks_requests_in_5xx: true,
    knows_encrypted_content: true,
    opencode_go_knows_qwen_max: true,
    borrowed_keys_stay_off_disk: true,
    asks_bitwarden: true,
    terminal_moves_model_keys: true,
    gateway_ignores_inference_provider: true,
    checks_xai_urls: true,
    codex_rows_are_logins: true,
    side_tasks_peek_pools: true,
    side_tasks_know_openai: true,
    side_tasks_take_the_key: true,
    ..V0_14_0
};

const V0_16_0: Behaviour = Behaviour {
    knows_dead_entries: true,
    nous_needs_a_usable_token: true,
    codex_logins_have_names: true,
    side_tasks_know_the_main: true,
    ..V0_15_2
};

const V0_17_0: Behaviour = Behaviour {
    knows_codex_limits: true,
    nous_life_may_be_odd: true,
    reads_endpoint_paths: true,
    custom_may_be_a_name: true,
    xai_rows_are_logins: true,
    auto_asks_the_openrouter_pool: true,
    custom_agents_own_named_pools: true,
    knows_barred_logins: true,
    frozen_thinking_is_a_signature: true,
    checks_requests_in_400: true,
    side_tasks_take_the_endpoint: true,
    ..V0_16_0
};

const V0_18_2: Behaviour = Behaviour {
    checks_nous_urls: true,
    logins_go_back_to_their_store: true,
    unreachable_providers_are_left: true,
    timeouts_may_be_odd: true,
    any_claude_change_syncs: true,
    newer_codex_tokens_do: true,
    nous_endpoint_by_variable: true,
    bedrock_takes_the_asked_model: true,
    asks_vaults_by_name: true,
    reads_yaml_with_libyaml: true,
    load_env_drops_export: true,
    load_env_needs_pairs_of_quotes: true,
    sanitizer_spares_values: true,
    loads_op_env: true,
    leaves_max_turns_out: true,
    loads_model_aliases: true,
    accepts_url_templates: true,
    models_may_be_rows: true,
    custom_headers_and_tls: true,
    look_up_prefers_dotenv: true,
    settles_lmstudio_urls: true,
    direct_url_is_never_blank: true,
    writing_keeps_others_rows: true,
    moves_the_nous_portal: true,
    chosen_rows_configure: true,
    auto_takes_logins_last: true,
    xai_login_is_a_device_code: true,
    unset_variables_keep_rows: true,
    spares_short_lived_xai_tokens: true,
    renews_nous_rows: true,
    looks_behind_op_references: true,
    only_oat_tokens_are_logins: true,
    knows_anthropic_host: true,
    distrusts_responses_for_custom: true,
    checks_anthropic_urls: true,
    restores_opencode_paths: true,
    opencode_qwen_speaks_anthropic: true,
    knows_moa: true,
    knows_vertex: true,
    lone_endpoint_counts: true,
    anthropic_pool_logins_count: true,
    unnamed_agents_recover_nothing: true,
    limits_refreshes: true,
    knows_upstream_limits: true,
    looks_for_overflow_in_5xx: true,
    knows_timeout_status: true,
    jobs_read_dotenv_like_others: true,
    jobs_need_a_model: true,
    jobs_merge_fallbacks: true,
    agents_look_behind_pools: true,
    custom_side_tasks_are_the_main: true,
    vision_keeps_its_provider: true,
    side_tasks_fall_back: true,
    job_endpoints_are_guarded: true,
    jobs_notice_drift: true,
    subagents_keep_native_providers: true,
    ..V0_17_0
};

const V0_19_0: Behaviour = Behaviour {
    checks_nous_portal_scheme: true,
    xai_rows_adopt_stored_ones: true,
    empty_section_keeps_defaults: true,
    pool_shares_the_config: true,
    leaves_undecodable_dotenv: true,
    token_tells_auth_type: true,
    one_row_per_source: true,
    passes_over_empty_keys: true,
    billing_names_the_key: true,
    blocks_can_be_disabled: true,
    missing_key_is_an_error: true,
    fallback_entries_name_keys: true,
    checks_config_keys: true,
    dotted_names_are_no_variables: true,
    settings_of_text_stay_text: true,
    bearer_token_needs_converse: true,
    knows_undecrypted_content: true,
    side_tasks_name_keys: true,
    side_tasks_are_told: true,
    ..V0_18_2
};

/// Read in the source and not run.
const V0_21_4: Behaviour = Behaviour {
    reads_yaml_with_ruamel: true,
    falls_back_to_backups: true,
    references_may_say_env: true,
    auth_json_may_have_a_bom: true,
    writing_keeps_newer_cooldowns: true,
    shares_logins_with_the_root: true,
    keeps_more_fields: true,
    numbered_variables: true,
    trims_variables: true,
    new_keys_clear_statuses: true,
    logins_may_be_left_alone: true,
    slots_configure_providers: true,
    slugs_name_pools: true,
    sole_keys_cool_briefly: true,
    knows_unverified_billing: true,
    cools_models_alone: true,
    passes_over_empty_logins: true,
    counts_every_selection: true,
    marks_only_whom_it_is_told: true,
    never_rotates_to_the_same: true,
    unwritten_logins_die: true,
    spells_out_reset_times: true,
    recovery_names_the_row: true,
    listings_have_ids: true,
    model_names_its_variable: true,
    look_up_tries_every_row: true,
    auto_takes_custom: true,
    pool_keys_must_be_usable: true,
    mirrors_in_config_count: true,
    openai_is_an_alias: true,
    aliases_need_an_endpoint: true,
    bare_custom_needs_a_key: true,
    openai_key_goes_to_its_url: true,
    providers_declare_modes: true,
    checks_voice_and_web: true,
    ..V0_19_0
};

impl Behaviour {
    /// The switches of `release`, or `None` for a release that is not known here.
    pub(super) fn of(release: &str) -> Option<Self> {
        match release {
            "0.21.4" => Some(V0_21_4),
            "0.19.0" => Some(V0_19_0),
            "0.18.2" => Some(V0_18_2),
            "0.17.0" => Some(V0_17_0),
            "0.16.0" => Some(V0_16_0),
            "0.15.2" => Some(V0_15_2),
            "0.14.0" => Some(V0_14_0),
            "0.13.0" => Some(V0_13_0),
            _ => None,
        }
    }

    /// Where the row of an xAI login in auth.json comes from.
    pub fn xai_source(&self) -> &'static str {
        if self.xai_login_is_a_device_code { "device_code" } else { "loopback_pkce" }
    }
}
