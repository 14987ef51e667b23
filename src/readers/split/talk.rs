//! Lines of text that begin with the name of the program, and are no commands; and who says a line in a chat.

use super::line;
use crate::base::text::{BLANK, COLON, Chars, DIGIT, Search, WHITE};
use crate::facts::Facts;
use crate::python::{closest, is_alphanumeric, lower};
use crate::readers::paste::Shapes;

/// Words of sentences that no command takes.
#[rustfmt::skip]
const OF_SENTENCES: [&str; 167] = [
    "a", "about", "after", "again", "all", "already", "also", "always", "am", "an", "and", "any", "are", "aren't", "as",
    "at", "back", "because", "been", "before", "being", "both", "but", "by", "can", "can't", "cannot", "cant", "could",
    "couldn't", "crashed", "crashes", "did", "didn't", "didnt", "do", "does", "doesn't", "doesnt", "don't", "dont",
    "down", "else", "even", "every", "fails", "failed", "fine", "for", "found", "from", "gave", "gets", "gives", "goes",
    "got", "had", "has", "hasn't", "have", "haven't", "he", "her", "here", "how", "i", "if", "in", "into", "is",
    "isn't", "isnt", "it", "it's", "its", "itself", "just", "keeps", "kept", "looks", "my", "needs", "neither", "never",
    "nor", "not", "nothing", "now", "of", "often", "on", "once", "only", "or", "our", "out", "prints", "problem",
    "properly", "really", "refuses", "said", "says", "seems", "she", "should", "shouldn't", "showed", "shows", "since",
    "so", "some", "sometimes", "still", "stopped", "stops", "than", "that", "the", "their", "them", "then", "there",
    "they", "this", "three", "though", "till", "too", "took", "tried", "tries", "twice", "two", "until", "us", "used",
    "uses", "very", "via", "want", "wants", "was", "wasn't", "we", "went", "were", "what", "when", "where", "which",
    "while", "who", "why", "will", "with", "without", "won't", "wont", "worked", "working", "works", "would",
    "wouldn't", "yet", "you", "your",
];

/// Words that people take for groups of commands; there are none of these names.
const TAKEN_FOR_GROUPS: [&str; 15] = [
    "provider",
    "providers",
    "pool",
    "pools",
    "key",
    "keys",
    "credential",
    "credentials",
    "credential-pool",
    "apikey",
    "api-key",
    "cred",
    "secret",
    "models",
    "env",
];

/// How close a word has to be to a command, as to be told as the one that is meant.
const CUTOFF: f64 = 0.7;

/// No command has a name that is nearly as long.
const LONGEST_WORD: usize = 40;

/// Whether a line of text that begins with `hermes` talks of the program: the words behind it are not those of a command, nor
/// of one that is misspelled.
pub(super) fn is_talk(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| matches!(c, '•' | '*') || c.is_whitespace());
    let bare = bare.strip_prefix("- ").unwrap_or(bare).trim_start();
    let Some(rest) = bare.strip_prefix("hermes ") else { return false };
    let words = plain_words(rest);
    let Some(facts) = Facts::newest() else { return false };
    // The value of a setting may be any words.
    let counted = if words.starts_with(&["config", "set"]) { 3 } else { words.len() };
    if words.iter().take(counted).any(|word| is_of_sentence(word)) {
        return true;
    }
    let mut path = String::new();
    for (at, word) in words.iter().enumerate() {
        let below = [path.as_str(), if at == 0 { "" } else { " " }, word].concat();
        if facts.commands.has(&below) {
            path = below;
            continue;
        }
        let known = facts.commands.below(&path);
        if known.is_empty() {
            // `hermes version 0.19.0`
            return facts.commands.command(&path).is_some_and(|own| own.positionals.is_empty());
        }
        return !may_be_meant(word, &known, at == 0);
    }
    false
}

/// The words up to the first option, quote or sign of a shell.
fn plain_words(rest: &str) -> Vec<&str> {
    const SIGNS: [char; 12] = ['-', '"', '\'', '“', '#', '|', '&', ';', '>', '<', '$', '('];
    rest.split(WHITE).filter(|word| !word.is_empty()).take_while(|word| !word.starts_with(SIGNS)).collect()
}

fn is_of_sentence(word: &str) -> bool {
    let own = lower(word.trim_matches([',', '.', ':', ';', '!', '?', ')'])).replace('’', "'");
    OF_SENTENCES.contains(&own.as_str())
}

/// Whether a word that is none of the commands `known` is meant for one.
fn may_be_meant(word: &str, known: &[&str], is_first: bool) -> bool {
    // What a program does, did or is doing.
    const ENDINGS: [&str; 5] = ["s", "es", "d", "ed", "ing"];
    if TAKEN_FOR_GROUPS.contains(&word) {
        return true;
    }
    let is_form = ENDINGS.iter().any(|end| word.strip_suffix(end).is_some_and(|stem| known.contains(&stem)));
    if is_form {
        return false;
    }
    // The search is slow, and a text may have very many such lines; hardly anybody misspells the first letter.
    let is_near = || {
        let alike = known.iter().copied().filter(|own| own.chars().next() == word.chars().next());
        word.len() <= LONGEST_WORD && closest(word, &alike.collect::<Vec<_>>(), CUTOFF).is_some()
    };
    let is_verb = ["s", "ed", "ing"].iter().any(|end| word.ends_with(end));
    is_near() || !is_first && !is_verb
}

/// Who says a line of a chat.
pub(super) struct Speaker<'t> {
    pub(super) name: &'t str,
    /// Up to where what is said begins.
    pub(super) width: usize,
    /// Whether nothing but a colon tells the name from what is said.
    is_bare: bool,
}

impl Speaker<'_> {
    /// Whether this is somebody, and no key of a file.
    pub(super) fn is_one(&self, shapes: &Shapes) -> bool {
        let own = lower(self.name);
        !self.is_bare || !(shapes.is_key(&own) || shapes.is_root(&own) || own.has('_') || own.has('.'))
    }
}

/// Who says a line, as chats write it: `[10:21] <name> …`, `<name> …`, `[2026/7/24 10:21] name: …`; and where a variable with a key
/// follows, `name: …`.
pub(super) fn speaker(line: &str) -> Option<Speaker<'_>> {
    const LONGEST: usize = 24;
    const NAME: Chars = |c| is_alphanumeric(c) || "_-.@ ".has(c);
    /// Names of variables in places where one writes variables.
    const PLACES: [&str; 5] = ["env", "environment", "args", "command", "export"];
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().count() <= LONGEST && name.chars().all(NAME) && !line::is_level(name)
    };
    let said = time(line).map_or(line, |width| line.get(width..).unwrap_or(""));
    let has_time = said.len() < line.len();
    if let Some((name, rest)) = said.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        let is_own =
            is_name(name) && (has_time || !is_tag(name)) && (rest.is_empty() || rest.starts_with(BLANK));
        let width = line.len() - rest.strip_prefix(BLANK).unwrap_or(rest).len();
        return is_own.then_some(Speaker { name, width, is_bare: false });
    }
    let (name, rest) = said.split_once(COLON)?;
    let behind = rest.trim_start_matches(BLANK);
    let is_apart = said.get(name.len()..).is_some_and(|rest| rest.starts_with('：'))
        || behind.len() < rest.len()
        || rest.is_empty();
    if !is_apart || !is_name(name) {
        return None;
    }
    if has_time {
        // The part of a program that logs the line.
        if name.has('.') || name.has('_') {
            return None;
        }
        let width = line.len() - rest.strip_prefix(BLANK).unwrap_or(rest).len();
        return Some(Speaker { name, width, is_bare: false });
    }
    let is_set = line::assignment(behind).is_some_and(|variable| variable.has('_'))
        && !behind.trim_end().contains(WHITE);
    let is_place = PLACES.contains(&lower(name).as_str()) || name.starts_with(['-', ' ']);
    (is_set && !is_place).then(|| Speaker { name, width: line.len() - behind.len(), is_bare: true })
}

/// The word that a line begins with and ends with a colon, and what stands behind that and one blank.
pub(super) fn named(line: &str) -> Option<(&str, &str)> {
    const LONGEST: usize = 24;
    const NAME: Chars = |c| is_alphanumeric(c) || c == '-' || c == '@';
    let (name, rest) = line.split_once(COLON)?;
    let said = rest.strip_prefix(BLANK)?;
    let is_name = !name.is_empty() && name.chars().count() <= LONGEST && name.chars().all(NAME);
    (is_name && !name.starts_with('-') && !said.trim().is_empty()).then_some((name, said))
}

/// Whether a word in front of a colon may be somebody's name: it is no key of Hermes, and none that people put in front of what
/// they paste or tell.
pub(super) fn may_be_somebody(name: &str, shapes: &Shapes) -> bool {
    const HEADS: &str = " hermes config config-yaml env note hint error warning info edit update example file default http https q a \
        ps fyi tldr title name kind type ";
    let own = lower(name);
    !line::is_level(name)
        && !shapes.is_key(&own)
        && !shapes.is_root(&own)
        && !own.starts_with("x-")
        && !HEADS.holds(&[" ", &own, " "].concat())
}

/// How much of a line is a time in brackets in front of it, and the blanks behind that.
fn time(line: &str) -> Option<usize> {
    const LONGEST: usize = 32;
    const OF_TIME: Chars = |c| c.is_ascii_digit() || ":-/., APMapmTZ年月日时分秒上下午".has(c);
    let (own, rest) = line.strip_prefix('[')?.split_once(']')?;
    let is_time = own.len() <= LONGEST
        && own.has(':')
        && own.matches(DIGIT).count() >= 3
        && own.chars().all(OF_TIME)
        && rest.starts_with(BLANK);
    is_time.then(|| line.len() - rest.trim_start_matches(BLANK).len())
}

/// Whether a word in pointed brackets is one that HTML or a description of a command has there.
fn is_tag(name: &str) -> bool {
    const TAGS: &str = " a article b blockquote body br center code dd details div dl dt em font footer form h1 h2 h3 h4 h5 h6 \
        head header hr html i img kbd key label li link main meta model name nav ol option p pre provider s samp script \
        section small snip snipped span strong style sub summary sup svg table tbody td th thead time title token tr tt u \
        ul url value var video ";
    TAGS.holds(&[" ", &lower(name), " "].concat())
        || name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
            matches!(
                word,
                "your" | "api" | "key" | "omitted" | "redacted" | "provider" | "model" | "name" | "token"
            )
        })
}
