//! CEL's conversions between types, and the durations that have a name.

use super::machine::shared;
use super::{arithmetic, decimal, time};
use crate::pack::program::Function;
use crate::value::{EvalError, Instant, SECOND_NS, Value};

type Outcome<'v> = Result<Value<'v>, EvalError>;

/// 2^63 as a double: the first that is no `int`.
const INT_END: f64 = 9_223_372_036_854_775_808.0;
/// 2^64 as a double: the first that is no `uint`.
const UINT_END: f64 = 18_446_744_073_709_551_616.0;

/// Calls a conversion.
pub(super) fn call<'v>(function: Function, value: Value<'v>) -> Outcome<'v> {
    match function {
        Function::Int => int(&value),
        Function::Uint => uint(&value),
        Function::Double => double(&value),
        Function::Text => text(value),
        Function::Bool => bool(&value),
        Function::Timestamp => match value {
            Value::Timestamp(_) => Ok(value),
            Value::Int(s) => time::timestamp(Instant { s, ns: 0 }),
            Value::Str(text) => time::parse(&text),
            _ => Err(EvalError::NoOverload),
        },
        Function::Duration => match value {
            Value::Duration(_) => Ok(value),
            Value::Int(s) => arithmetic::bounded(Instant { s, ns: 0 }),
            Value::Str(text) => duration(&text).ok_or(EvalError::Conversion).and_then(arithmetic::bounded),
            _ => Err(EvalError::NoOverload),
        },
        Function::OfMinutes => named(&value, 60),
        Function::OfHours => named(&value, 3600),
        Function::OfDays => named(&value, 86_400),
        Function::OfWeeks => named(&value, 604_800),
        _ => Err(EvalError::NoOverload),
    }
}

fn named<'v>(count: &Value<'v>, unit_s: i64) -> Outcome<'v> {
    let Value::Int(count) = count else { return Err(EvalError::NoOverload) };
    let s = count.checked_mul(unit_s).ok_or(EvalError::Overflow)?;
    arithmetic::bounded(Instant { s, ns: 0 })
}

fn int<'v>(value: &Value<'v>) -> Outcome<'v> {
    let value = match value {
        Value::Int(value) => *value,
        Value::Uint(value) => i64::try_from(*value).map_err(|_| EvalError::Overflow)?,
        Value::Double(value) if *value > -INT_END && *value < INT_END => *value as i64,
        Value::Double(_) => return Err(EvalError::Overflow),
        Value::Str(text) => text.parse().map_err(|_| EvalError::Conversion)?,
        Value::Timestamp(at) => at.s,
        _ => return Err(EvalError::NoOverload),
    };
    Ok(Value::Int(value))
}

fn uint<'v>(value: &Value<'v>) -> Outcome<'v> {
    let value = match value {
        Value::Uint(value) => *value,
        Value::Int(value) => u64::try_from(*value).map_err(|_| EvalError::Overflow)?,
        Value::Double(value) if *value > -1.0 && *value < UINT_END => *value as u64,
        Value::Double(_) => return Err(EvalError::Overflow),
        Value::Str(text) => text.parse().map_err(|_| EvalError::Conversion)?,
        _ => return Err(EvalError::NoOverload),
    };
    Ok(Value::Uint(value))
}

fn double<'v>(value: &Value<'v>) -> Outcome<'v> {
    let value = match value {
        Value::Double(value) => *value,
        Value::Int(value) => *value as f64,
        Value::Uint(value) => *value as f64,
        Value::Str(text) => decimal::parse(text).ok_or(EvalError::Conversion)?,
        _ => return Err(EvalError::NoOverload),
    };
    Ok(Value::Double(value))
}

fn bool<'v>(value: &Value<'v>) -> Outcome<'v> {
    let Value::Str(text) = value else {
        return if let Value::Bool(truth) = value {
            Ok(Value::Bool(*truth))
        } else {
            Err(EvalError::NoOverload)
        };
    };
    match &**text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
        _ => Err(EvalError::Conversion),
    }
}

fn text<'v>(value: Value<'v>) -> Outcome<'v> {
    Ok(match value {
        Value::Str(_) => value,
        Value::Bool(truth) => Value::text(if truth { "true" } else { "false" }),
        Value::Int(value) => shared(&value.to_string()),
        Value::Uint(value) => shared(&value.to_string()),
        Value::Double(value) => shared(&decimal::format(value)),
        Value::Timestamp(at) => time::format(at),
        Value::Duration(length) => {
            let mut out = String::new();
            let (mut s, mut ns) = (length.s, length.ns);
            if s < 0 {
                out.push('-');
                if ns > 0 {
                    (s, ns) = (s + 1, SECOND_NS - ns);
                }
            }
            out.push_str(&s.unsigned_abs().to_string());
            time::fraction(&mut out, ns);
            out.push('s');
            shared(&out)
        }
        _ => return Err(EvalError::NoOverload),
    })
}

/// Parses `1h30m`, `-1.5s`, `100ms`: numbers with units `h m s ms us µs ns`, exact to the nanosecond.
fn duration(text: &str) -> Option<Instant> {
    let (negative, mut rest) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        text => (false, text),
    };
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
