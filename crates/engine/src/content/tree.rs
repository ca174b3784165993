//! The tree and its JSON form `["tag",{"name":"value"}|0,child,…]`, in which strings are texts.

/// A node to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A text node.
    Text(String),
    /// An element.
    Element {
        /// One of [`crate::pack::blocks::TAGS`].
        tag: &'static str,
        /// Names are of [`crate::pack::blocks::ATTRIBUTES`].
        attributes: Vec<(&'static str, String)>,
        /// What is inside, in order.
        children: Vec<Self>,
    },
}

impl Node {
    /// Appends the JSON form.
    pub fn write_json(&self, out: &mut String) {
        match self {
            Self::Text(text) => write_string(text, out),
            Self::Element { tag, attributes, children } => {
                out.push('[');
                write_string(tag, out);
                out.push(',');
                if attributes.is_empty() {
                    out.push('0');
                } else {
                    out.push('{');
                    for (at, (name, value)) in attributes.iter().enumerate() {
                        if at > 0 {
                            out.push(',');
                        }
                        write_string(name, out);
                        out.push(':');
                        write_string(value, out);
                    }
                    out.push('}');
                }
                for child in children {
                    out.push(',');
                    child.write_json(out);
                }
                out.push(']');
            }
        }
    }

    /// All texts inside, joined: what a reader of the page sees.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Element { children, .. } => children.iter().map(Self::text).collect(),
        }
    }
}

/// Appends a JSON string: quotes, backslashes and control characters are escaped.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\n' => out.push_str("\\n"),
            '\0'..='\u{1f}' => {
                let code = character as u32;
                out.push_str(if code < 16 { "\\u000" } else { "\\u001" });
                out.extend(char::from_digit(code % 16, 16));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
