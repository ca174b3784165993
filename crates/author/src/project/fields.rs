//! Reading typed values out of YAML nodes; what does not fit becomes a diagnostic.

use std::fmt::Debug;

use crate::check::code;
use crate::diagnostic::{Code, Diagnostic, SourceText, Span, Spanned};
use crate::yaml::{Entry, Node, Value};

/// Collects diagnostics while values are read.
#[derive(Debug, Default)]
pub struct Fields {
    /// What was found wrong so far.
    pub diagnostics: Vec<Diagnostic>,
}

/// A mapping whose keys were checked.
#[derive(Clone, Copy, Debug)]
pub struct Map<'a> {
    entries: &'a [Entry],
    /// Where the mapping stands.
    pub span: Span,
}

impl<'a> Map<'a> {
    /// The value of a key; none when it is not written or empty.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        (!matches!(entry.node.value, Value::Null)).then_some(&entry.node)
    }

    /// All entries, in file order.
    #[must_use]
    pub fn entries(&self) -> &'a [Entry] {
        self.entries
    }
}

impl Fields {
    /// Adds a diagnostic.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn wrong(&mut self, node: &Node, wanted: &str) {
        let diagnostic = Diagnostic::error(code::wrong_value, format!("{wanted} belongs here"));
        self.report(diagnostic.label(node.span, format!("this is {}", node.shape())));
    }

    /// A wrong value, with the reason.
    pub fn refuse(&mut self, code: Code, span: Span, message: impl Into<String>, label: impl Into<String>) {
        self.report(Diagnostic::error(code, message).label(span, label));
    }

    /// A mapping with known keys only; `what` names it in messages.
    pub fn map<'a>(&mut self, node: &'a Node, what: &str, known: &[&str]) -> Option<Map<'a>> {
        let map = self.open_map(node, what)?;
        for entry in map.entries {
            if !known.contains(&entry.key.as_str()) {
                let diagnostic =
                    Diagnostic::error(code::unknown_key, format!("{what} has no key `{}`", entry.key))
                        .label(entry.key_span, "this key means nothing here")
                        .help(format!("known keys: {}", known.join(", ")));
                self.report(diagnostic.nearest(entry.key_span, &entry.key, known.iter().copied()));
            }
        }
        Some(map)
    }

    /// A mapping with any keys.
    pub fn open_map<'a>(&mut self, node: &'a Node, what: &str) -> Option<Map<'a>> {
        match &node.value {
            Value::Map(entries) => Some(Map { entries, span: node.span }),
            _ => {
                self.wrong(node, &format!("{what}: a mapping of keys to values"));
                None
            }
        }
    }

    /// The value of a key that must be there.
    pub fn required<'a>(&mut self, map: Map<'a>, what: &str, key: &str) -> Option<&'a Node> {
        let found = map.get(key);
        if found.is_none() {
            let head = Span { end: map.span.start.saturating_add(1).min(map.span.end), ..map.span };
            self.refuse(
                code::missing_key,
                head,
                format!("{what} has no `{key}`"),
                format!("add `{key}:` here"),
            );
        }
        found
    }

    /// A text.
    pub fn text(&mut self, node: &Node) -> Option<Spanned<String>> {
        match node.text() {
            Some(text) => Some(Spanned::new(text.trim_end_matches('\n').to_owned(), node.span)),
            None => {
                self.wrong(node, "a text");
                None
            }
        }
    }

    /// A text whose parts can be pointed at.
    pub fn source_text(&mut self, node: &Node) -> Option<SourceText> {
        let text = node.source_text();
        if text.is_none() {
            self.wrong(node, "a text");
        }
        text
    }

    /// A finite number.
    pub fn number(&mut self, node: &Node) -> Option<Spanned<f64>> {
        match node.value {
            Value::Int(value) => Some(Spanned::new(value as f64, node.span)),
            Value::Float(value) if value.is_finite() => Some(Spanned::new(value, node.span)),
            _ => {
                self.wrong(node, "a number");
                None
            }
        }
    }

    /// Yes or no.
    pub fn boolean(&mut self, node: &Node) -> Option<bool> {
        match node.value {
            Value::Bool(value) => Some(value),
            _ => {
                self.wrong(node, "true or false");
                None
            }
        }
    }

    /// A whole number inside a range.
    pub fn integer<T: TryFrom<i64>>(&mut self, node: &Node, least: i64, most: i64) -> Option<T> {
        let fitting = match node.value {
            Value::Int(value) if (least..=most).contains(&value) => T::try_from(value).ok(),
            _ => None,
        };
        if fitting.is_none() {
            self.wrong(node, &format!("a whole number from {least} to {most}"));
        }
        fitting
    }

    /// A list; a single value counts as a list of one.
    pub fn list<'a>(&mut self, node: &'a Node) -> &'a [Node] {
        match &node.value {
            Value::List(nodes) => nodes,
            _ => std::slice::from_ref(node),
        }
    }

    /// A duration in whole seconds: a number and `s`, `m`, `h`, `d` or `w`, with a sign if `signed`.
    pub fn duration_s(&mut self, node: &Node, signed: bool) -> Option<i64> {
        let seconds = node.text().and_then(|text| duration_s(text.trim()));
        match seconds {
            Some(seconds) if signed || seconds >= 0 => Some(seconds),
            _ => {
                self.wrong(node, "a duration such as `40s`, `15m`, `3h`, `7d` or `2w`");
                None
            }
        }
    }

    /// A value of a closed enum, by its name in kebab case.
    pub fn name<T: Copy + Debug>(&mut self, node: &Node, what: &str, all: &[T]) -> Option<Spanned<T>> {
        let text = self.text(node)?;
        self.name_of(text, what, all)
    }

    /// [`Self::name`] of a text.
    pub fn name_of<T: Copy + Debug>(
        &mut self,
        text: Spanned<String>,
        what: &str,
        all: &[T],
    ) -> Option<Spanned<T>> {
        let found = all.iter().find(|value| kebab(**value) == text.value);
        if found.is_none() {
            let names: Vec<String> = all.iter().map(|value| kebab(*value)).collect();
            let diagnostic =
                Diagnostic::error(code::wrong_value, format!("there is no {what} `{}`", text.value))
                    .label(text.span, "unknown name")
                    .help(format!("one of: {}", names.join(", ")));
            self.report(diagnostic.nearest(text.span, &text.value, names.iter().map(String::as_str)));
        }
        found.map(|value| Spanned::new(*value, text.span))
    }
}

/// The name of an enum's value as files write it: `ForYou` is `for-you`.
#[must_use]
pub fn kebab<T: Debug>(value: T) -> String {
    let mut name = String::new();
    for letter in format!("{value:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// `7d`, `-90m`, `40s`; none when it is no duration or beyond 400 years.
fn duration_s(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let unit = digits.chars().last()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let count: i64 = digits[..digits.len() - 1].trim_end().parse().ok().filter(|count| *count >= 0)?;
    let total = count.checked_mul(seconds)?;
    (total <= 400 * 366 * 86_400).then_some(sign * total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(duration_s("7d"), Some(604_800));
        assert_eq!(duration_s("-8d"), Some(-691_200));
        assert_eq!(duration_s("40s"), Some(40));
        assert_eq!(duration_s("7"), None);
        assert_eq!(duration_s("--7d"), None);
        assert_eq!(duration_s("99999999999999w"), None);
        assert_eq!(duration_s("ü"), None);
    }
}
