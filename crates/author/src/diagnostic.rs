//! What is wrong with a merchant's files, apart from how it is printed.
//!
//! Every diagnostic carries the stable code of the check that found it ([`crate::check`]), the spans
//! that it is about, and where possible what to do. [`crate::render`] prints them.

use std::fmt;
use std::ops::Range;

/// Stable number of a check, shown as `SW012`. Never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SW{:03}", self.0)
    }
}

/// How bad it is. Errors stop a build; the others do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The pack cannot be built, or would not do what it says.
    Error,
    /// Probably not what was meant.
    Warning,
    /// Worth knowing.
    Advice,
}

impl Severity {
    /// Lower-case name, as in the JSON output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}

/// Which file of [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span; offsets above `u32::MAX` saturate.
    #[must_use]
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let narrow = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Self { file, start: narrow(range.start), end: narrow(range.end.max(range.start)) }
    }

    /// The bytes.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and where it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value written at a span.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A text written in a source file (a CEL condition, a binding), whose parts can be pointed at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceText {
    /// The text, unescaped.
    pub value: String,
    /// Where it was written, quotes included.
    pub span: Span,
    /// Byte of the file at which `value` stands literally; none when escapes or folding changed it.
    pub literal_at: Option<u32>,
}

impl SourceText {
    /// The span of a byte range of `value`; the whole span when the text was changed by escapes.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Span {
        match self.literal_at {
            Some(at) => {
                Span::new(self.span.file, at as usize + range.start..at as usize + range.end.max(range.start))
            }
            None => self.span,
        }
    }
}

/// A span with a few words about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there.
    pub text: String,
}

/// A change of the files that would repair it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The bytes to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

/// One finding of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The check that found it.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence, no full stop.
    pub message: String,
    /// Where; the first is the place to look at.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// The repair, when it is sure enough to offer.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Something worth knowing.
    #[must_use]
    pub fn advice(code: Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Advice, ..Self::error(code, message) }
    }

    /// Points at a place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a repair.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }

    /// Offers the nearest of the known names, as help and as repair, when one is near enough.
    #[must_use]
    pub fn nearest<'a>(self, span: Span, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(written, known) {
            Some(name) => self.help(format!("did you mean `{name}`?")).fix(span, name),
            None => self,
        }
    }

    /// Path of its documentation page in the project.
    #[must_use]
    pub fn docs(&self) -> String {
        format!("docs/checks/{}.md", self.code)
    }
}

/// Whether any of them stops a build.
#[must_use]
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// The known name with the fewest edits from what was written, if at most a third of it is edited.
///
/// Edits are insertions, deletions, substitutions and swaps of neighbours; ties go to the first.
/// Cost: the product of the lengths, per name of nearly the length.
#[must_use]
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = written.chars().count();
    let most = length.max(3) / 3;
    known
        .into_iter()
        .filter(|name| *name != written && name.chars().count().abs_diff(length) <= most)
        .map(|name| (strsim::osa_distance(written, name), name))
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
}

/// The texts that spans point into.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// One file of a project.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path inside the project, with `/`.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source { name: name.into(), text: text.into() });
        id
    }

    /// A file, if there is one of that id.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }

    /// A span made to lie inside its file and to cut no character.
    #[must_use]
    pub fn fit(&self, span: Span) -> Span {
        let Some(source) = self.get(span.file) else { return span };
        let boundary = |byte: u32| {
            let mut at = (byte as usize).min(source.text.len());
            while !source.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        Span::new(span.file, boundary(span.start)..boundary(span.end))
    }

    /// Line and column (both from 1, columns in characters) of a byte; `(1, 1)` when there is no such file.
    #[must_use]
    pub fn position(&self, file: FileId, byte: u32) -> (usize, usize) {
        let Some(source) = self.get(file) else { return (1, 1) };
        let end = self.fit(Span { file, start: byte, end: byte }).range().end;
        let before = &source.text[..end];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
        (line, column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_name_takes_the_fewest_edits_and_refuses_strangers() {
        let known = ["visitor.visits", "visitor.orders", "cart.value"];
        assert_eq!(nearest("visitor.vists", known), Some("visitor.visits"));
        assert_eq!(nearest("visitor.odrers", known), Some("visitor.orders"));
        assert_eq!(nearest("weather", known), None);
        assert_eq!(nearest("cart.valeu", ["cart.values", "cart.value", "cart.vale"]), Some("cart.value"));
        assert_eq!(nearest("cart.value", ["cart.value", "cart.valve"]), Some("cart.valve"));
        assert_eq!(nearest("", ["", "a", "ab"]), Some("a"));
    }

    #[test]
    fn positions_count_lines_and_characters() {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", "é: 1\nb: 2\n");
        assert_eq!(sources.position(file, 0), (1, 1));
        assert_eq!(sources.position(file, 2), (1, 2));
        assert_eq!(sources.position(file, 6), (2, 1));
        assert_eq!(sources.position(file, 99), (3, 1));
    }

    #[test]
    fn part_of_a_literal_text_points_inside_it() {
        let span = Span::new(FileId(0), 10..30);
        let text = SourceText { value: "visitor.visits".into(), span, literal_at: Some(11) };
        assert_eq!(text.part(8..14).range(), 19..25);
        let folded = SourceText { literal_at: None, ..text };
        assert_eq!(folded.part(8..14), span);
    }
}
