//! The parts of a text that have the shape of a key, whatever stands before them.

use super::grammar::first_bytes;
use super::names::Says;
use super::names::names_a_secret;
use super::plain::{is_path, is_placeholder, is_plain, is_wordy};
use super::steps::looked_at;
use crate::base::text::{Chars, Search, Span};
use crate::python::is_alphanumeric;

/// Beginnings that only keys and tokens have, and how many characters behind them make one. Facts from the providers' public
/// documentation.
const PREFIXES: &[(&str, usize)] = &[
    // Services of models.
    ("sk-", 5),
    ("sk_", 5),
    ("pk-", 5),
    ("pk_live_", 5),
    ("pk_test_", 5),
    ("rk_live_", 5),
    ("rk_test_", 5),
    ("rk-", 16),
    ("AIza", 5),
    ("AQ.", 5),
    ("hf_", 9),
    ("gsk_", 5),
    ("xai-", 5),
    ("nvapi-", 5),
    ("pplx-", 5),
    ("fw_", 9),
    ("r8_", 5),
    ("tgp_", 5),
    ("csk-", 5),
    ("pa-", 12),
    ("fc-", 16),
    ("jina_", 12),
    ("pcsk_", 8),
    ("e2b_", 12),
    ("vck_", 8),
    ("cpk_", 12),
    // Tools that agents call.
    ("tvly-", 5),
    ("bb_live_", 5),
    ("bb_test_", 5),
    ("SG.", 12),
    ("ntn_", 12),
    ("lin_api_", 5),
    ("figd_", 8),
    ("fal_", 16),
    // Clouds and hosts of code.
    ("ghp_", 5),
    ("gho_", 5),
    ("ghu_", 5),
    ("ghs_", 5),
    ("ghr_", 5),
    ("github_pat_", 5),
    ("glpat-", 5),
    ("gldt-", 8),
    ("ya29.", 5),
    ("GOCSPX-", 5),
    ("1//0", 16),
    ("dop_v1_", 5),
    ("shpat_", 5),
    ("npm_", 16),
    ("pypi-", 16),
    ("dckr_pat_", 5),
    ("hvs.", 8),
    ("ATATT", 12),
    ("AGE-SECRET-KEY-", 5),
    ("sess-", 12),
    ("eyJ", 5),
    ("op://", 5),
    // Chats.
    ("xoxb-", 5),
    ("xoxp-", 5),
    ("xoxa-", 5),
    ("xoxr-", 5),
    ("xoxs-", 5),
    ("xoxe", 5),
    ("xapp-", 5),
    // Amazon.
    ("AKIA", 5),
    ("ASIA", 5),
];

/// The characters that [`PREFIXES`] begin with, a bit each: most words begin with another one.
const FIRSTS: u128 = {
    let (mut firsts, mut rest) = (0, PREFIXES);
    while let [(prefix, _), others @ ..] = rest {
        if let [first, ..] = prefix.as_bytes() {
            firsts |= 1 << *first;
        }
        rest = others;
    }
    firsts
};

/// What begins as keys do and is none: the names of xAI's login, of which the data of no release has another, and what tells
/// the keys of a service in `data/services.json`, alone.
const NAMES_LIKE_KEYS: [&str; 6] =
    ["xai-oauth", "xai-grok-oauth", "sk-kimi-", "sk-proj-", "sk-svcacct-", "sk-admin-"];

/// Beginnings of addresses whose path is a secret, for who has it may post there.
const SECRET_PATHS: &[&str] = &[
    "hooks.slack.com/services/",
    "discord.com/api/webhooks/",
    "discordapp.com/api/webhooks/",
    "api.telegram.org/bot",
    "api.telegram.org/file/bot",
];

/// The parts of `text` that have the shape of a key: known beginnings, long random-looking words, UUIDs, passwords in URLs,
/// values of URL parameters that name a key, and what stands between the lines that begin and end a key file.
pub fn shaped_spans(text: &str, spans: &mut Vec<Span>) {
    key_files(text, spans);
    for word in words(text) {
        let content = word.of(text);
        let mut escapes = pieces(content);
        let first = escapes.next().unwrap_or(Span::at(0));
        for piece in std::iter::once(first).chain(escapes) {
            let content = piece.of(content);
            looked_at(content.len());
            let start = word.start + piece.start;
            prefixed(content, start, spans);
            looks_random(content, start, spans);
        }
        url_secrets(content, word.start, spans);
    }
}

/// What ends a word: white space, quotes, brackets, commas and semicolons.
const BORDER: Chars = |c| match c {
    '"' | '\'' | '`' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';' | '|' => true,
    '，' | '。' | '：' | '；' | '“' | '”' | '‘' | '’' | '（' | '）' => true,
    c => c.is_whitespace(),
};

/// The words of `text`.
fn words(text: &str) -> impl Iterator<Item = Span> {
    text.split(BORDER).filter(|word| !word.is_empty()).map(move |word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        Span::new(start, start + word.len())
    })
}

/// A word between what stands for other characters in it: `\n`, `\u0041`, `%3D`, `=3D`, and a number's `0x`.
fn pieces(word: &str) -> impl Iterator<Item = Span> {
    let bytes = word.as_bytes();
    let (mut at, mut start) = (0, 0);
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let is_hex = |from: usize, count: usize| {
                bytes.get(from..from + count).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            };
            let escape = match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b'\\'), Some(b'u')) if is_hex(at + 2, 4) => 6,
                (Some(b'\\'), Some(b'x')) if is_hex(at + 2, 2) => 4,
                (Some(b'\\'), Some(b'n' | b't' | b'r' | b'\\')) => 2,
                (Some(b'%'), Some(_)) if is_hex(at + 1, 2) => 3,
                // `=` in a mail.
                (Some(b'='), Some(b'3')) if bytes.get(at + 2) == Some(&b'D') => 3,
                (Some(b'0'), Some(b'x')) if at == start => 2,
                _ => 0,
            };
            if escape > 0 {
                let piece = Span::new(start, at);
                at += escape;
                start = at;
                if !piece.is_empty() {
                    return Some(piece);
                }
            } else {
                at += 1;
            }
        }
        let piece = Span::new(start, bytes.len());
        start = bytes.len();
        (!piece.is_empty()).then_some(piece)
    })
}

/// A key that begins as its service's keys do, up to the end of the word.
fn prefixed(content: &str, offset: usize, spans: &mut Vec<Span>) {
    let mut before = None;
    for (at, c) in content.char_indices() {
        // A word of Chinese has no blank behind it.
        let previous = before.replace(c).filter(char::is_ascii);
        if !c.is_ascii_alphanumeric() {
            continue;
        }
        let key = content.get(at..).unwrap_or("");
        let is_key = |(prefix, shortest): &(&str, usize)| {
            // Only a generated key is long: a short name of small letters behind `pa-` is a word.
            key.strip_prefix(*prefix).is_some_and(|rest| {
                rest.len() >= *shortest
                    && (*shortest <= 8
                        || rest
                            .bytes()
                            .any(|byte| !byte.is_ascii_lowercase() && !matches!(byte, b'-' | b'_'))
                        || rest.len() > 24)
            })
        };
        let is_name = |name: &&str| {
            let goes_on = |c: char| is_alphanumeric(c) || matches!(c, '-' | '_');
            key.strip_prefix(*name).is_some_and(|rest| !rest.chars().next().is_some_and(goes_on))
        };
        let may_begin = u8::try_from(c).is_ok_and(|byte| FIRSTS & (1 << byte) != 0);
        let is_shaped = may_begin
            && (is_amazon_id(key) || !previous.is_some_and(is_alphanumeric) && PREFIXES.iter().any(is_key));
        if is_shaped && !NAMES_LIKE_KEYS.iter().any(is_name) {
            if (content.holds("://") || !is_path(content)) && !is_placeholder(&key.to_ascii_lowercase()) {
                spans.push(Span::new(offset + at, offset + content.len()));
            }
            break;
        }
    }
}

/// `AKIA` and `ASIA` with 16 more capital letters and digits: nothing else is so, whatever it is joined to.
fn is_amazon_id(key: &str) -> bool {
    const LENGTH: usize = 20;
    (key.starts_with("AKIA") || key.starts_with("ASIA"))
        && key.bytes().take(LENGTH).filter(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).count()
            == LENGTH
}

/// Runs of letters and digits that no name has, with all that is joined to them by dots, and UUIDs.
fn looks_random(word: &str, offset: usize, spans: &mut Vec<Span>) {
    const JOINT: Chars = |c| matches!(c, '-' | '_');
    const BREAK: Chars = |c| !c.is_ascii_alphanumeric() && !JOINT(c);
    let mut done = 0;
    for token in word.split(BREAK).filter(|token| !token.is_empty()) {
        let token = token.trim_matches(JOINT);
        let start = token.as_ptr() as usize - word.as_ptr() as usize;
        if start < done || !(token.split(JOINT).any(is_random) || has_uuid(token)) {
            continue;
        }
        // `id.secret`, `digits:token`: its other half may be short.
        let before = word.get(done..start).unwrap_or("");
        let head = before.len() - before.bytes().rev().take_while(|byte| is_of_key(*byte)).count();
        let head = before.get(head..).map_or("", |joined| joined_before(joined));
        let end = start + token.len();
        let tail = joined_behind(word.get(end..).unwrap_or(""));
        done = end + tail;
        spans.push(Span::new(offset + start - head.len(), offset + done));
    }
    base64(word, offset, spans);
}

/// Bytes that join the parts of one key.
fn is_of_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':')
}

/// What of `text`, which ends where a random run begins, belongs to it: parts that are no words, with a dot or colon behind.
fn joined_before(text: &str) -> &str {
    let mut start = text.len();
    while let Some(rest) = text.get(..start).and_then(|text| text.strip_suffix(['.', ':'])) {
        let part = rest.rsplit(['.', ':']).next().unwrap_or("").trim_start_matches(['-', '_']);
        if part.is_empty()
            || is_wordy(part) && !(part.len() >= 6 && part.bytes().all(|byte| byte.is_ascii_digit()))
        {
            break;
        }
        start = rest.len() - part.len();
    }
    text.get(start..).unwrap_or("")
}

/// How many bytes of `text`, which begins where a random run ends, belong to it: parts with a dot before them, that are no
/// words, or long.
fn joined_behind(text: &str) -> usize {
    const LONGEST_WORD: usize = 12;
    let mut taken = 0;
    while let Some(rest) = text.get(taken..).and_then(|text| text.strip_prefix('.')) {
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
        let part = rest.get(..end).unwrap_or("");
        if part.is_empty() || is_wordy(part) && part.len() < LONGEST_WORD {
            break;
        }
        taken += 1 + end;
    }
    taken
}

/// Whether a run of letters and digits was made by chance: long, with digits in it, or with capital and small letters as no
/// name has them.
fn is_random(run: &str) -> bool {
    looked_at(run.len());
    const SHORTEST: usize = 24;
    const SHORTEST_OF_THREE: usize = 20;
    const LONGEST_WORD: usize = 40;
    let bytes = run.as_bytes();
    let count = |is: fn(&u8) -> bool| bytes.iter().filter(|byte| is(byte)).count();
    if bytes.len() < SHORTEST_OF_THREE || !bytes.is_ascii() {
        return false;
    }
    let (digits, small, upper) =
        (count(u8::is_ascii_digit), count(u8::is_ascii_lowercase), count(u8::is_ascii_uppercase));
    if bytes.len() >= SHORTEST && digits >= 2 && small + upper >= 2 {
        return true;
    }
    if small > 0 && upper > 1 {
        return (bytes.len() >= SHORTEST || digits > 0) && is_mixed(bytes);
    }
    // One letter over and over is a place for a key.
    bytes.len() >= LONGEST_WORD
        && small + upper >= 2
        && bytes.iter().any(|byte| !bytes.iter().take(2).any(|first| first == byte))
}

/// Whether capital and small letters change as by chance: words that are written together have some small letters behind each
/// capital one.
fn is_mixed(run: &[u8]) -> bool {
    /// Small letters in a row: two on the average by chance, five or more in words.
    const IN_WORDS: usize = 3;
    let small_runs: Vec<usize> =
        run.split(|byte| !byte.is_ascii_lowercase()).map(<[u8]>::len).filter(|length| *length > 0).collect();
    let upper_runs = run.split(|byte| !byte.is_ascii_uppercase()).filter(|run| run.len() >= 2).count();
    let small: usize = small_runs.iter().sum();
    small < IN_WORDS * small_runs.len() || upper_runs >= 3 && small < 2 * IN_WORDS * small_runs.len()
}

/// UUIDs, also such that something is joined to.
fn has_uuid(token: &str) -> bool {
    looked_at(token.len());
    let parts: Vec<&str> = token.split('-').collect();
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    parts.windows(5).any(|parts| match parts {
        [first, middle @ .., last] => {
            let from = first.len().checked_sub(8);
            from.and_then(|from| first.get(from..)).is_some_and(is_hex)
                && middle.iter().all(|part| part.len() == 4 && is_hex(part))
                && last.get(..12).is_some_and(is_hex)
        }
        _ => false,
    })
}

/// Runs in which `/`, `+` and `=` are letters too: Amazon's secrets, and what is packed in base64.
fn base64(word: &str, offset: usize, spans: &mut Vec<Span>) {
    const SHORTEST: usize = 32;
    const BREAK: Chars = |c| !c.is_ascii_alphanumeric() && !matches!(c, '/' | '+' | '=');
    // What stands before `=` is a name, and the end of what is packed.
    for value in word.split(BREAK).flat_map(|run| run.split_inclusive('=')) {
        let start = offset + (value.as_ptr() as usize - word.as_ptr() as usize);
        let bytes = value.trim_end_matches('=').as_bytes();
        let has = |is: fn(&u8) -> bool| bytes.iter().any(is);
        let is_mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
        let is_joined = bytes.iter().any(|byte| matches!(byte, b'/' | b'+'));
        if bytes.len() >= SHORTEST && is_mixed && is_joined && has_odd_parts(value) {
            spans.push(Span::new(start, start + bytes.len()));
        }
    }
}

/// Whether half of a text and more is in parts between `/` and `+` that are no words: a path has one such part at most.
fn has_odd_parts(value: &str) -> bool {
    let parts = || value.split(['/', '+', '=']);
    let odd: usize = parts().filter(|part| !is_wordy(part)).map(str::len).sum();
    2 * odd >= value.len()
}

/// The user and password of a URL, its path where that is a secret, and the values of parameters that name a key.
fn url_secrets(word: &str, offset: usize, spans: &mut Vec<Span>) {
    const PATH: Chars = |c| matches!(c, '/' | '?' | '#');
    const PARAMETER: Chars = |c| matches!(c, '?' | '&' | '#');
    if let Some((scheme, rest)) = word.cut_at("://") {
        let mut authority = rest.split(PATH).next().unwrap_or("");
        let start = offset + scheme.len() + 3;
        // A password with a slash in it, which belongs in another spelling: what stands behind the colon is no port.
        let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
        if !authority.has('@') && port.bytes().any(|byte| !byte.is_ascii_digit()) {
            authority = rest;
        }
        if let Some((user, _)) = authority.rsplit_once('@') {
            spans.push(Span::new(start, start + user.len()));
        }
        for path in SECRET_PATHS {
            if let Some((before, secret)) = rest.cut_at(path) {
                let start = start + before.len() + path.len();
                spans.push(Span::new(start, start + secret.split(['?', '#']).next().unwrap_or("").len()));
            }
        }
    }
    for pair in word.split(PARAMETER).skip(1) {
        let Some((name, value)) = pair.split_once('=') else { continue };
        let says_secret = names_a_secret(name)
            || ["sig", "code", "auth", "state"].iter().any(|own| name.eq_ignore_ascii_case(own))
            || ["secret", "password", "token"].iter().any(|part| name.to_ascii_lowercase().holds(part));
        if says_secret && !value.is_empty() && !is_plain(value, Says::Secret) {
            let start = offset + (value.as_ptr() as usize - word.as_ptr() as usize);
            spans.push(Span::new(start, start + value.len()));
        }
    }
}

/// The lines between `-----BEGIN …-----` and `-----END …-----`; where no end comes, as far as lines look like them.
fn key_files(text: &str, spans: &mut Vec<Span>) {
    const BEGIN: &str = "-----BEGIN ";
    const END: &str = "-----END ";
    const LONGEST_LABEL: usize = 100;
    let (mut at, mut next_end) = (0, Some(0));
    while let Some(begin) = text.get(at..).and_then(|rest| rest.find_text(BEGIN)).map(|found| at + found) {
        let label = begin + BEGIN.len();
        let rest = first_bytes(text.get(label..).unwrap_or(""), LONGEST_LABEL);
        // Its label ends on the same line.
        let line = rest.split(['\n', '\r']).next().unwrap_or("");
        let Some(from) = line.find_text("-----").map(|found| label + found + 5) else {
            at = label;
            continue;
        };
        let body = text.get(from..).unwrap_or("");
        // It is looked for once, however many beginnings come before it.
        if next_end.is_some_and(|end| end < from) {
            next_end = body.find_text(END).map(|found| from + found);
        }
        let next_begin = body.find_text(BEGIN).map_or(text.len(), |found| from + found);
        at = match next_end {
            Some(end) if end <= next_begin => end,
            _ => from + unended(Span::new(from, next_begin).of(text)),
        };
        looked_at(at - from);
        body_lines(Span::new(from, at).of(text), from, spans);
    }
}

/// How much of the body of a key file without an end looks like one.
fn unended(body: &str) -> usize {
    let mut length = 0;
    for line in body.split_inclusive('\n') {
        let content = line.trim().trim_start_matches(['>', '|', '#', ' ']);
        if !content.is_empty() && (content.has(' ') && !content.has(':') || content.len() > 100) {
            break;
        }
        length += line.len();
        // A name with a value follows a key in a file of them.
        if content.has('=')
            && !content
                .trim_end_matches('=')
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
        {
            length -= line.len();
            break;
        }
    }
    length
}

/// Each line of the body of a key file, without what a quotation or a string puts around it.
fn body_lines(body: &str, offset: usize, spans: &mut Vec<Span>) {
    for line in body.split(['\n', '\r']) {
        let content = line.trim_matches([' ', '\t', '"', '\'', '>', '|', ',']);
        let content = content.trim_start_matches("\\n").trim_end_matches("\\n");
        if !content.is_empty() {
            let start = offset + (content.as_ptr() as usize - body.as_ptr() as usize);
            spans.push(Span::new(start, start + content.len()));
        }
    }
}
