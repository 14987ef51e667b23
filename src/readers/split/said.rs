//! Variables of which a sentence says that they are set: `my .env has GEMINI_API_KEY=…`.

use super::{line, sample};
use crate::base::sources::SourceKind;
use crate::base::text::{BLANK, COLON, Chars, Search, Span, WHITE};
use crate::python::{is_letter, lower};
use crate::readers::environ::line_name;

/// What a line of prose says to be set.
pub(super) struct Said {
    /// Where it is set.
    pub(super) kind: SourceKind,
    /// Each `NAME=value`, in the line.
    pub(super) assignments: Vec<Span>,
}

/// The variables of which a line of prose says that `.env` or the environment has them. What somebody proposes, asks, took out
/// or only names is none.
pub(super) fn said(text: &str) -> Option<Said> {
    // Most lines have no such sign: what follows is slow.
    if !text.has('=') || text.starts_with('#') || is_line(text) {
        return None;
    }
    let mut found: Option<Said> = in_code(text);
    for (at, sentence) in sentences(text) {
        let own = assignments(sentence);
        let (Some(first), Some(last)) = (own.first(), own.last()) else { continue };
        let (before, behind) = (sentence.get(..first.start)?, sentence.get(last.end..)?);
        // A file of a shell sets what it exports.
        let of_shell = exported(before).filter(|before| names_shell_file(before) || names_shell_file(behind));
        let named = place(before).or_else(|| place(behind));
        let Some(kind) = named.or(of_shell.map(|_| SourceKind::Environ)) else { continue };
        let before = of_shell.unwrap_or(before);
        let is_same = found.as_ref().is_none_or(|found| found.kind == kind);
        if !is_same || !states(before, behind) {
            continue;
        }
        let moved = own.iter().map(|span| Span::new(at + span.start, at + span.end));
        found.get_or_insert_with(|| Said { kind, assignments: Vec::new() }).assignments.extend(moved);
    }
    found.filter(|_| !sample::is_not_own(text))
}

/// The assignment of a line that is nothing but code in a sentence's quotes: `export NAME=value` sets the environment, `NAME=value`
/// alone is a line of `.env`.
fn in_code(text: &str) -> Option<Said> {
    let content = text.trim_end_matches(|c: char| WHITE(c) || matches!(c, '.' | ',' | ':' | '。' | '，'));
    let inner = content.strip_prefix('`')?.strip_suffix('`').filter(|inner| !inner.has('`'))?;
    let own = *assignments(inner).first()?;
    let kind = match own.start {
        0 => SourceKind::Dotenv,
        _ => exported(inner.get(..own.start)?)
            .filter(|before| before.is_empty())
            .map(|_| SourceKind::Environ)?,
    };
    let span = Span::new(own.start + 1, own.end + 1);
    (own.end == inner.len()).then(|| Said { kind, assignments: vec![span] })
}

/// What stands in front of `export`, where that stands right before an assignment.
fn exported(before: &str) -> Option<&str> {
    let rest = before.trim_end_matches(BLANK);
    if rest.len() < before.len() { rest.strip_suffix("export") } else { None }
}

/// Whether a piece of a sentence names a file that a shell reads when it starts.
fn names_shell_file(text: &str) -> bool {
    const FILES: [&str; 7] =
        [".bashrc", ".zshrc", ".profile", ".bash_profile", ".zprofile", ".zshenv", "/etc/environment"];
    FILES.iter().any(|file| text.holds(file))
}

/// Whether a line is one of a file, and no sentence.
fn is_line(text: &str) -> bool {
    let begins = line::assignment(text).is_some() || line::export(text).is_some();
    (begins && !line::is_sentence_of_assignment(text)) || line_name(text).is_some()
}

/// The sentences of a line, each with where it begins.
fn sentences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    let mut borders = text.char_indices().peekable();
    std::iter::from_fn(move || {
        if start >= text.len() {
            return None;
        }
        let begun = start;
        start = text.len();
        while let Some((at, c)) = borders.next() {
            let is_apart = borders.peek().is_none_or(|(_, next)| next.is_whitespace());
            if matches!(c, '。' | '！' | '？' | '；') || (matches!(c, '.' | '!' | '?' | ';') && is_apart)
            {
                start = at + c.len_utf8();
                break;
            }
        }
        Some((begun, text.get(begun..start).unwrap_or("")))
    })
}

/// Each `NAME=value` with the name of a variable that holds a key, an endpoint or the like, wherever it stands in a line.
pub(super) fn assignments(text: &str) -> Vec<Span> {
    const OF_NAME: Chars = |c| c.is_ascii_alphanumeric() || c == '_';
    /// What a longer name, a path or another variable has in front.
    const LONGER: Chars = |c| "-./$%{?&\\".has(c);
    let mut found: Vec<Span> = Vec::new();
    for (at, sign) in text.char_indices().filter(|(_, c)| matches!(c, '=' | '＝')) {
        let head = text.get(..at).unwrap_or("");
        let before = head.trim_end_matches(OF_NAME);
        let name = head.get(before.len()..).unwrap_or("");
        let is_within = found.last().is_some_and(|last| last.end > before.len());
        if is_within || before.ends_with(LONGER) || !name.has('_') || !line::is_variable(name) {
            continue;
        }
        let length = value_of(text.get(at + sign.len_utf8()..).unwrap_or(""));
        if length > 0 {
            found.push(Span::new(before.len(), at + sign.len_utf8() + length));
        }
    }
    found
}

/// How many bytes of what stands behind the sign are the value.
fn value_of(text: &str) -> usize {
    const ENDS: Chars = |c| c.is_whitespace() || "`\"'“”‘’，。；：！？、）】》)]<>|".has(c);
    /// What ends a sentence or a part of it.
    const POINTS: Chars = |c| ".,;:!?".has(c);
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote {
        return text.get(1..).and_then(|rest| rest.find(quote)).map_or(0, |end| end + 2);
    }
    let own = text.split(ENDS).next().unwrap_or("");
    if own.ends_with("...") { own.len() } else { own.trim_end_matches(POINTS).len() }
}

/// The file or the environment that a piece of a sentence names.
fn place(text: &str) -> Option<SourceKind> {
    const AROUND: Chars = |c| !(c.is_ascii_alphanumeric() || "._-/~\\".has(c));
    let said = lower(text);
    let is_file = |word: &str| {
        let word = word.trim_end_matches(['.', '-', '/']);
        matches!(word, ".env" | "dotenv") || word.ends_with("/.env") || word.ends_with("\\.env")
    };
    if said.split(AROUND).any(is_file) {
        return Some(SourceKind::Dotenv);
    }
    let is_environ = said.holds("环境变量")
        || said.split(AROUND).any(|word| matches!(word, "environment" | "exported" | "env"));
    is_environ.then_some(SourceKind::Environ)
}

/// Whether a sentence states that something is set, by what stands in front of the assignments and behind them.
fn states(before: &str, behind: &str) -> bool {
    const HAS: &str = " has have contains contain holds reads says is are i my we our set exported wrote put added hat ist mein \
        meine steht ";
    /// With these somebody advises, asks, or says that it is not so.
    const NOT: &str = " should must need needs needed please try would could can might may if instead either without remove removed \
        delete deleted comment commented unset not never don't doesn't isn't no want you your tell tells docs example e.g eg \
        like such whether how what when until before expected supposed sollte kann wenn ohne nicht kein keine ";
    const ADVISED: &str = " set add put use write export paste change replace append insert create edit configure enter make include \
        define ensure check update copy run save setze füge schreibe ";
    const CHINESE_HAS: [&str; 9] = ["我", "里", "写", "是", "有", "配", "设", "中", "内容"];
    const CHINESE_NOT: [&str; 21] = [
        "应该", "需要", "请", "你", "您", "可以", "如果", "试", "删", "注释", "没", "不", "别", "比如",
        "例如", "文档", "教程", "或者", "建议", "改成", "添加",
    ];
    const LETTERS: Chars = |c| !(is_letter(c) || matches!(c, '\'' | '’' | '.'));
    let words = |text: &str| -> Vec<String> {
        let own = lower(text).replace('’', "'");
        own.split(LETTERS)
            .map(|word| word.trim_matches('.').to_owned())
            .filter(|word| !word.is_empty())
            .collect()
    };
    let is_of = |list: &str, word: &String| list.holds(&[" ", word, " "].concat());
    let (in_front, after) = (words(before), words(behind));
    let is_asked = behind.trim_end().ends_with(['?', '？']);
    let chinese = before.replaced("添加了", "").replaced("改成了", "");
    if in_front.iter().any(|word| is_of(NOT, word))
        || in_front.first().is_some_and(|word| is_of(ADVISED, word))
        || CHINESE_NOT.iter().any(|word| chinese.holds(word))
        || behind.trim_start_matches(['`', ' ']).starts_with(['→', '+'])
    {
        return false;
    }
    // `.env: NAME=value`, or the name of the file and nothing else in front.
    let bare = before.trim_end_matches(|c| WHITE(c) || BLANK(c) || "`*\"'".has(c));
    let is_heading = bare.ends_with(COLON) && place(bare).is_some();
    let has =
        in_front.iter().any(|word| is_of(HAS, word)) || CHINESE_HAS.iter().any(|word| chinese.holds(word));
    // `NAME=value` is in my .env
    let has_behind = matches!(after.first().map(String::as_str), Some("is" | "in" | "steht"))
        && after.iter().take(4).any(|word| matches!(word.as_str(), "my" | "our" | "the" | "in"));
    (is_heading && !is_asked) || has || (has_behind && !is_asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(SourceKind, Vec<&str>)> {
        said(text).map(|said| (said.kind, said.assignments.iter().map(|span| span.of(text)).collect()))
    }

    #[test]
    fn a_statement_sets_variables() {
        let dotenv = |own: &[&'static str]| Some((SourceKind::Dotenv, own.to_vec()));
        for (text, expected) in [
            ("The .env has GEMINI_API_KEY=AIzaFake-1", dotenv(&["GEMINI_API_KEY=AIzaFake-1"])),
            (".env: GEMINI_API_KEY=AIzaFake-1", dotenv(&["GEMINI_API_KEY=AIzaFake-1"])),
            (
                "and `GEMINI_API_KEY=AIzaFake-1` in my `.env`. I get a 401.",
                dotenv(&["GEMINI_API_KEY=AIzaFake-1"]),
            ),
            (
                "My ~/.hermes/.env contains A_KEY=one, B_KEY=\"two three\" and nothing else.",
                dotenv(&["A_KEY=one", "B_KEY=\"two three\""]),
            ),
            (".env 里写的是 GEMINI_API_KEY=AIzaFake-1，还是不行", dotenv(&["GEMINI_API_KEY=AIzaFake-1"])),
            ("My .env has A_KEY=one, why is it not used?", dotenv(&["A_KEY=one"])),
            ("It starts. My .env has A_KEY=one... No idea.", dotenv(&["A_KEY=one..."])),
            (
                "ja, `export GLM_API_KEY=fake.one` in der .bashrc",
                Some((SourceKind::Environ, vec!["GLM_API_KEY=fake.one"])),
            ),
            (
                "我在 ~/.zshrc 里写了 export GLM_API_KEY=fake.one",
                Some((SourceKind::Environ, vec!["GLM_API_KEY=fake.one"])),
            ),
            ("`export GLM_API_KEY=fake.one`", Some((SourceKind::Environ, vec!["GLM_API_KEY=fake.one"]))),
            ("`GEMINI_API_KEYS=a,b`.", dotenv(&["GEMINI_API_KEYS=a,b"])),
            (
                "I have exported GLM_API_KEY=fake.one in the shell",
                Some((SourceKind::Environ, vec!["GLM_API_KEY=fake.one"])),
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn advice_questions_and_denials_set_nothing() {
        for text in [
            "Add `GEMINI_API_KEY=AIzaFake-1` to your .env",
            "you should have GEMINI_API_KEY=AIzaFake-1 in .env",
            "Is it right that .env needs GEMINI_API_KEY=AIzaFake-1?",
            ".env: GEMINI_API_KEY=AIzaFake-1?",
            "I removed GEMINI_API_KEY=AIzaFake-1 from .env",
            "The docs say .env has GEMINI_API_KEY=AIzaFake-1",
            "if my .env has GEMINI_API_KEY=AIzaFake-1 it fails",
            "在 .env 里添加 GEMINI_API_KEY=AIzaFake-1",
            "你的 .env 里应该有 GEMINI_API_KEY=AIzaFake-1",
            // Nothing names where.
            "I have GEMINI_API_KEY=AIzaFake-1",
            "Put `export GEMINI_API_KEY=AIzaFake-1` into your .bashrc",
            "My .bashrc has GEMINI_API_KEY=AIzaFake-1",
            "`hermes config set GEMINI_API_KEY=AIzaFake-1`",
            // These are lines of a file.
            "GEMINI_API_KEY=AIzaFake-1",
            "export GEMINI_API_KEY=AIzaFake-1 # my .env has it too",
            "$env:GEMINI_API_KEY=\"AIzaFake-1\"",
            "PS C:\\> $env:GEMINI_API_KEY=\"AIzaFake-1\"",
            // No variables.
            "my .env has a=b and https://host.example/?api_key=one",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
