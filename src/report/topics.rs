//! What a text speaks of in which nothing is recognised: the rules that its words touch, from one table. Nothing is said of its
//! author's setup: nobody has seen it.

use crate::base::collections::TextSet;
use crate::base::text::{Search, Span};
use crate::diagnostic::messages::{Language, fill, templates};
use crate::diagnostic::shown::Shown;
use crate::python::lower;
use crate::report::{NothingView, TouchView};
use crate::rules;

templates! {
    SUMMARY = "topics.summary":
        "Nothing in this text has the form of a file or of an output of Hermes, so nothing is known of your setup.";
    TOUCHED = "topics.touched": "Its words touch these rules. Whether one of them holds for you shows when you paste what it is about:";
    COULD = "topics.could": "You could paste any of these, with keys as they are (nothing is sent) or cut short:";
    COULD_CONFIG = "topics.could.config": "`~/.hermes/config.yaml`, whole, with its indentation";
    COULD_LISTING = "topics.could.listing": "what `hermes auth list` prints";
    COULD_LOG = "topics.could.log": "the lines of `~/.hermes/logs/agent.log` from the first error on";
    COULD_DOTENV = "topics.could.dotenv": "`~/.hermes/.env`, and `~/.hermes/auth.json`";
    COULD_UNIT = "topics.could.unit": "the service's unit: what `systemctl --user cat hermes-gateway` prints";
    COULD_REPORT = "topics.could.debug-report": "what `hermes dump` or `hermes config show` prints";
}

/// At most so many rules are named: who reads more reads none.
const MOST: usize = 6;

/// A rule and the words that touch it: one of each group has to be in the text.
struct Topic {
    code: &'static str,
    groups: &'static [&'static [&'static str]],
}

const POOL: &[&str] =
    &["credential pool", "credential_pool", "auth.json", "pool entry", "凭据池", "凭证池", "密钥池"];
const LIMIT: &[&str] =
    &["429", "rate limit", "rate-limit", "ratelimit", "quota", "exhausted", "限流", "限速", "额度", "配额"];
const CHAIN: &[&str] = &["fallback", "备用", "后备", "回退"];
const NEW_KEY: &[&str] = &[
    "new key",
    "old key",
    "stale key",
    "replace",
    "update api_key",
    "updates api_key",
    "updating config",
    "rotate the key",
    "changed the key",
    "change the key",
    "override",
    "precedence",
    "新密钥",
    "新的 key",
    "旧密钥",
    "旧的 key",
    "换了 key",
    "更换",
];
const SERVICE: &[&str] = &["systemd", "systemctl", "hermes-gateway", ".service", "launchd", "launchctl"];
const SHELL: &[&str] = &[".bashrc", ".zshrc", ".profile", "export ", "environment variable", "环境变量"];
const LOGIN: &[&str] = &["oauth", "login", "device code", "subscription", "登录", "订阅"];

const fn topic(code: &'static str, groups: &'static [&'static [&'static str]]) -> Topic {
    Topic { code, groups }
}

/// What the rules are about, in the words of people who do not know them.
const TOPICS: [Topic; 34] = [
    topic("PC201", &[POOL, NEW_KEY]),
    topic("PC941", &[SERVICE, SHELL]),
    topic(
        "PC814",
        &[&["hermes auth reset", "auth reset", "reset the cooldown", "clear the cooldown", "重置冷却"]],
    ),
    topic(
        "PC203",
        &[
            &["api_key"],
            &["config.yaml"],
            &["ignored", "not used", "override", "precedence", "no effect", "忽略", "不生效"],
        ],
    ),
    topic("PC202", &[&[".env"], SHELL, &["override", "precedence", "beats", "wins", "old key", "覆盖"]]),
    topic(
        "PC701",
        &[
            LIMIT,
            &["all keys", "every key", "all credentials", "cooldown", "no available entries", "冷却", "全部"],
        ],
    ),
    topic(
        "PC914",
        &[&["no api key was found", "no api key found", "no usable credential", "找不到 api key"], LIMIT],
    ),
    topic("PC208", &[LIMIT, &["still", "keeps", "continues", "仍然", "一直", "还是"]]),
    topic("PC401", &[&["api_key_1", "api_key_2", "_key_1", "_key_2", "numbered", "编号"]]),
    topic("PC402", &[&["api_keys"]]),
    topic("PC403", &[&["comma", "逗号"], &["key", "密钥"]]),
    topic("PC301", &[&["credential_pool"], &["config.yaml"]]),
    topic("PC505", &[&["strategy", "round_robin", "fill_first", "least_used", "策略"], &["config.yaml"]]),
    topic(
        "PC602",
        &[CHAIN, &["under model", "model.fallback", "never tried", "not tried", "not used", "不生效"]],
    ),
    topic("PC604", &[&["fallback_models", "fallback_provider:", "fallbacks:"]]),
    topic("PC916", &[CHAIN, &["never", "does not", "doesn't", "not take over", "没有", "不会"]]),
    topic("PC925", &[CHAIN, &["activated", "switched", "took over", "切换"]]),
    topic(
        "PC911",
        &[
            &["400", "invalid_argument", "bad request", "thought_signature"],
            &["rotate", "rotation", "轮换", "切换"],
        ],
    ),
    topic("PC912", &[&["400"], &["api key not valid", "invalid key", "api_key_invalid", "密钥无效"]]),
    topic("PC913", &[LIMIT, &["first 429", "retry", "same key", "重试"]]),
    topic("PC919", &[LIMIT, &["openrouter"], &["upstream", "provider returned error", "上游"]]),
    topic(
        "PC917",
        &[&["401", "token_revoked", "invalid_grant", "permanently"], &["dead", "revoked", "失效", "吊销"]],
    ),
    topic("PC918", &[&["refresh token", "refresh_token"], &["used", "reused", "已被使用"]]),
    topic(
        "PC923",
        &[
            &["401", "invalid api key", "无效"],
            &["minimax", "moonshot", "kimi", "zai", "z.ai", "glm", "dashscope", "qwen", "alibaba"],
        ],
    ),
    topic(
        "PC924",
        &[LOGIN, &["claude", "anthropic", "codex"], &["403", "401", "refused", "rejected", "拒绝"]],
    ),
    topic("PC805", &[LOGIN, &["api key", "api-key", "密钥"], &["hermes auth add"]]),
    topic(
        "PC806",
        &[&["google-gemini-cli", "auth add google", "unknown provider", "未知的提供商", "provider name"]],
    ),
    topic("PC503", &[&["unknown provider", "no provider named", "not a known provider", "未知提供商"]]),
    topic("PC508", &[&["custom provider", "custom_providers", "custom endpoint", "自定义"], &["base_url"]]),
    topic(
        "PC515",
        &[&["ollama", "lm studio", "vllm", "llama.cpp", "localhost"], &["404", "/v1", "not found"]],
    ),
    topic("PC915", &[&["custom endpoint", "custom provider", "custom_providers", "自定义"], POOL]),
    topic("PC303", &[&["${", "env var name", "variable name", "变量名"], &["api_key"]]),
    topic("PC106", &[&["indentation", "indent", "缩进"]]),
    topic("PC111", &[&["yaml"], &["parse", "syntax", "scanner error", "mapping values", "解析"]]),
];

/// What is said of `text`, in which nothing is recognised.
pub fn of(text: &str, language: Language) -> NothingView {
    /// What somebody asks stands near the top.
    const LONGEST: usize = 64 << 10;
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let said = lower(Span::new(0, end).of(text));
    let mut touched: Vec<(usize, TouchView)> = Vec::new();
    let mut spoken = TextSet::new();
    for topic in &TOPICS {
        let mut words = Vec::new();
        let holds = |group: &&[&'static str]| {
            let before = words.len();
            words.extend(group.iter().filter(|word| said.holds(word)).copied());
            words.len() > before
        };
        let (Some(rule), true) = (rules::rule(topic.code), topic.groups.iter().all(holds)) else { continue };
        for word in &words {
            spoken.insert(word);
        }
        let summary = rule.explanation(language).first_paragraph();
        let count = words.len();
        touched.push((
            count,
            TouchView {
                code: Shown::fixed(rule.code),
                name: Shown::fixed(rule.name),
                summary,
                words: words.into_iter().map(|word| Shown::fixed(word.trim())).collect(),
            },
        ));
    }
    // Those that most words touch first; of the same number the order is that of the table.
    let mut ranked = Vec::new();
    for count in (1..=touched.iter().map(|(count, _)| *count).max().unwrap_or(0)).rev() {
        ranked.extend(touched.iter().filter(|(own, _)| *own == count).map(|(_, view)| view.clone()));
    }
    ranked.truncate(MOST);
    let say = |template| fill(language.wording(template), |_| None);
    let mut could = vec![say(&COULD_CONFIG), say(&COULD_LISTING), say(&COULD_LOG), say(&COULD_DOTENV)];
    if SERVICE.iter().any(|word| said.holds(word)) {
        could.push(say(&COULD_UNIT));
    }
    could.push(say(&COULD_REPORT));
    NothingView {
        summary: say(&SUMMARY),
        touched_intro: (!ranked.is_empty()).then(|| say(&TOUCHED)),
        touched: ranked,
        could_intro: say(&COULD),
        could,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_table_is_there_and_stands_once() {
        let mut seen = TextSet::new();
        for topic in &TOPICS {
            assert!(rules::rule(topic.code).is_some(), "{}", topic.code);
            assert!(seen.insert(topic.code), "{} stands twice", topic.code);
            assert!(!topic.groups.is_empty() && topic.groups.iter().all(|group| !group.is_empty()));
            for word in topic.groups.iter().copied().flatten() {
                assert_eq!(lower(word), *word, "words are looked for in small letters");
            }
        }
    }

    #[test]
    fn words_touch_the_rules_that_they_speak_of_and_no_others() {
        let codes = |text: &str| -> Vec<String> {
            of(text, Language::English).touched.iter().map(|touch| touch.code.to_string()).collect()
        };
        let issue = "Updating config.yaml with a new key changes nothing: the credential pool in auth.json still holds the \
                     old key. The variable in .bashrc is not inherited by the systemd service. There is no hermes auth reset.";
        for code in ["PC201", "PC941", "PC814"] {
            assert!(codes(issue).contains(&code.to_owned()), "{code}: {:?}", codes(issue));
        }
        assert!(codes("Good morning. Which model is best for writing poems?").is_empty());
        assert!(codes("换了 key 之后凭据池 auth.json 里还是旧的 key").contains(&"PC201".to_owned()));
    }
}
