//! Reset times in every form that providers and files have them, retry delays in messages, and cooldowns.

use super::entry::FAILURE_REASON;
use super::{BILLING, BILLING_UNVERIFIED, EXHAUSTED, PooledCredential, type_error};
use crate::facts::behaviour::Behaviour;
use crate::hermes::{Outcome, Stop};
use crate::python::{
    Int, Node, Value, decimal, equal, float_of_text, is_alphanumeric, is_space, iso_timestamp, parse_float,
    strip,
};

/// `EXHAUSTED_TTL_401_SECONDS`.
const COOLDOWN_AUTH: f64 = 300.0;
/// `EXHAUSTED_TTL_429_SECONDS` and `EXHAUSTED_TTL_DEFAULT_SECONDS`.
const COOLDOWN: f64 = 3600.0;
/// `EXHAUSTED_TTL_SOLE_CREDENTIAL_SECONDS`.
const COOLDOWN_OF_THE_LAST: f64 = 60.0;
/// Above this a number is milliseconds.
const MILLISECONDS_FROM: f64 = 1_000_000_000_000.0;

/// `float(value)` of a number; `OverflowError` for an integer that no float holds.
pub(super) fn float_of(value: &Value) -> Outcome<Option<f64>> {
    Ok(Some(match value {
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Int(Int::Small(value)) => *value as f64,
        Value::Int(Int::Big(value)) => {
            let float = parse_float(&value.to_string()).unwrap_or(f64::INFINITY);
            if float.is_infinite() {
                return Err(Stop::raised("OverflowError", "int too large to convert to float"));
            }
            float
        }
        Value::Float(value) => *value,
        _ => return Ok(None),
    }))
}

/// `_parse_absolute_timestamp(value)`: seconds since the epoch of seconds, milliseconds or an ISO 8601 text.
pub(in crate::hermes) fn parse_absolute_timestamp(value: &Value) -> Outcome<Option<f64>> {
    let in_seconds = |number: f64| if number > MILLISECONDS_FROM { number / 1000.0 } else { number };
    if let Some(number) = float_of(value)? {
        // Written this way round, NaN passes.
        return Ok(if number <= 0.0 { None } else { Some(in_seconds(number)) });
    }
    let Value::Str(text) = value else { return Ok(None) };
    let text = strip(text);
    if text.is_empty() {
        return Ok(None);
    }
    Ok(match float_of_text(text) {
        Some(number) => Some(in_seconds(number)),
        None => iso_timestamp(&text.replace('Z', "+00:00")),
    })
}

/// What an error is known by: the result of `_normalize_error_context`.
#[derive(Default)]
pub(super) struct ErrorContext {
    /// `reason`.
    pub(super) reason: Option<String>,
    /// `message`.
    pub(super) message: Option<String>,
    /// `reset_at`, in seconds since the epoch.
    pub(super) reset_at: Option<f64>,
}

/// `_normalize_error_context(context)`.
pub(super) fn normalized_context(context: &Value, now: f64, behaviour: &Behaviour) -> Outcome<ErrorContext> {
    let Value::Dict(context) = context else { return Ok(ErrorContext::default()) };
    let text = |name: &str| context.get(name).and_then(|node| node.value.as_str());
    let stripped = |name: &str| text(name).map(strip).filter(|text| !text.is_empty()).map(str::to_owned);
    let reset: Option<&Node> = ["reset_at", "resets_at", "retry_until"]
        .iter()
        .filter_map(|name| context.get(name))
        .find(|node| node.value.is_true());
    let mut reset_at = match reset {
        Some(node) => parse_absolute_timestamp(&node.value)?,
        None => None,
    };
    if reset_at.is_none()
        && let Some(message) = text("message")
    {
        reset_at = retry_delay(message, behaviour)?.map(|delay| now + delay);
    }
    Ok(ErrorContext { reason: stripped("reason"), message: stripped("message"), reset_at })
}

/// `_exhausted_ttl(code, sole_credential=…, failure_reason=…)`: how long a cooldown lasts, in seconds.
pub(in crate::hermes) fn cooldown(code: &Value, sole: bool, reason: &Value, behaviour: &Behaviour) -> f64 {
    let is = |wanted: i64| equal(code, &Value::int(wanted));
    let says = |wanted: &str| reason.as_str() == Some(wanted);
    let is_short = behaviour.knows_unverified_billing && says(BILLING_UNVERIFIED) && !is(402)
        || behaviour.sole_keys_cool_briefly && sole && !is(402) && !says(BILLING);
    match () {
        () if is(401) => COOLDOWN_AUTH,
        () if is_short => COOLDOWN_OF_THE_LAST,
        () => COOLDOWN,
    }
}

/// `_exhausted_until(entry, sole_credential=…)`: the end of a cooldown, in seconds since the epoch.
pub(in crate::hermes) fn exhausted_until(entry: &PooledCredential, sole: bool) -> Outcome<Option<f64>> {
    if !entry.has_status(EXHAUSTED) {
        return Ok(None);
    }
    let reset_at = parse_absolute_timestamp(entry.field("last_error_reset_at"))?;
    if reset_at.is_some() {
        return Ok(reset_at);
    }
    let since = entry.field("last_status_at");
    if !since.is_true() {
        return Ok(None);
    }
    let code = entry.field("last_error_code");
    let cooldown = cooldown(code, sole, entry.extra(FAILURE_REASON), &entry.facts.behaviour);
    seconds(since).map(|since| Some(since + cooldown))
}

/// A number of seconds that the real program adds to or compares with a time.
pub(super) fn seconds(value: &Value) -> Outcome<f64> {
    match value {
        Value::Int(Int::Big(_)) => Err(Stop::not_modelled("a time beyond all years")),
        value => float_of(value)?.ok_or_else(|| {
            type_error(&format!("unsupported operand type(s): '{}' and 'int'", value.type_name()))
        }),
    }
}

/// `_extract_retry_delay_seconds(message)`: the delay that an error message names. Five patterns are tried in
/// turn, each over the whole message, in any letter case.
pub(in crate::hermes) fn retry_delay(message: &str, behaviour: &Behaviour) -> Outcome<Option<f64>> {
    let quota = |mut at: Scanner<'_>| {
        at.word("quotaResetDelay")?;
        at.some(|c| c == ':' || c == '"' || is_space(c))?;
        let number = at.number()?;
        match at.word("ms") {
            // `lower() == "ms"`, which a long s is not.
            Some("ms" | "MS" | "mS" | "Ms") => Some((number, Unit::Milliseconds)),
            Some(_) => Some((number, Unit::Seconds)),
            None => at.word("s").map(|_| (number, Unit::Seconds)),
        }
    };
    let retry = |mut at: Scanner<'_>| {
        at.word("retry")?;
        at.some(is_space)?;
        let mut after = at;
        if after.word("after").is_some() && after.some(is_space).is_some() {
            at = after;
        }
        let number = at.number()?;
        at.any(is_space);
        let mut seconds = at;
        if seconds.word("sec").is_none() {
            at.word("s")?;
            at.end_of_word()?;
        }
        Some((number, Unit::Seconds))
    };
    if let Some((number, unit)) = find(message, quota).or_else(|| find(message, retry)) {
        let value = float_of_text(&number).unwrap_or(f64::NAN);
        return Ok(Some(if matches!(unit, Unit::Milliseconds) { value / 1000.0 } else { value }));
    }
    if behaviour.spells_out_reset_times {
        return Ok(find(message, seconds_field).or_else(|| find(message, spelled_out).flatten()));
    }
    if !behaviour.reads_hours_until_reset {
        return Ok(None);
    }
    let hours_and_minutes = |mut at: Scanner<'_>| {
        let hours = at.resets_in()?;
        at.word("hr")?;
        at.some(is_space)?;
        let minutes = at.digits()?;
        at.any(is_space);
        at.word("min")?;
        Some((hours, minutes))
    };
    let only = |unit: &'static str| {
        move |mut at: Scanner<'_>| {
            let number = at.resets_in()?;
            at.word(unit)?;
            at.end_of_word()?;
            Some(number)
        }
    };
    if let Some((hours, minutes)) = find(message, hours_and_minutes) {
        return Ok(Some(whole(&hours)? * 3600.0 + whole(&minutes)? * 60.0));
    }
    if let Some(hours) = find(message, only("hr")) {
        return Ok(Some(whole(&hours)? * 3600.0));
    }
    if let Some(minutes) = find(message, only("min")) {
        return Ok(Some(whole(&minutes)? * 60.0));
    }
    Ok(None)
}

/// `resets_in_seconds\W{1,4}(…)`: the field of a body that was written as text.
fn seconds_field(mut at: Scanner<'_>) -> Option<f64> {
    at.word("resets_in_seconds")?;
    let between = at.some(|c| c != '_' && !is_alphanumeric(c))?;
    let number = at.number()?;
    (between.chars().count() <= 4).then(|| float_of_text(&number).unwrap_or(f64::NAN))
}

/// `resets in` and hours, minutes and seconds, of which each may be missing; `None` within where all are: the first place
/// is the only one that counts.
fn spelled_out(mut at: Scanner<'_>) -> Option<Option<f64>> {
    const UNITS: [(&[&str], f64); 3] = [
        (&["h", "hr", "hrs", "hour", "hours"], 3600.0),
        (&["m", "min", "mins", "minute", "minutes"], 60.0),
        (&["s", "sec", "secs", "second", "seconds"], 1.0),
    ];
    at.resets_in_words()?;
    let mut all = None;
    for (names, seconds) in UNITS {
        let mut part = at;
        let Some(number) = part.number() else { break };
        part.any(is_space);
        let unit = names.iter().find_map(|name| {
            let mut behind = part;
            behind.word(name)?;
            behind.end_of_word().map(|()| behind)
        });
        if let Some(mut behind) = unit {
            behind.any(is_space);
            at = behind;
            all = Some(all.unwrap_or(0.0) + float_of_text(&number).unwrap_or(f64::NAN) * seconds);
        }
    }
    Some(all)
}

/// `int(digits)`, then added to the time.
fn whole(digits: &str) -> Outcome<f64> {
    /// More digits than Python converts.
    const MOST: usize = 4300;
    if digits.chars().count() > MOST {
        return Err(Stop::raised(
            "ValueError",
            format!(
                "Exceeds the limit ({MOST} digits) for integer string conversion: value has {} digits; \
                 use sys.set_int_max_str_digits() to increase the limit",
                digits.chars().count()
            ),
        ));
    }
    let value = float_of_text(digits).unwrap_or(f64::NAN);
    // Times 3600 it is out of range a little earlier.
    if value > f64::MAX / 7200.0 {
        return Err(Stop::raised("OverflowError", "int too large to convert to float"));
    }
    Ok(value)
}

enum Unit {
    Seconds,
    Milliseconds,
}

/// The first place of `text` where `pattern` holds.
fn find<'t, T>(text: &'t str, pattern: impl Fn(Scanner<'t>) -> Option<T>) -> Option<T> {
    text.char_indices().find_map(|(at, _)| pattern(Scanner { rest: text.get(at..)? }))
}

/// Reads one pattern forwards. None of them needs a step back.
#[derive(Clone, Copy)]
struct Scanner<'t> {
    rest: &'t str,
}

impl<'t> Scanner<'t> {
    /// As many characters that `fits` as there are.
    fn any(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c: char| !fits(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// The same, at least one.
    fn some(&mut self, fits: impl Fn(char) -> bool) -> Option<&'t str> {
        Some(self.any(fits)).filter(|taken| !taken.is_empty())
    }

    /// `word` in any letter case.
    fn word(&mut self, word: &str) -> Option<&'t str> {
        let mut characters = self.rest.char_indices();
        for wanted in word.chars() {
            let (_, c) = characters.next()?;
            if !same_letter(c, wanted) {
                return None;
            }
        }
        let end = characters.next().map_or(self.rest.len(), |(at, _)| at);
        let (taken, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(taken)
    }

    /// `\d+`.
    fn digits(&mut self) -> Option<String> {
        self.some(|c| decimal(c).is_some()).map(str::to_owned)
    }

    /// `\d+(?:\.\d+)?`.
    fn number(&mut self) -> Option<String> {
        let mut number = self.digits()?;
        let mut fraction = *self;
        if fraction.word(".").is_some()
            && let Some(digits) = fraction.digits()
        {
            number.push('.');
            number.push_str(&digits);
            *self = fraction;
        }
        Some(number)
    }

    /// `resets?\s+in\s+`.
    fn resets_in_words(&mut self) -> Option<()> {
        self.word("reset")?;
        let _ = self.word("s");
        self.some(is_space)?;
        self.word("in")?;
        self.some(is_space).map(|_| ())
    }

    /// `resets?\s+in\s+(\d+)\s*`.
    fn resets_in(&mut self) -> Option<String> {
        self.resets_in_words()?;
        let number = self.digits()?;
        self.any(is_space);
        Some(number)
    }

    /// `\b` behind a letter.
    fn end_of_word(&self) -> Option<()> {
        let goes_on = self.rest.chars().next().is_some_and(|c| c == '_' || is_alphanumeric(c));
        (!goes_on).then_some(())
    }
}

/// Whether Python's `re.IGNORECASE` takes `c` for the ASCII letter `wanted`: it also knows the dotted and the
/// dotless i and the long s.
fn same_letter(c: char, wanted: char) -> bool {
    let wanted = wanted.to_ascii_lowercase();
    c.to_ascii_lowercase() == wanted
        || (wanted == 'i' && matches!(c, 'ı' | 'İ'))
        || (wanted == 's' && c == 'ſ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_in_messages_are_read_as_in_the_real_program() {
        // Each value is what `_extract_retry_delay_seconds` of 0.19.0 returned.
        let read = [
            ("retry after 30 seconds", Some(30.0)),
            ("Please retry in 28.91s", None),
            ("Retry 5s", Some(5.0)),
            ("retry  7.5 sec", Some(7.5)),
            ("retry 5 sx", None),
            ("retry 5 s.", Some(5.0)),
            ("retry after5s", None),
            ("Resets in 4hr 5min", Some(14700.0)),
            ("reset in 4 hr", Some(14400.0)),
            ("resets in 10min.", Some(600.0)),
            ("resets in 10minutes", None),
            ("resets in 3hrs", None),
            ("quotaResetDelay: \"1.5s\"", Some(1.5)),
            ("\"quotaResetDelay\":\"250ms\"", Some(0.25)),
            ("QUOTARESETDELAY 250MS", Some(0.25)),
            ("quotaResetDelay 12.s", None),
            ("quotaResetDelay:5m", None),
            ("retry after ٣ seconds", Some(3.0)),
            ("retry after 5 s_", None),
            ("retry\u{a0}after 9 seconds", Some(9.0)),
            ("Reset in 1hr foo resets in 2hr 3min", Some(7380.0)),
            ("retry 1 retry 2s", Some(2.0)),
            ("retry after after 2s", None),
            ("reſets ın 5mın", Some(300.0)),
            ("quotaResetDelay:1mſ", Some(1.0)),
            ("retry in 2s; resets in 1hr", Some(3600.0)),
            ("", None),
        ];
        for (message, delay) in read {
            let newest = &crate::facts::Facts::newest().unwrap().behaviour;
            assert_eq!(retry_delay(message, newest).unwrap(), delay, "{message}");
        }
    }

    // Read, not run: `reset_delay_from_message` of `agent/retry_utils.py` tries quotaResetDelay, `retry … seconds`, the
    // field and `resets in` in this order; each value is what these patterns give by hand.
    #[test]
    fn newer_releases_read_delays_with_words() {
        let read = [
            ("Resets in 4hr 5min", Some(14_700.0)),
            ("resets in 2 hours 5 minutes", Some(7500.0)),
            ("resets in 1.5h", Some(5400.0)),
            ("resets in 10minutes", Some(600.0)),
            ("resets in 30s", Some(30.0)),
            ("resets in 5 sx", None),
            ("resets in 2 hours and 5 minutes", Some(7200.0)),
            ("resets in soon, resets in 5s", None),
            ("'resets_in_seconds': 30995", Some(30_995.0)),
            ("resets_in_seconds_ 5", None),
            ("resets_in_seconds ::: 5", None),
            ("resets in 1h; resets_in_seconds=7", Some(7.0)),
            ("resets in 1h, retry after 9s", Some(9.0)),
            ("resets in 3", None),
        ];
        let behaviour = &crate::facts::Facts::of("0.21.4").unwrap().behaviour;
        for (message, delay) in read {
            assert_eq!(retry_delay(message, behaviour).unwrap(), delay, "{message}");
        }
    }

    #[test]
    fn reset_times_are_read_as_in_the_real_program() {
        // Each value is what `_parse_absolute_timestamp` of 0.19.0 returned.
        let read = [
            (Value::int(1), Some(1.0)),
            (Value::int(0), None),
            (Value::int(-1), None),
            (Value::Bool(true), Some(1.0)),
            (Value::Float(1e12), Some(1e12)),
            (Value::int(1_000_000_000_001), Some(1_000_000_000.001)),
            (Value::str("-5"), Some(-5.0)),
            (Value::str(" 7 "), Some(7.0)),
            (Value::str("2026-05-28T20:00:00Z"), Some(1_779_998_400.0)),
            (Value::str("soon"), None),
            (Value::list(Vec::new()), None),
            (Value::None, None),
        ];
        for (value, seconds) in read {
            assert_eq!(parse_absolute_timestamp(&value).unwrap(), seconds, "{value:?}");
        }
        let huge = Value::Int(crate::python::int_of_text(&"9".repeat(400)).unwrap());
        assert!(parse_absolute_timestamp(&huge).is_err());
    }
}
