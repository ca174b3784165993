//! `matches`: patterns are compiled away when the pack is built, so that no browser runs a regular
//! expression. A pattern over a constant is answered; one that is a choice of plain texts, each perhaps tied
//! to the start or end (`^gift|sale$`), becomes `startsWith`, `endsWith`, `contains` and `==`.

use std::ops::Range;

use regex_syntax::hir::{Hir, HirKind, Look};

use super::problem::{Problem, ProblemKind};
use super::syntax::{Kind, Literal, Node};
use super::types::Type;

/// Most alternatives that a pattern may spell out.
const ALTERNATIVES_MAX: usize = 16;

/// Replaces `text.matches(pattern)`.
///
/// # Errors
/// A pattern that is none, that is computed, or that needs a real engine.
pub(super) fn rewrite(node: &Node) -> Result<Node, Problem> {
    let Kind::Call { args, .. } = &node.kind else { return Ok(node.clone()) };
    let [text, pattern] = args.as_slice() else { return Ok(node.clone()) };
    let Kind::Literal(Literal::Str(written)) = &pattern.kind else {
        return Err(refusal(&pattern.span, "the pattern of `matches` must be written out".into()));
    };
    let invalid = |error: String| Problem::new(ProblemKind::Type, &pattern.span, error);
    if let Kind::Literal(Literal::Str(text)) = &text.kind {
        let compiled = regex::Regex::new(written).map_err(|error| invalid(error.to_string()))?;
        return Ok(Node::literal(Literal::Bool(compiled.is_match(text)), node.span.clone()));
    }
    let parsed = regex_syntax::parse(written).map_err(|error| invalid(error.to_string()))?;
    let tests = alternatives(&parsed).ok_or_else(|| {
        refusal(
            &pattern.span,
            "this pattern needs a regular expression engine in the shopper's browser".into(),
        )
    })?;
    let tests = tests.into_iter().map(|test| test.node(text, &node.span));
    let joined = tests.reduce(|left, right| call("_||_", false, vec![left, right], &node.span));
    Ok(joined.unwrap_or_else(|| Node::literal(Literal::Bool(false), node.span.clone())))
}

fn refusal(span: &Range<usize>, message: String) -> Problem {
    let help = "say it with `startsWith`, `endsWith`, `contains`, `==` or `in`; \
                a pattern may be texts joined by `|`, tied by `^` and `$`";
    Problem::new(ProblemKind::Unsupported, span, message).help(help)
}

fn call(function: &str, receiver: bool, args: Vec<Node>, span: &Range<usize>) -> Node {
    let kind = Kind::Call { function: function.into(), receiver, args };
    Node { ty: Type::Bool, ..Node::new(kind, span.clone()) }
}

/// One plain text of a pattern.
#[derive(Clone, Default)]
struct Test {
    start: bool,
    text: String,
    end: bool,
}

impl Test {
    fn node(self, subject: &Node, span: &Range<usize>) -> Node {
        let text = Node::literal(Literal::Str(self.text), span.clone());
        let args = vec![subject.clone(), text];
        match (self.start, self.end) {
            (true, true) => call("_==_", false, args, span),
            (true, false) => call("startsWith", true, args, span),
            (false, true) => call("endsWith", true, args, span),
            (false, false) => call("contains", true, args, span),
        }
    }

    /// This test followed by another part; none when the two cannot follow each other.
    fn then(&self, next: &Self) -> Option<Self> {
        let holds =
            !(self.end && (next.start || !next.text.is_empty())) && (!next.start || self.text.is_empty());
        let text = format!("{}{}", self.text, next.text);
        holds.then_some(Self { start: self.start || next.start, text, end: self.end || next.end })
    }
}

/// The plain texts that a pattern is a choice of.
fn alternatives(pattern: &Hir) -> Option<Vec<Test>> {
    let tests = match pattern.kind() {
        HirKind::Empty => vec![Test::default()],
        HirKind::Literal(literal) => {
            vec![Test { text: String::from_utf8(literal.0.to_vec()).ok()?, ..Test::default() }]
        }
        HirKind::Look(Look::Start) => vec![Test { start: true, ..Test::default() }],
        HirKind::Look(Look::End) => vec![Test { end: true, ..Test::default() }],
        HirKind::Capture(capture) => alternatives(&capture.sub)?,
        HirKind::Class(_) => class(pattern)?,
        HirKind::Alternation(parts) => {
            let parts: Vec<_> = parts.iter().map(alternatives).collect::<Option<_>>()?;
            parts.concat()
        }
        HirKind::Concat(parts) => parts.iter().try_fold(vec![Test::default()], |before, part| {
            let after = alternatives(part)?;
            let pairs = before.iter().flat_map(|left| after.iter().map(move |right| left.then(right)));
            pairs.take(ALTERNATIVES_MAX + 1).collect::<Option<Vec<_>>>()
        })?,
        _ => return None,
    };
    (tests.len() <= ALTERNATIVES_MAX).then_some(tests)
}

/// The letters of a small class such as `[Gg]`.
fn class(pattern: &Hir) -> Option<Vec<Test>> {
    let HirKind::Class(regex_syntax::hir::Class::Unicode(class)) = pattern.kind() else { return None };
    let letters = class.ranges().iter().flat_map(|range| range.start()..=range.end());
    let letters: Vec<char> = letters.take(ALTERNATIVES_MAX + 1).collect();
    let test = |letter: char| Test { text: letter.into(), ..Test::default() };
    (letters.len() <= ALTERNATIVES_MAX).then(|| letters.into_iter().map(test).collect())
}
