//! Why a credential lost, as a message.

use crate::diagnostic::{Arg, Message};
use crate::hermes::Reason;
use crate::messages::templates;

templates! {
    LATER_IN_POOL = "reason.later-in-pool": "another entry of the pool has its turn first";
    COOLING_DOWN = "reason.cooling-down": "in cooldown after HTTP {status}: Hermes tries it again in {left}";
    COOLING_DOWN_UNKNOWN = "reason.cooling-down-unknown": "in cooldown: Hermes tries it again in {left}";
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
    OTHER_PROVIDER = "reason.other-provider": "it belongs to the provider `{provider}`, which is not the one in use";
}

/// Why a credential lost; `now` is the time in seconds since the epoch.
pub fn message(reason: &Reason, now: f64) -> Message {
    match reason {
        Reason::LaterInPool => Message::new(&LATER_IN_POOL),
        Reason::CoolingDown { until: None, .. } => Message::new(&EXHAUSTED),
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
