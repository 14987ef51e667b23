//! Why a credential lost, and what the model leaves open, as messages.

use crate::base::text::Search;
use crate::diagnostic::messages::{Language, templates};
use crate::diagnostic::{Arg, Message, Template};
use crate::hermes::Reason;

templates! {
    LATER_IN_POOL = "reason.later-in-pool": "another entry of the pool has its turn first";
    COOLING_DOWN = "reason.cooling-down": "in cooldown after HTTP {status}: Hermes tries it again in {left}";
    COOLING_DOWN_UNKNOWN = "reason.cooling-down-unknown": "in cooldown: Hermes tries it again in {left}";
    COOLING_DOWN_OPEN = "reason.cooling-down-open":
        "in cooldown after HTTP {status}, and the listing does not print until when";
    EXHAUSTED = "reason.exhausted": "marked exhausted, with no time from which on Hermes tries it again";
    DEAD = "reason.dead": "permanently failed: Hermes does not select it again before a new login";
    NOT_DRAWN = "reason.not-drawn": "the strategy `random` draws one of the available entries each time";
    USED_MORE = "reason.used-more": "the strategy `least_used` takes an entry with fewer requests";
    TOKEN_EXPIRED = "reason.token-expired": "its token has run out, and there is no refresh token to renew it with";
    NO_KEY = "reason.no-key": "the entry has no key";
    SUPPRESSED = "reason.suppressed": "`hermes auth remove` suppressed this source, and the pool leaves it out";
    DOTENV_BEATS_ENVIRONMENT = "reason.dotenv-beats-environment":
        "`.env` sets the same variable, and Hermes takes that value";
    ENVIRONMENT_BEATS_DOTENV = "reason.environment-beats-dotenv":
        "this part of Hermes reads the process environment only";
    POOL_COMES_FIRST = "reason.pool-comes-first": "the credential pool has a usable entry, and the pool comes first";
    EARLIER_VARIABLE = "reason.earlier-variable": "`{variable}` is tried before it and has a key";
    NOT_READ = "reason.not-read": "Hermes does not read this value for the provider `{provider}`";
    PLACEHOLDER = "reason.placeholder": "too short or a placeholder: Hermes does not take it for a key";
    OTHER_HOST = "reason.other-host": "this key is only sent to its own provider's host";
    EARLIER_CANDIDATE = "reason.earlier-candidate": "something that is tried before it has a key";
    POOL_PASSED_OVER = "reason.pool-passed-over": "`{setting}` keeps Hermes from asking the credential pool";
    POOL_NEVER_ASKED = "reason.pool-never-asked":
        "Hermes takes the key of `{provider}` from its variable alone, and never asks this pool";
    NO_ENDPOINT = "reason.no-endpoint": "Hermes stops for want of an endpoint, before it looks for a key";
    OPEN_LISTED_LOGIN = "open.listed-login": "a login of which only the listing is there";
    OPEN_PASSED_OVER = "open.passed-over": "why a row of the listing is passed over";
    OPEN_COOLDOWN = "open.cooldown": "until when a row of the listing is in cooldown";
    OPEN_ROWS = "open.rows": "a pool of thousands of rows";
    OPEN_COUNTS = "open.counts": "how often each key of the listing was used";
    OPEN_PROVIDER = "open.provider": "the provider {name} in this release";
    OPEN_VALUE = "open.value": "the value of {name}, which was not pasted";
    OPEN_LOGIN = "open.login": "a stored login of {name}";
    OPEN_AGENT_LOOK = "open.agent-look": "an agent's own look for {name}";
    OPEN_COPILOT = "open.copilot": "the program of GitHub Copilot";
    OPEN_GITHUB_TOKENS = "open.github-tokens": "the exchange of GitHub tokens";
    OPEN_ENTRA = "open.entra": "a login with Microsoft Entra ID";
    OPEN_AWS_KEYS = "open.aws-keys": "AWS credentials that no variable names";
    OPEN_AWS_REGION = "open.aws-region": "an AWS region that no variable names";
    OPEN_NIX = "open.nix": "the settings that Nix has beside these variables";
    OPEN_AWS_FILES = "open.aws-files": "the files of AWS's own programs";
    OPEN_VERTEX = "open.vertex": "Google's own login for Vertex AI";
    OPEN_CODEX = "open.codex": "the login of the Codex program";
    OPEN_QWEN = "open.qwen": "the login of Qwen's program";
    OPEN_GEMINI_CLI = "open.gemini-cli": "a login of google-gemini-cli";
    OPEN_LOCAL_SERVER = "open.local-server": "the model server that Hermes itself runs";
    OPEN_TASK_ANTHROPIC = "open.task-anthropic": "a side task that speaks Anthropic's API";
    OPEN_FALLBACK_ANTHROPIC = "open.fallback-anthropic": "a fallback to Anthropic's API";
    OPEN_TASK_SEARCH = "open.task-search": "a side task's search among all providers";
    OPEN_AGENT_SEARCH = "open.agent-search": "an agent's search among all providers";
    OTHER_PROVIDER = "reason.other-provider": "it belongs to the provider `{provider}`, which is not the one in use";
}

/// What the model says that it leaves open, where it is worded: `{name}` stands for what varies.
static OPEN: [&Template; 25] = [
    &OPEN_ROWS,
    &OPEN_LISTED_LOGIN,
    &OPEN_PASSED_OVER,
    &OPEN_COOLDOWN,
    &OPEN_COUNTS,
    &OPEN_PROVIDER,
    &OPEN_VALUE,
    &OPEN_LOGIN,
    &OPEN_AGENT_LOOK,
    &OPEN_COPILOT,
    &OPEN_GITHUB_TOKENS,
    &OPEN_ENTRA,
    &OPEN_AWS_KEYS,
    &OPEN_AWS_REGION,
    &OPEN_NIX,
    &OPEN_AWS_FILES,
    &OPEN_VERTEX,
    &OPEN_CODEX,
    &OPEN_QWEN,
    &OPEN_GEMINI_CLI,
    &OPEN_LOCAL_SERVER,
    &OPEN_TASK_ANTHROPIC,
    &OPEN_FALLBACK_ANTHROPIC,
    &OPEN_TASK_SEARCH,
    &OPEN_AGENT_SEARCH,
];

/// What the model leaves open, to be put into a sentence; what is not worded stays in the model's English.
pub fn open(what: &str) -> Arg {
    for template in OPEN {
        let wording = Language::English.wording(template);
        match wording.cut_at("{name}") {
            None if wording == what => return Message::new(template).into(),
            None => {}
            Some((before, behind)) => {
                let name = what.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
                if let Some(name) = name {
                    return Message::new(template).with("name", name).into();
                }
            }
        }
    }
    what.into()
}

/// Why a credential lost; `now` is the time in seconds since the epoch.
pub fn message(reason: &Reason, now: f64) -> Message {
    match reason {
        Reason::LaterInPool => Message::new(&LATER_IN_POOL),
        Reason::CoolingDown { until: None, status: Some(status) } => {
            Message::new(&COOLING_DOWN_OPEN).with("status", status.to_string())
        }
        Reason::CoolingDown { until: None, status: None } => Message::new(&EXHAUSTED),
        Reason::CoolingDown { until: Some(until), status } => {
            let left = Arg::Seconds((until - now).max(0.0));
            match status {
                Some(status) => {
                    Message::new(&COOLING_DOWN).with("status", status.to_string()).with("left", left)
                }
                None => Message::new(&COOLING_DOWN_UNKNOWN).with("left", left),
            }
        }
        Reason::Dead => Message::new(&DEAD),
        Reason::NotDrawn => Message::new(&NOT_DRAWN),
        Reason::UsedMore => Message::new(&USED_MORE),
        Reason::TokenExpired => Message::new(&TOKEN_EXPIRED),
        Reason::NoKey => Message::new(&NO_KEY),
        Reason::Suppressed => Message::new(&SUPPRESSED),
        Reason::DotEnvBeatsEnvironment => Message::new(&DOTENV_BEATS_ENVIRONMENT),
        Reason::EnvironmentBeatsDotEnv => Message::new(&ENVIRONMENT_BEATS_DOTENV),
        Reason::PoolComesFirst => Message::new(&POOL_COMES_FIRST),
        Reason::EarlierVariable(variable) => {
            Message::new(&EARLIER_VARIABLE).with("variable", variable.as_str())
        }
        Reason::NotReadForProvider(provider) => Message::new(&NOT_READ).with("provider", provider.as_str()),
        Reason::Placeholder => Message::new(&PLACEHOLDER),
        Reason::OtherHost => Message::new(&OTHER_HOST),
        Reason::EarlierCandidate => Message::new(&EARLIER_CANDIDATE),
        Reason::PoolPassedOver(setting) => Message::new(&POOL_PASSED_OVER).with("setting", setting.as_str()),
        Reason::PoolNeverAsked(provider) => {
            Message::new(&POOL_NEVER_ASKED).with("provider", provider.as_str())
        }
        Reason::NoEndpoint => Message::new(&NO_ENDPOINT),
        Reason::OtherProvider(provider) => Message::new(&OTHER_PROVIDER).with("provider", provider.as_str()),
    }
}
