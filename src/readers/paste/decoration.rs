//! What an editor, a terminal or a chat puts round a file: header lines, fences, prompts, line numbers, quote marks.

use super::lines::Line;
use crate::base::text::{BLANK, Chars, DIGIT, Search, Span, WHITE};

/// What stands at the start of every line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gutter {
    /// Nothing.
    None,
    /// `> `, as a quotation in an e-mail or a chat.
    Quote,
    /// The line's number, as `cat -n` and editors show it.
    Number,
}

impl Gutter {
    /// What stands at the start of all lines of `text` that are not blank.
    pub(super) fn of(text: &str) -> Self {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
        let Some(first) = lines.peek().copied() else { return Self::None };
        if first.starts_with('>') {
            return if lines.all(|line| line.starts_with('>')) { Self::Quote } else { Self::None };
        }
        let Some((mut expected, _)) = number(first) else { return Self::None };
        let mut count = 0;
        for line in text.lines() {
            match number(line) {
                Some((found, _)) if found == expected => expected += 1,
                None if line.trim().is_empty() => expected += 1,
                _ => return Self::None,
            }
            count += 1;
        }
        if count > 1 { Self::Number } else { Self::None }
    }

    /// How many bytes of `line` it takes.
    pub(super) fn width(self, line: &str) -> usize {
        match self {
            Self::None => 0,
            Self::Quote => {
                let rest = line.strip_prefix('>').unwrap_or(line);
                line.len() - rest.strip_prefix(' ').unwrap_or(rest).len()
            }
            Self::Number => number(line).map_or(0, |(_, width)| width),
        }
    }
}

/// The number at the start of a line, and the width of it and of what parts it from the text.
pub(in crate::readers) fn number(line: &str) -> Option<(u64, usize)> {
    let trimmed = line.trim_start_matches(BLANK);
    let digits = trimmed.len() - trimmed.trim_start_matches(DIGIT).len();
    let value = trimmed.get(..digits)?.parse().ok()?;
    let rest = trimmed.get(digits..)?;
    let bare = rest.trim_start_matches(' ');
    let behind = ['│', '|', '→'].into_iter().find_map(|mark| bare.strip_prefix(mark)).unwrap_or_else(|| {
        [':', ')', '.'].into_iter().find_map(|mark| rest.strip_prefix(mark)).unwrap_or(rest)
    });
    let text = behind.strip_prefix(BLANK);
    // A number alone is a number of an empty line.
    if text.is_none() && !behind.is_empty() {
        return None;
    }
    Some((value, line.len() - text.unwrap_or(behind).len()))
}

/// Marks the lines that are no lines of the file.
pub(super) fn mark(text: &str, lines: &mut [Line]) {
    for line in lines {
        let shown = Span::new(line.start, line.span.end).of(text).trim();
        // A fence is none inside a block scalar, where the user may well write one.
        line.is_decoration = !line.in_block && is_decoration(shown);
    }
}

fn is_decoration(line: &str) -> bool {
    if line.is_empty() || line.starts_with('#') {
        return false;
    }
    is_fence(line) || is_of_an_editor(line) || is_of_a_shell(line) || is_title(line)
}

fn is_fence(line: &str) -> bool {
    ["```", "~~~"].iter().any(|fence| line.strip_prefix(fence).is_some_and(is_word))
}

fn is_of_an_editor(line: &str) -> bool {
    let key_hint = |line: &str| {
        let mut chars = line.chars();
        let caret = chars.next() == Some('^') && chars.next().is_some_and(|c| !c.is_whitespace());
        (caret && chars.next() == Some(' ')) || (line.starts_with("M-") && line.get(3..4) == Some(" "))
    };
    let status = line.strip_prefix("[ ").and_then(|rest| rest.strip_suffix(" ]"));
    let vim_status = line.strip_prefix('"').and_then(|rest| rest.cut_at("\" "));
    line.starts_with("GNU nano")
        || key_hint(line)
        || status.is_some_and(|status| status.holds(" line") || status.holds("New File"))
        || line == "~"
        || line == "-- INSERT --"
        || vim_status.is_some_and(|(_, rest)| rest.starts_with(DIGIT))
}

fn is_of_a_shell(line: &str) -> bool {
    const PROMPT: Chars = |c| matches!(c, '$' | '#' | '%');
    const COMMANDS: [&str; 9] = ["cat", "nano", "vim", "vi", "less", "more", "sudo", "head", "tee"];
    let command = |line: &str| {
        let mut words = line.split_whitespace();
        words.next().is_some_and(|word| COMMANDS.contains(&word))
            && words.next().is_some_and(|word| !word.ends_with(':'))
    };
    // `user@host:~$ `, `[user@host ~]# `, `user@host ~ % `: a name, an at sign, and a mark followed by the command.
    let prompt = |line: &str| {
        let end = line.find(PROMPT).unwrap_or(0);
        let (before, behind) = line.split_at_checked(end).unwrap_or_default();
        let (user, host) = before.split_once('@').unwrap_or_default();
        !user.trim_start_matches('[').is_empty()
            && user
                .trim_start_matches('[')
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
            && !host.is_empty()
            && !host.holds(": ")
            && behind.get(1..).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    line == "$"
        || line.starts_with("$ ")
        || line.starts_with("PS ") && line.holds("> ")
        || line == "EOF"
        || command(line)
        || prompt(line)
}

/// The name of the file or of its language on a line of its own.
fn is_title(line: &str) -> bool {
    let name = line.trim_end_matches(':');
    let is_rule = line.chars().count() > 3
        && line.chars().next().is_some_and(|first| "=-_─━—*".has(first) && line.chars().all(|c| c == first));
    is_rule
        || name.ends_with("config.yaml") && is_word(name)
        || matches!(line, "yaml" | "YAML" | "yml" | "Copy code" | "复制代码" | "Code")
}

fn is_word(text: &str) -> bool {
    !text.contains(WHITE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_shells_and_chats_add() {
        for line in [
            "GNU nano 8.4 config.yaml",
            "^G Help      ^O Write Out",
            "[ Read 23 lines ]",
            "```yaml",
            "$ cat ~/.hermes/config.yaml",
            "root@box:~# cat config.yaml",
            "[me@box .hermes]$ nano config.yaml",
            "me@box ~ % cat config.yaml",
            "cat > config.yaml <<'EOF'",
            "EOF",
            "~",
            "\"config.yaml\" 23L, 512B",
            "config.yaml:",
            "yaml",
            "----------",
        ] {
            assert!(is_decoration(line), "{line}");
        }
        for line in
            ["model:", "# $ x", "---", "- hermes-cli", "cat: x", "more: 5", "name: a@b$ c", "- me@box", "..."]
        {
            assert!(!is_decoration(line), "{line}");
        }
    }

    #[test]
    fn numbers_count_up() {
        assert_eq!(Gutter::of("1 model:\n2   provider: x\n"), Gutter::Number);
        assert_eq!(Gutter::of("   8\tmodel:\n   9\t  provider: x\n  10\t\n"), Gutter::Number);
        assert_eq!(Gutter::of("1 │ a:\n\n3 │   b: c"), Gutter::Number);
        assert_eq!(Gutter::of("1: a\n5: b\n"), Gutter::None);
        assert_eq!(Gutter::of("1: a\n"), Gutter::None);
        assert_eq!(Gutter::of("> a:\n>   b: c\n"), Gutter::Quote);
        assert_eq!(Gutter::of(">\n  a\n"), Gutter::None);
        assert_eq!(Gutter::Number.width("   9\t  provider: x"), 5);
        assert_eq!(Gutter::Number.width("12"), 2);
        assert_eq!(Gutter::Quote.width(">  b"), 2);
    }
}
