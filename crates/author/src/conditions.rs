//! Conditions of a project: the names they may use, and their problems as diagnostics.

use crate::cel::{self, Condition, Problem, ProblemKind, ShopEnvironment, Type};
use crate::check::code;
use crate::diagnostic::{Code, Diagnostic, SourceText};
use crate::pack::kinds::CustomKind;
use crate::project::Project;

/// Compiles conditions with a project's audiences in reach.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    environment: ShopEnvironment,
}

impl Conditions {
    /// Takes the project's `custom.*` traits and its audiences, each checked on its own. One with errors stays in reach as `true`,
    /// so that its mistake is reported once. `now_s` is the release time, Unix seconds.
    pub fn new(project: &Project, now_s: i64, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut conditions = Self::default();
        conditions.environment.now_s = now_s;
        for (name, ty) in &project.shop.custom {
            let ty = match ty {
                CustomKind::Bool => Type::Bool,
                CustomKind::Int => Type::Int,
                CustomKind::Double => Type::Double,
                CustomKind::String => Type::Str,
                CustomKind::Strings => Type::list(Type::Str),
            };
            conditions.environment.custom.insert(name.value.clone(), ty);
        }
        for audience in &project.audiences {
            let (name, text) = (audience.id.value.clone(), audience.condition.value.clone());
            conditions.environment.audiences.insert(name, text);
        }
        let mut broken = Vec::new();
        for audience in &project.audiences {
            if conditions.compile(&audience.condition, diagnostics).is_none() {
                broken.push(audience.id.value.clone());
            }
        }
        for name in broken {
            conditions.environment.audiences.insert(name, "true".into());
        }
        conditions
    }

    /// Compiles one condition; none when it has errors, which are reported.
    pub fn compile(&self, text: &SourceText, diagnostics: &mut Vec<Diagnostic>) -> Option<Condition> {
        match cel::compile(&text.value, &self.environment) {
            Ok(condition) => {
                diagnostics.extend(condition.warnings.iter().map(|problem| diagnostic(problem, text)));
                Some(condition)
            }
            Err(problems) => {
                diagnostics.extend(problems.iter().map(|problem| diagnostic(problem, text)));
                None
            }
        }
    }
}

/// A problem of a condition, at its place in the file.
#[must_use]
pub fn diagnostic(problem: &Problem, text: &SourceText) -> Diagnostic {
    let span = text.part(problem.span.clone());
    let code = code_of(problem.kind);
    let mut diagnostic = match problem.is_error() {
        true => Diagnostic::error(code, problem.message.clone()),
        false => Diagnostic::warning(code, problem.message.clone()),
    };
    diagnostic = diagnostic.label(span, label(problem.kind));
    for (range, words) in &problem.labels {
        diagnostic = diagnostic.label(text.part(range.clone()), words.clone());
    }
    diagnostic.help.clone_from(&problem.help);
    if let (Some(suggestion), Some(_)) = (&problem.suggestion, text.literal_at) {
        diagnostic = diagnostic.fix(span, suggestion.clone());
    }
    diagnostic
}

fn code_of(kind: ProblemKind) -> Code {
    match kind {
        ProblemKind::Syntax => code::condition_syntax,
        ProblemKind::UnknownName => code::unknown_trait,
        ProblemKind::Type => code::condition_type,
        ProblemKind::Unsupported => code::condition_unsupported,
        ProblemKind::Constant => code::condition_constant,
    }
}

fn label(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Syntax => "cannot be read",
        ProblemKind::UnknownName => "unknown name",
        ProblemKind::Type => "these types do not fit",
        ProblemKind::Unsupported => "no instruction for this",
        ProblemKind::Constant => "nothing is left to decide here",
    }
}
