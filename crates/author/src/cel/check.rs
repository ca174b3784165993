//! The type checker: resolves names, gives every node a type, says what is wrong in a merchant's words.

use std::ops::Range;

use super::environment::{Definition, Environment, TraitDef};
use super::problem::{Problem, ProblemKind};
use super::range;
use super::signatures;
use super::syntax::{Kind, Literal, Loop, Node, parse};
use super::types::Type;
use crate::diagnostic::nearest;

/// Deepest chain of audiences that name audiences.
const AUDIENCE_DEPTH_MAX: usize = 8;

/// Checks a tree in place.
pub(super) struct Checker<'e> {
    environment: &'e dyn Environment,
    /// Variables of the loops around, innermost last.
    scope: Vec<(String, Type)>,
    /// Audiences being compiled, outermost first.
    audiences: Vec<String>,
    pub(super) problems: Vec<Problem>,
}

impl<'e> Checker<'e> {
    pub(super) fn new(environment: &'e dyn Environment) -> Self {
        Self { environment, scope: Vec::new(), audiences: Vec::new(), problems: Vec::new() }
    }

    fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    pub(super) fn node(&mut self, node: &mut Node) {
        if matches!(node.kind, Kind::Name(_) | Kind::Select(..)) && self.name(node) {
            return;
        }
        let span = node.span.clone();
        match &mut node.kind {
            Kind::Literal(_)
            | Kind::Name(_)
            | Kind::Trait { .. }
            | Kind::TraitAt { .. }
            | Kind::Match(..)
            | Kind::Offsets(_) => {}
            Kind::Select(operand, field) => {
                if let Some(found) = self.keyed(operand) {
                    let key = Node::literal(Literal::Str(field.clone()), span);
                    return set_key(node, &found, key);
                }
                self.node(operand);
                node.ty = self.field_type(&operand.ty, &operand.span);
            }
            Kind::Has(operand, field) => {
                node.ty = Type::Bool;
                let path = operand.path().map(|path| format!("{path}.{field}"));
                let defined = path.and_then(|path| self.lookup(operand, &path));
                if let Some(Definition::Trait(found)) = defined {
                    let kind = Kind::Trait { code: found.code, key: found.key };
                    **operand = Node::new(kind, operand.span.clone());
                    field.clear();
                } else if let Some(found) = self.keyed(operand) {
                    let kind = Kind::Trait { code: found.code, key: std::mem::take(field) };
                    **operand = Node::new(kind, operand.span.clone());
                } else {
                    self.node(operand);
                    self.field_type(&operand.ty, &operand.span);
                }
            }
            Kind::Call { .. } => self.call(node),
            Kind::List(items) => {
                items.iter_mut().for_each(|item| self.node(item));
                node.ty = Type::list(joined(items.iter()));
            }
            Kind::Map(entries) => {
                for (key, value) in entries.iter_mut() {
                    self.node(key);
                    self.node(value);
                }
                let keys = joined(entries.iter().map(|(key, _)| key));
                node.ty = Type::map(keys, joined(entries.iter().map(|(_, value)| value)));
            }
            Kind::Loop(parts) => node.ty = self.each(parts),
        }
    }

    fn field_type(&mut self, operand: &Type, span: &Range<usize>) -> Type {
        match operand {
            Type::Map(_, value) => (**value).clone(),
            Type::Dyn => Type::Dyn,
            other => {
                self.report(Problem::new(ProblemKind::Type, span, format!("a {other} has no fields")));
                Type::Dyn
            }
        }
    }

    /// What a path means, unless its root is a loop's variable.
    fn lookup(&self, node: &Node, path: &str) -> Option<Definition> {
        let root = path.split('.').next().unwrap_or(path);
        let local = node.path().is_some() && self.scope.iter().any(|(name, _)| name == root);
        if local { None } else { self.environment.lookup(path) }
    }

    /// The keyed trait that a node names.
    fn keyed(&self, node: &Node) -> Option<TraitDef> {
        match self.lookup(node, &node.path()?)? {
            Definition::Trait(found) if found.keyed => Some(found),
            _ => None,
        }
    }

    /// Resolves a name or dotted path; false when it is a field of something else.
    fn name(&mut self, node: &mut Node) -> bool {
        let Some(path) = node.path() else { return false };
        let root = path.split('.').next().unwrap_or(&path);
        if let Some((_, ty)) = self.scope.iter().rev().find(|(name, _)| name == root) {
            if matches!(node.kind, Kind::Name(_)) {
                node.ty = ty.clone();
            }
            return matches!(node.kind, Kind::Name(_));
        }
        match self.environment.lookup(&path) {
            Some(Definition::Trait(found)) => {
                if found.keyed {
                    let example = format!("write `{path}[\"name\"]`");
                    let message = format!("`{path}` has a value for each key, and none of its own");
                    self.report(Problem::new(ProblemKind::Type, &node.span, message).help(example));
                }
                node.kind = Kind::Trait { code: found.code, key: found.key };
                node.ty = found.ty;
                true
            }
            Some(Definition::Audience(condition)) => {
                self.audience(node, &path, &condition);
                true
            }
            None => {
                let parents = path.rmatch_indices('.').map(|(at, _)| &path[..at]);
                if parents.into_iter().any(|parent| self.environment.lookup(parent).is_some()) {
                    return false;
                }
                self.unknown(&node.span, &path);
                true
            }
        }
    }

    fn unknown(&mut self, span: &Range<usize>, path: &str) {
        let known = self.environment.paths();
        let suggestion = nearest(path, known.iter().map(String::as_str)).map(str::to_owned);
        let problem = Problem::new(ProblemKind::UnknownName, span, format!("there is no trait `{path}`"));
        let help = match &suggestion {
            Some(name) => format!("did you mean `{name}`?"),
            None => "all traits stand in docs/traits.md".to_owned(),
        };
        self.report(problem.help(help).suggest(suggestion));
    }

    /// Puts an audience's condition in the place of its name.
    fn audience(&mut self, node: &mut Node, name: &str, condition: &str) {
        let span = node.span.clone();
        if self.audiences.iter().any(|open| open == name) || self.audiences.len() >= AUDIENCE_DEPTH_MAX {
            let message = format!("the audience `{name}` is made of itself");
            self.report(Problem::new(ProblemKind::Type, &span, message));
            *node = Node::literal(Literal::Bool(false), span);
            return;
        }
        self.audiences.push(name.to_owned());
        let scope = std::mem::take(&mut self.scope);
        let before = self.problems.len();
        match parse(condition) {
            Ok(mut parsed) => {
                self.node(&mut parsed);
                relocate(&mut parsed, &span);
                *node = parsed;
            }
            Err(problems) => self.problems.extend(problems),
        }
        // The audience's own file reports what is wrong inside it; here only that it is.
        if self.problems.drain(before..).any(|problem| problem.is_error()) {
            let message = format!("the audience `{name}` has errors of its own");
            self.report(Problem::new(ProblemKind::Type, &span, message));
        }
        self.scope = scope;
        self.audiences.pop();
    }

    fn each(&mut self, parts: &mut Loop) -> Type {
        self.node(&mut parts.range);
        self.node(&mut parts.initial);
        let element = match &parts.range.ty {
            Type::List(element) => (**element).clone(),
            Type::Map(key, _) => (**key).clone(),
            Type::Dyn => Type::Dyn,
            other => {
                let message = format!("a {other} has no elements to go through");
                self.report(Problem::new(ProblemKind::Type, &parts.range.span, message));
                Type::Dyn
            }
        };
        self.scope.push((parts.result_name.clone(), parts.initial.ty.clone()));
        self.scope.push((parts.element.clone(), element));
        self.node(&mut parts.condition);
        self.node(&mut parts.step);
        self.scope.truncate(self.scope.len() - 2);
        self.scope.push((parts.result_name.clone(), parts.step.ty.clone()));
        self.node(&mut parts.result);
        self.scope.pop();
        parts.result.ty.clone()
    }

    fn call(&mut self, node: &mut Node) {
        let span = node.span.clone();
        let Kind::Call { function, receiver, args } = &mut node.kind else { return };
        let in_scope = |name: &str| self.scope.iter().any(|(known, _)| known == name);
        let history = *receiver
            && matches!(args.first(), Some(Node { kind: Kind::Name(name), .. }) if name == "history")
            && !in_scope("history");
        if history {
            args.remove(0);
            *function = format!("history.{function}");
            *receiver = false;
            while args.len() < 3 {
                args.push(Node::literal(Literal::Null, span.clone()));
            }
        }
        if function == "_[_]"
            && let [range, _] = args.as_slice()
            && let Some(found) = self.keyed(range)
        {
            let mut key = args.swap_remove(1);
            self.node(&mut key);
            if !key.ty.meets(&Type::Str) {
                let message = format!("the key is a {}, not a string", key.ty);
                self.report(Problem::new(ProblemKind::Type, &key.span, message));
            }
            return set_key(node, &found, key);
        }
        args.iter_mut().for_each(|arg| self.node(arg));
        match signatures::result(function, *receiver, args) {
            Ok(ty) => {
                let warning = range::constant(self.environment, function, args, &span);
                node.ty = ty;
                self.problems.extend(warning);
            }
            Err(problem) => {
                let mut problem = *problem;
                if problem.span.is_empty() {
                    problem.span = span;
                }
                node.ty = signatures::likely(function);
                self.report(problem);
            }
        }
    }
}

/// Turns a node into a keyed trait under a key.
fn set_key(node: &mut Node, found: &TraitDef, key: Node) {
    node.ty = match &found.ty {
        Type::Map(_, value) => (**value).clone(),
        other => other.clone(),
    };
    node.kind = match key.kind {
        Kind::Literal(Literal::Str(key)) => Kind::Trait { code: found.code, key },
        _ => Kind::TraitAt { code: found.code, key: Box::new(key) },
    };
}

fn joined<'n>(mut nodes: impl Iterator<Item = &'n Node>) -> Type {
    let first = nodes.next().map_or(Type::Dyn, |node| node.ty.clone());
    nodes.fold(first, |ty, node| ty.join(&node.ty))
}

/// Gives a whole tree one span.
fn relocate(node: &mut Node, span: &Range<usize>) {
    node.span = span.clone();
    match &mut node.kind {
        Kind::Literal(_) | Kind::Name(_) | Kind::Trait { .. } | Kind::Offsets(_) => {}
        Kind::Select(operand, _)
        | Kind::Has(operand, _)
        | Kind::TraitAt { key: operand, .. }
        | Kind::Match(operand, _) => {
            relocate(operand, span);
        }
        Kind::Call { args: items, .. } | Kind::List(items) => {
            items.iter_mut().for_each(|item| relocate(item, span));
        }
        Kind::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            relocate(key, span);
            relocate(value, span);
        }),
        Kind::Loop(parts) => {
            let Loop { range, initial, condition, step, result, .. } = &mut **parts;
            [range, initial, condition, step, result].into_iter().for_each(|part| relocate(part, span));
        }
    }
}
