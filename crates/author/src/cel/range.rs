//! Comparisons whose answer is known from the trait's range: `visitor.visits < 0`.

use std::ops::Range;

use super::environment::{Definition, Environment, TraitDef};
use super::problem::{Problem, ProblemKind};
use super::syntax::{Kind, Literal, Node};
use crate::diagnostic::nearest;

/// The trait that a code and key belong to, and its path.
fn definition(environment: &dyn Environment, code: u16, key: &str) -> Option<(String, TraitDef)> {
    environment.paths().into_iter().find_map(|path| match environment.lookup(&path)? {
        Definition::Trait(found) if found.code == code && (found.keyed || found.key == key) => {
            Some((path, found))
        }
        _ => None,
    })
}

fn number(literal: &Literal) -> Option<f64> {
    match literal {
        Literal::Int(value) => Some(*value as f64),
        Literal::Uint(value) => Some(*value as f64),
        Literal::Double(value) => Some(*value),
        _ => None,
    }
}

/// The operator with its sides exchanged.
pub(super) fn mirrored(operator: &str) -> &str {
    match operator {
        "_<_" => "_>_",
        "_<=_" => "_>=_",
        "_>_" => "_<_",
        "_>=_" => "_<=_",
        same => same,
    }
}

/// Whether `value operator limit` has one answer for every value from `low` to `high`.
fn answer(operator: &str, (low, high): (f64, f64), limit: f64) -> Option<bool> {
    let (always, never) = match operator {
        "_<_" => (high < limit, low >= limit),
        "_<=_" => (high <= limit, low > limit),
        "_>_" => (low > limit, high <= limit),
        "_>=_" => (low >= limit, high < limit),
        "_==_" => (false, limit < low || limit > high),
        "_!=_" => (limit < low || limit > high, false),
        _ => (false, false),
    };
    (always || never).then_some(always)
}

/// A warning when a comparison of a trait with a literal always or never holds.
pub(super) fn constant(
    environment: &dyn Environment,
    operator: &str,
    args: &[Node],
    span: &Range<usize>,
) -> Option<Problem> {
    let [left, right] = args else { return None };
    let (tested, literal, operator, literal_span) = match (&left.kind, &right.kind) {
        (Kind::Trait { code, key }, Kind::Literal(literal)) => ((code, key), literal, operator, &right.span),
        (Kind::Literal(literal), Kind::Trait { code, key }) => {
            ((code, key), literal, mirrored(operator), &left.span)
        }
        _ => return None,
    };
    let (path, found) = definition(environment, *tested.0, tested.1)?;
    if let (Some(range), Some(limit)) = (found.range, number(literal)) {
        let holds = answer(operator, range, limit)?;
        let bound = |value: f64| if value.is_finite() { value.to_string() } else { String::new() };
        let word = if holds { "always" } else { "never" };
        let message = format!("this {word} holds: `{path}` is in {}..{}", bound(range.0), bound(range.1));
        return Some(
            Problem::new(ProblemKind::Constant, span, message).help("compare with a value in that range"),
        );
    }
    let Literal::Str(text) = literal else { return None };
    if found.names.is_empty() || !matches!(operator, "_==_" | "_!=_") || found.names.contains(text) {
        return None;
    }
    let message = format!("`{path}` is never \"{text}\"");
    let suggestion = nearest(text, found.names.iter().map(String::as_str)).map(|name| format!("\"{name}\""));
    let problem = Problem::new(ProblemKind::Constant, literal_span, message);
    Some(problem.help(format!("it is one of: {}", found.names.join(", "))).suggest(suggestion))
}
