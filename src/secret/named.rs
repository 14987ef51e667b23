//! The values that stand behind names that say secret, in whatever a text is written: YAML, JSON, `.env`, a program, a
//! command, a header, a URL, a sentence.

use super::grammar::{
    ASSIGNS, IN_NAME, LONGEST_NAME, LONGEST_QUOTED, Name, QUOTES, Words, call, first_bytes, first_value,
    is_small_word, name_before, quoted, word_length,
};
use super::names::{Says, says};
use super::plain::{is_odd, is_plain, is_plain_in_words, is_plain_within, is_wordy};
use super::reach::{Beginning, length_behind};
use super::steps::looked_at;
use super::turned;
use crate::base::text::{BLANK, Chars, Search, Span, sort_by_span};

/// Where the values behind names that say secret stand in `text`, those left out that are plainly none. In order.
///
/// ```
/// use poolcheck::secret::named_spans;
/// let text = "password: hunter2pass\nhermes auth add x --api-key Tr0ub4dor # api_key: GOOGLE_API_KEY";
/// let values: Vec<&str> = named_spans(text).into_iter().map(|span| span.of(text)).collect();
/// assert_eq!(values, ["hunter2pass", "Tr0ub4dor"]);
/// // Behind a piece of code the sentence goes on; what sticks to a key is masked with it.
/// let text = "我试了 `hermes auth add x --api-key Tr0ub4dor`,还是不行，`--api-key Tr0ub4dor密`";
/// let values: Vec<&str> = named_spans(text).into_iter().map(|span| span.of(text)).collect();
/// assert_eq!(values, ["Tr0ub4dor", "Tr0ub4dor密"]);
/// ```
pub fn named_spans(text: &str) -> Vec<Span> {
    let mut scan = Scan {
        text,
        spans: Vec::new(),
        awaited: None,
        named: None,
        block: None,
        is_cut: false,
        is_manifest: is_manifest(text),
    };
    let mut start = 0;
    while start < text.len() {
        let rest = text.get(start..).unwrap_or("");
        let end = rest.find(LINE_BREAK).map_or(text.len(), |at| start + at);
        scan.line(Span::new(start, end));
        let mark = text.get(end..).and_then(|rest| rest.chars().next());
        // What ends a line here stands within a value for others.
        let is_odd_break = mark.is_some_and(|mark| mark != '\n')
            && !text.get(end..).is_some_and(|rest| rest.starts_with("\r\n"));
        scan.is_cut = is_odd_break && scan.spans.last().is_some_and(|span| span.end == end);
        start = end + mark.map_or(1, char::len_utf8);
    }
    scan.spans
}

/// What ends a line for any of those who read or show a text: `str.splitlines()` of Python knows most.
pub const LINE_BREAK: Chars = |c| {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
};

/// A manifest of Kubernetes whose `data:` holds secrets.
fn is_manifest(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim().trim_end_matches(',');
        ["kind: Secret", "\"kind\": \"Secret\"", "\"kind\":\"Secret\""].contains(&line)
    })
}

/// What is carried from line to line.
struct Scan<'t> {
    text: &'t str,
    spans: Vec<Span>,
    /// A name whose value is on the lines below.
    awaited: Option<Awaited>,
    /// What a field `name:` said of the field `value:` behind it, and for how many more lines it holds.
    named: Option<(Says, usize)>,
    /// The indentation of `data:` in a manifest.
    block: Option<usize>,
    /// Whether the value that was found last goes on, for some reader, on this line.
    is_cut: bool,
    is_manifest: bool,
}

#[derive(Clone, Copy)]
struct Awaited {
    indent: usize,
    says: Says,
    /// Whether all that is further indented is the value, as behind `|`, or in brackets.
    is_block: bool,
    /// Blank lines and fences before the value.
    skipped: usize,
}

/// Which of the words behind a value are masked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// Those that look as no word does.
    OddOnes,
    /// Such in a comment.
    Comment,
}

impl<'t> Scan<'t> {
    fn line(&mut self, line: Span) {
        let content = line.of(self.text);
        let trimmed = content.trim_start_matches(|c: char| BLANK(c) || matches!(c, '>' | '|' | '│'));
        let indent = content.len() - trimmed.len();
        if let Some((_, lines)) = &mut self.named {
            *lines -= 1;
            if *lines == 0 {
                self.named = None;
            }
        }
        if std::mem::take(&mut self.is_cut) {
            let length = content.find(char::is_whitespace).unwrap_or(content.len());
            let word = Span::new(line.start, line.start + length);
            if !word.of(self.text).contains(ASSIGNS) && !content.starts_with('#') {
                let beginning = Beginning { is_of_variable: true, is_plain: false, may_be_words: true };
                let behind = length_behind(content.get(length..).unwrap_or(""), beginning);
                self.in_words(Span::new(word.start, word.end + behind), Says::Secret);
            }
        }
        if self.awaited_value(line, indent) {
            return;
        }
        if self.block.is_some_and(|block| indent <= block && !trimmed.is_empty()) {
            self.block = None;
        }
        if self.is_manifest
            && ["data:", "stringData:", "\"data\": {", "\"stringData\": {"].contains(&trimmed.trim_end())
        {
            self.block = Some(indent);
            return;
        }
        let from = self.spans.len();
        self.pairs(line, indent);
        self.words(line, from);
        self.arguments(line);
        self.tags(line);
        for (own, says) in turned::spans(content) {
            let span = Span::new(line.start + own.start, line.start + own.end);
            if !self.is_covered(from, self.spans.len(), span.start) {
                self.whole(span, says);
            }
        }
        if let Some(found) = self.spans.get_mut(from..).filter(|found| found.len() > 1) {
            sort_by_span(found, |span| *span);
        }
    }

    /// The value behind a name in the brackets of a call: `setenv("NAME", "value")`.
    fn arguments(&mut self, line: Span) {
        let content = line.of(self.text);
        let mut at = 0;
        while let Some(open) = content.get(at..).and_then(|rest| rest.find('(')).map(|found| at + found + 1) {
            at = open;
            let Some(name) = content.get(open..).map(|rest| first_bytes(rest, LONGEST_NAME)).and_then(quoted)
            else {
                continue;
            };
            let Some(own) = says(Span::new(open + name.start, open + name.end).of(content)) else { continue };
            let behind = content.get(open + name.end..).unwrap_or("").trim_start_matches(QUOTES);
            let Some(value) = behind.trim_start().strip_prefix(',').map(str::trim_start) else { continue };
            let start = content.len() - value.len();
            if let Some(inner) = quoted(value) {
                let span = Span::new(line.start + start + inner.start, line.start + start + inner.end);
                self.whole(span, own);
                at = start + inner.end;
            }
        }
    }

    /// What stands in a tag that is called as a secret is, or behind one that holds such a name: `<key>NAME</key><string>…`.
    fn tags(&mut self, line: Span) {
        let content = line.of(self.text);
        let mut at = 0;
        while let Some(open) = content.get(at..).and_then(|rest| rest.find('<')).map(|found| at + found + 1) {
            at = open;
            let rest = content.get(open..).unwrap_or("");
            let length = rest.find(|c: char| !IN_NAME(c)).unwrap_or(rest.len());
            let name = rest.get(..length).unwrap_or("");
            let attributes = rest.get(length..).map_or("", |rest| first_bytes(rest, LONGEST_QUOTED));
            let Some(close) = attributes.find('>').filter(|close| *close == 0 || attributes.starts_with(' '))
            else {
                continue;
            };
            let length = length + close;
            let inner = rest.get(length + 1..).unwrap_or("");
            let Some(end) =
                inner.find('<').filter(|end| inner.get(*end..).is_some_and(|close| close.starts_with("</")))
            else {
                continue;
            };
            let start = open + length + 1;
            let value = inner.get(..end).unwrap_or("");
            at = start + end;
            let span = Span::new(line.start + start, line.start + start + end);
            if NAMING.contains(&name) && says(value).is_some() && !value.has(' ') {
                self.named = says(value).map(|own| (own, LINES_BEHIND_NAME));
            } else if let Some(own) = says(name) {
                self.value(span, own);
            } else if let Some((own, _)) = self.named
                && (VALUES.contains(&name) || close > 0)
            {
                self.named = None;
                self.value(span, own);
            }
        }
    }

    /// Whether the line is the value of a name above it.
    fn awaited_value(&mut self, line: Span, indent: usize) -> bool {
        const MOST_SKIPPED: usize = 2;
        let Some(awaited) = &mut self.awaited else { return false };
        let says = awaited.says;
        let content = line.of(self.text).trim_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '│'));
        if content.is_empty() || content.starts_with("```") {
            awaited.skipped += 1;
            let is_over = awaited.skipped > MOST_SKIPPED && !awaited.is_block;
            self.awaited = self.awaited.filter(|_| !is_over);
            return false;
        }
        let item = content.strip_prefix("- ");
        let is_inside = indent > awaited.indent || item.is_some() && indent >= awaited.indent;
        if awaited.is_block {
            if !is_inside {
                self.awaited = None;
                return false;
            }
            let start = content.as_ptr() as usize - self.text.as_ptr() as usize;
            if content.starts_with([']', '}']) {
                self.awaited = None;
            } else {
                self.value(Span::new(start, start + content.trim_end_matches(',').len()), says);
            }
            return true;
        }
        let value = item.unwrap_or(content).trim().trim_end_matches(',');
        let bare = value.trim_matches(QUOTES);
        let is_one = !bare.is_empty()
            && !bare.contains(char::is_whitespace)
            && !bare.contains(|c: char| "{}[]".has(c));
        let is_pair = value.find(ASSIGNS).is_some_and(|at| {
            let behind = value.get(at + 1..).unwrap_or("");
            behind.is_empty()
                || behind.starts_with(char::is_whitespace)
                || value
                    .get(at..)
                    .is_some_and(|rest| rest.starts_with('=') && !rest.trim_matches('=').is_empty())
        });
        // In a sentence, what comes next may be anything.
        let is_near = awaited.skipped == 0 && is_inside || is_odd(bare);
        if !is_one || is_pair || !is_near {
            self.awaited = None;
            return false;
        }
        if item.is_none() {
            self.awaited = None;
        }
        let start = bare.as_ptr() as usize - self.text.as_ptr() as usize;
        self.value(Span::new(start, start + bare.len()), says);
        true
    }

    /// Masks `span` unless it is plainly no secret.
    fn value(&mut self, span: Span, says: Says) {
        let text = span.of(self.text);
        let trimmed = text.trim();
        let start = span.start + (text.len() - text.trim_start().len());
        let span = Span::new(start, start + trimmed.len());
        // `${NAME:-default}`: the default is the value.
        if let Some(inner) = trimmed.strip_prefix("${").and_then(|inner| inner.strip_suffix('}'))
            && let Some((name, default)) = inner.split_once(['-', '='])
            && name.trim_end_matches(':').bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            if !is_plain(default, says) {
                let end = span.end - 1;
                self.spans.push(Span::new(end - default.len(), end));
            }
            return;
        }
        if !trimmed.is_empty() && !is_plain(trimmed, says) {
            self.spans.push(span);
        }
    }

    /// Whether one of the values from number `from` on, which are in order, holds the byte at `at`.
    fn is_covered(&self, from: usize, until: usize, at: usize) -> bool {
        let found = self.spans.get(from..until).unwrap_or(&[]);
        let behind = found.partition_point(|span| span.start <= at);
        behind.checked_sub(1).and_then(|last| found.get(last)).is_some_and(|span| span.end > at)
    }

    /// The values behind `=` and `:`.
    fn pairs(&mut self, line: Span, indent: usize) {
        const TYPES: &[&str] = &["str", "string", "String", "bytes", "Str"];
        let mut typed = None;
        let mut at = line.start;
        while let Some(mark) = Span::new(at, line.end).of(self.text).find(ASSIGNS).map(|found| at + found) {
            looked_at(mark - at);
            let rest = Span::new(mark, line.end).of(self.text);
            let width = rest.len() - rest.trim_start_matches(|c: char| ASSIGNS(c) || c == '>').len();
            // `https://`: the mark belongs to the value.
            let is_scheme = rest.get(width..).is_some_and(|behind| behind.starts_with("//"));
            at = mark + width;
            if is_scheme {
                continue;
            }
            let name = name_before(self.text, line.start, mark);
            let text = name.span.of(self.text);
            // `api_key: str = "…"`.
            let type_of = typed.take().filter(|_| rest.starts_with('=') && TYPES.contains(&text));
            let own = type_of.or_else(|| self.says(text, &name));
            // `-Path Env:NAME -Value …`.
            if text.eq_ignore_ascii_case("env")
                && let Some(own) = says(first_value(self.text, at, line.end))
            {
                self.named = Some((own, 1));
            }
            // A field that names another one.
            if NAMING.contains(&text.to_ascii_lowercase().as_str())
                && own.is_none_or(|own| own == Says::Maybe)
            {
                let value = first_value(self.text, at, line.end);
                if let Some(says) = says(value) {
                    self.named = Some((says, LINES_BEHIND_NAME));
                    continue;
                }
            }
            // `${NAME:-default}`.
            let is_default = self.text.get(..name.span.start).is_some_and(|before| before.ends_with("${"));
            at += usize::from(
                is_default && rest.get(width..).is_some_and(|behind| behind.starts_with(['-', '?', '+'])),
            );
            typed = own.filter(|_| rest.starts_with(':'));
            if let Some(says) = own {
                at = self.value_at(&name, says, at, line, indent, rest.starts_with(['=', '＝'])).max(at);
            }
        }
    }

    /// What a name says here.
    fn says(&mut self, text: &str, name: &Name) -> Option<Says> {
        if self.block.is_some() && !text.is_empty() {
            return Some(Says::Password);
        }
        if let Some((says, _)) = self.named
            && VALUES.contains(&text.to_ascii_lowercase().as_str())
        {
            self.named = None;
            return Some(says);
        }
        let own = says(text);
        // An option's name is a key's name and nothing else.
        if own == Some(Says::Maybe) && name.is_option { Some(Says::Secret) } else { own }
    }

    /// Masks the value that begins at `at`; where it ends.
    fn value_at(
        &mut self,
        name: &Name,
        says: Says,
        at: usize,
        line: Span,
        indent: usize,
        is_equals: bool,
    ) -> usize {
        let rest = Span::new(at, line.end).of(self.text);
        let value = rest.trim_start();
        let mut start = line.end - value.len();
        let is_spaced = value.len() < rest.len();
        if value.is_empty()
            || ["|", ">", "|-", ">-", "|+", ">+", "\\", "["].contains(&value.trim_end())
            || value.starts_with('#')
        {
            let is_block = !value.is_empty() && !value.starts_with(['#', '\\']);
            if name.is_config || !is_block {
                // In a sentence, only what looks like a key is its value.
                let skipped = usize::from(!name.is_config);
                self.awaited = Some(Awaited { indent, says, is_block, skipped });
            }
            return line.end;
        }
        // `!!str x`, `&anchor x`.
        let mut value = value;
        while value.starts_with('!') || value.starts_with('&') && value.has(' ') {
            let Some((_, behind)) = value.split_once(' ') else { break };
            if says != Says::Password && !value.starts_with('&')
                || value.starts_with("!!")
                || is_wordy(value.split(' ').next().unwrap_or("").trim_start_matches('&'))
            {
                value = behind.trim_start();
                start = line.end - value.len();
            } else {
                break;
            }
        }
        if let Some(list) = value.strip_prefix('[')
            && name.is_config
        {
            return self.list(list, start + 1, says);
        }
        if value.starts_with('{') && !value.starts_with("{{") && value.trim_end().len() < 2
            || value.starts_with("{\"")
            || value.starts_with("{'")
        {
            return at;
        }
        // `str("x")`, `os.getenv("X", "x")`.
        if let Some(call) = call(value) {
            return self.call(call, start, says);
        }
        let prefix = value.len() - value.trim_start_matches(['b', 'f', 'r', 'u', '$', '@']).len();
        if prefix <= 2
            && let Some(inner) = value.get(prefix..).and_then(quoted)
        {
            let begin = start + prefix + inner.start;
            let span = Span::new(begin, begin + inner.len());
            self.whole(span, says);
            let close = span.end
                + rest.get(span.end - at..).map_or(0, |rest| {
                    rest.len() - rest.trim_start_matches(|c: char| QUOTES(c) || c == '\\').len()
                });
            if name.is_first {
                return self.behind(Span::new(close, line.end), Behind::Comment).max(span.end);
            }
            return span.end;
        }
        match says {
            Says::Header | Says::Cookie => {
                // The parameters of a scheme are pairs of their own: `Credential=…, Signature=…`.
                let near = first_bytes(value, LONGEST_QUOTED);
                if says == Says::Header && near.has(',') && near.has('=') && !near.contains(QUOTES) {
                    return at;
                }
                // A header in quotes ends with them, another one with the line.
                let end = value.find(|c: char| QUOTES(c) || c == '}').unwrap_or(value.len());
                let end = value.get(..end).map_or(end, |value| value.trim_end_matches('\\').len());
                let end = value.get(..end).and_then(|value| value.find_text("\\n")).unwrap_or(end);
                looked_at(end);
                self.whole(Span::new(start, start + end), says);
                start + end
            }
            _ => self.unquoted(name, says, start, line, is_equals, is_spaced),
        }
    }

    /// A value that is known from its beginning to its end.
    fn whole(&mut self, span: Span, says: Says) {
        match says {
            Says::Header => {
                let value = span.of(self.text);
                let mut rest = value.trim_start();
                while let Some((word, behind)) = rest.split_once(char::is_whitespace) {
                    if !is_scheme(word) {
                        break;
                    }
                    rest = behind.trim_start();
                }
                if is_scheme(rest.trim()) {
                    return;
                }
                self.value(Span::new(span.end - rest.len(), span.end), Says::Secret);
            }
            Says::Cookie => self.value(span, Says::Secret),
            says => {
                // A scheme stands before keys of other headers too.
                let value = span.of(self.text);
                let behind = value
                    .split_once(' ')
                    .filter(|(word, _)| is_scheme(word))
                    .map_or(value, |(_, behind)| behind);
                self.value(Span::new(span.end - behind.len(), span.end), says);
            }
        }
    }

    /// The items of a list up to its bracket.
    fn list(&mut self, list: &str, start: usize, says: Says) -> usize {
        let end = list.find(']').unwrap_or(list.len());
        looked_at(end);
        let inner = list.get(..end).unwrap_or("");
        if inner.has('{') {
            return start;
        }
        for item in inner.split(',') {
            let bare = item.trim().trim_matches(QUOTES);
            // A list of names is one of names.
            let says = if says == Says::Secret
                && is_wordy(bare)
                && !bare.bytes().any(|byte| byte.is_ascii_digit())
            {
                Says::Maybe
            } else {
                says
            };
            let begin = start + (bare.as_ptr() as usize - list.as_ptr() as usize);
            self.value(Span::new(begin, begin + bare.len()), says);
        }
        start + end
    }

    /// The texts in the brackets of a call.
    fn call(&mut self, call: Span, start: usize, says: Says) -> usize {
        let mut at = start + call.start;
        let end = start + call.end;
        while let Some(found) = Span::new(at, end).of(self.text).find(QUOTES) {
            let Some(inner) = Span::new(at + found, end).of(self.text).get(..).and_then(quoted) else {
                break;
            };
            let begin = at + found + inner.start;
            self.whole(Span::new(begin, begin + inner.len()), says);
            at = begin + inner.len() + 1;
        }
        end
    }

    /// A value without quotes, which ends where its context says.
    fn unquoted(
        &mut self,
        name: &Name,
        says: Says,
        start: usize,
        line: Span,
        is_equals: bool,
        is_spaced: bool,
    ) -> usize {
        let mut start = start;
        let mut rest = Span::new(start, line.end).of(self.text);
        let mut word = word_length(rest, name.is_first);
        // `x-auth: Bearer …`.
        while is_scheme(rest.get(..word).unwrap_or(""))
            && rest.get(word..).is_some_and(|behind| !behind.trim().is_empty() && behind.starts_with(' '))
        {
            rest = rest.get(word..).unwrap_or("").trim_start();
            start = line.end - rest.len();
            word = word_length(rest, name.is_first);
        }
        let first = rest.get(..word).unwrap_or("");
        let mut end = start + word;
        let behind = rest.get(word..).unwrap_or("");
        let behind = behind.trim_start_matches([',', ';']);
        let next = behind.trim_start().chars().next();
        let goes_on = behind.starts_with(char::is_whitespace) && next.is_some_and(|c| !"#-(/|".has(c));
        // A sentence: `API key: please look it up`.
        let is_sentence = !name.is_config && is_spaced && goes_on && !is_equals && is_small_word(first);
        if is_sentence && says != Says::Password {
            return end;
        }
        // A colon within the value tore it apart: `api_key: sk: -rest`.
        if name.is_first && name.is_config && first.len() > 1 && first.ends_with([':', '：']) {
            self.value(Span::new(start, line.end), says);
            return line.end;
        }
        let count = self.spans.len();
        let limit = self.limit(name, end, line);
        let behind = Span::new(end, limit).of(self.text);
        let is_of_variable = is_equals
            && name.is_first
            && !name.span.of(self.text).bytes().any(|byte| byte.is_ascii_lowercase());
        let beginning = Beginning {
            is_of_variable,
            is_plain: is_plain(first, says),
            may_be_words: says == Says::Password,
        };
        // What is called `key` or `auth` only may be the name of something, with a sentence behind it.
        end += if says == Says::Maybe { 0 } else { length_behind(behind, beginning) };
        self.in_words(Span::new(start, end), says);
        let is_masked = self.spans.len() > count;
        if name.is_first {
            let words = if is_masked { Behind::OddOnes } else { Behind::Comment };
            end = self.behind(Span::new(end, line.end), words);
        }
        end
    }

    /// How far at most the value goes on whose first word ends at `end`: one that is alone in its line to the line's end, one in
    /// quotes or brackets to what closes them or to a comma.
    fn limit(&self, name: &Name, end: usize, line: Span) -> usize {
        if name.is_first {
            return line.end;
        }
        let before = Span::new(line.start, name.span.start).of(self.text);
        let behind = Span::new(end, line.end).of(self.text);
        let closed = match before.chars().next_back() {
            Some(quote)
                if QUOTES(quote) && !self.text.get(name.span.end..).is_some_and(|c| c.starts_with(quote)) =>
            {
                behind.find(quote)
            }
            _ => {
                match before.trim_end_matches(|c: char| c.is_whitespace() || QUOTES(c)).chars().next_back() {
                    Some('{' | '[' | '(' | ',') => {
                        Some(behind.find(|c| ",;}])".has(c)).unwrap_or(behind.len()))
                    }
                    _ => None,
                }
            }
        };
        looked_at(closed.unwrap_or(0));
        end + closed.unwrap_or(0)
    }

    /// Masks the words of a value that has some, each for itself, so that the blanks between them can be seen.
    fn in_words(&mut self, value: Span, says: Says) {
        let text = value.of(self.text);
        let mut words = text.split_whitespace();
        if words.next().is_none() || words.next().is_none() {
            return self.value(value, says);
        }
        if is_plain_in_words(text.trim()) {
            return;
        }
        for word in text.split_whitespace() {
            let word = word.trim_matches(|c: char| QUOTES(c) || ",;.#()".has(c));
            let start = value.start + (word.as_ptr() as usize - text.as_ptr() as usize);
            if !is_plain_within(word) {
                self.spans.push(Span::new(start, start + word.len()));
            }
        }
    }

    /// The words that are said of a value: an old key may stand in a comment. Where the last one ends.
    fn behind(&mut self, rest: Span, words: Behind) -> usize {
        let (mut end, mut words) = (rest.start, words);
        let text = rest.of(self.text);
        for word in text.split_whitespace() {
            looked_at(word.len());
            if word.starts_with('#') {
                words = Behind::OddOnes;
            } else if word.starts_with('-')
                || word.find(ASSIGNS).is_some_and(|at| at > 0 && at + 1 < word.len())
            {
                break;
            }
            let word = word.trim_matches(|c: char| QUOTES(c) || ",;.#()".has(c));
            let start = rest.start + (word.as_ptr() as usize - text.as_ptr() as usize);
            if words == Behind::Comment || !is_odd(word) {
                continue;
            }
            self.value(Span::new(start, start + word.len()), Says::Secret);
            end = start + word.len();
        }
        end
    }

    /// The values behind a name and a space: options, settings that are set, what a sentence names.
    fn words(&mut self, line: Span, from: usize) {
        let until = self.spans.len();
        let content = line.of(self.text);
        let is_login = content.holds("machine ") || content.holds("login ");
        let has_user = content.holds("curl") || content.holds("wget") || content.holds("http");
        let mut previous = "";
        let mut before = "";
        let mut words = Words { text: content, at: 0 };
        while let Some(word) = words.next() {
            let bare = word.bare(content);
            let (last, second) = (std::mem::replace(&mut previous, bare), before);
            before = last;
            if word.raw(content).contains(ASSIGNS) && !word.raw(content).ends_with([':', '：']) {
                continue;
            }
            let is_option = bare.starts_with(['-', '—', '–']);
            let next = words.peek();
            let Some(next) = next else { break };
            let (span, raw) = (next.span(line.start, content), next.raw(content));
            let takes = bare.ends_with("SecureString")
                || is_option
                    && PASSING.iter().any(|(command, option)| *option == bare && content.holds(command));
            if takes && !raw.starts_with('-') {
                self.whole(span, Says::Password);
                continue;
            }
            if self.is_covered(from, until, line.start + word.start) {
                continue;
            }
            if ["bearer", "basic"].iter().any(|scheme| bare.eq_ignore_ascii_case(scheme)) {
                let value = span.of(self.text);
                let is_basic = bare.eq_ignore_ascii_case("basic");
                let is_value = if is_basic {
                    value.len() >= 8 && (is_odd(value) || value.ends_with('='))
                } else {
                    !BEARER_OF.contains(&value.to_ascii_lowercase().as_str())
                };
                if is_value && !self.is_covered(from, until, span.start) {
                    self.value(span, Says::Secret);
                }
                continue;
            }
            if ["-u", "--user", "--proxy-user", "-U"].contains(&bare) && has_user {
                if let Some((user, _)) = span.of(self.text).split_once(':') {
                    self.value(Span::new(span.start + user.len() + 1, span.end), Says::Password);
                }
                continue;
            }
            if is_option
                && let Some((own, _)) = self.named
                && VALUES.contains(&bare.trim_start_matches('-').to_ascii_lowercase().as_str())
            {
                self.named = None;
                self.whole(span, own);
                continue;
            }
            let joined;
            let own = if !is_option
                && !last.is_empty()
                && ["key", "token", "keys", "tokens"].contains(&bare.to_ascii_lowercase().as_str())
            {
                joined = [last, " ", bare].concat();
                says(&joined)
            } else if bare.len() <= LONGEST_NAME {
                says(bare)
            } else {
                None
            };
            let Some(own) = own else { continue };
            if self.is_covered(from, until, span.start) {
                continue;
            }
            if is_option {
                let goes_on =
                    PREPOSITIONS.contains(&raw) || FILLERS.contains(&raw) || OPTION_OF.contains(&raw);
                if !raw.starts_with('-') && !goes_on {
                    self.whole(span, if own == Says::Maybe { Says::Secret } else { own });
                }
                continue;
            }
            let sets = |word: &str| SETS.contains(&word.to_ascii_lowercase().trim_start_matches('-'));
            let is_variable = bare.len() > 3
                && bare
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
            let is_set =
                sets(last) && (is_variable || bare.has('.') || bare.has('_')) || is_variable && sets(second);
            // `set NAME in …`: a sentence.
            let is_set = is_set && !FILLERS.contains(&raw) && !PREPOSITIONS.contains(&raw);
            if is_set && raw.starts_with('-') {
                self.named = Some((own, 1));
                continue;
            }
            if is_set || is_login && own == Says::Password {
                // A Dockerfile's `ENV NAME value` takes all of the line.
                let rest = Span::new(line.start + next.end, line.end);
                let beginning = Beginning {
                    is_of_variable: false,
                    is_plain: is_plain(span.of(self.text), own),
                    may_be_words: own == Says::Password,
                };
                let is_one = is_login || own == Says::Maybe;
                let length = if is_one { 0 } else { length_behind(rest.of(self.text), beginning) };
                if length > 0 {
                    self.in_words(Span::new(span.start, rest.start + length), own);
                } else {
                    self.whole(span, own);
                }
                continue;
            }
            // In a sentence: the next word that looks as no word does.
            let mut ahead = words.clone();
            for _ in 0..3 {
                let Some(next) = ahead.next() else { break };
                let value = next.bare(content);
                if is_odd(value)
                    && !value.contains(|c: char| ASSIGNS(c) || c.is_whitespace())
                    && !value.starts_with('-')
                {
                    let span = next.span(line.start, content);
                    if !self.is_covered(from, until, span.start) {
                        self.value(span, own);
                    }
                    break;
                }
                if !FILLERS.contains(&value.to_ascii_lowercase().as_str()) {
                    break;
                }
            }
        }
    }
}

/// Fields whose value is the name of something.
const NAMING: &[&str] = &["name", "key", "variable", "var", "envvar", "env_var", "id"];
/// How many lines a name holds for, its own included.
const LINES_BEHIND_NAME: usize = 4;
/// Fields with its value.
const VALUES: &[&str] = &["value", "val", "string", "default", "content", "data", "body"];
/// Commands that take a password behind an option which does not say so.
const PASSING: &[(&str, &str)] =
    &[("sshpass ", "-p"), ("az login", "-p"), ("docker login", "-p"), ("redis-cli", "-a"), ("mongo", "-p")];
/// What sets the variable or setting that is named behind it.
const SETS: &[&str] = &[
    "set", "setx", "setenv", "env", "arg", "x", "gx", "ux", "xg", "put", "add", "export", "secret", "create",
];
/// Words of sentences about `Bearer`.
const BEARER_OF: &[&str] = &[
    "token",
    "tokens",
    "auth",
    "authentication",
    "authorization",
    "scheme",
    "header",
    "headers",
    "credential",
    "credentials",
    "key",
    "keys",
    "is",
    "in",
    "for",
    "of",
    "and",
    "or",
    "the",
    "a",
    "with",
    "was",
    "as",
    "to",
    "not",
    "prefix",
    "error",
];
/// Words between a name in a sentence and its value.
const FILLERS: &[&str] = &[
    "is",
    "was",
    "are",
    "›",
    "-",
    "–",
    "—",
    "provided",
    "value",
    "given",
    "used",
    "saved",
    "stored",
    "set",
    "entered",
    "accepted",
    "rejected",
    "refused",
    "called",
    "named",
    "=",
    "->",
    "→",
    "|",
    "the",
    "my",
    "your",
    "now",
    "here",
    "this",
    "one",
    "key",
    "token",
    "of",
    "a",
    "`",
    "是",
    "为",
    "environment",
    "variable",
];

/// Words of sentences about an option.
const OPTION_OF: &[&str] =
    &["instead", "option", "options", "flag", "argument", "works", "needs", "takes", "expects"];
/// Words behind a name in a sentence that goes on.
const PREPOSITIONS: &[&str] = &[
    "in", "to", "as", "for", "and", "or", "on", "with", "from", "at", "by", "then", "before", "first",
    "under", "via", "if", "when",
];

/// What stands before a credential in a header.
fn is_scheme(word: &str) -> bool {
    [
        "bearer",
        "basic",
        "token",
        "apikey",
        "api-key",
        "digest",
        "negotiate",
        "key",
        "bot",
        "aws4-hmac-sha256",
        "signature",
    ]
    .iter()
    .any(|scheme| word.eq_ignore_ascii_case(scheme))
}
