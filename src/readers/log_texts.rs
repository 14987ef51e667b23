//! The texts of Hermes' logs and of its terminal that tell what becomes of keys and providers, in one table.
//!
//! Each is written as it is printed, with what varies in braces. They are the same in all releases that are known, but for
//! those that a release did not have yet. Where several fit a line, the first one counts.

/// What a line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An entry of a pool was benched: `label`, `status`.
    Marked,
    /// The next entry was taken: `label`, or `status`, `why` and `id`.
    Rotated,
    /// No entry of a pool is left.
    Empty,
    /// An entry will never be used again: `label`, `status`, `reason`.
    Dead,
    /// A dead entry was dropped from auth.json: `label`, `reason`.
    Pruned,
    /// The token of an entry was renewed: `id`.
    Refreshed,
    /// A key was left alone: a missing subscription.
    Spared,
    /// A key was left alone: the limit is one of the provider behind an aggregator.
    SparedUpstream,
    /// A pool of another provider was left alone: `pool`, `provider`.
    Mismatch,
    /// A request failed: `attempt`, `most`, `type`, `status`, `provider`, `model`, `endpoint`, `text`, `details`.
    Failed,
    /// It is tried again after `wait` seconds.
    Retried,
    /// The fallback chain is about to be tried.
    FallingBack,
    /// A member of the chain took over: `from`, `to`, `provider`.
    FellBack,
    /// A member of the chain was passed over: `entry`, `text`.
    Skipped,
    /// The first provider has no usable credential, the chain is tried: `text`.
    PrimaryFailed,
    /// A member of the chain can be used: `provider`, `model`.
    FallbackFound,
    /// Hermes gave a request up: `most`, `text`, `status`.
    GaveUp,
    /// A scheduled job failed: `job`, `text`.
    JobFailed,
    /// No key was found: `provider`.
    NoKey,
    /// There is no provider of this name: `provider`.
    Unknown,
    /// A login's token was refused because somebody else has used it up.
    Reused,
    /// No client could be made for a provider that a side task, a fallback or the agent asked for: `provider`, `text`.
    NoClient,
    /// A request goes to an endpoint of config.yaml without a key: `provider`.
    SentKeyless,
    /// A request of a side task failed, others are tried for it: `task`, `reason`, `provider`, `text`.
    TaskError,
    /// Another provider took a side task over: `task`, `reason`, `provider`, `to`.
    TaskFellBack,
    /// A side task failed and nothing stands in: `task`, `reason`, `provider`.
    TaskFailed,
    /// Side tasks leave a provider out for a while: `provider`, `wait`.
    LeftOut,
    /// No provider for side tasks was found: `tried`.
    NoTaskProvider,
    /// The provider that is written for pictures could not be used: `provider`.
    VisionAway,
    /// auth.json may not be read and counts as empty: `path`.
    Barred,
    /// auth.json is broken and counts as empty: `path`.
    Broken,
    /// config.yaml does not parse, and counts as not written.
    NotParsed,
    /// A request was refused, and nothing tells what Hermes did about it: `status`, `endpoint` or `text`.
    Refused,
    /// More of the failed request above: the lines of the terminal's block, and what is logged of the retry.
    More,
}

impl Kind {
    /// Whether it is of a provider beside the main one: of a side task, or of whoever asked for a client.
    pub fn is_of_side(self) -> bool {
        matches!(
            self,
            Self::NoClient
                | Self::SentKeyless
                | Self::TaskError
                | Self::TaskFellBack
                | Self::TaskFailed
                | Self::LeftOut
                | Self::VisionAway
        )
    }
}

/// A text, what it tells, and the file of the real program that says it.
pub(super) struct Known {
    pub(super) kind: Kind,
    pub(super) text: &'static str,
    /// How long a line is at least in which it stands: as long as what it begins with.
    pub(super) least: usize,
    /// Kept for readers of this table: where to look when a release words it anew.
    #[allow(dead_code, reason = "says where the text comes from")]
    pub(super) upstream: &'static str,
}

const fn known(kind: Kind, upstream: &'static str, text: &'static str) -> Known {
    Known { kind, text, least: head_of(text), upstream }
}

/// The bytes of what stands in front of the first name in braces, dash or arrow. Each line is asked for each of the texts.
const fn head_of(text: &str) -> usize {
    /// What the dash and the arrow begin with, and no letter of these texts.
    const DASH: u8 = 0xe2;
    let (mut head, mut rest, mut at) = (0, text.as_bytes(), 0);
    while let [first, others @ ..] = rest {
        if *first == b'{' || *first == DASH {
            break;
        }
        at += 1;
        if *first != b' ' {
            head = at;
        }
        rest = others;
    }
    head
}

const POOL: &str = "agent/credential_pool.py";
const RECOVERY: &str =
    "recover_with_credential_pool of agent/agent_runtime_helpers.py; run_agent.py before 0.15.2";
const LOOP: &str = "agent/conversation_loop.py; run_agent.py before 0.15.2";
const FALLBACK: &str =
    "try_activate_fallback of agent/chat_completion_helpers.py; run_agent.py before 0.15.2";
const GATEWAY: &str = "_resolve_runtime_agent_kwargs and _try_resolve_fallback_provider of gateway/run.py";
const CRON: &str = "run_job of cron/scheduler.py";
const OAUTH: &str = "what OpenAI answers; hermes_cli/auth.py";
const STORE: &str = "_load_auth_store of hermes_cli/auth.py";
const CONFIG: &str = "_warn_config_parse_failure of hermes_cli/config.py";
const CLI: &str = "_ensure_runtime_credentials of cli.py";
const INIT: &str = "agent/agent_init.py; run_agent.py before 0.15.2";
const AUX: &str = "agent/auxiliary_client.py";
const RESOLVER: &str = "resolve_runtime_provider of hermes_cli/runtime_provider.py";

const NAMES: &str = "resolve_provider of hermes_cli/auth.py";

const CLIENT: &str = "what httpx logs, and what the client of OpenAI raises";

/// The answers to single requests: they count where a log ends with one, and above other events they say nothing more.
pub(super) static ANSWERS: &[Known] = &[
    known(Kind::Refused, CLIENT, "HTTP Request: POST {endpoint} \"HTTP/1.1 {status}"),
    known(Kind::Refused, CLIENT, "HTTP Request: POST {endpoint} \"HTTP/2 {status}"),
    known(Kind::Refused, CLIENT, "Error code: {status} - {text}"),
    known(Kind::Refused, LOOP, "Error: HTTP {status}: {text}"),
];

/// All texts.
pub(super) static KNOWN: &[Known] = &[
    known(Kind::Marked, POOL, "marking {label} exhausted (status={status})"),
    known(Kind::Dead, POOL, "marking {label} DEAD (status={status}, reason={reason})"),
    known(Kind::Pruned, POOL, "pruning DEAD manual entry {label} (reason={reason},"),
    known(Kind::Empty, POOL, "no available entries (all exhausted or empty)"),
    known(Kind::Rotated, RECOVERY, "Credential {status} ({why}) — rotated to pool entry {id}"),
    known(Kind::Rotated, POOL, "pool: rotated to {label}"),
    known(Kind::Refreshed, RECOVERY, "Credential auth failure — refreshed pool entry {id}"),
    known(Kind::Mismatch, RECOVERY, "Credential pool provider mismatch: pool={pool}, agent={provider}"),
    known(Kind::Spared, RECOVERY, "entitlement-shaped 403 from {provider};"),
    known(Kind::SparedUpstream, RECOVERY, "Upstream provider {name} rate-limited via aggregator"),
    known(Kind::SparedUpstream, RECOVERY, "Upstream aggregator 429 (provider unknown)"),
    known(
        Kind::Failed,
        LOOP,
        "API call failed (attempt {attempt}/{most}) error_type={type} thread={thread} provider={provider} \
         base_url={endpoint} model={model} summary={text}",
    ),
    known(Kind::Failed, LOOP, "API call failed (attempt {attempt}/{most}) error_type={type}"),
    known(Kind::Failed, LOOP, "API call failed (attempt {attempt}/{most}): {type} [HTTP {status}]"),
    known(Kind::Failed, LOOP, "API call failed (attempt {attempt}/{most}): {type}"),
    known(Kind::More, LOOP, "Retrying API call in {wait}s (attempt {next}/{most}) {context} error={details}"),
    known(Kind::Retried, LOOP, "Rate limited. Waiting {wait}s (attempt {next}/"),
    known(Kind::Retried, LOOP, "Retrying in {wait}s (attempt {next}/"),
    known(Kind::FallingBack, LOOP, "Non-retryable error (HTTP {status}) — trying fallback"),
    known(Kind::FallingBack, LOOP, "Max retries ({most}) exhausted — trying fallback"),
    known(Kind::FallingBack, LOOP, "switching to fallback provider"),
    known(Kind::FallingBack, LOOP, "switching to fallback model"),
    known(Kind::GaveUp, LOOP, "Non-retryable error (HTTP {status}): {text}"),
    known(Kind::GaveUp, LOOP, "Non-retryable client error (HTTP {status}). Aborting"),
    known(Kind::GaveUp, LOOP, "Non-retryable client error: {text}"),
    known(
        Kind::GaveUp,
        LOOP,
        "API call failed after {most} retries. {text} | provider={provider} model={model} msgs=",
    ),
    known(Kind::GaveUp, LOOP, "API call failed after {most} retries. {text}"),
    known(Kind::GaveUp, LOOP, "API call failed after {most} retries: {text}"),
    known(Kind::GaveUp, LOOP, "Rate limited after {most} retries — {text}"),
    known(Kind::GaveUp, LOOP, "API failed after {most} retries — {text}"),
    known(Kind::FellBack, LOOP, "Fallback activated after empty responses: now using {to} on {provider}"),
    known(Kind::FellBack, FALLBACK, "Fallback activated: {from} → {to} ({provider})"),
    known(Kind::FellBack, FALLBACK, "Primary model failed — switching to fallback: {to} via {provider}"),
    known(Kind::Skipped, FALLBACK, "Fallback skip: chain entry {entry} matches current"),
    known(Kind::Skipped, FALLBACK, "Fallback skip: {entry} is not locally usable ({text});"),
    known(Kind::Skipped, FALLBACK, "Failed to activate fallback {entry}: {text}"),
    known(Kind::Skipped, FALLBACK, "Fallback to {entry} failed: {text}"),
    known(Kind::PrimaryFailed, GATEWAY, "Primary provider auth failed: {text} — trying fallback"),
    known(Kind::PrimaryFailed, GATEWAY, "Primary provider rate-limited (429): {text} — trying fallback"),
    known(Kind::PrimaryFailed, CRON, "primary auth failed ({text}), trying fallback"),
    known(Kind::FallbackFound, GATEWAY, "Fallback provider resolved: {provider} model={model}"),
    known(Kind::FallbackFound, CRON, "fallback resolved to {provider} model {model}"),
    known(Kind::FallbackFound, CLI, "Falling through to fallback: {provider}/{model}"),
    known(Kind::JobFailed, CRON, "Job '{job}' failed: {text}"),
    known(Kind::JobFailed, CRON, "Cron '{job}' failed: {text}"),
    known(Kind::NoKey, INIT, "Provider '{provider}' is set in config.yaml but no API key was found"),
    known(Kind::NoKey, RESOLVER, "No usable credentials found for provider '{provider}'"),
    known(Kind::Unknown, NAMES, "Unknown provider '{provider}'."),
    known(Kind::NoClient, AUX, "resolve_provider_client: {provider} requested but {text}"),
    known(Kind::NoClient, AUX, "Auxiliary {provider} client unavailable: {text}"),
    known(Kind::SentKeyless, AUX, "named custom provider '{provider}' has no resolvable api_key"),
    known(
        Kind::TaskFailed,
        AUX,
        "Auxiliary {task}: {reason} on {provider} and no fallback available (tried: {tried})",
    ),
    known(Kind::TaskFailed, AUX, "Auxiliary {task}: {reason} on {provider} and all fallbacks exhausted"),
    known(Kind::TaskError, AUX, "Auxiliary {task}: {reason} on {provider} ({text}), trying fallback"),
    known(
        Kind::TaskFellBack,
        AUX,
        "Auxiliary {task}: {reason} on {provider} — falling back to main agent model {to}",
    ),
    known(Kind::TaskFellBack, AUX, "Auxiliary {task}: {reason} on {provider} — falling back to {to}"),
    known(Kind::TaskFellBack, AUX, "Auxiliary {task}: {reason} on {provider} — configured fallback to {to}"),
    known(Kind::TaskFellBack, AUX, "Auxiliary {task}: {reason} on {provider} — main fallback chain to {to}"),
    known(Kind::LeftOut, AUX, "Auxiliary: marking {provider} unhealthy for {wait}s ("),
    known(
        Kind::NoTaskProvider,
        AUX,
        "Auxiliary auto-detect: no provider available (tried: {tried}). Compression",
    ),
    known(
        Kind::VisionAway,
        AUX,
        "Vision provider {provider} unavailable, falling back to auto vision backends",
    ),
    known(Kind::Reused, OAUTH, "refresh_token_reused"),
    known(
        Kind::Barred,
        STORE,
        "auth: failed to parse {path} ([Errno 13] Permission denied{rest} — starting with empty store",
    ),
    known(Kind::NotParsed, CONFIG, "Failed to parse {path}config.yaml: {text}"),
    known(Kind::Broken, STORE, "auth: failed to parse {path} ({text} — starting with empty store"),
    known(Kind::More, LOOP, "Provider: {provider} Model: {model}"),
    known(Kind::More, LOOP, "Endpoint: {endpoint}"),
    known(Kind::More, LOOP, "Error: {text}"),
    known(Kind::More, LOOP, "Details: {details}"),
    known(Kind::More, LOOP, "Elapsed: {elapsed}"),
    known(Kind::More, LOOP, "Final error: {text}"),
];
