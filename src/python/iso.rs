//! `datetime.fromisoformat(text).timestamp()` as CPython 3.11 works it out, in the time zone UTC.

use super::parse_float;

/// Seconds since the epoch of an ISO 8601 text, or `None` where Python raises `ValueError`. A text without an
/// offset is taken as UTC.
///
/// Follows `datetime_fromisoformat` of CPython's _datetimemodule.c with its leniencies, so that what Hermes reads
/// is read and nothing else.
///
/// ```
/// use poolcheck::python::iso_timestamp;
/// assert_eq!(iso_timestamp("2026-01-01T01:00:00.5+01:00"), Some(1767225600.5));
/// assert_eq!(iso_timestamp("2026-W01-4"), Some(1767225600.0));
/// assert_eq!(iso_timestamp("1 January 2026"), None);
/// ```
pub fn iso_timestamp(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    // The C code counts bytes of UTF-8 and reads a zero behind the last one.
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    if bytes.len() < 7 {
        return None;
    }
    let separator = separator(bytes)?;
    let days = date(bytes, separator)?;
    let (mut time, mut offset) = (Time::default(), None);
    if bytes.len() > separator {
        let width = match at(separator) {
            byte if byte & 0x80 == 0 => 1,
            byte if byte & 0xf0 == 0xe0 => 3,
            byte if byte & 0xf0 == 0xf0 => 4,
            _ => 2,
        };
        (time, offset) = clock(bytes, separator + width)?;
    }
    if time.hour > 23 || time.minute > 59 || time.second > 59 {
        return None;
    }
    let seconds = days * DAY + time.hour * 3600 + time.minute * 60 + time.second;
    match offset {
        // Asked for the other side of a clock change, `timestamp()` looks one day back, and year 0 is an error.
        None if seconds - DAY < FIRST_DAY * DAY => None,
        None => Some(seconds as f64 + time.micros as f64 / 1e6),
        Some(offset) => {
            let micros = (seconds * 1_000_000 + time.micros) - offset;
            // Read as a decimal number, so that it is rounded once, as Python's division of integers is.
            let sign = if micros < 0 { "-" } else { "" };
            let micros = micros.unsigned_abs();
            parse_float(&format!("{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000))
        }
    }
}

const DAY: i64 = 86_400;
/// 0001-01-01 in days since the epoch.
const FIRST_DAY: i64 = -719_162;

#[derive(Default)]
struct Time {
    hour: i64,
    minute: i64,
    second: i64,
    micros: i64,
}

fn digits(bytes: &[u8], start: usize, count: usize) -> Option<i64> {
    let mut value = 0;
    for byte in bytes.get(start..start.checked_add(count)?)? {
        value = value * 10 + i64::from(char::from(*byte).to_digit(10)?);
    }
    Some(value)
}

/// Where the date ends: `_find_isoformat_datetime_separator`.
fn separator(bytes: &[u8]) -> Option<usize> {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let length = bytes.len();
    if length == 7 {
        return Some(7);
    }
    match (at(4), at(5)) {
        (b'-', b'W') if at(8) == b'-' => match length {
            9 => None,
            // Either separator is possible here; the C code settles for the hyphen.
            _ if at(10).is_ascii_digit() => Some(8),
            _ => Some(10),
        },
        (b'-', b'W') => Some(8),
        (b'-', _) => Some(10),
        (b'W', _) => {
            let run = bytes.iter().skip(7).take_while(|byte| byte.is_ascii_digit()).count();
            match 7 + run {
                end if end < 9 => Some(end),
                end if end % 2 == 0 => Some(7),
                _ => Some(8),
            }
        }
        _ => Some(8),
    }
}

/// Days since the epoch: `parse_isoformat_date`, which may stop before `end` for a week date only.
fn date(bytes: &[u8], end: usize) -> Option<i64> {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let year = digits(bytes, 0, 4)?;
    let dashed = at(4) == b'-';
    let mut place = if dashed { 5 } else { 4 };
    let dash = |place: &mut usize| {
        if dashed {
            *place += 1;
            return at(*place - 1) == b'-';
        }
        true
    };
    if at(place) == b'W' {
        let week = digits(bytes, place + 1, 2)?;
        place += 3;
        let mut day = 1;
        if place < end {
            if !dash(&mut place) {
                return None;
            }
            day = digits(bytes, place, 1)?;
        }
        return week_date(year, week, day);
    }
    let month = digits(bytes, place, 2)?;
    place += 2;
    if !dash(&mut place) {
        return None;
    }
    let day = digits(bytes, place, 2)?;
    let valid = place + 2 == end
        && (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day);
    valid.then(|| days_from_civil(year, month, day))
}

fn week_date(year: i64, week: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year) || !(1..=7).contains(&day) {
        return None;
    }
    let first = days_from_civil(year, 1, 1);
    // 0 is Monday: 1970-01-01 was a Thursday.
    let weekday = (first + 3).rem_euclid(7);
    let long = weekday == 3 || (weekday == 2 && is_leap(year));
    let weeks = if long { 53 } else { 52 };
    if !(1..=weeks).contains(&week) {
        return None;
    }
    let monday = first - weekday + if weekday > 3 { 7 } else { 0 };
    let days = monday + (week - 1) * 7 + day - 1;
    (FIRST_DAY..=days_from_civil(9999, 12, 31)).contains(&days).then_some(days)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since the epoch of a day of the proleptic Gregorian calendar, counted in years that begin in March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// `datetime.fromtimestamp(seconds, timezone.utc).isoformat()`, or `None` where Python raises.
///
/// ```
/// use poolcheck::python::iso_text;
/// assert_eq!(iso_text(1780000000.0).as_deref(), Some("2026-05-28T20:26:40+00:00"));
/// assert_eq!(iso_text(-0.5).as_deref(), Some("1969-12-31T23:59:59.500000+00:00"));
/// assert_eq!(iso_text(f64::NAN), None);
/// ```
pub fn iso_text(seconds: f64) -> Option<String> {
    let whole = seconds.trunc();
    // Beyond these are no years of four digits; the cast below is exact within.
    if seconds.is_nan() || whole.abs() > 1e12 {
        return None;
    }
    let micros = ((seconds - whole) * 1e6).round_ties_even() as i64 + whole as i64 * 1_000_000;
    let (seconds, micros) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let (year, month, day) = civil_from_days(seconds.div_euclid(DAY));
    if !(1..=9999).contains(&year) {
        return None;
    }
    let time = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}+00:00"))
}

/// Year, month and day of a number of days since the epoch: the inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// The time of day and the offset in microseconds: `parse_isoformat_time`.
fn clock(bytes: &[u8], start: usize) -> Option<(Time, Option<i64>)> {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let end = bytes.len();
    let mut zone = start;
    loop {
        if matches!(at(zone), b'+' | b'-' | b'Z') {
            break;
        }
        zone += 1;
        if zone >= end {
            break;
        }
    }
    let (time, more) = parts(bytes, start, zone)?;
    if zone >= end {
        return (!more).then_some((time, None));
    }
    if at(zone) == b'Z' {
        return (at(zone + 1) == 0).then_some((time, Some(0)));
    }
    let (offset, more) = parts(bytes, zone + 1, end)?;
    let seconds = offset.hour * 3600 + offset.minute * 60 + offset.second;
    let micros = seconds * 1_000_000 + offset.micros;
    if more || micros >= DAY * 1_000_000 {
        return None;
    }
    Some((time, Some(if at(zone) == b'-' { -micros } else { micros })))
}

/// `parse_hh_mm_ss_ff`: the parts between `start` and `end`, and whether something stands behind them.
fn parts(bytes: &[u8], start: usize, end: usize) -> Option<(Time, bool)> {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let mut time = Time::default();
    let mut place = start;
    let mut colons = true;
    for part in 0..3 {
        let value = digits(bytes, place, 2)?;
        match part {
            0 => time.hour = value,
            1 => time.minute = value,
            _ => time.second = value,
        }
        let next = at(place + 2);
        place += 3;
        if part == 0 {
            colons = next == b':';
        }
        if place >= end {
            return Some((time, next != 0));
        }
        match next {
            b':' if colons => {}
            b'.' | b',' => break,
            _ if !colons => place -= 1,
            _ => return None,
        }
    }
    let count = (end - place).min(6);
    time.micros = digits(bytes, place, count)? * 10_i64.pow(6 - u32::try_from(count).unwrap_or(6));
    place += count;
    while at(place).is_ascii_digit() {
        place += 1;
    }
    Some((time, at(place) != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_read_as_in_python() {
        // Each value is that of datetime.fromisoformat(text).timestamp() in Python 3.11.7 with TZ=UTC.
        let read = [
            ("2046W011", Some(2398377600.0)),
            ("2026-01-02T0304050653", Some(1767323045.0653)),
            ("9026-01-02T03:04:05", Some(222665943845.0)),
            ("2026-01-02T03:04:05.50+05:30", Some(1767303245.5)),
            ("9999-12-31T23:59:59.9999699", Some(253402300799.99997)),
            ("2826-01-02é10:00", Some(27012909600.0)),
            ("9025-01-02T03:04:05.+01:00", Some(222634404245.0)),
            ("2126-W01-4T10:00", Some(4923108000.0)),
            ("20260102T030402", Some(1767323042.0)),
            ("0001-01-12", Some(-62134646400.0)),
            ("2026-04-02T03:04:05,123Z", Some(1775099045.123)),
            ("9999-12-31T23:56:59.999999", Some(253402300620.0)),
            ("2026-01-02T030405+0530", Some(1767303245.0)),
            ("2126-01-02 03:04:05.123456+00:00", Some(4922996645.123456)),
            ("0009-01-02", Some(-61883049600.0)),
            ("2026-01-02 03:04:05.123450+00:00", Some(1767323045.12345)),
            ("2020-W53-5", Some(1609459200.0)),
            ("2026-01-02T03:04:07-23:59:59.999999", Some(1767409446.999999)),
            ("2026-05-02T03:04:05", Some(1777691045.0)),
            ("2026-01-02T030405+03", Some(1767312245.0)),
            ("2026-01-02T03:04:505-23:59:59.999999", Some(1767409489.999999)),
            ("20260102T060405", Some(1767333845.0)),
            ("2016W01918", Some(1451930400.0)),
            ("2026W01:10", Some(1767002400.0)),
            ("2024-T2-29T12", None),
            ("-2,02-W53-7", None),
            ("2:026-01-02T33:04:05-23:59:59.999 999", None),
            ("2020-W53-7é", None),
            ("2026-01-02T24:0:002", None),
            ("2026-0-21", None),
            ("20126-0--02:T24:00:00", None),
            ("803260102T03405", None),
            ("2026-01-02T0:045:05", None),
            ("2.020W-W5.3-7", None),
            ("706014", None),
            ("9999-12,31T23:59:59.999999", None),
            ("0001-101-01T00:00:8002+10:00", None),
            ("07001-01-02", None),
        ];
        for (text, value) in read {
            assert_eq!(iso_timestamp(text), value, "{text}");
        }
    }

    #[test]
    fn each_day_is_written_as_it_is_read() {
        for days in (FIRST_DAY..=2_932_896).step_by(97) {
            let seconds = (days * DAY + 3661) as f64;
            let text = iso_text(seconds).unwrap();
            assert_eq!(iso_timestamp(&text), Some(seconds), "{text}");
        }
        // datetime.fromtimestamp(…, timezone.utc).isoformat() of each in Python 3.11; the last ones raise there.
        assert_eq!(iso_text(1780000000.1234565).unwrap(), "2026-05-28T20:26:40.123456+00:00");
        assert_eq!(iso_text(253402300799.0).unwrap(), "9999-12-31T23:59:59+00:00");
        assert_eq!(iso_text(253402300800.0), None);
        assert_eq!(iso_text(f64::INFINITY), None);
    }
}
