//! The stack machine. A failed step leaves an error value, which strict operators hand on and `&&`,
//! `||` and `?:` may absorb.

use super::{HistoryQuery, TraitSource, arithmetic, convert, holds, time};
use crate::pack::file::Strings;
use crate::pack::limits::STACK_DEPTH_MAX;
use crate::pack::pattern;
use crate::pack::program::{CompareOp, Function, HistoryFunction, Instruction, LOOP_SLOTS, Op};
use crate::pack::record::Str;
use crate::value::{EvalError, Instant, Value, entries, find};
use std::rc::Rc;

/// Most steps of one program: an instruction costs one, copying and comparing one for each element.
pub const STEPS_MAX: u32 = 200_000;

type Outcome<'v> = Result<Value<'v>, EvalError>;

struct Machine<'v> {
    stack: [Value<'v>; STACK_DEPTH_MAX],
    depth: usize,
    steps: u32,
    strings: Strings<'v>,
    source: &'v dyn TraitSource,
}

/// Runs a program. One copy of the machine serves every source: programs are the slow way anyway.
///
/// # Errors
/// The error it ends with, or why it was stopped.
pub(super) fn run<'v>(code: &[u8], strings: Strings<'v>, source: &'v dyn TraitSource) -> Outcome<'v> {
    let stack = [const { Value::Null }; STACK_DEPTH_MAX];
    let mut machine = Machine { stack, depth: 0, steps: STEPS_MAX, strings, source };
    let mut at = 0;
    while at < code.len() {
        let (instruction, next) = Instruction::decode(code, at).ok_or(EvalError::Program)?;
        machine.spend(1)?;
        at = machine.step(instruction, next)?;
    }
    match machine.pop()? {
        Value::Error(error) => Err(error),
        value => Ok(value),
    }
}

/// Narrows an immediate that is a byte offset or a slot.
fn offset(immediate: u64) -> usize {
    usize::from(immediate as u16)
}

impl<'v> Machine<'v> {
    fn spend(&mut self, steps: usize) -> Result<(), EvalError> {
        let steps = u32::try_from(steps).map_err(|_| EvalError::Steps)?;
        self.steps = self.steps.checked_sub(steps).ok_or(EvalError::Steps)?;
        Ok(())
    }

    fn push(&mut self, value: Value<'v>) -> Result<(), EvalError> {
        self.depth += 1;
        *self.top()? = value;
        Ok(())
    }

    fn pop(&mut self) -> Outcome<'v> {
        let value = std::mem::replace(self.top()?, Value::Null);
        self.depth -= 1;
        Ok(value)
    }

    fn top(&mut self) -> Result<&mut Value<'v>, EvalError> {
        self.slot(self.depth.wrapping_sub(1))
    }

    fn slot(&mut self, slot: usize) -> Result<&mut Value<'v>, EvalError> {
        if slot < self.depth { self.stack.get_mut(slot) } else { None }.ok_or(EvalError::Program)
    }

    /// The values from a slot up.
    fn above(&mut self, start: usize) -> Result<&mut [Value<'v>], EvalError> {
        self.stack.get_mut(start..self.depth).ok_or(EvalError::Program)
    }

    /// Drops everything from a slot up, and pushes a value.
    fn replace(&mut self, start: usize, value: Value<'v>) -> Result<(), EvalError> {
        self.above(start)?.fill(Value::Null);
        self.depth = start;
        self.push(value)
    }

    /// Does one instruction; returns where to go on. Inlined into the loop, its only caller: smaller, and no call for each.
    #[inline(always)]
    fn step(&mut self, instruction: Instruction, next: usize) -> Result<usize, EvalError> {
        let Instruction { op, a, b } = instruction;
        match op {
            Op::Jump | Op::Again => return Ok(offset(a)),
            Op::AndJump | Op::OrJump => {
                let done = matches!(self.top()?, Value::Bool(truth) if *truth == (op == Op::OrJump));
                return Ok(if done { offset(a) } else { next });
            }
            Op::While | Op::Branch => {
                let top = self.top()?;
                let truth = matches!(top, Value::Bool(true));
                if op == Op::Branch && !matches!(top, Value::Bool(_)) {
                    if !matches!(top, Value::Error(_)) {
                        *top = Value::Error(EvalError::NoOverload);
                    }
                    return Ok(b as usize);
                }
                self.pop()?;
                return Ok(if truth { next } else { offset(a) });
            }
            Op::Store => {
                let value = self.pop()?;
                *self.slot(offset(a))? = value;
            }
            Op::Iterate => self.iterate()?,
            Op::Next => return Ok(if self.advance(offset(a))? { next } else { b as usize }),
            Op::Finish => {
                let value = self.pop()?;
                self.replace(offset(a), value)?;
            }
            _ => {
                let (pops, _) = instruction.effect().ok_or(EvalError::Program)?;
                let start = self.depth.checked_sub(pops).ok_or(EvalError::Program)?;
                let value = match self.compute(instruction, start) {
                    Err(error @ (EvalError::Steps | EvalError::Program)) => return Err(error),
                    Err(error) => Value::Error(error),
                    Ok(value) => value,
                };
                self.replace(start, value)?;
            }
        }
        Ok(next)
    }

    /// Turns the range on top into a loop's frame: range, counter, element.
    #[inline(never)]
    fn iterate(&mut self) -> Result<(), EvalError> {
        let range = self.top()?;
        match range {
            Value::Map(map) => {
                let keys: Vec<_> = map.iter().step_by(2).cloned().collect();
                let count = keys.len();
                *range = Value::list(keys);
                self.spend(count)?;
            }
            Value::List(_) | Value::Error(_) => {}
            _ => *range = Value::Error(EvalError::NoOverload),
        }
        self.push(Value::Int(0))?;
        self.push(Value::Null)
    }

    /// Moves a loop to its next element; false at the end. A range that failed becomes the result.
    #[inline(never)]
    fn advance(&mut self, start: usize) -> Result<bool, EvalError> {
        let [range, counter, element, result, ..] = self.above(start)? else {
            return Err(EvalError::Program);
        };
        match (range, counter) {
            (Value::List(list), Value::Int(counter)) => {
                let Some(value) = list.get(*counter as usize) else { return Ok(false) };
                *element = value.clone();
                *counter += 1;
                Ok(true)
            }
            (Value::Error(error), _) => {
                *result = Value::Error(*error);
                Ok(false)
            }
            _ => Err(EvalError::Program),
        }
    }

    /// The value that an instruction leaves in the place of its operands, which lie from a slot up. Strict operators fail
    /// with the first operand that did.
    fn compute(&mut self, instruction: Instruction, start: usize) -> Outcome<'v> {
        let Instruction { op, a, b } = instruction;
        let strings = self.strings;
        let text = |index: u32| strings.get(Str(index));
        let simple = match op {
            Op::Null => Value::Null,
            Op::True => Value::Bool(true),
            Op::False => Value::Bool(false),
            Op::SmallInt => Value::Int(i64::from(a as u8 as i8)),
            Op::Int => Value::Int(a as i64),
            Op::Uint => Value::Uint(a),
            Op::Double => Value::Double(f64::from_bits(a)),
            Op::Text => Value::text(text(a as u32)),
            Op::Timestamp => Value::Timestamp(Instant { s: a as i64, ns: b }),
            Op::Duration => Value::Duration(Instant { s: a as i64, ns: b }),
            Op::Trait | Op::TraitKey | Op::HasTrait | Op::HasTraitKey => {
                let key = if matches!(op, Op::Trait | Op::HasTrait) { "" } else { text(b) };
                let value = self.source.value(a as u16, key);
                if matches!(op, Op::HasTrait | Op::HasTraitKey) {
                    Value::Bool(value.is_some())
                } else {
                    return value.ok_or(EvalError::Absent);
                }
            }
            Op::Local => self.slot(offset(a))?.clone(),
            _ => return self.operate(op, a, start),
        };
        Ok(simple)
    }

    /// Operators and functions.
    fn operate(&mut self, op: Op, a: u64, start: usize) -> Outcome<'v> {
        let source = self.source;
        let operands = self.above(start)?;
        let failed = operands.iter().find_map(Value::error);
        if let (Some(error), false) = (failed, matches!(op, Op::And | Op::Or | Op::NotFalse)) {
            return Err(error);
        }
        if matches!(op as u8, ADD..=MODULO | EQUAL..=NOT_EQUAL | CALL | IN | JOIN) {
            let work = operands.iter().map(weight).fold(0, usize::saturating_add);
            self.spend(work)?;
        }
        let operands = self.above(start)?;
        Ok(match (op, &*operands) {
            (Op::And | Op::Or, [left, right]) => return logic(left, right, op == Op::Or),
            (Op::NotFalse, [value]) => Value::Bool(!matches!(value, Value::Bool(false))),
            (Op::Not, [Value::Bool(truth)]) => Value::Bool(!*truth),
            (Op::TraitAt, [Value::Str(key)]) => source.value(a as u16, key).ok_or(EvalError::Absent)?,
            (Op::InValues, [value, listed @ ..]) => {
                Value::Bool(listed.iter().any(|other| other.equals(value)))
            }
            (Op::Equal, [left, right]) => Value::Bool(left.equals(right)),
            (Op::NotEqual, [left, right]) => Value::Bool(!left.equals(right)),
            (Op::In, [value, Value::List(list)]) => Value::Bool(list.iter().any(|other| other.equals(value))),
            (_, [left, right]) if (EQUAL..=GREATER_OR_EQUAL).contains(&(op as u8)) => {
                let compare = CompareOp::from_code(op as u8 - (EQUAL - 1)).ok_or(EvalError::Program)?;
                Value::Bool(left.compare(right)?.is_some_and(|order| holds(compare, order)))
            }
            (_, [left, right]) if (ADD..=MODULO).contains(&(op as u8)) && !matches!(left, Value::List(_)) => {
                return arithmetic::binary(op, left, right);
            }
            _ => return self.operate_rarely(op, a, start),
        })
    }

    /// Operators and functions that few conditions have.
    #[inline(never)]
    fn operate_rarely(&mut self, op: Op, a: u64, start: usize) -> Outcome<'v> {
        let (strings, source) = (self.strings, self.source);
        if let (Op::Call, [Value::Str(text), Value::Str(part)]) = (op, &*self.above(start)?) {
            // A pattern's table is not gone through.
            let width = if a as u8 == MATCHES { 4 } else { part.len() };
            let work = text.len().saturating_mul(width) / 64;
            self.spend(work)?;
        }
        let operands = self.above(start)?;
        let name = || Value::text(strings.get(Str(a as u32)));
        Ok(match (op, &mut *operands) {
            (Op::Negate, [value]) => return arithmetic::negate(value),
            (Op::Field, [Value::Map(map)]) => find(map, &name()).cloned().ok_or(EvalError::NoSuchKey)?,
            (Op::HasField, [Value::Map(map)]) => Value::Bool(find(map, &name()).is_some()),
            (Op::List, values) => Value::list(values.to_vec()),
            (Op::Map, values) => return map(values),
            (Op::History, [subject, window, filter]) => {
                return history(source, a as u8, [subject, window, filter]);
            }
            (Op::Call, [first, rest @ ..]) => {
                let function = Function::from_code(a as u8).ok_or(EvalError::Program)?;
                return call(function, first, rest.first().unwrap_or(&Value::Null));
            }
            (Op::In, [value, Value::Map(map)]) => Value::Bool(find(map, value).is_some()),
            (Op::Index, [range, key]) => return element(range, key),
            (Op::Join, [Value::Map(left), Value::Map(right)]) => {
                if entries(right).any(|(key, _)| find(left, key).is_some()) {
                    return Err(EvalError::RepeatedKey);
                }
                append(left, right);
                Value::Map(left.clone())
            }
            (Op::Add, [Value::List(left), Value::List(right)]) => {
                append(left, right);
                Value::List(left.clone())
            }
            _ => return Err(EvalError::NoOverload),
        })
    }
}

const ADD: u8 = Op::Add as u8;
const MODULO: u8 = Op::Modulo as u8;
const EQUAL: u8 = Op::Equal as u8;
const NOT_EQUAL: u8 = Op::NotEqual as u8;
const GREATER_OR_EQUAL: u8 = Op::GreaterOrEqual as u8;
const IN: u8 = Op::In as u8;
const JOIN: u8 = Op::Join as u8;
const CALL: u8 = Op::Call as u8;
const MATCHES: u8 = Function::Matches as u8;

/// Appends values; copies the vector first when somebody else holds it too.
fn append<'v>(values: &mut Rc<Vec<Value<'v>>>, more: &[Value<'v>]) {
    Rc::make_mut(values).extend_from_slice(more);
}

/// A map of keys and values in turn.
fn map<'v>(values: &[Value<'v>]) -> Outcome<'v> {
    for (at, key) in values.iter().enumerate().step_by(2) {
        if !matches!(key, Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Str(_)) {
            return Err(EvalError::NoOverload);
        }
        if find(&values[..at], key).is_some() {
            return Err(EvalError::RepeatedKey);
        }
    }
    Ok(Value::Map(Rc::new(values.to_vec())))
}

fn history<'v>(
    source: &'v dyn TraitSource,
    code: u8,
    [subject, window, filter]: [&Value<'v>; 3],
) -> Outcome<'v> {
    let function = HistoryFunction::from_code(code).ok_or(EvalError::Program)?;
    let is_funnel = function == HistoryFunction::Funnel;
    let (steps, subject): (&[Value<'_>], &str) = match subject {
        Value::Str(text) if !is_funnel => (&[], text),
        Value::List(steps) if is_funnel => (steps, ""),
        _ => return Err(EvalError::NoOverload),
    };
    let window_s = match window {
        Value::Duration(window) => window.s,
        Value::Null => i64::MAX,
        _ => return Err(EvalError::NoOverload),
    };
    let filter: &[Value<'_>] = match filter {
        Value::Map(filter) => filter,
        Value::Null => &[],
        _ => return Err(EvalError::NoOverload),
    };
    source.history(&HistoryQuery { function, subject, steps, window_s, filter }).ok_or(EvalError::Absent)
}

fn call<'v>(function: Function, first: &Value<'v>, second: &Value<'v>) -> Outcome<'v> {
    if function.is_getter() {
        return time::get(function, first, second);
    }
    if function as u8 > Function::EndsWith as u8 && function != Function::Matches {
        return convert::call(function, first);
    }
    Ok(match (function, first, second) {
        (Function::Size, Value::List(list), _) => Value::Int(list.len() as i64),
        (Function::Size, Value::Map(map), _) => Value::Int(map.len() as i64 / 2),
        (Function::Size, Value::Str(text), _) => {
            Value::Int(text.bytes().filter(|byte| byte & 0xC0 != 0x80).count() as i64)
        }
        (_, Value::Str(text), Value::Str(part)) => {
            let (text, part) = (text.as_bytes(), part.as_bytes());
            Value::Bool(match function {
                Function::StartsWith => text.starts_with(part),
                Function::EndsWith => text.ends_with(part),
                Function::Matches => pattern::matches(part, text),
                // The standard library's search would cost the shopper three kilobytes.
                _ => part.is_empty() || text.windows(part.len()).any(|window| window == part),
            })
        }
        _ => return Err(EvalError::NoOverload),
    })
}

/// Steps that copying or comparing a value costs.
fn weight(value: &Value<'_>) -> usize {
    match value {
        Value::Str(text) => text.len() / 16,
        Value::List(list) | Value::Map(list) => {
            list.iter().fold(list.len(), |sum, item| sum.saturating_add(weight(item)))
        }
        _ => 0,
    }
}

/// `&&` (or `||`): the deciding truth value wins over errors and over what is no bool.
fn logic<'v>(left: &Value<'v>, right: &Value<'v>, deciding: bool) -> Outcome<'v> {
    match (left, right) {
        (Value::Bool(truth), _) | (_, Value::Bool(truth)) if *truth == deciding => Ok(Value::Bool(deciding)),
        (Value::Bool(_), Value::Bool(truth)) => Ok(Value::Bool(*truth)),
        (Value::Error(error), _) | (_, Value::Error(error)) => Err(*error),
        _ => Err(EvalError::NoOverload),
    }
}

/// `range[key]`
fn element<'v>(range: &Value<'v>, key: &Value<'v>) -> Outcome<'v> {
    match range {
        Value::Map(map) => find(map, key).cloned().ok_or(EvalError::NoSuchKey),
        Value::List(list) => {
            let at = match *key {
                Value::Int(at) => u64::try_from(at).ok(),
                Value::Uint(at) => Some(at),
                Value::Double(at) if at >= 0.0 && at.trunc() == at && at < 4e9 => Some(at as u64),
                _ => return Err(EvalError::NoOverload),
            };
            let at = at.and_then(|at| usize::try_from(at).ok());
            at.and_then(|at| list.get(at)).cloned().ok_or(EvalError::Index)
        }
        _ => Err(EvalError::NoOverload),
    }
}

const _: () = assert!(LOOP_SLOTS == 4, "`advance` takes a frame of four slots");
