//! Evaluates a pack's predicates over traits: a fast path for comparisons with a constant, a small
//! stack machine for everything else. Total: any program ends within [`STEPS_MAX`] with a value or an
//! [`EvalError`]; nothing is parsed and, for conditions over numbers, texts and times, nothing allocated.

mod arithmetic;
mod convert;
mod decimal;
mod machine;
mod time;

use std::cmp::Ordering;

use crate::pack::core::{Core, Predicate};
use crate::pack::program::{CompareOp, ConstantKind, HistoryFunction};
use crate::pack::record::Str;
pub use crate::value::{EvalError, Instant, Text, Value, entries};
pub use arithmetic::DURATION_S_MAX;
pub(crate) use convert::{integer, truth};
pub(crate) use decimal::parse as double;
pub use machine::STEPS_MAX;
pub(crate) use time::{DAY_S, civil};
pub use time::{TIMESTAMP_S_MAX, TIMESTAMP_S_MIN};

/// A question to the shopper's history.
#[derive(Clone, Debug)]
pub struct HistoryQuery<'q> {
    /// What is asked.
    pub function: HistoryFunction,
    /// Event name or product id; empty for [`HistoryFunction::Funnel`].
    pub subject: &'q str,
    /// Event names of a funnel, in order; else empty.
    pub steps: &'q [Value<'q>],
    /// How far back from now, seconds; `i64::MAX` = all that is remembered.
    pub window_s: i64,
    /// Event fields and the values they must have, in turn; empty = every event.
    pub filter: &'q [Value<'q>],
}

/// Where conditions get their values from.
pub trait TraitSource {
    /// The trait of a code, under a key for keyed traits (else `""`); none when it is absent.
    fn value(&self, code: u16, key: &str) -> Option<Value<'_>>;

    /// The answer to a question to the history; none when there is no answer (the last of no events).
    /// The default has no history.
    fn history(&self, query: &HistoryQuery<'_>) -> Option<Value<'_>> {
        let _ = query;
        None
    }
}

/// Whether a predicate holds.
///
/// # Errors
/// Why it has no truth value; an audience counts that as not holding.
#[inline]
pub fn evaluate<'v, S: TraitSource>(
    core: &Core<'v>,
    predicate: &Predicate,
    source: &'v S,
) -> Result<bool, EvalError> {
    if predicate.op == 0 {
        return match compute(core, predicate, source)? {
            Value::Bool(truth) => Ok(truth),
            _ => Err(EvalError::NoOverload),
        };
    }
    let key = if predicate.key == Str(0) { "" } else { core.text(predicate.key) };
    let value = source.value(predicate.trait_code, key).ok_or(EvalError::Absent)?;
    compare(core, predicate, &value)
}

/// Compares a trait's value with the predicate's constant.
///
/// # Errors
/// Why the comparison has no truth value.
#[inline]
pub(crate) fn compare(core: &Core<'_>, predicate: &Predicate, value: &Value<'_>) -> Result<bool, EvalError> {
    let op = CompareOp::from_code(predicate.op).ok_or(EvalError::Program)?;
    let bits = predicate.value;
    let constant = match (ConstantKind::from_code(predicate.constant).ok_or(EvalError::Program)?, value) {
        // What most audiences ask. A number that is none is unlike every other.
        (ConstantKind::Int, Value::Int(own)) => return Ok(holds(op, own.cmp(&(bits as i64)))),
        (ConstantKind::Double, Value::Double(own)) => {
            let order = own.partial_cmp(&f64::from_bits(bits));
            return Ok(order.map_or(op == CompareOp::NotEqual, |order| holds(op, order)));
        }
        (ConstantKind::Bool, _) => Value::Bool(bits != 0),
        (ConstantKind::Int, _) => Value::Int(bits as i64),
        (ConstantKind::Double, _) => Value::Double(f64::from_bits(bits)),
        (ConstantKind::Str, _) => Value::text(core.text(Str(bits as u32))),
    };
    match op {
        CompareOp::Equal => Ok(value.equals(&constant)),
        CompareOp::NotEqual => Ok(!value.equals(&constant)),
        _ => Ok(value.compare(&constant)?.is_some_and(|order| holds(op, order))),
    }
}

/// Whether two values in that order satisfy a comparison.
fn holds(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Equal => order.is_eq(),
        CompareOp::NotEqual => order.is_ne(),
        CompareOp::Less => order.is_lt(),
        CompareOp::LessOrEqual => order.is_le(),
        CompareOp::Greater => order.is_gt(),
        CompareOp::GreaterOrEqual => order.is_ge(),
    }
}

/// The value of a predicate of any type; what `explain` and computed values use.
///
/// # Errors
/// Why there is no value.
pub fn compute<'v, S: TraitSource>(
    core: &Core<'v>,
    predicate: &Predicate,
    source: &'v S,
) -> Result<Value<'v>, EvalError> {
    if predicate.op != 0 {
        return evaluate(core, predicate, source).map(Value::Bool);
    }
    let (start, end) = (predicate.code.start as usize, predicate.code.end() as usize);
    let code = core.code.bytes().get(start..end).ok_or(EvalError::Program)?;
    machine::run(code, core.strings, source)
}
