//! `matches`: patterns are compiled away when the pack is built, so that no browser runs a regular
//! expression. A pattern over a constant is answered; one that is a choice of plain texts, each perhaps tied
//! to the start or end (`^gift|sale$`) or with any letters in one place (`^/c/.*page=`), becomes `startsWith`,
//! `endsWith`, `contains`, `size` and `==`. A dot stands for any letter, a line's end too: traits hold no lines.

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
    let tests = alternatives(&parsed).and_then(|tests| {
        tests.into_iter().map(|test| test.node(text, &node.span)).collect::<Option<Vec<_>>>()
    });
    let tests = tests.ok_or_else(|| {
        let message = "this pattern needs a regular expression engine in the shopper's browser";
        refusal(&pattern.span, message.into())
    })?;
    let joined = tests.into_iter().reduce(|left, right| call("_||_", false, vec![left, right], &node.span));
    Ok(joined.unwrap_or_else(|| Node::literal(Literal::Bool(false), node.span.clone())))
}

fn refusal(span: &Range<usize>, message: String) -> Problem {
    let help = "say it with `startsWith`, `endsWith`, `contains`, `==` or `in`; a pattern may be texts joined by `|`, \
                tied by `^` and `$`, with small sets (`[ab]`, `u?`) and one `.*` or `.+`";
    Problem::new(ProblemKind::Unsupported, span, message).help(help)
}

fn call(function: &str, receiver: bool, args: Vec<Node>, span: &Range<usize>) -> Node {
    let kind = Kind::Call { function: function.into(), receiver, args };
    Node { ty: Type::Bool, ..Node::new(kind, span.clone()) }
}

/// One choice of a pattern: a text, or a text, any letters, and another.
#[derive(Clone, Default)]
struct Test {
    start: bool,
    text: String,
    /// At least so many letters of any kind, and what follows them.
    gap: Option<(u32, String)>,
    end: bool,
}

impl Test {
    /// The test as calls on `subject`; none when they cannot say it: where a text may lie anywhere, calls do not tell
    /// how far from another.
    fn node(mut self, subject: &Node, span: &Range<usize>) -> Option<Node> {
        let Some((least, after)) = self.gap.take() else {
            let function = match (self.start, self.end) {
                (true, true) => return Some(says("_==_", subject, self.text, span)),
                (true, false) => "startsWith",
                (false, true) => "endsWith",
                (false, false) => "contains",
            };
            return Some(says(function, subject, self.text, span));
        };
        // Any letters at an open end tie to nothing.
        let start = self.start && !self.text.is_empty();
        let end = self.end && !after.is_empty();
        let tied = (start || self.text.is_empty()) && (end || after.is_empty());
        // Apart, neither text can take letters of the other, and the second follows the first.
        let apart = !self.text.contains(&after)
            && (1..=after.len().min(self.text.len()))
                .all(|length| after.get(..length).is_none_or(|prefix| !self.text.ends_with(prefix)));
        let one = self.text.is_empty() || after.is_empty();
        if !(tied || least == 0 && (one || apart && (start || end))) {
            return None;
        }
        let letters = self.text.chars().count() + after.chars().count();
        let longer = tied && (least > 0 || !one);
        let first = if start { "startsWith" } else { "contains" };
        let last = if end { "endsWith" } else { "contains" };
        let mut parts = Vec::new();
        if !self.text.is_empty() {
            parts.push(says(first, subject, self.text, span));
        }
        if !after.is_empty() {
            parts.push(says(last, subject, after, span));
        }
        if longer {
            let size = Node { ty: Type::Int, ..call("size", true, vec![subject.clone()], span) };
            let most = i64::try_from(letters).unwrap_or(i64::MAX).saturating_add(i64::from(least));
            parts.push(call(
                "_>=_",
                false,
                vec![size, Node::literal(Literal::Int(most), span.clone())],
                span,
            ));
        }
        let joined = parts.into_iter().reduce(|left, right| call("_&&_", false, vec![left, right], span));
        joined.or_else(|| Some(says("contains", subject, String::new(), span)))
    }

    /// This test followed by another part; none when the two cannot follow each other.
    fn then(&self, next: &Self) -> Option<Self> {
        let empty = |test: &Self| test.text.is_empty() && test.gap.is_none();
        if self.end && (next.start || !empty(next)) || next.start && !empty(self) {
            return None;
        }
        let (text, gap) = match (&self.gap, &next.gap) {
            (None, None) => (format!("{}{}", self.text, next.text), None),
            (None, Some(gap)) => (format!("{}{}", self.text, next.text), Some(gap.clone())),
            (Some((least, after)), None) => {
                (self.text.clone(), Some((*least, format!("{after}{}", next.text))))
            }
            (Some((least, after)), Some((more, last))) if after.is_empty() && next.text.is_empty() => {
                (self.text.clone(), Some((least.saturating_add(*more), last.clone())))
            }
            (Some(_), Some(_)) => return None,
        };
        Some(Self { start: self.start || next.start, text, gap, end: self.end || next.end })
    }
}

/// `subject.function(text)`
fn says(function: &str, subject: &Node, text: String, span: &Range<usize>) -> Node {
    let text = Node::literal(Literal::Str(text), span.clone());
    call(function, function != "_==_", vec![subject.clone(), text], span)
}

/// The choices that a pattern is of.
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
        HirKind::Concat(parts) => sequence(parts.iter())?,
        HirKind::Repetition(part) => match part.max {
            None if any(&part.sub) => vec![Test { gap: Some((part.min, String::new())), ..Test::default() }],
            Some(max) if max as usize <= ALTERNATIVES_MAX => {
                let times = |times: u32| sequence((0..times).map(|_| &*part.sub));
                (part.min..=max).map(times).collect::<Option<Vec<_>>>()?.concat()
            }
            _ => return None,
        },
        _ => return None,
    };
    (tests.len() <= ALTERNATIVES_MAX).then_some(tests)
}

fn sequence<'h>(mut parts: impl Iterator<Item = &'h Hir>) -> Option<Vec<Test>> {
    parts.try_fold(vec![Test::default()], |before, part| {
        let after = alternatives(part)?;
        let pairs = before.iter().flat_map(|left| after.iter().map(move |right| left.then(right)));
        pairs.take(ALTERNATIVES_MAX + 1).collect::<Option<Vec<_>>>()
    })
}

/// Whether it is a dot.
fn any(pattern: &Hir) -> bool {
    [".", "(?s)."].iter().any(|dot| regex_syntax::parse(dot).is_ok_and(|dot| dot == *pattern))
}

/// The letters of a small class such as `[Gg]`.
fn class(pattern: &Hir) -> Option<Vec<Test>> {
    let HirKind::Class(regex_syntax::hir::Class::Unicode(class)) = pattern.kind() else { return None };
    let letters = class.ranges().iter().flat_map(|range| range.start()..=range.end());
    let letters: Vec<char> = letters.take(ALTERNATIVES_MAX + 1).collect();
    let test = |letter: char| Test { text: letter.into(), ..Test::default() };
    (letters.len() <= ALTERNATIVES_MAX).then(|| letters.into_iter().map(test).collect())
}
