//! The stack machine. A failed step leaves an error value, which strict operators hand on and `&&`,
//! `||` and `?:` may absorb.

use super::{HistoryQuery, TraitSource, arithmetic, convert, holds, time};
use crate::pack::file::Strings;
use crate::pack::limits::STACK_DEPTH_MAX;
use crate::pack::program::{CompareOp, Function, HistoryFunction, Instruction, LOOP_SLOTS, Op};
use crate::pack::record::Str;
use crate::value::{EvalError, Instant, Text, Value, find};
use std::rc::Rc;

/// Most steps of one program: an instruction costs one, copying and comparing one for each element.
pub const STEPS_MAX: u32 = 200_000;

type Outcome<'v> = Result<Value<'v>, EvalError>;

struct Machine<'v, 's> {
    stack: [Value<'v>; STACK_DEPTH_MAX],
    depth: usize,
    steps: u32,
    strings: Strings<'v>,
    source: &'s dyn TraitSource,
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

impl<'v> Machine<'v, 'v> {
    fn spend(&mut self, steps: usize) -> Result<(), EvalError> {
        let steps = u32::try_from(steps).map_err(|_| EvalError::Steps)?;
        self.steps = self.steps.checked_sub(steps).ok_or(EvalError::Steps)?;
        Ok(())
    }

    fn push(&mut self, value: Value<'v>) -> Result<(), EvalError> {
        *self.stack.get_mut(self.depth).ok_or(EvalError::Program)? = value;
        self.depth += 1;
        Ok(())
    }

    fn pop(&mut self) -> Outcome<'v> {
        self.depth = self.depth.checked_sub(1).ok_or(EvalError::Program)?;
        let slot = self.stack.get_mut(self.depth).ok_or(EvalError::Program)?;
        Ok(std::mem::replace(slot, Value::Null))
    }

    /// The topmost `count` values, taken off the stack.
    fn take(&mut self, count: usize) -> Result<&mut [Value<'v>], EvalError> {
        let start = self.depth.checked_sub(count).ok_or(EvalError::Program)?;
        let values = self.stack.get_mut(start..self.depth).ok_or(EvalError::Program)?;
        self.depth = start;
        Ok(values)
    }

    fn top(&mut self) -> Result<&mut Value<'v>, EvalError> {
        self.slot(self.depth.wrapping_sub(1))
    }

    fn slot(&mut self, slot: usize) -> Result<&mut Value<'v>, EvalError> {
        self.stack[..self.depth].get_mut(slot).ok_or(EvalError::Program)
    }

    /// Pushes an outcome; a failure becomes an error value, except those that stop the program.
    fn settle(&mut self, outcome: Outcome<'v>) -> Result<(), EvalError> {
        match outcome {
            Err(error @ (EvalError::Steps | EvalError::Program)) => Err(error),
            Err(error) => self.push(Value::Error(error)),
            Ok(value) => self.push(value),
        }
    }

    /// Does one instruction; returns where to go on.
    fn step(&mut self, instruction: Instruction, next: usize) -> Result<usize, EvalError> {
        let Instruction { op, a, b } = instruction;
        let text = |index: u32| self.strings.get(Str(index));
        let value = match op {
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
            Op::Trait | Op::TraitKey => {
                let key = if op == Op::Trait { "" } else { text(b) };
                self.source.value(a as u16, key).unwrap_or(Value::Error(EvalError::Absent))
            }
            Op::HasTrait | Op::HasTraitKey => {
                let key = if op == Op::HasTrait { "" } else { text(b) };
                Value::Bool(self.source.value(a as u16, key).is_some())
            }
            Op::Local => self.slot(offset(a))?.clone(),
            _ => return self.act(instruction, next),
        };
        self.push(value)?;
        Ok(next)
    }

    /// Instructions that take something off the stack or change the way.
    fn act(&mut self, instruction: Instruction, next: usize) -> Result<usize, EvalError> {
        let Instruction { op, a, b } = instruction;
        match op {
            Op::Jump | Op::Again => return Ok(offset(a)),
            Op::AndJump | Op::OrJump => {
                let done = matches!(self.top()?, Value::Bool(truth) if *truth == (op == Op::OrJump));
                return Ok(if done { offset(a) } else { next });
            }
            Op::While => return Ok(if matches!(self.pop()?, Value::Bool(true)) { next } else { offset(a) }),
            Op::Branch => match *self.top()? {
                Value::Bool(truth) => {
                    self.pop()?;
                    return Ok(if truth { next } else { offset(a) });
                }
                Value::Error(_) => return Ok(b as usize),
                _ => {
                    *self.top()? = Value::Error(EvalError::NoOverload);
                    return Ok(b as usize);
                }
            },
            Op::Store => {
                let value = self.pop()?;
                *self.slot(offset(a))? = value;
            }
            Op::Iterate => self.iterate()?,
            Op::Next => return Ok(if self.advance(offset(a))? { next } else { b as usize }),
            Op::Finish => {
                let value = self.pop()?;
                let frame = self.depth.checked_sub(offset(a)).ok_or(EvalError::Program)?;
                self.take(frame)?.fill(Value::Null);
                self.push(value)?;
            }
            _ => {
                let outcome = self.compute(op, a);
                self.settle(outcome)?;
            }
        }
        Ok(next)
    }

    /// Turns the range on top into a loop's frame: range, counter, element.
    fn iterate(&mut self) -> Result<(), EvalError> {
        let range = match self.pop()? {
            Value::Map(map) => {
                self.spend(map.len())?;
                Value::list(map.iter().map(|(key, _)| key.clone()).collect())
            }
            range @ (Value::List(_) | Value::Error(_)) => range,
            _ => Value::Error(EvalError::NoOverload),
        };
        self.push(range)?;
        self.push(Value::Int(0))?;
        self.push(Value::Null)
    }

    /// Moves a loop to its next element; false at the end. A range that failed becomes the result.
    fn advance(&mut self, start: usize) -> Result<bool, EvalError> {
        let frame = self.stack[..self.depth].get_mut(start..).unwrap_or(&mut []);
        let [range, counter, element, result, ..] = frame else { return Err(EvalError::Program) };
        match (range, counter) {
            (Value::List(list), Value::Int(counter)) => {
                let Some(value) = usize::try_from(*counter).ok().and_then(|at| list.get(at)) else {
                    return Ok(false);
                };
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

    /// Operators and functions: what they take off the stack gives one value.
    fn compute(&mut self, op: Op, a: u64) -> Outcome<'v> {
        match op {
            Op::And | Op::Or => {
                let right = self.pop()?;
                let left = self.pop()?;
                return logic(&left, &right, op == Op::Or);
            }
            Op::NotFalse => return Ok(Value::Bool(!matches!(self.pop()?, Value::Bool(false)))),
            Op::List | Op::Map => return self.collect(op, usize::from(a as u8)),
            Op::InValues => return self.in_values(usize::from(a as u8)),
            Op::History => return self.history(a as u8),
            _ => {}
        }
        if op == Op::Call {
            let function = Function::from_code(a as u8).ok_or(EvalError::Program)?;
            let second = if function.arity() == 2 { self.operand() } else { Ok(Value::Null) };
            let first = self.operand()?;
            return self.call(function, first, second?);
        }
        let right = self.operand();
        match op {
            Op::Not => match right? {
                Value::Bool(truth) => Ok(Value::Bool(!truth)),
                _ => Err(EvalError::NoOverload),
            },
            Op::Negate => arithmetic::negate(&right?),
            Op::Field | Op::HasField => {
                let Value::Map(map) = right? else { return Err(EvalError::NoOverload) };
                let found = find(&map, &Value::text(self.strings.get(Str(a as u32))));
                match op {
                    Op::Field => found.cloned().ok_or(EvalError::NoSuchKey),
                    _ => Ok(Value::Bool(found.is_some())),
                }
            }
            Op::TraitAt => match right? {
                Value::Str(key) => self.source.value(a as u16, &key).ok_or(EvalError::Absent),
                _ => Err(EvalError::NoOverload),
            },
            _ => {
                let left = self.operand()?;
                self.binary(op, left, right?)
            }
        }
    }

    /// Pops an operand of a strict operator: an error value fails.
    fn operand(&mut self) -> Outcome<'v> {
        match self.pop()? {
            Value::Error(error) => Err(error),
            value => Ok(value),
        }
    }

    fn binary(&mut self, op: Op, left: Value<'v>, right: Value<'v>) -> Outcome<'v> {
        let compare = match op {
            Op::Equal | Op::NotEqual => {
                self.spend(weight(&left).min(weight(&right)))?;
                return Ok(Value::Bool(left.equals(&right) == (op == Op::Equal)));
            }
            Op::Less => CompareOp::Less,
            Op::LessOrEqual => CompareOp::LessOrEqual,
            Op::Greater => CompareOp::Greater,
            Op::GreaterOrEqual => CompareOp::GreaterOrEqual,
            Op::In => {
                self.spend(weight(&right))?;
                return contains(&left, &right);
            }
            Op::Index => return index(&left, &right),
            Op::Join => {
                self.spend(weight(&left) + weight(&right))?;
                return join(left, &right);
            }
            _ => {
                self.spend(weight(&left) + weight(&right))?;
                return arithmetic::binary(op, left, &right);
            }
        };
        Ok(Value::Bool(left.compare(&right)?.is_some_and(|order| holds(compare, order))))
    }

    fn collect(&mut self, op: Op, count: usize) -> Outcome<'v> {
        let width = if op == Op::Map { 2 } else { 1 };
        let values = self.take(count * width)?;
        if let Some(Value::Error(error)) = values.iter().find(|value| matches!(value, Value::Error(_))) {
            return Err(*error);
        }
        let mut values = values.iter_mut().map(|slot| std::mem::replace(slot, Value::Null));
        if op == Op::List {
            return Ok(Value::list(values.collect()));
        }
        let mut map = Vec::with_capacity(count);
        while let (Some(key), Some(value)) = (values.next(), values.next()) {
            if !matches!(key, Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Str(_)) {
                return Err(EvalError::NoOverload);
            }
            if find(&map, &key).is_some() {
                return Err(EvalError::RepeatedKey);
            }
            map.push((key, value));
        }
        Ok(Value::Map(Rc::new(map)))
    }

    fn in_values(&mut self, count: usize) -> Outcome<'v> {
        let values = self.take(count + 1)?;
        let (value, listed) = values.split_first().ok_or(EvalError::Program)?;
        if let Some(Value::Error(error)) = values.iter().find(|value| matches!(value, Value::Error(_))) {
            return Err(*error);
        }
        Ok(Value::Bool(listed.iter().any(|other| other.equals(value))))
    }

    fn history(&mut self, code: u8) -> Outcome<'v> {
        let function = HistoryFunction::from_code(code).ok_or(EvalError::Program)?;
        let filter = self.operand();
        let window = self.operand();
        let subject = self.operand()?;
        let (steps, subject): (&[Value<'_>], &str) = match &subject {
            Value::Str(text) if function != HistoryFunction::Funnel => (&[], text),
            Value::List(steps) if function == HistoryFunction::Funnel => (steps, ""),
            _ => return Err(EvalError::NoOverload),
        };
        let window_s = match window? {
            Value::Duration(window) => window.s,
            Value::Null => i64::MAX,
            _ => return Err(EvalError::NoOverload),
        };
        let filter = match filter? {
            Value::Map(filter) => filter,
            Value::Null => Rc::default(),
            _ => return Err(EvalError::NoOverload),
        };
        let query = HistoryQuery { function, subject, steps, window_s, filter: &filter };
        self.source.history(&query).ok_or(EvalError::Absent)
    }

    fn call(&mut self, function: Function, first: Value<'v>, second: Value<'v>) -> Outcome<'v> {
        self.spend(weight(&first) + weight(&second))?;
        if function.is_getter() {
            return time::get(function, &first, &second);
        }
        match (function, &first, &second) {
            (Function::Contains, Value::Str(text), Value::Str(part)) => {
                let (text, part) = (text.as_bytes(), part.as_bytes());
                self.spend(text.len().saturating_mul(part.len()) / 64)?;
                // The standard library's search would cost the shopper three kilobytes.
                Ok(Value::Bool(part.is_empty() || text.windows(part.len()).any(|window| window == part)))
            }
            (Function::StartsWith, Value::Str(text), Value::Str(part)) => {
                Ok(Value::Bool(text.as_bytes().starts_with(part.as_bytes())))
            }
            (Function::EndsWith, Value::Str(text), Value::Str(part)) => {
                Ok(Value::Bool(text.as_bytes().ends_with(part.as_bytes())))
            }
            (Function::Size, Value::Str(text), _) => {
                Ok(Value::Int(text.bytes().filter(|byte| byte & 0xC0 != 0x80).count() as i64))
            }
            (Function::Size, Value::List(list), _) => Ok(Value::Int(list.len() as i64)),
            (Function::Size, Value::Map(map), _) => Ok(Value::Int(map.len() as i64)),
            (Function::Contains | Function::StartsWith | Function::EndsWith | Function::Size, ..) => {
                Err(EvalError::NoOverload)
            }
            _ => convert::call(function, first),
        }
    }
}

/// Steps that copying or comparing a value costs.
fn weight(value: &Value<'_>) -> usize {
    match value {
        Value::Str(text) => text.len() / 16,
        Value::List(list) => list.iter().fold(list.len(), |sum, item| sum.saturating_add(weight(item))),
        Value::Map(map) => map.iter().fold(map.len(), |sum, (_, item)| sum.saturating_add(weight(item))),
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

fn join<'v>(left: Value<'v>, right: &Value<'v>) -> Outcome<'v> {
    let (Value::Map(mut left), Value::Map(right)) = (left, right) else { return Err(EvalError::NoOverload) };
    if right.iter().any(|(key, _)| find(&left, key).is_some()) {
        return Err(EvalError::RepeatedKey);
    }
    Rc::make_mut(&mut left).extend(right.iter().cloned());
    Ok(Value::Map(left))
}

fn contains<'v>(value: &Value<'v>, range: &Value<'v>) -> Outcome<'v> {
    match range {
        Value::List(list) => Ok(Value::Bool(list.iter().any(|other| other.equals(value)))),
        Value::Map(map) => Ok(Value::Bool(find(map, value).is_some())),
        _ => Err(EvalError::NoOverload),
    }
}

fn index<'v>(range: &Value<'v>, key: &Value<'v>) -> Outcome<'v> {
    match range {
        Value::Map(map) => find(map, key).cloned().ok_or(EvalError::NoSuchKey),
        Value::List(list) => {
            let at = match *key {
                Value::Int(at) => usize::try_from(at).ok(),
                Value::Uint(at) => usize::try_from(at).ok(),
                Value::Double(at) if at >= 0.0 && at.trunc() == at && at < 4e9 => Some(at as usize),
                _ => return Err(EvalError::NoOverload),
            };
            at.and_then(|at| list.get(at)).cloned().ok_or(EvalError::Index)
        }
        _ => Err(EvalError::NoOverload),
    }
}

/// The text of a value, for those that have one to share.
pub(super) fn shared<'v>(text: &str) -> Value<'v> {
    Value::Str(Text::Made(text.into()))
}

const _: () = assert!(LOOP_SLOTS == 4, "`advance` takes a frame of four slots");
