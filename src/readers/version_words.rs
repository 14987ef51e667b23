//! The words in which texts speak of releases.

use crate::base::text::{Chars, Search, Span};
use crate::python::lower;

/// What may stand between words that belong together.
pub(super) const BETWEEN: Chars = |c| c.is_whitespace() || "-*_`|:：=(（'’\"“「『".has(c);

/// Words for a release, and for what it is of.
pub(super) const NAMES: [&str; 14] = [
    "hermes",
    "version",
    "ver",
    "版本",
    "版本号",
    "версия",
    "версии",
    "バージョン",
    "バージョンは",
    "versión",
    "versão",
    "versione",
    "버전",
    "wersja",
];

/// Words that may stand beside them.
pub(super) const OTHERS: [&str; 7] = ["agent", "current", "installed", "environment", "env", "当前", "环境"];

/// Names of other programs that users of Hermes have, and that count their releases alike.
pub(super) const PROGRAMS: [&str; 13] = [
    "ollama", "vllm", "litellm", "llama", "studio", "python", "openai", "node", "docker", "compose", "webui",
    "n8n", "sdk",
];

/// Words that say that a release is used.
pub(super) const USES: [&str; 43] = [
    "run",
    "running",
    "use",
    "using",
    "m",
    "am",
    "betreibe",
    "betreiben",
    "benutze",
    "benutzen",
    "nutze",
    "nutzen",
    "verwende",
    "verwenden",
    "utilise",
    "utilisons",
    "uso",
    "usamos",
    "usando",
    "utilizo",
    "utilizzo",
    "tengo",
    "tenho",
    "использую",
    "используем",
    "стоит",
    "установлен",
    "запущен",
    "我用的是",
    "用的是",
    "我用",
    "我在用",
    "使用",
    "使用的是",
    "我使用",
    "我使用的是",
    "目前用的是",
    "目前使用",
    "现在用的是",
    "当前使用",
    "我的是",
    "使っているのは",
    "使用しているのは",
];

/// Words of somebody who tells what runs there.
pub(super) const TELLS: [&str; 37] = [
    "i",
    "we",
    "my",
    "our",
    "the",
    "on",
    "it",
    "here",
    "now",
    "currently",
    "still",
    "ich",
    "wir",
    "mein",
    "meine",
    "aktuell",
    "derzeit",
    "hier",
    "je",
    "j",
    "nous",
    "yo",
    "estoy",
    "mi",
    "у",
    "меня",
    "нас",
    "я",
    "сейчас",
    "мы",
    "我",
    "我们",
    "目前",
    "现在",
    "现在的",
    "私は",
    "現在",
];

/// Whether a line speaks of what was or will be, or of what a release brought.
pub(super) fn is_of_other_time(line: &str) -> bool {
    const WORDS: [&str; 52] = [
        "before",
        "worked",
        "works",
        "previous",
        "earlier",
        "older",
        "old ",
        "used to",
        "until",
        "since",
        "fixed",
        "introduc",
        "require",
        "need",
        "from ",
        "added",
        "changelog",
        "release notes",
        "new in",
        "upgrade to",
        "update to",
        "downgrade to",
        "was ",
        "were ",
        "friend",
        "colleague",
        "vorher",
        "früher",
        "bisher",
        "alte",
        "seit",
        "ab ",
        "war ",
        "funktionierte",
        "раньше",
        "прежде",
        "прошл",
        "до ",
        "было",
        "был ",
        "работал",
        "之前",
        "以前",
        "以后",
        "需要",
        "旧",
        "修复",
        "原来",
        "前は",
        "avant",
        "antes",
        "升级到",
    ];
    let said = lower(line);
    WORDS.iter().any(|word| said.holds(word))
}

/// The release that stands at byte `start`.
pub(super) fn number_at(text: &str, start: usize) -> Option<(&str, Span)> {
    let rest = text.get(start..)?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let release = rest.get(..length)?.trim_end_matches('.');
    (!release.is_empty()).then(|| (release, Span::new(start, start + release.len())))
}
