//! Which parts of a text are command lines.

use crate::python::{is_alphanumeric, lower};
use crate::text::{Search, Span};

/// Where a prompt is looked for.
const LONGEST_PROMPT: usize = 120;

/// A sentence has seldom more; of a longer one that much is looked at.
const LONGEST_SENTENCE: usize = 200;

/// The parts of `text` that may be command lines, without their prompts, in their order.
pub(super) fn regions(text: &str) -> Vec<Span> {
    let root_is_prompt = !text.lines().any(|line| behind_prompt(line, false).starts_with("hermes"));
    let mut regions = Vec::new();
    let mut is_fenced = false;
    let (mut goes_on, mut in_quotes) = (false, false);
    for line in text.split_inclusive('\n') {
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        let end = start + line.len();
        let content = line.trim_end();
        let is_fence = content.trim_start().starts_with("```") || content.trim_start().starts_with("~~~");
        if is_fence {
            is_fenced = !is_fenced;
            (goes_on, in_quotes) = (false, false);
            continue;
        }
        in_quotes &= !content.is_empty();
        if goes_on || in_quotes {
            if let Some(Span { end: last, .. }) = regions.last_mut() {
                *last = end;
            }
            goes_on = content.ends_with('\\');
            in_quotes ^= has_odd_quotes(line);
            continue;
        }
        let command = behind_prompt(line, root_is_prompt);
        let from = end - command.len();
        let is_prompted = from > start + (line.len() - line.trim_start().len());
        if is_fenced || is_prompted || !is_prose(command) {
            regions.push(Span::new(from, end));
            goes_on = content.ends_with('\\');
            in_quotes = has_odd_quotes(command);
        } else {
            regions.extend(told(line).into_iter().map(|own| Span::new(start + own.start, start + own.end)));
        }
    }
    regions
}

/// The commands in a line of a table, in its cells, or of text, between backquotes, without prompts. What the line says that
/// there is not, or should not be typed, is none.
fn told(line: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    if let Some(cells) = cells(line) {
        for cell in cells {
            let bare = cell.of(line).trim();
            let code = bare.trim_matches('`');
            if is_hermes(behind_prompt(code, true)) && !code.has('`') {
                let start = cell.start + cell.of(line).find(code).unwrap_or(0);
                let length = behind_prompt(code, true).len();
                let end = start + code.len();
                spans.push(Span::new(end - length, end));
            } else {
                quoted_parts(line, cell, &mut spans);
            }
        }
    } else {
        quoted_parts(line, Span::new(0, line.len()), &mut spans);
    }
    spans.retain(|own| !is_denied(line.get(..own.start).unwrap_or(""), line.get(own.end..).unwrap_or("")));
    spans
}

/// Whether a line that is no command by itself recommends one: a cell of a table is one, or one stands between backquotes
/// behind a word that tells people to type it.
pub(in crate::readers) fn recommends(line: &str) -> bool {
    const WORDS: [&str; 24] = [
        "run", "running", "use", "using", "try", "type", "enter", "execute", "do", "with", "via", "by",
        "then", "first", "command", "is", "运行", "执行", "使用", "输入", "试试", "用", "通过", "先",
    ];
    if !line.has('`') && !line.has('|') {
        return false;
    }
    let is_table = cells(line).is_some();
    told(line).iter().any(|own| {
        let code = own.of(line);
        let before = sentence_before(line.get(..own.start).unwrap_or(""));
        let says = |word: &&str| {
            let mut words = before.split(|c: char| !is_alphanumeric(c) && c != '\'');
            if word.is_ascii() { words.any(|own| own == *word) } else { before.holds(word) }
        };
        let is_call = code.split_whitespace().count() > 1 && is_hermes(code);
        is_call && (is_table || WORDS.iter().any(says))
    })
}

/// The cells of a line of a table.
fn cells(line: &str) -> Option<Vec<Span>> {
    const FEWEST_BARS: usize = 2;
    let bare = line.trim();
    if !bare.starts_with('|') || bare.matches('|').count() < FEWEST_BARS {
        return None;
    }
    let mut found = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (at, c) in line.char_indices() {
        if c == '|' && !is_escaped {
            found.push(Span::new(start, at));
            start = at + 1;
        }
        is_escaped = c == '\\';
    }
    Some(found)
}

/// What of a text in front of something is of the same sentence, in small letters.
fn sentence_before(before: &str) -> String {
    let mut from = before.len().saturating_sub(LONGEST_SENTENCE);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let near = before.get(from..).unwrap_or("");
    const ENDS: [&str; 9] = ["。", "；", "！", "？", ";", "|", ". ", "! ", "? "];
    let end = ENDS.iter().filter_map(|mark| near.rfind(mark).map(|at| at + mark.len())).max();
    lower(near.get(end.unwrap_or(0)..).unwrap_or(near))
}

/// Whether a sentence says of a command that there is none, or that it should not be typed.
fn is_denied(before: &str, behind: &str) -> bool {
    const BEFORE: [&str; 18] = [
        "there is no",
        "there's no",
        "there isn't",
        "don't",
        "do not",
        "don’t",
        "never",
        "instead of",
        "rather than",
        "avoid",
        "no such command",
        "must not",
        "should not",
        "不要",
        "没有",
        "别",
        "不存在",
        "无需",
    ];
    const BEHIND: [&str; 10] = [
        "does not exist",
        "doesn't exist",
        "doesn’t exist",
        "is gone",
        "was removed",
        "is no command",
        "no longer",
        "不存在",
        "没有这个",
        "已被移除",
    ];
    let before = sentence_before(before);
    // No more than a sentence has: a line may hold very many commands.
    let behind: String = behind.chars().take(LONGEST_SENTENCE).collect();
    let behind = lower(behind.split(['.', '。', ';', '|', '；']).next().unwrap_or(""));
    BEFORE.iter().any(|word| before.holds(word)) || BEHIND.iter().any(|word| behind.holds(word))
}

/// Whether a line is text about commands: its first word is none, backquotes stand in it, or it ends as a sentence does.
fn is_prose(line: &str) -> bool {
    let content = line.trim();
    let begins = content.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, '/' | '.' | '~'))
        || content.split('=').next().is_some_and(|name| {
            name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        });
    let is_sentence = content.ends_with(['.', ':', '!', '?', '。', '：', '！', '？', ',']);
    !begins || content.contains('`') || is_sentence
}

/// Whether a line opens a single quote, as around a list of several lines, and leaves it open, or ends an open one.
fn has_odd_quotes(line: &str) -> bool {
    let is_comment = line.trim_start().starts_with('#');
    !is_comment && line.bytes().filter(|byte| *byte == b'\'').count() % 2 == 1
}

/// What stands between backquotes in a part of a line.
fn quoted_parts(line: &str, own: Span, regions: &mut Vec<Span>) {
    let mut at = own.start;
    for (number, part) in own.of(line).split('`').enumerate() {
        if number % 2 == 1 && at + part.len() < own.end {
            let command = behind_prompt(part, true);
            let end = at + part.len();
            regions.push(Span::new(end - command.len(), end));
        }
        at += part.len() + 1;
    }
}

/// The line without what a terminal, a list or a quotation puts before a command.
pub(in crate::readers) fn behind_prompt(line: &str, root_is_prompt: bool) -> &str {
    const LISTS: [&str; 4] = ["- ", "* ", "• ", "> "];
    let mut rest = line.trim_start();
    while let Some(behind) = LISTS.iter().find_map(|mark| rest.strip_prefix(mark)) {
        rest = behind.trim_start();
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if (1..4).contains(&digits)
        && let Some(behind) =
            rest.get(digits..).and_then(|rest| rest.strip_prefix(". ").or(rest.strip_prefix(") ")))
    {
        rest = behind.trim_start();
    }
    for (at, c) in rest.char_indices() {
        if at > LONGEST_PROMPT || c == '\n' {
            break;
        }
        let behind = rest.get(at + c.len_utf8()..).unwrap_or("");
        let before = rest.get(..at).unwrap_or("");
        let is_mark = match c {
            '$' | '%' | '❯' | '➜' | 'λ' => true,
            '>' => !before.is_empty() || behind.starts_with(' '),
            '#' => !before.is_empty() || root_is_prompt && is_hermes(behind.trim_start()),
            _ => false,
        };
        let is_directory = before.contains(":\\") || before.starts_with("PS");
        if is_mark && (behind.starts_with(' ') || is_directory && c == '>') && is_before_prompt(before) {
            return behind.trim_start_matches([' ', '\t']);
        }
    }
    rest
}

/// Whether a line is a prompt behind which nothing was typed.
pub(in crate::readers) fn is_bare_prompt(line: &str) -> bool {
    const MARKS: [char; 7] = ['$', '%', '#', '>', '❯', '➜', 'λ'];
    line.len() <= LONGEST_PROMPT && line.trim_end().strip_suffix(MARKS).is_some_and(is_before_prompt)
}

fn is_hermes(line: &str) -> bool {
    line.starts_with("hermes ") || line.starts_with("sudo ") || line.trim_end() == "hermes"
}

/// Whether a terminal writes this before the mark of its prompt.
fn is_before_prompt(text: &str) -> bool {
    let text = text.trim_end();
    text.is_empty()
        || text.starts_with(['(', '[', '~', '/'])
        || text.starts_with("PS")
        || text.contains('@') && !text.contains("hermes ")
        || text.contains(":\\")
        || text.starts_with("bash-")
        || text == "sh"
}
