//! `matches`: patterns are RE2's, compiled when the pack is built. A choice of few plain texts, each perhaps tied to the
//! start or end (`^gift|sale$`), becomes `startsWith`, `endsWith`, `contains` and `==`; any other a table that the
//! evaluator walks ([`super::automaton`]).

use std::ops::Range;

use regex_syntax::ast::{self, AssertionKind, Ast, ClassPerl, ClassPerlKind, ClassSetItem};
use regex_syntax::hir::{Hir, HirKind, Look};

use super::automaton::{self, Table};
use super::problem::{Problem, ProblemKind};
use super::syntax::{Kind, Literal, Node};
use super::types::Type;

/// Most plain texts that a pattern is spelt out as: more cost more than a table.
const ALTERNATIVES_MAX: usize = 4;
/// Deepest nesting of a pattern.
const DEPTH_MAX: u32 = 64;

/// Replaces `text.matches(pattern)`.
///
/// # Errors
/// A pattern that is none, that is computed, or whose table would be too large.
pub(super) fn rewrite(node: &Node) -> Result<Node, Problem> {
    let Kind::Call { args, .. } = &node.kind else { return Ok(node.clone()) };
    let [text, pattern] = args.as_slice() else { return Ok(node.clone()) };
    let Kind::Literal(Literal::Str(written)) = &pattern.kind else {
        let message = "the pattern of `matches` must be written out";
        let problem = Problem::new(ProblemKind::Unsupported, &pattern.span, message);
        return Err(problem.help("compare a computed text with `contains`, `startsWith`, `endsWith` or `==`"));
    };
    let parsed = parse(written).map_err(|reason| {
        let message = format!("this is no pattern: {reason}");
        Problem::new(ProblemKind::Type, &pattern.span, message)
            .help("patterns are RE2's: no look-around, no back-references")
    })?;
    if let Some(tests) = alternatives(&parsed) {
        let tests = tests.into_iter().map(|test| test.node(text, &node.span));
        let joined = tests.reduce(|left, right| call("_||_", false, vec![left, right], &node.span));
        return Ok(joined.unwrap_or_else(|| Node::literal(Literal::Bool(false), node.span.clone())));
    }
    let kind = match automaton::table(&parsed) {
        Some(Table::Always) => return Ok(Test::default().node(text, &node.span)),
        Some(Table::Of(table)) => Kind::Match(Box::new(text.clone()), table),
        None => {
            let message = "this pattern needs a table of more than 8 kB in the shopper's browser";
            let problem = Problem::new(ProblemKind::Unsupported, &pattern.span, message);
            return Err(problem.help(
                "write several patterns joined by `||`, fewer counted repetitions (`{1,50}`), \
                 or sets of letters (`[a-z]`) for those of all scripts (`\\pL`)",
            ));
        }
    };
    Ok(Node { ty: Type::Bool, ..Node::new(kind, node.span.clone()) })
}

/// Reads a pattern as RE2 does: `\d`, `\s`, `\w` and `\b` are of ASCII.
fn parse(written: &str) -> Result<Hir, String> {
    let tree = ast::parse::ParserBuilder::new().nest_limit(DEPTH_MAX).build().parse(written);
    let tree = tree.map_err(|error| error.kind().to_string())?;
    let replaced = ast::visit(&tree, Ascii { written, out: String::new(), from: 0 });
    let replaced = replaced.unwrap_or_else(|never| match never {});
    // The sets that were put in nest deeper.
    let mut parser = regex_syntax::ParserBuilder::new().utf8(false).nest_limit(DEPTH_MAX + 4).build();
    parser.parse(&replaced).map_err(|error| match error {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        _ => "it cannot be read".to_owned(),
    })
}

/// Writes a pattern again, with the sets that `\d` and its like are in RE2.
struct Ascii<'p> {
    written: &'p str,
    out: String,
    /// What comes before is written.
    from: usize,
}

impl Ascii<'_> {
    fn put(&mut self, span: &ast::Span, parts: &[&str]) {
        self.out.push_str(&self.written[self.from..span.start.offset]);
        self.out.extend(parts.iter().copied());
        self.from = span.end.offset;
    }
}

/// The set of a class, as RE2 has it.
fn perl(class: &ClassPerl) -> &'static str {
    match (&class.kind, class.negated) {
        (ClassPerlKind::Digit, false) => "[0-9]",
        (ClassPerlKind::Digit, true) => "[^0-9]",
        (ClassPerlKind::Space, false) => r"[\t\n\f\r\x20]",
        (ClassPerlKind::Space, true) => r"[^\t\n\f\r\x20]",
        (ClassPerlKind::Word, false) => "[0-9A-Za-z_]",
        (ClassPerlKind::Word, true) => "[^0-9A-Za-z_]",
    }
}

/// Whether an assertion is about words, not about the text's ends.
fn boundary(kind: &AssertionKind) -> bool {
    use AssertionKind::{EndLine, EndText, StartLine, StartText};
    !matches!(kind, StartLine | EndLine | StartText | EndText)
}

impl ast::Visitor for Ascii<'_> {
    type Output = String;
    type Err = std::convert::Infallible;

    fn finish(mut self) -> Result<String, Self::Err> {
        self.out.push_str(&self.written[self.from..]);
        Ok(self.out)
    }

    fn visit_pre(&mut self, tree: &Ast) -> Result<(), Self::Err> {
        match tree {
            Ast::ClassPerl(class) => self.put(&class.span, &["(?-i:", perl(class), ")"]),
            Ast::Assertion(assertion) if boundary(&assertion.kind) => {
                let written = &self.written[assertion.span.start.offset..assertion.span.end.offset];
                self.put(&assertion.span, &["(?-u:", written, ")"]);
            }
            _ => {}
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), Self::Err> {
        if let ClassSetItem::Perl(class) = item {
            self.put(&class.span, &[perl(class)]);
        }
        Ok(())
    }
}

fn call(function: &str, receiver: bool, args: Vec<Node>, span: &Range<usize>) -> Node {
    let kind = Kind::Call { function: function.into(), receiver, args };
    Node { ty: Type::Bool, ..Node::new(kind, span.clone()) }
}

/// One choice of a pattern: a text, tied to the start or end.
#[derive(Clone, Default)]
struct Test {
    start: bool,
    text: String,
    end: bool,
}

impl Test {
    /// The test as a call on `subject`.
    fn node(self, subject: &Node, span: &Range<usize>) -> Node {
        let function = match (self.start, self.end) {
            (true, true) => "_==_",
            (true, false) => "startsWith",
            (false, true) => "endsWith",
            (false, false) => "contains",
        };
        let text = Node::literal(Literal::Str(self.text), span.clone());
        call(function, function != "_==_", vec![subject.clone(), text], span)
    }

    /// This test followed by another part; none when the two cannot follow each other.
    fn then(&self, next: &Self) -> Option<Self> {
        let tied_apart = self.end && (next.start || !next.text.is_empty());
        if tied_apart || next.start && !self.text.is_empty() {
            return None;
        }
        let text = format!("{}{}", self.text, next.text);
        Some(Self { start: self.start || next.start, text, end: self.end || next.end })
    }
}

/// The plain texts that a pattern is a choice of; none when it is more.
fn alternatives(pattern: &Hir) -> Option<Vec<Test>> {
    let tests = match pattern.kind() {
        HirKind::Empty => vec![Test::default()],
        HirKind::Literal(literal) => {
            vec![Test { text: String::from_utf8(literal.0.to_vec()).ok()?, ..Test::default() }]
        }
        HirKind::Look(Look::Start) => vec![Test { start: true, ..Test::default() }],
        HirKind::Look(Look::End) => vec![Test { end: true, ..Test::default() }],
        HirKind::Capture(capture) => alternatives(&capture.sub)?,
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
