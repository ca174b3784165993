//! CEL's conversions between types, and the durations that have a name.

use super::{arithmetic, decimal, time};
use crate::digits;
use crate::pack::program::Function;
use crate::value::{EvalError, Instant, SECOND_NS, Value};

type Outcome<'v> = Result<Value<'v>, EvalError>;

/// 2^63 as a double: the first that is no `int`.
const INT_END: f64 = 9_223_372_036_854_775_808.0;
/// 2^64 as a double: the first that is no `uint`.
const UINT_END: f64 = 18_446_744_073_709_551_616.0;

/// Calls a conversion.
#[inline(never)]
pub(super) fn call<'v>(function: Function, value: &Value<'v>) -> Outcome<'v> {
    let text = if let Value::Str(text) = value { Some(&**text) } else { None };
    let seconds = |unit_s: i64| match value {
        Value::Int(count) => {
            count.checked_mul(unit_s).map(|s| Instant { s, ns: 0 }).ok_or(EvalError::Overflow)
        }
        _ => Err(EvalError::NoOverload),
    };
    let unit_s = match (function, value, text) {
        (Function::Text, ..) => return string(value),
        (Function::Bool, Value::Bool(_), _)
        | (Function::Timestamp, Value::Timestamp(_), _)
        | (Function::Duration, Value::Duration(_), _)
        | (Function::Int, Value::Int(_), _) => return Ok(value.clone()),
        (Function::Bool, _, Some(text)) => return truth(text).map(Value::Bool).ok_or(EvalError::Conversion),
        (Function::Timestamp, _, Some(text)) => return time::parse(text),
        (Function::Duration, _, Some(text)) => {
            return duration(text).ok_or(EvalError::Conversion).and_then(arithmetic::bounded);
        }
        (Function::Double, _, Some(text)) => {
            return decimal::parse(text).map(Value::Double).ok_or(EvalError::Conversion);
        }
        (Function::Double, ..) => return value.double().map(Value::Double).ok_or(EvalError::NoOverload),
        (Function::Int, Value::Timestamp(at), _) => return Ok(Value::Int(at.s)),
        (Function::Int, _, Some(text)) => return read(text, arithmetic::int),
        (Function::Uint, _, Some(text)) if !text.starts_with('-') => return read(text, arithmetic::uint),
        (Function::Uint, _, Some(_)) => return Err(EvalError::Conversion),
        (Function::Int, ..) => return arithmetic::int(whole(value)?),
        (Function::Uint, ..) => return arithmetic::uint(whole(value)?),
        (Function::Timestamp, ..) => return time::timestamp(seconds(1)?),
        (Function::Duration, ..) => 1,
        (Function::OfMinutes, ..) => 60,
        (Function::OfHours, ..) => 3600,
        (Function::OfDays, ..) => 86_400,
        (Function::OfWeeks, ..) => 604_800,
        _ => return Err(EvalError::NoOverload),
    };
    arithmetic::bounded(seconds(unit_s)?)
}

/// A number without its fraction.
fn whole(value: &Value<'_>) -> Result<i128, EvalError> {
    match *value {
        Value::Double(value) if value > -INT_END && value < INT_END => Ok((value as i64).into()),
        Value::Double(value) if value > 0.0 && value < UINT_END => Ok((value as u64).into()),
        Value::Double(_) => Err(EvalError::Overflow),
        _ => value.whole().ok_or(EvalError::NoOverload),
    }
}

/// The whole number that a text says, as a value of a type that holds it.
fn read<'v>(text: &str, of_type: impl Fn(i128) -> Outcome<'v>) -> Outcome<'v> {
    integer(text).and_then(|value| of_type(value).ok()).ok_or(EvalError::Conversion)
}

/// The whole number that a text says in decimal digits with an optional sign; none beyond 64 bits.
#[inline(never)]
pub(crate) fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = sign(text.as_bytes());
    let mut value = 0_u64;
    for digit in digits {
        let digit = Some(*digit).filter(u8::is_ascii_digit)?;
        value = value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
    }
    let value = if negative { -i128::from(value) } else { value.into() };
    (!digits.is_empty()).then_some(value)
}

/// Whether a text begins with a minus, and what follows its sign.
pub(super) fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        text => (false, text),
    }
}

/// The truth value that a text says.
#[inline(never)]
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

fn string<'v>(value: &Value<'v>) -> Outcome<'v> {
    let mut out = String::new();
    match value {
        Value::Str(_) => return Ok(value.clone()),
        Value::Bool(truth) => return Ok(Value::text(if *truth { "true" } else { "false" })),
        Value::Int(value) => digits::push_signed(&mut out, *value),
        Value::Uint(value) => digits::push(&mut out, *value, 1),
        Value::Double(value) => out = decimal::format(*value),
        Value::Timestamp(at) => time::format(*at, &mut out),
        Value::Duration(length) => {
            let (mut s, mut ns) = (length.s, length.ns);
            if s < 0 {
                out.push('-');
                if ns > 0 {
                    (s, ns) = (s + 1, SECOND_NS - ns);
                }
            }
            digits::push(&mut out, s.unsigned_abs(), 1);
            time::fraction(&mut out, ns);
            out.push('s');
        }
        _ => return Err(EvalError::NoOverload),
    }
    Ok(Value::made(&out))
}

/// Parses `1h30m`, `-1.5s`, `100ms`: numbers with units `h m s ms us µs ns`, exact to the nanosecond.
fn duration(text: &str) -> Option<Instant> {
    let (negative, mut rest) = sign(text.as_bytes());
    if rest == b"0" {
        return Some(Instant { s: 0, ns: 0 });
    }
    let mut total_ns = 0_i64;
    while {
        let (ns, after) = part(rest)?;
        total_ns = total_ns.checked_add(ns)?;
        rest = after;
        !rest.is_empty()
    } {}
    let total_ns = if negative { -total_ns } else { total_ns };
    let second = i64::from(SECOND_NS);
    Some(Instant { s: total_ns.div_euclid(second), ns: total_ns.rem_euclid(second) as u32 })
}

/// Nanoseconds of the first number with its unit, and what follows.
fn part(text: &[u8]) -> Option<(i64, &[u8])> {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (whole, mut rest) = text.split_at_checked(digits(text))?;
    let mut fraction: &[u8] = &[];
    if let [b'.', after @ ..] = rest {
        (fraction, rest) = after.split_at_checked(digits(after))?;
    }
    let unit_end = rest.iter().position(|byte| byte.is_ascii_digit() || *byte == b'.').unwrap_or(rest.len());
    let (unit, rest) = rest.split_at_checked(unit_end)?;
    let mut unit_ns: i64 = match unit {
        b"h" => 3_600_000_000_000,
        b"m" => 60_000_000_000,
        b"s" => 1_000_000_000,
        b"ms" => 1_000_000,
        b"us" | b"\xC2\xB5s" | b"\xCE\xBCs" => 1_000,
        b"ns" => 1,
        _ => return None,
    };
    if whole.len() + fraction.len() == 0 {
        return None;
    }
    let mut count = 0_i64;
    for digit in whole {
        count = count.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
    }
    let mut ns = count.checked_mul(unit_ns)?;
    for digit in fraction {
        unit_ns /= 10;
        ns = ns.checked_add(i64::from(digit - b'0') * unit_ns)?;
    }
    Some((ns, rest))
}
