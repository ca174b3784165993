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
    let (sign, mut rest) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    if rest == "0" {
        return Some(Instant { s: 0, ns: 0 });
    }
    let mut total_ns = 0_i128;
    while {
        let (ns, after) = part(rest)?;
        total_ns = total_ns.checked_add(ns)?;
        rest = after;
        !rest.is_empty()
    } {}
    let second = i128::from(SECOND_NS);
    let total_ns = sign * total_ns;
    let s = i64::try_from(total_ns.div_euclid(second)).ok()?;
    Some(Instant { s, ns: total_ns.rem_euclid(second) as u32 })
}

/// Nanoseconds of the first number with its unit, and what follows.
fn part(text: &str) -> Option<(i128, &str)> {
    let number_end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, rest) = text.split_at(number_end);
    let unit_end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(unit_end);
    let mut unit_ns: i128 = match unit {
        "h" => 3_600_000_000_000,
        "m" => 60_000_000_000,
        "s" => 1_000_000_000,
        "ms" => 1_000_000,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ns" => 1,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.len() + fraction.len() == 0 || whole.len() > 19 || fraction.contains('.') {
        return None;
    }
    let mut ns = if whole.is_empty() { 0 } else { i128::from(whole.parse::<u64>().ok()?) * unit_ns };
    for digit in fraction.bytes() {
        unit_ns /= 10;
        ns += i128::from(digit - b'0') * unit_ns;
    }
    Some((ns, rest))
}
