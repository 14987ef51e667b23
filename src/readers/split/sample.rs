//! Whether a part is an example: of what somebody should see, or of a page that explains. An example is no event.

use crate::base::text::{Chars, Search};
use crate::python::{is_alphanumeric, lower};

/// Words that announce what one would see.
const EXPECTED: [&str; 40] = [
    "should look",
    "should see",
    "should say",
    "should show",
    "should print",
    "should appear",
    "should contain",
    "should output",
    "should get",
    "should read",
    "should be something like",
    "you will see",
    "you'll see",
    "you’ll see",
    "will look like",
    "would look like",
    "would see",
    "will print",
    "expected output",
    "expected result",
    "expect to see",
    "expect something",
    "expected:",
    "example output",
    "sample output",
    "output looks like",
    "sample log",
    "example log",
    "you will see",
    "log will say",
    "应该看到",
    "应该会看到",
    "应该出现",
    "应该会出现",
    "应该显示",
    "应该会显示",
    "你会看到",
    "您会看到",
    "预期输出",
    "里会看到",
];

/// Words that announce an example, unless their author speaks of what is there.
const LIKE: [&str; 17] = [
    "something like",
    "similar to",
    "something similar",
    "for example",
    "e.g.",
    "an example",
    "example:",
    "sample:",
    "looks like this:",
    "like this, for instance",
    "例如",
    "比如",
    "类似",
    "示例",
    "样例",
    "举例",
    "预期",
];

/// Words with which people speak of what they have.
const OWN: [&str; 24] = [
    "i get",
    "i got",
    "i see",
    "i saw",
    "i have",
    "i'm getting",
    "we get",
    "we see",
    "it prints",
    "it says",
    "it shows",
    "it printed",
    "prints:",
    "my ",
    "mine",
    "i run",
    "i ran",
    "i use",
    "my log",
    "our ",
    "我看到",
    "我的",
    "我得到",
    "报错",
];

/// Whether the line above a part, or the two above it where the last one is a title, announce an example.
pub(super) fn announces(line: &str) -> bool {
    let said = lower(line);
    let has = |words: &[&str]| words.iter().any(|word| said.holds(word));
    has(&EXPECTED) || (has(&LIKE) && !has(&OWN))
}

/// Whether a line says that what stands below is of a log.
pub(super) fn tells_of_log(line: &str) -> bool {
    let said = lower(line);
    said.holds("日志")
        || said.split(|c: char| !is_alphanumeric(c)).any(|word| matches!(word, "log" | "logs" | "logged"))
}

/// Words with which somebody says what another one should write.
const PROPOSED: [&str; 29] = [
    "try this",
    "try the following",
    "try:",
    "you could",
    "you can use",
    "use this instead",
    "instead, use",
    "change it to",
    "change this to",
    "change that to",
    "should be:",
    "it should be",
    "must be:",
    "replace it with",
    "replace with",
    "workaround",
    "suggested",
    "suggestion",
    "proposed",
    "correct form",
    "correct config",
    "改成",
    "改为",
    "换成",
    "可以这样写",
    "正确写法",
    "试试",
    "試してみて",
    "してください",
];

/// Words that say that something is another one's, or of a page.
const OF_OTHERS: [&str; 22] = [
    "colleague",
    "coworker",
    "co-worker",
    "friend's",
    "friend’s",
    "someone else's",
    "somebody else's",
    "the docs",
    "docs say",
    "docs example",
    "documentation",
    "the readme",
    "tutorial",
    "kollege",
    "同事",
    "朋友的",
    "别人的",
    "网友",
    "文档",
    "教程",
    "官网",
    "官方",
];

/// Whether the line above a file says that it is another one's, or of a page that explains, and nothing of its author.
pub(super) fn is_of_others(line: &str) -> bool {
    const LETTERS: Chars = |c| !(is_alphanumeric(c) || c == '\'' || c == '’');
    let said = lower(line).replace("我同事", "同事").replace("我的同事", "同事").replace("我朋友", "朋友");
    let is_own = said.has('我')
        || said
            .split(LETTERS)
            .any(|word| matches!(word, "i" | "i'm" | "i've" | "i’ve" | "we" | "now" | "ich"));
    OF_OTHERS.iter().any(|word| said.holds(word)) && !is_own
}

/// Words that say that something was so before.
const BEFORE: [&str; 30] = [
    "previous",
    "formerly",
    "old config",
    "old one",
    "old version",
    "old setting",
    "old file",
    "used to be",
    "used to have",
    "used to look",
    "it was like",
    "original",
    "earlier config",
    "earlier version",
    "worked before",
    "last working",
    "vorher",
    "früher",
    "alte config",
    "之前",
    "以前",
    "原来",
    "原先",
    "旧的",
    "旧配置",
    "旧版",
    "改前",
    "原帖",
    "最初",
    "以前的",
];

/// Words that say that something is so now, or that it is no longer what it was.
const NOW: [&str; 22] = [
    "now",
    "as before",
    "before you",
    "before anyone",
    "before somebody",
    "same as",
    "like before",
    "changed",
    "replaced",
    "new ",
    "after",
    "instead",
    "jetzt",
    "改成",
    "改为",
    "换成",
    "现在",
    "目前",
    "改完",
    "改好",
    "一样",
    "修改后",
];

/// Whether the line above a file says that it is what was there before.
pub(super) fn is_of_before(line: &str) -> bool {
    const AROUND: Chars = |c| !is_alphanumeric(c);
    let said = lower(line);
    let bare = said.trim_start_matches(AROUND);
    let begins = bare
        .strip_prefix("before")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', ' ', '*', '：']));
    let is_now =
        |word: &str| said.holds(word) && !(begins && matches!(word, "changed" | "replaced" | "new "));
    (begins || BEFORE.iter().any(|word| said.holds(word))) && !NOW.iter().any(|word| is_now(word))
}

/// Words of somebody who tells what they did themselves.
const DONE: [&str; 35] = [
    "i changed",
    "i've changed",
    "i have changed",
    "now i",
    "i now",
    "i tried",
    "i replaced",
    "i did",
    "i use",
    "i went with",
    "i ended up",
    "we changed",
    "we use",
    "my ",
    "ich habe",
    "habe ich",
    "he cambiado",
    "cambié",
    "変更しました",
    "后来",
    "我的",
    "我改",
    "我换",
    "我把",
    "我将",
    "我又",
    "我按",
    "我照",
    "我试",
    "试过",
    "已改",
    "已经",
    "刚改",
    "刚刚",
    "楼主",
];

/// What is done, whoever speaks: Chinese has a word behind the verb for it.
const OVER: [&str; 4] = ["改成了", "改为了", "换成了", "改了"];

/// Whether a line in small letters says that something was changed: the word that says so may stand at its end.
fn is_over(said: &str) -> bool {
    const ENDS: Chars = |c| !is_alphanumeric(c);
    let ends = said.trim_end_matches(ENDS).ends_with('了') && (said.has('改') || said.has('换'));
    OVER.iter().any(|word| said.holds(word)) || (ends && !TO_OTHERS.iter().any(|word| said.holds(word)))
}

/// Words of somebody who speaks of themselves, and to another one.
const TO_OTHERS: [&str; 15] = [
    "i suggest",
    "i'd suggest",
    "i would",
    "i recommend",
    "my suggestion",
    "my advice",
    "你",
    "您",
    "我建议",
    "我觉得",
    "我的建议",
    "应该",
    "可以",
    "即可",
    "就好",
];

/// Whether the line above a part announces what somebody proposes, not what somebody has.
pub(super) fn proposes(line: &str) -> bool {
    let said = lower(line);
    let has = |words: &[&str]| words.iter().any(|word| said.holds(word));
    let is_own = is_over(&said) || (has(&DONE) && !has(&TO_OTHERS));
    (has(&PROPOSED) || urges(&said) || answers(&said)) && !is_own
}

/// Whether a line speaks of what somebody should have, had before, or of another one's.
pub(super) fn is_not_own(line: &str) -> bool {
    announces(line) || proposes(line) || is_of_others(line) || is_of_before(line)
}

/// Whether the last thing that a line in small letters says is to try what stands below.
fn urges(said: &str) -> bool {
    const TRY: [&str; 9] =
        ["try", "versuch", "versuche", "probier", "probiere", "prueba", "intenta", "essaie", "essayez"];
    const BEFORE: [&str; 16] = [
        "please", "maybe", "just", "then", "so", "and", "or", "ok", "okay", "now", "also", "to", "can",
        "could", "should", "bitte",
    ];
    const ENDS: Chars = |c| ".!?,;:…()。！？，；：".has(c);
    const AROUND: Chars = |c| c.is_whitespace() || "*_`\"'“”".has(c);
    let last = said.split(ENDS).rfind(|clause| !clause.trim_matches(AROUND).is_empty()).unwrap_or("");
    let mut words = last.split(AROUND).filter(|word| !word.is_empty() && !BEFORE.contains(word));
    words.next().is_some_and(|word| TRY.contains(&word))
}

/// Whether a line in small letters says that somebody answered what stands below.
fn answers(said: &str) -> bool {
    const ENDS: [&str; 8] =
        ["answered", "replied", "answers", "replies", "suggests", "antwortete", "回复", "回答"];
    const AROUND: Chars = |c| c.is_whitespace() || "*_:：".has(c);
    let said = said.trim_matches(AROUND);
    let before =
        ENDS.iter().find_map(|end| said.strip_suffix(end)).map(|before| before.trim_end_matches(AROUND));
    before.is_some_and(|before| !before.ends_with(" i") && before != "i" && !before.ends_with('我'))
}

/// Whether a text explains how something is done, to everybody, and reports nothing: by the words of its prose.
#[derive(Default)]
pub(super) struct Tone {
    guiding: usize,
    reporting: usize,
    own: usize,
}

impl Tone {
    /// Hears a line of prose.
    pub(super) fn hear(&mut self, line: &str) {
        const LETTERS: Chars = |c| !(is_alphanumeric(c) || c == '\'' || c == '’');
        const GUIDING: [&str; 36] = [
            "add ",
            "run ",
            "set ",
            "check ",
            "configure ",
            "install ",
            "open ",
            "use ",
            "create ",
            "edit ",
            "paste ",
            "then ",
            "quick start",
            "usage",
            "cli commands",
            "output",
            "storage",
            "how it works",
            "overview",
            "step ",
            "in full",
            "commands",
            "setup",
            "setting up",
            "prerequisites",
            "note:",
            "tip:",
            "to ",
            "配置",
            "运行",
            "添加",
            "设置",
            "安装",
            "第一步",
            "步骤",
            "概述",
        ];
        const REPORTING: [&str; 29] = [
            "fails",
            "failed",
            "failing",
            "error:",
            "doesn't work",
            "does not work",
            "not working",
            "broken",
            "help",
            "expected behavior",
            "actual behavior",
            "bug",
            "issue",
            "reproduce",
            "why does",
            "why is",
            "stopped working",
            "any idea",
            "somebody wrote",
            "报错",
            "失败",
            "求助",
            "为什么",
            "不行",
            "没用",
            "问题",
            "请问",
            "怎么办",
            "救",
        ];
        let said = lower(line.trim_start_matches(['#', '*', '-', ' ', '>']));
        // Who speaks of themselves explains nothing to everybody, whatever else they say.
        if said.is_empty() || self.own > 0 {
            return;
        }
        self.guiding += usize::from(GUIDING.iter().any(|word| said.starts_with(word)));
        let is_own = said
            .split(LETTERS)
            .any(|word| matches!(word, "i" | "i'm" | "i've" | "my" | "mine" | "we" | "our"));
        // Who asks for help, and the headings of a report.
        const ASKING: [&str; 12] = [
            "steps to reproduce",
            "expected behavior",
            "actual behavior",
            "bug description",
            "describe the bug",
            "why does",
            "why is",
            "any idea",
            "求助",
            "怎么办",
            "请问",
            "为什么",
        ];
        let asks = ASKING.iter().any(|word| said.holds(word));
        let reports =
            said.ends_with(['?', '？']) || said.has('我') || REPORTING.iter().any(|word| said.holds(word));
        self.own += usize::from(is_own || asks);
        self.reporting += usize::from(reports);
    }

    /// Whether it was a page that explains.
    pub(super) fn is_guide(&self) -> bool {
        self.guiding >= 4 && self.own == 0 && self.reporting <= self.guiding
    }
}
