//! Which names say that a secret stands behind them.
//!
//! The law: a name says so if one of its words does, unless a word beside that one says that something else is meant. Both
//! lists are tables here; a name that neither knows counts as secret, for a value that is masked without need does less harm.

use crate::base::text::{Chars, Search};
use crate::python::is_letter;

/// How much of what stands behind a name is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// `key`, `api`, `auth`: the value may also be the name of something. What is plainly a word stays.
    Maybe,
    /// `api_key`, `token`: whatever is not plainly no secret.
    Secret,
    /// `password`: numbers and words too, for people choose them.
    Password,
    /// `Authorization`: a scheme and what stands behind it.
    Header,
    /// `Cookie`: all of the line.
    Cookie,
}

/// Words that say secret as a part of any name.
const SECRET: &[&str] = &[
    "key",
    "keys",
    "apikey",
    "apikeys",
    "token",
    "tokens",
    "secret",
    "secrets",
    "jwt",
    "bearer",
    "credential",
    "credentials",
    "cred",
    "creds",
    "signature",
    "sig",
    "密钥",
    "秘钥",
    "令牌",
    "凭证",
    "凭据",
];
/// Words for what people choose themselves.
const PASSWORD: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "passwort",
    "passphrase",
    "passcode",
    "pwd",
    "pw",
    "pass",
    "密码",
    "口令",
];
const HEADER: &[&str] = &["authorization"];
const COOKIE: &[&str] = &["cookie", "cookies"];
/// Names that say it only where nothing else is in the name.
const ALONE: &[&str] = &["api", "auth"];
/// Words that say it only as the last one of several: `GH_PAT`, `npm_config__auth`.
const LAST: &[&str] = &["pat", "auth"];
/// What a word that is written together ends with where it says secret: `OPENAIKEY`, `authtoken`.
const ENDS: &[&str] = &["key", "keys", "token", "secret", "password", "passwd", "passphrase"];
/// Words that end so and are other things.
const OTHER_WORDS: &[&str] = &[
    // Animals, games, drinks.
    "monkey", "turkey", "donkey", "hockey", "jockey", "whiskey", "monkeys", "turkeys", "donkeys",
    // What is pressed.
    "hotkey", "hotkeys",
];

/// Words behind one that says secret that say that the name is about a secret and that its value is none.
const TAILS: &[&str] = &[
    // Where it is: the name of a variable, a file, an address.
    "env",
    "envs",
    "var",
    "vars",
    "variable",
    "variables",
    "name",
    "names",
    "named",
    "file",
    "files",
    "path",
    "paths",
    "dir",
    "folder",
    "url",
    "urls",
    "uri",
    "endpoint",
    "host",
    "ref",
    "reference",
    "location",
    "field",
    "column",
    "header",
    "prefix",
    "suffix",
    "param",
    "parameter",
    "command",
    "cmd",
    "helper",
    "script",
    // Who has it.
    "source",
    "sources",
    "provider",
    "providers",
    "pool",
    "pools",
    "store",
    "storage",
    "manager",
    "vault",
    "backend",
    "server",
    "service",
    "owner",
    "issuer",
    "audience",
    "id",
    "ids",
    "label",
    "labels",
    "alias",
    "scope",
    "scopes",
    "fingerprint",
    "hint",
    "title",
    "description",
    "comment",
    "note",
    // Of what kind it is.
    "type",
    "types",
    "kind",
    "format",
    "mode",
    "method",
    "algorithm",
    "alg",
    "scheme",
    "version",
    "encoding",
    "style",
    "class",
    // How many, how long.
    "limit",
    "limits",
    "count",
    "counts",
    "counter",
    "max",
    "min",
    "budget",
    "size",
    "length",
    "len",
    "usage",
    "window",
    "rate",
    "cost",
    "price",
    "total",
    "per",
    "index",
    "number",
    "quota",
    "threshold",
    "ratio",
    "percent",
    // When.
    "at",
    "ts",
    "time",
    "expiry",
    "expires",
    "expiration",
    "expire",
    "ttl",
    "timeout",
    "interval",
    "age",
    "ms",
    "seconds",
    "minutes",
    "hours",
    "days",
    "lifetime",
    "date",
    "cooldown",
    // What is done with it, and how it stands.
    "strategy",
    "strategies",
    "policy",
    "rotation",
    "rotate",
    "status",
    "state",
    "enabled",
    "disabled",
    "required",
    "valid",
    "invalid",
    "exists",
    "present",
    "missing",
    "configured",
    "error",
    "errors",
    "exception",
    "refresh",
    "validation",
    "check",
    "binding",
    "bindings",
    "map",
    "mapping",
    "order",
    "event",
    "events",
    "handler",
    "func",
    "function",
    "callback",
];

/// Words before `key` with which it is another kind of key.
const OTHER_KEYS: &[&str] = &[
    // Everybody may have it.
    "public",
    "publishable",
    // Of tables and mappings.
    "primary",
    "foreign",
    "sort",
    "cache",
    "partition",
    "group",
    "map",
    "dict",
    "mapping",
    "object",
    "row",
    "lookup",
    "index",
    "field",
    "column",
    "routing",
    "idempotency",
    "i18n",
    "translation",
    // Of configurations, in error texts.
    "yaml",
    "json",
    "toml",
    "config",
    "root",
    "unknown",
    "duplicate",
    "unexpected",
    "unrecognized",
    "nested",
    "parent",
    // A chat, as Hermes names it: `agent:main:telegram:dm:…`.
    "session",
    // What is pressed.
    "hot",
    "shortcut",
    "arrow",
    "shift",
    "ctrl",
    "alt",
    "enter",
    "escape",
];
/// Words before `token` with which it is a piece of text, or a count of them.
const OTHER_TOKENS: &[&str] = &[
    "max",
    "min",
    "num",
    "total",
    "prompt",
    "completion",
    "input",
    "output",
    "reasoning",
    "context",
    "thinking",
    "cached",
    "eos",
    "bos",
    "pad",
    "unk",
    "sep",
    "cls",
    "mask",
    "stop",
    "special",
    "unexpected",
];

/// What a name says of the value behind it; `None` where it says nothing of a secret.
///
/// ```
/// use poolcheck::secret::{Says, says};
/// assert_eq!(says("x-api-key"), Some(Says::Secret));
/// assert_eq!(says("DB_PASSWORD"), Some(Says::Password));
/// assert_eq!((says("public_key"), says("token_path"), says("eos_token")), (None, None, None));
/// ```
pub fn says(name: &str) -> Option<Says> {
    /// Longer names are none.
    const LONGEST: usize = 200;
    if name.len() > LONGEST {
        return None;
    }
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (last, before) = words.split_last()?;
    if before.is_empty() && ALONE.contains(last) {
        return Some(Says::Maybe);
    }
    if !before.is_empty() && LAST.contains(last) {
        return Some(if *last == "auth" { Says::Maybe } else { Says::Secret });
    }
    // The last one that says anything decides.
    for (at, word) in words.iter().enumerate().rev() {
        let previous = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or("");
        let Some(kind) = word_says(word) else { continue };
        let is_other = match *word {
            "key" | "keys" => OTHER_KEYS.contains(&previous),
            "token" | "tokens" => OTHER_TOKENS.contains(&previous),
            _ => false,
        };
        let behind = words.get(at + 1..).unwrap_or(&[]);
        // The `secret_id` of a vault is one.
        let is_about =
            behind.iter().any(|word| TAILS.contains(word)) && !(*word == "secret" && behind == ["id"]);
        if is_other || is_about {
            return None;
        }
        let is_bare = words.len() == 1;
        return Some(match kind {
            Says::Secret
                if is_bare
                    && ["key", "keys", "credential", "credentials", "sig", "signature"].contains(word) =>
            {
                Says::Maybe
            }
            kind => kind,
        });
    }
    None
}

fn word_says(word: &str) -> Option<Says> {
    if SECRET.contains(&word) {
        return Some(Says::Secret);
    }
    if PASSWORD.contains(&word) {
        return Some(Says::Password);
    }
    if HEADER.contains(&word) {
        return Some(Says::Header);
    }
    if COOKIE.contains(&word) {
        return Some(Says::Cookie);
    }
    if ENDS.iter().any(|end| word.ends_with(end)) && !OTHER_WORDS.contains(&word) {
        return Some(if word.holds("pass") { Says::Password } else { Says::Secret });
    }
    ["密钥", "秘钥", "令牌", "密码", "口令"].iter().any(|end| word.ends_with(end)).then_some(Says::Secret)
}

/// Whether a variable or a mapping key of this name may hold a credential.
///
/// ```
/// use poolcheck::secret::names_a_secret;
/// for name in ["GOOGLE_API_KEY", "apiKey", "access_token", "x-api-key", "Authorization", "DB_PASSWORD_2", "OPENAIKEY"] {
///     assert!(names_a_secret(name), "{name}");
/// }
/// for name in ["base_url", "key_env", "max_tokens", "token_limit", "keyboard", "monkey", "credential_pool_strategies"] {
///     assert!(!names_a_secret(name), "{name}");
/// }
/// ```
pub fn names_a_secret(name: &str) -> bool {
    says(name).is_some()
}

/// The words of a name in small letters, without numbers: `AccountKey`, `account-key` and `ACCOUNT_KEY_2` have the same.
fn words(name: &str) -> Vec<String> {
    const UPPER: Chars = |c| c.is_ascii_uppercase();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous = ' ';
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let next_is_small = chars.peek().is_some_and(char::is_ascii_lowercase);
        let begins = UPPER(c) && (previous.is_ascii_lowercase() || UPPER(previous) && next_is_small);
        if (begins || !is_letter(c)) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if is_letter(c) {
            word.push(c.to_ascii_lowercase());
        }
        previous = c;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
