//! Which parts of a text are command lines.

use crate::text::Span;

/// Where a prompt is looked for.
const LONGEST_PROMPT: usize = 120;

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
            quoted_parts(start, line, &mut regions);
        }
    }
    regions
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

/// What stands between backquotes on a line.
fn quoted_parts(start: usize, line: &str, regions: &mut Vec<Span>) {
    let mut at = start;
    for (number, part) in line.split('`').enumerate() {
        if number % 2 == 1 && at + part.len() < start + line.len() {
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
