//! Predicates and programs as text, for `shelfwise explain --program`.

use std::fmt::Write;

use crate::engine::traits;
use crate::pack::core::{Core, Predicate};
use crate::pack::program::{CompareOp, ConstantKind, Function, HistoryFunction, Instruction, Op};
use crate::pack::record::Str;

/// Longest text that is printed.
const TEXT_BYTES_MAX: usize = 256;

/// One predicate: a comparison on one line, or a program with one instruction a line. Total: what is not
/// well formed is printed as far as it goes.
#[must_use]
pub fn print(core: &Core<'_>, predicate: &Predicate) -> String {
    if predicate.op != 0 {
        return comparison(core, predicate);
    }
    let (start, end) = (predicate.code.start as usize, predicate.code.end() as usize);
    let code = core.code.bytes().get(start..end).unwrap_or(&[]);
    let mut out = String::new();
    let mut at = 0;
    while let Some((instruction, next)) = Instruction::decode(code, at) {
        let _ = writeln!(out, "{at:4}  {}", line(core, instruction));
        at = next;
    }
    out
}

fn comparison(core: &Core<'_>, predicate: &Predicate) -> String {
    let op = match CompareOp::from_code(predicate.op) {
        Some(CompareOp::Equal) => "==",
        Some(CompareOp::NotEqual) => "!=",
        Some(CompareOp::Less) => "<",
        Some(CompareOp::LessOrEqual) => "<=",
        Some(CompareOp::Greater) => ">",
        Some(CompareOp::GreaterOrEqual) => ">=",
        None => "?",
    };
    let constant = match ConstantKind::from_code(predicate.constant) {
        Some(ConstantKind::Bool) => (predicate.value != 0).to_string(),
        Some(ConstantKind::Int) => (predicate.value as i64).to_string(),
        Some(ConstantKind::Double) => format!("{:?}", f64::from_bits(predicate.value)),
        Some(ConstantKind::Str) => format!("{:?}", core.text(Str(predicate.value as u32))),
        None => "?".to_owned(),
    };
    format!("{} {op} {constant}", trait_name(predicate.trait_code, core.text(predicate.key)))
}

fn trait_name(code: u16, key: &str) -> String {
    let path = traits::by_code(code).map_or_else(|| format!("trait {code}"), |found| found.path.to_owned());
    if key.is_empty() { path } else { format!("{path}[{key:?}]") }
}

fn line(core: &Core<'_>, instruction: Instruction) -> String {
    let Instruction { op, a, b } = instruction;
    let text = |index: u64| match core.text(Str(index as u32)) {
        // A pattern's table, most likely.
        long if long.len() > TEXT_BYTES_MAX => format!("{} bytes", long.len()),
        text => format!("{text:?}"),
    };
    let function = |a: u64| Function::from_code(a as u8).map_or("?".to_owned(), |found| format!("{found:?}"));
    let question =
        |a: u64| HistoryFunction::from_code(a as u8).map_or("?".to_owned(), |found| format!("{found:?}"));
    let operands = match op {
        Op::SmallInt => (a as u8 as i8).to_string(),
        Op::Int => (a as i64).to_string(),
        Op::Double => format!("{:?}", f64::from_bits(a)),
        Op::Text | Op::Field | Op::HasField => text(a),
        Op::Timestamp | Op::Duration => format!("{}.{b:09}", a as i64),
        Op::Trait | Op::TraitAt | Op::HasTrait => trait_name(a as u16, ""),
        Op::TraitKey | Op::HasTraitKey => trait_name(a as u16, core.text(Str(b))),
        Op::Call => function(a),
        Op::History => question(a),
        Op::Branch => format!("{a}, on error {b}"),
        Op::Next => format!("slot {a}, at the end {b}"),
        _ if op.widths().0 > 0 => a.to_string(),
        _ => String::new(),
    };
    let name = format!("{op:?}");
    if operands.is_empty() { name } else { format!("{name:<12} {operands}") }
}
