//! Which parts of a text are command lines.

use super::{Word, head, words};
use crate::base::text::{Search, Span};
use crate::python::{is_alphanumeric, lower};

/// What ends a prompt.
const PROMPT_MARKS: [char; 7] = ['$', '%', '#', '>', '❯', '➜', 'λ'];

/// Where a prompt is looked for.
const LONGEST_PROMPT: usize = 120;

/// A sentence has seldom more; of a longer one that much is looked at.
const LONGEST_SENTENCE: usize = 200;

/// A part of a text that may be a command line, without its prompt.
pub(super) struct Region {
    pub span: Span,
    /// Whether a sentence or a table around it names it.
    pub is_named: bool,
}

/// What the table around a line tells of its columns.
#[derive(Clone, Copy, Default)]
pub(in crate::readers) struct Table {
    is_within: bool,
    /// The column of what should not be typed any more.
    old: Option<usize>,
    /// Whether the second column has values.
    is_of_values: bool,
}

impl Table {
    /// What is known at `line`, where this is known at the line above.
    pub(in crate::readers) fn at(self, line: &str) -> Self {
        let Some(cells) = cells(line) else { return Self::default() };
        if self.is_within {
            return self;
        }
        let old = cells.iter().position(|cell| heads_old(cell.of(line)));
        let is_of_values = cells.get(2).is_some_and(|cell| heads_values(cell.of(line)));
        Self { is_within: true, old, is_of_values }
    }

    /// Whether there is one.
    pub(in crate::readers) fn is_within(self) -> bool {
        self.is_within
    }

    /// Whether a row has a name and its value.
    pub(in crate::readers) fn is_of_values(self) -> bool {
        self.is_of_values
    }
}

/// Whether the head of a column says that values stand below.
fn heads_values(head: &str) -> bool {
    const HEADS: [&str; 8] =
        ["value", "values", "set to", "current value", "my value", "值", "取值", "当前值"];
    HEADS.contains(&lower(head.trim_matches(AROUND_HEAD)).as_str())
}

/// What stands around the head of a column.
const AROUND_HEAD: crate::base::text::Chars = |c| c.is_whitespace() || matches!(c, '*' | '_');

/// Whether the head of a column says that what stands below is wrong or no longer right.
fn heads_old(head: &str) -> bool {
    const HEADS: [&str; 16] = [
        "old",
        "wrong",
        "bad",
        "don't",
        "don’t",
        "dont",
        "do not",
        "before",
        "incorrect",
        "invalid",
        "错误",
        "旧",
        "旧命令",
        "错误命令",
        "不要",
        "❌",
    ];
    let head = lower(head.trim_matches(AROUND_HEAD));
    let bare = head.trim_matches(CROSSES).trim_matches(AROUND_HEAD);
    let bare = bare.strip_suffix(" command").or(bare.strip_suffix(" way")).unwrap_or(bare);
    HEADS.contains(&head.as_str()) || HEADS.contains(&bare)
}

/// The parts of `text` that may be command lines, in their order.
pub(super) fn regions(text: &str) -> Vec<Region> {
    let root_is_prompt = !text.lines().any(|line| behind_prompt(line, false).starts_with("hermes"));
    let mut regions: Vec<Region> = Vec::new();
    let mut table = Table::default();
    let mut is_fenced = false;
    let (mut goes_on, mut in_quotes) = (false, false);
    for line in text.split_inclusive('\n') {
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        let end = start + line.len();
        let content = line.trim_end();
        table = table.at(line);
        let is_fence = content.trim_start().starts_with("```") || content.trim_start().starts_with("~~~");
        if is_fence {
            is_fenced = !is_fenced;
            (goes_on, in_quotes) = (false, false);
            continue;
        }
        in_quotes &= !content.is_empty();
        if goes_on || in_quotes {
            if let Some(last) = regions.last_mut() {
                last.span.end = end;
            }
            goes_on = content.ends_with('\\');
            in_quotes ^= has_odd_quotes(line);
            continue;
        }
        let command = behind_prompt(line, root_is_prompt);
        let from = end - command.len();
        let is_prompted = command.len() < behind_list_marks(line).len();
        if is_fenced || is_prompted || !is_prose(command) {
            regions.push(Region { span: Span::new(from, end), is_named: false });
            goes_on = content.ends_with('\\');
            in_quotes = has_odd_quotes(command);
        } else {
            for own in told(line, table) {
                let is_alone = command.trim().trim_matches('`').len() == own.end - own.start;
                let span = Span::new(start + own.start, start + own.end);
                regions.push(Region { span, is_named: !is_alone });
            }
        }
    }
    regions
}

/// The commands in a line of a table, in its cells, or of text, between backquotes, without prompts. What the line says that
/// there is not, or should not be typed, is none.
pub(in crate::readers) fn told(line: &str, table: Table) -> Vec<Span> {
    let mut spans = Vec::new();
    if let Some(cells) = cells(line) {
        for (column, cell) in cells.into_iter().enumerate() {
            if table.old == Some(column) {
                continue;
            }
            let bare = cell.of(line).trim();
            let code = bare.trim_matches('`');
            let first = spans.len();
            if is_hermes(behind_prompt(code, true)) && !code.has('`') {
                let start = cell.start + cell.of(line).find(code).unwrap_or(0);
                let length = behind_prompt(code, true).len();
                let end = start + code.len();
                spans.push(Span::new(end - length, end));
            } else {
                quoted_parts(line, cell, &mut spans);
            }
            if spans.len() > first && is_denied_by_row(line.get(cell.end..).unwrap_or("")) {
                spans.truncate(first);
            }
        }
    } else {
        quoted_parts(line, Span::new(0, line.len()), &mut spans);
    }
    spans.retain(|own| {
        let (before, behind) = (line.get(..own.start).unwrap_or(""), line.get(own.end..).unwrap_or(""));
        !is_denied(before, behind) && !is_struck(before, behind)
    });
    spans
}

/// Marks of what is wrong.
const CROSSES: [char; 5] = ['❌', '✗', '✘', '🚫', '⛔'];

/// Whether a command is struck through, or a cross stands beside it.
fn is_struck(before: &str, behind: &str) -> bool {
    const AROUND: [char; 5] = ['`', ' ', '*', ':', '\u{fe0f}'];
    let (before, behind) = (before.trim_end_matches(AROUND), behind.trim_start_matches(AROUND));
    before.ends_with("~~") && behind.starts_with("~~")
        || before.ends_with(CROSSES)
        || behind.starts_with(CROSSES)
}

/// Whether the cells behind that of a command, up to the next command, say that there is none.
fn is_denied_by_row(behind: &str) -> bool {
    const SAYS: [&str; 8] = [
        "no such command",
        "not a command",
        "do not use",
        "don't use",
        "don’t use",
        "never use",
        "不要使用",
        "无此命令",
    ];
    let near = lower(beginning(behind));
    let near = near.split("hermes ").next().unwrap_or("");
    // In a table of what goes where, a cross is about one of the places.
    near.contains(CROSSES) && !near.contains(['✅', '✓', '✔'])
        || SAYS.iter().chain(&GONE).any(|word| near.holds(word))
}

/// What of a text behind something may be of the same sentence.
fn beginning(behind: &str) -> &str {
    let mut end = behind.len().min(LONGEST_SENTENCE);
    while !behind.is_char_boundary(end) {
        end -= 1;
    }
    behind.get(..end).unwrap_or("")
}

/// Whether a line that is no command by itself names a call of Hermes: in a cell of a table, or between backquotes. Whoever says
/// what they ran, or what others should, names one; whether it failed is no matter. The program's own name is no call, nor is
/// that of an option.
pub(in crate::readers) fn names_command(line: &str, table: Table) -> bool {
    if !line.holds("hermes") || !line.has('`') && !line.has('|') {
        return false;
    }
    let found = told(line, table);
    // Who reads the line alone does not see the head of its table.
    if table.old.is_some() && told(line, Table::default()).len() > found.len() {
        return false;
    }
    let is_call = |own: Span| {
        let mut is_call = false;
        words::read(line, own, &mut |command| {
            let call = head::invocation(line, command);
            let said = |word: &Word| word.text != "agent" && !word.text.starts_with('-');
            is_call |= call.is_some_and(|call| call.words.iter().any(said));
        });
        is_call
    };
    found.into_iter().any(is_call)
}

/// The cells of a line of a table.
pub(in crate::readers) fn cells(line: &str) -> Option<Vec<Span>> {
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

/// What is said behind a command that there is not.
const GONE: [&str; 13] = [
    "does not exist",
    "doesn't exist",
    "doesn’t exist",
    "is gone",
    "was removed",
    "is no command",
    "no longer",
    "gibt es nicht",
    "existiert nicht",
    "no existe",
    "不存在",
    "没有这个",
    "已被移除",
];

/// Whether a sentence says of a command that there is none, or that it should not be typed.
fn is_denied(before: &str, behind: &str) -> bool {
    /// What is only said of the command right before it.
    const RIGHT_BEHIND: [&str; 6] = ["won't work", "won’t work", "will not work", "会报错", "会失败", "无效"];
    /// Who ran it says what came of it.
    const RAN: [&str; 18] = [
        "i ran",
        "i tried",
        "i typed",
        "i used",
        "i did",
        "i've run",
        "i've tried",
        "we ran",
        "we tried",
        "ich habe",
        "habe ich",
        "he ejecutado",
        "ejecuté",
        "试过",
        "试了",
        "运行了",
        "执行了",
        "输入了",
    ];
    let before = sentence_before(before);
    if is_negated(&before) {
        return true;
    }
    if RAN.iter().any(|word| before.holds(word)) {
        return false;
    }
    // No more than a sentence has: a line may hold very many commands.
    let behind = lower(beginning(behind).split(['.', '。', ';', '|', '；']).next().unwrap_or(""));
    let right_behind = behind.trim_start_matches('`').split('`').next().unwrap_or("");
    GONE.iter().any(|word| behind.holds(word)) || RIGHT_BEHIND.iter().any(|word| right_behind.holds(word))
}

/// Whether what a sentence says in front of a command, in small letters, negates the command, and not something else.
fn is_negated(before: &str) -> bool {
    const NOT: [&str; 18] = [
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
        "shouldn't",
        "gibt es kein",
        "gibt kein",
        "no hay",
        "no existe",
    ];
    /// What stands between such a word and the command: to run it, or what it is.
    const BETWEEN: [&str; 42] = [
        "run",
        "running",
        "use",
        "using",
        "type",
        "typing",
        "try",
        "trying",
        "do",
        "doing",
        "enter",
        "entering",
        "execute",
        "executing",
        "call",
        "calling",
        "need",
        "have",
        "to",
        "just",
        "ever",
        "simply",
        "even",
        "a",
        "an",
        "any",
        "the",
        "old",
        "such",
        "command",
        "commands",
        "subcommand",
        "option",
        "like",
        "as",
        "called",
        "named",
        "with",
        "or",
        "and",
        "nor",
        "hermes",
    ];
    const NOT_IN_CHINESE: [&str; 5] = ["不要", "没有", "别", "不存在", "无需"];
    /// With one of these the sentence goes on to something else.
    const GOES_ON: [&str; 8] = ["，", ",", "就", "所以", "因此", "但", "忘", "、"];
    let behind = |word: &str| {
        let at = before.rmatch_indices(word).find(|(at, _)| starts_a_word(before, *at))?.0;
        before.get(at + word.len()..)
    };
    let in_english = NOT.iter().filter_map(|word| behind(word)).any(|rest| {
        // Other commands of the same list stand between backquotes.
        let said = rest.split('`').step_by(2).flat_map(|piece| piece.split(|c: char| !is_alphanumeric(c)));
        said.filter(|word| !word.is_empty()).all(|word| BETWEEN.contains(&word))
    });
    let in_chinese = NOT_IN_CHINESE.iter().filter_map(|word| behind(word)).any(|rest| {
        let said: String = rest.split('`').step_by(2).map(|piece| piece.trim_matches(['、', ' '])).collect();
        !GOES_ON.iter().any(|word| said.holds(word))
    });
    in_english || in_chinese
}

/// Whether a word may start at this byte: no letter of it stands before, and in Chinese no sign that makes another word of it.
fn starts_a_word(text: &str, at: usize) -> bool {
    const OF_ANOTHER: [char; 7] = ['特', '分', '类', '级', '区', '识', '鉴'];
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    before.is_none_or(|c| !c.is_ascii_alphanumeric() && !OF_ANOTHER.contains(&c))
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

/// The line without the marks of lists and quotations in front of it.
fn behind_list_marks(line: &str) -> &str {
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
    rest
}

/// The line without what a terminal, a list or a quotation puts before a command.
pub(crate) fn behind_prompt(line: &str, root_is_prompt: bool) -> &str {
    let rest = behind_list_marks(line);
    for (at, c) in rest.char_indices() {
        if at > LONGEST_PROMPT || c == '\n' {
            break;
        }
        if !PROMPT_MARKS.contains(&c) {
            continue;
        }
        let behind = rest.get(at + c.len_utf8()..).unwrap_or("");
        let before = rest.get(..at).unwrap_or("");
        let is_mark = match c {
            '>' => !before.is_empty() || behind.starts_with(' '),
            '#' => !before.is_empty() || root_is_prompt && is_hermes(behind.trim_start()),
            _ => true,
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
    line.len() <= LONGEST_PROMPT && line.trim_end().strip_suffix(PROMPT_MARKS).is_some_and(is_before_prompt)
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
