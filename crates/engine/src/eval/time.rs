//! Timestamps: RFC 3339 text, the proleptic Gregorian calendar, fixed offsets from UTC.

use super::convert::sign;
use crate::digits;
use crate::pack::program::Function;
use crate::value::{EvalError, Instant, SECOND_NS, Value};

/// First timestamp, 0001-01-01T00:00:00Z, Unix seconds.
pub const TIMESTAMP_S_MIN: i64 = -62_135_596_800;
/// Last second of timestamps, 9999-12-31T23:59:59Z, Unix seconds.
pub const TIMESTAMP_S_MAX: i64 = 253_402_300_799;
/// Seconds of a day.
pub(crate) const DAY_S: i64 = 86_400;

type Outcome<'v> = Result<Value<'v>, EvalError>;

/// A timestamp within its range.
pub(super) fn timestamp<'v>(at: Instant) -> Outcome<'v> {
    if (TIMESTAMP_S_MIN..=TIMESTAMP_S_MAX).contains(&at.s) {
        Ok(Value::Timestamp(at))
    } else {
        Err(EvalError::Overflow)
    }
}

/// Year, month 1..12 and day 1..31 of a day since 1970-01-01 (Howard Hinnant, `civil_from_days`).
pub(crate) fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let date = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, date)
}

/// Days since 1970-01-01 of a date (Howard Hinnant, `days_from_civil`).
fn days(year: i64, month: i64, date: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + date - 1;
    let of_era = year.rem_euclid(400);
    let of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    year.div_euclid(400) * 146_097 + of_era - 719_468
}

/// Reads decimal digits of a fixed width.
fn digits(text: &[u8], from: usize, width: usize) -> Option<i64> {
    text.get(from..from + width)?
        .iter()
        .try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))
}

/// Seconds of `Z`, `UTC` or `[+-]hh:mm`.
fn zone_s(zone: &[u8]) -> Option<i64> {
    if [&b""[..], b"Z", b"z", b"UTC", b"GMT", b"Etc/UTC"].contains(&zone) {
        return Some(0);
    }
    let (negative, text) = sign(zone);
    let (hours, minutes) = (digits(text, 0, 2)?, digits(text, 3, 2)?);
    let holds = text.len() == 5 && text[2] == b':' && hours < 24 && minutes < 60;
    let s = hours * 3600 + minutes * 60;
    holds.then_some(if negative { -s } else { s })
}

/// Parses RFC 3339: `2026-03-01T12:00:00.5Z`.
pub(super) fn parse<'v>(text: &str) -> Outcome<'v> {
    timestamp(rfc3339(text.as_bytes()).ok_or(EvalError::Conversion)?)
}

fn rfc3339(text: &[u8]) -> Option<Instant> {
    let mut parts = [0; 6];
    let mut at = 0;
    for (part, (width, mark)) in parts.iter_mut().zip(PARTS) {
        *part = digits(text, at, width)?;
        at += width + 1;
        // What follows the last part is read below.
        if at < 20 && !text.get(at - 1)?.eq_ignore_ascii_case(&mark) {
            return None;
        }
    }
    let [year, month, date, hour, minute, second] = parts;
    let day = days(year, month.clamp(1, 12), date);
    if civil(day) != (year, month, date) || hour >= 24 || minute >= 60 || second >= 60 {
        return None;
    }
    let mut rest = text.get(19..)?;
    let mut ns = 0;
    if let [b'.', fraction @ ..] = rest {
        let width = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let read = fraction[..width].iter().chain([b'0'; 9].iter()).take(9);
        ns = read.fold(0, |ns, digit| ns * 10 + u32::from(digit - b'0'));
        rest = &fraction[width..];
        if width == 0 {
            return None;
        }
    }
    if rest.is_empty() || rest[0].is_ascii_digit() || rest.len() != 1 && rest.len() != 6 {
        return None;
    }
    let s = day * DAY_S + hour * 3600 + minute * 60 + second - zone_s(rest)?;
    Some(Instant { s, ns })
}

/// Appends `.5`: the nanoseconds without trailing zeros, nothing for none.
pub(super) fn fraction(out: &mut String, ns: u32) {
    if ns > 0 {
        out.push('.');
        digits::push(out, ns.into(), 9);
        out.truncate(out.trim_end_matches('0').len());
    }
}

/// Widths of the parts of a time in text, and what follows each.
const PARTS: [(usize, u8); 6] = [(4, b'-'), (2, b'-'), (2, b't'), (2, b':'), (2, b':'), (2, b'z')];

/// Appends RFC 3339 in UTC.
pub(super) fn format(at: Instant, out: &mut String) {
    let (year, month, date) = civil(at.s.div_euclid(DAY_S));
    let second = at.s.rem_euclid(DAY_S);
    let parts = [year, month, date, second / 3600, second / 60 % 60, second % 60];
    for (value, (width, mark)) in parts.into_iter().zip(PARTS) {
        digits::push(out, value.unsigned_abs(), width);
        if mark == b'z' {
            fraction(out, at.ns);
        }
        out.push(char::from(mark.to_ascii_uppercase()));
    }
}

/// A field of a timestamp in a zone, or of a duration as a whole.
pub(super) fn get<'v>(function: Function, time: &Value<'v>, zone: &Value<'v>) -> Outcome<'v> {
    let Value::Str(zone) = zone else { return Err(EvalError::NoOverload) };
    let value = match time {
        Value::Timestamp(at) => {
            let s = at.s.saturating_add(zone_s(zone.as_bytes()).ok_or(EvalError::Conversion)?);
            of_timestamp(function, s, at.ns)
        }
        Value::Duration(length) if zone.is_empty() => of_duration(function, *length)?,
        _ => return Err(EvalError::NoOverload),
    };
    Ok(Value::Int(value))
}

fn of_timestamp(function: Function, s: i64, ns: u32) -> i64 {
    let day = s.div_euclid(DAY_S);
    let second = s.rem_euclid(DAY_S);
    let (year, month, date) = civil(day);
    match function {
        Function::FullYear => year,
        Function::Month => month - 1,
        Function::Date => date,
        Function::DayOfMonth => date - 1,
        Function::DayOfWeek => (day + 4).rem_euclid(7),
        Function::DayOfYear => day - days(year, 1, 1),
        Function::Hours => second / 3600,
        Function::Minutes => second / 60 % 60,
        Function::Seconds => second % 60,
        _ => i64::from(ns / 1_000_000),
    }
}

/// Whole hours, minutes or seconds of a duration, towards zero; the milliseconds within its second.
fn of_duration(function: Function, length: Instant) -> Result<i64, EvalError> {
    // Seconds are rounded down, so a negative length with a fraction is one second nearer to zero.
    let up = i64::from(length.s < 0 && length.ns > 0);
    let s = length.s + up;
    Ok(match function {
        Function::Hours => s / 3600,
        Function::Minutes => s / 60,
        Function::Seconds => s,
        Function::Milliseconds => (i64::from(length.ns) - up * i64::from(SECOND_NS)) / 1_000_000,
        _ => return Err(EvalError::NoOverload),
    })
}
