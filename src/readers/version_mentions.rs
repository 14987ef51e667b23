//! Releases of Hermes that a line speaks of without stating which one is in use: `worked in Hermes 0.17.0, broken in 0.18.2`.

use super::version_words::{BETWEEN, PROGRAMS, is_of_other_time, number_at};
use crate::base::text::{Chars, DIGIT, Search, Span};
use crate::python::{is_letter, lower};

/// What a text says of a release, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    /// It was used before, or will be.
    OtherTime,
    /// Nothing is said of when.
    Unclear,
    /// Something fails there.
    Failing,
    /// It stands alone, as in the line of a template.
    Stated,
    /// It is in use now.
    Now,
}

/// Whether `number` has the form of a release of Hermes, and not that of a date or of a model called Hermes: `Hermes 2.5`.
pub(super) fn has_form(number: &str) -> bool {
    let parts: Vec<&str> = number.split('.').collect();
    let is_short = parts.iter().all(|part| matches!(part.len(), 1 | 2));
    is_short && (parts.len() == 3 || matches!(parts.as_slice(), ["0", minor] if minor.len() == 2))
}

/// Which of two releases is the newer one, number by number.
pub(super) fn is_newer(release: &str, other: &str) -> bool {
    let numbers = |release: &str| -> Vec<u32> {
        release.split('.').map(|number| number.parse().unwrap_or(u32::MAX)).collect()
    };
    numbers(release) > numbers(other)
}

/// Whether the number behind `before` is the release of another program, which is named right in front of it.
pub(super) fn is_of_other_program(before: &str) -> bool {
    let word = lower(last_word(before).1);
    !word.is_empty() && PROGRAMS.contains(&word.as_str())
}

/// The releases of Hermes in a line, with what is said of each. The first one has Hermes' name in front of it; those behind it
/// in the line are Hermes' as well, unless another program's name stands there.
pub(super) fn mentions(line: &str) -> Vec<(When, &str, Span)> {
    let mut found: Vec<(When, &str, Span)> = Vec::new();
    if !line.contains(DIGIT) || !lower(line).holds("hermes") {
        return found;
    }
    for clause in clauses(line) {
        // Of a clause each is told once: it may name many.
        let (mut when, mut is_other) = (None, None);
        let mut at = clause.start;
        while let Some((release, span)) = next_number(line, at, clause.end) {
            at = span.end;
            let before = line.get(clause.start..span.start).unwrap_or("");
            let is_own = is_behind_hermes(before) || (!found.is_empty() && !is_of_other_program(before));
            if has_form(release) && is_own {
                let own = if is_printed(line, span)
                    && !*is_other.get_or_insert_with(|| is_of_other_time(clause.of(line)))
                {
                    When::Now
                } else {
                    *when.get_or_insert_with(|| when_of(clause.of(line)))
                };
                found.push((own, release, span));
            }
        }
    }
    found
}

/// The next number in `line` from byte `at` to `end`.
fn next_number(line: &str, at: usize, end: usize) -> Option<(&str, Span)> {
    let rest = line.get(at..end)?;
    let start = at + rest.find(DIGIT)?;
    let (release, span) = number_at(line, start)?;
    Some((release, Span::new(span.start, span.end.min(end))))
}

/// The last word of `text` and what stands before it; a script without blanks ends where another begins.
fn last_word(text: &str) -> (&str, &str) {
    const JOINS: Chars = |c| BETWEEN(c) || "\"“”「」『』@~<>=".contains(c);
    let own = text.trim_end_matches(JOINS);
    let is_ascii = own.ends_with(|c: char| c.is_ascii());
    let rest = own.trim_end_matches(|c: char| is_letter(c) && c.is_ascii() == is_ascii);
    (rest, own.get(rest.len()..).unwrap_or(""))
}

/// Whether Hermes' name stands in front of a number: `Hermes v`, `hermes-agent==`, `Hermes from`.
fn is_behind_hermes(before: &str) -> bool {
    const JOINED: &str = " v agent version ver release from to auf von 版本 版本号 版 ";
    // The tag of an image is that of whoever made it.
    if before.trim_end_matches(['v', 'V']).ends_with(':') {
        return false;
    }
    let mut rest = before;
    for _ in 0..4 {
        let (earlier, word) = last_word(rest);
        let own = lower(word);
        if own == "hermes" {
            return true;
        }
        if own.is_empty() || !JOINED.holds(&[" ", &own, " "].concat()) {
            return false;
        }
        rest = earlier;
    }
    false
}

/// Whether a release stands there as `hermes --version` prints it: `Hermes Agent v0.18.2 (2026.7.1)`.
fn is_printed(line: &str, span: Span) -> bool {
    let head = line.get(..span.start).unwrap_or("");
    let behind = line.get(span.end..).unwrap_or("");
    head.ends_with("Hermes Agent v") && behind.starts_with(" (20")
}

/// The parts of a line of which each says something of its own.
fn clauses(line: &str) -> Vec<Span> {
    const JOINS: [&str; 8] = [" but ", " and ", " aber ", " und ", " mais ", " pero ", " но ", "但"];
    let mut found = Vec::new();
    let (mut start, mut chars) = (0, line.char_indices().peekable());
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let ends = match c {
            '，' | '。' | '；' | '！' | '？' | '、' => true,
            ',' | ';' | '!' | '?' => next.is_none_or(|next| !next.is_ascii_digit()),
            '.' => next.is_none_or(char::is_whitespace),
            _ => JOINS
                .iter()
                .any(|join| join.starts_with(c) && line.get(at..).is_some_and(|rest| rest.starts_with(join))),
        };
        if ends {
            found.push(Span::new(start, at));
            start = at + c.len_utf8();
        }
    }
    found.push(Span::new(start, line.len()));
    found
}

/// What a clause says of a release in it.
fn when_of(clause: &str) -> When {
    const NOW: [&str; 14] = [
        "now",
        "currently",
        "jetzt",
        "aktuell",
        "derzeit",
        "сейчас",
        "теперь",
        "maintenant",
        "ahora",
        "现在",
        "目前",
        "当前",
        "今は",
        "現在",
    ];
    const FAILS: [&str; 28] = [
        "broken",
        "breaks",
        "broke",
        "fails",
        "failing",
        "stopped",
        "stops",
        "crash",
        "error",
        "regress",
        "does not",
        "doesn't",
        "not work",
        "no longer",
        "not in ",
        "kaputt",
        "geht nicht",
        "funktioniert nicht",
        "не работает",
        "сломал",
        "ne marche p",
        "no funciona",
        "不行",
        "不能",
        "坏了",
        "失败",
        "报错",
        "動かな",
    ];
    /// What is asked for or wished is not so.
    const SUPPOSED: [&str; 18] = [
        "if", "can", "could", "should", "would", "will", "want", "wenn", "falls", "kann", "soll", "ging",
        "если", "如果", "可以", "应该", "想", "もし",
    ];
    let said = lower(clause);
    let has_word = |word: &str| said.split(|c: char| !is_letter(c)).any(|own| own == word);
    let is_said = |word: &str| if word.is_ascii() { has_word(word) } else { said.holds(word) };
    if SUPPOSED.iter().any(|word| is_said(word)) {
        When::OtherTime
    } else if NOW.iter().any(|word| is_said(word)) {
        When::Now
    } else if FAILS.iter().any(|word| said.holds(word)) {
        When::Failing
    } else if is_of_other_time(clause) {
        When::OtherTime
    } else if is_install(&said) {
        When::Stated
    } else {
        When::Unclear
    }
}

/// Whether a command installs the release that it names.
fn is_install(said: &str) -> bool {
    said.holds("==") && [" install ", "uv add ", "pipx "].iter().any(|own| said.holds(own))
}

#[cfg(test)]
mod tests {
    use super::{When, has_form, is_newer, mentions};

    #[test]
    fn what_has_the_form_of_a_release() {
        for number in ["0.18.2", "0.18", "0.2.0", "1.0.0", "0.22.12"] {
            assert!(has_form(number), "{number}");
        }
        for number in ["2026.7.1", "2.5", "4", "0.9", "", "0.18.2.1", "10.0.0.1", "0..1"] {
            assert!(!has_form(number), "{number}");
        }
        assert!(is_newer("0.18.2", "0.9.12") && is_newer("0.18.2", "0.18") && !is_newer("0.17.0", "0.18.2"));
    }

    #[test]
    fn a_line_says_of_each_release_when_it_is_used() {
        let told = |line: &str| -> Vec<(When, String)> {
            mentions(line).into_iter().map(|(when, own, _)| (when, own.to_owned())).collect()
        };
        for (line, expected) in [
            (
                "worked in Hermes 0.17.0, broken in 0.18.2",
                &[(When::OtherTime, "0.17.0"), (When::Failing, "0.18.2")][..],
            ),
            (
                "Hermes 0.17.0 worked and now 0.18.2, node 0.12.1",
                &[(When::OtherTime, "0.17.0"), (When::Now, "0.18.2")],
            ),
            ("Now: Hermes Agent v0.18.2 (2026.7.1)", &[(When::Now, "0.18.2")]),
            ("pip install hermes-agent==0.18.2", &[(When::Stated, "0.18.2")]),
            ("what about Hermes 0.18.2", &[(When::Unclear, "0.18.2")]),
            ("以前用 Hermes 0.17.0，现在 0.18.2", &[(When::OtherTime, "0.17.0"), (When::Now, "0.18.2")]),
            ("beside hermes runs ollama 0.17.0", &[]),
            ("image: other/hermes-agent:v0.17.0", &[]),
            ("Nous Hermes 2.5 and Hermes 4", &[]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(own, name)| (*own, (*name).to_owned())).collect();
            assert_eq!(told(line), expected, "{line}");
        }
    }
}
