//! Conditions: CEL text, parsed by the `cel` crate's parser, type-checked against the traits, folded, and
//! lowered to the pack's predicates and programs.
//!
//! ```text
//! text -> syntax -> check (environment, signatures, range) -> fold -> predicates (lower) -> CoreBuilder
//! ```

mod automaton;
mod check;
mod environment;
mod fold;
mod implication;
mod lower;
mod pattern;
mod predicates;
mod print;
mod problem;
mod range;
mod signatures;
mod syntax;
mod types;
mod zone;

pub use environment::{Definition, Environment, ShopEnvironment, TraitDef};
pub use predicates::{Condition, Predicates};
pub use print::print;
pub use problem::{Problem, ProblemKind};
pub use syntax::{Kind, Literal, Loop, Node, parse};
pub use types::Type;

use check::Checker;

/// Compiles a condition: its result must be a bool.
///
/// # Errors
/// Everything that is wrong with it.
pub fn compile(text: &str, environment: &dyn Environment) -> Result<Condition, Vec<Problem>> {
    let condition = compile_value(text, environment)?;
    if condition.node.ty.meets(&Type::Bool) {
        return Ok(condition);
    }
    let message = format!("a condition must be true or false, and this is a {}", condition.node.ty);
    let problem = Problem::new(ProblemKind::Type, &condition.node.span, message);
    Err(vec![problem.help("compare it with something, as in `... > 1`")])
}

/// Compiles an expression of any type.
///
/// # Errors
/// Everything that is wrong with it.
pub fn compile_value(text: &str, environment: &dyn Environment) -> Result<Condition, Vec<Problem>> {
    let (condition, problems) = analyse(text, environment, true)?;
    if problems.is_empty() { Ok(condition) } else { Err(problems) }
}

/// Compiles an expression with CEL's dynamic typing: type errors and unknown names are left to the
/// evaluator. For the public conformance suite, some of whose cases ask for it.
///
/// # Errors
/// Syntax errors and what programs cannot carry.
pub fn compile_unchecked(text: &str, environment: &dyn Environment) -> Result<Condition, Vec<Problem>> {
    let (condition, mut problems) = analyse(text, environment, true)?;
    problems.retain(|problem| problem.kind == ProblemKind::Unsupported);
    if problems.is_empty() { Ok(condition) } else { Err(problems) }
}

/// Compiles an expression as [`compile_unchecked`] does, but leaves what needs no trait to the evaluator. For tests that
/// must reach it with constants.
///
/// # Errors
/// Syntax errors and what programs cannot carry.
pub fn compile_unfolded(text: &str, environment: &dyn Environment) -> Result<Condition, Vec<Problem>> {
    let (condition, mut problems) = analyse(text, environment, false)?;
    problems.retain(|problem| problem.kind == ProblemKind::Unsupported);
    if problems.is_empty() { Ok(condition) } else { Err(problems) }
}

/// Parses, checks and folds (with `answers`, all that is constant); the problems are errors, warnings stay with the
/// condition.
fn analyse(
    text: &str,
    environment: &dyn Environment,
    answers: bool,
) -> Result<(Condition, Vec<Problem>), Vec<Problem>> {
    let mut node = parse(text)?;
    let mut checker = Checker::new(environment);
    checker.node(&mut node);
    let (mut errors, warnings): (Vec<_>, Vec<_>) = checker.problems.into_iter().partition(Problem::is_error);
    let folding = fold::Folding { answers, now_s: environment.now_s() };
    fold::fold(&mut node, folding, &mut errors);
    Ok((Condition { node, warnings }, errors))
}
