//! Lines of Hermes' logs and of its terminal, as people paste them: agent.log, gateway.log and errors.log in any mixture,
//! with times cut off or those of `journalctl` in front, with emoji lost, quoted, or in a code block.

pub use super::log_texts::Kind;
use super::log_texts::{ANSWERS, KNOWN, Known};
use super::part::{Part, Printed};
use crate::base::collections::TextSet;
use crate::base::sources::SourceKind;
use crate::base::text::{Chars, DIGIT, Place, Search};
use crate::python::{float_of_text, is_alphanumeric, lower};

/// How many lines below a failed request its details may stand.
const LONGEST_BLOCK: usize = 8;

/// What arrows become on their way.
const ARROWS: [&str; 5] = ["→", "->", "=>", "➜", "➡"];

/// What dashes become.
const DASH: Chars = |c| matches!(c, '—' | '–' | '-' | ' ');

/// Values that are one word wherever they stand.
const WORDS: [&str; 6] = ["attempt", "id", "most", "provider", "status", "type"];

/// What stands in place of a label where somebody only tells of a line.
const ELLIPSES: [&str; 2] = ["...", "…"];

/// Something that the log tells.
#[derive(Clone)]
pub struct Event {
    /// What it is.
    pub kind: Kind,
    /// The line.
    pub place: Place,
    /// The time in front of it.
    pub time: Option<Printed>,
    /// The session that it is of, where the line names one.
    pub session: Option<String>,
    /// Whether lines are left out right above it.
    pub is_behind_gap: bool,
    /// What varies, by the names in the table of texts.
    fields: Vec<(&'static str, Printed)>,
}

impl Event {
    /// What the line has at `name`.
    pub fn field(&self, name: &str) -> Option<&Printed> {
        self.fields.iter().find(|(own, _)| *own == name).map(|(_, printed)| printed)
    }

    /// The text of [`Event::field`]; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.field(name).map_or("", |printed| &printed.text)
    }

    /// The place of what the line has at `name`, else the line.
    pub fn place_of(&self, name: &str) -> Place {
        self.field(name).map_or(self.place, |printed| printed.place)
    }

    /// The number at `name`.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.text(name).parse().ok()
    }

    /// The HTTP status: as printed, else the one that the words of the error begin with.
    pub fn status(&self) -> Option<i64> {
        let said = || {
            let words = [self.text("text"), self.text("details")];
            words.into_iter().find_map(|text| {
                let behind = ["HTTP ", "Error code: "].into_iter().find_map(|head| text.cut_at(head));
                behind.and_then(|(_, rest)| number_in_front(rest))
            })
        };
        number_in_front(self.text("status")).or_else(said)
    }

    /// Adds what is not known of it yet.
    fn learn(&mut self, fields: Vec<(&'static str, Printed)>) {
        for (name, printed) in fields {
            if self.field(name).is_none() {
                self.fields.push((name, printed));
            }
        }
    }
}

fn number_in_front(text: &str) -> Option<i64> {
    let digits = text.len() - text.trim_start_matches(DIGIT).len();
    text.get(..digits)?.parse().ok()
}

/// A pasted log.
#[derive(Clone, Default)]
pub struct Log {
    /// What it tells, in the order of the lines.
    pub events: Vec<Event>,
    /// Lines of a log that tell of something else.
    pub others: usize,
    /// Lines that are of no log: malformed, cut off, or of something else.
    pub unread: usize,
}

impl Log {
    /// Reads a log.
    ///
    /// ```
    /// use poolcheck::readers::log::{Kind, Log};
    /// let log = Log::of("02:01:12 INFO agent.credential_pool: credential pool: rotated to aistudio-2\nof a shell\n");
    /// assert!(log.events.iter().all(|event| event.kind == Kind::Rotated && event.text("label") == "aistudio-2"));
    /// assert_eq!((log.events.len(), log.unread), (1, 1));
    /// ```
    pub fn of(text: &str) -> Self {
        let mut log = Self::default();
        // `hermes debug share` shows the warnings of agent.log a second time, as errors.log.
        let mut seen = TextSet::new();
        let mut below = usize::MAX;
        let mut is_behind_gap = false;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let whole = Part { source: SourceKind::Log, text: line, at: start };
            start += line.len();
            let line = whole.without_quote_marks();
            if line.text.is_empty() {
                continue;
            }
            if is_gap(line.text) {
                is_behind_gap = true;
                below = usize::MAX;
                continue;
            }
            below = below.saturating_add(1);
            let time = time_of(line);
            let found = match known_text(line) {
                Some((Kind::More, fields)) => match log.events.last_mut() {
                    Some(open)
                        if matches!(open.kind, Kind::Failed | Kind::GaveUp) && below <= LONGEST_BLOCK =>
                    {
                        open.learn(fields);
                        continue;
                    }
                    _ => refusal(line),
                },
                None if below == 1 && time.is_none() && is_indented(whole.text) => {
                    log.go_on(line);
                    continue;
                }
                found => found.or_else(|| refusal(line)),
            };
            match found {
                Some((kind, fields)) => {
                    if time.is_some() && !seen.insert(line.text) {
                        continue;
                    }
                    below = 0;
                    let session = session_of(line.text);
                    let is_behind_gap = std::mem::take(&mut is_behind_gap);
                    log.events.push(Event {
                        kind,
                        place: line.place(),
                        time,
                        session,
                        is_behind_gap,
                        fields,
                    });
                }
                None => log.pass_over(line, time.is_some()),
            }
        }
        // Behind a refusal stands what Hermes made of it, but where the log ends with one.
        let last = log.events.pop();
        let count = log.events.len();
        log.events.retain(|event| event.kind != Kind::Refused);
        log.others += count - log.events.len();
        log.events.extend(last);
        log
    }

    /// A line that was wrapped, or the rest of a block: the words of the event above go on.
    fn go_on(&mut self, line: Part<'_>) {
        let open = self.events.last_mut().and_then(|event| {
            let tail = event.fields.iter_mut().find(|(name, _)| *name == "text");
            tail.map(|(_, tail)| tail)
        });
        match open {
            Some(tail) => {
                tail.text.push(' ');
                tail.text.push_str(line.text);
            }
            None => self.unread += 1,
        }
    }

    fn pass_over(&mut self, line: Part<'_>, has_time: bool) {
        let levels = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];
        let is_log = has_time && levels.iter().any(|level| line.text.holds(level));
        if is_log { self.others += 1 } else { self.unread += 1 }
    }
}

/// Whether a line stands for lines that are left out: `[…]`, `...`, `(snip)`, `[repeats every minute]`.
fn is_gap(line: &str) -> bool {
    const AROUND: Chars = |c| "[]()<>{}-–—~*#= \t".has(c);
    const DOTS: Chars = |c| matches!(c, '.' | '…' | '⋮' | '⋯');
    let bare = line.trim_matches(AROUND);
    let is_framed = line.starts_with(['[', '(', '<']) && line.ends_with([']', ')', '>']);
    let is_dotted = !bare.is_empty() && bare.chars().all(DOTS) && bare.chars().count() <= 12;
    let said = lower(bare);
    const WORDS: [&str; 8] = ["snip", "cut", "repeat", "omitted", "skipped", "truncated", "省略", "略"];
    is_dotted || (is_framed && WORDS.iter().any(|word| said.starts_with(word) || said.ends_with(word)))
}

/// The session in brackets among the first words of a line.
fn session_of(line: &str) -> Option<String> {
    line.split_whitespace().take(6).find_map(|word| {
        let inside = word.strip_prefix('[')?.strip_suffix(']')?;
        let is_id = inside.len() >= 8 && inside.has('_') && inside.chars().any(|c| c.is_ascii_digit());
        is_id.then(|| inside.to_owned())
    })
}

/// Whether a line is indented as continued ones are.
fn is_indented(line: &str) -> bool {
    line.starts_with("  ") || line.starts_with('\t')
}

/// The time in front of a line: at most a date in up to three words, and `hh:mm:ss`.
fn time_of(line: Part<'_>) -> Option<Printed> {
    const OPEN: Chars = |c| matches!(c, '[' | '(');
    let line = line.behind(line.text.len() - line.text.trim_start_matches(OPEN).len());
    let mut rest = line;
    for _ in 0..4 {
        let (word, behind) = rest.word();
        let colons = word.text.bytes().filter(|byte| *byte == b':').count();
        let digits = word.text.bytes().filter(u8::is_ascii_digit).count();
        if colons >= 2 && digits >= 5 {
            let end = word.text.trim_end_matches([']', ')', ':', ',']).len();
            return Some(line.before(word.at - line.at + end).printed());
        }
        let is_date = word.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-/.,".contains(&byte));
        if !is_date || word.text.len() > 10 || word.text.is_empty() {
            return None;
        }
        rest = behind;
    }
    None
}

/// The fields of an event.
type Fields = Vec<(&'static str, Printed)>;

/// What a line tells, by the first text of the table that fits.
fn known_text(line: Part<'_>) -> Option<(Kind, Fields)> {
    text_among(KNOWN, line)
}

/// The refusal of a request that a line tells of: for the key, for want of a right or of money, or for a limit.
fn refusal(line: Part<'_>) -> Option<(Kind, Fields)> {
    const REFUSALS: [&str; 4] = ["401", "402", "403", "429"];
    text_among(ANSWERS, line).filter(|(_, fields)| {
        fields.iter().any(|(name, printed)| *name == "status" && REFUSALS.contains(&printed.text.as_str()))
    })
}

/// What a line tells, by the first text of `table` that fits.
fn text_among(table: &'static [Known], line: Part<'_>) -> Option<(Kind, Fields)> {
    const SIGN: Chars = |c| !is_alphanumeric(c);
    let labelled = line.text.trim_start_matches(SIGN);
    table.iter().find_map(|known| {
        if known.least > line.text.len() {
            return None;
        }
        find_mark(line.text, known.text.get(..known.least)?)?;
        // `Error:` and the like stand behind an emoji or nothing; within a line they are of something else.
        if known.kind == Kind::More
            && let Some((label, _)) = known.text.split_once(": {")
            && !label.has('{')
            && !labelled.strip_prefix(label).is_some_and(|rest| rest.starts_with(':'))
        {
            return None;
        }
        let fields = fields(known.text, line)?;
        let is_told_of = fields.iter().any(|(name, part)| *name == "label" && ELLIPSES.contains(&part.text));
        let fields = fields.into_iter().map(|(name, part)| (name, part.printed()));
        (!is_told_of).then(|| (known.kind, fields.collect()))
    })
}

/// What `line` has in place of the names in braces of `text`; `None` where it is another text.
fn fields<'t>(mut text: &'static str, line: Part<'t>) -> Option<Vec<(&'static str, Part<'t>)>> {
    let mut found = Vec::new();
    let mut rest = line;
    let mut open: Option<&'static str> = None;
    let (mut is_first, mut has_dash) = (true, false);
    while !text.is_empty() {
        if let Some((name, behind)) = text.strip_prefix('{').and_then(|inside| inside.split_once('}')) {
            open = Some(name);
            text = behind;
            continue;
        }
        if let Some(behind) = text.strip_prefix('—') {
            has_dash = true;
            text = behind;
            continue;
        }
        let is_arrow = text.starts_with('→');
        let length =
            if is_arrow { '→'.len_utf8() } else { text.find(['{', '—', '→']).unwrap_or(text.len()) };
        let literal = [text.get(..length)?.trim()];
        text = text.get(length..)?;
        if literal == [""] {
            continue;
        }
        let marks: &[&str] = if is_arrow { &ARROWS } else { &literal };
        let nearest = marks.iter().filter_map(|mark| Some((find_mark(rest.text, mark)?, mark.len())));
        let (at, length) = nearest.min_by_key(|(at, _)| *at)?;
        let mut between = rest.before(at).trimmed();
        if has_dash {
            between = between.before(between.text.trim_end_matches(DASH).len());
        }
        match open.take() {
            Some(name) if !between.text.is_empty() => found.push((name, between)),
            None if is_first || between.text.is_empty() => {}
            _ => return None,
        }
        (is_first, has_dash) = (false, false);
        rest = rest.behind(at + length);
    }
    if let Some(name) = open {
        let dash = if has_dash { rest.text.len() - rest.text.trim_start_matches(DASH).len() } else { 0 };
        let tail = rest.behind(dash);
        let tail = if WORDS.contains(&name) { tail.word().0 } else { tail.trimmed() };
        if tail.text.is_empty() {
            return None;
        }
        found.push((name, tail));
    }
    Some(found)
}

/// Where `mark` stands in `text`. A word, as the `on` of `connection error on gemini`, stands alone.
fn find_mark(text: &str, mark: &str) -> Option<usize> {
    if !mark.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return text.find_text(mark);
    }
    let mut start = 0;
    loop {
        let at = start + text.get(start..)?.find_text(mark)?;
        let (before, behind) = (text.get(..at)?, text.get(at + mark.len()..)?);
        if !before.ends_with(is_alphanumeric) && !behind.starts_with(is_alphanumeric) {
            return Some(at);
        }
        start = at + mark.len();
    }
}

/// For how many seconds an error message asks to wait, in words: `retry in 28.9s`, `try again in 7m12s`. `None` where it names
/// no time, or one without a unit.
///
/// ```
/// use poolcheck::readers::log::seconds_asked;
/// assert_eq!(seconds_asked("Quota exceeded. Please retry in 28.9s."), Some(28.9));
/// assert_eq!(seconds_asked("Please try again in 7m12s."), Some(432.0));
/// assert_eq!(seconds_asked("Please try again in a while."), None);
/// ```
pub fn seconds_asked(message: &str) -> Option<f64> {
    let (_, mut rest) = ["retry in ", "try again in "].into_iter().find_map(|words| message.cut_at(words))?;
    let mut asked = None;
    while let Some((number, behind)) = split_while(rest, |byte| byte.is_ascii_digit() || byte == b'.')
        && let Some((unit, behind)) = split_while(behind.trim_start(), |byte| byte.is_ascii_lowercase())
        && let (Some(number), Some(unit)) = (float_of_text(number), seconds_of(unit))
    {
        asked = Some(asked.unwrap_or(0.0) + number * unit);
        rest = behind.trim_start();
    }
    asked
}

/// The beginning of `text` in which each byte is one that `is_part` knows, all of them ASCII, and what is behind it.
fn split_while(text: &str, is_part: fn(u8) -> bool) -> Option<(&str, &str)> {
    text.split_at_checked(text.bytes().take_while(|byte| is_part(*byte)).count())
}

/// How many seconds a unit of time has.
fn seconds_of(unit: &str) -> Option<f64> {
    match unit {
        "ms" => Some(0.001),
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1.0),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60.0),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3600.0),
        "d" | "day" | "days" => Some(86_400.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(Kind, Vec<(&'static str, String)>)> {
        let told = |event: Event| {
            (event.kind, event.fields.into_iter().map(|(name, printed)| (name, printed.text)).collect())
        };
        Log::of(text).events.into_iter().map(told).collect()
    }

    fn only(text: &str) -> (Kind, Vec<(&'static str, String)>) {
        let mut told = told(text);
        assert_eq!(told.len(), 1, "{text}");
        told.pop().unwrap()
    }

    fn fields_of(pairs: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        pairs.iter().map(|(name, text)| (*name, (*text).to_owned())).collect()
    }

    // As the real programs write them: with date, session and logger; with a host in front; in a code block; bare.
    #[test]
    fn one_line_in_the_forms_in_which_it_is_pasted() {
        let message = "credential pool: marking my key exhausted (status=429), rotating";
        for line in [
            format!("2026-04-23 02:01:12,345 INFO [20260423_020003_01b3b6] agent.credential_pool: {message}"),
            format!("02:01:12 - agent.credential_pool - INFO - {message}"),
            format!("Apr 23 02:01:12 host hermes[123]: INFO agent.credential_pool: {message}"),
            format!("2026-04-23T02:01:12+0000 host hermes[123]: {message}"),
            format!("> {message}"),
            format!("`{message}`"),
            message.to_owned(),
            "14:36:01 INFO  agent.credential_pool: marking my key exhausted (status=429), rotating"
                .to_owned(),
        ] {
            assert_eq!(
                only(&line),
                (Kind::Marked, fields_of(&[("label", "my key"), ("status", "429")])),
                "{line}"
            );
        }
    }

    #[test]
    fn times() {
        let time = |line: &str| {
            let line = format!("{line} credential pool: rotated to two");
            Log::of(&line).events[0].time.as_ref().map(|time| time.text.clone())
        };
        for (line, shown) in [
            ("2026-04-23 02:01:12,345 INFO", Some("2026-04-23 02:01:12,345")),
            ("[2026-04-23 02:01:12] INFO", Some("2026-04-23 02:01:12")),
            ("Apr 23 02:01:12 host:", Some("Apr 23 02:01:12")),
            ("2026-04-23T02:01:12Z", Some("2026-04-23T02:01:12Z")),
            ("INFO agent.credential_pool:", None),
        ] {
            assert_eq!(time(line).as_deref(), shown, "{line}");
        }
    }

    // As httpx logs an answer, and as the client of OpenAI words an error.
    #[test]
    fn a_log_may_end_with_a_refusal() {
        let url = "https://api.deepseek.com/chat/completions";
        let answer = |status: &str| {
            format!("2026-04-23 02:01:12,345 INFO httpx: HTTP Request: POST {url} \"HTTP/1.1 {status}\"\n")
        };
        let refused = fields_of(&[("endpoint", url), ("status", "401")]);
        assert_eq!(only(&answer("401 Unauthorized")), (Kind::Refused, refused));
        let raised = "openai.AuthenticationError: Error code: 401 - {'error': 'no'}";
        let said = fields_of(&[("status", "401"), ("text", "{'error': 'no'}")]);
        assert_eq!(only(raised), (Kind::Refused, said));
        let shown = "❌ Error: HTTP 429: Quota exceeded";
        assert_eq!(only(shown).0, Kind::Refused);
        // Other answers, and one with an event below that tells what was made of it.
        assert_eq!(told(&answer("200 OK")), []);
        assert_eq!(told(&answer("404 Not Found")), []);
        let followed =
            [answer("429 Too Many Requests"), "credential pool: rotated to two".to_owned()].concat();
        assert_eq!(only(&followed).0, Kind::Rotated);
        assert_eq!(Log::of(&followed).unread, 0);
    }

    #[test]
    fn the_terminals_block_is_one_event() {
        let block = "\
⚠️  API call failed (attempt 1/3): RateLimitError [HTTP 429]
   🔌 Provider: openrouter  Model: z-ai/glm-4.5-air:free
   🌐 Endpoint: https://openrouter.ai/api/v1/
   📝 Error: HTTP 429: Provider returned error
   📋 Details: {'message': 'Provider returned error'}
   ⏱️  Elapsed: 1.20s  Context: 2 msgs, ~454 tokens
⏱️ Rate limited. Waiting 2.5s (attempt 2/3)...
";
        let told = told(block);
        let failed = fields_of(&[
            ("attempt", "1"),
            ("most", "3"),
            ("type", "RateLimitError"),
            ("status", "429"),
            ("provider", "openrouter"),
            ("model", "z-ai/glm-4.5-air:free"),
            ("endpoint", "https://openrouter.ai/api/v1/"),
            ("text", "HTTP 429: Provider returned error"),
            ("details", "{'message': 'Provider returned error'}"),
            ("elapsed", "1.20s  Context: 2 msgs, ~454 tokens"),
        ]);
        assert_eq!(told[0], (Kind::Failed, failed));
        assert_eq!((told[1].0, told.len()), (Kind::Retried, 2));
        let plain = block.replace(['⚠', '🔌', '🌐', '📝', '📋', '⏱', '\u{fe0f}'], "");
        assert_eq!(Log::of(&plain).events[0].fields.len(), 10, "{plain}");
        assert_eq!((Log::of(&plain).unread, Log::of(block).unread), (0, 0));
    }

    #[test]
    fn the_same_in_a_log() {
        let log = Log::of(
            "\
2026-11-28 03:00:12,712 WARNING [s1] agent.conversation_loop: API call failed (attempt 1/3) error_type=RateLimitError thread=MainThread:140 provider=deepseek base_url=https://api.deepseek.com/v1 model=deepseek-chat summary=HTTP 429: Rate limit exceeded
2026-11-28 03:00:12,712 WARNING [s1] agent.conversation_loop: Retrying API call in 2.01s (attempt 1/3) thread=MainThread:140 provider=deepseek base_url=https://api.deepseek.com/v1 model=deepseek-chat policy=default error=Error code: 429 - {'error': {'code': 'x'}}
2026-11-28 03:00:13,000 INFO gateway.run: something else
",
        );
        let event = &log.events[0];
        assert_eq!((event.status(), event.number("most"), log.events.len()), (Some(429), Some(3), 1));
        assert_eq!(event.text("endpoint"), "https://api.deepseek.com/v1");
        assert_eq!(event.text("details"), "Error code: 429 - {'error': {'code': 'x'}}");
        assert_eq!((log.others, log.unread), (1, 0));
    }

    #[test]
    fn arrows_and_dashes_that_were_lost() {
        for arrow in ["→", "->"] {
            let line = format!("Fallback activated: gpt-5.5 {arrow} glm-5.1 (zai)");
            let fields = fields_of(&[("from", "gpt-5.5"), ("to", "glm-5.1"), ("provider", "zai")]);
            assert_eq!(only(&line), (Kind::FellBack, fields));
        }
        for dash in ["—", "-", "--"] {
            let line = format!("Primary provider auth failed: no key for gpt-5 {dash} trying fallback");
            assert_eq!(only(&line), (Kind::PrimaryFailed, fields_of(&[("text", "no key for gpt-5")])));
            let line = format!("Credential 402 (billing) {dash} rotated to pool entry a-1");
            let fields = fields_of(&[("status", "402"), ("why", "billing"), ("id", "a-1")]);
            assert_eq!(only(&line), (Kind::Rotated, fields));
        }
    }

    #[test]
    fn lines_that_tell_of_nothing_are_counted() {
        let log = Log::of(
            "\
credential pool: marking ... exhausted
credential pool: rotated to ...
API call failed (attempt
2026-11-28 03:00:13,000 INFO root: Error: not of a block

```
",
        );
        assert!(log.events.is_empty());
        assert_eq!((log.others, log.unread), (1, 3));
    }

    #[test]
    fn a_wrapped_line_goes_on() {
        let wrapped = "15:06:17 ERROR cron.scheduler: Job '...' failed: RuntimeError: Provider 'x' is set
                in config.yaml but no API key was found.
[repeats]
";
        let log = Log::of(wrapped);
        assert!(log.events[0].text("text").ends_with("is set in config.yaml but no API key was found."));
        // What stands for lines that are left out is no line that could not be read.
        assert_eq!((log.events.len(), log.unread), (1, 0));
    }

    #[test]
    fn what_stands_for_lines_that_are_left_out() {
        for gap in ["...", "[...]", "[…]", "(snip)", "[repeats every minute]", "-- cut --", "⋮", "[省略]"]
        {
            let log =
                Log::of(&format!("credential pool: rotated to a\n{gap}\ncredential pool: rotated to b\n"));
            let behind: Vec<bool> = log.events.iter().map(|event| event.is_behind_gap).collect();
            assert_eq!(
                (behind, log.unread),
                (vec![false, gap != "-- cut --"], usize::from(gap == "-- cut --")),
                "{gap}"
            );
        }
        for line in ["2026-04-23 11:49:53,007 INFO x: y...", "[INFO] cut short", "(a)", "- - -"] {
            assert!(!is_gap(line), "{line}");
        }
    }

    #[test]
    fn a_line_that_errors_log_repeats_is_told_once() {
        let line = "2026-11-28 03:00:12,712 WARNING [s1] agent.credential_pool: credential pool: marking a DEAD (status=401, reason=token_revoked) — permanently failed\n";
        assert_eq!(told(&line.repeat(2)).len(), 1);
    }

    // As `agent/auxiliary_client.py` of 0.19.0 writes them.
    #[test]
    fn what_becomes_of_side_tasks() {
        for (line, kind, expected) in [
            (
                "agent.auxiliary_client: Auxiliary compression: connection error on gemini (Error code: 401 - (a) b), trying fallback",
                Kind::TaskError,
                fields_of(&[
                    ("task", "compression"),
                    ("reason", "connection error"),
                    ("provider", "gemini"),
                    ("text", "Error code: 401 - (a) b"),
                ]),
            ),
            (
                "Auxiliary title_generation (async): auth error on zai — falling back to main agent model main-agent(deepseek) (m)",
                Kind::TaskFellBack,
                fields_of(&[
                    ("task", "title_generation (async)"),
                    ("reason", "auth error"),
                    ("provider", "zai"),
                    ("to", "main-agent(deepseek) (m)"),
                ]),
            ),
            (
                "Auxiliary: marking openrouter unhealthy for 600s (payment / credit error). Subsequent auxiliary calls will skip it until 10:21:12.",
                Kind::LeftOut,
                fields_of(&[("provider", "openrouter"), ("wait", "600")]),
            ),
            (
                "Fallback to gemini failed: provider not configured",
                Kind::Skipped,
                fields_of(&[("entry", "gemini"), ("text", "provider not configured")]),
            ),
        ] {
            assert_eq!(only(line), (kind, expected), "{line}");
        }
    }

    #[test]
    fn every_text_of_the_table_is_read_as_what_it_is() {
        for known in KNOWN {
            let mut names =
                fields(known.text, Part { source: SourceKind::Log, text: known.text, at: 0 }).unwrap();
            names.retain(|(name, part)| part.text.trim_matches(['{', '}']) != *name);
            assert!(names.is_empty(), "{}", known.text);
            if known.kind != Kind::More {
                let line = known.text.replace(['{', '}'], "");
                assert_eq!(only(&line).0, known.kind, "{line}");
            }
        }
    }
}
