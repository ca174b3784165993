//! CEL's arithmetic: no operator wraps, each refuses what is outside its range.

use super::machine::shared;
use super::time;
use crate::pack::program::Op;
use crate::value::{EvalError, Instant, SECOND_NS, Value};
use std::rc::Rc;

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

/// `left op right` for `+ - * / %`.
pub(super) fn binary<'v>(op: Op, left: Value<'v>, right: &Value<'v>) -> Outcome<'v> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => int(op, left, *right).map(Value::Int),
        (Value::Uint(left), Value::Uint(right)) => uint(op, left, *right).map(Value::Uint),
        (Value::Double(left), Value::Double(right)) => double(op, left, *right),
        (Value::Str(left), Value::Str(right)) if op == Op::Add => {
            let mut text = String::with_capacity(left.len() + right.len());
            text.push_str(&left);
            text.push_str(right);
            Ok(shared(&text))
        }
        (Value::List(mut left), Value::List(right)) if op == Op::Add => {
            Rc::make_mut(&mut left).extend(right.iter().cloned());
            Ok(Value::List(left))
        }
        (Value::Duration(left), Value::Duration(right)) => duration(op, left, *right),
        (Value::Timestamp(left), Value::Duration(right)) => time::timestamp(sum(op, left, *right)?),
        (Value::Duration(left), Value::Timestamp(right)) if op == Op::Add => {
            time::timestamp(sum(op, left, *right)?)
        }
        (Value::Timestamp(left), Value::Timestamp(right)) if op == Op::Subtract => duration(op, left, *right),
        _ => Err(EvalError::NoOverload),
    }
}

fn int(op: Op, left: i64, right: i64) -> Result<i64, EvalError> {
    let value = match op {
        Op::Add => left.checked_add(right),
        Op::Subtract => left.checked_sub(right),
        Op::Multiply => left.checked_mul(right),
        _ if right == 0 => return Err(EvalError::DivisionByZero),
        Op::Divide => left.checked_div(right),
        _ => left.checked_rem(right),
    };
    value.ok_or(EvalError::Overflow)
}

fn uint(op: Op, left: u64, right: u64) -> Result<u64, EvalError> {
    let value = match op {
        Op::Add => left.checked_add(right),
        Op::Subtract => left.checked_sub(right),
        Op::Multiply => left.checked_mul(right),
        _ if right == 0 => return Err(EvalError::DivisionByZero),
        Op::Divide => left.checked_div(right),
        _ => left.checked_rem(right),
    };
    value.ok_or(EvalError::Overflow)
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

fn duration<'v>(op: Op, left: Instant, right: Instant) -> Outcome<'v> {
    bounded(sum(op, left, right)?)
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
