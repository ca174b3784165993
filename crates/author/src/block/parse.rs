//! HTML text to tokens that know their bytes, by the HTML standard's tokenizer.

use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// One token and the bytes it came from.
#[derive(Clone, Debug)]
pub struct HtmlToken {
    /// What it is.
    pub kind: HtmlTokenKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// What a token is.
#[derive(Clone, Debug)]
pub enum HtmlTokenKind {
    /// A start tag: name, attributes, whether it was written `<a/>`.
    Start(String, Vec<(String, String)>),
    /// An end tag.
    End(String),
    /// Text, entities resolved.
    Text(String),
    /// What the standard calls a parse error, in its words.
    Mistake(String),
}

/// The tokens of a text. Comments are left out. Cost: linear.
///
/// The text is fed by character, so that the tokenizer's place is known when a token comes out.
#[must_use]
pub fn tokens(text: &str) -> Vec<HtmlToken> {
    let options = TokenizerOpts { exact_errors: true, ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(Collector::default(), options);
    let queue = BufferQueue::default();
    for (at, letter) in text.char_indices() {
        tokenizer.sink.place.set(at + letter.len_utf8());
        queue.push_back(StrTendril::from_char(letter));
        // A pause (after `</script>`) leaves nothing to run: feeding goes on.
        let _ = tokenizer.feed(&queue);
    }
    tokenizer.end();
    tokenizer.sink.tokens.into_inner()
}

#[derive(Default)]
struct Collector {
    tokens: RefCell<Vec<HtmlToken>>,
    /// Bytes fed so far.
    place: Cell<usize>,
    /// End of the last token.
    last: Cell<usize>,
}

impl Collector {
    fn push(&self, kind: HtmlTokenKind) {
        let end = self.place.get().max(self.last.get());
        let start = self.last.replace(end);
        self.tokens.borrow_mut().push(HtmlToken { kind, start, end });
    }

    /// Text comes in pieces; what is resolved late (`&amp;`) still ends where the feed is.
    fn push_text(&self, text: &str) {
        let end = self.place.get().max(self.last.get());
        let mut tokens = self.tokens.borrow_mut();
        if let Some(HtmlToken { kind: HtmlTokenKind::Text(before), end: before_end, .. }) = tokens.last_mut()
        {
            before.push_str(text);
            *before_end = end;
            self.last.set(end);
            return;
        }
        drop(tokens);
        self.push(HtmlTokenKind::Text(text.to_owned()));
    }
}

impl TokenSink for Collector {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => return self.push_tag(tag),
            Token::CharacterTokens(text) => self.push_text(&text),
            Token::NullCharacterToken => self.push_text("\u{fffd}"),
            Token::ParseError(message) => {
                let place = self.place.get();
                let kind = HtmlTokenKind::Mistake(message.into_owned());
                self.tokens.borrow_mut().push(HtmlToken { kind, start: place.saturating_sub(1), end: place });
            }
            Token::CommentToken(_) | Token::DoctypeToken(_) => self.last.set(self.place.get()),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Collector {
    fn push_tag(&self, tag: Tag) -> TokenSinkResult<()> {
        let name = tag.name.to_string();
        let raw = match name.as_str() {
            "script" => Some(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => Some(RawKind::Rawtext),
            "title" | "textarea" => Some(RawKind::Rcdata),
            _ => None,
        };
        match tag.kind {
            TagKind::StartTag => {
                let attr = |attr: html5ever::Attribute| (attr.name.local.to_string(), attr.value.to_string());
                let attrs = tag.attrs.into_iter().map(attr).collect();
                self.push(HtmlTokenKind::Start(name, attrs));
                raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
            }
            TagKind::EndTag => {
                self.push(HtmlTokenKind::End(name));
                TokenSinkResult::Continue
            }
        }
    }
}
