//! What is wrong with a condition, with byte ranges inside its text.

use std::ops::Range;

/// Which kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// The text is no CEL.
    Syntax,
    /// A name that is no trait, function or audience.
    UnknownName,
    /// An operator or function with types that it is not defined for, or a result of the wrong type.
    Type,
    /// CEL that programs cannot carry: messages, bytes, regular expressions.
    Unsupported,
    /// A comparison that always or never holds, by the trait's range; a warning.
    Constant,
}

/// One finding. The caller turns it into a diagnostic of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// One sentence, no full stop.
    pub message: String,
    /// The bytes of the condition to look at.
    pub span: Range<usize>,
    /// Further places with a few words each.
    pub labels: Vec<(Range<usize>, String)>,
    /// What to do.
    pub help: Option<String>,
    /// What to write in place of `span`, when that is likely to be right.
    pub suggestion: Option<String>,
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, span: &Range<usize>, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            span: span.clone(),
            labels: Vec::new(),
            help: None,
            suggestion: None,
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn suggest(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion;
        self
    }

    pub(super) fn label(mut self, span: &Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push((span.clone(), text.into()));
        self
    }

    /// Whether it stops the build.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.kind != ProblemKind::Constant
    }
}
