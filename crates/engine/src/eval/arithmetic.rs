//! CEL's arithmetic: no operator wraps, each refuses what is outside its range.

use super::time;
use crate::pack::program::Op;
use crate::value::{EvalError, Instant, SECOND_NS, Value};

/// Longest duration in seconds, either way: 292 years, what 64 bits of nanoseconds hold.
pub const DURATION_S_MAX: i64 = 9_223_372_036;

type Outcome<'v> = Result<Value<'v>, EvalError>;

/// `-value`
pub(super) fn negate<'v>(value: &Value<'v>) -> Outcome<'v> {
    match value {
        Value::Int(value) => value.checked_neg().map(Value::Int).ok_or(EvalError::Overflow),
        Value::Double(value) => Ok(Value::Double(-value)),
        _ => Err(EvalError::NoOverload),
    }
}

/// `left op right` for `+ - * / %`, except of lists.
pub(super) fn binary<'v>(op: Op, left: &Value<'v>, right: &Value<'v>) -> Outcome<'v> {
    match (left, right) {
        (Value::Int(_), Value::Int(_)) => int(whole(op, left, right)?),
        (Value::Uint(_), Value::Uint(_)) => uint(whole(op, left, right)?),
        (Value::Double(left), Value::Double(right)) => double(op, *left, *right),
        (Value::Str(left), Value::Str(right)) if op == Op::Add => {
            let mut text = String::with_capacity(left.len() + right.len());
            text.push_str(left);
            text.push_str(right);
            Ok(Value::made(&text))
        }
        (
            Value::Duration(first) | Value::Timestamp(first),
            Value::Duration(second) | Value::Timestamp(second),
        ) => {
            let is_time = |value: &Value<'_>| matches!(value, Value::Timestamp(_));
            let sum = sum(op, *first, *second)?;
            match (is_time(left), is_time(right), op) {
                (true, true, Op::Subtract) | (false, false, _) => bounded(sum),
                (true, false, _) | (false, true, Op::Add) => time::timestamp(sum),
                _ => Err(EvalError::NoOverload),
            }
        }
        _ => Err(EvalError::NoOverload),
    }
}

/// An `int`, unless it is out of range.
pub(super) fn int<'v>(value: i128) -> Outcome<'v> {
    i64::try_from(value).map(Value::Int).map_err(|_| EvalError::Overflow)
}

/// A `uint`, unless it is out of range.
pub(super) fn uint<'v>(value: i128) -> Outcome<'v> {
    u64::try_from(value).map(Value::Uint).map_err(|_| EvalError::Overflow)
}

/// Two integers of one type. 128 bits hold every result but some products of two uints, which wrap to below zero.
fn whole(op: Op, left: &Value<'_>, right: &Value<'_>) -> Result<i128, EvalError> {
    let (Some(left), Some(right)) = (left.whole(), right.whole()) else { return Err(EvalError::NoOverload) };
    // Magnitudes have 64 bits, which divide without a library.
    let (above, below) = (left.unsigned_abs() as u64, right.unsigned_abs() as u64);
    let signed = |value: u64, negative: bool| if negative { -i128::from(value) } else { value.into() };
    Ok(match op {
        Op::Add => left + right,
        Op::Subtract => left - right,
        Op::Multiply => left.wrapping_mul(right),
        Op::Divide | Op::Modulo if below == 0 => return Err(EvalError::DivisionByZero),
        Op::Divide => signed(above / below, (left < 0) != (right < 0)),
        // The one quotient that is out of range has no remainder either.
        Op::Modulo if left == i64::MIN.into() && right == -1 => return Err(EvalError::Overflow),
        Op::Modulo => signed(above % below, left < 0),
        _ => return Err(EvalError::NoOverload),
    })
}

fn double<'v>(op: Op, left: f64, right: f64) -> Outcome<'v> {
    Ok(Value::Double(match op {
        Op::Add => left + right,
        Op::Subtract => left - right,
        Op::Multiply => left * right,
        Op::Divide => left / right,
        _ => return Err(EvalError::NoOverload),
    }))
}

/// A duration within [`DURATION_S_MAX`].
pub(super) fn bounded<'v>(length: Instant) -> Outcome<'v> {
    if (-DURATION_S_MAX..=DURATION_S_MAX).contains(&length.s) {
        Ok(Value::Duration(length))
    } else {
        Err(EvalError::Overflow)
    }
}

/// `left + right` or `left - right` of seconds and nanoseconds.
fn sum(op: Op, left: Instant, right: Instant) -> Result<Instant, EvalError> {
    let (s, ns) = match op {
        Op::Add => (left.s.checked_add(right.s), left.ns + right.ns),
        Op::Subtract => {
            let whole = left.s.checked_sub(right.s).and_then(|s| s.checked_sub(1));
            (whole, left.ns + SECOND_NS - right.ns)
        }
        _ => return Err(EvalError::NoOverload),
    };
    let s = s.and_then(|s| s.checked_add(i64::from(ns / SECOND_NS))).ok_or(EvalError::Overflow)?;
    Ok(Instant { s, ns: ns % SECOND_NS })
}
