//! YAML as a tree of values that know where they were written.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned as Located};

use crate::check::code;
use crate::diagnostic::{Diagnostic, FileId, SourceText, Span};

/// A value and where it was written.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it was written; of a mapping or list, from its first to its last value.
    pub span: Span,
    /// The scalar as written, without quotes; empty for lists and mappings.
    raw: String,
}

/// A YAML value.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing, or `~`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Another number.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in file order.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key was written.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Node {
    /// What kind of value it is, in a merchant's words.
    #[must_use]
    pub fn shape(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "yes or no",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// A scalar as text: a number keeps the form it was written in (`00123`).
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Int(_) | Value::Float(_) | Value::Bool(_) => Some(&self.raw),
            _ => None,
        }
    }

    /// A text whose parts can be pointed at.
    #[must_use]
    pub fn source_text(&self) -> Option<SourceText> {
        let value = self.text()?.trim_end_matches('\n').to_owned();
        let at = self.raw.find(value.as_str()).filter(|_| !value.is_empty());
        let quote = u32::from(self.raw.len() + 2 == self.span.range().len());
        let literal_at = at.and_then(|at| u32::try_from(at).ok()).map(|at| self.span.start + quote + at);
        Some(SourceText { value, span: self.span, literal_at })
    }
}

/// The documents of a file, without the empty ones.
///
/// # Errors
/// One diagnostic at the place where the file stops being YAML.
pub fn read(file: FileId, text: &str) -> Result<Vec<Node>, Box<Diagnostic>> {
    match serde_saphyr::from_multiple::<Located<Raw>>(text) {
        Ok(documents) => Ok(documents
            .into_iter()
            .map(|document| finish(document, file, text))
            .filter(|node| !matches!(node.value, Value::Null))
            .collect()),
        Err(error) => {
            let span = error.location().map_or(Span::new(file, 0..0), |at| error_span(at, file, text));
            let message = error.to_string();
            let reason = message.lines().next().unwrap_or("").to_owned();
            let reason = reason.trim_start_matches("error: ");
            let reason = reason
                .split_once(": ")
                .map_or(reason, |(place, rest)| if place.starts_with("line ") { rest } else { reason });
            let reason = reason.split(", set DuplicateKeyPolicy").next().unwrap_or(reason);
            let diagnostic = Diagnostic::error(code::yaml_syntax, "this file cannot be read as YAML");
            Err(Box::new(diagnostic.label(span, reason)))
        }
    }
}

/// The raw value as serde sees it.
enum Raw {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Located<Raw>>),
    Map(Vec<(Located<String>, Located<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(i64::try_from(value).map_or(Raw::Float(value as f64), Raw::Int))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Float(value as f64))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Float(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element()? {
            nodes.push(node);
        }
        Ok(Raw::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

fn span_of(location: Location, file: FileId, text: &str) -> Span {
    let span = location.span();
    let byte = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok()).unwrap_or(0);
    let start = byte(span.byte_offset()).min(text.len());
    let end = start.saturating_add(byte(span.byte_len())).min(text.len());
    Span::new(file, start..end)
}

/// Errors of the scanner know line and column (characters) only.
fn error_span(location: Location, file: FileId, text: &str) -> Span {
    if location.span().byte_offset().is_some() {
        return span_of(location, file, text);
    }
    let line = usize::try_from(location.line()).unwrap_or(1).max(1);
    let column = usize::try_from(location.column()).unwrap_or(1).max(1);
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    let inside: usize = rest.chars().take(column - 1).map(char::len_utf8).sum();
    Span::new(file, start + inside..start + inside)
}

fn finish(located: Located<Raw>, file: FileId, text: &str) -> Node {
    let mut span = span_of(located.referenced, file, text);
    let written = text.get(span.range()).unwrap_or("");
    let unquoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| written.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(written);
    let mut raw = unquoted.to_owned();
    let value = match located.value {
        Raw::Null => Value::Null,
        Raw::Bool(value) => Value::Bool(value),
        Raw::Int(value) => Value::Int(value),
        Raw::Float(value) => Value::Float(value),
        Raw::Text(value) => Value::Text(value),
        Raw::List(nodes) => Value::List(nodes.into_iter().map(|node| finish(node, file, text)).collect()),
        Raw::Map(entries) => {
            let entry = |(key, node): (Located<String>, Located<Raw>)| Entry {
                key_span: span_of(key.referenced, file, text),
                key: key.value,
                node: finish(node, file, text),
            };
            Value::Map(entries.into_iter().map(entry).collect())
        }
    };
    let inner = match &value {
        Value::List(nodes) => nodes.first().zip(nodes.last()).map(|(a, b)| (a.span.start, b.span.end)),
        Value::Map(entries) => {
            entries.first().zip(entries.last()).map(|(a, b)| (a.key_span.start, b.node.span.end))
        }
        _ => None,
    };
    if let Some((start, end)) = inner {
        span = Span { file, start: span.start.min(start), end: span.end.max(end) };
        raw.clear();
    }
    Node { value, span, raw }
}
