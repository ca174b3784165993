//! Bindings: `{{ headline }}`, `{{ visitor.first_name | there }}`, `{{ item.title }}`.

use shelfwise_engine::traits;
use shelfwise_pack::kinds::ItemField;

use crate::check::code;
use crate::diagnostic::{Diagnostic, SourceText, Span};
use crate::project::kebab;

/// A part of a text or attribute value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The text itself.
    Literal(String),
    /// A value that the variation gives.
    Data {
        /// Name under `data`.
        name: String,
        /// What stands there when the variation gives none.
        default: Option<String>,
        /// The binding.
        span: Span,
    },
    /// A trait.
    Trait {
        /// Its code.
        code: u16,
        /// Key of a keyed trait, or empty.
        key: String,
        /// What stands there when it is absent.
        default: String,
        /// The binding.
        span: Span,
    },
    /// A field of the product at hand.
    Item {
        /// The field.
        field: ItemField,
        /// The binding.
        span: Span,
    },
}

/// Splits a text into literals and bindings; what cannot be resolved is a diagnostic and left out.
pub fn read_parts(text: &SourceText, diagnostics: &mut Vec<Diagnostic>) -> Vec<Part> {
    let mut parts = Vec::new();
    let value = text.value.as_str();
    let mut at = 0;
    while let Some(open) = value[at..].find("{{").map(|found| at + found) {
        push_literal(&mut parts, &value[at..open]);
        let Some(close) = value[open..].find("}}").map(|found| open + found) else {
            let diagnostic = Diagnostic::error(code::unknown_binding, "a binding is never closed");
            diagnostics.push(diagnostic.label(text.part(open..value.len()), "`}}` is missing"));
            return parts;
        };
        let span = text.part(open..close + 2);
        parts.extend(read_binding(&value[open + 2..close], span, diagnostics));
        at = close + 2;
    }
    push_literal(&mut parts, &value[at..]);
    parts
}

fn push_literal(parts: &mut Vec<Part>, text: &str) {
    if !text.is_empty() {
        parts.push(Part::Literal(text.to_owned()));
    }
}

fn read_binding(inside: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<Part> {
    let (name, default) = match inside.split_once('|') {
        Some((name, default)) => (name.trim(), Some(unquote(default.trim()).to_owned())),
        None => (inside.trim(), None),
    };
    if let Some(field) = name.strip_prefix("item.") {
        return item(field, span, diagnostics);
    }
    if !name.contains('.') && !name.contains('[') {
        let simple = name.chars().all(|letter| letter.is_alphanumeric() || "_-".contains(letter));
        if name.is_empty() || !simple {
            let diagnostic = Diagnostic::error(code::unknown_binding, format!("`{name}` is no name"));
            let help = "a binding is `{{ name }}` or `{{ trait | default }}`";
            diagnostics.push(diagnostic.label(span, "cannot be read").help(help));
            return None;
        }
        return Some(Part::Data { name: name.to_owned(), default, span });
    }
    let (path, key) = match (name.split_once('['), name.strip_prefix("custom.")) {
        (Some((path, key)), _) => (path, unquote(key.trim_end_matches(']').trim()).to_owned()),
        (None, Some(key)) => ("custom", key.to_owned()),
        (None, None) => (name, String::new()),
    };
    let Some(found) = traits::find(path) else {
        let diagnostic = Diagnostic::error(code::unknown_trait, format!("there is no trait `{path}`"))
            .label(span, "unknown trait");
        let known = traits::TRAITS.iter().map(|known| known.path);
        let nearest = crate::diagnostic::nearest(path, known).map(|name| format!("did you mean `{name}`?"));
        diagnostics.push(Diagnostic { help: nearest.or(diagnostic.help.clone()), ..diagnostic });
        return None;
    };
    if found.kind.keyed() == key.is_empty() {
        let message = if key.is_empty() {
            format!("`{path}` needs a key: `{path}[\"...\"]`")
        } else {
            format!("`{path}` has no keys")
        };
        diagnostics.push(Diagnostic::error(code::unknown_binding, message).label(span, "this binding"));
        return None;
    }
    let Some(default) = default else {
        let diagnostic = Diagnostic::error(code::token_without_default, format!("`{path}` may be absent"))
            .label(span, "nothing would stand here")
            .help(format!("write a default: `{{{{ {name} | there }}}}`"));
        diagnostics.push(diagnostic);
        return None;
    };
    Some(Part::Trait { code: found.code, key, default, span })
}

fn item(field: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<Part> {
    let names: Vec<String> = ItemField::ALL.iter().map(|field| kebab(*field).replace('-', "_")).collect();
    if let Some(found) = names.iter().position(|name| name == field) {
        return Some(Part::Item { field: ItemField::ALL[found], span });
    }
    let diagnostic = Diagnostic::error(code::unknown_binding, format!("products have no field `{field}`"))
        .label(span, "unknown field")
        .help(format!("fields: {}", names.join(", ")));
    diagnostics.push(diagnostic);
    None
}

fn unquote(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(value: &str) -> (Vec<Part>, Vec<Diagnostic>) {
        let text = SourceText { value: value.into(), literal_at: Some(0), ..SourceText::default() };
        let mut diagnostics = Vec::new();
        let parts = read_parts(&text, &mut diagnostics);
        (parts, diagnostics)
    }

    #[test]
    fn texts_split_into_literals_and_bindings() {
        let (found, diagnostics) = parts("Hi {{ visitor.first_name | there }}, {{headline}}");
        assert!(diagnostics.is_empty());
        assert!(matches!(&found[0], Part::Literal(text) if text == "Hi "));
        assert!(matches!(&found[1], Part::Trait { default, .. } if default == "there"));
        assert!(matches!(&found[3], Part::Data { name, default: None, .. } if name == "headline"));
    }

    #[test]
    fn mistakes_point_at_the_binding() {
        for (text, code) in [
            ("x {{ visitor.frist_name | a }}", code::unknown_trait),
            ("{{ visitor.first_name }}", code::token_without_default),
            ("{{ item.colour }}", code::unknown_binding),
            ("{{ a b }}", code::unknown_binding),
            ("{{ open", code::unknown_binding),
        ] {
            let (_, diagnostics) = parts(text);
            assert_eq!(diagnostics[0].code, code, "{text}");
            assert_eq!(diagnostics[0].labels[0].span.start as usize, text.find("{{").unwrap());
        }
    }
}
