//! Constant folding: what needs no trait is evaluated by the engine's own evaluator when the pack is built.

use super::lower::Lowering;
use super::problem::Problem;
use super::syntax::{Kind, Literal, Loop, Node};
use super::types::Type;
use super::{pattern, signatures, zone};
use crate::engine::eval::{self, HistoryQuery, TraitSource, Value};
use crate::pack::core::{Core, CoreBuilder, Meta, Predicate};
use crate::pack::program::{self, Function};
use crate::pack::record::Range;

/// A source with no traits: constant expressions ask for none.
struct Nothing;

impl TraitSource for Nothing {
    fn value(&self, _code: u16, _key: &str) -> Option<Value<'_>> {
        None
    }

    fn history(&self, _query: &HistoryQuery<'_>) -> Option<Value<'_>> {
        None
    }
}

/// How a tree is folded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folding {
    /// Whether all that is constant is answered. Without, only what the evaluator has no instruction for is replaced.
    pub(super) answers: bool,
    /// The release time, Unix seconds.
    pub(super) now_s: i64,
}

/// Folds a checked tree in place, innermost first; what cannot be lowered is added to `problems`.
pub(super) fn fold(node: &mut Node, folding: Folding, problems: &mut Vec<Problem>) {
    match &mut node.kind {
        Kind::Literal(_) | Kind::Name(_) | Kind::Trait { .. } | Kind::Offsets(_) => return,
        Kind::Select(operand, _)
        | Kind::Has(operand, _)
        | Kind::TraitAt { key: operand, .. }
        | Kind::Match(operand, _) => fold(operand, folding, problems),
        Kind::Call { args: items, .. } | Kind::List(items) => {
            items.iter_mut().for_each(|item| fold(item, folding, problems));
        }
        Kind::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            fold(key, folding, problems);
            fold(value, folding, problems);
        }),
        Kind::Loop(parts) => {
            let Loop { range, initial, condition, step, result, .. } = &mut **parts;
            [range, initial, condition, step, result]
                .into_iter()
                .for_each(|part| fold(part, folding, problems));
        }
    }
    if let Err(problem) = rewrite(node, folding.now_s) {
        problems.push(problem);
        return;
    }
    if let Kind::TraitAt { code, key } = &mut node.kind
        && let Kind::Literal(Literal::Str(key)) = &mut key.kind
    {
        node.kind = Kind::Trait { code: *code, key: std::mem::take(key) };
        return;
    }
    if !folding.answers {
        return;
    }
    if let Some(kept) = decided(node) {
        *node = kept;
        return;
    }
    if matches!(node.kind, Kind::List(_) | Kind::Map(_)) || !closed(node, &mut Vec::new()) {
        return;
    }
    if let Some(kind) = evaluate(node) {
        node.kind = kind;
    }
}

/// Replaces what the evaluator has no instruction for.
fn rewrite(node: &mut Node, now_s: i64) -> Result<(), Problem> {
    let Kind::Call { function, receiver, args } = &mut node.kind else { return Ok(()) };
    if function == "matches" {
        *node = pattern::rewrite(node)?;
    } else if signatures::function(function, *receiver).is_some_and(Function::is_getter) {
        zone::rewrite(args, now_s)?;
    }
    Ok(())
}

/// The side of `&&`, `||` or `?:` that a literal leaves.
fn decided(node: &Node) -> Option<Node> {
    let Kind::Call { function, args, .. } = &node.kind else { return None };
    let truth = |node: &Node| match node.kind {
        Kind::Literal(Literal::Bool(truth)) => Some(truth),
        _ => None,
    };
    let deciding = match function.as_str() {
        "_&&_" => false,
        "_||_" => true,
        "_?_:_" => return truth(&args[0]).map(|yes| args[if yes { 1 } else { 2 }].clone()),
        _ => return None,
    };
    let [left, right] = args.as_slice() else { return None };
    for (one, other) in [(left, right), (right, left)] {
        match truth(one) {
            Some(known) if known == deciding => return Some(one.clone()),
            Some(_) if other.ty == Type::Bool => return Some(other.clone()),
            _ => {}
        }
    }
    None
}

/// Whether a tree asks for nothing but its own loop variables.
fn closed<'n>(node: &'n Node, bound: &mut Vec<&'n str>) -> bool {
    match &node.kind {
        Kind::Literal(_) | Kind::Offsets(_) => true,
        Kind::Name(name) => bound.contains(&name.as_str()),
        Kind::Trait { .. } | Kind::TraitAt { .. } => false,
        Kind::Select(operand, _) | Kind::Has(operand, _) | Kind::Match(operand, _) => closed(operand, bound),
        Kind::Call { function, args, .. } => {
            !function.starts_with("history.") && args.iter().all(|arg| closed(arg, bound))
        }
        Kind::List(items) => items.iter().all(|item| closed(item, bound)),
        Kind::Map(entries) => entries.iter().all(|(key, value)| closed(key, bound) && closed(value, bound)),
        Kind::Loop(parts) => {
            if !closed(&parts.range, bound) || !closed(&parts.initial, bound) {
                return false;
            }
            bound.extend([parts.element.as_str(), parts.result_name.as_str()]);
            let inside = [&parts.condition, &parts.step, &parts.result];
            let all = inside.into_iter().all(|part| closed(part, bound));
            bound.truncate(bound.len() - 2);
            all
        }
    }
}

/// What a closed tree is worth; none for errors.
fn evaluate(node: &Node) -> Option<Kind> {
    let mut builder = CoreBuilder { meta: vec![Meta::default()], ..CoreBuilder::default() };
    let code = Lowering::program(node, &mut builder.strings);
    program::verify(&code, usize::MAX).ok()?;
    let length = u32::try_from(code.len()).ok()?;
    let predicate = Predicate { code: Range { start: 0, len: length }, ..Predicate::default() };
    builder.code = code;
    builder.predicates = vec![predicate];
    let bytes = builder.finish();
    let core = Core::open(&bytes).ok()?;
    written(&eval::compute(&core, &predicate, &Nothing).ok()?, &node.span)
}

/// A value as it would be written.
fn written(value: &Value<'_>, span: &std::ops::Range<usize>) -> Option<Kind> {
    let node = |value: &Value<'_>| {
        Some(Node { ty: type_of(value), ..Node::new(written(value, span)?, span.clone()) })
    };
    Some(Kind::Literal(match value {
        Value::Null => Literal::Null,
        Value::Bool(value) => Literal::Bool(*value),
        Value::Int(value) => Literal::Int(*value),
        Value::Uint(value) => Literal::Uint(*value),
        Value::Double(value) => Literal::Double(*value),
        Value::Str(value) => Literal::Str((**value).to_owned()),
        Value::Timestamp(at) => Literal::Timestamp(at.s, at.ns),
        Value::Duration(length) => Literal::Duration(length.s, length.ns),
        Value::List(items) => return Some(Kind::List(items.iter().map(node).collect::<Option<_>>()?)),
        Value::Map(parts) => {
            let entries = parts.chunks_exact(2).map(|pair| Some((node(&pair[0])?, node(&pair[1])?)));
            return Some(Kind::Map(entries.collect::<Option<_>>()?));
        }
        Value::Error(_) => return None,
    }))
}

fn type_of(value: &Value<'_>) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Bool,
        Value::Int(_) => Type::Int,
        Value::Uint(_) => Type::Uint,
        Value::Double(_) => Type::Double,
        Value::Str(_) => Type::Str,
        Value::Timestamp(_) => Type::Timestamp,
        Value::Duration(_) => Type::Duration,
        Value::List(_) | Value::Map(_) | Value::Error(_) => Type::Dyn,
    }
}
