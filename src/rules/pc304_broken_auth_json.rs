//! PC304: auth.json or `cron/jobs.json` does not parse.

use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Edits, Place, Search, Span};
use crate::diagnostic::Safety;
use crate::hermes::sites::mends_itself;
use crate::json::{self, JsonError};

declare_rule! {
    /// Hermes reads auth.json as strict JSON. Where that fails it says so in a log only, and goes on with an empty auth
    /// store: no pool, no login. It keeps a copy, `auth.json.corrupt`, and as soon as it stores anything it writes a new
    /// auth.json in the place of the broken one.
    ///
    /// Of a broken `cron/jobs.json` it runs no job, and says so in a log only.
    ///
    /// ```json fires
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": []},}
    /// ```
    /// ```json silent
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": []}}
    /// ```
    pub static BROKEN_AUTH_JSON = {
        code: "PC304", name: "broken-auth-json", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "{file} does not parse: {problem}",
        why: "{then}{said}",
        todo: "{way}",
        command: "iconv -f UTF-16 -t UTF-8 {file} > utf8 && mv utf8 {file}",
        fix_title: "Repair the JSON",
        part no_jobs: "Hermes then runs no scheduled job.",
        part mend: "Repair the file: Hermes reads it again each minute.",
        part empty: "Hermes then goes on with an empty auth store, without pools and logins. It keeps a copy as `auth.json.corrupt`, and overwrites auth.json as soon as it stores anything.",
        part unread: "Hermes cannot read its pools and logins then.",
        part restore: "Repair the file before Hermes runs again; if it was overwritten already, repair `auth.json.corrupt` and put it back.",
        part repair: "Repair the file before Hermes runs again.",
        part said: " Python says: {python}",
        part unsaid: "",
        part encoding: "the file is UTF-16, and Hermes reads UTF-8",
        part not_utf8: "the file is not UTF-8, and Hermes reads UTF-8, or on Windows what the system writes",
        part comma: "a comma stands before a closing bracket",
        part mark: "it begins with a byte order mark",
        part comment: "JSON has no comments",
        part quotes: "curly quotes stand in place of straight ones",
        part single: "single quotes stand in place of double ones",
        part bare: "a name stands here without quotes",
        part word: "this is a word of Python: JSON writes `true`, `false` and `null`",
        part close: "a closing bracket is missing before this one",
        part missing: "a comma is missing here",
        part behind: "something stands behind the end",
        part ends: "it ends too early",
        part other: "this is not JSON",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // 0.21.3 raises where it cannot read the file; whether a broken one is among that was not read.
    let (then, way) = if context.is_read_only() { ("unread", "repair") } else { ("empty", "restore") };
    if let Some(Err(error)) = &context.auth_store {
        broken(context, findings, SourceKind::AuthStore, Some(error), then, way);
    } else if context.world.is_undecodable(SourceKind::AuthStore) {
        broken(context, findings, SourceKind::AuthStore, None, then, way);
    }
    // How 0.21.4 reads its jobs was not read.
    if context.is_read_only() {
        return;
    }
    match json::load(context.text_of(SourceKind::Jobs), SourceKind::Jobs) {
        Err(error) if !mends_itself(&error) => {
            broken(context, findings, SourceKind::Jobs, Some(&error), "no_jobs", "mend");
        }
        _ if context.world.is_undecodable(SourceKind::Jobs) => {
            broken(context, findings, SourceKind::Jobs, None, "no_jobs", "mend");
        }
        _ => {}
    }
}

fn broken(
    context: &Context<'_>,
    findings: &mut Findings,
    source: SourceKind,
    error: Option<&JsonError>,
    then: &'static str,
    way: &'static str,
) {
    let text = context.text_of(source);
    let file = if source == SourceKind::Jobs { "cron/jobs.json" } else { "auth.json" };
    if context.world.is_undecodable(source) {
        let is_utf16 = context.world.in_utf16.contains(&source);
        let begin = text.len() - text.trim_start().len();
        let first = text.trim_start().lines().next().unwrap_or("").len();
        findings
            .report(&BROKEN_AUTH_JSON, Place::new(source, Span::new(begin, begin + first)))
            .with("file", file)
            .part("problem", if is_utf16 { "encoding" } else { "not_utf8" })
            .part("then", then)
            .part("said", "unsaid")
            .part("way", way);
        if !is_utf16 {
            findings.without_command();
        }
        return;
    }
    let Some(error) = error else { return };
    // An empty file is as good as none.
    if text.trim().is_empty() || matches!(error, JsonError::Unmodelled { .. }) {
        return;
    }
    let place = error.place();
    let damage = Damage::at(text, error);
    let part = match (&damage, error) {
        (Some(Damage::Comma(_)), _) => "comma",
        (Some(Damage::Mark(_)), _) => "mark",
        (Some(Damage::Comment(_)), _) => "comment",
        (Some(Damage::Quotes(..)), _) => "quotes",
        (Some(Damage::Single(..)), _) => "single",
        (Some(Damage::Bare(_)), _) => "bare",
        (Some(Damage::Word(..)), _) => "word",
        (Some(Damage::Close(..)), _) => "close",
        (Some(Damage::Missing(_)), _) => "missing",
        (Some(Damage::Ends(..)), _) => "ends",
        (None, JsonError::Syntax { message: "Extra data", .. }) => "behind",
        (None, _) if place.span.start >= text.trim_end().len() => "ends",
        (None, _) => "other",
    };
    let is_end = matches!(damage, Some(Damage::Ends(..)));
    let shown = damage.as_ref().filter(|_| !is_end).map_or(place.span, Damage::span);
    findings
        .report(&BROKEN_AUTH_JSON, Place::new(source, shown))
        .with("file", file)
        .part("problem", part)
        .with("python", error.text())
        .part("said", "said")
        .part("then", then)
        .part("way", way)
        .without_command();
    let Some(edits) = repaired(text, error.clone()) else { return };
    if source == SourceKind::AuthStore {
        findings.repair(source, edits);
    } else {
        findings.fix(source, edits);
    }
}

/// Damage that has one plain repair.
enum Damage {
    /// A comma before a closing bracket.
    Comma(Span),
    /// A byte order mark.
    Mark(Span),
    /// A comment.
    Comment(Span),
    /// An opening and a closing curly quote around a text.
    Quotes(Span, Span),
    /// An opening and a closing single quote around a text.
    Single(Span, Span),
    /// A name without quotes.
    Bare(Span),
    /// What Python writes for a value, and what JSON writes for it.
    Word(Span, &'static str),
    /// A place between two values that wants a comma; white space stands behind it.
    Missing(usize),
    /// A place that wants a closing bracket before another one; white space stands behind it.
    Close(usize, char),
    /// The end of the text, and the closing brackets that it wants.
    Ends(usize, String),
}

impl Damage {
    /// What the error's place shows.
    fn at(text: &str, error: &JsonError) -> Option<Self> {
        let JsonError::Syntax { message, place, .. } = error else { return None };
        let at = place.span.start;
        let (before, rest) = (text.get(..at)?, text.get(at..)?);
        if rest.starts_with('\u{feff}') {
            return Some(Self::Mark(Span::new(at, at + '\u{feff}'.len_utf8())));
        }
        if let Some(length) = comment(rest) {
            return Some(Self::Comment(Span::new(at, at + length)));
        }
        let last = before.trim_end();
        if rest.starts_with([']', '}']) && last.ends_with(',') {
            return Some(Self::Comma(Span::new(last.len() - 1, last.len())));
        }
        if rest.starts_with(CURLY) {
            let opening = '“'.len_utf8();
            let inner = rest.get(opening..)?;
            let end = inner.find(|c: char| CURLY.contains(&c) || "\"\\\n".has(c))?;
            let closing = inner.get(end..)?.starts_with(CURLY).then_some(at + opening + end)?;
            return Some(Self::Quotes(Span::new(at, at + opening), Span::new(closing, closing + opening)));
        }
        if last.len() == text.trim_end().len() && at >= last.len() {
            let closing: String = open_brackets(text)?.into_iter().rev().collect();
            return (!closing.is_empty()).then_some(Self::Ends(last.len(), closing));
        }
        if let Some(inner) = rest.strip_prefix('\'') {
            let end = inner.find(|c: char| "'\"\\\n".has(c))?;
            let closing = inner.get(end..)?.starts_with('\'').then_some(at + 1 + end)?;
            return Some(Self::Single(Span::new(at, at + 1), Span::new(closing, closing + 1)));
        }
        if let Some((word, json)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            return Some(Self::Word(Span::new(at, at + word.len()), json));
        }
        let name =
            rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_-".has(c)).len();
        if name >= SHORTEST_NAME && rest.get(name..)?.trim_start().starts_with(':') {
            return Some(Self::Bare(Span::new(at, at + name)));
        }
        if let Some(bracket) = rest.chars().next().filter(|c| matches!(c, ']' | '}')) {
            let wanted = open_brackets(before)?.pop()?;
            return (wanted != bracket && last.len() < at).then_some(Self::Close(last.len(), wanted));
        }
        let is_missing = *message == "Expecting ',' delimiter" && rest.starts_with(['"', '{', '[']);
        (is_missing && last.len() < at).then_some(Self::Missing(last.len()))
    }

    fn span(&self) -> Span {
        match self {
            Self::Comma(span)
            | Self::Mark(span)
            | Self::Comment(span)
            | Self::Quotes(span, _)
            | Self::Single(span, _)
            | Self::Bare(span)
            | Self::Word(span, _) => *span,
            Self::Missing(at) | Self::Close(at, _) => Span::new(*at, *at + 1),
            Self::Ends(at, _) => Span::at(*at),
        }
    }

    fn edits(&self) -> Vec<Edit> {
        match self {
            Self::Comma(span) | Self::Mark(span) | Self::Comment(span) => vec![Edit::delete(*span)],
            Self::Quotes(open, close) | Self::Single(open, close) => {
                vec![Edit::replace(*open, "\""), Edit::replace(*close, "\"")]
            }
            Self::Bare(name) => vec![Edit::insert(name.start, "\""), Edit::insert(name.end, "\"")],
            Self::Word(word, json) => vec![Edit::replace(*word, *json)],
            Self::Missing(at) => vec![Edit::insert(*at, ",")],
            Self::Close(at, bracket) => vec![Edit::insert(*at, bracket.to_string())],
            Self::Ends(at, brackets) => vec![Edit::insert(*at, brackets.as_str())],
        }
    }

    /// What stands in the place of the damage, at the same length, so that later places stay true. What is missing at the end
    /// is put there.
    fn patches(&self) -> Vec<(Span, String)> {
        let one = |span: Span, text: &str| vec![(span, text.to_owned())];
        let ends = |span: Span| (Span::new(span.start, span.start + 1), Span::new(span.end - 1, span.end));
        match self {
            Self::Comma(span) | Self::Mark(span) | Self::Comment(span) => one(*span, ""),
            Self::Quotes(open, close) => vec![(*open, "  \"".to_owned()), (*close, "\"  ".to_owned())],
            Self::Single(open, close) => vec![(*open, "\"".to_owned()), (*close, "\"".to_owned())],
            // The first and the last letter make room for the quotes.
            Self::Bare(name) => {
                let (first, last) = ends(*name);
                vec![(first, "\"".to_owned()), (last, "\"".to_owned())]
            }
            Self::Word(word, json) => one(*word, json),
            Self::Missing(at) => one(Span::new(*at, *at + 1), ","),
            Self::Close(at, bracket) => one(Span::new(*at, *at + 1), &bracket.to_string()),
            Self::Ends(at, brackets) => one(Span::new(*at, *at + brackets.len()), brackets),
        }
    }
}

/// What Python writes, and what JSON writes for it; none is longer there.
const WORDS: [(&str, &str); 3] = [("None", "null"), ("True", "true"), ("False", "false")];

/// Letters of a name that is put into quotes.
const SHORTEST_NAME: usize = 2;

/// The brackets that close those which are open at the end of `text`; `None` within a text in quotes.
fn open_brackets(text: &str) -> Option<Vec<char>> {
    let mut wanted = Vec::new();
    let (mut is_quoted, mut is_escaped) = (false, false);
    for c in text.chars() {
        match c {
            _ if std::mem::take(&mut is_escaped) => {}
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '{' if !is_quoted => wanted.push('}'),
            '[' if !is_quoted => wanted.push(']'),
            '}' | ']' if !is_quoted => {
                wanted.pop();
            }
            _ => {}
        }
    }
    (!is_quoted).then_some(wanted)
}

/// The curly quotes that word processors and chats make of straight ones; all are of one length.
const CURLY: [char; 3] = ['“', '”', '„'];

/// The length of a comment that `text` begins with, without the end of its last line.
fn comment(text: &str) -> Option<usize> {
    if let Some(block) = text.strip_prefix("/*") {
        return block.find_text("*/").map(|end| end + 4);
    }
    let begins = text.starts_with("//") || text.starts_with('#');
    begins.then(|| text.lines().next().map_or(text.len(), str::len))
}

/// The edits after which the text parses, where each damage on the way has one plain repair.
fn repaired(text: &str, mut error: JsonError) -> Option<Vec<Edit>> {
    /// How many bytes are read again at most: a text full of damage is left to its owner.
    const MOST_READ: usize = 4 << 20;
    let mut patched = text.as_bytes().to_vec();
    let mut edits = Vec::new();
    let mut read = 0;
    loop {
        let current = String::from_utf8(patched).ok()?;
        let damage = Damage::at(&current, &error)?;
        patched = current.into_bytes();
        for (span, patch) in damage.patches() {
            patched.resize(patched.len().max(span.end), b' ');
            let filled = patch.bytes().chain(std::iter::repeat(b' '));
            for (slot, byte) in patched.get_mut(span.start..span.end)?.iter_mut().zip(filled) {
                *slot = byte;
            }
        }
        edits.extend(damage.edits());
        read += patched.len();
        if read > MOST_READ {
            return None;
        }
        match json::load(std::str::from_utf8(&patched).ok()?, SourceKind::AuthStore) {
            Ok(_) => {
                // What was patched only holds the places: the edits themselves have to come to JSON.
                let text = Edits::new(edits.clone()).ok()?.apply(text);
                return json::load(&text, SourceKind::AuthStore).is_ok().then_some(edits);
            }
            Err(next) => error = next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::BROKEN_AUTH_JSON;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn commas_comments_and_quotes_are_mended_together() {
        fires(
            &BROKEN_AUTH_JSON,
            r#"--- config.yaml
model: {provider: gemini}
--- auth.json
{
  "version": 1, // the first
                ^^^^^^^^^^^^ PC304
  “providers”: {},
  "credential_pool": {"gemini": [
    {"label": "a", "source": "manual", "access_token": "AIza-fake-first-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}
    {"label": "b", "source": "manual", "access_token": "AIza-fake-second-000", "base_url": "https://generativelanguage.googleapis.com/v1beta",},
  ]}
}
--- says
JSON has no comments
Expecting property name enclosed in double quotes: line 2 column 17 (char 18)
--- fixed auth.json
{
  "version": 1, 
  "providers": {},
  "credential_pool": {"gemini": [
    {"label": "a", "source": "manual", "access_token": "AIza-fake-first-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"},
    {"label": "b", "source": "manual", "access_token": "AIza-fake-second-000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}
  ]}
}
--- then
Hermes uses a (manual) for gemini
rotation: after the second `b` takes over
nothing is found
"#,
        );
    }

    /// Expected: the recorded case `job-broken-file`. Control characters are no damage to Hermes: `load_jobs` of `cron/jobs.py`.
    #[test]
    fn scheduled_jobs() {
        fires(
            &BROKEN_AUTH_JSON,
            r#"--- cron/jobs.json
{"jobs": [{"id": "a", "prompt": "Hi"},]}
                                     ^ PC304
--- says
cron/jobs.json does not parse: a comma stands before a closing bracket
Hermes then runs no scheduled job.
--- fixed cron/jobs.json
{"jobs": [{"id": "a", "prompt": "Hi"}]}
"#,
        );
        silent(
            &BROKEN_AUTH_JSON,
            "--- cron/jobs.json\n{\"jobs\": [{\"id\": \"a\", \"prompt\": \"Hi\tyou\"}]}\n",
        );
    }

    #[test]
    fn one_comma_too_many() {
        fires(
            &BROKEN_AUTH_JSON,
            r#"--- auth.json
{"version": 1, "providers": {}, }
                              ^ PC304
--- says
a comma stands before a closing bracket
--- fixed auth.json
{"version": 1, "providers": {} }
"#,
        );
    }

    /// What Python's `print` makes of a dictionary, and names as in JavaScript. What else is wrong is told of the repaired text.
    #[test]
    fn single_quotes_bare_names_and_words_of_python() {
        fires(
            &BROKEN_AUTH_JSON,
            r#"--- config.yaml
model: {provider: gemini}
--- auth.json
{'version': 1, providers: {}, 'credential_pool': {'gemini': [
 ^ PC304
  {'label': 'a', 'source': 'manual', 'last_status': None, 'access_token': 'AIza-fake-first-0000', base_url: 'https://generativelanguage.googleapis.com/v1beta'}]}}
--- says
single quotes stand in place of double ones
--- fixed auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [
  {"label": "a", "source": "manual", "last_status": null, "access_token": "AIza-fake-first-0000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
--- then
Hermes uses a (manual) for gemini
"#,
        );
    }

    #[test]
    fn brackets_that_are_missing() {
        let row = r#"{"label": "a", "access_token": "xai-fake-0000000"}"#;
        let store = |behind: &str| format!("auth.json\n{{\"credential_pool\": {{\"xai\": [\n{row}{behind}\n");
        let mark = [&" ".repeat(row.len()), "^ PC304\n"].concat();
        fires(
            &BROKEN_AUTH_JSON,
            &format!(
                "--- {}{mark}--- says\na closing bracket is missing before this one\n--- fixed {}",
                store(" }}"),
                store("] }}")
            ),
        );
    }

    #[test]
    fn what_has_no_plain_repair_is_only_told() {
        fires(&BROKEN_AUTH_JSON, "--- auth.json\nversion 1\n^ PC304\n--- says\nthis is not JSON\n");
        fires(
            &BROKEN_AUTH_JSON,
            "--- auth.json\n{\"version\": 1} {\"version\": 1}\n               ^ PC304\n--- says\nsomething stands behind the end\n",
        );
    }

    #[test]
    fn json_and_an_empty_file_are_fine() {
        silent(&BROKEN_AUTH_JSON, "--- auth.json\n{\"version\": 1, \"credential_pool\": {\"x\": [NaN]}}\n");
        silent(&BROKEN_AUTH_JSON, "--- auth.json\n\n");
    }

    /// Read, not run: `_load_auth_store` of 0.21.3 takes a byte order mark.
    #[test]
    fn a_newer_release_takes_a_byte_order_mark() {
        let store = "--- auth.json\n\u{feff}{\"version\": 1, \"providers\": {}}\n";
        silent(&BROKEN_AUTH_JSON, &format!("--- release 0.21.4\n{store}"));
    }
}
