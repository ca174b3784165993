//! Writes JSON texts. Values come one after the other; commas take care of themselves.

use crate::engine::digits;

/// A JSON text being written.
#[derive(Debug, Default)]
pub struct Json {
    text: String,
}

impl Json {
    /// An object; `fill` writes its members.
    pub fn object(&mut self, fill: impl FnOnce(&mut Self)) {
        self.nest('{', '}', fill);
    }

    /// A list; `fill` writes its elements.
    pub fn list(&mut self, fill: impl FnOnce(&mut Self)) {
        self.nest('[', ']', fill);
    }

    /// A member that is a text.
    pub fn text(&mut self, name: &str, value: &str) {
        self.key(name).string(value);
    }

    /// A member that is an integer.
    pub fn integer(&mut self, name: &str, value: i64) {
        self.key(name).number(value);
    }

    /// A member's name; its value comes next.
    pub fn key(&mut self, name: &str) -> &mut Self {
        self.string(name);
        self.text.push(':');
        self
    }

    /// A text.
    pub fn string(&mut self, value: &str) {
        self.comma();
        self.text.push('"');
        for character in value.chars() {
            match character {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\0'..='\x1f' => {
                    self.text.push_str("\\u00");
                    for shift in [4, 0] {
                        let digit = (character as u32 >> shift) & 15;
                        self.text.push(char::from_digit(digit, 16).unwrap_or('0'));
                    }
                }
                _ => self.text.push(character),
            }
        }
        self.text.push('"');
    }

    /// An integer.
    pub fn number(&mut self, value: i64) {
        self.comma();
        digits::push_signed(&mut self.text, value);
    }

    /// JSON text that another writer made.
    pub fn raw(&mut self, json: &str) {
        self.comma();
        self.text.push_str(json);
    }

    /// Bytes written so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing was written yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text.
    #[must_use]
    pub fn finish(self) -> String {
        self.text
    }

    fn nest(&mut self, open: char, close: char, fill: impl FnOnce(&mut Self)) {
        self.open(open);
        fill(self);
        self.text.push(close);
    }

    /// Called by all the copies of [`Self::nest`].
    #[inline(never)]
    fn open(&mut self, bracket: char) {
        self.comma();
        self.text.push(bracket);
    }

    fn comma(&mut self) {
        if !matches!(self.text.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.text.push(',');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn nested_values_and_every_escape() {
        let mut json = Json::default();
        json.object(|json| {
            json.key("a\"\\\n\u{1f}é").number(i64::MIN);
            json.key("b").list(|json| {
                json.number(0);
                json.string("");
                json.object(|_| {});
                json.raw("null");
            });
        });
        assert_eq!(json.finish(), r#"{"a\"\\\n\u001fé":-9223372036854775808,"b":[0,"",{},null]}"#);
    }
}
