//! Conditions as trees with byte ranges: what the `cel` crate's parser gives, in our own words.

use std::ops::Range;

use cel::common::ast::{EntryExpr, Expr, IdedExpr, LiteralValue, SourceInfo};
use cel::parser::Parser;

use super::problem::{Problem, ProblemKind};
use super::types::Type;

/// Deepest nesting of an expression.
const DEPTH_MAX: u16 = 96;

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `1`
    Int(i64),
    /// `1u`
    Uint(u64),
    /// `1.0`
    Double(f64),
    /// `"text"`
    Str(String),
    /// A folded timestamp: seconds and nanoseconds.
    Timestamp(i64, u32),
    /// A folded duration: seconds and nanoseconds.
    Duration(i64, u32),
}

/// A loop that a macro stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    /// List or map that is gone through.
    pub range: Node,
    /// Name of the element (of the key, for a map).
    pub element: String,
    /// Name of the result while it grows.
    pub result_name: String,
    /// Result before the first element.
    pub initial: Node,
    /// What must hold to go on.
    pub condition: Node,
    /// Result after an element.
    pub step: Node,
    /// What the loop is worth.
    pub result: Node,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A literal.
    Literal(Literal),
    /// A name that is not resolved (or a loop's variable).
    Name(String),
    /// A trait, with its constant key or none.
    Trait {
        /// Code in the pack.
        code: u16,
        /// Constant key, or empty.
        key: String,
    },
    /// A keyed trait under a key that is computed.
    TraitAt {
        /// Code in the pack.
        code: u16,
        /// The key.
        key: Box<Node>,
    },
    /// `operand.field`
    Select(Box<Node>, String),
    /// `has(operand.field)`, or of a trait
    Has(Box<Node>, String),
    /// A call; a receiver is the first argument.
    Call {
        /// Name: `size`, or an operator as CEL names it (`_+_`).
        function: String,
        /// Whether the first argument was written before a dot.
        receiver: bool,
        /// Arguments.
        args: Vec<Node>,
    },
    /// `[a, b]`
    List(Vec<Node>),
    /// `{a: b}`
    Map(Vec<(Node, Node)>),
    /// A macro.
    Loop(Box<Loop>),
    /// `text.matches(pattern)`, its pattern a table of [`crate::pack::pattern`].
    Match(Box<Node>, String),
    /// The zone of a time that lies right below it on the stack, some years around the release: from which Unix second it
    /// is how many minutes ahead of UTC. The first is for all time before.
    Offsets(Vec<(i64, i16)>),
}

/// An expression with its place and, once checked, its type.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Bytes of the condition.
    pub span: Range<usize>,
    /// Type; `dyn` until checked.
    pub ty: Type,
}

impl Node {
    pub(super) fn new(kind: Kind, span: Range<usize>) -> Self {
        Self { kind, span, ty: Type::Dyn }
    }

    pub(super) fn literal(literal: Literal, span: Range<usize>) -> Self {
        let ty = match literal {
            Literal::Null => Type::Null,
            Literal::Bool(_) => Type::Bool,
            Literal::Int(_) => Type::Int,
            Literal::Uint(_) => Type::Uint,
            Literal::Double(_) => Type::Double,
            Literal::Str(_) => Type::Str,
            Literal::Timestamp(..) => Type::Timestamp,
            Literal::Duration(..) => Type::Duration,
        };
        Self { kind: Kind::Literal(literal), span, ty }
    }

    /// The dotted path that it spells, if it is names and dots only.
    pub(super) fn path(&self) -> Option<String> {
        match &self.kind {
            Kind::Name(name) => Some(name.clone()),
            Kind::Select(operand, field) => Some(format!("{}.{field}", operand.path()?)),
            _ => None,
        }
    }
}

/// Parses a condition.
///
/// # Errors
/// Every syntax error, or what programs cannot carry.
pub fn parse(text: &str) -> Result<Node, Vec<Problem>> {
    let parser = Parser::new().max_recursion_depth(DEPTH_MAX).enable_ident_escape_syntax(true);
    let (expr, source) = parser.parse_with_source_info(text).map_err(|errors| {
        let problem = |error: &cel::parser::ParseError| {
            let at = line_column(text, error.pos);
            Problem::new(ProblemKind::Syntax, &at, error.msg.trim().to_owned())
                .help("CEL writes `&&`, `||`, `!`, `==`, `in`, and texts in quotes")
        };
        errors.errors.iter().map(problem).collect::<Vec<_>>()
    })?;
    let mut converter = Converter { source: &source, problems: Vec::new() };
    let node = converter.node(expr);
    if converter.problems.is_empty() { Ok(node) } else { Err(converter.problems) }
}

/// The nearest character boundary at or after a byte, inside the text.
fn boundary(text: &str, byte: usize) -> usize {
    (byte..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// The character at a line and column, both from 1.
fn line_column(text: &str, (line, column): (isize, isize)) -> Range<usize> {
    let skipped = usize::try_from(line - 1).unwrap_or(0);
    let start: usize = text.split_inclusive('\n').take(skipped).map(str::len).sum();
    let from = boundary(text, start + usize::try_from(column - 1).unwrap_or(0));
    from..boundary(text, from + 1)
}

struct Converter<'s> {
    source: &'s SourceInfo,
    problems: Vec<Problem>,
}

impl Converter<'_> {
    /// The bytes of the token that a node came from.
    fn token(&self, id: u64) -> Range<usize> {
        let (start, stop) = self.source.offset_for(id).unwrap_or((0, 0));
        let text = &self.source.source;
        boundary(text, start as usize)..boundary(text, stop as usize + 1)
    }

    fn unsupported(&mut self, span: &Range<usize>, what: &str) -> Kind {
        self.problems.push(Problem::new(
            ProblemKind::Unsupported,
            span,
            format!("{what} cannot stand in a pack"),
        ));
        Kind::Literal(Literal::Null)
    }

    fn node(&mut self, expr: IdedExpr) -> Node {
        let mut span = self.token(expr.id);
        let cover = |span: &mut Range<usize>, node: &Node| {
            span.start = span.start.min(node.span.start);
            span.end = span.end.max(node.span.end);
        };
        let kind = match expr.expr {
            Expr::Unspecified => self.unsupported(&span, "an empty expression"),
            Expr::Literal(literal) => match convert(&literal) {
                Some(literal) => return Node::literal(literal, span),
                None => self.unsupported(&span, "a bytes literal"),
            },
            Expr::Ident(name) => Kind::Name(name),
            Expr::Select(select) => {
                let operand = self.node(*select.operand);
                cover(&mut span, &operand);
                if select.test {
                    Kind::Has(Box::new(operand), select.field)
                } else {
                    // The token is the dot; the field follows it.
                    span.end = span.end.max(operand.span.end + 1 + select.field.len());
                    Kind::Select(Box::new(operand), select.field)
                }
            }
            Expr::Call(call) => {
                let receiver = call.target.is_some();
                let parts = call.target.map(|target| *target).into_iter().chain(call.args);
                let args: Vec<Node> = parts.map(|part| self.node(part)).collect();
                args.iter().for_each(|arg| cover(&mut span, arg));
                Kind::Call { function: call.func_name, receiver, args }
            }
            Expr::List(list) => {
                let items: Vec<Node> = list.elements.into_iter().map(|item| self.node(item)).collect();
                items.iter().for_each(|item| cover(&mut span, item));
                Kind::List(items)
            }
            Expr::Map(map) => {
                let mut entries = Vec::new();
                for entry in map.entries {
                    let EntryExpr::MapEntry(entry) = entry.expr else { continue };
                    let (key, value) = (self.node(entry.key), self.node(entry.value));
                    cover(&mut span, &value);
                    entries.push((key, value));
                }
                Kind::Map(entries)
            }
            Expr::Struct(_) => self.unsupported(&span, "a message literal"),
            Expr::Comprehension(parts) if parts.iter_var2.is_none() => {
                let range = self.node(parts.iter_range);
                let step = self.node(parts.loop_step);
                cover(&mut span, &range);
                cover(&mut span, &step);
                Kind::Loop(Box::new(Loop {
                    range,
                    element: parts.iter_var,
                    result_name: parts.accu_var,
                    initial: self.node(parts.accu_init),
                    condition: self.node(parts.loop_cond),
                    step,
                    result: self.node(parts.result),
                }))
            }
            Expr::Comprehension(_) => self.unsupported(&span, "a macro with two variables"),
        };
        Node::new(kind, span)
    }
}

/// None for bytes.
fn convert(literal: &LiteralValue) -> Option<Literal> {
    Some(match literal {
        LiteralValue::Null => Literal::Null,
        LiteralValue::Boolean(value) => Literal::Bool(*value.inner()),
        LiteralValue::Int(value) => Literal::Int(*value.inner()),
        LiteralValue::UInt(value) => Literal::Uint(*value.inner()),
        LiteralValue::Double(value) => Literal::Double(*value.inner()),
        LiteralValue::String(value) => Literal::Str(value.inner().to_owned()),
        LiteralValue::Bytes(_) => return None,
    })
}
