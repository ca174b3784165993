//! Diagnostics as text for people and as JSON for tools.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Severity, Sources, Span};

/// How text output looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// With colours and box-drawing characters.
    pub rich: bool,
    /// Columns of the terminal; 0 = 100.
    pub width: usize,
}

/// All diagnostics as text, in order, each with its source lines.
#[must_use]
pub fn text(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let theme = if style.rich { GraphicalTheme::unicode() } else { GraphicalTheme::none() };
    let width = if style.width == 0 { 100 } else { style.width };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
    let mut out = String::new();
    for diagnostic in diagnostics {
        let shown = Shown::new(diagnostic, sources);
        // Writing to a String does not fail; a renderer's own failure leaves the bare message.
        if handler.render_report(&mut out, &shown).is_err() {
            out.push_str(&diagnostic.message);
        }
        out.push('\n');
    }
    out
}

/// All diagnostics as JSON: `{"errors", "warnings", "diagnostics": [...]}`.
#[must_use]
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> Value {
    let count = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
    json!({
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "diagnostics": diagnostics.iter().map(|found| diagnostic_json(found, sources)).collect::<Vec<_>>(),
    })
}

fn diagnostic_json(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let labels = diagnostic.labels.iter().map(|label| {
        let mut value = span_json(label.span, sources);
        value["text"] = json!(label.text);
        value
    });
    let fix = diagnostic.fix.as_ref().map(|fix| {
        let mut value = span_json(fix.span, sources);
        value["replacement"] = json!(fix.replacement);
        value
    });
    json!({
        "code": diagnostic.code.to_string(),
        "severity": diagnostic.severity.name(),
        "message": diagnostic.message,
        "labels": labels.collect::<Vec<_>>(),
        "help": diagnostic.help,
        "fix": fix,
        "docs": diagnostic.docs(),
    })
}

/// Byte offsets, and lines and columns (from 1, in characters).
fn span_json(span: Span, sources: &Sources) -> Value {
    let place = |byte| {
        let (line, column) = sources.position(span.file, byte);
        json!({ "line": line, "column": column, "byte": byte })
    };
    json!({
        "file": sources.get(span.file).map(|source| source.name.as_str()),
        "start": place(span.start),
        "end": place(span.end),
    })
}

/// A diagnostic as miette sees it: labels in one file; those in other files follow as related ones.
#[derive(Debug)]
struct Shown {
    message: String,
    code: Option<String>,
    severity: miette::Severity,
    help: Option<String>,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
    related: Vec<Shown>,
}

impl Shown {
    fn new(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let severity = match diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice => miette::Severity::Advice,
        };
        let mut files = Vec::new();
        for label in &diagnostic.labels {
            if !files.contains(&label.span.file) {
                files.push(label.span.file);
            }
        }
        let mut parts = files.into_iter().map(|file| {
            let source = sources.get(file);
            let inside = diagnostic.labels.iter().filter(|label| label.span.file == file);
            let length = source.map_or(0, |source| source.text.len());
            let labels = inside.map(|label| {
                let range = label.span.range();
                let (start, end) = (range.start.min(length), range.end.min(length));
                LabeledSpan::new(Some(label.text.clone()), start, end - start)
            });
            let named = source.map(|source| NamedSource::new(&source.name, source.text.clone()));
            (named, labels.collect::<Vec<_>>())
        });
        let (source, labels) = parts.next().unwrap_or_default();
        let related = parts.map(|(source, labels)| Self {
            message: "see also".into(),
            code: None,
            severity: miette::Severity::Advice,
            help: None,
            source,
            labels,
            related: Vec::new(),
        });
        let docs = diagnostic.docs();
        Self {
            message: diagnostic.message.clone(),
            code: Some(format!("{} ({docs})", diagnostic.code)),
            severity,
            help: diagnostic.help.clone(),
            source,
            labels,
            related: related.collect(),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        Some(Box::new(self.related.iter().map(|related| related as &dyn miette::Diagnostic)))
    }
}
