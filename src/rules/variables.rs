//! What the rules of the environment share: which variables hold keys and endpoints, the assignments that count,
//! and what may be wrong with a value.

use super::references::reference;
use super::{Context, Findings, Rule};
use crate::base::collections::{TextMap, TextSet};
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Search, Span};
use crate::diagnostic::Message;
use crate::facts::services::strange_to;
use crate::facts::{Facts, Provider};
use crate::hermes::dotenv::Assignment;
use crate::python::{Node, is_alphanumeric, lower, strip};

/// The provider whose pool takes the variable `name`. GitHub's are left out where `own_only`: they belong to many
/// other programs too.
///
/// ```
/// use poolcheck::facts::Facts;
/// use poolcheck::rules::provider_of_key;
/// let facts = Facts::newest().unwrap();
/// assert_eq!(provider_of_key(facts, "GOOGLE_API_KEY", true), Some("gemini"));
/// assert_eq!(provider_of_key(facts, "OPENROUTER_API_KEY", true), Some("openrouter"));
/// assert_eq!(provider_of_key(facts, "GITHUB_TOKEN", true), None);
/// ```
pub fn provider_of_key(facts: &'static Facts, name: &str, own_only: bool) -> Option<&'static str> {
    if name == OPENROUTER.0 {
        return Some(OPENROUTER.1);
    }
    // Most names are told apart by their length alone.
    let has = |row: &&Provider| row.api_key_env_vars.iter().any(|own| own == name);
    let mut rows = facts.providers.values().iter().filter(has);
    rows.find(|row| is_keyed(row, own_only)).map(|row| row.id.as_str())
}

/// The variable of a pool that is in no registry, and the provider.
const OPENROUTER: KeyVariable = ("OPENROUTER_API_KEY", "openrouter");

/// A variable that holds a key, and the provider.
pub(super) type KeyVariable = (&'static str, &'static str);

fn is_keyed(row: &Provider, own_only: bool) -> bool {
    row.auth_type == "api_key" && !(own_only && row.id == "copilot")
}

/// Under the names of these keys of many services are kept, beside an endpoint of theirs.
pub(super) const FOR_MANY: [&str; 2] = ["openai-api", "anthropic"];

/// The variables that pools take keys from, each with its provider.
pub(super) fn key_variables(facts: &'static Facts, own_only: bool) -> Vec<KeyVariable> {
    let mut variables = vec![OPENROUTER];
    for row in facts.providers.values().iter().filter(|row| is_keyed(row, own_only)) {
        variables.extend(row.api_key_env_vars.iter().map(|name| (name.as_str(), row.id.as_str())));
    }
    variables
}

/// The provider whose endpoint the variable `name` overrides.
pub(super) fn provider_of_url(facts: &'static Facts, name: &str) -> Option<&'static str> {
    let mut rows = facts.providers.values().iter().filter(|row| row.base_url_env_var == name);
    rows.find(|row| row.auth_type == "api_key").map(|row| row.id.as_str())
}

/// Whether the provider's key comes from a credential pool. Azure's is read from its variable alone.
pub(super) fn has_pool(provider: &str) -> bool {
    provider != "azure-foundry"
}

/// The provider whose pool reads the variable, key or endpoint, with the reader that knows quotes only.
pub(super) fn pool_reading(facts: &'static Facts, name: &str) -> Option<&'static str> {
    provider_of_key(facts, name, false)
        .or_else(|| provider_of_url(facts, name))
        .filter(|provider| has_pool(provider))
}

/// An assignment that counts: of one name the last in `.env`, else the last in the process environment.
pub(super) struct Variable<'c> {
    /// The variable.
    pub(super) name: &'c str,
    /// Its value, as the reader of pools has it.
    pub(super) value: &'c str,
    /// Where the name is written.
    pub(super) name_place: Place,
    /// Where the value is written, without quotes around it.
    pub(super) value_place: Place,
    /// Where the whole assignment is written.
    pub(super) entry_place: Place,
    /// What python-dotenv makes of the same assignment.
    pub(super) dotenv: Option<&'c Assignment>,
    /// Whether it is set for Hermes alone: in `.env`, or for its container or service.
    pub(super) is_for_hermes: bool,
}

/// An assignment that counts, by its number in what read it.
#[derive(Clone, Copy)]
pub(super) enum Counting {
    /// One of `.env`, as pools read it, and the number of the same one as python-dotenv reads it.
    Pools(usize, Option<usize>),
    /// One of `.env` as only python-dotenv reads it.
    Dotenv(usize),
    /// One of the process environment.
    Environ(usize),
    /// One of the process environment whose value stands elsewhere.
    Unseen(usize),
}

/// The assignments that count and are not empty, in the order of the texts.
pub(super) fn variables<'c>(context: &'c Context<'_>) -> Vec<Variable<'c>> {
    let seen = all_counting(context).iter().filter(|counting| !matches!(counting, Counting::Unseen(_)));
    seen.filter_map(|counting| variable(context, *counting)).collect()
}

/// The same with those whose values stand elsewhere, as in a secret: their names are known. Their value is empty here.
pub(super) fn named_variables<'c>(context: &'c Context<'_>) -> Vec<Variable<'c>> {
    all_counting(context).iter().filter_map(|counting| variable(context, *counting)).collect()
}

fn all_counting<'c>(context: &'c Context<'_>) -> &'c [Counting] {
    context.counting.get_or_init(|| counting(context))
}

/// The assignment of this number.
fn variable<'c>(context: &'c Context<'_>, counting: Counting) -> Option<Variable<'c>> {
    let reading = &context.dotenv;
    let of_dotenv = |found: &'c Assignment, dotenv: Option<&'c Assignment>| {
        Some(Variable {
            name: &found.name,
            value: found.value.as_deref()?,
            name_place: found.name_place,
            value_place: found.value_place,
            entry_place: found.entry_place,
            dotenv,
            is_for_hermes: true,
        })
    };
    match counting {
        Counting::Pools(at, same) => {
            of_dotenv(reading.load_env.get(at)?, same.and_then(|same| reading.python_dotenv.get(same)))
        }
        Counting::Dotenv(at) => of_dotenv(reading.python_dotenv.get(at)?, None),
        Counting::Environ(at) | Counting::Unseen(at) => {
            context.environ.entries.get(at).map(|entry| Variable {
                name: &entry.name,
                value: if entry.is_unseen { "" } else { &entry.value },
                name_place: entry.name_place,
                value_place: entry.value_place,
                entry_place: entry.entry_place,
                dotenv: None,
                is_for_hermes: entry.is_of_service,
            })
        }
    }
}

/// Which assignments count and are not empty: worked out once, as every rule of the environment asks for them.
fn counting(context: &Context<'_>) -> Vec<Counting> {
    let reading = &context.dotenv;
    let says = |value: Option<&str>| value.is_some_and(|value| !strip(value).is_empty());
    let mut last = TextMap::new();
    for (at, found) in reading.load_env.iter().enumerate() {
        last.insert(&found.name, at);
    }
    let mut counting = Vec::new();
    for (at, found) in reading.load_env.iter().enumerate() {
        if says(found.value.as_deref()) && last.get(&found.name) == Some(&at) {
            counting.push(Counting::Pools(at, context.python_dotenv_number(found.name_place.span.start)));
        }
    }
    // Where the reader of pools takes `export` for a part of the name, they have the variable from the environment,
    // which python-dotenv fills.
    let in_pools = reading.load_env.len();
    for (at, found) in reading.python_dotenv.iter().enumerate() {
        let is_exported = last.contains_key(&["export ", &found.name].concat());
        if is_exported && last.get(&found.name).is_none_or(|known| *known >= in_pools) {
            last.insert(&found.name, in_pools + at);
        }
    }
    for (at, found) in reading.python_dotenv.iter().enumerate() {
        if says(found.value.as_deref()) && last.get(&found.name) == Some(&(in_pools + at)) {
            counting.push(Counting::Dotenv(at));
        }
    }
    let entries = &context.environ.entries;
    // The numbers go on behind those of `.env`, whose names come first.
    let in_file = in_pools + reading.python_dotenv.len();
    for (at, entry) in entries.iter().enumerate() {
        if last.get(&entry.name).is_none_or(|known| *known >= in_file) {
            last.insert(&entry.name, in_file + at);
        }
    }
    for (at, entry) in entries.iter().enumerate() {
        if last.get(&entry.name) != Some(&(in_file + at)) || entry.unknown {
            continue;
        }
        if entry.is_unseen {
            counting.push(Counting::Unseen(at));
        } else if says(Some(&entry.value)) {
            counting.push(Counting::Environ(at));
        }
    }
    counting
}

/// The assignments of keys and endpoints of providers that count and whose values have a flaw: looked for once, as there is a
/// rule for each flaw.
pub(super) fn flawed<'c>(context: &'c Context<'_>) -> Vec<(Variable<'c>, &'c Flaw)> {
    let flaws = context.flaws.get_or_init(|| {
        let rows = context.facts.providers.values().iter().filter(|row| row.auth_type == "api_key");
        let mut names: TextSet = rows.map(|row| row.base_url_env_var.as_str()).collect();
        names.extend(key_variables(context.facts, false).into_iter().map(|(name, _)| name));
        let flaw = |counting: &Counting| {
            let is_seen = !matches!(counting, Counting::Unseen(_));
            let variable =
                variable(context, *counting).filter(|variable| is_seen && names.contains(variable.name))?;
            Some((*counting, variable.flaw(context)?))
        };
        all_counting(context).iter().filter_map(flaw).collect()
    });
    flaws.iter().filter_map(|(counting, flaw)| Some((variable(context, *counting)?, flaw))).collect()
}

impl Variable<'_> {
    /// The text that it is written in.
    pub(super) fn source(&self) -> SourceKind {
        self.name_place.source
    }

    /// The place of a part of the value; that of the whole value where it is written with escapes.
    pub(super) fn part_place(&self, context: &Context<'_>, part: Span) -> Place {
        let start = self.value_place.span.start;
        if self.is_literal(context) {
            Place::new(self.source(), Span::new(start + part.start, start + part.end))
        } else {
            self.value_place
        }
    }

    /// Whether the value is written as it reads.
    pub(super) fn is_literal(&self, context: &Context<'_>) -> bool {
        self.value_place.span.of(context.text_of(self.source())) == self.value
    }

    /// The comment behind the value that the reader of pools takes for a part of it, and where the value ends
    /// without it: spans of `.env`.
    pub(super) fn comment(&self, context: &Context<'_>) -> Option<(Span, Span)> {
        let found = self.dotenv?;
        let text = context.text_of(SourceKind::Dotenv);
        let value = self.value_place.span;
        if value.of(text).starts_with('#') && self.value.starts_with('#') {
            return Some((value, Span::at(value.start)));
        }
        let end = found.entry_place.span.end;
        let rest = Span::new(end, value.end);
        let blanks = rest.of(text).len() - rest.of(text).trim_start().len();
        let comment = Span::new(end + blanks, value.end);
        let kept = Span::new(found.value_place.span.start.max(value.start), found.value_place.span.end);
        (end < value.end && blanks > 0 && comment.of(text).starts_with('#')).then_some((comment, kept))
    }

    /// What is wrong with the value of a variable that holds a key: one cause, the nearest one.
    pub(super) fn flaw(&self, context: &Context<'_>) -> Option<Flaw> {
        let in_dotenv = self.source() == SourceKind::Dotenv;
        if let Some((comment, kept)) = self.comment(context) {
            let before = kept.of(context.text_of(SourceKind::Dotenv));
            let is_placeholder = is_placeholder(context.facts, before);
            return Some(if is_placeholder { Flaw::Placeholder(kept) } else { Flaw::Comment(comment) });
        }
        let value = self.value;
        // In an environment or in quotes it is not sure that a comment was meant, and of an environment's
        // credentials Hermes drops what is not ASCII where there is a `.env`.
        if value.holds(" #") || (!in_dotenv && !value.is_ascii()) {
            return None;
        }
        if reference(value).is_some() {
            return in_dotenv.then_some(Flaw::Reference);
        }
        if is_placeholder(context.facts, value) {
            return Some(Flaw::Placeholder(self.value_place.span));
        }
        let pieces = pieces(value);
        if pieces.len() > 1 {
            return Some(Flaw::List(pieces));
        }
        // Space around the key does no harm where it is taken off.
        let is_mended = wrapping(strip(value)).is_none()
            && (context.facts.behaviour.trims_variables || !self.is_sent_as_it_is(context));
        if let Some(wrapping) = wrapping(value).filter(|_| !is_mended) {
            return Some(Flaw::Wrapped(wrapping));
        }
        (!value.is_ascii()).then_some(Flaw::NotAscii)
    }
}

impl Variable<'_> {
    /// Whether some request or pool has the key with all that stands around it: the pools of all releases take the space around a
    /// value of `.env` off, and what reads a variable in another way does not.
    fn is_sent_as_it_is(&self, context: &Context<'_>) -> bool {
        // Others are not told of, and there may be many.
        if provider_of_key(context.facts, self.name, false).is_none() {
            return false;
        }
        let routes = context.sites.all.iter().filter_map(|site| site.outcome.as_ref().ok()?.as_ref());
        context.destinations.iter().any(|sent| sent.key.key.is(self.value))
            || routes.into_iter().any(|route| route.api_key.is(self.value))
    }
}

/// What is wrong with a value.
pub(super) enum Flaw {
    /// It refers to another variable or a command.
    Reference,
    /// A comment stands behind it: the span in `.env`.
    Comment(Span),
    /// It is no key: the span in its text.
    Placeholder(Span),
    /// It holds several keys: their spans in the value.
    List(Vec<Span>),
    /// Something stands around or in it that is no part of the key.
    Wrapped(Wrapping),
    /// It holds characters that no key has.
    NotAscii,
}

/// What stands around a key.
pub(super) struct Wrapping {
    /// What it is.
    pub(super) kind: WrappingKind,
    /// The first of it, in the value.
    pub(super) first: Span,
    /// The key in it; `None` where it cannot be told.
    pub(super) key: Option<Span>,
}

/// What it is that stands around a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WrappingKind {
    /// Quotes, or a comma or semicolon behind the value.
    Quotes,
    /// `Bearer `.
    Bearer,
    /// White space inside.
    Blank,
}

/// What stands where a key belongs and is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StandIn {
    /// A place for a key, as templates and instructions have it.
    Placeholder,
    /// A key of which something was taken out, for a post or by a listing.
    Redacted,
}

/// Whether a value is no key but a place for one or what is left of one: what Hermes itself takes for a placeholder, and the
/// forms that templates and people use.
///
/// ```
/// use poolcheck::facts::Facts;
/// use poolcheck::rules::is_placeholder;
/// let facts = Facts::newest().unwrap();
/// for value in ["changeme", "<your-key>", "YOUR_GEMINI_API_KEY", "sk-xxxxxxxx", "sk-...", "****", "REDACTED", "你的密钥"] {
///     assert!(is_placeholder(facts, value), "{value}");
/// }
/// for value in ["sk-fake-forum-000000", "AIza-fake-000000", "ollama", "lm-studio", "not-needed"] {
///     assert!(!is_placeholder(facts, value), "{value}");
/// }
/// ```
pub fn is_placeholder(facts: &Facts, value: &str) -> bool {
    stand_in(facts, value).is_some()
}

/// As [`is_placeholder`], and which of the two it is.
pub(super) fn stand_in(facts: &Facts, value: &str) -> Option<StandIn> {
    let text = lower(strip(value));
    if is_redacted(&text) {
        return Some(StandIn::Redacted);
    }
    (facts.placeholder_secrets.contains(&text) || is_place_for_key(&text)).then_some(StandIn::Placeholder)
}

/// Whether something was taken out of a key, `sk-a…9`, or all of it: `[REDACTED]`. The text is in lower case.
fn is_redacted(text: &str) -> bool {
    /// What people and their tools write in a key's place.
    const WORDS: [&str; 13] = [
        "redacted",
        "redacted-key",
        "hidden",
        "masked",
        "censored",
        "removed",
        "omitted",
        "secret-removed",
        "scrubbed",
        "已隐藏",
        "已脱敏",
        "已打码",
        "打码",
    ];
    let bare = text.trim_matches(|c: char| !is_alphanumeric(c)).replace(['_', ' '], "-");
    let is_covered = |c: char| matches!(c, '*' | '•' | '●' | '█' | '▒' | '░');
    let mut covered = 0;
    for c in text.chars() {
        covered = if is_covered(c) { covered + 1 } else { 0 };
        if covered >= 3 {
            return true;
        }
    }
    let has_gap = text.has('…') || text.holds("...");
    has_gap && !text.has(' ') || WORDS.contains(&bare.as_str()) || text.holds("redacted")
}

/// Whether a text is one that templates have in a key's place. It is in lower case.
fn is_place_for_key(text: &str) -> bool {
    /// Words of templates that no key holds.
    const PHRASES: &[&str] = &[
        "your-key",
        "your-api",
        "your-token",
        "your-secret",
        "my-api-key",
        "api-key-here",
        "key-here",
        "token-here",
        "paste-your",
        "paste-key",
        "replace-me",
        "replace-with",
        "replace-this",
        "change-me",
        "changeme",
        "change-this",
        "insert-your",
        "insert-key",
        "enter-your",
        "enter-key",
        "put-your",
        "add-your",
        "fill-me",
        "fill-in",
        "placeholder",
    ];
    /// What stands for itself.
    const WHOLE: &[&str] =
        &["todo", "tbd", "fixme", "api-key", "apikey", "key", "token", "secret", "sk", "sk-key"];
    /// `your` in the languages that templates are translated to.
    const YOURS: &[&str] =
        &["your", "tu", "su", "dein", "deine", "ihr", "votre", "sua", "seu", "twoj", "ваш"];
    const KEYS: &[&str] = &["key", "token", "secret", "clave", "chave", "cle", "schluessel", "klucz", "ключ"];
    const OTHER_SCRIPTS: &[&str] =
        &["密钥", "你的", "您的", "填写", "填入", "替换", "あなたの", "ここに", "여기에"];
    let is_within = |open, close| text.len() > 2 && text.starts_with(open) && text.ends_with(close);
    if is_within('<', '>')
        || is_within('[', ']') && !text.contains([',', '"', '\''])
        || is_within('{', '}') && !text.contains([':', '"', '\''])
    {
        return true;
    }
    // What is left of a key behind its prefix: `sk-xxxx`.
    let last = text.rsplit(['-', '_']).next().unwrap_or(text);
    let is_crossed_out = last.len() >= 3 && last.bytes().all(|byte| matches!(byte, b'x' | b'.'));
    let hyphens = text.replace(['_', ' '], "-");
    let words: Vec<&str> = hyphens.split('-').collect();
    let is_yours =
        words.iter().any(|word| YOURS.contains(word)) && words.iter().any(|word| KEYS.contains(word));
    is_crossed_out
        || is_yours
        || WHOLE.contains(&hyphens.as_str())
        || PHRASES.iter().any(|phrase| hyphens.holds(phrase))
        || OTHER_SCRIPTS.iter().any(|word| text.holds(word))
}

/// The keys of a value that holds several, separated by commas, semicolons, bars or blanks; no more than one
/// where some piece does not look like a key. Where commas alone separate them, they may look as they like: no key has one.
pub(super) fn pieces(value: &str) -> Vec<Span> {
    const SHORTEST: usize = 12;
    const COMMA: crate::base::text::Chars = |c| matches!(c, ',' | '，' | '、');
    let named = value.split(COMMA).filter(|piece| !strip(piece).is_empty()).count();
    let is_list = named > 1 && value.split(COMMA).all(|piece| !strip(piece).contains(char::is_whitespace));
    let mut spans = Vec::new();
    let is_border = |c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | '|' | '[' | ']' | '"' | '\'' | '，' | '；' | '、')
    };
    let mut start = 0;
    for piece in value.split(is_border) {
        let span = Span::new(start, start + piece.len());
        start += piece.len();
        start += value.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if piece.is_empty() {
            continue;
        }
        let looks_like_key = piece.len() >= SHORTEST
            && piece.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=~".contains(&byte))
            && (piece.bytes().any(|byte| byte.is_ascii_digit())
                || piece.contains(['-', '_'])
                || piece.len() >= 20);
        if !looks_like_key && !is_list {
            return Vec::new();
        }
        spans.push(span);
    }
    // White space may have torn one key apart: what is no like of the first piece is no key of its own.
    let is_torn = !value.contains(|c: char| is_border(c) && !c.is_whitespace());
    let first = spans.first().map_or("", |span| span.of(value));
    let is_like = |span: &Span| {
        let piece = span.of(value);
        piece.len() == first.len() || first.get(..3).is_some_and(|begin| piece.starts_with(begin))
    };
    if is_torn && !spans.iter().all(is_like) {
        return Vec::new();
    }
    spans
}

/// The text without the backslashes at its end, which no key has, and the letter of a line break behind one.
fn without_escapes(text: &str) -> &str {
    let mut rest = text;
    loop {
        let behind = rest.trim_end_matches('\\');
        let cut = behind.strip_suffix("\\n").or_else(|| behind.strip_suffix("\\r")).unwrap_or(behind);
        if cut.len() == rest.len() {
            return rest;
        }
        rest = cut;
    }
}

/// What stands around the key in a value.
pub(super) fn wrapping(value: &str) -> Option<Wrapping> {
    const QUOTES: &[char] = &['"', '\'', '`', '“', '”', '‘', '’', '„', '«', '»', '＂', '＇'];
    let is_around = |c: char| QUOTES.contains(&c) || matches!(c, ',' | ';') || c.is_whitespace();
    let inner = value.trim_start_matches(is_around);
    let start = value.len() - inner.len();
    let inner = without_escapes(inner.trim_end_matches(is_around));
    let span = Span::new(start, start + inner.len());
    let first_len =
        |at: usize| value.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let is_key = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let bearer = inner.get(..7).filter(|head| head.eq_ignore_ascii_case("bearer "));
    if bearer.is_some() {
        let key = inner.get(7..).map_or("", str::trim_start);
        let key_span = Span::new(span.end - key.len(), span.end);
        return Some(Wrapping {
            kind: WrappingKind::Bearer,
            first: Span::new(start, start + 6),
            key: is_key(key).then_some(key_span),
        });
    }
    if inner.len() < value.len() {
        let at = if start > 0 { 0 } else { span.end };
        let first = Span::new(at, at + first_len(at));
        return Some(Wrapping { kind: WrappingKind::Quotes, first, key: is_key(inner).then_some(span) });
    }
    let blank = value.find(char::is_whitespace)?;
    let first = Span::new(blank, blank + first_len(blank));
    Some(Wrapping { kind: WrappingKind::Blank, first, key: None })
}

/// Whether a fix may bring this text to be a variable's value: both readers take it as it stands, and nothing else
/// is wrong with it.
pub(super) fn is_plain(facts: &Facts, value: &str) -> bool {
    value.len() >= facts.shortest_secret
        && value.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'`#$,;|\\<>[]{}".contains(&byte))
        && !is_placeholder(facts, value)
}

/// The variables that the user's own texts refer to: `${NAME}`, `$NAME`, `key_env: NAME` and its other spellings. A text that
/// does not parse refers to them as well.
pub(super) fn mentioned(context: &Context<'_>) -> TextSet {
    /// No variable is so long; a text of nothing but signs would be read again and again.
    const LONGEST_NAME: usize = 200;
    let config = context.text_of(SourceKind::Config);
    let dotenv = context.text_of(SourceKind::Dotenv);
    let mut names = TextSet::new();
    let mut name_behind = |mut text: &str, sign: &str, between: &[char]| {
        while let Some((_, rest)) = text.cut_at(sign) {
            text = rest;
            let behind = rest.trim_start_matches(between);
            let mut letters = behind.bytes().take(LONGEST_NAME);
            let length = letters.position(|byte| !byte.is_ascii_alphanumeric() && byte != b'_');
            names.insert(behind.get(..length.unwrap_or(0)).unwrap_or(""));
        }
    };
    for text in [config, dotenv] {
        name_behind(text, "${", &[]);
        name_behind(text, "$", &[]);
    }
    for field in ["key_env", "keyEnv", "api_key_env", "apiKeyEnv"] {
        name_behind(config, field, &['"', '\'', ':', ' ', '\t']);
    }
    names
}

/// The words in front of the dots of the texts that may name an endpoint, in lower case: an endpoint of the user's own may take its
/// key from the variable that has its host's name.
pub(super) fn host_labels(context: &Context<'_>) -> TextSet {
    let config = context.text_of(SourceKind::Config);
    // Where a provider of Hermes' own has no key, nothing was taken from the variable of this host.
    let is_own = context.provider().is_some_and(|id| context.facts.providers.contains_key(id));
    let unused = context
        .config_at(&["model", "base_url"])
        .filter(|_| is_own && context.is_left_without_key())
        .and_then(|url| url.place);
    let (before, behind) = match unused {
        Some(place) => (config.get(..place.span.start), config.get(place.span.end..)),
        None => (Some(config), None),
    };
    let others = [SourceKind::Dotenv, SourceKind::Environ].map(|source| Some(context.text_of(source)));
    let mut labels = TextSet::new();
    for text in [before, behind].into_iter().chain(others).flatten() {
        let text = text.to_ascii_lowercase();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.');
        for word in words.filter(|word| word.has('.')) {
            labels.extend(word.split('.'));
        }
    }
    labels
}

/// The names that some part of Hermes reads.
pub(super) fn known_names(facts: &'static Facts) -> TextSet {
    let mut names = TextSet::new();
    for row in facts.providers.values() {
        names.insert(&row.base_url_env_var);
    }
    for (name, _) in key_variables(facts, false) {
        names.insert(name);
    }
    for profile in facts.profiles.values() {
        names.extend(&profile.env_vars);
    }
    for overlay in facts.overlays.values() {
        names.extend(&overlay.extra_env_vars);
        names.insert(&overlay.base_url_env_var);
    }
    names
}

/// What the platforms of services are called where their keys are made, and the providers: Alibaba Cloud's Model Studio is Bailian
/// in China, and Z.AI's keys come from `open.bigmodel.cn` there.
const PLATFORMS: [(&str, &str); 3] =
    [("bailian", "alibaba"), ("bailian", "alibaba-coding-plan"), ("bigmodel", "zai")];

/// Whether the name of a variable has a word of the provider's id, of one of its aliases or variables, or of its platform in it.
pub(super) fn is_like(facts: &Facts, name: &str, provider: &str) -> bool {
    let mut names: Vec<&str> = vec![provider];
    names.extend(facts.aliases.iter().filter(|(_, id)| id.as_str() == provider).map(|(alias, _)| alias));
    if let Some(row) = facts.providers.get(provider) {
        names.extend(row.api_key_env_vars.iter().map(String::as_str));
    }
    names.extend(PLATFORMS.iter().filter(|(_, id)| *id == provider).map(|(platform, _)| platform));
    names.iter().any(|other| is_of(name, &lower(other).replace(['-', '.', ':'], "_")))
}

/// Whether `name` is a variable that Hermes or the library of a cloud reads for something else than the key of a provider that has
/// variables of its own: `bedrock`, `vertex` and Azure's logins take what their clouds' libraries find.
pub(super) fn has_another_use(facts: &Facts, name: &str) -> bool {
    /// What the variables of the clouds begin with.
    const CLOUDS: [&str; 4] = ["AWS_", "AZURE_", "GOOGLE_CLOUD_", "VERTEX_"];
    let env = &facts.env;
    env.knows(name)
        || env.in_code.contains(name)
        || env.config_set.contains(name)
        || CLOUDS.iter().any(|cloud| name.starts_with(cloud))
}

/// Words that the names of many variables have.
const COMMON: [&str; 15] = [
    "api",
    "key",
    "token",
    "secret",
    "apikey",
    "url",
    "base",
    "my",
    "pat",
    "ai",
    "providers",
    "custom",
    "model",
    "plan",
    "cloud",
];

/// Whether the name of a variable says no more than that it is the key of a model: `LLM_API_KEY`.
pub(super) fn is_of_any(name: &str) -> bool {
    const ANY: [&str; 12] = [
        "access",
        "agent",
        "auth",
        "chat",
        "default",
        "hermes",
        "inference",
        "llm",
        "main",
        "primary",
        "provider",
        "bearer",
    ];
    let is_any = |word: &str| word.len() <= 1 || COMMON.contains(&word) || ANY.contains(&word);
    lower(name).split('_').map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit())).all(is_any)
}

/// Whether a word of a variable's name is one of `words`, which are joined by underscores.
pub(super) fn is_of(name: &str, words: &str) -> bool {
    let name = lower(name);
    let own = name.split('_').filter(|word| word.len() > 1 && !COMMON.contains(word));
    let joined: Vec<&str> =
        words.split('_').filter(|word| word.len() > 1 && !COMMON.contains(word)).collect();
    let mut own = own.peekable();
    // `ZHIPUAI` is `zhipu`.
    let is_it = |word: &str| joined.contains(&word);
    own.peek().is_some() && own.any(|word| is_it(word) || word.strip_suffix("ai").is_some_and(is_it))
}

/// The keys that `auth.json` holds already.
pub(super) fn stored_keys(context: &Context<'_>) -> TextSet {
    let mut keys = TextSet::new();
    let pools = context.auth_root().and_then(|root| root.get("credential_pool"));
    for pool in pools.map(Node::entries).unwrap_or_default() {
        for row in pool.value.items() {
            if let Some(key) = row.text("access_token") {
                keys.insert(strip(key));
            }
        }
    }
    keys
}

/// The names that `.env` or the pasted environment gives a value.
pub(super) fn set_names(context: &Context<'_>) -> TextSet {
    let mut names = TextSet::new();
    let mut add = |name: &str, value: &str| {
        if !strip(value).is_empty() {
            names.insert(name);
        }
    };
    for found in &context.dotenv.load_env {
        add(&found.name, found.value.as_deref().unwrap_or(""));
    }
    for entry in &context.environ.entries {
        add(&entry.name, if entry.is_set() { "set" } else { "" });
    }
    names
}

/// More commands than this help nobody.
pub(super) const MOST_COMMANDS: usize = 20;

/// Gives the finding of `rule` its command: for each of `numbers` one that adds a key to the pool of `provider`,
/// with a label that ends in the number. Without a pool or a number the command is left out.
pub(super) fn add_commands(
    findings: &mut Findings,
    rule: &'static Rule,
    provider: &'static str,
    variable: &str,
    numbers: &[String],
) {
    let stem = label_stem(variable);
    let mut commands: Option<Message> = None;
    for number in numbers.iter().take(MOST_COMMANDS).filter(|_| has_pool(provider)) {
        let label = [&stem, "-", number].concat();
        let command = rule.part("command").with("provider", provider).with("label", label);
        commands = Some(match commands {
            Some(before) => rule.part("commands").with("before", before).with("command", command),
            None => command,
        });
    }
    match commands {
        Some(commands) => findings.with("commands", commands),
        None => findings.without_command(),
    };
}

/// The way for several keys of `provider`, as the rules' parts call it: `add` them to its pool, or put `one` into its variable where
/// it has no pool, or none, as the pool is `kept_from` the endpoint in use.
pub(super) fn way_of_keys(context: &Context<'_>, provider: &str) -> &'static str {
    match has_pool(provider) {
        false => "one",
        true if context.adding_helps(provider) => "add",
        true => "kept_from",
    }
}

/// The numbers from `first` to `last`, at most [`MOST_COMMANDS`].
pub(super) fn numbers(first: usize, last: usize) -> Vec<String> {
    (first..=last.min(MOST_COMMANDS)).map(|number| number.to_string()).collect()
}

/// Offers as the fix to call `variable` by the name that is meant, where its value is a key like any other and
/// Hermes has none yet. Whether it does.
pub(super) fn rename_key(
    context: &Context<'_>,
    findings: &mut Findings,
    variable: &Variable<'_>,
    meant: &str,
) -> bool {
    // A key of another service would be sent where nobody knows it.
    let is_strange = provider_of_key(context.facts, meant, false)
        .is_some_and(|provider| strange_to(context.facts, provider, variable.value).is_some());
    let may_be_renamed = is_plain(context.facts, variable.value) && context.winner().is_none() && !is_strange;
    if may_be_renamed {
        findings.replace(variable.name_place, meant);
    }
    may_be_renamed
}

/// What the labels of a variable's keys begin with: `gemini` for `GEMINI_API_KEY`.
pub(super) fn label_stem(variable: &str) -> String {
    let stem = ["_API_KEY", "_TOKEN", "_KEY"].iter().find_map(|end| variable.strip_suffix(end));
    stem.unwrap_or(variable).to_ascii_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;
    use crate::rules::testing::silent;

    /// What `save_env_value` writes, what its template has, and what people write that both readers read alike.
    #[test]
    fn a_correct_file_has_no_finding_of_this_family() {
        let file = "\
# Hermes Agent
# GOOGLE_API_KEY=your_google_ai_studio_key_here
# KIMI_BASE_URL=https://api.kimi.com/coding/v1  # the default

GEMINI_API_KEY=AIza-fake-one-000000
GOOGLE_API_KEY=\"AIza-fake-two-000000\"
export OPENROUTER_API_KEY='sk-or-fake-000000'
DEEPSEEK_API_KEY = sk-fake-one-000000
DEEPSEEK_BASE_URL=https://api.deepseek.com/v1
NVIDIA_API_KEY=
LM_API_KEY=lm-studio
SUDO_PASSWORD=\"with # and \\\"quotes\\\" and blanks\"
TELEGRAM_BOT_TOKEN=100000:fake-000000000000
TELEGRAM_ALLOWED_USERS=100000000001,100000000002
TERMINAL_MODAL_IMAGE=nikolaik/python-nodejs:python3.11-nodejs20
BROWSERBASE_PROXIES=true
NODE_ENV=production
FOO_1=bar
MY_NAMES=Zoë, Åsa
MY_PATH=${HOME}/data  # mine
MY_TEXT=\"one
two\"
";
        let pasted = |text: &str| format!("--- config.yaml\nmodel: {{provider: gemini}}\n--- .env\n{text}");
        for rule in RULES.iter().filter(|rule| rule.code.starts_with("PC4")) {
            let _ = silent(rule, &pasted(file));
            let _ = silent(rule, &pasted(&file.replace('\n', "\r\n")));
        }
    }

    fn count(value: &str) -> usize {
        pieces(value).len()
    }

    #[test]
    fn several_keys_in_one_value() {
        assert_eq!(count("AIza-fake-000001,AIza-fake-000002"), 2);
        assert_eq!(count("AIza-fake-000001; AIza-fake-000002 ;AIza-fake-000003"), 3);
        assert_eq!(count("[\"AIza-fake-000001\", \"AIza-fake-000002\"]"), 2);
        assert_eq!(count("AIza-fake-000001"), 1);
        assert_eq!(count("Bearer AIza-fake-000001"), 0);
        assert_eq!(count("AIza-fake-000001 for mail"), 0);
        assert_eq!(count("fake-a1,fake-b2"), 2);
        assert_eq!((count("a, b ,c"), count("fake-a1,"), count("a,"), count("a b")), (3, 0, 0, 0));
    }

    #[test]
    fn the_pieces_have_places() {
        let value = "，AIza-fake-000001，AIza-fake-000002";
        let found: Vec<&str> = pieces(value).into_iter().map(|span| span.of(value)).collect();
        assert_eq!(found, ["AIza-fake-000001", "AIza-fake-000002"]);
    }

    #[test]
    fn a_key_in_two_pieces_is_no_list() {
        assert!(pieces("sk-or-v1-fake 0000000000000000002").is_empty());
        assert_eq!(pieces("sk-or-v1-fake-0001 sk-or-v1-fake-000002").len(), 2);
        assert_eq!(pieces("fake00000001 fake00000002").len(), 2);
    }

    #[test]
    fn what_stands_around_a_key() {
        let key = |value: &'static str| wrapping(value).map(|found| found.key.map(|span| span.of(value)));
        assert_eq!(key("“AIza-fake”"), Some(Some("AIza-fake")));
        assert_eq!(key("\"AIza-fake\","), Some(Some("AIza-fake")));
        assert_eq!(key("bearer  AIza-fake"), Some(Some("AIza-fake")));
        assert_eq!(key(r"AIza-fake\r\n"), Some(Some("AIza-fake")));
        assert_eq!(key(r"AIza-fake\"), Some(Some("AIza-fake")));
        assert_eq!(key("AIza fake"), Some(None));
        assert_eq!(key("AIza-fake"), None);
    }
}
