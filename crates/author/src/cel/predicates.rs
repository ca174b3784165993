//! Conditions to the pack's predicates: split at `&&`, each stored once, cheapest first.

use std::collections::BTreeMap;

use super::lower::Lowering;
use super::problem::{Problem, ProblemKind};
use super::range::mirrored;
use super::syntax::{Kind, Literal, Node};
use super::types::Type;
use crate::pack::core::{CoreBuilder, Predicate};
use crate::pack::program::{self, CompareOp, ConstantKind, Instruction, Op};
use crate::pack::record::{Range, Ref, Str};

/// A condition that was parsed, checked and folded.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The tree.
    pub node: Node,
    /// Comparisons whose answer is known, and the like.
    pub warnings: Vec<Problem>,
}

impl Condition {
    /// The truth value, when folding left nothing to decide.
    #[must_use]
    pub fn constant(&self) -> Option<bool> {
        match self.node.kind {
            Kind::Literal(Literal::Bool(truth)) => Some(truth),
            _ => None,
        }
    }

    /// The folded tree.
    #[must_use]
    pub fn tree(&self) -> &Node {
        &self.node
    }
}

/// What makes two predicates the same.
type Identity = (u8, u8, u16, Str, u64, Vec<u8>);

/// Adds predicates to one core file, equal ones once.
#[derive(Debug, Default)]
pub struct Predicates {
    known: BTreeMap<Identity, u32>,
    runs: BTreeMap<Vec<u32>, Range>,
    /// Estimated cost of each predicate, by index.
    costs: Vec<u32>,
}

impl Predicates {
    /// Adds a condition as predicates that must all hold; the run of `conjuncts` for a campaign's audience.
    /// A condition that always holds is the empty run.
    ///
    /// # Errors
    /// A condition too deep or too long for a program.
    pub fn audience(&mut self, core: &mut CoreBuilder, condition: &Condition) -> Result<Range, Problem> {
        let mut parts = Vec::new();
        split(&condition.node, &mut parts);
        let mut indices = Vec::new();
        for part in parts {
            let index = self.add(core, part)?;
            if !indices.contains(&index) {
                indices.push(index);
            }
        }
        indices.sort_by_key(|index| (self.costs[*index as usize], *index));
        if indices.is_empty() {
            return Ok(Range::default());
        }
        let start = u32::try_from(core.conjuncts.len()).expect("fewer than 2^32 conjuncts");
        let run = Range { start, len: u32::try_from(indices.len()).expect("few conjuncts") };
        let conjuncts = &mut core.conjuncts;
        Ok(*self.runs.entry(indices).or_insert_with_key(|indices| {
            conjuncts.extend(indices);
            run
        }))
    }

    /// Adds a condition as one predicate: a row's filter.
    ///
    /// # Errors
    /// A condition too deep or too long for a program.
    pub fn filter(&mut self, core: &mut CoreBuilder, condition: &Condition) -> Result<Ref, Problem> {
        self.add(core, &condition.node).map(Ref::to)
    }

    fn add(&mut self, core: &mut CoreBuilder, node: &Node) -> Result<u32, Problem> {
        let mut code = Vec::new();
        let (mut predicate, cost) = match comparison(node, core) {
            Some(predicate) => (predicate, if predicate.key == Str(0) { 1 } else { 2 }),
            None => {
                code = Lowering::program(node, &mut core.strings);
                if program::verify(&code, usize::MAX).is_err() {
                    let message = "this condition is too long or too deeply nested for a program";
                    let problem = Problem::new(ProblemKind::Unsupported, &node.span, message);
                    return Err(problem.help("split it into several conditions joined by `&&`"));
                }
                (Predicate::default(), cost(&code))
            }
        };
        let Predicate { op, constant, trait_code, key, value, .. } = predicate;
        let identity = (op, constant, trait_code, key, value, code);
        if let Some(known) = self.known.get(&identity) {
            return Ok(*known);
        }
        let narrow = |value: usize| u32::try_from(value).expect("a core file below 4 GiB");
        if !identity.5.is_empty() {
            predicate.code = Range { start: narrow(core.code.len()), len: narrow(identity.5.len()) };
            core.code.extend_from_slice(&identity.5);
        }
        let index = narrow(core.predicates.len());
        core.predicates.push(predicate);
        self.costs.resize(core.predicates.len(), 0);
        self.costs[index as usize] = cost;
        self.known.insert(identity, index);
        Ok(index)
    }
}

/// Flattens `a && b && c`; what always holds is left out.
fn split<'n>(node: &'n Node, parts: &mut Vec<&'n Node>) {
    match &node.kind {
        Kind::Call { function, args, .. } if function == "_&&_" => {
            args.iter().for_each(|arg| split(arg, parts))
        }
        Kind::Literal(Literal::Bool(true)) => {}
        _ => parts.push(node),
    }
}

/// Estimated cost of a program, in comparisons.
fn cost(code: &[u8]) -> u32 {
    let (mut at, mut cost) = (0, 3);
    while let Some((instruction, next)) = Instruction::decode(code, at) {
        cost += match instruction.op {
            Op::History => 200,
            Op::Iterate => 50,
            Op::List | Op::Map | Op::Call => 4,
            _ => 1,
        };
        at = next;
    }
    cost
}

/// The fast form of a comparison of a trait with a constant.
fn comparison(node: &Node, core: &mut CoreBuilder) -> Option<Predicate> {
    let yes = Literal::Bool(true);
    let no = Literal::Bool(false);
    let (tested, op, literal) = match &node.kind {
        Kind::Trait { .. } if node.ty == Type::Bool => (node, CompareOp::Equal, &yes),
        Kind::Call { function, args, .. } => match (function.as_str(), args.as_slice()) {
            ("!_", [tested]) if tested.ty == Type::Bool => (tested, CompareOp::Equal, &no),
            (function, [left, right]) => match (&left.kind, &right.kind) {
                (Kind::Trait { .. }, Kind::Literal(literal)) => (left, compare_op(function)?, literal),
                (Kind::Literal(literal), Kind::Trait { .. }) => {
                    (right, compare_op(mirrored(function))?, literal)
                }
                _ => return None,
            },
            _ => return None,
        },
        _ => return None,
    };
    let Kind::Trait { code, key } = &tested.kind else { return None };
    let (constant, value) = match literal {
        Literal::Bool(value) => (ConstantKind::Bool, u64::from(*value)),
        Literal::Int(value) => (ConstantKind::Int, *value as u64),
        Literal::Uint(value) => (ConstantKind::Int, i64::try_from(*value).ok()? as u64),
        Literal::Double(value) => (ConstantKind::Double, value.to_bits()),
        Literal::Str(value) => (ConstantKind::Str, u64::from(core.strings.add(value).0)),
        Literal::Null | Literal::Timestamp(..) | Literal::Duration(..) => return None,
    };
    let key = core.strings.add(key);
    Some(Predicate {
        op: op.code(),
        constant: constant.code(),
        trait_code: *code,
        key,
        value,
        code: Range::default(),
    })
}

fn compare_op(function: &str) -> Option<CompareOp> {
    Some(match function {
        "_==_" => CompareOp::Equal,
        "_!=_" => CompareOp::NotEqual,
        "_<_" => CompareOp::Less,
        "_<=_" => CompareOp::LessOrEqual,
        "_>_" => CompareOp::Greater,
        "_>=_" => CompareOp::GreaterOrEqual,
        _ => return None,
    })
}
